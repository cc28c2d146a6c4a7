"""The list of a screen's keys with their ids, and the command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from textual.app import ComposeResult
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.actions import SCOPES, Action, reached
from screens.app.base import Wizard, front_of, wizard_of
from screens.app.dialogs import ReadingDialog
from screens.app.keys import Keymap
from screens.app.look import KeysFooter
from wizard.assets import with_keys
from wizard.machine.inert import shown
from wizard.machine.settings import settings_file
from wizard.steps.flow import steps_of

ROOM = 60
"""From this width on keys, ids and explanations stand side by side."""


class KeyList(Widget):
    """The rows in columns; in a narrow window the explanation stands below."""

    def __init__(self, actions: Sequence[Action], keymap: Keymap) -> None:
        super().__init__(id="key-list")
        self._rows = [(keymap.names(action.id), action.id, action.does) for action in actions]

    def render(self) -> Content:
        """Draw all rows."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The lines the explanations need."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[Content]:
        keys, ids = (max(len(row[column]) for row in self._rows) + 2 for column in (0, 1))
        before = keys + ids if width >= ROOM else keys
        lines: list[Content] = []
        for named, binding_id, explained in self._rows:
            start = Content.styled(named.ljust(keys), "bold").append(Content(binding_id.ljust(ids)))
            does = Content.styled(explained, "dim").wrap(max(width - before, 8))
            if width >= ROOM:
                lines.append(start.append(does.pop(0)))
            else:
                lines.append(start.rstrip())
            lines += [Content(" " * before).append(line) for line in does]
        return lines


class KeysScreen(ReadingDialog):
    """The keys of a screen, the rejected settings, and how to configure keys."""

    def __init__(self, scope: str, keymap: Keymap, problems: Sequence[str]) -> None:
        super().__init__("All keys", Content(""))
        self._actions = [action for action in reached(scope) if action.keys]
        self._keymap = keymap
        self._problems = problems

    def compose(self) -> ComposeResult:
        """The list, and how to change it."""
        ids = [action.id for action in self._actions]
        example = next((each for each in ids if each.endswith(".copy")), ids[0])
        with VerticalScroll(id="dialog", can_focus=True) as frame:
            frame.border_title = Content("All keys")
            for problem in self._problems:
                yield Static(shown(problem), classes="problem", markup=False)
            yield KeyList(self._actions, self._keymap)
            yield Static(_how(example), id="how-to-remap", markup=False)
        yield KeysFooter()


def _how(binding_id: str) -> str:
    return shown(
        f"\nFor another key, write its id and the key into {settings_file()} and begin anew:\n\n"
        f'  [keys]\n  "{binding_id}" = "F12"\n\n'
        "Several keys are parted by commas. Tab, Enter and the arrows keep their meaning."
    )


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """A palette row: title, its key if any, effect, and action."""

    title: str
    key: str
    help: str
    call: Callable[[], None]


def rows(wizard: Wizard, screen: Screen[object]) -> Iterator[PaletteRow]:
    """Every action that applies on a screen, the most important first; then the steps."""
    (front, scope), name = front_of(screen), wizard.keymap.name
    for action in sorted(reached(scope), key=lambda action: action.rank):
        owner = front if scope and action in SCOPES[scope].actions else wizard.app
        if action.title and owner.check_action(action.call, ()):
            call = partial(wizard.app.call_next, wizard.app.run_action, action.call, owner)
            key = name(action.id) if action.keys else ""
            yield PaletteRow(action.title, key, with_keys(action.does, name), call)
    if wizard.begun:
        for s in steps_of(wizard.case):
            yield PaletteRow(f"Go to: {s.words.title}", "", s.words.kb, partial(wizard.go, s.id))


class ActionsProvider(Provider):
    """Provides the rows in our order; Textual would sort alphabetically."""

    def _rows(self) -> Iterator[PaletteRow]:
        return rows(wizard_of(self.app), self.screen)

    async def discover(self) -> Hits:
        """All rows in order, for empty input."""
        for row in self._rows():
            yield DiscoveryHit(_with_key(Content(row.title), row.key), row.call, row.title, row.help)

    async def search(self, query: str) -> Hits:
        """The rows whose title matches, best first."""
        matcher = self.matcher(query)
        for row in self._rows():
            if (score := matcher.match(row.title)) > 0:
                yield Hit(score, _with_key(matcher.highlight(row.title), row.key), row.call, row.title, row.help)


def _with_key(title: Content, key: str) -> Content:
    return title.append(Content.styled(f"  {key}", "not bold")) if key else title
