"""Practice on the full screen: its course, the list of scenarios, the shell screen, and the result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.app.base import BESIDE, StepFace, TakesText, Wizard, WizardScreen, bindings, in_background
from screens.app.dialogs import ChoiceDialog, ReadingDialog
from screens.app.look import KeysFooter, RowList, when_more
from screens.app.shellpane import NO_FILES, NOT_THERE, Pane, ShellInput, ending, files_dialog, losing
from screens.training import (
    CLIPBOARD_EMPTY,
    COPIED,
    COPIED_COMMAND,
    HOW_IT_GOES,
    NOTHING_TO_TAKE,
    TIME_UP,
    WAYS,
    Training,
    course_in_words,
    fresh_seed,
    keep,
    next_of_course,
    read_record,
    same_again,
    standing_in_words,
    time_left,
)
from wizard.assets import with_keys
from wizard.machine.clipboard import ClipboardError, Copied, CopyProof
from wizard.machine.inert import shown
from wizard.practice import mail
from wizard.practice import scenariofile as library
from wizard.practice.result import Learned, Result, as_text
from wizard.practice.scenario import Mode, Scenario, ScenarioError


class Practice:
    """The course of practice: the exercise and the next screen.

    `on` says that the screens show practice. An exercise that was left is kept for continuing.
    """

    def __init__(self, wizard: Wizard) -> None:
        self._wizard = wizard
        self._kept: Training | None = None
        self.on = False

    @property
    def training(self) -> Training | None:
        """The exercise on the screens."""
        return self._kept if self.on else None

    def choose(self) -> None:
        """Show the list of scenarios."""
        if not self.on:
            self._wizard.reading.stop_all()
        self._wizard.show_instead(ChooseScreen(self._kept))
        # Last, for the screen that is left stores its typed text while its case is at hand.
        self.on = True

    def begin(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        """Begin a scenario and drop the current exercise, asking first if that is a loss."""
        self._losing(partial(self._begin, scenario, number, mode, seed), quits=False)

    def quit(self, leave: Callable[[], None]) -> None:
        """Quit; an unfinished exercise would be lost, so ask first. The same key again quits."""
        self._losing(leave, quits=True)

    def _losing(self, then: Callable[[], None], quits: bool) -> None:
        """Do something that drops the exercise; ask first if that is a loss. A second request does it."""
        app = self._wizard.app
        if self._kept is None or not self._kept.to_lose:
            then()
        elif isinstance(app.screen, ChoiceDialog) and app.screen.scope == "losing":
            app.screen.dismiss(0)
        else:
            app.push_screen(losing(self._kept, quits), lambda answer: then() if answer == 0 else None)

    def _begin(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        self._wizard.reading.stop_all()
        self._kept = Training(scenario, number, mode, seed)
        self.on = True
        self.go_on()

    def go_on(self) -> None:
        """Continue the exercise in the shell, beside the wizard where there is room."""
        training = self._kept
        if training is None:
            return
        self.on = True
        if training.guided and self._wizard.app.size.width >= BESIDE:
            self._wizard.go(training.wizard_at)
        else:
            self.to_shell()

    def to_shell(self) -> None:
        """Show the practice shell on a screen of its own."""
        if self.training:
            self._wizard.show_instead(ShellScreen(self.training))

    def to_wizard(self, answer: str = "") -> None:
        """Go to the wizard where it was left, with shell output for its step."""
        training = self.training
        if training is None or not training.guided:
            return
        app = self._wizard.app
        if isinstance(app.screen, StepFace):
            app.screen.focus_what_is_next()
        else:
            self._wizard.go(training.wizard_at)
        if answer.strip() and isinstance(app.screen, TakesText):
            app.screen.take_text(answer, typed=False)

    def leave_shell(self) -> None:
        """Leave the shell: from beside the wizard back to it, from its own screen to the scenarios."""
        screen = self._wizard.app.screen
        if isinstance(screen, StepFace):
            screen.focus_what_is_next()
        else:
            self.choose()

    def finish(self) -> None:
        """End the exercise, after asking where needed, and show the result."""
        training = self.training
        if training is None:
            return

        def ended(answer: int | None) -> None:
            conclusions = training.conclusions
            # The last answer goes on training.
            if answer is not None and answer < max(len(conclusions), 1):
                if conclusions:
                    training.conclude(conclusions[answer].key)
                self.show_result()

        if dialog := ending(training):
            self._wizard.app.push_screen(dialog, ended)
        else:
            self.show_result()

    def show_result(self) -> None:
        """Show the result; the exercise is over."""
        if training := self.training:
            result = training.finish()
            self._wizard.reading.stop_all()
            self._wizard.show_instead(ResultScreen(training, result))
            self._kept = None

    def open_file(self) -> None:
        """Choose a log file of the practice servers for the visible step."""
        if training := self.training:
            if files := mail.log_files(training.console.world):

                def chosen(number: int | None) -> None:
                    self.to_wizard("" if number is None else files[number].text)

                self._wizard.app.push_screen(files_dialog(files), chosen)
            else:
                self._wizard.tell(self._named(NO_FILES))

    def read_path(self, path: str) -> None:
        """Read a file or folder of the practice servers for the visible step."""
        if training := self.training:
            if text := mail.text_at(training.console.world, path):
                self.to_wizard(text)
            else:
                self._wizard.tell(self._named(NOT_THERE).replace("{path}", path.strip()))

    async def copy(self, text: str) -> Copied:
        """Copy to the exercise's own clipboard; the shell tells the next action, also beside the wizard."""
        guided = False
        if training := self.training:
            training.copy(text)
            guided = training.guided
        for screen in self._wizard.app.screen_stack:
            for pane in screen.query(Pane):
                pane.draw()
        return Copied(CopyProof.PROVEN, self._named(COPIED_COMMAND if guided else COPIED))

    async def paste(self) -> str:
        """The text on the exercise's own clipboard.

        Raises:
            ClipboardError: it is empty; the message says what to do.
        """
        training = self.training
        if training and (text := training.bring()):
            return text
        found_nothing = training is not None and training.found_nothing
        raise ClipboardError(self._named(CLIPBOARD_EMPTY if found_nothing else NOTHING_TO_TAKE))

    def _named(self, words: str) -> str:
        return with_keys(words, self._wizard.keymap.name)


