"""The wizard line by line: every answer of the full screen, by a letter or a number, in lines that only come after.

That its words are those of the full screen is held in test_same_words.py.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest

from screens.actions import LETTERS
from screens.plain.ask import BETWEEN_LINES, CUT, LineAsker, WaitStopped, waited
from screens.plain.say import WORDS, Question, in_letters, listed, parsed
from screens.plain.wizard import ANSWER_NO, AT_ONCE, PlainWizard
from screens.words import NO_TEXT_HERE, NOT_FOR_THE_SHELL
from tests.screens import evidence
from tests.screens.driving import NOW, MemoryClipboard, empty, named, our_case, sample_at
from wizard.assets import sample_case
from wizard.case.book import Casebook
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.file import Saved
from wizard.record.summary import summary
from wizard.steps.flow import STEPS, sample_evidence, step, steps_of

ROOT = Path(__file__).resolve().parents[2]
BIND = (
    "Enable-ExchangeCertificate -Thumbprint '9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C' -Services SMTP,IIS,POP "
    "-Server 'EX01'"
)


class Script:
    """Answers given beforehand, one for each question; the end of them ends the program as Ctrl+D does.

    An answer that is a tuple is one to the question what to paste.
    """

    def __init__(self, *answers: str | tuple[str]) -> None:
        self._answers = list(answers)
        self.questions: list[str] = []

    def one(self, question: str) -> str:
        self.questions.append(question)
        if not self._answers:
            raise EOFError
        answer = self._answers.pop(0)
        assert isinstance(answer, str), f"{question}: a paste was to come"
        return answer

    def many(self) -> str:
        pasted = self._answers.pop(0)
        assert isinstance(pasted, tuple), f"a paste was asked for, not {pasted!r}"
        return pasted[0]


class Led:
    """The wizard, led by a script from a case to the end of the script."""

    def __init__(
        self,
        case: Case,
        *answers: str | tuple[str],
        board: MemoryClipboard | None = None,
        folder: Path = Path("/nowhere"),
        copier: Callable[[str], Iterable[str]] | None = None,
    ) -> None:
        self.lines: list[str] = []
        self.board = board or MemoryClipboard()
        self.script = Script(*answers)
        self.wizard = PlainWizard(case, self.script, self.lines.append, self.board, copier, folder, lambda: NOW)
        try:
            self.wizard.run()
            self.quit = True
        except EOFError:
            self.quit = False

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    @property
    def case(self) -> Case:
        return self.wizard.case

    def after(self, question: str) -> str:
        """What was said behind the first line that begins so."""
        return self.said[self.said.index(question) :]


def at(step_id: StepId, case: Case | None = None) -> str:
    """The answer that goes to a step."""
    return f"g{[s.id for s in steps_of(case or empty())].index(step_id) + 1}"


ON_EACH_SERVER = ("n", "n", "1", "n", "n", "n", "n")
TO_THE_COMMAND = ("n", "1", "n", "1", "n", "n", "n")
SAMPLE_ANSWERS = ("n", "1", "n", "1", "n", "n", *ON_EACH_SERVER, "1", *ON_EACH_SERVER, "n", "n")


def test_the_sample_runs_to_the_summary_and_q_ends_it() -> None:
    led = Led(sample_case(), *SAMPLE_ANSWERS, "q")
    assert "all five points are proven or said by you" in led.said
    assert {s.id for s in steps_of(led.case)} == {s.id for s in STEPS if led.case.answer(s.id).finished}
    assert led.quit
    assert led.said.count("Commands of this case:") == 1


def test_every_step_says_its_words_and_its_commands_each_on_a_line_of_its_own() -> None:
    led = Led(sample_case(), *SAMPLE_ANSWERS)
    for each in steps_of(led.case):
        assert each.words.title in led.said
        asked = in_letters(each.words.do).replace("{where}", "")
        assert any(asked in {line, line.replace("EX01 itself", "{server}")} for line in led.lines)
        assert not each.why(led.case) or in_letters(each.words.why) in led.lines
        for command in each.commands(led.case):
            assert command.text in led.lines or len(command.text) > 700
        for finding in each.findings(led.case):
            if finding.id == "log-of-another":
                # True only since the second server, and this step was gone through on the first.
                continue
            assert f"{finding.level.value}: {finding.text}" in led.said


def test_only_what_has_changed_is_said_again() -> None:
    words = step(StepId.COMMAND).words
    nothing = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), "k", "zz", "")
    assert nothing.lines.count(words.do) == nothing.said.count(evidence.BIND) == 1
    changed = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), "2")
    assert changed.lines.count(words.do) == 1
    assert changed.said.count(evidence.BIND) == 2
    assert changed.said.count("  2 (chosen): ") == 1
    again = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), "l")
    assert again.lines.count(words.do) == again.said.count(evidence.BIND) == 2


class TestAnswers:
    def test_a_question_mark_lists_what_makes_sense_at_the_step_and_no_more(self) -> None:
        led = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), "?")
        listing = led.after("  1 to 2: chooses")
        assert "c: copies the first command, c2 the others" in listing
        assert "p: " not in listing
        assert "w: " not in listing

    @pytest.mark.long
    def test_every_letter_is_answered_somewhere_and_none_is_left_out(self) -> None:
        """A letter of the list that nothing answers would be a promise; here each is given where it is listed."""
        for current in STEPS:
            for case in (sample_at(current.id), our_case(current.id)):
                if not current.applies(case):
                    continue
                findings = current.findings(case)
                for line in listed(Question(current, case, findings)):
                    letter = line.split(":")[0].strip()
                    answer = "1" if letter[0].isdigit() else letter
                    many: tuple[str] = ("x",)
                    led = Led(case, at(current.id, case), answer, *([many] if letter == "p" else []))
                    assert "does nothing here" not in led.said
                    assert "none of the answers" not in led.said

    def test_letters_are_there_once(self) -> None:
        letters = [LETTERS[action] for action in WORDS]
        assert len(set(letters)) == len(letters)

    @pytest.mark.parametrize(
        ("answer", "meant"),
        [("c2", ("c", 2)), ("C 2", ("c", 2)), ("3", ("", 3)), ("?", ("?", 0)), ("good", None), ("2x", None)],
    )
    def test_a_letter_and_its_number(self, answer: str, meant: tuple[str, int] | None) -> None:
        assert parsed(answer) == meant

    def test_one_that_nobody_knows_and_one_that_makes_no_sense_here(self) -> None:
        led = Led(empty(), "zz", "w", "9")
        assert "'zz' is none of the answers here. ? lists them." in led.lines
        assert "w does nothing here. ? lists the answers." in led.lines
        assert "There is no answer 9 here. ? lists the answers." in led.lines

    def test_a_text_at_a_step_that_takes_none_goes_where_it_belongs(self) -> None:
        led = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), evidence.QUEUES)
        assert "Taken for another step: What does the queue say?" in led.said
        assert "none of the answers" not in led.said
        assert led.case.queues

    def test_a_text_that_nobody_knows_is_not_said_back(self) -> None:
        led = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), "nothing\nthat is known\n" * 500)
        assert f"Note: {NO_TEXT_HERE}" in led.lines
        assert "that is known" not in led.said
        assert not led.case.answer(StepId.COMMAND).text

    def test_of_a_long_answer_the_beginning_is_said_back(self) -> None:
        led = Led(our_case(StepId.COMMAND), at(StepId.COMMAND), "x" * 500)
        assert f"'{'x' * 40}...' is none of the answers here. ? lists them." in led.lines

    def test_the_summary_says_back_no_paste(self) -> None:
        led = Led(our_case(None), "m", f"{evidence.QUEUES}{'y' * 500}")
        assert "y" * 50 not in led.said

    def test_enter_alone_does_nothing_but_say_where_one_is(self) -> None:
        led = Led(empty(), "", "")
        assert led.lines.count("Step 1 of 11: What does the queue say?") == 2
        assert skipped(led.case) == []

    def test_keys_of_the_full_screen_are_said_as_letters(self) -> None:
        said = in_letters("Then press {step.paste}. Or the folder ({step.open}), {step.turn} shows F13.")
        assert said == "Then press v. Or the folder (o), c2 shows F13."
        led = Led(our_case(StepId.LOG), at(StepId.LOG), "e")
        assert not re.search(r"\bF[1-9]\b", led.said)


def skipped(case: Case) -> list[StepId]:
    return [step_id for _server, step_id, answer in case.every_answer() if answer.skipped]


class TestGoingOn:
    def test_without_what_is_needed_it_says_so_and_stays(self) -> None:
        led = Led(empty(), "n", "n")
        assert step(StepId.CONNECTOR).missing(led.case) in led.lines
        assert not led.case.answer(StepId.CONNECTOR).finished

    def test_a_step_that_may_be_left_out_is_left_out(self) -> None:
        led = Led(empty(), "n")
        assert led.script.questions[0] == "p: paste; n: Skip: I have no queue output; ?: all answers"
        assert skipped(led.case) == [StepId.SYMPTOM]

    def test_back_keeps_what_was_given(self) -> None:
        led = Led(empty(), "n", "w", "Outbound to Office 365", "b", "n", "n", "b", "b", "b")
        assert led.case.connector == "Outbound to Office 365"
        assert led.case.answer(StepId.CONNECTOR).finished
        assert led.lines[-1] == "This is the first step."

    def test_to_a_step_by_its_number_or_from_the_list(self) -> None:
        led = Led(our_case(StepId.COMMAND), "g", "4", "g99", "g", "", "g", "x")
        assert "  5: What is the certificate used for now?, done" in led.lines
        assert "Step 4 of 11: Read the log (KB step 2)" in led.lines
        assert led.lines.count("There is no such step: they are numbered 1 to 11.") == 2

    def test_a_changed_answer_is_to_be_checked_again(self) -> None:
        case = our_case(StepId.PROMPT)
        led = Led(case, at(StepId.CONNECTOR), "w", "Internet", "g", "", at(StepId.LOG))
        assert "  4: Read the log, check again" in led.lines
        assert "Note: Check again: an earlier answer has changed since. If it still holds, answer n." in led.lines

    def test_a_choice_can_lead_to_another_step(self) -> None:
        case = sample_at(StepId.SERVERS)
        led = Led(case, at(StepId.SERVERS, case), "1")
        assert "SAMPLE, Step 5 of 12 on EX02: What is the certificate used for now? (KB step 3)" in led.lines


class TestTakingEvidence:
    def test_a_paste_of_the_wrong_kind_is_answered_with_what_is_needed_and_kept(self) -> None:
        led = Led(empty(), "p", ("good morning",))
        assert "Not taken; what you gave is kept. The reason:" in led.lines
        assert "does not recognise this text" in led.said
        assert led.case.answer(StepId.SYMPTOM).text == "good morning"

    def test_a_paste_for_another_step_goes_there_and_says_so(self) -> None:
        led = Led(empty(), "p", (evidence.connectors(evidence.CONNECTOR),))
        assert "Taken for another step: Which Send connector?" in led.lines
        assert led.case.connector == evidence.CONNECTOR

    def test_a_paste_without_p_is_taken_as_what_it_is(self) -> None:
        """Its first line is an answer that is none; with an editor for the answer, all of it comes at once."""
        first, _, rest = evidence.QUEUES.lstrip().partition("\n")
        by_lines, at_once = Led(empty(), first, (rest,)), Led(empty(), evidence.QUEUES.strip())
        assert "This is text: it is taken as the first line of a paste." in by_lines.lines
        assert by_lines.case.queues == at_once.case.queues != ()

    def test_a_blank_line_before_a_paste_does_not_go_on(self) -> None:
        first, _, rest = evidence.QUEUES.lstrip().partition("\n")
        assert Led(empty(), "", "", first, (rest,)).case.queues

    def test_the_connectors_name_can_be_typed_without_w(self) -> None:
        assert Led(empty(), "n", "Outbound to Office 365").case.connector == "Outbound to Office 365"

    def test_the_begin_of_an_output_is_no_name(self) -> None:
        first, _, rest = evidence.connectors("Internet").lstrip("\n").partition("\n")
        assert Led(empty(), "n", first, (rest,)).case.connector == "Internet"

    def test_the_clipboard(self) -> None:
        led = Led(empty(), "v", board=MemoryClipboard(evidence.QUEUES))
        assert led.case.queues
        without = Led(empty(), "v", board=MemoryClipboard(trouble="There is no clipboard here."))
        assert "There is no clipboard here." in without.lines

    def test_a_file_with_the_quotes_of_explorer(self, tmp_path: Path) -> None:
        (tmp_path / "queue.txt").write_text(evidence.certificate(), encoding="utf-8")
        led = Led(our_case(StepId.SERVICES), at(StepId.SERVICES), "o", f'"{tmp_path / "queue.txt"}"')
        assert led.case.answer(StepId.SERVICES).path == str(tmp_path / "queue.txt")
        assert led.case.services_now

    def test_a_folder_of_logs_and_enter_alone_for_the_same_again(self, tmp_path: Path) -> None:
        (tmp_path / "SEND20261120-1.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
        led = Led(named(evidence.CONNECTOR), at(StepId.LOG), "o", str(tmp_path), "o", "")
        assert led.case.now.thumbprint == evidence.OURS
        assert led.script.questions[-2] == f"File or folder, Enter alone: {tmp_path}; b: none"
        assert led.lines.count(f"Reading {tmp_path}...") == 2

    def test_a_path_that_is_not_there_says_so_and_what_was_read_stays(self, tmp_path: Path) -> None:
        case = our_case(StepId.SERVICES)
        led = Led(case, at(StepId.LOG), "o", str(tmp_path / "none"), "o", "b", "o", "")
        assert f"Stop: {tmp_path / 'none'} could not be read: No such file or directory." in led.lines
        assert led.lines.count("No path was given. Nothing is read.") == 2
        assert led.case.now.log == case.now.log


class TestCommands:
    def test_the_binding_command_is_copied_only_after_the_word_about_n(self) -> None:
        refused = Led(sample_case(), *TO_THE_COMMAND, "c", "n")
        assert ANSWER_NO in refused.lines
        assert refused.lines[-1] == "Not copied."
        assert refused.board.text == ""
        copied = Led(sample_case(), *TO_THE_COMMAND, "c", "", "c")
        assert copied.board.text == BIND
        assert copied.lines.count(ANSWER_NO) == 1
        assert copied.lines.count("Answer N to its question.") == 2

    def test_each_of_several_can_be_copied_and_printed_alone(self) -> None:
        led = Led(empty(), "n", "c2", "d2", "c3")
        survey = step(StepId.CONNECTOR).commands(led.case)[1].text
        assert led.board.text == survey
        assert f"\n{survey}\n" in led.lines
        assert "There is no command 3 here." in led.lines

    def test_how_it_is_copied_is_said_by_who_copies(self) -> None:
        led = Led(empty(), "c", copier=lambda text: ["Sent to your terminal.", text])
        assert led.lines[-2:] == ["Sent to your terminal.", step(StepId.SYMPTOM).commands(led.case)[0].text]


class TestLooking:
    def test_the_rows_behind_what_was_found(self) -> None:
        led = Led(our_case(StepId.SERVICES), at(StepId.LOG), "r")
        found = next(f for f in step(StepId.LOG).findings(led.case) if f.lines)
        assert f"{found.lines[0].place}: {found.lines[0].text}" in led.lines

    def test_what_is_known(self) -> None:
        assert "Nothing is known yet." in Led(empty(), "k").lines
        assert f"Our certificate: {evidence.OURS}" in Led(our_case(StepId.SERVICES), "k").lines

    def test_failed_handshakes_and_the_rows_of_a_session(self) -> None:
        led = Led(our_case(StepId.SERVICES), at(StepId.LOG), "f", "1", "b", "f1", "x", "f7")
        assert led.lines.count("1 failed handshake (times are UTC):") == 2
        assert any("UnknownCredentials, to " in line for line in led.lines)
        rows = [line for line in led.lines if re.match(r"(log paste|.*\.log), line \d+: 2026", line)]
        assert any("TLS negotiation failed" in row for row in rows)
        assert "There is no kind 7 of failures here." in led.lines

    def test_many_of_them_come_a_few_at_a_time(self) -> None:
        case = Led(named(evidence.CONNECTOR), at(StepId.LOG), "p", (evidence.log(*[evidence.OURS] * 45),), "q").case
        led = Led(case, at(StepId.LOG), "f", "", "b")
        assert f"A number for the rows of its session, Enter for more, {AT_ONCE} of 45 are listed. b goes back." in (
            led.script.questions
        )
        assert sum(line.startswith(("  1: 2026", "  40: 2026", "  41: 2026")) for line in led.lines) == 2


class TestTheWholeCase:
    def test_the_summary_from_any_step_with_what_can_be_done_there(self) -> None:
        led = Led(our_case(StepId.PROMPT), "m", "?", "c", "", "zz", "b")
        assert led.board.text == summary(led.case)
        assert NOT_FOR_THE_SHELL in led.lines
        assert "'zz' is none of the answers here. ? lists them." in led.lines
        assert "Step 11 of 11: Put logging back (after KB step 5)" in led.lines

    def test_saving_says_where(self, tmp_path: Path) -> None:
        led = Led(our_case(StepId.PROMPT), "s", folder=tmp_path)
        path = tmp_path / "exchange-cert-wizard-20261122-030507.txt"
        assert led.lines[-1] == f"Saved: {path}"
        assert path.read_text(encoding="utf-8") == f"{summary(led.case)}\n"
        gone = tmp_path / "gone"
        assert f"Not saved. {gone}" in Led(our_case(StepId.PROMPT), "s", folder=gone).lines[-1]

    def test_beginning_anew_asks_first(self) -> None:
        assert Led(our_case(StepId.PROMPT), "a", "").case.connector
        assert Led(our_case(StepId.PROMPT), "a", "1").case.connector == ""
        assert Led(our_case(StepId.PROMPT), "m", "a", "2").case.sample

    def test_an_answer_at_the_prompt_is_in_the_summary(self) -> None:
        led = Led(our_case(StepId.PROMPT), at(StepId.PROMPT), "3", "q")
        assert led.case.now.prompt_answer is PromptAnswer.YES


class TestWorkThatTakesLong:
    """The words about the progress, and Ctrl+C."""

    def test_a_line_every_two_seconds_at_most(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = [0.0]
        said: list[tuple[float, str]] = []
        pause = threading.Event()

        def work(tell: Callable[[str], None], _stop: Callable[[], bool]) -> int:
            while clock[0] < 9:
                tell(f"at {clock[0]:g}")
                pause.wait(0.0005)
            return 7

        def now() -> float:
            clock[0] += 0.25
            return clock[0]

        monkeypatch.setattr("screens.plain.ask._LOOK", 0.001)
        assert waited(work, lambda line: said.append((clock[0], line)), now) == 7
        times = [time for time, _line in said]
        assert 2 <= len(times) <= 4
        assert all(later - earlier >= BETWEEN_LINES for earlier, later in pairwise(times))

    def test_ctrl_c_stops_the_work_and_not_the_program(self, monkeypatch: pytest.MonkeyPatch) -> None:
        ended = threading.Event()

        def work(_tell: Callable[[str], None], stop: Callable[[], bool]) -> None:
            while not stop():
                ended.wait(0.001)
            ended.set()

        def pressed(_self: threading.Thread, _timeout: float | None = None) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "join", pressed)
            with pytest.raises(WaitStopped):
                waited(work, lambda _line: None)
        assert ended.wait(20)

    def test_a_stopped_reading_takes_nothing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def stopped(_work: object, _write: object) -> None:
            raise WaitStopped

        monkeypatch.setattr("screens.plain.wizard.waited", stopped)
        case = our_case(StepId.SERVICES)
        led = Led(case, at(StepId.LOG), "o", str(tmp_path))
        assert led.lines[-1] == "Stopped. Nothing was taken; what you gave before is kept."
        assert led.case.now.log == case.now.log
        assert led.case.answer(StepId.LOG).path == case.answer(StepId.LOG).path

    def test_a_fault_in_it_is_not_lost(self) -> None:
        def work(_tell: Callable[[str], None], _stop: Callable[[], bool]) -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            waited(work, lambda _line: None)


class TestPastedLines:
    """What `many` makes of lines, of keys that an editor has read ahead, and of lines a terminal has cut."""

    def asked(self, monkeypatch: pytest.MonkeyPatch, ahead: str, *lines: str) -> tuple[str, list[str]]:
        rest = list(lines)

        def line() -> str:
            if not rest:
                raise EOFError
            return rest.pop(0)

        said: list[str] = []
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", line)
        monkeypatch.setattr(LineAsker, "typed_ahead", lambda _self: ahead)
        return LineAsker(said.append).many(), said

    @pytest.mark.parametrize(
        ("ahead", "lines"),
        [
            ("", ("a", "b", ".", "c")),
            ("", ("a", "b")),
            ("a\n", ("b", ".")),
            ("a\nb\n.\n", ()),
            ("a\nb\n.", ("",)),
            ("a", ("\rb\r.",)),
        ],
    )
    def test_lines_up_to_the_full_stop(
        self, monkeypatch: pytest.MonkeyPatch, ahead: str, lines: tuple[str, ...]
    ) -> None:
        text, said = self.asked(monkeypatch, ahead, *lines)
        assert text.rstrip("\n") == "a\nb"
        assert said == []

    @pytest.mark.skipif(sys.platform == "win32", reason="a Windows console has no such limit")
    def test_a_line_that_the_terminal_has_cut_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text, said = self.asked(monkeypatch, "", "x" * 4095, ".")
        assert text == "x" * 4095
        assert said == [CUT]


GIVEN = f"p\n{evidence.QUEUES}.\n"
"""Answers that give a case something to be saved for."""


class TestAPipe:
    """The program itself, with its answers from a pipe."""

    def run(self, answers: str | bytes, home: Path, *arguments: str, **environment: str) -> tuple[int, str]:
        """Exit status and what was printed; nothing may be on standard error."""
        done = subprocess.run(
            [sys.executable, "-m", "screens", "--plain", *arguments],
            input=answers.encode() if isinstance(answers, str) else answers,
            env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home), "USERPROFILE": str(home), **environment},
            cwd=ROOT.parent,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.stderr == b""
        return done.returncode, done.stdout.decode("utf-8").replace("\r\n", "\n")

    def test_it_ends_at_the_end_of_input_saves_the_summary_and_prints_what_is_open(self, tmp_path: Path) -> None:
        status, out = self.run(f"{GIVEN}n\nn\n", tmp_path)
        assert status == 0
        assert "\n> n\n" in out
        (saved,) = tmp_path.glob("exchange-cert-wizard-*.txt")
        assert f"\nEnded with the end of input.\nSaved: {saved}\n" in out
        title, _, headline, *_more = saved.read_text(encoding="utf-8").splitlines()
        assert f"\n{title}\n\n{headline}\n" in out
        assert "\nThe case is saved. Go on with it:\npython -m screens resume " in out

    @pytest.mark.quick(1)
    @pytest.mark.parametrize(("answer", "read"), [("", True), ("d", False)])
    def test_a_text_that_was_not_read_is_offered_at_its_step(self, tmp_path: Path, answer: str, read: bool) -> None:
        book, home = Casebook(tmp_path / "cases"), {"EXCHANGE_CERT_WIZARD_HOME": str(tmp_path)}
        book.save(Saved("20261122-030507-ab12", empty().leaving(StepId.SYMPTOM, evidence.QUEUES)))
        _status, out = self.run(f"{answer}\nq\n", tmp_path, "resume", **home)
        assert "What you gave here was not read yet. It begins: Identity" in out
        assert ("\nRead." in out) is read
        kept = book.load("20261122-030507-ab12").case
        assert (bool(kept.queues), kept.waits_at) == (read, None)

    @pytest.mark.long
    def test_a_new_case_beside_saved_ones_says_how_to_go_on_with_those(self, tmp_path: Path) -> None:
        home = {"EXCHANGE_CERT_WIZARD_HOME": str(tmp_path)}
        _status, first = self.run(f"{GIVEN}n\nq\n", tmp_path, **home)
        assert "A new case." not in first
        assert first.rstrip().endswith(" --plain")
        _status, second = self.run(f"{GIVEN}q\n", tmp_path, **home)
        assert second.startswith("A new case. Another is saved: python -m screens resume --plain goes on with it.\n")
        _status, third = self.run("q\n", tmp_path, **home)
        assert third.startswith("A new case. 2 others are saved: python -m screens cases lists them, ")
        _status, sample = self.run("q\n", tmp_path, "--sample", **home)
        assert "A new case." not in sample
        _status, resumed = self.run("q\n", tmp_path, "resume", **home)
        assert resumed.startswith("Opened: No connector yet, saved ")

    @pytest.mark.long
    def test_what_the_disk_did_not_take_is_not_called_saved(self, tmp_path: Path) -> None:
        (tmp_path / "cases").write_text("no folder", encoding="utf-8")
        status, out = self.run(f"{GIVEN}q\n", tmp_path, EXCHANGE_CERT_WIZARD_HOME=str(tmp_path), TMPDIR=str(tmp_path))
        assert status == 0
        assert "The case is saved" not in out
        (file,) = tmp_path.glob("*.case.json")
        assert f"The case lies in {file} instead" in out

    @pytest.mark.long
    def test_a_log_is_kept_in_its_case_where_one_says_so(self, tmp_path: Path) -> None:
        answers = f"g4\np\n{evidence.log(evidence.OURS)}.\nt\nq\n"
        status, out = self.run(answers, tmp_path, EXCHANGE_CERT_WIZARD_HOME=str(tmp_path))
        assert status == 0
        assert "Pasted logs stay in this case, and go with it. t changes that." in out
        (file,) = (tmp_path / "cases").glob("*.json")
        case = json.loads(file.read_text(encoding="utf-8"))["case"]
        assert case["on"][""]["answers"]["log"]["text"]

    @pytest.mark.long
    def test_q_ends_it_without_a_file(self, tmp_path: Path) -> None:
        status, out = self.run("n\nq\n", tmp_path)
        assert (status, list(tmp_path.glob("*.txt"))) == (0, [])
        assert "exchange-cert-wizard: KB 4051498, outbound TLS" in out

    @pytest.mark.long
    def test_nothing_is_saved_or_printed_of_a_case_without_anything_in_it(self, tmp_path: Path) -> None:
        status, out = self.run("", tmp_path)
        assert (status, list(tmp_path.iterdir())) == (0, [])
        assert out.endswith("> \nEnded with the end of input.\n")

    @pytest.mark.quick(1)
    @pytest.mark.parametrize("end", [".\nq\n", ""], ids=["a full stop", "the end of input"])
    def test_a_paste_of_many_lines(self, tmp_path: Path, end: str) -> None:
        status, out = self.run(f"p\n{evidence.QUEUES}{end}", tmp_path)
        assert status == 0
        assert "These are the article's own words" in out

    def test_bytes_that_are_no_utf_8_and_characters_a_terminal_would_act_on(self, tmp_path: Path) -> None:
        status, out = self.run(b"n\nOutbound \xff\x1b[2J to Office\nq\n", tmp_path)
        assert status == 0
        assert "\x1b" not in out
        assert "Traceback" not in out

    def test_the_sample_to_its_end(self, tmp_path: Path) -> None:
        status, out = self.run("\n".join((*SAMPLE_ANSWERS, "q", "")), tmp_path, "--sample")
        assert status == 0
        assert "Done on both servers" in out
        assert f"\n{BIND}\n" in out

    @pytest.mark.long
    def test_no_key_word_or_colour_is_written(self, tmp_path: Path) -> None:
        _status, out = self.run("\n".join((*SAMPLE_ANSWERS, "q", "")), tmp_path, "--sample", ACCESSIBLE="1")
        assert all(character.isprintable() or character == "\n" for character in out)

    def test_who_reads_may_go_away(self, tmp_path: Path) -> None:
        """Such as `head`: what cannot be printed any more is no fault."""
        program = subprocess.Popen(
            [sys.executable, "-m", "screens", "--plain", "--sample"],
            env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
            cwd=ROOT.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert program.stdin
        assert program.stdout
        assert program.stderr
        with program:
            program.stdout.close()
            program.stdin.write(b"n\n" * 5)
            program.stdin.close()
            assert b"Traceback" not in program.stderr.read()


def test_a_fault_of_the_programs_own_is_no_traceback_and_the_case_is_saved(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from screens.plain import program  # noqa: PLC0415

    def fails(_line: str) -> str:
        raise ZeroDivisionError

    def one(_self: LineAsker, _question: str) -> str:
        return "k"

    monkeypatch.setattr(LineAsker, "one", one)
    monkeypatch.setattr("screens.plain.say.known", fails)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path))
    assert program.run(True, False) == program.FAULT
    out, err = capsys.readouterr()
    assert "stopped because of a fault of its own" in err
    assert "Traceback" not in out + err


def test_sample_evidence_is_offered_where_nothing_was_given() -> None:
    led = Led(sample_case(), "p", ("good morning",), "n", "b")
    assert led.case.answer(StepId.SYMPTOM).text == "good morning" != sample_evidence(StepId.SYMPTOM)
    assert isinstance(led.wizard.now(), datetime)
