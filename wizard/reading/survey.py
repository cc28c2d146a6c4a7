"""Reads connectors, certificates and log folders from the survey of all servers.

The readers of connectors and certificates read its records. An incomplete record is named and not read.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import TypeVar

from wizard.facts import Certificate, Line, LogFolder, Mended, Reading, SendConnector, Unread
from wizard.reading.certificates import flags_of, read_certificates, read_services
from wizard.reading.connectors import read_connectors, read_log_folders
from wizard.reading.interchange import read_json
from wizard.reading.listing import read_listing
from wizard.reading.records import Notes, Record
from wizard.reading.text import Text, cells, fold, is_command, loosely

_WHITE = re.compile(r"[ \t\n]+")

_BLANK_INSIDE_A_LINE = re.compile(r"[^ \t\n][ \t]+[^ \t\n]")

# A backslash belongs to the next character that is no white space; a string that is not closed ends with the text.
_STRING = r'"(?:[^"\\]|\\\s*\S)*"?'

_BRACE = re.compile(rf"{_STRING}|[{{}}]")

_STRING_OR_WHITE = re.compile(rf"{_STRING}|[ \t\n]+")

_COLON = re.compile(r"[ \t\n]*:")

_INSIDE_AN_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u[0-9A-Fa-f]{0,3})?\Z")


@dataclass(frozen=True, slots=True)
class Rejoined:
    """One object on one line, `plain`, and its original lines.

    `spaced` is the same with a blank wherever one may have been lost at a line end, so the two differ exactly where the
    text is uncertain. `blankless` says that its blanks are written by number, `broken` that it was broken over lines.
    `why` is the reason an object is incomplete; it then has no text.
    """

    plain: str
    spaced: str
    lines: tuple[Line, ...]
    blankless: bool = False
    broken: bool = False
    why: str = ""


def rejoined(lines: Sequence[Line], first: str) -> tuple[Rejoined, ...]:
    """The objects among the lines whose first property is `first`, in order.

    Text between them is left out; an object that is not closed before the next, or before the end, has no text.
    """
    page = _Page("\n".join(line.text for line in lines), lines)
    starts = [found.start() for found in beginning(first).finditer(page.text)]
    return tuple(page.object(start, limit) for start, limit in pairwise([*starts, len(page.text)]))


def beginning(first: str) -> re.Pattern[str]:
    """A regular expression for the beginning of an object with this first property, broken anywhere."""
    return re.compile(rf'\{{\s*"\s*{loosely(first)}\s*"\s*:')


class _Page:
    """All lines as one text, and the console they were copied from.

    `width` is the longest line in columns, so the console is at least that wide. `kept` says that blanks at line ends
    survived the copy.
    """

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text = text
        self.lines = lines
        self.starts = [0, *accumulate(len(line.text) + 1 for line in lines)]
        self.width = max((cells(line.text.rstrip()) for line in lines), default=0)
        self.kept = any(line.text.endswith(" ") for line in lines)

    def object(self, start: int, limit: int) -> Rejoined:
        """The object that begins at `start`, if it ends before `limit`."""
        end = self._end(start, limit)
        taken = self._lines(start, end or limit)
        if end is None:
            return Rejoined("", "", taken, why="the record that begins here is cut off before its end")
        raw = self.text[start:end]
        squeezed = _WHITE.sub("", raw)
        if not re.match(r'\{"\w+":"[A-Za-z]+\\u0020', squeezed):
            return self._with_blanks(start, end, taken)
        if _BLANK_INSIDE_A_LINE.search(raw):
            why = "blanks stand in a record that is written without any: something changed it on the way"
            return Rejoined("", "", taken, why=why)
        return Rejoined(squeezed, squeezed, taken, blankless=True, broken="\n" in raw)

    def _with_blanks(self, start: int, end: int, taken: tuple[Line, ...]) -> Rejoined:
        """An object with plain blanks: its strings are joined line by line, and no name has one."""
        plain: list[str] = []
        spaced: list[str] = []
        broken = False
        at = start
        for found in _STRING_OR_WHITE.finditer(self.text, start, end):
            between = self.text[at : found.start()]
            plain.append(between)
            spaced.append(between)
            at = found.end()
            is_name = bool(_COLON.match(self.text, at))
            for position, piece in self._pieces(found):
                glue, other = self._glue(position) if position and not is_name else ("", "")
                broken = broken or bool(position)
                plain += (glue, piece)
                spaced += (other, piece)
        plain.append(self.text[at:end])
        spaced.append(self.text[at:end])
        return Rejoined("".join(plain), "".join(spaced), taken, broken=broken)

    def _pieces(self, found: re.Match[str]) -> list[tuple[int, str]]:
        """The pieces of a string, each with the place of the line end before it, 0 without one.

        Empty for white space.
        """
        if not found[0].startswith('"'):
            return []
        pieces: list[tuple[int, str]] = []
        at, before = found.start(), 0
        for piece in found[0].split("\n"):
            pieces.append((before, piece))
            before = at + len(piece)
            at = before + 1
        return pieces

    def _glue(self, line_end: int) -> tuple[str, str]:
        """The text at a line end inside a string, and its alternative: nothing or blanks.

        A console leaves a row shorter than its width only if it ended in blanks that the copy lost. A row as long as
        the longest may have lost one beyond it.
        """
        upper = self.text[self.text.rfind("\n", 0, line_end) + 1 : line_end]
        lower = self.text[line_end + 1 : line_end + 2]
        if _INSIDE_AN_ESCAPE.search(upper) or upper.endswith(" "):
            return "", ""
        # A blank may stand on both sides of the line end, and a copy loses the upper one alone.
        if lower == " " and cells(upper) >= self.width:
            return "", ""
        if cells(upper) + cells(lower) <= self.width:
            return " ", " " * (self.width - cells(upper))
        return "", "" if self.kept else " "

    def _end(self, start: int, limit: int) -> int | None:
        """The end of the object that begins at `start`; None if it is not before `limit`."""
        depth = 0
        for found in _BRACE.finditer(self.text, start, limit):
            depth += (found[0] == "{") - (found[0] == "}")
            if not depth:
                return found.end()
        return None

    def _lines(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines of the text between two places."""
        first = bisect_right(self.starts, start) - 1
        return tuple(self.lines[first : bisect_right(self.starts, max(end - 1, start))])


