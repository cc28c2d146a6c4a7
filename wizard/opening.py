"""Files and folders into the case: what is opened is read, and what cannot be read says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from wizard.case import Case, StepId
from wizard.commands import KnownFolder
from wizard.composed import log_places
from wizard.facts import FailureGroup, Line, LogReading
from wizard.findings import block
from wizard.intake import elsewhere, keeps, place_of, stays, take
from wizard.occurrences import Occurrence, Occurrences
from wizard.proof import newest_failure
from wizard.reading.folder import HeldLog, Progress, clean_line, log_files, never
from wizard.reading.kind import MOST_CHARACTERS, Kind
from wizard.reading.logs import WHOLE_BYTES, read_logs
from wizard.reading.recognise import recognise
from wizard.reading.rows import Notes
from wizard.reading.sendlog import occurrences
from wizard.reading.session import SessionRows, rows_in, rows_under
from wizard.reading.text import MOST_BYTES, Refused, clean
from wizard.stepid import LOG_STEPS
from wizard.taking.logs import take_log
from wizard.taking.taken import Taken


def usual_path(case: Case, step: StepId) -> str:
    """Where opening begins: at what was opened here before, else in the log's folder as the server named it; or empty.

    A folder of another computer is left out: evidence may name any, and merely looking there logs on to it.
    """
    if before := case.opened_paths.get(step, ""):
        return before
    places = log_places(case) if step in LOG_STEPS else ()
    named = (place.path for place in places if isinstance(place, KnownFolder))
    return next((path for path in named if not path.startswith(_ELSEWHERE)), "")


_ELSEWHERE = ("\\\\", "//", "\\/", "/\\")


def is_whole(log: LogReading) -> bool:
    """Whether every failed handshake of the log can be listed: a saved case keeps few of very many."""
    return log.counted is None or log.occurrences is not None


def of_group(log: LogReading, group: FailureGroup | None) -> Occurrences:
    """The failed handshakes of a group, all without one; for a thread, where there are many."""
    found = occurrences(log)
    if group is None:
        return found
    ours = group.certificate
    written = (ours.thumbprint or ours.thumbprint_as_written) if ours else ""
    return found.only(group.connector, group.error, written)


def open_session(case: Case, step: StepId, each: Occurrence, cancelled: Callable[[], bool]) -> SessionRows | str:
    """All rows of a failed handshake's session, from where the step's log came; or why they cannot be shown."""
    path = case.opened_paths.get(step)
    try:
        if path:
            return rows_under(Path(path), each.source, each.session, cancelled)
        text = case.typed.get(step, "")
        if len(text) > MOST_BYTES:
            return rows_in(tuple(_naming(text, each.session, each.source)), each.session)
        return rows_in(clean(text, each.source).lines, each.session)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is no longer there"
        return f"{each.source} could not be read again: {why}."
    except Refused as refusal:
        return str(refusal)


def take_large(
    case: Case,
    step: StepId,
    text: str,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Taken:
    """The case with a pasted text of any size in it: a large log is scanned as a file is, anything else read whole."""
    if len(text) <= WHOLE_BYTES or recognise(clean(text[:MOST_CHARACTERS])) is not Kind.SEND_LOG:
        return take(case, step, text)
    case = case.typing(step, text)
    place = place_of(Kind.SEND_LOG, step) or step
    if keeps(case, place, step):
        return stays(case, step, place, Kind.SEND_LOG)
    notes = Notes()
    content = _encoded(text)
    log = read_logs(
        [HeldLog(Path("paste"), "paste", len(content), content)],
        notes,
        progress,
        cancelled,
        connector=case.connector,
        since=newest_failure(case) if place is StepId.SESSION else "",
    )
    return elsewhere(take_log(case, place, log), step, Kind.SEND_LOG, text)


def _encoded(text: str) -> bytes:
    """The text as bytes with line feeds; piece by piece, so that other threads have their turn between."""
    content = bytearray()
    old_ends = "\n" not in text
    for begin in range(0, len(text), _PIECE):
        piece = text[begin : begin + _PIECE]
        content += (piece.replace("\r", "\n") if old_ends else piece).encode("utf-8", "replace")
    return bytes(content)


_PIECE = 1024 * 1024


def _naming(text: str, session: str, source: str) -> Iterator[Line]:
    """The lines of a large paste that name a session, without parting all the others."""
    end_of_line = "\n" if "\n" in text else "\r"
    number, counted, place = 1, 0, text.find(session)
    while place >= 0:
        begin = text.rfind(end_of_line, 0, place) + 1
        end = text.find(end_of_line, place)
        end = end if end >= 0 else len(text)
        number += text.count(end_of_line, counted, begin)
        counted = begin
        yield clean_line(text[begin:end].rstrip("\r"), number, source, Notes())
        place = text.find(session, end)


def open_path(
    case: Case,
    step: StepId,
    path: Path,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Taken:
    """The case with a file or folder in it, given at `step`. It never raises: a refusal is said in `Taken`.

    What was typed at the step stays what it was; the path is kept beside it. `progress` is called
    from the thread this runs in.
    """
    case = case.opening(step, str(path))
    try:
        if step in LOG_STEPS and (path.is_dir() or path.stat().st_size > MOST_BYTES):
            notes = Notes()
            since = newest_failure(case) if step is StepId.SESSION else ""
            files = log_files(path, notes)
            log = read_logs(
                files, notes, progress, cancelled, connector=case.connector, since=since, alone=path.is_file()
            )
            return take_log(case, step, log)
        if path.is_dir():
            raise Refused(f"{path} is a folder. Here a file is needed: what the command printed, saved.")
        return take(case, step, path.read_bytes(), path.name)
    except Refused as refusal:
        return Taken(case, False, step, (block(str(refusal), id="refused"),))
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is no path"
        return Taken(case, False, step, (block(f"{path} could not be read: {why}.", id="unreadable"),))
