"""What each step up to the command says about the evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, OTHER, OURS, TIMED_OUT, connector_list, failing, finding, given, ids, working
from wizard.case.case import Case, Place, StepId
from wizard.case.servers import at_server, saying_here
from wizard.facts import ExchangeVersion, LogFolder
from wizard.findings import Finding, Level
from wizard.steps.command import command
from wizard.steps.connector import connector, name_connector
from wizard.steps.flow import step
from wizard.steps.intake import open_path
from wizard.steps.log import log
from wizard.steps.logging import logging
from wizard.steps.services import services
from wizard.steps.symptom import symptom

S = StepId
ARTICLES_SAMPLE = "".join(
    f"2026-11-21T04:42:56.804Z,Outbound to Office 365,08D50D3D9730B7C1,{number},,,*,{data},{context}\n"
    for number, data, context in (
        (16, '"CN=*.contoso.com, OU=IT, O=Contoso Corporation"', "Certificate subject"),
        (17, '"CN=Trusted Authority 9, O=Fabrikam, C=US"', "Certificate issuer name"),
        (18, "xxxxxxxxxxxxxxxxxxxxxx", "Certificate serial number"),
        (19, "xxxxxxxxxxxxxxxxxxxxxx", "Certificate thumbprint"),
        (20, "*.contoso.com;contoso.com", "Certificate alternate names"),
        (21, "", "TLS negotiation failed with error UnknownCredentials"),
    )
)
"""The shape of the article's sample: masked, without endpoints, and without a header row before the certificate."""


def texts(findings: tuple[Finding, ...]) -> str:
    return " ".join(each.text for each in findings)


class TestTheSymptom:
    def test_is_told_with_the_queue_it_was_read_from(self) -> None:
        told = finding(symptom(given(Case(), S.SYMPTOM, cases.queue_list())), "candidate-timed-out")
        assert told.level is Level.GOOD
        assert told.text.startswith(r"Queue EX01\3417: These are the article's own words.")
        assert told.lines

    def test_that_two_queues_share_is_told_once(self) -> None:
        two = cases.queue_list() + cases.queue_list(identity=r"EX01\3418")
        assert len(symptom(given(Case(), S.SYMPTOM, two))) == 1

    def test_of_another_fault_stops_with_what_to_do(self) -> None:
        told = finding(symptom(given(Case(), S.SYMPTOM, cases.queue_list(error="451 4.4.0 DNS query failed"))), "dns")
        assert told.level is Level.BLOCK
        assert "Resolve the next hop's name" in told.text

    def test_through_the_front_end_names_its_log(self) -> None:
        words = f"Proxy session setup failed on Frontend with '{TIMED_OUT}'"
        assert "FrontEnd" in texts(symptom(given(Case(), S.SYMPTOM, cases.queue_list(error=words))))

    def test_that_is_not_there_is_no_proof_of_health(self) -> None:
        told = finding(symptom(given(Case(), S.SYMPTOM, cases.queue_list("Ready", ""))), "no-error")
        assert "on the server where mail is stuck" in told.text


class TestTheConnector:
    def test_is_told_with_its_level_and_servers(self) -> None:
        told = texts(connector(cases.with_connector(servers="{EX01, EX02}")))
        assert f"Send connector: {CONNECTOR}. Its logging level before: None." in told
        assert "It sends from: EX01, EX02." in told

    def test_known_by_name_alone_says_what_is_missing(self) -> None:
        assert "Only the name is known" in texts(connector(cases.named()))

    @pytest.mark.parametrize(
        ("properties", "words"),
        [
            ({"Enabled": "False"}, "This connector is disabled"),
            ({"FrontendProxyEnabled": "True"}, "the FrontEnd log is the one to read"),
            ({"CloudServicesMailEnabled": "True"}, "a certificate with the same issuer and subject"),
            ({"IgnoreSTARTTLS": "True"}, "does not use STARTTLS at all"),
            ({"ProtocolLoggingLevel": ""}, "Its logging level before: not shown."),
        ],
    )
    def test_says_what_is_unusual(self, properties: dict[str, str], words: str) -> None:
        assert words in texts(connector(given(Case(), S.CONNECTOR, connector_list(**properties))))
        assert words not in texts(connector(cases.with_connector()))

    def test_that_cannot_be_addressed_is_not_offered_and_that_is_said(self) -> None:
        known = cases.with_connector().connectors[0]
        case = Case(connectors=(replace(known, name="Out...", name_cut=True), replace(known, name="a\x07", guid="")))
        assert {"name-cut", "name-unsafe"} == ids(connector(case))
        assert step(S.CONNECTOR).choices(case) == ()


