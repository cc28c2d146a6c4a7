"""What PowerShell prints of objects, read back whatever the form, the width and the culture."""

from __future__ import annotations

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.reading.listing import Listing, ListingForm, read_listing
from wizard.reading.records import Record
from wizard.reading.text import clean, is_command


def listing(text: str) -> Listing:
    return read_listing(clean(text))


def records(text: str) -> list[dict[str, str]]:
    return [{name: value.text for name, value in record.properties} for record in listing(text).records]


def only(text: str) -> Record:
    (record,) = listing(text).records
    return record


def wrapped_at_words(value: str, width: int) -> list[str]:
    """As PowerShell wraps in English, French, German, Italian and Spanish: after a blank, long words at the width."""
    lines, current = [], ""
    words = [word + " " for word in value.split(" ")]
    words[-1] = words[-1][:-1]
    for word in words:
        if len(word) > width:
            for character in word:
                if len(current) == width:
                    lines.append(current)
                    current = ""
                current += character
        elif len(current) + len(word) > width:
            lines.append(current)
            current = word
        else:
            current += word
    return [*lines, current]


def wrapped_anywhere(value: str, width: int) -> list[str]:
    """As PowerShell wraps in all other cultures: at the width, inside words."""
    return [value[at : at + width] for at in range(0, len(value), width)] or [""]


def format_list(properties: dict[str, str], width: int, *, words: bool) -> str:
    """One record as Format-List prints it on a console of that width."""
    label = max(map(len, properties))
    lines: list[str] = []
    for name, value in properties.items():
        wrap = wrapped_at_words if words else wrapped_anywhere
        first, *more = wrap(value, width - label - 3)
        lines += [f"{name:<{label}} : {first}", *(" " * (label + 3) + line for line in more)]
    return "\n" + "\n".join(lines) + "\n\n"


WORDS = st.lists(st.text("abcdefgXYZ0123456789.-=@", min_size=1, max_size=30), min_size=1, max_size=12).map(" ".join)
CULTURES = pytest.mark.parametrize("words", [True, False], ids=["wraps after a blank", "wraps inside words"])


class TestFormatList:
    def test_a_blank_line_ends_a_record(self) -> None:
        assert records("\nName : EX1\nPort : 25\n\nName : EX2\nPort : 587\n\n") == [
            {"Name": "EX1", "Port": "25"},
            {"Name": "EX2", "Port": "587"},
        ]

    def test_properties_are_found_without_regard_to_case(self) -> None:
        record = only("ProtocolLoggingLevel : Verbose")
        assert record.text("protocolLOGGINGlevel") == "Verbose"
        assert "PROTOCOLLOGGINGLEVEL" in record
        assert record.get("Guid") is None
        assert record.text("Guid") == ""

    def test_without_blank_lines_a_repeated_name_begins_a_record(self) -> None:
        assert records("Name : A\nPort : 25\nName : B\nPort : 26") == [
            {"Name": "A", "Port": "25"},
            {"Name": "B", "Port": "26"},
        ]

    def test_a_blank_line_after_every_line_separates_nothing(self) -> None:
        doubled = "Name : A\n\nGuid : 1\n\nPort : 25\n\nName : B\n\nGuid : 2\n\nPort : 26\n"
        assert [record["Name"] for record in records(doubled)] == ["A", "B"]

    def test_an_indented_block_with_single_blanks_is_read(self) -> None:
        assert records("    Comment :\n    Fqdn : mail.contoso.example\n    Name : Outbound to Fabrikam") == [
            {"Comment": "", "Fqdn": "mail.contoso.example", "Name": "Outbound to Fabrikam"}
        ]

    def test_the_marks_of_a_quoted_mail_are_taken_away(self) -> None:
        assert records("> Name : A\n> Port : 25\n>\n> Name : B") == [{"Name": "A", "Port": "25"}, {"Name": "B"}]

    def test_lists_have_items(self) -> None:
        value = only("SourceTransportServers : {EX2, EX1}")["SourceTransportServers"]
        assert (value.items, value.cut) == (("EX2", "EX1"), False)
        assert only("SmartHosts : {}")["SmartHosts"].items == ()

    @pytest.mark.parametrize("ellipsis", ["…", "..."])
    def test_a_list_cut_after_four_entries_keeps_these_and_says_so(self, ellipsis: str) -> None:
        value = only(f"CertificateDomains : {{a.example, b.example, c.example, d.example{ellipsis}}}")[
            "CertificateDomains"
        ]
        assert value.items == ("a.example", "b.example", "c.example", "d.example")
        assert value.cut

    def test_a_value_may_look_like_a_property_when_it_stands_under_a_value(self) -> None:
        assert records("Comment : do not\n          Name : touch") == [{"Comment": "do not Name : touch"}]

    def test_a_broken_line_between_two_properties_belongs_to_the_upper_one_but_is_not_sure(self) -> None:
        value = only("Name : Outbound to\nFabrikam\nPort : 25")["Name"]
        assert value.spaced == "Outbound to Fabrikam"
        assert not value.sure

    def test_a_line_after_the_last_property_belongs_to_it_only_while_a_bracket_is_open(self) -> None:
        assert only("LastError : [{LED=451 4.4.0\nDNS query failed}]")["LastError"].spaced == (
            "[{LED=451 4.4.0 DNS query failed}]"
        )
        found = listing("Name : A\nthank you")
        assert found.records[0].text("Name") == "A"
        assert [(each.line, each.why) for each in found.unread] == [
            (2, "this line is no property, table row or object")
        ]

    def test_an_echoed_command_and_a_warning_end_a_record(self) -> None:
        assert records("Name : A\nGet-SendConnector | fl Name,Port\nName : B\nWARNING: x\nPort : 25") == [
            {"Name": "A"},
            {"Name": "B"},
            {"Port": "25"},
        ]


