"""Format-Table: columns as wide as their values, the last ones cut or left out where the console is too narrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wizard.practice.formatting.shown import is_right, shown
from wizard.practice.formatting.width import broken, cells, cut, padded, wrapped
from wizard.practice.values import Value


@dataclass(frozen=True, slots=True)
class Head:
    """A column's label; `width` None means as wide as the values; `right` None means as the first value says."""

    label: str
    width: int | None = None
    right: bool | None = None


def as_table(
    heads: Sequence[Head], rows: Sequence[Sequence[Value]], width: int, wrap: bool = False, headers: bool = True
) -> list[str]:
    """The lines of a table: a blank line, the labels, dashes, a line for each row, a blank line.

    `wrap` breaks long values over several lines instead of cutting them.
    """
    texts = [[shown(value) for value in row] for row in rows]
    widths = _fitted(_wanted(heads, texts), width, texts if wrap else None)
    right = [_right(head, [row[at] for row in rows]) for at, head in enumerate(heads)]
    grid = _Grid(widths, right, last=len(heads) - 1)
    lines = [""]
    if headers:
        labels = [broken(head.label, size) if size else [""] for head, size in zip(heads, widths, strict=True)]
        lines += [line.rstrip() for line in grid.lines(labels)]
        dashes = [["-" * min(cells(head.label), size)] for head, size in zip(heads, widths, strict=True)]
        lines += grid.lines(dashes)
    for row in texts:
        parts = [
            wrapped(text, size) if wrap and size else [cut(text, size)] for text, size in zip(row, widths, strict=True)
        ]
        lines += grid.lines(parts)
    return [*lines, ""]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns stand. A column of width 0 is left out; the very last is not filled up with blanks."""

    widths: Sequence[int]
    right: Sequence[bool]
    last: int

    def lines(self, parts: Sequence[list[str]]) -> list[str]:
        """One row, whose columns may have several lines."""
        shown_at = [at for at, size in enumerate(self.widths) if size]
        lines: list[str] = []
        for line in range(max((len(parts[at]) for at in shown_at), default=0)):
            pieces = []
            for at in shown_at:
                text = parts[at][line] if line < len(parts[at]) else ""
                full = padded(text, self.widths[at], self.right[at])
                pieces.append(full.rstrip(" ") if at == self.last and not self.right[at] and text else full)
            lines.append(" ".join(pieces) if shown_at[-1:] != [self.last] else _trimmed(pieces))
        return lines


def _trimmed(pieces: list[str]) -> str:
    """A row whose last column is empty has no blanks for it."""
    return " ".join([*pieces[:-1], pieces[-1].rstrip(" ")] if not pieces[-1].strip() else pieces)


def _wanted(heads: Sequence[Head], texts: Sequence[Sequence[str]]) -> list[int]:
    """The width each column would have on a console wide enough."""
    return [
        head.width or max([cells(head.label), 1, *(max(map(cells, _parts(row[at]))) for row in texts)])
        for at, head in enumerate(heads)
    ]


def _parts(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _fitted(widths: list[int], width: int, wrapping: Sequence[Sequence[str]] | None) -> list[int]:
    """Widths that fit: the last column is cut, and where nothing is left of it, it is left out (0)."""
    fitted = list(widths)
    for at in range(len(fitted) - 1, -1, -1):
        shown_now = [size for size in fitted if size]
        excess = sum(shown_now) + len(shown_now) - 1 - width
        if excess <= 0:
            break
        fitted[at] = fitted[at] - excess if fitted[at] - excess >= 1 or (at == 0 and wrapping is not None) else 0
    if not any(fitted) and fitted:
        fitted[0] = max(width, 1)
    return fitted


def _right(head: Head, values: Sequence[Value]) -> bool:
    """Whether a column is put to the right: as it is declared, or as its first value is."""
    if head.right is not None:
        return head.right
    return bool(values) and is_right(values[0])
