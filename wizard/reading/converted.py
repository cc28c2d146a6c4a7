"""ConvertTo-Csv and ConvertTo-Json to records."""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from wizard.facts import Line, Unread
from wizard.reading.record import PROPERTY_NAMES, Record, Value, given

MOST_LINES_OF_A_ROW = 20
"""A quoted field may hold line ends; one that stays open longer than this is damage."""

_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")
_STRAIGHT_QUOTES = str.maketrans("\u201c\u201d\u201e", '"""')
_JSON_HEAD = re.compile(r'\s*(?:\[\s*)?\{\s*(?:"|\u201c|\}|$)|\s*\[\s*(?:\]\s*)?$')
_SPEAKING_KEYS = ("Name", "Address", "PathName", "DomainName", "Domain", "Value", "value")
"""Which member stands for an object that ConvertTo-Json took apart, the most telling first."""


def find_csv(lines: Sequence[Line]) -> tuple[int, str] | None:
    """Where a CSV header stands and which delimiter it uses; None when there is none."""
    for at, line in enumerate(lines):
        text = line.text.strip()
        if not text or text.startswith("#TYPE"):
            continue
        for delimiter in ",;\t":
            names = _row(text, delimiter)
            if names and all(_IDENTIFIER.fullmatch(name) for name in names) and _is_header(text, names, delimiter):
                return at, delimiter
        if at > 200:
            break
    return None


def _is_header(text: str, names: list[str], delimiter: str) -> bool:
    """Whether the names are a header: quoted as ConvertTo-Csv writes them, or bare ones that Exchange uses."""
    if len(names) > 1 and text.count('"') + sum(map(text.count, "\u201c\u201d\u201e")) == 2 * len(names):
        return True
    known = any(name.casefold() in PROPERTY_NAMES for name in names)
    return known and (text[:1] in '"\u201c\u201e' if len(names) == 1 else " " not in text.replace(delimiter, ""))


def read_csv(lines: Sequence[Line], header: int, delimiter: str) -> tuple[list[Record], list[Unread]]:
    """The records below a header; a row that does not fit it is left unread."""
    names = _row(lines[header].text.strip(), delimiter) or []
    records: list[Record] = []
    unread: list[Unread] = []
    at = header + 1
    while at < len(lines):
        taken = _lines_of_row(lines, at)
        row = _row("\n".join(line.text for line in taken), delimiter)
        first = lines[at]
        at += len(taken)
        if not first.text.strip() or row == names or first.text.startswith("#TYPE"):
            continue
        if row is None or len(row) != len(names):
            count = "unbalanced quotes" if row is None else f"{len(row)} fields"
            unread.append(Unread(first.source, first.number, f"a CSV row with {count}; the header has {len(names)}"))
            continue
        values = ((name, given(field, tuple(taken))) for name, field in zip(names, row, strict=True))
        records.append(Record(tuple(values), tuple(taken)))
    return records, unread


def _lines_of_row(lines: Sequence[Line], at: int) -> Sequence[Line]:
    """The lines up to where the quotes balance; one line only when they never do."""
    quotes = 0
    for count, line in enumerate(lines[at : at + MOST_LINES_OF_A_ROW], start=1):
        quotes += line.text.translate(_STRAIGHT_QUOTES).count('"')
        if quotes % 2 == 0:
            return lines[at : at + count]
    return lines[at : at + 1]


def _row(text: str, delimiter: str) -> list[str] | None:
    """The fields of one row; None when its quotes do not balance or it is longer than any cmdlet's."""
    straight = text if '"' in text else text.translate(_STRAIGHT_QUOTES)
    try:
        rows = list(csv.reader([straight], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return [field.strip() for field in rows[0]] if len(rows) == 1 else None


def find_json(lines: Sequence[Line]) -> int | None:
    """The index of the line where JSON begins; None when nothing looks like it."""
    return next((at for at, line in enumerate(lines) if _JSON_HEAD.match(line.text[:200])), None)


def read_json(lines: Sequence[Line], first: int) -> tuple[list[Record], list[Unread]]:
    """A record for each object, alone, in an array or one after another; whole objects survive a cut end."""
    texts = [line.text for line in lines[first:]]
    whole = "\n".join(texts)
    if '"' not in whole:
        whole = whole.translate(_STRAIGHT_QUOTES)
    starts = [0, *accumulate(len(text) + 1 for text in texts)]
    records: list[Record] = []
    unread: list[Unread] = []
    for found, start, end in _objects(whole):
        taken = lines[first + bisect_right(starts, start) - 1 : first + bisect_right(starts, max(end - 1, start))]
        if isinstance(found, str):
            unread.append(Unread(taken[0].source, taken[0].number, found))
            continue
        inner = found.get("value")
        # Windows PowerShell wraps an array that went through a variable: {"value": […], "Count": 4}.
        wrapped = isinstance(inner, list) and found.keys() <= {"value", "Count"}
        each_object = inner if wrapped and isinstance(inner, list) else [found]
        records += [_record(each, tuple(taken)) for each in each_object if isinstance(each, dict)]
    return records, unread


def _objects(text: str) -> Iterator[tuple[dict[str, object] | str, int, int]]:
    """Each outermost object with its place in the text; at the first that cannot be read, the reason."""
    decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
    at = 0
    gap = re.compile(r"[\s\[\],]*")
    while (skipped := gap.match(text, at)) and skipped.end() < len(text):
        at = skipped.end()
        if text[at] != "{":
            return
        try:
            found, end = decoder.raw_decode(text, at)
        except RecursionError:
            yield "JSON nested deeper than any cmdlet prints", at, at + 1
            return
        except ValueError as error:
            yield f"JSON that is damaged or ends too early ({getattr(error, 'msg', error)})", at, at + 1
            return
        yield found, at, end
        at = end


def _record(found: dict[str, object], lines: tuple[Line, ...]) -> Record:
    return Record(tuple((name, _value(member, lines)) for name, member in found.items()), lines)


def _value(member: object, lines: tuple[Line, ...]) -> Value:
    if isinstance(member, list):
        items = tuple(_text(item) for item in member)
        return given("{" + ", ".join(items) + "}", lines, items)
    return given(_text(member), lines)


def _text(member: object) -> str:
    """A member as Format-List would print it: an object by its most telling member, null as nothing."""
    for _ in range(3):
        if not isinstance(member, dict):
            break
        member = next((member[key] for key in _SPEAKING_KEYS if key in member), None)
    return str(member).replace("\n", " ") if isinstance(member, (str, bool)) else ""
