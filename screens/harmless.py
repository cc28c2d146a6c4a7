"""The last guards before the terminal: nothing is drawn that it could act on, nor what it cannot draw."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from screens.shown import PLACEHOLDER, shown
from wizard.console import with_ascii


class HarmlessFilter(LineFilter):
    """The last guard before the terminal, for text that is kept as it was given, such as a name being typed.

    Widths are settled by now: a character that takes no room is left out, another gets the placeholder.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments without anything a terminal could act on."""
        return [
            segment if segment.control or shown(segment.text) == segment.text else _harmless(segment)
            for segment in segments
        ]


def _harmless(segment: Segment) -> Segment:
    kept = (c if shown(c) == c else PLACEHOLDER * cell_len(c) for c in segment.text)
    return Segment("".join(kept), segment.style)


class AsciiFilter(LineFilter):
    """Draws with ASCII, for a console that has no lines and marks: whatever part of the screen they come from.

    Text of a person's own is kept as far as the encoding carries it; each cell of the rest is a `?`.
    """

    def __init__(self, carries: str) -> None:
        super().__init__()
        self._carries = carries

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments with every cell where it was."""
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(with_ascii(segment.text, self._carries, cell_len), segment.style)
            for segment in segments
        ]
