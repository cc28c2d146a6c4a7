"""The practice shell as a part of a screen: goals, console, prompt, advice, and its dialogs.

It holds no state: everything is in the training, so it can move between its own screen and the one of the wizard. Its
keys are active while it has the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widgets import Static, TextArea

from screens import training as words
from screens.app.base import InWizard, StepFace, bindings
from screens.app.dialogs import ChoiceDialog, ReadingDialog, question
from screens.training import LineKind, Training, Written, before_input
from wizard.assets import with_keys
from wizard.findings import counted
from wizard.machine.inert import shown
from wizard.practice.mail import WrittenLog
from wizard.practice.scenario import Mode

TABULATOR = 8

STYLES = {LineKind.STORY: "story", LineKind.TYPED: "typed", LineKind.COACH: "coach"}
"""Styles of lines that are not the shell's output; their words say what they are."""


def rows_of(text: str, width: int) -> list[str]:
    """A line broken like in a console, at the width, without anything a terminal acts on."""
    text = shown(text.expandtabs(TABULATOR))
    if not text or width < 1:
        return [text]
    if text.isascii():
        return [text[at : at + width] for at in range(0, len(text), width)]
    return chop_cells(text, width) if cell_len(text) > width else [text]


def words_in_rows(text: str, width: int) -> list[str]:
    """A sentence of ours, wrapped between words; an indented one stays unchanged."""
    text = shown(text)
    rows = [""]
    for word in text.split(" "):
        joined = f"{rows[-1]} {word}" if rows[-1] else word
        if rows[-1] and cell_len(joined) > width:
            rows.append(word)
        else:
            rows[-1] = joined
    return [piece for row in rows for piece in rows_of(row, width)]


