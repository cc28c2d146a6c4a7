"""Send connectors, queues, messages, servers and their transport services (PS/X)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import wraps

from wizard.facts import LoggingLevel, time_span
from wizard.practice.exchange.cmdlet import (
    IDENTITY,
    SERVER,
    Consent,
    chosen,
    here,
    known_server,
    missing,
    no_such_parameter,
    not_found,
    not_recognized,
    parameters_clash,
    performing,
    reached,
    unmodified,
)
from wizard.practice.mail import log_folder, try_queue
from wizard.practice.shell.operators import binary
from wizard.practice.shell.values import (
    Call,
    Cmdlet,
    CmdletRefusal,
    Flag,
    Parameter,
    PSObject,
    Raised,
    Steps,
    Value,
    View,
    Warned,
    columns,
    switches,
    truth_of,
    written,
)
from wizard.practice.world import Component, Connector, EventKind, MailQueue, Role, Server, World

# Send connectors

_LEVELS = {LoggingLevel.NONE: 0, LoggingLevel.VERBOSE: 1}
_AUTH_LEVELS = ("EncryptionOnly", "CertificateValidation", "DomainValidation")
_TRUTHS = {
    "Enabled": "enabled",
    "RequireTLS": "require_tls",
    "IgnoreSTARTTLS": "ignore_starttls",
    "FrontendProxyEnabled": "front_end_proxy",
    "CloudServicesMailEnabled": "cloud_services",
}
_TEXTS = {"Fqdn": "fqdn", "TlsDomain": "tls_domain"}
_LISTS = {"SmartHosts": "smart_hosts", "AddressSpaces": "address_spaces"}
_SINCE_2013 = frozenset({"TlsCertificateName", "FrontendProxyEnabled", "CloudServicesMailEnabled"})


def _seen(world: World, local: Server) -> tuple[Connector, ...]:
    """The connectors in this server's directory: an Edge's own, or those of the organisation's other servers.

    EdgeSync puts the connectors of a subscribed Edge in both.
    """
    if local.role is Role.EDGE:
        mine = local.name.casefold()
        return tuple(each for each in world.connectors if mine in {source.casefold() for source in each.sources})
    return tuple(each for each in world.connectors if not _only_of_unsubscribed_edges(world, each))


def _only_of_unsubscribed_edges(world: World, connector: Connector) -> bool:
    sources = [server for name in connector.sources if (server := world.server(name))]
    return bool(sources) and all(each.role is Role.EDGE and not subscribed(world, each) for each in sources)


def subscribed(world: World, edge: Server) -> bool:
    """True if an Edge has an Edge Subscription."""
    return any(each.edge.casefold() in (edge.name.casefold(), edge.fqdn.casefold()) for each in world.subscriptions)


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
    lacks = _SINCE_2013 if release == "2010" else ()
    kept = {name: value for name, value in properties.items() if name not in lacks}
    return PSObject("SendConnector", kept, connector.name)


def _found(world: World, local: Server, identity: str) -> Connector:
    """The connector of this name or GUID; a name has no wildcards."""
    connector = world.connector(identity)
    if connector is None or connector not in _seen(world, local):
        raise not_found(world, identity)
    return connector


def _get_connector(call: Call) -> Steps:
    local = here(call.world)
    names = call.texts("Identity", "Guid", "Identity")
    found = tuple(_found(call.world, local, name) for name in names) if names else _seen(call.world, local)
    for connector in found:
        yield connector_object(connector, local.release)


def _set_connector(call: Call) -> Steps:
    """Set the named properties of each connector."""
    world, local = call.world, here(call.world)
    identities = call.texts("Identity", "Guid", "Identity")
    if not identities:
        raise missing("Identity")
    consent = Consent(call)
    for identity in identities:
        connector = _found(world, local, identity)
        if local.role is Role.EDGE and subscribed(world, local):
            raise CmdletRefusal(
                f"'{connector.name}' can't be changed on {local.name}: this Edge Transport server has an Edge "
                "Subscription, so its Send connectors are changed on a Mailbox server and EdgeSync carries them here."
            )
        changed = _changed(call, connector, local)
        if not (yield from consent.to(performing("Set-SendConnector", connector.name))):
            continue
        if changed == connector:
            yield Warned(unmodified(connector.name))
            continue
        world = _with_connector(world, local, connector, changed)
        yield world


def _with_connector(world: World, local: Server, before: Connector, after: Connector) -> World:
    """The changed connector in the world, with its events; its queues follow a new name."""
    queues = tuple(replace(q, connector=after.name) if q.connector == before.name else q for q in world.queues)
    world = replace(world.with_connector(after), queues=queues)
    if before.logging is not after.logging:
        detail = f"{before.logging.value} to {after.logging.value}"
        world = world.after(EventKind.LOGGING_CHANGED, local.name, after.name, detail)
    parts = [name for name in Connector.__slots__ if getattr(before, name) != getattr(after, name)]
    if changed := ", ".join(part for part in parts if part != "logging"):
        world = world.after(EventKind.CONNECTOR_CHANGED, local.name, after.name, changed)
    return world.after(EventKind.TLS_WEAKENED, local.name, after.name) if after.asks_less_than(before) else world


def _changed(call: Call, connector: Connector, local: Server) -> Connector:
    """The connector with every parameter of the line."""
    for name in _SINCE_2013:
        if call.given(name) and local.release == "2010":
            raise no_such_parameter(name)
    changes: dict[str, object] = {part: call.text(name) for name, part in _TEXTS.items() if call.given(name)}
    changes |= {part: call.texts(name) for name, part in _LISTS.items() if call.given(name)}
    changes |= {part: _truth(call, name) for name, part in _TRUTHS.items() if call.given(name)}
    if call.text("Name"):
        changes["name"] = call.text("Name")
    if call.given("ProtocolLoggingLevel"):
        level = chosen("ProtocolLoggingLevel", call.text("ProtocolLoggingLevel"), ("None", "Verbose"))
        changes["logging"] = LoggingLevel(level)
    if call.given("SourceTransportServers"):
        changes["sources"] = _sources(call)
    if call.given("TlsCertificateName"):
        changes["tls_certificate_name"] = _certificate_name(call.text("TlsCertificateName"))
    if call.given("TlsAuthLevel"):
        level = call.text("TlsAuthLevel")
        changes["tls_auth_level"] = chosen("TlsAuthLevel", level, _AUTH_LEVELS) if level else ""
    return replace(connector, **changes)  # type: ignore[arg-type]


def _truth(call: Call, name: str) -> bool:
    """A parameter that takes $true or $false."""
    value = call.parameters[name]
    if isinstance(value, bool | int | float):
        return bool(value)
    raise CmdletRefusal(
        f"Cannot process argument transformation on parameter '{name}'. Cannot convert value \"{call.text(name)}\" to "
        'type "System.Boolean". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 '
        "or 0.",
        "InvalidData",
        "ParameterArgumentTransformationError",
    )


def _sources(call: Call) -> tuple[str, ...]:
    """The servers by their names."""
    names = call.texts("SourceTransportServers")
    if not any(names):
        raise CmdletRefusal("A Send connector needs at least one source server.", "InvalidArgument")
    return tuple(dict.fromkeys(known_server(call.world, name).name for name in names))


def _certificate_name(name: str) -> str:
    """`<I>issuer<S>subject`, or nothing."""
    if name and not (name[:3].upper() == "<I>" and "<S>" in name.upper()):
        said = f"'{name}' isn't a valid TlsCertificateName. The form is <I>X.500Issuer<S>X.500Subject."
        raise CmdletRefusal(said, "InvalidArgument")
    return name


# Filters: `Status -eq 'Retry' -and MessageCount -gt 10`; a text stands in quotes, a number and a word without

Matches = Callable[[PSObject], bool]
_ONE = r"(\w+)\s+-(eq|ne|gt|ge|lt|le|like)\s+('(?:[^']|'')*'|\"[^\"]*\"|[^\s()'\"]+)"
_COMPARISON = re.compile(_ONE, re.IGNORECASE)
_FILTER = re.compile(rf"\s*{_ONE}(?:\s+-and\s+{_ONE})*\s*", re.IGNORECASE)
_OF_QUEUES = (
    *("Identity", "Status", "MessageCount", "NextHopDomain", "NextHopConnector", "DeliveryType", "LastError"),
    *("LastRetryTime", "NextRetryTime"),
)
_OF_MESSAGES = ("Identity", "Queue", "Status", "FromAddress", "Subject", "LastError")


def _filter(call: Call, properties: tuple[str, ...]) -> Matches:
    """The objects -Filter lets through, all without one; `properties` may be named."""
    if not call.given("Filter"):
        return lambda _: True
    text = call.text("Filter")
    comparisons = [(found[1], found[2].casefold(), _bare(found[3])) for found in _COMPARISON.finditer(text)]
    if not _FILTER.fullmatch(text):
        said = f"Cannot bind parameter 'Filter': the practice shell reads comparisons joined by -and, not \"{text}\"."
        raise CmdletRefusal(said, "InvalidArgument")
    for name, _, _ in comparisons:
        if name.casefold() not in {each.casefold() for each in properties}:
            said = f"Cannot bind parameter 'Filter': the practice shell does not know \"{name}\" in filters."
            raise CmdletRefusal(said, "InvalidArgument")
    return lambda item: all(_holds(item.get(name), operator, value) for name, operator, value in comparisons)


def _bare(value: str) -> str:
    """A value of a filter without its quotes."""
    if value[0] == "'":
        return value[1:-1].replace("''", "'")
    return value[1:-1] if value[0] == '"' else value


def _holds(own: Value, operator: str, value: str) -> bool:
    """Compare a property with a value: numbers and times by size, all else as text without case."""
    left = own if isinstance(own, int | datetime) and operator != "like" else written(own)
    try:
        return truth_of(binary(operator, left, value))
    except Raised:
        return False


# Queues

_SUBMISSION = "Submission"
_SERVERS = frozenset({"ExchangeServer", "TransportServer", "TransportService"})


def _of_servers(run: Callable[[Call], Steps]) -> Callable[[Call], Steps]:
    """A queue cmdlet that takes servers of the pipe as -Server (PS/Get-Queue, PS/Retry-Queue), queues as -Identity.

    Its behaviour with the Front End Transport service is undocumented: that identity is not the server's name.
    """

    @wraps(run)
    def asked(call: Call) -> Steps:
        piped = call.piped[0] if call.piped else None
        if isinstance(piped, PSObject) and piped.kind == "FrontendTransportService":
            raise CmdletRefusal(
                f"The practice shell does not know what {call.invoked} makes of a {piped.kind} in the pipe: "
                "pipe Get-TransportService into it, or name the server with -Server."
            )
        if isinstance(piped, PSObject) and piped.kind in _SERVERS:
            if call.given("Server"):
                raise parameters_clash()
            named = {name: value for name, value in call.parameters.items() if name != "Identity"}
            call = replace(call, parameters={**named, "Server": piped.text}, piped=())
        yield from run(call)

    return asked


def _queues_of(world: World, server: Server) -> tuple[MailQueue, ...]:
    return tuple(each for each in world.queues if each.server.casefold() == server.name.casefold())


def _queue_server(world: World, name: str) -> Server:
    """The server whose queues are requested."""
    said = 'The Queue Viewer operation on computer "{}" has failed with an exception. The error message is: '
    why = "The RPC server is unavailable."
    return reached(world, name, lambda server: CmdletRefusal(said.format(server.name) + why))


def queue_object(world: World, server: Server, queue: MailQueue | None = None) -> PSObject:
    """A queue with the properties of Get-Queue; without one the Submission queue, always empty in practice.

    Exchange 2010 lacks the properties from Velocity on.
    """
    identity = queue.identity if queue else f"{server.name}\\{_SUBMISSION}"
    connector = world.connector(queue.connector) if queue else None
    by_name = "SmartHostConnectorDelivery" if connector and connector.smart_hosts else "DnsConnectorDelivery"
    shown = queue or MailQueue(server.name, 0, _SUBMISSION, "")
    properties: dict[str, Value] = {
        "Identity": identity,
        "DeliveryType": Flag(by_name if queue else "Undefined"),
        "NextHopDomain": shown.domain,
        "NextHopConnector": connector.guid if connector else None,
        "Status": Flag(shown.status),
        "MessageCount": shown.messages,
        "LastError": shown.last_error or None,
        "LastRetryTime": shown.last_try,
        "NextRetryTime": shown.next_try,
    }
    if server.release == "2010":
        return PSObject("QueueInfo", properties, identity)
    later: dict[str, Value] = {"Velocity": 0, "RiskLevel": Flag("Normal"), "OutboundIPPool": 0}
    return PSObject("ExtensibleQueueInfo", properties | later, identity)


@_of_servers
def _get_queue(call: Call) -> Steps:
    """The queues of a server, filtered or named."""
    world = call.world
    if identities := call.texts("Identity", "Identity"):
        if call.given("Filter") or call.given("Server"):
            raise parameters_clash()
        for identity in identities:
            server = _queue_server(world, identity.rpartition("\\")[0])
            yield queue_object(world, server, None if _is_submission(identity) else _queue_named(world, identity))
        return
    server = _queue_server(world, call.text("Server"))
    matches = _filter(call, _OF_QUEUES)
    for each in (*_queues_of(world, server), None):
        if matches(shown := queue_object(world, server, each)):
            yield shown


def _is_submission(identity: str) -> bool:
    return identity.rpartition("\\")[2].casefold() == _SUBMISSION.casefold()


def _queue_named(world: World, identity: str) -> MailQueue:
    r"""The queue `EX1\18`, or `18` of the local server."""
    name, _, number = identity.rpartition("\\")
    for queue in _queues_of(world, _queue_server(world, name)):
        if str(queue.number) == number:
            return queue
    raise CmdletRefusal(f'The queue "{identity}" doesn\'t exist.', "ObjectNotFound")


def _chosen_queues(call: Call) -> tuple[MailQueue, ...]:
    """The queues a changing cmdlet gets by Identity or Filter."""
    world, identities = call.world, call.texts("Identity", "Identity")
    if identities and (call.given("Filter") or call.given("Server")):
        raise parameters_clash()
    if identities:
        return tuple(_queue_named(world, each) for each in identities if not _is_submission(each))
    if not call.given("Filter"):
        raise missing("Filter" if call.given("Server") else "Identity")
    server, matches = _queue_server(world, call.text("Server")), _filter(call, _OF_QUEUES)
    return tuple(each for each in _queues_of(world, server) if matches(queue_object(world, server, each)))


@_of_servers
def _retry(call: Call) -> Steps:
    """Retry each queue in Retry; others cannot be retried."""
    world, consent = call.world, Consent(call)
    for queue in _chosen_queues(call):
        if queue.status != "Retry":
            raise CmdletRefusal(
                f'The queue "{queue.identity}" can\'t be retried: its status is {queue.status}, and only a queue with '
                "the status Retry can."
            )
        if (yield from consent.to(performing("Retry-Queue", queue.identity))):
            world = try_queue(
                world.after(EventKind.QUEUE_RETRIED, queue.server, queue.connector, queue.identity), queue
            )
            yield world


# Messages: the world counts them; practice invents their names

_MOST = 1000
"""The default limit of Get-Message without -ResultSize (PS/Get-Message)."""
_SUBJECTS = ("Order confirmation", "Minutes of the meeting", "Invoice", "RE: delivery date", "Newsletter", "FW: quote")
_SENDERS = ("orders", "office", "accounts", "logistics", "news", "sales")


def _messages_in(world: World, queue: MailQueue) -> tuple[PSObject, ...]:
    """The messages of a queue in order; `delivered` is the number that left before them."""
    server = world.server(queue.server)
    domain = server.domain if server else "example.com"
    waiting = range(queue.delivered, queue.delivered + min(queue.messages, _MOST))
    return tuple(_message(queue, number, domain) for number in waiting)


def _message(queue: MailQueue, number: int, domain: str) -> PSObject:
    identity = f"{queue.identity}\\{zlib.crc32(queue.identity.encode()) % 900_000_000 + 4_000_000_000 + number}"
    properties: dict[str, Value] = {
        "Identity": identity,
        "Subject": _SUBJECTS[number % len(_SUBJECTS)],
        "FromAddress": f"{_SENDERS[number % len(_SENDERS)]}@{domain}",
        "Status": Flag("Retry" if queue.status == "Retry" else "Ready"),
        "Queue": queue.identity,
        "LastError": queue.last_error or None,
    }
    return PSObject("ExtensibleMessageInfo", properties, identity)


def _get_message(call: Call) -> Steps:
    """The messages of one queue, of filtered ones, or of all queues of the server."""
    if named := call.texts("Queue", "Queue", "Identity"):
        numbered = [name for name in named if name.rpartition("\\")[2].isdigit()]
        queues = tuple(_queue_named(call.world, name) for name in numbered)
    else:
        queues = _queues_of(call.world, _queue_server(call.world, call.text("Server")))
    matches = _filter(call, _OF_MESSAGES)
    for message in (message for queue in queues for message in _messages_in(call.world, queue)):
        if matches(message):
            yield message


# Servers

_VERSIONS = {"2010": "Version 14.3", "2013": "Version 15.0", "2016": "Version 15.1"}
"""The families by their internal numbers, 15.2 for all later ones; builds are left out, for the world has none."""


def _chosen_servers(call: Call) -> tuple[Server, ...]:
    """The named servers, or all in this server's directory: on an Edge itself, elsewhere all but the Edges."""
    local = here(call.world)
    inside = tuple(each for each in call.world.servers if each.role is not Role.EDGE)
    seen = (local,) if local.role is Role.EDGE else inside
    servers = tuple(known_server(call.world, name) for name in call.texts("Identity", "Name", "Identity"))
    for server in servers:
        if server not in seen:
            raise not_found(call.world, server.name)
    return servers or seen


