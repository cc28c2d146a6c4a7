"""POP and IMAP: Get- and Set-PopSettings, Get- and Set-ImapSettings (PS/X).

They name their certificate by a host name of its own, which is how a wildcard certificate serves them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Warned
from wizard.practice.cmdlets.asked import (
    SERVER,
    Consent,
    Steps,
    given,
    performing,
    refusing,
    text,
)
from wizard.practice.cmdlets.stores import store_of
from wizard.practice.values import Flag, PSObject
from wizard.practice.views import Column, View
from wizard.practice.world import Server


@dataclass(frozen=True, slots=True)
class Protocol:
    """One of the two: its name in cmdlets, in sentences, and its ports."""

    word: str
    service: str
    port: int
    tls_port: int


_POP = Protocol("Pop", "POP3", 110, 995)
_IMAP = Protocol("Imap", "IMAP4", 143, 993)


def certificate_name(server: Server, protocol: Protocol) -> str:
    """X509CertificateName; where it was never set it is the server's name."""
    own = server.pop_certificate_name if protocol is _POP else server.imap_certificate_name
    return own or server.name


def _getting(protocol: Protocol) -> Callable[[Call], Steps]:
    @refusing
    def get(call: Call) -> Steps:
        server = store_of(call.world, text(call, "Server"))
        yield PSObject(
            f"{protocol.word}Settings",
            {
                "Name": "1",
                "UnencryptedOrTLSBindings": (f"[::]:{protocol.port}", f"0.0.0.0:{protocol.port}"),
                "SSLBindings": (f"[::]:{protocol.tls_port}", f"0.0.0.0:{protocol.tls_port}"),
                "X509CertificateName": certificate_name(server, protocol),
                "LoginType": Flag("SecureLogin"),
                "Server": server.name,
                "Identity": f"{server.name}\\1",
            },
            f"{server.name}\\1",
        )

    return get


def _setting(protocol: Protocol) -> Callable[[Call], Steps]:
    @refusing
    def change(call: Call) -> Steps:
        server = store_of(call.world, text(call, "Server"))
        operation = f"Set-{protocol.word}Settings"
        if not (yield from Consent(call).to(performing(operation, f"{server.name}\\1"))):
            return
        name = text(call, "X509CertificateName")
        if not given(call, "X509CertificateName") or name == certificate_name(server, protocol):
            yield Warned(
                f"The command completed successfully but no settings of '{server.name}\\1' have been modified."
            )
            return
        if protocol is _POP:
            yield call.world.with_server(replace(server, pop_certificate_name=name))
        else:
            yield call.world.with_server(replace(server, imap_certificate_name=name))
        yield Warned(
            f"Changes to {protocol.service} settings will only take effect after all Microsoft Exchange "
            f"{protocol.service} services are restarted on server {server.name}."
        )

    return change


CMDLETS = tuple(
    cmdlet
    for protocol in (_POP, _IMAP)
    for cmdlet in (
        Cmdlet(
            f"Get-{protocol.word}Settings",
            (SERVER,),
            _getting(protocol),
            f"Shows the settings of {protocol.service} on a server.",
        ),
        Cmdlet(
            f"Set-{protocol.word}Settings",
            (Parameter("X509CertificateName"), SERVER),
            _setting(protocol),
            f"Changes the settings of {protocol.service} on a server.",
            changes=True,
        ),
    )
)

VIEWS = tuple(
    View(
        f"{protocol.word}Settings",
        (
            Column("UnencryptedOrTLSBindings", "UnencryptedOrTLSBindings"),
            Column("SSLBindings", "SSLBindings"),
            Column("LoginType", "LoginType"),
            Column("X509CertificateName", "X509CertificateName"),
        ),
    )
    for protocol in (_POP, _IMAP)
)
