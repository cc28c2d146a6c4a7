"""Compiles a line of PowerShell to functions, which are called with a run; there is no tree to walk.

A node is called with the run and returns its value; a statement is called with the run and passes its output to `emit`.
Source: about_Parsing, about_Quoting_Rules, about_Operator_Precedence, about_Redirection, about_Splatting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from wizard.practice.shell import operators
from wizard.practice.shell.values import (
    NUMBER,
    ExitError,
    Fault,
    IncompleteError,
    LoopEnd,
    NotKnownError,
    ParseError,
    Raised,
    ScriptBlock,
    Value,
    as_value,
    failure,
    items_of,
    number_needed,
    number_of,
    text_of,
    truth_of,
    whole,
    words,
)

Emit = Callable[[Value], None]
Read = TypeVar("Read")


class Runner(Protocol):
    """The part of a run that parsed code calls."""

    variables: dict[str, Value]
    catching: int

    def step(self, work: int = 1) -> None:
        """Count work; too much of it ends the line."""

    def variable(self, name: str) -> Value:
        """A variable's value, `$null` if it was never set."""

    def assign(self, target: Node, value: Value) -> None:
        """Set a variable, or a direct part of one."""

    def worked(self, operator: str, left: Value, right: Value) -> Value:
        """An operator's result; a long one counts as much work."""

    def static(self, name: str, member: str, given: tuple[Value, ...] | None) -> Value:
        """A static member of a type, or the result of a static method."""

    def pipeline(self, pipeline: Pipeline, emit: Emit) -> None:
        """Run a pipeline."""

    def collected(self, statements: tuple[Statement, ...]) -> list[Value]:
        """The output of statements; the first error ends them."""

    def execute_all(self, statements: tuple[Statement, ...], emit: Emit) -> None:
        """Run statements in order; an error ends only its own."""


# The parts of a line that the run examines


@dataclass(frozen=True, slots=True)
class Node:
    """An expression. `name` is a variable's or a type's; `of` is the object of a member, an index or a cast.

    `key` names the member or the place.
    """

    work: Callable[[Runner], Value]
    kind: str = ""
    name: str = ""
    of: Node | None = None
    key: Node | None = None
    written: str = ""
    constant: str | None = None

    def __call__(self, run: Runner) -> Value:  # noqa: D102 - as the class says
        run.step()
        return self.work(run)


@dataclass(frozen=True, slots=True)
class NamedArgument:
    """A parameter among the arguments: `-Server`; `value` follows its colon."""

    name: str
    value: Node | None
    written: str


@dataclass(frozen=True, slots=True)
class Redirection:
    """`> file`, `2>&1`. `stream` is `1`, `2` or `*`."""

    stream: str
    append: bool
    target: Node | None


@dataclass(frozen=True, slots=True)
class CommandNode:
    """A command, with its place and its name's on the line."""

    name: Node
    arguments: tuple[NamedArgument | Node, ...]
    redirections: tuple[Redirection, ...]
    start: int
    end: int
    name_end: int


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as the first part of a pipeline."""

    node: Node
    redirections: tuple[Redirection, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by `|`; only the first may be an expression."""

    elements: tuple[CommandNode | Expression, ...]

    def __call__(self, run: Runner, emit: Emit) -> None:  # noqa: D102 - as every statement
        run.pipeline(self, emit)

    def alone(self) -> Node | None:
        """The only expression of the pipeline: in brackets or assigned, an array of one stays an array."""
        first = self.elements[0]
        lone = len(self.elements) == 1 and isinstance(first, Expression) and not first.redirections
        return first.node if lone and isinstance(first, Expression) else None


Statement = Callable[[Runner, Emit], None]


def worth(statement: Statement) -> Callable[[Runner], Value]:
    """The function for a statement's value."""
    lone = statement.alone() if isinstance(statement, Pipeline) else None
    return lone or (lambda run: as_value(run.collected((statement,))))


