"""What the console prints of values: the shapes of real PowerShell output, in values of our own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wizard.practice.console import printed
from wizard.practice.shell.show import (
    Views,
    WantedProperty,
    as_csv,
    as_json,
    by_kind,
    cells,
    default_lines,
    list_renderer,
    table_renderer,
)
from wizard.practice.shell.values import Column, Flag, PSObject, Value, View
from wizard.reading.listing import ListingForm, read_listing
from wizard.reading.text import clean

OWN = "A47C1E90B35D82F6017ACE4B9D2853F0E6718C2D"
SELF = "5D0B92E7C1486AF3300D5CB7E92F8A16D4B3C705"


def certificate(thumbprint: str, subject: str, services: Flag, letters: str, *domains: str) -> PSObject:
    return PSObject(
        "Certificate",
        {
            "CertificateDomains": domains,
            "NotAfter": datetime(2027, 1, 10, 23, 59, 59, tzinfo=UTC),
            "PublicKeySize": 2048,
            "Services": services,
            "Subject": subject,
            "Thumbprint": thumbprint,
            "Letters": letters,
        },
    )


CERTIFICATES = (
    certificate(
        OWN,
        "CN=mail.contoso.com, O=Contoso Ltd, L=Bath, C=GB",
        Flag("IMAP, POP, IIS", 11),
        "IP.W...",
        "mail.contoso.com",
        "autodiscover.contoso.com",
        "owa.contoso.com",
        "smtp.contoso.com",
        "legacy.contoso.com",
    ),
    certificate(SELF, "CN=EX1", Flag("IIS, SMTP", 24), "...WS..", "EX1"),
)
VIEWS = by_kind(
    [
        View(
            "Certificate",
            (Column("Thumbprint", "Thumbprint", 41), Column("Services", "Letters", 10), Column("Subject", "Subject")),
            ("CertificateDomains", "NotAfter", "Services", "Subject", "Thumbprint"),
        )
    ]
)


def list_lines(values: Sequence[Value], asked: Sequence[WantedProperty], views: Views, width: int) -> list[str]:
    return list_renderer(values, asked, views)(width)


def text(lines: Sequence[str]) -> str:
    return "\n".join(lines)


def selected(*names: str) -> list[Value]:
    return [PSObject("Selected", {name: each.get(name) for name in names}) for each in CERTIFICATES]


class TestTables:
    def test_the_default_table_cuts_the_last_column_at_the_width(self) -> None:
        assert text(default_lines(CERTIFICATES, VIEWS, 80)) == (
            "\n"
            "Thumbprint                                Services   Subject\n"
            "----------                                --------   -------\n"
            "A47C1E90B35D82F6017ACE4B9D2853F0E6718C2D  IP.W...    CN=mail.contoso.com, O=C...\n"
            "5D0B92E7C1486AF3300D5CB7E92F8A16D4B3C705  ...WS..    CN=EX1\n"
        )

    def test_enums_and_numbers_stand_to_the_right_in_a_table_of_powershells_own(self) -> None:
        assert text(default_lines(selected("Thumbprint", "Services"), {}, 80)) == (
            "\n"
            "Thumbprint                                     Services\n"
            "----------                                     --------\n"
            "A47C1E90B35D82F6017ACE4B9D2853F0E6718C2D IMAP, POP, IIS\n"
            "5D0B92E7C1486AF3300D5CB7E92F8A16D4B3C705      IIS, SMTP\n"
        )

    def test_services_alone_are_right_aligned_too(self) -> None:
        assert text(default_lines(selected("Services")[:1], {}, 80)) == (
            "\n      Services\n      --------\nIMAP, POP, IIS\n"
        )

    def test_a_narrow_console_cuts_even_a_thumbprint(self) -> None:
        lines = default_lines(selected("Services", "Thumbprint"), {}, 40)
        assert lines[3] == "IMAP, POP, IIS A47C1E90B35D82F6017ACE..."

    def test_a_column_without_room_is_left_out_and_the_last_that_stays_is_filled_up(self) -> None:
        queue = PSObject("Queue", {"Identity": "EX1\\18", "MessageCount": 214, "NextHopDomain": "contoso.com"})
        view = View("Queue", tuple(Column(name, name) for name in queue.properties))
        assert text(default_lines([queue], by_kind([view]), 11)) == (
            "\nIdentity Me\n         ss\n         ag\n         eC\n         ou\n         nt\n"
            "-------- --\nEX1\\18   21\n"
        )

    def test_wrapped_columns_lose_nothing(self) -> None:
        lines = printed("Get-Thing five | Format-Table Name,@{n='Long';e={'one two three four'}} -Wrap", columns=16)
        assert lines == "Name Long\n---- ----\nfive one two\n     three four"

    def test_five_properties_make_a_list_and_four_a_table(self) -> None:
        assert printed("Get-Thing one | Select-Object Name,Size,State,Note").startswith("Name Size State Note\n----")
        assert printed("Get-Thing one | Select-Object Name,Size,State,Note,Parts").startswith("Name  : one\nSize  : 1")


class TestLists:
    def test_long_values_continue_under_their_own_column(self) -> None:
        assert text(list_lines(CERTIFICATES[:1], (), VIEWS, 60)) == (
            "\n"
            "CertificateDomains : {mail.contoso.com, \n"
            "                     autodiscover.contoso.com, \n"
            "                     owa.contoso.com, smtp.contoso.com...}\n"
            "NotAfter           : 1/10/2027 11:59:59 PM\n"
            "Services           : IMAP, POP, IIS\n"
            "Subject            : CN=mail.contoso.com, O=Contoso Ltd, \n"
            "                     L=Bath, C=GB\n"
            f"Thumbprint         : {OWN[:39]}\n"
            f"                     {OWN[39:]}\n"
        )

    def test_chosen_properties_take_their_names_from_the_object(self) -> None:
        assert printed("get-thing one | fl NAME,size,missing") == "Name : one\nSize : 1"

    def test_wildcards_choose_properties(self) -> None:
        assert printed("Get-Thing one | Format-List N*") == "Name : one\nNote : "

    def test_calculated_properties(self) -> None:
        line = "Get-Thing two | Format-List Name,@{n='Twice';e={$_.Size * 2}}"
        assert printed(line) == "Name  : two\nTwice : 4"

    def test_the_view_chooses_what_a_list_shows(self) -> None:
        assert printed("Get-Thing one | Format-List") == "Name : one\nSize : 1"
        assert "State : Retry" in printed("Get-Thing one | Format-List *")


class TestConversions:
    def test_json_has_the_numbers_of_enums(self) -> None:
        value: Value = PSObject("C", {"Services": Flag("IIS, SMTP", 24), "Names": ("a", "b"), "None": None})
        assert as_json(value, compress=True) == '{"Services":24,"Names":["a","b"],"None":null}'
        assert as_json(value).split("\r\n")[:3] == ["{", '  "Services": 24,', '  "Names": [']

    def test_csv_has_their_texts(self) -> None:
        value = PSObject("Selected.C", {"Services": Flag("IIS, SMTP", 24), "Subject": 'O="A, B"'})
        assert as_csv([value], with_type=True) == [
            "#TYPE Selected.C",
            '"Services","Subject"',
            '"IIS, SMTP","O=""A, B"""',
        ]

    def test_a_text_longer_than_the_console_breaks_where_the_line_ends(self) -> None:
        assert printed("'x' * 25", columns=10) == "xxxxxxxxxx\nxxxxxxxxxx\nxxxxx"

    def test_a_lone_date_is_written_out(self) -> None:
        assert printed("[datetime]'2026-11-22T21:41:07Z'") == "Sunday, November 22, 2026 9:41:07 PM"


