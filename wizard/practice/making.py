"""Worlds drawn at random: fresh names, thumbprints and GUIDs each time, and the same for the same seed."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.facts import LoggingLevel, Service
from wizard.practice.world import Connector, HeldCertificate, LogLayout, MailQueue, Partner, PartnerFault, Server, World


class Trouble(enum.Enum):
    """What is wrong with the certificate of the connector on the servers that are not `healthy`."""

    NONE = "none"
    NOT_BOUND = "not bound to SMTP"
    KEY_ACCESS_LOST = "bound to SMTP, but Network Service may not read the key"
    NO_PRIVATE_KEY = "no private key"
    NAME_STALE = "TlsCertificateName is that of the certificate before the renewal"
    TWO_WITH_ONE_NAME = "the renewed one has the issuer and subject of the one before, which is still there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an organisation is to be like; the defaults are the plain article on one server.

    `releases` has one entry for each server that sends. With `edge` mail leaves through one subscribed Edge
    instead (the servers of `releases` are Mailbox servers then, and it has the first's release). `healthy` are the
    numbers of servers, from 0, on which nothing is wrong. `services` are those the certificate has besides SMTP; IIS among
    them means the front-end site, `back_end_only` the back-end site alone. `name` is the connector's, empty for a drawn one.
    `now` is the moment at which the world starts, None for a drawn one. `layout` and `write_delay` are drawn by release if None.
    """

    releases: tuple[str, ...] = ("2019",)
    edge: bool = False
    trouble: Trouble = Trouble.NOT_BOUND
    healthy: frozenset[int] = frozenset()
    partner: PartnerFault = PartnerFault.NONE
    services: frozenset[Service] = frozenset({Service.IIS})
    back_end_only: bool = False
    wildcard: bool = False
    by_name: bool = True
    front_end_proxy: bool = False
    require_tls: bool = True
    logging: LoggingLevel = LoggingLevel.NONE
    name: str = ""
    others: bool = True
    layout: LogLayout | None = None
    write_delay: timedelta | None = None
    now: datetime | None = None


class Maker:
    """Draws realistic parts; each call goes on from the last."""

    def __init__(self, seed: int) -> None:
        raise NotImplementedError

    def guid(self) -> str:
        """A GUID as Exchange prints it, in lower case."""
        raise NotImplementedError

    def thumbprint(self) -> str:
        """40 upper-case hex digits."""
        raise NotImplementedError

    def certificate(self, common_name: str, domains: Collection[str], now: datetime) -> HeldCertificate:
        """A public CA's certificate that is valid now, without services, its key readable by nobody but the system."""
        raise NotImplementedError

    def self_signed(self, server: str, domain: str, now: datetime) -> HeldCertificate:
        """The certificate that Exchange's setup makes: self-signed, for SMTP, and the default one."""
        raise NotImplementedError

    def server(self, name: str, release: str, now: datetime) -> Server:
        """A server with what setup leaves: its own certificate as the default, the Auth one, and WMSvc's."""
        raise NotImplementedError

    def partner(self, host: str, now: datetime, fault: PartnerFault = PartnerFault.NONE) -> Partner:
        """The other side, with a certificate of its own."""
        raise NotImplementedError

    def connector(self, sources: Collection[str], partner: str, name: str = "") -> Connector:
        """A Send connector to a partner; its name is drawn where none is given."""
        raise NotImplementedError

    def queue(self, server: str, domain: str, connector: str, messages: int | None = None) -> MailQueue:
        """A queue with messages that have not been tried yet."""
        raise NotImplementedError

    def organisation(self, plan: Plan) -> World:
        """A whole organisation after this plan, its queues tried and waiting as they would be."""
        raise NotImplementedError


def any_plan(seed: int) -> Plan:
    """A random mix of everything that a plan can say."""
    raise NotImplementedError


def any_world(seed: int) -> World:
    """A random organisation."""
    return Maker(seed).organisation(any_plan(seed))
