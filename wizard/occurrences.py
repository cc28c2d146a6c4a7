"""Every failed handshake of a site's logs in little memory: enough for a line of a table, and to find its session."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple, overload

_TIME_BYTES = 28
"""The longest time a row can have: `2026-11-22T02:14:07.5123456Z`."""

_FIELDS = 5


class Occurrence(NamedTuple):
    """A failed handshake as a line of a table, and what finds its session again.

    `thumbprint` is our certificate's as far as it is known, `source` the name of the log.
    """

    time: str
    connector: str
    error: str
    thumbprint: str
    remote: str
    source: str
    session: str


class Occurrences(Sequence[Occurrence]):
    """Failed handshakes in the order of their logs, about 60 bytes each.

    What many of them share (connector, error, thumbprint, remote endpoint, log) is kept once.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._shared: list[str] = []
        self._fields = array("I")
        self._sessions = array("Q")
        self._times = bytearray()

    def add(
        self, connector: str, error: str, thumbprint: str, remote: str, source: str, session: str, time: str
    ) -> None:
        """Adds one; `session` is a session-id of at most 16 hex digits."""
        self._fields.extend(map(self._number, (connector, error, thumbprint, remote, source)))
        self._sessions.append(int(session, 16))
        self._times += time.encode("ascii", "replace")[:_TIME_BYTES].ljust(_TIME_BYTES)

    def extend(self, others: Iterable[Occurrence]) -> None:
        """Adds those of another folder's logs."""
        for each in others:
            self.add(each.connector, each.error, each.thumbprint, each.remote, each.source, each.session, each.time)

    def only(self, connector: str, error: str, thumbprint: str) -> Occurrences:
        """Those of one kind."""
        wanted = [self._numbers.get(text) for text in (connector, error, thumbprint)]
        found = Occurrences()
        if None not in wanted:
            kind = array("I", (number for number in wanted if number is not None))
            for place in range(len(self)):
                if self._fields[place * _FIELDS : place * _FIELDS + 3] == kind:
                    found.add(*self[place][1:7], self[place].time)
        return found

    def __len__(self) -> int:
        return len(self._sessions)

    @overload
    def __getitem__(self, place: int) -> Occurrence: ...

    @overload
    def __getitem__(self, place: slice) -> list[Occurrence]: ...

    def __getitem__(self, place: int | slice) -> Occurrence | list[Occurrence]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        session = self._sessions[place]
        place = place % len(self)
        connector, error, thumbprint, remote, source = (
            self._shared[number] for number in self._fields[place * _FIELDS : (place + 1) * _FIELDS]
        )
        time = self._times[place * _TIME_BYTES : (place + 1) * _TIME_BYTES].decode("ascii").rstrip()
        return Occurrence(time, connector, error, thumbprint, remote, source, f"{session:016X}")

    def _number(self, text: str) -> int:
        """The number under which a text is kept."""
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = len(self._shared)
            self._shared.append(text)
        return number
