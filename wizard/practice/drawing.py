"""A start world drawn from its parts: names, thumbprints, addresses and times by the seed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from wizard.facts import Service
from wizard.powershell import literal
from wizard.practice.mailflow import pass_time
from wizard.practice.parts import Parts
from wizard.practice.protocol_log import log_folder, services
from wizard.practice.startparts import CertificatePart, ConnectorPart, Issuer, Key, ServerPart, WorldPart
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

# Domains that nobody has (RFC 2606), with names of Microsoft's documentation.
_PARTNERS = (
    "relecloud.example",
    "lamna.example",
    "northwind.example",
    "woodgrove.example",
    "alpine.example",
    "tailspin.example",
)
_CONNECTORS = ("Outbound to {domain}", "To {domain}", "TLS {name}", "Partner {name} (TLS)", "Mail to {name}")
MOST_PARTNERS = len(_PARTNERS)
"""So many partners have a name."""


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
        self.maker = Parts(seed)
        day = datetime(2026, 2, 1, 1, tzinfo=UTC) + timedelta(days=self.maker.between(0, 320))
        # In the night, as these things happen.
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
            self._name_certificate(f"{part.key}.own", _own(server))
        return made

    def _name_servers(self, servers: Mapping[str, Server]) -> None:
        for key, server in servers.items():
            self.names[key] = server.name
            self.names[f"{key}.fqdn"] = server.fqdn
            self.names[f"{key}.log"] = log_folder(server, services(server)[0])
            if Component.FRONT_END in services(server):
                self.names[f"{key}.front-end-log"] = log_folder(server, Component.FRONT_END)

    def _certificates(self, servers: Mapping[str, Server]) -> dict[str, HeldCertificate]:
        made = {f"{key}.own": _own(server) for key, server in servers.items()}
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
            has_private_key=part.private_key is not Key.MISSING,
            key_readable=part.private_key is Key.READABLE,
            status=part.status or ("DateInvalid" if part.ends < 1 else "Valid"),
        )

    def _placed(self, part: ServerPart, server: Server, held: Mapping[str, HeldCertificate]) -> Server:
        """The server with its certificates, what is bound to them, and what its part says of its log."""
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
        name = filled(part.name, self.names) or self.maker.one_of(_CONNECTORS).format_map(words)
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
    """A certificate as one server has it, bound to SMTP there or not."""
    return replace(held, services=held.services | {Service.SMTP}, key_readable=True) if bound else held


def _own(server: Server) -> HeldCertificate:
    """The certificate that setup made and that is the default one."""
    return next(each for each in server.certificates if each.thumbprint == server.default_smtp)


def _tls_name(held: HeldCertificate) -> str:
    """What TlsCertificateName is set to for a certificate (PS/Set-SendConnector)."""
    return f"<I>{held.issuer}<S>{held.subject}"
