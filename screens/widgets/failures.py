"""The table of failed handshakes: one row for each connector, error and certificate."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.widgets import DataTable

from screens.bound import bound
from screens.shown import shown
from wizard.facts import FailureGroup

HEADERS = ("Connector", "Error", "Sess.", "First", "Last", "Certificate")
LEFT_OUT = ("First", "Sess.", "Last")
"""Columns that a narrow window does without, in this order: the others tell the groups apart."""

SHORTEST_NAME, LONGEST_NAME = 14, 60
MOST_ROWS = 60
"""Groups in rows of their own; the rest is counted, and their sessions are in the list of all."""

ROOMY = 90
"""Columns from which dates are written out."""

PADDING = 2
"""Blanks beside a column."""


class FailureTable(DataTable[Text]):
    """Columns that have no room are left out whole. Times are UTC, as in the log. Enter opens a group's sessions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound(
            "enter",
            "select_cursor",
            "Sessions",
            "failures.open",
            "Lists the failed handshakes of a row",
            priority=False,
        )
    ]

    def __init__(self) -> None:
        super().__init__(id="failures", cursor_type="row", zebra_stripes=False)
        self._groups: tuple[FailureGroup, ...] = ()
        self._drawn_for = 0

    def group(self, row: int) -> FailureGroup | None:
        """The group in a row, None where the table has no such row."""
        return self._groups[row] if 0 <= row < len(self._groups) else None

    def show(self, groups: tuple[FailureGroup, ...]) -> None:
        """Draw these groups; without any the table is not there."""
        self._groups = groups
        self.display = bool(groups)
        self._draw(self.size.width or self.app.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """Names and dates take the room there is."""
        if event.size.width != self._drawn_for:
            self._draw(event.size.width)

    def _draw(self, width: int) -> None:
        self._drawn_for = width
        # Columns that have been wide stay so unless they are made anew.
        self.clear(columns=True)
        days = {time[:10] for group in self._groups for time in (group.first, group.last)}
        # On one day the hour says enough; the date is in the rows behind it.
        since = 11 if len(days) == 1 and width < ROOMY else 5
        columns = _columns(tuple(_row(group, since) for group in self._groups[:MOST_ROWS]), width)
        self.add_columns(*(column[0] for column in columns))
        for row in list(zip(*columns, strict=True))[1:]:
            self.add_row(*(Text(shown(text)) for text in row))
        if len(self._groups) > MOST_ROWS:
            self.add_row(Text(f"and {len(self._groups) - MOST_ROWS:,} more kinds"), *[Text("")] * (len(columns) - 1))


def _columns(rows: tuple[tuple[str, ...], ...], width: int) -> list[tuple[str, ...]]:
    """The columns there is room for, each with its header first; names take what the others leave."""
    columns = {header: (header, *texts) for header, *texts in zip(HEADERS, *rows, strict=True)}
    # One column is left to the scroll bar.
    room = width - 1 - PADDING
    for header in LEFT_OUT:
        if room - _taken(columns) >= SHORTEST_NAME:
            break
        del columns[header]
    longest = min(max(room - _taken(columns), SHORTEST_NAME), LONGEST_NAME)
    return [tuple(_short(text, longest) for text in columns.pop("Connector")), *columns.values()]


def _taken(columns: dict[str, tuple[str, ...]]) -> int:
    """Characters that the columns beside the names take, with their blanks."""
    return sum(max(map(len, texts)) + PADDING for header, texts in columns.items() if header != "Connector")


def _row(group: FailureGroup, since: int) -> tuple[str, ...]:
    certificate = group.certificate
    thumbprint = (certificate.thumbprint or certificate.thumbprint_as_written or "no thumbprint") if certificate else ""
    return (
        group.connector,
        group.error,
        f"{group.sessions:,}",
        group.first[since:16].replace("T", " "),
        group.last[since:16].replace("T", " "),
        thumbprint[:8] if certificate else "none shown",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
