"""The facts of the domain as frozen values: read from evidence, never guessed.

Sources named in docstrings: KB is Microsoft KB 4051498; KB-NOCRED is KB 4495258; PS/X is the reference page of cmdlet
X; LOG is "Protocol logging in Exchange Server".
"""

from __future__ import annotations

import enum
import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from typing import Generic, NamedTuple, TypeVar, overload


def same_name(one: str, other: str) -> bool:
    """True if two connector names are equal: Exchange compares names without case."""
    return one.casefold() == other.casefold()


def logged_as(written: str, connector: str) -> bool:
    """True if a log's rows are of the connector: under its name, or as `clip` damages it.

    Exchange 2010's shell has nothing else to copy rows with, and it writes a question mark for each letter outside
    ASCII, two for one beyond the first plane.
    """
    if same_name(written, connector):
        return True
    # Every handshake of a log asks this: clip's form is built only if it can match.
    if "?" not in written or connector.isascii():
        return False
    return same_name(
        written, "".join(letter if letter.isascii() else "?" * (1 + (ord(letter) > 0xFFFF)) for letter in connector)
    )


_TIME_BYTES = 28
"""The longest time a row can have: `2026-11-22T02:14:07.5123456Z`."""

_FIELDS = 5


class Occurrence(NamedTuple):
    """A failed handshake as a table row, with the key to its session.

    `thumbprint` is our certificate's if known, `source` the name of the log.
    """

    time: str
    connector: str
    error: str
    thumbprint: str
    remote: str
    source: str
    session: str


class Occurrences(Sequence[Occurrence]):
    """Failed handshakes in the order of their logs, about 60 bytes each.

    Shared texts (connector, error, thumbprint, remote endpoint, log) are kept once.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._shared: list[str] = []
        self._fields = array("I")
        self._sessions = array("Q")
        self._times = bytearray()

    def add(
        self, connector: str, error: str, thumbprint: str, remote: str, source: str, session: str, time: str
    ) -> None:
        """Add one; `session` is a session-id of at most 16 hex digits."""
        self._fields.extend(map(self._number, (connector, error, thumbprint, remote, source)))
        self._sessions.append(int(session, 16))
        self._times += time.encode("ascii", "replace")[:_TIME_BYTES].ljust(_TIME_BYTES)

    def extend(self, others: Iterable[Occurrence]) -> None:
        """Add those of another folder's logs."""
        for each in others:
            self.add(each.connector, each.error, each.thumbprint, each.remote, each.source, each.session, each.time)

    def only(self, connector: str, error: str, thumbprint: str) -> Occurrences:
        """Those of one kind."""
        wanted = [self._numbers.get(text) for text in (connector, error, thumbprint)]
        found = Occurrences()
        if None not in wanted:
            kind = array("I", (number for number in wanted if number is not None))
            for place in range(len(self)):
                if self._fields[place * _FIELDS : place * _FIELDS + 3] == kind:
                    found.add(*self[place][1:7], self[place].time)
        return found

    def __len__(self) -> int:
        return len(self._sessions)

    @overload
    def __getitem__(self, place: int) -> Occurrence: ...

    @overload
    def __getitem__(self, place: slice) -> list[Occurrence]: ...

    def __getitem__(self, place: int | slice) -> Occurrence | list[Occurrence]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        session = self._sessions[place]
        place = place % len(self)
        connector, error, thumbprint, remote, source = (
            self._shared[number] for number in self._fields[place * _FIELDS : (place + 1) * _FIELDS]
        )
        time = self._times[place * _TIME_BYTES : (place + 1) * _TIME_BYTES].decode("ascii").rstrip()
        return Occurrence(time, connector, error, thumbprint, remote, source, f"{session:016X}")

    def _number(self, text: str) -> int:
        """The number of a kept text."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._shared)
            self._shared.append(text)
        return number


Fact = TypeVar("Fact")

THUMBPRINT_DIGITS = 40
"""A certificate's thumbprint is a SHA-1 digest: 20 bytes, written as 40 hex digits."""


class Service(enum.Enum):
    """A service a certificate can be assigned to, in the cmdlet's own spelling (PS/Enable-ExchangeCertificate).

    The order of the members is the order in which commands name them: SMTP first, as the KB's
    example has it (`-services SMTP,IIS,POP`).
    """

    SMTP = "SMTP"
    IIS = "IIS"
    POP = "POP"
    IMAP = "IMAP"
    UM = "UM"
    UM_CALL_ROUTER = "UMCallRouter"
    FEDERATION = "Federation"


