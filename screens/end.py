"""Ends a front end, for whatever reason: saves the case, restores the terminal, and says so.

Signals, closed windows, lost terminals and faults all come here. Needs no Textual.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import IO, Any

from screens.fault import FAULT, NOBODY_READS, last_words, mute, say

LEFT_ON = "\x1b[?1016l\x1b]22;default\x07\x1b[0m"
"""Switches off what Textual's driver leaves on when it stops: the mouse in pixels, the pointer's shape, colours."""

FULL_SCREEN_OFF = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l\x1b[?2026l\x1b[?7h\x1b[<u"
    f"{LEFT_ON}\x1b[?1049l\x1b[?25h\x1b[0m"
)
"""Switches off all that the driver ever switches on: mouse, focus, paste, resize, synchronized output, no wrapping,
Kitty's keys, then the alternate screen, which has its own keys, and the hidden cursor."""

EDITING_OFF = "\x1b[?2004l\x1b[?25h\x1b[0m\r"
"""Switches off what editing a line switches on."""

_CANCEL = "\x18"
"""CAN aborts an unfinished sequence."""

PATIENCE = 3.0
"""Seconds a front end has to end by itself once it is told to, with its case saved."""

SAVING = 5.0
"""More seconds for a save that takes longer, as on a lost network drive."""

NOT_SAVED = "Saving took too long: what changed last may be lost."

BY_SIGNAL = 128
"""The exit status is this plus the signal's number, as in shells."""

HANG_UP = BY_SIGNAL + 1
"""The exit status after the terminal is lost, as for SIGHUP."""

_GONE = {errno.EIO, errno.EPIPE, errno.ENXIO}
"""What the system says to a thread that writes to a terminal that is gone."""


def _takes(file: IO[str] | None) -> bool:
    """True if a file accepts output now: a stopped terminal would block the writer for ever. Never on Windows."""
    try:
        return file is not None and bool(select.select([], [file.fileno()], [], 0.5)[1])
    except (OSError, ValueError):
        return False


def _write(file: IO[str] | None, text: str) -> None:
    """Write to a terminal, past its buffer, which a thread may hold. On Windows Textual restores the console."""
    with contextlib.suppress(OSError, ValueError):
        if file and file.isatty() and _takes(file):
            os.write(file.fileno(), text.encode())


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    @contextlib.contextmanager
    def terminal(save: Callable[[], object]) -> Iterator[Callable[[], None]]:
        """Call `save` when the window is closed or the person logs off.

        Windows grants a few seconds, and none after the handler returns, so nothing is left to another thread.
        """
        closing = {2, 5, 6}

        def told(event: int) -> bool:
            if event in closing:
                save()
            return False

        handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)(told)
        kernel = ctypes.windll.kernel32
        kernel.SetConsoleCtrlHandler(handler, True)
        try:
            yield lambda: None
        finally:
            kernel.SetConsoleCtrlHandler(handler, False)

    def alarm(seconds: float) -> None:
        """Nothing to do: no console holds up the end for ever."""

else:
    import termios

    @contextlib.contextmanager
    def terminal(save: Callable[[], object]) -> Iterator[Callable[[], None]]:  # noqa: ARG001
        """Gives a function that restores the terminal's present modes; a signal reports a closed window here."""
        kept: list[Any] = []
        with contextlib.suppress(termios.error, OSError, ValueError):
            kept = termios.tcgetattr(0)

        def back() -> None:
            with contextlib.suppress(termios.error, OSError):
                if kept and termios.tcgetattr(0) != kept:
                    termios.tcsetattr(0, termios.TCSANOW, kept)

        yield back

    def alarm(seconds: float) -> None:
        """Have SIGALRM raised after these seconds, and again after `SAVING`; 0 cancels it."""
        signal.setitimer(signal.ITIMER_REAL, seconds, SAVING)


class Signalled(SystemExit):
    """Raised by a signal when no loop runs that could be told to end."""


