"""What goes over several steps, and is no row of one."""

from __future__ import annotations

from tests.wizard import cases
from tests.wizard.cases import failing
from tests.wizard.step_rows import INTERNET_FAILED_LATER, LATER
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.steps.flow import proofs, proven, step
from wizard.steps.parts import Standing
from wizard.steps.prompt import NOT_YET, RAN
from wizard.steps.session import newest_failure

S = StepId
PROVEN, SAID, OPEN = Standing.PROVEN, Standing.SAID, Standing.OPEN


class TestTheProofs:
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

    def test_of_a_new_session_are_measured_from_the_last_failure_of_this_connector(self) -> None:
        assert newest_failure(cases.ready(log=INTERNET_FAILED_LATER)) == "2026-11-22T02:14:07.000Z"
        assert newest_failure(cases.ready(log=failing(at=LATER))) == LATER
        assert newest_failure(Case()) == ""


class TestTheWayBack:
    def test_is_open_again_when_its_answer_is_taken_back(self) -> None:
        case = cases.answered(PromptAnswer.YES)
        done = step(S.UNDO).choose(case, RAN)
        assert step(S.UNDO).choose(done, NOT_YET) == case
