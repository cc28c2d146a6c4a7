"""Windows services, web bindings, events, POP and IMAP, Edge Subscriptions, and network tests (PS/X)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wizard.practice.exchange.certificates import store_of
from wizard.practice.exchange.cmdlet import (
    IDENTITY,
    SERVER,
    Consent,
    here,
    missing,
    not_found,
    not_recognized,
    performing,
    unmodified,
)
from wizard.practice.mail import edge_sync
from wizard.practice.obstacle import Obstacle, fault
from wizard.practice.shell.values import (
    Call,
    Cmdlet,
    CmdletRefusal,
    Column,
    Failed,
    Flag,
    Parameter,
    PSObject,
    Said,
    Steps,
    Value,
    View,
    Warned,
    columns,
    is_pattern,
    like,
    listed,
    number_from,
    switches,
    text_of,
)
from wizard.practice.world import EdgeSubscription, EventKind, PartnerFault, Role, Server, World

# Windows

_TRANSPORT = "MSExchangeTransport"
"""The Transport service, which sends mail and writes the send log."""

_INSIDE, _EDGE = frozenset({Role.MAILBOX, Role.HUB}), frozenset({Role.EDGE})
_SERVICES = (
    ("MSExchangeADTopology", "Active Directory Topology", _INSIDE),
    ("ADAM_MSExchange", "ADAM", _EDGE),
    ("MSExchangeEdgeCredential", "Credential Service", _EDGE),
    ("MSExchangeEdgeSync", "EdgeSync", _INSIDE),
    ("MSExchangeFrontEndTransport", "Frontend Transport", _INSIDE),
    ("MSExchangeImap4", "IMAP4", _INSIDE),
    ("MSExchangeIS", "Information Store", frozenset({Role.MAILBOX})),
    ("MSExchangePop3", "POP3", _INSIDE),
    ("MSExchangeServiceHost", "Service Host", frozenset(Role)),
    (_TRANSPORT, "Transport", frozenset(Role)),
    ("W3SVC", "World Wide Web Publishing Service", _INSIDE),
)
"""A server's services in practice, by the roles that have them; all of them run."""


def _services(server: Server, names: tuple[str, ...]) -> Iterator[PSObject]:
    """The services of these names or wildcards."""
    there: list[tuple[str, str]] = []
    for name, words, roles in _SERVICES:
        if server.role in roles and not (server.release == "2010" and "FrontEnd" in name):
            there.append((name, words if name == "W3SVC" else f"Microsoft Exchange {words}"))
    for pattern in names:
        found = [each for each in there if any(like(own, pattern) for own in each)]
        if not found and not is_pattern(pattern):
            said = f"Cannot find any service with service name '{pattern}'."
            raise CmdletRefusal(said, "ObjectNotFound", "NoServiceFoundForGivenName")
        for name, display in found:
            properties: dict[str, Value] = {"Status": Flag("Running", 4), "Name": name, "DisplayName": display}
            yield PSObject("ServiceController", properties, name)


def _computer(call: Call) -> Server:
    """The server of -ComputerName, otherwise the local one."""
    local, name = here(call.world), call.text("ComputerName")
    server = call.world.server(name) if name else local
    if server is None or not (server.answers or server.name == local.name):
        raise CmdletRefusal(
            f"Cannot open Service Control Manager on computer '{name}'. This operation might require other privileges."
        )
    return server


def _get_service(call: Call) -> Steps:
    yield from _services(_computer(call), call.texts("Name", "Name") or ("*",))


def _restart_service(call: Call) -> Steps:
    """Restart each service. Transport then writes the rows it held back, and interrupts mail flow."""
    world, consent, names = call.world, Consent(call), call.texts("Name", "Name")
    if not names:
        raise missing("Name")
    for each in tuple(_services(here(world), names)):
        server, display = here(world), f"{text_of(each.get('DisplayName'))} ({each.text})"
        if not (yield from consent.to(performing("Restart-Service", display))):
            continue
        yield Warned(f"Waiting for service '{display}' to start...")
        if each.text == _TRANSPORT:
            world = world.with_server(replace(server, written_until=world.now))
        world = world.after(EventKind.SERVICE_RESTARTED, server.name, each.text)
        yield world
        if call.given("PassThru"):
            yield each


