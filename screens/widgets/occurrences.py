"""All failed handshakes as lines that are drawn only while they are seen: a hundred thousand scroll like ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.bound import bound
from screens.shown import shown
from wizard.occurrences import Occurrence

ROOMY = 96
"""Columns from which the other side's endpoint has room."""

NARROW = 60
"""Columns below which the year is left out."""

TIME, ERROR, REMOTE, CERTIFICATE = 19, 19, 22, 8


class Columns(NamedTuple):
    """How wide each column is; 0 where there is no room for it."""

    time: int
    connector: int
    error: int
    remote: int
    certificate: int

    def line(self, *texts: str) -> str:
        """Texts as one line, each cut to its column."""
        return " ".join(_cut(text, width) for text, width in zip(texts, self, strict=True) if width)


def columns_for(width: int) -> Columns:
    """Columns for a window of this width: the connector has what is left."""
    remote = REMOTE if width >= ROOMY else 0
    time, error = (TIME, ERROR) if width >= NARROW else (TIME - len("2026-"), ERROR - 4)
    others = time + 1 + error + 1 + CERTIFICATE + 1 + (remote and remote + 1)
    return Columns(time, max(width - others, 8), error, remote, CERTIFICATE)


def heading(columns: Columns) -> str:
    """The columns' names."""
    return columns.line("Time (UTC)", "Connector", "Error", "Other side", "Cert.")


class OccurrenceList(ScrollView, can_focus=True):
    """Failed handshakes, one of them chosen. Enter opens its session."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("enter", "open", "Rows of the session", "sessions.open", "Shows the rows of the session", priority=False),
        *(
            bound(key, action, label, f"sessions.{name}", f"Goes {label.lower()}", show=False, priority=False)
            for key, action, label, name in (
                ("up", "move(-1)", "Up", "up"),
                ("down", "move(1)", "Down", "down"),
                ("pageup", "page(-1)", "A page up", "page_up"),
                ("pagedown", "page(1)", "A page down", "page_down"),
                ("home", "first", "To the first", "first"),
                ("end", "last", "To the last", "last"),
            )
        ),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"occurrences--chosen"}

    chosen: reactive[int] = reactive(0)

    class Opened(Message):
        """A person wants to see the session of this failed handshake."""

        def __init__(self, occurrence: Occurrence) -> None:
            super().__init__()
            self.occurrence = occurrence

    def __init__(self, found: Sequence[Occurrence]) -> None:
        super().__init__(id="occurrences")
        self._found = found
        self._columns = columns_for(0)

    def on_resize(self, event: events.Resize) -> None:
        """Columns take the room there is."""
        self._columns = columns_for(self.scrollable_content_region.width or event.size.width)
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._found))
        self._bring()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of those that are seen."""
        number = y + self.scroll_offset.y
        if number >= len(self._found):
            return Strip.blank(self.size.width, self.rich_style)
        each = self._found[number]
        time = each.time[:TIME].replace("T", " ")[-self._columns.time :]
        texts = (time, each.connector, each.error, each.remote, each.thumbprint[:8])
        line = self._columns.line(*map(shown, texts))
        style = self.get_component_rich_style("occurrences--chosen") if number == self.chosen else self.rich_style
        return Strip([Segment(line, style)]).adjust_cell_length(self.size.width, style)

    def watch_chosen(self, before: int, now: int) -> None:
        """Draw the two lines that changed, and bring the chosen one into view."""
        for number in (before, now):
            self.refresh_lines(number, 1)
        self._bring()

    def _bring(self) -> None:
        self.scroll_to_region(Region(0, self.chosen, 1, 1), animate=False, force=True, immediate=True)

    def action_move(self, lines: int) -> None:
        """Choose another line."""
        self.chosen = min(max(self.chosen + lines, 0), max(len(self._found) - 1, 0))

    def action_page(self, pages: int) -> None:
        """Choose a line a page away."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Choose the first line."""
        self.chosen = 0

    def action_last(self) -> None:
        """Choose the last line."""
        self.action_move(len(self._found))

    def action_open(self) -> None:
        """Open the session of the chosen line."""
        if self._found:
            self.post_message(self.Opened(self._found[self.chosen]))

    def on_click(self, event: events.Click) -> None:
        """A click chooses, a second one opens."""
        number = event.y + self.scroll_offset.y
        if number < len(self._found):
            if number == self.chosen:
                self.action_open()
            self.chosen = number


def _cut(text: str, width: int) -> str:
    """A text that is as wide as its column."""
    if cell_len(text) > width:
        text = f"{set_cell_size(text, width - 3)}..."
    return set_cell_size(text, width)
