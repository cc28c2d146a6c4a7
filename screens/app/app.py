"""The full-screen app: holds the case, shows one step after another, and never lets a traceback reach the screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.widgets import Static

from screens.app import later
from screens.app.arrival import Aims, Arriving, PasteComing, Typed, install
from screens.app.base import bound, in_background
from screens.app.keys import Keymap, keymap, loaded, spoken
from screens.app.look import DAY, NIGHT, AsciiFilter, HarmlessFilter, PlainScrollBarRender
from screens.app.welcome import WelcomeScreen
from screens.copies import CopyingApp
from screens.end import Ending
from screens.fault import OwnFault
from screens.saves import last_draft, save_draft
from screens.words import coming_in
from wizard.assets import assets, with_keys
from wizard.case.book import Casebook, CasebookError
from wizard.case.case import Case, StepId
from wizard.case.keeper import READ_ONLY, Keeper, copied, utc_now
from wizard.machine import clipboard as clipboards
from wizard.machine import copying as copyroutes
from wizard.machine.clipboard import Clipboard, ClipboardError, Copied, Proof
from wizard.machine.copying import Session
from wizard.machine.inert import shown
from wizard.machine.settings import Settings

if TYPE_CHECKING:
    from screens.training import Training
    from wizard.practice.result import Result
    from wizard.practice.scenario import Mode, Scenario
    from wizard.steps.intake import Source

BESIDE = 120
"""Columns from which the practice shell stands beside the wizard."""

REAL_ONLY = {"save", "hand_over", "cases"}
"""Actions about the real case, which rest during practice."""


class PractisingApp(CopyingApp):
    """An app with a real case, and now and then one to practise on. `keeper` has the real one."""

    keeper: Keeper
    practising = False
    """Whether the screens are practice's now."""

    _training: Training | None = None
    _begun = False

    @property
    def training(self) -> Training | None:
        """What is being trained on the screens now."""
        return self._training if self.practising else None

    @property
    def case(self) -> Case:
        """The case as it stands; what is put in its place is noted, and saved by itself where it is a real one."""
        return self._at_hand.case

    @case.setter
    def case(self, case: Case) -> None:
        self._at_hand.put(case)

    @property
    def _at_hand(self) -> Keeper:
        return self.training.keeper if self.training else self.keeper

    @property
    def begun(self) -> bool:
        """Whether there is a case on the screens that can be gone on with."""
        return bool(self.training and self.training.guided) if self.practising else self._begun

    @begun.setter
    def begun(self, begun: bool) -> None:
        self._begun = begun

    @property
    def real_begun(self) -> bool:
        """Whether a real case was begun, also while somebody practises."""
        return self._begun

    # What the app itself can do

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary behind the last one (None)."""
        raise NotImplementedError

    def show_instead(self, screen: Screen[None]) -> None:
        """Put a screen in place of the one that is shown; dialogs above it are closed."""
        raise NotImplementedError

    def stop_all_reading(self) -> None:
        """Give up everything that is being read: it belongs to the case that is left."""
        raise NotImplementedError

    def leave(self) -> None:
        """End the program; nothing more is asked."""
        raise NotImplementedError

    # The ways between the screens

    def welcome(self) -> None:
        """Show the welcome: practice is left, and what was trained can be gone on with."""
        if self.practising:
            self.stop_all_reading()
        # What was typed is kept by the screen that is left, while its case is still at hand.
        self.show_instead(WelcomeScreen())
        self.practising = False

    def action_practice(self) -> None:
        """Show the scenarios to choose from."""
        from screens.app.practice import ChooseScreen  # noqa: PLC0415 - nobody pays who does not practise

        if not self.practising:
            self.stop_all_reading()
        self.show_instead(ChooseScreen(self._training))
        self.practising = True

    def begin_training(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        """Begin a scenario; what was being trained before is dropped, and that is asked where it would be a loss."""
        self._losing("drop", partial(self._begin_training, scenario, number, mode, seed))

    async def action_quit(self) -> None:
        """End; an exercise that is not finished is lost by that, which is asked first. The same key again ends."""
        self._losing("quit", self.leave)

    def _losing(self, why: Literal["drop", "quit"], then: Callable[[], None]) -> None:
        """Do what drops an exercise, asked first where something is lost by it; asked for once more, it is done."""
        if self._training is None or not self._training.to_lose:
            then()
            return
        from screens.app.dialogs import LosingDialog  # noqa: PLC0415 - nobody pays who does not practise

        if isinstance(self.screen, LosingDialog):
            self.screen.dismiss(True)
        else:
            self.push_screen(LosingDialog(self._training, why), lambda sure: then() if sure else None)

    def _begin_training(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        later.load_practice()
        from screens.training import Training  # noqa: PLC0415

        self.stop_all_reading()
        self._training = Training(scenario, number, mode, seed)
        self.practising = True
        self.to_training()

    def to_training(self) -> None:
        """Go on with what is being trained: at the shell, beside the wizard where there is room."""
        training = self._training
        if training is None:
            return
        self.practising = True
        if training.guided and self.size.width >= BESIDE:
            self.go(training.wizard_at)
        else:
            self.to_shell()

    def to_shell(self) -> None:
        """Show the practice shell on a screen of its own."""
        from screens.app.practice import ShellScreen  # noqa: PLC0415

        if self.training:
            self.show_instead(ShellScreen(self.training))

    def to_wizard(self, answer: str = "") -> None:
        """Go to the wizard, where it stood; with an answer of the shell for its step."""
        training = self.training
        if training is None or not training.guided:
            return
        if later.is_step(self.screen):
            self.screen.focus_what_is_next()
        else:
            self.go(training.wizard_at)
        if answer.strip() and hasattr(self.screen, "take_text"):
            self.screen.take_text(answer, typed=False)

    def leave_shell(self) -> None:
        """From the shell beside the wizard back to it; from one on a screen of its own to the scenarios."""
        if later.is_step(self.screen):
            self.screen.focus_what_is_next()
        else:
            self.action_practice()

    def finish_training(self) -> None:
        """End what is being trained: what is still to be asked is asked first, then the result stands."""
        from screens.app.dialogs import ending  # noqa: PLC0415

        training = self.training
        if training is None:
            return
        if dialog := ending(training):
            self.push_screen(dialog, lambda ended: self.show_result() if ended else None)
        else:
            self.show_result()

    def show_result(self) -> None:
        """Show how it went; what was trained is over."""
        from screens.app.practice import ResultScreen  # noqa: PLC0415

        if training := self.training:
            result: Result = training.finish()
            self.stop_all_reading()
            self.show_instead(ResultScreen(training, result))
            self._training = None

    # The practice servers' disks

    def open_practised(self) -> None:
        """Choose among the log files of the practice servers, for the step on show."""
        from screens.app.dialogs import NO_FILES, FilesDialog  # noqa: PLC0415
        from wizard.practice.mail import files_of  # noqa: PLC0415

        if training := self.training:
            if files := files_of(training.console.world):
                self.push_screen(FilesDialog(files), lambda text: self.to_wizard(text or ""))
            else:
                self.tell(self.named(NO_FILES))

    def read_practised(self, path: str) -> None:
        """Read a path that was given to the step on show: a file or folder of the practice servers."""
        from screens.app.dialogs import NOT_THERE  # noqa: PLC0415
        from wizard.practice.mail import text_at  # noqa: PLC0415

        if training := self.training:
            if text := text_at(training.console.world, path):
                self.to_wizard(text)
            else:
                self.tell(self.named(NOT_THERE).replace("{path}", path.strip()))

    # Copying inside practice

    def _say_what_is_next(self) -> None:
        """The shell says what comes next, also while the wizard beside it has the keys."""
        from screens.app.shellpane import Pane  # noqa: PLC0415

        for screen in self.screen_stack:
            for pane in screen.query(Pane):
                pane.draw()

    async def copy(self, text: str) -> Copied | None:
        """In training, to its own clipboard; else as ever."""
        if training := self.training:
            from screens.training import COPIED, COPIED_COMMAND  # noqa: PLC0415

            training.copy(text)
            self._say_what_is_next()
            return Copied(Proof.PROVEN, self.named(COPIED_COMMAND if training.guided else COPIED))
        return await super().copy(text)

    async def paste(self) -> str:
        """In training, what its own clipboard holds.

        Raises:
            ClipboardError: nothing is there, or it cannot be read; the message says what to do.
        """
        if training := self.training:
            if text := training.bring():
                return text
            from screens.training import CLIPBOARD_EMPTY, NOTHING_TO_TAKE  # noqa: PLC0415

            raise ClipboardError(self.named(CLIPBOARD_EMPTY if training.found_nothing else NOTHING_TO_TAKE))
        return await super().paste()


class WizardApp(PractisingApp):
    """One case from the first symptom to the proof. `case` is replaced, never changed."""

    TITLE = "exchange-cert-wizard"
    CSS_PATH = assets() / "wizard.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {lambda: later.ActionsProvider}  # noqa: RUF012 - Textual's own form
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-usual"), (112, "-wide"), (BESIDE, "-beside")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-middle"), (32, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("f9,ctrl+p", "command_palette", "All", "app.palette", "Lists every action"),
        bound("ctrl+s", "save", "Save", "app.save", "Saves the summary to a text file", show=False),
        bound("ctrl+q", "quit", "Quit", "app.quit", "Ends; the summary is printed in the shell"),
    ]

    def __init__(
        self,
        case: Case | None = None,
        clipboard: Clipboard | None = None,
        save_into: Path | None = None,
        now: Callable[[], datetime] = datetime.now,
        at: StepId = StepId.SYMPTOM,
        settings: Settings | None = None,
        session: Session | None = None,
        book: Casebook | None = None,
        resumed: str = "",
        ascii_for: str = "",
        then: Callable[[WizardApp], None] = lambda _app: None,
    ) -> None:
        ScrollBar.renderer = PlainScrollBarRender
        install()
        super().__init__(
            clipboard or clipboards.system_clipboard(),
            settings or Settings(),
            session or copyroutes.session_here(),
            now,
        )
        # Before anything is drawn: a theme that is set later has the whole style sheet read again.
        self.register_theme(NIGHT)
        self.register_theme(DAY)
        self.set_reactive(App.theme, NIGHT.name)
        self.last_draft = last_draft(now())
        self.arriving = Arriving(self)
        self.keeper = Keeper(book, self.tell_from_thread, keep_logs=self.settings.keep_logs)
        self.keeper.begin(case or Case())
        self.begun = case is not None
        self.save_into = save_into or Path.home()
        self._at = at
        self._resumed = resumed
        self._then = then
        # An encoding, for a console that must be drawn to with ASCII.
        self._guards = (HarmlessFilter(), AsciiFilter(ascii_for)) if ascii_for else (HarmlessFilter(),)
        if self.settings.keys:
            # Whether an id is right is known once all that have keys are there.
            later.load()
            later.load_practice()
        self._keys_set, self._kinds = Keymap({}), 0
        self.ending = Ending(self.save_draft, self._where, interrupt=True)

    @property
    def keymap(self) -> Keymap:
        """The keys of all screens that are loaded; looked through again once there are more."""
        if self._kinds != (kinds := loaded()):
            self._keys_set, self._kinds = keymap(self.settings.keys, type(self)), kinds
        return self._keys_set

    def named(self, words: str) -> str:
        """Words of ours with the keys that are set now in place of their ids."""
        return with_keys(words, self.keymap.name)

    @property
    def problems(self) -> tuple[str, ...]:
        """What of the settings was not taken, in sentences."""
        return (*self.settings.problems, *self.keymap.problems)

    def problems_in_few(self, most: int) -> str:
        """The first of them, each on a line, and how many there are besides."""
        shown = [*self.problems[:most]]
        if more := len(self.problems) - len(shown):
            shown.append(f"And {more} more: {self.keymap.name('app.palette')}, then All keys, lists them.")
        return "\n".join(shown)

    async def on_mount(self) -> None:
        """Show the first screen: a step of the case that was handed in, or the welcome."""
        self.set_keymap(self.keymap.for_textual)
        if self.begun:
            self.case = later.see(self.case, self._at)
        await self.push_screen(later.StepScreen(self._at) if self.begun else WelcomeScreen())
        if self.begun and self.problems:
            self.tell(self.problems_in_few(1))
        if self._resumed:
            self.call_after_refresh(self.resume, self._resumed)
        self.call_after_refresh(self._then, self)
        # Behind the first screen, so that a first paste need not wait for its reader.
        self.call_after_refresh(threading.Thread(target=later.load, daemon=True).start)

    def begin(self, case: Case) -> None:
        """Begin a new case at its first step; what is still being read belongs to the one before."""
        self.stop_all_reading()
        self.keeper.begin(case)
        self.begun = True
        self.go(later.STEPS[0].id)

    def resume(self, case_id: str) -> None:
        """Go on with a saved case at its next open step; what keeps it from being opened is said."""
        self.stop_all_reading()
        self._keep()
        try:
            saved = self.keeper.resume(case_id)
        except CasebookError as error:
            self.tell(str(error))
            return
        self.begun = True
        self.go(later.next_step(self.case))
        opened = later.line_of(saved, utc_now()).opened
        self.call_after_refresh(self.tell, f"{opened} {READ_ONLY}" if self.keeper.read_only else opened)

    def begin_sample(self) -> None:
        """Begin the case with the shipped evidence."""
        self.begin(later.sample_case())

    def go_on(self) -> None:
        """Go on with the case where it was left."""
        self.go(later.next_step(self.case))

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary behind the last one (None)."""
        if step_id:
            self.case = later.see(self.case, step_id)
        if self.training:
            self.training.wizard_at = step_id
        self.show_instead(later.StepScreen(step_id) if step_id else later.SummaryScreen())

    def go_after(self, step_id: StepId) -> None:
        """Show what follows a step."""
        self.go(later.after(step_id, self.case))

    def go_before(self, step_id: StepId | None) -> None:
        """Show what stands before a step; before the summary that is the last step, before the first the welcome."""
        if step_id is None:
            self.go(later.STEPS[-1].id)
        elif previous := later.before(step_id, self.case):
            self.go(previous)
        elif self.practising:
            self.action_practice()
        else:
            self.welcome()

    def show_instead(self, screen: Screen[None]) -> None:
        """Put a screen in place of the one that is shown; dialogs above it are closed."""
        self._keep()
        # Drawn once, when it stands: its parts one after another would each be a frame to wait for.
        drawing = ExitStack()
        drawing.callback(screen.refresh)
        drawing.enter_context(self.batch_update())
        while len(self.screen_stack) > 2:
            self.pop_screen()
        # The window is the same: without its classes every part would be styled and laid out twice.
        breakpoints = {name for _, name in (*self.HORIZONTAL_BREAKPOINTS, *self.VERTICAL_BREAKPOINTS)}
        screen.add_class(*(breakpoints & self.screen.classes))
        self.switch_screen(screen)
        self.call_next(drawing.close)

    def _keep(self) -> None:
        for screen in self.screen_stack:
            if later.is_step(screen):
                screen.keep()

    def noting_copy(self, text: str) -> None:
        """A command of the step on show goes into the journal when it is copied: it may have been run since."""
        for screen in self.screen_stack:
            if later.is_step(screen) and any(text == c.text for c in screen.step.commands(self.case)):
                self.case = copied(self.case, screen.step.id, text, utc_now())

    # Evidence that takes time to read

    def read(self, step_id: StepId, source: Source) -> None:
        """Read evidence given at a step, without holding up the screen; the newest given at a step counts.

        It belongs to the app and not to the screen, so that leaving the screen does not end it.
        """
        in_background(self, f"reading {step_id.value}", partial(self._read, step_id, source))

    def stop_reading(self, step_id: StepId) -> None:
        """Give up what is being read for a step: something newer has been given."""
        self.workers.cancel_group(self, f"reading {step_id.value}")

    def stop_all_reading(self) -> None:
        """Give up everything that is being read: it belongs to the case that is left."""
        for s in later.STEPS:
            self.stop_reading(s.id)

    def is_reading(self, step_id: StepId) -> bool:
        """Whether something is being read for a step."""
        return any(each.group == f"reading {step_id.value}" and not each.is_finished for each in self.workers)

    async def _read(self, step_id: StepId, source: Source) -> None:
        given_up = threading.Event()
        at = self.case.here
        try:
            while True:
                case = self.case
                if case.here != at:
                    # What was given for one server says nothing of another.
                    self.tell(f"Not taken: it was given for another server than {case.here}, where the case is now.")
                    return
                taken = await asyncio.to_thread(source, case, given_up.is_set)
                # What was answered meanwhile must not be lost: then it is read again upon that.
                if self.case is case:
                    break
        finally:
            given_up.set()
        self.case = taken.case
        screens = [s for s in self.screen_stack if later.is_step(s) and s.step.id is step_id and s.ready]
        if screens:
            screens[0].took(taken)
        else:
            self.tell(f"{'Read' if taken.accepted else 'Not taken'}, for the step: {later.step(step_id).words.title}")

    def get_key_display(self, binding: Binding) -> str:
        """Keys as they are printed on keyboards: F1, Esc, Ctrl+Q."""
        return spoken(binding.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what is about the real case while somebody practises."""
        if self.practising and action in REAL_ONLY:
            return False
        return super().check_action(action, parameters)

    def action_save(self) -> None:
        """Save the summary with all commands to a text file, for when no clipboard works."""
        self.tell(later.save_summary(self.case, self.save_into, self._now()))

    def tell(self, sentence: str) -> None:
        """Say something on the status line; a dialog has none, so it is said on the screen behind it."""
        sentence = shown(sentence)
        for screen in reversed(self.screen_stack):
            for status in screen.query("#status").results(Static):
                status.update(Content(sentence))
                return

    def tell_from_thread(self, sentence: str) -> None:
        """Say something from a thread, without waiting until it is drawn: the app may be ending."""
        if self.is_running:
            self.call_later(self.tell, sentence)

    async def on_event(self, event: events.Event) -> None:
        """A pasted text is kept together and goes to its place before any of it reaches a button."""
        if isinstance(event, events.Key) and not event.is_forwarded and await self.arriving.takes(event):
            return
        if isinstance(event, events.Paste) and not event.is_forwarded and self.arriving.pasted(event):
            return
        await self.hand_on(event)

    async def hand_on(self, event: events.Event) -> None:
        """An event as Textual hands it out; typing is aimed at the place for text before."""
        typed = isinstance(event, events.Key) and not event.is_forwarded and event.is_printable and event.character
        if typed and isinstance(self.screen, Aims) and self.screen.aims_at(typed):
            self.screen.aimed()
        await super().on_event(event)

    async def on_typed(self, message: Typed) -> None:
        """Keys that came many at once."""
        await self.arriving.hand_out()
        self.arriving.typed(message.text)

    def on_paste_coming(self, message: PasteComing) -> None:
        """A large paste is on its way, which over a slow line takes its time."""
        self.tell(coming_in(message.characters))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing reaches the terminal that it could act on, or cannot draw."""
        return (*super().get_line_filters(), *self._guards)

    def leave(self) -> None:
        """End; what was typed last is read first, for the summary."""
        self._keep()
        self.exit()

    def action_other_theme(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = DAY.name if self.theme == NIGHT.name else NIGHT.name

    def action_cases(self) -> None:
        """Choose among the saved cases."""
        if self.keeper.book is None:
            return

        def chosen(case_id: str | None) -> None:
            if case_id:
                self.resume(case_id)

        self._keep()
        self.push_screen(later.CasesScreen(self.keeper.book, self.keeper, self.save_into), chosen)

    def action_all_keys(self) -> None:
        """Show all keys of the screen in front."""
        self.push_screen(later.all_keys(self, self.screen))

    def action_hand_over(self) -> None:
        """Hand the case over: change card, record, or the case for a colleague."""
        self._keep()
        self.push_screen(later.HandoverScreen(self.keeper, self.save_into))

    def action_restart(self) -> None:
        """Go to the welcome; the case stays until a new one begins."""
        self.welcome()

    def action_go(self, step_value: str) -> None:
        """Go straight to a step."""
        self.go(StepId.of(step_value))

    # The end

    def save_draft(self) -> Path | None:
        """Save the case, and everything typed and answered into a file; its path, None where there is nothing."""
        try:
            return save_draft(self.keeper.case, {} if self.practising else later.unread(self), self._now())
        finally:
            # Last, for it may wait for a save that is under way.
            self.keeper.save_now()

    def _where(self) -> str:
        """The screens that are open, for the report of a fault."""
        return ", ".join(s.step.id.value if later.is_step(s) else type(s).__name__ for s in self.screen_stack)

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        self.ending.attach(driver, lambda status: self.exit(return_code=status))
        return driver

    def panic(self, *_renderables: RenderableType) -> None:
        """End after a fault that Textual has drawn already; a traceback is none of the words for a person."""
        self._return_code = 1
        self._fatal_error()

    def _fatal_error(self) -> None:
        """End after a fault in the program. What is said then is said once the terminal is clean."""
        self.ending.fault(self._exception or OwnFault("the terminal can no longer be read"))
        self._close_messages_no_wait()
