"""Where the shell stands on the disks: going there, what a relative path means from there, and the prompt."""

from __future__ import annotations

import pytest

from tests.wizard.practice.console import LOGS, opened, printed
from tests.wizard.practice.organisation import with_subscription, world
from tests.wizard.practice.scenes import exercise
from wizard.practice.shell import session as console
from wizard.practice.shell.run import whole_path
from wizard.practice.shell.session import PROMPT
from wizard.practice.shell.values import HERE
from wizard.reading.text import clean

NEWEST = "SEND2026112208-10.LOG"


class TestAPath:
    @pytest.mark.parametrize(
        ("path", "means"),
        [
            ("a.log", r"C:\Logs\SmtpSend\a.log"),
            (r".\a.log", r"C:\Logs\SmtpSend\a.log"),
            ("./sub/a.log", r"C:\Logs\SmtpSend\sub\a.log"),
            (".", r"C:\Logs\SmtpSend"),
            ("..", r"C:\Logs"),
            (r"..\..", "C:\\"),
            (r"..\..\..", "C:\\"),
            (r"..\Other\*.log", r"C:\Logs\Other\*.log"),
            ("\\", "C:\\"),
            (r"\Windows", r"C:\Windows"),
            ("C:", r"C:\Logs\SmtpSend"),
            ("c:a.log", r"C:\Logs\SmtpSend\a.log"),
            ("D:", "D:\\"),
            (r"D:\x\..\y" + "\\", r"D:\y"),
            (r"\\EX2\D$\Logs", r"\\EX2\D$\Logs"),
            (r"\\EX2\D$\..\..", r"\\EX2\D$"),
            (r"Microsoft.PowerShell.Core\FileSystem::\\EX2\D$", r"\\EX2\D$"),
        ],
    )
    def test_is_meant_from_the_folder(self, path: str, means: str) -> None:
        assert whole_path(path, LOGS) == means

    def test_is_meant_from_a_share_too(self) -> None:
        assert whole_path("..", r"\\EX2\D$\Logs") == r"\\EX2\D$"
        assert whole_path(r"\x", r"\\EX2\D$\Logs") == r"\\EX2\D$\x"


class TestGoing:
    def test_moves_the_prompt_and_what_is_relative(self) -> None:
        shell = opened()
        assert shell.enter(f"cd {LOGS}").prompt == f"[PS] {LOGS}>"
        assert f"    Directory: {LOGS}" in shell.enter("dir").text
        assert shell.enter(f"Get-Content {NEWEST} -Tail 1").text == "last"
        assert shell.enter(rf"type .\{NEWEST} | select -Last 1").text == "last"
        assert shell.enter("(Select-String *.LOG -Pattern UnknownCredentials).Filename").text == NEWEST
        assert shell.enter(f"Test-Path {NEWEST}; Test-Path nothing.log").text == "True\nFalse"
        assert shell.enter("(ls *-9.LOG).Name").text == "SEND2026112208-9.LOG"
        assert shell.enter("cd ..").prompt == r"[PS] C:\Logs>"
        assert shell.enter("(dir).Name").text == "SmtpSend"
        assert shell.enter("cd smtpsend").prompt == f"[PS] {LOGS}>"

    @pytest.mark.parametrize("line", ["cd", "cd .", "Set-Location", "sl 'C:\\Windows\\System32'", "chdir C:"])
    def test_where_one_is_already_changes_nothing(self, line: str) -> None:
        assert opened().enter(line).prompt == PROMPT

    @pytest.mark.parametrize("line", ["cd..", "cd ..", "Set-Location -Path ..", "Set-Location -LiteralPath .."])
    def test_up_in_every_way_it_is_typed(self, line: str) -> None:
        shell = opened()
        assert shell.enter(line).prompt == r"[PS] C:\Windows>"
        assert shell.enter("cd\\").prompt == "[PS] C:\\>"

    def test_by_an_object_of_the_pipe(self) -> None:
        assert opened().enter(r"dir C:\Logs | cd").prompt == f"[PS] {LOGS}>"

    def test_is_told_by_get_location(self) -> None:
        shell = opened()
        shell.enter(f"cd {LOGS}")
        for line in ("pwd | % Path", "(Get-Location).Path", '"$pwd"', "$pwd.Path"):
            assert shell.enter(line).text == LOGS
        assert shell.enter("pwd").text == f"\nPath\n----\n{LOGS}\n"
        assert opened().enter('"$pwd"').text == HERE
        assert opened().enter("cd C:\\; pwd | % Path; $pwd.Path").text == "C:\\\nC:\\"

    def test_to_a_share_is_shown_as_powershell_does(self) -> None:
        shell = opened()
        prompt = shell.enter(r"cd \\ex2\d$\logs").prompt
        assert prompt == r"[PS] Microsoft.PowerShell.Core\FileSystem::\\EX2\D$\Logs>"
        assert shell.enter("type one.log").text == "from EX2"
        assert [each.text for each in clean(f"{prompt}Get-Queue").lines] == ["Get-Queue"]
        assert shell.enter("cd C:").prompt == "[PS] C:\\>"

    def test_what_is_written_goes_there(self) -> None:
        shell = opened()
        shell.enter(f"cd {LOGS}; 'x' > t.txt")
        assert shell.enter(rf"cd C:\; Get-Content {LOGS}\t.txt").text == "x"

    def test_is_kept_while_a_question_waits_and_given_up_with_nothing(self) -> None:
        shell = opened()
        shell.enter(f"cd {LOGS}; Set-Thing one")
        assert shell.enter("N").prompt == f"[PS] {LOGS}>"


