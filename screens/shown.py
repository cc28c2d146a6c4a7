"""Text of any origin as a terminal may be given it: what it would act on is made visible."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

PLACEHOLDER = "\u25a1"
"""Stands for a character that shows nothing by itself; an empty square, which the old Windows console can draw."""

_KEPT = frozenset("\n\t")
_NEVER = frozenset({"Cc", "Cs", "Zl", "Zp"})
_BIDI = frozenset(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


class _Table(dict[int, str]):
    """Looked up by `str.translate`; a character is judged when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        hidden = character in _BIDI or (unicodedata.category(character) in _NEVER and character not in _KEPT)
        self[code] = PLACEHOLDER if hidden else character
        return self[code]


_TABLE = _Table()


def shown(text: str) -> str:
    """The text with one placeholder for each control, bidi or surrogate character; line feeds and TABs stay."""
    return text.translate(_TABLE)


class HarmlessFilter(LineFilter):
    """The last guard before the terminal, for text that is kept as it was given, such as a name being typed.

    Widths are settled by now: a character that takes no room is left out, another gets the placeholder.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """The segments without anything a terminal could act on."""
        return [
            segment if segment.control or shown(segment.text) == segment.text else _harmless(segment)
            for segment in segments
        ]


def _harmless(segment: Segment) -> Segment:
    kept = (c if shown(c) == c else PLACEHOLDER * cell_len(c) for c in segment.text)
    return Segment("".join(kept), segment.style)
