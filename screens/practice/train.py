"""The practice shell on a screen of its own: whoever trains alone, and in a narrow window with the wizard behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.focusing import FocusMoves
from screens.practice.shell import Pane, ShellInput
from screens.practice.training import Training
from screens.practice.words import time_left
from screens.shown import shown
from screens.widgets.footer import KeysFooter

if TYPE_CHECKING:
    from screens.app import WizardApp

TICK = 1.0
"""Seconds between two looks at the clock of an exam."""


class ShellScreen(FocusMoves, Screen[None]):
    """The shell, and in an exam the clock, which ends it."""

    AUTO_FOCUS = "#shell-line"
    HOLDS: ClassVar[tuple[type[Widget], ...]] = (Pane, ShellInput)

    def __init__(self, training: Training) -> None:
        super().__init__()
        self.training = training

    def compose(self) -> ComposeResult:
        """What is trained, and the shell."""
        yield Static(self._title(), id="title", markup=False)
        yield Pane(self.training)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Begin to look at the clock."""
        if self.training.time_left() is not None:
            self.set_interval(TICK, self._tick)

    def _title(self) -> str:
        left = self.training.time_left()
        clock = f"{time_left(left)}  " if left is not None else ""
        return shown(f"PRACTICE  {clock}{self.training.name}")

    def _tick(self) -> None:
        """Show the time that is left; when none is, the result stands."""
        self.query_one("#title", Static).update(Content(self._title()))
        if not self.training.time_left() and self.is_attached:
            cast("WizardApp", self.app).show_result()

    def on_screen_resume(self) -> None:
        """Behind a dialog the shell may have come to another server."""
        self.query_one("#title", Static).update(Content(self._title()))

    def take_text(self, text: str, typed: bool) -> None:  # noqa: ARG002 - as every screen is asked
        """A pasted text that no field took belongs to the shell."""
        self.query_one(ShellInput).take_paste(text)

    def aims_at(self, written: str) -> bool:
        """Whatever is typed here is typed at the prompt."""
        return bool(written) and bool(self.query(ShellInput))

    def aimed(self) -> Widget | None:
        """The line at the prompt, with the focus."""
        if not self.query_one(ShellInput).has_focus:
            self.set_focus(self.query_one(ShellInput))
        return self.focused
