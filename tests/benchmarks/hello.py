"""The least that a Textual app can be: the yardstick for how soon ours is there."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Footer, Static


class Hello(App[None]):
    """A line of text and a footer."""

    def compose(self) -> ComposeResult:
        """Both."""
        yield Static("Hello, world")
        yield Footer()


if __name__ == "__main__":
    Hello().run()
