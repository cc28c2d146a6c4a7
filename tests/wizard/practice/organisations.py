"""Whole organisations drawn at random: as a plan says, or after a plan that is drawn as well.

The same seed gives the same world, with fresh names, thumbprints and GUIDs for each.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from wizard.facts import LoggingLevel, Service
from wizard.practice.draw import LAYOUTS, VERSIONS, Parts
from wizard.practice.exchange.certificates import Wish, enabled
from wizard.practice.mail import DeliveryAttempt, pass_time, rows
from wizard.practice.obstacle import Obstacle, presented
from wizard.practice.world import (
    Component,
    Connector,
    EdgeSubscription,
    HeldCertificate,
    KeyFault,
    LogLayout,
    MailQueue,
    Partner,
    PartnerFault,
    Role,
    Server,
    World,
)

_HYBRID = "Outbound to Office 365"
"""The hybrid wizard's name for its connector; newer ones append a GUID."""

_CONNECTORS = (_HYBRID, "Outbound to {company}", "To {domain}", "TLS {company}", "Partner mail (TLS)")


class Trouble(enum.Enum):
    """What is wrong with the connector's certificate on the sending servers that are not `healthy`."""

    NONE = "none"
    NOT_BOUND = "not bound to SMTP"
    KEY_ACCESS_LOST = "bound to SMTP once, but Network Service may no longer read the key"
    NO_PRIVATE_KEY = "no private key"
    NAME_STALE = "TlsCertificateName is that of the certificate before the renewal"
    TWO_WITH_ONE_NAME = "renewed under the same issuer and subject, and the one before is still there"
    TWIN_IMPORTED = "renewed under the same issuer and subject, imported, shown, and not bound; the one before is"
    BOUND_SINCE = "not bound until a moment ago, and nothing was tried since"
    KEY_GONE = "it points to a private key that nobody can open"
    KEY_SEALED = "not bound, and binding fails"
    SELF_SIGNED = "the server's self-signed certificate is shown, and the other side does not trust it"


class Internal(enum.Enum):
    """What the log has of Exchange's own connector, between the servers of the organisation."""

    NOTHING = "nothing"
    WORKS = "a handshake that succeeded"
    FAILS = "a handshake that failed with UnknownCredentials"


NEEDS_A_NAME = frozenset({Trouble.NAME_STALE, Trouble.TWO_WITH_ONE_NAME, Trouble.TWIN_IMPORTED, Trouble.KEY_GONE})
"""What comes of TlsCertificateName, which Exchange 2010 does not have."""

