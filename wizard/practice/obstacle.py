"""The possible faults of a connector's mail on a server, the certificate presented, and the queue's words.

Source of the rules: KB 4051498 and KB 4495258, the reference pages of Set-SendConnector and Get-ExchangeCertificate;
conclusions not read there are marked INFERRED.
"""

from __future__ import annotations

import enum
from datetime import datetime

from wizard.facts import Service
from wizard.practice.world import (
    Component,
    Connector,
    HeldCertificate,
    KeyFault,
    LogLayout,
    Partner,
    PartnerFault,
    Role,
    Server,
    World,
)


class Obstacle(enum.Enum):
    """The real fault of a connector's mail on a server; the value ends a sentence."""

    DISABLED = "the Send connector is disabled"
    NOT_A_SOURCE = "the server is none of the connector's source servers"
    DNS = "the next hop's name does not resolve"
    TIMES_OUT = "a firewall drops the packets"
    REFUSED = "the other side's port is closed"
    STARTTLS_STRIPPED = "a device on the way takes STARTTLS away"
    NAME_STALE = "TlsCertificateName names a certificate that the server does not have, or that is out of its dates"
    TWO_WITH_ONE_NAME = "two certificates have the names that TlsCertificateName asks for, and the older is shown"
    NO_CERTIFICATE = "the server has no certificate for the connector's FQDN"
    NO_PRIVATE_KEY = "the certificate has no private key"
    NOT_BOUND = "the certificate is not bound to SMTP, so that its private key cannot be used"
    KEY_ACCESS_LOST = "Network Service was denied the certificate's private key, and SMTP went with that"
    KEY_GONE = "the certificate points to a private key that nobody can open"
    KEY_SEALED = "the certificate is not bound to SMTP, and binding fails: nobody may be given its private key"
    NOT_TLS = "a device answers with something that is not TLS"
    DROPS_HANDSHAKE = "the other side drops the handshake"
    UNTRUSTED = "the other side does not trust our certificate"


ERROR = {
    Obstacle.TWO_WITH_ONE_NAME: "UnknownCredentials",
    Obstacle.NOT_BOUND: "UnknownCredentials",
    Obstacle.KEY_ACCESS_LOST: "UnknownCredentials",
    Obstacle.KEY_GONE: "UnknownCredentials",
    Obstacle.KEY_SEALED: "UnknownCredentials",
    Obstacle.NO_PRIVATE_KEY: "NoCredentials",
    Obstacle.NOT_TLS: "InvalidToken",
    Obstacle.DROPS_HANDSHAKE: "SocketError",
    Obstacle.UNTRUSTED: "UntrustedRoot",
}
"""The name in `TLS negotiation failed with error <name>` for faults that end a handshake."""

OF_TLS = frozenset({*ERROR, Obstacle.STARTTLS_STRIPPED, Obstacle.NO_CERTIFICATE})
"""Faults that do not stop mail unless TLS is required: it leaves unencrypted."""

_UNREACHED = {
    PartnerFault.DNS: Obstacle.DNS,
    PartnerFault.TIMES_OUT: Obstacle.TIMES_OUT,
    PartnerFault.REFUSES: Obstacle.REFUSED,
}
_IN_THE_HANDSHAKE = {
    PartnerFault.NOT_TLS: Obstacle.NOT_TLS,
    PartnerFault.DROPS_HANDSHAKE: Obstacle.DROPS_HANDSHAKE,
    PartnerFault.UNTRUSTED: Obstacle.UNTRUSTED,
}


def component(connector: Connector, server: Server) -> Component:
    """The service that sends the connector's mail from this server, and logs it (LOG)."""
    if server.release == "2010":
        return Component.HUB
    if server.role is Role.EDGE:
        return Component.EDGE
    return Component.FRONT_END if connector.front_end_proxy else Component.HUB


def certificates_for(server: Server, domain: str) -> tuple[HeldCertificate, ...]:
    """The certificates with this name or a wildcard for it: the result of `-DomainName`, in the store's order.

    Source: PS/Get-ExchangeCertificate, that the first returned is used. INFERRED: the order is the store's.
    """
    wanted = domain.casefold()
    wildcard = f"*.{wanted.partition('.')[2]}"
    return tuple(c for c in server.certificates if {wanted, wildcard} & {name.casefold() for name in c.domains})


