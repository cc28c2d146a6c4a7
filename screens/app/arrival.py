"""Directs pasted text to its field, whether it arrives as one event or as keys, whatever has the focus.

An old console types a paste as keys. They are collected here before any reaches a button or a binding, and go as one
text to the focused field, otherwise to the screen.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator
from time import monotonic

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from screens.app.base import Aims, TakesText, TakesTyped, Wizard
from screens.words import BURST, coming_in
from wizard.assets import with_keys
from wizard.case.case import Case
from wizard.reading.text import MOST_CHARACTERS, Kind, clean

BETWEEN_REPORTS = 0.1
"""Seconds between reports on an arriving paste."""

DRIVER = "textual.drivers.win32" if sys.platform == "win32" else "textual.drivers.linux_driver"
"""The module in which Textual's driver for this system looks up its parser."""

SURELY = 3
"""From this number of doubled line ends, without a single one, they are not blank lines."""

_TYPED = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
"""Keys that are text: printable characters, Enter and TAB."""


class TypedText(Message, bubble=False):
    """Keys that came together, as one text with line feeds: an old console's paste, or typing that piled up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class PasteComing(Message, bubble=False):
    """A paste is arriving; `characters` of it are here."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.characters = characters


class QuickParser(XTermParser):
    """Textual's parser, faster for pastes and for keys that come many at once.

    Textual's own parser sees only where a paste begins and ends, so its state stays right.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._tail = ""
        self._pieces: list[str] | None = None
        self._characters = 0
        self._told = 0.0
        self._line_ended = False

    def feed(self, data: str) -> Iterable[Message]:
        """The messages in the input."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pieces is None:
                data = yield from self._outside(data)
            else:
                data = yield from self._inside(data, self._pieces)

    def _outside(self, data: str) -> Generator[Message, None, str]:
        """The keys before a paste; returns the rest of the input."""
        known = len(self._tail)
        begin = (self._tail + data).find(BRACKETED_PASTE_START)
        if begin < 0:
            self._tail = (self._tail + data)[1 - len(BRACKETED_PASTE_START) :]
            yield from self._keys(data)
            return ""
        cut = begin + len(BRACKETED_PASTE_START) - known
        yield from self._keys(data[:cut])
        self._tail, self._pieces = "", []
        self._characters, self._told = 0, monotonic()
        return data[cut:]

    def _keys(self, data: str) -> Iterator[Message]:
        """Keys one by one, or as one text if many came at once."""
        # A CR and its LF can come in two reads, and are one line end.
        if self._line_ended:
            data = data.removeprefix("\n")
        self._line_ended = data.endswith("\r")
        # The time limit makes it wait for the rest of an escape sequence.
        if self._awaiting.timeout is None and together(data):
            yield TypedText(as_text(data))
        elif data:
            yield from super().feed(data)

    def _inside(self, data: str, pieces: list[str]) -> Generator[Message, None, str]:
        """The text of a paste up to its end; returns the rest of the input."""
        seen = (pieces.pop() if pieces else "") + data
        end = seen.find(BRACKETED_PASTE_END)
        if end < 0:
            # The end mark may be split: search again from just before the new piece.
            safe = max(len(seen) - len(BRACKETED_PASTE_END), 0)
            pieces += [seen[:safe], seen[safe:]]
            self._characters += len(data)
            if monotonic() - self._told > BETWEEN_REPORTS:
                self._told = monotonic()
                yield PasteComing(self._characters)
            return ""
        text = as_text("".join([*pieces, seen[:end]])).replace("\x00", "")
        self._pieces = None
        for message in super().feed(BRACKETED_PASTE_END):
            yield events.Paste(text) if isinstance(message, events.Paste) else message
        return seen[end + len(BRACKETED_PASTE_END) :]


def together(data: str) -> bool:
    """True if the keys are a text that came at once: several, all of them text, not only blanks."""
    return len(data) > 1 and _TYPED.fullmatch(data) is not None and bool(data.strip())


def as_text(keys: str) -> str:
    """The text of keys or a paste, with line feeds.

    A terminal that sends Enter for each line feed sends two for a Windows line end. If every line end is such a pair, a
    pair counts as one.
    """
    pairs = keys.count("\r\r")
    if pairs >= SURELY and keys.count("\r") == 2 * pairs and "\n" not in keys:
        keys = keys.replace("\r\r", "\r")
    return keys.replace("\r\n", "\n").replace("\r", "\n")


def install() -> None:
    """Make Textual's driver use this parser; a driver that does not look it up there keeps its own."""
    driver = importlib.import_module(DRIVER)
    if hasattr(driver, "XTermParser"):
        driver.XTermParser = QuickParser  # type: ignore[attr-defined]


PAUSE = 0.7
"""Seconds without a key after which text typed without a field is complete."""

SAID = 20_000
"""From this many typed characters on, the screen reports that more is coming."""

TOLD = 3.0
"""Seconds a message about a paste covers a window that has no status line."""

BEHIND = "It was given to the step behind this window. {reading.close} closes it."

ONE_LINE = "Only the first line was put here: this field holds one. The rest was left out."


