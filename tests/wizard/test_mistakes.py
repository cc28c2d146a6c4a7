"""What a tired person does wrong, and what must not come of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    DEFAULT,
    OURS,
    answered,
    certificate_list,
    failing,
    finding,
    given,
    ids,
    question,
    queue_list,
)
from tests.wizard.cases import said as said_of
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.file import Saved, parsed, written
from wizard.diagnosis import Diagnosis, advice, as_text, commands_for, composed, diagnose
from wizard.facts import LoggingLevel
from wizard.record.redact import redacted
from wizard.record.summary import summary
from wizard.steps.flow import proofs, proven, see, step
from wizard.steps.intake import Given, open_path, take
from wizard.steps.parts import Standing
from wizard.steps.prompt import prompt
from wizard.steps.retry import retry
from wizard.steps.undo import undo_command

OTHER_DEFAULT = "91D7E3B05C2F48A66E10F9C4B7D2853A0C4E6F18"


def standing(case: Case, proof_id: str) -> Standing:
    return next(proof.standing for proof in proofs(case) if proof.id == proof_id)


class TestYAnsweredAndUndone:
    """The wizard asks for the question to be pasted; the undo's own question is pasted too."""

    def after_y(self) -> Case:
        return answered(PromptAnswer.YES, given(cases.ready(), StepId.PROMPT, question()))

    def test_the_undos_question_is_answered_with_y(self) -> None:
        taken = take(self.after_y(), StepId.PROMPT, question(current=OURS, replacement=DEFAULT))
        assert "Answer Y to this one" in said_of(taken)
        assert "Answer N" not in said_of(taken)

    def test_the_undo_is_not_forgotten_and_the_harm_not_denied(self) -> None:
        case = take(self.after_y(), StepId.PROMPT, question(current=OURS, replacement=DEFAULT)).case
        undo = undo_command(case)
        assert undo is not None
        assert DEFAULT in undo.text
        assert "answered-yes" in ids(prompt(case))
        assert standing(case, "default") is Standing.FAILED

    def test_the_question_of_another_server_does_not_take_its_place(self) -> None:
        case = take(self.after_y(), StepId.PROMPT, question(current=OTHER_DEFAULT)).case
        undo = undo_command(case)
        assert undo is not None
        assert DEFAULT in undo.text
        assert OTHER_DEFAULT not in undo.text

    def test_before_any_answer_a_newer_question_counts(self) -> None:
        case = given(given(cases.ready(), StepId.PROMPT, question()), StepId.PROMPT, question(current=OTHER_DEFAULT))
        assert case.now.prompt is not None
        assert case.now.prompt.current == OTHER_DEFAULT


class TestAQueueThatStillTries:
    @pytest.mark.parametrize(
        ("status", "count"), [("Connecting", 214), ("Suspended", 214), ("Active", 214), ("Ready", 3)]
    )
    def test_proves_nothing_while_mail_and_the_old_error_are_in_it(self, status: str, count: int) -> None:
        case = given(cases.ready(), StepId.RETRY, queue_list(status=status, count=count))
        assert standing(case, "queue") is Standing.OPEN
        assert "still-trying" in ids(retry(case))

    def test_is_proven_once_it_is_empty_or_without_error(self) -> None:
        for text in (queue_list(status="Ready", count=0), queue_list(status="Active", error="", count=12)):
            assert standing(given(cases.ready(), StepId.RETRY, text), "queue") is Standing.PROVEN


class TestTheConnector:
    def test_that_is_not_in_the_output_is_named_before_another_takes_its_place(self) -> None:
        taken = take(cases.named("Foo"), StepId.CONNECTOR, cases.connector_list("Internet"))
        assert "Foo is not in this output" in said_of(taken)

    def test_whose_level_was_not_known_is_not_said_to_be_put_back(self) -> None:
        restore = step(StepId.RESTORE).commands(cases.named())[0]
        assert "not known" in restore.purpose
        assert "back to what it was" not in restore.purpose


