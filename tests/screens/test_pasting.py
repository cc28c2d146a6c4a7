"""A paste, as one event or as keys, over whatever has the focus: it presses nothing, and goes where it belongs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from screens.app.arrival import BEHIND, ONE_LINE, TypedText
from screens.app.evidence import SHOWN_CHARACTERS, EvidenceField
from screens.words import NO_TEXT_HERE
from tests.screens import evidence
from tests.screens.driving import GIVEN, Driven, MemoryClipboard, driven, empty, named, our_case
from tests.screens.scenes import welcome
from wizard.assets import words
from wizard.case.case import Case, Deed, StepId

pytestmark = pytest.mark.long

LARGE_LOG = evidence.log(evidence.OURS) + "# a comment in the log\n" * 9_000
"""More than is shown, and than is read while one waits; how megabytes come in is seen in a real terminal."""

WAYS = ["pasted", "keys", "keys in one read"]
"""How a paste arrives: bracketed, as keys handed out one by one, as keys the parser found together."""


async def each_way(person: Driven, case: Case | None, at: StepId | None = None) -> AsyncIterator[str]:
    """Each way of a paste, each time at this step of this case anew; without a case at the welcome."""
    for way in WAYS:
        await stand(person, case, at)
        yield way


async def stand(person: Driven, case: Case | None, at: StepId | None = None) -> None:
    """Go to this step of this case, or to the welcome, with nothing said and nothing copied before."""
    person.app.clear_notifications()
    person.clipboard.text = ""
    await person.begin(case or empty(), at)
    if case is None:
        await welcome(person)


async def arrive(person: Driven, text: str, way: str) -> None:
    """The text comes in from the terminal, and the pause after which it is whole passes."""
    if way == "pasted":
        await person.paste(text)
    elif way == "keys":
        await person.old_paste(text)
    else:
        for begin in range(0, len(text), 1024):
            person.app.post_message(TypedText(text[begin : begin + 1024]))
        await person.old_paste("")
    await person.settle()


def toasts(person: Driven) -> list[str]:
    return [note.message for note in person.app._notifications]


FOCUSED = [
    ("keys", "#next"),
    ("keys", "#back"),
    ("keys", "#choices"),
    ("pasted", "#next"),
    ("keys in one read", "#next"),
]
"""What has the focus would take single keys; the rest is no key to it."""


async def test_at_a_step_without_a_place_for_text_it_goes_to_the_step_it_belongs_to() -> None:
    """The question of the command just run is pasted where the command stands: the first Enter must not press Next."""
    before = our_case(StepId.COMMAND).seeing(StepId.COMMAND)
    async with driven() as person:
        for way, focus in FOCUSED:
            await stand(person, before, StepId.COMMAND)
            person.screen.query_one(focus).focus()
            await person.settle()
            await arrive(person, "\n\n" + evidence.PROMPT, way)
            assert person.at is StepId.COMMAND
            assert person.status == f"Taken for another step: {words(StepId.PROMPT).title}"
            assert person.case.now.prompt
            assert person.case.now.variant is before.now.variant
            finished = [
                [(step, answer.stood_on) for _server, step, answer in case.every_answer() if answer.finished]
                for case in (person.case, before)
            ]
            assert finished[0] == finished[1]
            assert not person.case.answer(StepId.COMMAND).text
            await person.go(StepId.PROMPT)
            assert person.pasted.strip() == evidence.PROMPT.strip()


async def test_what_no_step_knows_is_named_as_such_where_no_text_is_taken() -> None:
    async with driven() as person:
        async for way in each_way(person, our_case(StepId.COMMAND), StepId.COMMAND):
            await arrive(person, "a shopping list\nbread\n", way)
            assert f"Note: {NO_TEXT_HERE}" in person.said
            assert person.at is StepId.COMMAND


async def test_on_the_welcome_screen_it_begins_a_case_at_its_step() -> None:
    given = [
        *(("\n" + evidence.QUEUES, way, StepId.SYMPTOM) for way in WAYS),
        (evidence.connectors("Partner"), "keys", StepId.CONNECTOR),
        (evidence.log(evidence.OURS), "pasted", StepId.LOG),
        (LARGE_LOG, "pasted", StepId.LOG),
        (LARGE_LOG, "keys in one read", StepId.LOG),
    ]
    async with driven() as person:
        for text, way, at in given:
            await stand(person, None)
            await arrive(person, text, way)
            await person.until(lambda: bool(person.case.answer(at).text) and person.at is at)  # noqa: B023
            await person.settle()
            assert person.pasted == text
            assert not person.case.sample
            assert person.status.startswith("Read.")


async def test_on_the_welcome_screen_what_is_not_known_begins_nothing() -> None:
    async with driven() as person:
        async for way in each_way(person, None):
            await arrive(person, "\n\na shopping list\nbread\n", way)
            assert person.dialog == "WelcomeScreen"
            assert not person.app.begun
            assert person.status.startswith("Not taken: what was pasted is not known to the wizard.")


async def test_on_the_welcome_screen_it_goes_on_with_the_case_that_was_begun() -> None:
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        person.app.action_restart()
        await person.settle()
        await person.paste(evidence.certificate())
        await person.until(lambda: person.at is StepId.SERVICES)
        await person.settle()
        assert person.case.now.thumbprint == evidence.OURS
        assert "Services now: IIS, POP." in person.said


async def test_on_the_summary_it_goes_to_its_step() -> None:
    async with driven() as person:
        async for way in each_way(person, our_case(StepId.RESTORE), None):
            await arrive(person, evidence.connectors(evidence.CONNECTOR), way)
            await person.until(lambda: person.at is StepId.RESTORE)
            await person.settle()
            assert person.case.connectors_after
            assert person.app.is_running


async def test_over_a_window_it_is_given_to_the_step_behind_and_the_window_stays() -> None:
    """Enter closes the help, and copies where the question stands what the command will ask."""
    over = [("f1", "keys"), ("f7", "keys"), ("f2", "keys"), ("f1", "pasted"), ("f2", "keys in one read")]
    async with driven() as person:
        for key, way in over:
            await stand(person, our_case(StepId.COMMAND), StepId.COMMAND)
            await person.press(key)
            front = person.dialog
            assert front != "StepScreen"
            await arrive(person, "\n" + evidence.PROMPT, way)
            assert person.dialog == front
            assert person.case.now.prompt
            assert person.clipboard.text == ""
            assert person.app.named(BEHIND) in toasts(person)


async def test_over_a_list_of_answers_nothing_is_chosen() -> None:
    async with driven() as person:
        async for way in each_way(person, our_case(StepId.PROMPT), StepId.PROMPT):
            person.screen.query_one("#choices", OptionList).focus()
            await person.settle()
            answer = person.case.now.prompt_answer
            await arrive(person, "\n\n" + evidence.PROMPT, way)
            assert person.case.now.prompt_answer is answer
            assert person.pasted == "\n\n" + evidence.PROMPT
            assert person.at is StepId.PROMPT


async def test_blank_lines_around_it_press_no_button() -> None:
    text = "\n\n" + evidence.QUEUES + "\n\n"
    async with driven() as person:
        async for way in each_way(person, our_case(StepId.RETRY), StepId.RETRY):
            person.screen.query_one("#next").focus()
            await person.settle()
            await arrive(person, text, way)
            assert person.pasted == text
            assert person.at is StepId.RETRY


async def test_one_that_begins_with_blank_lines_does_not_look_empty() -> None:
    async with driven() as person:
        async for way in each_way(person, empty(), StepId.SYMPTOM):
            await arrive(person, "\n\n\n" + evidence.QUEUES.lstrip(), way)
            assert "Identity      : MBX1" in person.frame


async def test_keys_of_any_number_are_held_outside_the_text_area_and_read_once() -> None:
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await arrive(person, LARGE_LOG, "keys in one read")
        await person.until(lambda: bool(person.case.now.thumbprint))
        await person.settle()
        assert person.pasted == LARGE_LOG
        assert len(person.screen.query_one(EvidenceField).text) <= SHOWN_CHARACTERS
        assert "Given: 208 KB, 9,010 rows; this is its head" in person.text


async def test_next_right_behind_such_keys_reads_them_all() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        person.app.post_message(TypedText(evidence.log(evidence.OURS)))
        await person.press("f8")
        assert person.case.answer(StepId.LOG).text == evidence.log(evidence.OURS)
        assert person.case.now.thumbprint == evidence.OURS


async def test_a_name_pasted_over_one_that_was_entered_takes_its_place() -> None:
    async with driven() as person:
        async for way in each_way(person, empty(), StepId.CONNECTOR):
            await person.old_paste("Outbound to Office 365\n")
            person.screen.query_one("#name").focus()
            await arrive(person, "Partner mail", way)
            assert person.name == "Partner mail"


async def test_a_line_of_an_error_or_a_prompt_is_no_name() -> None:
    queue = '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out."\n'
    given = [
        ("The operation couldn't be performed because object 'x' couldn't be found.\n", "pasted", "#name"),
        ("[PS] C:\\Windows\\system32>\n", "pasted", "#name"),
        ("[PS] C:\\Windows\\system32>Get-SendConnector\n", "keys", "#name"),
        *((queue, way, "#name") for way in ("pasted", "keys")),
        (queue, "keys in one read", "#evidence"),
    ]
    async with driven() as person:
        for text, way, focus in given:
            await stand(person, empty(), StepId.CONNECTOR)
            person.screen.query_one(focus).focus()
            await person.settle()
            await arrive(person, text, way)
            assert person.case.connector == ""
            assert person.pasted.strip() == text.strip()


async def test_f4_takes_an_output_and_a_name_each_to_its_place() -> None:
    board = MemoryClipboard("Partner mail\r\n")
    async with driven(empty(), StepId.CONNECTOR, clipboard=board) as person:
        await person.press("f4")
        assert person.name == "Partner mail"
        board.text = evidence.connectors("Internet")
        await person.press("f4")
        assert person.case.connector == "Internet"


async def test_the_palette_says_that_it_took_one_line() -> None:
    async with driven() as person:
        async for way in each_way(person, our_case(StepId.LOG), StepId.LOG):
            await person.press("f9")
            await arrive(person, "help\nand more\n", way)
            assert isinstance(person.app.focused, Input)
            assert person.app.focused.value == "help"
            assert ONE_LINE in toasts(person)


async def test_a_path_dropped_into_the_evidence_is_opened(tmp_path: Path) -> None:
    log = tmp_path / "Smtp Send 1.log"
    log.write_text(evidence.log(evidence.OURS), encoding="utf-8")
    url, escaped = str(log).replace(" ", "%20"), str(log).replace(" ", "\\ ")
    dropped = [
        *((written, "pasted") for written in ("{}", '"{}"', "'{}' ", "file://{url}", "{escaped}")),
        ('"{}"', "keys"),
        ("{}", "keys in one read"),
    ]
    async with driven() as person:
        for written, way in dropped:
            await stand(person, our_case(StepId.LOG), StepId.LOG)
            await arrive(person, written.format(log, url=url, escaped=escaped), way)
            await person.until(lambda: bool(person.case.now.thumbprint))
            await person.settle()
            assert person.case.answer(StepId.LOG).path == str(log)
            assert "Read from" in person.frame


async def test_a_path_dropped_into_the_field_of_the_name_is_opened(tmp_path: Path) -> None:
    saved = tmp_path / "connectors.txt"
    saved.write_text(evidence.connectors("Partner"), encoding="utf-8")
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.paste(f"'{saved}' ")
        assert person.case.connector == "Partner"


async def test_a_path_to_nothing_says_so_and_stays() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.paste("/not/there.log")
        assert "It looks like a path, but nothing is there: /not/there.log." in person.said
        assert person.pasted == "/not/there.log"


async def test_evidence_of_one_line_is_no_path() -> None:
    text = "451 4.4.0 DNS query failed"
    async with driven(our_case(StepId.RETRY), StepId.RETRY) as person:
        await person.paste(text)
        assert person.pasted == text
        assert person.case.now.queues_after


async def test_a_key_by_hand_stays_a_key() -> None:
    async with driven(our_case(StepId.COMMAND), StepId.COMMAND) as person:
        person.screen.query_one("#next").focus()
        await person.press("enter")
        assert person.at is StepId.PROMPT


async def test_every_paste_is_in_the_record() -> None:
    given = [StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOG, StepId.SERVICES, StepId.PROMPT]
    async with driven() as person:
        for way in ("pasted", "keys in one read"):
            await stand(person, empty(), StepId.SYMPTOM)
            for at in given:
                await person.go(at)
                await arrive(person, GIVEN[at], way)
            assert [deed.step for deed in person.case.journal if deed.deed is Deed.READ] == given