def literal(value: Value, written: str = "") -> Node:
    """A constant."""
    return Node(lambda _run: value, "literal", written=written, constant=value if isinstance(value, str) else None)


def variable(name: str) -> Node:
    """`$name`, `$env:NAME`, `$_`."""
    return Node(lambda run: run.variable(name), "variable", name)


def unscoped(name: str) -> str:
    """A variable's name in lower case, without a scope: `$global:x` and `$script:x` are `$x` here."""
    scope, colon, rest = name.casefold().partition(":")
    scopes = ("global", "script", "local", "private", "variable", "using")
    return rest if colon and scope in scopes else name.casefold()


# Reading

SINGLE, DOUBLE, DASHES = "'\u2018\u2019\u201a\u201b", '"\u201c\u201d\u201e', "-\u2013\u2014\u2015"
"""PowerShell's single quotes, double quotes and dashes."""

MOST_NESTED = 40
_ENDS = frozenset("{}();,|&<> \t\r\n\0")
_ESCAPES = {"0": "\0", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_VARIABLE = re.compile(r"\$(?:\{([^}`]+)\}|((?:\w+:)?\w+)|([$?^]))")
_TYPE = re.compile(r"\[\s*([A-Za-z_][\w.]*)(?:\[\s*\])?\s*\]")
_OPERATOR = re.compile(rf"[{DASHES}]([A-Za-z]+)")
_NAME, _WORD, _SPLAT, _TOKEN = (
    re.compile(p) for p in (r"[A-Za-z_]\w*", r"[A-Za-z]+(?![\w-])", r"@(\w+)", r"[\w-]+|\S")
)
_PARAMETER = re.compile(rf"[{DASHES}]([A-Za-z_?][^\s{{}}();,|&.:\[{SINGLE}{DOUBLE}]*+)(?:(:)|(?![{SINGLE}{DOUBLE}]))")
_REDIRECTION = re.compile(r"(?P<merge>[2-6*]>&1)|(?P<stream>[1-6*]?)(?P<sign>>>|>)")
_ASSIGNS = ("=", "+=", "-=", "*=", "/=", "%=")
_COMPARING = words(
    "eq ne gt ge lt le like notlike match notmatch replace contains notcontains in notin is isnot as split join"
)
_LEVELS = (
    {"and", "or", "xor"},
    {"band", "bor", "bxor", "shl", "shr"},
    {*_COMPARING, *(c + name for name in _COMPARING for c in "ci")},
    set("+-"),
    set("*/%"),
    {"f"},
    {".."},
)
_UNARY = {"not", "join", "split", "bnot"}
_UNKNOWN = words(
    "for while do until switch throw function filter param trap data class enum workflow configuration begin process "
    "end"
)
_LEAVING = ("return", "break", "continue", "exit")


def parse(text: str) -> tuple[Statement, ...]:
    """The statements of a text.

    Raises:
        IncompleteError: the text goes on in the next line.
        ParseError: it is no PowerShell.
        NotKnownError: it has something the practice shell does not know.
    """
    return Parser(text).statements("")


class Parser:
    """A text and a moving position in it."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self._depth = text, 0, 0
        self._separating = False  # True while a comma separates the arguments of a method.

    # Characters

    def peek(self, ahead: int = 0) -> str:
        """The character at the position, or further on; a NUL at the end."""
        return self.text[self.at + ahead : self.at + ahead + 1] or "\0"

    def starts(self, *beginnings: str) -> bool:
        """True if one of these follows."""
        return self.text.startswith(beginnings, self.at)

    def takes(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match the pattern at the position, and move past it."""
        if found := pattern.match(self.text, self.at):
            self.at = found.end()
        return found

    def ended(self) -> bool:
        """True at the end of the text."""
        return self.at >= len(self.text)

    def must_go_on(self) -> None:
        """Ask for the next line if this one ends unfinished."""
        if self.ended():
            raise IncompleteError

    def blanks(self, ends: str = "") -> bool:
        """Skip blanks, comments, and these line ends and separators; True if one of those was skipped."""
        seen = False
        while not self.ended():
            here = self.peek()
            if here in ends:
                seen = True
                self.at += 1
            elif here.isspace() and here not in "\r\n":
                self.at += 1
            elif here == "`" and self.peek(1) in "\r\n\0":
                if self.at + 1 >= len(self.text):
                    raise IncompleteError
                self.at += 3 if self.starts("`\r\n") else 2
            elif here == "#" and ends:
                seen = True
                self.at = min(i for i in (*(self.text.find(c, self.at) for c in "\r\n"), len(self.text)) if i >= 0)
            elif self.starts("<#"):
                if (end := self.text.find("#>", self.at)) < 0:
                    raise IncompleteError
                self.at = end + 2
            else:
                break
        return seen

    def lines(self) -> None:
        """Skip blanks and line ends."""
        self.blanks("\r\n")
        self.must_go_on()

    def need(self, mark: str, identifier: str = "MissingEndParenthesisInExpression", said: str = "") -> None:
        """Skip a mark that must follow, mostly a closing bracket."""
        self.lines()
        if self.peek() != mark:
            raise ParseError(said or f"Missing closing '{mark}' in expression.", identifier, self.at)
        self.at += 1

    def unexpected(self) -> ParseError:
        """PowerShell's error for an unexpected token."""
        self.must_go_on()
        found = _TOKEN.match(self.text, self.at)
        token = found[0] if found else ""
        return ParseError(
            f"Unexpected token '{token}' in expression or statement.", "UnexpectedToken", self.at, len(token)
        )

    def inside(self, read: Callable[[], Read], separating: bool = False) -> Read:
        """Read one bracket deeper."""
        before, self._separating = self._separating, separating
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise NotKnownError(f"The practice shell reads no more than {MOST_NESTED} brackets within one another.")
        found = read()
        self._depth -= 1
        self._separating = before
        return found

    # Statements

    def statements(self, closing: str) -> tuple[Statement, ...]:
        """Read statements up to and past a closing bracket, or to the end of the text."""
        found: list[Statement] = []
        self.blanks("\r\n;")
        while self.peek() != (closing or "\0"):
            self.must_go_on()
            found.append(self.statement())
            if self.blanks("\r\n;") or self.peek() == (closing or "\0") or self.ended():
                continue
            if isinstance(found[-1], Pipeline) or self.starts("&"):
                raise self._out_of_place()
        self.at += len(closing)
        return tuple(found)

    def _out_of_place(self) -> ParseError:
        if self.starts("&&", "||"):
            two = self.text[self.at : self.at + 2]
            said = f"The token '{two}' is not a valid statement separator in this version."
            return ParseError(said, "InvalidEndOfLine", self.at, 2)
        if self.peek() == "&":
            return ParseError(
                "The ampersand (&) character is not allowed. The & operator is reserved for future use; wrap an "
                'ampersand in double quotation marks ("&") to pass it as part of a string.',
                "AmpersandNotAllowed",
                self.at,
            )
        return self.unexpected()

    def statement(self) -> Statement:
        """One statement."""
        self.blanks()
        start = self.at
        if found := self.takes(_WORD):
            word = found[0].lower()
            if word in _UNKNOWN:
                raise NotKnownError(f"The practice shell does not know the statement '{word}'.")
            if (special := self._keyword(word)) is not None:
                return special
            self.at = start
        if not self._begins_expression():
            return self._pipeline([])
        node = self.expression()
        self.blanks()
        operator = next((sign for sign in _ASSIGNS if self.starts(sign)), "")
        if self.starts("++", "--"):
            operator, one = f"{self.peek()}=", literal(1)
            self.at += 2
            return lambda run, _emit: run.assign(node, run.worked(operator[0], node(run), one(run)))
        if not operator:
            return self._pipeline([Expression(node, self._redirections(), start, self.at)])
        if node.kind == "list":
            raise NotKnownError("The practice shell sets one variable at a time.")
        if node.kind not in ("variable", "member", "index", "cast"):
            raise ParseError(
                "The assignment expression is not valid. The input to an assignment operator must be an object that is "
                "able to accept assignments, such as a variable or a property.",
                "InvalidLeftHandSide",
                start,
                self.at - start,
            )
        self.at += len(operator)
        self.lines()
        value = worth(self.statement())
        if operator == "=":
            return lambda run, _emit: run.assign(node, value(run))
        return lambda run, _emit: run.assign(node, run.worked(operator[0], node(run), value(run)))

    def _keyword(self, word: str) -> Statement | None:
        if word in _LEAVING:
            return self._leaving(word)
        readers = {"if": self._if, "foreach": self._foreach, "try": self._try}
        if word not in readers:
            return None
        self.lines()
        # Without a bracket it is the alias of ForEach-Object.
        return None if word == "foreach" and self.peek() != "(" else readers[word]()

    def _leaving(self, word: str) -> Statement:
        self.blanks()
        value = None if self.ended() or self.peek() in ";)}\r\n#" else self.statement()

        def leave(run: Runner, emit: Emit) -> None:
            for each in run.collected((value,)) if value else ():
                emit(each)
            raise ExitError if word == "exit" else LoopEnd(word)

        return leave

    def _condition(self) -> Callable[[Runner], bool]:
        self.need("(", "MissingOpenParenthesisInIfStatement", "Missing '(' after the keyword.")
        self.lines()
        condition = self.statement()
        self.need(")", "MissingEndParenthesisAfterStatement")
        return lambda run: truth_of(as_value(run.collected((condition,))))

    def _body(self) -> tuple[Statement, ...]:
        self.need("{", "MissingStatementBlock", "Missing statement block.")
        return self.inside(lambda: self.statements("}"))

    def _follows(self, word: str) -> bool:
        """Skip this keyword if it comes next; True if it did."""
        before = self.at
        self.blanks("\r\n")
        found = self.takes(_WORD)
        if found and found[0].lower() == word:
            return True
        self.at = before
        return False

    def _if(self) -> Statement:
        branches = [(self._condition(), self._body())]
        while self._follows("elseif"):
            branches.append((self._condition(), self._body()))
        if self._follows("else"):
            branches.append((lambda _run: True, self._body()))

        def run_it(run: Runner, emit: Emit) -> None:
            run.execute_all(next((body for holds, body in branches if holds(run)), ()), emit)

        return run_it

    def _foreach(self) -> Statement:
        self.at += 1
        self.lines()
        each = self._dollar() if self.peek() == "$" else None
        self.must_go_on()
        if each is None or each.kind != "variable":
            raise ParseError("Missing variable name after foreach.", "MissingVariableNameAfterForeach", self.at)
        if not self._follows("in"):
            self.must_go_on()
            raise ParseError("Missing 'in' after variable in foreach loop.", "MissingInInForeach", self.at)
        self.lines()
        items = self.statement()
        self.need(")", "MissingEndParenthesisAfterForeach")
        name, body = unscoped(each.name), self._body()

        def run_it(run: Runner, emit: Emit) -> None:
            for item in (item for found in run.collected((items,)) for item in items_of(found)):
                run.variables[name] = item
                try:
                    run.execute_all(body, emit)
                except LoopEnd as end:
                    if end.kind == "return":
                        raise
                    if end.kind == "break":
                        return

        return run_it

    def _try(self) -> Statement:
        body = self._body()
        caught = self._follows("catch")
        self.must_go_on()
        if not caught and not self._follows("finally"):
            raise ParseError(
                "The Try statement is missing its Catch or Finally block.", "MissingCatchOrFinally", self.at
            )
        catch = self._body() if caught else ()
        if not caught or self._follows("finally"):
            raise NotKnownError("The practice shell does not know the statement 'finally'.")

        def run_it(run: Runner, emit: Emit) -> None:
            run.catching += 1
            fault: Fault | None = None
            try:
                run.execute_all(body, emit)
            except Raised as raised:
                fault = raised.fault
            finally:
                run.catching -= 1
            if fault is not None:
                before, run.variables["_"] = run.variables.get("_"), fault.as_object()
                try:
                    run.execute_all(catch, emit)
                finally:
                    run.variables["_"] = before

        return run_it

    # Commands

    def _pipeline(self, elements: list[CommandNode | Expression]) -> Pipeline:
        elements = elements or [self._command()]
        while True:
            self.blanks()
            if self.peek() != "|" or self.starts("||"):
                return Pipeline(tuple(elements))
            self.at += 1
            self.lines()
            if self._begins_expression():
                raise ParseError(
                    "Expressions are only allowed as the first element of a pipeline.",
                    "ExpressionsMustBeFirstInPipeline",
                    self.at,
                )
            if self.peek() in "|;)}":
                raise ParseError("An empty pipe element is not allowed.", "EmptyPipeElement", self.at)
            elements.append(self._command())

    def _command(self) -> CommandNode:
        start = self.at
        called = self.peek() == "&" or (self.peek() == "." and self.peek(1).isspace())
        if called:
            self.at += 1
            self.blanks()
            self.must_go_on()
        name = self._argument_part() if called else self._bare()
        name_end, redirections = self.at, list[Redirection]()
        arguments: list[NamedArgument | Node] = []
        while True:
            self.blanks()
            end = self.at
            if self.ended() or self.peek() in "\r\n|;)}&#":
                return CommandNode(name, tuple(arguments), tuple(redirections), start, end, name_end)
            if more := self._redirections():
                redirections += more
            else:
                arguments.append(self._parameter() or self._argument())

    def _redirections(self) -> tuple[Redirection, ...]:
        found: list[Redirection] = []
        self.blanks()
        while mark := self.takes(_REDIRECTION):
            if mark["merge"]:
                found.append(Redirection(mark["merge"][0], append=False, target=None))
            else:
                self.blanks()
                if self.ended():
                    said = "Missing file specification after redirection operator."
                    raise ParseError(said, "MissingFileSpecification", self.at)
                found.append(Redirection(mark["stream"] or "1", mark["sign"] == ">>", self._argument_part()))
            self.blanks()
        if self.peek() == "<":
            raise ParseError("The '<' operator is reserved for future use.", "RedirectionNotSupported", self.at)
        return tuple(found)

    def _parameter(self) -> NamedArgument | None:
        found = self.takes(_PARAMETER)
        if found is None or not found[2]:
            return NamedArgument(found[1], None, found[0]) if found else None
        self.blanks()
        self.must_go_on()
        return NamedArgument(found[1], self._argument(), found[0])

    def _argument(self) -> Node:
        """One argument: a value, or several with commas between."""
        return self._list(self._argument_part)

    def _list(self, read: Callable[[], Node]) -> Node:
        """A value, or several with commas."""
        items = [read()]
        while True:
            before = self.at
            self.blanks()
            if self.peek() != "," or self._separating:
                self.at = before
                if len(items) == 1:
                    return items[0]
                return Node(lambda run: tuple(item(run) for item in items), "list")
            self.at += 1
            self.lines()
            if self.peek() in "|;)}":
                raise ParseError("Missing argument in parameter list.", "MissingArgument", self.at)
            items.append(read())

    def _argument_part(self) -> Node:
        here, following = self.peek(), self.peek(1)
        if here in SINGLE + DOUBLE + "({" or (here == "@" and following in "({" + SINGLE + DOUBLE):
            return self._postfix(self._primary())
        if self.takes(_SPLAT):
            raise NotKnownError("The practice shell does not know splatting: write the parameters on the line.")
        start = self.at
        if here == "$" and (dollar := self._dollar()) is not None:
            node = self._postfix(dollar)
            if self.ended() or self._ends():
                return node
            self.at = start
        if here == ",":
            raise ParseError("Missing argument in parameter list.", "MissingArgument", self.at)
        word = self._bare()
        written = self.text[start : self.at]
        number = number_of(written.lstrip("-")) if not written.startswith("--") else None
        if word.constant is None or number is None:
            return word
        return literal(-number if written.startswith("-") else number, written)

    def _ends(self) -> bool:
        """True where an argument without quotes ends."""
        return self.peek() in _ENDS or self.peek().isspace()

    # Expressions

    def _begins_expression(self) -> bool:
        """True if an expression follows, not the name of a command."""
        if self.ended():
            return False
        here, following = self.peek(), self.peek(1)
        if here in SINGLE + DOUBLE + "$({!,":
            return True
        if here == "@":
            return following in "({" + SINGLE + DOUBLE
        if here in DASHES + "+":
            return following in "$(.@'\"[" or following.isdigit() or self._unary_word() != ""
        return (here == "[" and _TYPE.match(self.text, self.at) is not None) or self._number() is not None

    def expression(self, level: int = 0) -> Node:
        """An expression whose operators bind at least as tightly as this level; 0 takes all."""
        if level == len(_LEVELS):
            return self._list(self._unary)
        left = self.expression(level + 1)
        while (operator := self._operator(_LEVELS[level])) is not None:
            self.lines()
            left = binary(operator, left, self.expression(level + 1))
        return left

    def _operator(self, wanted: set[str]) -> str | None:
        """Skip one of these operators and return it."""
        before = self.at
        self.blanks()
        here = self.peek()
        sign = "-" if here in DASHES else here
        if here in DASHES and (found := _OPERATOR.match(self.text, self.at)):
            if found[1].lower() in wanted:
                self.at = found.end()
                return found[1].lower()
        elif self.starts("..") and ".." in wanted:
            self.at += 2
            return ".."
        elif sign in wanted and self.peek(1) not in ("=", here):
            self.at += 1
            return sign
        self.at = before
        return None

    def _unary_word(self) -> str:
        found = _OPERATOR.match(self.text, self.at)
        return found[1].lower() if found and found[1].lower() in _UNARY else ""

    def _unary(self) -> Node:
        return self.inside(self._unary_within, self._separating)

    def _unary_within(self) -> Node:
        self.blanks()
        self.must_go_on()
        here = self.peek()
        if word := self._unary_word() if here in DASHES else "":
            self.at += 1 + len(word)
            self.lines()
            # The operand of -join or -split may itself be a list.
            return unary(word, self._unary() if word in ("not", "bnot") else self._list(self._unary))
        if here in "!,+" + DASHES and self._number() is None:
            self.at += 1
            self.lines()
            return unary("-" if here in DASHES else here, self._unary())
        if here == "[" and (found := self.takes(_TYPE)):
            name = found[1].lower()
            if self.starts("::"):
                return self._postfix(Node(lambda _run: None, "type", name))
            operand = self._unary()
            return Node(lambda run: operators.cast(name, operand(run)), "cast", name, of=operand)
        return self._postfix(self._primary())

    def _number(self) -> re.Match[str] | None:
        """A number that ends like a word."""
        found = NUMBER.match(self.text, self.at)
        following = self.text[found.end() : found.end() + 1] if found else ""
        return None if found is None or following.isalnum() or following == "_" else found

    def _primary(self) -> Node:
        here = self.peek()
        if self.ended():
            raise IncompleteError
        if here in SINGLE:
            return literal(self._verbatim())
        if here in DOUBLE:
            self.at += 1
            return expandable(self._pieces())
        if here == "$" and (found := self._dollar()) is not None:
            return found
        if here == "(":
            return self._parenthesis()
        if here == "{":
            return self._block()
        if self.starts("@(", "@{"):
            self.at += 2
            return self.inside(self._array if here + self.text[self.at - 1] == "@(" else self._hash)
        if here == "@" and self.peek(1) in SINGLE + DOUBLE:
            raise NotKnownError("The practice shell does not know texts of several lines between @' and '@.")
        if (number := self._number()) and (value := number_of(number[0])) is not None:
            self.at = number.end()
            return literal(value, number[0])
        raise self.unexpected()

    def _parenthesis(self) -> Node:
        self.at += 1
        self.lines()
        if self.peek() == ")":
            raise ParseError("An expression was expected after '('.", "ExpectedExpression", self.at)
        value = worth(self.inside(self.statement))
        self.need(")")
        return Node(value)

    def _array(self) -> Node:
        statements = self.statements(")")
        return Node(lambda run: tuple(run.collected(statements)))

    def _block(self) -> Node:
        self.at += 1
        start = self.at
        statements = self.inside(lambda: self.statements("}"))
        source = self.text[start : self.at - 1]
        return Node(lambda _run: ScriptBlock("ScriptBlock", {}, source, statements))

    def _hash(self) -> Node:
        pairs: list[tuple[Node, Statement]] = []
        self.blanks("\r\n;")
        while self.peek() != "}":
            key = literal(found[0]) if (found := self.takes(_NAME)) else self._unary()
            self.need("=", "MissingEqualsInHashLiteral", "Missing '=' operator after key in hash literal.")
            self.lines()
            pairs.append((key, self.statement()))
            if not self.blanks("\r\n;") and self.peek() != "}":
                self.need("}", "MissingEndCurlyBrace")
        self.at += 1
        return Node(lambda run: {text_of(key(run)): as_value(run.collected((value,))) for key, value in pairs})

    def _postfix(self, node: Node) -> Node:
        """Members, calls and indexes, which follow without a blank."""
        while True:
            following = self.peek(1)
            if self.starts("::") or (
                self.peek() == "." and (following.isalpha() or following in "_$(" + SINGLE + DOUBLE)
            ):
                self.at += 2 if self.starts("::") else 1
                name = literal(found[0]) if (found := self.takes(_NAME)) else self._primary()
                node = member(node, name, self._method() if self.peek() == "(" else None)
            elif self.peek() == "[":
                self.at += 1
                self.lines()
                node = index(node, self.inside(self.expression))
                self.need("]", "MissingEndSquareBracket")
            else:
                return node

    def _method(self) -> tuple[Node, ...]:
        """The arguments of a method; in its brackets commas separate them and make no array."""
        self.at += 1
        self.lines()
        found: list[Node] = []
        while self.peek() != ")":
            found.append(self.inside(self.expression, separating=True))
            self.lines()
            if self.peek() != ",":
                break
            self.at += 1
            self.lines()
        self.need(")", "MissingEndParenthesisInMethodCall")
        return tuple(found)

    # Strings

    def _verbatim(self) -> str:
        """Ends at any single quote; two stand for the second."""
        value = ""
        self.at += 1
        while not self.ended():
            here = self.peek()
            if here in SINGLE:
                self.at += 1
                if self.peek() not in SINGLE:
                    return value
                here = self.peek()
            value += here
            self.at += 1
        raise IncompleteError

    def _pieces(self) -> list[str | Node]:
        """The text and the expressions up to a double quote."""
        pieces: list[str | Node] = []
        while not self.ended():
            here = self.peek()
            if here == "`":
                pieces.append(self._escaped())
            elif here in DOUBLE:
                self.at += 1
                if self.peek() not in DOUBLE:
                    return pieces
                pieces.append(self.peek())
                self.at += 1
            elif here == "$" and (found := self._dollar()) is not None:
                pieces.append(found)
            else:
                pieces.append(here)
                self.at += 1
        raise IncompleteError

    def _dollar(self) -> Node | None:
        """A variable or a subexpression; None if the dollar stands for itself."""
        if self.starts("$("):
            self.at += 2
            statements = self.inside(lambda: self.statements(")"))
            return Node(lambda run: as_value(run.collected(statements)))
        found = self.takes(_VARIABLE)
        return variable(found[1] or found[2] or found[3]) if found else None

    def _escaped(self) -> str:
        following = self.text[self.at + 1 : self.at + 2]
        if not following:
            raise IncompleteError
        self.at += 2
        return _ESCAPES.get(following, following)

    def _bare(self) -> Node:
        """An argument or a name without quotes around the whole: inner quotes are removed, `$` expands."""
        start = self.at
        pieces: list[str | Node] = []
        while not self.ended() and not self._ends():
            here = self.peek()
            if here == "`":
                if self.peek(1) in "\r\n":
                    break
                pieces.append(self._escaped())
            elif here in SINGLE:
                pieces.append(self._verbatim())
            elif here in DOUBLE:
                self.at += 1
                pieces += self._pieces()
            elif here == "$" and (found := self._dollar()) is not None:
                # A variable at the end of a word may have properties, in the middle not.
                names = re.compile(r"(?:\.[A-Za-z_]\w*)+(?=[{}();,|&<>\s\0]|$)").match(self.text, self.at)
                for name in names[0][1:].split(".") if names else ():
                    found = member(found, literal(name), None)
                self.at = names.end() if names else self.at
                pieces.append(found)
            else:
                pieces.append(here)
                self.at += 1
        if self.at == start:
            raise self.unexpected()
        return expandable(pieces)


# Values


def expandable(pieces: list[str | Node]) -> Node:
    """Text with variables and subexpressions in it; text alone is a constant."""
    if all(isinstance(piece, str) for piece in pieces):
        return literal("".join(map(str, pieces)))

    def work(run: Runner) -> Value:
        parts = (piece if isinstance(piece, str) else text_of(piece(run)) for piece in pieces)
        return operators.limited("".join(parts))

    return Node(work)


def member(of: Node, name: Node, arguments: tuple[Node, ...] | None) -> Node:
    """`$x.Name`, `[datetime]::Now`, `$x.ToString('o')`."""

    def work(run: Runner) -> Value:
        own = text_of(name(run))
        given = None if arguments is None else tuple(each(run) for each in arguments)
        if of.kind == "type":
            return run.static(of.name, own, given)
        return operators.property_of(of(run), own) if given is None else operators.called(of(run), own, given)

    return Node(work, "member", of=of, key=name)


def index(of: Node, key: Node) -> Node:
    """`$x[0]`."""

    def work(run: Runner) -> Value:
        target, at = of(run), key(run)
        if isinstance(target, dict):
            return operators.property_of(target, text_of(at)) if at is not None else None
        if target is None:
            raise failure("Cannot index into a null array.", "NullArray", "InvalidOperation")
        items: tuple[Value, ...] = tuple(target) if isinstance(target, str) else items_of(target)
        places = (whole(each) for each in items_of(at))
        found = [items[place] for place in places if -len(items) <= place < len(items)]
        return tuple(found) if isinstance(at, tuple) else as_value(found)

    return Node(work, "index", of=of, key=key)


def unary(operator: str, operand: Node) -> Node:
    """`-not $x`, `-join $x`, `,$x`."""

    def work(run: Runner) -> Value:
        value = operand(run)
        if operator in ("not", "!"):
            return not truth_of(value)
        if operator == ",":
            return (value,)
        if operator == "join":
            return operators.join(value, "")
        if operator == "split":
            return tuple(piece for item in items_of(value) for piece in text_of(item).split())
        if operator == "bnot":
            raise NotKnownError("The practice shell does not know the operator -bnot.")
        return -number_needed(value) if operator == "-" else number_needed(value)

    return Node(work)


def binary(operator: str, left: Node, right: Node) -> Node:
    """`$a -eq $b`; the operator in lower case, without its dash."""
    if operator in ("and", "or"):
        decides = operator == "or"
        return Node(lambda run: decides if truth_of(left(run)) is decides else truth_of(right(run)))

    def work(run: Runner) -> Value:
        one, other = left(run), right(run)
        if operator not in operators.KNOWN:
            raise NotKnownError(f"The practice shell does not know the operator -{operator}.")
        found = run.worked(operator, one, other)
        if operator in ("match", "imatch", "cmatch") and found is True:
            run.variables["matches"] = operators.matched(text_of(one), other, operator == "cmatch")
        return found

    return Node(work)
