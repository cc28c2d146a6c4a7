"""Reads HealthChecker's report (CSS-Exchange, its .txt): certificates, the default one, hybrid connectors.

The report has no private keys, and only connectors with Cloud Mail Enabled: the rest stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from wizard.facts import (
    Certificate,
    DefaultCertificate,
    Line,
    Mended,
    SendConnector,
    Service,
    Unread,
    completed,
    same_name,
)
from wizard.reading.text import ELLIPSES, Text, cells, is_command, read_thumbprint

_VERSION = re.compile(r"\s*Exchange Health Checker [Vv]ersion\s+\S")

_TITLES = frozenset(
    {
        "exchange information",
        "organization information",
        "hybrid information",
        "server information",
        "operating system information",
        "processor/hardware information",
        "nic settings per active adapter",
        "frequent configuration issues",
        "security settings",
        "security vulnerability",
        "exchange iis information",
    }
)

_DASHES = re.compile(r"\s*-{3,}\s*$")

_PAIR = re.compile(r"(?P<indent>\s*)(?P<name>[A-Za-z][^:\n]{0,70}?)\s*:(?:\s+(?P<value>.*)|\s*)$")

_CERTIFICATE_NAMES = frozenset({"boundtoservices", "internaltransportcertificate", "certificatestatus"})

_RELEASE = re.compile(
    r"Exchange\s+(?:Server\s+)?(2010|2013|2016|2019|SE)\b|Exchange Server (Subscription) Edition", re.I
)

_NO_LETTERS = re.compile(r"[^a-z]+")

_TAB = 8

_SERVICES = {service.value.casefold(): service for service in Service}

_NOT_FOUND = re.compile(
    r"(?i)not\s+(?:be\s+)?found\s+on\s+(?:the|this)\s+server|can(?:'t|not)\s+be\s+found|not\s+present\s+on\s+(?:the|this)\s+server"
)

_NO_NAME = re.compile(
    r"(?i)\bno\s+\S{0,20}\s*tlscertificatename|tlscertificatename\s+(?:is\s+)?not\s+(?:set|configured)"
)

_MOST_LINES_OF_A_HEAD = 3


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The facts of one or more reports. `releases` are the servers' versions by name, such as `2019`."""

    certificates: tuple[Certificate, ...] = ()
    connectors: tuple[SendConnector, ...] = ()
    defaults: tuple[DefaultCertificate, ...] = ()
    releases: tuple[tuple[str, str], ...] = ()
    mended: tuple[Mended, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(slots=True)
class _Entry:
    """A line `Name: value` of the report with the deeper lines below it."""

    name: str
    value: str
    depth: int
    line: Line
    below: list[_Entry] = field(default_factory=list)
    words: list[Line] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name reduced to its letters."""
        return _NO_LETTERS.sub("", self.name.casefold())

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines of the entry."""
        found = [self.line, *self.words]
        for entry in self.below:
            found += entry.lines
        return tuple(sorted(dict.fromkeys(found), key=lambda line: line.number))

    @property
    def items(self) -> tuple[str, ...]:
        """The words of the value and of the lines below it."""
        return tuple(filter(None, (self.value, *(line.text.strip() for line in self.words))))


def health_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and last lines of HealthChecker's reports, or parts of them."""
    marked = [at for at in range(len(lines)) if _begins(lines, at)]
    first = marked[0] if marked else None
    while first is not None:
        last = _end(lines, first)
        yield first, last
        first = next((at for at in marked if at > last), None)


def _begins(lines: Sequence[Line], at: int) -> bool:
    """True if a report begins here: its first line, one of its titles, or its form of a certificate."""
    text = lines[at].text
    if _VERSION.match(text):
        return True
    if _is_title(lines, at):
        return True
    pair = _PAIR.match(text)
    if not pair or _key(pair) != "certificate" or (pair["value"] or "").strip():
        return False
    names = {_key(found) for line in lines[at + 1 : at + 24] if (found := _PAIR.match(line.text))}
    return bool(names & _CERTIFICATE_NAMES) and "thumbprint" in names


def _is_title(lines: Sequence[Line], at: int) -> bool:
    return (
        lines[at].text.strip().casefold() in _TITLES
        and at + 1 < len(lines)
        and _DASHES.match(lines[at + 1].text) is not None
    )


def _key(pair: re.Match[str]) -> str:
    return _NO_LETTERS.sub("", pair["name"].casefold())


def _end(lines: Sequence[Line], first: int) -> int:
    """The last line of a report: the next one stands at the margin and is no part of it."""
    last = at = first
    while at + 1 < len(lines):
        at += 1
        text = lines[at].text
        if not text.strip():
            continue
        head = next((n for n in range(at, min(at + 2, len(lines))) if _DASHES.match(lines[n].text)), None)
        broken = at - 1 == last and cells(lines[last].text.expandtabs(_TAB)) >= _NARROWEST and _is_the_rest(lines, at)
        if not text[:1].isspace() and head is None and not broken and not _VERSION.match(text):
            break
        last = at
    return last


def _unbroken(lines: Sequence[Line]) -> list[Line]:
    """Join lines broken by a window, which leaves the rest of a value at the margin."""
    width = max((cells(line.text.expandtabs(_TAB)) for line in lines), default=0)
    joined: list[Line] = []
    before = 0
    for at, line in enumerate(lines):
        if before >= max(width, _NARROWEST) and _is_the_rest(lines, at):
            joined[-1] = replace(joined[-1], text=joined[-1].text + line.text)
        else:
            joined.append(line)
        before = cells(line.text.expandtabs(_TAB))
    return joined


_NARROWEST = 60


def _is_the_rest(lines: Sequence[Line], at: int) -> bool:
    """True if a line at the margin is neither a title nor a line of a report's own."""
    text = lines[at].text
    titled = at + 1 < len(lines) and _DASHES.match(lines[at + 1].text)
    return bool(text.strip()) and not (
        text[:1].isspace() or titled or _DASHES.match(text) or _VERSION.match(text) or is_command(text)
    )


def read_health(text: Text) -> HealthReport:
    """The facts of the reports in a text; each begins with its server's name."""
    report = HealthReport()
    for lines in _by_server(_unbroken(text.lines)):
        report = _joined(report, _read(lines))
    if not (report.certificates or report.connectors or report.releases):
        at = text.lines[0].number if text.lines else 1
        unread = (*report.unread, Unread(text.source, at, "this part of HealthChecker's report shows no certificate"))
        return HealthReport(unread=unread)
    return report


def _joined(one: HealthReport, other: HealthReport) -> HealthReport:
    return HealthReport(
        (*one.certificates, *other.certificates),
        (*one.connectors, *other.connectors),
        (*one.defaults, *other.defaults),
        (*one.releases, *other.releases),
        (*one.mended, *other.mended),
        (*one.unread, *other.unread),
    )


def _by_server(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Split the lines by server: at a report's first line, otherwise where a server is named again."""
    part: list[Line] = []
    titled = False
    for at, line in enumerate(lines):
        title = _is_title(lines, at) and line.text.strip().casefold() == "exchange information"
        if part and (_VERSION.match(line.text) or (title and titled)):
            yield part
            part, titled = [], False
        titled = titled or title
        part.append(line)
    if part:
        yield part


def _read(lines: Sequence[Line]) -> HealthReport:
    """The facts of one server's report."""
    server = release = ""
    certificates: list[Certificate] = []
    connectors: list[SendConnector] = []
    unread: list[Unread] = []
    entries = list(_entries(lines))
    section = ""
    for title, entry in entries:
        section = title
        if section == "exchange information" and entry.key == "name" and not server:
            server = entry.value
        elif section == "exchange information" and entry.key == "version":
            release = _release(entry.value)
    listing = f"{lines[0].source}:{lines[0].number}" if lines else ""
    for title, entry in entries:
        if entry.key == "certificate" and entry.below:
            whole = bool(server) and title == "security settings"
            certificates.append(replace(_certificate(entry, unread), server=server, listing=listing, whole_list=whole))
    if not all(each.thumbprint for each in certificates):
        certificates = [replace(each, whole_list=False) for each in certificates]
    connectors += _connectors([entry for _, entry in entries])
    defaults = tuple(
        DefaultCertificate(server, each.thumbprint, "healthchecker", each.lines)
        for each in certificates
        if each.default and each.thumbprint
    )
    releases = ((server, release),) if release else ()
    return HealthReport(tuple(certificates), tuple(connectors), defaults, releases, unread=tuple(unread))


def _release(version: str) -> str:
    found = _RELEASE.search(version)
    return (found[1] or "SE").upper() if found else ""


def _entries(lines: Sequence[Line]) -> Iterator[tuple[str, _Entry]]:
    """The entries at a section's first level, each with its section's title and the lines below it."""
    section = ""
    open_entries: list[_Entry] = []
    top: list[tuple[str, _Entry]] = []
    for at, line in enumerate(lines):
        text = line.text
        if not text.strip() or _DASHES.match(text):
            continue
        if _is_title(lines, at) or (at + 1 < len(lines) and _DASHES.match(lines[at + 1].text)):
            section, open_entries = text.strip().casefold(), []
            continue
        depth = _depth(text)
        while open_entries and open_entries[-1].depth >= depth:
            open_entries.pop()
        pair = _PAIR.match(text)
        if pair is None and open_entries:
            open_entries[-1].words.append(line)
            continue
        if pair is None:
            top.append((section, _Entry(text.strip(), "", depth, line)))
            continue
        entry = _Entry(pair["name"], (pair["value"] or "").strip(), depth, line)
        if open_entries:
            open_entries[-1].below.append(entry)
        else:
            top.append((section, entry))
        open_entries.append(entry)
    yield from top


def _depth(text: str) -> int:
    """The indentation of a line; a paste may have blanks for tabs."""
    blanks = text[: len(text) - len(text.lstrip())]
    return sum(_TAB if blank == "\t" else 1 for blank in blanks)


def _certificate(entry: _Entry, unread: list[Unread]) -> Certificate:
    """One certificate of the report."""
    values = {each.key: each for each in entry.below}

    def value(name: str) -> str:
        return values[name].value if name in values else ""

    reading = read_thumbprint(value("thumbprint"))
    if reading.thumbprint is None:
        line = values["thumbprint"].line if "thumbprint" in values else entry.line
        unread.append(Unread(line.source, line.number, reading.why))
    services, unknown, cut = _services(values.get("boundtoservices"))
    expired = _flag(value("certificatehasexpired"))
    return Certificate(
        thumbprint=reading.thumbprint,
        services=services,
        unknown_services=unknown,
        services_cut=cut,
        status="DateInvalid" if expired else value("certificatestatus"),
        domains=values["namespaces"].items if "namespaces" in values else (),
        friendly=value("friendlyname"),
        default=_flag(value("internaltransportcertificate")),
        lines=entry.lines,
    )


def _services(entry: _Entry | None) -> tuple[frozenset[Service] | None, tuple[str, ...], bool]:
    """A certificate's services, its unknown words, and whether the value is cut."""
    if entry is None or not entry.value:
        return None, (), False
    if entry.value.endswith(ELLIPSES):
        return None, (), True
    words = [word.strip() for word in entry.value.split(",") if word.strip()]
    known = frozenset(_SERVICES[word.casefold()] for word in words if word.casefold() in _SERVICES)
    unknown = tuple(word for word in words if word.casefold() not in _SERVICES and word.casefold() != "none")
    return known, unknown, False


def _flag(written: str) -> bool | None:
    word = written.strip().casefold()
    return True if word.startswith("true") else False if word.startswith("false") else None


def _connectors(entries: Sequence[_Entry]) -> Iterator[SendConnector]:
    """The Send connectors of the report's hybrid part; each begins with its name."""
    begins = [at for at, entry in enumerate(entries) if entry.key == "connectorname"]
    for begin, end in pairwise([*begins, len(entries)]):
        own = _of_the_connector(entries[begin:end])
        values = {entry.key: entry for entry in own}
        if "connectortype" in values and values["connectortype"].value.casefold() != "send":
            continue
        name = values["tlscertificatename"].value if "tlscertificatename" in values else ""
        found = _flag(values["certificatefoundonserver"].value) if "certificatefoundonserver" in values else None
        lines = tuple(line for entry in own for line in entry.lines)
        if found is None and any(_NOT_FOUND.search(line.text) for line in lines):
            found = False
        yield SendConnector(
            name=values["connectorname"].value,
            name_cut=values["connectorname"].value.endswith(ELLIPSES),
            tls_certificate_name=name if name.startswith("<") else "",
            tls_certificate_name_cut=name.endswith(ELLIPSES),
            tls_auth_level=values["tlsauthlevel"].value if "tlsauthlevel" in values else "",
            cloud_services=_flag(values["cloudmailenabled"].value) if "cloudmailenabled" in values else None,
            tls_found=found,
            lines=lines,
        )


_OF_A_CONNECTOR = frozenset(
    {
        "connectorname",
        "cloudmailenabled",
        "connectortype",
        "tlsauthlevel",
        "tlsdomain",
        "tlscertificatename",
        "certificatefoundonserver",
        "certificatethumbprints",
        "certificatethumbprint",
        "lifetimeindays",
        "certificatematcheshybridcertificate",
        "noteusedinlatestconnectorchange",
    }
)


def _of_the_connector(entries: Sequence[_Entry]) -> list[_Entry]:
    """The connector's entries: the next part of the report has other names."""
    own = [entries[0]]
    for entry in entries[1:]:
        words = entry.line.text
        if entry.key not in _OF_A_CONNECTOR and not _NOT_FOUND.search(words) and not _NO_NAME.search(words):
            break
        own.append(entry)
    return own


def _is_reported(fact: Certificate | SendConnector) -> bool:
    """True if a fact comes from a report, which says less than the cmdlet."""
    if isinstance(fact, Certificate):
        return bool(fact.friendly) or fact.default is not None
    return not (fact.guid or fact.source_servers or fact.logging_level) and fact.cloud_services is not None


def certificates_beside(known: tuple[Certificate, ...], found: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """All certificates; one in a report and a listing counts once, as in the listing."""
    facts = list(known)
    for each in found:
        at = next((at for at, one in enumerate(facts) if _is_one_certificate(one, each)), None)
        if at is None:
            facts.append(each)
            continue
        listed, reported = (facts[at], each) if _is_reported(each) else (each, facts[at])
        default = listed.default if listed.default is not None else reported.default
        facts[at] = replace(listed, friendly=listed.friendly or reported.friendly, default=default)
    return tuple(facts)


def _is_one_certificate(one: Certificate, other: Certificate) -> bool:
    hosts = {each.server.partition(".")[0].casefold() for each in (one, other)} - {""}
    services = {each.services for each in (one, other)} - {None}
    return (
        one.thumbprint is not None
        and one.thumbprint == other.thumbprint
        and _is_reported(one) is not _is_reported(other)
        and len(hosts) < 2
        and len(services) < 2
    )


def connectors_beside(known: tuple[SendConnector, ...], found: tuple[SendConnector, ...]) -> tuple[SendConnector, ...]:
    """All connectors, each once: what one output leaves out of it stands in another; a listing goes before a report."""
    facts = list(known)
    for each in found:
        at = next((at for at, one in enumerate(facts) if _is_one_connector(one, each)), None)
        if at is None:
            facts.append(each)
            continue
        if _is_reported(each) is _is_reported(facts[at]):
            facts[at] = completed(facts[at], each)
            continue
        listed, reported = (facts[at], each) if _is_reported(each) else (each, facts[at])
        named = listed.tls_certificate_name or listed.tls_certificate_name_cut
        facts[at] = replace(
            listed,
            tls_certificate_name=listed.tls_certificate_name if named else reported.tls_certificate_name,
            tls_found=reported.tls_found if listed.tls_found is None else listed.tls_found,
        )
    return tuple(facts)


def _is_one_connector(one: SendConnector, other: SendConnector) -> bool:
    return not (one.name_cut or other.name_cut) and same_name(one.name, other.name)
