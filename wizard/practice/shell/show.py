"""The console's output: tables, lists, JSON, CSV and errors, in lines of the console's width.

Source: shared output of real PowerShell at several widths. In English cultures a value wraps after a blank, which stays
at the end of the line; a word longer than the line is cut where the line ends. In a table numbers, booleans and enums
are right-aligned, and long values are cut at the end that is not aligned.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from wizard.practice.shell.operators import date_styled, entries_of, own_property, parts_of_span, property_of
from wizard.practice.shell.values import (
    Char,
    Column,
    Fault,
    Flag,
    ParseError,
    PSObject,
    Value,
    View,
    is_pattern,
    text_of,
    wildcard,
)

CUT = "..."
"""Windows PowerShell 5.1's mark for a cut value."""

MOST_ENTRIES = 4
"""The most entries of a list shown: `$FormatEnumerationLimit`."""

MOST_IN_A_TABLE = 4
"""Without a view of its own, an object with more properties is shown as a list."""

_PLAIN_KINDS = frozenset({"MatchInfo", "ScriptBlock", "RuntimeType", "PathInfo", "SecureString"})
"""Objects printed as their text."""

Renderer = Callable[[int], list[str]]
"""Returns lines for a width in cells."""

Views = Mapping[str, View]
"""The views by kind, in lower case."""

# Cells


def cells(text: str) -> int:
    """Count the cells of a text: two for each wide East Asian character."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a value, broken after blanks; line ends in the value break as well. Never empty."""
    return [line for part in _lines(text) for line in _wrapped_at_words(part, max(width, 1))]


def trimmed(text: str, width: int) -> list[str]:
    """Wrap like `wrapped`, without blanks at the ends of lines."""
    return [line.rstrip() for line in wrapped(text, width)]


def broken(text: str, width: int) -> list[str]:
    """Break a text as a console does: wherever the line ends."""
    return [line for part in _lines(text) for line in _filled("", part, max(width, 1))]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _wrapped_at_words(text: str, width: int) -> list[str]:
    lines, current = [], ""
    pieces = text.split(" ")
    for word in (*(f"{piece} " for piece in pieces[:-1]), pieces[-1]):
        if cells(word) > width:
            *full, current = _filled(current, word, width)
            lines += full
        elif cells(current) + cells(word) > width:
            lines.append(current)
            current = word
        else:
            current += word
    return [*lines, current]


def _filled(start: str, text: str, width: int) -> list[str]:
    """Lines filled to the width, the first of which begins with `start`."""
    if text.isascii() and not start:
        return [text[at : at + width] for at in range(0, len(text), width)] or [""]
    lines, current, left = [], start, width - cells(start)
    for character in text:
        takes = min(_cell(character), width)
        if takes > left:
            lines.append(current)
            current, left = "", width
        current += character
        left -= takes
    return [*lines, current]


def cut(text: str, width: int, right: bool = False) -> str:
    """The text in one line of at most `width` cells; `...` replaces the tail, or the head if `right`."""
    text = _lines(text)[0]
    if cells(text) <= width:
        return text
    mark = CUT if width > len(CUT) else ""
    if right:
        return mark + first_cells(text[::-1], width - len(mark))[::-1]
    return first_cells(text, width - len(mark)) + mark


def first_cells(text: str, width: int) -> str:
    """The beginning of a text that fits into `width` cells."""
    taken = 0
    for at, character in enumerate(text):
        taken += _cell(character)
        if taken > width:
            return text[:at]
    return text


def padded(text: str, width: int, right: bool = False) -> str:
    """The text with blanks up to the width."""
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks


# Values


def shown(value: Value) -> str:
    """A property's value as text: dates in the server's culture, lists in braces."""
    if isinstance(value, tuple | dict):
        items: list[Value] = list(value)
        entries = ", ".join(_entry(item) for item in items[:MOST_ENTRIES])
        return f"{{{entries}{CUT if len(items) > MOST_ENTRIES else ''}}}"
    return _entry(value)


def _entry(value: Value) -> str:
    return date_styled(value, "") if isinstance(value, datetime) else text_of(value)


def is_plain(value: Value) -> bool:
    """True if a value has no properties worth a table or a list, and is printed as it is."""
    return not isinstance(value, PSObject | dict)


def property_names(value: Value) -> tuple[str, ...]:
    """The names of a value's own properties, in order."""
    if isinstance(value, PSObject):
        return tuple(value.properties)
    return ("Length",) if isinstance(value, str) else ()


def resolved(value: Value, name: str) -> list[tuple[str, Value, bool]]:
    """The properties that match a name or a wildcard: label, value, and whether it exists."""
    own = property_names(value)
    if is_pattern(name):
        return [(each, property_of(value, each), True) for each in own if wildcard(name).fullmatch(each)]
    there = own_property(value, name.casefold()) is not None
    label = next((each for each in own if each.casefold() == name.casefold()), name)
    return [(label, property_of(value, name) if there else None, there)]


