"""What a scenario can say of the organisation: predicates over the world as it was at the start and as it is now.

A scenario's goals, forbidden outcomes and lessons are made of these and of nothing else; their names and what
they take are documented in `assets/scenarios/FORMAT.md`.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wizard.facts import LoggingLevel, Service
from wizard.practice.mailflow import flows
from wizard.practice.world import Connector, Event, HeldCertificate, Kind, Server, World


class Sort(enum.Enum):
    """What a word in a predicate can be; the value is how a person is told of it."""

    SERVER = "a server"
    CERTIFICATE = "a certificate"
    CONNECTOR = "a connector"
    SERVICE = "a service"
    LEVEL = "a logging level"
    EVENT = "an event"


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a predicate is asked about: the start, the present, and what the scenario's keys stand for.

    `identities` has for the key of a part what names it in the world: a server's name, a certificate's
    thumbprint, a connector's GUID, a partner's host.
    """

    start: World
    now: World
    identities: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Asked:
    """A situation with the words of one predicate sorted: what it is asked of."""

    start: World
    now: World
    servers: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    services: frozenset[Service] = frozenset()
    levels: tuple[LoggingLevel, ...] = ()
    events: tuple[Kind, ...] = ()

    def their(self, world: World) -> tuple[Server, ...]:
        """The servers that are named, in one of the two worlds; all of them where none is."""
        return tuple(server for server in world.servers if not self.servers or server.name in self.servers)

    def chosen(self, world: World) -> tuple[Connector, ...]:
        """The connectors that are named, in one of the two worlds; all of them where none is."""
        return tuple(each for each in world.connectors if not self.connectors or each.guid in self.connectors)

    def copies(self, world: World) -> Iterator[tuple[Server, HeldCertificate | None]]:
        """The named certificates on each named server; where none is named, on those that held them at the start."""
        for server in self.their(world):
            then = self.start.server(server.name)
            for thumbprint in self.certificates:
                if self.servers or (then and then.certificate(thumbprint)) or server.certificate(thumbprint):
                    yield server, server.certificate(thumbprint)


