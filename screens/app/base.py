"""Work that must not hold up the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from textual.binding import Binding
from textual.dom import DOMNode
from textual.reactive import Reactive
from textual.widget import Widget
from textual.worker import Worker


def in_background(node: DOMNode, group: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Begin work for an app or a screen, in place of what its group is still at; it ends with the node.

    It is given as a function: a coroutine that is cancelled before it began would never be awaited.
    """
    # Without a description Textual writes out the work with all it holds, which for 200 MB takes seconds.
    _worker: Worker[None] = node.run_worker(work, group=group, description=group, exclusive=True)


def bound(
    keys: str, action: str, label: str, id: str, tooltip: str, *, show: bool = True, priority: bool = True
) -> Binding:
    """A binding. With priority it comes before what has the focus, as an Alt+letter has to: a field would type it."""
    return Binding(keys, action, label, show=show, priority=priority, id=id, tooltip=tooltip)


class FocusMoves:
    """For screens, before Textual's own in the list of bases.

    Who loses the focus and who gets it draw themselves. Textual draws the whole screen at once when the focus
    changes, and those two once more a frame or two later: ten times the text, and twice the time to the last of it.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
