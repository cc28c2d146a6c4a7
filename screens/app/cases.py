"""The list of saved cases: search, continue, rename, archive, delete with a way back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.app.base import WizardDialog, bindings, in_background
from screens.app.look import KeysFooter, RowList
from wizard.case.book import Casebook, CasebookError, CaseLine, CaseList, line_of, search
from wizard.case.file import written
from wizard.case.keeper import OPEN_ELSEWHERE, Keeper
from wizard.machine.files import NotWrittenError, write_new
from wizard.machine.inert import shown
from wizard.record.export import ExportForm, file_name

EMPTY = "No cases yet. A case is saved by itself from its first answer on."


class NameDialog(WizardDialog[str | None]):
    """Asks for a case's name; dismissed with it, or with None to keep the old one."""

    scope = "case_name"
    BINDINGS: ClassVar[list[BindingType]] = bindings("case_name")

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name_before = name

    def compose(self) -> ComposeResult:
        """An input line."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("The case's name")
            yield Static("A ticket's number or a few words, then Enter. Empty: the connector's name.", markup=False)
            yield Input(value=self._name_before, placeholder="a name", id="path", compact=True)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Focus the input line."""
        self.query_one("#path").focus()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())

    def action_refuse(self) -> None:
        """Close without a new name."""
        self.dismiss(None)


