"""The full-screen app: holds the case, shows one step after another, and never lets a traceback reach the screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.widgets import Static

from screens.actions import ACTIONS
from screens.background import in_background
from screens.dialogs import BeforeCopyDialog
from screens.fault import STOPPED, last_words
from screens.harmless import HarmlessFilter
from screens.reading import Source
from screens.shown import shown
from screens.step import StepScreen
from screens.summary import SummaryScreen
from screens.themes import DAY, NIGHT, PlainScrollBarRender
from screens.welcome import WelcomeScreen
from wizard import clipboard as clipboards
from wizard import readers
from wizard.asset import assets
from wizard.case import Case, StepId
from wizard.clipboard import Clipboard, Copied, Proof
from wizard.report import summary
from wizard.sample import sample_case
from wizard.steps import STEPS, after, before, next_step, step, steps_of

HANDED_OVER = (
    "No clipboard here. The line was handed to your terminal, which gives no answer: paste it to see whether it took "
    "it. Or Ctrl+S saves all commands to a file."
)


REMINDER = "Answer N to its question."


class WizardApp(App[None]):
    """One case from the first symptom to the proof. `case` is replaced, never changed."""

    TITLE = "exchange-cert-wizard"
    CSS_PATH = assets() / "wizard.tcss"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-usual"), (112, "-wide")]  # noqa: RUF012 - Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-middle"), (32, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", priority=True),
        Binding("ctrl+s", "save", "Save", show=False, priority=True),
    ]

    def __init__(
        self,
        case: Case | None = None,
        clipboard: Clipboard | None = None,
        save_into: Path | None = None,
        now: Callable[[], datetime] = datetime.now,
        at: StepId = STEPS[0].id,
    ) -> None:
        ScrollBar.renderer = PlainScrollBarRender
        super().__init__()
        # Before anything is drawn: a theme that is set later has the whole style sheet read again.
        self.register_theme(NIGHT)
        self.register_theme(DAY)
        self.set_reactive(App.theme, NIGHT.name)
        self.case = case or Case()
        self.begun = case is not None
        self.system = clipboard or clipboards.system_clipboard()
        self.save_into = save_into or Path.home()
        self._now = now
        self._at = at
        self._harmless = HarmlessFilter()

    def on_mount(self) -> None:
        """Show the first screen: a step of the case that was handed in, or the welcome."""
        if self.begun:
            self.case = self.case.seeing(self._at)
        self.push_screen(StepScreen(self._at) if self.begun else WelcomeScreen())
        # Behind the first screen, so that a first paste need not wait for its reader.
        self.call_after_refresh(threading.Thread(target=readers.load, daemon=True).start)

    def begin(self, case: Case) -> None:
        """Begin a new case at its first step; what is still being read belongs to the one before."""
        for step_id in StepId:
            self.stop_reading(step_id)
        self.case = case
        self.begun = True
        self.go(STEPS[0].id)

    def begin_sample(self) -> None:
        """Begin the case with the shipped evidence."""
        self.begin(sample_case())

    def go_on(self) -> None:
        """Go on with the case where it was left."""
        self.go(next_step(self.case))

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary behind the last one (None)."""
        if step_id:
            self.case = self.case.seeing(step_id)
        self._show(StepScreen(step_id) if step_id else SummaryScreen())

    def go_after(self, step_id: StepId) -> None:
        """Show what follows a step."""
        self.go(after(step_id, self.case))

    def go_before(self, step_id: StepId | None) -> None:
        """Show what stands before a step; before the summary that is the last step, before the first the welcome."""
        if step_id is None:
            self.go(STEPS[-1].id)
        elif previous := before(step_id, self.case):
            self.go(previous)
        else:
            self._show(WelcomeScreen())

    def _show(self, screen: Screen[None]) -> None:
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
            if isinstance(screen, StepScreen):
                screen.keep()

    # Evidence that takes time to read

    def read(self, step_id: StepId, source: Source) -> None:
        """Read evidence given at a step, without holding up the screen; the newest given at a step counts.

        It belongs to the app and not to the screen, so that leaving the screen does not end it.
        """
        in_background(self, f"reading {step_id.value}", partial(self._read, step_id, source))

    def stop_reading(self, step_id: StepId) -> None:
        """Give up what is being read for a step: something newer has been given."""
        self.workers.cancel_group(self, f"reading {step_id.value}")

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
        screens = [s for s in self.screen_stack if isinstance(s, StepScreen) and s.step.id is step_id and s.ready]
        if screens:
            screens[0].took(taken)
        else:
            self.tell(f"{'Read' if taken.accepted else 'Not taken'}, for the step: {step(step_id).words.title}")

    # Copying

    def hand_out(self, text: str, binding: bool, afterwards: str = "") -> None:
        """Copy a text; one that holds the binding command only after the word about its question.

        `afterwards` is added to what is said about the copy.
        """
        if not binding:
            self._begin_copy(text, afterwards)
            return

        def told(understood: bool | None) -> None:
            if understood:
                self.case = self.case.told()
                self._begin_copy(text, afterwards or REMINDER)

        if self.case.told_to_answer_no:
            told(True)
        else:
            self.push_screen(BeforeCopyDialog(), told)

    def _begin_copy(self, text: str, afterwards: str) -> None:
        in_background(self, "copying", partial(self._copy, text, afterwards))

    async def _copy(self, text: str, afterwards: str) -> None:
        copied = await self.copy(text)
        self.tell(f"{copied.sentence} {afterwards}".rstrip())

    async def copy(self, text: str) -> Copied:
        """Copy a text to the system's clipboard and read it back, without holding up the screen.

        Where there is none, such as over SSH, the terminal is asked to take it (OSC 52). It never
        answers, so that is said and not called copied.
        """
        copied = await asyncio.to_thread(clipboards.copy, text, self.system)
        if copied.proof is Proof.FAILED:
            self.copy_to_clipboard(text)
            return Copied(copied.proof, HANDED_OVER)
        return copied

    async def paste(self) -> str:
        """The text on the system's clipboard.

        Raises:
            ClipboardError: there is none, or it cannot be read; the message says what to do instead.
        """
        return await asyncio.to_thread(clipboards.read, self.system)

    def get_key_display(self, binding: Binding) -> str:
        """Keys as they are printed on keyboards: F1, Esc, Ctrl+Q."""
        key = super().get_key_display(binding)
        return key.capitalize() if key.startswith("esc") else key.upper()

    def action_save(self) -> None:
        """Save the summary with all commands to a text file, for when no clipboard works."""
        name = f"exchange-cert-wizard-{self._now():%Y%m%d-%H%M%S}.txt"
        path = self.save_into / name
        try:
            path.write_text(summary(self.case) + "\n", encoding="utf-8", newline="\n")
        except OSError as error:
            self.tell(f"Could not save to {path}: {error.strerror or error}")
            return
        self.tell(f"Saved: {path}")

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
        """Typing is aimed at the place for text before the key is handed out."""
        if isinstance(event, events.Key) and not event.is_forwarded and isinstance(self.screen, StepScreen):
            self.screen.aim(event)
        await super().on_event(event)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Nothing reaches the terminal that it could act on."""
        return (*super().get_line_filters(), self._harmless)

    async def action_quit(self) -> None:
        """End; what was typed last is read first, for the summary."""
        self._keep()
        self.exit()

    def action_other_theme(self) -> None:
        """Change between the dark and the light theme."""
        self.theme = DAY.name if self.theme == NIGHT.name else NIGHT.name

    def action_restart(self) -> None:
        """Go to the welcome; the case stays until a new one begins."""
        self._show(WelcomeScreen())

    def action_go(self, step_value: str) -> None:
        """Go straight to a step."""
        self.go(StepId(step_value))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action that makes sense on the screen in front, as rows of the command palette."""
        for row in ACTIONS:
            owner = next((owner for owner in (screen, self) if _offers(owner, row.action)), None)
            if owner and (not row.when or row.when(self)):
                yield SystemCommand(row.title, row.help, _caller(self, owner, row.action))
        if self.begun:
            for s in steps_of(self.case):
                yield SystemCommand(f"Go to: {s.words.title}", s.words.kb, _goer(self, s.id))

    def _fatal_error(self) -> None:
        """End after a fault in the program: say so plainly, show no local variables."""
        try:
            words = last_words(self._exception)
        except Exception:  # noqa: BLE001 - whatever happens here must not hide the first fault
            words = STOPPED
        self._exit_renderables.append(Text(words, overflow="fold"))
        self._close_messages_no_wait()


def _offers(owner: App[None] | Screen[object], action: str) -> bool:
    """Whether an action is one of ours (Textual brings its own, of other meaning) and makes sense now."""
    ours = any(f"action_{action}" in vars(c) for c in type(owner).__mro__ if not c.__module__.startswith("textual"))
    return ours and bool(owner.check_action(action, ()))


def _caller(app: WizardApp, owner: App[None] | Screen[object], action: str) -> Callable[[], None]:
    """A call of an action by name, for the palette; an action may be a coroutine."""

    def call() -> None:
        app.call_next(getattr(owner, f"action_{action}"))

    return call


def _goer(app: WizardApp, step_id: StepId) -> Callable[[], None]:
    def call() -> None:
        app.go(step_id)

    return call
