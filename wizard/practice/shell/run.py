"""Runs pipes: finds commands, binds their arguments, and hands objects on from one to the next.

A question stops the run: `WaitingError` goes up to the session, which runs the whole line again with the answer. The
world is frozen and a run works on copies of what the session keeps, so the second run comes to the same place.
Source: about_Parameters, about_Parameter_Binding, about_CommonParameters, about_Locations, about_Path_Syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches

from wizard.practice.mail import install_path
from wizard.practice.shell import operators
from wizard.practice.shell.parser import (
    CommandNode,
    Emit,
    Expression,
    NamedArgument,
    Node,
    Pipeline,
    Redirection,
    Statement,
    unscoped,
)
from wizard.practice.shell.show import Views, text_lines
from wizard.practice.shell.values import (
    HERE,
    Call,
    Cmdlet,
    CmdletRefusal,
    Confirmation,
    Failed,
    Fault,
    LoopEnd,
    NotKnownError,
    Parameter,
    PSObject,
    Raised,
    Said,
    ScriptBlock,
    Value,
    WaitingError,
    Warned,
    failure,
    items_of,
    listed,
    same_text,
    text_of,
    truth_of,
    unknown_command,
    whole,
    words,
)
from wizard.practice.world import World

# PowerShell's own cmdlets


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call of a cmdlet of PowerShell's own: the parameters by their full names, the pipe, None without one.

    `failed` handles an error that does not end the pipe, as -ErrorAction says.
    """

    host: Run
    parameters: Mapping[str, Value]
    piped: tuple[Value, ...] | None
    invoked: str
    failed: Callable[[Fault], None]

    def given(self, name: str) -> Value:
        """A parameter's value, None if not given."""
        return self.parameters.get(name)

    def text(self, name: str) -> str:
        """A parameter as text, empty if not given."""
        return text_of(self.parameters.get(name))

    def items(self, name: str = "InputObject") -> tuple[Value, ...]:
        """The objects of the pipe, otherwise of a parameter."""
        return self.piped if self.piped is not None else listed(self.parameters.get(name))

    def fault(self, message: str, identifier: str, category: str = "InvalidArgument", exception: str = "") -> Fault:
        """Make an error of this cmdlet."""
        return Fault(message, category, f"{identifier},{self.invoked}", exception, "", self.invoked)

    def fail(self, message: str, identifier: str, category: str = "InvalidArgument") -> Raised:
        """Make an error that ends the pipe, ready to be raised."""
        return Raised(self.fault(message, identifier, category))


@dataclass(frozen=True, slots=True)
class Builtin:
    """A cmdlet of PowerShell's own, with access to the console and the whole pipe; `run` returns its output.

    PowerShell 2.0, which Exchange 2010 runs in, lacks it if it is `newer`, and its `newer_parameters`.
    """

    name: str
    run: Callable[[Invocation], Iterable[Value]]
    parameters: tuple[Parameter, ...] = ()
    synopsis: str = ""
    aliases: tuple[str, ...] = ()
    newer: bool = False
    newer_parameters: frozenset[str] = frozenset()


# Paths

_PROVIDER = "Microsoft.PowerShell.Core\\FileSystem::"
_DRIVE = re.compile(r"([A-Za-z]\w+):")


def whole_path(path: str, folder: str = HERE) -> str:
    r"""An absolute path without `.` and `..`, resolved from a folder. Above a root is nothing.

    Raises:
        NotKnownError: it is on a drive that the practice shell does not know, or in the home folder.
    """
    path = path.strip().replace("/", "\\")
    if path.casefold().startswith(_PROVIDER.casefold()):
        path = path[len(_PROVIDER) :]
    if (drive := _DRIVE.match(path)) and drive[1].casefold() != "cert":
        raise NotKnownError(f"The practice shell does not know the drive {drive[0]}")
    if path.partition("\\")[0] == "~":
        raise NotKnownError("The practice shell knows no home folder: name the folder by its path.")
    root, parts = _parted(folder)
    if drive:
        root, parts = "Cert:", path[len(drive[0]) :].split("\\")
    elif path.startswith("\\\\") or path[1:3] == ":\\":
        root, parts = _parted(path)
    elif path[1:2] == ":":
        # `D:` and `D:x.log` are relative to the current folder of that drive.
        root, parts = (root, parts) if path[:2].casefold() == root.casefold() else (path[:2], [])
        parts = [*parts, *path[2:].split("\\")]
    else:
        parts = [*([] if path.startswith("\\") else parts), *path.split("\\")]
    stood: list[str] = []
    for part in parts:
        if part == "..":
            stood = stood[:-1]
        elif part not in ("", "."):
            stood.append(part)
    return "\\".join((root, *stood)) if stood or root.startswith("\\") else f"{root}\\"


