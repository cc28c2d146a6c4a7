"""The lines this program hands to a person, word for word, and what none of them may ever be."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wizard.powershell_rule import tokens
from wizard.facts import ExchangeVersion, LoggingLevel, Service, default_log_folder
from wizard.powershell import lines as commands
from wizard.powershell.command import BUYS_TIME, Command, CommandId, Part
from wizard.powershell.lines import BindOrigins, DefaultFolder, KnownFolder
from wizard.powershell.literal import UnsafeNameError

THUMBPRINT = "3F08A7C1D25E94B6087A1C3E5D7F92B4A6C80E1D"
PREVIOUS = "B41E6D0F97A2C3584E1B60D9F8A7351C2E4D6B90"
GUID = "5e0c7a12-93bd-4c68-a1f4-07d9be36c215"
PROPERTIES = (
    "Thumbprint,Services,HasPrivateKey,IsSelfSigned,Status,RootCAType,Issuer,Subject,CertificateDomains,"
    "@{n='NotAfter';e={$_.NotAfter.ToString('o')}}"
)


def every_command() -> list[Command]:
    """One of each, with and without a server."""
    made = [
        commands.read_queues(),
        commands.read_connectors(),
        commands.read_timeouts(),
        commands.raise_timeout("EX2"),
        commands.restore_timeout("EX2", "2.00:00:00"),
        commands.read_connector("Outbound to Office 365"),
        commands.enable_logging("Outbound to Office 365"),
        commands.restore_logging("Outbound to Office 365", GUID, LoggingLevel.NONE),
        commands.read_log(KnownFolder(r"L:\Send logs")),
        commands.read_log(DefaultFolder(default_log_folder(ExchangeVersion.E2019_SE))),
        commands.read_log(DefaultFolder(default_log_folder(ExchangeVersion.E2010)), old_shell=True),
        commands.survey("Outbound to Office 365"),
        commands.survey_list("Outbound to Office 365"),
    ]
    made += [commands.read_log_path(version, frontend) for version in ExchangeVersion for frontend in (False, True)]
    for server in (None, "EX2"):
        made += [
            commands.read_certificate(THUMBPRINT, server),
            commands.read_certificates(server),
            commands.read_default(server),
            commands.bind(THUMBPRINT, frozenset(Service), server),
            commands.bind_smallest(THUMBPRINT, server),
            commands.verify(THUMBPRINT, server),
            commands.retry_queue(server),
            commands.undo_default(PREVIOUS, server),
        ]
    return made


class TestEveryCommand:
    def test_there_is_one_of_each(self) -> None:
        assert {command.id for command in every_command()} == set(CommandId)

    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.text[:60])
    def test_is_safe_to_paste_with_a_right_click(self, command: Command) -> None:
        assert re.fullmatch(r"[!-~]([ -~]*[!-~])?", command.text)
        assert "-force" not in command.text.lower()

    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.text[:60])
    def test_is_the_sum_of_its_parts(self, command: Command) -> None:
        assert "".join(part.text for part in command.parts) == command.text

    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.text[:60])
    def test_says_in_one_plain_sentence_what_it_is_for(self, command: Command) -> None:
        assert re.fullmatch(r"[A-Z][^.!?\n]+\.", command.purpose)

    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.text[:60])
    def test_that_only_reads_begins_with_get(self, command: Command) -> None:
        assert command.changes == (command.text.split("-")[0] in {"Set", "Enable", "Retry"})
        assert command.changes == (not command.text.startswith(("Get-", "&{$c=@(Get-")))

    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.text[:60])
    def test_names_its_server_when_it_has_one(self, command: Command) -> None:
        named = "-Identity 'EX2'" if command.id in {CommandId.READ_DEFAULT, *BUYS_TIME} else "-Server 'EX2'"
        assert (named in command.text) == (command.server == "EX2")

    @pytest.mark.parametrize("command", every_command(), ids=lambda command: command.text[:60])
    def test_never_asks_for_a_value_by_putting_it_inside_quotes(self, command: Command) -> None:
        """Without Exchange's types an enum is a number there: `[string]` gives its name in every shell."""
        for quoted in (token.text for token in tokens(command.text) if token.kind == "expandable"):
            assert "$" not in quoted.replace("$($env:ExchangeInstallPath)", ""), quoted

    def test_has_the_ids_that_saved_cases_hold(self) -> None:
        assert [command.value for command in CommandId] == [
            "enable-logging",
            "read-log-path",
            "read-log",
            "read-connectors",
            "read-queues",
            "read-certificate",
            "read-certificates",
            "read-default",
            "bind",
            "bind-smallest",
            "verify",
            "retry-queue",
            "restore-logging",
            "undo-default",
            "survey",
            "read-timeouts",
            "raise-timeout",
            "restore-timeout",
        ]


