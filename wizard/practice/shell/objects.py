"""PowerShell's own cmdlets over objects: picking, sorting, counting, formatting, converting, and help about them all.

Source: the reference pages of the cmdlets, about_Calculated_Properties.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from xml.sax.saxutils import escape

from wizard.practice.shell.operators import KNOWN, binary, called, date_styled, own_property, property_of, type_name
from wizard.practice.shell.run import Builtin, Invocation, parameters_of
from wizard.practice.shell.show import (
    Formatted,
    WantedProperty,
    as_csv,
    as_json,
    default_lines,
    list_renderer,
    property_names,
    table_renderer,
    text_lines,
    trimmed,
)
from wizard.practice.shell.values import (
    Cmdlet,
    Column,
    Flag,
    LoopEnd,
    NotKnownError,
    Parameter,
    PSObject,
    Raised,
    ScriptBlock,
    Value,
    View,
    as_value,
    is_pattern,
    items_of,
    like,
    listed,
    number_from,
    sort_key,
    switches,
    text_of,
    truth_of,
    unknown_command,
    whole,
    wildcard_in,
    words,
)

_PROPERTY = Parameter("Property", position=0, lists=True)
INPUT = Parameter("InputObject", piped=True)

Key = Callable[[Value], Value]
"""Reads an object's property, or computes a block for it."""

# Properties by name, by wildcard, or calculated

_KEYS = {
    "name": "name",
    "label": "name",
    "expression": "expression",
    "width": "width",
    "alignment": "alignment",
    "formatstring": "formatstring",
    "ascending": "ascending",
    "descending": "descending",
}


def _properties(call: Invocation, given: Value) -> list[WantedProperty]:
    """The properties of a Property parameter."""
    return [_asked(call, each) for each in listed(given)]


def _entries(call: Invocation, given: dict[str, Value]) -> dict[str, Value]:
    """A hash table's entries by their whole names; abbreviations are accepted."""
    found: dict[str, Value] = {}
    for key, value in given.items():
        name = next((full for begin, full in _KEYS.items() if key and begin.startswith(key.casefold())), "")
        if not name:
            raise call.fail(f'The "{key}" key is not valid.', "DictionaryKeyIllegal")
        found[name] = value
    return found


def _asked(call: Invocation, given: Value) -> WantedProperty:
    if isinstance(given, ScriptBlock):
        return WantedProperty(given.text, given.text, _key(call, given))
    if not isinstance(given, dict):
        return WantedProperty(text_of(given))
    keys = _entries(call, given)
    expression = keys.get("expression")
    if expression is None:
        raise call.fail('The "Expression" key is missing.', "DictionaryKeyMissing")
    if "formatstring" in keys:
        raise NotKnownError("The practice shell does not know FormatString: use -f in the expression.")
    width = max(whole(keys["width"]), 1) if keys.get("width") is not None else None
    side = text_of(keys.get("alignment")).casefold()
    label = text_of(keys.get("name")) or text_of(expression)
    return WantedProperty(label, label, _key(call, expression), width, side == "right" if side else None)


def _key(call: Invocation, expression: Value) -> Key:
    """The function for an expression: a block, or the name of a property."""
    if isinstance(expression, ScriptBlock):
        return partial(_worked_out, call, expression)
    name = text_of(expression)
    return lambda item: property_of(item, name)


def _worked_out(call: Invocation, block: ScriptBlock, item: Value) -> Value:
    """A block's result for an object; empty if it fails, as in PowerShell."""
    try:
        return as_value(call.host.attempt(block, item))
    except Raised:
        return None


# Picking

_COMPARISONS = words(
    "EQ NE GT GE LT LE Like NotLike Match NotMatch Contains NotContains In NotIn CEQ CNE CLike CMatch Is IsNot"
)


def _select(call: Invocation) -> Iterator[Value]:
    items = _places(call, list(call.items()))
    if call.given("ExpandProperty") is not None:
        items = list(_expanded(call, items))
    elif call.given("Property") is not None or call.given("ExcludeProperty") is not None:
        items = [_selected(call, item) for item in items]
    yield from _once(call, items)


