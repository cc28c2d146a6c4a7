"""Nothing is told by colour alone: with NO_COLOR what is chosen and how grave a word is can still be seen.

That every screen has its words then, and shows where the focus is, is held in test_frames.py.

`styles` is a frame of how cells are drawn: r reversed, that is dark on light, b bold, d dim, u underlined; in this
order, the first that holds. Without colours this is what is left.
"""

from __future__ import annotations

import pytest
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from screens.app.failures import FailureTable, OccurrenceList
from tests.screens import practised
from tests.screens.driving import Driven, check_golden, drawn, driven, empty, sample_at
from tests.screens.scenes import SAMPLE, named
from wizard.case.case import StepId

pytestmark = pytest.mark.long

KEPT = [
    "welcome",
    "empty-02-connector",
    "sample-04-log",
    "sample-06-command",
    "before-copy",
    "sessions",
    "blocked",
    "practice-answer",
]


@pytest.fixture(autouse=True)
def _scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice has the canned scenarios."""
    practised.canned(monkeypatch)


@pytest.fixture(autouse=True)
def _no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def letter(segment: Segment) -> str:
    style = segment.style or Style.null()
    marks = {
        "r": bool(style.reverse) is not is_dark_on_light(style),
        "b": style.bold,
        "d": style.dim,
        "u": style.underline,
    }
    return next((mark for mark, holds in marks.items() if holds), ".")


def is_dark_on_light(style: Style) -> bool:
    """Textual draws some of what is reversed with its colours changed places."""
    if not (style.color and style.bgcolor):
        return False
    return brightness(style.color) < brightness(style.bgcolor)


def brightness(color: Color) -> int:
    """Of a grey, for NO_COLOR leaves no other."""
    red, green, blue = color.get_truecolor()
    assert red == green == blue, color
    return red


def styles(person: Driven) -> list[str]:
    """One letter for each cell of the screen."""
    return ["".join(letter(segment) * segment.cell_length for segment in strip) for strip in drawn(person.app)]


def cells(person: Driven, region: Region) -> str:
    """The letters of a part of the screen."""
    return "".join(line[region.x : region.right] for line in styles(person)[region.y : region.bottom])


@pytest.mark.parametrize("name", KEPT)
async def test_how_cells_are_drawn(name: str) -> None:
    async with driven(empty()) as person:
        await named(name).show(person)
        check_golden(f"styles/{name}", "\n".join(line.rstrip(".") for line in styles(person)))


@pytest.mark.parametrize("what", ["#back", "#next"])
async def test_a_button_without_the_focus_is_not_reversed(what: str) -> None:
    async with driven(sample_at(StepId.LOG), StepId.LOG) as person:
        button = person.screen.query_one(what)
        button.focus()
        await person.settle()
        assert "r" in cells(person, button.region)
        person.screen.query_one(FailureTable).focus()
        await person.settle()
        assert "r" not in cells(person, button.region)


async def test_the_row_of_a_table_is_seen_and_moves() -> None:
    async with driven(sample_at(StepId.LOG), StepId.LOG) as person:
        await named("sessions").show(person)
        found = person.app.screen.query_one(OccurrenceList).region
        for number in range(2):
            rows = [cells(person, Region(found.x, found.y + row, found.width, 1)) for row in range(3)]
            assert ["r" in row for row in rows] == [row == number for row in range(3)]
            await person.press("down")


async def test_what_is_chosen_has_a_mark_of_its_own() -> None:
    async with driven(sample_at(StepId.PROMPT), StepId.PROMPT) as person:
        assert "(*)" not in person.frame
        await person.choose(0)
        assert "(*) I answered N" in person.frame
        assert person.frame.count("(*)") == 1


async def test_every_finding_begins_with_a_word_that_says_how_grave_it_is() -> None:
    async with driven(empty(), size=(80, 60)) as person:
        for scene in (*SAMPLE, named("blocked")):
            await scene.show(person)
            for finding in person.screen._findings():
                start = f" {finding.level.value:<9}{finding.text[:20]}"
                assert start in person.frame, f"{scene.name}: {finding.level.value} {finding.text}"