PROPERTY = "Survey"

CONNECTOR = "Send connector"

CERTIFICATE = "Exchange certificate"

LOG_FOLDER = "Log folder"

FRONTEND_FOLDER = "Front End log folder"

NO_ANSWER = "No answer"

END = "The end"

_LENGTH = "Length"

_KINDS = (CONNECTOR, CERTIFICATE, LOG_FOLDER, FRONTEND_FOLDER, NO_ANSWER, END)

_BY_LETTERS = {"".join(kind.split()).casefold(): kind for kind in _KINDS}

_RECORD = re.compile(rf"{beginning(PROPERTY).pattern}|\b{PROPERTY} : (?:{'|'.join(_KINDS)})")

_HEAD = re.compile(loosely("&{$c=@(Get-SendConnector"))

_TAIL = re.compile(loosely(r"-replace ' ','\u0020')+'}'}}") + "|" + loosely("|Format-List *}"))

# The brackets around the records of an array.
_AROUND = re.compile(r"[\s\[\]{},]*(?:\"(?:value|Count)\"\s*:[\s\d\[\]{},]*)*")

_MAIL_QUOTE = re.compile(r"(?:> ?)+")


@dataclass(frozen=True, slots=True)
class SurveyEntry:
    """A record and its original lines.

    `plain` are the lines to read: its own, or the object rejoined. `spaced` are the same with a blank wherever one may
    have been lost.
    """

    record: Record
    lines: tuple[Line, ...]
    plain: tuple[Line, ...]
    spaced: tuple[Line, ...]

    @property
    def kind(self) -> str:
        """The record's kind, ignoring blanks; empty for anything no survey prints."""
        return _BY_LETTERS.get("".join(self.record.text(PROPERTY).split()).casefold(), "")


@dataclass(slots=True)
class Entries:
    """The records of a text in order, and notes on reading them."""

    all: list[SurveyEntry] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def of(self, kind: str) -> list[SurveyEntry]:
        """The records of this kind."""
        return [entry for entry in self.all if entry.kind == kind]

    def add(self, entry: SurveyEntry, *, measured: bool) -> None:
        """Add a record if it is whole. `measured` requires that it gives its length."""
        if not entry.kind:
            why = "this record does not say what it is: its beginning may be missing"
        elif not _is_whole(entry.record, measured):
            why = f"something of this {entry.kind} is missing: it is cut off, or a line of it got lost"
        else:
            self.all.append(entry)
            return
        self.notes.leave(entry.lines, why)


def read_entries(text: Text) -> Entries:
    """The records in a text, with or without the survey's command, and the text that is none."""
    lines = _without_the_command(_unquoted(text.lines))
    found = rejoined(lines, PROPERTY)
    return _of_json(lines, found) if found else _of_lists(replace(text, lines=lines))


def shows_a_survey(folded: str) -> bool:
    """True if a survey's record begins in a text with folded white space; the survey's command has none."""
    return bool(_RECORD.search(folded))


def is_the_command(folded: str) -> bool:
    """True if a text with folded white space has the survey's command but no output of it."""
    return bool(_HEAD.search(folded)) and not _RECORD.search(folded)


