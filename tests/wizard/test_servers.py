"""Certificates are bound on each server by itself: none is forgotten, and none is lost on the way to another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard import cases
from tests.wizard.cases import DEFAULT, OTHER, OURS, given
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.servers import at_server, here
from wizard.facts import Service
from wizard.findings import Level
from wizard.record.summary import commands_written, headline, summary
from wizard.steps.flow import next_step, position, settle, step, steps_of
from wizard.steps.intake import take
from wizard.steps.parts import HERE, LATER
from wizard.steps.servers import AT, EDGE, Stand, lines, still_open

S = StepId
SERVERS = step(S.SERVERS)


def three() -> Case:
    """The article's case on the first of three servers, up to the proof of its services."""
    case = cases.with_connector(servers="{EX01, EX02, EDGE01}")
    case = given(case, S.SYMPTOM, cases.queue_list(identity=r"EX01\7"))
    case = cases.ready(case=case)
    return cases.knowing(given(case, S.VERIFY, cases.certificate_list("IIS, POP, SMTP")), prompt_answer=PromptAnswer.NO)


def stands(case: Case) -> dict[str, Stand]:
    return {line.name: line.stand for line in lines(case)}


def bound(case: Case, services: str = "IIS, POP") -> Case:
    """The server that the case is at, gone through to the proof of its services."""
    case = given(case, S.SERVICES, cases.certificate_list(services))
    case = step(S.PROMPT).choose(case, PromptAnswer.NO.value)
    return given(case, S.VERIFY, cases.certificate_list(f"{services}, SMTP"))


class TestAServerThatSends:
    """The connector fails on another server than the one the person began at."""

    def healthy(self) -> Case:
        case = cases.with_connector(servers="{EX01, EX02}")
        case = given(case, S.SYMPTOM, cases.queue_list(status="Ready", error="", identity=r"EX01\7"))
        return given(case, S.LOG, cases.working())

    def test_is_done_and_leads_to_the_others(self) -> None:
        case = self.healthy()
        assert stands(case) == {"EX01": Stand.DONE, "EX02": Stand.OPEN}
        (choice,) = offered = step(S.LOG).choices(case)
        assert choice.key == LATER
        assert step(S.LOG).asks(offered) == "No failure on this server."
        assert step(S.LOG).leads(step(S.LOG).choose(case, LATER), LATER) is S.SERVERS

    def test_leaves_the_next_one_to_read_its_own_log(self) -> None:
        there = SERVERS.choose(self.healthy(), AT + "EX02")
        assert there.now.log is None
        assert SERVERS.leads(there, AT + "EX02") is S.LOG
        found = given(there, S.LOG, cases.failing())
        assert found.now.thumbprint == OURS
        assert at_server(found, "EX01").now.log is not None

    def test_is_not_offered_while_it_fails_or_is_the_only_one(self) -> None:
        assert step(S.LOG).choices(given(self.healthy(), S.LOG, cases.failing())) == ()
        assert step(S.LOG).choices(given(cases.with_connector(), S.LOG, cases.working())) == ()
        assert step(S.LOG).choices(given(self.healthy(), S.LOG, cases.working(connector="Internet"))) == ()


