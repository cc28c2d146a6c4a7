"""The record of a case, as it stands in the scrollback after the program has ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, DEFAULT, OURS, SUBJECT, failing, given
from wizard.case.case import Case, Place, PromptAnswer, StepId, Variant
from wizard.case.servers import at_server, saying_here
from wizard.facts import ExchangeVersion
from wizard.record.summary import commands_written, facts_known, headline, not_proven, summary
from wizard.steps.flow import settle

S = StepId
BIND = f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP"
HERE = " -Server 'EX01'"


class TestTheFacts:
    def test_are_none_in_an_empty_case(self) -> None:
        assert facts_known(Case()) == ()

    def test_are_all_in_the_end(self) -> None:
        assert facts_known(cases.proven_case()) == (
            ("Send connector", CONNECTOR),
            ("Sends from", "EX01"),
            ("Logging before", "None"),
            ("Failed with", "UnknownCredentials, 1 session"),
            ("Our certificate", OURS),
            ("Subject", SUBJECT),
            ("Services before", "IIS, POP"),
            ("Default certificate", DEFAULT),
            ("Services after", "SMTP, IIS, POP"),
        )

    def test_stand_for_each_server_that_was_worked_on(self) -> None:
        case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), "EX01")
        case = given(at_server(case, "EX02"), S.SERVICES, cases.certificate_list("IMAP"))
        assert facts_known(case)[-2:] == (("Services before (EX01)", "IIS, POP"), ("Services before (EX02)", "IMAP"))

    def test_say_when_the_failure_is_another_connectors(self) -> None:
        case = given(cases.named("Internet"), S.LOG, failing())
        assert ("Failed with", f"UnknownCredentials, 1 session of {CONNECTOR}") in facts_known(case)


class TestTheHeadline:
    @pytest.mark.parametrize(
        ("case", "words"),
        [
            (Case(), "No binding command was written yet."),
            (cases.ready(HasPrivateKey="False"), "No binding command was written yet."),
            (cases.ready(), "Not finished: 5 of 5 points are not proven."),
            (replace(cases.proven_case(), connectors_after=()), "Not finished: 1 of 5 points is not proven."),
            (cases.proven_case(), "Done: all five points are proven or said by you."),
        ],
        ids=["empty", "blocked", "ready", "one missing", "done"],
    )
    def test_is_one_sentence_about_where_the_case_stands(self, case: Case, words: str) -> None:
        assert headline(case) == words

    def test_is_never_done_after_a_yes(self) -> None:
        case = cases.knowing(cases.proven_case(), prompt_answer=PromptAnswer.YES)
        assert not_proven(case) == ("The default SMTP certificate is unchanged",)


class TestTheCommands:
    def test_are_those_of_the_steps_reached_each_once(self) -> None:
        written = [command.text for _title, command in commands_written(cases.settled(cases.proven_case()))]
        assert len(set(written)) == len(written)
        assert f"{BIND},IIS,POP{HERE}" in written
        assert BIND + HERE not in written

    def test_have_the_chosen_form(self) -> None:
        case = cases.knowing(cases.settled(cases.proven_case()), variant=Variant.SMALLEST)
        written = [command.text for _title, command in commands_written(case)]
        assert BIND + HERE in written
        assert f"{BIND},IIS,POP{HERE}" not in written


class TestTheSummary:
    def test_says_what_is_proven_and_what_is_not(self) -> None:
        case = cases.knowing(cases.proven_case(), log_after=None)
        lines = summary(case).splitlines()
        assert "  [proven] SMTP is bound, no service was lost: services are SMTP, IIS, POP" in lines
        assert "  [not proven yet] TLS works with this certificate: no new session was shown" in lines
        assert "  [said by you] The default SMTP certificate is unchanged: you answered N" in lines

    def test_has_every_command_whole_on_a_line_of_its_own(self) -> None:
        case = cases.settled(cases.proven_case())
        lines = summary(case).splitlines()
        assert all(f"  {command.text}" in lines for _title, command in commands_written(case))

    def test_says_what_to_answer_until_it_was_answered(self) -> None:
        assert "answer N. Enter alone means Yes." in summary(cases.ready())
        assert "answer N." not in summary(cases.answered())

    @pytest.mark.parametrize(
        ("answer", "undone", "told"),
        [
            (PromptAnswer.YES, False, "  # The way back after your Y; answer Y to this one"),
            (None, False, "  # Only after a Y by mistake; answer Y to this one"),
            (PromptAnswer.YES, True, ""),
            (PromptAnswer.NO, False, ""),
        ],
        ids=["Y", "not told", "Y, and put back", "N"],
    )
    def test_has_the_way_back_while_it_is_needed(self, answer: PromptAnswer | None, undone: bool, told: str) -> None:
        lines = summary(cases.knowing(cases.answered(), prompt_answer=answer, undone=undone)).splitlines()
        back = f"  Enable-ExchangeCertificate -Thumbprint '{DEFAULT}' -Services SMTP -Server 'EX01'"
        assert (back in lines) is bool(told)
        if told:
            assert lines[lines.index(back) - 1] == told
        assert any(line.endswith("the earlier one was made the default again.") for line in lines) is undone

    def test_speaks_of_no_answer_while_there_is_nothing_to_run(self) -> None:
        assert "answer N" not in summary(Case())

    def test_names_what_is_to_be_checked_again(self) -> None:
        case = cases.named("Internet", cases.settled(cases.proven_case()))
        assert "\nCheck again, an earlier answer has changed:\n" in summary(case)
        assert "Check again" not in summary(cases.settled(cases.proven_case()))

    def test_repeats_the_warnings(self) -> None:
        assert "  Warning: Naming IIS again" in summary(cases.ready("IIS"))
        assert "Mind:" not in summary(cases.ready("None"))

    def test_has_a_line_for_each_other_server(self) -> None:
        case = given(cases.with_connector(servers="{EX01, EX02}"), S.SYMPTOM, cases.queue_list())
        told = summary(cases.ready(case=case))
        assert f"  {BIND} -Server 'EX02'" in told.splitlines()
        assert "it asks there as well: answer N" in told
        edge = cases.knowing(cases.ready(case=case), place=Place(ExchangeVersion.E2019_SE, edge=True))
        assert "run the binding line on that server" in summary(edge)
        assert "-Server" not in summary(edge)

    def test_is_marked_when_the_evidence_is_a_sample(self) -> None:
        assert "SAMPLE" in summary(Case(sample=True)).splitlines()[0]
        assert "SAMPLE" not in summary(Case())

    def test_has_no_blank_line_at_its_ends(self) -> None:
        for case in (Case(), cases.ready(), cases.settled(cases.proven_case())):
            assert summary(case) == summary(case).strip()


def test_a_warning_that_was_gone_past_is_recorded_so() -> None:
    case = cases.ready("IIS")
    assert "You went on past this." not in summary(case)
    settled = settle(case, StepId.COMMAND)
    assert "iis-named-again" in settled.now.passed
    assert "Naming IIS again" in summary(settled)
    assert "You went on past this." in summary(settled)


def test_what_warned_on_a_server_that_was_left_is_told_beside_the_warnings_of_this_one() -> None:
    case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), "EX01")
    case = at_server(settle(case, StepId.COMMAND), "EX02")
    case = cases.given(case, StepId.SERVICES, cases.certificate_list("IIS"))
    warned = [line for line in summary(case).split("\n") if "Naming IIS again" in line]
    assert [line[:16] for line in warned] == ["  Warning: EX01:", "  Warning: EX02:"]
    assert [line.endswith("You went on past this.") for line in warned] == [True, False]
