"""The full-screen app: holds the case, shows one step after another, and never lets a traceback reach the screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

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

from screens import later
from screens.arriving import Aims, Arriving
from screens.background import in_background
from screens.bound import bound
from screens.draft import last_draft, save_draft
from screens.ending import Ending
from screens.fault import OwnFault
from screens.harmless import AsciiFilter, HarmlessFilter
from screens.keymap import Keymap, keymap, loaded
from screens.keynames import spoken
from screens.pasted import coming_in
from screens.practising import BESIDE, REAL_ONLY, PractisingApp
from screens.shown import shown
from screens.terminal import PasteComing, Typed, install
from screens.themes import DAY, NIGHT, PlainScrollBarRender
from screens.welcome import WelcomeScreen
from wizard import clipboard as clipboards
from wizard import copyroutes
from wizard.asset import assets
from wizard.case import Case, StepId
from wizard.casebook import Casebook, CasebookError
from wizard.clipboard import Clipboard
from wizard.copyroutes import Session
from wizard.keeper import READ_ONLY, Keeper, utc_now
from wizard.noting import copied
from wizard.settings import Settings
from wizard.words import with_keys

if TYPE_CHECKING:
    from screens.reading import Source


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
            self.case = self.case.seeing(self._at)
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
            self.case = self.case.seeing(step_id)
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
        for step_id in StepId:
            self.stop_reading(step_id)

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
        self.go(StepId(step_value))

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
