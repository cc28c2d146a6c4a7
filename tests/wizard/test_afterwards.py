"""What is said from the prompt on: the answer, its undo, and what each proof still lacks."""

from __future__ import annotations

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    DEFAULT,
    OTHER,
    OURS,
    certificate_list,
    connector_list,
    failing,
    finding,
    given,
    ids,
    working,
)
from wizard.case.case import Case, Place, PromptAnswer, StepId
from wizard.facts import ExchangeVersion
from wizard.findings import Finding, Level
from wizard.steps.flow import after, step
from wizard.steps.prompt import NOT_YET, RAN, prompt
from wizard.steps.restore import restore
from wizard.steps.retry import retry
from wizard.steps.session import session
from wizard.steps.undo import undo
from wizard.steps.verify import verify

S = StepId
LATER = "2026-11-22T02:40:00.000Z"


def texts(findings: tuple[Finding, ...]) -> str:
    return " ".join(each.text for each in findings)


class TestThePrompt:
    def test_about_this_certificate_is_answered_with_n(self) -> None:
        told = texts(prompt(given(cases.ready(), S.PROMPT, cases.question())))
        assert told.startswith("It would replace the default by your certificate. Answer N, then Enter.")
        assert f"The default certificate now: {DEFAULT} (expires 3/18/2030 8:41:26 AM). Kept here for an undo." in told

    def test_about_another_certificate_stops(self) -> None:
        told = finding(prompt(given(cases.ready(), S.PROMPT, cases.question(replacement=OTHER))), "other-replacement")
        assert told.level is Level.BLOCK
        assert OTHER in told.text
        assert "Answer N" in told.text

    def test_of_which_the_thumbprints_are_damaged_is_answered_with_n_all_the_same(self) -> None:
        told = texts(prompt(given(cases.ready(), S.PROMPT, cases.question("****", "****"))))
        assert "Answer N, then Enter." in told
        assert "not whole in this paste" in told

    def test_says_nothing_before_it_was_pasted_or_answered(self) -> None:
        assert prompt(cases.ready()) == ()


class TestTheAnswer:
    def test_no_keeps_the_default_and_leaves_the_proof_to_the_next_step(self) -> None:
        told = texts(prompt(cases.answered(PromptAnswer.NO)))
        assert "the default certificate stays" in told
        assert "next step checks that" in told

    def test_not_asked_claims_nothing_about_an_error(self) -> None:
        told = texts(prompt(cases.knowing(cases.ready(), prompt_answer=PromptAnswer.NOT_ASKED)))
        assert told.startswith("It did not ask. If no error was printed either")

    def test_yes_leads_to_a_step_of_its_own_with_the_undo(self) -> None:
        case = cases.answered(PromptAnswer.YES)
        assert "The next step is the way back." in finding(prompt(case), "answered-yes").text
        assert after(S.PROMPT, case) is S.UNDO
        (command,) = step(S.UNDO).commands(case)
        assert command.text == f"Enable-ExchangeCertificate -Thumbprint '{DEFAULT}' -Services SMTP -Server 'EX01'"
        assert DEFAULT in finding(undo(case), "undo-known").text

    def test_yes_without_the_question_says_how_to_get_an_undo(self) -> None:
        case = cases.knowing(cases.ready(), prompt_answer=PromptAnswer.YES)
        told = finding(undo(case), "undo-unknown").text
        assert "The command above" not in told
        assert "Paste the question" in told
        assert "self-signed" in told
        (command,) = step(S.UNDO).commands(case)
        assert not command.changes
        pasted = given(case, S.UNDO, cases.question())
        assert step(S.UNDO).commands(pasted)[0].changes

    def test_the_way_back_is_proven_only_by_your_word(self) -> None:
        case = cases.answered(PromptAnswer.YES)
        assert step(S.UNDO).missing(case)
        done = step(S.UNDO).choose(case, RAN)
        assert step(S.UNDO).missing(done) == ""
        assert "undone" in ids(undo(done))
        assert step(S.UNDO).choose(done, NOT_YET) == case

    def test_an_edge_subscription_is_to_be_made_again(self) -> None:
        case = cases.knowing(cases.answered(PromptAnswer.YES), place=Place(None, edge=True))
        assert "edge-subscription" in ids(undo(case))
        assert "edge-subscription" not in ids(undo(cases.answered(PromptAnswer.YES)))

    @pytest.mark.parametrize("answer", [PromptAnswer.NO, PromptAnswer.NOT_ASKED])
    def test_after_any_other_answer_there_is_no_such_step(self, answer: PromptAnswer) -> None:
        assert after(S.PROMPT, cases.answered(answer)) is S.VERIFY

    def test_yes_to_what_was_the_default_already_has_replaced_nothing(self) -> None:
        case = given(cases.ready(), S.PROMPT, cases.question(current=OURS))
        case = cases.knowing(case, prompt_answer=PromptAnswer.YES)
        assert "answered-yes" not in ids(prompt(case))
        assert "nothing was replaced" in texts(prompt(case))
        assert all(OURS in command.text for command in step(S.PROMPT).commands(case))


