"""Errors as Windows PowerShell 5.1 prints them: the message, where it was, its category and its identifier."""

from __future__ import annotations

from wizard.practice.formatting.width import cells, first_cells, wrapped
from wizard.practice.language.faults import Fault, ParseError


def error_lines(fault: Fault, source: str, width: int) -> list[str]:
    """The lines of an error; `source` is the line that was entered."""
    named = fault.invoked or (fault.target.rpartition(":")[0] if fault.exception == "CommandNotFoundException" else "")
    prefix = f"{named} : " if named and not fault.remote else ""
    lines = [line.rstrip() for line in wrapped(prefix + fault.message, width)]
    if fault.place is not None and not fault.remote:
        lines += _position(source, *fault.place, width)
    lines += _detail("CategoryInfo          : " + fault.category_line, width)
    lines += _detail("FullyQualifiedErrorId : " + (fault.identifier or "RuntimeException"), width)
    return [*lines, ""]


def parse_error_lines(error: ParseError, source: str, width: int) -> list[str]:
    """The lines of a parse error, which names the place first."""
    lines = _position(source, error.at, error.at + error.length, width)
    lines += [line.rstrip() for line in wrapped(error.message, width)]
    lines += _detail("CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException", width)
    lines += _detail(f"FullyQualifiedErrorId : {error.identifier}", width)
    return [*lines, ""]


def _position(source: str, start: int, end: int, width: int) -> list[str]:
    """Where it was: the line of the input, and a wavy line under the part; a long line is shown in part."""
    before = source[:start]
    number = before.count("\n") + 1
    begin = before.rfind("\n") + 1
    line = source[begin:].split("\n", 1)[0].rstrip("\r")
    column = start - begin
    length = max(min(end - start, len(line) - column), 1)
    head = f"At line:{number} char:{column + 1}"
    # PowerShell shows a part of a long line with `...` at its cut ends.
    room = max(width - 3, 20)
    if len(line) > room:
        left = max(min(column - 12, len(line) - room), 0)
        line = f"{'... ' if left else ''}{line[left : left + room - 8]}{' ...' if left + room - 8 < len(line) else ''}"
        column = column - left + (4 if left else 0)
        length = max(min(length, len(line) - column), 1)
    return [head, f"+ {line}", f"+ {' ' * cells(line[:column])}{'~' * length}"]


def _detail(text: str, width: int) -> list[str]:
    """A line of the details, broken inside words with an indentation of three."""
    lines: list[str] = []
    rest = f"    + {text}"
    while cells(rest) > width - 1 and width > 8:
        first = first_cells(rest, width - 2)
        lines.append(first)
        rest = "   " + rest[len(first) :]
    return [*lines, rest]
