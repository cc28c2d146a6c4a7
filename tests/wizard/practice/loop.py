"""Random organisations, and somebody who follows the wizard in each: what has to be true then.

`python -m tests.wizard.practice.loop 0 5000 2` tries so many worlds in two processes and prints what was wrong in them.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.wizard.practice.following import Follower
from tests.wizard.practice.organisations import any_world
from wizard.case.case import Case, Variant, host
from wizard.case.servers import at_each
from wizard.facts import spelled
from wizard.practice.obstacle import Obstacle, fault
from wizard.practice.shell.session import opened
from wizard.practice.world import Connector, EventKind, Server, World
from wizard.reading.log.sessions import failures
from wizard.verdict import judged, subjects

MENDED_BY_BINDING = frozenset({Obstacle.NOT_BOUND, Obstacle.KEY_ACCESS_LOST})
"""What Enable-ExchangeCertificate for SMTP mends, for it gives Network Service access to the key."""

HARM = frozenset(
    {
        EventKind.DEFAULT_REPLACED,
        EventKind.FORCED,
        EventKind.SSL_REQUIRED,
        EventKind.CERTIFICATE_REMOVED,
        EventKind.CERTIFICATE_ADDED,
        EventKind.CONNECTOR_CHANGED,
        EventKind.QUEUE_CHANGED,
        EventKind.SERVICE_RESTARTED,
        EventKind.EDGE_SYNC_BROKEN,
    }
)
"""What nobody who follows the wizard to the letter may ever do."""

NAMED = {
    Obstacle.NOT_BOUND: "kb4051498",
    Obstacle.KEY_ACCESS_LOST: "kb4051498",
    Obstacle.TWO_WITH_ONE_NAME: "kb4051498",
    Obstacle.KEY_SEALED: "kb4051498",
    Obstacle.KEY_GONE: "key-unusable",
    Obstacle.NO_PRIVATE_KEY: "no-private-key",
    Obstacle.NAME_STALE: "stale-tls-certificate-name",
    Obstacle.DNS: "dns",
    Obstacle.TIMES_OUT: "network",
    Obstacle.REFUSED: "network",
    Obstacle.STARTTLS_STRIPPED: "starttls-missing",
    Obstacle.NOT_TLS: "tls-inspected",
    Obstacle.DROPS_HANDSHAKE: "tls-version",
    Obstacle.UNTRUSTED: "our-certificate-refused",
    None: "healthy",
}
"""The verdict that each obstacle has to lead to."""

VERDICT = {true: {verdict} for true, verdict in NAMED.items() if true} | {
    # Where TLS is not required the queue says nothing, and the log only that no handshake was tried.
    Obstacle.STARTTLS_STRIPPED: {NAMED[Obstacle.STARTTLS_STRIPPED], "more-evidence"},
}
"""The verdicts of which one has to be named to who follows the wizard, where this is what is truly wrong."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A world before and after, and what the follower saw."""

    seed: int
    before: World
    after: World
    follower: Follower

    @property
    def connector(self) -> Connector:
        """The connector as it was."""
        found = self.before.connector(self.follower.connector)
        assert found
        return found

    @property
    def sources(self) -> tuple[Server, ...]:
        """The servers it sends from, as they were."""
        return tuple(s for s in self.before.servers if s.name in self.connector.sources)

    def fault_after(self, server: str) -> Obstacle | None:
        """What is wrong on a server at the end."""
        now = self.after.server(server)
        connector = self.after.connector(self.connector.guid)
        assert now
        assert connector
        return fault(self.after, connector, now)

    @property
    def verdicts(self) -> set[str]:
        """Every verdict that the case, at any of its servers, came to."""
        return set().union(*(verdicts(case) for _name, case in at_each(self.follower.case)))


def verdicts(case: Case) -> set[str]:
    """What the evidence of the case says, that of the start and what was read after the change."""
    log = case.now.log_after
    later = replace(case, queues=case.now.queues_after)
    later = later.put(replace(case.now, log=log, failed=failures(log) if log else ()))
    return {verdict.id for each in (case, later) for verdict in judged(subjects(each))}


def followed(
    seed: int,
    variant: Variant,
    reads_all: bool = False,
    answer: str = "N",
    anywhere: bool = False,
    mistaken: bool = False,
) -> Outcome:
    """A random organisation, and somebody who sits where mail is stuck, or just `anywhere`, and follows the wizard.

    `mistaken` gives the certificates of another server before those that are asked for.
    """
    world = any_world(seed)
    stuck = next((queue for queue in world.queues if queue.status == "Retry"), world.queues[0])
    connector = world.connector(stuck.connector)
    assert connector
    world = replace(world, here=connector.sources[0] if anywhere else stuck.server)
    follower = Follower(opened(world), connector.name, variant, reads_all, answer, mistaken)
    follower.follow()
    return Outcome(seed, world, follower.console.world, follower)


