"""The half of the app that copies: whatever is copied goes one way, with one set of honest words."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from textual import events
from textual.app import App, SuspendNotSupported

from screens.app import later
from screens.app.base import in_background
from screens.words import REMINDER
from wizard.case.case import Case
from wizard.machine import clipboard as clipboards
from wizard.machine import copying as copyroutes
from wizard.machine.clipboard import Clipboard, ClipboardError, Copied, Proof
from wizard.machine.copying import Between, Session, between
from wizard.machine.inert import shown
from wizard.machine.settings import CopyRoute, Settings

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
    """The lines before the text and after it, in a window of `size` columns and rows; the text stands by itself."""
    columns, rows = size
    needed = sum(max(1, -(-len(line) // columns)) for line in text.split("\n"))
    before = _wrapped((why, HOW, "" if "\n" in text else ONE_LINE), columns)
    after = _wrapped((afterwards, TALL if path and needed > rows - 8 else ""), columns)
    after += ["It is in this file as well:", str(path)] if path else ["It could not be saved to a file as well."]
    return [shown(line) for line in before], [shown(line) for line in (*after, GO_BACK)]


def _wrapped(sentences: Sequence[str], columns: int) -> list[str]:
    """The sentences that say something, each broken between words; only the text itself is left to the terminal."""
    return [line for sentence in sentences for line in textwrap.wrap(sentence, max(columns - 1, 20))]


def show_alone(app: App[None], text: str, before: Sequence[str], after: Sequence[str]) -> bool:
    """Leave the full screen, show the text and wait for Enter; False where the full screen cannot be left.

    Nothing else of the program goes on meanwhile on the screen's thread.
    """
    try:
        with app.suspend(), _ctrl_c_does_nothing():
            _write(_alone(text, before, after))
            _wait_for_enter()
    except SuspendNotSupported:
        return False
    return True


def _alone(text: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Everything, below so many empty rows that nothing else is in sight; without a control sequence."""
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
    """Until Enter, or the end of input."""
    with contextlib.suppress(OSError, KeyboardInterrupt, EOFError):
        if sys.__stdin__ is not None:
            sys.__stdin__.readline()


@contextlib.contextmanager
def _ctrl_c_does_nothing() -> Iterator[None]:
    """Ctrl+C is what copies elsewhere, so here it is pressed by habit; it must not end the program."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


_MOST_IN_A_SECOND = 20
"""Files that one second may bring; nobody copies more often."""


def save(text: str, folders: Sequence[Path], now: datetime) -> Path | None:
    """The new file the text was written to, in the first of the folders that takes it; None when none does.

    Without a line end: one that is copied along would run the line when it is pasted.
    """
    for folder in folders:
        for number in range(1, _MOST_IN_A_SECOND + 1):
            another = f"-{number}" if number > 1 else ""
            path = folder / f"exchange-cert-wizard-line-{now:%Y%m%d-%H%M%S}{another}.txt"
            try:
                return _written(path, text)
            except FileExistsError:
                continue
            except OSError:
                break
    return None


def _written(path: Path, text: str) -> Path:
    """A file that was not there before, with the text; an OSError leaves none behind."""
    # Its line names servers and certificates, and the folder may be everybody's.
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    return path


def folders(first: Path) -> tuple[Path, ...]:
    """Where the file may go: where the person's other files go, or the folder for what is not kept."""
    return (first, Path(tempfile.gettempdir()))


_PIECE = 240
"""Characters of one string that every GNU screen passes on: old ones hold 256, newer ones 768."""

_MOST_IN_SCREEN = 700
"""Characters of one string that a newer GNU screen swallows; of a longer one it draws the end."""


