"""The values of the practice shell: objects, cmdlets, views and errors; conversions and comparisons.

Strings are `str`, numbers `int` or `float`, `$null` is None, dates are aware `datetime`, durations `timedelta`, arrays
tuples, hash tables `dict`; enums are `Flag`, everything else is a `PSObject`. In strings PowerShell writes dates in the
invariant culture; only the formatting cmdlets use the server's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias

from wizard.practice.world import World

HERE = "C:\\Windows\\system32"
"""The folder in which the shell opens."""

# Values


@dataclass(frozen=True, slots=True)
class Flag:
    """An enum's value: its text for ToString, and its number for ConvertTo-Json."""

    text: str
    number: int = 0

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class PSObject:
    """An object with ordered properties. `kind` is the type's short name, which chooses the default view.

    `text` is the result of ToString (`"$_"`); empty means PowerShell's `@{Name=Value; ...}`.
    """

    kind: str
    properties: dict[str, Value] = field(default_factory=dict)
    text: str = ""

    def get(self, name: str) -> Value:
        """A property in any case; None without one."""
        wanted = name.casefold()
        return next((value for key, value in self.properties.items() if key.casefold() == wanted), None)


Value: TypeAlias = (
    "bool | int | float | str | datetime | timedelta | Flag | PSObject | tuple[Value, ...] | dict[str, Value] | None"
)


@dataclass(frozen=True, slots=True)
class ScriptBlock(PSObject):
    """`{ ... }`: `text` is its source."""

    statements: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeName(PSObject):
    """`[datetime]` as a value."""


class Char(str):
    """A single character: text, but a number where one is needed."""

    __slots__ = ()


# Cmdlets and views


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter. `position` is its place among unnamed arguments (0 first), None for only by name.

    A switch takes no value; `lists` takes several, separated by commas; `rest` takes all further unnamed arguments.
    `piped` takes the objects of the pipe by value, `piped_by_name` their property of that name. `values` are the only
    words it takes.
    """

    name: str
    position: int | None = None
    switch: bool = False
    lists: bool = False
    required: bool = False
    piped: bool = False
    piped_by_name: bool = False
    values: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    rest: bool = False


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def switches(*names: str) -> tuple[Parameter, ...]:
    """Several switches by their names."""
    return tuple(Parameter(name, switch=True) for name in names)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A confirmation at the console; a bare Enter gives `default`.

    A cmdlet yields it and gets back one of `Y A N L`. After `A` or `L` the shell answers the same for the other objects
    of the pipe. Any other answer makes the shell ask again, and `?` prints its help.
    """

    caption: str
    message: str
    default: str = "Y"


@dataclass(frozen=True, slots=True)
class Warned:
    """A line printed as `WARNING: ...`."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line printed unchanged past the pipe, such as `What if: ...`."""

    text: str


@dataclass(frozen=True, slots=True)
class Failed:
    """An error that does not end the pipe by itself: `category` is an ErrorCategory, `identifier` goes below it."""

    text: str
    category: str = "NotSpecified"
    identifier: str = ""


Output: TypeAlias = "Value | Confirmation | Warned | Said | Failed | World"
"""The output of an Exchange cmdlet: a value for the pipe, a sentence, a question, or the changed world."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an Exchange cmdlet: the world, the parameters by their full names, the object of the pipe.

    The shell calls once for each object of a pipe, as PowerShell does, and `piped` holds that object. A switch is a
    bool, a parameter that `lists` a tuple, one with `values` has their casing. A waiting question discards the
    generator: the answer runs the whole line again. So a cmdlet must repeat itself exactly.
    """

    world: World
    parameters: Mapping[str, Value] = field(default_factory=dict)
    piped: tuple[Value, ...] = ()
    invoked: str = ""

    def given(self, name: str) -> bool:
        """True if a parameter is on the line, `$null` included."""
        return name in self.parameters

    def on(self, name: str) -> bool:
        """True if a switch is on."""
        return bool(self.parameters.get(name))

    def text(self, name: str) -> str:
        """A parameter as text, empty if not given."""
        return written(self.parameters.get(name))

    def texts(self, name: str, *properties: str) -> tuple[str, ...]:
        """The texts of a list parameter, otherwise the first of `properties` in the objects of the pipe."""
        if self.given(name) or not properties:
            return tuple(written(each) for each in listed(self.parameters.get(name)))
        return tuple(found for each in self.piped if (found := _first_of(each, properties)))