class TestTurningTheLogOn:
    @pytest.mark.parametrize(
        ("level", "words"),
        [
            ("None", "The level was None; the last step puts it back."),
            ("Verbose", "Logging is Verbose already: nothing to run here."),
            ("", "The level before is not known. None is the default"),
        ],
    )
    def test_says_what_the_level_was(self, level: str, words: str) -> None:
        assert words in texts(logging(cases.with_connector(level=level)))

    @pytest.mark.parametrize(
        ("place", "proxied", "folder"),
        [
            (Place(ExchangeVersion.E2019_SE, edge=False), "False", r"Logs\Hub\ProtocolLog\SmtpSend"),
            (Place(ExchangeVersion.E2013_2016, edge=False), "True", r"Logs\FrontEnd\ProtocolLog\SmtpSend"),
            (Place(ExchangeVersion.E2013_2016, edge=True), "False", r"Logs\Edge\ProtocolLog\SmtpSend"),
            (Place(ExchangeVersion.E2010, edge=False), "False", r"Logs\ProtocolLog\SmtpSend"),
        ],
    )
    def test_says_where_the_log_lies_by_version_and_role(self, place: Place, proxied: str, folder: str) -> None:
        case = cases.knowing(cases.with_connector(FrontendProxyEnabled=proxied), place=place)
        assert folder in finding(logging(case), "log-folder").text

    def test_takes_the_servers_own_word_for_the_folder(self) -> None:
        case = given(cases.named(), S.LOGGING, cases.listed(Name="EX01", SendProtocolLogPath=r"L:\Send"))
        assert finding(logging(case), "log-folder").text == r"The log on EX01: L:\Send"

    def test_does_not_take_a_cut_path(self) -> None:
        case = replace(cases.named(), log_folders=(LogFolder("EX01", r"L:\Se...", cut=True),))
        assert "path-cut" in ids(logging(case))
        assert "log-folder" not in ids(logging(case))

    def test_on_the_edge_sends_the_person_to_a_mailbox_server(self) -> None:
        edge = cases.knowing(cases.named(), place=Place(ExchangeVersion.E2019_SE, edge=True))
        assert "EdgeSync carries it over" in finding(logging(edge), "edge-logging").text


