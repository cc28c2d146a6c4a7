"""Where pasted text goes, however it arrives: as one event, as keys, over whatever has the focus.

Keys that come together are a paste typed by an old console. They are kept here before any of them
reaches a button or a binding, and go as one text to the field that has the focus, else to the
screen, which knows what to do with evidence.
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
"""Seconds between two words about how much of a paste has come."""

DRIVER = "textual.drivers.win32" if sys.platform == "win32" else "textual.drivers.linux_driver"
"""Where Textual's driver for this system looks for its parser."""

SURELY = 3
"""So many doubled line ends, and no other, are no blank lines."""

_TYPED = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
"""Keys that are text: printable characters, Enter and TAB."""


class TypedText(Message, bubble=False):
    """Keys that came together, as one text with line feeds: the paste of an old console, or what piled up."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class PasteComing(Message, bubble=False):
    """A paste is on its way; so many characters of it are here."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.characters = characters


class QuickParser(XTermParser):
    """Textual's parser, but for pastes and keys that come many at once.

    The parser below sees where a paste begins and ends and nothing of what is between, so that it is
    always in the right state.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._tail = ""
        self._pieces: list[str] | None = None
        self._characters = 0
        self._told = 0.0
        self._line_ended = False

    def feed(self, data: str) -> Iterable[Message]:
        """The messages in what was read."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._pieces is None:
                data = yield from self._outside(data)
            else:
                data = yield from self._inside(data, self._pieces)

    def _outside(self, data: str) -> Generator[Message, None, str]:
        """Keys up to where a paste begins; returns what is left."""
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
        """Keys one by one, or as a text where many came at once."""
        # A line end of two characters can come in two reads, and is one all the same.
        if self._line_ended:
            data = data.removeprefix("\n")
        self._line_ended = data.endswith("\r")
        # With a time limit it waits for the rest of a key that is a sequence.
        if self._awaiting.timeout is None and together(data):
            yield TypedText(as_text(data))
        elif data:
            yield from super().feed(data)

    def _inside(self, data: str, pieces: list[str]) -> Generator[Message, None, str]:
        """The text of a paste, up to its end; returns what is left."""
        seen = (pieces.pop() if pieces else "") + data
        end = seen.find(BRACKETED_PASTE_END)
        if end < 0:
            # The mark of the end may come in two pieces: only its length is looked at again.
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
    """Whether these keys are a text that came at once: more than one, all of them text, and not only blanks."""
    return len(data) > 1 and _TYPED.fullmatch(data) is not None and bool(data.strip())


def as_text(keys: str) -> str:
    """What keys type or a paste holds: Enter ends a line, however it is sent.

    A terminal that sends Enter for each line feed sends two for the line ends of Windows. Where every
    line end is such a pair, a pair is one.
    """
    pairs = keys.count("\r\r")
    if pairs >= SURELY and keys.count("\r") == 2 * pairs and "\n" not in keys:
        keys = keys.replace("\r\r", "\r")
    return keys.replace("\r\n", "\n").replace("\r", "\n")


def install() -> None:
    """Have Textual's driver use this parser; one that no longer looks for it there keeps its own."""
    driver = importlib.import_module(DRIVER)
    if hasattr(driver, "XTermParser"):
        driver.XTermParser = QuickParser  # type: ignore[attr-defined]


PAUSE = 0.7
"""Seconds without a key after which typed text that no field takes is whole."""

SAID = 20_000
"""Characters of typed text from which on it is said that more is coming."""

TOLD = 3.0
"""Seconds for which a word about a paste stands over a window that has no line for it."""

BEHIND = "It was given to the step behind this window. {reading.close} closes it."

ONE_LINE = "Only the first line was put here: this field holds one. The rest was left out."


class Arrival:
    """Keeps the keys of a paste together and gives each text to its place; one for the app."""

    def __init__(self, wizard: Wizard, hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        self._wizard = wizard
        self._hand_on = hand_on
        self._keys: list[events.Key] = []
        self._last = float("-inf")
        # The text key that was handed on last where no field was to take it: it may be a paste's first.
        self._lone = ""
        self._pieces: list[str] = []
        self._characters = 0
        self._pause: Timer | None = None

    async def takes(self, event: events.Key) -> bool:
        """Whether a key is kept as part of a text; one that is not comes behind all that were kept."""
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
                # Behind the keys that wait already.
                self._wizard.app.call_later(self.hand_out)
            self._keys.append(event)
            return True
        self._lone = "" if self._is_typed_somewhere(written) else written
        return False

    def _is_typed_somewhere(self, written: str) -> bool:
        """Whether a key that is handed on by itself becomes text of a field."""
        screen = self._wizard.app.screen
        return isinstance(self._wizard.app.focused, TakesTyped | Input) or (
            isinstance(screen, Aims) and screen.aims_at(written)
        )

    async def hand_out(self) -> None:
        """Give the keys that were kept to their place; a key that was alone is a key."""
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
        """Give typed text to the field that has the focus; what has none is whole after a pause."""
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
        """The field for this text: the one with the focus, or the step's own."""
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
        """Whether a paste was taken here: one that no field of ours has the focus for."""
        focused = self._wizard.app.focused
        if isinstance(focused, TakesTyped):
            return False
        if isinstance(focused, Input):
            self.into_line(focused, event.text)
        else:
            self.to_screen(event.text, typed=False)
        return True

    def into_line(self, field: Input, text: str) -> None:
        """Put text into a field of one line: the first that holds something. That there were more is said."""
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
        """Give text to the screen in front; from a window, to the step behind it."""
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
        """The screen for a text: the one in front, or the first behind it that takes any."""
        stack = self._wizard.app.screen_stack
        return next((screen for screen in reversed(stack) if isinstance(screen, TakesText)), None)


def _written(event: events.Key) -> str | None:
    """What a key writes into a text; None for a key that writes nothing."""
    if event.key in ("enter", "ctrl+j"):
        return "\r" if event.key == "enter" else "\n"
    if event.key == "tab":
        return "\t"
    return event.character if event.is_printable else None


def give_at_its_step(wizard: Wizard, text: str) -> str:
    """Take text given where no step is shown: go to the step it belongs to and give it there.

    Without a case one begins. Returns why the text was not taken; empty when it was.
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
