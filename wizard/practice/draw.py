"""The start world of a scenario: its parts from the file, names and numbers drawn by a seed.

Companies are the fictional ones of Microsoft's own documentation, addresses are of the ranges kept for documentation
(RFC 5737), domains of partners are reserved ones (RFC 2606).
"""

from __future__ import annotations

import enum
import random
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from wizard.facts import THUMBPRINT_DIGITS, ExchangeVersion, LoggingLevel, Service
from wizard.powershell.literal import literal
from wizard.practice.mail import log_folder, pass_time, services
from wizard.practice.world import (
    Component,
    Connector,
    EdgeSubscription,
    HeldCertificate,
    LogLayout,
    MailQueue,
    Partner,
    PartnerFault,
    Role,
    Server,
    World,
)

Thing = TypeVar("Thing")

VERSIONS = {
    "2010": ExchangeVersion.E2010,
    "2013": ExchangeVersion.E2013_2016,
    "2016": ExchangeVersion.E2013_2016,
    "2019": ExchangeVersion.E2019_SE,
    "SE": ExchangeVersion.E2019_SE,
}
"""The releases, oldest first, each with its family in the wizard."""

LAYOUTS = {
    "2010": (LogLayout.ROWS,),
    "2013": (LogLayout.ROWS, LogLayout.ROWS_WITHOUT_HEADER),
    "2016": (LogLayout.ONE_LINE, LogLayout.ONE_LINE_DATED, LogLayout.ROWS_WITHOUT_HEADER),
    "2019": (LogLayout.ONE_LINE_DATED,),
    "SE": (LogLayout.ONE_LINE_DATED,),
}
"""The layouts in which a release may log a certificate. INFERRED from the releases each was seen with."""

AUTH = "CN=Microsoft Exchange Server Auth Certificate"

_COMPANIES = (
    ("Contoso Ltd", "contoso.com"),
    ("Fabrikam, Inc.", "fabrikam.com"),
    ("Northwind Traders", "northwindtraders.com"),
    ("A. Datum Corporation", "adatum.com"),
    ("Adventure Works", "adventure-works.com"),
    ("Litware, Inc.", "litwareinc.com"),
    ("Proseware (Holding) Ltd", "proseware.com"),
    ("Tailspin Toys", "tailspintoys.com"),
    ("Wingtip Toys S.A.", "wingtiptoys.com"),
    ("Woodgrove Bank", "woodgrovebank.com"),
    ("Margie's Travel", "margiestravel.com"),
    ("Fourth Coffee", "fourthcoffee.com"),
    ('"Coho" Winery, LLC', "cohowinery.com"),
    ("Trey Research", "treyresearch.net"),
)
_PLACES = (
    ("Bath", "", "GB"),
    ("Redmond", "Washington", "US"),
    ("Bern", "", "CH"),
    ("Lyon", "", "FR"),
    ("Wilmington", "DE", "US"),
    ("Saint John's", "NL", "CA"),
)
_AUTHORITIES = (
    'CN=Northwind Public TLS CA 7, O="Northwind Trust, Inc.", C=US',
    "CN=Relecloud RSA TLS G2, O=Relecloud Limited, C=GB",
    "CN=R3, O=Let's Sign, C=US",
    "CN=Lamna SHA256 SSL CA, OU=www.lamna.example, O=Lamna Security (L.L.C), S=Delaware, C=US",
    "CN=Alpine Secure Server Authority 5, O=Alpine Corporation Service, L=Wilmington, S=DE, C=US",
)
_SERVERS = ("EX0{}", "MAIL{}", "EXCH-0{}", "MBX{}", "SRV-EX{}", "LON-EX0{}")
_EDGES = ("EDGE0{}", "EDGE{}", "DMZ-MX{}", "EXEDGE0{}")


