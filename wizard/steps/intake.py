"""Takes evidence into the case: one text, recognised by its content, stored at the step it belongs to.

A step never asks for the kind of a text. If the step can use it, it does; if another step can, the text goes there and
the person is told; otherwise the person reads what is wrong and what to give instead. No typed text is lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from wizard.assets import words
from wizard.case.case import Case, StepId
from wizard.case.servers import here, several
from wizard.facts import (
    Binding,
    CmdletError,
    CmdletNotice,
    DefaultCertificate,
    Direction,
    FailureGroup,
    Line,
    LogReading,
    LoneError,
    Mended,
    Occurrence,
    Occurrences,
    ServerEvent,
    StoredCertificate,
    Unread,
)
from wizard.findings import Finding, block, error_finding, info, reading_remarks, warn
from wizard.powershell.lines import KnownFolder
from wizard.reading.healthchecker import HealthReport, certificates_beside, connectors_beside
from wizard.reading.log.files import (
    HeldLog,
    LogFile,
    Progress,
    SessionRows,
    cause,
    clean_line,
    log_files,
    never,
    rows_in,
    rows_under,
)
from wizard.reading.log.read import WHOLE_BYTES, read_logs
from wizard.reading.log.rows import LogNotes
from wizard.reading.log.sessions import occurrences
from wizard.reading.pieces import LOGS, UNKNOWN, Piece, Pieces, is_a_log_alone, latest, parted, pieces
from wizard.reading.recognise import missing, recognise
from wizard.reading.survey import Survey
from wizard.reading.text import MOST_BYTES, MOST_CHARACTERS, Kind, Refused, Text, clean
from wizard.steps import flow
from wizard.steps.log import receive_log
from wizard.steps.parts import NOTHING_GIVEN, Taken, remarks


def take(
    case: Case,
    step: StepId,
    content: str | bytes,
    source: str = "",
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Taken:
    """Take the evidence given at `step`: a paste of any size, or the bytes of one file.

    A large log is scanned like a file, everything else read whole; each output of a text is stored where it belongs.
    `source` is a file's name; without one it is the paste of this step.
    """
    source = source or _paste(case, step)
    if isinstance(content, str):
        case = case.typing(step, content)
        if len(content) > WHOLE_BYTES and recognise(clean(content[:MOST_CHARACTERS])) is Kind.SEND_LOG:
            return _take_large(case, step, content, source, progress, cancelled)
    try:
        text = clean(content, source)
    except Refused as refusal:
        return Taken(case, False, step, (block(str(refusal), id="refused"),))
    if text.blank:
        where = "it" if isinstance(content, str) else source
        said = f"There is nothing in {where}. Needed: {words(step).needs}."
        return Taken(case, False, step, (info(said, id=NOTHING_GIVEN),))
    cut = pieces(text)
    if len(cut.all) > 1 or cut.all[0].kind is Kind.HEALTH:
        return _take_each(case, step, cut, content)
    piece = _mended(cut.all[0], cut)
    kind = piece.kind
    if kind is not Kind.NOTHING and (own := flow.step(step).unknown(case, text, kind)):
        return own
    if put := PUTS_ALONE.get(kind):
        return Taken(put(case, piece.reading.facts), False, step, (*_kept_beside(piece), *remarks(piece.reading)))
    place = place_of(kind, step)
    if place is None:
        return _no_place(case, step, piece)
    if refused := _not_taken(case, step, place, piece):
        return refused
    taken = flow.step(place).takes[kind](case, piece.reading)
    return _naming_a_half(elsewhere(taken, step, kind, content), text, kind)


def _paste(case: Case, step: StepId) -> str:
    """The name of what is pasted at a step, such as `log paste of EX01`: each step and server has its own."""
    at = flow.server_at(step, case)
    return words(step).paste + (f" of {at}" if at else "")


def _not_taken(case: Case, step: StepId, place: StepId, piece: Piece) -> Taken | None:
    """Why a text given at `step` is not taken to its own; None if it is."""
    if place is not step and piece.kind is Kind.LOG_FOLDERS and _is_a_path(piece.text):
        return Taken(case, False, step, (_no_such_path(piece.text, place),))
    return stays(case, step, place, piece.kind) if keeps(case, place, step) else None


def _is_a_path(text: Text) -> bool:
    """True for one line, which at the step that asks for log folders would be the folder of this server."""
    return len([line for line in text.lines if line.text.strip()]) == 1


def _no_such_path(text: Text, place: StepId) -> Finding:
    """A path where a file or a folder could have been opened: there is none of this name, or it had been."""
    line = next(line for line in text.lines if line.text.strip())
    return warn(
        f"There is no file or folder {line.text.strip()} on this computer. Check the path, or paste what the file "
        f"holds. If it is the log folder of the server, give it at the step '{words(place).title}'.",
        (line,),
        "no-such-path",
    )


def _kept_beside(piece: Piece) -> tuple[Finding, ...]:
    """Report an output that no step asks for but that is useful; a report may say less."""
    if not piece.reading.facts:
        return ()
    return (info(f"Read as {piece.kind.noun}, and kept.", piece.reading.facts[0].lines[:1], "kept-beside"),)


def _mended(piece: Piece, cut: Pieces) -> Piece:
    """Add the repairs made before the text was cut to the piece's reading."""
    if not cut.mended or piece.reading is None:
        return piece
    return replace(piece, reading=replace(piece.reading, mended=cut.mended + piece.reading.mended))


