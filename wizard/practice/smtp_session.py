"""The rows of one SMTP session, as the Send protocol log of each release has them.

Shapes: nine fields, quoted after RFC 4180 only where it is needed; replies of several lines in as many
rows up to 2013 and joined in one since; the certificate in one of four layouts (LOG; KB 4051498 for its rows).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.practice.obstacle import ERROR, Obstacle
from wizard.practice.world import Connector, HeldCertificate, LogLayout, LogRow, Partner, Server

SUCCEEDED = (
    "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with"
    " strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm"
    " CALG_ECDH_EPHEM with strength 384 bits"
)
_ATTRIBUTES = (
    "Certificate subject",
    "Certificate issuer name",
    "Certificate serial number",
    "Certificate thumbprint",
    "Certificate alternate names",
)
_ONE_LINE = "Sending certificate " + " ".join(_ATTRIBUTES)
_ONE_LINE_DATED = (
    "Sending certificate Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names"
)
_EXTENSIONS = ("PIPELINING", "DSN", "ENHANCEDSTATUSCODES", "STARTTLS", "8BITMIME", "BINARYMIME", "CHUNKING")
_WINSOCK = {
    Obstacle.TIMES_OUT: (10060, "A connection attempt failed because the connected party did not properly respond"),
    Obstacle.REFUSED: (10061, "No connection could be made because the target machine actively refused it"),
}

_NEEDS_QUOTES = re.compile(r'[,"\r\n]')

Event = tuple[int, str, str, str]
"""Milliseconds since the row before, and the fields event, data and context."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One session to be written: by whom, where to, with what certificate, and what it meets.

    `number` counts sessions, so that each has an id and a port of its own. `met` is what is in its way, None where
    TLS succeeds; `plain` is a session without TLS, in which mail is handed over all the same.
    """

    server: Server
    connector: Connector
    partner: Partner
    number: int
    began: datetime
    ours: HeldCertificate | None = None
    met: Obstacle | None = None
    plain: bool = False


def stamp(at: datetime) -> str:
    """A moment as protocol logs write it: UTC, ISO 8601, milliseconds."""
    return f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def quoted(field: str) -> str:
    """A field after RFC 4180: in quotation marks only where it must be, inner ones doubled."""
    return '"' + field.replace('"', '""') + '"' if _NEEDS_QUOTES.search(field) else field


def session_id(number: int, at: datetime) -> str:
    """16 hex digits: the upper half of the day's ticks, then the count (INFERRED from the look of real ones)."""
    ticks = (at.date().toordinal() - 1) * 864_000_000_000
    return f"{ticks >> 32:08X}{number:08X}"


def rows(attempt: Attempt) -> tuple[LogRow, ...]:
    """The rows of the session in their order, each with the moment it was made."""
    written: list[LogRow] = []
    at = attempt.began
    name, session = quoted(attempt.connector.name), session_id(attempt.number, at)
    local = f"{attempt.server.address}:{20_000 + attempt.number % 40_000}"
    ends = f",{attempt.partner.address}:25"
    for sequence, (later, event, said, context) in enumerate(_events(attempt)):
        at += timedelta(milliseconds=later)
        if event == "+":
            # The local endpoint is known from here on.
            ends = f"{local}{ends}"
        text = f"{stamp(at)},{name},{session},{sequence},{ends},{event},{quoted(said)},{quoted(context)}"
        written.append(LogRow(at, text))
    return tuple(written)


def _events(attempt: Attempt) -> Iterator[Event]:
    """Everything that happens in the session."""
    if attempt.server.release != "2010":
        yield 0, "*", "SendRoutingHeaders", "Set Session Permissions"
    yield 0, "*", "", "attempting to connect"
    if attempt.met in _WINSOCK:
        number, words = _WINSOCK[attempt.met]
        waited = 21_000 if attempt.met is Obstacle.TIMES_OUT else 1_020
        said = (
            f"Failed to connect. Winsock error code: {number}, Win32 error code: {number}, Destination domain: "
            f"{attempt.partner.host}, Error Message: {words} {attempt.partner.address}:25."
        )
        yield waited, "*", "", said
        return
    yield 21, "+", "", ""
    yield from _greeting(attempt)
    if attempt.plain:
        yield from _mail(attempt)
        return
    if attempt.met in {Obstacle.STARTTLS_STRIPPED, Obstacle.NAME_STALE, Obstacle.NO_CERTIFICATE}:
        # No TLS begins: what the log says of the reason is not known, so nothing is.
        yield from _bye()
        return
    yield 1, ">", "STARTTLS", ""
    yield 91, "<", "220 2.0.0 SMTP server ready", ""
    yield from _handshake(attempt)


