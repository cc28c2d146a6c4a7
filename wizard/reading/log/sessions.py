"""Reads rows of Exchange's Send protocol logs into sessions, handshakes, and certificates with their owners.

Sessions interleave, a session may begin in one file and end in the next, and rows may be pasted out of order: the
session-id and, inside a session, the sequence-number decide (LOG).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice, pairwise
from pathlib import PurePath

from wizard.facts import (
    ClearSession,
    Direction,
    FailureGroup,
    Handshake,
    Line,
    LoggedCertificate,
    LogReading,
    Occurrences,
    Pending,
    Whose,
)
from wizard.reading.log.certificate import Seen, certificates_in
from wizard.reading.log.rows import LogNotes, Row, RowReader, about_tls, failed, is_received, succeeded, unconnected
from wizard.reading.text import Text

Arrived = tuple[int, Row]
"""A row, and its number in the whole stream."""

_ABOUT_THEIRS = frozenset(
    {
        "UntrustedRoot",
        "CertExpired",
        "CertUnknown",
        "LogonDenied",
        "-2146885616",
        "IllegalMessage",
        "DecryptFailure",
        "MessageAltered",
    }
)
"""Errors that follow the other side's certificate: one without a header may be theirs."""


@dataclass(slots=True)
class Session:
    """The kept part of an open session: its rows about TLS, and the sequence-numbers that prove a delivery.

    `seen` counts its rows. `replies` are the sequence-numbers of the other side's rows, bit-inverted if the reply is
    not 250.
    """

    rows: list[Arrived] = field(default_factory=list)
    mails: list[int] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)
    connector: str = ""
    remote: str = ""
    seen: int = 0
    talk: list[Row] = field(default_factory=list)

    def take(self, arrived: int, row: Row) -> None:
        """Keep what the session's handshakes need of a send log's row."""
        if not self.connector:
            self.connector = row.connector
        self.remote = row.remote or self.remote
        if _matters(row):
            self.talk.append(row)
        if row.event == "<":
            self.replies.append(row.sequence if row.data.startswith("250") else ~row.sequence)
        elif row.event == ">":
            if row.data[:9].upper() == "MAIL FROM":
                self.mails.append(row.sequence)
        elif row.event == "*" and about_tls(row.context):
            self.rows.append((arrived, row))


def _matters(row: Row) -> bool:
    """True if a row shows how TLS was begun, or that the other side refused something."""
    if row.event == ">":
        return row.data[:8].upper() in {"STARTTLS", "X-ANONYM", "MAIL FRO"} or row.data[:4].upper() in {"BDAT", "DATA"}
    if row.event != "<":
        return False
    data = row.data
    return data[:3] in {"220", "354"} or data[:1] in {"4", "5"} or "XXXXXXXA" in data


@dataclass(slots=True)
class _Attempt:
    """A handshake: the row of its outcome, and its certificates."""

    arrived: int
    row: Row
    certificates: list[Seen]

    @property
    def error(self) -> str | None:
        """The error's name, None for a success."""
        return failed(self.row.context)


def handshakes(
    name: str, session: Session, notes: LogNotes
) -> tuple[list[tuple[int, Handshake]], list[tuple[str, LoggedCertificate]]]:
    """The handshakes of the session with this session-id, each with the number of its outcome row in the stream.

    And the certificates of ours that it sent without an outcome, each with its connector: the rows end too early, in a
    file that is still being written or a paste that was cut.
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
            anonymous=_anonymous(session, row.sequence),
            sent_certificate=_sent(session, attempt, attempts[number - 1].row.sequence if number else -1),
        )
        refusal = _refusal(session, row.sequence, end) if attempt.error is None else None
        if refusal:
            handshake = replace(handshake, reply=refusal.data, reply_line=refusal.line)
        found.append((attempt.arrived, handshake))
        left += [seen for seen in attempt.certificates if not (seen.whose or _taken_for_ours(attempt, headed))]
    _note_ownerless(left, headed, notes)
    ours = (seen for seen in open_ended if seen.whose is Whose.OURS and (seen.one_line or seen.values))
    pending = [(seen.rows[0].connector or session.connector, seen.built(notes.mend, notes.leave)) for seen in ours]
    return found, pending


def _in_order(rows: list[Arrived]) -> list[Arrived]:
    """The rows by sequence-number, without repetitions."""
    numbers = [row.sequence for _, row in rows]
    if all(one < other for one, other in pairwise(numbers)):
        return rows
    ordered = sorted(rows, key=lambda arrived: (arrived[1].sequence, arrived[0]))
    distinct = {(row.sequence, row.data, row.context): (number, row) for number, row in reversed(ordered)}
    return list(reversed(distinct.values()))


def _attempts(rows: list[Arrived], certificates: list[Seen]) -> tuple[list[_Attempt], list[Seen]]:
    """The handshakes, and the certificates without an outcome.

    A certificate belongs to the next outcome; the other side's may also follow a success, because some versions log it
    there.
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
    """True if the other side's certificate is known in this handshake."""
    return any(seen.whose is Whose.THEIRS for seen in attempt.certificates)