def in_order(services: Iterable[Service]) -> tuple[Service, ...]:
    """The services without doubles, in the order commands name them."""
    chosen = set(services)
    return tuple(service for service in Service if service in chosen)


def spelled(services: Iterable[Service], joiner: str = ", ") -> str:
    """The services in the cmdlet's spelling, `None` when there are none, as Exchange prints it."""
    return joiner.join(service.value for service in in_order(services)) or "None"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence, unchanged: claims point to it. `number` counts from 1."""

    text: str
    number: int
    source: str = "paste"

    @property
    def place(self) -> str:
        """The line's place in words: `SEND20261122-1.log, line 8`."""
        return f"{self.source}, line {self.number:,}"


@dataclass(frozen=True, slots=True)
class Mended:
    """An unambiguous repair: its place, and a description."""

    source: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Unread:
    """An unread part of the evidence: its place, and the reason. `line` is 0 for the whole."""

    source: str
    line: int
    why: str

    @property
    def place(self) -> str:
        """The place in words: `certificate.txt, line 8`."""
        return f"{self.source}, line {self.line:,}" if self.line else self.source

    @property
    def told(self) -> str:
        """Place and reason in words: `certificate.txt, line 8: a row that is cut`."""
        if self.line:
            return f"{self.place}: {self.why}"
        return self.why if self.source in self.why else f"{self.source}: {self.why}"


