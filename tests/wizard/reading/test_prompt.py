"""The overwrite prompt, however narrow the console it was copied from."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import OverwritePrompt
from wizard.reading.prompt import read_prompts
from wizard.reading.text import clean

CURRENT = "1A2B3C4D5E6F70819203A4B5C6D7E8F901234567"
NEW = "FEDCBA98765432100123456789ABCDEF00112233"
CURRENT_LINE = f"Current certificate: '{CURRENT}' (expires 4/30/2027 5:59:11 PM)"
NEW_LINE = f"Replace it with certificate: '{NEW}' (expires 5/31/2028 6:26:12 PM)"
PROMPT = f"""
Confirm
Overwrite the existing default SMTP certificate?

{CURRENT_LINE}
{NEW_LINE}
[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):
"""


def prompts(text: str) -> list[OverwritePrompt]:
    return list(read_prompts(clean(text)).facts)


def named(text: str) -> list[tuple[str | None, str | None]]:
    return [(prompt.current, prompt.replacement) for prompt in prompts(text)]


def test_both_certificates_and_their_expiry_are_read() -> None:
    (prompt,) = prompts(PROMPT)
    assert (prompt.current, prompt.replacement) == (CURRENT, NEW)
    assert (prompt.current_expires, prompt.replacement_expires) == ("4/30/2027 5:59:11 PM", "5/31/2028 6:26:12 PM")
    assert [line.number for line in prompt.lines] == [5, 6]


@given(width=st.integers(20, 130), indent=st.integers(0, 4), at_words=st.booleans())
def test_any_width_and_any_indentation(width: int, indent: int, at_words: bool) -> None:
    lines: list[str] = []
    for line in PROMPT.split("\n"):
        cut = [line[at : at + width] for at in range(0, len(line), width)] or [""]
        lines += (textwrap.wrap(line, width) or [""]) if at_words else cut
    assert named("\n".join(" " * indent + line for line in lines)) == [(CURRENT, NEW)]


@pytest.mark.parametrize("quotes", ["‘’", "“”", "''", '""', "``"])
def test_quotes_of_any_kind(quotes: str) -> None:
    assert named(PROMPT.replace(f"'{CURRENT}'", quotes[0] + CURRENT + quotes[1])) == [(CURRENT, NEW)]


def test_one_of_the_two_lines_alone() -> None:
    assert named(CURRENT_LINE) == [(CURRENT, None)]
    assert named(NEW_LINE) == [(None, NEW)]


def test_two_prompts_in_one_paste_stay_two() -> None:
    assert named(PROMPT + PROMPT) == [(CURRENT, NEW), (CURRENT, NEW)]


def test_lower_case_is_made_upper_case() -> None:
    assert named(CURRENT_LINE.lower()) == [(CURRENT, None)]


def test_the_question_alone_names_no_certificate() -> None:
    found = read_prompts(clean("Confirm\nOverwrite the existing default SMTP\ncertificate?"))
    assert [(each.current, each.replacement) for each in found.facts] == [(None, None)]
    assert found.unread[0].line == 2


@pytest.mark.parametrize("shown", [CURRENT[:39], CURRENT + "0", "x" * 40, CURRENT[:12] + "…"])
def test_a_thumbprint_that_is_not_whole_is_left_out_with_its_reason(shown: str) -> None:
    found = read_prompts(clean(PROMPT.replace(CURRENT, shown)))
    assert [(each.current, each.replacement) for each in found.facts] == [(None, NEW)]
    assert len(found.unread) == 1


def test_the_older_wording_with_both_certificates_in_the_question() -> None:
    question = (
        f"Overwrite existing default SMTP certificate, '{CURRENT}' (expires 4/30/2027 5:59:11 PM), "
        f"with certificate '{NEW}' (expires 5/31/2028 6:26:12 PM)?"
    )
    assert named(question) == [(CURRENT, NEW)]


@given(st.text(max_size=300))
def test_any_text_gives_prompts_or_reasons(text: str) -> None:
    for given_text in (text, "Current certificate: '" + text, PROMPT[:90] + text):
        found = read_prompts(clean(given_text))
        assert found.facts or found.unread
