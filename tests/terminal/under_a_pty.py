"""The program in a pseudo-terminal of its own: every byte it writes is kept, and signals reach it as they would."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

assert sys.platform != "win32", "there are no pseudo-terminals on Windows"

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0

_SWITCH = re.compile(rb"\x1b\[\?([\d;]+)([hl])|\x1b\[([<>])\d*u|\x1b\[([\d;]*)m")
_ON_BY_ITSELF = {"7", "25"}


class UnderAPty:
    """The program; `written` is what it has written so far."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        root: Path = ROOT,
        program: str = "",
        answers: bytes = b"",
        ignored: signal.Signals | None = None,
        stderr: int | None = None,
    ) -> None:
        """Start it; `program` is Python to run in place of the module, `answers` what the terminal says when asked."""
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (24, 80))
        self.attributes = termios.tcgetattr(self.slave)
        self.home = home
        self.written = b""
        self._answers = answers
        settings = {"PYTHONPATH": str(root), "TERM": "xterm-256color", "EXCHANGE_CERT_WIZARD_HOME": str(home)}
        start = ["-c", program] if program else ["-m", "screens"]

        def begin() -> None:
            # So that closing the terminal tells it, as it does for every program of a window.
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            # A shell that runs the tests in the background has these ignored, and so would the program.
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            if ignored is not None:
                signal.signal(ignored, signal.SIG_IGN)

        self.process = subprocess.Popen(
            [sys.executable, *start, *arguments],
            cwd=root,
            env={**os.environ, **settings},
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave if stderr is None else stderr,
            start_new_session=True,
            preexec_fn=begin,  # noqa: PLW1509
        )

    def read(self, seconds: float = 0.0) -> bool:
        """Read what is there; False when there was nothing."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            new = os.read(self.master, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return False
        self.written += new
        if self._answers and b"\x1b[?2048$p" in new:
            os.write(self.master, self._answers)
        return bool(new)

    def wait(self, text: str) -> None:
        """Wait until these words have been written, one after another whatever is between them."""
        wanted = re.compile(rb"(?s)" + rb".*?".join(re.escape(word.encode()) for word in text.split()))
        end = time.monotonic() + PATIENCE
        while not wanted.search(self.written):
            assert time.monotonic() < end, f"waited in vain for {text!r}: {self.written[-3000:]!r}"
            self.read(0.05)

    def keys(self, text: str) -> None:
        os.write(self.master, text.encode())

    def read_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, within: float = 60.0) -> int:
        """Wait for its end, reading on; its exit status, negative for a signal that killed it."""
        end = time.monotonic() + within
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it does not end: {self.written[-2000:]!r}"
            self.read(0.02)
        while self.read():
            pass
        return self.process.returncode

    def close(self) -> None:
        """Close the terminal, as somebody closes its window."""
        for number in (self.master, self.slave):
            if number >= 0:
                os.close(number)
        self.master = self.slave = -1

    def put_away(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close()

    @property
    def left_on(self) -> set[str]:
        """What it switched on and never off again."""
        on: set[str] = set()
        for modes, way, keys, colours in _SWITCH.findall(self.written):
            for mode in filter(None, modes.decode().split(";")):
                (on.discard if (way == b"h") is (mode in _ON_BY_ITSELF) else on.add)(mode)
            if keys:
                (on.add if keys == b">" else on.discard)("keys")
            elif not modes:
                (on.discard if colours in (b"", b"0") else on.add)("colours")
        return on

    @property
    def after_the_screen(self) -> str:
        """What stands in the person's scrollback, behind the full screen."""
        return self.written.rpartition(b"\x1b[?1049l")[2].decode(errors="replace")

    @property
    def cases(self) -> list[Path]:
        return sorted((self.home / "cases").glob("*.json"))

    @property
    def reports(self) -> list[Path]:
        return sorted((self.home / "reports").glob("*"))
