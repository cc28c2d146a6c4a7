"""Recognises the kind of a text by its content alone."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from wizard.facts import Line
from wizard.reading import certificates, connectors, queues
from wizard.reading.events import event_spans, sentence_spans
from wizard.reading.healthchecker import health_spans
from wizard.reading.prompt import notice_spans, question_spans
from wizard.reading.residue import begins_a_row, delimited, names_a_file
from wizard.reading.store import store_spans
from wizard.reading.survey import is_the_command, shows_a_survey
from wizard.reading.text import MOST_CHARACTERS, QUOTE, Kind, Text, fold, is_command, loosely

MOST_LINES_OF_A_HALF = 4_000
"""The lines examined at either end."""


class Missing(enum.Enum):
    """The missing end of a text; the value is the cure."""

    FRONT = "It seems to be cut at its front: copy it again from its first line on."
    END = "It seems to be cut at its end: copy it again to its last line."


_LABEL = re.compile(r"([A-Za-z]\w{1,60})\s*:(?:\s|$)")

_TIME_OF_A_ROW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

_FIELDS = 8
"""Commas in a row of a protocol log, at least."""


def missing(text: Text, kind: Kind) -> tuple[Missing, Line] | None:
    """The missing end, with the line that shows it; None if the text may be whole."""
    lines = [line for line in text.lines if line.text.strip()]
    if not lines:
        return None
    if kind is Kind.SEND_LOG:
        return _of_log(lines)
    if kind in (Kind.CERTIFICATES, Kind.CONNECTORS, Kind.QUEUES):
        return _of_list(text, lines)
    if kind is Kind.PROMPT:
        return _of_prompt(lines)
    return None


def _of_log(lines: Sequence[Line]) -> tuple[Missing, Line] | None:
    """A log whose first line is the rest of a row, or whose last is the begin of one."""
    first, last = lines[0], lines[-1]
    if first.text.count(",") >= 2 and not begins_a_row(first.text) and not first.text.lstrip("\"'").startswith("#"):
        return Missing.FRONT, first
    if _TIME_OF_A_ROW.match(last.text) and last.text.count(",") < _FIELDS:
        return Missing.END, last
    return None


def _of_prompt(lines: Sequence[Line]) -> tuple[Missing, Line] | None:
    """The question without the certificates it is about."""
    whole = " ".join(line.text for line in lines).casefold()
    if "current certificate" not in whole and "replace it with" in whole:
        return Missing.FRONT, lines[0]
    if "current certificate" in whole and "replace it with" not in whole:
        return Missing.END, lines[-1]
    return None


def _of_list(text: Text, lines: Sequence[Line]) -> tuple[Missing, Line] | None:
    """A list that begins with the rest of a value, or whose first or last object has fewer properties than the others.

    Objects are compared only where there are three or more, of which all in the middle are alike.
    """
    first, last = lines[0], lines[-1]
    labelled = [line for line in lines[:50] if _LABEL.match(line.text)]
    if labelled and labelled[0] is not first and re.match(r"\s{8,}\S", first.text):
        return Missing.FRONT, first
    if labelled and last.text.count("{") > last.text.count("}") and _LABEL.match(last.text):
        return Missing.END, last
    objects = _objects(text.lines[:MOST_LINES_OF_A_HALF])
    if len(objects) < 3 or len(text.lines) > MOST_LINES_OF_A_HALF:
        return None
    usual = objects[1]
    if any(each != usual for each in objects[1:-1]):
        return None
    if len(objects[0]) < len(usual) and usual[-len(objects[0]) :] == objects[0]:
        return Missing.FRONT, first
    if len(objects[-1]) < len(usual) and usual[: len(objects[-1])] == objects[-1]:
        return Missing.END, last
    return None


def _objects(lines: Sequence[Line]) -> list[list[str]]:
    """The names of each object's properties, object by object."""
    objects: list[list[str]] = [[]]
    for line in lines:
        if not line.text.strip():
            if objects[-1]:
                objects.append([])
        elif label := _LABEL.match(line.text):
            objects[-1].append(label[1])
    return [each for each in objects if each]


