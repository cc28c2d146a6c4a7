"""The field for the connector's name, which knows a pasted output when it sees one."""

from __future__ import annotations

import re
from time import monotonic

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from screens.pasted import BURST
from screens.paths import path_in
from screens.widgets.evidence import PAUSE
from wizard import readers
from wizard.reading.kind import Kind
from wizard.reading.text import clean
from wizard.taking.names import is_sentence

LONGEST = 200
"""Characters above which one line is no name."""

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
        self._entered = ""

    @property
    def gathered(self) -> str:
        """The lines of an output that is still being typed in; empty while there is none."""
        return "\n".join((*self._lines, self.value)) if self._lines else ""

    def show(self, name: str) -> None:
        """Show the name the case has, unless the person is typing another."""
        self._entered = name
        if not (self.has_focus and (self.value or self._lines or monotonic() - self._last_key < PAUSE)):
            self.value = name

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """A name is put here, in place of one that was entered before; what is more than a name is an output."""
        if is_name(text):
            self._make_room()
            self.insert_text_at_cursor(text.strip())
        elif text.strip():
            self.post_message(self.Output(text))

    def take_typed(self, text: str) -> None:
        """Take many keys at once, which may be a piece of a paste."""
        self._last_key = monotonic()
        *ended, rest = text.split("\n")
        if not (ended or self._lines):
            if len(text) > 1 and not text.isspace():
                self._make_room()
            self.insert_text_at_cursor(text)
            return
        if ended and not self._lines and ended[0].strip():
            self._make_room()
        if ended:
            self._lines += (self.value + ended[0], *ended[1:])
            self.value = rest
        else:
            self.value += rest
        self.cursor_position = len(self.value)
        self._wait()

    def _make_room(self) -> None:
        """A name that was entered already goes when another is pasted."""
        if self._entered and self.value == self._entered and not self._lines:
            self.value = ""

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
        if not is_name(text):
            self.value = ""
            self.post_message(self.Output(text + "\n"))
        else:
            self.value = text
            self.post_message(self.Named(text))


def is_name(text: str) -> bool:
    """Whether a pasted text can be a connector's name: one line, and nothing that Exchange or the shell prints."""
    if len(text) > LONGEST:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 1 or _PROPERTY.match(lines[0]) or path_in(lines[0]):
        return False
    cleaned = clean(lines[0])
    if is_sentence(lines[0].strip()):
        return False
    # Certificates: a lone word such as SMTP reads like their services.
    prompt = any("shell prompt" in note.what for note in cleaned.mended)
    return not prompt and readers.recognise(cleaned) in (Kind.NOTHING, Kind.CERTIFICATES)