class Arrival:
    """Collects the keys of a paste and directs each text to its field; one for the app."""

    def __init__(self, wizard: Wizard, hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        self._wizard = wizard
        self._hand_on = hand_on
        self._keys: list[events.Key] = []
        self._last = float("-inf")
        # The last text key handed on without a field for it: it may be the first of a paste.
        self._lone = ""
        self._pieces: list[str] = []
        self._characters = 0
        self._pause: Timer | None = None

    async def takes(self, event: events.Key) -> bool:
        """True if the key is collected; any other key is handed on after the collected ones."""
        written = _written(event)
        if written is None:
            await self.hand_out()
            return False
        close = event.time - self._last < BURST
        if not close:
            await self.hand_out()
            self._lone = ""
        self._last = event.time
        if close or self._pieces or self._wizard.app.message_queue_size:
            if not self._keys:
                # It queues behind the collected keys.
                self._wizard.app.call_later(self.hand_out)
            self._keys.append(event)
            return True
        self._lone = "" if self._is_typed_somewhere(written) else written
        return False

    def _is_typed_somewhere(self, written: str) -> bool:
        """True if a field takes the key as text."""
        screen = self._wizard.app.screen
        return isinstance(self._wizard.app.focused, TakesTyped | Input) or (
            isinstance(screen, Aims) and screen.aims_at(written)
        )

    async def hand_out(self) -> None:
        """Direct the collected keys to their field; a single one is handed on as a key."""
        keys, self._keys = self._keys, []
        if not keys:
            return
        lone, self._lone = self._lone, ""
        text = as_text(lone + "".join(_written(key) or "" for key in keys))
        if self._pieces or (len(keys) + len(lone) > 1 and text.strip()):
            self.typed(text)
            return
        for key in keys:
            await self._hand_on(key)

    def typed(self, text: str) -> None:
        """Give typed text to the focused field; without one, collect it until a pause."""
        field = None if self._pieces else self._field()
        if isinstance(field, TakesTyped):
            field.take_typed(text)
        elif isinstance(field, Input):
            self.into_line(field, text)
        else:
            self._pieces.append(text)
            self._characters += len(text)
            if self._characters > SAID:
                self._wizard.tell(coming_in(self._characters))
            if self._pause:
                self._pause.stop()
            self._pause = self._wizard.app.set_timer(PAUSE, self._is_whole)

    def _field(self) -> object:
        """The field for typed text: the focused one, or the step's own."""
        focused = self._wizard.app.focused
        if isinstance(focused, TakesTyped | Input):
            return focused
        screen = self._wizard.app.screen
        return screen.aimed() if isinstance(screen, Aims) else None

    def _is_whole(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._characters = 0
        self.to_screen(text, typed=True)

    def pasted(self, event: events.Paste) -> bool:
        """Take a paste, unless one of our fields has the focus; True if taken."""
        focused = self._wizard.app.focused
        if isinstance(focused, TakesTyped):
            return False
        if isinstance(focused, Input):
            self.into_line(focused, event.text)
        else:
            self.to_screen(event.text, typed=False)
        return True

    def into_line(self, field: Input, text: str) -> None:
        """Insert the first non-blank line into a one-line field; notify if others were dropped."""
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            return
        line = lines[0] if text == lines[0] else lines[0].strip()
        selection = field.selection
        if selection.is_empty:
            field.insert_text_at_cursor(line)
        else:
            field.replace(line, *selection)
        if len(lines) > 1:
            self._wizard.app.notify(ONE_LINE, markup=False, timeout=TOLD)

    def to_screen(self, text: str, typed: bool) -> None:
        """Give text to the current screen; from a dialog, to the step behind it."""
        if not text.strip():
            self._wizard.tell("What was pasted holds nothing but blanks.")
            return
        taker = self._taker()
        if taker is None:
            return
        if not isinstance(self._wizard.app.screen, TakesText):
            behind = with_keys(BEHIND, self._wizard.keymap.name)
            self._wizard.app.notify(behind, title="Pasted", markup=False, timeout=TOLD)
        taker.take_text(text, typed)

    def _taker(self) -> TakesText | None:
        """The topmost screen that takes text."""
        stack = self._wizard.app.screen_stack
        return next((screen for screen in reversed(stack) if isinstance(screen, TakesText)), None)


def _written(event: events.Key) -> str | None:
    """The text a key types; None if it types none."""
    if event.key in ("enter", "ctrl+j"):
        return "\r" if event.key == "enter" else "\n"
    if event.key == "tab":
        return "\t"
    return event.character if event.is_printable else None


def give_at_its_step(wizard: Wizard, text: str) -> str:
    """Take text given where no step is shown: go to its step and give it there.

    Begins a case if there is none. Returns why the text was not taken; empty if it was.
    """
    from wizard.reading.recognise import recognise  # noqa: PLC0415 - nothing was given before the first screen
    from wizard.steps.flow import STEPS, next_step  # noqa: PLC0415
    from wizard.steps.intake import place_of  # noqa: PLC0415

    kind = recognise(clean(text[:MOST_CHARACTERS]))
    at = (next_step(wizard.case) or STEPS[-1].id) if wizard.begun else STEPS[0].id
    place = place_of(kind, at)
    if place is None:
        what = "is not known to the wizard" if kind is Kind.NOTHING else f"is {kind.noun}"
        return f"Not taken: what was pasted {what}. Choose a step first, and paste what that step asks for."
    if not wizard.begun:
        wizard.case, wizard.begun = Case(), True
    wizard.go(place)
    screen = wizard.app.screen
    if isinstance(screen, TakesText):
        screen.take_text(text, typed=False)
    return ""
