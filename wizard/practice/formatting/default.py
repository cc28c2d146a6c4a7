"""What the console prints of values when nobody says how, and what Format-List and Format-Table choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from wizard.practice.formatting.listing import as_list
from wizard.practice.formatting.shown import is_plain, property_names, resolved
from wizard.practice.formatting.table import Head, as_table
from wizard.practice.formatting.width import broken
from wizard.practice.language.members import of_a_span, property_of
from wizard.practice.language.styles import date_long
from wizard.practice.language.texts import text_of
from wizard.practice.values import PSObject, Value
from wizard.practice.views import Column, View

MOST_IN_A_TABLE = 4
"""An object with more properties than these is shown as a list when it has no view of its own."""

NAMES_OF_A_HASHTABLE = 30
"""How wide the column of the names is in a hashtable's table."""

_PLAIN_KINDS = frozenset({"MatchInfo", "ScriptBlock", "RuntimeType", "PathInfo"})
"""Objects that are printed as their text."""

Renderer = Callable[[int], list[str]]
"""Lines, once the width in cells is known."""


def _no_lines(_: int) -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Formatted(PSObject):
    """What a formatting cmdlet gives: lines, once the width is known. To every other cmdlet it is an opaque object."""

    render: Renderer = _no_lines


@dataclass(frozen=True, slots=True)
class Asked:
    """A property that was asked for by name, wildcard or calculation: `value` gives it for an object.

    `label` is the name of a calculation, empty for a plain name, which shows as the object spells it.
    """

    name: str
    label: str = ""
    value: Callable[[Value], Value] | None = None
    width: int | None = None
    right: bool | None = None


Views = Mapping[str, View]
"""The views by the kind they are for, in lower case."""


def by_kind(views: Sequence[View]) -> Views:
    """The views in the form in which these functions take them."""
    return {view.kind.casefold(): view for view in views}


def default_lines(values: Sequence[Value], views: Views, width: int) -> list[str]:
    """The lines that the console prints of values, one after the other; a run of one kind makes one table."""
    lines: list[str] = []
    for key, group in groupby(values, lambda value: _shape(value, views)):
        run = list(group)
        if key[0] == "formatted":
            lines += [line for each in run if isinstance(each, Formatted) for line in each.render(width)]
        elif key[0] == "plain":
            lines += [line for each in run for line in plain_lines(each, width)]
        elif key[0] == "table":
            lines += table_lines(run, (), views, width)
        else:
            lines += list_lines(run, (), views, width)
    return lines


def _shape(value: Value, views: Views) -> tuple[str, str, tuple[str, ...]]:
    """How a value is shown, and what must be the same for two to be shown together."""
    if isinstance(value, Formatted):
        return ("formatted", "", ())
    if isinstance(value, dict):
        return ("table", "dict", ())
    if isinstance(value, timedelta):
        return ("list", "timespan", ())
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
        return ["", *broken(date_long(value), width), ""]
    if isinstance(value, tuple):
        return [line for item in value for line in plain_lines(item, width)]
    return broken(text_of(value), width)


def list_lines(values: Sequence[Value], asked: Sequence[Asked], views: Views, width: int) -> list[str]:
    """Format-List with the properties asked for, or with those of the kind's view, or with all."""
    return list_renderer(values, asked, views)(width)


def list_renderer(values: Sequence[Value], asked: Sequence[Asked], views: Views) -> Renderer:
    """The same, with everything worked out but the width."""
    plain = [value for value in values if is_plain(value) and not asked and not isinstance(value, timedelta)]
    objects = [value for value in values if asked or not is_plain(value) or isinstance(value, timedelta)]
    rows = [_list_row(value, asked, views) for value in objects]

    def render(width: int) -> list[str]:
        lines = [line for value in plain for line in plain_lines(value, width)]
        return [*lines, *as_list(rows, width)] if rows else lines

    return render


