"""PowerShell expressions for values: the only place in this program that quotes.

The text goes through a clipboard and a console, and both damage it: a right-click paste into a Windows console rewrites
typographic quotes and dashes, and a code page can drop letters. So everything is printable ASCII on one line; a value
that cannot be written that way without loss, or that a person could not recognise on screen, is refused by name.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 260
"""The longest value: a Windows path has 260 characters at most, and no name comes near it."""

_RUNS = re.compile(r"[ -~]+|[^ -~]")

_VARIABLE = re.compile(r"[A-Za-z][A-Za-z0-9]*")

_RELATIVE_FOLDER = re.compile(r"[A-Za-z0-9]+(?:\\[A-Za-z0-9]+)*")

_WHY_REFUSED = {
    "Cc": "a console acts on it instead of showing it",
    "Cf": "it does not show on screen, or it changes the order in which the rest is shown",
    "Cs": "it is half of a character, left over from damaged text",
    "Zl": "a console takes it for the end of the line",
    "Zp": "a console takes it for the end of the line",
}
"""Refused Unicode categories.

Unassigned and private-use characters are allowed: they are written by number, hence exactly, and which are unassigned
depends on Python's version.
"""

_SHOWS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Invisible characters that are letters or marks by category."""

_LOST = "\ufffd"

_CONTROL_NAMES = {"\0": "a NUL", "\t": "a tab", "\n": "a line feed", "\r": "a carriage return", "\x1b": "an escape"}


class UnsafeNameError(ValueError):
    """A value that no command may contain; the message is a sentence for the person who gave it."""


def literal(text: str, what: str = "name") -> str:
    r"""A printable ASCII expression that PowerShell evaluates to exactly `text`, blanks at its ends included.

    ASCII text becomes `'O''Brien'`; other text is composed: `('Outbound ' + [char]0x2013 + ' O365')`,
    with two `[char]` for a character outside the basic plane. `what` names the value in errors.

    Source: about_Quoting_Rules, and `'` doubled inside `'…'` as tried with PowerShell's own parser.

    Raises:
        UnsafeNameError: `text` is empty, longer than `LONGEST`, or has a character that is refused.
    """
    _require_safe(text, what)
    if text.isascii():
        return _quoted(text)
    terms = [_quoted(run) if run.isascii() else _numbered(run) for run in _RUNS.findall(text)]
    if not text[0].isascii():
        # `+` takes its meaning from the left operand. A string there means joining in every version; the meaning of
        # [char] + [char] depends on the version, and Exchange 2010 runs in PowerShell 2.
        terms.insert(0, "''")
    return f"({' + '.join(terms)})"


def is_safe(text: str, what: str = "name") -> bool:
    """True if a value can be written."""
    try:
        _require_safe(text, what)
    except UnsafeNameError:
        return False
    return True


def environment_path(variable: str, relative: str) -> str:
    r"""A path under a folder named by an environment variable: `"$($env:ExchangeInstallPath)TransportRoles\Logs"`.

    The variable's value must end in a backslash, as ExchangeInstallPath does. Inside double quotes
    PowerShell expands, so both arguments are plain words only.

    Raises:
        ValueError: an argument is anything but ASCII letters, digits and, in `relative`, backslashes.
    """
    if not _VARIABLE.fullmatch(variable):
        raise ValueError(f"not the plain name of an environment variable: {variable!r}")
    if not _RELATIVE_FOLDER.fullmatch(relative):
        raise ValueError(f"not a plain relative folder: {relative!r}")
    return f'"$($env:{variable}){relative}"'


def _quoted(text: str) -> str:
    """Printable ASCII text in single quotes, inside which only the single quote itself is special.

    PowerShell takes U+2018 to U+201B for single quotes too; those are not ASCII and never get here.
    """
    return "'" + text.replace("'", "''") + "'"


def _numbered(character: str) -> str:
    """A character as `[char]0x2013`; outside the basic plane its two surrogates."""
    units = character.encode("utf-16-be")
    return " + ".join(f"[char]0x{units[at : at + 2].hex().upper()}" for at in range(0, len(units), 2))


def _require_safe(text: str, what: str) -> None:
    """Return if `text` can be written without loss.

    Raises:
        UnsafeNameError: it cannot; the message says which character and where, counted from 1.
    """
    if not text:
        raise UnsafeNameError(f"The {what} is empty, so no command can be written with it.")
    if len(text) > LONGEST:
        raise UnsafeNameError(
            f"The {what} has {len(text):,} characters, more than the {LONGEST} that Windows allows in a path: "
            "something else came along with it."
        )
    for position, character in enumerate(text, start=1):
        if why := _why_refused(character):
            raise UnsafeNameError(
                f"The {what} has {_described(character)} at position {position}: {why}. "
                "No command is written with it, and it is not taken away in silence."
            )


def _why_refused(character: str) -> str:
    """Why a character may not stand in a command, as half a sentence; empty if it may."""
    if character == _LOST:
        return "it stands where a letter was lost when the text was decoded"
    if character in _SHOWS_NOTHING:
        return "it does not show on screen"
    return _WHY_REFUSED.get(unicodedata.category(character), "")


def _described(character: str) -> str:
    """A character in words and by number, never shown itself: `a tab (U+0009)`."""
    name = _CONTROL_NAMES.get(character) or unicodedata.name(character, "")
    if not name:
        name = "a lone surrogate" if unicodedata.category(character) == "Cs" else "a control character"
    return f"{name} (U+{ord(character):04X})"
