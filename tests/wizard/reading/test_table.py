"""Tables of any order and width: what PowerShell's own layout prints is read back whole, or called cut."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wizard.reading.records import Record, in_places
from wizard.reading.table import read_table
from wizard.reading.text import clean

OURS = "4C0FFEE04C0FFEE04C0FFEE04C0FFEE04C0FFEE0"
TWIN = "9D1A5BEE9D1A5BEE9D1A5BEE9D1A5BEE9D1A5BEE"


def rows(text: str) -> list[dict[str, str]]:
    return [{name: value.text for name, value in record.properties} for record in table(text)]


def table(text: str) -> tuple[Record, ...]:
    return read_table(clean(text).lines)[0]


def left_over(text: str) -> list[str]:
    return [line.text for line in read_table(clean(text).lines)[1] if line.text.strip()]


@dataclass(frozen=True)
class Column:
    """A column as PowerShell lays it out; values of numbers, switches and enums stand on the right."""

    name: str
    right: bool
    values: st.SearchStrategy[str]


SUBJECTS = st.lists(
    st.sampled_from(["CN=mail.fabrikam.example", "O=Fabrikam (North) Ltd.", "L=Oslo", "C=NO", 'O="Fabrikam, Inc."']),
    min_size=1,
    max_size=4,
).map(", ".join)
SERVICES = st.lists(st.sampled_from(["IMAP", "POP", "UM", "IIS", "SMTP", "Federation"]), unique=True, max_size=5).map(
    lambda chosen: ", ".join(chosen) or "None"
)
HEX = st.text("0123456789ABCDEF", min_size=40, max_size=40)
NAMES = st.lists(st.text("abcdeXYZ019-.", min_size=1, max_size=12), min_size=1, max_size=4).map(" ".join)
LISTS = st.lists(st.text("abcEX12.", min_size=1, max_size=14), max_size=4).map(lambda names: f"{{{', '.join(names)}}}")
ERRORS = st.sampled_from(
    [
        "",
        "[{LED=451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out};{MSG=};"
        "{FQDN=mx.fabrikam.example};{IP=198.51.100.7};{LRT=11/22/2026 9:41:07 PM}]",
        '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out."',
    ]
)
CERTIFICATE = [
    Column("Thumbprint", right=False, values=HEX),
    Column("Subject", right=False, values=SUBJECTS),
    Column("Issuer", right=False, values=SUBJECTS),
    Column("Services", right=True, values=SERVICES),
    Column("HasPrivateKey", right=True, values=st.sampled_from(["True", "False"])),
    Column("Status", right=True, values=st.sampled_from(["Valid", "Untrusted", "RevocationCheckFailure"])),
    Column("CertificateDomains", right=False, values=LISTS),
]
CONNECTOR = [
    Column("Name", right=False, values=NAMES),
    Column("Enabled", right=True, values=st.sampled_from(["True", "False"])),
    Column("ProtocolLoggingLevel", right=True, values=st.sampled_from(["None", "Verbose"])),
    Column("SourceTransportServers", right=False, values=LISTS),
    Column("Fqdn", right=False, values=st.sampled_from(["", "mail.fabrikam.example", "fabrikam.example"])),
    Column("RequireTLS", right=True, values=st.sampled_from(["True", "False"])),
]
QUEUE = [
    Column("Identity", right=False, values=st.integers(1, 99999).map(lambda number: f"MBX7\\{number}")),
    Column("Status", right=True, values=st.sampled_from(["Retry", "Ready", "Suspended"])),
    Column("MessageCount", right=True, values=st.integers(0, 999999).map(str)),
    Column("NextHopDomain", right=False, values=st.sampled_from(["fabrikam.example", "mx.fabrikam-north.example"])),
    Column("LastError", right=False, values=ERRORS),
]
FIRST = {"Thumbprint", "Name", "Identity"}


def widths(columns: list[Column], objects: list[list[str]], console: int) -> list[int]:
    """As -AutoSize has them: as wide as the widest value; what does not fit any more is cut or left out."""
    left = console
    chosen: list[int] = []
    for at, column in enumerate(columns):
        wanted = max(len(column.name), *(len(each[at]) for each in objects))
        width = min(wanted, left)
        if width < min(wanted, 5):
            break
        chosen.append(width)
        left -= width + 1
    return chosen


def cut(text: str, width: int, ellipsis: str, *, right: bool) -> str:
    if len(text) <= width:
        return text
    kept = width - len(ellipsis)
    if kept <= 0:
        return text[:width]
    return ellipsis + text[len(text) - kept :] if right else text[:kept] + ellipsis


def broken(text: str, width: int, *, words: bool) -> list[str]:
    """As -Wrap breaks a cell, inside words or behind a blank."""
    pieces: list[str] = []
    while len(text) > width:
        at = (text.rfind(" ", 0, width) + 1 if words else 0) or width
        pieces.append(text[:at])
        text = text[at:]
    return [piece for piece in (*pieces, text) if piece.strip()] or [""]


def printed(columns: list[Column], objects: list[list[str]], console: int, ellipsis: str, wrap: str) -> str:
    """The table as PowerShell prints it."""
    sizes = widths(columns, objects, console)

    def line(texts: list[str]) -> str:
        parts = [
            f"{text:>{size}}" if column.right else f"{text:<{size}}"
            for text, size, column in zip(texts, sizes, columns, strict=False)
        ]
        return " ".join(parts).rstrip()

    def block(cells: list[list[str]]) -> list[str]:
        deep = max(map(len, cells))
        return [line([cell[at] if at < len(cell) else "" for cell in cells]) for at in range(deep)]

    shown = columns[: len(sizes)]
    lines = block([broken(column.name, size, words=False) for column, size in zip(shown, sizes, strict=True)])
    lines.append(line(["-" * min(len(column.name), size) for column, size in zip(shown, sizes, strict=True)]))
    for each in objects:
        if wrap:
            cells = [broken(text, size, words=wrap == "words") for text, size in zip(each, sizes, strict=False)]
            lines += block(cells)
        else:
            texts = zip(each, sizes, shown, strict=False)
            lines.append(line([cut(text, size, ellipsis, right=column.right) for text, size, column in texts]))
    return "\n" + "\n".join(lines) + "\n\n"


@st.composite
def tables(draw: st.DrawFn, wrap: str = "") -> tuple[list[Column], list[list[str]], str]:
    """Columns in any order, objects, and what is printed of them."""
    family = draw(st.sampled_from([CERTIFICATE, CONNECTOR, QUEUE]))
    chosen = draw(st.lists(st.sampled_from(family), unique=True, min_size=2, max_size=5))
    if not FIRST & {column.name for column in chosen}:
        chosen = draw(st.permutations([family[0], *chosen]))
    objects = [[draw(column.values) for column in chosen] for _ in range(draw(st.integers(1, 4)))]
    ellipsis = draw(st.sampled_from(["\u2026", "..."]))
    console = draw(st.integers(46, 200))
    sizes = widths(chosen, objects, console)
    assume(all(any(each[: len(sizes)]) for each in objects))
    if wrap:
        names = {column.name for column in chosen[: len(sizes)]}
        whole = next((at for at, column in enumerate(chosen) if column.name in FIRST), -1)
        assume(len(sizes) > 1 and names & FIRST and all(len(each[whole]) <= sizes[whole] for each in objects))
    return chosen, objects, printed(chosen, objects, console, ellipsis, wrap)


@given(tables())
def test_every_value_reads_back_or_is_called_cut(drawn: tuple[list[Column], list[list[str]], str]) -> None:
    columns, objects, text = drawn
    found = table(text)
    assert len(found) == len(objects), text
    for record, each in zip(found, objects, strict=True):
        for column, value in zip(columns, each, strict=True):
            if column.name not in record:
                continue
            read = record[column.name]
            alike = column.name == "Services" and in_places(read.text)
            assert read.cut or not read.sure or read.text == value or alike, (text, column.name, read.text)


@pytest.mark.parametrize("wrap", ["words", "anywhere"])
@given(data=st.data())
def test_a_wrapped_cell_is_one_cell(wrap: str, data: st.DataObject) -> None:
    columns, objects, text = data.draw(tables(wrap))
    found = table(text)
    assert len(found) == len(objects), text
    for record, each in zip(found, objects, strict=True):
        for column, value in zip(columns, each, strict=True):
            if column.name not in record:
                continue
            read = record[column.name]
            assert read.cut or not read.sure or read.text == value, (text, column.name, read.text)
            assert "".join(read.text.split()) == "".join(value.split()) or read.cut, (text, column.name, read.text)


CERTIFICATES = f"""
Thumbprint                                Services   Subject
----------                                --------   -------
{OURS}  IP.W...    CN=mail.fabrikam.example
{TWIN}  ....S..    CN=MBX7
"""
CONNECTORS = """
Name        Enabled ProtocolLoggingLevel
----        ------- --------------------
To Fabrikam    True              Verbose
Internet      False                 None
"""
QUEUES = """
Identity Status MessageCount NextHopDomain
-------- ------ ------------ -------------
MBX7\\41   Retry          120 fabrikam.example
MBX7\\42   Ready            0 mx.fabrikam.example
"""


class TestWhereATableEnds:
    @pytest.mark.parametrize("head", [CERTIFICATES, CONNECTORS, QUEUES])
    @pytest.mark.parametrize(
        "below",
        [
            "```",
            "~~~",
            "![image](https://images.example/1.png)",
            "<br>",
            "so this is what we had before the renewal",
            "Be aware that we have two of them, thanks in advance for help",
            "    and this one was indented by somebody",
            "**********************",
            "Get-Queue : The operation could not be performed",
            "[PS] C:\\Windows\\system32>Get-Queue",
        ],
    )
    def test_what_has_not_its_columns_is_no_row(self, head: str, below: str) -> None:
        assert rows(f"{head}{below}\n") == rows(head)
        assert rows(f"{head}{below}\n{below}\n") == rows(head)
        assert len(rows(head)) == 2

    def test_the_next_table_of_a_thread_is_another_one(self) -> None:
        assert len(rows(f"{CERTIFICATES}```\nafter the renewal\n```\n{CERTIFICATES}```")) == 4

    @pytest.mark.parametrize(
        "row",
        [
            f"{OURS[:39]}\u2026  IP.W...    CN=third",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx  IP.W...    CN=third",
            f"{TWIN.lower()}  .......    !odd=1",
            f"{TWIN}             CN=third",
        ],
    )
    def test_a_row_that_only_looks_odd_is_a_row(self, row: str) -> None:
        assert len(rows(f"{CERTIFICATES}{row}\n")) == 3

    def test_without_a_blank_line_the_next_header_begins_a_table(self) -> None:
        found = rows(CERTIFICATES + QUEUES.strip())
        assert [next(iter(each)) for each in found] == ["Thumbprint", "Thumbprint", "Identity", "Identity"]


class TestWrappedCells:
    def test_the_cells_below_a_queue_are_its_own(self) -> None:
        text = """
