"""The line at the top of a screen: where one is, in as many whole words as the window has room for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from screens.shown import shown
from wizard.console import SMALLEST

NAME = "exchange-cert-wizard"
LONGEST_CASE = 32
_GAP = "  "


class Worth(IntEnum):
    """How much a part of the line is missed; the least is left out first."""

    PROGRAM = 0
    ARTICLE = 1
    CASE = 2
    SERVER = 3
    KIND = 4
    STEP = 5
    WINDOW = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A few words of the line, which stand whole or not at all. `gap` parts them from those before."""

    worth: Worth
    text: str
    gap: str = _GAP


def case_part(called: str) -> Part:
    """What tells the case from others; a long name is cut, for it would not stand at all."""
    return Part(Worth.CASE, called if len(called) <= LONGEST_CASE else f"{called[: LONGEST_CASE - 3]}...")


def fitting(parts: Iterable[Part], columns: int) -> str:
    """The parts that there is room for, in their order; the one that is worth most always stands."""
    kept = [part for part in parts if part.text]
    while len(kept) > 1 and cell_len(_joined(kept)) > columns:
        kept.remove(min(kept, key=lambda part: part.worth))
    return _joined(kept)


def _joined(parts: list[Part]) -> str:
    first, *others = parts or [Part(Worth.PROGRAM, "")]
    return first.text + "".join(f"{part.gap}{part.text}" for part in others)


class TitleLine(Static):
    """The line, drawn anew for each width."""

    def __init__(self) -> None:
        super().__init__(NAME, id="title", markup=False)
        self._parts: tuple[Part, ...] = ()

    def show(self, *parts: Part) -> None:
        """Draw these parts behind the program's name."""
        self._parts = parts
        self._draw()

    def on_resize(self) -> None:
        """Another width has room for others."""
        self._draw()

    def _draw(self) -> None:
        columns, rows = self.app.size
        small = columns < SMALLEST[0] or rows < SMALLEST[1]
        window = f"window needs {SMALLEST[0]}x{SMALLEST[1]}" if small else ""
        parts = (Part(Worth.PROGRAM, NAME), *self._parts, Part(Worth.WINDOW, window))
        # A blank stands at either end.
        self.update(Content(fitting((Part(p.worth, shown(p.text), p.gap) for p in parts), columns - 2)))
