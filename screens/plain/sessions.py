"""The failed handshakes of the log as numbered lines, a few at a time, and the rows of the session one chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from screens.plain.asking import Asker
from screens.plain.said import lines_shown, occurrence_line
from wizard.findings import counted
from wizard.occurrences import Occurrence
from wizard.reading.session import SessionRows

AT_ONCE = 20
"""Lines between two questions whether to go on: a screen reader reads them all."""

Open = Callable[[Occurrence], SessionRows | str | None]
"""The rows of a failed handshake's session; a sentence why there are none, or None where it was stopped."""


def browse(found: Sequence[Occurrence], ask: Asker, write: Callable[[str], None], open_: Open) -> None:
    """List failed handshakes; a number shows the rows of its session, Enter more of the list, anything else ends."""
    write(f"{counted(len(found), 'failed handshake')} (times are UTC):")
    listed = 0
    while True:
        for number in range(listed, min(listed + AT_ONCE, len(found))):
            write(occurrence_line(number + 1, found[number]))
        listed = min(listed + AT_ONCE, len(found))
        more = f", Enter for more, {listed:,} of {len(found):,} are listed" if listed < len(found) else ""
        answer = ask.one(f"A number for the rows of its session{more}. b goes back.")
        while answer.isdecimal() and 0 < int(answer[:9]) <= len(found):
            _show(found[int(answer) - 1], ask, write, open_)
            answer = ask.one(f"Another number{', Enter for more' if more else ''}. b goes back.")
        if answer or not more:
            return


def _show(each: Occurrence, ask: Asker, write: Callable[[str], None], open_: Open) -> None:
    rows = open_(each)
    if isinstance(rows, str):
        write(rows)
    elif rows is not None:
        portions(_rows(each, rows), ask, write)


def _rows(each: Occurrence, rows: SessionRows) -> Iterator[str]:
    yield f"Session {each.session}"
    yield from lines_shown(tuple(rows.lines), "rows")
    if not rows.whole:
        yield "The session's first or last row is not in these logs."


def portions(lines: Iterable[str], ask: Asker, write: Callable[[str], None]) -> None:
    """Write lines a few at a time, as long as the person wishes."""
    rest = iter(lines)
    portion = list(islice(rest, AT_ONCE))
    while portion:
        for line in portion:
            write(line)
        portion = list(islice(rest, AT_ONCE))
        if portion and ask.one("Enter for more. b stops here."):
            return
