"""Reads evidence in a console's code page: the right page is the one that gives letters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

PAGES = {
    "Windows-1252": "cp1252",
    "IBM850": "cp850",
    "IBM437": "cp437",
    "Windows-1250": "cp1250",
    "IBM852": "cp852",
    "Windows-1251": "cp1251",
    "IBM866": "cp866",
    "IBM857": "cp857",
    "IBM737": "cp737",
    "Shift_JIS": "cp932",
}
"""Pages of Windows and its consoles, the most usual first: it wins a tie."""

DAMAGED = "\ufffd"
"""Replaces a letter that pages disagree on."""

_MOST_BYTES = 200_000

_WORD = re.compile(rb"[^\x00-\x40\x5b-\x60\x7b-\x7f]*[\x80-\xff][^\x00-\x40\x5b-\x60\x7b-\x7f]*")

_BETWEEN_WORDS = frozenset("\u2018\u2019\u201c\u201d\u201e\u2013\u2014\u2026\u00ab\u00bb\u00a0\u20ac")

_LONGEST_RUN = 2
"""The most accented letters side by side in a Latin word."""


def read_page(content: bytes) -> tuple[str, str]:
    """The text in the page that gives most letters, and the page's name.

    If another page gives as many but different letters, they become `DAMAGED`: a name with one of them is uncertain.
    """
    words = list(dict.fromkeys(_WORD.findall(content[:_MOST_BYTES])))
    scores = {name: sum(_score(_decoded(word, codec)) for word in words) for name, codec in PAGES.items()}
    best = max(PAGES, key=lambda name: scores[name])
    others = [codec for name, codec in PAGES.items() if name != best and scores[name] == scores[best]]
    text = _decoded(content, PAGES[best])
    for codec in others:
        other = _decoded(content, codec)
        if len(other) == len(text) and other != text:
            text = "".join(one if one == two else DAMAGED for one, two in zip(text, other, strict=True))
    return text, best


def read_as(encoding: str) -> str:
    """The note on a text in this encoding; of a code page nothing but the letters it gives can be told."""
    return f"read as {encoding}{', the likeliest code page' if encoding in PAGES else ''}"


def _decoded(content: bytes, codec: str) -> str:
    return content.decode(codec, errors="replace")


def _score(word: str) -> int:
    """Rates how word-like the letters outside ASCII are: letters of one script, small ones inside the word."""
    score = run = 0
    for at, letter in enumerate(word):
        if letter.isascii():
            run = 0
            continue
        before, after = word[at - 1 : at] if at else "", word[at + 1 : at + 2]
        if not letter.isalpha():
            edge = not (before.isalpha() and after.isalpha())
            score += 2 if letter in _BETWEEN_WORDS and (edge or letter == "\u2019") else -4
            run = 0
            continue
        script = _script(letter)
        run += 1
        mixed = any(_script(other) != script for other in (before, after) if other.isalpha())
        shouts = letter.isupper() and (before.islower() or (before.isalpha() and after.islower()))
        alone = not before.isalpha() and not after.isalpha()
        score += -3 if mixed or shouts or (script == "LATIN" and run > _LONGEST_RUN) else 0 if alone else 2
    return score


@cache
def _script(letter: str) -> str:
    """The script of a letter, as the first word of its Unicode name."""
    name = unicodedata.name(letter, "?").split(" ", 1)[0]
    # Signs that count as letters but occur in no word, such as an ordinal or a micro sign.
    return name if name in {"LATIN", "CYRILLIC", "GREEK", "CJK", "HIRAGANA", "KATAKANA"} else "?"
