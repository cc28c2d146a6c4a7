"""The line that says where in the article one is: every chapter with its mark."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from wizard.case import Case, StepId
from wizard.steps import chapters, check_again, step, steps_of

DONE, HERE, AGAIN, TODO = "\u221a", "\u25ba", "!", "\u00b7"
"""Marks that the old Windows console can draw (all in its WGL4 set); the meaning is never colour alone."""


def chapter_marks(case: Case, at: StepId | None) -> tuple[tuple[str, str], ...]:
    """Each chapter's mark and name: done, here, to be checked again, or still to come."""
    stale = {step(step_id).words.chapter for step_id in check_again(case)}
    marks = []
    for chapter in chapters():
        ids = [s.id for s in steps_of(case) if s.words.chapter == chapter]
        if at in ids:
            mark = HERE
        elif chapter in stale:
            mark = AGAIN
        elif all(step_id in case.settled or step_id in case.skipped for step_id in ids):
            mark = DONE
        else:
            mark = TODO
        marks.append((mark, chapter))
    return tuple(marks)


class ChapterStrip(Static):
    """All chapters on one line; it fits 60 columns."""

    def show(self, case: Case, at: StepId | None) -> None:
        """Draw the marks for this case, standing at this step (None: at the end)."""
        pieces: list[Content] = []
        for mark, chapter in chapter_marks(case, at):
            style = {HERE: "bold", AGAIN: "bold $warning", DONE: "$text-success", TODO: "dim"}[mark]
            pieces.append(Content.styled(f"{mark}{chapter}", style))
        self.update(Content(" ").join(pieces))
