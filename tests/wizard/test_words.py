"""The words of the steps: complete, short enough for 80 columns, and true to the article."""

from __future__ import annotations

import re

import pytest

from wizard.assets import asset_table, with_keys, words
from wizard.case.case import StepId
from wizard.steps.flow import ORDER, chapters

PANE = 76
"""Columns of text in a window 80 columns wide."""


def test_there_are_words_for_every_step_and_no_others_in_the_articles_order() -> None:
    assert list(asset_table("steps.toml")) == [step_id.value for step_id in ORDER]


@pytest.mark.parametrize("step_id", ORDER)
class TestTheWordsOfAStep:
    def test_say_what_to_do_and_why_in_whole_sentences(self, step_id: StepId) -> None:
        said = words(step_id)
        assert re.fullmatch(r"[A-Z].*\.", said.do)
        assert re.fullmatch(r"[A-Z].*\.", said.why)
        assert said.title
        assert said.chapter

    def test_fit_a_window_of_80_columns(self, step_id: StepId) -> None:
        said = words(step_id)
        assert len(said.title) <= PANE
        assert (
            len(with_keys(said.do.replace("{server}", "the server that sends the mail"), lambda _id: "F10")) <= 2 * PANE
        )
        assert len(said.why) <= 2 * PANE
        assert len(said.give) <= PANE
        indented = [line for line in said.explain.splitlines() if line.startswith("  ")]
        assert all(len(line) <= 90 for line in indented)

    def test_explain_in_paragraphs_without_blanks_at_the_ends(self, step_id: StepId) -> None:
        explained = words(step_id).explain
        assert explained == explained.strip()
        assert explained.endswith((".", ":"))
        assert "\n\n\n" not in explained
        assert all(character.isascii() for character in explained)

    def test_name_the_place_in_the_article(self, step_id: StepId) -> None:
        assert re.fullmatch(r"KB step [1-5]|Symptom 1 of the article|after KB step 5", words(step_id).kb)


@pytest.mark.parametrize("step_id", ORDER)
def test_no_key_is_named_in_the_words_for_it_may_be_another(step_id: StepId) -> None:
    said = words(step_id)
    assert not re.search(r"\bF[0-9]+\b|\bCtrl\b|\bEsc\b", " ".join((said.do, said.why, said.give, said.explain)))


def test_a_place_for_a_key_is_filled_and_other_braces_stay() -> None:
    assert with_keys("Press {step.copy}, {x} or {a b.c}.", str.upper) == "Press STEP.COPY, {x} or {a b.c}."


def test_the_chapters_fit_one_line() -> None:
    assert len(" ".join(f"x{chapter}" for chapter in chapters())) <= 60


class TestTheWordAboutThePrompt:
    def test_says_on_the_step_itself_that_enter_means_yes(self) -> None:
        assert "Enter alone means YES" in words(StepId.PROMPT).why
        assert "answer N" in words(StepId.PROMPT).title

    def test_explains_what_each_answer_does(self) -> None:
        explained = words(StepId.PROMPT).explain
        assert "Type N, then Enter. SMTP is enabled for the certificate all the same" in explained
        assert "The default answer is Y" in explained
        assert "EdgeSync" in explained
        assert "never runs" in explained


def test_force_is_named_only_to_be_warned_of() -> None:
    for step_id in ORDER:
        said = words(step_id)
        sentences = " ".join((said.do, said.why, said.give, said.explain)).split(". ")
        for sentence in sentences:
            assert "-Force" not in sentence or "Never add -Force" in sentence


def test_the_certificate_of_the_other_side_is_warned_of_where_the_log_is_read() -> None:
    explained = words(StepId.LOG).explain
    assert "Received certificate" in explained
    assert "must never get into a command" in explained


def test_what_cannot_be_taken_back_is_said_where_it_is_done() -> None:
    assert "none can be taken away again" in words(StepId.COMMAND).explain
    assert "last resort" in words(StepId.RETRY).explain
    assert "may have been Verbose" in words(StepId.RESTORE).explain
