"""The line that asks every server at once: word for word, only reading, and any name in it one literal."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.powershell import lines as commands
from wizard.powershell.command import Command, CommandId, Part, changing
from wizard.powershell.literal import UnsafeNameError

GUID = "5e0c7a12-93bd-4c68-a1f4-07d9be36c215"
OF_THE_CONNECTORS = (
    "$c|ForEach-Object{$_.SourceTransportServers}|Where-Object{$_}|ForEach-Object{[string]$_}|Sort-Object -Unique"
)
CONNECTORS = (
    "$c|Select-Object @{n='Survey';e={'Send connector'}},Name,Guid,Enabled,ProtocolLoggingLevel,"
    "@{n='SourceTransportServers';e={$_.SourceTransportServers -join ','}},TlsCertificateName,TlsAuthLevel,Fqdn,"
    "RequireTLS,IgnoreSTARTTLS,FrontendProxyEnabled,CloudServicesMailEnabled,"
    "@{n='SmartHosts';e={$_.SmartHosts -join ','}},"
    "@{n='AddressSpaces';e={$_.AddressSpaces -join ','}}"
)
CERTIFICATES = (
    "Select-Object @{n='Survey';e={'Exchange certificate'}},@{n='Server';e={$n}},Thumbprint,Services,HasPrivateKey,"
    "IsSelfSigned,Status,RootCAType,Issuer,Subject,@{n='CertificateDomains';e={$_.CertificateDomains -join ','}},"
    "@{n='NotBefore';e={$_.NotBefore.ToString('o')}},@{n='NotAfter';e={$_.NotAfter.ToString('o')}}"
)
FOLDER = "Select-Object @{n='Survey';e={'Log folder'}},@{n='Server';e={$n}},SendProtocolLogPath"
FRONTEND_FOLDER = FOLDER.replace("Log folder", "Front End log folder")
REFUSAL = (
    "Select-Object @{n='Survey';e={'No answer'}},@{n='Server';e={$n}},@{n='Error';e={[string]$_ -replace '\\s+',' '}}"
)
THE_END = (
    "$r+=''|Select-Object @{n='Survey';e={'The end'}},@{n='Servers';e={$s -join ','}},@{n='Records';e={$r.Count}};"
    "$r|Select-Object *,@{n='Length';e={(@($_.PSObject.Properties|ForEach-Object{$_.Name+[string]$_.Value})"
    " -join '' -replace ' ','').Length}}"
)
AS_JSON = (
    "ForEach-Object{'{'+(@($_.PSObject.Properties|ForEach-Object{'\"'+$_.Name+'\":'+"
    "([string]$_.Value|ConvertTo-Json -Compress)}) -join ',' -replace ' ','\\u0020')+'}'}"
)


class TestTheLine:
    def test_asks_the_servers_of_one_connector(self) -> None:
        assert commands.survey("Outbound to Office 365").text == (
            "&{$c=@(Get-SendConnector -Identity 'Outbound to Office 365' -ErrorAction Stop);"
            f"$s=@({OF_THE_CONNECTORS});"
            "$f=@($c|Where-Object{[string]$_.FrontendProxyEnabled -eq 'True'}).Count;"
            f"$r=@({CONNECTORS};foreach($n in $s){{try{{"
            f"Get-ExchangeCertificate -Server $n -ErrorAction Stop|{CERTIFICATES};"
            f"Get-TransportService -Identity $n -ErrorAction Stop|{FOLDER};"
            f"if($f){{Get-FrontendTransportService -Identity $n -ErrorAction Stop|{FRONTEND_FOLDER}}}"
            f"}}catch{{$_|{REFUSAL}}}}});{THE_END}|{AS_JSON}}}"
        )

    def test_asks_in_exchange_2010_without_what_its_powershell_lacks(self) -> None:
        assert commands.survey_list("Internet").text == (
            "&{$c=@(Get-SendConnector -Identity 'Internet' -ErrorAction Stop);"
            f"$s=@({OF_THE_CONNECTORS});"
            f"$r=@({CONNECTORS};foreach($n in $s){{try{{"
            f"Get-ExchangeCertificate -Server $n -ErrorAction Stop|{CERTIFICATES};"
            f"Get-TransportServer -Identity $n -ErrorAction Stop|{FOLDER}"
            f"}}catch{{$_|{REFUSAL}}}}});{THE_END}|Format-List *}}"
        )

    def test_asks_an_edge_transport_server_on_itself_alone(self) -> None:
        assert commands.survey(edge=True).text == (
            "&{$c=@(Get-SendConnector -ErrorAction Stop);$s=@($env:COMPUTERNAME);"
            f"$r=@({CONNECTORS};foreach($n in $s){{try{{"
            f"Get-ExchangeCertificate -ErrorAction Stop|{CERTIFICATES};"
            f"Get-TransportService -ErrorAction Stop|{FOLDER}"
            f"}}catch{{$_|{REFUSAL}}}}});{THE_END}|{AS_JSON}}}"
        )
        with pytest.raises(ValueError, match="asks itself alone"):
            commands.survey(servers=("EX1",), edge=True)

    def test_asks_for_every_connector_when_none_is_named(self) -> None:
        assert commands.survey().text.startswith("&{$c=@(Get-SendConnector -ErrorAction Stop);")

    def test_asks_the_servers_that_are_named(self) -> None:
        for survey in (commands.survey, commands.survey_list):
            assert ";$s=@('EX1','EX2');" in survey("Internet", servers=("EX1", "EX2")).text

    def test_names_a_connector_by_its_guid_where_its_name_is_not_ascii(self) -> None:
        assert f" -Identity '{GUID}' " in commands.survey("Outbound \u2013 O365", GUID).text
        assert " -Identity ('Outbound ' + [char]0x2013 + ' O365') " in commands.survey("Outbound \u2013 O365").text

    def test_knows_where_connector_and_servers_come_from(self) -> None:
        parts = commands.survey("Internet", servers=("EX1", "EX2"), origin="step 2").parts
        assert [part.text for part in parts if part.origin == "step 2"] == ["'Internet'", "'EX1'", "'EX2'"]
        assert len([part for part in parts if not part.origin]) == 4

    def test_refuses_a_server_that_cannot_be_written(self) -> None:
        with pytest.raises(UnsafeNameError, match="The server name has a tab"):
            commands.survey(servers=("EX1", "EX\t2"))


def every_line() -> list[Command]:
    made = [
        survey(name, servers=servers)
        for survey in (commands.survey, commands.survey_list)
        for name in ("", "Internet", "Outbound \u2013 O365")
        for servers in ((), ("EX1",), ("EX1", "E\u00dfEN"))
    ]
    return [*made, commands.survey(edge=True), commands.survey_list(edge=True)]


@pytest.mark.parametrize("line", every_line(), ids=lambda line: line.text[:60])
class TestEveryLine:
    def test_is_one_printable_line_that_changes_nothing(self, line: Command) -> None:
        assert re.fullmatch(r"[!-~]([ -~]*[!-~])?", line.text)
        assert (line.id, line.changes, line.server, line.answer_no) == (CommandId.SURVEY, False, None, False)
        assert changing(line.text) == ()
        assert re.fullmatch(r"[A-Z][^.!?\n]+\.", line.purpose)

    def test_is_short_enough_for_a_console_to_take(self, line: Command) -> None:
        assert len(line.text) < 8_000

    def test_asks_nothing_inside_the_pipe_of_another_question(self, line: Command) -> None:
        assert set(re.findall(r"(.)Get-", line.text)) <= {"(", "{", ";"}
        assert "ForEach-Object{Get-" not in line.text

    def test_takes_every_failure_for_an_answer(self, line: Command) -> None:
        assert len(re.findall(r"Get-\w+", line.text)) == line.text.count("-ErrorAction Stop")

    def test_asks_for_no_value_inside_quotes(self, line: Command) -> None:
        """There an enum of a shell without Exchange's types is a number: `48` instead of `SMTP, Federation`."""
        assert not re.search(r'"[^"\']*\$(?!env:)', line.text)

    def test_leaves_no_value_to_the_form_it_arrives_in(self, line: Command) -> None:
        for name in ("SourceTransportServers", "SmartHosts", "AddressSpaces", "CertificateDomains"):
            assert f"$_.{name} -join ','" in line.text
        for name in ("NotBefore", "NotAfter"):
            assert f"$_.{name}.ToString('o')" in line.text


