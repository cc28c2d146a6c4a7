"""An attempt at an exercise while it runs, and the result sheet it ends with: as text, as JSON and as a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from wizard.practice.coach import Met
from wizard.practice.exercise import Exercise, Mode
from wizard.practice.world import World


@dataclass(frozen=True, slots=True)
class Result:
    """The result sheet. Times are aware; `hints` is how many were taken; `typed` the lines as they were entered.

    `damage` has the sentences of the forbidden outcomes. `concluded` is the sentence of the conclusion that was
    chosen, empty where none was asked. `lessons` is the debrief.
    """

    scenario: str
    title: str
    seed: int
    mode: Mode
    started: datetime
    ended: datetime
    hints: int
    goals: tuple[Met, ...]
    damage: tuple[str, ...]
    solved: bool
    typed: tuple[str, ...]
    concluded: str = ""
    lessons: tuple[str, ...] = ()

    @property
    def took(self) -> timedelta:
        """How long it took, never negative."""
        return max(self.ended - self.started, timedelta(0))


@dataclass(frozen=True, slots=True)
class Attempt:
    """An exercise while it is being worked on; every change gives a new one."""

    exercise: Exercise
    mode: Mode
    started: datetime
    hints: int = 0
    typed: tuple[str, ...] = ()
    conclusion: str = ""

    def typing(self, line: str) -> Attempt:
        """With one more line entered."""
        return replace(self, typed=(*self.typed, line))

    def hinted(self) -> tuple[Attempt, str]:
        """With one more hint taken, and the hint, the gentlest first; an empty one in an exam and after the last."""
        if self.mode is Mode.EXAM or self.hints >= len(self.exercise.hints):
            return self, ""
        return replace(self, hints=self.hints + 1), self.exercise.hints[self.hints]

    def concluding(self, key: str) -> Attempt:
        """With the conclusion of this key chosen as the answer to what is wrong."""
        return replace(self, conclusion=key)

    def sheet(self, world: World, ended: datetime) -> Result:
        """The result sheet, with the world as it stands at the end."""
        raise NotImplementedError


def as_text(result: Result) -> str:
    """The sheet as text for a terminal, ending in a line feed."""
    raise NotImplementedError


def as_json(result: Result) -> str:
    """The sheet as JSON in ASCII, ending in a line feed."""
    raise NotImplementedError


def as_page(result: Result) -> str:
    """The sheet as one HTML page that needs nothing else, without a script."""
    raise NotImplementedError


def to_table(result: Result) -> dict[str, Any]:
    """The sheet as plain tables and lists, for JSON."""
    raise NotImplementedError


def from_table(table: object) -> Result:
    """The sheet that `to_table` gave.

    Raises:
        ValueError: it is none; the message names the key.
    """
    raise NotImplementedError