@dataclass(frozen=True, slots=True)
class Reading(Generic[Fact]):
    """A reader's result for a text: its facts, its repairs, and the unread parts."""

    facts: tuple[Fact, ...] = ()
    mended: tuple[Mended, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The command above an output, joined from the rows a console broke it over.

    Only plain literals are kept, never a variable's name. `server` is that of `-Server`, or of `-Identity` if that
    names a server; `identity` names a connector. `thumbprint` is empty for a whole list, and `narrow` says that
    something behind the cmdlet leaves objects out.
    """

    cmdlet: str = ""
    server: str = ""
    thumbprint: str = ""
    identity: str = ""
    services: tuple[Service, ...] = ()
    narrow: bool = False
    lines: tuple[Line, ...] = ()


class Layout(enum.Enum):
    """The four layouts of a certificate in a protocol log."""

    ROWS = "rows"
    ONE_LINE = "one line"
    ONE_LINE_DATED = "one line, dated"
    THUMBPRINT_ONLY = "thumbprint only"


class Whose(enum.Enum):
    """The owner of a certificate in a log: only OURS may ever reach a command."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class LoggedCertificate:
    """A certificate in a protocol log.

    `thumbprint` is 40 upper-case hex digits, or None if the log masks, cuts or lacks it; then `thumbprint_as_written`
    holds the original. Dates are the log's own (ISO 8601, UTC). `header_seen` is False if no `Sending certificate` row
    preceded the attributes (the KB's own sample) and the certificate is taken for ours because the handshake failed in
    that session. `lines` are its lines.
    """

    whose: Whose
    layout: Layout
    thumbprint: str | None
    thumbprint_as_written: str = ""
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: str | None = None
    not_after: str | None = None
    names: tuple[str, ...] = ()
    header_seen: bool = True
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Handshake:
    """One TLS handshake of one session: failed when `error` is a name, succeeded when it is None.

    `time` is the log's own, ISO 8601 in UTC. `ours` is the certificate this server sent, `theirs`
    the other side's. `protocol` is for a success, such as `SP_PROT_TLS1_2_CLIENT`. `delivered`
    says that `MAIL FROM` was sent and answered with 250 after the handshake. `line` is the row
    that tells the outcome.

    `anonymous` says that X-ANONYMOUSTLS began it. `reply` is the first 4xx or 5xx reply after a success,
    with nothing delivered after it. `sent_certificate` is False where the rows from the other side's 220 to
    the outcome are all there and none shows a certificate of ours; None where rows may be missing.
    """

    connector: str
    session: str
    time: str
    remote: str
    error: str | None
    line: Line
    protocol: str | None = None
    ours: LoggedCertificate | None = None
    theirs: LoggedCertificate | None = None
    delivered: bool = False
    anonymous: bool = False
    reply: str = ""
    reply_line: Line | None = None
    sent_certificate: bool | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A certificate of ours that a session sent, whose rows end before the handshake's outcome."""

    connector: str
    certificate: LoggedCertificate


@dataclass(frozen=True, slots=True)
class ClearSession:
    """A session without STARTTLS whose MAIL FROM was answered with 250."""

    connector: str
    session: str
    time: str
    remote: str
    line: Line


class Direction(enum.Enum):
    """The direction of a protocol log, by its header or by the shape of its connector field (LOG)."""

    SEND = "send"
    RECEIVE = "receive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LogReading:
    """What a protocol log shows: its handshakes in the order of their outcome rows.

    `rows` and `sessions` count what was read; `connectors` are their names in order of appearance;
    `connection_failures` counts rows that say the connection itself failed (no handshake began).
    `pending` are certificates of ours whose handshake has no outcome in these rows, each once.
    `first` and `last` are the times of the first and last row, ISO 8601 in UTC, empty without rows.

    A scan looks for failed handshakes without reading every row: then `scanned_bytes` says how much
    it looked through, `rows` and `sessions` are 0, `counted` are all failures, and `handshakes` are
    examples: the first failure of each group and the newest successes. `connectors` are those of the
    sessions among them. `occurrences` are all failures of a scan, in the order of the logs.

    `clear` are sessions that left mail unencrypted, `stripped` are rows in which a device has overwritten the banner
    or STARTTLS: a scan looks for the first behind each failure, and for the first row. `version` is the header's.
    `missed` are the files that were not read to their end: what stands there may contradict all the rest.
    """

    direction: Direction = Direction.UNKNOWN
    handshakes: tuple[Handshake, ...] = ()
    pending: tuple[Pending, ...] = ()
    rows: int = 0
    sessions: int = 0
    connectors: tuple[str, ...] = ()
    connection_failures: int = 0
    first: str = ""
    last: str = ""
    sources: tuple[str, ...] = ()
    mended: tuple[Mended, ...] = ()
    unread: tuple[Unread, ...] = ()
    scanned_bytes: int = 0
    counted: tuple[FailureGroup, ...] | None = None
    occurrences: Occurrences | None = field(default=None, compare=False, repr=False)
    clear: tuple[ClearSession, ...] = ()
    version: str = ""
    stripped: tuple[Line, ...] = ()
    missed: tuple[str, ...] = ()

    @property
    def missed_named(self) -> str:
        """The first missed files by name, and how many more there are; empty if all were read to their end."""
        more = f" and {len(self.missed) - MOST_NAMED:,} more" if len(self.missed) > MOST_NAMED else ""
        return ", ".join(self.missed[:MOST_NAMED]) + more


MOST_NAMED = 3
"""Names told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failed handshakes that share connector, error and certificate: one row of the table on screen.

    `remote` is the other side's endpoint in the last of them. If a scan counted them, `handshakes` is only the first,
    and the last if it was requested.
    """

    connector: str
    error: str
    certificate: LoggedCertificate | None
    sessions: int
    first: str
    last: str
    handshakes: tuple[Handshake, ...]
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as Get-ExchangeCertificate prints it; None or empty where the output does not say.

    `thumbprint` is 40 upper-case hex digits; None in `select services` output or when it was cut.
    `services` is None when the output has no Services; `unknown_services` are words or letters in
    it that name no service we know. `services_cut` says that Services was printed, but not whole. Dates
    are as printed, in the server's culture, unless the command asked for ISO 8601.

    `without_types` says that the shell rebuilt the object without Exchange's types: HasPrivateKey and
    Services prove nothing then and are None. `friendly` and `default` are HealthChecker's FriendlyName and
    Internal Transport Certificate. `listing` is the same for all certificates of one listing, and
    `whole_list` says that this listing shows every certificate of a server.
    """

    thumbprint: str | None = None
    services: frozenset[Service] | None = None
    unknown_services: tuple[str, ...] = ()
    subject: str = ""
    subject_cut: bool = False
    issuer: str = ""
    serial: str = ""
    not_before: str = ""
    not_after: str = ""
    has_private_key: bool | None = None
    self_signed: bool | None = None
    status: str = ""
    root_ca_type: str = ""
    domains: tuple[str, ...] = ()
    domains_cut: bool = False
    server: str = ""
    lines: tuple[Line, ...] = ()
    services_cut: bool = False
    issuer_cut: bool = False
    without_types: bool = False
    friendly: str = ""
    default: bool | None = None
    asked: Asked | None = None
    listing: str = ""
    whole_list: bool = False


class LoggingLevel(enum.Enum):
    """A connector's ProtocolLoggingLevel (PS/Set-SendConnector)."""

    NONE = "None"
    VERBOSE = "Verbose"


@dataclass(frozen=True, slots=True)
class SendConnector:
    """A Send connector as Get-SendConnector prints it; None or empty where the output does not say.

    `name_cut` says that a table cut the name: then it must not be used in a command.
    `tls_certificate_name` is Exchange's `<I>issuer<S>subject`. `edge_sync` says that EdgeSync made the
    connector. `tls_found` is what HealthChecker says of the named certificate: found on the server or not.
    """

    name: str
    name_cut: bool = False
    guid: str = ""
    enabled: bool | None = None
    logging_level: LoggingLevel | None = None
    source_servers: tuple[str, ...] = ()
    source_servers_cut: bool = False
    tls_certificate_name: str = ""
    fqdn: str = ""
    require_tls: bool | None = None
    tls_auth_level: str = ""
    tls_domain: str = ""
    smart_hosts: tuple[str, ...] = ()
    address_spaces: tuple[str, ...] = ()
    frontend_proxy: bool | None = None
    cloud_services: bool | None = None
    ignore_starttls: bool | None = None
    lines: tuple[Line, ...] = ()
    tls_certificate_name_cut: bool = False
    fqdn_cut: bool = False
    edge_sync: bool = False
    tls_found: bool | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue as Get-Queue prints it, or a bare LastError: then only `last_error` is filled.

    `last_error` is the core of the text, taken out of the `[{LED=…};{MSG=…};…]` wrapper by key;
    `as_written` is the whole value. `message_count` is None when not printed. `source` is `queue`,
    `tracking` for message tracking, which names the connector, or `words` for a bare LastError.
    """

    last_error: str
    as_written: str = ""
    identity: str = ""
    status: str = ""
    message_count: int | None = None
    next_hop: str = ""
    remote_host: str = ""
    remote_address: str = ""
    lines: tuple[Line, ...] = ()
    connector: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class OverwritePrompt:
    """The question Enable-ExchangeCertificate asks before it replaces the default SMTP certificate.

    Thumbprints are 40 upper-case hex digits, None where the paste does not show them whole.
    Expiry texts are in the server's culture. `answer` is `Y`, `N`, or empty where it is not shown.
    `no_letter` is what No is in the language of the question, empty where its choices cannot be read;
    `language` is empty where the question is known by its shape alone.
    """

    current: str | None
    replacement: str | None
    current_expires: str = ""
    replacement_expires: str = ""
    lines: tuple[Line, ...] = ()
    answer: str = ""
    no_letter: str = "N"
    language: str = "en"
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class LogFolder:
    """A server's send log folder, from Get-TransportService. `cut`: a table cut the path."""

    server: str
    path: str
    cut: bool = False
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class MailTimeouts:
    """How long a server's queues keep a message, as Get-TransportService prints it: `2.00:00:00` is two days.

    After `expires` it goes back to its sender; after `delay` the sender is told of the delay. A time that is not
    printed whole is empty.
    """

    server: str
    expires: str
    delay: str = ""
    lines: tuple[Line, ...] = ()


def completed(fact: Fact, other: Fact) -> Fact:
    """A fact with what another output shows of the same thing, where it shows nothing itself."""
    told = {each.name: each.default for each in fields(fact)}  # type: ignore[arg-type]
    silent = [name for name, usual in told.items() if getattr(fact, name) == usual and not name.endswith("_cut")]
    # Whether a value is cut goes with the value.
    cut = [f"{name}_cut" for name in silent if f"{name}_cut" in told]
    return replace(fact, **{name: getattr(other, name) for name in (*silent, *cut)})  # type: ignore[type-var]


def time_span(written: str) -> timedelta | None:
    """A time span as .NET prints it, such as `2.00:00:00` or `04:00:00`; None for any other text."""
    found = re.fullmatch(r"(?:(\d{1,3})\.)?(\d{1,2}):(\d\d):(\d\d)", written)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) if found else None


