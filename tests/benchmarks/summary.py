"""The scan as a process of its own, for timing: prints what failed, as `plain` does."""

from __future__ import annotations

import sys
from pathlib import Path

from wizard.facts import LogReading
from wizard.reading.scan import scan_path
from wizard.reading.sendlog import failures


def summary_of(reading: LogReading) -> dict[tuple[str, str, str], tuple[int, str, str]]:
    """A reading's failures as the plain way gives them."""
    return {
        (group.connector, group.error, (group.certificate and group.certificate.thumbprint) or ""): (
            group.sessions,
            group.first,
            group.last,
        )
        for group in failures(reading)
    }


if __name__ == "__main__":
    for (connector, error, thumbprint), (count, first, last) in sorted(summary_of(scan_path(Path(sys.argv[1]))).items()):
        print(count, connector, error, thumbprint, first, last, sep="\t")