@dataclass(frozen=True, slots=True)
class Formatted(PSObject):
    """The output of a formatting cmdlet: lines, once the width is known. To other cmdlets it is opaque."""

    render: Renderer = lambda _: []


@dataclass(frozen=True, slots=True)
class WantedProperty:
    """A property requested by name, wildcard or calculation: `value` calculates it for an object.

    `label` is the name of a calculation, empty for a plain name, which shows as the object spells it.
    """

    name: str
    label: str = ""
    value: Callable[[Value], Value] | None = None
    width: int | None = None
    right: bool | None = None

    def of(self, item: Value) -> list[tuple[str, Value, bool]]:
        """The matching properties of an object: labels, values, and whether they exist."""
        return resolved(item, self.name) if self.value is None else [(self.label, self.value(item), True)]


def by_kind(views: Sequence[View]) -> Views:
    """The views by their kinds."""
    return {view.kind.casefold(): view for view in views}


def default_lines(values: Sequence[Value], views: Views, width: int) -> list[str]:
    """The console's lines for values, one after the other; consecutive values of one kind share a table."""
    lines: list[str] = []
    for (shape, *_), group in groupby(values, lambda value: _shape(value, views)):
        run = list(group)
        if shape == "formatted":
            lines += [line for each in run if isinstance(each, Formatted) for line in each.render(width)]
        elif shape == "plain":
            lines += [line for each in run for line in plain_lines(each, width)]
        else:
            renderer = table_renderer(run, (), views) if shape == "table" else list_renderer(run, (), views)
            lines += renderer(width)
    return lines


def _shape(value: Value, views: Views) -> tuple[str, str, tuple[str, ...]]:
    """The form of a value, and a key that values of one table share."""
    if isinstance(value, Formatted):
        return ("formatted", "", ())
    if isinstance(value, dict | timedelta):
        return ("table" if isinstance(value, dict) else "list", type(value).__name__, ())
    if not isinstance(value, PSObject):
        return ("plain", "", ())
    view = views.get(value.kind.casefold())
    if view is not None and (view.columns or view.properties):
        return ("table" if view.columns else "list", value.kind, ())
    if not value.properties or value.kind in _PLAIN_KINDS:
        return ("plain", "", ())
    names = tuple(value.properties)
    return ("table" if len(names) <= MOST_IN_A_TABLE else "list", value.kind, names)


def plain_lines(value: Value, width: int) -> list[str]:
    """A text, a number or a lone date, broken where the console's line ends."""
    if value is None:
        return []
    if isinstance(value, datetime):
        return ["", *broken(date_styled(value, "F"), width), ""]
    if isinstance(value, tuple):
        return [line for item in value for line in plain_lines(item, width)]
    return broken(text_of(value), width)


def text_lines(values: Sequence[Value], views: Views, width: int) -> str:
    """The console's output as one text: for Out-String, a file, a program. Texts are not broken there."""
    lines: list[str] = []
    for is_text, group in groupby(values, lambda value: isinstance(value, str)):
        run = list(group)
        texts = [line for each in run for line in str(each).split("\n")] if is_text else []
        lines += texts if is_text else default_lines(run, views, width)
    return "".join(f"{line}\r\n" for line in lines)


# Lists


def list_renderer(values: Sequence[Value], asked: Sequence[WantedProperty], views: Views) -> Renderer:
    """Format-List with the requested properties, otherwise those of the kind's view, otherwise all."""
    plain: list[Value] = []
    rows: list[Mapping[str, Value]] = []
    for value in values:
        if asked or not is_plain(value) or isinstance(value, timedelta):
            rows += _list_rows(value, asked, views)
        else:
            plain.append(value)

    def render(width: int) -> list[str]:
        lines = [line for value in plain for line in plain_lines(value, width)]
        return [*lines, *(["", *(line for row in rows for line in _list_lines(row, width))] if rows else ())]

    return render


def _list_rows(value: Value, asked: Sequence[WantedProperty], views: Views) -> list[dict[str, Value]]:
    if isinstance(value, dict) and not asked:
        return [{"Name": key, "Value": each} for key, each in value.items()]
    if isinstance(value, timedelta) and not asked:
        return [parts_of_span(value)]
    # A property requested twice is shown once, as first requested.
    once: dict[str, Value] = {}
    for each in asked or [WantedProperty(name) for name in _default_properties(value, views)]:
        for label, found, there in each.of(value):
            if there:
                once.setdefault(label, found)
    return [once]