def written(value: Value) -> str:
    """A value as text; an object by its own name, `$null` as nothing."""
    if isinstance(value, PSObject):
        return value.text or _first_of(value, ("Identity", "Name"))
    return "" if value is None else str(value)


def _first_of(value: Value, properties: tuple[str, ...]) -> str:
    if not isinstance(value, PSObject):
        return written(value)
    return next((written(own) for name in properties if (own := value.get(name)) is not None), "")


class CmdletRefusal(Exception):
    """An Exchange cmdlet refuses its task; the shell prints `failed` as the error."""

    def __init__(self, text: str, category: str = "InvalidOperation", identifier: str = "") -> None:
        super().__init__(text)
        self.failed = Failed(text, category, identifier)


Steps = Generator[Output, str | None, None]
"""A running cmdlet: its output, and the answers sent back to it."""


@dataclass(frozen=True, slots=True)
class Cmdlet:
    """An Exchange cmdlet by its documented name; `changes` gives it -WhatIf and -Confirm."""

    name: str
    parameters: tuple[Parameter, ...]
    run: Callable[[Call], Steps]
    synopsis: str = ""
    changes: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a default table: its label, and the property or function with its values.

    `width` is in cells, None adapts to the values and the console; `right` aligns it to the right.
    """

    label: str
    of: str | Callable[[PSObject], Value] = ""
    width: int | None = None
    right: bool = False


def columns(*names: str) -> tuple[Column, ...]:
    """Columns labelled as their properties."""
    return tuple(Column(name) for name in names)


@dataclass(frozen=True, slots=True)
class View:
    """The view of one kind of object: a table of `columns`, otherwise a list of `properties`.

    With neither PowerShell chooses: a table up to four properties, a list beyond. Format-List without names shows
    `properties`, or all. `group` names a property whose value stands above the table of those that share it.
    """

    kind: str
    columns: tuple[Column, ...] = ()
    properties: tuple[str, ...] = ()
    group: str = ""
    group_label: str = ""


# Errors


class IncompleteError(Exception):
    """The line ends inside a string, a bracket, or after a pipe: PowerShell asks for more with `>> `."""


class ParseError(Exception):
    """The text is no PowerShell: the error is `length` characters from `at` (0 first)."""

    def __init__(self, message: str, identifier: str, at: int, length: int = 1) -> None:
        super().__init__(message)
        self.message, self.identifier, self.at, self.length = message, identifier, at, max(length, 1)


class NotKnownError(Exception):
    """PowerShell knows it, the practice shell does not; the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error record. `invoked` is the command that failed, empty for an expression.

    `remote` marks Exchange's own cmdlets, which run on the server: their errors have no position in the line.
    """

    message: str
    category: str = "NotSpecified"
    identifier: str = ""
    exception: str = ""
    target: str = ""
    invoked: str = ""
    remote: bool = False
    place: tuple[int, int] | None = None

    def as_object(self) -> PSObject:
        """The error as `$_` in a catch block and as `$Error[0]`."""
        text = f"{self.exception or 'System.Exception'}: {self.message}"
        properties: dict[str, Value] = {
            "Exception": PSObject("Exception", {"Message": self.message}, text),
            "TargetObject": self.target or None,
            "CategoryInfo": self.category_line,
            "FullyQualifiedErrorId": self.identifier,
        }
        return PSObject("ErrorRecord", properties, self.message)

    @property
    def category_line(self) -> str:
        """`ObjectNotFound: (Get-Foo:String) [], CommandNotFoundException`."""
        ending = f", {self.exception}" if self.exception else ""
        return f"{self.category}: ({self.target or ':'}) [{self.invoked}]{ending}"


class Raised(Exception):
    """An error that ends the pipeline; `ends_line`, set by `-ErrorAction Stop`, ends the whole line."""

    def __init__(self, fault: Fault, ends_line: bool = False) -> None:
        super().__init__(fault.message)
        self.fault, self.ends_line = fault, ends_line


class ExitError(Exception):
    """`exit` was entered."""


class LoopEnd(Exception):
    """`break` and `continue` on their way to the loop; `return` to the block."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class WaitingError(Exception):
    """The run needs an answer: to a question with choices, or a line of text behind a label."""

    def __init__(self, question: Confirmation | None, label: str = "") -> None:
        super().__init__(label)
        self.question, self.label = question, label


