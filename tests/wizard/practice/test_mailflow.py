"""Whether mail leaves: the rules of the article and its neighbours, and what an attempt leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wizard.practice.worlds import (
    NAME,
    NOW,
    OWN,
    THEIRS,
    a_server,
    a_world,
    binding,
    bound,
    connector,
    ours,
    own,
    queue,
    twin,
)
from wizard.facts import LoggingLevel, Service
from wizard.practice import mail
from wizard.practice.mail import edge_sync, pass_time, try_queue
from wizard.practice.obstacle import Obstacle, certificates_for, fault, flows, obstacle, presented
from wizard.practice.world import Component, EventKind, LogLayout, MailQueue, PartnerFault, Role, Server, World
from wizard.reading.queues import read_last_error
from wizard.verdict import queue_meaning

MINUTES = timedelta(minutes=1)


def found(world: World, name: str = "EX01") -> Obstacle | None:
    server = world.server(name)
    assert server is not None
    return obstacle(world, world.connectors[0], server)


def tried(world: World) -> MailQueue:
    return try_queue(world, world.queues[0]).queues[0]


class TestTheCertificate:
    def test_one_that_is_not_bound_is_the_article(self) -> None:
        assert found(a_world()) is Obstacle.NOT_BOUND

    def test_bound_to_smtp_it_flows(self) -> None:
        assert found(a_world(a_server(bound))) is None

    def test_access_to_the_key_without_smtp_is_enough_for_the_transport_service(self) -> None:
        assert found(a_world(a_server(replace(ours, key_readable=True)))) is None

    def test_lost_access_is_told_apart_although_the_log_says_the_same(self) -> None:
        assert found(a_world(a_server(replace(bound, key_readable=False)))) is Obstacle.KEY_ACCESS_LOST

    @pytest.mark.parametrize("services", [frozenset(), frozenset({Service.SMTP})])
    def test_without_a_private_key_binding_does_not_help(self, services: frozenset[Service]) -> None:
        keyless = replace(ours, has_private_key=False, key_readable=True, services=services)
        assert found(a_world(a_server(keyless))) is Obstacle.NO_PRIVATE_KEY

    def test_a_name_that_fits_nothing_stops_it_whatever_is_bound(self) -> None:
        renewed = replace(bound, issuer="CN=Another CA, O=Example")
        assert found(a_world(a_server(renewed))) is Obstacle.NAME_STALE

    def test_two_with_one_name_fail_although_both_are_bound(self) -> None:
        old = replace(twin, services=bound.services, key_readable=True)
        assert found(a_world(a_server(old, bound))) is Obstacle.TWO_WITH_ONE_NAME

    def test_and_the_first_of_the_store_is_the_one_that_the_log_shows(self) -> None:
        assert presented(connector, a_server(twin, bound), NOW)[0] == twin

    def test_the_name_compares_issuer_and_subject_and_not_the_name_of_the_host(self) -> None:
        elsewhere = replace(connector, fqdn="other.contoso.com")
        assert presented(elsewhere, a_server(bound), NOW) == (bound,)

    def test_without_the_name_the_fqdn_chooses(self) -> None:
        unnamed = replace(connector, tls_certificate_name="")
        assert presented(unnamed, a_server(ours), NOW) == (ours,)
        assert found(a_world(a_server(ours), connector=unnamed)) is Obstacle.NOT_BOUND

    def test_the_first_that_has_the_fqdn_is_used_and_two_of_one_name_do_no_harm(self) -> None:
        unnamed = replace(connector, tls_certificate_name="")
        assert found(a_world(a_server(bound, twin), connector=unnamed)) is None
        assert found(a_world(a_server(twin, bound), connector=unnamed)) is Obstacle.NOT_BOUND

    def test_without_an_fqdn_it_is_the_server_s_own_name_and_so_its_own_certificate(self) -> None:
        nameless = replace(connector, tls_certificate_name="", fqdn="")
        assert presented(nameless, a_server(ours), NOW) == (own,)
        assert found(a_world(a_server(ours), connector=nameless)) is None

    def test_an_fqdn_that_no_certificate_has(self) -> None:
        unnamed = replace(connector, tls_certificate_name="", fqdn="gone.contoso.com")
        assert found(a_world(connector=unnamed)) is Obstacle.NO_CERTIFICATE

    def test_exchange_2010_does_not_look_at_a_name(self) -> None:
        old = a_server(bound, release="2010", role=Role.HUB)
        assert found(a_world(old, connector=replace(connector, tls_certificate_name="<I>CN=a<S>CN=b"))) is None

    @pytest.mark.parametrize(
        ("domains", "asked", "has"),
        [
            (("*.contoso.com",), "mail.contoso.com", True),
            (("*.contoso.com",), "a.mail.contoso.com", False),
            (("*.contoso.com",), "contoso.com", False),
            (("MAIL.contoso.com",), "mail.Contoso.com", True),
            (("mail.contoso.com",), "smtp.contoso.com", False),
        ],
    )
    def test_a_wildcard_stands_for_one_label(self, domains: tuple[str, ...], asked: str, has: bool) -> None:
        assert bool(certificates_for(a_server(replace(ours, domains=domains)), asked)) is has


class TestTheFrontEnd:
    """Front End Transport runs as Local System: what Network Service may read says nothing of it."""

    proxied = replace(connector, front_end_proxy=True)

    def test_it_fails_until_the_certificate_is_bound(self) -> None:
        assert found(a_world(connector=self.proxied)) is Obstacle.NOT_BOUND
        assert found(binding(a_world(connector=self.proxied))) is None

    def test_access_of_network_service_is_what_binding_gives(self) -> None:
        readable = a_server(replace(ours, key_readable=True))
        assert found(a_world(readable, connector=self.proxied)) is None

    def test_its_rows_stand_in_its_own_log(self) -> None:
        world = a_world(connector=self.proxied)
        assert set(try_queue(world, world.queues[0]).logs) == {("EX01", Component.FRONT_END)}

    def test_the_queue_quotes_what_the_front_end_said(self) -> None:
        said = tried(a_world(connector=self.proxied)).last_error
        assert "Proxy session setup failed on Frontend with '451 4.4.395" in said


class TestTheConnectorAndTheWay:
    def test_a_disabled_connector(self) -> None:
        assert found(a_world(connector=replace(connector, enabled=False))) is Obstacle.DISABLED

    def test_a_server_that_is_no_source(self) -> None:
        world = a_world(a_server(bound), a_server(bound, name="EX02"))
        only = world.with_connector(replace(world.connectors[0], sources=("ex01",)))
        assert found(only) is None
        assert found(only, "EX02") is Obstacle.NOT_A_SOURCE

    @pytest.mark.parametrize(
        ("fault", "seen"),
        [
            (PartnerFault.DNS, Obstacle.DNS),
            (PartnerFault.TIMES_OUT, Obstacle.TIMES_OUT),
            (PartnerFault.REFUSES, Obstacle.REFUSED),
            (PartnerFault.STARTTLS_STRIPPED, Obstacle.STARTTLS_STRIPPED),
            (PartnerFault.NOT_TLS, Obstacle.NOT_TLS),
            (PartnerFault.DROPS_HANDSHAKE, Obstacle.DROPS_HANDSHAKE),
            (PartnerFault.UNTRUSTED, Obstacle.UNTRUSTED),
        ],
    )
    def test_what_is_wrong_at_the_partner_stays_wrong_after_binding(self, fault: PartnerFault, seen: Obstacle) -> None:
        assert found(a_world(a_server(bound), fault=fault)) is seen

    @pytest.mark.parametrize("fault", [PartnerFault.NOT_TLS, PartnerFault.DROPS_HANDSHAKE, PartnerFault.UNTRUSTED])
    def test_our_own_certificate_fails_before_anything_of_the_partner_is_seen(self, fault: PartnerFault) -> None:
        assert found(a_world(fault=fault)) is Obstacle.NOT_BOUND

    @pytest.mark.parametrize("fault", [PartnerFault.DNS, PartnerFault.TIMES_OUT, PartnerFault.STARTTLS_STRIPPED])
    def test_and_where_no_handshake_begins_the_certificate_is_never_reached(self, fault: PartnerFault) -> None:
        assert found(a_world(fault=fault)) is found(a_world(a_server(bound), fault=fault))


class TestWithoutRequireTls:
    lax = replace(connector, require_tls=False)

    def test_mail_leaves_unencrypted_and_the_log_shows_the_failure(self) -> None:
        world = a_world(connector=self.lax)
        assert found(world) is None
        assert fault(world, world.connectors[0], world.servers[0]) is Obstacle.NOT_BOUND
        after = try_queue(world, world.queues[0])
        text = "\n".join(row.text for row in after.logs["EX01", Component.HUB])
        assert "UnknownCredentials" in text
        assert "MAIL FROM" in text
        assert after.events[-1].kind is EventKind.MAIL_SENT
        assert "unencrypted" in after.events[-1].detail

    def test_a_name_that_fits_nothing_stops_it_all_the_same(self) -> None:
        stale = replace(self.lax, tls_certificate_name="<I>CN=a<S>CN=b")
        assert found(a_world(connector=stale)) is Obstacle.NAME_STALE

    def test_and_so_does_a_closed_port(self) -> None:
        assert found(a_world(connector=self.lax, fault=PartnerFault.REFUSES)) is Obstacle.REFUSED

    def test_starttls_that_is_ignored_needs_no_certificate(self) -> None:
        world = a_world(connector=replace(self.lax, ignore_starttls=True))
        after = try_queue(world, world.queues[0])
        assert not [row for row in after.logs["EX01", Component.HUB] if "STARTTLS," in row.text]
        assert after.queues[0].messages == 0


class TestTheQueue:
    def test_it_waits_for_the_next_try_with_the_error_of_the_last(self) -> None:
        after = tried(a_world())
        assert (after.status, after.messages, after.last_try) == ("Retry", 12, NOW)
        assert after.next_try == NOW + 10 * MINUTES

    def test_it_is_empty_after_mail_left_and_says_nothing_more(self) -> None:
        after = tried(a_world(a_server(bound)))
        assert (after.status, after.messages, after.delivered, after.last_error) == ("Ready", 0, 12, "")
        assert after.next_try is None

    def test_nothing_is_tried_where_nothing_waits(self) -> None:
        world = a_world(messages=0)
        assert try_queue(world, world.queues[0]) is world

    @pytest.mark.parametrize("change", [{"enabled": False}, {"name": "renamed"}, {"sources": ("EX09",)}])
    def test_nor_where_the_connector_does_not_send_from_here(self, change: dict[str, object]) -> None:
        world = a_world(a_server(bound))
        world = world.with_connector(replace(world.connectors[0], **change))  # type: ignore[arg-type]
        after = pass_time(world, 60 * MINUTES)
        assert after.queues[0].messages == 12
        assert not after.logs
        assert not after.events

    CANDIDATES = frozenset({"candidate-timed-out", "candidate-timed-out-newer"})

    @pytest.mark.parametrize(
        ("release", "begins"),
        [
            ("2010", "451 4.4.0 Primary"),
            ("2013", "[{LRT=11/22/2026 2:14:07 AM};{LED=451 4.4.0 Primary"),
            ("2016", "[{LED=451 4.4."),
            ("2019", "[{LED=451 4.4.395 Target"),
            ("SE", "[{LED=451 4.4.395 Target"),
        ],
    )
    def test_the_words_are_those_of_the_release_and_the_wizard_reads_them(self, release: str, begins: str) -> None:
        role = Role.HUB if release == "2010" else Role.MAILBOX
        said = tried(a_world(a_server(release=release, role=role))).last_error
        assert said.startswith(begins)
        core, members = read_last_error(said)
        assert queue_meaning(core).id in self.CANDIDATES
        assert release == "2010" or members["FQDN"] == "contoso-com.mail.example"
        assert release == "2010" or members["IP"] == "198.51.100.25"

    @pytest.mark.parametrize("fault", [PartnerFault.DNS, PartnerFault.TIMES_OUT, PartnerFault.REFUSES])
    def test_no_address_is_named_where_no_connection_was_made(self, fault: PartnerFault) -> None:
        assert read_last_error(tried(a_world(fault=fault)).last_error)[1]["IP"] == ""

    def test_a_missing_key_says_the_same_as_a_missing_binding(self) -> None:
        keyless = a_world(a_server(replace(ours, has_private_key=False)))
        assert tried(keyless).last_error == tried(a_world()).last_error

    MEANT = (
        (PartnerFault.DNS, "dns"),
        (PartnerFault.TIMES_OUT, "network"),
        (PartnerFault.REFUSES, "network"),
        (PartnerFault.STARTTLS_STRIPPED, "starttls-missing"),
        (PartnerFault.NOT_TLS, "tls-inspected"),
        (PartnerFault.DROPS_HANDSHAKE, "dropped"),
        (PartnerFault.UNTRUSTED, "wrong-certificate-presented"),
    )

    @pytest.mark.parametrize("release", ["2010", "2013", "2016", "2019", "SE"])
    @pytest.mark.parametrize(("fault", "meaning"), MEANT)
    def test_what_the_partner_does_wrong_is_told_apart(self, release: str, fault: PartnerFault, meaning: str) -> None:
        role = Role.HUB if release == "2010" else Role.MAILBOX
        said = tried(a_world(a_server(bound, release=release, role=role), fault=fault)).last_error
        assert queue_meaning(read_last_error(said)[0]).id == meaning

    def test_and_so_is_a_name_that_fits_nothing(self) -> None:
        stale = a_world(a_server(replace(bound, subject="CN=new.contoso.com")))
        assert queue_meaning(read_last_error(tried(stale).last_error)[0]).id == "stale-tls-certificate-name"


class TestALongSession:
    def test_the_oldest_rows_go_by_whole_hours_and_the_newest_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mail, "MOST_ROWS", 200)
        world = pass_time(a_world(), 24 * 60 * MINUTES)
        (held,) = world.logs.values()
        assert len(held) <= 200
        assert held[-1].made > world.now - 11 * MINUTES
        assert held[0].made < world.now - 60 * MINUTES
        sessions = [row.text.split(",")[2:4] for row in held]
        assert sessions[0][1] == "0"
        assert "attempting to connect" in "".join(row.text for row in held[:2])

    def test_a_month_is_not_kept(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mail, "MOST_ROWS", 6_000)
        world = replace(a_world(), retry_every=MINUTES)
        (held,) = pass_time(world, 12 * 60 * MINUTES).logs.values()
        assert len(held) <= 6_000


class TestTime:
    def test_a_queue_is_tried_at_its_time_and_not_at_the_end(self) -> None:
        world = pass_time(try_queue(a_world(), a_world().queues[0]), 25 * MINUTES)
        assert world.now == NOW + 25 * MINUTES
        assert world.queues[0].last_try == NOW + 20 * MINUTES

    def test_after_the_article_s_change_mail_leaves_at_the_next_try(self) -> None:
        world = binding(try_queue(a_world(), a_world().queues[0]))
        assert pass_time(world, 9 * MINUTES).queues[0].status == "Retry"
        later = pass_time(world, 10 * MINUTES)
        assert (later.queues[0].messages, later.queues[0].delivered) == (0, 12)
        assert [e.kind for e in later.events] == [EventKind.MAIL_SENT]
        assert later.events[0].server == "EX01"
        assert later.events[0].subject == connector.name

    def test_a_forgotten_server_keeps_failing(self) -> None:
        world = a_world(a_server(), a_server(name="EX02", address="192.0.2.11"))
        later = pass_time(binding(world), 120 * MINUTES)
        here, there = later.queues
        assert here.status == "Ready"
        assert (there.status, there.delivered) == ("Retry", 0)
        assert not flows(later, later.connectors[0], later.servers[1])

    def test_mail_comes_in_meanwhile_and_leaves_at_once_where_nothing_holds_it_up(self) -> None:
        world = a_world(a_server(bound), messages=0)
        world = world.with_queue(replace(world.queues[0], inflow=2))
        later = pass_time(world, 5 * MINUTES)
        assert (later.queues[0].messages, later.queues[0].delivered) == (0, 10)

    def test_that_mail_leaves_is_told_once_and_again_after_it_was_held_up(self) -> None:
        world = a_world(a_server(bound), messages=0)
        world = pass_time(world.with_queue(replace(world.queues[0], inflow=2)), 5 * MINUTES)
        assert [e.kind for e in world.events] == [EventKind.MAIL_SENT]
        world = world.with_connector(replace(world.connectors[0], tls_certificate_name="<I>CN=a<S>CN=b"))
        world = pass_time(world, 5 * MINUTES).with_connector(connector)
        world = pass_time(world, 15 * MINUTES)
        assert [e.kind for e in world.events] == [EventKind.MAIL_SENT] * 2

    def test_or_piles_up(self) -> None:
        world = a_world(messages=1)
        world = world.with_queue(replace(world.queues[0], inflow=3))
        assert pass_time(world, 20 * MINUTES).queues[0].messages == 61

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 1_500), min_size=1, max_size=12))
    def test_time_passes_alike_in_one_step_or_in_many(self, seconds: list[int]) -> None:
        world = a_world(a_server(), a_server(bound, name="EX02", address="192.0.2.11"))
        world = replace(world, queues=tuple(replace(q, inflow=2) for q in world.queues))
        stepped = world
        for each in seconds:
            stepped = pass_time(stepped, timedelta(seconds=each))
        assert stepped == pass_time(world, timedelta(seconds=sum(seconds)))

    def test_no_row_is_written_before_logging_is_on(self) -> None:
        silent = a_world(connector=replace(connector, logging=LoggingLevel.NONE))
        assert not pass_time(silent, 60 * MINUTES).logs

    def test_no_time_is_not_going_back(self) -> None:
        world = pass_time(a_world(), timedelta())
        assert world.now == NOW
        assert world.queues[0].last_try == NOW


class TestEdgeSync:
    def subscribed(self) -> World:
        return a_world(
            a_server(bound), a_server(bound, name="EDGE01", role=Role.EDGE, address="192.0.2.20"), messages=0
        )

    def replaced(self, world: World, thumbprint: str) -> World:
        edge = world.server("EDGE01")
        assert isinstance(edge, Server)
        return world.with_server(replace(edge, default_smtp=thumbprint))

    def test_another_default_certificate_breaks_it_once(self) -> None:
        world = self.replaced(self.subscribed(), bound.thumbprint)
        later = pass_time(pass_time(world, MINUTES), 10 * MINUTES)
        assert [(e.kind, e.server) for e in later.events] == [(EventKind.EDGE_SYNC_BROKEN, "EDGE01")]

    def test_a_new_subscription_mends_it(self) -> None:
        world = edge_sync(self.replaced(self.subscribed(), bound.thumbprint))
        world = replace(world, subscriptions=(replace(world.subscriptions[0], trusted=bound.thumbprint),))
        assert [e.kind for e in edge_sync(world).events] == [EventKind.EDGE_SYNC_BROKEN, EventKind.EDGE_SYNC_MENDED]

    def test_and_so_does_the_old_default_once_it_is_back(self) -> None:
        world = self.replaced(edge_sync(self.replaced(self.subscribed(), bound.thumbprint)), OWN)
        assert edge_sync(world).events[-1].kind is EventKind.EDGE_SYNC_MENDED

    def test_a_mailbox_server_s_default_is_no_business_of_it(self) -> None:
        world = self.subscribed()
        world = world.with_server(replace(world.servers[0], default_smtp=bound.thumbprint))
        assert not edge_sync(world).events

    def test_the_edge_writes_a_log_of_its_own(self) -> None:
        world = a_world(a_server(bound), a_server(name="EDGE01", role=Role.EDGE, address="192.0.2.20"))
        assert set(try_queue(world, world.queues[0]).logs) == {("EDGE01", Component.EDGE)}


def test_the_partner_s_certificate_never_changes_the_outcome() -> None:
    world = a_world()
    held = replace(bound, thumbprint=THEIRS, subject="CN=*.mail.example", issuer="CN=x", domains=("*.mail.example",))
    assert found(a_world(a_server(ours, held))) is found(world)


def test_the_name_in_the_world_is_the_cmdlet_s() -> None:
    assert NAME.startswith("<I>CN=")
    assert queue.identity == "EX01\\3417"
    assert LogLayout.ONE_LINE_DATED is a_server().layout
