"""Comparisons (about_Comparison_Operators): without regard to case, the right side converted to the left's type."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

from wizard.practice.language.faults import Fault, NotKnownError, Raised
from wizard.practice.language.texts import date_from, failure, number_from, span_from, text_of, truth_of
from wizard.practice.values import Flag, PSObject, Value


def equal(left: Value, right: Value, cased: bool = False) -> bool:
    """`-eq` of two single values."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, bool):
        return left == truth_of(right)
    if isinstance(left, int | float):
        return left == number_from(right) if not isinstance(right, str) or right.strip() else left == 0
    if isinstance(left, Flag):
        return _is_flag(left, right)
    if isinstance(left, datetime):
        return left == date_from(right)
    if isinstance(left, timedelta):
        return left == span_from(right)
    if isinstance(left, dict | tuple):
        return left is right
    if isinstance(left, PSObject):
        return left is right or (isinstance(right, str) and bool(left.text) and same_text(left.text, right, cased))
    return same_text(left, text_of(right), cased)


def same_text(left: str, right: str, cased: bool = False) -> bool:
    """Whether two texts are equal, without regard to case unless asked."""
    return left == right if cased else left.casefold() == right.casefold()


def _is_flag(left: Flag, right: Value) -> bool:
    if isinstance(right, int | float | Flag):
        return left.number == number_from(right) if isinstance(right, int | float) else left.text == right.text
    names = {name.strip().casefold() for name in text_of(right).split(",")}
    return names == {name.strip().casefold() for name in left.text.split(",")}


def order(left: Value, right: Value, cased: bool = False) -> int:
    """Negative, zero or positive as the left is less, equal or greater.

    Raises:
        Raised: the two cannot be compared.
    """
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, datetime):
        date = date_from(right)
        if date is None:
            raise _incomparable(left, right)
        return (left > date) - (left < date)
    if isinstance(left, timedelta):
        span = span_from(right)
        if span is None:
            raise _incomparable(left, right)
        return (left > span) - (left < span)
    if isinstance(left, bool | int | float | Flag):
        ours, theirs = number_from(left), number_from(right)
        if ours is None or theirs is None:
            raise _incomparable(left, right)
        return (ours > theirs) - (ours < theirs)
    if isinstance(left, str):
        return text_order(left, text_of(right), cased)
    if isinstance(left, PSObject) and left.text:
        return text_order(left.text, text_of(right), cased)
    raise failure(
        f'Cannot compare "{text_of(left)}" because it is not IComparable.', "NotIcomparable", "InvalidOperation"
    )


def _incomparable(left: Value, right: Value) -> Raised:
    message = f'Could not compare "{text_of(left)}" to "{text_of(right)}". Error: "Cannot convert value."'
    return Raised(Fault(message, "InvalidOperation", "ComparisonFailure", "RuntimeException"))


def text_order(left: str, right: str, cased: bool = False) -> int:
    """Which text comes first; without regard to case unless asked."""
    ours, theirs = (left, right) if cased else (left.casefold(), right.casefold())
    return (ours > theirs) - (ours < theirs)


def sort_key(value: Value) -> tuple[int, float, str]:
    """A key by which values of any kind can be sorted: nothing, numbers and dates, then texts."""
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, datetime):
        return (1, value.timestamp(), "")
    if isinstance(value, timedelta):
        return (1, value.total_seconds(), "")
    if isinstance(value, bool | int | float | Flag):
        number = number_from(value) or 0
        return (1, float(number) if abs(number) < 1e300 else 1e300, "")
    return (2, 0.0, text_of(value).casefold())


_LONGEST_COMPARED = 500_000_000
"""Characters of a text times those of a wildcard pattern: what a comparison may have to look at."""


@lru_cache(maxsize=256)
def wildcard(pattern: str) -> re.Pattern[str]:
    """A wildcard pattern (about_Wildcards) as a regular expression for the whole text, without regard to case.

    What stands between two `*` is found once, as early as it can be, and not looked for again: a later place could
    not help what follows. So many `*` take no longer than one.
    """
    first, *rest = _between_stars(pattern)
    if not rest:
        return re.compile(first, re.IGNORECASE | re.DOTALL)
    *middle, last = rest
    expression = first + "".join(f"(?>.*?{part})" for part in middle if part) + f".*{last}"
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


def _between_stars(pattern: str) -> list[str]:
    """The parts of a wildcard pattern between its `*`, as regular expressions of a fixed length."""
    parts, at = [""], 0
    while at < len(pattern):
        character = pattern[at]
        closing = pattern.find("]", at + 2) if character == "[" else -1
        if character == "`" and at + 1 < len(pattern):
            parts[-1] += re.escape(pattern[at + 1])
            at += 1
        elif character == "*":
            parts.append("")
        elif character == "?":
            parts[-1] += "."
        elif closing > 0:
            parts[-1] += f"[{_set(pattern[at + 1 : closing])}]"
            at = closing
        else:
            parts[-1] += re.escape(character)
        at += 1
    return parts


def _set(inside: str) -> str:
    """What stands between the brackets of a wildcard, with nothing but its ranges kept special."""
    return re.sub(r"(.)-(.)", _range, re.sub(r"([\\\[\]^])", r"\\\1", inside), flags=re.DOTALL)


def _range(found: re.Match[str]) -> str:
    first, last = found[1], found[2]
    return found[0] if first <= last and "\\" not in (first, last) else rf"{re.escape(first)}\-{re.escape(last)}"


def like(text: str, pattern: str) -> bool:
    """`-like`: the whole text against a wildcard pattern.

    Raises:
        NotKnownError: both are longer than anything a learner compares.
    """
    if len(text) * len(pattern) > _LONGEST_COMPARED:
        raise NotKnownError("The practice shell does not compare texts as long as these.")
    return wildcard(pattern).fullmatch(text) is not None
