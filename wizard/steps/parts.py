"""What a step is made of: choices, proofs, what became of a text, and the step itself."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wizard.assets import StepWords, words
from wizard.case.case import Case, StepId, host
from wizard.case.servers import here, several
from wizard.facts import ExchangeVersion
from wizard.findings import Finding, Level, block
from wizard.fitness import blocked
from wizard.powershell.command import Command
from wizard.reading.text import Kind, Text


class Standing(enum.Enum):
    """How far a thing is proven; the value is the word a person reads."""

    PROVEN = "proven"
    SAID = "said by you"
    OPEN = "not proven yet"
    FAILED = "not so"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that should be true after the change, how far it is proven, and by what."""

    id: str
    claim: str
    standing: Standing
    because: str


def _thumbprint_origin(case: Case) -> str:
    logged = case.logged
    line = (
        next((line for line in reversed(logged.lines) if case.thumbprint in line.text.upper()), None)
        if logged
        else None
    )
    return f"the log: {line.place}" if line else "the log"


def _identity(case: Case) -> tuple[str, str]:
    connector = case.send_connector
    return case.connector, connector.guid if connector else ""


def version_known(case: Case) -> ExchangeVersion | None:
    """The Exchange version: as the person said, as a report names it, or 2010 where the evidence reveals that."""
    if case.place and case.place.version:
        return case.place.version
    if case.shell.exchange_2010 or (case.log and case.log.version.startswith("14")):
        return ExchangeVersion.E2010
    if case.release:
        return ExchangeVersion.E2013_2016 if case.release in {"2013", "2016"} else ExchangeVersion.E2019_SE
    return None


def _version(case: Case) -> ExchangeVersion:
    """The version whose cmdlets the lines use; where it is not known, those that 2013 and all later ones have."""
    return version_known(case) or ExchangeVersion.E2013_2016


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. `key` names it; `detail` is what sets it apart from the others."""

    key: str
    text: str
    detail: str = ""
    chosen: bool = False


LATER = "later"
"""The key of the choice that leaves a server open which cannot be gone on with now."""


def later(case: Case) -> tuple[Choice, ...]:
    """Where one of several servers lacks the certificate or must not bind it, the others need not wait."""
    stuck = case.not_there or blocked(case)
    return (Choice(LATER, "Leave this server open, and go on with another"),) if several(case) and stuck else ()


def to_the_list(_case: Case, key: str) -> StepId | None:
    """Leaving a server for later leads to the list of servers."""
    return StepId.SERVERS if key == LATER else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a text: the case after it, whether it was taken, and what to tell the person.

    `at` is the step that took it, which may be another one than where it was given.
    """

    case: Case
    accepted: bool
    at: StepId
    said: tuple[Finding, ...] = ()

    @property
    def nothing_given(self) -> bool:
        """Whether the text was blank: there is nothing of it to be kept."""
        return any(finding.id == NOTHING_GIVEN for finding in self.said)

    @property
    def to_be_weighed(self) -> bool:
        """Whether what is told of it should be read before going on: it was refused, or there is a doubt about it."""
        return not self.accepted or any(finding.level is Level.WARN for finding in self.said)


NOTHING_GIVEN = "nothing-given"
"""The id of what is told of a blank text."""

Taker = Callable[[Case, StepId, Text], Taken]

PLACES: dict[Kind, tuple[StepId, ...]] = {
    Kind.QUEUES: (StepId.SYMPTOM, StepId.RETRY),
    Kind.CONNECTORS: (StepId.CONNECTOR, StepId.RESTORE),
    Kind.LOG_FOLDERS: (StepId.LOGGING,),
    Kind.SEND_LOG: (StepId.LOG, StepId.SESSION),
    Kind.CERTIFICATES: (StepId.SERVICES, StepId.VERIFY),
    Kind.PROMPT: (StepId.PROMPT, StepId.UNDO),
    Kind.SURVEY: (StepId.CONNECTOR, StepId.LOGGING, StepId.SERVICES, StepId.VERIFY, StepId.RESTORE),
}
"""The steps that can use each kind of text, in the order of the article."""

EXPECTED: dict[StepId, str] = {
    StepId.SYMPTOM: "the output of Get-Queue, or the LastError of a queue",
    StepId.CONNECTOR: "the connector's name, or the output of Get-SendConnector",
    StepId.LOGGING: "the output of the command that shows SendProtocolLogPath",
    StepId.LOG: "rows of a Send connector's protocol log",
    StepId.SERVICES: "the output of Get-ExchangeCertificate",
    StepId.COMMAND: "no text, only your choice of the form",
    StepId.PROMPT: "the question 'Overwrite the existing default SMTP certificate?' with the lines below it",
    StepId.UNDO: "the question 'Overwrite the existing default SMTP certificate?' with the lines below it",
    StepId.VERIFY: "the output of Get-ExchangeCertificate",
    StepId.RETRY: "the output of Get-Queue",
    StepId.SESSION: "new rows of the Send connector's protocol log",
    StepId.SERVERS: "no text, only your choice of the next server",
    StepId.RESTORE: "the output of Get-SendConnector",
}


def of_another_server(case: Case, names: Iterable[str]) -> Finding | None:
    """A word where an output names other servers than the one the case is at, so that it proves nothing of that."""
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
    """What is missing at a step of the proof: its proof."""

    def missing(case: Case) -> str:
        proven = proof(case).standing is Standing.PROVEN
        return "" if proven else "Not proven yet. You may go on; the summary will say so."

    return missing


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


def _stays(_case: Case, _key: str) -> StepId | None:
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it says, what it hands out, what it takes, and when it is done.

    `findings`, `commands`, `choices`, `missing` and `basis` are functions of the case alone. `commands` has the one to
    run first at the front, and none while facts are missing. `missing` is empty when the step is done, else a sentence
    that says what is needed. `basis` is what the step's answer stands on: when it changes later, the step is to be
    checked again. A case that a step does not apply to goes past it. `leads` says to which step a choice leads in the
    case after it, None where it stays. `stuck` is the question where the only choice is to go on at another server.
    `settled` is what becomes of the case besides when the step is finished, `shown` when it is shown.
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
    takes_text: bool = True
    takes_path: bool = False
    asks_name: bool = False
    applies: Callable[[Case], bool] = _always
    proofs: tuple[Callable[[Case], Proof], ...] = ()
    settled: Callable[[Case], Case] = _unchanged
    shown: Callable[[Case], Case] = _unchanged

    @property
    def words(self) -> StepWords:
        """What the step says."""
        return words(self.id)

    def asks(self, offered: tuple[Choice, ...]) -> str:
        """The question above what is offered."""
        if offered and offered[0].key == LATER:
            return self.stuck
        return self.question if offered else ""