def literals(line: str) -> tuple[str, list[str]]:
    """The line with each single-quoted text as one sign, and the texts: PowerShell's rule, read afresh.

    Any of five characters opens such a text, any of them closes it, and two of them in it are one.
    A text that is composed with [char] counts as one.
    """
    quotes = "'\u2018\u2019\u201a\u201b"
    code, texts, at = "", [], 0
    while at < len(line):
        if line[at] == '"':
            end = line.index('"', at + 1) + 1
            code += line[at:end]
            at = end
        elif line[at] in quotes:
            text, at = _text(line, at + 1, quotes)
            texts.append(text)
            code += "\u00a7"
        else:
            code += line[at]
            at += 1
    return _composed(code, texts)


def _text(line: str, at: int, quotes: str) -> tuple[str, int]:
    text = ""
    while line[at] not in quotes or line[at + 1 : at + 2] in tuple(quotes):
        at += line[at] in quotes
        text += line[at]
        at += 1
    return text, at + 1


def _composed(code: str, texts: list[str]) -> tuple[str, list[str]]:
    """The code with every `(§ + [char]0x2013 + §)` as one sign."""
    done, remaining = [], iter(texts)

    def one(found: re.Match[str]) -> str:
        units = b""
        for term in re.findall(r"\u00a7|0x[0-9A-F]{4}", found[0]):
            units += next(remaining).encode("utf-16-le") if term == "\u00a7" else int(term, 16).to_bytes(2, "little")
        done.append(units.decode("utf-16-le"))
        return "\u00a7"

    code = re.sub(r"\((?:\u00a7|\[char\]0x[0-9A-F]{4})(?: \+ (?:\u00a7|\[char\]0x[0-9A-F]{4}))+\)|\u00a7", one, code)
    return code, done


