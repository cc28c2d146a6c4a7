"""Natural order of file names: `SEND20261122-10.log` comes after `SEND20261122-9.log`."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"([0-9]+)")


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts runs of digits by their value and the rest without regard to case."""
    return tuple(
        (0, int(piece)) if piece[0] in "0123456789" else (1, piece) for piece in _DIGITS.split(name.casefold()) if piece
    )
