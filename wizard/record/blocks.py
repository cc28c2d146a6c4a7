"""The blocks of a document: sections of paragraphs, pairs, tables, lines of evidence and commands, and times.

`wizard.record.record` (after the change) and `wizard.record.card` (before it) build them; `wizard.record.render` draws
them. Their text is as it was read; each rendering escapes it and makes it inert.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from wizard.facts import Line
from wizard.powershell.command import Command


@dataclass(frozen=True, slots=True)
class Word:
    """A value as it was read, such as a name or a thumbprint: renderings set it off from sentences."""

    text: str


Cell = str | Word | datetime
"""A sentence, a value, or a moment (aware)."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels, each with its value."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences of equal rank."""

    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class EvidenceLines:
    """The lines a fact was read from, each with its place."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CommandRun:
    """A command to run or already run: its server, its purpose, and when it was copied.

    `server` is a name, or describes the server. `effect` and `undo` tell what it does and how to take that back.
    `heading` stands above it in plain text, in place of its purpose.
    """

    command: Command
    server: str = ""
    copied: tuple[datetime, ...] = ()
    effect: str = ""
    undo: str = ""
    heading: str = ""


Block = Paragraph | Pairs | Points | Table | EvidenceLines | CommandRun


@dataclass(frozen=True, slots=True)
class Section:
    """One section under its heading."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its title, the state in one sentence, its time (aware, UTC), and its sections."""

    title: str
    headline: str
    made: datetime
    sections: tuple[Section, ...]
    sample: bool = False


def runs(lines: tuple[Line, ...]) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """Group consecutive lines, each group with its place: `SEND20261122-1.log, lines 3 to 9`."""
    run: list[Line] = []
    for line in (*lines, None):
        if run and (line is None or (line.source, line.number) != (run[-1].source, run[-1].number + 1)):
            place = run[0].place if len(run) == 1 else f"{run[0].source}, lines {run[0].number:,} to {run[-1].number:,}"
            yield place, tuple(run)
            run = []
        if line is not None:
            run.append(line)


SAMPLE = "This record is of the shipped SAMPLE: a company that does not exist."
"""The note on every record of the sample."""


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """A moment in UTC, with the local time beside it: `2026-11-22 03:14:07 UTC (2026-11-22 04:14 +01:00)`.

    `zone` None is this machine's. Where local time is UTC, it is given once.
    """
    at = at.astimezone(UTC)
    told = f"{at:%H:%M:%S} UTC"
    beside = local(at, zone)
    shown = f"{at.date().isoformat()} {told}"
    if beside is None or beside.utcoffset() == timedelta(0):
        return shown
    offset = beside.isoformat()[-6:] if beside.isoformat()[-6] in "+-" else beside.strftime("%z")
    return f"{shown} ({beside.date().isoformat()} {beside:%H:%M} {offset})"


def local(at: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The moment in local time; None if no clock shows it (the first and last days of the calendar)."""
    try:
        return at.astimezone(zone)
    except (OverflowError, OSError, ValueError):
        # Windows knows no local time before 1970.
        return None
