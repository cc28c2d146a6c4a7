"""The journal writes itself: what a change of the case means, told by the case before and after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from wizard.case import Case, StepId
from wizard.journal import Deed, Entry

_PASTED = "a paste"
_A_MINUTE = timedelta(minutes=1)


def noted(before: Case, after: Case, now: datetime) -> Case:
    """The case after a change, with what was done since `before` in its journal. `now` is aware, in UTC.

    What else changes where a case goes to another server, or a new one is begun, is nobody's deed. A case that was
    made of an older one, as by a reading that takes its time, keeps what was noted meanwhile.
    """
    if before.opened != after.opened:
        return after if after.journal else after.noting(Entry(now, Deed.OPENED))
    after = _with_all_deeds(before, after)
    for entry in _since(before, after, now):
        if not _told_just_now(after, entry):
            after = after.noting(entry)
    return after


def _with_all_deeds(before: Case, after: Case) -> Case:
    """The case after the change with every deed that was noted before it, and those that were noted in it."""
    known = before.journal
    if after.journal[: len(known)] == known:
        return after
    return replace(after, journal=(*known, *(entry for entry in after.journal if entry not in known)))


def copied(case: Case, step: StepId | None, line: str, now: datetime) -> Case:
    """The case after a command was copied: it may have been run since."""
    return case.noting(Entry(now, Deed.COPIED, step, _server(case), line))


def _told_just_now(case: Case, entry: Entry) -> bool:
    """Whether the journal ends in the same deed: a text that is typed comes in many pieces."""
    last = case.journal[-1] if case.journal else None
    return bool(last and replace(last, at=entry.at) == entry and entry.at - last.at < _A_MINUTE)


def _since(before: Case, after: Case, now: datetime) -> Iterator[Entry]:
    server = _server(after)
    moved = before.here != after.here
    for step in StepId:
        if moved and _of_one_server(step):
            # What stands there is the other server's.
            continue
        opened = after.opened_paths.get(step, "")
        if opened and opened != before.opened_paths.get(step):
            yield Entry(now, Deed.READ, step, server, opened)
        elif (given := after.typed.get(step, "")) != before.typed.get(step) and given.strip():
            # Compared first: to strip 200 MB that have not changed takes as long as a frame.
            yield Entry(now, Deed.READ, step, server, _PASTED)
    if moved:
        return
    if after.thumbprint and after.thumbprint != before.thumbprint:
        yield Entry(now, Deed.CHOSE, StepId.LOG, server, after.thumbprint)
    for check in sorted(after.passed - before.passed):
        yield Entry(now, Deed.PASSED, StepId.COMMAND, server, check)
    if after.prompt_answer and after.prompt_answer is not before.prompt_answer:
        yield Entry(now, Deed.ANSWERED, StepId.PROMPT, server, after.prompt_answer.value)
    if after.undone and not before.undone:
        yield Entry(now, Deed.UNDONE, StepId.UNDO, server)


def _of_one_server(step: StepId) -> bool:
    """Whether what is given at the step belongs to one server of several."""
    from wizard.servers import ON_EACH  # noqa: PLC0415 - see _server

    return step in ON_EACH


def _server(case: Case) -> str:
    """The server a deed belongs to, where there are several."""
    # Not before there is a deed: what tells servers apart knows every check, and the first screen needs none.
    from wizard.servers import several  # noqa: PLC0415

    return case.here if several(case) else ""
