"""The dialogs of practice: the task with how the shell is used, and what is asked before an exercise ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.bound import bound
from screens.dialogs import ReadingDialog
from screens.focusing import FocusMoves
from screens.practice import words
from screens.practice.training import Training
from screens.shown import shown
from screens.widgets.footer import KeysFooter
from wizard.practice.scenario import Mode
from wizard.words import with_keys


def task(training: Training, key: Callable[[str], str]) -> ReadingDialog:
    """The dialog with the story, the goals and how the shell is used. `key` names the key of an id."""
    named = lambda text: with_keys(text, key)  # noqa: E731 - said three times below
    goals = words.goals(training, in_few=False, named=named)
    parts = [training.story, goals, *map(named, words.how_to(training))]
    return ReadingDialog(shown(training.name), Content(shown("\n\n".join(filter(None, parts)))))


class ServersDialog(FocusMoves, ModalScreen[str | None]):
    """The servers of the exercise; dismissed with the name of the one to go to, None to stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "refuse", "Stay", "servers.refuse", "Closes this; the shell stays where it is")
    ]

    def __init__(self, training: Training) -> None:
        super().__init__()
        self._training = training

    def compose(self) -> ComposeResult:
        """Each server, and which of them one is at."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("Open a shell at")
            yield OptionList(
                *(Option(Content(shown(self._words(name)))) for name in self._training.servers),
                id="handed",
                compact=True,
                markup=False,
            )
        yield KeysFooter()

    def _words(self, name: str) -> str:
        server = self._training.console.world.server(name)
        role = f"{server.role.value}, Exchange {server.release}" if server else ""
        return f"{name}: {role}{' (here)' if name == self._training.here else ''}"

    def on_mount(self) -> None:
        """The first server that one is not at is what one wants."""
        servers = self.query_one("#handed", OptionList)
        servers.focus()
        names = self._training.servers
        servers.highlighted = next((n for n, name in enumerate(names) if name != self._training.here), 0)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._training.servers[event.option_index])

    def action_refuse(self) -> None:
        """Stay."""
        self.dismiss(None)


class EndDialog(FocusMoves, ModalScreen[bool]):
    """Asks what is wrong, where the exercise wants to know, or whether it shall end; dismissed with True to end."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "refuse", "Go on training", "end_training.refuse", "Closes this; the exercise goes on")
    ]

    def __init__(self, training: Training) -> None:
        super().__init__()
        self._training = training
        self._conclusions = training.exercise.conclusions if training.mode is not Mode.SANDBOX else ()

    def compose(self) -> ComposeResult:
        """A question and its answers; the one that changes nothing stands last, and first where goals are open."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("Finish the exercise")
            question = words.WHAT_IS_WRONG if self._conclusions else words.END_OPEN
            if self._training.mode is Mode.EXAM and not self._conclusions:
                question = words.HAND_IN
            yield Static(question, id="question", markup=False)
            answers = [each.say for each in self._conclusions] or ["End it, and show how it went"]
            yield OptionList(
                *(Option(Content(shown(answer)), id=f"answer-{n}") for n, answer in enumerate(answers)),
                Option(Content("Go on training"), id="go-on"),
                id="handed",
                compact=True,
                markup=False,
            )
        yield KeysFooter()

    def on_mount(self) -> None:
        """Enter alone goes on training: nothing ends by mistake."""
        answers = self.query_one("#handed", OptionList)
        answers.focus()
        answers.highlighted = answers.option_count - 1

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id == "go-on":
            self.dismiss(False)
            return
        if self._conclusions:
            self._training.conclude(self._conclusions[event.option_index].key)
        self.dismiss(True)

    def action_refuse(self) -> None:
        """Go on training."""
        self.dismiss(False)


class LosingDialog(FocusMoves, ModalScreen[bool]):
    """Asks before an exercise is lost that is not finished; dismissed with True to lose it.

    `why` is what would drop it: leaving the program, or beginning another exercise.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "refuse", "Keep it", "losing.refuse", "Closes this; the exercise is kept")
    ]

    def __init__(self, training: Training, why: Literal["drop", "quit"]) -> None:
        super().__init__()
        self._training = training
        self._quits = why == "quit"

    def compose(self) -> ComposeResult:
        """What would be lost, and the two answers."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("Quit" if self._quits else "Begin another exercise")
            yield Static(shown(words.UNFINISHED.format(name=self._training.name)), id="question", markup=False)
            yield OptionList(
                Option(Content("Quit, and lose it" if self._quits else "Lose it, and begin the other"), id="lose"),
                Option(Content("Keep it"), id="keep"),
                id="handed",
                compact=True,
                markup=False,
            )
        yield KeysFooter()

    def on_mount(self) -> None:
        """Enter alone keeps it."""
        answers = self.query_one("#handed", OptionList)
        answers.focus()
        answers.highlighted = 1

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id == "lose")

    def action_refuse(self) -> None:
        """Keep it."""
        self.dismiss(False)


def ending(training: Training) -> EndDialog | None:
    """What is asked before an exercise ends; None where its goals are met, or nothing counts."""
    asks = bool(training.exercise.conclusions) and training.mode is not Mode.SANDBOX
    return EndDialog(training) if asks or words.asks_before_the_end(training) else None
