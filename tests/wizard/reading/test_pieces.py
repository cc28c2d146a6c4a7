"""Texts with several outputs, cut into them: windows, transcripts, mails, in one order or another."""

from __future__ import annotations

import pytest

from wizard.case.case import Case, StepId
from wizard.diagnosis import Diagnosis, diagnose
from wizard.facts import LoggingLevel, Service
from wizard.reading.pieces import UNKNOWN, Piece, Pieces, latest, pieces
from wizard.reading.text import Kind, clean
from wizard.steps.intake import GivenText, take

OURS = "1F2E3D4C5B6A79881726354433221100FFEEDDCC"
OTHER = "00112233445566778899AABBCCDDEEFF01020304"
PROMPT = "[PS] C:\\Windows\\system32>"

QUEUES = """
Identity      : MBX1\\27
Status        : Retry
MessageCount  : 12
NextHopDomain : relay.fabrikam.example
LastError     : [{LED=451 4.4.395 Target host responded with error.};{MSG=};{FQDN=mx.fabrikam.example};{IP=192.0.2.9}]
"""
EMPTIED = QUEUES.replace("Retry", "Ready").replace(QUEUES[QUEUES.index(" [{") :], "\n")
CONNECTORS = """
Name                   : To Fabrikam
Guid                   : 0b8e2f5a-6a51-4c7e-9d5c-33f1a7c2d9e4
Enabled                : True
ProtocolLoggingLevel   : None
SourceTransportServers : {MBX1, MBX2}
TlsCertificateName     :
Fqdn                   : mail.contoso.example
"""
FOLDERS = """
Name                : MBX1
SendProtocolLogPath : E:\\Logs\\Send
"""
CERTIFICATE = f"""
Thumbprint : {OURS}
Services   : IMAP, IIS
Subject    : CN=mail.contoso.example
"""
BOUND = f"""
Thumbprint : {OURS}
Services   : IMAP, IIS, SMTP
"""
TABLE = f"""
Thumbprint                                Services   Subject
----------                                --------   -------
{OURS}  I..W...    CN=mail.contoso.example
{OTHER}  ....S..    CN=MBX1
"""
QUESTION = f"""
Confirm
Overwrite the existing default SMTP certificate?

Current certificate: '{OTHER}' (expires 3/2/2027 10:12:13 AM)
Replace it with certificate: '{OURS}' (expires 1/10/2028 11:59:59 PM)
[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):N
"""
ERROR = """Get-Queueue : The term 'Get-Queueue' is not recognized as the name of a cmdlet, function or program.
At line:1 char:1
+ Get-Queueue
+ ~~~~~~~~~~~
    + CategoryInfo          : ObjectNotFound: (Get-Queueue:String) [], CommandNotFoundException
    + FullyQualifiedErrorId : CommandNotFoundException
"""
ROW = "2026-11-20T08:00:0{}.000Z,To Fabrikam,0AB1C2D3E4F50000,{},192.0.2.1:4711,192.0.2.9:25,{},{},{}"
LOG = "\n".join(
    (
        ROW.format(1, 0, "*", "", "attempting to connect"),
        ROW.format(2, 1, ">", "STARTTLS", ""),
        ROW.format(3, 2, "*", "", "Sending certificate"),
        ROW.format(3, 3, "*", "CN=mail.contoso.example", "Certificate subject"),
        ROW.format(3, 4, "*", OURS, "Certificate thumbprint"),
        ROW.format(4, 5, "*", "", "TLS negotiation failed with error UnknownCredentials"),
        ROW.format(5, 6, "-", "", "Local"),
        "",
    )
)
HEAD = """**********************
Windows PowerShell transcript start
Start time: 20261122094107
Username: CONTOSO\\admin
Machine: MBX1 (Microsoft Windows NT 10.0.20348.0)
**********************
Transcript started, output file is C:\\Users\\admin\\t.txt
"""

