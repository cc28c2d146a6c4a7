"""What reaches the clipboard is what stands in the box, and the binding line never before the word about N."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.widgets import Button

from screens.app import HANDED_OVER
from screens.summary import NOT_FOR_THE_SHELL
from screens.widgets.command import LONGEST, SHOWN
from tests.screens import evidence
from tests.screens.driving import Driven, MemoryClipboard, driven, empty, our_case, sample_at
from wizard.case import StepId
from wizard.clipboard import Copied, Proof
from wizard.report import summary
from wizard.steps import STEPS
from wizard.words import with_keys

PROVEN = "Copied, and read back: this computer's clipboard holds exactly this text."


async def by_key(person: Driven) -> None:
    await person.press("f2")


async def by_palette(person: Driven) -> None:
    await person.call("Copy the command")


@pytest.mark.parametrize("step_id", [s.id for s in STEPS], ids=lambda s: s.value)
async def test_every_command_of_every_step_is_copied_as_it_stands(step_id: StepId) -> None:
    """Whole, on one line, and without a line end: a line end would be an Enter."""
    case = sample_at(step_id).told()
    async with driven(case, step_id) as person:
        commands = person.screen.step.commands(case)
        for _ in commands:
            await person.press("f2")
            copied = person.clipboard.text
            assert "\n" not in copied
            assert copied in {command.text for command in commands}
            assert person.command == copied if len(copied) <= LONGEST else person.command.startswith(copied[:SHOWN])
            assert person.status.startswith(PROVEN)
            await person.press("f3")


async def test_of_the_survey_the_beginning_is_shown_and_all_of_it_copied() -> None:
    async with driven(sample_at(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        await person.press("f3", "f2")
        assert "Everything in one paste" in person.frame
        assert f"({len(person.clipboard.text):,} characters, only questions" in person.text
        assert person.clipboard.text.startswith("&{$c=@(Get-SendConnector")


@pytest.mark.parametrize("at", [StepId.COMMAND, StepId.PROMPT], ids=lambda s: s.value)
@pytest.mark.parametrize("form", ["f8", "f3"], ids=["merged", "smallest"])
@pytest.mark.parametrize("way", [by_key, by_palette], ids=lambda way: way.__name__)
async def test_the_word_about_n_comes_before_the_binding_line(
    way: Callable[[Driven], Awaitable[None]], form: str, at: StepId
) -> None:
    line = evidence.BIND_SMALLEST if form == "f3" else evidence.BIND
    async with driven(our_case(StepId.COMMAND), StepId.COMMAND) as person:
        if form == "f3":
            await person.press("f3")
        if at is StepId.PROMPT:
            await person.press("f8")
        await way(person)
        assert person.clipboard.text == ""
        assert "Type N and press Enter." in person.text
        assert "Enter alone means YES" in person.text
        await person.press("enter")
        assert person.clipboard.text == line
        assert person.status == f"{PROVEN} Answer N to its question."


async def test_not_yet_copies_nothing_and_the_word_comes_again() -> None:
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f2", "tab", "enter")
        assert person.clipboard.text == ""
        assert not person.case.told_to_answer_no
        await person.press("f2")
        assert person.dialog == "BeforeCopyDialog"


async def test_nothing_is_copied_behind_the_words_back() -> None:
    """While the dialog is open, F2 is not a second wish to copy."""
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f2", "f2", "f2", "ctrl+v")
        assert person.clipboard.text == ""
        assert person.dialog == "BeforeCopyDialog"


async def test_once_told_it_is_copied_at_once_with_a_reminder() -> None:
    async with driven(our_case(StepId.PROMPT).told(), StepId.PROMPT) as person:
        await person.press("f2")
        assert person.clipboard.text == evidence.BIND
        assert "Answer N to its question." in person.status


async def test_the_whole_summary_holds_the_line_so_the_word_comes_first() -> None:
    async with driven(our_case(StepId.PROMPT)) as person:
        await person.go(None)
        await person.press("f2")
        assert person.clipboard.text == ""
        assert "Enter alone means YES" in person.text
        await person.press("enter")
        assert person.clipboard.text == summary(person.case)
        assert person.status == f"{PROVEN} {NOT_FOR_THE_SHELL}"


async def test_a_summary_without_the_line_is_copied_at_once() -> None:
    async with driven(empty()) as person:
        await person.go(None)
        await person.press("f2")
        assert person.clipboard.text == summary(person.case)


async def test_f3_at_the_command_step_turns_the_form_and_everything_follows() -> None:
    async with driven(our_case(StepId.COMMAND), StepId.COMMAND) as person:
        for line, mark in ((evidence.BIND_SMALLEST, "(*) The smallest"), (evidence.BIND, "(*) As the article")):
            await person.press("f3")
            assert person.command == line
            assert mark in person.text
        await person.press("f3", "f8")
        assert person.command == evidence.BIND_SMALLEST
        await person.press("escape")
        assert person.command == evidence.BIND_SMALLEST


async def test_after_a_wrong_y_the_way_back_is_the_next_step_and_is_copied_without_the_word_about_n() -> None:
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.paste(evidence.PROMPT)
        await person.choose(2)
        await person.press("f8")
        assert person.is_at(StepId.UNDO)
        assert person.command == f"Enable-ExchangeCertificate -Thumbprint '{evidence.DEFAULT}' -Services SMTP"
        await person.press("f2")
        assert person.clipboard.text == person.command
        assert "Answer N" not in person.status
        await person.choose(0)
        await person.press("f8")
        assert person.is_at(StepId.VERIFY)
        assert person.case.undone


async def test_the_shown_command_stays_when_the_screen_is_drawn_again() -> None:
    async with driven(our_case(StepId.RETRY), StepId.RETRY) as person:
        await person.press("f3")
        assert person.command.startswith("Get-Queue")
        await person.paste("nothing of use")
        assert person.command.startswith("Get-Queue")


async def test_without_a_clipboard_the_line_is_handed_to_the_terminal_and_not_called_copied() -> None:
    board = MemoryClipboard(trouble="no program for it is installed")
    async with driven(empty(), StepId.SYMPTOM, clipboard=board) as person:
        await person.press("f2")
        assert person.app.clipboard == person.command
        assert person.status == with_keys(HANDED_OVER, person.app.keymap.name)
        assert "Or Ctrl+S saves all commands to a file." in person.text
        assert "Copied" not in person.status


@pytest.mark.parametrize("proof", [Proof.UNREAD, Proof.DIFFERENT], ids=lambda p: p.value)
async def test_a_copy_that_is_not_proven_says_so(proof: Proof, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.clipboard.copy", lambda _text, _board: Copied(proof, "Look before you paste."))
    async with driven(empty(), StepId.SYMPTOM) as person:
        await person.press("f2")
        assert person.status == "Look before you paste."


async def test_a_slow_clipboard_does_not_hold_up_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()

    def slow(_text: str, _board: object) -> Copied:
        opened.wait(20)
        return Copied(Proof.PROVEN, "Copied at last.")

    monkeypatch.setattr("wizard.clipboard.copy", slow)
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        person.screen.action_copy()
        person.app.go(StepId.LOG)
        await person.until(lambda: person.at is StepId.LOG and person.screen.ready)
        opened.set()
        await person.settle()
        assert person.status == "Copied at last."


@pytest.mark.parametrize("key", ["f4", "ctrl+v"])
@pytest.mark.parametrize("focus", ["#evidence", "#next"])
async def test_the_clipboard_is_taken_wherever_the_focus_is(key: str, focus: str) -> None:
    async with driven(empty(), StepId.SYMPTOM, clipboard=MemoryClipboard(evidence.QUEUES)) as person:
        person.screen.query_one(focus).focus()
        await person.press(key)
        assert person.pasted == evidence.QUEUES
        assert person.case.queues


@pytest.mark.parametrize("key", ["f4", "ctrl+v"])
async def test_a_name_on_the_clipboard_goes_into_the_name_field(key: str) -> None:
    async with driven(empty(), StepId.CONNECTOR, clipboard=MemoryClipboard("Outbound to Office 365\r\n")) as person:
        await person.press(key, "enter")
        assert person.case.connector == "Outbound to Office 365"


async def test_an_output_on_the_clipboard_is_read_even_from_the_name_field() -> None:
    board = MemoryClipboard(evidence.connectors("Internet", "Partner").replace("\n", "\r\n"))
    async with driven(empty(), StepId.CONNECTOR, clipboard=board) as person:
        await person.press("f4")
        assert [c.name for c in person.case.connectors] == ["Internet", "Partner"]


@pytest.mark.parametrize(("text", "trouble"), [("", ""), (" \n", ""), ("", "This session has no display.")])
async def test_a_clipboard_that_gives_nothing_says_why(text: str, trouble: str) -> None:
    async with driven(empty(), StepId.SYMPTOM, clipboard=MemoryClipboard(text, trouble)) as person:
        await person.press("f4")
        assert person.status == (trouble or "There is no text on the clipboard.")
        assert person.pasted == ""


async def test_the_summary_is_saved_to_a_file_for_when_no_clipboard_works(tmp_path: Path) -> None:
    async with driven(our_case(None), StepId.SYMPTOM, save_into=tmp_path) as person:
        await person.press("ctrl+s")
        saved = tmp_path / "exchange-cert-wizard-20261122-030507.txt"
        assert person.status == f"Saved: {saved}"
        assert saved.read_bytes() == summary(person.case).encode() + b"\n"
        assert f"\n  {evidence.BIND}\n" in saved.read_text(encoding="utf-8")


async def test_a_file_that_cannot_be_saved_says_why(tmp_path: Path) -> None:
    async with driven(our_case(None), StepId.SYMPTOM, save_into=tmp_path / "gone") as person:
        await person.press("ctrl+s")
        assert person.status.startswith("Could not save to ")
        assert person.status.endswith("No such file or directory")


async def test_the_word_can_be_answered_with_the_keyboard_alone() -> None:
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f2")
        assert isinstance(person.app.focused, Button)
        assert person.focus == "copy"
        await person.press("shift+tab")
        assert person.focus == "refuse"
        await person.press("escape")
        assert person.is_at(StepId.PROMPT)
