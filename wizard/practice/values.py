"""What flows through the practice shell's pipes: plain values, enums with their numbers, and objects with properties.

Strings are `str`, numbers `int` or `float`, truth `bool`, `$null` None, dates aware `datetime`, durations
`timedelta`, arrays tuples, hashtables `dict`. The two classes here are what Exchange's cmdlets return.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Flag:
    """An enum's value: its text, as ToString gives it, and its number, as ConvertTo-Json prints it."""

    text: str
    number: int = 0

    def __str__(self) -> str:
        """The text."""
        return self.text


@dataclass(frozen=True, slots=True)
class PSObject:
    """An object with ordered properties. `kind` is the type's short name, by which its default view is chosen.

    `text` is what ToString gives (`"$_"`); empty means PowerShell's `@{Name=Value; ...}`.
    """

    kind: str
    properties: dict[str, Value] = field(default_factory=dict)
    text: str = ""

    def get(self, name: str) -> Value:
        """A property by its name in any case of letters; None where there is none."""
        wanted = name.casefold()
        return next((value for key, value in self.properties.items() if key.casefold() == wanted), None)


Value: TypeAlias = (
    "bool | int | float | str | datetime | timedelta | Flag | PSObject | tuple[Value, ...] | dict[str, Value] | None"
)