@dataclass(frozen=True, slots=True)
class Test:
    """A kind of predicate: the sorts of words it takes, those it cannot do without, and how it is answered."""

    holds: Callable[[Asked], bool]
    takes: tuple[Sort, ...] = ()
    needs: tuple[Sort, ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """One question that is true or false: its name in TESTS, and what it is asked of (words of the scenario's file)."""

    name: str
    of: tuple[str, ...] = ()
    negated: bool = False

    def holds(self, situation: Situation) -> bool:
        """Whether it is true now.

        Raises:
            KeyError: the name or a word is not known; reading a scenario refuses such a file.
        """
        return TESTS[self.name].holds(_asked(self.of, situation)) is not self.negated


EVENTS: Mapping[str, Kind] = MappingProxyType({kind.name.lower().replace("_", "-"): kind for kind in Kind})
"""The events by the words of a scenario's file: `default-replaced`, `service-restarted`."""

WORDS: Mapping[str, Service | LoggingLevel | Kind] = MappingProxyType(
    {
        **{service.value: service for service in Service},
        **{level.value: level for level in (LoggingLevel.NONE, LoggingLevel.VERBOSE)},
        **EVENTS,
    }
)
"""The words that mean the same in every scenario; all others are keys of its parts."""


def _asked(words: tuple[str, ...], situation: Situation) -> Asked:
    """The words sorted; a key by what it names in the world at the start or now."""
    fixed = [WORDS[word] for word in words if word in WORDS]
    found = [situation.identities[word] for word in words if word not in WORDS]
    servers = tuple(name for name in found if situation.start.server(name))
    connectors = tuple(name for name in found if situation.start.connector(name))
    return Asked(
        situation.start,
        situation.now,
        servers=servers,
        connectors=connectors,
        certificates=tuple(name for name in found if name not in servers and name not in connectors),
        services=frozenset(word for word in fixed if isinstance(word, Service)),
        levels=tuple(word for word in fixed if isinstance(word, LoggingLevel)),
        events=tuple(word for word in fixed if isinstance(word, Kind)),
    )


def edge_sync_works(world: World, edge: str) -> bool:
    """Whether a subscribed Edge still has the default certificate its subscription was made with (KB-12014)."""
    server = world.server(edge)
    theirs = [each for each in world.subscriptions if each.edge.casefold() == edge.casefold()]
    return all(server is not None and server.default_smtp == each.trusted for each in theirs)


def _mail_flows(asked: Asked) -> bool:
    """Mail of each connector leaves each of its source servers, or those that are named."""
    for connector in asked.chosen(asked.now):
        for name in connector.sources:
            server = asked.now.server(name)
            if (not asked.servers or name in asked.servers) and (
                server is None or not flows(asked.now, connector, server)
            ):
                return False
    return True


def _mail_left(asked: Asked) -> bool:
    """No queue of the connectors holds a message any more."""
    names = {connector.name for connector in asked.chosen(asked.now)}
    return not any(
        queue.messages
        for queue in asked.now.queues
        if queue.connector in names and (not asked.servers or queue.server in asked.servers)
    )


def _services_kept(asked: Asked) -> bool:
    """Every certificate of the start is there with every service that it had, either site of IIS included."""
    for then in asked.their(asked.start):
        server = asked.now.server(then.name)
        for held in then.certificates:
            kept = server.certificate(held.thumbprint) if server else None
            if server is None or kept is None or not then.services(held) <= server.services(kept):
                return False
    return True


def _bound(asked: Asked) -> bool:
    """The certificate has the services, on each server."""
    copies = list(asked.copies(asked.now))
    return bool(copies) and all(held and asked.services <= server.services(held) for server, held in copies)


def _default_untouched(asked: Asked) -> bool:
    then = {server.name: server.default_smtp for server in asked.their(asked.start)}
    return {server.name: server.default_smtp for server in asked.their(asked.now)} == then


def _default_is(asked: Asked) -> bool:
    return all(server.default_smtp in asked.certificates for server in asked.their(asked.now))


def _logging_as_before(asked: Asked) -> bool:
    then = {each.guid: each.logging for each in asked.chosen(asked.start)}
    return {each.guid: each.logging for each in asked.chosen(asked.now)} == then


def _logging_is(asked: Asked) -> bool:
    return all(each.logging in asked.levels for each in asked.chosen(asked.now))


def _nothing_changed(asked: Asked) -> bool:
    """Servers, certificates, connectors and subscriptions are as at the start; looking and waiting is no change."""
    then, now = asked.start, asked.now
    return (then.servers, then.connectors, then.subscriptions) == (now.servers, now.connectors, now.subscriptions)


def _tls_name_is(asked: Asked) -> bool:
    """TlsCertificateName names the certificate by its issuer and subject."""
    wanted = {
        f"<I>{held.issuer}<S>{held.subject}"
        for server in (*asked.start.servers, *asked.now.servers)
        for held in server.certificates
        if held.thumbprint in asked.certificates
    }
    return all(each.tls_certificate_name in wanted for each in asked.chosen(asked.now))


def _tls_name_empty(asked: Asked) -> bool:
    return not any(each.tls_certificate_name for each in asked.chosen(asked.now))


def _key_readable(asked: Asked) -> bool:
    """Network Service can read the private key, on each server."""
    copies = [held for _, held in asked.copies(asked.now)]
    return bool(copies) and all(held and held.has_private_key and held.key_readable for held in copies)


def _present(asked: Asked) -> bool:
    return all(held for _, held in asked.copies(asked.now))


def _tls_kept(asked: Asked) -> bool:
    now = {each.guid: each for each in asked.now.connectors}
    return not any(each.guid in now and now[each.guid].asks_less_than(each) for each in asked.chosen(asked.start))


def _iis_untouched(asked: Asked) -> bool:
    then = {server.name: (server.iis_front_end, server.iis_back_end) for server in asked.their(asked.start)}
    return {server.name: (server.iis_front_end, server.iis_back_end) for server in asked.their(asked.now)} == then


def _edge_sync(asked: Asked) -> bool:
    return all(edge_sync_works(asked.now, server.name) for server in asked.their(asked.now))


def _happened(asked: Asked) -> bool:
    """One of the events came about; at one of the servers, about one of the certificates or connectors, if named."""
    subjects = {*asked.certificates, *(each.name for each in asked.chosen(asked.start) if asked.connectors)}

    def meant(event: Event) -> bool:
        return (
            event.kind in asked.events
            and (not asked.servers or event.server in asked.servers)
            and (not subjects or event.subject in subjects)
        )

    return any(meant(event) for event in asked.now.events[len(asked.start.events) :])


_S, _C, _N, _V = Sort.SERVER, Sort.CERTIFICATE, Sort.CONNECTOR, Sort.SERVICE

TESTS: Mapping[str, Test] = MappingProxyType(
    {
        "mail-flows": Test(_mail_flows, (_N, _S)),
        "mail-left": Test(_mail_left, (_N, _S)),
        "services-kept": Test(_services_kept, (_S,)),
        "bound": Test(_bound, (_C, _V, _S), (_C, _V)),
        "default-untouched": Test(_default_untouched, (_S,)),
        "default-is": Test(_default_is, (_C, _S), (_C, _S)),
        "logging-as-before": Test(_logging_as_before, (_N,)),
        "logging-is": Test(_logging_is, (_N, Sort.LEVEL), (Sort.LEVEL,)),
        "nothing-changed": Test(_nothing_changed),
        "tls-name-is": Test(_tls_name_is, (_N, _C), (_N, _C)),
        "tls-name-empty": Test(_tls_name_empty, (_N,), (_N,)),
        "key-readable": Test(_key_readable, (_C, _S), (_C,)),
        "present": Test(_present, (_C, _S), (_C,)),
        "tls-kept": Test(_tls_kept, (_N,)),
        "iis-untouched": Test(_iis_untouched, (_S,)),
        "edge-sync-works": Test(_edge_sync, (_S,)),
        "happened": Test(_happened, (Sort.EVENT, _S, _C, _N), (Sort.EVENT,)),
    }
)
"""The predicates by their names in a scenario's file."""
