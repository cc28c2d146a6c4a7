"""Enable-ExchangeCertificate (PS/Enable-ExchangeCertificate), and what enabling does for every cmdlet that enables.

It only adds. Binding to SMTP gives Network Service the private key, and asks before it replaces the default SMTP
certificate: a bare Enter replaces it, N keeps it and enables SMTP all the same.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace

from wizard.facts import Service, in_order, spelled
from wizard.practice.cmdlet import Call, Cmdlet, Output, Parameter, Question, Warned
from wizard.practice.cmdlets.asked import (
    SERVER,
    Consent,
    Refused,
    Steps,
    chosen,
    from_pipe,
    given,
    here,
    missing,
    no_such_parameter,
    parameters_clash,
    refusing,
    switched,
    text,
    texts,
)
from wizard.practice.cmdlets.stores import NUMBERS, common_name, held, rpc_error, split_identity, store_of
from wizard.practice.last_error import english
from wizard.practice.values import Value
from wizard.practice.world import HeldCertificate, Kind, Server, World

_UM = frozenset({Service.UM, Service.UM_CALL_ROUTER})
_WITHOUT_UM = frozenset({"2019", "SE"})
_SET_BY = {Service.POP: ("POP", "Set-POPSettings"), Service.IMAP: ("IMAP", "Set-IMAPSettings")}

_UNASKED = (
    "In practice -WhatIf leaves the overwrite question out. Whether the real cmdlet does is not known: read what it "
    "asks before you answer."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be enabled. `force` answers the overwrite question with Yes; `ssl` turns Require SSL on with IIS."""

    services: frozenset[Service]
    force: bool = False
    ssl: bool = True
    network_service: bool = False


def wanted(value: Value, server: Server) -> frozenset[Service]:
    """The services that -Services names, as a list or in one text with commas.

    Raises:
        Refused: one is no service, or the cmdlet does not assign it on this version.
    """
    known = tuple(service.value for service in NUMBERS)
    words = [word for each in texts(value) for word in each.split(",") if word.strip()]
    services = frozenset(
        Service(found) for word in words if (found := chosen("Services", word, (*known, "None"))) != "None"
    )
    if Service.FEDERATION in services:
        raise Refused(
            "The Federation service can't be assigned with this cmdlet; a federation trust assigns it.",
            "InvalidArgument",
        )
    if not services:
        raise Refused("None isn't a service that a certificate can be enabled for.", "InvalidArgument")
    _check_um(services & _UM, server)
    return services


def _check_um(named: frozenset[Service], server: Server) -> None:
    """Unified Messaging takes a certificate in its startup modes TLS and Dual only, and ends with Exchange 2016."""
    if not named:
        return
    if server.release in _WITHOUT_UM or (Service.UM_CALL_ROUTER in named and server.release == "2010"):
        raise rpc_error(server, f"{spelled(named)}: this version of Exchange Server doesn't have this service.")
    if server.um_startup not in ("TLS", "Dual"):
        raise rpc_error(
            server,
            f"The certificate can't be enabled for {spelled(named)}: the startup mode of the service is "
            f"{server.um_startup}, and it has to be TLS or Dual.",
        )


def usable(server: Server, certificate: HeldCertificate) -> None:
    """Check that the certificate has its private key.

    Raises:
        Refused: it has none.
    """
    if not certificate.has_private_key:
        raise rpc_error(
            server,
            f"The certificate with thumbprint {certificate.thumbprint} was found but is not valid for use with "
            "Exchange Server (reason: PrivateKeyMissing).",
        )


def takes_default(server: Server, certificate: HeldCertificate, wish: Wish) -> Generator[Output, str | None, str]:
    """The answer to the overwrite question: Y, N, or F for -Force; empty where nothing is asked.

    It is asked where SMTP is enabled for another certificate than the default one. Without a default
    certificate there is nothing to overwrite, and the certificate becomes it.
    """
    current = server.certificate(server.default_smtp) if server.default_smtp else None
    if Service.SMTP not in wish.services or server.default_smtp == certificate.thumbprint:
        return ""
    if current is None:
        return "Y"
    if wish.force:
        return "F"
    answer = yield Question("Confirm", overwrite(current, certificate, server.release))
    return "Y" if answer in ("Y", "A") else "N"


def overwrite(current: HeldCertificate, new: HeldCertificate, release: str) -> str:
    """The overwrite question, without its caption and its choices; Exchange 2010 names both in one sentence."""
    old, expires = f"'{current.thumbprint}'", f"(expires {english(current.not_after)})"
    replacing, until = f"'{new.thumbprint}'", f"(expires {english(new.not_after)})"
    if release == "2010":
        return f"Overwrite existing default SMTP certificate, {old} {expires}, with certificate {replacing} {until}?"
    return (
        f"Overwrite the existing default SMTP certificate?\n\nCurrent certificate: {old} {expires}\n"
        f"Replace it with certificate: {replacing} {until}"
    )


