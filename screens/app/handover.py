"""The end of a case: the summary, and handing over the change card, the record, or a copy for a colleague."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from screens.app.arrival import give_at_its_step
from screens.app.base import Wizard, WizardDialog, WizardScreen, bindings, in_background
from screens.app.dialogs import ReadingDialog
from screens.app.look import ChapterStrip, KeysFooter, MoreBelow, RowList, TitleLine, TitlePart, Worth, case_part
from screens.words import NOT_FOR_THE_SHELL
from wizard.case.file import Logs
from wizard.machine.files import NotWrittenError, write_new
from wizard.machine.inert import shown
from wizard.record.export import ExportForm, file_name
from wizard.record.summary import left_to_run, summary
from wizard.steps.command import bind_commands
from wizard.steps.flow import STEPS

if TYPE_CHECKING:
    from wizard.case.keeper import Keeper
    from wizard.record.export import Exported
    from wizard.record.stand_ins import Replacement

ROWS = (
    ("copy", ExportForm.STATUS, "Status: copy it, two sentences for whoever asks"),
    ("copy", ExportForm.CARD, "Change card: copy it, for the approval before the change"),
    ("save", ExportForm.CARD, "Change card: save it"),
    ("copy", ExportForm.MARKDOWN, "Record: copy it as Markdown, for the ticket"),
    ("save", ExportForm.MARKDOWN, "Record: save it as Markdown"),
    ("save", ExportForm.HTML, "Record: save it as a page to read or print"),
    ("save", ExportForm.JSON, "Record: save it as JSON"),
    ("save", ExportForm.CASE, "The case: save it for a colleague, who imports it"),
)
"""The actions: form, use, and words."""

A_RECORD = "It is a record: do not paste it into the shell."

SAVE_IT = "If it does not arrive, save it to a file instead."

ROOMY = 22
"""Rows of a window that fits everything."""

OTHERWISE = "{handover.logs} changes that."

NO_LOGS = "With stand-ins, pasted logs are left out."

NAMES = "Names stand as they are. {handover.redact} puts stand-ins in their place."

STAND_INS = "Stand-ins for {number} names. {handover.names} lists them, {handover.redact} puts the real names back."


def show_status(wizard: Wizard, text: str) -> None:
    """Copy a status, and show it: whoever passes it on reads it first."""
    wizard.app.push_screen(ReadingDialog("Status, to copy for whoever asks", Content(shown(text))))
    wizard.copying.hand_out(text, binding=False, how="")


class HandoverScreen(WizardDialog[None]):
    """Choose the text to hand over. A thread makes it from the case as it is then."""

    scope = "handover"
    BINDINGS: ClassVar[list[BindingType]] = bindings("handover")

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        super().__init__()
        self._keeper = keeper
        self._case = keeper.as_saved()
        self._folder = folder
        self._redact = False
        self._said = False
        self._replaced: tuple[Replacement, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, and whether names are kept."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("Hand over")
            yield RowList(
                *(Option(Content(words)) for _how, _form, words in ROWS), id="handed", compact=True, markup=False
            )
            yield Static("", id="state", markup=False)
            yield Static("", id="why-not", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Focus the list."""
        self.query_one("#handed").focus()
        self._draw()

    def _draw(self) -> None:
        words = STAND_INS.replace("{number}", str(len(self._replaced))) if self._redact else NAMES
        logs = NO_LOGS if self._redact else f"{self._keeper.logs.value} {OTHERWISE}"
        state = self.query_one("#state", Static)
        state.update(Content(self.named(f"{words}\n{logs}")))
        # A small window has no room for both, and the path of a saved file is news.
        state.display = not self._said or self.app.size.height >= ROOMY

    def _say(self, sentence: str) -> None:
        self._said = bool(sentence)
        self._draw()
        self.query_one("#why-not", Static).update(Content(shown(sentence)))

    def action_redact(self) -> None:
        """Toggle stand-ins and names."""
        self._redact = not self._redact
        self._say("")
        if self._redact:
            self._make(ExportForm.CASE, lambda made: self._listed(made.replaced))
        else:
            self._draw()

    def action_logs(self) -> None:
        """Toggle whether pasted logs are kept whole, or only the facts read from them."""
        self._keeper.keep_logs(self._keeper.logs is Logs.LEFT_OUT)
        self._say("")

    def _listed(self, replaced: tuple[Replacement, ...]) -> None:
        self._replaced = replaced
        self._draw()

    def action_names(self) -> None:
        """Show the stand-ins before anything is written."""
        if not self._redact:
            self._say("No stand-ins are chosen.")
            return
        rows = [shown(f"{each.kind}: {each.original}  ->  {each.stand_in}") for each in self._replaced]
        text = Content("\n".join(rows) or "Nothing in this case is a name.")
        self.app.push_screen(ReadingDialog("Stand-ins", text))

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        how, form, _words = ROWS[event.option_index]
        self._make(form, partial(self._copy, form) if how == "copy" else partial(self._save, form))

    def _make(self, form: ExportForm, use: Callable[[Exported], None]) -> None:
        """Make a text in a thread, then use it."""
        in_background(self, "handing over", partial(self._made, form, use))

    async def _made(self, form: ExportForm, use: Callable[[Exported], None]) -> None:
        from wizard.record.export import exported  # noqa: PLC0415 - nothing is handed over before the first screen

        case = replace(self._case, keep_logs=self._keeper.logs is Logs.KEPT)
        make = partial(exported, case, form, datetime.now(UTC), redact=self._redact)
        use(await asyncio.to_thread(make))

    def _copy(self, form: ExportForm, made: Exported) -> None:
        copying = self.wizard.copying
        self.dismiss()
        if form is ExportForm.STATUS:
            show_status(self.wizard, made.text.strip())
            return
        # A line that was run and answered needs no warning about its question.
        binding = form is not ExportForm.JSON and bool(left_to_run(self._case.case))
        copying.hand_out(made.text, binding=binding, afterwards=A_RECORD, how=SAVE_IT)

    def _save(self, form: ExportForm, made: Exported) -> None:
        in_background(self, "saving", partial(self._saved, form, made.text))

    async def _saved(self, form: ExportForm, text: str) -> None:
        wanted = self._folder / file_name(self._case.id, form, datetime.now(UTC), redact=self._redact)
        try:
            path = await asyncio.to_thread(write_new, wanted, text)
        except NotWrittenError as error:
            self._say(str(error))
            return
        self._say(f"Saved: {path}{'' if self._redact else '. It names servers, domains and certificates.'}")

    def action_close(self) -> None:
        """Return to the previous screen."""
        self.dismiss()


