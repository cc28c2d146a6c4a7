"""Scenarios, the exercises drawn from them, and the predicates that judge them.

Goals, forbidden outcomes and lessons consist of predicates over the world at the start and now, and of nothing else;
`assets/scenarios/FORMAT.md` documents their names and arguments.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from wizard.facts import LoggingLevel, Service
from wizard.practice.draw import Drawn, UnknownPlaceholderError, WorldPart, draw, filled
from wizard.practice.obstacle import flows
from wizard.practice.world import Connector, Event, EventKind, HeldCertificate, Server, World


class Sort(enum.Enum):
    """The type of a word in a predicate; the value is its name for a person."""

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
    """The input of a predicate: the start, the present, and the objects of the scenario's keys.

    `identities` maps a part's key to its name in the world: a server's name, a certificate's thumbprint, a connector's
    GUID, a partner's host.
    """

    start: World
    now: World
    identities: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A situation with the words of one predicate sorted by type."""

    start: World
    now: World
    servers: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    connectors: tuple[str, ...] = ()
    services: frozenset[Service] = frozenset()
    levels: tuple[LoggingLevel, ...] = ()
    events: tuple[EventKind, ...] = ()

    def their(self, world: World) -> tuple[Server, ...]:
        """The servers named, in one of the two worlds; all of them if none is."""
        return tuple(server for server in world.servers if not self.servers or server.name in self.servers)

    def chosen(self, world: World) -> tuple[Connector, ...]:
        """The connectors named, in one of the two worlds; all of them if none is."""
        return tuple(each for each in world.connectors if not self.connectors or each.guid in self.connectors)

    def copies(self, world: World) -> Iterator[tuple[Server, HeldCertificate | None]]:
        """The named certificates on each named server; by default on those that held them at the start."""
        for server in self.their(world):
            then = self.start.server(server.name)
            for thumbprint in self.certificates:
                if self.servers or (then and then.certificate(thumbprint)) or server.certificate(thumbprint):
                    yield server, server.certificate(thumbprint)


