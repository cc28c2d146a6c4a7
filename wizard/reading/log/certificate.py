"""Reads the certificates of a protocol log, in all four layouts, and their owners.

Only a header row of the same session tells the owner. If rows are missing after a header, it may be another
certificate's: then the certificate is nobody's, and no command will ever name it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from wizard.facts import THUMBPRINT_DIGITS, Layout, Line, LoggedCertificate, Whose
from wizard.reading.log.rows import ATTRIBUTES, SEAM, Row, attribute, header
from wizard.reading.text import read_thumbprint

Say = Callable[[Line, str], None]
"""Notes a repair of a line, or why a value was dropped."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,16}Z?")

_HEX = re.compile(r"[0-9A-Fa-f]+")

_LONG_HEX = re.compile(r"[0-9A-Fa-f]{16}")

_WHOLE = re.compile(rf"[0-9A-Fa-f]{{{THUMBPRINT_DIGITS}}}")

_GLUED = re.compile(rf"([0-9A-F]{{{THUMBPRINT_DIGITS}}}|[0-9a-f]{{{THUMBPRINT_DIGITS}}})(?![0-9A-Fa-f])[^\s*.…#]")

_QUOTED = re.compile(r'"[^"]*"')

_NAME_KEY = r"(?:CN|OU|O|L|S|ST|C|E|DC|STREET|T|G|SN|I|SERIALNUMBER|OID\.[0-9.]+|[0-9]+(?:\.[0-9]+)+)="

_NAME_BEGINS = re.compile(rf"(?<=[^,+;\s])\s+(?={_NAME_KEY})")

_SEAM_IN_NAME = re.compile(rf"{SEAM}(?={_NAME_KEY})|(?<=,){SEAM}(?=[A-Z])")

_FEWEST_SERIAL_DIGITS = 8

_thumbprint = lru_cache(maxsize=1024)(read_thumbprint)


@dataclass(slots=True)
class Seen:
    """A certificate while its rows are read. `whose` is None until a header tells.

    `base` is the sequence-number its header row has or would have, `last` that of its last row.
    """

    whose: Whose | None
    base: int
    last: int
    rows: list[Row]
    one_line: str = ""
    dated: bool = False
    values: dict[str, str] = field(default_factory=dict)

    def takes(self, name: str, sequence: int) -> bool:
        """True if an attribute row is surely this certificate's: next in line, or exactly in its place."""
        if self.one_line or name in self.values:
            return False
        return sequence in {self.last + 1, self.base + ATTRIBUTES[name]}

    def built(self, mended: Say, unread: Say) -> LoggedCertificate:
        """The certificate as a fact; without a header, as OURS."""
        if self.one_line:
            return _from_one_line(self, unread)
        return _from_rows(self, mended, unread)


def certificates_in(rows: Iterable[Row]) -> list[Seen]:
    """The certificates in a session's rows, which come in the order of their sequence-numbers."""
    seen: list[Seen] = []
    for row in rows:
        number = row.sequence
        if begins := header(row.context):
            whose = Whose.OURS if begins[0] == "sending" else Whose.THEIRS
            one_line = (row.data or " ") if begins[1] else ""
            seen.append(Seen(whose, number, number, [row], one_line, "not before" in begins[1].casefold()))
        elif name := attribute(row.context):
            if not (seen and seen[-1].takes(name, number)):
                seen.append(Seen(None, number - ATTRIBUTES[name], number, []))
            seen[-1].rows.append(row)
            seen[-1].values[name] = row.data
            seen[-1].last = number
    return seen


def _from_rows(seen: Seen, mended: Say, unread: Say) -> LoggedCertificate:
    """A certificate with attributes in rows of their own; with only a thumbprint row, the short layout."""
    values = seen.values
    written = values.get("certificate thumbprint", "").replace(SEAM, "").strip()
    thumbprint = None
    for row in seen.rows:
        if attribute(row.context) == "certificate thumbprint":
            thumbprint = _row_thumbprint(row, written, mended)
    only = set(values) == {"certificate thumbprint"}
    first = seen.rows[0].line
    subject, issuer = (
        _name_value(values.get(name, "").strip(), what, first, unread)
        for name, what in (("certificate subject", "subject"), ("certificate issuer name", "issuer"))
    )
    return LoggedCertificate(
        whose=seen.whose or Whose.OURS,
        layout=Layout.THUMBPRINT_ONLY if only else Layout.ROWS,
        thumbprint=thumbprint,
        thumbprint_as_written=written,
        subject=subject,
        issuer=issuer,
        serial=values.get("certificate serial number", "").replace(SEAM, "").strip(),
        names=_names(values.get("certificate alternate names", "")),
        header_seen=seen.whose is not None,
        lines=_lines(seen),
    )


def _row_thumbprint(row: Row, written: str, mended: Say) -> str | None:
    """The thumbprint of its own row: 40 hex digits and no possible digit beside them."""
    reading = _thumbprint(written)
    if reading.thumbprint:
        if reading.stripped:
            mended(row.line, "took away from the thumbprint: " + ", ".join(reading.stripped))
        return reading.thumbprint
    if not reading.masked and (glued := _GLUED.match(written)):
        mended(row.line, "took away the text that stuck to the thumbprint")
        return glued[1].upper()
    return None


