"""Words for a person, told from lines that are copied: only those may be broken to a terminal's width."""

from __future__ import annotations

import os
import sys
import textwrap
import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol, TypeVar

from wizard.machine.inert import shown

END_OF_TEXT = "."
"""A line with this alone ends a pasted text, as in SMTP."""

LONGEST_TYPED = 4095
"""Characters of a line that a Unix terminal hands over at most; what stands behind them it drops without a word."""

CUT = (
    "A line of it has 4,095 characters, where a terminal cuts: the rest of that line is lost. Take the text with v, "
    "from the clipboard, or save it to a file and open that."
)

_MARK = "> "


class Asker(Protocol):
    """How a person is asked. Both raise EOFError at the end of input, and `one` KeyboardInterrupt at Ctrl+C."""

    def one(self, question: str) -> str:
        """The answer to a question: one line, or several where a text was pasted in its place."""
        ...

    def many(self) -> str:
        """Lines up to one with a full stop alone, to the end of input, or to Ctrl+C."""
        ...


class LineAsker:
    """Asks with `input`. `write` prints a whole line.

    Through a pipe no terminal shows what was answered, so that is written behind the mark: the record
    of a script reads like a session.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._typed = sys.stdin.isatty()

    def one(self, question: str) -> str:
        """One line, without blanks at its ends."""
        self._write(question)
        sys.stdout.write(_MARK)
        sys.stdout.flush()
        try:
            answer = input().strip()
        except (EOFError, KeyboardInterrupt):
            # What follows begins a line of its own.
            sys.stdout.write("\n")
            raise
        if not self._typed:
            self._write(answer)
        return answer

    def many(self) -> str:
        """Lines as they come in: a paste must not be echoed again by an editor."""
        ahead = self.typed_ahead()
        lines = ahead.split("\n")
        # As the terminal shows what it is given: one sees whether the last line is at its end.
        sys.stdout.write(shown(ahead))
        sys.stdout.flush()
        try:
            while END_OF_TEXT not in lines[:-1]:
                # What came in while the editor had the terminal still has the line ends of keys.
                lines[-1:] = [*f"{lines[-1]}{input()}".split("\r"), ""]
        except (EOFError, KeyboardInterrupt):
            # Neither the end of input nor Ctrl+C loses what was given already; what follows begins a line of its own.
            sys.stdout.write("\n" if self._typed else "")
        if END_OF_TEXT in lines:
            del lines[lines.index(END_OF_TEXT) :]
        if self._typed and sys.platform != "win32" and any(len(line.encode()) >= LONGEST_TYPED for line in lines):
            self._write(CUT)
        return "\n".join(lines)

    def typed_ahead(self) -> str:
        """What was taken from the terminal already, and is to be read before it: nothing here."""
        return ""


class EditedAsker(LineAsker):
    """Asks with questionary: an answer can be edited, and a paste in its place comes whole."""

    def one(self, question: str) -> str:
        """The answer; the question stands above, so that nothing but the answer's own line is drawn again."""
        # 100 ms to import; only this way of asking needs it.
        os.environ.setdefault("PROMPT_TOOLKIT_NO_CPR", "1")
        import questionary  # noqa: PLC0415

        self._write(question)
        return str(questionary.text("", qmark=_MARK.strip()).unsafe_ask()).strip()

    def typed_ahead(self) -> str:
        """What the editor has read behind the line it gave: a paste that comes as keys, in an old console."""
        from prompt_toolkit.application.current import get_app_session  # noqa: PLC0415
        from prompt_toolkit.input.typeahead import get_typeahead  # noqa: PLC0415

        return "".join(key.data for key in get_typeahead(get_app_session().input)).replace("\r", "\n")


NARROWEST = 20
"""Columns below which nothing is broken: there would be a word on each line."""


class Prose(str):
    """Words for a person. Any other line stands as it is, for a break in a command would be one in its copy."""

    __slots__ = ()


def wrapped(words: str, columns: int) -> str:
    """The words with breaks between them, so that a terminal of so many columns makes none within a word.

    What goes on below begins a little further in, where the line began further in.
    """
    return "\n".join(_line(line, columns) for line in words.split("\n"))


def _line(line: str, columns: int) -> str:
    # The last column is left free: a terminal may go on below once it is written to.
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
"""Seconds between two lines about the progress: a screen reader reads each of them out."""

_LOOK = 0.1
"""Seconds between two looks at the work; on Windows, Ctrl+C is seen only between them."""

Result = TypeVar("Result")

Work = Callable[[Callable[[str], None], Callable[[], bool]], Result]
"""Work that is handed a way to say how far it is, and one to ask whether nobody waits for it any more."""


class WaitStopped(Exception):
    """The person stopped the work. What it may still come to is dropped."""


def waited(work: Work[Result], write: Callable[[str], None], now: Callable[[], float] = monotonic) -> Result:
    """The result of work that runs in a thread meanwhile; the newest word about it is written now and then.

    Raises:
        Stopped: Ctrl+C. The thread is not waited for: a server that is gone holds it up for half a minute.
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
        # The terminal has shown ^C: what is said about it begins a line of its own.
        write("")
        raise WaitStopped from None
    if faults:
        raise faults[0]
    return results[0]
