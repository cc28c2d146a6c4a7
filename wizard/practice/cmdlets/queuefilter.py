"""The filter of the queue cmdlets: `Status -eq 'Retry' -and MessageCount -gt 10` (PS/Get-Queue, PS/Retry-Queue).

Operators are -eq, -ne, -gt, -ge, -lt, -le and -like, joined by -and, -or and -not, with parentheses. A text stands in
single or double quotes, a number and a word without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from wizard.practice.cmdlets.asked import Refused, written
from wizard.practice.values import PSObject, Value

Matches = Callable[[PSObject], bool]

_TOKEN = re.compile(r"\s*(?:(?P<quoted>'(?:[^']|'')*'|\"[^\"]*\")|(?P<bracket>[()])|(?P<word>[^\s()'\"]+))")
_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "-eq": lambda order: order == 0,
    "-ne": lambda order: order != 0,
    "-gt": lambda order: order > 0,
    "-ge": lambda order: order >= 0,
    "-lt": lambda order: order < 0,
    "-le": lambda order: order <= 0,
}


def read_filter(text: str, properties: tuple[str, ...]) -> Matches:
    """What the filter lets through; `properties` are those it may name.

    Raises:
        Refused: the filter cannot be read, or names another property.
    """
    reader = _Reader(text, _tokens(text), properties)
    matches = reader.either()
    if reader.at < len(reader.tokens):
        raise reader.unreadable()
    return matches


def _tokens(text: str) -> tuple[str, ...]:
    found: list[str] = []
    at = 0
    while text[at:].strip():
        token = _TOKEN.match(text, at)
        if token is None:
            raise _invalid(text)
        found.append(token[0].strip())
        at = token.end()
    return tuple(found)


def _invalid(text: str) -> Refused:
    return Refused(f"Cannot bind parameter 'Filter': \"{text}\" is not a filter that can be read.", "InvalidArgument")


@dataclass(slots=True)
class _Reader:
    """A filter being read: or of ands of comparisons."""

    text: str
    tokens: tuple[str, ...]
    properties: tuple[str, ...]
    at: int = 0

    def unreadable(self) -> Refused:
        return _invalid(self.text)

    def either(self) -> Matches:
        parts = [self.both()]
        while self.takes("-or"):
            parts.append(self.both())
        return lambda queue: any(part(queue) for part in parts)

    def both(self) -> Matches:
        parts = [self.one()]
        while self.takes("-and"):
            parts.append(self.one())
        return lambda queue: all(part(queue) for part in parts)

    def one(self) -> Matches:
        if self.takes("-not"):
            inner = self.one()
            return lambda queue: not inner(queue)
        if self.takes("("):
            inner = self.either()
            if not self.takes(")"):
                raise self.unreadable()
            return inner
        return self.comparison()

    def comparison(self) -> Matches:
        name, operator, value = self.next(), self.next().casefold(), _unquoted(self.next())
        known = {each.casefold(): each for each in self.properties}
        if name.casefold() not in known:
            raise Refused(
                f"Cannot bind parameter 'Filter': the practice shell does not know \"{name}\" in filters.",
                "InvalidArgument",
            )
        if operator != "-like" and operator not in _COMPARISONS:
            raise self.unreadable()
        return lambda queue: _compared(queue.get(name), operator, value)

    def takes(self, token: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at].casefold() == token:
            self.at += 1
            return True
        return False

    def next(self) -> str:
        if self.at >= len(self.tokens):
            raise self.unreadable()
        self.at += 1
        return self.tokens[self.at - 1]


def _unquoted(token: str) -> str:
    if token[:1] == token[-1:] == "'" and len(token) > 1:
        return token[1:-1].replace("''", "'")
    return token[1:-1] if token[:1] == token[-1:] == '"' and len(token) > 1 else token


def _compared(own: Value, operator: str, value: str) -> bool:
    """A property against a value: numbers by size, everything else as text in any case of letters."""
    if (
        isinstance(own, int)
        and not isinstance(own, bool)
        and re.fullmatch(r"-?\d{1,18}", value)
        and operator != "-like"
    ):
        return _COMPARISONS[operator](own - int(value))
    left, right = written(own).casefold(), value.casefold()
    if operator == "-like":
        return fnmatchcase(left, right.replace("[", "[[]"))
    return _COMPARISONS[operator]((left > right) - (left < right))
