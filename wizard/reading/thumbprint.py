"""A thumbprint as people and dialogs write it, to the 40 upper-case hex digits commands take."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wizard.reading.text import INVISIBLE

DIGITS = 40
_HEX = frozenset("0123456789abcdefABCDEF")
_BLANKS = frozenset(" \t\u00a0\u2007\u2009\u202f:-")
_QUOTES = frozenset("'\"\u2018\u2019\u201a\u201b\u201c\u201d\u201e`")
_CUT = re.compile(r"[0-9A-Fa-f][0-9A-Fa-f\s:-]*(?:\u2026|\.{3})")
_MASK = re.compile(r"(?i)x{4,}|\*{3,}|\.{3,}|\u2026|#{4,}|redacted|removed|hidden|<[^>]{2,}>")


@dataclass(frozen=True, slots=True)
class ThumbprintReading:
    """`thumbprint` is 40 upper-case hex digits, or None: then `why` is a sentence that says why.

    `stripped` names what was taken away to get there, for the person to see.
    """

    thumbprint: str | None
    why: str = ""
    masked: bool = False
    stripped: tuple[str, ...] = ()


def read_thumbprint(text: str) -> ThumbprintReading:
    """The thumbprint in a field that should hold one and nothing else.

    Blanks between bytes, invisible marks (the certificate dialog's U+200E), quotes and lower case
    are taken away and named; a masked, cut or mistyped value is refused with that reason.
    """
    written = text.strip()
    if not written:
        return ThumbprintReading(None, "There is no thumbprint here.")
    stripped: list[str] = []
    kept: list[str] = []
    for character in written:
        if character in _HEX:
            kept.append(character)
        elif character in INVISIBLE:
            stripped.append(f"an invisible mark (U+{ord(character):04X})")
        elif character in _BLANKS:
            stripped.append("blanks or separators between the digits")
        elif character in _QUOTES:
            stripped.append("quotes")
        else:
            return _refused(written)
    digits = "".join(kept)
    if len(digits) != DIGITS:
        count = f"{len(digits)} hex digit" + ("" if len(digits) == 1 else "s")
        return ThumbprintReading(
            None, f"A thumbprint has {DIGITS} hex digits, this one has {count}: it is cut or mistyped."
        )
    if digits != digits.upper():
        stripped.append("lower case")
    return ThumbprintReading(digits.upper(), stripped=tuple(dict.fromkeys(stripped)))


def _refused(written: str) -> ThumbprintReading:
    """Why a value with something other than hex digits in it is no thumbprint."""
    if _CUT.fullmatch(written):
        return ThumbprintReading(
            None, "The thumbprint is cut here, as a narrow table does. Print it with Format-List, which wraps instead."
        )
    if _MASK.search(written):
        return ThumbprintReading(
            None,
            "The thumbprint is masked here, as in the article's own sample. Take it from your own log.",
            masked=True,
        )
    strange = next(c for c in written if c not in _HEX and c not in _BLANKS and c not in _QUOTES and c not in INVISIBLE)
    return ThumbprintReading(
        None, f"A thumbprint has hex digits only (0-9, A-F); here stands {strange!r} (U+{ord(strange):04X})."
    )
