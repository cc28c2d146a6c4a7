"""What reaches the clipboard is what stands in the box, and the binding line never before the word about N."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.selection import SELECT_ALL
from textual.widgets import Input, TextArea

from screens.app.keys import Keymap
from screens.app.step import LONGEST, SHOWN
from screens.copies import NOT_YOURS, NOTHING_SELECTED, request
from screens.words import ALONE, NOT_FOR_THE_SHELL
from tests.screens import evidence
from tests.screens.driving import Driven, MemoryClipboard, driven, empty, our_case, sample_at
from wizard.assets import sample_case, with_keys
from wizard.case.case import StepId
from wizard.machine.clipboard import SENT, TOO_LONG, Copied, CopyProof
from wizard.machine.copying import MOST_BYTES, TerminalSession
from wizard.machine.settings import CopyRoute, Settings
from wizard.record.summary import summary
from wizard.steps.flow import STEPS

pytestmark = pytest.mark.long

OVER_SSH = TerminalSession("linux", {"TERM": "xterm-256color", "SSH_CONNECTION": "192.0.2.7 51000 198.51.100.4 22"})
BY_HAND = Settings(copy=CopyRoute.HAND)
USUAL = Keymap()
ALONE_NOW = with_keys(ALONE, USUAL.name)
PROVEN = "Copied, and read back: this computer's clipboard holds exactly this text."


async def by_key(person: Driven) -> None:
    await person.press("f2")


async def by_palette(person: Driven) -> None:
    await person.call("Copy the command")


async def test_every_command_of_every_step_is_copied_as_it_stands() -> None:
    """Whole, on one line, and without a line end: a line end would be an Enter."""
    async with driven(empty()) as person:
        for s in STEPS:
            await person.begin(sample_at(s.id).told(), s.id)
            commands = person.screen.step.commands(person.case)
            for _ in commands:
                await person.press("f2")
                copied = person.clipboard.text
                assert "\n" not in copied
                assert copied in {command.text for command in commands}, s.id
                assert person.command == copied if len(copied) <= LONGEST else person.command.startswith(copied[:SHOWN])
                assert person.status.startswith(PROVEN)
                await person.press("f3")


async def test_of_the_survey_the_beginning_is_shown_and_all_of_it_copied() -> None:
    async with driven(sample_at(StepId.CONNECTOR), StepId.CONNECTOR) as person:
        await person.press("f3", "f2")
        assert "Everything in one paste" in person.frame
        assert f"({len(person.clipboard.text):,} characters, only questions" in person.text
        assert person.clipboard.text.startswith("&{$c=@(Get-SendConnector")


async def test_the_word_about_n_comes_before_the_binding_line() -> None:
    ways: list[tuple[Callable[[Driven], Awaitable[None]], str, StepId]] = [
        *((by_key, form, at) for form in ("smallest", "merged") for at in (StepId.COMMAND, StepId.PROMPT)),
        (by_palette, "smallest", StepId.COMMAND),
        (by_palette, "merged", StepId.PROMPT),
    ]
    async with driven(empty()) as person:
        for way, form, at in ways:
            line = evidence.BIND if form == "merged" else evidence.BIND_SMALLEST
            await person.begin(our_case(StepId.COMMAND), StepId.COMMAND)
            person.clipboard.text = ""
            if form == "smallest":
                await person.press("f3")
            if at is StepId.PROMPT:
                await person.press("f8")
            await way(person)
            assert person.clipboard.text == ""
            assert "There the answer is N, then Enter." in person.text
            assert "Enter alone means YES" in person.text
            await person.press("enter")
            assert person.clipboard.text == line
            assert person.status == f"{PROVEN} Answer N to its question."


async def test_not_yet_copies_nothing_and_the_word_comes_again() -> None:
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f2", "down")
        assert person.clipboard.text == ""
        assert not person.case.told_to_answer_no
        await person.press("f2")
        assert person.dialog == "ChoiceDialog"


async def test_nothing_is_copied_behind_the_words_back() -> None:
    """While the dialog is open, F2 is not a second wish to copy."""
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f2", "f2", "f2")
        assert person.clipboard.text == ""
        assert person.dialog == "ChoiceDialog"


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
        for line, mark in ((evidence.BIND_SMALLEST, "(*) SMTP alone"), (evidence.BIND, "(*) As the article")):
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
        assert (
            person.command
            == f"Enable-ExchangeCertificate -Thumbprint '{evidence.DEFAULT}' -Services SMTP -Server 'MBX1'"
        )
        await person.press("f2")
        assert person.clipboard.text == person.command
        assert "Answer N" not in person.status
        await person.choose(0)
        await person.press("f8")
        assert person.is_at(StepId.VERIFY)
        assert person.case.now.undone


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
        assert person.status == f"{SENT} {ALONE_NOW}"
        assert person.status in person.text
        assert "Copied" not in person.status


@pytest.mark.parametrize("proof", [CopyProof.UNREAD, CopyProof.DIFFERENT], ids=lambda p: p.value)
async def test_a_copy_that_is_not_proven_says_so(proof: CopyProof, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wizard.machine.clipboard.copy", lambda _text, _board: Copied(proof, "Look before you paste."))
    async with driven(empty(), StepId.SYMPTOM) as person:
        await person.press("f2")
        assert person.status == f"Look before you paste. {ALONE_NOW}"


async def test_a_slow_clipboard_does_not_hold_up_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()

    def slow(_text: str, _board: object) -> Copied:
        opened.wait(20)
        return Copied(CopyProof.PROVEN, "Copied at last.")

    monkeypatch.setattr("wizard.machine.clipboard.copy", slow)
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
        assert person.status.startswith("Not saved. ")
        assert person.status.endswith(f"could not be written: there is no folder {tmp_path / 'gone'}.")


async def test_the_word_can_be_answered_with_the_keyboard_alone() -> None:
    async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
        await person.press("f2", "n")
        assert person.clipboard.text == ""
        assert person.is_at(StepId.PROMPT)
        await person.press("f2", "escape")
        assert person.clipboard.text == ""
        assert person.is_at(StepId.PROMPT)


class TestOverSsh:
    async def test_the_line_goes_to_the_terminal_and_the_servers_clipboard_is_left_alone(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with driven(empty(), StepId.SYMPTOM, session=OVER_SSH) as person:
            written: list[str] = []
            monkeypatch.setattr(person.app._driver, "write", written.append)
            await person.press("f2")
            assert request(person.command, OVER_SSH.environment) in written
            assert person.clipboard.text == ""
            assert person.status == f"{SENT} {ALONE_NOW}"

    async def test_what_the_person_has_set_stands(self) -> None:
        wanted = Settings(copy=CopyRoute.SYSTEM)
        async with driven(empty(), StepId.SYMPTOM, session=OVER_SSH, settings=wanted) as person:
            await person.press("f2")
            assert person.clipboard.text == person.command
            assert person.status == PROVEN

    @pytest.mark.parametrize("key", ["f4", "ctrl+v"])
    async def test_the_servers_clipboard_is_not_taken_for_the_persons(self, key: str) -> None:
        board = MemoryClipboard(evidence.QUEUES)
        async with driven(empty(), StepId.SYMPTOM, session=OVER_SSH, clipboard=board) as person:
            await person.press(key)
            assert person.status == NOT_YOURS
            assert person.pasted == ""

    @pytest.mark.parametrize("size", [(60, 18), (80, 24)])
    async def test_what_is_said_fits_the_window_with_the_reminder(self, size: tuple[int, int]) -> None:
        case = our_case(StepId.PROMPT).told()
        async with driven(case, StepId.PROMPT, session=OVER_SSH, size=size) as person:
            await person.press("f2")
            assert f"{SENT} {ALONE_NOW} Answer N to its question." in person.text

    async def test_a_text_too_long_for_a_terminal_is_not_sent(self, tmp_path: Path) -> None:
        text = "x" * (MOST_BYTES + 1)
        async with driven(empty(), StepId.SYMPTOM, session=OVER_SSH, save_into=tmp_path) as person:
            person.app.copying.hand_out(text, binding=False)
            await person.settle()
            assert person.app.clipboard == ""
            assert person.app.copying.by_hand == [text]
            assert person.status.startswith(f"Could not copy. {TOO_LONG} Saved: ")


class TestByHand:
    """In a terminal that cannot be left for a moment, as here, the file is the way; a real one is another test's."""

    async def test_the_line_is_kept_for_the_end_and_saved(self, tmp_path: Path) -> None:
        async with driven(empty(), StepId.SYMPTOM, settings=BY_HAND, save_into=tmp_path) as person:
            await person.press("f2")
            path = tmp_path / "exchange-cert-wizard-line-20261122-030507.txt"
            assert person.clipboard.text == ""
            assert person.status == f"By hand, as your settings ask. Saved: {path}"
            assert path.read_bytes() == person.command.encode()
            assert person.app.copying.by_hand == [person.command]

    async def test_twice_is_one_file_and_one_line_at_the_end(self, tmp_path: Path) -> None:
        async with driven(empty(), StepId.SYMPTOM, settings=BY_HAND, save_into=tmp_path) as person:
            await person.press("f2", "f2", "ctrl+l")
            assert len(list(tmp_path.iterdir())) == 1
            assert person.app.copying.by_hand == [person.command]

    async def test_two_lines_of_one_second_are_two_files(self, tmp_path: Path) -> None:
        async with driven(sample_at(StepId.RETRY), StepId.RETRY, settings=BY_HAND, save_into=tmp_path) as person:
            await person.press("f2", "f3", "f2")
            held = {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
            assert held == set(person.app.copying.by_hand)
            assert len(held) == 2

    async def test_without_a_clipboard_and_a_terminal_that_takes_it_why_is_said(self, tmp_path: Path) -> None:
        board = MemoryClipboard(trouble="This session has no display.")
        bare = TerminalSession("linux", {"TERM": "linux"})
        async with driven(empty(), StepId.SYMPTOM, clipboard=board, session=bare, save_into=tmp_path) as person:
            await person.press("f2")
            assert person.status.startswith("Could not copy. This session has no display. Saved: ")

    async def test_every_command_can_be_shown_alone_and_nothing_is_copied(self, tmp_path: Path) -> None:
        async with driven(empty(), save_into=tmp_path) as person:
            for s in STEPS:
                await person.begin(sample_at(s.id).told(), s.id)
                offered = [command.text for command in person.screen.step.commands(person.case)]
                for _ in offered:
                    await person.press("ctrl+l", "f3")
                assert set(offered) <= set(person.app.copying.by_hand), s.id
                assert person.clipboard.text == ""

    async def test_the_palette_has_it_too(self, tmp_path: Path) -> None:
        async with driven(empty(), StepId.SYMPTOM, save_into=tmp_path) as person:
            await person.call("Show the line alone")
            assert person.app.copying.by_hand == [person.command]

    async def test_the_summary_can_be_shown_alone(self, tmp_path: Path) -> None:
        async with driven(empty(), save_into=tmp_path) as person:
            await person.go(None)
            await person.press("ctrl+l")
            assert person.app.copying.by_hand == [summary(person.case)]
            assert person.status.endswith(NOT_FOR_THE_SHELL)

    async def test_the_screen_is_not_taken_away_from_who_has_gone_on_typing(self, tmp_path: Path) -> None:
        """The clipboard took its time to fail; what is typed by then must not go to a screen nobody asked for."""
        board = HangingOnce(trouble="It did not answer.")
        wanted = Settings(copy=CopyRoute.SYSTEM)
        async with driven(empty(), StepId.CONNECTOR, clipboard=board, settings=wanted, save_into=tmp_path) as person:
            await person.pilot.press("f2")
            await person.until(board.entered.is_set)
            await person.pilot.press(*"Mail")
            board.leave.set()
            await person.settle()
            assert person.app.copying.by_hand == []
            assert person.name == "Mail"
            assert person.status == f"Could not copy. It did not answer. {ALONE_NOW}"

    async def test_the_word_about_n_comes_before_the_binding_line(self, tmp_path: Path) -> None:
        async with driven(our_case(StepId.PROMPT), StepId.PROMPT, save_into=tmp_path) as person:
            await person.press("ctrl+l")
            assert "Enter alone means YES" in person.text
            assert list(tmp_path.iterdir()) == []
            await person.press("enter")
            assert person.app.copying.by_hand == [evidence.BIND]
            assert person.status.endswith("Answer N to its question.")


class TestASelection:
    async def test_in_the_place_for_evidence_is_copied_and_proven(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.paste("one\ntwo\nthree")
            area = person.screen.query_one(TextArea)
            area.focus()
            area.select_all()
            await person.press("ctrl+c")
            assert person.clipboard.text == "one\ntwo\nthree"
            assert person.status == PROVEN

    async def test_in_the_name_is_copied_and_proven(self) -> None:
        async with driven(empty(), StepId.CONNECTOR) as person:
            await person.press(*"Mail out")
            person.screen.query_one(Input).select_all()
            await person.press("ctrl+c")
            assert person.clipboard.text == "Mail out"
            assert person.status == PROVEN

    async def test_that_is_cut_is_copied_too_and_can_be_brought_back(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.paste("one\ntwo")
            area = person.screen.query_one(TextArea)
            area.focus()
            area.select_all()
            await person.press("ctrl+x")
            assert person.clipboard.text == "one\ntwo"
            assert person.pasted == ""
            await person.press("ctrl+z")
            assert person.pasted == "one\ntwo"

    async def test_with_the_mouse_is_copied_and_proven(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.pilot.mouse_down("#do", offset=(0, 0))
            await person.pilot.hover("#do", offset=(10, 0))
            await person.pilot.mouse_up("#do", offset=(10, 0))
            await person.press("ctrl+c")
            assert person.clipboard.text
            assert person.screen.step.words.do.startswith(person.clipboard.text)
            assert person.status == PROVEN

    async def test_of_a_command_over_several_rows_is_one_line(self) -> None:
        async with driven(empty(), StepId.SYMPTOM, size=(60, 18)) as person:
            person.screen.selections = {person.screen.query_one("#command-line"): SELECT_ALL}
            await person.press("ctrl+c")
            assert person.clipboard.text == person.command

    async def test_of_the_binding_line_has_the_word_about_n_first(self) -> None:
        async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
            person.screen.selections = {person.screen.query_one("#command-line"): SELECT_ALL}
            await person.press("ctrl+c")
            assert person.clipboard.text == ""
            assert "Enter alone means YES" in person.text
            await person.press("enter")
            assert person.clipboard.text == evidence.BIND

    async def test_over_ssh_is_sent_and_not_called_copied(self) -> None:
        async with driven(empty(), StepId.SYMPTOM, session=OVER_SSH) as person:
            await person.paste("one")
            area = person.screen.query_one(TextArea)
            area.focus()
            area.select_all()
            await person.press("ctrl+c")
            assert person.app.clipboard == "one"
            assert person.status == SENT

    @pytest.mark.parametrize("key", ["ctrl+c", "ctrl+x"])
    async def test_of_nothing_copies_nothing_and_says_so(self, key: str) -> None:
        async with driven(empty(), StepId.CONNECTOR, clipboard=MemoryClipboard("kept")) as person:
            await person.press(key)
            assert person.clipboard.text == "kept"
            assert person.status == with_keys(NOTHING_SELECTED, USUAL.name)
            assert list(person.app.screen.query("Toast")) == []

    async def test_of_nothing_is_harmless_on_every_screen(self) -> None:
        async with driven(clipboard=MemoryClipboard("kept")) as person:
            await person.press("ctrl+c")
            person.app.begin(sample_case())
            await person.settle()
            await person.press("f1", "ctrl+c", "escape", "f9", "ctrl+c", "escape", "f8", "ctrl+c")
            await person.go(None)
            await person.press("ctrl+c")
            assert person.app.is_running
            assert person.clipboard.text == "kept"
            assert person.status == with_keys(NOTHING_SELECTED, USUAL.name)


async def test_an_older_copy_never_comes_after_a_newer_one() -> None:
    """The first one hangs in the clipboard while another is asked for."""
    board = HangingOnce()
    async with driven(sample_at(StepId.RETRY), StepId.RETRY, clipboard=board) as person:
        person.screen.action_copy()
        await person.until(board.entered.is_set)
        await person.screen.action_turn()
        newer = person.command
        person.screen.action_copy()
        await person.pilot.pause()
        board.leave.set()
        await person.settle()
        assert board.text == newer
        assert board.copies == 2
        assert person.status == PROVEN


class HangingOnce(MemoryClipboard):
    """A clipboard whose first use takes until it is told to go on."""

    def __init__(self, trouble: str = "") -> None:
        super().__init__(trouble=trouble)
        self.entered = threading.Event()
        self.leave = threading.Event()
        self.copies = 0

    def write(self, text: str) -> None:
        self.copies += 1
        if self.copies == 1:
            self.entered.set()
            self.leave.wait(20)
        super().write(text)
