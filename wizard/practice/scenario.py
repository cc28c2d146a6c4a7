"""The scenarios: what a learner is set, each a file in `assets/scenarios/` (FORMAT.md there says how they are written).

A `Scenario` is as it is written, with placeholders; `drawn` makes an `Exercise` of it, with names and a world.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wizard.practice.exercise import PLACEHOLDER, Conclusion, Exercise, Goal, Mode, Rule
from wizard.practice.world import World

__all__ = [
    "PLACEHOLDER",
    "Conclusion",
    "Exercise",
    "Goal",
    "Mode",
    "Rule",
    "Scenario",
    "ScenarioError",
    "all_scenarios",
    "read_scenario",
    "sandbox",
]


class ScenarioError(Exception):
    """A scenario's file cannot be used; the message is a sentence with the file, the line or key, and the remedy."""


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
    goals: tuple[Goal, ...]
    forbidden: tuple[Rule, ...]
    hints: tuple[str, str, str]
    solution: tuple[str, ...]
    lessons: tuple[Rule, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()

    def drawn(self, seed: int) -> Exercise:
        """The exercise of this seed: names, thumbprints and all texts filled in."""
        raise NotImplementedError

    def world(self, seed: int) -> World:
        """The world that the exercise of this seed starts with."""
        return self.drawn(seed).start


def all_scenarios() -> tuple[Scenario, ...]:
    """The shipped scenarios from the easiest to the hardest.

    Raises:
        ScenarioError: one of them is damaged.
    """
    raise NotImplementedError


def sandbox() -> Scenario:
    """The organisation of the sandbox: a scenario without goals, in which nothing is forbidden.

    Raises:
        ScenarioError: its file is damaged.
    """
    raise NotImplementedError


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        ScenarioError: it cannot be read, or is not well formed.
    """
    raise NotImplementedError
