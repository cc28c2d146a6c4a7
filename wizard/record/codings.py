r"""Cleans encoded text: decodes it, cleans it, and encodes it again in the same way.

The codings are those a name can arrive in by a paste, a log or a URL: percent signs, HTML entities, \u and _x0041_
escapes, PowerShell's own literals, Base64, and bytes written in hex (UTF-8 or UTF-16).
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, unquote_to_bytes

from wizard.powershell.literal import UnsafeNameError, literal

Decoded = tuple[str, Callable[[str], str]]
"""The decoded text, and a function that encodes another text the same way."""

_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")

_TOKEN = re.compile(r"[^\s\"'<>]+")

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|_x([0-9A-Fa-f]{4})_")

_LINE = re.compile(r"[^\r\n]+")

_COMPOSED = re.compile(
    r"\((?:'(?:[^'\r\n]|'')*'|\[char\]0x[0-9A-F]{4})(?: \+ (?:'(?:[^'\r\n]|'')*'|\[char\]0x[0-9A-F]{4}))+\)"
)

_PIECE = re.compile(r"'((?:[^']|'')*)'|\[char\]0x([0-9A-F]{4})")

_DOUBLED = re.compile(r"'(?:[^'\r\n]|'')*''(?:[^'\r\n]|'')*'")

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{4,}={0,2}(?![A-Za-z0-9+/_=-])")

_HEX = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:[ :-]?[0-9A-Fa-f]{2}){2,}(?![0-9A-Fa-f])")


def recoded(text: str, clean: Callable[[str], str]) -> str:
    """Clean all encoded parts of a text; a part in which `clean` changes nothing stays as it is."""
    for pattern, decode in _CODINGS:

        def replaced(found: re.Match[str], decode: Callable[[str], Decoded | None] = decode) -> str:
            for inside, code in _all(decode(found[0])):
                cleaned = clean(inside)
                if cleaned != inside:
                    return code(cleaned)
            return found[0]

        text = pattern.sub(replaced, text)
    return text


def decodings(text: str) -> Iterator[str]:
    """All decoded parts of a text."""
    for pattern, decode in _CODINGS:
        for found in pattern.finditer(text):
            yield from (inside for inside, _code in _all(decode(found[0])))


def _all(decoded: Decoded | None) -> tuple[Decoded, ...]:
    return () if decoded is None else (decoded,)


def _percent(token: str) -> Decoded | None:
    if not _PERCENT.search(token):
        return None
    # Halves of characters come from a file name that is not UTF-8, or from a colleague's case.
    raw = unquote_to_bytes(token.encode("utf-8", "surrogatepass"))
    try:
        inside = raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        inside = raw.decode("cp1252", "replace")
    return inside, lambda cleaned: quote(cleaned, "/:?&=,;@[]!$'()*+#\\|{}", "utf-8", "surrogatepass")


def _entities(line: str) -> Decoded | None:
    if not _ENTITY.search(line):
        return None
    return html.unescape(line), lambda cleaned: html.escape(cleaned, quote=False)


def _escapes(line: str) -> Decoded | None:
    if not _ESCAPED.search(line):
        return None
    inside = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), line)
    paired = inside.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired, lambda cleaned: "".join(c if c.isascii() else _escape(c) for c in cleaned)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _composed(expression: str) -> Decoded | None:
    pieces = (
        (found[1] or "").replace("''", "'") or chr(int(found[2] or "0", 16)) for found in _PIECE.finditer(expression)
    )
    inside = "".join(piece for piece in pieces if piece != "\0")
    paired = inside.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return paired, _literal


def _doubled(quoted: str) -> Decoded | None:
    return quoted[1:-1].replace("''", "'"), _literal


def _literal(text: str) -> str:
    try:
        return literal(text)
    except UnsafeNameError:
        return "'" + text.replace("'", "''") + "'"


def _base64(token: str) -> Decoded | None:
    bare = token.rstrip("=")
    if len(bare) % 4 == 1:
        return None
    try:
        raw = base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return _of_bytes(raw, lambda content: base64.b64encode(content).decode("ascii"))


def _hex(token: str) -> Decoded | None:
    raw = bytes.fromhex(re.sub(r"[^0-9A-Fa-f]", "", token))
    return _of_bytes(raw, lambda content: content.hex() if token.islower() else content.hex().upper())


def _of_bytes(raw: bytes, write: Callable[[bytes], str]) -> Decoded | None:
    """Decode bytes that are a printable text in UTF-8 or UTF-16."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        try:
            inside = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Any two bytes are some character in UTF-16; real text has blanks or Latin letters.
        shows = all(c.isprintable() or c in "\r\n\t" for c in inside)
        if shows and (encoding == "utf-8" or any(c < "\u0530" for c in inside)):
            return inside, lambda cleaned, encoding=encoding: write(cleaned.encode(encoding, "replace"))
    return None


_CODINGS: tuple[tuple[re.Pattern[str], Callable[[str], Decoded | None]], ...] = (
    (_COMPOSED, _composed),
    (_DOUBLED, _doubled),
    (_TOKEN, _percent),
    (_LINE, _entities),
    (_LINE, _escapes),
    (_BASE64, _base64),
    (_HEX, _hex),
)
