"""Reads events of a server's log, and the protocol log's sentence without its row.

A number is an event only with its label, its source or its sentence: 12014 can be a count, a port or a queue too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wizard.facts import Line, LoneError, Reading, ServerEvent, Unread
from wizard.reading.log.rows import error_name
from wizard.reading.residue import STARTS_INSIDE
from wizard.reading.text import Text, fold, loosely, read_thumbprint

_TRANSPORT = frozenset({12012, 12013, 12014, 12015, 12016, 12017, 12018})

_SCHANNEL = frozenset({36869, 36870, 36871, 36874, 36882, 36887, 36888})

_NUMBER = "(?P<number>1201[2-8]|368(?:69|70|71|74|82|87|88))"

_LABEL = (
    r"(?<![a-z])(?:event|ereignis|gebeurtenis|händelse|hendelses|hændelses)"
    r"[\s-]?(?:ids?\b\.?|kennung|code|number|no\.?)?"
)

_LABELLED = re.compile(
    rf"(?i){_LABEL}\s*[:=#]?\s*{_NUMBER}\b"
    rf"|<EventID[^<>]{{0,40}}>{_NUMBER.replace('number', 'xml')}<"
    rf"|(?<![a-z])(?:(?:instance|event)?id|code|(?:id|код)\b[^:\n]{{1,30}})\s*:\s*"
    rf"{_NUMBER.replace('number', 'bare')}\s*$"
)

_SOURCES = r"\b(?:MSExchange(?:FrontEnd)?Transport\w{0,20}|Schannel)\b"

_WITH_SOURCE = re.compile(
    rf"(?i){_SOURCES}[^\n]{{0,60}}?\b{_NUMBER}\b(?!\\)"
    rf"|(?<![\d\\:.,]){_NUMBER.replace('number', 'first')}\b[^\n]{{0,60}}?{_SOURCES}"
)

_SOURCE = re.compile(r"(?i)\b(MSExchange(?:FrontEnd)?Transport\w{0,20}|Schannel)\b")

_SENTENCES: tuple[tuple[tuple[int, re.Pattern[str]], tuple[str]], ...] = tuple(
    ((number, re.compile(f"(?i){loosely(words)}")), (words,))
    for number, words in (
        (12014, "could not find a certificate that contains the domain name"),
        (12014, "it is unable to support the STARTTLS SMTP verb for the connector"),
        (12018, "STARTTLS certificate will expire soon"),
        (12017, "internal transport certificate will expire soon"),
        (12015, "internal transport certificate expired"),
        (12016, "There is no valid SMTP Transport Layer Security (TLS) certificate for the FQDN"),
        (36870, "attempting to access the TLS client credential private key"),
        (36870, "attempting to access the TLS server credential private key"),
        (36870, "attempting to access the SSL client credential private key"),
        (36870, "attempting to access the SSL server credential private key"),
        (36887, "fatal alert was received"),
        (36888, "fatal alert was generated"),
    )
)

_NAMED = re.compile(
    r"(?i)\bconnect(?:or|eur)\s+(?P<connector>\S.{0,200}?)\s+(?:with|mit|avec|con|met|med)\s+(?:a|an|einem|un|une|een|en)?\s*"
    r"(?:\S+\s+){0,3}?FQDN"
)

_FQDN = re.compile(
    r"(?i)FQDN(?:[- ]?param\w{0,6})?(?:\s+(?:of|von|de|di|van|af|av))?\s+['\"]?"
    r"(?P<fqdn><I>.{1,300}?<S>.{1,300}?(?=\.\s|\.$| in | is |$)|[\w*][\w*-]{0,62}(?:\.[\w-]{1,63})+)"
)

_DOMAIN = re.compile(
    r"(?i)(?:domain name|Domänennamen?|nom de domaine|nombre de dominio)\s+['\"]?"
    r"(?P<fqdn><I>.{1,300}?<S>.{1,300}?(?= in )|[\w*][\w*-]{0,62}(?:\.[\w-]{1,63})+)"
)

_COMPUTER = re.compile(
    r"(?im)^\W{0,4}(?:Computer|MachineName|Ordinateur|Equipo)\s*:\s*([\w-]{1,63}(?:\.[\w-]{1,63}){0,8})\s*$"
)

_ALERT = re.compile(r"(?i)\balert\b(?:\s+code)?[^.:\n]{0,60}?(?:\bis\b|:)\s*(\d{1,3})\b")

_THUMBPRINT = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}\s?){19}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")

_RECEIVE = re.compile(r"(?i)\breceive connector\b|\bEmpfangsconnector\b|\bconnecteur de réception\b")

_SEND = re.compile(r"(?i)\bsend connector\b|\bSendeconnector\b|\bconnecteur d.envoi\b")

_RECEIVE_NAMES = re.compile(
    r"(?i)(?:\S+\\)?(?:Default|Client|Outbound Proxy)(?: (?:Frontend|Proxy|Receive|internal receive connector))?\b"
)

_DESCRIPTION = re.compile(r"(?i)\W*(?:Description|Message|Beschreibung|Meldung)\s*:\s*$")

_MOST_LINES = 40


def event_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and last lines of the paragraphs with an event."""
    for first, last in _paragraphs(lines):
        if _events(lines[first : last + 1]):
            yield first, last


