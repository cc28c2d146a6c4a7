"""Copying for every front end: proven where possible, requested from the terminal, or shown to be copied by hand.

Nothing here needs Textual before the full screen copies.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import shutil
import signal
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from screens.words import ALONE, REMINDER
from wizard.assets import with_keys
from wizard.machine import clipboard as clipboards
from wizard.machine import copying as copyroutes
from wizard.machine.clipboard import Clipboard, ClipboardError, Copied, CopyProof
from wizard.machine.copying import Between, TerminalSession, between
from wizard.machine.files import free_path, write_whole
from wizard.machine.inert import shown
from wizard.machine.settings import CopyRoute, Settings

if TYPE_CHECKING:
    from screens.app.base import Wizard

HOW = (
    "Mark the text with the mouse, from its first character to its last, and copy it as this terminal does: "
    "Ctrl+Shift+C in most, Enter or a right-click in the Windows console, Cmd+C on a Mac."
)

ONE_LINE = "It is one line, however many rows it fills here: mark it whole."

TALL = "It is taller than this window: take it from the file."

GO_BACK = "Press Enter to go back."


def around(
    text: str, why: str, path: Path | None, afterwards: str, size: tuple[int, int]
) -> tuple[list[str], list[str]]:
    """The lines before and after the text in a window of `size` columns and rows; the text stands alone."""
    columns, rows = size
    needed = sum(max(1, -(-len(line) // columns)) for line in text.split("\n"))
    before = _wrapped((why, HOW, "" if "\n" in text else ONE_LINE), columns)
    after = _wrapped((afterwards, TALL if path and needed > rows - 8 else ""), columns)
    after += ["It is in this file as well:", str(path)] if path else ["It could not be saved to a file as well."]
    return [shown(line) for line in before], [shown(line) for line in (*after, GO_BACK)]


def _wrapped(sentences: Sequence[str], columns: int) -> list[str]:
    """Wrap the sentences between words, without the empty ones; the terminal wraps only the text itself."""
    return [line for sentence in sentences for line in textwrap.wrap(sentence, max(columns - 1, 20))]


def show_alone(
    suspend: Callable[[], AbstractContextManager[None]], text: str, before: Sequence[str], after: Sequence[str]
) -> bool:
    """Leave the full screen, show the text and wait for Enter; False if the full screen cannot be left.

    Blocks the thread of the screen.
    """
    from textual.app import SuspendNotSupported  # noqa: PLC0415 - line by line no screen is left

    try:
        with suspend(), _ctrl_c_does_nothing():
            _write(_alone(text, before, after))
            _wait_for_enter()
    except SuspendNotSupported:
        return False
    return True


def _alone(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """The whole page, below enough empty rows to hide all else; without control sequences."""
    said = "\n\n".join(("\n".join(before), shown(text), "\n".join(after)))
    return "\n" * shutil.get_terminal_size().lines + said + "\n"


def _write(text: str) -> None:
    out = sys.__stdout__
    if out is None:
        return
    # The terminal may be gone, or its encoding older than the text.
    with contextlib.suppress(OSError):
        out.write(text.encode(out.encoding, "replace").decode(out.encoding))
        out.flush()


def _wait_for_enter() -> None:
    """Wait for Enter or the end of input."""
    with contextlib.suppress(OSError, KeyboardInterrupt, EOFError):
        if sys.__stdin__ is not None:
            sys.__stdin__.readline()


@contextlib.contextmanager
def _ctrl_c_does_nothing() -> Iterator[None]:
    """Ignore Ctrl+C: people press it out of habit to copy, and it must not end the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def save(text: str, folders: Sequence[Path], now: datetime) -> Path | None:
    """Write the text to a new file in the first folder that accepts it; None if none does.

    It ends without a line feed: one that is copied along would run the line when it is pasted.
    """
    for folder in folders:
        with contextlib.suppress(OSError):
            path = free_path(folder / f"exchange-cert-wizard-line-{now:%Y%m%d-%H%M%S}.txt")
            # Private: the line names servers and certificates, and others may read the folder.
            write_whole(path, text)
            return path
    return None


def folders(first: Path) -> tuple[Path, ...]:
    """The folders to try for the file: the one of the person's other files, then the one for temporary files."""
    return (first, Path(tempfile.gettempdir()))


_PIECE = 240
"""The longest string that every GNU screen passes on: old ones hold 256 characters, newer ones 768."""

