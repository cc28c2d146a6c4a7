"""PowerShell's own cmdlets: picking, sorting, counting, files, the clipboard, help."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.wizard.practice.console import LOGS, NOW, opened, printed, value, values
from wizard.practice.shell.values import Value


class TestPicking:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("1..9 | Select-Object -First 2", [1, 2]),
            ("1..9 | select -Last 2", [8, 9]),
            ("1..9 | select -Skip 7", [8, 9]),
            ("'a','b','a' | select -Unique", ["a", "b"]),
            ("Get-Thing | select -ExpandProperty Name", ["one", "two", "five"]),
            ("Get-Thing two | select -exp Parts", ["a", "b"]),
            ("Get-Thing | Where-Object { $_.Size -gt 1 } | % { $_.Name }", ["two", "five"]),
            ("Get-Thing | ? Size -gt 1 | ForEach-Object Name", ["two", "five"]),
            ("Get-Thing | where Name -like 't*' | % Size", [2]),
            ("(Get-Thing | where Note).Count", [0]),
            ("Get-Thing | sort Size -Descending | % Name", ["five", "two", "one"]),
            ("Get-Thing | sort State,Size | % Name", ["two", "one", "five"]),
            ("3,1,2,1 | sort -Unique", [1, 2, 3]),
            ("(Get-Thing | measure Size -Sum).Sum", [8]),
            ("(Get-Thing | group State | ? Name -eq 'Retry').Count", [2]),
            ("Get-Thing | Measure-Object | % Count", [3]),
        ],
    )
    def test_gives(self, line: str, expected: list[Value]) -> None:
        assert values(line) == expected

    def test_a_selected_property_that_is_not_there_is_empty(self) -> None:
        assert value("(Get-Thing one | Select-Object Nothing).Nothing -eq $null") is True

    def test_selected_properties_may_be_calculated_and_wild(self) -> None:
        assert values("Get-Thing two | select *,@{n='L';e={$_.Name.Length}} | % { $_.Name + $_.L }") == ["two3"]


class TestFiles:
    def test_the_newest_log_by_its_creation_to_the_clipboard(self) -> None:
        shell = opened()
        line = f"Get-ChildItem -Path '{LOGS}' -Filter *.log | Sort-Object CreationTime | Select-Object -Last 1 | "
        copying = f"{line}Get-Content -Tail 2 -Encoding UTF8 | Set-Clipboard"
        assert shell.enter(copying).clipboard == "MAIL FROM\r\nlast"
        assert shell.enter(copying).clipboard == "MAIL FROM\r\nlast", "copied again"
        assert shell.enter("Get-Date").clipboard is None
        assert shell.enter(f"{line}Get-Content -Encoding UTF8 | Select-Object -Last 1 | clip").clipboard == "last\r\n"

    def test_the_program_clip_loses_letters_outside_ascii(self) -> None:
        assert opened().enter("'\u00dcber' | clip").clipboard == "?ber\r\n"

    def test_names_are_listed_under_their_folder(self) -> None:
        text = printed(f"dir {LOGS}")
        assert f"    Directory: {LOGS}" in text
        assert "-a----      11/22/2026    7:00 AM" in text

    def test_a_share_of_another_server(self) -> None:
        assert values(r"Get-Content \\EX2\D$\Logs\one.log") == ["from EX2"]

    def test_a_pattern_finds_lines_with_their_place(self) -> None:
        line = rf"Select-String -Path {LOGS}\*.log -Pattern unknowncredentials -SimpleMatch"
        assert printed(line, columns=200) == rf"{LOGS}\SEND2026112208-10.LOG:2:UnknownCredentials"
        assert values(f"{line} | % LineNumber") == [2]
        with_more = printed(f"{line} -Context 0,1", columns=200).split("\n")
        assert [each[:2] for each in with_more] == ["> ", "  "]

    def test_what_is_not_there_is_an_error_of_powershell(self) -> None:
        assert "Cannot find path 'C:\\nope' because it does not exist." in printed(r"Get-Content C:\nope", columns=120)
        assert values(rf"Test-Path C:\nope; Test-Path {LOGS}") == [False, True]

    def test_what_is_written_can_be_read_again(self) -> None:
        assert printed("'a','b' > t.txt", "Get-Content t.txt | Select-Object -Last 1") == "b"
        assert (
            printed("Get-Thing one | select Name | Export-Csv t.csv -NoTypeInformation", "gc t.csv") == '"Name"\n"one"'
        )


class TestTheConsole:
    def test_sleeping_passes_the_time_it_says(self) -> None:
        shell = opened()
        shell.enter("Start-Sleep -Seconds 600")
        assert shell.world.now == NOW + timedelta(seconds=615)

    def test_what_is_written_to_the_host_does_not_go_into_the_pipe(self) -> None:
        assert printed("$x = Write-Host 'said'; $x -eq $null") == "said\nTrue"

    def test_a_line_is_read(self) -> None:
        shell = opened()
        assert shell.enter("$n = Read-Host 'Name'; \"<$n>\"").prompt == "Name: "
        assert shell.enter("x").text == "<x>"

    def test_a_list_that_was_formatted_is_opaque_to_the_clipboard(self) -> None:
        copied = opened().enter("Get-Thing one | fl | Set-Clipboard").clipboard
        assert copied is not None
        assert copied.startswith("Microsoft.PowerShell.Commands.Internal.Format.")

    def test_out_string_is_what_the_console_would_print(self) -> None:
        assert value("(Get-Thing one | fl Name | Out-String).Trim()") == "Name : one"

    def test_clearing_leaves_what_comes_after(self) -> None:
        assert printed("'a'; cls; 'b'") == "b"

    def test_history_and_commands_and_help(self) -> None:
        assert printed("'a'", "Get-History | % CommandLine").split("\n") == ["'a'"]
        assert values("(Get-Command *-Thing).Name") == ["Get-Thing", "Set-Thing"]
        assert values("(Get-Command gc).Name") == ["Get-Content"]
        assert "Set-Thing [-Name] <value> [-WhatIf] [-Confirm] [<CommonParameters>]" in printed("help Set-Thing")
        assert "Get-Help could not find Get-Nothing" in printed("Get-Help Get-Nothing", columns=120)


class TestWhatTheShellTellsOfItself:
    @pytest.mark.parametrize("line", ["$PSVersionTable", "$PSVersionTable.PSVersion", "$host", "$Host.Version"])
    def test_is_never_silence(self, line: str) -> None:
        assert "5" in printed(line, columns=120)
