"""The plain way to the same answer: every row through `csv.reader`. It judges the scan, and the scan must beat it.

It knows nothing of damage: logs must be as Exchange writes them.
"""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

Answer = dict[tuple[str, str, str], tuple[int, str, str]]
"""By connector, error and thumbprint: how many sessions failed, and the times of the first and last failure."""

_FAILED = re.compile(r"TLS negotiation failed with error (\S+)")
_DIGITS = re.compile(r"([0-9]+)")
_THEIRS = {"UntrustedRoot", "CertExpired", "CertUnknown"}
_CERTIFICATES = ("Sending certificate", "Received certificate", "Remote certificate")
_THUMBPRINT = "Certificate thumbprint"


@dataclass(slots=True)
class _Open:
    """A session: whose certificate is being read, and the thumbprints since the last outcome."""

    whose: str = ""
    headed: bool = False
    ours: str = ""
    nobodys: str = ""
    failures: list[tuple[str, str, str, str]] = field(default_factory=list)


def plain_summary(folder: Path) -> Answer:
    """The failed handshakes of the logs in a folder without subfolders."""
    found: dict[tuple[str, str, str], tuple[set[str], str, str]] = {}
    sessions: dict[str, _Open] = {}
    files = [file for file in folder.iterdir() if file.suffix.lower() in {".log", ".txt"}]
    for file in sorted(
        files, key=lambda file: [int(p) if p.isdigit() else p for p in _DIGITS.split(file.name.lower())]
    ):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                if len(row) != 9:
                    continue
                if row[6] == "*":
                    _information(sessions, row)
                elif row[6] == "-" and (session := sessions.pop(row[2], None)):
                    _count(found, row[2], session)
    for name, session in sessions.items():
        _count(found, name, session)
    return {key: (len(names), first, last) for key, (names, first, last) in found.items()}


def _information(sessions: dict[str, _Open], row: list[str]) -> None:
    """Takes what an information row says about a handshake."""
    context = row[8]
    if context == _THUMBPRINT:
        session = sessions.setdefault(row[2], _Open())
        if session.whose == _CERTIFICATES[0]:
            session.ours = row[7]
        elif not session.whose:
            session.nobodys = row[7]
    elif context.startswith(_CERTIFICATES):
        session = sessions.setdefault(row[2], _Open())
        session.headed = True
        session.whose = " ".join(context.split(" ", 2)[:2])
        if session.whose == _CERTIFICATES[0] and context != session.whose:
            session.ours = _one_line(row[7], dated="Not before" in context)
    elif context.startswith("TLS protocol SP_PROT_"):
        session = sessions.setdefault(row[2], _Open())
        session.ours = session.nobodys = session.whose = ""
    elif failed := _FAILED.match(context):
        session = sessions.setdefault(row[2], _Open())
        nobodys = "" if failed[1] in _THEIRS else session.nobodys
        session.failures.append((row[1], failed[1], session.ours or ("?" + nobodys), row[0]))
        session.ours = session.nobodys = session.whose = ""


def _one_line(shown: str, dated: bool) -> str:
    """The thumbprint of a certificate on one line: before the dates or before the names."""
    words = shown.split(" ")
    return words[-4 if dated else -2]


def _count(found: dict[tuple[str, str, str], tuple[set[str], str, str]], name: str, session: _Open) -> None:
    """Adds a session's failures; a certificate without a header is ours only where no other has one."""
    for connector, error, shown, time in session.failures:
        thumbprint = shown
        if shown.startswith("?"):
            thumbprint = "" if session.headed else shown[1:]
        names, first, last = found.setdefault((connector, error, thumbprint), (set(), time, time))
        names.add(name)
        found[connector, error, thumbprint] = (names, min(first, time), max(last, time))


if __name__ == "__main__":
    answer = plain_summary(Path(sys.argv[1]))
    for (connector, error, thumbprint), (count, first, last) in sorted(answer.items()):
        print(count, connector, error, thumbprint, first, last, sep="\t")
