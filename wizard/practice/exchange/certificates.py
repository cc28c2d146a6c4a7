"""Certificates: Get-, Enable-, New-, Import- and Remove-ExchangeCertificate (PS/X).

Enabling only adds. Binding to SMTP gives Network Service the private key, and asks before it replaces the default SMTP
certificate: a bare Enter replaces it, N keeps it and enables SMTP all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import timedelta

from wizard.facts import Service, in_order, spelled
from wizard.practice.exchange.cmdlet import (
    SERVER,
    Consent,
    chosen,
    here,
    missing,
    no_such_parameter,
    parameters_clash,
    reached,
)
from wizard.practice.obstacle import certificates_for, english
from wizard.practice.shell.values import (
    Call,
    Cmdlet,
    CmdletRefusal,
    Column,
    Confirmation,
    Flag,
    Output,
    Parameter,
    PSObject,
    Said,
    Steps,
    Value,
    View,
    Warned,
    switches,
)
from wizard.practice.world import EventKind, HeldCertificate, KeyFault, Server, World

_NUMBERS = {
    Service.IMAP: 1,
    Service.POP: 2,
    Service.UM: 4,
    Service.IIS: 8,
    Service.SMTP: 16,
    Service.FEDERATION: 32,
    Service.UM_CALL_ROUTER: 64,
}
_NAMES = tuple(service.value for service in _NUMBERS)
_LETTERS = dict(zip(_NUMBERS, "IPUWSFC", strict=True))
_SIX_PLACES = frozenset({"2010", "SE"})
_UM = frozenset({Service.UM, Service.UM_CALL_ROUTER})
_SET_BY = {Service.POP: ("POP", "Set-POPSettings"), Service.IMAP: ("IMAP", "Set-IMAPSettings")}

# The store


def services_flag(services: frozenset[Service]) -> Flag:
    """The Services of a certificate: `IMAP, POP, IIS, SMTP`, and the number of a live object."""
    named = [service for service in _NUMBERS if service in services]
    return Flag(", ".join(each.value for each in named) or "None", sum(_NUMBERS[each] for each in named))


def services_letters(services: frozenset[Service], release: str) -> str:
    """The letters of the default table: six places in 2010 and the newest, seven between them."""
    letters = "".join(letter if service in services else "." for service, letter in _LETTERS.items())
    return letters[:6] if release in _SIX_PLACES else letters


def certificate_object(world: World, server: Server, certificate: HeldCertificate) -> PSObject:
    """A certificate with the properties of Get-ExchangeCertificate; Exchange 2010 gives it no Identity."""
    services, status = server.services(certificate), certificate.status
    if status == "Valid" and not certificate.not_before <= world.now <= certificate.not_after:
        status = "DateInvalid"
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
        "Status": Flag(status),
        "Subject": certificate.subject,
        "Thumbprint": certificate.thumbprint,
        "ServicesStringForm": services_letters(services, server.release),
    }
    if server.release != "2010":
        properties["Identity"] = f"{server.fqdn}\\{certificate.thumbprint}"
    return PSObject("ExchangeCertificate", properties, f"[Subject]\n  {certificate.subject}")


def _access_rules(certificate: HeldCertificate) -> tuple[Value, ...]:
    """The readers of the key: the system, the administrators, and Network Service if it was given access."""
    readers = ["NT AUTHORITY\\SYSTEM", "BUILTIN\\Administrators"] if certificate.has_private_key else []
    readers += ["NT AUTHORITY\\NETWORK SERVICE"] if readers and certificate.key_readable else []
    rights = {"CryptoKeyRights": Flag("GenericRead"), "AccessControlType": Flag("Allow")}
    kind = "CryptoKeyAccessRule"
    text = f"System.Security.AccessControl.{kind}"
    return tuple(PSObject(kind, {**rights, "IdentityReference": reader}, text) for reader in readers)


def store_of(world: World, name: str) -> Server:
    """The server whose certificates are requested.

    Raises:
        CmdletRefusal: there is none, or it does not answer.
    """
    return reached(world, name, lambda server: rpc_error(server, "The RPC server is unavailable."))


def rpc_error(server: Server, what: str) -> CmdletRefusal:
    """The error in which all certificate cmdlets wrap a failure on the server."""
    return CmdletRefusal(f"A special Rpc error occurs on server {server.name}: {what}", "InvalidOperation")


def held(server: Server, thumbprint: str) -> HeldCertificate:
    """The certificate with this thumbprint.

    Raises:
        CmdletRefusal: the server has none.
    """
    if (certificate := server.certificate(thumbprint)) is None:
        raise rpc_error(server, f"The certificate with thumbprint {thumbprint} was not found.")
    return certificate


def _require_key(server: Server, certificate: HeldCertificate) -> None:
    """Refuse a certificate that Exchange cannot use.

    Raises:
        CmdletRefusal: it has no private key, or one that nobody can open.
    """
    if not listed(certificate):
        reason = "PrivateKeyNotAccessible" if certificate.has_private_key else "PrivateKeyMissing"
        raise rpc_error(
            server,
            f"The certificate with thumbprint {certificate.thumbprint} was found but is not valid for use with "
            f"Exchange Server (reason: {reason}).",
        )


def listed(certificate: HeldCertificate) -> bool:
    """True if Exchange can use a certificate; its lists omit all others."""
    return certificate.has_private_key and certificate.key_fault is not KeyFault.GONE


def _grant(server: Server, certificate: HeldCertificate, services: frozenset[Service]) -> None:
    """Refuse where Network Service cannot be given the key.

    Raises:
        CmdletRefusal: nobody may change who reads the key.
    """
    if certificate.key_fault is KeyFault.SEALED and services & {Service.SMTP, Service.POP, Service.IMAP}:
        raise rpc_error(
            server,
            "Insufficient rights to grant Network Service access to the certificate with thumbprint "
            f"{certificate.thumbprint}. A cryptographic exception occurred: Access is denied.",
        )


def _identity(call: Call) -> str:
    r"""The Identity, even if `EX1\<thumbprint>` stands without its name; empty for none."""
    positional = call.text("Thumbprint")
    if not call.given("Identity"):
        return positional if "\\" in positional else ""
    if here(call.world).release == "2010":
        raise no_such_parameter("Identity")
    if call.given("Thumbprint") or call.given("Server"):
        raise parameters_clash()
    return call.text("Identity")


def _which(call: Call) -> tuple[str, tuple[str, ...]]:
    r"""The server and thumbprints of a changing cmdlet: `-Identity EX1\<thumbprint>` names both."""
    if identity := _identity(call):
        server, _, thumbprint = identity.rpartition("\\")
        return server, (thumbprint,)
    thumbprints = call.texts("Thumbprint", "Thumbprint")
    if not any(thumbprints):
        raise missing("Thumbprint")
    return call.text("Server"), thumbprints


def _get(call: Call) -> Steps:
    """All certificates of a server, one by its thumbprint, or those with a name.

    A certificate that Exchange cannot use is in no list; by its thumbprint it is an error that says why.
    """
    if identity := _identity(call):
        server = store_of(call.world, identity.rpartition("\\")[0])
        found = server.certificate(identity.rpartition("\\")[2])
        # An unknown identity returns all (PS/Get-ExchangeCertificate).
        certificates = server.certificates if found is None else (found,)
    else:
        server = store_of(call.world, call.text("Server"))
        thumbprints = call.texts("Thumbprint", "Thumbprint")
        certificates = tuple(held(server, each) for each in thumbprints) if thumbprints else server.certificates
    for name in call.texts("DomainName"):
        certificates = tuple(each for each in certificates_for(server, name) if each in certificates)
    if len(certificates) == 1 and call.texts("Thumbprint", "Thumbprint"):
        _require_key(server, certificates[0])
    for certificate in (each for each in certificates if listed(each)):
        yield certificate_object(call.world, server, certificate)


# Enabling


@dataclass(frozen=True, slots=True)
class Wish:
    """The wish to enable services.

    `force` answers the overwrite question with Yes; `ssl` turns Require SSL on with IIS.
    """

    services: frozenset[Service]
    force: bool = False
    ssl: bool = True
    network_service: bool = False


def _wanted(call: Call, server: Server) -> frozenset[Service]:
    """The services that -Services names, as a list or in one text with commas."""
    words = [word for each in call.texts("Services") for word in each.split(",") if word.strip()]
    names = {chosen("Services", word, (*_NAMES, "None")) for word in words} - {"None"}
    services = frozenset(map(Service, names))
    if Service.FEDERATION in services:
        said = "The Federation service can't be assigned with this cmdlet; a federation trust assigns it."
        raise CmdletRefusal(said, "InvalidArgument")
    if not services:
        raise CmdletRefusal("None isn't a service that a certificate can be enabled for.", "InvalidArgument")
    # Unified Messaging takes a certificate in its startup modes TLS and Dual only, and ends with Exchange 2016.
    if um := services & _UM:
        if server.release in ("2019", "SE") or (Service.UM_CALL_ROUTER in um and server.release == "2010"):
            raise rpc_error(server, f"{spelled(um)}: this version of Exchange Server doesn't have this service.")
        if server.um_startup not in ("TLS", "Dual"):
            raise rpc_error(
                server,
                f"The certificate can't be enabled for {spelled(um)}: the startup mode of the service is "
                f"{server.um_startup}, and it has to be TLS or Dual.",
            )
    return services


def _takes_default(server: Server, certificate: HeldCertificate, wish: Wish) -> Generator[Output, str | None, str]:
    """The answer to the overwrite question: Y, N, or F for -Force; empty if nothing is asked.

    It is asked when SMTP is enabled for a certificate that is not the default. Without a default certificate there is
    nothing to overwrite, and the certificate becomes it.
    """
    current = server.certificate(server.default_smtp) if server.default_smtp else None
    if Service.SMTP not in wish.services or server.default_smtp == certificate.thumbprint:
        return ""
    if current is None or wish.force:
        return "F" if current else "Y"
    answer = yield Confirmation("Confirm", overwrite(current, certificate, server.release))
    return "Y" if answer in ("Y", "A") else "N"


def overwrite(current: HeldCertificate, new: HeldCertificate, release: str) -> str:
    """The overwrite question, without its caption and its choices; Exchange 2010 names both in one sentence."""
    old, replacing = (f"'{each.thumbprint}' (expires {english(each.not_after)})" for each in (current, new))
    if release == "2010":
        return f"Overwrite existing default SMTP certificate, {old}, with certificate {replacing}?"
    return (
        f"Overwrite the existing default SMTP certificate?\n\nCurrent certificate: {old}\n"
        f"Replace it with certificate: {replacing}"
    )


def enabled(world: World, server: Server, certificate: HeldCertificate, wish: Wish, answer: str) -> World:
    """Give the certificate these services, after the answer Y, N, F or nothing to the overwrite question."""
    readable = certificate.key_readable or Service.SMTP in wish.services or wish.network_service
    services = certificate.services | (wish.services - {Service.IIS})
    bound = replace(certificate, services=services, key_readable=readable)
    changed = server.with_certificate(bound)
    if Service.IIS in wish.services:
        ssl = changed.require_ssl or wish.ssl
        changed = replace(changed, iis_front_end=certificate.thumbprint, require_ssl=ssl)
    if answer in ("Y", "F"):
        changed = replace(changed, default_smtp=certificate.thumbprint)
    added = changed.services(bound) - server.services(certificate)
    replaced = changed.default_smtp != server.default_smtp and server.default_smtp
    happened = (
        (added, EventKind.SERVICES_ADDED, spelled(added)),
        (readable and not certificate.key_readable, EventKind.KEY_ACCESS_GIVEN, ""),
        (changed.iis_front_end != server.iis_front_end, EventKind.IIS_REBOUND, server.iis_front_end),
        (changed.require_ssl and not server.require_ssl, EventKind.SSL_REQUIRED, ""),
        (answer == "F", EventKind.FORCED, ""),
        (answer == "N", EventKind.DEFAULT_KEPT, server.default_smtp),
        (replaced, EventKind.DEFAULT_REPLACED, server.default_smtp),
    )
    world = world.with_server(changed)
    for true, kind, detail in happened:
        if true:
            world = world.after(kind, server.name, certificate.thumbprint, detail)
    return world


def _name_warnings(certificate: HeldCertificate, services: frozenset[Service]) -> tuple[Warned, ...]:
    """The warnings for POP and IMAP if the subject is a wildcard or no full name; these are not added then."""
    parts = [part.strip().partition("=") for part in certificate.subject.split(",")]
    names = (value.strip().strip('"') for key, _, value in parts if key.strip().casefold() == "cn" and value)
    name = next(names, certificate.subject)
    if "." in name and "*" not in name:
        return ()
    return tuple(
        Warned(
            f"This certificate with thumbprint {certificate.thumbprint} and subject '{name}' cannot used for "
            f"{_SET_BY[service][0]} SSL/TLS connections because the subject is not a Fully Qualified Domain Name "
            f"(FQDN). Use command {_SET_BY[service][1]} to set X509CertificateName to the FQDN of the service."
        )
        for service in in_order(services)
        if service in _SET_BY
    )


def _enable(call: Call) -> Steps:
    """Enable each certificate in turn; its question is answered before it changes."""
    world = call.world
    server_name, thumbprints = _which(call)
    services = _wanted(call, store_of(world, server_name))
    wish = Wish(services, call.on("Force"), not call.on("DoNotRequireSsl"), call.on("NetworkServiceAllowed"))
    consent = Consent(call)
    for thumbprint in thumbprints:
        server = store_of(world, server_name)
        certificate = held(server, thumbprint)
        _require_key(server, certificate)
        what = f"{certificate.thumbprint} for the services {spelled(services)}"
        if not (yield from consent.to(f"Enable certificate {what} on server {server.name}.")):
            continue
        _grant(server, certificate, services)
        warnings = _name_warnings(certificate, services)
        yield from warnings
        left = replace(wish, services=services - _SET_BY.keys() if warnings else services)
        answer = yield from _takes_default(server, certificate, left)
        world = enabled(world, server, certificate, left, answer)
        yield world


# Certificates that come and go


def _new(call: Call) -> Steps:
    """A self-signed certificate for the server, enabled for SMTP unless other services are named."""
    if call.on("GenerateRequest"):
        raise CmdletRefusal(
            "The practice shell makes no certificate requests: no certification authority would answer them."
        )
    server = store_of(call.world, call.text("Server"))
    services = _wanted(call, server) if call.given("Services") else frozenset({Service.SMTP})
    certificate = _self_signed(call, server)
    if not (yield from Consent(call).to(f"Create a new self-signed certificate on server {server.name}.")):
        return
    wish = Wish(services, call.on("Force"))
    answer = yield from _takes_default(server, certificate, wish)
    stocked = server.with_certificate(certificate)
    world = call.world.with_server(stocked).after(EventKind.CERTIFICATE_ADDED, server.name, certificate.thumbprint)
    world = enabled(world, stocked, certificate, wish, answer)
    yield world
    made = store_of(world, server.name)
    yield certificate_object(world, made, held(made, certificate.thumbprint))


def _self_signed(call: Call, server: Server) -> HeldCertificate:
    """A self-signed certificate as Exchange makes it; thumbprint and serial follow from the moment and the server."""
    names, now = call.texts("DomainName") or (server.name, server.fqdn), call.world.now
    seed = f"{now.isoformat()} {server.name} {len(server.certificates)}".encode()
    digest = hashlib.sha256(seed).hexdigest().upper()
    name = call.text("SubjectName") or f"CN={names[0]}"
    return HeldCertificate(
        thumbprint=digest[:40],
        serial=digest[24:56],
        subject=name,
        issuer=name,
        domains=names,
        not_before=now,
        not_after=now + timedelta(days=5 * 365 + 1),
        self_signed=True,
        root_ca_type="None",
    )


def _import(_call: Call) -> Steps:
    """Report a limit of practice."""
    yield Said(
        "The practice organization has no certificate files, so there is nothing to import. In a real one, import the "
        "certificate again with its private key, from a PFX file, on the server that lacks it."
    )


def _remove(call: Call) -> Steps:
    """Remove each certificate after its question; not the default one, nor one a Send connector names."""
    world = call.world
    server_name, thumbprints = _which(call)
    consent = Consent(call, always=True)
    for thumbprint in thumbprints:
        server = store_of(world, server_name)
        certificate = held(server, thumbprint)
        doing = f"Remove certificate with thumbprint {certificate.thumbprint} from the computer's certificate store?"
        if (yield from consent.to(doing)):
            _check_removable(world, server, certificate)
            world = removed(world, server, certificate)
            yield world


def _check_removable(world: World, server: Server, certificate: HeldCertificate) -> None:
    """Check that nothing needs the certificate."""
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
    """The world without the certificate on the server; a web site bound to it has none then."""
    gone, front, back = certificate.thumbprint, server.iis_front_end, server.iis_back_end
    changed = replace(
        server,
        certificates=tuple(each for each in server.certificates if each.thumbprint != gone),
        iis_front_end="" if front == gone else front,
        iis_back_end="" if back == gone else back,
    )
    return world.with_server(changed).after(EventKind.CERTIFICATE_REMOVED, server.name, gone)


_WHICH = (Parameter("Thumbprint", position=0, piped_by_name=True), Parameter("Identity"), SERVER)
CMDLETS = (
    Cmdlet(
        "Get-ExchangeCertificate",
        (*_WHICH, Parameter("DomainName", lists=True)),
        _get,
        "Shows the certificates in a server's store.",
    ),
    Cmdlet(
        "Enable-ExchangeCertificate",
        (
            *_WHICH,
            Parameter("Services", lists=True, required=True, values=_NAMES),
            *switches("DoNotRequireSsl", "NetworkServiceAllowed", "Force"),
        ),
        _enable,
        "Assigns a certificate to services; it only adds.",
        changes=True,
    ),
    Cmdlet(
        "New-ExchangeCertificate",
        (
            *(Parameter(name) for name in ("SubjectName", "FriendlyName", "KeySize", "PrivateKeyExportable")),
            Parameter("DomainName", lists=True),
            *switches("IncludeServerFQDN", "IncludeServerNetBIOSName", "GenerateRequest", "Force"),
            Parameter("Services", lists=True, values=_NAMES),
            SERVER,
        ),
        _new,
        "Creates a self-signed certificate.",
        changes=True,
    ),
    Cmdlet(
        "Import-ExchangeCertificate",
        (
            Parameter("FileData", lists=True),
            *(Parameter(name) for name in ("FileName", "Password", "FriendlyName", "PrivateKeyExportable", "Server")),
        ),
        _import,
        "Imports a certificate; there is none to import in practice.",
        changes=True,
    ),
    Cmdlet("Remove-ExchangeCertificate", _WHICH, _remove, "Removes a certificate from a server's store.", changes=True),
)
VIEWS = (
    View(
        "ExchangeCertificate",
        (Column("Thumbprint", width=41), Column("Services", "ServicesStringForm", 10), Column("Subject")),
        (
            *("AccessRules", "CertificateDomains", "HasPrivateKey", "IsSelfSigned", "Issuer", "NotAfter", "NotBefore"),
            *("PublicKeySize", "RootCAType", "SerialNumber", "Services", "Status", "Subject", "Thumbprint"),
        ),
    ),
)
