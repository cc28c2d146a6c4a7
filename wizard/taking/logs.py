"""A protocol log, and where the servers keep theirs."""

from __future__ import annotations

from dataclasses import replace

from wizard import readers
from wizard.case import Case, StepId
from wizard.facts import (
    Direction,
    LogReading,
)
from wizard.findings import Finding, block, reading_remarks
from wizard.reading.text import Text
from wizard.servers import at_each, here, with_survey
from wizard.taking.taken import Taken


def take_log(case: Case, step: StepId, log: LogReading) -> Taken:
    """The case with a protocol log that was read elsewhere, such as a whole folder."""
    if log.direction is Direction.RECEIVE:
        return Taken(case, False, step, (receive_log(),))
    remarks = reading_remarks(log.mended, log.unread)
    if not log.first:
        nothing = block(
            "No row of a protocol log could be read here. A row begins with a time such as "
            "2026-11-22T02:14:07.512Z and has nine fields with commas between.",
            id="no-rows",
        )
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.SESSION:
        if elsewhere := _proof_of_another_server(case, log):
            return Taken(case, False, step, (elsewhere, *remarks))
        return Taken(replace(case, log_after=log), True, step, remarks)
    case = replace(case, log=log, log_of="", failed=readers.failures(log))
    if case.logged is None:
        only = case.only_candidate
        case = replace(case, thumbprint=(only.thumbprint or "") if only else "")
    return Taken(with_survey(case), True, step, remarks)


def _proof_of_another_server(case: Case, log: LogReading) -> Finding | None:
    """A word where this very log was the proof of another server already."""
    sessions = {handshake.session for handshake in log.handshakes if handshake.error is None}
    for server, at in at_each(case):
        if (
            server != here(case)
            and at.log_after
            and sessions & {each.session for each in at.log_after.handshakes if each.error is None}
        ):
            return block(
                f"This log showed already that TLS works on {server}: its sessions are of that server. Take the log "
                f"that lies on {here(case) or 'this server'}.",
                id="another-server",
            )
    return None


def receive_log() -> Finding:
    """What is said of a Receive protocol log."""
    return block(
        "This is a Receive protocol log: mail that comes in. The article needs the Send log; it lies beside it, "
        "in the folder SmtpSend instead of SmtpReceive.",
        id="wrong-log",
        source="Protocol logging",
    )


def take_log_folders(case: Case, step: StepId, text: Text) -> Taken:
    """The case with where the servers keep their send logs."""
    reading = readers.read_log_folders(text)
    remarks = reading_remarks(text.mended + reading.mended, reading.unread)
    return Taken(replace(case, log_folders=reading.facts), bool(reading.facts), step, remarks)


def take_send_log(case: Case, step: StepId, text: Text) -> Taken:
    """The case with these rows."""
    log = readers.read_log(text)
    return take_log(case, step, log)
