"""The casebook without questions: list the cases, hand one over as a file, take one over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from screens.streams import complain, failed, say
from wizard import places
from wizard.casebook import Casebook, CasebookError
from wizard.caselist import CaseLine, line_of
from wizard.exported import exported
from wizard.forms import Form, file_name
from wizard.saved import Saved
from wizard.wholefile import NotWrittenError, write_new


def list_cases(as_json: bool) -> int:
    """Print the cases, the one saved last first; JSON for a script."""
    book = Casebook(places.cases_folder())
    listing = book.cases()
    lines = [line_of(saved, datetime.now(UTC)) for saved in listing.cases]
    if as_json:
        say(json.dumps([_table(line, saved) for line, saved in zip(lines, listing.cases, strict=True)], indent=1))
    elif not lines:
        say(f"No cases yet in {book.folder}")
    else:
        for line in lines:
            say(f"{line.id}  {line.text}{' (archived)' if line.archived else ''}\n    {line.state}")
    for aside in listing.aside:
        complain(f"{aside.path}: {aside.why}")
    return 0


def export(case_id: str, to: str, form: Form, redact: bool, keep_logs: bool) -> int:
    """Write a case as a file to hand over; an existing file is never written over.

    With stand-ins the list of them is printed first.
    """
    try:
        saved = chosen(Casebook(places.cases_folder()), case_id, complain)
    except CasebookError as error:
        return failed(str(error))
    now = datetime.now(UTC)
    made = exported(saved, form, now, redact=redact, keep_logs=keep_logs)
    for each in made.replaced:
        say(f"{each.kind}: {each.original}  ->  {each.stand_in}")
    try:
        path = write_new(Path(to or file_name(saved.id, form, now)), made.text)
    except NotWrittenError as error:
        return failed(str(error))
    say(f"Written: {path.absolute()}")
    if not redact:
        say("It names servers, domains and certificates; --redact puts stand-ins in their place.")
    if form is Form.CASE:
        say(f"To take it over: exchange-cert-wizard import {path.name}")
    return 0


def take_over(file: str) -> int:
    """Take a colleague's case into the casebook."""
    try:
        saved = Casebook(places.cases_folder()).take_over(Path(file), datetime.now(UTC))
    except CasebookError as error:
        return failed(str(error))
    say(f"Taken over: {line_of(saved, datetime.now(UTC)).text}\nGo on with: exchange-cert-wizard resume {saved.id}")
    return 0


def chosen(book: Casebook, case_id: str, told: Callable[[str], None] = lambda _sentence: None) -> Saved:
    """The case that is meant: by its id or the beginning of it; the one saved last where none is named.

    `told` hears of the files that could not be read: one of them may be the case that was saved last.

    Raises:
        CasebookError: there is none, several begin like that, or it could not be read.
    """
    listing = book.cases()
    cases = listing.cases
    for aside in listing.aside:
        sentence = f"{aside.path.name} could not be opened. {aside.why} It lies at {aside.path}."
        if case_id and aside.path.stem.startswith(case_id) and not any(s.id.startswith(case_id) for s in cases):
            raise CasebookError(sentence)
        told(sentence)
    found = [saved for saved in cases if saved.id.startswith(case_id) and (case_id or not saved.archived)]
    exact = [saved for saved in found if saved.id == case_id]
    if exact or (found and not case_id):
        return (exact or found)[0]
    if len(found) > 1:
        raise CasebookError(f"Several cases begin with {case_id}: {', '.join(saved.id for saved in found)}.")
    if not found:
        raise CasebookError(_none(book, case_id, bool(cases)))
    return found[0]


def _none(book: Casebook, case_id: str, any_saved: bool) -> str:
    """Why there is no such case, and what to do."""
    named = f"There is no case {case_id!a} in {book.folder}" if case_id else "Every saved case is archived"
    if any_saved:
        return f"{named}. `exchange-cert-wizard cases` lists them."
    none = f"{named}, and no other" if case_id else f"There is no case yet in {book.folder}"
    return f"{none}. A case is saved by itself from its first answer on."


def _table(line: CaseLine, saved: Saved) -> dict[str, object]:
    """What a script is told of a case."""
    return {
        "id": line.id,
        "name": line.name,
        "saved": saved.saved.isoformat(),
        "connector": line.connector,
        "server": line.server,
        "step": line.step,
        "state": line.state,
        "archived": line.archived,
    }
