"""Reads records from CSV, JSON and CLIXML."""

from __future__ import annotations

import csv
import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from xml.parsers import expat

from wizard.facts import Line, Unread
from wizard.reading.records import PROPERTY_NAMES, Record, Value, given

DEEPEST = 200
"""Levels of nesting; Export-Clixml itself stops after a few."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

_LISTS = frozenset({"LST", "IE", "STK", "QUE"})


class _Refused(ValueError):
    """XML that no cmdlet writes."""


@dataclass(slots=True)
class _Element:
    """An element with the lines it spans; `last` is 0 while it is open."""

    tag: str
    attributes: dict[str, str]
    first: int
    last: int = 0
    text: list[str] = field(default_factory=list)
    children: list[_Element] = field(default_factory=list)

    def child(self, *tags: str) -> _Element | None:
        """The first child with one of these tags."""
        return next((child for child in self.children if child.tag in tags), None)


def find_clixml(lines: Sequence[Line]) -> int | None:
    """The index of CLIXML's first line: its root, or a declaration before it."""
    for at, line in enumerate(lines):
        if "<Objs" in line.text or line.text.lstrip().startswith(("<?xml", "<!DOCTYPE", "#< CLIXML")):
            return at
    return None


def read_clixml(lines: Sequence[Line], first: int) -> tuple[list[Record], list[Unread]]:
    """A record for each object, and why the rest could not be read; whole objects survive a cut end."""
    tree = _Tree()
    body = "\n".join(line.text for line in lines[first:])
    start = body.find("<")
    while body.startswith("< CLIXML", start):
        start = body.find("<", start + 1)
    body, _, _ = body[max(start, 0) :].partition("</Objs>")
    # Lines before the first angle bracket count in expat's line numbers.
    skipped = "\n".join(line.text for line in lines[first:])[: max(start, 0)].count("\n")
    try:
        tree.parse(body + "</Objs>")
    except (expat.ExpatError, _Refused, ValueError) as error:
        place = lines[min(first + skipped + tree.line - 1, len(lines) - 1)]
        unread = [Unread(place.source, place.number, f"CLIXML that cannot be read: {error}")]
    else:
        unread = []
    values = _Values(tree)
    spans = [(values.record(each), each) for each in tree.records]
    return [
        Record(properties, tuple(lines[first + skipped + each.first - 1 : first + skipped + each.last]))
        for properties, each in spans
    ], unread


class _Tree:
    """Builds elements from expat's events and keeps whole objects with properties."""

    def __init__(self) -> None:
        self.records: list[_Element] = []
        self.by_reference: dict[str, _Element] = {}
        self.line = 1
        self._stack: list[_Element] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.EntityDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def parse(self, text: str) -> None:
        """Read the text; raises ExpatError or ValueError at the first part that is not CLIXML."""
        try:
            self._parser.Parse(text.encode("utf-8", errors="replace"), True)
        finally:
            self.line = max(self._parser.CurrentLineNumber, 1)

    def _doctype(self, *_declaration: object) -> None:
        raise _Refused("it declares a document type or an entity, which PowerShell never does")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self._stack) >= DEEPEST:
            raise _Refused("it is nested deeper than PowerShell writes")
        element = _Element(tag, attributes, self._parser.CurrentLineNumber)
        if self._stack:
            self._stack[-1].children.append(element)
        elif tag != "Objs":
            raise _Refused(f"its root is <{tag[:40]}>, not <Objs>")
        self._stack.append(element)

    def _end(self, _tag: str) -> None:
        element = self._stack.pop()
        element.last = self._parser.CurrentLineNumber
        if element.tag == "Obj":
            if reference := element.attributes.get("RefId"):
                self.by_reference[reference] = element
            outer = not any(above.tag in {"MS", "Props"} for above in self._stack)
            if outer and element.child("MS", "Props"):
                self.records.append(element)

    def _characters(self, text: str) -> None:
        if self._stack:
            self._stack[-1].text.append(text)


