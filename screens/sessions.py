"""All failed handshakes of a log on one screen, and the rows of the session that a person opens."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.background import in_background
from screens.bound import bound
from screens.dialogs import ReadingDialog, line_shown
from screens.focusing import FocusMoves
from screens.shown import shown
from screens.widgets.footer import KeysFooter
from screens.widgets.occurrences import OccurrenceList, columns_for, heading
from wizard.case import StepId
from wizard.findings import counted
from wizard.occurrences import Occurrence, Occurrences

if TYPE_CHECKING:
    from screens.app import WizardApp

MOST_LINES = 400
"""Rows of a session shown at once; a session that sends many messages has thousands."""

FEW = "The first and last of each kind: a saved case keeps no more. Open the log again to see all."


class SessionsScreen(FocusMoves, ModalScreen[None]):
    """Failed handshakes of the log given at a step."""

    BINDINGS: ClassVar[list[BindingType]] = [bound("escape", "close", "Close", "sessions.close", "Back to the step")]
    HOLDS = (OccurrenceList,)

    def __init__(self, step: StepId, found: Occurrences, whole: bool = True) -> None:
        super().__init__()
        self._whole = whole
        self._step = step
        self._found = found

    def compose(self) -> ComposeResult:
        """The names of the columns, the list, and a line for what is going on."""
        with Vertical(id="dialog", classes="sessions") as frame:
            frame.border_title = Content(counted(len(self._found), "failed handshake"))
            yield Static("", id="columns", markup=False)
            yield OccurrenceList(self._found)
            yield Static(self._doing(), id="doing", markup=False)
        yield KeysFooter()

    def _doing(self) -> str:
        rows = f"{cast('WizardApp', self.app).keymap.name('sessions.open')} shows all rows of its session."
        return rows if self._whole else f"{FEW} {rows}"

    def on_mount(self) -> None:
        """Arrow keys move at once."""
        self.query_one(OccurrenceList).focus()

    def on_resize(self) -> None:
        """The names stand above their columns."""
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
        from wizard.opening import open_session  # noqa: PLC0415 - no log is there before the first screen

        given_up = threading.Event()
        case = cast("WizardApp", self.app).case
        try:
            rows = await asyncio.to_thread(open_session, case, self._step, each, given_up.is_set)
        finally:
            given_up.set()
        if isinstance(rows, str):
            self.query_one("#doing", Static).update(Content(shown(rows)))
            return
        self.query_one("#doing", Static).update(Content(self._doing()))
        lines = [line_shown(line) for line in rows.lines[:MOST_LINES]]
        if len(rows.lines) > MOST_LINES:
            lines.append(Content(f"and {len(rows.lines) - MOST_LINES:,} more rows"))
        if not rows.whole:
            lines.append(Content("The session's first or last row is not in these logs."))
        self.app.push_screen(ReadingDialog(f"Session {each.session}", Content("\n").join(lines)))

    def action_close(self) -> None:
        """Back to the step."""
        self.dismiss()
