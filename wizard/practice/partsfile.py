"""The start world of a scenario read from TOML: servers, certificates, partners, connectors, queues by their keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from wizard.facts import LoggingLevel, Service
from wizard.practice.drawing import MOST_PARTNERS
from wizard.practice.predicates import WORDS, Sort
from wizard.practice.startparts import (
    RELEASES,
    CertificatePart,
    ConnectorPart,
    Issuer,
    Key,
    PartnerPart,
    QueuePart,
    ServerPart,
    WorldPart,
)
from wizard.practice.tomltable import Table, nearest
from wizard.practice.world import LogLayout, PartnerFault, Role

FAULTS: Mapping[str, PartnerFault] = {fault.name.lower().replace("_", "-"): fault for fault in PartnerFault}
"""What can be wrong at a partner or on the way to it, by the words of a scenario's file."""

LAYOUTS: Mapping[str, LogLayout] = {layout.name.lower().replace("_", "-"): layout for layout in LogLayout}
"""The layouts of a certificate in the protocol log, by the words of a scenario's file."""

ROLES: Mapping[str, Role] = {"Mailbox": Role.MAILBOX, "Hub Transport": Role.HUB, "Edge": Role.EDGE}
"""The roles, by the words of a scenario's file."""

STATUSES = (
    "DateInvalid",
    "Invalid",
    "PendingRequest",
    "RevocationCheckFailure",
    "Revoked",
    "Unknown",
    "Untrusted",
    "Valid",
)
"""What Status of a certificate can be (PS/Get-ExchangeCertificate)."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,3}}")
_CERTIFIED = re.compile(rf"@|\*|(?:\*\.)?{_LABEL}(?:\.{_LABEL}){{0,3}}")
_FOLDER = re.compile(r"[A-Za-z]:(?:\\[^\\/:*?\"<>|\s](?:[^\\/:*?\"<>|]{0,98}[^\\/:*?\"<>|\s.])?){1,10}")
_DAYS = 3_660
"""As many days before and after the start a certificate may begin and end."""

_RESERVED = {"domain", *WORDS}


def read_world(table: Table) -> tuple[WorldPart, Mapping[str, Sort]]:
    """The start world that a scenario's file describes, and of which sort each key is; complains of what is wrong."""
    servers = tuple(_server(key, each) for key, each in table.named_tables("servers", 12))
    certificates = tuple(_certificate(key, each) for key, each in table.named_tables("certificates", 30))
    partners = tuple(_partner(key, each) for key, each in table.named_tables("partners", MOST_PARTNERS))
    connectors = tuple(_connector(key, each) for key, each in table.named_tables("connectors", 12))
    for key, found in (("servers", servers), ("partners", partners), ("connectors", connectors)):
        if not found:
            table.wrong(f"the world needs at least one: [{key}.name].", key)
    first = servers[0].key if servers else ""
    whole = WorldPart(
        here=table.text("here", first),
        servers=servers,
        certificates=certificates,
        partners=partners,
        connectors=connectors,
        queues=tuple(_queue(each) for each in table.tables("queues")),
        history=table.number("history", 45, most=1_440),
    )
    _joined(whole, table)
    sorts = {
        **{part.key: Sort.SERVER for part in servers},
        **{f"{part.key}.own": Sort.CERTIFICATE for part in servers},
        **{part.key: Sort.CERTIFICATE for part in certificates},
        **{part.key: Sort.CONNECTOR for part in connectors},
    }
    return whole, sorts


def _server(key: str, table: Table) -> ServerPart:
    role = table.choice("role", Role.MAILBOX, ROLES)
    release = table.text("release", "2019")
    if release not in RELEASES:
        table.wrong(f"{release} is not known; write one of: {', '.join(RELEASES)}.", "release")
    if (role is Role.HUB) is not (release == "2010") and role is not Role.EDGE:
        table.wrong('Exchange 2010 sends by role = "Hub Transport", and only 2010 does.', "role")
    made = ServerPart(
        key,
        role,
        release,
        default=table.text("default", ""),
        iis_front_end=table.text("iis-front-end", ""),
        iis_back_end=table.text("iis-back-end", ""),
        layout=table.choice("layout", LogLayout.ROWS, LAYOUTS) if table.has("layout") else None,
        write_delay=table.number("write-delay", 1, most=1_440) if table.has("write-delay") else None,
        log_path=_like(table, "log-path", "", _FOLDER, "a folder such as D:\\Logs\\Send"),
        answers=table.flag("answers", True),
        require_ssl=table.flag("require-ssl", True),
        subscribed=table.text("subscribed", ""),
    )
    table.done()
    return made