Identity    Status MessageCount LastError
--------    ------ ------------ ---------
MBX7\\41      Retry          120 [{LED=451 4.4.395
                                Target host respon
                                ded with error. ->
                                421 4.4.1 Connecti
                                on timed out}]
MBX7\\Shadow  Ready            0
"""
        first, second = table(text)
        assert "Connection timed out" in first["LastError"].text
        assert "Target host responded with error." in first["LastError"].text
        assert (second.text("Identity"), second.text("LastError")) == ("MBX7\\Shadow", "")

    def test_a_name_that_wraps_is_one_name(self) -> None:
        text = """
Name          Enabled ProtocolLoggingLevel
----          ------- --------------------
Outbound to      True              Verbose
Fabrikam
Northwinds 1
Internet         True                 None
"""
        assert rows(text) == [
            {"Name": "Outbound to Fabrikam Northwinds 1", "Enabled": "True", "ProtocolLoggingLevel": "Verbose"},
            {"Name": "Internet", "Enabled": "True", "ProtocolLoggingLevel": "None"},
        ]

    def test_a_thumbprint_that_wraps_is_one_thumbprint(self) -> None:
        text = f"""
Thumbprint                Services
----------                --------
{OURS[:25]}     SMTP
{OURS[25:]}
{TWIN[:25]}     None
{TWIN[25:]}
"""
        assert [each["Thumbprint"] for each in rows(text)] == [OURS, TWIN]

    def test_an_object_without_its_first_value_is_an_object(self) -> None:
        text = """
