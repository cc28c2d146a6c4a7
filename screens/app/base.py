"""The base of all screens: the app as they know it, their classes, and work in the background.

The app imports its screens, so they must not import the app: they use the Protocol `Wizard`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from textual.app import App
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.message_pump import MessagePump
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget
from textual.worker import Worker

from screens.actions import SCOPES, Circumstances, applies
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
"""From this width on the practice shell stands beside the wizard."""


def bindings(scope: str, part: str = "") -> list[BindingType]:
    """The bindings of a scope; those of one part of the screen, otherwise the screen's own."""
    return [
        Binding(a.keys, a.call, a.label, show=a.footer, priority=a.priority, id=a.id, tooltip=a.does)
        for a in SCOPES[scope].actions
        if a.keys and a.part == part
    ]


class CopyingFace(Protocol):
    """Copying as screens use it; documented in `screens.copies.Copying`."""

    def hand_out(self, text: str, binding: bool, afterwards: str = "", alone: bool = False, how: str = ALONE) -> None:
        """Copy a text; for the binding command, first explain the question Exchange will ask."""

    async def paste(self) -> str:
        """The text on the system's clipboard."""


class PracticeFace(Protocol):
    """Practice as screens use it; documented in `screens.app.practice.Practice`."""

    def choose(self) -> None:
        """Show the list of scenarios."""

    def begin(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        """Begin a scenario."""

    def go_on(self) -> None:
        """Continue the exercise."""

    def to_shell(self) -> None:
        """Show the practice shell on a screen of its own."""

    def to_wizard(self, answer: str = "") -> None:
        """Go to the wizard, with shell output for its step."""

    def leave_shell(self) -> None:
        """Leave the shell for the previous screen."""

    def finish(self) -> None:
        """End the exercise, after asking where needed."""

    def show_result(self) -> None:
        """Show the result of the exercise."""

    def open_file(self) -> None:
        """Choose among the log files of the practice servers."""

    def read_path(self, path: str) -> None:
        """Read a file or folder of the practice servers."""

    async def copy(self, text: str) -> Copied:
        """Copy to the exercise's own clipboard."""

    async def paste(self) -> str:
        """The text on the exercise's own clipboard."""


class Wizard(Protocol):
    """The app as its screens know it.

    `keeper` has the real case, `case` is the one on the screens; `keymap` holds the configured keys.
    """

    keeper: Keeper
    case: Case
    begun: bool

    @property
    def app(self) -> App[object]:
        """Textual's app, for code outside the screens."""

    keymap: Keymap

    @property
    def circumstances(self) -> Circumstances:
        """What decides which actions apply."""

    @property
    def training(self) -> Training | None:
        """The exercise on the screens; None while they show the real case."""

    @property
    def copying(self) -> CopyingFace:
        """Copying and pasting."""

    @property
    def practice(self) -> PracticeFace:
        """Practice."""

    @property
    def reading(self) -> LongReading:
        """The reading of evidence that takes time."""

    def tell(self, sentence: str) -> None:
        """Show a sentence on the status line."""

    def tell_from_thread(self, sentence: str) -> None:
        """Show a sentence on the status line, from a thread."""

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary (None)."""

    def begin(self, case: Case) -> None:
        """Begin a new case at its first step."""

    def resume(self, case_id: str) -> None:
        """Continue a saved case."""

    def welcome(self) -> None:
        """Show the welcome."""

    def show_instead(self, screen: Screen[None]) -> None:
        """Replace the current screen."""


def wizard_of(app: App[object]) -> Wizard:
    """The app, typed as Wizard."""
    # An isinstance would evaluate every property at each access; no other module casts.
    return cast("Wizard", app)


# No DOMNode: Textual takes the style sheet from the first base that is one.
class InWizard(MessagePump):
    """A part of the screens, with access to the app. `scope` is the one of its actions."""

    scope = ""

    @property
    def wizard(self) -> Wizard:
        """The app, typed as Wizard."""
        return wizard_of(self.app)

    def named(self, words: str) -> str:
        """Our words with the configured keys in place of their ids."""
        return with_keys(words, self.wizard.keymap.name)

    @property
    def circumstances(self) -> Circumstances:
        """What decides which of its actions apply."""
        return self.wizard.circumstances

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Hide actions that do not apply now."""
        return applies(self.scope, action, lambda: self.circumstances)


class FocusMoves:
    """For screens, before Textual's own class in the list of bases.

    When the focus moves, only the two widgets redraw. Textual draws the whole screen at once and those two again a
    frame or two later: ten times the text, and twice the time.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)


class WizardScreen(FocusMoves, InWizard, Screen[ScreenResultType]):
    """A screen of the wizard."""


class WizardDialog(FocusMoves, InWizard, ModalScreen[ScreenResultType]):
    """A dialog above a screen of the wizard."""


def front_of(screen: Screen[object]) -> tuple[DOMNode, str]:
    """The part whose keys count now, and its scope: the focused one with a scope of its own, otherwise the screen."""
    for node in screen.focused.ancestors_with_self if screen.focused else (screen,):
        if isinstance(node, InWizard) and node.scope:
            return node, node.scope
    return screen, ""


@runtime_checkable
class StepFace(Protocol):
    """A screen that shows a step, for modules that must not import it."""

    step: Step
    ready: bool

    def keep(self) -> Taken | None:
        """Read the typed text that was not read yet."""

    def took(self, taken: Taken, stay: bool = False) -> None:
        """Show the result of a text that the case has taken."""

    def focus_what_is_next(self) -> None:
        """Focus the widget where the person continues."""


@runtime_checkable
class TakesTyped(Protocol):
    """A field that takes many keys at once, which may be part of a paste."""

    def take_typed(self, text: str) -> None:
        """Take typed text with line feeds."""


@runtime_checkable
class TakesText(Protocol):
    """A screen that takes a text without a field. `typed` says that it came as keys."""

    def take_text(self, text: str, typed: bool) -> None:
        """Take the text, or say why not."""


@runtime_checkable
class Aims(Protocol):
    """A screen with a field for text, which gets the focus when a person types."""

    def aims_at(self, written: str) -> bool:
        """True if a key that types this text is meant for the field."""

    def aimed(self) -> Widget | None:
        """Focus the field and return it; None without one."""


def in_background(node: DOMNode, group: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Start work for an app or a screen, cancelling earlier work of its group; it ends with the node.

    `work` is a function: a coroutine cancelled before its start would never be awaited.
    """
    # Without a description Textual formats the work and all it holds, which takes seconds for 200 MB.
    _worker: Worker[None] = node.run_worker(work, group=group, description=group, exclusive=True)


class LongReading:
    """Reads evidence without blocking the screen; the newest given at a step counts.

    It belongs to the app, so that leaving the screen does not end it.
    """

    def __init__(self, wizard: Wizard) -> None:
        self._wizard = wizard

    def begin(self, step_id: StepId, source: Source) -> None:
        """Read evidence given at a step."""
        in_background(self._wizard.app, _group(step_id), partial(self._read, step_id, source))

    def stop(self, step_id: StepId) -> None:
        """Cancel the reading for a step: something newer was given."""
        self._wizard.app.workers.cancel_group(self._wizard.app, _group(step_id))

    def stop_all(self) -> None:
        """Cancel all reading: it belongs to the case that is left."""
        from wizard.steps.flow import STEPS  # noqa: PLC0415 - the first screen reads nothing

        for each in STEPS:
            self.stop(each.id)

    def under_way(self, step_id: StepId) -> bool:
        """True if evidence of the step is being read."""
        return any(each.group == _group(step_id) and not each.is_finished for each in self._wizard.app.workers)

    async def _read(self, step_id: StepId, source: Source) -> None:
        from wizard.steps.flow import step  # noqa: PLC0415 - the first screen reads nothing

        given_up = threading.Event()
        at = self._wizard.case.here
        try:
            while True:
                case = self._wizard.case
                if case.here != at:
                    # Evidence given for one server says nothing of another.
                    self._wizard.tell(
                        f"Not taken: it was given for another server than {case.here}, where the case is now."
                    )
                    return
                taken = await asyncio.to_thread(source, case, given_up.is_set)
                # Answers given meanwhile must not be lost: read again on top of them.
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
