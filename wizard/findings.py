"""What a step has to say about the evidence: plain sentences, each with its lines and its source."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from wizard.facts import Line, Mended, Unread


class Level(enum.Enum):
    """How a finding bears on going on; the value is the word shown before it, so colour is never needed."""

    GOOD = "OK"
    INFO = "Note"
    WARN = "Warning"
    BLOCK = "Stop"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the evidence. `lines` are where it was read; `source` is the document behind it."""

    level: Level
    text: str
    id: str = ""
    source: str = ""
    lines: tuple[Line, ...] = ()


def good(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """Something that fits, or is proven."""
    return Finding(Level.GOOD, text, id, source, lines)


def info(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """Something worth knowing that changes nothing."""
    return Finding(Level.INFO, text, id, source, lines)


def warn(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """Something to weigh before going on."""
    return Finding(Level.WARN, text, id, source, lines)


def block(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """Something that speaks against going on: the sentence says what to do instead."""
    return Finding(Level.BLOCK, text, id, source, lines)


def counted(number: int, noun: str) -> str:
    """A number with its noun in the singular or the plural: `1 session`, `2,000 sessions`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: `EX01`, `EX01 and EX02`, `EX01, EX02 and EX03`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def size(number: int) -> str:
    """Bytes in few words, in the powers of ten that file managers and disks use: `900 KB`, `1.2 GB`."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if number >= factor:
            return f"{number / factor:,.1f} {unit}" if number < 10 * factor else f"{number / factor:,.0f} {unit}"
    return counted(number, "byte")


SHOWN = 3
"""Mended and unread places named one by one; the rest is counted."""


def reading_remarks(mended: tuple[Mended, ...], unread: tuple[Unread, ...]) -> tuple[Finding, ...]:
    """What was mended on the way in, and what was left unread, as findings; what is the same is said once."""
    remarks: list[Finding] = []
    if mended:
        named, more = _grouped([(m.what, f"{m.source}, line {m.line:,}") for m in mended])
        rest = f"; and {more:,} more" if more else ""
        remarks.append(info(f"Mended without guessing: {'; '.join(named)}{rest}.", id="mended"))
    if unread:
        named, more = _grouped([(u.why.rstrip("."), u.place) for u in unread])
        rest = f" And {more:,} more." if more else ""
        remarks.append(warn(f"Not read: {' '.join(f'{each}.' for each in named)}{rest}", id="unread"))
    return tuple(remarks)


def _grouped(told: list[tuple[str, str]]) -> tuple[list[str], int]:
    """What is told of places, each thing once with the first of its places; and how many things are left out."""
    at: dict[str, list[str]] = {}
    for what, place in told:
        at.setdefault(what, []).append(place)
    named = []
    for what, places in list(at.items())[:SHOWN]:
        known = [place for place in dict.fromkeys(places) if place and place not in what]
        more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
        named.append(f"{'; '.join(known[:SHOWN])}{more}: {what}" if known else what)
    return named, sum(len(places) for places in list(at.values())[SHOWN:])


def places(lines: tuple[Line, ...]) -> str:
    """Where lines stand, in few words: `paste, lines 3 to 8`."""
    first, last = lines[0], lines[-1]
    if len(lines) == 1 or first.number == last.number:
        return f"read from {first.place}"
    if first.source == last.source:
        return f"read from {first.source}, lines {first.number:,} to {last.number:,}"
    return f"read from {first.place} to {last.place}"