def _get_web_binding(call: Call) -> Steps:
    """The HTTPS bindings of this server's web sites, each with its thumbprint."""
    server, named = here(call.world), call.text("Name").casefold()
    sites = [("Default Web Site", "*:443:", server.iis_front_end)] if server.role is not Role.EDGE else []
    if sites and server.release != "2010":
        sites += [
            ("Default Web Site", "127.0.0.1:443:", server.iis_front_end),
            ("Exchange Back End", "*:444:", server.iis_back_end),
        ]
    for site, binding, thumbprint in sites:
        if named in ("", site.casefold()):
            properties: dict[str, Value] = {
                "protocol": "https",
                "bindingInformation": binding,
                "sslFlags": 0,
                "certificateHash": thumbprint,
                "certificateStoreName": "MY" if thumbprint else "",
                "ItemXPath": f"/system.applicationHost/sites/site[@name='{site}']",
            }
            yield PSObject("ConfigurationElement#bindings#binding", properties)


def _get_event(call: Call) -> Steps:
    """The events practice has: 12014 of Transport, a missing connector certificate."""
    server, table = _computer(call), call.parameters.get("FilterHashtable")
    asked = {key.casefold(): listed(value) for key, value in table.items()} if isinstance(table, dict) else {}
    source = text_of(asked.get("providername", ("",))).casefold()
    if not asked or asked.keys() - {"logname", "providername", "id", "starttime", "level"}:
        raise CmdletRefusal("The practice shell finds events by -FilterHashtable: LogName, ProviderName and Id.")
    numbers = {number_from(each) for each in asked.get("id", ())}
    events = [_event(call.world, server, *each) for each in _without_certificate(call.world, server)]
    if source not in ("", _TRANSPORT.casefold()) or (numbers and 12014 not in numbers):
        yield Said("The practice servers log no other event than 12014 of MSExchangeTransport.")
        events = []
    if not events:
        said = "No events were found that match the specified selection criteria."
        raise CmdletRefusal(
            said, "ObjectNotFound", "NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand"
        )
    most = number_from(call.parameters.get("MaxEvents")) or len(events)
    yield from events[: int(most)]


def _without_certificate(world: World, server: Server) -> Iterator[tuple[str, str, str]]:
    """The connectors whose certificate this server lacks: the name it looks for, connector and FQDN."""
    for each in world.connectors:
        if fault(world, each, server) in (Obstacle.NAME_STALE, Obstacle.NO_CERTIFICATE):
            fqdn = each.fqdn or server.fqdn
            yield each.tls_certificate_name or fqdn, each.name, fqdn


def _event(world: World, server: Server, name: str, connector: str, fqdn: str) -> PSObject:
    message = (
        f"Microsoft Exchange could not find a certificate that contains the domain name {name} in the personal "
        "store on the local computer. Therefore, it is unable to support the STARTTLS SMTP verb for the connector "
        f"{connector} with a FQDN parameter of {fqdn}. If the connector's FQDN is not specified, the computer's FQDN "
        "is used. Verify the connector configuration and the installed certificates to make sure that there is a "
        "certificate with a domain name for that FQDN. If this certificate exists, run Enable-ExchangeCertificate "
        "-Services SMTP to make sure that the Microsoft Exchange Transport service has access to the certificate key."
    )
    tries = [queue.last_try for queue in world.queues if queue.connector == connector and queue.server == server.name]
    properties: dict[str, Value] = {
        "TimeCreated": next((each for each in tries if each), world.now),
        "Id": 12014,
        "LevelDisplayName": "Error",
        "ProviderName": _TRANSPORT,
        "LogName": "Application",
        "MachineName": server.fqdn,
        "Message": message,
    }
    return PSObject("EventLogRecord", properties, "System.Diagnostics.Eventing.Reader.EventLogRecord")


# POP and IMAP name their certificate by a host name of its own, which is how a wildcard certificate serves them