class CasesScreen(WizardDialog[str | None]):
    """All saved cases; dismissed with the id of the one to continue, or None.

    Threads read the disk: a folder can lie on a lost server.
    """

    scope = "cases"
    BINDINGS: ClassVar[list[BindingType]] = bindings("cases")

    def __init__(self, book: Casebook, keeper: Keeper, export_into: Path) -> None:
        super().__init__()
        self._book = book
        self._keeper = keeper
        self._at_hand = keeper.id
        self._export_into = export_into
        self._listing = CaseList()
        self._lines: tuple[CaseLine, ...] = ()
        self._listed: tuple[CaseLine, ...] = ()

    def compose(self) -> ComposeResult:
        """A search line, the cases, and a status line."""
        with Vertical(id="dialog", classes="open") as frame:
            frame.border_title = Content("Saved cases")
            yield Input(placeholder="search: connector, server, name, state", id="path", compact=True)
            yield RowList(id="entries", compact=True, markup=False)
            yield Static("", id="state", markup=False)
            yield Static("", id="why-not", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Focus the list: Enter continues the newest case."""
        self.query_one("#entries").focus()
        self._do(lambda: "")

    def _do(self, deed: Callable[[], str]) -> None:
        """Run a deed on the casebook in a thread, show its sentence, and read the list again."""
        in_background(self, "casebook", partial(self._done, deed))

    async def _done(self, deed: Callable[[], str]) -> None:
        def work() -> tuple[str, CaseList]:
            try:
                said = deed()
            except (CasebookError, NotWrittenError) as error:
                said = str(error)
            return said, self._book.cases()

        said, self._listing = await asyncio.to_thread(work)
        now = datetime.now(UTC)
        lines = [line_of(saved, now) for saved in self._listing.cases]
        self._lines = tuple(sorted(lines, key=lambda line: line.archived))
        self._draw()
        aside = "  ".join(f"{each.path}: {each.why}" for each in self._listing.aside)
        self._say(" ".join(filter(None, (said, aside))))

    def _draw(self) -> None:
        """Draw the matching cases. The chosen case stays chosen wherever it moves, for keys act on it."""
        entries = self.query_one("#entries", OptionList)
        chosen, place = self._chosen, entries.highlighted or 0
        self._listed = search(self._lines, self.query_one("#path", Input).value)
        entries.clear_options()
        entries.add_options([Option(Content(shown(self._text(line)))) for line in self._listed])
        for number, line in enumerate(self._listed):
            if chosen and line.id == chosen.id:
                place = number
        entries.highlighted = min(place, len(self._listed) - 1) if self._listed else None
        if not self._listed:
            self.query_one("#state", Static).update(Content(EMPTY if not self._lines else "No case holds these words."))

    def _text(self, line: CaseLine) -> str:
        marks = " (archived)" if line.archived else " (the one at hand)" if line.id == self._at_hand else ""
        return f"{line.text}{marks}"

    @property
    def _chosen(self) -> CaseLine | None:
        highlighted = self.query_one("#entries", OptionList).highlighted
        return self._listed[highlighted] if highlighted is not None and highlighted < len(self._listed) else None

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        if line := self._chosen:
            self.query_one("#state", Static).update(Content(shown(line.state)))

    @on(Input.Changed)
    def _searched(self) -> None:
        self._draw()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _resumed(self) -> None:
        if line := self._chosen:
            self.dismiss(line.id)

    def action_first(self) -> None:
        """Move from the search to the list."""
        self.query_one("#entries").focus()

    def action_rename(self) -> None:
        """Rename the case; if another window has it open, say so before a name is typed."""
        if line := self._chosen:
            in_background(self, "renaming", partial(self._rename, line))

    async def _rename(self, line: CaseLine) -> None:
        if not await asyncio.to_thread(self._is_ours, line):
            self._say(OPEN_ELSEWHERE)
            return

        def named(name: str | None) -> None:
            if name is not None:
                self._change(line, f"Named: {name or line.connector}", name=name)

        # Not awaited: the worker ends when the dialog stands.
        self.app.push_screen(NameDialog(line.name), named)

    def _is_ours(self, line: CaseLine) -> bool:
        """True if no other window has the case open."""
        if line.id == self._at_hand:
            return not self._keeper.read_only
        if not self._book.claim(line.id):
            return False
        self._book.release(line.id)
        return True

    def action_archive(self) -> None:
        """Move the case behind the others, or back."""
        if (line := self._chosen) and not self._refused_at_hand(line):
            said = "Back in the list." if line.archived else "Archived: it stands at the end of the list."
            self._change(line, said, archived=not line.archived)

    def _change(self, line: CaseLine, said: str, **changes: object) -> None:
        def change() -> str:
            if line.id == self._at_hand:
                self._keeper.rename(str(changes["name"]))
                return self._keeper.save_now() or said
            if not self._book.claim(line.id):
                raise CasebookError(OPEN_ELSEWHERE)
            try:
                self._book.save(replace(self._book.load(line.id), **changes), keep_logs=True)  # type: ignore[arg-type]
            finally:
                self._book.release(line.id)
            return said

        self._do(change)

    def action_delete(self) -> None:
        """Delete the case; F7 brings it back."""
        if not (line := self._chosen) or self._refused_at_hand(line):
            return

        back = self.named("{cases.bring_back} brings it back.")

        def delete() -> str:
            self._book.delete(line.id)
            return f"Deleted: {line.title}. {back}"

        self._do(delete)

    def _refused_at_hand(self, line: CaseLine) -> bool:
        """True, with a sentence, if this is the open case, which cannot be removed."""
        if line.id == self._at_hand:
            self._say("This is the case at hand. Begin or go on with another one first.")
        return line.id == self._at_hand

    def _say(self, sentence: str) -> None:
        self.query_one("#why-not", Static).update(Content(shown(sentence)))

    def action_export(self) -> None:
        """Write the case to a file for a colleague."""
        if not (line := self._chosen):
            return

        def export() -> str:
            problem = self._keeper.save_now()
            if problem and line.id == self._at_hand:
                raise CasebookError(problem)
            text = written(self._book.load(line.id))
            path = write_new(self._export_into / file_name(line.id, ExportForm.CASE, datetime.now(UTC)), text)
            return f"Written: {path}. It names servers, domains and certificates."

        self._do(export)

    def action_bring_back(self) -> None:
        """Bring back the deleted case that was saved last."""

        def bring_back() -> str:
            deleted = self._book.deleted()
            if not deleted:
                return "No deleted case is left."
            self._book.restore(deleted[0].id)
            return f"Brought back: {line_of(deleted[0], datetime.now(UTC)).title}."

        self._do(bring_back)

    def action_close(self) -> None:
        """Close without a choice."""
        self.dismiss(None)
