"""Sort-Object, Group-Object, Measure-Object, Compare and New-Object's small use (PS/X of PowerShell itself)."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.cmdlet import Parameter
from wizard.practice.general.asked import INPUT, PROPERTY, Key, key_function, keys_of
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.comparing import sort_key
from wizard.practice.language.members import own_property, property_of, type_name
from wizard.practice.language.texts import items_of, number_from, text_of, truth_of
from wizard.practice.values import PSObject, Value
from wizard.practice.views import Column, View


def _keys(call: Invocation) -> list[tuple[Key, bool | None]]:
    """What to sort or group by, each with its own direction where it says one: True for descending."""
    keys: list[tuple[Key, bool | None]] = []
    given = call.given("Property")
    for each in items_of(given) if given is not None else ():
        if isinstance(each, dict):
            found = keys_of(call, each)
            descending = truth_of(found["descending"]) if "descending" in found else None
            if "ascending" in found:
                descending = not truth_of(found["ascending"])
            keys.append((key_function(call, found.get("expression")), descending))
        else:
            keys.append((key_function(call, each), None))
    return keys


def _sort(call: Invocation) -> Iterator[Value]:
    items = list(call.items())
    keys = _keys(call) or [(lambda item: item, None)]
    everywhere = bool(call.given("Descending"))
    # The last key first: sorting keeps the order of what is equal.
    for key, descending in reversed(keys):
        items.sort(key=lambda item: sort_key(key(item)), reverse=everywhere if descending is None else descending)
    if not call.given("Unique"):
        yield from items
        return
    last: list[object] | None = None
    for item in items:
        own: list[object] = [sort_key(key(item)) for key, _ in keys]
        if own != last:
            yield item
        last = own


def _group(call: Invocation) -> Iterator[Value]:
    keys = _keys(call) or [(lambda item: item, None)]
    groups: dict[str, list[Value]] = {}
    names: dict[str, str] = {}
    for item in call.items():
        name = ", ".join(text_of(key(item)) for key, _ in keys)
        groups.setdefault(name.casefold(), []).append(item)
        names.setdefault(name.casefold(), name)
    for folded in sorted(groups):
        found = groups[folded]
        properties: dict[str, Value] = {"Count": len(found), "Name": names[folded], "Group": tuple(found)}
        if call.given("NoElement"):
            del properties["Group"]
        yield PSObject("GroupNoElement" if call.given("NoElement") else "GroupInfo", properties, names[folded])


def _measure(call: Invocation) -> Iterator[Value]:
    items = call.items()
    if any(call.given(each) for each in ("Line", "Word", "Character")):
        yield _text_measured(call, [text_of(item) for item in items])
        return
    names = [text_of(each) for each in items_of(call.given("Property"))] if call.given("Property") is not None else [""]
    for name in names:
        yield _measured(call, items, name)


def _text_measured(call: Invocation, texts: list[str]) -> Value:
    return PSObject(
        "TextMeasureInfo",
        {
            "Lines": sum(text.count("\n") + 1 for text in texts) if call.given("Line") else None,
            "Words": sum(len(text.split()) for text in texts) if call.given("Word") else None,
            "Characters": sum(map(len, texts)) if call.given("Character") else None,
            "Property": None,
        },
    )


def _measured(call: Invocation, items: tuple[Value, ...], name: str) -> Value:
    found = [
        property_of(item, name) if name else item for item in items if not name or own_property(item, name.casefold())
    ]
    numbers = [number for each in found if (number := number_from(each)) is not None]
    if name and not found:
        call.failed(
            call.fault(
                f'The property "{name}" cannot be found in the input for any objects.', "GenericMeasurePropertyNotFound"
            )
        )
    total = sum(numbers)
    return PSObject(
        "GenericMeasureInfo",
        {
            "Count": len(found),
            "Average": total / len(numbers) if call.given("Average") and numbers else None,
            "Sum": total if call.given("Sum") else None,
            "Maximum": max(numbers) if call.given("Maximum") and numbers else None,
            "Minimum": min(numbers) if call.given("Minimum") and numbers else None,
            "Property": name or None,
        },
    )


def _new_object(call: Invocation) -> Iterator[Value]:
    given = call.given("Property")
    kind = text_of(call.given("TypeName")).casefold().removeprefix("system.management.automation.")
    if kind not in ("psobject", "pscustomobject", "object"):
        raise call.fail(
            f"The practice shell makes no [{text_of(call.given('TypeName'))}]; it knows PSObject alone.", "TypeNotFound"
        )
    yield PSObject("PSCustomObject", dict(given) if isinstance(given, dict) else {})


def _members(call: Invocation) -> Iterator[Value]:
    seen: set[str] = set()
    for item in call.items():
        kind = item.kind if isinstance(item, PSObject) else type_name(item)
        if kind in seen:
            continue
        seen.add(kind)
        call.host.say(f"\n   TypeName: {kind}")
        yield PSObject(
            "MemberDefinition", {"Name": "ToString", "MemberType": "Method", "Definition": "string ToString()"}
        )
        names = item.properties if isinstance(item, PSObject) else ("Length",) if isinstance(item, str) else ()
        for name in sorted(names, key=str.casefold):
            value = property_of(item, name)
            definition = f"{type_name(value).removeprefix('System.').lower()} {name} {{get;}}"
            yield PSObject("MemberDefinition", {"Name": name, "MemberType": "Property", "Definition": definition})


BUILTINS = (
    Builtin(
        "Sort-Object",
        _sort,
        (
            PROPERTY,
            INPUT,
            Parameter("Descending", switch=True),
            Parameter("Unique", switch=True),
            Parameter("CaseSensitive", switch=True),
        ),
        "Sorts objects by property values.",
        ("sort",),
    ),
    Builtin(
        "Group-Object",
        _group,
        (PROPERTY, INPUT, Parameter("NoElement", switch=True)),
        "Groups objects that contain the same value for specified properties.",
        ("group",),
    ),
    Builtin(
        "Measure-Object",
        _measure,
        (
            PROPERTY,
            INPUT,
            *(
                Parameter(name, switch=True)
                for name in ("Sum", "Average", "Maximum", "Minimum", "Line", "Word", "Character")
            ),
        ),
        "Calculates the numeric properties of objects, and the lines and words in texts.",
        ("measure",),
    ),
    Builtin(
        "New-Object",
        _new_object,
        (Parameter("TypeName", position=0, required=True), Parameter("Property")),
        "Creates an object with the properties of a hashtable.",
    ),
    Builtin(
        "Get-Member",
        _members,
        (INPUT, Parameter("Name", position=0, lists=True)),
        "Shows the members of objects.",
        ("gm",),
    ),
)

VIEWS = (
    View("GroupInfo", (Column("Count", "Count", 5, right=True), Column("Name", "Name", 25), Column("Group", "Group"))),
    View("GroupNoElement", (Column("Count", "Count", 5, right=True), Column("Name", "Name"))),
    View(
        "TextMeasureInfo",
        (
            Column("Lines", "Lines", 5),
            Column("Words", "Words", 5),
            Column("Characters", "Characters", 10),
            Column("Property", "Property"),
        ),
    ),
    View(
        "MemberDefinition",
        (Column("Name", "Name"), Column("MemberType", "MemberType"), Column("Definition", "Definition")),
    ),
)
