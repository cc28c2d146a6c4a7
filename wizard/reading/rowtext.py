"""The text of a protocol log's row: its nine fields, and what was done to them on the way here.

Nothing here knows of files or of the rows before: each function takes text and says what it is.
What is undone is undone only where the row itself shows what stood there (LOG; RFC 4180).
"""

from __future__ import annotations

import csv
import re
from contextlib import suppress

from wizard.reading.contexts import is_information, is_whole, joined_context

SEAM = "\x1e"
"""Stands in a value where a wrapped row was joined and a blank may or may not have stood there."""

FIELDS = 9
_EVENTS = frozenset("+-<>*")
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?Z"
_FIELD = r'"[^"]*(?:""[^"]*)*"|[^,"]*'
ROW = re.compile(
    rf"({_TIME}),({_FIELD}),([0-9A-Fa-f]{{16}}),([0-9]{{1,9}}),[^,\"]*,([^,\"]*),([-+<>*]),({_FIELD}),({_FIELD})"
)
STARTS = re.compile(rf"{_TIME},")
STARTS_INSIDE = re.compile(
    rf'{_TIME},(?:"[^"]{{0,256}}(?:""[^"]{{0,256}}){{0,8}}"|[^,"]{{0,256}}),[0-9A-Fa-f]{{16}},[0-9]{{1,9}},'
)
_SESSION = re.compile(r"[0-9A-Fa-f]{16}")
_SEQUENCE = re.compile(r"[0-9]{1,9}")
_IN_FRONT = re.compile(r"(?:[\s>|•·▪◦*+-]|\(?[0-9]{1,6}[.):])++")
_FILE_IN_FRONT = re.compile(r"(?i)\s*[^,\"\n]{1,260}?\.(?:log|txt):(?:[0-9]{1,9}:)?")
HEADER = re.compile(
    r"(?i)#\s*(?:Software|Version|Log-type|Date|Fields)\s*:"
    r"|Software: Microsoft Exchange|Version: [0-9]+\.[0-9.]+\s*$"
    r"|Log-type: SMTP|Fields: date-time,|Date: [0-9]{4}-[0-9-]{5}T"
)
LOG_TYPE = re.compile(r"(?i)Log-type\s*:\s*SMTP (Send|Receive) Protocol Log")
FIELD_NAMES = "date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context"
_CURLY = "“”„‟″"
_CURLY_DELIMITER = re.compile(
    rf"(?<=,)[{_CURLY}]|[{_CURLY}](?=\s*(?:,|$))|(?<=[{_CURLY}])[{_CURLY}]|[{_CURLY}](?=[{_CURLY}])"
)
_CURLY_PAIR = re.compile(rf"[{_CURLY}]{{2}}")


class NoRow(ValueError):
    """A text that is no row of a protocol log; the message says why, in words for the reader of the log."""


def bare(field: str) -> str:
    """A field without its quotation marks."""
    return field[1:-1].replace('""', '"') if field[:1] == '"' else field


def row_of(text: str) -> tuple[list[str], str]:
    """The nine fields of a row and what was mended in them, empty for nothing.

    Raises:
        NoRow: the fields are no row; the message says why.
    """
    try:
        return _checked(_parsed(text))
    except NoRow as reason:
        why = reason
    for straightened in (straight(text), _CURLY_PAIR.sub('"', text)):
        if straightened != text:
            with suppress(NoRow):
                fields, what = _checked(_parsed(straightened))
                return fields, what or "took curly quotation marks for the ones around fields"
    raise why


def is_row(text: str) -> bool:
    """Whether the text is a row whose end can lack nothing."""
    try:
        fields, _ = row_of(text)
    except NoRow:
        return False
    return is_whole(joined_context(fields[8], SEAM), fields[7])


def _parsed(text: str) -> list[str]:
    """The fields of one row after RFC 4180."""
    try:
        return next(csv.reader((text,), strict=True), [])
    except csv.Error:
        if text.count('"') % 2:
            raise NoRow("a quotation mark opens a field of this row and never closes it") from None
        raise NoRow("the quotation marks of this row do not fit its fields") from None


