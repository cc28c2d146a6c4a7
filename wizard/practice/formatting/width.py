"""Text in cells: wrapped at blanks or anywhere, cut, and put to either side.

Source: `shared` output of real PowerShell at several widths. In English cultures it wraps after a blank,
which stays at the end of the line; a word longer than the line is cut where the line ends.
"""

from __future__ import annotations

import unicodedata

CUT = "..."
"""What Windows PowerShell 5.1 writes where it cuts a value."""


def cells(text: str) -> int:
    """How many cells a text takes: two for each wide East Asian character."""
    if text.isascii():
        return len(text)
    return sum(cell(character) for character in text)


def cell(character: str) -> int:
    """How many cells a character takes."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a value, broken after blanks; line ends in the value break as well. Never empty."""
    return [line for part in _lines(text) for line in _wrapped_at_words(part, max(width, 1))]


def broken(text: str, width: int) -> list[str]:
    """The lines that a console makes of a text that is longer than its own: broken wherever the line ends."""
    return [line for part in _lines(text) for line in _filled("", part, max(width, 1))]


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _wrapped_at_words(text: str, width: int) -> list[str]:
    lines, current = [], ""
    for word in _words(text):
        if cells(word) > width:
            *full, current = _filled(current, word, width)
            lines += full
        elif cells(current) + cells(word) > width:
            lines.append(current)
            current = word
        else:
            current += word
    return [*lines, current]


def _words(text: str) -> list[str]:
    """The words, each with the blank behind it."""
    pieces = text.split(" ")
    return [f"{piece} " for piece in pieces[:-1]] + [pieces[-1]]


def _filled(start: str, text: str, width: int) -> list[str]:
    """Lines filled to the width, the first of which begins with `start`."""
    if text.isascii() and not start:
        return [text[at : at + width] for at in range(0, len(text), width)] or [""]
    lines, current, left = [], start, width - cells(start)
    for character in text:
        takes = min(cell(character), width)
        if takes > left:
            lines.append(current)
            current, left = "", width
        current += character
        left -= takes
    return [*lines, current]


def cut(text: str, width: int) -> str:
    """The text in one line of at most so many cells, ended with `...` where it is cut."""
    text = _lines(text)[0] if "\n" in text or "\r" in text else text
    if cells(text) <= width:
        return text
    if width <= len(CUT):
        return first_cells(text, width)
    return first_cells(text, width - len(CUT)) + CUT


def first_cells(text: str, width: int) -> str:
    """As much of the beginning of a text as so many cells hold."""
    taken = 0
    for at, character in enumerate(text):
        taken += cell(character)
        if taken > width:
            return text[:at]
    return text


def padded(text: str, width: int, right: bool = False) -> str:
    """The text with blanks up to the width."""
    blanks = " " * (width - cells(text))
    return blanks + text if right else text + blanks