_RENEWED = frozenset({Trouble.TWO_WITH_ONE_NAME, Trouble.TWIN_IMPORTED})
_KEY_FAULTS = {Trouble.KEY_GONE: KeyFault.GONE, Trouble.KEY_SEALED: KeyFault.SEALED}
_UNBOUND = frozenset({Trouble.NOT_BOUND, Trouble.NO_PRIVATE_KEY, Trouble.TWIN_IMPORTED, Trouble.BOUND_SINCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an organisation is to be like; the defaults are the plain article on one server.

    `releases` has one entry for each server. With `edge` mail leaves through a subscribed Edge of the first's
    release instead, and the others are Mailbox servers. `healthy` are the numbers of sending servers, from 0, on
    which nothing is wrong. `partner` is what is wrong at the other side.

    `services` are those the certificate has besides SMTP; IIS among them is the front-end site, with
    `back_end_only` the back-end site instead. `by_name` sets TlsCertificateName, which 2010 does not have. `name` is
    the connector's, empty for a drawn one. `others` adds a connector to the internet that works.

    `second` gives the other side a second address; with `cached` the Transport service still holds a credential for it,
    so that handshakes there succeed. `um_changed` says that the startup mode of Unified Messaging is TCP by now, so
    that naming UM fails. `internal` is what Exchange's own connector has left in the log.

    `layout`, `write_delay` and `now`, the moment at which the world begins, are drawn where they are None.
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
    second: bool = False
    cached: bool = False
    um_changed: bool = False
    internal: Internal = Internal.NOTHING

    def __post_init__(self) -> None:
        """Refuses what cannot be.

        Raises:
            ValueError: a release has not what the plan asks of it; the message says what.
        """
        if not self.releases or not set(self.releases) <= VERSIONS.keys():
            raise ValueError(f"releases are some of {', '.join(VERSIONS)}")
        if "2010" in self.senders and self.trouble in NEEDS_A_NAME:
            raise ValueError("Exchange 2010 has no TlsCertificateName that could be wrong")
        if self.front_end_proxy and (self.edge or "2010" in self.releases):
            raise ValueError("Exchange 2010 and Edge servers have no Front End Transport service")
        if self.services & {Service.UM, Service.UM_CALL_ROUTER} and {"2019", "SE"} & set(self.releases):
            raise ValueError("Exchange 2019 and SE have no Unified Messaging")
        if self.trouble in NEEDS_A_NAME and not self.by_name:
            raise ValueError("this trouble comes of TlsCertificateName, which the plan leaves empty")
        if self.trouble is Trouble.SELF_SIGNED and (self.by_name or self.wildcard):
            raise ValueError("a certificate that is named, or fits every host, takes the place of the self-signed one")
        if self.cached and not self.second:
            raise ValueError("without a second address nothing is held for it")

    @property
    def senders(self) -> tuple[str, ...]:
        """The releases of the servers that the mail leaves from."""
        return self.releases[:1] if self.edge else self.releases


class Maker(Parts):
    """Draws realistic parts, and organisations made of them; each call goes on from the last."""

    def organisation(self, plan: Plan) -> World:
        """A whole organisation after this plan, its queues tried for a while and waiting as they would be.

        The shell is on the first server that is no Edge. No event is kept of what was before.
        """
        now = plan.now or self._moment()
        ours, before = self._certificates(plan, now)
        boxes = [self._server(plan, n, Role.MAILBOX, now) for n in range(len(plan.releases))]
        if plan.edge:
            senders = [self._server(plan, 0, Role.EDGE, now)]
            boxes = [self._holding(box, plan, ours, (), Trouble.NONE) for box in boxes]
        else:
            senders, boxes = boxes, []
        senders = [
            self._holding(each, plan, ours, before, Trouble.NONE if n in plan.healthy else plan.trouble)
            for n, each in enumerate(senders)
        ]
        partners, connectors = self._ways(plan, [s.name for s in senders], ours, now)
        queues = tuple(self._queues(connectors, senders, partners))
        start = now - timedelta(minutes=self.between(25, 90), seconds=self.between(0, 59))
        world = World(
            now=start,
            here=(boxes or senders)[0].name,
            servers=(*boxes, *senders),
            partners=partners,
            connectors=connectors,
            queues=queues,
            subscriptions=tuple(
                EdgeSubscription(s.name, s.site, s.default_smtp) for s in senders if s.role is Role.EDGE
            ),
            session=self.between(3, 900),
        )
        connector = connectors[0]
        shown = {s.name: next(iter(presented(connector, s, now)), None) for s in senders}
        if plan.cached:
            held = ((name, each.thumbprint, partners[0].second) for name, each in shown.items() if each)
            world = replace(world, cached=frozenset(held))
        world = pass_time(world, now - start)
        if plan.internal is not Internal.NOTHING:
            world = self._between_the_servers(world, plan)
        if plan.trouble is Trouble.BOUND_SINCE:
            for name, each in shown.items():
                server = world.server(name)
                if server and each and Service.SMTP not in server.services(each):
                    world = enabled(world, server, each, Wish(frozenset({Service.SMTP})), "N")
        return replace(world, events=(), queues=tuple(replace(queue, delivered=0) for queue in world.queues))

    def _between_the_servers(self, world: World, plan: Plan) -> World:
        """The world with a session of Exchange's own connector in the log of each server's Transport service."""
        own = replace(world.connectors[0], name=INTERNAL, logging=LoggingLevel.VERBOSE)
        met = Obstacle.NOT_BOUND if plan.internal is Internal.FAILS else None
        for server in world.servers:
            if server.role is Role.EDGE:
                continue
            other = next((s for s in world.servers if s is not server), server)
            default = server.certificate(server.default_smtp)
            theirs = other.certificate(other.default_smtp)
            assert theirs
            attempt = DeliveryAttempt(
                server,
                own,
                Partner(other.fqdn, other.address, theirs),
                world.session + 1,
                world.now - timedelta(minutes=self.between(5, 20)),
                default,
                met,
                verb="X-ANONYMOUSTLS",
            )
            world = replace(world, session=world.session + 1)
            world = world.with_rows((server.name, Component.HUB), rows(attempt))
        return world

    def _moment(self) -> datetime:
        """A moment in the night, as these things happen."""
        night = datetime(2026, 2, 1, 1, tzinfo=UTC)
        return night + timedelta(days=self.between(0, 320), seconds=self.between(0, 4 * 3_600))

    def _certificates(self, plan: Plan, now: datetime) -> tuple[HeldCertificate, tuple[HeldCertificate, ...]]:
        """The certificate that is meant to be used, and what is still there of the one before its renewal."""
        common = f"*.{self.domain}" if plan.wildcard else f"mail.{self.domain}"
        more = (self.domain,) if plan.wildcard else (f"autodiscover.{self.domain}", f"smtp.{self.domain}")
        ours = self.certificate(common, (common, *more), now)
        if plan.trouble not in _RENEWED:
            return ours, ()
        return self.renewed(ours, now), (ours,)

    def _server(self, plan: Plan, number: int, role: Role, now: datetime) -> Server:
        """A server of the plan, still without the certificate that it is about."""
        release = plan.releases[number]
        edge = role is Role.EDGE
        name = self.server_name(number + 1, edge)
        server = self.server(name, release, now, role if edge else None)
        return replace(
            server,
            layout=plan.layout or server.layout,
            write_delay=server.write_delay if plan.write_delay is None else plan.write_delay,
        )

    def _holding(
        self,
        server: Server,
        plan: Plan,
        ours: HeldCertificate,
        before: tuple[HeldCertificate, ...],
        trouble: Trouble,
    ) -> Server:
        """The server with the certificate in its store, bound as the plan says, with its trouble."""
        edge = server.role is Role.EDGE
        keyless = trouble is Trouble.NO_PRIVATE_KEY
        gone = trouble is Trouble.KEY_GONE
        bound = trouble not in _UNBOUND | {Trouble.KEY_GONE, Trouble.KEY_SEALED}
        services = frozenset() if keyless or gone or edge else plan.services - {Service.IIS}
        held = replace(
            ours,
            services=services | ({Service.SMTP} if bound else frozenset()),
            has_private_key=not keyless,
            key_readable=bound and trouble is not Trouble.KEY_ACCESS_LOST,
            key_fault=_KEY_FAULTS.get(trouble, KeyFault.NONE),
        )
        older = () if trouble is Trouble.NONE else before
        kept = tuple(replace(each, services=frozenset({Service.SMTP}), key_readable=True) for each in older)
        # Unified Messaging takes a certificate in these modes only (PS/Enable-ExchangeCertificate).
        startup = "Dual" if services & {Service.UM, Service.UM_CALL_ROUTER} else server.um_startup
        startup = "TCP" if plan.um_changed else startup
        ours_and_kept = (held, *kept) if trouble is Trouble.TWIN_IMPORTED else (*kept, held)
        server = replace(server, certificates=(*ours_and_kept, *server.certificates), um_startup=startup)
        if edge or keyless or gone or Service.IIS not in plan.services:
            return server
        if plan.back_end_only and server.iis_back_end:
            return replace(server, iis_back_end=held.thumbprint)
        return replace(server, iis_front_end=held.thumbprint)

    def connector_name(self) -> str:
        """An ordinary name: the hybrid wizard's, or one of the other company."""
        name = self.one_of(_CONNECTORS).format(company=self.other_company, domain=self.other_domain)
        return f"{name} - {self.guid()}" if name == _HYBRID and self.chance(0.5) else name

    def _ways(
        self, plan: Plan, senders: list[str], ours: HeldCertificate, now: datetime
    ) -> tuple[tuple[Partner, ...], tuple[Connector, ...]]:
        """The other sides, and the connectors to them: first the one the plan is about."""
        name = plan.name or self.connector_name()
        hybrid = name.startswith(_HYBRID)
        tenant = self.domain.replace(".", "-")
        partner = self.partner(
            f"{tenant}.mail.protection.example" if hybrid else f"mx1.{self.other_domain}", now, plan.partner
        )
        if plan.second:
            partner = replace(partner, second=self.address("198.51.100"))
        connector = self.connector(senders, partner.host, name)
        retired = "CN=Retired Issuing CA 2, O=Retired Trust, C=US"
        issuer = retired if plan.trouble is Trouble.NAME_STALE else ours.issuer
        named = plan.by_name and set(plan.senders) != {"2010"}
        connector = replace(
            connector,
            address_spaces=(f"smtp:{tenant}.mail.example;1",) if hybrid else connector.address_spaces,
            tls_certificate_name=f"<I>{issuer}<S>{ours.subject}" if named else "",
            require_tls=plan.require_tls,
            tls_auth_level=connector.tls_auth_level if plan.require_tls else "",
            tls_domain=connector.tls_domain if plan.require_tls else "",
            logging=plan.logging,
            front_end_proxy=plan.front_end_proxy,
            cloud_services=hybrid,
            fqdn="" if plan.trouble is Trouble.SELF_SIGNED else connector.fqdn,
        )
        if not plan.others:
            return (partner,), (connector,)
        internet = self.partner("mx1.mail.example.net", now)
        other = replace(
            self.connector(senders, internet.host, "Internet"),
            address_spaces=("smtp:*;1",),
            fqdn="",
            require_tls=False,
            tls_auth_level="",
            tls_domain="",
            logging=self.one_of((LoggingLevel.NONE, LoggingLevel.VERBOSE)),
        )
        return (partner, internet), (connector, other)

    def _queues(
        self, connectors: tuple[Connector, ...], senders: list[Server], partners: tuple[Partner, ...]
    ) -> Iterator[MailQueue]:
        """A queue on each sending server for each connector, into which mail goes on coming."""
        for connector, partner in zip(connectors, partners, strict=True):
            for server in senders:
                yield self.queue(server.name, partner.host, connector.name)


INTERNAL = "Intra-Organization SMTP Send Connector"
"""The connector between servers that Exchange has of itself, and that no cmdlet shows."""

_NAMES = (
    "",
    "",
    "Outbound to Office 365",
    "Outbound \u201cPartners\u201d",
    "Outbound \u2018secure\u2019",
    "Mail \u2013 TLS",
    "O'Neill, Partner & Co",
    "Sortie vers l\u2019internet",
    "\u0418\u0441\u0445\u043e\u0434\u044f\u0449\u0430\u044f \u043f\u043e\u0447\u0442\u0430",
    'To "Fabrikam", all mail',
    "$out `mail` [1]; #2",
)
"""Names of connectors that any organisation may have, empty for a drawn one."""


def any_plan(seed: int) -> Plan:
    """A random mix of everything that a plan can say, and that can be."""
    draw = random.Random(f"plan {seed}")
    edge = draw.random() < 0.2
    releases = tuple(sorted(draw.choices(tuple(VERSIONS), k=draw.choices((1, 2, 3), (5, 4, 2))[0]), key=str))
    if draw.random() < 0.6:
        releases = releases[:1] * len(releases)
    sending = releases[:1] if edge else releases
    troubles = [t for t in Trouble if "2010" not in sending or t not in NEEDS_A_NAME]
    trouble = draw.choices(troubles, [9 if t is Trouble.NOT_BOUND else 1 for t in troubles])[0]
    front_end = not edge and "2010" not in releases and draw.random() < 0.25
    if front_end and trouble is Trouble.KEY_ACCESS_LOST:
        front_end = False
    services = {service for service in (Service.IIS, Service.POP, Service.IMAP) if draw.random() < 0.45}
    if not {"2019", "SE"} & set(releases) and draw.random() < 0.25:
        services.add(Service.UM)
    fault = draw.choice([f for f in PartnerFault if f is not PartnerFault.NONE])
    layouts = set.intersection(*(set(LAYOUTS[release]) for release in releases))
    often = 0.2 if trouble is Trouble.NOT_BOUND else 0.6
    partner = fault if draw.random() < often else PartnerFault.NONE
    by_name = draw.random() < 0.6
    logging = draw.choice((LoggingLevel.NONE, LoggingLevel.NONE, LoggingLevel.VERBOSE))
    second = draw.random() < 0.25
    self_signed = trouble is Trouble.SELF_SIGNED
    return Plan(
        releases=releases,
        edge=edge,
        trouble=trouble,
        healthy=frozenset(n for n in range(1, len(sending)) if draw.random() < 0.25),
        partner=PartnerFault.UNTRUSTED if self_signed else partner,
        services=frozenset(services),
        back_end_only=draw.random() < 0.2,
        wildcard=draw.random() < 0.25 and not self_signed,
        by_name=not self_signed and (trouble in NEEDS_A_NAME or by_name),
        front_end_proxy=front_end,
        require_tls=draw.random() < 0.75,
        logging=LoggingLevel.VERBOSE if trouble is Trouble.BOUND_SINCE else logging,
        name=draw.choice(_NAMES),
        others=draw.random() < 0.7,
        layout=draw.choice(sorted(layouts, key=str)) if layouts and draw.random() < 0.5 else None,
        second=second,
        cached=second and draw.random() < 0.5,
        um_changed=Service.UM in services and draw.random() < 0.5,
        internal=draw.choice((Internal.NOTHING, Internal.NOTHING, Internal.WORKS, Internal.FAILS)),
    )


def any_world(seed: int) -> World:
    """A random organisation."""
    return Maker(seed).organisation(any_plan(seed))
