"""The dark and the light theme, and a scroll bar of plain glyphs."""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBarRender
from textual.theme import Theme


class PlainScrollBarRender(ScrollBarRender):
    """A scroll bar of whole cells: the eighth-of-a-cell glyphs are missing in the old Windows console."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


NIGHT = Theme(
    name="night",
    primary="#5fafff",
    secondary="#87afaf",
    accent="#ffd75f",
    foreground="#e4e4e4",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    success="#87d787",
    warning="#ffd75f",
    error="#ff8787",
    dark=True,
)
DAY = Theme(
    name="day",
    primary="#005faf",
    secondary="#3a5f5f",
    accent="#875f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#f4f4f4",
    panel="#e4e4e4",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    dark=False,
)
