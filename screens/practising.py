"""The half of the app that can train: what practice has in hand, and the ways between its screens.

Nothing of practice is imported before somebody practises. While that is so, the case on the screens is the
training's own: no casebook keeps it, no draft and no summary names it, and the real one waits untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.screen import Screen

from screens import later
from screens.copying import CopyingApp
from screens.welcome import WelcomeScreen
from wizard.case import Case, StepId
from wizard.clipboard import ClipboardError, Copied, Proof
from wizard.keeper import Keeper

if TYPE_CHECKING:
    from screens.practice.training import Training
    from wizard.practice.result import Result
    from wizard.practice.scenario import Mode, Scenario

BESIDE = 120
"""Columns from which the practice shell stands beside the wizard."""

REAL_ONLY = {"save", "hand_over", "cases"}
"""Actions about the real case, which rest during practice."""


class PractisingApp(CopyingApp):
    """An app with a real case, and now and then one to practise on. `keeper` has the real one."""

    keeper: Keeper
    practising = False
    """Whether the screens are practice's now."""

    _training: Training | None = None
    _begun = False

    @property
    def training(self) -> Training | None:
        """What is being trained on the screens now."""
        return self._training if self.practising else None

    @property
    def case(self) -> Case:
        """The case as it stands; what is put in its place is noted, and saved by itself where it is a real one."""
        return self._at_hand.case

    @case.setter
    def case(self, case: Case) -> None:
        self._at_hand.put(case)

    @property
    def _at_hand(self) -> Keeper:
        return self.training.keeper if self.training else self.keeper

    @property
    def begun(self) -> bool:
        """Whether there is a case on the screens that can be gone on with."""
        return bool(self.training and self.training.guided) if self.practising else self._begun

    @begun.setter
    def begun(self, begun: bool) -> None:
        self._begun = begun

    @property
    def real_begun(self) -> bool:
        """Whether a real case was begun, also while somebody practises."""
        return self._begun

    # What the app itself can do

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary behind the last one (None)."""
        raise NotImplementedError

    def show_instead(self, screen: Screen[None]) -> None:
        """Put a screen in place of the one that is shown; dialogs above it are closed."""
        raise NotImplementedError

    def stop_all_reading(self) -> None:
        """Give up everything that is being read: it belongs to the case that is left."""
        raise NotImplementedError

    def leave(self) -> None:
        """End the program; nothing more is asked."""
        raise NotImplementedError

    # The ways between the screens

    def welcome(self) -> None:
        """Show the welcome: practice is left, and what was trained can be gone on with."""
        if self.practising:
            self.stop_all_reading()
        # What was typed is kept by the screen that is left, while its case is still at hand.
        self.show_instead(WelcomeScreen())
        self.practising = False

    def action_practice(self) -> None:
        """Show the scenarios to choose from."""
        from screens.practice.choose import ChooseScreen  # noqa: PLC0415 - nobody pays who does not practise

        if not self.practising:
            self.stop_all_reading()
        self.show_instead(ChooseScreen(self._training))
        self.practising = True

    def begin_training(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        """Begin a scenario; what was being trained before is dropped, and that is asked where it would be a loss."""
        self._losing("drop", partial(self._begin_training, scenario, number, mode, seed))

    async def action_quit(self) -> None:
        """End; an exercise that is not finished is lost by that, which is asked first. The same key again ends."""
        self._losing("quit", self.leave)

    def _losing(self, why: Literal["drop", "quit"], then: Callable[[], None]) -> None:
        """Do what drops an exercise, asked first where something is lost by it; asked for once more, it is done."""
        if self._training is None or not self._training.to_lose:
            then()
            return
        from screens.practice.dialogs import LosingDialog  # noqa: PLC0415 - nobody pays who does not practise

        if isinstance(self.screen, LosingDialog):
            self.screen.dismiss(True)
        else:
            self.push_screen(LosingDialog(self._training, why), lambda sure: then() if sure else None)

    def _begin_training(self, scenario: Scenario, number: int, mode: Mode, seed: int) -> None:
        later.load_practice()
        from screens.practice.training import Training  # noqa: PLC0415

        self.stop_all_reading()
        self._training = Training(scenario, number, mode, seed)
        self.practising = True
        self.to_training()

    def to_training(self) -> None:
        """Go on with what is being trained: at the shell, beside the wizard where there is room."""
        training = self._training
        if training is None:
            return
        self.practising = True
        if training.guided and self.size.width >= BESIDE:
            self.go(training.wizard_at)
        else:
            self.to_shell()

    def to_shell(self) -> None:
        """Show the practice shell on a screen of its own."""
        from screens.practice.train import ShellScreen  # noqa: PLC0415

        if self.training:
            self.show_instead(ShellScreen(self.training))

    def to_wizard(self, answer: str = "") -> None:
        """Go to the wizard, where it stood; with an answer of the shell for its step."""
        training = self.training
        if training is None or not training.guided:
            return
        if later.is_step(self.screen):
            self.screen.focus_what_is_next()
        else:
            self.go(training.wizard_at)
        if answer.strip() and hasattr(self.screen, "take_text"):
            self.screen.take_text(answer, typed=False)

    def leave_shell(self) -> None:
        """From the shell beside the wizard back to it; from one on a screen of its own to the scenarios."""
        if later.is_step(self.screen):
            self.screen.focus_what_is_next()
        else:
            self.action_practice()

    def finish_training(self) -> None:
        """End what is being trained: what is still to be asked is asked first, then the result stands."""
        from screens.practice.dialogs import ending  # noqa: PLC0415

        training = self.training
        if training is None:
            return
        if dialog := ending(training):
            self.push_screen(dialog, lambda ended: self.show_result() if ended else None)
        else:
            self.show_result()

    def show_result(self) -> None:
        """Show how it went; what was trained is over."""
        from screens.practice.outcome import ResultScreen  # noqa: PLC0415

        if training := self.training:
            result: Result = training.finish()
            self.stop_all_reading()
            self.show_instead(ResultScreen(training, result))
            self._training = None

    # The practice servers' disks

    def open_practised(self) -> None:
        """Choose among the log files of the practice servers, for the step on show."""
        from screens.practice.files import NO_FILES, FilesDialog, files_of  # noqa: PLC0415

        if training := self.training:
            if files := files_of(training.console.world):
                self.push_screen(FilesDialog(files), lambda text: self.to_wizard(text or ""))
            else:
                self.tell(self.named(NO_FILES))

    def read_practised(self, path: str) -> None:
        """Read a path that was given to the step on show: a file or folder of the practice servers."""
        from screens.practice.files import NOT_THERE, text_at  # noqa: PLC0415

        if training := self.training:
            if text := text_at(training.console.world, path):
                self.to_wizard(text)
            else:
                self.tell(self.named(NOT_THERE).replace("{path}", path.strip()))

    # Copying inside practice

    def _say_what_is_next(self) -> None:
        """The shell says what comes next, also while the wizard beside it has the keys."""
        from screens.practice.shell import Pane  # noqa: PLC0415

        for screen in self.screen_stack:
            for pane in screen.query(Pane):
                pane.draw()

    async def copy(self, text: str) -> Copied | None:
        """In training, to its own clipboard; else as ever."""
        if training := self.training:
            from screens.practice.words import COPIED, COPIED_COMMAND  # noqa: PLC0415

            training.copy(text)
            self._say_what_is_next()
            return Copied(Proof.PROVEN, self.named(COPIED_COMMAND if training.guided else COPIED))
        return await super().copy(text)

    async def paste(self) -> str:
        """In training, what its own clipboard holds.

        Raises:
            ClipboardError: nothing is there, or it cannot be read; the message says what to do.
        """
        if training := self.training:
            if text := training.bring():
                return text
            from screens.practice.words import CLIPBOARD_EMPTY, NOTHING_TO_TAKE  # noqa: PLC0415

            raise ClipboardError(self.named(CLIPBOARD_EMPTY if training.found_nothing else NOTHING_TO_TAKE))
        return await super().paste()
