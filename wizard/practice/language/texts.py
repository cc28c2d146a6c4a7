"""Values to text, numbers and truth, and text to values, as PowerShell converts them.

In strings PowerShell writes dates in the invariant culture; only the formatting cmdlets use the server's.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

from wizard.practice.language.faults import Fault, Raised
from wizard.practice.language.scanner import number_of
from wizard.practice.language.tree import ScriptBlock
from wizard.practice.values import Flag, PSObject, Value

_DATES = (
    "%Y-%m-%dT%H:%M:%S.%f%z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%H:%M:%S",
    "%H:%M",
)
_SPAN = re.compile(r"(-?)(?:(\d{1,8})\.)?(\d{1,4}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?")
_HALF = re.compile("[\ud800-\udfff]")


def failure(message: str, identifier: str, category: str = "InvalidArgument", exception: str = "") -> Raised:
    """An error of the language itself, ready to be raised."""
    return Raised(Fault(message, category, identifier, exception or "RuntimeException"))


def joined_surrogates(text: str) -> str:
    """The text with the two halves of a character, each written as `[char]`, put together."""
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass" if _lone(text) else "strict")


def _lone(text: str) -> bool:
    try:
        text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        return True
    return False


def text_of(value: Value) -> str:
    """A value in a string: `"$value"`."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        return _written_int(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, tuple):
        return " ".join(text_of(item) for item in value)
    return _text_of_object(value)


def _text_of_object(value: datetime | timedelta | Flag | PSObject | dict[str, Value]) -> str:
    if isinstance(value, datetime):
        return f"{value.month:02}/{value.day:02}/{value.year:04} {value:%H:%M:%S}"
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, Flag):
        return value.text
    if isinstance(value, dict):
        return "System.Collections.Hashtable"
    if value.text or isinstance(value, ScriptBlock):
        return value.text
    shown = "; ".join(f"{name}={text_of(each)}" for name, each in value.properties.items())
    return f"@{{{shown}}}"


def _written_int(value: int) -> str:
    # Python refuses to write numbers of thousands of digits; PowerShell has none so large.
    return str(value) if abs(value) < 10**300 else "Infinity"


def number_text(value: float) -> str:
    """A number as .NET writes it: `1`, `0.5`, `1E+20`."""
    if math.isinf(value) or math.isnan(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    mantissa, sign, exponent = f"{value:.15g}".partition("e")
    return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}" if sign else mantissa


def span_text(value: timedelta) -> str:
    """A duration as .NET writes it: `00:10:00`, `1.02:03:04.5000000`."""
    negative = value < timedelta(0)
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{hours:02}:{minutes:02}:{seconds:02}"
    if value.days:
        text = f"{value.days}.{text}"
    if value.microseconds:
        text += f".{value.microseconds * 10:07}"
    return f"-{text}" if negative else text


def truth_of(value: Value) -> bool:
    """A value as a condition takes it: empty text, zero, `$null` and the empty list are false."""
    if isinstance(value, tuple):
        return truth_of(value[0]) if len(value) == 1 else bool(value)
    if isinstance(value, Flag):
        return value.number != 0
    if isinstance(value, PSObject | datetime | timedelta | dict):
        return True
    return bool(value)


def number_from(value: Value) -> int | float | None:
    """A value as a number, None where it is none."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    if isinstance(value, Flag):
        return value.number
    if isinstance(value, str):
        written = value.strip()
        if not written:
            return 0
        if isinstance(value, Char):
            return ord(value[0])
        number = number_of(written.lstrip("+-"))
        return -number if number is not None and written.startswith("-") else number
    return None


def number_needed(value: Value, kind: str = "System.Int32") -> int | float:
    """A value as a number.

    Raises:
        Raised: it cannot be converted.
    """
    number = number_from(value)
    if number is None:
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
    """A value as a date, None where it is none; text in the invariant culture's forms."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    written = re.sub(r"(\.\d{6})\d+", r"\1", value.strip().replace("\u202f", " ")).replace("Z", "+00:00")
    for form in _DATES:
        try:
            found = datetime.strptime(written, form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def span_from(value: Value) -> timedelta | None:
    """A value as a duration, None where it is none: `00:10:00`; a bare number is days."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        return None
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


class Char(str):
    """A single character: text in every way, but a number where one is asked for."""

    __slots__ = ()


def items_of(value: Value) -> tuple[Value, ...]:
    """What a value is in a pipe: the items of an array, itself otherwise."""
    return value if isinstance(value, tuple) else (value,)


def as_value(items: list[Value]) -> Value:
    """What came out of a pipe, as one value: nothing is `$null`, one is itself, several are an array."""
    if not items:
        return None
    return items[0] if len(items) == 1 else tuple(items)
