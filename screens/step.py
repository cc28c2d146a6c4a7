"""One step on the screen: what to do, the command, a place for what comes back, and what the wizard makes of it.

The screen keeps no facts. Everything shown is rendered from the case; everything given goes through
`wizard.intake` and comes back as a new case.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.dialogs import BeforeCopyDialog, ReadingDialog, explain, lines_behind
from screens.openfile import OpenDialog
from screens.reading import LARGE, read_into
from screens.widgets.casepanel import CasePanel
from screens.widgets.command import BINDING, CommandBox
from screens.widgets.evidence import Evidence
from screens.widgets.failures import FailureTable
from screens.widgets.findings import FindingsView
from screens.widgets.name import NameInput
from screens.widgets.strip import ChapterStrip
from wizard.case import Case, StepId
from wizard.clipboard import ClipboardError
from wizard.findings import Finding, info
from wizard.intake import Taken, name_connector, take
from wizard.report import facts_known
from wizard.sample import sample_evidence
from wizard.steps import STEPS, Choice, after, check_again, settle, step

if TYPE_CHECKING:
    from screens.app import WizardApp


class StepScreen(Screen[None]):
    """One step of the list, rendered."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "explain", "Help", priority=True),
        Binding("f2", "copy", "Copy", priority=True),
        Binding("f3", "turn", "More", priority=True),
        Binding("f4", "read_clipboard", "Paste", priority=True),
        Binding("f5", "open", "Open", priority=True),
        Binding("f8", "next", "Next", priority=True),
        Binding("escape", "back", "Back", priority=True),
        Binding("f6", "lines", "Rows", priority=True),
        Binding("f7", "known", "Known", show=False, priority=True),
        Binding("f9", "app.command_palette", "All"),
        Binding("ctrl+v", "read_clipboard", "Paste", show=False),
        Binding("pagedown", "page(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Up", show=False),
    ]

    def __init__(self, step_id: StepId) -> None:
        super().__init__()
        self.step = step(step_id)
        self._said: tuple[Finding, ...] = ()
        self._shown_findings: tuple[Finding, ...] = ()

    @property
    def wizard(self) -> WizardApp:
        """The app, as what it is."""
        return cast("WizardApp", self.app)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.wizard.case

    # What is on the screen

    def compose(self) -> ComposeResult:
        """Instruction, command, evidence, choices, findings; on the right what is known, where there is room."""
        words = self.step.words
        yield Static(self._title(), id="title", markup=False)
        yield ChapterStrip(id="strip")
        with Horizontal(id="middle"):
            with VerticalScroll(id="body", can_focus=False):
                yield Static(words.title, classes="heading", markup=False)
                yield Static(words.do, id="do", markup=False)
                yield Static(words.why, id="why", markup=False)
                yield CommandBox()
                if self.step.asks_name:
                    yield NameInput()
                if self.step.takes_text:
                    yield Evidence()
                if self.step.id is StepId.LOG:
                    yield FailureTable()
                yield Static(self.step.question, id="question", markup=False)
                yield OptionList(id="choices", compact=True, markup=False)
                yield FindingsView()
            yield CasePanel(id="known", markup=False)
        yield Static("", id="status", markup=False)
        with Horizontal(id="actions"):
            yield Button("Back", id="back", compact=True)
            yield Button("Next", id="next", compact=True)
            yield Static("", id="more")
        yield Footer(show_command_palette=False, compact=True)

    def _title(self) -> str:
        order = [s.id for s in STEPS]
        position = f"Step {order.index(self.step.id) + 1} of {len(order)}"
        sample = "  SAMPLE" if self.case.sample else ""
        return f"exchange-cert-wizard  {position}  {self.step.words.kb}{sample}"

    async def on_mount(self) -> None:
        """Bring back what was typed here, or offer the sample's evidence, then draw."""
        if self.step.takes_text:
            evidence = self.query_one(Evidence)
            evidence.border_title = Content(f"Paste here: {self.step.words.give}")
            evidence.border_subtitle = Content(
                "F4 reads the clipboard" + (", F5 a file" if self.step.takes_path else "")
            )
            kept = self.case.typed.get(self.step.id, "")
            opened = self.case.opened_paths.get(self.step.id)
            if opened:
                evidence.border_title = Content(f"Read from {opened}")
            if kept:
                evidence.hold(kept)
            elif self.case.sample and self.step.id not in self.case.opened_paths:
                evidence.border_title = Content("Sample: what Exchange would print")
                self._offer_sample(evidence)
        body = self.query_one("#body", VerticalScroll)
        self.watch(body, "scroll_y", self._draw_more, init=False)
        self.watch(body, "virtual_size", self._draw_more, init=False)
        await self.redraw()
        self._focus_what_is_next()
        self.call_after_refresh(self._settle_view)

    def _settle_view(self) -> None:
        """Begin at the top, unless the place to go on lies below it."""
        body = self.query_one("#body", VerticalScroll)
        if self.focused is None or body not in self.focused.ancestors:
            body.scroll_home(animate=False)
        self._draw_more()

    def on_resize(self) -> None:
        """What fits has changed."""
        self.call_after_refresh(self._draw_more)

    def _offer_sample(self, evidence: Evidence) -> None:
        text = sample_evidence(self.step.id)
        if text:
            evidence.hold(text)
            taken = take(self.case, self.step.id, text, "the sample")
            self.wizard.case = taken.case
            self._said = taken.said

    async def redraw(self) -> None:
        """Draw everything from the case."""
        case = self.case
        self.query_one(ChapterStrip).show(case, self.step.id)
        self.query_one(CommandBox).show(self.step.commands(case), traced=self.step.id is StepId.COMMAND)
        self.query_one(CasePanel).show(case)
        if self.step.asks_name:
            self.query_one(NameInput).show(case.connector)
        for table in self.query(FailureTable):
            table.show(case.failures, self.size.width)
        self._draw_choices(self.step.choices(case))
        self._shown_findings = (*self._stale(), *self._said, *self.step.findings(case))
        await self.query_one(FindingsView).show(self._shown_findings)
        self.set_class(bool(self.step.findings(case)) and self.step.takes_text, "-answered")
        self._draw_next()
        self.refresh_bindings()

    def _stale(self) -> tuple[Finding, ...]:
        if self.step.id not in check_again(self.case):
            return ()
        return (info("Check again: an earlier answer has changed since. If it still holds, press Next."),)

    def _draw_choices(self, choices: tuple[Choice, ...]) -> None:
        options = self.query_one("#choices", OptionList)
        self.query_one("#question").display = bool(choices) and bool(self.step.question)
        options.display = bool(choices)
        highlighted = options.highlighted
        options.clear_options()
        options.add_options([Option(_choice_text(choice), id=f"choice-{n}") for n, choice in enumerate(choices)])
        chosen = next((n for n, choice in enumerate(choices) if choice.chosen), None)
        options.highlighted = chosen if chosen is not None else highlighted if highlighted is not None else 0

    def _draw_next(self) -> None:
        missing = self.step.missing(self.case)
        follows = after(self.step.id)
        target = step(follows).words.title if follows else "The summary"
        label = self.step.skip if missing and self.step.skip else f"Next: {target}"
        button = self.query_one("#next", Button)
        button.label = Content(label)
        button.set_class(not missing, "-ready")

    def _focus_what_is_next(self) -> None:
        """The place where the person goes on: a choice to make, the way on, or the place for evidence."""
        choices = self.step.choices(self.case)
        missing = self.step.missing(self.case)
        evidence_first = self.step.takes_text and missing and not self.case.typed.get(self.step.id)
        if choices and not evidence_first and not any(choice.chosen for choice in choices):
            wanted = "#choices"
        elif not missing or not self.step.takes_text:
            wanted = "#next"
        else:
            wanted = "#name" if self.step.asks_name else "#evidence"
        self.query_one(wanted).focus()

    def tell(self, sentence: str) -> None:
        """Say something on the status line."""
        self.query_one("#status", Static).update(Content(sentence))

    # Evidence that comes in

    @on(Evidence.Given)
    def _given(self, event: Evidence.Given) -> None:
        self.receive(event.text)

    def on_paste(self, event: events.Paste) -> None:
        """A paste that no text field took, such as one while a button has the focus."""
        if self.step.takes_text and event.text:
            event.stop()
            self.query_one(Evidence).give(event.text)

    def receive(self, text: str) -> None:
        """Read a text given at this step; a large one in a thread, so that the screen stays alive."""
        if len(text) > LARGE:
            self.tell(f"Reading {len(text):,} characters...")
            self.run_worker(self._receive_large(text), exclusive=True, group="reading")
        else:
            self.run_worker(self._took(take(self.case, self.step.id, text)), group="drawing")

    async def _receive_large(self, text: str) -> None:
        await self._took(await asyncio.to_thread(take, self.case, self.step.id, text))

    async def _took(self, taken: Taken) -> None:
        """Show what became of a text."""
        self.wizard.case = taken.case
        self._said = taken.said
        await self.redraw()
        self.tell(self._what_became(taken))
        if taken.accepted and taken.at is self.step.id:
            self._focus_what_is_next()
        self.call_after_refresh(self._show_findings)

    def _what_became(self, taken: Taken) -> str:
        """In a few words, what became of a text and what comes next."""
        if not taken.accepted:
            return "Not taken: see below why. What you gave is kept."
        if taken.at is not self.step.id:
            return f"Taken for another step: {step(taken.at).words.title}"
        missing = self.step.missing(self.case)
        return "Read. Press Enter to go on." if not missing else f"Read. {missing}"

    def _show_findings(self) -> None:
        """Bring the first finding into view, as far as the place for it allows."""
        findings = self.query_one(FindingsView)
        if findings.children:
            self.query_one("#body", VerticalScroll).scroll_to_widget(findings, animate=False, top=False)

    @on(NameInput.Named)
    async def _named(self, event: NameInput.Named) -> None:
        await self._took(name_connector(self.case, event.name))

    @on(NameInput.ManyLines)
    def _many_lines(self, event: NameInput.ManyLines) -> None:
        """Output typed or pasted into the name's field belongs into the place for output."""
        evidence = self.query_one(Evidence)
        evidence.focus()
        if event.whole:
            evidence.give(event.text)
        else:
            evidence.hold("")
            evidence.insert(event.text)

    # Choices and keys

    @on(OptionList.OptionSelected, "#choices")
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        choices = self.step.choices(self.case)
        self.wizard.case = self.step.choose(self.case, choices[event.option_index].key)
        await self.redraw()
        self._focus_what_is_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "back":
            self.action_back()
        elif event.button.id == "next":
            self.action_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Hide the keys that do nothing here."""
        if not self.is_mounted:
            return True
        if action == "turn":
            return len(self.step.commands(self.case)) > 1
        if action == "copy":
            return bool(self.step.commands(self.case))
        if action == "read_clipboard":
            return self.step.takes_text
        if action == "open":
            return self.step.takes_path
        if action == "lines":
            return any(finding.lines or finding.source for finding in self._shown_findings)
        return True

    def action_next(self) -> None:
        """Go on; a step that is not done says what it needs, or is left out when it may be."""
        missing = self.step.missing(self.case)
        if missing and not self.step.skip:
            self.tell(missing)
            self._focus_what_is_next()
            return
        if missing:
            self.wizard.case = self.case.skipping(self.step.id)
        else:
            self.wizard.case = settle(self.case, self.step.id)
        self.wizard.go_after(self.step.id)

    def action_back(self) -> None:
        """One step back; what was typed stays in the case."""
        self.wizard.go_before(self.step.id)

    def action_page(self, pages: int) -> None:
        """Scroll the body; a page is what is seen of it, less one row to keep the place."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_relative(y=pages * max(body.size.height - 1, 1), animate=False)

    def _draw_more(self) -> None:
        """Say that there is more below, where the bar alone could be missed."""
        body = self.query_one("#body", VerticalScroll)
        below = body.scroll_offset.y < body.max_scroll_y
        self.query_one("#more", Static).update(Content("\u25bc PgDn" if below else ""))

    def action_explain(self) -> None:
        """Explain this step."""
        self.app.push_screen(explain(self.step.words))

    def action_lines(self) -> None:
        """Show the lines behind the findings."""
        self.app.push_screen(lines_behind(self._shown_findings))

    def action_known(self) -> None:
        """Show what is known so far."""
        rows = facts_known(self.case)
        text = "\n".join(f"{label}: {value}" for label, value in rows) or "Nothing is known yet."
        self.app.push_screen(ReadingDialog("What is known so far", Content(text)))

    def action_summary(self) -> None:
        """Go to the summary."""
        self.wizard.go(None)

    async def action_turn(self) -> None:
        """Show the step's other command; at the command step that is the other variant."""
        if self.step.id is StepId.COMMAND:
            choices = self.step.choices(self.case)
            other = next((choice for choice in choices if not choice.chosen), None)
            if other:
                self.wizard.case = self.step.choose(self.case, other.key)
                await self.redraw()
                return
        self.query_one(CommandBox).turn()

    def action_copy(self) -> None:
        """Copy the command on show; the binding one only after the word about the prompt."""
        command = self.query_one(CommandBox).shown
        if command is None:
            self.tell("There is no command here yet.")
        elif command.id in BINDING and not self.case.told_to_answer_no:
            self.app.push_screen(BeforeCopyDialog(), self._told)
        else:
            self.run_worker(self._copy(command.text, reminder=command.id in BINDING))

    def _told(self, understood: bool | None) -> None:
        command = self.query_one(CommandBox).shown
        if understood and command:
            self.wizard.case = self.case.told()
            self.run_worker(self._copy(command.text, reminder=True))

    async def _copy(self, text: str, reminder: bool) -> None:
        copied = await self.wizard.copy(text)
        self.tell(copied.sentence + (" Answer N to its question." if reminder else ""))

    async def action_read_clipboard(self) -> None:
        """Take what is on the clipboard as evidence."""
        try:
            text = await self.wizard.paste()
        except ClipboardError as error:
            self.tell(str(error))
            return
        if not text.strip():
            self.tell("The clipboard holds no text.")
            return
        if isinstance(self.focused, Input):
            self.focused.insert_text_at_cursor(text) if "\n" not in text.strip() else self._many(text)
            return
        self.query_one(Evidence).give(text)

    def _many(self, text: str) -> None:
        self.query_one(Evidence).give(text)

    def action_open(self) -> None:
        """Choose a file or folder to read."""
        start = self.case.opened_paths.get(self.step.id, "")
        folder = next((f.path for f in self.case.log_folders if not f.cut), "")
        self.app.push_screen(OpenDialog(start or folder), self._opened)

    def _opened(self, path: Path | None) -> None:
        if path is not None:
            self.run_worker(self._read_path(path), exclusive=True, group="reading")

    async def _read_path(self, path: Path) -> None:
        self.tell(f"Reading {path}...")
        taken = await read_into(self.case, self.step.id, path, self._progress)
        if taken.accepted:
            self.query_one(Evidence).border_title = Content(f"Read from {path}")
        await self._took(taken)

    def _progress(self, sentence: str) -> None:
        self.app.call_from_thread(self.tell, sentence)


def _choice_text(choice: Choice) -> Content:
    mark = "(*)" if choice.chosen else "( )"
    text = Content(f"{mark} {choice.text}")
    return text.append(Content.styled(f"\n    {choice.detail}", "dim")) if choice.detail else text