OUTPUTS = {
    Kind.QUEUES: ("Get-Queue | Format-List Identity,Status,MessageCount,NextHopDomain,LastError", QUEUES),
    Kind.CONNECTORS: ("Get-SendConnector | Format-List Name,Guid,Enabled,ProtocolLoggingLevel", CONNECTORS),
    Kind.LOG_FOLDERS: ("Get-TransportService | Format-List Name,SendProtocolLogPath", FOLDERS),
    Kind.CERTIFICATES: ("Get-ExchangeCertificate | Format-List Thumbprint,Services,Subject", CERTIFICATE),
    Kind.PROMPT: (f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP", QUESTION),
    Kind.CMDLET_ERROR: ("Get-Queueue", ERROR),
}


def window(*outputs: tuple[str, str], width: int = 0) -> str:
    """A window with these commands and what they printed, each command broken at the width."""
    text = ""
    for command, output in outputs:
        typed = PROMPT + command
        rows = [typed[at : at + width] for at in range(0, len(typed), width)] if width else [typed]
        text += "\n".join(rows) + "\n" + output + "\n"
    return text + PROMPT + "\n"


def transcript(*outputs: tuple[str, str]) -> str:
    """The same as a transcript."""
    return (
        HEAD + window(*outputs) + "**********************\nWindows PowerShell transcript end\n**********************\n"
    )


def mail(*outputs: tuple[str, str]) -> str:
    """What was printed, with prose between and no command above."""
    between = "\n\nand then this one:\n\n"
    return "Hello all,\n\n" + between.join(output for _command, output in outputs) + "\n\nRegards\n"


def cut(text: str) -> Pieces:
    return pieces(clean(text))


def kinds(text: str) -> list[Kind]:
    return [piece.kind for piece in cut(text).all]


def only(text: str, kind: Kind) -> Piece:
    return next(piece for piece in latest(cut(text).all)[0] if piece.kind is kind)


def found(text: str) -> Diagnosis:
    return diagnose([GivenText(text, "session.txt")], Case())


class TestCutting:
    @pytest.mark.parametrize("first", OUTPUTS)
    @pytest.mark.parametrize("second", OUTPUTS)
    @pytest.mark.parametrize("printed", [window, transcript])
    def test_each_output_is_a_piece_in_any_order(self, first: Kind, second: Kind, printed: object) -> None:
        assert callable(printed)
        assert kinds(printed(OUTPUTS[first], OUTPUTS[second])) == [first, second]

    @pytest.mark.parametrize("width", [80, 100, 120])
    def test_a_command_that_a_window_broke_is_none_of_the_output(self, width: int) -> None:
        text = window(*OUTPUTS.values(), width=width)
        assert kinds(text) == list(OUTPUTS)
        assert cut(text).left == ()

    @pytest.mark.parametrize("first", [Kind.QUEUES, Kind.CONNECTORS, Kind.LOG_FOLDERS, Kind.CERTIFICATES])
    @pytest.mark.parametrize("second", [Kind.QUEUES, Kind.CONNECTORS, Kind.LOG_FOLDERS, Kind.CERTIFICATES])
    def test_prose_between_decides_nothing(self, first: Kind, second: Kind) -> None:
        wanted = [first] if first is second else [first, second]
        assert kinds(mail(OUTPUTS[first], OUTPUTS[second])) == wanted

    @pytest.mark.parametrize("kind", OUTPUTS)
    def test_a_log_beside_any_other_output_is_read_too(self, kind: Kind) -> None:
        assert kinds(LOG + "\n" + window(OUTPUTS[kind])) == [Kind.SEND_LOG, kind]
        assert kinds(window(OUTPUTS[kind]) + LOG) == [kind, Kind.SEND_LOG]

    def test_rows_between_two_outputs_are_one_log(self) -> None:
        text = window(OUTPUTS[Kind.QUEUES]) + LOG + window(OUTPUTS[Kind.CERTIFICATES]) + LOG.replace("F50000", "F50001")
        assert sorted(kinds(text), key=lambda kind: kind.name) == [Kind.CERTIFICATES, Kind.QUEUES, Kind.SEND_LOG]
        assert len(only(text, Kind.SEND_LOG).reading.handshakes) == 2

    @pytest.mark.parametrize("kind", OUTPUTS)
    def test_one_output_is_one_piece_with_the_whole_text(self, kind: Kind) -> None:
        text = clean(window(OUTPUTS[kind]))
        (piece,) = pieces(text).all
        assert piece.kind is kind
        assert piece.text == text

    def test_line_ends_of_windows_a_mail_s_quoting_and_a_cut_end_do_no_harm(self) -> None:
        text = window(*OUTPUTS.values())
        assert kinds(text.replace("\n", "\r\n")) == list(OUTPUTS)
        assert kinds("".join(f"> {line}\n" for line in text.splitlines())) == list(OUTPUTS)
        assert kinds(window(OUTPUTS[Kind.QUEUES], OUTPUTS[Kind.CERTIFICATES])[:-70]) == [Kind.QUEUES, Kind.CERTIFICATES]

    def test_a_table_below_another_ends_at_the_fence(self) -> None:
        text = f"before\n```\n{PROMPT}Get-ExchangeCertificate\n{TABLE}```\nafter\n```\n{PROMPT}Get-Queue\n{QUEUES}```\n"
        assert kinds(text) == [Kind.CERTIFICATES, Kind.QUEUES]
        assert [each.thumbprint for each in only(text, Kind.CERTIFICATES).reading.facts] == [OURS, OTHER]

    def test_a_listing_right_below_an_error_s_sentence_is_none_of_it(self) -> None:
        sentence = f"Enable-ExchangeCertificate : The certificate with thumbprint {OURS} was not found.\n"
        assert kinds(sentence + CERTIFICATE) == [Kind.CMDLET_ERROR, Kind.CERTIFICATES]

    def test_a_sentence_that_begins_with_a_cmdlet_is_no_command(self) -> None:
        text = f"{QUEUES}\nSet-SendConnector did not help us at all.\n{CERTIFICATE}"
        assert [piece.asked.cmdlet for piece in cut(text).all] == ["", ""]

    def test_a_text_without_output_is_what_it_is(self) -> None:
        assert kinds("Thanks in advance for any idea.\n") == [Kind.NOTHING]
        assert kinds(f"{PROMPT}Get-Queue\n") == [Kind.COMMAND]


class TestLeft:
    def test_a_banner_and_a_command_without_output_take_one_entry_each(self) -> None:
        retry = ("Retry-Queue -Filter \"Status -eq 'Retry'\"", "")
        text = transcript(OUTPUTS[Kind.QUEUES], retry, OUTPUTS[Kind.CERTIFICATES])
        assert [each.line for each in cut(text).left] == [2, 16, 26]

    def test_a_command_that_was_used_is_not_missed(self) -> None:
        assert cut(window(OUTPUTS[Kind.QUEUES], OUTPUTS[Kind.CERTIFICATES])).left == ()

    @pytest.mark.parametrize("filler", ["words of a report that goes on and on", "TWFuIGlzIGRpc3Rpbmd1aXNoZWQg" * 3])
    def test_outputs_amid_a_very_long_text_are_read_and_the_rest_is_left(self, filler: str) -> None:
        long = [filler] * 3_000
        text = "\n".join([*long, *QUEUES.splitlines(), *long, *TABLE.splitlines(), *long])
        assert kinds(text) == [Kind.QUEUES, Kind.CERTIFICATES]
        assert next(each.line for each in cut(text).left) == 1
        assert {fact.thumbprint for fact in only(text, Kind.CERTIFICATES).reading.facts} == {OURS, OTHER}
        alone = cut("\n".join(long))
        assert [piece.kind for piece in alone.all] == [Kind.NOTHING]


class TestAsked:
    @pytest.mark.parametrize(
        ("command", "server", "thumbprint", "whole"),
        [
            ("Get-ExchangeCertificate", "", "", True),
            ("Get-ExchangeCertificate -Server 'MBX2' | fl", "MBX2", "", True),
            ('get-exchangecertificate -ser "MBX2" | fl Thumbprint', "MBX2", "", True),
            (f"Get-ExchangeCertificate -Thumbprint '{OURS}' -Server MBX2", "MBX2", OURS, False),
            (f"Get-ExchangeCertificate {OURS} | fl", "", OURS, False),
            ("Get-ExchangeCertificate -Server $server | fl", "", "", True),
            ('Get-ExchangeCertificate -Server "$env:COMPUTERNAME" | fl', "", "", True),
            ("Get-ExchangeCertificate | ? {$_.Services -match 'IIS'} | fl", "", "", False),
            ("Get-ExchangeCertificate | Select-Object -First 1 | fl", "", "", False),
            ("Get-ExchangeCertificate -DomainName mail.contoso.example", "", "", False),
        ],
    )
    @pytest.mark.parametrize("width", [0, 60])
    def test_the_command_says_which_server_and_certificate(
        self, command: str, server: str, thumbprint: str, whole: bool, width: int
    ) -> None:
        text = window(OUTPUTS[Kind.QUEUES], (command, CERTIFICATE), width=width)
        (certificate,) = only(text, Kind.CERTIFICATES).reading.facts
        assert (certificate.server, certificate.whole_list) == (server, whole)
        assert certificate.asked is not None
        assert certificate.asked.thumbprint == thumbprint

    def test_services_alone_are_of_the_certificate_that_was_asked_for(self) -> None:
        command = f"Get-ExchangeCertificate -Thumbprint {OURS} | Select-Object Services"
        text = window(OUTPUTS[Kind.QUEUES], (command, "\nServices : IMAP, SMTP\n"))
        (certificate,) = only(text, Kind.CERTIFICATES).reading.facts
        assert certificate.thumbprint == OURS

    def test_objects_below_prose_are_of_no_command(self) -> None:
        text = window(("Get-ExchangeCertificate -Server MBX2", f"{CERTIFICATE}\nand on the first server:\n{BOUND}"))
        assert [each.server for each in only(text + QUEUES, Kind.CERTIFICATES).reading.facts] != ["MBX2", "MBX2"]


class TestLater:
    def test_a_later_listing_takes_the_place_of_the_earlier(self) -> None:
        text = window(OUTPUTS[Kind.CERTIFICATES], ("Get-ExchangeCertificate", BOUND))
        (certificate,) = only(text, Kind.CERTIFICATES).reading.facts
        assert certificate.services is not None
        assert Service.SMTP in certificate.services
        assert certificate.subject == "CN=mail.contoso.example"
        assert [each.services for each in latest(cut(text).all)[1]] == [frozenset({Service.IMAP, Service.IIS})]

    def test_a_queue_that_runs_again_shows_no_error_any_more(self) -> None:
        text = window(OUTPUTS[Kind.QUEUES], ("Get-Queue", EMPTIED))
        (queue,) = only(text, Kind.QUEUES).reading.facts
        assert (queue.status, queue.last_error) == ("Ready", "")

    def test_a_connector_shown_in_part_keeps_the_rest(self) -> None:
        verbose = "\nName                 : To Fabrikam\nProtocolLoggingLevel : Verbose\n"
        (connector,) = only(
            window(OUTPUTS[Kind.CONNECTORS], ("Get-SendConnector", verbose)), Kind.CONNECTORS
        ).reading.facts
        assert connector.logging_level is LoggingLevel.VERBOSE
        assert connector.source_servers == ("MBX1", "MBX2")

    def test_another_server_s_listing_takes_no_place(self) -> None:
        first, second = (f"Get-ExchangeCertificate -Server {name}" for name in ("MBX1", "MBX2"))
        listed = only(window((first, CERTIFICATE), (second, BOUND)), Kind.CERTIFICATES).reading.facts
        assert [each.server for each in listed] == ["MBX1", "MBX2"]

    def test_two_texts_that_differ_contradict_each_other(self) -> None:
        texts = (GivenText(LOG, "log"), GivenText(CERTIFICATE, "before"), GivenText(BOUND, "after"))
        assert diagnose(texts, Case()).contradiction
        one = LOG + window(OUTPUTS[Kind.CERTIFICATES], ("Get-ExchangeCertificate", BOUND))
        assert not diagnose([GivenText(one, "session")], Case()).contradiction


class TestBindings:
    def test_what_stands_below_the_question_stands_behind_a_binding(self) -> None:
        text = window(OUTPUTS[Kind.CERTIFICATES], OUTPUTS[Kind.PROMPT], ("Get-ExchangeCertificate", BOUND))
        assert [piece.bound for piece in cut(text).all] == ["", OURS, OURS]
        assert [each.how for each in cut(text).bindings] == ["ran", "question"]

    def test_a_line_that_failed_bound_nothing(self) -> None:
        failed = (OUTPUTS[Kind.PROMPT][0], ERROR)
        assert cut(window(OUTPUTS[Kind.CERTIFICATES], failed, OUTPUTS[Kind.QUEUES])).bindings == ()

    def test_a_variable_names_no_certificate(self) -> None:
        ran = ("Enable-ExchangeCertificate -Thumbprint $t -Services IIS,SMTP", "")
        text = window(OUTPUTS[Kind.QUEUES], ran, OUTPUTS[Kind.CERTIFICATES])
        assert [piece.bound for piece in cut(text).all] == ["", UNKNOWN]

    def test_another_service_is_no_binding(self) -> None:
        ran = (f"Enable-ExchangeCertificate -Thumbprint {OURS} -Services IIS", "")
        assert cut(window(OUTPUTS[Kind.QUEUES], ran, OUTPUTS[Kind.CERTIFICATES])).bindings == ()


WHOLE = LOG + window(*OUTPUTS.values())


class TestOneDoor:
    @pytest.mark.parametrize("text", [WHOLE, LOG + transcript(*OUTPUTS.values()), window(*OUTPUTS.values()) + LOG])
    def test_diagnose_reads_every_output(self, text: str) -> None:
        case = found(text).case
        assert (case.now.thumbprint, case.connector) == (OURS, "To Fabrikam")
        assert [len(each) for each in (case.queues, case.connectors, case.now.certificates, case.log_folders)] == [
            1
        ] * 4
        assert case.now.prompt is not None
        assert len(case.now.errors) == 1

    @pytest.mark.parametrize("step", [StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOG, StepId.SERVICES])
    def test_a_step_takes_every_output_where_it_belongs(self, step: StepId) -> None:
        taken = take(Case(), step, WHOLE)
        case = taken.case
        assert taken.accepted
        assert taken.at is step
        assert (case.now.thumbprint, case.connector) == (OURS, "To Fabrikam")
        assert [len(each) for each in (case.queues, case.connectors, case.now.certificates, case.log_folders)] == [
            1
        ] * 4
        assert case.answer(StepId.LOG).text == WHOLE

    def test_what_stands_below_the_binding_is_the_proof(self) -> None:
        text = WHOLE + window(("Get-ExchangeCertificate", BOUND), ("Get-Queue", EMPTIED))
        case = take(Case(), StepId.SYMPTOM, text).case
        assert case.services_now == frozenset({Service.IMAP, Service.IIS})
        assert case.certificate_after is not None
        assert case.certificate_after.services == frozenset({Service.IMAP, Service.IIS, Service.SMTP})
        assert [queue.status for queue in (*case.queues, *case.now.queues_after)] == ["Retry", "Ready"]

    def test_the_same_text_at_the_proof_gives_the_same_case(self) -> None:
        text = WHOLE + window(("Get-ExchangeCertificate", BOUND), ("Get-Queue", EMPTIED))
        case = take(Case(), StepId.VERIFY, text).case
        assert case.services_now == frozenset({Service.IMAP, Service.IIS})
        assert case.certificate_after is not None