def failure(message: str, identifier: str, category: str = "InvalidArgument", exception: str = "") -> Raised:
    """Make an error of the language itself, ready to be raised."""
    return Raised(Fault(message, category, identifier, exception or "RuntimeException"))


def unknown_command(name: str, place: tuple[int, int] | None = None) -> Fault:
    """PowerShell's error for an unknown command."""
    return Fault(
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
        "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        "ObjectNotFound",
        *("CommandNotFoundException", "CommandNotFoundException", f"{name}:String"),
        place=place,
    )


# Conversions

_NUMBER = re.compile(r"(?i)(?:0x[0-9a-f]+|(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?[dl]?)(?:[kmgtp]b)?")
_UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3, "tb": 1024**4, "pb": 1024**5}
_DATES = (
    *(f"%Y-%m-%d{time}" for time in ("T%H:%M:%S.%f%z", "T%H:%M:%S%z", "T%H:%M:%S", " %H:%M:%S", " %H:%M", "")),
    *(f"%m/%d/%Y{time}" for time in (" %I:%M:%S %p", " %H:%M:%S", " %H:%M", "")),
)
_SPAN = re.compile(r"(-?)(?:(\d{1,8})\.)?(\d{1,4}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?")
_HALF = re.compile("[\ud800-\udfff]")


def number_of(written: str) -> int | float | None:
    """Read a whole word as a number: `0x10`, `1.5`, `10MB`; None for any other word."""
    if not _NUMBER.fullmatch(written) or len(written) > 300:
        return None
    digits, unit = (written[:-2], written[-2:].lower()) if written[-2:].lower() in _UNITS else (written, "")
    if digits[:2].lower() == "0x":
        return int(digits, 16) * _UNITS.get(unit, 1) if digits[2:] else None
    digits = digits.rstrip("dDlL")
    value: int | float = int(digits) if digits.isdecimal() and digits.isascii() else float(digits)
    return value * _UNITS.get(unit, 1)


