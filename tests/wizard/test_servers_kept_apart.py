"""What is known of one server never speaks for another, whatever comes in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    NIGHT,
    OTHER,
    OURS,
    answer_text,
    certificate_list,
    connector_list,
    failing,
    given,
    listed,
    question,
    queue_list,
    working,
)
from tests.wizard.reading.test_survey import INTERNET, OWN, PUBLIC, WHOLE, printed
from wizard.case.case import Case, StepId
from wizard.case.servers import at_server, here
from wizard.diagnosis import Diagnosis, commands_for, diagnose
from wizard.diagnosis import diagnosis_data as as_data
from wizard.facts import Certificate, SendConnector, Service
from wizard.powershell.command import CommandId
from wizard.record.answer import answer_of
from wizard.record.render import text
from wizard.record.summary import headline, summary
from wizard.steps.flow import proofs, step
from wizard.steps.intake import GivenText, take
from wizard.steps.parts import Standing
from wizard.steps.servers import AT, EDGE, Stand, lines, still_open

S = StepId
IIS, POP, SMTP = Service.IIS, Service.POP, Service.SMTP
T = PUBLIC.thumbprint or ""
LOG = failing(thumbprint=T, connector=INTERNET.name)
SERVERS = step(S.SERVERS)


def on(server: str, *services: Service, base: Certificate = PUBLIC) -> Certificate:
    return replace(base, server=server, services=frozenset(services))


def survey(*certificates: Certificate, connectors: Iterable[SendConnector] = (INTERNET,)) -> str:
    servers = tuple(dict.fromkeys(each.server for each in certificates))
    asked = replace(WHOLE, connectors=tuple(connectors), certificates=certificates, unreachable=(), servers=servers)
    return printed(asked)


def two() -> Case:
    """On the first of two servers, up to the command."""
    case = given(cases.with_connector(servers="{EX01, EX02}"), S.SYMPTOM, queue_list(identity=r"EX01\7"))
    return cases.ready(case=case)


def bound(case: Case, services: str = "IIS, POP", thumbprint: str = OURS) -> Case:
    case = given(case, S.SERVICES, certificate_list(services, thumbprint=thumbprint))
    case = step(S.PROMPT).choose(case, "N")
    return given(case, S.VERIFY, certificate_list(f"{services}, SMTP", thumbprint=thumbprint))


def binding(case: Case) -> str:
    return step(S.COMMAND).commands(case)[0].text.partition("-Services ")[2]


def stands(case: Case) -> dict[str, Stand]:
    return {line.name: line.stand for line in lines(case)}


def diagnosed(*texts: str, server: str = "") -> Diagnosis:
    case = cases.knowing(Case(opened=NIGHT), server=server)
    return diagnose([GivenText(text, f"{n}") for n, text in enumerate(texts)], case)


class TestASurvey:
    def test_of_all_connectors_gives_each_server_its_own(self) -> None:
        one = replace(INTERNET, source_servers=("EX2",))
        other = replace(INTERNET, name="Other", guid="", source_servers=("EX1",))
        text = survey(on("EX1", SMTP, IIS, POP), on("EX2", IIS), OWN, connectors=(one, other))
        case = step(S.CONNECTOR).choose(given(Case(opened=NIGHT), S.CONNECTOR, text), INTERNET.name)
        case = given(case, S.LOG, LOG)
        assert case.services_now == frozenset({IIS})

    def test_follows_to_another_connector(self) -> None:
        one = replace(INTERNET, source_servers=("EX1", "EX2"))
        other = replace(INTERNET, name="Other", guid="", source_servers=("EX3", "EX4"))
        shown = [on(server, IIS) for server in ("EX2", "EX3", "EX4")]
        case = given(Case(opened=NIGHT), S.CONNECTOR, survey(PUBLIC, *shown, connectors=(one, other)))
        case = step(S.CONNECTOR).choose(step(S.CONNECTOR).choose(case, INTERNET.name), "Other")
        case = given(case, S.LOG, failing(thumbprint=T, connector="Other"))
        assert here(case) == "EX3"
        assert binding(case) == "SMTP,IIS -Server 'EX3'"

    def test_with_a_record_lost_does_not_say_that_the_certificate_is_not_there(self) -> None:
        text = survey(PUBLIC, OWN, on("EX2", IIS), replace(OWN, thumbprint="C" * 40))
        cut = "\n".join(row for row in text.splitlines() if not ("EX2" in row and T in row))
        case = given(take(Case(opened=NIGHT), S.CONNECTOR, cut).case, S.LOG, LOG)
        assert stands(case)["EX2"] is Stand.OPEN

    def test_run_on_the_edge_as_well_adds_to_the_first(self) -> None:
        case = given(Case(opened=NIGHT), S.CONNECTOR, survey(PUBLIC, OWN, on("EX2", IIS)))
        case = given(case, S.CONNECTOR, survey(on("EDGE1"), replace(OWN, server="EDGE1")))
        case = given(case, S.LOG, LOG)
        assert here(case) == "EX1"
        assert case.services_now == PUBLIC.services
        edge = SERVERS.choose(case, EDGE + "EDGE1")
        assert edge.services_now == frozenset()

    def test_after_the_change_leaves_what_was_known_before(self) -> None:
        case = given(Case(opened=NIGHT), S.CONNECTOR, survey(on("EX1", IIS, POP), OWN, on("EX2", IIS, POP)))
        case = step(S.PROMPT).choose(SERVERS.choose(given(case, S.LOG, LOG), AT + "EX2"), "N")
        lost = survey(on("EX1", IIS, POP), OWN, on("EX2", SMTP, IIS))
        case = at_server(take(case, S.VERIFY, lost).case, "EX1")
        case = take(case, S.SERVICES, lost).case
        assert at_server(case, "EX2").services_now == frozenset({IIS, POP})
        assert stands(case)["EX2"] is not Stand.DONE

    def test_at_the_proof_proves_nothing_while_the_server_is_not_known(self) -> None:
        case = replace(two(), queues=())
        connector = replace(INTERNET, name=CONNECTOR, source_servers=("EX01", "EX02"))
        both = survey(
            replace(on("EX01", SMTP, IIS, POP), thumbprint=OURS),
            replace(on("EX02", IIS, POP), thumbprint=OURS),
            connectors=(connector,),
        )
        taken = take(case, S.VERIFY, both)
        assert not taken.accepted
        assert "which-server" in {finding.id for finding in taken.said}

    def test_takes_away_the_doubt_of_an_output_without_thumbprints(self) -> None:
        case = given(given(Case(opened=NIGHT), S.CONNECTOR, connector_list()), S.LOG, failing())
        case = given(case, S.SERVICES, "Services : IIS\n")
        assert case.now.services_unnamed_for == OURS
        connector = replace(INTERNET, name=CONNECTOR, source_servers=("EX01",), frontend_proxy=False)
        text = survey(replace(on("EX01", IIS), thumbprint=OURS), connectors=(connector,))
        case = given(case, S.SERVICES, text)
        assert case.now.services_unnamed_for == ""


class TestTheEnd:
    def test_is_not_reached_while_an_answer_is_untold_or_a_session_fails_elsewhere(self) -> None:
        case = SERVERS.choose(bound(two()), AT + "EX02")
        case = given(given(case, S.SERVICES, certificate_list("IIS")), S.VERIFY, certificate_list("IIS, SMTP"))
        case = given(case, S.SESSION, failing(at="2026-11-22T02:33:12.000Z", number=70))
        assert stands(case)["EX02"] is Stand.BEGUN
        back = at_server(case, "EX01")
        back = given(given(back, S.RETRY, queue_list("Active", "")), S.SESSION, working())
        back = given(back, S.RESTORE, connector_list(servers="{EX01, EX02}"))
        assert headline(back).startswith("Not finished: EX02")
        assert AT + "EX02" in {choice.key for choice in SERVERS.choices(back)}

    def test_nor_while_points_are_open_on_another_server(self) -> None:
        case = at_server(bound(SERVERS.choose(bound(two()), AT + "EX02"), "IIS"), "EX01")
        case = given(given(case, S.RETRY, queue_list("Active", "")), S.SESSION, working())
        case = given(case, S.RESTORE, connector_list(servers="{EX01, EX02}"))
        assert headline(case) == "Not finished: on EX02 2 of 5 points are not proven."

    def test_a_finished_server_can_be_looked_at_again(self) -> None:
        choices = SERVERS.choices(bound(SERVERS.choose(bound(two()), AT + "EX02"), "IIS"))
        assert [choice.key for choice in choices] == [AT + "EX01", AT + "EX02"]

    def test_another_certificate_makes_the_others_open_again(self) -> None:
        case = at_server(bound(at_server(bound(two()), "EX02"), "IIS"), "EX01")
        case = given(case, S.LOG, failing(thumbprint=OTHER))
        case = bound(case, "IIS", OTHER)
        assert stands(case) == {"EX01": Stand.DONE, "EX02": Stand.BEGUN}
        assert still_open(case) == ("EX02",)

    def test_a_wrong_y_is_not_forgotten_where_smtp_was_bound_already(self) -> None:
        case = given(two(), S.SERVICES, certificate_list("IIS, SMTP"))
        case = step(S.PROMPT).choose(given(case, S.PROMPT, question()), "Y")
        assert stands(case)["EX01"] is Stand.BEGUN

    def test_a_second_y_is_not_undone_by_the_first_way_back(self) -> None:
        case = step(S.PROMPT).choose(given(two(), S.PROMPT, question()), "Y")
        case = step(S.UNDO).choose(case, "ran")
        for answer in "NY":
            case = step(S.PROMPT).choose(case, answer)
        assert not case.now.undone


class TestAnotherServersOutput:
    @pytest.mark.parametrize(
        ("at", "text"),
        [
            (S.VERIFY, listed(Identity=f"EX01\\{OURS}", Thumbprint=OURS, Services="IIS, SMTP")),
            (S.SERVICES, listed(Identity=f"EX01.contoso.com\\{OURS}", Thumbprint=OURS, Services="IIS")),
            (S.RETRY, queue_list("Active", "", 0, r"EX01\3417")),
        ],
    )
    def test_is_not_taken(self, at: StepId, text: str) -> None:
        case = step(S.PROMPT).choose(given(at_server(bound(two()), "EX02"), S.SERVICES, certificate_list("IIS")), "N")
        taken = take(case, at, text)
        assert not taken.accepted
        (told,) = (finding for finding in taken.said if finding.id == "another-server")
        assert "EX02" in told.text
        assert taken.case.answer(at).text == text

    def test_is_not_asked_for_by_a_command(self) -> None:
        case = at_server(bound(two()), "EX02")
        assert all("-Server 'EX02'" in command.text for command in step(S.RETRY).commands(case))


class TestNames:
    def test_with_and_without_the_domain_are_one_server(self) -> None:
        case = bound(at_server(bound(two()), "EX02"), "IIS")
        case = given(case, S.CONNECTOR, connector_list(servers="{EX01.contoso.com, EX02.contoso.com}"))
        assert stands(case) == {"EX01.contoso.com": Stand.DONE, "EX02.contoso.com": Stand.DONE}
        assert at_server(case, "EX01.contoso.com").services_now == frozenset({IIS, POP})

    def test_a_connector_that_sends_from_elsewhere_leaves_the_server(self) -> None:
        case = at_server(bound(two()), "EX02")
        case = given(case, S.CONNECTOR, connector_list(servers="{EX03, EX04}"))
        assert (case.here, case.now.server, case.now.certificates) == ("", "", ())
        assert here(case) == ""

    def test_an_edge_stays_one_on_the_way_there_and_back(self) -> None:
        first = replace(cases.with_connector(servers="{EX01, EX02}"), here="EX01")
        edge = step(S.LOGGING).choose(first, "edge-2019")
        back = at_server(at_server(edge, "EX02"), "EX01")
        assert (back.edge, back.now.server) == (True, "")

    def test_an_edge_is_never_named(self) -> None:
        case = given(given(Case(opened=NIGHT), S.CONNECTOR, survey(PUBLIC, OWN)), S.LOG, LOG)
        edge = step(S.LOGGING).choose(case, "edge-2019")
        assert "-Server" not in binding(edge)
        mistaken = SERVERS.choose(at_server(case, "EX2"), EDGE + "EX2")
        assert (mistaken.edge, mistaken.now.server) == (True, "")


class TestWithoutQuestions:
    def test_a_server_that_is_no_source_server_gets_nobodys_services(self) -> None:
        found = diagnosed(survey(PUBLIC, OWN, on("EX2", IIS)), LOG, server="EX9")
        assert not [c for _step, c in commands_for(found) if c.server == "EX9" and c.id is CommandId.BIND]

    def test_what_speaks_against_another_server_is_said_with_its_name(self) -> None:
        found = diagnosed(survey(PUBLIC, OWN, replace(on("EX2", IIS), has_private_key=False)), LOG)
        assert any(each["text"].startswith("EX2: ") for each in as_data(found)["checks"] if each["level"] == "block")
        assert {c.server for _step, c in commands_for(found) if c.id is CommandId.BIND} == {"EX1"}

    def test_another_server_that_is_bound_already_gets_no_line(self) -> None:
        found = diagnosed(survey(PUBLIC, OWN, on("EX2", IIS, SMTP)), LOG)
        assert "EX2" not in {c.server for _step, c in commands_for(found) if c.answer_no}

    def test_only_the_same_servers_lines_stand_for_each_other(self) -> None:
        lines = answer_text(diagnosed(survey(PUBLIC, OWN, on("EX2", IIS)), LOG)).splitlines()
        binding = [line for line in lines if "Enable-ExchangeCertificate" in line]
        assert sorted(line.partition("-Server ")[2] for line in binding) == ["'EDGE1'", "'EX1'", "'EX2'"]

    def test_the_other_servers_are_named_without_any_certificate_output(self) -> None:
        text = answer_text(diagnosed(connector_list(servers="{EX01, EX02}"), failing()))
        assert "-Server 'EX02'" in text

    def test_a_log_and_a_survey_are_answered_on_one_page(self) -> None:
        """What is wrong, on which server, and what to run next, as a window of 80 columns shows it."""
        two = replace(INTERNET, source_servers=("EX1", "EX2"))
        found = diagnosed(survey(on("EX1"), OWN, on("EX2"), connectors=(two,)), LOG)
        shown = text(answer_of(found), 80).splitlines()
        assert sum(-(-len(line) // 80) or 1 for line in shown) < 24
        run = [line.strip() for line in shown[shown.index("Run next, one by one, in the Exchange Management Shell:") :]]
        assert run[1] == "# Binds it: answer N to its question; Enter alone means Yes"
        assert [line[-5:] for line in run[2:4]] == ["'EX1'", "'EX2'"]
        assert run[4].startswith("# Sends the")


def test_the_log_folder_of_the_server_is_read() -> None:
    case = given(given(Case(opened=NIGHT), S.CONNECTOR, printed(WHOLE)), S.LOG, LOG)
    assert "FrontEnd" in step(S.SESSION).commands(case)[0].text
    hub = replace(INTERNET, frontend_proxy=False)
    case = given(given(Case(opened=NIGHT), S.CONNECTOR, printed(replace(WHOLE, connectors=(hub,)))), S.LOG, LOG)
    assert [len(step(S.SESSION).commands(at)) for at in (case, at_server(case, "EX2"))] == [1, 1]
    assert "L:\\Exchange logs\\Hub" in step(S.SESSION).commands(at_server(case, "EX2"))[0].text


def test_every_proof_is_of_the_server_it_is_said_of() -> None:
    case = bound(at_server(bound(two()), "EX02"), "IIS")
    assert "EX01  [done]" in summary(case)
    assert next(p for p in proofs(case) if p.id == "services").standing is Standing.PROVEN


class TestWhatANewUserStumbledOn:
    def test_a_letter_behind_the_question_is_the_answer(self) -> None:
        for letter, answer in (("Y", "Y"), ("a", "Y"), ("N", "N"), ("l", "N"), ("", None)):
            asked = question().rstrip("\n") + f" {letter}\n"
            told = given(two(), S.PROMPT, asked).now.prompt_answer
            assert (told.value if told else None) == answer

    def test_a_log_that_proved_one_server_proves_no_other(self) -> None:
        case = given(bound(two()), S.SESSION, working())
        there = bound(at_server(case, "EX02"), "IIS")
        taken = take(there, S.SESSION, working())
        assert not taken.accepted
        assert "EX01" in taken.said[0].text
        assert take(there, S.SESSION, working(number=99)).accepted

    def test_an_output_of_two_properties_takes_no_server_away(self) -> None:
        case = bound(at_server(bound(two()), "EX02"), "IIS")
        short = take(case, S.SERVICES, listed(Name=CONNECTOR, ProtocolLoggingLevel="Verbose"))
        assert short.case.servers == ("EX01", "EX02")
        assert stands(short.case) == {"EX01": Stand.DONE, "EX02": Stand.DONE}

    def test_where_the_default_was_is_not_known_nothing_can_be_called_undone(self) -> None:
        case = step(S.PROMPT).choose(two(), "Y")
        assert step(S.UNDO).choices(case) == ()
        assert step(S.UNDO).missing(case)

    def test_the_record_keeps_every_servers_question_and_way_back(self) -> None:
        other = "9" * 40
        case = given(bound(two()), S.PROMPT, question())
        there = step(S.PROMPT).choose(given(bound(at_server(case, "EX02"), "IIS"), S.PROMPT, question(other)), "Y")
        record = summary(there)
        assert f"Default certificate at the question: {cases.DEFAULT}, answered N." in record
        assert f"Default certificate at the question: {other}, answered Y." in record
        assert f"-Thumbprint '{other}' -Services SMTP -Server 'EX02'" in record

    def test_what_another_address_sends_is_no_recovery(self) -> None:
        later = working(at="2026-11-22T02:40:00.000Z").replace("192.0.2.10:", "192.0.2.11:")
        assert diagnosed(failing(), later).verdict.id == "kb4051498"
        assert diagnosed(failing(), working(at="2026-11-22T02:40:00.000Z")).verdict.id == "healthy"

    def test_the_question_of_the_undo_is_no_stop(self) -> None:
        undoing = question(current=OURS, replacement=OTHER)
        found = as_data(diagnosed(failing(), certificate_list(), undoing))
        assert "other-replacement" not in {check["id"] for check in found["checks"]}

    def test_a_question_about_another_certificate_is_not_called_answered_well(self) -> None:
        case = given(two(), S.PROMPT, question(replacement=OTHER))
        said = step(S.PROMPT).findings(step(S.PROMPT).choose(case, "N"))
        assert "other-replacement" in {finding.id for finding in said}
        assert not any("SMTP should be enabled" in finding.text for finding in said)

    def test_an_edge_has_a_log_folder_of_its_own(self) -> None:
        case = given(given(Case(opened=NIGHT), S.CONNECTOR, printed(WHOLE)), S.LOG, LOG)
        edge = SERVERS.choose(case, EDGE + "EDGE1")
        assert "Edge\\ProtocolLog" in step(S.SESSION).commands(edge)[0].text
