"""Every screen as a person sees it: in a small, a usual and a large window, in colour and with NO_COLOR.

A frame is text, and so the same in colour and without: that is what the second run proves.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens import practised
from tests.screens.driving import GOLDEN, check_golden, driven, empty, sample_at
from tests.screens.scenes import GROUPS
from wizard.case.case import StepId
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
    logs = tmp_path / "SmtpSend"
    logs.mkdir()
    for name in ("SEND20261122-2.log", "SEND20261122-10.log", "SEND20261122-1.log"):
        (logs / name).write_text("", encoding="utf-8")
    (logs / "old").mkdir()
    monkeypatch.chdir(logs)
    monkeypatch.setattr("screens.app.openfile.Path.absolute", lambda _path: Path(r"D:\Logs\SmtpSend"))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("colour", [True, False], ids=["colour", "NO_COLOR"])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
async def test_every_screen(size: tuple[int, int], colour: bool, group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of a group in one run of the app; every frame that differs is told."""
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
    trouble = []
    async with driven(empty(), size=size) as person:
        assert person.app.no_color is not colour
        for scene in GROUPS[group]:
            await scene.show(person)
            try:
                check_golden(scene.name, person.frame, size)
            except AssertionError as differs:
                trouble.append(str(differs))
    assert not trouble, "\n\n".join(trouble)


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


async def test_every_step_says_where_one_stands_and_what_to_do_even_in_the_smallest_window() -> None:
    async with driven(empty(), size=SMALL) as person:
        ids = [s.id for s in steps_of(empty())]
        for step_id in ids:
            await person.go(step_id)
            assert person.screen.step.words.title in person.text
            assert f"Step {ids.index(step_id) + 1} of {len(ids)}" in person.text
            assert "F8 Next" in person.text
