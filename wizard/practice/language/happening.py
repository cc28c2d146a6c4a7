"""What a run may come to: something printed, a value at the end of the pipe, an error, a question that waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from wizard.practice.cmdlet import Cmdlet, Question
from wizard.practice.formatting.default import Views
from wizard.practice.language.builtin import Builtin
from wizard.practice.language.faults import Fault
from wizard.practice.values import Value
from wizard.practice.world import World


class WaitingError(Exception):
    """The run needs an answer: to a question with choices, or a line of text behind a label."""

    def __init__(self, question: Question | None, label: str = "") -> None:
        super().__init__(label)
        self.question = question
        self.label = label


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text printed past the pipe; `words` wraps it at blanks."""

    text: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Emitted:
    """A value that came to the end of the pipe, for the console to show."""

    value: Value


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that was answered here: what stands before it was printed before."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The screen was cleared."""


Happening = Spoken | Emitted | Fault | Answered | Cleared


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What does not change while a line runs."""

    commands: Mapping[str, Cmdlet | Builtin]
    views: Views
    files: Callable[[World], Mapping[str, str]]
    passing: Callable[[World, timedelta], World]