def _parted(path: str) -> tuple[str, list[str]]:
    r"""The drive or the share, and the parts below it: `\\EX2\D$` and `Logs`."""
    if not path.startswith("\\\\"):
        root, _, rest = path.partition("\\")
        return root, rest.split("\\")
    pieces = [each for each in path.split("\\") if each]
    return "\\\\" + "\\".join(pieces[:2]), pieces[2:]


def place(folder: str) -> PSObject:
    """The folder for Get-Location, `$pwd` and the prompt: a share follows its provider's name."""
    path = _PROVIDER + folder if folder.startswith("\\\\") else folder
    return PSObject("PathInfo", {"Path": path}, path)


# Parameters

_ACTIONS = ("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore")
COMMON = (
    Parameter("Verbose", switch=True),
    Parameter("ErrorAction", values=_ACTIONS, aliases=("ea",)),
    Parameter("WarningAction", values=_ACTIONS, aliases=("wa",)),
)
"""The parameters that every cmdlet has, as far as practice knows them (about_CommonParameters)."""

_CHANGING = (Parameter("WhatIf", switch=True, aliases=("wi",)), Parameter("Confirm", switch=True, aliases=("cf",)))


def parameters_of(command: Cmdlet | Builtin) -> tuple[Parameter, ...]:
    """A command's own parameters, and -WhatIf and -Confirm if it changes something."""
    own = {each.name for each in command.parameters}
    more = _CHANGING if isinstance(command, Cmdlet) and command.changes else ()
    return (*command.parameters, *(each for each in more if each.name not in own))


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument with its value. `name` is empty without one.

    `given` is False for a name with a colon and no value. `written` is a number's spelling on the line.
    """

    name: str = ""
    value: Value = None
    given: bool = True
    written: str = ""


@dataclass(slots=True)
class Binder:
    """Binds the arguments of one call; for Exchange's own cmdlets, which are `remote`, objects become text.

    `bound` has the parameters by their full names, `common` those of COMMON.
    """

    invoked: str
    parameters: Sequence[Parameter]
    remote: bool
    bound: dict[str, Value] = field(default_factory=dict)
    common: dict[str, Value] = field(default_factory=dict)

    def bind(self, arguments: Sequence[Argument]) -> None:
        """Bind the line's arguments.

        Raises:
            Raised: with the errors of PowerShell's own binder.
        """
        waiting = list(arguments)
        loose: list[Argument] = []
        while waiting:
            argument = waiting.pop(0)
            if not argument.name:
                loose.append(argument)
                continue
            parameter = self._named(argument.name)
            if argument.given:
                self._take(parameter, argument)
            elif parameter.switch:
                self._take(parameter, Argument(value=True))
            elif waiting and not waiting[0].name:
                self._take(parameter, waiting.pop(0))
            else:
                raise self._fault(
                    f"Missing an argument for parameter '{parameter.name}'. Specify a parameter of type "
                    "'System.String' and try again.",
                    "MissingArgument",
                )
        self._positions(loose)

    def missing(self, piped: bool) -> tuple[Parameter, ...]:
        """The required parameters without a value; with a pipe, only those it cannot supply."""
        return tuple(
            each
            for each in self.parameters
            if each.required and each.name not in self.bound and not (piped and (each.piped or each.piped_by_name))
        )

    def supply(self, parameter: Parameter, value: Value) -> None:
        """Bind a required parameter after asking for it."""
        self._take(parameter, Argument(value=value))

    def from_pipe(self, item: Value) -> Mapping[str, Value]:
        """All parameters for one object of the pipe.

        Raises:
            Raised: no parameter takes it.
        """
        found = dict(self.bound)
        for each in self.parameters:
            if each.piped_by_name and each.name not in found and isinstance(item, PSObject):
                own = operators.own_property(item, each.name.casefold())
                if own is not None and own[0] is not None:
                    found[each.name] = self._converted(each, Argument(value=own[0]))
        by_value = next((each for each in self.parameters if each.piped and each.name not in found), None)
        if by_value is not None and item is not None:
            found[by_value.name] = self._converted(by_value, Argument(value=item))
        if len(found) == len(self.bound):
            raise self._fault(
                "The input object cannot be bound to any parameters for the command either because the command does "
                "not take pipeline input or the input and its properties do not match any of the parameters that take "
                "pipeline input.",
                "InputObjectNotBound",
                target=text_of(item)[:60],
            )
        return found

    def _fault(self, message: str, identifier: str, target: str = "") -> Raised:
        named = (f"{identifier},{self.invoked}", "ParameterBindingException", target, self.invoked)
        return Raised(Fault(message, "InvalidArgument", *named, self.remote))

    def _named(self, name: str) -> Parameter:
        every, wanted = (*self.parameters, *COMMON), name.casefold()
        exact = [p for p in every if wanted in (p.name.casefold(), *(alias.casefold() for alias in p.aliases))]
        begun = exact or [p for p in every if p.name.casefold().startswith(wanted)]
        if not begun:
            raise self._fault(
                f"A parameter cannot be found that matches parameter name '{name}'.", "NamedParameterNotFound"
            )
        if len(begun) > 1 and not exact:
            matches = " ".join(f"-{each.name}" for each in begun)
            raise self._fault(
                f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches "
                f"include: {matches}.",
                "AmbiguousParameter",
            )
        return begun[0]

    def _positions(self, loose: list[Argument]) -> None:
        free = [p for p in self.parameters if p.position is not None and p.name not in self.bound]
        free.sort(key=lambda p: p.position or 0)
        for at, argument in enumerate(loose):
            if free and free[0].rest and loose[at + 1 :]:
                every = tuple(item for each in loose[at:] for item in items_of(each.value))
                self._take(free[0], Argument(value=every))
                return
            if not free:
                written = argument.written or text_of(argument.value)
                raise self._fault(
                    f"A positional parameter cannot be found that accepts argument '{written}'.",
                    "PositionalParameterNotFound",
                )
            self._take(free.pop(0), argument)

    def _take(self, parameter: Parameter, argument: Argument) -> None:
        into = self.common if parameter in COMMON else self.bound
        if parameter.name in into:
            raise self._fault(
                f"Cannot bind parameter because parameter '{parameter.name}' is specified more than once. To provide "
                "multiple values to parameters that can accept multiple values, use the array syntax. For example, "
                '"-parameter value1,value2,value3".',
                "ParameterAlreadyBound",
            )
        into[parameter.name] = self._converted(parameter, argument)

    def _converted(self, parameter: Parameter, argument: Argument) -> Value:
        if parameter.switch:
            return truth_of(argument.value)
        value = self._as_text(argument.value, argument.written) if self.remote else argument.value
        if parameter.required and (value is None or value == ""):
            what, word = ("null", "Null") if value is None else ("an empty string", "EmptyString")
            raise self._fault(
                f"Cannot bind argument to parameter '{parameter.name}' because it is {what}.",
                f"ParameterArgumentValidationError{word}NotAllowed",
            )
        if parameter.lists:
            if value is None or not parameter.values:
                return None if value is None else items_of(value)
            named = [part.strip() for item in items_of(value) for part in text_of(item).split(",")]
            return tuple(self._one_of(parameter, part) for part in named)
        if isinstance(value, tuple) and self.remote:
            if len(value) != 1:
                raise self._fault(
                    f"Cannot convert 'System.Object[]' to the type 'System.String' required by parameter "
                    f"'{parameter.name}'. Specified method is not supported.",
                    "CannotConvertArgument",
                )
            value = value[0]
        return self._one_of(parameter, value) if parameter.values else value

    def _as_text(self, value: Value, written: str) -> Value:
        """An object as its text; a number as written if that says more than its value."""
        if isinstance(value, tuple):
            return tuple(self._as_text(item, "") for item in value)
        if isinstance(value, ScriptBlock) or (isinstance(value, PSObject) and value.text):
            return value.text
        return written if written and isinstance(value, int | float) and str(value) != written else value

    def _one_of(self, parameter: Parameter, value: Value) -> Value:
        """The value in its declared casing; an unambiguous abbreviation is accepted, as for every enum."""
        if isinstance(value, int) and parameter in COMMON and 0 <= value < len(parameter.values):
            # -ErrorAction 0 is SilentlyContinue: the words are in the order of their numbers.
            return parameter.values[value]
        written = text_of(value).strip()
        exact = [each for each in parameter.values if same_text(each, written)]
        begun = [each for each in parameter.values if written and each.casefold().startswith(written.casefold())]
        if len(found := exact or begun) != 1:
            raise self._fault(
                f"Cannot process argument transformation on parameter '{parameter.name}'. Cannot convert value "
                f'"{written}" to the type of the parameter. Error: "Unable to match the identifier name {written} to a '
                "valid enumerator name. Specify one of the following enumerator names and try again: "
                f'{", ".join(parameter.values)}"',
                "ParameterArgumentTransformationError",
            )
        return found[0]


# Hints beside an error, where real PowerShell might know more

_CMDLET = re.compile(r"[A-Za-z]{2,20}-[A-Za-z0-9]{2,60}")
_PROGRAMS = words("certutil cmd icacls iisreset ipconfig net netstat notepad openssl ping sc telnet tracert whoami")


def hint(fault: Fault, commands: Mapping[str, Cmdlet | Builtin]) -> str:
    """A hint that an error may be the practice shell's own limit; empty if PowerShell would fail too."""
    if fault.exception == "CommandNotFoundException":
        name = fault.target.rpartition(":")[0]
        known = _CMDLET.fullmatch(name) or name.casefold().removesuffix(".exe") in _PROGRAMS
        # A typing slip is no command anywhere; with another verb (Set-Content, Get-Content) it is none.
        verb, verbs = name.casefold().partition("-")[0], {each.partition("-")[0] for each in commands}
        near = get_close_matches(name.casefold(), commands, n=3, cutoff=0.85)
        slip = any(verb not in verbs or each.startswith(f"{verb}-") for each in near)
        return f"The practice shell does not know {name}; on a real server it may exist." if known and not slip else ""
    if fault.identifier.startswith("PathNotFound,") and not fault.target.startswith("Cert:"):
        return f"On the practice disks there are the folders of the send logs and {HERE}, no others."
    command = commands.get(fault.invoked.casefold())
    if not fault.identifier.startswith("NamedParameterNotFound,") or command is None:
        return ""
    found = re.search(r"'([^']*)'", fault.message)
    if found and any(each.name.casefold().startswith(found[1].casefold()) for each in command.parameters):
        # Only newer versions have it: the error is PowerShell's own.
        return ""
    names = ", ".join(each.name for each in command.parameters) or "none"
    return f"The practice shell knows these parameters of {command.name}: {names}. The real one may have more."


