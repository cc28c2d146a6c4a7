"""All rows of one session, looked for only when a person opens it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.facts import Line
from wizard.reading.folder import CODECS, LOG_ENDINGS, LONGEST_LINE, clean_line, never
from wizard.reading.natural import natural
from wizard.reading.rows import Notes, plain_row
from wizard.reading.rowtext import HEADER, STARTS
from wizard.reading.text import Refused, decode

MOST_NEIGHBOURS = 8
"""So many logs before and after the one that was named are looked at for the rest of a session."""

_HEAD_BYTES = 4096
_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SessionRows:
    """The lines of a session in their order. `whole`: they begin with its first row and end with its last."""

    lines: tuple[Line, ...]
    whole: bool


def rows_in(lines: Iterable[Line], session: str) -> SessionRows:
    """A session's rows among the lines of a paste, each with the lines a console wrapped it onto."""
    found: list[Line] = []
    going_on = False
    for line in lines:
        if STARTS.match(line.text) or HEADER.match(line.text):
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
    """Whether a line that holds a session-id is of that session: another's row can name it, as a proxied one does."""
    row = plain_row(line)
    return row is None or row.session.upper() == session


def _is_whole(lines: list[Line]) -> bool:
    return _begins(lines) and _ends(lines)


def _begins(lines: list[Line]) -> bool:
    """Whether the session's first row is there."""
    row = plain_row(lines[0]) if lines else None
    return row is not None and row.sequence == 0


def _ends(lines: list[Line]) -> bool:
    """Whether the session's last row is there."""
    row = plain_row(lines[-1]) if lines else None
    return row is not None and row.event == "-"


def _lines(file: Path, source: str, session: str, cancelled: Callable[[], bool]) -> Iterator[Line]:
    """The lines of a log that name the session."""
    with file.open("rb") as handle:
        _, found = decode(handle.read(_HEAD_BYTES), source)
    codec = CODECS.get(found or "", "utf-8")
    wide = codec.startswith("utf-16")
    raws = _wide_lines(file, codec, session) if wide else _found_lines(file, session.encode(), cancelled)
    for number, raw in raws:
        text = raw if isinstance(raw, str) else raw.decode(codec, "replace")
        line = clean_line(text.rstrip("\r\n"), number, source, Notes())
        if _may_be_of(line, session):
            yield line


def _wide_lines(file: Path, codec: str, session: str) -> Iterator[tuple[int, str]]:
    """From a log that an editor saved as UTF-16: line by line."""
    with file.open(encoding=codec, errors="replace", newline="\n") as handle:
        yield from ((n, text) for n, text in enumerate(handle, start=1) if session in text.upper())


def _found_lines(file: Path, session: bytes, cancelled: Callable[[], bool]) -> Iterator[tuple[int, bytes]]:
    """From any other log: by its bytes, piece by piece."""
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