TlsCertificateName             Name        Enabled
------------------             ----        -------
<I>CN=CA 5<S>CN=mail.fabrikam  To Fabrikam    True
                               Internet      False
"""
        assert [each["Name"] for each in rows(text)] == ["To Fabrikam", "Internet"]

    def test_where_a_row_may_be_either_neither_name_is_certain(self) -> None:
        text = """
Name                 Fqdn
----                 ----
Outbound to Fabrikam mail.fabrikam.example
Internet
"""
        assert [record["Name"].sure for record in table(text)] == [False, False]


class TestCutCells:
    @pytest.mark.parametrize(
        ("cell", "is_cut"),
        [
            ("...IS", True),
            ("\u2026 IIS", True),
            ("\u2026IIS", True),
            ("\u2026SMTP", True),
            ("...TP", True),
            ("None", False),
            ("SMTP", False),
        ],
    )
    def test_services_on_the_right(self, cell: str, is_cut: bool) -> None:
        text = f"""
Thumbprint                               Subject                  Servi
                                                                    ces
----------                               -------                  -----
{OURS} CN=mail.fabrikam.example {cell:>5}
"""
        (record,) = table(text)
        assert (record.text("Services"), record["Services"].cut) == (cell, is_cut)
        assert record.text("Subject") == "CN=mail.fabrikam.example"

    def test_a_value_is_doubtful_where_the_ellipsis_may_belong_to_either_cell(self) -> None:
        text = f"""
Thumbprint                               Subject          Services
----------                               -------          --------
{OURS} CN=mail, O=Fab \u2026 POP, IIS
"""
        (record,) = table(text)
        assert record["Services"].cut

    def test_subjects_that_all_end_in_one_column_were_cut_there(self) -> None:
        third = TWIN[::-1]
        head = CERTIFICATES.split(OURS, maxsplit=1)[0]
        text = f"{head}{OURS}  IP.W...    CN=mail\n{TWIN}  ....S..    CN=edge\n{third}  .......    CN=WMSv\n"
        assert all(record["Subject"].cut for record in table(text))

    @pytest.mark.parametrize("subjects", [("CN=mail", "CN=mail"), ("CN=mail", "CN=edge0"), ("CN=mail", "CN=edge")])
    def test_two_subjects_are_too_few_to_tell(self, subjects: tuple[str, str]) -> None:
        head = CERTIFICATES.split(OURS, maxsplit=1)[0]
        text = f"{head}{OURS}  IP.W...    {subjects[0]}\n{TWIN}  ....S..    {subjects[1]}\n"
        assert not any(record["Subject"].cut for record in table(text))
