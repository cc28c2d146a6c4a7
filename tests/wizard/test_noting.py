"""The journal writes itself from what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.wizard import cases
from wizard.case.case import Case, Deed, JournalEntry, PromptAnswer, StepId
from wizard.case.keeper import copied, noted
from wizard.case.servers import at_server, saying_here
from wizard.steps.flow import step

S = StepId
NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)


def deeds(before: Case, after: Case) -> list[tuple[Deed, StepId | None, str]]:
    return [(each.deed, each.step, each.text) for each in noted(before, after, NOW).journal]


def test_a_new_case_was_opened() -> None:
    assert noted(Case(opened=NOW), cases.named(), NOW).journal == (JournalEntry(NOW, Deed.OPENED),)


def test_evidence_was_given_and_where_from() -> None:
    case = cases.named()
    assert deeds(case, case.typing(S.LOG, "rows")) == [(Deed.READ, S.LOG, "a paste")]
    assert deeds(case, case.opening(S.LOG, r"D:\logs")) == [(Deed.READ, S.LOG, r"D:\logs")]
    assert deeds(case, case.typing(S.LOG, "  ")) == []
    assert deeds(case, case.seeing(S.LOG)) == []


def test_a_text_that_is_typed_in_pieces_is_one_deed() -> None:
    case = noted(cases.named(), cases.named().typing(S.SYMPTOM, "4"), NOW)
    soon = noted(case, case.typing(S.SYMPTOM, "42"), NOW + timedelta(seconds=5))
    assert soon.journal == case.journal
    late = noted(soon, soon.typing(S.SYMPTOM, "421"), NOW + timedelta(minutes=5))
    assert len(late.journal) == len(case.journal) + 1


def test_what_was_answered_chosen_and_passed() -> None:
    case = cases.ready()
    after = step(S.PROMPT).choose(case, PromptAnswer.NO.value)
    assert (Deed.ANSWERED, S.PROMPT, "N") in deeds(case, after)
    assert deeds(after, after) == []
    assert deeds(cases.knowing(case, thumbprint=""), case) == [(Deed.CHOSE, S.LOG, cases.OURS)]
    assert deeds(case, cases.knowing(case, passed=frozenset({"edge", "a"}))) == [
        (Deed.PASSED, S.COMMAND, "a"),
        (Deed.PASSED, S.COMMAND, "edge"),
    ]
    assert deeds(case, cases.knowing(case, undone=True)) == [(Deed.UNDONE, S.UNDO, "")]


def test_a_command_was_copied_at_a_server() -> None:
    case = saying_here(cases.with_connector(servers="{EX01, EX02}"), "EX01")
    entry = copied(case, S.COMMAND, "Get-Queue", NOW).journal[-1]
    assert entry == JournalEntry(NOW, Deed.COPIED, S.COMMAND, "EX01", "Get-Queue")
    assert copied(cases.named(), None, "Get-Queue", NOW).journal[-1].server == ""


def test_going_to_another_server_is_no_deed() -> None:
    case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), "EX01")
    assert deeds(case, at_server(case, "EX02")) == []


def test_a_survey_that_tells_which_server_it_is_was_given_too() -> None:
    case = saying_here(cases.with_connector(servers="{EX01, EX02}"), "EX01")
    surveyed = at_server(case, "EX02").typing(S.CONNECTOR, "a survey")
    assert deeds(case, surveyed) == [(Deed.READ, S.CONNECTOR, "a paste")]


def test_what_was_noted_meanwhile_is_not_lost_by_a_case_made_of_an_older_one() -> None:
    """A large log is read upon the case as it was when the reading began."""
    begun = noted(Case(opened=NOW), cases.named(), NOW)
    meanwhile = noted(begun, begun.typing(S.SYMPTOM, "421"), NOW)
    after = noted(meanwhile, copied(begun.typing(S.SYMPTOM, "421"), S.LOG, "a line", NOW), NOW)
    assert [each.deed for each in after.journal] == [Deed.OPENED, Deed.READ, Deed.COPIED]


def test_a_text_that_has_not_changed_is_not_looked_through() -> None:
    class Large(str):
        __slots__ = ()

        def strip(self, _characters: str | None = None) -> str:
            raise AssertionError("200 MB are copied for every answer")

    before = Case().typing(StepId.LOG, Large("rows\n"))
    assert noted(before, before.seeing(StepId.LOG), datetime(2026, 11, 22, tzinfo=UTC)).journal == before.journal
