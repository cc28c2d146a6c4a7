"""What every screen stands on: the app as its screens know it, their bases, and work in the background.

The app knows its screens, so they must not know the app: they see the Protocol `Wizard`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget
from textual.worker import Worker

from screens.words import ALONE
from wizard.assets import with_keys
from wizard.case.case import StepId

if TYPE_CHECKING:
    from screens.app.keys import Keymap
    from screens.training import Training
    from wizard.case.case import Case
    from wizard.case.keeper import Keeper
    from wizard.machine.clipboard import Copied
    from wizard.practice.scenario import Mode, Scenario
    from wizard.steps.intake import Source
    from wizard.steps.parts import Step, Taken

BESIDE = 120
"""Columns from which the practice shell stands beside the wizard."""

REAL_ONLY = {"save", "hand_over", "cases"}
"""Actions about the real case, which rest during practice."""


class CopyingFace(Protocol):
    """What screens ask of copying; `screens.copies.Copying` says what each does."""

    def hand_out(self, text: str, binding: bool, afterwards: str = "", alone: bool = False, how: str = ALONE) -> None:
        """Copy a text; one that holds the binding command only after the word about its question."""

    async def paste(self) -> str:
        """The text on the system's clipboard."""


class PracticeFace(Protocol):
    """What screens ask of practice; `screens.app.practice.Practice` says what each does."""

    def choose(self) -> None:
        """Show the scenarios to choose from."""

    def begin(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        """Begin a scenario."""

    def go_on(self) -> None:
        """Go on with the exercise that was begun."""

    def to_shell(self) -> None:
        """Show the practice shell on a screen of its own."""

    def to_wizard(self, answer: str = "") -> None:
        """Go to the wizard, with an answer of the shell for its step."""

    def leave_shell(self) -> None:
        """Go from the shell to where one came from."""

    def finish(self) -> None:
        """End the exercise, once what is to be asked was asked."""

    def show_result(self) -> None:
        """Show how the exercise went."""

    def open_file(self) -> None:
        """Choose among the log files of the practice servers."""

    def read_path(self, path: str) -> None:
        """Read a file or folder of the practice servers."""

    async def copy(self, text: str) -> Copied:
        """Copy to the exercise's own clipboard."""

    async def paste(self) -> str:
        """The text on the exercise's own clipboard."""


class Wizard(Protocol):
    """The app as its screens know it. `keeper` has the real case, `case` is the one on the screens."""

    keeper: Keeper
    case: Case
    begun: bool

    @property
    def app(self) -> App[object]:
        """Textual's app, for whoever is no part of the screen."""

    @property
    def keymap(self) -> Keymap:
        """The keys as they are set."""

    @property
    def training(self) -> Training | None:
        """The exercise on the screens, None while the real case is."""

    @property
    def copying(self) -> CopyingFace:
        """What copies and pastes."""

    @property
    def practice(self) -> PracticeFace:
        """What leads through practice."""

    @property
    def reading(self) -> LongReading:
        """What reads evidence that takes time."""

    def tell(self, sentence: str) -> None:
        """Say something on the status line."""

    def tell_from_thread(self, sentence: str) -> None:
        """Say something on the status line, from a thread."""

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary behind the last one (None)."""

    def begin(self, case: Case) -> None:
        """Begin a new case at its first step."""

    def resume(self, case_id: str) -> None:
        """Go on with a saved case."""

    def welcome(self) -> None:
        """Show the welcome."""

    def show_instead(self, screen: Screen[None]) -> None:
        """Put a screen in place of the one that is shown."""


def wizard_of(app: App[object]) -> Wizard:
    """The app, typed as Wizard."""
    # An isinstance would evaluate every property at each access; no other module casts.
    return cast("Wizard", app)


# Not a DOMNode: Textual takes the first base that is one for the style sheet.
class InWizard(MessagePump):
    """A part of the screens, which knows the app as Wizard."""

    @property
    def wizard(self) -> Wizard:
        """The app, typed as Wizard."""
        return wizard_of(self.app)

    def named(self, words: str) -> str:
        """Words of ours with the keys that are set now in place of their ids."""
        return with_keys(words, self.wizard.keymap.name)


class FocusMoves:
    """For screens, before Textual's own in the list of bases.

    Who loses the focus and who gets it draw themselves. Textual draws the whole screen at once when the focus
    changes, and those two once more a frame or two later: ten times the text, and twice the time to the last of it.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class WizardScreen(FocusMoves, InWizard, Screen[ScreenResultType]):
    """A screen of the wizard."""


class WizardDialog(FocusMoves, InWizard, ModalScreen[ScreenResultType]):
    """A dialog above a screen of the wizard."""


@runtime_checkable
class StepFace(Protocol):
    """A screen that shows a step, for whoever must not load it."""

    step: Step
    ready: bool

    def keep(self) -> Taken | None:
        """Read what was typed and not read yet."""

    def took(self, taken: Taken, stay: bool = False) -> None:
        """Show what became of a text that is in the case now."""

    def focus_what_is_next(self) -> None:
        """Put the focus where the person goes on."""


@runtime_checkable
class TakesTyped(Protocol):
    """A field that takes many keys at once, which may be a piece of a paste."""

    def take_typed(self, text: str) -> None:
        """Take what was typed, with line feeds."""


@runtime_checkable
class TakesText(Protocol):
    """A screen that takes a text no field took. `typed` says that it came as keys."""

    def take_text(self, text: str, typed: bool) -> None:
        """Take the text, or say why not."""


@runtime_checkable
class Aims(Protocol):
    """A screen that has a field for text, which the focus goes to when text is typed."""

    def aims_at(self, written: str) -> bool:
        """Whether a key that writes this is aimed at that field."""

    def aimed(self) -> Widget | None:
        """The field, which has the focus now; None where there is none."""


def in_background(node: DOMNode, group: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Begin work for an app or a screen, in place of what its group is still at; it ends with the node.

    It is given as a function: a coroutine that is cancelled before it began would never be awaited.
    """
    # Without a description Textual writes out the work with all it holds, which for 200 MB takes seconds.
    _worker: Worker[None] = node.run_worker(work, group=group, description=group, exclusive=True)


def bound(
    keys: str, action: str, label: str, id: str, tooltip: str, *, show: bool = True, priority: bool = True
) -> Binding:
    """A binding. With priority it comes before what has the focus, as an Alt+letter has to: a field would type it."""
    return Binding(keys, action, label, show=show, priority=priority, id=id, tooltip=tooltip)


class LongReading:
    """Evidence that is read without holding up the screen; the newest given at a step counts.

    It belongs to the app and not to the screen, so that leaving the screen does not end it.
    """

    def __init__(self, wizard: Wizard) -> None:
        self._wizard = wizard

    def begin(self, step_id: StepId, source: Source) -> None:
        """Read evidence given at a step."""
        in_background(self._wizard.app, _group(step_id), partial(self._read, step_id, source))

    def stop(self, step_id: StepId) -> None:
        """Give up what is being read for a step: something newer has been given."""
        self._wizard.app.workers.cancel_group(self._wizard.app, _group(step_id))

    def stop_all(self) -> None:
        """Give up everything that is being read: it belongs to the case that is left."""
        from wizard.steps.flow import STEPS  # noqa: PLC0415 - the first screen reads nothing

        for each in STEPS:
            self.stop(each.id)

    def under_way(self, step_id: StepId) -> bool:
        """Whether something is being read for a step."""
        return any(each.group == _group(step_id) and not each.is_finished for each in self._wizard.app.workers)

    async def _read(self, step_id: StepId, source: Source) -> None:
        from wizard.steps.flow import step  # noqa: PLC0415 - the first screen reads nothing

        given_up = threading.Event()
        at = self._wizard.case.here
        try:
            while True:
                case = self._wizard.case
                if case.here != at:
                    # What was given for one server says nothing of another.
                    self._wizard.tell(
                        f"Not taken: it was given for another server than {case.here}, where the case is now."
                    )
                    return
                taken = await asyncio.to_thread(source, case, given_up.is_set)
                # What was answered meanwhile must not be lost: then it is read again upon that.
                if self._wizard.case is case:
                    break
        finally:
            given_up.set()
        self._wizard.case = taken.case
        shown = (s for s in self._wizard.app.screen_stack if isinstance(s, StepFace) and s.ready)
        screen = next((s for s in shown if s.step.id is step_id), None)
        if screen:
            screen.took(taken)
        else:
            title = step(step_id).words.title
            self._wizard.tell(f"{'Read' if taken.accepted else 'Not taken'}, for the step: {title}")


def _group(step_id: StepId) -> str:
    return f"reading {step_id.value}"
