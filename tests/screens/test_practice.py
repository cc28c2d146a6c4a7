"""Practice on screen: a scenario is chosen, trained in one of four ways, and has its result; the real case waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from screens.app.practice import ShellScreen
from screens.app.shellpane import Pane
from screens.app.step import StepScreen
from screens.training import Training
from tests.screens import evidence, practised
from tests.screens.driving import Driven, MemoryClipboard, driven, our_case
from wizard.case.book import Casebook
from wizard.case.case import StepId
from wizard.machine.settings import practice_folder
from wizard.practice.mail import WrittenLog
from wizard.practice.result import ProgressFolder
from wizard.practice.scenario import Mode

pytestmark = pytest.mark.long

NARROW, USUAL, WIDE = (60, 18), (80, 24), (140, 40)
FOLDER = r"C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"
SIZES = {"60x18": NARROW, "140x40": WIDE}
"""The smallest window, and one in which the shell stands beside the wizard. The usual one is laid out as the small."""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> practised.Clock:
    return practised.canned(monkeypatch)


def trained(person: Driven) -> Training:
    training = person.app.training
    assert training
    return training


async def enter(person: Driven, *lines: str) -> None:
    for line in lines:
        await person.press(*line, "enter")


@asynccontextmanager
async def training(mode: Mode, number: int = 1, size: tuple[int, int] = USUAL) -> AsyncIterator[Driven]:
    """Somebody who trains this scenario, at the shell."""
    async with driven(size=size) as person:
        person.app.practice.begin(practised.SCENARIOS[number - 1], number, mode, 4711)
        await person.settle()
        if person.at:
            await person.press("ctrl+o")
        yield person


def recorded() -> list[tuple[str, bool, int]]:
    """What the record on disk holds: scenario, solved, how much damage."""
    return [(each.scenario, each.solved, len(each.damage)) for each in ProgressFolder(practice_folder()).read().results]


class TestTheWayThere:
    async def test_is_a_key_of_the_welcome(self) -> None:
        async with driven(size=NARROW) as person:
            assert "F3 Practice" in person.text
            await person.press("f3")
            assert person.dialog == "ChooseScreen"
            assert "PRACTICE" in person.text
            assert "1. Scenario of number 1" in person.text

    async def test_is_a_row_of_the_welcome_and_of_the_palette(self) -> None:
        async with driven() as person:
            await person.press("down", "down", "enter")
            assert person.dialog == "ChooseScreen"
            await person.press("escape")
            assert person.dialog == "WelcomeScreen"
        async with driven(our_case(StepId.LOG), StepId.LOG) as person:
            await person.call("Practice")
            assert person.dialog == "ChooseScreen"

    async def test_needs_three_times_enter_to_the_first_prompt(self) -> None:
        async with driven() as person:
            await person.press("f3", "enter", "enter")
            assert person.dialog == "ShellScreen"
            assert trained(person).mode is Mode.GUIDED
            assert "Mail to the partner waits" in person.text
            assert "Next: Ctrl+O shows the wizard" in person.text


class TestChoosing:
    async def test_says_of_each_scenario_how_it_stands(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8")
            assert recorded() == [("scenario-1", True, 0)]
            await person.press("escape")
            lines = [line for line in person.frame.split("\n") if "Scenario of number 1" in line]
            assert "solved, best 1 min" in lines[0]
            assert "new" in next(line for line in person.frame.split("\n") if "The decoy" in line)

    async def test_begins_at_the_first_that_is_not_solved(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8", "escape")
            await person.until(lambda: person.app.screen.query_one("#scenarios").highlighted == 1)  # type: ignore[attr-defined]

    async def test_has_four_ways(self) -> None:
        async with driven() as person:
            for number, mode in enumerate(Mode):
                person.app._practice = None
                person.app.action_practice()
                await person.settle()
                await person.press("enter", *["down"] * number, "enter")
                assert trained(person).mode is mode

    async def test_gives_the_same_names_again_when_asked(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue")
            await person.press("f8", "up", "enter")
            seed = ProgressFolder(practice_folder()).read().results[0].seed
            await person.press("escape")
            await person.press("f3")
            assert f"seed {seed}" in person.text
            await person.press("f3")
            assert "fresh ones each time" in person.text

    async def test_leaves_the_ways_first_and_practice_then(self) -> None:
        async with driven() as person:
            await person.press("f3", "enter")
            assert person.focus == "ways"
            await person.press("escape")
            assert person.focus == "scenarios"
            await person.press("escape")
            assert person.dialog == "WelcomeScreen"
            assert not person.app.practising

    async def test_has_its_help(self) -> None:
        async with driven(size=NARROW) as person:
            await person.press("f3", "f1")
            assert person.dialog == "ReadingDialog"
            assert "Practice is a simulated" in person.text
            await person.press("f1")
            assert person.dialog == "ChooseScreen"


class TestTheRealCase:
    async def test_waits_untouched(self, tmp_path: Path) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, book=Casebook(tmp_path)) as person:
            before = person.app.keeper.case
            await person.call("Practice")
            await person.press("enter", "enter")
            await enter(person, "queue")
            await person.press("f12")
            assert person.at is StepId.SYMPTOM
            assert person.case.queues
            assert person.app.keeper.case is before
            await person.press("f8")
            person.app.action_restart()
            await person.settle()
            await person.press("enter")
            assert person.case is person.app.keeper.case
            assert person.case.connector == before.connector
            assert len(Casebook(tmp_path).cases().cases) <= 1

    async def test_is_what_is_saved_at_an_early_end(self, tmp_path: Path) -> None:
        async with training(Mode.GUIDED) as person:
            person.app.keeper.book = Casebook(tmp_path)
            await enter(person, "queue")
            await person.press("f12")
            assert person.case.begun
            assert person.app.save_early() == ""
            assert not Casebook(tmp_path).ids()

    async def test_is_not_offered_what_is_about_it_alone(self) -> None:
        async with training(Mode.GUIDED) as person:
            assert not [a for a in ("save", "hand_over", "cases") if person.app.check_action(a, ())]

    @pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
    async def test_is_never_taken_for_one_of_practice(self, size: tuple[int, int]) -> None:
        async with training(Mode.GUIDED, size=size) as person:
            for keys in ((), ("ctrl+o",), ("f8",), ("f8",), ("escape",)):
                await person.press(*keys)
                assert "PRACTICE" in person.frame.split("\n")[0]
            person.app.go(None)
            await person.settle()
            assert "PRACTICE" in person.frame.split("\n")[0]
            person.app.practice.show_result()
            await person.settle()
            assert "PRACTICE" in person.frame.split("\n")[0]


class TestAtThePrompt:
    async def test_a_line_is_entered_and_what_is_printed_stands_above(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue")
            assert r"[PS] C:\Windows\system32>queue" in person.frame
            assert "MBX1\\8125" in person.frame

    async def test_a_pasted_line_end_answers_the_question_with_y(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.paste("bind\n\n")
            assert trained(person).judgement.harm == ("The default certificate was replaced.",)

    async def test_a_paste_without_a_line_end_waits_for_enter(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.paste("bind")
            assert not trained(person).begun
            await person.press("enter")
            assert trained(person).asking
            assert "The shell asks." in person.text
            await person.press("n", "enter")
            assert trained(person).judgement.harm == ()

    async def test_a_paste_goes_line_by_line_and_its_rest_can_be_edited(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press(*"qu")
            await person.paste("eue\nretry\nbi")
            assert trained(person).attempt.typed == ("queue", "retry")
            await person.press(*"nd", "enter")
            assert trained(person).attempt.typed[-1] == "bind"

    async def test_a_paste_of_an_old_console_is_the_same(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.old_paste("bind\n\n")
            assert trained(person).attempt.typed == ("bind", "")
            assert trained(person).judgement.harm

    async def test_up_and_down_bring_back_lines_and_what_was_being_typed(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue", "retry")
            await person.press(*"un")
            await person.press("up")
            assert trained(person).typed == "retry"
            await person.press("up", "up")
            assert trained(person).typed == "queue"
            await person.press("down", "down")
            assert trained(person).typed == "un"

    async def test_answers_to_a_question_are_not_brought_back(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n", "bind", "")
            await person.press("up")
            assert trained(person).typed == "bind"
            await person.press("up")
            assert trained(person).typed == "bind"
            assert trained(person).history == ["bind"]

    async def test_a_cleared_screen_is_empty_but_for_what_came_since(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue", "long", "clear")
            assert "since" in person.text
            assert "row 2999" not in person.text
            await person.press("pageup", "pageup")
            assert "Mail to the partner waits" not in person.text
            await enter(person, "wide")
            assert "since" in person.text
            assert "www" in person.text

    async def test_tab_completes_and_offers_the_next(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press(*"get-q", "tab")
            assert trained(person).typed == "Get-Queue"
            await person.press("tab")
            assert trained(person).typed == "Get-QueueDigest"
            await person.press("shift+tab")
            assert trained(person).typed == "Get-Queue"

    async def test_ctrl_c_gives_up_a_line_and_a_question(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press(*"que", "ctrl+c")
            assert "que^C" in person.frame
            assert trained(person).typed == ""
            await enter(person, "bind")
            await person.press("ctrl+c")
            assert trained(person).at_prompt
            assert person.app.is_running

    async def test_a_long_line_stands_whole(self) -> None:
        async with training(Mode.ALONE, size=NARROW) as person:
            await person.paste("a" * 150)
            assert person.frame.count("a" * 40) >= 2

    async def test_long_output_is_kept_and_can_be_scrolled(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "long")
            assert "row 2999" in person.frame
            await person.press("pageup")
            assert "row 2999" not in person.frame
            await person.press("pagedown")
            assert "row 2999" in person.frame

    async def test_a_narrower_window_breaks_lines_anew_and_tells_the_shell(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "wide")
            await person.pilot.resize_terminal(*NARROW)
            await person.settle()
            assert any(line.rstrip() == "w" * 59 for line in person.frame.split("\n"))
            assert trained(person).console.columns == 59  # type: ignore[attr-defined]

    async def test_escape_goes_back_and_loses_nothing(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue")
            await person.press("escape")
            assert person.dialog == "ChooseScreen"
            assert "Go on: 1. Scenario of number 1" in person.text
            await person.press("escape")
            assert person.dialog == "WelcomeScreen"
            await person.press("f3", "enter")
            assert "MBX1\\8125" in person.frame

    async def test_escape_clears_a_line_first_and_up_brings_it_back(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press(*"half a li", "escape")
            assert person.dialog == "ShellScreen"
            assert trained(person).typed == ""
            await person.press("up")
            assert trained(person).typed == "half a li"

    async def test_escape_clears_an_answer_which_is_no_line_of_the_history(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "bind")
            await person.press("y", "escape")
            assert trained(person).asking
            assert trained(person).typed == ""
            assert trained(person).history == ["bind"]

    async def test_exit_says_which_keys_leave(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "exit")
            assert "Esc leaves the shell and keeps the exercise, F8 ends it." in person.text

    async def test_what_acts_on_a_terminal_is_drawn_inert(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.paste("\x1b]52;c;AAAA\x07 [@click=app.quit]x[/]\n")
            assert "\x1b" not in person.frame
            assert "[@click=app.quit]" in person.text


class TestGuided:
    @pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
    async def test_the_same_keys_go_round_in_every_window(self, size: tuple[int, int]) -> None:
        async with training(Mode.GUIDED, size=size) as person:
            await person.press("ctrl+o")
            assert person.at is StepId.SYMPTOM
            await person.press("f2")
            assert "Copied inside practice." in person.text
            await person.press("ctrl+o", "f4")
            assert trained(person).typed.startswith("Get-Queue")
            await person.press("ctrl+c")
            await enter(person, "queue")
            assert "Next: F12 gives this answer to the wizard." in person.text
            await person.press("f12")
            assert person.is_at(StepId.SYMPTOM)
            assert person.case.queues
            assert person.focus == "next"
            await person.press("enter")
            assert person.is_at(StepId.CONNECTOR)

    async def test_nothing_is_put_on_the_clipboard_of_the_person(self) -> None:
        clipboard = MemoryClipboard("their own")
        async with driven(clipboard=clipboard) as person:
            person.app.practice.begin(practised.SCENARIOS[0], 1, Mode.GUIDED, 4711)
            await person.settle()
            await person.press("ctrl+o", "f2", "ctrl+o")
            await enter(person, "clip")
            await person.press("ctrl+o", "f4")
            assert clipboard.text == "their own"
            assert person.pasted == "from the shell"

    async def test_an_answer_can_be_copied_and_pasted_in_the_wizard(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "queue")
            await person.press("f2", "ctrl+o", "f4")
            assert person.case.queues

    async def test_what_a_command_put_on_the_clipboard_is_an_answer_too(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "clip")
            assert "It is on the clipboard." in person.text
            await person.press("f12")
            assert person.pasted == "from the shell"

    async def test_an_answer_has_the_question_and_what_was_answered(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "bind", "n")
            assert "Overwrite the existing default" in trained(person).answer
            assert trained(person).answer.endswith('(default is "Y"): n')

    async def test_goals_are_shown_as_they_are_met(self) -> None:
        async with training(Mode.GUIDED) as person:
            assert "[ ] The certificate is bound to SMTP." in person.text
            await enter(person, "bind", "n")
            assert "[x] The certificate is bound to SMTP." in person.text
            await enter(person, "retry")
            await person.press("f12")
            await person.press("ctrl+o")
            assert "Every goal is met. F8 shows how it went" in person.text

    async def test_the_wizard_comes_back_where_it_stood(self) -> None:
        async with training(Mode.GUIDED) as person:
            await person.press("ctrl+o", "f8")
            assert person.at is StepId.CONNECTOR
            await person.press("ctrl+o", "ctrl+o")
            assert person.at is StepId.CONNECTOR


class TestWhatComesNext:
    async def test_is_to_finish_once_every_goal_is_met_whatever_was_copied(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "bind", "n")
            await person.press("ctrl+o", "f2", "ctrl+o")
            await enter(person, "retry")
            assert "Every goal is met. F8 shows how it went" in person.text

    async def test_a_clipboard_left_empty_is_said_on_both_sides(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "clip nothing")
            assert "It found nothing, so the clipboard is empty." in person.text
            assert "It is on the clipboard" not in person.text
            await person.press("ctrl+o", "f4")
            assert "The clipboard is empty: the last command in the shell found nothing." in person.text
            assert "F7 there waits" in person.text

    async def test_is_not_an_answer_that_the_wizard_was_given_by_its_paste(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "queue")
            await person.press("f2", "ctrl+o", "f4", "f8", "ctrl+o")
            assert "F12 gives this answer" not in person.text
            await person.press("ctrl+o", "f2", "ctrl+o")
            assert "Next: F4 pastes what you copied" in person.text

    async def test_at_a_step_of_the_wizard_is_what_is_left_there(self) -> None:
        async with training(Mode.GUIDED) as person:
            await person.press("ctrl+o")
            assert person.status.startswith("Practice: F2 copies the command")
            await person.press("f2", "ctrl+o", "f4", "enter", "ctrl+o")
            assert person.status.startswith("Practice: it was run.")
            await person.press("ctrl+o")
            await enter(person, "queue")
            await person.press("f12", "ctrl+o", "ctrl+o")
            assert person.status.startswith("Practice: nothing is left to run here. F8 goes on")

    async def test_is_no_run_of_what_a_command_printed(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "queue")
            await person.press("f2", "f4")
            assert "What is copied is output, no command." in person.text
            assert len(trained(person).attempt.typed) == 1

    async def test_is_not_a_copy_that_something_else_was_run_after(self) -> None:
        async with training(Mode.GUIDED) as person:
            await person.press("ctrl+o", "f2", "ctrl+o")
            await enter(person, "queue")
            assert "Next: F12 gives this answer" in person.text
            await person.press("f12", "ctrl+o")
            assert "F4 pastes what you copied" not in person.text

    async def test_is_a_copy_still_after_a_wait(self) -> None:
        async with training(Mode.GUIDED) as person:
            await person.press("ctrl+o", "f2", "ctrl+o", "f7")
            assert "Next: F4 pastes what you copied" in person.text

    async def test_is_to_wait_for_another_try_or_for_the_log_alone(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "logging")
            assert "F7 lets 15 minutes pass, so that Exchange tries again" in person.text
            await person.press("f7")
            await enter(person, "logging", "sent")
            assert "The mail has left." in person.text
            assert "tries again" not in person.text

    async def test_is_a_hint_where_no_mail_is_stuck_and_the_wizard_leads_nowhere(self) -> None:
        async with driven() as person:
            person.app.practice.begin(practised.scenario(4, queues=()), 4, Mode.GUIDED, 4711)
            await person.settle()
            assert "No mail is stuck, so the wizard leads nowhere here." in person.text
            assert "F3 gives a hint" in person.text
            await enter(person, "queue")
            assert "F3 gives a hint" in person.text

    async def test_is_said_so_too_where_the_wizard_stands_beside(self) -> None:
        async with driven(size=WIDE) as person:
            person.app.practice.begin(practised.scenario(4, queues=()), 4, Mode.GUIDED, 4711)
            await person.settle()
            assert "No mail is stuck, so the wizard leads nowhere here. Ctrl+O comes here" in person.text


class TestWhatWouldBeLost:
    """An exercise is kept only in the running program: whoever would lose it is asked."""

    @pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
    async def test_is_asked_about_before_the_program_ends(self, size: tuple[int, int]) -> None:
        async with training(Mode.GUIDED, size=size) as person:
            await enter(person, "queue")
            await person.press("ctrl+q")
            assert person.dialog == "ChoiceDialog"
            assert "Not finished: 1. Scenario of number 1 (guided)." in person.text
            await person.press("enter")
            assert person.app.is_running
            assert trained(person).begun

    async def test_is_asked_about_too_while_it_rests(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue")
            await person.press("escape", "escape", "ctrl+q")
            assert person.dialog == "ChoiceDialog"
            await person.press("escape")
            assert person.dialog == "WelcomeScreen"

    @pytest.mark.parametrize("keys", [("ctrl+q", "ctrl+q"), ("ctrl+q", "up", "enter")], ids=["again", "answered"])
    async def test_is_lost_only_on_purpose(self, keys: tuple[str, ...]) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue")
            await person.press(*keys)
            assert not person.app.is_running

    async def test_is_nothing_before_a_line_was_entered_or_once_the_result_stands(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press("ctrl+q")
            assert not person.app.is_running
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8", "ctrl+q")
            assert not person.app.is_running

    async def test_is_asked_about_before_another_exercise_begins(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "queue")
            await person.press("escape", "down", "down", "enter", "enter")
            assert person.dialog == "ChoiceDialog"
            await person.press("escape")
            assert person.dialog == "ChooseScreen"
            assert "Go on: 1. Scenario of number 1" in person.text
            await person.press("enter", "up", "enter")
            assert trained(person).number == 2
            assert not trained(person).begun


class TestTheFooter:
    @pytest.mark.parametrize("size", [USUAL, NARROW], ids=["80x24", "60x18"])
    async def test_keeps_the_hint_beside_an_answer(self, size: tuple[int, int]) -> None:
        async with training(Mode.GUIDED, size=size) as person:
            await enter(person, "queue")
            keys = person.frame.split("\n")[-1]
            assert "F12 Give" in keys
            assert "F3 Hint" in keys
            assert ("F7 Wait" in keys) is (size == USUAL)


class TestBesideTheWizard:
    async def test_says_which_half_has_the_keys_and_what_was_copied(self) -> None:
        async with training(Mode.GUIDED, size=WIDE) as person:
            assert "The keys are the wizard's now" not in person.text
            await person.press("ctrl+o")
            assert "The keys are the wizard's now. Ctrl+O comes here." in person.text
            await person.press("f2")
            assert "Ctrl+O comes here, F4 pastes what you copied." in person.text
            await person.press("ctrl+o")
            assert "Next: F4 pastes what you copied" in person.text

    async def test_both_are_seen_and_the_keys_belong_to_where_the_focus_is(self) -> None:
        async with training(Mode.GUIDED, size=WIDE) as person:
            assert isinstance(person.app.screen, StepScreen)
            assert person.focus == "shell-line"
            assert "F3 Hint" in person.text
            assert "F8 Finish" in person.text
            await person.press("f3")
            assert "Hint 1 of 3: Look at the queue." in person.text
            await person.press("ctrl+o")
            assert person.focus != "shell-line"
            assert "F3 Hint" not in person.text
            assert "F8 Next" in person.text
            await person.press("f1")
            assert person.dialog == "ReadingDialog"

    async def test_an_answer_that_was_given_is_not_asked_for_again(self) -> None:
        async with training(Mode.GUIDED, size=WIDE) as person:
            await enter(person, "queue")
            assert "F12 gives this answer" in person.text
            await person.press("f12")
            assert "F12 gives this answer" not in person.text
            assert person.focus == "next"

    async def test_what_was_typed_stays_from_step_to_step(self) -> None:
        async with training(Mode.GUIDED, size=WIDE) as person:
            await person.press(*"half", "ctrl+o")
            assert person.focus != "shell-line"
            await person.press("f8")
            assert person.at is StepId.CONNECTOR
            assert "half" in person.frame
            await person.press("ctrl+o", *" a line", "enter")
            assert trained(person).attempt.typed == ("half a line",)

    async def test_a_window_made_narrow_keeps_all_and_one_key_away(self) -> None:
        async with training(Mode.GUIDED, size=WIDE) as person:
            await person.press(*"half")
            await person.pilot.resize_terminal(*USUAL)
            await person.settle()
            assert not person.app.screen.query_one(Pane).display
            await person.press("ctrl+o")
            assert isinstance(person.app.screen, ShellScreen)
            assert "half" in person.frame

    async def test_a_real_case_has_no_shell_beside_it(self) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, size=WIDE) as person:
            assert not person.app.screen.query(Pane)
            assert "Ctrl+O" not in person.text
            await person.press("ctrl+o")
            assert person.at is StepId.LOG


async def test_the_step_that_only_checks_the_line_sends_nobody_to_the_shell_yet() -> None:
    async with training(Mode.GUIDED) as person:
        trained(person).keeper.put(our_case(StepId.COMMAND))
        person.app.go(StepId.COMMAND)
        await person.settle()
        assert "Practice: nothing is run yet. F8 goes on" in person.text


class TestFilesOfThePracticeServers:
    """Opening in the practice wizard looks at the practice servers' disks, and never at the real one."""

    @pytest.fixture(autouse=True)
    def files(self, monkeypatch: pytest.MonkeyPatch) -> list[WrittenLog]:
        files = [
            WrittenLog("EX1", FOLDER + r"\SEND2026112201-1.LOG", evidence.log()),
            WrittenLog("EX1", FOLDER + r"\SEND2026112202-1.LOG", evidence.log(evidence.OURS)),
        ]
        monkeypatch.setattr("wizard.practice.mail.log_files", lambda _world: tuple(files))
        return files

    async def test_are_chosen_from_a_list_the_newest_first_at_hand(self) -> None:
        async with training(Mode.GUIDED, size=NARROW) as person:
            person.app.go(StepId.LOG)
            await person.settle()
            await person.press("f5")
            assert person.dialog == "ChoiceDialog"
            assert "EX1: SEND2026112202-1.LOG" in person.text
            await person.press("enter")
            await person.until(lambda: bool(person.case.failures))

    async def test_are_read_by_a_path_that_is_pasted(self) -> None:
        async with training(Mode.GUIDED) as person:
            person.app.go(StepId.LOG)
            await person.settle()
            await person.paste(FOLDER + r"\SEND2026112202-1.LOG")
            await person.until(lambda: bool(person.case.failures))

    async def test_are_all_there_is_a_real_path_is_not_read(self, tmp_path: Path) -> None:
        real = tmp_path / "real.log"
        real.write_text(evidence.log(evidence.OURS), encoding="utf-8")
        async with training(Mode.GUIDED, size=WIDE) as person:
            await person.press("ctrl+o")
            person.app.go(StepId.LOG)
            await person.settle()
            await person.paste(str(real))
            assert "a real file is not read here" in person.text
            assert not person.case.failures

    async def test_that_are_none_yet_are_said(self, files: list[WrittenLog]) -> None:
        files.clear()
        async with training(Mode.GUIDED) as person:
            person.app.go(StepId.LOG)
            await person.settle()
            await person.press("f5")
            assert "No log file is on the practice servers yet." in person.text


