"""Reads log files or folders of any size as a stream, with each file open only while it is read.

Exchange keeps the live file open and appends to it: it is opened plainly for reading, read to its real end, and its
last row may be cut off (LOG). Each folder is a service's own log, so sessions are kept apart by folder.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, groupby, repeat
from pathlib import Path

from wizard.facts import Direction, Line, LogReading, Mended, Occurrences
from wizard.reading.log.rows import LogNotes, plain_row
from wizard.reading.log.sessions import LogReader, counted, occurrences, together
from wizard.reading.residue import HEADER, begins_a_row
from wizard.reading.text import Refused, clean, decode, natural

BLOCK_BYTES = 1024 * 1024
"""The size of the buffer for reading."""

LONGEST_LINE = 1024 * 1024
"""The longest line; a longer one is no row and is listed as unread instead of being kept in memory."""

HEAD_BYTES = 4096

WINDOWS = os.name == "nt"

LOG_ENDINGS = frozenset({".log", ".txt"})

_STRANGE_BEGIN = re.compile(r"\n[^0-9#\n]")

_NUMBER = re.compile(r"([0-9]+)")

_CODECS = {"UTF-16-LE": "utf-16-le", "UTF-16-BE": "utf-16-be", "Windows-1252": "cp1252"}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a reading: the current file, and the bytes done of all, which grow with a live file."""

    file: str
    done_bytes: int
    total_bytes: int


Opened = io.FileIO | io.BytesIO
"""A log that is open for reading."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log to read: its path, its name in claims, and its size in bytes as listed by the folder."""

    path: Path
    source: str
    size: int

    def opened(self) -> Opened:
        """The log, open for reading.

        Raises:
            OSError: it cannot be opened.
        """
        return self.path.open("rb", buffering=0)


@dataclass(frozen=True, slots=True)
class HeldLog(LogFile):
    """A log that is no file: a paste too large to be read row by row. `path` and `source` only name it."""

    content: bytes = field(default=b"", repr=False)

    def opened(self) -> Opened:
        """The bytes, as a file."""
        return io.BytesIO(self.content)


class Cancelled(Exception):
    """The person cancelled the reading."""


STOPPED = "the reading was cancelled before the end of this file"


def cause(error: OSError) -> str:
    """The disk's error in its words."""
    # Windows gives the same error for a file that another program has open.
    held = ", or another program has it open" if WINDOWS and error.errno == errno.EACCES else ""
    return f"{error.strerror or type(error).__name__}{held}"


def unreadable(error: OSError) -> str:
    """The reason why a file could not be read."""
    return f"the file could not be read: {cause(error)}"


def codec_of(head: bytes, source: str, notes: LogNotes) -> str:
    """The codec of a log that begins with these bytes.

    Raises:
        Refused: it is no text.
    """
    _, found = decode(head, source)
    if found:
        notes.add(mended=(Mended(source, 1, f"read as {found}"),))
    return _CODECS.get(found or "", "utf-8")


def never() -> bool:
    """The reading is not cancelled."""
    return False


def read_files(
    files: list[LogFile],
    notes: LogNotes,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
    *,
    alone: bool = False,
    failed_only: bool = False,
) -> LogReading:
    """Read logs row by row, given folder by folder and in natural order.

    Args:
        files: the logs.
        notes: where what was mended or left unread is noted.
        progress: called before each block of `BLOCK_BYTES` and at the end.
        cancelled: asked before each block.
        alone: a file that is no text is refused instead of being listed.
        failed_only: handshakes that succeeded are not kept.

    Raises:
        Refused: with `alone`, the file is not text.
    """
    return _Reading(files, progress, cancelled, notes).of_all(alone, failed_only)