class TestWraps:
    @CULTURES
    @given(name=WORDS, comment=WORDS, width=st.integers(30, 120))
    def test_a_record_reads_back_at_any_width(self, words: bool, name: str, comment: str, width: int) -> None:
        printed = format_list({"Name": name, "Comment": comment, "Port": "25", "Guid": ""}, width, words=words)
        assert records(printed) == [{"Name": name, "Comment": comment, "Port": "25", "Guid": ""}]
        assert all(value.sure for value in only(printed).values())

    @CULTURES
    @given(name=WORDS, comment=WORDS, width=st.integers(30, 120))
    def test_with_trailing_blanks_lost_a_joining_is_right_or_called_unsure(
        self, words: bool, name: str, comment: str, width: int
    ) -> None:
        printed = format_list({"Name": name, "Comment": comment}, width, words=words)
        copied = "\n".join(line.rstrip() for line in printed.split("\n"))
        record = only(copied)
        for property_name, value in (("Name", name), ("Comment", comment)):
            read = record[property_name]
            assert read.text == value or not read.sure
            assert "".join(read.text.split()) == "".join(value.split())

    def test_a_line_shorter_than_another_one_lost_a_blank(self) -> None:
        value = only("Name    : Outbound to\n          Office 365\nComment : long enough to show the width")["Name"]
        assert (value.text, value.sure) == ("Outbound to Office 365", True)

    def test_the_longest_line_may_have_been_cut_inside_a_word(self) -> None:
        value = only("Name : Outbound to Contoso\n       Ltd\nPort : 25")["Name"]
        assert (value.text, value.spaced, value.sure) == ("Outbound to ContosoLtd", "Outbound to Contoso Ltd", False)

    def test_a_blank_kept_anywhere_shows_that_no_blank_was_lost(self) -> None:
        value = only("Name : Outbound to Contoso\n       Ltd\nPort : ")["Name"]
        assert (value.text, value.sure) == ("Outbound to ContosoLtd", True)

    def test_wide_letters_count_two_columns(self) -> None:
        value = only("Name : \u90f5\u4fbf\u90f5\u4fbf\n       \u90f5\nPort : 25 of 26")["Name"]
        assert not value.sure