def _once(call: Invocation, items: list[Value]) -> Iterator[Value]:
    """The items, with -Unique without doubles; here, unlike elsewhere, case makes texts different."""
    seen: set[str] = set()
    for item in items:
        key = f"{type_name(item)}{_whole_text(item)}"
        if key not in seen or not call.given("Unique"):
            seen.add(key)
            yield item


def _whole_text(item: Value) -> str:
    if isinstance(item, PSObject):
        return "\0".join(f"{name}={text_of(value)}" for name, value in item.properties.items())
    return text_of(item)


def _places(call: Invocation, items: list[Value]) -> list[Value]:
    """The items selected by -First, -Last, -Skip, -SkipLast and -Index."""
    if call.given("Index") is not None:
        return [items[at] for each in items_of(call.given("Index")) if 0 <= (at := whole(each)) < len(items)]
    skip, first, last = max(whole(call.given("Skip")), 0), call.given("First"), call.given("Last")
    if last is not None and first is None:
        items = items[: len(items) - skip] if skip else items
        return items[-whole(last) :] if whole(last) > 0 else []
    items = items[skip:]
    if call.given("SkipLast") is not None:
        items = items[: max(len(items) - max(whole(call.given("SkipLast")), 0), 0)]
    if first is None:
        return items
    count = max(whole(first), 0)
    return items[:count] + (items[max(len(items) - max(whole(last), 0), count) :] if last is not None else [])


def _selected(call: Invocation, item: Value) -> Value:
    """A new object with the selected properties; a missing one is empty."""
    properties: dict[str, Value] = {}
    for each in _properties(call, call.given("Property") if call.given("Property") is not None else "*"):
        for label, value, _ in each.of(item):
            properties.setdefault(label, value)
    left_out = tuple(text_of(name) for name in listed(call.given("ExcludeProperty")))
    kind = (item.kind if isinstance(item, PSObject) else "String").removeprefix("Selected.")
    kept = {name: value for name, value in properties.items() if not wildcard_in(name, left_out)}
    return PSObject(f"Selected.{kind}", kept)


def _expanded(call: Invocation, items: list[Value]) -> Iterator[Value]:
    name = call.text("ExpandProperty")
    for item in items:
        if own_property(item, name.casefold()) is None:
            call.failed(call.fault(f'Property "{name}" cannot be found.', "ExpandPropertyNotFound"))
        else:
            yield from items_of(property_of(item, name))


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
    if operator := next((each for each in _COMPARISONS if each in call.parameters), ""):
        return truth_of(binary(operator.casefold(), value, call.given("Value")))
    return truth_of(value) is not bool(call.given("Not"))


def _foreach(call: Invocation) -> Iterator[Value]:
    process = call.given("Process")
    blocks = [each for each in listed(process) if isinstance(each, ScriptBlock)]
    name = "" if blocks or process is None else text_of(process)
    begin, end = call.given("Begin"), call.given("End")
    # Of several blocks the first runs before the objects and the last after them.
    if len(blocks) > 1 and begin is None:
        begin, blocks = blocks[0], blocks[1:]
        if len(blocks) > 1 and end is None:
            end, blocks = blocks[-1], blocks[:-1]
    if isinstance(begin, ScriptBlock):
        yield from call.host.invoke(begin)
    for item in call.items() if call.piped is not None or "InputObject" in call.parameters else (None,):
        if name:
            yield from items_of(_member(item, name))
        for block in blocks:
            try:
                yield from call.host.invoke(block, item)
            except LoopEnd as leaving:
                if leaving.kind == "break":
                    return
    if isinstance(end, ScriptBlock):
        yield from call.host.invoke(end)


def _member(item: Value, name: str) -> Value:
    """`ForEach-Object Name`: a property, or else a method without arguments."""
    wanted = next((own for own in property_names(item) if like(own, name)), name)
    if own_property(item, wanted.casefold()) is not None or item is None:
        return property_of(item, wanted)
    try:
        return called(item, wanted, ())
    except (NotKnownError, Raised):
        return property_of(item, wanted)


# Sorting and counting


