"""ConvertTo-Json and ConvertTo-Csv.

Enums are their numbers in JSON and their texts in CSV. JSON is indented and its dates are written as
PowerShell 7 does it, whose output is known in full.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from wizard.practice.formatting.shown import shown
from wizard.practice.language.members import property_of
from wizard.practice.language.texts import text_of
from wizard.practice.values import Flag, PSObject, Value


def as_json(value: Value, depth: int = 2, compress: bool = False) -> str:
    """A value as JSON; what lies deeper than `depth` is its text."""
    plain = _plain(value, depth)
    separators = (",", ":") if compress else (",", ": ")
    text = json.dumps(plain, ensure_ascii=False, indent=None if compress else 2, separators=separators)
    return text.replace("\n", "\r\n")


def _plain(value: Value, depth: int) -> object:
    if isinstance(value, Flag):
        return value.number
    if isinstance(value, datetime):
        return f"{value.year:04}-{value:%m-%dT%H:%M:%S}" + ("Z" if value.utcoffset() == timedelta(0) else "")
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(item, depth - 1) for item in value] if depth >= 0 else text_of(value)
    if isinstance(value, PSObject | dict):
        pairs = value if isinstance(value, dict) else value.properties
        return {key: _plain(each, depth - 1) for key, each in pairs.items()} if depth >= 0 else text_of(value)
    return text_of(value)


def as_csv(values: Sequence[Value], with_type: bool, delimiter: str = ",") -> list[str]:
    """The lines of a CSV: the first value's properties are the columns of all."""
    first = next((value for value in values if isinstance(value, PSObject)), None)
    if first is None:
        return []
    names = list(first.properties)
    lines = [f"#TYPE {first.kind}"] if with_type else []
    lines.append(delimiter.join(_quoted(name) for name in names))
    return lines + [delimiter.join(_field(property_of(value, name)) for name in names) for value in values]


def _field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return _quoted("System.Object[]")
    return _quoted(shown(value) if isinstance(value, datetime) else text_of(value))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