def _is_whole(record: Record, measured: bool) -> bool:
    """True if a record has its stated length; one without a length is whole unless it must have one.

    Older lines measured an enum inside quotes, which a shell without Exchange's types prints as a number, while
    Format-List printed its name.
    """
    if _LENGTH not in record:
        return not measured
    written = [(name, value.text) for name, value in record.properties if name != _LENGTH]
    numbered = [(name, _NUMBERS.get(name.casefold(), str)(text)) for name, text in written]
    return record.text(_LENGTH) in {str(_units(written)), str(_units(numbered))}


def _units(properties: Iterable[tuple[str, str]]) -> int:
    """PowerShell's count of the characters in the names and values, without blanks."""
    written = "".join(name + text for name, text in properties)
    return len(written.replace(" ", "").encode("utf-16-le", "surrogatepass")) // 2


def _flags(written: str) -> str:
    """The number in a Services value of a shell without Exchange's types."""
    known = read_services(written).known
    return written if known is None else str(flags_of(known))


def _digit(written: str) -> str:
    """One digit, the number of any other enum of these records."""
    return "0" if written and not written.isdigit() else written


_NUMBERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "services": _flags,
        "protocollogginglevel": _digit,
        "tlsauthlevel": _digit,
        "status": _digit,
        "rootcatype": _digit,
    }
)


def _unquoted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without a mail program's `>`."""
    if not all(line.text.startswith(">") or not line.text.strip() for line in lines):
        return lines
    return tuple(replace(line, text=_MAIL_QUOTE.sub("", line.text, count=1)) for line in lines)


