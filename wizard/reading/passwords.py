"""Hides passwords in a text: no judgement needs them, so none is read, kept or handed over."""

from __future__ import annotations

import re

_SIGNS = (
    *("passw", "pwd", "kennwort", "securestring", "networkcredential", "pscredential", "mot de passe", "contrase"),
    *("secret", "passphrase", "passin", "passout", "wachtwoord", "парол", "senha", "lösenord", "net use", "net1 use"),
    *("certutil", "openssl", "schtasks", "psexec", "wacs", "apikey", "@"),
)
"""A text with a password has one of these, in lower case."""

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
    folded = text.lower()
    if not any(sign in folded for sign in _SIGNS):
        return text
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