def _keys(call: Invocation) -> list[tuple[Key, bool | None]]:
    """The sort or group keys, each with its own direction if given: True for descending."""
    keys: list[tuple[Key, bool | None]] = []
    for each in listed(call.given("Property")):
        entries = _entries(call, each) if isinstance(each, dict) else {"expression": each}
        descending = truth_of(entries["descending"]) if "descending" in entries else None
        if "ascending" in entries:
            descending = not truth_of(entries["ascending"])
        keys.append((_key(call, entries.get("expression")), descending))
    return keys or [(lambda item: item, None)]


def _sort(call: Invocation) -> Iterator[Value]:
    items, keys, everywhere = list(call.items()), _keys(call), bool(call.given("Descending"))
    # The last key first: sorting is stable.
    for key, descending in reversed(keys):
        items.sort(key=lambda item: sort_key(key(item)), reverse=everywhere if descending is None else descending)
    last: list[object] | None = None
    for item in items:
        own: list[object] = [sort_key(key(item)) for key, _ in keys] if call.given("Unique") else [object()]
        if own != last:
            yield item
        last = own


def _group(call: Invocation) -> Iterator[Value]:
    keys = _keys(call)
    groups: dict[str, tuple[str, list[Value]]] = {}
    for item in call.items():
        name = ", ".join(text_of(key(item)) for key, _ in keys)
        groups.setdefault(name.casefold(), (name, []))[1].append(item)
    for _, (name, found) in sorted(groups.items()):
        properties: dict[str, Value] = {"Count": len(found), "Name": name, "Group": tuple(found)}
        if call.given("NoElement"):
            del properties["Group"]
        yield PSObject("GroupNoElement" if call.given("NoElement") else "GroupInfo", properties, name)


def _measure(call: Invocation) -> Iterator[Value]:
    items = call.items()
    if any(call.given(each) for each in ("Line", "Word", "Character")):
        texts = [text_of(item) for item in items]
        counts = {
            "Lines": sum(text.count("\n") + 1 for text in texts) if call.given("Line") else None,
            "Words": sum(len(text.split()) for text in texts) if call.given("Word") else None,
            "Characters": sum(map(len, texts)) if call.given("Character") else None,
        }
        yield PSObject("TextMeasureInfo", {**counts, "Property": None})
        return
    for name in [text_of(each) for each in listed(call.given("Property"))] or [""]:
        yield _measured(call, items, name)


def _measured(call: Invocation, items: tuple[Value, ...], name: str) -> Value:
    named = [property_of(item, name) for item in items if name and own_property(item, name.casefold())]
    found = named if name else list(items)
    if name and not found:
        said = f'The property "{name}" cannot be found in the input for any objects.'
        call.failed(call.fault(said, "GenericMeasurePropertyNotFound"))
    numbers = [number for each in found if (number := number_from(each)) is not None]
    total = sum(numbers)
    counts = {
        "Average": total / len(numbers) if numbers else None,
        "Sum": total,
        "Maximum": max(numbers, default=None),
        "Minimum": min(numbers, default=None),
    }
    asked = {each: count if call.given(each) else None for each, count in counts.items()}
    return PSObject("GenericMeasureInfo", {"Count": len(found), **asked, "Property": name or None})


# Formatting and converting

_OPAQUE = "Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData"
"""The class name of a formatted object, as anything but the console sees it."""


def _format_list(call: Invocation) -> Iterator[Value]:
    if items := call.items():
        renderer = list_renderer(items, _properties(call, call.given("Property")), call.host.views)
        yield Formatted("FormatEntryData", {}, _OPAQUE, renderer)


def _format_table(call: Invocation) -> Iterator[Value]:
    if items := call.items():
        asked, wrap, headers = _properties(call, call.given("Property")), call.given("Wrap"), "HideTableHeaders"
        renderer = table_renderer(items, asked, call.host.views, bool(wrap), not call.given(headers))
        yield Formatted("FormatEntryData", {}, _OPAQUE, renderer)


def _out_string(call: Invocation) -> Iterator[Value]:
    text = text_lines(call.items(), call.host.views, max(whole(call.given("Width") or call.host.width), 2))
    yield from text.split("\r\n")[:-1] if call.given("Stream") else (text,)