class TestTheCoach:
    async def test_says_of_a_line_that_only_reads_that_it_changed_nothing(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press("f6")
            assert "Nothing was entered yet." in person.text
            await enter(person, "queue")
            await person.press("f6")
            assert "That line changed nothing; to read does no harm." in person.text

    async def test_explains_lines_of_a_paste_that_were_taken_as_answers(self) -> None:
        async with training(Mode.SANDBOX) as person:
            await person.paste("bind\n\nqueue\n")
            assert "the next of them were taken as answers" in person.text

    async def test_gives_hints_from_gentle_to_plain_and_counts_them(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press("f3", "f3", "f3", "f3")
            for hint in ("Hint 1 of 3: Look at the queue.", "Hint 3 of 3: Bind the certificate.", "the last hint"):
                assert hint in person.text
            assert trained(person).attempt.hints == 3

    async def test_is_silent_on_your_own_until_asked(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n")
            assert "[x]" not in person.frame
            assert "Coach:" not in person.frame
            await person.press("f6")
            assert "1 of 2 goals met." in person.text

    async def test_says_nothing_in_an_exam(self) -> None:
        async with training(Mode.EXAM) as person:
            assert "F3" not in person.text
            assert "F6" not in person.text
            await person.press("f3", "f6")
            assert trained(person).attempt.hints == 0
            assert "Coach:" not in person.frame

    async def test_names_no_goals_in_the_sandbox(self) -> None:
        async with driven() as person:
            await person.press("f3", "enter", "end", "enter")
            assert "Sandbox: no goals." in person.text

    async def test_names_none_there_either_when_the_servers_are_of_a_scenario(self) -> None:
        async with training(Mode.SANDBOX) as person:
            assert "Sandbox: no goals." in person.text
            assert "Mail leaves." not in person.text
            await enter(person, "queue")
            await person.press("f8")
            assert "Sandbox: nothing counts here." in person.text
            assert "Mail leaves." not in person.text


class TestAnExam:
    async def test_shows_the_time_that_is_left_and_ends_with_it(self, clock: practised.Clock) -> None:
        async with training(Mode.EXAM) as person:
            assert "10:00 left" in person.text
            await enter(person, "queue")
            clock.now += timedelta(minutes=4)
            person.app.screen._tick()  # type: ignore[attr-defined]
            assert "6:00 left" in person.frame
            clock.now += timedelta(minutes=7)
            person.app.screen._tick()  # type: ignore[attr-defined]
            await person.settle()
            assert person.dialog == "ResultScreen"
            assert recorded() == [("scenario-1", False, 0)]
            assert "The time was up. What was reached until then counts." in person.text

    async def test_that_is_handed_in_was_not_ended_by_the_time(self) -> None:
        async with training(Mode.EXAM) as person:
            await person.press("f8", "up", "enter")
            assert person.dialog == "ResultScreen"
            assert "The time was up" not in person.text

    async def test_is_handed_in_only_on_purpose(self) -> None:
        async with training(Mode.EXAM) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8")
            assert "Hand in now?" in person.text
            await person.press("enter")
            assert person.dialog == "ShellScreen"
            await person.press("f8", "up", "enter")
            assert person.dialog == "ResultScreen"


class TestTheEnd:
    async def test_is_at_once_when_every_goal_is_met(self) -> None:
        async with training(Mode.GUIDED) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8")
            assert person.dialog == "ResultScreen"
            assert "Solved, and nothing was damaged." in person.text
            assert recorded() == [("scenario-1", True, 0)]

    async def test_is_asked_about_while_a_goal_is_open(self) -> None:
        async with training(Mode.GUIDED) as person:
            await person.press("f8")
            assert "Not every goal is met yet." in person.text
            await person.press("enter")
            assert person.dialog == "ShellScreen"

    async def test_names_the_damage(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.paste("bind\n\nretry\n")
            await person.press("f8")
            assert "something was damaged" in person.text
            assert "The default certificate was replaced." in person.text
            assert recorded() == [("scenario-1", True, 1)]

    async def test_asks_what_is_wrong_where_the_scenario_does(self) -> None:
        async with training(Mode.GUIDED, number=3) as person:
            await enter(person, "queue")
            await person.press("f8")
            assert "What is wrong here?" in person.text
            await person.press("home", "enter")
            assert "You concluded: A firewall drops the packets." in person.text
            assert recorded()[0][1]

    async def test_of_what_nobody_touched_is_not_kept(self) -> None:
        async with training(Mode.ALONE) as person:
            await person.press("f8", "up", "enter")
            assert person.dialog == "ResultScreen"
            assert recorded() == []

    async def test_leads_to_the_next_scenario_with_enter_once_it_is_solved(self) -> None:
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8", "enter")
            assert trained(person).number == 2
            assert trained(person).mode is Mode.ALONE

    async def test_leads_to_other_names_when_it_is_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async with training(Mode.ALONE) as person:
            monkeypatch.setattr("screens.app.practice.fresh_seed", lambda: 4712)
            await enter(person, "queue")
            await person.press("f8", "up", "enter", "enter")
            assert trained(person).number == 1
            assert trained(person).exercise.seed == 4712
            assert not trained(person).begun

    async def test_says_why_the_record_could_not_be_kept(self) -> None:
        practice_folder().parent.mkdir(parents=True, exist_ok=True)
        practice_folder().write_text("a file where the folder should be", encoding="utf-8")
        async with training(Mode.ALONE) as person:
            await enter(person, "bind", "n", "retry")
            await person.press("f8")
            assert "Solved" in person.text
            assert "Kept in your record." not in person.text


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_the_task_can_always_be_read(size: tuple[int, int]) -> None:
    async with driven(size=size) as person:
        for mode in Mode:
            person.app.practice.begin(practised.SCENARIOS[0], 1, mode, 4711)
            await person.settle()
            if person.at:
                await person.press("ctrl+o")
            await person.press("f1")
            assert person.dialog == "ReadingDialog"
            assert "Mail to the partner waits" in person.text
            await person.press("f1")
            assert person.dialog != "ReadingDialog"
