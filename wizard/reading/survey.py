"""What the survey's one line printed for all servers at once, to connectors, certificates and log folders.

What the records hold is read by the readers of connectors and certificates. A record that is not
there whole is named and not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from wizard.facts import Certificate, Line, LogFolder, Mended, Reading, SendConnector, Unread
from wizard.reading import survey_records as records
from wizard.reading.certificates import read_certificates
from wizard.reading.connectors import read_connectors, read_log_folders
from wizard.reading.survey_records import Entries, Entry, read_entries
from wizard.reading.text import Text

Fact = TypeVar("Fact", SendConnector, Certificate, LogFolder)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A server that did not answer, or not everything, with the error it gave instead, on one line."""

    server: str
    error: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What a survey shows. Every fact has its lines; a certificate and a log folder have their server.

    `log_folders` are those of the Transport service, `frontend_folders` those of the Front End
    Transport service, which connectors with FrontendProxyEnabled write to. A server among
    `unreachable` may have certificates all the same: it answered that question and not the next.
    `servers` are those that were asked, as the last record names them; empty where that is missing.
    `whole` says that no record was lost on the way, so that what a list lacks is not on the server.
    """

    connectors: tuple[SendConnector, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    log_folders: tuple[LogFolder, ...] = ()
    frontend_folders: tuple[LogFolder, ...] = ()
    unreachable: tuple[Unreachable, ...] = ()
    servers: tuple[str, ...] = ()
    whole: bool = False
    mended: tuple[Mended, ...] = ()
    unread: tuple[Unread, ...] = ()


def read_survey(text: Text) -> Survey:
    """The facts in what the survey's line printed, as JSON or as a list, with or without that line above it.

    Nothing raises: what cannot be read whole is named in `unread`, and so is a server that was asked
    and of which nothing is here.
    """
    entries = read_entries(text)
    if not entries.all:
        if not entries.notes.unread:
            entries.notes.leave(text.lines, "there is no survey here")
        return Survey(unread=tuple(entries.notes.unread))
    survey = Survey(
        connectors=_facts(entries, records.CONNECTOR, read_connectors, _connector),
        certificates=_facts(entries, records.CERTIFICATE, read_certificates, _certificate),
        log_folders=_facts(entries, records.LOG_FOLDER, read_log_folders, _log_folder),
        frontend_folders=_facts(entries, records.FRONTEND_FOLDER, read_log_folders, _log_folder),
        unreachable=tuple(_unreachable(entry) for entry in entries.of(records.NO_ANSWER)),
        servers=tuple(dict.fromkeys(name for end in entries.of(records.END) for name in _asked(end))),
    )
    _note_numbers(entries)
    whole = _note_what_is_missing(survey, entries, text.lines)
    unread = sorted(entries.notes.unread, key=lambda each: each.line)
    return replace(survey, whole=whole, mended=tuple(entries.notes.mended), unread=tuple(unread))


def _facts(
    entries: Entries,
    kind: str,
    reader: Callable[[Text], Reading[Fact]],
    finished: Callable[[Fact, Fact, Entry], Fact],
) -> tuple[Fact, ...]:
    """The facts of all records of a kind, each with its own lines and what its record says beside them."""
    mine = entries.of(kind)
    if not mine:
        return ()
    by_number = {entry.plain[0].number: entry for entry in mine}
    reading = reader(Text(tuple(line for entry in mine for line in entry.plain)))
    doubtful = [entry for entry in mine if entry.plain != entry.spaced]
    spaced = reader(Text(tuple(line for entry in doubtful for line in entry.spaced))).facts
    others = {other.lines[0].number: other for other in spaced}
    entries.notes.mended += [replace(each, line=_place(each.line, by_number)) for each in reading.mended]
    entries.notes.unread += [replace(each, line=_place(each.line, by_number)) for each in reading.unread]
    facts: list[Fact] = []
    for fact in reading.facts:
        number = fact.lines[0].number
        entry = by_number[number]
        facts.append(replace(finished(fact, others.get(number, fact), entry), lines=entry.lines))
    return tuple(facts)


def _place(number: int, by_number: Mapping[int, Entry]) -> int:
    """The line in the text of what a reader found at a line of a rejoined record."""
    entry = by_number.get(number)
    return entry.lines[0].number if entry else number


def _connector(fact: SendConnector, spaced: SendConnector, _entry: Entry) -> SendConnector:
    """A connector with its lists taken apart; its name is not certain where a blank may have been lost in it."""
    return replace(
        fact,
        name_cut=fact.name_cut or fact.name != spaced.name,
        source_servers=_hosts(fact.source_servers),
        smart_hosts=_hosts(fact.smart_hosts),
        address_spaces=_each(fact.address_spaces),
    )


def _certificate(fact: Certificate, spaced: Certificate, entry: Entry) -> Certificate:
    """A certificate with its server; a number for Status or RootCAType is left out, for it says nothing certain."""
    return replace(
        fact,
        domains=_hosts(fact.domains),
        subject_cut=fact.subject_cut or fact.subject != spaced.subject,
        status="" if fact.status.isdigit() else fact.status,
        root_ca_type="" if fact.root_ca_type.isdigit() else fact.root_ca_type,
        server=_server(entry),
    )


def _log_folder(fact: LogFolder, spaced: LogFolder, entry: Entry) -> LogFolder:
    """A log folder with its server; the path counts as cut where a blank may have been lost in it."""
    return replace(fact, server=_server(entry), cut=fact.cut or fact.path != spaced.path)


def _unreachable(entry: Entry) -> Unreachable:
    value = entry.record.get("Error")
    error = "" if value is None else value.text if value.sure else value.spaced
    return Unreachable(_server(entry), error, entry.lines)


def _server(entry: Entry) -> str:
    """The server a record is of; its name has no blanks, so one in it is a line's end."""
    return "".join(entry.record.text("Server").split())


