"""Servers and their transport services: Get-ExchangeServer, Get-TransportService and its relatives (PS/X)."""

from __future__ import annotations

from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Warned
from wizard.practice.cmdlets.asked import (
    Refused,
    Steps,
    from_pipe,
    here,
    known_server,
    missing,
    not_found,
    not_recognized,
    refusing,
    text,
)
from wizard.practice.protocol_log import log_folder
from wizard.practice.values import Flag, PSObject
from wizard.practice.views import Column, View
from wizard.practice.world import Component, Role, Server, World

# The families by their internal numbers; builds are left out, for the world has none.
_VERSIONS = {
    "2010": "Version 14.3",
    "2013": "Version 15.0",
    "2016": "Version 15.1",
    "2019": "Version 15.2",
    "SE": "Version 15.2",
}
_REMOVED = (
    "The Get-TransportServer cmdlet will be removed in a future version of Exchange. Use the Get-TransportService "
    "cmdlet instead. If you have any scripts that use the Get-TransportServer cmdlet, update them to use the "
    "Get-TransportService cmdlet."
)


def servers_seen(world: World) -> tuple[Server, ...]:
    """The servers in this server's directory: an Edge knows itself, the organization all but its Edges' services."""
    local = here(world)
    if local.role is Role.EDGE:
        return (local,)
    return tuple(each for each in world.servers if each.role is not Role.EDGE)


def _chosen(call: Call) -> tuple[Server, ...]:
    """The named servers, or all that are seen.

    Raises:
        Refused: the directory has no such server.
    """
    seen = servers_seen(call.world)
    servers = tuple(known_server(call.world, name) for name in from_pipe(call, "Identity", "Name", "Identity"))
    for server in servers:
        if server not in seen:
            raise not_found(call.world, server.name)
    return servers or seen


def _service_object(server: Server, component: Component, kind: str) -> PSObject:
    path = log_folder(server, component)
    return PSObject(
        kind,
        {
            "Name": server.name,
            "MessageTrackingLogEnabled": True,
            "SendProtocolLogMaxAge": "30.00:00:00",
            "SendProtocolLogMaxDirectorySize": "250 MB (262,144,000 bytes)",
            "SendProtocolLogMaxFileSize": "10 MB (10,485,760 bytes)",
            "SendProtocolLogPath": path,
            "Identity": server.name,
        },
        server.name,
    )


def main_component(server: Server) -> Component:
    """The Transport service of a server, which on an Edge writes a log of its own."""
    return Component.EDGE if server.role is Role.EDGE and server.release != "2010" else Component.HUB


@refusing
def _get_transport_service(call: Call) -> Steps:
    """The Transport service of each server; Exchange 2010 has no such cmdlet."""
    if here(call.world).release == "2010":
        raise not_recognized("Get-TransportService")
    for server in _chosen(call):
        if server.release != "2010":
            yield _service_object(server, main_component(server), "TransportService")


@refusing
def _get_transport_server(call: Call) -> Steps:
    """The same by its old name, with a warning where the new one is there."""
    if here(call.world).release != "2010":
        yield Warned(_REMOVED)
    for server in _chosen(call):
        yield _service_object(server, main_component(server), "TransportServer")


@refusing
def _get_front_end(call: Call) -> Steps:
    """The Front End Transport service, which Exchange 2010 and Edge servers do not have."""
    local = here(call.world)
    if local.release == "2010" or local.role is Role.EDGE:
        raise not_recognized("Get-FrontendTransportService")
    for server in _chosen(call):
        if server.release != "2010":
            yield _service_object(server, Component.FRONT_END, "FrontendTransportService")


@refusing
def _get_exchange_server(call: Call) -> Steps:
    """Every server of the organization, its Edges included; on an Edge only itself."""
    world = call.world
    names = from_pipe(call, "Identity", "Name", "Identity")
    servers = tuple(known_server(world, name) for name in names) if names else world.servers
    if here(world).role is Role.EDGE:
        servers = tuple(each for each in servers if each.name == world.here)
    for server in servers:
        yield PSObject(
            "ExchangeServer",
            {
                "Name": server.name,
                "Site": server.site if server.role is not Role.EDGE else None,
                "ServerRole": Flag(_role(server)),
                "Edition": Flag("Standard"),
                "AdminDisplayVersion": _VERSIONS.get(server.release, "Version 15.2"),
                "Fqdn": server.fqdn,
                "Domain": server.domain,
                "IsEdgeServer": server.role is Role.EDGE,
                "Identity": server.name,
            },
            server.name,
        )


def _role(server: Server) -> str:
    words = {Role.EDGE: "Edge", Role.HUB: "HubTransport", Role.MAILBOX: "Mailbox"}
    return words[server.role]


@refusing
def _enter(call: Call) -> Steps:
    """The shell goes on on another server: this is how practice signs in there."""
    world = call.world
    name = text(call, "ComputerName")
    if not name:
        raise missing("ComputerName")
    server = world.server(name)
    if server is None or not server.answers:
        raise Refused(
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
    yield world.moved(server.name)


@refusing
def _exit(call: Call) -> Steps:
    """Back to the server that the shell came from."""
    world = call.world
    if world.home:
        yield world.back()
    else:
        yield Warned(f"The shell runs on {world.here}, where it was opened.")


_IDENTITY = (Parameter("Identity", position=0, piped=True, piped_by_name=True),)
CMDLETS = (
    Cmdlet("Get-TransportService", _IDENTITY, _get_transport_service, "Shows the Transport service of servers."),
    Cmdlet("Get-TransportServer", _IDENTITY, _get_transport_server, "Shows the Transport service of servers (2010)."),
    Cmdlet("Get-FrontendTransportService", _IDENTITY, _get_front_end, "Shows the Front End Transport service."),
    Cmdlet("Get-ExchangeServer", _IDENTITY, _get_exchange_server, "Shows the servers of the organization."),
    Cmdlet(
        "Enter-PSSession",
        (Parameter("ComputerName", position=0),),
        _enter,
        "Goes to another server's shell.",
        aliases=("etsn",),
    ),
    Cmdlet("Exit-PSSession", (), _exit, "Goes back to the server the shell was opened on.", aliases=("exsn",)),
)

_WITH_TRACKING = (Column("Name", "Name"), Column("MessageTrackingLogEnabled", "MessageTrackingLogEnabled"))
VIEWS = (
    View("TransportService", _WITH_TRACKING),
    View("TransportServer", _WITH_TRACKING),
    View("FrontendTransportService", (Column("Name", "Name"), Column("SendProtocolLogPath", "SendProtocolLogPath"))),
    View(
        "ExchangeServer",
        (
            Column("Name", "Name"),
            Column("Site", "Site"),
            Column("ServerRole", "ServerRole"),
            Column("Edition", "Edition"),
            Column("AdminDisplayVersion", "AdminDisplayVersion"),
        ),
    ),
)
