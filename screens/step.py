"""One step on the screen: what to do, the command, a place for what comes back, and what the wizard makes of it.

The screen keeps no facts. Everything shown is rendered from the case.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from screens.background import in_background
from screens.bound import bound
from screens.dialogs import explain, lines_behind, what_is_known
from screens.sessions import SessionsScreen
from screens.shown import shown
from screens.taking import TakingScreen
from screens.widgets.casepanel import CasePanel
from screens.widgets.choices import Choices
from screens.widgets.command import CommandBox
from screens.widgets.evidence import Evidence
from screens.widgets.failures import FailureTable
from screens.widgets.findings import FindingsView
from screens.widgets.footer import KeysFooter
from screens.widgets.name import NameInput
from screens.widgets.strip import ChapterStrip
from screens.widgets.title import Part, TitleLine, Worth, case_part
from wizard.case import Case, StepId
from wizard.choices import Choice, warnings
from wizard.facts import FailureGroup
from wizard.findings import Finding, counted, info
from wizard.steps import after, check_again, place_of, server_at, settle, step
from wizard.taking.names import not_entered
from wizard.taking.taken import Taken

OWN = {"explain", "copy", "turn", "read_clipboard", "open", "lines", "known", "next", "back", "alone", "page"}
"""What the step's own keys do; they rest while the practice shell beside it has the focus."""


