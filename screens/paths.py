"""Paths as people give them: copied from Explorer, dropped on a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePath
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from textual.suggester import Suggester

from wizard.reading.text import natural

LONGEST = 1_000
"""Characters above which a line is no path."""

QUOTES = "\"'\u201c\u201d\u2018\u2019"

_BEGINS = re.compile(r"(?i)file:/|[a-z]:[\\/]|\\\\[\w.\-]+\\|~?/|~\\")


def path_from(text: str) -> Path:
    """The path a person typed, pasted or dropped.

    Explorer's quotes and blanks around it are taken away, a `file://` URL is read, and outside Windows
    the backslashes that a terminal puts before blanks are left out.
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
        # `~someone` with nobody of that name: then it is a plain name.
        return path


def _of_url(url: str) -> str:
    """The path in a `file://` URL; on Windows a host in it is a server."""
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


def in_lines(path: PurePath, width: int) -> str:
    """The path in lines of so many characters at most, broken behind separators; a longer name stays whole."""
    lines = [""]
    for piece in re.findall(r"[^\\/]*[\\/]|[^\\/]+", str(path)):
        if lines[-1] and len(lines[-1]) + len(piece) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def path_in(text: str) -> Path | None:
    """The path that a text of one line looks like, which need not be there; None where it is something else."""
    if len(text) > LONGEST:
        return None
    line = text.strip()
    if not line or "\n" in line or "\r" in line:
        return None
    return path_from(line) if _BEGINS.match(line.lstrip(QUOTES).lstrip()) else None


Seen = TypeVar("Seen")


async def looked(look: Callable[[], Seen]) -> Seen:
    """What a look at the disk sees, without holding up the screen or the end of the program.

    It has a thread of its own that nobody waits for: a server that is gone keeps it for half a
    minute, and the threads that are shared would soon all be waiting like it.

    Raises:
        OSError: as the look raises it.
    """
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


class PathSuggester(Suggester):
    """Goes on with a path as it is typed: the first entry of its folder that begins so, a folder with its slash.

    One folder is looked at at a time; what is typed meanwhile waits, and of that only the newest counts.
    """

    def __init__(self, base: Callable[[], Path]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._base = base
        self._folder: Path | None = None
        self._entries: tuple[str, ...] = ()
        self._newest = ""
        self._looking = asyncio.Lock()

    async def get_suggestion(self, value: str) -> str | None:
        """The whole of what the value may become, None where nothing begins so."""
        self._newest = value
        cut = max(value.rfind("/"), value.rfind("\\") if sys.platform == "win32" else -1) + 1
        typed = value[cut:]
        if not typed or value.lstrip()[:1] in QUOTES:
            return None
        async with self._looking:
            if value != self._newest:
                return None
            folder = self._base() / path_from(value[:cut]) if cut else self._base()
            if folder != self._folder:
                try:
                    self._entries = await looked(partial(_entries, folder))
                except (OSError, ValueError):
                    return None
                self._folder = folder
        # On Windows a name is found however it is written.
        plain = str.casefold if sys.platform == "win32" else str
        found = next((entry for entry in self._entries if plain(entry).startswith(plain(typed))), None)
        return value[:cut] + found if found and len(found) > len(typed) else None


def _entries(folder: Path) -> tuple[str, ...]:
    """The names in a folder in natural order, folders first and with a separator behind."""
    folders: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            (folders if is_folder else files).append(entry.name)
    return (*(name + os.sep for name in sorted(folders, key=natural)), *sorted(files, key=natural))
