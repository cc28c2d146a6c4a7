"""The records in what the survey's one line printed, as JSON or as a list, each only if it is there whole.

The first property of a record, `Survey`, says what it is. The last one, `Length`, is the number of
characters in the names and values before it, blanks not counted, in UTF-16 units as .NET counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from wizard.facts import Line, Mended
from wizard.reading.console import fold, is_command, loosely
from wizard.reading.converted import read_json
from wizard.reading.listing import Record, read_listing
from wizard.reading.record import Notes
from wizard.reading.rejoined import Rejoined, beginning, rejoined
from wizard.reading.text import Text

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
# What stands around the records where ConvertTo-Json was given an array.
_AROUND = re.compile(r"[\s\[\]{},]*(?:\"(?:value|Count)\"\s*:[\s\d\[\]{},]*)*")
_MAIL_QUOTE = re.compile(r"(?:> ?)+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record and the lines it was taken from.

    `plain` are the lines to read it from: its own, or one with the object rejoined. `spaced` are the
    same as they would be with a blank wherever one may have been lost.
    """

    record: Record
    lines: tuple[Line, ...]
    plain: tuple[Line, ...]
    spaced: tuple[Line, ...]

    @property
    def kind(self) -> str:
        """What the record says it is, whatever became of its blanks; empty for what no survey prints."""
        return _BY_LETTERS.get("".join(self.record.text(PROPERTY).split()).casefold(), "")


@dataclass(slots=True)
class Entries:
    """The records of a text in their order, and what was noted on the way."""

    all: list[Entry] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def of(self, kind: str) -> list[Entry]:
        """The records of this kind."""
        return [entry for entry in self.all if entry.kind == kind]

    def add(self, entry: Entry, *, measured: bool) -> None:
        """One record more, if it is whole. `measured` says that it must tell its length."""
        if not entry.kind:
            why = "this record does not say what it is: its beginning may be missing"
        elif not _is_whole(entry.record, measured):
            why = f"something of this {entry.kind} is missing: it is cut off, or a line of it got lost"
        else:
            self.all.append(entry)
            return
        self.notes.leave(entry.lines, why)


def read_entries(text: Text) -> Entries:
    """The records in a text, with the survey's own line or without it, and what of the text is none."""
    lines = _without_the_command(_unquoted(text.lines))
    found = rejoined(lines, PROPERTY)
    return _of_json(lines, found) if found else _of_lists(replace(text, lines=lines))


def shows_a_survey(folded: str) -> bool:
    """Whether a record of a survey begins in a text whose white space is folded; the survey's own line has none."""
    return bool(_RECORD.search(folded))


def is_the_command(folded: str) -> bool:
    """Whether a text whose white space is folded has the survey's own line and nothing that it printed."""
    return bool(_HEAD.search(folded)) and not _RECORD.search(folded)


def _is_whole(record: Record, measured: bool) -> bool:
    """Whether a record has as many characters as it says; one that does not say is whole unless it must."""
    if _LENGTH not in record:
        return not measured
    written = "".join(name + value.text for name, value in record.properties if name != _LENGTH)
    units = len(written.replace(" ", "").encode("utf-16-le", "surrogatepass")) // 2
    return record.text(_LENGTH) == str(units)


def _unquoted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without the `>` that a mail program put before each one."""
    if not all(line.text.startswith(">") or not line.text.strip() for line in lines):
        return lines
    return tuple(replace(line, text=_MAIL_QUOTE.sub("", line.text, count=1)) for line in lines)


def _without_the_command(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without the survey's own line, which a console broke over several when it was pasted."""
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
    return tuple(line for line in lines if line.number not in typed)


def _of_json(lines: tuple[Line, ...], found: tuple[Rejoined, ...]) -> Entries:
    """The records among JSON objects. What the survey's line prints has no blanks, and tells its length."""
    entries = Entries()
    for number, each in enumerate(found, start=1):
        record, why = _decoded(each)
        if record is None:
            entries.notes.leave(each.lines, why)
            continue
        source = each.lines[0].source
        plain, spaced = Line(each.plain, number, source), Line(each.spaced, number, source)
        entries.add(Entry(record, each.lines, (plain,), (spaced,)), measured=each.blankless)
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
    """Neighbouring lines that say something: no blank ones, no command, no brackets around the records."""
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
    """The records printed as a list, which always tell their length; none where no object is a record."""
    entries = Entries()
    listing = read_listing(text)
    if any(PROPERTY in record for record in listing.records):
        for record in listing.records:
            entries.add(Entry(record, record.lines, record.lines, record.lines), measured=True)
        entries.notes.unread += listing.unread
    return entries