def joined_surrogates(text: str) -> str:
    """Join the two halves of a character that were each written as `[char]`."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if _paired(text) else text


def _paired(text: str) -> bool:
    return not text.isascii() and _HALF.search(text) is not None and not _lone(text)


def _lone(text: str) -> bool:
    try:
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return True
    return False


def text_of(value: Value) -> str:
    """A value in a string: `"$value"`."""
    if isinstance(value, str | Flag) or value is None:
        return str(value) if value is not None else ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, tuple):
        return " ".join(text_of(item) for item in value)
    if isinstance(value, datetime):
        return f"{value.month:02}/{value.day:02}/{value.year:04} {value:%H:%M:%S}"
    if isinstance(value, timedelta):
        return _span_text(value)
    if isinstance(value, dict):
        return "System.Collections.Hashtable"
    if value.text or isinstance(value, ScriptBlock):
        return value.text
    shown = "; ".join(f"{name}={text_of(each)}" for name, each in value.properties.items())
    return f"@{{{shown}}}"


def _number_text(value: float) -> str:
    """A number as .NET writes it: `1`, `0.5`, `1E+20`."""
    if isinstance(value, int):
        # Python refuses to write numbers of thousands of digits; PowerShell has none so large.
        return str(value) if abs(value) < 10**300 else "Infinity"
    if math.isinf(value) or math.isnan(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    mantissa, sign, exponent = f"{value:.15g}".partition("e")
    return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}" if sign else mantissa


def _span_text(value: timedelta) -> str:
    """A duration as .NET writes it: `00:10:00`, `1.02:03:04.5000000`."""
    sign, value = ("-" if value < timedelta(0) else ""), abs(value)
    days = f"{value.days}." if value.days else ""
    ticks = f".{value.microseconds * 10:07}" if value.microseconds else ""
    return f"{sign}{days}{value.seconds // 3600:02}:{value.seconds // 60 % 60:02}:{value.seconds % 60:02}{ticks}"


def truth_of(value: Value) -> bool:
    """A value as a condition: empty text, zero, `$null` and the empty list are false."""
    if isinstance(value, tuple):
        return truth_of(value[0]) if len(value) == 1 else bool(value)
    if isinstance(value, Flag):
        return value.number != 0
    return isinstance(value, PSObject | datetime | timedelta | dict) or bool(value)


def number_from(value: Value) -> int | float | None:
    """A value as a number, None if impossible."""
    if isinstance(value, bool) or value is None:
        return int(value or 0)
    if isinstance(value, int | float):
        return value
    if isinstance(value, Flag):
        return value.number
    if not isinstance(value, str):
        return None
    if isinstance(value, Char):
        return ord(value[0])
    written = value.strip()
    number = number_of(written.lstrip("+-")) if written else 0
    return -number if number is not None and written.startswith("-") else number


def number_needed(value: Value, kind: str = "System.Int32") -> int | float:
    """A value as a number.

    Raises:
        Raised: it cannot be converted.
    """
    if (number := number_from(value)) is None:
        raise failure(
            f'Cannot convert value "{text_of(value)}" to type "{kind}". Error: "Input string was not in a correct '
            'format."',
            "InvalidCastFromStringToInteger",
        )
    return number


def whole(value: Value) -> int:
    """A value as a whole number, rounded as .NET does, halves to even.

    Raises:
        Raised: it cannot be converted.
    """
    number = number_needed(value)
    if isinstance(number, float) and (math.isinf(number) or math.isnan(number)):
        raise failure("Value was either too large or too small for an Int32.", "InvalidCastIConvertible")
    return round(number)


def date_from(value: Value) -> datetime | None:
    """A value as a date, None if impossible; text in the invariant culture's forms."""
    if isinstance(value, datetime) or not isinstance(value, str):
        return value if isinstance(value, datetime) else None
    written = re.sub(r"(\.\d{6})\d+", r"\1", value.strip()).replace("Z", "+00:00")
    for form in _DATES:
        try:
            found = datetime.strptime(written, form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def span_from(value: Value) -> timedelta | None:
    """A value as a duration, None if impossible: `00:10:00`; a bare number is days."""
    if isinstance(value, timedelta) or not isinstance(value, str):
        return value if isinstance(value, timedelta) else None
    found = _SPAN.fullmatch(value.strip())
    try:
        if found is None:
            return timedelta(days=int(value))
        sign, days, hours, minutes, seconds, fraction = found.groups()
        span = timedelta(days=int(days or 0), hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
        span += timedelta(microseconds=int((fraction or "0").ljust(7, "0")[:6]))
    except (ValueError, OverflowError):
        return None
    return -span if sign else span


def items_of(value: Value) -> tuple[Value, ...]:
    """A value as pipe items: the items of an array, otherwise itself."""
    return value if isinstance(value, tuple) else (value,)


def listed(value: Value) -> tuple[Value, ...]:
    """The items of a parameter's value; none if not given."""
    return () if value is None else items_of(value)


def as_value(items: list[Value]) -> Value:
    """Pipe output as one value: nothing is `$null`, one is itself, several are an array."""
    return items[0] if len(items) == 1 else tuple(items) if items else None


# Comparisons (about_Comparison_Operators): in any case of letters, the right side converted to the left's type


def equal(left: Value, right: Value, cased: bool = False) -> bool:
    """`-eq` of two single values."""
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, bool):
        return left == truth_of(right)
    if isinstance(left, int | float):
        return left == number_from(right)
    if isinstance(left, Flag):
        return left.number == right if isinstance(right, int | float) else _names(left.text) == _names(text_of(right))
    if isinstance(left, datetime):
        return left == date_from(right)
    if isinstance(left, timedelta):
        return left == span_from(right)
    if isinstance(left, PSObject):
        return left is right or (isinstance(right, str) and bool(left.text) and same_text(left.text, right, cased))
    return same_text(left, text_of(right), cased) if isinstance(left, str) else left is right


def same_text(left: str, right: str, cased: bool = False) -> bool:
    """True if two texts are equal, without case unless `cased`."""
    return left == right if cased else left.casefold() == right.casefold()


def _names(text: str) -> set[str]:
    return {name.strip().casefold() for name in text.split(",")}


def order(left: Value, right: Value, cased: bool = False) -> int:
    """Negative, zero or positive as the left is less, equal or greater.

    Raises:
        Raised: the two cannot be compared.
    """
    if left is None or right is None:
        return (left is not None) - (right is not None)
    ours: Any = left
    theirs: Any
    if isinstance(left, datetime):
        theirs = date_from(right)
    elif isinstance(left, timedelta):
        theirs = span_from(right)
    elif isinstance(left, bool | int | float | Flag):
        ours, theirs = number_from(left), number_from(right)
    elif isinstance(left, str) or (isinstance(left, PSObject) and left.text):
        ours, theirs = text_of(left), text_of(right)
        ours, theirs = (ours, theirs) if cased else (ours.casefold(), theirs.casefold())
    else:
        message = f'Cannot compare "{text_of(left)}" because it is not IComparable.'
        raise failure(message, "NotIcomparable", "InvalidOperation")
    if theirs is None:
        message = f'Could not compare "{text_of(left)}" to "{text_of(right)}". Error: "Cannot convert value."'
        raise failure(message, "ComparisonFailure", "InvalidOperation")
    return int(ours > theirs) - int(ours < theirs)


def sort_key(value: Value) -> tuple[int, float, str]:
    """A key that sorts values of any kind: nothing, numbers and dates, then texts."""
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


@lru_cache(maxsize=256)
def wildcard(pattern: str, cased: bool = False) -> re.Pattern[str]:
    """A wildcard pattern (about_Wildcards) as a regular expression for the whole text.

    The part between two `*` is matched once, as early as possible, so that many `*` take no longer than one.
    """
    first, *rest = _between_stars(pattern)
    expression = first + "".join(f"(?>.*?{part})" for part in rest[:-1] if part) + "".join(f".*{r}" for r in rest[-1:])
    return re.compile(expression, re.DOTALL if cased else re.DOTALL | re.IGNORECASE)


def _between_stars(pattern: str) -> list[str]:
    """The parts of a wildcard pattern between its `*`, as regular expressions of a fixed length."""
    parts, at = [""], 0
    while at < len(pattern):
        character = pattern[at]
        closing = pattern.find("]", at + 2) if character == "[" else -1
        if character == "`" and at + 1 < len(pattern):
            at += 1
            parts[-1] += re.escape(pattern[at])
        elif character == "*":
            parts.append("")
        elif closing > 0:
            parts[-1] += f"[{_set(pattern[at + 1 : closing])}]"
            at = closing
        else:
            parts[-1] += "." if character == "?" else re.escape(character)
        at += 1
    return parts


def _set(inside: str) -> str:
    """The inside of a wildcard's brackets, with only its ranges kept special."""
    return re.sub(r"(.)-(.)", _range, re.sub(r"([\\\[\]^])", r"\\\1", inside), flags=re.DOTALL)


def _range(found: re.Match[str]) -> str:
    first, last = found[1], found[2]
    return found[0] if first <= last and "\\" not in (first, last) else rf"{re.escape(first)}\-{re.escape(last)}"


def like(text: str, pattern: str, cased: bool = False) -> bool:
    """`-like`: the whole text against a wildcard pattern."""
    return wildcard(pattern, cased).fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """True if a name or path has wildcards."""
    return any(mark in text for mark in "*?[")


def wildcard_in(name: str, names: tuple[str, ...]) -> bool:
    """True if a name matches one of several patterns."""
    return any(like(name, each) for each in names)
