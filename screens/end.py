"""Ends a front end, for whatever reason: saves the work first, then leaves the terminal as it was.

Signals, closed windows, lost terminals and faults all come here. Needs no Textual.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import re
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import IO

from screens.fault import FAULT, NOBODY_READS, STOPPED, last_words, mute, say
from wizard.machine.settings import reports_folder

_MODE = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u|\x1b\]22;([^\x07\x1b]*)")
"""Matches a terminal mode, a Kitty keyboard setting, or the shape of the pointer."""

_ALTERNATE_SCREEN, _CURSOR, _WRAP, _KEYS, _POINTER = "1049", "25", "7", "keys", "pointer"

_USUAL = {_CURSOR: "h", _WRAP: "h", _KEYS: "<", _POINTER: "default"}
"""The modes that are on by default; all others are off."""


class Outlet:
    """The file a driver writes to; it records which modes the driver switched.

    A lost terminal is reported to `gone` and nothing is raised: the writing thread would die, and the program would
    wait for it for ever.
    """

    def __init__(self, file: IO[str], gone: Callable[[], None]) -> None:
        self._file = file
        self._gone = gone
        self._switched: set[str] = set()
        self._shut = False

    def write(self, text: str) -> None:
        """Write to the terminal."""
        if self._shut:
            return
        if any(begin in text for begin in ("\x1b[?", "\x1b[>", "\x1b[<", "\x1b]22;")):
            self._note(text)
        self._try(text)

    def flush(self) -> None:
        """Flush the file."""
        if not self._shut:
            self._try("")

    def fileno(self) -> int:
        """The file descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """True if the file is a terminal."""
        return self._file.isatty()

    @property
    def to_undo(self) -> str:
        """The sequences that undo every mode still switched, the alternate screen and the cursor last."""
        undo = "".join(_back(name) for name in sorted(self._switched, key=_order))
        return f"\x1b[0m{undo}\x1b[0m" if undo else ""

    def restore(self) -> None:
        """Undo every mode the driver left switched."""
        if undo := self.to_undo:
            self.write(undo)
            self.flush()

    def restore_at_once(self) -> None:
        """Undo every mode without the writing thread, which may hang or stand inside a sequence."""
        undo, self._shut = self.to_undo, True
        with contextlib.suppress(OSError, ValueError):
            number = self.fileno()
            if takes_more(number):
                # CAN aborts an unfinished sequence.
                os.write(number, f"\x18{undo}".encode())

    def _try(self, text: str) -> None:
        try:
            if text:
                self._file.write(text)
            else:
                self._file.flush()
        except UnicodeError:
            self._file.write(text.encode("ascii", "replace").decode())
        except (OSError, ValueError):
            self._shut = True
            self._gone()

    def _note(self, text: str) -> None:
        for modes, way, keys, pointer in _MODE.findall(text):
            for mode in filter(None, modes.split(";")):
                self._switch(mode, way)
            if keys or pointer:
                self._switch(_KEYS if keys else _POINTER, keys or pointer)

    def _switch(self, name: str, way: str) -> None:
        if way == _USUAL.get(name, "l"):
            self._switched.discard(name)
        else:
            self._switched.add(name)


def takes_more(number: int) -> bool:
    """True if the terminal accepts output now: a stopped one would block the writer for ever."""
    return sys.platform == "win32" or bool(select.select([], [number], [], 0.5)[1])


def restore_line(file: IO[str] | None) -> None:
    """Restore paste mode, cursor and colours after line editing."""
    if sys.platform == "win32" or os.environ.get("TERM", "dumb") == "dumb":
        return
    with contextlib.suppress(OSError, ValueError):
        if file is not None and file.isatty() and takes_more(file.fileno()):
            file.write("\x1b[?2004l\x1b[?25h\x1b[0m\r")
            file.flush()


def _order(name: str) -> int:
    """The alternate screen goes last, for it has its own keyboard modes; then the cursor is shown."""
    return {_ALTERNATE_SCREEN: 1, _CURSOR: 2}.get(name, 0)


