"""What is proven in the end: each of the five things in each standing it can have."""

from __future__ import annotations

import pytest

from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, OTHER, OURS, certificate_list, connector_list, failing, given, working
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.facts import LoggingLevel
from wizard.steps.flow import proofs, proven
from wizard.steps.parts import Proof, Standing
from wizard.steps.session import newest_failure

S = StepId
LATER = "2026-11-22T02:40:00.000Z"
PROVEN, SAID, OPEN, FAILED = Standing.PROVEN, Standing.SAID, Standing.OPEN, Standing.FAILED


def proof(case: Case, proof_id: str) -> Proof:
    return next(each for each in proofs(case) if each.id == proof_id)


class TestAllProofs:
    def test_are_five_with_distinct_claims(self) -> None:
        found = proofs(Case())
        assert [each.id for each in found] == ["services", "default", "queue", "session", "logging"]
        assert len({each.claim for each in found}) == 5

    def test_are_open_while_nothing_was_read(self) -> None:
        assert {each.standing for each in proofs(Case())} == {OPEN}
        assert {each.standing for each in proofs(cases.ready())} == {OPEN}

    def test_stand_in_the_end_but_for_what_only_the_person_can_say(self) -> None:
        assert [each.standing for each in proofs(cases.proven_case())] == [PROVEN, SAID, PROVEN, PROVEN, PROVEN]
        assert proven(cases.proven_case(), "session")
        assert not proven(cases.proven_case(), "default")

    def test_have_a_word_for_each_standing(self) -> None:
        assert [standing.value for standing in Standing] == ["proven", "said by you", "not proven yet", "not so"]


class TestTheServices:
    @pytest.mark.parametrize(
        ("before", "after", "standing"),
        [
            ("IIS, POP", "POP, IIS, SMTP", PROVEN),
            ("IIS, POP", "IMAP, POP, IIS, SMTP", PROVEN),
            ("None", "SMTP", PROVEN),
            ("IIS, Federation", "IIS, SMTP, Federation", PROVEN),
            ("IIS, POP", "POP, IIS", FAILED),
            ("IIS, POP", "IIS, SMTP", FAILED),
            ("IIS, Federation", "IIS, SMTP", FAILED),
            ("IIS, POP", "None", FAILED),
        ],
    )
    def test_are_smtp_and_all_that_were_there(self, before: str, after: str, standing: Standing) -> None:
        case = given(cases.ready(before), S.VERIFY, certificate_list(after))
        assert proof(case, "services").standing is standing

    def test_are_open_while_the_output_names_no_thumbprint(self) -> None:
        case = given(cases.ready(), S.VERIFY, "Services\n--------\nPOP, IIS, SMTP\n")
        assert proof(case, "services").standing is OPEN
        assert "names no thumbprint" in proof(case, "services").because

    def test_are_open_while_those_before_are_not_known(self) -> None:
        case = given(given(cases.named(), S.LOG, failing()), S.VERIFY, certificate_list("SMTP"))
        assert proof(case, "services").standing is OPEN

    def test_are_open_again_for_another_certificate(self) -> None:
        assert proof(cases.knowing(cases.proven_case(), thumbprint=OTHER), "services").standing is OPEN


class TestTheDefaultCertificate:
    @pytest.mark.parametrize(
        ("answer", "standing"),
        [(PromptAnswer.NO, SAID), (PromptAnswer.NOT_ASKED, SAID), (PromptAnswer.YES, FAILED), (None, OPEN)],
    )
    def test_stands_by_what_the_person_answered(self, answer: PromptAnswer | None, standing: Standing) -> None:
        assert proof(cases.knowing(cases.ready(), prompt_answer=answer), "default").standing is standing

    def test_is_unchanged_even_by_a_yes_where_it_was_this_one_already(self) -> None:
        case = given(cases.ready(), S.PROMPT, cases.question(current=OURS))
        assert proof(cases.knowing(case, prompt_answer=PromptAnswer.YES), "default").standing is SAID


class TestTheQueue:
    @pytest.mark.parametrize(
        ("output", "standing"),
        [
            (cases.queue_list("Active", ""), PROVEN),
            (cases.queue_list("Ready", "", 0), PROVEN),
            (cases.queue_list("Retry"), FAILED),
            (cases.queue_list("Retry", ""), FAILED),
            (cases.queue_list("Active", "") + cases.queue_list("Retry"), FAILED),
            (cases.TIMED_OUT, OPEN),
            (cases.queue_list("3", ""), OPEN),
        ],
        ids=["active", "ready", "retry", "retry without words", "one of two", "words alone", "a number"],
    )
    def test_moves_when_no_queue_is_in_retry(self, output: str, standing: Standing) -> None:
        assert proof(given(cases.ready(), S.RETRY, output), "queue").standing is standing

    def test_is_not_held_up_by_one_of_another_fault(self) -> None:
        other = cases.listed(
            Identity=r"EX01\9", Status="Retry", NextHopDomain="x.example", LastError="451 4.4.0 DNS query failed"
        )
        case = given(cases.ready(), S.RETRY, cases.queue_list("Active", "") + other)
        assert proof(case, "queue").standing is PROVEN
        assert "another fault" in proof(case, "queue").because

    def test_that_was_stuck_is_held_up_by_any_fault(self) -> None:
        case = given(
            given(Case(), S.SYMPTOM, cases.queue_list()), S.RETRY, cases.queue_list(error="451 4.4.0 DNS query failed")
        )
        assert proof(case, "queue").standing is FAILED


