"""A value becomes an expression that PowerShell reads back as exactly that value, or it is refused."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.powershell.literal import LONGEST, UnsafeNameError, environment_path, literal

SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
"""What PowerShell's tokenizer takes for a single quote; each is doubled to stand for itself."""


def evaluate(expression: str) -> str:
    """What PowerShell makes of the expressions `literal` may write, and of nothing else.

    Knows `'…'`, `[char]0xHHHH`, `+` and parentheses around the whole. The left operand of `+` must
    be a string: what `+` does after a [char] is not the same in all versions.
    """
    if expression[0] != "(":
        value, end = quoted_string(expression, 0)
        assert end == len(expression), f"more than one value outside parentheses: {expression[end:]}"
        return value
    units = b""
    at = 1
    while True:
        if expression[at] in SINGLE_QUOTES:
            text, at = quoted_string(expression, at)
            units += text.encode("utf-16-le")
        else:
            number = re.compile(r"\[char\]0x([0-9A-F]{4})").match(expression, at)
            assert number, f"neither a string nor a [char]: {expression[at:]}"
            assert at > 1, "the first operand is a [char], so + may mean arithmetic"
            units += int(number[1], 16).to_bytes(2, "little")
            at = number.end()
        if expression[at:] == ")":
            return units.decode("utf-16-le")
        assert expression.startswith(" + ", at), f"no + and no end: {expression[at:]}"
        at += 3


def quoted_string(expression: str, at: int) -> tuple[str, int]:
    """The string whose opening quote stands at `at`, and where it ends."""
    assert expression[at] in SINGLE_QUOTES
    value = ""
    at += 1
    while True:
        character = expression[at]
        if character in SINGLE_QUOTES:
            if expression[at + 1 : at + 2] not in tuple(SINGLE_QUOTES):
                return value, at + 1
            at += 1
        value += character
        at += 1


