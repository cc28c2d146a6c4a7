"""Where the console has no lines and marks, every screen is drawn with ASCII, each cell where it was."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from screens.app.look import AsciiFilter
from tests.screens import practised
from tests.screens.driving import check_golden, driven, empty, our_case
from tests.screens.scenes import named
from wizard.case.case import StepId
from wizard.steps.connector import name_connector
from wizard.steps.flow import settle

FOR_THE_EYE = ["welcome", "sample-06-command", "before-copy", "sessions", "practice-answer"]
"""Frames that are kept in ASCII too, to be looked at."""


@pytest.fixture(autouse=True)
def _scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice has the canned scenarios."""
    practised.canned(monkeypatch)


async def test_frames_in_ascii() -> None:
    async with driven(empty(), ascii_for="ascii") as person:
        for name in FOR_THE_EYE:
            await named(name).show(person)
            check_golden(f"ascii/{name}", person.frame)


NAME = "M\u00fcller \u041c\u0438\u0440 \u4e2d\u6587"


@pytest.mark.parametrize(
    ("carries", "seen"),
    [("utf-8", NAME), ("iso8859-1", "M\u00fcller ??? ????"), ("ascii", "M?ller ??? ????")],
)
async def test_a_name_of_another_script_is_shown_as_far_as_the_encoding_carries_it(carries: str, seen: str) -> None:
    case = settle(name_connector(our_case(StepId.CONNECTOR), NAME).case, StepId.CONNECTOR)
    async with driven(case, StepId.CONNECTOR, ascii_for=carries) as person:
        assert f" {seen}\n" in person.frame
        assert "\u2500" not in person.frame
        # What is shown is not what is kept.
        assert person.case.connector == NAME


def filtered(text: str, carries: str = "ascii") -> Segment:
    [segment] = AsciiFilter(carries).apply([Segment(text, Style(bold=True))], Color(0, 0, 0))
    return segment


@pytest.mark.parametrize("text", ["\u4e2d\u6587", "e\u0301", "\U0001f600 ok", "\u2500\u2510", "plain"])
def test_no_cell_moves(text: str) -> None:
    assert cell_len(filtered(text).text) == cell_len(text)
    assert filtered(text).text.isascii()


def test_the_style_stays() -> None:
    assert filtered("\u2500").style == Style(bold=True)


def test_what_controls_the_terminal_is_left_alone() -> None:
    control = Segment("\u2500", None, [(1,)])  # type: ignore[list-item]
    assert AsciiFilter("ascii").apply([control], Color(0, 0, 0)) == [control]
