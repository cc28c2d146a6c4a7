"""A TOML file read key by key, so that everything wrong in it is said with its line and what to write instead."""

from __future__ import annotations

import difflib
import enum
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wizard.machine.inert import hidden

Choice = TypeVar("Choice", bound=enum.Enum)

Step = str | int
"""One step down a file: a key, or the place in an array of tables (0 first)."""

MOST_CHARACTERS = 2_000
"""Characters of one text of a file."""

MOST_LISTED = 60
"""Strings in one list of a file."""

MOST_TABLES = 30
"""Tables of one sort in a file."""

_NAME = re.compile(r"[\w.-]{1,40}", re.ASCII)
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([\w-]+|"[^"]*"|'[^']*')\s*=""")
_DOTTED = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_QUOTES = ('"""', "'''")


@dataclass(slots=True)
class Problems:
    """What is wrong in one file, as sentences with their places."""

    name: str
    lines: Mapping[tuple[Step, ...], int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def add(self, path: tuple[Step, ...], sentence: str) -> None:
        """One more: where it stands, and what to write instead."""
        known = next((self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), None)
        place = f"{self.name}, line {known}" if known else self.name
        self.found.append(f"{place}{f', {named(path)}' if path else ''}: {sentence}")


def named(path: tuple[Step, ...]) -> str:
    """A place in words: `goals 2, say`."""
    words = ""
    for step in path:
        words += f" {step + 1}" if isinstance(step, int) else f"{', ' if words else ''}{step}"
    return words


def opened(text: str, name: str) -> tuple[Table | None, Problems]:
    """The file as a table, None where it is no TOML, and where what is found wrong is gathered."""
    problems = Problems(name, _places(text))
    try:
        return Table(tomllib.loads(text), (), problems), problems
    except (ValueError, RecursionError) as error:
        # Not TOMLDecodeError alone: a number of thousands of digits and brackets nested as deep are other errors.
        deep = isinstance(error, RecursionError)
        reason = "it has brackets within brackets, deeper than anybody writes" if deep else error
        problems.found.append(f"{name}: this is not TOML: {reason}.")
        return None, problems


class Table:
    """One table; every key that was asked for is known, and `done` complains of all others."""

    def __init__(self, table: Mapping[str, Any], path: tuple[Step, ...], problems: Problems) -> None:
        self.path = path
        self._table = table
        self._problems = problems
        self._asked: set[str] = set()

    def wrong(self, sentence: str, *key: Step) -> None:
        """Say what is wrong with a key of this table, or with the table."""
        self._problems.add((*self.path, *key), sentence)

    def has(self, key: str) -> bool:
        """Whether the key stands there."""
        return key in self._table

    def held(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._table)

    def value(self, key: str) -> Any:
        """Whatever stands there, None for nothing."""
        self._asked.add(key)
        return self._table.get(key)

    def text(self, key: str, default: str | None = None, lines: bool = False) -> str:
        """A string without blanks at its ends, of one line unless `lines`; needed where there is no default."""
        found = self.value(key)
        if isinstance(found, str) and (found.strip() or default is not None):
            return found.strip() if self.fit(key, found.strip(), lines) else default or ""
        if found is None and default is not None:
            return default
        self.wrong(f'write {key} = "..." with some text in it.', key)
        return default or ""

    def fit(self, key: str, text: str, lines: bool = False) -> bool:
        """Whether a string can be shown to anybody; complains of one that cannot, by the number of its character."""
        if len(text) > MOST_CHARACTERS:
            self.wrong(f"this is too long; write at most {MOST_CHARACTERS} characters.", key)
            return False
        for character in text:
            if hidden(character) or (character in "\n\t" and not lines):
                self.wrong(f"a character in it cannot be shown: U+{ord(character):04X}. Take it out.", key)
                return False
        return True

    def number(self, key: str, default: int, least: int = 0, most: int = 10_000) -> int:
        """A whole number."""
        found = self.value(key)
        if found is None:
            return default
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        self.wrong(f"write a whole number from {least} to {most}, such as {key} = {default}.", key)
        return default

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        found = self.value(key)
        if found is None or isinstance(found, bool):
            return default if found is None else found
        self.wrong(f"write {key} = true or {key} = false.", key)
        return default

    def choice(self, key: str, default: Choice, words: Mapping[str, Choice] | None = None) -> Choice:
        """One of an enum's members, by its value or by the words that are given."""
        known = words or {str(each.value): each for each in type(default)}
        found = self.value(key)
        if found is None:
            return default
        if isinstance(found, str) and found in known:
            return known[found]
        self.wrong(f"{_said(found)} is not known; write one of: {', '.join(known)}.", key)
        return default

    def words(self, key: str, default: tuple[str, ...] | None = None, lines: bool = False) -> tuple[str, ...]:
        """One string or a list of strings, each of one line unless `lines`; needed where there is no default."""
        found = self.value(key)
        if found is None and default is not None:
            return default
        listed = [found] if isinstance(found, str) else found
        if isinstance(listed, list) and listed and all(isinstance(each, str) for each in listed):
            if len(listed) <= MOST_LISTED:
                return tuple(listed) if all(self.fit(key, each, lines) for each in listed) else default or ()
            self.wrong(f"these are too many; write at most {MOST_LISTED}.", key)
            return default or ()
        self.wrong(f'write {key} = "one" or {key} = ["one", "two"].', key)
        return default or ()

    def table(self, key: str) -> Table:
        """The table under a key; an empty one where there is none."""
        found = self.value(key)
        if found is not None and not isinstance(found, dict):
            self.wrong(f"write a table here: [{key}].", key)
            found = None
        return Table(found or {}, (*self.path, key), self._problems)

    def named_tables(self, key: str, most: int) -> tuple[tuple[str, Table], ...]:
        """The tables under a key by their own keys: `[servers.EX1]`."""
        parent = self.table(key)
        if len(parent.held()) > most:
            self.wrong(f"these are too many; write at most {most}.", key)
            return ()
        for each in parent.held():
            if not _NAME.fullmatch(each):
                self.wrong("a key has letters, digits, _ and -, and at most 40 of them.", key, each)
        return tuple((each, parent.table(each)) for each in parent.held() if _NAME.fullmatch(each))

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables of an array: `[[goals]]`."""
        found = self.value(key)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.wrong(f"write tables here: [[{key}]].", key)
            return ()
        if len(found) > MOST_TABLES:
            self.wrong(f"these are too many; write at most {MOST_TABLES}.", key)
            return ()
        return tuple(Table(each, (*self.path, key, number), self._problems) for number, each in enumerate(found))

    def done(self, known: Iterable[str] = ()) -> None:
        """Complain of every key that nobody asked for."""
        possible = {*self._asked, *known}
        for key in self._table:
            if key not in self._asked:
                self.wrong(f"this key is not known here{_meant(key, possible)}.", key)


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean ...?` for a word that is nearly a known one; otherwise nothing."""
    close = difflib.get_close_matches(word, list(known), 1)
    return f" Did you mean {close[0]}?" if close else ""


def _meant(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, list(known), 1)
    return f"; did you mean {close[0]}" if close else f"; known are {', '.join(sorted(known))}"


def _said(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _places(text: str) -> dict[tuple[Step, ...], int]:
    """The number of the line on which each key and each table begins."""
    places: dict[tuple[Step, ...], int] = {}
    counts: dict[tuple[Step, ...], int] = {}
    path: tuple[Step, ...] = ()
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if header := _HEADER.match(line):
            path = _whole(tuple(word.strip("\"'") for word in _DOTTED.findall(header[2])), counts)
            if header[1] == "[[":
                counts[path] = counts.get(path, -1) + 1
                path = (*path, counts[path])
            places.setdefault(path, number)
        elif key := _KEY.match(line):
            places.setdefault((*path, key[1].strip("\"'")), number)
        inside = next((quote for quote in _QUOTES if line.count(quote) % 2), "")
    return places


def _whole(words: tuple[str, ...], counts: Mapping[tuple[Step, ...], int]) -> tuple[Step, ...]:
    """A header's path with the place in every array that it goes through."""
    path: tuple[Step, ...] = ()
    for word in words[:-1]:
        path = (*path, word)
        if path in counts:
            path = (*path, counts[path])
    return (*path, *words[-1:])
