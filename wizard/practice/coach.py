"""The coach: whether the goals are reached, what was damaged, what just happened and why it matters."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.practice.exercise import Exercise
from wizard.practice.world import World


@dataclass(frozen=True, slots=True)
class Met:
    """A goal's sentence, and whether it is reached."""

    say: str
    met: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an exercise stands. `harm` has the sentences of the forbidden outcomes that came about, none if it is clean.

    `solved` says that every goal is reached and, where the exercise asks what is wrong, that the answer is right;
    harm that was repaired does not take that away, but it stays in the sheet.
    """

    goals: tuple[Met, ...]
    harm: tuple[str, ...]
    solved: bool

    @property
    def clean(self) -> bool:
        """Whether nothing forbidden came about."""
        return not self.harm


def judge(exercise: Exercise, world: World, conclusion: str = "") -> Judgement:
    """How the exercise stands in this world. `conclusion` is the key of the Conclusion that the learner chose."""
    raise NotImplementedError


def remark(exercise: Exercise, before: World, after: World) -> str:
    """What the coach says of one step, the worlds before and after a line was entered; empty for nothing."""
    raise NotImplementedError


def debrief(exercise: Exercise, world: World, conclusion: str = "") -> tuple[str, ...]:
    """What is to be said at the end, by what the learner did: sentences, the most important first."""
    raise NotImplementedError
