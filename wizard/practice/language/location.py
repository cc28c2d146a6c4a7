"""Where the shell stands on the disks, and what a path means from there (about_Locations, about_Path_Syntax)."""

from __future__ import annotations

import re

from wizard.practice.language.faults import NotKnownError
from wizard.practice.values import PSObject

HERE = "C:\\Windows\\system32"
"""The folder in which the shell opens."""

_PROVIDER = "Microsoft.PowerShell.Core\\FileSystem::"
_NO_DISK = re.compile(r"[A-Za-z]\w+:")


def whole_path(path: str, folder: str = HERE) -> str:
    r"""A path from the root, without `.` and `..`, as it is meant from a folder. Above a root there is nothing.

    Raises:
        NotKnownError: it is on a drive that is no disk, such as `Cert:`, or in the home folder.
    """
    path = path.strip().replace("/", "\\")
    if path.casefold().startswith(_PROVIDER.casefold()):
        path = path[len(_PROVIDER) :]
    if drive := _NO_DISK.match(path):
        raise NotKnownError(f"The practice shell does not know the drive {drive[0]}")
    if path.partition("\\")[0] == "~":
        raise NotKnownError("The practice shell knows no home folder: name the folder by its path.")
    root, parts = _parted(folder)
    if path.startswith("\\\\") or path[1:3] == ":\\":
        root, parts = _parted(path)
    elif path[1:2] == ":":
        # `D:` and `D:x.log` are meant from the folder in which one is on that drive.
        root, parts = (root, parts) if path[:2].casefold() == root.casefold() else (path[:2], [])
        parts += path[2:].split("\\")
    else:
        parts = [*([] if path.startswith("\\") else parts), *path.split("\\")]
    return _joined(root, parts)


def _parted(path: str) -> tuple[str, list[str]]:
    r"""The drive or the share, and the parts below it: `\\EX2\D$` and `Logs`."""
    if not path.startswith("\\\\"):
        return path[:2], path[3:].split("\\")
    pieces = [each for each in path.split("\\") if each]
    return "\\\\" + "\\".join(pieces[:2]), pieces[2:]


def _joined(root: str, parts: list[str]) -> str:
    stood: list[str] = []
    for part in parts:
        if part == "..":
            stood = stood[:-1]
        elif part not in ("", "."):
            stood.append(part)
    return "\\".join((root, *stood)) if stood or root.startswith("\\") else f"{root}\\"


def place(folder: str) -> PSObject:
    """The folder as Get-Location, `$pwd` and the prompt have it: a share stands behind the name of its provider."""
    path = _PROVIDER + folder if folder.startswith("\\\\") else folder
    return PSObject("PathInfo", {"Path": path}, path)