plain_text = st.text(
    alphabet=st.sampled_from("abcdefgh XYZ0123456789.,;=:-\\/(){}<>*@'_\u00fc\u2013"), max_size=160
).map(lambda value: " ".join(value.split()))
names = st.lists(st.from_regex(r"[A-Z][A-Za-z]{1,20}", fullmatch=True), min_size=1, max_size=6, unique_by=str.lower)


class TestTheWizardReadsItBack:
    """Whatever the width, the wizard's own readers find the values that were printed."""

    @given(names=names, values=st.lists(plain_text, min_size=6, max_size=6), width=st.integers(60, 200))
    def test_as_a_list(self, names: list[str], values: list[str], width: int) -> None:
        properties = dict(zip(names, values, strict=False))
        if not any(properties.values()):
            return
        lines = list_lines([PSObject("Thing", dict(properties))], (), {}, width)
        assert all(cells(line) <= width for line in lines)
        (record,) = read_listing(clean(text(lines))).records
        found = {name: value.text for name, value in record.properties}
        assert found.keys() == properties.keys()
        for name, value in properties.items():
            assert (
                found[name].replace(" ", "") == value.replace(" ", "")
                if not _sure(record, name)
                else (found[name] == value)
            )

    @given(width=st.integers(60, 200), which=st.sampled_from(CERTIFICATES))
    def test_a_certificate_with_its_thumbprint(self, width: int, which: PSObject) -> None:
        asked = [WantedProperty(name) for name in ("Thumbprint", "Services", "Subject")]
        listing = read_listing(clean(text(list_lines([which], asked, VIEWS, width))))
        assert listing.form is ListingForm.LIST
        values = {name: value.text for name, value in listing.records[0].properties}
        assert values == {
            "Thumbprint": which.get("Thumbprint"),
            "Services": str(which.get("Services")),
            "Subject": which.get("Subject"),
        }

    @given(width=st.integers(66, 200))
    def test_as_the_default_table(self, width: int) -> None:
        listing = read_listing(clean(text(default_lines(CERTIFICATES, VIEWS, width))))
        assert listing.form is ListingForm.TABLE
        found = [dict(record.properties)["Thumbprint"].text for record in listing.records]
        assert found == [OWN, SELF]

    @given(width=st.integers(60, 200))
    def test_as_csv_and_json_of_any_object(self, width: int) -> None:
        chosen = selected("Thumbprint", "Subject")
        for written in ("\n".join(as_csv(chosen, False)), as_json(tuple(chosen))):
            records = read_listing(clean(written)).records
            assert [dict(record.properties)["Thumbprint"].text for record in records] == [OWN, SELF]


def _sure(record: object, name: str) -> bool:
    properties = dict(record.properties)  # type: ignore[attr-defined]
    return bool(properties[name].sure)


@pytest.mark.parametrize("width", [1, 2, 5, 10, 20])
def test_the_narrowest_console_still_shows_something(width: int) -> None:
    for lines in (
        default_lines(CERTIFICATES, VIEWS, width),
        list_lines(CERTIFICATES, (), VIEWS, width),
        table_renderer(CERTIFICATES, (), {})(width),
    ):
        assert any(line.strip() for line in lines)