def _take_each(case: Case, step: StepId, cut: Pieces, content: str | bytes) -> Taken:
    """Store every output of a text where it belongs.

    Outputs below a binding of our certificate are evidence of the proof, those above it of the start. The text is kept
    at the step where it was given, and where its log was stored: that is looked up in it.
    """
    found = [each for piece in cut.all for each in (parted([piece]) if piece.kind is Kind.HEALTH else [piece])]
    above, earlier = latest(piece for piece in found if not piece.bound)
    below, _ = latest(piece for piece in found if piece.bound)
    start = StepId.SYMPTOM if below and flow.step(step).afterwards else step
    case = replace(case, earlier=(*case.earlier, *earlier), bindings=(*case.bindings, *_shown(cut.bindings)))
    said: list[Finding] = []
    places: list[StepId] = []
    for piece in sorted(above, key=_in_order):
        taken = _take_one(case, step, start, piece)
        case = taken.case
        said += taken.said
        places += [taken.at] if taken.accepted else []
    for piece in sorted(below, key=_in_order):
        ours = piece.bound in {case.now.thumbprint, UNKNOWN} or not case.now.thumbprint
        proof = step if flow.step(step).afterwards else StepId.PROMPT
        taken = _take_one(case, step, proof if ours else start, piece)
        case = taken.case
        said += taken.said
        places += [taken.at] if taken.accepted else []
    if isinstance(content, str):
        for place in dict.fromkeys(places):
            if flow.step(place).takes_log:
                case = case.typing(place, content)
    at = step if step in places else next(iter(places), step)
    return Taken(case, bool(places), at, (*said, *reading_remarks(cut.mended, cut.left)))


STORED = (
    Kind.QUEUES,
    Kind.SURVEY,
    Kind.CONNECTORS,
    Kind.LOG_FOLDERS,
    Kind.SEND_LOG,
    Kind.CERTIFICATES,
    Kind.PROMPT,
    Kind.CMDLET_ERROR,
    Kind.TIMEOUTS,
    Kind.DEFAULT,
    Kind.EVENT,
    Kind.SENTENCE,
    Kind.STORE,
    Kind.NOTICE,
)
"""The order in which outputs given together are stored: the log decides on the certificate."""


def _in_order(piece: Piece) -> int:
    return STORED.index(piece.kind) if piece.kind in STORED else len(STORED)


def _shown(bindings: Iterable[Binding]) -> Iterator[Binding]:
    """The bindings without the lines of their commands, which may hold a password."""
    return (replace(binding, lines=()) if binding.how == "ran" else binding for binding in bindings)


