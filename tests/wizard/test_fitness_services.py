"""What naming a service again does, and when it is told."""

from __future__ import annotations

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    OTHER,
    finding,
    ids,
    ready,
)
from tests.wizard.check_cases import named_in_the_log, smallest, stranger, with_list
from wizard.case.case import Place, StepId
from wizard.facts import ExchangeVersion, Service
from wizard.fitness import checks
from wizard.steps.command import bind_commands

S = StepId


class TestUnknownServices:
    @pytest.mark.parametrize(("printed", "shown"), [("IP.W..X", "X"), ("IIS, Fax", "Fax"), ("136", "128")])
    def test_are_shown_and_never_named_in_the_command(self, printed: str, shown: str) -> None:
        case = ready(printed)
        assert shown in finding(checks(case), "unknown-service").text
        named = bind_commands(case)[0].text.rpartition("-Services ")[2].partition(" ")[0].split(",")
        assert set(named) <= {service.value for service in Service}
        assert "unknown-service" not in ids(checks(ready("IIS")))


class TestNamingServicesAgain:
    def test_of_iis_warns_in_the_merged_form_alone(self) -> None:
        told = finding(checks(ready("IIS")), "iis-named-again")
        assert "Require SSL" in told.text
        assert "Back End" in told.text
        assert "iis-named-again" not in ids(checks(smallest(ready("IIS"))))
        assert "iis-named-again" not in ids(checks(ready("POP")))

    def test_of_iis_is_not_done_where_another_certificate_has_a_web_site(self) -> None:
        """Which has the Front End and which the Back End is not to be seen: naming IIS could take the Front End."""
        case = with_list(stranger(services="IIS, SMTP"), services="IIS, POP")
        told = finding(checks(case), "iis-of-another")
        assert OTHER in told.text
        assert "-Services SMTP,POP" in bind_commands(case)[0].text
        assert "iis-of-another" not in ids(checks(with_list(stranger(), services="IIS, POP")))

    @pytest.mark.parametrize(
        ("subject", "kind"),
        [
            ("CN=*.contoso.com, O=Contoso", "a wildcard (*.contoso.com)"),
            ("CN=EX01", "no full domain name (EX01)"),
            ("O=Contoso, CN=Contoso Mail", "no full domain name (Contoso Mail)"),
        ],
    )
    @pytest.mark.parametrize(
        ("services", "named"), [("POP", "POP"), ("IMAP, IIS", "IMAP"), ("IMAP, POP", "POP and IMAP")]
    )
    def test_of_pop_and_imap_warns_where_the_subject_does_not_fit(
        self, subject: str, kind: str, services: str, named: str
    ) -> None:
        told = finding(checks(ready(services, Subject=subject)), "pop-imap-name").text
        assert kind in told
        assert f"for {named} Exchange prints a warning" in told
        assert "Set-PopSettings" in told
        assert "pop-imap-name" not in ids(checks(smallest(ready(services, Subject=subject))))

    @pytest.mark.parametrize(
        ("services", "subject"),
        [
            ("POP", "CN=mail.contoso.com"),
            ("IIS", "CN=*.contoso.com"),
            ("POP", "O=Contoso"),
            ("POP", "CN=mail.conto..."),
        ],
    )
    def test_of_pop_and_imap_is_silent_where_it_fits_or_is_not_known(self, services: str, subject: str) -> None:
        assert "pop-imap-name" not in ids(checks(ready(services, Subject=subject)))

    def test_of_pop_looks_at_the_logs_subject_where_the_output_has_none(self) -> None:
        assert "pop-imap-name" in ids(checks(named_in_the_log("CN=*.contoso.com")))
        assert "pop-imap-name" not in ids(checks(named_in_the_log("CN=mail.contoso.com")))

    @pytest.mark.parametrize("service", ["UM", "UMCallRouter"])
    @pytest.mark.parametrize(
        ("version", "words"),
        [
            (ExchangeVersion.E2019_SE, "Exchange 2019 and SE have no Unified Messaging"),
            (ExchangeVersion.E2013_2016, "TLS or Dual"),
            (ExchangeVersion.E2010, "TLS or Dual"),
            (None, "TLS or Dual"),
            (None, "Exchange 2019 and SE have no Unified Messaging"),
        ],
    )
    def test_of_unified_messaging_warns_by_version(
        self, service: str, version: ExchangeVersion | None, words: str
    ) -> None:
        place = Place(version, edge=False) if version else None
        case = ready(service, cases.knowing(cases.with_connector(), place=place))
        assert words in finding(checks(case), "um-named-again").text
        assert "um-named-again" not in ids(checks(smallest(case)))
        assert ("2019" in finding(checks(case), "um-named-again").text) is (version in (None, ExchangeVersion.E2019_SE))
        assert "um-named-again" not in ids(checks(ready("IIS, POP, IMAP")))

    def test_of_federation_never_happens_and_that_is_said(self) -> None:
        case = ready("IIS, Federation")
        assert "never named" in finding(checks(case), "federation").text
        assert bind_commands(case)[0].text.endswith("-Services SMTP,IIS -Server 'EX01'")
        assert "federation" not in ids(checks(ready("IIS")))
        assert "federation" not in ids(checks(smallest(case)))

    def test_of_none_is_no_service(self) -> None:
        assert bind_commands(ready("None"))[0].text.endswith("-Services SMTP -Server 'EX01'")
        assert checks(ready("None")) == ()