class TestTheLog:
    def test_that_shows_the_articles_fault_names_our_certificate_with_its_lines(self) -> None:
        case = given(cases.named(), S.LOG, failing())
        told = finding(log(case), "ours")
        assert told.text.startswith(f"Our certificate: {OURS}")
        assert any(OURS in line.text for line in told.lines)
        assert finding(log(case), "UnknownCredentials").level is Level.GOOD
        assert "1 session, 1 with" in log(case)[0].text

    def test_of_the_articles_own_sample_is_refused_because_it_is_masked(self) -> None:
        case = given(cases.named(), S.LOG, ARTICLES_SAMPLE)
        told = finding(log(case), "masked")
        assert told.level is Level.BLOCK
        assert "It is masked, as in the article's own sample" in told.text
        assert "your own server's log" in told.text
        assert case.now.thumbprint == ""
        assert step(S.SERVICES).commands(case) == ()

    def test_without_a_header_row_says_that_it_is_inferred(self) -> None:
        assert (
            "taken for ours because the handshake failed"
            in finding(log(given(cases.named(), S.LOG, failing(header=""))), "no-header").text
        )

    @pytest.mark.parametrize(
        ("error", "advice"),
        [
            ("SocketError", "Compare the TLS versions"),
            ("InvalidToken", "inspects SMTP"),
        ],
    )
    def test_of_another_fault_stops_with_what_to_do_instead_of_binding(self, error: str, advice: str) -> None:
        case = given(cases.with_connector(), S.LOG, failing(error))
        told = finding(log(case), error)
        assert told.level is Level.BLOCK
        assert advice in told.text
        assert not [text for text in cases.commands_everywhere(case) if text.startswith("Enable-")]
        assert step(S.LOG).missing(case)

    def test_of_no_credentials_asks_for_key_and_services_before_anything_is_bound(self) -> None:
        case = given(cases.with_connector(), S.LOG, failing("NoCredentials"))
        told = finding(log(case), "NoCredentials")
        assert told.level is Level.WARN
        assert "HasPrivateKey and Services decide" in told.text
        assert not [text for text in cases.commands_everywhere(case) if text.startswith("Enable-")]
        assert step(S.SERVICES).commands(case)[0].text.startswith("Get-ExchangeCertificate -Thumbprint")
        keyless = given(case, S.SERVICES, cases.certificate_list(HasPrivateKey="False"))
        assert "Our certificate has no private key" in finding(log(keyless), "NoCredentials").text
        unsaid = given(case, S.SERVICES, cases.certificate_list(HasPrivateKey=""))
        for without in (keyless, unsaid):
            assert not [text for text in cases.commands_everywhere(without) if text.startswith("Enable-")]
        there = given(case, S.SERVICES, cases.certificate_list())
        assert finding(log(there), "NoCredentials").level is Level.GOOD
        assert [text for text in cases.commands_everywhere(there) if text.startswith("Enable-")]

    def test_of_a_fault_nobody_knows_warns(self) -> None:
        assert finding(log(given(cases.named(), S.LOG, failing("Brandnew"))), "Brandnew").level is Level.WARN

    def test_with_another_fault_beside_the_articles_own_only_warns_of_it(self) -> None:
        case = given(cases.named(), S.LOG, failing() + failing("SocketError", number=2))
        assert finding(log(case), "SocketError").level is Level.WARN
        assert case.now.thumbprint == OURS

    def test_with_several_certificates_asks_for_the_choice(self) -> None:
        case = given(cases.named(), S.LOG, failing() + failing(thumbprint=OTHER, number=2))
        assert finding(log(case), "choose-certificate").text.startswith("2 certificates of ours failed.")

    def test_of_other_connectors_alone_says_whose_the_failures_are(self) -> None:
        case = given(cases.named("Outbound to Ofice 365"), S.LOG, failing())
        told = finding(log(case), "other-connector").text
        assert f"They belong to: {CONNECTOR}." in told
        assert "choose it instead" in told
        assert "1 certificate of ours failed." in finding(log(case), "choose-certificate").text

    def test_read_before_the_connector_is_known_speaks_of_no_connector(self) -> None:
        assert "other-connector" not in ids(log(given(Case(), S.LOG, failing())))

    @pytest.mark.parametrize(
        ("rows", "finding_id", "level"),
        [
            (failing(thumbprint=""), "no-certificate", Level.BLOCK),
            (working(), "healthy", Level.WARN),
            (cases.session([(">", "EHLO mail.contoso.com", "")]), "no-handshake", Level.WARN),
            (
                cases.session([("*", "", "Failed to connect. Winsock error code: 10061, Win32 error code: 10061")]),
                "network",
                Level.BLOCK,
            ),
            (cases.session(cases.certificate_rows(OURS)), "no-outcome", Level.WARN),
        ],
    )
    def test_that_shows_no_certificate_to_bind_says_why(self, rows: str, finding_id: str, level: Level) -> None:
        case = given(cases.named(), S.LOG, rows)
        assert finding(log(case), finding_id).level is level
        assert case.now.thumbprint == ""

    def test_in_which_another_connector_succeeds_says_nothing_good_of_this_one(self) -> None:
        """Without RequireTLS mail leaves unencrypted where STARTTLS is taken away: no handshake, and no failure."""
        rows = cases.session([(">", "EHLO mail.contoso.com", "")]) + working(connector="Internet", number=7)
        told = finding(log(given(cases.named(), S.LOG, rows)), "no-handshake")
        assert told.text.startswith(f"The sessions of {CONNECTOR} in these rows show no TLS handshake")
        assert "healthy" in ids(log(given(cases.named("Internet"), S.LOG, rows)))

    def test_of_others_alone_leaves_them_out_where_exchange_has_shown_the_connector(self) -> None:
        """Only a typed name can be a slip; what another connector fails with is another fault."""
        case = given(cases.with_connector(), S.LOG, failing(connector="Internet"))
        assert case.candidates == ()
        assert "They belong to: Internet." in finding(log(case), "other-connector").text

    def test_of_which_only_the_thumbprint_row_is_missing_asks_for_the_whole_session(self) -> None:
        rows = [row for row in failing().splitlines(keepends=True) if "Certificate thumbprint" not in row]
        assert "no-thumbprint" in ids(log(given(cases.named(), S.LOG, "".join(rows))))

    def test_that_was_not_read_is_not_spoken_of(self) -> None:
        assert log(Case()) == ()

    def test_names_the_connector_that_has_the_articles_fault_where_the_chosen_one_has_another(self) -> None:
        rows = failing("SocketError", connector="Internet") + failing(number=2)
        case = given(name_connector(Case(), "Internet").case, S.LOG, rows)
        told = finding(log(case), "article-elsewhere")
        assert told.level is Level.WARN
        assert f"on another connector: {CONNECTOR}." in told.text
        assert f"'{step(S.CONNECTOR).words.title}'" in told.text
        assert CONNECTOR in step(S.LOG).missing(case)
        assert step(S.CONNECTOR).words.title in step(S.LOG).missing(case)

    def test_names_no_other_connector_where_the_chosen_one_has_the_articles_fault(self) -> None:
        rows = failing() + failing(connector="Internet", number=2)
        case = given(name_connector(Case(), "Internet").case, S.LOG, rows)
        assert "article-elsewhere" not in ids(log(case))

    def test_says_whose_log_it_is_on_a_server_that_gave_none_yet(self) -> None:
        case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02, EX03}")), "EX01")
        assert "log-of-another" not in ids(log(case))
        second = at_server(case, "EX02")
        assert "rows that were given for EX01." in finding(log(second), "log-of-another").text
        assert "given for EX01." in finding(log(at_server(second, "EX03")), "log-of-another").text
        assert "log-of-another" not in ids(log(at_server(second, "EX01")))
        assert "log-of-another" not in ids(log(given(second, S.LOG, failing())))

    def test_says_first_that_it_may_be_over(self) -> None:
        found = log(given(cases.with_connector(), S.LOG, failing() + working()))
        assert [each.id for each in found][1] == "recovered"

    def test_names_the_folders_below_that_were_read_too(self, tmp_path: Path) -> None:
        for folder in (tmp_path, tmp_path / "EX02"):
            folder.mkdir(exist_ok=True)
            (folder / "SEND20261122-1.log").write_text(failing(), encoding="utf-8")
        told = log(open_path(cases.with_connector(), S.LOG, tmp_path).case)[0].text
        assert told.endswith("in 2 files, also in 1 folder below (EX02).")
        alone = log(open_path(cases.with_connector(), S.LOG, tmp_path / "EX02").case)[0].text
        assert "file" not in alone

    def test_needs_no_choice_of_the_only_certificate_after_the_right_connector_was_chosen(self) -> None:
        rows = failing("SocketError", OTHER, connector="Internet") + failing(number=2)
        case = given(name_connector(Case(), "Internet").case, S.LOG, rows)
        assert case.now.thumbprint == ""
        case = name_connector(case, CONNECTOR).case
        assert case.now.thumbprint == OURS
        assert step(S.LOG).choices(case) == ()