def _back(name: str) -> str:
    usual = _USUAL.get(name, "l")
    if name == _POINTER:
        return f"\x1b]22;{usual}\x07"
    return "\x1b[<u" if name == _KEYS else f"\x1b[?{name}{usual}"


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def attributes() -> Callable[[], None]:
        """Returns a function that restores the console's present input and output modes."""
        from textual.drivers import win32  # noqa: PLC0415 - the line by line front end does without Textual

        kept = [(stream, win32.get_console_mode(stream)) for stream in (sys.__stdin__, sys.__stdout__) if stream]

        def back() -> None:
            for stream, mode in kept:
                with contextlib.suppress(OSError, ValueError):
                    win32.set_console_mode(stream, mode)

        return back

    def on_close(save: Callable[[], object]) -> Callable[[], None]:
        """Call `save` when the window is closed or the person logs off; returns a function that cancels this.

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
        return lambda: kernel.SetConsoleCtrlHandler(handler, False)

else:
    import termios

    def attributes() -> Callable[[], None]:
        """Returns a function that restores the terminal's present modes; it does nothing without a terminal."""
        try:
            number = sys.__stdin__.fileno() if sys.__stdin__ else -1
            kept = termios.tcgetattr(number)
        except (termios.error, OSError, ValueError):
            return lambda: None

        def back() -> None:
            with contextlib.suppress(termios.error, OSError):
                if termios.tcgetattr(number) != kept:
                    termios.tcsetattr(number, termios.TCSANOW, kept)

        return back

    def on_close(save: Callable[[], object]) -> Callable[[], None]:  # noqa: ARG001
        """Nothing to do: a signal reports a closed window here."""
        return lambda: None


def wait_for_hang_up() -> bool:
    """Wait until the terminal is gone; returns False at once where the platform cannot tell."""
    if sys.platform == "win32" or not hasattr(select, "poll") or sys.__stdin__ is None:
        return False
    try:
        number = sys.__stdin__.fileno()
        if not os.isatty(number):
            return False
        hang_up = select.poll()
        hang_up.register(number, 0)
        return bool(hang_up.poll())
    except (OSError, ValueError):
        return False


SAVING = 5.0
"""The longest a save may take, in seconds: a lock held by the interrupted code would never be released."""

PATIENCE = 2.0
"""Seconds a front end has to end by itself once it is told to."""

BY_SIGNAL = 128
"""The exit status is this plus the signal's number, as in shells."""

HANG_UP = BY_SIGNAL + 1
"""The exit status after the terminal is lost, as for SIGHUP."""


class Signalled(SystemExit):
    """Raised by a signal when no loop runs that could be told to end."""