PRINTED = "What is open, and what is still to run, is printed when you quit."

IN_PRACTICE = "Practice: this is what a real case ends with. {summary.finish} shows how the exercise went."


class SummaryScreen(WizardScreen[None]):
    """The summary of the case."""

    scope = "summary"
    BINDINGS: ClassVar[list[BindingType]] = bindings("summary")

    def compose(self) -> ComposeResult:
        """The summary in a scrolling body, and the buttons."""
        yield TitleLine()
        yield ChapterStrip(id="strip")
        with VerticalScroll(id="body"):
            yield Static("The summary", classes="heading")
            yield Static("", id="summary", markup=False)
        yield Static(self.named(IN_PRACTICE if self.wizard.training else PRINTED), id="status", markup=False)
        with Horizontal(id="actions"):
            yield Button("Back", id="back", compact=True)
            yield Button("Quit", id="quit", compact=True)
            yield MoreBelow("#body", self.wizard.keymap.name("summary.page_down"))
        yield KeysFooter()

    def on_mount(self) -> None:
        """Set the strip to the end; focus what comes next, as the page keys scroll."""
        practice = self.wizard.training is not None
        case = case_part("" if practice else self.wizard.keeper.called)
        self.query_one(TitleLine).show(TitlePart(Worth.KIND, "PRACTICE" if practice else ""), case)
        self.query_one(ChapterStrip).show(self.wizard.case, None)
        self.query_one("#quit").focus(scroll_visible=False)
        if self.wizard.training:
            self.query_one("#quit", Button).label = Content("Finish")

    def on_resize(self) -> None:
        """Wrap the sentences to the window."""
        width = self.query_one("#summary").content_region.width or None
        self.query_one("#summary", Static).update(Content(shown(summary(self.wizard.case, width))))

    def take_text(self, text: str, typed: bool) -> None:  # noqa: ARG002 - as every screen is asked
        """Give pasted text to its step, which shows the result."""
        if why := give_at_its_step(self.wizard, text):
            self.wizard.tell(why)

    def action_page(self, way: int) -> None:
        """Scroll the text by a page."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_page_down(animate=False) if way > 0 else body.scroll_page_up(animate=False)

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