class Parts:
    """Draws parts; each call continues the sequence. `company` and `domain` are the organisation's own.

    `other_company` and `other_domain` belong to one it exchanges mail with.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"practice {seed}")
        (self.company, self.domain), (self.other_company, self.other_domain) = self._random.sample(_COMPANIES, 2)
        self._addresses = {net: self._random.sample(range(10, 250), 40) for net in ("192.0.2", "198.51.100")}
        self._server_pattern = self.one_of(_SERVERS)
        self._edge_pattern = self.one_of(_EDGES)
        self._place = self.one_of(_PLACES)
        self._authority = self.one_of(_AUTHORITIES)
        self._auth: HeldCertificate | None = None

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of these."""
        return self._random.choice(things)

    def chance(self, of: float) -> bool:
        """True with this probability."""
        return self._random.random() < of

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def guid(self) -> str:
        """A GUID as Exchange prints it, in lower case."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def hexadecimal(self, digits: int) -> str:
        """Upper-case hex digits, the first no zero."""
        return "".join(self._random.choice("123456789ABCDEF" if not n else "0123456789ABCDEF") for n in range(digits))

    def thumbprint(self) -> str:
        """40 upper-case hex digits."""
        return self.hexadecimal(THUMBPRINT_DIGITS)

    def serial(self) -> str:
        """A serial number: mostly 16 or 18 bytes, and now and then as long as a thumbprint."""
        return self.hexadecimal(self.one_of((32, 32, 32, 36, 36, 40)))

    def address(self, net: str = "192.0.2") -> str:
        """An unused address of a range for documentation."""
        return f"{net}.{self._addresses[net].pop()}"

    def server_name(self, number: int, edge: bool = False) -> str:
        """The name of the server with this number, from 1, in the organisation's pattern."""
        return (self._edge_pattern if edge else self._server_pattern).format(number)

    def certificate(
        self, common_name: str, domains: Collection[str], now: datetime, company: str = "", issuer: str = ""
    ) -> HeldCertificate:
        """A public CA's certificate that is valid now, without services, its key readable by the system alone.

        The subject has the company and its place, or the common name alone as of a CA that checks no more.
        """
        place, state, country = self._place
        parts = [f"CN={common_name}"]
        if company or self.chance(0.7):
            parts += [f"O={_value(company or self.company)}", f"L={_value(place)}"]
            parts += [f"S={state}"] * bool(state) + [f"C={country}"]
        begins = _whole(now) - timedelta(days=self.between(3, 250), seconds=self.between(0, 80_000))
        return HeldCertificate(
            thumbprint=self.thumbprint(),
            serial=self.serial(),
            subject=", ".join(parts),
            issuer=issuer or self._authority,
            domains=tuple(domains),
            not_before=begins,
            not_after=begins + timedelta(days=397, seconds=86_399),
        )

    def renewed(self, old: HeldCertificate, now: datetime) -> HeldCertificate:
        """The successor of an older certificate: the same names, a new thumbprint, serial and dates."""
        begins = _whole(now) - timedelta(days=self.between(1, 6))
        return replace(
            old,
            thumbprint=self.thumbprint(),
            serial=self.serial(),
            not_before=begins,
            not_after=begins + timedelta(days=397, seconds=86_399),
        )

    def self_signed(self, server: str, domain: str, now: datetime) -> HeldCertificate:
        """The certificate that Exchange's setup makes: self-signed, for SMTP, and the server's default one."""
        return self._own(
            f"CN={server}",
            now,
            years=5,
            domains=(server, f"{server}.{domain}".lower()),
            services=frozenset({Service.SMTP}),
        )

    def auth_certificate(self, now: datetime) -> HeldCertificate:
        """The Auth certificate, one for the whole organisation; its Services shows SMTP."""
        if self._auth is None:
            self._auth = self._own(AUTH, now, years=5, domains=(), services=frozenset({Service.SMTP}))
        return self._auth

    def wmsvc_certificate(self, server: str, now: datetime) -> HeldCertificate:
        """The certificate of the Web Management Service, unrelated to mail."""
        name = f"WMSvc-SHA2-{server}"
        return self._own(f"CN={name}", now, years=10, domains=(name,), services=frozenset())

    def _own(
        self, subject: str, now: datetime, *, years: int, domains: tuple[str, ...], services: frozenset[Service]
    ) -> HeldCertificate:
        """A self-signed certificate in its first years."""
        begins = _whole(now) - timedelta(days=self.between(30, 1_200), seconds=self.between(0, 80_000))
        return HeldCertificate(
            thumbprint=self.thumbprint(),
            serial=self.hexadecimal(32),
            subject=subject,
            issuer=subject,
            domains=domains,
            not_before=begins,
            not_after=begins + timedelta(days=365 * years),
            services=services,
            key_readable=Service.SMTP in services,
            self_signed=True,
            root_ca_type="None",
        )

    def server(self, name: str, release: str, now: datetime, role: Role | None = None) -> Server:
        """A server after setup: its own certificate as the default, the organisation's Auth one, and WMSvc's.

        Raises:
            KeyError: there is no such release.
        """
        version = VERSIONS[release]
        role = role or (Role.HUB if release == "2010" else Role.MAILBOX)
        own = self.self_signed(name, self.domain, now)
        edge = role is Role.EDGE
        others = () if edge or release == "2010" else (self.auth_certificate(now),)
        logs = rf"D:\ExchangeLogs\{'Edge' if edge else 'Hub'}\SmtpSend" if self.chance(0.2) else ""
        return Server(
            name=name,
            domain=self.domain,
            address=self.address(),
            role=role,
            release=release,
            version=version,
            certificates=(own, *others, self.wmsvc_certificate(name, now)),
            default_smtp=own.thumbprint,
            iis_front_end="" if edge else own.thumbprint,
            iis_back_end="" if edge or release == "2010" else own.thumbprint,
            layout=self.one_of(LAYOUTS[release]),
            send_log_path=logs,
            write_delay=timedelta(seconds=self.between(20, 240)),
        )

    def partner(self, host: str, now: datetime, fault: PartnerFault = PartnerFault.NONE) -> Partner:
        """The partner, with its own certificate."""
        name = f"*.{host.partition('.')[2]}"
        others = [authority for authority in _AUTHORITIES if authority != self._authority]
        shown = self.certificate(name, (name, host), now, company="Relecloud Mail, Inc.", issuer=self.one_of(others))
        return Partner(host, self.address("198.51.100"), shown, fault)

    def connector(self, sources: Collection[str], partner: str, name: str) -> Connector:
        """A Send connector to a partner as its smart host, which asks for TLS."""
        hop = partner.partition(".")[2]
        return Connector(
            name=name,
            guid=self.guid(),
            sources=tuple(sources),
            partner=partner,
            address_spaces=(f"smtp:{hop};1",),
            smart_hosts=(partner,),
            fqdn=f"mail.{self.domain}",
            tls_auth_level="DomainValidation",
            tls_domain=f"*.{hop}",
        )

    def queue(self, server: str, domain: str, connector: str, messages: int | None = None) -> MailQueue:
        """A queue with untried messages, as many as given or drawn; more keep coming."""
        waiting = self.between(4, 260) if messages is None else messages
        inflow = self.between(1, 3)
        return MailQueue(server, self.between(11, 9_800), domain, connector, waiting, inflow=inflow)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _value(text: str) -> str:
    """A value for a distinguished name: quoted if it holds a comma or a quotation mark."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"+=;<>') else text


class KeyState(enum.Enum):
    """The state of a certificate's private key; Network Service is the account of the Transport service."""

    READABLE = "readable"
    UNREADABLE = "not readable"
    MISSING = "missing"


