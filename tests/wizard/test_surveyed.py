"""One paste instead of many: a survey answers the steps about connector, log folder and services on every server."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.wizard.cases import failing, given
from tests.wizard.reading.test_survey import INTERNET, OWN, PUBLIC, WHOLE, console, listed, printed
from wizard.case.case import Case, StepId
from wizard.case.servers import here
from wizard.diagnosis import commands_for, diagnose
from wizard.diagnosis import diagnosis_data as as_data
from wizard.facts import Service
from wizard.findings import Level
from wizard.powershell.command import CommandId
from wizard.steps.flow import step
from wizard.steps.intake import GivenText, take
from wizard.steps.servers import AT, EDGE, Stand, lines

S = StepId
NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
OURS = PUBLIC.thumbprint or ""
LOG = failing(thumbprint=OURS, connector=INTERNET.name)
BOTH = replace(WHOLE, certificates=(PUBLIC, OWN, replace(PUBLIC, server="EX2", services=frozenset({Service.IIS}))))
"""Ours is on both Mailbox servers, with other services on each; the Edge did not answer."""

LACKING = replace(WHOLE, certificates=(PUBLIC, OWN, replace(OWN, thumbprint="C" * 40)))
"""Ours is on EX1 alone."""

SHAPES = {"as printed": printed(BOTH), "in an old console": console(printed(BOTH), 80), "as a list": listed(BOTH)}


def surveyed(text: str) -> Case:
    """The case after the survey and the log."""
    return given(given(Case(opened=NIGHT), S.CONNECTOR, text), S.LOG, LOG)


@pytest.mark.parametrize("shape", SHAPES)
class TestOnePaste:
    def test_answers_connector_and_log_folder(self, shape: str) -> None:
        case = given(Case(opened=NIGHT), S.CONNECTOR, SHAPES[shape])
        assert case.connector == INTERNET.name
        assert {folder.server for folder in case.folders} == {"EX1"}, "the connector sends through the Front End"
        assert step(S.CONNECTOR).missing(case) == ""

    def test_answers_the_services_once_the_log_names_the_certificate(self, shape: str) -> None:
        case = surveyed(SHAPES[shape])
        assert here(case) == "EX1"
        assert case.services_now == PUBLIC.services
        assert step(S.SERVICES).missing(case) == ""
        assert step(S.COMMAND).commands(case)[0].text.endswith("-Services SMTP,IIS,POP,IMAP -Server 'EX1'")

    def test_knows_the_other_servers_too(self, shape: str) -> None:
        there = step(S.SERVERS).choose(surveyed(SHAPES[shape]), AT + "EX2")
        assert there.services_now == frozenset({Service.IIS})
        assert step(S.COMMAND).commands(there)[0].text.endswith("-Services SMTP,IIS -Server 'EX2'")
        edge = step(S.SERVERS).choose(there, EDGE + "EDGE1")
        assert (edge.services_now, edge.edge) == (None, True)


def test_of_several_connectors_the_servers_are_known_once_one_is_chosen() -> None:
    other = replace(INTERNET, name="Internet", guid="", source_servers=("EX2",))
    case = given(Case(opened=NIGHT), S.CONNECTOR, printed(replace(BOTH, connectors=(INTERNET, other))))
    assert case.connector == ""
    chosen = given(step(S.CONNECTOR).choose(case, INTERNET.name), S.LOG, LOG)
    assert chosen.services_now == PUBLIC.services


def test_a_server_whose_list_lacks_the_certificate_is_seen_at_once() -> None:
    there = step(S.SERVERS).choose(surveyed(printed(LACKING)), AT + "EX2")
    assert {line.name: line.stand for line in lines(there)}["EX2"] is Stand.WITHOUT
    assert step(S.COMMAND).commands(there) == ()


def test_a_server_that_did_not_answer_is_said() -> None:
    taken = take(Case(opened=NIGHT), S.CONNECTOR, printed(WHOLE))
    (told,) = (finding for finding in taken.said if finding.id == "no-answer")
    assert told.level is Level.WARN
    assert told.text.startswith("EDGE1 did not answer")


def test_given_at_another_step_it_is_taken_all_the_same() -> None:
    taken = take(Case(opened=NIGHT), S.SYMPTOM, printed(WHOLE))
    assert (taken.accepted, taken.at) == (True, S.CONNECTOR)


def test_at_the_proof_it_proves_the_services_and_leaves_what_was_known_before() -> None:
    case = surveyed(printed(BOTH))
    bound = tuple(replace(c, services=(c.services or frozenset()) | {Service.SMTP}) for c in BOTH.certificates)
    taken = take(case, S.VERIFY, printed(replace(BOTH, certificates=bound)))
    assert taken.accepted
    assert taken.case.services_now == case.services_now
    assert step(S.VERIFY).missing(taken.case) == ""


def test_what_is_cut_is_said_and_kept() -> None:
    text = printed(BOTH)[:300]
    taken = take(Case(opened=NIGHT), S.CONNECTOR, text)
    assert taken.case.answer(S.CONNECTOR).text == text
    assert {finding.id for finding in taken.said} & {"unread", "no-survey"}


def test_diagnose_reads_it_and_writes_a_line_for_each_server() -> None:
    found = diagnose([GivenText(printed(BOTH), "survey.txt"), GivenText(LOG, "log")], Case(opened=NIGHT))
    assert found.verdict.id == "kb4051498"
    # Logging is put back behind the last server.
    assert [c.id for _step, c in commands_for(found)][-2:] == [CommandId.RESTORE_LOGGING, CommandId.READ_CONNECTORS]
    binding = {c.server: c.text for _step, c in commands_for(found) if c.id is CommandId.BIND}
    assert {server: line.partition("-Services ")[2].partition(" ")[0] for server, line in binding.items()} == {
        "EX1": "SMTP,IIS,POP,IMAP",
        "EX2": "SMTP,IIS",
    }
    assert {each["server"] for each in as_data(found)["certificates"]} == {"EX1", "EX2"}
    assert any("EDGE1 did not answer" in each["why"] for each in as_data(found)["unread"])