def presented(connector: Connector, server: Server, at: datetime) -> tuple[HeldCertificate, ...]:
    """The certificates the server would present: one, none, or several of one name. The first is shown.

    By TlsCertificateName, which compares issuer and subject (PS/Set-SendConnector; 2010 has no such setting) of valid
    certificates only (read in the implementation of Exchange 2013). Without it by the connector's Fqdn, or the
    server's own if that is empty.
    """
    if connector.tls_certificate_name and server.release != "2010":
        issuer, _, subject = connector.tls_certificate_name.removeprefix("<I>").rpartition("<S>")
        named = (c for c in server.certificates if _same(c.issuer, issuer) and _same(c.subject, subject))
        return tuple(c for c in named if c.not_before <= at <= c.not_after)
    return certificates_for(server, connector.fqdn or server.fqdn)[:1]


def _same(one: str, other: str) -> bool:
    """True if two distinguished names are equal without case."""
    return one.casefold() == other.casefold()


def usable(certificate: HeldCertificate, server: Server, through: Component) -> bool:
    """True if a transport service of the server can use the certificate's private key, which exists.

    The Transport service runs as Network Service: it can if that account may read the key, by binding to SMTP or by
    -NetworkServiceAllowed (INFERRED from PS/Enable-ExchangeCertificate). Front End Transport runs as Local System, so
    Network Service's permission says nothing of it. The KB names the missing binding as the cause for both services;
    INFERRED: the Front End can use the certificate only once it is bound to SMTP.
    """
    if through is Component.FRONT_END:
        return Service.SMTP in server.services(certificate)
    return certificate.key_readable


def of_certificate(connector: Connector, server: Server, at: datetime) -> Obstacle | None:
    """The fault of the server's own certificate, which needs nothing of the other side.

    The dates of one that the Fqdn chooses stop nothing here: the other side's reaction to them is unknown.
    """
    shown = presented(connector, server, at)
    by_name = bool(connector.tls_certificate_name) and server.release != "2010"
    if not shown:
        return Obstacle.NAME_STALE if by_name else Obstacle.NO_CERTIFICATE
    first = shown[0]
    if not first.has_private_key:
        return Obstacle.NO_PRIVATE_KEY
    if first.key_fault is KeyFault.GONE:
        return Obstacle.KEY_GONE
    if usable(first, server, component(connector, server)):
        # INFERRED from what admins report: "can cause" is taken as "causes" where the one shown is not the newest.
        older = any(other.not_after >= first.not_after for other in shown[1:])
        return Obstacle.TWO_WITH_ONE_NAME if older else None
    if first.key_fault is KeyFault.SEALED:
        return Obstacle.KEY_SEALED
    return Obstacle.KEY_ACCESS_LOST if Service.SMTP in first.services else Obstacle.NOT_BOUND


def fault(world: World, connector: Connector, server: Server) -> Obstacle | None:
    """The fault, even if mail leaves because TLS is not required.

    It is the first that an attempt meets: the connector's own settings, the connection, STARTTLS, the server's
    certificate (the failure comes before anything of the other side is seen), the handshake.
    """
    if not connector.enabled:
        return Obstacle.DISABLED
    if server.name.casefold() not in {source.casefold() for source in connector.sources}:
        return Obstacle.NOT_A_SOURCE
    partner = world.partner(connector.partner)
    if partner.fault in _UNREACHED:
        return _UNREACHED[partner.fault]
    if connector.ignore_starttls:
        return Obstacle.STARTTLS_STRIPPED if connector.require_tls else None
    if partner.fault is PartnerFault.STARTTLS_STRIPPED:
        return Obstacle.STARTTLS_STRIPPED
    return of_certificate(connector, server, world.now) or _IN_THE_HANDSHAKE.get(partner.fault)


def obstacle(world: World, connector: Connector, server: Server) -> Obstacle | None:
    """The fault that keeps a connector's mail on a server; None if it leaves.

    Without RequireTLS a failed handshake does not stop it: mail may leave unencrypted while the log shows failures. A
    TlsCertificateName that matches nothing stops it all the same (the queue's own words say so).
    """
    found = fault(world, connector, server)
    if found in OF_TLS and not connector.require_tls:
        return None
    partner = world.partner(connector.partner)
    met = [met_at(world, connector, server, address) for address in (partner.address, partner.second) if address]
    return None if None in met else found


def met_at(world: World, connector: Connector, server: Server, address: str) -> Obstacle | None:
    """The obstacle for an attempt at one address of the other side; None if TLS succeeds.

    A credential that the Transport service still holds for the certificate and this address keeps working, whatever
    happens to the grant on the key (read in the implementation of Exchange 2013).
    """
    found = fault(world, connector, server)
    if found in _OF_THE_GRANT:
        shown = presented(connector, server, world.now)[0]
        if (server.name, shown.thumbprint, address) in world.cached:
            return _IN_THE_HANDSHAKE.get(world.partner(connector.partner).fault)
    return found


