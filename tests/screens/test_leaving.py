"""Going on, back, elsewhere and out: nothing that was given is lost on the way, and no screen trips over another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from textual import events

from screens.app.evidence import EvidenceField
from tests.screens import evidence
from tests.screens.driving import Driven, driven, empty, named, our_case, sample_at
from wizard.case.case import StepId
from wizard.steps.flow import STEPS, check_again

pytestmark = pytest.mark.long


async def back(person: Driven) -> None:
    await person.press("escape")


async def elsewhere(person: Driven) -> None:
    await person.go(StepId.RESTORE)


async def to_the_summary(person: Driven) -> None:
    await person.go(None)


async def to_the_welcome(person: Driven) -> None:
    person.app.action_restart()
    await person.settle()


WAYS = [back, elsewhere, to_the_summary, to_the_welcome]


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
async def test_what_was_just_typed_is_read_before_the_screen_is_left(
    leave: Callable[[Driven], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.app.evidence.PAUSE", 60)
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        person.type_at_once(evidence.certificate())
        await person.settle()
        assert person.case.services_now is None
        await leave(person)
        assert person.case.answer(StepId.SERVICES).text == evidence.certificate()
        assert person.case.services_now is not None
        await person.go(StepId.SERVICES)
        assert person.pasted == evidence.certificate()


async def test_what_was_just_typed_is_read_before_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.app.evidence.PAUSE", 60)
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        person.type_at_once(evidence.certificate())
        await person.settle()
        await person.app.action_quit()
        assert person.case.services_now is not None


async def test_next_reads_it_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.app.evidence.PAUSE", 60)
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        person.type_at_once(evidence.certificate())
        await person.press("f8")
        assert person.at is StepId.COMMAND


async def test_next_with_a_text_of_no_use_stays_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the step may be skipped: the person wanted to give something."""
    monkeypatch.setattr("screens.app.evidence.PAUSE", 60)
    async with driven(empty(), StepId.SYMPTOM) as person:
        person.type_at_once("nothing of use")
        await person.press("f8")
        assert person.at is StepId.SYMPTOM
        assert "does not recognise this text" in person.text
        await person.press("f8")
        assert "Step 2 of 11" in person.text


async def test_a_name_without_enter_counts_when_going_on() -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.press(*"Mail", "f8")
        assert person.at is StepId.LOGGING
        assert person.case.connector == "Mail"


async def test_a_name_without_enter_is_kept_when_going_back() -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.press(*"Mail", "escape", "f8")
        assert person.at is StepId.CONNECTOR
        assert person.name == "Mail"
        assert person.case.connector == ""


async def test_a_refused_name_is_kept_to_be_mended() -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.paste("Out\u202ebound")
        await person.press("enter", "escape", "f8")
        assert person.name == "Out\u202ebound"


async def test_a_typed_name_leaves_the_pasted_output_beside_it() -> None:
    output = evidence.connectors("Internet", "Partner")
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.paste(output)
        person.screen.query_one("#name").focus()
        await person.press(*"Partner", "enter")
        assert person.case.connector == "Partner"
        await person.press("escape", "f8")
        assert person.pasted == output


async def test_escape_goes_back_even_over_the_place_for_evidence() -> None:
    async with driven(empty()) as person:
        for step_id in (s.id for s in STEPS if s.takes_text):
            await person.begin(sample_at(step_id), step_id)
            person.screen.set_focus(person.screen.query_one(EvidenceField))
            kept = person.pasted
            await person.press("escape")
            assert person.at is not step_id
            await person.go(step_id)
            assert person.pasted == kept != ""


async def test_back_from_the_first_step_is_the_welcome_and_from_there_one_goes_on() -> None:
    async with driven(our_case(StepId.SERVICES), StepId.SYMPTOM) as person:
        await person.press("escape")
        assert person.dialog == "WelcomeScreen"
        await person.press("enter")
        assert person.at is StepId.SERVICES


async def test_back_from_the_summary_is_the_last_step() -> None:
    async with driven(sample_at(None)) as person:
        await person.go(None)
        await person.press("escape")
        assert person.at is StepId.RESTORE


@pytest.mark.parametrize("key", ["f8", "escape", "f3", "f2", "f1", "f6", "enter"])
async def test_keys_that_come_before_the_next_screen_stands_do_no_harm(key: str) -> None:
    """A key held down repeats thirty times a second, and an Enter may be pressed twice."""
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        await person.paste(evidence.certificate())
        for _ in range(3):
            person.app.post_message(events.Key("f8", None))
            for _ in range(6):
                person.app.post_message(events.Key(key, "\r" if key == "enter" else None))
        await person.settle()
        assert person.app.is_running
        assert "Traceback" not in person.frame


async def test_undo_brings_back_a_replaced_paste_and_it_is_read_again() -> None:
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        await person.paste(evidence.certificate("POP"))
        await person.paste(evidence.certificate("IMAP"))
        assert "Services now: IMAP." in person.said
        person.screen.set_focus(person.screen.query_one(EvidenceField))
        await person.press("ctrl+z")
        await person.until(lambda: "Services now: POP." in person.said)
        assert person.pasted == evidence.certificate("POP")


async def test_undo_and_redo_know_a_large_paste_as_a_whole() -> None:
    large = evidence.log(evidence.OURS) + "# filler\n" * 10_000
    small = evidence.log(evidence.ANOTHER)
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(small)
        await person.paste(large)
        person.screen.set_focus(person.screen.query_one(EvidenceField))
        await person.press("ctrl+z")
        await person.until(lambda: person.case.answer(StepId.LOG).text == small)
        assert person.case.now.thumbprint == evidence.ANOTHER
        await person.press("ctrl+y")
        await person.until(lambda: person.case.answer(StepId.LOG).text == large)
        await person.settle()
        assert person.pasted == large
        assert person.case.now.thumbprint == evidence.OURS


async def test_a_large_paste_can_be_cleared_and_brought_back() -> None:
    large = evidence.log(evidence.OURS) + "# filler\n" * 10_000
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(large)
        person.screen.set_focus(person.screen.query_one(EvidenceField))
        await person.press("delete")
        assert person.pasted == ""
        await person.press("ctrl+z")
        assert person.pasted == large


async def test_a_changed_answer_marks_what_stands_on_it_and_keeps_it() -> None:
    async with driven(sample_at(None), StepId.CONNECTOR) as person:
        kept = {s.id: person.case.answer(s.id).text for s in STEPS}
        await person.choose(1)
        assert StepId.LOG in check_again(person.case)
        assert "!Log" in person.strip
        await person.go(StepId.LOG)
        assert "Check again: an earlier answer has changed since." in person.text
        assert {step: person.case.answer(step).text for step in kept} == kept
        await person.go(StepId.CONNECTOR)
        await person.choose(0)
        assert "!" not in person.strip


async def test_the_summary_names_what_is_to_be_checked_again() -> None:
    async with driven(sample_at(None), StepId.CONNECTOR) as person:
        await person.choose(1)
        await person.go(None)
        summary = str(person.app.screen.query_one("#summary").render())
        assert "Check again, an earlier answer has changed" in summary
