"""Get-Help, Get-Command, Get-Alias and Get-History: what the practice shell knows (PS/X of PowerShell itself)."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.cmdlet import Cmdlet, Parameter
from wizard.practice.formatting.width import wrapped
from wizard.practice.language.binding import CHANGING
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.comparing import like
from wizard.practice.language.texts import items_of, text_of, whole
from wizard.practice.values import PSObject, Value
from wizard.practice.views import Column, View

_NOT_HERE = {
    "Examples": "The practice shell has no examples; those of Exchange's cmdlets stand on Microsoft's page of each.",
    "Online": "The practice shell opens no web page.",
    "Parameter": "The practice shell describes no parameter by itself; these are all that it knows.",
}
"""What is said where Get-Help is asked for more than it has here."""


def _command(call: Invocation) -> Iterator[Value]:
    names = [text_of(each) for each in items_of(call.given("Name"))] if call.given("Name") is not None else ["*"]
    verb, noun = text_of(call.given("Verb")) or "*", text_of(call.given("Noun")) or "*"
    for name in names:
        found = [each for each in _every(call) if _is_named(each, name) and _parts(each.name, verb, noun)]
        if not found and not any(mark in name for mark in "*?["):
            call.failed(
                call.fault(
                    f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable "
                    "program. Check the spelling of the name, or if a path was included, verify that the path is "
                    "correct and try again.",
                    "CommandNotFoundException",
                    "ObjectNotFound",
                )
            )
        for each in found:
            kind = _kind(each)
            properties: dict[str, Value] = {"CommandType": kind, "Name": each.name, "Definition": each.synopsis}
            yield PSObject("CommandInfo", properties, each.name)


def _every(call: Invocation) -> list[Cmdlet | Builtin]:
    return sorted(call.host.commands, key=lambda each: each.name.casefold())


def _is_named(command: Cmdlet | Builtin, name: str) -> bool:
    return like(command.name, name) or any(each.casefold() == name.casefold() for each in command.aliases)


def _parts(name: str, verb: str, noun: str) -> bool:
    own_verb, _, own_noun = name.partition("-")
    return like(own_verb, verb) and like(own_noun, noun)


def _kind(command: Cmdlet | Builtin) -> str:
    """What PowerShell calls it: programs are those called `*.exe`, Exchange's cmdlets come as functions."""
    if any(alias.endswith(".exe") for alias in command.aliases):
        return "Application"
    return "Function" if isinstance(command, Cmdlet) or "-" not in command.name else "Cmdlet"


def _help(call: Invocation) -> Iterator[Value]:
    name = text_of(call.given("Name"))
    found = call.host.find(name) if name else None
    if found is None:
        matching = [each for each in _every(call) if name and like(each.name, name)]
        if matching:
            for each in matching:
                yield PSObject("HelpInfo", {"Name": each.name, "Synopsis": each.synopsis})
            return
        if name:
            raise call.fail(
                f"Get-Help could not find {name} in a help file in this session.", "HelpNotFound", "ResourceUnavailable"
            )
        call.host.say("Get-Command lists what the practice shell knows; Get-Help with a name shows its parameters.")
        return
    yield "\r\n".join(_help_lines(found, call.host.width))
    if wants := [sentence for switch, sentence in _NOT_HERE.items() if call.given(switch)]:
        yield "\r\n".join(line.rstrip() for each in wants for line in wrapped(each, call.host.width))


def _help_lines(command: Cmdlet | Builtin, width: int) -> list[str]:
    parameters = list(command.parameters)
    named = {each.name for each in parameters}
    if isinstance(command, Cmdlet) and command.changes:
        parameters += [each for each in CHANGING if each.name not in named]
    lines = ["", "NAME", f"    {command.name}", "", "SYNOPSIS", f"    {command.synopsis}", "", "SYNTAX"]
    syntax = " ".join([command.name, *(_syntax(each) for each in parameters), "[<CommonParameters>]"])
    lines += [f"    {line.rstrip()}" for line in wrapped(syntax, width - 4)]
    if command.aliases:
        lines += ["", "ALIASES", f"    {', '.join(command.aliases)}"]
    limited = [each for each in parameters if each.values]
    if limited:
        lines += ["", "VALUES", *(f"    -{each.name}: {', '.join(each.values)}" for each in limited)]
    return [*lines, ""]


def _syntax(parameter: Parameter) -> str:
    """A parameter as PowerShell's help writes it: `[[-Identity] <string>]`."""
    if parameter.switch:
        return f"[-{parameter.name}]"
    name = f"[-{parameter.name}]" if parameter.position is not None else f"-{parameter.name}"
    written = f"{name} <value{'[]' if parameter.lists else ''}>"
    return written if parameter.required else f"[{written}]"


def _alias(call: Invocation) -> Iterator[Value]:
    wanted = text_of(call.given("Name")) or "*"
    pairs = [(alias, each.name) for each in _every(call) for alias in each.aliases if like(alias, wanted)]
    for alias, name in sorted(pairs):
        yield PSObject("AliasInfo", {"CommandType": "Alias", "Name": f"{alias} -> {name}"}, alias)


def _history(call: Invocation) -> Iterator[Value]:
    lines = call.host.entered
    first = max(len(lines) - whole(call.given("Count")), 0) if call.given("Count") is not None else 0
    for at, line in enumerate(lines, start=1):
        if at > first:
            yield PSObject("HistoryInfo", {"Id": at, "CommandLine": line}, line)


BUILTINS = (
    Builtin(
        "Get-Command",
        _command,
        (
            Parameter("Name", position=0, lists=True, piped=True),
            Parameter("Verb"),
            Parameter("Noun"),
            Parameter("Module"),
        ),
        "Gets the commands that the practice shell knows.",
        ("gcm",),
    ),
    Builtin(
        "Get-Help",
        _help,
        (
            Parameter("Name", position=0, piped=True),
            Parameter("Parameter"),
            *(Parameter(name, switch=True) for name in ("Full", "Detailed", "Examples", "Online")),
        ),
        "Displays what a command does and its parameters.",
        ("help", "man"),
    ),
    Builtin("Get-Alias", _alias, (Parameter("Name", position=0),), "Gets the aliases.", ("gal",)),
    Builtin(
        "Get-History",
        _history,
        (Parameter("Id", position=0), Parameter("Count", position=1)),
        "Gets the lines entered in this session.",
        ("h", "history", "ghy"),
    ),
)

VIEWS = (
    View("CommandInfo", (Column("CommandType", "CommandType", 15), Column("Name", "Name"))),
    View("HistoryInfo", (Column("Id", "Id", 4, right=True), Column("CommandLine", "CommandLine"))),
    View("AliasInfo", (Column("CommandType", "CommandType", 15), Column("Name", "Name"))),
)