class TestWhichServer:
    """Nothing that was given names one of the connector's servers."""

    def unsaid(self) -> Case:
        case = cases.with_connector(servers="{EX01, EX02}")
        return given(case, S.SYMPTOM, cases.queue_list(identity=r"EX01\7") + cases.queue_list(identity=r"EX02\9"))

    def test_is_asked_at_the_log_with_what_waits_on_each_and_can_be_said_again_until_there_is_evidence(self) -> None:
        log = step(S.LOG)
        offered = log.choices(self.unsaid())
        assert [(c.key, c.detail, c.chosen) for c in offered] == [
            ("here EX01", "12 messages wait there in 1 queue", False),
            ("here EX02", "12 messages wait there in 1 queue", False),
        ]
        assert log.asks_server(self.unsaid())
        said = log.choose(self.unsaid(), "here EX02")
        assert here(said) == "EX02"
        assert [c.chosen for c in log.choices(said)] == [False, True]
        assert not log.asks_server(said)
        assert here(log.choose(said, "here EX01")) == "EX01"
        assert log.choices(given(said, S.LOG, cases.failing())) == ()

    def test_is_asked_of_an_output_that_does_not_say(self) -> None:
        services = step(S.SERVICES)
        case = given(given(self.unsaid(), S.LOG, cases.failing()), S.SERVICES, cases.certificate_list("IIS, POP"))
        assert services.missing(case) == "Say which server this is about."
        assert [c.key for c in step(S.COMMAND).choices(case)] == [c.key for c in services.choices(case)]
        said = services.choose(case, "here EX02")
        assert services.missing(said) == ""
        assert services.choices(said) == ()
        assert "-Server 'EX02'" in step(S.COMMAND).commands(said)[0].text

    def test_is_asked_where_an_output_names_none_of_them(self) -> None:
        elsewhere = given(cases.with_connector(servers="{EX01, EX02}"), S.SYMPTOM, cases.queue_list(identity=r"MBX9\7"))
        assert [c.key for c in step(S.LOG).choices(elsewhere)] == ["here EX01", "here EX02"]
        assert here(step(S.LOG).choose(elsewhere, "here EX02")) == "EX02"

    def test_is_not_asked_where_an_output_says_it(self) -> None:
        one = given(cases.with_connector(servers="{EX01, EX02}"), S.SYMPTOM, cases.queue_list(identity=r"EX01\7"))
        assert step(S.LOG).choices(one) == ()
        assert step(S.LOG).choices(cases.with_connector()) == ()


class TestTheList:
    def test_says_of_each_server_how_far_it_is(self) -> None:
        case = three()
        assert here(case) == "EX01"
        assert stands(case) == {"EX01": Stand.DONE, "EX02": Stand.OPEN, "EDGE01": Stand.OPEN}
        assert [f.level for f in SERVERS.findings(case)] == [Level.GOOD, Level.INFO, Level.INFO]
        assert SERVERS.missing(case) == "Still open: EX02, EDGE01."

    def test_is_no_step_where_there_is_one_server(self) -> None:
        assert S.SERVERS not in {s.id for s in steps_of(cases.with_connector())}

    def test_of_a_name_with_a_domain_knows_the_server(self) -> None:
        case = replace(three(), here="ex01.contoso.com")
        assert here(case) == "EX01"

    def test_first_asks_where_one_is_when_nothing_tells(self) -> None:
        case = replace(three(), queues=())
        assert here(case) == ""
        assert [choice.key for choice in SERVERS.choices(case)] == [HERE + n for n in ("EX01", "EX02", "EDGE01")]
        assert SERVERS.leads(Case(), HERE + "EX02") is None
        told = SERVERS.choose(case, HERE + "EX02")
        assert stands(told) == {"EX01": Stand.OPEN, "EX02": Stand.DONE, "EDGE01": Stand.OPEN}

    def test_that_is_cut_is_said_to_be(self) -> None:
        known = replace(three().connectors[0], source_servers_cut=True)
        assert "servers-cut" in {f.id for f in SERVERS.findings(replace(three(), connectors=(known,)))}

    def test_does_not_offer_a_name_that_no_command_may_carry(self) -> None:
        known = replace(three().connectors[0], source_servers=("EX01", "EX\u202e02"))
        offered = SERVERS.choices(replace(three(), connectors=(known,)))
        assert [choice.key for choice in offered] == [AT + "EX01"]


