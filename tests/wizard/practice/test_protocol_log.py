"""The practice logs as files: the wizard's own readers must find in them what happened, in every layout."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.summary import filtered
from tests.wizard.practice.worlds import (
    NOW,
    OURS,
    OWN,
    THEIRS,
    a_server,
    a_world,
    binding,
    bound,
    connector,
    ours,
    twin,
)
from tests.wizard.reading.rows import read_path
from wizard.facts import Direction, Handshake, Layout, LoggingLevel, LogReading, Whose
from wizard.practice.mail import FIELDS, WrittenLog, log_files, log_folder, pass_time, quoted, session_id, try_queue
from wizard.practice.world import Component, EventKind, LogLayout, PartnerFault, Role, Server, World
from wizard.reading.log.sessions import candidates, failures, read_log
from wizard.reading.text import clean

MINUTES = timedelta(minutes=1)
RELEASES = ("2010", "2013", "2016", "2019", "SE")
READ_AS = {
    LogLayout.ROWS: Layout.ROWS,
    LogLayout.ROWS_WITHOUT_HEADER: Layout.ROWS,
    LogLayout.ONE_LINE: Layout.ONE_LINE,
    LogLayout.ONE_LINE_DATED: Layout.ONE_LINE_DATED,
}

layouts = pytest.mark.parametrize("layout", list(LogLayout))
releases = pytest.mark.parametrize("release", RELEASES)


def of_release(release: str, *certificates: object, layout: LogLayout = LogLayout.ONE_LINE_DATED) -> Server:
    role = Role.HUB if release == "2010" else Role.MAILBOX
    return a_server(*certificates, release=release, role=role, layout=layout)  # type: ignore[arg-type]


def written(world: World, later: timedelta = 5 * MINUTES) -> tuple[WrittenLog, ...]:
    """The files after one attempt of every queue, once the rows stand in them."""
    for queue in world.queues:
        world = try_queue(world, queue)
    return log_files(replace(world, now=world.now + later))


def the_file(world: World) -> WrittenLog:
    (file,) = written(world)
    return file


def read(world: World) -> LogReading:
    return read_log(clean(the_file(world).text))


def the_handshake(world: World) -> Handshake:
    reading = read(world)
    assert not reading.mended
    (handshake,) = reading.handshakes
    return handshake


class TestWhatTheReadersFind:
    @layouts
    @releases
    def test_the_article_s_failure(self, layout: LogLayout, release: str) -> None:
        reading = read(a_world(of_release(release, layout=layout)))
        assert reading.direction is Direction.SEND
        assert not reading.unread
        (group,) = failures(reading)
        assert (group.connector, group.error) == (connector.name, "UnknownCredentials")
        (found,) = candidates([group])
        assert (found.thumbprint, found.serial, found.names) == (OURS, ours.serial, ours.domains)
        assert (found.subject, found.issuer) == (ours.subject, ours.issuer)
        assert found.layout is READ_AS[layout]
        assert found.header_seen is (layout is not LogLayout.ROWS_WITHOUT_HEADER)

    @layouts
    def test_a_missing_private_key_is_named_otherwise(self, layout: LogLayout) -> None:
        keyless = replace(ours, has_private_key=False)
        assert the_handshake(a_world(a_server(keyless, layout=layout))).error == "NoCredentials"

    @pytest.mark.parametrize("layout", [each for each in LogLayout if each is not LogLayout.ROWS_WITHOUT_HEADER])
    @releases
    def test_a_session_that_works(self, layout: LogLayout, release: str) -> None:
        handshake = the_handshake(a_world(of_release(release, bound, layout=layout)))
        assert handshake.error is None
        assert handshake.protocol == "SP_PROT_TLS1_2_CLIENT"
        assert handshake.delivered
        assert handshake.ours is not None
        assert handshake.ours.thumbprint == OURS
        assert handshake.theirs is not None
        assert handshake.theirs.thumbprint == THEIRS

    def test_without_header_rows_nobody_can_tell_whose_certificate_a_good_session_shows(self) -> None:
        reading = read(a_world(a_server(bound, layout=LogLayout.ROWS_WITHOUT_HEADER)))
        (handshake,) = reading.handshakes
        assert handshake.error is None
        assert handshake.ours is None
        assert reading.unread

    @layouts
    def test_the_partner_s_certificate_is_never_a_candidate(self, layout: LogLayout) -> None:
        for server in (a_server(layout=layout), a_server(bound, layout=layout)):
            found = candidates(failures(read(a_world(server))))
            assert THEIRS not in {certificate.thumbprint for certificate in found}

    @layouts
    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            (PartnerFault.NOT_TLS, "InvalidToken"),
            (PartnerFault.DROPS_HANDSHAKE, "SocketError"),
            (PartnerFault.UNTRUSTED, "UntrustedRoot"),
        ],
    )
    def test_what_the_partner_does_wrong_in_the_handshake(
        self, layout: LogLayout, fault: PartnerFault, error: str
    ) -> None:
        reading = read(a_world(a_server(bound, layout=layout), fault=fault))
        assert [handshake.error for handshake in reading.handshakes] == [error]
        assert not candidates(failures(reading))

    @layouts
    def test_trust_is_refused_after_our_certificate_was_sent(self, layout: LogLayout) -> None:
        text = the_file(a_world(a_server(bound, layout=layout), fault=PartnerFault.UNTRUSTED)).text
        assert text.index(bound.thumbprint) < text.index("UntrustedRoot")
        assert THEIRS not in text

    @pytest.mark.parametrize("fault", [PartnerFault.TIMES_OUT, PartnerFault.REFUSES])
    def test_a_connection_that_never_was(self, fault: PartnerFault) -> None:
        reading = read(a_world(fault=fault))
        assert reading.connection_failures == 1
        assert not reading.handshakes

    def test_a_name_that_does_not_resolve_leaves_no_rows(self) -> None:
        assert not written(a_world(fault=PartnerFault.DNS))

    def test_starttls_that_a_device_takes_away(self) -> None:
        text = the_file(a_world(fault=PartnerFault.STARTTLS_STRIPPED)).text
        assert "STARTTLS" not in text
        assert "certificate" not in text

    def test_of_two_with_one_name_the_first_is_shown(self) -> None:
        handshake = the_handshake(a_world(a_server(twin, bound)))
        assert handshake.error == "UnknownCredentials"
        assert handshake.ours is not None
        assert handshake.ours.thumbprint == twin.thumbprint

    @layouts
    def test_the_way_from_the_failure_to_the_proof(self, layout: LogLayout, tmp_path: Path) -> None:
        world = pass_time(a_world(a_server(layout=layout)), 15 * MINUTES)
        world = pass_time(binding(world), 15 * MINUTES)
        reading = read_path(on_disk(world, tmp_path))
        assert [handshake.error for handshake in reading.handshakes] == ["UnknownCredentials"] * 2 + [None]
        assert reading.handshakes[-1].delivered
        scanned = filtered(tmp_path)
        assert failures(scanned)[0].sessions == failures(reading)[0].sessions == 2


def on_disk(world: World, folder: Path) -> Path:
    """The files of the world under a folder, as Exchange has them on the disk: CRLF at each line's end."""
    for file in log_files(world):
        path = folder / file.server / PureWindowsPath(file.path).name
        path.parent.mkdir(exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\r\n")
    return folder


name_text = st.text(st.sampled_from("abcXYZ 019.,\"*'()-_&/;+=\u00e9\u0416\u4e2d"), min_size=1, max_size=24).filter(
    lambda text: text.strip() == text and "  " not in text
)


def a_value(text: str) -> str:
    """A value of a distinguished name: quoted where it has marks of its own."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"+;=<>') else text


@st.composite
def distinguished(draw: st.DrawFn) -> str:
    common = draw(st.sampled_from(["mail.contoso.com", "*.contoso.com", "*.fabrikam.com"]))
    keys = draw(st.lists(st.sampled_from(["O", "OU", "L", "S", "C"]), max_size=4))
    return ", ".join([f"CN={common}", *(f"{key}={a_value(draw(name_text))}" for key in keys)])


hexadecimal = st.text("0123456789ABCDEF", min_size=40, max_size=40)
serials = st.one_of(hexadecimal, st.text("0123456789ABCDEF", min_size=32, max_size=32))


class TestAnyCertificate:
    @settings(deadline=None)
    @given(distinguished(), distinguished(), serials, hexadecimal, st.sampled_from(LogLayout), name_text)
    def test_is_read_as_it_was_written(
        self, subject: str, issuer: str, serial: str, thumbprint: str, layout: LogLayout, name: str
    ) -> None:
        held = replace(ours, subject=subject, issuer=issuer, serial=serial, thumbprint=thumbprint)
        named = replace(connector, name=name, tls_certificate_name="")
        handshake = the_handshake(a_world(a_server(held, layout=layout), connector=named))
        found = handshake.ours
        assert found is not None
        assert handshake.connector == name
        assert (found.whose, found.thumbprint, found.serial) == (Whose.OURS, thumbprint, serial)
        assert found.names == held.domains
        # One line joins both names without a mark; where the border is not certain they stay joined.
        assert (found.subject, found.issuer) in {(subject, issuer), (f"{subject} {issuer}", "")}
        if layout in {LogLayout.ROWS, LogLayout.ROWS_WITHOUT_HEADER}:
            assert (found.subject, found.issuer) == (subject, issuer)

    @given(st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30), min_size=2, max_size=9))
    def test_fields_are_quoted_as_csv_readers_expect(self, fields: list[str]) -> None:
        (row,) = csv.reader([",".join(map(quoted, fields))]) if not _breaks(fields) else [fields]
        assert row == fields

    def test_and_only_where_they_must_be(self) -> None:
        assert quoted("plain; text") == "plain; text"
        assert quoted('O="Example, Inc."') == '"O=""Example, Inc."""'


def _breaks(fields: list[str]) -> bool:
    return any(mark in field for field in fields for mark in "\r\n\0")


class TestRows:
    @releases
    @layouts
    def test_every_row_has_nine_fields_and_the_sequence_counts_from_nought(
        self, release: str, layout: LogLayout
    ) -> None:
        for certificate in (ours, bound):
            rows = list(csv.reader(the_file(a_world(of_release(release, certificate, layout=layout))).text.split("\n")))
            rows = [row for row in rows[5:] if row]
            assert {len(row) for row in rows} == {9}
            assert [row[3] for row in rows] == [str(number) for number in range(len(rows))]
            assert [row[0] for row in rows] == sorted(row[0] for row in rows)

    def test_the_local_endpoint_is_empty_until_the_connection_stands(self) -> None:
        rows = [row.split(",") for row in the_file(a_world()).text.splitlines()[5:]]
        connected = next(n for n, row in enumerate(rows) if row[6] == "+")
        assert {row[4] for row in rows[:connected]} == {""}
        assert all(row[4].startswith("192.0.2.10:") for row in rows[connected:])

    @pytest.mark.parametrize(("release", "many"), [("2010", True), ("2013", True), ("2016", False), ("SE", False)])
    def test_a_reply_of_several_lines(self, release: str, many: bool) -> None:
        text = the_file(a_world(of_release(release))).text
        assert ("<,250-STARTTLS," in text) is many
        assert ("SIZE 157286400 PIPELINING DSN" in text) is not many

    def test_a_firewall_that_inspects_stars_the_banner_out(self) -> None:
        assert f"220 {'*' * 78}," in the_file(a_world(a_server(bound), fault=PartnerFault.NOT_TLS)).text

    def test_sessions_of_two_queues_interleave_and_are_read_apart(self) -> None:
        second = replace(connector, name="Internet", guid="c5d0a7b1-6e28-4f93-b1d4-08a9e37f5c62")
        world = a_world(a_server(bound))
        world = replace(
            world,
            connectors=(*world.connectors, replace(second, sources=("EX01",))),
            queues=(*world.queues, replace(world.queues[0], number=9, connector="Internet")),
        )
        reading = read(world)
        assert {handshake.connector for handshake in reading.handshakes} == {connector.name, "Internet"}
        names = [row.split(",")[1] for row in the_file(world).text.splitlines()[5:]]
        changes = sum(one != other for one, other in pairwise(names))
        assert changes > 2

    def test_much_mail_leaves_in_two_sessions_at_once(self) -> None:
        assert len(read(a_world(a_server(bound), messages=80)).handshakes) == 2

    def test_ids_are_sixteen_digits_and_no_two_alike(self) -> None:
        ids = {session_id(number, NOW) for number in range(500)}
        assert len(ids) == 500
        assert {len(each) for each in ids} == {16}


class TestFiles:
    def test_the_header(self) -> None:
        lines = the_file(a_world()).text.splitlines()
        assert lines[:3] == [
            "#Software: Microsoft Exchange Server",
            "#Version: 15.0.0.0",
            "#Log-type: SMTP Send Protocol Log",
        ]
        # The first writing is later than the first row.
        assert lines[3] == "#Date: 2026-11-22T02:15:07.000Z"
        assert lines[4] == f"#Fields: {FIELDS}"

    @pytest.mark.parametrize(
        ("server", "path"),
        [
            (of_release("2010"), r"V14\TransportRoles\Logs\ProtocolLog\SmtpSend\SEND20261122-1.LOG"),
            (of_release("2013"), r"V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend\SEND20261122-1.LOG"),
            (of_release("2019"), r"V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend\SEND2026112202-1.LOG"),
            (a_server(role=Role.EDGE), r"V15\TransportRoles\Logs\Edge\ProtocolLog\SmtpSend\SEND2026112202-1.LOG"),
            (
                a_server(role=Role.EDGE, release="2010"),
                r"V14\TransportRoles\Logs\ProtocolLog\SmtpSend\SEND20261122-1.LOG",
            ),
        ],
    )
    def test_the_folder_and_the_name_by_version_and_role(self, server: Server, path: str) -> None:
        assert the_file(a_world(server)).path == rf"C:\Program Files\Microsoft\Exchange Server\{path}"

    def test_the_front_end_has_its_own_folder(self) -> None:
        file = the_file(a_world(connector=replace(connector, front_end_proxy=True)))
        assert r"\Logs\FrontEnd\ProtocolLog\SmtpSend" in file.path

    def test_a_path_that_was_set_counts(self) -> None:
        server = replace(a_server(), send_log_path=r"D:\Logs\Send", front_end_log_path=r"E:\Front")
        assert the_file(a_world(server)).path == r"D:\Logs\Send\SEND2026112202-1.LOG"
        assert log_folder(server, Component.FRONT_END) == r"E:\Front"

    @pytest.mark.parametrize(("release", "files"), [("2016", 2), ("2019", 4)])
    def test_a_new_day_or_hour_begins_a_new_file(self, release: str, files: int) -> None:
        late = replace(a_world(of_release(release)), now=NOW.replace(hour=22, minute=50))
        world = pass_time(late, timedelta(hours=2, minutes=30))
        paths = [PureWindowsPath(file.path).name for file in log_files(world)]
        assert len(paths) == files
        assert paths[-1].startswith("SEND20261123")

    def test_a_row_stands_there_only_after_the_delay(self) -> None:
        world = try_queue(a_world(), a_world().queues[0])
        assert not log_files(replace(world, now=NOW + 59 * timedelta(seconds=1)))
        assert "attempting to connect" in log_files(replace(world, now=NOW + MINUTES))[0].text
        assert "UnknownCredentials" not in log_files(replace(world, now=NOW + MINUTES))[0].text
        assert "UnknownCredentials" in log_files(replace(world, now=NOW + 2 * MINUTES))[0].text

    def test_a_restart_of_the_service_writes_what_it_held(self) -> None:
        world = try_queue(a_world(), a_world().queues[0])
        world = replace(world, now=NOW + timedelta(seconds=5))
        assert not log_files(world)
        restarted = world.with_server(replace(world.servers[0], written_until=world.now))
        assert "UnknownCredentials" in log_files(restarted)[0].text

    def test_and_not_what_came_after_it(self) -> None:
        world = replace(a_world(), now=NOW - MINUTES)
        world = world.with_server(replace(world.servers[0], written_until=world.now))
        world = replace(try_queue(replace(world, now=NOW), world.queues[0]), now=NOW + timedelta(seconds=5))
        assert not log_files(world)

    def test_the_front_end_s_own_restart_does_it_for_the_front_end(self) -> None:
        world = a_world(connector=replace(connector, front_end_proxy=True))
        world = replace(try_queue(world, world.queues[0]), now=NOW + timedelta(seconds=5))
        assert not log_files(world.with_server(replace(world.servers[0], written_until=world.now)))
        restarted = world.after(EventKind.SERVICE_RESTARTED, "EX01", "MSExchangeFrontEndTransport")
        assert "UnknownCredentials" in log_files(restarted)[0].text

    def test_without_verbose_logging_there_is_no_file(self) -> None:
        assert not written(a_world(connector=replace(connector, logging=LoggingLevel.NONE)))

    def test_each_server_has_its_own(self) -> None:
        world = a_world(a_server(), a_server(name="EX02", address="192.0.2.11"))
        assert [file.server for file in written(world)] == ["EX01", "EX02"]


def test_the_default_certificate_is_shown_where_the_connector_asks_for_none() -> None:
    nameless = replace(connector, tls_certificate_name="", fqdn="")
    handshake = the_handshake(a_world(connector=nameless))
    assert handshake.ours is not None
    assert handshake.ours.thumbprint == OWN