def _asked(end: Entry) -> tuple[str, ...]:
    """The servers that were asked, as the last record names them."""
    value = end.record.get("Servers")
    return _hosts(value.entries) if value else ()


def _each(entries: Iterable[str]) -> tuple[str, ...]:
    """The entries of a list that was joined with commas; an array of them is what it is."""
    return tuple(name for entry in entries for each in entry.split(",") if (name := each.strip()))


def _hosts(entries: Iterable[str]) -> tuple[str, ...]:
    """The entries of a list of hosts, whose names have no blanks: one in them is a line's end."""
    return tuple("".join(name.split()) for name in _each(entries))


def _note_numbers(entries: Entries) -> None:
    """Say where an enum is a number whose word nobody confirmed."""
    for entry in entries.of(records.CERTIFICATE):
        for name in ("Status", "RootCAType"):
            if (written := entry.record.text(name)).isdigit():
                entries.notes.leave(entry.lines, f"{name} is the number {written} here, and its word is not confirmed")


def _note_what_is_missing(survey: Survey, entries: Entries, lines: Sequence[Line]) -> bool:
    """Say what the paste lost: its end, records in between, or everything of a server; whether no record is lost."""
    ends = entries.of(records.END)
    if not ends:
        why = "the survey's last record is not here, so more may be missing: copy all from the command to the prompt"
        entries.notes.leave([line for line in lines if line.text.strip()][-1:], why)
        return False
    printed = sum(int(count) for end in ends if (count := end.record.text("Records")).isdigit())
    whole = len(entries.all) - len(ends)
    if printed != whole:
        why = f"the survey printed {printed:,} records, and {whole:,} of them are here whole"
        entries.notes.leave(ends[-1].lines, why)
    answered = {each.server.casefold() for each in survey.certificates}
    answered.update(each.server.casefold() for each in survey.unreachable)
    for server in survey.servers:
        if server.casefold() not in answered:
            why = f"{server} was asked, and neither a certificate nor an error of it is here"
            entries.notes.leave(ends[-1].lines, why)
    return printed == whole
