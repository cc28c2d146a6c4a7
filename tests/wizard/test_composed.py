"""Which commands each step hands out, and where their parts come from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, DEFAULT, GUID, OURS, failing, given
from wizard.case.case import Case, Place, PromptAnswer, StepId, Variant
from wizard.case.servers import at_server, server_here
from wizard.facts import ExchangeVersion, LogFolder, ShellSeen
from wizard.powershell.command import CommandId
from wizard.powershell.lines import DefaultFolder, KnownFolder
from wizard.steps.command import bind_commands, bind_elsewhere
from wizard.steps.flow import ORDER, step
from wizard.steps.log import log_places
from wizard.steps.undo import undo_command

S = StepId
EDGE = Place(ExchangeVersion.E2019_SE, edge=True)
BIND = f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP"
HERE = " -Server 'EX01'"


def texts(step_id: StepId, case: Case) -> list[str]:
    return [command.text for command in step(step_id).commands(case)]


def two_servers(servers: str = "{EX01, EX02}") -> Case:
    return cases.with_connector(servers=servers)


class TestWithoutFacts:
    def test_only_commands_that_need_none_are_handed_out(self) -> None:
        given_out = {step_id: [c.id for c in step(step_id).commands(Case())] for step_id in ORDER}
        assert given_out[S.SYMPTOM] == [CommandId.READ_QUEUES]
        assert given_out[S.CONNECTOR] == [CommandId.READ_CONNECTORS, CommandId.SURVEY]
        assert given_out[S.LOGGING] == [CommandId.READ_LOG_PATH]
        assert given_out[S.LOG] == given_out[S.SESSION] == [CommandId.READ_LOG]
        assert given_out[S.RETRY] == [CommandId.RETRY_QUEUE, CommandId.READ_QUEUES]
        assert not any(given_out[step_id] for step_id in (S.SERVICES, S.COMMAND, S.PROMPT, S.VERIFY, S.RESTORE))


class TestBinding:
    def test_has_the_articles_form_first_and_the_smallest_beside_it(self) -> None:
        merged, smallest = bind_commands(cases.ready())
        assert (merged.text, smallest.text) == (f"{BIND},IIS,POP{HERE}", BIND + HERE)
        assert bind_commands(cases.knowing(cases.ready(), variant=Variant.SMALLEST)) == (smallest, merged)

    @pytest.mark.parametrize("services", ["None", "Federation"])
    def test_has_one_form_where_both_are_the_same(self, services: str) -> None:
        assert [command.text for command in bind_commands(cases.ready(services))] == [BIND + HERE]

    @pytest.mark.parametrize("services", ["SMTP", "SMTP, Federation", "IIS, SMTP"])
    def test_has_none_where_smtp_is_there(self, services: str) -> None:
        assert bind_commands(cases.ready(services)) == ()

    def test_traces_each_part_to_the_line_it_was_read_from(self) -> None:
        merged = bind_commands(cases.ready())[0]
        origins = {part.text: part.origin for part in merged.parts if part.origin}
        assert origins == {
            f"'{OURS}'": "the log: paste, line 7",
            "SMTP": "KB step 4: what is missing",
            "IIS,POP": "the services it has now: paste, line 2",
            "'EX01'": "the servers the connector sends from: paste, line 5",
        }

    def test_waits_for_log_and_services(self) -> None:
        assert bind_commands(given(cases.named(), S.LOG, failing())) == ()
        assert bind_commands(cases.knowing(cases.ready(), log=None, failed=())) == ()

    def test_at_the_prompt_is_the_chosen_line_alone(self) -> None:
        assert texts(S.PROMPT, cases.ready()) == [f"{BIND},IIS,POP{HERE}"]
        assert texts(S.PROMPT, cases.knowing(cases.ready(), variant=Variant.SMALLEST)) == [BIND + HERE]


class TestTheUndo:
    def test_binds_the_previous_default_once_more(self) -> None:
        undo = undo_command(cases.answered())
        assert undo is not None
        assert undo.text == f"Enable-ExchangeCertificate -Thumbprint '{DEFAULT}' -Services SMTP -Server 'EX01'"
        assert "answer Y" in undo.purpose

    def test_is_handed_out_first_only_after_a_yes(self) -> None:
        assert DEFAULT in texts(S.UNDO, cases.answered(PromptAnswer.YES))[0]
        for step_id in ORDER:
            assert DEFAULT not in " ".join(texts(step_id, cases.answered(PromptAnswer.NO)))

    @pytest.mark.parametrize("current", ["****", OURS])
    def test_is_not_there_without_another_whole_thumbprint(self, current: str) -> None:
        assert undo_command(given(cases.ready(), S.PROMPT, cases.question(current))) is None
        assert undo_command(cases.ready()) is None


class TestOtherServers:
    def test_each_get_the_smallest_line(self) -> None:
        case = given(two_servers(), S.SYMPTOM, cases.queue_list())
        assert [command.text for command in bind_elsewhere(cases.ready(case=case))] == [f"{BIND} -Server 'EX02'"]

    def test_are_all_but_the_one_the_queue_is_on(self) -> None:
        case = given(two_servers("{EX01, EX02, EX03}"), S.SYMPTOM, cases.queue_list(identity=r"ex02.contoso.com\7"))
        assert server_here(case) == "ex02.contoso.com"
        assert [command.server for command in bind_elsewhere(cases.ready(case=case))] == ["EX01", "EX03"]

    def test_are_all_while_nothing_tells_which_one_this_is(self) -> None:
        """The first of the list need not be the one the person works on."""
        assert [command.server for command in bind_elsewhere(cases.ready(case=two_servers()))] == ["EX01", "EX02"]
        both = cases.queue_list() + cases.queue_list(identity=r"EX02\9")
        case = given(two_servers(), S.SYMPTOM, both)
        assert [command.server for command in bind_elsewhere(cases.ready(case=case))] == ["EX01", "EX02"]

    def test_are_none_for_a_connector_with_one_server(self) -> None:
        assert bind_elsewhere(cases.ready()) == ()
        assert bind_elsewhere(cases.ready(case=cases.named())) == ()

    def test_are_none_from_afar_on_the_edge(self) -> None:
        assert bind_elsewhere(cases.ready(case=cases.knowing(two_servers(), place=EDGE))) == ()

    def test_are_none_while_nothing_may_be_bound(self) -> None:
        assert bind_elsewhere(cases.ready(case=two_servers(), HasPrivateKey="False")) == ()

    def test_with_a_name_no_command_may_carry_are_left_out(self) -> None:
        known = replace(two_servers().connectors[0], source_servers=("EX01", "EX02", "EX\x07"))
        case = replace(two_servers(), connectors=(known,))
        assert [command.server for command in bind_elsewhere(cases.ready(case=case))] == ["EX01", "EX02"]

    def test_have_their_queues_retried_when_their_turn_comes(self) -> None:
        case = given(two_servers(), S.SYMPTOM, cases.queue_list())
        assert texts(S.RETRY, case)[0] == "Retry-Queue -Filter \"Status -eq 'Retry'\" -Server 'EX01'"
        assert texts(S.RETRY, at_server(case, "EX02"))[0] == "Retry-Queue -Filter \"Status -eq 'Retry'\" -Server 'EX02'"


class TestLogging:
    def test_is_not_turned_on_where_it_is_on(self) -> None:
        assert [c.id for c in step(S.LOGGING).commands(cases.with_connector(level="Verbose"))] == [
            CommandId.READ_LOG_PATH
        ]

    @pytest.mark.parametrize(
        ("name", "identity"),
        [
            ("O'Brien", "'O''Brien'"),
            ("Ausgang \u2013 Z\u00fcrich", f"'{GUID}'"),
        ],
    )
    def test_names_the_connector_by_its_guid_where_the_name_is_no_ascii(self, name: str, identity: str) -> None:
        assert f"-Identity {identity} " in texts(S.LOGGING, cases.with_connector(name=name))[0]

    def test_composes_a_typed_name_that_is_no_ascii(self) -> None:
        assert "-Identity ('Ausgang ' + [char]0x2013)" in texts(S.LOGGING, cases.named("Ausgang \u2013"))[0]

    @pytest.mark.parametrize(
        ("place", "proxied", "cmdlet"),
        [
            (Place(ExchangeVersion.E2010, edge=False), "False", "Get-TransportServer"),
            (Place(ExchangeVersion.E2019_SE, edge=False), "True", "Get-FrontendTransportService"),
            (None, "False", "Get-TransportService"),
        ],
    )
    def test_asks_the_right_cmdlet_for_the_folder(self, place: Place | None, proxied: str, cmdlet: str) -> None:
        case = cases.knowing(cases.with_connector(FrontendProxyEnabled=proxied), place=place)
        assert texts(S.LOGGING, case)[1].startswith(cmdlet)

    @pytest.mark.parametrize(
        ("before", "after", "lines"),
        [
            ("None", "", ["-ProtocolLoggingLevel None", "Format-List"]),
            ("", "", ["-ProtocolLoggingLevel None", "Format-List"]),
            ("Verbose", "", ["Format-List"]),
            ("Verbose", "Verbose", ["Format-List"]),
            ("Verbose", "None", ["-ProtocolLoggingLevel Verbose", "Format-List"]),
        ],
    )
    def test_is_put_back_to_what_it_was(self, before: str, after: str, lines: list[str]) -> None:
        case = cases.with_connector(level=before)
        case = given(case, S.RESTORE, cases.connector_list(level=after)) if after else case
        found = texts(S.RESTORE, case)
        assert len(found) == len(lines)
        assert all(words in line for words, line in zip(lines, found, strict=True))
        assert all(f"'{CONNECTOR}'" in line for line in found)

    def test_is_not_said_to_be_put_back_where_the_level_before_is_not_known(self) -> None:
        origins = [part.origin for part in step(S.RESTORE).commands(cases.named())[0].parts]
        assert "the default: what it was before is not known" in origins


class TestTheLogsPlace:
    def test_is_the_default_until_the_server_has_named_another(self) -> None:
        assert log_places(Case()) == (DefaultFolder(r"TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"),)
        case = replace(Case(), log_folders=(LogFolder("EX01", r"L:\Send"), LogFolder("EX02", r"L:\Send")))
        assert log_places(case) == (KnownFolder(r"L:\Send", "SendProtocolLogPath of EX01 and EX02"),)

    @pytest.mark.parametrize("folder", [LogFolder("EX01", r"L:\Se...", cut=True), LogFolder("EX01", "L:\\S\x07")])
    def test_is_never_a_path_that_is_cut_or_unsafe(self, folder: LogFolder) -> None:
        assert isinstance(log_places(replace(Case(), log_folders=(folder,)))[0], DefaultFolder)

    def test_is_read_with_old_cmdlets_on_exchange_2010(self) -> None:
        case = cases.knowing(Case(), place=Place(ExchangeVersion.E2010, edge=False))
        assert texts(S.LOG, case)[0].endswith("Select-Object -Last 3000 | clip")

    def test_is_copied_with_clip_unless_the_shell_is_known_to_have_set_clipboard(self) -> None:
        newest = cases.knowing(Case(), place=Place(ExchangeVersion.E2019_SE, edge=False))
        assert texts(S.LOG, newest)[0].endswith("Set-Clipboard")
        older = cases.knowing(Case(), place=Place(ExchangeVersion.E2013_2016, edge=False))
        without = replace(newest, shell=ShellSeen(set_clipboard=False))
        for case in (Case(), older, without, replace(Case(), release="2016")):
            assert texts(S.LOG, case)[0].endswith("Get-Content -Tail 3000 -Encoding UTF8 | clip")
        assert texts(S.LOG, replace(Case(), release="2019"))[0].endswith("Set-Clipboard")

    def test_is_read_with_old_cmdlets_where_the_log_is_of_2010(self) -> None:
        of_2010 = given(cases.named(), S.LOG, "#Version: 14.0.0.0\n" + failing())
        assert "-Tail" not in texts(S.LOG, of_2010)[0]
        assert texts(S.LOGGING, of_2010)[1].startswith("Get-TransportServer ")
        later = given(cases.named(), S.LOG, "#Version: 15.0.0.0\n" + failing())
        assert "-Tail" in texts(S.LOG, later)[0]
