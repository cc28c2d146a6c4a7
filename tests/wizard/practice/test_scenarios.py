"""The shipped scenarios: there are enough of them, each is drawn afresh by its seed, and each is well told."""

from __future__ import annotations

import pytest

from wizard.practice.coach import judge
from wizard.practice.mailflow import Obstacle, fault
from wizard.practice.scenario import PLACEHOLDER, Scenario, all_scenarios, sandbox

SCENARIOS = all_scenarios()
EACH = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.identity)

ROWS_FOR_THE_STORY = 8
CONSOLE_COLUMNS = 120


def test_the_faults_of_the_article_and_its_neighbours_are_all_there() -> None:
    assert [scenario.identity for scenario in SCENARIOS] == [
        "plain",
        "decoy",
        "second-server",
        "enter",
        "waiting",
        "front-end",
        "back-end",
        "smallest",
        "wildcard",
        "quotes",
        "exchange-2010",
        "key-access",
        "network",
        "peer",
        "no-key",
        "stale-name",
        "twins",
        "expired",
        "edge",
        "edge-repair",
        "default-wrong",
        "hybrid",
    ]


@EACH
def test_nothing_is_solved_and_nothing_is_damaged_before_the_learner_comes(scenario: Scenario) -> None:
    for seed in range(10):
        exercise = scenario.drawn(seed)
        found = judge(exercise, exercise.start)
        assert not found.solved
        assert found.clean


@EACH
def test_a_seed_gives_the_same_exercise_and_another_seed_other_names(scenario: Scenario) -> None:
    assert scenario.drawn(7) == scenario.drawn(7)
    one, other = scenario.drawn(7), scenario.drawn(8)
    assert one.names != other.names
    assert one.identities["out"] != other.identities["out"]


@EACH
def test_every_text_has_its_names_and_only_what_an_old_console_draws(scenario: Scenario) -> None:
    exercise = scenario.drawn(3)
    own = (exercise.title, scenario.teaches, scenario.story, *scenario.hints, *(rule.say for rule in scenario.lessons))
    assert all(text.isascii() for text in own)
    told = (exercise.story, *exercise.hints, *exercise.solution, *(each.say for each in exercise.goals))
    assert not any(PLACEHOLDER.search(text) for text in told)


@EACH
def test_the_story_is_short_and_the_hints_grow_plainer(scenario: Scenario) -> None:
    lines = scenario.drawn(3).story.split("\n")
    assert len(lines) <= ROWS_FOR_THE_STORY
    assert max(map(len, lines)) <= CONSOLE_COLUMNS + 40
    assert "Enable-ExchangeCertificate -Thumbprint" not in scenario.hints[0]


@EACH
def test_the_right_answer_is_not_always_the_first_one_and_each_says_why(scenario: Scenario) -> None:
    assert all(each.because for each in scenario.conclusions)
    assert len(scenario.conclusions) in (0, 3, 4)


def test_where_nothing_at_our_servers_is_wrong_doing_nothing_is_right() -> None:
    quiet = {
        each.identity for each in SCENARIOS if any(p.name == "nothing-changed" for g in each.goals for p in g.when)
    }
    assert quiet == {"network", "peer", "no-key"}


def test_the_scenarios_are_of_many_faults() -> None:
    found: set[Obstacle | None] = set()
    for scenario in SCENARIOS:
        world = scenario.world(1)
        for connector in world.connectors:
            for name in connector.sources:
                server = world.server(name)
                assert server is not None
                found.add(fault(world, connector, server))
    assert found >= {
        None,
        Obstacle.KEY_NOT_USABLE,
        Obstacle.NO_PRIVATE_KEY,
        Obstacle.NAME_STALE,
        Obstacle.TWO_WITH_ONE_NAME,
        Obstacle.TIMES_OUT,
        Obstacle.DROPS_HANDSHAKE,
    }


def test_the_sandbox_has_an_organisation_and_nothing_counts_in_it() -> None:
    exercise = sandbox().drawn(1)
    assert len(exercise.start.servers) == 3
    assert not exercise.goals
    assert not exercise.forbidden
