"""The formatting cmdlets, Out-String, Out-Host, ConvertTo-Json and ConvertTo-Csv (PS/X of PowerShell itself)."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.cmdlet import Parameter
from wizard.practice.formatting.conversion import as_csv, as_json
from wizard.practice.formatting.default import Formatted, default_lines, list_renderer, table_renderer, text_lines
from wizard.practice.formatting.shown import property_names, shown
from wizard.practice.formatting.width import cells, cut, padded
from wizard.practice.general.asked import INPUT, PROPERTY, properties_asked
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.members import property_of
from wizard.practice.language.texts import as_value, text_of, whole
from wizard.practice.values import Value

_OPAQUE = "Microsoft.PowerShell.Commands.Internal.Format.FormatEntryData"
"""What a formatted object calls itself where something other than the console takes it."""


def _format_list(call: Invocation) -> Iterator[Value]:
    items, views = call.items(), call.host.views
    asked = properties_asked(call, call.given("Property"))
    if items:
        yield Formatted("FormatEntryData", {}, _OPAQUE, list_renderer(items, asked, views))


def _format_table(call: Invocation) -> Iterator[Value]:
    items, views = call.items(), call.host.views
    asked = properties_asked(call, call.given("Property"))
    wrap, headers = bool(call.given("Wrap")), not call.given("HideTableHeaders")
    if items:
        yield Formatted("FormatEntryData", {}, _OPAQUE, table_renderer(items, asked, views, wrap, headers))


def _format_wide(call: Invocation) -> Iterator[Value]:
    asked = properties_asked(call, call.given("Property"))
    texts = []
    for item in call.items():
        names = property_names(item)
        name = asked[0].name if asked else next((each for each in names if each.casefold() == "name"), (*names, "")[0])
        texts.append(shown(property_of(item, name)) if name else shown(item))
    count = max(whole(call.given("Column") or 2), 1)

    def render(width: int) -> list[str]:
        size = max((width - count + 1) // count, 1)
        if call.given("AutoSize"):
            size = min(max(map(cells, texts), default=1), width)
        across = max((width + 1) // (size + 1), 1)
        rows = [texts[at : at + across] for at in range(0, len(texts), across)]
        return ["", *(" ".join(padded(cut(each, size), size) for each in row).rstrip() for row in rows), ""]

    if texts:
        yield Formatted("FormatEntryData", {}, _OPAQUE, render)


def _out_string(call: Invocation) -> Iterator[Value]:
    width = max(whole(call.given("Width") or call.host.width), 2)
    text = text_lines(call.items(), call.host.views, width)
    if call.given("Stream"):
        yield from text.split("\r\n")[:-1]
    else:
        yield text


def _out_host(call: Invocation) -> Iterator[Value]:
    items, views = call.items(), call.host.views
    yield Formatted("FormatEntryData", {}, _OPAQUE, lambda width: default_lines(items, views, width))


def _out_null(_: Invocation) -> Iterator[Value]:
    yield from ()


def _to_json(call: Invocation) -> Iterator[Value]:
    items = call.items()
    if items:
        depth = min(max(whole(call.given("Depth")), 0), 30) if call.given("Depth") is not None else 2
        yield as_json(as_value(list(items)), depth, bool(call.given("Compress")))


def _to_csv(call: Invocation) -> Iterator[Value]:
    yield from as_csv(call.items(), not call.given("NoTypeInformation"), text_of(call.given("Delimiter")) or ",")


def _export_csv(call: Invocation) -> Iterator[Value]:
    path = text_of(call.given("Path") or call.given("LiteralPath"))
    if not path:
        raise call.fail(
            "You must specify either the -Path or -LiteralPath parameters, but not both.", "CannotSpecifyPath"
        )
    lines = list(_to_csv(call))
    call.host.write(path, "".join(f"{text_of(line)}\r\n" for line in lines), bool(call.given("Append")))
    yield from ()


def _write_output(call: Invocation) -> Iterator[Value]:
    given = call.given("InputObject")
    if call.piped is not None:
        yield from call.piped
    elif isinstance(given, tuple):
        yield from given
    else:
        yield given


_CSV = (INPUT, Parameter("Delimiter"), Parameter("NoTypeInformation", switch=True, aliases=("nti",)))

BUILTINS = (
    Builtin(
        "Format-List",
        _format_list,
        (PROPERTY, INPUT, Parameter("Force", switch=True)),
        "Formats the output as a list of properties in which each property appears on a new line.",
        ("fl",),
    ),
    Builtin(
        "Format-Table",
        _format_table,
        (
            PROPERTY,
            INPUT,
            Parameter("AutoSize", switch=True),
            Parameter("Wrap", switch=True),
            Parameter("HideTableHeaders", switch=True),
            Parameter("Force", switch=True),
        ),
        "Formats the output as a table.",
        ("ft",),
    ),
    Builtin(
        "Format-Wide",
        _format_wide,
        (Parameter("Property", position=0), INPUT, Parameter("Column"), Parameter("AutoSize", switch=True)),
        "Formats objects as a wide table that displays only one property of each object.",
        ("fw",),
    ),
    Builtin(
        "Out-String",
        _out_string,
        (INPUT, Parameter("Width"), Parameter("Stream", switch=True)),
        "Sends objects to the host as a series of strings.",
    ),
    Builtin(
        "Out-Host", _out_host, (INPUT, Parameter("Paging", switch=True)), "Sends output to the console.", ("oh", "more")
    ),
    Builtin("Out-Default", _out_host, (INPUT,), "Sends the output to the default formatter."),
    Builtin("Out-Null", _out_null, (INPUT,), "Deletes output instead of sending it down the pipeline."),
    Builtin(
        "ConvertTo-Json",
        _to_json,
        (
            Parameter("InputObject", position=0, piped=True, required=True),
            Parameter("Depth"),
            Parameter("Compress", switch=True),
        ),
        "Converts an object to a JSON-formatted string.",
        newer=True,
    ),
    Builtin("ConvertTo-Csv", _to_csv, _CSV, "Converts objects into comma-separated values."),
    Builtin(
        "Export-Csv",
        _export_csv,
        (
            Parameter("Path", position=0),
            *_CSV,
            Parameter("LiteralPath"),
            Parameter("Encoding"),
            Parameter("Append", switch=True),
            Parameter("Force", switch=True),
            Parameter("NoClobber", switch=True),
        ),
        "Converts objects into comma-separated values and saves them to a file.",
        ("epcsv",),
    ),
    Builtin(
        "Write-Output",
        _write_output,
        (
            Parameter("InputObject", position=0, piped=True, lists=True, rest=True),
            Parameter("NoEnumerate", switch=True),
        ),
        "Sends the specified objects to the next command in the pipeline.",
        ("echo", "write"),
    ),
)
