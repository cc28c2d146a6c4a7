"""The practice console: the shell with Exchange's cmdlets, the logs on the disks, and mail that goes on meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.practice.cmdlets import CMDLETS, VIEWS
from wizard.practice.session import Shell
from wizard.practice.shell import Console
from wizard.practice.world import World


def opened(world: World, columns: int = 80) -> Console:
    """A console on the server `world.here`, in a window of `columns` cells."""
    return Shell(world, CMDLETS, VIEWS, files, columns)


def files(world: World) -> Mapping[str, str]:  # noqa: ARG001 - no log is written yet
    """What stands on the disks: the whole Windows path, or UNC path of another server, to the text of the file."""
    return {}