class Scrollback(ScrollView, can_focus=False):
    """The lines of a training; scrolls to the end whenever some are added."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"scrollback--{name}" for name in STYLES.values()}

    def __init__(self, training: Training) -> None:
        super().__init__(id="scrollback")
        self._training = training
        self._rows: list[tuple[str, LineKind]] = []
        self._width = 0
        self._drawn = 0

    def on_resize(self, event: events.Resize) -> None:
        """Break all lines again at a new width, and stay at the end."""
        width = self.scrollable_content_region.width or event.size.width
        self._training.console.resize(width)
        if width != self._width:
            self._width = width
            self._rows.clear()
            self._drawn = 0
        self.add()

    def add(self) -> None:
        """Draw the new lines and scroll to the end."""
        training = self._training
        if not self._width:
            return
        if self._drawn < training.dropped:
            self._rows.clear()
            self._drawn = training.dropped
        new = training.lines[self._drawn - training.dropped :]
        self._rows += self._broken(new)
        self._drawn = training.dropped + len(training.lines)
        self.virtual_size = Size(self._width, len(self._rows))
        self.refresh()
        self.call_after_refresh(self.to_end)

    def to_end(self) -> None:
        """Scroll to the end."""
        self.scroll_end(animate=False, immediate=True, force=True)

    def _broken(self, lines: Iterable[Written]) -> list[tuple[str, LineKind]]:
        return [
            (row, line.kind)
            for line in lines
            for row in (words_in_rows if line.kind in (LineKind.STORY, LineKind.COACH) else rows_of)(
                line.text, self._width
            )
        ]

    def render_line(self, y: int) -> Strip:
        """Draw one visible row."""
        number = y + self.scroll_offset.y
        if number >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        text, kind = self._rows[number]
        style = self.rich_style
        if name := STYLES.get(kind):
            style = self.get_component_rich_style(f"scrollback--{name}")
        pieces = [Segment(text, style)]
        if (selection := self.text_selection) and (span := selection.get_span(number)):
            start, end = span[0], len(text) if span[1] == -1 else span[1]
            marked = self.screen.get_component_rich_style("screen--selection")
            pieces = [Segment(text[:start], style), Segment(text[start:end], marked), Segment(text[end:], style)]
        return Strip(pieces).adjust_cell_length(self.size.width, self.rich_style).apply_offsets(0, number)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, row by row as visible."""
        return selection.extract("\n".join(text for text, _kind in self._rows)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - as Textual asks
        """Draw the selection."""
        self.refresh()

    def page(self, pages: int) -> None:
        """Scroll by the visible rows less one."""
        self.scroll_relative(y=pages * max(self.size.height - 1, 1), animate=False)


LEAST_ROOM = 2
"""Cells a line needs beside its prompt, enough for an answer of one letter."""


class ShellInput(TextArea):
    """The input line; a long one wraps. Pasted text runs line by line, as in a console."""

    def __init__(self, training: Training) -> None:
        super().__init__(training.typed, id="shell-line", show_line_numbers=False, compact=True)
        self._training = training
        # The text area binds these itself, which would put them first in the footer.
        for key in ("f6", "f7"):
            self._bindings.key_to_bindings.pop(key, None)
        self._offered: tuple[str, ...] = ()
        self._at = -1
        self._older = len(training.history)
        self._unfinished = ""

    def get_line(self, line_index: int) -> Text:
        """A line, safe for the terminal."""
        return Text(shown(self.document.get_line(line_index)), end="", no_wrap=True)

    def put(self, line: str) -> None:
        """Replace the typed text, with the cursor at its end."""
        self.replace(line, (0, 0), self.document.end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)

    def take_typed(self, text: str) -> None:
        """Take many keys at once: an old console's paste, or typing that piled up."""
        if text.endswith("\t") and "\n" not in text:
            self.take_paste(text.rstrip("\t"))
            self.complete(1)
        else:
            self.take_paste(text)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def take_paste(self, text: str) -> None:
        """Insert text at the cursor; enter each line that ends in it."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        start, end = sorted(self.selection)
        if "\n" not in text:
            self.replace(text, start, end, maintain_selection_offset=False)
            self.move_cursor((0, start[1] + len(text)))
            return
        before, after = self.text[: start[1]], self.text[end[1] :]
        self._training.typed = ""
        self._training.paste(f"{before}{text}")
        self._training.typed += after
        self.show()
        self.post_message(Pane.Entered())

    def show(self) -> None:
        """Show the training's unfinished line."""
        self.put(self._training.typed)
        self._older = len(self._training.history)

    @on(TextArea.Changed)
    def _changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._training.typed = self.text
        if self.text not in self._offered:
            self._offered, self._at = (), -1
        self.post_message(Pane.Typed())

    def complete(self, step: int) -> None:
        """Replace the typed text by the shell's next completion."""
        if not self._offered:
            self._offered, self._at = self._training.console.complete(self.text), -1 if step > 0 else 0
        if self._offered:
            self._at = (self._at + step) % len(self._offered)
            self.put(self._offered[self._at])

    def recall(self, step: int) -> None:
        """Recall an earlier or later line; after the last comes the unfinished one."""
        history = self._training.history
        if self._older >= len(history):
            self._unfinished = self.text
        self._older = min(max(self._older + step, 0), len(history))
        self.put(history[self._older] if self._older < len(history) else self._unfinished)


class Pane(InWizard, Vertical):
    """The practice shell with its keys. While it has the focus, the keys of its screen are inactive."""

    scope = "shell"
    BINDINGS: ClassVar[list[BindingType]] = bindings("shell")

    class Typed(Message):
        """The input line has changed."""

    class Entered(Message):
        """Lines were entered: the world may have changed."""

    def __init__(self, training: Training) -> None:
        super().__init__(id="shell")
        self.training = training

    @property
    def beside(self) -> bool:
        """True if the wizard stands beside it."""
        return isinstance(self.screen, StepFace)

    @property
    def line(self) -> ShellInput:
        """The input line."""
        return self.query_one(ShellInput)

    def compose(self) -> ComposeResult:
        """Goals, console, prompt, and advice."""
        yield Static("", id="goals", markup=False)
        yield Scrollback(self.training)
        with Container(id="at-prompt"):
            yield Static("", id="prompt", markup=False)
            yield ShellInput(self.training)
        # On its own screen this is the status line: there is no other.
        yield Static("", id="advice" if self.beside else "status", classes="advice", markup=False)

    def on_mount(self) -> None:
        """Draw everything from the training."""
        self.line.show()
        self.draw()

    def on_resize(self) -> None:
        """Draw what fits."""
        self.draw()

    def draw(self) -> None:
        """Draw goals, prompt and advice; the console draws itself."""
        training = self.training
        in_few = self.app.size.height < words.ROOM_FOR_GOALS
        self.query_one("#goals", Static).update(Content(shown(words.goals(training, in_few, self.named))))
        self._draw_prompt()
        self._draw_advice()
        self.refresh_bindings()

    def _draw_prompt(self) -> None:
        """Draw the prompt before the line, or above it where too little room is left."""
        prompt = shown(before_input(self.training.prompt))
        left = self.size.width - cell_len(prompt) - 1
        above = self.size.width > 0 and left < max(cell_len(self.training.typed), LEAST_ROOM)
        self.query_one("#at-prompt").set_class(above, "-above")
        self.query_one("#prompt", Static).update(Content(prompt))

    def _draw_advice(self) -> None:
        self._say(words.advice(self.training, self.beside, self.has_focus_within))

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _come_and_go(self) -> None:
        """Show which part has the keys; a copy made in the wizard changes the advice."""
        self._draw_advice()

    def action_enter(self) -> None:
        """Give the line to the shell."""
        leaves = self.training.at_prompt and self.line.text.strip().casefold() == "exit"
        self.training.enter(self.line.text)
        if leaves:
            self.training.coach(self.named(words.EXIT))
        self.line.show()
        self._entered()

    @on(Typed)
    def _typed(self) -> None:
        self._draw_advice()
        self._draw_prompt()

    @on(Entered)
    def _entered(self) -> None:
        self.query_one(Scrollback).add()
        self.draw()

    def action_wait(self) -> None:
        """Let a quarter of an hour pass by entering the command for it; the unfinished line stays."""
        typed = self.training.typed
        self.training.wait()
        self.line.put(typed)
        self._entered()

    def action_complete(self, step: int) -> None:
        """Complete the input line."""
        self.line.complete(step)

    def action_recall(self, step: int) -> None:
        """Recall an earlier or later line."""
        self.line.recall(step)

    def action_page(self, pages: int) -> None:
        """Scroll the console."""
        self.query_one(Scrollback).page(pages)

    def action_interrupt(self) -> None:
        """As in a console: copy the selection, otherwise interrupt."""
        if marked := self._marked():
            self._copied(marked)
            return
        self.training.interrupt()
        self.line.show()
        self._entered()

    def _marked(self) -> str:
        return self.line.selected_text or self.screen.get_selected_text() or ""

    def action_copy_answer(self) -> None:
        """Copy the selection, otherwise the last output."""
        if text := self._marked() or self.training.answer:
            self._copied(text)
        else:
            self._say(words.NOTHING_PRINTED)

    def _copied(self, text: str) -> None:
        self.training.copy_printed(text)
        self._say(words.COPIED_ANSWER if self.training.guided else words.COPIED)

    def action_paste_copied(self) -> None:
        """Paste from practice's clipboard."""
        if self.training.holds_output:
            self._say(words.NO_COMMAND)
        elif self.training.clipboard:
            self.training.pasted = True
            self.line.take_paste(self.training.clipboard)
        else:
            self._say(words.NOTHING_COPIED if self.training.guided else words.NOTHING_COPIED_ALONE)

    def action_answer(self) -> None:
        """Give the last output to the wizard's current step."""
        answer, self.training.given = self.training.brings, True
        self.wizard.practice.to_wizard(answer)
        self._draw_advice()

    def action_switch(self) -> None:
        """Go to the wizard."""
        self.wizard.practice.to_wizard()

    def action_server(self) -> None:
        """Choose another server."""

        def chosen(number: int | None) -> None:
            if number is not None:
                self.training.go_to(self.training.servers[number])
                self._entered()

        self.app.push_screen(servers_dialog(self.training), chosen)

    def action_task(self) -> None:
        """Show the story, the goals and the use of the shell."""
        self.app.push_screen(task(self.training, self.wizard.keymap.name))

    def action_hint(self) -> None:
        """Give a hint."""
        self.training.hint()
        self._entered()

    def action_coach(self) -> None:
        """Ask the coach."""
        self.training.ask()
        self._entered()

    def action_finish(self) -> None:
        """End the exercise."""
        self.wizard.practice.finish()

    def action_leave(self) -> None:
        """Clear the line; from an empty one return to the wizard beside it, otherwise to the list."""
        if self.training.clear():
            self.line.show()
            self.draw()
            return
        self.wizard.practice.leave_shell()

    def _say(self, sentence: str) -> None:
        self.query_one(".advice", Static).update(Content(shown(self.named(sentence))))


def task(training: Training, key: Callable[[str], str]) -> ReadingDialog:
    """A dialog with the story, the goals and the use of the shell. `key` returns the key of an id."""
    named = lambda text: with_keys(text, key)  # noqa: E731 - said three times below
    goals = words.goals(training, in_few=False, named=named)
    parts = [training.story, goals, *map(named, words.how_to(training))]
    return ReadingDialog(shown(training.name), Content(shown("\n\n".join(filter(None, parts)))))


def servers_dialog(training: Training) -> ChoiceDialog:
    """The servers of the exercise by number, with the first other one at hand."""
    names = training.servers
    at = next((n for n, name in enumerate(names) if name != training.here), 0)
    return ChoiceDialog("servers", "Open a shell at", (), [_server_line(training, name) for name in names], at)


def _server_line(training: Training, name: str) -> Content:
    server = training.console.world.server(name)
    role = f"{server.role.value}, Exchange {server.release}" if server else ""
    return Content(shown(f"{name}: {role}{' (here)' if name == training.here else ''}"))


def ending(training: Training) -> ChoiceDialog | None:
    """The question before an exercise ends, whose last answer goes on; None if its goals are met, or nothing counts."""
    if not training.conclusions and not words.asks_before_the_end(training):
        return None
    asked = words.HAND_IN if training.mode is Mode.EXAM else words.END_OPEN
    if training.conclusions:
        asked = words.WHAT_IS_WRONG
    answers = [each.say for each in training.conclusions] or ["End it, and show how it went"]
    lines = [Content(shown(answer)) for answer in (*answers, "Go on training")]
    return ChoiceDialog("end_training", "Finish the exercise", question(asked), lines, at=len(answers))


def losing(training: Training, quits: bool) -> ChoiceDialog:
    """The question before an unfinished exercise is lost, by leaving the program or by another exercise.

    The first answer loses it.
    """
    title, lose = ("Quit", "Quit, and lose it") if quits else ("Begin another exercise", "Lose it, and begin the other")
    asked = question(words.UNFINISHED.format(name=training.name))
    return ChoiceDialog("losing", title, asked, (Content(lose), Content("Keep it")), at=1)


NO_FILES = (
    "No log file is on the practice servers yet. A log gets rows once logging is on and mail was tried since: "
    "{practice.switch} goes to the shell, {shell.wait} there waits."
)

NOT_THERE = "No practice server has {path}. {step.open} lists the log files there are; a real file is not read here."


def files_dialog(files: Sequence[WrittenLog]) -> ChoiceDialog:
    """The log files by number; the last, the newest, is mostly wanted."""
    note = Static("These files are practice's own; your disk is not looked at.", markup=False)
    title = "Open a log file of the practice servers"
    return ChoiceDialog("practice_files", title, (), [*map(_file_line, files)], at=len(files) - 1, below=(note,))


def _file_line(file: WrittenLog) -> Content:
    folder, _, name = file.path.rpartition("\\")
    rows = sum(not line.startswith("#") for line in file.text.splitlines())
    said = shown(f"{file.server}: {name}, {counted(rows, 'row')}")
    return Content(said).append(Content.styled(f"\n    {shown(folder)}", "dim"))
