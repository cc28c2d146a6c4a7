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
    from screens.arrived import give_at_its_step
    from screens.cases import CasesScreen
    from screens.dialogs import BeforeCopyDialog
    from screens.handover import HandoverScreen
    from screens.keys import all_keys
    from screens.palette import ActionsProvider
    from screens.saving import leave, save_summary
    from screens.step import StepScreen
    from screens.summary import SummaryScreen
    from screens.unread import unread
    from wizard.caselist import line_of
    from wizard.composed import bind_commands
    from wizard.sample import sample_case
    from wizard.steps import STEPS, after, before, next_step, step

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
    "step",
    "unread",
]

_ROOMS = {
    "STEPS": "wizard.steps",
    "ActionsProvider": "screens.palette",
    "BeforeCopyDialog": "screens.dialogs",
    "CasesScreen": "screens.cases",
    "HandoverScreen": "screens.handover",
    "StepScreen": "screens.step",
    "SummaryScreen": "screens.summary",
    "after": "wizard.steps",
    "all_keys": "screens.keys",
    "before": "wizard.steps",
    "bind_commands": "wizard.composed",
    "give_at_its_step": "screens.arrived",
    "leave": "screens.saving",
    "line_of": "wizard.caselist",
    "next_step": "wizard.steps",
    "sample_case": "wizard.sample",
    "save_summary": "screens.saving",
    "step": "wizard.steps",
    "unread": "screens.unread",
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
    kind = getattr(sys.modules.get("screens.step"), "StepScreen", None)
    return kind is not None and isinstance(screen, kind)


def load() -> None:
    """Load everything, and the readers; made to run in a thread behind the first screen."""
    for room in ("wizard.readers", *dict.fromkeys(_ROOMS.values())):
        import_module(room)
    # Reached by name, so that a test can leave it out.
    sys.modules["wizard.readers"].load()


def load_practice() -> None:
    """Load the screens of practice; nothing else does before somebody practises."""
    for room in ("choose", "dialogs", "files", "outcome", "train"):
        import_module(f"screens.practice.{room}")
