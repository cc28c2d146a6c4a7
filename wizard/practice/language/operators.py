"""Operators over values (about_Operators): arithmetic, comparison over lists, text, and `-f`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from wizard.practice.language.comparing import equal, like, order
from wizard.practice.language.regular import regular
from wizard.practice.language.styles import styled
from wizard.practice.language.texts import (
    failure,
    items_of,
    joined_surrogates,
    number_needed,
    span_from,
    text_of,
    truth_of,
    whole,
)
from wizard.practice.language.tree import TypeName
from wizard.practice.values import Flag, PSObject, Value

LONGEST = 1_000_000
"""Longer texts and lists are not made: a slip of a finger must not fill the memory."""

Matches = dict[str, Value]


def binary(operator: str, left: Value, right: Value) -> Value:
    """The value of `left -operator right`; the operators that need more than values are not among them.

    Raises:
        Raised: the values do not go with the operator.
    """
    if operator in _SIMPLE:
        return _SIMPLE[operator](left, right)
    cased = operator not in _COMPARISONS and operator[:1] == "c"
    name = operator if operator in _COMPARISONS else operator[1:]
    holds = _COMPARISONS[name]
    if isinstance(left, tuple):
        return tuple(item for item in left if holds(item, right, cased))
    return holds(left, right, cased)


def _add(left: Value, right: Value) -> Value:
    if left is None:
        return right
    if isinstance(left, str):
        return limited(joined_surrogates(left + text_of(right)))
    if isinstance(left, tuple):
        return _limited_list((*left, *items_of(right)))
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if isinstance(left, datetime):
        return _moved(left, right, 1)
    if isinstance(left, timedelta):
        return _moved_span(left, right, 1)
    if isinstance(left, PSObject | dict):
        raise failure(
            f"Method invocation failed because [{_type(left)}] does not contain a method named 'op_Addition'.",
            "MethodNotFound",
            "InvalidOperation",
        )
    return _number(number_needed(left) + number_needed(right))


def _subtract(left: Value, right: Value) -> Value:
    if isinstance(left, datetime):
        return left - right if isinstance(right, datetime) else _moved(left, right, -1)
    if isinstance(left, timedelta):
        return _moved_span(left, right, -1)
    return _number(number_needed(left) - number_needed(right))


def _span_needed(value: Value) -> timedelta:
    span = span_from(value)
    if span is None:
        raise failure(f'Cannot convert "{text_of(value)}" to a time span.', "InvalidCast")
    return span


def _moved(date: datetime, by: Value, sign: int) -> Value:
    span = _span_needed(by)
    try:
        return date + sign * span
    except OverflowError:
        raise failure("The added or subtracted value results in an un-representable DateTime.", "Overflow") from None


def _moved_span(span: timedelta, by: Value, sign: int) -> Value:
    other = _span_needed(by)
    try:
        return span + sign * other
    except OverflowError:
        raise failure("TimeSpan overflowed because the duration is too long.", "Overflow") from None


def _multiply(left: Value, right: Value) -> Value:
    if isinstance(left, str | tuple):
        times = whole(right)
        _allowed(times * len(left) if times >= 0 else LONGEST + 1)
        return left * times
    return _number(number_needed(left) * number_needed(right))


def _divide(left: Value, right: Value) -> Value:
    above, below = number_needed(left), number_needed(right)
    if not below:
        raise failure("Attempted to divide by zero.", "RuntimeException", "NotSpecified")
    if isinstance(above, int) and isinstance(below, int) and above % below == 0:
        return above // below
    try:
        return above / below
    except OverflowError:
        return _number(math.inf)


def _remainder(left: Value, right: Value) -> Value:
    above, below = number_needed(left), number_needed(right)
    if not below:
        raise failure("Attempted to divide by zero.", "RuntimeException", "NotSpecified")
    try:
        found = math.fmod(above, below)
    except (OverflowError, ValueError):
        return math.nan
    return int(found) if isinstance(above, int) and isinstance(below, int) else found


def _number(value: float) -> Value:
    """A number that is not too large to be worked with."""
    return math.inf if isinstance(value, int) and value > 10**300 else value


def _allowed(length: int) -> None:
    """Nothing for a text or a list of this length.

    Raises:
        Raised: it is longer than the practice shell makes any.
    """
    if length > LONGEST:
        raise failure("The practice shell does not make anything so long.", "TooLong")


def limited(text: str) -> str:
    """The text itself.

    Raises:
        Raised: it is longer than the practice shell makes any.
    """
    _allowed(len(text))
    return text


def _limited_list(items: tuple[Value, ...]) -> tuple[Value, ...]:
    _allowed(len(items))
    return items


def _range(left: Value, right: Value) -> Value:
    first, last = whole(left), whole(right)
    if abs(last - first) > 50_000:
        raise failure("The range operator is limited to 50,000 items in the practice shell.", "TooLong")
    return tuple(range(first, last + 1) if last >= first else range(first, last - 1, -1))


def join(left: Value, right: Value) -> Value:
    """`-join`."""
    texts = [text_of(item) for item in items_of(left)] if left is not None else []
    glue = text_of(right)
    _allowed(sum(map(len, texts)) + len(glue) * len(texts))
    return joined_surrogates(glue.join(texts))


def split(left: Value, right: Value, cased: bool = False) -> Value:
    """`-split`, by a regular expression and at most into so many pieces."""
    given = items_of(right)
    pattern = regular(text_of(given[0]) if given else " ", cased)
    most = whole(given[1]) if len(given) > 1 else 0
    pieces: list[Value] = []
    for item in items_of(left):
        pieces += [piece or "" for piece in pattern.split(text_of(item), max(most - 1, 0))] if most != 1 else [item]
    return tuple(pieces)


def replaced(left: Value, right: Value, cased: bool = False) -> Value:
    """`-replace`, over each item of a list."""
    given = items_of(right)
    pattern = regular(text_of(given[0]) if given else "", cased)
    template = text_of(given[1]) if len(given) > 1 else ""

    def filled(found: re.Match[str]) -> str:
        return re.sub(r"\$(?:\$|(\d+)|\{(\w+)\}|(&))", lambda mark: _group(found, mark), template)

    _allowed(sum(len(text_of(item)) for item in items_of(left)) * (len(template) + 1) // 10)
    changed = tuple(limited(pattern.sub(filled, text_of(item))) for item in items_of(left))
    return changed if isinstance(left, tuple) else changed[0]


def _group(found: re.Match[str], mark: re.Match[str]) -> str:
    name: str | int | None = int(mark[1][:4]) if mark[1] else mark[2]
    if mark[0] == "$$":
        return "$"
    try:
        return found[0] if mark[3] else found[name or 0] or ""
    except (IndexError, KeyError):
        return mark[0]


def matched(text: str, pattern: Value, cased: bool = False) -> Matches | None:
    """What `-match` found, for `$Matches`; None for nothing."""
    found = regular(text_of(pattern), cased).search(text)
    if found is None:
        return None
    groups: Matches = {"0": found[0]}
    groups |= {str(at): group for at, group in enumerate(found.groups(), start=1) if group is not None}
    return groups | {name: group for name, group in found.groupdict().items() if group is not None}


def _contains(left: Value, right: Value, cased: bool) -> bool:
    return any(equal(item, right, cased) for item in items_of(left))


def _is(left: Value, right: Value) -> bool:
    wanted = (right.text if isinstance(right, TypeName) else text_of(right)).casefold().removeprefix("system.")
    return wanted in ("object", _type(left).casefold())


def _type(value: Value) -> str:
    names: tuple[tuple[type, str], ...] = (
        (bool, "bool"),
        (int, "int"),
        (float, "double"),
        (str, "string"),
        (datetime, "datetime"),
        (timedelta, "timespan"),
        (tuple, "array"),
        (dict, "hashtable"),
    )
    for kind, name in names:
        if isinstance(value, kind):
            return name
    return value.kind if isinstance(value, PSObject) else "enum"


def _formatted(left: Value, right: Value) -> Value:
    return limited(styled(text_of(left), items_of(right)))


def _bits(left: Value, right: Value, how: Callable[[int, int], int]) -> Value:
    number = how(_bit_number(left, right), _bit_number(right, left))
    return Flag(text_of(left), number) if isinstance(left, Flag) and number == left.number else number


def _bit_number(value: Value, other: Value) -> int:
    """A number for `-band`; a service's name beside a Flag is the Flag's own number when the Flag has it."""
    if isinstance(value, str) and isinstance(other, Flag):
        names = {name.strip().casefold() for name in other.text.split(",")}
        return other.number if value.strip().casefold() in names else 0
    return whole(value)


_SIMPLE: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
    "..": _range,
    "f": _formatted,
    "join": join,
    "xor": lambda left, right: truth_of(left) != truth_of(right),
    "replace": replaced,
    "ireplace": replaced,
    "creplace": lambda left, right: replaced(left, right, cased=True),
    "split": split,
    "isplit": split,
    "csplit": lambda left, right: split(left, right, cased=True),
    "is": _is,
    "isnot": lambda left, right: not _is(left, right),
    "band": lambda left, right: _bits(left, right, lambda a, b: a & b),
    "bor": lambda left, right: _bits(left, right, lambda a, b: a | b),
    "bxor": lambda left, right: _bits(left, right, lambda a, b: a ^ b),
    "contains": lambda left, right: _contains(left, right, False),
    "notcontains": lambda left, right: not _contains(left, right, False),
    "in": lambda left, right: _contains(right, left, False),
    "notin": lambda left, right: not _contains(right, left, False),
    "ccontains": lambda left, right: _contains(left, right, True),
    "icontains": lambda left, right: _contains(left, right, False),
}

_COMPARISONS: dict[str, Callable[[Value, Value, bool], bool]] = {
    "eq": equal,
    "ne": lambda left, right, cased: not equal(left, right, cased),
    "gt": lambda left, right, cased: order(left, right, cased) > 0,
    "ge": lambda left, right, cased: order(left, right, cased) >= 0,
    "lt": lambda left, right, cased: order(left, right, cased) < 0,
    "le": lambda left, right, cased: order(left, right, cased) <= 0,
    "like": lambda left, right, _: like(text_of(left), text_of(right)),
    "notlike": lambda left, right, _: not like(text_of(left), text_of(right)),
    "match": lambda left, right, cased: matched(text_of(left), right, cased) is not None,
    "notmatch": lambda left, right, cased: matched(text_of(left), right, cased) is None,
}
KNOWN = frozenset(_SIMPLE) | frozenset(_COMPARISONS) | {f"{c}{name}" for name in _COMPARISONS for c in "ci"}
"""Every operator that `binary` takes."""
