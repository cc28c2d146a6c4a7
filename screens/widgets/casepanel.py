"""What is known of the case so far, beside the step where the window is wide enough."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from screens.shown import shown
from wizard.case import Case
from wizard.report import facts_known
from wizard.steps import STEPS, check_again


def known(case: Case) -> Content:
    """Label and value of each fact, and what is to be checked again."""
    pieces = [
        Content.styled(label, "dim").append("\n").append(Content(shown(value))) for label, value in facts_known(case)
    ]
    stale = check_again(case)
    if stale:
        titles = "\n".join(f"! {s.words.title}" for s in STEPS if s.id in stale)
        pieces.append(Content.styled("Check again", "bold").append(f"\n{titles}"))
    return Content("\n\n").join(pieces) if pieces else Content.styled("Nothing is known yet.", "dim")


class CasePanel(Static):
    """The facts of the case, always in sight."""

    def show(self, case: Case) -> None:
        """Draw the facts of this case."""
        self.update(known(case))
