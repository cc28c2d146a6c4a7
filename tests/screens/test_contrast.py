"""Every text can be read: its contrast to what is behind it, in both themes, the row with the focus included.

Source: WCAG 2.2, 1.4.3 (4.5:1 for text of usual size).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color_triplet import ColorTriplet

from screens.app.look import DAY, NIGHT
from tests.screens import practised
from tests.screens.driving import Driven, driven, empty
from tests.screens.scenes import GROUPS, a_folder_of_logs

LEAST = 4.5


@pytest.fixture(autouse=True)
def _as_in_the_frames(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    practised.canned(monkeypatch)
    a_folder_of_logs(monkeypatch, tmp_path)


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: ColorTriplet) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def too_faint(person: Driven) -> Iterator[str]:
    """The texts on the screen that are hard to read; below a dialog the screen is faint on purpose."""
    if person.app.screen.is_modal:
        return
    for strip in person.app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if not segment.text.strip() or style is None or style.color is None or style.bgcolor is None:
                continue
            assert style.color.triplet is not None
            assert style.bgcolor.triplet is not None
            if (found := contrast(style.color.triplet, style.bgcolor.triplet)) < LEAST:
                yield f"{found:.2f}: {segment.text.strip()}"


@pytest.mark.quick(1)
@pytest.mark.parametrize("group", ["sample", "others", "practice", "empty"])
@pytest.mark.parametrize("theme", [DAY.name, NIGHT.name])
async def test_every_text_can_be_read(theme: str, group: str) -> None:
    faint = {}
    async with driven(empty()) as person:
        assert person.app.theme_variables["primary"].casefold() == NIGHT.primary
        person.app.theme = theme
        for scene in GROUPS[group]:
            await scene.show(person)
            if found := list(dict.fromkeys(too_faint(person))):
                faint[scene.name] = found
    assert faint == {}
