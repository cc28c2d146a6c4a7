"""The wizard line by line says the same words and hands out the same commands as the full screen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from screens.plain import ANSWER_NO, ANSWERS, PlainWizard
from wizard.case import Case, StepId
from wizard.clipboard import ClipboardError
from wizard.sample import sample_case
from wizard.steps import step, steps_of
from wizard.words import with_keys

BIND = "Enable-ExchangeCertificate -Thumbprint '9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C' -Services SMTP,IIS,POP"


class Script:
    """Answers given beforehand, one for each question; the end of them ends the program as Ctrl+D does."""

    def __init__(self, *answers: str, texts: tuple[str, ...] = ()) -> None:
        self._answers = iter(answers)
        self._texts: Iterator[str] = iter(texts)
        self.questions: list[str] = []

    def one(self, question: str) -> str:
        self.questions.append(question)
        try:
            return next(self._answers)
        except StopIteration:
            raise EOFError from None

    def many(self) -> str:
        return next(self._texts)


class Board:
    """A clipboard in memory; one that holds nothing cannot be read."""

    def __init__(self, text: str = "") -> None:
        self.text = text

    def write(self, text: str) -> None:
        self.text = text

    def read(self) -> str:
        if not self.text:
            raise ClipboardError("There is no clipboard here.")
        return self.text


def ran(case: Case, script: Script, board: Board | None = None) -> tuple[PlainWizard, str]:
    said: list[str] = []
    wizard = PlainWizard(case, script, said.append, board or Board())
    with contextlib.suppress(EOFError):
        wizard.run()
    return wizard, "\n".join(said)


ON_EACH_SERVER = ("n", "n", "1", "n", "n", "n", "n")
SAMPLE_ANSWERS = ("n", "1", "n", "1", "n", "n", *ON_EACH_SERVER, "1", *ON_EACH_SERVER, "n", "n")


def test_the_sample_runs_to_the_summary() -> None:
    wizard, said = ran(sample_case(), Script(*SAMPLE_ANSWERS))
    assert "all five points are proven or said by you" in said
    assert {s.id for s in steps_of(wizard.case)} == set(wizard.case.settled)


def test_every_step_says_its_words_and_shows_its_commands() -> None:
    wizard, said = ran(sample_case(), Script(*SAMPLE_ANSWERS))
    for each in steps_of(wizard.case):
        assert each.words.title in said
        assert with_keys(each.words.do, ANSWERS.__getitem__) in said
        assert with_keys(each.words.why, ANSWERS.__getitem__) in said
        for command in each.commands(wizard.case):
            assert f"\n{command.text}" in said
        for finding in each.findings(wizard.case):
            assert f"{finding.level.value}: {finding.text}" in said


def test_the_binding_command_is_copied_only_after_the_word_about_n() -> None:
    board = Board()
    refused = Script(*SAMPLE_ANSWERS[:7], "c", "n")
    _wizard, said = ran(sample_case(), refused, board)
    assert ANSWER_NO in said
    assert board.text == ""
    ran(sample_case(), Script(*SAMPLE_ANSWERS[:7], "c", "y"), board)
    assert board.text == BIND


def test_a_paste_of_the_wrong_kind_is_answered_with_what_is_needed() -> None:
    _wizard, said = ran(Case(), Script("p", texts=("good morning",)))
    assert "does not recognise this text" in said


def test_going_on_without_what_is_needed_says_so_and_stays() -> None:
    wizard, said = ran(Case(), Script("n", "n"))
    assert step(StepId.CONNECTOR).missing(wizard.case) in said
    assert StepId.CONNECTOR not in wizard.case.settled


def test_a_name_can_be_typed_and_back_keeps_it() -> None:
    wizard, _said = ran(Case(), Script("n", "w", "Outbound to Office 365", "b", "n", "n"))
    assert wizard.case.connector == "Outbound to Office 365"
    assert StepId.CONNECTOR in wizard.case.settled


def test_explain_the_clipboard_and_an_answer_nobody_knows() -> None:
    _wizard, said = ran(Case(), Script("e", "v", "zzz"))
    assert "The Exchange Management Shell is on the Exchange server" in said
    assert "There is no clipboard here." in said
    assert "'zzz' is none of the answers here." in said


def test_a_path_that_is_not_there_says_so() -> None:
    _wizard, said = ran(Case(connector="X"), Script("n", "n", "n", "o", "/not/there"))
    assert "/not/there could not be read" in said or "There is no" in said
