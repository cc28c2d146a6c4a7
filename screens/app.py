"""The full-screen app: holds the case, shows one step after another, and never lets a traceback reach the screen."""

from __future__ import annotations

import asyncio
import tempfile
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment, Segments
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme

from screens.actions import ACTIONS
from screens.step import StepScreen
from screens.summary import SummaryScreen
from screens.welcome import WelcomeScreen
from wizard import clipboard as clipboards
from wizard.asset import assets
from wizard.case import Case, StepId
from wizard.clipboard import Clipboard, Copied, Proof
from wizard.report import summary
from wizard.sample import sample_case
from wizard.steps import STEPS, after, before, next_step

HANDED_OVER = (
    "No clipboard here. The line was handed to your terminal, which gives no answer: paste it to see whether it took "
    "it. Or Ctrl+S saves all commands to a file."
)


class PlainScrollBarRender(ScrollBarRender):
    """A scroll bar of whole cells: the eighth-of-a-cell glyphs are missing in the old Windows console."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


NIGHT = Theme(
    name="night",
    primary="#5fafff",
    secondary="#87afaf",
    accent="#ffd75f",
    foreground="#e4e4e4",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    success="#87d787",
    warning="#ffd75f",
    error="#ff8787",
    dark=True,
)
DAY = Theme(
    name="day",
    primary="#005faf",
    secondary="#3a5f5f",
    accent="#875f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#f4f4f4",
    panel="#e4e4e4",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    dark=False,
)


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
    ) -> None:
        ScrollBar.renderer = PlainScrollBarRender
        super().__init__()
        self.case = case or Case()
        self.begun = case is not None
        self.system = clipboard or clipboards.system_clipboard()
        self.save_into = save_into or Path.home()
        self._now = now

    def on_mount(self) -> None:
        """Show the first screen: the case that was handed in, or the welcome."""
        self.register_theme(NIGHT)
        self.register_theme(DAY)
        self.theme = NIGHT.name
        self.push_screen(WelcomeScreen())
        if self.begun:
            self.go(STEPS[0].id)

    def begin(self, case: Case) -> None:
        """Begin a new case at its first step."""
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
        self._show(StepScreen(step_id) if step_id else SummaryScreen())

    def go_after(self, step_id: StepId) -> None:
        """Show what follows a step."""
        self.go(after(step_id))

    def go_before(self, step_id: StepId | None) -> None:
        """Show what stands before a step; before the summary that is the last step, before the first the welcome."""
        if step_id is None:
            self.go(STEPS[-1].id)
        elif previous := before(step_id):
            self.go(previous)
        else:
            self._show(WelcomeScreen())

    def _show(self, screen: Screen[None]) -> None:
        """Put a screen in place of the one that is shown; dialogs above it are closed."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        self.switch_screen(screen)

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
        """Say something on the status line of the screen in front."""
        status = self.screen.query("#status")
        if status:
            status.first().update(sentence)  # type: ignore[attr-defined]
        else:
            self.notify(sentence, markup=False)

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
        """Every action of the screen in front and of the app, as rows of the command palette."""
        for row in ACTIONS:
            owner = screen if hasattr(screen, f"action_{row.action}") else self
            if hasattr(owner, f"action_{row.action}") and (not row.when or row.when(self)):
                yield SystemCommand(row.title, row.help, _caller(owner, row.action))
        if self.begun:
            for s in STEPS:
                yield SystemCommand(f"Go to: {s.words.title}", s.words.kb, _goer(self, s.id))

    def _fatal_error(self) -> None:
        """End after a fault in the program: save what there is, say so plainly, show no local variables."""
        try:
            self._exit_renderables.append(Segments([Segment(self._last_words() + "\n")]))
        except Exception:  # noqa: BLE001 - whatever happens here must not hide the first fault
            self._exit_renderables.append(Segments([Segment("exchange-cert-wizard stopped because of a fault.\n")]))
        self._close_messages_no_wait()

    def _last_words(self) -> str:
        """What the person reads after a fault, and the report written for whoever mends it."""
        error = self._exception
        report = "".join(traceback.format_exception(error)) if error else "no exception known"
        words = "exchange-cert-wizard stopped because of a fault of its own. Nothing on your servers was changed by it."
        try:
            with tempfile.NamedTemporaryFile(
                "w", prefix="exchange-cert-wizard-", suffix=".txt", delete=False, encoding="utf-8"
            ) as file:
                file.write(report)
            words += f"\nA report without your evidence is in {file.name}"
        except OSError:
            words += f"\n{type(error).__name__}"
        return words


def _caller(owner: object, action: str) -> Callable[[], None]:
    """A call of an action by name, for the palette; an action may be a coroutine."""

    def call() -> None:
        method = getattr(owner, f"action_{action}")
        app = owner if isinstance(owner, App) else owner.app  # type: ignore[attr-defined]
        app.call_next(method)

    return call


def _goer(app: WizardApp, step_id: StepId) -> Callable[[], None]:
    def call() -> None:
        app.go(step_id)

    return call
