"""The traces of attempts to send over time: queues, rows in the send protocol logs, EdgeSync's state.

`obstacle` decides whether mail leaves. Sources: LOG ("Protocol logging", "Configure protocol logging") and the look of
real files: nine fields, quoted after RFC 4180 only where needed; replies of several lines in as many rows up to 2013
and joined in one since; the certificate in one of four layouts (KB 4051498 for its rows).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType

from wizard.facts import LoggingLevel, default_log_folder
from wizard.practice.obstacle import (
    ERROR,
    OF_TLS,
    Obstacle,
    component,
    fault,
    last_error,
    met_at,
    obstacle,
    presented,
)
from wizard.practice.world import (
    Component,
    Connector,
    EventKind,
    HeldCertificate,
    LogKey,
    LogLayout,
    LogRow,
    MailQueue,
    Partner,
    Role,
    Server,
    World,
)

MANY = 20
"""From this number of messages on, a delivery uses two sessions at once, which interleave in the log."""

MOST_ROWS = 20_000
"""The most rows of one service's log; older ones go. Hours of a busy server, weeks of a quiet one."""

_NO_ATTEMPT = frozenset({Obstacle.DISABLED, Obstacle.NOT_A_SOURCE})
_NO_SESSION = _NO_ATTEMPT | {Obstacle.DNS, Obstacle.TIMES_OUT, Obstacle.REFUSED}
_NO_ROWS = frozenset({Obstacle.DNS, Obstacle.NAME_STALE})
"""Nothing is connected to: a certificate that is not found ends it before (likely; read in the implementation)."""

_SYNC = frozenset({EventKind.EDGE_SYNC_BROKEN, EventKind.EDGE_SYNC_MENDED})
_MINUTE = timedelta(minutes=1)
_SOON = timedelta(milliseconds=1_400)
_BESIDE = timedelta(milliseconds=230)


def try_queue(world: World, queue: MailQueue) -> World:
    """One attempt now: rows in the log if the connector's logging is Verbose, the queue's state, MAIL_SENT.

    That event is for delayed mail and for the first that leaves. An empty queue is unchanged. If the
    connector is gone or disabled, or the server none of its sources, nothing is sent, and the queue only gets a new
    time.
    """
    if not queue.messages:
        return world
    connector, server = world.connector(queue.connector), world.server(queue.server)
    again = world.now + world.retry_every
    met = fault(world, connector, server) if connector and server else Obstacle.DISABLED
    if connector is None or server is None or met in _NO_ATTEMPT:
        return world.with_queue(replace(queue, next_try=again))
    stopped = obstacle(world, connector, server)
    world = _logged(world, connector, server, met, queue.messages)
    if stopped is None:
        after = world.with_queue(_emptied(queue, world.now))
        if not queue.last_error and _sent_before(world, connector, server):
            return after
        clear = connector.ignore_starttls or (met and not connector.require_tls)
        sent = f"{queue.messages} messages" + (", unencrypted" if clear else "")
        return after.after(EventKind.MAIL_SENT, server.name, connector.name, sent)
    said = last_error(stopped, server, world.partner(connector.partner), component(connector, server), world.now)
    return world.with_queue(replace(queue, status="Retry", last_error=said, last_try=world.now, next_try=again))


def _sent_before(world: World, connector: Connector, server: Server) -> bool:
    """True if the connector's mail is already known to leave this server."""
    return any(
        event.kind is EventKind.MAIL_SENT and (event.server, event.subject) == (server.name, connector.name)
        for event in world.events
    )


def _emptied(queue: MailQueue, at: datetime) -> MailQueue:
    """The queue after a complete delivery."""
    delivered = queue.delivered + queue.messages
    return replace(queue, messages=0, delivered=delivered, status="Ready", last_error="", last_try=at, next_try=None)


