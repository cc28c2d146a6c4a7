"""What stands in the send protocol logs on the servers' disks: folders, names, headers, and rows as late as they come.

Source: LOG ("Protocol logging", "Configure protocol logging"), and the look of real files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from wizard.facts import default_log_folder
from wizard.practice.obstacle import component
from wizard.practice.smtp_session import stamp
from wizard.practice.world import Component, Kind, LogRow, Role, Server, World

__all__ = ["LogFile", "component", "log_files", "log_folder", "services"]

FILE_BYTES = 10 * 1024 * 1024
"""A file that has grown to this size is closed, and the next number begun (LOG: the default, 10 MB)."""

FIELDS = "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context"

_FRONT_END_SERVICE = "MSExchangeFrontEndTransport"
_HOURLY = frozenset({"2019", "SE"})


@dataclass(frozen=True, slots=True)
class LogFile:
    r"""A file as it stands on the disk now. `path` is whole, such as `C:\...\SmtpSend\SEND20261122-1.LOG`.

    `text` has plain line feeds, the last line included.
    """

    server: str
    path: str
    text: str


def services(server: Server) -> tuple[Component, ...]:
    """The services of a server that keep a send log of their own."""
    if server.release == "2010":
        return (Component.HUB,)
    return (Component.EDGE,) if server.role is Role.EDGE else (Component.HUB, Component.FRONT_END)


def install_path(server: Server) -> str:
    """Exchange's own folder (`$env:ExchangeInstallPath`), which setup proposes and which ends in a backslash."""
    return rf"C:\Program Files\Microsoft\Exchange Server\{'V14' if server.release == '2010' else 'V15'}" + "\\"


def log_folder(server: Server, of: Component) -> str:
    """The whole path of the folder in which a service of the server keeps its send log: as set, or the default."""
    named = server.front_end_log_path if of is Component.FRONT_END else server.send_log_path
    default = default_log_folder(server.version, of is Component.EDGE, of is Component.FRONT_END)
    return named or install_path(server) + default


def log_files(world: World) -> tuple[LogFile, ...]:
    """All send logs of all servers, each service's in the order in which they were begun.

    A row stands in its file `write_delay` after it was made, or since a restart of its service: of the Transport
    service by `written_until`, of Front End Transport by an event SERVICE_RESTARTED with that service's name.
    """
    return tuple(file for server in world.servers for of in services(server) for file in _files_of(world, server, of))


def _files_of(world: World, server: Server, of: Component) -> Iterator[LogFile]:
    """The files of one service, sessions interleaved as their rows were made."""
    made = sorted(world.logs.get((server.name, of), ()), key=lambda row: row.made)
    restarted = _restarted(world, server, of)
    there = [row for row in made if row.made + server.write_delay <= world.now or (restarted and row.made <= restarted)]
    hourly = server.release in _HOURLY
    for _, group in groupby(there, key=lambda row: (row.made.toordinal(), row.made.hour if hourly else 0)):
        those = list(group)
        name = _begin_of_name(those[0].made, hourly)
        for number, part in enumerate(_parts(those), start=1):
            yield LogFile(server.name, rf"{log_folder(server, of)}\{name}-{number}.LOG", _text(part, server))


def _restarted(world: World, server: Server, of: Component) -> datetime | None:
    """The last restart of the service, which wrote what it still held; None without one."""
    if of is not Component.FRONT_END:
        return server.written_until
    restarts = (
        event.at
        for event in reversed(world.events)
        if event.kind is Kind.SERVICE_RESTARTED
        and event.server == server.name
        and event.subject.casefold() == _FRONT_END_SERVICE.casefold()
    )
    return next(restarts, None)


def _begin_of_name(made: datetime, hourly: bool) -> str:
    """`SENDyyyymmdd`, or with the hour in newer releases, in UTC (INFERRED: 2019 and SE are the newer ones)."""
    return f"SEND{made:%Y%m%d%H}" if hourly else f"SEND{made:%Y%m%d}"


def _parts(rows: list[LogRow]) -> Iterator[list[LogRow]]:
    """The rows of one name, cut where a file is full."""
    part: list[LogRow] = []
    size = 0
    for row in rows:
        size += len(row.text.encode()) + 2
        if part and size > FILE_BYTES:
            yield part
            part, size = [], 0
        part.append(row)
    if part:
        yield part


def _text(rows: list[LogRow], server: Server) -> str:
    """Header and rows. The date is that of the first writing, hence later than the first rows."""
    version = "14.0.0.0" if server.release == "2010" else "15.0.0.0"
    header = (
        "#Software: Microsoft Exchange Server",
        f"#Version: {version}",
        "#Log-type: SMTP Send Protocol Log",
        f"#Date: {stamp(rows[0].made + server.write_delay)}",
        f"#Fields: {FIELDS}",
    )
    return "".join(f"{line}\n" for line in (*header, *(row.text for row in rows)))
