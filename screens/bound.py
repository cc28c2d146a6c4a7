"""How every binding of ours is made: with an id to set another key by, and a sentence that explains it."""

from __future__ import annotations

from textual.binding import Binding


def bound(
    keys: str, action: str, label: str, id: str, tooltip: str, *, show: bool = True, priority: bool = True
) -> Binding:
    """A binding. With priority it comes before what has the focus, as an Alt+letter has to: a field would type it."""
    return Binding(keys, action, label, show=show, priority=priority, id=id, tooltip=tooltip)
