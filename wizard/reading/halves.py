"""Whether a text was copied in part: its first or its last lines are missing. Says so only where it shows."""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from wizard.facts import Line
from wizard.reading.kind import Kind
from wizard.reading.text import Text

MOST_LINES = 4_000
"""So many lines at either end are looked at."""


class Missing(enum.Enum):
    """Which end of a text is missing; the value is what to do about it."""

    FRONT = "It seems to be cut at its front: copy it again from its first line on."
    END = "It seems to be cut at its end: copy it again to its last line."


_LABEL = re.compile(r"([A-Za-z]\w{1,60})\s*:(?:\s|$)")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_FIELDS = 8
"""Commas in a row of a protocol log, at least."""


def missing(text: Text, kind: Kind) -> tuple[Missing, Line] | None:
    """The end that is missing, with the line that shows it; None where the text may be whole."""
    lines = [line for line in text.lines if line.text.strip()]
    if not lines:
        return None
    if kind is Kind.SEND_LOG:
        return _of_log(lines)
    if kind in (Kind.CERTIFICATES, Kind.CONNECTORS, Kind.QUEUES):
        return _of_list(text, lines)
    if kind is Kind.PROMPT:
        return _of_prompt(lines)
    return None


def _of_log(lines: Sequence[Line]) -> tuple[Missing, Line] | None:
    """A log whose first line is the rest of a row, or whose last is the begin of one."""
    first, last = lines[0], lines[-1]
    if first.text.count(",") >= 2 and not _TIME.match(first.text) and not first.text.lstrip("\"'").startswith("#"):
        return Missing.FRONT, first
    if _TIME.match(last.text) and last.text.count(",") < _FIELDS:
        return Missing.END, last
    return None


def _of_prompt(lines: Sequence[Line]) -> tuple[Missing, Line] | None:
    """The question without the certificates it is about."""
    whole = " ".join(line.text for line in lines).casefold()
    if "current certificate" not in whole and "replace it with" in whole:
        return Missing.FRONT, lines[0]
    if "current certificate" in whole and "replace it with" not in whole:
        return Missing.END, lines[-1]
    return None


def _of_list(text: Text, lines: Sequence[Line]) -> tuple[Missing, Line] | None:
    """A list that begins with the rest of a value, or whose first or last object has fewer properties than the others.

    Objects are compared only where there are three or more, of which all in the middle are alike.
    """
    first, last = lines[0], lines[-1]
    labelled = [line for line in lines[:50] if _LABEL.match(line.text)]
    if labelled and labelled[0] is not first and re.match(r"\s{8,}\S", first.text):
        return Missing.FRONT, first
    if labelled and last.text.count("{") > last.text.count("}") and _LABEL.match(last.text):
        return Missing.END, last
    objects = _objects(text.lines[:MOST_LINES])
    if len(objects) < 3 or len(text.lines) > MOST_LINES:
        return None
    usual = objects[1]
    if any(each != usual for each in objects[1:-1]):
        return None
    if len(objects[0]) < len(usual) and usual[-len(objects[0]) :] == objects[0]:
        return Missing.FRONT, first
    if len(objects[-1]) < len(usual) and usual[: len(objects[-1])] == objects[-1]:
        return Missing.END, last
    return None


def _objects(lines: Sequence[Line]) -> list[list[str]]:
    """The names of each object's properties, object by object."""
    objects: list[list[str]] = [[]]
    for line in lines:
        if not line.text.strip():
            if objects[-1]:
                objects.append([])
        elif label := _LABEL.match(line.text):
            objects[-1].append(label[1])
    return [each for each in objects if each]
