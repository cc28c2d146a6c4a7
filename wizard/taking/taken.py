"""What became of a text, which steps can use which kind, and what each step is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wizard.case import Case, StepId
from wizard.findings import Finding, Level
from wizard.reading.kind import Kind
from wizard.reading.text import Text


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
