"""Get-SendConnector and Set-SendConnector (PS/Get-SendConnector, PS/Set-SendConnector)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from wizard.facts import LoggingLevel
from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Warned
from wizard.practice.cmdlets.asked import (
    Consent,
    Refused,
    Steps,
    chosen,
    from_pipe,
    given,
    here,
    known_server,
    missing,
    no_such_parameter,
    not_found,
    performing,
    refusing,
    text,
    texts,
)
from wizard.practice.values import Flag, PSObject, Value
from wizard.practice.views import Column, View
from wizard.practice.world import Connector, Kind, Role, Server, World

_LEVELS = {LoggingLevel.NONE: 0, LoggingLevel.VERBOSE: 1}
_AUTH_LEVELS = ("EncryptionOnly", "CertificateValidation", "DomainValidation")
_TRUTHS = ("Enabled", "RequireTLS", "IgnoreSTARTTLS", "FrontendProxyEnabled", "CloudServicesMailEnabled")
_SINCE_2013 = frozenset({"TlsCertificateName", "FrontendProxyEnabled", "CloudServicesMailEnabled"})


def seen(world: World, local: Server) -> tuple[Connector, ...]:
    """The connectors that this server's directory has: an Edge its own, the organization those of its other servers.

    The connectors of a subscribed Edge stand in both: EdgeSync carries them there.
    """
    if local.role is Role.EDGE:
        return tuple(each for each in world.connectors if _named(each, local))
    return tuple(each for each in world.connectors if not _only_of_unsubscribed_edges(world, each))


def subscribed(world: World, edge: Server) -> bool:
    """Whether an Edge has an Edge Subscription."""
    return any(each.edge.casefold() in (edge.name.casefold(), edge.fqdn.casefold()) for each in world.subscriptions)


def _named(connector: Connector, server: Server) -> bool:
    return server.name.casefold() in {source.casefold() for source in connector.sources}


def _only_of_unsubscribed_edges(world: World, connector: Connector) -> bool:
    sources = [server for name in connector.sources if (server := world.server(name))]
    return bool(sources) and all(each.role is Role.EDGE and not subscribed(world, each) for each in sources)


def connector_object(connector: Connector, release: str) -> PSObject:
    """A Send connector with the properties of Get-SendConnector; Exchange 2010 lacks three of them."""
    properties: dict[str, Value] = {
        "AddressSpaces": tuple(connector.address_spaces),
        "AuthenticationCredential": None,
        "CloudServicesMailEnabled": connector.cloud_services,
        "Comment": "",
        "ConnectedDomains": (),
        "ConnectionInactivityTimeOut": timedelta(minutes=10),
        "DNSRoutingEnabled": not connector.smart_hosts,
        "DomainSecureEnabled": False,
        "Enabled": connector.enabled,
        "ErrorPolicies": Flag("Default"),
        "ForceHELO": False,
        "Fqdn": connector.fqdn or None,
        "FrontendProxyEnabled": connector.front_end_proxy,
        "HomeMTA": "Microsoft MTA",
        "HomeMtaServerId": connector.sources[0] if connector.sources else None,
        "Identity": connector.name,
        "IgnoreSTARTTLS": connector.ignore_starttls,
        "IsScopedConnector": False,
        "IsSmtpConnector": True,
        "MaxMessageSize": "35 MB (36,700,160 bytes)",
        "Name": connector.name,
        "Guid": connector.guid,
        "Port": 25,
        "ProtocolLoggingLevel": Flag(connector.logging.value, _LEVELS[connector.logging]),
        "RequireTLS": connector.require_tls,
        "SmartHostAuthMechanism": Flag("None"),
        "SmartHosts": tuple(connector.smart_hosts),
        "SmartHostsString": ",".join(connector.smart_hosts),
        "SmtpMaxMessagesPerConnection": 20,
        "SourceIPAddress": "0.0.0.0",
        "SourceTransportServers": tuple(connector.sources),
        "TlsAuthLevel": Flag(connector.tls_auth_level) if connector.tls_auth_level else None,
        "TlsCertificateName": connector.tls_certificate_name or None,
        "TlsDomain": connector.tls_domain or None,
        "UseExternalDNSServersEnabled": False,
    }
    if release == "2010":
        properties = {name: value for name, value in properties.items() if name not in _SINCE_2013}
    return PSObject("SendConnector", properties, connector.name)


@refusing
def _get(call: Call) -> Steps:
    """All connectors, or those named; a name has no wildcards."""
    local = here(call.world)
    names = from_pipe(call, "Identity", "Guid", "Identity")
    found = tuple(_found(call.world, local, name) for name in names) if names else seen(call.world, local)
    for connector in found:
        yield connector_object(connector, local.release)


def _found(world: World, local: Server, identity: str) -> Connector:
    """The connector of this name or GUID.

    Raises:
        Refused: this server's directory has none.
    """
    connector = world.connector(identity)
    if connector is None or connector not in seen(world, local):
        raise not_found(world, identity)
    return connector


@refusing
def _set(call: Call) -> Steps:
    """Each connector gets what is named; what is not named stays."""
    world = call.world
    local = here(world)
    identities = from_pipe(call, "Identity", "Guid", "Identity")
    if not identities:
        raise missing("Identity")
    consent = Consent(call)
    for identity in identities:
        connector = _found(world, local, identity)
        if local.role is Role.EDGE and subscribed(world, local):
            raise Refused(
                f"'{connector.name}' can't be changed on {local.name}: this Edge Transport server has an Edge "
                "Subscription, so its Send connectors are changed on a Mailbox server and EdgeSync carries them here."
            )
        changed = _changed(call, connector, local)
        if not (yield from consent.to(performing("Set-SendConnector", connector.name))):
            continue
        if changed == connector:
            yield Warned(
                f"The command completed successfully but no settings of '{connector.name}' have been modified."
            )
            continue
        world = _with_events(_put(world, connector, changed), local, connector, changed)
        yield world


def _put(world: World, before: Connector, after: Connector) -> World:
    """The world with the connector changed; its queues follow when it has another name."""
    queues = tuple(replace(q, connector=after.name) if q.connector == before.name else q for q in world.queues)
    return replace(world.with_connector(after), queues=queues)


def _with_events(world: World, local: Server, before: Connector, after: Connector) -> World:
    if before.logging is not after.logging:
        detail = f"{before.logging.value} to {after.logging.value}"
        world = world.after(Kind.LOGGING_CHANGED, local.name, after.name, detail)
    if replace(before, logging=after.logging) != after:
        parts = [name for name in Connector.__slots__ if getattr(before, name) != getattr(after, name)]
        changed = ", ".join(part for part in parts if part != "logging")
        world = world.after(Kind.CONNECTOR_CHANGED, local.name, after.name, changed)
    if after.asks_less_than(before):
        world = world.after(Kind.TLS_WEAKENED, local.name, after.name)
    return world


def _changed(call: Call, connector: Connector, local: Server) -> Connector:
    """The connector with every parameter of the line in it.

    Raises:
        Refused: a value is none that the parameter takes, or Exchange 2010 has no such parameter.
    """
    for name in _SINCE_2013:
        if given(call, name) and local.release == "2010":
            raise no_such_parameter(name)
    if given(call, "ProtocolLoggingLevel"):
        level = chosen("ProtocolLoggingLevel", text(call, "ProtocolLoggingLevel"), ("None", "Verbose"))
        connector = replace(connector, logging=LoggingLevel(level))
    if given(call, "SourceTransportServers"):
        connector = replace(connector, sources=_sources(call))
    if given(call, "TlsCertificateName"):
        connector = replace(connector, tls_certificate_name=_certificate_name(text(call, "TlsCertificateName")))
    if given(call, "TlsAuthLevel"):
        level = text(call, "TlsAuthLevel")
        connector = replace(connector, tls_auth_level=chosen("TlsAuthLevel", level, _AUTH_LEVELS) if level else "")
    return _with_plain_values(call, connector)


def _with_plain_values(call: Call, connector: Connector) -> Connector:
    """The names, lists and truths that are taken as they stand."""
    return replace(
        connector,
        name=text(call, "Name") or connector.name,
        fqdn=text(call, "Fqdn") if given(call, "Fqdn") else connector.fqdn,
        tls_domain=text(call, "TlsDomain") if given(call, "TlsDomain") else connector.tls_domain,
        smart_hosts=texts(call.parameters.get("SmartHosts", connector.smart_hosts)),
        address_spaces=texts(call.parameters.get("AddressSpaces", connector.address_spaces)),
        enabled=_truth(call, "Enabled", connector.enabled),
        require_tls=_truth(call, "RequireTLS", connector.require_tls),
        ignore_starttls=_truth(call, "IgnoreSTARTTLS", connector.ignore_starttls),
        front_end_proxy=_truth(call, "FrontendProxyEnabled", connector.front_end_proxy),
        cloud_services=_truth(call, "CloudServicesMailEnabled", connector.cloud_services),
    )


def _truth(call: Call, name: str, now: bool) -> bool:
    """A parameter that takes $true or $false; what it is `now` where it is not given.

    Raises:
        Refused: it is neither.
    """
    value = call.parameters.get(name, now)
    if isinstance(value, bool | int | float):
        return bool(value)
    raise Refused(
        f"Cannot process argument transformation on parameter '{name}'. Cannot convert value \"{text(call, name)}\" to "
        'type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 '
        "or 0.",
        "InvalidData",
        "ParameterArgumentTransformationError",
    )


def _sources(call: Call) -> tuple[str, ...]:
    """The servers by their names.

    Raises:
        Refused: there is no such server, or none is named.
    """
    names = texts(call.parameters["SourceTransportServers"])
    if not any(names):
        raise Refused("A Send connector needs at least one source server.", "InvalidArgument")
    return tuple(dict.fromkeys(known_server(call.world, name).name for name in names))


def _certificate_name(written: str) -> str:
    """`<I>issuer<S>subject`, or nothing.

    Raises:
        Refused: it has another form.
    """
    if written and not (written[:3].upper() == "<I>" and "<S>" in written.upper()):
        raise Refused(
            f"'{written}' isn't a valid TlsCertificateName. The form is <I>X.500Issuer<S>X.500Subject.",
            "InvalidArgument",
        )
    return written


CMDLETS = (
    Cmdlet(
        "Get-SendConnector",
        (Parameter("Identity", position=0, piped=True, piped_by_name=True),),
        _get,
        "Shows the Send connectors.",
    ),
    Cmdlet(
        "Set-SendConnector",
        (
            Parameter("Identity", position=0, required=True, piped=True, piped_by_name=True),
            Parameter("ProtocolLoggingLevel", values=("None", "Verbose")),
            Parameter("SourceTransportServers", lists=True),
            Parameter("TlsCertificateName"),
            Parameter("TlsAuthLevel", values=_AUTH_LEVELS),
            Parameter("TlsDomain"),
            Parameter("Name"),
            Parameter("Fqdn"),
            Parameter("SmartHosts", lists=True),
            Parameter("AddressSpaces", lists=True),
            *(Parameter(name) for name in _TRUTHS),
            Parameter("Force", switch=True),
        ),
        _set,
        "Changes a Send connector.",
        changes=True,
    ),
)

VIEWS = (
    View(
        "SendConnector",
        (Column("Identity", "Identity"), Column("AddressSpaces", "AddressSpaces"), Column("Enabled", "Enabled")),
    ),
)
