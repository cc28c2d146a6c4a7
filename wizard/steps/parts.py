"""The parts of a step: choices, proofs, the result of a text, and the step itself."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wizard.assets import StepWords, words
from wizard.case.case import Case, Deed, StepId, host
from wizard.case.servers import here, named_server, saying_here, server_here, several, with_survey
from wizard.facts import CmdletError, ExchangeVersion, LogReading, Reading
from wizard.findings import Finding, Level, block, counted, reading_remarks
from wizard.fitness import blocked
from wizard.machine.inert import shown
from wizard.powershell.command import Command
from wizard.powershell.lines import LogPlace
from wizard.reading.text import Kind, Text

if TYPE_CHECKING:
    from wizard.reading.healthchecker import HealthReport
from wizard.reading.survey import Survey


class Standing(enum.Enum):
    """The degree of a proof; the value is the word a person reads."""

    PROVEN = "proven"
    SAID = "said by you"
    OPEN = "not proven yet"
    FAILED = "not so"


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim that should be true after the change, the degree of its proof, and the evidence."""

    id: str
    claim: str
    standing: Standing
    because: str


def thumbprint_origin(case: Case) -> str:
    """The origin of a command's thumbprint: the line of the log."""
    logged = case.logged
    line = (
        next((line for line in reversed(logged.lines) if case.now.thumbprint in line.text.upper()), None)
        if logged
        else None
    )
    return f"the log: {line.place}" if line else "the log"


def version_known(case: Case) -> ExchangeVersion | None:
    """The Exchange version: as the person said, as a report names it, or 2010 if the evidence shows that."""
    if case.now.place and case.now.place.version:
        return case.now.place.version
    if case.shell.exchange_2010 or (case.now.log and case.now.log.version.startswith("14")):
        return ExchangeVersion.E2010
    if case.release:
        return ExchangeVersion.E2013_2016 if case.release in {"2013", "2016"} else ExchangeVersion.E2019_SE
    return None


def version_of(case: Case) -> ExchangeVersion:
    """The version whose cmdlets the lines use; if unknown, those of 2013 and all later ones."""
    return version_known(case) or ExchangeVersion.E2013_2016


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer. `key` names it; `detail` distinguishes it from the others."""

    key: str
    text: str
    detail: str = ""
    chosen: bool = False


HERE = "here "
"""The prefix of the key of a choice that says which server this is; its name follows."""


def which_server(case: Case) -> tuple[Choice, ...]:
    """The connector's servers, while no evidence names one; what was said can be changed until there is evidence."""
    shown = host(server_here(case)) == host(here(case)) or case.others or case.now.log or case.now.certificates
    known = shown if here(case) else named_server(case)
    return () if known or not several(case) else each_server(case)


def each_server(case: Case) -> tuple[Choice, ...]:
    """A choice for each of the connector's servers."""
    return tuple(Choice(HERE + name, name, _waiting(case, name), name == here(case)) for name in case.servers)


def _waiting(case: Case, server: str) -> str:
    """How much mail waits in the server's queues, as far as they were shown."""
    theirs = [queue for queue in case.queues if host(queue.identity.rpartition("\\")[0]) == host(server)]
    stuck = [queue for queue in theirs if queue.last_error]
    waits = sum(queue.message_count or 0 for queue in stuck)
    return f"{counted(waits, 'message')} wait there in {counted(len(stuck), 'queue')}" if stuck else ""


def said_server(case: Case, key: str) -> Case:
    """Say which server this is; no change for another choice."""
    return with_survey(saying_here(case, key.removeprefix(HERE))) if key.startswith(HERE) else case


LATER = "later"
"""The key of the choice that leaves a blocked server open for later."""


def later(case: Case) -> tuple[Choice, ...]:
    """The way on from a server that must not bind the certificate: say which it is, or leave it open for now."""
    if asked := which_server(case):
        return asked
    stuck = case.now.not_there or blocked(case)
    return (Choice(LATER, "Leave this server open, and go on with another"),) if several(case) and stuck else ()


WHICH = "Which server are you working on? Each one has its turn."
"""The question above the servers, while nothing says which it is."""


WHICH_FIRST = "Say which server this is about."


