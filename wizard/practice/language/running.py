"""Runs pipes: finds commands, binds their arguments, and hands objects on from one to the next.

A question stops the run: `WaitingError` goes up to the session, which runs the whole line again with the answer. The
world is frozen and a run works on copies of what the session keeps, so the second run comes to the same place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from wizard.practice.cmdlet import Call, Cmdlet, Failed, Question, Said, Warned
from wizard.practice.formatting.default import Views, text_lines
from wizard.practice.language.binding import CHANGING, Argument, Binder, Bound
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.common import Common
from wizard.practice.language.faults import Fault, Raised, exception_of, unknown_command
from wizard.practice.language.happening import (
    Answered,
    Cleared,
    Happening,
    Spoken,
    Surroundings,
    WaitingError,
)
from wizard.practice.language.hints import hint
from wizard.practice.language.location import HERE, place, whole_path
from wizard.practice.language.regular import begin_line
from wizard.practice.language.server import given_by_server, is_old
from wizard.practice.language.statements import Emit, Statements
from wizard.practice.language.texts import items_of, text_of
from wizard.practice.language.tree import Command, Expression, Given, Pipeline, Redirection, ScriptBlock, Splat
from wizard.practice.values import Value
from wizard.practice.world import World


class Run(Statements):
    """A run of one line. It leaves behind: `world`, `variables`, `clipboard`, `written`, `folders` and `happened`."""

    def __init__(
        self,
        world: World,
        around: Surroundings,
        variables: Mapping[str, Value],
        written: Mapping[str, str],
        answers: Sequence[str] = (),
        entered: tuple[str, ...] = (),
        clipboard: str | None = None,
        folders: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        given = given_by_server(world, folders.get(world.here, HERE))
        super().__init__({"error": (), **variables, **given}, world.now)
        begin_line()
        self.world = world
        self.around = around
        self._clipboard = clipboard
        self.copied = False
        self.written = dict(written)
        self.folders = dict(folders)
        self.happened: list[Happening] = []
        self.entered = entered
        self._answers = list(answers)
        self._quiet = 0
        # Which part of the line is run now: its first character and the one behind its last.
        self._place: tuple[int, int] | None = None

    @property
    def clipboard(self) -> str | None:
        """What is on the clipboard; `copied` says that this run put it there."""
        return self._clipboard

    @clipboard.setter
    def clipboard(self, text: str) -> None:
        self._clipboard = text
        self.copied = True

    @property
    def width(self) -> int:
        """The console's width in cells."""
        return self.world.console

    @property
    def views(self) -> Views:
        """How kinds are shown by default."""
        return self.around.views

    @property
    def commands(self) -> tuple[Cmdlet | Builtin, ...]:
        """Every command that there is, each once."""
        every = {command.name: command for command in self.around.commands.values()}
        return tuple(command for command in every.values() if self.find(command.name) is not None)

    def find(self, name: str) -> Cmdlet | Builtin | None:
        """The command of this name or alias, in any case of letters."""
        found = self.around.commands.get(name.casefold())
        return None if isinstance(found, Builtin) and found.newer and is_old(self.world) else found

    def files(self) -> Mapping[str, str]:
        """Every file there is: those of the world and those that were written in this session."""
        return {**self.around.files(self.world), **self.written}

    def pass_time(self, by: timedelta) -> None:
        """Let simulated time pass; it is work as well, so that a loop of waiting comes to an end."""
        self.step(int(by.total_seconds()) // 60)
        self.world = self.around.passing(self.world, by)
        self.now = self.world.now

    def say(self, text: str, words: bool = False) -> None:
        """Print a text at once, past the pipe."""
        self.happened.append(Spoken(text, words))

    def report(self, fault: Fault) -> None:
        """Print an error and remember it in `$Error`; a line with very many is given up."""
        self.step(100)
        fault = self._placed(fault)
        before = self.variables.get("error")
        self.variables["error"] = (fault.as_object(), *(items_of(before) if before is not None else ()))[:50]
        if not self._quiet:
            self.happened.append(fault)
            if also := hint(fault, self.around.commands):
                self.say(also, words=True)

    def _placed(self, fault: Fault) -> Fault:
        """The fault with the part of the line that is run now, where it does not name its own place."""
        return fault if fault.remote or fault.place else replace(fault, place=self._place)

    def ask(self, label: str) -> str:
        """Ask for a line of text."""
        return self._answer(None, label)

    def _answer(self, question: Question | None, label: str = "") -> str:
        if not self._answers:
            raise WaitingError(question, label)
        self.happened.append(Answered())
        return self._answers.pop(0)

    def pipeline(self, pipeline: Pipeline, emit: Emit) -> None:
        """Run a pipeline, each part whole before the next."""
        flowing: list[Value] | None = None
        for element in pipeline.elements:
            if isinstance(element, Expression):
                value = self._evaluated(element)
                flowing = list(value) if isinstance(value, tuple) else [value]
                flowing = self._redirected(flowing, element.redirections)
            else:
                flowing = self._quietly(element, flowing)
        for value in flowing or ():
            if value is not None or len(pipeline.elements) > 1:
                emit(value)

    def _evaluated(self, element: Expression) -> Value:
        self._place = (element.start, element.end)
        try:
            return self.value(element.node)
        except Raised as raised:
            raised.fault = self._placed(raised.fault)
            raise

    def _quietly(self, command: Command, flowing: list[Value] | None) -> list[Value]:
        """Run a command, its errors not printed where they are sent elsewhere."""
        quiet = any(each.stream in "2*" and each.target is not None for each in command.redirections)
        self._quiet += quiet
        try:
            return self._redirected(self._command(command, flowing), command.redirections)
        except Raised as raised:
            if not quiet or raised.ends_line or self._catching:
                raise
            self.report(raised.fault)
            return []
        finally:
            self._quiet -= quiet

    def _redirected(self, values: list[Value], redirections: Sequence[Redirection]) -> list[Value]:
        for each in redirections:
            if each.stream in "1*" and each.target is not None:
                target = self.value(each.target)
                if target is not None:
                    self.write(text_of(target), text_lines(values, self.views, self.width), each.append)
                values = []
        return values

    def write(self, path: str, text: str, append: bool) -> None:
        """Put a text into a file of this session."""
        whole = self.whole_path(path)
        known = next((each for each in self.written if each.casefold() == whole.casefold()), whole)
        self.written[known] = (self.written.get(known, "") if append else "") + text

    def clear(self) -> None:
        """Clear the screen."""
        self.happened.append(Cleared())

    @property
    def folder(self) -> str:
        """The folder in which the shell stands, on each server in one of its own."""
        return self.folders.get(self.world.here, HERE)

    @folder.setter
    def folder(self, path: str) -> None:
        self.folders[self.world.here] = path
        self.variables["pwd"] = place(path)

    def whole_path(self, path: str) -> str:
        """A path from the root: what is relative is meant from the shell's folder."""
        return whole_path(path, self.folder)

    def _command(self, command: Command, flowing: list[Value] | None) -> list[Value]:
        self.step()
        named = self.value(command.name)
        if isinstance(named, ScriptBlock):
            return self._block(named, flowing)
        name = text_of(named)
        place = self._place = (command.start, command.end)
        found = self.find(name)
        if found is None:
            raise Raised(unknown_command(name, (command.start, command.name_end)))
        if any(isinstance(each, Given) and each.name == "?" for each in command.arguments):
            return self._help(name)
        try:
            if isinstance(found, Builtin):
                return self._builtin(found, command, flowing)
            return self._cmdlet(found, command, flowing)
        except Raised as raised:
            self._place = place
            raised.fault = self._placed(raised.fault)
            raise

    def _help(self, name: str) -> list[Value]:
        """`Get-Queue -?`."""
        found = self.find("Get-Help")
        if not isinstance(found, Builtin):
            return []
        return list(found.run(Invocation(self, {"Name": name}, None, found.name, self.report)))

    def _block(self, block: ScriptBlock, flowing: list[Value] | None) -> list[Value]:
        """`&{...}`: a scope of its own, whose variables are gone afterwards."""
        before = dict(self.variables)
        self.variables["input"] = tuple(flowing or ())
        try:
            return self.invoke(block)
        finally:
            errors = self.variables.get("error")
            self.variables.clear()
            self.variables.update(before, error=errors)

    def _bound(self, command: Command, binder: Binder, piped: bool) -> Bound:
        bound = binder.bind(self._arguments(command))
        for parameter in binder.missing(piped):
            if not any(isinstance(each, Spoken) and each.text.endswith(_SUPPLY) for each in self.happened):
                self.say(f"\ncmdlet {text_of(self.value(command.name))} at command pipeline position 1\n{_SUPPLY}")
            if parameter.lists:
                entries: list[Value] = []
                while entry := self.ask(f"{parameter.name}[{len(entries)}]: "):
                    entries.append(entry)
                binder.supply(parameter, tuple(entries) or "")
            else:
                binder.supply(parameter, self.ask(f"{parameter.name}: "))
        return bound

    def _arguments(self, command: Command) -> list[Argument]:
        arguments: list[Argument] = []
        for each in command.arguments:
            if isinstance(each, Given):
                value = self.value(each.value) if each.value is not None else None
                arguments.append(Argument(each.name, value, each.value is not None))
            elif isinstance(each, Splat):
                value = self.value(each)
                if isinstance(value, dict):
                    arguments += [Argument(name, item) for name, item in value.items()]
                else:
                    arguments += [Argument(value=item) for item in items_of(value)]
            else:
                arguments.append(Argument(value=self.value(each), written=getattr(each, "written", "")))
        return arguments

    def _builtin(self, builtin: Builtin, command: Command, flowing: list[Value] | None) -> list[Value]:
        absent = builtin.newer_parameters if is_old(self.world) else frozenset()
        known = [each for each in builtin.parameters if each.name not in absent]
        binder = Binder(builtin.name, known, remote=False)
        bound = self._bound(command, binder, flowing is not None)
        piped = tuple(flowing) if flowing is not None else None
        common = Common(self, bound.common)
        call = Invocation(self, bound.parameters, piped, builtin.name, common.failed)
        return common.keep(list(builtin.run(call)))

    def _cmdlet(self, cmdlet: Cmdlet, command: Command, flowing: list[Value] | None) -> list[Value]:
        named = {parameter.name for parameter in cmdlet.parameters}
        more = tuple(each for each in CHANGING if each.name not in named) if cmdlet.changes else ()
        binder = Binder(cmdlet.name, (*cmdlet.parameters, *more), remote=True)
        bound = self._bound(command, binder, flowing is not None)
        common = Common(self, bound.common)
        if flowing is None:
            return common.keep(self._called(cmdlet, Call(self.world, bound.parameters, (), cmdlet.name), common))
        given: list[Value] = []
        for item in flowing:
            try:
                parameters = binder.from_pipe(item)
            except Raised as raised:
                common.failed(raised.fault)
                continue
            given += self._called(cmdlet, Call(self.world, parameters, (item,), cmdlet.name), common)
        return common.keep(given)

    def _called(self, cmdlet: Cmdlet, call: Call, common: Common) -> list[Value]:
        """Run a cmdlet's generator to its end."""
        given: list[Value] = []
        run = cmdlet.run(call)
        answer: str | None = None
        while True:
            try:
                output = run.send(answer)
            except StopIteration:
                return given
            answer = None
            if isinstance(output, World):
                self.world = output
            elif isinstance(output, Warned):
                common.warned(output.text)
            elif isinstance(output, Said):
                self.say(output.text, words=True)
            elif isinstance(output, Failed):
                common.failed(
                    Fault(
                        output.text,
                        output.category,
                        output.identifier or cmdlet.name,
                        exception_of(output.identifier),
                        "",
                        cmdlet.name,
                        remote=True,
                    )
                )
            elif isinstance(output, Question):
                answer = common.to_all or self._answer(output)
                if answer in ("A", "L"):
                    common.to_all = answer
            else:
                given += items_of(output)


_SUPPLY = "Supply values for the following parameters:"
