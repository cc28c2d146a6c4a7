"""Files and folders into the case, with their progress told; made to run in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.case import Case, StepId
from wizard.taking.taken import Taken

if TYPE_CHECKING:
    from wizard.reading.folder import Progress

LARGE = 200_000
"""Characters above which a text is read in a thread."""

Cancelled = Callable[[], bool]
"""Asked while a text is read: whether nobody waits for it any more."""

Source = Callable[[Case, Cancelled], Taken]
"""Reads one piece of evidence into a case."""


def read_into(case: Case, step: StepId, path: Path, tell: Callable[[Progress], None], cancelled: Cancelled) -> Taken:
    """The case with a file or folder in it; `tell` is called with the progress.

    What was pasted before is taken away only when the file is read: then the file is what counts.
    """
    from wizard.opening import open_path  # noqa: PLC0415 - the first screen opens nothing

    taken = open_path(case, step, path, tell, cancelled)
    before = taken.case.opening(step, case.opened_paths.get(step, ""))
    if not taken.accepted:
        return replace(taken, case=before)
    return replace(taken, case=before.opening(taken.at, str(path)).typing(taken.at, ""))