def _logged(world: World, connector: Connector, server: Server, met: Obstacle | None, messages: int) -> World:
    """The world with the attempt's sessions counted, and logged if the connector's logging is Verbose."""
    partner = world.partner(connector.partner)
    shown = presented(connector, server, world.now)
    attempt = DeliveryAttempt(server, connector, partner, world.session + 1, world.now, next(iter(shown), None), met)
    earlier: list[DeliveryAttempt] = []
    if partner.second and met not in _NO_SESSION:
        attempt, earlier = _at_either(world, attempt)
        met = attempt.met
    sessions = [attempt]
    if connector.ignore_starttls or (met in OF_TLS - ERROR.keys() and not connector.require_tls):
        sessions = [replace(attempt, plain=True)]
    elif met in ERROR and not connector.require_tls:
        # It may leave unencrypted (INFERRED: in a session of its own, without STARTTLS).
        sessions.append(replace(attempt, number=attempt.number + 1, began=attempt.began + _SOON, plain=True))
    elif met is None and messages >= MANY:
        sessions.append(replace(attempt, number=attempt.number + 1, began=attempt.began + _BESIDE))
    sessions = [*earlier, *sessions]
    world = replace(world, session=world.session + len(sessions))
    if connector.logging is not LoggingLevel.VERBOSE or met in _NO_ROWS:
        return world
    key = (server.name, component(connector, server))
    return _with_oldest_deleted(world.with_rows(key, (row for session in sessions for row in rows(session))), key)


def _at_either(world: World, attempt: DeliveryAttempt) -> tuple[DeliveryAttempt, list[DeliveryAttempt]]:
    """The attempt at the first of the other side's two addresses, or at the second behind one that failed there."""
    partner = attempt.partner
    first, other = (
        replace(
            attempt,
            partner=replace(partner, address=address),
            met=met_at(world, attempt.connector, attempt.server, address),
        )
        for address in (partner.address, partner.second)
    )
    if first.met is None or first.met not in ERROR:
        return first, []
    return replace(other, number=other.number + 1, began=world.now + _SOON), [first]