def _list_row(value: Value, asked: Sequence[Asked], views: Views) -> list[tuple[str, Value]]:
    if isinstance(value, dict) and not asked:
        return [("Name", tuple(value)), ("Value", tuple(value.values()))]
    if isinstance(value, timedelta) and not asked:
        return list(of_a_span(value).items())
    row: list[tuple[str, Value]] = []
    for each in asked or [Asked(name) for name in _default_properties(value, views)]:
        if each.value is not None:
            row.append((each.label, each.value(value)))
        else:
            row += [(label, found) for label, found, there in resolved(value, (each.name,)) if there]
    # A property that is asked for twice is shown once, as it was asked for first.
    once: dict[str, Value] = {}
    for label, found in row:
        once.setdefault(label, found)
    return list(once.items())


def _default_properties(value: Value, views: Views) -> Sequence[str]:
    view = views.get(value.kind.casefold()) if isinstance(value, PSObject) else None
    return view.properties if view is not None and view.properties else property_names(value)


def table_lines(values: Sequence[Value], asked: Sequence[Asked], views: Views, width: int) -> list[str]:
    """Format-Table with the properties asked for, or with the columns of the first value's kind, or with all."""
    return table_renderer(values, asked, views)(width)


def table_renderer(
    values: Sequence[Value], asked: Sequence[Asked], views: Views, wrap: bool = False, headers: bool = True
) -> Renderer:
    """The same, with everything worked out but the width."""
    first = values[0] if values else None
    if is_plain(first) and not asked:
        return lambda width: [line for value in values for line in plain_lines(value, width)]
    if isinstance(first, dict) and not asked:
        pairs = [(key, each) for value in values if isinstance(value, dict) for key, each in value.items()]
        named = (Head("Name", NAMES_OF_A_HASHTABLE, right=False), Head("Value", right=False))
        return lambda width: as_table(named, pairs, width, wrap, headers)
    view = views.get(first.kind.casefold()) if isinstance(first, PSObject) else None
    if view is not None and view.columns and not asked:
        return _view_renderer(view, values, wrap, headers)
    columns = _columns(first, asked or [Asked(name) for name in _default_properties(first, views)])
    heads = [Head(each.label or each.name, each.width, each.right) for each in columns]
    rows = [
        [each.value(value) if each.value else property_of(value, each.name) for each in columns] for value in values
    ]
    return lambda width: as_table(heads, rows, width, wrap, headers)


def _view_renderer(view: View, values: Sequence[Value], wrap: bool, headers: bool) -> Renderer:
    """The default table of a kind; with a group, one table for each."""
    heads = [Head(column.label, column.width, column.right) for column in view.columns]
    tables = [
        (group, [[_cell(column, value) for column in view.columns] for value in members])
        for group, members in groupby(values, lambda value: text_of(property_of(value, view.group or "")))
    ]

    def render(width: int) -> list[str]:
        lines: list[str] = []
        for group, rows in tables:
            lines += ["", "", f"    {view.group_label}: {group}", ""] if view.group else []
            lines += as_table(heads, rows, width, wrap, headers)
        return lines

    return render


def _cell(column: Column, value: Value) -> Value:
    if isinstance(column.of, str):
        return property_of(value, column.of)
    return column.of(value) if isinstance(value, PSObject) else None


def _columns(first: Value, asked: Sequence[Asked]) -> list[Asked]:
    """The columns of a table: wildcards mean the first value's properties, names are spelled as it spells them."""
    columns: list[Asked] = []
    for each in asked:
        if each.value is not None:
            columns.append(each)
        else:
            columns += [
                Asked(label, width=each.width, right=each.right) for label, _, _ in resolved(first, (each.name,))
            ]
    return columns


def text_lines(values: Sequence[Value], views: Views, width: int) -> str:
    """What the console would print, as one text: Out-String, a file, a program. Texts are not broken there."""
    lines: list[str] = []
    for is_text, group in groupby(values, lambda value: isinstance(value, str)):
        run = list(group)
        lines += (
            [line for each in run for line in str(each).split("\n")] if is_text else default_lines(run, views, width)
        )
    return "".join(f"{line}\r\n" for line in lines)
