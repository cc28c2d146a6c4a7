"""Lines of the language that a learner types, in one session and in this order, with what a real PowerShell prints."""

from __future__ import annotations

import pytest

from tests.wizard.practice.console import opened

LINES: list[tuple[str, list[str]]] = [
    ("1..3 | % { $_ * 2 }", ["2", "4", "6"]),
    ("'a','b','c' -join ', '", ["a, b, c"]),
    ("\"Hello\" -replace 'l+','L'", ["HeLo"]),
    ("'SMTP' -match '^s'", ["True"]),
    ("'abc' -like 'a*'", ["True"]),
    ("'abc' -notlike '*z*'", ["True"]),
    ("-not $true", ["False"]),
    ("!$false", ["True"]),
    ("$a = 5; $a", ["5"]),
    ("$a + 3", ["8"]),
    ('"value $a and $($a*2)"', ["value 5 and 10"]),
    ("'value $a'", ["value $a"]),
    ("$x = 'one','two','three'; $x[0]; $x[-1]; $x.Count", ["one", "three", "3"]),
    ("$x | select -First 2", ["one", "two"]),
    ("$x | select -Last 1", ["three"]),
    ("$x | ? { $_ -like 't*' }", ["two", "three"]),
    ("$x -contains 'two'", ["True"]),
    ("'two' -in $x", ["True"]),
    ("@(1,2,3).Count", ["3"]),
    ("$h = @{ a = 1 }; $h.a", ["1"]),
    ("'5' + 3", ["53"]),
    ("5 + '3'", ["8"]),
    ('"abc".Length', ["3"]),
    ('"abcdef".Substring(2,3)', ["cde"]),
    ('"  x ".Trim()', ["x"]),
    ("'abc'.Contains('b')", ["True"]),
    ("if (1 -eq 1) { 'yes' } else { 'no' }", ["yes"]),
    ("foreach ($i in 1..3) { $i }", ["1", "2", "3"]),
    ("foreach ($i in 'x','y') { \"item $i\" }", ["item x", "item y"]),
    ('$n = $null; "[$n]"', ["[]"]),
    ("$null -eq $n", ["True"]),
    ("'it''s'", ["it's"]),
    ('"say ""hi"""', ['say "hi"']),
    ('"a" * 3', ["aaa"]),
    ("10 / 4", ["2.5"]),
    ("2 * (3 + 4)", ["14"]),
    ("[math]::Round(2.567,1)", ["2.6"]),
    ("1,1,2 | select -Unique", ["1", "2"]),
    (
        "1,2,2,3 | group",
        [
            "Count Name                      Group",
            "----- ----                      -----",
            "    1 1                         {1}",
            "    2 2                         {2, 2}",
            "    1 3                         {3}",
        ],
    ),
    ("'a','b' | % { \"$_!\" }", ["a!", "b!"]),
    ("'x' | Write-Output", ["x"]),
    ("Write-Host 'hello'", ["hello"]),
    ('"one two" | Out-String', ["one two"]),
    ("@{n=1} | ConvertTo-Json -Compress", ['{"n":1}']),
    ("$y = 1..5; $y | Where-Object { $_ % 2 }", ["1", "3", "5"]),
    ("-join ('a','b')", ["ab"]),
    ("'a;b' -split ';' | % { $_.ToUpper() }", ["A", "B"]),
    ("$s = 'SMTP, IIS'; $s -split ', ' | sort", ["IIS", "SMTP"]),
    ('"{0} of {1}" -f 1, 2', ["1 of 2"]),
    ("$t = 'abc'; $t[0]", ["a"]),
    ("$true", ["True"]),
    ("$false", ["False"]),
    ("(1,2,3)[1]", ["2"]),
    ("'one' , 'two' | Select-Object -Skip 1", ["two"]),
    ("'a' -ceq 'A'", ["False"]),
    ("1 -eq '1'", ["True"]),
    ('"$(1;2)"', ["1 2"]),
    ("$z", []),
    ("$z.foo", []),
    ("$a++; $a", ["6"]),
    ("$a -= 2; $a", ["4"]),
    ("1kb", ["1024"]),
    ("[datetime]'2026-11-22' | % { $_.Year }", ["2026"]),
    ("(Get-Date '2026-11-22').AddDays(1).Day", ["23"]),
    ("'x' > $null", []),
    ("$list = @(); $list += 'a'; $list += 'b'; $list.Count", ["2"]),
    ("& { 'in a block' }", ["in a block"]),
    ("'aXbX' -replace 'X',''", ["ab"]),
    ("'2026-11-22T02:14:07.370Z' -replace 'T.*',''", ["2026-11-22"]),
    ("'abc' | Select-String b", ["abc"]),
]


@pytest.fixture(scope="module")
def said() -> list[list[str]]:
    shell = opened(120)
    texts = [shell.enter(line).text for line, _ in LINES]
    return [[row.rstrip() for row in text.split("\n") if row.strip()] for text in texts]


@pytest.mark.parametrize("at", range(len(LINES)), ids=[line for line, _ in LINES])
def test_prints_what_a_real_one_does(said: list[list[str]], at: int) -> None:
    assert said[at] == LINES[at][1]
