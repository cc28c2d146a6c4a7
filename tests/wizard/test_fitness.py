"""Each check of a certificate, with evidence that triggers it and evidence that nearly does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    ISSUER,
    OTHER,
    OURS,
    SUBJECT,
    certificate_list,
    commands_everywhere,
    failing,
    finding,
    given,
    ids,
    ready,
)
from wizard.case import Case, Place, StepId, Variant
from wizard.composed import bind_commands
from wizard.facts import Service
from wizard.findings import Level
from wizard.fitness import blocked, checks, common_name, iso_date
from wizard.logfolders import ExchangeVersion

S = StepId


def smallest(case: Case) -> Case:
    return replace(case, variant=Variant.SMALLEST)


def named_in_the_log(subject: str) -> Case:
    """A case whose output shows Thumbprint and Services alone, so that the subject is the log's."""
    case = given(cases.with_connector(), S.LOG, failing(subject=subject))
    return given(case, S.SERVICES, cases.listed(Thumbprint=OURS, Services="IIS, POP, IMAP"))


class TestAllChecks:
    def test_have_nothing_to_say_about_a_sound_certificate_without_services(self) -> None:
        assert checks(ready("None")) == ()

    def test_wait_for_the_services(self) -> None:
        assert checks(cases.with_connector()) == ()
        assert not blocked(Case())

    def test_come_with_the_gravest_first(self) -> None:
        levels = [each.level for each in checks(ready("IIS, Federation", HasPrivateKey="False"))]
        assert levels == sorted(levels, key=[Level.BLOCK, Level.WARN, Level.INFO, Level.GOOD].index)
        assert levels[0] is Level.BLOCK

    @pytest.mark.parametrize(
        "properties",
        [
            {"HasPrivateKey": "False"},
            {"Status": "Revoked"},
            {"NotAfter": "2026-11-21T00:00:00Z"},
            {"Subject": "CN=WMSvc-SHA2-EX01"},
        ],
    )
    def test_that_stop_leave_no_binding_line_anywhere(self, properties: dict[str, str]) -> None:
        case = given(ready(), S.SERVICES, certificate_list("IIS, POP", **properties))
        assert blocked(case)
        assert bind_commands(case) == ()
        assert not [command for command in commands_everywhere(case) if command.startswith("Enable-")]


class TestThePrivateKey:
    def test_that_is_missing_stops_and_names_the_other_article(self) -> None:
        told = finding(checks(ready(HasPrivateKey="False")), "no-private-key")
        assert told.level is Level.BLOCK
        assert "import it again with its key" in told.text
        assert told.source == "KB 4495258"

    def test_that_is_not_shown_is_not_called_missing(self) -> None:
        assert "no-private-key" not in ids(checks(ready(HasPrivateKey="")))

    def test_confirms_a_certificate_that_no_header_row_called_ours(self) -> None:
        assert finding(checks(ready(log=failing(header=""))), "confirmed-ours").level is Level.GOOD
        assert "confirmed-ours" not in ids(checks(ready()))
        assert "confirmed-ours" not in ids(checks(ready(log=failing(header=""), HasPrivateKey="")))


class TestTheOwner:
    @pytest.mark.parametrize(
        "subject",
        [
            "CN=WMSvc-EX01",
            "CN=Microsoft Exchange Server Auth Certificate",
            "CN=Federation",
            "CN=MS-Organization-P2P-Access [2026]",
            "O=Contoso, CN=federation",
        ],
    )
    def test_that_is_windows_or_exchange_itself_stops(self, subject: str) -> None:
        told = finding(checks(ready("SMTP", Subject=subject)), "not-a-mail-certificate")
        assert told.level is Level.BLOCK
        assert "Go back to the log" in told.text

    @pytest.mark.parametrize(
        "subject", ["CN=federation.contoso.com", "CN=wmsvc.contoso.com", "CN=mail.contoso.com, OU=Federation"]
    )
    def test_of_a_like_name_is_the_user(self, subject: str) -> None:
        assert "not-a-mail-certificate" not in ids(checks(ready(Subject=subject)))

    def test_is_told_by_the_log_where_the_output_has_no_subject(self) -> None:
        assert "not-a-mail-certificate" in ids(checks(named_in_the_log("CN=WMSvc-EX01")))

    def test_may_be_told_by_the_issuer(self) -> None:
        case = ready(Subject="CN=3c0d, DC=17aa", Issuer="CN=MS-Organization-P2P-Access [2026]")
        assert "not-a-mail-certificate" in ids(checks(case))