def _from_one_line(seen: Seen, unread: Say) -> LoggedCertificate:
    """A certificate on one line, read from the right: names, dates, thumbprint, serial, then both names."""
    first = seen.rows[0].line
    text = _joined_hex(seen.one_line)
    tokens = list(re.finditer(r"\S+", text.replace(SEAM, " ")))
    words = [token[0] for token in tokens]
    place = _thumbprint_place(words)
    dates = _dates(words)
    if place is None:
        at = _written_place(words, dates)
        written = words[at] if at is not None else ""
        head_end, serial = (tokens[at - 1].start(), words[at - 1]) if at and _serial_like(words[at - 1]) else (None, "")
    else:
        at, written, serial = place, words[place], words[place - 1]
        head_end = tokens[place - 1].start()
    after = (at + 1 if at is not None else len(words)) + (2 if dates is not None else 0)
    subject, issuer = _split_names(text[:head_end].strip() if head_end is not None else "")
    return LoggedCertificate(
        whose=seen.whose or Whose.OURS,
        layout=Layout.ONE_LINE_DATED if seen.dated or dates is not None else Layout.ONE_LINE,
        thumbprint=words[place].upper() if place is not None else None,
        thumbprint_as_written=written,
        subject=_name_value(subject, "subject", first, unread),
        issuer=_name_value(issuer, "issuer", first, unread),
        serial=serial,
        not_before=words[dates] if dates is not None else None,
        not_after=words[dates + 1] if dates is not None else None,
        names=_names(text[tokens[after].start() :]) if after < len(words) else (),
        lines=_lines(seen),
    )


def _joined_hex(text: str) -> str:
    """Close each wrap between hex digits, or open it at the edge of a whole thumbprint.

    An ambiguous wrap stays a seam, and a seam never makes a thumbprint.
    """
    pieces = text.split(SEAM)
    joined = [pieces[0]]
    for piece in pieces[1:]:
        left = re.search(r"[0-9A-Fa-f]{0,64}$", joined[-1][-64:])
        right = re.match(r"[0-9A-Fa-f]{0,64}", piece)
        digits = (len(left[0]) if left else 0, len(right[0]) if right else 0)
        if all(digits) and sum(digits) == THUMBPRINT_DIGITS:
            joined[-1] += piece
        elif THUMBPRINT_DIGITS in digits and all(digits):
            joined[-1] += " "
            joined.append(piece)
        else:
            joined[-1] += SEAM
            joined.append(piece)
    return "".join(joined)


def _dates(words: list[str]) -> int | None:
    """The index of the first of the two dates, the last such pair in the line; None without dates."""
    pairs = (n for n in range(len(words) - 2, 0, -1) if _DATE.fullmatch(words[n]) and _DATE.fullmatch(words[n + 1]))
    return next(pairs, None)


def _thumbprint_place(words: list[str]) -> int | None:
    """The index of the certain thumbprint: 40 hex digits, a serial number before, dates or names after.

    A serial number can have 40 digits too. If the thumbprint itself is masked, cut or broken, neither a date nor a name
    follows the serial number, and nothing is taken.
    """
    dates = _dates(words)
    end = len(words) if dates is None else dates
    whole = (n for n in range(end - 1, 0, -1) if _WHOLE.fullmatch(words[n]))
    place = next(whole, None)
    if place is None or not _serial_like(words[place - 1]):
        return None
    if dates is not None:
        return place if place == dates - 1 else None
    after = words[place + 1 :]
    if after and (_LONG_HEX.match(after[0]) or read_thumbprint(after[0]).masked):
        return None
    if len(after) > 1 and _HEX.fullmatch(after[0]):
        return None
    return place


def _serial_like(word: str) -> bool:
    """True if the word can be a certificate's serial number: whole bytes in hex, or a mask over them."""
    if read_thumbprint(word).masked:
        return "=" not in word
    return len(word) >= _FEWEST_SERIAL_DIGITS and len(word) % 2 == 0 and _HEX.fullmatch(word) is not None


def _written_place(words: list[str], dates: int | None) -> int | None:
    """The index of a masked or broken thumbprint: before the dates, or the last such word; None without one."""
    if dates is not None:
        return dates - 1 if dates else None
    for place in range(len(words) - 1, max(len(words) - 4, 0), -1):
        if "=" not in words[place] and (_LONG_HEX.match(words[place]) or read_thumbprint(words[place]).masked):
            return place
    return None


def _split_names(text: str) -> tuple[str, str]:
    """Subject and issuer, which the log joins without a mark; all in the subject if the border is uncertain.

    A border is the beginning of a name without a comma or plus sign before it, outside quotation marks.
    """
    text = _SEAM_IN_NAME.sub(" ", text)
    half = len(text) // 2
    if len(text) % 2 and text[half] == " " and text[:half] == text[half + 1 :]:
        return text[:half], text[:half]
    borders = list(_NAME_BEGINS.finditer(_QUOTED.sub(lambda quoted: "q" * len(quoted[0]), text)))
    if len(borders) == 1:
        return text[: borders[0].start()], text[borders[0].end() :]
    return text, ""


def _name_value(value: str, what: str, line: Line, unread: Say) -> str:
    """A subject or issuer, or nothing if a wrap may have lost a blank inside it."""
    if SEAM not in value or SEAM not in (value := _SEAM_IN_NAME.sub(" ", value)):
        return value
    unread(line, f"the certificate's {what} is broken over two lines, and whether a blank stood there is not known")
    return ""


def _names(text: str) -> tuple[str, ...]:
    """The alternate names: DNS names, so a wrap lost no blank inside them."""
    return tuple(name for part in text.replace(SEAM, "").split(";") if (name := part.strip()))


def _lines(seen: Seen) -> tuple[Line, ...]:
    """A certificate's original lines."""
    return tuple(line for row in seen.rows for line in row.lines)
