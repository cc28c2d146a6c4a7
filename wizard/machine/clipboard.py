"""Copying, and proof that it worked.

A copy is announced only after it was read back. What the terminal was asked to take cannot be read
back, and is not called copied. pyperclip does the copying, but a front end cannot call it directly:
the programs it starts write their errors on the screen, it ignores whether they failed, and it waits
for them without end. So everywhere but on Windows, where no program is started, it runs in a child
process: this very file, run as a script.
"""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from wizard.machine.copying import Route

PATIENCE = 3.0
"""Seconds a clipboard program may take before it is given up."""

_LARGER = 4
"""The factor by which reading may take longer: 200 MB took two seconds on an idle machine."""

_WINDOWS_TRIES = 3

_WINDOWS_PAUSE = 0.1
"""Seconds between tries while another program holds the Windows clipboard; in each, pyperclip waits half a second."""

_BY_HAND = "mark the text on the screen and copy it with the terminal's own command"


class ClipboardError(Exception):
    """The clipboard could not be used; the message is a plain sentence for the person."""


class Clipboard(Protocol):
    """Holds one text. Both methods raise ClipboardError and print nothing."""

    def write(self, text: str) -> None:
        """Replace the text."""

    def read(self) -> str:
        """The text, empty if there is none; with the system's line ends."""


SENT = "Sent to your terminal, which gives no answer: paste to check."


class CopyProof(enum.Enum):
    """The evidence for a copy."""

    PROVEN = "proven"
    DIFFERENT = "different"
    UNREAD = "unread"
    FAILED = "failed"
    SENT = "sent"
    """The terminal was asked to copy, and gives no answer."""

    BY_HAND = "by hand"
    """The only way left is to mark the visible text."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The outcome of a copy. `sentence` tells it to the person, with the remedy if it failed.

    `why` is the reason alone, if it failed.
    """

    proof: CopyProof
    sentence: str
    why: str = ""


TOO_LONG = "The text is too long for a terminal's clipboard, which takes about 75,000 characters."

UNREACHED = "Your clipboard cannot be reached from here."


def copy(text: str, clipboard: Clipboard) -> Copied:
    """Copy `text` and read it back; takes up to twice `PATIENCE`, and never raises ClipboardError."""
    try:
        clipboard.write(text)
    except ClipboardError as error:
        return Copied(CopyProof.FAILED, f"Nothing was copied. {error} Instead, {_BY_HAND}.", str(error))
    try:
        back = clipboard.read()
    except ClipboardError as error:
        return Copied(CopyProof.UNREAD, f"Copied, but not proven. {error} Look before you paste.")
    if _comparable(back) == _comparable(text):
        return Copied(CopyProof.PROVEN, "Copied, and read back: this computer's clipboard holds exactly this text.")
    held = "something else" if back else "nothing"
    return Copied(
        CopyProof.DIFFERENT,
        f"Not copied: read back, the clipboard holds {held}. Another program may have taken it. "
        f"Copy again, or {_BY_HAND}.",
    )


def copy_by(
    ways: Sequence[Route], text: str, clipboard: Clipboard, send: Callable[[str], None], asked: bool = False
) -> Copied:
    """Copy `text` by the first way that works; never raises ClipboardError.

    `send` asks the terminal to copy. `asked` says that the person chose to copy by hand, so an untried way is no
    failure. The outcome is BY_HAND if no way is left.
    """
    from wizard.machine.copying import Route, fits_the_terminal  # noqa: PLC0415 - see the top

    why = ""
    for way in ways:
        if way is Route.SYSTEM:
            copied = copy(text, clipboard)
            if copied.proof is not CopyProof.FAILED:
                return copied
            why = copied.why
        elif way is Route.TERMINAL:
            if fits_the_terminal(text):
                send(text)
                return Copied(CopyProof.SENT, SENT)
            why = f"{why} {TOO_LONG}".lstrip()
    if asked:
        return Copied(CopyProof.BY_HAND, "By hand, as your settings ask.")
    return Copied(CopyProof.BY_HAND, f"Could not copy. {why or UNREACHED}", why or UNREACHED)


def read(clipboard: Clipboard) -> str:
    """The text on the clipboard, which may be megabytes; with the system's line ends.

    Raises:
        ClipboardError: it cannot be read, or holds no text but blanks.
    """
    text = clipboard.read()
    if not text.strip():
        raise ClipboardError("There is no text on the clipboard.")
    return text


def system_clipboard(patience: float = PATIENCE) -> Clipboard:
    """The clipboard of this computer; `patience` in seconds for each use of it. Opens nothing yet."""
    return _WindowsClipboard() if sys.platform == "win32" else _ChildClipboard(patience)


def _comparable(text: str) -> str:
    """The text without changes that clipboards make: line ends, and a line feed at the end."""
    return text.replace("\r\n", "\n").removesuffix("\n")


