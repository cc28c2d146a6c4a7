"""The keys of the screen in front, on its last line: what has no room is left out whole, never cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from screens.keymap import Keymap, Place, in_front
from screens.keynames import spoken

if TYPE_CHECKING:
    from screens.app import WizardApp

IMPORTANCE = (
    *(
        "palette",
        "next",
        "back",
        "close",
        "refuse",
        "switch",
        "answer",
        "finish",
        "hint",
        "wait",
        "explain",
        "copy",
        "paste",
        "open",
        "whole_folder",
        "turn",
    ),
    *("lines", "save"),
)
"""What stays longest where there is little room, by the last word of an id; others come before `quit`."""

ROOMY = 30
"""Lines of a window from which a second line for keys is not missed above."""

GAP = 1
"""Cells between two entries."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One key and what it does. `press` is the key in Textual's notation, `rank` 0 for the most important."""

    name: str
    label: str
    press: str
    rank: int
    tooltip: str = ""
    enabled: bool = True

    @property
    def width(self) -> int:
        """Cells it takes."""
        return cell_len(self.name) + 1 + cell_len(self.label)


def importance(binding_id: str) -> int:
    """How important a binding is; 0 is the most."""
    word = binding_id.rpartition(".")[2]
    if word in IMPORTANCE:
        return IMPORTANCE.index(word)
    return len(IMPORTANCE) + (word == "quit")


def entries_of(screen: Screen[object], here: Place, keymap: Keymap) -> tuple[Entry, ...]:
    """What the footer can show of a screen: each action that makes sense now once, with the first of its keys.

    They stand as they are declared; Textual would put first what a field of its own has the same key for.
    """
    active = {each.binding.id: each for each in screen.active_bindings.values() if each.binding.show}
    entries: dict[str, Entry] = {}
    for binding_id in filter(None, (binding.id for binding in here.bindings)):
        if binding_id in active:
            _node, binding, enabled, tooltip = active[binding_id]
            key, rank = keymap.keys[binding_id][0], importance(binding_id)
            entries[binding_id] = Entry(spoken(key), binding.description, key, rank, tooltip, enabled)
    return tuple(entries.values())


def fitted(entries: Sequence[Entry], width: int, lines: int) -> tuple[tuple[Entry, ...], ...]:
    """The entries in their order on as many lines as needed, without the least important that have no room."""
    kept = sorted(entries, key=lambda each: each.rank)
    while kept:
        rows = _wrapped([each for each in entries if each in kept], width)
        if rows and len(rows) <= lines:
            return rows
        kept.pop()
    return ()


def _wrapped(entries: Sequence[Entry], width: int) -> tuple[tuple[Entry, ...], ...]:
    """All entries on lines of this width; none when one of them is wider than a line."""
    rows: list[list[Entry]] = []
    used = width
    for entry in entries:
        if entry.width > width:
            return ()
        if used + GAP + entry.width > width:
            rows.append([])
            used = -GAP
        used += GAP + entry.width
        rows[-1].append(entry)
    return tuple(map(tuple, rows))


class KeysFooter(Widget):
    """Follows the screen's bindings and the window's width. A click on an entry presses its key."""

    COMPONENT_CLASSES = {"footer--key", "footer--label"}  # noqa: RUF012 - Textual's own form
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._entries: tuple[Entry, ...] = ()

    def on_mount(self) -> None:
        """Hear of every change of the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, screen: Screen[object]) -> None:
        if not self.is_attached or screen is not self.screen:
            return
        app = cast("WizardApp", self.app)
        entries = entries_of(screen, in_front(type(app), screen), app.keymap)
        if entries != self._entries:
            self._entries = entries
            self.refresh(layout=True)

    def rows(self, width: int) -> tuple[tuple[Entry, ...], ...]:
        """What is shown at this width, line by line."""
        return fitted(self._entries, width, 2 if self.app.size.height >= ROOMY else 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One line, or two where they are needed and the window is high."""
        return max(len(self.rows(width)), 1)

    def render(self) -> Content:
        """Keys and labels."""
        key, label = self.get_visual_style("footer--key"), self.get_visual_style("footer--label")
        lines = []
        for row in self.rows(self.content_size.width):
            shown = [
                Content.styled(each.name, key if each.enabled else "dim").append(
                    Content.styled(f" {each.label}", label)
                )
                for each in row
            ]
            lines.append(Content(" " * GAP).join(shown))
        return Content("\n").join(lines)

    def entry_at(self, x: int, y: int) -> Entry | None:
        """The entry that is drawn at a place."""
        rows = self.rows(self.content_size.width)
        start = 0
        for entry in rows[y] if 0 <= y < len(rows) else ():
            if start <= x < start + entry.width:
                return entry
            start += entry.width + GAP
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The tooltip is the one of the entry under the mouse."""
        entry = self.entry_at(event.x, event.y)
        self.tooltip = entry.tooltip if entry else None

    def on_click(self, event: events.Click) -> None:
        """As if the key were pressed."""
        entry = self.entry_at(event.x, event.y)
        if entry and entry.enabled:
            self.app.simulate_key(entry.press)
