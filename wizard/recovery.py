"""Whether a failure is over: the same service's log shows later that the same connector and certificate succeed."""

from __future__ import annotations

from pathlib import PurePath

from wizard.case import same_name
from wizard.facts import FailureGroup, Handshake, LogReading


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
    ]
    return max(later, key=lambda h: h.time, default=None)
