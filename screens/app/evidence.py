"""The place where evidence comes in: by paste, typed by an old console, from the clipboard or a file.

A large paste is held whole outside the text area, which would need more than a second for a key
with 10 MB in it; what is shown then is its beginning.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from time import monotonic

from rich.text import Text
from textual import events
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input, TextArea

from screens.app.base import StepFace
from screens.paths import path_in
from screens.words import BURST, how_much
from wizard.case.case import Case
from wizard.machine.inert import shown
from wizard.reading.recognise import recognise
from wizard.reading.text import Kind, clean
from wizard.steps.connector import is_sentence

SHOWN_CHARACTERS = 20_000
"""More than this is held outside the text area."""

SIZE_SAID = 200_000
"""Characters above which it is said how much was pasted."""

PAUSE = 0.7
"""Seconds without a key after which typed text is read: an old console types a paste at 200 keys a second."""

TYPED_PASTE = 20
"""Keys in one burst that no hand types: a paste by an old console."""

APART = 2.0
"""Seconds without a key after which such a paste is a new one and takes the place of what stands here."""


class EvidenceField(TextArea):
    """A text area that posts `Given` for every paste, and for typed text after a pause."""

    class Given(Message):
        """A text to be read. `text` is the whole, also where only its beginning is shown.

        `typed` says that it came key by key, so that more of it may still be on its way.
        """

        def __init__(self, text: str, typed: bool = False) -> None:
            super().__init__()
            self.text = text
            self.typed = typed

    class Coming(Message):
        """Typed text is still coming in: so many characters are here."""

        def __init__(self, characters: int) -> None:
            super().__init__()
            self.characters = characters

    def __init__(self) -> None:
        super().__init__(id="evidence", show_line_numbers=False, soft_wrap=False, tab_behavior="focus", compact=True)
        # The text area has its own use for these two, which would put them first in the footer.
        for key in ("f6", "f7"):
            self._bindings.key_to_bindings.pop(key, None)
        self._held: str | None = None
        # Undo and redo bring back the beginning of a large text; here it finds the whole of it.
        self._wholes: dict[str, str] = {}
        self._seen = ""
        self._pause: Timer | None = None
        self._last_key = 0.0
        self._burst: list[str] = []
        self._burst_is_new = False
        # Counting the rows of 200 MB takes a moment, and is done once.
        self._measured: str | None = None
        self._amount = ""
        # Typed text behind what is shown, once that is as much as the text area may hold.
        self._coming: list[str] = []
        self._coming_characters = 0
        self._last_typed = 0.0

    @property
    def given(self) -> str:
        """The whole text as it was given."""
        shown = self._held if self._held is not None else self.text
        return "".join((shown, *self._coming)) if self._coming else shown

    @property
    def amount(self) -> str:
        """How much a large text is, in few words: `5.0 MB, 40,301 rows`; empty for one that needs no saying."""
        if self._held is None or len(self._held) <= SIZE_SAID:
            return ""
        if self._measured is not self._held:
            self._measured, self._amount = self._held, how_much(self._held)
        return self._amount

    @property
    def unread(self) -> str | None:
        """What was typed or brought back and has not been read yet."""
        return None if self.given == self._seen else self.given

    def hold(self, text: str) -> None:
        """Show a text without reading it, such as the one kept from an earlier visit."""
        self._coming.clear()
        self._coming_characters = 0
        beginning = text[:SHOWN_CHARACTERS]
        # `replace` keeps the undo history, so that what stood here before can be brought back.
        self.replace(beginning, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor((0, 0))
        if len(text) > len(beginning):
            self._wholes[self.text] = text
        self._find_whole()
        self._seen = self.given
        self.show_from_the_first_word()

    def show_from_the_first_word(self) -> None:
        """Scroll past blank lines at the top: where one line is seen, the place would look empty."""
        lines = self.document.lines
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        # Behind a typed paste the cursor stays: more of it may come.
        if first and self.cursor_location == (0, 0):
            self.move_cursor((first, 0))
        self.call_after_refresh(self.scroll_to, 0, first, animate=False)

    def give(self, text: str) -> None:
        """Take a whole text in place of what stands here, and have it read."""
        self.hold(text)
        self.post_message(self.Given(text))

    def get_line(self, line_index: int) -> Text:
        """A line as the terminal may be given it."""
        return Text(shown(self.document.get_line(line_index)), end="", no_wrap=True)

    def _find_whole(self) -> None:
        """Whether what is shown is the beginning of a large text, which cannot be edited."""
        self._held = self._wholes.get(self.text)
        self.read_only = self._held is not None

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if event.text:
            self.give(event.text)

    def take_typed(self, text: str) -> None:
        """Take many keys at once: a paste of an old console, or a piece of it, which may be of any size.

        A new paste takes the place of what was read from this place before; one that goes on is added.
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
        elif self._in_typed_paste(typed, pause):
            _take(event)
            return
        elif typed == "\t":
            _take(event)
            self.insert("\t")
            return
        await super()._on_key(event)

    def _in_typed_paste(self, typed: str, pause: float) -> bool:
        """Whether this key is the one that shows a new paste; then it stands here in place of the old text."""
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
        """Read what was typed, or brought back by undo, once the typing pauses."""
        event.stop()
        self._find_whole()
        self._wait()

    def _wait(self) -> None:
        if self._pause:
            self._pause.stop()
        if self._coming or self.unread is not None:
            self._pause = self.set_timer(PAUSE, self._read_typed)

    def _read_typed(self) -> None:
        text = self.unread
        if text is not None:
            if self._coming:
                self.hold(text)
            elif self._last_typed >= self._last_key:
                self.show_from_the_first_word()
            self._seen = text
            self.post_message(self.Given(text, typed=True))


def _typed(event: events.Key, in_burst: bool) -> str | None:
    """The character a key puts into the text, None for a key that puts none."""
    if event.key == "enter":
        return "\n"
    if event.key == "tab":
        return "\t" if in_burst else None
    return event.character if event.is_printable else None


def _take(event: events.Key) -> None:
    event.stop()
    event.prevent_default()


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
    return not prompt and recognise(cleaned) in (Kind.NOTHING, Kind.CERTIFICATES)


def unread(screens: Sequence[Screen[object]], case: Case) -> dict[str, str]:
    """What stands in the fields and is not in the case, by the name of the field.

    A screen that is half built or half gone gives what it has.
    """
    found: dict[str, str] = {}
    for screen in screens:
        # It is asked in the middle of anything, a fault among it.
        with contextlib.suppress(Exception):
            for evidence in screen.query(EvidenceField):
                step = screen.step.id if isinstance(screen, StepFace) else None
                if step and evidence.given != case.answer(step).text:
                    found[step.value] = evidence.given
        with contextlib.suppress(Exception):
            found |= _typed_lines(case, screen.query(Input))
    return {name: text for name, text in found.items() if text.strip()}


def _typed_lines(case: Case, fields: Iterable[Input]) -> dict[str, str]:
    """What was typed into fields of one line; a connector's name that the case has is no news."""
    known = {case.connector, case.typed_name}
    values = {field.id or "field": _text(field) for field in fields}
    return {name: value for name, value in values.items() if value not in known}


def _text(field: Input) -> str:
    return (field.gathered if isinstance(field, NameInput) else "") or field.value
