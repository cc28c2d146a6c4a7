"""Hides passwords in a text: no judgement needs them, so none is read, kept or handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SIGNS = (
    *("passw", "pwd", "kennwort", "securestring", "networkcredential", "pscredential", "mot de passe", "contrase"),
    *("secret", "passphrase", "passin", "passout", "wachtwoord", "парол", "senha", "lösenord", "net use", "net1 use"),
    *("certutil", "openssl", "schtasks", "psexec", "wacs", "apikey", "api-key", "://"),
)
"""Near a password stands one of these, in lower case."""

_NEAR = 2_000
"""The characters before and behind a sign that can belong to its password, with what names it."""

_QUOTED = r"'(?:[^']|''){0,400}'|\"(?:[^\"`]|`.|\"\"){0,400}\""

_BARE = r"[^\s'\"();,|$\-{@][^\s'\"();,|]{0,200}"

_IS_A_COMMAND = r"(?!\(?[A-Za-z]{2,12}-[A-Za-z])"

_VALUE = rf"(?P<value>{_QUOTED}|{_BARE})"

_NAME = (
    r"(?:passw(?:or[dt])?|passphrase|pwd|kennwort|client-?secret|secret|api-?key|wachtwoord|contraseña|senha|lösenord)"
)

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"(?<![\w-])-\w{{0,20}}{_NAME}\s*(?::|\s)\s*{_IS_A_COMMAND}{_VALUE}",
        rf"\$\w{{0,30}}(?:pass|pw\b|{_NAME})\w{{0,30}}\s*=\s*{_IS_A_COMMAND}{_VALUE}",
        rf"(?<![\w$-])['\"]?\w{{0,20}}{_NAME}['\"]?\s*=\s*{_IS_A_COMMAND}{_VALUE}",
        rf"['\"]\w{{0,20}}{_NAME}['\"]\s*:\s*{_VALUE}",
        r"^[^\w\n-]{0,4}(?:\w{1,20} ){0,2}(?:password|passwort|kennwort|mot de passe|contraseña|wachtwoord|"
        r"пароль|senha|lösenord)(?: (?:for|für|de|voor|para|для) [^:\n]{1,120})? ?: ?(?P<value>\S[^\n]*)$",
        r"(?:certutil|openssl|schtasks|psexec|wacs)\b[^\n]{0,300}?\s(?:--?|/)(?:p|rp|pw|pass|passin|passout|pfxpassword)"
        rf"[:=\s]\s*(?:pass:)?{_VALUE}",
        rf"{_VALUE}\s*\|\s*ConvertTo-SecureString",
        r"://[^\s/:@]{1,100}:(?P<value>[^\s/@]{1,100})(?=@)",
    )
)

_SECURED = re.compile(
    "\n?".join("ConvertTo-SecureString") + rf"(?P<rest>(?:{_QUOTED}|[^|;'\"]){{1,600}})", re.IGNORECASE
)

_LOGGED_ON = re.compile(r"(?:Network|PS)Credential\b" rf"(?P<rest>(?:{_QUOTED}|[^\n;'\"]){{1,400}})", re.IGNORECASE)

_NET_USE = re.compile(r"\bnet1?[ \t]+use\b(?P<rest>[^\n|]{1,400})", re.IGNORECASE)

_ARGUMENT = re.compile(rf"(?P<value>{_QUOTED})|(?<![\S])(?P<bare>{_BARE})")

_NO_PASSWORD = re.compile(r"(?:/|\\\\|[A-Za-z]:$|\*$)")


def without_passwords(text: str) -> str:
    """Replace each character of a password by a star; the rows keep their length."""
    parts: list[str] = []
    at = 0
    for begin, end in _windows(text):
        parts += (text[at:begin], _hidden(text[begin:end]))
        at = end
    return "".join((*parts, text[at:])) if parts else text


def _windows(text: str) -> list[tuple[int, int]]:
    """The parts of a text around its signs; they end where a line does, unless the line is very long."""
    # The one letter that is two in lower case would move all places behind it.
    folded = text.replace("\u0130", "I").lower()
    windows: list[tuple[int, int]] = []
    for place in sorted(place for sign in _SIGNS for place in _places(folded, sign)):
        if windows and place + _NEAR < windows[-1][1]:
            continue
        first, last = max(place - _NEAR, 0), min(place + 2 * _NEAR, len(text))
        begin, end = text.rfind("\n", max(first - _NEAR, 0), first) + 1, text.find("\n", last, last + _NEAR)
        begin, end = begin or (0 if first <= _NEAR else first), end if end >= 0 else min(last + _NEAR, len(text))
        if windows and begin <= windows[-1][1]:
            windows[-1] = (windows[-1][0], max(end, windows[-1][1]))
        else:
            windows.append((begin, end))
    return windows


def _places(folded: str, sign: str) -> Iterator[int]:
    place = folded.find(sign)
    while place >= 0:
        yield place
        place = folded.find(sign, place + 1)


def _hidden(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: _starred(found, "value"), text)
    text = _SECURED.sub(lambda found: _within(found, _secured(found["rest"])), text)
    text = _LOGGED_ON.sub(lambda found: _within(found, _quoted(found["rest"])), text)
    return _NET_USE.sub(lambda found: _within(found, _shared(found["rest"])), text)


def _within(found: re.Match[str], rest: str) -> str:
    begin = found.start("rest") - found.start()
    return found[0][:begin] + rest


def _starred(found: re.Match[str], group: str) -> str:
    begin, end = (place - found.start() for place in found.span(group))
    return found[0][:begin] + _stars(found[group]) + found[0][end:]


def _stars(value: str) -> str:
    """Hide a value's characters, except its quotation marks and line ends."""
    if len(value) > 1 and value[0] in "'\"" and value[-1] == value[0]:
        return value[0] + _stars(value[1:-1]) + value[-1]
    return re.sub(r"[^\r\n]", "*", value)


def _quoted(rest: str) -> str:
    return re.sub(_QUOTED, lambda found: _stars(found[0]), rest)


def _secured(rest: str) -> str:
    """Hide the strings behind ConvertTo-SecureString, or the first word without strings."""
    command, *below = re.split(r"(\n(?=\n|\[|PS ))", rest, maxsplit=1)
    if re.search(_QUOTED, command):
        command = _quoted(command)
    else:
        given = re.match(rf"(?:\s+-String)?\s+(?P<value>{_BARE})", command, re.IGNORECASE)
        command = _starred(given, "value") + command[given.end() :] if given else command
    return command + "".join(below)


def _shared(rest: str) -> str:
    """Hide the password of `net use`: everything but the share, the drive and the switches."""

    def hidden(found: re.Match[str]) -> str:
        return found[0] if _NO_PASSWORD.match(found[0].strip("'\"")) else _stars(found[0])

    return _ARGUMENT.sub(hidden, rest)
