"""A text is recognised by its content, at the cost of its first lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.reading.recognise import recognise
from wizard.reading.text import Kind, clean

THUMBPRINT = "4C0FFEE04C0FFEE04C0FFEE04C0FFEE04C0FFEE0"
SEND_ROW = "2027-03-04T05:06:07.890Z,To Fabrikam,08DC000000000001,4,192.0.2.5:4711,198.51.100.7:25,>,EHLO a.example,"
RECEIVE_ROW = SEND_ROW.replace("To Fabrikam", r"MBX7\Default Frontend MBX7")


def kind(text: str) -> Kind:
    return recognise(clean(text))


class TestProtocolLogs:
    @pytest.mark.parametrize(
        "row",
        [
            SEND_ROW,
            SEND_ROW.replace("To Fabrikam", '"To Fabrikam, direct"'),
            SEND_ROW.replace("192.0.2.5:4711,198.51.100.7:25", ","),
            "> " + SEND_ROW,
            "  12. " + SEND_ROW,
            "here is my log: " + SEND_ROW,
            "2027-03-04T05:06:07Z,To A,08DC000000000001,9,,,,,TLS negotiation failed with error UnknownCredentials",
            SEND_ROW[:75],
            "*,,TLS negotiation failed with error UnknownCredentials",
            "#Fields: date-time,connector-id,session-id,sequence-number",
        ],
    )
    def test_rows_of_a_send_log_whatever_stands_before_them(self, row: str) -> None:
        assert kind(row) is Kind.SEND_LOG

    def test_a_connector_with_its_servers_name_is_a_receive_connector(self) -> None:
        assert kind(RECEIVE_ROW) is Kind.RECEIVE_LOG

    @pytest.mark.parametrize("mark", ["#Log-type", "#Log-Type", "Log-type"])
    def test_the_header_decides(self, mark: str) -> None:
        assert kind(f"{mark}: SMTP Receive Protocol Log") is Kind.RECEIVE_LOG
        assert kind(f"{mark}: SMTP Send Protocol Log\n{RECEIVE_ROW}") is Kind.SEND_LOG

    @pytest.mark.parametrize(
        ("header", "row", "expected"),
        [
            ("#Log-type: HttpProxy Logs", "2026-11-22T00:00:01.123Z,2f6b1f0e,15,1", Kind.OTHER_LOG),
            (
                "#Log-type: Transport Connectivity Log",
                '2026-11-22T00:00:01Z,08DE28F1A4C00026,SMTP,contoso.com,>,"TLS negotiation failed with error X"',
                Kind.OTHER_LOG,
            ),
            ("#Software: Microsoft Internet Information Services 10.0", "2026-11-22 00:00:01 GET /", Kind.OTHER_LOG),
            ("#Log-type: SMTP Send Protocol Log", SEND_ROW, Kind.SEND_LOG),
            ("#Date: 2026-11-22T00:00:00Z", SEND_ROW, Kind.SEND_LOG),
        ],
    )
    def test_another_log_is_known_by_its_header(self, header: str, row: str, expected: Kind) -> None:
        assert kind(f"#Software: Microsoft Exchange Server\n{header}\n{row}") is expected
        assert kind(f"{SEND_ROW}\n{header}\n{row}") is Kind.SEND_LOG

    def test_rows_that_run_together_on_one_line(self) -> None:
        assert kind(f"{SEND_ROW} {SEND_ROW}") is Kind.SEND_LOG


class TestListings:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"Thumbprint : {THUMBPRINT}\nServices : SMTP", Kind.CERTIFICATES),
            (f"Thumbprint Services Subject\n---------- -------- -------\n{THUMBPRINT} IP.WS.. CN=a", Kind.CERTIFICATES),
            (f'"Thumbprint","Services"\n"{THUMBPRINT}","SMTP"', Kind.CERTIFICATES),
            (f'[{{"Thumbprint": "{THUMBPRINT}", "Services": 16}}]', Kind.CERTIFICATES),
            (f'<Objs><Obj RefId="0"><MS><S N="Thumbprint">{THUMBPRINT}</S></MS></Obj></Objs>', Kind.CERTIFICATES),
            ("Services\n--------\nSMTP", Kind.CERTIFICATES),
            ("IMAP, POP, IIS", Kind.CERTIFICATES),
            ("IP.WS..", Kind.CERTIFICATES),
            (f"{THUMBPRINT}  IP.WS..    CN=mail", Kind.CERTIFICATES),
            ("Name : To A\nProtocolLoggingLevel : None", Kind.CONNECTORS),
            (
                "Identity AddressSpaces Enabled\n-------- ------------- -------\nTo A     {smtp:*;1}    True",
                Kind.CONNECTORS,
            ),
            ("Name : To A\nGuid : 3d1f6c52-90ab-4c7e-8f21-6b5a4d3c2e10", Kind.CONNECTORS),
            ("Identity : MBX7\\21\nStatus : Retry\nMessageCount : 5\nLastError :", Kind.QUEUES),
            ("LastError : [{LED=451 4.4.0 x};{MSG=}]", Kind.QUEUES),
            ('451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out."', Kind.QUEUES),
            ("Name : MBX7\nSendProtocolLogPath : E:\\Logs", Kind.LOG_FOLDERS),
            ("E:\\Exchange\\Logs\\SmtpSend", Kind.LOG_FOLDERS),
        ],
    )
    def test_every_form(self, text: str, expected: Kind) -> None:
        assert kind(text) is expected

    def test_the_command_above_the_output_does_not_matter(self) -> None:
        text = f"[PS] C:\\>Get-ExchangeCertificate | fl Thumbprint\n\nThumbprint : {THUMBPRINT}"
        assert kind(text) is Kind.CERTIFICATES


class TestOtherTexts:
    @pytest.mark.parametrize(
        "text",
        [
            "Confirm\nOverwrite the existing default SMTP certificate?",
            f"Current certificate: '{THUMBPRINT}' (expires 1/2/2027 3:04:05 AM)",
            f"Replace it with certi\nficate: '{THUMBPRINT}'",
        ],
    )
    def test_the_prompt(self, text: str) -> None:
        assert kind(text) is Kind.PROMPT

    @pytest.mark.parametrize(
        "text",
        [
            f"A special Rpc error occurs on server MBX7: The certificate with thumbprint {THUMBPRINT}was not found.",
            "The term 'Get-Queue' is not recognized as the name of a cmdlet",
            "Oops.\n    + CategoryInfo          : X\n    + FullyQualifiedErrorId : Y",
        ],
    )
    def test_an_error(self, text: str) -> None:
        assert kind(text) is Kind.CMDLET_ERROR

    @pytest.mark.parametrize(
        "text",
        [
            "Get-Queue | Format-List Identity,Status",
            "[PS] C:\\Windows\\system32>Enable-ExchangeCertificate -Thumbprint 'x' -Services SMTP",
            "PS C:\\> Set-SendConnector 'To A' -ProtocolLoggingLevel Verbose\nGet-SendConnector",
            "Get\u2013ExchangeCertificate",
        ],
    )
    def test_a_command_without_its_output(self, text: str) -> None:
        assert kind(text) is Kind.COMMAND

    @pytest.mark.parametrize("text", ["", "\n \n", "Thank you very much.", "Name : A", "{}", "<html></html>", "\0\0"])
    def test_anything_else_is_nothing(self, text: str) -> None:
        assert kind(text) is Kind.NOTHING

    def test_every_kind_has_a_noun(self) -> None:
        assert Kind.SEND_LOG.noun == "a Send protocol log"
        assert all(each.noun for each in Kind)


class TestAnyInput:
    @given(st.text(max_size=400))
    def test_any_text_is_of_some_kind(self, text: str) -> None:
        assert kind(text) in Kind

    @given(st.text(alphabet='{}[]",:;=<>/\\-. \nTZ0123456789ABCDEFabcdef', max_size=400))
    def test_any_text_of_the_forms_own_signs_is_of_some_kind(self, text: str) -> None:
        assert kind(text) in Kind

    def test_only_the_first_lines_are_looked_at(self) -> None:
        assert kind("Thank you.\n" * 5_000 + SEND_ROW) is Kind.NOTHING
        assert kind(SEND_ROW + "\n" + "Thank you.\n" * 5_000) is Kind.SEND_LOG

    @pytest.mark.parametrize("piece", ["2027-03-04T05:06:07Z,", "certificate with thumbprint ", '{"a', "a :", "[{LED="])
    def test_a_megabyte_costs_no_more_than_its_beginning(self, piece: str) -> None:
        large = piece * (1_000_000 // len(piece))
        assert kind(large) is kind(large[:4_000])