def _service(server: Server, component: Component, kind: str) -> PSObject:
    properties: dict[str, Value] = {
        "Name": server.name,
        "MessageTrackingLogEnabled": True,
        "SendProtocolLogMaxAge": "30.00:00:00",
        "SendProtocolLogMaxDirectorySize": "250 MB (262,144,000 bytes)",
        "SendProtocolLogMaxFileSize": "10 MB (10,485,760 bytes)",
        "SendProtocolLogPath": log_folder(server, component),
        "Identity": server.name,
    }
    if component is not Component.FRONT_END:
        # The default of DelayNotificationTimeout (PS/Set-TransportService).
        properties |= {
            "DelayNotificationTimeout": "04:00:00",
            "InternalTransportCertificateThumbprint": server.default_smtp,
            "MessageExpirationTimeout": server.mail_expires,
        }
    return PSObject(kind, properties, server.name)


def _transport_of(server: Server) -> Component:
    """The Transport service of a server, which on an Edge writes a log of its own."""
    return Component.EDGE if server.role is Role.EDGE and server.release != "2010" else Component.HUB


def _get_transport_service(call: Call) -> Steps:
    """The Transport service of each server; Exchange 2010 has no such cmdlet."""
    if here(call.world).release == "2010":
        raise not_recognized("Get-TransportService")
    for server in _chosen_servers(call):
        if server.release != "2010":
            yield _service(server, _transport_of(server), "TransportService")


