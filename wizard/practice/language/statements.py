"""Statements over the evaluation: assignments, conditions, loops, and what is caught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wizard.practice.language.evaluation import Evaluation, unscoped
from wizard.practice.language.faults import ExitError, Fault, LoopEnd, NotKnownError, Raised
from wizard.practice.language.happening import WaitingError
from wizard.practice.language.texts import as_value, failure, items_of, text_of, truth_of, whole
from wizard.practice.language.tree import (
    Assignment,
    Expression,
    For,
    ForEach,
    If,
    Index,
    Leave,
    Member,
    Node,
    Pipeline,
    ScriptBlock,
    Statement,
    Try,
    Variable,
    While,
)
from wizard.practice.values import PSObject, Value

Emit = Callable[[Value], None]
READ_ONLY = frozenset({"true", "false", "null", "error", "host", "pid", "home", "psversiontable"})


class Statements(Evaluation):
    """Runs statements; what they give goes to `emit`, piece by piece."""

    def pipeline(self, pipeline: Pipeline, emit: Emit) -> None:
        """Run a pipeline: for the part that knows commands."""
        raise NotImplementedError

    def report(self, fault: Fault) -> None:
        """Print an error and remember it: for the part that knows the console."""
        raise NotImplementedError

    def execute(self, statement: Statement, emit: Emit) -> None:
        """Run one statement."""
        self.step()
        runners: dict[type, Callable[[Any, Emit], None]] = {
            Pipeline: self.pipeline,
            Assignment: self._assignment,
            If: self._if,
            ForEach: self._foreach,
            While: self._while,
            For: self._for,
            Try: self._try,
            Leave: self._leave,
        }
        runners[type(statement)](statement, emit)

    def execute_all(self, statements: tuple[Statement, ...], emit: Emit) -> None:
        """Run statements in their order; an error that ends one lets the next go on, as at the console."""
        for statement in statements:
            try:
                self.execute(statement, emit)
            except Raised as raised:
                if raised.ends_line or self._catching:
                    raise
                self.report(raised.fault)

    _catching = 0

    def collected(self, statements: tuple[Statement, ...]) -> list[Value]:
        """What statements give."""
        found: list[Value] = []
        for statement in statements:
            self.execute(statement, found.append)
        return found

    def invoke(self, block: ScriptBlock, *item: Value) -> list[Value]:
        """What a block gives with `$_` set to an item; its variables are those around it, its errors are printed."""
        return self._within(block, item, self.execute_all)

    def attempt(self, block: ScriptBlock, item: Value) -> list[Value]:
        """The same, but an error in it is raised."""
        return self._within(block, (item,), self._to_the_first_error)

    def _to_the_first_error(self, statements: tuple[Statement, ...], emit: Emit) -> None:
        for statement in statements:
            self.execute(statement, emit)

    def _within(
        self, block: ScriptBlock, item: tuple[Value, ...], run: Callable[[tuple[Statement, ...], Emit], None]
    ) -> list[Value]:
        before = self.variables.get("_")
        if item:
            self.variables["_"] = item[0]
        found: list[Value] = []
        try:
            run(block.statements, found.append)
        except LoopEnd as end:
            if end.kind != "return":
                raise
        finally:
            self.variables["_"] = before
        return found

    def _assignment(self, statement: Assignment, _: Emit) -> None:
        value = self._assigned(statement.value)
        if statement.operator != "=":
            value = self.worked(statement.operator[0], self.value(statement.target), value)
        self._assign(statement.target, value)

    def _assigned(self, statement: Statement) -> Value:
        """What is assigned: a lone expression as it is, an array of one too; else what comes out of the pipe."""
        if isinstance(statement, Pipeline) and len(statement.elements) == 1:
            element = statement.elements[0]
            if isinstance(element, Expression) and not element.redirections:
                return self.value(element.node)
        return as_value(self.collected((statement,)))

    def _assign(self, target: Node, value: Value) -> None:
        if isinstance(target, Variable):
            name = unscoped(target.name)
            if name in READ_ONLY:
                raise failure(
                    f"Cannot overwrite variable {target.name} because it is read-only or constant.",
                    "VariableNotWritable",
                    "WriteError",
                    "SessionStateUnauthorizedAccessException",
                )
            self.variables[name] = value
            return
        if not isinstance(target, Member | Index) or not isinstance(target.target, Variable):
            raise NotKnownError("The practice shell sets variables and what is directly in them, nothing deeper.")
        self._assign(target.target, self._with_part(self.value(target.target), target, value))

    def _with_part(self, whole_value: Value, target: Member | Index, value: Value) -> Value:
        """A hashtable, an array or an object with one part in place of another. Objects are never changed in place."""
        key = self.value(target.name if isinstance(target, Member) else target.index)
        if isinstance(whole_value, dict):
            name = next((own for own in whole_value if own.casefold() == text_of(key).casefold()), text_of(key))
            return {**whole_value, name: value}
        if isinstance(whole_value, tuple) and isinstance(target, Index):
            at = whole(key)
            if not -len(whole_value) <= at < len(whole_value):
                raise failure("Index was outside the bounds of the array.", "IndexOutOfRange", "OperationStopped")
            items = list(whole_value)
            items[at] = value
            return tuple(items)
        if isinstance(whole_value, PSObject):
            own = next((own for own in whole_value.properties if own.casefold() == text_of(key).casefold()), None)
            if own is not None:
                return PSObject(whole_value.kind, {**whole_value.properties, own: value}, whole_value.text)
        raise failure(
            f"The property '{text_of(key)}' cannot be found on this object. Verify that the property exists and can be "
            "set.",
            "PropertyNotFound",
            "InvalidOperation",
        )

    def _if(self, statement: If, emit: Emit) -> None:
        for condition, body in statement.branches:
            if truth_of(as_value(self.collected((condition,)))):
                self.execute_all(body, emit)
                return
        self.execute_all(statement.otherwise, emit)

    def _foreach(self, statement: ForEach, emit: Emit) -> None:
        for found in self.collected((statement.items,)):
            for item in items_of(found):
                self.variables[unscoped(statement.variable)] = item
                if self._once(statement.body, emit):
                    return

    def _while(self, statement: While, emit: Emit) -> None:
        while truth_of(as_value(self.collected((statement.condition,)))):
            if self._once(statement.body, emit):
                return

    def _for(self, statement: For, emit: Emit) -> None:
        self.collected((statement.first,) if statement.first else ())
        while statement.condition is None or truth_of(as_value(self.collected((statement.condition,)))):
            self.step()
            if self._once(statement.body, emit):
                return
            self.collected((statement.step,) if statement.step else ())

    def _once(self, body: tuple[Statement, ...], emit: Emit) -> bool:
        """One turn of a loop; whether it was the last."""
        try:
            self.execute_all(body, emit)
        except LoopEnd as end:
            if end.kind == "return":
                raise
            return end.kind == "break"
        return False

    def _try(self, statement: Try, emit: Emit) -> None:
        self._catching += 1
        waiting = False
        try:
            self.execute_all(statement.body, emit)
        except WaitingError:
            # The run ends here only to be made again with the answer: what is finally done is done then.
            waiting = True
            raise
        except Raised as raised:
            if statement.catch is None:
                raise
            self._catching -= 1
            try:
                self._caught(raised, statement.catch, emit)
            finally:
                self._catching += 1
        finally:
            self._catching -= 1
            if not waiting:
                self.execute_all(statement.final, emit)

    def _caught(self, raised: Raised, body: tuple[Statement, ...], emit: Emit) -> None:
        before = self.variables.get("_")
        self.variables["_"] = raised.fault.as_object()
        try:
            self.execute_all(body, emit)
        finally:
            self.variables["_"] = before

    def _leave(self, statement: Leave, emit: Emit) -> None:
        values = self.collected((statement.value,)) if statement.value else []
        if statement.kind == "exit":
            raise ExitError
        if statement.kind == "throw":
            message = text_of(as_value(values)) or "ScriptHalted"
            place = (statement.start, statement.end)
            raise Raised(
                Fault(message, "OperationStopped", message, "RuntimeException", f"{message}:String", place=place),
                ends_line=True,
            )
        for value in values:
            emit(value)
        raise LoopEnd(statement.kind)
