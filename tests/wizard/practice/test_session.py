"""A session at the console: the world in it, questions, unfinished commands, time and errors."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.practice.console import CMDLETS, NOW, opened, printed
from wizard.practice.shell.session import FAILED, PROMPT, PracticeShell
from wizard.practice.shell.values import Call, Cmdlet, Output
from wizard.practice.world import EventKind

CHOICES = '[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"): '


def happened(shell: PracticeShell) -> list[str]:
    return [event.subject for event in shell.world.events if event.kind is EventKind.DEFAULT_REPLACED]


class TestTime:
    def test_each_line_takes_fifteen_seconds(self) -> None:
        shell = opened()
        shell.enter("")
        shell.enter("")
        assert shell.world.now == NOW + timedelta(seconds=30)

    def test_an_answer_is_a_line_too(self) -> None:
        shell = opened()
        shell.enter("Set-Thing one")
        shell.enter("N")
        assert shell.world.now == NOW + timedelta(seconds=30)


class TestQuestions:
    def test_the_question_stands_as_exchange_asks_it(self) -> None:
        asked = opened(60).enter("Set-Thing one")
        assert asked.text == (
            "\nConfirm\nOverwrite the thing?\n\nCurrent: 'one' (expires 3/2/2027 10:12:13 AM)\n"
            "[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help"
        )
        assert asked.prompt == '(default is "Y"): '
        assert asked.asking
        assert opened().enter("Set-Thing one").prompt == CHOICES

    def test_a_bare_enter_is_yes(self) -> None:
        shell = opened()
        shell.enter("Set-Thing one")
        answered = shell.enter("")
        assert answered.text == "WARNING: one was answered with Y."
        assert (answered.prompt, answered.asking) == (PROMPT, False)
        assert happened(shell) == ["one"]

    def test_no_changes_nothing(self) -> None:
        shell = opened()
        shell.enter("Set-Thing one")
        shell.enter("no")
        assert happened(shell) == []

    def test_a_second_pasted_command_is_swallowed_and_asked_again(self) -> None:
        shell = opened()
        shell.enter("Set-Thing one")
        again = shell.enter("Set-Thing two")
        assert (again.text, again.prompt, again.asking) == ("", CHOICES, True)
        shell.enter("")
        assert happened(shell) == ["one"]

    def test_a_question_mark_explains_the_answers(self) -> None:
        shell = opened()
        shell.enter("Set-Thing one")
        helped = shell.enter("?")
        assert helped.text.split("\n")[0] == "Y - Continue with only the next step of the operation."
        assert helped.asking

    def test_yes_to_all_answers_for_the_rest_of_the_pipe(self) -> None:
        shell = opened()
        shell.enter("'a','b','c' | Set-Thing")
        assert shell.enter("Y").asking
        assert not shell.enter("A").asking
        assert happened(shell) == ["a", "b", "c"]

    def test_what_was_printed_before_a_question_is_not_printed_again(self) -> None:
        shell = opened()
        assert shell.enter("'before'; Set-Thing one; 'after'").text.startswith("before\n\nConfirm")
        assert shell.enter("N").text == "WARNING: one was answered with N.\nafter"

    def test_control_c_gives_the_question_up_and_keeps_what_was_done(self) -> None:
        shell = opened()
        shell.enter("$x = 5; Set-Thing one")
        given_up = shell.interrupt()
        assert (given_up.prompt, given_up.asking) == (PROMPT, False)
        assert happened(shell) == []
        assert shell.enter("$x").text == "5"


class TestClearing:
    def test_is_told_with_what_was_printed_since(self) -> None:
        shell = opened()
        assert not shell.enter("'a'").cleared
        printed_since = shell.enter("'a'; cls; 'b'")
        assert (printed_since.text, printed_since.cleared) == ("b", True)
        assert not shell.enter("'c'").cleared

    def test_before_a_question_is_not_told_again_with_the_answer(self) -> None:
        shell = opened()
        assert shell.enter("Clear-Host; Set-Thing one").cleared
        assert not shell.enter("N").cleared

    def test_behind_a_question_is_told_with_the_answer(self) -> None:
        shell = opened()
        assert not shell.enter("Set-Thing one; cls").cleared
        assert shell.enter("N").cleared


class TestUnfinishedCommands:
    def test_go_on_in_the_next_line(self) -> None:
        shell = opened()
        assert shell.enter("'a','b' |").prompt == ">> "
        assert shell.enter("ForEach-Object { $_ + '!'").prompt == ">> "
        assert shell.enter("}").text == "a!\nb!"

    def test_are_given_up_with_control_c(self) -> None:
        shell = opened()
        shell.enter("'a")
        assert shell.interrupt().prompt == PROMPT
        assert shell.enter("'b'").text == "b"


class TestErrors:
    def test_an_unknown_command(self) -> None:
        assert printed("Get-Thnig x") == (
            "Get-Thnig : The term 'Get-Thnig' is not recognized as the name of a cmdlet,\n"
            "function, script file, or operable program. Check the spelling of the name, or\n"
            "if a path was included, verify that the path is correct and try again.\n"
            "At line:1 char:1\n"
            "+ Get-Thnig x\n"
            "+ ~~~~~~~~~\n"
            "    + CategoryInfo          : ObjectNotFound: (Get-Thnig:String) [], CommandNo\n"
            "   tFoundException\n"
            "    + FullyQualifiedErrorId : CommandNotFoundException"
        )

    def test_a_command_that_may_be_real_is_owned_up_to(self) -> None:
        sentence = "The practice shell does not know Get-Mailbox; on a real server it may exist."
        assert sentence in printed("Get-Mailbox", columns=120)
        assert "practice shell" not in printed("Get\u2013Thing", columns=120)
        assert printed("dir HKLM:\\") == "The practice shell does not know the drive HKLM:"

    def test_a_parse_error_names_the_place_first(self) -> None:
        assert printed("Get-Thing one )").split("\n")[:4] == [
            "At line:1 char:15",
            "+ Get-Thing one )",
            "+               ~",
            "Unexpected token ')' in expression or statement.",
        ]

    def test_of_an_exchange_cmdlet_have_no_place(self) -> None:
        assert printed("Get-Thing -Server EX9") == (
            "The server EX9 does not answer.\n"
            "    + CategoryInfo          : NotSpecified: (:) [Get-Thing], ServerNotReachedE\n   xception\n"
            "    + FullyQualifiedErrorId : ServerNotReachedException"
        )

    def test_a_line_too_deep_to_work_out_is_told(self) -> None:
        assert printed("+".join("1" * 5000)) == "The practice shell cannot work out a line as deep as this."

    def test_do_not_lose_the_world(self) -> None:
        shell = opened()
        shell.enter("Set-Thing one")
        shell.enter("Y")
        shell.enter("1/0; Get-Nothing; 'a' | Get-Thing")
        assert happened(shell) == ["one"]

    def test_a_fault_of_the_program_is_told_and_changes_nothing(self) -> None:
        def broken(call: Call) -> Generator[Output, str | None, None]:
            yield call.world.after(EventKind.FORCED)
            raise ZeroDivisionError

        shell = opened(cmdlets=(Cmdlet("Get-Broken", (), broken),))
        assert shell.enter("Get-Broken").text.startswith(f"{FAILED} (ZeroDivisionError")
        assert shell.world.events == ()
        assert shell.enter("'still here'").text == "still here"


class TestCompletion:
    def test_of_cmdlets_parameters_and_values(self) -> None:
        shell = opened()
        assert shell.complete("get-th") == ("Get-Thing",)
        assert shell.complete("Get-Thing | sel") == ("Get-Thing | Select-Object", "Get-Thing | Select-String")
        assert shell.complete("Show-Call -Serv") == (
            "Show-Call -Services",
            "Show-Call -Server",
            "Show-Call -ServiceName",
        )
        assert shell.complete("Show-Call -Services SMTP,i") == (
            "Show-Call -Services SMTP,IMAP",
            "Show-Call -Services SMTP,IIS",
        )
        assert shell.complete("") == ()


WORDS = """
Format-List Format-Table Select-Object Where-Object ForEach-Object Sort-Object ConvertTo-Json
Get-ChildItem Get-Content Select-String Measure-Object Group-Object Get-Member Out-String clip
Start-Sleep Get-Date Get-Help Get-Command Write-Host ConvertTo-Csv Export-Csv Set-Clipboard
-eq -ne -like -match -replace -split -join -f -in -contains -band -is -not -gt -and -or ..
-Name -First -Last -Property -Force -Tail 0 1 9 0x10 1.5 1GB 1e999 Y N A
$_ $x $null $true $env:X $Error $x= @{ @( $( [int] [char] [datetime] [math]:: .Count .ToString() [0]
if foreach while try catch { } ( ) return break continue throw exit else in
"""
pieces = st.lists(
    st.sampled_from(
        [
            *"'\"$(){}[]@|;,.&<>`#!+-*/%=~^\\:?_ \n\t\u2013\u2019\u201c\0\ud800",
            *(each.name for each in CMDLETS),
            *WORDS.split(),
            "one",
            "*",
            r"C:\Logs\SmtpSend",
        ]
    ),
    max_size=14,
)


class TestAnyInput:
    @settings(max_examples=examples(400), deadline=None)
    @given(
        lines=st.lists(pieces.map(" ".join) | pieces.map("".join) | st.text(max_size=40), max_size=4),
        columns=st.integers(1, 130),
    )
    def test_never_raises_nor_fails_inside(self, lines: list[str], columns: int) -> None:
        shell = opened(columns)
        for line in lines:
            found = shell.enter(line)
            assert FAILED not in " ".join(found.text.split())
            found.text.encode("utf-8")
            shell.complete(line)
        shell.interrupt()
        assert shell.prompt == PROMPT