def test_no_path_at_all_is_no_exception() -> None:
    taken = open_path(cases.named(), StepId.LOG, Path("a\0b"))
    assert not taken.accepted
    assert "could not be read" in said_of(taken)


def diagnosed(*texts: str) -> Diagnosis:
    return diagnose([Given(text, f"evidence {n}") for n, text in enumerate(texts)], Case(opened=cases.NIGHT))


class TestDiagnoseWritesNoBindingLine:
    def refused(self, *texts: str) -> str:
        found = diagnosed(*texts)
        assert not composed(found)
        assert not any(command.answer_no for _step, command in commands_for(found))
        assert "with the command marked" not in as_text(found)
        return advice(found, found.verdict)

    def test_where_two_outputs_contradict_each_other_in_any_order(self) -> None:
        before, after = certificate_list("IIS, POP"), certificate_list("IIS, POP, SMTP")
        assert "one server" in self.refused(failing(), before, after)
        self.refused(failing(), after, before)

    def test_where_the_output_shows_other_certificates_only(self) -> None:
        assert OURS in self.refused(failing(), certificate_list(thumbprint=cases.OTHER))

    def test_where_the_certificate_was_not_found(self) -> None:
        self.refused(
            failing(),
            f"A special Rpc error occurs on server EX01: The certificate with thumbprint {OURS} was not found.",
        )

    def test_where_smtp_is_bound_already(self) -> None:
        assert "newer rows" in self.refused(failing(), certificate_list("IIS, SMTP"))

    def test_where_a_check_stops_it_and_says_why(self) -> None:
        assert "Revoked" in self.refused(failing(), certificate_list(Status="Revoked"))


def test_services_without_a_thumbprint_are_marked_in_diagnose_as_well() -> None:
    found = diagnosed(failing(), "Services\n--------\nIMAP, IIS\n")
    assert "names no thumbprint" in as_text(found)


def test_a_connector_no_command_may_carry_does_not_end_diagnose() -> None:
    assert diagnosed(failing(connector="Out\u200ebound")).verdict.id == "kb4051498"


def test_the_undo_of_diagnose_stands_apart_with_its_own_answer() -> None:
    text = as_text(diagnosed(failing(), certificate_list(), question()))
    assert text.index("answer N") < text.index("(answer Y to this one):")
    # Once the question was asked, SMTP is bound, whatever is answered.
    assert f"-Thumbprint '{cases.OURS}' -Services" not in text
    assert "instead of the line above" in as_text(diagnosed(failing(), certificate_list()))


def test_one_certificate_given_twice_is_no_list_of_all() -> None:
    connectors = cases.connector_list(TlsCertificateName="<I>CN=Other CA<S>CN=other.contoso.com")
    found = diagnosed(connectors, certificate_list(), certificate_list())
    assert "stale-tls-certificate-name" not in {verdict.id for verdict in found.verdicts}


def test_exchange_online_is_the_other_direction_whatever_stands_in_its_message() -> None:
    words = "450 4.4.317 Cannot connect to remote server [Message=SocketTimedout: Socket error code 10060]"
    assert diagnosed(queue_list(error=words)).verdict.id == "other-direction"


OTHER_GUID = "40e7c1d6-9b2f-4d83-a5c7-6f10b8e2d934"


class TestLeavingInTheMiddle:
    """The program ends with a printout; what was shown may have been run, so it must be in it."""

    def test_the_commands_of_the_step_in_front_are_printed(self) -> None:
        case = see(cases.with_connector().seeing(StepId.CONNECTOR), StepId.LOGGING)
        assert "-ProtocolLoggingLevel Verbose" in summary(case)

    def test_the_line_that_puts_logging_back_is_printed_as_soon_as_it_was_handed_out(self) -> None:
        assert "-ProtocolLoggingLevel None" in summary(see(cases.with_connector(), StepId.LOGGING))
        assert "-ProtocolLoggingLevel None" not in summary(see(cases.with_connector(), StepId.CONNECTOR))

    def test_a_level_that_was_verbose_before_is_not_touched(self) -> None:
        case = given(cases.named(), StepId.CONNECTOR, cases.connector_list(level="Verbose"))
        assert "-ProtocolLoggingLevel None" not in summary(see(case, StepId.LOGGING))