def _list_lines(row: Mapping[str, Value], width: int) -> list[str]:
    """One object, and a blank line. The column of the values has at least one cell, however narrow the console."""
    label_width = min(max((cells(label) for label in row), default=0), max(width - 4, 1))
    lines: list[str] = []
    for label, value in row.items():
        first, *more = wrapped(shown(value), width - label_width - 3)
        lines.append(f"{padded(cut(label, label_width), label_width)} : {first}")
        lines += [" " * (label_width + 3) + line for line in more]
    return [*lines, ""]


def _default_properties(value: Value, views: Views) -> Sequence[str]:
    view = views.get(value.kind.casefold()) if isinstance(value, PSObject) else None
    return view.properties if view is not None and view.properties else property_names(value)


# Tables


@dataclass(frozen=True, slots=True)
class _Head:
    """A column's label; `width` None adapts to the values; `right` None adapts to the first value."""

    label: str
    width: int | None = None
    right: bool | None = None


_ENTRY = (_Head("Name", 30, right=False), _Head("Value", right=False))
"""The columns of a hash table."""


def table_renderer(
    values: Sequence[Value], asked: Sequence[WantedProperty], views: Views, wrap: bool = False, headers: bool = True
) -> Renderer:
    """Format-Table with the requested properties, otherwise the columns of the first value's kind, otherwise all."""
    first = values[0] if values else None
    if is_plain(first) and not asked:
        return lambda width: [line for value in values for line in plain_lines(value, width)]
    heads: Sequence[_Head]
    if isinstance(first, dict) and not asked:
        entries = [each for value in values if isinstance(value, dict) for each in entries_of(value)]
        pairs = [[property_of(each, name) for name in ("Name", "Value")] for each in entries]
        return lambda width: _table(_ENTRY, pairs, width, wrap, headers)
    view = views.get(first.kind.casefold()) if isinstance(first, PSObject) else None
    if view is not None and view.columns and not asked:
        return _view_renderer(view, values, wrap, headers)
    columns = [
        WantedProperty(label, label, each.value, each.width, each.right)
        for each in asked or [WantedProperty(name) for name in _default_properties(first, views)]
        for label in ([each.label] if each.value else [label for label, _, _ in resolved(first, each.name)])
    ]
    heads = [_Head(each.label, each.width, each.right) for each in columns]
    rows = [[each.value(item) if each.value else property_of(item, each.name) for each in columns] for item in values]
    return lambda width: _table(heads, rows, width, wrap, headers)


def _view_renderer(view: View, values: Sequence[Value], wrap: bool, headers: bool) -> Renderer:
    """The default table of a kind; with a group, one table for each."""
    heads = [_Head(column.label, column.width, column.right) for column in view.columns]
    tables = [
        (group, [[_of_column(column, value) for column in view.columns] for value in members])
        for group, members in groupby(values, lambda value: text_of(property_of(value, view.group or "")))
    ]

    def render(width: int) -> list[str]:
        lines: list[str] = []
        for group, rows in tables:
            lines += ["", "", f"{view.group_label}: {group}", ""] if view.group else []
            lines += _table(heads, rows, width, wrap, headers)
        return lines

    return render


def _of_column(column: Column, value: Value) -> Value:
    if isinstance(column.of, str):
        return property_of(value, column.of or column.label)
    return column.of(value) if isinstance(value, PSObject) else None


def _table(heads: Sequence[_Head], rows: Sequence[Sequence[Value]], width: int, wrap: bool, headers: bool) -> list[str]:
    """The lines of a table: a blank line, the labels, dashes, a line for each row, a blank line.

    `wrap` breaks long values over several lines instead of cutting them.
    """
    texts = [[shown(value) for value in row] for row in rows]
    widths = _fitted(_wanted(heads, texts), width, wrap)
    right = [_is_right(head.right, [row[at] for row in rows]) for at, head in enumerate(heads)]
    lines = [""]
    if headers:
        labels = [broken(head.label, size) if size else [""] for head, size in zip(heads, widths, strict=True)]
        dashes = [["-" * min(cells(head.label), size)] for head, size in zip(heads, widths, strict=True)]
        lines += [line.rstrip() for line in _row(labels, widths, right)] + _row(dashes, widths, right)
    for row in texts:
        fitted = zip(row, widths, right, strict=True)
        parts = [wrapped(text, size) if wrap and size else [cut(text, size, side)] for text, size, side in fitted]
        lines += _row(parts, widths, right)
    return [*lines, ""]


def _is_right(asked: bool | None, values: Sequence[Value]) -> bool:
    """True for a right-aligned column: as declared, or by its first value."""
    if asked is not None or not values:
        return bool(asked)
    return isinstance(values[0], bool | int | float | Flag | Char)


