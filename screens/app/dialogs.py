"""The dialogs above a step: explain, the lines behind a finding, what is known, and the word before copying."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from screens import training as words
from screens.app.base import FocusMoves, bound
from screens.app.look import KeysFooter
from screens.training import Training
from wizard.assets import StepWords, with_keys
from wizard.case.case import Case
from wizard.facts import Line
from wizard.findings import Finding, counted
from wizard.machine.inert import shown
from wizard.powershell.command import Command, about
from wizard.practice.mail import LogFile
from wizard.practice.scenario import Mode
from wizard.record.summary import facts_known
from wizard.steps.flow import STEPS, check_again


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


MOST_LINES = 400
"""Lines of evidence shown at once; the rest is counted."""


class ReadingDialog(FocusMoves, ModalScreen[None]):
    """A text to read, closed by Esc, Enter or the key that opened it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape,enter", "close", "Close", "reading.close", "Closes this"),
        # The ids of the step: whatever key opened it closes it again.
        bound("f1", "close", "Close", "step.explain", "Closes this", show=False),
        bound("f6", "close", "Close", "step.lines", "Closes this", show=False),
        bound("f7", "close", "Close", "step.known", "Closes this", show=False),
    ]

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a frame that scrolls."""
        with VerticalScroll(id="dialog", can_focus=True) as frame:
            frame.border_title = Content(self._title)
            yield Static(self._text, id="dialog-text", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Arrow keys and Page Down scroll at once; that there is more is said, where the bar could be missed."""
        frame = self.query_one("#dialog", VerticalScroll)
        frame.focus()
        for what in ("scroll_y", "virtual_size"):
            self.watch(frame, what, self._draw_more_soon, init=False)

    def _draw_more_soon(self) -> None:
        self.call_after_refresh(self._draw_more)

    def _draw_more(self) -> None:
        # What waits for a refresh can come after the dialog was closed.
        for frame in self.query("#dialog").results(VerticalScroll):
            frame.border_subtitle = Content("\u25bc PgDn" if frame.scroll_offset.y < frame.max_scroll_y else "")

    def action_close(self) -> None:
        """Back to the step."""
        self.dismiss()


def explain(words: StepWords, command: Command | None, key: Callable[[str], str]) -> ReadingDialog:
    """The dialog that explains a step, and the command on show. `key` names the key of an id."""
    text = Content(with_keys(f"{words.why}\n\n{words.explain}", key))
    if command:
        known = about(command)
        undo = f" {known.undo}" if known.undo else ""
        text = text.append(Content.styled("\n\nThe command: ", "bold"))
        text = text.append(Content(f"{command.purpose} It {known.effect.value}.{undo} Source: {known.source}."))
    text = text.append(Content(f"\n\n{key('app.palette')}, then All keys, lists every key of the step."))
    return ReadingDialog(f"{words.title} ({words.kb})", text)


def lines_behind(findings: tuple[Finding, ...]) -> ReadingDialog:
    """The dialog with the very lines each finding was read from."""
    pieces: list[Content] = []
    for finding in (f for f in findings if f.lines or f.source):
        pieces.append(Content.styled(f"{finding.level.value}: {shown(finding.text)}", "bold"))
        if finding.source:
            pieces.append(Content.styled(f"Source: {finding.source}", "dim"))
        pieces.extend(line_shown(line) for line in finding.lines[:MOST_LINES])
        if len(finding.lines) > MOST_LINES:
            pieces.append(Content(f"and {len(finding.lines) - MOST_LINES:,} more lines"))
        pieces.append(Content(""))
    return ReadingDialog("The lines behind it", Content("\n").join(pieces) if pieces else Content("No lines to show."))


def line_shown(line: Line) -> Content:
    """A line of evidence with its place before it."""
    return Content.styled(f"{shown(line.place)}: ", "dim").append(Content(shown(line.text)))


def what_is_known(case: Case) -> ReadingDialog:
    """The dialog with what is known so far, for windows that have no room for it beside the step."""
    return ReadingDialog("What is known so far", known(case))


class BeforeCopyDialog(FocusMoves, ModalScreen[bool]):
    """What has to be known before the binding command is copied; True when it may be."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "refuse", "Not yet", "before_copy.refuse", "Closes this; nothing is copied")
    ]

    def compose(self) -> ComposeResult:
        """The warning in few words, and two buttons."""
        with Vertical(id="dialog", classes="warning") as frame:
            frame.border_title = Content("Before you run it")
            yield Static("Exchange may ask:", markup=False)
            yield Static("  Overwrite the existing default SMTP certificate?", markup=False)
            yield Static("Type  N  and press Enter.", id="answer", markup=False)
            yield Static(
                "Enter alone means YES: it replaces the certificate the servers use among themselves. "
                "N binds SMTP all the same.",
                markup=False,
            )
            with Horizontal(id="dialog-actions"):
                yield Button("I will answer N: copy it", id="copy", compact=True)
                yield Button("Not yet", id="refuse", compact=True)
        # Else the keys of the screen behind would stand there, which do nothing here.
        yield KeysFooter()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Copy, or not yet."""
        self.dismiss(event.button.id == "copy")

    def action_refuse(self) -> None:
        """Close without copying."""
        self.dismiss(False)


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


NO_FILES = (
    "No log file is on the practice servers yet. A log gets rows once logging is on and mail was tried since: "
    "{practice.switch} goes to the shell, {shell.wait} there waits."
)

NOT_THERE = "No practice server has {path}. {step.open} lists the log files there are; a real file is not read here."


class FilesDialog(FocusMoves, ModalScreen[str | None]):
    """The log files there are; dismissed with the text of the one that is chosen, None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "refuse", "Close", "practice_files.refuse", "Closes this; nothing is read")
    ]

    def __init__(self, files: tuple[LogFile, ...]) -> None:
        super().__init__()
        self._files = files

    def compose(self) -> ComposeResult:
        """Each file with its server, how much is in it, and its folder."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("Open a log file of the practice servers")
            yield OptionList(*map(_option, self._files), id="handed", compact=True, markup=False)
            yield Static("These files are practice's own; your disk is not looked at.", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """The newest stands last, and is what one mostly wants."""
        files = self.query_one("#handed", OptionList)
        files.focus()
        files.highlighted = len(self._files) - 1

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._files[event.option_index].text)

    def action_refuse(self) -> None:
        """Nothing is read."""
        self.dismiss(None)


def _option(file: LogFile) -> Option:
    folder, _, name = file.path.rpartition("\\")
    rows = sum(not line.startswith("#") for line in file.text.splitlines())
    said = shown(f"{file.server}: {name}, {counted(rows, 'row')}")
    return Option(Content(said).append(Content.styled(f"\n    {shown(folder)}", "dim")))
