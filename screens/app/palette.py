"""The list of a screen's keys with their ids, and the command palette."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.containers import VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from screens.app.base import Wizard, wizard_of
from screens.app.dialogs import ReadingDialog
from screens.app.keys import Keymap, KeyPlace, apart, bindings_of, in_front
from screens.app.look import KeysFooter
from wizard.assets import with_keys
from wizard.machine.inert import shown
from wizard.machine.settings import settings_file
from wizard.steps.flow import steps_of

if TYPE_CHECKING:
    from wizard.case.case import StepId


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action: title, effect (keys as ids in braces), method, and condition."""

    title: str
    help: str
    action: str
    when: Callable[[Wizard], bool] | None = None


def _begun(wizard: Wizard) -> bool:
    return wizard.begun


def _has_casebook(wizard: Wizard) -> bool:
    return wizard.keeper.book is not None


ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("Shell or wizard", "In practice, from one to the other", "switch"),
    ActionRow("The task", "The story, the goals, and how the practice shell is used", "task"),
    ActionRow("A hint", "The gentlest first; hints are counted", "hint"),
    ActionRow("Go to another server", "Open a shell on it, in practice", "server"),
    ActionRow("Let time pass", "A quarter of an hour, in practice", "wait"),
    ActionRow("Ask the coach", "What the last line meant, and how far the goals are", "coach"),
    ActionRow("Give the answer to the wizard", "What was printed last", "answer"),
    ActionRow("Finish the exercise", "The result, and what comes next", "finish"),
    ActionRow("Next step", "Go on", "next"),
    ActionRow("Back", "One step back; what you typed is kept", "back"),
    ActionRow("Explain this step", "Why it is done, and what the words mean", "explain"),
    ActionRow("Copy the command", "Copy it, read it back, say what was proven", "copy"),
    ActionRow("Show the line alone", "By itself in the terminal, to mark it and copy it by hand", "alone"),
    ActionRow("Show the other command", "The step's next command, or the other variant", "turn"),
    ActionRow("Read the clipboard", "Take what is on the clipboard as evidence", "read_clipboard"),
    ActionRow("Open a file or folder", "Take a saved output or a log as evidence", "open"),
    ActionRow("Show the lines", "The lines each finding was read from", "lines"),
    ActionRow(
        "All failed handshakes",
        "Each with its session's rows ({failures.open} in the table)",
        "sessions",
    ),
    ActionRow("What is known so far", "Connector, certificate, services", "known"),
    ActionRow("Summary", "All commands, and what is proven", "summary", _begun),
    ActionRow("Save the summary", "Write it to a text file", "save", _begun),
    ActionRow("Hand over", "Change card, record, or the case for a colleague", "hand_over", _begun),
    ActionRow("All keys", "Every key of this screen, and how to set another", "all_keys"),
    ActionRow("Practice", "Train on a server that cannot break", "practice"),
    ActionRow("Light or dark", "Change the theme", "other_theme"),
    ActionRow("Saved cases", "Go on with another one; name, archive or delete it", "cases", _has_casebook),
    ActionRow("Start again", "Back to the welcome", "restart"),
    ActionRow("Quit", "End; the summary is printed in the shell", "quit"),
)

ROOM = 60
"""From this width on keys, ids and explanations stand side by side."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An action's keys, id and effect."""

    keys: str
    id: str
    does: str


def key_rows(here: KeyPlace, keymap: Keymap) -> tuple[KeyRow, ...]:
    """Every id of a screen once, the screen's own first."""
    found: dict[str, KeyRow] = {}
    for binding in here.bindings:
        if binding.id and binding.id not in found:
            found[binding.id] = KeyRow(keymap.names(binding.id), binding.id, binding.tooltip)
    return tuple(found.values())


class KeyList(Widget):
    """The rows in columns; in a narrow window the explanation stands below."""

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        super().__init__(id="key-list")
        self._rows = rows

    def render(self) -> Content:
        """Draw all rows."""
        return Content("\n").join(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """The lines the explanations need."""
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
    """The keys of a screen, the rejected settings, and how to configure keys."""

    def __init__(self, rows: Sequence[KeyRow], problems: Sequence[str]) -> None:
        super().__init__("All keys", Content(""))
        self._rows = rows
        self._problems = problems

    def compose(self) -> ComposeResult:
        """The list, and how to change it."""
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


def all_keys(app: type[DOMNode], screen: Screen[object], keymap: Keymap, problems: Sequence[str]) -> KeysScreen:
    """The list of keys of another screen."""
    return KeysScreen(key_rows(in_front(app, screen), keymap), problems)


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """A palette row: title, its key if any, effect, and action."""

    title: str
    key: str
    help: str
    call: Callable[[], None]


def rows(wizard: Wizard, screen: Screen[object]) -> Iterator[PaletteRow]:
    """Every action that applies on a screen, the most important first; then the steps."""
    for row in ACTIONS:
        owner = next((owner for owner in (*apart(screen), screen, wizard.app) if _offers(owner, row.action)), None)
        if owner and (not row.when or row.when(wizard)):
            name = wizard.keymap.name
            key = next((name(b.id) for b in bindings_of(type(owner)) if b.action == row.action and b.id), "")
            yield PaletteRow(row.title, key, with_keys(row.help, name), _caller(owner, row.action))
    if wizard.begun:
        for s in steps_of(wizard.case):
            yield PaletteRow(f"Go to: {s.words.title}", "", s.words.kb, _goer(wizard, s.id))


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


def _offers(owner: DOMNode, action: str) -> bool:
    """True if an action is ours (Textual has others of the same name) and applies now."""
    ours = any(f"action_{action}" in vars(c) for c in type(owner).__mro__ if not c.__module__.startswith("textual"))
    return ours and bool(owner.check_action(action, ()))


def _caller(owner: DOMNode, action: str) -> Callable[[], None]:
    """A call of an action by name; an action may be a coroutine."""

    def call() -> None:
        owner.app.call_next(getattr(owner, f"action_{action}"))

    return call


def _goer(wizard: Wizard, step_id: StepId) -> Callable[[], None]:
    def call() -> None:
        wizard.go(step_id)

    return call