class TestTheStatus:
    @pytest.mark.parametrize(
        ("status", "level"),
        [
            ("DateInvalid", Level.BLOCK),
            ("Revoked", Level.BLOCK),
            ("Invalid", Level.BLOCK),
            ("PendingRequest", Level.BLOCK),
            ("Untrusted", Level.WARN),
            ("RevocationCheckFailure", Level.INFO),
            ("Valid", None),
            ("Unknown", None),
            ("", None),
        ],
    )
    def test_weighs_what_exchange_says(self, status: str, level: Level | None) -> None:
        found = [each for each in checks(ready("None", Status=status)) if each.id == "status"]
        assert [each.level for each in found] == ([level] if level else [])
        assert all(status in each.text for each in found)


class TestTheDates:
    @pytest.mark.parametrize(
        ("not_after", "expected"),
        [
            ("2026-11-22T02:59:59.0000000Z", "expired"),
            ("2026-11-22T03:30:00.0000000+01:00", "expired"),
            ("2026-11-22T03:00:01Z", "expires-soon"),
            ("2026-12-05T00:00:00Z", "expires-soon"),
            ("2026-12-07T00:00:00Z", ""),
            ("2/3/2024 5:59:59 PM", ""),
            ("03.02.2024 04:22:23", ""),
            ("2024-02-03", ""),
            ("", ""),
        ],
    )
    def test_count_only_where_they_can_be_read_in_one_way(self, not_after: str, expected: str) -> None:
        found = ids(checks(ready("None", NotAfter=not_after))) & {"expired", "expires-soon"}
        assert found == ({expected} if expected else set())

    def test_are_taken_from_the_dated_log_where_the_output_has_none(self) -> None:
        context = "Sending certificate Subject Issuer name Serial number Thumbprint Not before Not after"
        values = (
            f" {SUBJECT} {ISSUER} {cases.SERIAL} {OURS} 2024-01-01T00:00:00.000Z 2025-01-01T00:00:00.000Z a.example"
        )
        failure = ("*", "", "TLS negotiation failed with error UnknownCredentials")
        log = cases.session([("*", values, f"{context} Subject alternate names"), failure])
        assert "2025-01-01" in finding(checks(ready(log=log, NotAfter="1/1/2025")), "expired").text

    def test_are_measured_against_the_opening_of_the_case(self) -> None:
        late = cases.opened_at(ready("None"), datetime(2028, 1, 1, tzinfo=UTC))
        assert "expired" in ids(checks(late))

    def test_stop_before_the_certificate_is_valid(self) -> None:
        assert finding(checks(ready(NotBefore="2027-01-01T00:00:00Z")), "not-yet-valid").level is Level.BLOCK
        assert "not-yet-valid" not in ids(checks(ready(NotBefore="2026-01-01T00:00:00Z")))

    @pytest.mark.parametrize(
        ("text", "date"),
        [
            ("2027-09-30T23:59:59.0000000Z", datetime(2027, 9, 30, 23, 59, 59, tzinfo=UTC)),
            ("2027-09-30T23:59:59", datetime(2027, 9, 30, 23, 59, 59, tzinfo=UTC)),
            ("2027-09-30T23:59:59+02:00", datetime(2027, 9, 30, 23, 59, 59, tzinfo=timezone(timedelta(hours=2)))),
            ("2027-13-30T23:59:59Z", None),
            ("9/30/2027 11:59:59 PM", None),
            ("", None),
        ],
    )
    def test_in_iso_8601_are_read_and_no_others(self, text: str, date: datetime | None) -> None:
        assert iso_date(text) == date


