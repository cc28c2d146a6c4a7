"""Makes text of any origin harmless to a terminal, a page or a file: what would be acted on becomes visible."""

from __future__ import annotations

import re
import unicodedata

PLACEHOLDER = "\u25a1"
"""Replaces an invisible character; an empty square, which the old Windows console can draw."""

_KEPT = frozenset("\n\t")

_NEVER = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, characters that only affect their neighbours (bidi marks, joiners, zero widths), halves, line ends."""

_SEEN = frozenset(map(chr, (*range(0x0600, 0x0606), 0x06DD, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD)))
"""Number signs of Arabic and Kaithi: they are visible, whatever their category."""

_UNSEEN = frozenset(
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, *range(0xFE00, 0xFE10), 0xFFA0))
)
"""Invisible fillers, joiners and selectors of other categories."""

_SELECTORS = range(0xE0100, 0xE01F0)


def hidden(character: str) -> bool:
    """True if a character acts without being seen: on the terminal, the order of the text, or the reader."""
    if character in _KEPT or character in _SEEN:
        return False
    return character in _UNSEEN or ord(character) in _SELECTORS or unicodedata.category(character) in _NEVER


class _Table(dict[int, str]):
    """A table for `str.translate` that judges a character when first met."""

    def __missing__(self, code: int) -> str:
        self[code] = PLACEHOLDER if hidden(chr(code)) else chr(code)
        return self[code]


_TABLE = _Table()

_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def shown(text: str) -> str:
    """Replace each hidden character by a placeholder; line feeds and TABs stay."""
    return text.translate(_TABLE)


def json_shown(text: str) -> str:
    r"""Write every hidden character of a JSON text as \uXXXX: it reads the same and is harmless."""
    return _NOT_ASCII.sub(lambda found: _as_escape(found[0]) if hidden(found[0]) else found[0], text)


def _as_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