def _certificate(key: str, table: Table) -> CertificatePart:
    known = {service.value: service for service in Service}
    services = table.words("services", ())
    for word in services:
        if word not in known:
            table.wrong(f'"{word}" is no service; write some of: {", ".join(known)}.', "services")
    names = table.words("names", ("mail", "autodiscover"))
    for name in names:
        if not _CERTIFIED.fullmatch(name):
            table.wrong(f'"{name}" is no host name; write one in the mail domain, "*" or "@".', "names")
    made = CertificatePart(
        key,
        on=table.words("on"),
        names=names,
        like=table.text("like", ""),
        issuer=table.choice("issuer", Issuer.PUBLIC),
        services=frozenset(known[word] for word in services if word in known),
        private_key=table.choice("private-key", Key.UNREADABLE),
        bound_on=table.words("bound-on", ()),
        begins=table.number("begins", 40, least=-_DAYS, most=_DAYS),
        ends=table.number("ends", 325, least=-_DAYS, most=_DAYS),
        status=_status(table),
    )
    table.done()
    return made


def _like(table: Table, key: str, default: str, shape: re.Pattern[str], wanted: str) -> str:
    """A text of a shape, or nothing."""
    found = table.text(key, default)
    if found and not shape.fullmatch(found):
        table.wrong(f"write {wanted}.", key)
        return default
    return found


def _status(table: Table) -> str:
    """A word of Get-ExchangeCertificate, or nothing."""
    found = table.text("status", "")
    if found and found not in STATUSES:
        table.wrong(f"{found} is not known; write one of: {', '.join(STATUSES)}.", "status")
    return found


def _partner(key: str, table: Table) -> PartnerPart:
    made = PartnerPart(key, table.choice("fault", PartnerFault.NONE, FAULTS))
    table.done()
    return made


def _connector(key: str, table: Table) -> ConnectorPart:
    made = ConnectorPart(
        key,
        sources=table.words("sources"),
        partner=table.text("partner"),
        name=table.text("name", ""),
        logging=table.choice("logging", LoggingLevel.NONE),
        require_tls=table.flag("require-tls", True),
        tls_certificate=table.text("tls-certificate", ""),
        tls_name=table.text("tls-name", ""),
        fqdn=_like(table, "fqdn", "mail", _HOST, "a host name in the mail domain, such as mail"),
        front_end=table.flag("front-end-proxy", False),
        hybrid=table.flag("hybrid", False),
    )
    table.done()
    return made


def _queue(table: Table) -> QueuePart:
    made = QueuePart(table.text("connector"), table.text("server"), table.number("messages", 5))
    table.done()
    return made


def _joined(whole: WorldPart, table: Table) -> None:
    """Complain of keys that are used twice, are words of the format, or name nothing."""
    servers = [part.key for part in whole.servers]
    partners = [part.key for part in whole.partners]
    connectors = [part.key for part in whole.connectors]
    own = [f"{key}.own" for key in servers]
    seen: set[str] = set()
    parts = (("servers", servers), ("certificates", [part.key for part in whole.certificates]))
    for kind, keys in (*parts, ("partners", partners), ("connectors", connectors)):
        for key in keys:
            if key in _RESERVED or "." in key:
                table.wrong(f'"{key}" is a word of the format; take another key.', kind, key)
            if key in seen:
                table.wrong(f'the key "{key}" is used twice; each part needs one of its own.', kind, key)
            seen.add(key)
    known: list[str] = [*own]
    for certificate in whole.certificates:
        at = ("certificates", certificate.key)
        _among(table, certificate.on, servers, *at, "on")
        _among(table, certificate.bound_on, list(certificate.on), *at, "bound-on")
        # Only what stands above it, so that nothing goes round in a circle.
        _among(table, (certificate.like,), known, *at, "like")
        known.append(certificate.key)
    for server in whole.servers:
        at = ("servers", server.key)
        held = [f"{server.key}.own", *(each.key for each in whole.certificates if server.key in each.on)]
        _among(table, (server.default,), held, *at, "default")
        _among(table, (server.iis_front_end,), held, *at, "iis-front-end")
        _among(table, (server.iis_back_end,), held, *at, "iis-back-end")
        _among(table, (server.subscribed,), servers, *at, "subscribed")
    for connector in whole.connectors:
        at = ("connectors", connector.key)
        _among(table, connector.sources, servers, *at, "sources")
        _among(table, (connector.partner,), partners, *at, "partner")
        _among(table, (connector.tls_certificate,), known, *at, "tls-certificate")
    for queue in whole.queues:
        _among(table, (queue.connector,), connectors, "queues")
        _among(table, (queue.server,), servers, "queues")
    _among(table, (whole.here,), servers, "here")


def _among(table: Table, words: Iterable[str], known: list[str], *at: str) -> None:
    for word in words:
        if word and word not in known:
            have = f"Known here are: {', '.join(known)}." if known else "None is known here."
            table.wrong(f'"{word}" is not known.{nearest(word, known)} {have}', *at)