def _set_transport_service(call: Call) -> Steps:
    """Set how long each named server's queues keep mail."""
    if here(call.world).release == "2010":
        raise not_recognized("Set-TransportService")
    if not call.texts("Identity", "Name", "Identity"):
        raise missing("Identity")
    consent, time = Consent(call), call.text("MessageExpirationTimeout")
    if time and not time_span(time):
        raise CmdletRefusal(
            f"The practice shell takes a time of the form 4.00:00:00, days before the point, not '{time}'."
        )
    world = call.world
    for server in _chosen_servers(call):
        if not (yield from consent.to(performing("Set-TransportService", server.name))):
            continue
        if time in ("", server.mail_expires):
            yield Warned(unmodified(server.name))
            continue
        world = world.with_server(replace(server, mail_expires=time))
        yield world


def _get_transport_server(call: Call) -> Steps:
    """The Transport service under the old cmdlet's name, with a warning if the new one exists."""
    if here(call.world).release != "2010":
        yield Warned(
            "The Get-TransportServer cmdlet will be removed in a future version of Exchange. Use the "
            "Get-TransportService cmdlet instead. If you have any scripts that use the Get-TransportServer cmdlet, "
            "update them to use the Get-TransportService cmdlet."
        )
    for server in _chosen_servers(call):
        yield _service(server, _transport_of(server), "TransportServer")


