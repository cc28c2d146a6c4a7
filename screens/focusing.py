"""The focus moves without the whole screen being drawn for it."""

from __future__ import annotations

from textual.reactive import Reactive
from textual.widget import Widget


class FocusMoves:
    """For screens, before Textual's own in the list of bases.

    Who loses the focus and who gets it draw themselves. Textual draws the whole screen at once when the focus
    changes, and those two once more a frame or two later: ten times the text, and twice the time to the last of it.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