def _with_oldest_deleted(world: World, key: LogKey) -> World:
    """The world with an overlong log cut to its newest rows, at a full hour.

    Exchange deletes the oldest files as well (LOG: 250 MB, 30 days); practice keeps less, so that a session of weeks
    stays quick. A log of a single hour is kept whole.
    """
    held = world.logs[key]
    if len(held) <= MOST_ROWS:
        return world
    begin = held[-(MOST_ROWS * 3 // 4)].made.replace(minute=0, second=0, microsecond=0)
    return replace(world, logs=MappingProxyType({**world.logs, key: tuple(row for row in held if row.made >= begin)}))


def pass_time(world: World, by: timedelta) -> World:
    """Advance the clock; retry queues that become due, and update EdgeSync.

    Each full minute brings each queue's `inflow` of mail, which leaves at once if nothing holds it up.
    """
    end = world.now + by
    while (moment := _next_moment(world)) <= end:
        world = replace(world, now=moment)
        if moment == _minute(moment):
            brought = (replace(queue, messages=queue.messages + queue.inflow) for queue in world.queues)
            world = replace(world, queues=tuple(brought))
        for queue in world.queues:
            due = _due(queue, moment)
            if due is not None and due <= moment:
                world = try_queue(world, queue)
    return edge_sync(replace(world, now=end))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _next_moment(world: World) -> datetime:
    """The next event: a full minute, or a due queue."""
    times = (_due(queue, world.now) for queue in world.queues)
    return min((_minute(world.now) + _MINUTE, *(max(due, world.now) for due in times if due is not None)))


def _due(queue: MailQueue, now: datetime) -> datetime | None:
    """The time of a queue's next attempt, now if none was set; None if it is empty."""
    return (queue.next_try or now) if queue.messages else None


def edge_sync(world: World) -> World:
    """Record EdgeSync's reaction to the Edge servers' default certificates.

    It stops if a subscribed Edge's default differs from the subscription's, until the subscription is made again (KB
    2989382). INFERRED: it works again once that very certificate is back.
    """
    for subscription in world.subscriptions:
        edge = world.server(subscription.edge)
        if edge is None:
            continue
        broken = edge.default_smtp != subscription.trusted
        if broken is not _broken_before(world, edge.name):
            kind = EventKind.EDGE_SYNC_BROKEN if broken else EventKind.EDGE_SYNC_MENDED
            world = world.after(kind, edge.name, edge.default_smtp)
    return world


def _broken_before(world: World, edge: str) -> bool:
    """True if this Edge's last event is that EdgeSync stopped."""
    noticed = (e.kind for e in reversed(world.events) if e.kind in _SYNC and e.server == edge)
    return next(noticed, EventKind.EDGE_SYNC_MENDED) is EventKind.EDGE_SYNC_BROKEN


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
class DeliveryAttempt:
    """One session to be written: sender, target, certificate, and obstacle.

    `number` counts sessions and gives each its id and port. `met` is the obstacle, None if TLS succeeds; `plain` is a
    session without TLS that delivers all the same. `verb` begins TLS.
    """

    server: Server
    connector: Connector
    partner: Partner
    number: int
    began: datetime
    ours: HeldCertificate | None = None
    met: Obstacle | None = None
    plain: bool = False
    verb: str = "STARTTLS"


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


def rows(attempt: DeliveryAttempt) -> tuple[LogRow, ...]:
    """The rows of the session in order, each with its time."""
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


def _events(attempt: DeliveryAttempt) -> Iterator[Event]:
    """The events of the session."""
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
    if attempt.met in {Obstacle.STARTTLS_STRIPPED, Obstacle.NO_CERTIFICATE}:
        # No TLS begins: the log's words about the reason are unknown, so there are none.
        yield from _bye()
        return
    yield 1, ">", attempt.verb, ""
    yield 91, "<", "220 2.0.0 SMTP server ready", ""
    yield from _handshake(attempt)


def _handshake(attempt: DeliveryAttempt) -> Iterator[Event]:
    """From this server's certificate to the outcome, and the mail if TLS succeeds."""
    layout = attempt.server.layout
    if attempt.ours:
        yield from _sending(attempt.ours, layout)
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


def _greeting(attempt: DeliveryAttempt) -> Iterator[Event]:
    """The banner, EHLO, and the other side's abilities."""
    host = attempt.partner.host
    starred = attempt.met is Obstacle.NOT_TLS
    at = f"{attempt.began:%a, %d %b %Y %H:%M:%S} +0000"
    banner = "*" * 78 if starred else f"{host} Microsoft ESMTP MAIL Service ready at {at}"
    yield 109, "<", f"220 {banner}", ""
    yield 1, ">", f"EHLO {_name(attempt)}", ""
    offered = attempt.met is not Obstacle.STARTTLS_STRIPPED
    yield from _reply(attempt, (*_hello(attempt, starttls=offered), *(("XXXA",) if starred else ())))


def _name(attempt: DeliveryAttempt) -> str:
    """This server's name in EHLO."""
    return attempt.connector.fqdn or attempt.server.fqdn


def _hello(attempt: DeliveryAttempt, *, starttls: bool) -> tuple[str, ...]:
    """The lines of the answer to EHLO."""
    extensions = (word for word in _EXTENSIONS if starttls or word != "STARTTLS")
    return (f"{attempt.partner.host} Hello [{attempt.server.address}]", "SIZE 157286400", *extensions)


def _reply(attempt: DeliveryAttempt, lines: tuple[str, ...]) -> Iterator[Event]:
    """A reply of several lines: a row for each up to 2013, one joined row since."""
    if attempt.server.release in {"2010", "2013"}:
        for number, line in enumerate(lines):
            yield 0 if number else 97, "<", f"250{' ' if line is lines[-1] else '-'}{line}", ""
    else:
        yield 97, "<", "250 " + " ".join(lines), ""


def _mail(attempt: DeliveryAttempt) -> Iterator[Event]:
    """One message delivered and accepted, and the end."""
    number = attempt.number
    yield 5, ">", f"MAIL FROM:<orders@{attempt.server.domain}> SIZE={4_000 + number * 137 % 90_000}", ""
    yield 0, ">", f"RCPT TO:<desk@{attempt.partner.host.partition('.')[2] or attempt.partner.host}>", ""
    yield 135, "<", "250 2.1.0 Sender OK", ""
    yield 2, "<", "250 2.1.5 Recipient OK", ""
    queued = f"<{number:08x}@{attempt.server.fqdn}> [InternalId={40_000 + number * 31}]"
    yield 640, "<", f"250 2.6.0 {queued} Queued mail for delivery", ""
    yield from _bye()


def _bye() -> Iterator[Event]:
    """The regular end."""
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


FIELDS = "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context"

_FRONT_END_SERVICE = "MSExchangeFrontEndTransport"
_HOURLY = frozenset({"2019", "SE"})


@dataclass(frozen=True, slots=True)
class WrittenLog:
    r"""A file on the disk now. `path` is whole, such as `C:\...\SmtpSend\SEND20261122-1.LOG`.

    `text` has plain line feeds, the last line included.
    """

    server: str
    path: str
    text: str


def services(server: Server) -> tuple[Component, ...]:
    """The services of a server with their own send log."""
    if server.release == "2010":
        return (Component.HUB,)
    return (Component.EDGE,) if server.role is Role.EDGE else (Component.HUB, Component.FRONT_END)


def install_path(server: Server) -> str:
    """Exchange's folder (`$env:ExchangeInstallPath`) as proposed by setup, ending in a backslash."""
    return rf"C:\Program Files\Microsoft\Exchange Server\{'V14' if server.release == '2010' else 'V15'}" + "\\"


def log_folder(server: Server, of: Component) -> str:
    """The folder of a service's send log, as set or by default."""
    named = server.front_end_log_path if of is Component.FRONT_END else server.send_log_path
    default = default_log_folder(server.version, of is Component.EDGE, of is Component.FRONT_END)
    return named or install_path(server) + default


def log_files(world: World) -> tuple[WrittenLog, ...]:
    """All send logs of all servers, each service's oldest first.

    A row reaches its file `write_delay` after it was made, or at a restart of its service: of the Transport service by
    `written_until`, of Front End Transport by an event SERVICE_RESTARTED with that service's name.
    """
    return tuple(file for server in world.servers for of in services(server) for file in _files_of(world, server, of))


def _files_of(world: World, server: Server, of: Component) -> Iterator[WrittenLog]:
    """The files of one service, with interleaved sessions. MOST_ROWS fill none (10 MB), so each has the number 1."""
    made = sorted(world.logs.get((server.name, of), ()), key=lambda row: row.made)
    restarted = _restarted(world, server, of)
    there = [row for row in made if row.made + server.write_delay <= world.now or (restarted and row.made <= restarted)]
    hourly = server.release in _HOURLY
    for _, group in groupby(there, key=lambda row: (row.made.toordinal(), row.made.hour if hourly else 0)):
        those = list(group)
        name = _begin_of_name(those[0].made, hourly)
        yield WrittenLog(server.name, rf"{log_folder(server, of)}\{name}-1.LOG", _text(those, server))


def _restarted(world: World, server: Server, of: Component) -> datetime | None:
    """The last restart of the service, which wrote the rows it held; None without one."""
    if of is not Component.FRONT_END:
        return server.written_until
    restarts = (
        event.at
        for event in reversed(world.events)
        if event.kind is EventKind.SERVICE_RESTARTED
        and event.server == server.name
        and event.subject.casefold() == _FRONT_END_SERVICE.casefold()
    )
    return next(restarts, None)


def _begin_of_name(made: datetime, hourly: bool) -> str:
    """`SENDyyyymmdd`, or with the hour in newer releases, in UTC (INFERRED: 2019 and SE are the newer ones)."""
    return f"SEND{made:%Y%m%d%H}" if hourly else f"SEND{made:%Y%m%d}"


def _text(rows: list[LogRow], server: Server) -> str:
    """Header and rows. The date is that of the first writing, hence later than the first rows."""
    version = "14.0.0.0" if server.release == "2010" else "15.0.0.0"
    header = (
        "#Software: Microsoft Exchange Server",
        f"#Version: {version}",
        "#Log-type: SMTP Send Protocol Log",
        f"#Date: {stamp(rows[0].made + server.write_delay)}",
        f"#Fields: {FIELDS}",
    )
    return "".join(f"{line}\n" for line in (*header, *(row.text for row in rows)))


def seen_as(world: World, server: Server, path: str) -> Iterator[str]:
    r"""A path of a server as seen from the shell: the same there, `\\EX2\C$\...` on all.

    Administrative shares of unreachable servers are missing, and so are those of an Edge, which is outside the domain;
    an Edge sees only its own.
    """
    local = world.server(world.here)
    if local is None:
        return
    mine = server.name == local.name
    if mine:
        yield path
    if mine or (server.answers and Role.EDGE not in (server.role, local.role)):
        drive, _, rest = path.partition(":")
        for name in (server.name, server.fqdn):
            yield rf"\\{name}\{drive}${rest}"


def text_at(world: World, path: str) -> str:
    """The text of a file, or of all files in a folder; empty if there is none."""
    wanted = path.strip().strip("\"'").rstrip("\\").casefold()
    return "".join(
        file.text
        for file in log_files(world)
        if wanted and wanted in (file.path.casefold(), file.path.rpartition("\\")[0].casefold())
    )
