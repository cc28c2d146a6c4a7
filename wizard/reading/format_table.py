"""Format-Table to records: columns by the underlines, or by the header where those were lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wizard.facts import Line
from wizard.reading.console import cells, is_command
from wizard.reading.record import PROPERTY_NAMES, Record, Value, printed

WIDEST = 2000
"""A header wider than this, in console columns, is no table's: PowerShell's own buffer ends far earlier."""

MOST_COLUMNS = 40
"""More columns than any of Exchange's objects is ever printed with."""

MOST_ROWS = 5000
"""Rows of one table that are read; an organisation with more queues or certificates prints them as CSV."""

MOST_HEADER_LINES = 20
"""A column two characters wide breaks the longest of Exchange's property names over that many lines."""

_DASHES = frozenset("-\u2013\u2014")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WIDE = "\0"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column's name and the columns of the console that its header takes."""

    name: str
    start: int
    end: int


def read_table(lines: Sequence[Line]) -> tuple[tuple[Record, ...], tuple[Line, ...]]:
    """The records of every table among the lines, and the lines that belong to none."""
    records: list[Record] = []
    rest: list[Line] = []
    at = 0
    while at < len(lines):
        columns, first_row = _header(lines, at, rest)
        if not columns:
            rest.append(lines[at])
            at += 1
            continue
        header, at = at, first_row
        while at < len(lines) and lines[at].text.strip() and not is_command(lines[at].text):
            if at > first_row and _is_underline(lines[at].text):
                break
            at += 1
        if at == first_row:
            rest += lines[header:at]
        last_row = min(at, first_row + MOST_ROWS)
        records += _rows(columns, lines[first_row:last_row])
        rest += lines[last_row:at]
    return tuple(records), tuple(rest)


def _header(lines: Sequence[Line], at: int, rest: list[Line]) -> tuple[tuple[_Column, ...], int]:
    """The columns that a header at this line names, and where the rows begin; no columns when it is none."""
    text = lines[at].text
    if len(text) > WIDEST:
        return (), at
    if not _is_underline(text):
        if not _is_bare_header(text) or _underlined_later(lines, at):
            return (), at
        return _by_words(text), at + 1
    # The lines above were taken for rest before their underline was seen.
    above: list[Line] = []
    while rest and _may_head(rest[-1].text) and len(above) < MOST_HEADER_LINES:
        above.insert(0, rest.pop())
        if columns := _by_underline([line.text for line in above], text):
            return columns, at + 1
    rest += above
    return (), at


def _may_head(text: str) -> bool:
    return bool(text.strip()) and not _is_underline(text)


def _underlined_later(lines: Sequence[Line], at: int) -> bool:
    """Whether this is the top of a header that breaks over several lines, with its underline below."""
    for line in lines[at + 1 : at + MOST_HEADER_LINES]:
        if not line.text.strip():
            return False
        if _is_underline(line.text):
            return True
    return False


def _is_underline(text: str) -> bool:
    stripped = text.strip()
    return len(stripped) > 1 and len(text) <= WIDEST and set(stripped) - {" "} <= _DASHES


def _is_bare_header(text: str) -> bool:
    """Whether the words are property names and Exchange's own, as in a header that lost its underlines."""
    words = text.split()
    if not 0 < len(words) <= MOST_COLUMNS or not all(_NAME.fullmatch(word) for word in words):
        return False
    return (
        2 * sum(word.casefold() in PROPERTY_NAMES for word in words) >= len(words)
        and words[0].casefold() in PROPERTY_NAMES
    )


def _by_words(text: str) -> tuple[_Column, ...]:
    return tuple(_Column(found[0], found.start(), found.end()) for found in re.finditer(r"\S+", text))


