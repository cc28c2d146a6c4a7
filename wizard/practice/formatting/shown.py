"""One value as the formatting cmdlets show it: dates in the server's culture, lists in braces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wizard.practice.formatting.width import CUT
from wizard.practice.language.comparing import wildcard
from wizard.practice.language.members import own_property, property_of
from wizard.practice.language.styles import date_styled
from wizard.practice.language.texts import text_of
from wizard.practice.values import Flag, PSObject, Value

MOST_ENTRIES = 4
"""How many entries of a list are shown: `$FormatEnumerationLimit`."""


def shown(value: Value) -> str:
    """A property's value as text."""
    if isinstance(value, tuple | dict):
        items = list(value) if isinstance(value, tuple) else [f"{key}" for key in value]
        entries = ", ".join(_entry(item) for item in items[:MOST_ENTRIES])
        return f"{{{entries}{CUT if len(items) > MOST_ENTRIES else ''}}}"
    return _entry(value)


def _entry(value: Value) -> str:
    return date_styled(value, "") if isinstance(value, datetime) else text_of(value)


def is_right(value: Value) -> bool:
    """Whether a table of PowerShell's own making puts a value to the right: numbers and enums."""
    return isinstance(value, int | float | Flag) and not isinstance(value, bool)


def is_plain(value: Value) -> bool:
    """Whether a value has no properties worth a table or a list and is printed as it is."""
    return not isinstance(value, PSObject | dict)


def property_names(value: Value) -> tuple[str, ...]:
    """The names of a value's own properties, in their order."""
    if isinstance(value, PSObject):
        return tuple(value.properties)
    if isinstance(value, str):
        return ("Length",)
    return ()


def resolved(value: Value, names: Sequence[str]) -> list[tuple[str, Value, bool]]:
    """The properties that names and wildcards mean: label, value, and whether there is such a property."""
    found: list[tuple[str, Value, bool]] = []
    own = property_names(value)
    for name in names:
        if any(mark in name for mark in "*?["):
            pattern = wildcard(name)
            found += [(each, property_of(value, each), True) for each in own if pattern.fullmatch(each)]
            continue
        there = own_property(value, name.casefold()) is not None
        label = next((each for each in own if each.casefold() == name.casefold()), name)
        found.append((label, property_of(value, name) if there else None, there))
    return found
