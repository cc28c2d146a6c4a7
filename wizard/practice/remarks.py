"""What the coach says right after a step: what just happened, and why it matters. The sentences are in `coach.toml`."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.asset import asset_table
from wizard.facts import LoggingLevel, Service, spelled
from wizard.practice.exercise import Exercise
from wizard.practice.mailflow import flows
from wizard.practice.predicates import weakened
from wizard.practice.world import Connector, Event, HeldCertificate, Kind, Server, World

Pair = tuple[str, str]
"""A connector's name and a server's."""


def remark(exercise: Exercise, before: World, after: World) -> str:
    """What the coach says of one step, the worlds before and after a line was entered; empty for nothing.

    Damage comes first, then what was gained, then what is still missing.
    """
    said = [*_events(exercise, before, after), *_connectors(exercise, before, after), *_mail(before, after)]
    if not _reached(exercise, before) and _reached(exercise, after):
        said.append(_sentence("all-reached"))
    return " ".join(dict.fromkeys(said))


def _sentence(name: str, **words: str) -> str:
    sentence: str = asset_table("coach.toml")["remarks"][name]
    return sentence.format_map(words)


def _reached(exercise: Exercise, world: World) -> bool:
    situation = exercise.situation(world)
    return bool(exercise.goals) and all(goal.holds(situation) for goal in exercise.goals)


def _harmed(exercise: Exercise, before: World, after: World) -> bool:
    """Whether something forbidden came about with this step."""
    then, now = exercise.situation(before), exercise.situation(after)
    return any(rule.holds(now) and not rule.holds(then) for rule in exercise.forbidden)


def _events(exercise: Exercise, before: World, after: World) -> Iterator[str]:
    new = after.events[len(before.events) :]
    adding = any(event.kind is Kind.SERVICES_ADDED for event in new)
    for event in new:
        server = after.server(event.server)
        if event.kind is Kind.KEY_ACCESS_GIVEN and adding:
            continue
        if event.kind is Kind.DEFAULT_REPLACED and server:
            yield _default(exercise, before, server)
        elif event.kind is Kind.SERVICES_ADDED and server:
            yield from _bound(exercise, before, server, event)
        elif event.kind is Kind.CERTIFICATE_REMOVED and not _harmed(exercise, before, after):
            yield _sentence("certificate-gone", server=event.server)
        elif event.kind in _PLAIN:
            yield _sentence(_PLAIN[event.kind], server=event.server, subject=event.subject)


_PLAIN = {
    Kind.DEFAULT_KEPT: "default-kept",
    Kind.FORCED: "forced",
    Kind.IIS_REBOUND: "iis-rebound",
    Kind.SSL_REQUIRED: "ssl-required",
    Kind.KEY_ACCESS_GIVEN: "key-access-given",
    Kind.CERTIFICATE_REMOVED: "certificate-removed",
    Kind.SERVICE_RESTARTED: "service-restarted",
    Kind.QUEUE_CHANGED: "queue-changed",
    Kind.EDGE_SYNC_BROKEN: "edge-sync-broken",
    Kind.EDGE_SYNC_MENDED: "edge-sync-mended",
}
"""The events of which always the same is said."""


def _default(exercise: Exercise, before: World, server: Server) -> str:
    """The default certificate was replaced: damage, or the way back from it."""
    previous = before.server(server.name)
    keys = [key for key, name in exercise.identities.items() if name == server.name]
    if any(server.default_smtp == exercise.identities.get(f"{key}.own") for key in keys):
        return _sentence("default-back", server=server.name)
    words = {"server": server.name, "previous": previous.default_smtp if previous else ""}
    edge = any(each.edge.casefold() == server.name.casefold() for each in before.subscriptions)
    return _sentence("default-replaced-edge" if edge else "default-replaced", **words)


def _bound(exercise: Exercise, before: World, server: Server, event: Event) -> Iterator[str]:
    """Services were added: to which certificate, and whether it is one that a connector presents."""
    held = server.certificate(event.subject)
    then = before.server(server.name)
    earlier = then.certificate(event.subject) if then else None
    if held is None or then is None:
        return
    added = server.services(held) - (then.services(earlier) if earlier else frozenset())
    if not added:
        yield _sentence("nothing-added", server=server.name)
    elif Service.SMTP in added and not held.has_private_key:
        yield _sentence("bound-without-key", server=server.name)
    elif Service.SMTP in added and _is_own(exercise, held):
        yield _sentence("bound-own", server=server.name)
    else:
        yield _sentence("services-added", server=server.name, services=spelled(added))


def _is_own(exercise: Exercise, held: HeldCertificate) -> bool:
    return held.self_signed and any(
        thumbprint == held.thumbprint for key, thumbprint in exercise.identities.items() if key.endswith(".own")
    )


def _connectors(exercise: Exercise, before: World, after: World) -> Iterator[str]:
    for now in after.connectors:
        then, first = before.connector(now.guid), exercise.start.connector(now.guid)
        if then is None or first is None or then == now:
            continue
        if then.logging is not now.logging:
            yield _logging(first, now)
        if weakened(then, now):
            yield _sentence("tls-weakened", connector=now.name)
        if then.tls_certificate_name != now.tls_certificate_name:
            yield _sentence("tls-name-changed" if now.tls_certificate_name else "tls-name-empty", connector=now.name)


def _logging(first: Connector, now: Connector) -> str:
    if now.logging is first.logging:
        return _sentence("logging-back", connector=now.name, level=now.logging.value)
    name = "logging-on" if now.logging is LoggingLevel.VERBOSE else "logging-off"
    return _sentence(name, connector=now.name, level=now.logging.value)


def _mail(before: World, after: World) -> Iterator[str]:
    """What a change did to the mail of each connector on each server, and whether a try got it away."""
    opened = [pair for pair in _pairs(after) if _flows(after, pair) and not _flows(before, pair)]
    closed = [pair for pair in _pairs(after) if not _flows(after, pair) and _flows(before, pair)]
    for connector, server in opened:
        yield _sentence("mail-can-leave", connector=connector, server=server)
    for connector, server in closed:
        yield _sentence("mail-blocked", connector=connector, server=server)
    for name in dict.fromkeys(connector for connector, _ in opened):
        if rest := [
            server
            for connector, server in _pairs(after)
            if connector == name and not _flows(after, (connector, server))
        ]:
            yield _sentence("servers-left", connector=name, servers=", ".join(rest))
    new = after.events[len(before.events) :]
    # Mail that was never held up leaves every minute, and is not worth a word.
    waited = {(queue.connector, queue.server) for queue in before.queues if queue.messages and queue.last_error}
    sent = {(event.subject, event.server) for event in new if event.kind is Kind.MAIL_SENT} & waited
    for connector, server in sorted(sent):
        yield _sentence("mail-sent", connector=connector, server=server)
    if any(event.kind is Kind.QUEUE_RETRIED for event in new) and not sent:
        yield _sentence("retry-failed")


def _pairs(world: World) -> list[Pair]:
    return [(each.name, server) for each in world.connectors for server in each.sources]


def _flows(world: World, pair: Pair) -> bool:
    connector, server = world.connector(pair[0]), world.server(pair[1])
    return bool(connector and server and flows(world, connector, server))
