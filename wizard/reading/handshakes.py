"""The rows of one session to its handshakes: each outcome with the certificates that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from wizard.facts import Handshake, LoggedCertificate, Whose
from wizard.reading.contexts import about_tls, failed, succeeded
from wizard.reading.logcert import Seen, certificates_in
from wizard.reading.rows import Notes, Row

Arrived = tuple[int, Row]
"""A row, and which row of the whole stream it was."""

_ABOUT_THEIRS = frozenset({"UntrustedRoot", "CertExpired", "CertUnknown"})
"""Errors that come after the other side's certificate was seen: one without a header may be theirs."""


@dataclass(slots=True)
class Session:
    """What is kept of an open session: its rows about TLS, and the sequence-numbers that prove a delivery.

    `seen` counts its rows. `replies` are the sequence-numbers of the other side's rows, bit-inverted
    where the reply is not 250.
    """

    rows: list[Arrived] = field(default_factory=list)
    mails: list[int] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)
    connector: str = ""
    remote: str = ""
    seen: int = 0

    def take(self, arrived: int, row: Row) -> None:
        """Keeps of a send log's row what the session's handshakes need, and nothing else."""
        if not self.connector:
            self.connector = row.connector
        self.remote = row.remote or self.remote
        if row.event == "<":
            self.replies.append(row.sequence if row.data.startswith("250") else ~row.sequence)
        elif row.event == ">":
            if row.data[:9].upper() == "MAIL FROM":
                self.mails.append(row.sequence)
        elif row.event == "*" and about_tls(row.context):
            self.rows.append((arrived, row))


@dataclass(slots=True)
class _Attempt:
    """One handshake: the row that tells how it ended, and the certificates shown in it."""

    arrived: int
    row: Row
    certificates: list[Seen]

    @property
    def error(self) -> str | None:
        """The error's name, None for a success."""
        return failed(self.row.context)


def handshakes(
    name: str, session: Session, notes: Notes
) -> tuple[list[tuple[int, Handshake]], list[tuple[str, LoggedCertificate]]]:
    """The handshakes of the session with this session-id, each with the number of its outcome row in the stream.

    And the certificates of ours that it sent without an outcome, each with its connector: the rows
    end too early, in a file that is still being written or a paste that was cut.
    """
    rows = _in_order(session.rows)
    certificates = certificates_in(row for _, row in rows)
    headed = any(seen.whose for seen in certificates)
    attempts, open_ended = _attempts(rows, certificates)
    left = [seen for seen in open_ended if seen.whose is None]
    found: list[tuple[int, Handshake]] = []
    for number, attempt in enumerate(attempts):
        row = attempt.row
        end = attempts[number + 1].row.sequence if number + 1 < len(attempts) else None
        handshake = Handshake(
            connector=row.connector or session.connector,
            session=name,
            time=row.time,
            remote=row.remote or session.remote,
            error=attempt.error,
            line=row.line,
            protocol=succeeded(row.context),
            ours=_certificate(attempt, Whose.OURS, headed, notes),
            theirs=_certificate(attempt, Whose.THEIRS, headed, notes),
            delivered=attempt.error is None and _delivered(session, row.sequence, end),
        )
        found.append((attempt.arrived, handshake))
        left += [seen for seen in attempt.certificates if not (seen.whose or _taken_for_ours(attempt, headed))]
    _note_ownerless(left, headed, notes)
    ours = (seen for seen in open_ended if seen.whose is Whose.OURS and (seen.one_line or seen.values))
    pending = [(seen.rows[0].connector or session.connector, seen.built(notes.mend, notes.leave)) for seen in ours]
    return found, pending


def _in_order(rows: list[Arrived]) -> list[Arrived]:
    """The rows by sequence-number, a row that was pasted twice only once."""
    numbers = [row.sequence for _, row in rows]
    if all(one < other for one, other in pairwise(numbers)):
        return rows
    ordered = sorted(rows, key=lambda arrived: (arrived[1].sequence, arrived[0]))
    distinct = {(row.sequence, row.data, row.context): (number, row) for number, row in reversed(ordered)}
    return list(reversed(distinct.values()))


def _attempts(rows: list[Arrived], certificates: list[Seen]) -> tuple[list[_Attempt], list[Seen]]:
    """The handshakes, and the certificates that no outcome follows.

    A certificate belongs to the next outcome; the other side's may also follow a success, because
    some versions log it there.
    """
    begins = {id(seen.rows[0]): seen for seen in certificates}
    attempts: list[_Attempt] = []
    waiting: list[Seen] = []
    for arrived, row in rows:
        if seen := begins.get(id(row)):
            last = attempts[-1] if attempts else None
            if seen.whose is Whose.THEIRS and not waiting and last and last.error is None and not _shows_theirs(last):
                last.certificates.append(seen)
            else:
                waiting.append(seen)
        elif failed(row.context) or succeeded(row.context):
            attempts.append(_Attempt(arrived, row, waiting))
            waiting = []
    return attempts, waiting


def _shows_theirs(attempt: _Attempt) -> bool:
    """Whether the other side's certificate is known in this handshake."""
    return any(seen.whose is Whose.THEIRS for seen in attempt.certificates)


def _certificate(attempt: _Attempt, whose: Whose, headed: bool, notes: Notes) -> LoggedCertificate | None:
    """The certificate of one side: the last that its header names, since an earlier one belongs to an outcome lost."""
    shown = [seen for seen in attempt.certificates if seen.whose is whose]
    if not shown and whose is Whose.OURS and _taken_for_ours(attempt, headed):
        shown = [seen for seen in attempt.certificates if seen.whose is None]
    shown = [seen for seen in shown if seen.one_line or seen.values]
    return shown[-1].built(notes.mend, notes.leave) if shown else None


def _taken_for_ours(attempt: _Attempt, headed: bool) -> bool:
    """Whether a certificate without a header is ours: the handshake failed before the other side showed one.

    Not where the session has headers elsewhere, for then a header is lost, and not where two
    certificates stand without one.
    """
    ownerless = [seen for seen in attempt.certificates if seen.whose is None]
    error = attempt.error
    return not headed and error is not None and error not in _ABOUT_THEIRS and len(ownerless) == 1


def _delivered(session: Session, after: int, end: int | None) -> bool:
    """Whether MAIL FROM was sent after this sequence-number, before `end`, and the next reply to come was 250."""
    replies = sorted((reply if reply >= 0 else ~reply, reply >= 0) for reply in session.replies)
    position = 0
    for mail in sorted(session.mails):
        if mail <= after or (end is not None and mail >= end):
            continue
        while position < len(replies) and replies[position][0] <= mail:
            position += 1
        if position < len(replies) and replies[position][1]:
            return True
    return False


def _note_ownerless(certificates: list[Seen], headed: bool, notes: Notes) -> None:
    """Lists the certificates that are offered to no one because whose they are is not certain."""
    for seen in certificates:
        why = (
            "rows are missing before this certificate"
            if headed
            else "no header row says so, and the session shows no failure that would"
        )
        notes.leave(seen.rows[0].line, f"whose certificate this is cannot be told: {why}; it is not taken for ours")