@dataclass(frozen=True, slots=True)
class _Protocol:
    """POP or IMAP: the name in cmdlets and sentences, the ports, and the server's field for the host name."""

    word: str
    service: str
    port: int
    tls_port: int
    field: str

    def name(self, server: Server) -> str:
        """X509CertificateName; by default the server's name."""
        own: str = getattr(server, self.field)
        return own or server.name

    def get(self, call: Call) -> Steps:
        server = store_of(call.world, call.text("Server"))
        properties: dict[str, Value] = {
            "Name": "1",
            "UnencryptedOrTLSBindings": (f"[::]:{self.port}", f"0.0.0.0:{self.port}"),
            "SSLBindings": (f"[::]:{self.tls_port}", f"0.0.0.0:{self.tls_port}"),
            "X509CertificateName": self.name(server),
            "LoginType": Flag("SecureLogin"),
            "Server": server.name,
            "Identity": f"{server.name}\\1",
        }
        yield PSObject(f"{self.word}Settings", properties, f"{server.name}\\1")

    def set(self, call: Call) -> Steps:
        server = store_of(call.world, call.text("Server"))
        identity, name = f"{server.name}\\1", call.text("X509CertificateName")
        if not (yield from Consent(call).to(performing(f"Set-{self.word}Settings", identity))):
            return
        if not call.given("X509CertificateName") or name == self.name(server):
            yield Warned(unmodified(identity))
            return
        yield call.world.with_server(replace(server, **{self.field: name}))  # type: ignore[arg-type]
        yield Warned(
            f"Changes to {self.service} settings will only take effect after all Microsoft Exchange {self.service} "
            f"services are restarted on server {server.name}."
        )

    def cmdlets(self) -> tuple[Cmdlet, Cmdlet]:
        """Get- and Set-."""
        name, whose = f"{self.word}Settings", f"the settings of {self.service} on a server."
        changing = (Parameter("X509CertificateName"), SERVER)
        return (
            Cmdlet(f"Get-{name}", (SERVER,), self.get, f"Shows {whose}"),
            Cmdlet(f"Set-{name}", changing, self.set, f"Changes {whose}", changes=True),
        )


_PROTOCOLS = (
    _Protocol("Pop", "POP3", 110, 995, "pop_certificate_name"),
    _Protocol("Imap", "IMAP4", 143, 993, "imap_certificate_name"),
)

# Edge Subscriptions (KB 2989382)


def _subscriptions(call: Call) -> Iterator[tuple[EdgeSubscription, str]]:
    """The subscriptions, each with the reason EdgeSync fails, in practice's own words; empty if it works."""
    if here(call.world).role is Role.EDGE:
        raise not_recognized(call.invoked)
    for each in call.world.subscriptions:
        edge = call.world.server(each.edge)
        trusted = edge is not None and edge.default_smtp == each.trusted
        yield (
            each,
            (
                ""
                if trusted
                else f"{each.edge} presents another default certificate than the one that its Edge Subscription trusts "
                f"({each.trusted})."
            ),
        )


def _get_subscription(call: Call) -> Steps:
    every, local = [each for each, _ in _subscriptions(call)], here(call.world)
    wanted = {name.casefold() for name in call.texts("Identity", "Name", "Identity")}
    found = [each for each in every if not wanted or each.edge.casefold() in wanted]
    if wanted and not found:
        raise not_found(call.world, min(wanted))
    for each in found:
        site = f"{local.domain}/Configuration/Sites/{each.site}"
        properties: dict[str, Value] = {"Name": each.edge, "Site": site, "Domain": local.domain, "Identity": each.edge}
        yield PSObject("EdgeSubscription", properties, each.edge)


def _start_synchronization(call: Call) -> Steps:
    """Synchronize once, with an outcome for each Edge."""
    for each, failure in _subscriptions(call):
        properties: dict[str, Value] = {
            "Result": Flag("CouldNotConnect" if failure else "Success"),
            "Type": Flag("Configuration"),
            "Name": each.edge,
            "FailureDetails": failure,
            "StartUTC": call.world.now,
            "EndUTC": call.world.now,
        }
        yield PSObject("EdgeSyncResult", properties, each.edge)


def _test_synchronization(call: Call) -> Steps:
    """The state of each subscribed Edge."""
    for each, failure in _subscriptions(call):
        properties: dict[str, Value] = {
            "SyncStatus": Flag("Failed" if failure else "Normal"),
            "UtcNow": call.world.now,
            "Name": each.edge,
            "FailureDetail": failure,
        }
        yield PSObject("EdgeSubscriptionStatus", properties, each.edge)


