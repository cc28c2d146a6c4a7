"""Send connectors and log folders: a name or a path that is not certain is never passed on as if it were."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import LogFolder, LoggingLevel, Reading, SendConnector
from wizard.reading.connectors import read_connectors, read_defaults, read_log_folders
from wizard.reading.text import clean

GUID = "3d1f6c52-90ab-4c7e-8f21-6b5a4d3c2e10"


def connectors(text: str) -> Reading[SendConnector]:
    return read_connectors(clean(text))


def only(text: str) -> SendConnector:
    (connector,) = connectors(text).facts
    return connector


def folders(text: str) -> list[tuple[str, str, bool]]:
    return [(each.server, each.path, each.cut) for each in read_log_folders(clean(text)).facts]


WHOLE = f"""
AddressSpaces            : {{smtp:fabrikam.example;1, smtp:*.fabrikam.example;1}}
CloudServicesMailEnabled : True
Enabled                  : True
Fqdn                     : mail.contoso.example
FrontendProxyEnabled     : False
Guid                     : {GUID.upper()}
Identity                 : Outbound to Fabrikam, Ltd.
IgnoreSTARTTLS           : False
Name                     : Outbound to Fabrikam, Ltd.
ProtocolLoggingLevel     : Verbose
RequireTLS               : True
SmartHosts               : {{[203.0.113.9], relay.fabrikam.example}}
SourceTransportServers   : {{MBX1, MBX2}}
TlsAuthLevel             : DomainValidation
TlsCertificateName       : <I>CN=Example CA 5, C=US<S>CN=mail.contoso.example
TlsDomain                : fabrikam.example
"""


class TestFormatList:
    def test_every_property_is_read(self) -> None:
        connector = only(WHOLE)
        assert connector == SendConnector(
            name="Outbound to Fabrikam, Ltd.",
            guid=GUID,
            enabled=True,
            logging_level=LoggingLevel.VERBOSE,
            source_servers=("MBX1", "MBX2"),
            tls_certificate_name="<I>CN=Example CA 5, C=US<S>CN=mail.contoso.example",
            fqdn="mail.contoso.example",
            require_tls=True,
            tls_auth_level="DomainValidation",
            tls_domain="fabrikam.example",
            smart_hosts=("[203.0.113.9]", "relay.fabrikam.example"),
            address_spaces=("smtp:fabrikam.example;1", "smtp:*.fabrikam.example;1"),
            frontend_proxy=False,
            cloud_services=True,
            ignore_starttls=False,
            lines=connector.lines,
        )
        assert len(connector.lines) == 16

    def test_what_is_not_printed_is_not_known(self) -> None:
        connector = only("Name : To A\nProtocolLoggingLevel : None")
        assert connector.logging_level is LoggingLevel.NONE
        assert (connector.enabled, connector.require_tls, connector.source_servers) == (None, None, ())

    def test_a_record_that_ends_before_its_name_is_left_unread(self) -> None:
        found = connectors(
            "Name : To A\nAddressSpaces : {smtp:*;1}\nAddressSpaces : {smtp:b.example;1}\nEnabled : True"
        )
        assert [each.name for each in found.facts] == ["To A"]
        assert found.unread[0].line == 3

    def test_a_cut_list_of_servers_is_called_cut(self) -> None:
        connector = only("Name : A\nSourceTransportServers : {M1, M2, M3, M4...}")
        assert (connector.source_servers, connector.source_servers_cut) == (("M1", "M2", "M3", "M4"), True)

    def test_a_receive_connector_is_refused_by_name(self) -> None:
        found = connectors("Name : Default MBX1\nBindings : {0.0.0.0:25}\nProtocolLoggingLevel : None")
        assert found.facts == ()
        assert "Receive connector" in found.unread[0].why

    def test_another_logging_level_is_left_unread(self) -> None:
        found = connectors("Name : A\nProtocolLoggingLevel : Loud")
        assert found.facts[0].logging_level is None
        assert "Loud" in found.unread[0].why


class TestNames:
    def test_wrapped_after_a_blank_it_is_whole(self) -> None:
        connector = only(f"Name : Outbound to Office 365 - \n       {GUID}\nPort : 25\nEnabled : True")
        assert (connector.name, connector.name_cut) == (f"Outbound to Office 365 - {GUID}", False)

    def test_wrapped_inside_a_word_it_is_whole(self) -> None:
        connector = only("Name    : Outbound to Fabri\n          kam\nEnabled : True\nComment : ")
        assert (connector.name, connector.name_cut) == ("Outbound to Fabrikam", False)

    def test_a_blank_at_the_beginning_of_the_next_line_belongs_to_the_name(self) -> None:
        assert only("Name : Outbound to\n        Fabrikam\nEnabled : True").name == "Outbound to Fabrikam"

    def test_a_lost_blank_is_put_back_where_the_line_is_too_short_for_a_cut(self) -> None:
        connector = only(f"Name : Outbound to Office 365 -\n       {GUID}\nEnabled : True")
        assert (connector.name, connector.name_cut) == (f"Outbound to Office 365 - {GUID}", False)

    def test_a_wrap_that_may_have_lost_a_blank_makes_the_name_unsafe(self) -> None:
        found = connectors(f"Name : Outbound to Fabrikam\n       Ltd\nGuid : {GUID[:20]}\n       {GUID[20:]}")
        assert (found.facts[0].name_cut, found.facts[0].guid) == (True, GUID)
        assert "Guid" in found.unread[0].why

    def test_identity_vouches_for_a_name_that_wrapped(self) -> None:
        text = "Name : Outbound to Fabrikam\n       Ltd\nIdentity : Outbound to FabrikamLtd\nEnabled : True"
        connector = only(text)
        assert (connector.name, connector.name_cut) == ("Outbound to FabrikamLtd", False)

    @pytest.mark.parametrize("ellipsis", ["…", "..."])
    def test_cut_by_a_table_it_is_unsafe(self, ellipsis: str) -> None:
        connector = only(
            f"Identity          AddressSpaces\n--------          -------------\nOutbound to Fab{ellipsis:<3} x"
        )
        assert connector.name_cut

    def test_a_cut_guid_is_no_guid(self) -> None:
        found = connectors(f"Name Guid\n---- ----\nA    {GUID[:14]}…")
        assert found.facts[0].guid == ""
        assert "not whole" in found.unread[0].why


class TestOtherForms:
    def test_the_default_table(self) -> None:
        table = """
