"""What the app needs only behind its first screen, each loaded when it is first asked for.

All of it together costs a third of the start. Whoever stands before that screen reaches it from
here; `load` gets it ready behind the screen, before a hand has chosen anything.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, TypeGuard

from textual.screen import Screen

if TYPE_CHECKING:
    from screens.app.arrival import give_at_its_step
    from screens.app.cases import CasesScreen
    from screens.app.dialogs import BeforeCopyDialog
    from screens.app.handover import HandoverScreen
    from screens.app.palette import ActionsProvider, all_keys
    from screens.app.step import StepScreen, unread
    from screens.app.summary import SummaryScreen
    from screens.saves import leave, save_summary
    from wizard.assets import sample_case
    from wizard.case.book import line_of
    from wizard.steps.command import bind_commands
    from wizard.steps.flow import STEPS, after, before, next_step, see, step

__all__ = [
    "STEPS",
    "ActionsProvider",
    "BeforeCopyDialog",
    "CasesScreen",
    "HandoverScreen",
    "StepScreen",
    "SummaryScreen",
    "after",
    "all_keys",
    "before",
    "bind_commands",
    "give_at_its_step",
    "leave",
    "line_of",
    "next_step",
    "sample_case",
    "save_summary",
    "see",
    "step",
    "unread",
]

_ROOMS = {
    "STEPS": "wizard.steps.flow",
    "ActionsProvider": "screens.app.palette",
    "BeforeCopyDialog": "screens.app.dialogs",
    "CasesScreen": "screens.app.cases",
    "HandoverScreen": "screens.app.handover",
    "StepScreen": "screens.app.step",
    "SummaryScreen": "screens.app.summary",
    "after": "wizard.steps.flow",
    "all_keys": "screens.app.palette",
    "before": "wizard.steps.flow",
    "bind_commands": "wizard.steps.command",
    "give_at_its_step": "screens.app.arrival",
    "leave": "screens.saves",
    "line_of": "wizard.case.book",
    "next_step": "wizard.steps.flow",
    "sample_case": "wizard.assets",
    "save_summary": "screens.saves",
    "see": "wizard.steps.flow",
    "step": "wizard.steps.flow",
    "unread": "screens.app.step",
}


def __getattr__(name: str) -> object:
    """A part, asked for by name for the first time (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(name)
    found: object = getattr(import_module(_ROOMS[name]), name)
    globals()[name] = found
    return found


def is_step(screen: Screen[object]) -> TypeGuard[StepScreen]:
    """Whether a screen shows a step; while none was ever shown, none does."""
    # While it is still being loaded in the thread, the module is there and its class is not.
    kind = getattr(sys.modules.get("screens.app.step"), "StepScreen", None)
    return kind is not None and isinstance(screen, kind)


def load() -> None:
    """Load everything, and the readers; made to run in a thread behind the first screen."""
    for room in ("wizard.steps.intake", *dict.fromkeys(_ROOMS.values())):
        import_module(room)


def load_practice() -> None:
    """Load the screens of practice; nothing else does before somebody practises."""
    for room in ("practice", "dialogs"):
        import_module(f"screens.app.{room}")
