"""Practice line by line."""

from __future__ import annotations

from wizard.practice.exercise import Mode


def run(scenario: str | None, mode: Mode | None, seed: int | None) -> int:
    """Train line by line; the exit status."""
    raise NotImplementedError
