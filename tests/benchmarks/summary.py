"""The filter as a process of its own: prints what failed, as `plain` does."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from wizard.facts import FailureGroup, LogReading
from wizard.reading.log.files import log_files, merged, never
from wizard.reading.log.filter import Limits
from wizard.reading.log.read import USUAL, Pace, folders_of
from wizard.reading.log.rows import LogNotes
from wizard.reading.log.sessions import counted


def summary_of(groups: Iterable[FailureGroup]) -> dict[tuple[str, str, str], tuple[int, str, str]]:
    """Groups of failures as the plain way gives them."""
    return {
        (group.connector, group.error, (group.certificate and group.certificate.thumbprint) or ""): (
            group.sessions,
            group.first,
            group.last,
        )
        for group in groups
    }


def filtered(folder: Path, limits: Limits = USUAL) -> LogReading:
    """What failed in a folder's logs, as the filter finds it."""
    files = log_files(folder, LogNotes())
    return merged([each.failures() for each in folders_of(files, Pace(files, None, never), limits)], LogNotes())


if __name__ == "__main__":
    for (connector, error, thumbprint), (count, first, last) in sorted(
        summary_of(counted(filtered(Path(sys.argv[1])))).items()
    ):
        print(count, connector, error, thumbprint, first, last, sep="\t")
