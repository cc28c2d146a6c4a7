"""Files and folders into the case, with words about the progress; made to run in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

from wizard.case import Case, StepId
from wizard.intake import Taken
from wizard.opening import open_path
from wizard.reading.folder import Progress

LARGE = 200_000
"""Characters above which a text is read in a thread."""

BETWEEN_REPORTS = 0.1
"""Seconds between two words about progress."""

Cancelled = Callable[[], bool]
"""Asked while a text is read: whether nobody waits for it any more."""

Source = Callable[[Case, Cancelled], Taken]
"""Reads one piece of evidence into a case."""


def read_into(case: Case, step: StepId, path: Path, tell: Callable[[str], None], cancelled: Cancelled) -> Taken:
    """The case with a file or folder in it; `tell` is called with words about the progress.

    What was pasted before is taken away only when the file is read: then the file is what counts.
    """
    last = monotonic()

    def report(progress: Progress) -> None:
        nonlocal last
        if monotonic() - last > BETWEEN_REPORTS:
            last = monotonic()
            share = 100 * progress.done_bytes // max(progress.total_bytes, 1)
            tell(f"Reading {progress.file}, {share} %")

    taken = open_path(case, step, path, report, cancelled)
    before = taken.case.opening(step, case.opened_paths.get(step, ""))
    if not taken.accepted:
        return replace(taken, case=before)
    return replace(taken, case=before.opening(taken.at, str(path)).typing(taken.at, ""))
