"""Regular expressions and wildcards in the practice shell: the same as Python's, and none that never ends."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wizard.practice.language import regular as language_regular
from wizard.practice.language.comparing import like
from wizard.practice.language.regular import MOST_TRIES, begin_line, regular

from tests.wizard.practice.console import opened
from wizard.practice.shell.values import NotKnownError

ROW = (
    "2026-11-22T08:00:02.125Z,Partner (TLS),08DE00000000A1B2,10,192.0.2.7:20937,198.51.100.85:25,*,"
    '" CN=mail.contoso.com, O=Contoso CN=Example CA 5, O=Example, L=Bath, C=GB C8C7D80F7C09D961910EDA6BA53CF90E355AE8ED'
    ' 60DE86CC5B0A07383A63DD3F3022BAD8AD041F5F 2026-06-15T23:59:59.000Z mail.contoso.com;autodiscover.contoso.com"'
    ",Sending certificate Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names"
)
USED = (
    r"UnknownCredentials",
    r"\b[0-9A-F]{40}\b",
    r"(\d{1,3}\.){3}\d{1,3}",
    r"(?:[0-9A-F]{2} ?){20}",
    r"CN=.*thumb.*x",
    r"a.*b.*c.*d",
    r"\d+.*\w+x",
    r"(SMTP|IIS)+",
    r"^(\d{4})-(\d\d)-(\d\d)T([\d:.]+)Z,([^,]*),([^,]*),",
    r"CN=([^,]+),.*O=([^,]+)",
    r"(?<thumbprint>[0-9A-F]{40})",
    r"^.*?(\S+)\s+(\S+)\s+(\S+)$",
    r"^\s*|\s*$",
    r"(?=.*SMTP)(?=.*IIS).*",
)
ENDLESS = (
    r"^(a+)+$",
    r"(a|a)*$",
    r"(a|aa)+$",
    r"(a*)*b",
    r"(?:a?){40}b",
    r"(a+b?)+!!",
    r"((a+)+b)+",
    r"(?=(a+)+$)",
    r"(?P<x>a+)+c",
    r"(a+){,}b",
    r"a*a*a*a*a*a*b",
    r"(?i:(a+)+)$",
    r"(a*)\1*\1*\1*\1*\1*b",
)


@pytest.mark.parametrize("pattern", USED)
def test_what_admins_write_is_tried_on_a_row_of_a_log(pattern: str) -> None:
    begin_line()
    translated = pattern.replace("(?<t", "(?P<t")
    expected = re.compile(translated, re.IGNORECASE).search(ROW)
    found = regular(pattern).search(ROW)
    assert (found and found.span()) == (expected and expected.span())


@pytest.mark.parametrize("pattern", ENDLESS)
def test_one_that_would_not_come_to_an_end_is_refused_and_said(pattern: str) -> None:
    begin_line()
    with pytest.raises(NotKnownError, match="more ways to match than can be tried"):
        regular(pattern).search("a" * 1_000 + "!")


@pytest.mark.parametrize(
    "line",
    [
        "{0} -match '(a+)+$'",
        "{0} -replace '(a+)+$','x'",
        "{0} -split '(a+)+$'",
        "{0} | Select-String '(a+)+$'",
        "{0} | Where-Object {{ $_ -cmatch '(a+)+$' }}",
    ],
)
def test_the_shell_says_it_in_one_sentence_wherever_it_matches(line: str) -> None:
    said = opened(400).enter(line.format(f"'{'a' * 100}!'")).text
    assert said.startswith("The practice shell does not try this regular expression")


def test_a_comparison_of_a_book_with_a_book_is_not_begun() -> None:
    with pytest.raises(NotKnownError, match="as long as these"):
        like("a" * 900_000, "*" + "a" * 40_000 + "b")


def test_many_stars_in_a_wildcard_end_at_once() -> None:
    assert not like("a" * 5_000 + "!", "*a" * 40 + "*b")
    assert like("a" * 5_000 + "b", "*a" * 40 + "*b")


def test_a_line_that_has_matched_for_too_long_is_given_up_and_the_next_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(language_regular, "LONGEST", -1.0)
    shell = opened(400)
    assert shell.enter("'ab' -match 'a'").text.startswith("The practice shell does not try")
    monkeypatch.undo()
    assert shell.enter("'ab' -match 'a'").text == "True"


@settings(deadline=None)
@given(st.text("ab.", max_size=12), st.text("ab*?.", max_size=8))
def test_a_wildcard_matches_what_it_says(text: str, pattern: str) -> None:
    said = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    assert like(text, pattern) is (re.fullmatch(said, text, re.DOTALL) is not None)


ATOMS = st.sampled_from(["a", "b", ".", r"\w", r"\s", "[ab]", "[^a]", r"\.", "^", "$", r"\b", " "])
QUANTIFIERS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}", "*?", "+?", "*+"])
PATTERNS = st.recursive(
    st.builds(lambda atom, often: atom if atom in ("^", "$", r"\b") else atom + often, ATOMS, QUANTIFIERS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.builds(
            lambda kind, one, other, often: f"({kind}{one}{f'|{other}' if other else ''}){often}",
            st.sampled_from(["", "?:", "?=", "?!", "?>", "?i:"]),
            inner,
            st.one_of(st.just(""), inner),
            QUANTIFIERS,
        ),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=400)
@given(PATTERNS, st.text("ab. ", max_size=24))
def test_any_expression_gives_what_python_gives_or_is_refused(pattern: str, text: str) -> None:
    """Were the bound too low for one of them, this would not come to an end."""
    begin_line()
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except re.error:
        return
    try:
        found = regular(pattern).search(text)
    except NotKnownError:
        assert regular(pattern).tries(text) > MOST_TRIES
        return
    expected = compiled.search(text)
    assert (found and found.span()) == (expected and expected.span())