class TestTheServices:
    @pytest.mark.parametrize(
        ("after", "finding_id", "words"),
        [
            ("POP, IIS, SMTP", "services-proven", "SMTP is there, nothing was lost"),
            ("POP, IIS", "smtp-missing", "SMTP is not there: services are IIS, POP."),
            ("POP, SMTP", "service-lost", "IIS is missing, although the command only adds"),
            ("None", "smtp-missing", "services are None"),
        ],
    )
    def test_are_compared_with_those_before(self, after: str, finding_id: str, words: str) -> None:
        case = given(cases.ready(), S.VERIFY, certificate_list(after))
        assert words in finding(verify(case), finding_id).text

    def test_without_a_thumbprint_are_not_called_proven(self) -> None:
        case = given(cases.ready(), S.VERIFY, "Services\n--------\nPOP, IIS, SMTP\n")
        assert ids(verify(case)) == {"services-without-thumbprint"}

    def test_without_those_before_claim_no_comparison(self) -> None:
        case = given(given(cases.named(), S.LOG, failing()), S.VERIFY, certificate_list("SMTP"))
        assert "nothing was lost" not in texts(verify(case))

    def test_that_were_not_read_are_not_spoken_of(self) -> None:
        assert verify(cases.ready()) == ()


class TestTheQueues:
    def test_that_move_are_enough(self) -> None:
        assert texts(retry(given(cases.ready(), S.RETRY, cases.queue_list("Active", "")))) == (
            "No queue is in Retry any more."
        )

    @pytest.mark.parametrize(
        ("count", "error", "told"),
        [
            (1, cases.TIMED_OUT, "with 1 message. It shows the old error until the next attempt."),
            (2500, cases.TIMED_OUT, "with 2,500 messages. It shows"),
            (2, "451 4.4.0 DNS query failed", "with 2 messages. The name of the next hop cannot be resolved."),
            (2, "499 9.9.9 Odd", "with 2 messages. This LastError is none of those"),
        ],
    )
    def test_in_retry_say_why(self, count: int, error: str, told: str) -> None:
        case = given(cases.ready(), S.RETRY, cases.queue_list("Retry", error, count))
        assert told in finding(retry(case), "in-retry").text

    def test_without_a_last_error_are_not_explained(self) -> None:
        case = given(cases.ready(), S.RETRY, cases.queue_list("Retry", "", 2))
        assert finding(retry(case), "in-retry").text == r"Queue EX01\3417 is still in Retry with 2 messages."

    def test_without_a_status_prove_nothing(self) -> None:
        assert ids(retry(given(cases.ready(), S.RETRY, cases.TIMED_OUT))) == {"no-status"}

    def test_that_somebody_stopped_are_named(self) -> None:
        assert "is suspended" in texts(retry(given(cases.ready(), S.RETRY, cases.queue_list("Suspended", ""))))

    def test_that_were_not_read_are_not_spoken_of(self) -> None:
        assert retry(cases.ready()) == ()