# The run


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text printed past the pipe; `words` wraps it at blanks."""

    text: str
    words: bool = False


@dataclass(frozen=True, slots=True)
class Emitted:
    """A value at the end of the pipe, for the console to show."""

    value: Value


@dataclass(frozen=True, slots=True)
class Answered:
    """A question was answered here: everything before it was printed before."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """The screen was cleared."""


Happening = Spoken | Emitted | Fault | Answered | Cleared


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Constants while a line runs."""

    commands: Mapping[str, Cmdlet | Builtin]
    views: Views
    files: Callable[[World], Mapping[str, str]]
    passing: Callable[[World, timedelta], World]

    def find(self, name: str, world: World) -> Cmdlet | Builtin | None:
        """The command of this name or alias in the shell of a world, in any case of letters."""
        found = self.commands.get(name.casefold())
        return None if isinstance(found, Builtin) and found.newer and is_old(world) else found


@dataclass(frozen=True, slots=True)
class Kept:
    """The state a session keeps between lines. `written` are its files, `folders` the current folder of each shell."""

    world: World
    variables: Mapping[str, Value] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    clipboard: str | None = None
    entered: tuple[str, ...] = ()


def _of_the_shell(old: bool) -> dict[str, Value]:
    """What PowerShell tells of itself; the build differs from server to server and is left out."""
    major, minor = (2, 0) if old else (5, 1)
    parts: dict[str, Value] = {"Major": major, "Minor": minor, "Build": -1, "Revision": -1}
    version = PSObject("Version", parts, f"{major}.{minor}")
    table: dict[str, Value] = {"PSVersion": version} if old else {"PSVersion": version, "PSEdition": "Desktop"}
    return {
        "psversiontable": PSObject("PSVersionTable", table),
        "host": PSObject("InternalHost", {"Name": "ConsoleHost", "Version": version}),
    }


