"""The field for a path, which completes it and knows when more than a path was pasted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from screens.bound import bound
from screens.completing import PathSuggester
from screens.widgets.evidence import PAUSE


class PathInput(Input):
    """Tab and the right arrow take the completion that is shown; without one, Tab moves on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("tab", "complete", "Complete", "open.complete", "Goes on with the path", show=False, priority=False)
    ]

    class MoreLines(Message):
        """Several lines came in, of which the first stands in the field now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class LineEnded(Message):
        """A path came with an Enter behind it, all at once, as pastes do: it stands here and is not entered."""

    def __init__(self, start: str, base: Callable[[], Path]) -> None:
        super().__init__(start, placeholder="a path", id="path", compact=True, suggester=PathSuggester(base))
        self._start = start
        self._pieces: list[str] = []
        self._pause: Timer | None = None

    def action_complete(self) -> None:
        """Take the completion, else move on."""
        before = self.value
        if self.cursor_at_end and before != self._start:
            self.action_cursor_right()
        if self.value == before:
            self.screen.focus_next()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def take_paste(self, text: str, whole: bool = False) -> None:
        """Put a path here: in place of everything (`whole`) or of what it began with, else where the cursor stands."""
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            return
        if whole or self.value == self._start:
            self.value = ""
        self._put(lines[0].strip())
        if len(lines) > 1:
            self.post_message(self.MoreLines(text))

    def take_typed(self, text: str) -> None:
        """Take many keys at once; an Enter among them is a line's end and enters nothing."""
        if "\n" not in text and not self._pieces:
            self._put(text)
            return
        self._pieces.append(text)
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._is_whole)

    def _put(self, text: str) -> None:
        """Put a text where the cursor stands, in place of what is marked: as any single key does."""
        self.replace(text, *sorted(self.selection))

    def _is_whole(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text.strip():
            self.post_message(self.LineEnded())
        self.take_paste(text)
