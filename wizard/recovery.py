"""Whether a failure is over: the same service's log shows later that the same connector and certificate succeed."""

from __future__ import annotations

import re
from pathlib import PurePath

from wizard.case import same_name
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
    folders = {PurePath(failed.line.source).parent for failed in group.handshakes}
    later = [
        h
        for h in log.handshakes
        if h.error is None
        and h.time > group.last
        and h.ours is not None
        and h.ours.thumbprint == thumbprint
        and same_name(h.connector, group.connector)
        and folders == {PurePath(h.line.source).parent}
        and not _from_another_address(h, group)
    ]
    return max(later, key=lambda h: h.time, default=None)


def _from_another_address(success: Handshake, group: FailureGroup) -> bool:
    """Whether the rows name another local address: logs of several servers can lie in one folder."""
    failed = {address for each in group.handshakes if (address := _local_address(each))}
    return bool(failed) and _local_address(success) not in {"", *failed}


def _local_address(handshake: Handshake) -> str:
    """The local endpoint's address in the row that tells the outcome; empty where it is not shown."""
    found = _LOCAL.search(handshake.line.text)
    return found[1] if found else ""
