"""Organisations drawn from a seed: sound, the same for the same seed, and with the trouble that was asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.practice.organisations import Maker, Plan, Trouble, any_plan, any_world
from tests.wizard.practice.soundness import contradictions
from tests.wizard.practice.worlds import a_server, a_world, ours
from wizard.facts import LoggingLevel, Service
from wizard.practice.mail import log_files, pass_time
from wizard.practice.obstacle import Obstacle, component, obstacle, presented
from wizard.practice.world import Connector, EventKind, LogLayout, PartnerFault, Role, Server, World

seeds = st.integers(0, 1_000_000)
MINUTES = timedelta(minutes=1)


def senders(world: World, connector: Connector) -> list[Server]:
    return [server for name in connector.sources if (server := world.server(name))]


def obstacles(world: World) -> set[Obstacle | None]:
    """What stops the mail of the first connector, on all its servers."""
    first = world.connectors[0]
    return {obstacle(world, first, server) for server in senders(world, first)}


def made(seed: int = 1, **asked: object) -> World:
    return Maker(seed).organisation(Plan(**asked))  # type: ignore[arg-type]


def repaired(world: World) -> World:
    """The article's change on every server that sends."""
    first = world.connectors[0]
    for server in senders(world, first):
        for held in presented(first, server, world.now)[:1]:
            bound = replace(held, services=held.services | {Service.SMTP}, key_readable=True)
            world = world.with_server(server.with_certificate(bound))
    return world


class TestAnyWorld:
    @given(seeds)
    @settings(deadline=None, max_examples=examples(150))
    def test_is_sound_and_goes_on_to_be(self, seed: int) -> None:
        world, changed = any_world(seed), any_plan(seed).um_changed
        for each in (world, pass_time(world, 35 * MINUTES)):
            # A certificate stays bound to UM where the service's mode is changed afterwards.
            assert [said for said in contradictions(each) if not (changed and "startup mode is TCP" in said)] == []

    @given(seeds)
    @settings(deadline=None, max_examples=examples(40))
    def test_is_the_same_for_the_same_seed(self, seed: int) -> None:
        assert any_world(seed) == any_world(seed)

    def test_and_another_for_another(self) -> None:
        thumbprints = [world.servers[0].default_smtp for world in map(any_world, range(40))]
        assert len(set(thumbprints)) == 40

    @given(seeds)
    @settings(deadline=None, max_examples=examples(80))
    def test_a_queue_is_in_retry_exactly_where_mail_does_not_leave(self, seed: int) -> None:
        # A queue that failed before the binding waits for its next try.
        world = pass_time(any_world(seed), 11 * MINUTES)
        for queue in world.queues:
            connector, server = world.connector(queue.connector), world.server(queue.server)
            assert connector is not None
            assert server is not None
            stopped = obstacle(world, connector, server)
            assert (queue.status == "Retry") is (stopped is not None), stopped

    @given(seeds)
    @settings(deadline=None, max_examples=examples(80))
    def test_what_only_lacks_the_binding_flows_on_every_server_after_it(self, seed: int) -> None:
        world = any_world(seed)
        if obstacles(world) - {None, Obstacle.NOT_BOUND, Obstacle.KEY_ACCESS_LOST}:
            return
        later = pass_time(repaired(world), 11 * MINUTES)
        left = obstacles(later)
        assert left <= {None} | of_the_partner(later)
        if left == {None}:
            assert {queue.status for queue in later.queues} == {"Ready"}

    @given(seeds)
    @settings(deadline=None, max_examples=examples(60))
    def test_every_file_lies_under_a_service_that_the_server_has(self, seed: int) -> None:
        world = any_world(seed)
        paths = [file.path for file in log_files(world)]
        assert len(set(zip([file.server for file in log_files(world)], paths, strict=True))) == len(paths)

    def test_all_kinds_of_things_are_drawn(self) -> None:
        plans = [any_plan(seed) for seed in range(400)]
        assert {release for plan in plans for release in plan.releases} == {"2010", "2013", "2016", "2019", "SE"}
        assert {plan.trouble for plan in plans} == set(Trouble)
        assert {plan.partner for plan in plans} == set(PartnerFault)
        assert {plan.layout for plan in plans} == {None, *LogLayout}
        assert {plan.logging for plan in plans} == set(LoggingLevel)
        for flag in ("edge", "front_end_proxy", "require_tls", "wildcard", "back_end_only", "by_name", "others"):
            assert {getattr(plan, flag) for plan in plans} == {True, False}, flag
        assert any(len(plan.releases) > 1 and plan.healthy for plan in plans)
        assert any("\u2018" in plan.name for plan in plans)