def _row(parts: Sequence[list[str]], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """A row whose columns may have several lines. Width 0 hides a column; the last one is not padded."""
    there = [at for at, size in enumerate(widths) if size]
    lines: list[str] = []
    for line in range(max((len(parts[at]) for at in there), default=0)):
        texts = {at: parts[at][line] if line < len(parts[at]) else "" for at in there}
        pieces = [padded(texts[at], widths[at], right[at]) for at in there]
        if there[-1] == len(widths) - 1 and not (right[there[-1]] and texts[there[-1]]):
            pieces[-1] = pieces[-1].rstrip(" ")
        lines.append(" ".join(pieces))
    return lines


def _wanted(heads: Sequence[_Head], texts: Sequence[Sequence[str]]) -> list[int]:
    """The width of each column without a limit."""
    return [
        head.width or max([cells(head.label), 1, *(max(map(cells, _lines(row[at]))) for row in texts)])
        for at, head in enumerate(heads)
    ]


def _fitted(widths: list[int], width: int, wrap: bool) -> list[int]:
    """Widths that fit: the last column is cut, or hidden (0) if nothing is left of it."""
    fitted = list(widths)
    for at in range(len(fitted) - 1, -1, -1):
        left = [size for size in fitted if size]
        excess = sum(left) + len(left) - 1 - width
        if excess <= 0:
            break
        fitted[at] = fitted[at] - excess if fitted[at] - excess >= 1 or (at == 0 and wrap) else 0
    if not any(fitted) and fitted:
        fitted[0] = max(width, 1)
    return fitted


# Conversions


def as_json(value: Value, depth: int = 2, compress: bool = False) -> str:
    """A value as JSON, enums as numbers, dates as in PowerShell 7; below `depth` only texts."""
    separators = (",", ":") if compress else (",", ": ")
    plain = _jsonable(value, depth)
    text = json.dumps(plain, ensure_ascii=False, indent=None if compress else 2, separators=separators)
    return text.replace("\n", "\r\n")


def _jsonable(value: Value, depth: int) -> object:
    if isinstance(value, Flag):
        return value.number
    if isinstance(value, datetime):
        return date_styled(value, "s") + ("Z" if value.utcoffset() == timedelta(0) else "")
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple) and depth >= 0:
        return [_jsonable(item, depth - 1) for item in value]
    if isinstance(value, PSObject | dict) and depth >= 0:
        pairs = value if isinstance(value, dict) else value.properties
        return {key: _jsonable(each, depth - 1) for key, each in pairs.items()}
    return text_of(value)


def as_csv(values: Sequence[Value], with_type: bool, delimiter: str = ",") -> list[str]:
    """The lines of a CSV, enums as texts; the first value's properties are the columns."""
    first = next((value for value in values if isinstance(value, PSObject)), None)
    if first is None:
        return []
    names = list(first.properties)
    rows = [[_quoted(name) for name in names]]
    rows += [[_field(property_of(value, name)) for name in names] for value in values]
    return [*([f"#TYPE {first.kind}"] if with_type else []), *(delimiter.join(row) for row in rows)]


def _field(value: Value) -> str:
    if value is None:
        return ""
    return _quoted("System.Object[]" if isinstance(value, tuple) else shown(value))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# Errors


def error_lines(fault: Fault, source: str, width: int) -> list[str]:
    """An error as Windows PowerShell 5.1 prints it; `source` is the line that was entered."""
    named = fault.invoked or (fault.target.rpartition(":")[0] if fault.exception == "CommandNotFoundException" else "")
    lines = trimmed(f"{named} : {fault.message}" if named and not fault.remote else fault.message, width)
    if fault.place is not None and not fault.remote:
        lines += _position(source, *fault.place, width)
    lines += _detail("CategoryInfo          : " + fault.category_line, width)
    return [*lines, *_detail("FullyQualifiedErrorId : " + (fault.identifier or "RuntimeException"), width), ""]


def parse_error_lines(error: ParseError, source: str, width: int) -> list[str]:
    """The lines of a parse error, which names the place first."""
    lines = _position(source, error.at, error.at + error.length, width) + trimmed(error.message, width)
    lines += _detail("CategoryInfo          : ParserError: (:) [], ParentContainsErrorRecordException", width)
    return [*lines, *_detail(f"FullyQualifiedErrorId : {error.identifier}", width), ""]


def _position(source: str, start: int, end: int, width: int) -> list[str]:
    """The place of an error: the input's line, and a wavy line under the part; a long line is cut."""
    before = source[:start]
    begin = before.rfind("\n") + 1
    line, column = source[begin:].split("\n", 1)[0].rstrip("\r"), start - begin
    length = max(min(end - start, len(line) - column), 1)
    head = f"At line:{before.count(chr(10)) + 1} char:{column + 1}"
    # PowerShell marks the cut ends of a long line with `...`.
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
        lines.append(first_cells(rest, width - 2))
        rest = "   " + rest[len(lines[-1]) :]
    return [*lines, rest]
