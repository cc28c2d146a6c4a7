"""Whether a scenario's file is fit to be set: well formed, unsolved at the start, and solved by its own solution.

Nothing forbidden may come about on the way. All of it is tried with several seeds, since names and numbers differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from wizard.practice.coach import judge
from wizard.practice.exercise import PLACEHOLDER, Exercise, Scenario, ScenarioError
from wizard.practice.scenario import read_scenario
from wizard.practice.shell.session import Console
from wizard.practice.soundness import unsound
from wizard.practice.tomltable import nearest
from wizard.practice.world import World

SEEDS = tuple(range(1, 21))
"""The seeds with which a scenario is tried."""

LONGEST = timedelta(days=3)
"""As much simulated time as a solution may take."""

COLUMNS = 120
"""The width of the console, in cells, in which the solution is typed."""

_ANSWERS = frozenset({"Y", "A", "N", "L", "?"})
_LAST_LINES = 3

Opened = Callable[[World, int], Console]
"""Opens a console on a world, so many cells wide."""


def check(path: Path, opened: Opened | None = None, seeds: tuple[int, ...] = SEEDS) -> tuple[str, ...]:
    """What is wrong with the scenario in a file: sentences with the file, the line or key, and what to do instead.

    `opened` opens the console that the solution is typed into; None for the practice console.
    """
    try:
        scenario = read_scenario(path)
        unknown = tuple(_unknown_placeholders(scenario, path))
    except ScenarioError as error:
        return tuple(str(error).split("\n"))
    if unknown:
        return unknown
    found: list[str] = []
    for seed in seeds:
        # What is wrong with one seed is mostly wrong with all of them, and said once.
        found += [f"{path.name}, {sentence} (seed {seed})" for sentence in _tried(scenario, seed, opened)]
        if found:
            break
    return tuple(found)


def _unknown_placeholders(scenario: Scenario, path: Path) -> Iterator[str]:
    """The placeholders that stand for nothing, each with its line; those in connectors' names are part of it."""
    names = scenario.names(0)
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        for placeholder in PLACEHOLDER.finditer(line):
            if placeholder[1] not in names and not line.lstrip().startswith("#"):
                yield (
                    f"{path.name}, line {number}: {placeholder[0]} stands for nothing."
                    f"{nearest(placeholder[1], names)} FORMAT.md lists the placeholders of each part."
                )


def _tried(scenario: Scenario, seed: int, opened: Opened | None) -> Iterator[str]:
    """What is wrong with the exercise of one seed."""
    exercise = scenario.drawn(seed)
    if wrong := unsound(exercise.start):
        yield from (f"the organisation: {sentence}" for sentence in wrong)
        return
    if not exercise.goals:
        return
    for number, rule in enumerate(exercise.forbidden, 1):
        if rule.holds(exercise.situation(exercise.start)):
            yield f"forbidden {number}: this has come about at the start already: {rule.say}"
            return
    # Where something is asked at the end, nothing may have to be done: then it is solved by the answer alone.
    if judge(exercise, exercise.start).solved:
        yield "goals: every goal is reached at the start; add one that is not, or conclusions to choose from."
        return
    yield from _solved(exercise, opened or _console)


def _console(world: World, columns: int) -> Console:
    # Deferred: the shell is wanted only here, and reading scenarios must not pay for it.
    from wizard.practice.shell.session import opened  # noqa: PLC0415

    return opened(world, columns)


def _solved(exercise: Exercise, opened: Opened) -> Iterator[str]:
    """What goes wrong when the solution is typed into a console."""
    console = opened(exercise.start, COLUMNS)
    asking, said = False, ""
    for number, line in enumerate(exercise.solution, 1):
        answer = not line or line.upper() in _ANSWERS
        if asking and not answer:
            yield f"solution {number}: the shell asks a question here, and this is no answer to it: {line}"
            return
        if answer and not asking:
            yield f'solution {number}: the shell asks nothing here, so "{line}" answers nothing.{_last(said)}'
            return
        printed = console.enter(line)
        asking, said = printed.asking, printed.text
        if console.world.now - exercise.start.now > LONGEST:
            yield f"solution {number}: more than {LONGEST.days} days of the organisation's time are over by now."
            return
        if harm := judge(exercise, console.world).harm:
            yield f"solution {number}: something forbidden comes about: {harm[0]} Write another solution, or allow it."
            return
    if asking:
        yield "solution: the shell still asks a question after the last line; write the answer as a line of its own."
        return
    right = next((each.key for each in exercise.conclusions if each.right), "")
    found = judge(exercise, console.world, right)
    for goal in found.goals:
        if not goal.met:
            yield f"solution: it does not reach this goal: {goal.say}.{_last(said)}"


def _last(said: str) -> str:
    """The end of what the console printed last, for whoever wonders why."""
    lines = [line.strip() for line in said.split("\n") if line.strip()][-_LAST_LINES:]
    return f" The console said: {' / '.join(lines)}" if lines else ""
