"""Parameters: beginnings of names, positions, switches, lists, the pipe, and PowerShell's own errors."""

from __future__ import annotations

import pytest

from tests.wizard.practice.console import called, opened, printed, values


class TestWhatIsGiven:
    def test_the_beginning_of_a_name_will_do_in_any_case(self) -> None:
        assert called("Show-Call -id x -FO") == {"Identity": "x", "Force": True}

    def test_a_whole_name_is_not_ambiguous(self) -> None:
        assert called("Show-Call -Server a") == {"Server": ("a",)}

    def test_what_has_no_name_goes_by_position(self) -> None:
        assert called("Show-Call x SMTP,IIS") == {"Identity": "x", "Services": ("SMTP", "IIS")}

    def test_a_switch_can_be_turned_off(self) -> None:
        assert called("Show-Call -Force:$false") == {"Force": False}

    def test_values_come_in_their_declared_spelling(self) -> None:
        assert called("Show-Call -Level verb -Services smtp") == {"Level": "Verbose", "Services": ("SMTP",)}

    def test_a_list_of_words_may_be_one_text(self) -> None:
        assert called("Show-Call -Services 'SMTP, IIS'")["Services"] == ("SMTP", "IIS")

    def test_null_is_given_as_null(self) -> None:
        assert called("Show-Call -Identity $null") == {"Identity": None}

    def test_objects_are_given_as_their_text(self) -> None:
        assert called("Show-Call -Identity (Get-Thing one)") == {"Identity": "one"}

    def test_what_if_and_confirm_belong_to_what_changes(self) -> None:
        assert printed("Set-Thing one -WhatIf") == "What if: one"
        assert "cannot be found that matches parameter name 'WhatIf'" in printed("Show-Call -WhatIf", columns=120)


class TestErrors:
    @pytest.mark.parametrize(
        ("line", "message", "identifier"),
        [
            (
                "Show-Call -Serv x",
                "Parameter cannot be processed because the parameter name 'Serv' is ambiguous. Possible matches "
                "include: -Services -Server -ServiceName.",
                "AmbiguousParameter",
            ),
            (
                "Show-Call -Identity",
                "Missing an argument for parameter 'Identity'. Specify a parameter of type "
                "'System.String' and try again.",
                "MissingArgument",
            ),
            (
                "Show-Call a SMTP c",
                "A positional parameter cannot be found that accepts argument 'c'.",
                "PositionalParameterNotFound",
            ),
            (
                "Show-Call -Identity a,b",
                "Cannot convert 'System.Object[]' to the type 'System.String' required by parameter 'Identity'. "
                "Specified method is not supported.",
                "CannotConvertArgument",
            ),
            (
                "Set-Thing ''",
                "Cannot bind argument to parameter 'Name' because it is an empty string.",
                "ParameterArgumentValidationErrorEmptyStringNotAllowed",
            ),
        ],
    )
    def test_are_powershells_own(self, line: str, message: str, identifier: str) -> None:
        cmdlet = line.split(" ", 1)[0]
        assert printed(line, columns=200) == (
            f"{message}\n    + CategoryInfo          : InvalidArgument: (:) [{cmdlet}], ParameterBindingException\n"
            f"    + FullyQualifiedErrorId : {identifier},{cmdlet}"
        )

    def test_a_parameter_that_is_not_known_here_may_be_known_to_exchange(self) -> None:
        text = printed("Show-Call -Foo", columns=200)
        assert text.startswith("A parameter cannot be found that matches parameter name 'Foo'.\n    + CategoryInfo")
        assert text.endswith("Server, ServiceName, Force, State. The real one may have more.")

    def test_a_word_that_is_no_value_is_answered_with_the_values(self) -> None:
        text = printed("Show-Call -Level Loud", columns=300)
        assert "Cannot process argument transformation on parameter 'Level'. Cannot convert value \"Loud\"" in text
        assert "try again: None, Verbose" in text

    def test_twice_given_is_once_too_often(self) -> None:
        assert "parameter 'Identity' is specified more than once" in printed(
            "Show-Call -Identity a -Identity b", columns=300
        )


class TestThePipe:
    def test_objects_are_taken_one_by_one_by_the_property_or_as_text(self) -> None:
        found = values('Get-Thing | Show-Call | ForEach-Object { "$($_.Identity) $($_.State)" }')
        assert found == ["one Retry", "two Ready", "five Retry"]

    def test_text_is_taken_by_value(self) -> None:
        assert called("'x' | Show-Call") == {"Identity": "x"}

    def test_what_nothing_takes_is_an_error(self) -> None:
        assert "The input object cannot be bound to any parameters" in printed("'x' | Get-Thing", columns=120)

    def test_nothing_in_the_pipe_calls_nothing(self) -> None:
        assert values("Get-Thing nobody | Show-Call") == []


class TestCommonParameters:
    def test_stop_ends_the_line(self) -> None:
        text = printed("Get-Thing -Server EX9 -ErrorAction Stop; 'next'", columns=120)
        assert "The server EX9 does not answer." in text
        assert "next" not in text

    def test_silence_prints_nothing_and_goes_on(self) -> None:
        assert printed("Get-Thing -Server EX9 -ea 0; 'next'") == "next"
        assert printed(r"Get-Content C:\nope -ErrorAction SilentlyContinue; 'next'") == "next"
        assert printed("Get-Thing -Server EX9 -ErrorAction SilentlyContinue; 'next'") == "next"
        assert printed("Get-Thing -Server EX9 2>$null; 'next'") == "next"

    def test_the_preference_holds_for_all(self) -> None:
        assert printed("$ErrorActionPreference = 'SilentlyContinue'", "Get-Thing -Server EX9; 'next'") == "next"

    def test_what_is_caught_is_the_message(self) -> None:
        assert printed('try { Get-Thing -Server EX9 -ErrorAction Stop } catch { "<$_>" }') == (
            "<The server EX9 does not answer.>"
        )


def test_a_missing_parameter_is_asked_for() -> None:
    shell = opened()
    asked = shell.enter("Set-Thing")
    assert asked.text == "\ncmdlet Set-Thing at command pipeline position 1\n" + (
        "Supply values for the following parameters:"
    )
    assert (asked.prompt, asked.asking) == ("Name: ", True)
    assert "Overwrite the thing?" in shell.enter("three").text
