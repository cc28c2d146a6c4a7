"""A guided case: all answers and facts, as one frozen value.

Every change returns a new case. What later steps need is derived here from the facts, never stored beside them, so a
changed early answer cannot leave a stale copy.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import ClassVar, Self

from wizard.facts import (
    Binding,
    Certificate,
    CmdletError,
    CmdletNotice,
    DefaultCertificate,
    ExchangeVersion,
    FailureGroup,
    LogFolder,
    LoggedCertificate,
    LoggingLevel,
    LogReading,
    LoneError,
    MailTimeouts,
    OverwritePrompt,
    Queue,
    SendConnector,
    ServerEvent,
    Service,
    ShellSeen,
    StoredCertificate,
    in_order,
    logged_as,
    same_name,
)
from wizard.powershell.literal import is_safe


class StepId:
    """The name of a step in assets/steps.toml and in saved cases: one object for each name.

    `on_each` marks a step that each server goes through, so its answers belong to one server. A new step declares its
    name in its own file; `steps.flow` knows all steps and their order.
    """

    __slots__ = ("on_each", "value")

    _known: ClassVar[dict[str, StepId]] = {}

    SYMPTOM: ClassVar[StepId]
    CONNECTOR: ClassVar[StepId]
    LOGGING: ClassVar[StepId]
    LOG: ClassVar[StepId]
    SERVICES: ClassVar[StepId]
    COMMAND: ClassVar[StepId]
    PROMPT: ClassVar[StepId]
    UNDO: ClassVar[StepId]
    VERIFY: ClassVar[StepId]
    RETRY: ClassVar[StepId]
    SESSION: ClassVar[StepId]
    SERVERS: ClassVar[StepId]
    RESTORE: ClassVar[StepId]

    value: str
    on_each: bool

    def __new__(cls, value: str, *, on_each: bool = False) -> StepId:
        """The step of this name, declared if unknown."""
        step = cls._known.get(value)
        if step is None:
            step = super().__new__(cls)
            step.value, step.on_each = value, on_each
            cls._known[value] = step
        return step

    @classmethod
    def of(cls, value: str) -> StepId:
        """The step of this name.

        Raises:
            ValueError: there is none.
        """
        if value not in cls._known:
            raise ValueError(f"{value!r} is no step")
        return cls._known[value]

    def __repr__(self) -> str:
        return f"StepId.{self.value.upper()}"

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Copies and pickles return the step itself: steps are compared by identity."""
        return StepId.of, (self.value,)


StepId.SYMPTOM = StepId("symptom")
StepId.CONNECTOR = StepId("connector")
StepId.LOGGING = StepId("logging")
StepId.LOG = StepId("log", on_each=True)
StepId.SERVICES = StepId("services", on_each=True)
StepId.COMMAND = StepId("command", on_each=True)
StepId.PROMPT = StepId("prompt", on_each=True)
StepId.UNDO = StepId("undo", on_each=True)
StepId.VERIFY = StepId("verify", on_each=True)
StepId.RETRY = StepId("retry", on_each=True)
StepId.SESSION = StepId("session", on_each=True)
StepId.SERVERS = StepId("servers")
StepId.RESTORE = StepId("restore")