def enabled(world: World, server: Server, certificate: HeldCertificate, wish: Wish, answer: str) -> World:
    """The world in which the certificate has these services, the question answered as `takes_default` says."""
    before = server.services(certificate)
    readable = certificate.key_readable or Service.SMTP in wish.services or wish.network_service
    bound = replace(certificate, services=certificate.services | (wish.services - {Service.IIS}), key_readable=readable)
    changed = server.with_certificate(bound)
    if Service.IIS in wish.services:
        ssl = changed.require_ssl or wish.ssl
        changed = replace(changed, iis_front_end=certificate.thumbprint, require_ssl=ssl)
    if answer in ("Y", "F"):
        changed = replace(changed, default_smtp=certificate.thumbprint)
    after = world.with_server(changed)
    if added := changed.services(bound) - before:
        after = after.after(Kind.SERVICES_ADDED, server.name, certificate.thumbprint, spelled(added))
    if readable and not certificate.key_readable:
        after = after.after(Kind.KEY_ACCESS_GIVEN, server.name, certificate.thumbprint)
    return _with_consequences(after, server, changed, certificate.thumbprint, answer)


def _with_consequences(world: World, before: Server, after: Server, thumbprint: str, answer: str) -> World:
    """What the answer and the web site's binding led to, as events."""
    if after.iis_front_end != before.iis_front_end:
        world = world.after(Kind.IIS_REBOUND, after.name, thumbprint, before.iis_front_end)
    if after.require_ssl and not before.require_ssl:
        world = world.after(Kind.SSL_REQUIRED, after.name, thumbprint)
    if answer == "F":
        world = world.after(Kind.FORCED, after.name, thumbprint)
    if answer == "N":
        world = world.after(Kind.DEFAULT_KEPT, after.name, thumbprint, before.default_smtp)
    if after.default_smtp != before.default_smtp and before.default_smtp:
        world = world.after(Kind.DEFAULT_REPLACED, after.name, thumbprint, before.default_smtp)
    return world


def name_warnings(certificate: HeldCertificate, services: frozenset[Service]) -> tuple[Warned, ...]:
    """The warnings for POP and IMAP where the subject is a wildcard or no full name; these are not added then."""
    name = common_name(certificate.subject)
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


@refusing
def _enable(call: Call) -> Steps:
    """Each certificate in turn; what is asked for one is answered before anything of it changes."""
    world = call.world
    server_name, thumbprints = _which(call)
    server = store_of(world, server_name)
    services = wanted(call.parameters.get("Services"), server)
    wish = Wish(
        services,
        switched(call, "Force"),
        not switched(call, "DoNotRequireSsl"),
        switched(call, "NetworkServiceAllowed"),
    )
    consent = Consent(call)
    for thumbprint in thumbprints:
        server = store_of(world, server_name)
        certificate = held(server, thumbprint)
        usable(server, certificate)
        doing = (
            f"Enable certificate {certificate.thumbprint} for the services {spelled(services)} on server {server.name}."
        )
        if not (yield from consent.to(doing)):
            if switched(call, "WhatIf") and Service.SMTP in services and certificate.thumbprint != server.default_smtp:
                yield Warned(_UNASKED)
            continue
        warnings = name_warnings(certificate, services)
        yield from warnings
        left = replace(wish, services=services - _SET_BY.keys() if warnings else services)
        answer = yield from takes_default(server, certificate, left)
        world = enabled(world, server, certificate, left, answer)
        yield world


def _which(call: Call) -> tuple[str, tuple[str, ...]]:
    r"""The server and the thumbprints: `-Identity EX1\<thumbprint>` names both.

    Raises:
        Refused: the parameters do not go together, or none names a certificate.
    """
    positional = text(call, "Thumbprint")
    if given(call, "Identity") and here(call.world).release == "2010":
        raise no_such_parameter("Identity")
    if given(call, "Identity") and (given(call, "Server") or given(call, "Thumbprint")):
        raise parameters_clash()
    if given(call, "Identity") or "\\" in positional:
        server, thumbprint = split_identity(call.world, text(call, "Identity") or positional)
        return server, (thumbprint,)
    thumbprints = from_pipe(call, "Thumbprint", "Thumbprint")
    if not any(thumbprints):
        raise missing("Thumbprint")
    return text(call, "Server"), thumbprints


ALLOWED = tuple(service.value for service in NUMBERS)
CMDLETS = (
    Cmdlet(
        "Enable-ExchangeCertificate",
        (
            Parameter("Thumbprint", position=0, piped_by_name=True),
            Parameter("Identity"),
            Parameter("Services", lists=True, required=True, values=ALLOWED),
            SERVER,
            Parameter("DoNotRequireSsl", switch=True),
            Parameter("NetworkServiceAllowed", switch=True),
            Parameter("Force", switch=True),
        ),
        _enable,
        "Assigns a certificate to services; it only adds.",
        changes=True,
    ),
)