def read_events(text: Text) -> Reading[ServerEvent]:
    """The events in a text, each once, from Event Viewer, Get-WinEvent, a table or a sentence."""
    facts: list[ServerEvent] = []
    for first, last in _paragraphs(text.lines):
        facts += _events(text.lines[first : last + 1])
    if facts:
        return Reading(tuple(facts))
    at = text.lines[0].number if text.lines else 1
    return Reading(unread=(Unread(text.source, at, "there is no event of a server here"),))


def _paragraphs(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Runs of lines without a blank one; a description below a blank line belongs to its head."""
    first = None
    for at, line in enumerate(lines):
        full = bool(line.text.strip())
        if full and first is None:
            first = at
        elif not full and first is not None and not _DESCRIPTION.match(lines[at - 1].text):
            yield first, at - 1
            first = None
    if first is not None:
        last = max(at for at in range(first, len(lines)) if lines[at].text.strip())
        yield first, last


def _events(lines: Sequence[Line]) -> list[ServerEvent]:
    """The events of one paragraph: one, or one for each row of a table."""
    sourced = any(_SOURCE.search(line.text) for line in lines)
    labelled = [(at, number) for at, line in enumerate(lines) if (number := _labelled(line.text, sourced))]
    if len({at for at, _ in labelled}) > 1:
        begins = [at for at, _ in labelled]
        ends = [*begins[1:], len(lines)]
        return [_event(number, lines[at:end]) for (at, number), end in zip(labelled, ends, strict=True)]
    if labelled:
        return [_event(labelled[0][1], lines)]
    folded = fold(lines)
    for number, sentence in folded.with_words(_SENTENCES):
        if sentence.search(folded.text):
            return [_event(number, lines)]
    return []


def _labelled(text: str, sourced: bool) -> int | None:
    """The number of an event on this line, if its label or source marks it.

    `sourced` says that a neighbouring line names a source: then a label like `Id` is enough.
    """
    if not re.search(r"1201[2-8]|368[678]", text) or STARTS_INSIDE.search(text):
        return None
    if found := _LABELLED.search(text):
        written = found["number"] or found["xml"] or found["bare"]
        if found["bare"] is None or sourced:
            return int(written)
    if found := _WITH_SOURCE.search(text):
        return int(found["number"] or found["first"])
    return None


def _event(number: int, lines: Sequence[Line]) -> ServerEvent:
    """One event with the facts in its words."""
    whole = "\n".join(line.text for line in lines)
    folded = fold(lines)
    source = _SOURCE.search(whole)
    named = _NAMED.search(folded.text)
    # If a window broke the name, a blank may have been lost there.
    certain = named and len(folded.lines_of(*named.span("connector"))) == 1
    connector = named["connector"].strip(" '\"") if named and certain else ""
    fqdn = _FQDN.search(folded.text) or _DOMAIN.search(folded.text)
    computer = _COMPUTER.search(whole)
    alert = _ALERT.search(folded.text) if number in {36887, 36888} else None
    thumbprint = _THUMBPRINT.search(folded.text)
    return ServerEvent(
        number=number,
        source=source[1] if source else "Schannel" if number in _SCHANNEL else "MSExchangeTransport",
        connector=connector,
        fqdn=fqdn["fqdn"].rstrip(".") if fqdn else "",
        receive=_receive(number, source[1] if source else "", connector, folded.text),
        computer=computer[1] if computer else "",
        thumbprint=read_thumbprint(thumbprint[0]).thumbprint if thumbprint else None,
        lines=tuple(lines[:_MOST_LINES]),
        alert=int(alert[1]) if alert else None,
    )


def _receive(number: int, source: str, connector: str, text: str) -> bool | None:
    """True if an event is about a Receive connector; None if unknown."""
    if number not in _TRANSPORT:
        return None
    if "frontend" in source.casefold() or _RECEIVE.search(text) or _RECEIVE_NAMES.match(connector):
        return True
    return False if _SEND.search(text) else None


_FAILED = "TLS negotiation failed with error"

_SENTENCE = re.compile(rf"(?i){loosely(_FAILED)}\s*(?:[:=]\s*)?(?P<error>[^\s,;]{{1,80}})")


def sentence_in(line: str) -> str:
    """The log's sentence in a line, without other words; empty if none is whole."""
    found = _SENTENCE.search(line)
    return found[0] if found else ""


def sentence_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The lines with the log's sentence but without its row."""
    place = {id(line): at for at, line in enumerate(lines)}
    for error in _sentences(lines):
        yield place[id(error.lines[0])], place[id(error.lines[-1])]


def read_sentences(text: Text) -> Reading[LoneError]:
    """The log's sentences without rows: they only name the error."""
    facts = tuple(_sentences(text.lines))
    if facts:
        return Reading(facts)
    at = text.lines[0].number if text.lines else 1
    return Reading(unread=(Unread(text.source, at, "there is no sentence of a protocol log here"),))


def _sentences(lines: Sequence[Line]) -> Iterator[LoneError]:
    folded = fold(line for line in lines if not STARTS_INSIDE.search(line.text))
    for found in (
        found for rule in folded.with_words([(_SENTENCE, (_FAILED,))]) for found in rule.finditer(folded.text)
    ):
        name = error_name(found["error"])
        if re.search(r"[^\W_]", name):
            yield LoneError(name, folded.lines_of(*found.span()))