class TestTheNewSession:
    def test_that_succeeded_is_shown_with_the_rows_that_say_so(self) -> None:
        told = finding(session(given(cases.ready(), S.SESSION, working())), "session-proven")
        assert "08DE2A4C71B90040" in told.text
        assert "negotiation succeeded" in told.lines[-1].text

    @pytest.mark.parametrize(("delivered", "words"), [(True, "accepted a message"), (False, "do not show yet")])
    def test_says_whether_a_message_was_accepted(self, delivered: bool, words: str) -> None:
        assert words in texts(session(given(cases.ready(), S.SESSION, working(delivered=delivered))))

    def test_that_still_fails_does_not_send_the_person_to_bind_once_more(self) -> None:
        told = finding(session(given(cases.ready(), S.SESSION, failing(at=LATER))), "still-failing")
        assert told.level is Level.BLOCK
        assert "on the server that sends" in told.text
        assert "lost permission" in told.text
        assert "bind it to SMTP" not in told.text

    def test_that_fails_otherwise_says_what_that_means(self) -> None:
        told = finding(session(given(cases.ready(), S.SESSION, failing("SocketError", at=LATER))), "still-failing").text
        assert "The other side dropped the handshake" in told

    def test_after_which_others_fail_again_is_not_enough(self) -> None:
        log = working() + failing(at=LATER) + failing(at=LATER, number=2)
        told = finding(session(given(cases.ready(), S.SESSION, log)), "failing-again")
        assert told.level is Level.BLOCK
        assert told.text == "After it, TLS failed again with UnknownCredentials."

    def test_after_which_the_other_side_fails_stays_a_proof_with_a_warning(self) -> None:
        found = session(given(cases.ready(), S.SESSION, working() + failing("SocketError", at=LATER)))
        assert {"session-proven", "failing-otherwise"} <= ids(found)
        assert "After it, TLS failed with SocketError" in texts(found)

    @pytest.mark.parametrize(
        ("log", "finding_id"),
        [
            (working(thumbprint=OTHER), "other-certificate-succeeded"),
            (working(thumbprint=""), "no-certificate-shown"),
            (working(connector="Internet"), "other-connector"),
            (failing(), "nothing-new"),
            (working(at="2026-11-22T02:00:00.000Z"), "nothing-new"),
        ],
    )
    def test_that_proves_nothing_says_why(self, log: str, finding_id: str) -> None:
        assert ids(session(given(cases.ready(), S.SESSION, log))) == {finding_id}

    def test_that_was_not_read_is_not_spoken_of(self) -> None:
        assert session(cases.ready()) == ()


class TestTheLoggingLevel:
    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("None", "None", "The logging level is None again."),
            ("None", "Verbose", "The logging level is Verbose; it was None."),
            ("Verbose", "", "It was Verbose before this case: leave it so."),
            ("Verbose", "Verbose", "It was Verbose before this case: leave it so."),
            ("Verbose", "None", "The logging level is None; it was Verbose."),
            ("", "None", "The logging level is None now, the default; what it was before is not known."),
            ("", "Verbose", "The logging level is Verbose; what it was before is not known, and None is the default."),
            ("None", "", ""),
        ],
    )
    def test_is_compared_with_the_level_before(self, before: str, after: str, told: str) -> None:
        case = cases.with_connector(level=before)
        case = given(case, S.RESTORE, connector_list(level=after)) if after else case
        assert texts(restore(case)) == told

    def test_of_another_connector_is_not_taken_for_this_ones(self) -> None:
        told = finding(restore(given(cases.ready(), S.RESTORE, connector_list("Internet"))), "level-not-shown")
        assert CONNECTOR in told.text

    def test_on_the_edge_is_changed_on_a_mailbox_server(self) -> None:
        edge = Place(ExchangeVersion.E2019_SE, edge=True)
        assert "edge-logging" in ids(restore(cases.knowing(cases.ready(), place=edge)))
        verbose: Case = cases.knowing(cases.with_connector(level="Verbose"), place=edge)
        assert "edge-logging" not in ids(restore(verbose))
