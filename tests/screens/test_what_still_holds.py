"""What stands on a step's screen still holds: nothing is left there that an answer has overtaken."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens import evidence
from tests.screens.driving import Driven, driven, empty, our_case
from tests.screens.evidence import CONNECTOR
from tests.screens.test_plain import Led
from wizard.case.case import StepId
from wizard.steps.flow import step

pytestmark = pytest.mark.long

TWO = evidence.connectors(CONNECTOR, "Internet")


async def at_the_connectors(person: Driven) -> None:
    await person.paste(TWO)
    assert person.status == "Read. Choose the connector first."


async def test_what_an_answer_was_asked_for_is_not_asked_any_more() -> None:
    async with driven(our_case(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        await at_the_connectors(person)
        await person.choose(0)
        assert person.case.connector == CONNECTOR
        assert person.status == ""
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f8")
        assert person.status.startswith(step(StepId.PROMPT).missing(person.case))
        await person.choose(0)
        assert person.status == ""


async def test_why_a_text_was_refused_goes_with_the_answer_that_was_given_without_it() -> None:
    async with driven(our_case(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        await at_the_connectors(person)
        await person.paste("a shopping list\nbread\n")
        assert "does not recognise" in person.said
        assert person.status == "Not taken: the reason stands above."
        await person.choose(1)
        assert "does not recognise" not in person.said
        assert person.status == ""


def test_line_by_line_a_refusal_goes_in_the_same_way() -> None:
    walk = Led(our_case(StepId.CONNECTOR), "n", "p", (TWO,), "p", ("a shopping list\nbread\n",), "2")
    assert "does not recognise" in walk.said
    assert walk.wizard.case.connector == "Internet"
    assert not any("does not recognise" in each.text for each in walk.wizard.said)


async def test_enter_where_no_answer_is_marked_says_how_to_give_one() -> None:
    """Enter alone must not say what was answered to the question, but silence would look like a fault."""
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        person.screen.query_one("#choices").focus()
        await person.press("enter", "enter")
        assert person.case.now.prompt_answer is None
        assert (
            person.status
            == f"{step(StepId.PROMPT).missing(person.case)} The arrow keys mark an answer, Enter chooses it."
        )


async def test_a_stray_word_in_the_names_field_drops_no_chosen_connector() -> None:
    async with driven(our_case(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        await at_the_connectors(person)
        await person.choose(1)
        person.screen.query_one("#name").focus()
        await person.press("S", "f8")
        assert person.is_at(StepId.CONNECTOR)
        assert person.case.connector == "Internet"
        assert "Internet stays chosen." in person.said
        assert "OK: Send connector: Internet." in person.said
        await person.press("f8")
        assert person.is_at(StepId.LOGGING)
        assert person.case.connector == "Internet"


async def test_a_name_that_is_entered_counts_though_the_output_does_not_have_it_and_is_not_called_right() -> None:
    async with driven(our_case(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        await at_the_connectors(person)
        person.screen.query_one("#name").focus()
        await person.press(*"Relay", "enter")
        assert person.case.connector == "Relay"
        assert "Warning: Relay is not among the connectors of the output." in person.said
        assert "OK: Send connector" not in person.said


async def test_a_blank_in_the_box_takes_nothing_back(tmp_path: Path) -> None:
    file = tmp_path / "connectors.txt"
    file.write_text(TWO, encoding="utf-8")
    async with driven(our_case(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        person.screen._opened(file)
        await person.until(lambda: bool(person.case.connectors))
        await person.settle()
        person.screen.query_one("#evidence").focus()
        await person.old_paste(" ")
        await person.press("f8")
        assert person.case.answer(StepId.CONNECTOR).path == str(file)
        assert "There is nothing in it" not in person.said
        assert "connectors.txt" in str(person.screen.query_one("#evidence").border_title)


async def test_nothing_is_not_said_to_be_kept() -> None:
    async with driven(empty()) as person:
        await person.paste("\n\n")
        assert f"Note: There is nothing in it. Needed: {step(StepId.SYMPTOM).words.needs}." in person.said
        assert person.status == "Nothing was taken: it is empty."


def test_line_by_line_nothing_is_not_said_to_be_kept_and_takes_nothing_back() -> None:
    walk = Led(empty(), "p", (evidence.QUEUES,), "p", ("",))
    assert "Nothing was taken: it is empty." in walk.lines
    assert walk.wizard.case.answer(StepId.SYMPTOM).text.strip() == evidence.QUEUES.strip()


async def test_an_empty_file_is_named_and_what_was_pasted_before_still_counts(tmp_path: Path) -> None:
    file = tmp_path / "empty.log"
    file.write_bytes(b"")
    async with driven(empty()) as person:
        await person.paste(evidence.QUEUES)
        person.screen._opened(file)
        await person.until(lambda: "There is nothing in empty.log." in person.said)
        await person.settle()
        assert person.pasted == evidence.QUEUES
        assert person.case.queues


async def test_what_a_person_gave_stays_in_its_place_when_it_is_refused() -> None:
    async with driven(empty()) as person:
        await person.paste("a shopping list\nbread\n")
        assert person.text.count("Not taken: the reason stands above.") == 1
        assert person.case.answer(StepId.SYMPTOM).text == "a shopping list\nbread\n"
