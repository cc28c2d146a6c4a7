"""A case without its names: what may be shown to others, with stand-ins that are the same in every rendering.

What is promised. In every text of the redacted case, hence in all that comes from the case in the record, the change
card and the exported file, none of the replaced names is left: not in another case or with other blanks, not with a
console's line break in it, not in a PowerShell literal, not in the Base64 of a protocol log's row, nor as a domain's
other form (IDNA). Thumbprints, serial numbers and GUIDs are not left however their digits are set apart. Names in any
other coding, such as a URL's percent signs, are not looked for. Replaced are servers, Send connectors, hosts and
domains, e-mail addresses, IP addresses, users in paths, those and the machines of transcripts' heads, the sites, groups
and friendly names of HealthChecker's reports, the values of subjects and issuers, thumbprints, serial numbers and
GUIDs.

What bounds it. A name is found where no letter or digit stands beside it: `EX01` in `EX01-old`, not in `EX01B`.
A name that is Exchange's own word (a connector called SMTP), has one or two letters or no letter, is replaced only
where its place shows that it is a name: as a whole field, in quotes, as the value of a property that names something,
as the connector of a row of the log, before a backslash. Numbers of fewer than ten digits are replaced in their own
fields. Names of Microsoft's public hosts, of Exchange's own certificates, and labels such as `mail` stay. The
program's own sentences are none of the case's text, so a word of theirs stays even if a name is that word.
"""

from __future__ import annotations

import base64
import binascii
import enum
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from wizard.case.case import Case
from wizard.case.file import Saved, slimmed
from wizard.facts import Asked, Line, LoneError, Occurrences, SendConnector
from wizard.fitness import not_for_mail
from wizard.powershell.literal import UnsafeNameError, literal
from wizard.record.stand_ins import Replacement, StandIns, norm, set_like

SERVER_FIELDS = frozenset({"server", "here", "log_of", "source_servers", "computer"})

HOST_KEYS = frozenset({"on", "surveyed", "surveyed_in_part"})
"""Fields that hold servers by their host names, as made by `wizard.case.host`."""

_HOST_FIELDS = frozenset({"fqdn", "tls_domain", "smart_hosts", "next_hop", "remote_host", "domains", "names"})

_CONNECTOR_FIELDS = frozenset({"connector", "typed_name", "made_verbose", "connectors"})

Match = re.Match[str]

_KEY = r"(?:CN|OU|O|L|ST|S|C|E|EMAILADDRESS|DC|STREET|SERIALNUMBER|POSTALCODE|T|TITLE|SN|G|GN|GIVENNAME|I|INITIALS|UID)"

_DN = re.compile(
    rf"(?<![\w.])(?P<key>{_KEY})\s*=\s*(?:\"\"(?P<csv>[^\"\r\n]*)\"\"|\"(?P<quoted>(?:[^\"]|\"\")*)\"|"
    rf"(?P<plain>(?:\\[^\r\n]|[^,+;\"<>\r\n\\])*?))"
    rf"(?=\s*(?:[,+;\"<>\r\n]|$)|\s+{_KEY}\s*=|\s+[0-9A-Fa-f]{{16,}}\b)",
    re.IGNORECASE,
)

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"

_FQDN = re.compile(rf"(?<![\w.@-])(?:\*\.)?(?:{_LABEL}\.)+[^\W\d_][\w-]{{0,61}}[^\W_](?![\w-]|\.\w)")

_MAIL = re.compile(rf"(?<![\w.+-])[\w.+=-]+@(?:{_LABEL}\.)+[^\W\d_][\w-]*[^\W_]")

_V4 = re.compile(r"(?<![\w.])(?<!#Version: )(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")

_V6 = re.compile(r"(?<![\w:.\]])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])")

_GUID = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])")

_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{17,}|(?!08[CDEF])[0-9A-Fa-f]{16})(?![0-9A-Za-z])", re.IGNORECASE)
"""Sixteen digits that begin like a session-id of these decades are one: it names nobody."""

_PAIRS = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:[ :.-][0-9A-Fa-f]{2}){9,}(?![0-9A-Fa-f])")

