"""A paste in a console without bracketed paste arrives as keys: as fast as they are read, Enter and TAB among them."""

from __future__ import annotations

import asyncio

import pytest
from textual.widgets import OptionList

from screens.app.evidence import EvidenceField, NameInput
from tests.screens import evidence
from tests.screens.driving import driven, empty, named, our_case, sample_at
from wizard.case.case import StepId

pytestmark = pytest.mark.long


def long_ago(area: EvidenceField) -> None:
    """As if the last key had been pressed long before."""
    area._last_key = -1000.0


async def test_the_focus_stays_because_more_may_be_on_its_way() -> None:
    """An Enter that comes late must be a line of the paste, not a push of the button Next."""
    async with driven(empty(), StepId.SYMPTOM) as person:
        await person.old_paste(evidence.QUEUES)
        assert person.focus == "evidence"
        assert person.status == "Read. Press F8 to go on."
        await person.old_paste("\n\n")
        assert person.at is StepId.SYMPTOM


async def test_a_tab_within_the_paste_is_text_and_one_by_hand_moves_on() -> None:
    async with driven(empty(), StepId.SYMPTOM) as person:
        await person.old_paste("Identity\tStatus\nMBX1\\1\tRetry")
        assert person.focus == "evidence"
        assert person.pasted == "Identity\tStatus\nMBX1\\1\tRetry"
        await person.press("tab")
        assert person.focus != "evidence"


async def test_a_pause_within_the_paste_loses_nothing() -> None:
    """Over a slow line a paste can stand still for longer than the pause after which it is read."""
    text = evidence.log(evidence.OURS)
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.old_paste(text[:400])
        await person.old_paste(text[400:])
        assert person.pasted == text
        assert person.case.now.thumbprint == evidence.OURS


async def test_a_second_paste_takes_the_place_of_the_first() -> None:
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        await person.paste(evidence.certificate("IMAP"))
        person.screen.set_focus(person.screen.query_one(EvidenceField))
        long_ago(person.screen.query_one(EvidenceField))
        await person.old_paste(evidence.certificate("POP, IIS"))
        assert person.pasted == evidence.certificate("POP, IIS")
        assert "Services now: IIS, POP." in person.said


async def test_a_second_paste_takes_the_place_of_a_large_one_too() -> None:
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(evidence.log(evidence.ANOTHER) + "x\n" * 20_000)
        person.screen.set_focus(person.screen.query_one(EvidenceField))
        long_ago(person.screen.query_one(EvidenceField))
        await person.old_paste(evidence.log(evidence.OURS))
        assert person.pasted == evidence.log(evidence.OURS)
        assert person.case.now.thumbprint == evidence.OURS


async def test_what_a_hand_types_is_added_where_the_cursor_stands() -> None:
    async with driven(empty(), StepId.SYMPTOM) as person:
        await person.paste("451 4.4.0")
        person.screen.set_focus(person.screen.query_one(EvidenceField))
        await person.press("end", *"!x")
        assert person.pasted == "451 4.4.0!x"


@pytest.mark.parametrize("at", [StepId.SYMPTOM, StepId.SERVICES, StepId.PROMPT], ids=lambda s: s.value)
async def test_it_finds_its_place_even_while_a_button_has_the_focus(at: StepId) -> None:
    text = {StepId.SYMPTOM: evidence.QUEUES, StepId.SERVICES: evidence.certificate(), StepId.PROMPT: evidence.PROMPT}
    async with driven(our_case(at), at) as person:
        person.screen.query_one("#next").focus()
        await person.settle()
        await person.old_paste(text[at].strip())
        assert person.pasted == text[at].strip()
        assert person.at is at
        assert person.case.answer(at).text.strip() == text[at].strip()


async def test_it_finds_its_place_while_a_list_has_the_focus() -> None:
    async with driven(sample_at(StepId.PROMPT), StepId.PROMPT) as person:
        assert isinstance(person.app.focused, OptionList)
        await person.old_paste(evidence.PROMPT.strip())
        assert person.pasted == evidence.PROMPT.strip()


async def test_a_blank_on_a_button_is_no_text() -> None:
    async with driven(sample_at(StepId.SERVICES), StepId.SERVICES) as person:
        before = person.pasted
        await person.press("space")
        assert person.focus == "next"
        assert person.pasted == before


@pytest.mark.parametrize(
    "text",
    [
        evidence.connectors("Internet", evidence.CONNECTOR).lstrip(),
        evidence.connectors("Internet", evidence.CONNECTOR),
        '[\n{"Name": "Internet", "Guid": "c5d0a7b1-6e28-4f93-b1d4-08a9e37f5c62", "Enabled": true}\n]',
        '"Name","Guid","Enabled"\n"Internet","c5d0a7b1-6e28-4f93-b1d4-08a9e37f5c62","True"',
        "Name\tEnabled\n----\t-------\nInternet\tTrue",
    ],
    ids=["list", "list after a blank line", "JSON", "CSV", "table with tabs"],
)
async def test_output_typed_into_the_name_field_is_gathered_whole(text: str) -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        assert isinstance(person.app.focused, NameInput)
        await person.old_paste(text)
        assert "Internet" in [c.name for c in person.case.connectors]
        assert person.pasted.strip() == text.strip()
        assert person.name in ("", person.case.connector)


async def test_a_name_pasted_with_its_line_end_is_a_name() -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.old_paste("Outbound to Office 365\n")
        assert person.case.connector == "Outbound to Office 365"
        assert person.name == "Outbound to Office 365"


async def test_next_does_not_overtake_what_is_still_being_typed() -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        person.type_at_once(evidence.connectors(evidence.CONNECTOR))
        await asyncio.sleep(0)
        await person.press("f8")
        assert person.case.connector == evidence.CONNECTOR
        assert person.at is StepId.LOGGING
