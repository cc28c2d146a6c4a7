"""Cleans bytes or a paste into lines, with a list of the repairs.

Only unambiguous damage is repaired: encodings, line ends, invisible marks, and a copied shell prompt. Anything that
could change a thumbprint, a name or a certificate's owner stays unchanged.
"""

from __future__ import annotations

import codecs
import enum
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TypeVar

from wizard.facts import Line, Mended
from wizard.reading.codepages import read_as, read_page
from wizard.reading.passwords import without_passwords

ELLIPSES = ("\u2026", "...")
"""The end of a cut value in PowerShell 7 and Windows PowerShell 5.1."""

QUOTE = "['\"`\u2018\u2019\u201a\u201b\u201c\u201d\u201e]"
"""A regular expression for one quote, straight or as web pages and word processors curl it."""

_COMMAND = re.compile(
    r"(?i)\s*(?:PS>|>>?)?\s*(?:[\w$(.\[\]]{0,40}\s*=\s*)?\(?"
    r"(?:Get|Set|Enable|Disable|New|Remove|Import|Export|Retry|Resume|Restart|Start|Stop|Test|Update|Add|Select|Where)"
    r"[-\u2010-\u2015][A-Za-z]{3,60}(?![\w:-])"
)


def cells(text: str) -> int:
    """The console columns of a text: two for each wide East Asian character."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)


def is_command(line: str) -> bool:
    """True for a cmdlet call, typed or echoed, as opposed to a cmdlet's output."""
    found = _COMMAND.match(line[:200])
    if not found:
        return False
    after = line[found.end() :].lstrip()
    return not after.startswith((":", "wurde", "is not recognized"))


def loosely(words: str) -> str:
    """A regular expression for words that a console may have wrapped anywhere, even inside a word."""
    return r"\s*".join(re.escape(character) for character in words if not character.isspace())


def _squeezed(words: str) -> str:
    return "".join(words.lower().split())


_squeezed_words = cache(_squeezed)

_Rule = TypeVar("_Rule")


@dataclass(frozen=True, slots=True)
class Folded:
    """Lines as one string: every run of white space is one blank, and so is every line end."""

    text: str
    lines: tuple[Line, ...]
    starts: tuple[int, ...]

    def with_words(self, rules: Iterable[tuple[_Rule, Iterable[str]]]) -> Iterator[_Rule]:
        """The rules of whose words some stand here, wrapped anywhere or not: searching for the others is in vain."""
        squeezed = _squeezed(self.text)
        yield from (rule for rule, words in rules if any(_squeezed_words(each) in squeezed for each in words))

    def lines_of(self, start: int, end: int) -> tuple[Line, ...]:
        """The lines of the characters from `start` up to, not including, `end`."""
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = bisect_right(self.starts, max(end - 1, start))
        return self.lines[first:last]


def fold(lines: Iterable[Line]) -> Folded:
    """Fold the non-blank lines into one string that knows the line of each character."""
    pieces: list[str] = []
    kept: list[Line] = []
    starts: list[int] = []
    length = 0
    for line in lines:
        piece = " ".join(line.text.split())
        if piece:
            pieces.append(piece)
            kept.append(line)
            starts.append(length)
            length += len(piece) + 1
    return Folded(" ".join(pieces), tuple(kept), tuple(starts))


MOST_CHARACTERS = 400_000
"""The characters at the beginning of a text that decide its kind."""


