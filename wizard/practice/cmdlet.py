"""What a cmdlet is to the practice shell: its name, its parameters, and a function over the world.

The shell (language, pipes, formatting) knows cmdlets only by these classes; the cmdlets know nothing of
lines and consoles. A cmdlet yields values, and may stop to ask: a question is yielded as well, and the
answer comes back into the generator.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from wizard.practice.values import Value
from wizard.practice.world import World


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter. `position` is its place among unnamed arguments (0 first), None for only by name.

    A switch takes no value. `lists` says that several values may stand, separated by commas. `piped` takes
    the objects of the pipe, by value; or by a property of that name where `piped_by_name`. `values` are the
    only words it takes, for errors and completion. `aliases` are its other names.
    `rest` takes all further arguments that have no name.
    """

    name: str
    position: int | None = None
    switch: bool = False
    lists: bool = False
    required: bool = False
    piped: bool = False
    piped_by_name: bool = False
    values: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A confirmation at the console: caption and message as lines, and the answer that a bare Enter gives.

    The answer that is sent back is one of `Y A N L`; after `A` or `L` the shell itself answers the same for
    the other objects of the pipe. What else is typed is taken by the shell itself: it asks again,
    and `?` prints the help.
    """

    caption: str
    message: str
    default: str = "Y"


@dataclass(frozen=True, slots=True)
class Warned:
    """A line printed as `WARNING: ...`."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line printed as it stands and past the pipe, such as `What if: ...`."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """An error that does not end the pipe by itself: printed in red, and an exception under -ErrorAction Stop.

    `category` is the ErrorCategory's name and `identifier` the FullyQualifiedErrorId, for the lines below the message.
    """

    text: str
    category: str = "NotSpecified"
    identifier: str = ""


Output: TypeAlias = "Value | Question | Warned | Said | Failed | World"
"""What a cmdlet yields: a value for the pipe, something said, a question, or the world as it is from now on."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the world as it stands, the parameters by their full names, and the object from the pipe.

    In a pipe the shell calls once for each object, as PowerShell does: `piped` holds that object, and the parameters
    that take it are bound to it: to the property of their name, else to the object's text. Without a pipe `piped`
    is empty. Common parameters (-ErrorAction, -Verbose) are the shell's own business; -WhatIf and -Confirm are in
    here (the shell adds both to a cmdlet that `changes`). A switch is a bool, a parameter that `lists` a tuple,
    one with `values` has them in the casing in which they are declared, a number that was written is an int.

    While a question waits nothing is kept of a generator: with the answer the whole line is run again from where it
    began, each earlier answer given again. So a cmdlet does the same whenever it is called the same.
    """

    world: World
    parameters: Mapping[str, Value] = field(default_factory=dict)
    piped: tuple[Value, ...] = ()
    # How the cmdlet was written on the line, for errors.
    invoked: str = ""


Run: TypeAlias = Callable[[Call], Generator[Output, str | None, None]]


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """A cmdlet by its name in the casing of its documentation; `synopsis` is one line for Get-Help."""

    name: str
    parameters: tuple[Parameter, ...]
    run: Run
    synopsis: str = ""
    changes: bool = False
    aliases: tuple[str, ...] = ()
