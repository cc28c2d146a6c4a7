"""Text of any origin as a terminal, a page or a file may be given it: what would be acted on is made visible."""

from __future__ import annotations

import unicodedata

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
