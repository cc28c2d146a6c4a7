"""Errors of cmdlets, in any language, in PowerShell 7's boxes and inside another tool's log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from wizard.facts import CmdletError, CmdletErrorKind, Line, Reading, Service, Unread, in_order
from wizard.reading.text import QUOTE, Folded, Text, fold, is_command, loosely, read_thumbprint

_DIGITS = r"(?:[0-9A-Fa-f]\s?){39}[0-9A-Fa-f]"

_NAMED = rf"\s*{QUOTE}{{0,2}}\s*(?P<thumbprint>{_DIGITS}|[^\s'\"]{{1,80}}?)\s*{QUOTE}{{0,2}}\s*"

_CERTIFICATE_ERROR = loosely("The certificate with thumbprint")

_ANY_CERTIFICATE = re.compile(rf"(?i){loosely('certificate with thumbprint')}\s*{QUOTE}{{0,2}}\s*({_DIGITS})")

_LONE_THUMBPRINT = re.compile(rf"(?<![0-9A-Fa-f])({_DIGITS})(?![0-9A-Fa-f])")

_TERM = rf"{QUOTE}{{1,2}}(?P<term>[^'\"\u2018-\u201e]{{1,120}}){QUOTE}{{1,2}}"

_NO_KEYSET = (
    "Der Schlüsselsatz ist nicht vorhanden",
    "Schlüsselsatz nicht vorhanden",
    "Le jeu de clés n'existe pas",
    "Jeu de clés inexistant",
    "El conjunto de claves no existe",
    "Set di chiavi inesistente",
    "Il set di chiavi non esiste",
    "De sleutelset bestaat niet",
    "O conjunto de chaves não existe",
    "Набор ключей не существует",
    "0x80090016",
)
"""Windows' words in other languages for a key that is not where the certificate points."""

_NOT_FOUND = re.compile(
    "(?i)"
    + "|".join(
        loosely(words)
        for words in (
            "nicht gefunden",
            "introuvable",
            "pas été trouvé",
            "no se encontr",
            "no se ha encontrado",
            "non è stato trovato",
            "impossibile trovare",
            "niet gevonden",
            "não foi encontrado",
            "не найден",
            "見つかりません",
            "找不到",
        )
    )
)

_REASONS = {
    "privatekeymissing": CmdletErrorKind.PRIVATE_KEY_MISSING,
    "privatekeynotaccessible": CmdletErrorKind.KEY_NOT_ACCESSIBLE,
    "cspkeycontainerinfonotaccessible": CmdletErrorKind.KEY_NOT_ACCESSIBLE,
    "keyalgorithmunsupported": CmdletErrorKind.NOT_VALID,
    "signingnotsupported": CmdletErrorKind.NOT_VALID,
    "pkixkpserverauthnotfoundinenhancedkeyusage": CmdletErrorKind.NOT_VALID,
    "privatekeyunsupportedalgorithm": CmdletErrorKind.NOT_VALID,
    "cspkeycontainerinfoprotected": CmdletErrorKind.NOT_VALID,
    "cspkeycontainerinforemovabledevice": CmdletErrorKind.NOT_VALID,
    "cspkeycontainerinfounknownkeynumber": CmdletErrorKind.NOT_VALID,
    "publickeyunsupportedsize": CmdletErrorKind.NOT_VALID,
    "keyusagecorrupted": CmdletErrorKind.NOT_VALID,
    "enhancedkeyusagecorrupted": CmdletErrorKind.NOT_VALID,
}
"""Exchange's reasons why a certificate is invalid, the same in every language."""

_ANY_REASON = "|".join(loosely(word) for word in sorted(_REASONS, key=len, reverse=True))

_REASON = re.compile(rf"(?i)({_ANY_REASON})(?![A-Za-z])")

_CMDLET = re.compile(r"[A-Za-z]+-[A-Za-z]+")