def _take_one(case: Case, step: StepId, phase: StepId, piece: Piece) -> Taken:
    """Store one output of several; `phase` is the step whose half of the article it belongs to."""
    if isinstance(piece.reading, HealthReport):
        return Taken(put_release(case, piece.reading), False, step, remarks(piece.reading))
    if put := PUTS_ALONE.get(piece.kind):
        return Taken(put(case, piece.reading.facts), False, step, (*_kept_beside(piece), *remarks(piece.reading)))
    place = place_of(piece.kind, phase)
    if place is None:
        return _no_place(case, step, piece)
    if keeps(case, place, step):
        return stays(case, step, place, piece.kind)
    taken = flow.step(place).takes[piece.kind](case, piece.reading)
    if taken.accepted and taken.at is not step:
        moved = info(
            f"Read as {piece.kind.noun} and taken to the step '{words(taken.at).title}'.", id="taken-elsewhere"
        )
        return replace(taken, said=(moved, *taken.said))
    if not taken.accepted:
        read = info(f"Read as {piece.kind.noun}:", piece.text.lines[:1], id="read-as")
        return replace(taken, said=(read, *taken.said))
    return taken


def _naming_a_half(taken: Taken, text: Text, kind: Kind) -> Taken:
    """Say first that a text was copied in part, before blaming anything else."""
    half = missing(text, kind)
    if half is None:
        return taken
    end, line = half
    return replace(taken, said=(warn(f"Only a part was copied. {end.value}", (line,), "half"), *taken.said))


def elsewhere(taken: Taken, step: StepId, kind: Kind, content: str | bytes) -> Taken:
    """The result of a text given at `step`; if another step took it, say so and keep a paste there."""
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
    """True if a text given at another step must not replace the one at `place`.

    Facts that later steps stand on, and proofs of the change, are not lost that way: the text may be of another server
    without saying so.
    """
    return place is not step and flow.step(place).keeps(case)


def stays(case: Case, step: StepId, place: StepId, kind: Kind) -> Taken:
    """Explain why a text of this kind does not replace the one at its own step."""
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
    """The step that takes a text of this kind given at `step`: itself, otherwise the nearest in the article.

    Before the command is run this means the evidence of the start, from the prompt on that of the proof: facts known
    before the change must not be overwritten by later ones.
    """
    places = flow.places(kind)
    if step in places:
        return step
    same = [place for place in places if flow.step(place).afterwards is flow.step(step).afterwards]
    return next(iter(same or places), None)


def _no_place(case: Case, step: StepId, piece: Piece) -> Taken:
    """Explain why a text is of no use here, and what to give instead."""
    needed, text, kind = words(step).needs, piece.text, piece.kind
    if kind is Kind.RECEIVE_LOG:
        return Taken(case, False, step, (receive_log(),))
    if kind is Kind.OTHER_LOG:
        said = f"This is {kind.noun}. Nothing was read from it. Needed: {needed}."
        return Taken(case, False, step, (warn(said, text.lines[:1], id="not-recognised"),))
    if kind is Kind.CMDLET_ERROR and (errors := piece.reading.facts):
        told = (*map(error_finding, errors), *flow.step(step).on_error(case, errors))
        return Taken(put_errors(case, errors), False, step, told)
    if kind is Kind.COMMAND:
        said = f"This is the command itself. Run it in the Exchange Management Shell, then paste {needed}."
        return Taken(case, False, step, (info(said, id="only-the-command"),))
    if own := flow.step(step).unknown(case, text, Kind.NOTHING):
        return own
    said = f"The wizard does not recognise this text. Needed: {needed}."
    return Taken(case, False, step, (warn(said, text.lines[:1], id="not-recognised"),))


def put_errors(case: Case, errors: tuple[CmdletError, ...]) -> Case:
    """Store errors of cmdlets for the current server."""
    return case.put(replace(case.now, errors=errors))


def put_defaults(case: Case, defaults: tuple[DefaultCertificate, ...]) -> Case:
    """Store which certificates are the default ones of servers."""
    return replace(case, defaults=defaults)


def put_release(case: Case, report: HealthReport) -> Case:
    """Store the version of Exchange that a report names."""
    return replace(case, release=next((release for _server, release in reversed(report.releases)), case.release))