def _new_subscription(call: Call) -> Steps:
    """Renew the subscription, on the Edge itself; it trusts the present default certificate."""
    world, local = call.world, here(call.world)
    if local.role is not Role.EDGE:
        raise CmdletRefusal(
            "In practice an Edge Subscription is made on the Edge Transport server itself: go there with "
            "Enter-PSSession, and run it with a file name."
        )
    doing = f"Create an Edge Subscription for {local.name} that replaces the one it may have."
    if not (yield from Consent(call, always=True).to(doing)):
        return
    yield Warned(
        "In practice the subscription file is carried to a Mailbox server, imported there and synchronized for you; in "
        "a real organization you do that yourself."
    )
    site = next((each.site for each in world.servers if each.role is not Role.EDGE), local.site)
    others = tuple(each for each in world.subscriptions if each.edge.casefold() != local.name.casefold())
    made = EdgeSubscription(local.name, site, local.default_smtp)
    yield edge_sync(replace(world, subscriptions=(*others, made)))


# The network up to the partner

_CLOSED = frozenset({PartnerFault.TIMES_OUT, PartnerFault.REFUSES})


def address_of(world: World, host: str) -> str:
    """The address of a partner's or server's name; empty if it does not resolve."""
    wanted = host.casefold().rstrip(".")
    for partner in world.partners:
        if wanted in (partner.host.casefold(), partner.address):
            resolves = partner.fault is not PartnerFault.DNS or wanted == partner.address
            return partner.address if resolves else ""
    named = (each for each in world.servers if wanted in (each.name.casefold(), each.fqdn.casefold(), each.address))
    return next((each.address for each in named), "")


def _opens(world: World, address: str) -> bool:
    """True if a connection to port 25 succeeds."""
    partner = next((each for each in world.partners if each.address == address), None)
    if partner is not None:
        return partner.fault not in _CLOSED
    return any(each.address == address and each.answers for each in world.servers)


def _test_connection(call: Call) -> Steps:
    """Test one connection; PowerShell warns if it fails."""
    world, host = call.world, call.text("ComputerName")
    if not host:
        raise CmdletRefusal(
            "The practice network leads nowhere but to the servers and partners: name one with -ComputerName."
        )
    properties: dict[str, Value]
    address = address_of(world, host)
    if not address:
        yield Warned(f"Name resolution of {host} failed")
        properties = {"ComputerName": host, "RemoteAddress": None, "PingSucceeded": False}
        yield PSObject("TestNetConnectionResult", properties, host)
        return
    port = call.text("Port") or {"SMTP": "25"}.get(call.text("CommonTCPPort").upper(), "25")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise CmdletRefusal(f"Cannot validate argument on parameter 'Port': {port} is no port.", "InvalidData")
    if int(port) != 25:
        yield Said(f"The practice network has no more than port 25; {port} is closed everywhere in it.")
    succeeded = int(port) == 25 and _opens(world, address)
    if not succeeded:
        yield Warned(f"TCP connect to ({address} : {port}) failed")
    properties = {
        "ComputerName": host,
        "RemoteAddress": address,
        "RemotePort": int(port),
        "InterfaceAlias": "Ethernet",
        "SourceAddress": here(world).address,
        "TcpTestSucceeded": succeeded,
    }
    yield PSObject("TestNetConnectionResult", properties, host)


def _resolve(call: Call) -> Steps:
    """The A record of a name; the practice world has no other records."""
    name, wanted = call.text("Name"), call.text("Type").upper() or "A"
    if wanted not in ("A", "A_AAAA"):
        raise CmdletRefusal(f"The practice network has A records only, none of type {wanted}.")
    address = address_of(call.world, name)
    if not address:
        raise CmdletRefusal(f"{name} : DNS name does not exist", "ResourceUnavailable", "DNS_ERROR_RCODE_NAME_ERROR")
    properties: dict[str, Value] = {"Name": name, "Type": Flag("A", 1), "TTL": 3600, "Section": Flag("Answer")}
    yield PSObject("DnsRecord_A", {**properties, "IPAddress": address}, name)


def _nslookup(call: Call) -> Steps:
    """The address as the old tool prints it, which names the DNS server first."""
    name, server = call.text("Name"), f"DC01.{here(call.world).domain}"
    if not name:
        yield Said(
            "nslookup alone goes on asking for names; the practice shell does not know that. "
            "It looks one name up: nslookup mail.example.com"
        )
    elif address := address_of(call.world, name):
        yield Said(f"Server:  {server}\n\nName:    {name}\nAddress:  {address}")
    else:
        yield Failed(f"*** {server} can't find {name}: Non-existent domain", "NotSpecified", "NativeCommandError")


