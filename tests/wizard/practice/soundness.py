"""What can be wrong with a world that no scenario's file describes: faults of whatever drew it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from wizard.facts import Service
from wizard.practice.checking import unsound
from wizard.practice.draw import VERSIONS
from wizard.practice.mail import services
from wizard.practice.world import Connector, MailQueue, Role, Server, World

_STATUSES = frozenset({"Ready", "Active", "Connecting", "Retry"})
_THUMBPRINT = re.compile(r"[0-9A-F]{40}")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def contradictions(world: World) -> tuple[str, ...]:
    """All contradictions in a world, in sentences; empty if it is sound."""
    return (*unsound(world), *_drawn(world))


def _drawn(world: World) -> Iterator[str]:
    yield from _twice("server", (server.name.casefold() for server in world.servers))
    yield from _twice("address", (server.address for server in world.servers))
    yield from _twice("GUID", (connector.guid for connector in world.connectors))
    yield from _twice("partner", (partner.host for partner in world.partners))
    yield from _twice("queue", (queue.identity for queue in world.queues))
    if world.retry_every <= timedelta():
        yield "A queue is tried again after no time."
    for place in filter(None, (world.here, world.home)):
        if world.server(place) is None:
            yield f"The shell is on {place}, which is no server."
    for server in world.servers:
        yield from (f"{server.name}: {what}" for what in _server(server))
    for connector in world.connectors:
        yield from (f"{connector.name}: {what}" for what in _connector(world, connector))
    for queue in world.queues:
        yield from (f"{queue.identity}: {what}" for what in _queue(world, queue))
    yield from _past(world)


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"The {what} {name} is there {count} times." for name, count in Counter(names).items() if count > 1)


def _server(server: Server) -> Iterator[str]:
    yield from _twice("thumbprint", (certificate.thumbprint for certificate in server.certificates))
    if VERSIONS.get(server.release) is not server.version:
        yield f"release {server.release} is no {server.version.value}."
    if (server.role is Role.HUB) != (server.release == "2010" and server.role is not Role.EDGE):
        yield f"release {server.release} has no role {server.role.value}."
    for certificate in server.certificates:
        if not _THUMBPRINT.fullmatch(certificate.thumbprint):
            yield f"{certificate.thumbprint}: the thumbprint is not 40 upper-case hex digits."
        if Service.IIS in certificate.services:
            yield f"{certificate.thumbprint}: IIS is in its services; the server's bindings say that."


def _connector(world: World, connector: Connector) -> Iterator[str]:
    sources = [server for name in connector.sources if (server := world.server(name))]
    if not sources or len(sources) != len(connector.sources):
        yield "a source server is not there."
    if connector.partner not in {partner.host for partner in world.partners}:
        yield f"the partner {connector.partner} is not there."
    if not _GUID.fullmatch(connector.guid):
        yield "the GUID is none."
    if connector.ignore_starttls and connector.require_tls:
        yield "it asks for TLS and ignores STARTTLS."


def _queue(world: World, queue: MailQueue) -> Iterator[str]:
    connector = world.connector(queue.connector)
    if connector is None or queue.server not in connector.sources:
        yield "its connector is not there, or does not send from this server."
    if queue.status not in _STATUSES:
        yield f"{queue.status} is no status of a queue."
    if queue.status == "Retry" and not (queue.messages and queue.last_error and queue.next_try):
        yield "it is in Retry without messages, last error or next try."
    if min(queue.messages, queue.delivered, queue.inflow) < 0:
        yield "it has fewer messages than none."


def _past(world: World) -> Iterator[str]:
    for name, of in world.logs:
        server = world.server(name)
        if server is None or of not in services(server):
            yield f"There is a log of {name}'s {of.value} service, which is not there."
    times = [event.at for event in world.events]
    if times != sorted(times) or any(at > world.now for at in times):
        yield "The events are not in their order, or not yet."
