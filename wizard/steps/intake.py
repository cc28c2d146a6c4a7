"""Evidence into the case: one text, recognised by its content, taken where it belongs.

A step never asks what it was given. The recogniser says what the text is; if the step can use it,
it does; if another step is the place for it, it goes there and the person is told; otherwise the
person reads what was wrong and what to do instead. Nothing typed is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.assets import words
from wizard.case.case import Case, StepId
from wizard.case.servers import here, several
from wizard.facts import FailureGroup, Line, LogReading, Occurrence, Occurrences
from wizard.findings import block, error_finding, info, warn
from wizard.powershell.lines import KnownFolder
from wizard.reading.certificates import read_certificates
from wizard.reading.connectors import read_connectors, read_log_folders
from wizard.reading.log.files import HeldLog, Progress, SessionRows, clean_line, log_files, never, rows_in, rows_under
from wizard.reading.log.read import WHOLE_BYTES, read_logs
from wizard.reading.log.rows import Notes
from wizard.reading.log.sessions import occurrences, read_log
from wizard.reading.prompt import read_cmdlet_errors, read_prompts
from wizard.reading.queues import read_queues
from wizard.reading.recognise import missing, recognise
from wizard.reading.survey import read_survey
from wizard.reading.text import MOST_BYTES, MOST_CHARACTERS, Kind, Refused, Text, clean
from wizard.steps import flow
from wizard.steps.log import receive_log
from wizard.steps.parts import NOTHING_GIVEN, Taken

if TYPE_CHECKING:
    pass


READERS: Mapping[Kind, Callable[[Text], Any]] = {
    Kind.QUEUES: read_queues,
    Kind.CONNECTORS: read_connectors,
    Kind.LOG_FOLDERS: read_log_folders,
    Kind.SEND_LOG: read_log,
    Kind.CERTIFICATES: read_certificates,
    Kind.PROMPT: read_prompts,
    Kind.SURVEY: read_survey,
}


def read(kind: Kind, text: Text) -> Any:
    """What the reader of this kind makes of a text; what was mended before it was read is mended too.

    A log says itself what it mended: its rows are many.
    """
    reading = READERS[kind](text)
    return reading if kind is Kind.SEND_LOG else replace(reading, mended=text.mended + reading.mended)


def take(case: Case, step: StepId, content: str | bytes, source: str = "paste") -> Taken:
    """The case with this evidence in it, given at `step` as a paste or as one file's bytes."""
    if isinstance(content, str):
        case = case.typing(step, content)
    try:
        text = clean(content, source)
    except Refused as refusal:
        return Taken(case, False, step, (block(str(refusal), id="refused"),))
    if text.blank:
        where = "it" if isinstance(content, str) else source
        said = f"There is nothing in {where}. Needed: {words(step).needs}."
        return Taken(case, False, step, (info(said, id=NOTHING_GIVEN),))
    kind = recognise(text)
    if kind is not Kind.NOTHING and (own := flow.step(step).unknown(case, text, kind)):
        return own
    place = place_of(kind, step)
    if place is None:
        return _no_place(case, step, text, kind)
    if keeps(case, place, step):
        return stays(case, step, place, kind)
    taken = flow.step(place).takes[kind](case, read(kind, text))
    return _naming_a_half(elsewhere(taken, step, kind, content), text, kind)


def _naming_a_half(taken: Taken, text: Text, kind: Kind) -> Taken:
    """What became of a text; that it was copied in part is said before anything else is blamed."""
    half = missing(text, kind)
    if half is None:
        return taken
    end, line = half
    return replace(taken, said=(warn(f"Only a part was copied. {end.value}", (line,), "half"), *taken.said))


def elsewhere(taken: Taken, step: StepId, kind: Kind, content: str | bytes) -> Taken:
    """What became of a text given at `step`: where another step took it, that is said and a paste is kept there."""
    if taken.at is step or not taken.accepted:
        return taken
    moved = info(
        f"Read as {kind.noun} and taken to the step '{words(taken.at).title}'. "
        f"Here the wizard needs {words(step).needs}.",
        id="taken-elsewhere",
    )
    case = taken.case.typing(taken.at, content) if isinstance(content, str) else taken.case
    return replace(taken, case=case, said=(moved, *taken.said))


def keeps(case: Case, place: StepId, step: StepId) -> bool:
    """Whether what stands at `place` is left as it is by a text given at another step.

    What later steps stand on, and what proves the change, is not lost from afar: the text may be of another
    server, and need not say so.
    """
    return place is not step and flow.step(place).keeps(case)


