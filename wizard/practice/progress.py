"""The learner's record on disk: every result sheet, in one file among the program's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wizard.practice.result import Result


class ProgressError(Exception):
    """The record could not be read or written; the message is a sentence for the person at the screen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with one scenario: how often it was tried and solved, and the best result."""

    tried: int = 0
    solved: int = 0
    clean: int = 0
    best: Result | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the record holds, the oldest first. `problem` is a sentence about a file that was set aside."""

    results: tuple[Result, ...] = ()
    problem: str = ""

    def standing(self, scenario: str) -> Standing:
        """How the learner stands with the scenario of this identity."""
        raise NotImplementedError


class Progress:
    """The record in one folder. Safe against an end at any moment and against a second window."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> Record:
        """What is in the file; a damaged one is set aside, and `problem` names where it lies.

        Raises:
            ProgressError: it cannot be read, or a newer version wrote it.
        """
        raise NotImplementedError

    def add(self, result: Result) -> Record:
        """Put one more sheet into the file, and what it holds then.

        Raises:
            ProgressError: it cannot be written, or a newer version wrote it.
        """
        raise NotImplementedError