class TestFormatTable:
    def test_columns_stand_under_their_underlines(self) -> None:
        table = """
        Name            Enabled Fqdn
        ----            ------- ----
        To Fabrikam     True    mail.contoso.example
        To the Internet False
        """
        assert records(table) == [
            {"Name": "To Fabrikam", "Enabled": "True", "Fqdn": "mail.contoso.example"},
            {"Name": "To the Internet", "Enabled": "False", "Fqdn": ""},
        ]

    def test_a_right_aligned_column_may_be_wider_than_its_header(self) -> None:
        table = "\n".join(
            [
                "Thumbprint                                     Services",
                "----------                                     --------",
                f"{'AB' * 20} IMAP, POP, IIS",
            ]
        )
        assert records(table) == [{"Thumbprint": "AB" * 20, "Services": "IMAP, POP, IIS"}]

    def test_a_right_aligned_column_may_come_first(self) -> None:
        table = "      Services Name\n      -------- ----\nIMAP, POP, IIS a b\n          SMTP c"
        assert records(table) == [
            {"Services": "IMAP, POP, IIS", "Name": "a b"},
            {"Services": "SMTP", "Name": "c"},
        ]

    def test_a_header_may_break_over_several_lines(self) -> None:
        table = "\nIdentity Message\n         Count\n-------- -------\nEX1\\7    12\n"
        assert records(table) == [{"Identity": "EX1\\7", "MessageCount": "12"}]

    def test_underlines_may_be_lost(self) -> None:
        assert records("Identity  Status MessageCount\nEX1\\7     Retry  12\nEX1\\Other Ready  0") == [
            {"Identity": "EX1\\7", "Status": "Retry", "MessageCount": "12"},
            {"Identity": "EX1\\Other", "Status": "Ready", "MessageCount": "0"},
        ]

    def test_a_value_cut_at_its_end_or_at_its_head_is_called_cut(self) -> None:
        record = only("Name Path\n---- ----\nEX1  C:\\Logs\\Smt…")
        assert record["Path"].cut
        assert not record["Name"].cut
        assert only("Identity Name\n-------- ----\n...7654  x")["Identity"].cut

    def test_dots_among_service_letters_are_no_cut(self) -> None:
        assert not only("Services : IP.W...")["Services"].cut
        assert not only("Thumbprint Services\n---------- --------\nAB         ...WS..")["Services"].cut

    def test_columns_that_cannot_be_told_apart_are_not_sure(self) -> None:
        record = only("Identity Status MessageCount\n-------- ------ ------------\nOutbound to Fabrikam Retry 12")
        assert not record["Identity"].sure

    def test_wide_letters_do_not_shift_the_columns(self) -> None:
        assert records("Name      Port\n----      ----\n\u90f5\u4fbf to A 25") == [
            {"Name": "\u90f5\u4fbf to A", "Port": "25"}
        ]

    def test_a_list_and_a_table_may_stand_in_one_paste(self) -> None:
        found = listing("Name : A\n\nIdentity Status\n-------- ------\nEX1\\7    Retry")
        assert [sorted(record) for record in found.records] == [["name"], ["identity", "status"]]
        assert found.form is ListingForm.LIST


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_the_type_line_and_quotes_are_understood(self, delimiter: str) -> None:
        rows = ["#TYPE Selected.Thing", '"Name","Comment"', '"To A","O=""Example, Inc."""', '"To B",""']
        text = "\n".join(rows).replace('","', f'"{delimiter}"')
        assert records(text) == [{"Name": "To A", "Comment": 'O="Example, Inc."'}, {"Name": "To B", "Comment": ""}]
        assert listing(text).form is ListingForm.CSV

    def test_curly_quotes_of_a_web_page_are_quotes(self) -> None:
        assert records("“Name”,“Port”\n“To A”,“25”") == [{"Name": "To A", "Port": "25"}]

    def test_a_damaged_row_is_left_unread_and_harms_no_other(self) -> None:
        found = listing('"Name","Port"\n"A","25\n"B","26"\n"C"\n"D","27"')
        assert [record.text("Name") for record in found.records] == ["B", "D"]
        assert [each.line for each in found.unread] == [2, 4]

    def test_a_type_name_instead_of_a_value_counts_as_none(self) -> None:
        text = '"Name","SmartHosts"\n"A","Microsoft.Exchange.Data.MultiValuedProperty`1[System.String]"'
        assert records(text) == [{"Name": "A", "SmartHosts": ""}]


class TestJson:
    def test_an_array_and_a_single_object(self) -> None:
        objects = [
            {"Name": "A", "Port": 25, "Enabled": True, "Comment": None, "SmartHosts": ["192.0.2.1", "192.0.2.2"]}
        ]
        expected = [
            {"Name": "A", "Port": "25", "Enabled": "True", "Comment": "", "SmartHosts": "{192.0.2.1, 192.0.2.2}"}
        ]
        assert records(json.dumps(objects)) == expected
        assert records(json.dumps(objects[0], indent=2)) == expected
        assert only(json.dumps(objects))["SmartHosts"].items == ("192.0.2.1", "192.0.2.2")

    def test_windows_powershells_wrapper_around_an_array(self) -> None:
        assert records('{"value": [{"Name": "A"}, {"Name": "B"}], "Count": 2}') == [{"Name": "A"}, {"Name": "B"}]

    def test_an_object_that_was_taken_apart_is_its_most_telling_member(self) -> None:
        assert records('{"Name": {"DistinguishedName": "CN=x", "Name": "EX1"}}') == [{"Name": "EX1"}]

    def test_whole_objects_survive_a_cut_end(self) -> None:
        found = listing('[\n {"Name": "A"},\n {"Name": "B"},\n {"Na')
        assert [record.text("Name") for record in found.records] == ["A", "B"]
        assert found.unread[0].line == 4

    def test_each_object_knows_its_lines(self) -> None:
        found = listing('PS> x\n[\n {\n  "Name": "A"\n },\n {\n  "Name": "B"\n }\n]')
        assert [[line.number for line in record.lines] for record in found.records] == [[3, 4, 5], [6, 7, 8]]