class _Reading:
    """One run over files: their buffer and the progress."""

    def __init__(
        self,
        files: list[LogFile],
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
        notes: LogNotes,
    ) -> None:
        self._files = files
        self._progress = progress
        self._cancelled = cancelled
        self._notes = notes
        self._buffer = bytearray(BLOCK_BYTES)
        self._done = 0
        self._total = sum(file.size for file in files)

    def of_all(self, alone: bool, failed_only: bool) -> LogReading:
        """The reading of the files, folder by folder.

        `alone`: refuse a single file that is no text, instead of listing it.
        """
        readings: list[LogReading] = []
        stopped = False
        for _, files in groupby(self._files, key=lambda file: file.path.parent):
            reader = LogReader(self._notes, failed_only)
            for file in files:
                try:
                    stopped = stopped or self._cancelled()
                    if stopped:
                        raise Cancelled
                    self._feed(file, reader)
                except Cancelled:
                    stopped = True
                    self._notes.miss(file.source, STOPPED)
                except OSError as error:
                    self._notes.miss(file.source, unreadable(error))
                except Refused as refused:
                    if alone:
                        raise
                    self._notes.leave(Line("", 1, file.source), str(refused))
            readings.append(reader.finish())
        return merged(readings, self._notes)

    def _feed(self, file: LogFile, reader: LogReader) -> None:
        """Feed one file, block by block."""
        lines = _Lines(file.source, self._notes)
        with file.opened() as handle:
            decoder = self._decoder(handle, file)
            while True:
                self._tell(file)
                size = handle.readinto(self._buffer) or 0
                self._done += size
                self._total = max(self._total, self._done)
                text = decoder.decode(bytes(memoryview(self._buffer)[:size]), final=not size)
                reader.feed(lines.of_block(text))
                if not size:
                    break
        # Without a rest the last row has its line end, and lacks nothing.
        if rest := tuple(lines.rest()):
            reader.feed(rest, whole=False)
        self._tell(file)

    def _tell(self, file: LogFile) -> None:
        """Report the progress, and stop if cancelled."""
        if self._progress:
            self._progress(Progress(file.source, self._done, self._total))
        if self._cancelled():
            raise Cancelled

    def _decoder(self, handle: Opened, file: LogFile) -> io.IncrementalNewlineDecoder:
        """A decoder for the encoding that the head of the file shows; line ends come out as line feeds.

        Raises:
            Refused: the file is no text.
        """
        head = handle.read(HEAD_BYTES) or b""
        handle.seek(0)
        codec = codecs.getincrementaldecoder(codec_of(head, file.source, self._notes))
        return io.IncrementalNewlineDecoder(codec(errors="replace"), translate=True)


class _Lines:
    """Splits blocks of a file's text into lines, and cleans them like a paste."""

    def __init__(self, source: str, notes: LogNotes) -> None:
        self._source = source
        self._notes = notes
        self._number = 0
        self._rest = ""
        self._skipping = False

    def of_block(self, text: str) -> Iterator[Line]:
        """The lines that end in this block."""
        if "\x00" in text:
            text = text.replace("\x00", "")
        first, *others = text.split("\n")
        if not others:
            self._keep(first)
            return
        self._keep(first)
        yield from self._ended()
        last = others.pop()
        number = self._number
        self._number += len(others)
        self._keep(last)
        if not _STRANGE_BEGIN.search(text) and text.replace("\n", "").isprintable():
            yield from map(Line, others, count(number + 1), repeat(self._source))
        else:
            for place, other in enumerate(others, start=number + 1):
                yield clean_line(other, place, self._source, self._notes)

    def rest(self) -> Iterator[Line]:
        """The last line, which has no line end; nothing if the file ends with one."""
        if self._rest:
            yield from self._ended()

    def _keep(self, piece: str) -> None:
        """Keep a piece of a line until its end comes, unless the line is too long."""
        if self._skipping:
            return
        self._rest += piece
        if len(self._rest) > LONGEST_LINE:
            self._rest, self._skipping = "", True
            self._notes.leave(Line("", self._number + 1, self._source), "this line is too long for a row of a log")

    def _ended(self) -> Iterator[Line]:
        """The line kept so far, now complete."""
        self._number += 1
        text, skipped = self._rest, self._skipping
        self._rest, self._skipping = "", False
        if not skipped:
            yield clean_line(text, self._number, self._source, self._notes)


def clean_line(text: str, number: int, source: str, notes: LogNotes) -> Line:
    """A line, cleaned like a paste unless it is printable text that begins like a row or header."""
    if text.isprintable() and (text[:1].isdigit() or text[:1] in {"#", ""}):
        return Line(text, number, source)
    cleaned = clean(text, source)
    notes.add(mended=(Mended(source, number, note.what) for note in cleaned.mended))
    return Line(cleaned.whole, number, source)


