"""What attempts to send leave behind as time goes by: rows in the logs, the queues' state, and what EdgeSync notices.

Whether mail leaves at all is decided in `obstacle`, by the rules of the domain and nothing else.
"""

from __future__ import annotations

from wizard.practice.protocol_log import LogFile, log_files
from wizard.practice.world import World


def files_of(world: World) -> tuple[LogFile, ...]:
    """The log files as they stand on the servers' disks now."""
    return log_files(world)


def text_at(world: World, path: str) -> str:
    """What stands in the file of this path, or in all files of this folder; empty where there is none."""
    wanted = path.strip().strip("\"'").rstrip("\\").casefold()
    return "".join(
        file.text
        for file in files_of(world)
        if wanted and wanted in (file.path.casefold(), file.path.rpartition("\\")[0].casefold())
    )