CASES = [
    # the usual names
    ("Outbound to Office 365", "'Outbound to Office 365'"),
    ("Outbound to Office 365 - 7c1de0aa-0b9f-4f35-8a54-3d2f6e1b9c80", None),
    # quotes
    ("Tom's and Ann's relay", "'Tom''s and Ann''s relay'"),
    ("'", "''''"),
    ("''", "''''''"),
    ("say 'yes'", "'say ''yes'''"),
    ('the "big" one', "'the \"big\" one'"),
    ("Tom\u2018s", "('Tom' + [char]0x2018 + 's')"),
    ("Tom\u2019s", "('Tom' + [char]0x2019 + 's')"),
    ("Tom\u201as", "('Tom' + [char]0x201A + 's')"),
    ("Tom\u201bs", "('Tom' + [char]0x201B + 's')"),
    ("x\u2018'y", "('x' + [char]0x2018 + '''y')"),
    ("x\u2019'y", "('x' + [char]0x2019 + '''y')"),
    ("x\u201a'y", "('x' + [char]0x201A + '''y')"),
    ("x\u201b'y", "('x' + [char]0x201B + '''y')"),
    ("\u2018", "('' + [char]0x2018)"),
    ("\u2019", "('' + [char]0x2019)"),
    ("\u201a", "('' + [char]0x201A)"),
    ("\u201b", "('' + [char]0x201B)"),
    ("x\u2019; Remove-ReceiveConnector Lab; \u2019y", None),
    ("x'; Remove-ReceiveConnector Lab; 'y", "'x''; Remove-ReceiveConnector Lab; ''y'"),
    ("\u201cpartner\u201d", "('' + [char]0x201C + 'partner' + [char]0x201D)"),
    # look like quotes, are none
    ("\uff07wide\uff07", None),
    ("\u02bcHawaii", None),
    ("\u2032minutes", None),
    # what PowerShell would expand or obey outside of quotes
    ("$home $(whoami) `t", "'$home $(whoami) `t'"),
    ("tick`tock", "'tick`tock'"),
    ("in;out|up&down<left>right", "'in;out|up&down<left>right'"),
    ("#2 {a} (b) [c] @d", "'#2 {a} (b) [c] @d'"),
    ("To*all?", "'To*all?'"),
    ("-Confirm", "'-Confirm'"),
    ("-Force", "'-Force'"),
    ("--%", "'--%'"),
    ("\u2013Confirm", "('' + [char]0x2013 + 'Confirm')"),
    ("$null", "'$null'"),
    # other scripts and planes
    ("Outbound \u2013 O365", "('Outbound ' + [char]0x2013 + ' O365')"),
    (
        "\u041f\u043e\u0447\u0442\u0430",
        "('' + [char]0x041F + [char]0x043E + [char]0x0447 + [char]0x0442 + [char]0x0430)",
    ),
    ("\u90f5\u4fbf\u4e8b\u52d9", None),
    ("S\u00fcd\u00f6st", "('S' + [char]0x00FC + 'd' + [char]0x00F6 + 'st')"),
    ("Cafe\u0301", "('Cafe' + [char]0x0301)"),
    ("\U0001f4e7 out", "('' + [char]0xD83D + [char]0xDCE7 + ' out')"),
    ("out \U0001f4e7", "('out ' + [char]0xD83D + [char]0xDCE7)"),
    # blanks
    ("left\u00a0right", "('left' + [char]0x00A0 + 'right')"),
    ("left\u3000right", "('left' + [char]0x3000 + 'right')"),
    ("three   blanks", "'three   blanks'"),
    ("  at both ends ", "'  at both ends '"),
    (" ", "' '"),
    # look like something else
    ("50%", "'50%'"),
    ("D:\\queue\\relay", "'D:\\queue\\relay'"),
    ("left,right", "'left,right'"),
    ("Northwind, Ltd. (UK) = live", "'Northwind, Ltd. (UK) = live'"),
    ("0xFF", "'0xFF'"),
    ("365", "'365'"),
    # private use and not yet assigned: exact by number
    ("logo \ue001", "('logo ' + [char]0xE001)"),
    ("new \u0378", "('new ' + [char]0x0378)"),
]


@pytest.mark.parametrize(("name", "expression"), CASES, ids=[ascii(name) for name, _ in CASES])
def test_a_name_is_written_so_that_powershell_reads_it_back_unchanged(name: str, expression: str | None) -> None:
    written = literal(name)

    assert evaluate(written) == name
    if expression is not None:
        assert written == expression


SAFE = st.text(
    st.characters(
        exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"],
        exclude_characters="\ufffd\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0",
    )
    | st.sampled_from(SINGLE_QUOTES + '"`$()+[]; \u201c\u2013\U0001f4e7'),
    min_size=1,
    max_size=64,
)


@given(SAFE)
@example("'" * 64)
@example("\u2019" * 64)
@example("') + [char]0x41 + ('")
def test_every_safe_name_comes_back_whole_from_one_line_of_printable_ascii(name: str) -> None:
    written = literal(name)

    assert evaluate(written) == name
    assert re.fullmatch(r"[ -~]+", written)


@given(st.text(min_size=1, max_size=300))
def test_any_name_is_either_written_exactly_or_refused_in_words_that_show_nothing_of_it(name: str) -> None:
    refusal = ""
    try:
        assert evaluate(literal(name)) == name
    except UnsafeNameError as error:
        refusal = str(error)
    assert re.fullmatch(r"[ -~]*", refusal)


