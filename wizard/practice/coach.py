"""The coach: judges goals and damage, and comments on a step and on the end.

The sentences are in `coach.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.assets import asset_table
from wizard.facts import THUMBPRINT_DIGITS, CmdletErrorKind, LoggingLevel, spelled
from wizard.practice.obstacle import flows
from wizard.practice.scenario import Exercise
from wizard.practice.world import Connector, Event, EventKind, HeldCertificate, Server, World
from wizard.reading.errors import read_cmdlet_errors
from wizard.reading.text import clean

_THUMBPRINT = re.compile(rf"\b[0-9A-Fa-f]{{{THUMBPRINT_DIGITS}}}\b")

Pair = tuple[str, str]
"""A connector's name and a server's."""


def remark(exercise: Exercise, before: World, after: World, line: str = "", printed: str = "") -> str:
    """The comment on one step, from the worlds before and after the line; empty for none.

    Damage comes first, then gains, then what is missing. If nothing happened, `line` and what it `printed` may show
    why: a path that is not there, or a thumbprint that is none of this server's.
    """
    said = [*_events(exercise, before, after), *_connectors(exercise, before, after), *_mail(before, after)]
    if exercise.reached(after) and not exercise.reached(before):
        said.append(_sentence("all-reached"))
    if not said and no_such_path(printed):
        said = [_sentence("path-not-there", server=after.here)]
    elif not said and len(before.events) == len(after.events):
        said = list(_of_thumbprints(exercise, after, line))
    return " ".join(dict.fromkeys(said))


def no_such_path(printed: str) -> bool:
    """True if the shell found no folder or file of a name."""
    errors = read_cmdlet_errors(clean(printed)).facts if "CategoryInfo" in printed else ()
    return any(error.kind is CmdletErrorKind.PATH_NOT_FOUND for error in errors)


def _sentence(name: str, **words: str) -> str:
    sentence: str = asset_table("coach.toml")["remarks"][name]
    return sentence.format_map(words)


def _harmed(exercise: Exercise, before: World, after: World) -> bool:
    """True if this step caused something forbidden."""
    then, now = exercise.situation(before), exercise.situation(after)
    return any(rule.holds(now) and not rule.holds(then) for rule in exercise.forbidden)


def _events(exercise: Exercise, before: World, after: World) -> Iterator[str]:
    """The comments on the step's events, harmful ones first."""
    new = after.events[len(before.events) :]
    kinds = {event.kind for event in new}
    for event in sorted(new, key=lambda event: event.kind not in _DAMAGING):
        server = after.server(event.server)
        if _LED_BY.get(event.kind) in kinds:
            continue
        if event.kind is EventKind.DEFAULT_REPLACED and server:
            yield _default(exercise, before, server)
        elif event.kind is EventKind.SERVICES_ADDED and server:
            yield from _bound(before, server, event)
        elif event.kind is EventKind.DEFAULT_KEPT:
            yield _sentence(_kept(exercise, after, event), server=event.server)
            if not kinds & {EventKind.SERVICES_ADDED, EventKind.KEY_ACCESS_GIVEN}:
                yield _sentence("nothing-added", server=event.server)
        elif event.kind is EventKind.CERTIFICATE_REMOVED and not _harmed(exercise, before, after):
            yield _sentence("certificate-gone", server=event.server)
        elif event.kind in _PLAIN:
            yield _sentence(_PLAIN[event.kind], server=event.server, subject=event.subject)


_DAMAGING = frozenset(
    {
        EventKind.FORCED,
        EventKind.DEFAULT_REPLACED,
        EventKind.EDGE_SYNC_BROKEN,
        EventKind.IIS_REBOUND,
        EventKind.SSL_REQUIRED,
        EventKind.CERTIFICATE_REMOVED,
        EventKind.TLS_WEAKENED,
    }
)
_LED_BY = {EventKind.KEY_ACCESS_GIVEN: EventKind.SERVICES_ADDED, EventKind.EDGE_SYNC_BROKEN: EventKind.DEFAULT_REPLACED}
"""Events without a comment if another event came along whose sentence includes them."""

_PLAIN = {
    EventKind.FORCED: "forced",
    EventKind.IIS_REBOUND: "iis-rebound",
    EventKind.SSL_REQUIRED: "ssl-required",
    EventKind.KEY_ACCESS_GIVEN: "key-access-given",
    EventKind.CERTIFICATE_REMOVED: "certificate-removed",
    EventKind.TLS_WEAKENED: "tls-weakened",
    EventKind.SERVICE_RESTARTED: "service-restarted",
    EventKind.EDGE_SYNC_BROKEN: "edge-sync-broken",
    EventKind.EDGE_SYNC_MENDED: "edge-sync-mended",
}
"""Events with a fixed comment."""


def _default(exercise: Exercise, before: World, server: Server) -> str:
    """The default certificate was replaced: damage, or the way back from it."""
    previous = before.server(server.name)
    keys = [key for key, name in exercise.identities.items() if name == server.name]
    if any(server.default_smtp == exercise.identities.get(f"{key}.own") for key in keys):
        return _sentence("default-back", server=server.name)
    words = {"server": server.name, "previous": previous.default_smtp if previous else ""}
    edge = any(each.edge.casefold() == server.name.casefold() for each in before.subscriptions)
    return _sentence("default-replaced-edge" if edge else "default-replaced", **words)


_WAYS_BACK = frozenset({"default-is", "edge-sync-works"})


