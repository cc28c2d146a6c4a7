"""What an expression is worth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from wizard.practice.language import members, operators, types
from wizard.practice.language.faults import NotKnownError
from wizard.practice.language.texts import (
    as_value,
    failure,
    items_of,
    joined_surrogates,
    number_needed,
    text_of,
    truth_of,
    whole,
)
from wizard.practice.language.tree import (
    ArrayOf,
    Binary,
    BlockLiteral,
    Cast,
    Expandable,
    Expression,
    HashLiteral,
    Index,
    Invoke,
    Literal,
    Member,
    Node,
    Parenthesis,
    Pipeline,
    ScriptBlock,
    Splat,
    Statement,
    SubExpression,
    TypeLiteral,
    TypeName,
    Unary,
    Variable,
)
from wizard.practice.values import Value

MOST_STEPS = 100_000
"""How much of a line is worked out before it is given up as endless."""


class Evaluation:
    """Works out expressions over variables. What runs statements and knows the world is a part of its own."""

    def __init__(self, variables: dict[str, Value], now: datetime) -> None:
        self.variables = variables
        self.now = now
        self._steps = 0
        self._working: dict[type, Callable[[Any], Value]] = {
            Literal: lambda node: node.value,
            Expandable: self._expandable,
            Variable: lambda node: self.variable(node.name),
            Splat: lambda node: self.variable(node.name),
            ArrayOf: lambda node: tuple(self.value(item) for item in node.items),
            SubExpression: self._subexpression,
            Parenthesis: self._parenthesis,
            HashLiteral: self._hash,
            BlockLiteral: lambda node: ScriptBlock("ScriptBlock", {}, node.source, node.statements),
            TypeLiteral: self._type,
            Cast: self._cast,
            Member: self._member,
            Invoke: self._invoke,
            Index: self._index,
            Unary: self._unary,
            Binary: self._binary,
        }

    def collected(self, statements: tuple[Statement, ...]) -> list[Value]:
        """What statements give, one after the other: for the part that runs them."""
        raise NotImplementedError

    def step(self, work: int = 1) -> None:
        """One more step of work, or as many as it is worth.

        Raises:
            NotKnownError: there were too many.
        """
        self._steps += work
        if self._steps > MOST_STEPS:
            raise NotKnownError("The practice shell has given this line up: it does not come to an end.")

    def value(self, node: Node) -> Value:
        """The value of an expression."""
        self.step()
        return self._working[type(node)](node)

    def variable(self, name: str) -> Value:
        """A variable's value, `$null` for one that was never set."""
        wanted = unscoped(name)
        fixed: dict[str, Value] = {"true": True, "false": False, "null": None}
        if wanted in fixed:
            return fixed[wanted]
        return self.variables.get("_" if wanted == "psitem" else wanted)

    def _expandable(self, node: Expandable) -> Value:
        parts = [part if isinstance(part, str) else text_of(self.value(part)) for part in node.parts]
        return operators.limited(joined_surrogates("".join(parts)))

    def _subexpression(self, node: SubExpression) -> Value:
        items = self.collected(node.statements)
        return tuple(items) if node.array else as_value(items)

    def _parenthesis(self, node: Parenthesis) -> Value:
        pipeline = node.pipeline
        if isinstance(pipeline, Pipeline) and len(pipeline.elements) == 1:
            first = pipeline.elements[0]
            # An expression in brackets stays what it is, an array of one too.
            if isinstance(first, Expression) and not first.redirections:
                return self.value(first.node)
        return as_value(self.collected((pipeline,)))

    def _hash(self, node: HashLiteral) -> Value:
        return {text_of(self.value(key)): as_value(self.collected((value,))) for key, value in node.pairs}

    def _type(self, node: TypeLiteral) -> Value:
        if not types.known_type(node.name):
            raise NotKnownError(f"The practice shell does not know the type [{node.name}].")
        return TypeName("RuntimeType", {"Name": node.name}, node.name)

    def _cast(self, node: Cast) -> Value:
        return types.cast(node.type, self.value(node.operand))

    def _member(self, node: Member) -> Value:
        name = text_of(self.value(node.name))
        if isinstance(node.target, TypeLiteral):
            return types.static(node.target.name, name, None, self.now)
        return members.property_of(self.value(node.target), name)

    def _invoke(self, node: Invoke) -> Value:
        name = text_of(self.value(node.name))
        arguments = tuple(self.value(argument) for argument in node.arguments)
        if isinstance(node.target, TypeLiteral):
            return types.static(node.target.name, name, arguments, self.now)
        return members.called(self.value(node.target), name, arguments)

    def _index(self, node: Index) -> Value:
        target, index = self.value(node.target), self.value(node.index)
        if isinstance(target, dict):
            return members.property_of(target, text_of(index)) if index is not None else None
        if target is None:
            raise failure("Cannot index into a null array.", "NullArray", "InvalidOperation")
        items: tuple[Value, ...] = tuple(target) if isinstance(target, str) else items_of(target)
        found: list[Value] = []
        for each in items_of(index):
            at = whole(each)
            found += [items[at]] if -len(items) <= at < len(items) else []
        return as_value(found) if not isinstance(index, tuple) else tuple(found)

    def _unary(self, node: Unary) -> Value:
        operand = self.value(node.operand)
        if node.operator in ("not", "!"):
            return not truth_of(operand)
        if node.operator == ",":
            return (operand,)
        if node.operator == "join":
            return operators.join(operand, "")
        if node.operator in ("split", "csplit", "isplit"):
            return tuple(piece for item in items_of(operand) for piece in text_of(item).split())
        number = whole(operand) if node.operator == "bnot" else number_needed(operand)
        if node.operator == "bnot":
            return ~int(number)
        return -number if node.operator == "-" else number

    def _binary(self, node: Binary) -> Value:
        left = self.value(node.left)
        if node.operator in ("and", "or"):
            if truth_of(left) == (node.operator == "or"):
                return node.operator == "or"
            return truth_of(self.value(node.right))
        right = self.value(node.right)
        if node.operator not in operators.KNOWN:
            raise NotKnownError(f"The practice shell does not know the operator -{node.operator}.")
        found = self.worked(node.operator, left, right)
        if node.operator in ("match", "imatch", "cmatch") and found is True:
            self.variables["matches"] = operators.matched(text_of(left), right, node.operator == "cmatch")
        return found

    def worked(self, operator: str, left: Value, right: Value) -> Value:
        """What an operator gives. Something long counts as much work, so that a loop that makes it comes to an end."""
        found = operators.binary(operator, left, right)
        if isinstance(found, tuple):
            self.step(len(found) // 10)
        elif isinstance(found, str):
            self.step(len(found) // 1_000)
        return found


def unscoped(name: str) -> str:
    """A variable's name in lower case, without a scope: `$global:x` and `$script:x` are `$x` here."""
    scope, colon, rest = name.casefold().partition(":")
    return rest if colon and scope in ("global", "script", "local", "private", "variable", "using") else name.casefold()
