"""Line by line in a real terminal: words are broken between words, commands are not broken at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.plain import say as said
from screens.plain.ask import Prose, wrapped
from screens.plain.program import Printer
from tests.screens import evidence
from tests.screens.driving import our_case
from wizard.case.case import StepId
from wizard.steps.flow import step


@given(st.text("ab -\\n", max_size=200), st.integers(20, 90))
def test_no_word_is_broken_or_lost(words: str, columns: int) -> None:
    broken = wrapped(words, columns)
    assert broken.split() == words.split()
    assert all(len(line) < columns or len(line.split()) < 2 for line in broken.split("\n"))


def test_what_goes_on_below_a_choice_begins_further_in() -> None:
    assert wrapped("  1: Mailbox server, Exchange 2013", 24) == "  1: Mailbox server,\n     Exchange 2013"


def test_in_a_window_of_a_word_nothing_is_broken() -> None:
    assert wrapped("a word and another", 8) == "a word and another"


def test_only_words_for_a_person_are_broken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("screens.plain.program.columns_of_output", lambda: 40)
    write, case = Printer(), our_case(StepId.COMMAND)
    for line in said.intro(step(StepId.COMMAND), case):
        write(line)
    for section in said.standing(step(StepId.COMMAND), case, step(StepId.COMMAND).findings(case)):
        for line in section:
            write(line)
    printed = capsys.readouterr().out.split("\n")
    assert len(evidence.BIND) > 40
    assert evidence.BIND in printed
    assert all(len(line) < 40 for line in printed if line.startswith(("OK: ", "Note: ", "Command")))


def test_into_a_pipe_nothing_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    Printer()(Prose("word " * 60))
    assert capsys.readouterr().out == f"{'word ' * 60}\n"