def _out_host(call: Invocation) -> Iterator[Value]:
    items, views = call.items(), call.host.views
    yield Formatted("FormatEntryData", {}, _OPAQUE, lambda width: default_lines(items, views, width))


def _nothing(_: Invocation) -> Iterator[Value]:
    yield from ()


def _to_json(call: Invocation) -> Iterator[Value]:
    if items := call.items():
        depth = min(max(whole(call.given("Depth")), 0), 30) if call.given("Depth") is not None else 2
        yield as_json(as_value(list(items)), depth, bool(call.given("Compress")))


def _to_csv(call: Invocation) -> Iterator[Value]:
    yield from as_csv(call.items(), not call.given("NoTypeInformation"), call.text("Delimiter") or ",")


def _export_csv(call: Invocation) -> Iterator[Value]:
    call.host.write(
        call.text("Path"), "".join(f"{text_of(line)}\r\n" for line in _to_csv(call)), bool(call.given("Append"))
    )
    yield from ()


def _export_clixml(call: Invocation) -> Iterator[Value]:
    """Objects with their types; below two levels as text."""
    schema = "http://schemas.microsoft.com/powershell/2004/04"
    lines = [line for each in call.items() for line in _clixml(each, "", 2)]
    text = "\r\n".join((f'<Objs Version="1.1.0.1" xmlns="{schema}">', *(f"  {line}" for line in lines), "</Objs>"))
    call.host.write(call.text("Path"), text, append=False)
    yield from ()


def _clixml(value: Value, name: str, depth: int) -> list[str]:
    at = f' N="{escape(name, {chr(34): "&quot;"})}"' if name else ""
    plain = (("B", bool), ("I32", int), ("Db", float), ("S", str), ("TS", timedelta))
    if value is None:
        return [f"<Nil{at} />"]
    if isinstance(value, datetime):
        return [f"<DT{at}>{date_styled(value, 'o')}</DT>"]
    if tag := next((tag for tag, kind in plain if isinstance(value, kind)), ""):
        text = text_of(value).lower() if tag == "B" else escape(text_of(value))
        return [f"<{tag}{at}>{text}</{tag}>"]
    if depth < 0:
        return [f"<S{at}>{escape(text_of(value))}</S>"]
    lines = [f"  <TN><T>{escape(type_name(value))}</T></TN>"]
    if isinstance(value, Flag):
        lines += [f"  <ToString>{escape(value.text)}</ToString>", f"  <I32>{value.number}</I32>"]
    elif isinstance(value, tuple):
        lines += ["  <LST>", *(f"    {line}" for each in value for line in _clixml(each, "", depth - 1)), "  </LST>"]
    else:
        pairs = value.properties if isinstance(value, PSObject) else value if isinstance(value, dict) else {}
        inside = [line for key, each in pairs.items() for line in _clixml(each, key, depth - 1)]
        lines += ["  <Props>", *(f"    {line}" for line in inside), "  </Props>"]
    return [f"<Obj{at}>", *lines, "</Obj>"]


def _write_output(call: Invocation) -> Iterator[Value]:
    yield from call.items()


# Help

_NOT_HERE = {
    "Examples": "The practice shell has no examples; those of Exchange's cmdlets stand on Microsoft's page of each.",
    "Online": "The practice shell opens no web page.",
    "Parameter": "The practice shell describes no parameter by itself; these are all that it knows.",
}
"""The answers of Get-Help about what it lacks here."""


def _command(call: Invocation) -> Iterator[Value]:
    for name in [text_of(each) for each in listed(call.given("Name"))] or ["*"]:
        found = [each for each in call.host.commands() if _is_named(each, name) and _is_of(call, each.name)]
        if not found and not is_pattern(name):
            call.failed(unknown_command(name))
        for each in found:
            properties: dict[str, Value] = {"CommandType": _kind(each), "Name": each.name, "Definition": each.synopsis}
            yield PSObject("CommandInfo", properties, each.name)


