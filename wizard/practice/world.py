"""The simulated organisation as one frozen value: servers, certificates, connectors, queues, logs and a clock.

Nothing here decides anything: `obstacle` has the rules of mail flow, and the cmdlets replace the world. All times are
UTC.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

from wizard.facts import ExchangeVersion, LoggingLevel, Service

Thing = TypeVar("Thing")


class Role(enum.Enum):
    """A server's role; Exchange 2010 calls the one that sends mail Hub Transport."""

    MAILBOX = "Mailbox"
    HUB = "Hub Transport"
    EDGE = "Edge Transport"


class Component(enum.Enum):
    """The transport service that writes a protocol log (LOG); `HUB` also stands for Exchange 2010's only one."""

    HUB = "Hub"
    FRONT_END = "FrontEnd"
    EDGE = "Edge"


class LogLayout(enum.Enum):
    """The layout of a certificate in the protocol log: four are known, by version and build."""

    ROWS = "rows"
    ROWS_WITHOUT_HEADER = "rows without a header row"
    ONE_LINE = "one line"
    ONE_LINE_DATED = "one line, dated"


class KeyFault(enum.Enum):
    """Other faults of a private key that a certificate points to."""

    NONE = "none"
    GONE = "nothing is where the certificate points to, or not even the system can open it"
    SEALED = "the system can read it, and may not change who else can"


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate in a server's store. IIS is no service of it: the server's bindings say that.

    `thumbprint` is 40 upper-case hex digits. `key_readable` says whether Network Service, as which the
    Transport service runs, may read the private key: binding to SMTP gives it that (PS/Enable-ExchangeCertificate).
    SMTP in `services` says that it was bound once; `Server.services` is what is shown.
    `key_fault` is what no binding mends. `status` and `root_ca_type` are words of Get-ExchangeCertificate.
    """

    thumbprint: str
    serial: str
    subject: str
    issuer: str
    domains: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    services: frozenset[Service] = frozenset()
    has_private_key: bool = True
    key_readable: bool = False
    key_fault: KeyFault = KeyFault.NONE
    self_signed: bool = False
    status: str = "Valid"
    root_ca_type: str = "ThirdParty"
    key_size: int = 2048


@dataclass(frozen=True, slots=True)
class Server:
    """A server. Certificates are per server; bindings and the default are thumbprints, empty for none.

    `release` is the product's name (`2010`, `2013`, `2016`, `2019`, `SE`), `version` the family that the
    wizard tells apart. `write_delay` is how long rows stay in memory before they stand in the log.
    `domain` is the Active Directory domain; `site` the site whose Edge Subscriptions it syncs. `written_until`
    is the moment of the last restart of the Transport service, which wrote every row made before it.
    `um_startup` is the startup mode of Unified Messaging: TCP, TLS or Dual. The X509CertificateNames are
    those of Set-PopSettings and Set-ImapSettings, empty where they were never set. `mail_expires` is the
    MessageExpirationTimeout (default: PS/Set-TransportService).
    """

    name: str
    domain: str
    address: str
    role: Role
    release: str
    version: ExchangeVersion
    certificates: tuple[HeldCertificate, ...] = ()
    default_smtp: str = ""
    iis_front_end: str = ""
    iis_back_end: str = ""
    require_ssl: bool = True
    layout: LogLayout = LogLayout.ROWS
    send_log_path: str = ""
    front_end_log_path: str = ""
    write_delay: timedelta = timedelta(minutes=1)
    answers: bool = True
    site: str = "Default-First-Site-Name"
    written_until: datetime | None = None
    um_startup: str = "TCP"
    pop_certificate_name: str = ""
    imap_certificate_name: str = ""
    mail_expires: str = "2.00:00:00"

    @property
    def fqdn(self) -> str:
        """The whole host name."""
        return f"{self.name}.{self.domain}".lower()

    def certificate(self, thumbprint: str) -> HeldCertificate | None:
        """The certificate with this thumbprint, in any case."""
        return next((c for c in self.certificates if c.thumbprint == thumbprint.upper()), None)

    def services(self, certificate: HeldCertificate) -> frozenset[Service]:
        """The services shown for a certificate: IIS by the bindings of either site, SMTP by the grant on its key.

        Exchange shows SMTP exactly while Network Service may read the private key; without that grant SMTP stays among
        the certificate's own services, and is not shown.
        """
        bound = certificate.thumbprint in (self.iis_front_end, self.iis_back_end)
        granted = certificate.has_private_key and certificate.key_readable
        others = certificate.services - {Service.SMTP}
        return others | ({Service.IIS} if bound else frozenset()) | ({Service.SMTP} if granted else frozenset())

    def with_certificate(self, certificate: HeldCertificate) -> Server:
        """The server with the certificate replaced by its thumbprint, or added."""
        others = tuple(c for c in self.certificates if c.thumbprint != certificate.thumbprint)
        if len(others) == len(self.certificates):
            return replace(self, certificates=(*self.certificates, certificate))
        kept = tuple(certificate if c.thumbprint == certificate.thumbprint else c for c in self.certificates)
        return replace(self, certificates=kept)


class PartnerFault(enum.Enum):
    """A fault of a partner or on the way to it, which our servers cannot mend."""

    NONE = "none"
    TIMES_OUT = "a firewall drops the packets"
    REFUSES = "the port is closed"
    STARTTLS_STRIPPED = "a device takes STARTTLS away"
    NOT_TLS = "a device answers STARTTLS with something that is not TLS"
    DROPS_HANDSHAKE = "the handshake is dropped: no TLS version in common"
    UNTRUSTED = "it does not trust our certificate"
    DNS = "its name does not resolve"


@dataclass(frozen=True, slots=True)
class Partner:
    """The other side of a connector. `certificate` is the one it shows: a decoy for careless eyes.

    `second` is another address of the same host, empty for none: delivery fails over to it.
    """

    host: str
    address: str
    certificate: HeldCertificate
    fault: PartnerFault = PartnerFault.NONE
    second: str = ""


_AUTH_LEVELS = ("", "EncryptionOnly", "CertificateValidation", "DomainValidation")


@dataclass(frozen=True, slots=True)
class Connector:
    """A Send connector (PS/Set-SendConnector). `sources` are names of servers; `partner` is a Partner's host.

    `tls_certificate_name` is `<I>issuer<S>subject`, empty if not set.
    """

    name: str
    guid: str
    sources: tuple[str, ...]
    partner: str
    address_spaces: tuple[str, ...] = ("smtp:*;1",)
    smart_hosts: tuple[str, ...] = ()
    fqdn: str = ""
    enabled: bool = True
    logging: LoggingLevel = LoggingLevel.NONE
    require_tls: bool = True
    tls_auth_level: str = ""
    tls_domain: str = ""
    tls_certificate_name: str = ""
    ignore_starttls: bool = False
    front_end_proxy: bool = False
    cloud_services: bool = False

    def asks_less_than(self, before: Connector) -> bool:
        """True if it asks for less TLS than before: not required, never tried, or the other side checked less."""
        return (
            (before.require_tls and not self.require_tls)
            or (self.ignore_starttls and not before.ignore_starttls)
            or _AUTH_LEVELS.index(self.tls_auth_level) < _AUTH_LEVELS.index(before.tls_auth_level)
        )


@dataclass(frozen=True, slots=True)
class MailQueue:
    """A queue on one server for one next hop. `status` is Get-Queue's word: Ready, Active, Retry.

    `inflow` is the number of messages each minute. A message's number counts those before it.
    """

    server: str
    number: int
    domain: str
    connector: str
    messages: int = 0
    status: str = "Ready"
    last_error: str = ""
    last_try: datetime | None = None
    next_try: datetime | None = None
    delivered: int = 0
    inflow: int = 0

    @property
    def identity(self) -> str:
        r"""`SERVER\number`, Get-Queue's name for it."""
        return f"{self.server}\\{self.number}"


