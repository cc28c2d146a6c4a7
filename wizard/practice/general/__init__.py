"""PowerShell's own cmdlets, as far as an administrator's lines need them: picking, sorting, formatting, files."""

from __future__ import annotations

from wizard.practice.general import asking, console, files, location, objects, picking, showing
from wizard.practice.language.builtin import Builtin
from wizard.practice.views import View

BUILTINS: tuple[Builtin, ...] = (
    *picking.BUILTINS,
    *objects.BUILTINS,
    *showing.BUILTINS,
    *files.BUILTINS,
    *location.BUILTINS,
    *console.BUILTINS,
    *asking.BUILTINS,
)
"""Every cmdlet of PowerShell's own that the practice shell knows."""

GENERAL_VIEWS: tuple[View, ...] = (*objects.VIEWS, *files.VIEWS, *location.VIEWS, *asking.VIEWS)
"""How what they return is shown."""