class TestTheIssuer:
    def test_that_is_the_certificate_itself_is_worth_a_warning(self) -> None:
        assert finding(checks(ready(IsSelfSigned="True")), "self-signed").level is Level.WARN
        assert "self-signed" not in ids(checks(ready(IsSelfSigned="False")))

    def test_is_not_judged_by_the_root_alone(self) -> None:
        assert checks(ready("None", RootCAType="Registry")) == ()


class TestSmtpThatIsThereAlready:
    def test_is_not_the_cause_and_other_causes_are_named(self) -> None:
        told = finding(checks(ready("IIS, SMTP")), "smtp-already-assigned")
        assert "lost permission" in told.text
        assert "two certificates" in told.text
        assert "smtp-already-assigned" not in ids(checks(ready("IIS")))


class TestServicesWithoutThumbprint:
    def test_are_marked_as_unproven(self) -> None:
        case = given(given(cases.named(), S.LOG, failing()), S.SERVICES, "Services\n--------\nIIS, POP\n")
        assert finding(checks(case), "services-without-thumbprint").level is Level.WARN
        assert "services-without-thumbprint" not in ids(checks(ready()))


class TestUnknownServices:
    @pytest.mark.parametrize(("printed", "shown"), [("IP.W..X", "X"), ("IIS, Fax", "Fax"), ("72", "64")])
    def test_are_shown_and_never_named_in_the_command(self, printed: str, shown: str) -> None:
        case = ready(printed)
        assert shown in finding(checks(case), "unknown-service").text
        named = bind_commands(case)[0].text.rpartition(" ")[2].split(",")
        assert set(named) <= {service.value for service in Service}
        assert "unknown-service" not in ids(checks(ready("IIS")))


class TestNamingServicesAgain:
    def test_of_iis_warns_in_the_merged_form_alone(self) -> None:
        told = finding(checks(ready("IIS")), "iis-named-again")
        assert "Require SSL" in told.text
        assert "Back End" in told.text
        assert "iis-named-again" not in ids(checks(smallest(ready("IIS"))))
        assert "iis-named-again" not in ids(checks(ready("POP")))

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
        ],
    )
    def test_of_unified_messaging_warns_by_version(
        self, service: str, version: ExchangeVersion | None, words: str
    ) -> None:
        place = Place(version, edge=False) if version else None
        case = ready(service, replace(cases.with_connector(), place=place))
        assert words in finding(checks(case), "um-named-again").text
        assert "um-named-again" not in ids(checks(smallest(case)))
        assert "um-named-again" not in ids(checks(ready("IIS, POP, IMAP")))

    def test_of_federation_never_happens_and_that_is_said(self) -> None:
        case = ready("IIS, Federation")
        assert "never named" in finding(checks(case), "federation").text
        assert bind_commands(case)[0].text.endswith("-Services SMTP,IIS")
        assert "federation" not in ids(checks(ready("IIS")))