class Deed(enum.Enum):
    """An action; the value is the record's word for it."""

    OPENED = "opened the case"
    READ = "gave evidence"
    CHOSE = "chose our certificate"
    COPIED = "copied a command"
    PASSED = "went on past a warning"
    ANSWERED = "answered the question"
    UNDONE = "made the earlier default certificate the default again"
    IMPORTED = "took the case over from a file"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An action in the journal. `at` is aware, in UTC; `server` is empty if the case knows of one server only.

    `text` is its object: the command, the thumbprint, the check's id, the letter, the evidence's source.
    """

    at: datetime
    deed: Deed
    step: StepId | None = None
    server: str = ""
    text: str = ""


class Variant(enum.Enum):
    """The form of the Enable-ExchangeCertificate line: with the existing services named again, or SMTP alone."""

    MERGED = "merged"
    SMALLEST = "smallest"


class PromptAnswer(enum.Enum):
    """The answer given when Exchange asked to overwrite the default SMTP certificate."""

    NO = "N"
    YES = "Y"
    NOT_ASKED = "not asked"


@dataclass(frozen=True, slots=True)
class Place:
    """The sending server's Exchange version, None while unknown, and whether it is an Edge."""

    version: ExchangeVersion | None
    edge: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one step, and its state.

    `text` was pasted or typed there, unchanged; `path` is the file or folder opened. `waiting` stood in its field
    unread when the program ended. `stood_on` is the step's basis when it was finished, None if it is not. `seen` says
    that its commands were shown, and may have been copied and run.
    """

    text: str = ""
    path: str = ""
    waiting: str = ""
    stood_on: tuple[str, ...] | None = None
    skipped: bool = False
    seen: bool = False

    @property
    def given(self) -> bool:
        """True if it has a text, a file or a folder."""
        return bool(self.text or self.path)

    @property
    def finished(self) -> bool:
        """True if the step was finished."""
        return self.stood_on is not None

    @property
    def begun(self) -> bool:
        """True if anything was given or decided at the step."""
        return self.given or bool(self.waiting) or self.skipped or self.finished


UNANSWERED = Answer()

Answers = Mapping[StepId, Answer]


def _no_answers() -> Answers:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SourceServer:
    """The facts of one source transport server, and the actions on it.

    `answers` are those of the steps that each server goes through. `server` is the name its commands give with -Server,
    empty if they are run on the server itself. `log_of` is the server whose log was carried over, empty for its own.
    `failed` are the log's failures, grouped once when the log is read: a folder can hold 100,000 of them. `not_there`
    are the certificates of an output that shows others, but not ours. `stored` is certutil's output, `notices` are
    questions and warnings of cmdlets. `services_unnamed_for` is the thumbprint whose services come from an output that
    names none. `passed` are the checks whose warning the person passed. `undone` says that the earlier default
    certificate was restored after a wrong Y.
    """

    answers: Answers = field(default_factory=_no_answers)
    server: str = ""
    place: Place | None = None
    log: LogReading | None = None
    log_of: str = ""
    failed: tuple[FailureGroup, ...] = ()
    thumbprint: str = ""
    certificates: tuple[Certificate, ...] = ()
    not_there: tuple[Certificate, ...] = ()
    services_unnamed_for: str = ""
    errors: tuple[CmdletError, ...] = ()
    stored: tuple[StoredCertificate, ...] = ()
    notices: tuple[CmdletNotice, ...] = ()
    variant: Variant = Variant.MERGED
    passed: frozenset[str] = frozenset()
    prompt: OverwritePrompt | None = None
    prompt_answer: PromptAnswer | None = None
    undone: bool = False
    certificates_after: tuple[Certificate, ...] = ()
    services_after_unnamed_for: str = ""
    queues_after: tuple[Queue, ...] = ()
    log_after: LogReading | None = None


NOBODY = SourceServer()
"""A server without facts."""


def _nowhere() -> Mapping[str, SourceServer]:
    return MappingProxyType({})


def _unsurveyed() -> Mapping[str, tuple[Certificate, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Case:
    """All answers and facts of one case.

    `opened` is when the case was opened (aware, UTC): expiry is measured against it. `answers` are those of the steps
    that belong to no server. `here` is the current source transport server, as the connector's list names it, empty
    while unknown. `on` holds the facts of each server that was begun, by its host name; by an empty name while the
    server is unknown. A connector keeps the logging level it had before this case changed it. `surveyed` are the
    certificates of each server that names itself, by its host name; `surveyed_in_part` are those whose list may be
    incomplete. `typed_name` is a connector's name typed and not yet entered. `made_verbose` are the connectors, as
    named then, whose command for turning logging on was shown and may have been run. `timeouts` say how long the
    servers' queues keep mail. `bindings` are those that the evidence itself shows. `earlier` are facts replaced by a
    later output of the same text. `elsewhere_listed` are certificates of servers that the connector does not send from.
    `release` is the version of Exchange in a report, such as `2019`. `journal` holds the actions and their times.
    """

    opened: datetime = field(default_factory=lambda: datetime.now(UTC))
    sample: bool = False
    answers: Answers = field(default_factory=_no_answers)
    queues: tuple[Queue, ...] = ()
    connectors: tuple[SendConnector, ...] = ()
    connector: str = ""
    typed_name: str = ""
    here: str = ""
    on: Mapping[str, SourceServer] = field(default_factory=_nowhere)
    log_folders: tuple[LogFolder, ...] = ()
    told_to_answer_no: bool = False
    connectors_after: tuple[SendConnector, ...] = ()
    made_verbose: tuple[str, ...] = ()
    surveyed: Mapping[str, tuple[Certificate, ...]] = field(default_factory=_unsurveyed)
    surveyed_in_part: frozenset[str] = frozenset()
    frontend_folders: tuple[LogFolder, ...] = ()
    defaults: tuple[DefaultCertificate, ...] = ()
    timeouts: tuple[MailTimeouts, ...] = ()
    events: tuple[ServerEvent, ...] = ()
    lone: tuple[LoneError, ...] = ()
    bindings: tuple[Binding, ...] = ()
    earlier: tuple[Certificate | Queue | SendConnector, ...] = ()
    elsewhere_listed: tuple[Certificate, ...] = ()
    release: str = ""
    shell: ShellSeen = field(default_factory=ShellSeen)
    journal: tuple[JournalEntry, ...] = field(default=(), compare=False)

    @property
    def now(self) -> SourceServer:
        """The facts of the current server."""
        return self.on.get(host(self.here), NOBODY)

    @property
    def others(self) -> Mapping[str, SourceServer]:
        """The facts of the other servers that were begun, by their host names."""
        at = host(self.here)
        return MappingProxyType({name: kept for name, kept in self.on.items() if name and name != at})

    def put(self, now: SourceServer) -> Self:
        """Replace the facts of the current server."""
        return replace(self, on=MappingProxyType({**self.on, host(self.here): now}))

    def answer(self, step: StepId) -> Answer:
        """The answer to a step, of the current server if each server has its own."""
        return (self.now.answers if step.on_each else self.answers).get(step, UNANSWERED)

    def answering(self, step: StepId, answer: Answer) -> Self:
        """Replace the answer to a step."""
        if step.on_each:
            return self.put(replace(self.now, answers=MappingProxyType({**self.now.answers, step: answer})))
        return replace(self, answers=MappingProxyType({**self.answers, step: answer}))

    def every_answer(self) -> Iterator[tuple[str, StepId, Answer]]:
        """Each answer with the host it belongs to: first those of no server, whose host is empty."""
        for name, answers in (("", self.answers), *((name, kept.answers) for name, kept in self.on.items())):
            for step, answer in answers.items():
                yield name, step, answer

    def was_seen(self, step: StepId) -> bool:
        """True if the step was shown, on any server."""
        return any(answer.seen for _server, at, answer in self.every_answer() if at is step)

    def was_shown(self, step: StepId) -> bool:
        """True if the step's commands may have been run: it was shown on any server, finished, or skipped."""
        answer = self.answer(step)
        return answer.finished or answer.skipped or self.was_seen(step)

    def typing(self, step: StepId, text: str) -> Self:
        """Keep the step's text, for Back."""
        return self.answering(step, replace(self.answer(step), text=text, waiting=""))

    def leaving(self, step: StepId, text: str) -> Self:
        """The case with a text left at the step unread; an empty one says that none waits there any more."""
        return self.answering(step, replace(self.answer(step), waiting=text))

    @property
    def waits_at(self) -> StepId | None:
        """The first step at which a text waits to be read, None without any."""
        every = (*self.answers.items(), *self.now.answers.items())
        return next((step for step, answer in every if answer.waiting), None)

    def opening(self, step: StepId, path: str) -> Self:
        """Keep the file or folder opened at the step."""
        return self.answering(step, replace(self.answer(step), path=path))

    def settling(self, step: StepId, basis: tuple[str, ...]) -> Self:
        """Finish the step on this basis."""
        return self.answering(step, replace(self.answer(step), stood_on=basis))

    def skipping(self, step: StepId) -> Self:
        """Skip the step, as the person wishes."""
        return self.answering(step, replace(self.answer(step), skipped=True))

    def seeing(self, step: StepId) -> Self:
        """Note that the step was shown."""
        return self if self.was_seen(step) else self.answering(step, replace(self.answer(step), seen=True))

    def noting(self, entry: JournalEntry) -> Self:
        """Add an entry to the journal."""
        return replace(self, journal=(*self.journal, entry))

    def told(self) -> Self:
        """Note that the overwrite question was explained: what Enter means, and that the answer is N."""
        return replace(self, told_to_answer_no=True)

    @property
    def begun(self) -> bool:
        """True if anything was given or decided yet."""
        return bool(self.typed_name) or any(answer.begun for _server, _step, answer in self.every_answer())

    @property
    def has_something(self) -> bool:
        """True if there is anything to return to: skipped steps are nothing."""
        answers = [answer for _server, _step, answer in self.every_answer()]
        given = (self.typed_name, *(text for answer in answers for text in (answer.text, answer.path, answer.waiting)))
        return any(answer.finished for answer in answers) or any(text.strip() for text in given)

    @property
    def send_connector(self) -> SendConnector | None:
        """The chosen Send connector as Get-SendConnector printed it; None if only its name is known."""
        return _named(self.connectors, self.connector)

    @property
    def usable_connectors(self) -> tuple[SendConnector, ...]:
        """The connectors a command can address: the name is whole and safe to write, or replaced by the GUID."""
        return tuple(c for c in self.connectors if not c.name_cut and (is_safe(c.name) or _written_as_guid(c)))

    @property
    def level_before(self) -> LoggingLevel | None:
        """ProtocolLoggingLevel before this case changed it; None if not recorded."""
        connector = self.send_connector
        return connector.logging_level if connector else None

    @property
    def level_after(self) -> LoggingLevel | None:
        """ProtocolLoggingLevel as read again at the end; None if it was not."""
        return self.level_shown_after(self.connector)

    @property
    def others_made_verbose(self) -> tuple[str, ...]:
        """The connectors besides the chosen one whose logging this case's command may have turned on."""
        return tuple(name for name in self.made_verbose if not same_name(name, self.connector))

    def level_shown_after(self, name: str) -> LoggingLevel | None:
        """A connector's ProtocolLoggingLevel as read again at the end; None if it was not."""
        connector = _named(self.connectors_after, name)
        return connector.logging_level if connector else None

    @property
    def folders(self) -> tuple[LogFolder, ...]:
        """The log folders of the service through which this connector sends."""
        return (self.frontend_folders if self.frontend else ()) or self.log_folders

    @property
    def frontend(self) -> bool:
        """True if the connector sends through the Front End Transport service, which keeps its own log."""
        connector = self.send_connector
        return bool(connector and connector.frontend_proxy)

    @property
    def servers(self) -> tuple[str, ...]:
        """The source transport servers of the connector; each binds certificates for itself."""
        connector = self.send_connector
        return connector.source_servers if connector else ()

    @property
    def failures(self) -> tuple[FailureGroup, ...]:
        """The log's failed handshakes, those of the chosen connector first."""
        return tuple(sorted(self.now.failed, key=lambda group: not logged_as(group.connector, self.connector)))

    @property
    def own_failures(self) -> tuple[FailureGroup, ...]:
        """The failed handshakes of the chosen connector only."""
        return tuple(group for group in self.failures if logged_as(group.connector, self.connector))

    @property
    def failures_meant(self) -> tuple[FailureGroup, ...]:
        """The connector's failures; those of all while none is chosen, or only a typed name says so.

        A mistyped name must not hide the log. Once Exchange has shown the connector, or the log its sessions, failures
        of another connector are another fault.
        """
        known = self.sessions_meant or self.send_connector is not None
        return self.own_failures or (() if known else self.failures)

    @property
    def sessions_meant(self) -> bool:
        """True if the log has sessions of the chosen connector, as far as it names any."""
        names = self.now.log.connectors if self.now.log else ()
        return any(logged_as(name, self.connector) for name in names)

    @property
    def candidates(self) -> tuple[LoggedCertificate, ...]:
        """Our certificates that failed with the article's own error.

        If the rows hold no outcome at all, those sent when they end: for the person to choose, never chosen
        automatically.
        """
        from wizard.reading.log.sessions import candidates  # noqa: PLC0415 - the first screen reads no log

        return candidates(self.failures_meant) or self.pending

    @property
    def pending(self) -> tuple[LoggedCertificate, ...]:
        """Our certificates sent without an outcome; empty if the log has any finished handshake."""
        if self.now.log is None or self.now.log.handshakes:
            return ()
        sent = [
            each.certificate
            for each in self.now.log.pending
            if each.certificate.thumbprint and (not self.connector or logged_as(each.connector, self.connector))
        ]
        return tuple({certificate.thumbprint: certificate for certificate in sent}.values())

    @property
    def only_candidate(self) -> LoggedCertificate | None:
        """The candidate that needs no choice: the only one, and not merely another connector's."""
        found = self.candidates
        sure = self.now.failed and (self.own_failures or not self.connector)
        return found[0] if len(found) == 1 and sure else None

    @property
    def logged(self) -> LoggedCertificate | None:
        """The chosen certificate in the log; None if none is chosen or the log no longer has it."""
        return (
            next((c for c in self.candidates if c.thumbprint == self.now.thumbprint), None)
            if self.now.thumbprint
            else None
        )

    @property
    def certificate(self) -> Certificate | None:
        """The chosen certificate as Get-ExchangeCertificate printed it before the change."""
        return _with_thumbprint(self.now.certificates, self.now.thumbprint)

    @property
    def certificate_after(self) -> Certificate | None:
        """The chosen certificate as read again after the change."""
        return _with_thumbprint(self.now.certificates_after, self.now.thumbprint)

    @property
    def services_now(self) -> frozenset[Service] | None:
        """The certificate's services before the change; None while unknown."""
        return self.certificate.services if self.certificate else None

    @property
    def services_wanted(self) -> tuple[Service, ...]:
        """The services it should have afterwards: SMTP and every one it had, for the cmdlet only adds (PS)."""
        return in_order({Service.SMTP, *(self.services_now or frozenset())})

    @property
    def edge(self) -> bool:
        """True if the sending server is known to be an Edge Transport server."""
        return bool(self.now.place and self.now.place.edge)


def host(server: str) -> str:
    """A server's name without its domain, for comparing: `EX01.contoso.com` and `ex01` are the same."""
    return server.partition(".")[0].casefold()


def _written_as_guid(connector: SendConnector) -> bool:
    """True if commands name the connector by its GUID: its name is not printable ASCII."""
    name = connector.name
    return bool(connector.guid and name and not (name.isascii() and name.isprintable()))


def _named(connectors: tuple[SendConnector, ...], name: str) -> SendConnector | None:
    return next((c for c in connectors if same_name(c.name, name)), None) if name else None


def _with_thumbprint(certificates: tuple[Certificate, ...], thumbprint: str) -> Certificate | None:
    return next((c for c in certificates if c.thumbprint == thumbprint), None) if thumbprint else None
