"""A session at the practice console: it keeps the world, the variables and the question that waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from wizard.practice.cmdlet import Cmdlet
from wizard.practice.shell import Printed
from wizard.practice.views import Column, View
from wizard.practice.world import World

__all__ = ["Column", "Shell", "View"]

PROMPT = r"[PS] C:\Windows\system32>"
CONTINUED = ">> "
A_LINE_TAKES = timedelta(seconds=15)
"""How much simulated time passes with each line that is entered."""


def _clock_only(world: World, by: timedelta) -> World:
    return replace(world, now=world.now + by)


class Shell:
    r"""The Exchange Management Shell over a world: implements `shell.Console`.

    `files` gives what stands on the disks of the world, whole Windows path (`C:\\...` of the server the shell
    runs on, `\\\\EX2\\D$\\...` of another) to text. `passing` moves the world's clock and does what is due by then.
    """

    def __init__(
        self,
        world: World,
        cmdlets: Sequence[Cmdlet],
        views: Sequence[View],
        files: Callable[[World], Mapping[str, str]],
        columns: int = 80,
        passing: Callable[[World, timedelta], World] = _clock_only,
    ) -> None:
        self._world = replace(world, console=columns)
        self._cmdlets = tuple(cmdlets)
        self._views = tuple(views)
        self._files = files
        self._passing = passing

    @property
    def world(self) -> World:
        """The organisation as it stands."""
        return self._world

    @property
    def prompt(self) -> str:
        """What stands where the next input comes."""
        return PROMPT

    def enter(self, line: str) -> Printed:
        """Take one line of input, without its line end."""
        self._world = self._passing(self._world, A_LINE_TAKES)
        return Printed(f"The practice shell does not know {line.strip()!r} yet." if line.strip() else "", self.prompt)

    def interrupt(self) -> Printed:
        """Ctrl+C: give up the question or the unfinished command."""
        return Printed("", self.prompt)

    def resize(self, columns: int) -> None:
        """The window has another width from now on, in cells."""
        self._world = replace(self._world, console=columns)

    def complete(self, line: str) -> tuple[str, ...]:  # noqa: ARG002 - nothing is known yet
        """The whole lines that Tab would offer in turn for a line that is begun."""
        return ()
