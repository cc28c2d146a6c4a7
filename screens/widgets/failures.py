"""The table of failed handshakes: one row for each connector, error and certificate."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import DataTable

from screens.shown import shown
from wizard.facts import FailureGroup

HEADERS = ("Connector", "Error", "Sess.", "First", "Last", "Certificate")
WIDE = 112
"""Columns from which names and dates are written out."""


class FailureTable(DataTable[Text]):
    """Fits 80 columns; below that it scrolls sideways. Times are UTC, as in the log."""

    def __init__(self) -> None:
        super().__init__(id="failures", cursor_type="row", zebra_stripes=False)

    def on_mount(self) -> None:
        """The columns, once."""
        self.add_columns(*HEADERS)

    def show(self, groups: tuple[FailureGroup, ...], width: int) -> None:
        """Draw these groups for a window of `width` columns; without any the table is not there."""
        self.display = bool(groups)
        self.clear()
        days = {time[:10] for group in groups for time in (group.first, group.last)}
        # On one day the hour says enough; the date is in the rows behind F6.
        since = 11 if len(days) == 1 and width < WIDE else 5
        for group in groups:
            self.add_row(*(Text(shown(text)) for text in _row(group, since, width)))


def _row(group: FailureGroup, since: int, width: int) -> tuple[str, ...]:
    wide = width >= WIDE
    certificate = group.certificate
    shown = ""
    if certificate:
        shown = certificate.thumbprint or certificate.thumbprint_as_written or "no thumbprint"
    return (
        _short(group.connector, 40 if wide else 20),
        group.error,
        f"{group.sessions:,}",
        group.first[since:16].replace("T", " "),
        group.last[since:16].replace("T", " "),
        (f"{shown[:8]}... {certificate.subject}" if wide else shown[:8]) if certificate else "none shown",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
