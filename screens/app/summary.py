"""The last screen: what is proven, what is not, and every command of the case."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from screens.app.arrival import give_at_its_step
from screens.app.base import WizardScreen, bound
from screens.app.look import ChapterStrip, KeysFooter, TitleLine, TitlePart, Worth, case_part
from screens.words import NOT_FOR_THE_SHELL
from wizard.machine.inert import shown
from wizard.record.summary import summary
from wizard.steps.command import bind_commands
from wizard.steps.flow import STEPS

PRINTED = "It is printed in the shell when you quit, so you can copy from there."

IN_PRACTICE = "Practice: this is what a real case ends with. {summary.finish} shows how the exercise went."


class SummaryScreen(WizardScreen[None]):
    """The summary of the case, as it will be printed into the scrollback."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("f2", "copy", "Copy all", "summary.copy", "Copies the whole summary"),
        bound("ctrl+l", "alone", "Alone", "step.alone", "Shows the summary alone, to mark it", show=False),
        bound("ctrl+o", "switch", "Shell", "practice.switch", "Changes between the wizard and the shell"),
        bound("f8", "finish", "Finish", "summary.finish", "Ends the exercise and shows how it went"),
        bound("f3", "app.hand_over", "Hand over", "summary.hand_over", "Change card, record, or the case itself"),
        # The app's own binding, listed here because people come for it.
        bound("ctrl+s", "app.save", "Save", "app.save", "Saves the summary to a text file"),
        bound("escape", "back", "Back", "summary.back", "Back to the last step"),
    ]

    def compose(self) -> ComposeResult:
        """The summary in a scrolling body, and the buttons."""
        yield TitleLine()
        yield ChapterStrip(id="strip")
        with VerticalScroll(id="body", can_focus=True):
            yield Static("The summary", classes="heading")
            yield Static(shown(summary(self.wizard.case)), id="summary", markup=False)
        yield Static(self.named(IN_PRACTICE if self.wizard.training else PRINTED), id="status", markup=False)
        with Horizontal(id="actions"):
            yield Button("Back", id="back", compact=True)
            yield Button("Quit", id="quit", compact=True)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Set the strip to the end; focus the text so that arrow keys scroll."""
        practice = self.wizard.training is not None
        case = case_part("" if practice else self.wizard.keeper.called)
        self.query_one(TitleLine).show(TitlePart(Worth.KIND, "PRACTICE" if practice else ""), case)
        self.query_one(ChapterStrip).show(self.wizard.case, None)
        self.query_one("#body").focus()
        if self.wizard.training:
            self.query_one("#quit", Button).label = Content("Finish")

    def take_text(self, text: str, typed: bool) -> None:  # noqa: ARG002 - as every screen is asked
        """Give pasted text to its step, which shows the result."""
        if why := give_at_its_step(self.wizard, text):
            self.wizard.tell(why)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer practice's actions only in practice, where the summary documents nothing."""
        practice = self.wizard.training is not None
        if action in ("switch", "finish"):
            return practice
        return not (practice and action == "alone")

    def action_switch(self) -> None:
        """Go to the practice shell."""
        self.wizard.practice.to_shell()

    def action_finish(self) -> None:
        """End the exercise."""
        self.wizard.practice.finish()

    def action_copy(self) -> None:
        """Copy the whole summary, for a ticket; it holds the binding command, so first explain N."""
        self._hand_out(alone=False)

    def action_alone(self) -> None:
        """Show the summary alone, to be copied by hand."""
        self._hand_out(alone=True)

    def _hand_out(self, alone: bool) -> None:
        case = self.wizard.case
        binding = bool(bind_commands(case))
        self.wizard.copying.hand_out(summary(case), binding=binding, afterwards=NOT_FOR_THE_SHELL, alone=alone)

    def action_back(self) -> None:
        """Return to the last step."""
        self.wizard.go(STEPS[-1].id)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Return, or quit."""
        if event.button.id == "back":
            self.action_back()
        elif self.wizard.training:
            self.action_finish()
        else:
            self.app.exit()