_NAME = Parameter("Name", position=0, lists=True, piped=True, piped_by_name=True)
_COMPUTER = Parameter("ComputerName")
_OF_A_CONNECTION = (
    *("ComputerName", "RemoteAddress", "RemotePort", "InterfaceAlias", "SourceAddress", "TcpTestSucceeded"),
    "PingSucceeded",
)
CMDLETS = (
    Cmdlet("Get-Service", (_NAME, _COMPUTER), _get_service, "Shows the Windows services.", aliases=("gsv",)),
    Cmdlet(
        "Restart-Service",
        (replace(_NAME, required=True), *switches("Force", "PassThru")),
        _restart_service,
        "Stops a Windows service and starts it again.",
        changes=True,
    ),
    Cmdlet(
        "Get-WebBinding",
        (Parameter("Name", position=0), Parameter("Protocol"), Parameter("Port")),
        _get_web_binding,
        "Shows the HTTPS bindings of the web sites.",
    ),
    Cmdlet(
        "Get-WinEvent",
        (Parameter("FilterHashtable"), Parameter("MaxEvents"), _COMPUTER),
        _get_event,
        "Shows events of the Windows logs.",
    ),
    *(cmdlet for protocol in _PROTOCOLS for cmdlet in protocol.cmdlets()),
    Cmdlet("Get-EdgeSubscription", (IDENTITY,), _get_subscription, "Shows the Edge Subscriptions."),
    Cmdlet(
        "New-EdgeSubscription",
        (Parameter("FileName"), *switches("Force")),
        _new_subscription,
        "Subscribes an Edge Transport server to the organization.",
        changes=True,
    ),
    Cmdlet(
        "Start-EdgeSynchronization",
        (SERVER, Parameter("TargetServer"), *switches("ForceFullSync")),
        _start_synchronization,
        "Synchronizes the subscribed Edge Transport servers now.",
    ),
    Cmdlet(
        "Test-EdgeSynchronization",
        (Parameter("TargetServer"), *switches("ExcludeRecipientTest")),
        _test_synchronization,
        "Shows whether subscribed Edge Transport servers are up to date.",
    ),
    Cmdlet(
        "Test-NetConnection",
        (Parameter("ComputerName", position=0), Parameter("CommonTCPPort", position=1), Parameter("Port")),
        _test_connection,
        "Tries a connection to a host and port.",
        aliases=("tnc",),
    ),
    Cmdlet(
        "Resolve-DnsName",
        (Parameter("Name", position=0, required=True), Parameter("Type", position=1), SERVER),
        _resolve,
        "Looks a name up.",
    ),
    # A program, which does not prompt for parameters like a cmdlet.
    Cmdlet(
        "nslookup", (Parameter("Name", position=0),), _nslookup, "The program nslookup.exe.", aliases=("nslookup.exe",)
    ),
)

VIEWS = (
    View(
        "ServiceController",
        (Column("Status", width=8), Column("Name", width=18), Column("DisplayName")),
    ),
    View("ConfigurationElement#bindings#binding", columns("protocol", "bindingInformation", "sslFlags")),
    View("EventLogRecord", columns("TimeCreated", "Id", "LevelDisplayName", "Message")),
    *(
        View(
            f"{protocol.word}Settings",
            columns("UnencryptedOrTLSBindings", "SSLBindings", "LoginType", "X509CertificateName"),
        )
        for protocol in _PROTOCOLS
    ),
    View("EdgeSubscription", columns("Name", "Site", "Domain")),
    View("EdgeSyncResult", properties=("Result", "Type", "Name", "FailureDetails", "StartUTC", "EndUTC")),
    View("EdgeSubscriptionStatus", properties=("SyncStatus", "UtcNow", "Name", "FailureDetail")),
    View("TestNetConnectionResult", properties=_OF_A_CONNECTION),
    View(
        "DnsRecord_A",
        (
            *(Column("Name", width=46), Column("Type", width=6), Column("TTL", width=5)),
            *(Column("Section", width=10), Column("IPAddress")),
        ),
    ),
)
