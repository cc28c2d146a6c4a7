"""The practice console: the shell with Exchange's cmdlets, the logs on the disks, and mail that goes on meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.practice.cmdlets import CMDLETS, VIEWS
from wizard.practice.mailflow import pass_time
from wizard.practice.protocol_log import log_files
from wizard.practice.session import Shell
from wizard.practice.shell import Console
from wizard.practice.world import Role, World


def opened(world: World, columns: int = 80) -> Console:
    """A console on the server `world.here`, in a window of `columns` cells."""
    return Shell(world, CMDLETS, VIEWS, files, columns, pass_time)


def files(world: World) -> Mapping[str, str]:
    r"""What stands on the disks now, path to text: `C:\...` on the server the shell runs on, `\\EX2\C$\...` on all.

    The administrative shares of a server that does not answer are not there, and neither are those of an Edge,
    which stands outside the domain; from an Edge none but its own are.
    """
    local = world.server(world.here)
    there: dict[str, str] = {}
    for file in log_files(world):
        server = world.server(file.server)
        if server is None or local is None:
            continue
        mine = server.name == local.name
        if mine:
            there[file.path] = file.text
        if mine or (server.answers and Role.EDGE not in (server.role, local.role)):
            drive, _, rest = file.path.partition(":")
            for name in (server.name, server.fqdn):
                there[rf"\\{name}\{drive}${rest}"] = file.text
    return there
