"""The scan as a process of its own, for timing: prints what failed, as `plain` does."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from wizard.facts import FailureGroup
from wizard.reading.log.files import log_files
from wizard.reading.log.rows import Notes
from wizard.reading.log.scan import scan_files
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


def scanned(folder: Path) -> dict[tuple[str, str, str], tuple[int, str, str]]:
    """What failed in a folder's logs, by the scan."""
    return summary_of(counted(scan_files(log_files(folder, notes := Notes()), notes)))


if __name__ == "__main__":
    for (connector, error, thumbprint), (count, first, last) in sorted(scanned(Path(sys.argv[1])).items()):
        print(count, connector, error, thumbprint, first, last, sep="\t")