class TestTheWrongConnectorFirst:
    """Logging was turned on for one connector, then another was chosen: both are put back."""

    OTHER = "Internet"

    def changed(self, level: str = "None") -> Case:
        both = cases.connector_list(self.OTHER, level, Guid=OTHER_GUID) + cases.connector_list()
        case = step(StepId.CONNECTOR).choose(given(Case(opened=cases.NIGHT), StepId.CONNECTOR, both), self.OTHER)
        return step(StepId.CONNECTOR).choose(see(case, StepId.LOGGING), CONNECTOR)

    def test_its_lines_stand_behind_those_of_the_right_one(self) -> None:
        lines = [each.text for each in step(StepId.RESTORE).commands(self.changed())]
        assert [line.split(" -Protocol")[0].split(" | ")[0] for line in lines] == [
            f"{cmdlet} -Identity '{name}'"
            for name in (CONNECTOR, self.OTHER)
            for cmdlet in ("Set-SendConnector", "Get-SendConnector")
        ]

    def test_it_is_named_where_logging_is_turned_on_and_where_it_is_put_back(self) -> None:
        for at, told in ((StepId.LOGGING, "made-verbose"), (StepId.RESTORE, "left-verbose")):
            assert self.OTHER in finding(step(at).findings(self.changed()), told).text

    def test_it_is_in_the_summary_until_it_was_shown_to_be_back(self) -> None:
        case = given(self.changed(), StepId.RESTORE, cases.connector_list())
        assert f"that of {self.OTHER} was not put back" in summary(case)
        assert f"Set-SendConnector -Identity '{self.OTHER}' -ProtocolLoggingLevel None" in summary(case)
        assert not proven(case, "logging")
        verbose = given(case, StepId.RESTORE, cases.connector_list(self.OTHER, "Verbose"))
        assert not proven(verbose, "logging")
        back = given(verbose, StepId.RESTORE, cases.connector_list(self.OTHER))
        assert proven(back, "logging")
        assert step(StepId.RESTORE).findings(back)[0].id == "restored"
        assert "left-verbose" not in ids(step(StepId.RESTORE).findings(back))

    def test_a_later_output_does_not_say_that_it_was_verbose_before(self) -> None:
        both = cases.connector_list(self.OTHER, "Verbose", Guid=OTHER_GUID) + cases.connector_list()
        case = given(self.changed(), StepId.CONNECTOR, both)
        assert [each.logging_level for each in case.connectors] == [LoggingLevel.NONE] * 2

    def test_one_that_was_verbose_already_is_left_alone(self) -> None:
        case = self.changed("Verbose")
        assert case.made_verbose == ()
        assert self.OTHER not in " ".join(each.text for each in step(StepId.RESTORE).commands(case))

    def test_one_that_was_chosen_again_stands_first(self) -> None:
        case = step(StepId.CONNECTOR).choose(see(self.changed(), StepId.LOGGING), self.OTHER)
        assert case.others_made_verbose == (CONNECTOR,)

    def test_is_kept_in_the_file_and_has_a_stand_in(self) -> None:
        case = self.changed()
        assert parsed(written(Saved("1", case))).case.made_verbose == (self.OTHER,)
        assert self.OTHER not in redacted(case)[0].made_verbose


def test_another_source_server_is_not_forgotten_over_what_is_proven_on_this_one() -> None:
    case = given(cases.proven_case(), StepId.CONNECTOR, cases.connector_list(servers="{EX01, EX02}"))
    assert "Done on this server" in summary(case)
    assert "Needed on each of EX01, EX02" in summary(case)


def test_after_y_nothing_on_the_screen_says_n() -> None:
    case = answered(PromptAnswer.YES, given(cases.ready(), StepId.PROMPT, question()))
    assert not any("Answer N" in finding.text for finding in prompt(case))
