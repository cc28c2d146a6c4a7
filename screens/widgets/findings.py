"""What the wizard has to say: one row for each finding, the word first, then the sentence, then where it was read."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Label, Static

from screens.shown import shown
from wizard.facts import Line
from wizard.findings import Finding, Level

STYLE = {Level.GOOD: "-good", Level.INFO: "-info", Level.WARN: "-warn", Level.BLOCK: "-block"}


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


class FindingRow(Horizontal):
    """One finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(classes=f"finding {STYLE[finding.level]}")
        self._finding = finding

    def compose(self) -> ComposeResult:
        """The word, and beside it the sentence with its place."""
        yield Label(self._finding.level.value, classes="word", markup=False)
        with Vertical(classes="sentence"):
            yield Static(shown(self._finding.text), markup=False)
            if self._finding.lines:
                yield Static(Content(shown(places(self._finding.lines))), classes="place")


def places(lines: tuple[Line, ...]) -> str:
    """Where lines stand, in few words: `paste, lines 3 to 8`."""
    first, last = lines[0], lines[-1]
    if len(lines) == 1 or first.number == last.number:
        return f"read from {first.place}"
    if first.source == last.source:
        return f"read from {first.source}, lines {first.number:,} to {last.number:,}"
    return f"read from {first.place} to {last.place}"
