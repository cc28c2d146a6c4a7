"""What PowerShell prints of objects, to records: Format-List, Format-Table, CSV, JSON and CLIXML.

The form is found by content. No input raises: what is no record is named in `unread`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wizard.facts import Line, Unread
from wizard.reading.clixml import find_clixml, read_clixml
from wizard.reading.console import is_command
from wizard.reading.converted import find_csv, find_json, read_csv, read_json
from wizard.reading.format_list import read_list
from wizard.reading.format_table import read_table
from wizard.reading.record import Record, Value
from wizard.reading.text import Text

MOST_REASONS = 20
"""Runs of unread lines that are named one by one; the rest are counted."""

_MAIL_QUOTE = re.compile(r"(?:> ?)+")

__all__ = ["Form", "Listing", "Record", "Value", "read_listing"]


class Form(enum.Enum):
    """The forms in which PowerShell prints objects; the value is what a person calls it."""

    LIST = "Format-List"
    TABLE = "Format-Table"
    CSV = "CSV"
    JSON = "JSON"
    CLIXML = "CLIXML"


@dataclass(frozen=True, slots=True)
class Listing:
    """The records of a text in their order; `form` is that of the first, None without records."""

    records: tuple[Record, ...] = ()
    form: Form | None = None
    unread: tuple[Unread, ...] = ()


def read_listing(text: Text) -> Listing:
    """The records in a text, whatever form they were printed in; lists and tables may stand together."""
    converted: list[Unread] = []
    text = replace(text, lines=_unquoted(text.lines))
    for listing in _converted(text):
        if listing.records:
            return listing
        converted += listing.unread
    lines = _single_spaced(text.lines)
    listed, rest = read_list(lines)
    tabled, rest = read_table(rest)
    if not listed and not tabled:
        return Listing(unread=tuple(converted) or _unread(rest))
    records = sorted((*listed, *tabled), key=lambda record: record.lines[0].number)
    form = Form.LIST if listed and records[0] is listed[0] else Form.TABLE
    return Listing(tuple(records), form, _unread(rest))


def _converted(text: Text) -> Iterator[Listing]:
    """The text read as each form made for machines that it looks like."""
    lines = text.lines
    if (first := find_clixml(lines)) is not None:
        records, unread = read_clixml(lines, first)
        yield Listing(tuple(records), Form.CLIXML, tuple(unread))
    if (first := find_json(lines)) is not None:
        records, unread = read_json(lines, first)
        yield Listing(tuple(records), Form.JSON, tuple(unread))
    if header := find_csv(lines):
        records, unread = read_csv(lines, *header)
        yield Listing(tuple(records), Form.CSV, tuple(unread))


def _unquoted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without the `>` that a mail program put before each one."""
    if not all(line.text.startswith(">") or not line.text.strip() for line in lines):
        return lines
    return tuple(replace(line, text=_MAIL_QUOTE.sub("", line.text)) for line in lines)


def _single_spaced(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without the blank one that some web pages put after each; other blanks separate records."""
    full = [line.number for line in lines if line.text.strip()]
    doubled = len(full) > 3 and all(lower - upper > 1 for upper, lower in pairwise(full))
    return [line for line in lines if line.text.strip()] if doubled else lines


def _unread(lines: Sequence[Line]) -> tuple[Unread, ...]:
    """One reason for each run of lines that are neither blank nor an echoed command."""
    reasons: list[Unread] = []
    run: list[Line] = []
    for line in (*lines, None):
        if line is not None and line.text.strip() and not is_command(line.text):
            run.append(line)
            continue
        if run:
            which = "this line is" if len(run) == 1 else f"these {len(run):,} lines are"
            reasons.append(Unread(run[0].source, run[0].number, f"{which} no property, table row or object"))
        run = []
    if len(reasons) > MOST_REASONS:
        more = reasons[MOST_REASONS - 1]
        count = len(reasons) - MOST_REASONS + 1
        reasons[MOST_REASONS - 1 :] = [Unread(more.source, more.line, f"from here on, {count:,} more such places")]
    return tuple(reasons)
