"""Every screen as a person sees it: in a small, a usual and a large window, and in ASCII.

A frame is text, and so the same in colour and without: the usual window is drawn with NO_COLOR, where also the focus
must be seen, the others in colour. What ASCII makes of a screen is a filter over what was drawn.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import OptionList

from screens.app.look import AsciiFilter
from tests.screens import practised
from tests.screens.driving import GOLDEN, Driven, check_golden, drawn, driven, empty, sample_at
from tests.screens.scenes import GROUPS, a_folder_of_logs
from tests.screens.test_without_colour import cells
from wizard.case.case import StepId
from wizard.machine.console import ASCII_FOR
from wizard.steps.flow import steps_of

SMALL, USUAL, LARGE = (60, 18), (80, 24), (140, 40)
SIZES = {"60x18": SMALL, "80x24": USUAL, "140x40": LARGE}


@pytest.fixture(autouse=True)
def _scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice has the canned scenarios."""
    practised.canned(monkeypatch)


@pytest.fixture(autouse=True)
def _a_folder_of_logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder that is opened is the same on every machine."""
    a_folder_of_logs(monkeypatch, tmp_path)


def in_ascii(person: Driven) -> str:
    """The screen in a console that has no lines and marks."""
    strips = drawn(person.app)
    lines = (AsciiFilter("ascii").apply(list(strip), Color(0, 0, 0)) for strip in strips)
    return "\n".join("".join(segment.text for segment in line).rstrip() for line in lines)


@pytest.mark.parametrize("group", GROUPS)
async def test_every_screen(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    await look_at(group, USUAL)


@pytest.mark.long
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["60x18", "140x40"])
async def test_every_screen_in_another_window(size: tuple[int, int], group: str) -> None:
    await look_at(group, size)


async def look_at(group: str, size: tuple[int, int]) -> None:
    """Show all scenes of a group in one run of the app; every frame that differs is told."""
    trouble = []
    async with driven(empty(), size=size) as person:
        assert person.app.no_color is (size == USUAL)
        for scene in GROUPS[group]:
            await scene.show(person)
            frame, plain = person.frame, in_ascii(person)
            try:
                check_golden(scene.name, frame, size)
            except AssertionError as differs:
                trouble.append(str(differs))
            if plain != frame.translate(ASCII_FOR) or not plain.isascii():
                trouble.append(f"{scene.name} in ASCII:\n{plain}")
            if person.app.no_color and not is_focus_seen(person):
                trouble.append(f"{scene.name} shows no focus: {person.app.focused!r}")
    assert not trouble, "\n\n".join(trouble)


def is_focus_seen(person: Driven) -> bool:
    """Whether a cell is reversed: the cursor in a text, the row in a list, all of a button."""
    focused = person.app.focused
    # What only scrolls has nothing to show, nor has a list in which Enter alone must not answer.
    unmarked = isinstance(focused, OptionList) and focused.highlighted is None
    if focused is None or focused.id in {"body", "dialog"} or unmarked:
        return True
    return "r" in cells(person, focused.region)


def test_no_frame_is_kept_that_no_screen_is_held_against() -> None:
    shown = {scene.name for scenes in GROUPS.values() for scene in scenes}
    for size in SIZES:
        assert {path.stem for path in (GOLDEN / size).glob("*.txt")} == shown


async def test_a_window_that_changes_its_size_keeps_everything() -> None:
    async with driven(sample_at(StepId.LOG), StepId.LOG, size=LARGE) as person:
        before = person.frame
        await person.pilot.resize_terminal(*SMALL)
        await person.settle()
        assert "Read the log" in person.text
        await person.pilot.resize_terminal(*LARGE)
        await person.settle()
        assert person.frame == before


@pytest.mark.long
async def test_every_step_says_where_one_stands_and_what_to_do_even_in_the_smallest_window() -> None:
    async with driven(empty(), size=SMALL) as person:
        ids = [s.id for s in steps_of(empty())]
        for step_id in ids:
            await person.go(step_id)
            assert person.screen.step.words.title in person.text
            assert f"Step {ids.index(step_id) + 1} of {len(ids)}" in person.text
            assert "F8 Next" in person.text