class Ending:
    """Ends a front end. `save` saves the case and returns what became of it; `step` names the step.

    `full_screen` says that the front end takes the whole terminal: it ends on every signal, even one that was ignored,
    for it must not draw for nobody.
    """

    def __init__(
        self, save: Callable[[], str], step: Callable[[], str] = lambda: "", full_screen: bool = False
    ) -> None:
        self._save = save
        self._step = step
        self._full_screen = full_screen
        self.status = 0
        self.words = ""
        self._what: Callable[[str], str] = str
        self._saving = self._saved = self._forced = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: Callable[[int], None] = lambda _status: None
        self._watching = self._drawn = False
        self._handled: dict[signal.Signals, Any] = {}
        self._terminal_modes: Callable[[], None] = lambda: None

    def run(self, front: Callable[[], object], last: Callable[[], None] = lambda: None) -> int:
        """Run a front end, then print `last` into the scrollback; the exit status is 0 if nothing failed."""
        with self._watched():
            self._go_through(front)
            # The case is printed after a fault too: its commands stay in the scrollback.
            self._go_through(last)
            if self.words:
                words, self.words = self.words, ""
                say(words)
        return self.status

    def _go_through(self, part: Callable[[], object]) -> None:
        try:
            part()
        except Signalled:
            pass
        except BrokenPipeError:
            mute()
            self.end(NOBODY_READS, "because nobody reads what it writes")
        except Exception as error:  # noqa: BLE001 - every fault is told in words
            if isinstance(error, OSError) and error.errno == errno.EIO:
                mute()
                self._terminal_gone()
            else:
                self.fault(error)
        finally:
            if self.status:
                self.save()
            self._restore(LEFT_ON)

    def attach(self, driver: object, leave: Callable[[int], None]) -> None:
        """Register the running loop, which `leave` ends, and whether its driver draws on the terminal."""
        self._loop = asyncio.get_running_loop()
        self._leave = leave
        self._drawn = hasattr(driver, "_file")
        if self._watching:
            self._loop.set_exception_handler(lambda _loop, context: self._failed_apart(context.get("exception")))

    def fault(self, error: BaseException, apart: bool = False) -> None:
        """Save the case, then write the report; only the first fault counts. Never raises.

        One `apart` happened where the app does not see it.
        """
        if self._begins(FAULT, lambda saved: last_words(error, self._where(), saved)):
            self._tell_to_leave() if apart else self.save()

    def end(self, status: int, why: str) -> bool:
        """Save the case and end, by force if needed; only the first reason counts. Never raises."""
        begins = self._begins(status, lambda saved: f"exchange-cert-wizard was ended {why}. {saved}".rstrip())
        if begins:
            self._tell_to_leave()
        return begins

    def save(self) -> None:
        """Save the case, once, and find the last words. Never raises."""
        if self._saving:
            return
        self._saving = True
        try:
            saved = self._save()
        except Exception as error:  # noqa: BLE001 - said, and the end goes on
            saved = f"What you gave could not be saved: {type(error).__name__}."
        self.words = self._what(saved)
        self._saved = True

    def _restore(self, full_screen: str) -> None:
        if self._drawn:
            _write(sys.__stderr__, full_screen)
        elif self.status and not self._full_screen and os.environ.get("TERM", "dumb") != "dumb":
            _write(sys.stdout, EDITING_OFF)
        self._drawn = False
        self._terminal_modes()

    def _begins(self, status: int, what: Callable[[str], str]) -> bool:
        if self.status:
            return False
        self.status, self._what = status, what
        if self._handled:
            alarm(PATIENCE)
        return True

    def _where(self) -> str:
        try:
            return self._step()
        except Exception:  # noqa: BLE001 - what does not know where it is still can be told
            return "unknown"

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        hooks = threading.excepthook, sys.unraisablehook
        threading.excepthook = lambda failed: self._failed_apart(failed.exc_value)
        # An error during clean-up has no effect but a traceback on the screen.
        sys.unraisablehook = lambda _what: None
        self._handled = {each: signal.signal(each, handler) for each, handler in self._handlers().items()}
        self._watching = True
        try:
            with terminal(self.save) as self._terminal_modes:
                yield
        finally:
            self._watching = False
            if self._handled:
                alarm(0)
            threading.excepthook, sys.unraisablehook = hooks
            # A second signal must not interrupt the end.
            for number, earlier in self._handled.items():
                if not self.status and earlier is not None:
                    signal.signal(number, earlier)

    def _handlers(self) -> dict[signal.Signals, Callable[[int, FrameType | None], None]]:
        """The signals that end the program, with their handlers."""
        if threading.current_thread() is not threading.main_thread():
            return {}
        names = ("SIGTERM", "SIGHUP", "SIGBREAK", "SIGQUIT", *(["SIGINT"] if self._full_screen else []))
        handlers = {**dict.fromkeys(names, self._signalled), "SIGALRM": self._end_by_force}
        there = {signal.Signals[name]: handler for name, handler in handlers.items() if hasattr(signal, name)}
        ignored = () if self._full_screen else [each for each in there if signal.getsignal(each) is signal.SIG_IGN]
        return {each: handler for each, handler in there.items() if each not in ignored}

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        if self.end(BY_SIGNAL + number, f"by {signal.Signals(number).name}") and self._loop is None:
            raise Signalled(self.status)

    def _terminal_gone(self) -> None:
        self.end(HANG_UP, "because its terminal is gone")

    def _failed_apart(self, error: object) -> None:
        """End the app after a fault that it does not see itself, in a thread or a callback."""
        if self._watching and isinstance(error, OSError) and error.errno in _GONE:
            self._terminal_gone()
        elif self._watching and isinstance(error, Exception):
            self.fault(error, apart=True)

    def _tell_to_leave(self) -> None:
        """Save and leave between two callbacks of the loop, when nothing is half done; without a loop `run` saves."""
        # The loop may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            if self._loop:
                self._loop.call_soon_threadsafe(self.save)
                self._loop.call_soon_threadsafe(self._leave, self.status)

    def _end_by_force(self, _number: int, _frame: FrameType | None) -> None:
        """End the process if it does not end by itself: a blocked terminal, a hanging thread, a save without end."""
        again, self._forced = self._forced, True
        # It may hang as well; then the next alarm interrupts it.
        self.save()
        if not (self._saved or again):
            return
        self._restore(f"{_CANCEL}{FULL_SCREEN_OFF}")
        words = self.words if self._saved else self._what(NOT_SAVED)
        # Textual has put its own in place of it.
        sys.stderr = sys.__stderr__
        if words and _takes(sys.stderr):
            say(words)
        os._exit(self.status)