def stays(case: Case, step: StepId, place: StepId, kind: Kind) -> Taken:
    """What is told of a text of this kind that does not take the place of what stands at the step it belongs to."""
    replacing = "To replace it, go there and paste this again."
    if several(case) and place.on_each and not flow.step(place).failures:
        replacing = (
            f"If this is of another server, go to that server first, at the step '{words(StepId.SERVERS).title}'. "
            f"If it is of {here(case) or 'this one'} and newer, go to the step named here and paste this again."
        )
    said = info(
        f"Read as {kind.noun}. The step '{words(place).title}' has its evidence already, and it stays. {replacing} "
        f"Here the wizard needs {words(step).needs}.",
        id="stays",
    )
    return Taken(case, False, step, (said,))


def place_of(kind: Kind, step: StepId) -> StepId | None:
    """The step that takes a text of this kind when it is given at `step`: itself, else the nearest in the article.

    Before the command is run the evidence of the start is meant, from the prompt on that of the proof:
    what was known before the change must not be overwritten by what is seen after it.
    """
    places = flow.places(kind)
    if step in places:
        return step
    same = [place for place in places if flow.step(place).afterwards is flow.step(step).afterwards]
    return next(iter(same or places), None)


def _no_place(case: Case, step: StepId, text: Text, kind: Kind) -> Taken:
    """Why a text of no use here is of no use, and what to give instead."""
    needed = words(step).needs
    if kind is Kind.RECEIVE_LOG:
        return Taken(case, False, step, (receive_log(),))
    if kind is Kind.CMDLET_ERROR and (errors := read_cmdlet_errors(text).facts):
        told = (*map(error_finding, errors), *flow.step(step).on_error(case, errors))
        return Taken(case.put(replace(case.now, errors=errors)), False, step, told)
    if kind is Kind.COMMAND:
        said = f"This is the command itself. Run it in the Exchange Management Shell, then paste {needed}."
        return Taken(case, False, step, (info(said, id="only-the-command"),))
    if own := flow.step(step).unknown(case, text, Kind.NOTHING):
        return own
    said = f"The wizard does not recognise this text. Needed: {needed}."
    return Taken(case, False, step, (warn(said, text.lines[:1], id="not-recognised"),))


def usual_path(case: Case, step: StepId) -> str:
    """Where opening begins: at what was opened here before, else in the log's folder as the server named it; or empty.

    A folder of another computer is left out: evidence may name any, and merely looking there logs on to it.
    """
    if before := case.answer(step).path:
        return before
    places = flow.step(step).folders(case)
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
    path = case.answer(step).path
    try:
        if path:
            return rows_under(Path(path), each.source, each.session, cancelled)
        text = case.answer(step).text
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
        since=flow.step(place).since(case),
    )
    return elsewhere(flow.step(place).takes[Kind.SEND_LOG](case, log), step, Kind.SEND_LOG, text)


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
        if flow.step(step).takes_log and (path.is_dir() or path.stat().st_size > MOST_BYTES):
            notes = Notes()
            since = flow.step(step).since(case)
            files = log_files(path, notes)
            log = read_logs(
                files, notes, progress, cancelled, connector=case.connector, since=since, alone=path.is_file()
            )
            return flow.step(step).takes[Kind.SEND_LOG](case, log)
        if path.is_dir():
            raise Refused(f"{path} is a folder. Here a file is needed: what the command printed, saved.")
        return take(case, step, path.read_bytes(), path.name)
    except Refused as refusal:
        return Taken(case, False, step, (block(str(refusal), id="refused"),))
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is no path"
        return Taken(case, False, step, (block(f"{path} could not be read: {why}.", id="unreadable"),))


LARGE = 200_000
"""Characters above which a text is read in a thread."""

Cancelled = Callable[[], bool]
"""Asked while a text is read: whether nobody waits for it any more."""

Source = Callable[[Case, Cancelled], Taken]
"""Reads one piece of evidence into a case."""


def read_into(case: Case, step: StepId, path: Path, tell: Callable[[Progress], None], cancelled: Cancelled) -> Taken:
    """The case with a file or folder in it; `tell` is called with the progress.

    What was pasted before is taken away only when the file is read: then the file is what counts.
    """
    pass

    taken = open_path(case, step, path, tell, cancelled)
    before = taken.case.opening(step, case.answer(step).path)
    if not taken.accepted:
        return replace(taken, case=before)
    return replace(taken, case=before.opening(taken.at, str(path)).typing(taken.at, ""))
