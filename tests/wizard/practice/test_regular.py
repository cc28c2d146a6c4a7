"""Regular expressions and wildcards in the practice shell: the same as Python's, and none that never ends."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wizard.practice.console import printed
from wizard.practice.shell.operators import regular
from wizard.practice.shell.values import like

ROW = (
    "2026-11-22T08:00:02.125Z,Partner (TLS),08DE00000000A1B2,10,192.0.2.7:20937,198.51.100.85:25,*,"
    '" CN=mail.contoso.com, O=Contoso CN=Example CA 5, O=Example, L=Bath, C=GB C8C7D80F7C09D961910EDA6BA53CF90E355AE8ED'
    ' 60DE86CC5B0A07383A63DD3F3022BAD8AD041F5F 2026-06-15T23:59:59.000Z mail.contoso.com;autodiscover.contoso.com"'
    ",Sending certificate Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names"
)


@pytest.mark.parametrize(
    "pattern",
    [
        r"UnknownCredentials",
        r"\b[0-9A-F]{40}\b",
        r"(\d{1,3}\.){3}\d{1,3}",
        r"(?:[0-9A-F]{2} ?){20}",
        r"CN=.*thumb.*x",
        r"\d+.*\w+x",
        r"(SMTP|IIS)+",
        r"^(\d{4})-(\d\d)-(\d\d)T([\d:.]+)Z,([^,]*),([^,]*),",
        r"CN=([^,]+),.*O=([^,]+)",
        r"(?<thumbprint>[0-9A-F]{40})",
        r"^.*?(\S+)\s+(\S+)\s+(\S+)$",
        r"^\s*|\s*$",
        r"(?=.*SMTP)(?=.*IIS).*",
    ],
)
def test_what_admins_write_is_tried_on_a_row_of_a_log(pattern: str) -> None:
    expected = re.compile(pattern.replace("(?<t", "(?P<t"), re.IGNORECASE).search(ROW)
    found = regular(pattern).search(ROW)
    assert (found and found.span()) == (expected and expected.span())


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"(a*)*b", r"(a+b?)+!!", r"(?=(a+)+$)", r"(a+){2,}b", r"(?i:(a+)*)$"])
@pytest.mark.parametrize("line", ["{0} -match '{1}'", "{0} -replace '{1}','x'", "{0} | Select-String '{1}'"])
def test_a_repeat_inside_a_repeat_is_refused_and_said(pattern: str, line: str) -> None:
    said = printed(line.format(f"'{'a' * 100}!'", pattern), columns=200)
    assert said == "The practice shell does not try a regular expression with a repeat inside a repeat."


def test_many_stars_in_a_wildcard_end_at_once() -> None:
    assert not like("a" * 5_000 + "!", "*a" * 40 + "*b")
    assert like("a" * 5_000 + "b", "*a" * 40 + "*b")


@settings(deadline=None)
@given(st.text("ab.", max_size=12), st.text("ab*?.", max_size=8))
def test_a_wildcard_matches_what_it_says(text: str, pattern: str) -> None:
    said = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    assert like(text, pattern) is (re.fullmatch(said, text, re.DOTALL) is not None)
