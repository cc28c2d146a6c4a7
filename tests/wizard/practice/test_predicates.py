"""What a scenario can say of a world: each predicate true and false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.wizard.practice.scenes import bound, exercise, logging, retried
from wizard.facts import LoggingLevel, Service
from wizard.practice.scenario import EVENTS, TESTS, Exercise, Predicate
from wizard.practice.scenariofile import find_scenario
from wizard.practice.world import EventKind, World

SMALL = exercise()
PUBLIC = SMALL.identities["public"]
Change = Callable[[World], World]


def holds(of: Exercise, world: World, name: str, *words: str) -> bool:
    found = Predicate(name, words).holds(of.situation(world))
    assert Predicate(name, words, negated=True).holds(of.situation(world)) is not found
    return found


def with_server(**changes: object) -> Change:
    return lambda world: world.with_server(replace(world.servers[0], **changes))  # type: ignore[arg-type]


def with_connector(**changes: object) -> Change:
    return lambda world: world.with_connector(replace(world.connectors[0], **changes))  # type: ignore[arg-type]


def without_public(world: World) -> World:
    left = tuple(each for each in world.servers[0].certificates if each.thumbprint != PUBLIC)
    return world.with_server(replace(world.servers[0], certificates=left, iis_front_end=""))


def happened(kind: EventKind, subject: str = "") -> Change:
    return lambda world: world.after(kind, world.servers[0].name, subject)


def to_bound(world: World) -> World:
    return bound(world, PUBLIC)


BREAKS: list[tuple[str, tuple[str, ...], Change]] = [
    ("services-kept", (), without_public),
    ("services-kept", ("EX1",), with_server(iis_front_end="")),
    ("default-untouched", (), with_server(default_smtp=PUBLIC)),
    ("default-is", ("EX1.own", "EX1"), with_server(default_smtp=PUBLIC)),
    ("logging-as-before", (), lambda world: logging(world, LoggingLevel.VERBOSE)),
    ("logging-is", ("out", "None"), lambda world: logging(world, LoggingLevel.VERBOSE)),
    ("nothing-changed", (), to_bound),
    ("nothing-changed", (), with_connector(fqdn="other.example.com")),
    ("tls-name-empty", ("out",), with_connector(tls_certificate_name="<I>CN=A<S>CN=B")),
    ("present", ("public",), without_public),
    ("tls-kept", (), with_connector(require_tls=False)),
    ("tls-kept", ("out",), with_connector(ignore_starttls=True)),
    ("tls-kept", (), with_connector(tls_auth_level="EncryptionOnly")),
    ("iis-untouched", (), with_server(iis_back_end=PUBLIC)),
]
REACHES: list[tuple[str, tuple[str, ...], Change]] = [
    ("mail-flows", ("out",), to_bound),
    ("mail-flows", ("out", "EX1"), with_connector(require_tls=False)),
    ("mail-left", ("out",), lambda world: retried(to_bound(world))),
    ("bound", ("public", "SMTP", "IIS"), to_bound),
    ("bound", ("public", "SMTP", "EX1"), to_bound),
    ("key-readable", ("public", "EX1"), to_bound),
    ("happened", ("default-replaced", "forced"), lambda world: bound(world, PUBLIC, "F")),
    ("happened", ("default-kept", "EX1", "public"), to_bound),
]


@pytest.mark.parametrize(("name", "words", "change"), BREAKS)
def test_what_holds_at_the_start_no_longer_does(name: str, words: tuple[str, ...], change: Change) -> None:
    assert holds(SMALL, SMALL.start, name, *words)
    assert not holds(SMALL, change(SMALL.start), name, *words)


@pytest.mark.parametrize(("name", "words", "change"), REACHES)
def test_what_does_not_hold_at_the_start_can_be_reached(name: str, words: tuple[str, ...], change: Change) -> None:
    assert not holds(SMALL, SMALL.start, name, *words)
    assert holds(SMALL, change(SMALL.start), name, *words)


def test_every_predicate_is_tried_here_or_below() -> None:
    tried = {name for name, _, _ in (*BREAKS, *REACHES)} | {"tls-name-is", "edge-sync-works"}
    assert tried == set(TESTS)


def test_looking_and_waiting_changes_nothing() -> None:
    world = retried(SMALL.start)
    assert world != SMALL.start
    assert holds(SMALL, world, "nothing-changed")


def test_an_event_elsewhere_or_about_something_else_is_not_meant() -> None:
    world = happened(EventKind.CERTIFICATE_REMOVED, "0" * 40)(SMALL.start)
    assert holds(SMALL, world, "happened", "certificate-removed")
    assert not holds(SMALL, world, "happened", "certificate-removed", "public")


def test_what_happened_before_the_learner_came_does_not_count() -> None:
    start = happened(EventKind.SERVICE_RESTARTED)(SMALL.start)
    later = replace(SMALL, start=start)
    assert not holds(later, start, "happened", "service-restarted")
    assert holds(later, happened(EventKind.SERVICE_RESTARTED)(start), "happened", "service-restarted")


def test_a_server_that_only_holds_a_copy_needs_the_binding_too() -> None:
    two = find_scenario("half-done").drawn(1)
    assert holds(two, two.start, "bound", "public", "SMTP", "EX1")
    assert not holds(two, two.start, "bound", "public", "SMTP")
    assert not holds(two, two.start, "mail-flows", "out")
    assert holds(two, two.start, "mail-flows", "out", "EX1")


def test_the_certificate_name_is_compared_as_the_connector_has_it() -> None:
    stale = find_scenario("stale-name").drawn(1)
    assert not holds(stale, stale.start, "tls-name-is", "out", "public")
    named = stale.start.with_connector(
        replace(stale.start.connectors[0], tls_certificate_name=stale.names["public.tls-name"])
    )
    assert holds(stale, named, "tls-name-is", "out", "public")


def test_edge_sync_works_while_the_default_is_the_one_of_the_subscription() -> None:
    edge = find_scenario("edge").drawn(1)
    assert holds(edge, edge.start, "edge-sync-works", "EDGE1")
    server = edge.start.server(edge.names["EDGE1"])
    assert server is not None
    broken = edge.start.with_server(replace(server, default_smtp=edge.identities["public"]))
    assert not holds(edge, broken, "edge-sync-works", "EDGE1")
    assert holds(edge, broken, "edge-sync-works", "EX1")


def test_the_events_have_the_words_of_the_format() -> None:
    assert EVENTS["default-replaced"] is EventKind.DEFAULT_REPLACED
    assert len(EVENTS) == len(EventKind)


def test_services_are_told_from_keys() -> None:
    assert not holds(SMALL, bound(SMALL.start, PUBLIC, services=frozenset({Service.POP})), "bound", "public", "SMTP")
