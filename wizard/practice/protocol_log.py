"""What stands in the send protocol logs on the servers' disks (LOG)."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.practice.world import Component, Connector, Server, World


@dataclass(frozen=True, slots=True)
class LogFile:
    r"""A file as it stands on the disk now. `path` is whole, such as `C:\...\SmtpSend\SEND20261122-1.LOG`.

    `text` has plain line feeds, the last line included.
    """

    server: str
    path: str
    text: str


def component(connector: Connector, server: Server) -> Component:
    """The service that sends the connector's mail from this server, and writes its log."""
    raise NotImplementedError


def log_folder(server: Server, of: Component) -> str:
    """The whole path of the folder in which a service of the server keeps its send log."""
    raise NotImplementedError


def log_files(world: World) -> tuple[LogFile, ...]:
    """All send logs of all servers. A row stands in its file `write_delay` after it was made, or after a restart.

    A restart is an event SERVICE_RESTARTED with the service's name as its subject (`MSExchangeTransport`,
    `MSExchangeFrontEndTransport`).
    """
    raise NotImplementedError
