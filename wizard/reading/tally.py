"""Failed handshakes counted by connector, error and certificate, without building each of them.

Sessions that fail alike have the same rows but for times, session-ids and endpoints. What such rows
mean is found out once, by the reader of handshakes, and remembered.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import NamedTuple

from wizard.facts import Direction, FailureGroup, Handshake
from wizard.reading.blocks import InMemory
from wizard.reading.contexts import is_whole
from wizard.reading.gather import OUTCOME, Found, Logs, Place, Strange
from wizard.reading.sendlog import group_of

MOST_REMEMBERED = 4096
"""So many kinds of sessions are remembered; then all are forgotten and found out again."""

GroupKey = tuple[str, str, str]
Alike = tuple[str | bytes | int, ...]
"""All that the meaning of a session's failures depends on: the number and the text of each row about TLS."""


class _Outcome(NamedTuple):
    """A failure in sessions that are alike: which of their rows it is, and its group."""

    number: int
    key: GroupKey


@dataclass(slots=True)
class _Group:
    """What is known of a group: its session-ids as numbers, its times, and its first handshake."""

    example: Handshake
    place: Place
    first: str
    last: str
    sessions: set[int] = field(default_factory=set)


class Tally:
    """The failures of one folder's logs. `sessions` are counted by session-id."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs
        self._groups: dict[GroupKey, _Group] = {}
        self._alike: dict[Alike, tuple[tuple[_Outcome, ...], tuple[int, ...]]] = {}
        self._taken: set[Place] = set()

    def groups(self) -> list[FailureGroup]:
        """The groups, each with its first handshake only."""
        found = sorted(self._groups.items(), key=lambda each: each[1].place)
        return [
            FailureGroup(
                connector, error, group.example.ours, len(group.sessions), group.first, group.last, (group.example,)
            )
            for (connector, error, _), group in found
        ]

    def forget(self, before: int) -> None:
        """Forgets which failures of earlier files were taken."""
        self._taken = {place for place in self._taken if place[0] >= before}

    def quickly(self, index: int, place: int) -> bool:
        """Counts the failures of the session with a failure here; False if its rows have to be gathered."""
        around = self._logs.around(index, place)
        head = self._logs.heads[index]
        if around is None or head.direction is Direction.RECEIVE:
            return False
        session, lines = around
        if not lines:
            return True
        rows = self._alike_in(index, lines)
        if rows is None:
            return False
        alike = (head.codec, *rows)
        known = self._alike.get(alike) or self._find_out(index, session, lines, alike)
        if known is None or any(self._logs.goes_on(index, lines[number]) for number in known[1]):
            return False
        for number, key in known[0]:
            begin, line = self._logs.line_of(index, lines[number])
            self.count(key, (index, begin), session.decode(), line.partition(b",")[0].decode("ascii", "replace"))
        return True

    def take(self, place: Place, handshake: Handshake) -> None:
        """Counts a failed handshake that was built."""
        if place not in self._taken:
            self._taken.add(place)
            self._count(group_of(handshake), place, handshake.session, handshake.time)

    def count(self, key: GroupKey, place: Place, session: str, time: str) -> None:
        """Counts a failure whose group is known."""
        if place not in self._taken:
            self._taken.add(place)
            self._count(key, place, session, time)

    def known(self, place: Place) -> bool:
        """Whether the failure whose line begins here is counted."""
        return place in self._taken

    def _count(self, key: GroupKey, place: Place, session: str, time: str) -> None:
        """Counts one failure in its group, whose first handshake is built if this comes before it."""
        group = self._groups.get(key)
        if group is None or place < group.place:
            self._logs.numbering = True
            self._set_example(key, place, self._built(place))
            self._logs.numbering = False
            group = self._groups[key]
        group.sessions.add(int(session, 16))
        group.first = min(group.first, time)
        group.last = max(group.last, time)

    def _set_example(self, key: GroupKey, place: Place, handshake: Handshake) -> None:
        """Makes a handshake the first of its group."""
        group = self._groups.get(key)
        if group is None:
            self._groups[key] = _Group(handshake, place, handshake.time, handshake.time)
        else:
            group.example, group.place = handshake, place

    def _built(self, place: Place) -> Handshake:
        """The handshake whose outcome's line begins here."""
        with ExitStack() as stack:
            found = self._logs.row_at(*place) if self._logs.ready(place[0], stack) else None
            rows = self._logs.session_at(found) if found else []
        for at, handshake in self._logs.handshakes_of(rows):
            if at == place:
                return handshake
        raise Strange

    def _alike_in(self, index: int, lines: list[InMemory]) -> list[str | bytes | int] | None:
        """What these rows of a session mean depends on this alone; None where it depends on more."""
        unknown = self._logs.heads[index].direction is Direction.UNKNOWN
        found: list[str | bytes | int] = []
        for number, row in enumerate(lines):
            comma, after = row
            if not after:
                continue
            _, _, remote, rest = after.split(b",", 3)
            if OUTCOME in rest:
                begin, line = self._logs.line_of(index, row)
                connector = line[: comma - begin].partition(b",")[2]
                if not connector or not remote or (unknown and b"\\" in connector):
                    return None
                found += (number, connector, rest)
            elif b"ertificate" in rest or b"TLS " in rest:
                found += (number, rest)
            elif rest[:1] == b"-" and number < len(lines) - 1:
                return None
        return found

    def _find_out(
        self, index: int, session: bytes, lines: list[InMemory], alike: Alike
    ) -> tuple[tuple[_Outcome, ...], tuple[int, ...]] | None:
        """What the failures in such rows are, and which rows could go on in the next line; None if not all is here."""
        rows = self._logs.rows_that_count(index, session.decode(), lines)
        if rows is None:
            return None
        numbers = {self._logs.line_of(index, line)[0]: number for number, line in enumerate(lines)}
        failures = tuple(
            _Outcome(numbers[place], group_of(handshake))
            for (_, place), handshake in self._logs.handshakes_of(rows)
            if handshake.error is not None
        )
        if len(self._alike) >= MOST_REMEMBERED:
            self._alike.clear()
        self._alike[alike] = known = (failures, tuple(numbers[each.place[1]] for each in rows if _may_go_on(each)))
        return known


def _may_go_on(found: Found) -> bool:
    """Whether a row is one of those that a next line can belong to."""
    return found.row.event == "*" and not is_whole(found.row.context, found.row.data)
