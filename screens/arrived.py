"""What becomes of evidence that is given where no step is shown: it goes to the step it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.arriving import TakesText
from wizard import readers
from wizard.case import Case, StepId
from wizard.intake import place_of
from wizard.reading.kind import MOST_CHARACTERS, Kind
from wizard.reading.text import clean
from wizard.steps import STEPS, next_step

if TYPE_CHECKING:
    from screens.app import WizardApp


def give_at_its_step(app: WizardApp, text: str) -> str:
    """Take text given where no step is shown: go to the step it belongs to and give it there.

    Without a case one begins. Returns why the text was not taken; empty when it was.
    """
    kind = readers.recognise(clean(text[:MOST_CHARACTERS]))
    place = place_of(kind, (next_step(app.case) or STEPS[-1].id) if app.begun else StepId.SYMPTOM)
    if place is None:
        what = "is not known to the wizard" if kind is Kind.NOTHING else f"is {kind.noun}"
        return f"Not taken: what was pasted {what}. Choose a step first, and paste what that step asks for."
    if not app.begun:
        app.case, app.begun = Case(), True
    app.go(place)
    screen = app.screen
    if isinstance(screen, TakesText):
        screen.take_text(text, typed=False)
    return ""
