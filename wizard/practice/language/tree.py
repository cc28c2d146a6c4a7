"""What a line is made of. Positions count characters from 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from wizard.practice.values import PSObject, Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant. `written` is how a number stands on the line, for a parameter that wants text."""

    value: Value
    written: str = ""


@dataclass(frozen=True, slots=True)
class Expandable:
    """Text with variables and subexpressions in it: `"$($_.Name) is late"`."""

    parts: tuple[str | Node, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`, `$env:NAME`, `$_`."""

    name: str


@dataclass(frozen=True, slots=True)
class Splat:
    """`@name` among the arguments of a command."""

    name: str


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """`a, b, c`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class SubExpression:
    """`$(...)`, or `@(...)` where `array` is set, which is an array even of one or none."""

    statements: tuple[Statement, ...]
    array: bool = False


@dataclass(frozen=True, slots=True)
class Parenthesis:
    """`(...)` around one pipeline."""

    pipeline: Statement


@dataclass(frozen=True, slots=True)
class HashLiteral:
    """`@{n='Name'; e={...}}`."""

    pairs: tuple[tuple[Node, Statement], ...]


@dataclass(frozen=True, slots=True)
class BlockLiteral:
    """`{...}`; `source` is what stands between the braces."""

    statements: tuple[Statement, ...]
    source: str


@dataclass(frozen=True, slots=True)
class TypeLiteral:
    """`[datetime]`."""

    name: str


@dataclass(frozen=True, slots=True)
class Cast:
    """`[char]0x2013`."""

    type: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Member:
    """`$x.Name`, `[datetime]::Now` where `static` is set."""

    target: Node
    name: Node
    static: bool = False


@dataclass(frozen=True, slots=True)
class Invoke:
    """`$x.ToString('o')`."""

    target: Node
    name: Node
    arguments: tuple[Node, ...]
    static: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """`$x[0]`."""

    target: Node
    index: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """`-not $x`, `-join $x`, `,$x`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`$a -eq $b`; the operator in lower case, without its dash."""

    operator: str
    left: Node
    right: Node


Node: TypeAlias = (
    Literal
    | Expandable
    | Variable
    | Splat
    | ArrayOf
    | SubExpression
    | Parenthesis
    | HashLiteral
    | BlockLiteral
    | TypeLiteral
    | Cast
    | Member
    | Invoke
    | Index
    | Unary
    | Binary
)


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter among the arguments: `-Server`; `value` is what stood behind its colon."""

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
class Command:
    """A command: its name, its arguments in their order, and where it and its name stand."""

    name: Node
    arguments: tuple[Given | Node, ...]
    redirections: tuple[Redirection, ...]
    start: int
    end: int
    name_end: int
    called: bool = False


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

    elements: tuple[Command | Expression, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """`$x = ...`; the operator is `=`, `+=`, `-=`, `*=`, `/=`."""

    target: Node
    operator: str
    value: Statement
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class If:
    """`if (...) {...} elseif (...) {...} else {...}`."""

    branches: tuple[tuple[Statement, tuple[Statement, ...]], ...]
    otherwise: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ForEach:
    """`foreach ($x in ...) {...}`."""

    variable: str
    items: Statement
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class While:
    """`while (...) {...}`."""

    condition: Statement
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class For:
    """`for ($i = 0; $i -lt 3; $i++) {...}`; each of the three may be missing."""

    first: Statement | None
    condition: Statement | None
    step: Statement | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """`try {...} catch {...} finally {...}`; `catch` is None where there is none."""

    body: tuple[Statement, ...]
    catch: tuple[Statement, ...] | None
    final: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """`return`, `break`, `continue`, `throw` and `exit`."""

    kind: str
    value: Statement | None
    start: int
    end: int


Statement: TypeAlias = Pipeline | Assignment | If | ForEach | While | For | Try | Leave


@dataclass(frozen=True, slots=True)
class ScriptBlock(PSObject):
    """A block as a value."""

    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeName(PSObject):
    """A type as a value: what `[datetime]` gives."""
