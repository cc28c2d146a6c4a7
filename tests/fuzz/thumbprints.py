"""Whatever happens to a log that shows ours and theirs: ours is taken, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.wizard.reading.test_filter import (
    BYE,
    CONNECT,
    HEADER,
    HEALTHY,
    LONG_SERIAL,
    OURS,
    SHORT,
    SUCCEEDED,
    THEIRS,
    Event,
    failed,
    in_rows,
    one_line,
    rows,
)
from wizard.assets import SAMPLE_NIGHT
from wizard.case.case import Case, StepId
from wizard.diagnosis import diagnose
from wizard.steps.intake import GivenText, take

REMOTE = in_rows(THEIRS, "Remote certificate")
SESSIONS: tuple[list[Event], ...] = (
    [*in_rows(), *failed()],
    [*in_rows(serial=LONG_SERIAL), *failed()],
    [*one_line(), *failed()],
    [*one_line(serial=LONG_SERIAL), *failed()],
    [*one_line(serial=LONG_SERIAL, dated=True), *failed()],
    [*in_rows(), *REMOTE, *failed("UntrustedRoot"), *CONNECT[3:], *in_rows(), *failed()],
    [*in_rows(), *REMOTE, *SUCCEEDED, *CONNECT[3:], *in_rows(), *failed()],
    [*one_line(), *SUCCEEDED, *SHORT, *CONNECT[3:], *one_line(), *failed()],
    [*in_rows(), *failed(), *CONNECT[3:], *in_rows(), *SHORT, *SUCCEEDED],
)
"""Failed handshakes that show our certificate, most of them in a session that shows theirs too.

Theirs is never seen in the handshake that fails for ours: that fails before anything of the other side arrives.
"""

ADDED = (
    '"',
    "'",
    "\u201c",
    " ",
    "\t",
    "\u200e",
    "\u00a0",
    ",",
    ";",
    ":",
    "x",
    "****",
    "\u2026",
    "...",
    "\x1b[m",
    ">",
    "=",
    "\n",
    "\r\n",
)
"""What is written into a log; no hex digit is among it."""

STROKE_BYTES = 4
"""A stroke of damage: which, on which line, and two numbers that say where in it."""

Stroke = Callable[[list[str], int, int, int], None]


def _lost(lines: list[str], at: int, _from: int, count: int) -> None:
    """Up to eight lines left out."""
    del lines[at : at + 1 + count % 8]


def _moved(lines: list[str], at: int, to: int, _: int) -> None:
    """A line stands elsewhere."""
    lines.insert(to % len(lines), lines.pop(at))


def _repeated(lines: list[str], at: int, to: int, _: int) -> None:
    """A line stands there twice."""
    lines.insert(to % len(lines), lines[at])


def _joined(lines: list[str], at: int, _from: int, blanks: int) -> None:
    """Two lines run together."""
    lines[at : at + 2] = [(" " * (blanks % 2)).join(lines[at : at + 2])]


def _broken(lines: list[str], at: int, column: int, blanks: int) -> None:
    """A line broken in two."""
    place = column * len(lines[at]) // 256
    lines[at : at + 1] = [lines[at][:place], " " * (blanks % 3) + lines[at][place:]]


def _without(lines: list[str], at: int, column: int, count: int) -> None:
    """A part of a line left out."""
    place = column * len(lines[at]) // 256
    lines[at] = lines[at][:place] + lines[at][place + count % 60 :]


def _with(lines: list[str], at: int, column: int, what: int) -> None:
    """Something written into a line."""
    place = column * len(lines[at]) // 256
    lines[at] = lines[at][:place] + ADDED[what % len(ADDED)] + lines[at][place:]


def _masked(lines: list[str], at: int, column: int, count: int) -> None:
    """A part of a line masked."""
    place = column * len(lines[at]) // 256
    masked = "x*.\u2026"[count % 4] * (count % 41)
    lines[at] = lines[at][:place] + masked + lines[at][place + len(masked) :]


def _wrapped(lines: list[str], _at: int, width: int, indent: int) -> None:
    """All lines wrapped at a width."""
    width, blanks = 20 + width, " " * (indent % 3)
    wrapped = [
        (blanks if place else "") + line[place : place + width]
        for line in lines
        for place in range(0, len(line), width)
    ]
    lines[:] = wrapped


def _first_part(lines: list[str], at: int, column: int, _: int) -> None:
    """A line cut off."""
    lines[at] = lines[at][: column * len(lines[at]) // 256]


def _last_part(lines: list[str], at: int, column: int, _: int) -> None:
    """A line without its begin."""
    lines[at] = lines[at][column * len(lines[at]) // 256 :]


def _headless(lines: list[str], at: int, _column: int, _: int) -> None:
    """The log without its begin."""
    del lines[:at]


def _endless(lines: list[str], at: int, _column: int, _: int) -> None:
    """The log without its end."""
    del lines[at:]


def _bare(lines: list[str], at: int, all_lines: int, _: int) -> None:
    """A line, or all, without quotation marks."""
    for number in range(len(lines)) if all_lines % 2 else [at]:
        lines[number] = lines[number].replace('"', "")


def _lower(lines: list[str], at: int, _column: int, _: int) -> None:
    """A line in lower case."""
    lines[at] = lines[at].lower()


def _marked(lines: list[str], _at: int, mark: int, _: int) -> None:
    """Something in front of all lines."""
    lines[:] = [("> ", "| ", "    ", "\t")[mark % 4] + line for line in lines]


STROKES: tuple[Stroke, ...] = (
    *(_lost, _moved, _repeated, _joined, _broken, _without, _with, _masked, _wrapped),
    *(_first_part, _last_part, _headless, _endless, _bare, _lower, _marked),
)


def log_of(content: bytes) -> str:
    """The log that an input stands for: its first byte chooses the session, the rest are strokes of damage."""
    session = [*CONNECT, *SESSIONS[content[0] % len(SESSIONS) if content else 0], *BYE]
    lines = [*HEADER.split("\r\n")[:-1], *rows(HEALTHY, 1), *rows(session, 2), *rows(HEALTHY, 3)]
    strokes = [content[at : at + STROKE_BYTES] for at in range(1, len(content), STROKE_BYTES)]
    for stroke in strokes:
        if len(stroke) == STROKE_BYTES and lines:
            which, line, place, number = stroke
            STROKES[which % len(STROKES)](lines, line % len(lines), place, number)
    return "\n".join(lines)


def thumbprints(content: bytes) -> None:
    """No certificate but ours is taken for ours, offered for choosing, or left to be bound."""
    log = log_of(content)
    pasted = take(Case(opened=SAMPLE_NIGHT), StepId.LOG, log).case
    gathered = diagnose([GivenText(log.encode(), "log")], Case(opened=SAMPLE_NIGHT)).case
    for case in (pasted, gathered):
        for taken in (case.now.thumbprint, *(certificate.thumbprint for certificate in case.candidates)):
            assert taken in {OURS, ""}, f"{taken} was taken for ours"


def drawn_strokes(draw: Random) -> bytes:
    """A session and up to five strokes."""
    return draw.randbytes(1 + STROKE_BYTES * draw.choice((1, 1, 2, 2, 3, 4, 5)))