class TestTheServices:
    def test_are_told_as_they_are(self) -> None:
        assert finding(services(cases.ready("IIS, POP")), "services-now").text == "Services now: IIS, POP."
        assert finding(services(cases.ready("None")), "services-now").text == "Services now: None."

    def test_come_with_what_is_wrong_with_the_certificate_but_not_with_the_command(self) -> None:
        found = ids(services(cases.ready("IIS, POP", HasPrivateKey="False", Subject="CN=*.contoso.com")))
        assert "no-private-key" in found
        assert not found & {"iis-named-again", "pop-imap-name"}

    def test_that_are_not_known_are_not_spoken_of(self) -> None:
        assert services(cases.named()) == ()


class TestTheCommand:
    def test_shows_before_and_after(self) -> None:
        assert finding(command(cases.ready("IIS, POP")), "before-after").text == (
            "Before: IIS, POP.  After: SMTP, IIS, POP."
        )

    def test_comes_with_every_check(self) -> None:
        assert {"iis-named-again", "pop-imap-name"} <= ids(command(cases.ready("IIS, POP", Subject="CN=*.contoso.com")))

    @pytest.mark.parametrize("case", [Case(), cases.named(), given(cases.named(), S.LOG, failing())])
    def test_waits_for_the_log_and_the_services(self, case: Case) -> None:
        assert ids(command(case)) == {"not-yet"}
