"""Format-List: a property a line, continued under its own column."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.practice.formatting.shown import shown
from wizard.practice.formatting.width import cells, cut, padded, wrapped
from wizard.practice.values import Value

Row = Sequence[tuple[str, Value]]
"""An object as its labels and values, in the order in which they are printed."""


def as_list(rows: Sequence[Row], width: int) -> list[str]:
    """The lines of a list of objects: a blank line, then each object's lines and a blank one."""
    lines = [""]
    for row in rows:
        lines += [*_object(row, width), ""]
    return lines


def _object(row: Row, width: int) -> list[str]:
    # The column of the values leaves them at least one cell, however narrow the console.
    label_width = min(max((cells(label) for label, _ in row), default=0), max(width - 4, 1))
    lines: list[str] = []
    for label, value in row:
        first, *more = wrapped(shown(value), width - label_width - 3)
        lines.append(f"{padded(cut(label, label_width), label_width)} : {first}")
        lines += [" " * (label_width + 3) + line for line in more]
    return lines
