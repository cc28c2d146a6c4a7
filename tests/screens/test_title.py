"""The line at the top: where one is and in which case, in whole words, whatever room there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.app.app import WizardApp
from screens.app.look import TitlePart, Worth, fitting
from tests.screens.driving import driven, empty, our_case, sample_at
from tests.screens.test_cases import saved_in
from wizard.case.book import Casebook
from wizard.case.case import StepId
from wizard.machine import settings as places

S = StepId
PARTS = (
    TitlePart(Worth.PROGRAM, "exchange-cert-wizard"),
    TitlePart(Worth.STEP, "Step 4 of 12"),
    TitlePart(Worth.SERVER, "on EX01", gap=" "),
    TitlePart(Worth.ARTICLE, "KB step 2"),
)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Casebook:
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path))
    return Casebook(places.cases_folder())


def title(app: WizardApp) -> str:
    return str(app.screen.query_one("#title").render())


def test_what_is_missed_least_is_left_out_first_and_whole() -> None:
    assert fitting(PARTS, 54) == "exchange-cert-wizard  Step 4 of 12 on EX01  KB step 2"
    assert fitting(PARTS, 52) == "Step 4 of 12 on EX01  KB step 2"
    assert fitting(PARTS, 30) == "Step 4 of 12 on EX01"
    assert fitting(PARTS, 12) == "Step 4 of 12"
    assert fitting(PARTS, 3) == "Step 4 of 12"


def test_parts_without_words_leave_no_gap() -> None:
    assert (
        fitting((TitlePart(Worth.KIND, ""), TitlePart(Worth.STEP, "Step 1 of 11"), TitlePart(Worth.CASE, "")), 80)
        == "Step 1 of 11"
    )


@given(st.lists(st.tuples(st.sampled_from(Worth), st.text("ab\u4e2d ", max_size=12)), max_size=7), st.integers(0, 60))
def test_it_is_never_wider_than_its_room_as_long_as_more_than_one_part_stands(
    parts: list[tuple[Worth, str]], columns: int
) -> None:
    given_parts = [TitlePart(worth, text) for worth, text in parts]
    line = fitting(given_parts, columns)
    assert cell_len(line) <= columns or line in {part.text for part in given_parts}


@pytest.mark.parametrize("step_id", [S.SYMPTOM, S.LOG, S.VERIFY, S.RESTORE])
async def test_the_smallest_window_has_whole_words(step_id: S) -> None:
    async with driven(sample_at(step_id), step_id, size=(60, 18)) as person:
        line = person.frame.split("\n")[0].strip()
        assert line == title(person.app)
        assert line.startswith("SAMPLE  Step ")
        assert line.endswith(person.screen.step.words.kb)


async def test_a_window_that_became_too_small_is_told_so() -> None:
    async with driven(our_case(S.LOG), S.LOG) as person:
        assert "window" not in title(person.app)
        await person.pilot.resize_terminal(40, 10)
        await person.settle()
        assert title(person.app) == "Step 4 of 11  window needs 60x18"
        await person.pilot.resize_terminal(80, 24)
        await person.settle()
        assert "window" not in title(person.app)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("INC 4711", "INC 4711"),
        ("Mail to the partner in Leeds waits since Friday night", "Mail to the partner in Leeds ..."),
    ],
)
@pytest.mark.quick(1)
async def test_a_case_with_a_name_shows_it_and_cuts_a_long_one(book: Casebook, name: str, shown: str) -> None:
    saved = saved_in(book, name)
    async with driven(book=book, resumed=saved.id) as person:
        await person.until(lambda: person.at is S.SERVICES)
        assert title(person.app).endswith(shown)


@pytest.mark.long
async def test_a_case_without_a_name_shows_its_id_where_there_are_others(book: Casebook) -> None:
    saved = saved_in(book)
    async with driven(book=book, resumed=saved.id) as person:
        await person.until(lambda: person.at is S.SERVICES)
        await person.settle()
        assert "case" not in title(person.app)
    saved_in(book)
    async with driven(book=book, resumed=saved.id) as person:
        await person.until(lambda: saved.id in title(person.app))


async def test_a_new_case_beside_others_shows_its_id_once_it_is_saved(book: Casebook) -> None:
    saved_in(book)
    async with driven(empty(), book=book) as person:
        await person.settle()
        assert "case" not in title(person.app)
        person.app.case = person.case.typing(S.SYMPTOM, "421")
        person.app.keeper.save_now()
        await person.press("f8")
        assert f"case {person.app.keeper.id}" in title(person.app)


async def test_a_case_that_is_gone_on_with_is_named(book: Casebook) -> None:
    saved_in(book, "York", hours=-1)
    saved_in(book, "Leeds")
    async with driven(book=book) as person:
        await person.until(lambda: "All saved cases (2)" in person.text)
        await person.press("down", "down", "enter")
        assert person.status.startswith("Opened: Leeds (Outbound to Office 365) at MBX1, saved ")
