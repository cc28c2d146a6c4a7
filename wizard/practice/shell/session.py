"""A session at the practice console: takes lines, and returns the console's output.

It keeps the world, the variables and the waiting question, prints the results of a run, and completes lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from wizard.practice.exchange import certificates, others, transport
from wizard.practice.mail import log_files, pass_time, seen_as
from wizard.practice.shell import files as file_cmdlets
from wizard.practice.shell import objects, talk
from wizard.practice.shell.parser import Statement, parse
from wizard.practice.shell.run import (
    COMMON,
    Answered,
    Builtin,
    Cleared,
    Emitted,
    Happening,
    Kept,
    Run,
    Spoken,
    Surroundings,
    parameters_of,
    place,
)
from wizard.practice.shell.show import Views, broken, by_kind, default_lines, error_lines, parse_error_lines, trimmed
from wizard.practice.shell.values import (
    HERE,
    Cmdlet,
    Confirmation,
    ExitError,
    Fault,
    IncompleteError,
    LoopEnd,
    NotKnownError,
    Parameter,
    ParseError,
    Raised,
    Value,
    View,
    WaitingError,
)
from wizard.practice.world import World

PROMPT = f"[PS] {HERE}>"
"""The prompt of a newly opened shell."""

A_LINE_TAKES = timedelta(seconds=15)
"""Simulated time for each line entered."""

FAILED = "The practice shell itself failed at this line"
"""The message for a fault of the program; the line then had no effect."""

LONGEST_INPUT = 100_000
"""The longest command accepted; a longer one is a pasted log."""

MOST_ENTERED = 4_096
"""The most commands Get-History knows, as in PowerShell ($MaximumHistoryCount, about_History)."""

CMDLETS: tuple[Cmdlet, ...] = (*certificates.CMDLETS, *transport.CMDLETS, *others.CMDLETS)
"""The cmdlets of Exchange and of Windows in the practice shell, beside PowerShell's own."""

VIEWS: tuple[View, ...] = (*certificates.VIEWS, *transport.VIEWS, *others.VIEWS)
"""The default views of the objects these cmdlets return."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The result of one line of input. `text` is the console's output, wrapped to the width, without a last line end.

    `prompt` is the next one: the shell's own, `>> ` in the middle of a command, or the last line of a question.
    `clipboard` is text that a command copied, None for none. `asking` says that a question waits, so an empty line is
    an answer; `cleared`, that the screen was cleared before `text`.
    """

    text: str
    prompt: str
    clipboard: str | None = None
    asking: bool = False
    cleared: bool = False


def opened(world: World, columns: int = 80) -> PracticeShell:
    """A console on the server `world.here`, in a window of `columns` cells."""
    return PracticeShell(world, CMDLETS, VIEWS, files, columns, pass_time)


