"""Expressions (about_Operator_Precedence): from `-or` down to what stands in brackets."""

from __future__ import annotations

import re

from wizard.practice.language.faults import IncompleteError, ParseError
from wizard.practice.language.scanner import DASHES, DOUBLE, SINGLE, number_of
from wizard.practice.language.strings import Strings
from wizard.practice.language.tree import (
    ArrayOf,
    Binary,
    BlockLiteral,
    Cast,
    HashLiteral,
    Index,
    Invoke,
    Literal,
    Member,
    Node,
    Parenthesis,
    Statement,
    SubExpression,
    TypeLiteral,
    Unary,
)

_NUMBER = re.compile(r"(?i)0x[0-9a-f]+(?:[kmgtp]b)?|(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?[dl]?(?:[kmgtp]b)?")
_TYPE = re.compile(r"\[\s*([A-Za-z_][\w.]*)(?:\[\s*\])?\s*\]")
_WORD_OPERATOR = re.compile(rf"[{DASHES}]([A-Za-z]+)")
_NAME = re.compile(r"[A-Za-z_]\w*")
_COMPARING = frozenset(
    [
        "eq",
        "ne",
        "gt",
        "ge",
        "lt",
        "le",
        "like",
        "notlike",
        "match",
        "notmatch",
        "replace",
        "contains",
        "notcontains",
        "in",
        "notin",
        "is",
        "isnot",
        "as",
        "split",
        "join",
    ]
)
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"and", "or", "xor"}),
    frozenset({"band", "bor", "bxor"}),
    frozenset({*_COMPARING, *(f"{c}{name}" for name in _COMPARING for c in "ci")}),
    frozenset("+-"),
    frozenset("*/%"),
    frozenset({"f"}),
    frozenset({".."}),
)
_UNARY_WORDS = frozenset({"not", "join", "split", "csplit", "isplit", "bnot"})


