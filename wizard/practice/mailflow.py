"""What attempts to send leave behind as time goes by: rows in the logs, the queues' state, and what EdgeSync notices.

Whether mail leaves at all is decided in `obstacle`, by the rules of the domain and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from wizard.facts import LoggingLevel
from wizard.practice.last_error import last_error
from wizard.practice.obstacle import (
    ERROR,
    OF_TLS,
    Obstacle,
    certificates_for,
    component,
    fault,
    flows,
    obstacle,
    presented,
)
from wizard.practice.smtp_session import Attempt, rows
from wizard.practice.world import Connector, Kind, LogKey, MailQueue, Server, World

__all__ = [
    "Obstacle",
    "certificates_for",
    "component",
    "edge_sync",
    "fault",
    "flows",
    "obstacle",
    "pass_time",
    "presented",
    "try_queue",
]

SUSPENDED = "Suspended"
"""The status of a queue that somebody stopped."""

MANY = 20
"""From so many messages on, a delivery uses two sessions at once, which interleave in the log."""

MOST_ROWS = 20_000
"""Rows of one service's log from which on the oldest go; hours of a busy server, weeks of a quiet one."""

_NO_ATTEMPT = frozenset({Obstacle.DISABLED, Obstacle.NOT_A_SOURCE})
_SYNC = frozenset({Kind.EDGE_SYNC_BROKEN, Kind.EDGE_SYNC_MENDED})
_MINUTE = timedelta(minutes=1)
_SOON = timedelta(milliseconds=1_400)
_BESIDE = timedelta(milliseconds=230)


def try_queue(world: World, queue: MailQueue) -> World:
    """One attempt now: rows in the log where the connector's logging is Verbose, the queue's state, MAIL_SENT.

    That event is for mail that was held up, and for the first that leaves: not for each that goes its way since.
    A suspended or empty queue stays as it is. Where the connector is gone or disabled, or the server none of its
    sources, nothing is sent either, and the queue is only looked at again later.
    """
    if queue.status == SUSPENDED or not queue.messages:
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
        sent = f"{queue.messages} messages" + (", unencrypted" if met or connector.ignore_starttls else "")
        return after.after(Kind.MAIL_SENT, server.name, connector.name, sent)
    said = last_error(stopped, server, world.partner(connector.partner), component(connector, server), world.now)
    return world.with_queue(replace(queue, status="Retry", last_error=said, last_try=world.now, next_try=again))


def _sent_before(world: World, connector: Connector, server: Server) -> bool:
    """Whether it is known already that the connector's mail leaves this server."""
    return any(
        event.kind is Kind.MAIL_SENT and (event.server, event.subject) == (server.name, connector.name)
        for event in world.events
    )


def _emptied(queue: MailQueue, at: datetime) -> MailQueue:
    """The queue after everything in it was handed over."""
    delivered = queue.delivered + queue.messages
    return replace(queue, messages=0, delivered=delivered, status="Ready", last_error="", last_try=at, next_try=None)


def _logged(world: World, connector: Connector, server: Server, met: Obstacle | None, messages: int) -> World:
    """The world with the sessions of one attempt counted, and written down where the connector's logging is Verbose."""
    partner = world.partner(connector.partner)
    shown = presented(connector, server)
    attempt = Attempt(server, connector, partner, world.session + 1, world.now, next(iter(shown), None), met)
    sessions = [attempt]
    if connector.ignore_starttls or (met in OF_TLS - ERROR.keys() and not connector.require_tls):
        sessions = [replace(attempt, plain=True)]
    elif met in ERROR and not connector.require_tls:
        # It may leave unencrypted (INFERRED: in a session of its own, without STARTTLS).
        sessions.append(replace(attempt, number=attempt.number + 1, began=world.now + _SOON, plain=True))
    elif met is None and messages >= MANY:
        sessions.append(replace(attempt, number=attempt.number + 1, began=world.now + _BESIDE))
    world = replace(world, session=world.session + len(sessions))
    if connector.logging is not LoggingLevel.VERBOSE or met is Obstacle.DNS:
        return world
    key = (server.name, component(connector, server))
    return _with_oldest_deleted(world.with_rows(key, (row for session in sessions for row in rows(session))), key)


def _with_oldest_deleted(world: World, key: LogKey) -> World:
    """The world with a log that has grown too long cut to its newest rows, at a full hour.

    Exchange deletes the oldest files as well (LOG: 250 MB, 30 days); practice keeps less, so that a session of weeks
    stays quick. A log of one hour alone is kept whole.
    """
    held = world.logs[key]
    if len(held) <= MOST_ROWS:
        return world
    begin = held[-(MOST_ROWS * 3 // 4)].made.replace(minute=0, second=0, microsecond=0)
    return replace(world, logs=MappingProxyType({**world.logs, key: tuple(row for row in held if row.made >= begin)}))


def pass_time(world: World, by: timedelta) -> World:
    """The clock goes on; queues that become due are tried at their time, and what EdgeSync notices happens.

    Meanwhile mail comes in: each queue's `inflow` at every full minute. Where nothing holds it up it leaves at once.
    """
    end = world.now + by
    while (moment := _next_moment(world)) <= end:
        world = replace(world, now=moment)
        if moment == _minute(moment):
            world = replace(world, queues=tuple(_with_inflow(queue) for queue in world.queues))
        for queue in world.queues:
            due = _due(queue, moment)
            if due is not None and due <= moment:
                world = try_queue(world, queue)
    return edge_sync(replace(world, now=end))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _next_moment(world: World) -> datetime:
    """When something happens next: a full minute, or a queue that is due."""
    times = (_due(queue, world.now) for queue in world.queues)
    return min((_minute(world.now) + _MINUTE, *(max(due, world.now) for due in times if due is not None)))


def _with_inflow(queue: MailQueue) -> MailQueue:
    return replace(queue, messages=queue.messages + queue.inflow) if queue.inflow else queue


def _due(queue: MailQueue, now: datetime) -> datetime | None:
    """When a queue is to be tried: at its time, at once where none was set; None: nothing waits, or it is stopped."""
    if queue.status == SUSPENDED or not queue.messages:
        return None
    return queue.next_try or now


def edge_sync(world: World) -> World:
    """What EdgeSync notices of the Edge servers' default certificates.

    It stops working where a subscribed Edge has another than the one the subscription was made with, until the
    subscription is made again (KB 2989382). INFERRED: it works again as well once that very certificate is back.
    """
    for subscription in world.subscriptions:
        edge = world.server(subscription.edge)
        if edge is None:
            continue
        broken = edge.default_smtp != subscription.trusted
        if broken is not _broken_before(world, edge.name):
            kind = Kind.EDGE_SYNC_BROKEN if broken else Kind.EDGE_SYNC_MENDED
            world = world.after(kind, edge.name, edge.default_smtp)
    return world


def _broken_before(world: World, edge: str) -> bool:
    """Whether the last that was noticed of this Edge is that EdgeSync stopped."""
    noticed = (e.kind for e in reversed(world.events) if e.kind in _SYNC and e.server == edge)
    return next(noticed, Kind.EDGE_SYNC_MENDED) is Kind.EDGE_SYNC_BROKEN