def _certificate(attempt: _Attempt, whose: Whose, headed: bool, notes: LogNotes) -> LoggedCertificate | None:
    """One side's certificate: the last its header names, since an earlier one belongs to a lost outcome."""
    shown = [seen for seen in attempt.certificates if seen.whose is whose]
    if not shown and whose is Whose.OURS and _taken_for_ours(attempt, headed):
        shown = [seen for seen in attempt.certificates if seen.whose is None]
    shown = [seen for seen in shown if seen.one_line or seen.values]
    return shown[-1].built(notes.mend, notes.leave) if shown else None


def _taken_for_ours(attempt: _Attempt, headed: bool) -> bool:
    """True if a certificate without a header is ours: the handshake failed before the other side showed one.

    Not if the session has headers elsewhere, for then a header is lost, and not if there are two certificates without
    one.
    """
    ownerless = [seen for seen in attempt.certificates if seen.whose is None]
    error = attempt.error
    return not headed and error is not None and error not in _ABOUT_THEIRS and len(ownerless) == 1


def _delivered(session: Session, after: int, end: int | None) -> bool:
    """True if MAIL FROM was sent after this sequence-number, before `end`, and the next reply was 250."""
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


def _anonymous(session: Session, before: int) -> bool:
    """True if X-ANONYMOUSTLS began the handshake that ended at this sequence-number."""
    begun = [row for row in session.talk if _begins_tls(row) and row.sequence < before]
    return bool(begun) and begun[-1].data[:8].upper() == "X-ANONYM"


def _sent(session: Session, attempt: _Attempt, since: int) -> bool | None:
    """True if a certificate of ours was sent; False if all rows from the last 220 to the outcome show none."""
    if any(seen.whose is not Whose.THEIRS for seen in attempt.certificates):
        return True
    ready = [
        row.sequence
        for row in session.talk
        if row.event == "<" and row.data[:3] == "220" and since < row.sequence < attempt.row.sequence
    ]
    begun = any(row.event == ">" and row.data[:8].upper() == "STARTTLS" for row in session.talk)
    tls = {row.sequence for _, row in session.rows}
    between = set(range(ready[-1] + 1, attempt.row.sequence)) if ready and begun else {-1}
    return False if between <= tls else None


def _refusal(session: Session, after: int, end: int | None) -> Row | None:
    """The first 4xx or 5xx reply after a success; None if a message was accepted in the session."""
    found = next(
        (
            row
            for row in sorted(session.talk, key=lambda row: row.sequence)
            if row.event == "<"
            and row.data[:1] in {"4", "5"}
            and after < row.sequence
            and (end is None or row.sequence < end)
        ),
        None,
    )
    return None if found is None or _accepted(session, after) else found


def _accepted(session: Session, after: int) -> bool:
    """True if the other side took a message after this sequence-number: its first reply to the content is 250."""
    replies = sorted((reply if reply >= 0 else ~reply, reply >= 0) for reply in session.replies)
    waits = {row.sequence for row in session.talk if row.event == "<" and row.data[:3] == "354"}
    for row in session.talk:
        if row.event == ">" and row.data[:4].upper() in {"BDAT", "DATA"} and row.sequence > after:
            taken = next((good for place, good in replies if place > row.sequence and place not in waits), False)
            if taken:
                return True
    return False


def _clear(name: str, session: Session) -> ClearSession | None:
    """A session that left mail unencrypted; None if it began TLS, or no mail was accepted."""
    mail = next((row for row in session.talk if row.data[:9].upper() == "MAIL FROM"), None)
    if mail is None or session.rows or any(_begins_tls(row) for row in session.talk):
        return None
    return (
        ClearSession(session.connector, name, mail.time, session.remote, mail.line)
        if _delivered(session, -1, None)
        else None
    )


def is_stripped(row: Row) -> bool:
    """True if a device has overwritten the banner or STARTTLS: rows of stars, `XXXXXXXA`."""
    return row.event == "<" and ("XXXXXXXA" in row.data or (row.data[:3] == "220" and row.data.count("*") > STARS))


STARS = 20
"""More stars than these in a banner are a device's."""

_MOST_CLEAR = 1000
"""The most sessions without TLS that are kept: a few show enough."""


def _begins_tls(row: Row) -> bool:
    return row.event == ">" and row.data[:8].upper() in {"STARTTLS", "X-ANONYM"}