def request(text: str, environment: Mapping[str, str]) -> str:
    """The characters to write to the terminal; nothing in them is drawn.

    tmux takes the plain request itself with `set-clipboard on`, and passes a wrapped one on with
    `allow-passthrough on`. Which of the two is set cannot be seen from here, and the other is ignored,
    so both are sent. For the outer terminal the second says the same once more.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode(errors='replace')).decode()}\a"
    return _FORMS[between(environment)](plain)


def _through_tmux(plain: str) -> str:
    return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _through_screen(plain: str) -> str:
    """In pieces, which the terminal behind screen joins again."""
    pieces = (plain[start : start + _PIECE] for start in range(0, len(plain), _PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _through_either(plain: str) -> str:
    """For screen, and for tmux the plain request; screen would draw the end of a long one."""
    return (plain if len(plain) <= _MOST_IN_SCREEN else "") + _through_screen(plain)


_FORMS: dict[Between, Callable[[str], str]] = {
    Between.NOTHING: str,
    Between.TMUX: _through_tmux,
    Between.SCREEN: _through_screen,
    Between.UNKNOWN: _through_either,
}

ALONE = "{step.alone} shows it alone, to be marked."

AGAIN = "Copy it again and wait: then it is shown alone, to be marked."

NOTHING_SELECTED = "Nothing is selected, so nothing was copied. {step.copy} copies the command; {app.quit} quits."

NOT_YOURS = (
    "Your clipboard cannot be read from here, only that of the computer this program runs on. "
    "Paste with your terminal's own command (Ctrl+Shift+V, or a right-click)."
)


class CopyingApp(App[None]):
    """An app whose copies are proven where they can be, and never called copied where they cannot.

    `by_hand` are the texts that were shown to be copied by hand, for the end of the program.
    """

    save_into: Path

    @property
    def case(self) -> Case:
        """The case as it stands."""
        raise NotImplementedError

    @case.setter
    def case(self, case: Case) -> None:
        raise NotImplementedError

    def __init__(self, system: Clipboard, settings: Settings, session: Session, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.system = system
        self.settings = settings
        self.session = session
        self.by_hand: list[str] = []
        self._now = now
        self._saved: dict[str, Path] = {}
        self._one_at_a_time = threading.Lock()
        self._given = 0
        """How many keys and pastes have come."""

    def tell(self, sentence: str) -> None:
        """Say something to the person."""
        raise NotImplementedError

    def named(self, words: str) -> str:
        """Words of ours with the keys that are set now in place of their ids."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """What the person gives is counted, so that the screen is not taken away from under their hands."""
        if isinstance(event, events.Key | events.Paste):
            self._given += 1
        await super().on_event(event)

    # Copying

    def hand_out(self, text: str, binding: bool, afterwards: str = "", alone: bool = False, how: str = ALONE) -> None:
        """Copy a text; one that holds the binding command only after the word about its question.

        `afterwards` is added to what is said about the copy. `alone` shows it to be copied by hand at once.
        `how` says what to do where the copy is not proven.
        """

        def told(understood: bool | None) -> None:
            if understood:
                self.case = self.case.told()
                self._begin(text, afterwards or REMINDER, alone, how)

        if not binding:
            self._begin(text, afterwards, alone, how)
        elif self.case.told_to_answer_no:
            told(True)
        else:
            self.push_screen(later.BeforeCopyDialog(), told)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what was selected in a field or on the screen; Textual calls it for Ctrl+C and Ctrl+X.

        A selection can hold the binding command, which needs its word first like any other copy of it.
        """
        if not text:
            self.action_help_quit()
            return
        self._clipboard = text
        cmdlets = {command.text.partition(" ")[0] for command in later.bind_commands(self.case)}
        if any(cmdlet in text for cmdlet in cmdlets):
            self.hand_out(text, binding=True, how="")
        else:
            self._begin(text, "", False, "")

    def action_help_quit(self) -> None:
        """Ctrl+C where nothing is selected: say so, and do nothing. The name is Textual's."""
        self.tell(self.named(NOTHING_SELECTED))

    def noting_copy(self, text: str) -> None:
        """Called with every text that is about to be copied."""

    def _begin(self, text: str, afterwards: str, alone: bool, how: str) -> None:
        self.noting_copy(text)
        work = partial(self._show_alone, text, "", afterwards) if alone else partial(self._copy, text, afterwards, how)
        in_background(self, "copying", work)

    async def _copy(self, text: str, afterwards: str, how: str) -> None:
        given = self._given
        copied = await self.copy(text)
        if copied is None:
            return
        busy = self._given != given
        if copied.proof is Proof.BY_HAND and busy:
            # It took its time, and the person is at something else: what they type there would be lost.
            how = how or AGAIN
        elif copied.proof is Proof.BY_HAND:
            await self._show_alone(text, copied.sentence, afterwards)
            return
        unsure = copied.proof is not Proof.PROVEN
        self.tell(" ".join(filter(None, (copied.sentence, self.named(how) if unsure else "", afterwards))))

    async def copy(self, text: str) -> Copied | None:
        """Copy a text by the first way that takes it, without holding up the screen.

        None when another copy was begun meanwhile: an older text must not come after a newer one.
        """
        given_up = threading.Event()
        ways = copyroutes.routes(self.settings.copy, self.session)
        asked = self.settings.copy is CopyRoute.HAND

        def send(what: str) -> None:
            self.call_later(self._send, what, given_up)

        def work() -> Copied | None:
            with self._one_at_a_time:
                return None if given_up.is_set() else clipboards.copy_by(ways, text, self.system, send, asked)

        try:
            return await asyncio.to_thread(work)
        except asyncio.CancelledError:
            given_up.set()
            raise

    def _send(self, text: str, given_up: threading.Event) -> None:
        """Ask the terminal to take a text."""
        self._clipboard = text
        if self._driver is not None and not given_up.is_set():
            self._driver.write(request(text, self.session.environment))

    async def _show_alone(self, text: str, why: str, afterwards: str) -> None:
        """Show a text alone in the terminal, and save it to a file."""
        if text not in self._saved:
            path = await asyncio.to_thread(save, text, folders(self.save_into), self._now())
            if path:
                self._saved[text] = path
        if text not in self.by_hand:
            self.by_hand.append(text)
        path = self._saved.get(text)
        before, after = around(text, why, path, afterwards, (self.size.width, self.size.height))
        seen = show_alone(self, text, before, after)
        saved = f"Saved: {path}{'.' if afterwards else ''}" if path else "It could not be saved to a file."
        self.tell(" ".join(filter(None, (why if not seen else "Shown alone.", saved, afterwards))))

    # Pasting

    async def paste(self) -> str:
        """The text on the system's clipboard.

        Raises:
            ClipboardError: there is none, it is not the person's, or it cannot be read; the message says what to do.
        """
        if self.settings.copy is CopyRoute.AUTO and not copyroutes.clipboard_is_the_persons(self.session):
            raise ClipboardError(NOT_YOURS)
        return await asyncio.to_thread(clipboards.read, self.system)
