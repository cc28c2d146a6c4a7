"""The result sheet: what an attempt came to, as text, as JSON and as a page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.wizard.practice.scenes import bound, exercise, retried
from wizard.practice.coach import Met
from wizard.practice.result import (
    LONGEST_TYPED,
    MOST_TYPED,
    Attempt,
    Learned,
    Result,
    as_text,
    duration,
    from_table,
    record_page,
    to_table,
)
from wizard.practice.scenario import Mode

BEGUN = datetime(2026, 11, 22, 21, 40, tzinfo=UTC)
SMALL = exercise()
ATTEMPT = Attempt(SMALL, Mode.ALONE, BEGUN)
SHEET = (
    ATTEMPT.typing("Get-Queue")
    .typing("N")
    .hinted()[0]
    .sheet(retried(bound(SMALL.start, SMALL.identities["public"])), BEGUN + timedelta(minutes=7, seconds=5))
)

TEXTS = st.text(max_size=40)
RESULTS = st.builds(
    Result,
    scenario=TEXTS,
    title=TEXTS,
    seed=st.integers(0, 10**6),
    mode=st.sampled_from(Mode),
    started=st.datetimes(timezones=st.just(UTC)),
    ended=st.datetimes(timezones=st.just(UTC)),
    hints=st.integers(0, 3),
    goals=st.lists(st.builds(Met, TEXTS, st.booleans()), max_size=3).map(tuple),
    damage=st.lists(TEXTS, max_size=3).map(tuple),
    solved=st.booleans(),
    typed=st.lists(TEXTS, max_size=5).map(tuple),
    concluded=TEXTS,
    lessons=st.lists(TEXTS, max_size=3).map(tuple),
)


def test_the_sheet_has_what_was_reached_and_what_it_took() -> None:
    assert (SHEET.solved, SHEET.hints, SHEET.typed) == (True, 1, ("Get-Queue", "N"))
    assert SHEET.took == timedelta(minutes=7, seconds=5)
    assert SHEET.headline == "Solved, and nothing was damaged."


def test_hints_are_counted_go_from_gentle_to_plain_and_end() -> None:
    attempt, said = ATTEMPT, []
    for _ in range(4):
        attempt, hint = attempt.hinted()
        said.append(hint)
    assert said == [*SMALL.hints, ""]
    assert attempt.hints == 3


def test_an_exam_has_no_hints() -> None:
    attempt, hint = Attempt(SMALL, Mode.EXAM, BEGUN).hinted()
    assert (attempt.hints, hint) == (0, "")


def test_a_clock_that_was_set_back_gives_no_negative_time() -> None:
    assert ATTEMPT.sheet(SMALL.start, BEGUN - timedelta(hours=1)).took == timedelta(0)


def test_a_pasted_file_does_not_fill_the_sheet() -> None:
    attempt = ATTEMPT
    for number in range(MOST_TYPED + 5):
        attempt = attempt.typing(str(number))
    assert attempt.typed[0] == "5"
    assert len(attempt.typing("x" * 99_999).typed[-1]) == LONGEST_TYPED


def test_the_text_is_for_a_terminal() -> None:
    text = as_text(SHEET)
    assert text.startswith("A small one\nSolved, and nothing was damaged.\n")
    assert "  [x] What waited has left\n" in text
    assert "Alone: 7 min 05 s, 1 hint, 2 lines typed." in text
    assert max(map(len, text.split("\n"))) < 80
    narrow = as_text(replace(SHEET, lessons=("one two three " * 9,)), 40)
    assert max(map(len, narrow.split("\n")[:-3])) < 40
    assert "\n    one two" in narrow


def test_damage_stands_in_text_and_page() -> None:
    sheet = ATTEMPT.sheet(bound(SMALL.start, SMALL.identities["public"], "Y"), BEGUN)
    assert sheet.headline == "Not solved, and something was damaged."
    assert "  ! A default SMTP certificate was replaced." in as_text(sheet)
    assert as_text(sheet).count("\n    ") > 1
    assert "Damage: A default SMTP certificate was replaced." in record_page(Learned((sheet,)), "", BEGUN)


def test_the_page_needs_nothing_else_and_acts_on_nothing() -> None:
    sheet = ATTEMPT.typing("<script>alert(1)</script>\x1b[31m").sheet(SMALL.start, BEGUN)
    page = record_page(Learned((sheet,)), "", BEGUN)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page
    assert "http" not in page.replace("http-equiv", "")


@given(RESULTS)
def test_the_json_comes_back_as_the_same_sheet(result: Result) -> None:
    text = json.dumps(to_table(result))
    assert from_table(json.loads(text)) == result
    assert as_text(result).endswith("\n")


@given(st.sampled_from(sorted(to_table(SHEET))), st.sampled_from([None, 3, True, [3], {"a": 1}, "2026-13-01"]))
def test_a_damaged_key_is_refused_by_its_name(key: str, value: object) -> None:
    said = refusal(to_table(SHEET) | {key: value})
    assert not said or f"result.{key}" in said


def refusal(table: object) -> str:
    """What is said of a table that is no sheet; empty where it is one."""
    try:
        from_table(table)
    except ValueError as error:
        return str(error)
    return ""


def test_what_is_no_sheet_is_refused() -> None:
    tables: list[object] = [[], "x", {}, {**to_table(SHEET), "started": "2026-11-22T21:40:00"}]
    for table in tables:
        assert refusal(table)


def test_times_are_told_in_words() -> None:
    assert [duration(timedelta(seconds=each)) for each in (8, 65, 3_720)] == ["8 s", "1 min 05 s", "1 h 02 min"]
