"""Protocol logs of any size: a few are read row by row, of a site's whole folder only the sessions that matter."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import groupby, islice

from wizard.facts import ClearSession, Direction, FailureGroup, Handshake, Line, LogReading, Occurrences, Pending
from wizard.reading.log.files import HEAD_BYTES, Cancelled, LogFile, Progress, merged, never, read_files, unreadable
from wizard.reading.log.filter import (
    Found,
    Limits,
    Log,
    Strange,
    Stream,
    is_whole,
    log_of,
    numbers_of,
    read_session,
)
from wizard.reading.log.rows import VERSION, LogNotes, bare, direction_of, is_received, plain_row, unconnected
from wizard.reading.log.sessions import A_RECEIVE_LOG, STARS, counted, group_of, is_stripped, occurrences
from wizard.reading.text import Refused

WHOLE_BYTES = 16 * 1024 * 1024
"""Logs of up to this size together are read whole: every row, every success, every certificate without an outcome."""

MOST_REMEMBERED = 4096
"""The kinds of sessions remembered; beyond that all are forgotten and read again."""

FAILED, SUCCEEDED = b"TLS negotiation failed with error ", b"_CLIENT negotiation succeeded "

SENT, UNCONNECTED = b"Sending certificate", b"Failed to connect"

OVERWRITTEN = (b"XXXXXXXA", b"*" * STARS)
"""The remains of STARTTLS, and of a banner, after a device that inspects mail."""

MAIL = b"MAIL FROM"

MOST_LOOKED_INTO = 24
"""Sessions behind a failure that are read to find one that left mail without TLS, and failures for which it is done."""

_TLS = re.compile(rb"(?i)certificate|TLS")

USUAL = Limits()

GroupKey = tuple[str, str, str]

Cancel = Callable[[], bool]

Since = dict[str, str]
"""Connectors in small letters, empty for any, and the time from which their successes count."""


Success = tuple[str, str, int]
"""The time of a success, its connector in small letters, and its place."""


@dataclass(slots=True)
class _Group:
    """Similar failures: the places of the first and the last, their times, and the last target."""

    example: int
    newest: int
    first: str
    last: str
    remote: str
    sessions: set[int] = field(default_factory=set)


def newest_of(successes: Iterable[Success], since: Since, most: int = USUAL.newest) -> set[int]:
    """The places of the newest successes of each connector since its time."""
    known = sorted(successes, key=lambda each: each[2])
    found: set[int] = set()
    for name, time in since.items():
        those = (place for at, connector, place in known if at >= time and name in {"", connector})
        found.update(deque(those, most))
    return found


def _lacking(known: list[Success], since: Since, most: int) -> bool:
    """True if older successes are still wanted."""
    oldest = min(known, default=None)
    return oldest is None or any(
        oldest[0] >= time and sum(at >= time and name in {"", each} for at, each, _ in known) < most
        for name, time in since.items()
    )


class Pace:
    """The progress over all folders, and the cancellation."""

    def __init__(self, files: list[LogFile], progress: Callable[[Progress], None] | None, cancelled: Cancel) -> None:
        self.done = 0
        self.cancelled = cancelled
        self._total = sum(file.size for file in files)
        self._progress = progress

    def tell(self, source: str, done: int) -> None:
        """Reports bytes done in the folder that is being read."""
        if self._progress:
            self._progress(Progress(source, self.done + done, max(self._total, self.done + done)))


class Folder:
    """The logs of one folder: looked through once for failures, and again for what else is asked of them."""

    def __init__(self, files: list[LogFile], pace: Pace, limits: Limits = USUAL) -> None:
        self.notes = LogNotes()
        self._files = files
        self._pace = pace
        self._limits = limits
        self._logs: list[Log] = []
        self._groups: dict[GroupKey, _Group] = {}
        self._occurrences = Occurrences()
        self._alike: dict[object, tuple[tuple[int, tuple[str, str]], ...]] = {}
        self._taken: set[int] = set()
        self._failing: set[bytes] = set()
        self._done: dict[str, int] = {}
        self._odd = False
        self._last = ""
        self._overwritten: tuple[int, Line] | None = None
        self._whole: LogReading | None = None

    def failures(self, alone: bool = False, newest: bool = False) -> LogReading:
        """All failures, counted, with the first of each group, and its last too where `newest` is asked for.

        Raises:
            Refused: with `alone`, a file is not text.
        """
        try:
            reading = self._found(alone, newest)
        except Strange:
            self.notes = LogNotes()
            reading = self._whole = read_files(
                self._files,
                self.notes,
                lambda step: self._pace.tell(step.file, step.done_bytes),
                self._pace.cancelled,
                alone=alone,
            )
            groups = tuple(_shortened(reading, newest))
            examples = tuple(each for group in groups for each in group.handshakes)
            reading = replace(reading, handshakes=examples, counted=groups, occurrences=occurrences(reading))
        self._pace.done += sum(file.size for file in self._files)
        return reading

    def successes(self, since: Since) -> list[Handshake]:
        """The newest successes of connectors since their times."""
        if self._whole is None:
            try:
                return self._found_successes(since)
            except Strange:
                self._whole = self._read_whole()
        found = [each for each in self._whole.handshakes if each.error is None]
        chosen = newest_of(
            ((each.time, each.connector.casefold(), n) for n, each in enumerate(found)), since, self._limits.newest
        )
        return [each for n, each in enumerate(found) if n in chosen]

    def unproven(self) -> tuple[int, tuple[Pending, ...]]:
        """The number of failed connections, and the certificates sent last without an outcome."""
        if self._whole is None:
            try:
                return self._found_unproven()
            except Strange:
                self._whole = self._read_whole()
        return self._whole.connection_failures, self._whole.pending

    def _read_whole(self) -> LogReading:
        return read_files(self._files, LogNotes(), None, self._pace.cancelled)

    def _tell(self, log: Log, done: int) -> None:
        self._done[log.file.source] = done
        self._pace.tell(log.file.source, log.done + done)
        if self._pace.cancelled():
            raise Cancelled

    def _stop(self, *_: object) -> None:
        if self._pace.cancelled():
            raise Cancelled

    def _found(self, alone: bool, newest: bool) -> LogReading:
        """The failures found in the bytes."""
        before = 0
        for file in self._files:
            try:
                self._logs.append(log_of(file, before, self.notes))
            except OSError as error:
                self.notes.miss(file.source, unreadable(error))
            except Refused as refused:
                if alone:
                    raise
                self.notes.leave(Line("", 1, file.source), str(refused))
            before += file.size
        for rows in Stream(self._logs, self._limits, self.notes, self._tell).sessions(self._look):
            self._count(rows)
        groups = tuple(self._counted(newest))
        examples = tuple(each for group in groups for each in group.handshakes)
        begins = [(log, log.first, is_received(log.direction, log.first.connector)) for log in self._logs if log.first]
        for _, first, received in begins:
            if received:
                self.notes.leave(first.line, A_RECEIVE_LOG)
        directions = {log.direction for log in self._logs}
        directions |= {Direction.RECEIVE if received else Direction.SEND for _, _, received in begins}
        return LogReading(
            direction=next((d for d in (Direction.SEND, Direction.RECEIVE) if d in directions), Direction.UNKNOWN),
            handshakes=examples,
            connectors=tuple(dict.fromkeys(each.connector for each in examples)),
            first=min((first.time for _, first, _ in begins), default=""),
            last=self._last,
            sources=tuple(log.file.source for log in self._logs if log.file.source in self._done),
            scanned_bytes=sum(self._done.values()),
            counted=groups,
            occurrences=self._occurrences,
            clear=tuple(self._in_clear(groups)),
            stripped=tuple(self._stripped()),
            version=next(
                (found[1] for log in self._logs for head in log.headers if (found := VERSION.search(head.text))), ""
            ),
        )

    def _stripped(self) -> Iterator[Line]:
        """The first row in which a device has overwritten the banner or STARTTLS."""
        if self._overwritten:
            place, line = self._overwritten
            yield replace(line, number=numbers_of([place], self._logs, self._limits).get(place, 1))

    def _in_clear(self, groups: Sequence[FailureGroup]) -> Iterator[ClearSession]:
        """Behind the first failure of each group, the first session to the same address that left mail without TLS."""
        places = sorted(group.example for group in self._groups.values())
        for group, place in list(zip(groups, places, strict=True))[:MOST_LOOKED_INTO]:
            sessions = list(self._at(set(self._mails(group, place))))
            found = (each for reading, _ in self._numbered(sessions) for each in reading.clear)
            if first := next(found, None):
                yield first

    def _mails(self, group: FailureGroup, place: int) -> Iterator[int]:
        """The places of rows close behind this one that hand mail over, by a group's connector to its address."""
        address = group.handshakes[0].remote.rpartition(":")[0].encode()
        stream, left = Stream(self._logs, self._limits, tell=self._stop), MOST_LOOKED_INTO
        for _, start, _ in stream.through(place):
            for begin in stream.told(MAIL, b">", start):
                at = stream.base + begin.start()
                name = bare(begin[2].decode("utf-8", "replace"))
                if left and at > place and name == group.connector and begin[5].rpartition(b":")[0] == address:
                    left -= 1
                    yield at
            if not left or stream.base + stream.stop > place + self._limits.kept:
                return

    def _look(self, stream: Stream, log: Log, start: int, ended: bool) -> Iterator[int]:
        """The beginnings of rows about a failed handshake; it also notes successes and lines that are no rows."""
        headers = (stream.line(at) for at in stream.places(b"#", start) if stream.memory[at - 1] in b"\n")
        if any((direction_of(header) or log.direction) is not log.direction for header in headers):
            raise Strange
        self._odd |= stream.is_odd(start)
        self._look_for_a_device(stream, log, start)
        for begin in stream.told(FAILED, b"*", start):
            self._failing.add(begin[3][1:-1].upper())
            yield stream.base + begin.start()
        if ended:
            self._end(stream, log)

    def _look_for_a_device(self, stream: Stream, log: Log, start: int) -> None:
        """Notes the first row in which a device has overwritten the banner or STARTTLS."""
        for phrase in OVERWRITTEN if self._overwritten is None else ():
            for begin in stream.told(phrase, b"<", start):
                line = Line(stream.line(begin.end()), 1, log.file.source)
                row = plain_row(line)
                if row and is_stripped(row) and not is_received(log.direction, row.connector):
                    place = stream.base + begin.start()
                    if self._overwritten is None or place < self._overwritten[0]:
                        self._overwritten = place, line
                    break

    def _end(self, stream: Stream, log: Log) -> None:
        """At the end of a log: the time of its last row, and whether lines that are no rows hide a failure."""
        begin = max(stream.stop - HEAD_BYTES, log.begin - stream.base, 0)
        for raw in reversed(bytes(stream.memory[begin : stream.stop]).split(b"\n")[:-1]):
            if row := plain_row(Line(raw.decode("utf-8", "replace").rstrip("\0\r"), 1)):
                self._last = max(self._last, row.time)
                break
        if self._odd:
            own = LogNotes()
            reading = read_files([log.file], own, None, self._pace.cancelled, failed_only=True)
            hidden = {each.session.upper().encode() for each in reading.handshakes} - self._failing
            if hidden or (reading.rows and log.first is None):
                raise Strange
            if not reading.rows:
                self.notes.add(own.mended, own.unread)
                self._done.pop(log.file.source, None)
        self._odd, self._failing = False, set()
        self._taken = {place for place in self._taken if place >= stream.base - self._limits.reach}

    def _count(self, rows: list[Found]) -> None:
        """Counts the failures of a session, unless that was done."""
        remote = next((row.remote for row in reversed(rows) if row.remote), b"")
        for row, key in self._failures_in(rows):
            if row.place in self._taken:
                continue
            self._taken.add(row.place)
            text, session = (row.remote or remote).decode("utf-8", "replace"), row.session.decode()
            self._occurrences.add(*key, text, row.log.file.source, session, row.time)
            group = self._groups.setdefault(key, _Group(row.place, row.place, row.time, row.time, text))
            group.example = min(group.example, row.place)
            if row.time > group.last:
                group.newest, group.last, group.remote = row.place, row.time, text
            group.first = min(group.first, row.time)
            group.sessions.add(int(session, 16))

    def _failures_in(self, rows: list[Found]) -> Iterator[tuple[Found, GroupKey]]:
        """The rows of a session that report a failed handshake, with their groups.

        Sessions with the same rows about TLS are read once.
        """
        about_tls = [row for row in rows if row.event == b"*" and _TLS.search(row.rest)]
        first = about_tls[0].sequence if about_tls else 0
        about = frozenset((row.log.direction, b"\\" in row.connector) for row in about_tls)
        alike = (about, tuple((row.sequence - first, row.rest) for row in about_tls))
        sure = is_whole(rows) and all(
            row.connector == rows[0].connector and not row.raw.endswith(b"\0") for row in about_tls
        )
        known = self._alike.get(alike) if sure else None
        if known is None:
            reading = read_session(rows, range(len(rows)), LogNotes())
            failed = [(rows[each.line.number], group_of(each)) for each in reading.handshakes if each.error is not None]
            if not sure:
                yield from failed
                return
            known = tuple((about_tls.index(row), key[1:]) for row, key in failed)
            if len(self._alike) >= MOST_REMEMBERED:
                self._alike.clear()
            self._alike[alike] = known
        connector = bare(rows[0].connector.decode("utf-8", "replace"))
        yield from ((about_tls[index], (connector, *rest)) for index, rest in known)

    def _counted(self, newest: bool) -> Iterator[FailureGroup]:
        """The groups in the order of the logs, with the handshakes that are shown of each."""
        found = sorted(self._groups.items(), key=lambda each: each[1].example)
        shown = [[group.example, group.newest] if newest else [group.example] for _, group in found]
        handshakes = self._handshakes({place for places in shown for place in places})
        if any(place not in handshakes for places in shown for place in places):
            raise Strange
        for ((connector, error, _), group), places in zip(found, shown, strict=True):
            examples = tuple(handshakes[place] for place in dict.fromkeys(places))
            ours, count = examples[0].ours, len(group.sessions)
            yield FailureGroup(connector, error, ours, count, group.first, group.last, examples, group.remote)

    def _handshakes(self, places: set[int]) -> dict[int, Handshake]:
        """The handshakes whose outcome's rows are at these places."""
        found: dict[int, Handshake] = {}
        sessions = list(self._at(places))
        for rows, (reading, numbers) in zip(sessions, self._numbered(sessions), strict=True):
            lines = {(row.log.file.source, numbers[row.place]): row.place for row in rows}
            found.update((lines[each.line.source, each.line.number], each) for each in reading.handshakes)
        return found

    def _numbered(self, sessions: Sequence[list[Found]]) -> Iterator[tuple[LogReading, dict[int, int]]]:
        """The readings of these sessions, with the numbers of their lines."""
        numbers = numbers_of((row.place for rows in sessions for row in rows), self._logs, self._limits)
        for rows in sessions:
            if any(row.place not in numbers for row in rows):
                raise Strange
            yield read_session(rows, [numbers[row.place] for row in rows], self.notes), numbers

    def _found_successes(self, since: Since) -> list[Handshake]:
        """The successes that the bytes show."""
        wanted = newest_of(self._successes(since), since, self._limits.newest)
        shown = self._handshakes(wanted)
        return [shown[place] for place in sorted(wanted) if place in shown]

    def _successes(self, since: Since) -> list[Success]:
        """The successes, from the end of the logs back until there are enough of each connector."""
        known: list[Success] = []
        end, step = 1 + max((log.begin for log in self._logs), default=0) + self._files[-1].size, self._limits.kept
        while end > 0 and not self._pace.cancelled() and _lacking(known, since, self._limits.newest):
            begin = max(end - step, 0)
            stream = Stream(self._logs, self._limits, tell=self._stop)
            for _, start, _ in stream.through(begin):
                for row in stream.told(SUCCEEDED, b"*", start):
                    if begin <= (place := stream.base + row.start()) < end:
                        name = bare(row[2].decode("utf-8", "replace")).casefold()
                        known.append((row[1].decode(), name, place))
                if stream.base + stream.stop >= end:
                    break
            end, step = begin, 2 * step
        return known

    def _found_unproven(self) -> tuple[int, tuple[Pending, ...]]:
        """The failed connections, and the certificates without an outcome, found in the bytes."""
        count, sent = 0, dict[bytes, int]()
        for log, start, _ in (stream := Stream(self._logs, self._limits, tell=self._tell)).through(0):
            for begin in stream.told(UNCONNECTED, b"*", start):
                end = stream.memory.find(b"\n", begin.end(), stream.stop)
                received = is_received(log.direction, begin[2].decode("utf-8", "replace"))
                count += not (received or stream.memory[end - 1] == 0) and _is_unconnected(
                    bytes(stream.memory[begin.end() : end])
                )
            for begin in stream.told(SENT, b"*", start):
                sent.pop(begin[3], None)
                sent[begin[3]] = stream.base + begin.start()
                if len(sent) > self._limits.newest:
                    del sent[next(iter(sent))]
        sessions = list(self._at(set(sent.values())))
        shown = self._numbered(sessions[::-1])
        return count, tuple(each for reading, _ in shown for each in reading.pending)

    def _at(self, places: set[int]) -> Iterator[list[Found]]:
        """The sessions that have rows at these places, in the order of the logs."""
        left, kept = deque(sorted(places)), self._limits.kept
        while left:
            near = [left.popleft()]
            while left and left[0] - near[-1] < 2 * kept:
                near.append(left.popleft())
            found = Stream(self._logs, self._limits).sessions(partial(_new_of, near), near[0] - kept)
            yield from islice(found, len(near))


