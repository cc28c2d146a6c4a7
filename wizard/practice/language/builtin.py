"""PowerShell's own cmdlets to the shell: unlike Exchange's they run blocks, see the console and take the whole pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from wizard.practice.cmdlet import Cmdlet, Parameter
from wizard.practice.formatting.default import Views
from wizard.practice.language.faults import Fault, Raised
from wizard.practice.language.tree import ScriptBlock
from wizard.practice.values import Value
from wizard.practice.world import World


class Host(Protocol):
    """What the shell offers to its own cmdlets."""

    world: World
    variables: dict[str, Value]
    folder: str
    """The whole path of the folder in which the shell stands."""

    @property
    def clipboard(self) -> str | None:
        """What is on the clipboard, None for nothing yet."""

    @clipboard.setter
    def clipboard(self, text: str) -> None: ...

    @property
    def width(self) -> int:
        """The console's width in cells."""

    @property
    def views(self) -> Views:
        """How kinds are shown by default."""

    @property
    def commands(self) -> tuple[Cmdlet | Builtin, ...]:
        """Every command that there is."""

    def invoke(self, block: ScriptBlock, *item: Value) -> list[Value]:
        """What a block gives with `$_` set to an item; its errors are printed."""

    def attempt(self, block: ScriptBlock, item: Value) -> list[Value]:
        """The same, but an error in it is raised."""

    def say(self, text: str, words: bool = False) -> None:
        """Print a text at once, past the pipe; `words` wraps it at blanks."""

    def files(self) -> Mapping[str, str]:
        """Every file there is, by its whole path."""

    @property
    def entered(self) -> tuple[str, ...]:
        """The lines entered before this one."""

    def whole_path(self, path: str) -> str:
        """A path from the root; what is relative is meant from `folder`."""

    def write(self, path: str, text: str, append: bool) -> None:
        """Put a text into a file of this session."""

    def clear(self) -> None:
        """Clear the screen."""

    def pass_time(self, by: timedelta) -> None:
        """Let simulated time pass."""

    def ask(self, label: str) -> str:
        """Ask for a line of text."""

    def find(self, name: str) -> Cmdlet | Builtin | None:
        """The command of this name or alias."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call: the parameters by their full names, and the objects of the pipe, None without a pipe.

    `failed` takes an error that does not end the pipe, as -ErrorAction wants it taken.
    """

    host: Host
    parameters: Mapping[str, Value]
    piped: tuple[Value, ...] | None
    invoked: str
    failed: Callable[[Fault], None]

    def given(self, name: str) -> Value:
        """A parameter's value, None where it was not given."""
        return self.parameters.get(name)

    def items(self) -> tuple[Value, ...]:
        """The objects to work on: those of the pipe, or of -InputObject."""
        if self.piped is not None:
            return self.piped
        given = self.parameters.get("InputObject")
        return given if isinstance(given, tuple) else () if given is None else (given,)

    def fault(self, message: str, identifier: str, category: str = "InvalidArgument", exception: str = "") -> Fault:
        """An error of this cmdlet."""
        return Fault(message, category, f"{identifier},{self.invoked}", exception, "", self.invoked)

    def fail(self, message: str, identifier: str, category: str = "InvalidArgument") -> Raised:
        """An error that ends the pipe, ready to be raised."""
        return Raised(self.fault(message, identifier, category))


@dataclass(frozen=True, slots=True)
class Builtin:
    """A cmdlet of PowerShell's own. `run` gives what goes on into the pipe.

    PowerShell 2.0, which Exchange 2010 runs in, has it only where it is not `newer`, and without `newer_parameters`.
    """

    name: str
    run: Callable[[Invocation], Iterable[Value]]
    parameters: tuple[Parameter, ...] = ()
    synopsis: str = ""
    aliases: tuple[str, ...] = ()
    newer: bool = False
    newer_parameters: frozenset[str] = frozenset()
