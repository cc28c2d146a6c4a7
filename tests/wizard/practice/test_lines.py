"""Lines that an administrator types, with what the practice shell makes of them: each row through the shell itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard.practice.console import printed, values
from tests.wizard.practice.organisation import OFFICE, OWN, world
from wizard.practice.shell.session import opened
from wizard.practice.shell.values import Value

FILE = r"C:\Temp\a.txt"
ELSEWHERE = ("New-Object", "Get-Member", "Format-Wide", "Set-Content", "Suspend-Queue", "Remove-Message")
"""Cmdlets of a real server that practice does not have."""


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("[int]$n = '42'; $n + 1", [43]),
        (
            "$h = @{ a = 1 }; $h['c'] = 3; $h.GetEnumerator() | sort Name | % { \"$($_.Key)=$($_.Value)\" }",
            ["a=1", "c=3"],
        ),
        ("$h = @{ a = 1; b = 2 }; foreach ($k in $h.Keys) { $h[$k] }", [1, 2]),
        ("$x = if (1) { 'yes' }; $x", ["yes"]),
        ("'a','bb' | % ToUpper", ["A", "BB"]),
        ("'{0:X8}' -f -2146885616", ["80092010"]),
        ("'{0:N2} {1:D3} {2,4}|' -f 1234.5, 7, 'ab'", ["1,234.50 007   ab|"]),
        ("'{0:yyyy-MM-dd HH:mm}' -f [datetime]'2026-11-22T09:05:00Z'", ["2026-11-22 09:05"]),
        ("[math]::Floor(2.7); [math]::Ceiling(2.1)", [2.0, 3.0]),
        ("'a-b-c' -split '-', 2", ["a", "b-c"]),
        ("'b' -clike 'B'; 'b' -like 'B'", [False, True]),
        ("@(1, 2) + 3", [1, 2, 3]),
        (f"[System.IO.File]::WriteAllText('{FILE}', 'ab'); [System.IO.File]::ReadAllBytes('{FILE}')", [97, 98]),
        (f"[System.IO.File]::WriteAllBytes('{FILE}', (104, 105)); Get-Content {FILE}", ["hi"]),
        (f"[System.IO.File]::Exists('{FILE}')", [False]),
        ("(Get-Thing one | select Name).Name", ["one"]),
    ],
)
def test_gives(line: str, given: list[Value]) -> None:
    assert values(line) == given


@pytest.mark.parametrize(
    ("line", "said"),
    [
        *((f"{word} (1) {{ }}", f"the statement '{word}'.") for word in ("while", "for", "switch", "do", "function")),
        ("throw 'x'", "the statement 'throw'."),
        ("'abc'.Foo()", "the method Foo of [System.String]."),
        ("[adsi]'x'", "the type [adsi]."),
        ("[math]::Sinh(1)", "[math]::Sinh."),
        ("'{0:C}' -f 5", "the style 'C' of numbers."),
        ("Get-Date -Format 'QQ'", "'Q' in the style of a date."),
        *((f"1 -{word} 2", f"the operator -{word}.") for word in ("shl", "band", "xor", "is", "as")),
        ("$a, $b = 1, 2", "sets one variable at a time."),
        ("$x = 1, 2; $x[0] = 3", "sets variables and the entries of hash tables, nothing else."),
        ("try { 1 } finally { 2 }", "the statement 'finally'."),
        ("try { 1 } catch { 2 } finally { 3 }", "the statement 'finally'."),
        ("@'", "texts of several lines between @' and '@."),
        ("Get-Thing @p", "does not know splatting: write the parameters on the line."),
        ("Get-Thing | select @{n='A';e={1};FormatString='N0'}", "does not know 'FormatString' in a property"),
        ("1, 2 | % { 1 } { 2 }", "knows ForEach-Object with one block only."),
        ("Get-Thing -OutVariable x", "these parameters of Get-Thing: Name, Server."),
        ("help Get-Thing -Examples", "these parameters of Get-Help: Name, Full, Detailed."),
        ("dir HKLM:", "the drive HKLM:"),
        ("[System.IO.File]::Delete('C:\\x')", "[System.IO.File]::Delete."),
        *((name, f"{name}; on a real server it may exist.") for name in ELSEWHERE),
    ],
)
def test_is_refused_in_a_sentence(line: str, said: str) -> None:
    assert said in printed(line, columns=300)


class TestTables:
    def test_booleans_enums_and_numbers_stand_right_and_texts_left(self) -> None:
        line = "[pscustomobject]@{ Name = 'x'; Ready = $true; Size = 12; Left = '12' }"
        assert printed(line) == "Name Ready Size Left\n---- ----- ---- ----\nx     True   12 12"

    @pytest.mark.parametrize(("columns", "cell"), [(26, "Retry"), (25, "...y"), (24, "try"), (23, "ry")])
    def test_a_cell_that_stands_right_is_cut_at_its_head(self, columns: int, cell: str) -> None:
        row = printed("Get-Thing one | select @{n='Name';e={'x' * 20}},State", columns=columns).split("\n")[-1]
        assert row == f"{'x' * 20} {cell}"

    def test_a_cell_that_stands_left_is_cut_at_its_tail(self) -> None:
        row = printed("Get-Thing one | select Name,@{n='Text';e={'abcdefgh'}}", columns=10).split("\n")[-1]
        assert row == "one  ab..."


class TestWhatIsOnTheServer:
    def test_certificates_on_the_drive_cert(self) -> None:
        shell = opened(world(), 120)
        assert OWN in shell.enter(r"dir Cert:\LocalMachine\My").text
        assert shell.enter(rf"(Get-Item 'Cert:\LocalMachine\My\{OWN}').HasPrivateKey").text == "True"
        assert "Cannot find path 'Cert:\\LocalMachine\\My\\ABC'" in shell.enter(r"dir Cert:\LocalMachine\My\ABC").text
        assert "no other place on the drive Cert:" in shell.enter(r"dir Cert:\LocalMachine\Root").text
        assert "does not go to the drive Cert:" in shell.enter("cd Cert:").text

    def test_event_12014_where_a_certificate_is_not_there(self) -> None:
        line = (
            "Get-WinEvent -FilterHashtable @{LogName='Application';ProviderName='MSExchangeTransport';Id=12014} "
            "-MaxEvents 5 | % Message"
        )
        of = world()
        assert "No events were found" in opened(of, 400).enter(line).text
        stale = replace(of.connectors[0], tls_certificate_name="<I>CN=Gone<S>CN=gone")
        said = opened(of.with_connector(stale), 2000).enter(line).text
        assert "the domain name <I>CN=Gone<S>CN=gone in the personal store" in said
        assert f"for the connector {OFFICE} with" in said

    def test_a_password_is_read_and_not_shown(self) -> None:
        shell = opened(world(), 80)
        assert shell.enter("$p = Read-Host 'Password' -AsSecureString; $p").prompt == "Password: "
        assert shell.enter("secret").text == "System.Security.SecureString"

    def test_a_connector_is_kept_as_clixml(self) -> None:
        shell = opened(world(), 200)
        shell.enter(r"Get-SendConnector | Export-Clixml C:\Temp\c.xml")
        kept = shell.enter(r"Get-Content C:\Temp\c.xml -Raw").text
        assert kept.startswith('<Objs Version="1.1.0.1" xmlns=')
        assert f'<S N="Name">{OFFICE}</S>' in kept
        assert "<ToString>" in kept
