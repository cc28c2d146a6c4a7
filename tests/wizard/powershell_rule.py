"""PowerShell's lexical rule, written for the tests from its description: it shares nothing with the product's code.

about_Parsing, about_Quoting_Rules, about_Special_Characters and about_Comments say how a line falls
into tokens; this reads a line of any characters, not only of those the program writes.
"""

from __future__ import annotations

from dataclasses import dataclass

SINGLE = "'\u2018\u2019\u201a\u201b"
DOUBLE = '"\u201c\u201d\u201e'
BLANK = " \t\u00a0\u3000"
LINE_ENDS = "\r\n"
ENDS_A_WORD = BLANK + LINE_ENDS + ";|&(){},<>+=" + SINGLE + DOUBLE


class NotOneLineError(Exception):
    """A string that is never closed: PowerShell would ask for more."""


@dataclass(frozen=True)
class Token:
    """`kind` is string, expandable, word, comment, newline or the operator itself; `text` is a string's value."""

    kind: str
    text: str


def tokens(line: str) -> list[Token]:
    """The tokens of a line; blanks are left out.

    Raises:
        NotOneLineError: a string has no end.
    """
    found: list[Token] = []
    at = 0
    while at < len(line):
        character = line[at]
        if character in BLANK:
            at += 1
        elif character in SINGLE:
            value, at = _single(line, at + 1)
            found.append(Token("string", value))
        elif character in DOUBLE:
            value, at = _double(line, at + 1)
            found.append(Token("expandable", value))
        elif character == "#":
            end = min((i for i in (line.find(e, at) for e in LINE_ENDS) if i >= 0), default=len(line))
            found.append(Token("comment", line[at:end]))
            at = end
        elif character in LINE_ENDS:
            found.append(Token("newline", "\n"))
            at += 1
        elif character in ENDS_A_WORD:
            found.append(Token(character, character))
            at += 1
        else:
            end = at
            while end < len(line) and line[end] not in ENDS_A_WORD:
                end += 2 if line[end] == "`" else 1
            found.append(Token("word", line[at:end]))
            at = end
    return found


def _single(line: str, at: int) -> tuple[str, int]:
    """A verbatim string: any single quote ends it, any two stand for the second."""
    value = ""
    while at < len(line):
        if line[at] in SINGLE:
            if line[at + 1 : at + 2] not in tuple(SINGLE):
                return value, at + 1
            at += 1
        value += line[at]
        at += 1
    raise NotOneLineError(line)


def _double(line: str, at: int) -> tuple[str, int]:
    """An expandable string: any double quote ends it, two stand for the second, a backtick escapes."""
    value = ""
    while at < len(line):
        if line[at] == "`":
            value += line[at + 1 : at + 2]
            at += 2
            continue
        if line[at] in DOUBLE:
            if line[at + 1 : at + 2] not in tuple(DOUBLE):
                return value, at + 1
            at += 1
        value += line[at]
        at += 1
    raise NotOneLineError(line)


def folded(line: str) -> list[Token]:
    """The tokens, with each composed text, `('a' + [char]0x2013 + 'b')`, as the one string it is."""
    found: list[Token] = []
    rest = tokens(line)
    while rest:
        value, length = _composed(rest)
        found.append(Token("string", value) if length else rest[0])
        del rest[: length or 1]
    return found


def _composed(rest: list[Token]) -> tuple[str, int]:
    """The value of a composed text at the front, and how many tokens it takes; 0 when none stands there."""
    if rest[0].kind != "(" or len(rest) < 2 or rest[1].kind != "string":
        return "", 0
    units = rest[1].text.encode("utf-16-le")
    at = 2
    while at + 1 < len(rest) and rest[at].kind == "+":
        term = rest[at + 1]
        if term.kind == "string":
            units += term.text.encode("utf-16-le")
        elif term.text.startswith("[char]0x"):
            units += int(term.text.removeprefix("[char]0x"), 16).to_bytes(2, "little")
        else:
            return "", 0
        at += 2
    if at == 2 or at >= len(rest) or rest[at].kind != ")":
        return "", 0
    return units.decode("utf-16-le"), at + 1
