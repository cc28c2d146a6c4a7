"""Get-Location and Set-Location: going about the folders that there are (PS/X of PowerShell itself)."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.cmdlet import Parameter
from wizard.practice.general.paths import is_pattern
from wizard.practice.general.targets import disk_of, missing, paths_given
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.location import place
from wizard.practice.values import Value
from wizard.practice.views import Column, View


def _location(call: Invocation) -> Iterator[Value]:
    yield place(call.host.folder)


def _set_location(call: Invocation) -> Iterator[Value]:
    literal, paths = paths_given(call)
    for path in paths:
        _go(call, path, literal)
    if call.given("PassThru"):
        yield place(call.host.folder)


def _go(call: Invocation, path: str, literal: bool = False) -> None:
    """Stand in a folder from now on, in the one that a pattern means.

    Raises:
        Raised: the pattern means several.
    """
    target = call.host.whole_path(path)
    disk = disk_of(call)
    found = disk.folders_like(target) if is_pattern(target) and not literal else [disk.folder(target)]
    if len(found) > 1:
        raise call.fail(
            f"Cannot set the location because path '{path}' resolved to multiple containers. You can only set the "
            "location to a single container at a time.",
            "Argument",
        )
    folder = found[0] if found else None
    if folder is None:
        call.failed(missing(call, path))
    else:
        call.host.folder = folder


def _up(call: Invocation) -> Iterator[Value]:
    _go(call, "..")
    yield from ()


def _to_root(call: Invocation) -> Iterator[Value]:
    _go(call, "\\")
    yield from ()


BUILTINS = (
    Builtin("Get-Location", _location, (), "Gets the current folder.", ("pwd", "gl")),
    Builtin(
        "Set-Location",
        _set_location,
        (
            Parameter("Path", position=0, piped=True, piped_by_name=True),
            Parameter("LiteralPath", aliases=("PSPath", "FullName")),
            Parameter("PassThru", switch=True),
        ),
        "Sets the current folder.",
        ("cd", "sl", "chdir"),
    ),
    # Functions of PowerShell's own, for those who type no blank.
    Builtin("cd..", _up, (), "Goes to the folder above."),
    Builtin("cd\\", _to_root, (), "Goes to the root of the drive."),
)

VIEWS = (View("PathInfo", (Column("Path", "Path"),)),)