MOST_LINES = 3000
"""The lines that show the kind; a log of any size takes the same time."""

MOST_OF_A_LINE = 4000

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z\s?,")

_ROW = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z\s?,"
    r"(?P<connector>[\"\u201c\u201d](?:[^\"\u201c\u201d]|\"\"){0,256}[\"\u201c\u201d]|[^,]{0,256}),"
    r"[0-9A-Fa-f]{16},\d{1,9},"
)

_LOG_TYPE = re.compile(r"(?i)^\s*#?\s*Log-type\s*:\s*SMTP (Send|Receive) Protocol Log")

_OTHER_LOG = re.compile(
    r"(?i)^\s*#\s*(?:Log-type\s*:(?!\s*(?:SMTP (?:Send|Receive) Protocol|Message Tracking) Log)"
    r"|Software\s*:\s*Microsoft (?:Internet Information Services|HTTP(?: Server)? API))"
)
"""A header of another log of Exchange, or of the web server; message tracking has the queue's words."""

_HEADER_LINES = 6

_LOG_FIELDS = re.compile(r"(?i)^\s*#?\s*Fields\s*:\s*date-time,connector-id,session-id,")

_HEADER = re.compile(r"(?i)\s*#\s*(?:Software|Version|Log-type|Date|Fields)\s*:")

_LOG_WORDS = re.compile(
    r",(?:\"?TLS negotiation failed with error |\"?TLS protocol \w{1,60} negotiation succeeded|Sending certificate)"
)

ERROR = re.compile(
    rf"(?i){loosely('special Rpc error occurs')}|{loosely('is not valid for use with Exchange Server')}"
    rf"|{loosely('Insufficient rights to grant Network Service access')}|{loosely('Keyset does not exist')}"
    rf"|{loosely('0xe0434352')}|{loosely('tagged with following Send Connector')}|\+\s*CategoryInfo\s*:"
    rf"|FullyQualifiedErrorId\s*:"
    rf"|{loosely('The term')}\s*{QUOTE}[^'\"]{{1,120}}{QUOTE}\s*{loosely('is not recognized')}"
    rf"|{loosely('certificate with thumbprint')}.{{0,90}}?{loosely('was not found')}"
)

_NAME_IN_LIST = re.compile(r"[\s>]*([A-Za-z]\w{1,60})\s+:(?:\s|$)")

_NAME_IN_JSON = re.compile(r"[\"\u201c]([A-Za-z]\w{1,60})[\"\u201d]\s*:")

_NAME_IN_XML = re.compile(r" N=\"([A-Za-z]\w{1,60})\"")

_WORD = re.compile(r"[A-Za-z]\w{1,60}")

_FOLDER = frozenset({"sendprotocollogpath"})

_MARKS: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Kind.LOG_FOLDERS, _FOLDER),
    (Kind.QUEUES, queues.PROPERTIES | queues.TRACKING),
    (Kind.CERTIFICATES, certificates.PROPERTIES),
    (Kind.CONNECTORS, connectors.PROPERTIES),
    (Kind.TIMEOUTS, connectors.TIMEOUTS),
)


_BEFORE_ERRORS: tuple[tuple[Kind, Callable[[Sequence[Line]], Iterator[tuple[int, int]]]], ...] = (
    (Kind.HEALTH, health_spans),
    (Kind.STORE, store_spans),
    (Kind.PROMPT, question_spans),
)


def recognise(text: Text) -> Kind:
    """The kind of a text. Examines the first lines only and never fails: unknown text is NOTHING."""
    lines = _head(text)
    if not lines:
        return Kind.NOTHING
    if kind := _log(lines):
        return kind
    folded = fold(lines).text
    # Before errors: a survey has those of servers that did not answer among its records.
    if shows_a_survey(folded):
        return Kind.SURVEY
    for kind, spans in _BEFORE_ERRORS:
        if next(spans(lines), None):
            return kind
    if ERROR.search(folded):
        return Kind.CMDLET_ERROR
    if next(notice_spans(lines), None):
        return Kind.NOTICE
    output = [line for line in lines if not is_command(line.text)]
    if not output or is_the_command(folded):
        return Kind.COMMAND
    return _listing(output) or _bare(output)