GO_ON = "go-on"

STATE_AT = 44
"""The column of a scenario's state in a wide window."""

FRESH = "Names: fresh ones each time."

LAST_TIME = "{practice.names} takes those of last time."

SAME = "Names: as last time (seed {seed}). {practice.names} takes fresh ones."

NEVER = "Names: fresh ones. It was not trained yet, so there are none of last time."


CHOOSE = "Choose a scenario."

NOTHING_REAL = "Nothing here reaches a real server."


class ChooseScreen(WizardScreen[None]):
    """The list of scenarios; below it the ways to train the chosen one."""

    AUTO_FOCUS = "#scenarios"
    scope = "choosing"
    BINDINGS: ClassVar[list[BindingType]] = bindings("choosing")

    def __init__(self, going_on: Training | None = None) -> None:
        super().__init__()
        self._going_on = going_on
        self._scenarios: tuple[Scenario, ...] = ()
        self._record = Learned()
        self._same = False

    def compose(self) -> ComposeResult:
        """The scenarios, the lesson of the chosen one, and the ways."""
        yield Static("exchange-cert-wizard  PRACTICE", id="title", markup=False)
        yield Static(f"{CHOOSE} {NOTHING_REAL}", id="choose-heading", classes="heading", markup=False)
        yield RowList(id="scenarios", compact=True, markup=False)
        yield Static("", id="teaches", markup=False)
        yield RowList(id="ways", compact=True, markup=False)
        yield Static("", id="status", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Draw the list; the records follow once they are read from the disk."""
        try:
            self._scenarios = library.all_scenarios()
        except ScenarioError as error:
            self._say(str(error))
        ways = self.query_one("#ways", OptionList)
        ways.add_options([Option(Content(f"{name.capitalize()}: {does}")) for name, does in WAYS.values()])
        ways.highlighted = 0
        self._draw()
        scenarios = self.query_one("#scenarios", OptionList)
        scenarios.highlighted = 0
        when_more(scenarios, self._draw_heading)
        in_background(self, "record", self._read)

    async def _read(self) -> None:
        self._record = await asyncio.to_thread(read_record)
        if self._record.problem:
            self._say(self._record.problem)
        scenarios = self.query_one("#scenarios", OptionList)
        at = scenarios.highlighted
        self._draw()
        scenarios.highlighted = at if at or self._going_on else next_of_course(self._record, self._scenarios)

    def on_resize(self) -> None:
        """Show states where there is room."""
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
        self.query_one("#teaches", Static).update(Content(shown(self._about(chosen[1]) if chosen else "")))
        self._say(self._names())

    def _about(self, scenario: Scenario) -> str:
        """The time a scenario takes; what it teaches would give its solution away before it is solved."""
        solved = self._record.standing(scenario.identity).solved
        teaches = scenario.teaches if solved else "What it teaches stands here once it is solved."
        return f"About {scenario.minutes} minutes. {teaches}"

    def _draw_heading(self, below: bool) -> None:
        more = "  \u25bc more below" if below else ""
        course = course_in_words(self._record, self._scenarios) or CHOOSE
        self.query_one("#choose-heading", Static).update(Content(f"{course} {NOTHING_REAL}{more}"))

    def _names(self) -> str:
        chosen = self._chosen
        if chosen is None:
            return ""
        seed = same_again(self._record, chosen[1].identity)
        if not self._same:
            return FRESH if seed is None else self.named(f"{FRESH} {LAST_TIME}")
        return self.named(NEVER if seed is None else SAME.replace("{seed}", str(seed)))

    @on(OptionList.OptionSelected, "#scenarios")
    def _scenario_chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == GO_ON:
            self.wizard.practice.go_on()
        elif event.option_id == "welcome":
            self.wizard.welcome()
        else:
            self.query_one("#ways").focus()
            self._say("Choose how to train, then Enter.")

    @on(OptionList.OptionSelected, "#ways")
    def _way_chosen(self, event: OptionList.OptionSelected) -> None:
        mode = list(WAYS)[event.option_index]
        if mode is Mode.SANDBOX:
            self.wizard.practice.begin(library.sandbox(), 0, mode, fresh_seed())
        elif chosen := self._chosen:
            number, scenario = chosen
            seed = same_again(self._record, scenario.identity) if self._same else None
            self.wizard.practice.begin(scenario, number + 1, mode, fresh_seed() if seed is None else seed)
        else:
            self.query_one("#scenarios").focus()

    def _say(self, sentence: str) -> None:
        self.query_one("#status", Static).update(Content(shown(sentence)))

    def action_how(self) -> None:
        """Explain practice."""
        text = self.named("\n\n".join(HOW_IT_GOES))
        self.app.push_screen(ReadingDialog("Practice", Content(shown(text))))

    def action_names(self) -> None:
        """Toggle fresh names and those of last time."""
        self._same = not self._same
        self._say(self._names())

    def action_back(self) -> None:
        """From the ways back to the list, from there to the welcome."""
        if self.query_one("#ways").has_focus:
            self.query_one("#scenarios").focus()
        else:
            self.wizard.welcome()


class ResultScreen(WizardScreen[None]):
    """The result sheet of an exercise, which also adds it to the record."""

    AUTO_FOCUS = "#next-exercise"
    scope = "result"
    BINDINGS: ClassVar[list[BindingType]] = bindings("result")

    def __init__(self, training: Training, result: Result) -> None:
        super().__init__()
        self._training = training
        self._result = result

    def compose(self) -> ComposeResult:
        """The sheet, and the next actions."""
        yield Static(shown(f"PRACTICE  {self._training.name}"), id="title", markup=False)
        with VerticalScroll(id="body", can_focus=False):
            if self._training.ran_out:
                yield Static(TIME_UP, id="time-up", classes="heading", markup=False)
            yield Static(shown(as_text(self._result)), id="sheet", markup=False)
        yield RowList(*self._options(), id="next-exercise", compact=True, markup=False)
        yield Static("", id="status", markup=False)
        yield KeysFooter()

    def _options(self) -> list[Option]:
        again = Option(Content("Again, with other names"), id="again")
        same = Option(Content("The same again"), id="same")
        options = [again, same]
        if follows := self._next():
            number, scenario = follows
            following = Option(Content(shown(f"Next scenario: {number}. {scenario.title}")), id="next")
            # A solved exercise is done: the first option is the one Enter begins.
            options.insert(0 if self._result.solved else 2, following)
        return [*options, Option(Content("All scenarios"), id="all")]

    def _next(self) -> tuple[int, Scenario] | None:
        scenarios = library.all_scenarios()
        number = self._training.number
        return (number + 1, scenarios[number]) if 0 < number < len(scenarios) else None

    def on_resize(self) -> None:
        """Wrap the sheet to the new width."""
        columns = self.query_one("#body", VerticalScroll).scrollable_content_region.width
        if columns:
            self.query_one("#sheet", Static).update(Content(shown(as_text(self._result, columns))))

    def on_mount(self) -> None:
        """Record the result."""
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
            self.wizard.practice.choose()

    def _begin(self, number: int, scenario: Scenario, seed: int) -> None:
        mode = self._training.mode if number else Mode.SANDBOX
        self.wizard.practice.begin(scenario, number, mode, seed)

    def action_page(self, pages: int) -> None:
        """Scroll the sheet."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_relative(y=pages * max(body.size.height - 1, 1), animate=False)

    def action_back(self) -> None:
        """Return to the list of scenarios."""
        self.wizard.practice.choose()


TICK = 1.0
"""Seconds between two checks of an exam's clock."""


class ShellScreen(WizardScreen[None]):
    """The shell, and the clock of an exam, which ends it."""

    AUTO_FOCUS = "#shell-line"

    def __init__(self, training: Training) -> None:
        super().__init__()
        self.training = training

    def compose(self) -> ComposeResult:
        """The header and the shell."""
        yield Static(self._title(), id="title", markup=False)
        yield Pane(self.training)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Start the clock."""
        if self.training.time_left() is not None:
            self.set_interval(TICK, self._tick)

    def _title(self) -> str:
        left = self.training.time_left()
        clock = f"{time_left(left)}  " if left is not None else ""
        return shown(f"PRACTICE  {clock}{self.training.name}")

    def _tick(self) -> None:
        """Show the time left; at zero show the result."""
        self.query_one("#title", Static).update(Content(self._title()))
        if not self.training.time_left() and self.is_attached:
            self.wizard.practice.show_result()

    def on_screen_resume(self) -> None:
        """A dialog may have changed the server."""
        self.query_one("#title", Static).update(Content(self._title()))

    def take_text(self, text: str, typed: bool) -> None:  # noqa: ARG002 - as every screen is asked
        """A pasted text without a field goes to the shell."""
        self.query_one(ShellInput).take_paste(text)

    def aims_at(self, written: str) -> bool:
        """All typed text is meant for the prompt."""
        return bool(written) and bool(self.query(ShellInput))

    def aimed(self) -> Widget | None:
        """Focus the input line."""
        if not self.query_one(ShellInput).has_focus:
            self.set_focus(self.query_one(ShellInput))
        return self.focused