_CUT = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{6,39}(?=\.\.\.|\u2026|\*|X{4})")

_HOME = re.compile(r"(?:[\\/]Users|[\\/]home|[\\/]Documents and Settings)[\\/]([^\\/:*?\"<>|\r\n]+)", re.IGNORECASE)

_UNC = re.compile(r"(?<![\\\w:])\\\\([^\\/\s\"'<>|?*;,]+)\\")

_ACCOUNT = re.compile(r"(?<![\w\\:.$-])([A-Z][A-Z0-9-]{1,14})\\([A-Za-z][\w.$-]*)(?![\w\\])")

_LABELLED = re.compile(
    r"^[ \t]*(?:(?:Machine|MachineName|Computer(?: ?Name)?|PSComputerName|Host ?Name|Server(?: ?Name)?|Computername|"
    r"Computador|Ordinateur|Equipo)[ \t]*:[ \t]+(?P<server>[\w.-]+)|"
    r"(?:(?:RunAs )?User(?: ?name)?|Account(?: Name)?|Logged[ -]?on user|(?:Ausführender )?Benutzer(?:name)?|"
    r"Utilisateur|Nom d.utilisateur|Usuario|Gebruiker(?:snaam)?)[ \t]*:[ \t]+(?P<user>\S[^\r\n]*?)[ \t]*$|"
    r"(?:AD Site|Site(?: Name)?|DAG(?: Name)?|Database Availability Group|FriendlyName|Friendly Name|"
    r"Organi[sz]ation(?: Name)?|Domain(?:\(s\)|s)?(?: Name)?(?: configured)?|Forest|NIC Name|RegisteredOwner)"
    r"[ \t]*:[ \t]+(?P<place>\S[^\r\n]*?)[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
"""Lines of transcripts' heads, HealthChecker's reports and events that name somebody or something."""

_ARGUMENT = re.compile(
    r"(?<![\w-])-(?:(?:ComputerName|Cn|Server|MailboxServer)(?::[ \t]*|[ \t]+)['\"]?(?P<server>[\w][\w.-]*)|"
    r"(?:Credential|UserName|User)(?::[ \t]*|[ \t]+)['\"]?(?P<user>[\w][^\s'\";,|)]*))",
    re.IGNORECASE,
)
"""Parameters by which a command names a server or a person."""

_REMOTE_SHELL = re.compile(r"^[ \t]*\[(?P<server>(?!PS\])[\w.-]{1,64})\]:?[ \t]*(?:PS\b|[A-Za-z]:\\)", re.MULTILINE)

_ENTERED = re.compile(r"\bEnter-PSSession[ \t]+['\"]?(?P<server>[\w][\w.-]*)", re.IGNORECASE)

_REPORTED = re.compile(
    r"^[ \t]*Exchange Information[ \t]*\n[ \t]*-+[ \t]*\n[ \t]*Name:[ \t]*(?P<server>[\w.-]+)",
    re.MULTILINE | re.IGNORECASE,
)

_ELEMENT = re.compile(r"<Computer>(?P<server>[\w.-]+)</Computer>", re.IGNORECASE)

_SID = re.compile(r"\bS-1-5-21(?:-\d{1,10}){3,4}\b")

_NOBODY = frozenset({"n/a", "none", "-", "system", "unknown", "true", "false", "not configured", "standalone server"})

_OWN_DOMAINS = frozenset({"nt authority", "builtin", "font driver host", "window manager"})

_OF_EXCHANGE = ("microsoft exchange", "wmsvc", "default-first-site-name", "exchange delegation", "federation")

_FILES = frozenset(
    re.findall(
        r"\w+",
        "bak bat cer clixml cmd config crt csv dll doc docx evtx exe gz htm html ini json log md msg p12 pdf pem pfx "
        "ps1 psd1 psm1 tmp toml txt xls xlsx xml zip",
    )
)
"""File endings that no domain of an Exchange organisation has."""

_TYPES = ("microsoft.exchange.", "microsoft.powershell.", "system.")

_Decoded = tuple[str, Callable[[str], str]]
"""A decoded text, and a function that encodes another text the same way."""

_COMPOSED = re.compile(
    r"\((?:'(?:[^'\r\n]|'')*'|\[char\]0x[0-9A-F]{4})(?: \+ (?:'(?:[^'\r\n]|'')*'|\[char\]0x[0-9A-F]{4}))+\)"
)

_PIECE = re.compile(r"'((?:[^']|'')*)'|\[char\]0x([0-9A-F]{4})")

_DOUBLED = re.compile(r"'(?:[^'\r\n]|'')*''(?:[^'\r\n]|'')*'")

_ROW = re.compile(r"^\d{4}-\d\d-\d\dT[^,\r\n]*,[^\r\n]*", re.MULTILINE)

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{4,}={0,2}(?![A-Za-z0-9+/=])")


def texts(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value of dataclasses, tuples, sets and tables, each with its field's name."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, kept in value.items():
            yield from texts(key, field)
            yield from texts(kept, field)
    elif isinstance(value, tuple | frozenset):
        for each in value if isinstance(value, tuple) else sorted(value, key=str):
            yield from texts(each, field)
    elif is_dataclass(value) and not isinstance(value, enum.Enum | datetime):
        for each in fields(value):
            yield from texts(getattr(value, each.name), _field(type(value), each.name))


def _field(owner: type, name: str) -> str:
    """The field's name; `name` and `identity` depend on their owner."""
    return "connector" if (owner, name) in {(SendConnector, "name"), (Asked, "identity")} else name


def find(value: object, stand_ins: StandIns) -> None:
    """Give out stand-ins for every name in a value: servers first, for other names contain theirs."""
    found = list(dict.fromkeys(texts(value)))
    for take in (_servers, _hosts, _connectors, _others):
        for field, text in found:
            take(field, text, stand_ins)
    # A log's version has the form of an address.
    for text in dict.fromkeys(text for field, text in found if field != "version"):
        _search(text, stand_ins)


def _servers(field: str, text: str, stand_ins: StandIns) -> None:
    if field in SERVER_FIELDS:
        stand_ins.server(text)
    elif field == "identity" and "\\" in text:
        stand_ins.server(text.rpartition("\\")[0])


def _hosts(field: str, text: str, stand_ins: StandIns) -> None:
    """The keys of tables by host, once a server's full name is known."""
    if field in HOST_KEYS and text not in stand_ins.hosts:
        stand_ins.server(text)


def _connectors(field: str, text: str, stand_ins: StandIns) -> None:
    if field in _CONNECTOR_FIELDS:
        stand_ins.connector(text)


def _others(field: str, text: str, stand_ins: StandIns) -> None:
    if field in _HOST_FIELDS and norm(text) != "*":
        stand_ins.host(text)
    elif field == "serial":
        stand_ins.number(text, "serial number")
    elif field == "friendly":
        _label(text, stand_ins)


def _search(text: str, stand_ins: StandIns) -> None:
    """Find names by pattern in a text and in its encoded parts."""
    for each in (text, *_decodings(text)):
        for pattern, take in _PATTERNS:
            for found in pattern.finditer(each):
                take(found, stand_ins)


def _number(found: Match, stand_ins: StandIns) -> None:
    digits = sum(c.isalnum() for c in found[0])
    stand_ins.number(found[0], "thumbprint" if digits == 40 else "serial or other number")


def _path(found: Match, stand_ins: StandIns) -> None:
    if found[1].strip().casefold() not in {"public", "default", "all users"}:
        stand_ins.user(found[1].strip())


def _share(found: Match, stand_ins: StandIns) -> None:
    if found[1] not in (".", "?"):
        stand_ins.server(found[1])


def _account(found: Match, stand_ins: StandIns) -> None:
    r"""DOMAIN\user; a server's name before the backslash makes it a queue."""
    if norm(found[1]) not in stand_ins.everywhere and found[1] not in {"HKLM", "HKCU", "NT", "BUILTIN"}:
        stand_ins.host(found[1])
        stand_ins.user(found[2])


def _labelled(found: Match, stand_ins: StandIns) -> None:
    """The value of a transcript's head, a report or an event whose label announces a name."""
    kind, value = found.lastgroup, found[found.lastgroup or 0].strip().strip("'\"")
    if value.casefold() in _NOBODY or value.startswith(("$", "*")):
        return
    if kind == "server":
        stand_ins.server(value)
    elif kind == "place":
        _label(value, stand_ins)
    elif "@" in value:
        stand_ins.mail(value)
    else:
        domain, _, user = value.rpartition("\\")
        if domain.casefold() not in _OWN_DOMAINS:
            if domain:
                stand_ins.host(domain)
            stand_ins.user(user)


def _label(value: str, stand_ins: StandIns) -> None:
    """A name that people gave to a certificate, a site or a group; Exchange's own stay."""
    plain = value.casefold()
    if value.strip() and plain not in _NOBODY and not plain.startswith(_OF_EXCHANGE):
        if "." in value and " " not in value:
            stand_ins.domain(value)
        else:
            stand_ins.value("O", value)


def _value(found: Match, stand_ins: StandIns) -> None:
    value = next(part for part in (found["csv"], found["quoted"], found["plain"]) if part is not None)
    # `e={...}` is a column that a command computes.
    if not (value.startswith("{") or not_for_mail((value.strip(),))):
        stand_ins.value(found["key"], value)


def _full_name(found: Match, stand_ins: StandIns) -> None:
    if not _is_file(found[0]) and not _at_an_edge(found, stand_ins):
        stand_ins.domain(found[0])


def _is_file(name: str) -> bool:
    """True for a file name or a .NET type, which also have dots."""
    folded = name.casefold()
    return folded.rpartition(".")[2] in _FILES or folded.startswith(_TYPES)


def _at_an_edge(found: Match, stand_ins: StandIns) -> bool:
    """True if a name is half of a known one that a console has wrapped at the edge of the line."""
    half, text = norm(found[0]), found.string
    if half in stand_ins.everywhere or found[0] == text.strip():
        return False
    rest = text[found.end() : found.end() + 1]
    before = text[: found.start()].rpartition("\n")[2]
    ends = rest in ("", "\r", "\n") and any(known != half and known.startswith(half) for known in stand_ins.everywhere)
    begins = not before.strip() and any(known != half and known.endswith(half) for known in stand_ins.everywhere)
    return ends or begins


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Match, StandIns], None]], ...] = (
    (_GUID, lambda found, stand_ins: stand_ins.number(found[0], "GUID")),
    (_HEX, _number),
    (_PAIRS, _number),
    (_CUT, lambda found, stand_ins: stand_ins.beginning(found[0])),
    (_LABELLED, _labelled),
    (_ARGUMENT, _labelled),
    (_REMOTE_SHELL, _labelled),
    (_ENTERED, _labelled),
    (_ELEMENT, _labelled),
    (_REPORTED, _labelled),
    (_SID, lambda found, stand_ins: stand_ins.number(found[0], "security identifier")),
    (_UNC, _share),
    (_HOME, _path),
    (_ACCOUNT, _account),
    (_MAIL, lambda found, stand_ins: stand_ins.mail(found[0])),
    (_DN, _value),
    (_FQDN, _full_name),
    (_V4, lambda found, stand_ins: stand_ins.address(found[0])),
    (_V6, lambda found, stand_ins: stand_ins.address(found[0])),
)

