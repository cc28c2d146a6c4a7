"""The coach: whether the goals are reached, what was damaged, and what is to be said at the end.

What is said right after a step stands in `remarks`.
"""

from __future__ import annotations

from dataclasses import dataclass

from wizard.practice.exercise import Exercise
from wizard.practice.remarks import remark
from wizard.practice.world import World

__all__ = ["Judgement", "Met", "debrief", "judge", "remark"]


@dataclass(frozen=True, slots=True)
class Met:
    """A goal's sentence, and whether it is reached."""

    say: str
    met: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """How an exercise stands. `harm` has the sentences of the forbidden outcomes that came about.

    `solved` says that every goal is reached, that nothing stands as it must not stand, and, where the exercise asks
    what is wrong, that the answer is right. Harm that was repaired does not take that away, but it stays in the sheet.
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
    situation = exercise.situation(world)
    goals = tuple(Met(goal.say, goal.holds(situation)) for goal in exercise.goals)
    harm = tuple(dict.fromkeys(rule.say for rule in exercise.forbidden if rule.holds(situation)))
    right = not exercise.conclusions or any(each.right and each.key == conclusion for each in exercise.conclusions)
    return Judgement(goals, harm, right and exercise.reached(world))


def debrief(exercise: Exercise, world: World, conclusion: str = "") -> tuple[str, ...]:
    """What is to be said at the end, by what the learner did: the conclusion, the lessons, the way to missed goals.

    The sentences of damage are not repeated here; the judgement has them.
    """
    situation = exercise.situation(world)
    chosen = (each.because for each in exercise.conclusions if each.key == conclusion)
    lessons = (lesson.say for lesson in exercise.lessons if lesson.holds(situation))
    # Which goals are open stands in the sheet above; what helps is the way to them.
    missed = any(not goal.holds(situation) for goal in exercise.goals)
    way = (f"What is still to be done: {hint}" for hint in exercise.hints[-1:] if missed and hint)
    left = (f"Left as it must not be: {rule.say}" for rule in exercise.standing(world))
    return tuple(dict.fromkeys((*chosen, *lessons, *way, *left)))
