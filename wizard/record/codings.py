"""Cleans text that is written in another way: decodes it, cleans it, and encodes it again in the same way.

Two ways are known: PowerShell literals, in which this program writes a name into a command, and Base64 in the rows of a
protocol log, in which SMTP authentication sends one.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from wizard.powershell.literal import UnsafeNameError, literal

Decoded = tuple[str, Callable[[str], str]]
"""The decoded text, and a function that encodes another text the same way."""

_COMPOSED = re.compile(
    r"\((?:'(?:[^'\r\n]|'')*'|\[char\]0x[0-9A-F]{4})(?: \+ (?:'(?:[^'\r\n]|'')*'|\[char\]0x[0-9A-F]{4}))+\)"
)

_PIECE = re.compile(r"'((?:[^']|'')*)'|\[char\]0x([0-9A-F]{4})")

_DOUBLED = re.compile(r"'(?:[^'\r\n]|'')*''(?:[^'\r\n]|'')*'")

_ROW = re.compile(r"^\d{4}-\d\d-\d\dT[^,\r\n]*,[^\r\n]*", re.MULTILINE)

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{4,}={0,2}(?![A-Za-z0-9+/=])")


def recoded(text: str, clean: Callable[[str], str]) -> str:
    """Clean all encoded parts of a text; a part in which `clean` changes nothing stays as it is."""

    def of(decode: Callable[[str], Decoded | None]) -> Callable[[re.Match[str]], str]:
        def replaced(found: re.Match[str]) -> str:
            decoded = decode(found[0])
            if decoded is None:
                return found[0]
            inside, code = decoded
            cleaned = clean(inside)
            return found[0] if cleaned == inside else code(cleaned)

        return replaced

    text = _DOUBLED.sub(of(_doubled), _COMPOSED.sub(of(_composed), text))
    return _ROW.sub(lambda row: _BASE64.sub(of(_base64), row[0]), text)


def decodings(text: str) -> Iterator[str]:
    """All decoded parts of a text."""
    found = [_composed(each[0]) for each in _COMPOSED.finditer(text)]
    found += [_doubled(each[0]) for each in _DOUBLED.finditer(text)]
    found += [
        decoded for row in _ROW.finditer(text) for each in _BASE64.finditer(row[0]) if (decoded := _base64(each[0]))
    ]
    return (inside for inside, _code in found)


def _composed(expression: str) -> Decoded:
    pieces = (
        (found[1] or "").replace("''", "'") or chr(int(found[2] or "0", 16)) for found in _PIECE.finditer(expression)
    )
    inside = "".join(piece for piece in pieces if piece != "\0")
    paired = inside.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired, _literal


def _doubled(quoted: str) -> Decoded:
    return quoted[1:-1].replace("''", "'"), _literal


def _literal(text: str) -> str:
    try:
        return literal(text)
    except UnsafeNameError:
        return "'" + text.replace("'", "''") + "'"


def _base64(token: str) -> Decoded | None:
    """Base64 of a printable text in UTF-8; anything else is none."""
    try:
        inside = base64.b64decode(token, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    # SMTP's AUTH PLAIN parts the names by NUL.
    if not all(c.isprintable() or c in "\0\r\n\t" for c in inside):
        return None
    return inside, lambda cleaned: base64.b64encode(cleaned.encode("utf-8", "replace")).decode("ascii")
