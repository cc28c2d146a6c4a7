"""Servers, their services, and the ways between them in practice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard.practice.organisation import DEFAULT, HOST, OWN, Ran, run, with_subscription, world
from wizard.practice.shell.session import files, opened
from wizard.practice.world import Component, LogRow, PartnerFault, World


def names(done: Ran) -> list[object]:
    return [each.get("Name") for each in done.objects]


class TestTransportServices:
    def test_of_every_mailbox_server(self) -> None:
        done = run(world(edge=True), "Get-TransportService")
        assert names(done) == ["EX1", "EX2"]
        assert str(done.objects[0].get("SendProtocolLogPath")).endswith(
            r"V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"
        )

    def test_on_an_edge_its_own(self) -> None:
        done = run(replace(world(edge=True), here="EDGE1"), "Get-TransportService")
        assert names(done) == ["EDGE1"]
        assert "\\Edge\\ProtocolLog\\" in str(done.objects[0].get("SendProtocolLogPath"))

    def test_2010_has_the_old_name(self) -> None:
        assert run(world("2010"), "Get-TransportService").errors[0].identifier == "CommandNotFoundException"
        assert run(world("2010"), "Get-FrontendTransportService").errors
        old = run(world("2010"), "Get-TransportServer")
        assert not old.warnings
        assert str(old.objects[0].get("SendProtocolLogPath")).endswith(r"V14\TransportRoles\Logs\ProtocolLog\SmtpSend")

    def test_the_old_name_still_works_later_with_a_warning(self) -> None:
        done = run(world(), "Get-TransportServer")
        assert names(done) == ["EX1", "EX2"]
        assert "will be removed" in done.warnings[0]

    def test_keep_mail_as_long_as_they_are_told(self) -> None:
        raised = run(world(), "Set-TransportService", Identity="EX2", MessageExpirationTimeout="4.00:00:00")
        services = run(raised.world, "Get-TransportService").objects
        assert [each.get("MessageExpirationTimeout") for each in services] == ["2.00:00:00", "4.00:00:00"]
        again = run(raised.world, "Set-TransportService", Identity="EX2", MessageExpirationTimeout="4.00:00:00")
        assert "no settings of 'EX2' have been modified" in again.warnings[0]
        assert run(world(), "Set-TransportService", Identity="EX2", MessageExpirationTimeout="long").errors
        assert run(world("2010"), "Set-TransportService", Identity="EX1").errors

    def test_the_front_end_writes_elsewhere(self) -> None:
        done = run(world(), "Get-FrontendTransportService", Identity="EX2")
        assert names(done) == ["EX2"]
        assert "\\FrontEnd\\" in str(done.objects[0].get("SendProtocolLogPath"))


def test_servers_with_their_roles() -> None:
    done = run(world(edge=True), "Get-ExchangeServer")
    assert [(str(each.get("Name")), str(each.get("ServerRole"))) for each in done.objects] == [
        ("EX1", "Mailbox"),
        ("EX2", "Mailbox"),
        ("EDGE1", "Edge"),
    ]


class TestGoingToAnotherServer:
    def test_and_back(self) -> None:
        there = run(world(edge=True), "Enter-PSSession", ComputerName="edge1")
        assert there.world.here == "EDGE1"
        assert "stands for signing in" in there.warnings[0]
        back = run(there.world, "Exit-PSSession")
        assert (back.world.here, back.world.home) == ("EX1", "")

    def test_over_a_third_leads_back_to_the_first(self) -> None:
        of = run(world(edge=True), "Enter-PSSession", ComputerName="EX2").world
        of = run(of, "Enter-PSSession", ComputerName="EDGE1").world
        assert run(of, "Exit-PSSession").world.here == "EX1"

    def test_not_to_one_that_does_not_answer(self) -> None:
        before = world()
        before = before.with_server(replace(before.servers[1], answers=False))
        assert "Connecting to remote server EX2 failed" in run(before, "Enter-PSSession", ComputerName="EX2").error


class TestWindowsServices:
    def test_by_a_wildcard(self) -> None:
        done = run(world(), "Get-Service", Name="MSExchangeT*")
        assert names(done) == ["MSExchangeTransport"]
        assert str(done.objects[0].get("Status")) == "Running"

    def test_one_that_is_not_there(self) -> None:
        assert run(world(), "Get-Service", Name="Spooler").error == (
            "Cannot find any service with service name 'Spooler'."
        )

    def test_a_restart_of_transport_writes_what_it_held_back(self) -> None:
        before = world()
        row = LogRow(before.now, "2026-11-22T21:40:00.000Z,x,08DE290000000001,0,,192.0.2.9:25,*,,attempting to connect")
        before = before.with_rows(("EX1", Component.HUB), [row])
        done = run(before, "Restart-Service", Name="MSExchangeTransport")
        assert not files(before)
        assert any(row.text in text for text in files(done.world).values())
        assert done.kinds(before) == ["SERVICE_RESTARTED"]


def test_web_sites_show_what_they_are_bound_to() -> None:
    done = run(world(), "Get-WebBinding", Name="exchange back end")
    assert [each.get("certificateHash") for each in done.objects] == [DEFAULT]
    assert {each.get("certificateHash") for each in run(world(), "Get-WebBinding").objects} == {OWN, DEFAULT}


class TestFiles:
    def with_row(self, name: str) -> World:
        of = world(edge=True)
        component = Component.EDGE if name == "EDGE1" else Component.HUB
        row = LogRow(of.now.replace(hour=20), "2026-11-22T20:40:00.000Z,x,08DE290000000001,0,,192.0.2.9:25,*,,x")
        return of.with_rows((name, component), [row])

    def test_stand_on_the_local_drive_and_in_its_share(self) -> None:
        assert sorted(path[:7] for path in files(self.with_row("EX1"))) == ["C:\\Prog", "\\\\EX1\\C", "\\\\ex1.c"]

    def test_of_another_server_stand_in_its_share_only(self) -> None:
        assert sorted(path[:7] for path in files(self.with_row("EX2"))) == ["\\\\EX2\\C", "\\\\ex2.c"]

    def test_of_an_edge_stand_on_itself(self) -> None:
        of = self.with_row("EDGE1")
        assert not files(of)
        assert any(path.startswith("C:") for path in files(replace(of, here="EDGE1")))


class TestPopAndImap:
    @pytest.mark.parametrize("word", ["Pop", "Imap"])
    def test_have_a_certificate_name_of_their_own(self, word: str) -> None:
        done = run(world(), f"Set-{word}Settings", X509CertificateName="mail.contoso.com")
        assert "restarted on server EX1" in done.warnings[0]
        after = run(done.world, f"Get-{word}Settings").objects[0]
        assert after.get("X509CertificateName") == "mail.contoso.com"
        assert run(done.world, f"Get-{word}Settings", Server="EX2").objects[0].get("X509CertificateName") == "EX2"


class TestEdgeSubscriptions:
    def broken(self) -> World:
        of = replace(with_subscription(world(edge=True)), here="EDGE1")
        return run(of, "Enable-ExchangeCertificate", ["Y"], Thumbprint=OWN, Services="SMTP").world

    def test_a_wrong_yes_on_the_edge_breaks_edgesync(self) -> None:
        inside = replace(self.broken(), here="EX1")
        assert str(run(inside, "Test-EdgeSynchronization").objects[0].get("SyncStatus")) == "Failed"
        assert str(run(inside, "Start-EdgeSynchronization").objects[0].get("Result")) == "CouldNotConnect"
        whole = with_subscription(world(edge=True))
        assert str(run(whole, "Test-EdgeSynchronization").objects[0].get("SyncStatus")) == "Normal"

    def test_the_subscription_made_again_mends_it(self) -> None:
        done = run(self.broken(), "New-EdgeSubscription", ["Y"], FileName="C:\\EDGE1.xml")
        assert done.world.subscriptions[0].trusted == OWN
        inside = replace(done.world, here="EX1")
        assert str(run(inside, "Test-EdgeSynchronization").objects[0].get("SyncStatus")) == "Normal"

    def test_the_previous_default_mends_it_as_well(self) -> None:
        done = run(self.broken(), "Enable-ExchangeCertificate", ["Y"], Thumbprint=DEFAULT, Services="SMTP")
        inside = replace(done.world, here="EX1")
        assert str(run(inside, "Test-EdgeSynchronization").objects[0].get("SyncStatus")) == "Normal"

    def test_it_is_made_on_the_edge(self) -> None:
        assert "on the Edge Transport server itself" in run(world(edge=True), "New-EdgeSubscription").error
        assert run(replace(world(edge=True), here="EDGE1"), "Get-EdgeSubscription").errors


class TestTheWayToTheOtherSide:
    def facing(self, fault: PartnerFault) -> World:
        of = world()
        return replace(of, partners=(replace(of.partners[0], fault=fault),))

    @pytest.mark.parametrize(
        ("fault", "succeeds"),
        [
            (PartnerFault.NONE, True),
            (PartnerFault.TIMES_OUT, False),
            (PartnerFault.REFUSES, False),
            (PartnerFault.STARTTLS_STRIPPED, True),
            (PartnerFault.NOT_TLS, True),
        ],
    )
    def test_a_connection_tells_a_closed_port_from_one_that_only_seems_so(
        self, fault: PartnerFault, succeeds: bool
    ) -> None:
        done = run(self.facing(fault), "Test-NetConnection", ComputerName=HOST, Port=25)
        assert done.objects[0].get("TcpTestSucceeded") is succeeds
        assert bool(done.warnings) is not succeeds

    def test_a_name_that_does_not_resolve(self) -> None:
        of = self.facing(PartnerFault.DNS)
        assert run(of, "Test-NetConnection", ComputerName=HOST, Port=25).warnings == [
            f"Name resolution of {HOST} failed"
        ]
        assert "DNS name does not exist" in run(of, "Resolve-DnsName", Name=HOST).error
        assert "Non-existent domain" in run(of, "nslookup", Name=HOST).error

    def test_a_name_that_does(self) -> None:
        assert run(world(), "Resolve-DnsName", Name=HOST).objects[0].get("IPAddress") == "198.51.100.25"
        assert "198.51.100.25" in run(world(), "nslookup", Name=HOST).said[0]

    @pytest.mark.parametrize("line", ["nslookup", "nslookup.exe"])
    def test_a_program_without_a_name_is_not_asked_for_one_as_a_cmdlet_is(self, line: str) -> None:
        printed = opened(world(), 120).enter(line)
        assert not printed.asking
        assert printed.text.startswith("nslookup alone goes on asking for names; the practice shell does not know that")


def test_a_console_opens_in_any_width() -> None:
    assert opened(world(), 60).world.console == 60