class TestWhatIsNotThere:
    @pytest.mark.parametrize("path", [r"C:\inetpub", r"\\EX7\C$", r"\\EX2", rf"{LOGS}\{NEWEST}", r"C:\n*"])
    def test_leaves_the_shell_where_it_is_and_says_what_there_is(self, path: str) -> None:
        shell = opened(columns=200)
        shown = shell.enter(f"cd '{path}'")
        assert shown.prompt == PROMPT
        assert f"Cannot find path '{path}' because it does not exist." in shown.text
        assert (
            "On the practice disks there are the folders of the send logs and C:\\Windows\\system32, no others."
            in shown.text
        )

    def test_says_nothing_where_it_was_not_to(self) -> None:
        assert printed(r"cd C:\nope -ErrorAction SilentlyContinue") == ""

    def test_is_said_of_the_folder_of_windows_which_is_empty_here(self) -> None:
        assert "The practice disks hold nothing of Windows itself" in printed("dir", columns=120)

    def test_are_a_home_folder_and_the_drives_that_are_no_disks(self) -> None:
        assert printed("cd ~") == "The practice shell knows no home folder: name the folder by its path."
        assert printed("cd HKLM:") == "The practice shell does not know the drive HKLM:"


class TestAnOrganisation:
    def test_has_the_log_folders_of_every_server_before_their_first_log(self) -> None:
        shell = console.opened(world(), 300)
        for start in ("C:", r"\\EX1\C$", r"\\EX2\C$"):
            folder = rf"{start}\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Logs"
            shell.enter(f"cd '{folder}'")
            assert shell.enter("pwd | % { Test-Path $_ }").text == "True", folder

    def test_each_server_s_shell_stands_in_a_folder_of_its_own(self) -> None:
        shell = console.opened(with_subscription(world(edge=True)), 120)
        shell.enter("cd \\")
        assert shell.enter("Enter-PSSession EDGE1").prompt == PROMPT
        assert shell.enter("exit").prompt == "[PS] C:\\>"


class TestTab:
    @pytest.mark.parametrize(
        ("line", "offered"),
        [
            ("Get-ChildItem 'C:\\Prog", "Get-ChildItem 'C:\\Program Files"),
            ("cd C:\\Pr", "cd 'C:\\Program Files"),
            ("Get-ChildItem 'C:\\Program Files\\Mi", "Get-ChildItem 'C:\\Program Files\\Microsoft"),
            ("Get-Content C:\\Win", "Get-Content C:\\Windows"),
            ("Get-Content C:\\nowhere\\x", None),
        ],
    )
    def test_goes_on_with_a_path(self, line: str, offered: str | None) -> None:
        assert console.opened(exercise().start, 80).complete(line) == ((offered,) if offered else ())
