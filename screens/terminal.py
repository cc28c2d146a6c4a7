"""What the terminal sends, taken faster and with less lost than Textual's own parser does.

Textual looks at a paste character by character, 5 MB for some three seconds and without a word about
it; here it is taken piece by piece, as it is read. A console without bracketed paste types a paste:
its keys come many in one read, which no hand does, and they are told as one text instead of as keys
that would push buttons.
"""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from time import monotonic

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

BETWEEN_REPORTS = 0.1
"""Seconds between two words about how much of a paste has come."""

DRIVER = "textual.drivers.win32" if sys.platform == "win32" else "textual.drivers.linux_driver"
"""Where Textual's driver for this system looks for its parser."""

SURELY = 3
"""So many doubled line ends, and no other, are no blank lines."""

_TYPED = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+")
"""Keys that are text: printable characters, Enter and TAB."""


class Typed(Message, bubble=False):
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
            yield Typed(as_text(data))
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