def wrong(outcome: Outcome) -> Iterator[str]:
    """Everything that must not be, each as a sentence."""
    yield from _harm(outcome)
    for server in outcome.sources:
        yield from _mended(outcome, server)
    yield from _misled(outcome)
    if outcome.follower.stuck or any(outcome.fault_after(s.name) for s in outcome.sources):
        yield from _named(outcome)


def _harm(outcome: Outcome) -> Iterator[str]:
    """What nobody may do, and what must be as it was."""
    for event in outcome.after.events[len(outcome.before.events) :]:
        if event.kind in HARM:
            yield f"{event.kind.value}: {event.server} {event.subject} {event.detail}"
    for connector in outcome.before.connectors:
        if (now := outcome.after.connector(connector.guid)) != connector:
            yield f"{connector.name} is not as it was: logging {now and now.logging}"
    for server in outcome.before.servers:
        yield from _lost(outcome, server)


def _lost(outcome: Outcome, server: Server) -> Iterator[str]:
    """The default certificate, a web site's binding or a service of a certificate that a server has lost."""
    now = outcome.after.server(server.name)
    assert now
    if now.default_smtp != server.default_smtp:
        yield f"{server.name} has another default certificate"
    if "iis-named-again" in outcome.follower.warned:
        # The article's form names IIS, and the wizard has said what that can do: the person was free not to.
        now = replace(now, iis_front_end=server.iis_front_end, iis_back_end=server.iis_back_end)
    if (now.iis_front_end, now.iis_back_end) != (server.iis_front_end, server.iis_back_end):
        yield f"{server.name} has other web site bindings"
    for certificate in server.certificates:
        there = now.certificate(certificate.thumbprint)
        if lost := server.services(certificate) - (now.services(there) if there else frozenset()):
            yield f"{server.name} lost {spelled(lost)} of {certificate.thumbprint}"


def _mended(outcome: Outcome, server: Server) -> Iterator[str]:
    """Where binding helps mail leaves, as far as we can help; elsewhere the server is as it was."""
    was, now = fault(outcome.before, outcome.connector, server), outcome.fault_after(server.name)
    if was in MENDED_BY_BINDING:
        if now in MENDED_BY_BINDING:
            yield f"{server.name} still has: {now.value} (was: {was.value})"
        return
    if (after := outcome.after.server(server.name)) and after.certificates != server.certificates:
        yield f"{server.name} was changed, but its fault was: {was.value if was else 'none'}"
    ran = outcome.follower.bound[host(server.name)]
    if was is Obstacle.KEY_SEALED:
        if len(ran) != len(set(ran)):
            yield f"{server.name}: a line that failed was handed out again: {ran[-1]}"
    elif ran:
        yield f"{server.name}: a binding line was handed out, but its fault was: {was.value if was else 'none'}"


def _misled(outcome: Outcome) -> Iterator[str]:
    """What another server's listing was taken for."""
    yield from outcome.follower.misled


def _named(outcome: Outcome) -> Iterator[str]:
    """What is truly wrong where the person sits is named."""
    here = outcome.before.here
    for true in {fault(outcome.before, outcome.connector, _server(outcome, here)), outcome.fault_after(here)} - {None}:
        assert true
        if not VERDICT.get(true, set()) & outcome.verdicts:
            yield f"{here}: {true.value}; but named was {sorted(outcome.verdicts)}"


def _server(outcome: Outcome, name: str) -> Server:
    return next(s for s in outcome.before.servers if host(s.name) == host(name))


def form(seed: int) -> Variant:
    """The form that is chosen in a world."""
    return Variant.SMALLEST if seed % 2 else Variant.MERGED


def mistaken(seed: int) -> bool:
    """Whether the certificates of another server are given first in a world."""
    return seed % 4 == 0


def tried(seed: int) -> tuple[str, ...]:
    """What was wrong in one world; the seed also says which form is chosen, what is read, and what is mistaken."""
    outcome = followed(seed, form(seed), reads_all=seed % 3 == 0, anywhere=seed % 5 == 0, mistaken=mistaken(seed))
    return tuple(wrong(outcome))


def said_of(seed: int) -> tuple[int, tuple[str, ...]]:
    """What was wrong in one world, a failure of the program among it."""
    try:
        return seed, tried(seed)
    except Exception as error:  # noqa: BLE001
        return seed, (f"{type(error).__name__}: {error}",)


def main(begin: int, end: int, processes: int = 1) -> None:
    """Tries these worlds, so many at a time, and prints what was wrong and how many were clean."""
    clean = 0
    with multiprocessing.Pool(processes) as pool:
        for seed, sentences in pool.imap_unordered(said_of, range(begin, end), chunksize=5):
            clean += not sentences
            for sentence in sentences:
                sys.stdout.write(f"{seed}: {sentence}\n")
                sys.stdout.flush()
    sys.stdout.write(f"{clean} of {end - begin} organisations are clean\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