_KNOWN: tuple[tuple[tuple[CmdletErrorKind, re.Pattern[str]], tuple[str, ...]], ...] = tuple(
    ((kind, re.compile(rf"(?i){pattern}")), words)
    for kind, words, pattern in (
        (
            CmdletErrorKind.NOT_FOUND,
            ("was not found",),
            rf"(?:{loosely('A special Rpc error occurs on server')}[^:]{{1,120}}:\s*)?{_CERTIFICATE_ERROR}{_NAMED}"
            rf"{loosely('was not found')}",
        ),
        (
            CmdletErrorKind.NOT_VALID,
            ("is not valid for use with Exchange Server",),
            rf"(?:{_CERTIFICATE_ERROR}{_NAMED}{loosely('was found but')}\s*)?"
            rf"{loosely('is not valid for use with Exchange Server')}"
            rf"(?:\s*\(?\s*{loosely('reason:')}\s*(?P<reason>[\w\s]{{1,60}}))?\)?",
        ),
        (
            CmdletErrorKind.KEY_ACCESS,
            ("Insufficient rights to grant Network Service access", "Keyset does not exist"),
            rf"{loosely('Insufficient rights to grant Network Service access')}|{loosely('Keyset does not exist')}",
        ),
        (
            CmdletErrorKind.RECEIVE_CONNECTOR_NAME,
            ("0xe0434352",),
            rf"{loosely('Unknown error')}\s*\(?\s*{loosely('0xe0434352')}",
        ),
        (CmdletErrorKind.KEY_ACCESS, _NO_KEYSET, "|".join(map(loosely, _NO_KEYSET))),
        (
            CmdletErrorKind.DEFAULT_IN_USE,
            ("internal transport certificate cannot be removed",),
            loosely("internal transport certificate cannot be removed"),
        ),
        (
            CmdletErrorKind.TWIN_WITHOUT_SMTP,
            ("is not enabled for SMTP",),
            rf"{loosely('The certificate with subject')}.{{1,600}}?{loosely('is not enabled for SMTP')}",
        ),
        (
            CmdletErrorKind.IN_USE_BY_CONNECTOR,
            ("tagged with following Send Connector",),
            loosely("tagged with following Send Connector"),
        ),
        (
            CmdletErrorKind.PATH_NOT_FOUND,
            ("because it does not exist",),
            rf"{loosely('Cannot find path')}\s*{QUOTE}.{{1,400}}?{loosely('because it does not exist')}",
        ),
        (
            CmdletErrorKind.PATH_NOT_FOUND,
            ("PathNotFound",),
            rf"{loosely('FullyQualifiedErrorId')}\s*:\s*{loosely('PathNotFound,')}",
        ),
        (
            CmdletErrorKind.COMMAND_NOT_KNOWN,
            ("is not recognized",),
            rf"{loosely('The term')}\s*{_TERM}\s*{loosely('is not recognized')}",
        ),
        (
            CmdletErrorKind.COMMAND_NOT_KNOWN,
            ("CommandNotFoundException",),
            rf"\(\s*(?P<term>[\w\s]{{1,80}}-[\w\s]{{1,80}}?):\s*{loosely('String) [], CommandNotFoundException')}",
        ),
    )
)


_NEWER = frozenset({"convertto-json", "set-clipboard", "get-transportservice", "get-frontendtransportservice"})
"""Commands missing from PowerShell 2.0 (the first two) or from Exchange 2010 (the others)."""


_EXCHANGES = re.compile(
    r"(?i)[A-Z]+-(?:ExchangeCertificate|SendConnector|ReceiveConnector|TransportServ(?:er|ice)|FrontendTransportService"
    r"|Queue|QueueDigest|Message|MessageTrackingLog|ExchangeServer|EdgeSubscription|EdgeSynchronization|PopSettings"
    r"|ImapSettings|AuthConfig|HybridConfiguration|UmService|UmCallRouterSettings|ClientAccess\w*|Mailbox\w*)"
)
"""Exchange's own cmdlets, by their nouns."""

_NAMED_CMDLET = r"[A-Za-z]{2,20}-[A-Za-z]{2,60}"

_CATEGORY = re.compile(rf"\+?\s*{loosely('CategoryInfo')}\s*:[^\[\]]{{0,400}}\[\s*(?P<cmdlet>[\w\s]+-[\w\s]+?)\s*\]")

_ERROR_ID = re.compile(
    rf"{loosely('FullyQualifiedErrorId')}\s*:.{{0,400}}?{loosely('Microsoft.Exchange.')}[\w.\s]{{0,200}}?\.\s*"
    r"(?P<verb>Enable|Disable|Get|Set|Import|Export|Remove|New|Retry|Resume)(?P<noun>[A-Z]\w{2,60})\b"
)

_HEAD = re.compile(rf"\s*(?:\w{{1,12}}:\s+)?(?P<cmdlet>{_NAMED_CMDLET})\s?:(?:\s|$)")

