"""Faults of the program itself: the message for the person and the report for the developer.

It imports next to nothing, so that it can report a fault in anything else.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path, PurePath

from wizard import __version__
from wizard.machine.files import make_private, write_whole
from wizard.machine.inert import shown
from wizard.machine.settings import reports_folder

STOPPED = "exchange-cert-wizard stopped because of a fault of its own; your servers were not touched."

FAULT, INTERRUPTED, NOBODY_READS = 1, 130, 141
"""Exit statuses: a fault of the program; Ctrl+C; standard output was closed, as in shells."""

KEPT = 20
"""The number of reports kept."""

_NAME = "exchange-cert-wizard"


class OwnFault(Exception):
    """A fault whose message is safe for the report: the program's own words, no evidence."""


def last_words(error: BaseException | None, step: str = "", saved: str = "") -> str:
    """Write the report and return the line for the person; `saved` says what became of the work. Never raises."""
    where = ""
    # Whatever happens here must not hide the first fault.
    with contextlib.suppress(Exception):
        written = _written(report(error, step))
        kinds = type(error).__name__ if error else "no exception known"
        where = f"A report without your evidence is in {written}" if written else f"No report could be written: {kinds}"
    return " ".join(filter(None, (STOPPED, f"{where}." if where and saved else where, saved)))


def report(error: BaseException | None, step: str = "") -> str:
    """Version, platform, terminal and step, then the kinds of the errors and the places that raised them.

    It holds no messages and no variables: either can hold evidence, such as an unreadable line. Exceptions are the
    message of an `OwnFault` and the system's words for an `OSError`.
    """
    pieces = ["\n".join(f"{name}: {value}" for name, value in _surroundings(step))]
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        pieces.append("\n".join((_kind(error), *_frames(error))))
        # A failed Textual worker wraps the real error; Textual is not imported for this.
        inner = getattr(error, "error", None)
        error = inner if isinstance(inner, BaseException) else error.__cause__ or error.__context__
    return "\n\n".join(pieces if seen else [*pieces, "no exception known"]) + "\n"


def told(error: BaseException) -> int:
    """Report the error that ended the program; the exit status for it."""
    if isinstance(error, KeyboardInterrupt):
        say(f"{_NAME}: stopped.")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        mute()
        return NOBODY_READS
    say(last_words(error))
    return FAULT


def say(words: str) -> None:
    """Print a line on standard error, if that is still open."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        encoding = sys.stderr.encoding or "ascii"
        sys.stderr.write(shown(words).encode(encoding, "replace").decode(encoding) + "\n")
        sys.stderr.flush()


def mute() -> None:
    """Discard what Python would still write on exit: nobody reads it, and writing would fail."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _written(text: str) -> Path | None:
    """Write the report; None if that is impossible."""
    name = f"report-{datetime.now():%Y%m%d-%H%M%S-%f}-{os.getpid()}.txt"
    for folder in (reports_folder, lambda: Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError, RuntimeError):
            path = folder() / name
            make_private(path.parent)
            write_whole(path, text)
            with contextlib.suppress(OSError):
                # Their names begin with the time.
                for old in sorted(path.parent.glob("report-*.txt"))[:-KEPT]:
                    old.unlink()
            return path
    return None


def _surroundings(step: str) -> list[tuple[str, str]]:
    from importlib import metadata  # noqa: PLC0415 - only a report asks for a version

    try:
        textual = metadata.version("textual")
    except metadata.PackageNotFoundError:
        textual = "not there"
    size = "none"
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            size = "{}x{}".format(*os.get_terminal_size(stream.fileno()))  # type: ignore[union-attr]
            break
    return [
        (_NAME, __version__),
        ("Python", platform.python_version()),
        ("Textual", textual),
        ("platform", platform.platform()),
        ("terminal", f"{size} {os.environ.get('TERM', '')} {os.environ.get('TERM_PROGRAM', '')}".strip()),
        ("step", step or "none"),
    ]


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, OwnFault):
        return f"{name}: {error}"
    if isinstance(error, OSError) and error.errno:
        return f"{name}: {os.strerror(error.errno)}"
    return name


def _frames(error: BaseException) -> list[str]:
    """The frames of the traceback, outermost first: file, line and function, without source."""
    frames = traceback.walk_tb(error.__traceback__)
    return [f"  {_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_qualname}" for frame, line in frames]


def _short(filename: str) -> str:
    """A file's path from the package on; the folders above can hold a person's name."""
    parts = PurePath(filename).parts
    for above in ("site-packages", "dist-packages"):
        if above in parts:
            return "/".join(parts[parts.index(above) + 1 :])
    with contextlib.suppress(ValueError):
        return PurePath(filename).relative_to(Path(__file__).resolve().parents[1]).as_posix()
    return "/".join(parts[-2:])