class Expressions(Strings):
    """Reads expressions."""

    def pipeline_in_brackets(self) -> Statement:
        """The one pipeline that may stand in `(...)`: the parser's own part."""
        raise NotImplementedError

    def statement(self) -> Statement:
        """One statement: the parser's own part."""
        raise NotImplementedError

    def begins_expression(self) -> bool:
        """Whether what stands here is an expression; all else is the name of a command."""
        here, following = self.peek(), self.peek(1)
        if not here:
            return False
        if here in SINGLE + DOUBLE + "$({!,":
            return True
        if here == "@":
            return following != "" and following in "({" + SINGLE + DOUBLE
        if here in DASHES + "+":
            return following != "" and (following in "$(.@'\"[" or following.isdigit() or self._unary_word() != "")
        return (here == "[" and self.match(_TYPE) is not None) or self._number() is not None

    def expression(self, level: int = 0) -> Node:
        """An expression whose operators bind at least as tightly as this level; 0 takes all."""
        if level == len(_LEVELS):
            return self._array()
        left = self.expression(level + 1)
        while (operator := self._operator(_LEVELS[level])) is not None:
            self.skip_lines()
            if not self.peek():
                raise IncompleteError
            left = Binary(operator, left, self.expression(level + 1))
        return left

    def _operator(self, wanted: frozenset[str]) -> str | None:
        """The operator here when it is one of these, and past it."""
        before = self.at
        self.skip_blanks()
        here = self.peek()
        found = self.match(_WORD_OPERATOR) if here and here in DASHES else None
        if found is not None:
            name = found[1].lower()
            if name in wanted:
                self.at = found.end()
                return name
        elif self.starts("..") and ".." in wanted:
            self.at += 2
            return ".."
        elif here and (sign := "-" if here in DASHES else here) in wanted and self.peek(1) not in ("=", here):
            self.at += 1
            return sign
        self.at = before
        return None

    def _array(self) -> Node:
        first = self._unary()
        items = [first]
        while True:
            before = self.at
            self.skip_blanks()
            if self.peek() != "," or self._separating:
                self.at = before
                break
            self.at += 1
            self.skip_lines()
            items.append(self._unary())
        return ArrayOf(tuple(items)) if len(items) > 1 else first

    def _unary_word(self) -> str:
        found = self.match(_WORD_OPERATOR)
        return found[1].lower() if found and found[1].lower() in _UNARY_WORDS else ""

    def _unary(self) -> Node:
        self.deeper()
        try:
            return self._unary_within()
        finally:
            self.shallower()

    def _unary_within(self) -> Node:
        self.skip_blanks()
        here = self.peek()
        if not here:
            raise IncompleteError
        word = self._unary_word() if here in DASHES else ""
        if word:
            self.at += 1 + len(word)
            self.skip_lines()
            # What follows -join or -split may itself be a list.
            return Unary(word, self._unary() if word in ("not", "bnot") else self._array())
        if here in "!,+" or here in DASHES:
            number = self._number()
            if number is None:
                self.at += 1
                self.skip_lines()
                return Unary("-" if here in DASHES else here, self._unary())
        if here == "[" and (found := self.match(_TYPE)):
            self.at = found.end()
            if self.starts("::", "]", ")", ",", ";", "|", "}") or not self._operand_follows():
                return self._postfix(TypeLiteral(found[1].lower()))
            return Cast(found[1].lower(), self._unary())
        return self._postfix(self._primary())

    def _operand_follows(self) -> bool:
        before = self.at
        self.skip_blanks()
        here = self.peek()
        follows = here != "" and (here in SINGLE + DOUBLE + "$(@[{" or self._number() is not None)
        negative = here != "" and here in DASHES and self.peek(1).isdigit()
        self.at = before
        return follows or negative

    def _number(self) -> re.Match[str] | None:
        """A number that ends where a word would."""
        found = self.match(_NUMBER)
        following = self.text[found.end() : found.end() + 1] if found else ""
        if found is None or following.isalnum() or following == "_":
            return None
        return found

    def _primary(self) -> Node:
        here = self.peek()
        if here in SINGLE or here in DOUBLE:
            return self.string()
        if here == "$":
            found = self.dollar()
            if found is None:
                raise self.unexpected("$")
            return found
        if here == "@":
            return self._at_sign()
        if here == "(":
            return self._parenthesis()
        if here == "{":
            return self.block()
        if found_number := self._number():
            value = number_of(found_number[0])
            if value is not None:
                self.at = found_number.end()
                return Literal(value, found_number[0])
        raise self.unexpected(self._token())

    def _token(self) -> str:
        """The word or the sign that stands here, for an error."""
        found = re.compile(r"[\w-]+|\S").match(self.text, self.at)
        return found[0] if found else ""

    def _parenthesis(self) -> Node:
        self.at += 1
        self.deeper()
        self.skip_lines()
        if self.peek() == ")":
            raise ParseError("An expression was expected after '('.", "ExpectedExpression", self.at)
        inside = self.pipeline_in_brackets()
        self.need(")")
        self.shallower()
        return Parenthesis(inside)

    def _at_sign(self) -> Node:
        following = self.peek(1)
        if following and following in SINGLE + DOUBLE:
            return self.here_string()
        if following not in ("(", "{"):
            if not following:
                raise IncompleteError
            raise ParseError(
                "Unrecognized token in source text.",
                "UnrecognizedToken",
                self.at,
            )
        self.at += 2
        self.deeper()
        node: Node = SubExpression(self.statements(")"), array=True) if following == "(" else self._hash()
        self.shallower()
        return node

    def _hash(self) -> Node:
        pairs: list[tuple[Node, Statement]] = []
        self.skip_separators()
        while self.peek() != "}":
            key: Node
            if found := self.match(_NAME):
                self.at = found.end()
                key = Literal(found[0])
            else:
                key = self._unary()
            self.skip_blanks()
            if not self.peek():
                raise IncompleteError
            if self.peek() != "=":
                raise ParseError(
                    "Missing '=' operator after key in hash literal.", "MissingEqualsInHashLiteral", self.at
                )
            self.at += 1
            self.skip_lines()
            pairs.append((key, self.statement()))
            if not self.skip_separators() and self.peek() != "}":
                self.need("}", "MissingEndCurlyBrace")
        self.at += 1
        return HashLiteral(tuple(pairs))

    def block(self) -> BlockLiteral:
        """A script block; an opening brace stands here."""
        self.at += 1
        start = self.at
        self.deeper()
        inside = self.statements("}")
        self.shallower()
        return BlockLiteral(inside, self.text[start : self.at - 1])

    def _postfix(self, node: Node) -> Node:
        """Members, calls and indexes, which follow without a blank."""
        while True:
            if self.starts("::") or (self.peek() == "." and self._member_follows()):
                static = self.starts("::")
                self.at += 2 if static else 1
                name = self._member_name()
                if self.peek() == "(":
                    node = Invoke(node, name, self._arguments(), static)
                else:
                    node = Member(node, name, static)
            elif self.peek() == "[":
                self.at += 1
                self.deeper()
                self.skip_lines()
                node = Index(node, self.expression())
                self.shallower()
                self.need("]", "MissingEndSquareBracket")
            else:
                return node

    def _member_follows(self) -> bool:
        following = self.peek(1)
        return following != "" and (following.isalpha() or following in "_$(" + SINGLE + DOUBLE)

    def _member_name(self) -> Node:
        if found := self.match(_NAME):
            self.at = found.end()
            return Literal(found[0])
        if not self.peek():
            raise IncompleteError
        return self._primary()

    def _arguments(self) -> tuple[Node, ...]:
        self.at += 1
        self.deeper()
        self.skip_lines()
        arguments: list[Node] = []
        # In the brackets of a method a comma separates arguments and makes no array.
        self._separating = True
        if self.peek() != ")":
            arguments.append(self.expression())
            self.skip_lines()
            while self.peek() == ",":
                self.at += 1
                self.skip_lines()
                arguments.append(self.expression())
                self.skip_lines()
        self.shallower()
        self.need(")", "MissingEndParenthesisInMethodCall")
        return tuple(arguments)
