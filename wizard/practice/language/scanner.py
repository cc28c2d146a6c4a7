"""Characters as PowerShell tells them apart, and a place in a text that moves on.

Source: about_Special_Characters, about_Parsing, and what PowerShell's own tokenizer does with
typographic quotes and dashes.
"""

from __future__ import annotations

import re

from wizard.practice.language.faults import IncompleteError, NotKnownError, ParseError

SINGLE = "'\u2018\u2019\u201a\u201b"
"""The characters that are single quotes to PowerShell."""

DOUBLE = '"\u201c\u201d\u201e'
"""The characters that are double quotes to PowerShell."""

DASHES = "-\u2013\u2014\u2015"
"""Hyphen, en dash, em dash and horizontal bar: each begins a parameter or an operator."""

LINE_ENDS = "\r\n"
ENDS_AN_ARGUMENT = frozenset("{}();,|&<> \t\r\n\0")
MOST_NESTED = 40
"""How deep brackets may stand in one another: nobody writes more, and deeper ones could exhaust the program."""

_NUMBER = re.compile(r"(?i)(?:0x[0-9a-f]+|(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?[dl]?)(?:[kmgtp]b)?")
_UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4, "pb": 1024**5}


def is_blank(character: str) -> bool:
    """Whether a character only separates: blank, tab, no-break space and the other spaces."""
    return character not in LINE_ENDS and character.isspace()


def ends_an_argument(character: str) -> bool:
    """Whether an argument without quotes ends before this character."""
    return character in ENDS_AN_ARGUMENT or character.isspace()


def number_of(written: str) -> int | float | None:
    """The number that a whole word is, None when it is none: `0x10`, `1.5`, `10MB`."""
    if not _NUMBER.fullmatch(written):
        return None
    digits, unit = (written[:-2], written[-2:].lower()) if written[-2:].lower() in _UNITS else (written, "")
    if digits[:2].lower() == "0x":
        if written[-1:].lower() == "b" and len(written) % 2 and not digits[2:]:
            return None
        value: int | float = int(digits, 16)
    else:
        digits = digits.rstrip("dDlL")
        # Python refuses to read thousands of digits; nobody writes them.
        if len(digits) > 300:
            return None
        value = int(digits) if digits.isdecimal() and digits.isascii() else float(digits)
    return value * _UNITS.get(unit, 1)


class Scanner:
    """A text and a place in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._depth = 0
        # Whether a comma separates the arguments of a method here, and for each bracket around whether it did there.
        self._separating = False
        self._outside: list[bool] = []

    def peek(self, ahead: int = 0) -> str:
        """The character here, or some places on; empty at the end."""
        return self.text[self.at + ahead : self.at + ahead + 1]

    def starts(self, *beginnings: str) -> bool:
        """Whether the text goes on with one of these."""
        return self.text.startswith(beginnings, self.at)

    def one_of(self, characters: str) -> bool:
        """Whether one of these characters stands here."""
        here = self.peek()
        return here != "" and here in characters

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The pattern found exactly here."""
        return pattern.match(self.text, self.at)

    def skip_blanks(self) -> None:
        """Past blanks, a backtick at the end of a line, and block comments."""
        while here := self.peek():
            if is_blank(here):
                self.at += 1
            elif here == "`" and self.peek(1) in ("\n", "\r", ""):
                if not self.peek(1):
                    raise IncompleteError
                self.at += 3 if self.starts("`\r\n") else 2
            elif self.starts("<#"):
                end = self.text.find("#>", self.at)
                if end < 0:
                    raise IncompleteError
                self.at = end + 2
            else:
                return

    def skip_lines(self) -> None:
        """Past blanks, comments and line ends."""
        self.skip_blanks()
        while self.one_of(LINE_ENDS + "#"):
            self._skip_comment_or_line_end()
            self.skip_blanks()

    def skip_separators(self) -> bool:
        """Past everything that separates statements; whether a semicolon or a line end was among it."""
        seen = False
        self.skip_blanks()
        while self.one_of(LINE_ENDS + "#;"):
            seen = True
            if self.peek() == ";":
                self.at += 1
            else:
                self._skip_comment_or_line_end()
            self.skip_blanks()
        return seen

    def _skip_comment_or_line_end(self) -> None:
        if self.peek() != "#":
            self.at += 1
            return
        while self.peek() and self.peek() not in LINE_ENDS:
            self.at += 1

    def need(self, closing: str, identifier: str = "MissingEndParenthesisInExpression") -> None:
        """Past a closing bracket.

        Raises:
            IncompleteError: the text ends before it.
            ParseError: something else stands there.
        """
        self.skip_lines()
        if not self.peek():
            raise IncompleteError
        if self.peek() != closing:
            raise ParseError(f"Missing closing '{closing}' in expression.", identifier, self.at)
        self.at += 1

    def unexpected(self, token: str = "") -> ParseError:
        """What PowerShell says of a token that cannot stand here."""
        token = token or self.peek() or ""
        if not token:
            raise IncompleteError
        return ParseError(
            f"Unexpected token '{token}' in expression or statement.", "UnexpectedToken", self.at, len(token)
        )

    def deeper(self) -> None:
        """One bracket deeper.

        Raises:
            NotKnownError: the brackets stand too deep in one another.
        """
        self._depth += 1
        self._outside.append(self._separating)
        self._separating = False
        if self._depth > MOST_NESTED:
            raise NotKnownError(f"The practice shell reads no more than {MOST_NESTED} brackets within one another.")

    def shallower(self) -> None:
        """Out of a bracket."""
        self._depth -= 1
        self._separating = self._outside.pop()