def _is_named(command: Cmdlet | Builtin, name: str) -> bool:
    return like(command.name, name) or any(each.casefold() == name.casefold() for each in command.aliases)


def _is_of(call: Invocation, name: str) -> bool:
    """True if a name has the requested -Verb and -Noun."""
    verb, _, noun = name.partition("-")
    return like(verb, call.text("Verb") or "*") and like(noun, call.text("Noun") or "*")


def _kind(command: Cmdlet | Builtin) -> str:
    """PowerShell's kind of a command: programs are called `*.exe`, Exchange's cmdlets come as functions."""
    if any(alias.endswith(".exe") for alias in command.aliases):
        return "Application"
    return "Function" if isinstance(command, Cmdlet) or "-" not in command.name else "Cmdlet"


def _help(call: Invocation) -> Iterator[Value]:
    name, width = call.text("Name"), call.host.width
    if not name:
        call.host.say("Get-Command lists what the practice shell knows; Get-Help with a name shows its parameters.")
        return
    if (found := call.host.find(name)) is None:
        matching = [each for each in call.host.commands() if like(each.name, name)]
        if not matching:
            said = f"Get-Help could not find {name} in a help file in this session."
            raise call.fail(said, "HelpNotFound", "ResourceUnavailable")
        yield from (PSObject("HelpInfo", {"Name": each.name, "Synopsis": each.synopsis}) for each in matching)
        return
    yield "\r\n".join(_help_lines(found, width))
    if wants := [sentence for switch, sentence in _NOT_HERE.items() if call.given(switch)]:
        yield "\r\n".join(line for each in wants for line in trimmed(each, width))


def _help_lines(command: Cmdlet | Builtin, width: int) -> list[str]:
    parameters = parameters_of(command)
    lines = ["", "NAME", f"    {command.name}", "", "SYNOPSIS", f"    {command.synopsis}", "", "SYNTAX"]
    syntax = " ".join([command.name, *(_syntax(each) for each in parameters), "[<CommonParameters>]"])
    lines += [f"    {line}" for line in trimmed(syntax, width - 4)]
    if command.aliases:
        lines += ["", "ALIASES", f"    {', '.join(command.aliases)}"]
    if limited := [each for each in parameters if each.values]:
        lines += ["", "VALUES", *(f"    -{each.name}: {', '.join(each.values)}" for each in limited)]
    return [*lines, ""]


def _syntax(parameter: Parameter) -> str:
    """A parameter in the syntax of PowerShell's help: `[[-Identity] <string>]`."""
    if parameter.switch:
        return f"[-{parameter.name}]"
    name = f"[-{parameter.name}]" if parameter.position is not None else f"-{parameter.name}"
    written = f"{name} <value{'[]' if parameter.lists else ''}>"
    return written if parameter.required else f"[{written}]"


def _history(call: Invocation) -> Iterator[Value]:
    lines = call.host.entered
    first = max(len(lines) - whole(call.given("Count")), 0) if call.given("Count") is not None else 0
    for at, line in enumerate(lines[first:], start=first + 1):
        if call.given("Id") is None or at == whole(call.given("Id")):
            yield PSObject("HistoryInfo", {"Id": at, "CommandLine": line}, line)


_CSV = (INPUT, Parameter("Delimiter"), Parameter("NoTypeInformation", switch=True, aliases=("nti",)))
PATH = Parameter("Path", position=0, required=True, aliases=("LiteralPath",))
"""The target file of a cmdlet."""