class TestReading:
    def test_queues(self) -> None:
        assert commands.read_queues().text == (
            "Get-Queue | Format-List Identity,Status,MessageCount,NextHopDomain,LastError"
        )

    def test_connectors(self) -> None:
        assert commands.read_connectors().text == (
            "Get-SendConnector | Format-List Name,Guid,Enabled,ProtocolLoggingLevel,SourceTransportServers,"
            "TlsCertificateName,Fqdn,RequireTLS,TlsAuthLevel,IgnoreSTARTTLS,"
            "FrontendProxyEnabled,CloudServicesMailEnabled,SmartHosts,AddressSpaces"
        )

    def test_one_connector(self) -> None:
        assert commands.read_connector("Relay 'B'").text == (
            "Get-SendConnector -Identity 'Relay ''B''' | Format-List Name,ProtocolLoggingLevel"
        )

    def test_a_certificate(self) -> None:
        assert commands.read_certificate(THUMBPRINT).text == (
            f"Get-ExchangeCertificate -Thumbprint '{THUMBPRINT}' | Format-List {PROPERTIES}"
        )

    def test_a_certificate_of_another_server(self) -> None:
        assert commands.read_certificate(THUMBPRINT, "EX2").text == (
            f"Get-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Server 'EX2' | Format-List {PROPERTIES}"
        )

    def test_all_certificates(self) -> None:
        assert commands.read_certificates().text == f"Get-ExchangeCertificate | Format-List {PROPERTIES}"
        assert commands.read_certificates("EX2").text == (
            f"Get-ExchangeCertificate -Server 'EX2' | Format-List {PROPERTIES}"
        )

    def test_the_proof_after_binding(self) -> None:
        assert commands.verify(THUMBPRINT).text == (
            f"Get-ExchangeCertificate -Thumbprint '{THUMBPRINT}' | Format-List Thumbprint,Services"
        )
        assert commands.verify(THUMBPRINT, "EX2").text == (
            f"Get-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Server 'EX2' | Format-List Thumbprint,Services"
        )