_WHOLE = frozenset(
    re.findall(
        r"\w+",
        "server here log_of source_servers connector connectors typed_name made_verbose stood_on name next_hop "
        "remote_host smart_hosts serial text fqdn computer friendly",
    )
)
"""Fields that can only be a name: there even a word of Exchange's own is a name."""

_NAMING = (
    "Name|Identity|Server|ServerName|MachineName|PSComputerName|ComputerName|SourceTransportServers|NextHopDomain|"
    "SmartHosts|Fqdn|Connector|ConnectorId"
)

_ISO = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?")

_FORKS = 40

_BREAK = r"(?:[ \t]*\r?\n[ \t]*)?"

_APART = r"[ \t:.\u00a0-]{0,2}"


def redacted_saved(saved: Saved) -> tuple[Saved, tuple[Replacement, ...]]:
    """A kept case without its names, its own name included; the module's docstring gives the guarantees.

    As in its file, the raw text of its logs is left out and of very many handshakes few are kept.
    """
    case = slimmed(saved.case)
    redaction = Redaction(case, extra=(saved.name,))
    return replace(saved, case=redaction.case, name=redaction.text(saved.name)), redaction.replacements


class Redaction:
    """The stand-ins of one case, and the texts made with them."""

    def __init__(self, case: Case, extra: tuple[str, ...] = ()) -> None:
        """`extra` are other texts whose names are replaced as well."""
        content = (case, extra)
        self._stand_ins = StandIns("\n".join(text for _field, text in texts(content)))
        find(content, self._stand_ins)
        self._original = case
        self._lines: dict[Line, Line] = {}
        self._cache: dict[str, str] = {}
        self._patterns = cache(lambda wrapped: tuple(self._made_patterns(wrapped)))

    @cached_property
    def case(self) -> Case:
        """The case without its names."""
        self._clean_blocks(self._original)
        cleaned = self._walk(self._original, "")
        assert isinstance(cleaned, Case)
        return cleaned

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        """The replacements by kind, in the order found."""
        shown = [each for each in self._stand_ins.shown.values() if each.original != each.stand_in]
        kinds = list(dict.fromkeys(each.kind for each in shown))
        return tuple(sorted(shown, key=lambda each: kinds.index(each.kind)))

    def text(self, text: str) -> str:
        """A text without the names of the case."""
        if _ISO.fullmatch(text):
            return text
        if text not in self._cache:
            self._cache[text] = _recoded(self._clean(text), self._clean)
        return self._cache[text]

    def _clean(self, text: str) -> str:
        for pattern, stand_in in self._patterns("\n" in text):
            text = pattern.sub(stand_in, text)
        return text

    def _made_patterns(self, wrapped: bool) -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]:
        known, gap = self._stand_ins, _BREAK if wrapped else ""
        flags = re.IGNORECASE | re.MULTILINE
        if known.in_subjects:
            values = _any_of(known.terms(known.in_subjects), gap)
            behind = r"(?<![\w.])(?:CN|OU|O|L|ST|S|C|E|DC|STREET|T|G|I)\s*=\s*\"{0,2}"
            yield (
                re.compile(rf"({behind})({values})(?=\"{{0,2}}\s*(?:[,+;<>\"\r\n]|$|\s))", flags),
                self._behind(known.in_subjects),
            )
        if known.as_names:
            names, as_name = _any_of(known.terms(known.as_names), gap), self._behind(known.as_names)
            row = r"^\d{4}-\d\d-\d\dT[^,\r\n]*,\"?"
            yield re.compile(rf"()(?<=['\"])({names})(?=['\"])", flags), as_name
            yield re.compile(rf"({row})({names})(?=\"?,)", flags), as_name
            yield re.compile(rf"(\\\\|(?<![^\W_]))({names})(?=\\)", flags), as_name
            one = re.compile(rf"()(?<![^\W_])({names})(?![^\W_])", flags)
            yield (
                re.compile(rf"^(\s*(?:{_NAMING})\s*[:=]\s*)(.+)$", flags),
                lambda found: found[1] + one.sub(as_name, found[2]),
            )
        if known.everywhere:
            named = _bounded(_any_of(known.terms(known.everywhere), gap))
            yield re.compile(f"()({named})", flags), self._behind(known.everywhere)
        if known.numbers:
            apart = rf"(?:{_APART}{gap})" if wrapped else _APART
            numbers = _any_of(known.numbers, apart)
            yield re.compile(rf"(?<![0-9A-Fa-f])(?:{numbers})(?![0-9A-Fa-f])", flags), self._numbered

    def _behind(self, terms: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
        """Replaces the term in the second group of a match, behind its first."""
        return lambda found: found[1] + self._looked_up(found[2], terms)

    def _numbered(self, found: re.Match[str]) -> str:
        digits = re.sub(r"[^0-9a-f]", "", found[0].lower())
        return set_like(found[0], self._stand_ins.numbers[digits])

    def _looked_up(self, text: str, terms: Mapping[str, str]) -> str:
        """The stand-in for a text found by a pattern of these terms; a console's line breaks stay in it."""
        breaks = "".join(re.findall(r"[ \t]*\r?\n[ \t]*", text))
        for joint in ("", " "):
            stand_in = terms.get(norm(re.sub(r"[ \t]*\r?\n[ \t]*", joint, text)))
            if stand_in:
                return stand_in + breaks
        # Some letters are equal without regard to case and share no lower case.
        squeezed = re.sub(r"\s+", "", text)
        alike = (
            kept for term, kept in terms.items() if re.fullmatch(re.escape(re.sub(r"\s+", "", term)), squeezed, re.I)
        )
        return next(alike, "name") + breaks

    def _walk(self, value: Any, field: str) -> Any:
        """The value with every text cleaned; one without text is returned unchanged."""
        if isinstance(value, str):
            return self._of_field(value, field)
        if isinstance(value, Occurrences):
            return None
        if isinstance(value, Mapping):
            return MappingProxyType(
                {self._walk(k, field): self._walk(kept, _inside(field)) for k, kept in value.items()}
            )
        if isinstance(value, tuple):
            return tuple(self._walk(each, field) for each in value)
        if isinstance(value, frozenset):
            return frozenset(self._walk(each, field) for each in value)
        if isinstance(value, Line | LoneError):
            return self._line(value) if isinstance(value, Line) else _sentence_alone(value)
        if is_dataclass(value) and not isinstance(value, type | enum.Enum | datetime):
            changed = {}
            for each in fields(value):
                before = getattr(value, each.name)
                after = self._walk(before, each.name)
                if after is not before:
                    changed[each.name] = after
            return replace(value, **changed)
        return value

    def _of_field(self, text: str, field: str) -> str:
        known = self._stand_ins
        if field in HOST_KEYS:
            return known.hosts.get(text) or self.text(text).casefold()
        whole = known.as_names.get(norm(text)) if field in _WHOLE else None
        return whole or self.text(text)

    def _line(self, line: Line) -> Line:
        if line not in self._lines:
            self._lines[line] = replace(line, text=self.text(line.text), source=self.text(line.source))
        return self._lines[line]

    def _clean_blocks(self, value: Any) -> None:
        """Clean consecutive lines together: a name can begin on one and end on the next."""
        if isinstance(value, tuple) and len(value) > 1 and all(isinstance(each, Line) for each in value):
            for block in _blocks(value):
                text = "\n".join(line.text for line in block)
                cleaned = self.text(text).split("\n")
                for line, each in zip(block, cleaned, strict=True):
                    self._lines.setdefault(line, replace(line, text=each, source=self.text(line.source)))
        elif isinstance(value, tuple | frozenset):
            for each in value:
                self._clean_blocks(each)
        elif isinstance(value, Mapping):
            self._clean_blocks(tuple(value.values()))
        elif is_dataclass(value) and not isinstance(value, type | enum.Enum | Line):
            for named in fields(value):
                self._clean_blocks(getattr(value, named.name))


def _sentence_alone(lone: LoneError) -> LoneError:
    """The log's sentence without the words around it, which may name anything."""
    said = f"TLS negotiation failed with error {lone.error}"
    return replace(lone, lines=tuple(Line(said, line.number, "paste") for line in lone.lines[:1]))


def _inside(field: str) -> str:
    """The field for the values of a table; the values of a table by host are no hosts."""
    return "" if field in HOST_KEYS else field


def _blocks(lines: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    """Runs of consecutive lines in one source; a line of a foreign case that contains several is left out."""
    run: list[Line] = []
    for line in lines:
        if "\n" in line.text:
            continue
        if run and (line.source, line.number) != (run[-1].source, run[-1].number + 1):
            yield tuple(run)
            run = []
        run.append(line)
    if run:
        yield tuple(run)


def _bounded(pattern: str) -> str:
    """A pattern that matches only without a letter or digit beside a letter or digit of the match."""
    return rf"(?:(?<![^\W_])(?=[^\W_])|(?=[\W_]))(?:{pattern})(?:(?<=[^\W_])(?![^\W_])|(?<=[\W_]))"


def _any_of(terms: Iterable[str], gap: str) -> str:
    """A pattern for any of these terms, the longest first; `gap` may stand between any two characters.

    Terms share common beginnings, so that thousands cost little more than one.
    """
    trie: dict[str, Any] = {}
    for term in terms:
        at = trie
        for character in term:
            at = at.setdefault(character, {})
        at[""] = {}
    return _branch(trie, gap, first=True)


def _branch(trie: dict[str, Any], gap: str, first: bool = False, depth: int = 0) -> str:
    """The pattern of a subtree; chains without a fork need no recursion."""
    if depth > _FORKS:
        # The pattern parser limits the depth.
        endings = sorted(_endings(trie), key=len, reverse=True)
        return f"(?:{'|'.join(''.join(_one(c, gap, first=False) for c in ending) for ending in endings)})"
    branches = []
    for character, below in [(c, kept) for c, kept in trie.items() if c]:
        written, at = [_one(character, gap, first)], below
        while len(at) == 1 and "" not in at:
            following, at = next(iter(at.items()))
            written.append(_one(following, gap, first=False))
        branches.append("".join(written) + (_branch(at, gap, depth=depth + 1) if at.keys() - {""} else ""))
    joined = f"(?:{'|'.join(branches)})"
    return f"{joined}?" if "" in trie else joined


def _endings(trie: dict[str, Any]) -> Iterator[str]:
    """All terms of a subtree, without recursion."""
    waiting = [("", trie)]
    while waiting:
        so_far, at = waiting.pop()
        for character, below in at.items():
            if character:
                waiting.append((so_far + character, below))
            else:
                yield so_far


def _one(character: str, gap: str, first: bool) -> str:
    if character.isspace():
        return r"\s+"
    # A gap follows a blank already, but the blank itself may be lost in it.
    return ("" if first else gap) + re.escape(character)


def _recoded(text: str, clean: Callable[[str], str]) -> str:
    """Clean all encoded parts of a text; a part in which `clean` changes nothing stays as it is."""

    def of(decode: Callable[[str], _Decoded | None]) -> Callable[[re.Match[str]], str]:
        def replaced(found: re.Match[str]) -> str:
            decoded = decode(found[0])
            if decoded is None:
                return found[0]
            inside, code = decoded
            cleaned = clean(inside)
            return found[0] if cleaned == inside else code(cleaned)

        return replaced

    text = _DOUBLED.sub(of(_doubled), _COMPOSED.sub(of(_composed), text))
    return _ROW.sub(lambda row: _BASE64.sub(of(_base64), row[0]), text)


def _decodings(text: str) -> list[str]:
    """All decoded parts of a text."""
    found: list[str] = []

    def kept(inside: str) -> str:
        found.append(inside)
        return inside

    _recoded(text, kept)
    return found


def _composed(expression: str) -> _Decoded:
    pieces = (
        (found[1] or "").replace("''", "'") or chr(int(found[2] or "0", 16)) for found in _PIECE.finditer(expression)
    )
    inside = "".join(piece for piece in pieces if piece != "\0")
    paired = inside.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired, _literal


def _doubled(quoted: str) -> _Decoded:
    return quoted[1:-1].replace("''", "'"), _literal


def _literal(text: str) -> str:
    try:
        return literal(text)
    except UnsafeNameError:
        return "'" + text.replace("'", "''") + "'"


def _base64(token: str) -> _Decoded | None:
    """Base64 of a printable text in UTF-8; anything else is none."""
    try:
        inside = base64.b64decode(token, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    # SMTP's AUTH PLAIN parts the names by NUL.
    if not all(c.isprintable() or c in "\0\r\n\t" for c in inside):
        return None
    return inside, lambda cleaned: base64.b64encode(cleaned.encode("utf-8", "replace")).decode("ascii")
