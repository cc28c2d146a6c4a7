"""CLIXML (Export-Clixml, ConvertTo-CliXml) to records.

Exchange never writes a document type, so one is refused before anything in it can expand. Objects
point at each other by RefId; each is turned into a value once, however often it is pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from wizard.facts import Line, Unread
from wizard.reading.record import Record, Value, given

DEEPEST = 200
"""Levels of nesting; Export-Clixml itself stops after a few."""

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LISTS = frozenset({"LST", "IE", "STK", "QUE"})
_NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04"


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
    """The index of the line where CLIXML begins: its root, or a declaration before it."""
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
    # Lines before the first angle bracket count for the numbers that expat reports.
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
    """Builds elements from expat's events and keeps those that are whole objects with properties."""

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
        """Read the text; raises ExpatError or ValueError at the first thing that is not CLIXML."""
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
        """The properties of an object: its own ones and those that were added to it."""
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
            return given(_text(element), ())
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
        return "" if target is None else _shown(target) if target.tag == "Obj" else _text(target)


def _shown(element: _Element) -> str:
    """What an object shows of itself: its ToString, else the number an enum carries."""
    shown = element.child("ToString") or element.child("S", "I32", "I64", "U32", "By", "G")
    return _text(shown) if shown else ""


def _text(element: _Element) -> str:
    return _plain("".join(element.text)) if element.tag != "Nil" else ""


def _plain(text: str) -> str:
    """The text without CLIXML's `_x000D_` escapes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
