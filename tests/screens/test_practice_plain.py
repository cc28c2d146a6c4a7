"""Practice line by line: the same scenarios, the shell's own prompt, and a few words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from screens.plain import practice as practising
from tests.screens import evidence, practised
from wizard.machine.settings import practice_folder
from wizard.practice.mail import WrittenLog
from wizard.practice.result import ProgressFolder
from wizard.practice.scenario import Mode

Play = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> practised.Clock:
    monkeypatch.setattr(practising, "fresh_seed", lambda: 4711)
    return practised.canned(monkeypatch)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Play:
    """Train with these answers, at whose end the input ends; the exit status and what was printed."""

    def run(
        *answers: str | type[BaseException], mode: Mode | None = Mode.GUIDED, number: str | None = "1"
    ) -> tuple[int, str]:
        left = iter(answers)

        def answer(_prompt: str = "") -> str:
            given = next(left, EOFError)
            if isinstance(given, str):
                return given
            raise given

        monkeypatch.setattr("builtins.input", answer)
        status = practising.run(number, mode, None)
        return status, capsys.readouterr().out

    return run


def test_story_goals_and_words_come_first(play: Play) -> None:
    _status, said = play()
    assert "PRACTICE: 1. Scenario of number 1 (guided)" in said
    assert "Mail to the partner waits" in said
    assert "[ ] Mail leaves." in said
    assert "hint: a hint" in said


def test_a_scenario_and_a_way_are_chosen_by_numbers(play: Play) -> None:
    _status, said = play("2", "2", mode=None, number=None)
    assert "1: Scenario of number 1 (new)" in said
    assert "PRACTICE: 2. The decoy: whose certificate is it? (on your own)" in said


def test_enter_alone_goes_on_with_the_course(play: Play) -> None:
    _status, said = play("", "", mode=None, number=None)
    assert "Enter alone: 1;" in said
    assert "PRACTICE: 1. Scenario of number 1 (guided)" in said


def test_the_sandbox_is_a_letter(play: Play) -> None:
    _status, said = play("s", "done", "q", "q", mode=None, number=None)
    assert "PRACTICE: Sandbox" in said


def test_a_round_with_the_wizard_and_its_answer(play: Play) -> None:
    _status, said = play("wizard", "c", "q", "paste", "queue", "answer", "n", "q")
    assert "What does the queue say?" in said
    assert "Copied inside practice." in said
    assert "does not know 'Get-Queue" in said
    assert "OK: Queue MBX1\\8125" in said
    assert "Step 2 of 11: Which Send connector?" in said


def test_a_question_of_the_shell_is_answered_and_no_word_is_taken_for_one(play: Play) -> None:
    _status, said = play("bind", "hint", "n", "retry", "done")
    assert "Hint" not in said.partition("These words")[2].partition("?: this list")[2]
    assert "Solved, and nothing was damaged." in said


def test_enter_alone_at_the_question_is_the_damage_it_is(play: Play) -> None:
    _status, said = play("bind", "", "retry", "done")
    assert "The default certificate was replaced." in said
    assert [len(each.damage) for each in ProgressFolder(practice_folder()).read().results] == [1]


def test_on_your_own_the_coach_answers_when_asked(play: Play) -> None:
    _status, said = play("bind", "n", "coach", "hint", mode=Mode.ALONE)
    assert "1 of 2 goals met." in said
    assert "Hint 1 of 3: Look at the queue." in said
    assert "wizard: the wizard" not in said


def test_an_exam_has_a_clock_and_no_words_that_help(play: Play) -> None:
    _status, said = play("hint", "done", "y", mode=Mode.EXAM)
    assert "10:00 left" in said
    assert "does not know 'hint'" in said
    assert "Not solved." in said


def test_an_open_goal_is_asked_about(play: Play) -> None:
    _status, said = play("queue", "done", "n", "done", "y", "q")
    assert said.count("Not every goal is met yet.") == 2
    assert "Kept in your record." in said


def test_what_is_wrong_is_asked_where_the_scenario_does(play: Play) -> None:
    _status, said = play("queue", "done", "b", "done", "1", "q", number="3")
    assert "You concluded: A firewall drops the packets." in said


def test_the_next_scenario_follows(play: Play) -> None:
    _status, said = play("bind", "n", "retry", "done", "3")
    assert "PRACTICE: 2. The decoy" in said


def test_ctrl_c_gives_up_a_question_and_else_leaves_politely(play: Play) -> None:
    status, said = play("bind", KeyboardInterrupt, "queue", KeyboardInterrupt)
    assert "MBX1\\8125" in said
    assert said.endswith("Practice is left. What you finished is in your record.\n")
    assert status == 130


@pytest.mark.parametrize("word", ["quit", EOFError])
def test_leaving_is_no_fault(play: Play, word: str) -> None:
    status, said = play(word)
    assert status == 0
    assert "Practice is left." in said


def test_a_scenario_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert practising.run("no-such", None, None) == 2
    assert "There is no scenario 'no-such'" in capsys.readouterr().err


def test_an_exam_that_time_ended_says_so(play: Play, clock: practised.Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def later(_wait: object) -> None:
        clock.now += timedelta(hours=1)

    monkeypatch.setattr("screens.training.Training.wait", later)
    _status, said = play("wait", "q", mode=Mode.EXAM)
    assert "The time was up. What was reached until then counts." in said


def test_a_command_that_clears_says_that_nothing_is_cleared_here(play: Play) -> None:
    _status, said = play("queue", "clear", "queue")
    after = said[said.index("Line by line nothing is cleared") :]
    assert "since" in after
    assert said.count("Line by line nothing is cleared") == 1


def test_words_of_the_shell_are_answered_there_and_the_wizard_says_so(play: Play) -> None:
    _status, said = play("wizard", "?", "done", "paste")
    assert "q: goes back to the shell" in said
    assert "q: quits" not in said
    assert "done is answered in the shell: q goes back there." in said
    assert "paste is answered in the shell: q goes back there." in said


def test_that_every_goal_is_met_is_not_said_again_at_the_end(play: Play) -> None:
    _status, said = play("bind", "n", "retry", "done")
    assert said.count("Every goal is met. done shows how it went.") == 1


def test_exit_says_which_words_leave(play: Play) -> None:
    _status, said = play("exit")
    assert "quit leaves practice, done ends the exercise." in said


def test_a_file_is_one_of_the_practice_servers(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    file = WrittenLog("EX1", r"C:\Logs\SEND2026112201-1.LOG", evidence.log(evidence.OURS))
    monkeypatch.setattr("wizard.practice.mail.log_files", lambda _world: (file,))
    _status, said = play("wizard", "g4", "o", "1")
    assert r"1: on EX1, C:\Logs\SEND2026112201-1.LOG" in said
    assert evidence.OURS in said
