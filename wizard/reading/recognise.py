"""What a pasted text is, by its content alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from wizard.facts import Line
from wizard.reading import certificates, connectors, queues
from wizard.reading.console import QUOTE, fold, is_command, loosely
from wizard.reading.kind import MOST_CHARACTERS, Kind
from wizard.reading.survey_records import is_the_command, shows_a_survey
from wizard.reading.text import Text

MOST_LINES = 3000
"""What a text is shows in its first lines; a log of any size is recognised in the same time."""

MOST_OF_A_LINE = 4000


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z\s?,")
_ROW = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z\s?,"
    r"(?P<connector>[\"\u201c\u201d](?:[^\"\u201c\u201d]|\"\"){0,256}[\"\u201c\u201d]|[^,]{0,256}),"
    r"[0-9A-Fa-f]{16},\d{1,9},"
)
_LOG_TYPE = re.compile(r"(?i)^\s*#?\s*Log-type\s*:\s*SMTP (Send|Receive) Protocol Log")
_LOG_FIELDS = re.compile(r"(?i)^\s*#?\s*Fields\s*:\s*date-time,connector-id,session-id,")
_LOG_WORDS = re.compile(
    r",(?:\"?TLS negotiation failed with error |\"?TLS protocol \w{1,60} negotiation succeeded|Sending certificate)"
)
_PROMPT = re.compile(
    rf"(?i){loosely('existing default SMTP certificate')}|{loosely('Replace it with certificate:')}"
    rf"|{loosely('Current certificate:')}\s*{QUOTE}\s*[0-9A-F]"
)
_ERROR = re.compile(
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
    (Kind.QUEUES, queues.PROPERTIES),
    (Kind.CERTIFICATES, certificates.PROPERTIES),
    (Kind.CONNECTORS, connectors.PROPERTIES),
)


def recognise(text: Text) -> Kind:
    """What a text is. Looks at its first lines only and never fails: what it does not know is NOTHING."""
    lines = _head(text)
    if not lines:
        return Kind.NOTHING
    if kind := _log(lines):
        return kind
    folded = fold(lines).text
    # Before errors: a survey has those of servers that did not answer among its records.
    if shows_a_survey(folded):
        return Kind.SURVEY
    if _PROMPT.search(folded):
        return Kind.PROMPT
    if _ERROR.search(folded):
        return Kind.CMDLET_ERROR
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


def _log(lines: Sequence[Line]) -> Kind | None:
    """Which protocol log it is: by its header, else by what most rows have for a connector."""
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
    """What rows without a header, or a value alone, belong to."""
    few = Text(tuple(lines[:200]))
    if certificates.read_certificates(few).facts:
        return Kind.CERTIFICATES
    if queues.read_queues(few).facts:
        return Kind.QUEUES
    return Kind.LOG_FOLDERS if connectors.read_log_folders(few).facts else Kind.NOTHING
