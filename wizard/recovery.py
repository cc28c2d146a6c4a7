"""Whether a failure is over: the same service's log shows later that the same connector and certificate succeed."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePath

from wizard.connectornames import same_name
from wizard.facts import FailureGroup, Handshake, LogReading

_LOCAL = re.compile(r",[0-9A-Fa-f]{16},[0-9]+,([^,]+):[0-9]+,")
"""Session-id, sequence-number and local endpoint of a row."""


def recovered(log: LogReading, group: FailureGroup) -> Handshake | None:
    """The newest success with the group's connector and certificate after its last failure, None without one.

    Only within one folder: each folder is one service's log, and what works on another server
    proves nothing for this one.
    """
    thumbprint = group.certificate.thumbprint if group.certificate else None
    if not thumbprint:
        return None
    # A path for each file, not for each of a hundred thousand rows; and the rows are searched once, if at all.
    folders = {PurePath(source).parent for source in {failed.line.source for failed in group.handshakes}}
    addresses = cache(lambda: {address for each in group.handshakes if (address := _local_address(each))})
    later = [
        h
        for h in log.handshakes
        if h.error is None
        and h.time > group.last
        and h.ours is not None
        and h.ours.thumbprint == thumbprint
        and same_name(h.connector, group.connector)
        and folders == {PurePath(h.line.source).parent}
        and not _from_another_address(h, addresses())
    ]
    return max(later, key=lambda h: h.time, default=None)


def _from_another_address(success: Handshake, failed: set[str]) -> bool:
    """Whether the row names none of the failures' local addresses: logs of several servers can lie in one folder."""
    return bool(failed) and _local_address(success) not in {"", *failed}


def _local_address(handshake: Handshake) -> str:
    """The local endpoint's address in the row that tells the outcome; empty where it is not shown."""
    found = _LOCAL.search(handshake.line.text)
    return found[1] if found else ""