@dataclass(frozen=True, slots=True)
class Test:
    """A kind of predicate: the types of its words, the required ones, and its function."""

    holds: Callable[[Inquiry], bool]
    takes: tuple[Sort, ...] = ()
    needs: tuple[Sort, ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """A question with a true or false answer: its name in TESTS, and its words in the scenario's file."""

    name: str
    of: tuple[str, ...] = ()
    negated: bool = False

    def holds(self, situation: Situation) -> bool:
        """True if it holds now.

        Raises:
            KeyError: the name or a word is unknown; reading a scenario refuses such a file.
        """
        return TESTS[self.name].holds(_asked(self.of, situation)) is not self.negated


EVENTS: Mapping[str, EventKind] = MappingProxyType({kind.name.lower().replace("_", "-"): kind for kind in EventKind})
"""The events by the words of a scenario's file: `default-replaced`, `service-restarted`."""

WORDS: Mapping[str, Service | LoggingLevel | EventKind] = MappingProxyType(
    {
        **{service.value: service for service in Service},
        **{level.value: level for level in (LoggingLevel.NONE, LoggingLevel.VERBOSE)},
        **EVENTS,
    }
)
"""The words with the same meaning in every scenario; all others are keys of its parts."""


def _asked(words: tuple[str, ...], situation: Situation) -> Inquiry:
    """Sort the words; a key by its object in the world at the start or now."""
    fixed = [WORDS[word] for word in words if word in WORDS]
    found = [situation.identities[word] for word in words if word not in WORDS]
    servers = tuple(name for name in found if situation.start.server(name))
    connectors = tuple(name for name in found if situation.start.connector(name))
    return Inquiry(
        situation.start,
        situation.now,
        servers=servers,
        connectors=connectors,
        certificates=tuple(name for name in found if name not in servers and name not in connectors),
        services=frozenset(word for word in fixed if isinstance(word, Service)),
        levels=tuple(word for word in fixed if isinstance(word, LoggingLevel)),
        events=tuple(word for word in fixed if isinstance(word, EventKind)),
    )


def edge_sync_works(world: World, edge: str) -> bool:
    """True if a subscribed Edge still has the default certificate of its subscription (KB-12014)."""
    server = world.server(edge)
    theirs = [each for each in world.subscriptions if each.edge.casefold() == edge.casefold()]
    return all(server is not None and server.default_smtp == each.trusted for each in theirs)


def _mail_flows(asked: Inquiry) -> bool:
    """Mail of each connector leaves each of its source servers, or those named."""
    for connector in asked.chosen(asked.now):
        for name in connector.sources:
            server = asked.now.server(name)
            if (not asked.servers or name in asked.servers) and (
                server is None or not flows(asked.now, connector, server)
            ):
                return False
    return True


def _mail_left(asked: Inquiry) -> bool:
    """No queue of the connectors holds a message."""
    names = {connector.name for connector in asked.chosen(asked.now)}
    return not any(
        queue.messages
        for queue in asked.now.queues
        if queue.connector in names and (not asked.servers or queue.server in asked.servers)
    )


def _services_kept(asked: Inquiry) -> bool:
    """Every certificate of the start exists with all its services, IIS on either site included."""
    for then in asked.their(asked.start):
        server = asked.now.server(then.name)
        for held in then.certificates:
            kept = server.certificate(held.thumbprint) if server else None
            if server is None or kept is None or not then.services(held) <= server.services(kept):
                return False
    return True


def _bound(asked: Inquiry) -> bool:
    """The certificate has the services, on each server."""
    copies = list(asked.copies(asked.now))
    return bool(copies) and all(held and asked.services <= server.services(held) for server, held in copies)


def _default_untouched(asked: Inquiry) -> bool:
    then = {server.name: server.default_smtp for server in asked.their(asked.start)}
    return {server.name: server.default_smtp for server in asked.their(asked.now)} == then


def _default_is(asked: Inquiry) -> bool:
    return all(server.default_smtp in asked.certificates for server in asked.their(asked.now))


def _logging_as_before(asked: Inquiry) -> bool:
    then = {each.guid: each.logging for each in asked.chosen(asked.start)}
    return {each.guid: each.logging for each in asked.chosen(asked.now)} == then


def _logging_is(asked: Inquiry) -> bool:
    return all(each.logging in asked.levels for each in asked.chosen(asked.now))


def _nothing_changed(asked: Inquiry) -> bool:
    """Servers, certificates, connectors and subscriptions are as at the start; looking and waiting changes nothing."""
    then, now = asked.start, asked.now
    return (then.servers, then.connectors, then.subscriptions) == (now.servers, now.connectors, now.subscriptions)


def _tls_name_is(asked: Inquiry) -> bool:
    """TlsCertificateName names the certificate by its issuer and subject."""
    wanted = {
        f"<I>{held.issuer}<S>{held.subject}"
        for server in (*asked.start.servers, *asked.now.servers)
        for held in server.certificates
        if held.thumbprint in asked.certificates
    }
    return all(each.tls_certificate_name in wanted for each in asked.chosen(asked.now))


def _tls_name_empty(asked: Inquiry) -> bool:
    return not any(each.tls_certificate_name for each in asked.chosen(asked.now))


def _key_readable(asked: Inquiry) -> bool:
    """Network Service can read the private key, on each server."""
    copies = [held for _, held in asked.copies(asked.now)]
    return bool(copies) and all(held and held.has_private_key and held.key_readable for held in copies)


def _present(asked: Inquiry) -> bool:
    return all(held for _, held in asked.copies(asked.now))


def _tls_kept(asked: Inquiry) -> bool:
    now = {each.guid: each for each in asked.now.connectors}
    return not any(each.guid in now and now[each.guid].asks_less_than(each) for each in asked.chosen(asked.start))


def _iis_untouched(asked: Inquiry) -> bool:
    then = {server.name: (server.iis_front_end, server.iis_back_end) for server in asked.their(asked.start)}
    return {server.name: (server.iis_front_end, server.iis_back_end) for server in asked.their(asked.now)} == then


def _edge_sync(asked: Inquiry) -> bool:
    return all(edge_sync_works(asked.now, server.name) for server in asked.their(asked.now))


def _happened(asked: Inquiry) -> bool:
    """One of the events occurred; at one of the servers, about one of the certificates or connectors, if named."""
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


class ScenarioError(Exception):
    """A scenario's file cannot be used; the message has a line for each fault: file, line, key and cure."""


PUT_BACK = "You put it back."
"""What is added to a damage that was repaired."""


class Mode(enum.Enum):
    """The ways to train; the value is the word on the command line."""

    GUIDED = "guided"
    ALONE = "alone"
    EXAM = "exam"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class ScenarioRule:
    """A sentence and the predicates that must all hold: a goal, a forbidden outcome, a lesson of the debrief.

    `repaired` tells whether a damage that an event did was put back since; None where that cannot be.
    """

    say: str
    when: tuple[Predicate, ...]
    repaired: Predicate | None = None

    @property
    def of_events(self) -> bool:
        """True if it is about an event, which no later action changes."""
        return any(predicate.name == "happened" for predicate in self.when)

    def told(self, situation: Situation) -> str:
        """The sentence; of a damage that was repaired it says so."""
        put_back = self.repaired is not None and self.repaired.holds(situation)
        return f"{self.say} {PUT_BACK}" if put_back else self.say

    def holds(self, situation: Situation) -> bool:
        """True if all its predicates hold."""
        return all(predicate.holds(situation) for predicate in self.when)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A possible answer to "What is wrong here?", asked at the end of some scenarios.

    `because` tells in the debrief why it is right or wrong.
    """

    key: str
    say: str
    right: bool
    because: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A scenario drawn with a seed; the same seed gives the same exercise. All names are filled in.

    `solution` is the lines that solve it, typed into the shell one after another; an answer to a question is a line.
    `conclusions` is empty if nothing is asked at the end. `start` is the world to open the console with. `names` maps
    each placeholder to its value, `identities` each part's key to its name in the world.
    """

    identity: str
    title: str
    seed: int
    minutes: int
    story: str
    hints: tuple[str, str, str]
    goals: tuple[ScenarioRule, ...]
    forbidden: tuple[ScenarioRule, ...]
    lessons: tuple[ScenarioRule, ...]
    conclusions: tuple[Conclusion, ...]
    solution: tuple[str, ...]
    start: World
    names: Mapping[str, str]
    identities: Mapping[str, str]

    def situation(self, world: World) -> Situation:
        """This world compared with the one at the start."""
        return Situation(self.start, world, self.identities)

    def standing(self, world: World) -> tuple[ScenarioRule, ...]:
        """The forbidden states that hold now; they can still be repaired."""
        situation = self.situation(world)
        return tuple(rule for rule in self.forbidden if not rule.of_events and rule.holds(situation))

    def reached(self, world: World) -> bool:
        """True if every goal is met and no forbidden state holds; never without goals."""
        situation = self.situation(world)
        reached = bool(self.goals) and all(goal.holds(situation) for goal in self.goals)
        return reached and not self.standing(world)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario as written: texts may have placeholders such as `{{EX1}}`, which `drawn` fills.

    `minutes` is the time of a person who knows the way. `teaches` is one line for a list, without placeholders.
    """

    identity: str
    title: str
    teaches: str
    minutes: int
    story: str
    goals: tuple[ScenarioRule, ...]
    forbidden: tuple[ScenarioRule, ...]
    hints: tuple[str, str, str]
    solution: tuple[str, ...]
    parts: WorldPart
    lessons: tuple[ScenarioRule, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()

    def drawn(self, seed: int) -> Exercise:
        """The exercise of this seed, with names, thumbprints and all texts filled in.

        Raises:
            ScenarioError: a text has an unknown placeholder.
        """
        drawn = self._draw(seed)
        try:
            return Exercise(
                identity=self.identity,
                title=self.title,
                seed=seed,
                minutes=self.minutes,
                story=filled(self.story, drawn.names),
                hints=_three(tuple(filled(hint, drawn.names) for hint in self.hints)),
                goals=_filled_rules(self.goals, drawn.names),
                forbidden=_filled_rules(self.forbidden, drawn.names),
                lessons=_filled_rules(self.lessons, drawn.names),
                conclusions=_in_any_order(self.conclusions, drawn.names, seed),
                solution=tuple(filled(line, drawn.names) for line in self.solution),
                start=drawn.world,
                names=drawn.names,
                identities=drawn.identities,
            )
        except UnknownPlaceholderError as error:
            raise self._unknown(error) from None

    def names(self, seed: int) -> Mapping[str, str]:
        """The value of each placeholder with this seed.

        Raises:
            ScenarioError: a connector's name has an unknown placeholder.
        """
        return self._draw(seed).names

    def world(self, seed: int) -> World:
        """The start world with this seed."""
        return self._draw(seed).world

    def _draw(self, seed: int) -> Drawn:
        try:
            return draw(self.parts, seed)
        except UnknownPlaceholderError as error:
            raise self._unknown(error) from None

    def _unknown(self, error: UnknownPlaceholderError) -> ScenarioError:
        return ScenarioError(f"{self.identity}: {{{{{error.args[0]}}}}} stands for nothing.")


def _filled_rules(rules: tuple[ScenarioRule, ...], names: Mapping[str, str]) -> tuple[ScenarioRule, ...]:
    return tuple(replace(rule, say=filled(rule.say, names)) for rule in rules)


def _in_any_order(conclusions: tuple[Conclusion, ...], names: Mapping[str, str], seed: int) -> tuple[Conclusion, ...]:
    """The conclusions filled in, shuffled by the seed: the order must not reveal the right one."""
    told = [replace(each, say=filled(each.say, names), because=filled(each.because, names)) for each in conclusions]
    random.Random(f"conclusions {seed}").shuffle(told)
    return tuple(told)


def _three(hints: tuple[str, ...]) -> tuple[str, str, str]:
    first, second, third = hints
    return first, second, third
