"""Send connectors in practice, read and changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard.practice.organisation import GUID, ISSUER, OFFICE, Ran, run, with_subscription, world
from wizard.facts import LoggingLevel
from wizard.practice.shell.values import Flag, Value
from wizard.practice.world import World


def change(of: World, *answers: str, **parameters: Value) -> Ran:
    return run(of, "Set-SendConnector", answers, **{"Identity": OFFICE, **parameters})


class TestGet:
    @pytest.mark.parametrize("identity", [OFFICE, OFFICE.upper(), GUID])
    def test_by_name_or_guid(self, identity: str) -> None:
        assert run(world(), "Get-SendConnector", Identity=identity).objects[0].get("Name") == OFFICE

    def test_takes_no_wildcards(self) -> None:
        assert "object 'Outbound*' couldn't be found" in run(world(), "Get-SendConnector", Identity="Outbound*").error

    def test_2010_has_no_tls_certificate_name(self) -> None:
        assert "TlsCertificateName" not in run(world("2010"), "Get-SendConnector").objects[0].properties
        assert "TlsCertificateName" in run(world(), "Get-SendConnector").objects[0].properties

    def test_an_edge_knows_its_own_and_the_organization_those_of_subscribed_ones(self) -> None:
        of = world(edge=True)
        assert not run(of, "Get-SendConnector").values
        assert run(with_subscription(of), "Get-SendConnector").values
        assert run(replace(of, here="EDGE1"), "Get-SendConnector").values


class TestSet:
    def test_logging(self) -> None:
        before = world()
        done = change(before, ProtocolLoggingLevel="verbose")
        assert done.world.connectors[0].logging is LoggingLevel.VERBOSE
        assert done.kinds(before) == ["LOGGING_CHANGED"]
        assert run(done.world, "Get-SendConnector").objects[0].get("ProtocolLoggingLevel") == Flag("Verbose", 1)

    def test_what_stays_the_same_is_warned_of(self) -> None:
        done = change(world(), ProtocolLoggingLevel="None")
        assert "no settings of 'Outbound to Office 365' have been modified" in done.warnings[0]
        assert done.world == world()

    def test_everything_else(self) -> None:
        before = world()
        name = f"<I>{ISSUER}<S>CN=mail.contoso.com"
        done = change(
            before,
            TlsCertificateName=name,
            Fqdn="mail2.contoso.com",
            SourceTransportServers=("EX2", "ex1.corp.contoso.com"),
            Enabled=False,
            RequireTLS=False,
            SmartHosts=("relay.example.com",),
        )
        after = done.world.connectors[0]
        assert after.tls_certificate_name == name
        assert after.sources == ("EX2", "EX1")
        assert not after.enabled
        assert not after.require_tls
        assert after.smart_hosts == ("relay.example.com",)
        assert after.address_spaces == before.connectors[0].address_spaces
        assert done.kinds(before) == ["CONNECTOR_CHANGED", "TLS_WEAKENED"]

    def test_more_tls_is_only_a_change(self) -> None:
        less = change(world(), RequireTLS=False).world
        assert change(less, RequireTLS=True).kinds(less) == ["CONNECTOR_CHANGED"]

    def test_null_takes_the_certificate_name_away(self) -> None:
        named = change(world(), TlsCertificateName="<I>CN=a<S>CN=b").world
        assert change(named, TlsCertificateName=None).world.connectors[0].tls_certificate_name == ""

    def test_another_name_goes_with_its_queues(self) -> None:
        done = change(world(), Name="To the cloud")
        assert {queue.connector for queue in done.world.queues} == {"To the cloud"}

    @pytest.mark.parametrize(
        "wrong",
        [
            {"ProtocolLoggingLevel": "High"},
            {"TlsCertificateName": "CN=mail.contoso.com"},
            {"SourceTransportServers": ("EX9",)},
            {"RequireTLS": "yes"},
            {"TlsAuthLevel": "Strict"},
        ],
    )
    def test_wrong_values_are_refused(self, wrong: dict[str, Value]) -> None:
        done = change(world(), **wrong)
        assert done.error
        assert done.world == world()

    def test_on_a_subscribed_edge_it_is_for_the_mailbox_side(self) -> None:
        edge = with_subscription(world(edge=True))
        there = change(replace(edge, here="EDGE1"), ProtocolLoggingLevel="Verbose")
        assert "changed on a Mailbox server" in there.error
        assert not change(edge, ProtocolLoggingLevel="Verbose").errors
        assert not change(replace(world(edge=True), here="EDGE1"), ProtocolLoggingLevel="Verbose").errors

    def test_what_if_and_confirm(self) -> None:
        assert change(world(), ProtocolLoggingLevel="Verbose", WhatIf=True).world == world()
        assert change(world(), "N", ProtocolLoggingLevel="Verbose", Confirm=True).world == world()