def _without_the_command(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without the survey's command."""
    typed = lines_of_the_command(lines)
    return tuple(line for line in lines if line.number not in typed)


def lines_of_the_command(lines: tuple[Line, ...]) -> frozenset[int]:
    """The numbers of the lines with the survey's command, as broken by a console when pasted."""
    folded = fold(lines)
    ends = [tail.end() for tail in _TAIL.finditer(folded.text)]
    stops = [record.start() for record in _RECORD.finditer(folded.text)] + [len(folded.text)]
    typed: set[int] = set()
    done = 0
    for head in _HEAD.finditer(folded.text):
        if head.start() < done:
            continue
        following = ends[bisect_left(ends, head.end()) :][:1]
        whole = following and following[0] <= stops[bisect_left(stops, head.end())]
        done = following[0] if whole else head.end()
        typed.update(line.number for line in folded.lines_of(head.start(), done))
    return frozenset(typed)


def _of_json(lines: tuple[Line, ...], found: tuple[Rejoined, ...]) -> Entries:
    """The records among JSON objects. The survey prints no blanks, and gives the length."""
    entries = Entries()
    for number, each in enumerate(found, start=1):
        record, why = _decoded(each)
        if record is None:
            entries.notes.leave(each.lines, why)
            continue
        source = each.lines[0].source
        plain, spaced = Line(each.plain, number, source), Line(each.spaced, number, source)
        entries.add(SurveyEntry(record, each.lines, (plain,), (spaced,)), measured=each.blankless)
    if broken := [each.lines[0] for each in found if each.broken]:
        what = "joined the lines that records were broken over"
        entries.notes.mended.append(Mended(broken[0].source, broken[0].number, what))
    read = {line.number for each in found for line in each.lines}
    for run in _runs(line for line in lines if line.number not in read):
        which = "this line is" if len(run) == 1 else f"these {len(run):,} lines are"
        entries.notes.leave(run, f"{which} no record of the survey")
    return entries


def _decoded(each: Rejoined) -> tuple[Record | None, str]:
    """The record of an object, or why there is none."""
    if each.why:
        return None, each.why
    records, unread = read_json([Line(each.plain, 1)], 0)
    if records:
        return records[0], ""
    return None, unread[0].why if unread else "this record cannot be read"


def _runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Neighbouring non-blank lines, without commands and brackets around the records."""
    run: list[Line] = []
    for line in lines:
        if is_command(line.text) or _AROUND.fullmatch(line.text):
            continue
        if run and line.number != run[-1].number + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _of_lists(text: Text) -> Entries:
    """The records printed as a list, which always give their length; none if no object is a record."""
    entries = Entries()
    listing = read_listing(text)
    if any(PROPERTY in record for record in listing.records):
        for record in listing.records:
            entries.add(SurveyEntry(record, record.lines, record.lines, record.lines), measured=True)
        entries.notes.unread += listing.unread
    return entries


Fact = TypeVar("Fact", SendConnector, Certificate, LogFolder)


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A server without an answer, or with a partial one, and its error, on one line."""

    server: str
    error: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """The facts of a survey. Each has its lines; a certificate and a log folder have their server.

    `log_folders` are those of the Transport service, `frontend_folders` those of the Front End Transport service, which
    connectors with FrontendProxyEnabled write to. A server among `unreachable` may have certificates all the same: it
    answered that question and not the next. `servers` are those asked, as the last record names them; empty without it.
    `whole` says that no record was lost, so a certificate missing from a list is not on the server.
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
    """The facts of the survey's output, as JSON or as a list, with or without its command.

    Nothing raises: unreadable parts are named in `unread`, and so are servers that were asked but are missing.
    """
    entries = read_entries(text)
    if not entries.all:
        if not entries.notes.unread:
            entries.notes.leave(text.lines, "there is no survey here")
        return Survey(unread=tuple(entries.notes.unread))
    survey = Survey(
        connectors=_facts(entries, CONNECTOR, read_connectors, _connector),
        certificates=_facts(entries, CERTIFICATE, read_certificates, _certificate),
        log_folders=_facts(entries, LOG_FOLDER, read_log_folders, _log_folder),
        frontend_folders=_facts(entries, FRONTEND_FOLDER, read_log_folders, _log_folder),
        unreachable=tuple(_unreachable(entry) for entry in entries.of(NO_ANSWER)),
        servers=tuple(dict.fromkeys(name for end in entries.of(END) for name in _asked(end))),
    )
    _note_numbers(entries)
    whole = _note_what_is_missing(survey, entries, text.lines)
    unread = sorted(entries.notes.unread, key=lambda each: each.line)
    return replace(survey, whole=whole, mended=tuple(entries.notes.mended), unread=tuple(unread))


def _facts(
    entries: Entries,
    kind: str,
    reader: Callable[[Text], Reading[Fact]],
    finished: Callable[[Fact, Fact, SurveyEntry], Fact],
) -> tuple[Fact, ...]:
    """The facts of all records of a kind, each with its own lines and its record's other values."""
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


def _place(number: int, by_number: Mapping[int, SurveyEntry]) -> int:
    """The text's line for a fact at a line of a rejoined record."""
    entry = by_number.get(number)
    return entry.lines[0].number if entry else number


def _connector(fact: SendConnector, spaced: SendConnector, _entry: SurveyEntry) -> SendConnector:
    """A connector with its lists split; its name is uncertain if a blank may have been lost in it."""
    return replace(
        fact,
        name_cut=fact.name_cut or fact.name != spaced.name,
        source_servers=_hosts(fact.source_servers),
        smart_hosts=_hosts(fact.smart_hosts),
        address_spaces=_each(fact.address_spaces),
    )


def _certificate(fact: Certificate, spaced: Certificate, entry: SurveyEntry) -> Certificate:
    """A certificate with its server; a numeric Status or RootCAType is dropped, for its meaning is uncertain."""
    return replace(
        fact,
        domains=_hosts(fact.domains),
        subject_cut=fact.subject_cut or fact.subject != spaced.subject,
        status="" if fact.status.isdigit() else fact.status,
        root_ca_type="" if fact.root_ca_type.isdigit() else fact.root_ca_type,
        server=_server(entry),
    )


def _log_folder(fact: LogFolder, spaced: LogFolder, entry: SurveyEntry) -> LogFolder:
    """A log folder with its server; the path counts as cut if a blank may have been lost in it."""
    return replace(fact, server=_server(entry), cut=fact.cut or fact.path != spaced.path)


def _unreachable(entry: SurveyEntry) -> Unreachable:
    value = entry.record.get("Error")
    error = "" if value is None else value.text if value.sure else value.spaced
    return Unreachable(_server(entry), error, entry.lines)


def _server(entry: SurveyEntry) -> str:
    """The record's server; its name has no blanks, so a blank is a line end."""
    return "".join(entry.record.text("Server").split())


def _asked(end: SurveyEntry) -> tuple[str, ...]:
    """The servers asked, as the last record names them."""
    value = end.record.get("Servers")
    return _hosts(value.entries) if value else ()


def _each(entries: Iterable[str]) -> tuple[str, ...]:
    """The entries of a list joined with commas; an array stays as it is."""
    return tuple(name for entry in entries for each in entry.split(",") if (name := each.strip()))


def _hosts(entries: Iterable[str]) -> tuple[str, ...]:
    """The entries of a list of hosts, whose names have no blanks: a blank is a line end."""
    return tuple("".join(name.split()) for name in _each(entries))


def _note_numbers(entries: Entries) -> None:
    """Note each enum that is a number without a confirmed word."""
    for entry in entries.of(CERTIFICATE):
        for name in ("Status", "RootCAType"):
            if (written := entry.record.text(name)).isdigit():
                entries.notes.leave(entry.lines, f"{name} is the number {written} here, and its word is not confirmed")


def _note_what_is_missing(survey: Survey, entries: Entries, lines: Sequence[Line]) -> bool:
    """Note the paste's losses: its end, records in between, or everything of a server; True if no record is lost."""
    ends = entries.of(END)
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