def of_the_partner(world: World) -> set[Obstacle | None]:
    """Faults that binding uncovers, because our own certificate's comes first."""
    faulty = world.partner(world.connectors[0].partner).fault is not PartnerFault.NONE
    return {Obstacle.NOT_TLS, Obstacle.DROPS_HANDSHAKE, Obstacle.UNTRUSTED} if faulty else set()


class TestAPlan:
    def test_without_a_word_it_is_the_plain_article(self) -> None:
        world = made()
        assert obstacles(world) == {Obstacle.NOT_BOUND}
        assert len(world.servers) == 1
        assert world.connectors[0].logging is LoggingLevel.NONE
        assert not world.events
        held = presented(world.connectors[0], world.servers[0], world.now)[0]
        assert world.servers[0].services(held) == {Service.IIS}

    @pytest.mark.parametrize(
        ("trouble", "seen"),
        [
            (Trouble.NONE, None),
            (Trouble.NOT_BOUND, Obstacle.NOT_BOUND),
            (Trouble.KEY_ACCESS_LOST, Obstacle.KEY_ACCESS_LOST),
            (Trouble.NO_PRIVATE_KEY, Obstacle.NO_PRIVATE_KEY),
            (Trouble.NAME_STALE, Obstacle.NAME_STALE),
            (Trouble.TWO_WITH_ONE_NAME, Obstacle.TWO_WITH_ONE_NAME),
            (Trouble.TWIN_IMPORTED, Obstacle.NOT_BOUND),
            (Trouble.KEY_GONE, Obstacle.KEY_GONE),
            (Trouble.KEY_SEALED, Obstacle.KEY_SEALED),
            (Trouble.BOUND_SINCE, None),
        ],
    )
    @pytest.mark.parametrize("edge", [True, False])
    def test_has_the_trouble_that_it_names(self, trouble: Trouble, seen: Obstacle | None, edge: bool) -> None:
        world = made(trouble=trouble, edge=edge, releases=("2019", "2019"))
        assert obstacles(world) == {seen}
        assert contradictions(world) == ()

    def test_lost_access_shows_smtp_all_the_same(self) -> None:
        world = made(trouble=Trouble.KEY_ACCESS_LOST)
        assert Service.SMTP in presented(world.connectors[0], world.servers[0], world.now)[0].services

    def test_some_servers_can_be_healthy(self) -> None:
        world = made(releases=("2016", "2016", "2016"), healthy=frozenset({1}))
        first = world.connectors[0]
        assert [obstacle(world, first, s) is None for s in senders(world, first)] == [False, True, False]

    def test_mail_can_leave_by_a_subscribed_edge(self) -> None:
        world = made(edge=True, releases=("2019", "2016"))
        (edge,) = senders(world, world.connectors[0])
        assert edge.role is Role.EDGE
        assert world.subscriptions[0].trusted == edge.default_smtp
        assert world.server(world.here) is not edge
        assert len(world.servers) == 3

    def test_the_front_end_can_be_in_the_way(self) -> None:
        world = made(front_end_proxy=True)
        assert component(world.connectors[0], world.servers[0]).value == "FrontEnd"
        assert "Frontend" in world.queues[0].last_error

    def test_iis_can_be_bound_at_the_back_end_alone(self) -> None:
        server = made(back_end_only=True).servers[0]
        held = server.certificate(server.iis_back_end)
        assert held is not None
        assert not held.self_signed
        assert server.iis_front_end == server.default_smtp

    def test_a_wildcard_with_pop(self) -> None:
        world = made(wildcard=True, services=frozenset({Service.IIS, Service.POP}))
        held = presented(world.connectors[0], world.servers[0], world.now)[0]
        assert held.subject.startswith("CN=*.")
        assert world.servers[0].services(held) == {Service.IIS, Service.POP}

    def test_a_wildcard_is_found_by_the_fqdn_as_well(self) -> None:
        assert obstacles(made(wildcard=True, by_name=False)) == {Obstacle.NOT_BOUND}

    def test_the_other_connector_works_all_the_while(self) -> None:
        world = pass_time(made(), 30 * MINUTES)
        assert {e.subject for e in world.events if e.kind is EventKind.MAIL_SENT} == {"Internet"}

    def test_logging_that_was_on_before_has_left_rows_of_several_tries(self) -> None:
        texts = [file.text for file in log_files(made(logging=LoggingLevel.VERBOSE, others=False))]
        assert sum(text.count("UnknownCredentials") for text in texts) > 1

    def test_the_moment_and_the_delay_are_as_told(self) -> None:
        then = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
        world = made(now=then, write_delay=timedelta(minutes=7))
        assert world.now == then
        assert {server.write_delay for server in world.servers} == {timedelta(minutes=7)}

    @pytest.mark.parametrize(
        "asked",
        [
            {"releases": ()},
            {"releases": ("2007",)},
            {"releases": ("2010",), "trouble": Trouble.NAME_STALE},
            {"releases": ("2010",), "front_end_proxy": True},
            {"edge": True, "front_end_proxy": True},
            {"releases": ("2019",), "services": frozenset({Service.UM})},
            {"by_name": False, "trouble": Trouble.TWO_WITH_ONE_NAME},
        ],
    )
    def test_what_cannot_be_is_refused(self, asked: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            Plan(**asked)  # type: ignore[arg-type]


class TestParts:
    def test_each_call_goes_on_from_the_last(self) -> None:
        maker = Maker(5)
        assert len({maker.thumbprint() for _ in range(50)}) == 50
        assert len({maker.guid() for _ in range(50)}) == 50

    def test_the_auth_certificate_is_one_for_all(self) -> None:
        world = made(releases=("2016", "2019"))
        auth = [{c.thumbprint for c in s.certificates if "Auth Certificate" in c.subject} for s in world.servers]
        assert auth[0] == auth[1]
        assert len(auth[0]) == 1

    def test_own_certificates_are_each_server_s_own(self) -> None:
        assert len({server.default_smtp for server in made(releases=("2016", "2019", "SE")).servers}) == 3

    def test_a_renewed_certificate_has_the_names_of_the_one_before(self) -> None:
        maker = Maker(5)
        now = datetime(2026, 5, 4, tzinfo=UTC)
        old = maker.certificate("mail.contoso.com", ("mail.contoso.com",), now)
        new = maker.renewed(old, now)
        assert (new.subject, new.issuer) == (old.subject, old.issuer)
        assert new.thumbprint != old.thumbprint
        assert new.not_after > old.not_after


class TestSoundness:
    """Each line breaks one thing in a sound world, and that thing is named."""

    def test_the_world_of_the_tests_is_sound(self) -> None:
        assert contradictions(a_world()) == ()

    @pytest.mark.parametrize(
        ("world", "said"),
        [
            (replace(a_world(), here="EX99"), "The shell is on EX99"),
            (replace(a_world(), retry_every=timedelta()), "after no time"),
            (a_world(a_server(), a_server()), "server ex01 is there 2 times"),
            (a_world(replace(a_server(), default_smtp=ours.thumbprint)), "default SMTP certificate"),
            (a_world(replace(a_server(), default_smtp="")), "default SMTP certificate"),
            (a_world(replace(a_server(), iis_front_end="0" * 40)), "IIS is bound"),
            (a_world(a_server(replace(ours, thumbprint="abc"))), "40 upper-case"),
            (a_world(a_server(replace(ours, has_private_key=False, key_readable=True))), "no private key"),
            (a_world(a_server(replace(ours, self_signed=True))), "self-signed"),
            (a_world(a_server(replace(ours, not_after=ours.not_before))), "ends before"),
            (a_world(a_server(replace(ours, services=frozenset({Service.IIS})))), "bindings say that"),
            (a_world(a_server(replace(ours, services=frozenset({Service.UM})), release="2016")), "startup mode is TCP"),
            (a_world(a_server(role=Role.HUB)), "has no role"),
            (replace(a_world(), partners=()), "is not there"),
            (replace(a_world(), connectors=()), "its connector is not there"),
            (a_world().with_queue(replace(a_world().queues[0], status="Stuck")), "no status"),
            (a_world().with_queue(replace(a_world().queues[0], status="Retry")), "without messages"),
        ],
    )
    def test_what_does_not_fit_is_named(self, world: World, said: str) -> None:
        assert any(said in sentence for sentence in contradictions(world)), contradictions(world)
