"""The dialogs above a screen: a text to read, and a question with its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingsMap, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.app.base import WizardDialog, bindings
from screens.app.look import KeysFooter, RowList, when_more
from wizard.assets import StepWords, with_keys
from wizard.case.case import Case
from wizard.facts import Line
from wizard.findings import MOST_LINES, Finding
from wizard.machine.inert import shown
from wizard.powershell.command import Command, about
from wizard.record.summary import facts_known
from wizard.steps.flow import STEPS, check_again


def known(case: Case) -> Content:
    """Label and value of each fact, and the facts to be checked again."""
    pieces = [
        Content.styled(label, "dim").append("\n").append(Content(shown(value))) for label, value in facts_known(case)
    ]
    stale = check_again(case)
    if stale:
        titles = "\n".join(f"! {s.words.title}" for s in STEPS if s.id in stale)
        pieces.append(Content.styled("Check again", "bold").append(f"\n{titles}"))
    return Content("\n\n").join(pieces) if pieces else Content.styled("Nothing is known yet.", "dim")


class CasePanel(Static):
    """The facts of the case, always visible."""

    def show(self, case: Case) -> None:
        """Draw the facts."""
        self.update(known(case))


class ReadingDialog(WizardDialog[None]):
    """A text to read, closed by Esc, Enter or the key that opened it."""

    scope = "reading"
    BINDINGS: ClassVar[list[BindingType]] = bindings("reading")

    def __init__(self, title: str, text: Content) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """The text in a scrolling frame."""
        with VerticalScroll(id="dialog", can_focus=True) as frame:
            frame.border_title = Content(self._title)
            yield Static(self._text, id="dialog-text", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Let arrow keys and Page Down scroll at once; say that there is more, for the bar is easily missed."""
        frame = self.query_one("#dialog", VerticalScroll)
        frame.focus()

        def say(below: bool) -> None:
            frame.border_subtitle = Content("\u25bc PgDn" if below else "")

        when_more(frame, say)

    def action_close(self) -> None:
        """Back to the step."""
        self.dismiss()


def explain(words: StepWords, command: Command | None, key: Callable[[str], str]) -> ReadingDialog:
    """A dialog that explains a step and its visible command. `key` returns the key of an id."""
    text = Content(with_keys(f"{words.why}\n\n{words.explain}", key))
    if command:
        known = about(command)
        undo = f" {known.undo}" if known.undo else ""
        text = text.append(Content.styled("\n\nThe command: ", "bold"))
        text = text.append(Content(f"{command.purpose} It {known.effect.value}.{undo} Source: {known.source}."))
    text = text.append(Content(f"\n\n{key('app.palette')}, then All keys, lists every key of the step."))
    return ReadingDialog(f"{words.title} ({words.kb})", text)


def lines_behind(findings: tuple[Finding, ...]) -> ReadingDialog:
    """A dialog with the lines the findings were read from."""
    pieces: list[Content] = []
    for finding in (f for f in findings if f.lines or f.source):
        pieces.append(Content.styled(f"{finding.level.value}: {shown(finding.text)}", "bold"))
        if finding.source:
            pieces.append(Content.styled(f"Source: {finding.source}", "dim"))
        pieces += [*lines_shown(finding.lines, "lines"), Content("")]
    return ReadingDialog("The lines behind it", Content("\n").join(pieces) if pieces else Content("No lines to show."))


def lines_shown(lines: Sequence[Line], noun: str) -> Iterator[Content]:
    """Lines of evidence, each behind its place; those beyond the limit are counted."""
    for line in lines[:MOST_LINES]:
        yield Content.styled(f"{shown(line.place)}: ", "dim").append(Content(shown(line.text)))
    if len(lines) > MOST_LINES:
        yield Content(f"and {len(lines) - MOST_LINES:,} more {noun}")


def what_is_known(case: Case) -> ReadingDialog:
    """A dialog with the known facts, for windows that have no room for them beside the step."""
    return ReadingDialog("What is known so far", known(case))


class ChoiceDialog(WizardDialog[int | None]):
    """A question and its answers; dismissed with the number of the chosen one, None for Esc.

    `scope` has the row of Esc, which is always safe. `at` is the answer that Enter alone chooses.
    """

    def __init__(
        self,
        scope: str,
        title: str,
        above: Sequence[Static],
        answers: Sequence[Content],
        at: int,
        below: Sequence[Static] = (),
    ) -> None:
        super().__init__()
        self.scope = scope
        # Each question has an id and a label of its own for Esc.
        self._bindings = BindingsMap.merge([self._bindings, BindingsMap(bindings(scope))])
        self._title = title
        self._above = above
        self._answers = answers
        self._at = at
        self._below = below

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(id="dialog", classes=self.scope) as frame:
            frame.border_title = Content(self._title)
            yield from self._above
            yield RowList(*map(Option, self._answers), id="handed", compact=True, markup=False)
            yield from self._below
        # Otherwise the footer shows keys of the screen behind, which do nothing here.
        yield KeysFooter()

    def on_mount(self) -> None:
        """Focus the answers."""
        answers = self.query_one("#handed", OptionList)
        answers.focus()
        answers.highlighted = self._at

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)

    def on_key(self, event: events.Key) -> None:
        """A letter is no answer: it closes as Esc does. Space chooses."""
        if event.is_printable:
            event.stop()
            if event.key == "space":
                self.query_one("#handed", OptionList).action_select()
            else:
                self.action_refuse()

    def action_refuse(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


def question(words: str) -> tuple[Static]:
    """The words above the answers."""
    return (Static(shown(words), id="question", markup=False),)


def before_copy() -> ChoiceDialog:
    """The warning before the binding command is copied; the first answer copies it."""
    above = (
        Static("In the shell, Exchange may ask:", markup=False),
        Static("  Overwrite the existing default SMTP certificate?", markup=False),
        Static("There the answer is  N,  then Enter.", id="answer", markup=False),
        Static(
            "Enter alone means YES there: it replaces the certificate the servers use among themselves. "
            "N binds SMTP all the same.",
            markup=False,
        ),
    )
    answers = (Content("Copy the line"), Content("Not yet: copy nothing"))
    return ChoiceDialog("before_copy", "Before you copy it", above, answers, at=0)
