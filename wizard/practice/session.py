"""A session at the practice console: it keeps the world, the variables and the question that waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from wizard.practice.cmdlet import Cmdlet, Question
from wizard.practice.completing import completions
from wizard.practice.formatting.default import by_kind
from wizard.practice.formatting.errors import parse_error_lines
from wizard.practice.formatting.width import broken, wrapped
from wizard.practice.general import BUILTINS, GENERAL_VIEWS
from wizard.practice.language.builtin import Builtin
from wizard.practice.language.faults import ExitError, IncompleteError, LoopEnd, NotKnownError, ParseError, Raised
from wizard.practice.language.happening import Emitted, Spoken, Surroundings, WaitingError
from wizard.practice.language.location import HERE, place
from wizard.practice.language.parser import parse
from wizard.practice.language.running import Run
from wizard.practice.language.tree import Statement
from wizard.practice.printing import choice_lines, chosen, help_lines, printed, question_lines, was_cleared
from wizard.practice.shell import Printed
from wizard.practice.values import Value
from wizard.practice.views import Column, View
from wizard.practice.world import World

__all__ = ["Column", "Shell", "View"]

PROMPT = f"[PS] {HERE}>"
"""What stands before the input of a shell that was opened just now."""
CONTINUED = ">> "
A_LINE_TAKES = timedelta(seconds=15)
"""How much simulated time passes with each line that is entered."""

FAILED = "The practice shell itself failed at this line"
"""How a fault of the program is told; the line then has done nothing."""

LONGEST_INPUT = 100_000
"""More characters in one command are not taken: it is a log that was pasted, and no command."""

MOST_ENTERED = 4_096
"""Commands that Get-History knows; as many as PowerShell keeps ($MaximumHistoryCount, about_History)."""


def _clock_only(world: World, by: timedelta) -> World:
    return replace(world, now=world.now + by)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A command that waits for an answer: what was entered, the answers so far, and the run as far as it came."""

    source: str
    statements: tuple[Statement, ...]
    answers: tuple[str, ...]
    question: Question | None
    label: str
    run: Run


