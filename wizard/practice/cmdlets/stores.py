r"""A server's certificate store as Get-ExchangeCertificate shows it, and what it says of one that is not there."""

from __future__ import annotations

from wizard.facts import Service
from wizard.practice.cmdlets.asked import Refused, here, reached
from wizard.practice.values import Flag, PSObject, Value
from wizard.practice.world import HeldCertificate, Server, World

# The order of the flags is that of their numbers; those above SMTP are not confirmed.
NUMBERS = {
    Service.IMAP: 1,
    Service.POP: 2,
    Service.UM: 4,
    Service.IIS: 8,
    Service.SMTP: 16,
    Service.FEDERATION: 32,
    Service.UM_CALL_ROUTER: 64,
}
_LETTERS = {
    Service.IMAP: "I",
    Service.POP: "P",
    Service.UM: "U",
    Service.IIS: "W",
    Service.SMTP: "S",
    Service.FEDERATION: "F",
}
_SIX_PLACES = frozenset({"2010", "SE"})
LISTED = (
    "AccessRules",
    "CertificateDomains",
    "HasPrivateKey",
    "IsSelfSigned",
    "Issuer",
    "NotAfter",
    "NotBefore",
    "PublicKeySize",
    "RootCAType",
    "SerialNumber",
    "Services",
    "Status",
    "Subject",
    "Thumbprint",
)
"""What Format-List shows of a certificate, in its order (PS/Get-ExchangeCertificate)."""


def services_flag(services: frozenset[Service]) -> Flag:
    """The Services of a certificate: `IMAP, POP, IIS, SMTP`, and the number of a live object."""
    named = [service for service in NUMBERS if service in services]
    return Flag(", ".join(each.value for each in named) or "None", sum(NUMBERS[each] for each in named))


def services_letters(services: frozenset[Service], release: str) -> str:
    """The letters of the default table: six places in 2010 and the newest, seven between them."""
    letters = "".join(letter if service in services else "." for service, letter in _LETTERS.items())
    return letters if release in _SIX_PLACES else f"{letters}."


def certificate_object(world: World, server: Server, certificate: HeldCertificate) -> PSObject:
    """A certificate with the properties of Get-ExchangeCertificate; Exchange 2010 gives it no Identity."""
    services = server.services(certificate)
    properties: dict[str, Value] = {
        "AccessRules": _access_rules(certificate),
        "CertificateDomains": tuple(certificate.domains),
        "HasPrivateKey": certificate.has_private_key,
        "IsSelfSigned": certificate.self_signed,
        "Issuer": certificate.issuer,
        "NotAfter": certificate.not_after,
        "NotBefore": certificate.not_before,
        "PublicKeySize": certificate.key_size,
        "RootCAType": Flag(certificate.root_ca_type),
        "SerialNumber": certificate.serial,
        "Services": services_flag(services),
        "Status": Flag(status(world, certificate)),
        "Subject": certificate.subject,
        "Thumbprint": certificate.thumbprint,
        "ServicesStringForm": services_letters(services, server.release),
    }
    if server.release != "2010":
        properties["Identity"] = f"{server.fqdn}\\{certificate.thumbprint}"
    return PSObject("ExchangeCertificate", properties, f"[Subject]\n  {certificate.subject}")


def status(world: World, certificate: HeldCertificate) -> str:
    """Status as Exchange prints it: a certificate outside its dates is DateInvalid."""
    if certificate.status == "Valid" and not certificate.not_before <= world.now <= certificate.not_after:
        return "DateInvalid"
    return certificate.status


def _access_rules(certificate: HeldCertificate) -> tuple[Value, ...]:
    """Who may read the key: the system and the administrators, and Network Service where it was given access."""
    if not certificate.has_private_key:
        return ()
    readers = ["NT AUTHORITY\\SYSTEM", "BUILTIN\\Administrators"]
    readers += ["NT AUTHORITY\\NETWORK SERVICE"] if certificate.key_readable else []
    return tuple(
        PSObject(
            "CryptoKeyAccessRule",
            {"CryptoKeyRights": Flag("GenericRead"), "AccessControlType": Flag("Allow"), "IdentityReference": reader},
            "System.Security.AccessControl.CryptoKeyAccessRule",
        )
        for reader in readers
    )


def store_of(world: World, name: str) -> Server:
    """The server whose certificates are asked for.

    Raises:
        Refused: there is none, or it does not answer.
    """
    return reached(world, name, lambda server: rpc_error(server, "The RPC server is unavailable."))


def rpc_error(server: Server, what: str) -> Refused:
    """The error that all certificate cmdlets wrap what went wrong on the server in."""
    return Refused(f"A special Rpc error occurs on server {server.name}: {what}", "InvalidOperation")


def held(server: Server, thumbprint: str) -> HeldCertificate:
    """The certificate with this thumbprint.

    Raises:
        Refused: the server has none.
    """
    certificate = server.certificate(thumbprint)
    if certificate is None:
        raise rpc_error(server, f"The certificate with thumbprint {thumbprint} was not found.")
    return certificate


def split_identity(world: World, identity: str) -> tuple[str, str]:
    r"""The server and the thumbprint of `EX1\<thumbprint>`; a thumbprint alone is the local server's."""
    server, _, thumbprint = identity.rpartition("\\")
    return server or here(world).name, thumbprint


def common_name(subject: str) -> str:
    """The CN of a subject, without its quotes; the whole subject where it has none."""
    for part in subject.split(","):
        key, _, value = part.strip().partition("=")
        if key.strip().casefold() == "cn" and value:
            return value.strip().strip('"')
    return subject