@dataclass(frozen=True, slots=True)
class EdgeSubscription:
    """An Edge server's subscription to a site. EdgeSync trusts the default certificate of its making."""

    edge: str
    site: str
    trusted: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of a protocol log, without its line end, and its time; it is written a while later."""

    made: datetime
    text: str


class EventKind(enum.Enum):
    """The events that goals, forbidden outcomes and the debrief refer to."""

    SERVICES_ADDED = "services were added to a certificate"
    DEFAULT_REPLACED = "the default SMTP certificate was replaced"
    DEFAULT_KEPT = "the question was answered with N"
    FORCED = "-Force answered the question with Yes"
    IIS_REBOUND = "the front-end web site was bound to another certificate"
    SSL_REQUIRED = "Require SSL was turned on"
    KEY_ACCESS_GIVEN = "Network Service was given access to a key"
    CERTIFICATE_REMOVED = "a certificate was removed"
    CERTIFICATE_ADDED = "a certificate was created or imported"
    CONNECTOR_CHANGED = "a Send connector was changed"
    TLS_WEAKENED = "a Send connector was made to ask for less TLS"
    LOGGING_CHANGED = "protocol logging was changed"
    QUEUE_RETRIED = "a queue was tried again"
    SERVICE_RESTARTED = "a Windows service was restarted"
    EDGE_SYNC_BROKEN = "EdgeSync stopped working"
    EDGE_SYNC_MENDED = "EdgeSync works again"
    MAIL_SENT = "mail left"


@dataclass(frozen=True, slots=True)
class Event:
    """An event at `server`. `subject` is its object: a thumbprint, a connector's name."""

    at: datetime
    kind: EventKind
    server: str = ""
    subject: str = ""
    detail: str = ""