_IN = re.compile(rf"(?i)\b(?:error|fehler|erreur|errore?)\s+\w{{1,6}}\s+(?P<cmdlet>{_NAMED_CMDLET})")

_LOGGED = re.compile(rf"(?i)(?:^|[:\]] )\w+ \w{{1,6}} {_NAMED_CMDLET}")

_ANY_ERROR = re.compile(r"(?i)\+\s*CategoryInfo\s*:|FullyQualifiedErrorId\s*:")

_BEFORE_A_ROW = re.compile(r"(?P<prefix>.*?\S)?\s*\+ (?:CategoryInfo|FullyQualifiedErrorId)\s*:")

_PROPERTY = re.compile(r"(?:Thumbprint|Services|Identity|Name|Subject|HasPrivateKey|AccessRules|RunspaceId) *: ")
"""A property that only listings have, at a line's beginning."""

_BOX_HEAD = re.compile(r"\s*Line \|\s*$")

_BOX_ROW = re.compile(r"\s*(?P<number>\d+)?\s+\|(?: (?P<text>.*))?$")

_PLACE = re.compile(r"\s*(?:\S{1,20} ){0,3}\S{0,260}:\s?\d+ ?\S{1,20}:\s?\d+\s*$|\s*\+ ")
"""PowerShell's place of an error, `At line:1 char:1` in any language, and the rows below it."""

_ON_SERVER = re.compile(
    rf"(?i)(?:{loosely('on server')}|\b(?:auf|dem) Server|\b(?:sur|du) (?:le )?serveur|\b(?:en|de) el servidor"
    rf"|\b(?:sul|nel|del) server|\bop (?:de )?server|\bno servidor|\bна сервере)\s*{QUOTE}?\s*([\w.-]{{0,63}}\w)"
)
"""The server in the error's own sentence: that of the certificate."""

_OF_THE_SHELL = re.compile(r"\[Server=([\w.-]{1,64}),")
"""The server that the shell is connected to: there the cmdlet ran, about itself unless the sentence names another."""

_SERVICES = re.compile(r"(?i)-Serv[ices]{0,4}\s+([A-Za-z]+(?:\s?,\s?[A-Za-z]+)*)")

_A_SERVICE = re.compile(r"(?<![\w.-])(UMCallRouter|UM|IIS|POP|IMAP)(?:[34])?(?![\w-])")

_BY_NAME = {service.value.casefold(): service for service in Service}

_MOST_OF_A_PREFIX = 120


def error_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and last lines of cmdlets' errors."""
    for block in _blocks(lines):
        if _errors(list(lines[block[0] : block[1] + 1])):
            yield block


def read_cmdlet_errors(text: Text) -> Reading[CmdletError]:
    """The errors in a text, one for each block and certificate.

    An unknown sentence, as in another language, has the kind OTHER, and its cmdlet is known all the same.
    """
    facts = [error for first, last in _blocks(text.lines) for error in _errors(list(text.lines[first : last + 1]))]
    if facts:
        return Reading(tuple(facts))
    return Reading(unread=(Unread(text.source, 1, "there is no error of a cmdlet here"),))


