"""The fields for evidence: pasted, typed by an old console, from the clipboard or a file.

A large paste is held outside the text area, which shows its beginning; with 10 MB in it a key would take more than a
second.
"""

from __future__ import annotations

import re
from time import monotonic

from rich.text import Text
from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, TextArea

from screens.paths import path_in
from screens.words import BURST, how_much
from wizard.machine.inert import shown
from wizard.reading.recognise import recognise
from wizard.reading.text import Kind, clean
from wizard.steps.connector import is_sentence

SHOWN_CHARACTERS = 20_000
"""A longer text is held outside the text area."""

SIZE_SAID = 200_000
"""From this length on the size of a paste is shown."""

PAUSE = 0.7
"""Seconds without a key after which typed text is read: an old console types a paste at 200 keys a second."""

TYPED_PASTE = 20
"""Keys in one burst that no hand types: an old console's paste."""

APART = 2.0
"""Seconds without a key after which such a paste is a new one and replaces the text of the field."""


class EvidenceField(TextArea):
    """A text area that posts `Given` for every paste, and for typed text after a pause."""

    class Given(Message):
        """A text to be read. `text` is whole, even if only its beginning is shown.

        `typed` says that it came as keys, so more of it may follow.
        """

        def __init__(self, text: str, typed: bool = False) -> None:
            super().__init__()
            self.text = text
            self.typed = typed

    class Coming(Message):
        """Typed text is still arriving; `characters` of it are here."""

        def __init__(self, characters: int) -> None:
            super().__init__()
            self.characters = characters

    class Onward(Message):
        """Enter was pressed on a text that was pasted or restored, or on none: it adds no line."""

    def __init__(self) -> None:
        super().__init__(id="evidence", show_line_numbers=False, soft_wrap=False, tab_behavior="focus", compact=True)
        # The text area binds these two itself, which would put them first in the footer.
        for key in ("f6", "f7"):
            self._bindings.key_to_bindings.pop(key, None)
        self._held: str | None = None
        # Undo and redo restore the beginning of a large text; this finds the whole.
        self._wholes: dict[str, str] = {}
        self._seen = ""
        self._left: str | None = None
        self._as_given: str | None = None
        self._pause: Timer | None = None
        self._last_key = 0.0
        self._burst: list[str] = []
        self._burst_is_new = False
        # Counted once: the rows of 200 MB take a moment.
        self._measured: str | None = None
        self._amount = ""
        # Typed text beyond the visible part, once the text area is full.
        self._coming: list[str] = []
        self._coming_characters = 0
        self._last_typed = 0.0

    @property
    def given(self) -> str:
        """The whole text."""
        shown = self._held if self._held is not None else self.text
        return "".join((shown, *self._coming)) if self._coming else shown

    @property
    def amount(self) -> str:
        """The size of a large text: `5.0 MB, 40,301 rows`; empty for a small one."""
        if self._held is None or len(self._held) <= SIZE_SAID:
            return ""
        if self._measured is not self._held:
            self._measured, self._amount = self._held, how_much(self._held)
        return self._amount

    @property
    def unread(self) -> str | None:
        """Text typed or restored, but not read yet."""
        return None if self.given == self._seen else self.given

    def hold(self, text: str, read: bool = True) -> None:
        """Show a text without reading it, such as one of an earlier visit.

        One that was not `read` then is read once it is changed, or left: it may have stopped the program.
        """
        self._coming.clear()
        self._coming_characters = 0
        beginning = text[:SHOWN_CHARACTERS]
        # `replace` keeps the undo history, so the previous text can be restored.
        self.replace(beginning, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))
        if len(text) > len(beginning):
            self._wholes[self.text] = text
        self._find_whole()
        self._seen, self._left = (self.given, None) if read else ("", self.given)
        self._as_given = self.given or None
        self.show_from_the_first_word()

    def show_from_the_first_word(self) -> None:
        """Scroll past blank lines at the top: a field of one visible line would look empty."""
        lines = self.document.lines
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        # After a typed paste the cursor stays: more may follow.
        if first and self.cursor_location == (0, 0):
            self.move_cursor((first, 0))
        self.call_after_refresh(self.scroll_to, 0, first, animate=False)

    def give(self, text: str) -> None:
        """Replace the text and have it read."""
        self.hold(text)
        self.post_message(self.Given(text))

    def get_line(self, line_index: int) -> Text:
        """A line, safe for the terminal."""
        return Text(shown(self.document.get_line(line_index)), end="", no_wrap=True)

    def _find_whole(self) -> None:
        """Find out whether the visible text is the beginning of a large one, which cannot be edited."""
        self._held = self._wholes.get(self.text)
        self.read_only = self._held is not None

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if event.text:
            self.give(event.text)

    def take_typed(self, text: str) -> None:
        """Take many keys at once: an old console's paste or a piece of it, of any size.

        A new paste replaces the text read before; a continued one is appended.
        """
        now = monotonic()
        pause = now - max(self._last_typed, self._last_key)
        self._last_typed = now
        if len(text) >= TYPED_PASTE and pause > APART and self.given.strip() and self.unread is None:
            self.replace("", (0, 0), self.document.end, maintain_selection_offset=False)
            self._find_whole()
        if self._coming or self.read_only or len(self.text) + len(text) > SHOWN_CHARACTERS:
            self._coming.append(text)
            self._coming_characters += len(text)
            self.post_message(self.Coming(len(self.text) + self._coming_characters))
            self._wait()
        else:
            self.insert(text)

    async def _on_key(self, event: events.Key) -> None:
        now = monotonic()
        pause, self._last_key = now - self._last_key, now
        typed = _typed(event, in_burst=pause < BURST)
        if typed is None:
            self._burst.clear()
            if self.read_only and event.key in ("delete", "backspace", "ctrl+x"):
                _take(event)
                self.clear()
                return
        elif typed == "\n" and pause >= BURST and (not self.given.strip() or self.given == self._as_given):
            _take(event)
            self.post_message(self.Onward())
            return
        elif self._in_typed_paste(typed, pause):
            _take(event)
            return
        elif typed == "\t":
            _take(event)
            self.insert("\t")
            return
        await super()._on_key(event)

    def _in_typed_paste(self, typed: str, pause: float) -> bool:
        """True if this key shows that a new paste has begun; it then replaces the old text."""
        if pause >= BURST:
            self._burst.clear()
            self._burst_is_new = pause > APART and bool(self.given.strip()) and self.unread is None
        self._burst.append(typed)
        if not self._burst_is_new or len(self._burst) < TYPED_PASTE:
            return False
        self._burst_is_new = False
        self.replace("".join(self._burst), (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)
        self._find_whole()
        return True

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Read text typed, or restored by undo, once the typing pauses."""
        event.stop()
        self._find_whole()
        self._wait()

    def _wait(self) -> None:
        if self._pause:
            self._pause.stop()
        if self._coming or self.unread not in (None, self._left):
            self._pause = self.set_timer(PAUSE, self._read_typed)

    def _read_typed(self) -> None:
        text = self.unread
        if text is not None:
            if self._coming:
                self.hold(text)
                # Its next piece may begin with the end of a line.
                self._as_given = None
            elif self._last_typed >= self._last_key:
                self.show_from_the_first_word()
            self._seen = text
            self.post_message(self.Given(text, typed=True))


def _typed(event: events.Key, in_burst: bool) -> str | None:
    """The character a key types; None if it types none."""
    if event.key == "enter":
        return "\n"
    if event.key == "tab":
        return "\t" if in_burst else None
    return event.character if event.is_printable else None


def _take(event: events.Key) -> None:
    event.stop()
    event.prevent_default()


LONGEST = 200
"""A longer line is no name."""

_PROPERTY = re.compile(r"^\s*[A-Z][A-Za-z]+\s*: |^\s*Name\s+\S|^\s*Identity\s+\S")


class NameInput(Input):
    """Posts `Named` for a name and `Output` for a command's output.

    An old console types a paste: lines that come faster than a hand types are collected here until the typing pauses.
    The focus stays, or keys would overtake each other.
    """

    class Named(Message):
        """A name was entered."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Output(Message):
        """A command's output came instead of a name."""

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
        """The collected lines of an output that is still arriving."""
        return "\n".join((*self._lines, self.value)) if self._lines else ""

    def show(self, name: str) -> None:
        """Show the case's name, unless the person is typing another."""
        self._entered = name
        if not (self.has_focus and (self.value or self._lines or monotonic() - self._last_key < PAUSE)):
            self.value = name

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Take a pasted name in place of an entered one; anything longer is an output."""
        if is_name(text):
            self._make_room()
            self.insert_text_at_cursor(text.strip())
        elif text.strip():
            self.post_message(self.Output(text))

    def take_typed(self, text: str) -> None:
        """Take many keys at once, which may be part of a paste."""
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
        """Clear an entered name when another is pasted."""
        if self._entered and self.value == self._entered and not self._lines:
            self.value = ""

    async def _on_key(self, event: events.Key) -> None:
        now = monotonic()
        in_burst, self._last_key = now - self._last_key < BURST, now
        if event.key == "enter":
            # The binding would run only after the keys that follow.
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
        """Post the name, or end a line of an output."""
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
    """True if a text can be a connector's name: one line that neither Exchange nor the shell prints."""
    if len(text) > LONGEST:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 1 or _PROPERTY.match(lines[0]) or path_in(lines[0]):
        return False
    cleaned = clean(lines[0])
    if is_sentence(lines[0].strip()):
        return False
    # Certificates count as names: a lone word such as SMTP reads like their services.
    prompt = any("shell prompt" in note.what for note in cleaned.mended)
    return not prompt and recognise(cleaned) in (Kind.NOTHING, Kind.CERTIFICATES)
