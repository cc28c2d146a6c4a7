"""Words about how far a reading is."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from wizard.findings import size

if TYPE_CHECKING:
    from wizard.reading.folder import Progress

BETWEEN_REPORTS = 0.1
"""Seconds between two words about progress."""

FIRST_RATE = 0.5
"""Seconds after which a rate means something."""


class Teller:
    """Tells now and then which file is read, how much is done, and how fast it goes. Called from any thread."""

    def __init__(self, tell: Callable[[str], None], afterwards: str = "", now: Callable[[], float] = monotonic) -> None:
        self._tell = tell
        self._afterwards = afterwards
        self._now = now
        self._begun = self._last = now()

    def __call__(self, progress: Progress) -> None:
        """Tells, unless that was done a moment ago."""
        now = self._now()
        if now - self._last > BETWEEN_REPORTS:
            self._last = now
            self._tell(self._words(progress, now - self._begun))

    def _words(self, progress: Progress, seconds: float) -> str:
        done, total = progress.done_bytes, max(progress.total_bytes, 1)
        rate = f", {size(int(done / seconds))}/s" if seconds >= FIRST_RATE else ""
        words = f"Reading {progress.file}: {100 * done // total} %, {size(done)} of {size(total)}{rate}."
        return f"{words} {self._afterwards}".rstrip()
