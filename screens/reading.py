"""Files and folders into the case; made to run in a thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

from wizard.case import Case, StepId
from wizard.findings import block
from wizard.intake import Taken, take, take_log
from wizard.reading.folder import Progress, read_path
from wizard.reading.text import MOST_BYTES, Refused

LARGE = 200_000
"""Characters above which a text is read in a thread."""

BETWEEN_REPORTS = 0.1
"""Seconds between two words about progress."""

LOG_STEPS = frozenset({StepId.LOG, StepId.SESSION})
"""The steps that take a whole folder of logs."""

Cancelled = Callable[[], bool]
"""Asked while a text is read: whether nobody waits for it any more."""

Source = Callable[[Case, Cancelled], Taken]
"""Reads one piece of evidence into a case."""


def read_into(case: Case, step: StepId, path: Path, tell: Callable[[str], None], cancelled: Cancelled) -> Taken:
    """The case with a file or folder in it; `tell` is called with words about the progress."""
    try:
        taken = _read(case, step, path, tell, cancelled)
    except Refused as refusal:
        return Taken(case, False, step, (block(str(refusal), id="refused"),))
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Taken(case, False, step, (block(f"{path} could not be read: {why}.", id="unreadable"),))
    if not taken.accepted:
        return taken
    # The place for text is emptied: what counts now is the file, not what was pasted before it.
    return replace(taken, case=taken.case.opening(taken.at, str(path)).typing(taken.at, ""))


def _read(case: Case, step: StepId, path: Path, tell: Callable[[str], None], cancelled: Cancelled) -> Taken:
    if path.is_dir() and step not in LOG_STEPS:
        raise Refused(f"{path} is a folder. Here a file is needed: what the command printed, saved.")
    if not path.is_dir() and (step not in LOG_STEPS or path.stat().st_size <= MOST_BYTES):
        return take(case, step, path.read_bytes(), path.name)
    last = monotonic()

    def report(progress: Progress) -> None:
        nonlocal last
        if monotonic() - last > BETWEEN_REPORTS:
            last = monotonic()
            share = 100 * progress.done_bytes // max(progress.total_bytes, 1)
            tell(f"Reading {progress.file}, {share} %")

    return take_log(case, step, read_path(path, report, cancelled))
