"""The field for the connector's name, which knows a pasted output when it sees one."""

from __future__ import annotations

import re
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

_PROPERTY = re.compile(r"^\s*[A-Z][A-Za-z]+\s*: |^\s*Name\s+\S|^\s*Identity\s+\S")


class NameInput(Input):
    """Posts `Named` for a name and `ManyLines` for what is the output of a command."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+v", "screen.read_clipboard", "Paste", show=False, priority=True)
    ]

    class Named(Message):
        """A name was entered."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class ManyLines(Message):
        """Lines of output came in instead. `whole` is False for the first of lines still being typed."""

        def __init__(self, text: str, whole: bool) -> None:
            super().__init__()
            self.text = text
            self.whole = whole

    def __init__(self) -> None:
        super().__init__(id="name", compact=True, placeholder="Type the connector's name here and press Enter, or:")

    def show(self, name: str) -> None:
        """Show the name the case has, unless the person is typing another."""
        if not self.has_focus or not self.value:
            self.value = name

    def _on_paste(self, event: events.Paste) -> None:
        if "\n" in event.text.strip() or "\r" in event.text.strip():
            event.stop()
            event.prevent_default()
            self.post_message(self.ManyLines(event.text, whole=True))
            return
        super()._on_paste(event)

    async def action_submit(self) -> None:
        """Enter: a name, or the first line of an output that an old console types in."""
        text = self.value
        if _PROPERTY.match(text):
            self.value = ""
            self.post_message(self.ManyLines(text + "\n", whole=False))
        else:
            self.post_message(self.Named(text))