def _head(text: Text) -> list[Line]:
    """The first lines that are not blank, each of them shortened."""
    lines: list[Line] = []
    left = MOST_CHARACTERS
    for line in islice(text.lines, MOST_LINES):
        shown = line.text[:MOST_OF_A_LINE]
        if shown.strip():
            lines.append(Line(shown, line.number, line.source))
            left -= len(shown)
        if left <= 0:
            break
    return lines


def is_of_a_log(line: str) -> bool:
    """True if a line is a protocol log's header, or holds a row."""
    if _TIME.match(line) or _HEADER.match(line):
        return True
    rows = any(_ROW.match(line, time.start()) for time in islice(_TIME.finditer(line[:MOST_OF_A_LINE]), 20))
    return rows or begins_a_row(line[:MOST_OF_A_LINE])


def _log(lines: Sequence[Line]) -> Kind | None:
    """The kind of a protocol log: by its header, otherwise by the connectors of most rows."""
    if any(_OTHER_LOG.match(line.text) for line in lines[:_HEADER_LINES]) and _HEADER.match(lines[0].text):
        return Kind.OTHER_LOG
    send = receive = 0
    hints = False
    for line in lines:
        if header := _LOG_TYPE.match(line.text):
            return Kind.SEND_LOG if header[1].casefold() == "send" else Kind.RECEIVE_LOG
        for time in islice(_TIME.finditer(line.text), 20):
            if row := _ROW.match(line.text, time.start()):
                # A receive log names its connector SERVER\Connector; a Send connector's name has no backslash.
                receive += "\\" in row["connector"]
                send += "\\" not in row["connector"]
        send += bool(delimited(line.text)) or names_a_file(line.text)
        hints = hints or bool(_LOG_FIELDS.match(line.text) or _LOG_WORDS.search(line.text))
    if receive > send:
        return Kind.RECEIVE_LOG
    return Kind.SEND_LOG if send or hints else None


def _listing(lines: Sequence[Line]) -> Kind | None:
    """Whose properties are named most, in whatever form the objects are printed."""
    names = {name.casefold() for line in lines for name in _names(line.text)}
    counts = [(len(names & marks), kind) for kind, marks in _MARKS]
    if counts[0][0]:
        return Kind.LOG_FOLDERS
    most = max(count for count, _ in counts)
    if most:
        return next(kind for count, kind in counts if count == most)
    return Kind.CONNECTORS if names & {"name", "identity"} and names & {"guid", "enabled", "fqdn"} else None


def _names(text: str) -> Iterable[str]:
    """The property names on a line: a label of a list, keys of JSON or CLIXML, or the words of a header."""
    if found := _NAME_IN_LIST.match(text):
        return (found[1],)
    if keys := _NAME_IN_JSON.findall(text) or _NAME_IN_XML.findall(text):
        return keys
    words = [word.strip('"\u201c\u201d') for part in text.split() for word in part.replace(";", ",").split(",")]
    return words if all(_WORD.fullmatch(word) for word in words) else ()


def _bare(lines: Sequence[Line]) -> Kind:
    """The kind of rows without a header, or of a value alone."""
    if next(event_spans(lines), None):
        return Kind.EVENT
    few = Text(tuple(lines[:200]))
    if certificates.read_certificates(few).facts:
        return Kind.CERTIFICATES
    if queues.read_queues(few).facts:
        return Kind.QUEUES
    if connectors.read_log_folders(few).facts:
        return Kind.LOG_FOLDERS
    return Kind.SENTENCE if next(sentence_spans(lines), None) else Kind.NOTHING
