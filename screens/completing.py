"""Looks at the disk that hold nothing up, and a path that is gone on with as it is typed."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from textual.suggester import Suggester

from screens.paths import QUOTES, path_from
from wizard.reading.natural import natural

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
