"""The common parts of the cmdlets: servers, errors, and the question before a change.

Facts and wordings are those of KB 4051498, of the reference pages (PS/X) and of real output; unknown wordings are in
the practice shell's own plain words.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from wizard.practice.shell.values import Call, CmdletRefusal, Confirmation, Output, Parameter, Said, unknown_command
from wizard.practice.world import Role, Server, World

SERVER = Parameter("Server")
IDENTITY = Parameter("Identity", position=0, piped=True, piped_by_name=True)


def here(world: World) -> Server:
    """The server of the shell.

    Raises:
        CmdletRefusal: the world has no such server, so nothing can be run.
    """
    if (server := world.server(world.here)) is None:
        raise CmdletRefusal(f"There is no server {world.here} in this practice organization.")
    return server


def known_server(world: World, name: str) -> Server:
    """The server of this name, reachable or not.

    Raises:
        CmdletRefusal: the directory has none.
    """
    if (server := world.server(name)) is None:
        raise not_found(world, name)
    return server


def reached(world: World, name: str, unreachable: Callable[[Server], CmdletRefusal]) -> Server:
    """The server asked: the local one without a name. Only an Edge itself reaches an Edge.

    Raises:
        CmdletRefusal: there is no such server, or it does not answer; `unreachable` makes that error.
    """
    local = here(world)
    server = known_server(world, name) if name else local
    if server.name != local.name and (not server.answers or Role.EDGE in (server.role, local.role)):
        raise unreachable(server)
    return server


def not_found(world: World, name: str) -> CmdletRefusal:
    """The directory's error for a missing object."""
    local = world.server(world.here)
    directory = f"DC01.{local.domain}" if local else "the domain controller"
    return CmdletRefusal(
        f"The operation couldn't be performed because object '{name}' couldn't be found on '{directory}'.",
        "NotSpecified",
        "ManagementObjectNotFoundException",
    )


def not_recognized(name: str) -> CmdletRefusal:
    """PowerShell's error for a cmdlet of another version or role."""
    return CmdletRefusal(unknown_command(name).message, "ObjectNotFound", "CommandNotFoundException")


def no_such_parameter(name: str) -> CmdletRefusal:
    """PowerShell's error for a parameter that this version's cmdlet lacks."""
    said = f"A parameter cannot be found that matches parameter name '{name}'."
    return CmdletRefusal(said, "InvalidArgument", "NamedParameterNotFound")


def missing(name: str) -> CmdletRefusal:
    """PowerShell's error for a call that lacks a parameter."""
    said = f"Cannot process command because of one or more missing mandatory parameters: {name}."
    return CmdletRefusal(said, "InvalidArgument", "MissingMandatoryParameter")


def parameters_clash() -> CmdletRefusal:
    """PowerShell's error for parameters that exclude each other."""
    said = "Parameter set cannot be resolved using the specified named parameters."
    return CmdletRefusal(said, "InvalidArgument", "AmbiguousParameterSet")


def unmodified(name: str) -> str:
    """The warning of a cmdlet that changed nothing."""
    return f"The command completed successfully but no settings of '{name}' have been modified."


def chosen(parameter: str, value: str, words: tuple[str, ...]) -> str:
    """A word the parameter takes, in its own casing.

    Raises:
        CmdletRefusal: it is no such word.
    """
    for word in words:
        if word.casefold() == value.strip().casefold():
            return word
    raise CmdletRefusal(
        f"Cannot bind parameter '{parameter}'. Cannot convert value \"{value}\" to one of its values. Specify one of "
        f'the following enumeration values and try again. The possible enumeration values are "{",".join(words)}".',
        "InvalidArgument",
        "CannotConvertArgumentNoMessage",
    )


@dataclass(slots=True)
class Consent:
    """The question before a change, asked with -Confirm or always (`always`).

    A and L also answer the rest of the call.
    """

    call: Call
    always: bool = False
    settled: bool | None = None

    def to(self, doing: str) -> Generator[Output, str | None, bool]:
        """True if this may be done; -WhatIf prints `doing` instead."""
        if self.call.on("WhatIf"):
            yield Said(f"What if: {doing}")
            return False
        if not (self.call.on("Confirm") if self.call.given("Confirm") else self.always):
            return True
        if self.settled is not None:
            return self.settled
        answer = yield Confirmation("Confirm", f"Are you sure you want to perform this action?\n{doing}")
        self.settled = answer == "A" if answer in ("A", "L") else None
        return answer in ("Y", "A")


def performing(operation: str, target: str) -> str:
    """PowerShell's own sentence for an operation."""
    return f'Performing the operation "{operation}" on target "{target}".'
