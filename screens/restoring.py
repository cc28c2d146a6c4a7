"""The terminal as it was before: what was switched on is known, and is switched off again whatever happens."""

from __future__ import annotations

import contextlib
import os
import re
import select
import sys
from collections.abc import Callable
from typing import IO

_MODE = re.compile(r"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u|\x1b\]22;([^\x07\x1b]*)")
"""A mode of the terminal, Kitty's way with keys, and the shape of the pointer."""

_ALTERNATE_SCREEN, _CURSOR, _WRAP, _KEYS, _POINTER = "1049", "25", "7", "keys", "pointer"

_USUAL = {_CURSOR: "h", _WRAP: "h", _KEYS: "<", _POINTER: "default"}
"""What is otherwise than off while no program has switched it."""


class Outlet:
    """The file that a driver writes to, which keeps count of what it has switched.

    A terminal that is gone is told to `gone`, and nothing is raised: the thread that writes would
    die of it, and the program would wait for it for ever.
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
        """Have it written now."""
        if not self._shut:
            self._try("")

    def fileno(self) -> int:
        """The number of the file."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()

    @property
    def to_undo(self) -> str:
        """What switches everything back that is still switched; the alternate screen last but for the cursor."""
        undo = "".join(_back(name) for name in sorted(self._switched, key=_order))
        return f"\x1b[0m{undo}\x1b[0m" if undo else ""

    def restore(self) -> None:
        """Switch back what the driver left."""
        if undo := self.to_undo:
            self.write(undo)
            self.flush()

    def restore_at_once(self) -> None:
        """Switch everything back past the thread that writes, which may hang or be in the middle of a sequence."""
        undo, self._shut = self.to_undo, True
        with contextlib.suppress(OSError, ValueError):
            number = self.fileno()
            if takes_more(number):
                # CAN ends a sequence that was begun.
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
    """Whether something can be written now: a terminal that was stopped would hold the writer up for ever."""
    return sys.platform == "win32" or bool(select.select([], [number], [], 0.5)[1])


def restore_line(file: IO[str] | None) -> None:
    """After a line was being edited: paste, cursor and colours as they were."""
    if sys.platform == "win32" or os.environ.get("TERM", "dumb") == "dumb":
        return
    with contextlib.suppress(OSError, ValueError):
        if file is not None and file.isatty() and takes_more(file.fileno()):
            file.write("\x1b[?2004l\x1b[?25h\x1b[0m\r")
            file.flush()


def _order(name: str) -> int:
    """The alternate screen is left last, for there are keys of its own on it; then the cursor is shown."""
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
        """What brings the console back to how it handles keys and text now."""
        from textual.drivers import win32  # noqa: PLC0415 - the line by line front end does without Textual

        kept = [(stream, win32.get_console_mode(stream)) for stream in (sys.__stdin__, sys.__stdout__) if stream]

        def back() -> None:
            for stream, mode in kept:
                with contextlib.suppress(OSError, ValueError):
                    win32.set_console_mode(stream, mode)

        return back

    def on_close(save: Callable[[], object]) -> Callable[[], None]:
        """Have this called as the window is closed, or the person logs off; returns what takes it back.

        Windows gives some seconds, and none once the handler has returned: so nothing is left to another thread.
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
        """What brings the terminal back to how it handles keys now; nothing where there is no terminal."""
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
        """A window that is closed is told by a signal here."""
        return lambda: None


def wait_for_hang_up() -> bool:
    """Wait until the terminal is gone, for ever; at once False where the platform cannot tell."""
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
