"""Enable-ExchangeCertificate in practice does what it does in Exchange, its question and its consequences included."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard.practice.organisation import DEFAULT, OWN, STALE, Ran, run, third_party, with_subscription, world
from wizard.facts import Service
from wizard.practice.shell.values import Value
from wizard.practice.world import Server, World
from wizard.reading.prompt import read_prompts
from wizard.reading.text import clean


def enable(of: World, *answers: str, services: Value = "SMTP", **more: Value) -> Ran:
    more = {"Thumbprint": OWN, **more} if "Identity" not in more else more
    return run(of, "Enable-ExchangeCertificate", answers, Services=services, **more)


def ex1(of: Ran | World) -> Server:
    found = (of.world if isinstance(of, Ran) else of).server("EX1")
    assert found is not None
    return found


def services(of: Ran, thumbprint: str = OWN) -> set[Service]:
    certificate = ex1(of).certificate(thumbprint)
    assert certificate is not None
    return set(ex1(of).services(certificate))


class TestTheQuestion:
    def test_is_asked_word_for_word_with_both_certificates(self) -> None:
        done = enable(world(), "N")
        assert done.questions[0].caption == "Confirm"
        assert done.questions[0].message == (
            "Overwrite the existing default SMTP certificate?\n\n"
            f"Current certificate: '{DEFAULT}' (expires 3/18/2030 8:41:26 AM)\n"
            f"Replace it with certificate: '{OWN}' (expires 5/3/2027 11:59:59 PM)"
        )

    @pytest.mark.parametrize("release", ["2010", "2013", "SE"])
    def test_is_read_by_the_wizard(self, release: str) -> None:
        done = enable(world(release), "N")
        asked = read_prompts(clean(done.questions[0].message)).facts[0]
        assert (asked.current, asked.replacement) == (DEFAULT, OWN)
        assert asked.replacement_expires == "5/3/2027 11:59:59 PM"

    def test_is_answered_yes_by_a_bare_enter(self) -> None:
        assert enable(world(), "N").questions[0].default == "Y"

    @pytest.mark.parametrize("answer", ["N", "L"])
    def test_no_keeps_the_default_and_enables_smtp_all_the_same(self, answer: str) -> None:
        before = world()
        done = enable(before, answer)
        assert ex1(done).default_smtp == DEFAULT
        assert services(done) == {Service.SMTP, Service.IIS, Service.POP, Service.IMAP}
        assert done.kinds(before) == ["SERVICES_ADDED", "KEY_ACCESS_GIVEN", "DEFAULT_KEPT"]

    @pytest.mark.parametrize("answer", ["Y", "A"])
    def test_yes_makes_the_certificate_the_default(self, answer: str) -> None:
        before = world()
        done = enable(before, answer)
        assert ex1(done).default_smtp == OWN
        assert done.kinds(before) == ["SERVICES_ADDED", "KEY_ACCESS_GIVEN", "DEFAULT_REPLACED"]

    def test_a_wrong_yes_is_undone_by_the_previous_certificate_and_yes(self) -> None:
        done = enable(enable(world(), "Y").world, "Y", Thumbprint=DEFAULT)
        assert ex1(done).default_smtp == DEFAULT
        assert Service.SMTP in services(done, OWN)

    def test_force_answers_yes_in_silence(self) -> None:
        before = world()
        done = enable(before, Force=True)
        assert ex1(done).default_smtp == OWN
        assert not done.questions
        assert {"FORCED", "DEFAULT_REPLACED"} <= set(done.kinds(before))

    def test_is_not_asked_without_smtp(self) -> None:
        assert not enable(world(), services=("POP", "IMAP")).questions

    def test_is_not_asked_for_the_default_itself(self) -> None:
        assert not enable(world(), Thumbprint=DEFAULT).questions

    def test_is_asked_again_for_one_that_has_smtp_already(self) -> None:
        assert len(enable(enable(world(), "N").world, "N").questions) == 1


class TestServices:
    @pytest.mark.parametrize("written", ["smtp,iis,pop", ("SMTP", "iis", "POP")])
    def test_are_named_as_a_list_or_as_one_text(self, written: Value) -> None:
        assert services(enable(world(), "N", services=written)) == {
            Service.SMTP,
            Service.IIS,
            Service.POP,
            Service.IMAP,
        }

    def test_are_only_added(self) -> None:
        assert services(enable(world(), "N")) >= {Service.POP, Service.IMAP, Service.IIS}

    def test_smtp_gives_network_service_the_key(self) -> None:
        certificate = ex1(enable(world(), "N")).certificate(OWN)
        assert certificate is not None
        assert certificate.key_readable

    def test_network_service_allowed_is_the_grant_that_smtp_is_shown_by(self) -> None:
        done = enable(world(), services="POP", NetworkServiceAllowed=True)
        certificate = ex1(done).certificate(OWN)
        assert certificate is not None
        assert certificate.key_readable
        assert Service.SMTP in services(done)

    @pytest.mark.parametrize("named", ["Federation", "None", "FTP"])
    def test_some_are_refused_and_nothing_changes(self, named: str) -> None:
        before = world()
        done = enable(before, services=named)
        assert done.error
        assert done.world == before

    @pytest.mark.parametrize(
        ("release", "mode", "allowed"),
        [("2016", "TCP", False), ("2016", "TLS", True), ("2013", "Dual", True), ("2019", "Dual", False)],
    )
    def test_unified_messaging_needs_its_mode_and_its_release(self, release: str, mode: str, allowed: bool) -> None:
        before = world(release)
        before = before.with_server(replace(ex1(before), um_startup=mode))
        done = enable(before, services="UM")
        assert (not done.errors) == allowed
        assert (Service.UM in services(done)) == allowed

    def test_a_wildcard_is_not_added_to_pop_and_imap_but_warned_of(self) -> None:
        before = world()
        wildcard = replace(third_party(STALE, "*.contoso.com"), services=frozenset())
        before = before.with_server(ex1(before).with_certificate(wildcard))
        done = enable(before, "N", services=("SMTP", "POP", "IMAP"), Thumbprint=STALE)
        assert services(done, STALE) == {Service.SMTP}
        assert [warning.partition("Use command ")[2][:16] for warning in done.warnings] == [
            "Set-POPSettings ",
            "Set-IMAPSettings",
        ]


class TestTheWebSite:
    def test_iis_binds_the_front_end_and_requires_ssl(self) -> None:
        before = world()
        done = enable(before, services="IIS", Thumbprint=DEFAULT)
        assert ex1(done).iis_front_end == DEFAULT
        assert ex1(done).require_ssl
        assert {"IIS_REBOUND", "SSL_REQUIRED"} <= set(done.kinds(before))

    def test_require_ssl_can_be_left_as_it_is(self) -> None:
        before = world()
        done = enable(before, services="IIS", DoNotRequireSsl=True)
        assert not ex1(done).require_ssl
        assert not done.kinds(before)


class TestErrors:
    def test_a_thumbprint_that_is_not_there(self) -> None:
        assert enable(world(), Thumbprint=STALE).error == (
            f"A special Rpc error occurs on server EX1: The certificate with thumbprint {STALE} was not found."
        )

    def test_no_private_key(self) -> None:
        before = world()
        before = before.with_server(ex1(before).with_certificate(replace(third_party(), has_private_key=False)))
        done = enable(before)
        assert "is not valid for use with Exchange Server (reason: PrivateKeyMissing)." in done.error
        assert done.world == before

    def test_server_does_not_go_with_identity(self) -> None:
        assert enable(world(), Identity=f"EX1\\{OWN}", Server="EX1").error.startswith(
            "Parameter set cannot be resolved"
        )

    def test_identity_is_not_known_in_2010(self) -> None:
        assert "parameter name 'Identity'" in enable(world("2010"), Identity=f"EX1\\{OWN}").error

    def test_a_server_that_does_not_answer(self) -> None:
        before = world()
        before = before.with_server(replace(before.servers[1], answers=False))
        done = enable(before, Server="EX2")
        assert done.error.startswith("A special Rpc error occurs on server EX2: ")
        assert done.world == before

    def test_an_edge_is_reached_from_nowhere_but_itself(self) -> None:
        before = with_subscription(world(edge=True))
        assert enable(before, Server="EDGE1").error
        assert not enable(replace(before, here="EDGE1"), "N", Server="EDGE1").errors


class TestWhere:
    def test_another_server_is_named(self) -> None:
        before = world()
        done = enable(before, "N", Server="ex2.corp.contoso.com")
        assert done.world.server("EX1") == before.server("EX1")
        assert done.world.server("EX2") != before.server("EX2")

    def test_identity_names_server_and_certificate(self) -> None:
        before = world()
        done = enable(before, "N", Identity=f"EX2\\{OWN}")
        assert done.world.server("EX2") != before.server("EX2")


def test_what_if_changes_nothing() -> None:
    before = world()
    done = enable(before, WhatIf=True)
    assert done.said[0].startswith("What if: ")
    assert done.world == before


@pytest.mark.parametrize("given", [{}, {"Thumbprint": DEFAULT}, {"services": "IIS"}])
def test_what_if_asks_nothing_and_warns_of_nothing(given: dict[str, str]) -> None:
    done = enable(world(), WhatIf=True, **given)
    assert (done.questions, done.warnings) == ([], [])


def test_confirm_asks_before_the_question_of_the_default() -> None:
    done = enable(world(), "Y", "N", Confirm=True)
    assert done.questions[0].message.startswith("Are you sure you want to perform this action?")
    assert done.questions[1].message.startswith("Overwrite")
    assert enable(world(), "N", Confirm=True).world == world()
