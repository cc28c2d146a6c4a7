"""Somebody who does at the practice shell what the wizard says, to the letter, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from wizard.case.case import Case, PromptAnswer, StepId, Variant, host
from wizard.case.servers import here
from wizard.powershell.command import Command
from wizard.practice.shell.session import PracticeShell
from wizard.practice.world import Role, Server
from wizard.steps.flow import after, see, settle, step
from wizard.steps.intake import take
from wizard.steps.logging import SERVER_KINDS
from wizard.steps.parts import LATER, Taken
from wizard.steps.servers import AT, EDGE, still_open

NEXT_TRY = 1200
"""Seconds after which Exchange has tried again, and has written what it met."""

MOST_STEPS = 200
"""More than any organisation of a test needs; whoever comes here goes in circles."""


@dataclass
class Follower:
    """One case and one shell.

    `variant` is the form that is chosen. `reads_all` says that the second command of the services is run as well,
    which lists all certificates of the server. `answer` is what is answered to the overwrite question. `typed` is every
    line that was entered, `refused` what a step did not take and why, `warned` the ids of what the wizard said when a
    binding line was about to be run. `stuck` is the step at which the wizard let nobody go on, None where it led to
    the end. `mistaken` says that another server's certificates are given first; `misled` tells where these were taken
    for the right ones. `bound` has the binding lines that were entered, by server.
    """

    console: PracticeShell
    connector: str
    variant: Variant = Variant.MERGED
    reads_all: bool = False
    answer: str = "N"
    mistaken: bool = False
    case: Case = field(init=False)
    typed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    bound: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    misled: list[str] = field(default_factory=list)
    warned: set[str] = field(default_factory=set)
    stuck: StepId | None = None

    def __post_init__(self) -> None:
        """The case begins when the world does: the wizard's clock is that of the practice world."""
        self.case = Case(opened=self.console.world.now)

    def follow(self) -> Case:
        """From the first step to the end, or to where the wizard stops; logging is put back in either case."""
        at: StepId | None = StepId.SYMPTOM
        for _ in range(MOST_STEPS):
            if at is None:
                return self.case
            self.case = see(self.case, at)
            leads = _DOES[at](self)
            if leads is None and not self._go_on(at):
                self.stuck = at
                break
            at = leads or after(at, self.case)
        else:
            raise AssertionError(f"the wizard goes in circles at {at}")
        if self.case.answer(StepId.LOGGING).finished:
            self.restore()
        return self.case

    def _go_on(self, at: StepId) -> bool:
        """Finish the step or skip it, as the person may; whether it can be left."""
        current = step(at)
        missing = current.missing(self.case)
        if missing and not current.skip:
            return False
        self.case = self.case.skipping(at) if missing else settle(self.case, at)
        return True

    # At the shell

    @property
    def here(self) -> Server:
        """The server whose shell this is."""
        found = self.console.world.server(self.console.world.here)
        assert found
        return found

    def enter(self, line: str) -> str:
        """What the console printed for one line."""
        self.typed.append(line)
        printed = self.console.enter(line)
        return printed.text

    def run(self, command: Command) -> str:
        """What a command printed."""
        return self.enter(command.text)

    def wait(self, seconds: int) -> None:
        """Time goes by."""
        self.enter(f"Start-Sleep -Seconds {seconds}")

    def on(self, server: str, do: Callable[[], object]) -> None:
        """Do something in the shell of another server, or in this one where none is named."""
        if not server or host(server) == host(self.console.world.here):
            do()
            return
        self.enter(f"Enter-PSSession -ComputerName {host(server)}")
        assert host(self.console.world.here) == host(server), f"the shell is not on {server}"
        do()
        self.enter("exit")

    @property
    def own_shell(self) -> str:
        """The server whose own shell the step's commands are run in: an Edge's, else the one where the person sits."""
        return self.case.here if self.case.edge else ""

    # With the wizard

    def give(self, at: StepId, text: str) -> Taken:
        """Give the wizard what was printed; what it did not take is noted."""
        taken = take(self.case, at, text)
        self.case = taken.case
        if not taken.accepted:
            self.refused.append(f"{at.value}: {' '.join(finding.text for finding in taken.said)}")
        return taken

    def ask(self, at: StepId, number: int = 0) -> Taken | None:
        """Run one of a step's commands, and give what it prints."""
        commands = step(at).commands(self.case)
        return self.give(at, self.run(commands[number])) if len(commands) > number else None

    def choose(self, at: StepId, key: str) -> StepId | None:
        """Choose one of a step's answers, which must be offered; the step it leads to."""
        current = step(at)
        assert key in [choice.key for choice in current.choices(self.case)], f"{at.value} does not offer {key}"
        self.case = current.choose(self.case, key)
        return current.leads(self.case, key)

    def later(self, at: StepId) -> StepId | None:
        """Leave the server for later where the step offers it; the step that leads to."""
        offered = [choice.key for choice in step(at).choices(self.case)]
        return self.choose(at, LATER) if LATER in offered else None

    # The steps

    def symptom(self) -> None:
        """What the queues of the server say."""
        self.ask(StepId.SYMPTOM)

    def name(self) -> None:
        """Read the connectors and choose the one whose mail is stuck."""
        self.ask(StepId.CONNECTOR)
        self.choose(StepId.CONNECTOR, self.connector)

    def logging(self) -> None:
        """Turn logging on where it is off, say what the server is, and read where it keeps its log."""
        server = self.sender
        edge = server.role is Role.EDGE
        key = next(key for key, _text, place in SERVER_KINDS if place.edge is edge and place.version is server.version)
        self.choose(StepId.LOGGING, key)
        *changing, path = step(StepId.LOGGING).commands(self.case)
        for command in changing:
            self.on(self.connector_shell, partial(self.run, command))
        self.on(self.log_server, lambda: self._take(StepId.LOGGING, path))
        self.wait(NEXT_TRY)

    @property
    def connector_shell(self) -> str:
        """Where connectors are changed: for a subscribed Edge on a Mailbox server of its site, else right here."""
        world = self.console.world
        site = next((each.site for each in world.subscriptions if host(each.edge) == host(world.here)), None)
        return next((s.name for s in world.servers if s.role is not Role.EDGE and s.site == site), "") if site else ""

    def _take(self, at: StepId, command: Command) -> None:
        self.give(at, self.run(command))

    @property
    def sender(self) -> Server:
        """The server the case is about: the one it is at, else this one if it sends, else the connector's first."""
        world = self.console.world
        connector = world.connector(self.connector)
        assert connector
        sources = [host(name) for name in connector.sources]
        wanted = host(self.case.here) or (host(world.here) if host(world.here) in sources else sources[0])
        return next(server for server in world.servers if host(server.name) == wanted)

    @property
    def log_server(self) -> str:
        """The server on which the log lies."""
        return self.sender.name

    def log(self) -> StepId | None:
        """Read the log on the server where it lies, again after a while if nothing is there yet; then choose."""
        for _ in range(3):
            self._read_log(StepId.LOG)
            if self.case.failures_meant:
                break
            self.wait(NEXT_TRY)
        if self.case.logged is None and (choices := step(StepId.LOG).choices(self.case)):
            return self.choose(StepId.LOG, choices[0].key)
        return None

    def _read_log(self, at: StepId) -> None:
        def reading() -> None:
            for command in step(at).commands(self.case):
                self.typed.append(command.text)
                printed = self.console.enter(command.text)
                self.give(at, printed.clipboard if printed.clipboard is not None else printed.text)

        self.on(self.log_server, reading)

    def services(self) -> StepId | None:
        """Read the certificate, or all of them where it is not found."""

        def reading() -> None:
            self.ask(StepId.SERVICES)
            if self.reads_all or self.case.services_now is None:
                self.ask(StepId.SERVICES, 1)

        if self.mistaken:
            self._mistake()
        self.on(self.own_shell, reading)
        return self.later(StepId.SERVICES) if self.case.services_now is None else None

    def _mistake(self) -> None:
        """Give the certificates of another server, with the command above them, as a window shows both."""
        senders = next(c.sources for c in self.console.world.connectors if c.name == self.connector)
        other = next((name for name in senders if host(name) != host(self.sender.name)), "")
        if not other or self.case.edge or self.case.services_now is not None:
            return
        shown = "Thumbprint,Services,HasPrivateKey,Subject,Issuer"
        line = f"Get-ExchangeCertificate -Server '{other}' | Format-List {shown}"
        self.give(StepId.SERVICES, f"[PS] C:\\>{line}\n{self.enter(line)}")
        if self.case.services_now is not None:
            self.misled.append(f"{self.sender.name}: the certificates of {other} were taken for its own")

    def command(self) -> StepId | None:
        """Choose the form, where there is one to choose."""
        if later := self.later(StepId.COMMAND):
            return later
        if self.variant.value in [choice.key for choice in step(StepId.COMMAND).choices(self.case)]:
            self.choose(StepId.COMMAND, self.variant.value)
        self.warned |= {finding.id for finding in step(StepId.COMMAND).findings(self.case)}
        return None

    def prompt(self) -> StepId | None:
        """Run the binding line; at its question give the question, and answer N."""
        leads: StepId | None = None

        def binding() -> None:
            nonlocal leads
            (line,) = step(StepId.PROMPT).commands(self.case)
            self.typed.append(line.text)
            self.bound[host(line.server or "") or host(self.console.world.here)].append(line.text)
            printed = self.console.enter(line.text)
            if printed.asking:
                self.give(StepId.PROMPT, f"{printed.text}\n{printed.prompt}")
                self.enter(self.answer)
                self.choose(StepId.PROMPT, PromptAnswer.NO.value)
                return
            said = self.give(StepId.PROMPT, printed.text).said if printed.text.strip() else ()
            if any(finding.id == "smallest-instead" for finding in said):
                self.variant = Variant.SMALLEST
                leads = StepId.COMMAND
            else:
                self.choose(StepId.PROMPT, PromptAnswer.NOT_ASKED.value)

        self.on(self.own_shell, binding)
        return leads

    def undo(self) -> None:
        """Nobody who answered N comes here."""
        raise AssertionError("the wizard wants something undone, but N was answered")

    def verify(self) -> None:
        """Read the services again."""
        self.on(self.own_shell, lambda: self.ask(StepId.VERIFY))

    def retry(self) -> None:
        """Try the queue again, and read it a minute later."""

        def trying() -> None:
            again, read = step(StepId.RETRY).commands(self.case)
            self.run(again)
            self.wait(60)
            self.give(StepId.RETRY, self.run(read))

        self.on(self.own_shell, trying)

    def session(self) -> None:
        """Read the new rows."""
        self.wait(NEXT_TRY)
        self._read_log(StepId.SESSION)

    def servers(self) -> StepId | None:
        """Go on at the next server that is open and was not tried yet."""
        self.tried.add(host(here(self.case)))
        for name in still_open(self.case):
            if host(name) in self.tried:
                continue
            self.tried.add(host(name))
            server = self.console.world.server(host(name))
            assert server
            offered = [choice.key for choice in step(StepId.SERVERS).choices(self.case)]
            edge = server.role is Role.EDGE and EDGE + name in offered
            return self.choose(StepId.SERVERS, (EDGE if edge else AT) + name)
        return None

    def restore(self) -> None:
        """Put logging back, and read that it is."""
        commands = step(StepId.RESTORE).commands(self.case)
        for command in commands[:-1]:
            self.on(self.connector_shell, partial(self.run, command))
        if commands:
            self.on(self.connector_shell, lambda: self._take(StepId.RESTORE, commands[-1]))


_DOES: dict[StepId, Callable[[Follower], StepId | None]] = {
    StepId.SYMPTOM: Follower.symptom,
    StepId.CONNECTOR: Follower.name,
    StepId.LOGGING: Follower.logging,
    StepId.LOG: Follower.log,
    StepId.SERVICES: Follower.services,
    StepId.COMMAND: Follower.command,
    StepId.PROMPT: Follower.prompt,
    StepId.UNDO: Follower.undo,
    StepId.VERIFY: Follower.verify,
    StepId.RETRY: Follower.retry,
    StepId.SESSION: Follower.session,
    StepId.SERVERS: Follower.servers,
    StepId.RESTORE: Follower.restore,
}
