"""What goes over several steps, and is no row of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard import cases
from tests.wizard.cases import DEFAULT, OURS, failing
from tests.wizard.step_rows import INTERNET_FAILED_LATER, LATER
from wizard.case.case import Case, PromptAnswer, StepId, Variant
from wizard.powershell.command import CommandId
from wizard.steps.command import bind_commands
from wizard.steps.flow import ORDER, proofs, proven, step
from wizard.steps.intake import open_path
from wizard.steps.log import log
from wizard.steps.parts import Standing
from wizard.steps.prompt import NOT_YET, RAN
from wizard.steps.session import newest_failure
from wizard.steps.undo import undo_command

S = StepId
PROVEN, SAID, OPEN = Standing.PROVEN, Standing.SAID, Standing.OPEN


class TestWithoutFacts:
    def test_only_commands_that_need_none_are_handed_out(self) -> None:
        given_out = {step_id: [c.id for c in step(step_id).commands(Case())] for step_id in ORDER}
        assert given_out[S.SYMPTOM] == [CommandId.READ_QUEUES]
        assert given_out[S.CONNECTOR] == [CommandId.READ_CONNECTORS, CommandId.SURVEY]
        assert given_out[S.LOGGING] == [CommandId.READ_LOG_PATH]
        assert given_out[S.LOG] == given_out[S.SESSION] == [CommandId.READ_LOG]
        assert given_out[S.RETRY] == [CommandId.RETRY_QUEUE, CommandId.READ_QUEUES]
        assert not any(given_out[step_id] for step_id in (S.SERVICES, S.COMMAND, S.PROMPT, S.VERIFY, S.RESTORE))


class TestBinding:
    def test_has_the_same_two_forms_whichever_stands_first(self) -> None:
        merged, smallest = bind_commands(cases.ready())
        assert bind_commands(cases.knowing(cases.ready(), variant=Variant.SMALLEST)) == (smallest, merged)


class TestTheLog:
    def test_names_the_folders_below_that_were_read_too(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "EX02"):
            folder.mkdir(exist_ok=True)
            (folder / "SEND20261122-1.log").write_text(failing(), encoding="utf-8")
        told = log(open_path(cases.with_connector(), S.LOG, tmp_path).case)[0].text
        assert told.endswith("in 2 files, also in 1 folder below (EX02).")
        alone = log(open_path(cases.with_connector(), S.LOG, tmp_path / "EX02").case)[0].text
        assert "file" not in alone


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

    def test_is_handed_out_first_only_after_a_yes(self) -> None:
        assert DEFAULT in step(S.UNDO).commands(cases.answered(PromptAnswer.YES))[0].text
        assert DEFAULT not in " ".join(cases.commands_everywhere(cases.answered(PromptAnswer.NO)))

    @pytest.mark.parametrize("current", ["****", OURS])
    def test_is_not_there_without_another_whole_thumbprint(self, current: str) -> None:
        assert undo_command(cases.given(cases.ready(), S.PROMPT, cases.question(current))) is None
        assert undo_command(cases.ready()) is None
        assert undo_command(cases.answered()) is not None
