"""All keys of the screen in front, each with the id under which another key can be set for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs import ReadingDialog
from screens.keymap import Keymap, Place, in_front
from screens.shown import shown
from screens.widgets.footer import KeysFooter
from wizard.places import settings_file

if TYPE_CHECKING:
    from screens.app import WizardApp

ROOM = 60
"""Columns from which keys, ids and explanations stand beside each other."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One action: its keys, its id, and what it does."""

    keys: str
    id: str
    does: str


def key_rows(here: Place, keymap: Keymap) -> tuple[KeyRow, ...]:
    """Every id of a screen, once, the screen's own first."""
    found: dict[str, KeyRow] = {}
    for binding in here.bindings:
        if binding.id and binding.id not in found:
            found[binding.id] = KeyRow(keymap.names(binding.id), binding.id, binding.tooltip)
    return tuple(found.values())


class KeyList(Widget):
    """The rows as columns; in a narrow window the explanation stands below."""

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        super().__init__(id="key-list")
        self._rows = rows

    def render(self) -> Content:
        """All rows."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the explanations need."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        keys = max(len(row.keys) for row in self._rows) + 2
        ids = max(len(row.id) for row in self._rows) + 2
        before = keys + ids if width >= ROOM else keys
        lines: list[Content] = []
        for row in self._rows:
            start = Content.styled(row.keys.ljust(keys), "bold").append(Content(row.id.ljust(ids)))
            does = Content.styled(row.does, "dim").wrap(max(width - before, 8))
            if width >= ROOM:
                lines.append(start.append(does.pop(0)))
            else:
                lines.append(start.rstrip())
            lines += [Content(" " * before).append(line) for line in does]
        return lines


class KeysScreen(ReadingDialog):
    """The keys of a screen, what of the settings was not taken, and how another key is set."""

    def __init__(self, rows: Sequence[KeyRow], problems: Sequence[str]) -> None:
        super().__init__("All keys", Content(""))
        self._rows = rows
        self._problems = problems

    def compose(self) -> ComposeResult:
        """The list, and below it the way to change it."""
        example = next((row for row in self._rows if row.id.endswith(".copy")), self._rows[0])
        with VerticalScroll(id="dialog", can_focus=True) as frame:
            frame.border_title = Content("All keys")
            for problem in self._problems:
                yield Static(shown(problem), classes="problem", markup=False)
            yield KeyList(self._rows)
            yield Static(_how(example.id), id="how-to-remap", markup=False)
        yield KeysFooter()


def _how(binding_id: str) -> str:
    return shown(
        f"\nFor another key, write its id and the key into {settings_file()} and begin anew:\n\n"
        f'  [keys]\n  "{binding_id}" = "F12"\n\n'
        "Several keys are parted by commas. Tab, Enter and the arrows keep their meaning."
    )


def all_keys(app: WizardApp, screen: Screen[object]) -> KeysScreen:
    """The screen that lists the keys of another one."""
    return KeysScreen(key_rows(in_front(type(app), screen), app.keymap), app.problems)
