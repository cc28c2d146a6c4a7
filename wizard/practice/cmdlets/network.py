"""The way to the other side: Test-NetConnection, Resolve-DnsName and nslookup, by what is wrong at a partner."""

from __future__ import annotations

from wizard.practice.cmdlet import Call, Cmdlet, Failed, Parameter, Said, Warned
from wizard.practice.cmdlets.asked import Refused, Steps, here, refusing, text
from wizard.practice.values import Flag, PSObject
from wizard.practice.views import Column, View
from wizard.practice.world import PartnerFault, World

_CLOSED = frozenset({PartnerFault.TIMES_OUT, PartnerFault.REFUSES})


def address_of(world: World, host: str) -> str:
    """The address that a name resolves to, of a partner or of a server; empty where it does not resolve."""
    wanted = host.casefold().rstrip(".")
    for partner in world.partners:
        if wanted in (partner.host.casefold(), partner.address):
            resolves = partner.fault is not PartnerFault.DNS or wanted == partner.address
            return partner.address if resolves else ""
    server = world.server(wanted)
    if server is None:
        server = next((each for each in world.servers if each.address == wanted), None)
    return server.address if server else ""


def _open(world: World, address: str, port: int) -> bool:
    """Whether a connection to the port comes about; practice knows SMTP's port and no other."""
    if port != 25:
        return False
    partner = next((each for each in world.partners if each.address == address), None)
    if partner is not None:
        return partner.fault not in _CLOSED
    return any(each.address == address and each.answers for each in world.servers)


@refusing
def _test(call: Call) -> Steps:
    """One connection; PowerShell warns where it fails."""
    world = call.world
    host = text(call, "ComputerName")
    if not host:
        raise Refused(
            "The practice network leads nowhere but to the servers and partners: name one with -ComputerName."
        )
    address = address_of(world, host)
    if not address:
        yield Warned(f"Name resolution of {host} failed")
        yield PSObject(
            "TestNetConnectionResult", {"ComputerName": host, "RemoteAddress": None, "PingSucceeded": False}, host
        )
        return
    written = text(call, "Port") or {"SMTP": "25"}.get(text(call, "CommonTCPPort").upper(), "25")
    if not written.isdigit() or not 0 < int(written) < 65536:
        raise Refused(f"Cannot validate argument on parameter 'Port': {written} is no port.", "InvalidData")
    port = int(written)
    if port != 25:
        yield Said(f"The practice network has no more than port 25; {port} is closed everywhere in it.")
    succeeded = _open(world, address, port)
    if not succeeded:
        yield Warned(f"TCP connect to ({address} : {port}) failed")
    yield PSObject(
        "TestNetConnectionResult",
        {
            "ComputerName": host,
            "RemoteAddress": address,
            "RemotePort": port,
            "InterfaceAlias": "Ethernet",
            "SourceAddress": here(world).address,
            "TcpTestSucceeded": succeeded,
        },
        host,
    )


@refusing
def _resolve(call: Call) -> Steps:
    """The A record of a name; other records are not in the practice world."""
    name = text(call, "Name")
    wanted = text(call, "Type").upper() or "A"
    if wanted not in ("A", "A_AAAA"):
        raise Refused(f"The practice network has A records only, none of type {wanted}.")
    address = address_of(call.world, name)
    if not address:
        raise Refused(f"{name} : DNS name does not exist", "ResourceUnavailable", "DNS_ERROR_RCODE_NAME_ERROR")
    yield PSObject(
        "DnsRecord_A",
        {"Name": name, "Type": Flag("A", 1), "TTL": 3600, "Section": Flag("Answer"), "IPAddress": address},
        name,
    )


@refusing
def _nslookup(call: Call) -> Steps:
    """The same in the words of the old tool, which names the DNS server it asked first."""
    name = text(call, "Name")
    if not name:
        yield Said(
            "nslookup alone goes on asking for names; the practice shell does not know that. "
            "It looks one name up: nslookup mail.example.com"
        )
        return
    server = f"DC01.{here(call.world).domain}"
    address = address_of(call.world, name)
    if not address:
        yield Failed(f"*** {server} can't find {name}: Non-existent domain", "NotSpecified", "NativeCommandError")
        return
    yield Said(f"Server:  {server}\n\nName:    {name}\nAddress:  {address}")


CMDLETS = (
    Cmdlet(
        "Test-NetConnection",
        (Parameter("ComputerName", position=0), Parameter("CommonTCPPort", position=1), Parameter("Port")),
        _test,
        "Tries a connection to a host and port.",
        aliases=("tnc",),
    ),
    Cmdlet(
        "Resolve-DnsName",
        (Parameter("Name", position=0, required=True), Parameter("Type", position=1), Parameter("Server")),
        _resolve,
        "Looks a name up.",
    ),
    # A program, which asks for no parameters as a cmdlet does.
    Cmdlet(
        "nslookup", (Parameter("Name", position=0),), _nslookup, "The program nslookup.exe.", aliases=("nslookup.exe",)
    ),
)

VIEWS = (
    View(
        "TestNetConnectionResult",
        properties=(
            "ComputerName",
            "RemoteAddress",
            "RemotePort",
            "InterfaceAlias",
            "SourceAddress",
            "TcpTestSucceeded",
            "PingSucceeded",
        ),
    ),
    View(
        "DnsRecord_A",
        (
            Column("Name", "Name", 46),
            Column("Type", "Type", 6),
            Column("TTL", "TTL", 5),
            Column("Section", "Section", 10),
            Column("IPAddress", "IPAddress"),
        ),
    ),
)