NAMES = st.text(
    st.characters(
        exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"],
        exclude_characters="\ufffd\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0",
    )
    | st.sampled_from("'\u2018\u2019\u201a\u201b\"`$()+[]{}; \u201c\u2013\U0001f4e7"),
    min_size=1,
    max_size=64,
)


class TestAnyName:
    @given(NAMES, st.lists(NAMES, min_size=1, max_size=3))
    def test_is_one_literal_and_the_rest_of_the_line_stays_as_it_is(self, name: str, servers: list[str]) -> None:
        for survey in (commands.survey, commands.survey_list):
            code, texts = literals(survey(name, servers=servers).text)
            plain_code, plain_texts = literals(survey("Internet", servers=["EX1"] * len(servers)).text)
            assert code == plain_code
            assert texts == [name, *servers, *plain_texts[1 + len(servers) :]]

    @given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=3))
    def test_makes_a_line_that_only_reads_or_none(self, name: str, servers: list[str]) -> None:
        try:
            line = commands.survey(name, servers=servers)
        except UnsafeNameError:
            return
        assert re.fullmatch(r"[ -~]+", line.text)
        assert changing(line.text) == ()


class TestWhatALineChanges:
    @pytest.mark.parametrize(
        "line",
        [
            "Get-Queue | Format-List Identity,Status",
            "Get-ChildItem 'L:\\logs' -Filter *.log | Select-Object -Last 1 | Get-Content -Tail 5 | Set-Clipboard",
            "Get-Content 'x' | clip",
            "Get-Queue|ForEach-Object{$_.Name+[string]$_.Status}",
            "&{$a=@(Get-Queue);foreach($b in $a){if($b){try{$b}catch{$_}}else{'none'}}}",
            "Get-Queue | Format-List @{n='Remove-Queue';e={$_.Count}}",
            "Get-SendConnector -Identity 'x; Remove-SendConnector y'",
            "Get-SendConnector -Identity ('a' + [char]0x2013 + 'b')",
            'Get-ChildItem "$($env:ExchangeInstallPath)TransportRoles"',
        ],
    )
    def test_that_only_reads(self, line: str) -> None:
        assert changing(line) == ()
        with pytest.raises(ValueError, match="leaves the server as it is"):
            Command(CommandId.SURVEY, (Part(line),), "Looks harmful.", changes=True)

    @pytest.mark.parametrize(
        ("line", "named"),
        [
            ("Enable-ExchangeCertificate -Services SMTP", ("Enable-ExchangeCertificate",)),
            ("Get-Queue;Remove-Queue", ("Remove-Queue",)),
            ("Get-Queue | Retry-Queue", ("Retry-Queue",)),
            ("Get-Queue|ForEach-Object{Suspend-Queue $_}", ("Suspend-Queue",)),
            ("&{Get-Queue;Restart-Service MSExchangeTransport}", ("Restart-Service",)),
            ("foreach($a in Get-Queue){Remove-Queue $a}", ("Remove-Queue",)),
            ("foreach($a in (Remove-Queue)){Get-Queue}", ("Remove-Queue",)),
            ("if(Get-Queue){Stop-Service a}else{Start-Service a}", ("Stop-Service", "Start-Service")),
            ("try{Get-Queue}catch{Clear-Content 'x'}", ("Clear-Content",)),
            ("$a=Set-Content 'x'", ("Set-Content",)),
            ("Get-Queue|Select-Object @{n='a';e={New-Item 'x'}}", ("New-Item",)),
            ("Get-Queue|Select-Object @{n=New-Item}", ("New-Item",)),
            ("Get-Queue -Identity (New-Item 'x')", ("New-Item",)),
            ("Get-Queue|Out-File 'x'", ("Out-File",)),
            ("Get-Queue|Tee-Object 'x'", ("Tee-Object",)),
            ("del 'x'", ("del",)),
            ("Get-Queue|ri", ("ri",)),
            ("iex 'Get-Queue'", ("iex",)),
            ("get-queue", ("get-queue",)),
        ],
    )
    def test_is_read_in_it_wherever_it_stands(self, line: str, named: tuple[str, ...]) -> None:
        assert changing(line) == named
        with pytest.raises(ValueError, match="leaves the server as it is"):
            Command(CommandId.SURVEY, (Part(line),), "Looks harmless.", changes=False)

    @pytest.mark.parametrize(
        "line",
        [
            'Get-Queue "$(Remove-Queue)"',
            'Get-Queue "$($_.Delete())"',
            'Get-Queue|ForEach-Object{"$_"}',
            'Get-Queue|ForEach-Object{"$($_.Status)"}',
            'Get-Queue "$a"',
            "[string]'x'",
            "[string](Remove-Queue)",
            'Get-Queue "`$(x)"',
            "& 'Remove-Queue'",
            "&$a",
            ". $a",
            "Get-Queue | . $a",
            "[IO.File]::Delete('x')",
            "[datetime]'x'",
            "$a.Delete()",
            "Get-Queue|ForEach-Object Delete",
            "Get-Queue|ForEach-Object -MemberName Delete",
            "Get-Queue|ForEach-Object('Delete')",
            "Get-Queue|foreach Delete",
            "Get-Queue|foreach('Delete')",
            "Get-Queue|foreach{Remove-Queue}",
            "Get-Queue|%{Remove-Queue}",
            "Get-Queue|?{Remove-Queue}",
            "Get-Queue|Where-Object Delete",
            "Get-Queue>'x'",
            "Get-Queue `x",
            "Get-Queue @a",
            "$a.IsReadOnly='x'",
            "$env:Path='x'",
            "{n='x'}",
            "Get-Queue --% x",
            "Get-Queue #x",
            "Get-Queue -a:$b",
            "C:\\x.exe",
            ".\\x.ps1",
        ],
    )
    def test_is_not_left_to_what_could_run_something_unnamed(self, line: str) -> None:
        with pytest.raises(ValueError, match=r"no line of this program|double quotes|a block, never|plain variable"):
            changing(line)
        for changes in (False, True):
            with pytest.raises(ValueError, match=r"."):
                Command(CommandId.SURVEY, (Part(line),), "Does harm.", changes=changes)
