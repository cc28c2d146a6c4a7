"""A console over a bare world with a few cmdlets of its own, for what the shell does whatever the cmdlets."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wizard.practice.shell.parser import parse
from wizard.practice.shell.run import Emitted, Kept, Run, Surroundings
from wizard.practice.shell.session import PracticeShell
from wizard.practice.shell.values import (
    Call,
    Cmdlet,
    Column,
    Confirmation,
    Failed,
    Flag,
    Output,
    Parameter,
    PSObject,
    Value,
    View,
    Warned,
)
from wizard.practice.world import EventKind, World

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WORLD = World(NOW, "EX1", (), (), ())
LOGS = r"C:\Logs\SmtpSend"
FILES = {
    rf"{LOGS}\SEND2026112207-1.LOG": "#Date: 2026-11-22T07:00:00.000Z\nold\n",
    rf"{LOGS}\SEND2026112208-10.LOG": "#Date: 2026-11-22T08:20:00.000Z\nUnknownCredentials\nMAIL FROM\nlast\n",
    rf"{LOGS}\SEND2026112208-9.LOG": "#Date: 2026-11-22T08:10:00.000Z\nmiddle\n",
    r"\\EX2\D$\Logs\one.log": "from EX2\n",
}

Steps = Generator[Output, str | None, None]


def thing(name: str, size: int, state: str = "Retry") -> PSObject:
    return PSObject(
        "Thing",
        {
            "Name": name,
            "Size": size,
            "State": Flag(state, 3 if state == "Retry" else 1),
            "Parts": tuple("abcde"[:size]),
            "Note": "",
        },
        name,
    )


def _get(call: Call) -> Steps:
    if call.parameters.get("Server") == "EX9":
        yield Failed("The server EX9 does not answer.", "NotSpecified", "ServerNotReachedException")
        return
    for each in (thing("one", 1), thing("two", 2, "Ready"), thing("five", 5)):
        if call.parameters.get("Name") in (None, each.get("Name")):
            yield each


def _set(call: Call) -> Steps:
    world = call.world
    name = str(call.parameters.get("Name"))
    if call.parameters.get("WhatIf"):
        yield f"What if: {name}"
        return
    answer = yield Confirmation("Confirm", f"Overwrite the thing?\n\nCurrent: '{name}' (expires 3/2/2027 10:12:13 AM)")
    yield Warned(f"{name} was answered with {answer}.")
    if answer in ("Y", "A"):
        yield world.after(EventKind.DEFAULT_REPLACED, "EX1", name)


def _echo(call: Call) -> Steps:
    yield PSObject("Echo", dict(call.parameters))


CMDLETS = (
    Cmdlet("Get-Thing", (Parameter("Name", position=0), Parameter("Server")), _get, "Shows things."),
    Cmdlet(
        "Set-Thing",
        (Parameter("Name", position=0, required=True, piped=True, piped_by_name=True),),
        _set,
        "Changes a thing.",
        changes=True,
    ),
    Cmdlet(
        "Show-Call",
        (
            Parameter("Identity", position=0, piped=True),
            Parameter("Services", position=1, lists=True, values=("None", "IMAP", "POP", "SMTP", "IIS")),
            Parameter("Level", values=("None", "Verbose")),
            Parameter("Server", lists=True),
            Parameter("ServiceName"),
            Parameter("Force", switch=True),
            Parameter("State", piped_by_name=True),
        ),
        _echo,
        "Shows what it was given.",
    ),
)
VIEWS = (View("Thing", (Column("Name", "Name", 8), Column("Size", "Size"), Column("Note", "Note")), ("Name", "Size")),)


def files(_: World) -> Mapping[str, str]:
    return FILES


def _clock_only(world: World, by: timedelta) -> World:
    return replace(world, now=world.now + by)


def opened(columns: int = 80, cmdlets: Sequence[Cmdlet] = CMDLETS) -> PracticeShell:
    return PracticeShell(WORLD, cmdlets, VIEWS, files, columns, _clock_only)


def printed(*lines: str, columns: int = 80) -> str:
    """What the last of some lines printed, blank lines at either end left out."""
    shell = opened(columns)
    text = ""
    for line in lines:
        text = shell.enter(line).text
    return text.strip("\n")


def values(line: str, variables: Mapping[str, Value] | None = None) -> list[Value]:
    """What comes out of a line's pipe."""
    shell = opened()
    around = Surroundings(shell._around.commands, {}, files, lambda world, by: replace(world, now=world.now + by))
    run = Run(Kept(WORLD, variables or {}), around)
    run.execute_all(parse(line), lambda value: run.happened.append(Emitted(value)))
    return [each.value for each in run.happened if isinstance(each, Emitted)]


def value(line: str, variables: Mapping[str, Value] | None = None) -> Value:
    """The one value that comes out of a line's pipe."""
    (found,) = values(line, variables)
    return found


def called(line: str) -> dict[str, Value]:
    """The parameters with which Show-Call was called."""
    found = value(line)
    assert isinstance(found, PSObject), found
    return found.properties