def files(world: World) -> Mapping[str, str]:
    """The text of each file on the disks, by its path as the shell sees it."""
    there: dict[str, str] = {}
    for file in log_files(world):
        server = world.server(file.server)
        if server is not None:
            there.update(dict.fromkeys(seen_as(world, server, file.path), file.text))
    return there


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A command that waits for an answer: its text, the answers so far, and the run up to the question."""

    source: str
    statements: tuple[Statement, ...]
    answers: tuple[str, ...]
    question: Confirmation | None
    label: str
    run: Run


class PracticeShell:
    r"""The Exchange Management Shell over a world. Never raises on any input.

    `files` returns the text of each file on the disks by its whole Windows path (`C:\...` of the shell's server,
    `\\EX2\D$\...` of another). `passing` advances the world's clock and does what is due by then.
    """

    def __init__(
        self,
        world: World,
        cmdlets: Sequence[Cmdlet],
        views: Sequence[View],
        files: Callable[[World], Mapping[str, str]],
        columns: int,
        passing: Callable[[World, timedelta], World],
    ) -> None:
        own_views = (*objects.VIEWS, *file_cmdlets.VIEWS)
        self._around = Surroundings(_by_name(cmdlets), by_kind((*own_views, *views)), files, passing)
        self._kept = Kept(replace(world, console=max(columns, 1)))
        self._begun = ""
        self._waiting: _Waiting | None = None

    @property
    def world(self) -> World:
        """The present organisation."""
        return self._kept.world

    @property
    def prompt(self) -> str:
        """The prompt of the next input."""
        if self._waiting is None:
            return ">> " if self._begun else f"[PS] {place(self._kept.folders.get(self.world.here, HERE)).text}>"
        question = self._waiting.question
        return self._waiting.label if question is None else _choice_lines(question, self._width)[-1]

    def enter(self, line: str) -> Printed:
        """Take one line of input, without its line end; a pasted text is given line by line."""
        if self._waiting is not None:
            return self._answer(self._waiting, line)
        self._pass(A_LINE_TAKES)
        source, self._begun = f"{self._begun}{line}", ""
        if len(source) > LONGEST_INPUT:
            return self._printed(broken("The practice shell takes no command as long as this.", self._width))
        try:
            statements = parse(source)
        except IncompleteError:
            self._begun = f"{source}\n"
            return self._printed([])
        except ParseError as error:
            return self._printed(parse_error_lines(error, source, self._width))
        except NotKnownError as unknown:
            return self._printed(trimmed(str(unknown), self._width))
        if statements:
            self._kept = replace(self._kept, entered=(*self._kept.entered, source)[-MOST_ENTERED:])
        return self._run(source, statements, ())

    def interrupt(self) -> Printed:
        """Ctrl+C: drop the question or the unfinished command; finished effects stay."""
        waiting, self._waiting = self._waiting, None
        self._begun = ""
        if waiting is not None:
            self._keep(waiting.run)
        return self._printed([])

    def resize(self, columns: int) -> None:
        """Set the window's width, in cells."""
        self._kept = replace(self._kept, world=replace(self.world, console=max(columns, 1)))

    def complete(self, line: str) -> tuple[str, ...]:
        """The lines Tab offers in turn; none while a question waits."""
        if self._waiting:
            return ()
        found = _completions(line, self._around.commands)
        named = _WORDS.findall(re.split(r"[|;{(]", line)[-1])
        if found or len(named) + line.endswith(" ") < 2 or line.endswith(" "):
            return found
        files = {**self._around.files(self.world), **self._kept.written}
        folder = self._kept.folders.get(self.world.here, HERE)
        return file_cmdlets.paths_for(line, files, self.world, folder)

    @property
    def _width(self) -> int:
        return self.world.console

    def _pass(self, time: timedelta) -> None:
        self._kept = replace(self._kept, world=self._around.passing(self.world, time))

    def _answer(self, waiting: _Waiting, line: str) -> Printed:
        """Take a line while a question waits; if it is no answer, the question stays."""
        answer: str | None = line
        if waiting.question is not None:
            again = _choice_lines(waiting.question, self._width)[:-1]
            if line.strip() == "?":
                return self._printed([*_help_lines(self._width), *again])
            answer = _chosen(waiting.question, line)
            if answer is None:
                return self._printed(again)
        self._waiting = None
        found = self._run(waiting.source, waiting.statements, (*waiting.answers, answer or ""))
        if self._waiting is None:
            # The clock stood still while the question waited, so the run reached it again.
            self._pass(A_LINE_TAKES * (len(waiting.answers) + 1))
        return found

    def _run(self, source: str, statements: tuple[Statement, ...], answers: tuple[str, ...]) -> Printed:
        """Run a command from its beginning with the answers so far."""
        try:
            return self._run_whole(source, statements, answers)
        except Exception as failed:  # noqa: BLE001 - said on the screen: a fault of ours must not end the session
            self._waiting = None
            said = f"{FAILED} ({type(failed).__name__}: {failed}). Nothing was changed."
            return self._printed(trimmed(said, self._width))

    def _run_whole(self, source: str, statements: tuple[Statement, ...], answers: tuple[str, ...]) -> Printed:
        run = Run(replace(self._kept, entered=self._kept.entered[:-1]), self._around, answers)
        try:
            run.execute_all(statements, lambda value: run.happened.append(Emitted(value)))
        except WaitingError as asked:
            self._waiting = _Waiting(source, statements, answers, asked.question, asked.label, run)
        except Raised as raised:
            run.report(raised.fault)
        except NotKnownError as unknown:
            run.say(str(unknown), words=True)
        except RecursionError:
            run.say("The practice shell cannot work out a line as deep as this.", words=True)
        except ExitError:
            if run.world.home:
                run.world = run.world.back()
            else:
                run.say("The practice shell stays open.", words=True)
        except LoopEnd:
            # `break` outside a loop silently ends the line.
            pass
        happened = _since(run.happened, Answered)
        cleared, since = any(isinstance(each, Cleared) for each in happened), _since(happened, Cleared)
        lines = _lines(since, source, self._around.views, self._width)
        if self._waiting is not None:
            question = self._waiting.question
            lines += _question_lines(question, self._width)[:-1] if question is not None else []
            return self._printed(lines, cleared=cleared)
        self._keep(run)
        return self._printed(lines, run.clipboard if run.copied else None, cleared)

    def _keep(self, run: Run) -> None:
        """Keep the results of a run."""
        world = replace(run.world, console=self._width)
        self._kept = replace(run.kept, world=world, entered=self._kept.entered)

    def _printed(self, lines: list[str], clipboard: str | None = None, cleared: bool = False) -> Printed:
        # Halves of characters are left out: they cannot be printed.
        text = "\n".join(lines).encode("utf-8", "replace").decode("utf-8")
        return Printed(text, self.prompt, clipboard, self._waiting is not None, cleared)


