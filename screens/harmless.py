"""The last guard before the terminal: nothing is drawn that it could act on."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from screens.shown import PLACEHOLDER, shown


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
