"""An administrator who does what the wizard says, to the letter, in the practice shell, and knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from wizard.case import Case, Place, PromptAnswer, StepId, Variant
from wizard.commands import Command
from wizard.findings import Level
from wizard.intake import Taken, take
from wizard.practice.console import opened
from wizard.practice.shell import Console, Printed
from wizard.practice.world import Role, World
from wizard.reported import PLACES
from wizard.servers import here
from wizard.steps import AT, HERE, LATER, Step, next_step, settle, step

MOST_STEPS = 120
_ON_EDGE = frozenset({StepId.LOGGING, StepId.SERVICES, StepId.VERIFY})
_CHANGED_ON_EDGE = frozenset({StepId.PROMPT, StepId.UNDO, StepId.RETRY})
"""The steps whose commands are run on an Edge itself where mail leaves there; its connector is changed inside."""


@dataclass
class Administrator:
    """Types the wizard's lines into the practice shell and pastes what it prints into the case.

    `connector` is the one that the stuck mail uses, which the administrator knows; `answer` what is typed
    at the question. `survey` says that the one long line is used instead of the single ones.
    """

    world: World
    connector: str
    columns: int = 120
    answer: str = "N"
    survey: bool = False
    home: str = ""
    typed: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.console: Console = opened(self.world, self.columns)
        self.home = self.world.here
        self.case = Case(opened=self.world.now)

    def follow(self) -> Case:
        """The case when the wizard has nothing more to ask, or no way to go on; then the logging is put back."""
        for _ in range(MOST_STEPS):
            step_id = next_step(self.case)
            if step_id is None:
                return self.case
            if not self._done(step(step_id)):
                self._restore(step(StepId.RESTORE))
                return self.case
        raise AssertionError(f"the wizard does not come to an end: {step_id}")

    def enter(self, line: str) -> str:
        """Type a line; a question is answered. What was printed, or copied to the clipboard."""
        printed: Printed = self.console.enter(line)
        said, copied = [printed.text], printed.clipboard
        while printed.asking:
            said.append(printed.prompt)
            printed = self.console.enter(self.answer)
            said.append(printed.text)
            copied = printed.clipboard if copied is None else copied
        text = "\n".join(said)
        self.typed.append((line, text))
        return text if copied is None else copied

    def wait(self, minutes: int) -> None:
        """Let time go by."""
        self.enter(f"Start-Sleep -Seconds {minutes * 60}")

    def _done(self, at: Step) -> bool:
        """Do one step; whether the wizard goes on from it."""
        self.case = self.case.seeing(at.id)
        {
            StepId.CONNECTOR: self._connector,
            StepId.LOGGING: self._logging,
            StepId.LOG: self._log,
            StepId.SERVICES: self._give_first,
            StepId.COMMAND: self._command,
            StepId.PROMPT: self._prompt,
            StepId.RETRY: self._retry,
            StepId.SERVERS: self._servers,
            StepId.RESTORE: self._restore,
            StepId.UNDO: self._undo,
            StepId.SESSION: self._session,
        }.get(at.id, self._give_first)(at)
        if at.id is StepId.SERVERS and next_step(self.case) is not StepId.SERVERS:
            return True
        if not at.missing(self.case):
            self.case = settle(self.case, at.id)
            return True
        if any(choice.key == LATER for choice in at.choices(self.case)):
            self.case = at.choose(self.case, LATER)
            return self._elsewhere(step(StepId.SERVERS))
        if at.skip:
            self.case = self.case.skipping(at.id)
            return True
        return False

    def _give(self, at: Step, text: str) -> Taken:
        taken = take(self.case, at.id, text)
        self.case = taken.case
        if not taken.accepted:
            self.refused.append(f"{at.id.value}: {' '.join(each.text for each in taken.said)}")
        return taken

    def _give_first(self, at: Step) -> None:
        """The first command, run where it belongs, and its output."""
        commands = at.commands(self.case)
        if commands:
            self._give(at, self._run(at, commands[0]))

    def _run(self, at: Step, command: Command) -> str:
        self._go(self._where(at, command))
        return self.enter(command.text)

    def _where(self, at: Step, command: Command) -> str:
        """The server whose shell a step's commands are run in: where the log lies, or the Edge, else the first one."""
        sending = here(self.case) or next(iter(self.case.servers), self.home)
        on_it = at.id in (StepId.LOG, StepId.SESSION) or (self.case.edge and at.id in _ON_EDGE and not command.changes)
        on_it = on_it or (self.case.edge and at.id in _CHANGED_ON_EDGE)
        return sending if on_it else self.home

    def _go(self, server: str) -> None:
        if self.console.world.here.casefold() != server.partition(".")[0].casefold():
            self.enter("Exit-PSSession" if server == self.home else f"Enter-PSSession {server}")

    def _connector(self, at: Step) -> None:
        commands = at.commands(self.case)
        self._give(at, self._run(at, commands[1 if self.survey else 0]))
        if self.connector in {choice.key for choice in at.choices(self.case)}:
            self.case = at.choose(self.case, self.connector)

    def _logging(self, at: Step) -> None:
        source = self.case.servers[0] if self.case.servers else self.home
        server = self.world.server(source)
        assert server is not None
        wanted = Place(server.version, server.role is Role.EDGE)
        key = next(choice.key for choice in at.choices(self.case) if _place(choice.key) == wanted)
        self.case = at.choose(self.case, key)
        for command in at.commands(self.case):
            text = self._run(at, command)
            if not command.changes:
                self._give(at, text)

    def _log(self, at: Step) -> None:
        """Wait until an attempt stands in the log and read it; where it shows none, wait and read newer rows.

        Of several certificates of the connector's own failures the first is taken; another connector's are none of
        this case's.
        """
        for _ in range(3):
            self.wait(15)
            for command in at.commands(self.case):
                if self.case.logged is None:
                    self._give(at, self._run(at, command))
            if self.case.own_failures or any(each.level is Level.BLOCK for each in at.findings(self.case)):
                break
        if self.case.logged is None and self.case.own_failures and (choices := at.choices(self.case)):
            self.case = at.choose(self.case, choices[0].key)

    def _command(self, at: Step) -> None:
        """The form that is shown, unless a warning says that the smallest avoids what it warns of."""
        warned = any(each.level is Level.WARN and "smallest form" in each.text for each in at.findings(self.case))
        forms = {choice.key for choice in at.choices(self.case)}
        if warned and Variant.SMALLEST.value in forms:
            self.case = at.choose(self.case, Variant.SMALLEST.value)

    def _prompt(self, at: Step) -> None:
        command = at.commands(self.case)[0]
        text = self._run(at, command)
        asked = "Overwrite the existing default SMTP certificate?" in text
        if asked:
            self._give(at, text)
        elif text.strip():
            self.refused.append(f"prompt: {text}")
        answer = (PromptAnswer.NO if self.answer in "NL" else PromptAnswer.YES) if asked else PromptAnswer.NOT_ASKED
        self.case = at.choose(self.case, answer.value)

    def _undo(self, at: Step) -> None:
        kept, self.answer = self.answer, "Y"
        for command in at.commands(self.case):
            self._run(at, command)
        self.answer = kept
        if choices := at.choices(self.case):
            self.case = at.choose(self.case, choices[0].key)

    def _retry(self, at: Step) -> None:
        retry, read = at.commands(self.case)
        self._run(at, retry)
        self.wait(2)
        self._give(at, self._run(at, read))

    def _session(self, at: Step) -> None:
        self.wait(5)
        for command in at.commands(self.case):
            if at.missing(self.case):
                self._give(at, self._run(at, command))

    def _servers(self, at: Step) -> None:
        """Say where the case was until now, if nothing tells, and go on with a server that is open."""
        told = [choice for choice in at.choices(self.case) if choice.key.startswith(HERE)]
        if told:
            self.case = at.choose(self.case, next(c.key for c in told if c.key == HERE + self.home))
        if at.missing(self.case):
            self._elsewhere(at)

    def _elsewhere(self, at: Step) -> bool:
        """Go on at the first server that is offered and was not visited yet; whether there was one."""
        self.visited.add(here(self.case))
        for choice in at.choices(self.case):
            name = choice.key.removeprefix(AT)
            if choice.key.startswith(AT) and choice.text.endswith("go on there") and name not in self.visited:
                self.case = at.choose(self.case, choice.key)
                return True
        return False

    def _restore(self, at: Step) -> None:
        *changing, check = at.commands(self.case)
        for command in changing:
            self._run(at, command)
        self._give(at, self._run(at, check))


def _place(key: str) -> Place:
    return next(place for name, _text, place in PLACES if name == key)
