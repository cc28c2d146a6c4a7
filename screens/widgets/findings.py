"""What the wizard has to say: one row for each finding, the word first, then the sentence, then where it was read."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from screens.shown import shown
from wizard.findings import Finding, Level, places

STYLE = {Level.GOOD: "-good", Level.INFO: "-info", Level.WARN: "-warn", Level.BLOCK: "-block"}

WORD = 9
"""Cells of the word before each sentence, with the blank behind it."""


class FindingsView(Vertical):
    """All findings of a step. The word before each sentence says how it bears, so colour is not needed."""

    def __init__(self) -> None:
        super().__init__(id="findings")
        self._wanted: tuple[Finding, ...] = ()
        self._drawn: tuple[Finding, ...] = ()
        self._drawing = asyncio.Lock()

    async def show(self, findings: tuple[Finding, ...]) -> None:
        """Draw these findings, in place of the earlier ones."""
        self._wanted = findings
        # Two pastes can come faster than the first is drawn: each waits its turn, and the newest counts.
        async with self._drawing:
            if self._wanted == self._drawn:
                return
            wanted = self._wanted
            await self.remove_children()
            self._drawn = ()
            await self.mount_all(FindingRow(finding) for finding in wanted)
            self._drawn = wanted


class FindingRow(Widget):
    """One finding, drawn as one widget: a log with many faults shows dozens at once."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"finding--word", "finding--place"}

    def __init__(self, finding: Finding) -> None:
        super().__init__(classes=f"finding {STYLE[finding.level]}")
        self._finding = finding

    def render(self) -> Content:
        """The word, and beside it the sentence with its place."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the sentence and its place need at this width."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        room = max(width - WORD, 1)
        lines = Content(shown(self._finding.text)).wrap(room)
        if self._finding.lines:
            style = self.get_visual_style("finding--place", partial=True)
            lines += Content.styled(shown(places(self._finding.lines)), style).wrap(room)
        word = Content.styled(self._finding.level.value.ljust(WORD), self.get_visual_style("finding--word"))
        return [(Content(" " * WORD) if number else word).append(line) for number, line in enumerate(lines)]
