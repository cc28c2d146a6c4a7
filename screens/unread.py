"""What stands in the fields of the screens and is not in the case: typed just now, or still being read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widgets import Input

from screens.taking import TakingScreen
from screens.widgets.evidence import Evidence
from screens.widgets.name import NameInput

if TYPE_CHECKING:
    from screens.app import WizardApp


def unread(app: WizardApp) -> dict[str, str]:
    """The texts by the name of their field. A screen that is half built or half gone gives what it has."""
    found: dict[str, str] = {}
    for screen in app.screen_stack:
        # It is asked in the middle of anything, a fault among it.
        with contextlib.suppress(Exception):
            for evidence in screen.query(Evidence):
                step = screen.step.id if isinstance(screen, TakingScreen) else None
                if step and evidence.given != app.case.typed.get(step, ""):
                    found[step.value] = evidence.given
        with contextlib.suppress(Exception):
            found |= _typed(app, screen.query(Input))
    return {name: text for name, text in found.items() if text.strip()}


def _typed(app: WizardApp, fields: Iterable[Input]) -> dict[str, str]:
    """What was typed into fields of one line; a connector's name that the case has is no news."""
    known = {app.case.connector, app.case.typed_name}
    values = {field.id or "field": _text(field) for field in fields}
    return {name: value for name, value in values.items() if value not in known}


def _text(field: Input) -> str:
    return (field.gathered if isinstance(field, NameInput) else "") or field.value