def _handshake(attempt: Attempt) -> Iterator[Event]:
    """From the certificate this server sends to the outcome, and the mail where it is a good one."""
    layout = attempt.server.layout
    if attempt.ours:
        yield from _sending(attempt.ours, layout)
    if attempt.met is Obstacle.UNTRUSTED:
        yield from _received(attempt.partner.certificate, layout)
    if attempt.met is not None:
        yield 8, "*", "", f"TLS negotiation failed with error {ERROR[attempt.met]}"
        yield 1, "-", "", "Local"
        return
    received = _received(attempt.partner.certificate, layout)
    if layout in {LogLayout.ROWS, LogLayout.ROWS_WITHOUT_HEADER}:
        yield from received
        yield 2, "*", "", SUCCEEDED
    else:
        yield 130, "*", "", SUCCEEDED
        yield from received
    yield 9, ">", f"EHLO {_name(attempt)}", ""
    yield from _reply(attempt, _hello(attempt, starttls=False))
    yield from _mail(attempt)


def _greeting(attempt: Attempt) -> Iterator[Event]:
    """The banner, EHLO, and what the other side says it can."""
    host = attempt.partner.host
    starred = attempt.met is Obstacle.NOT_TLS
    at = f"{attempt.began:%a, %d %b %Y %H:%M:%S} +0000"
    banner = "*" * 78 if starred else f"{host} Microsoft ESMTP MAIL Service ready at {at}"
    yield 109, "<", f"220 {banner}", ""
    yield 1, ">", f"EHLO {_name(attempt)}", ""
    offered = attempt.met is not Obstacle.STARTTLS_STRIPPED
    yield from _reply(attempt, (*_hello(attempt, starttls=offered), *(("XXXA",) if starred else ())))


def _name(attempt: Attempt) -> str:
    """The name this server says in EHLO."""
    return attempt.connector.fqdn or attempt.server.fqdn


def _hello(attempt: Attempt, *, starttls: bool) -> tuple[str, ...]:
    """The lines of the other side's answer to EHLO."""
    extensions = (word for word in _EXTENSIONS if starttls or word != "STARTTLS")
    return (f"{attempt.partner.host} Hello [{attempt.server.address}]", "SIZE 157286400", *extensions)


def _reply(attempt: Attempt, lines: tuple[str, ...]) -> Iterator[Event]:
    """A reply of several lines: a row for each up to 2013, one joined row since."""
    if attempt.server.release in {"2010", "2013"}:
        for number, line in enumerate(lines):
            yield 0 if number else 97, "<", f"250{' ' if line is lines[-1] else '-'}{line}", ""
    else:
        yield 97, "<", "250 " + " ".join(lines), ""


def _mail(attempt: Attempt) -> Iterator[Event]:
    """One message handed over and accepted, and the end."""
    number = attempt.number
    yield 5, ">", f"MAIL FROM:<orders@{attempt.server.domain}> SIZE={4_000 + number * 137 % 90_000}", ""
    yield 0, ">", f"RCPT TO:<desk@{attempt.partner.host.partition('.')[2] or attempt.partner.host}>", ""
    yield 135, "<", "250 2.1.0 Sender OK", ""
    yield 2, "<", "250 2.1.5 Recipient OK", ""
    queued = f"<{number:08x}@{attempt.server.fqdn}> [InternalId={40_000 + number * 31}]"
    yield 640, "<", f"250 2.6.0 {queued} Queued mail for delivery", ""
    yield from _bye()


def _bye() -> Iterator[Event]:
    """The end, in good manners."""
    yield 10, ">", "QUIT", ""
    yield 90, "<", "221 2.0.0 Service closing transmission channel", ""
    yield 0, "-", "", "Local"


def _sending(ours: HeldCertificate, layout: LogLayout) -> Iterator[Event]:
    """This server's certificate in the layout of its version."""
    names = ";".join(ours.domains)
    if layout in {LogLayout.ROWS, LogLayout.ROWS_WITHOUT_HEADER}:
        if layout is LogLayout.ROWS:
            yield 2, "*", "", "Sending certificate"
        values = (ours.subject, ours.issuer, ours.serial, ours.thumbprint, names)
        yield from ((0, "*", value, context) for value, context in zip(values, _ATTRIBUTES, strict=True))
        return
    dated = layout is LogLayout.ONE_LINE_DATED
    dates = (stamp(ours.not_before), stamp(ours.not_after)) if dated else ()
    parts = (ours.subject, ours.issuer, ours.serial, ours.thumbprint, *dates, names)
    yield 2, "*", " " + " ".join(parts), _ONE_LINE_DATED if dated else _ONE_LINE


def _received(theirs: HeldCertificate, layout: LogLayout) -> Iterator[Event]:
    """The other side's certificate: all its rows in the layouts by rows, elsewhere the thumbprint alone."""
    yield 1, "*", "", "Received certificate"
    if layout in {LogLayout.ROWS, LogLayout.ROWS_WITHOUT_HEADER}:
        values = (theirs.subject, theirs.issuer, theirs.serial, theirs.thumbprint, ";".join(theirs.domains))
        yield from ((0, "*", value, context) for value, context in zip(values, _ATTRIBUTES, strict=True))
    else:
        yield 0, "*", theirs.thumbprint, "Certificate thumbprint"
