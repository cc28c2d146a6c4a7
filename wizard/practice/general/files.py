"""Get-ChildItem, Get-Content, Select-String, Test-Path and what writes files (PS/X of PowerShell itself).

What is written goes into the practice session and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wizard.practice.cmdlet import Parameter
from wizard.practice.formatting.default import text_lines
from wizard.practice.general.asked import INPUT
from wizard.practice.general.paths import Disk, folder_of, is_pattern, name_of, tidy
from wizard.practice.general.searching import BUILTINS as SEARCHING
from wizard.practice.general.targets import disk_of, missing, paths_given, target_files
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.comparing import like
from wizard.practice.language.styles import date_styled
from wizard.practice.language.texts import items_of, text_of, whole
from wizard.practice.values import PSObject, Value
from wizard.practice.views import Column, View

_WINDOWS = "c:\\windows"
NOTHING_OF_WINDOWS = "The practice disks hold nothing of Windows itself, only the send logs in their folders."


def _child_items(call: Invocation) -> Iterator[Value]:
    disk = disk_of(call)
    literal, paths = paths_given(call)
    for path in paths or [call.host.whole_path(".")]:
        found = _listed(call, disk, path, literal)
        if found is None:
            call.failed(missing(call, path))
            continue
        if not found and tidy(call.host.whole_path(path)).casefold().startswith(_WINDOWS):
            call.host.say(NOTHING_OF_WINDOWS, words=True)
        for each in found:
            if _wanted(call, disk, each):
                yield name_of(each) if call.given("Name") else disk.entry(each)


def _listed(call: Invocation, disk: Disk, path: str, literal: bool) -> list[str] | None:
    """What a path means: what is in a folder, a file itself, or what a pattern finds; None where there is nothing."""
    whole_path = tidy(call.host.whole_path(path))
    deep = bool(call.given("Recurse"))
    if is_pattern(whole_path) and not literal:
        folder = disk.folder(folder_of(whole_path))
        inside = disk.inside(folder, deep) if folder else []
        found = [each for each in inside if like(name_of(each), name_of(whole_path))]
        return found or disk.matching(whole_path)
    folder = disk.folder(whole_path)
    if folder is not None:
        return disk.inside(folder, deep)
    file = disk.file(whole_path)
    return [file] if file is not None else None


def _wanted(call: Invocation, disk: Disk, path: str) -> bool:
    """Whether the filters let a file or folder through."""
    is_file = path in disk.files
    if (call.given("File") and not is_file) or (call.given("Directory") and is_file):
        return False
    name = name_of(path)
    if call.given("Filter") is not None and not like(name, text_of(call.given("Filter"))):
        return False
    included = call.given("Include")
    if included is not None and not any(like(name, text_of(each)) for each in items_of(included)):
        return False
    excluded = call.given("Exclude")
    return excluded is None or not any(like(name, text_of(each)) for each in items_of(excluded))


def _content(call: Invocation) -> Iterator[Value]:
    for path, text in target_files(call):
        lines = text.replace("\r\n", "\n").split("\n")
        if lines and not lines[-1]:
            lines.pop()
        if call.given("Raw"):
            yield text
            continue
        if call.given("Wait"):
            call.host.say(f"The practice shell does not wait for more lines of {name_of(path)}; these are there now.")
        tail, head = call.given("Tail"), call.given("TotalCount")
        if tail is not None:
            lines = lines[-whole(tail) :] if whole(tail) > 0 else []
        elif head is not None:
            lines = lines[: max(whole(head), 0)]
        yield from lines


def _test_path(call: Invocation) -> Iterator[Value]:
    disk = disk_of(call)
    literal, paths = paths_given(call)
    kind = text_of(call.given("PathType")).casefold()
    for path in paths:
        whole_path = tidy(call.host.whole_path(path))
        if is_pattern(whole_path) and not literal:
            yield bool(disk.matching(whole_path))
            continue
        is_file = disk.file(whole_path) is not None and kind != "container"
        yield is_file or (disk.folder(whole_path) is not None and kind != "leaf")


def _join_path(call: Invocation) -> Iterator[Value]:
    for parent in items_of(call.given("Path")):
        yield f"{text_of(parent).rstrip(chr(92))}\\{text_of(call.given('ChildPath')).lstrip(chr(92))}"


def _out_file(call: Invocation) -> Iterator[Value]:
    width = max(whole(call.given("Width") or call.host.width), 2)
    path = text_of(call.given("FilePath") or call.given("LiteralPath"))
    call.host.write(path, text_lines(call.items(), call.host.views, width), bool(call.given("Append")))
    yield from ()


def _set_content(call: Invocation) -> Iterator[Value]:
    values = call.piped if call.piped is not None else items_of(call.given("Value"))
    text = "".join(f"{text_of(value)}\r\n" for value in values)
    call.host.write(text_of(call.given("Path") or call.given("LiteralPath")), text, call.invoked == "Add-Content")
    yield from ()


def _clock(entry: PSObject) -> Value:
    changed = entry.get("LastWriteTime")
    if not isinstance(changed, datetime):
        return ""
    return date_styled(changed, "d").rjust(10) + date_styled(changed, "t").rjust(11)


_PATHS = (
    Parameter("Path", position=0, lists=True, piped=True, piped_by_name=True),
    Parameter("LiteralPath", lists=True, aliases=("PSPath", "FullName")),
)
_FILTERS = (Parameter("Filter", position=1), Parameter("Include", lists=True), Parameter("Exclude", lists=True))

BUILTINS = (
    Builtin(
        "Get-ChildItem",
        _child_items,
        (
            *_PATHS,
            *_FILTERS,
            *(Parameter(name, switch=True) for name in ("Recurse", "File", "Directory", "Name", "Force", "Hidden")),
        ),
        "Gets the items in a folder.",
        ("dir", "gci", "ls"),
        newer_parameters=frozenset({"File", "Directory", "Hidden"}),
    ),
    Builtin(
        "Get-Content",
        _content,
        (
            *_PATHS,
            *(Parameter(name) for name in ("Encoding", "ReadCount", "Delimiter", "Filter", "Include", "Exclude")),
            Parameter("Tail", aliases=("Last",)),
            Parameter("TotalCount", aliases=("First", "Head")),
            Parameter("Raw", switch=True),
            Parameter("Wait", switch=True),
            Parameter("Force", switch=True),
        ),
        "Gets the content of a file.",
        ("gc", "cat", "type"),
        newer_parameters=frozenset({"Tail", "Raw"}),
    ),
    *SEARCHING,
    Builtin("Test-Path", _test_path, (*_PATHS, Parameter("PathType")), "Determines whether a path exists."),
    Builtin(
        "Join-Path",
        _join_path,
        (Parameter("Path", position=0, lists=True, required=True), Parameter("ChildPath", position=1, required=True)),
        "Combines a path and a child path into a single path.",
    ),
    Builtin(
        "Out-File",
        _out_file,
        (
            Parameter("FilePath", position=0, required=True, aliases=("LiteralPath", "Path")),
            Parameter("Encoding", position=1),
            INPUT,
            Parameter("Width"),
            *(Parameter(name, switch=True) for name in ("Append", "Force", "NoClobber", "NoNewline")),
        ),
        "Sends output to a file.",
    ),
    *(
        Builtin(
            name,
            _set_content,
            (
                Parameter("Path", position=0, required=True, aliases=("LiteralPath",)),
                Parameter("Value", position=1, piped=True, lists=True),
                Parameter("Encoding"),
                Parameter("Force", switch=True),
            ),
            synopsis,
            aliases,
        )
        for name, synopsis, aliases in (
            ("Set-Content", "Writes new content to a file.", ("sc",)),
            ("Add-Content", "Adds content to a file.", ("ac",)),
        )
    ),
)

VIEWS = (
    View(
        "FileSystemInfo",
        (
            Column("Mode", "Mode", 6),
            Column("LastWriteTime", _clock, 26, right=True),
            Column("Length", "Length", 14, right=True),
            Column("Name", "Name"),
        ),
        group="DirectoryName",
        group_label="Directory",
    ),
)