Identity                 AddressSpaces   Enabled
--------                 -------------   -------
Outbound to Fabrikam     {smtp:*;1}      True
Partner’s route, direct  {smtp:b.exam... False
"""
        first, second = connectors(table).facts
        assert (first.name, first.name_cut, first.enabled) == ("Outbound to Fabrikam", False, True)
        assert first.address_spaces == ("smtp:*;1",)
        assert (second.name, second.enabled, second.address_spaces) == ("Partner’s route, direct", False, ())

    @pytest.mark.parametrize(("number", "level"), [(0, LoggingLevel.NONE), (1, LoggingLevel.VERBOSE)])
    def test_json_prints_the_logging_level_as_a_number(self, number: int, level: LoggingLevel) -> None:
        text = json.dumps([{"Name": "To A", "ProtocolLoggingLevel": number, "TlsCertificateName": None}])
        connector = only(text)
        assert (connector.logging_level, connector.tls_certificate_name) == (level, "")

    def test_csv(self) -> None:
        connector = only(f'"Name","Guid","ProtocolLoggingLevel"\n"To A, direct","{GUID}","Verbose"')
        assert (connector.name, connector.guid, connector.logging_level) == ("To A, direct", GUID, LoggingLevel.VERBOSE)


class TestLogFolders:
    def test_a_list(self) -> None:
        assert folders("Name                : MBX1\nSendProtocolLogPath : E:\\Logs\\Hub\\SmtpSend") == [
            ("MBX1", "E:\\Logs\\Hub\\SmtpSend", False)
        ]

    def test_a_path_that_a_table_cut_is_called_cut(self) -> None:
        table = "Name SendProtocolLogPath\n---- -------------------\nMBX1 C:\\Program Files\\Micro…\nMBX2 E:\\Logs"
        assert folders(table) == [("MBX1", "C:\\Program Files\\Micro…", True), ("MBX2", "E:\\Logs", False)]

    def test_csv_and_json(self) -> None:
        assert folders('"Name","SendProtocolLogPath"\n"MBX1","E:\\Logs"') == [("MBX1", "E:\\Logs", False)]
        written = json.dumps({"Name": "MBX1", "SendProtocolLogPath": {"PathName": "E:\\Logs"}})
        assert folders(written) == [("MBX1", "E:\\Logs", False)]

    def test_a_wrapped_path_is_joined_or_called_cut(self) -> None:
        wrapped = "Name                : MBX1\nSendProtocolLogPath : C:\\Program \n                      Files\\Logs"
        assert folders(wrapped) == [("MBX1", "C:\\Program Files\\Logs", False)]
        trimmed = "Name                : MBX1\nSendProtocolLogPath : C:\\Program\n                      Files\\L"
        assert folders(trimmed)[0][2]

    def test_a_path_alone_names_no_server(self) -> None:
        assert folders("E:\\Logs\\Hub\\SmtpSend") == [("", "E:\\Logs\\Hub\\SmtpSend", False)]

    def test_a_server_that_writes_no_logs(self) -> None:
        found = read_log_folders(clean("Name : MBX1\nSendProtocolLogPath :"))
        assert found.facts == ()
        assert "writes no send logs" in found.unread[0].why


@given(st.text(max_size=400))
def test_any_text_gives_facts_or_reasons(text: str) -> None:
    for reading in (read_connectors(clean(text)), read_log_folders(clean(text))):
        assert reading.facts or reading.unread


def test_a_log_folder_shows_its_lines() -> None:
    (folder,) = read_log_folders(clean("\nName : MBX1\nSendProtocolLogPath : E:\\Logs")).facts
    assert folder == LogFolder("MBX1", "E:\\Logs", lines=folder.lines)
    assert [line.number for line in folder.lines] == [2, 3]


class TestWhatATableCut:
    TABLE = """
Name         TlsCertificateName Fqdn           ProtocolLogg
                                                  ingLevel
----         ------------------ ----           ------------
To Fabrikam  <I>CN=Example CA \u2026 mail.fabrik...         None
EdgeSync - A                    mail.a                 \u2026ose
"""

    def test_is_called_cut(self) -> None:
        first, second = read_connectors(clean(self.TABLE)).facts
        assert (first.name, first.name_cut) == ("To Fabrikam", False)
        assert (first.tls_certificate_name_cut, first.fqdn_cut) == (True, True)
        assert (second.tls_certificate_name_cut, second.fqdn_cut, second.logging_level) == (False, False, None)

    def test_edgesyncs_own_connectors_are_known_by_their_names(self) -> None:
        names = ("EdgeSync - Oslo to Internet", "edgesync - inbound to oslo", "EdgeSyncless", "To EdgeSync - A")
        text = "\n\n".join(f"Name : {name}\nProtocolLoggingLevel : None" for name in names)
        assert [each.edge_sync for each in read_connectors(clean(text)).facts] == [True, True, False, False]


class TestDefaultCertificates:
    def test_a_thumbprint_that_a_narrow_window_broke_is_one(self) -> None:
        digits = "4C0FFEE0" * 5
        label = "InternalTransportCertificateThumbprint"
        text = f"Name{' ' * 34} : MBX7\n{label} : {digits[:38]}\n{' ' * 41}{digits[38:]}\n"
        (found,) = read_defaults(clean(text)).facts
        assert (found.server, found.thumbprint, found.how) == ("MBX7", digits, "transport-service")
        assert read_connectors(clean(text)).facts == ()

    @pytest.mark.parametrize("printed", ["", "4C0FFEE0\u2026", "4C0FFEE0"])
    def test_one_that_is_not_whole_is_none(self, printed: str) -> None:
        found = read_defaults(clean(f"Name : MBX7\nInternalTransportCertificateThumbprint : {printed}"))
        assert found.facts == ()
        assert found.unread