Cached = tuple[str, str, str]
"""A server's name, a thumbprint and an address of the other side."""

LogKey = tuple[str, Component]
"""The server's name and the service that writes the log."""


def _no_logs() -> Mapping[LogKey, tuple[LogRow, ...]]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class World:
    """The whole organisation at one moment.

    `here` is the shell's server, `home` the one it came from; empty if it never moved. `retry_every` is Exchange's
    retry interval of a queue. `session` counts SMTP sessions and gives each its id. `console` is the width of the
    shell's window in cells. `cached` are credentials that a running Transport service still holds: a handshake succeeds
    with them although the key is no longer readable.
    """

    now: datetime
    here: str
    servers: tuple[Server, ...]
    partners: tuple[Partner, ...]
    connectors: tuple[Connector, ...]
    queues: tuple[MailQueue, ...] = ()
    subscriptions: tuple[EdgeSubscription, ...] = ()
    logs: Mapping[LogKey, tuple[LogRow, ...]] = field(default_factory=_no_logs)
    events: tuple[Event, ...] = ()
    retry_every: timedelta = timedelta(minutes=10)
    session: int = 0
    console: int = 80
    home: str = ""
    cached: frozenset[Cached] = frozenset()

    def server(self, name: str) -> Server | None:
        """The server with this name or whole host name, in any case."""
        wanted = name.casefold()
        return next((s for s in self.servers if wanted in (s.name.casefold(), s.fqdn.casefold())), None)

    def connector(self, identity: str) -> Connector | None:
        """The connector with this name or GUID, in any case."""
        wanted = identity.casefold()
        return next((c for c in self.connectors if wanted in (c.name.casefold(), c.guid.casefold())), None)

    def partner(self, host: str) -> Partner:
        """The partner with this host name.

        Raises:
            KeyError: there is none.
        """
        for partner in self.partners:
            if partner.host == host:
                return partner
        raise KeyError(host)

    def moved(self, to: str) -> World:
        """Move the shell to another server; it remembers this one."""
        home = self.home or self.here
        return replace(self, here=to, home="" if home == to else home)

    def back(self) -> World:
        """Move the shell back to the server it was opened on."""
        return replace(self, here=self.home or self.here, home="")

    def with_server(self, server: Server) -> World:
        """Replace the server of the same name."""
        return replace(self, servers=_replaced(self.servers, server, "name"))

    def with_connector(self, connector: Connector) -> World:
        """Replace the connector of the same GUID."""
        return replace(self, connectors=_replaced(self.connectors, connector, "guid"))

    def with_queue(self, queue: MailQueue) -> World:
        """Replace the queue of the same identity."""
        return replace(self, queues=_replaced(self.queues, queue, "identity"))

    def after(self, kind: EventKind, server: str = "", subject: str = "", detail: str = "") -> World:
        """Add an event of now."""
        return replace(self, events=(*self.events, Event(self.now, kind, server, subject, detail)))

    def with_rows(self, key: LogKey, rows: Iterable[LogRow]) -> World:
        """Append rows to a log."""
        more = {**self.logs, key: (*self.logs.get(key, ()), *rows)}
        return replace(self, logs=MappingProxyType(more))


def _replaced(things: tuple[Thing, ...], new: Thing, key: str) -> tuple[Thing, ...]:
    return tuple(new if getattr(each, key) == getattr(new, key) else each for each in things)