def put_events(case: Case, events: tuple[ServerEvent, ...]) -> Case:
    """Store events of servers."""
    return replace(case, events=events)


def put_sentences(case: Case, sentences: tuple[LoneError, ...]) -> Case:
    """Store log sentences without rows."""
    return replace(case, lone=sentences)


def put_stored(case: Case, stored: tuple[StoredCertificate, ...]) -> Case:
    """The case with what certutil showed on the server at hand."""
    return case.put(replace(case.now, stored=stored))


def put_notices(case: Case, notices: tuple[CmdletNotice, ...]) -> Case:
    """The case with what cmdlets asked and warned of on the server at hand, besides the overwrite question."""
    return case.put(replace(case.now, notices=notices))


PUTS_ALONE: Mapping[Kind, Callable[[Case, Any], Case]] = MappingProxyType(
    {
        Kind.DEFAULT: put_defaults,
        Kind.EVENT: put_events,
        Kind.SENTENCE: put_sentences,
        Kind.STORE: put_stored,
        Kind.NOTICE: put_notices,
    }
)
"""Kinds that no step asks for, kept beside other evidence."""


def put(case: Case, kind: Kind, facts: Any) -> Case:
    """Store the facts of a kind, of a log the whole reading, as those before the change."""
    return {**PUTS_ALONE, Kind.CMDLET_ERROR: put_errors, **flow.puts()}[kind](case, facts)


HEAD_BYTES = 64 * 1024
"""The part of a file read to recognise it; only logs can be too large to be read whole."""


@dataclass(frozen=True, slots=True)
class GivenText:
    """A text that is no file: standard input, or a paste."""

    content: bytes | str
    name: str


def _behind(known: tuple[Any, ...], facts: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*known, *facts)


_BESIDE: Mapping[Kind, Callable[[Any, Any], tuple[Any, ...]]] = MappingProxyType(
    {Kind.CONNECTORS: connectors_beside, Kind.CERTIFICATES: certificates_beside}
)
"""How facts combine with those of other texts, where a report only adds to a listing."""

Whole = TypeVar("Whole", Survey, HealthReport)


@dataclass(slots=True)
class Evidence:
    """Everything read from several sources.

    `pieces` holds each kind of each text once, `logs` the Send logs with rows. `receive_log` is the place of a Receive
    log; `read` counts usable pieces. `earlier` are facts replaced by a later output of the same text.
    """

    pieces: list[Piece] = field(default_factory=list)
    logs: list[LogReading] = field(default_factory=list)
    receive_log: Line | None = None
    mended: list[Mended] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    earlier: list[Any] = field(default_factory=list)
    bindings: list[Binding] = field(default_factory=list)
    read: int = 0

    def facts(self, kind: Kind) -> tuple[Any, ...]:
        """The facts of this kind in the order given."""
        facts: tuple[Any, ...] = ()
        beside: Callable[[Any, Any], tuple[Any, ...]] = _BESIDE.get(kind, _behind)
        for piece in self.pieces:
            if piece.kind is kind:
                facts = beside(facts, piece.reading.facts)
        return facts

    def of(self, kind: type[Whole]) -> tuple[Whole, ...]:
        """The surveys, or the reports, in the order given."""
        return tuple(piece.reading for piece in self.pieces if isinstance(piece.reading, kind))

    def keep(self, text: Text) -> None:
        """Store the content of one text."""
        cut = pieces(text)
        self.mended += cut.mended
        found, earlier = latest(parted(cut.all))
        for piece in found:
            if isinstance(piece.reading, LogReading):
                self.keep_log(piece.reading)
                continue
            if piece.reading is None:
                why = "there is nothing in it" if text.blank else f"this is {piece.kind.noun}"
                self.unread.append(Unread(text.source, 0, why))
                continue
            self.pieces.append(piece)
            self.mended += piece.reading.mended
            self.unread += piece.reading.unread
            if isinstance(piece.reading, Survey):
                self.unread += _silent(piece.reading)
        self.read += sum(not isinstance(piece.reading, LogReading | None) for piece in cut.all)
        self.unread += cut.left
        self.earlier += earlier
        self.bindings += _shown(cut.bindings)

    def keep_log(self, log: LogReading) -> None:
        """Store a log; a Receive log is only noted, for it shows nothing of this fault."""
        self.mended += log.mended
        self.unread += log.unread
        if log.direction is Direction.RECEIVE:
            self.receive_log = Line("", 1, log.sources[0] if log.sources else "the log")
            self.read += 1
        elif log.first or (log.missed and self.logs):
            self.logs.append(log)
            self.read += bool(log.first)


