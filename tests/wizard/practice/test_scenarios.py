"""The shipped scenarios: there are enough of them, each is drawn afresh by its seed, and each is well told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wizard.practice.checking import check
from wizard.practice.coach import Judgement, debrief, judge
from wizard.practice.draw import PLACEHOLDER
from wizard.practice.mail import log_files
from wizard.practice.obstacle import Obstacle, fault
from wizard.practice.scenario import Scenario
from wizard.practice.scenariofile import all_scenarios, find_scenario, sandbox, shipped
from wizard.practice.shell.session import opened

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
        "half-done",
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
        assert not found.harm


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
    places = (
        {tuple(each.right for each in scenario.drawn(seed).conclusions).index(True) for seed in range(30)}
        if (scenario.conclusions)
        else set()
    )
    assert len(places) == len(scenario.conclusions)


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
        Obstacle.NOT_BOUND,
        Obstacle.KEY_ACCESS_LOST,
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


@EACH
def test_each_is_solved_by_its_own_solution_and_nothing_is_damaged_on_the_way(scenario: Scenario) -> None:
    (path,) = (path for path in shipped() if path.stem.partition("-")[2] == scenario.identity)
    assert check(path, seeds=(11, 12)) == ()


def typed(scenario: Scenario, change: Callable[[str], str]) -> Judgement:
    """How it stands after the solution with its lines changed, the right conclusion drawn."""
    exercise = scenario.drawn(5)
    console = opened(exercise.start, 100)
    for line in exercise.solution:
        console.enter(change(line))
    return judge(exercise, console.world, next((each.key for each in exercise.conclusions if each.right), ""))


@pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if "N" in each.solution], ids=lambda each: each.identity
)
def test_enter_instead_of_n_is_damage_everywhere(scenario: Scenario) -> None:
    found = typed(scenario, lambda line: "" if line == "N" else line)
    assert not found.solved
    assert any("default SMTP certificate was replaced" in sentence for sentence in found.harm)


@pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if "Y" in each.solution], ids=lambda each: each.identity
)
def test_n_where_the_way_back_asks_for_y_reaches_nothing(scenario: Scenario) -> None:
    assert not typed(scenario, lambda line: "N" if line == "Y" else line).solved


@pytest.mark.parametrize(("name", "sentence"), [("back-end", "front-end web site"), ("smallest", "Require SSL")])
def test_the_merged_form_is_damage_where_only_the_smallest_is_right(name: str, sentence: str) -> None:
    found = typed(find_scenario(name), lambda line: line.replace("-Services SMTP", "-Services SMTP,IIS"))
    assert any(sentence in harm for harm in found.harm)


def test_binding_the_expired_certificate_is_damage() -> None:
    expired = find_scenario("expired")
    names = expired.drawn(5).names
    found = typed(expired, lambda line: line.replace(names["public.thumbprint"], names["old.thumbprint"]))
    assert any("expired certificate was bound" in harm for harm in found.harm)


def test_forgetting_the_second_server_leaves_it_unsolved() -> None:
    found = typed(find_scenario("hybrid"), lambda line: "" if "-Server" in line else line)
    assert not found.solved
    assert not found.harm


@pytest.mark.parametrize("name", ["plain", "waiting", "edge"])
def test_logging_that_is_left_on_is_a_goal_missed(name: str) -> None:
    found = typed(find_scenario(name), lambda line: "" if line.endswith("-ProtocolLoggingLevel None") else line)
    assert [goal.say for goal in found.goals if not goal.met] == ["Protocol logging is as it was"]


def test_a_restart_to_hurry_the_log_is_damage() -> None:
    found = typed(
        find_scenario("waiting"),
        lambda line: "Restart-Service MSExchangeTransport" if line.startswith("Start-Sleep") else line,
    )
    assert any("service was restarted" in harm for harm in found.harm)


NAMES_THE_HEADER = [
    each
    for each in SCENARIOS
    if "Sending certificate" in " ".join((each.teaches, *each.hints, *(lesson.say for lesson in each.lessons)))
]


@pytest.mark.parametrize("scenario", NAMES_THE_HEADER, ids=lambda scenario: scenario.identity)
def test_where_a_text_names_sending_certificate_the_log_of_the_failed_session_has_these_words(
    scenario: Scenario,
) -> None:
    for seed in range(6):
        exercise = scenario.drawn(seed)
        console = opened(exercise.start, 100)
        for line in exercise.solution:
            console.enter(line)
        sessions: dict[str, list[str]] = {}
        for file in log_files(console.world):
            for row in file.text.splitlines():
                if not row.startswith("#"):
                    sessions.setdefault(row.split(",")[2], []).append(row)
        failed = [rows for rows in sessions.values() if any("UnknownCredentials" in row for row in rows)]
        assert failed
        assert all("Sending certificate" in "\n".join(rows) for rows in failed)


def test_edge_sync_is_back_by_the_subscription_made_again_as_the_article_has_it() -> None:
    exercise = find_scenario("edge-repair").drawn(5)
    console = opened(exercise.start, 100)
    for line in (f"Enter-PSSession {exercise.names['EDGE1']}", r"New-EdgeSubscription -FileName C:\edge.xml", "Y"):
        console.enter(line)
    found = judge(exercise, console.world)
    assert (found.solved, found.harm) == (True, ())
    assert any("as Microsoft's article says" in lesson for lesson in debrief(exercise, console.world))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("edge-repair", "No article promises that"),
        ("key-access", "most likely gives Network Service the right"),
        ("front-end", "the less likely cause there"),
        ("plain", "Most likely because"),
    ],
)
def test_what_no_article_promises_is_told_as_such(name: str, sentence: str) -> None:
    exercise = find_scenario(name).drawn(5)
    console = opened(exercise.start, 100)
    for line in exercise.solution:
        console.enter(line)
    assert any(sentence in lesson for lesson in debrief(exercise, console.world))