class Shell:
    r"""The Exchange Management Shell over a world: implements `shell.Console`.

    `files` gives what stands on the disks of the world, whole Windows path (`C:\...` of the server the shell
    runs on, `\\EX2\D$\...` of another) to text. `passing` moves the world's clock and does what is due by then.
    """

    def __init__(
        self,
        world: World,
        cmdlets: Sequence[Cmdlet],
        views: Sequence[View],
        files: Callable[[World], Mapping[str, str]],
        columns: int = 80,
        passing: Callable[[World, timedelta], World] = _clock_only,
    ) -> None:
        self._world = replace(world, console=max(columns, 1))
        self._around = Surroundings(_by_name(cmdlets), by_kind((*GENERAL_VIEWS, *views)), files, passing)
        self._variables: dict[str, Value] = {}
        self._written: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        self._clipboard: str | None = None
        self._entered: tuple[str, ...] = ()
        self._begun = ""
        self._waiting: _Waiting | None = None

    @property
    def world(self) -> World:
        """The organisation as it stands."""
        return self._world

    @property
    def prompt(self) -> str:
        """What stands where the next input comes."""
        if self._waiting is None:
            return CONTINUED if self._begun else f"[PS] {place(self._folders.get(self._world.here, HERE)).text}>"
        if self._waiting.question is None:
            return self._waiting.label
        return choice_lines(self._waiting.question, self._world.console)[-1]

    def enter(self, line: str) -> Printed:
        """Take one line of input, without its line end."""
        if self._waiting is not None:
            return self._answer(self._waiting, line)
        self._world = self._around.passing(self._world, A_LINE_TAKES)
        source = f"{self._begun}{line}"
        self._begun = ""
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
            return self._printed(wrapped(str(unknown), self._width))
        if statements:
            self._entered = (*self._entered, source)[-MOST_ENTERED:]
        return self._run(source, statements, ())

    def interrupt(self) -> Printed:
        """Ctrl+C: give up the question or the unfinished command; what was done before it stays done."""
        waiting, self._waiting = self._waiting, None
        self._begun = ""
        if waiting is not None:
            self._keep(waiting.run)
        return self._printed([])

    def resize(self, columns: int) -> None:
        """The window has another width from now on, in cells."""
        self._world = replace(self._world, console=max(columns, 1))

    def complete(self, line: str) -> tuple[str, ...]:
        """The whole lines that Tab would offer in turn for a line that is begun; none while a question waits."""
        return () if self._waiting else completions(line, self._around.commands)

    @property
    def _width(self) -> int:
        return self._world.console

    def _answer(self, waiting: _Waiting, line: str) -> Printed:
        """A line while a question waits: an answer, or something that is none, and the question stays."""
        answer: str | None = line
        if waiting.question is not None:
            if line.strip() == "?":
                return self._asked_again(waiting.question, help_lines(self._width))
            answer = chosen(waiting.question, line)
            if answer is None:
                return self._asked_again(waiting.question, [])
        self._waiting = None
        found = self._run(waiting.source, waiting.statements, (*waiting.answers, answer or ""))
        if self._waiting is None:
            # The clock stood still while the question waited, so that the run came to it again.
            self._world = self._around.passing(self._world, A_LINE_TAKES * (len(waiting.answers) + 1))
        return found

    def _asked_again(self, question: Question, lines: list[str]) -> Printed:
        return self._printed([*lines, *choice_lines(question, self._width)[:-1]])

    def _run(self, source: str, statements: tuple[Statement, ...], answers: tuple[str, ...]) -> Printed:
        """Run a command from its beginning, with the answers it was given so far."""
        try:
            return self._run_whole(source, statements, answers)
        except Exception as failed:  # noqa: BLE001 - said on the screen: a fault of ours must not end the session
            self._waiting = None
            said = f"{FAILED} ({type(failed).__name__}: {failed}). Nothing was changed."
            return self._printed(wrapped(said, self._width))

    def _run_whole(self, source: str, statements: tuple[Statement, ...], answers: tuple[str, ...]) -> Printed:
        run = self._fresh_run(answers)
        try:
            run.execute_all(statements, lambda value: run.happened.append(Emitted(value)))
        except WaitingError as asked:
            self._waiting = _Waiting(source, statements, answers, asked.question, asked.label, run)
        except Raised as raised:
            run.report(raised.fault)
        except NotKnownError as unknown:
            run.happened.append(Spoken(str(unknown), words=True))
        except RecursionError:
            run.happened.append(Spoken("The practice shell cannot work out a line as deep as this.", words=True))
        except ExitError:
            if run.world.home:
                run.world = run.world.back()
            else:
                run.happened.append(Spoken("The practice shell stays open.", words=True))
        except LoopEnd:
            # `break` outside a loop ends the line and says nothing.
            pass
        lines = printed(run.happened, source, self._around.views, self._width)
        if self._waiting is not None:
            question = self._waiting.question
            lines += question_lines(question, self._width)[:-1] if question is not None else []
            return self._printed(lines, cleared=was_cleared(run.happened))
        self._keep(run)
        return self._printed(lines, run.clipboard if run.copied else None, was_cleared(run.happened))

    def _fresh_run(self, answers: tuple[str, ...]) -> Run:
        return Run(
            self._world,
            self._around,
            self._variables,
            self._written,
            answers,
            self._entered[:-1],
            self._clipboard,
            self._folders,
        )

    def _keep(self, run: Run) -> None:
        """What a run leaves behind."""
        self._world = replace(run.world, console=self._world.console)
        self._variables = run.variables
        self._written = run.written
        self._folders = run.folders
        self._clipboard = run.clipboard

    def _printed(self, lines: list[str], clipboard: str | None = None, cleared: bool = False) -> Printed:
        asking = self._waiting is not None
        return Printed(_whole("\n".join(lines)), self.prompt, clipboard, asking, cleared)


def _whole(text: str) -> str:
    """The text without halves of characters, which nothing can print."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _by_name(cmdlets: Sequence[Cmdlet]) -> dict[str, Cmdlet | Builtin]:
    """Every command by its name and its aliases, in lower case; Exchange's own come before PowerShell's."""
    found: dict[str, Cmdlet | Builtin] = {}
    every: tuple[Cmdlet | Builtin, ...] = (*BUILTINS, *cmdlets)
    for command in every:
        for name in (command.name, *command.aliases):
            found[name.casefold()] = command
    return found
