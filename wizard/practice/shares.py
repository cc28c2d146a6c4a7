"""Under which paths the shell sees what stands on the servers' disks."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.world import Role, Server, World


def seen_as(world: World, server: Server, path: str) -> Iterator[str]:
    r"""The paths of a server's own `C:\...` from where the shell runs: the same there, `\\EX2\C$\...` on all.

    The administrative shares of a server that does not answer are not there, and neither are those of an Edge,
    which stands outside the domain; from an Edge none but its own are.
    """
    local = world.server(world.here)
    if local is None:
        return
    mine = server.name == local.name
    if mine:
        yield path
    if mine or (server.answers and Role.EDGE not in (server.role, local.role)):
        drive, _, rest = path.partition(":")
        for name in (server.name, server.fqdn):
            yield rf"\\{name}\{drive}${rest}"
