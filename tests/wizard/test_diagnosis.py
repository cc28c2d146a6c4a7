"""Evidence without questions: each verdict has evidence that leads to it, and evidence that nearly does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.wizard import cases
from tests.wizard.cases import answer_text
from tests.wizard.step_rows import FAILING_THERE, SURVEYS
from wizard.assets import asset_text, assets
from wizard.case.case import Case
from wizard.diagnosis import Diagnosis, commands_for, composed, diagnose
from wizard.diagnosis import diagnosis_data as as_data
from wizard.findings import NO_SERVICES
from wizard.powershell.command import CommandId
from wizard.steps.intake import GivenText
from wizard.verdict import rules

IDS = {
    "kb4051498",
    "no-private-key",
    "key-unusable",
    "internal-connector",
    "our-certificate-refused",
    "rejected-after-tls",
    "stale-tls-certificate-name",
    "remote-not-trusted",
    "wrong-certificate-presented",
    "network",
    "tls-inspected",
    "tls-version",
    "starttls-missing",
    "dns",
    "internal-authentication",
    "other-direction",
    "wrong-log",
    "healthy",
    "unknown-error",
    "more-evidence",
}
OURS = "5E1C7A90B3D24F68A1097C3BE84D2F6510A9B7C3"
OTHER = "A0B1C2D3E4F5061728394A5B6C7D8E9F00112233"
DEFAULT = "3C19A7D04B5E82F6610D9C7E3F2A8B4455E6D701"
THEIRS = "77AA66BB55CC44DD33EE22FF1100998877665544"
CONNECTOR = "Outbound to Office 365"


def row(
    number: int, event: str, data: str, context: str, session: str = "08DE28F1A4C00011", name: str = CONNECTOR
) -> str:
    return (
        f"2026-11-22T02:04:{number:02}.000Z,{name},{session},{number},192.0.2.10:41200,198.51.100.25:25,"
        f"{event},{data},{context}"
    )


def session(outcome: str, thumbprint: str = OURS, name: str = CONNECTOR, session_id: str = "08DE28F1A4C00011") -> str:
    context = outcome if " " in outcome else f"TLS negotiation failed with error {outcome}"
    rows = [
        row(0, "*", "", "attempting to connect", session_id, name),
        row(1, "+", "", "", session_id, name),
        row(2, "*", "", "Sending certificate", session_id, name),
        row(3, "*", '"CN=mail.contoso.com, O=Contoso Ltd, C=GB"', "Certificate subject", session_id, name),
        row(4, "*", '"CN=Example CA, C=US"', "Certificate issuer name", session_id, name),
        row(5, "*", "0A1B2C3D4E5F6071", "Certificate serial number", session_id, name),
        row(6, "*", thumbprint, "Certificate thumbprint", session_id, name),
        row(7, "*", "mail.contoso.com", "Certificate alternate names", session_id, name),
        row(8, "*", "", context, session_id, name),
    ]
    return "\n".join(rows) + "\n"


SUCCESS = (
    '"TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with '
    "strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm "
    'CALG_ECDH_EPHEM with strength 384 bits"'
)


def certificate(services: str = "POP, IIS", key: str = "True", thumbprint: str = OURS) -> str:
    return (
        f"Thumbprint    : {thumbprint}\nServices      : {services}\nHasPrivateKey : {key}\nIsSelfSigned  : False\n"
        "Status        : Valid\nIssuer        : CN=Example CA, C=US\n"
        "Subject       : CN=mail.contoso.com, O=Contoso Ltd, C=GB\n"
    )


def queue(words: str) -> str:
    return f"Identity      : EX01\\3417\nStatus        : Retry\nLastError     : {words}\n"


def connectors(tls_name: str = "") -> str:
    return (
        f"Name                   : {CONNECTOR}\nProtocolLoggingLevel   : None\n"
        "SourceTransportServers : {EX01, EX02}\n"
        f"TlsCertificateName     : {tls_name}\n"
    )


def diagnosed(*texts: str, connector: str = "", server: str = "") -> Diagnosis:
    sources = [GivenText(text, f"evidence {number}") for number, text in enumerate(texts, start=1)]
    return diagnose(sources, cases.knowing(Case(connector=connector), server=server))


KEYLESS = (
    f"The certificate with thumbprint {OURS} was found but is not valid for use with Exchange Server "
    "(reason: PrivateKeyMissing)."
)


def talked(outcome: str, *replies: tuple[str, str], begin: str = "STARTTLS") -> str:
    """A session with what is said before its handshake and after it."""
    rows = session(outcome).splitlines()
    head = [row(20, ">", begin, ""), row(21, "<", "220 2.0.0 SMTP server ready", "")]
    said = [*rows[:2], *head, *rows[2:], *(row(30, event, data, "") for event, data in replies)]
    numbered = [re.sub(r"(08DE28F1A4C00011),[0-9]+,", rf"\g<1>,{number},", line) for number, line in enumerate(said)]
    return "\n".join(numbered) + "\n"


def anonymous(error: str, begin: str = "X-ANONYMOUSTLS") -> str:
    return talked(error, begin=begin)


def refused(reply: str, delivered: bool = False) -> str:
    """A session in which TLS succeeds and the other side then refuses; `delivered` mail goes before that."""
    content = (">", "BDAT 100 LAST"), ("<", "250 2.6.0 Queued mail for delivery")
    sent = (*content, (">", "QUIT")) if delivered else ()
    return talked(SUCCESS, (">", "MAIL FROM:<a@contoso.com>"), *sent, ("<", reply))


def in_store(said: str, thumbprint: str = OURS) -> str:
    """What certutil prints of a certificate and its key."""
    return f"======= Certificate 0 =======\nCert Hash(sha1): {thumbprint.lower()}\n{said}\n"


NO_KEYSET = (
    f"Insufficient rights to grant Network Service access to the certificate with thumbprint {OURS}. Keyset does not "
    "exist\n    + CategoryInfo          : InvalidOperation: (:) [Enable-ExchangeCertificate], CryptographicException\n"
)

WRONG_ONE = "454 4.7.0 Failed to establish appropriate TLS channel: UntrustedRoot"

NO_KEY = "No key provider information"

TIMED_OUT = '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out."'

LEADS: dict[str, list[tuple[str, ...]]] = {
    "kb4051498": [
        (session("UnknownCredentials"),),
        (session("UnknownCredentials"), certificate()),
        (session("UnknownCredentials", "x" * 40),),
        (queue(TIMED_OUT), session("UnknownCredentials")),
        (session("UnknownCredentials"), in_store("Missing stored keyset")),
        (session("NoCredentials"), certificate(key=""), in_store("Encryption test passed")),
        (session("NoCredentials"), certificate()),
    ],
    "no-private-key": [
        (session("NoCredentials"), certificate(key="False")),
        (session("UnknownCredentials"), certificate(key="False")),
        (session("NoCredentials"), certificate(thumbprint=OTHER) + "\n" + certificate(thumbprint=THEIRS)),
        (session("NoCredentials"), KEYLESS),
        (session("NoCredentials"), in_store(NO_KEY)),
        (session("UnknownCredentials"), in_store(NO_KEY)),
        (KEYLESS,),
        (session("UnknownCredentials"), certificate(), KEYLESS),
        (session("UnknownCredentials"), certificate() + "\n" + KEYLESS),
    ],
    "stale-tls-certificate-name": [
        (queue("454 4.7.5 The certificate specified in TlsCertificateName of the SendConnector could not be found."),),
        (
            connectors("<I>CN=Old CA, C=US<S>CN=old.contoso.com"),
            certificate() + "\n" + certificate(thumbprint=OTHER),
        ),
    ],
    "remote-not-trusted": [
        (queue("454 4.7.5 Certificate validation failure, reason:UntrustedRoot"),),
    ],
    "our-certificate-refused": [
        (session("UntrustedRoot"),),
        (session("CertExpired"),),
        (session("CertUnknown"),),
        (session("LogonDenied"),),
        (session("-2146885616"),),
        (queue(WRONG_ONE), session("CertUnknown")),
        (session("CertExpired"), queue("550 5.7.51 TenantInboundAttribution; There is a partner connector configured")),
    ],
    "key-unusable": [
        (session("NoCredentials"), certificate("SMTP, IIS")),
        (session("NoCredentials"), KEYLESS.replace("PrivateKeyMissing", "PrivateKeyNotAccessible")),
        (session("UnknownCredentials"), KEYLESS.replace("PrivateKeyMissing", "PrivateKeyNotAccessible")),
        (session("NoCredentials"), NO_KEYSET),
        (session("DecryptFailure"),),
        (session("UnknownCredentials"), certificate("SMTP"), in_store("Encryption test FAILED")),
    ],
    "internal-connector": [
        (session("UnknownCredentials", name="Intra-Organization SMTP Send Connector"),),
        (session("NoCredentials", name="outbound proxy internal send connector"),),
        (anonymous("UnknownCredentials"),),
    ],
    "rejected-after-tls": [
        (refused("421 4.4.1 Connection timed out"),),
        (refused("550 5.1.1 User unknown"),),
        (queue("450 4.7.230 Connecting Exchange server version is out-of-date"),),
    ],
    "wrong-certificate-presented": [
        (queue(WRONG_ONE),),
        (queue(WRONG_ONE), session(SUCCESS)),
        (queue("550 5.7.51 TenantInboundAttribution; There is a partner connector configured"),),
        (queue("550 5.7.64 TenantAttribution; Relay Access Denied"),),
        (refused("550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization"),),
    ],
    "network": [
        (queue("451 4.4.397 Error communicating with target host. SocketTimedout: Socket error code 10060"),),
        (row(0, "*", "", '"Failed to connect. Winsock error code: 10061, Win32 error code: 10061"') + "\n",),
    ],
    "tls-inspected": [(session("InvalidToken"),), (queue("451 4.4.0 Security status InvalidToken"),)],
    "tls-version": [
        (session("SocketError"),),
        (session("Unsupported"),),
        (session("IllegalMessage"),),
        (session("MessageAltered"),),
        (queue("421 4.4.2 Connection dropped due to SocketError"),),
    ],
    "starttls-missing": [(queue("451 5.7.3 STARTTLS is required to send mail"),)],
    "dns": [(queue("451 4.4.0 DNS query failed. The error was: DNS query failed with error ErrorRetry"),)],
    "internal-authentication": [
        (queue("454 4.7.0 Temporary authentication failure"),),
        (queue("451 5.7.3 Cannot achieve Exchange Server authentication"),),
    ],
    "other-direction": [
        (queue("450 4.4.317 Cannot connect to remote server [Message=421 4.4.1 Connection timed out]"),)
    ],
    "wrong-log": [("#Log-type: SMTP Receive Protocol Log\n" + session("UnknownCredentials"),)],
    "healthy": [(session(SUCCESS),)],
    "unknown-error": [(session("SomethingNew"),), (queue("432 4.3.2 STOREDRV.Storage; mailbox server is too busy"),)],
    "more-evidence": [
        (queue(TIMED_OUT),),
        (queue("451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out"),),
        (row(0, "*", "", "attempting to connect") + "\n",),
        (session("NoCredentials"),),
        (session("NoCredentials"), certificate(key="")),
        (certificate(),),
        ("nothing that anybody knows",),
    ],
}

NEARLY: list[tuple[str, tuple[str, ...]]] = [
    ("kb4051498", (session("NoCredentials"),)),
    ("kb4051498", (session("NoCredentials"), certificate(key=""))),
    ("kb4051498", (session("NoCredentials"), certificate(key=""), in_store("Missing stored keyset"))),
    ("no-private-key", (session("UnknownCredentials"), in_store("Missing stored keyset"))),
    ("no-private-key", (session("UnknownCredentials"), in_store(NO_KEY, OTHER))),
    ("key-unusable", (session("UnknownCredentials"), certificate("SMTP"), in_store("Missing stored keyset"))),
    ("kb4051498", (session("NoCredentials"), certificate("SMTP"))),
    ("no-private-key", (session("NoCredentials"),)),
    ("no-private-key", (session("NoCredentials"), certificate())),
    ("no-private-key", (session("UnknownCredentials"), KEYLESS.replace(OURS, OTHER) + "\n" + certificate())),
    ("no-private-key", (session("UnknownCredentials"), KEYLESS + "\n\n" + certificate())),
    ("our-certificate-refused", (queue("454 4.7.5 Certificate validation failure, reason:UntrustedRoot"),)),
    ("remote-not-trusted", (session("UntrustedRoot"),)),
    ("internal-connector", (session("UnknownCredentials", name="Intra-Organization relay"),)),
    ("internal-connector", (anonymous("UnknownCredentials", "STARTTLS"),)),
    ("rejected-after-tls", (queue(TIMED_OUT),)),
    ("rejected-after-tls", (refused("421 4.4.2 Idle", delivered=True),)),
    ("wrong-certificate-presented", (queue(WRONG_ONE), session("UntrustedRoot"))),
    ("key-unusable", (session("NoCredentials"), NO_KEYSET.replace(OURS, OTHER))),
    ("wrong-certificate-presented", (queue("550 5.7.51 Your address is blocked"),)),
    ("wrong-certificate-presented", (refused("550 5.7.750 Service unavailable"),)),
    ("key-unusable", (session("UnknownCredentials"), certificate("SMTP"))),
    ("kb4051498", (queue(TIMED_OUT),)),
    ("kb4051498", (row(1, "<", "TLS negotiation failed with error UnknownCredentials", "") + "\n",)),
    ("no-private-key", (session("UnknownCredentials"), certificate(key="True"))),
    ("no-private-key", (session("UnknownCredentials"), certificate(key="False", thumbprint=OTHER))),
    ("stale-tls-certificate-name", (connectors("<I>CN=Old CA<S>CN=old.contoso.com"), certificate())),
    (
        "stale-tls-certificate-name",
        (
            connectors("<I>CN=Example CA, C=US<S>CN=mail.contoso.com, O=Contoso Ltd, C=GB"),
            certificate() + "\n" + certificate(thumbprint=OTHER),
        ),
    ),
    ("wrong-certificate-presented", (queue("454 4.7.5 Certificate validation failure, reason:UntrustedRoot"),)),
    ("network", (queue(TIMED_OUT),)),
    ("network", (queue("421 4.2.1 Unable to connect."),)),
    ("tls-inspected", (queue("421 4.4.2 Connection dropped due to SocketError"),)),
    ("healthy", (session(SUCCESS) + session("SocketError", session_id="08DE28F1A4C00012"),)),
    ("wrong-log", (session(SUCCESS),)),
    ("other-direction", (queue(TIMED_OUT),)),
    ("unknown-error", (session("UnknownCredentials"),)),
    ("dns", (queue(TIMED_OUT),)),
]


def test_the_rules_in_assets_name_exactly_the_known_verdicts() -> None:
    assert {rule.verdict.id for rule in rules()} == IDS == set(LEADS)


@pytest.mark.parametrize(("verdict", "texts"), [(v, t) for v, cases in LEADS.items() for t in cases])
def test_evidence_that_leads_to_a_verdict(verdict: str, texts: tuple[str, ...]) -> None:
    assert diagnosed(*texts).verdict.id == verdict


@pytest.mark.parametrize(("verdict", "texts"), NEARLY)
def test_evidence_that_nearly_leads_to_a_verdict(verdict: str, texts: tuple[str, ...]) -> None:
    assert verdict not in {each.id for each in diagnosed(*texts).verdicts}


def test_a_queue_that_says_less_than_the_log_is_explained_by_it() -> None:
    (found,) = diagnosed(queue(WRONG_ONE), session("UntrustedRoot")).verdicts
    assert found.next.endswith(f"The queue's words say the same, with less: {WRONG_ONE}.")
    assert "evidence 1" in {line.source for line in found.because}
    (alone,) = diagnosed(session("UntrustedRoot")).verdicts
    assert WRONG_ONE not in alone.next


ENGLISH = f"A special Rpc error occurs on server EX02: The certificate with thumbprint {OURS} was not found."
GERMAN = f"Auf dem Server EX02 ist ein RPC-Fehler aufgetreten: Zertifikat mit Fingerabdruck {OURS} nicht gefunden."
ELSEWHERE = "    + CategoryInfo          : InvalidOperation: (:) [Get-ExchangeCertificate], InvalidOperationException\n"
IN_ITS_SHELL = (
    "    + FullyQualifiedErrorId : [Server=EX01,RequestId=1] 4F6A,Microsoft.Exchange.GetExchangeCertificate\n"
)


@pytest.mark.parametrize("words", [ENGLISH, GERMAN])
class TestNotFoundOnAnotherServer:
    def lines(self, *texts: str) -> list[str]:
        found = diagnosed(session("UnknownCredentials"), *texts)
        assert "not-on-another-server" in {check["id"] for check in as_data(found)["checks"]}
        assert "error-not-found" not in {check["id"] for check in as_data(found)["checks"]}
        return [command.text for _step, command in commands_for(found) if command.answer_no]

    def test_the_listing_is_that_of_the_server_the_shell_is_connected_to(self, words: str) -> None:
        window = f"{certificate()}\n\n{words}\n{ELSEWHERE}{IN_ITS_SHELL}"
        for given in ((window,), (connectors(), window)):
            lines = self.lines(*given)
            assert lines
            assert all(line.endswith("-Server 'EX01'") for line in lines)

    def test_where_nothing_tells_which_it_is_nothing_is_bound(self, words: str) -> None:
        for given in ((certificate(), f"{words}\n{ELSEWHERE}"), (connectors(), certificate(), f"{words}\n{ELSEWHERE}")):
            assert self.lines(*given) == []


def test_an_output_that_names_no_server_is_asked_for_on_each() -> None:
    found = diagnosed(session("UnknownCredentials"), connectors(), certificate())
    assert not composed(found)
    assert "This output names no server" in answer_text(found)
    for server in ("EX01", "EX02"):
        assert f"Get-ExchangeCertificate -Thumbprint '{OURS}' -Server '{server}'" in answer_text(found)


def test_a_connector_of_edgesync_is_known_by_its_name_in_the_log() -> None:
    asked = "Get-ExchangeCertificate -Server EDGE1 | Format-List\n"
    found = diagnosed(session("UnknownCredentials", name="EdgeSync - Leeds to Internet"), asked + certificate())
    assert composed(found)
    assert "-Server 'EDGE1'" not in answer_text(found)
    assert "Mailbox server side" in answer_text(found)


def test_a_file_named_after_a_server_is_its_output() -> None:
    sources = [GivenText(session("UnknownCredentials") + "\n" + connectors(), "all.txt")]
    for name, server in (
        ("cert-EX01.txt", "EX01"),
        ("ex02_certs.txt", "EX02"),
        ("EX01-and-EX02.txt", ""),
        ("EX011.txt", ""),
    ):
        found = diagnose([*sources, GivenText(certificate(), name)], Case())
        bound = {command.server for _step, command in commands_for(found) if command.id is CommandId.BIND}
        assert bound == ({server} if server else set()), name


def test_absent_from_the_list_it_may_be_there_without_a_usable_key() -> None:
    others = certificate(thumbprint=OTHER) + "\n" + certificate(thumbprint=THEIRS)
    assert "without a usable key" in answer_text(diagnosed(session("UnknownCredentials"), others))


@pytest.mark.parametrize("read", ["POP, IIS", ""])
def test_no_answer_is_told_where_no_question_comes(read: str) -> None:
    default = "Name                                   : EX01\nInternalTransportCertificateThumbprint : "
    listing = [certificate(read)] if read else []
    found = diagnosed(session("UnknownCredentials"), *listing, default + OURS + "\n")
    assert composed(found)
    assert "Exchange will not ask to overwrite it" in found.verdict.next
    assert "answer N" not in answer_text(found)
    assert "answer N" in answer_text(diagnosed(session("UnknownCredentials"), *listing, default + OTHER + "\n"))


UNREACHED = row(1, "*", "", '"Failed to connect. Winsock error code: 10060, Win32 error code: 10060"', name="Internet")


def test_connections_that_failed_are_told_beside_handshakes_that_succeeded() -> None:
    beside = [each.id for each in diagnosed(session(SUCCESS) + UNREACHED + "\n").verdicts]
    assert beside == ["healthy", "network"]


@pytest.mark.parametrize("mark", ["> ", ">> ", "> > "])
def test_a_log_and_a_listing_in_a_quoted_mail_are_both_read(mark: str) -> None:
    mail = session("UnknownCredentials") + "\n" + certificate()
    case = diagnosed("\n".join(mark + line for line in mail.splitlines())).case
    assert case.now.log is not None
    assert case.services_now


def test_every_verdict_from_evidence_cites_its_lines() -> None:
    for verdict, leads in LEADS.items():
        for texts in leads:
            found = diagnosed(*texts).verdict
            if verdict not in {"more-evidence", "network"}:
                assert found.because, verdict
            for line in found.because:
                assert line.source.startswith("evidence ")
                assert line.number >= 1


def test_the_queue_alone_is_never_more_than_more_evidence() -> None:
    found = diagnosed(queue(TIMED_OUT))
    assert [verdict.id for verdict in found.verdicts] == ["more-evidence"]
    assert not composed(found)
    assert not any(command.changes and command.answer_no for _step, command in commands_for(found))


class TestSeveralFaults:
    def test_each_connector_gets_its_own_verdict_and_the_worst_stands_first(self) -> None:
        log = session("SocketError", name="Internet", session_id="08DE28F1A4C00020") + session("UnknownCredentials")
        found = diagnosed(log)
        assert [(v.id, v.connector) for v in found.verdicts] == [("kb4051498", CONNECTOR), ("tls-version", "Internet")]

    def test_a_connector_that_was_asked_for_is_judged_alone(self) -> None:
        log = session("SocketError", name="Internet", session_id="08DE28F1A4C00020") + session("UnknownCredentials")
        assert [v.id for v in diagnosed(log, connector="Internet").verdicts] == ["tls-version"]

    def test_two_certificates_of_ours_are_two_verdicts_and_none_is_chosen(self) -> None:
        log = session("UnknownCredentials") + session("UnknownCredentials", OTHER, session_id="08DE28F1A4C00012")
        found = diagnosed(log)
        assert {v.thumbprint for v in found.verdicts} == {OURS, OTHER}
        assert not composed(found)

    def test_each_connector_gets_its_own_commands(self) -> None:
        log = session("UnknownCredentials") + session("UnknownCredentials", OTHER, "Internet", "08DE28F1A4C00012")
        found = diagnosed(log, certificate() + "\n" + certificate("IIS", thumbprint=OTHER, key="False"))
        assert {v.id for v in found.verdicts} == {"kb4051498", "no-private-key"}
        binding = [command.text for _step, command in commands_for(found) if command.answer_no]
        assert binding
        assert all(OURS in text for text in binding)
        both = diagnosed(log, certificate() + "\n" + certificate("IIS", thumbprint=OTHER))
        for thumbprint in (OURS, OTHER):
            assert any(thumbprint in command.text for _step, command in commands_for(both) if command.answer_no)
        assert "Shell, for Internet:" in answer_text(both)


class TestCommands:
    def test_with_the_certificate_the_merged_line_is_written(self) -> None:
        found = diagnosed(session("UnknownCredentials"), certificate())
        assert f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP,IIS,POP" in answer_text(found).split(
            "\n  "
        )
        assert composed(found)

    def test_without_it_only_the_smallest_line_with_a_word_about_that(self) -> None:
        data = as_data(diagnosed(session("UnknownCredentials")))
        ids = [command["id"] for command in data["commands"]]
        assert "bind-smallest" in ids
        assert "bind" not in ids
        assert ids.index("read-certificate") < ids.index("bind-smallest") < ids.index("verify")
        assert [check["id"] for check in data["checks"]] == ["certificate-not-read"]

    def test_the_certificates_of_another_server_do_not_stand_in_for_ours(self) -> None:
        found = diagnosed(session("UnknownCredentials"), certificate(thumbprint=OTHER))
        assert not composed(found)
        assert OTHER not in " ".join(command.text for _step, command in commands_for(found))

    def test_a_check_that_blocks_leaves_no_binding_line(self) -> None:
        expired = certificate().replace("Status        : Valid", "Status        : Revoked")
        found = diagnosed(session("UnknownCredentials"), expired)
        assert not composed(found)
        assert next(check["level"] for check in as_data(found)["checks"]) == "block"

    def test_a_server_that_was_named_is_named_in_the_certificate_commands(self) -> None:
        found = diagnosed(session("UnknownCredentials"), certificate(), server="EX02")
        binding = [c for _s, c in commands_for(found) if c.id is CommandId.BIND]
        assert binding[0].text.endswith("-Server 'EX02'")
        assert binding[0].server == "EX02"

    def test_the_prompt_gives_the_undo(self) -> None:
        prompt = (
            f"Current certificate: '{OTHER}' (expires 3/18/2030 8:41:26 AM)\n"
            f"Replace it with certificate: '{OURS}' (expires 5/3/2027 11:59:59 PM)\n"
        )
        data = as_data(diagnosed(session("UnknownCredentials"), certificate(), prompt))
        assert data["prompt"] == {
            "current": OTHER,
            "replacement": OURS,
            "current_expires": "3/18/2030 8:41:26 AM",
            "replacement_expires": "5/3/2027 11:59:59 PM",
            "answer": None,
        }
        assert data["commands"][-1]["id"] == "undo-default"
        assert OTHER in data["commands"][-1]["text"]


class TestData:
    def test_has_the_shape_that_was_promised(self) -> None:
        data = as_data(diagnosed(session("UnknownCredentials"), certificate("SMTP, Federation"), connectors()))
        assert data["schema"] == 1
        assert {"id", "title", "next", "because"} <= data["verdict"].keys()
        assert {"text", "file", "line"} == data["verdict"]["because"][0].keys()
        assert data["handshakes"] == [
            {
                "connector": CONNECTOR,
                "error": "UnknownCredentials",
                "sessions": 1,
                "first": "2026-11-22T02:04:08.000Z",
                "last": "2026-11-22T02:04:08.000Z",
                "remote": "198.51.100.25:25",
                "layout": "rows",
                "certificate": {
                    "thumbprint": OURS,
                    "subject": "CN=mail.contoso.com, O=Contoso Ltd, C=GB",
                    "issuer": "CN=Example CA, C=US",
                    "serial": "0A1B2C3D4E5F6071",
                    "not_before": None,
                    "not_after": None,
                    "names": ["mail.contoso.com"],
                },
            }
        ]
        assert data["certificates"][0]["services"] == ["SMTP", "Federation"]
        assert data["connectors"][0]["source_servers"] == ["EX01", "EX02"]

    def test_holds_what_no_step_asks_for(self) -> None:
        event = "Source: MSExchangeTransport\nEvent ID: 12018\nComputer: EX01\n"
        default = f"Name                                 : EX01\nInternalTransportCertificateThumbprint : {DEFAULT}\n"
        sentence = "It says TLS negotiation failed with error UntrustedRoot and no more.\n"
        stored = in_store("Encryption test passed")
        missing = f"A special Rpc error occurs on server EX01: The certificate with thumbprint {OURS} was not found."
        waits = 'Confirm\nRequire SSL?\n[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):\n'
        data = as_data(diagnosed(event, default, sentence, stored, waits, missing))
        assert [(each["number"], each["computer"]) for each in data["events"]] == [(12018, "EX01")]
        assert data["defaults"] == [{"server": "EX01", "thumbprint": DEFAULT, "how": "transport-service"}]
        assert data["sentences"] == [{"error": "UntrustedRoot"}]
        assert data["store"] == [{"thumbprint": OURS, "key": "passed", "provider": None}]
        assert data["notices"] == [{"about": "ssl", "open": True}]
        assert [each["kind"] for each in data["errors"]] == ["not-found"]
        assert data["unread"] == []

    def test_the_partners_thumbprint_is_nowhere(self) -> None:
        theirs = (
            row(9, "*", "", "Received certificate", "08DE28F1A4C00030")
            + "\n"
            + row(10, "*", THEIRS, "Certificate thumbprint", "08DE28F1A4C00030")
            + "\n"
            + row(11, "*", "", "TLS negotiation failed with error UntrustedRoot", "08DE28F1A4C00030")
        )
        data = as_data(diagnosed(session("UnknownCredentials") + theirs))
        assert THEIRS not in str(data["commands"]) + str(data["handshakes"])


class TestGathering:
    def test_a_folder_is_read_with_each_file_taken_by_its_content(self, tmp_path: Path) -> None:
        (tmp_path / "SEND20261122-1.log").write_text(session("UnknownCredentials"), encoding="utf-8")
        (tmp_path / "certificates.txt").write_text(certificate(), encoding="utf-16")
        (tmp_path / "notes.txt").write_text("call the manager back\n", encoding="utf-8")
        found = diagnose([tmp_path], Case())
        assert composed(found)
        assert found.read == 2
        assert [(u.source, u.why) for u in found.unread] == [("notes.txt", "this is nothing this wizard knows")]

    def test_files_of_one_folder_are_one_stream_in_natural_order(self, tmp_path: Path) -> None:
        rows = session("UnknownCredentials").splitlines(keepends=True)
        (tmp_path / "SEND20261122-9.log").write_text("".join(rows[:5]), encoding="utf-8")
        (tmp_path / "SEND20261122-10.log").write_text("".join(rows[5:]), encoding="utf-8")
        paths = [tmp_path / "SEND20261122-10.log", tmp_path / "SEND20261122-9.log"]
        found = diagnose(paths, Case())
        assert found.case.now.thumbprint == OURS

    def test_a_file_named_twice_counts_once(self, tmp_path: Path) -> None:
        log = tmp_path / "SEND20261122-1.log"
        log.write_text(session("UnknownCredentials"), encoding="utf-8")
        assert diagnose([log, tmp_path, log], Case()).case.now.failed[0].sessions == 1

    def test_what_is_not_there_is_listed_and_the_rest_is_read(self, tmp_path: Path) -> None:
        log = tmp_path / "SEND20261122-1.log"
        log.write_text(session("UnknownCredentials"), encoding="utf-8")
        found = diagnose([tmp_path / "gone.log", log], Case())
        assert found.verdict.id == "kb4051498"
        assert [u.source for u in found.unread] == [str(tmp_path / "gone.log")]

    def test_a_binary_file_is_listed_with_its_reason(self, tmp_path: Path) -> None:
        (tmp_path / "key.txt").write_bytes(bytes(range(32)) * 64)
        found = diagnose([tmp_path], Case())
        assert found.read == 0
        assert "binary" in found.unread[0].why


def test_the_shipped_sample_is_diagnosed_as_it_is_guided() -> None:
    found = diagnose([assets() / "sample" / name for name in ("SEND20261122-1.log", "certificate.txt")], Case())
    assert found.verdict.id == "kb4051498"
    assert "SMTP,IIS,POP" in answer_text(found)
    assert "POP, IIS" in asset_text("sample/certificate.txt")


class TestRecovery:
    """A failure is over when the same log shows the same connector and certificate succeed afterwards."""

    LATER = session(SUCCESS, session_id="08DE28F1A4C00099").replace("T02:04:", "T02:30:")

    def test_a_later_success_with_the_same_certificate_says_so(self) -> None:
        assert diagnosed(session("UnknownCredentials") + self.LATER).verdict.id == "healthy"

    def test_an_earlier_success_does_not(self) -> None:
        earlier = self.LATER.replace("T02:30:", "T01:30:")
        assert diagnosed(earlier + session("UnknownCredentials")).verdict.id == "kb4051498"

    def test_a_later_success_with_another_certificate_of_ours_ends_the_case(self) -> None:
        found = diagnosed(session("UnknownCredentials") + self.LATER.replace(OURS, OTHER))
        assert found.verdict.id == "healthy"
        assert OTHER in found.verdict.next
        assert not composed(found)

    def test_an_earlier_success_with_another_certificate_does_not(self) -> None:
        earlier = self.LATER.replace(OURS, OTHER).replace("T02:30:", "T01:30:")
        assert diagnosed(earlier + session("UnknownCredentials")).verdict.id == "kb4051498"

    def test_a_success_to_another_address_does_not(self) -> None:
        other = self.LATER.replace("198.51.100.25:25", "198.51.100.26:25")
        found = diagnosed(session("UnknownCredentials") + other, certificate())
        assert found.verdict.id == "kb4051498"
        assert composed(found)
        another_port = self.LATER.replace("198.51.100.25:25", "198.51.100.25:587")
        assert diagnosed(session("UnknownCredentials") + another_port).verdict.id == "healthy"

    def test_a_success_to_another_address_makes_it_likely_once_the_certificate_was_bound(self) -> None:
        other = self.LATER.replace("198.51.100.25:25", "198.51.100.26:25")
        found = diagnosed(session("UnknownCredentials") + other, cases.question(DEFAULT, OURS))
        assert found.verdict.id == "healthy"
        assert "Likely" in found.verdict.title
        assert "198.51.100.25" in found.verdict.next

    def test_a_success_of_another_connector_does_not(self) -> None:
        other = self.LATER.replace(CONNECTOR, "Internet")
        assert diagnosed(session("UnknownCredentials") + other).verdict.id == "kb4051498"

    def test_a_success_in_another_servers_folder_does_not(self, tmp_path: Path) -> None:
        for server, text in (("EX01", session("UnknownCredentials")), ("EX02", self.LATER)):
            (tmp_path / server).mkdir()
            (tmp_path / server / "SEND20261122-1.log").write_text(text, encoding="utf-8")
        assert diagnose([tmp_path], Case()).verdict.id == "kb4051498"


class TestWhyNoLineBinds:
    """Nothing says "with the command marked" where there is none; what is missing is named."""

    def advice(self, *texts: str, connector: str = "") -> tuple[str, ...]:
        found = diagnosed(*texts, connector=connector)
        assert not composed(found)
        assert "with the command marked" not in answer_text(found)
        return tuple(verdict["next"] for verdict in as_data(found)["verdicts"])

    def test_an_output_without_services(self) -> None:
        bare = "".join(line for line in certificate().splitlines(True) if not line.startswith("Services"))
        assert self.advice(session("UnknownCredentials"), bare) == (NO_SERVICES,)

    def test_two_certificates_of_one_connector(self) -> None:
        other = session("UnknownCredentials", OTHER, session_id="08DE28F1A4C00012")
        first, second = self.advice(session("UnknownCredentials") + other)
        assert first == second
        assert first.startswith("Several certificates of ours can be meant")

    def test_another_connector_than_the_one_named(self) -> None:
        first, second = self.advice(session("UnknownCredentials"), certificate(), connector="Internet")
        assert "They belong to: Outbound to Office 365" in first
        assert second.startswith("Give the log of a server that sends with it")
        assert diagnosed(session(SUCCESS), connector="Internet").verdict.title.startswith("These rows belong to")

    def test_an_error_of_the_shell(self) -> None:
        missing = f"A special Rpc error occurs on server EX01: The certificate with thumbprint {OURS} was not found."
        found = diagnosed(session("UnknownCredentials"), missing)
        assert found.case.now.errors
        assert "did not find" in self.advice(session("UnknownCredentials"), missing)[0]
        assert "error-not-found" in {check["id"] for check in as_data(found)["checks"]}

    def test_a_session_without_a_certificate_is_no_masked_one(self) -> None:
        bare = "".join(line for line in session("UnknownCredentials").splitlines(True) if "ertificate" not in line)
        assert "the whole session" in self.advice(bare)[0]
        assert "not masked" in self.advice(session("UnknownCredentials", "x" * 40))[0]


class TestWhatHasNothingToAdd:
    def test_the_queues_words_once_the_log_is_read(self) -> None:
        for log in (session("UnknownCredentials"), session(SUCCESS), session("SocketError")):
            assert "more-evidence" not in {v.id for v in diagnosed(queue(TIMED_OUT), log).verdicts}
        assert diagnosed(queue(TIMED_OUT), session(SUCCESS)).verdict.id == "healthy"

    def test_but_other_words_of_a_queue_do(self) -> None:
        ids = [v.id for v in diagnosed(queue("451 4.4.0 DNS query failed"), session("UnknownCredentials")).verdicts]
        assert ids == ["kb4051498", "dns"]

    def test_a_question_about_another_certificate_is_answered(self) -> None:
        asked = (
            "Confirm\nOverwrite the existing default SMTP certificate?\n\n"
            f"Current certificate: '{THEIRS}' (expires 3/18/2030 8:41:26 AM)\n"
            f"Replace it with certificate: '{OTHER}' (expires 9/30/2027 11:59:59 PM)\n"
        )
        found = as_data(diagnosed(session("UnknownCredentials"), certificate(), asked))
        assert ("other-replacement", "block") in {(check["id"], check["level"]) for check in found["checks"]}

    def test_letters_of_any_case_name_the_error(self) -> None:
        assert composed(diagnosed(session("unknowncredentials"), certificate()))


class TestSeveralServers:
    """Each certificate says on which server it is, and each source server gets its own line."""

    def on(self, server: str, services: str, thumbprint: str = OURS) -> str:
        return f"Identity      : {server}\\{thumbprint}\n{certificate(services, thumbprint=thumbprint)}"

    def binding(self, found: Diagnosis) -> list[tuple[str, str | None]]:
        lines = [command for _step, command in commands_for(found) if command.id is CommandId.BIND]
        return [(command.text.partition("-Services ")[2].partition(" ")[0], command.server) for command in lines]

    def test_each_with_the_services_it_has_there(self) -> None:
        both = self.on("EX01", "IIS") + "\n" + self.on("EX02.contoso.com", "POP, IMAP")
        found = diagnosed(connectors(), session("UnknownCredentials"), both)
        assert self.binding(found) == [("SMTP,IIS", "EX01"), ("SMTP,POP,IMAP", "EX02")]
        assert not found.contradiction
        assert {c["server"] for c in as_data(found)["certificates"]} == {"EX01", "EX02.contoso.com"}

    def test_one_that_lacks_the_certificate_gets_no_line(self) -> None:
        others = self.on("EX02", "SMTP", OTHER) + "\n" + self.on("EX02", "IIS", THEIRS)
        found = diagnosed(connectors(), session("UnknownCredentials"), self.on("EX01", "IIS") + "\n" + others)
        assert {command.server for _step, command in commands_for(found) if command.answer_no} == {"EX01"}

    def test_one_that_is_bound_already_needs_none(self) -> None:
        both = self.on("EX01", "IIS, SMTP") + "\n" + self.on("EX02", "IIS")
        found = diagnosed(connectors(), session("UnknownCredentials"), both)
        assert {command.server for _step, command in commands_for(found) if command.answer_no} == {"EX02"}

    def test_one_of_which_nothing_was_given_gets_the_smallest(self) -> None:
        found = diagnosed(connectors(), session("UnknownCredentials"), self.on("EX01", "IIS"))
        smallest = [command.server for _step, command in commands_for(found) if command.id is CommandId.BIND_SMALLEST]
        assert "EX02" in smallest

    def test_that_a_survey_read_have_a_line_each(self) -> None:
        survey = GivenText(SURVEYS["as printed"], "survey.txt")
        found = diagnose([survey, GivenText(FAILING_THERE, "log")], Case(opened=cases.NIGHT))
        assert found.verdict.id == "kb4051498"
        # Logging is put back behind the last server.
        assert [c.id for _step, c in commands_for(found)][-2:] == [CommandId.RESTORE_LOGGING, CommandId.READ_CONNECTORS]
        assert self.binding(found) == [("SMTP,IIS,POP,IMAP", "EX1"), ("SMTP,IIS", "EX2")]
        assert {each["server"] for each in as_data(found)["certificates"]} == {"EX1", "EX2"}
        assert any("EDGE1 did not answer" in each["why"] for each in as_data(found)["unread"])


class TestWhatStandsBeside:
    def test_a_self_signed_certificate_names_the_one_of_an_authority(self) -> None:
        own = session("CertUnknown").replace("CN=mail.contoso.com, O=Contoso Ltd, C=GB", "CN=Example CA, C=US")
        listed = certificate().replace("CN=mail.contoso.com, O=Contoso Ltd, C=GB", "CN=Example CA, C=US")
        found = diagnosed(own, listed + "\n" + certificate(thumbprint=OTHER)).verdict
        assert "self-signed" in found.title
        assert OTHER in found.next
        assert OTHER not in diagnosed(own, listed).verdict.next

    def test_an_illegal_message_is_a_refusal_in_the_second_place_where_our_certificate_was_sent(self) -> None:
        assert OURS in diagnosed(session("IllegalMessage")).verdict.next

    def test_the_default_certificate_is_no_verdict_beside_a_failure(self) -> None:
        default = f"Name                                   : EX01\nInternalTransportCertificateThumbprint : {OTHER}\n"
        assert [each.id for each in diagnosed(session("UnknownCredentials"), default).verdicts] == ["kb4051498"]

    @pytest.mark.parametrize("services", ["SMTP, IIS", "IIS"])
    def test_what_naming_a_service_does_is_said_where_a_line_names_it(self, services: str) -> None:
        checks = as_data(diagnosed(session("UnknownCredentials"), certificate(services)))["checks"]
        assert ("iis-named-again" in {check["id"] for check in checks}) is (services == "IIS")

    def test_the_list_of_a_server_that_the_connector_does_not_send_from_leaves_no_line(self) -> None:
        window = "[PS] C:\\>Get-ExchangeCertificate -Server EX09 | fl Thumbprint,Services,HasPrivateKey\n\n"
        listed = window + certificate("IIS") + "\n" + certificate("SMTP", thumbprint=OTHER)
        data = as_data(diagnosed(session("UnknownCredentials"), connectors(), listed))
        assert "another-servers-list" in {check["id"] for check in data["checks"]}
        assert not [each for each in data["commands"] if "Enable-ExchangeCertificate" in each["text"]]