class TestGoingToAnother:
    def test_its_commands_name_it(self) -> None:
        case = bound(SERVERS.choose(three(), AT + "EX02"), "IIS")
        for s in (S.SERVICES, S.COMMAND, S.VERIFY, S.RETRY):
            assert "-Server 'EX02'" in step(s).commands(case)[0].text
        assert (
            step(S.COMMAND).commands(case)[0].text.endswith(f"-Thumbprint '{OURS}' -Services SMTP,IIS -Server 'EX02'")
        )

    def test_an_edge_is_not_named_for_there_they_are_run_on_it(self) -> None:
        case = bound(SERVERS.choose(three(), EDGE + "EDGE01"))
        assert here(case) == "EDGE01"
        assert case.edge
        for s in (S.SERVICES, S.COMMAND, S.VERIFY, S.RETRY):
            assert "-Server" not in step(s).commands(case)[0].text
        assert "edge" in {finding.id for finding in step(S.COMMAND).findings(case)}

    def test_begins_with_our_certificate_and_nothing_else(self) -> None:
        case = SERVERS.choose(three(), AT + "EX02")
        assert case.now.thumbprint == OURS
        assert case.logged is not None
        assert (case.now.certificates, case.now.prompt_answer, case.now.certificates_after, case.now.queues_after) == (
            (),
            None,
            (),
            (),
        )
        assert case.connector == cases.CONNECTOR
        assert next_step(cases.settled(case, *(s.id for s in steps_of(case)[:4]))) is S.SERVICES
        assert SERVERS.leads(cases.ready(), AT + "EX02") is S.SERVICES
        assert position(S.SERVICES, case) == "Step 5 of 12 on EX02"

    def test_and_back_finds_everything_as_it_was(self) -> None:
        case = cases.settled(three(), *(s.id for s in steps_of(three())[:8]))
        there = settle(bound(at_server(case, "EX02"), "IMAP"), S.SERVICES)
        back = at_server(there, "EX01")
        assert (back.now, back.answers) == (case.now, case.answers)
        again = at_server(back, "EX02")
        assert (again.now, again.answers) == (there.now, there.answers)

    def test_what_belongs_to_the_connector_is_common(self) -> None:
        there = at_server(three(), "EX02")
        there = given(there, S.RESTORE, cases.connector_list(servers="{EX01, EX02, EDGE01}"))
        assert at_server(there, "EX01").level_after is not None

    def test_another_certificate_there_has_a_log_of_its_own(self) -> None:
        there = given(at_server(three(), "EX02"), S.LOG, cases.failing(thumbprint=OTHER, number=5))
        there = step(S.LOG).choose(there, OTHER)
        assert there.now.thumbprint == OTHER
        back = at_server(there, "EX01")
        assert back.now.thumbprint == OURS
        assert back.logged is not None
        assert back.logged.thumbprint == OURS


class TestWhatAServerLacks:
    def test_the_certificate_is_not_there(self) -> None:
        case = at_server(three(), "EX02")
        taken = take(case, S.SERVICES, cases.certificate_list(Thumbprint=OTHER))
        assert not taken.accepted
        assert stands(taken.case)["EX02"] is Stand.WITHOUT
        assert step(S.COMMAND).commands(taken.case) == ()
        assert stands(bound(taken.case))["EX02"] is Stand.DONE

    def test_its_private_key(self) -> None:
        case = given(at_server(three(), "EX02"), S.SERVICES, cases.certificate_list(HasPrivateKey="False"))
        assert stands(case)["EX02"] is Stand.STOPPED

    def test_nothing_smtp_was_bound_already(self) -> None:
        case = given(at_server(three(), "EX02"), S.SERVICES, cases.certificate_list("IIS, SMTP"))
        assert stands(case)["EX02"] is Stand.DONE
        assert case.services_now == frozenset({Service.IIS, Service.SMTP})

    def test_its_proof(self) -> None:
        case = given(at_server(three(), "EX02"), S.SERVICES, cases.certificate_list())
        assert stands(case)["EX02"] is Stand.BEGUN

    def test_a_wrong_y_leaves_it_open(self) -> None:
        case = step(S.PROMPT).choose(bound(at_server(three(), "EX02")), PromptAnswer.YES.value)
        assert stands(case)["EX02"] is Stand.BEGUN


class TestTheEnd:
    @pytest.fixture
    def done(self) -> Case:
        """Two servers done, the third without the certificate."""
        case = bound(SERVERS.choose(three(), AT + "EX02"), "IIS")
        case = SERVERS.choose(case, EDGE + "EDGE01")
        return take(case, S.SERVICES, cases.certificate_list(Thumbprint=DEFAULT)).case

    def test_is_not_reached_while_a_server_is_open(self, done: Case) -> None:
        assert still_open(done) == ("EDGE01",)
        assert SERVERS.missing(done) == "Still open: EDGE01."
        assert headline(at_server(done, "EX01")).startswith("Not finished: EDGE01 is still open")
        assert "[the certificate is not there]" in summary(done)

    def test_the_summary_names_every_server_and_its_commands(self, done: Case) -> None:
        written = [(title, command.text) for title, command in commands_written(bound(done)) if command.answer_no]
        assert [title.rpartition(" ")[2] for title, _ in written[:3]] == ["(EX01)", "(EX02)", "(EDGE01)"] or written
        text = summary(bound(done))
        assert "EX01    [done]" in text
        assert f"-Thumbprint '{OURS}' -Services SMTP,IIS -Server 'EX02'" in text
        assert still_open(bound(done)) == ()
