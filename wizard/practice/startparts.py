"""The start world of a scenario as its file describes it: parts with keys, before names and numbers are drawn."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wizard.facts import LoggingLevel, Service
from wizard.practice.world import LogLayout, PartnerFault, Role


class Key(enum.Enum):
    """How it stands with a certificate's private key; Network Service is the account of the Transport service."""

    READABLE = "readable"
    UNREADABLE = "not readable"
    MISSING = "missing"


RELEASES = ("2010", "2013", "2016", "2019", "SE")
"""The releases that a server can be of."""


class Issuer(enum.Enum):
    """Who issued a certificate."""

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
    private_key: Key = Key.UNREADABLE
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
