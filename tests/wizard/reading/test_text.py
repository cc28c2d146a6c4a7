"""Bytes and pastes become clean lines; only damage that can be undone without guessing is undone, and named."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.reading import text as texts
from wizard.reading.text import Refused, Text, clean, decode


def lines(content: str | bytes) -> list[str]:
    return [line.text for line in clean(content).lines]


def mended(content: str | bytes) -> list[str]:
    return [each.what for each in clean(content).mended]


class TestLines:
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_line_ends_of_every_system(self, end: str) -> None:
        assert lines(f"one{end}{end}two{end}") == ["one", "", "two"]

    def test_lines_count_from_one_and_know_their_source(self) -> None:
        line = clean("one\ntwo", "SEND2027030405-1.LOG").lines[1]
        assert (line.number, line.place) == (2, "SEND2027030405-1.LOG, line 2")

    def test_the_whole_and_the_blank(self) -> None:
        assert clean("one\r\ntwo").whole == "one\ntwo"
        assert clean(" \n\t").blank
        assert not clean("x").blank
        assert clean("") == Text(())


class TestEncodings:
    NAME = "Отправка – München"

    @pytest.mark.parametrize(
        ("content", "found"),
        [
            (NAME.encode(), []),
            (codecs.BOM_UTF8 + NAME.encode(), []),
            (codecs.BOM_UTF16_LE + NAME.encode("utf-16-le"), ["read as UTF-16-LE"]),
            (codecs.BOM_UTF16_BE + NAME.encode("utf-16-be"), ["read as UTF-16-BE"]),
        ],
    )
    def test_unicode_with_its_mark(self, content: bytes, found: list[str]) -> None:
        assert lines(content) == [self.NAME]
        assert mended(content) == found

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_its_mark_is_given_away_by_nul_bytes(self, encoding: str) -> None:
        assert lines("Services : SMTP\n".encode(encoding)) == ["Services : SMTP"]

    def test_windows_1252_is_the_last_resort(self) -> None:
        assert lines("Réception – “x”\nend".encode("cp1252")) == ["Réception – “x”", "end"]
        assert mended("Réception x".encode("cp1252")) == ["read as Windows-1252, the likeliest code page"]

    def test_a_log_that_ends_inside_a_letter_stays_utf_8(self) -> None:
        assert decode("Отправка".encode()[:-1])[1] is None

    def test_nul_bytes_at_the_end_of_a_file_being_written_are_no_text(self) -> None:
        assert lines(b"row\n" + b"\0" * 512) == ["row"]

    @pytest.mark.parametrize("content", [bytes(range(32)) * 20, b"\x89PNG\r\n\x1a\n" + bytes(range(16)) * 30])
    def test_what_is_no_text_is_refused_by_name(self, content: bytes) -> None:
        with pytest.raises(Refused, match=r"mail\.pfx is not text"):
            clean(content, "mail.pfx")

    def test_what_is_too_large_is_refused_with_a_way_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(texts, "MOST_BYTES", 10)
        with pytest.raises(Refused, match="Open the folder"):
            clean("x" * 11)


class TestMending:
    def test_invisible_marks_before_a_line_are_removed_and_named(self) -> None:
        assert lines("\u200e4c0ffee0") == ["4c0ffee0"]
        assert mended("a\n\u200e4c0ffee0") == ["removed invisible marks before the line: U+200E left-to-right mark"]

    def test_an_invisible_mark_inside_a_line_stays_for_it_can_be_part_of_a_name(self) -> None:
        assert lines("Name : Out\u200ebound") == ["Name : Out\u200ebound"]
        assert mended("Name : Out\u200ebound") == []

    @pytest.mark.parametrize(
        "prompt", ["[EX01]: PS C:\\> ", "PS> ", "[PS] C:\\Windows\\system32>", "PS C:\\Users\\adm> "]
    )
    def test_the_prompts_of_every_shell_are_taken_away(self, prompt: str) -> None:
        assert lines(f"{prompt}Get-Queue") == ["Get-Queue"]

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    def test_utf_16_without_a_mark_is_known_by_its_line_ends_in_any_script(self, encoding: str) -> None:
        text = "Соединитель отправки\r\nвнутренний\r\n"
        assert [line.text for line in clean(text.encode(encoding), "a.txt").lines] == [
            "Соединитель отправки",
            "внутренний",
        ]
        assert clean("a\n\u200e4c0ffee0").mended[0].line == 2

    @pytest.mark.parametrize(
        "prompt",
        [
            "[PS] C:\\Windows\\system32>",
            "PS C:\\Users\\Admin> ",
            "C:\\>",
            "[PS] Microsoft.PowerShell.Core\\FileSystem::\\\\EX2\\D$>",
        ],
    )
    def test_a_shell_prompt_is_removed_and_the_command_stays(self, prompt: str) -> None:
        assert lines(prompt + "Get-Queue") == ["Get-Queue"]
        assert mended(prompt + "Get-Queue") == ["removed the shell prompt that was copied along"]

    @pytest.mark.parametrize(
        "written",
        ["\x1b[32mServices\x1b[0m", "\x1b]0;title\x07Services", "\x1b(B\x1b[mServices", "Serv\x07ices", "Services\x9b"],
    )
    def test_escape_sequences_and_control_characters_are_removed(self, written: str) -> None:
        assert lines(written) == ["Services"]
        assert mended(written)

    @pytest.mark.parametrize(
        "kept", ["Services\t: SMTP", "  indented  ", "Outbound – O’Brien “x”", "a > b", "5.1.7 <mx.fabrikam.example>"]
    )
    def test_what_could_change_a_name_stays_as_it_was_given(self, kept: str) -> None:
        assert lines(kept) == [kept]
        assert mended(kept) == []


class TestAnyInput:
    @given(st.text(max_size=300))
    def test_any_paste_becomes_lines_without_control_characters(self, content: str) -> None:
        text = clean(content)
        assert [line.number for line in text.lines] == list(range(1, len(text.lines) + 1))
        assert not any(ord(character) < 32 and character != "\t" for line in text.lines for character in line.text)

    @given(st.binary(max_size=300))
    def test_any_bytes_become_lines_or_are_refused_with_a_sentence(self, content: bytes) -> None:
        refusal = ""
        try:
            clean(content, "evidence.txt")
        except Refused as refused:
            refusal = str(refused)
        assert not refusal or refusal.startswith("evidence.txt is not text")

    @pytest.mark.parametrize("piece", ["\x1b]", "\x1b[0", "\x1b", "C:\\", " ", "\u200e", "\r"])
    def test_much_damage_is_mended_like_a_little(self, piece: str) -> None:
        assert clean(piece * (300_000 // len(piece)))


def test_half_a_character_is_replaced_for_it_could_be_written_nowhere() -> None:
    assert clean("Outbound \udc81 two").lines[0].text == "Outbound ? two"
