"""Failed handshakes counted by connector, error and certificate, without building each of them.

Sessions that fail alike have the same rows but for times, session-ids and endpoints. What such rows
mean is found out once, by the reader of handshakes, and remembered.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

from wizard.facts import Direction, FailureGroup, Handshake
from wizard.occurrences import Occurrences
from wizard.reading.blocks import Tail
from wizard.reading.contexts import is_whole
from wizard.reading.gather import OUTCOME, Found, Logs, Place
from wizard.reading.heads import Strange
from wizard.reading.sendlog import group_of

MOST_REMEMBERED = 4096
"""So many kinds of sessions are remembered; then all are forgotten and found out again."""

GroupKey = tuple[str, str, str]
Alike = tuple[str | bytes, ...]
"""All that a failure's group depends on: the connector, and the rows from our certificate's first to the failure."""


class _Known(NamedTuple):
    """Failures that are alike: their group, and which of their rows could go on in the next line."""

    key: GroupKey
    may_go_on: tuple[int, ...]


@dataclass(slots=True)
class _Group:
    """What is known of a group: its session-ids as numbers, its times, its first handshake, and where its last is."""

    example: Handshake
    place: Place
    first: str
    last: str
    newest: Place
    remote: str
    sessions: set[int] = field(default_factory=set)


class Tally:
    """The failures of one folder's logs. Sessions are counted by session-id; `occurrences` are all of them."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._groups: dict[GroupKey, _Group] = {}
        self._alike: dict[Alike, _Known] = {}
        self._taken: set[Place] = set()
        self._begin = 0
        self.occurrences = Occurrences()

    def groups(self, newest: bool) -> tuple[FailureGroup, ...]:
        """The groups, each with its first handshake, and its last too where `newest` is asked for."""
        found = sorted(self._groups.items(), key=lambda each: each[1].place)
        return tuple(
            FailureGroup(
                connector,
                error,
                group.example.ours,
                len(group.sessions),
                group.first,
                group.last,
                (group.example, *([self._numbered(group.newest)] if newest and group.newest != group.place else [])),
                group.remote,
            )
            for (connector, error, _), group in found
        )

    def forget(self, before: int) -> None:
        """Forgets which failures of earlier files were taken: all of them were, when their file was looked through."""
        self._begin = before
        self._taken = {place for place in self._taken if place[0] >= before}

    def quickly(self, index: int, place: int) -> bool:
        """Counts the failure here; False if the rows of its session have to be gathered."""
        tail = self._logs.tail_at(index, place)
        if tail is None:
            return False
        if not tail.rows:
            return True
        time, _, connector = tail.head.partition(b",")
        head = self._logs.heads[index]
        comma, remote, _ = tail.rows[0]
        if not (connector and remote) or head.direction is Direction.RECEIVE or OUTCOME not in tail.rows[0][2]:
            return False
        if head.direction is Direction.UNKNOWN and b"\\" in connector:
            return False
        alike: Alike = (head.codec, connector, *(rest for _, _, rest in tail.rows))
        known = self._alike.get(alike)
        begin = comma - len(tail.head)
        if known is None:
            known = self._find_out(index, place, begin, tail)
            if known is None:
                return False
            if len(self._alike) >= MOST_REMEMBERED:
                self._alike.clear()
            self._alike[alike] = known
        for number in known.may_go_on:
            line, raw = self._logs.line_of(index, tail.rows[number][0])
            if not self._logs.ends(index, line + len(raw) + 1):
                return False
        self._count(
            known.key,
            (index, begin),
            tail.session.decode(),
            time.decode("ascii", "replace"),
            remote.decode(head.codec, "replace"),
        )
        return True

    def take(self, place: Place, handshake: Handshake) -> None:
        """Counts a failed handshake that was built."""
        self._count(group_of(handshake), place, handshake.session, handshake.time, handshake.remote)

    def known(self, place: Place) -> bool:
        """Whether the failure whose line begins here is counted."""
        return place in self._taken

    def _count(self, key: GroupKey, place: Place, session: str, time: str, remote: str) -> None:
        """Counts one failure in its group, unless that was done, and builds it if it is the group's first."""
        if place[0] < self._begin or place in self._taken:
            return
        self._taken.add(place)
        self.occurrences.add(*key, remote, self._logs.files[place[0]].source, session, time)
        group = self._groups.get(key)
        if group is None:
            example = self._numbered(place)
            group = self._groups[key] = _Group(example, place, time, time, place, remote)
        elif place < group.place:
            group.example, group.place = self._numbered(place), place
        group.sessions.add(int(session, 16))
        group.first = min(group.first, time)
        if time > group.last:
            group.last, group.newest, group.remote = time, place, remote

    def _numbered(self, place: Place) -> Handshake:
        """The handshake whose outcome's line begins here, with the numbers of its lines."""
        self._logs.numbering = True
        handshake = self._built(place)
        self._logs.numbering = False
        return handshake

    def _built(self, place: Place) -> Handshake:
        """The handshake whose outcome's line begins here."""
        with ExitStack() as stack:
            found = self._logs.row_at(*place) if self._logs.ready(place[0], stack) else None
            rows = self._logs.session_at(found) if found else []
        for at, handshake in self._logs.handshakes_of(rows):
            if at == place:
                return handshake
        raise Strange

    def _find_out(self, index: int, place: int, begin: int, tail: Tail) -> _Known | None:
        """What a failure with such rows is; None if it is none."""
        found = self._logs.row_at(index, place)
        if found is None or self._logs.received(index, found.row):
            return None
        gathered = self._logs.session_at(found)
        rows = {each.place: each for each in gathered}
        shown = [rows.get((index, self._logs.line_of(index, comma)[0])) for comma, _, _ in tail.rows]
        for at, handshake in self._logs.handshakes_of(gathered):
            if at == (index, begin) and handshake.error is not None and None not in shown:
                open_ended = tuple(number for number, each in enumerate(shown) if each and _may_go_on(each))
                return _Known(group_of(handshake), open_ended)
        return None


def _may_go_on(found: Found) -> bool:
    """Whether a row is one of those that a next line can belong to."""
    return found.row.event == "*" and not is_whole(found.row.context, found.row.data)
