"""The command palette: every action that makes sense on the screen in front, and none that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.actions import all_actions
from screens.app.palette import rows as palette_rows
from tests.screens.driving import Driven, driven, our_case, sample_at
from wizard.case.book import Casebook
from wizard.case.case import StepId
from wizard.machine.settings import Settings
from wizard.steps.flow import steps_of

pytestmark = pytest.mark.long

EVERYWHERE = {"All keys", "Practice", "Light or dark", "Quit"}
IN_A_CASE = {"Status for whoever asks", "Hand over", "Save the summary", "Start again"}
IN_PRACTICE = {
    "Shell or wizard",
    "The task",
    "A hint",
    "Go to another server",
    "Let time pass",
    "Ask the coach",
    "Give the answer to the wizard",
    "Finish the exercise",
}
AT_A_STEP = {"Next step", "Back", "Explain this step", "What is known so far", "Summary"}


def offered(person: Driven) -> set[str]:
    """The rows for the screen in front, without those that go to a step."""
    titles = {row.title for row in palette_rows(person.app, person.app.screen)}
    return {title for title in titles if not title.startswith("Go to: ")}


async def test_a_step_offers_all_its_actions() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        expected = {"Copy the command", "Show the line alone", "Read the clipboard", "Open a file or folder"}
        assert offered(person) == EVERYWHERE | IN_A_CASE | AT_A_STEP | expected


async def test_together_the_steps_offer_every_action(tmp_path: Path) -> None:
    seen: set[str] = set()
    async with driven(sample_at(StepId.PROMPT), StepId.COMMAND, book=Casebook(tmp_path)) as person:
        for step_id in (StepId.COMMAND, StepId.LOG, None):
            await person.go(step_id)
            seen |= offered(person)
    assert seen | IN_PRACTICE == {action.title for action in all_actions() if action.title}
    assert not seen & IN_PRACTICE


async def test_with_nothing_typed_the_most_important_stands_first() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG, size=(80, 40)) as person:
        await person.press("f9")
        await person.until(lambda: "Next step" in person.frame)
        rows = [line.strip("\u2502 ") for line in person.frame.split("\n") if line.startswith("\u2502  ")]
        offered = [row.title for row in palette_rows(person.app, person.app.screen_stack[-2])]
        seen = [row.partition("  ")[0] for row in rows if row.partition("  ")[0] in offered]
        assert seen == offered[: len(seen)]
        assert seen[:4] == ["Next step", "Back", "Explain this step", "Copy the command"]
        assert {"Next step  F8", "Back  Esc", "Copy the command  F2", "Open a file or folder  F5"} <= set(rows)


async def test_a_row_names_the_key_of_the_screen_in_front() -> None:
    async with driven(our_case(None), settings=Settings(keys={"summary.copy": "Ctrl+K"})) as person:
        await person.go(None)
        await person.press("f9")
        await person.until(lambda: "Copy the summary" in person.frame)
        assert "Copy the summary  Ctrl+K" in person.frame


async def test_what_does_not_apply_is_not_offered() -> None:
    async with driven(our_case(StepId.COMMAND), StepId.COMMAND) as person:
        assert not offered(person) & {"Read the clipboard", "Open a file or folder"}
        await person.go(StepId.PROMPT)
        assert "Show the other command" not in offered(person)
        assert "Open a file or folder" in offered(person)


async def test_every_step_can_be_gone_to() -> None:
    async with driven(sample_at(StepId.LOG), StepId.LOG) as person:
        titles = [row.title for row in palette_rows(person.app, person.app.screen)]
        assert [title for title in titles if title.startswith("Go to: ")] == [
            f"Go to: {s.words.title}" for s in steps_of(person.case)
        ]
        await person.call("Go to: Run it, and answer N")
        assert person.at is StepId.PROMPT


async def test_the_welcome_offers_no_way_back() -> None:
    """Textual has a `back` of its own that would leave an empty screen."""
    async with driven() as person:
        assert offered(person) == EVERYWHERE


async def test_a_dialog_offers_only_what_is_for_the_whole_program() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f1")
        assert offered(person) == EVERYWHERE | IN_A_CASE


async def test_the_summary_offers_its_own_actions() -> None:
    async with driven(our_case(None)) as person:
        await person.go(None)
        assert offered(person) == EVERYWHERE | IN_A_CASE | {"Back", "Copy the summary", "Show the summary alone"}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Next step", "The command that binds it"),
        ("Back", "Read the log"),
        ("Explain this step", "A certificate is assigned to services"),
        ("Show the other command", "Get-ExchangeCertificate -Server 'EX01' | Format-List"),
        ("Open a file or folder", "Type or paste a path"),
        ("Show the lines", "Services : POP, IIS"),
        ("What is known so far", "Our certificate"),
        ("Summary", "KB 4051498, outbound TLS"),
        ("All keys", "step.explain"),
        ("Start again", "Go on with the sample"),
    ],
)
async def test_a_row_does_what_it_says(title: str, expected: str) -> None:
    async with driven(sample_at(StepId.COMMAND), StepId.SERVICES) as person:
        await person.call(title)
        assert expected in person.text


async def test_going_somewhere_closes_the_dialogs_above() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.press("f1")
        await person.call("Go to: Put logging back", key="ctrl+p")
        assert person.at is StepId.RESTORE
        assert len(person.app.screen_stack) == 2


async def test_the_palette_ends_the_program() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.call("Quit")
        assert not person.app.is_running