BUILTINS = (
    Builtin(
        "Select-Object",
        _select,
        (
            *(_PROPERTY, INPUT, Parameter("ExcludeProperty", lists=True), Parameter("Index", lists=True)),
            *(Parameter(name) for name in ("ExpandProperty", "First", "Last", "Skip", "SkipLast")),
            *switches("Unique", "Wait"),
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
            *switches(*(operator for operator in _COMPARISONS if operator.casefold() in KNOWN), "Not"),
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
            *(Parameter("Begin"), Parameter("End"), INPUT),
        ),
        "Performs an operation against each item in a collection of input objects.",
        ("foreach", "%"),
    ),
    Builtin(
        "Sort-Object",
        _sort,
        (_PROPERTY, INPUT, *switches("Descending", "Unique")),
        "Sorts objects by property values.",
        ("sort",),
    ),
    Builtin(
        "Group-Object",
        _group,
        (_PROPERTY, INPUT, *switches("NoElement")),
        "Groups objects that contain the same value for specified properties.",
        ("group",),
    ),
    Builtin(
        "Measure-Object",
        _measure,
        (_PROPERTY, INPUT, *switches("Sum", "Average", "Maximum", "Minimum", "Line", "Word", "Character")),
        "Calculates the numeric properties of objects, and the lines and words in texts.",
        ("measure",),
    ),
    Builtin(
        "Format-List",
        _format_list,
        (_PROPERTY, INPUT, *switches("Force")),
        "Formats the output as a list of properties in which each property appears on a new line.",
        ("fl",),
    ),
    Builtin(
        "Format-Table",
        _format_table,
        (_PROPERTY, INPUT, *switches("AutoSize", "Wrap", "HideTableHeaders", "Force")),
        "Formats the output as a table.",
        ("ft",),
    ),
    Builtin(
        "Out-String",
        _out_string,
        (INPUT, Parameter("Width"), *switches("Stream")),
        "Sends objects to the host as a series of strings.",
    ),
    Builtin("Out-Host", _out_host, (INPUT, *switches("Paging")), "Sends output to the console.", ("oh", "more")),
    Builtin("Out-Null", _nothing, (INPUT,), "Deletes output instead of sending it down the pipeline."),
    Builtin(
        "ConvertTo-Json",
        _to_json,
        (
            Parameter("InputObject", position=0, piped=True, required=True),
            *(Parameter("Depth"), *switches("Compress")),
        ),
        "Converts an object to a JSON-formatted string.",
        newer=True,
    ),
    Builtin("ConvertTo-Csv", _to_csv, _CSV, "Converts objects into comma-separated values."),
    Builtin(
        "Export-Csv",
        _export_csv,
        (PATH, *_CSV, Parameter("Encoding"), *switches("Append", "Force", "NoClobber")),
        "Converts objects into comma-separated values and saves them to a file.",
        ("epcsv",),
    ),
    Builtin(
        "Export-Clixml",
        _export_clixml,
        (PATH, INPUT, Parameter("Encoding"), *switches("Force", "NoClobber")),
        "Saves objects to a file as CLIXML.",
    ),
    Builtin(
        "Write-Output",
        _write_output,
        (Parameter("InputObject", position=0, piped=True, lists=True, rest=True), *switches("NoEnumerate")),
        "Sends the specified objects to the next command in the pipeline.",
        ("echo", "write"),
    ),
    Builtin(
        "Get-Command",
        _command,
        (
            Parameter("Name", position=0, lists=True, piped=True),
            *(Parameter(name) for name in ("Verb", "Noun", "Module")),
        ),
        "Gets the commands that the practice shell knows.",
        ("gcm",),
    ),
    Builtin(
        "Get-Help",
        _help,
        (
            Parameter("Name", position=0, piped=True),
            *(Parameter("Parameter"), *switches("Full", "Detailed", "Examples", "Online")),
        ),
        "Displays what a command does and its parameters.",
        ("help", "man"),
    ),
    Builtin(
        "Get-History",
        _history,
        (Parameter("Id", position=0), Parameter("Count", position=1)),
        "Gets the lines entered in this session.",
        ("h", "history", "ghy"),
    ),
)

VIEWS = (
    View("GroupInfo", (Column("Count", width=5, right=True), Column("Name", width=25), Column("Group"))),
    View("GroupNoElement", (Column("Count", width=5, right=True), Column("Name"))),
    View(
        "TextMeasureInfo",
        (Column("Lines", width=5), Column("Words", width=5), Column("Characters", width=10), Column("Property")),
    ),
    View("DictionaryEntry", (Column("Name", width=30), Column("Value"))),
    View("CommandInfo", (Column("CommandType", width=15), Column("Name"))),
    View("HistoryInfo", (Column("Id", width=4, right=True), Column("CommandLine"))),
)
