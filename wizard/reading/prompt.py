"""The question Enable-ExchangeCertificate asks before it overwrites the default SMTP certificate."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wizard.facts import Line, OverwritePrompt, Reading
from wizard.reading.console import QUOTE, Folded, fold, loosely
from wizard.reading.record import Notes
from wizard.reading.text import Text
from wizard.reading.thumbprint import read_thumbprint

_THUMBPRINT = rf"\s*{QUOTE}{{0,2}}\s*(?P<thumbprint>(?:[0-9A-Fa-f]\s?){{40}}(?![0-9A-Fa-f])|[^'\"\s(]{{0,80}})"
_EXPIRES = rf"\s*{QUOTE}{{0,2}}(?:\s*\(\s*{loosely('expires')}\s*(?P<expires>[^()]{{1,60}})\)?)?"
_CERTIFICATE = re.compile(
    rf"(?i)(?:(?P<current>{loosely('Current certificate:')}|{loosely('existing default SMTP certificate,')})"
    rf"|{loosely('Replace it with certificate:')}|,\s*{loosely('with certificate')}(?=\s*{QUOTE}))"
    rf"{_THUMBPRINT}{_EXPIRES}"
)
_QUESTION = re.compile(
    rf"(?i){loosely('Overwrite')}\s*(?:{loosely('the')})?\s*{loosely('existing default SMTP certificate')}"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A certificate as the prompt names it."""

    current: bool
    thumbprint: str | None
    expires: str
    lines: tuple[Line, ...]


def read_prompts(text: Text) -> Reading[OverwritePrompt]:
    """Every overwrite prompt in a text, wrapped at any width, with one or both of its certificates.

    Exchange 2010 named both in the question itself; that wording is read too.
    """
    folded = fold(text.lines)
    notes = Notes()
    named = [_named(folded, found, notes) for found in _CERTIFICATE.finditer(folded.text)]
    facts: list[OverwritePrompt] = []
    at = 0
    while at < len(named):
        first = named[at]
        second = named[at + 1] if at + 1 < len(named) else None
        if first.current and second and not second.current:
            facts.append(_prompt(first, second))
            at += 2
            continue
        facts.append(_prompt(first, None) if first.current else _prompt(None, first))
        at += 1
    if facts:
        return Reading(tuple(facts), unread=tuple(notes.unread))
    if question := _QUESTION.search(folded.text):
        lines = folded.lines_of(*question.span())
        notes.leave(lines, "the prompt is here, but not the two lines that name its certificates")
        return Reading((OverwritePrompt(None, None, lines=lines),), unread=tuple(notes.unread))
    notes.leave(text.lines, "there is no question about the default SMTP certificate here")
    return Reading(unread=tuple(notes.unread))


def _named(folded: Folded, found: re.Match[str], notes: Notes) -> _Named:
    """One certificate of the prompt; a thumbprint that is not whole is noted and left out."""
    lines = folded.lines_of(*found.span())
    reading = read_thumbprint("".join(found["thumbprint"].split()))
    if reading.thumbprint is None:
        notes.leave(lines, reading.why)
    expires = (found["expires"] or "").strip()
    return _Named(found["current"] is not None, reading.thumbprint, expires, lines)


def _prompt(current: _Named | None, replacement: _Named | None) -> OverwritePrompt:
    lines = (current.lines if current else ()) + (replacement.lines if replacement else ())
    return OverwritePrompt(
        current=current.thumbprint if current else None,
        replacement=replacement.thumbprint if replacement else None,
        current_expires=current.expires if current else "",
        replacement_expires=replacement.expires if replacement else "",
        lines=tuple(dict.fromkeys(lines)),
    )


_QUOTED = re.compile(rf"{QUOTE}\s*(?P<thumbprint>(?:[0-9A-Fa-f]\s?){{40}})\s*{QUOTE}")
_LETTERS = re.compile(r"(?:\[\w\][^\[\]]+){3,}\[\?\]")


def question_by_shape(text: Text, ours: str) -> OverwritePrompt | None:
    """The prompt in another language: two quoted thumbprints, one of them `ours`, and letters to choose from below.

    Exchange names the current certificate first (KB 4051498); only with `ours` second is that known to hold here.
    """
    folded = fold(text.lines)
    found = list(_QUOTED.finditer(folded.text))
    shown = ["".join(each["thumbprint"].split()).upper() for each in found]
    if len(shown) != 2 or shown[0] == shown[1] or not ours or ours not in shown or not _LETTERS.search(folded.text):
        return None
    lines = dict.fromkeys(line for each in found for line in folded.lines_of(*each.span()))
    return OverwritePrompt(shown[0], shown[1], lines=tuple(lines))
