"""A regular expression read as far as its repeats go: what may stand how often, and what may stand behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUANTIFIER = re.compile(r"(?:[*+?]|\{(\d*)(,?)(\d*)\})[?+]?")
_PLAIN_OPENING = re.compile(r"\((?:\?(?:P<\w+>|[:>]|[a-zA-Z-]+:)|(?!\?))")
_OTHER_OPENING = re.compile(r"\(\?(?:<[=!]|[=!]|\([^)]*\))")
_SILENT = re.compile(r"\(\?(?:#[^)]*|[a-zA-Z]+)\)")
_BACK = "(?P="
_ATOM = re.compile(
    r"\(\?P=\w+\)|\\(?:\d+|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|N\{[^}]*\}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|.",
    re.DOTALL,
)
_NO_CHARACTER = frozenset({"^", "$", r"\b", r"\B", r"\A", r"\Z"})

Behind = frozenset[str] | None
"""The characters, as patterns, of which one must stand next; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a sequence and how often it may stand there; `most` is None for any number.

    `inside` has the alternatives of a group; `atom` is the pattern of one character, or of a place or a
    back-reference. A group that is not `plain` looks ahead or behind, or depends on another one.
    """

    atom: str
    inside: tuple[tuple[Item, ...], ...]
    least: int
    most: int | None
    plain: bool = True

    @property
    def is_character(self) -> bool:
        """Whether it stands for characters, one each time."""
        return bool(self.atom) and self.atom not in _NO_CHARACTER and not is_back_reference(self.atom)


Sequences = tuple[tuple[Item, ...], ...]


def is_back_reference(atom: str) -> bool:
    """Whether an atom repeats what a group has matched."""
    return atom.startswith(_BACK) or (atom[:1] == "\\" and atom[1:].isdigit())


def first(items: tuple[Item, ...], behind: Behind) -> Behind:
    """What must stand where these items begin, given what must stand behind them."""
    found: frozenset[str] = frozenset()
    for item in items:
        if item.inside:
            beginnings = [first(each, None) for each in item.inside]
            if not item.plain or any(each is None for each in beginnings):
                return None
            found = found.union(*(each for each in beginnings if each is not None))
        elif item.is_character:
            found |= {item.atom}
        else:
            return None
        if item.least:
            return found
    return None if behind is None else found | behind


def read(pattern: str) -> Sequences:
    """The alternatives of a pattern that Python has compiled."""
    return _Reader(pattern).alternatives()


class _Reader:
    """Goes through a pattern once."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def alternatives(self) -> Sequences:
        """All up to the closing parenthesis or the end."""
        found: list[list[Item]] = [[]]
        while self._at < len(self._pattern) and self._pattern[self._at] != ")":
            if self._pattern[self._at] == "|":
                self._at += 1
                found.append([])
            elif silent := _SILENT.match(self._pattern, self._at):
                self._at = silent.end()
            else:
                found[-1].append(self._item())
        return tuple(tuple(sequence) for sequence in found)

    def _item(self) -> Item:
        plain = _PLAIN_OPENING.match(self._pattern, self._at)
        if opening := plain or _OTHER_OPENING.match(self._pattern, self._at):
            self._at = opening.end()
            inside = self.alternatives()
            self._at += 1
            return Item("", inside, *self._repeats(), plain is not None)
        single = _ATOM.match(self._pattern, self._at)
        atom = single[0] if single else self._pattern[self._at]
        self._at += len(atom)
        return Item(atom, (), *self._repeats())

    def _repeats(self) -> tuple[int, int | None]:
        """The least and the most number of times, 1 and 1 where nothing is said."""
        found = _QUANTIFIER.match(self._pattern, self._at)
        if not found or found[0].startswith("{}"):
            return 1, 1
        self._at = found.end()
        if found[0][0] != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0][0]]
        least = int(found[1] or 0)
        return least, int(found[3]) if found[3] else None if found[2] else least