_MOST_IN_SCREEN = 700
"""The longest string a newer GNU screen swallows whole; it draws the end of a longer one."""


def request(text: str, environment: Mapping[str, str]) -> str:
    """The control sequence that asks the terminal to copy; nothing of it is drawn.

    tmux handles the plain request itself with `set-clipboard on`, and passes a wrapped one on with `allow-passthrough
    on`. Which one is set cannot be seen from here and tmux ignores the other, so both are sent. The outer terminal may
    get the request twice.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode(errors='replace')).decode()}\a"
    return _FORMS[between(environment)](plain)


def _through_tmux(plain: str) -> str:
    return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _through_screen(plain: str) -> str:
    """In pieces, which the terminal outside screen joins again."""
    pieces = (plain[start : start + _PIECE] for start in range(0, len(plain), _PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _through_either(plain: str) -> str:
    """For screen, and the plain request for tmux; screen would draw the end of a long one."""
    return (plain if len(plain) <= _MOST_IN_SCREEN else "") + _through_screen(plain)


_FORMS: dict[Between, Callable[[str], str]] = {
    Between.NOTHING: str,
    Between.TMUX: _through_tmux,
    Between.SCREEN: _through_screen,
    Between.UNKNOWN: _through_either,
}

AGAIN = "Copy it again and wait: then it is shown alone, to be marked."

NOTHING_SELECTED = "Nothing is selected, so nothing was copied. {step.copy} copies the command; {app.quit} quits."

NOT_YOURS = (
    "Your clipboard cannot be read from here, only that of the computer this program runs on. "
    "Paste with your terminal's own command (Ctrl+Shift+V, or a right-click)."
)


class Copying:
    """Copying on the full screen. A copy is called copied only when it is proven.

    `by_hand` holds the texts shown to be copied by hand, for the end of the program. `given` counts keys and pastes, so
    that the screen is not taken away while a person types. `noted` is called with every text before it is copied;
    `to_terminal` asks the terminal to copy one.
    """

    def __init__(
        self,
        wizard: Wizard,
        system: Clipboard,
        settings: Settings,
        session: TerminalSession,
        save_into: Path,
        now: Callable[[], datetime],
        noted: Callable[[str], None],
        to_terminal: Callable[[str], None],
    ) -> None:
        self._wizard = wizard
        self._system = system
        self._settings = settings
        self._session = session
        self._save_into = save_into
        self._now = now
        self._noted = noted
        self._to_terminal = to_terminal
        self.by_hand: list[str] = []
        self.given = 0
        self._saved: dict[str, Path] = {}
        self._one_at_a_time = threading.Lock()

    # Copying

    def hand_out(self, text: str, binding: bool, afterwards: str = "", alone: bool = False, how: str = ALONE) -> None:
        """Copy a text; for the binding command, first explain the question Exchange will ask.

        `afterwards` is added to the message about the copy. `alone` shows the text at once for copying by hand. `how`
        says what to do if the copy is not proven.
        """

        def told(answer: int | None) -> None:
            if answer == 0:
                self._wizard.case = self._wizard.case.told()
                self._begin(text, afterwards or REMINDER, alone, how)

        if not binding:
            self._begin(text, afterwards, alone, how)
        elif self._wizard.case.told_to_answer_no:
            told(0)
        else:
            from screens.app.dialogs import before_copy  # noqa: PLC0415 - the first screen copies nothing

            self._wizard.app.push_screen(before_copy(), told)

    def selected(self, text: str) -> None:
        """Copy the selection of a field or of the screen.

        A selection can hold the binding command, which is explained first like any other copy of it.
        """
        from wizard.steps.command import bind_commands  # noqa: PLC0415 - the first screen copies nothing

        cmdlets = {command.text.partition(" ")[0] for command in bind_commands(self._wizard.case)}
        if any(cmdlet in text for cmdlet in cmdlets):
            self.hand_out(text, binding=True, how="")
        else:
            self._begin(text, "", False, "")

    def _begin(self, text: str, afterwards: str, alone: bool, how: str) -> None:
        from screens.app.base import in_background  # noqa: PLC0415 - line by line there is no screen

        self._noted(text)
        work = partial(self._show_alone, text, "", afterwards) if alone else partial(self._copy, text, afterwards, how)
        in_background(self._wizard.app, "copying", work)

    async def _copy(self, text: str, afterwards: str, how: str) -> None:
        given = self.given
        copied = await self.copy(text)
        if copied is None:
            return
        busy = self.given != given
        if copied.proof is CopyProof.BY_HAND and busy:
            # The copy took long and the person now does something else: their keys would be lost.
            how = how or AGAIN
        elif copied.proof is CopyProof.BY_HAND:
            await self._show_alone(text, copied.sentence, afterwards)
            return
        unsure = copied.proof is not CopyProof.PROVEN
        how = with_keys(how, self._wizard.keymap.name) if unsure else ""
        self._wizard.tell(" ".join(filter(None, (copied.sentence, how, afterwards))))

    async def copy(self, text: str) -> Copied | None:
        """Copy a text without blocking the screen, by the first way that works; in practice to its own clipboard.

        None if another copy began meanwhile: an older text must not replace a newer one.
        """
        if self._wizard.training:
            return await self._wizard.practice.copy(text)
        given_up = threading.Event()
        ways = copyroutes.routes(self._settings.copy, self._session)
        asked = self._settings.copy is CopyRoute.HAND

        def send(what: str) -> None:
            self._wizard.app.call_later(self._send, what, given_up)

        def work() -> Copied | None:
            with self._one_at_a_time:
                return None if given_up.is_set() else clipboards.copy_by(ways, text, self._system, send, asked)

        try:
            return await asyncio.to_thread(work)
        except asyncio.CancelledError:
            given_up.set()
            raise

    def _send(self, text: str, given_up: threading.Event) -> None:
        if not given_up.is_set():
            self._to_terminal(text)

    async def _show_alone(self, text: str, why: str, afterwards: str) -> None:
        """Show a text alone in the terminal, and save it to a file."""
        if text not in self._saved:
            path = await asyncio.to_thread(save, text, folders(self._save_into), self._now())
            if path:
                self._saved[text] = path
        if text not in self.by_hand:
            self.by_hand.append(text)
        path = self._saved.get(text)
        app = self._wizard.app
        before, after = around(text, why, path, afterwards, (app.size.width, app.size.height))
        seen = show_alone(app.suspend, text, before, after)
        saved = f"Saved: {path}{'.' if afterwards else ''}" if path else "It could not be saved to a file."
        self._wizard.tell(" ".join(filter(None, (why if not seen else "Shown alone.", saved, afterwards))))

    # Pasting

    async def paste(self) -> str:
        """The text on the system's clipboard; in practice the text on its own.

        Raises:
            ClipboardError: there is none, it is not the person's, or it cannot be read; the message says what to do.
        """
        if self._wizard.training:
            return await self._wizard.practice.paste()
        if self._settings.copy is CopyRoute.AUTO and not copyroutes.clipboard_is_the_persons(self._session):
            raise ClipboardError(NOT_YOURS)
        return await asyncio.to_thread(clipboards.read, self._system)


# Line by line

BY_HAND = "Here is the line alone. Mark it from its first character to its last, and copy it as this terminal does:"


def to_terminal(characters: str) -> None:
    """Write characters to the terminal itself, past the filter for text."""
    sys.stdout.write(characters)
    sys.stdout.flush()


@dataclass
class PlainCopier:
    """Copies a text and returns the lines to print; `write` writes to the terminal unchanged."""

    clipboard: Clipboard
    settings: Settings = field(default_factory=Settings)
    session: TerminalSession = field(default_factory=copyroutes.session_here)
    write: Callable[[str], None] = to_terminal
    save_into: Path = field(default_factory=Path.home)
    now: Callable[[], datetime] = datetime.now

    def __call__(self, text: str) -> Iterator[str]:
        """The result of the copy in words; for copying by hand also the text on its own line, and its file."""

        def send(what: str) -> None:
            self.write(request(what, self.session.environment))

        choice = self.settings.copy
        ways = copyroutes.routes(choice, self.session)
        copied = clipboards.copy_by(ways, text, self.clipboard, send, asked=choice is CopyRoute.HAND)
        yield copied.sentence
        if copied.proof is CopyProof.SENT:
            yield "If nothing comes, mark the line where it stands above."
        elif copied.proof is CopyProof.BY_HAND:
            yield BY_HAND
            yield f"\n{text}\n"
            path = save(text, folders(self.save_into), self.now())
            yield f"It is in this file as well: {path}" if path else "It could not be saved to a file as well."
