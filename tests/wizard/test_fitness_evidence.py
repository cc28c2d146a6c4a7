"""The certificate held against the log, the connector and the other certificates of its server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    ISSUER,
    OTHER,
    OURS,
    SUBJECT,
    THEIRS,
    certificate_list,
    certificate_rows,
    failing,
    finding,
    given,
    ids,
    ready,
    session,
    working,
)
from tests.wizard.check_cases import asking, cut_off, refused, stranger, theirs_too, twin, with_list
from wizard.case.case import Case, Place, StepId
from wizard.facts import ExchangeVersion
from wizard.findings import Level
from wizard.fitness import blocked, checks
from wizard.steps.command import bind_commands

S = StepId


class TestThePartnersCertificate:
    def test_stops_where_no_row_says_that_it_is_ours(self) -> None:
        case = theirs_too()
        told = finding(checks(case), "partner-certificate")
        assert told.level is Level.BLOCK
        assert THEIRS in told.text
        assert "Received certificate" in told.lines[0].text
        assert "partner-certificate" in ids(checks(theirs_too(key="")))

    @pytest.mark.parametrize("log", [working(OURS), failing() + working(OURS, number=2)])
    def test_stops_however_it_came_to_be_chosen_and_leaves_no_binding_line(self, log: str) -> None:
        case = cases.knowing(given(cases.with_connector(), S.LOG, log), thumbprint=THEIRS)
        case = given(case, S.SERVICES, certificate_list(thumbprint=THEIRS))
        assert "partner-certificate" in ids(checks(case))
        assert blocked(case)
        assert bind_commands(case) == ()
        assert not [
            command for command in cases.commands_everywhere(case) if THEIRS in command and "Enable-" in command
        ]

    def test_may_be_ours_as_well(self) -> None:
        """Servers of one organisation present the same certificate to each other."""
        both = cases.knowing(given(cases.with_connector(), S.LOG, working(THEIRS)), thumbprint=THEIRS)
        assert both.logged is None
        assert checks(both) == ()
        received = session([*certificate_rows(OURS, "Received certificate"), ("*", "", cases.SUCCESS)], number=2)
        assert "partner-certificate" not in ids(checks(ready(log=failing() + received)))
        assert "partner-certificate" in ids(checks(ready(log=failing(header="") + received, HasPrivateKey="")))
        assert "partner-certificate" not in ids(checks(ready(log=failing(header="") + received)))

    def test_that_is_not_on_our_server_needs_no_further_word(self) -> None:
        case = refused(theirs_too(), stranger() + stranger(cases.DEFAULT))
        assert ids(checks(case)) == {"partner-certificate"}


class TestTheServersList:
    def test_that_lacks_the_certificate_stops(self) -> None:
        case = refused(given(cases.with_connector(), S.LOG, failing()), stranger() + stranger(cases.DEFAULT))
        told = finding(checks(case), "not-on-this-server")
        assert told.level is Level.BLOCK
        assert told.text.startswith(f"{OURS} is not among the 2 certificates of this output.")
        assert [line.text.rpartition(" ")[2] for line in told.lines] == [OTHER, cases.DEFAULT]

    def test_of_another_certificate_chosen_before_is_looked_through_again(self) -> None:
        both = failing() + failing(thumbprint=OTHER, number=2)
        case = cases.knowing(given(cases.with_connector(), S.LOG, both), thumbprint=OURS)
        case = given(case, S.SERVICES, certificate_list() + stranger(cases.DEFAULT))
        assert "not-on-this-server" in ids(checks(cases.knowing(case, thumbprint=OTHER)))
        case = refused(cases.knowing(case, certificates=()), stranger(OTHER) + stranger(cases.DEFAULT))
        assert "not-on-this-server" in ids(checks(case))
        assert "not-on-this-server" not in ids(checks(cases.knowing(case, thumbprint=OTHER)))

    def test_with_a_thumbprint_that_was_cut_may_have_it(self) -> None:
        case = given(cases.with_connector(), S.LOG, failing())
        cut = replace(ready().now.certificates[0], thumbprint=None)
        others = tuple(replace(cut, thumbprint=number) for number in (OTHER, cases.DEFAULT))
        assert ids(checks(cases.knowing(case, certificates=others))) == {"not-on-this-server"}
        assert checks(cases.knowing(case, certificates=(*others, cut))) == ()


class TestTheConnectorsFqdn:
    ID = "fqdn-not-in-names"

    @pytest.mark.parametrize(
        ("fqdn", "names", "fits"),
        [
            ("relay.contoso.com", "{relay.contoso.com}", True),
            ("Relay.Contoso.com.", "{mail.contoso.com, RELAY.contoso.com}", True),
            ("relay.contoso.com", "{*.contoso.com}", True),
            ("relay.contoso.com", "{*.CONTOSO.com, contoso.com}", True),
            ("relay.eu.contoso.com", "{*.contoso.com}", False),
            ("contoso.com", "{*.contoso.com}", False),
            (".contoso.com", "{*.contoso.com}", False),
            ("relay.contoso.com", "{*}", False),
            ("relay.contoso.com", "{*.com, r*.contoso.com}", False),
            ("relay.contoso.com", "{contoso.com}", False),
            ("EX01", "{EX01, EX01.contoso.com}", True),
            ("EX02", "{*.contoso.com}", False),
            # CertificateDomains holds the alternative names; the subject's own name counts too.
            ("mail.contoso.com", "{smtp.contoso.com}", True),
            ("relay.contoso.com", "", True),
            ("relay.con...", "{smtp.contoso.com}", True),
        ],
    )
    def test_is_one_of_the_names_or_covered_by_a_star(self, fqdn: str, names: str, fits: bool) -> None:
        log = failing(subject="CN=mail.contoso.com")
        case = ready(log=log, case=cases.with_connector(Fqdn=fqdn), CertificateDomains=names)
        assert (self.ID not in ids(checks(case))) is fits

    def test_that_fits_none_is_shown_with_the_names(self) -> None:
        names = "{a.example, b.example}"
        case = ready(case=cases.with_connector(Fqdn="relay.contoso.com"), CertificateDomains=names)
        shown = "(mail.contoso.com, a.example, b.example, smtp.contoso.com)"
        assert shown in finding(checks(case), self.ID).text
        names = "{a.example, b.example, c.example, d.example}"
        case = ready(case=cases.with_connector(Fqdn="relay.contoso.com"), CertificateDomains=names)
        told = finding(checks(case), self.ID)
        assert "relay.contoso.com, is none of the certificate's names" in told.text
        assert "(mail.contoso.com, a.example, b.example, c.example and 2 more)" in told.text

    def test_is_held_against_the_logs_names_too(self) -> None:
        case = ready(case=cases.with_connector(Fqdn="smtp.contoso.com"), CertificateDomains="{a.example}")
        assert self.ID not in ids(checks(case))

    def test_is_not_judged_while_the_subject_is_not_known(self) -> None:
        case = ready(case=cases.with_connector(Fqdn="relay.contoso.com"), Subject="CN=rel...")
        assert self.ID in ids(checks(case))
        one_line = replace(case.now.certificates[0], subject="")
        assert case.now.log is not None
        assert self.ID not in ids(checks(cases.knowing(case, certificates=(one_line,), log=None, failed=())))


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

    def test_may_be_two_others(self) -> None:
        asked = asking("CN=old.contoso.com")
        case = with_list(twin(Subject="CN=old.contoso.com"), twin(THEIRS, Subject="CN=old.contoso.com"), case=asked)
        assert "fits 2 certificates" in finding(checks(case), "tls-name-fits-several").text
        assert "another subject" in finding(checks(case), "tls-certificate-name").text

    def test_is_asked_of_the_certificates_whose_names_are_whole(self) -> None:
        case = with_list(twin(), case=asking())
        mine, other = case.now.certificates
        for properties in ({"issuer": ""}, {"subject": ""}, {"subject_cut": True}):
            found = checks(cases.knowing(case, certificates=(mine, replace(other, **properties))))
            assert "tls-name-fits-several" not in ids(found), properties
        nameless = replace(other, subject="")
        case = cases.knowing(with_list(twin(), case=asking("CN=old.contoso.com")), certificates=(mine, nameless))
        assert "another subject" in finding(checks(case), "tls-certificate-name").text

    def test_that_no_certificate_of_the_server_has_is_told_with_the_whole_name(self) -> None:
        told = finding(checks(with_list(stranger(), case=asking("CN=old.contoso.com"))), "tls-certificate-name")
        assert "fits none of the 2 certificates" in told.text
        assert f"<I>{ISSUER}<S>CN=old.contoso.com" in told.text

    def test_is_not_held_against_a_subject_that_may_be_subject_and_issuer(self) -> None:
        case = ready(case=asking("CN=other.contoso.com"), Subject="", Issuer="")
        assert "tls-certificate-name" in ids(checks(case))
        group = case.now.failed[0]
        assert group.certificate is not None
        joined = replace(group, certificate=replace(group.certificate, issuer=""))
        assert "tls-certificate-name" not in ids(checks(cases.knowing(case, failed=(joined,))))


class TestTwins:
    def test_on_two_servers_are_none(self) -> None:
        case = with_list(twin())
        mine, other = case.now.certificates
        assert "same-names" in ids(checks(cases.knowing(case, certificates=(replace(mine, server="EX01"), other))))
        assert "same-names" in ids(checks(cases.knowing(case, certificates=(mine, replace(other, server="EX01")))))
        apart = (replace(mine, server="EX01"), replace(other, server="EX02"))
        assert "same-names" not in ids(checks(cases.knowing(case, certificates=apart)))
        assert "same-names" in ids(checks(cases.knowing(case, certificates=(apart[0], replace(other, server="ex01")))))

    def test_on_one_server_are_a_cause_of_their_own(self) -> None:
        case = given(ready(), S.SERVICES, certificate_list() + certificate_list("SMTP", OTHER))
        told = finding(checks(case), "same-names")
        assert told.text.startswith("2 certificates on this server")
        assert OTHER in told.lines[0].text

    def test_have_both_names_whole_and_a_thumbprint(self) -> None:
        mine, other = with_list(twin()).now.certificates
        for properties in ({"issuer": ""}, {"subject": ""}, {"subject_cut": True}):
            pair = tuple(replace(each, **properties) for each in (mine, other))
            assert "same-names" not in ids(checks(cases.knowing(with_list(twin()), certificates=pair))), properties
        for pair in ((replace(mine, subject_cut=True), other), (mine, replace(other, subject_cut=True))):
            assert "same-names" not in ids(checks(cases.knowing(with_list(twin()), certificates=pair)))
        unknown = replace(other, thumbprint=None)
        assert "same-names" not in ids(checks(cases.knowing(with_list(twin()), certificates=(mine, unknown))))

    @pytest.mark.parametrize(
        "properties", [{"Subject": "CN=smtp.contoso.com"}, {"Issuer": "CN=Northwind CA 2"}, {"Subject": "CN=mail..."}]
    )
    def test_differ_in_neither_name(self, properties: dict[str, str]) -> None:
        text = certificate_list() + certificate_list("SMTP", OTHER, **properties)
        assert "same-names" not in ids(checks(given(ready(), S.SERVICES, text)))


class TestTheFailingConnector:
    def test_that_is_another_one_is_named(self) -> None:
        case = cases.knowing(given(cases.named("Internet"), S.LOG, failing()), thumbprint=OURS)
        case = given(case, S.SERVICES, certificate_list())
        assert f"for {CONNECTOR}, not for Internet" in finding(checks(case), "other-connector").text

    def test_is_not_asked_after_while_none_is_chosen(self) -> None:
        assert "other-connector" not in ids(checks(ready(case=Case(opened=cases.NIGHT))))
        assert "other-connector" not in ids(checks(ready(case=cases.named(CONNECTOR.upper()))))

    def test_may_have_failed_with_a_certificate_of_its_own(self) -> None:
        log = failing() + failing(thumbprint=OTHER, connector="Internet", number=2)
        case = cases.knowing(given(cases.named("Internet"), S.LOG, log), thumbprint=OURS)
        case = given(case, S.SERVICES, certificate_list())
        assert f"for {CONNECTOR}, not for Internet" in finding(checks(case), "other-connector").text

    def test_is_not_another_one_where_the_log_shows_no_failure_with_this_certificate(self) -> None:
        assert "other-connector" not in ids(checks(cut_off()))
        log = failing() + failing(thumbprint="", connector="Internet", number=2)
        assert "other-connector" not in ids(checks(ready(log=log)))


class TestTheServers:
    def test_that_are_several_are_named(self) -> None:
        case = ready(case=cases.with_connector(servers="{EX01, EX02}"))
        assert "sends from EX01, EX02. " in finding(checks(case), "several-servers").text
        assert "several-servers" not in ids(checks(ready()))

    def test_of_which_the_list_is_cut_are_more_than_shown(self) -> None:
        case = ready(case=cases.with_connector(servers="{EX01, EX02, EX03, EX04...}"))
        assert "and more, for the list is cut" in finding(checks(case), "several-servers").text
        case = ready(case=cases.with_connector(servers="{EX01...}"))
        assert "and more, for the list is cut" in finding(checks(case), "several-servers").text

    def test_on_the_edge_make_the_answer_n_essential(self) -> None:
        at_the_edge = cases.knowing(cases.with_connector(), place=Place(ExchangeVersion.E2019_SE, edge=True))
        told = finding(checks(ready(case=at_the_edge)), "edge")
        assert "the answer N is essential" in told.text
        assert "subscription has to be made again" in told.text
        assert "edge" not in ids(checks(ready()))
