"""A scenario as it is written, and the exercise that is drawn from it: the same with names, thumbprints and a world."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass

from wizard.practice.predicates import Predicate, Situation
from wizard.practice.world import World

PLACEHOLDER = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
"""What stands in a scenario's texts for a drawn name: `{{EX1}}`, `{{public.thumbprint}}`."""


class Mode(enum.Enum):
    """The ways to train; the value is the word on the command line."""

    GUIDED = "guided"
    ALONE = "alone"
    EXAM = "exam"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Goal:
    """Something that must be so at the end: the sentence for the learner, and the predicates that must all hold."""

    say: str
    when: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that is said where all predicates hold: a forbidden outcome, or a lesson of the debrief."""

    say: str
    when: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One answer to "What is wrong here?", which the learner gives at the end of a scenario that asks it.

    `because` is said in the debrief of who chose it: why it is right, or why it is not.
    """

    key: str
    say: str
    right: bool
    because: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A scenario drawn with a seed: the same seed gives the same exercise. All texts have their names filled in.

    `solution` is the lines that solve it, typed into the shell one after another; an answer to a question is a line.
    `conclusions` is empty where nothing is asked at the end. `start` is the world to open the console with.
    `names` has what each placeholder stands for.
    """

    identity: str
    title: str
    seed: int
    minutes: int
    story: str
    hints: tuple[str, str, str]
    goals: tuple[Goal, ...]
    forbidden: tuple[Rule, ...]
    lessons: tuple[Rule, ...]
    conclusions: tuple[Conclusion, ...]
    solution: tuple[str, ...]
    start: World
    names: Mapping[str, str]
    identities: Mapping[str, str]

    def situation(self, world: World) -> Situation:
        """This world against the one at the start."""
        return Situation(self.start, world, self.identities)
