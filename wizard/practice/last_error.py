"""What a queue says of its last attempt, in the wording and wrapping of the server's release."""

from __future__ import annotations

from datetime import datetime

from wizard.practice.obstacle import Obstacle
from wizard.practice.world import Component, LogLayout, Partner, Server

_FAILOVER = (
    " Attempted failover to alternate host, but that did not succeed. Either there are no alternate hosts, or delivery"
    " failed to all alternate hosts."
)
_NOT_REACHED = "451 4.4.397 Error communicating with target host. ->"
_TIMED_OUT = "421 4.4.1 Connection timed out"
_STALE = "454 4.7.5 The certificate specified in TlsCertificateName of the SendConnector could not be found."

_SAME_IN_ALL = {
    Obstacle.DNS: "451 4.4.0 DNS query failed",
    Obstacle.STARTTLS_STRIPPED: "451 5.7.3 STARTTLS is required to send mail",
    Obstacle.NO_CERTIFICATE: "451 5.7.3 STARTTLS is required to send mail",
    Obstacle.NAME_STALE: _STALE,
    Obstacle.NOT_TLS: "451 4.4.0 Security status InvalidToken",
    Obstacle.UNTRUSTED: "454 4.7.5 Certificate validation failure, reason:UntrustedRoot",
}
_SOCKET = {Obstacle.TIMES_OUT: ("SocketTimedout", 10060), Obstacle.REFUSED: ("SocketConnectionRefused", 10061)}
_BEFORE_A_CONNECTION = frozenset({Obstacle.DNS, Obstacle.TIMES_OUT, Obstacle.REFUSED})


def newer_wording(server: Server) -> bool:
    """Whether the server speaks of `Target host responded with error`: 2019 and SE, and 2016 in its later updates.

    INFERRED: both wordings are seen with 2016; the later update is taken to be the one that logs dates too.
    """
    return server.release in {"2019", "SE"} or (server.release == "2016" and server.layout is LogLayout.ONE_LINE_DATED)


def core(obstacle: Obstacle, server: Server) -> str:
    """The bare words, without the wrapper; empty for what a queue never says."""
    if obstacle in {Obstacle.DISABLED, Obstacle.NOT_A_SOURCE}:
        return ""
    if obstacle in _SAME_IN_ALL:
        return _SAME_IN_ALL[obstacle]
    newer = newer_wording(server)
    if obstacle in _SOCKET:
        word, number = _SOCKET[obstacle]
        if newer:
            return f"{_NOT_REACHED} 421 4.2.1 Unable to connect -> {word}: Socket error code {number}"
        said = f"Failed to connect. Winsock error code: {number}, Win32 error code: {number}."
        return f'451 4.4.0 Error encountered while communicating with primary target IP address: "{said}"{_FAILOVER}'
    if obstacle is Obstacle.DROPS_HANDSHAKE:
        dropped = "421 4.4.2 Connection dropped due to SocketError"
        if newer:
            return f"{_NOT_REACHED} {dropped}"
        return f'451 4.4.0 Primary target IP address responded with: "{dropped}."{_FAILOVER}'
    if newer:
        return f"451 4.4.395 Target host responded with error. -> {_TIMED_OUT}"
    return f'451 4.4.0 Primary target IP address responded with: "{_TIMED_OUT}."{_FAILOVER}'


def last_error(obstacle: Obstacle, server: Server, partner: Partner, through: Component, at: datetime) -> str:
    """LastError as Get-Queue has it: bare in 2010, in braces by key since, the keys in another order since 2016.

    Through the Front End the words are those that it answered the Transport service with. `at` is the
    last retry, written as an English server writes it.
    """
    words = core(obstacle, server)
    if through is Component.FRONT_END and words:
        words = f"Proxy session setup failed on Frontend with '{words}'"
    if server.release == "2010" or not words:
        return words
    address = "" if obstacle in _BEFORE_A_CONNECTION else partner.address
    member = {"LED": words, "MSG": "", "FQDN": partner.host, "IP": address, "LRT": english(at)}
    keys = ("LRT", "LED", "FQDN", "IP") if server.release == "2013" else ("LED", "MSG", "FQDN", "IP", "LRT")
    return "[" + ";".join(f"{{{key}={member[key]}}}" for key in keys) + "]"


def english(at: datetime) -> str:
    """A moment as an English (United States) server prints it: `11/2/2026 5:59:59 PM`."""
    return f"{at.month}/{at.day}/{at.year} {at.hour % 12 or 12}:{at:%M:%S} {'AM' if at.hour < 12 else 'PM'}"
