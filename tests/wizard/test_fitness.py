"""Whether the certificate itself may be bound, and what is told of it first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    ISSUER,
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
from tests.wizard.check_cases import KEYLESS, named_in_the_log, refused, stranger, twin, with_list
from wizard.case.case import Case, StepId
from wizard.findings import Level
from wizard.fitness import blocked, checks, common_name, iso_date
from wizard.steps.command import bind_commands

S = StepId


class TestAllChecks:
    def test_have_nothing_to_say_about_a_sound_certificate_without_services(self) -> None:
        assert checks(ready("None")) == ()

    def test_wait_for_the_services_but_for_what_speaks_against_the_thumbprint_itself(self) -> None:
        assert checks(cases.with_connector()) == ()
        assert not blocked(Case())
        case = given(cases.with_connector(), S.LOG, failing())
        assert checks(case) == ()
        assert ids(checks(refused(case, stranger() + stranger(cases.DEFAULT)))) == {"not-on-this-server"}

    def test_of_the_certificate_are_none_where_its_services_are_not_shown(self) -> None:
        keyless = replace(ready(HasPrivateKey="False").now.certificates[0], services=None)
        assert checks(cases.knowing(ready(), certificates=(keyless,))) == ()

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

    def test_is_missing_by_the_error_until_an_output_shows_it(self) -> None:
        case = refused(ready(HasPrivateKey=""), KEYLESS, S.PROMPT)
        told = finding(checks(case), "no-private-key")
        assert "PrivateKeyMissing" in told.text
        assert any("PrivateKeyMissing" in line.text for line in told.lines)
        assert "no-private-key" not in ids(checks(given(case, S.SERVICES, certificate_list())))
        finding(checks(given(case, S.SERVICES, certificate_list(HasPrivateKey="False"))), "no-private-key")

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

    def test_is_told_by_the_log_where_a_table_has_cut_the_subject(self) -> None:
        case = given(cases.with_connector(), S.LOG, failing(subject="CN=WMSvc-EX01"))
        case = given(case, S.SERVICES, certificate_list(Subject="CN=WM..."))
        assert "not-a-mail-certificate" in ids(checks(case))
        assert "not-a-mail-certificate" in ids(checks(ready(Subject="CN=WMSvc-EX...", log=failing(subject=""))))

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
            ("Unknown", Level.WARN),
            ("Superseded", Level.WARN),
            ("Revoked soon", Level.WARN),
            ("revoked", Level.BLOCK),
            ("7", Level.INFO),
            ("Valid", None),
            ("VALID", None),
            ("", None),
        ],
    )
    def test_weighs_what_exchange_says(self, status: str, level: Level | None) -> None:
        found = [each for each in checks(ready("None", Status=status)) if each.id == "status"]
        assert [each.level for each in found] == ([level] if level else [])
        assert all(status in each.text for each in found)

    def test_of_dates_is_said_once_and_with_the_day_where_that_is_known(self) -> None:
        expired = ready("None", Status="DateInvalid", NotAfter="2026-11-01T00:00:00Z")
        assert ids(checks(expired)) == {"expired"}
        not_yet = ready("None", Status="DateInvalid", NotBefore="2027-01-01T00:00:00Z")
        assert ids(checks(not_yet)) == {"not-yet-valid"}
        revoked = ready("None", Status="Revoked", NotAfter="2026-11-01T00:00:00Z")
        assert ids(checks(revoked)) == {"expired", "status"}
        assert ids(checks(ready("None", Status="DateInvalid", NotAfter="11/1/2026 12:00:00 AM"))) == {"status"}
        assert ids(checks(ready("None", Status="DateInvalid", NotAfter="2026-11-30T00:00:00Z"))) == {
            "status",
            "expires-soon",
        }

    def test_that_could_not_be_checked_is_not_called_revoked(self) -> None:
        told = finding(checks(ready("None", Status="RevocationCheckFailure")), "status")
        assert "common on servers without internet access" in told.text
        assert "does not say that this one was revoked" in told.text


class TestTheDates:
    @pytest.mark.parametrize(
        ("not_after", "expected"),
        [
            ("2026-11-22T02:59:59.0000000Z", "expired"),
            ("2026-11-22T03:30:00.0000000+01:00", "expired"),
            ("2026-11-22T03:00:00Z", "expires-soon"),
            ("2026-12-06T02:59:59Z", "expires-soon"),
            ("2026-12-06T03:00:00Z", ""),
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
        told = finding(checks(ready(log=log, NotAfter="1/1/2025")), "expired")
        assert "2025-01-01" in told.text
        assert any("2025-01-01T00:00:00.000Z" in line.text for line in told.lines)
        assert "expired" not in ids(checks(ready(log=log)))

    @pytest.mark.parametrize(
        ("not_after", "expected"),
        [
            ("2026-11-21T12:59:59", "expired"),
            ("2026-11-21T13:00:01", "expires-soon"),
            ("2026-11-21T13:00:01Z", "expired"),
            ("2026-11-21T13:00:01-12:00", "expired"),
            ("0001-01-01T00:00:00", "expired"),
            ("9999-12-31T23:59:59.9999999", ""),
        ],
    )
    def test_without_a_zone_count_only_where_no_zone_could_change_the_answer(
        self, not_after: str, expected: str
    ) -> None:
        found = ids(checks(ready("None", NotAfter=not_after))) & {"expired", "expires-soon"}
        assert found == ({expected} if expected else set())

    def test_are_measured_against_the_opening_of_the_case(self) -> None:
        late = cases.opened_at(ready("None"), datetime(2028, 1, 1, tzinfo=UTC))
        assert "expired" in ids(checks(late))

    def test_stop_before_the_certificate_is_valid(self) -> None:
        assert finding(checks(ready(NotBefore="2027-01-01T00:00:00Z")), "not-yet-valid").level is Level.BLOCK
        assert "not-yet-valid" not in ids(checks(ready(NotBefore="2026-11-22T03:00:00Z")))

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

    def test_is_told_by_the_two_names_where_the_output_does_not_say_it(self) -> None:
        assert "self-signed" in ids(checks(ready(IsSelfSigned="", Issuer=SUBJECT.replace(", ", ","))))
        assert "self-signed" not in ids(checks(ready(IsSelfSigned="")))
        assert "self-signed" not in ids(checks(ready(IsSelfSigned="", Issuer="CN=mail...", Subject="CN=mail...")))

    def test_is_not_told_by_names_that_are_not_known(self) -> None:
        case = ready(IsSelfSigned="", Subject="", Issuer="")
        assert case.now.failed[0].certificate is not None
        nameless = replace(case.now.failed[0].certificate, subject="", issuer="")
        unknown = cases.knowing(case, failed=(replace(case.now.failed[0], certificate=nameless),))
        assert "self-signed" not in ids(checks(unknown))
        both = replace(case.now.failed[0].certificate, issuer=SUBJECT)
        assert "self-signed" in ids(
            checks(cases.knowing(case, failed=(replace(case.now.failed[0], certificate=both),)))
        )

    def test_is_not_asked_after_where_the_certificate_is_exchanges_own(self) -> None:
        own = ready("SMTP", IsSelfSigned="True", Subject="CN=Microsoft Exchange Server Auth Certificate")
        assert "self-signed" not in ids(checks(own))

    def test_is_not_judged_by_the_root_alone(self) -> None:
        assert checks(ready("None", RootCAType="Registry")) == ()


class TestSmtpThatIsThereAlready:
    def test_asks_for_newer_rows_and_blames_no_lost_permission(self) -> None:
        told = finding(checks(ready("IIS, SMTP")), "smtp-already-assigned")
        assert "read newer rows first" in told.text
        assert "permission" not in told.text
        assert "smtp-already-assigned" not in ids(checks(ready("IIS")))

    def test_names_both_twins(self) -> None:
        told = finding(checks(with_list(twin(), services="SMTP")), "smtp-already-assigned")
        assert "2 certificates on this server" in told.text
        assert cases.OURS in told.text
        assert cases.OTHER in told.text
        assert any(cases.OTHER in line.text for line in told.lines)
        told = finding(checks(with_list(stranger(), services="SMTP")), "smtp-already-assigned")
        assert "certificates on this server" not in told.text


class TestServicesWithoutThumbprint:
    def test_are_marked_as_unproven(self) -> None:
        case = given(given(cases.named(), S.LOG, failing()), S.SERVICES, "Services\n--------\nIIS, POP\n")
        assert finding(checks(case), "services-without-thumbprint").level is Level.WARN
        assert "services-without-thumbprint" not in ids(checks(ready()))


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