class TestTheConnectorsCertificate:
    def test_that_is_this_one_needs_no_word(self) -> None:
        wanted = f"<I>{ISSUER}<S>{SUBJECT}"
        assert "tls-certificate-name" not in ids(checks(ready(case=cases.with_connector(TlsCertificateName=wanted))))

    def test_may_be_printed_with_other_blanks_and_quotes(self) -> None:
        wanted = f"<I>{ISSUER.replace(chr(34), '')}<S>{SUBJECT.replace(', ', ',')}"
        assert "tls-certificate-name" not in ids(checks(ready(case=cases.with_connector(TlsCertificateName=wanted))))

    @pytest.mark.parametrize(
        ("wanted", "what"),
        [
            (f"<I>{ISSUER}<S>CN=old.contoso.com, O=Contoso Ltd", "another subject: CN=old.contoso.com"),
            (f"<I>CN=Northwind CA 2<S>{SUBJECT}", "another issuer: CN=Northwind CA 2"),
        ],
    )
    def test_under_other_names_is_told_apart(self, wanted: str, what: str) -> None:
        told = finding(checks(ready(case=cases.with_connector(TlsCertificateName=wanted))), "tls-certificate-name")
        assert what in told.text
        assert told.level is Level.WARN

    def test_is_not_judged_by_a_value_that_was_cut_or_that_has_no_names(self) -> None:
        for wanted in (f"<I>{ISSUER}<S>CN=ma...", f"<I>{ISSUER}<S>CN=ma\u2026", "mail.contoso.com", ""):
            case = ready(case=cases.with_connector(TlsCertificateName=wanted))
            assert "tls-certificate-name" not in ids(checks(case)), wanted


class TestTwins:
    def test_on_one_server_are_a_cause_of_their_own(self) -> None:
        case = given(ready(), S.SERVICES, certificate_list() + certificate_list("SMTP", OTHER))
        told = finding(checks(case), "same-names")
        assert told.text.startswith("2 certificates on this server")
        assert OTHER in told.lines[0].text

    @pytest.mark.parametrize(
        "properties", [{"Subject": "CN=smtp.contoso.com"}, {"Issuer": "CN=Northwind CA 2"}, {"Subject": "CN=mail..."}]
    )
    def test_differ_in_neither_name(self, properties: dict[str, str]) -> None:
        text = certificate_list() + certificate_list("SMTP", OTHER, **properties)
        assert "same-names" not in ids(checks(given(ready(), S.SERVICES, text)))


class TestTheFailingConnector:
    def test_that_is_another_one_is_named(self) -> None:
        case = replace(given(cases.named("Internet"), S.LOG, failing()), thumbprint=OURS)
        case = given(case, S.SERVICES, certificate_list())
        assert f"for {CONNECTOR}, not for Internet" in finding(checks(case), "other-connector").text

    def test_is_not_asked_after_while_none_is_chosen(self) -> None:
        assert "other-connector" not in ids(checks(ready(case=Case(opened=cases.NIGHT))))
        assert "other-connector" not in ids(checks(ready(case=cases.named(CONNECTOR.upper()))))


class TestTheServers:
    def test_that_are_several_are_named(self) -> None:
        case = ready(case=cases.with_connector(servers="{EX01, EX02}"))
        assert "sends from EX01, EX02. " in finding(checks(case), "several-servers").text
        assert "several-servers" not in ids(checks(ready()))

    def test_of_which_the_list_is_cut_are_more_than_shown(self) -> None:
        case = ready(case=cases.with_connector(servers="{EX01, EX02, EX03, EX04...}"))
        assert "and more, for the list is cut" in finding(checks(case), "several-servers").text

    def test_on_the_edge_make_the_answer_n_essential(self) -> None:
        at_the_edge = replace(cases.with_connector(), place=Place(ExchangeVersion.E2019_SE, edge=True))
        told = finding(checks(ready(case=at_the_edge)), "edge")
        assert "the answer N is essential" in told.text
        assert "subscription has to be made again" in told.text
        assert "edge" not in ids(checks(ready()))


class TestTheCommonName:
    @pytest.mark.parametrize(
        ("subject", "name"),
        [
            (SUBJECT, "mail.contoso.com"),
            ("O=Contoso, cn = mail.contoso.com , C=GB", "mail.contoso.com"),
            ('CN="Contoso, Ltd", C=GB', "Contoso"),
            ("CN=mail.contoso.com + OU=IT", "mail.contoso.com"),
            ("OU=ACN=x, O=Contoso", ""),
            ("", ""),
        ],
    )
    def test_is_the_first_of_the_subject(self, subject: str, name: str) -> None:
        assert common_name(subject) == name
