"""The place where evidence comes in: by paste, typed by an old console, from the clipboard or a file.

A large paste is held whole outside the text area, which would need more than a second for a key
with 10 MB in it; what is shown then is its beginning.
"""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

SHOWN_CHARACTERS = 20_000
"""More than this is held outside the text area."""

PAUSE = 0.7
"""Seconds without a key after which typed text is read: an old console types a paste at 200 keys a second."""

BURST = 0.03
"""Seconds between keys within which a TAB is text of a paste, not a wish to move on."""


class Evidence(TextArea):
    """A text area that posts `Given` for every paste, and for typed text after a pause."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+v", "screen.read_clipboard", "Paste", show=False, priority=True)
    ]

    class Given(Message):
        """A text to be read. `text` is the whole, also where only its beginning is shown."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(id="evidence", show_line_numbers=False, soft_wrap=False, tab_behavior="focus", compact=True)
        self._held: str | None = None
        self._seen = ""
        self._pause: Timer | None = None
        self._last_key = 0.0

    @property
    def given(self) -> str:
        """The whole text as it was given."""
        return self._held if self._held is not None else self.text

    def hold(self, text: str) -> None:
        """Show a text without reading it, such as the one kept from an earlier visit."""
        self._seen = text
        self._held = text if len(text) > SHOWN_CHARACTERS else None
        shown = text[:SHOWN_CHARACTERS] if self._held is not None else text
        # `replace` keeps the undo history, so that what stood here before can be brought back.
        self.replace(shown, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))
        self.read_only = self._held is not None

    def give(self, text: str) -> None:
        """Take a whole text in place of what stands here, and have it read."""
        self.hold(text)
        self.post_message(self.Given(text))

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if event.text:
            self.give(event.text)

    async def _on_key(self, event: events.Key) -> None:
        now = monotonic()
        in_burst = now - self._last_key < BURST
        self._last_key = now
        if event.key == "tab" and in_burst:
            event.stop()
            event.prevent_default()
            self.insert("\t")
            return
        if self.read_only and event.key in ("delete", "backspace", "ctrl+x"):
            event.stop()
            event.prevent_default()
            self.hold("")
            return
        await super()._on_key(event)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Read what was typed once the typing pauses."""
        event.stop()
        if self._held is not None or self.text == self._seen:
            return
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._read_typed)

    def _read_typed(self) -> None:
        if self._held is None and self.text != self._seen:
            self._seen = self.text
            self.post_message(self.Given(self.text))