_OF_THE_GRANT = frozenset({Obstacle.NOT_BOUND, Obstacle.KEY_ACCESS_LOST})


def flows(world: World, connector: Connector, server: Server) -> bool:
    """True if mail of the connector leaves the server, encrypted or not."""
    return obstacle(world, connector, server) is None


_FAILOVER = (
    " Attempted failover to alternate host, but that did not succeed. Either there are no alternate hosts, or delivery"
    " failed to all alternate hosts."
)
_NOT_REACHED = "451 4.4.397 Error communicating with target host. ->"
_TIMED_OUT = "421 4.4.1 Connection timed out"
_STALE = "454 4.7.5 The certificate specified in TlsCertificateName of the SendConnector could not be found."

_SAME_IN_ALL = {
    Obstacle.DNS: "451 4.4.0 DNS query failed",
    Obstacle.STARTTLS_STRIPPED: "451 5.7.3 STARTTLS is required to send mail",
    Obstacle.NO_CERTIFICATE: "451 5.7.3 STARTTLS is required to send mail",
    Obstacle.NAME_STALE: _STALE,
    Obstacle.NOT_TLS: "451 4.4.0 Security status InvalidToken",
    Obstacle.UNTRUSTED: "454 4.7.0 Failed to establish appropriate TLS channel: UntrustedRoot",
}
_SOCKET = {Obstacle.TIMES_OUT: ("SocketTimedout", 10060), Obstacle.REFUSED: ("SocketConnectionRefused", 10061)}
_BEFORE_A_CONNECTION = frozenset({Obstacle.DNS, Obstacle.TIMES_OUT, Obstacle.REFUSED})


def newer_wording(server: Server) -> bool:
    """True if the server's wording is `Target host responded with error`: 2019 and SE, and 2016 in its later updates.

    INFERRED: both wordings are seen with 2016; the later update is taken to be the one that logs dates too.
    """
    return server.release in {"2019", "SE"} or (server.release == "2016" and server.layout is LogLayout.ONE_LINE_DATED)


def core(obstacle: Obstacle, server: Server) -> str:
    """The bare words, without the wrapper; empty for faults a queue never reports."""
    if obstacle in {Obstacle.DISABLED, Obstacle.NOT_A_SOURCE}:
        return ""
    if obstacle in _SAME_IN_ALL:
        return _SAME_IN_ALL[obstacle]
    newer = newer_wording(server)
    if obstacle in _SOCKET:
        word, number = _SOCKET[obstacle]
        if newer:
            return f"{_NOT_REACHED} 421 4.2.1 Unable to connect -> {word}: Socket error code {number}"
        said = f"Failed to connect. Winsock error code: {number}, Win32 error code: {number}."
        return f'451 4.4.0 Error encountered while communicating with primary target IP address: "{said}"{_FAILOVER}'
    if obstacle is Obstacle.DROPS_HANDSHAKE:
        dropped = "421 4.4.2 Connection dropped due to SocketError"
        if newer:
            return f"{_NOT_REACHED} {dropped}"
        return f'451 4.4.0 Primary target IP address responded with: "{dropped}."{_FAILOVER}'
    if newer:
        return f"451 4.4.395 Target host responded with error. -> {_TIMED_OUT}"
    return f'451 4.4.0 Primary target IP address responded with: "{_TIMED_OUT}."{_FAILOVER}'


def last_error(obstacle: Obstacle, server: Server, partner: Partner, through: Component, at: datetime) -> str:
    """LastError of Get-Queue: bare in 2010, in braces by key since, the keys in another order since 2016.

    Through the Front End, its answer to the Transport service. `at` is the last retry, as an English server writes it.
    """
    words = core(obstacle, server)
    if through is Component.FRONT_END and words:
        words = f"Proxy session setup failed on Frontend with '{words}'"
    if server.release == "2010" or not words:
        return words
    address = "" if obstacle in _BEFORE_A_CONNECTION else partner.address
    member = {"LED": words, "MSG": "", "FQDN": partner.host, "IP": address, "LRT": english(at)}
    keys = ("LRT", "LED", "FQDN", "IP") if server.release == "2013" else ("LED", "MSG", "FQDN", "IP", "LRT")
    return "[" + ";".join(f"{{{key}={member[key]}}}" for key in keys) + "]"


def english(at: datetime) -> str:
    """A moment as an English (United States) server prints it: `11/2/2026 5:59:59 PM`."""
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"
