"""A case as a text to hand over: status, change card, record in three formats, or the case; with names or stand-ins."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from wizard.case.file import Saved, without_waiting, written
from wizard.record.card import card_of
from wizard.record.record import record_of
from wizard.record.redact import redacted_saved
from wizard.record.render import as_json, markdown, page
from wizard.record.stand_ins import Replacement
from wizard.record.status import status


class ExportForm(enum.Enum):
    """The text to hand over; the value is its name on the command line."""

    STATUS = "status"
    CARD = "card"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    CASE = "case"

    @property
    def ending(self) -> str:
        """The ending of its file name."""
        return _ENDINGS[self]


_ENDINGS = {
    ExportForm.STATUS: "status.txt",
    ExportForm.CARD: "change.md",
    ExportForm.MARKDOWN: "record.md",
    ExportForm.HTML: "record.html",
    ExportForm.JSON: "record.json",
    ExportForm.CASE: "case.json",
}


REDACTED = "Stand-ins took the place of names, addresses and thumbprints: no command in it can be run as it stands."


def file_name(case_id: str, form: ExportForm, now: datetime, *, redact: bool = False) -> str:
    """The name of its file, which also says that names were replaced."""
    which = f"{case_id or f'{now:%Y%m%d-%H%M%S}'}{'-redacted' if redact else ''}"
    return f"exchange-cert-wizard-{which}.{form.ending}"


@dataclass(frozen=True, slots=True)
class Exported:
    """A text to hand over, and the stand-ins it uses."""

    text: str
    replaced: tuple[Replacement, ...] = ()


def exported(
    saved: Saved,
    form: ExportForm,
    now: datetime,
    *,
    redact: bool = False,
    keep_logs: bool = False,
    zone: tzinfo | None = None,
) -> Exported:
    """Export a case. `now` is aware; `zone` is the reader's, this computer's for None.

    `keep_logs` applies if nothing was chosen for the case's pasted logs. `redact` replaces the names in the case first,
    so no format can hold one that another lacks.
    """
    saved = replace(saved, case=without_waiting(saved.case), ended=False)
    replaced: tuple[Replacement, ...] = ()
    if redact:
        saved, replaced = redacted_saved(saved)
    if form is ExportForm.CASE:
        return Exported(written(saved, keep_logs), replaced)
    if form is ExportForm.STATUS:
        return Exported(status(saved.case, now) + "\n", replaced)
    document = card_of(saved.case, now) if form is ExportForm.CARD else record_of(saved.case, now)
    if redact:
        document = replace(document, headline=f"{document.headline} {REDACTED}")
    text = {ExportForm.HTML: page, ExportForm.JSON: as_json}.get(form, markdown)(document, zone)
    return Exported(text if text.endswith("\n") else text + "\n", replaced)
