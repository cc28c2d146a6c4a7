"""What Tab offers: names of cmdlets, of parameters, and the values that a parameter takes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.practice.cmdlet import Cmdlet, Parameter
from wizard.practice.language.binding import CHANGING, COMMON
from wizard.practice.language.builtin import Builtin

_LAST = re.compile(r"[^\s|;{(]*$")
_WORDS = re.compile(r"'[^']*'?|\"[^\"]*\"?|[^\s]+")


def completions(line: str, commands: Mapping[str, Cmdlet | Builtin]) -> tuple[str, ...]:
    """The whole lines that Tab offers in turn."""
    found = _LAST.search(line)
    word = found[0] if found else ""
    before = line[: len(line) - len(word)]
    segment = re.split(r"[|;{(]", before)[-1]
    words = _WORDS.findall(segment)
    if not words:
        names = sorted({each.name for each in commands.values()}, key=str.casefold)
        return tuple(before + name for name in names if word and name.casefold().startswith(word.casefold()))
    command = commands.get(words[0].casefold())
    if command is None:
        return ()
    if word.startswith("-"):
        return tuple(f"{before}-{each.name}" for each in _parameters(command) if _begins(each.name, word[1:]))
    parameter = _named(command, words[-1][1:]) if words[-1].startswith("-") else None
    if parameter is None:
        return ()
    done, comma, begun = word.rpartition(",")
    return tuple(f"{before}{done}{comma}{value}" for value in parameter.values if _begins(value, begun))


def _parameters(command: Cmdlet | Builtin) -> tuple[Parameter, ...]:
    own = command.parameters
    more = CHANGING if isinstance(command, Cmdlet) and command.changes else ()
    names = {each.name for each in own}
    return (*own, *(each for each in more if each.name not in names), *COMMON)


def _named(command: Cmdlet | Builtin, name: str) -> Parameter | None:
    found = [each for each in _parameters(command) if name and _begins(each.name, name)]
    exact = [each for each in found if each.name.casefold() == name.casefold()]
    return next(iter(exact or found), None)


def _begins(name: str, begun: str) -> bool:
    return name.casefold().startswith(begun.casefold())
