"""A session at the practice console: lines go in, what the console would print comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wizard.practice.world import World


@dataclass(frozen=True, slots=True)
class Printed:
    """What one line of input led to. `text` is what the console printed, wrapped to the width, without a last line end.

    `prompt` is what stands now where the next input comes: the shell's own prompt, `>> ` in the middle of
    a command, or the last line of a question. `clipboard` is text that a command put on the clipboard, None for none.
    `asking` says that a question waits, so an empty line is an answer. `cleared` says that the screen was cleared:
    `text` is what was printed since.
    """

    text: str
    prompt: str
    clipboard: str | None = None
    asking: bool = False
    cleared: bool = False


class Console(Protocol):
    """What the screens know of the shell. Never raises on any input."""

    @property
    def world(self) -> World:
        """The organisation as it stands."""

    @property
    def prompt(self) -> str:
        """What stands where the next input comes."""

    def enter(self, line: str) -> Printed:
        """Take one line of input, without its line end; a pasted text is given line by line."""

    def interrupt(self) -> Printed:
        """Ctrl+C: give up the question or the unfinished command."""

    def resize(self, columns: int) -> None:
        """The window has another width from now on, in cells."""

    def complete(self, line: str) -> tuple[str, ...]:
        """The whole lines that Tab would offer in turn for a line that is begun."""
