"""Whether mail leaves a server, by the rules of the domain and nothing else; and what an attempt leaves behind."""

from __future__ import annotations

import enum
from datetime import timedelta

from wizard.practice.world import Connector, HeldCertificate, MailQueue, Server, World


class Obstacle(enum.Enum):
    """What is truly wrong with a connector's mail on a server; the value says it in a sentence's end."""

    DISABLED = "the Send connector is disabled"
    NOT_A_SOURCE = "the server is none of the connector's source servers"
    DNS = "the next hop's name does not resolve"
    TIMES_OUT = "a firewall drops the packets"
    REFUSED = "the other side's port is closed"
    STARTTLS_STRIPPED = "a device on the way takes STARTTLS away"
    NAME_STALE = "TlsCertificateName names a certificate that the server does not have"
    TWO_WITH_ONE_NAME = "two certificates have the issuer and subject that TlsCertificateName names"
    NO_CERTIFICATE = "the server has no certificate for the connector's FQDN"
    NO_PRIVATE_KEY = "the certificate has no private key"
    KEY_NOT_USABLE = "the certificate is not bound to SMTP, so that its key cannot be used"
    NOT_TLS = "a device answers with something that is not TLS"
    DROPS_HANDSHAKE = "the other side drops the handshake"
    UNTRUSTED = "the other side's certificate is not trusted"


def certificates_for(server: Server, domain: str) -> tuple[HeldCertificate, ...]:
    """The certificates that have this name, or a wildcard for it: what `-DomainName` returns, in its order."""
    raise NotImplementedError


def presented(connector: Connector, server: Server) -> tuple[HeldCertificate, ...]:
    """The certificates that the server would present: one, none, or several of one name. The first is used."""
    raise NotImplementedError


def fault(world: World, connector: Connector, server: Server) -> Obstacle | None:
    """What is wrong, also where mail leaves all the same because TLS is not required."""
    raise NotImplementedError


def obstacle(world: World, connector: Connector, server: Server) -> Obstacle | None:
    """Why mail of a connector does not leave a server: the true fault; None where it leaves."""
    raise NotImplementedError


def flows(world: World, connector: Connector, server: Server) -> bool:
    """Whether mail of the connector leaves the server, encrypted or not."""
    return obstacle(world, connector, server) is None


def try_queue(world: World, queue: MailQueue) -> World:
    """One attempt now: rows in the log where the connector's logging is Verbose, the queue's state, MAIL_SENT."""
    raise NotImplementedError


def pass_time(world: World, by: timedelta) -> World:
    """The clock goes on; queues that become due are tried at their time, and what EdgeSync notices happens."""
    raise NotImplementedError