class _Values:
    """Turns elements into values, each referenced object once."""

    def __init__(self, tree: _Tree) -> None:
        self._by_reference = tree.by_reference
        self._done: dict[str, Value] = {}

    def record(self, element: _Element) -> tuple[tuple[str, Value], ...]:
        """The properties of an object, its own and those added to it."""
        return tuple(
            (_plain(member.attributes["N"]), self.value(member))
            for holder in element.children
            if holder.tag in {"Props", "MS"}
            for member in holder.children
            if "N" in member.attributes
        )

    def value(self, element: _Element) -> Value:
        """A primitive's text, an object's ToString, or a list's items."""
        reference = element.attributes.get("RefId", "")
        if element.tag == "Ref":
            target = self._by_reference.get(reference)
            return self.value(target) if target else given("", ())
        if element.tag != "Obj":
            return given(_element_text(element), ())
        if reference not in self._done:
            self._done[reference] = self._object(element)
        return self._done[reference]

    def _object(self, element: _Element) -> Value:
        if holder := next((child for child in element.children if child.tag in _LISTS), None):
            items = tuple(self._item(item) for item in holder.children)
            return given("{" + ", ".join(items) + "}", (), items)
        return given(_shown(element), ())

    def _item(self, element: _Element) -> str:
        target = self._by_reference.get(element.attributes.get("RefId", "")) if element.tag == "Ref" else element
        return "" if target is None else _shown(target) if target.tag == "Obj" else _element_text(target)


def _shown(element: _Element) -> str:
    """An object's text: its ToString, otherwise an enum's number."""
    shown = element.child("ToString") or element.child("S", "I32", "I64", "U32", "By", "G")
    return _element_text(shown) if shown else ""


def _element_text(element: _Element) -> str:
    return _plain("".join(element.text)) if element.tag != "Nil" else ""


def _plain(text: str) -> str:
    """The text without CLIXML's `_x000D_` escapes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


MOST_LINES_OF_A_ROW = 20
"""A quoted field may hold line ends; one open for longer is damage."""

_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")

_QUOTE_MARKS = ('"', "\u201c", "\u201d", "\u201e")

_IS_QUOTED_ROW = re.compile(r"\s*(?:#TYPE|[\"\u201c\u201d\u201e]|$)")

_STRAIGHT_QUOTES = str.maketrans("\u201c\u201d\u201e", '"""')

_JSON_HEAD = re.compile(r'\s*(?:\[\s*)?\{\s*(?:"|\u201c|\}|$)|\s*\[\s*(?:\]\s*)?$')

_SPEAKING_KEYS = ("Name", "Address", "PathName", "DomainName", "Domain", "Value", "value")
"""The member that represents an object taken apart by ConvertTo-Json, the most telling first."""


def find_csv(lines: Sequence[Line]) -> tuple[int, str] | None:
    """The line of a CSV header and its delimiter; None without one."""
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
    """True if the names are a header: quoted like ConvertTo-Csv's, or bare ones that Exchange uses."""
    if len(names) > 1 and text.count('"') + sum(map(text.count, "\u201c\u201d\u201e")) == 2 * len(names):
        return True
    known = any(name.casefold() in PROPERTY_NAMES for name in names)
    return known and (text[:1] in '"\u201c\u201e' if len(names) == 1 else " " not in text.replace(delimiter, ""))


def read_csv(lines: Sequence[Line], header: int, delimiter: str) -> tuple[list[Record], list[Unread]]:
    """The records below a header; a row that does not fit it is unread."""
    names = _row(lines[header].text.strip(), delimiter) or []
    records: list[Record] = []
    unread: list[Unread] = []
    at = header + 1
    quoted = lines[header].text.lstrip()[:1] in _QUOTE_MARKS
    while at < len(lines):
        if quoted and not _IS_QUOTED_ROW.match(lines[at].text):
            # Rows are quoted like the header: anything else is not a row.
            break
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
    """The lines until the quotes balance; only one if they never do."""
    quotes = 0
    for count, line in enumerate(lines[at : at + MOST_LINES_OF_A_ROW], start=1):
        quotes += line.text.translate(_STRAIGHT_QUOTES).count('"')
        if quotes % 2 == 0:
            return lines[at : at + count]
    return lines[at : at + 1]


def _row(text: str, delimiter: str) -> list[str] | None:
    """The fields of one row; None if its quotes do not balance or it is longer than any cmdlet's."""
    straight = text if '"' in text else text.translate(_STRAIGHT_QUOTES)
    try:
        rows = list(csv.reader([straight], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return [field.strip() for field in rows[0]] if len(rows) == 1 else None


def find_json(lines: Sequence[Line]) -> int | None:
    """The index of JSON's first line; None without any."""
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
    """Each outermost object with its place in the text; then why the next one could not be read."""
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
    """A member as Format-List prints it: an object by its most telling member, null as nothing."""
    for _ in range(3):
        if not isinstance(member, dict):
            break
        member = next((member[key] for key in _SPEAKING_KEYS if key in member), None)
    return str(member).replace("\n", " ") if isinstance(member, (str, bool)) else ""