def _silent(survey: Survey) -> Iterator[Unread]:
    """The servers that did not answer a survey."""
    for each in survey.unreachable:
        if each.lines:
            yield Unread(each.lines[0].source, each.lines[0].number, f"{each.server} did not answer: {each.error}")


def read_sources(
    sources: Iterable[Path | GivenText],
    connector: str = "",
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Evidence:
    """Read all sources. Never raises: an unreadable one is listed with its reason.

    Logs of one folder are one stream, in any order; other texts are read one by one.
    """
    evidence = Evidence()
    logs: list[LogFile] = []
    sources = list(sources)
    notes = LogNotes()
    for source in sources:
        if isinstance(source, GivenText):
            _read_whole(evidence, source.content, source.name)
            continue
        try:
            files = log_files(source, notes)
        except Refused as refusal:
            evidence.unread.append(Unread(str(source), 0, str(refusal)))
            continue
        if len(sources) > 1 and source.is_dir():
            # Two folders are logs of two services, even with the same file names.
            files = [replace(file, source=str(source / file.source)) for file in files]
        alone = not source.is_dir()
        logs.extend(file for file in files if not _is_read_whole(evidence, file, alone=alone))
    if not logs:
        evidence.unread += notes.unread
    else:
        unique = {file.path.absolute(): file for file in logs}
        ordered = sorted(unique.values(), key=lambda file: str(file.path.parent))
        evidence.keep_log(read_logs(ordered, notes, progress, cancelled, connector=connector))
    return evidence


_NO_ROW = re.compile(rb"(?m)^(?![\d#\"\r\n])")
"""A line no Exchange log has: then the file may hold more than a log."""


def _is_read_whole(evidence: Evidence, file: LogFile, *, alone: bool) -> bool:
    """Read a file whole that is not purely a protocol log; True if it needs no scan.

    A file of a folder that begins as a log is one, and so is a file too large to be read whole.
    """
    try:
        with file.path.open("rb") as handle:
            head = handle.read(HEAD_BYTES)
            is_log = recognise(clean(head, file.source)) in LOGS
            if is_log and (not alone or file.size > WHOLE_BYTES):
                return False
            content = head + handle.read()
    except Refused as refusal:
        evidence.unread.append(Unread(file.source, 0, str(refusal)))
        return True
    except OSError:
        # Whoever reads it as a log meets the same error, and notes that it is missing.
        return False
    if is_log and (not _NO_ROW.search(content) or is_a_log_alone(clean(content, file.source))):
        return False
    _read_whole(evidence, content, file.source)
    return True


def _read_whole(evidence: Evidence, content: bytes | str, name: str) -> None:
    try:
        evidence.keep(clean(content, name))
    except Refused as refusal:
        evidence.unread.append(Unread(name, 0, str(refusal)))


def usual_path(case: Case, step: StepId) -> str:
    """The start path of the open dialog: the path opened here before, otherwise the server's log folder; or empty.

    A folder of another computer is left out: evidence may name any, and merely looking there logs on to it.
    """
    if before := case.answer(step).path:
        return before
    places = flow.step(step).folders(case)
    named = (place.path for place in places if isinstance(place, KnownFolder))
    return next((path for path in named if not path.startswith(_ELSEWHERE)), "")


_ELSEWHERE = ("\\\\", "//", "\\/", "/\\")


def is_whole(log: LogReading) -> bool:
    """True if every failed handshake of the log can be listed: a saved case keeps few of very many."""
    return log.counted is None or log.occurrences is not None


def of_group(log: LogReading, group: FailureGroup | None) -> Occurrences:
    """The failed handshakes of a group, or all; run in a thread, for there may be many."""
    found = occurrences(log)
    if group is None:
        return found
    ours = group.certificate
    written = (ours.thumbprint or ours.thumbprint_as_written) if ours else ""
    return found.only(group.connector, group.error, written)


def open_session(case: Case, step: StepId, each: Occurrence, cancelled: Callable[[], bool]) -> SessionRows | str:
    """All rows of a failed handshake's session from the step's log, or why they cannot be shown."""
    path = case.answer(step).path
    try:
        if path:
            return rows_under(Path(path), each.source, each.session, cancelled)
        text = case.answer(step).text
        if len(text) > MOST_BYTES:
            return rows_in(tuple(_naming(text, each.session, each.source)), each.session)
        return rows_in(clean(text, each.source).lines, each.session)
    except (OSError, ValueError) as error:
        why = cause(error) if isinstance(error, OSError) else "it is no longer there"
        return f"{each.source} could not be read again: {why}."
    except Refused as refusal:
        return str(refusal)


def _take_large(
    case: Case,
    step: StepId,
    text: str,
    source: str,
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool],
) -> Taken:
    """Take a pasted log by scanning it."""
    place = place_of(Kind.SEND_LOG, step) or step
    if keeps(case, place, step):
        return stays(case, step, place, Kind.SEND_LOG)
    notes = LogNotes()
    content = _encoded(text)
    log = read_logs(
        [HeldLog(Path(source), source, len(content), content)],
        notes,
        progress,
        cancelled,
        connector=case.connector,
        since=flow.step(place).since(case),
    )
    return elsewhere(flow.step(place).takes[Kind.SEND_LOG](case, log), step, Kind.SEND_LOG, text)