def _note_ownerless(certificates: list[Seen], headed: bool, notes: LogNotes) -> None:
    """Note the certificates that nobody is offered because their owner is uncertain."""
    for seen in certificates:
        why = (
            "rows are missing before this certificate"
            if headed
            else "no header row says so, and the session shows no failure that would"
        )
        notes.leave(seen.rows[0].line, f"whose certificate this is cannot be told: {why}; it is not taken for ours")


THIS_ARTICLE = "UnknownCredentials"
"""The error name of KB 4051498."""

NO_CREDENTIALS = "NoCredentials"
"""The error name of KB 4495258, which a missing binding causes as well."""

_LINES_AHEAD = 400
"""The lines read to find the width of the console that broke them."""

A_RECEIVE_LOG = "a receive protocol log: it shows TLS of incoming mail, not of a Send connector"
"""The reason for leaving out the rows of such a log."""


class LogReader:
    """Reads protocol logs as one stream of lines, file after file in natural order.

    Memory grows with the open sessions and with the handshakes found, not with the rows read.
    Readers of several folders may share their `notes`. With `failed_only` the handshakes that
    succeeded are not kept.
    """

    def __init__(self, notes: LogNotes | None = None, failed_only: bool = False) -> None:
        self._notes = notes or LogNotes()
        self._rows = RowReader(self._notes)
        self._open: dict[str, Session] = {}
        self._handshakes: list[tuple[int, Handshake]] = []
        self._pending: dict[tuple[str, str | None], LoggedCertificate] = {}
        self._connectors: dict[str, None] = {}
        self._received: set[str] = set()
        self._sent = False
        self._row_count = self._session_count = self._unconnected = 0
        self._failed_only = failed_only
        self._first = self._last = ""
        self._clear: list[ClearSession] = []
        self._stripped: list[Line] = []

    def feed(self, lines: Iterable[Line], whole: bool = True) -> None:
        """Reads lines, which may go on with the row that the lines before ended in.

        Args:
            lines: the next lines of a file or, where `source` changes, of the next file.
            whole: False when the last of these lines has no line end: the service may still be writing it.
        """
        coming = iter(lines)
        head = list(islice(coming, _LINES_AHEAD))
        self._rows.look_ahead(head)
        for row in self._rows.read(chain(head, coming)):
            self._take(row)
        if not whole:
            for row in self._rows.end(cut=True):
                self._take(row)

    def finish(self) -> LogReading:
        """The reading of the log. Nothing may be fed afterwards."""
        for row in self._rows.end():
            self._take(row)
        self._rows.finish()
        for name in list(self._open):
            self._close(name)
        self._handshakes.sort(key=lambda found: found[0])
        sent = self._sent or Direction.SEND in self._rows.headers
        received = bool(self._received) or Direction.RECEIVE in self._rows.headers
        return LogReading(
            direction=Direction.SEND if sent else Direction.RECEIVE if received else Direction.UNKNOWN,
            handshakes=tuple(handshake for _, handshake in self._handshakes),
            pending=tuple(Pending(connector, certificate) for (connector, _), certificate in self._pending.items()),
            rows=self._row_count,
            sessions=self._session_count,
            connectors=tuple(self._connectors),
            connection_failures=self._unconnected,
            first=self._first,
            last=self._last,
            sources=tuple(self._rows.sources),
            mended=self._notes.mended,
            unread=self._notes.unread,
            clear=tuple(self._clear[-_MOST_CLEAR:]),
            stripped=tuple(self._stripped[:1]),
            version=self._rows.version,
        )

    def _take(self, row: Row) -> None:
        """Count a row, keep what its session needs, and close a complete session."""
        self._row_count += 1
        if not self._first <= row.time <= self._last:
            self._first = min(self._first or row.time, row.time)
            self._last = max(self._last, row.time)
        session = self._open.get(row.session)
        if session is None:
            session = self._open[row.session] = Session()
            self._session_count += 1
        session.seen += 1
        if is_received(self._rows.direction, row.connector):
            self._take_received(row)
        else:
            self._take_sent(row, session)
        if row.event == "-" and session.seen == row.sequence + 1:
            self._close(row.session)

    def _take_received(self, row: Row) -> None:
        """Count a row of a receive log, which is no evidence of outbound TLS."""
        if row.line.source not in self._received:
            self._received.add(row.line.source)
            self._notes.leave(row.line, A_RECEIVE_LOG)

    def _take_sent(self, row: Row, session: Session) -> None:
        """Keep what the session needs of a send log's row."""
        self._sent = True
        if not session.connector and row.connector:
            self._connectors[row.connector] = None
        session.take(self._row_count, row)
        if row.event == "*" and unconnected(row.context):
            self._unconnected += 1

    def _close(self, name: str) -> None:
        """Interprets a session and forgets it."""
        session = self._open.pop(name)
        if clear := _clear(name, session):
            self._clear.append(clear)
        self._stripped += [row.line for row in session.talk if is_stripped(row)][:1]
        if session.rows:
            found, pending = handshakes(name, session, self._notes)
            if self._failed_only:
                found = [(number, handshake) for number, handshake in found if handshake.error is not None]
            self._handshakes += found
            self._pending.update(
                ((connector, certificate.thumbprint), certificate) for connector, certificate in pending
            )


