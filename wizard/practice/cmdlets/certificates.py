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
from wizard.practice.mailflow import certificates_for
from wizard.practice.views import Column, View


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
        for name in texts(call.parameters["DomainName"]):
            carrying = certificates_for(server, name)
            certificates = tuple(each for each in carrying if each in certificates)
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
        (
            Column("Thumbprint", "Thumbprint", 41),
            Column("Services", "ServicesStringForm", 10),
            Column("Subject", "Subject"),
        ),
        LISTED,
    ),
)