class TestLogging:
    def test_is_turned_on_as_the_article_says(self) -> None:
        assert commands.enable_logging("Outbound to Office 365").text == (
            "Set-SendConnector -Identity 'Outbound to Office 365' -ProtocolLoggingLevel Verbose"
        )

    @pytest.mark.parametrize("level", LoggingLevel)
    def test_is_put_back_to_what_it_was(self, level: LoggingLevel) -> None:
        assert commands.restore_logging("Outbound to Office 365", "", level).text == (
            f"Set-SendConnector -Identity 'Outbound to Office 365' -ProtocolLoggingLevel {level.value}"
        )

    def test_knows_where_connector_and_level_come_from(self) -> None:
        assert commands.restore_logging("Internet", "", LoggingLevel.NONE, "step 2", "what it was before").parts == (
            Part("Set-SendConnector -Identity "),
            Part("'Internet'", "step 2"),
            Part(" -ProtocolLoggingLevel "),
            Part("None", "what it was before"),
        )

    def test_an_ascii_name_is_used_even_when_the_guid_is_known(self) -> None:
        assert commands.enable_logging("Internet", GUID).text == (
            "Set-SendConnector -Identity 'Internet' -ProtocolLoggingLevel Verbose"
        )

    @pytest.mark.parametrize("name", ["Outbound – O365", "–", "送信", "In\u200eternet", "In\tternet", ""])
    def test_another_name_is_addressed_by_its_guid(self, name: str) -> None:
        for command in (
            commands.enable_logging(name, GUID),
            commands.read_connector(name, GUID),
            commands.restore_logging(name, GUID, LoggingLevel.NONE),
        ):
            assert f" -Identity '{GUID}' " in command.text

    @pytest.mark.parametrize("guid", ["", "5e0c7a12-93bd-...", GUID + "0", GUID.replace("-", "")])
    def test_and_is_composed_when_there_is_no_whole_guid(self, guid: str) -> None:
        assert commands.enable_logging("Outbound – O365", guid).text == (
            "Set-SendConnector -Identity ('Outbound ' + [char]0x2013 + ' O365') -ProtocolLoggingLevel Verbose"
        )

    def test_a_name_that_cannot_be_written_is_refused_when_there_is_no_guid(self) -> None:
        with pytest.raises(UnsafeNameError, match="LEFT-TO-RIGHT MARK"):
            commands.enable_logging("In\u200eternet")

    def test_a_connector_that_is_called_force_is_still_only_a_name(self) -> None:
        assert commands.enable_logging("x' -Force '").text == (
            "Set-SendConnector -Identity 'x'' -Force ''' -ProtocolLoggingLevel Verbose"
        )

    @given(st.text(min_size=1, max_size=64))
    def test_any_name_makes_a_safe_line_or_none(self, name: str) -> None:
        try:
            command = commands.enable_logging(name)
        except UnsafeNameError:
            return
        assert re.fullmatch(
            r"Set-SendConnector -Identity ('([ -&(-~]|'')*'|\([ -~]+\)) -ProtocolLoggingLevel Verbose", command.text
        )