class Kind(enum.Enum):
    """The kind of a text; the value is a person's name for it."""

    SEND_LOG = "a Send protocol log"
    RECEIVE_LOG = "a Receive protocol log"
    OTHER_LOG = "another log, neither a Send nor a Receive protocol log; Send logs lie in a folder named SmtpSend"
    QUEUES = "queues, or a queue's LastError"
    CONNECTORS = "Send connectors"
    CERTIFICATES = "certificates"
    LOG_FOLDERS = "log folders of transport services"
    SURVEY = "a survey of connectors, certificates and log folders"
    PROMPT = "the question about the default SMTP certificate"
    NOTICE = "another question or a warning of a cmdlet"
    CMDLET_ERROR = "an error of a cmdlet"
    TIMEOUTS = "how long the servers' queues keep mail"
    DEFAULT = "which certificate is the default"
    HEALTH = "a report of HealthChecker"
    EVENT = "an event of a server"
    STORE = "certificates of the computer's store, as certutil prints them"
    SENTENCE = "the log's sentence without its row"
    COMMAND = "a command, not its output"
    NOTHING = "nothing this wizard knows"

    @property
    def noun(self) -> str:
        """The kind in words, to stand in a sentence: `a Send protocol log`."""
        return self.value


_DIGITS = re.compile(r"([0-9]+)")


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """A key that sorts runs of digits by their value and the rest without regard to case."""
    return tuple(
        (0, int(piece)) if piece[0] in "0123456789" else (1, piece) for piece in _DIGITS.split(name.casefold()) if piece
    )


MOST_BYTES = 64 * 1024 * 1024
"""The largest single paste or file; a larger log belongs to the folder reader."""

INVISIBLE = {
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark",
    "\u202a": "left-to-right embedding",
    "\u202b": "right-to-left embedding",
    "\u202c": "pop directional formatting",
    "\u202d": "left-to-right override",
    "\u202e": "right-to-left override",
    "\u2060": "word joiner",
    "\u2066": "left-to-right isolate",
    "\u2067": "right-to-left isolate",
    "\u2068": "first strong isolate",
    "\u2069": "pop directional isolate",
    "\ufeff": "byte order mark",
}
"""Invisible marks that the certificate dialog and web pages leave in a copy."""

_SHELL_PROMPT = re.compile(
    # On a share the folder follows its provider: Microsoft.PowerShell.Core\FileSystem::\\EX2\D$
    r"^\s*(?:\[[\w.\-]{1,64}\]:?\s*)?"
    r"(?:PS(?: +[^>\n]{1,260})?|(?:[A-Za-z]:|[\w.]{1,64}\\\w{1,64}::\\)\\[^>\n]{0,260})>\s?"
)

_TIME_OF_A_ROW = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:")
"""grep's output begins with a folder too, and continues with a row that may have a `>`."""

_ESCAPE_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]+[0-~]|[@-Z\\-_])")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_INVISIBLE_AT_START = re.compile("^[" + "".join(INVISIBLE) + "]+")


def shell_prompt(line: str) -> int:
    """The length of a shell's prompt on the line; 0 without one."""
    found = _SHELL_PROMPT.match(line) if ">" in line else None
    return found.end() if found and not _TIME_OF_A_ROW.search(found[0]) else 0


class Refused(ValueError):
    """A text that cannot be read at all; the message is a sentence for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of evidence as lines. `source` names it in every claim: `paste`, or a file's name.

    `prompted` are the numbers of the lines that a shell's prompt was taken from, each with its length before.
    """

    lines: tuple[Line, ...]
    source: str = "paste"
    mended: tuple[Mended, ...] = ()
    prompted: Mapping[int, int] = field(default_factory=dict, compare=False)

    @property
    def whole(self) -> str:
        """The lines joined with line feeds."""
        return "\n".join(line.text for line in self.lines)

    @property
    def blank(self) -> bool:
        """True if there is only white space."""
        return not any(line.text.strip() for line in self.lines)


_NOT_BINARY = bytes([*b"\t\r\n\x0c\x1b", *range(32, 256)])