CLIXML = textwrap.dedent(
    """\
    <Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">
      <Obj RefId="0">
        <MS>
          <S N="Name">To_x0020_A</S>
          <B N="Enabled">true</B>
          <Nil N="Comment" />
          <Obj N="SmartHosts" RefId="1"><LST><S>192.0.2.1</S><S>192.0.2.2</S></LST></Obj>
          <Obj N="Level" RefId="2"><ToString>Verbose</ToString><I32>1</I32></Obj>
        </MS>
      </Obj>
      <Obj RefId="3">
        <Props><S N="Name">B</S><Ref N="SmartHosts" RefId="1" /></Props>
      </Obj>
    </Objs>
    """
)


class TestSeveralOutputs:
    TABLE = "Identity Status\n-------- ------\nMBX7\\41  Retry"

    @pytest.mark.parametrize(
        "converted",
        ['[\n  {"Name": "A", "Port": "25"}\n]', '"Name","Port"\n"A","25"', '#TYPE X\n"Name","Port"\n"A","25"'],
    )
    def test_a_list_above_and_a_table_below_what_was_converted(self, converted: str) -> None:
        found = listing(f"Name : Z\nPort : 26\n\n{converted}\nThanks in advance\n{self.TABLE}")
        assert [{name: value.text for name, value in record.properties} for record in found.records] == [
            {"Name": "Z", "Port": "26"},
            {"Name": "A", "Port": "25"},
            {"Identity": "MBX7\\41", "Status": "Retry"},
        ]
        assert len(found.unread) == 1


class TestClixml:
    def test_properties_lists_enums_and_references(self) -> None:
        assert records(CLIXML) == [
            {
                "Name": "To A",
                "Enabled": "true",
                "Comment": "",
                "SmartHosts": "{192.0.2.1, 192.0.2.2}",
                "Level": "Verbose",
            },
            {"Name": "B", "SmartHosts": "{192.0.2.1, 192.0.2.2}"},
        ]
        assert listing(CLIXML).form is ListingForm.CLIXML
        assert [record.lines[0].number for record in listing(CLIXML).records] == [2, 11]

    def test_whole_objects_survive_a_cut_end(self) -> None:
        found = listing(CLIXML[: CLIXML.index("<Props>")])
        assert [record.text("Name") for record in found.records] == ["To A"]
        assert "CLIXML" in found.unread[0].why

    @pytest.mark.parametrize(
        "declaration",
        ['<!DOCTYPE Objs [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>', '<!DOCTYPE Objs SYSTEM "file:///etc/hostname">'],
    )
    def test_a_document_type_is_refused(self, declaration: str) -> None:
        found = listing(f'{declaration}\n<Objs><Obj RefId="0"><MS><S N="Name">&b;</S></MS></Obj></Objs>')
        assert found.records == ()
        assert "document type" in found.unread[0].why

    def test_nesting_without_end_is_refused(self) -> None:
        found = listing("<Objs>" + "<Obj>" * 5000)
        assert found.records == ()
        assert "nested" in found.unread[0].why


class TestAnyInput:
    @given(st.text(max_size=400))
    def test_any_text_gives_records_or_reasons(self, text: str) -> None:
        found = listing(text)
        empty = {"", ">", ">>"}  # what is left of a prompt and of a quotation
        said = [line.text for line in clean(text).lines if line.text.strip() not in empty and not is_command(line.text)]
        assert found.records or found.unread or not said

    @given(st.text(alphabet=' \n{}[]",:;-<>/=ABab1…Objs', max_size=300))
    def test_any_text_of_the_forms_own_signs_never_raises(self, text: str) -> None:
        listing(text)

    def test_garbage_gives_no_record_and_a_reason(self) -> None:
        found = listing("The cat sat\non the mat.")
        assert found == Listing(unread=found.unread)
        assert found.unread[0].why == "these 2 lines are no property, table row or object"

    def test_reasons_stay_few_however_much_is_unread(self) -> None:
        found = listing("a cat\nb cat\n\n" * 1000)
        assert len(found.unread) == 20
        assert found.unread[-1].why == "from here on, 981 more such places"

    @pytest.mark.quick(4)
    @pytest.mark.parametrize(
        "piece",
        [
            " ",
            "a",
            "[",
            '{"a":',
            "<",
            "<Objs>",
            '"',
            "-",
            "\\",
            "Name : {\nx\n",
            "a :",
            "Name Status\n",
            "_x000D_",
            "\t",
        ],
    )
    def test_a_great_deal_of_anything_is_read_like_a_kilobyte(self, piece: str) -> None:
        small, large = (listing((piece * size)[:size]) for size in (1_000, 300_000))
        assert bool(small.records) == bool(large.records)
        assert len(large.unread) <= 20
