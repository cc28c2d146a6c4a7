"""Strings and variables (about_Quoting_Rules): verbatim, expandable, here-strings, and words without quotes."""

from __future__ import annotations

import re

from wizard.practice.language.faults import IncompleteError, ParseError
from wizard.practice.language.scanner import DOUBLE, LINE_ENDS, SINGLE, Scanner, ends_an_argument
from wizard.practice.language.tree import Expandable, Literal, Member, Node, Statement, SubExpression, Variable

_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_VARIABLE = re.compile(r"\$(?:\{([^}`]+)\}|((?:\w+:)?\w+)|([$?^]))")


class Strings(Scanner):
    """Reads what is quoted and what begins with a dollar."""

    def statements(self, closing: str) -> tuple[Statement, ...]:
        """The statements up to a closing bracket, empty for the end of the text: the parser's own part."""
        raise NotImplementedError

    def string(self) -> Node:
        """The string that begins here, in quotes of either kind."""
        if self.one_of(SINGLE):
            return Literal(self._verbatim())
        return self._expandable()

    def here_string(self) -> Node:
        """A here-string: `@'`, lines, `'@`, where the marks stand at the ends of their lines.

        Raises:
            IncompleteError: its end has not come yet.
        """
        quotes = SINGLE if self.peek(1) in SINGLE else DOUBLE
        begun = re.compile(rf"@[{quotes}][^\S\r\n]*\r?\n").match(self.text, self.at)
        if begun is None:
            if self.text[self.at + 2 :].strip():
                raise ParseError(
                    "No characters are allowed after a here-string header but before the end of the line.",
                    "UnexpectedCharactersAfterHereStringHeader",
                    self.at,
                    2,
                )
            raise IncompleteError
        ended = re.compile(rf"\r?\n[{quotes}]@").search(self.text, begun.end() - 1)
        if ended is None:
            raise IncompleteError
        body = self.text[begun.end() : max(ended.start(), begun.end())]
        self.at = ended.end()
        if quotes == SINGLE:
            return Literal(body)
        inner = type(self)(body)
        inner._depth = self._depth
        return Expandable(tuple(inner.pieces("")))

    def _verbatim(self) -> str:
        """Any single quote ends it, any two stand for the second."""
        self.at += 1
        value = ""
        while here := self.peek():
            if here in SINGLE:
                self.at += 1
                if not self.one_of(SINGLE):
                    return value
                here = self.peek()
            value += here
            self.at += 1
        raise IncompleteError

    def _expandable(self) -> Node:
        self.at += 1
        return _simplified(self.pieces(DOUBLE))

    def pieces(self, closing: str) -> list[str | Node]:
        """The text and the expressions up to a double quote, or up to the end of the text for an empty `closing`."""
        pieces: list[str | Node] = []
        while here := self.peek():
            if here == "`":
                pieces.append(self._escaped())
            elif closing and here in closing:
                self.at += 1
                if not self.one_of(closing):
                    return pieces
                pieces.append(self.peek())
                self.at += 1
            elif here == "$" and (found := self.dollar()) is not None:
                pieces.append(found)
            else:
                pieces.append(here)
                self.at += 1
        if closing:
            raise IncompleteError
        return pieces

    def dollar(self) -> Node | None:
        """A variable or a subexpression here, None where the dollar stands for itself."""
        if self.starts("$("):
            self.at += 2
            self.deeper()
            inside = self.statements(")")
            self.shallower()
            return SubExpression(inside)
        found = self.match(_VARIABLE)
        if found is None:
            return None
        self.at = found.end()
        return Variable(found[1] or found[2] or found[3])

    def _escaped(self) -> str:
        following = self.peek(1)
        if not following:
            raise IncompleteError
        self.at += 2
        return _ESCAPES.get(following, following)

    def word(self) -> Node:
        """An argument or a name without quotes around the whole: quotes inside it are taken away, `$` expands."""
        start = self.at
        pieces: list[str | Node] = []
        while (here := self.peek()) and not ends_an_argument(here):
            if here == "`":
                if self.peek(1) and self.peek(1) in LINE_ENDS:
                    break
                pieces.append(self._escaped())
            elif here in SINGLE:
                pieces.append(self._verbatim())
            elif here in DOUBLE:
                self.at += 1
                pieces += self.pieces(DOUBLE)
            elif here == "$" and (found := self.dollar()) is not None:
                pieces.append(self._members(found))
            else:
                pieces.append(here)
                self.at += 1
        if self.at == start:
            raise self.unexpected()
        return _simplified(pieces)

    def _members(self, node: Node) -> Node:
        """A variable at the very end of a word may have properties: `$x.Name`; in the middle it has none."""
        found = re.compile(r"(?:\.[A-Za-z_]\w*)+").match(self.text, self.at)
        if found is None or not (found.end() == len(self.text) or ends_an_argument(self.text[found.end()])):
            return node
        for name in found[0][1:].split("."):
            node = Member(node, Literal(name))
        self.at = found.end()
        return node


def _simplified(pieces: list[str | Node]) -> Node:
    """Neighbouring characters put together; text alone is a constant."""
    parts: list[str | Node] = []
    for piece in pieces:
        if isinstance(piece, str) and parts and isinstance(parts[-1], str):
            parts[-1] += piece
        else:
            parts.append(piece)
    if not parts:
        return Literal("")
    if len(parts) == 1 and isinstance(parts[0], str):
        return Literal(parts[0])
    return Expandable(tuple(parts))
