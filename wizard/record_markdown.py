"""A record as Markdown that also reads well as plain text; text of any origin stays text in it.

Written for CommonMark with the tables of GitHub. A value stands in a code span, a command and the lines of
evidence in a fence longer than any run of backticks in them, and in sentences every character is escaped that
Markdown would act on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from wizard.facts import Line
from wizard.inert import shown
from wizard.record import (
    SAMPLE,
    Block,
    Cell,
    Evidence,
    Pairs,
    Paragraph,
    Points,
    Record,
    Run,
    Table,
    Word,
    moment,
    runs,
)

_ACTED_ON = re.compile(r"[\\`*\[\]<>&~|]|(?<![^\W_])_|_(?![^\W_])")
_AT_THE_START = re.compile(r"^(?:([#+=:-])|(\d{1,9})([.)]))")
_TICKS = re.compile(r"`+")
_LINKED = re.compile(r"(?i)\b(https?|ftp)(?=://)|\b(www)(?=\.)")


def markdown(record: Record, zone: tzinfo | None = None) -> str:
    """The record as Markdown, ending in a line feed. `zone` is the one of the local times, None for this machine's."""
    parts = [f"# {_sentence(record.title)}"]
    if headline := _sentence(record.headline):
        parts.append(f"**{headline}**")
    if record.sample:
        parts.append(_sentence(SAMPLE))
    parts.append(f"Written {moment(record.made, zone)}.")
    for section in record.sections:
        parts.append(f"## {_sentence(section.heading)}")
        parts += [text for block in section.blocks if (text := _block(block, zone))]
    return "\n\n".join(parts) + "\n"


def _block(block: Block, zone: tzinfo | None) -> str:
    match block:
        case Paragraph(text):
            return _sentence(text)
        case Points(points):
            return "\n".join(f"- {_sentence(point)}" for point in points)
        case Pairs(rows):
            return "\n".join(f"- {_sentence(label)}: {_cell(value, zone)}" for label, value in rows)
        case Table():
            return "\n".join(_table(block, zone))
        case Evidence(lines):
            return "\n\n".join(f"From {_sentence(place)}:\n\n{_lines(run)}" for place, run in runs(lines))
        case Run():
            return _run(block, zone)


def _lines(run: tuple[Line, ...]) -> str:
    return fenced("\n".join(line.text for line in run))


def _run(run: Run, zone: tzinfo | None) -> str:
    """A command whole in a fence, with what is to be known of it around."""
    where = f" (on {_sentence(run.server)})" if run.server else ""
    after = [run.effect, f"The way back: {run.undo}" if run.undo else ""]
    if run.copied:
        after.append(f"Copied {', '.join(moment(at, zone) for at in run.copied)}.")
    told = " ".join(_sentence(text) for text in after if text)
    return f"{_sentence(run.command.purpose)}{where}\n\n{fenced(run.command.text)}" + (f"\n\n{told}" if told else "")


def _table(table: Table, zone: tzinfo | None) -> Iterator[str]:
    yield _row(_sentence(column) for column in table.columns)
    yield _row("---" for _column in table.columns)
    for row in table.rows:
        yield _row(_cell(cell, zone, in_table=True) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell, zone: tzinfo | None, in_table: bool = False) -> str:
    if isinstance(cell, datetime):
        return moment(cell, zone)
    if isinstance(cell, str):
        return _sentence(cell)
    return _table_code(cell) if in_table else _code(cell.text)


def _table_code(word: Word) -> str:
    r"""A value in a table: a pipe in a code span is escaped there, but `\|` is read in more than one way."""
    return _sentence(word.text) if r"\|" in word.text else _code(word.text).replace("|", r"\|")


def _sentence(text: str) -> str:
    """Text of any origin on one line, with nothing in it that Markdown acts on."""
    line = " ".join(shown(text).split())
    line = _ACTED_ON.sub(lambda found: "&#124;" if found[0] == "|" else f"\\{found[0]}", line)
    line = _LINKED.sub(lambda found: f"{found[0]}&#8203;", line)
    return _AT_THE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def _code(text: str) -> str:
    """A value as a code span on one line; its fence is longer than any run of backticks in it."""
    line = re.sub(r"[\t\r\n]+", " ", shown(text).strip())
    if not line:
        return ""
    ticks = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fenced(text: str) -> str:
    """Text in a fence that nothing in it can close."""
    ticks = "`" * max(3, max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    return f"{ticks}\n{shown(text)}\n{ticks}"
