"""The forms in which a case is handed over, and the names of their files."""

from __future__ import annotations

import enum
from datetime import datetime


class Form(enum.Enum):
    """What is handed over; the value is how it is asked for without questions."""

    CARD = "card"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    CASE = "case"

    @property
    def ending(self) -> str:
        """How the name of its file ends."""
        return _ENDINGS[self]


_ENDINGS = {
    Form.CARD: "change.md",
    Form.MARKDOWN: "record.md",
    Form.HTML: "record.html",
    Form.JSON: "record.json",
    Form.CASE: "case.json",
}


def file_name(case_id: str, form: Form, now: datetime) -> str:
    """The name of the file it is saved to."""
    return f"exchange-cert-wizard-{case_id or f'{now:%Y%m%d-%H%M%S}'}.{form.ending}"