def to_the_list(_case: Case, key: str) -> StepId | None:
    """Lead to the list of servers if this one is left for later."""
    return StepId.SERVERS if key == LATER else None


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of a text: the new case, whether it was taken, and the findings.

    `at` is the step that took it, which may differ from the one where it was given.
    """

    case: Case
    accepted: bool
    at: StepId
    said: tuple[Finding, ...] = ()

    @property
    def nothing_given(self) -> bool:
        """True if the text was blank, so nothing of it is kept."""
        return any(finding.id == NOTHING_GIVEN for finding in self.said)

    @property
    def to_be_weighed(self) -> bool:
        """True if its findings should be read before going on: it was refused, or doubtful."""
        return not self.accepted or any(finding.level is Level.WARN for finding in self.said)


NOTHING_GIVEN = "nothing-given"
"""The id of the finding about a blank text."""


def of_another_server(case: Case, names: Iterable[str]) -> Finding | None:
    """A finding if an output names other servers than the current one, and so proves nothing of it."""
    hosts = {host(name): name for name in names if name}
    at = here(case)
    if not several(case) or not at or not hosts or host(at) in hosts:
        return None
    named = ", ".join(sorted(hosts.values()))
    return block(
        f"This is the output of {named}, and the case is at {at} now. Run the command shown here, or go to that server "
        f"at the step '{words(StepId.SERVERS).title}'.",
        id="another-server",
    )


def unproven(proof: Callable[[Case], Proof]) -> Callable[[Case], str]:
    """A `missing` function that returns the unproven sentence of a proof."""

    def missing(case: Case) -> str:
        proven = proof(case).standing is Standing.PROVEN
        return "" if proven else "Not proven yet. You may go on; the summary will say so."

    return missing


def remarks(reading: Reading[Any] | LogReading | Survey | HealthReport) -> tuple[Finding, ...]:
    """The findings of any reading: its repairs, and what it left unread."""
    return reading_remarks(reading.mended, reading.unread)


def _nothing(_case: Case) -> tuple[()]:
    return ()


def _always(_case: Case) -> bool:
    return True


def _never(_case: Case) -> bool:
    return False


def _unchanged(case: Case) -> Case:
    return case


def _not_chosen(case: Case, _key: str) -> Case:
    return case


def _no_kind() -> Mapping[Kind, Callable[[Case, Any], Any]]:
    return MappingProxyType({})


def _not_known(_case: Case, _text: Text, _kind: Kind) -> Taken | None:
    return None


def _nothing_besides(_case: Case, _errors: tuple[CmdletError, ...]) -> tuple[Finding, ...]:
    return ()


def _no_time(_case: Case) -> str:
    return ""


def _no_deeds(_before: Case, _after: Case) -> tuple[()]:
    return ()


def _stays(_case: Case, _key: str) -> StepId | None:
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it says, what it hands out, what it takes, and when it is done.

    `findings`, `commands`, `choices`, `missing` and `basis` are functions of the case alone. `commands` has the one
    to run first at the front, and none while facts are missing. `missing` is empty when the step is done, else a
    sentence that says what is needed. `basis` is what the step's answer stands on: when it changes later, the step
    is to be checked again; names and thumbprints stand in it by themselves, anything else behind a word that says
    what it is, so that a redacted case keeps its ground. A case that a step does not apply to goes past it. `leads`
    says to which step a choice leads in the case after it, None where it stays. `stuck` is the question where the
    only choice is to go on at another server.

    `takes` is, by the kind of a text, what becomes of its reading; `puts` stores its facts, of a log the whole
    reading, as those before the change, unasked and without a word. `unknown` takes a text all the same that is of no
    kind, or only looks like one. `on_error` is what is said of an error besides its own words. `keeps` says whether
    what stands at the step is not replaced by a text given at another. `since` is the time, ISO 8601 in UTC, from
    which the rows of a log count, and `folders` is where a log lies. `name` takes a name that is typed. `warnings`
    may be gone on past. `settled` is what becomes of the case besides when the step is finished, `shown` when it is
    shown. `deeds` are what was done at it between a case and the one after, each with what it was done with. `due`
    says whether its commands belong to the record though it was never shown.

    `otherwise` says that the usual instruction cannot be followed, so the other one of the step's words stands; without
    it that is so where the step has no command.

    `afterwards`: it comes after the command was run. `forms`: its commands are forms of one line, of which one is
    run. `failures`: it lists the failed handshakes of the log. `own_word`: no answer is marked, for Enter alone
    must not give one. `hub`: it is left by going on once nothing is missing, else by a choice. `sample` is the file
    of the sample's evidence for it.
    """

    id: StepId
    findings: Callable[[Case], tuple[Finding, ...]]
    missing: Callable[[Case], str]
    commands: Callable[[Case], tuple[Command, ...]] = _nothing
    basis: Callable[[Case], tuple[str, ...]] = _nothing
    choices: Callable[[Case], tuple[Choice, ...]] = _nothing
    choose: Callable[[Case, str], Case] = _not_chosen
    leads: Callable[[Case, str], StepId | None] = _stays
    question: str = ""
    stuck: str = "This server cannot be gone on with now."
    skip: str = ""
    takes: Mapping[Kind, Callable[[Case, Any], Taken]] = field(default_factory=_no_kind)
    puts: Mapping[Kind, Callable[[Case, Any], Case]] = field(default_factory=_no_kind)
    unknown: Callable[[Case, Text, Kind], Taken | None] = _not_known
    on_error: Callable[[Case, tuple[CmdletError, ...]], tuple[Finding, ...]] = _nothing_besides
    keeps: Callable[[Case], bool] = _never
    since: Callable[[Case], str] = _no_time
    folders: Callable[[Case], tuple[LogPlace, ...]] = _nothing
    name: Callable[[Case, str], Taken] | None = None
    applies: Callable[[Case], bool] = _always
    warnings: Callable[[Case], tuple[Finding, ...]] = _nothing
    proofs: tuple[Callable[[Case], Proof], ...] = ()
    settled: Callable[[Case], Case] = _unchanged
    shown: Callable[[Case], Case] = _unchanged
    deeds: Callable[[Case, Case], Iterable[tuple[Deed, str]]] = _no_deeds
    due: Callable[[Case], bool] = _never
    otherwise: Callable[[Case], bool] | None = None
    afterwards: bool = False
    forms: bool = False
    failures: bool = False
    own_word: bool = False
    hub: bool = False
    sample: str = ""

    @property
    def words(self) -> StepWords:
        """The step's words."""
        return words(self.id)

    def instruction(self, case: Case) -> str:
        """What to do now."""
        if self._cannot_be_followed(case):
            return self.words.otherwise
        at = f"{shown(here(case))} itself" if here(case) else "the server that sends the mail"
        named = any(command.server for command in self.commands(case))
        return self.words.do.replace("{server}", at).replace("{where}", "" if named else f" on {at}")

    def why(self, case: Case) -> str:
        """Why the usual instruction is to be followed; empty where it cannot be."""
        return "" if self._cannot_be_followed(case) else self.words.why

    def _cannot_be_followed(self, case: Case) -> bool:
        cannot = self.otherwise(case) if self.otherwise else not self.commands(case)
        return cannot and bool(self.words.otherwise)

    def asks_server(self, case: Case) -> bool:
        """True if it asks which server this is: its instruction cannot be followed before."""
        return not here(case) and any(choice.key.startswith(HERE) for choice in self.choices(case))

    @property
    def takes_text(self) -> bool:
        """True if the step has a field for text."""
        return bool(self.takes)

    @property
    def takes_log(self) -> bool:
        """True if it takes a log of any size, pasted, or as a file or folder."""
        return Kind.SEND_LOG in self.takes

    @property
    def asks_name(self) -> bool:
        """True if a name can be typed."""
        return self.name is not None

    def take_name(self, case: Case, written: str) -> Taken:
        """Store a typed name; no change if the step asks for none."""
        return self.name(case, written) if self.name else Taken(case, False, self.id)

    def asks(self, offered: tuple[Choice, ...]) -> str:
        """The question above the choices."""
        if offered and offered[0].key == LATER:
            return self.stuck
        if offered and offered[0].key.startswith(HERE):
            return WHICH
        return self.question if offered else ""
