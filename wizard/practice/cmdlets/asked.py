"""What was asked of a cmdlet: its parameters as text, the server it is for, and the question before a change."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import wraps

from wizard.practice.cmdlet import Call, Failed, Output, Parameter, Question, Run, Said
from wizard.practice.values import PSObject, Value
from wizard.practice.world import Role, Server, World

Steps = Generator[Output, str | None, None]
"""A cmdlet at work: what it yields, and the answers that come back into it."""

SERVER = Parameter("Server")


class Refused(Exception):
    """A cmdlet cannot do what it was asked; the error is what it prints."""

    def __init__(self, text: str, category: str = "InvalidOperation", identifier: str = "") -> None:
        super().__init__(text)
        self.failed = Failed(text, category, identifier)


def refusing(run: Run) -> Run:
    """A cmdlet whose refusals are printed as its errors."""

    @wraps(run)
    def guarded(call: Call) -> Steps:
        try:
            yield from run(call)
        except Refused as refused:
            yield refused.failed

    return guarded


def given(call: Call, name: str) -> bool:
    """Whether a parameter stands on the line, `$null` included."""
    return name in call.parameters


def switched(call: Call, name: str) -> bool:
    """Whether a switch is on."""
    return bool(call.parameters.get(name, False))


def written(value: Value) -> str:
    """A value as text; an object by what it calls itself, `$null` as nothing."""
    if value is None:
        return ""
    if isinstance(value, PSObject):
        return value.text or next((str(own) for name in ("Identity", "Name") if (own := value.get(name))), "")
    return str(value)


def text(call: Call, name: str) -> str:
    """A parameter as text, empty where it is not given."""
    return written(call.parameters.get(name))


def texts(value: Value) -> tuple[str, ...]:
    """A list as texts, one value as a list of it, `$null` as none."""
    values = value if isinstance(value, tuple) else () if value is None else (value,)
    return tuple(written(each) for each in values)


def from_pipe(call: Call, name: str, *properties: str) -> tuple[str, ...]:
    """What a parameter names on the line, or else what the objects of the pipe have in the first of `properties`."""
    if given(call, name):
        return texts(call.parameters[name])
    return tuple(found for each in call.piped if (found := _of(each, properties)))


def _of(piped: Value, properties: tuple[str, ...]) -> str:
    if isinstance(piped, PSObject):
        return next((written(own) for name in properties if (own := piped.get(name)) is not None), "")
    return written(piped)


def here(world: World) -> Server:
    """The server that the shell runs on.

    Raises:
        Refused: the world has no such server, so nothing can be run.
    """
    server = world.server(world.here)
    if server is None:
        raise Refused(f"There is no server {world.here} in this practice organization.")
    return server


def known_server(world: World, name: str) -> Server:
    """The server of this name, whether or not it can be reached.

    Raises:
        Refused: the directory has none.
    """
    server = world.server(name)
    if server is None:
        raise not_found(world, name)
    return server


def reached(world: World, name: str, unreachable: Callable[[Server], Refused]) -> Server:
    """The server that is asked: the local one without a name. An Edge is reached from nowhere but itself.

    Raises:
        Refused: there is no such server, or it does not answer; `unreachable` makes that error.
    """
    local = here(world)
    if not name:
        return local
    server = known_server(world, name)
    if server.name == local.name:
        return server
    if not server.answers or Role.EDGE in (server.role, local.role):
        raise unreachable(server)
    return server


def not_found(world: World, name: str) -> Refused:
    """The directory's error for an object that it has not."""
    local = world.server(world.here)
    directory = f"DC01.{local.domain}" if local else "the domain controller"
    return Refused(
        f"The operation couldn't be performed because object '{name}' couldn't be found on '{directory}'.",
        "NotSpecified",
        "ManagementObjectNotFoundException",
    )


def not_recognized(name: str) -> Refused:
    """PowerShell's error for a cmdlet that this shell has not: another version's, or another role's."""
    return Refused(
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
        "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        "ObjectNotFound",
        "CommandNotFoundException",
    )


def no_such_parameter(name: str) -> Refused:
    """PowerShell's error for a parameter that the cmdlet of this version has not."""
    return Refused(
        f"A parameter cannot be found that matches parameter name '{name}'.",
        "InvalidArgument",
        "NamedParameterNotFound",
    )


def missing(name: str) -> Refused:
    """PowerShell's error for a call that lacks a parameter."""
    return Refused(
        f"Cannot process command because of one or more missing mandatory parameters: {name}.",
        "InvalidArgument",
        "MissingMandatoryParameter",
    )


def parameters_clash() -> Refused:
    """PowerShell's error for parameters that do not go together."""
    return Refused(
        "Parameter set cannot be resolved using the specified named parameters.",
        "InvalidArgument",
        "AmbiguousParameterSet",
    )


def chosen(parameter: str, value: str, words: tuple[str, ...]) -> str:
    """One of the words a parameter takes, in its own casing.

    Raises:
        Refused: it is none of them.
    """
    for word in words:
        if word.casefold() == value.strip().casefold():
            return word
    raise Refused(
        f"Cannot bind parameter '{parameter}'. Cannot convert value \"{value}\" to one of its values. Specify one of "
        f'the following enumeration values and try again. The possible enumeration values are "{",".join(words)}".',
        "InvalidArgument",
        "CannotConvertArgumentNoMessage",
    )


@dataclass(slots=True)
class Consent:
    """The question before a change, asked under -Confirm or where the cmdlet always asks (`always`).

    A and L answer for the rest of the call too.
    """

    call: Call
    always: bool = False
    settled: bool | None = None

    def to(self, doing: str) -> Generator[Output, str | None, bool]:
        """Whether this may be done; `doing` is the sentence that -WhatIf prints instead of doing it."""
        if switched(self.call, "WhatIf"):
            yield Said(f"What if: {doing}")
            return False
        asks = switched(self.call, "Confirm") if given(self.call, "Confirm") else self.always
        if not asks:
            return True
        if self.settled is None:
            answer = yield Question("Confirm", f"Are you sure you want to perform this action?\n{doing}")
            if answer in ("A", "L"):
                self.settled = answer == "A"
            return answer in ("Y", "A")
        return self.settled


def performing(operation: str, target: str) -> str:
    """PowerShell's own sentence for an operation."""
    return f'Performing the operation "{operation}" on target "{target}".'
