"""The table of failed handshakes: one row for each connector, error and certificate."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import DataTable

from wizard.facts import FailureGroup

HEADERS = ("Connector", "Error", "Sessions", "First", "Last (UTC)", "Certificate")


class FailureTable(DataTable[Content]):
    """Scrolls sideways where the window is narrow; the order of columns puts what decides first."""

    def __init__(self) -> None:
        super().__init__(id="failures", cursor_type="row", zebra_stripes=False)

    def on_mount(self) -> None:
        """The columns, once."""
        self.add_columns(*HEADERS)

    def show(self, groups: tuple[FailureGroup, ...]) -> None:
        """Draw these groups; without any the table is not there."""
        self.display = bool(groups)
        self.clear()
        for group in groups:
            self.add_row(*(Content(text) for text in _row(group)))


def _row(group: FailureGroup) -> tuple[str, ...]:
    certificate = group.certificate
    shown = ""
    if certificate:
        shown = certificate.thumbprint or certificate.thumbprint_as_written or "no thumbprint"
    return (
        _short(group.connector, 26),
        group.error,
        f"{group.sessions:,}",
        group.first[5:16].replace("T", " "),
        group.last[5:16].replace("T", " "),
        f"{shown[:8]}... {certificate.subject}" if certificate and shown else "none shown",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