def decode(content: bytes, source: str = "file") -> tuple[str, str | None]:
    """The text of a file and, if it was not plain UTF-8, its encoding.

    Knows UTF-8 with and without a byte order mark, UTF-16 both ways with one or without (NUL bytes in every other place
    give it away), and Windows-1252 as the last resort.

    Raises:
        Refused: the content is no text, such as a PFX file, a picture or an archive.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            text = content[len(mark) :].decode(encoding, errors="replace")
            return text, None if encoding == "utf-8" else encoding.upper()
    head = content[:4096]
    zeros_even, zeros_odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if zeros_odd > half * 0.4 and zeros_even < half * 0.1:
        return content.decode("utf-16-le", errors="replace"), "UTF-16-LE"
    if zeros_even > half * 0.4 and zeros_odd < half * 0.1:
        return content.decode("utf-16-be", errors="replace"), "UTF-16-BE"
    if 0 in head.rstrip(b"\x00") and (wide := _wide_encoding(head)):
        return content.decode(wide, errors="replace"), wide.upper()
    if len(head.rstrip(b"\x00").translate(None, _NOT_BINARY)) > len(head) * 0.05:
        raise Refused(
            f"{source} is not text: it holds binary data (a certificate file, a picture or an archive?). "
            "Open the log or the saved output itself."
        )
    content = content.rstrip(b"\x00")
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        text = content.decode("utf-8", errors="replace")
        # A log that is still being written can end in the middle of a letter, and a partner's reply can
        # hold a byte of any encoding: neither makes the rest another encoding.
        if error.reason == "unexpected end of data" or _mostly_whole(text):
            return text, None
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _mostly_whole(text: str) -> bool:
    """True if text read as UTF-8 has more letters outside ASCII than damaged places."""
    damaged = text.count("\ufffd")
    return len(text) - damaged - len(text.encode("ascii", errors="ignore")) > damaged


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 of a script whose letters have no NUL byte, such as Cyrillic: its blanks and line ends give it away."""
    even = head[: len(head) // 2 * 2]
    for encoding, blanks in (("utf-16-le", (b" \x00", b"\n\x00")), ("utf-16-be", (b"\x00 ", b"\x00\n"))):
        if not any(even[place : place + 2] in blanks for place in range(0, len(even), 2)):
            continue
        text = even.decode(encoding, errors="replace")
        if sum(character.isprintable() or character in "\r\n\t" for character in text) >= len(text) * 0.98:
            return encoding
    return None


def clean(content: str | bytes, source: str = "paste") -> Text:
    """The content as clean lines; the repairs are in `mended`.

    Raises:
        Refused: larger than `MOST_BYTES`, or no text at all.
    """
    if len(content) > MOST_BYTES:
        raise Refused(
            f"{source} is larger than {MOST_BYTES // (1024 * 1024)} MB. "
            "Open the folder it lies in instead, or paste only the rows of one session."
        )
    mended: list[Mended] = []
    if isinstance(content, bytes):
        text, encoding = decode(content, source)
        if encoding == "Windows-1252":
            # The last resort for anything but UTF-8; a console's own page is not UTF-8 either.
            text, encoding = read_page(content.rstrip(b"\x00"))
        if encoding:
            mended.append(Mended(source, 1, read_as(encoding)))
    else:
        # Half a character, left over from damaged text, cannot be written.
        text = content.encode("utf-8", "replace").decode("utf-8") if not content.isascii() else content
    text = text.removeprefix("\ufeff")
    raw_lines = _without_passwords(text.replace("\r\n", "\n").replace("\r", "\n"), source, mended).split("\n")
    if raw_lines and not raw_lines[-1]:
        raw_lines.pop()
    lines: list[Line] = []
    prompted: dict[int, int] = {}
    for number, raw in enumerate(raw_lines, start=1):
        cleaned = _clean_line(raw, source, number, mended)
        if prompt := shell_prompt(cleaned):
            prompted[number] = len(cleaned)
            cleaned = cleaned[prompt:]
            mended.append(Mended(source, number, "removed the shell prompt that was copied along"))
        lines.append(Line(cleaned, number, source))
    return Text(tuple(lines), source, tuple(mended), MappingProxyType(prompted))


def _without_passwords(text: str, source: str, mended: list[Mended]) -> str:
    """The text without typed passwords; their lines are reported."""
    hidden = without_passwords(text)
    if hidden is not text and hidden != text:
        for number, (line, before) in enumerate(zip(hidden.split("\n"), text.split("\n"), strict=True), start=1):
            if line != before:
                mended.append(Mended(source, number, "a password in it is neither read nor kept"))
    return hidden


def _clean_line(raw: str, source: str, number: int, mended: list[Mended]) -> str:
    """One line without escape sequences and control characters, and without marks before it."""
    line = raw
    if "\x1b" in line:
        line = _ESCAPE_SEQUENCE.sub("", line)
        mended.append(Mended(source, number, "removed terminal escape sequences"))
    if _CONTROL.search(line):
        line = _CONTROL.sub("", line)
        mended.append(Mended(source, number, "removed control characters"))
    if not line.isascii() and (found := _INVISIBLE_AT_START.match(line)):
        # Only at the start: inside a line a mark can be part of a name, which must not change.
        names = ", ".join(sorted(f"U+{ord(mark):04X} {INVISIBLE[mark]}" for mark in set(found[0])))
        line = line[found.end() :]
        mended.append(Mended(source, number, f"removed invisible marks before the line: {names}"))
    return line


DIGITS = 40

_HEX = frozenset("0123456789abcdefABCDEF")

_BLANKS = frozenset(" \t\u00a0\u2007\u2009\u202f:-")

_QUOTES = frozenset("'\"\u2018\u2019\u201a\u201b\u201c\u201d\u201e`")

_CUT = re.compile(r"[0-9A-Fa-f][0-9A-Fa-f\s:-]*(?:\u2026|\.{3})")

_MASK = re.compile(r"(?i)x{4,}|\*{3,}|\.{3,}|\u2026|#{4,}|redacted|removed|hidden|<[^>]{2,}>")


@dataclass(frozen=True, slots=True)
class ThumbprintReading:
    """`thumbprint` is 40 upper-case hex digits, or None: then `why` is a sentence with the reason.

    `stripped` names the characters removed from the input.
    """

    thumbprint: str | None
    why: str = ""
    masked: bool = False
    stripped: tuple[str, ...] = ()


def read_thumbprint(text: str) -> ThumbprintReading:
    """The thumbprint in a field for exactly one.

    Blanks between bytes, invisible marks (the certificate dialog's U+200E), quotes and lower case are removed and
    named; a masked, cut or mistyped value is refused with that reason.
    """
    written = text.strip()
    if not written:
        return ThumbprintReading(None, "There is no thumbprint here.")
    stripped: list[str] = []
    kept: list[str] = []
    for character in written:
        if character in _HEX:
            kept.append(character)
        elif character in INVISIBLE:
            stripped.append(f"an invisible mark (U+{ord(character):04X})")
        elif character in _BLANKS:
            stripped.append("blanks or separators between the digits")
        elif character in _QUOTES:
            stripped.append("quotes")
        else:
            return _refused(written)
    digits = "".join(kept)
    if len(digits) != DIGITS:
        count = f"{len(digits)} hex digit" + ("" if len(digits) == 1 else "s")
        return ThumbprintReading(
            None, f"A thumbprint has {DIGITS} hex digits, this one has {count}: it is cut or mistyped."
        )
    if digits != digits.upper():
        stripped.append("lower case")
    return ThumbprintReading(digits.upper(), stripped=tuple(dict.fromkeys(stripped)))


def _refused(written: str) -> ThumbprintReading:
    """Explain why a value with other characters than hex digits is no thumbprint."""
    if _CUT.fullmatch(written):
        return ThumbprintReading(
            None, "The thumbprint is cut here, as a narrow table does. Print it with Format-List, which wraps instead."
        )
    if _MASK.search(written):
        return ThumbprintReading(
            None,
            "The thumbprint is masked here, as in the article's own sample. Take it from your own log.",
            masked=True,
        )
    strange = next(c for c in written if c not in _HEX and c not in _BLANKS and c not in _QUOTES and c not in INVISIBLE)
    return ThumbprintReading(
        None, f"A thumbprint has hex digits only (0-9, A-F); here stands {strange!r} (U+{ord(strange):04X})."
    )
