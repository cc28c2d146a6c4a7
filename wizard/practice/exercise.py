"""A scenario as it is written, and the exercise that is drawn from it: the same with names, thumbprints and a world."""

from __future__ import annotations

import enum
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wizard.practice.drawing import PLACEHOLDER, Drawn, UnknownPlaceholderError, draw, filled
from wizard.practice.predicates import Predicate, Situation
from wizard.practice.startparts import WorldPart
from wizard.practice.world import World

__all__ = ["PLACEHOLDER", "Conclusion", "Exercise", "Goal", "Mode", "Rule", "Scenario", "ScenarioError"]


class ScenarioError(Exception):
    """A scenario's file cannot be used; the message has a line for each thing: file, line, key and the remedy."""


class Mode(enum.Enum):
    """The ways to train; the value is the word on the command line."""

    GUIDED = "guided"
    ALONE = "alone"
    EXAM = "exam"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence and the predicates that must all hold for it: a goal, a forbidden outcome, a lesson of the debrief."""

    say: str
    when: tuple[Predicate, ...]

    @property
    def of_events(self) -> bool:
        """Whether it is about something that happened: that stays so, whatever is done afterwards."""
        return any(predicate.name == "happened" for predicate in self.when)

    def holds(self, situation: Situation) -> bool:
        """Whether all its predicates hold."""
        return all(predicate.holds(situation) for predicate in self.when)


Goal = Rule


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
    `names` has what each placeholder stands for, `identities` what each part's key names in the world.
    """

    identity: str
    title: str
    seed: int
    minutes: int
    story: str
    hints: tuple[str, str, str]
    goals: tuple[Rule, ...]
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

    def standing(self, world: World) -> tuple[Rule, ...]:
        """The forbidden outcomes that are a state, not an event, and that are so now; they can be mended still."""
        situation = self.situation(world)
        return tuple(rule for rule in self.forbidden if not rule.of_events and rule.holds(situation))

    def reached(self, world: World) -> bool:
        """Whether every goal is reached, and nothing stands as it must not stand; never where there are no goals."""
        situation = self.situation(world)
        reached = bool(self.goals) and all(goal.holds(situation) for goal in self.goals)
        return reached and not self.standing(world)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as it is written: texts may have placeholders such as `{{EX1}}`, which `drawn` fills.

    `minutes` is how long a person who knows the way needs. `teaches` is one line for a list, without placeholders.
    """

    identity: str
    title: str
    teaches: str
    minutes: int
    story: str
    goals: tuple[Rule, ...]
    forbidden: tuple[Rule, ...]
    hints: tuple[str, str, str]
    solution: tuple[str, ...]
    parts: WorldPart
    lessons: tuple[Rule, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()

    def drawn(self, seed: int) -> Exercise:
        """The exercise of this seed: names, thumbprints and all texts filled in.

        Raises:
            ScenarioError: a text has a placeholder that stands for nothing.
        """
        drawn = self._draw(seed)
        try:
            return Exercise(
                identity=self.identity,
                title=self.title,
                seed=seed,
                minutes=self.minutes,
                story=filled(self.story, drawn.names),
                hints=_three(tuple(filled(hint, drawn.names) for hint in self.hints)),
                goals=_filled_rules(self.goals, drawn.names),
                forbidden=_filled_rules(self.forbidden, drawn.names),
                lessons=_filled_rules(self.lessons, drawn.names),
                conclusions=_in_any_order(self.conclusions, drawn.names, seed),
                solution=tuple(filled(line, drawn.names) for line in self.solution),
                start=drawn.world,
                names=drawn.names,
                identities=drawn.identities,
            )
        except UnknownPlaceholderError as error:
            raise self._unknown(error) from None

    def names(self, seed: int) -> Mapping[str, str]:
        """What each placeholder stands for in the exercise of this seed.

        Raises:
            ScenarioError: a connector's name has a placeholder that stands for nothing.
        """
        return self._draw(seed).names

    def world(self, seed: int) -> World:
        """The world that the exercise of this seed starts with."""
        return self._draw(seed).world

    def _draw(self, seed: int) -> Drawn:
        try:
            return draw(self.parts, seed)
        except UnknownPlaceholderError as error:
            raise self._unknown(error) from None

    def _unknown(self, error: UnknownPlaceholderError) -> ScenarioError:
        return ScenarioError(f"{self.identity}: {{{{{error.args[0]}}}}} stands for nothing.")


def _filled_rules(rules: tuple[Rule, ...], names: Mapping[str, str]) -> tuple[Rule, ...]:
    return tuple(replace(rule, say=filled(rule.say, names)) for rule in rules)


def _in_any_order(conclusions: tuple[Conclusion, ...], names: Mapping[str, str], seed: int) -> tuple[Conclusion, ...]:
    """The conclusions filled in, shuffled by the seed: the place of the right one says nothing."""
    told = [replace(each, say=filled(each.say, names), because=filled(each.because, names)) for each in conclusions]
    random.Random(f"conclusions {seed}").shuffle(told)
    return tuple(told)


def _three(hints: tuple[str, ...]) -> tuple[str, str, str]:
    first, second, third = hints
    return first, second, third