class StepScreen(TakingScreen):
    """One step of the list, rendered."""

    # Where the person goes on is decided by the step, not by the order of the parts.
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("f1", "explain", "Help", "step.explain", "Explains the step and its command"),
        bound("f2", "copy", "Copy", "step.copy", "Copies the command and says what was proven"),
        bound("f3", "turn", "More", "step.turn", "Shows the step's other command"),
        bound("f4,ctrl+v", "read_clipboard", "Paste", "step.paste", "Takes what is on the clipboard"),
        bound("f5", "open", "Open", "step.open", "Opens a file or a folder"),
        bound("f6", "lines", "Rows", "step.lines", "Shows the lines each statement was read from"),
        bound("f7", "known", "Known", "step.known", "Shows what is known so far", show=False),
        bound("f8", "next", "Next", "step.next", "Goes on"),
        bound("ctrl+o", "switch", "Shell", "practice.switch", "Changes between the wizard and the shell"),
        bound("escape", "back", "Back", "step.back", "Goes back, or stops what is being read"),
        bound("ctrl+l", "alone", "Alone", "step.alone", "Shows the command alone, to mark it", show=False),
        bound("pagedown", "page(1)", "Down", "step.page_down", "Scrolls down", show=False),
        bound("pageup", "page(-1)", "Up", "step.page_up", "Scrolls up", show=False),
    ]
    HOLDS = (Evidence, NameInput, FailureTable)

    _left_in_field = ""
    _found_in: tuple[Case | None, tuple[Finding, ...]] = (None, ())

    # What is on the screen

    def compose(self) -> ComposeResult:
        """Instruction, command, evidence, choices, findings; on the right what is known, where there is room."""
        words = self.step.words
        yield TitleLine()
        yield ChapterStrip(id="strip")
        yield Static(words.title, id="heading", classes="heading", markup=False)
        with Horizontal(id="middle"):
            with VerticalScroll(id="body", can_focus=False):
                yield Static(self.keyed(words.do), id="do", markup=False)
                yield Static(self.keyed(words.why), id="why", markup=False)
                yield CommandBox(self.wizard.keymap.name)
                if self.step.asks_name:
                    yield NameInput()
                if self.step.takes_text:
                    yield Evidence()
                if self.step.id is StepId.LOG:
                    yield FailureTable()
                yield Static(id="question", markup=False)
                yield Choices(id="choices", compact=True, markup=False)
                yield FindingsView()
            if (training := self.wizard.training) and training.guided:
                from screens.practice.shell import Pane  # noqa: PLC0415 - nobody pays who does not practise

                yield Pane(training)
            else:
                yield CasePanel(id="known", markup=False)
        yield Static("", id="status", markup=False)
        with Horizontal(id="actions"):
            yield Button("Back", id="back", compact=True)
            yield Button("Next", id="next", compact=True)
            yield Static("", id="more")
        yield KeysFooter()

    def _draw_title(self) -> None:
        at = server_at(self.step.id, self.case)
        self.query_one(TitleLine).show(
            Part(Worth.KIND, "PRACTICE" if self.wizard.training else "SAMPLE" if self.case.sample else ""),
            Part(Worth.STEP, place_of(self.step.id, self.case)),
            Part(Worth.SERVER, f"on {at}" if at else "", gap=" "),
            Part(Worth.ARTICLE, self.step.words.kb),
            case_part("" if self.wizard.training else self.wizard.keeper.called),
        )

    async def _look_for_others(self) -> None:
        await asyncio.to_thread(self.wizard.keeper.look_for_others)
        self._draw_title()

    async def on_mount(self) -> None:
        """Bring back what was given here, then draw."""
        if self.step.takes_text:
            self.prepare_evidence()
        body = self.query_one("#body", VerticalScroll)
        self.watch(body, "virtual_size", self.bring_again, init=False)
        for what in ("scroll_y", "virtual_size"):
            self.watch(body, what, self._draw_more_soon, init=False)
        await self.redraw()
        self.focus_what_is_next()
        self.ready = True
        if self.wizard.training and self.step.commands(self.case):
            from screens.practice.words import CHECK_FIRST, IN_THE_WIZARD  # noqa: PLC0415

            self.tell(self.keyed(CHECK_FIRST if self.step.id is StepId.COMMAND else IN_THE_WIZARD))
        self.refresh_bindings()
        self.bring(lambda: self.scroll_down_to(self.focused))
        if self.wizard.keeper.book and self.wizard.keeper.others is None:
            in_background(self, "casebook", self._look_for_others)

    def on_resize(self) -> None:
        """What fits has changed."""
        if self.ready:
            self.bring_again()
            self._draw_more_soon()

    async def redraw(self) -> None:
        """Draw everything from the case."""
        case = self.case
        self._draw_title()
        self.query_one(ChapterStrip).show(case, self.step.id)
        self.query_one(CommandBox).show(self.step.commands(case), traced=self.step.id is StepId.COMMAND)
        for panel in self.query(CasePanel):
            panel.show(case)
        if self.step.asks_name:
            self.query_one(NameInput).show(case.typed_name or case.connector or self.query_one(NameInput).value)
        for table in self.query(FailureTable):
            table.show(case.failures)
        choices = self.step.choices(case)
        self._draw_choices(choices)
        findings = self._read_in_the_case()
        # Once there is an answer it needs the room, not the place it came from.
        self.set_class(self.step.takes_text and bool(findings or (self.step.asks_name and choices)), "-answered")
        self._draw_next()
        await self.query_one(FindingsView).show(self._findings())
        if self.ready:
            self.refresh_bindings()

    def _findings(self) -> tuple[Finding, ...]:
        stale: tuple[Finding, ...] = ()
        if self.step.id in check_again(self.case):
            stale = (info("Check again: an earlier answer has changed since. If it still holds, press Next."),)
        return (*stale, *self.said, *self._read_in_the_case())

    def _read_in_the_case(self) -> tuple[Finding, ...]:
        """The step's own findings. Every key asks for them, so a long log is gone through once for each case."""
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
        # What was answered is said by the person: Enter alone must not say it.
        first = None if self.step.id is StepId.PROMPT else 0
        options.highlighted = chosen if chosen is not None else highlighted if highlighted is not None else first

    def _draw_next(self) -> None:
        missing = self.step.missing(self.case)
        follows = after(self.step.id, self.case)
        target = step(follows).words.title if follows else "The summary"
        label = self.step.skip if missing and self.step.skip else f"Next: {target}"
        warned = warnings(self.case) if self.step.id is StepId.COMMAND and not missing else ()
        if warned:
            label = f"Next, past {counted(len(warned), 'warning')}: {target}"
        button = self.query_one("#next", Button)
        button.label = Content(label)
        button.set_class(not missing, "-ready")
        # The words can be longer than those before.
        button.refresh(layout=True)

    def focus_what_is_next(self) -> None:
        """The place where the person goes on: a choice to make, the way on, or the place for evidence."""
        choices = self.step.choices(self.case)
        missing = self.step.missing(self.case)
        evidence_first = self.step.takes_text and missing and not self._given_something()
        to_choose = choices and not any(choice.chosen for choice in choices)
        if self.step.id is StepId.SERVERS:
            wanted = "#choices" if missing else "#next"
        elif to_choose and not evidence_first and (missing or not self._given_something()):
            wanted = "#choices"
        elif not missing or not self.step.takes_text:
            wanted = "#next"
        else:
            wanted = "#name" if self.step.asks_name else "#evidence"
        self.set_focus(self.query_one(wanted), scroll_visible=False)

    def _given_something(self) -> bool:
        return bool(self.case.typed.get(self.step.id) or self.case.opened_paths.get(self.step.id))

    def _draw_more_soon(self) -> None:
        """What fits is known only once the new sizes are settled."""
        self.call_after_refresh(self._draw_more)

    def _draw_more(self) -> None:
        """Say that there is more below, where the bar alone could be missed."""
        if not self.stands:
            return
        body = self.query_one("#body", VerticalScroll)
        below = body.scroll_offset.y < body.max_scroll_y
        # A screen that is being left can have lost this part before the other.
        for more in self.query("#more").results(Static):
            more.update(Content(f"\u25bc {self.wizard.keymap.name('step.page_down')}" if below else ""))

    # Choices and keys

    @on(OptionList.OptionSelected, "#choices")
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        choices = self.step.choices(self.case)
        if event.option_index >= len(choices):
            return
        before = self._findings()
        key = choices[event.option_index].key
        self.wizard.case = self.step.choose(self.case, key)
        if leads := self.step.leads(self.case, key):
            self.wizard.go(leads)
            return
        if self.refused:
            # What was wrong with a text no longer matters to who has answered without it.
            self.said, self.refused = (), False
        # What was said before the answer asks for it, or is about a text.
        self.tell("")
        await self.redraw()
        self.focus_what_is_next()
        # What the answer means may stand below the fold.
        news = [number for number, finding in enumerate(self._findings()) if finding not in before]
        if news:
            self.bring(partial(self.show_finding, news[0]))

    @on(Choices.NoneMarked)
    def _none_marked(self) -> None:
        """What was answered is said by the person, so Enter alone does nothing here: say so."""
        self.tell(f"{self.step.missing(self.case)} The arrow keys mark an answer, Enter chooses it.".lstrip())

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "back":
            self.action_back()
        elif event.button.id == "next":
            self.action_next()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Hide the keys that do nothing here, and all of them until the screen stands."""
        training = self.wizard.training
        if not self.ready or (action in OWN and self.in_shell) or (action == "alone" and training):
            return False
        if action == "switch":
            return training is not None
        if action == "turn":
            return len(self.step.commands(self.case)) > 1
        if action in ("copy", "alone"):
            return bool(self.step.commands(self.case))
        if action == "read_clipboard":
            return self.step.takes_text
        if action == "open":
            return self.step.takes_path
        if action == "sessions":
            return self.step.id is StepId.LOG and bool(self.case.failed)
        if action == "lines":
            return any(finding.lines or finding.source for finding in self._findings())
        return True

    # The practice shell beside the step

    @property
    def in_shell(self) -> bool:
        """Whether the practice shell beside the step has the focus, and so the keys."""
        return self.focused is not None and any(each.id == "shell" for each in self.focused.ancestors)

    def focus_shell(self) -> None:
        """Put the focus into the practice shell, where it stands beside the step."""
        for line in self.query("#shell-line"):
            self.call_after_refresh(self.set_focus, line)

    def action_switch(self) -> None:
        """To the practice shell, beside the step or on its own screen, and back."""
        if self.in_shell:
            self.focus_what_is_next()
        elif any(each.is_on_screen for each in self.query("#shell-line")):
            self.focus_shell()
        else:
            self.wizard.to_shell()

    def action_next(self) -> None:
        """Go on, once the keys pressed before this one have reached their place."""
        (self.focused or self).call_later(self._go_on)

    def action_back(self) -> None:
        """Stop what is being read; otherwise one step back, and what was typed stays in the case."""
        (self.focused or self).call_later(self._go_back)

    def _go_back(self) -> None:
        if not self.is_current:
            return
        if self.wizard.is_reading(self.step.id):
            self.wizard.stop_reading(self.step.id)
            self.tell("Stopped. Nothing was taken; what you gave before is kept.")
        else:
            self.wizard.go_before(self.step.id)

    def _go_on(self) -> None:
        """A step that is not done says what it needs, or is left out when it may be."""
        if not self.is_current:
            return
        taken = self._take_unread()
        if taken and taken.to_be_weighed:
            # A doubt about what was typed is read before going on; the next press goes on.
            self.took(taken)
            return
        missing = self.step.missing(self.case)
        if missing and not self.step.skip:
            self.tell(missing)
            if taken:
                self.took(taken)
            else:
                self.focus_what_is_next()
            return
        self.wizard.case = self.case.skipping(self.step.id) if missing else settle(self.case, self.step.id)
        self.wizard.go_after(self.step.id)

    def _take_unread(self) -> Taken | None:
        """What was typed and not entered yet counts as well, the connector's name too."""
        taken = self.keep()
        if taken is None and self.step.asks_name:
            name = self.query_one(NameInput).value
            if name.strip() and name.strip() != self.case.connector:
                left = not_entered(self.case, name)
                if left is None:
                    return self.take_name(name)
                # Told once: the next press goes on.
                told, self._left_in_field = self._left_in_field == name, name
                return None if told else left
        return taken

    def action_page(self, pages: int) -> None:
        """Scroll the body; a page is what is seen of it, less one row to keep the place.

        Where the body cannot scroll, the key is left to what has the focus.
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
        if self.case.log:
            from wizard.opening import is_whole, of_group  # noqa: PLC0415 - no log is there before the first screen

            found = await asyncio.to_thread(of_group, self.case.log, group)
            self.app.push_screen(SessionsScreen(self.step.id, found, is_whole(self.case.log)))

    def action_known(self) -> None:
        """Show what is known so far."""
        self.app.push_screen(what_is_known(self.case))

    def action_summary(self) -> None:
        """Go to the summary."""
        self.wizard.go(None)

    async def action_turn(self) -> None:
        """Show the step's other command; at the command step that is the other variant."""
        other = next((choice for choice in self.step.choices(self.case) if not choice.chosen), None)
        if self.step.id is StepId.COMMAND and other:
            self.wizard.case = self.step.choose(self.case, other.key)
            await self.redraw()
        else:
            self.query_one(CommandBox).turn()

    def action_copy(self) -> None:
        """Copy the command on show; the binding one only after the word about the prompt."""
        command = self.query_one(CommandBox).shown
        if command:
            self.wizard.hand_out(command.text, binding=command.answer_no)

    def action_alone(self) -> None:
        """Show the command on show alone, to be copied by hand; the binding one after the same word."""
        command = self.query_one(CommandBox).shown
        if command:
            self.wizard.hand_out(command.text, binding=command.answer_no, alone=True)


def _choice_text(choice: Choice) -> Content:
    mark = "(*)" if choice.chosen else "( )"
    text = Content(f"{mark} {shown(choice.text)}")
    return text.append(Content.styled(f"\n    {shown(choice.detail)}", "dim")) if choice.detail else text
