"""What is known of every paste, wherever it goes: how close its keys come, and the words for how much it is."""

from __future__ import annotations

from wizard.findings import counted, size

BURST = 0.03
"""Seconds between keys within which a TAB is text of a paste, not a wish to move on."""


def coming_in(characters: int) -> str:
    """What is said while a paste takes its time."""
    return f"A paste is coming in: {size(characters)} so far..."


def how_much(text: str) -> str:
    """The size of a text and its rows: `5.0 MB, 40,301 rows`."""
    rows = (text.count("\n") or text.count("\r")) + (not text.endswith(("\n", "\r")))
    return f"{size(len(text))}, {counted(rows, 'row')}"
