"""The statements that begin with a keyword, as far as the practice shell knows them."""

from __future__ import annotations

import re

from wizard.practice.language.expressions import Expressions
from wizard.practice.language.faults import IncompleteError, NotKnownError, ParseError
from wizard.practice.language.tree import For, ForEach, If, Leave, Statement, Try, Variable, While

UNKNOWN_KEYWORDS = frozenset(
    [
        "switch",
        "function",
        "filter",
        "do",
        "until",
        "param",
        "trap",
        "data",
        "class",
        "enum",
        "workflow",
        "configuration",
        "begin",
        "process",
        "end",
    ]
)
KNOWN_KEYWORDS = (If, ForEach, While, For, Try)
"""Statements that end with a block, after which the next may follow without a semicolon."""

_LEAVING = frozenset({"return", "break", "continue", "throw", "exit"})
_WORD = re.compile(r"[A-Za-z]+")


class Keywords(Expressions):
    """Reads `if`, `foreach`, `while`, `try` and what leaves them."""

    def keyword(self, word: str, end: int) -> Statement | None:
        """The statement that a keyword begins, None when the word is none; `end` is where the word ends."""
        start = self.at
        if word in _LEAVING:
            self.at = end
            return self._leaving(word, start)
        if word not in ("if", "foreach", "while", "for", "try"):
            return None
        self.at = end
        self.skip_lines()
        if not self.peek():
            raise IncompleteError
        if word == "foreach" and self.peek() != "(":
            # Without a bracket it is the alias of ForEach-Object.
            self.at = start
            return None
        readers = {"if": self._if, "foreach": self._foreach, "while": self._while, "for": self._for, "try": self._try}
        return readers[word]()

    def _leaving(self, word: str, start: int) -> Statement:
        self.skip_blanks()
        value = None
        if self.peek() and not self.one_of(";)}\r\n#"):
            value = self.statement()
        return Leave(word, value, start, self.at)

    def _condition(self) -> Statement:
        self.skip_lines()
        if not self.peek():
            raise IncompleteError
        if self.peek() != "(":
            raise ParseError("Missing '(' after the keyword.", "MissingOpenParenthesisInIfStatement", self.at)
        self.at += 1
        self.skip_lines()
        condition = self.statement()
        self.need(")", "MissingEndParenthesisAfterStatement")
        return condition

    def _body(self) -> tuple[Statement, ...]:
        self.skip_lines()
        if not self.peek():
            raise IncompleteError
        if self.peek() != "{":
            raise ParseError("Missing statement block.", "MissingStatementBlock", self.at)
        return self.block().statements

    def _follows(self, word: str) -> bool:
        """Whether this keyword comes next, and past it; nothing is skipped when it does not."""
        before = self.at
        self.skip_lines()
        found = self.match(_WORD)
        if found and found[0].lower() == word:
            self.at = found.end()
            return True
        self.at = before
        return False

    def _if(self) -> Statement:
        branches = [(self._condition(), self._body())]
        while self._follows("elseif"):
            branches.append((self._condition(), self._body()))
        return If(tuple(branches), self._body() if self._follows("else") else ())

    def _foreach(self) -> Statement:
        self.at += 1
        self.skip_lines()
        variable = self.dollar() if self.peek() == "$" else None
        if not self.peek():
            raise IncompleteError
        if not isinstance(variable, Variable):
            raise ParseError("Missing variable name after foreach.", "MissingVariableNameAfterForeach", self.at)
        if not self._follows("in"):
            if not self.peek():
                raise IncompleteError
            raise ParseError("Missing 'in' after variable in foreach loop.", "MissingInInForeach", self.at)
        self.skip_lines()
        items = self.statement()
        self.need(")", "MissingEndParenthesisAfterForeach")
        return ForEach(variable.name, items, self._body())

    def _while(self) -> Statement:
        return While(self._condition(), self._body())

    def _for(self) -> Statement:
        if self.peek() != "(":
            raise ParseError("Missing opening '(' after keyword 'for'.", "MissingOpenParenthesisAfterKeyword", self.at)
        self.at += 1
        parts: list[Statement | None] = []
        for closing in ";;)":
            self.skip_lines()
            parts.append(None if self.one_of(";)") else self.statement())
            self.need(closing, "MissingEndParenthesisAfterStatement")
        return For(parts[0], parts[1], parts[2], self._body())

    def _try(self) -> Statement:
        body = self._body()
        catch = None
        if self._follows("catch"):
            self.skip_lines()
            if self.peek() == "[":
                raise NotKnownError("The practice shell knows catch only without the name of an exception.")
            catch = self._body()
        final = self._body() if self._follows("finally") else ()
        if catch is None and not final:
            if not self.peek():
                raise IncompleteError
            raise ParseError(
                "The Try statement is missing its Catch or Finally block.", "MissingCatchOrFinally", self.at
            )
        return Try(body, catch, final)
