"""A line to its statements: commands with their arguments, pipes, assignments and the statements with keywords.

Source: about_Parsing (expression mode and argument mode), about_Redirection, about_Splatting.
"""

from __future__ import annotations

import re

from wizard.practice.language.expressions import Expressions
from wizard.practice.language.faults import IncompleteError, NotKnownError, ParseError
from wizard.practice.language.keywords import KNOWN_KEYWORDS, UNKNOWN_KEYWORDS, Keywords
from wizard.practice.language.scanner import DASHES, DOUBLE, LINE_ENDS, SINGLE, ends_an_argument, number_of
from wizard.practice.language.tree import (
    ArrayOf,
    Assignment,
    Command,
    Expression,
    Given,
    Index,
    Literal,
    Member,
    Node,
    Pipeline,
    Redirection,
    Splat,
    Statement,
    Variable,
)

_WORD = re.compile(r"[A-Za-z]+(?![\w-])")
_PARAMETER = re.compile(rf"[{DASHES}]([A-Za-z_?][^\s{{}}();,|&.:\[{SINGLE}{DOUBLE}]*+)(?:(:)|(?![{SINGLE}{DOUBLE}]))")
_REDIRECTION = re.compile(r"(?P<merge>[2-6*]>&1)|(?P<stream>[1-6*]?)(?P<sign>>>|>)")
_ASSIGNS = ("=", "+=", "-=", "*=", "/=", "%=")


def parse(text: str) -> tuple[Statement, ...]:
    """The statements of a text.

    Raises:
        IncompleteError: the text goes on in the next line.
        ParseError: it is no PowerShell.
        NotKnownError: it has something the practice shell does not know.
    """
    try:
        return Parser(text).statements("")
    except RecursionError:  # pragma: no cover - the depth is counted, this is for a deeper stack around it
        raise NotKnownError("The practice shell cannot read so many brackets within one another.") from None


