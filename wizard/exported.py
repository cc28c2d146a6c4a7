"""A case as a text to hand over: the change card, the record in three forms, or the case itself; names or stand-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from wizard.casefile import written
from wizard.changecard import change_card
from wizard.forms import Form
from wizard.record_html import page
from wizard.record_json import as_json
from wizard.record_markdown import markdown
from wizard.recorded import record_of
from wizard.redaction import Replacement, redacted_saved
from wizard.saved import Saved


@dataclass(frozen=True, slots=True)
class Exported:
    """A text to hand over, and which stand-in took the place of what, where names were to go."""

    text: str
    replaced: tuple[Replacement, ...] = ()


def exported(
    saved: Saved,
    form: Form,
    now: datetime,
    *,
    redact: bool = False,
    keep_logs: bool = False,
    zone: tzinfo | None = None,
) -> Exported:
    """A case in a form. `now` is aware; `zone` is the reader's, this computer's for None.

    `keep_logs` is for a case of which nothing was said about its pasted logs. With `redact` everything is
    made from a case in which stand-ins have the places of all names, so that no form can hold one that
    another does not.
    """
    replaced: tuple[Replacement, ...] = ()
    if redact:
        saved, replaced = redacted_saved(saved)
    if form is Form.CASE:
        return Exported(written(saved, keep_logs), replaced)
    if form is Form.CARD:
        return Exported(change_card(saved.case, now, zone) + "\n", replaced)
    record = record_of(saved.case, now)
    text = {Form.MARKDOWN: markdown, Form.HTML: page, Form.JSON: as_json}[form](record, zone)
    return Exported(text if text.endswith("\n") else text + "\n", replaced)