@dataclass(frozen=True, slots=True)
class DefaultCertificate:
    """A server's default SMTP certificate; `how` is `transport-service` or `healthchecker`."""

    server: str
    thumbprint: str
    how: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """An event of a server's log. `receive` tells a Receive connector from a Send connector; None if unknown.

    `alert` is the TLS alert of Schannel's events 36887 (received) and 36888 (sent).
    """

    number: int
    source: str
    connector: str = ""
    fqdn: str = ""
    receive: bool | None = None
    computer: str = ""
    thumbprint: str | None = None
    lines: tuple[Line, ...] = ()
    alert: int | None = None


@dataclass(frozen=True, slots=True)
class LoneError:
    """The log's sentence about a failed handshake without its row."""

    error: str
    lines: tuple[Line, ...] = ()


class Notice(enum.Enum):
    """A cmdlet's question or warning other than the one about the default SMTP certificate."""

    SSL = "ssl"
    UM = "um"
    PRECEDENCE = "precedence"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CmdletNotice:
    """A question of a cmdlet that is not about the default SMTP certificate, or a warning of one.

    `open` says that it is a question, and that nothing was answered to it yet.
    """

    about: Notice
    lines: tuple[Line, ...] = ()
    open: bool = False


class KeyTest(enum.Enum):
    """certutil's result about a certificate's private key, for the account that ran it."""

    PASSED = "passed"
    SIGNS = "signs"
    FAILED = "failed"
    NOT_OPENED = "not-opened"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """A certificate of the computer's store as certutil shows it. `provider` holds its key, empty if none is named."""

    thumbprint: str
    test: KeyTest
    provider: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding of a certificate to SMTP that the evidence shows.

    `how` is `question`, `ran` or `listing`; `at` is the source and the line where it shows.
    """

    thumbprint: str
    server: str
    how: str
    at: tuple[str, int]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class CmdletError:
    """An error that a cmdlet printed instead of an answer. `thumbprint` where the error names one.

    `text` is the error's own sentence, without what another tool wrote around it. `cmdlet` is the Exchange
    cmdlet that failed, empty for another tool's; `reason` is what stands in `(reason: …)`. `server` and
    `services` are those that the error or its command names; `shell` is the server where the cmdlet ran.
    `foreign` says that no cmdlet of Exchange failed, so it blocks nothing.
    """

    kind: CmdletErrorKind
    text: str
    thumbprint: str | None = None
    lines: tuple[Line, ...] = ()
    cmdlet: str = ""
    reason: str = ""
    server: str = ""
    services: tuple[Service, ...] = ()
    foreign: bool = False
    asked: Asked | None = None
    shell: str = ""


class CmdletErrorKind(enum.Enum):
    """The known cmdlet errors; the value is the meaning and the cure."""

    NOT_FOUND = "not-found"
    PRIVATE_KEY_MISSING = "private-key-missing"
    NOT_VALID = "not-valid-for-exchange"
    KEY_ACCESS = "key-access"
    RECEIVE_CONNECTOR_NAME = "receive-connector-underscore"
    IN_USE_BY_CONNECTOR = "in-use-by-connector"
    COMMAND_NOT_KNOWN = "command-not-known"
    OLDER_SHELL = "older-shell"
    KEY_NOT_ACCESSIBLE = "key-not-accessible"
    SERVICE = "named-service"
    TWIN_WITHOUT_SMTP = "twin-without-smtp"
    DEFAULT_IN_USE = "default-in-use"
    ALREADY = "already-exists"
    PATH_NOT_FOUND = "path-not-found"
    WRAPPED = "wrapped"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShellSeen:
    """The abilities of the shell the evidence comes from; None if unknown.

    `set_clipboard`: it has Set-Clipboard. `exchange_2010`: its Exchange is 2010's. `types`: it has Exchange's own
    types.
    """

    set_clipboard: bool | None = None
    exchange_2010: bool | None = None
    types: bool | None = None


class ExchangeVersion(enum.Enum):
    """The versions that differ in cmdlets or folders; the value is their name for a person."""

    E2010 = "2010"
    E2013_2016 = "2013 or 2016"
    E2019_SE = "2019 or SE"


def default_log_folder(version: ExchangeVersion, edge: bool = False, frontend: bool = False) -> str:
    r"""The default folder of the send protocol log, relative to `%ExchangeInstallPath%`.

    `frontend` asks for the Front End Transport service's log, which connectors with
    FrontendProxyEnabled write to. Exchange 2010 has one folder for both roles, and an Edge
    Transport server has no Front End: there it makes no difference.

    Source: "Protocol logging in Exchange Server", and the default of SendProtocolLogPath in the
    reference pages of Set-TransportService and Set-FrontendTransportService.
    """
    if version is ExchangeVersion.E2010:
        return r"TransportRoles\Logs\ProtocolLog\SmtpSend"
    service = "Edge" if edge else "FrontEnd" if frontend else "Hub"
    return rf"TransportRoles\Logs\{service}\ProtocolLog\SmtpSend"