def _get_front_end(call: Call) -> Steps:
    """The Front End Transport service, which Exchange 2010 and Edge servers do not have."""
    local = here(call.world)
    if local.release == "2010" or local.role is Role.EDGE:
        raise not_recognized("Get-FrontendTransportService")
    for server in _chosen_servers(call):
        if server.release != "2010":
            yield _service(server, Component.FRONT_END, "FrontendTransportService")


def _get_exchange_server(call: Call) -> Steps:
    """Every server of the organisation, its Edges included; on an Edge only itself."""
    world, names = call.world, call.texts("Identity", "Name", "Identity")
    edge = here(world).role is Role.EDGE
    for server in tuple(known_server(world, name) for name in names) or world.servers:
        if edge and server.name != world.here:
            continue
        properties: dict[str, Value] = {
            "Name": server.name,
            "Site": server.site if server.role is not Role.EDGE else None,
            "ServerRole": Flag({Role.EDGE: "Edge", Role.HUB: "HubTransport", Role.MAILBOX: "Mailbox"}[server.role]),
            "Edition": Flag("Standard"),
            "AdminDisplayVersion": _VERSIONS.get(server.release, "Version 15.2"),
            "Fqdn": server.fqdn,
            "Domain": server.domain,
            "IsEdgeServer": server.role is Role.EDGE,
            "Identity": server.name,
        }
        yield PSObject("ExchangeServer", properties, server.name)


