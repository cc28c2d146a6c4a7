"""The loop closed: the wizard's advice, followed in the practice shell, mends what it may and harms nothing.

`PRACTICE_WORLDS` in the environment says how many organizations are drawn; without it a few are.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.wizard.practice.following import Administrator
from wizard.case import Case
from wizard.practice.making import Maker, Plan, any_world
from wizard.practice.obstacle import Obstacle, fault, flows
from wizard.practice.world import Connector, Kind, PartnerFault, World

WORLDS = int(os.environ.get("PRACTICE_WORLDS", "30"))
SEEDS = st.integers(0, 1_000_000)
WIDTHS = st.integers(70, 180)
many = settings(max_examples=WORLDS, deadline=None)

_HARMLESS = {
    Kind.SERVICES_ADDED,
    Kind.KEY_ACCESS_GIVEN,
    Kind.DEFAULT_KEPT,
    Kind.LOGGING_CHANGED,
    Kind.QUEUE_RETRIED,
    Kind.MAIL_SENT,
}


@dataclass
class Followed:
    """A world before and after, and the case that was made in between."""

    before: World
    after: World
    connector: Connector
    case: Case
    administrator: Administrator

    @property
    def faults(self) -> set[Obstacle | None]:
        """What was wrong with the connector on its servers in the beginning."""
        return {fault(self.before, self.connector, s) for n in self.connector.sources if (s := self.before.server(n))}


def stuck(of: World) -> Connector:
    """The connector that mail is stuck of, or the first."""
    names = [queue.connector for queue in of.queues if queue.last_error]
    found = of.connector(names[0]) if names else of.connectors[0]
    assert found is not None
    return found


def followed(of: World, columns: int = 120, survey: bool = False, answer: str = "N") -> Followed:
    connector = stuck(of)
    administrator = Administrator(of, connector.name, columns, answer=answer, survey=survey)
    case = administrator.follow()
    return Followed(of, administrator.console.world, connector, case, administrator)


def assert_unharmed(done: Followed) -> None:
    """Default certificates, services, logging and settings are what they were, or more."""
    for before in done.before.servers:
        after = done.after.server(before.name)
        assert after is not None
        assert after.default_smtp == before.default_smtp
        assert after.require_ssl == before.require_ssl
        for held in before.certificates:
            now = after.certificate(held.thumbprint)
            assert now is not None
            assert after.services(now) >= before.services(held)
    assert done.after.connectors == done.before.connectors
    happened = {event.kind for event in done.after.events[len(done.before.events) :]}
    assert happened <= _HARMLESS, happened - _HARMLESS


@many
@given(SEEDS, WIDTHS, st.booleans())
def test_whatever_the_organization_nothing_is_harmed(seed: int, columns: int, survey: bool) -> None:
    assert_unharmed(followed(any_world(seed), columns, survey))


@many
@given(SEEDS, WIDTHS, st.booleans())
def test_where_the_article_applies_mail_flows_on_every_server(seed: int, columns: int, survey: bool) -> None:
    of = any_world(seed)
    connector = stuck(of)
    faults = {fault(of, connector, server) for name in connector.sources if (server := of.server(name))}
    assume(faults in ({Obstacle.NOT_BOUND}, {Obstacle.NOT_BOUND, None}))
    # A second fault, at the other side, shows only behind the first.
    assume(of.partner(connector.partner).fault is PartnerFault.NONE)
    done = followed(of, columns, survey)
    after = done.after.connector(connector.guid)
    assert after is not None
    for name in connector.sources:
        server = done.after.server(name)
        assert server is not None
        assert flows(done.after, after, server), (name, done.administrator.refused)
        assert fault(done.after, after, server) is None, (name, done.administrator.refused)


@many
@given(SEEDS, WIDTHS)
def test_where_it_does_not_apply_no_certificate_is_bound(seed: int, columns: int) -> None:
    of = any_world(seed)
    done = followed(of, columns)
    assume(not done.faults & {Obstacle.NOT_BOUND, Obstacle.KEY_ACCESS_LOST, Obstacle.TWO_WITH_ONE_NAME})
    added = [each for each in done.after.events[len(of.events) :] if each.kind is Kind.SERVICES_ADDED]
    assert not added


def test_the_plain_article_is_proven_to_its_end() -> None:
    done = followed(Maker(7).organisation(Plan()))
    assert done.case.certificate_after is not None
    assert not done.administrator.refused
    assert_unharmed(done)


def test_a_wrong_yes_is_undone_by_the_wizards_own_way_back() -> None:
    of = Maker(11).organisation(Plan())
    done = followed(of, answer="Y")
    assert Kind.DEFAULT_REPLACED in {event.kind for event in done.after.events}
    assert [server.default_smtp for server in done.after.servers] == [server.default_smtp for server in of.servers]
