"""A log file or a folder of them, of any size: read as a stream, each file held open only while it is read.

Exchange keeps the live file open and appends to it: it is opened plainly for reading, read to its
real end, and its last row may be cut off (LOG). Each folder is a service's own log, so sessions are
kept apart by folder.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, groupby, repeat
from pathlib import Path

from wizard.facts import Direction, Line, LogReading, Mended
from wizard.occurrences import Occurrences
from wizard.reading.natural import natural
from wizard.reading.rows import Notes
from wizard.reading.sendlog import LogReader, counted, occurrences, together
from wizard.reading.text import Refused, clean, decode

BLOCK_BYTES = 1024 * 1024
"""Files are read in blocks of this size through one buffer."""

LONGEST_LINE = 1024 * 1024
"""A line of more characters than this is no row: it is listed as unread instead of being kept in memory."""

_HEAD_BYTES = 4096
LOG_ENDINGS = frozenset({".log", ".txt"})
_STRANGE_BEGIN = re.compile(r"\n[^0-9#\n]")
_NUMBER = re.compile(r"([0-9]+)")
CODECS = {"UTF-16-LE": "utf-16-le", "UTF-16-BE": "utf-16-be", "Windows-1252": "cp1252"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading is: the file being read, and bytes done out of all, which grows with a live file."""

    file: str
    done_bytes: int
    total_bytes: int


Opened = io.FileIO | io.BytesIO
"""A log that is open for reading."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log to read: where it lies, what claims call it, and its size in bytes as far as the folder knows."""

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


class _Stopped(Exception):
    """The person cancelled the reading."""


def never() -> bool:
    """The reading is not cancelled."""
    return False


def read_path(
    path: Path,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> LogReading:
    """What a log file, or all `*.log` and `*.txt` files in and under a folder, show.

    Args:
        path: a file or a folder; a UNC path will do.
        progress: called before each block of `BLOCK_BYTES` and at the end.
        cancelled: asked before each block; what was read until then is returned, the rest listed as unread.

    Raises:
        Refused: there is nothing here, no log in the folder, or the one file is not text.
    """
    notes = Notes()
    return read_files(log_files(path, notes), notes, progress, cancelled, alone=path.is_file())


def read_files(
    files: list[LogFile],
    notes: Notes,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
    *,
    alone: bool = False,
    failed_only: bool = False,
) -> LogReading:
    """What these logs show, which come folder by folder and in natural order; row by row.

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
    """One run over files: the buffer they share, and how far it is."""

    def __init__(
        self,
        files: list[LogFile],
        progress: Callable[[Progress], None] | None,
        cancelled: Callable[[], bool],
        notes: Notes,
    ) -> None:
        self._files = files
        self._progress = progress
        self._cancelled = cancelled
        self._notes = notes
        self._buffer = bytearray(BLOCK_BYTES)
        self._done = 0
        self._total = sum(file.size for file in files)

    def of_all(self, alone: bool, failed_only: bool) -> LogReading:
        """What the files show, folder by folder. `alone`: a single file that is no text is refused, not listed."""
        readings: list[LogReading] = []
        stopped = False
        for _, files in groupby(self._files, key=lambda file: file.path.parent):
            reader = LogReader(self._notes, failed_only)
            for file in files:
                try:
                    stopped = stopped or self._cancelled()
                    if stopped:
                        raise _Stopped
                    self._feed(file, reader)
                except _Stopped:
                    stopped = True
                    self._leave(file, "the reading was cancelled before the end of this file")
                except OSError as error:
                    self._leave(file, f"the file could not be read: {error.strerror or error}")
                except Refused as refused:
                    if alone:
                        raise
                    self._leave(file, str(refused))
            readings.append(reader.finish())
        return merged(readings, self._notes)

    def _leave(self, file: LogFile, why: str) -> None:
        """Notes a file that was not read to its end."""
        self._notes.leave(Line("", 1, file.source), why)

    def _feed(self, file: LogFile, reader: LogReader) -> None:
        """Feeds one file, block by block."""
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
        """Reports how far the reading is, and asks whether to go on."""
        if self._progress:
            self._progress(Progress(file.source, self._done, self._total))
        if self._cancelled():
            raise _Stopped

    def _decoder(self, handle: Opened, file: LogFile) -> io.IncrementalNewlineDecoder:
        """A decoder for the encoding that the head of the file shows; line ends come out as line feeds.

        Raises:
            Refused: the file is no text.
        """
        head = handle.read(_HEAD_BYTES) or b""
        handle.seek(0)
        _, found = decode(head, file.source)
        if found:
            self._notes.add(mended=(Mended(file.source, 1, f"read as {found}"),))
        codec = codecs.getincrementaldecoder(CODECS.get(found or "", "utf-8"))
        return io.IncrementalNewlineDecoder(codec(errors="replace"), translate=True)


class _Lines:
    """Blocks of one file's text in, its lines out: those that a paste would be cleaned of are cleaned here too."""

    def __init__(self, source: str, notes: Notes) -> None:
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
        """Keeps a piece of a line until its end comes, unless the line is too long to be one."""
        if self._skipping:
            return
        self._rest += piece
        if len(self._rest) > LONGEST_LINE:
            self._rest, self._skipping = "", True
            self._notes.leave(Line("", self._number + 1, self._source), "this line is too long for a row of a log")

    def _ended(self) -> Iterator[Line]:
        """The line kept so far, which is over."""
        self._number += 1
        text, skipped = self._rest, self._skipping
        self._rest, self._skipping = "", False
        if not skipped:
            yield clean_line(text, self._number, self._source, self._notes)


def clean_line(text: str, number: int, source: str, notes: Notes) -> Line:
    """One line, cleaned as a paste is where it is not simply printable text that begins as rows and headers do."""
    if text.isprintable() and (text[:1].isdigit() or text[:1] in {"#", ""}):
        return Line(text, number, source)
    cleaned = clean(text, source)
    notes.add(mended=(Mended(source, number, note.what) for note in cleaned.mended))
    return Line(cleaned.whole, number, source)


def log_files(path: Path, notes: Notes) -> list[LogFile]:
    """The logs at a path in the order to read them: folder by folder, files in natural order.

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
        raise Refused(f"{path} could not be opened: {error.strerror or error}.") from error
    if not found:
        raise Refused(f"There is no log in {path}: no file ends in .log or .txt.")
    return found


def _logs_under(folder: Path, root: Path, notes: Notes) -> Iterator[LogFile]:
    """The logs in a folder, then those in its subfolders; links to folders are not followed."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: natural(entry.name))
    except OSError as error:
        notes.leave(Line("", 1, str(folder.relative_to(root))), f"the folder could not be opened: {error.strerror}")
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
            notes.leave(Line("", 1, source), f"the file could not be read: {error.strerror or error}")
    for subfolder in folders:
        yield from _logs_under(subfolder, root, notes)


def _all_occurrences(parts: list[LogReading]) -> Occurrences:
    """The failures of several folders, those of small logs that were read whole too."""
    if len(parts) == 1 and parts[0].occurrences is not None:
        return parts[0].occurrences
    found = Occurrences()
    for part in parts:
        found.extend(occurrences(part))
    return found


def merged(readings: Iterable[LogReading], notes: Notes) -> LogReading:
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
    )