def _encoded(text: str) -> bytes:
    """The text as bytes with line feeds, piece by piece so that other threads run in between."""
    content = bytearray()
    old_ends = "\n" not in text
    for begin in range(0, len(text), _PIECE):
        piece = text[begin : begin + _PIECE]
        content += (piece.replace("\r", "\n") if old_ends else piece).encode("utf-8", "replace")
    return bytes(content)


_PIECE = 1024 * 1024


def _naming(text: str, session: str, source: str) -> Iterator[Line]:
    """The lines of a large paste that name a session, without splitting all others."""
    end_of_line = "\n" if "\n" in text else "\r"
    number, counted, place = 1, 0, text.find(session)
    while place >= 0:
        begin = text.rfind(end_of_line, 0, place) + 1
        end = text.find(end_of_line, place)
        end = end if end >= 0 else len(text)
        number += text.count(end_of_line, counted, begin)
        counted = begin
        yield clean_line(text[begin:end].rstrip("\r"), number, source, LogNotes())
        place = text.find(session, end)


def open_path(
    case: Case,
    step: StepId,
    path: Path,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Taken:
    """Take a file or folder given at `step`. Never raises: a refusal is in `Taken`.

    The typed text of the step stays; the path is kept beside it. `progress` is called from the thread this runs in.
    """
    case = case.opening(step, str(path))
    try:
        if flow.step(step).takes_log and (path.is_dir() or path.stat().st_size > MOST_BYTES):
            notes = LogNotes()
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
        why = cause(error) if isinstance(error, OSError) else "it is no path"
        return Taken(case, False, step, (block(f"{path} could not be read: {why}.", id="unreadable"),))


LARGE = 200_000
"""A longer text is read in a thread."""

Cancelled = Callable[[], bool]
"""Asked while a text is read: True if the reading was cancelled."""

Source = Callable[[Case, Cancelled], Taken]
"""Reads one piece of evidence into a case."""


def read_into(case: Case, step: StepId, path: Path, tell: Callable[[Progress], None], cancelled: Cancelled) -> Taken:
    """Take a file or folder; `tell` is called with the progress.

    An earlier paste is removed only once the file is read: then the file counts.
    """
    taken = open_path(case, step, path, tell, cancelled)
    before = taken.case.opening(step, case.answer(step).path)
    if not taken.accepted:
        return replace(taken, case=before)
    return replace(taken, case=before.opening(taken.at, str(path)).typing(taken.at, ""))
