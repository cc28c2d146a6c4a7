"""Hands a case over: change card, record, or a copy for a colleague, with names or stand-ins."""

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
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.app.base import WizardDialog, bound, in_background
from screens.app.dialogs import ReadingDialog
from screens.app.look import KeysFooter
from wizard.case.file import Logs
from wizard.machine.files import NotWrittenError, write_new
from wizard.machine.inert import shown
from wizard.record.export import ExportForm, file_name

if TYPE_CHECKING:
    from wizard.case.keeper import Keeper
    from wizard.record.export import Exported
    from wizard.record.stand_ins import Replacement

ROWS = (
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

STAND_INS = (
    "Stand-ins take the place of {number} names. {handover.names} lists them, {handover.redact} takes the names."
)


class HandoverScreen(WizardDialog[None]):
    """Choose the text to hand over. A thread makes it from the case as it is then."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "close", "Close", "handover.close", "Closes this"),
        bound("f3", "redact", "Stand-ins", "handover.redact", "Puts stand-ins in the place of all names, or not"),
        bound("f6", "names", "Which", "handover.names", "Lists which stand-in takes the place of what"),
        bound("f5", "logs", "Logs", "handover.logs", "Keeps the logs pasted in this case, or leaves them out"),
    ]

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
            yield OptionList(
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
        from wizard.record.card import left_to_run  # noqa: PLC0415 - as for what is handed over

        copying = self.wizard.copying
        self.dismiss()
        # A line that was run and answered needs no warning about its question.
        binding = form is not ExportForm.JSON and bool(left_to_run(self._case.case))
        copying.hand_out(made.text, binding=binding, afterwards=A_RECORD, how=SAVE_IT)

    def _save(self, form: ExportForm, made: Exported) -> None:
        in_background(self, "saving", partial(self._saved, form, made.text))

    async def _saved(self, form: ExportForm, text: str) -> None:
        wanted = self._folder / file_name(self._case.id, form, datetime.now(UTC))
        try:
            path = await asyncio.to_thread(write_new, wanted, text)
        except NotWrittenError as error:
            self._say(str(error))
            return
        self._say(f"Saved: {path}{'' if self._redact else '. It names servers, domains and certificates.'}")

    def action_close(self) -> None:
        """Return to the previous screen."""
        self.dismiss()