class Issuer(enum.Enum):
    """The issuer of a certificate."""

    PUBLIC = "public"
    ENTERPRISE = "enterprise"
    ITSELF = "itself"


@dataclass(frozen=True, slots=True)
class ServerPart:
    """A server. `release` is the product's: 2010, 2013, 2016, 2019, SE.

    `default`, `iis_front_end` and `iis_back_end` are keys of certificates; empty takes the server's own
    self-signed certificate, which every server has under the key `<server>.own`. `subscribed` is the key of a
    Mailbox server in whose site an Edge is subscribed. `write_delay` is in minutes, None for the usual one.
    """

    key: str
    role: Role = Role.MAILBOX
    release: str = "2019"
    default: str = ""
    iis_front_end: str = ""
    iis_back_end: str = ""
    layout: LogLayout | None = None
    write_delay: int | None = None
    log_path: str = ""
    answers: bool = True
    require_ssl: bool = True
    subscribed: str = ""


@dataclass(frozen=True, slots=True)
class CertificatePart:
    """A certificate with the servers that hold it, the same thumbprint on each.

    `names` are host names in the organisation's mail domain, the subject's first: `mail`, `*`; `@` is the domain
    itself. `like` is the key of another certificate, of which it takes issuer, subject and names, as a renewal does.
    On the servers of `bound_on` it is bound to SMTP already, whatever `services` and `private_key` say for the others.
    `begins` and `ends` are days before and after the start; an `ends` below zero is a certificate that has expired.
    """

    key: str
    on: tuple[str, ...]
    names: tuple[str, ...] = ("mail", "autodiscover")
    like: str = ""
    issuer: Issuer = Issuer.PUBLIC
    services: frozenset[Service] = frozenset()
    private_key: KeyState = KeyState.UNREADABLE
    bound_on: tuple[str, ...] = ()
    begins: int = 40
    ends: int = 325
    status: str = ""