def is_old(world: World) -> bool:
    """True for PowerShell 2.0, that of Exchange 2010."""
    server = world.server(world.here)
    return server is not None and server.release == "2010"


_SUPPLY = "Supply values for the following parameters:"
_READ_ONLY = frozenset({"true", "false", "null", "error", "host", "pid", "home", "psversiontable"})


class Run:
    """A run of one line from the session's state; it leaves `kept` and `happened` behind."""

    MOST_STEPS = 100_000

    def __init__(self, kept: Kept, around: Surroundings, answers: Sequence[str] = ()) -> None:
        self.world, self.around, self.entered = kept.world, around, kept.entered
        self.written, self.folders = dict(kept.written), dict(kept.folders)
        self.variables: dict[str, Value] = {"error": (), **kept.variables, **self._given_by_server()}
        self.clipboard, self.copied = kept.clipboard, False
        self.happened: list[Happening] = []
        self.catching = 0
        self._answers = list(answers)
        self._steps = self._quiet = 0
        # The running part of the line: its first character and the one behind its last.
        self._place: tuple[int, int] | None = None

    @property
    def kept(self) -> Kept:
        """The state for the next line."""
        return Kept(self.world, self.variables, self.written, self.folders, self.clipboard, self.entered)

    def _given_by_server(self) -> dict[str, Value]:
        server = self.world.server(self.world.here)
        folder = install_path(server) if server is not None else ""
        return {
            "env:computername": self.world.here,
            "env:systemdrive": "C:",
            "env:systemroot": "C:\\Windows",
            "env:windir": "C:\\Windows",
            "env:programdata": "C:\\ProgramData",
            "env:exchangeinstallpath": folder,
            "exinstall": folder,
            "exbin": f"{folder}Bin\\",
            "exscripts": f"{folder}Scripts\\",
            "pwd": place(self.folder),
            **_of_the_shell(is_old(self.world)),
        }

    # What parsed code needs

    def step(self, work: int = 1) -> None:
        """Count work; too much of it ends the line."""
        self._steps += work
        if self._steps > self.MOST_STEPS:
            raise NotKnownError("The practice shell has given this line up: it does not come to an end.")

    def variable(self, name: str) -> Value:
        """A variable's value, `$null` if it was never set."""
        wanted = unscoped(name)
        fixed: dict[str, Value] = {"true": True, "false": False, "null": None}
        return fixed[wanted] if wanted in fixed else self.variables.get("_" if wanted == "psitem" else wanted)

    def execute_all(self, statements: tuple[Statement, ...], emit: Emit) -> None:
        """Run statements in order; an error ends only its own, as at the console."""
        for statement in statements:
            try:
                self.step()
                statement(self, emit)
            except Raised as raised:
                if raised.ends_line or self.catching:
                    raise
                self.report(raised.fault)

    def collected(self, statements: tuple[Statement, ...]) -> list[Value]:
        """The output of statements; the first error ends them."""
        found: list[Value] = []
        for statement in statements:
            self.step()
            statement(self, found.append)
        return found

    def invoke(self, block: ScriptBlock, *item: Value) -> list[Value]:
        """The output of a block with `$_` set to an item; its errors are printed."""
        found: list[Value] = []
        self._within(item, lambda: self.execute_all(block.statements, found.append))
        return found

    def attempt(self, block: ScriptBlock, item: Value) -> list[Value]:
        """The output of a block whose errors are raised."""
        found: list[Value] = []
        self._within((item,), lambda: found.extend(self.collected(block.statements)))
        return found

    def _within(self, item: tuple[Value, ...], run: Callable[[], None]) -> None:
        before = self.variables.get("_")
        if item:
            self.variables["_"] = item[0]
        try:
            run()
        except LoopEnd as end:
            if end.kind != "return":
                raise
        finally:
            self.variables["_"] = before

    def worked(self, operator: str, left: Value, right: Value) -> Value:
        """An operator's result; a long one counts as much work."""
        found = operators.binary(operator, left, right)
        self.step(len(found) // (10 if isinstance(found, tuple) else 1_000) if isinstance(found, tuple | str) else 0)
        return found

    def static(self, name: str, member: str, given: tuple[Value, ...] | None) -> Value:
        """A static member of a type, or the result of a static method."""
        if name.removeprefix("system.") == "io.file" and given:
            return self._file(member, given)
        return operators.static(name, member, given, self.world.now)

    def _file(self, member: str, given: tuple[Value, ...]) -> Value:
        """`[System.IO.File]`, which ignores the shell's folder: a relative path starts at HERE."""
        path, wanted = whole_path(text_of(given[0])), member.casefold()
        text = next((text for each, text in self.files().items() if each.casefold() == path.casefold()), None)
        if wanted == "exists":
            return text is not None
        if wanted in ("writealltext", "writeallbytes") and len(given) > 1:
            of_bytes = wanted == "writeallbytes"
            content = (
                bytes(whole(each) & 255 for each in items_of(given[1])).decode("latin-1") if of_bytes else given[1]
            )
            self.write(path, text_of(content), append=False)
            return ()
        if wanted not in ("readalltext", "readallbytes"):
            raise NotKnownError(f"The practice shell does not know [System.IO.File]::{member}.")
        if text is None:
            said = f'Exception calling "{member}" with "1" argument(s): "Could not find file \'{path}\'."'
            raise failure(said, "FileNotFoundException", "NotSpecified", "MethodInvocationException")
        return text if wanted == "readalltext" else tuple(text.encode("latin-1", "replace"))

    def assign(self, target: Node, value: Value) -> None:
        """Set a variable, or a direct part of one."""
        if target.kind == "cast" and target.of is not None:
            self.assign(target.of, operators.cast(target.name, value))
        elif target.kind == "variable":
            name = unscoped(target.name)
            if name in _READ_ONLY:
                raise failure(
                    f"Cannot overwrite variable {target.name} because it is read-only or constant.",
                    "VariableNotWritable",
                    "WriteError",
                    "SessionStateUnauthorizedAccessException",
                )
            self.variables[name] = value
        elif target.of is None or target.key is None or not isinstance(held := target.of(self), dict):
            raise NotKnownError("The practice shell sets variables and the entries of hash tables, nothing else.")
        else:
            name = text_of(target.key(self))
            own = next((each for each in held if each.casefold() == name.casefold()), name)
            self.assign(target.of, {**held, own: value})

    # What cmdlets need

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""
        self.clipboard, self.copied = text, True

    def clear(self) -> None:
        """Clear the screen."""
        self.happened.append(Cleared())

    @property
    def width(self) -> int:
        """The console's width in cells."""
        return self.world.console

    @property
    def views(self) -> Views:
        """The default views of kinds."""
        return self.around.views

    def find(self, name: str) -> Cmdlet | Builtin | None:
        """The command of this name or alias, in any case."""
        return self.around.find(name, self.world)

    def commands(self) -> list[Cmdlet | Builtin]:
        """Every command once, sorted by name."""
        every = {command.name: command for command in self.around.commands.values() if self.find(command.name)}
        return [every[name] for name in sorted(every, key=str.casefold)]

    def files(self) -> Mapping[str, str]:
        """All files of the world and of this session."""
        return {**self.around.files(self.world), **self.written}

    def write(self, path: str, text: str, append: bool) -> None:
        """Write a text to a file of this session."""
        operators.allowed(len(text))
        whole = self.whole_path(path)
        known = next((each for each in self.written if each.casefold() == whole.casefold()), whole)
        self.written[known] = (self.written.get(known, "") if append else "") + text

    @property
    def folder(self) -> str:
        """The current folder, one for each server."""
        return self.folders.get(self.world.here, HERE)

    @folder.setter
    def folder(self, path: str) -> None:
        self.folders[self.world.here] = path
        self.variables["pwd"] = place(path)

    def whole_path(self, path: str) -> str:
        """A path resolved from the current folder."""
        return whole_path(path, self.folder)

    def pass_time(self, by: timedelta) -> None:
        """Let simulated time pass; it also counts as work, so that a waiting loop ends."""
        self.step(int(by.total_seconds()) // 60)
        self.world = self.around.passing(self.world, by)

    def say(self, text: str, words: bool = False) -> None:
        """Print a text at once, past the pipe."""
        self.happened.append(Spoken(text, words))

    def warn(self, text: str) -> None:
        """Print a warning."""
        self.say(f"WARNING: {text}", words=True)

    def report(self, fault: Fault) -> None:
        """Print an error and remember it in `$Error`; very many end the line."""
        self.step(100)
        fault = self._placed(fault)
        self.variables["error"] = (fault.as_object(), *listed(self.variables.get("error")))[:50]
        if not self._quiet:
            self.happened.append(fault)
            if also := hint(fault, self.around.commands):
                self.say(also, words=True)

    def _placed(self, fault: Fault) -> Fault:
        """The fault placed at the running part of the line, unless it has its own place."""
        return fault if fault.remote or fault.place else replace(fault, place=self._place)

    def ask(self, label: str, question: Confirmation | None = None) -> str:
        """Ask for a line of text, or for the answer to a question."""
        if not self._answers:
            raise WaitingError(question, label)
        self.happened.append(Answered())
        return self._answers.pop(0)

    # Pipes

    def pipeline(self, pipeline: Pipeline, emit: Emit) -> None:
        """Run a pipeline, each part whole before the next."""
        flowing: list[Value] | None = None
        for element in pipeline.elements:
            if isinstance(element, Expression):
                self._place = (element.start, element.end)
                try:
                    flowing = self._redirected(list(items_of(element.node(self))), element.redirections)
                except Raised as raised:
                    raised.fault = self._placed(raised.fault)
                    raise
            else:
                flowing = self._quietly(element, flowing)
        for value in flowing or ():
            if value is not None or len(pipeline.elements) > 1:
                emit(value)

    def _quietly(self, command: CommandNode, flowing: list[Value] | None) -> list[Value]:
        """Run a command without printing redirected errors."""
        quiet = any(each.stream in "2*" and each.target is not None for each in command.redirections)
        self._quiet += quiet
        try:
            return self._redirected(self._command(command, flowing), command.redirections)
        except Raised as raised:
            if not quiet or raised.ends_line or self.catching:
                raise
            self.report(raised.fault)
            return []
        finally:
            self._quiet -= quiet

    def _redirected(self, values: list[Value], redirections: Sequence[Redirection]) -> list[Value]:
        for each in redirections:
            if each.stream in "1*" and each.target is not None:
                target = each.target(self)
                if target is not None:
                    self.write(text_of(target), text_lines(values, self.views, self.width), each.append)
                values = []
        return values

    def _command(self, command: CommandNode, flowing: list[Value] | None) -> list[Value]:
        self.step()
        named = command.name(self)
        if isinstance(named, ScriptBlock):
            return self._block(named)
        name = text_of(named)
        place = self._place = (command.start, command.end)
        found = self.find(name)
        if found is None:
            raise Raised(unknown_command(name, (command.start, command.name_end)))
        arguments: list[Argument] = []
        if any(isinstance(each, NamedArgument) and each.name == "?" for each in command.arguments):
            # `Get-Queue -?`
            found, arguments, flowing = self.find("Get-Help") or found, [Argument(value=found.name)], None
        try:
            return self._called(found, arguments or self._arguments(command), flowing)
        except Raised as raised:
            self._place = place
            raised.fault = self._placed(raised.fault)
            raise

    def _block(self, block: ScriptBlock) -> list[Value]:
        """`&{...}`: its own scope, whose variables vanish."""
        before = dict(self.variables)
        try:
            return self.invoke(block)
        finally:
            errors = self.variables.get("error")
            self.variables.clear()
            self.variables.update(before, error=errors)

    def _arguments(self, command: CommandNode) -> list[Argument]:
        arguments: list[Argument] = []
        for each in command.arguments:
            if isinstance(each, NamedArgument):
                value = each.value(self) if each.value is not None else None
                arguments.append(Argument(each.name, value, each.value is not None))
            else:
                arguments.append(Argument(value=each(self), written=each.written))
        return arguments

    def _called(self, command: Cmdlet | Builtin, arguments: list[Argument], flowing: list[Value] | None) -> list[Value]:
        absent = command.newer_parameters if isinstance(command, Builtin) and is_old(self.world) else frozenset()
        known = [each for each in parameters_of(command) if each.name not in absent]
        binder = Binder(command.name, known, isinstance(command, Cmdlet))
        binder.bind(arguments)
        for parameter in binder.missing(flowing is not None):
            self._supply(command.name, binder, parameter)
        streams = _Streams(self, binder.common)
        if isinstance(command, Builtin):
            piped = None if flowing is None else tuple(flowing)
            call = Invocation(self, binder.bound, piped, command.name, streams.failed)
            return list(command.run(call))
        given: list[Value] = []
        for each in [None] if flowing is None else [(item,) for item in flowing]:
            try:
                bound = binder.bound if each is None else binder.from_pipe(*each)
            except Raised as raised:
                streams.failed(raised.fault)
                continue
            given += self._driven(command, Call(self.world, bound, each or (), command.name), streams)
        return given

    def _supply(self, name: str, binder: Binder, parameter: Parameter) -> None:
        """Ask for a required parameter."""
        if not any(isinstance(each, Spoken) and each.text.endswith(_SUPPLY) for each in self.happened):
            self.say(f"\ncmdlet {name} at command pipeline position 1\n{_SUPPLY}")
        if not parameter.lists:
            binder.supply(parameter, self.ask(f"{parameter.name}: "))
            return
        entries: list[Value] = []
        while entry := self.ask(f"{parameter.name}[{len(entries)}]: "):
            entries.append(entry)
        binder.supply(parameter, tuple(entries) or "")

    def _driven(self, cmdlet: Cmdlet, call: Call, streams: _Streams) -> list[Value]:
        """Run an Exchange cmdlet's generator to its end."""
        given: list[Value] = []
        steps = cmdlet.run(call)
        answer: str | None = None
        while True:
            try:
                output = steps.send(answer)
            except StopIteration:
                return given
            except CmdletRefusal as refused:
                output = refused.failed
            answer = None
            if isinstance(output, World):
                self.world = output
            elif isinstance(output, Warned):
                streams.warned(output.text)
            elif isinstance(output, Said):
                self.say(output.text, words=True)
            elif isinstance(output, Failed):
                identifier = output.identifier or cmdlet.name
                name = output.identifier.rpartition(",")[0] or output.identifier
                exception = name if name.endswith("Exception") else ""
                fault = Fault(output.text, output.category, identifier, exception, "", cmdlet.name, remote=True)
                streams.failed(fault)
            elif isinstance(output, Confirmation):
                answer = streams.to_all or self.ask("", output)
                streams.to_all = answer if answer in ("A", "L") else ""
            else:
                given += items_of(output)


class _Streams:
    """The errors, warnings and output of one call, handled by its common parameters."""

    def __init__(self, run: Run, common: Mapping[str, Value]) -> None:
        self._run, self._common = run, common
        # The answer to all further questions of this call, empty for none.
        self.to_all = ""

    def _action(self, parameter: str, preference: str) -> str:
        return text_of(self._common.get(parameter) or self._run.variables.get(preference)).casefold()

    def failed(self, fault: Fault) -> None:
        """Take an error as -ErrorAction says.

        Raises:
            Raised: the action is Stop.
        """
        action = self._action("ErrorAction", "erroractionpreference")
        if action == "stop":
            raise Raised(fault, ends_line=True)
        if action not in ("silentlycontinue", "ignore"):
            self._run.report(fault)

    def warned(self, text: str) -> None:
        """Take a warning as -WarningAction says."""
        if self._action("WarningAction", "warningpreference") not in ("silentlycontinue", "ignore"):
            self._run.warn(text)