class Parser(Keywords, Expressions):
    """Reads statements."""

    def statements(self, closing: str) -> tuple[Statement, ...]:
        """The statements up to a closing bracket and past it, or to the end of the text."""
        found: list[Statement] = []
        self.skip_separators()
        while self.peek() != closing:
            if not self.peek():
                raise IncompleteError
            found.append(self.statement())
            separated = self.skip_separators()
            if self.peek() == closing or (not self.peek() and closing):
                continue
            if not separated and not isinstance(found[-1], KNOWN_KEYWORDS):
                raise self._out_of_place()
        self.at += len(closing)
        return tuple(found)

    def _out_of_place(self) -> ParseError:
        if self.starts("&&", "||"):
            return ParseError(
                f"The token '{self.text[self.at : self.at + 2]}' is not a valid statement separator in this version.",
                "InvalidEndOfLine",
                self.at,
                2,
            )
        if self.peek() == "&":
            return ParseError(
                "The ampersand (&) character is not allowed. The & operator is reserved for future use; wrap an "
                'ampersand in double quotation marks ("&") to pass it as part of a string.',
                "AmpersandNotAllowed",
                self.at,
            )
        return self.unexpected(self._token())

    def statement(self) -> Statement:
        """One statement."""
        self.skip_blanks()
        if found := self.match(_WORD):
            word = found[0].lower()
            if word in UNKNOWN_KEYWORDS:
                raise NotKnownError(f"The practice shell does not know the statement '{word}'.")
            if (special := self.keyword(word, found.end())) is not None:
                return special
        start = self.at
        if not self.begins_expression():
            return self._pipeline([])
        node = self.expression()
        self.skip_blanks()
        if self.starts("++", "--"):
            return self._counted(node, start)
        operator = next((sign for sign in _ASSIGNS if self.starts(sign)), "")
        if operator:
            return self._assignment(node, operator, start)
        return self._pipeline([Expression(node, self._redirections(), start, self.at)])

    def _counted(self, target: Node, start: int) -> Statement:
        """`$i++`, as a statement of its own."""
        operator = f"{self.peek()}="
        self.at += 2
        one = Pipeline((Expression(Literal(1), (), start, self.at),))
        return Assignment(target, operator, one, start, self.at)

    def _assignment(self, target: Node, operator: str, start: int) -> Statement:
        if not isinstance(target, Variable | Member | Index):
            raise ParseError(
                "The assignment expression is not valid. The input to an assignment operator must be an object that is "
                "able to accept assignments, such as a variable or a property.",
                "InvalidLeftHandSide",
                start,
                self.at - start,
            )
        self.at += len(operator)
        self.skip_lines()
        if not self.peek():
            raise IncompleteError
        value = self.statement()
        return Assignment(target, operator, value, start, self.at)

    def pipeline_in_brackets(self) -> Statement:
        """The one statement between `(` and `)`."""
        return self.statement()

    def _pipeline(self, elements: list[Command | Expression]) -> Pipeline:
        if not elements:
            elements = [self._command()]
        while True:
            self.skip_blanks()
            if self.peek() != "|" or self.starts("||"):
                return Pipeline(tuple(elements))
            self.at += 1
            self.skip_lines()
            if not self.peek():
                raise IncompleteError
            if self.begins_expression():
                raise ParseError(
                    "Expressions are only allowed as the first element of a pipeline.",
                    "ExpressionsMustBeFirstInPipeline",
                    self.at,
                )
            if self.one_of("|;)}"):
                raise ParseError("An empty pipe element is not allowed.", "EmptyPipeElement", self.at)
            elements.append(self._command())

    def _command(self) -> Command:
        start = self.at
        called = self.peek() == "&" or (self.peek() == "." and self.peek(1).isspace())
        if called:
            self.at += 1
            self.skip_blanks()
            if not self.peek():
                raise IncompleteError
        name = self._argument_part() if called else self.word()
        name_end = self.at
        arguments: list[Given | Node] = []
        redirections: list[Redirection] = []
        while True:
            self.skip_blanks()
            end = self.at
            here = self.peek()
            if not here or here in LINE_ENDS + "|;)}&#":
                return Command(name, tuple(arguments), tuple(redirections), start, end, name_end, called)
            if more := self._redirections():
                redirections += more
            elif given := self._parameter():
                arguments.append(given)
            else:
                arguments.append(self._argument())

    def _redirections(self) -> tuple[Redirection, ...]:
        found: list[Redirection] = []
        self.skip_blanks()
        while mark := self.match(_REDIRECTION):
            self.at = mark.end()
            if mark["merge"]:
                found.append(Redirection(mark["merge"][0], append=False, target=None))
            else:
                self.skip_blanks()
                if not self.peek():
                    raise ParseError(
                        "Missing file specification after redirection operator.", "MissingFileSpecification", self.at
                    )
                found.append(Redirection(mark["stream"] or "1", mark["sign"] == ">>", self._argument_part()))
            self.skip_blanks()
        if self.peek() == "<":
            raise ParseError("The '<' operator is reserved for future use.", "RedirectionNotSupported", self.at)
        return tuple(found)

    def _parameter(self) -> Given | None:
        found = self.match(_PARAMETER)
        if found is None:
            return None
        self.at = found.end()
        if not found[2]:
            return Given(found[1], None, found[0])
        self.skip_blanks()
        if not self.peek():
            raise IncompleteError
        return Given(found[1], self._argument(), found[0])

    def _argument(self) -> Node:
        """One argument: a value, or several with commas between."""
        items = [self._argument_part()]
        while True:
            before = self.at
            self.skip_blanks()
            if self.peek() != ",":
                self.at = before
                return ArrayOf(tuple(items)) if len(items) > 1 else items[0]
            self.at += 1
            self.skip_lines()
            if not self.peek():
                raise IncompleteError
            if self.one_of("|;)}"):
                raise ParseError("Missing argument in parameter list.", "MissingArgument", self.at)
            items.append(self._argument_part())

    def _argument_part(self) -> Node:
        here, following = self.peek(), self.peek(1)
        if here in SINGLE or here in DOUBLE or here in "({":
            return self._postfix(self._primary())
        if here == "@" and following and following in "({" + SINGLE + DOUBLE:
            return self._postfix(self._primary())
        if here == "@" and (found := re.compile(r"@(\w+)").match(self.text, self.at)):
            self.at = found.end()
            return Splat(found[1])
        if here == "$":
            return self._argument_with_dollar()
        if here == ",":
            raise ParseError("Missing argument in parameter list.", "MissingArgument", self.at)
        start = self.at
        word = self.word()
        written = self.text[start : self.at]
        number = number_of(written.lstrip("-")) if not written.startswith("--") else None
        if isinstance(word, Literal) and number is not None:
            return Literal(-number if written.startswith("-") else number, written)
        return word

    def _argument_with_dollar(self) -> Node:
        """A variable with its members; when text follows at once, all of it is one expandable word."""
        start = self.at
        found = self.dollar()
        if found is None:
            return self.word()
        node = self._postfix(found)
        if not self.peek() or ends_an_argument(self.peek()):
            return node
        self.at = start
        return self.word()