def _checked(fields: list[str]) -> tuple[list[str], str]:
    """The fields, nine and each of its kind, and what was mended."""
    fields, what = _mended_fields(fields)
    if len(fields) < FIELDS:
        raise NoRow(f"the row has {len(fields)} of its nine fields: it is cut off")
    if len(fields) > FIELDS:
        raise NoRow(f"the row has {len(fields)} fields instead of nine")
    fields[2:6] = (field.replace(SEAM, "").strip() for field in fields[2:6])
    if not _SESSION.fullmatch(fields[2]):
        raise NoRow("the session-id is not 16 hex digits: a spreadsheet may have changed it, take the original file")
    if not _SEQUENCE.fullmatch(fields[3]):
        raise NoRow("the sequence-number is no number")
    if fields[6] not in _EVENTS:
        raise NoRow("the event is none of + - > < *")
    return fields, what


def _mended_fields(fields: list[str]) -> tuple[list[str], str]:
    """Nine fields again, where the event's star or the endpoints were eaten, and what was done."""
    count = len(fields)
    if count == FIELDS and not fields[6].strip() and is_information(joined_context(fields[8], SEAM)):
        return [*fields[:6], "*", *fields[7:]], "put back the star of an information row"
    if count in {FIELDS - 1, FIELDS - 2} and fields[count - 3] in _EVENTS:
        return [*fields[:4], "", "", *fields[-3:]], "put back the empty endpoint fields"
    if count == FIELDS - 1 and fields[6] not in _EVENTS and is_information(joined_context(fields[7], SEAM)):
        return [*fields[:6], "*", *fields[6:]], "put back the star of an information row"
    return list(fields), ""


def in_front(text: str) -> tuple[str, str]:
    """What stands in front of a row or header on this line, and in words what it is; empty if nothing does."""
    found = _IN_FRONT.match(text)
    if found and (STARTS.match(text, found.end()) or HEADER.match(text, found.end())):
        prefix = found[0]
        if ">" in prefix or "|" in prefix:
            return prefix, "removed quote marks in front of the row"
        if any(c.isdigit() for c in prefix):
            return prefix, "removed the list number in front of the row"
        return prefix, "removed the list mark in front of the row" if prefix.strip() else "removed the indentation"
    if not STARTS.match(text) and (found := _FILE_IN_FRONT.match(text)) and STARTS_INSIDE.match(text, found.end()):
        return found[0], "removed the file name that a search put in front of the row"
    return "", ""


def straight(text: str) -> str:
    """The text with straight quotation marks where curly ones stand around fields; of the same length."""
    return text if text.isascii() else _CURLY_DELIMITER.sub('"', text)


def split_rows(text: str) -> list[str]:
    """The rows that stand on one line. A row start inside a quoted field is the partner's words, not a row."""
    if _CURLY_PAIR.search(text):
        return [text]
    quoting = straight(text)
    cuts, quotes, last = [0], 0, 0
    for start in STARTS_INSIDE.finditer(quoting):
        quotes += quoting.count('"', last, start.start())
        last = start.start()
        if last and quotes % 2 == 0:
            cuts.append(last)
    return [text[begin:end].rstrip() for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def count_commas(text: str, quoted: bool) -> tuple[int, bool]:
    """How many commas stand outside quotation marks, and whether the text ends inside them."""
    parts = text.split('"')
    return sum(part.count(",") for part in parts[int(quoted) :: 2]), quoted ^ (len(parts) % 2 == 0)


def seam(before: str, after: str, quoted: bool) -> tuple[str, str, str]:
    """Both sides of a wrap and what belongs between: nothing, or `SEAM` where a blank may have stood."""
    left, right = before.rstrip(), after.lstrip()
    blanks = len(before) - len(left), len(after) - len(right)
    if blanks == (1, 0) or not left or not right:
        return before, "", after
    if not quoted and (left[-1] in ',"' or right[0] == ","):
        return left, "", right
    if quoted and (left.endswith(',"') or (right[0] == '"' and right[1:2] != '"')):
        return left, "", right
    return left, SEAM, right
