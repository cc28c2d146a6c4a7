"""The field for the connector's name, which knows a pasted output when it sees one."""

from __future__ import annotations

import re
from time import monotonic

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from screens.widgets.evidence import BURST, PAUSE

_PROPERTY = re.compile(r"^\s*[A-Z][A-Za-z]+\s*: |^\s*Name\s+\S|^\s*Identity\s+\S")


class NameInput(Input):
    """Posts `Named` for a name and `Output` for what is the output of a command.

    An old console types a paste: lines that come faster than a hand types are gathered here until
    the typing pauses. The focus stays meanwhile, or keys would overtake each other.
    """

    class Named(Message):
        """A name was entered."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Output(Message):
        """The output of a command came in instead of a name."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(id="name", compact=True, placeholder="Type the connector's name here and press Enter, or:")
        self._lines: list[str] = []
        self._pause: Timer | None = None
        self._last_key = 0.0

    @property
    def gathered(self) -> str:
        """The lines of an output that is still being typed in; empty while there is none."""
        return "\n".join((*self._lines, self.value)) if self._lines else ""

    def show(self, name: str) -> None:
        """Show the name the case has, unless the person is typing another."""
        if not (self.has_focus and (self.value or self._lines or monotonic() - self._last_key < PAUSE)):
            self.value = name

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if len(event.text.strip().splitlines()) > 1:
            self.post_message(self.Output(event.text))
        else:
            self.insert_text_at_cursor(event.text.strip())

    async def _on_key(self, event: events.Key) -> None:
        now = monotonic()
        in_burst, self._last_key = now - self._last_key < BURST, now
        if event.key == "enter":
            # Not left to the binding: that runs only after keys that came behind this one.
            event.stop()
            event.prevent_default()
            self._enter(in_burst)
        elif event.key == "tab" and in_burst:
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor("\t")
        else:
            if self._lines:
                self._wait()
            await super()._on_key(event)

    def _enter(self, in_burst: bool) -> None:
        """A name, or the end of a line of an output."""
        if not (in_burst or self._lines or _PROPERTY.match(self.value)):
            self.post_message(self.Named(self.value))
            return
        self._lines.append(self.value)
        self.value = ""
        self._wait()

    def _wait(self) -> None:
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._typing_paused)

    def _typing_paused(self) -> None:
        text = self.gathered.strip("\n")
        self._lines.clear()
        if "\n" in text or _PROPERTY.match(text):
            self.value = ""
            self.post_message(self.Output(text + "\n"))
        else:
            self.value = text
            self.post_message(self.Named(text))
