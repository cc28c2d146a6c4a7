"""Get-ExchangeCertificate (PS/Get-ExchangeCertificate)."""

from __future__ import annotations

from wizard.practice.cmdlet import Call, Cmdlet, Parameter
from wizard.practice.cmdlets.asked import (
    SERVER,
    Steps,
    from_pipe,
    given,
    here,
    no_such_parameter,
    parameters_clash,
    refusing,
    text,
    texts,
)
from wizard.practice.cmdlets.stores import LISTED, certificate_object, held, split_identity, store_of
from wizard.practice.views import Column, View
from wizard.practice.world import HeldCertificate, Server, World


@refusing
def _get(call: Call) -> Steps:
    """All certificates of a server, one by its thumbprint, or those that carry a name."""
    world = call.world
    identity = _identity(call)
    if identity:
        server_name, thumbprint = split_identity(world, identity)
        server = store_of(world, server_name)
        found = server.certificate(thumbprint)
        # An identity that does not exist returns all (PS/Get-ExchangeCertificate).
        certificates = server.certificates if found is None else (found,)
    else:
        server = store_of(world, text(call, "Server"))
        thumbprints = from_pipe(call, "Thumbprint", "Thumbprint")
        certificates = tuple(held(server, each) for each in thumbprints) if thumbprints else server.certificates
    if given(call, "DomainName"):
        certificates = for_domains(certificates, texts(call.parameters["DomainName"]))
    for certificate in certificates:
        yield certificate_object(world, server, certificate)


def _identity(call: Call) -> str:
    r"""The Identity, also where `EX1\<thumbprint>` stands without its name.

    Raises:
        Refused: Exchange 2010 has no such parameter, or it stands beside another that it does not go with.
    """
    positional = text(call, "Thumbprint")
    if not given(call, "Identity"):
        return positional if "\\" in positional else ""
    if here(call.world).release == "2010":
        raise no_such_parameter("Identity")
    if given(call, "Thumbprint") or given(call, "Server"):
        raise parameters_clash()
    return text(call, "Identity")


def for_domains(certificates: tuple[HeldCertificate, ...], names: tuple[str, ...]) -> tuple[HeldCertificate, ...]:
    """The certificates that carry all of these names, a wildcard counting for the names right below it."""
    return tuple(each for each in certificates if all(_carries(each, name.casefold()) for name in names))


def _carries(certificate: HeldCertificate, name: str) -> bool:
    domains = {domain.casefold() for domain in certificate.domains}
    return name in domains or f"*.{name.partition('.')[2]}" in domains


def certificates_of(world: World, server: Server) -> tuple[HeldCertificate, ...]:
    """The certificates of a server as it is now."""
    current = world.server(server.name)
    return current.certificates if current else ()


CMDLETS = (
    Cmdlet(
        "Get-ExchangeCertificate",
        (
            Parameter("Thumbprint", position=0, piped_by_name=True),
            Parameter("Identity"),
            SERVER,
            Parameter("DomainName", lists=True),
        ),
        _get,
        "Shows the certificates in a server's store.",
    ),
)

VIEWS = (
    View(
        "ExchangeCertificate",
        (Column("Thumbprint", "Thumbprint", 40), Column("Services", "ServicesStringForm", 9), Column("Subject", "Subject")),
        LISTED,
    ),
)
