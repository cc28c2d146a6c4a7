"""The screen of a step: its command, the field for evidence, choices, findings, and the way on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static, TextArea
from textual.widgets.option_list import Option

from screens.actions import SCOPES, Circumstances
from screens.app.base import WizardScreen, bindings, in_background
from screens.app.dialogs import CasePanel, explain, lines_behind, what_is_known
from screens.app.evidence import EvidenceField, NameInput, is_name
from screens.app.failures import FailureTable, SessionsScreen
from screens.app.look import ChapterStrip, KeysFooter, MoreBelow, RowList, TitleLine, TitlePart, Worth, case_part
from screens.app.openfile import OpenDialog
from screens.paths import looked, path_in
from screens.words import NO_TEXT_HERE, Teller, coming_in, how_much
from wizard.case.case import Case, StepId
from wizard.case.servers import here
from wizard.facts import FailureGroup
from wizard.findings import Finding, Level, info, places
from wizard.machine.clipboard import ClipboardError
from wizard.machine.inert import shown
from wizard.powershell.command import KINDS, Command, CommandId, about, origins
from wizard.steps.connector import not_entered
from wizard.steps.flow import (
    after,
    before,
    changed_since,
    next_label,
    place_of,
    sample_evidence,
    server_at,
    settle,
    step,
    take_name,
)
from wizard.steps.intake import LARGE, Cancelled, read_into, take
from wizard.steps.parts import Choice, Taken

STYLE = {Level.GOOD: "-good", Level.INFO: "-info", Level.WARN: "-warn", Level.BLOCK: "-block"}

WORD = 9
"""Width of the word before each sentence, with its blank."""


class FindingsView(Vertical):
    """All findings of a step. Each begins with a word for its weight, so colour is not needed."""

    def __init__(self) -> None:
        super().__init__(id="findings")
        self._wanted: tuple[Finding, ...] = ()
        self._drawn: tuple[Finding, ...] = ()
        self._drawing = asyncio.Lock()

    async def show(self, findings: tuple[Finding, ...]) -> None:
        """Draw these findings in place of the earlier ones."""
        self._wanted = findings
        # A second paste can overtake the drawing of the first: they take turns, and the newest counts.
        async with self._drawing:
            if self._wanted == self._drawn:
                return
            wanted = self._wanted
            await self.remove_children()
            self._drawn = ()
            await self.mount_all(FindingRow(finding) for finding in wanted)
            self._drawn = wanted


class FindingRow(Widget):
    """One finding as one widget: a log with many faults shows dozens at once."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"finding--word", "finding--place"}

    def __init__(self, finding: Finding) -> None:
        super().__init__(classes=f"finding {STYLE[finding.level]}")
        self._finding = finding

    def render(self) -> Content:
        """The word, the sentence, and its place."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The lines the sentence and its place need."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        room = max(width - WORD, 1)
        lines = Content(shown(self._finding.text)).wrap(room)
        if self._finding.lines:
            style = self.get_visual_style("finding--place", partial=True)
            lines += Content.styled(shown(places(self._finding.lines)), style).wrap(room)
        word = Content.styled(self._finding.level.value.ljust(WORD), self.get_visual_style("finding--word"))
        return [(Content(" " * WORD) if number else word).append(line) for number, line in enumerate(lines)]


class Choices(RowList):
    """Posts `NoneMarked` for Enter without a marked answer, which would otherwise do nothing."""

    class NoneMarked(Message):
        """Enter was pressed without a marked answer."""

    def action_select(self) -> None:
        """Choose the marked answer."""
        if self.highlighted is None:
            self.post_message(self.NoneMarked())
        else:
            super().action_select()


LONGEST, SHOWN = 700, 280
"""The longest line shown whole, and the part shown of a longer one, in characters."""


class CommandBox(Vertical):
    """A step's commands. `shown` is the one to copy; `key` returns the key of an id."""

    def __init__(self, key: Callable[[str], str]) -> None:
        super().__init__(id="command")
        self._key = key
        self.commands: tuple[Command, ...] = ()
        self.at = 0
        self.traced = False

    def compose(self) -> ComposeResult:
        """The line, its effect where there is room, and the origin of its parts."""
        yield Static(id="command-line", markup=False)
        yield Static(id="command-purpose", markup=False)
        yield Static(id="command-trace", markup=False)

    @property
    def shown(self) -> Command | None:
        """The visible command, None before there is one."""
        return self.commands[self.at] if self.commands else None

    def show(self, commands: tuple[Command, ...], traced: bool = False) -> None:
        """Show these commands, the first in front; an unchanged list keeps the current one."""
        if commands != self.commands:
            self.at = 0
        self.commands = commands
        self.traced = traced
        self._draw()

    def _turns_to(self) -> str:
        """What the key that turns does here; of two forms it takes the other one."""
        if self.traced:
            return "takes the other form"
        if self.commands[(self.at + 1) % len(self.commands)].id is CommandId.SURVEY:
            return "asks for everything at once"
        return "shows the other" if len(self.commands) == 2 else "shows the next"

    def turn(self) -> None:
        """Show the next command of the step."""
        if self.commands:
            self.at = (self.at + 1) % len(self.commands)
            self._draw()

    def _draw(self) -> None:
        command = self.shown
        self.display = command is not None
        if command is None:
            return
        several = len(self.commands) > 1
        count = f" {self.at + 1} of {len(self.commands)}" if several and not self.traced else ""
        kind = KINDS.get(command.id, "")
        self.border_title = Content(f"{kind}Command{count}, {about(command).effect.value}")
        turns = f", {self._key('step.turn')} {self._turns_to()}" if several else ""
        self.border_subtitle = Content(f"{self._key('step.copy')} copies it{turns}")
        line = _as_far_as_it_fits(command.text, self._key("step.copy"))
        self.query_one("#command-line", Static).update(Content(line))
        self.query_one("#command-purpose", Static).update(Content(command.purpose))
        trace = self.query_one("#command-trace", Static)
        trace.display = self.traced
        trace.update(_trace(command))


