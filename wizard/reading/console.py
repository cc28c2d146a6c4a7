"""What a console does to text: it counts in cells, wraps lines and echoes the commands typed into it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from wizard.facts import Line

ELLIPSES = ("\u2026", "...")
"""How PowerShell 7 and Windows PowerShell 5.1 end a value they cut."""

QUOTE = "['\"`\u2018\u2019\u201a\u201b\u201c\u201d\u201e]"
"""A regular expression for one quote, straight or as web pages and word processors curl it."""

_COMMAND = re.compile(
    r"(?i)\s*(?:PS>|>>?)?\s*(?:[\w$(.\[\]]{0,40}\s*=\s*)?\(?"
    r"(?:Get|Set|Enable|Disable|New|Remove|Import|Export|Retry|Resume|Restart|Start|Stop|Test|Update|Add|Select|Where)"
    r"[-\u2010-\u2015][A-Za-z]{3,60}(?![\w:-])"
)


def cells(text: str) -> int:
    """How many console columns a text takes: two for each wide East Asian character."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def is_command(line: str) -> bool:
    """Whether a line is a cmdlet call, typed or echoed, and not something a cmdlet printed."""
    found = _COMMAND.match(line[:200])
    if not found:
        return False
    after = line[found.end() :].lstrip()
    return not after.startswith((":", "wurde", "is not recognized"))


def loosely(words: str) -> str:
    """A regular expression for words that a console may have wrapped anywhere, even inside a word."""
    return r"\s*".join(re.escape(character) for character in words if not character.isspace())


@dataclass(frozen=True, slots=True)
class Folded:
    """Lines as one string: every run of white space is one blank, and so is every line end."""

    text: str
    lines: tuple[Line, ...]
    starts: tuple[int, ...]

    def lines_of(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines that the characters from `start` up to, not including, `end` were taken from."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = bisect_right(self.starts, max(end - 1, start))
        return self.lines[first:last]


def fold(lines: Iterable[Line]) -> Folded:
    """The lines that are not blank, folded into one string that still knows where each came from."""
    pieces: list[str] = []
    kept: list[Line] = []
    starts: list[int] = []
    length = 0
    for line in lines:
        piece = " ".join(line.text.split())
        if piece:
            pieces.append(piece)
            kept.append(line)
            starts.append(length)
            length += len(piece) + 1
    return Folded(" ".join(pieces), tuple(kept), tuple(starts))
