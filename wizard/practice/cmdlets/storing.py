"""Certificates that come and go: New-, Import- and Remove-ExchangeCertificate (PS/X)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from wizard.facts import Service
from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Said
from wizard.practice.cmdlets.asked import (
    SERVER,
    Consent,
    Refused,
    Steps,
    from_pipe,
    given,
    missing,
    refusing,
    switched,
    text,
    texts,
)
from wizard.practice.cmdlets.enabling import ALLOWED, Wish, enabled, takes_default, wanted
from wizard.practice.cmdlets.stores import certificate_object, held, rpc_error, split_identity, store_of
from wizard.practice.world import HeldCertificate, Kind, Server, World

_VALID_FOR = timedelta(days=5 * 365 + 1)
_NOT_IMPORTED = (
    "The practice organization has no certificate files, so there is nothing to import. In a real one, import the "
    "certificate again with its private key, from a PFX file, on the server that lacks it."
)


@refusing
def _new(call: Call) -> Steps:
    """A self-signed certificate for the server, enabled for SMTP unless other services are named."""
    if switched(call, "GenerateRequest"):
        raise Refused("The practice shell makes no certificate requests: no certification authority would answer them.")
    world = call.world
    server = store_of(world, text(call, "Server"))
    services = wanted(call.parameters["Services"], server) if given(call, "Services") else frozenset({Service.SMTP})
    certificate = self_signed(world, server, texts(call.parameters.get("DomainName")), text(call, "SubjectName"))
    if not (yield from Consent(call).to(f"Create a new self-signed certificate on server {server.name}.")):
        return
    wish = Wish(services, switched(call, "Force"))
    answer = yield from takes_default(server, certificate, wish)
    stocked = server.with_certificate(certificate)
    after = world.with_server(stocked).after(Kind.CERTIFICATE_ADDED, server.name, certificate.thumbprint)
    after = enabled(after, stocked, certificate, wish, answer)
    yield after
    made = after.server(server.name)
    if made is not None:
        yield certificate_object(after, made, held(made, certificate.thumbprint))


def self_signed(world: World, server: Server, domains: tuple[str, ...], subject: str) -> HeldCertificate:
    """A self-signed certificate as Exchange makes it; thumbprint and serial follow from the moment and the server."""
    names = domains or (server.name, server.fqdn)
    seed = f"{world.now.isoformat()} {server.name} {len(server.certificates)}".encode()
    digest = hashlib.sha256(seed).hexdigest().upper()
    name = subject or f"CN={names[0]}"
    return HeldCertificate(
        thumbprint=digest[:40],
        serial=digest[24:56],
        subject=name,
        issuer=name,
        domains=names,
        not_before=world.now,
        not_after=world.now + _VALID_FOR,
        self_signed=True,
        root_ca_type="None",
    )


@refusing
def _import(_call: Call) -> Steps:
    """Says what practice cannot do."""
    yield Said(_NOT_IMPORTED)


@refusing
def _remove(call: Call) -> Steps:
    """Each certificate after its question; not the default one, nor one that a Send connector names."""
    world = call.world
    consent = Consent(call, always=True)
    for server_name, thumbprint in _which(call):
        server = store_of(world, server_name)
        certificate = held(server, thumbprint)
        doing = f"Remove certificate with thumbprint {certificate.thumbprint} from the computer's certificate store?"
        if not (yield from consent.to(doing)):
            continue
        _removable(world, server, certificate)
        world = removed(world, server, certificate)
        yield world


def _which(call: Call) -> tuple[tuple[str, str], ...]:
    positional = text(call, "Thumbprint")
    identity = text(call, "Identity") or (positional if "\\" in positional else "")
    if identity:
        return (split_identity(call.world, identity),)
    thumbprints = from_pipe(call, "Thumbprint", "Thumbprint")
    if not any(thumbprints):
        raise missing("Thumbprint")
    return tuple((text(call, "Server"), each) for each in thumbprints)


def _removable(world: World, server: Server, certificate: HeldCertificate) -> None:
    """Check that nothing needs the certificate.

    Raises:
        Refused: it is the default SMTP certificate, or a connector's TlsCertificateName names it.
    """
    if certificate.thumbprint == server.default_smtp:
        raise rpc_error(
            server,
            "The internal transport certificate cannot be removed because that would cause the Microsoft Exchange "
            "Transport service to stop. To replace the internal transport certificate, create a new certificate. The "
            "new certificate will automatically become the internal transport certificate. You can then remove the "
            "existing certificate.",
        )
    name = f"<I>{certificate.issuer}<S>{certificate.subject}".casefold()
    tagged = [each.name for each in world.connectors if each.tls_certificate_name.casefold() == name]
    if tagged and server.release != "2010":
        raise rpc_error(
            server,
            f"These certificates are tagged with following Send Connectors : {', '.join(tagged)}. Removing and "
            "replacing certificates from Send Connector would break the mail flow. If you still want to proceed then "
            "replace or remove these certificates from Send Connector and then try this command.",
        )


def removed(world: World, server: Server, certificate: HeldCertificate) -> World:
    """The world in which the server no longer has the certificate; a web site bound to it has none then."""
    front, back = server.iis_front_end, server.iis_back_end
    changed = replace(
        server,
        certificates=tuple(each for each in server.certificates if each.thumbprint != certificate.thumbprint),
        iis_front_end="" if front == certificate.thumbprint else front,
        iis_back_end="" if back == certificate.thumbprint else back,
    )
    return world.with_server(changed).after(Kind.CERTIFICATE_REMOVED, server.name, certificate.thumbprint)


CMDLETS = (
    Cmdlet(
        "New-ExchangeCertificate",
        (
            Parameter("SubjectName"),
            Parameter("DomainName", lists=True),
            Parameter("FriendlyName"),
            Parameter("KeySize"),
            Parameter("PrivateKeyExportable"),
            Parameter("IncludeServerFQDN", switch=True),
            Parameter("IncludeServerNetBIOSName", switch=True),
            Parameter("GenerateRequest", switch=True),
            Parameter("Services", lists=True, values=ALLOWED),
            SERVER,
            Parameter("Force", switch=True),
        ),
        _new,
        "Creates a self-signed certificate.",
        changes=True,
    ),
    Cmdlet(
        "Import-ExchangeCertificate",
        (
            Parameter("FileName"),
            Parameter("FileData"),
            Parameter("Password"),
            Parameter("FriendlyName"),
            Parameter("PrivateKeyExportable"),
            SERVER,
        ),
        _import,
        "Imports a certificate; there is none to import in practice.",
        changes=True,
    ),
    Cmdlet(
        "Remove-ExchangeCertificate",
        (Parameter("Thumbprint", position=0, piped_by_name=True), Parameter("Identity"), SERVER),
        _remove,
        "Removes a certificate from a server's store.",
        changes=True,
    ),
)
