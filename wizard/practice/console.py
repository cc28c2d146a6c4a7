"""The practice console: the shell with Exchange's cmdlets, the logs on the disks, and mail that goes on meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.practice.cmdlets import CMDLETS, VIEWS
from wizard.practice.mailflow import pass_time
from wizard.practice.protocol_log import log_files
from wizard.practice.session import Shell
from wizard.practice.shares import seen_as
from wizard.practice.shell import Console
from wizard.practice.world import World


def opened(world: World, columns: int = 80) -> Console:
    """A console on the server `world.here`, in a window of `columns` cells."""
    return Shell(world, CMDLETS, VIEWS, files, columns, pass_time)


def files(world: World) -> Mapping[str, str]:
    """What stands on the disks now, path to text, as the shell sees it from where it runs."""
    there: dict[str, str] = {}
    for file in log_files(world):
        server = world.server(file.server)
        if server is not None:
            there.update(dict.fromkeys(seen_as(world, server, file.path), file.text))
    return there