def _kept(exercise: Exercise, after: World, event: Event) -> str:
    """The sentence for the answer N, which is wrong where this certificate should become the default.

    That is so where the exercise is the way back from a wrong Y.
    """
    situation = exercise.situation(after)
    trusted = {each.trusted for each in after.subscriptions if each.edge.casefold() == event.server.casefold()}
    for predicate in (each for goal in exercise.goals for each in goal.when if each.name in _WAYS_BACK):
        named = {exercise.identities.get(word) for word in predicate.of}
        if event.subject in named | trusted and event.server in named and not predicate.holds(situation):
            return "default-kept-wrong"
    return "default-kept"


def _bound(before: World, server: Server, event: Event) -> Iterator[str]:
    """Services were added to a certificate of the server."""
    held, then = server.certificate(event.subject), before.server(server.name)
    if held is None or then is None:
        return
    earlier = then.certificate(event.subject)
    added = server.services(held) - (then.services(earlier) if earlier else frozenset())
    if added:
        yield _sentence("services-added", server=server.name, services=spelled(added))


def _of_thumbprints(exercise: Exercise, world: World, line: str) -> Iterator[str]:
    """The comments on the thumbprints of a line that changed nothing."""
    here = world.server(world.here)
    binding = "enable-exchangecertificate" in line.casefold()
    partners = {partner.certificate.thumbprint for partner in world.partners}
    for thumbprint in dict.fromkeys(found.upper() for found in _THUMBPRINT.findall(line)):
        held = here.certificate(thumbprint) if here else None
        others = [server.name for server in world.servers if server.certificate(thumbprint)]
        if here is None:
            return
        if thumbprint in partners:
            yield _sentence("partners-certificate")
        elif held is None and others and "-server" not in line.casefold():
            yield _sentence("elsewhere", server=here.name, others=", ".join(others))
        elif held and binding and not held.has_private_key:
            yield _sentence("no-key", server=here.name)
        elif held and binding and thumbprint == here.default_smtp and _is_own(exercise, held):
            yield _sentence("own", server=here.name)


def _is_own(exercise: Exercise, held: HeldCertificate) -> bool:
    return any(thumbprint == held.thumbprint for key, thumbprint in exercise.identities.items() if key.endswith(".own"))


def _connectors(exercise: Exercise, before: World, after: World) -> Iterator[str]:
    for now in after.connectors:
        then, first = before.connector(now.guid), exercise.start.connector(now.guid)
        if then is None or first is None or then == now:
            continue
        if then.logging is not now.logging:
            yield _logging(first, now)
        if then.tls_certificate_name != now.tls_certificate_name:
            yield _sentence("tls-name-changed" if now.tls_certificate_name else "tls-name-empty", connector=now.name)


def _logging(first: Connector, now: Connector) -> str:
    if now.logging is first.logging:
        return _sentence("logging-back", connector=now.name, level=now.logging.value)
    name = "logging-on" if now.logging is LoggingLevel.VERBOSE else "logging-off"
    return _sentence(name, connector=now.name, level=now.logging.value)


def _mail(before: World, after: World) -> Iterator[str]:
    """The effect of a change on the mail of each connector and server, and whether a retry sent it."""
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
    # Mail that was never held up leaves every minute, which is not worth a comment.
    waited = {(queue.connector, queue.server) for queue in before.queues if queue.messages and queue.last_error}
    sent = {(event.subject, event.server) for event in new if event.kind is EventKind.MAIL_SENT} & waited
    for connector, server in sorted(sent):
        yield _sentence("mail-sent", connector=connector, server=server)
    if any(event.kind is EventKind.QUEUE_RETRIED for event in new) and not sent:
        yield _sentence("retry-failed")


def _pairs(world: World) -> list[Pair]:
    return [(each.name, server) for each in world.connectors for server in each.sources]


def _flows(world: World, pair: Pair) -> bool:
    connector, server = world.connector(pair[0]), world.server(pair[1])
    return bool(connector and server and flows(world, connector, server))


@dataclass(frozen=True, slots=True)
class Met:
    """A goal's sentence, and whether it is met."""

    say: str
    met: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """The state of an exercise. `harm` holds the sentences of the forbidden outcomes that occurred.

    `solved` says that every goal is met, no forbidden state remains, and the conclusion, if asked for, is right.
    Repaired harm does not change that, but stays in the sheet.
    """

    goals: tuple[Met, ...]
    harm: tuple[str, ...]
    solved: bool


def judge(exercise: Exercise, world: World, conclusion: str = "") -> Judgement:
    """Judge the exercise in this world. `conclusion` is the key of the Conclusion the learner chose."""
    situation = exercise.situation(world)
    goals = tuple(Met(goal.say, goal.holds(situation)) for goal in exercise.goals)
    harm = tuple(dict.fromkeys(rule.told(situation) for rule in exercise.forbidden if rule.holds(situation)))
    right = not exercise.conclusions or any(each.right and each.key == conclusion for each in exercise.conclusions)
    return Judgement(goals, harm, right and exercise.reached(world))


def debrief(exercise: Exercise, world: World, conclusion: str = "") -> tuple[str, ...]:
    """The comments at the end: the conclusion, the lessons, and what was left as it must not be.

    The sentences of damage are in the judgement instead; the way to missed goals is in the hints, for who asks.
    """
    situation = exercise.situation(world)
    chosen = (each.because for each in exercise.conclusions if each.key == conclusion)
    lessons = (lesson.say for lesson in exercise.lessons if lesson.holds(situation))
    left = (f"Left as it must not be: {rule.say}" for rule in exercise.standing(world))
    return tuple(dict.fromkeys((*chosen, *lessons, *left)))
