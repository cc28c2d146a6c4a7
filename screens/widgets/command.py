"""The box that shows a command, with where its parts come from. Only the survey's line is longer than it can show."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.shown import shown
from wizard.commandline import origins
from wizard.commands import Command, CommandId
from wizard.effects import KINDS, about

LONGEST, SHOWN = 700, 280
"""Characters of a line that is shown whole, and of a longer one's beginning."""


class CommandBox(Vertical):
    """One of the step's commands. `shown` is the one that is copied; `key` names the key of an id."""

    def __init__(self, key: Callable[[str], str]) -> None:
        super().__init__(id="command")
        self._key = key
        self.commands: tuple[Command, ...] = ()
        self.at = 0
        self.traced = False

    def compose(self) -> ComposeResult:
        """The line, below it what it does (where there is room), and where its parts come from."""
        yield Static(id="command-line", markup=False)
        yield Static(id="command-purpose", markup=False)
        yield Static(id="command-trace", markup=False)

    @property
    def shown(self) -> Command | None:
        """The command on show, None when the step has none yet."""
        return self.commands[self.at] if self.commands else None

    def show(self, commands: tuple[Command, ...], traced: bool = False) -> None:
        """Show these commands, the first in front; the same ones again leave the choice as it is."""
        if commands != self.commands:
            self.at = 0
        self.commands = commands
        self.traced = traced
        self._draw()

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
        count = f" {self.at + 1} of {len(self.commands)}" if several else ""
        kind = KINDS.get(command.id, "")
        self.border_title = Content(f"{kind}Command{count}, {about(command).effect.value}")
        other = self.commands[(self.at + 1) % len(self.commands)]
        turns = "asks for everything at once" if other.id is CommandId.SURVEY else "shows the other"
        turns = f", {self._key('step.turn')} {turns}" if several else ""
        self.border_subtitle = Content(f"{self._key('step.copy')} copies it{turns}")
        line = _as_far_as_it_fits(command.text, self._key("step.copy"))
        self.query_one("#command-line", Static).update(Content(line))
        self.query_one("#command-purpose", Static).update(Content(command.purpose))
        trace = self.query_one("#command-trace", Static)
        trace.display = self.traced
        trace.update(_trace(command))


def _as_far_as_it_fits(line: str, copy: str) -> str:
    """A line as it is; of one that would fill the window its beginning, and how long it is."""
    if len(line) <= LONGEST:
        return line
    return f"{line[:SHOWN]}...\n({len(line):,} characters, only questions; {copy} copies the line whole)"


def _trace(command: Command) -> Content:
    """One line for each part that comes from a fact: the part, then where it comes from."""
    rows = origins(command)
    width = max((len(label) for label, _origin in rows), default=0)
    lines = [
        Content(f"{label:<{width}}  ").append(Content.styled(f"from {shown(origin)}", "dim")) for label, origin in rows
    ]
    return Content("\n").join(lines)
