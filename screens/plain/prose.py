"""Words for a person, told from lines that are copied: only those may be broken to a terminal's width."""

from __future__ import annotations

import textwrap

NARROWEST = 20
"""Columns below which nothing is broken: there would be a word on each line."""


class Prose(str):
    """Words for a person. Any other line stands as it is, for a break in a command would be one in its copy."""

    __slots__ = ()


def wrapped(words: str, columns: int) -> str:
    """The words with breaks between them, so that a terminal of so many columns makes none within a word.

    What goes on below begins a little further in, where the line began further in.
    """
    return "\n".join(_line(line, columns) for line in words.split("\n"))


def _line(line: str, columns: int) -> str:
    # The last column is left free: a terminal may go on below once it is written to.
    if len(line) < columns or columns < NARROWEST:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.lstrip(),
        columns - 1,
        initial_indent=indent,
        subsequent_indent=f"{indent}   " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
