"""What the screens do with pastes, keys, choices and trouble; driven as a person drives them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.segment import Segments
from textual.widgets import OptionList

from screens.app.app import WizardApp
from screens.words import ALONE
from tests.screens import evidence
from tests.screens.driving import MemoryClipboard, driven, empty, named, our_case, sample_at
from wizard.assets import with_keys
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.machine.clipboard import SENT
from wizard.steps.flow import STEPS, check_again


class TestEvidence:
    async def test_a_paste_is_read_at_once_and_enter_goes_on(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.paste(evidence.QUEUES)
            assert "the article's own words" in person.text
            assert person.status == "Read. Press Enter to go on."
            await person.press("enter")
            assert person.at is StepId.CONNECTOR

    async def test_down_on_the_last_row_of_a_list_stays_there_and_up_on_the_first(self) -> None:
        async with driven(named(evidence.CONNECTOR), StepId.LOGGING) as person:
            answers = person.screen.query_one("#choices", OptionList)
            answers.focus()
            await person.press(*["down"] * 8)
            assert answers.highlighted == 5
            await person.press(*["up"] * 8)
            assert answers.highlighted == 0

    async def test_enter_on_one_that_was_refused_says_what_is_needed_and_adds_no_line(self) -> None:
        async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
            await person.paste("nothing that a log has")
            await person.press("enter", "enter")
            assert person.is_at(StepId.LOG)
            assert person.case.answer(StepId.LOG).text == "nothing that a log has"
            assert "Rows of the log are needed to go on" in person.text

    async def test_what_an_old_console_types_is_read_after_a_pause_and_tab_is_text(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.old_paste(evidence.QUEUES.replace("LastError     :", "LastError\t:"))
            assert person.case.queues
            assert "\t" in person.case.answer(StepId.SYMPTOM).text

    async def test_a_paste_while_a_button_has_the_focus_is_not_lost(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            person.screen.query_one("#next").focus()
            await person.paste(evidence.QUEUES)
            assert person.case.queues

    @pytest.mark.long
    async def test_5_megabytes_are_kept_whole_and_shown_in_part(self) -> None:
        huge = evidence.log(evidence.OURS) + "x" * 80 + "\n"
        huge += ("y" * 200 + "\n") * 25_000
        async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
            await person.paste(huge)
            assert person.case.answer(StepId.LOG).text == huge
            assert person.case.now.thumbprint == evidence.OURS
            assert len(person.screen.query_one("#evidence").text) < 100_000  # type: ignore[attr-defined]

    @pytest.mark.long
    @pytest.mark.parametrize("garbage", ["good morning\neverybody", evidence.RECEIVE_LOG])
    async def test_garbage_gets_a_sentence_at_every_step_and_is_kept(self, garbage: str) -> None:
        async with driven(empty()) as person:
            for at in [s.id for s in STEPS if s.takes_text]:
                await person.begin(our_case(at), at)
                await person.paste(garbage)
                said = person.said
                assert any(word in said for word in ("Needed:", "Receive protocol log", "no text", "No row")), at
                assert person.case.answer(at).text == garbage

    async def test_other_languages_and_shapes_are_no_log(self) -> None:
        async with driven(empty()) as person:
            for garbage in (
                "Добрый день, почта стоит",
                "{" * 5000,
                "a,b\n" * 900,
                "\n\n\n",
                "[/]",
                "\x00\x01\x02\n" * 50,
            ):
                await person.begin(named(evidence.CONNECTOR), StepId.LOG)
                await person.paste(garbage)
                assert "Needed: rows of a Send connector's protocol log" in person.said
                assert person.case.answer(StepId.LOG).text == garbage

    async def test_the_wrong_kind_goes_where_it_belongs_and_says_so(self) -> None:
        async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
            await person.paste(evidence.QUEUES)
            assert person.case.queues
            assert "What does the queue say?" in person.said

    async def test_a_replaced_paste_comes_back_with_undo(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.paste("first")
            await person.paste("second")
            person.screen.query_one("#evidence").focus()
            await person.press("ctrl+z")
            assert person.pasted == "first"

    async def test_back_keeps_what_was_typed_at_every_step(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.paste("half a line of")
            await person.press("f8")
            await person.press("escape")
            await person.go(StepId.SYMPTOM)
            assert person.pasted == "half a line of"


class TestTheConnectorsName:
    async def test_a_typed_name_is_taken_with_enter(self) -> None:
        async with driven(empty(), StepId.CONNECTOR) as person:
            await person.press(*"Mail out", "enter")
            assert person.case.connector == "Mail out"

    @pytest.mark.parametrize("old", [False, True], ids=["paste", "typed line by line"])
    async def test_output_in_the_name_field_is_read_as_output(self, old: bool) -> None:
        text = evidence.connectors("Outbound to Office 365", "Internet")
        async with driven(empty(), StepId.CONNECTOR) as person:
            await (person.old_paste(text) if old else person.paste(text))
            assert [c.name for c in person.case.connectors] == ["Outbound to Office 365", "Internet"]
            assert person.case.connector == ""

    async def test_a_name_with_an_invisible_mark_is_refused_by_name(self) -> None:
        async with driven(empty(), StepId.CONNECTOR) as person:
            await person.paste("Out\u202ebound")
            await person.press("enter")
            assert person.case.connector == ""
            assert "U+202E" in person.said


class TestCommands:
    async def test_f2_copies_exactly_the_shown_line(self) -> None:
        async with driven(our_case(StepId.LOGGING), StepId.LOGGING) as person:
            await person.press("f2")
            assert person.clipboard.text == person.command
            await person.press("f3", "f2")
            assert person.clipboard.text == person.command == person.screen.step.commands(person.case)[1].text

    async def test_f3_at_the_command_shows_copies_and_hands_on_the_smallest_line(self) -> None:
        async with driven(our_case(StepId.COMMAND), StepId.COMMAND) as person:
            assert person.command == evidence.BIND
            await person.press("f3")
            assert person.command == evidence.BIND_SMALLEST
            await person.press("f2", "enter")
            assert person.clipboard.text == evidence.BIND_SMALLEST
            await person.press("f8")
            assert person.at is StepId.PROMPT
            assert person.command == evidence.BIND_SMALLEST

    async def test_next_goes_to_the_answers_and_the_first_is_marked_once_the_question_is_there(self) -> None:
        async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
            answers = person.screen.query_one("#choices", OptionList)
            await person.press("f8", "enter")
            assert person.at is StepId.PROMPT
            assert answers.has_focus
            assert person.case.now.prompt_answer is None
            await person.paste(evidence.PROMPT)
            assert answers.has_focus
            assert answers.highlighted == 0
            assert answers.region.bottom <= person.screen.query_one("#body").region.bottom
            await person.press("enter")
            assert person.case.now.prompt_answer is PromptAnswer.NO

    @pytest.mark.parametrize("key", ["escape", "n", "f2", "down enter"])
    async def test_nothing_is_copied_unless_that_answer_is_chosen(self, key: str) -> None:
        async with driven(our_case(StepId.PROMPT), StepId.PROMPT) as person:
            await person.press("f2")
            assert person.dialog == "ChoiceDialog"
            await person.press(*key.split())
            assert person.dialog == ("ChoiceDialog" if key == "f2" else "StepScreen")
            assert person.clipboard.text == ""
            assert not person.case.told_to_answer_no

    @pytest.mark.parametrize("at", [StepId.COMMAND, StepId.PROMPT])
    async def test_the_binding_line_is_never_copied_before_the_word_about_n(self, at: StepId) -> None:
        async with driven(our_case(at), at) as person:
            await person.press("f2")
            assert person.clipboard.text == ""
            assert person.dialog == "ChoiceDialog"
            assert "Enter alone means YES" in person.text
            await person.press("escape")
            assert person.clipboard.text == ""
            line = person.command
            await person.press("f2", "enter")
            assert person.clipboard.text == line
            assert "Answer N" in person.status

    async def test_a_copy_that_fails_says_so_and_hands_the_line_to_the_terminal(self) -> None:
        async with driven(empty(), StepId.SYMPTOM, clipboard=MemoryClipboard(trouble="no display")) as person:
            await person.press("f2")
            assert person.status == with_keys(f"{SENT} {ALONE}", person.app.keymap.name)
            assert person.app.clipboard == person.command

    async def test_a_clipboard_that_cannot_be_read_says_why(self) -> None:
        async with driven(empty(), StepId.SYMPTOM, clipboard=MemoryClipboard(trouble="There is no display.")) as person:
            await person.press("f4")
            assert "There is no display." in person.status

    @pytest.mark.parametrize("key", ["f4", "ctrl+v"])
    async def test_the_clipboard_is_taken_as_evidence(self, key: str) -> None:
        async with driven(empty(), StepId.SYMPTOM, clipboard=MemoryClipboard(evidence.QUEUES)) as person:
            await person.press(key)
            assert person.case.queues


class TestFiles:
    async def test_a_file_and_a_folder_are_opened_and_explorers_quotes_do_no_harm(self, tmp_path: Path) -> None:
        log = tmp_path / "SEND20261120-1.log"
        log.write_text(evidence.log(evidence.OURS), encoding="utf-8")
        async with driven(empty()) as person:
            for path in (log, tmp_path):
                await person.begin(named(evidence.CONNECTOR), StepId.LOG)
                await person.press("f5")
                await person.paste(f'"{path}"')
                await person.press("enter")
                await person.until(lambda: bool(person.case.now.thumbprint))
                assert person.case.now.thumbprint == evidence.OURS

    async def test_a_path_that_is_not_there_says_why_and_the_dialog_stays(self) -> None:
        async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
            await person.press("f5")
            await person.paste("/not/there")
            await person.press("enter")
            assert person.dialog == "OpenDialog"
            assert "There is no" in person.text


class TestChangedAnswers:
    async def test_another_connector_marks_the_log_to_be_checked_again(self) -> None:
        case = our_case(StepId.COMMAND)
        async with driven(case, StepId.CONNECTOR) as person:
            await person.paste(evidence.connectors("Internet"))
            assert StepId.LOG in check_again(person.case)
            assert "!Log" in person.strip
            await person.go(StepId.LOG)
            assert "Check again" in person.said
            assert person.case.answer(StepId.LOG).text == case.answer(StepId.LOG).text


class TestKeysAlone:
    @pytest.mark.long
    async def test_the_whole_sample_with_enter_f8_and_arrows(self) -> None:
        async with driven() as person:
            await person.press("down", "enter")
            assert person.case.sample
            for _ in range(60):
                if person.at is None:
                    break
                choices = person.screen.step.choices(person.case)
                unanswered = bool(choices) and not any(choice.chosen for choice in choices)
                servers = person.at is StepId.SERVERS and person.screen.step.missing(person.case)
                await person.press("enter" if servers or (unanswered and person.at is not StepId.SERVERS) else "f8")
            assert "all five points are proven or said by you" in person.text

    async def test_every_part_is_reached_with_tab(self) -> None:
        async with driven(sample_at(StepId.LOG), StepId.LOG) as person:
            reached = set()
            for _ in range(12):
                await person.press("tab")
                reached.add(person.focus)
            assert {"evidence", "failures", "back", "next"} <= reached

    async def test_function_keys_work_over_the_text_area(self) -> None:
        async with driven(sample_at(StepId.SERVICES), StepId.SERVICES) as person:
            person.screen.query_one("#evidence").focus()
            for key, dialog in (("f1", "ReadingDialog"), ("f6", "ReadingDialog"), ("f7", "ReadingDialog")):
                await person.press(key)
                assert person.dialog == dialog
                await person.press("escape")
            await person.press("escape")
            assert person.at is StepId.LOG

    async def test_next_without_what_is_needed_says_so_and_stays(self) -> None:
        async with driven(empty(), StepId.CONNECTOR) as person:
            await person.press("f8")
            assert person.at is StepId.CONNECTOR
            assert "name is needed" in person.status

    async def test_ctrl_s_saves_the_summary_with_the_whole_line(self, tmp_path: Path) -> None:
        async with driven(our_case(StepId.PROMPT), StepId.PROMPT, save_into=tmp_path) as person:
            await person.press("ctrl+s")
            saved = next(tmp_path.iterdir())
            assert str(saved) in person.status or saved.name in person.text
            assert f"  {evidence.BIND}\n" in saved.read_text(encoding="utf-8")


class TestHarm:
    @pytest.mark.parametrize("name", ["[bold red]x[/]", "[link=https://contoso.example]y[/link]", "[/]", "\\[b]"])
    async def test_markup_in_names_is_shown_as_it_stands(self, name: str) -> None:
        async with driven(named(name), StepId.LOGGING, size=(120, 30)) as person:
            assert name in person.frame

    async def test_escape_sequences_never_reach_the_screen(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            await person.paste(f"\x1b[31m{evidence.QUEUES}\x1b]0;title\x07")
            await person.press("f6")
            assert "\x1b" not in person.frame

    async def test_a_fault_ends_with_plain_words_and_no_locals(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def broken(self: WizardApp) -> None:
            secret = "orders@contoso.com"
            raise RuntimeError(f"broken {len(secret)}")

        monkeypatch.setattr(WizardApp, "action_other_theme", broken)
        app = WizardApp(Case(), MemoryClipboard())

        async def run_into_it() -> None:
            async with app.run_test() as pilot:
                app.call_later(app.action_other_theme)
                await pilot.pause()

        with pytest.raises(RuntimeError):
            await run_into_it()
        words = [s.text for r in app._exit_renderables if isinstance(r, Segments) for s in r.segments]
        shown = "".join((*words, *capsys.readouterr(), app.ending.words))
        assert "stopped because of a fault of its own" in shown
        assert "Traceback" not in shown
        assert "orders@contoso.com" not in shown


class TestThemes:
    async def test_light_and_dark_can_be_changed(self) -> None:
        async with driven(empty(), StepId.SYMPTOM) as person:
            before = person.app.theme
            person.app.action_other_theme()
            await person.settle()
            assert person.app.theme != before

    async def test_the_marks_differ_in_text_not_only_in_colour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        async with driven(sample_at(StepId.LOG), StepId.LOG) as person:
            assert "\u221aSymptom" in person.strip
            assert "\u25baLog" in person.strip
            assert "\u00b7Services" in person.strip


async def test_every_character_ever_drawn_is_one_the_old_console_has() -> None:
    """ASCII, Latin letters, and the few signs of the WGL4 set that the screens use."""
    allowed = set(
        "\u221a\u25ba\u25bc\u25b2\u25c4\u00b7\u2026\u2500\u2502\u250c\u2510\u2514\u2518\u251c\u2524\u25a1\u2022"
    )
    golden = Path(__file__).resolve().parents[1] / "golden"
    for frame in golden.rglob("*.txt"):
        text = frame.read_text(encoding="utf-8")
        strange = {c for c in text if not c.isascii() and c not in allowed}
        assert not strange, f"{frame}: {strange}"
        assert "Traceback" not in text


class TestANameNotEnteredYet:
    async def test_is_kept_on_the_way_back_also_beside_a_pasted_output(self) -> None:
        async with driven(empty()) as person:
            for given in ("", evidence.connectors("Internet", "Outbound")):
                await person.begin(empty(), StepId.CONNECTOR)
                if given:
                    await person.paste(given)
                person.screen.query_one("#name").focus()
                await person.press(*"M x", "escape")
                assert person.at is StepId.SYMPTOM
                await person.go(StepId.CONNECTOR)
                assert person.name == "M x"
                assert person.case.connector == ""