@dataclass(frozen=True, slots=True)
class PartnerPart:
    """The other side."""

    key: str
    fault: PartnerFault = PartnerFault.NONE


@dataclass(frozen=True, slots=True)
class ConnectorPart:
    """A Send connector. An empty `name` is drawn; one that is given may hold placeholders.

    `tls_certificate` is the key of the certificate that TlsCertificateName names; `tls_name` is the words themselves,
    for one that nothing matches. `fqdn` is a host name in the mail domain, empty for none set.
    """

    key: str
    sources: tuple[str, ...]
    partner: str
    name: str = ""
    logging: LoggingLevel = LoggingLevel.NONE
    require_tls: bool = True
    tls_certificate: str = ""
    tls_name: str = ""
    fqdn: str = "mail"
    front_end: bool = False
    hybrid: bool = False


@dataclass(frozen=True, slots=True)
class QueuePart:
    """Messages that wait for a connector on a server; without one of them, every source server has some waiting."""

    connector: str
    server: str
    messages: int


@dataclass(frozen=True, slots=True)
class WorldPart:
    """The whole start. `here` is the key of the server the shell runs on.

    `history` is for how many minutes the queues have been tried before the learner comes: the log has rows of
    that time where protocol logging was on.
    """

    here: str
    servers: tuple[ServerPart, ...]
    certificates: tuple[CertificatePart, ...]
    partners: tuple[PartnerPart, ...]
    connectors: tuple[ConnectorPart, ...]
    queues: tuple[QueuePart, ...] = ()
    history: int = 45


PLACEHOLDER = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
"""The placeholder of a drawn name in a scenario's text: `{{EX1}}`, `{{public.thumbprint}}`."""

# Reserved domains (RFC 2606), with names of Microsoft's documentation.
_PARTNERS = (
    "relecloud.example",
    "lamna.example",
    "northwind.example",
    "woodgrove.example",
    "alpine.example",
    "tailspin.example",
)
_PARTNER_CONNECTORS = ("Outbound to {domain}", "To {domain}", "TLS {name}", "Partner {name} (TLS)", "Mail to {name}")
MOST_PARTNERS = len(_PARTNERS)
"""The number of named partners."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A world, the value of each placeholder, and the object of each key."""

    world: World
    names: Mapping[str, str]
    identities: Mapping[str, str]


class UnknownPlaceholderError(KeyError):
    """A text has an unknown placeholder."""


