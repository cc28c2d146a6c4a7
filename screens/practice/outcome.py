"""How it went: the result sheet with its debrief, and what to train next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.background import in_background
from screens.bound import bound
from screens.focusing import FocusMoves
from screens.practice.record import keep
from screens.practice.training import Training, fresh_seed
from screens.practice.words import TIME_UP
from screens.shown import shown
from screens.widgets.footer import KeysFooter
from wizard.practice import scenariofile as library
from wizard.practice.result import Result, as_text
from wizard.practice.scenario import Mode, Scenario

if TYPE_CHECKING:
    from screens.app import WizardApp


class ResultScreen(FocusMoves, Screen[None]):
    """The sheet of one exercise. It is put into the record as the screen comes up."""

    AUTO_FOCUS = "#next-exercise"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "back", "Scenarios", "result.back", "Goes to the list of scenarios"),
        bound("pageup", "page(-1)", "Up", "result.page_up", "Scrolls the sheet up", show=False),
        bound("pagedown", "page(1)", "Down", "result.page_down", "Scrolls the sheet down"),
    ]

    def __init__(self, training: Training, result: Result) -> None:
        super().__init__()
        self._training = training
        self._result = result

    @property
    def wizard(self) -> WizardApp:
        """The app, as what it is."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        """The sheet, and what comes next."""
        yield Static(shown(f"PRACTICE  {self._training.name}"), id="title", markup=False)
        with VerticalScroll(id="body", can_focus=False):
            if self._training.ran_out:
                yield Static(TIME_UP, id="time-up", classes="heading", markup=False)
            yield Static(shown(as_text(self._result)), id="sheet", markup=False)
        yield OptionList(*self._options(), id="next-exercise", compact=True, markup=False)
        yield Static("", id="status", markup=False)
        yield KeysFooter()

    def _options(self) -> list[Option]:
        again = Option(Content("Again, with other names"), id="again")
        same = Option(Content("The same again"), id="same")
        options = [again, same]
        if follows := self._next():
            number, scenario = follows
            following = Option(Content(shown(f"Next scenario: {number}. {scenario.title}")), id="next")
            # What was solved is done: what comes first is what Enter begins.
            options.insert(0 if self._result.solved else 2, following)
        return [*options, Option(Content("All scenarios"), id="all")]

    def _next(self) -> tuple[int, Scenario] | None:
        scenarios = library.all_scenarios()
        number = self._training.number
        return (number + 1, scenarios[number]) if 0 < number < len(scenarios) else None

    def on_resize(self) -> None:
        """The sheet breaks its lines itself, at the width there is."""
        columns = self.query_one("#body", VerticalScroll).scrollable_content_region.width
        if columns:
            self.query_one("#sheet", Static).update(Content(shown(as_text(self._result, columns))))

    def on_mount(self) -> None:
        """Keep the result."""
        if self._training.counts:
            in_background(self, "record", self._keep)

    async def _keep(self) -> None:
        problem = await asyncio.to_thread(keep, self._result)
        self.query_one("#status", Static).update(Content(shown(problem or "Kept in your record.")))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        training = self._training
        if event.option_id == "again":
            self._begin(training.number, training.scenario, fresh_seed())
        elif event.option_id == "same":
            self._begin(training.number, training.scenario, self._result.seed)
        elif event.option_id == "next" and (follows := self._next()):
            self._begin(*follows, fresh_seed())
        else:
            self.wizard.action_practice()

    def _begin(self, number: int, scenario: Scenario, seed: int) -> None:
        mode = self._training.mode if number else Mode.SANDBOX
        self.wizard.begin_training(scenario, number, mode, seed)

    def action_page(self, pages: int) -> None:
        """Scroll the sheet."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_relative(y=pages * max(body.size.height - 1, 1), animate=False)

    def action_back(self) -> None:
        """To the list of scenarios."""
        self.wizard.action_practice()