def _as_far_as_it_fits(line: str, copy: str) -> str:
    """The line; one that would fill the window is cut, with its length."""
    if len(line) <= LONGEST:
        return line
    return f"{line[:SHOWN]}...\n({len(line):,} characters, only questions; {copy} copies the line whole)"


def _trace(command: Command) -> Content:
    """A line for each part that comes from a fact: the part and its origin."""
    rows = origins(command)
    width = max((len(label) for label, _origin in rows), default=0)
    lines = [
        Content(f"{label:<{width}}  ").append(Content.styled(f"from {shown(origin)}", "dim")) for label, origin in rows
    ]
    return Content("\n").join(lines)


NOT_READ = "Not read yet: {step.next} reads it"

OWN = {action.call.partition("(")[0] for action in SCOPES["step"].actions}
"""Actions that are inactive while the practice shell beside the step has the focus."""

SOON = 0.02
"""Seconds before a screen that is being mounted is asked again."""


class StepScreen(WizardScreen[None]):
    """A step and its evidence. `said` holds the findings from reading it."""

    # The step decides where the person continues, not the order of the widgets.
    AUTO_FOCUS = ""

    scope = "step"
    BINDINGS: ClassVar[list[BindingType]] = bindings("step")

    def __init__(self, step_id: StepId) -> None:
        super().__init__(classes=f"-{step_id.value}")
        self.step = step(step_id)
        self.ready = False
        self.said: tuple[Finding, ...] = ()
        self.refused = False
        self._view: Callable[[], None] | None = None
        self._left_in_field = ""
        self._found_in: tuple[Case | None, tuple[Finding, ...]] = (None, ())

    @property
    def case(self) -> Case:
        """The current case."""
        return self.wizard.case

    @property
    def stands(self) -> bool:
        """True while its widgets exist: a callback can run after the screen is gone."""
        return bool(self.query("#body"))

    def compose(self) -> ComposeResult:
        """Instruction, command, evidence, choices, findings; on the right the known facts, where there is room."""
        words = self.step.words
        yield TitleLine()
        yield ChapterStrip(id="strip")
        yield Static(words.title, id="heading", classes="heading", markup=False)
        with Horizontal(id="middle"):
            with VerticalScroll(id="body", can_focus=False):
                yield Static(id="do", markup=False)
                yield Static(id="why", markup=False)
                yield CommandBox(self.wizard.keymap.name)
                if self.step.asks_name:
                    yield NameInput()
                if self.step.takes_text:
                    yield EvidenceField()
                if self.step.failures:
                    yield FailureTable()
                yield Static(id="question", markup=False)
                yield Choices(id="choices", compact=True, markup=False)
                yield FindingsView()
            if (training := self.wizard.training) and training.guided:
                from screens.app.shellpane import Pane  # noqa: PLC0415 - nobody pays who does not practise

                yield Pane(training)
            else:
                yield CasePanel(id="known", markup=False)
        yield Static("", id="status", markup=False)
        with Horizontal(id="actions"):
            yield Button("Back", id="back", compact=True)
            yield Button("Next", id="next", compact=True)
            yield MoreBelow("#body", self.wizard.keymap.name("step.page_down"))
        yield KeysFooter()

    def _draw_title(self) -> None:
        at = server_at(self.step.id, self.case)
        self.query_one(TitleLine).show(
            TitlePart(Worth.KIND, "PRACTICE" if self.wizard.training else "SAMPLE" if self.case.sample else ""),
            TitlePart(Worth.STEP, place_of(self.step.id, self.case)),
            TitlePart(Worth.SERVER, f"on {at}" if at else "", gap=" "),
            TitlePart(Worth.ARTICLE, self.step.words.kb),
            case_part("" if self.wizard.training else self.wizard.keeper.called),
        )

    async def _look_for_others(self) -> None:
        await asyncio.to_thread(self.wizard.keeper.look_for_others)
        self._draw_title()

    async def on_mount(self) -> None:
        """Restore the evidence and draw."""
        if self.step.takes_text:
            self.prepare_evidence()
        body = self.query_one("#body", VerticalScroll)
        self.watch(body, "virtual_size", self.bring_again, init=False)
        await self.redraw()
        self.focus_what_is_next()
        self.ready = True
        if training := self.wizard.training:
            from screens.training import in_the_wizard  # noqa: PLC0415

            self.tell(self.named(in_the_wizard(training, self.step, self.case)))
        self.refresh_bindings()
        self.bring(lambda: self.scroll_down_to(self.focused))
        if self.wizard.keeper.book and self.wizard.keeper.others is None:
            in_background(self, "casebook", self._look_for_others)

    def on_resize(self) -> None:
        """Draw what fits."""
        if self.ready:
            self.bring_again()

    async def redraw(self) -> None:
        """Draw everything from the case."""
        case = self.case
        self._draw_title()
        self.query_one("#do", Static).update(Content(self.named(self.step.instruction(case))))
        why = self.query_one("#why", Static)
        why.update(Content(self.named(self.step.why(case))))
        why.set_class(not self.step.why(case), "-none")
        self.query_one(ChapterStrip).show(case, self.step.id)
        self.query_one(CommandBox).show(self.step.commands(case), traced=self.step.forms)
        for panel in self.query(CasePanel):
            panel.show(case)
        if self.step.asks_name:
            self.query_one(NameInput).show(case.typed_name or case.connector or self.query_one(NameInput).value)
        for table in self.query(FailureTable):
            table.show(case.failures)
        choices = self.step.choices(case)
        self._draw_choices(choices)
        findings = self._read_in_the_case()
        # What is to be chosen, and what was found, need the room more than the place of the text.
        self.set_class(self.step.takes_text and bool(findings or choices), "-answered")
        self._draw_next()
        await self.query_one(FindingsView).show(self._findings())
        if self.ready:
            self.refresh_bindings()

    def _findings(self) -> tuple[Finding, ...]:
        return (*changed_since(self.case, self.step.id), *self.said, *self._read_in_the_case())

    def _read_in_the_case(self) -> tuple[Finding, ...]:
        """The step's own findings, computed once for each case: every key asks for them, and logs are long."""
        case, found = self._found_in
        if case is not self.case:
            found = self.step.findings(self.case)
            self._found_in = (self.case, found)
        return found

    def _draw_choices(self, choices: tuple[Choice, ...]) -> None:
        options = self.query_one("#choices", OptionList)
        asked = self.step.asks(choices)
        question = self.query_one("#question", Static)
        question.update(Content(asked))
        question.display = bool(asked)
        options.display = bool(choices)
        highlighted = options.highlighted
        options.clear_options()
        options.add_options([Option(_choice_text(choice), id=f"choice-{n}") for n, choice in enumerate(choices)])
        chosen = next((n for n, choice in enumerate(choices) if choice.chosen), None)
        # The answer is the person's to give: before the evidence is there, Enter alone must not give it.
        own = self.step.asks_server(self.case) or (self.step.own_word and not self._given_something())
        first = None if own else 0
        options.highlighted = chosen if chosen is not None else highlighted if highlighted is not None else first

    def _draw_next(self) -> None:
        button = self.query_one("#next", Button)
        button.label = Content(next_label(self.step, self.case))
        button.set_class(not self.step.missing(self.case), "-ready")
        # The words may have grown.
        button.refresh(layout=True)

    def focus_what_is_next(self) -> None:
        """Focus where the person continues: a choice, the way on, or the field for evidence."""
        choices = self.step.choices(self.case)
        missing = self.step.missing(self.case)
        evidence_first = self.step.takes_text and missing and not self._given_something()
        to_choose = choices and not any(choice.chosen for choice in choices)
        if self.step.asks_server(self.case):
            wanted = "#choices"
        elif self.step.hub:
            wanted = "#choices" if missing else "#next"
        elif to_choose and not evidence_first and missing:
            wanted = "#choices"
        elif not missing or not self.step.takes_text:
            wanted = "#next"
        else:
            wanted = "#name" if self.step.asks_name else "#evidence"
        self.set_focus(self.query_one(wanted), scroll_visible=False)

    def focus_what_is_missing(self) -> None:
        """Focus the answers, whole in view with their question; without any where the person continues."""
        self.focus_what_is_next()
        choices = self.query_one("#choices", OptionList)
        if choices.option_count and not any(choice.chosen for choice in self.step.choices(self.case)):
            self.set_focus(choices, scroll_visible=False)
            self.bring(partial(self.scroll_down_to, choices))

    def _given_something(self) -> bool:
        return self.case.answer(self.step.id).given

    def tell(self, sentence: str) -> None:
        """Say something on the status line."""
        self.query_one("#status", Static).update(Content(shown(sentence)))

    def bring(self, view: Callable[[], None] | None) -> None:
        """Scroll to a widget; None leaves scrolling to the person.

        It is repeated at each change of the layout, for only a settled one shows what fits.
        """
        self._view = view
        self.bring_again()

    def bring_again(self) -> None:
        """Scroll after the layout has settled."""
        self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        if self.stands and self._view:
            self._view()

    def prepare_evidence(self) -> None:
        """Restore the evidence given, or offer the sample's."""
        evidence = self.query_one(EvidenceField)
        file = ", {step.open} a file" if self.step.takes_text else ""
        evidence.border_subtitle = Content(self.named(f"{{step.paste}} reads the clipboard{file}"))
        answer = self.case.answer(self.step.id)
        if answer.waiting:
            evidence.hold(answer.waiting, read=False)
            evidence.border_title = Content(self.named(NOT_READ))
            self.wizard.case = self.case.leaving(self.step.id, "")
            return
        kept = answer.text
        if self.step.asks_name and kept and len(kept.splitlines()) == 1:
            self.query_one(NameInput).value = kept
        elif kept:
            evidence.hold(kept)
        self._name_evidence()
        if kept:
            return
        if self.case.sample and not answer.path:
            evidence.border_title = Content("Sample: what Exchange would print")
            self._offer_sample(evidence)

    def _name_evidence(self) -> None:
        opened = self.case.answer(self.step.id).path
        evidence = self.query_one(EvidenceField)
        title = f"Read from {opened}" if opened else f"Paste here: {self.step.words.give}"
        if evidence.amount and not opened:
            title = f"Given: {evidence.amount}; this is its head"
        evidence.border_title = Content(shown(title))

    def _offer_sample(self, evidence: EvidenceField) -> None:
        text = sample_evidence(self.step.id, here(self.case))
        evidence.hold(text)
        taken = take(self.case, self.step.id, text, "the sample")
        self.wizard.case = taken.case
        self.said = taken.said

    def aims_at(self, written: str) -> bool:
        """True if the key is text for the field. A lone blank is not: some press it on a button."""
        return self.ready and self.step.takes_text and bool(written.strip())

    def aimed(self) -> Widget | None:
        """Focus the field for typed text; None if the step has none."""
        if not (self.ready and self.step.takes_text):
            return None
        if not isinstance(self.focused, Input | TextArea):
            self.set_focus(self.query_one(NameInput if self.step.asks_name else EvidenceField))
        return self.focused

    @on(EvidenceField.Given)
    def _given(self, event: EvidenceField.Given) -> None:
        path = path_in(event.text) if self.step.takes_text else None
        if path and self.wizard.training:
            self.wizard.practice.read_path(event.text)
        elif path:
            in_background(self, "path", partial(self._open_if_there, path, event))
        else:
            self.receive(event.text, stay=event.typed)

    async def _open_if_there(self, path: Path, event: EvidenceField.Given) -> None:
        """Open a pasted or dropped path; if it does not exist, read the text like any other."""
        self.tell(f"Looking for {path}...")
        try:
            there = await looked(path.exists)
        except (OSError, ValueError):
            there = False
        if self.query_one(EvidenceField).given != event.text:
            # Something newer was given.
            return
        if there:
            self._opened(path)
            return
        self.receive(event.text, stay=event.typed)
        self.said = (*self.said, info(f"It looks like a path, but nothing is there: {path}.", id="no-such-path"))

    @on(EvidenceField.Onward)
    def _onward(self) -> None:
        """Go on; an empty field says what is missing, for Enter must not skip a step."""
        missing = self.step.missing(self.case)
        if missing and not self.query_one(EvidenceField).given.strip():
            skip = f" {{step.next}}: {self.step.skip}." if self.step.skip else ""
            self.tell(self.named(f"{missing}{skip}"))
        else:
            self.action_next()

    @on(EvidenceField.Coming)
    def _coming(self, event: EvidenceField.Coming) -> None:
        """Report an old console's paste, which may take time."""
        self.tell(coming_in(event.characters))

    def take_text(self, text: str, typed: bool) -> None:
        """Take a text without a field: evidence of this step, or of another if this one takes none."""
        if not self.ready:
            # The screen is still being mounted.
            self.set_timer(SOON, partial(self.take_text, text, typed))
        elif self.step.takes_text:
            self.query_one(EvidenceField).give(text)
        else:
            self.receive(text, stay=typed)

    def _read(self, case: Case, text: str, cancelled: Cancelled = lambda: False) -> Taken:
        """Put a text into the case; a step without a field for text keeps none."""
        tell = Teller(self.wizard.tell_from_thread, self.named("{step.back} stops it."))
        taken = take(case, self.step.id, text, progress=tell, cancelled=cancelled)
        if self.step.takes_text:
            return taken
        said = taken.said
        if not taken.accepted and any(finding.id == "not-recognised" for finding in said):
            said = (info(NO_TEXT_HERE, id="no-text-here"),)
        return replace(taken, case=taken.case.typing(self.step.id, ""), said=said)

    def receive(self, text: str, stay: bool = False) -> None:
        """Read a text given at this step; a large one in a thread, so that the screen stays responsive.

        `stay` keeps the focus, because more text may follow.
        """
        self.wizard.reading.stop(self.step.id)
        # Stored first, so that leaving the screen during the reading does not lose it.
        if self.step.takes_text:
            if stay and self._nothing_new(text):
                return
            self.wizard.case = self.case.opening(self.step.id, "").typing(self.step.id, text)
            self._name_evidence()
            self.wizard.reading.unread[self.step.id] = text
        if len(text) > LARGE:
            amount = self.query_one(EvidenceField).amount if self.step.takes_text else ""
            self.tell(f"Reading {amount or how_much(text)}...")
            self.wizard.reading.begin(self.step.id, lambda now, cancelled: self._read(now, text, cancelled))
        else:
            taken = self._read(self.case, text)
            self.wizard.case = taken.case
            self.wizard.reading.unread.pop(self.step.id, None)
            self.took(taken, stay)

    def _nothing_new(self, text: str) -> bool:
        """True if a blank was typed into an empty field, which changes nothing."""
        answer = self.case.answer(self.step.id)
        given = "" if answer.path else answer.text
        return not (text.strip() or given.strip())

    def took(self, taken: Taken, stay: bool = False) -> None:
        """Show the result of a text that the case has taken."""
        self.said, self.refused = taken.said, not taken.accepted
        in_background(self, "drawing", partial(self._show_taken, taken, stay))

    async def _show_taken(self, taken: Taken, stay: bool) -> None:
        evidence = self.query(EvidenceField)
        if evidence:
            self._name_evidence()
            opened = taken.accepted and self.case.answer(self.step.id).path
            if opened and evidence.first().unread is None:
                evidence.first().hold("")
        await self.redraw()
        self.tell(self._what_became(taken, stay))
        self._tell_to_wait()
        if taken.accepted and taken.at is self.step.id and not stay:
            self.focus_what_is_next()
        self.bring(partial(self.show_finding, 0))

    def _tell_to_wait(self) -> None:
        """In practice name the key that lets time pass, where a finding asks for waiting."""
        if self.wizard.training:
            from screens.training import TOO_SOON, WAIT_THERE  # noqa: PLC0415

            if any(finding.id in TOO_SOON for finding in self._findings()):
                self.tell(self.named(WAIT_THERE))

    def _what_became(self, taken: Taken, stay: bool) -> str:
        """The result and the next action, in a few words."""
        if taken.nothing_given:
            return "Nothing was taken: it is empty."
        if not taken.accepted:
            return "Not taken: the reason stands above."
        if taken.at is not self.step.id:
            return f"Taken for another step: {step(taken.at).words.title}"
        missing = self.step.missing(self.case)
        go_on = self.named("Press {step.next} to go on.") if stay else "Press Enter to go on."
        return f"Read. {missing or go_on}"

    def show_finding(self, number: int) -> None:
        """Scroll to a finding; the first together with as many others as fit."""
        findings = self.query_one(FindingsView)
        if number < len(findings.children):
            wanted = findings.children[number] if number else findings
            self.scroll_down_to(wanted)

    def scroll_down_to(self, wanted: Widget | None) -> None:
        """Scroll down just enough to show a widget whole, or its beginning."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_home(animate=False, immediate=True)
        if wanted and body in wanted.ancestors:
            body.scroll_to_widget(wanted, animate=False, top=False, immediate=True)

    def keep(self) -> Taken | None:
        """Read the typed text that was not read yet, so that leaving loses nothing; None without any."""
        if not self.ready or not self.step.takes_text:
            return None
        evidence = self.query_one(EvidenceField)
        gathered = self.query_one(NameInput).gathered if self.step.asks_name else ""
        text = gathered or evidence.unread
        if text is not None and not self._nothing_new(text):
            evidence.hold(text)
            if len(text) > LARGE:
                self.receive(text, stay=True)
                return None
            self.wizard.reading.stop(self.step.id)
            taken = take(self.case.opening(self.step.id, ""), self.step.id, text)
            self.wizard.case = taken.case
            return taken
        if self.step.asks_name:
            name = self.query_one(NameInput).value
            self.wizard.case = replace(self.case, typed_name="" if name.strip() == self.case.connector else name)
        return None

    def left_in_fields(self) -> str:
        """The text that stands in a field unread; a typed name goes into the case.

        Nothing is read: it may be the text that stopped the program.
        """
        left, text = "", self.case.answer(self.step.id).text
        for evidence in self.query(EvidenceField):
            given = evidence.given
            left = given if given != text and given.splitlines() != text.splitlines() else ""
        for name in self.query(NameInput):
            left = name.gathered or left
            if not name.gathered and name.value not in (self.case.connector, text):
                self.wizard.case = replace(self.case, typed_name=name.value)
        return left

    @on(NameInput.Named)
    def _named(self, event: NameInput.Named) -> None:
        self.took(self.take_name(event.name))

    def take_name(self, name: str) -> Taken:
        """Take the connector's name as typed; an output pasted before it is kept beside it."""
        taken = take_name(self.case, self.step, name, self.query_one(EvidenceField).given)
        self.wizard.case = taken.case
        return taken

    @on(NameInput.Output)
    def _output(self, event: NameInput.Output) -> None:
        """Output in the name's field belongs into the field for output."""
        evidence = self.query_one(EvidenceField)
        self.set_focus(evidence)
        evidence.give(event.text)

    def action_read_clipboard(self) -> None:
        """Take the clipboard's text as evidence."""
        in_background(self, "clipboard", self._read_clipboard)

    async def _read_clipboard(self) -> None:
        self.tell("Reading the clipboard...")
        try:
            text = await self.wizard.copying.paste()
        except ClipboardError as error:
            self.tell(str(error))
            return
        name = self.focused
        if isinstance(name, NameInput) and is_name(text):
            name.take_paste(text)
        else:
            self.query_one(EvidenceField).give(text)

    def action_open(self) -> None:
        """Choose a file or folder to read; in practice one of the practice servers' logs."""
        if self.wizard.training:
            self.wizard.practice.open_file()
            return
        from wizard.steps.intake import usual_path  # noqa: PLC0415 - the first screen opens nothing

        start = usual_path(self.case, self.step.id)
        give = partial(self.take_text, typed=False)
        self.app.push_screen(OpenDialog(start, self.step.takes_log, give), self._opened)

    def _opened(self, path: Path | None) -> None:
        if path is not None:
            self.tell(f"Reading {path}...")
            tell = Teller(self.wizard.tell_from_thread, self.named("{step.back} stops it."))
            self.wizard.reading.begin(self.step.id, lambda case, stop: read_into(case, self.step.id, path, tell, stop))

    @on(OptionList.OptionSelected, "#choices")
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        choices = self.step.choices(self.case)
        if event.option_index >= len(choices):
            return
        earlier = self._findings()
        key = choices[event.option_index].key
        self.wizard.case = self.step.choose(self.case, key)
        if leads := self.step.leads(self.case, key):
            self.wizard.go(leads)
            return
        if self.refused:
            # A complaint about a text no longer matters once the step is answered without it.
            self.said, self.refused = (), False
        # Earlier remarks ask for the answer, or are about a text.
        self.tell("")
        await self.redraw()
        self.focus_what_is_next()
        # The meaning of the answer may stand below the fold.
        news = [number for number, finding in enumerate(self._findings()) if finding not in earlier]
        if news:
            self.bring(partial(self.show_finding, news[0]))

    @on(Choices.NoneMarked)
    def _none_marked(self) -> None:
        """Explain that Enter alone gives no answer."""
        self.tell(f"{self.step.missing(self.case)} The arrow keys mark an answer, Enter chooses it.".lstrip())

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "back":
            self.action_back()
        elif event.button.id == "next":
            self.action_next()

    @property
    def circumstances(self) -> Circumstances:
        """What decides which actions apply; the findings are looked at only where one asks for them."""
        return replace(self.wizard.circumstances, step=self.step, findings=self._findings)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide all until the screen is mounted, and while the shell beside it has the focus all but the way back."""
        own = not self.in_shell or action == "switch" or action not in OWN
        return self.ready and own and super().check_action(action, parameters)

    @property
    def in_shell(self) -> bool:
        """True if the practice shell beside the step has the focus."""
        return self.focused is not None and any(each.id == "shell" for each in self.focused.ancestors)

    def focus_shell(self) -> None:
        """Focus the practice shell, if it stands beside the step."""
        for line in self.query("#shell-line"):
            self.call_after_refresh(self.set_focus, line)

    def action_switch(self) -> None:
        """Toggle the step and the practice shell, beside it or on its own screen."""
        if self.in_shell:
            self.focus_what_is_next()
        elif any(each.is_on_screen for each in self.query("#shell-line")):
            self.focus_shell()
        else:
            self.wizard.practice.to_shell()

    def action_next(self) -> None:
        """Go on, after the keys pressed before this one are processed."""
        (self.focused or self).call_later(self._go_on)

    def action_back(self) -> None:
        """Stop the reading, otherwise go back one step; typed text stays in the case."""
        (self.focused or self).call_later(self._go_back)

    def _go_back(self) -> None:
        if not self.is_current:
            return
        if self.wizard.reading.under_way(self.step.id):
            self.wizard.reading.stop(self.step.id)
            self.tell("Stopped. Nothing was taken; what you gave before is kept.")
        else:
            self._go_to_before()

    def _go_to_before(self) -> None:
        """Go to the step before; from the first to the welcome, in practice to the list of scenarios."""
        if previous := before(self.step.id, self.case):
            self.wizard.go(previous)
        elif self.wizard.training:
            self.wizard.practice.choose()
        else:
            self.wizard.welcome()

    def _go_on(self) -> None:
        """Go on; an unfinished step says what it needs, or is skipped if allowed."""
        if not self.is_current:
            return
        taken = self._take_unread()
        if taken and taken.to_be_weighed:
            # A doubt about typed text is shown before going on; the next press goes on.
            self.took(taken)
            return
        missing = self.step.missing(self.case)
        if missing and not self.step.skip:
            self.tell(missing)
            if taken:
                self.took(taken)
            else:
                self.focus_what_is_missing()
            return
        self.wizard.case = self.case.skipping(self.step.id) if missing else settle(self.case, self.step.id)
        self.wizard.go(after(self.step.id, self.case))

    def _take_unread(self) -> Taken | None:
        """Take text typed but not entered, the connector's name too."""
        taken = self.keep()
        if taken is None and self.step.asks_name:
            name = self.query_one(NameInput).value
            if name.strip() and name.strip() != self.case.connector:
                left = not_entered(self.case, name)
                if left is None:
                    return self.take_name(name)
                # Shown once: the next press goes on.
                told, self._left_in_field = self._left_in_field == name, name
                return None if told else left
        return taken

    def action_page(self, pages: int) -> None:
        """Scroll the body by its visible rows less one.

        If the body cannot scroll, the focused widget gets the key.
        """
        body = self.query_one("#body", VerticalScroll)
        if not 0 < body.scroll_offset.y + (pages > 0) <= body.max_scroll_y:
            raise SkipAction
        self.bring(None)
        body.scroll_relative(y=pages * max(body.size.height - 1, 1), animate=False)

    def action_explain(self) -> None:
        """Explain this step."""
        self.app.push_screen(explain(self.step.words, self.query_one(CommandBox).shown, self.wizard.keymap.name))

    def action_lines(self) -> None:
        """Show the lines behind the findings."""
        self.app.push_screen(lines_behind(self._findings()))

    @on(FailureTable.RowSelected)
    def _group_opened(self, event: FailureTable.RowSelected) -> None:
        in_background(
            self, "sessions", partial(self._show_sessions, self.query_one(FailureTable).group(event.cursor_row))
        )

    def action_sessions(self) -> None:
        """Show all failed handshakes of the log."""
        in_background(self, "sessions", partial(self._show_sessions, None))

    async def _show_sessions(self, group: FailureGroup | None) -> None:
        if self.case.now.log:
            from wizard.steps.intake import is_whole, of_group  # noqa: PLC0415 - no log is there before the first screen

            found = await asyncio.to_thread(of_group, self.case.now.log, group)
            self.app.push_screen(SessionsScreen(self.step.id, found, is_whole(self.case.now.log)))

    def action_known(self) -> None:
        """Show the known facts."""
        self.app.push_screen(what_is_known(self.case))

    def action_summary(self) -> None:
        """Go to the summary."""
        self.wizard.go(None)

    async def action_turn(self) -> None:
        """Show the step's other command; at the command step the other variant."""
        other = next((choice for choice in self.step.choices(self.case) if not choice.chosen), None)
        if self.step.forms and other and len(self.step.commands(self.case)) > 1:
            self.wizard.case = self.step.choose(self.case, other.key)
            await self.redraw()
        else:
            self.query_one(CommandBox).turn()
        # It may stand above what is seen, and what is copied has to be seen.
        self.bring(partial(self.scroll_down_to, self.query_one(CommandBox)))

    def action_copy(self) -> None:
        """Copy the visible command; for the binding one, first explain its question."""
        command = self.query_one(CommandBox).shown
        if command:
            self.wizard.copying.hand_out(command.text, binding=command.answer_no)

    def action_alone(self) -> None:
        """Show the visible command alone, to be copied by hand; for the binding one, first explain its question."""
        command = self.query_one(CommandBox).shown
        if command:
            self.wizard.copying.hand_out(command.text, binding=command.answer_no, alone=True)


def _choice_text(choice: Choice) -> Content:
    mark = "(*)" if choice.chosen else "( )"
    text = Content(f"{mark} {shown(choice.text)}")
    # Not dimmed: the row with the focus would lose its contrast.
    return text.append(f"\n    {shown(choice.detail)}") if choice.detail else text
