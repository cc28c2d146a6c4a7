"""What the practice console has printed, drawn only where it is seen: ten thousand lines scroll like ten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from screens.practice.training import Training
from screens.practice.written import Kind, Written
from screens.shown import shown

TABULATOR = 8

STYLES = {Kind.STORY: "story", Kind.TYPED: "typed", Kind.COACH: "coach"}
"""The kinds of lines that are drawn otherwise than what the shell prints; each says by its words what it is."""


def rows_of(text: str, width: int) -> list[str]:
    """A line as a console of this width breaks it: wherever the width ends, with nothing a terminal could act on."""
    text = shown(text.expandtabs(TABULATOR))
    if not text or width < 1:
        return [text]
    if text.isascii():
        return [text[at : at + width] for at in range(0, len(text), width)]
    return chop_cells(text, width) if cell_len(text) > width else [text]


def words_in_rows(text: str, width: int) -> list[str]:
    """A sentence of ours, broken between words; what is indented stays as it is."""
    text = shown(text)
    rows = [""]
    for word in text.split(" "):
        joined = f"{rows[-1]} {word}" if rows[-1] else word
        if rows[-1] and cell_len(joined) > width:
            rows.append(word)
        else:
            rows[-1] = joined
    return [piece for row in rows for piece in rows_of(row, width)]


class Scrollback(ScrollView, can_focus=False):
    """The lines of a training, at whose end it stands whenever something is added."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"scrollback--{name}" for name in STYLES.values()}

    def __init__(self, training: Training) -> None:
        super().__init__(id="scrollback")
        self._training = training
        self._rows: list[tuple[str, Kind]] = []
        self._width = 0
        self._drawn = 0

    def on_resize(self, event: events.Resize) -> None:
        """Break all lines anew where the width is another, and stay at the end."""
        width = self.scrollable_content_region.width or event.size.width
        self._training.console.resize(width)
        if width != self._width:
            self._width = width
            self._rows.clear()
            self._drawn = 0
        self.add()

    def add(self) -> None:
        """Show what the training has written since, and go to the end."""
        training = self._training
        if not self._width:
            return
        if self._drawn < training.dropped:
            self._rows.clear()
            self._drawn = training.dropped
        new = training.lines[self._drawn - training.dropped :]
        self._rows += self._broken(new)
        self._drawn = training.dropped + len(training.lines)
        self.virtual_size = Size(self._width, len(self._rows))
        self.refresh()
        self.call_after_refresh(self.to_end)

    def to_end(self) -> None:
        """Scroll to the end."""
        self.scroll_end(animate=False, immediate=True, force=True)

    def _broken(self, lines: Iterable[Written]) -> list[tuple[str, Kind]]:
        return [
            (row, line.kind)
            for line in lines
            for row in (words_in_rows if line.kind in (Kind.STORY, Kind.COACH) else rows_of)(line.text, self._width)
        ]

    def render_line(self, y: int) -> Strip:
        """One row of those that are seen."""
        number = y + self.scroll_offset.y
        if number >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        text, kind = self._rows[number]
        style = self.rich_style
        if name := STYLES.get(kind):
            style = self.get_component_rich_style(f"scrollback--{name}")
        pieces = [Segment(text, style)]
        if (selection := self.text_selection) and (span := selection.get_span(number)):
            start, end = span[0], len(text) if span[1] == -1 else span[1]
            marked = self.screen.get_component_rich_style("screen--selection")
            pieces = [Segment(text[:start], style), Segment(text[start:end], marked), Segment(text[end:], style)]
        return Strip(pieces).adjust_cell_length(self.size.width, self.rich_style).apply_offsets(0, number)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The marked text, row by row as it is seen."""
        return selection.extract("\n".join(text for text, _kind in self._rows)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - as Textual asks
        """Draw the mark."""
        self.refresh()

    def page(self, pages: int) -> None:
        """Scroll by what is seen, less one row to keep the place."""
        self.scroll_relative(y=pages * max(self.size.height - 1, 1), animate=False)
