"""Paths as a person types, pastes or drops them."""

from __future__ import annotations

from pathlib import Path


def path_from(text: str) -> Path:
    """The path a person typed or pasted: Explorer's quotes and blanks around it are taken away."""
    path = Path(text.strip().strip("\"'\u201c\u201d").strip())
    try:
        return path.expanduser()
    except RuntimeError:
        # `~someone` with nobody of that name: then it is a plain name.
        return path