def _by_name(cmdlets: Sequence[Cmdlet]) -> dict[str, Cmdlet | Builtin]:
    """Every command by its name and aliases, in lower case; Exchange's own before PowerShell's."""
    every: tuple[Cmdlet | Builtin, ...] = (*objects.BUILTINS, *file_cmdlets.BUILTINS, *talk.BUILTINS, *cmdlets)
    return {name.casefold(): command for command in every for name in (command.name, *command.aliases)}


# Printing


def _since(happened: Sequence[Happening], kind: type[Answered] | type[Cleared]) -> Sequence[Happening]:
    """The happenings after the last of a kind; all without one."""
    return happened[max((at + 1 for at, each in enumerate(happened) if isinstance(each, kind)), default=0) :]


def _lines(happened: Sequence[Happening], source: str, views: Views, width: int) -> list[str]:
    """The console's lines for what happened."""
    lines: list[str] = []
    values: list[Value] = []
    for each in happened:
        if isinstance(each, Emitted):
            values.append(each.value)
            continue
        lines += default_lines(values, views, width)
        values = []
        if isinstance(each, Spoken):
            lines += trimmed(each.text, width) if each.words else broken(each.text, width)
        elif isinstance(each, Fault):
            lines += error_lines(each, source, width)
    return lines + default_lines(values, views, width)


_CHOICES = {
    "Y": ("Yes", "Continue with only the next step of the operation."),
    "A": ("Yes to All", "Continue with all the steps of the operation."),
    "N": ("No", "Skip this operation and proceed with the next operation."),
    "L": ("No to All", "Skip this operation and all subsequent operations."),
}


def _question_lines(question: Confirmation, width: int) -> list[str]:
    """The question as printed by the console; its last line takes the answer."""
    lines = ["", *trimmed(question.caption, width)]
    lines += [line for part in question.message.split("\n") for line in trimmed(part, width)]
    return [*lines, *_choice_lines(question, width)]


def _choice_lines(question: Confirmation, width: int) -> list[str]:
    """The choices, which may wrap in a narrow console."""
    choices = "  ".join(f"[{letter}] {name}" for letter, (name, _) in _CHOICES.items())
    lines = trimmed(f'{choices}  [?] Help (default is "{question.default}"):', width)
    return [*lines[:-1], f"{lines[-1]} "]


def _help_lines(width: int) -> list[str]:
    """The output of `?`."""
    return [line for letter, (_, text) in _CHOICES.items() for line in trimmed(f"{letter} - {text}", width)]


def _chosen(question: Confirmation, line: str) -> str | None:
    """The choice an answer selects: a letter, a choice's whole name, or nothing for the default; None for others."""
    answer = line.strip().casefold()
    known = {word.casefold(): letter for letter, (name, _) in _CHOICES.items() for word in (letter, name)}
    return known.get(answer) if answer else question.default


# Completing

_LAST = re.compile(r"[^\s|;{(]*$")
_WORDS = re.compile(r"'[^']*'?|\"[^\"]*\"?|[^\s]+")


def _completions(line: str, commands: Mapping[str, Cmdlet | Builtin]) -> tuple[str, ...]:
    """Tab's offers: names of cmdlets, of parameters, and values of a parameter."""
    found = _LAST.search(line)
    word = found[0] if found else ""
    before = line[: len(line) - len(word)]
    words = _WORDS.findall(re.split(r"[|;{(]", before)[-1])
    if not words:
        names = sorted({each.name for each in commands.values()}, key=str.casefold)
        return tuple(before + name for name in names if word and _begins(name, word))
    command = commands.get(words[0].casefold())
    parameters = (*parameters_of(command), *COMMON) if command else ()
    if word.startswith("-"):
        return tuple(f"{before}-{each.name}" for each in parameters if _begins(each.name, word[1:]))
    parameter = _named(parameters, words[-1][1:]) if words[-1].startswith("-") else None
    done, comma, begun = word.rpartition(",")
    values = parameter.values if parameter else ()
    return tuple(f"{before}{done}{comma}{value}" for value in values if _begins(value, begun))


def _named(parameters: Sequence[Parameter], name: str) -> Parameter | None:
    found = [each for each in parameters if name and _begins(each.name, name)]
    exact = [each for each in found if each.name.casefold() == name.casefold()]
    return next(iter(exact or found), None)


def _begins(name: str, begun: str) -> bool:
    return name.casefold().startswith(begun.casefold())
