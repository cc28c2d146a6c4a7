"""What the server that the shell runs on gives to it: its variables, its folder, and which PowerShell it has."""

from __future__ import annotations

import re

from wizard.practice.language.faults import NotKnownError
from wizard.practice.protocol_log import install_path
from wizard.practice.values import Value
from wizard.practice.world import World

HERE = "C:\\Windows\\system32"
"""The folder that the shell is in, and stays in."""

_DRIVE = re.compile(r"[A-Za-z]\w+:")


def whole_path(path: str) -> str:
    """A path from the root: what is relative is meant from the shell's folder.

    Raises:
        NotKnownError: it is on a drive that is no disk, such as `Cert:`.
    """
    path = path.replace("/", "\\").removeprefix(".\\")
    if drive := _DRIVE.match(path):
        raise NotKnownError(f"The practice shell does not know the drive {drive[0]}")
    return path if path[1:2] == ":" or path.startswith("\\\\") else f"{HERE}\\{path}"


def is_old(world: World) -> bool:
    """Whether this is PowerShell 2.0: that of Exchange 2010."""
    server = world.server(world.here)
    return server is not None and server.release == "2010"


def given_by_server(world: World) -> dict[str, Value]:
    """The variables that the server itself gives to the shell."""
    server = world.server(world.here)
    folder = install_path(server) if server is not None else ""
    return {
        "env:computername": world.here,
        "env:exchangeinstallpath": folder,
        "exinstall": folder,
        "exbin": f"{folder}Bin\\",
        "exscripts": f"{folder}Scripts\\",
        "pwd": HERE,
    }
