r"""JSON objects that a console or a mail program broke over lines, each put back on one line.

White space outside of strings means nothing in JSON. Inside a string ConvertTo-Json never writes a
line end, so one that stands there was put in on the way; what may be lost with it is a blank, for a
copy from a console drops those at line ends. Where blanks are written `\u0020` none can be lost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from wizard.facts import Line
from wizard.reading.console import cells, loosely

_WHITE = re.compile(r"[ \t\n]+")
_BLANK_INSIDE_A_LINE = re.compile(r"[^ \t\n][ \t]+[^ \t\n]")
# A backslash belongs to the next character that is no white space; a string that is not closed ends with the text.
_STRING = r'"(?:[^"\\]|\\\s*\S)*"?'
_BRACE = re.compile(rf"{_STRING}|[{{}}]")
_STRING_OR_WHITE = re.compile(rf"{_STRING}|[ \t\n]+")
_COLON = re.compile(r"[ \t\n]*:")
_INSIDE_AN_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u[0-9A-Fa-f]{0,3})?\Z")


@dataclass(frozen=True, slots=True)
class Rejoined:
    """One object on one line, `plain`, and the lines it was taken from.

    `spaced` is the same with a blank wherever one may have been lost at a line end, so the two differ
    just where the text is not certain. `blankless` says that its blanks are written by number, `broken`
    that something had broken it over lines. Where `why` says why the object is not there whole, there
    is no text.
    """

    plain: str
    spaced: str
    lines: tuple[Line, ...]
    blankless: bool = False
    broken: bool = False
    why: str = ""


def rejoined(lines: Sequence[Line], first: str) -> tuple[Rejoined, ...]:
    """The objects among the lines whose first property is `first`, in their order.

    Whatever stands between them is left out; one that is not closed before the next begins, or before
    the text ends, is there without its text.
    """
    page = _Page("\n".join(line.text for line in lines), lines)
    starts = [found.start() for found in beginning(first).finditer(page.text)]
    return tuple(page.object(start, limit) for start, limit in pairwise([*starts, len(page.text)]))


def beginning(first: str) -> re.Pattern[str]:
    """A regular expression for the beginning of an object with this first property, wherever it is broken."""
    return re.compile(rf'\{{\s*"\s*{loosely(first)}\s*"\s*:')


class _Page:
    """All lines as one text, and what they tell about the console they were copied from.

    `width` is the longest line in columns, so the console is at least that wide. `kept` says that
    blanks at line ends survived the copy.
    """

    def __init__(self, text: str, lines: Sequence[Line]) -> None:
        self.text = text
        self.lines = lines
        self.starts = [0, *accumulate(len(line.text) + 1 for line in lines)]
        self.width = max((cells(line.text.rstrip()) for line in lines), default=0)
        self.kept = any(line.text.endswith(" ") for line in lines)

    def object(self, start: int, limit: int) -> Rejoined:
        """The object that begins at `start`, if it ends before `limit`."""
        end = self._end(start, limit)
        taken = self._lines(start, end or limit)
        if end is None:
            return Rejoined("", "", taken, why="the record that begins here is cut off before its end")
        raw = self.text[start:end]
        squeezed = _WHITE.sub("", raw)
        if not re.match(r'\{"\w+":"[A-Za-z]+\\u0020', squeezed):
            return self._with_blanks(start, end, taken)
        if _BLANK_INSIDE_A_LINE.search(raw):
            why = "blanks stand in a record that is written without any: something changed it on the way"
            return Rejoined("", "", taken, why=why)
        return Rejoined(squeezed, squeezed, taken, blankless=True, broken="\n" in raw)

    def _with_blanks(self, start: int, end: int, taken: tuple[Line, ...]) -> Rejoined:
        """An object in which blanks are blanks: its strings are joined line by line, and no name has one."""
        plain: list[str] = []
        spaced: list[str] = []
        broken = False
        at = start
        for found in _STRING_OR_WHITE.finditer(self.text, start, end):
            between = self.text[at : found.start()]
            plain.append(between)
            spaced.append(between)
            at = found.end()
            is_name = bool(_COLON.match(self.text, at))
            for position, piece in self._pieces(found):
                glue, other = self._glue(position) if position and not is_name else ("", "")
                broken = broken or bool(position)
                plain += (glue, piece)
                spaced += (other, piece)
        plain.append(self.text[at:end])
        spaced.append(self.text[at:end])
        return Rejoined("".join(plain), "".join(spaced), taken, broken=broken)

    def _pieces(self, found: re.Match[str]) -> list[tuple[int, str]]:
        """The pieces of a string, each with where the line end before it stands, 0 for none; of white space none."""
        if not found[0].startswith('"'):
            return []
        pieces: list[tuple[int, str]] = []
        at, before = found.start(), 0
        for piece in found[0].split("\n"):
            pieces.append((before, piece))
            before = at + len(piece)
            at = before + 1
        return pieces

    def _glue(self, line_end: int) -> tuple[str, str]:
        """What stood at a line end inside a string, and the other thing that may have: nothing or blanks.

        A console leaves a row shorter than its width only where it ended in blanks that the copy lost.
        A row as long as the longest may have lost one beyond it.
        """
        upper = self.text[self.text.rfind("\n", 0, line_end) + 1 : line_end]
        lower = self.text[line_end + 1 : line_end + 2]
        if _INSIDE_AN_ESCAPE.search(upper) or upper.endswith(" ") or lower == " ":
            return "", ""
        if cells(upper) + cells(lower) <= self.width:
            return " ", " " * (self.width - cells(upper))
        return "", "" if self.kept else " "

    def _end(self, start: int, limit: int) -> int | None:
        """Where the object that begins at `start` is closed; None when it is not before `limit`."""
        depth = 0
        for found in _BRACE.finditer(self.text, start, limit):
            depth += (found[0] == "{") - (found[0] == "}")
            if not depth:
                return found.end()
        return None

    def _lines(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines from which the text between two places was taken."""
        first = bisect_right(self.starts, start) - 1
        return tuple(self.lines[first : bisect_right(self.starts, max(end - 1, start))])