class Ending:
    """Ends a front end. `save` writes the draft and returns its path; `step` names the step the person is at."""

    def __init__(
        self, save: Callable[[], Path | None], step: Callable[[], str] = lambda: "", interrupt: bool = False
    ) -> None:
        self._save = save
        self._step = step
        self._interrupt = interrupt
        self.status = 0
        self.words = ""
        self._may_save = [True]
        self._saved = threading.Event()
        self._where_saved = ""
        self._ending = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: Callable[[int], None] = lambda _status: None
        self._over = threading.Event()
        self._watching = False
        self._told = False
        self._outlet: Outlet | None = None
        self._attributes: Callable[[], None] = lambda: None

    def run(self, front: Callable[[], object], last: Callable[[], None] = lambda: None) -> int:
        """Run a front end, then print `last` into the scrollback; the exit status is 0 if nothing failed."""
        with self._watched():
            self._go_through(front)
            # The case is printed after a fault too: its commands stay in the scrollback.
            self._go_through(last)
            if self.status:
                # The thread that noticed the end may still be writing.
                self._saved.wait(SAVING)
            if self.words:
                self._told = True
                say(self.words)
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
            self._clean()

    def attach(self, driver: object, leave: Callable[[int], None]) -> None:
        """Register the running loop: `leave` ends it, and the modes its driver switches are recorded."""
        self._loop = asyncio.get_running_loop()
        self._leave = leave
        if self._watching:
            self._loop.set_exception_handler(self._callback_failed)
        if file := getattr(driver, "_file", None):
            self._outlet = Outlet(file, self._terminal_gone)
            driver._file = self._outlet  # type: ignore[attr-defined]

    def fault(self, error: BaseException) -> None:
        """Save the draft, then write the report; only the first fault counts. Never raises."""
        if self.status:
            return
        self.status = FAULT
        self._ending.set()
        self.save()
        try:
            step = self._step()
        except Exception:  # noqa: BLE001 - what does not know where it is still can be told
            step = "unknown"
        try:
            self.words = last_words(error, step, self._where_saved)
        except Exception:  # noqa: BLE001 - whatever happens here must not hide the first fault
            self.words = f"{STOPPED} {self._where_saved}".rstrip()

    def end(self, status: int, why: str) -> None:
        """Save the draft and end, by force if needed; only the first reason counts. Never raises."""
        if self.status:
            return
        self.status = status
        self._ending.set()
        self.save()
        self.words = f"exchange-cert-wizard was ended {why}. {self._where_saved}".rstrip()
        self._tell_to_leave()

    def save(self) -> None:
        """Save the draft, once; a second caller waits for it. Never raises."""
        try:
            self._may_save.pop()
        except IndexError:
            if threading.current_thread() is not threading.main_thread():
                self._saved.wait(PATIENCE)
            return
        try:
            path = self._save()
            self._where_saved = f"What you gave is saved in {path}." if path else ""
        except OSError as error:
            self._where_saved = f"What you gave could not be saved: {error.strerror or type(error).__name__}."
        except Exception as error:  # noqa: BLE001 - said, and the end goes on
            self._where_saved = f"What you gave could not be saved: {type(error).__name__}."
        self._saved.set()

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        # A signal can arrive during an import, so everything is imported beforehand.
        with contextlib.suppress(OSError, RuntimeError):
            reports_folder()
        self._attributes = attributes()
        hooks = threading.excepthook, sys.unraisablehook
        threading.excepthook = self._thread_failed
        # An error during clean-up has no effect but a traceback on the screen.
        sys.unraisablehook = lambda _what: None
        before = {number: signal.signal(number, self._signalled) for number in self._signals()}
        not_on_close = on_close(self.save)
        for work in (self._end_by_force, self._notice_hang_up):
            threading.Thread(target=work, name="ending", daemon=True).start()
        self._watching = True
        try:
            yield
        finally:
            self._watching = False
            self._over.set()
            self._ending.set()
            not_on_close()
            threading.excepthook, sys.unraisablehook = hooks
            # A second signal must not interrupt the end.
            for number, handler in before.items():
                if not self.status and handler is not None:
                    signal.signal(number, handler)

    def _signals(self) -> list[signal.Signals]:
        """The signals that end the program; one ignored before, as by nohup, stays ignored."""
        if threading.current_thread() is not threading.main_thread():
            return []
        names = ["SIGTERM", "SIGHUP", "SIGBREAK", "SIGQUIT", *(["SIGINT"] if self._interrupt else [])]
        there = [signal.Signals[name] for name in names if hasattr(signal, name)]
        return [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        self.end(BY_SIGNAL + number, f"by {signal.Signals(number).name}")
        if self._loop is None:
            raise Signalled(self.status)

    def _notice_hang_up(self) -> None:
        if wait_for_hang_up():
            self._terminal_gone()

    def _terminal_gone(self) -> None:
        self.end(HANG_UP, "because its terminal is gone")

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        self._failed_apart(failed.exc_value)

    def _callback_failed(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self._failed_apart(context.get("exception"))

    def _failed_apart(self, error: object) -> None:
        """End the app after a fault that it does not see itself."""
        if self._watching and isinstance(error, Exception):
            self.fault(error)
            self._tell_to_leave()

    def _tell_to_leave(self) -> None:
        if self._loop:
            # The loop may have ended meanwhile.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._leave, self.status)

    # How it is left

    def _clean(self) -> None:
        if self._outlet:
            self._outlet.restore()
        elif self.status:
            restore_line(sys.stdout)
        self._attributes()

    def _end_by_force(self) -> None:
        """End the process if it does not end by itself: a blocked terminal, a hanging thread."""
        self._ending.wait()
        if not self._over.is_set():
            self._saved.wait(SAVING)
        if self._over.wait(PATIENCE):
            return
        if self._outlet:
            self._outlet.restore_at_once()
        self._attributes()
        with contextlib.suppress(OSError, ValueError, AttributeError):
            if self.words and not self._told and takes_more(sys.stderr.fileno()):
                say(self.words)
        os._exit(self.status)
