"""The flow: which step comes when, what changes what, and what goes over several steps and is no row of one."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

import wizard.steps.flow
from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, DEFAULT, OTHER, OURS, certificate_list, failing, given
from tests.wizard.step_rows import INTERNET_FAILED_LATER, LATER
from wizard.assets import asset_table
from wizard.case.case import Case, PromptAnswer, StepId, Variant
from wizard.facts import Service
from wizard.powershell.command import CommandId
from wizard.steps.command import bind_commands
from wizard.steps.flow import (
    ORDER,
    STEPS,
    after,
    before,
    chapters,
    check_again,
    next_step,
    position,
    proofs,
    proven,
    settle,
    step,
    steps_of,
)
from wizard.steps.intake import open_path
from wizard.steps.log import log
from wizard.steps.logging import SERVER_KINDS
from wizard.steps.parts import Standing
from wizard.steps.prompt import NOT_YET, RAN
from wizard.steps.session import newest_failure
from wizard.steps.undo import undo_command

S = StepId
PROVEN, SAID, OPEN = Standing.PROVEN, Standing.SAID, Standing.OPEN


class TestTheOrder:
    def test_is_the_articles_with_every_step_once(self) -> None:
        assert (
            [s.id for s in STEPS]
            == list(ORDER)
            == [
                *(S.SYMPTOM, S.CONNECTOR, S.LOGGING, S.LOG, S.SERVICES, S.COMMAND, S.PROMPT, S.UNDO),
                *(S.VERIFY, S.RETRY, S.SESSION, S.SERVERS, S.RESTORE),
            ]
        )

    def test_has_a_table_of_words_for_every_file_of_a_step_and_no_other(self) -> None:
        folder = Path(wizard.steps.flow.__file__).parent
        files = {file.stem for file in folder.glob("*.py") if "\nSTEP = Step(" in file.read_text(encoding="utf-8")}
        assert files == {s.id.value for s in STEPS} == set(asset_table("steps.toml"))

    def test_leads_forth_and_back_over_the_same_steps(self) -> None:
        for case in (Case(), cases.with_connector(servers="{EX01, EX02}")):
            assert before(S.SYMPTOM, case) is None
            assert after(S.RESTORE, case) is None
            order = [s.id for s in steps_of(case)]
            assert all(after(one, case) is other and before(other, case) is one for one, other in pairwise(order))

    def test_goes_past_the_other_servers_where_there_are_none(self) -> None:
        two = cases.with_connector(servers="{EX01, EX02}")
        assert {s.id for s in STEPS} - {s.id for s in steps_of(cases.with_connector())} == {S.SERVERS, S.UNDO}
        assert {s.id for s in STEPS} - {s.id for s in steps_of(two)} == {S.UNDO}
        assert steps_of(cases.knowing(two, prompt_answer=PromptAnswer.YES)) == STEPS
        assert position(S.RESTORE, cases.with_connector()) == "Step 11 of 11"
        assert position(S.RESTORE, cases.with_connector(servers="{EX01, EX02}")) == "Step 12 of 12"

    def test_names_each_chapter_once(self) -> None:
        assert chapters() == tuple(dict.fromkeys(s.words.chapter for s in STEPS))
        assert len(set(chapters())) == len(chapters())

    def test_begins_with_the_symptom_which_may_be_skipped(self) -> None:
        assert next_step(Case()) is S.SYMPTOM
        assert next_step(Case().skipping(S.SYMPTOM)) is S.CONNECTOR

    def test_goes_on_with_the_first_step_that_is_not_finished(self) -> None:
        case = cases.settled(cases.with_connector(), S.SYMPTOM, S.CONNECTOR)
        assert next_step(case) is S.LOGGING

    def test_ends_when_all_are_finished(self) -> None:
        assert next_step(cases.settled(cases.proven_case())) is None


class TestWhatIsMissing:
    def test_is_said_in_a_sentence_at_every_step_of_an_empty_case_that_needs_something(self) -> None:
        needing = {s.id for s in STEPS if s.missing(Case())} | {S.SERVERS}
        assert needing == set(ORDER) - {S.LOGGING}
        assert all(re.fullmatch(r"[A-Z].*\.", s.missing(Case())) for s in STEPS if s.id in needing)

    def test_is_nothing_when_everything_is_known_and_proven(self) -> None:
        case = given(cases.proven_case(), S.SYMPTOM, cases.TIMED_OUT)
        assert [s.id for s in steps_of(case) if s.missing(case)] == []


class TestChoices:
    def test_of_the_place_are_versions_and_roles(self) -> None:
        choices = step(S.LOGGING).choices(Case())
        assert len(choices) == len(SERVER_KINDS) == len({choice.key for choice in choices})
        for key, _text, place in SERVER_KINDS:
            assert step(S.LOGGING).choose(Case(), key).now.place == place


class TestAChangedEarlyAnswer:
    def test_marks_later_steps_and_keeps_what_they_hold(self) -> None:
        case = cases.settled(cases.proven_case())
        assert check_again(case) == ()
        changed = cases.named("Internet", case)
        assert set(check_again(changed)) >= {S.LOGGING, S.LOG, S.SESSION, S.RESTORE}
        assert S.SYMPTOM not in check_again(changed)
        assert changed.answer(S.LOG).text == case.answer(S.LOG).text
        assert changed.now.thumbprint == OURS
        assert changed.now.certificates == case.now.certificates
        assert next_step(changed) is S.LOGGING

    def test_that_is_taken_back_takes_the_marks_back(self) -> None:
        case = cases.settled(cases.proven_case())
        assert check_again(cases.named(CONNECTOR, cases.named("Internet", case))) == ()

    def test_that_is_confirmed_takes_its_mark_away(self) -> None:
        changed = cases.named("Internet", cases.settled(cases.proven_case()))
        assert S.LOGGING not in check_again(settle(changed, S.LOGGING))

    def test_to_another_certificate_marks_everything_that_stood_on_it(self) -> None:
        case = cases.knowing(cases.settled(cases.proven_case()), thumbprint=OTHER)
        assert set(check_again(case)) == {S.SERVICES, S.COMMAND, S.PROMPT, S.VERIFY, S.RETRY, S.SESSION}

    def test_to_another_form_of_the_command_marks_the_prompt(self) -> None:
        case = cases.settled(cases.proven_case())
        assert check_again(cases.knowing(case, variant=Variant.SMALLEST)) == (S.PROMPT,)

    def test_marks_nothing_that_was_never_finished(self) -> None:
        assert check_again(cases.named("Internet", cases.proven_case())) == ()

    def test_to_another_connector_takes_the_binding_line_away_until_its_log_is_read(self) -> None:
        log = failing() + failing(thumbprint=OTHER, connector="Internet", number=2)
        case = cases.named("Internet", cases.ready(log=log))
        assert case.logged is None
        assert step(S.COMMAND).commands(case) == ()
        assert "go back to the log" in step(S.COMMAND).missing(case)
        assert [choice.key for choice in step(S.LOG).choices(case)] == [OTHER]

    def test_never_puts_the_services_of_one_certificate_into_the_command_of_another(self) -> None:
        log = failing() + failing(thumbprint=OTHER, number=2)
        case = given(cases.named(), S.LOG, log)
        for mine, services in ((OURS, "IIS, POP"), (OTHER, "IMAP")):
            case = given(step(S.LOG).choose(case, mine), S.SERVICES, certificate_list(services, mine))
        assert step(S.COMMAND).commands(case)[0].text.endswith(f"'{OTHER}' -Services SMTP,IMAP")
        back = step(S.LOG).choose(case, OURS)
        assert back.services_now is None
        assert step(S.COMMAND).commands(back) == ()

    def test_never_does_so_with_services_that_were_read_without_a_thumbprint(self) -> None:
        log = failing() + failing(thumbprint=OTHER, number=2)
        case = step(S.LOG).choose(given(cases.named(), S.LOG, log), OURS)
        case = given(case, S.SERVICES, "Services\n--------\nIIS, POP\n")
        assert step(S.COMMAND).commands(case)[0].text.endswith("-Services SMTP,IIS,POP")
        other = step(S.LOG).choose(case, OTHER)
        assert other.services_now is None
        assert step(S.COMMAND).commands(other) == ()

    def test_to_a_log_without_the_certificate_leaves_none_chosen(self) -> None:
        case = given(cases.ready(), S.LOG, failing("SocketError"))
        assert case.now.thumbprint == ""
        assert step(S.COMMAND).commands(case) == ()
        assert given(case, S.LOG, failing()).services_now == frozenset({Service.IIS, Service.POP})


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

    def test_of_no_path_at_all_is_no_exception(self) -> None:
        taken = open_path(cases.named(), S.LOG, Path("a\0b"))
        assert not taken.accepted
        assert "could not be read" in cases.said(taken)


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
        assert undo_command(given(cases.ready(), S.PROMPT, cases.question(current))) is None
        assert undo_command(cases.ready()) is None
        assert undo_command(cases.answered()) is not None


def test_no_step_says_to_run_a_command_that_is_not_there() -> None:
    empty = Case(opened=cases.NIGHT)
    for each in steps_of(empty):
        says = re.search(r"(?i)\b(run|copy) the (command|line)", each.instruction(empty))
        assert bool(says) <= bool(each.commands(empty)), each.id
