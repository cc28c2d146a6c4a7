"""Choose what to train: the scenarios with how they stand, the way to train, and fresh names or the same again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.background import in_background
from screens.bound import bound
from screens.dialogs import ReadingDialog
from screens.focusing import FocusMoves
from screens.practice.record import read_record, same_again, standing_in_words
from screens.practice.training import Training, fresh_seed
from screens.practice.written import WAYS
from screens.shown import shown
from screens.widgets.footer import KeysFooter
from wizard.practice import scenariofile as library
from wizard.practice.result import Learned
from wizard.practice.scenario import Mode, Scenario, ScenarioError

if TYPE_CHECKING:
    from screens.app import WizardApp

GO_ON = "go-on"
STATE_AT = 44
"""Column at which a scenario's state stands in a wide window."""

FRESH = "Names: fresh ones each time. {practice.names} takes those of last time."
SAME = "Names: as last time (seed {seed}). {practice.names} takes fresh ones."
NEVER = "Names: fresh ones. It was not trained yet, so there are none of last time."


class ChooseScreen(FocusMoves, Screen[None]):
    """The list of scenarios; below it the ways to train the one that is chosen."""

    AUTO_FOCUS = "#scenarios"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("f1", "how", "Help", "practice.how", "Explains practice and the ways to train"),
        bound("f3", "names", "Names", "practice.names", "Fresh names, or the same as last time"),
        bound("escape", "back", "Back", "practice.back", "Back to the list, or to the welcome"),
    ]

    def __init__(self, going_on: Training | None = None) -> None:
        super().__init__()
        self._going_on = going_on
        self._scenarios: tuple[Scenario, ...] = ()
        self._record = Learned()
        self._same = False

    @property
    def wizard(self) -> WizardApp:
        """The app, as what it is."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        """The scenarios, what the one in hand teaches, and the ways."""
        yield Static("exchange-cert-wizard  PRACTICE", id="title", markup=False)
        yield Static("Choose a scenario. Nothing here reaches a real server.", id="choose-heading", classes="heading")
        yield OptionList(id="scenarios", compact=True, markup=False)
        yield Static("", id="teaches", markup=False)
        yield OptionList(id="ways", compact=True, markup=False)
        yield Static("", id="status", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Draw the list; how each stands comes in once the disk has answered."""
        try:
            self._scenarios = library.all_scenarios()
        except ScenarioError as error:
            self._say(str(error))
        ways = self.query_one("#ways", OptionList)
        ways.add_options([Option(Content(f"{name.capitalize()}: {does}")) for name, does in WAYS.values()])
        ways.highlighted = 0
        self._draw()
        self.query_one("#scenarios", OptionList).highlighted = 0
        in_background(self, "record", self._read)

    async def _read(self) -> None:
        self._record = await asyncio.to_thread(read_record)
        if self._record.problem:
            self._say(self._record.problem)
        scenarios = self.query_one("#scenarios", OptionList)
        at = scenarios.highlighted
        self._draw()
        first_new = next(
            (n for n, each in enumerate(self._scenarios) if not self._record.standing(each.identity).solved), 0
        )
        scenarios.highlighted = at if at or self._going_on else first_new

    def on_resize(self) -> None:
        """States stand where there is room for them."""
        scenarios = self.query_one("#scenarios", OptionList)
        if self._scenarios:
            at = scenarios.highlighted
            self._draw()
            scenarios.highlighted = at

    def _draw(self) -> None:
        scenarios = self.query_one("#scenarios", OptionList)
        scenarios.clear_options()
        if self._going_on:
            scenarios.add_option(Option(Content(shown(f"Go on: {self._going_on.name}")), id=GO_ON))
        scenarios.add_options(
            [Option(Content(shown(self._line(n, each))), id=f"scenario-{n}") for n, each in enumerate(self._scenarios)]
        )
        scenarios.add_option(Option(Content("Back to the welcome"), id="welcome"))

    def _line(self, number: int, scenario: Scenario) -> str:
        state = standing_in_words(self._record.standing(scenario.identity))
        title = f"{number + 1:>2}. {scenario.title}"
        at = min(STATE_AT, max(self.size.width - 34, 24))
        return f"{title.ljust(at)}  {state}" if len(title) <= at else f"{title}  {state}"

    @property
    def _chosen(self) -> tuple[int, Scenario] | None:
        option = self.query_one("#scenarios", OptionList).highlighted_option
        if option is None or not (option.id or "").startswith("scenario-"):
            return None
        number = int(str(option.id).removeprefix("scenario-"))
        return number, self._scenarios[number]

    @on(OptionList.OptionHighlighted, "#scenarios")
    def _highlighted(self) -> None:
        chosen = self._chosen
        teaches = f"{chosen[1].teaches} About {chosen[1].minutes} minutes." if chosen else ""
        self.query_one("#teaches", Static).update(Content(shown(teaches)))
        self._say(self._names())

    def _names(self) -> str:
        chosen = self._chosen
        if chosen is None:
            return ""
        if not self._same:
            return self.wizard.named(FRESH)
        seed = same_again(self._record, chosen[1].identity)
        return self.wizard.named(NEVER if seed is None else SAME.replace("{seed}", str(seed)))

    @on(OptionList.OptionSelected, "#scenarios")
    def _scenario_chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == GO_ON:
            self.wizard.to_training()
        elif event.option_id == "welcome":
            self.wizard.welcome()
        else:
            self.query_one("#ways").focus()
            self._say("Choose how to train, then Enter.")

    @on(OptionList.OptionSelected, "#ways")
    def _way_chosen(self, event: OptionList.OptionSelected) -> None:
        mode = list(WAYS)[event.option_index]
        if mode is Mode.SANDBOX:
            self.wizard.begin_training(library.sandbox(), 0, mode, fresh_seed())
        elif chosen := self._chosen:
            number, scenario = chosen
            seed = same_again(self._record, scenario.identity) if self._same else None
            self.wizard.begin_training(scenario, number + 1, mode, fresh_seed() if seed is None else seed)
        else:
            self.query_one("#scenarios").focus()

    def _say(self, sentence: str) -> None:
        self.query_one("#status", Static).update(Content(shown(sentence)))

    def action_how(self) -> None:
        """Explain practice."""
        from screens.practice.words import HOW_IT_GOES  # noqa: PLC0415 - only who asks pays for it

        text = self.wizard.named("\n\n".join(HOW_IT_GOES))
        self.app.push_screen(ReadingDialog("Practice", Content(shown(text))))

    def action_names(self) -> None:
        """Fresh names, or the same as last time."""
        self._same = not self._same
        self._say(self._names())

    def action_back(self) -> None:
        """From the ways back to the list, from there to the welcome."""
        if self.query_one("#ways").has_focus:
            self.query_one("#scenarios").focus()
        else:
            self.wizard.welcome()
