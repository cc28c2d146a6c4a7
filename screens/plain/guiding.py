"""The wizard beside the practice shell, line by line: the real one, over the training's own case and clipboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from screens.plain.asking import Asker
from screens.plain.wizard import Goal, PlainWizard
from screens.practice.training import Training
from wizard.clipboard import ClipboardError
from wizard.steps import Step, step

HERE = "\nPRACTICE, the wizard. c copies its command, n goes on, q goes back to the shell."
COPIED = "Copied inside practice. q goes back to the shell, and paste there runs it."
NOTHING = "Nothing was copied in practice yet. q goes back to the shell; answer there brings what it printed."
EMPTY = (
    "The clipboard is empty: the last command in the shell found nothing. A log gets rows once logging is on and time "
    "has passed: q goes back to the shell, wait there waits."
)
NOT_SAVED = "Nothing of practice is saved here: the result goes into your record when you are done."


@dataclass
class PracticeClipboard:
    """The clipboard of the training."""

    training: Training

    def write(self, text: str) -> None:
        """Put a text on it."""
        self.training.copy(text)

    def read(self) -> str:
        """What is on it.

        Raises:
            ClipboardError: nothing is.
        """
        if text := self.training.bring():
            return text
        raise ClipboardError(EMPTY if self.training.found_nothing else NOTHING)


@dataclass
class GuidingWizard(PlainWizard):
    """The wizard as it is visited from the shell. `bringing` is an answer of the shell for its step."""

    bringing: str = ""

    def visit(self, training: Training) -> None:
        """From the step where it stood, until the person goes back to the shell."""
        self.write(HERE)
        at = training.wizard_at or Goal.SUMMARY
        while at is not Goal.QUIT:
            training.wizard_at = None if isinstance(at, Goal) else at
            at = self._summary() if isinstance(at, Goal) else self._step(step(at))

    def arrive(self, current: Step) -> None:
        """Begin a visit of a step, with what the shell has answered."""
        super().arrive(current)
        text, self.bringing = self.bringing, ""
        if text and current.takes_text:
            self.give(current, text)

    def save(self) -> None:
        """Nothing is saved."""
        self.write(NOT_SAVED)


def guiding(training: Training, ask: Asker, write: Callable[[str], None]) -> GuidingWizard:
    """The wizard for a training."""
    clipboard = PracticeClipboard(training)

    def copy(text: str) -> Iterator[str]:
        clipboard.write(text)
        yield COPIED

    return GuidingWizard(training.keeper.case, ask, write, clipboard, copy, keeper=training.keeper)
