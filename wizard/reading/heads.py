"""The begin of a log file: its encoding, which log it is, and whether it is as Exchange writes it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from wizard.facts import Direction
from wizard.reading.folder import clean_line
from wizard.reading.rows import Notes, Row, is_plain, plain_row
from wizard.reading.rowtext import HEADER, LOG_TYPE
from wizard.reading.text import decode

HEAD_BYTES = 4096
"""So much of each file's begin is read line by line: a log that is wrapped or quoted shows it there."""

_CODECS = {None: "utf-8", "Windows-1252": "cp1252"}
_TEXT = bytes([*range(32, 127), *b"\t\r\n"])


class Strange(Exception):
    """Here the log is not as Exchange writes it."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a file's begin shows: its encoding, which log it is by its header, and its first row."""

    codec: str
    direction: Direction
    first: Row | None


def head_of(content: bytes, source: str) -> Head:
    """What the first `HEAD_BYTES` of a file show; `source` is the file's name in a refusal.

    Raises:
        Refused: the file is no text.
        Strange: it is no log as Exchange writes it.
    """
    found = None if not content.translate(None, _TEXT) else decode(content, source)[1]
    if found not in _CODECS:
        raise Strange
    text = codecs.decode(content.rstrip(b"\x00"), _CODECS[found], "replace")
    lines = text.replace("\r\n", "\n").split("\n")
    direction, first = Direction.UNKNOWN, None
    for number, line in enumerate(lines[:-1] if len(content) == HEAD_BYTES else lines, start=1):
        if first and is_plain(line):
            continue
        clean = clean_line(line.replace("\x00", ""), number, source, Notes())
        if row := plain_row(clean):
            first = first or row
        elif HEADER.match(clean.text) and first is None:
            if kind := LOG_TYPE.search(clean.text):
                direction = Direction.SEND if kind[1].casefold() == "send" else Direction.RECEIVE
        elif clean.text.strip() and number < len(lines):
            raise Strange
    return Head(_CODECS[found], direction, first)
