"""Reads paths as people give them: copied from Explorer, dropped on a terminal."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

LONGEST = 1_000
"""A longer line is no path."""

QUOTES = "\"'\u201c\u201d\u2018\u2019"

_BEGINS = re.compile(r"(?i)file:/|[a-z]:[\\/]|\\\\[\w.\-]+\\|~?/|~\\")


def path_from(text: str) -> Path:
    """The path a person typed, pasted or dropped.

    Removes Explorer's quotes and surrounding blanks, reads a `file://` URL, and outside Windows removes the backslashes
    that terminals put before blanks.
    """
    bare = text.strip()
    quoted = len(bare) > 1 and bare[0] in QUOTES
    bare = bare.strip(QUOTES).strip()
    if bare[:6].casefold() == "file:/":
        bare = _of_url(bare)
    elif sys.platform != "win32" and not quoted and bare.startswith(("/", "~/")):
        bare = re.sub(r"\\(.)", r"\1", bare)
    path = Path(bare)
    try:
        return path.expanduser()
    except RuntimeError:
        # `~someone` without such a user is a plain name.
        return path


def _of_url(url: str) -> str:
    """The path of a `file://` URL; on Windows its host is a server."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = unquote(parts.path)
    if sys.platform != "win32":
        return path
    if parts.netloc and parts.netloc.casefold() != "localhost":
        return f"//{parts.netloc}{path}"
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def path_in(text: str) -> Path | None:
    """The path that a one-line text looks like, existing or not; None for other text."""
    if len(text) > LONGEST:
        return None
    line = text.strip()
    if not line or "\n" in line or "\r" in line:
        return None
    return path_from(line) if _BEGINS.match(line.lstrip(QUOTES).lstrip()) else None


def named_paths(argument: str) -> tuple[Path, ...]:
    r"""The files that an argument of the command line names: `logs\*.log` is expanded, which no shell of Windows does.

    A name that exists is that file, whatever characters it has. One that fits nothing stays, so that its lack is told.
    """
    path = Path(argument)
    if not any(c in path.name for c in "*?[") or path.exists():
        return (path,)
    return tuple(sorted(path.parent.glob(path.name))) or (path,)


def without_swallowed(arguments: Sequence[str]) -> list[str]:
    r"""The arguments as they were meant, where a closing backslash has swallowed the quotation mark behind it.

    Windows takes `"C:\Exch Logs\" --json` for the one argument `C:\Exch Logs" --json`; no path there holds a mark.
    """
    meant: list[str] = []
    for argument in arguments:
        before, mark, behind = argument.partition('"')
        swallowed = mark and _BEGINS.match(before)
        meant += [before, *without_swallowed(_apart(behind))] if swallowed else [argument]
    return meant


def _apart(rest: str) -> list[str]:
    """The rest of a command line, parted at its blanks; what stands in quotation marks stays together."""
    return [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"?|(\S+)', rest)]


Seen = TypeVar("Seen")


async def looked(look: Callable[[], Seen]) -> Seen:
    """Run `look`, which reads the disk, without blocking the screen or the end of the program.

    It uses a thread of its own: a lost server blocks one for half a minute, and shared threads would soon all be
    blocked.

    Raises:
        OSError: as `look` raises it.
    """
    import asyncio  # noqa: PLC0415 - diagnose reads paths too, and needs no loop

    loop = asyncio.get_running_loop()
    seen: asyncio.Future[Seen] = loop.create_future()

    def tell(outcome: Seen | None, error: OSError | ValueError | None) -> None:
        if seen.done():
            return
        if error:
            seen.set_exception(error)
        else:
            seen.set_result(outcome)  # type: ignore[arg-type]

    def work() -> None:
        outcome: Seen | None = None
        error: OSError | ValueError | None = None
        try:
            outcome = look()
        except (OSError, ValueError) as trouble:
            error = trouble
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, outcome, error)

    threading.Thread(target=work, name="disk", daemon=True).start()
    return await seen