def log_files(path: Path, notes: LogNotes) -> list[LogFile]:
    """The logs at a path in reading order: folder by folder, files in natural order.

    Raises:
        Refused: there is nothing at the path, or no log in the folder.
    """
    try:
        if path.is_file():
            return [LogFile(path, path.name, path.stat().st_size)]
        if not path.is_dir():
            raise Refused(f"There is no file or folder {path}.")
        found = list(_logs_under(path, path, notes))
    except OSError as error:
        raise Refused(f"{path} could not be opened: {cause(error)}.") from error
    if not found:
        raise Refused(f"There is no log in {path}: no file ends in .log or .txt.")
    return found


def _logs_under(folder: Path, root: Path, notes: LogNotes) -> Iterator[LogFile]:
    """The logs in a folder, then those in its subfolders; links to folders are not followed."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: natural(entry.name))
    except OSError as error:
        notes.miss(str(folder.relative_to(root)), f"the folder could not be opened: {cause(error)}")
        return
    folders: list[Path] = []
    for entry in entries:
        source = str(entry.relative_to(root))
        try:
            if entry.is_dir():
                if not entry.is_symlink():
                    folders.append(entry)
            elif entry.suffix.casefold() in LOG_ENDINGS:
                yield LogFile(entry, source, entry.stat().st_size)
        except OSError as error:
            notes.miss(source, unreadable(error))
    for subfolder in folders:
        yield from _logs_under(subfolder, root, notes)


def _all_occurrences(parts: list[LogReading]) -> Occurrences:
    """The failures of several folders, including those of small logs read whole."""
    if len(parts) == 1 and parts[0].occurrences is not None:
        return parts[0].occurrences
    found = Occurrences()
    for part in parts:
        found.extend(occurrences(part))
    return found


def merged(readings: Iterable[LogReading], notes: LogNotes) -> LogReading:
    """The readings of several folders as one, in their order."""
    parts = list(readings)
    scanned = any(part.counted is not None for part in parts)
    directions = {part.direction for part in parts}
    unknown = Direction.UNKNOWN
    return LogReading(
        direction=next((d for d in (Direction.SEND, Direction.RECEIVE) if d in directions), unknown),
        handshakes=tuple(handshake for part in parts for handshake in part.handshakes),
        pending=tuple(dict.fromkeys(each for part in parts for each in part.pending)),
        rows=sum(part.rows for part in parts),
        sessions=sum(part.sessions for part in parts),
        connectors=tuple(dict.fromkeys(name for part in parts for name in part.connectors)),
        connection_failures=sum(part.connection_failures for part in parts),
        first=min((part.first for part in parts if part.first), default=""),
        last=max((part.last for part in parts), default=""),
        sources=tuple(source for part in parts for source in part.sources),
        mended=notes.mended,
        unread=notes.unread,
        scanned_bytes=sum(part.scanned_bytes for part in parts),
        counted=together(group for part in parts for group in counted(part)) if scanned else None,
        occurrences=_all_occurrences(parts) if scanned else None,
        clear=tuple(each for part in parts for each in part.clear),
        version=next((part.version for part in parts if part.version), ""),
        stripped=tuple(line for part in parts for line in part.stripped),
        missed=tuple(dict.fromkeys((*notes.missed, *(name for part in parts for name in part.missed)))),
    )


MOST_NEIGHBOURS = 8
"""The logs before and after the named one that are searched for the rest of a session."""

_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SessionRows:
    """The lines of a session in their order. `whole`: they begin with its first row and end with its last."""

    lines: tuple[Line, ...]
    whole: bool


def rows_in(lines: Iterable[Line], session: str) -> SessionRows:
    """A session's rows among the lines of a paste, each with the lines it was wrapped over."""
    found: list[Line] = []
    going_on = False
    for line in lines:
        if begins_a_row(line.text) or HEADER.match(line.text):
            going_on = session in line.text.upper() and _may_be_of(line, session)
        if going_on and line.text.strip():
            found.append(line)
    return SessionRows(tuple(found), _is_whole(found))


