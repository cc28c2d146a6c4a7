"""A text with several outputs, cut into them: each piece is recognised and read by itself.

A window that was copied from top to bottom, a transcript or a mail holds commands, what they printed,
a question with its answer, errors and prose. The commands part it, and so do rows of a log, records of
a survey, questions and errors; what is left is sorted record by record. A text with one output is one
piece, as it stands. Nothing raises, and what is in no piece is listed with its lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from wizard.facts import (
    Asked,
    Binding,
    Certificate,
    Line,
    LogFolder,
    LogReading,
    MailTimeouts,
    Mended,
    Queue,
    Reading,
    SendConnector,
    Service,
    Unread,
    completed,
    same_name,
)
from wizard.reading import certificates, connectors, queues
from wizard.reading.certificates import read_certificates
from wizard.reading.connectors import read_connectors, read_defaults, read_log_folders, read_timeouts
from wizard.reading.errors import error_spans, read_cmdlet_errors
from wizard.reading.events import event_spans, read_events, read_sentences, sentence_in, sentence_spans
from wizard.reading.healthchecker import HealthReport, health_spans, read_health
from wizard.reading.listing import MAIL_QUOTE, read_listing
from wizard.reading.log.sessions import read_log
from wizard.reading.prompt import notice_spans, question_spans, read_notices, read_prompts
from wizard.reading.queues import read_queues
from wizard.reading.recognise import is_of_a_log, recognise
from wizard.reading.records import Record
from wizard.reading.residue import begins_a_row, is_line_of_a_list, labels_a_search, unstuck
from wizard.reading.store import read_store, store_spans
from wizard.reading.survey import PROPERTY, Survey, lines_of_the_command, read_survey, rejoined
from wizard.reading.text import Kind, Text, is_command, read_thumbprint, shell_prompt

LOGS = frozenset({Kind.SEND_LOG, Kind.RECEIVE_LOG})

READERS: Mapping[Kind, Callable[[Text], Any]] = MappingProxyType(
    {
        Kind.SEND_LOG: read_log,
        Kind.RECEIVE_LOG: read_log,
        Kind.SURVEY: read_survey,
        Kind.HEALTH: read_health,
        Kind.PROMPT: read_prompts,
        Kind.CMDLET_ERROR: read_cmdlet_errors,
        Kind.LOG_FOLDERS: read_log_folders,
        Kind.TIMEOUTS: read_timeouts,
        Kind.DEFAULT: read_defaults,
        Kind.QUEUES: read_queues,
        Kind.CERTIFICATES: read_certificates,
        Kind.CONNECTORS: read_connectors,
        Kind.EVENT: read_events,
        Kind.SENTENCE: read_sentences,
        Kind.STORE: read_store,
        Kind.NOTICE: read_notices,
    }
)
"""The reader of each kind: it returns a `Reading`, a `LogReading` of a log, a `Survey` of a survey."""


NOT_ASKED = Asked()
"""No command stands above."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One output, recognised and read. `reading` is its reader's result, None without a reader.

    `asked` is the command above it. `bound` is the thumbprint of the certificate that the text above binds to SMTP, `?`
    if unknown which; empty without a binding above.
    """

    kind: Kind
    text: Text
    reading: Any = None
    asked: Asked = NOT_ASKED
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of a text in order, and the unread rest.

    `mended` are the repairs before the text was cut, `bindings` the bindings its commands and questions show.
    """

    all: tuple[Piece, ...] = ()
    left: tuple[Unread, ...] = ()
    mended: tuple[Mended, ...] = ()
    bindings: tuple[Binding, ...] = ()


_FEW = 2_000
"""A text of fewer lines is read whole."""

_FAR = 200
"""Lines that stand farther from each sign of evidence belong to none: a console breaks no object over so many."""

_SIGN = re.compile(r"[^\w\s.,!?'\u2019-]|[\d_]|\.\.|--")
"""Letters and the marks of a sentence alone are no output."""

_ENCODED = re.compile(r"(?=.*?[G-Zg-z])[A-Za-z0-9+/]{60,}={0,2}\s*")

_WORDS = ("certificate", "credential", "negotiat", "keyset", "starttls", "exchange", "alert", "thumbprint")


def _shows_nothing(text: str) -> bool:
    """True for a line of prose, of an encoded file or of nothing that no output has."""
    if _SIGN.search(text) and not _ENCODED.fullmatch(text):
        return False
    lowered = text.lower()
    return not any(word in lowered for word in _WORDS)


