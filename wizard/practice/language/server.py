"""What the server that the shell runs on gives to it: its variables, and which PowerShell it has."""

from __future__ import annotations

from wizard.practice.language.location import place
from wizard.practice.protocol_log import install_path
from wizard.practice.values import Value
from wizard.practice.world import World


def is_old(world: World) -> bool:
    """Whether this is PowerShell 2.0: that of Exchange 2010."""
    server = world.server(world.here)
    return server is not None and server.release == "2010"


def given_by_server(world: World, shell_folder: str) -> dict[str, Value]:
    """The variables that the server gives to the shell, which stands in a folder of it."""
    server = world.server(world.here)
    folder = install_path(server) if server is not None else ""
    return {
        "env:computername": world.here,
        "env:systemdrive": "C:",
        "env:systemroot": "C:\\Windows",
        "env:windir": "C:\\Windows",
        "env:exchangeinstallpath": folder,
        "exinstall": folder,
        "exbin": f"{folder}Bin\\",
        "exscripts": f"{folder}Scripts\\",
        "pwd": place(shell_folder),
    }
