"""A start world drawn from its parts: names, thumbprints, addresses and times by the seed."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from wizard.facts import Service
from wizard.powershell import literal
from wizard.practice.mailflow import pass_time, try_queue
from wizard.practice.making import Maker
from wizard.practice.startparts import CertificatePart, ConnectorPart, Issuer, Key, ServerPart, WorldPart
from wizard.practice.protocol_log import log_folder
from wizard.practice.world import (
    Component,
    Connector,
    EdgeSubscription,
    HeldCertificate,
    MailQueue,
    Partner,
    Role,
    Server,
    World,
)

PLACEHOLDER = re.compile(r"\{\{\s*([\w.-]+)\s*\}\}")
"""What stands in a scenario's texts for a drawn name: `{{EX1}}`, `{{public.thumbprint}}`."""

# Names that nobody's organisation has: Microsoft's for documentation, and those of RFC 2606.
_DOMAINS = ("contoso.com", "fabrikam.com", "adatum.com", "litwareinc.com", "wingtiptoys.com", "proseware.com")
_PARTNERS = (
    "northwindtraders.com",
    "tailspintoys.com",
    "example.com",
    "example.net",
    "example.org",
    "alpineskihouse.com",
)
_SERVERS = ("EX{:02}", "MAIL{}", "EXCH{:02}", "LON-EX{}", "SRV-MX{:02}", "MSX{}")
_EDGES = ("EDGE{}", "DMZ-EDGE{:02}", "GW{}", "MXGW{:02}")
_CONNECTORS = ("Outbound to {0}", "Mail to {0}", "To {0} (TLS)", "Partner {0}", "Send to {0}")
_INSIDE = ("corp.{}", "ad.{}", "int.{}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A world, what each placeholder stands for in it, and what each key names in it."""

    world: World
    names: Mapping[str, str]
    identities: Mapping[str, str]


class UnknownPlaceholderError(KeyError):
    """A text has a placeholder that stands for nothing."""


def filled(text: str, names: Mapping[str, str]) -> str:
    """The text with its placeholders filled in.

    Raises:
        UnknownPlaceholderError: one of them stands for nothing; its argument is what stands between the braces.
    """

    def name(found: re.Match[str]) -> str:
        if found[1] not in names:
            raise UnknownPlaceholderError(found[1])
        return names[found[1]]

    return PLACEHOLDER.sub(name, text)


def draw(parts: WorldPart, seed: int) -> Drawn:
    """The world of this seed, with its queues tried for as long as its history says."""
    return _Drawing(parts, seed).drawn()


class _Drawing:
    """One drawing; what is drawn first is kept for what refers to it."""

    def __init__(self, parts: WorldPart, seed: int) -> None:
        self.parts = parts
        self.chance = random.Random(f"scenario {seed}")
        self.maker = Maker(seed)
        days, minutes = self.chance.randrange(280), self.chance.randrange(24 * 60)
        self.now = datetime(2026, 2, 1, tzinfo=UTC) + timedelta(days=days, minutes=minutes)
        self.domain = self.chance.choice(_DOMAINS)
        self.inside = self.chance.choice(_INSIDE).format(self.domain)
        self.names: dict[str, str] = {"domain": self.domain}
        self.identities: dict[str, str] = {}

    def drawn(self) -> Drawn:
        begun = self.now - timedelta(minutes=self.parts.history)
        servers = self._servers()
        held = self._certificates(servers)
        servers = {part.key: self._placed(part, servers[part.key], held) for part in self.parts.servers}
        partners = self._partners()
        connectors = {part.key: self._connector(part, partners, held) for part in self.parts.connectors}
        world = World(
            now=begun,
            here=servers[self.parts.here].name,
            servers=tuple(servers.values()),
            partners=tuple(partners.values()),
            connectors=tuple(connectors.values()),
            queues=self._queues(servers, connectors),
            subscriptions=self._subscriptions(servers),
        )
        self._name_servers(servers)
        for queue in world.queues:
            world = try_queue(world, queue) if queue.messages else world
        world = pass_time(world, timedelta(minutes=self.parts.history))
        return Drawn(world, self.names, self.identities)

    def _servers(self) -> dict[str, Server]:
        inner, outer = self.chance.choice(_SERVERS), self.chance.choice(_EDGES)
        made: dict[str, Server] = {}
        numbers = {Role.EDGE: 0, Role.MAILBOX: 0}
        for part in self.parts.servers:
            kind = Role.EDGE if part.role is Role.EDGE else Role.MAILBOX
            numbers[kind] += 1
            name = (outer if kind is Role.EDGE else inner).format(numbers[kind])
            server = replace(self.maker.server(name, part.release, self.now), domain=self.inside, role=part.role)
            made[part.key] = server
            self.identities[part.key] = server.name
            own = server.certificate(server.default_smtp)
            if own is not None:
                self._name_certificate(f"{part.key}.own", own)
        return made

    def _name_servers(self, servers: Mapping[str, Server]) -> None:
        for key, server in servers.items():
            self.names[key] = server.name
            self.names[f"{key}.fqdn"] = server.fqdn
            of = Component.EDGE if server.role is Role.EDGE else Component.HUB
            self.names[f"{key}.log"] = log_folder(server, of)
            if server.role is Role.MAILBOX:
                self.names[f"{key}.front-end-log"] = log_folder(server, Component.FRONT_END)

    def _certificates(self, servers: Mapping[str, Server]) -> dict[str, HeldCertificate]:
        made: dict[str, HeldCertificate] = {}
        for key, server in servers.items():
            own = server.certificate(server.default_smtp)
            if own is not None:
                made[f"{key}.own"] = own
        for part in self.parts.certificates:
            made[part.key] = self._certificate(part, made)
            self._name_certificate(part.key, made[part.key])
        return made

    def _certificate(self, part: CertificatePart, made: Mapping[str, HeldCertificate]) -> HeldCertificate:
        hosts = tuple(self.domain if name == "@" else f"{name}.{self.domain}" for name in part.names)
        drawn = self.maker.certificate(hosts[0], hosts, self.now)
        if part.like:
            like = made[part.like]
            drawn = replace(drawn, subject=like.subject, issuer=like.issuer, domains=like.domains)
        elif part.issuer is Issuer.ENTERPRISE:
            tops = ", ".join(f"DC={label}" for label in self.inside.split("."))
            drawn = replace(drawn, issuer=f"CN={self.domain.partition('.')[0]}-CA, {tops}", root_ca_type="Enterprise")
        elif part.issuer is Issuer.ITSELF:
            drawn = replace(drawn, issuer=drawn.subject, self_signed=True, root_ca_type="None")
        midnight = self.now.replace(hour=0, minute=0)
        return replace(
            drawn,
            not_before=midnight - timedelta(days=part.begins),
            not_after=midnight + timedelta(days=part.ends, seconds=-1),
            services=part.services - {Service.IIS},
            has_private_key=part.private_key is not Key.MISSING,
            key_readable=part.private_key is Key.READABLE,
            status=part.status or ("DateInvalid" if part.ends < 1 else "Valid"),
        )

    def _placed(self, part: ServerPart, server: Server, held: Mapping[str, HeldCertificate]) -> Server:
        """The server with its certificates, what is bound to them, and what its part says of its log."""
        for each in self.parts.certificates:
            if part.key in each.on:
                server = server.with_certificate(held[each.key])
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
        )

    def _partners(self) -> dict[str, Partner]:
        made: dict[str, Partner] = {}
        domains = self.chance.sample(_PARTNERS, len(self.parts.partners))
        for part, domain in zip(self.parts.partners, domains, strict=True):
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
        spoken = self.names[f"{part.partner}.name"]
        name = filled(part.name, self.names) or self.chance.choice(_CONNECTORS).format(spoken)
        host = partners[part.partner].host
        tls_name = filled(part.tls_name, self.names)
        if part.tls_certificate:
            tls_name = _tls_name(held[part.tls_certificate])
        connector = replace(
            self.maker.connector([self.identities[key] for key in part.sources], host, name),
            address_spaces=(f"SMTP:{self.names[f'{part.partner}.domain']};1",),
            fqdn=f"{part.fqdn}.{self.domain}" if part.fqdn else "",
            logging=part.logging,
            require_tls=part.require_tls,
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
                domain = self.names[f"{part.partner}.domain"]
                messages = said.get((key, part.key), self.chance.randrange(3, 60))
                queue = self.maker.queue(servers[key].name, domain, connectors[part.key].name, messages)
                made.append(queue)
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
        }


def _tls_name(held: HeldCertificate) -> str:
    """What TlsCertificateName is set to for a certificate (PS/Set-SendConnector)."""
    return f"<I>{held.issuer}<S>{held.subject}"
