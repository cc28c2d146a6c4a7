"""What pages, chats, editors, tables and searches leave around rows of a log is taken off, and nothing else is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence

import pytest

from tests.wizard.reading.test_sendlog import (
    DATED_CONTEXT,
    HEADER,
    NAMES,
    OURS,
    SUCCESS,
    certificate,
    one_line,
    quoted,
    rows,
)
from wizard.facts import Handshake, LogReading
from wizard.reading.log.rows import error_name, failed
from wizard.reading.log.sessions import read_log
from wizard.reading.residue import behind, in_front
from wizard.reading.text import clean

CONNECTOR = "Outbound to Fabrikam - 5c1d7e02-9a44-4a0b-8d51-7d5f0b2c9e13"
LONE = "TLS negotiation failed with error UnknownCredentials"
EVENTS = [
    ("*", "", "attempting to connect"),
    ("+", "", ""),
    ("<", "220 mx.fabrikam.example ESMTP", ""),
    (">", "EHLO mail.contoso.com", ""),
    ("<", "250 STARTTLS", ""),
    (">", "STARTTLS", ""),
    ("<", "220 ready, go on", ""),
    *certificate(),
    ("*", "", LONE),
    ("-", "", "Local"),
]
DATED = [
    *EVENTS[:7],
    one_line(context=DATED_CONTEXT, dates="2026-05-04T00:00:00.000Z 2027-05-03T23:59:59.000Z "),
    ("*", "", LONE),
    ("-", "", "Local"),
]


def log(connector: str = CONNECTOR, events: Sequence[tuple[str, str, str]] = EVENTS) -> list[str]:
    return [*rows(events, 1, connector), *rows(events, 2, connector)]


def read(*lines: str) -> LogReading:
    return read_log(clean("\n".join(lines)))


def cells_of(row: str, mark: str, edge: str = "") -> str:
    """A row as the cells of a table."""
    return edge + mark.join(next(csv.reader([row]))) + edge


def searched(lines: Sequence[str], context: bool = False) -> list[str]:
    """As Select-String prints them, with -Context or without."""
    marks = ("> " if number % 3 == 2 else "  " if context else "" for number in range(len(lines)))
    return [
        f"{mark if context else ''}SEND20261122-1.log:{12 + number}:{line}"
        for number, (mark, line) in enumerate(zip(marks, lines, strict=True))
    ]


def listed(lines: Sequence[str]) -> list[str]:
    """As Select-String | Format-List prints them."""
    shown: list[str] = []
    for number, line in enumerate(lines, start=6):
        shown += ["", "IgnoreCase : True", f"LineNumber : {number}", f"Line       : {line}", "Filename   : a.log"]
        shown += [r"Path       : D:\Logs\a.log", "Pattern    : 08DE2A", "Context    : ", "Matches    : {08DE2A}"]
    return shown


def broken(lines: Sequence[str], width: int, indent: int = 0) -> list[str]:
    """Lines as a console of this width breaks them, `indent` blanks before the rest of each."""
    shown: list[str] = []
    for line in lines:
        rest = line
        while len(rest) > width:
            shown.append(rest[:width])
            rest = " " * indent + rest[width:]
        shown.append(rest)
    return shown


def escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


STICKING: dict[str, Callable[[list[str]], list[str]]] = {
    "a break of a web page": lambda lines: [line + "<br>" for line in lines],
    "a break with a slash and a blank": lambda lines: [line + " <br />" for line in lines],
    "paragraphs": lambda lines: [f"<p>{line}</p>" for line in lines],
    "tags with attributes": lambda lines: [f'<li class="x"><span style="c">{line}</span></li>' for line in lines],
    "a break on the error alone": lambda lines: [line + "<br>" if LONE in line else line for line in lines],
    "bold": lambda lines: [f"**{line}**" for line in lines],
    "bold and underlined": lambda lines: [f"__**{line}**__" for line in lines],
    "back-ticks": lambda lines: [f"`{line}`" for line in lines],
    "a fence": lambda lines: ["```text", *lines, "```"],
    "a pipe behind": lambda lines: [line + " |" for line in lines],
    "pipes around": lambda lines: [f"| {line} |" for line in lines],
    "a table of one column": lambda lines: ["|---|", *(f"| {line} |" for line in lines)],
    "a table of nine columns": lambda lines: [
        cells_of(HEADER[-1].partition(": ")[2], " | ", "|"),
        "|---|---|",
        *(cells_of(line, " | ", "|") for line in lines),
    ],
    "tabs": lambda lines: [cells_of(line, "\t") for line in lines],
    "semicolons between fields": lambda lines: [cells_of(line, ";") for line in lines],
    "semicolons behind": lambda lines: [line + ";;;" for line in lines],
    "one comma too many": lambda lines: [line + "," for line in lines],
    "five commas too many": lambda lines: [line + ",,,,," for line in lines],
    "a comma and a break": lambda lines: [line + ",<br>" for line in lines],
    "a break and a comma": lambda lines: [line + "<br>," for line in lines],
    "a cell with quotation marks": lambda lines: [quoted(line) for line in lines],
    "strings of a list": lambda lines: ['  "' + line.replace('"', '\\"') + '",' for line in lines],
    "entities": lambda lines: [escaped(line) for line in lines],
    "entities with breaks": lambda lines: [escaped(line) + "&lt;br&gt;" for line in lines],
    "entities for blanks": lambda lines: ["&nbsp;&nbsp;" + line + "&nbsp;" for line in lines],
    "quoting as an entity": lambda lines: ["&gt; " + line for line in lines],
    "backslashes of Markdown": lambda lines: [line.replace(",*,", r",\*,").replace(",>,", r",\>,") for line in lines],
    "a backslash behind": lambda lines: [line + "\\" for line in lines],
    "marks no one sees": lambda lines: [f"\u200b{line}\u200b" for line in lines],
    "blanks and marks": lambda lines: [f"  \u200b {line} \ufeff" for line in lines],
    "an editor's search": lambda lines: [f"\tLine {number}: {line}" for number, line in enumerate(lines, 6)],
    "a viewer's numbers": lambda lines: [f"L{number}: {line}" for number, line in enumerate(lines, 6)],
    "grep -n": lambda lines: [f"{number}:{line}" for number, line in enumerate(lines, 6)],
    "grep with context": lambda lines: [
        f"SEND20261122-1.LOG{':' if n % 2 else '-'}{n}{':' if n % 2 else '-'}{line}" for n, line in enumerate(lines)
    ],
    "grep -H": lambda lines: [r"D:\Logs\SEND20261122-1.LOG:" + line for line in lines],
    "a compiler's way": lambda lines: [f"SEND20261122-1.log({n}): {line}" for n, line in enumerate(lines, 1)],
    "separators between results": lambda lines: [*lines[:5], "--", *lines[5:]],
    "a chat": lambda lines: [f"[10:0{n % 10}, 11/22/2026] Anna Berg: {line}" for n, line in enumerate(lines)],
    "list numbers": lambda lines: [f"{n}. {line}" for n, line in enumerate(lines, 1)],
    "brackets with numbers": lambda lines: [f"[{n}] {line}" for n, line in enumerate(lines, 1)],
    "Select-String": searched,
    "Select-String with context": lambda lines: searched(lines, context=True),
    "Select-String as a list": listed,
}


def shown(handshake: Handshake) -> tuple[object, ...]:
    ours = handshake.ours
    return handshake.connector, handshake.error, ours and (ours.thumbprint, ours.subject, ours.issuer, ours.names)


@pytest.mark.parametrize("connector", ["Internet", CONNECTOR, "Kontor, Süd; A|B"])
@pytest.mark.parametrize("way", STICKING)
def test_what_sticks_to_rows_is_taken_off_and_listed(way: str, connector: str) -> None:
    events = EVENTS if connector != CONNECTOR else DATED
    if way in {"a table of nine columns", "semicolons between fields"}:
        connector = connector.partition(";")[0]
    expected = read(*log(connector, events))
    reading = read(*STICKING[way](log(connector, events)))
    assert [shown(each) for each in reading.handshakes] == [shown(each) for each in expected.handshakes]
    assert reading.rows == expected.rows == 2 * len(events)
    assert reading.mended
    assert not reading.unread
    assert [each.ours and each.ours.thumbprint for each in reading.handshakes] == [OURS, OURS]


@pytest.mark.parametrize("way", ["Select-String", "Select-String with context", "Select-String as a list"])
@pytest.mark.parametrize("width", [70, 80, 100, 119, 120, 160])
@pytest.mark.parametrize("connector", ["Internet", "Outbound to Office 365", CONNECTOR])
def test_a_search_that_a_console_broke_is_whole_again(way: str, width: int, connector: str) -> None:
    expected = read(*log(connector, DATED))
    reading = read(*broken(STICKING[way](log(connector, DATED)), width, 13 if "list" in way else 0))
    assert [each.error for each in reading.handshakes] == ["UnknownCredentials"] * 2
    assert [shown(each)[0] for each in reading.handshakes] == [connector] * 2
    assert [each.ours and each.ours.thumbprint for each in reading.handshakes] == [OURS, OURS]
    assert reading.rows == expected.rows


CLOSE = {
    "a tag in a partner's reply": ("<", "550 5.1.1 <a@b.example>... <br> see page,", ""),
    "semicolons in names": ("*", NAMES, "Certificate alternate names"),
    "an entity in a partner's reply": ("<", "550 5.7.1 &lt;none&gt; of our users", ""),
    "an address at the end": ("*", "", "sending message with InternetMessageId <a1@contoso.example>"),
    "a reply with commas": ("<", "250 a,b,,", ""),
    "a row in a partner's reply": ("<", f"250 saw {rows([('*', '', LONE)])[0]}", ""),
    "a star at the end of a subject": ("*", "CN=contoso.example, O=**", "Certificate subject"),
    "an empty context": (">", "QUIT", ""),
}


@pytest.mark.parametrize("close", CLOSE)
def test_what_is_the_row_s_own_stays(close: str) -> None:
    [line] = rows([CLOSE[close]], 1, 'A, "B;"')
    reading = read(line)
    assert reading.rows == 1
    assert not reading.mended
    assert not reading.handshakes
    assert reading.connectors == ('A, "B;"',)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("UnknownCredentials", "UnknownCredentials"),
        ("UnknownCredentials<br>", "UnknownCredentials"),
        ("UnknownCredentials</p>", "UnknownCredentials"),
        ("**UnknownCredentials**", "UnknownCredentials"),
        ("`NoCredentials`.", "NoCredentials"),
        ("Unknown\u200bCredentials", "UnknownCredentials"),
        ("UnknownCredentials&nbsp;", "UnknownCredentials"),
        ("UnknownCredentials\";'", "UnknownCredentials"),
        ("LogonDenied|", "LogonDenied"),
        ("-2146885616", "-2146885616"),
        ("-2146885616<br>", "-2146885616"),
        ("SomethingElse**", "SomethingElse"),
        ("Context_Expired", "Context_Expired"),
        ("UnknownCredentialsToo", "UnknownCredentialsToo"),
        ("…", "…"),
    ],
)
def test_a_known_error_is_known_by_its_letters(written: str, name: str) -> None:
    assert error_name(written) == name
    assert failed(f"TLS negotiation failed with error {written}") == name


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("22.11.2026 08:01,Internet,8.0E+15,3,,,*,,TLS negotiation failed with error X", "spreadsheet"),
        ("nternet,08DE2A0000000001,3,,,*,,Certificate subject", "begin is missing"),
        ("seen at 2026-11-22T08:01:00.000Z by Anna", "not the connector"),
        ("2026-11-22T08:01:00.000Z,Internet,8.0E+15,3,,,*,,x", "session-id"),
    ],
)
def test_a_row_that_cannot_be_read_has_its_reason(line: str, why: str) -> None:
    reading = read(*log()[:13], "", line, line, "", *log()[13:])
    reasons = [each for each in reading.unread if why in each.why]
    assert len(reasons) == 2
    assert len(reading.handshakes) == 2


def test_what_is_no_row_keeps_what_stands_in_front() -> None:
    for line in ("> 1. Line 6: the log says", "**Certificate subject**", "a.log:12: nothing"):
        assert in_front(line) == ("", "")
    assert behind("the end; **") == ("the end", "removed marks that stuck to the end of the row")
    assert behind("the end <a@b.example>") == ("the end <a@b.example>", "")


def test_a_success_is_known_behind_marks_too() -> None:
    lines = rows([*EVENTS[:-2], ("*", "", SUCCESS), ("-", "", "Local")])
    reading = read(*(line + "**" for line in lines))
    assert [each.protocol for each in reading.handshakes] == ["SP_PROT_TLS1_2_CLIENT"]


@pytest.mark.parametrize(
    ("head", "version"),
    [(HEADER, "15.0.0.0"), (("#Version: 14.0.0.0",), "14.0.0.0"), (("> #Version: 14.0.0.0",), "14.0.0.0"), ((), "")],
)
def test_the_version_of_the_header(head: Sequence[str], version: str) -> None:
    assert read(*head, *log()).version == version