REFUSED = [
    ("in\nout", "a line feed (U+000A) at position 3"),
    ("in\rout", "a carriage return (U+000D) at position 3"),
    ("in\tout", "a tab (U+0009) at position 3"),
    ("in\x1b[2Jout", "an escape (U+001B) at position 3"),
    ("in\x00out", "a NUL (U+0000) at position 3"),
    ("in\x7fout", "a control character (U+007F) at position 3"),
    ("in\x85out", "a control character (U+0085) at position 3"),
    ("in\u2028out", "LINE SEPARATOR (U+2028) at position 3"),
    ("in\u2029out", "PARAGRAPH SEPARATOR (U+2029) at position 3"),
    ("in\u202eout", "RIGHT-TO-LEFT OVERRIDE (U+202E) at position 3"),
    ("\u200eout", "LEFT-TO-RIGHT MARK (U+200E) at position 1"),
    ("in\u2066out", "LEFT-TO-RIGHT ISOLATE (U+2066) at position 3"),
    ("in\u200bout", "ZERO WIDTH SPACE (U+200B) at position 3"),
    ("in\u200dout", "ZERO WIDTH JOINER (U+200D) at position 3"),
    ("in\u00adout", "SOFT HYPHEN (U+00AD) at position 3"),
    ("\ufeffout", "ZERO WIDTH NO-BREAK SPACE (U+FEFF) at position 1"),
    ("in\u3164out", "HANGUL FILLER (U+3164) at position 3"),
    ("in\ufffdout", "REPLACEMENT CHARACTER (U+FFFD) at position 3"),
    ("in\ud83dout", "a lone surrogate (U+D83D) at position 3"),
    ("in\udce7out", "a lone surrogate (U+DCE7) at position 3"),
]


@pytest.mark.parametrize(("name", "described"), REFUSED, ids=[ascii(name) for name, _ in REFUSED])
def test_what_a_console_obeys_or_nobody_sees_is_refused_by_name_and_place(name: str, described: str) -> None:
    with pytest.raises(UnsafeNameError, match=re.escape(f"The name has {described}: ")) as refusal:
        literal(name)

    assert str(refusal.value).endswith(".")
    assert str(refusal.value).isprintable()


@given(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), SAFE, SAFE)
def test_one_such_character_anywhere_is_enough(bad: str, before: str, after: str) -> None:
    with pytest.raises(UnsafeNameError, match=f"U\\+{ord(bad):04X}\\) at position {len(before) + 1}"):
        literal(before + bad + after)


def test_each_character_of_unicode_is_either_exact_or_refused() -> None:
    refused = []
    for number in (*range(0x10000), *range(0x10000, 0x110000, 97)):
        character = chr(number)
        try:
            assert evaluate(literal(character)) == character
        except UnsafeNameError:
            refused.append(character)

    letters_and_marks = [c for c in refused if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert letters_and_marks == list("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufffd")


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(UnsafeNameError, match="The name is empty"):
        literal("")


def test_a_name_longer_than_a_windows_path_is_refused_and_one_as_long_is_not() -> None:
    assert evaluate(literal("x" * LONGEST)) == "x" * LONGEST
    with pytest.raises(UnsafeNameError, match="has 261 characters"):
        literal("x" * (LONGEST + 1))


def test_the_refusal_says_what_was_refused() -> None:
    with pytest.raises(UnsafeNameError, match="The path has a tab"):
        literal("D:\\logs\there", "path")


def test_a_folder_below_an_environment_variable_is_expanded_by_powershell() -> None:
    assert environment_path("ExchangeInstallPath", r"TransportRoles\Logs") == (
        r'"$($env:ExchangeInstallPath)TransportRoles\Logs"'
    )


@pytest.mark.parametrize("relative", ["", "a$b", 'a"b', "a`b", "a b", "\\a", "a\\", "..\\a", "a\n"])
def test_nothing_but_a_plain_folder_goes_where_powershell_expands(relative: str) -> None:
    with pytest.raises(ValueError, match="not a plain relative folder"):
        environment_path("ExchangeInstallPath", relative)


@pytest.mark.parametrize("variable", ["", "a b", "a)", "1a", "a\n"])
def test_nothing_but_a_plain_variable_is_expanded(variable: str) -> None:
    with pytest.raises(ValueError, match="not the plain name of an environment variable"):
        environment_path(variable, "Logs")
