"""Windows on the servers: Get-Service, Restart-Service and Get-WebBinding (PS/X of Windows PowerShell)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Warned
from wizard.practice.cmdlets.asked import Consent, Refused, Steps, from_pipe, given, here, missing, refusing, text
from wizard.practice.values import Flag, PSObject
from wizard.practice.views import Column, View
from wizard.practice.world import Kind, Role, Server, World

TRANSPORT = "MSExchangeTransport"
"""The Transport service, by which mail leaves and the send log is written."""


@dataclass(frozen=True, slots=True)
class WindowsService:
    """A service that runs on every server of some roles; `old` says that Exchange 2010 has it too."""

    name: str
    display: str
    roles: frozenset[Role] = frozenset(Role)
    old: bool = True


_INSIDE = frozenset({Role.MAILBOX, Role.HUB})
_SERVICES = (
    WindowsService("MSExchangeADTopology", "Microsoft Exchange Active Directory Topology", _INSIDE),
    WindowsService("ADAM_MSExchange", "Microsoft Exchange ADAM", frozenset({Role.EDGE})),
    WindowsService("MSExchangeEdgeCredential", "Microsoft Exchange Credential Service", frozenset({Role.EDGE})),
    WindowsService("MSExchangeEdgeSync", "Microsoft Exchange EdgeSync", _INSIDE),
    WindowsService("MSExchangeFrontEndTransport", "Microsoft Exchange Frontend Transport", _INSIDE, old=False),
    WindowsService("MSExchangeImap4", "Microsoft Exchange IMAP4", _INSIDE),
    WindowsService("MSExchangeIS", "Microsoft Exchange Information Store", frozenset({Role.MAILBOX})),
    WindowsService("MSExchangePop3", "Microsoft Exchange POP3", _INSIDE),
    WindowsService("MSExchangeServiceHost", "Microsoft Exchange Service Host"),
    WindowsService(TRANSPORT, "Microsoft Exchange Transport"),
    WindowsService("W3SVC", "World Wide Web Publishing Service", _INSIDE),
)


def services_of(server: Server) -> tuple[WindowsService, ...]:
    """The services of a server that practice knows; all of them run."""
    return tuple(each for each in _SERVICES if server.role in each.roles and (each.old or server.release != "2010"))


def _named(server: Server, names: tuple[str, ...]) -> Iterator[WindowsService]:
    """The services of these names, wildcards included.

    Raises:
        Refused: a name without wildcards is of none.
    """
    for name in names:
        pattern = name.casefold()
        found = [
            each
            for each in services_of(server)
            if fnmatchcase(each.name.casefold(), pattern) or fnmatchcase(each.display.casefold(), pattern)
        ]
        if not found and not {"*", "?"} & set(name):
            raise Refused(
                f"Cannot find any service with service name '{name}'.",
                "ObjectNotFound",
                "NoServiceFoundForGivenName",
            )
        yield from found


@refusing
def _get(call: Call) -> Steps:
    """The services of this server, or of -ComputerName."""
    server = _computer(call.world, text(call, "ComputerName"))
    for each in _named(server, from_pipe(call, "Name", "Name") or ("*",)):
        yield PSObject(
            "ServiceController",
            {"Status": Flag("Running", 4), "Name": each.name, "DisplayName": each.display},
            each.name,
        )


def _computer(world: World, name: str) -> Server:
    """The server whose services are asked for.

    Raises:
        Refused: there is none, or it does not answer.
    """
    local = here(world)
    server = world.server(name) if name else local
    if server is None or not (server.answers or server.name == local.name):
        raise Refused(
            f"Cannot open Service Control Manager on computer '{name}'. This operation might require other privileges."
        )
    return server


@refusing
def _restart(call: Call) -> Steps:
    """Each service stopped and started. Transport writes the rows it held back, and interrupts mail flow."""
    world = call.world
    consent = Consent(call)
    names = from_pipe(call, "Name", "Name")
    if not names:
        raise missing("Name")
    for each in tuple(_named(here(world), names)):
        doing = f'Performing the operation "Restart-Service" on target "{each.display} ({each.name})".'
        if not (yield from consent.to(doing)):
            continue
        yield Warned(f"Waiting for service '{each.display} ({each.name})' to start...")
        world = restarted(world, here(world), each.name)
        yield world
        if given(call, "PassThru"):
            yield PSObject(
                "ServiceController",
                {"Status": Flag("Running", 4), "Name": each.name, "DisplayName": each.display},
                each.name,
            )


@refusing
def _web_bindings(call: Call) -> Steps:
    """The HTTPS bindings of the web sites on this server, each with the thumbprint it shows."""
    server = here(call.world)
    if server.role is Role.EDGE:
        return
    sites = [("Default Web Site", "*:443:", server.iis_front_end)]
    if server.release != "2010":
        sites += [
            ("Default Web Site", "127.0.0.1:443:", server.iis_front_end),
            ("Exchange Back End", "*:444:", server.iis_back_end),
        ]
    named = text(call, "Name").casefold()
    for site, binding, thumbprint in sites:
        if named in ("", site.casefold()):
            path = f"/system.applicationHost/sites/site[@name='{site}']"
            yield PSObject(
                "ConfigurationElement#bindings#binding",
                {
                    "protocol": "https",
                    "bindingInformation": binding,
                    "sslFlags": 0,
                    "certificateHash": thumbprint,
                    "certificateStoreName": "MY" if thumbprint else "",
                    "ItemXPath": path,
                },
            )


def restarted(world: World, server: Server, name: str) -> World:
    """The world in which this service of the server was restarted."""
    if name == TRANSPORT:
        world = world.with_server(replace(server, written_until=world.now))
    return world.after(Kind.SERVICE_RESTARTED, server.name, name)


CMDLETS = (
    Cmdlet(
        "Get-Service",
        (Parameter("Name", position=0, lists=True, piped=True, piped_by_name=True), Parameter("ComputerName")),
        _get,
        "Shows the Windows services.",
        aliases=("gsv",),
    ),
    Cmdlet(
        "Get-WebBinding",
        (Parameter("Name", position=0), Parameter("Protocol"), Parameter("Port")),
        _web_bindings,
        "Shows the HTTPS bindings of the web sites.",
    ),
    Cmdlet(
        "Restart-Service",
        (
            Parameter("Name", position=0, lists=True, required=True, piped=True, piped_by_name=True),
            Parameter("Force", switch=True),
            Parameter("PassThru", switch=True),
        ),
        _restart,
        "Stops a Windows service and starts it again.",
        changes=True,
    ),
)

VIEWS = (
    View(
        "ServiceController",
        (Column("Status", "Status", 8), Column("Name", "Name", 18), Column("DisplayName", "DisplayName")),
    ),
    View(
        "ConfigurationElement#bindings#binding",
        (
            Column("protocol", "protocol"),
            Column("bindingInformation", "bindingInformation"),
            Column("sslFlags", "sslFlags"),
        ),
    ),
)