class TestTheLog:
    @pytest.mark.parametrize(
        ("version", "frontend", "cmdlet"),
        [
            (ExchangeVersion.E2010, False, "Get-TransportServer"),
            (ExchangeVersion.E2010, True, "Get-TransportServer"),
            (ExchangeVersion.E2013_2016, False, "Get-TransportService"),
            (ExchangeVersion.E2013_2016, True, "Get-FrontendTransportService"),
            (ExchangeVersion.E2019_SE, False, "Get-TransportService"),
            (ExchangeVersion.E2019_SE, True, "Get-FrontendTransportService"),
        ],
    )
    def test_the_server_is_asked_for_the_folder(self, version: ExchangeVersion, frontend: bool, cmdlet: str) -> None:
        assert commands.read_log_path(version, frontend).text == f"{cmdlet} | Format-List Name,SendProtocolLogPath"

    @pytest.mark.parametrize(
        ("version", "edge", "frontend", "folder"),
        [
            (ExchangeVersion.E2010, False, False, r"TransportRoles\Logs\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2010, True, False, r"TransportRoles\Logs\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2010, False, True, r"TransportRoles\Logs\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2013_2016, False, False, r"TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2013_2016, False, True, r"TransportRoles\Logs\FrontEnd\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2013_2016, True, False, r"TransportRoles\Logs\Edge\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2019_SE, False, False, r"TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2019_SE, False, True, r"TransportRoles\Logs\FrontEnd\ProtocolLog\SmtpSend"),
            (ExchangeVersion.E2019_SE, True, True, r"TransportRoles\Logs\Edge\ProtocolLog\SmtpSend"),
        ],
    )
    def test_the_default_folder_follows_version_and_role(
        self, version: ExchangeVersion, edge: bool, frontend: bool, folder: str
    ) -> None:
        assert default_log_folder(version, edge, frontend) == folder

    def test_the_newest_log_of_a_known_folder_is_copied(self) -> None:
        assert commands.read_log(KnownFolder(r"L:\Tom's logs", "step 2")).parts == (
            Part("Get-ChildItem -Path "),
            Part(r"'L:\Tom''s logs'", "step 2"),
            Part(
                " -Filter *.log | Sort-Object CreationTime | Select-Object -Last 1 | "
                "Get-Content -Tail 3000 -Encoding UTF8 | Set-Clipboard"
            ),
        )

    def test_the_newest_log_of_the_default_folder_is_copied(self) -> None:
        folder = DefaultFolder(default_log_folder(ExchangeVersion.E2013_2016))
        assert commands.read_log(folder).text == (
            r'Get-ChildItem -Path "$($env:ExchangeInstallPath)TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"'
            " -Filter *.log | Sort-Object CreationTime | Select-Object -Last 1 | "
            "Get-Content -Tail 3000 -Encoding UTF8 | Set-Clipboard"
        )

    def test_an_old_powershell_has_other_means(self) -> None:
        folder = DefaultFolder(default_log_folder(ExchangeVersion.E2010))
        assert commands.read_log(folder, old_shell=True).text == (
            r'Get-ChildItem -Path "$($env:ExchangeInstallPath)TransportRoles\Logs\ProtocolLog\SmtpSend"'
            " -Filter *.log | Sort-Object CreationTime | Select-Object -Last 1 | "
            "Get-Content -Encoding UTF8 | Select-Object -Last 3000 | clip"
        )

    def test_brackets_in_a_path_are_no_wildcards(self) -> None:
        assert commands.read_log(KnownFolder(r"L:\logs [old]")).text.startswith(
            r"Get-ChildItem -LiteralPath 'L:\logs [old]' -Filter *.log | "
        )

    @pytest.mark.parametrize("cut", [r"L:\Exchange\TransportRoles\L...", "L:\\Exchange\\Transp…"])
    def test_a_path_that_a_table_cut_is_not_used(self, cut: str) -> None:
        with pytest.raises(ValueError, match="was cut"):
            KnownFolder(cut)


class TestBinding:
    def test_names_smtp_first_and_then_what_is_bound_already(self) -> None:
        now = frozenset({Service.POP, Service.IIS})
        assert commands.bind(THUMBPRINT, now).text == (
            f"Enable-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Services SMTP,IIS,POP"
        )

    def test_of_another_server_names_it_last(self) -> None:
        assert commands.bind(THUMBPRINT, frozenset({Service.IMAP}), "EX2").text == (
            f"Enable-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Services SMTP,IMAP -Server 'EX2'"
        )

    def test_knows_where_each_part_comes_from(self) -> None:
        origins = BindOrigins("SEND20261122-1.log, line 8", "step 5", "step 1")
        assert commands.bind(THUMBPRINT, frozenset({Service.IIS, Service.POP}), "EX2", origins).parts == (
            Part("Enable-ExchangeCertificate -Thumbprint "),
            Part(f"'{THUMBPRINT}'", "SEND20261122-1.log, line 8"),
            Part(" -Services SMTP,"),
            Part("IIS,POP", "step 5"),
            Part(" -Server "),
            Part("'EX2'", "step 1"),
        )

    @pytest.mark.parametrize("now", [frozenset(), frozenset({Service.SMTP}), frozenset({Service.FEDERATION})])
    def test_of_a_certificate_with_nothing_else_is_smtp_alone(self, now: frozenset[Service]) -> None:
        assert commands.bind(THUMBPRINT, now).text == commands.bind_smallest(THUMBPRINT).text

    @given(st.frozensets(st.sampled_from(Service)))
    def test_names_every_service_once_and_never_federation(self, now: frozenset[Service]) -> None:
        named = commands.bind(THUMBPRINT, now).text.partition(" -Services ")[2].split(",")

        assert named[0] == "SMTP"
        assert len(named) == len(set(named))
        assert set(named) == {service.value for service in now | {Service.SMTP}} - {"Federation"}

    def test_the_smallest_is_smtp_alone(self) -> None:
        assert commands.bind_smallest(THUMBPRINT, "EX2").text == (
            f"Enable-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Services SMTP -Server 'EX2'"
        )

    def test_both_forms_say_to_answer_n(self) -> None:
        for command in (commands.bind(THUMBPRINT, frozenset()), commands.bind_smallest(THUMBPRINT)):
            assert "answer N" in command.purpose

    def test_undoing_a_wrong_yes_binds_the_previous_certificate_and_says_to_answer_y(self) -> None:
        undo = commands.undo_default(PREVIOUS)

        assert undo.text == f"Enable-ExchangeCertificate -Thumbprint '{PREVIOUS}' -Services SMTP"
        assert "answer Y" in undo.purpose

    def test_waiting_queues_are_retried(self) -> None:
        assert commands.retry_queue().text == "Retry-Queue -Filter \"Status -eq 'Retry'\""
        assert commands.retry_queue("EX2").text == "Retry-Queue -Filter \"Status -eq 'Retry'\" -Server 'EX2'"

    def test_a_server_name_that_cannot_be_written_is_refused(self) -> None:
        with pytest.raises(UnsafeNameError, match="The server name has a line feed"):
            commands.retry_queue("EX2\n")

    @pytest.mark.parametrize(
        "thumbprint",
        ["", THUMBPRINT[:-1], THUMBPRINT + "0", THUMBPRINT.lower(), "\u200e" + THUMBPRINT, THUMBPRINT + "\n", "x" * 40],
        ids=ascii,
    )
    @pytest.mark.parametrize(
        "write",
        [
            commands.read_certificate,
            commands.verify,
            commands.bind_smallest,
            commands.undo_default,
            lambda thumbprint: commands.bind(thumbprint, frozenset()),
        ],
    )
    def test_only_a_whole_thumbprint_reaches_a_command(self, write: Callable[[str], Command], thumbprint: str) -> None:
        with pytest.raises(ValueError, match="40 upper-case hex digits"):
            write(thumbprint)


class TestALineThatMustNotBe:
    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("", "printable ASCII"),
            (" ", "blank at its ends"),
            ("Get-Queue ", "blank at its ends"),
            (" Get-Queue", "blank at its ends"),
            ("Get-Queue\n", "printable ASCII"),
            ("Get-Queue\nGet-Queue", "printable ASCII"),
            ("Get-Queue\t-Server EX2", "printable ASCII"),
            ("Get–Queue", "printable ASCII"),
            ("Enable-ExchangeCertificate -Services SMTP -Force", "overwrite question"),
            ("Enable-ExchangeCertificate -Services SMTP -force:$true", "overwrite question"),
            ("Enable-ExchangeCertificate -Fo -Services SMTP", "overwrite question"),
            ("Enable-ExchangeCertificate -Thumbprint 'a''' -Force", "overwrite question"),
            ("Enable-ExchangeCertificate -Services None", "None and Federation"),
            ("Enable-ExchangeCertificate -Services SMTP,Federation", "None and Federation"),
            ("Enable-ExchangeCertificate -services federation -Server 'EX2'", "None and Federation"),
        ],
    )
    def test_cannot_be_made(self, line: str, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            Command(CommandId.BIND, (Part(line),), "Does harm.", changes=not line.startswith("Get-"))

    def test_cannot_pretend_to_change_nothing(self) -> None:
        with pytest.raises(ValueError, match="leaves the server as it is"):
            Command(CommandId.BIND, (Part("Enable-ExchangeCertificate"),), "Looks harmless.", changes=False)

    def test_cannot_pretend_to_change_something(self) -> None:
        with pytest.raises(ValueError, match="leaves the server as it is"):
            Command(CommandId.READ_QUEUES, (Part("Get-Queue"),), "Looks harmful.", changes=True)