def filled(text: str, names: Mapping[str, str]) -> str:
    """Fill in the placeholders of a text.

    Raises:
        UnknownPlaceholderError: one is unknown; its argument is the text between the braces.
    """

    def name(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise UnknownPlaceholderError(found[1])
        return names[found[1]]

    return PLACEHOLDER.sub(name, text)


def draw(parts: WorldPart, seed: int) -> Drawn:
    """The world of this seed, its queues tried for as long as its history says."""
    return _Drawing(parts, seed).drawn()


class _Drawing:
    """One drawing; each drawn thing is kept for later references."""

    def __init__(self, parts: WorldPart, seed: int) -> None:
        self.parts = parts
        self.maker = Parts(seed)
        day = datetime(2026, 2, 1, 1, tzinfo=UTC) + timedelta(days=self.maker.between(0, 320))
        # At night, when such things happen.
        self.now = day + timedelta(seconds=self.maker.between(0, 4 * 3_600))
        self.domain = self.maker.domain
        self.names: dict[str, str] = {"domain": self.domain, "company": self.maker.company}
        self.identities: dict[str, str] = {}

    def drawn(self) -> Drawn:
        history = timedelta(minutes=self.parts.history)
        servers = self._servers()
        held = self._certificates(servers)
        servers = {part.key: self._placed(part, servers[part.key], held) for part in self.parts.servers}
        partners = self._partners()
        connectors = {part.key: self._connector(part, partners, held) for part in self.parts.connectors}
        world = World(
            now=self.now - history,
            here=servers[self.parts.here].name,
            servers=tuple(servers.values()),
            partners=tuple(partners.values()),
            connectors=tuple(connectors.values()),
            queues=self._queues(servers, connectors),
            subscriptions=self._subscriptions(servers),
            session=self.maker.between(3, 900),
        )
        self._name_servers(servers)
        return Drawn(pass_time(world, history), self.names, self.identities)

    def _servers(self) -> dict[str, Server]:
        made: dict[str, Server] = {}
        numbers = {True: 0, False: 0}
        for part in self.parts.servers:
            edge = part.role is Role.EDGE
            numbers[edge] += 1
            name = self.maker.server_name(numbers[edge], edge)
            server = self.maker.server(name, part.release, self.now, part.role)
            made[part.key] = server
            self.identities[part.key] = server.name
            self._name_certificate(f"{part.key}.own", _default_of(server))
        return made

    def _name_servers(self, servers: Mapping[str, Server]) -> None:
        for key, server in servers.items():
            self.names[key] = server.name
            self.names[f"{key}.fqdn"] = server.fqdn
            self.names[f"{key}.log"] = log_folder(server, services(server)[0])
            if Component.FRONT_END in services(server):
                self.names[f"{key}.front-end-log"] = log_folder(server, Component.FRONT_END)

    def _certificates(self, servers: Mapping[str, Server]) -> dict[str, HeldCertificate]:
        made = {f"{key}.own": _default_of(server) for key, server in servers.items()}
        for part in self.parts.certificates:
            made[part.key] = self._certificate(part, made)
            self._name_certificate(part.key, made[part.key])
        return made

    def _certificate(self, part: CertificatePart, made: Mapping[str, HeldCertificate]) -> HeldCertificate:
        hosts = tuple(self.domain if name == "@" else f"{name}.{self.domain}" for name in part.names)
        drawn = self.maker.renewed(made[part.like], self.now) if part.like else None
        drawn = drawn or self.maker.certificate(hosts[0], hosts, self.now)
        if part.issuer is Issuer.ENTERPRISE:
            tops = ", ".join(f"DC={label}" for label in self.domain.split("."))
            drawn = replace(drawn, issuer=f"CN={self.domain.partition('.')[0]}-CA, {tops}", root_ca_type="Enterprise")
        elif part.issuer is Issuer.ITSELF:
            drawn = replace(drawn, issuer=drawn.subject, self_signed=True, root_ca_type="None")
        midnight = self.now.replace(hour=0, minute=0, second=0)
        return replace(
            drawn,
            not_before=midnight - timedelta(days=part.begins),
            not_after=midnight + timedelta(days=part.ends, seconds=-1),
            services=part.services - {Service.IIS},
            has_private_key=part.private_key is not KeyState.MISSING,
            key_readable=part.private_key is KeyState.READABLE,
            status=part.status or ("DateInvalid" if part.ends < 1 else "Valid"),
        )

    def _placed(self, part: ServerPart, server: Server, held: Mapping[str, HeldCertificate]) -> Server:
        """The server with its certificates, their bindings, and its part's log settings."""
        mine = [each for each in self.parts.certificates if part.key in each.on]
        store = (*(_copy(held[each.key], part.key in each.bound_on) for each in mine), *server.certificates)
        server = replace(server, certificates=store)
        for each in mine:
            if Service.IIS in each.services:
                server = replace(server, iis_front_end=held[each.key].thumbprint)

        def thumbprint(key: str, otherwise: str) -> str:
            return held[key].thumbprint if key else otherwise

        delay = server.write_delay if part.write_delay is None else timedelta(minutes=part.write_delay)
        return replace(
            server,
            default_smtp=thumbprint(part.default, server.default_smtp),
            iis_front_end=thumbprint(part.iis_front_end, server.iis_front_end),
            iis_back_end=thumbprint(part.iis_back_end, server.iis_back_end),
            layout=part.layout or server.layout,
            write_delay=delay,
            send_log_path=part.log_path or server.send_log_path,
            answers=part.answers,
            require_ssl=part.require_ssl,
        )

    def _partners(self) -> dict[str, Partner]:
        made: dict[str, Partner] = {}
        left = list(_PARTNERS)
        for part in self.parts.partners:
            domain = left.pop(self.maker.between(0, len(left) - 1))
            partner = self.maker.partner(f"mx1.{domain}", self.now, part.fault)
            made[part.key] = partner
            self.identities[part.key] = partner.host
            self.names |= {
                part.key: partner.host,
                f"{part.key}.domain": domain,
                f"{part.key}.name": domain.partition(".")[0].capitalize(),
                f"{part.key}.address": partner.address,
                f"{part.key}.thumbprint": partner.certificate.thumbprint,
            }
        return made

    def _connector(
        self, part: ConnectorPart, partners: Mapping[str, Partner], held: Mapping[str, HeldCertificate]
    ) -> Connector:
        host = partners[part.partner].host
        tls_name = filled(part.tls_name, self.names)
        if part.tls_certificate:
            tls_name = _tls_name(held[part.tls_certificate])
        words = {"domain": self.names[f"{part.partner}.domain"], "name": self.names[f"{part.partner}.name"]}
        name = filled(part.name, self.names) or self.maker.one_of(_PARTNER_CONNECTORS).format_map(words)
        connector = replace(
            self.maker.connector([self.identities[key] for key in part.sources], host, name),
            fqdn=f"{part.fqdn}.{self.domain}" if part.fqdn else "",
            logging=part.logging,
            require_tls=part.require_tls,
            tls_auth_level="DomainValidation" if part.require_tls else "",
            tls_certificate_name=tls_name,
            front_end_proxy=part.front_end,
            cloud_services=part.hybrid,
        )
        self.identities[part.key] = connector.guid
        self.names |= {
            part.key: connector.name,
            f"{part.key}.guid": connector.guid,
            f"{part.key}.literal": literal(connector.name, "connector name"),
            f"{part.key}.fqdn": connector.fqdn,
            f"{part.key}.tls-name": connector.tls_certificate_name,
        }
        return connector

    def _queues(self, servers: Mapping[str, Server], connectors: Mapping[str, Connector]) -> tuple[MailQueue, ...]:
        said = {(part.server, part.connector): part.messages for part in self.parts.queues}
        made = []
        for part in self.parts.connectors:
            for key in part.sources:
                messages = said.get((key, part.key))
                host = connectors[part.key].partner
                made.append(self.maker.queue(servers[key].name, host, connectors[part.key].name, messages))
        return tuple(made)

    def _subscriptions(self, servers: Mapping[str, Server]) -> tuple[EdgeSubscription, ...]:
        return tuple(
            EdgeSubscription(servers[part.key].name, servers[part.subscribed].site, self.identities[f"{part.key}.own"])
            for part in self.parts.servers
            if part.subscribed
        )

    def _name_certificate(self, key: str, held: HeldCertificate) -> None:
        self.identities[key] = held.thumbprint
        common = held.subject.removeprefix("CN=").partition(",")[0]
        self.names |= {
            key: common,
            f"{key}.thumbprint": held.thumbprint,
            f"{key}.subject": held.subject,
            f"{key}.issuer": held.issuer,
            f"{key}.tls-name": _tls_name(held),
            f"{key}.tls-literal": literal(_tls_name(held), "certificate name"),
        }


def _copy(held: HeldCertificate, bound: bool) -> HeldCertificate:
    """A certificate as one server has it, bound to SMTP or not."""
    return replace(held, services=held.services | {Service.SMTP}, key_readable=True) if bound else held


def _default_of(server: Server) -> HeldCertificate:
    """The default certificate made by setup."""
    return next(each for each in server.certificates if each.thumbprint == server.default_smtp)


def _tls_name(held: HeldCertificate) -> str:
    """The TlsCertificateName for a certificate (PS/Set-SendConnector)."""
    return f"<I>{held.issuer}<S>{held.subject}"