def read_log(text: Text, whole: bool = True) -> LogReading:
    """Read one paste or one file.

    Args:
        text: the log's text, cleaned.
        whole: False when the last line has no line end and comes from a file: the service may still
            be writing it, and it counts only if nothing can be missing from it.
    """
    notes = LogNotes()
    notes.add(mended=text.mended)
    reader = LogReader(notes)
    reader.feed(text.lines, whole)
    return reader.finish()


def failures(reading: LogReading) -> tuple[FailureGroup, ...]:
    """The failed handshakes by connector, error and our certificate: this article's error first, then by sessions."""
    return ranked(counted(reading))


def counted(reading: LogReading) -> Iterator[FailureGroup]:
    """The failed handshakes by connector, error and our certificate, in order of their beginning."""
    if reading.counted is not None:
        yield from reading.counted
        return
    groups: dict[tuple[str, str, str], list[Handshake]] = {}
    for handshake in reading.handshakes:
        if handshake.error is not None:
            groups.setdefault(group_of(handshake), []).append(handshake)
    yield from (_group(connector, error, found) for (connector, error, _), found in groups.items())


def together(parts: Iterable[FailureGroup]) -> tuple[FailureGroup, ...]:
    """Groups of several folders, one for each connector, error and certificate."""
    groups: dict[tuple[str, str, str], FailureGroup] = {}
    for part in parts:
        key = group_of(part.handshakes[0])
        known = groups.get(key)
        groups[key] = part if known is None else _joined(known, part)
    return tuple(groups.values())


def _joined(one: FailureGroup, other: FailureGroup) -> FailureGroup:
    return replace(
        one,
        sessions=one.sessions + other.sessions,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        handshakes=(*one.handshakes, *other.handshakes),
        remote=max(one, other, key=lambda group: group.last).remote,
    )


def ranked(groups: Iterable[FailureGroup]) -> tuple[FailureGroup, ...]:
    """The groups, this article's error first, then by sessions."""
    return tuple(sorted(groups, key=lambda group: (not is_this_article(group.error), -group.sessions)))


def is_this_article(error: str) -> bool:
    """True if an error's name is that of KB 4051498."""
    return error.casefold() == THIS_ARTICLE.casefold()


def group_of(handshake: Handshake) -> tuple[str, str, str]:
    """The key of a group of failed handshakes: connector, error, and our certificate's thumbprint if known."""
    ours = handshake.ours
    written = (ours.thumbprint or ours.thumbprint_as_written) if ours else ""
    return handshake.connector, handshake.error or "", written


def occurrences(reading: LogReading) -> Occurrences:
    """All failed handshakes of a reading of any kind."""
    if reading.occurrences is not None:
        return reading.occurrences
    found = Occurrences()
    for each in reading.handshakes:
        if each.error is not None:
            found.add(*group_of(each), each.remote, each.line.source, each.session, each.time)
    return found


def candidates(groups: Iterable[FailureGroup]) -> tuple[LoggedCertificate, ...]:
    """Our certificates that failed with this article's error, each whole thumbprint once.

    Without one, those that failed with NoCredentials: key and services tell whether it is this article.
    """
    groups = tuple(groups)
    return _failed_with(THIS_ARTICLE, groups) or _failed_with(NO_CREDENTIALS, groups)


def _failed_with(error: str, groups: Iterable[FailureGroup]) -> tuple[LoggedCertificate, ...]:
    found: dict[str, LoggedCertificate] = {}
    for group in groups:
        certificate = group.certificate
        same = group.error.casefold() == error.casefold()
        if same and certificate and certificate.whose is Whose.OURS and certificate.thumbprint:
            found.setdefault(certificate.thumbprint, certificate)
    return tuple(found.values())


def _group(connector: str, error: str, found: list[Handshake]) -> FailureGroup:
    """Failed handshakes as one group; a session-id counts once in each folder."""
    times = [handshake.time for handshake in found]
    return FailureGroup(
        connector=connector,
        error=error,
        certificate=found[0].ours,
        sessions=len({(PurePath(handshake.line.source).parent, handshake.session) for handshake in found}),
        first=min(times),
        last=max(times),
        handshakes=tuple(found),
        remote=max(found, key=lambda handshake: handshake.time).remote,
    )