def _without_the_far(text: Text) -> tuple[Text, tuple[Unread, ...]]:
    """A long text without the lines far from all evidence, and these."""
    if len(text.lines) < _FEW and len(text.whole) < _FEW * _FULL:
        return text, ()
    signs = [at for at, line in enumerate(text.lines) if not _shows_nothing(line.text)]
    kept: set[int] = set()
    for first, last in _spans(signs):
        kept.update(range(max(first - _FAR, 0), last + _FAR + 1))
    far = [line for at, line in enumerate(text.lines) if at not in kept]
    near = tuple(line for at, line in enumerate(text.lines) if at in kept)
    return (replace(text, lines=near), tuple(_runs(far))) if far else (text, ())


def pieces(text: Text) -> Pieces:
    """Cut a text into its outputs; a single output is one piece, even of a kind without a reader."""
    near, far = _without_the_far(text)
    if far and not near.lines:
        return Pieces((Piece(Kind.NOTHING, text),), mended=text.mended)
    cut = _near_pieces(near)
    left = tuple(sorted((*cut.left, *far), key=lambda each: each.line))
    return replace(cut, all=tuple(_each_of_a_service(cut.all)), left=left)


def _each_of_a_service(found: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces; one that prints more than one thing of a transport service is a piece of each of them."""
    for piece in found:
        yield piece
        if piece.kind not in _OF_SERVICE.values():
            continue
        for kind in _OF_SERVICE.values():
            if kind is not piece.kind and has_facts(reading := READERS[kind](piece.text)):
                yield replace(piece, kind=kind, reading=Reading(reading.facts))


def _near_pieces(text: Text) -> Pieces:
    kind = recognise(text)
    if (kind in LOGS or kind is Kind.OTHER_LOG) and is_a_log_alone(text):
        return _whole(text, kind)
    if (plain := unstuck(text)) is not text:
        text, kind = plain, recognise(plain)
    cut = _Cut(text).pieces()
    if len(cut.all) > 1:
        return cut
    if not cut.all:
        return _whole(text, kind)
    only = cut.all[0]
    known = kind in READERS and has_facts(READERS[kind](text))
    return _whole(text, kind if known else only.kind, only.asked)


def read_lines(text: Text) -> Mapping[int, str] | None:
    """The lines that something was read from, with Exchange's own commands, by their numbers; None where all are.

    Each is empty where all of it is read, and else what is: of the log's sentence alone the words around it are not.
    In a listing's piece words can stand before its objects and between them: these lines are none of them.
    """
    kind = recognise(text)
    if kind is Kind.COMMAND or (kind in LOGS and is_a_log_alone(text)):
        return None
    plain = unstuck(text)
    cut = _Cut(plain)
    found = (*cut.pieces().all, *pieces(text).all)
    numbers = {number: "" for piece in found if piece.reading is not None for number in _numbers(piece)}
    for piece in found:
        if piece.kind is Kind.SENTENCE:
            numbers.update({line.number: said for line in piece.text.lines if (said := sentence_in(line.text))})
    for asked in cut.asked.values():
        if asked.lines and is_command(asked.lines[0].text):
            numbers.update({line.number: "" for line in asked.lines})
    return MappingProxyType(numbers)


def _numbers(piece: Piece) -> Iterator[int]:
    """The lines of a piece: of a listing, the paragraphs in which a fact stands."""
    if piece.kind is Kind.SENTENCE:
        yield from (line.number for fact in piece.reading.facts for line in fact.lines)
        return
    if piece.kind not in _LISTED or not isinstance(piece.reading, Reading):
        if has_facts(piece.reading):
            yield from (line.number for line in piece.text.lines)
        return
    shown = {line.number for fact in piece.reading.facts for line in fact.lines}
    paragraph: list[int] = []
    for line in (*piece.text.lines, None):
        if line is not None and line.text.strip():
            paragraph.append(line.number)
            continue
        if shown.intersection(paragraph):
            yield from paragraph
        paragraph = []


def is_a_log_alone(text: Text) -> bool:
    """True if a log has nothing beside its rows."""
    return not any(_is_no_row(text, line) for line in _unquoted(text).lines)


def _whole(text: Text, kind: Kind, asked: Asked = NOT_ASKED) -> Pieces:
    reader = READERS.get(kind)
    reading = _told(reader(text), asked, text.source) if reader else None
    return Pieces((Piece(kind, text, reading, asked),), mended=() if kind in LOGS else text.mended)


def has_facts(reading: Any) -> bool:
    """True if a reader found something of its kind."""
    if isinstance(reading, Reading):
        return bool(reading.facts)
    if isinstance(reading, Survey):
        return bool(reading.connectors or reading.certificates)
    if isinstance(reading, HealthReport):
        return bool(reading.certificates or reading.connectors or reading.releases)
    return not isinstance(reading, LogReading) or bool(reading.first)


_LABEL = re.compile(r"\s*[A-Za-z_][\w.()'-]{0,60}\s+:(?:\s|$)")

_THUMBPRINT_ROW = re.compile(r"\s*[0-9A-Fa-f]{40}\b")

_RULE = re.compile(r"\s*(?:-{2,}\s*)+$")

_SURVEY_LABEL = re.compile(r"\s*Survey\s+:\s")

_SURVEY_RECORD = re.compile(r'\{\s*"Survey"\s*:')


def _is_no_row(text: Text, line: Line) -> bool:
    """True if a line shows that a text holds more than a log."""
    written = line.text
    if written[:1].isdigit() and not _THUMBPRINT_ROW.match(written):
        return False
    if line.number in text.prompted:
        return bool(written.strip())
    return bool(
        written.strip()
        and (
            _LABEL.match(written)
            or _THUMBPRINT_ROW.match(written)
            or _RULE.match(written)
            or _SURVEY_RECORD.match(written)
            or is_command(written)
            or "CategoryInfo" in written
            or "[?]" in written
        )
    )


_STARS = re.compile(r"\s*\*{10,}\s*$")

MOST_OF_A_HEAD = 40
"""Lines between the stars of a transcript's head, at most."""

_FENCE = re.compile(r"\s*(?:`{3,}\w*|~{3,}|!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>|</?(?:code|pre)>)\s*$")

_NO_ECHO = re.compile(
    r"\s*(?:$|[A-Za-z_][\w.()'-]{0,60}\s*:(?:\s|$)|[{\[\"<*#]|-{2,}|[A-Za-z]:\\|\\\\|Confirm$|\d{4}-\d\d-\d\d|>>)"
)
"""A row below a command that is output, or the question, and no part of the command."""

_FULL = 40
"""A row shorter than this was never broken by a console."""

LONGEST_COMMAND = 60
"""Rows that a console breaks one command over, at most."""

_TYPED = re.compile(r"\s*\S+\s+(?:[-'\"|($@{]|[0-9A-Fa-f]{40}\b)|[^|]*\|")


class _Mark:
    """The role of a line."""

    TEXT, LOG, SURVEY, COMMAND, WALL = range(5)


class _Cut:
    """Cuts one text."""

    def __init__(self, text: Text) -> None:
        self.text = _unquoted(text)
        self.lines = self.text.lines
        self.marks = [_Mark.TEXT] * len(self.lines)
        self.asked: dict[int, Asked] = {}
        self.left: list[Line] = []
        self.unread: list[Unread] = []
        self.found: list[Piece] = []

    def pieces(self) -> Pieces:
        self._mark_heads()
        self._mark_log()
        self._mark_survey()
        self._mark_commands()
        self._claim(_Mark.LOG, Kind.SEND_LOG)
        self._claim(_Mark.SURVEY, Kind.SURVEY)
        for lines, asked in self._segments():
            before = len(self.found)
            self._segment(lines, asked)
            if len(self.found) == before:
                self.left += asked.lines
        found = sorted(self.found, key=lambda piece: piece.text.lines[0].number)
        found = _in_one_shell(found)
        bindings = _bindings(found, self.asked.values())
        told = tuple(_told_piece(_behind(piece, bindings), self.text.source) for piece in found)
        left = sorted((*self.unread, *_runs(self.left)), key=lambda each: each.line)
        return Pieces(told, tuple(left), self.text.mended, bindings)

    def _mark_heads(self) -> None:
        """The heads and ends of transcripts, and the fences of web pages."""
        at = 0
        while at < len(self.lines):
            if _FENCE.match(self.lines[at].text):
                self.marks[at] = _Mark.WALL
            elif _STARS.match(self.lines[at].text):
                last = min(at + MOST_OF_A_HEAD + 2, len(self.lines))
                end = next((n for n in range(at + 1, last) if _STARS.match(self.lines[n].text)), at)
                if end + 1 < len(self.lines) and _names_its_file(self.lines[end + 1]):
                    end += 1
                for number in range(at, end + 1):
                    self.marks[number] = _Mark.WALL
                    self.left.append(self.lines[number])
                at = end
            at += 1

    def _mark_log(self) -> None:
        """Rows of a log with the lines that go on with one; a blank line ends them where no row follows."""
        inside, blanks = False, 0
        listed = any(is_line_of_a_list(line.text) and begins_a_row(line.text) for line in self.lines)
        for at, line in enumerate(self.lines):
            if self.marks[at] is not _Mark.TEXT:
                inside = False
            elif is_of_a_log(line.text) or (listed and labels_a_search(line.text)):
                if inside:
                    self.marks[at - blanks : at] = [_Mark.LOG] * blanks
                self.marks[at] = _Mark.LOG
                inside, blanks = True, 0
            elif inside and not line.text.strip():
                blanks += 1
            elif inside and not blanks and not _is_no_row(self.text, line):
                self.marks[at] = _Mark.LOG
            else:
                inside, blanks = False, 0

    def _mark_survey(self) -> None:
        """The survey's own line, and its records: as JSON, or as a list with a blank line between them."""
        place = {line.number: at for at, line in enumerate(self.lines)}
        if not any(PROPERTY in line.text or "SendConnector" in line.text for line in self.lines):
            return
        typed = sorted(place[number] for number in lines_of_the_command(self.lines))
        for first, last in _spans(typed):
            self._mark_command(first, last)
        inside = False
        for at, line in enumerate(self.lines):
            written = line.text.strip() and line.number not in self.text.prompted
            inside = bool(written) and (inside or bool(_SURVEY_LABEL.match(line.text)))
            if inside and self.marks[at] is _Mark.TEXT:
                self.marks[at] = _Mark.SURVEY
        for each in rejoined(self.lines, PROPERTY):
            for line in each.lines:
                at = place[line.number]
                if each.why and (not line.text.strip() or line.number in self.text.prompted):
                    break
                if self.marks[at] is _Mark.TEXT:
                    self.marks[at] = _Mark.SURVEY

    def _mark_commands(self) -> None:
        at = 0
        while at < len(self.lines):
            last = at
            if self.marks[at] is _Mark.TEXT and self._is_typed(at):
                last = self._end_of_command(at)
                self._mark_command(at, last)
            at = last + 1

    def _is_typed(self, at: int) -> bool:
        """True if a command begins here: behind a prompt, or alone at the head of its paragraph."""
        line = self.lines[at]
        if line.number in self.text.prompted:
            return True
        if not is_command(line.text):
            return False
        alone = at == 0 or not self.lines[at - 1].text.strip() or self.marks[at - 1] is not _Mark.TEXT
        return alone and (len(line.text.split()) < 3 or bool(_TYPED.match(line.text)))

    def _end_of_command(self, first: int) -> int:
        """The last row that a console broke the command over, or that was typed behind `>>`."""
        width = self.text.prompted.get(self.lines[first].number, len(self.lines[first].text))
        last, before = first, width
        for at in range(first + 1, min(first + LONGEST_COMMAND, len(self.lines))):
            line = self.lines[at]
            if self.marks[at] is not _Mark.TEXT or line.number in self.text.prompted:
                break
            if line.text.startswith(">> "):
                last = at
                continue
            if before < max(width, _FULL) or len(line.text) > width or _NO_ECHO.match(line.text):
                break
            last, before = at, len(line.text)
        return last

    def _mark_command(self, first: int, last: int) -> None:
        self.marks[first : last + 1] = [_Mark.COMMAND] * (last + 1 - first)
        taken = self.lines[first : last + 1]
        typed = any(line.text.strip() for line in taken)
        self.asked[first] = _asked(taken) if typed else NOT_ASKED

    def _claim(self, mark: int, kind: Kind) -> None:
        """Make one piece of all lines with this mark; those below a binding are another."""
        taken = [line for line, each in zip(self.lines, self.marks, strict=True) if each is mark]
        if taken:
            if kind is Kind.SEND_LOG:
                kind = recognise(Text(tuple(taken)))
            self._keep(kind if kind in READERS else Kind.SEND_LOG, taken, NOT_ASKED)

    def _segments(self) -> Iterator[tuple[list[Line], Asked]]:
        """The lines below each command up to the next thing that parts the text, with the command."""
        lines: list[Line] = []
        asked = NOT_ASKED
        for at, line in enumerate(self.lines):
            if self.marks[at] is _Mark.TEXT:
                lines.append(line)
                continue
            if lines or (asked.lines and self.asked.get(at) is not None):
                yield lines, asked
            # The rows below a command's first are more of the same.
            more = self.marks[at] is _Mark.COMMAND and at not in self.asked
            lines, asked = [], asked if more else self.asked.get(at, NOT_ASKED)
        if lines or asked.lines:
            yield lines, asked

    def _segment(self, lines: list[Line], asked: Asked) -> None:
        """Cut one command's output: questions and errors first, then the listings between them."""
        claimed: list[tuple[int, int, Kind]] = []
        for kind, spans in CLAIMS:
            for first, last in spans(lines):
                if all(last < begin or first > end for begin, end, _kind in claimed):
                    claimed.append((first, last, kind))
        at = 0
        for first, last, kind in [*sorted(claimed, key=lambda each: each[:2]), (len(lines), len(lines), Kind.NOTHING)]:
            self._listings(lines[at:first], asked if at == 0 else NOT_ASKED)
            if first < len(lines):
                self._keep(kind, lines[first : last + 1], asked)
            at = last + 1

    def _listings(self, lines: list[Line], asked: Asked) -> None:
        """The records among lines, each kind of them a piece; lines without a record by what they are as a whole."""
        if not any(line.text.strip() for line in lines):
            return
        records = read_listing(Text(tuple(lines), self.text.source)).records
        runs = list(_of_one_kind(lines, records, asked))
        if not runs:
            kind = recognise(Text(tuple(lines)))
            self._keep(kind if kind in _LISTED else Kind.NOTHING, lines, asked)
            return
        begin = 0
        for number, (kind, last, command) in enumerate(runs):
            end = last + 1 if number + 1 < len(runs) else len(lines)
            self._keep(kind, lines[begin:end], command)
            begin = end

    def _keep(self, kind: Kind, lines: Sequence[Line], asked: Asked) -> None:
        """A piece, if its reader finds something in it; else its lines are left."""
        piece = Text(_trimmed(lines), self.text.source)
        reading = READERS[kind](piece) if kind in READERS else None
        if reading is not None and has_facts(reading):
            self.found.append(Piece(kind, piece, reading, asked))
        elif reading is not None and kind in _LISTED and reading.unread:
            self.unread += reading.unread
        else:
            self.left += lines


def _trimmed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without blank ones at their ends."""
    full = [at for at, line in enumerate(lines) if line.text.strip()]
    return tuple(lines[full[0] : full[-1] + 1]) if full else tuple(lines)


def _names_its_file(line: Line) -> bool:
    """True for the sentence below a transcript's head; its last word is a path in any language."""
    return bool(re.search(r"(?:[A-Za-z]:|\\)\\\S+$", line.text.strip())) and ":" in line.text


_QUOTED = re.compile(r"(?:> ?)*>(?: |\s*$)")


def _unquoted(text: Text) -> Text:
    """The text without the `>` that a mail program put before each line of a run of them, and their prompts."""
    lines, prompted = list(text.lines), dict(text.prompted)
    quoted = [at for at, line in enumerate(lines) if _QUOTED.match(line.text)]
    for first, last in _spans(quoted):
        if last - first < 2:
            continue
        for at in range(first, last + 1):
            plain = MAIL_QUOTE.sub("", lines[at].text, count=1)
            if prompt := shell_prompt(plain):
                prompted[lines[at].number] = len(plain)
                plain = plain[prompt:]
            lines[at] = replace(lines[at], text=plain)
    return replace(text, lines=tuple(lines), prompted=MappingProxyType(prompted))


def _spans(places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of neighbours."""
    first = last = None
    for place in places:
        if last is not None and place == last + 1:
            last = place
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = place
    if first is not None and last is not None:
        yield first, last


def _runs(lines: Iterable[Line]) -> Iterator[Unread]:
    """One entry for each run of lines in no piece, if it has a letter or digit."""
    run: list[Line] = []
    for line in sorted(lines, key=lambda line: line.number):
        if not any(character.isalnum() for character in line.text):
            continue
        if run and line.number > run[-1].number + 3:
            yield _left(run)
            run = []
        run.append(line)
    if run:
        yield _left(run)


def _left(run: list[Line]) -> Unread:
    which = "this line is" if len(run) == 1 else f"these {len(run):,} lines are"
    return Unread(run[0].source, run[0].number, f"{which} no output that is read")


_LISTED = frozenset({Kind.QUEUES, Kind.CONNECTORS, Kind.CERTIFICATES, Kind.LOG_FOLDERS, Kind.TIMEOUTS, Kind.DEFAULT})


_OF_SERVICE = {
    "sendprotocollogpath": Kind.LOG_FOLDERS,
    "internaltransportcertificatethumbprint": Kind.DEFAULT,
    "messageexpirationtimeout": Kind.TIMEOUTS,
}
"""What Get-TransportService was asked for, the first that is there."""


def kind_of(record: Record, asked: Asked = NOT_ASKED) -> Kind:
    """The kind of an object, by its printed properties, otherwise by the command."""
    names = set(record)
    if PROPERTY.casefold() in names:
        return Kind.SURVEY
    if of_service := next((kind for name, kind in _OF_SERVICE.items() if name in names), None):
        return of_service
    if names & (queues.PROPERTIES | queues.TRACKING):
        return Kind.QUEUES
    if "thumbprint" in names:
        return Kind.CERTIFICATES
    if names & connectors.PROPERTIES:
        return Kind.CONNECTORS
    if names & certificates.PROPERTIES:
        return Kind.CERTIFICATES
    if names & {"name", "identity"} and (names & {"guid", "fqdn"} or asked.cmdlet == "get-sendconnector"):
        return Kind.CONNECTORS
    return Kind.QUEUES if asked.cmdlet == "get-queue" and "identity" in names else Kind.NOTHING


def _of_one_kind(lines: Sequence[Line], records: Sequence[Record], asked: Asked) -> Iterator[tuple[Kind, int, Asked]]:
    """Neighbouring records of one kind: the kind, the place of their last line, and the command above them.

    Where words stand between a command's output and more objects, nobody knows which command printed those.
    """
    place = {line.number: at for at, line in enumerate(lines)}
    run: tuple[Kind, int, Asked] | None = None
    for record in records:
        if not record.lines:
            continue
        first, last = place[record.lines[0].number], place[record.lines[-1].number]
        kind = kind_of(record, asked)
        if run and (kind is not run[0] or (asked.cmdlet and _parted(lines[run[1] + 1 : first]))):
            yield run
            asked = NOT_ASKED
            run = None
        elif run is None and _parted(lines[:first], head=True):
            asked = asked if asked.lines and _fits(asked, kind) else NOT_ASKED
        run = (kind, max(last, run[1] if run else 0), asked if _fits(asked, kind) else NOT_ASKED)
    if run:
        yield run


def _parted(between: Sequence[Line], *, head: bool = False) -> bool:
    """True if words other than a header separate two objects."""
    full = [line.text for line in between if line.text.strip()]
    if any(_RULE.match(text) for text in full):
        at = max(number for number, text in enumerate(full) if _RULE.match(text))
        full = full[: max(at - 1, 0)]
    return bool(full) and not head


_PRINTED_BY = {
    "get-queue": Kind.QUEUES,
    "get-sendconnector": Kind.CONNECTORS,
    "get-exchangecertificate": Kind.CERTIFICATES,
    "get-transportservice": Kind.LOG_FOLDERS,
    "get-transportserver": Kind.LOG_FOLDERS,
    "get-frontendtransportservice": Kind.LOG_FOLDERS,
}


def _fits(asked: Asked, kind: Kind) -> bool:
    """True if a command prints objects of this kind."""
    return _PRINTED_BY.get(asked.cmdlet, kind) is kind


CLAIMS: tuple[tuple[Kind, Callable[[Sequence[Line]], Iterable[tuple[int, int]]]], ...] = (
    (Kind.HEALTH, health_spans),
    (Kind.STORE, store_spans),
    (Kind.PROMPT, question_spans),
    (Kind.NOTICE, notice_spans),
    (Kind.CMDLET_ERROR, error_spans),
    (Kind.EVENT, event_spans),
    (Kind.SENTENCE, sentence_spans),
)
"""The pieces cut below each command before its listings: their kind, and a function for their first and last lines."""


_TOKEN = re.compile(r"'((?:[^']|'')*)'|\"([^\"]*)\"|(\|)|(@?[{(][^{}()]*[})]?)|([^\s|'\"]+)")

_NARROWS = re.compile(
    r"(?i)(?<!\w)(?:where(?:-object)?|\?)\s*[({\w$]|\bselect(?:-object)?\b[^|]*-(?:first|last|index)\b"
)

_PARAMETERS = {
    "thumbprint": "thumbprint",
    "server": "server",
    "services": "services",
    "identity": "identity",
    "domainname": "narrow",
    "filter": "narrow",
    "resultsize": "narrow",
}

_SERVICES = {service.value.casefold(): service for service in Service}

_ON_A_SERVER = frozenset({"get-transportservice", "get-transportserver", "get-frontendtransportservice"})


def _asked(lines: Sequence[Line]) -> Asked:
    """The command that these rows make up. A console breaks inside words, so nothing stands between the rows."""
    typed = lines[0].text + "".join(
        f" {line.text[3:]}" if line.text.startswith(">> ") else line.text for line in lines[1:]
    )
    head, _, behind = typed.partition("|")
    tokens = _tokens(head)
    if not tokens:
        return Asked(lines=tuple(lines))
    given: dict[str, str] = {}
    parameter = ""
    for number, (written, value) in enumerate(tokens[1:]):
        if written.startswith("-") and not written[1:2].isdigit():
            name, colon, direct = written[1:].partition(":")
            parameter = _parameter(name, binds=tokens[0][0].casefold() == _BINDS)
            if colon and direct:
                given[parameter], parameter = direct, ""
        elif parameter:
            given[parameter], parameter = value if value is not None else "", ""
        elif number == 0 and value is not None:
            given["thumbprint" if read_thumbprint(value).thumbprint else "identity"] = value
    cmdlet = tokens[0][0].casefold()
    identity, server = given.get("identity", ""), given.get("server", "")
    services = (word.strip().casefold() for word in given.get("services", "").split(","))
    return Asked(
        cmdlet=cmdlet,
        server=(server or identity) if cmdlet in _ON_A_SERVER else server,
        thumbprint=read_thumbprint(given.get("thumbprint", "")).thumbprint or "",
        identity=identity,
        services=tuple(_SERVICES[word] for word in services if word in _SERVICES),
        narrow="narrow" in given or bool(_NARROWS.search(behind)),
        lines=tuple(lines),
    )


def _tokens(head: str) -> list[tuple[str, str | None]]:
    """The words of a command as written, each with its value; None if it is no plain literal."""
    tokens: list[tuple[str, str | None]] = []
    for found in _TOKEN.finditer(head):
        single, double, _pipe, script, bare = found.groups()
        if single is not None:
            value: str | None = single.replace("''", "'")
        elif double is not None:
            value = None if "$" in double else double
        elif script is not None or "$" in bare:
            value = None
        else:
            value = bare
        tokens.append((found[0], value))
    return tokens


def _parameter(name: str, *, binds: bool) -> str:
    """A parameter's name from its abbreviation, as in PowerShell; empty for others."""
    start = name.casefold()
    if len(start) < 2:
        return ""
    names = (name for name in _PARAMETERS if binds or name != "services")
    meant = {_PARAMETERS[name] for name in names if name.startswith(start)}
    return meant.pop() if len(meant) == 1 else ""


UNKNOWN = "?"
"""Stands for a certificate named by a variable, or not whole in the question."""


def _bindings(found: Iterable[Piece], commands: Iterable[Asked]) -> tuple[Binding, ...]:
    """The bindings in a text: by a command that printed no error, or by the question, whatever its answer.

    A command that still waits at another question has bound nothing.
    """
    shown: list[Binding] = []
    failed = {piece.asked for piece in found if piece.kind is Kind.CMDLET_ERROR}
    failed |= {piece.asked for piece in found if piece.kind is Kind.NOTICE and piece.reading.facts[-1].open}
    for each in commands:
        if each.cmdlet == _BINDS and Service.SMTP in each.services and each not in failed:
            first = each.lines[0]
            key = each.thumbprint or UNKNOWN
            shown.append(Binding(key, each.server, "ran", (first.source, first.number), each.lines))
    for piece in found:
        if piece.kind is Kind.PROMPT:
            asked = piece.reading.facts[-1]
            place = (piece.text.source, piece.text.lines[0].number)
            server = piece.asked.server if piece.asked.cmdlet == _BINDS else ""
            shown.append(Binding(asked.replacement or UNKNOWN, server, "question", place, asked.lines))
    return tuple(sorted(shown, key=lambda binding: binding.at[1]))


_BINDS = "enable-exchangecertificate"


def _behind(piece: Piece, bindings: Iterable[Binding]) -> Piece:
    """The piece with the certificate that was bound above it."""
    first = piece.text.lines[0].number
    above = [binding.thumbprint for binding in bindings if binding.at[1] < first]
    known = [thumbprint for thumbprint in above if thumbprint != UNKNOWN]
    return replace(piece, bound=(known or above or [""])[-1])


def _in_one_shell(found: Sequence[Piece]) -> list[Piece]:
    """The pieces, the certificates that name no server with the one the text's shell is connected to.

    Only an error tells which that is; a text of two shells tells nothing.
    """
    errors = (error for piece in found if piece.kind is Kind.CMDLET_ERROR for error in piece.reading.facts)
    shells = {error.shell for error in errors} - {""}
    if len({host_name(each) for each in shells}) != 1:
        return list(found)
    own = shells.pop()
    return [
        replace(piece, reading=_with_server(piece.reading, own))
        if piece.kind is Kind.CERTIFICATES and not piece.asked.server
        else piece
        for piece in found
    ]


def _with_server(reading: Reading[Certificate], server: str) -> Reading[Certificate]:
    asked = Asked("get-exchangecertificate", server=server)
    facts = (each if each.server else replace(each, server=server, asked=asked) for each in reading.facts)
    return replace(reading, facts=tuple(facts))


def _told_piece(piece: Piece, source: str) -> Piece:
    return replace(piece, reading=_told(piece.reading, piece.asked, source, first=piece.text.lines[0].number))


def _told(reading: Any, asked: Asked, source: str, first: int = 1) -> Any:
    """Add the facts of the command above to certificates: their server, and whether the list is complete."""
    if not isinstance(reading, Reading) or asked.cmdlet != "get-exchangecertificate":
        return reading
    command = replace(asked, lines=())
    # Where a thumbprint is not whole, nobody knows which certificate the list lacks.
    known = all(not isinstance(each, Certificate) or each.thumbprint for each in reading.facts)
    # A value that was asked for alone is printed without its thumbprint.
    alone = asked.thumbprint if len(reading.facts) == 1 else None
    return replace(
        reading,
        facts=tuple(
            replace(
                each,
                thumbprint=each.thumbprint or alone or None,
                server=each.server or asked.server,
                asked=command,
                listing=f"{source}:{first}",
                whole_list=known and not asked.thumbprint and not asked.narrow,
            )
            if isinstance(each, Certificate)
            else each
            for each in reading.facts
        ),
    )


def parted(found: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces, with a survey's own listings as separate ones, to be compared with the others."""
    for piece in found:
        yield piece
        if isinstance(survey := piece.reading, Survey):
            yield replace(piece, kind=Kind.CONNECTORS, reading=Reading(survey.connectors))
            yield replace(piece, kind=Kind.CERTIFICATES, reading=Reading(survey.certificates))
            yield replace(piece, kind=Kind.LOG_FOLDERS, reading=Reading(survey.log_folders))
        if isinstance(report := piece.reading, HealthReport):
            yield replace(piece, kind=Kind.CONNECTORS, reading=Reading(report.connectors))
            yield replace(piece, kind=Kind.CERTIFICATES, reading=Reading(report.certificates))
            yield replace(piece, kind=Kind.DEFAULT, reading=Reading(report.defaults))


def latest(found: Iterable[Piece]) -> tuple[tuple[Piece, ...], tuple[Any, ...]]:
    """One piece of each kind, and the facts that another took the place of.

    Where two show the same thing on the same server, the later one counts; what it does not print of it stays as the
    earlier one has it.
    """
    of_kind: dict[Kind, list[Piece]] = {}
    for piece in found:
        of_kind.setdefault(piece.kind, []).append(piece)
    earlier: list[Any] = []
    joined = tuple(each[0] if len(each) == 1 else _joined(each, earlier) for each in of_kind.values())
    return joined, tuple(earlier)


def _joined(found: Sequence[Piece], earlier: list[Any]) -> Piece:
    """Pieces of one kind as one; a log or a survey cannot be joined, and its last stands for all."""
    readings = [piece.reading for piece in found]
    if not all(isinstance(reading, Reading) for reading in readings):
        return found[-1]
    facts: list[Any] = []
    for reading in readings:
        before = list(facts)
        for fact in reading.facts:
            at = next((at for at, each in enumerate(before) if _is_same(each, fact, before)), None)
            if at is None:
                facts.append(fact)
            else:
                earlier.append(facts[at])
                facts[at] = _over(facts[at], fact)
    joined = replace(
        readings[-1],
        facts=tuple(facts),
        mended=tuple(each for reading in readings for each in reading.mended),
        unread=tuple(each for reading in readings for each in reading.unread),
    )
    text = replace(found[0].text, lines=tuple(line for piece in found for line in piece.text.lines))
    return replace(found[-1], text=text, reading=joined)


def _is_same(earlier: Any, later: Any, before: Sequence[Any]) -> bool:
    """True if two facts are about one thing on one server; without its server a fact fits any."""
    if type(earlier) is not type(later):
        return False
    if isinstance(later, Certificate):
        if not later.thumbprint or earlier.thumbprint != later.thumbprint:
            return False
        hosts = {host_name(each.server) for each in before if each.thumbprint == later.thumbprint} - {""}
        mine = host_name(later.server)
        return host_name(earlier.server) == mine or (len(hosts | {mine} - {""}) < 2)
    if isinstance(later, Queue):
        return bool(later.identity) and earlier.identity.casefold() == later.identity.casefold()
    if isinstance(later, SendConnector):
        if earlier.guid and later.guid:
            return bool(earlier.guid == later.guid)
        return not earlier.name_cut and not later.name_cut and same_name(earlier.name, later.name)
    if isinstance(later, LogFolder | MailTimeouts):
        return bool(later.server) and host_name(earlier.server) == host_name(later.server)
    return False


def host_name(server: str) -> str:
    """A server's name without its domain, as two outputs are compared by it."""
    return server.partition(".")[0].casefold()


def _over(earlier: Any, later: Any) -> Any:
    """The later fact, completed from the earlier one."""
    if isinstance(later, Queue):
        shows = any("lasterror" in line.text.casefold() for line in later.lines)
        if shows or later.last_error:
            return later
        return replace(
            later, last_error=earlier.last_error, as_written=earlier.as_written, remote_host=earlier.remote_host
        )
    return completed(later, earlier)
