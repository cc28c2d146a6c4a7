"""PowerShell's lexical rules and its expressions, as an administrator's line meets them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wizard.powershell_rule import DOUBLE, SINGLE, NotOneLineError, tokens
from tests.wizard.practice.console import called, printed, value, values
from wizard.powershell.literal import UnsafeNameError, literal
from wizard.practice.shell.parser import CommandNode, NamedArgument, Pipeline, parse
from wizard.practice.shell.values import Flag, IncompleteError, NotKnownError, ParseError, PSObject, Value


def arguments(line: str) -> list[object]:
    (statement,) = parse(line)
    assert isinstance(statement, Pipeline)
    (command,) = statement.elements
    assert isinstance(command, CommandNode)
    return [
        each if isinstance(each, NamedArgument) or each.constant is None else each.constant
        for each in command.arguments
    ]


class TestQuotes:
    @pytest.mark.parametrize("quote", SINGLE)
    def test_five_characters_are_single_quotes_and_two_of_any_stand_for_the_second(self, quote: str) -> None:
        assert value(f"{quote}O{quote}{quote}Brien{quote}") == f"O{quote}Brien"
        assert value(f"'a{quote}'b'") == "a'b"

    @pytest.mark.parametrize("quote", DOUBLE)
    def test_four_characters_are_double_quotes(self, quote: str) -> None:
        assert value(f"{quote}a{quote}{quote}b{quote}") == f"a{quote}b"

    def test_nothing_expands_in_single_quotes(self) -> None:
        assert value("'$env:TEMP $(1+1) `n'") == "$env:TEMP $(1+1) `n"

    def test_variables_expressions_and_escapes_expand_in_double_quotes(self) -> None:
        assert value('"$n is $($n + 1)`t`$n `"x`" ${n}th"', {"n": 4}) == '4 is 5\t$n "x" 4th'

    def test_a_lone_dollar_stands_for_itself(self) -> None:
        assert value('"5$ and $"') == "5$ and $"

    @given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
    def test_a_name_whose_single_quotes_are_doubled_comes_back_whole(self, name: str) -> None:
        quoted = "".join(character * 2 if character in SINGLE else character for character in name)
        assert arguments(f"Set-Thing '{quoted}'") == [name]

    @given(st.text(min_size=1, max_size=20))
    def test_what_the_wizard_writes_for_a_name_is_that_name(self, name: str) -> None:
        try:
            written = literal(name)
        except UnsafeNameError:
            return
        assert called(f"Show-Call -Identity {written}")["Identity"] == name

    @given(st.lists(st.sampled_from([*SINGLE, *DOUBLE, "a", " ", "-", "b c"]), max_size=12).map("".join))
    def test_strings_end_where_the_rule_of_the_tests_says(self, text: str) -> None:
        """An independent reading of the rule: the same strings, or neither is whole."""
        line = f"Show-Call {text}" if text.strip() else "Show-Call"
        try:
            expected = [token.text for token in tokens(line) if token.kind in ("string", "expandable")]
        except NotOneLineError:
            with pytest.raises(IncompleteError):
                parse(line)
            return
        if any(character in SINGLE + DOUBLE for character in text.replace("'", "' ")) and not _words(line):
            found = arguments(line)
            assert [each for each in found if isinstance(each, str)] == expected


def _words(line: str) -> bool:
    """Whether a word touches a quote, where PowerShell's words go on and the rule's end."""
    kinds = [token.kind for token in tokens(line)]
    return "word" in kinds[1:]


class TestExpressions:
    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("1 + 2 * 3", 7),
            ("(1 + 2) * 3", 9),
            ("7 / 2", 3.5),
            ("[math]::Round(10 / 3, 2)", 3.33),
            ("'abcdef'.Substring(1 + 1, (1,2)[1])", "cd"),
            ("$t = ''; foreach ($i in 0..2) { $t += $i }; $t", "012"),
            ("6 / 2", 3),
            ("7 % 4", 3),
            ("10KB", 10240),
            ("0x10", 16),
            ("'a' + 1", "a1"),
            ("'ab' * 2", "abab"),
            ("1 -eq '1'", True),
            ("'Retry' -eq 'RETRY'", True),
            ("'Retry' -ceq 'RETRY'", False),
            ("'abc' -like 'A*'", True),
            ("'abc' -notlike 'x*'", True),
            ("'EX12' -match '^EX\\d+$'", True),
            ("'a-b' -replace '-','+'", "a+b"),
            ("'John Smith' -replace '(\\w+) (\\w+)','$2 $1'", "Smith John"),
            ("'a,b' -split ',' -join '+'", "a+b"),
            ("1,2 -join '-'", "1-2"),
            ("'{0} of {1:N0}' -f 3,12345", "3 of 12,345"),
            ("-not $false", True),
            ("!$true", False),
            ("$true -and $false -or $true", True),
            ("2 -in 1,2", True),
            ("'SMTP','IIS' -contains 'smtp'", True),
            ("(1,2,3).Count", 3),
            ("@(1)[0]", 1),
            ("'abc'[-1]", "c"),
            ("[char]0x2013", "\u2013"),
            ("('Outbound ' + [char]0x2013 + ' O365')", "Outbound \u2013 O365"),
            ("('' + [char]0xD83D + [char]0xDE00)", "\U0001f600"),
            ("[int]'5' + 1", 6),
            ("[string]5 + 1", "51"),
            ("[datetime]'2026-11-22' -gt [datetime]'2026-11-21'", True),
            ("([datetime]'2026-11-22T21:41:07Z').ToString('o')", "2026-11-22T21:41:07.0000000Z"),
            ("([datetime]'2026-11-22').AddDays(-1).ToString('yyyy-MM-dd')", "2026-11-21"),
            ("(Get-Date).Year", 2026),
            ("'a b'.Split(' ')[1]", "b"),
            ("'Contoso'.Contains('tos')", True),
            ("'Contoso'.StartsWith('Con')", True),
            ("'abc'.Replace('b','x').ToUpper()", "AXC"),
            ("@{a=1; b='x'}.b", "x"),
            ("(@{n=2}).n + 1", 3),
            ("$null -eq $missing", True),
            ("if (1 -gt 2) { 'a' } elseif ($true) { 'b' } else { 'c' }", "b"),
            ("&{ 'in a block' }", "in a block"),
        ],
    )
    def test_is_worth(self, line: str, expected: Value) -> None:
        assert value(line) == expected

    def test_an_operator_over_a_list_filters_it(self) -> None:
        assert values("1,2,3 -gt 1") == [2, 3]

    def test_an_enum_compares_by_name_and_by_number(self) -> None:
        services = {"s": Flag("IMAP, SMTP", 17)}
        assert values("$s -match 'SMTP'; $s -like '*POP*'; $s -eq 17", services) == [True, False, True]

    def test_a_property_of_a_list_is_that_of_its_items(self) -> None:
        assert value("(Get-Thing).Name -join ','") == "one,two,five"

    def test_assignments_add_up(self) -> None:
        assert values("$x = 1; $x += 2; $x; $a = @(); $a += 'b'; $a += 'c'; $a -join ''") == [3, "bc"]

    def test_loops_and_what_is_caught(self) -> None:
        assert values("foreach ($i in 1..4) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }") == [1, 3]
        assert values("try { 1/0 } catch { \"caught $_\" }; 'end'") == ["caught Attempted to divide by zero.", "end"]

    def test_an_error_ends_its_own_statement_alone(self) -> None:
        assert values("1/0; 'next'") == ["next"]
        assert values("foreach ($i in 1,2) { 1/0; $i }") == [1, 2]
        assert values("1,2 | ForEach-Object { 1/0; $_ }") == [1, 2]
        assert values("$x = 5; $x = 1/0; $x") == [5]
        assert values("try { foreach ($i in 1,2) { 1/0; $i } } catch { 'caught' }") == ["caught"]

    def test_a_calculation_that_fails_is_empty_and_says_nothing(self) -> None:
        assert printed("Get-Thing one | Format-List @{n='A';e={1/0}},Name") == "A    : \nName : one"

    @pytest.mark.parametrize(
        "endless",
        [
            "foreach ($i in 1..50000) { foreach ($j in 1..50000) { } }",
            "1..50000 | % { 1..50000 | % { $x = 'x' * 900000 } }",
            "$x = 'x' * 900000; 1..50000 | % { $y = $x; $y += 'x' }",
            "1..50000 | % { Start-Sleep 172800 }",
        ],
    )
    def test_a_line_without_an_end_is_given_up(self, endless: str) -> None:
        assert printed(endless) == "The practice shell has given this line up: it does not come to an end."

    def test_a_line_that_only_fails_is_given_up_after_a_thousand_errors(self) -> None:
        said = printed("1..50000 | % { 1/0 }", columns=400)
        assert said.count("Attempted to divide by zero.") <= 1_000
        assert said.endswith("it does not come to an end.")


class TestCommandLines:
    @pytest.mark.parametrize("dash", "-\u2013\u2014\u2015")
    def test_every_dash_begins_a_parameter(self, dash: str) -> None:
        assert called(f"Show-Call {dash}Identity x") == {"Identity": "x"}

    def test_a_name_of_a_cmdlet_with_another_dash_is_another_name(self) -> None:
        assert "The term 'Get\u2013Thing' is not recognized" in printed("Get\u2013Thing", columns=120)

    def test_words_may_hold_quotes_variables_and_escapes(self) -> None:
        assert called("Show-Call a'b c'd`,e$(1+1)f") == {"Identity": "ab cd,e2f"}

    def test_a_quoted_dash_is_a_value(self) -> None:
        assert called("Show-Call '-Force'") == {"Identity": "-Force"}

    def test_a_value_may_stand_behind_the_colon(self) -> None:
        assert called("Show-Call -Identity:'x' -Force:$true") == {"Identity": "x", "Force": True}

    def test_a_parameter_with_a_quote_in_it_is_a_word(self) -> None:
        assert called("Show-Call -ab'c d'") == {"Identity": "-abc d"}

    def test_numbers_keep_how_they_were_written_where_that_says_more(self) -> None:
        assert called("Show-Call 0012")["Identity"] == "0012"
        assert called("Show-Call 12E3456789012345678901234567890123456789")["Identity"] == (
            "12E3456789012345678901234567890123456789"
        )
        assert called("Show-Call 12")["Identity"] == 12

    def test_lists_may_have_blanks_around_their_commas(self) -> None:
        assert called("Show-Call x SMTP , IIS")["Services"] == ("SMTP", "IIS")

    def test_comments_are_left_out(self) -> None:
        assert values("'a' # 'b'") == ["a"]
        assert values("'a' <# x #> + 'b'") == ["ab"]

    def test_a_backtick_joins_lines(self) -> None:
        assert called("Show-Call `\n x") == {"Identity": "x"}

    @pytest.mark.parametrize("line", ["'a", '"a', "&{", "(1", "@(", "Get-Thing |", "1 +", "@{a=", "if ($true)", "x `"])
    def test_what_is_not_whole_asks_for_more(self, line: str) -> None:
        with pytest.raises(IncompleteError):
            parse(line)

    @pytest.mark.parametrize(
        ("line", "identifier"),
        [
            ("Get-Thing | )", "EmptyPipeElement"),
            ("Get-Thing )", "UnexpectedToken"),
            ("'a' 'b'", "UnexpectedToken"),
            ("Get-Thing | 'a'", "ExpressionsMustBeFirstInPipeline"),
            ("1 = 2", "InvalidLeftHandSide"),
            ("Get-Thing && Get-Thing", "InvalidEndOfLine"),
            ("()", "ExpectedExpression"),
            ("try { 1 }; 2", "MissingCatchOrFinally"),
        ],
    )
    def test_what_is_no_powershell_is_refused_in_its_own_words(self, line: str, identifier: str) -> None:
        with pytest.raises(ParseError) as refused:
            parse(line)
        assert refused.value.identifier == identifier

    def test_what_the_practice_shell_does_not_know_it_says(self) -> None:
        with pytest.raises(NotKnownError, match="does not know the statement 'switch'"):
            parse("switch (1) { 1 { 'a' } }")
        assert printed("[adsi]'x'") == "The practice shell does not know the type [adsi]."

    def test_brackets_have_a_deepest_level(self) -> None:
        with pytest.raises(NotKnownError):
            parse("(" * 500 + "1" + ")" * 500)


def test_the_properties_of_an_object_can_be_listed() -> None:
    made = {"o": PSObject("Thing", {"A": 1, "B": "x"})}
    assert values('$o.PSObject.Properties | ForEach-Object{"$($_.Name)$($_.Value)"}', made) == ["A1", "Bx"]
