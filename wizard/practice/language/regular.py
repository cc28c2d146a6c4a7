"""Regular expressions that come to an end: Python's own, after a bound on what trying them can cost.

A backtracking matcher tries every way in which the repeats of a pattern can share out a text. `Regular` counts these
ways before it matches, and does not begin where there are too many; a whole line of input has a limit in seconds.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache

from wizard.practice.language.faults import NotKnownError
from wizard.practice.language.repeats import Behind, Item, Sequences, first, is_back_reference, read
from wizard.practice.language.texts import failure

MOST_TRIES = 200_000_000
"""Tries that one match may need at the worst; a few seconds."""

LONGEST = 5.0
"""Seconds of matching after which a whole line of input is given up."""

_GIVEN_UP = (
    "The practice shell does not try this regular expression: on this text it has more ways to match than can be "
    "tried. Write it without a repeat inside a repeat, or with fewer of them."
)
_OF_A_PART = re.compile(r"\(\?[a-zA-Z-]+:")
"""Flags for a part alone: there an atom cannot be looked at by itself."""

_VERBOSE = re.compile(r"\(\?[a-zA-Z]*x")


class _Spent(threading.local):
    """Seconds that the present line has matched for."""

    seconds = 0.0


_spent = _Spent()


def begin_line() -> None:
    """A new line of input has its whole time for matching."""
    _spent.seconds = 0.0


class Regular:
    """A compiled expression whose every match comes to an end; each method raises NotKnownError where it might not."""

    def __init__(self, compiled: re.Pattern[str]) -> None:
        self._compiled = compiled

    def search(self, text: str) -> re.Match[str] | None:
        """The first match."""
        with self._bounded(text):
            return self._compiled.search(text)

    def split(self, text: str, maxsplit: int) -> list[str | None]:
        """The pieces between the matches, and what their groups hold; 0 for any number of them."""
        with self._bounded(text):
            return list(self._compiled.split(text, maxsplit=maxsplit))

    def sub(self, filled: Callable[[re.Match[str]], str], text: str) -> str:
        """The text with every match replaced."""
        with self._bounded(text):
            return self._compiled.sub(filled, text)

    def tries(self, text: str) -> int:
        """How much a match may have to try in this text, at the worst; not exact above MOST_TRIES.

        Raises:
            NotKnownError: the expression has flags under which that cannot be told.
        """
        return _Bound(self._compiled, text).whole(self._read)

    @contextmanager
    def _bounded(self, text: str) -> Iterator[None]:
        if _spent.seconds > LONGEST or self.tries(text) > MOST_TRIES:
            raise NotKnownError(_GIVEN_UP)
        began = time.perf_counter()
        try:
            yield
        finally:
            _spent.seconds += time.perf_counter() - began

    @cached_property
    def _read(self) -> Sequences:
        if self._compiled.flags & re.VERBOSE or _VERBOSE.search(self._compiled.pattern):
            raise NotKnownError("The practice shell does not know (?x) in regular expressions.")
        return read(self._compiled.pattern)


class _Bound:
    """What a pattern can cost on one text. Ways and tries come as a pair, cut off above MOST_TRIES.

    Ways: how often an item can end, so that what stands behind it is tried. Tries: what is looked at for that.
    """

    def __init__(self, compiled: re.Pattern[str], text: str) -> None:
        self._flags = compiled.flags
        self._text = text
        self._alike = not _OF_A_PART.search(compiled.pattern)
        self._starts = len(text) + 1
        self._characters = frozenset(text)
        self._runs: dict[str, int] = {}
        self._matching: dict[str, frozenset[str]] = {}

    def whole(self, sequences: Sequences) -> int:
        """The tries of a search through the whole text; what stands last is not tried again once it has matched."""
        ways, tries = self._alternatives(sequences, frozenset(), last=True)
        return self._starts + self._beginnings(sequences) * (ways + tries)

    def _beginnings(self, sequences: Sequences) -> int:
        """At how many places of the text the single atoms stand with which the pattern begins."""
        prefix = ""
        for item in sequences[0] if len(sequences) == 1 and self._alike else ():
            if (item.least, item.most) != (1, 1) or item.inside or is_back_reference(item.atom):
                break
            prefix += item.atom
        places = re.finditer(f"(?={prefix})", self._text, self._flags) if prefix else ()
        return sum(1 for _ in places) if prefix else self._starts

    def _alternatives(self, sequences: Sequences, behind: Behind, last: bool) -> tuple[int, int]:
        every = [self._sequence(sequence, behind, last) for sequence in sequences]
        return _cut(sum(ways for ways, _ in every)), _cut(sum(tries for _, tries in every))

    def _sequence(self, sequence: tuple[Item, ...], behind: Behind, last: bool) -> tuple[int, int]:
        ways, tries = 1, 0
        for at, item in enumerate(sequence):
            rest = sequence[at + 1 :]
            more, cost = self._item(item, first(rest, behind), last and not rest)
            tries = _cut(tries + ways * cost)
            ways = _cut(ways * more)
        return ways, tries

    def _item(self, item: Item, behind: Behind, last: bool) -> tuple[int, int]:
        most = min(self._starts, self._starts if item.most is None else item.most)
        choices = max(most - item.least, 0) + 1
        if item.inside:
            return self._group(item, behind, last, most, choices)
        if choices == 1:
            return 1, 1 + item.least // 10
        choices = min(choices, self._run(item.atom) + 1)
        if last:
            return 1, choices
        return self._ends(item, behind, choices), choices

    def _group(self, item: Item, behind: Behind, last: bool, most: int, choices: int) -> tuple[int, int]:
        if item.most == 1:
            ways, tries = self._alternatives(item.inside, behind if item.plain else None, last and item.plain)
            return ways + 1 - item.least, tries + 1
        again = first((Item("", item.inside, 1, 1, item.plain),), None)
        ways, tries = self._alternatives(
            item.inside, None if again is None or behind is None else again | behind, last=False
        )
        if last and item.plain:
            ways = _power(ways, max(item.least, 1))
            return ways, _cut(tries * ways * max(item.least, 1))
        ways = _power(ways, most)
        return _cut(ways * choices), _cut(ways * tries * most)

    def _ends(self, item: Item, behind: Behind, choices: int) -> int:
        """How often a repeated character can end where what is behind it goes on."""
        if not self._alike or behind is None or not item.is_character:
            return choices
        next_ones = frozenset().union(*(self._of(atom) for atom in behind))
        if not next_ones & self._of(item.atom):
            return 1
        return min(choices, sum(map(self._text.count, next_ones)) + 1)

    def _of(self, atom: str) -> frozenset[str]:
        """The characters of the text that an atom matches."""
        if atom not in self._matching:
            matches = re.compile(atom, self._flags).fullmatch
            self._matching[atom] = frozenset(each for each in self._characters if matches(each))
        return self._matching[atom]

    def _run(self, atom: str) -> int:
        """How many characters in a row an atom matches; all of the text where that cannot be told."""
        if not self._alike or is_back_reference(atom):
            return len(self._text)
        if atom not in self._runs:
            runs = re.finditer(f"(?:{atom})+", self._text, self._flags)
            self._runs[atom] = max((run.end() - run.start() for run in runs), default=0)
        return self._runs[atom]


def _cut(tries: int) -> int:
    return min(tries, MOST_TRIES + 1)


def _power(ways: int, times: int) -> int:
    """Ways to the power of times, cut off above the limit."""
    if ways == 1 or times == 1:
        return ways
    return MOST_TRIES + 1 if ways and times * ways.bit_length() > 64 else _cut(ways**times)


@lru_cache(maxsize=256)
def regular(pattern: str, cased: bool = False) -> Regular:
    """A .NET regular expression, as far as Python has the same.

    Raises:
        Raised: it cannot be read.
    """
    translated = re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern)
    try:
        return Regular(re.compile(translated, 0 if cased else re.IGNORECASE))
    except (re.error, OverflowError, RecursionError) as error:
        raise failure(
            f'parsing "{pattern}" - the practice shell cannot read this regular expression: {error}.',
            "InvalidRegularExpression",
            exception="ArgumentException",
        ) from None