def _enter(call: Call) -> Steps:
    """Continue the shell on another server: practice's way to sign in there."""
    name = call.text("ComputerName")
    if not name:
        raise missing("ComputerName")
    server = call.world.server(name)
    if server is None or not server.answers:
        raise CmdletRefusal(
            f"Connecting to remote server {name} failed with the following error message : WinRM cannot complete the "
            "operation. Verify that the specified computer name is valid, that the computer is accessible over the "
            "network, and that a firewall exception for the WinRM service is enabled and allows access from this "
            "computer.",
            "OpenError",
            "CreateRemoteRunspaceFailed",
        )
    yield Warned(
        f"In practice this stands for signing in to {server.name} and opening the Exchange Management Shell there. "
        "Go back with exit."
    )
    yield call.world.moved(server.name)


def _exit(call: Call) -> Steps:
    """Return to the server the shell came from."""
    world = call.world
    yield world.back() if world.home else Warned(f"The shell runs on {world.here}, where it was opened.")


_BY_FILTER = (IDENTITY, Parameter("Filter"), SERVER)
CMDLETS = (
    Cmdlet("Get-SendConnector", (IDENTITY,), _get_connector, "Shows the Send connectors."),
    Cmdlet(
        "Set-SendConnector",
        (
            replace(IDENTITY, required=True),
            Parameter("ProtocolLoggingLevel", values=("None", "Verbose")),
            Parameter("SourceTransportServers", lists=True),
            Parameter("TlsCertificateName"),
            Parameter("TlsAuthLevel", values=_AUTH_LEVELS),
            *(Parameter(name) for name in ("Name", *_TEXTS, *_TRUTHS)),
            *(Parameter(name, lists=True) for name in _LISTS),
            *switches("Force"),
        ),
        _set_connector,
        "Changes a Send connector.",
        changes=True,
    ),
    Cmdlet("Get-Queue", _BY_FILTER, _get_queue, "Shows queues and their last errors."),
    Cmdlet("Retry-Queue", _BY_FILTER, _retry, "Tries queues in Retry now.", changes=True),
    Cmdlet(
        "Get-Message",
        (Parameter("Queue", piped=True, piped_by_name=True), Parameter("Filter"), SERVER),
        _get_message,
        "Shows the messages in queues.",
    ),
    Cmdlet("Get-TransportService", (IDENTITY,), _get_transport_service, "Shows the Transport service of servers."),
    Cmdlet(
        "Set-TransportService",
        (replace(IDENTITY, required=True), Parameter("MessageExpirationTimeout")),
        _set_transport_service,
        "Changes the Transport service of servers.",
        changes=True,
    ),
    Cmdlet("Get-TransportServer", (IDENTITY,), _get_transport_server, "Shows the Transport service of servers (2010)."),
    Cmdlet("Get-FrontendTransportService", (IDENTITY,), _get_front_end, "Shows the Front End Transport service."),
    Cmdlet("Get-ExchangeServer", (IDENTITY,), _get_exchange_server, "Shows the servers of the organization."),
    Cmdlet(
        "Enter-PSSession",
        (Parameter("ComputerName", position=0),),
        _enter,
        "Goes to another server's shell.",
        aliases=("etsn",),
    ),
    Cmdlet("Exit-PSSession", (), _exit, "Goes back to the server the shell was opened on.", aliases=("exsn",)),
)

_FIRST = ("Identity", "DeliveryType", "Status", "MessageCount")
VIEWS = (
    View("SendConnector", columns("Identity", "AddressSpaces", "Enabled")),
    View("QueueInfo", columns(*_FIRST, "NextHopDomain")),
    View("ExtensibleQueueInfo", columns(*_FIRST, "Velocity", "RiskLevel", "OutboundIPPool", "NextHopDomain")),
    View("ExtensibleMessageInfo", columns("Identity", "FromAddress", "Status", "Queue", "Subject")),
    View("TransportService", columns("Name", "MessageTrackingLogEnabled")),
    View("TransportServer", columns("Name", "MessageTrackingLogEnabled")),
    View("FrontendTransportService", columns("Name", "SendProtocolLogPath")),
    View("ExchangeServer", columns("Name", "Site", "ServerRole", "Edition", "AdminDisplayVersion")),
)