def _by_underline(above: list[str], underline: str) -> tuple[_Column, ...]:
    """The columns, once the header lines above name every one; a narrow header breaks over several lines."""
    words = above[-1].split()
    if not underline.isascii():
        # A web page turned pairs of dashes into one: the columns no longer stand where they stood.
        return _by_words(above[-1])
    spans = [found.span() for found in re.finditer(r"-+", underline)]
    if len(spans) > MOST_COLUMNS:
        return ()
    if len(words) == len(spans):
        return tuple(_Column(word, *span) for word, span in zip(words, spans, strict=True))
    names = ["".join(line[start:end].strip() for line in above) for start, end in spans]
    if all(_NAME.fullmatch(name) for name in names):
        return tuple(_Column(name, *span) for name, span in zip(names, spans, strict=True))
    return ()


def _rows(columns: tuple[_Column, ...], lines: Sequence[Line]) -> list[Record]:
    """One record for each row; a row without its first cell goes on with the row above (`-Wrap`)."""
    grid = [_grid(line.text) for line in lines]
    gutters = _gutters(columns, grid)
    drafts: list[tuple[list[str], list[Line], bool]] = []
    for line, row in zip(lines, grid, strict=True):
        texts, sure = _cells(columns, gutters, row)
        if drafts and not texts[0] and gutters is not None:
            upper, upper_lines, _ = drafts[-1]
            joined = [f"{above} {below}".strip() for above, below in zip(upper, texts, strict=True)]
            drafts[-1] = (joined, [*upper_lines, line], False)
        else:
            drafts.append((texts, [line], sure))
    return [_record(columns, texts, tuple(taken), sure) for texts, taken, sure in drafts]


def _record(columns: tuple[_Column, ...], texts: list[str], lines: tuple[Line, ...], sure: bool) -> Record:
    values = tuple(
        (column.name, printed(column.name, Value(text, lines, sure=sure, spaced=text), column=True))
        for column, text in zip(columns, texts, strict=True)
    )
    return Record(values, lines)


def _grid(text: str) -> str:
    """The row with one character for each console column."""
    text = text.replace("\u00a0", " ")
    if text.isascii():
        return text
    return "".join(character + _WIDE * (cells(character) - 1) for character in text)


def _gutters(columns: tuple[_Column, ...], rows: list[str]) -> list[int] | None:
    """For each pair of neighbours the console column that separates them; None when rows do not keep to columns.

    PowerShell puts one blank between columns. A right-aligned value that is wider than its header
    reaches to the left of it, so the gutter is looked for between the two headers.
    """
    width = columns[-1].end
    taken, after_comma = bytearray(width), bytearray(width)
    for row in rows:
        for at, character in enumerate(row[:width]):
            if character != " ":
                taken[at] = 1
                if character == "," and at + 1 < width:
                    after_comma[at + 1] = 1
    gutters: list[int] = []
    for left, right in pairwise(columns):
        free = [at for at in range(left.end, right.start) if not taken[at]]
        if not free:
            return None
        # Hex digits have no blank in them, so the first one ends the thumbprint.
        pieces = free[:1] if left.name.casefold() == "thumbprint" else [at for at in free if not after_comma[at]]
        gutter = (pieces or free)[-1]
        beside = not any(taken[gutter : right.start])
        if not beside and not _right_aligned(right, rows):
            return None
        gutters.append(right.start - 1 if beside else gutter)
    return gutters


def _right_aligned(column: _Column, rows: list[str]) -> bool:
    """Whether every row's value ends where the header does."""
    return all(
        not row[column.end : column.end + 1].strip() and row[column.end - 1 : column.end].strip() for row in rows
    )


def _cells(columns: tuple[_Column, ...], gutters: list[int] | None, row: str) -> tuple[list[str], bool]:
    """The texts of a row's cells, and whether it is certain where one ends and the next begins."""
    if gutters is not None:
        bounds = [0, *gutters, len(row)]
        return [row[start:end].replace(_WIDE, "").strip() for start, end in pairwise(bounds)], True
    words = row.replace(_WIDE, "").split(None, len(columns) - 1)
    texts = [word.strip() for word in words] + [""] * (len(columns) - len(words))
    return texts, len(words) == len(columns) and " " not in texts[-1]
