"""The first screen: the purpose of the program, and where to begin."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.app.arrival import give_at_its_step
from screens.app.base import WizardScreen, bindings, in_background
from screens.app.look import KeysFooter, RowList, TitleLine
from screens.words import HOW, WHAT
from wizard.assets import sample_case
from wizard.case.book import CaseList
from wizard.case.case import Case
from wizard.machine.inert import shown

ENDED = "Last time the program was ended early. The case is saved: go on with it below."

NEWS = timedelta(days=7)
"""How long this is mentioned."""

BEGIN = (
    ("new", "Begin: mail is stuck"),
    ("sample", "Try it with sample evidence, no Exchange server needed"),
    ("practice", "Practice: train on a server that cannot break"),
    ("quit", "Quit"),
)
"""The choices: key and words."""

MOST_SAVED = 3
"""The most saved cases on the welcome."""

HIGH = 22
"""Rows of a window with room for that many."""

ALL = "all-cases"

GO_ON = "case "
"""The prefix of a saved case's option id."""

MOST_PROBLEMS = 3
"""The most problems of the settings shown; the rest is counted."""


class WelcomeScreen(WizardScreen[None]):
    """Choose how to begin; a case that was begun can be continued. `problems` are the rejected settings."""

    scope = "welcome"
    BINDINGS: ClassVar[list[BindingType]] = bindings("welcome")

    _left_out_at: Size | None = None
    _shown_for: Size | None = None

    def __init__(self, problems: str) -> None:
        super().__init__()
        self._problems = problems

    def compose(self) -> ComposeResult:
        """Title, two paragraphs, and the choices."""
        yield TitleLine()
        with VerticalScroll(id="welcome", can_focus=False):
            yield Static("Is this what you see?", classes="heading")
            yield Static(WHAT, id="what", markup=False)
            yield Static(HOW, id="how", markup=False)
            yield Static(ENDED, id="ended", markup=False)
            yield RowList(*self._options(()), id="begin", compact=True, markup=False)
        yield Static("", id="below", markup=False)
        yield Static(shown(self._problems), id="status", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Focus the choices: Enter begins. Saved cases follow once they are read from the disk."""
        self.query_one("#begin", OptionList).focus()
        if self.wizard.keeper.book:
            in_background(self, "casebook", self._list_saved)
        welcome = self.query_one("#welcome", VerticalScroll)
        self.watch(welcome, "virtual_size", self._draw_below_soon, init=False)
        for what in ("scroll_y", "virtual_size"):
            self.watch(self.query_one("#begin"), what, self._draw_below_soon, init=False)

    def _draw_below_soon(self) -> None:
        """Update after the layout has settled."""
        self.call_after_refresh(self._draw_below)

    def _draw_below(self) -> None:
        """Drop saved cases that do not fit, which the list of all cases has; say if there is still more below."""
        for welcome in self.query("#welcome").results(VerticalScroll):
            below = self.query_one("#below", Static)
            begin = self.query_one("#begin", OptionList)
            # Without that row there is room for one more.
            over = welcome.max_scroll_y - below.display
            if welcome.virtual_size == self._left_out_at:
                # The dropped option is not gone yet.
                return
            if over > 0 and self._leave_one_out():
                self._left_out_at = welcome.virtual_size
                return
            if self._shown_for != welcome.virtual_size:
                # Cases were added: the highlighted option must stay visible.
                self._shown_for = welcome.virtual_size
                begin.scroll_visible(animate=False)
            below.display = begin.max_scroll_y > 0
            below.update(Content("\u25bc PgDn" if begin.scroll_offset.y < begin.max_scroll_y else ""))

    def _leave_one_out(self) -> bool:
        """Drop the last of several saved cases; True if there was one."""
        begin = self.query_one("#begin", OptionList)
        saved = [option.id for option in begin.options if option.id and option.id.startswith(GO_ON)]
        at = begin.highlighted_option.id if begin.highlighted_option else None
        # A person may be about to take the highlighted one.
        if len(saved) < 2 or saved[-1] == at:
            return False
        begin.remove_option(saved[-1])
        return True

    async def _list_saved(self) -> None:
        from wizard.case.book import line_of  # noqa: PLC0415 - it knows the steps, which come behind this screen

        book = self.wizard.keeper.book
        listing = await asyncio.to_thread(book.cases) if book else CaseList()
        now = datetime.now(UTC)
        self.query_one("#ended").display = any(
            saved.ended and now - saved.saved < NEWS for saved in listing.cases if saved.id != self.wizard.keeper.id
        )
        lines = [
            line_of(saved, now) for saved in listing.cases if not saved.archived and saved.id != self.wizard.keeper.id
        ]
        most = MOST_SAVED if self.size.height >= HIGH else 1
        options = [Option(Content(shown(f"Go on: {line.text}")), id=f"{GO_ON}{line.id}") for line in lines[:most]]
        if listing.cases:
            options.append(Option(Content(f"All saved cases ({len(listing.cases)})"), id=ALL))
        begin = self.query_one("#begin", OptionList)
        at = begin.highlighted_option.id if begin.highlighted_option else None
        begin.clear_options()
        begin.add_options(self._options(options))
        # The highlighted option stays highlighted wherever it moves.
        begin.highlighted = begin.get_option_index(at) if at else 0
        if listing.aside:
            first = listing.aside[0]
            more = f" And {len(listing.aside) - 1} more." if len(listing.aside) > 1 else ""
            self.wizard.tell(f"{first.path.name} could not be opened. {first.why} It lies at {first.path}.{more}")

    def _options(self, saved: Sequence[Option]) -> list[Option]:
        """All options; saved cases before practice and quitting."""
        *first, practice, last = (Option(Content(text), id=key) for key, text in BEGIN)
        if self.wizard.begun:
            begun = "the sample" if self.wizard.case.sample else "the case you began"
            first.insert(0, Option(Content(f"Go on with {begun}"), id="go-on"))
        return [*first, *saved, practice, last]

    def on_resize(self) -> None:
        """Keep the choices visible, also below long problems of the settings."""
        self.call_after_refresh(self.query_one("#begin").scroll_visible, animate=False)
        self._draw_below_soon()

    def take_text(self, text: str, typed: bool) -> None:  # noqa: ARG002 - as every screen is asked
        """A pasted output or log begins a case at its step, or continues the case."""
        if why := give_at_its_step(self.wizard, text):
            self.wizard.tell(why)

    async def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Begin as chosen."""
        if event.option_id == "new":
            self.wizard.begin(Case())
        elif event.option_id == "sample":
            self.wizard.begin(sample_case())
        elif event.option_id == "practice":
            self.wizard.practice.choose()
        elif event.option_id == "go-on":
            from wizard.steps.flow import next_step  # noqa: PLC0415 - this screen shows no step

            self.wizard.go(next_step(self.wizard.case))
        elif event.option_id == ALL:
            await self.run_action("app.cases")
        elif event.option_id and event.option_id.startswith(GO_ON):
            self.wizard.resume(event.option_id.removeprefix(GO_ON))
        else:
            self.app.exit()
