"""The screen of all failed handshakes of a log, and the rows of a chosen session."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import DataTable, Static

from screens.app.base import WizardDialog, bindings, in_background
from screens.app.dialogs import ReadingDialog, lines_shown
from screens.app.look import KeysFooter
from wizard.case.case import StepId
from wizard.facts import FailureGroup, Occurrence, Occurrences
from wizard.findings import MOST_KINDS, counted
from wizard.machine.inert import shown

ROOM_FOR_REMOTE = 96
"""From this width on there is room for the remote endpoint."""

NARROW = 60
"""Below this width the year is left out."""

TIME, ERROR, REMOTE, CERTIFICATE = 19, 19, 22, 8


class Columns(NamedTuple):
    """Column widths; 0 hides a column."""

    time: int
    connector: int
    error: int
    remote: int
    certificate: int

    def line(self, *texts: str) -> str:
        """Cut each text to its column and join them."""
        return " ".join(_cut(text, width) for text, width in zip(texts, self, strict=True) if width)


def columns_for(width: int) -> Columns:
    """Columns for this window width; the connector gets the rest."""
    remote = REMOTE if width >= ROOM_FOR_REMOTE else 0
    time, error = (TIME, ERROR) if width >= NARROW else (TIME - len("2026-"), ERROR - 4)
    others = time + 1 + error + 1 + CERTIFICATE + 1 + (remote and remote + 1)
    return Columns(time, max(width - others, 8), error, remote, CERTIFICATE)


def heading(columns: Columns) -> str:
    """The column names."""
    return columns.line("Time (UTC)", "Connector", "Error", "Other side", "Cert.")


class OccurrenceList(ScrollView, can_focus=True):
    """A list of failed handshakes with one chosen. Enter opens its session."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("sessions", part="list")
    COMPONENT_CLASSES: ClassVar[set[str]] = {"occurrences--chosen"}

    chosen: reactive[int] = reactive(0)

    class Opened(Message):
        """The session of this failed handshake was requested."""

        def __init__(self, occurrence: Occurrence) -> None:
            super().__init__()
            self.occurrence = occurrence

    def __init__(self, found: Sequence[Occurrence]) -> None:
        super().__init__(id="occurrences")
        self._found = found
        self._columns = columns_for(0)

    def on_resize(self, event: events.Resize) -> None:
        """Fit the columns."""
        self._columns = columns_for(self.scrollable_content_region.width or event.size.width)
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._found))
        self._bring()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
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
        """Redraw the two changed lines and scroll to the chosen one."""
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
        """A click chooses, a second click opens."""
        number = event.y + self.scroll_offset.y
        if number < len(self._found):
            if number == self.chosen:
                self.action_open()
            self.chosen = number


def _cut(text: str, width: int) -> str:
    """Cut or pad a text to its column."""
    if cell_len(text) > width:
        text = f"{set_cell_size(text, width - 3)}..."
    return set_cell_size(text, width)


FEW = "The first and last of each kind: a saved case keeps no more. Open the log again to see all."


class SessionsScreen(WizardDialog[None]):
    """The failed handshakes of a step's log."""

    scope = "sessions"
    BINDINGS: ClassVar[list[BindingType]] = bindings("sessions")

    def __init__(self, step: StepId, found: Occurrences, whole: bool = True) -> None:
        super().__init__()
        self._whole = whole
        self._step = step
        self._found = found

    def compose(self) -> ComposeResult:
        """The column names, the list, and a status line."""
        with Vertical(id="dialog", classes="sessions") as frame:
            frame.border_title = Content(counted(len(self._found), "failed handshake"))
            yield Static("", id="columns", markup=False)
            yield OccurrenceList(self._found)
            yield Static(self._doing(), id="doing", markup=False)
        yield KeysFooter()

    def _doing(self) -> str:
        rows = self.named("{sessions.open} shows all rows of its session.")
        return rows if self._whole else f"{FEW} {rows}"

    def on_mount(self) -> None:
        """Focus the list."""
        self.query_one(OccurrenceList).focus()

    def on_resize(self) -> None:
        """Align the column names."""
        self.call_after_refresh(self._draw_heading)

    def _draw_heading(self) -> None:
        for found in self.query(OccurrenceList):
            columns = columns_for(found.scrollable_content_region.width)
            self.query_one("#columns", Static).update(Content(heading(columns)))

    @on(OccurrenceList.Opened)
    def _opened(self, event: OccurrenceList.Opened) -> None:
        looking = f"Looking for the rows of {event.occurrence.session}..."
        self.query_one("#doing", Static).update(Content(shown(looking)))
        in_background(self, "session", partial(self._open, event.occurrence))

    async def _open(self, each: Occurrence) -> None:
        from wizard.steps.intake import open_session  # noqa: PLC0415 - no log is there before the first screen

        given_up = threading.Event()
        case = self.wizard.case
        try:
            rows = await asyncio.to_thread(open_session, case, self._step, each, given_up.is_set)
        finally:
            given_up.set()
        if isinstance(rows, str):
            self.query_one("#doing", Static).update(Content(shown(rows)))
            return
        self.query_one("#doing", Static).update(Content(self._doing()))
        lines = [*lines_shown(rows.lines, "rows")]
        if not rows.whole:
            lines.append(Content("The session's first or last row is not in these logs."))
        self.app.push_screen(ReadingDialog(f"Session {each.session}", Content("\n").join(lines)))

    def action_close(self) -> None:
        """Return to the step."""
        self.dismiss()


