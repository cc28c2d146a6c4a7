"""A small organisation of fixed values, for tests that change one thing in it and look what happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wizard.facts import LoggingLevel, Service
from wizard.practice.draw import VERSIONS
from wizard.practice.world import (
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

NOW = datetime(2026, 11, 22, 2, 14, 7, tzinfo=UTC)
OURS = "9A41C07EE2D85B36F1047CA9D3E6582B10FF7C64"
TWIN = "17C3D90A5BE4426F8D01A7B93C5E2F8046D1BB90"
OWN = "C05F1E7A92B34D86E1507FA8C3D92B6E04718AA1"
THEIRS = "E7B25D09A1C34F68B0D9173E5CA4286FD0419C3B"
SUBJECT = "CN=mail.contoso.com, O=Contoso Ltd, L=Bath, C=GB"
ISSUER = 'CN=Example Public TLS CA 7, O="Example Trust, Inc.", C=US'
NAME = f"<I>{ISSUER}<S>{SUBJECT}"

ours = HeldCertificate(
    thumbprint=OURS,
    serial="0B7E22A9C4518D3360F1E59A7C2D4486",
    subject=SUBJECT,
    issuer=ISSUER,
    domains=("mail.contoso.com", "smtp.contoso.com"),
    not_before=NOW - timedelta(days=90),
    not_after=NOW + timedelta(days=300),
)
twin = replace(ours, thumbprint=TWIN, serial="5C1903D7720B4E8FA6610D92C3B84E57", not_before=NOW - timedelta(days=450))
bound = replace(ours, services=frozenset({Service.SMTP}), key_readable=True)
own = HeldCertificate(
    thumbprint=OWN,
    serial="6F0000001B2C3D4E5F60718293A4B5C6",
    subject="CN=EX01",
    issuer="CN=EX01",
    domains=("EX01", "ex01.contoso.com"),
    not_before=NOW - timedelta(days=700),
    not_after=NOW + timedelta(days=1_100),
    services=frozenset({Service.SMTP}),
    key_readable=True,
    self_signed=True,
)
theirs = HeldCertificate(
    thumbprint=THEIRS,
    serial="4A00000012AB34CD56EF7890AB12CD34EF567890",
    subject="CN=*.mail.example, O=Example Mail",
    issuer=ISSUER,
    domains=("*.mail.example", "mail.example"),
    not_before=NOW - timedelta(days=40),
    not_after=NOW + timedelta(days=40),
)


def a_server(
    *certificates: HeldCertificate,
    name: str = "EX01",
    release: str = "2019",
    role: Role = Role.MAILBOX,
    layout: LogLayout = LogLayout.ONE_LINE_DATED,
    address: str = "192.0.2.10",
) -> Server:
    """A server with its own certificate as the default, and these besides: the article's where none is given."""
    return Server(
        name=name,
        domain="contoso.com",
        address=address,
        role=role,
        release=release,
        version=VERSIONS[release],
        certificates=(own, *(certificates or (ours,))),
        default_smtp=OWN,
        layout=layout,
    )


connector = Connector(
    name="Outbound to Office 365",
    guid="41b6f2de-90c3-4d17-8f6a-2b5e7c9d0a34",
    sources=("EX01",),
    partner="contoso-com.mail.example",
    fqdn="mail.contoso.com",
    tls_certificate_name=NAME,
    logging=LoggingLevel.VERBOSE,
)
partner = Partner("contoso-com.mail.example", "198.51.100.25", theirs)
queue = MailQueue("EX01", 3417, partner.host, connector.name, messages=12)


def a_world(
    *servers: Server, fault: PartnerFault = PartnerFault.NONE, connector: Connector = connector, messages: int = 12
) -> World:
    """These servers, one connector from all that send, and a queue on each; the article's where none is given."""
    there = servers or (a_server(),)
    senders = [s for s in there if s.role is Role.EDGE] or list(there)
    return World(
        now=NOW,
        here=there[0].name,
        servers=there,
        partners=(replace(partner, fault=fault),),
        connectors=(replace(connector, sources=tuple(s.name for s in senders)),),
        queues=tuple(replace(queue, server=s.name, connector=connector.name, messages=messages) for s in senders),
        subscriptions=tuple(EdgeSubscription(s.name, s.site, OWN) for s in there if s.role is Role.EDGE),
    )


def binding(world: World, name: str = "EX01") -> World:
    """The article's change on one server: SMTP is added, Network Service may read the key, the default stays."""
    server = world.server(name)
    assert server is not None
    held = server.certificate(OURS)
    assert held is not None
    return world.with_server(
        server.with_certificate(replace(held, services=held.services | {Service.SMTP}, key_readable=True))
    )
