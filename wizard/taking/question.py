"""The overwrite question, in English or known by its shape."""

from __future__ import annotations

import re
from dataclasses import replace

from wizard import readers
from wizard.case import Case, PromptAnswer, StepId
from wizard.facts import (
    OverwritePrompt,
)
from wizard.findings import Finding, block, good, info, reading_remarks, warn
from wizard.reading.kind import Kind
from wizard.reading.text import Text
from wizard.taking.taken import PLACES, Taken


def take_prompt(case: Case, step: StepId, text: Text) -> Taken:
    """The case with this question, and the answer where it stands behind it."""
    reading = readers.read_prompts(text)
    if not reading.facts:
        nothing = block(
            "The question could not be read. Paste it from 'Confirm' to the end. The answer is N all the same.",
            id="no-prompt",
        )
        return Taken(case, False, step, (nothing, *reading_remarks(text.mended + reading.mended, reading.unread)))
    # A question that was shown was asked: an earlier "it did not ask" no longer holds.
    answer = None if case.prompt_answer is PromptAnswer.NOT_ASKED else case.prompt_answer
    if given := _ANSWERED.search(text.whole):
        answer = PromptAnswer.YES if given[1].upper() in "YA" else PromptAnswer.NO
    remarks = reading_remarks(text.mended + reading.mended, reading.unread)
    asked = reading.facts[-1]
    if kept := _kept_for_the_undo(case, asked):
        return Taken(case, True, step, (kept, *remarks))
    return Taken(replace(case, prompt=asked, prompt_answer=answer), True, step, remarks)


def question_in_another_language(case: Case, step: StepId, text: Text, asked: OverwritePrompt) -> Taken:
    """What becomes of the question in another language than English, of which only the shape is known.

    It is used at the steps that ask for it, where our certificate is the one that would come in.
    """
    language = (
        "This has the shape of the question about the default SMTP certificate, in another language than English. "
        "Answer with the letter that means No (in English N): Enter alone means Yes."
    )
    if step not in PLACES[Kind.PROMPT] or asked.replacement != case.thumbprint:
        unsure = "Which certificate it would replace by which cannot be told for certain, so it is not used."
        return Taken(case, False, step, (warn(f"{language} {unsure}", text.lines[:1], "question-by-shape"),))
    if kept := _kept_for_the_undo(case, asked):
        return Taken(case, True, step, (kept,))
    read = info(f"{language} Its first certificate is taken for the default one.", asked.lines, "question-by-shape")
    return Taken(replace(case, prompt=asked), True, step, (read,))


_ANSWERED = re.compile(r"\(default is \"Y\"\)\s*:\s*([YANL])\s*$", re.IGNORECASE | re.MULTILINE)
"""The letter behind the question, in a paste that was copied after it was answered."""


def _kept_for_the_undo(case: Case, asked: OverwritePrompt) -> Finding | None:
    """Why a further question does not take the place of the first, whose default certificate an undo needs."""
    before = case.prompt.current if case.prompt else None
    if not before or before == case.thumbprint:
        return None
    if asked.replacement == before:
        return good(
            "This is the question of the undo: it makes the earlier default certificate the default again. "
            "Answer Y to this one.",
            asked.lines,
            "undo-question",
        )
    if asked.current != before and (asked.current == case.thumbprint or case.prompt_answer is PromptAnswer.YES):
        return info(
            f"Another question. The default certificate of the first one ({before}) is kept for the undo. Answer N.",
            asked.lines,
            "first-question-kept",
        )
    return None
