"""No questions: evidence in, verdict and commands out, as text for people or JSON for machines."""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from screens.progress import Teller
from screens.shown import json_shown, shown
from wizard.case import Case
from wizard.diagnosed import as_text, composed
from wizard.diagnosis import Diagnosis, diagnose
from wizard.diagnosisdata import as_data
from wizard.gathering import Given, gather
from wizard.powershell import is_safe
from wizard.reading.console import cells

STANDARD_INPUT = "-"

THIS_ARTICLE, ANOTHER, UNUSABLE, MORE_EVIDENCE = 0, 1, 2, 3
"""Exit statuses: this article and its command was written; another fault, or healthy; nothing readable; open."""


STOPPED = 130
"""The exit status after Ctrl+C, as shells have it."""


class WaitingLine:
    """A line of the terminal that is written again and again, and taken away in the end."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._written = 0

    def show(self, words: str) -> None:
        """Write these words in place of the last ones, cut to the terminal's width."""
        words = "".join(character if cells(character) == 1 else "?" for character in shown(words))
        words = words[: max(shutil.get_terminal_size().columns - 1, 1)]
        self._err.write(f"\r{words.ljust(self._written)}")
        self._err.flush()
        self._written = len(words)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._written:
            self._err.write(f"\r{' ' * self._written}\r")
            self._err.flush()


def run(
    evidence: Sequence[str],
    connector: str,
    server: str,
    json_wanted: bool,
    out: TextIO,
    err: TextIO,
    stdin: BinaryIO,
    waiting: WaitingLine | None = None,
    opened: datetime | None = None,
) -> int:
    """Diagnose the evidence and print the answer; the exit status says what it is.

    `waiting` is the terminal's line on which the progress is told, where there is one. `opened` is the
    moment against which dates are held, now without one.
    """
    for value, what in ((connector, "connector"), (server, "server")):
        if value and not is_safe(value, what):
            err.write(f"exchange-cert-wizard: the {what} has a character that no command may carry.\n")
            return UNUSABLE
    progress = Teller(waiting.show, "Ctrl+C stops it.") if waiting else None
    try:
        case = Case(opened=opened or datetime.now(UTC), connector=connector, server=server)
        gathered = gather(_sources(evidence, stdin), case, progress)
    finally:
        if waiting:
            waiting.clear()
    diagnosis = diagnose(gathered)
    if json_wanted:
        out.write(json_shown(json.dumps(as_data(diagnosis), ensure_ascii=False, indent=2)) + "\n")
    else:
        out.write(shown(as_text(diagnosis)) + "\n")
    if not diagnosis.read:
        err.write("exchange-cert-wizard: nothing that was given could be read.\n")
    return status(diagnosis)


def status(diagnosis: Diagnosis) -> int:
    """The exit status that says what the diagnosis is."""
    if not diagnosis.read:
        return UNUSABLE
    if diagnosis.verdict.id == "kb4051498":
        return THIS_ARTICLE if composed(diagnosis) else MORE_EVIDENCE
    return MORE_EVIDENCE if diagnosis.verdict.id == "more-evidence" else ANOTHER


def _sources(evidence: Sequence[str], stdin: BinaryIO) -> Iterator[Path | Given]:
    """Files and folders as paths; `-`, or nothing at all, is standard input."""
    for name in evidence or (STANDARD_INPUT,):
        if name == STANDARD_INPUT:
            yield Given(stdin.read(), "standard input")
        else:
            yield Path(name)


def main(evidence: Sequence[str], connector: str, server: str, json_wanted: bool) -> int:
    """The command, on the process's own streams. Output is UTF-8 wherever it goes."""
    if not evidence and sys.stdin.isatty():
        sys.stderr.write("exchange-cert-wizard: name files or folders to read, or pipe evidence in; see --help.\n")
        return UNUSABLE
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    waiting = WaitingLine(sys.stderr) if sys.stderr.isatty() else None
    try:
        return run(evidence, connector, server, json_wanted, sys.stdout, sys.stderr, sys.stdin.buffer, waiting)
    except KeyboardInterrupt:
        sys.stderr.write("exchange-cert-wizard: stopped.\n")
        return STOPPED
