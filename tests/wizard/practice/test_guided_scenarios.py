"""Whoever follows the wizard to the letter solves the article's scenarios, and changes nothing in the others."""

from __future__ import annotations

import pytest

from tests.wizard.practice.following import Follower
from wizard.case.case import StepId, Variant
from wizard.practice.coach import judge
from wizard.practice.scenario import Exercise
from wizard.practice.scenariofile import all_scenarios, find_scenario
from wizard.practice.shell.session import opened
from wizard.practice.world import World

SEEDS = (3, 4)


def followed(exercise: Exercise, variant: Variant) -> tuple[World, Follower]:
    """The world after everything the wizard said was done, and who did it."""
    console = opened(exercise.start, 120)
    follower = Follower(console, exercise.names["out"], variant)
    follower.follow()
    return console.world, follower


def test_the_first_three_need_nothing_but_the_screen() -> None:
    assert [each.identity for each in all_scenarios()[:3]] == ["plain", "decoy", "second-server"]


@pytest.mark.quick(8)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("variant", Variant)
@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "decoy",
        "second-server",
        "waiting",
        "half-done",
        "front-end",
        "wildcard",
        "quotes",
        "exchange-2010",
        "key-access",
        "hybrid",
    ],
)
def test_the_wizard_leads_through_it_without_damage(name: str, variant: Variant, seed: int) -> None:
    exercise = find_scenario(name).drawn(seed)
    world, follower = followed(exercise, variant)
    found = judge(exercise, world)
    assert found.solved, [goal.say for goal in found.goals if not goal.met]
    assert not found.harm
    assert follower.stuck is None


@pytest.mark.quick(2)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["back-end", "smallest"])
def test_where_iis_must_not_be_named_the_smallest_form_solves_it(name: str, seed: int) -> None:
    exercise = find_scenario(name).drawn(seed)
    found = judge(exercise, followed(exercise, Variant.SMALLEST)[0])
    assert found.solved
    assert not found.harm


@pytest.mark.quick(3)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "at"),
    [("network", StepId.LOG), ("peer", StepId.LOG), ("no-key", StepId.SERVICES)],
)
def test_where_nothing_is_to_be_done_the_wizard_stops_before_a_change(name: str, at: StepId, seed: int) -> None:
    exercise = find_scenario(name).drawn(seed)
    world, follower = followed(exercise, Variant.MERGED)
    right = next(each.key for each in exercise.conclusions if each.right)
    assert judge(exercise, world, right).solved
    assert not judge(exercise, world, right).harm
    assert follower.stuck is at
