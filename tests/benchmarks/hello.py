"""The least that a Textual app can be: the yardstick for how soon ours is there and how fast it answers."""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Footer, OptionList, Static


class Hello(App[None]):
    """A line of text and a footer."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield Static("Hello, world")
        yield Footer()


class More(ModalScreen[None]):
    """A screen above it: again a line and a footer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """Both."""
        yield Static("Hello, once more")
        yield Footer()


class HelloList(Hello):
    """A list to walk through, and a screen to open."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "more", "More")]

    def compose(self) -> ComposeResult:
        """The list first."""
        yield OptionList(*(f"Line {number}" for number in range(100)))
        yield from super().compose()

    def action_more(self) -> None:
        """Open the screen above."""
        self.push_screen(More())


if __name__ == "__main__":
    (HelloList() if "--list" in sys.argv else Hello()).run()
