"""Select-Object, Where-Object and ForEach-Object (PS/X of PowerShell itself)."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.cmdlet import Parameter
from wizard.practice.formatting.shown import property_names, resolved
from wizard.practice.general.asked import INPUT, PROPERTY, properties_asked
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.comparing import like
from wizard.practice.language.faults import LoopEnd
from wizard.practice.language.members import own_property, property_of
from wizard.practice.language.operators import KNOWN, binary
from wizard.practice.language.texts import items_of, text_of, truth_of, whole
from wizard.practice.language.tree import ScriptBlock
from wizard.practice.values import PSObject, Value

_COMPARISONS = (
    "EQ",
    "NE",
    "GT",
    "GE",
    "LT",
    "LE",
    "Like",
    "NotLike",
    "Match",
    "NotMatch",
    "Contains",
    "NotContains",
    "In",
    "NotIn",
    "CEQ",
    "CNE",
    "CLike",
    "CMatch",
    "Is",
    "IsNot",
)


def _select(call: Invocation) -> Iterator[Value]:
    items = _places(call, list(call.items()))
    if call.given("ExpandProperty") is not None:
        items = list(_expanded(call, items))
    elif call.given("Property") is not None or call.given("ExcludeProperty") is not None:
        items = [_selected(call, item) for item in items]
    if call.given("Unique"):
        items = _unique(items)
    yield from items


def _places(call: Invocation, items: list[Value]) -> list[Value]:
    """The items that -First, -Last, -Skip, -SkipLast and -Index leave."""
    if call.given("Index") is not None:
        wanted = [whole(each) for each in items_of(call.given("Index"))]
        return [items[at] for at in wanted if 0 <= at < len(items)]
    skip = max(whole(call.given("Skip")), 0)
    first, last = call.given("First"), call.given("Last")
    if last is not None and first is None:
        items = items[: len(items) - skip] if skip else items
        return items[-whole(last) :] if whole(last) > 0 else []
    items = items[skip:]
    if call.given("SkipLast") is not None:
        items = items[: max(len(items) - max(whole(call.given("SkipLast")), 0), 0)]
    if first is None:
        return items
    count = max(whole(first), 0)
    end = items[max(len(items) - max(whole(last), 0), count) :] if last is not None else []
    return items[:count] + end


def _selected(call: Invocation, item: Value) -> Value:
    """A new object with the properties asked for; one that the item has not is empty."""
    properties: dict[str, Value] = {}
    asked = properties_asked(call, call.given("Property") if call.given("Property") is not None else "*")
    for each in asked:
        if each.value is not None:
            properties[each.label] = each.value(item)
        else:
            for label, value, _ in resolved(item, (each.name,)):
                properties.setdefault(label, value)
    for name in items_of(call.given("ExcludeProperty")) if call.given("ExcludeProperty") is not None else ():
        properties = {own: value for own, value in properties.items() if not like(own, text_of(name))}
    kind = item.kind if isinstance(item, PSObject) else "String"
    kind = kind if kind.startswith("Selected.") else f"Selected.{kind}"
    return PSObject(kind, properties)


def _expanded(call: Invocation, items: list[Value]) -> Iterator[Value]:
    name = text_of(call.given("ExpandProperty"))
    for item in items:
        if own_property(item, name.casefold()) is None:
            call.failed(call.fault(f'Property "{name}" cannot be found.', "ExpandPropertyNotFound"))
            continue
        yield from items_of(property_of(item, name))


def _unique(items: list[Value]) -> list[Value]:
    """The items without doubles; unlike elsewhere, letters of another case make another text here."""
    found: list[Value] = []
    seen: set[str] = set()
    for item in items:
        key = f"{type(item).__name__}{_whole_text(item)}"
        if key not in seen:
            seen.add(key)
            found.append(item)
    return found


def _whole_text(item: Value) -> str:
    if isinstance(item, PSObject):
        return "\0".join(f"{name}={text_of(value)}" for name, value in item.properties.items())
    return text_of(item)


def _where(call: Invocation) -> Iterator[Value]:
    condition = call.given("FilterScript")
    for item in call.items():
        if isinstance(condition, ScriptBlock):
            kept = any(truth_of(each) for each in call.host.invoke(condition, item)[-1:])
        else:
            kept = _compares(call, item, text_of(condition))
        if kept:
            yield item


def _compares(call: Invocation, item: Value, name: str) -> bool:
    """The form without a block: `Where-Object Status -eq Retry`, or the property alone for true ones."""
    value = property_of(item, name)
    for operator in _COMPARISONS:
        if operator in call.parameters:
            found = binary(operator.casefold(), value, call.given("Value"))
            return truth_of(found)
    if call.given("Not"):
        return not truth_of(value)
    return truth_of(value)


def _foreach(call: Invocation) -> Iterator[Value]:
    process = call.given("Process")
    blocks = [each for each in items_of(process) if isinstance(each, ScriptBlock)] if process is not None else []
    member = "" if blocks or process is None else text_of(process)
    begin, end = call.given("Begin"), call.given("End")
    # With several blocks the first is run before the objects and the last after them.
    if len(blocks) > 1 and begin is None:
        begin, blocks = blocks[0], blocks[1:]
        if len(blocks) > 1 and end is None:
            end, blocks = blocks[-1], blocks[:-1]
    if isinstance(begin, ScriptBlock):
        yield from call.host.invoke(begin)
    items = call.items() if call.piped is not None or "InputObject" in call.parameters else (None,)
    for item in items:
        if member:
            yield from items_of(_member(item, member))
        for block in blocks:
            try:
                yield from call.host.invoke(block, item)
            except LoopEnd as leaving:
                if leaving.kind == "break":
                    return
    if isinstance(end, ScriptBlock):
        yield from call.host.invoke(end)


def _member(item: Value, name: str) -> Value:
    """`ForEach-Object Name`: a property; a method's name is called."""
    wanted = [own for own in property_names(item) if like(own, name)]
    if not wanted and own_property(item, name.casefold()) is None and name.casefold() == "tostring":
        return text_of(item)
    return property_of(item, wanted[0] if wanted else name)


BUILTINS = (
    Builtin(
        "Select-Object",
        _select,
        (
            PROPERTY,
            INPUT,
            Parameter("ExcludeProperty", lists=True),
            Parameter("ExpandProperty"),
            Parameter("First"),
            Parameter("Last"),
            Parameter("Skip"),
            Parameter("SkipLast"),
            Parameter("Index", lists=True),
            Parameter("Unique", switch=True),
            Parameter("Wait", switch=True),
        ),
        "Selects objects or object properties.",
        ("select",),
    ),
    Builtin(
        "Where-Object",
        _where,
        (
            Parameter("FilterScript", position=0, required=True, aliases=("Property",)),
            Parameter("Value", position=1),
            INPUT,
            *(Parameter(operator, switch=True) for operator in _COMPARISONS if operator.casefold() in KNOWN),
            Parameter("Not", switch=True),
        ),
        "Selects objects from a collection based on their property values.",
        ("where", "?"),
        newer_parameters=frozenset({"Value", "Not", *_COMPARISONS}),
    ),
    Builtin(
        "ForEach-Object",
        _foreach,
        (
            Parameter("Process", position=0, lists=True, required=True, aliases=("MemberName",), rest=True),
            Parameter("Begin"),
            Parameter("End"),
            INPUT,
        ),
        "Performs an operation against each item in a collection of input objects.",
        ("foreach", "%"),
    ),
)
