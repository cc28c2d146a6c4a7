"""What is in a server's store, as Get-ExchangeCertificate shows it, and what comes into it and goes out of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard.practice.organisation import DEFAULT, ISSUER, NOW, OWN, STALE, Ran, run, third_party, world
from wizard.practice.shell.values import Flag
from wizard.practice.world import World


def get(of: World, **parameters: str) -> Ran:
    return run(of, "Get-ExchangeCertificate", **parameters)


def thumbprints(done: Ran) -> list[object]:
    return [each.get("Thumbprint") for each in done.objects]


class TestGet:
    def test_all_of_the_local_server(self) -> None:
        assert thumbprints(get(world())) == [OWN, DEFAULT]

    def test_one_by_its_thumbprint_in_any_case(self) -> None:
        assert thumbprints(get(world(), Thumbprint=OWN.lower())) == [OWN]

    def test_one_that_is_not_there(self) -> None:
        done = get(world(), Thumbprint=STALE, Server="EX2")
        assert done.error == (
            f"A special Rpc error occurs on server EX2: The certificate with thumbprint {STALE} was not found."
        )
        assert not done.values

    def test_an_identity_that_is_not_there_returns_all(self) -> None:
        assert thumbprints(get(world(), Identity=f"EX2\\{STALE}")) == [OWN, DEFAULT]

    def test_an_identity_may_stand_first_without_its_name(self) -> None:
        assert get(world(), Thumbprint=f"EX2\\{OWN}").objects[0].get("Identity") == f"ex2.corp.contoso.com\\{OWN}"

    @pytest.mark.parametrize("name", ["mail.contoso.com", "MAIL.contoso.com"])
    def test_by_a_name_they_carry(self, name: str) -> None:
        assert thumbprints(get(world(), DomainName=name)) == [OWN]

    def test_iis_is_shown_by_the_web_sites_bindings(self) -> None:
        own, default = get(world()).objects
        assert own.get("Services") == Flag("IMAP, POP, IIS", 11)
        assert default.get("Services") == Flag("IIS, SMTP", 24)

    @pytest.mark.parametrize(
        ("release", "letters"), [("2010", "IP.W.."), ("2013", "IP.W..."), ("2019", "IP.W..."), ("SE", "IP.W..")]
    )
    def test_the_letters_have_six_or_seven_places(self, release: str, letters: str) -> None:
        assert get(world(release)).objects[0].get("ServicesStringForm") == letters

    def test_one_outside_its_dates_says_so(self) -> None:
        later = replace(world(), now=third_party().not_after.replace(year=2028))
        assert get(later).objects[0].get("Status") == Flag("DateInvalid")

    def test_access_rules_show_whether_network_service_may_read_the_key(self) -> None:
        own, default = get(world()).objects
        readers = [
            [rule.get("IdentityReference") for rule in rules if not isinstance(rule, str)]  # type: ignore[union-attr]
            for rules in (own.get("AccessRules"), default.get("AccessRules"))
            if isinstance(rules, tuple)
        ]
        assert "NT AUTHORITY\\NETWORK SERVICE" not in readers[0]
        assert "NT AUTHORITY\\NETWORK SERVICE" in readers[1]

    def test_a_server_nobody_has(self) -> None:
        assert get(world(), Server="EX9").error == (
            "The operation couldn't be performed because object 'EX9' couldn't be found on 'DC01.corp.contoso.com'."
        )


class TestRemove:
    def remove(self, of: World, *answers: str, thumbprint: str = OWN) -> Ran:
        return run(of, "Remove-ExchangeCertificate", answers, Thumbprint=thumbprint)

    def test_asks_first(self) -> None:
        done = self.remove(world(), "Y")
        assert done.questions[0].message.endswith(
            f"Remove certificate with thumbprint {OWN} from the computer's certificate store?"
        )
        assert thumbprints(get(done.world)) == [DEFAULT]
        assert self.remove(world(), "N").world == world()

    def test_a_web_site_bound_to_it_has_none_then(self) -> None:
        after = self.remove(world(), "Y").world.server("EX1")
        assert after is not None
        assert after.iis_front_end == ""

    def test_not_the_default(self) -> None:
        done = self.remove(world(), "Y", thumbprint=DEFAULT)
        assert "The internal transport certificate cannot be removed" in done.error
        assert done.world == world()

    def test_not_one_that_a_connector_names(self) -> None:
        before = world()
        name = f"<I>{ISSUER}<S>{third_party().subject}"
        before = before.with_connector(replace(before.connectors[0], tls_certificate_name=name))
        done = self.remove(before, "Y")
        assert "tagged with following Send Connectors : Outbound to Office 365." in done.error
        assert done.world == before


class TestNew:
    def test_is_self_signed_for_the_server_and_asks_about_the_default(self) -> None:
        before = world()
        done = run(before, "New-ExchangeCertificate", ["Y"])
        made = done.objects[0]
        assert made.get("IsSelfSigned") is True
        assert made.get("CertificateDomains") == ("EX1", "ex1.corp.contoso.com")
        after = done.world.server("EX1")
        assert after is not None
        assert after.default_smtp == made.get("Thumbprint")
        assert made.get("NotBefore") == NOW

    def test_no_keeps_the_default(self) -> None:
        after = run(world(), "New-ExchangeCertificate", ["N"]).world.server("EX1")
        assert after is not None
        assert after.default_smtp == DEFAULT
        assert len(after.certificates) == 3

    def test_requests_are_not_made(self) -> None:
        done = run(world(), "New-ExchangeCertificate", GenerateRequest=True)
        assert "practice shell makes no certificate requests" in done.error


def test_import_says_that_there_is_nothing_to_import() -> None:
    done = run(world(), "Import-ExchangeCertificate", FileName="C:\\certificate.pfx")
    assert "nothing to import" in done.said[0]
    assert done.world == world()
