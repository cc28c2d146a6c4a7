"""Evidence from files, folders and standard input into one case, each piece recognised by its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from wizard.case import Case, host
from wizard.connectornames import same_name
from wizard.facts import Certificate, Direction, Line, LogReading, Mended, Unread
from wizard.powershell import is_safe
from wizard.reading.certificates import read_certificates
from wizard.reading.connectors import read_connectors, read_log_folders
from wizard.reading.errors import read_cmdlet_errors
from wizard.reading.folder import LogFile, Progress, log_files, merged, never
from wizard.reading.kind import Kind
from wizard.reading.logs import read_logs
from wizard.reading.prompt import read_prompts
from wizard.reading.queues import read_queues
from wizard.reading.recognise import recognise
from wizard.reading.rows import Notes
from wizard.reading.sendlog import failures, is_this_article, read_log
from wizard.reading.survey import read_survey
from wizard.reading.text import Refused, Text, clean
from wizard.servers import several, surveying

HEAD_BYTES = 64 * 1024
"""What of a file is looked at to recognise it; only a log can be larger than what is read whole."""


@dataclass(frozen=True, slots=True)
class Given:
    """A text given by another way than a file: standard input, or a paste."""

    content: bytes | str
    name: str


@dataclass
class Gathered:
    """Everything that was read. `receive_log` is where a Receive log was seen; `read` counts what could be used."""

    case: Case
    logs: list[LogReading] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    receive_log: Line | None = None
    connector_asked: bool = False
    contradiction: tuple[Certificate, ...] = ()
    read: int = 0


def gather(
    sources: Iterable[Path | Given],
    case: Case,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Gathered:
    """The case with everything these sources hold. Nothing raises: what cannot be read is listed with its reason.

    Logs of one folder are one stream, whatever order they are given in; other texts are taken one by one.
    """
    gathered = Gathered(case, connector_asked=bool(case.connector))
    logs: list[LogFile] = []
    sources = list(sources)
    for source in sources:
        if isinstance(source, Given):
            _take(gathered, source.content, source.name)
            continue
        notes = Notes()
        try:
            files = log_files(source, notes)
        except Refused as refusal:
            gathered.unread.append(Unread(str(source), 0, str(refusal)))
            continue
        gathered.unread.extend(notes.unread)
        if len(sources) > 1 and source.is_dir():
            # Two folders are two services' logs, also where their files have the same names.
            files = [replace(file, source=str(source / file.source)) for file in files]
        logs.extend(file for file in files if not _taken_whole(gathered, file))
    if logs:
        notes = Notes()
        unique = {file.path.absolute(): file for file in logs}
        ordered = sorted(unique.values(), key=lambda file: str(file.path.parent))
        _keep_log(gathered, read_logs(ordered, notes, progress, cancelled, connector=case.connector))
    _settle(gathered)
    return gathered


def _taken_whole(gathered: Gathered, file: LogFile) -> bool:
    """Whether a file is no protocol log and was read at once; what cannot be read counts as dealt with."""
    try:
        with file.path.open("rb") as handle:
            head = handle.read(HEAD_BYTES)
            kind = recognise(clean(head, file.source))
            if kind in {Kind.SEND_LOG, Kind.RECEIVE_LOG}:
                return False
            content = head + handle.read()
    except Refused as refusal:
        gathered.unread.append(Unread(file.source, 0, str(refusal)))
        return True
    except OSError as error:
        why = f"the file could not be read: {error.strerror or type(error).__name__}"
        gathered.unread.append(Unread(file.source, 0, why))
        return True
    _take(gathered, content, file.source)
    return True


def _take(gathered: Gathered, content: bytes | str, name: str) -> None:
    """One text, by its content."""
    try:
        text = clean(content, name)
    except Refused as refusal:
        gathered.unread.append(Unread(name, 0, str(refusal)))
        return
    kind = recognise(text)
    if kind in {Kind.SEND_LOG, Kind.RECEIVE_LOG}:
        _keep_log(gathered, read_log(text))
        return
    gathered.mended.extend(text.mended)
    if reader := _READERS.get(kind):
        reader(gathered, text)
        gathered.read += 1
    else:
        gathered.unread.append(Unread(name, 0, "there is nothing in it" if text.blank else f"this is {kind.noun}"))


def _note(gathered: Gathered, mended: tuple[Mended, ...], unread: tuple[Unread, ...]) -> None:
    gathered.mended.extend(mended)
    gathered.unread.extend(unread)


def _queues(gathered: Gathered, text: Text) -> None:
    reading = read_queues(text)
    _note(gathered, reading.mended, reading.unread)
    gathered.case = replace(gathered.case, queues=(*gathered.case.queues, *reading.facts))


def _connectors(gathered: Gathered, text: Text) -> None:
    reading = read_connectors(text)
    _note(gathered, reading.mended, reading.unread)
    gathered.case = replace(gathered.case, connectors=(*gathered.case.connectors, *reading.facts))


def _certificates(gathered: Gathered, text: Text) -> None:
    reading = read_certificates(text)
    _note(gathered, reading.mended, reading.unread)
    gathered.case = replace(gathered.case, certificates=(*gathered.case.certificates, *reading.facts))


def _log_folders(gathered: Gathered, text: Text) -> None:
    reading = read_log_folders(text)
    _note(gathered, reading.mended, reading.unread)
    gathered.case = replace(gathered.case, log_folders=(*gathered.case.log_folders, *reading.facts))


def _prompts(gathered: Gathered, text: Text) -> None:
    reading = read_prompts(text)
    _note(gathered, reading.mended, reading.unread)
    if reading.facts:
        gathered.case = replace(gathered.case, prompt=reading.facts[-1])


def _errors(gathered: Gathered, text: Text) -> None:
    reading = read_cmdlet_errors(text)
    _note(gathered, reading.mended, reading.unread)
    gathered.case = replace(gathered.case, errors=(*gathered.case.errors, *reading.facts))


def _survey(gathered: Gathered, text: Text) -> None:
    survey = read_survey(text)
    _note(gathered, survey.mended, survey.unread)
    case = gathered.case
    gathered.unread.extend(
        Unread(each.lines[0].source, each.lines[0].number, f"{each.server} did not answer: {each.error}")
        for each in survey.unreachable
        if each.lines
    )
    gathered.case = replace(
        case,
        connectors=(*case.connectors, *survey.connectors),
        certificates=(*case.certificates, *survey.certificates),
        log_folders=(*case.log_folders, *survey.log_folders),
        frontend_folders=(*case.frontend_folders, *survey.frontend_folders),
    )


_READERS: dict[Kind, Callable[[Gathered, Text], None]] = {
    Kind.QUEUES: _queues,
    Kind.CONNECTORS: _connectors,
    Kind.CERTIFICATES: _certificates,
    Kind.LOG_FOLDERS: _log_folders,
    Kind.PROMPT: _prompts,
    Kind.CMDLET_ERROR: _errors,
    Kind.SURVEY: _survey,
}


def _keep_log(gathered: Gathered, log: LogReading) -> None:
    """A log beside the others; a Receive log is noted and shows nothing of this fault."""
    _note(gathered, log.mended, log.unread)
    if log.direction is Direction.RECEIVE:
        gathered.receive_log = Line("", 1, log.sources[0] if log.sources else "the log")
        gathered.read += 1
    elif log.first:
        gathered.logs.append(log)
        gathered.read += 1


def _settle(gathered: Gathered) -> None:
    """What the pieces say together: the failures, the connector meant, and our certificate where it is certain."""
    case = gathered.case
    if gathered.logs:
        log = merged(gathered.logs, Notes())
        case = replace(case, log=log, failed=failures(log))
    if not case.connector:
        case = replace(case, connector=_connector_meant(case))
    only = case.only_candidate
    case = replace(case, thumbprint=(only.thumbprint or "") if only else "")
    gathered.case = _on_their_servers(_owned(case))
    gathered.contradiction = _contradicting(gathered.case)


def _connector_meant(case: Case) -> str:
    """The connector that needs no choice: the only one with this article's failures, else the only one there is."""
    failing = {group.connector for group in case.failed if is_this_article(group.error)}
    names = failing or {group.connector for group in case.failed} or {c.name for c in case.usable_connectors}
    name = names.pop() if len(names) == 1 else ""
    usable = is_safe(name) or any(same_name(c.name, name) for c in case.usable_connectors)
    return name if usable else ""


def _owned(case: Case) -> Case:
    """The case where a lone certificate printed without its thumbprint is taken for ours, and marked so (KB step 3)."""
    alone = case.certificates[0] if len(case.certificates) == 1 else None
    if case.thumbprint and alone and alone.thumbprint is None and alone.services is not None:
        named = (replace(alone, thumbprint=case.thumbprint),)
        return replace(case, certificates=named, services_unnamed_for=case.thumbprint)
    return case


def _on_their_servers(case: Case) -> Case:
    """The case with the certificates that say where they are on their servers, where there are several."""
    named = tuple(each for each in case.certificates if each.server)
    if len({host(each.server) for each in named}) < 2 and not several(case):
        return case
    rest = tuple(each for each in case.certificates if not each.server)
    return surveying(replace(case, certificates=rest), named)


def _contradicting(case: Case) -> tuple[Certificate, ...]:
    """Our certificate where the evidence shows it with different services or keys, as from two servers or times."""
    shown = [c for c in case.certificates if case.thumbprint and c.thumbprint == case.thumbprint]
    different = {(c.services, c.has_private_key) for c in shown}
    return tuple(shown) if len(different) > 1 else ()