class _WindowsClipboard:
    """The Windows clipboard through pyperclip in this process, which starts no program."""

    def write(self, text: str) -> None:
        import pyperclip  # noqa: PLC0415 - only a copy needs it, the start does not

        self._insist(lambda: pyperclip.copy(text))

    def read(self) -> str:
        import pyperclip  # noqa: PLC0415 - only a paste needs it, the start does not

        return str(self._insist(pyperclip.paste) or "")

    def _insist(self, use: Callable[[], object]) -> object:
        """Retry `use` while another program holds the clipboard."""
        from pyperclip import PyperclipException  # noqa: PLC0415 - see above

        trouble: Exception | None = None
        for attempt in range(_WINDOWS_TRIES):
            if attempt:
                time.sleep(_WINDOWS_PAUSE)
            try:
                return use()
            except (PyperclipException, OSError) as error:
                trouble = error
        # Windows often names no error: what pyperclip then adds is that all went well.
        said = _one_line(str(trouble)).partition(" ([WinError 0]")[0]
        raise ClipboardError(f"Another program keeps the clipboard to itself ({said}).")


@dataclass(frozen=True, slots=True)
class _ChildClipboard:
    """The clipboard through pyperclip in a child process, which may safely fail, complain or hang."""

    patience: float

    def write(self, text: str) -> None:
        self._ask("write", text.encode(errors="surrogatepass"))

    def read(self) -> str:
        return self._ask("read", b"").decode(errors="replace")

    def _ask(self, what: str, given: bytes) -> bytes:
        """The child's output; if it failed, that is the reason."""
        patience = self.patience * (_LARGER if what == "read" else 1)
        try:
            child = subprocess.Popen(
                # -P keeps this folder off the search path, where our modules would shadow others.
                [sys.executable, "-P", str(Path(__file__)), what],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # xclip stays running to serve the text: Ctrl+C or a closed terminal must not end it.
                start_new_session=True,
            )
        except OSError as error:
            raise ClipboardError(f"No helper process could be started ({_one_line(str(error))}).") from error
        with child:
            try:
                answer, _ = child.communicate(given, timeout=patience)
            except subprocess.TimeoutExpired:
                _kill_session(child)
                raise ClipboardError(f"The clipboard did not answer within {patience:g} seconds.") from None
        if child.returncode:
            reason = _one_line(answer.decode(errors="replace")) or f"exit code {child.returncode}"
            failed = (
                "No text could be read from the clipboard" if what == "read" else "The clipboard cannot be used here"
            )
            raise ClipboardError(f"{failed} ({reason}).")
        return answer


def _kill_session(child: subprocess.Popen[bytes]) -> None:
    """End the child and the clipboard program it waits for."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()


def _one_line(text: str) -> str:
    """The first non-blank line, without control characters and full stop, cut at 200 characters."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return "".join(character for character in first if character.isprintable()).strip().rstrip(".")[:200]


class _WatchedPopen(subprocess.Popen[bytes]):
    """A process that records its failure, because pyperclip ignores exit statuses."""

    failures: ClassVar[list[str]] = []

    def communicate(self, input: bytes | None = None, timeout: float | None = None) -> tuple[bytes, bytes]:
        """The program's output; its error, if it failed, is added to `failures`."""
        output, errors = super().communicate(input, timeout)
        if self.returncode:
            said = _one_line((errors or b"").decode(errors="replace"))
            self.failures.append(said or f"the clipboard program ended with code {self.returncode}")
        return output, errors


def _child(what: str) -> int:
    """Write stdin to the clipboard, or the clipboard to stdout; exit code 1 with the reason on stdout.

    The programs pyperclip starts get a file in place of our stdout and stderr: xclip lives on to serve the text, and a
    reader of our stdout would wait for it. The file's text is the reason if they failed.
    """
    answer = os.dup(1)
    with tempfile.TemporaryFile() as printed:
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
        given, failure = _use_pyperclip(what)
        if not failure and _WatchedPopen.failures:
            printed.seek(0)
            failure = _one_line(printed.read().decode(errors="replace")) or _WatchedPopen.failures[0]
        with os.fdopen(answer, "wb") as out:
            out.write(failure.encode() if failure else given)
    return 1 if failure else 0


def _use_pyperclip(what: str) -> tuple[bytes, str]:
    """Read or write as `what` says; returns the clipboard's text and pyperclip's error, empty without one."""
    subprocess.Popen = _WatchedPopen  # type: ignore[misc, assignment]
    try:
        import pyperclip  # noqa: PLC0415 - the parent process imports this module without it

        if what == "write":
            pyperclip.copy(sys.stdin.buffer.read().decode())
            return b"", ""
        return str(pyperclip.paste() or "").encode(), ""
    except ModuleNotFoundError as error:
        return b"", f"the Python package {error.name} is not installed"
    except FileNotFoundError as error:
        return b"", f"{error.filename} is missing, or not on the PATH"
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is this process's answer
        if type(error).__name__ != "PyperclipException":
            return b"", f"{type(error).__name__}: {error}"
        if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            return b"", "this session has no display: DISPLAY and WAYLAND_DISPLAY are not set"
        return b"", "no program for it is installed: xclip, xsel or wl-clipboard"


if __name__ == "__main__":
    sys.exit(_child(sys.argv[1]))
