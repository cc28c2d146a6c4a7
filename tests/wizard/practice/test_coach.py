"""The coach: reached or not, damaged or not, and a sentence that says what a step did and why it matters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.practice.scenes import ASKING, bound, exercise, logging, retried
from wizard.facts import LoggingLevel
from wizard.practice.coach import debrief, judge, remark
from wizard.practice.draw import filled
from wizard.practice.scenario import PUT_BACK, Scenario, edge_sync_works
from wizard.practice.scenariofile import all_scenarios, find_scenario
from wizard.practice.shell.session import opened
from wizard.practice.world import EventKind, World

SMALL = exercise()
PUBLIC = SMALL.identities["public"]
OWN = SMALL.identities["EX1.own"]
DONE = retried(bound(SMALL.start, PUBLIC))


def test_every_goal_reached_without_damage_is_solved_and_clean() -> None:
    found = judge(SMALL, DONE)
    assert found.solved
    assert not found.harm
    assert [goal.met for goal in judge(SMALL, SMALL.start).goals] == [False, False, True]


def test_the_state_counts_and_not_the_way_there() -> None:
    """Y, then back: solved all the same, and the sheet still has what happened in between."""
    taken = bound(SMALL.start, PUBLIC, "Y")
    assert not judge(SMALL, retried(taken)).solved
    back = retried(bound(taken, OWN, "Y"))
    found = judge(SMALL, back)
    assert found.solved
    assert found.harm
    assert "default SMTP certificate was replaced" in found.harm[0]


def test_force_is_damage_of_its_own() -> None:
    harm = judge(SMALL, bound(SMALL.start, PUBLIC, "F")).harm
    assert any(sentence.startswith("-Force was used") for sentence in harm)


def set_connector(world: World, line: str) -> World:
    """The world after a line at the console."""
    console = opened(world, 100)
    console.enter(line.format(guid=world.connectors[0].guid))
    return console.world


def test_less_tls_is_damage_and_no_way_to_solve_it_though_mail_leaves() -> None:
    weak = set_connector(SMALL.start, "Set-SendConnector {guid} -RequireTLS $false")
    gone = retried(weak)
    found = judge(SMALL, gone)
    assert all(goal.met for goal in found.goals)
    assert not found.solved
    assert "asks for less TLS now" in remark(SMALL, SMALL.start, weak)
    assert "All goals" not in remark(SMALL, weak, gone)
    assert "Left as it must not be: A Send connector still asks for less TLS than at the start." in debrief(SMALL, gone)


def test_less_tls_for_a_while_stays_in_the_sheet() -> None:
    weak = set_connector(SMALL.start, "Set-SendConnector {guid} -IgnoreSTARTTLS $true -RequireTLS $false")
    back = set_connector(weak, "Set-SendConnector {guid} -IgnoreSTARTTLS $false -RequireTLS $true")
    found = judge(SMALL, retried(bound(back, PUBLIC)))
    assert found.solved
    assert len(found.harm) == 1


def test_a_stricter_check_of_the_other_side_is_no_damage() -> None:
    before = replace(SMALL.start.connectors[0], tls_auth_level="EncryptionOnly")
    assert not replace(before, tls_auth_level="DomainValidation").asks_less_than(before)
    assert replace(before, tls_auth_level="").asks_less_than(before)


def test_where_it_is_asked_what_is_wrong_only_the_right_answer_solves_it() -> None:
    asking = exercise(ASKING)
    done = retried(bound(asking.start, asking.identities["public"]))
    assert not judge(asking, done).solved
    assert not judge(asking, done, "network").solved
    assert judge(asking, done, "binding").solved
    assert debrief(asking, done, "network")[0] == "There is a connection."


def test_the_debrief_speaks_of_what_was_done_and_of_what_was_not() -> None:
    assert debrief(SMALL, DONE) == ("N was the answer.",)
    said = debrief(SMALL, SMALL.start)
    assert said[0] == "Nothing was answered."
    # The way is in the hints, for who asks.
    assert not any(hint in each for each in said for hint in SMALL.hints)


def test_a_damage_that_was_repaired_is_told_as_repaired() -> None:
    harmed = bound(SMALL.start, PUBLIC, "Y")
    (told,) = judge(SMALL, harmed).harm
    assert PUT_BACK not in told
    own = SMALL.start.servers[0].default_smtp
    assert own
    assert judge(SMALL, bound(harmed, own, "Y")).harm == (f"{told} {PUT_BACK}",)


def test_a_path_that_is_not_there_is_told_with_where_the_log_lies() -> None:
    console = opened(SMALL.start, 80)
    for line in (r"Get-ChildItem C:\nowhere", r"Select-String -Path C:\nowhere\*.log -Pattern TLS"):
        printed = console.enter(line).text
        assert "SendProtocolLogPath" in remark(SMALL, SMALL.start, console.world, line, printed)


def test_a_replaced_default_is_named_with_the_way_back() -> None:
    said = remark(SMALL, SMALL.start, bound(SMALL.start, PUBLIC, "Y"))
    assert "Enter alone means Yes" in said
    assert OWN in said


def test_on_a_subscribed_edge_it_is_said_what_stops() -> None:
    edge = find_scenario("edge").drawn(2)
    server = edge.start.server(edge.names["EDGE1"])
    assert server is not None
    at_edge = replace(edge.start, servers=(server, *(each for each in edge.start.servers if each != server)))
    after = bound(at_edge, edge.identities["public"], "Y")
    assert not edge_sync_works(after, server.name)
    said = remark(edge, at_edge, after)
    assert "EdgeSync stops until its subscription is made again (KB 2989382)" in said


def test_n_is_praised_and_the_next_thing_is_named() -> None:
    said = remark(SMALL, SMALL.start, bound(SMALL.start, PUBLIC))
    assert "N was right" in said
    assert f"can leave {SMALL.names['EX1']} now" in said


def test_the_way_back_is_no_damage_to_the_coach() -> None:
    taken = bound(SMALL.start, PUBLIC, "Y")
    assert "has its own certificate as the default" in remark(SMALL, taken, bound(taken, OWN, "Y"))


def test_a_server_that_is_left_is_named() -> None:
    two = find_scenario("hybrid").drawn(1)
    said = remark(two, two.start, bound(two.start, two.identities["public"]))
    assert f"still waits on {two.names['EX2']}" in said


def test_a_binding_that_adds_nothing_is_said() -> None:
    once = bound(SMALL.start, PUBLIC)
    assert "had these services already" not in remark(SMALL, SMALL.start, once)
    assert "had these services already" in remark(SMALL, once, bound(once, PUBLIC))


@pytest.mark.parametrize(("name", "own"), [("enter", "EX1"), ("edge-repair", "EDGE1"), ("default-wrong", "EX1")])
def test_n_is_not_praised_where_the_way_back_asks_for_y(name: str, own: str) -> None:
    of = find_scenario(name).drawn(4)
    console = opened(of.start, 100)
    console.enter(f"Enter-PSSession {of.names[own]}")
    console.enter(f"Enable-ExchangeCertificate {of.names[f'{own}.own.thumbprint']} -Services SMTP")
    before = console.world
    console.enter("N")
    said = remark(of, before, console.world, "N")
    assert "N was right" not in said
    assert "the way back asks for Y" in said


def said_of(name: str, line: str) -> str:
    """What the coach says of a line that changes nothing."""
    of = find_scenario(name).drawn(4)
    console = opened(of.start, 100)
    line = filled(line, of.names)
    console.enter(line)
    return remark(of, of.start, console.world, line)


def test_the_partners_thumbprint_is_known_for_what_it_is() -> None:
    for line in ("Get-ExchangeCertificate", "Enable-ExchangeCertificate -Services SMTP -Thumbprint"):
        assert "Received certificate" in said_of("decoy", f"{line} {{{{other.thumbprint}}}}")


def test_a_certificate_without_its_key_is_known() -> None:
    line = "Enable-ExchangeCertificate {{public.thumbprint}} -Services SMTP"
    assert "no private key" in said_of("no-key", line)
    assert said_of("no-key", "Get-ExchangeCertificate {{public.thumbprint}}") == ""


def test_a_certificate_of_another_server_is_known() -> None:
    assert "Certificates are per server" in said_of("edge", "Get-ExchangeCertificate {{public.thumbprint}}")


def test_the_servers_own_certificate_is_known() -> None:
    line = "Enable-ExchangeCertificate {{EX1.own.thumbprint}} -Services SMTP"
    assert "made itself" in said_of("plain", line)
    # Here it is the way back, and the question is still open.
    assert said_of("enter", line) == ""


def test_a_retry_before_the_cause_is_mended_is_said_to_change_nothing() -> None:
    assert "A retry changes nothing about the cause" in remark(SMALL, SMALL.start, retried(SMALL.start))


def test_mail_that_left_is_told_and_the_end_is_told_once() -> None:
    before = bound(SMALL.start, PUBLIC)
    said = remark(SMALL, before, retried(before))
    assert "has left" in said
    assert said.endswith("All goals are reached.")
    assert "All goals" not in remark(SMALL, DONE, DONE)


def test_logging_is_told_in_both_directions() -> None:
    on = logging(SMALL.start, LoggingLevel.VERBOSE)
    assert "Set it back" in remark(SMALL, SMALL.start, on)
    assert "None again, as it was before" in remark(SMALL, on, SMALL.start)


def test_looking_is_not_remarked_upon() -> None:
    assert remark(SMALL, SMALL.start, replace(SMALL.start, console=100)) == ""


@pytest.mark.parametrize(
    "kind", [k for k in EventKind if k not in {EventKind.SERVICES_ADDED, EventKind.DEFAULT_REPLACED}]
)
def test_no_event_stops_the_coach(kind: EventKind) -> None:
    for server in (SMALL.names["EX1"], ""):
        assert isinstance(remark(SMALL, SMALL.start, SMALL.start.after(kind, server, "{x}")), str)


ANY_LINE = (
    "",
    "N",
    "Y",
    "Get-Queue",
    "Enable-ExchangeCertificate {{public.thumbprint}} -Services SMTP",
    "Enable-ExchangeCertificate {{public.thumbprint}} -Services SMTP,IIS -Force",
    "Enable-ExchangeCertificate {{EX1.own.thumbprint}} -Services SMTP",
    "Remove-ExchangeCertificate {{public.thumbprint}} -Confirm:$false",
    "New-ExchangeCertificate",
    "Set-SendConnector {{out.guid}} -RequireTLS $false",
    "Set-SendConnector {{out.guid}} -RequireTLS $true -ProtocolLoggingLevel Verbose",
    "Set-SendConnector {{out.guid}} -TlsCertificateName $null -Name 'Other {0}'",
    "Set-SendConnector {{out.guid}} -SourceTransportServers {{EX1}}",
    "Retry-Queue -Filter \"Status -eq 'Retry'\"",
    "Restart-Service MSExchangeTransport",
    "Start-Sleep 700",
)


@settings(deadline=None, max_examples=examples(60))
@given(
    # Drawn by the worker that runs this, not by each that collects it.
    st.deferred(
        lambda: st.sampled_from([s for s in all_scenarios() if "EX1" in s.names(0) and "public" in s.names(0)])
    ),
    st.lists(st.sampled_from(ANY_LINE), max_size=9),
)
def test_whatever_is_typed_the_coach_has_an_answer_and_what_happened_is_never_taken_back(
    scenario: Scenario, lines: list[str]
) -> None:
    of = scenario.drawn(2)
    console = opened(of.start, 80)
    happened = {rule.say for rule in of.forbidden if rule.of_events}
    harm: set[str] = set()
    for line in lines:
        before = console.world
        console.enter(filled(line, of.names))
        remark(of, before, console.world, line)
        found = judge(of, console.world)
        told = {each.removesuffix(f" {PUT_BACK}") for each in found.harm}
        assert harm <= told
        harm = told & happened
        assert found.solved <= all(goal.met for goal in found.goals)
        debrief(of, console.world)