def _blocks(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Runs of lines that may hold one error each.

    A blank line, a command, the next error's head or a listing's property ends one.
    """
    first: int | None = None
    ended = boxed = False
    for at, line in enumerate(lines):
        text = line.text
        # A console can break CategoryInfo before the cmdlet's name, which then looks like a command.
        broken = at > 0 and "CategoryInfo" in lines[at - 1].text and "]" not in lines[at - 1].text
        command = is_command(text) and not broken
        # A box may follow a blank row of its own head.
        begins = bool(_HEAD.match(text)) and not command
        of_no_error = not text.strip() or command or bool(_PROPERTY.match(text))
        if first is not None and (of_no_error or (ended and begins)):
            yield first, at - 1
            first = None
        if of_no_error:
            continue
        if first is None:
            first, ended, boxed = at, False, False
        if ended and not boxed and not _goes_on(text, lines[at - 1].text):
            yield first, at - 1
            first, ended = at, False
        boxed = boxed or bool(_BOX_HEAD.match(text))
        ended = ended or bool(_ANY_ERROR.search(text) and "FullyQualifiedErrorId" in text)
    if first is not None:
        yield first, len(lines) - 1


def _goes_on(text: str, above: str) -> bool:
    """True if a line below an error still belongs to it: another row, or one that a console broke."""
    return bool(re.match(r"\s|.{0,120}\+ ", text)) or (" " not in text.strip() and len(above) >= 40)


def _errors(lines: list[Line]) -> list[CmdletError]:
    """The errors in a block, without another tool's prefix of each line."""
    bare = _out_of_its_box(_without_prefix(lines))
    folded = fold(bare)
    own = {line.number: line for line in lines}
    known = _merged(folded)
    if not known:
        found = _ANY_ERROR.search(folded.text)
        wrapped = _wrapped(bare)
        if not found and not (wrapped and _LOGGED.search(wrapped.text)):
            return []
        known = [wrapped or CmdletError(CmdletErrorKind.OTHER, _message(bare) or folded.text, None, folded.lines)]
        known = [replace(each, thumbprint=_near(folded.text, 0)) for each in known]
    context = [_with_context(error, folded) for error in known]
    return [replace(each, lines=tuple(own[line.number] for line in each.lines)) for each in context]


def _without_prefix(lines: list[Line]) -> list[Line]:
    """The lines without the prefix a tool logged before each; unchanged without one."""
    prefix = next(
        (found["prefix"] for line in lines if (found := _BEFORE_A_ROW.match(line.text[:400])) and found["prefix"]), ""
    )
    if not 0 < len(prefix) <= _MOST_OF_A_PREFIX:
        return lines
    return [replace(line, text=line.text[len(prefix) :]) for line in lines if line.text.startswith(prefix)]


def _out_of_its_box(lines: list[Line]) -> list[Line]:
    """The content of PowerShell 7's box, without frame, source line and tildes."""
    head = next((at for at, line in enumerate(lines) if _BOX_HEAD.match(line.text)), None)
    if head is None:
        return lines
    taken = lines[:head]
    for line in lines[head + 1 :]:
        row = _BOX_ROW.match(line.text)
        text = (row["text"] or "").strip() if row else line.text
        if (row and row["number"]) or not text.strip("~ "):
            continue
        taken.append(replace(line, text=text))
    return taken


def _message(lines: Sequence[Line]) -> str:
    """The error's message, up to PowerShell's place of the error."""
    said: list[str] = []
    for line in lines:
        if _PLACE.match(line.text) and said:
            break
        said.append(" ".join(line.text.split()))
    return " ".join(said).strip(" +")


def _wrapped(lines: Sequence[Line]) -> CmdletError | None:
    """The error of a script that names the failed Exchange cmdlet without its words."""
    for line in lines:
        found = _IN.search(line.text)
        if found and _EXCHANGES.fullmatch(found["cmdlet"]):
            text = " ".join(line.text.split())
            return CmdletError(CmdletErrorKind.WRAPPED, text, lines=(line,), cmdlet=found["cmdlet"])
    return None


def _with_context(error: CmdletError, folded: Folded) -> CmdletError:
    """Add the failed cmdlet, the reason, the server and the services in the error."""
    failed = error.cmdlet or _failed(folded)
    exchanges = bool(_EXCHANGES.fullmatch(failed))
    reason = _REASON.search(folded.text)
    server, shell = _ON_SERVER.search(folded.text), _OF_THE_SHELL.search(folded.text)
    named = _SERVICES.search(folded.text)
    words = [word.strip().casefold() for word in named[1].split(",")] if named else []
    services = [_BY_NAME[word] for word in words if word in _BY_NAME]
    error = replace(
        error,
        cmdlet=failed if exchanges else "",
        reason="".join(reason[1].split()) if reason else "",
        server=server[1] if server else shell[1] if shell else "",
        shell=shell[1] if shell else "",
        services=in_order(services),
        foreign=bool(failed) and not exchanges,
    )
    return _told_apart(error)


def _failed(folded: Folded) -> str:
    """The failed cmdlet, from the category, the error's id or its head."""
    if found := _CATEGORY.search(folded.text):
        return "".join(found["cmdlet"].split())
    if found := _ERROR_ID.search(folded.text):
        return f"{found['verb']}-{found['noun']}"
    if found := _HEAD.match(folded.lines[0].text if folded.lines else ""):
        return found["cmdlet"]
    if found := re.search(rf"\(({_NAMED_CMDLET}):String\)", folded.text):
        return found[1]
    return ""


def _told_apart(error: CmdletError) -> CmdletError:
    """Classify an error with an unknown sentence by the parts that are the same in every language."""
    if error.kind is not CmdletErrorKind.OTHER or not error.cmdlet:
        return error
    cmdlet = error.cmdlet.casefold()
    named = {_BY_NAME[word.casefold()] for word in _A_SERVICE.findall(error.text)}
    if error.thumbprint and _NOT_FOUND.search(error.text):
        return replace(error, kind=CmdletErrorKind.NOT_FOUND)
    if cmdlet == "set-sendconnector" and "SMTP" in error.text and error.text.count("CN=") > 1:
        return replace(error, kind=CmdletErrorKind.TWIN_WITHOUT_SMTP)
    if cmdlet == "import-exchangecertificate" and re.search(r"(?i)already exist", error.text):
        return replace(error, kind=CmdletErrorKind.ALREADY)
    if cmdlet == "enable-exchangecertificate" and named:
        return replace(error, kind=CmdletErrorKind.SERVICE, services=in_order(named))
    return error


def _known(folded: Folded) -> Iterator[tuple[int, int, CmdletErrorKind, str | None]]:
    """Every known sentence: its place, its kind, and its thumbprint."""
    spans: list[tuple[int, int]] = []
    for kind, pattern in folded.with_words(_KNOWN):
        for found in pattern.finditer(folded.text):
            parts = {name: "".join(text.split()) for name, text in found.groupdict().items() if text}
            thumbprint = read_thumbprint(parts["thumbprint"]).thumbprint if "thumbprint" in parts else None
            start, meant = found.start(), kind
            if kind is CmdletErrorKind.PATH_NOT_FOUND:
                if "cert:" in folded.text.casefold():
                    # The path of a certificate says nothing about a folder.
                    continue
                # In other languages only the error's id is known, and the message precedes it.
                start = 0 if "FullyQualified" in found[0] else start
            if kind is CmdletErrorKind.COMMAND_NOT_KNOWN:
                # A damaged name, as with an en dash, says nothing about the shell it was typed into.
                meant = _not_known(parts["term"])
                # In other languages only this line is known, and the message precedes it.
                start = 0 if found[0].startswith("(") else start
            elif "thumbprint" not in parts:
                thumbprint = _near(folded.text, start)
            if reason := _REASON.search(parts.get("reason", "")):
                meant = _REASONS[reason[1].casefold()]
            spans.append((start, found.end()))
            yield start, found.end(), meant, thumbprint
    for found in (found for rule in folded.with_words([(_REASON, _REASONS)]) for found in rule.finditer(folded.text)):
        if any(start <= found.start() < end for start, end in spans):
            continue
        # In other languages only the reason is known, and the message precedes it.
        meant = _REASONS["".join(found[1].split()).casefold()]
        yield max(folded.text.rfind(". ", 0, found.start()), 0), found.end(), meant, _near(folded.text, found.start())


def _not_known(term: str) -> CmdletErrorKind:
    """The kind of error for a word the shell does not know."""
    if term.casefold() in _NEWER:
        return CmdletErrorKind.OLDER_SHELL
    return CmdletErrorKind.COMMAND_NOT_KNOWN if _CMDLET.fullmatch(term) else CmdletErrorKind.OTHER


def _near(text: str, at: int) -> str | None:
    """The error's thumbprint: named as a certificate's, or the only one nearby."""
    close = text[max(at - 300, 0) : at + 600]
    named = _ANY_CERTIFICATE.findall(close) or list(dict.fromkeys(_LONE_THUMBPRINT.findall(close)))
    return read_thumbprint("".join(named[0].split())).thumbprint if len(set(named)) == 1 else None


def _merged(folded: Folded) -> list[CmdletError]:
    """The errors in order; a message printed twice, or in two sentences, is one error."""
    spans: dict[tuple[CmdletErrorKind, str | None], tuple[int, int]] = {}
    for start, end, kind, thumbprint in sorted(_known(folded), key=lambda known: known[:2]):
        first, last = spans.get((kind, thumbprint), (start, end))
        spans[kind, thumbprint] = (min(first, start), max(last, end))
    errors: list[CmdletError] = []
    for (kind, thumbprint), span in spans.items():
        lines = folded.lines_of(*span)
        sentence = " ".join(" ".join(line.text.split()) for line in lines)
        errors.append(CmdletError(kind, sentence, thumbprint, lines))
    return errors