def rows_under(path: Path, source: str, session: str, cancelled: Callable[[], bool] = never) -> SessionRows:
    """A session's rows in a log file or folder that was opened.

    Args:
        path: the file or folder.
        source: the log in which one of the rows was seen, as claims call it.
        session: the session-id in upper case.
        cancelled: asked before each piece; then what was found until then is returned.

    Raises:
        OSError: the log cannot be read.
        Refused: it is no text.
    """
    if path.is_file():
        lines = list(_lines(path, path.name, session, cancelled))
        return SessionRows(tuple(lines), _is_whole(lines))
    folder = (path / source).parent
    logs = sorted(
        (entry for entry in folder.iterdir() if entry.suffix.casefold() in LOG_ENDINGS),
        key=lambda entry: natural(entry.name),
    )
    at = logs.index(path / source)
    lines = list(_lines(logs[at], source, session, cancelled))
    for log in reversed(logs[max(at - MOST_NEIGHBOURS, 0) : at]):
        if _begins(lines):
            break
        lines[:0] = _of_neighbour(log, str(log.relative_to(path)), session, cancelled)
    for log in logs[at + 1 : at + 1 + MOST_NEIGHBOURS]:
        if _ends(lines):
            break
        lines += _of_neighbour(log, str(log.relative_to(path)), session, cancelled)
    return SessionRows(tuple(lines), _is_whole(lines))


def _of_neighbour(file: Path, source: str, session: str, cancelled: Callable[[], bool]) -> list[Line]:
    """The lines of a log beside the one that was named; none if it cannot be read."""
    try:
        return list(_lines(file, source, session, cancelled))
    except (OSError, Refused):
        return []


def _may_be_of(line: Line, session: str) -> bool:
    """True if a line with a session-id is of that session: another's row can name it, as a proxied one does."""
    row = plain_row(line)
    return row is None or row.session.upper() == session


def _is_whole(lines: list[Line]) -> bool:
    return _begins(lines) and _ends(lines)


def _begins(lines: list[Line]) -> bool:
    """True if the session's first row is there."""
    row = plain_row(lines[0]) if lines else None
    return row is not None and row.sequence == 0


def _ends(lines: list[Line]) -> bool:
    """True if the session's last row is there."""
    row = plain_row(lines[-1]) if lines else None
    return row is not None and row.event == "-"


def _lines(file: Path, source: str, session: str, cancelled: Callable[[], bool]) -> Iterator[Line]:
    """The lines of a log that name the session."""
    with file.open("rb") as handle:
        codec = codec_of(handle.read(HEAD_BYTES), source, LogNotes())
    wide = codec.startswith("utf-16")
    raws = _wide_lines(file, codec, session) if wide else _found_lines(file, session.encode(), cancelled)
    for number, raw in raws:
        text = raw if isinstance(raw, str) else raw.decode(codec, "replace")
        line = clean_line(text.rstrip("\r\n"), number, source, LogNotes())
        if _may_be_of(line, session):
            yield line


def _wide_lines(file: Path, codec: str, session: str) -> Iterator[tuple[int, str]]:
    """The matching lines of a log that an editor saved as UTF-16, read line by line."""
    with file.open(encoding=codec, errors="replace", newline="\n") as handle:
        yield from ((n, text) for n, text in enumerate(handle, start=1) if session in text.upper())


def _found_lines(file: Path, session: bytes, cancelled: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
    """The matching lines of any other log, searched by its bytes piece by piece."""
    ended, rest = 0, b""
    ids = (session, session.lower())
    with file.open("rb", buffering=0) as handle:
        while (piece := handle.read(_PIECE_BYTES)) and not cancelled():
            piece = rest + piece
            end = piece.rfind(b"\n") + 1
            rest, piece = piece[end:], piece[:end]
            if any(each in piece for each in ids):
                lines = enumerate(piece.split(b"\n"), start=ended + 1)
                yield from ((n, line) for n, line in lines if any(each in line for each in ids))
            ended += piece.count(b"\n")
            if len(rest) > LONGEST_LINE:
                rest = b""
    if any(each in rest for each in ids):
        yield ended + 1, rest