class TestTheSession:
    @pytest.mark.parametrize(
        ("log", "standing"),
        [
            (working(), PROVEN),
            (working(delivered=False), PROVEN),
            (failing() + working(), PROVEN),
            (failing(at="2026-11-22T02:20:00.000Z", number=2) + working(), PROVEN),
            (failing(at=LATER), FAILED),
            (failing("SocketError", at=LATER), FAILED),
            (working() + failing(at=LATER), FAILED),
            (working() + failing("NoCredentials", at=LATER), FAILED),
            (working() + failing("SocketError", at=LATER), PROVEN),
            (failing(), OPEN),
            (working(at="2026-11-22T02:00:00.000Z"), OPEN),
            (working(connector="Internet"), OPEN),
            (working(thumbprint=OTHER), OPEN),
            (working(thumbprint=""), OPEN),
        ],
        ids=[
            "success",
            "success without a message",
            "old failure, then success",
            "failure before the change, then success",
            "still failing",
            "failing otherwise",
            "failing again",
            "failing again without a key",
            "the other side failing after it",
            "old failure",
            "old success",
            "another connector's",
            "another certificate",
            "no certificate rows",
        ],
    )
    def test_is_new_of_this_connector_and_with_this_certificate(self, log: str, standing: Standing) -> None:
        assert proof(given(cases.ready(), S.SESSION, log), "session").standing is standing

    def test_that_succeeded_without_showing_the_certificate_is_not_called_missing(self) -> None:
        case = given(cases.ready(), S.SESSION, working(thumbprint=""))
        assert proof(case, "session").because == "a new session succeeded, but does not show this certificate"

    def test_says_whether_a_message_was_accepted(self) -> None:
        assert "a message was accepted" in proof(given(cases.ready(), S.SESSION, working()), "session").because
        silent = given(cases.ready(), S.SESSION, working(delivered=False))
        assert "accepted" not in proof(silent, "session").because

    def test_is_found_by_time_whatever_the_order_of_the_rows(self) -> None:
        case = given(cases.ready(), S.SESSION, failing(at=LATER) + working())
        assert proof(case, "session").standing is FAILED

    def test_is_measured_from_the_last_failure_of_this_connector(self) -> None:
        log = failing() + failing(connector="Internet", at=LATER, number=2)
        assert newest_failure(cases.ready(log=log)) == "2026-11-22T02:14:07.000Z"
        assert proof(given(cases.ready(log=log), S.SESSION, working()), "session").standing is PROVEN
        assert newest_failure(Case()) == ""

    def test_without_a_certificate_to_look_for_proves_nothing(self) -> None:
        assert proof(given(cases.named(CONNECTOR), S.SESSION, working()), "session").standing is OPEN


class TestTheLogging:
    @pytest.mark.parametrize(
        ("before", "after", "standing"),
        [
            ("None", "None", PROVEN),
            ("None", "Verbose", FAILED),
            ("None", "", OPEN),
            ("Verbose", "Verbose", PROVEN),
            ("Verbose", "", PROVEN),
            ("Verbose", "None", FAILED),
            ("", "None", PROVEN),
            ("", "Verbose", FAILED),
            ("", "", OPEN),
        ],
    )
    def test_is_back_to_what_it_was(self, before: str, after: str, standing: Standing) -> None:
        case = cases.with_connector(level=before)
        case = given(case, S.RESTORE, connector_list(level=after)) if after else case
        assert proof(case, "logging").standing is standing

    def test_of_which_the_level_before_is_not_known_claims_no_more_than_that_it_is_off(self) -> None:
        case = given(cases.named(), S.RESTORE, connector_list())
        assert case.level_before is None
        assert case.level_after is LoggingLevel.NONE
        assert proof(case, "logging").claim == "Logging is off, as it is by default"
        assert proof(cases.with_connector(), "logging").claim == "Logging is back to what it was"

    def test_of_another_connector_proves_nothing(self) -> None:
        assert proof(given(cases.ready(), S.RESTORE, connector_list("Internet")), "logging").standing is OPEN
