"""Asks questions, waits for work, and wraps prose; lines to be copied are never wrapped."""

from __future__ import annotations

import os
import sys
import textwrap
import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol, TypeVar

from wizard.machine.console import is_terminal
from wizard.machine.inert import shown

END_OF_TEXT = "."
"""This line alone ends a pasted text, as in SMTP."""

LONGEST_TYPED = 4095
"""The longest line a Unix terminal hands over; it silently drops the rest."""

CUT = (
    "A line of it has 4,095 characters, where a terminal cuts: the rest of that line is lost. Take the text with v, "
    "from the clipboard, or save it to a file and open that."
)

_MARK = "> "


class Asker(Protocol):
    """Asks a person. Both methods raise EOFError at the end of input, and `one` KeyboardInterrupt at Ctrl+C."""

    def one(self, question: str) -> str:
        """The answer: one line, or several if a text was pasted."""
        ...

    def many(self) -> str:
        """The lines up to a full stop alone, the end of input, or Ctrl+C."""
        ...


class LineAsker:
    """Asks with `input`. `write` prints a whole line; `lines` are those of a text whose end has not come yet.

    Through a pipe no terminal echoes the answers, so they are printed: the log of a script reads like a session.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._typed = is_terminal(sys.stdin)
        self.lines: list[str] = []

    def one(self, question: str) -> str:
        """One line, stripped."""
        self._write(question)
        sys.stdout.write(_MARK)
        sys.stdout.flush()
        try:
            answer = input().strip()
        except (EOFError, KeyboardInterrupt):
            # Begin a new line for what follows.
            sys.stdout.write("\n")
            raise
        if not self._typed:
            self._write(answer)
        return answer

    def many(self) -> str:
        """Read lines without an editor, which would echo a paste again."""
        ahead = self.typed_ahead()
        lines = self.lines = ahead.split("\n")
        # Echo without adding a line end, as a terminal does: it shows whether the last line is complete.
        sys.stdout.write(shown(ahead))
        sys.stdout.flush()
        try:
            while END_OF_TEXT not in lines[:-1]:
                # Text that arrived while the editor had the terminal still has a key's line ends.
                lines[-1:] = [*f"{lines[-1]}{input()}".split("\r"), ""]
        except (EOFError, KeyboardInterrupt):
            # The end of input and Ctrl+C keep the lines read so far; what follows begins a new line.
            sys.stdout.write("\n" if self._typed else "")
        self.lines = []
        if END_OF_TEXT in lines:
            del lines[lines.index(END_OF_TEXT) :]
        if self._typed and sys.platform != "win32" and any(len(line.encode()) >= LONGEST_TYPED for line in lines):
            self._write(CUT)
        return "\n".join(lines)

    def typed_ahead(self) -> str:
        """Text already read from the terminal, to be consumed first; nothing here."""
        return ""


class EditedAsker(LineAsker):
    """Asks with questionary: an answer can be edited, and a paste arrives whole."""

    def one(self, question: str) -> str:
        """The answer; the question is printed above, so that only the answer's own line is redrawn."""
        # It takes 100 ms to import and only this class needs it.
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
        import questionary  # noqa: PLC0415

        self._write(question)
        return str(questionary.text("", qmark=_MARK.strip()).unsafe_ask()).strip()

    def typed_ahead(self) -> str:
        """Text the editor read beyond its line: a paste that comes as keys, in an old console."""
        from prompt_toolkit.application.current import get_app_session  # noqa: PLC0415
        from prompt_toolkit.input.typeahead import get_typeahead  # noqa: PLC0415

        return "".join(key.data for key in get_typeahead(get_app_session().input)).replace("\r", "\n")


NARROWEST = 20
"""Below this width nothing is wrapped: each line would hold one word."""


class Prose(str):
    """Text for a person, which may be wrapped. Other lines are not: a break in a command would end up in its copy."""

    __slots__ = ()


def wrapped(words: str, columns: int) -> str:
    """Wrap the words so that a terminal of that width never breaks inside one.

    Continuation lines are indented a little further than the first.
    """
    return "\n".join(_line(line, columns) for line in words.split("\n"))


def _line(line: str, columns: int) -> str:
    # The last column stays free: a terminal may wrap after writing to it.
    if len(line) < columns or columns < NARROWEST:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line.lstrip(),
        columns - 1,
        initial_indent=indent,
        subsequent_indent=f"{indent}   " if indent else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


BETWEEN_LINES = 2.0
"""Seconds between progress lines: a screen reader reads each aloud."""

_LOOK = 0.1
"""Seconds between two checks of the work; on Windows, Ctrl+C is noticed only then."""

Result = TypeVar("Result")

Work = Callable[[Callable[[str], None], Callable[[], bool]], Result]
"""Work that takes a function to report progress and one that tells whether it was given up."""


class WaitStopped(Exception):
    """The person stopped the work; its result is dropped."""


def waited(work: Work[Result], write: Callable[[str], None], now: Callable[[], float] = monotonic) -> Result:
    """Run the work in a thread and print its newest progress now and then; returns its result.

    Raises:
        WaitStopped: Ctrl+C. The thread is not awaited: a lost server blocks it for half a minute.
    """
    words: list[str] = []
    results: list[Result] = []
    faults: list[BaseException] = []
    given_up = threading.Event()

    def run() -> None:
        try:
            results.append(work(words.append, given_up.is_set))
        except BaseException as fault:  # noqa: BLE001 - raised again where the work is waited for
            faults.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    told = now()
    try:
        thread.start()
        while thread.is_alive():
            thread.join(_LOOK)
            if words and now() - told >= BETWEEN_LINES:
                write(words[-1])
                words.clear()
                told = now()
    except KeyboardInterrupt:
        given_up.set()
        # The terminal has printed ^C: begin a new line.
        write("")
        raise WaitStopped from None
    if faults:
        raise faults[0]
    return results[0]
