"""The command palette: the most important first, each row with its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from screens.actions import ACTIONS
from screens.keymap import apart, bindings_of
from wizard.steps import steps_of
from wizard.words import with_keys

if TYPE_CHECKING:
    from screens.app import WizardApp
    from wizard.case import StepId


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """One row: what it is called, the key that does the same (or nothing), what it does, and doing it."""

    title: str
    key: str
    help: str
    call: Callable[[], None]


def rows(app: WizardApp, screen: Screen[object]) -> Iterator[PaletteRow]:
    """Every action that makes sense on a screen, the most important first; then the steps."""
    for row in ACTIONS:
        owner = next((owner for owner in (*apart(screen), screen, app) if _offers(owner, row.action)), None)
        if owner and (not row.when or row.when(app)):
            key = next((app.keymap.name(b.id) for b in bindings_of(type(owner)) if b.action == row.action and b.id), "")
            yield PaletteRow(row.title, key, with_keys(row.help, app.keymap.name), _caller(app, owner, row.action))
    if app.begun:
        for s in steps_of(app.case):
            yield PaletteRow(f"Go to: {s.words.title}", "", s.words.kb, _goer(app, s.id))


class ActionsProvider(Provider):
    """Gives the rows to Textual's palette, which would sort its own by the alphabet."""

    def _rows(self) -> Iterator[PaletteRow]:
        return rows(cast("WizardApp", self.app), self.screen)

    async def discover(self) -> Hits:
        """All rows in their order, when nothing is typed."""
        for row in self._rows():
            yield DiscoveryHit(_with_key(Content(row.title), row.key), row.call, row.title, row.help)

    async def search(self, query: str) -> Hits:
        """The rows whose title matches what is typed, the best first."""
        matcher = self.matcher(query)
        for row in self._rows():
            if (score := matcher.match(row.title)) > 0:
                yield Hit(score, _with_key(matcher.highlight(row.title), row.key), row.call, row.title, row.help)


def _with_key(title: Content, key: str) -> Content:
    return title.append(Content.styled(f"  {key}", "not bold")) if key else title


def _offers(owner: DOMNode, action: str) -> bool:
    """Whether an action is one of ours (Textual brings its own, of other meaning) and makes sense now."""
    ours = any(f"action_{action}" in vars(c) for c in type(owner).__mro__ if not c.__module__.startswith("textual"))
    return ours and bool(owner.check_action(action, ()))


def _caller(app: WizardApp, owner: DOMNode, action: str) -> Callable[[], None]:
    """A call of an action by name; an action may be a coroutine."""

    def call() -> None:
        app.call_next(getattr(owner, f"action_{action}"))

    return call


def _goer(app: WizardApp, step_id: StepId) -> Callable[[], None]:
    def call() -> None:
        app.go(step_id)

    return call
