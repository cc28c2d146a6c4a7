"""A pseudo-terminal with a program in it, for timing: when a text stands in it, and when it is quiet again."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Self

from wizard.machine.settings import HOME_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0
"""Seconds after which a program that shows nothing is given up."""

_CONTROLS = re.compile(
    rb"\x1b(?:\[[0-9;:?<=>$ ]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[()][A-Z0-9]|[=>])"
)
_ANSWERS = {
    # Is synchronised output there, is in-band resize, which keyboard protocol: as a modern terminal answers.
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
}


@cache
def installed() -> dict[str, str]:
    """The environment for a program with its bytecode beside it, as pip leaves it: the first run writes it.

    Its own files are apart from the person's: a case of theirs would make another first screen.
    """
    compiled = tempfile.mkdtemp(prefix="start-bytecode-")
    atexit.register(shutil.rmtree, compiled, ignore_errors=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment[HOME_VARIABLE] = tempfile.mkdtemp(prefix="wizard-home-")
    atexit.register(shutil.rmtree, environment[HOME_VARIABLE], ignore_errors=True)
    return environment


class Terminal:
    """A program in a pseudo-terminal of its own. Times are seconds of `time.perf_counter`."""

    begun: float
    _process: subprocess.Popen[bytes]
    _ours: int
    _since: bytearray

    def __init__(self, command: list[str], columns: int = 80, lines: int = 24) -> None:
        if sys.platform == "win32":
            sys.exit("This measures in a pseudo-terminal, which Windows has in another form.")
        import fcntl  # noqa: PLC0415 - not there on Windows
        import termios  # noqa: PLC0415

        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        environment = {**installed(), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        # A benchmark touches nobody's clipboard.
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR"):
            environment.pop(name, None)
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self._ours = ours
        self._since = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def shows(self, text: str) -> float:
        """The moment at which all of a text has arrived; blanks and line ends do not count.

        Raises:
            SystemExit: it does not come.
        """
        wanted = "".join(text.split()).encode()
        until = time.perf_counter() + PATIENCE
        while (left := until - time.perf_counter()) > 0:
            if (arrived := self._read(left)) and wanted in b"".join(_CONTROLS.sub(b"", self._since).split()):
                return arrived
            if arrived is None:
                break
        sys.exit(f"waited in vain for {text!r} in:\n{_CONTROLS.sub(b'', self._since)[-3000:].decode(errors='replace')}")

    def quiet(self, seconds: float, patience: float = PATIENCE) -> float | None:
        """Wait until nothing has come for so long; the moment of the last byte, None if none came at all."""
        last = None
        until = time.perf_counter() + patience
        while time.perf_counter() < until and (arrived := self._read(seconds)):
            last = arrived
        return last

    def press(self, keys: bytes) -> float:
        """Write the bytes of a key; the moment before. What has come so far is forgotten."""
        self._since.clear()
        begun = time.perf_counter()
        os.write(self._ours, keys)
        return begun

    @property
    def worked(self) -> float:
        """Seconds the program has had a processor so far, all its threads together; 0 where the system does not say.

        Unlike the time on the clock it does not grow when others use the machine.
        """
        with contextlib.suppress(OSError):
            tasks = Path(f"/proc/{self._process.pid}/task").iterdir()
            return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
        return 0.0

    @property
    def arrived(self) -> int:
        """How many bytes have come since the last key."""
        return len(self._since)

    def _read(self, seconds: float) -> float | None:
        """The moment at which something came; None when nothing did, or the program has ended."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return None
        arrived = time.perf_counter()
        try:
            read = os.read(self._ours, 1 << 20)
        except OSError:
            return None
        if not read:
            return None
        self._since += read
        for question, answer in _ANSWERS.items():
            if question in read:
                os.write(self._ours, answer)
        return arrived
