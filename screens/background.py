"""Work that must not hold up the screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

from textual.dom import DOMNode
from textual.worker import Worker


def in_background(node: DOMNode, group: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
    """Begin work for an app or a screen, in place of what its group is still at; it ends with the node.

    It is given as a function: a coroutine that is cancelled before it began would never be awaited.
    """
    # Without a description Textual writes out the work with all it holds, which for 200 MB takes seconds.
    _worker: Worker[None] = node.run_worker(work, group=group, description=group, exclusive=True)