def _new_of(places: list[int], stream: Stream, _: Log, start: int, __: bool) -> list[int]:
    """The places in the new lines."""
    return [place for place in places if start <= place - stream.base < stream.stop]


def _shortened(reading: LogReading, newest: bool) -> Iterator[FailureGroup]:
    """The groups of a folder that was read row by row, with as many handshakes as are kept of the others."""
    for group in counted(reading):
        last = max(group.handshakes, key=lambda handshake: handshake.time)
        more = (last,) if newest and last is not group.handshakes[0] else ()
        yield replace(group, handshakes=(group.handshakes[0], *more))


@lru_cache(maxsize=1024)
def _is_unconnected(rest: bytes) -> bool:
    """True if data and context of an information row report a failed connection."""
    return unconnected(next(csv.reader([rest.decode("utf-8", "replace").strip()]), [""])[-1])


def read_logs(
    files: list[LogFile],
    notes: LogNotes,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Cancel = never,
    *,
    connector: str = "",
    since: str = "",
    alone: bool = False,
) -> LogReading:
    """Read logs of any size.

    Where they are too large to be read whole, all failures are counted and of the successes the
    newest are looked for. Connections that failed, and certificates without an outcome, are looked
    for only where no handshake was found.

    Args:
        files: the logs, folder by folder and in natural order.
        notes: where what was mended or left unread is noted.
        progress: called after each piece.
        cancelled: asked after each piece; what was found until then is returned, the rest listed as unread.
        connector: the Send connector that is meant, where it is known.
        since: the time from which successes of the connector count, ISO 8601 in UTC; empty for any.
        alone: a file that is no text is refused instead of being listed.

    Raises:
        Refused: with `alone`, the file is not text.
    """
    if sum(file.size for file in files) <= WHOLE_BYTES:
        return read_files(files, notes, progress, cancelled, alone=alone)
    pace = Pace(files, progress, cancelled)
    folders = folders_of(files, pace)
    reading = merged([folder.failures(alone, newest=bool(since)) for folder in folders], LogNotes())
    successes = _newest_successes(folders, _meant(reading, connector, since))
    if not reading.handshakes and not successes and reading.first and not cancelled():
        pace.done = 0
        more = [folder.unproven() for folder in folders]
        pending = tuple(dict.fromkeys(each for _, sent in more for each in sent))
        reading = replace(reading, connection_failures=sum(count for count, _ in more), pending=pending)
    for folder in folders:
        notes.join(folder.notes)
    names = (*reading.connectors, *(each.connector for each in successes))
    return replace(
        reading,
        handshakes=tuple(sorted((*reading.handshakes, *successes), key=lambda handshake: handshake.time)),
        connectors=tuple(dict.fromkeys(names)),
        mended=notes.mended,
        unread=notes.unread,
        missed=notes.missed,
    )


def folders_of(files: list[LogFile], pace: Pace, limits: Limits = USUAL) -> list[Folder]:
    """The logs folder by folder."""
    return [Folder(list(group), pace, limits) for _, group in groupby(files, key=lambda file: file.path.parent)]


def _meant(reading: LogReading, connector: str, since: str) -> Since:
    """Whose newest successes are looked for: anyone's, the meant one's, and each failing one's since it failed."""
    failing: Since = {}
    for group in reading.counted or ():
        name = group.connector.casefold()
        failing[name] = min(failing.get(name, group.last), group.last)
    return {"": "", **failing, **({connector.casefold(): since} if connector else {})}


def _newest_successes(folders: list[Folder], since: Since) -> list[Handshake]:
    """The newest successes of all folders, oldest first."""
    found = sorted((each for folder in folders for each in folder.successes(since)), key=lambda each: each.time)
    chosen = newest_of(((each.time, each.connector.casefold(), n) for n, each in enumerate(found)), since)
    return [each for n, each in enumerate(found) if n in chosen]