HEADERS = ("Connector", "Error", "Sess.", "First", "Last", "Certificate")

LEFT_OUT = ("First", "Sess.", "Last")
"""Columns that narrow windows drop first, in this order: the others tell groups apart."""

SHORTEST_NAME, LONGEST_NAME = 14, 60

ROOM_FOR_DATES = 90
"""From this width on dates are written out."""

PADDING = 2
"""Blanks beside a column."""


class FailureTable(DataTable[Text]):
    """Hides columns that do not fit. Times are UTC, as in the log. Enter opens a group's sessions."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("step", part="failures")

    def __init__(self) -> None:
        super().__init__(id="failures", cursor_type="row", zebra_stripes=False)
        self._groups: tuple[FailureGroup, ...] = ()
        self._drawn_for = 0

    def group(self, row: int) -> FailureGroup | None:
        """The group of a row, None if there is no such row."""
        return self._groups[row] if 0 <= row < len(self._groups) else None

    def show(self, groups: tuple[FailureGroup, ...]) -> None:
        """Draw the groups; hidden without any."""
        self._groups = groups
        self.display = bool(groups)
        self._draw(self.size.width or self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Fit names and dates."""
        if event.size.width != self._drawn_for:
            self._draw(event.size.width)

    def _draw(self, width: int) -> None:
        self._drawn_for = width
        # Wide columns never shrink, so make them anew.
        self.clear(columns=True)
        days = {time[:10] for group in self._groups for time in (group.first, group.last)}
        # Within one day the time is enough; the rows behind it have the date.
        since = 11 if len(days) == 1 and width < ROOM_FOR_DATES else 5
        columns = _columns(tuple(_row(group, since) for group in self._groups[:MOST_KINDS]), width)
        self.add_columns(*(column[0] for column in columns))
        for row in list(zip(*columns, strict=True))[1:]:
            self.add_row(*(Text(shown(text)) for text in row))
        if len(self._groups) > MOST_KINDS:
            self.add_row(Text(f"and {len(self._groups) - MOST_KINDS:,} more kinds"), *[Text("")] * (len(columns) - 1))


def _columns(rows: tuple[tuple[str, ...], ...], width: int) -> list[tuple[str, ...]]:
    """The columns that fit, each beginning with its header; names get the rest."""
    columns = {header: (header, *texts) for header, *texts in zip(HEADERS, *rows, strict=True)}
    # One column is for the scroll bar.
    room = width - 1 - PADDING
    for header in LEFT_OUT:
        if room - _taken(columns) >= SHORTEST_NAME:
            break
        del columns[header]
    longest = min(max(room - _taken(columns), SHORTEST_NAME), LONGEST_NAME)
    return [tuple(_short(text, longest) for text in columns.pop("Connector")), *columns.values()]


def _taken(columns: dict[str, tuple[str, ...]]) -> int:
    """The width of the columns beside the names, with their padding."""
    return sum(max(map(len, texts)) + PADDING for header, texts in columns.items() if header != "Connector")


def _row(group: FailureGroup, since: int) -> tuple[str, ...]:
    certificate = group.certificate
    thumbprint = (certificate.thumbprint or certificate.thumbprint_as_written or "no thumbprint") if certificate else ""
    return (
        group.connector,
        group.error,
        f"{group.sessions:,}",
        group.first[since:16].replace("T", " "),
        group.last[since:16].replace("T", " "),
        thumbprint[:8] if certificate else "none shown",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
