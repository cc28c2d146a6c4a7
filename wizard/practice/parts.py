"""The parts of an organisation, drawn at random: the same seed gives the same names, numbers and certificates.

Companies are the fictional ones of Microsoft's own documentation, addresses are of the ranges that are kept
for documentation (RFC 5737).
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from wizard.facts import THUMBPRINT_DIGITS, ExchangeVersion, Service
from wizard.practice.world import (
    Connector,
    HeldCertificate,
    LogLayout,
    MailQueue,
    Partner,
    PartnerFault,
    Role,
    Server,
)

Thing = TypeVar("Thing")

VERSIONS = {
    "2010": ExchangeVersion.E2010,
    "2013": ExchangeVersion.E2013_2016,
    "2016": ExchangeVersion.E2013_2016,
    "2019": ExchangeVersion.E2019_SE,
    "SE": ExchangeVersion.E2019_SE,
}
"""The releases there are, from the oldest on, each with the family the wizard tells apart."""

LAYOUTS = {
    "2010": (LogLayout.ROWS,),
    "2013": (LogLayout.ROWS, LogLayout.ROWS_WITHOUT_HEADER),
    "2016": (LogLayout.ONE_LINE, LogLayout.ONE_LINE_DATED, LogLayout.ROWS_WITHOUT_HEADER),
    "2019": (LogLayout.ONE_LINE_DATED,),
    "SE": (LogLayout.ONE_LINE_DATED,),
}
"""The layouts in which a release may log a certificate. INFERRED from where each was seen."""

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
HYBRID = "Outbound to Office 365"
"""How the hybrid wizard names its connector, newer ones with a GUID behind."""

_CONNECTORS = (HYBRID, "Outbound to {company}", "To {domain}", "TLS {company}", "Partner mail (TLS)")


class Parts:
    """Draws parts; each call goes on from the last. `company` and `domain` are those of the organisation itself.

    `other_company` and `other_domain` are of one that it exchanges mail with.
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
        """Whether something happens that happens with this probability."""
        return self._random.random() < of

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def guid(self) -> str:
        """A GUID as Exchange prints it, in lower case."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def hexadecimal(self, digits: int) -> str:
        """So many upper-case hex digits, the first no zero."""
        return "".join(self._random.choice("123456789ABCDEF" if not n else "0123456789ABCDEF") for n in range(digits))

    def thumbprint(self) -> str:
        """40 upper-case hex digits."""
        return self.hexadecimal(THUMBPRINT_DIGITS)

    def serial(self) -> str:
        """A serial number: mostly 16 or 18 bytes, and now and then as long as a thumbprint."""
        return self.hexadecimal(self.one_of((32, 32, 32, 36, 36, 40)))

    def address(self, net: str = "192.0.2") -> str:
        """An address of a range for documentation, each once."""
        return f"{net}.{self._addresses[net].pop()}"

    def server_name(self, number: int, edge: bool = False) -> str:
        """The name of the server with this number, from 1, after the organisation's one pattern."""
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
        """The certificate that takes an older one's place: the same names, a new thumbprint, serial and dates."""
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
        """The certificate of the Web Management Service, which is no business of mail."""
        name = f"WMSvc-SHA2-{server}"
        return self._own(f"CN={name}", now, years=10, domains=(name,), services=frozenset())

    def _own(
        self, subject: str, now: datetime, *, years: int, domains: tuple[str, ...], services: frozenset[Service]
    ) -> HeldCertificate:
        """A self-signed certificate of the first years of its life."""
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
        """A server as setup leaves it: its own certificate as the default, the organisation's Auth one, and WMSvc's.

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
        """The other side, with a certificate of its own."""
        name = f"*.{host.partition('.')[2]}"
        others = [authority for authority in _AUTHORITIES if authority != self._authority]
        shown = self.certificate(name, (name, host), now, company="Relecloud Mail, Inc.", issuer=self.one_of(others))
        return Partner(host, self.address("198.51.100"), shown, fault)

    def connector_name(self) -> str:
        """An ordinary name: the hybrid wizard's, or one of the other company."""
        name = self.one_of(_CONNECTORS).format(company=self.other_company, domain=self.other_domain)
        return f"{name} - {self.guid()}" if name == HYBRID and self.chance(0.5) else name

    def connector(self, sources: Collection[str], partner: str, name: str = "") -> Connector:
        """A Send connector to a partner as its smart host, which asks for TLS; its name is drawn if none is given."""
        hop = partner.partition(".")[2]
        return Connector(
            name=name or self.connector_name(),
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
        """A queue with messages that have not been tried yet, so many as given or as drawn; more go on coming in."""
        waiting = self.between(4, 260) if messages is None else messages
        inflow = self.between(1, 3)
        return MailQueue(server, self.between(11, 9_800), domain, connector, waiting, inflow=inflow)


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _value(text: str) -> str:
    """A value as a distinguished name has it: in quotation marks where it holds a comma or such marks."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"+=;<>') else text
