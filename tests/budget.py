"""How many examples a property is tried with: a few in every run, all of them with `--hypothesis-profile=whole`."""

from __future__ import annotations

from hypothesis import settings

WHOLE, QUICK = 100, 12
"""Examples of a property that asks for no number of its own."""


def examples(whole: int) -> int:
    """The whole budget of a property, or its share of it in a quick run."""
    return -(-whole * settings().max_examples // WHOLE)
