"""Operators, types, members and format strings: `'a' -like 'b*'`, `[char]0x2013`, `$date.ToString('o')`, `'{0:N2}'`.

Source: about_Operators, about_Type_Accelerators, .NET's standard format strings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from wizard.practice.shell.values import (
    Char,
    Flag,
    NotKnownError,
    PSObject,
    Raised,
    Value,
    date_from,
    equal,
    failure,
    items_of,
    joined_surrogates,
    like,
    number_needed,
    order,
    text_of,
    truth_of,
    whole,
)

LONGEST = 1_000_000
"""The most characters of a text and items of a list: a typing slip must not fill the memory."""

Arguments = tuple[Value, ...]


def allowed(length: int) -> None:
    """Refuse to make anything longer than LONGEST.

    Raises:
        Raised: it would be longer.
    """
    if length > LONGEST:
        raise failure("The practice shell does not make anything so long.", "TooLong")


def limited(text: str) -> str:
    """The text itself, its surrogate halves joined.

    Raises:
        Raised: it is longer than LONGEST.
    """
    allowed(len(text))
    return joined_surrogates(text)


# Operators


def binary(operator: str, left: Value, right: Value) -> Value:
    """The value of `left -operator right`; the operator in lower case, without its dash.

    Raises:
        Raised: the values do not go with the operator.
    """
    if operator in _SIMPLE:
        return _SIMPLE[operator](left, right)
    cased = operator[:1] == "c" and operator[1:] in _BY_CASE
    name = operator if operator in _BY_CASE else operator[1:]
    holds = _BY_CASE[name]
    if isinstance(left, tuple) and name in _FILTERS:
        return tuple(item for item in left if holds(item, right, cased))
    return holds(left, right, cased)


def _add(left: Value, right: Value) -> Value:
    if left is None:
        return right
    if isinstance(left, str):
        return limited(left + text_of(right))
    if isinstance(left, tuple):
        allowed(len(left) + len(items_of(right)))
        return (*left, *items_of(right))
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if isinstance(left, datetime | timedelta):
        return _moved(left, right, 1)
    if isinstance(left, PSObject | dict):
        raise failure(
            f"Method invocation failed because [{type_name(left)}] does not contain a method named 'op_Addition'.",
            "MethodNotFound",
            "InvalidOperation",
        )
    return _number(number_needed(left) + number_needed(right))


def _subtract(left: Value, right: Value) -> Value:
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left - right
    if isinstance(left, datetime | timedelta):
        return _moved(left, right, -1)
    return _number(number_needed(left) - number_needed(right))


def _moved(left: datetime | timedelta, by: Value, sign: int) -> Value:
    if not isinstance(by, timedelta):
        raise failure(f'Cannot convert "{text_of(by)}" to a time span.', "InvalidCast")
    try:
        return left + sign * by
    except OverflowError:
        raise failure("The added or subtracted value results in an un-representable DateTime.", "Overflow") from None


def _multiply(left: Value, right: Value) -> Value:
    if isinstance(left, str | tuple):
        times = whole(right)
        allowed(times * len(left) if times >= 0 else LONGEST + 1)
        return left * times
    return _number(number_needed(left) * number_needed(right))


def _divide(left: Value, right: Value) -> Value:
    above, below = _divided(left, right)
    if isinstance(above, int) and isinstance(below, int) and above % below == 0:
        return above // below
    return _number(above / below)


def _remainder(left: Value, right: Value) -> Value:
    above, below = _divided(left, right)
    found = math.fmod(above, below)
    return int(found) if isinstance(above, int) and isinstance(below, int) else found


def _divided(left: Value, right: Value) -> tuple[int | float, int | float]:
    above, below = number_needed(left), number_needed(right)
    if not below:
        raise failure("Attempted to divide by zero.", "RuntimeException", "NotSpecified")
    return above, below


def _number(value: float) -> Value:
    """A number that is not too large to be worked with."""
    if abs(value) > 1e300:
        raise failure("Value was either too large or too small for a Double.", "RuntimeException")
    return value


def _range(left: Value, right: Value) -> Value:
    first, last = whole(left), whole(right)
    if abs(last - first) > 50_000:
        raise failure("The range operator is limited to 50,000 items in the practice shell.", "TooLong")
    return tuple(range(first, last + 1) if last >= first else range(first, last - 1, -1))


def join(left: Value, right: Value) -> Value:
    """`-join`."""
    texts = [text_of(item) for item in items_of(left)] if left is not None else []
    glue = text_of(right)
    allowed(sum(map(len, texts)) + len(glue) * len(texts))
    return joined_surrogates(glue.join(texts))


_REPEATED = re.compile(r"\((?:[^()\\]|\\.)*[*+](?:[^()\\]|\\.)*\)(?:[*+]|\{\d*,)")


@lru_cache(maxsize=256)
def regular(pattern: str, cased: bool = False) -> re.Pattern[str]:
    """A .NET regular expression, as far as Python supports it.

    Raises:
        NotKnownError: it repeats a group that itself repeats, which may take very long. Raised: it cannot be read.
    """
    if _REPEATED.search(pattern):
        raise NotKnownError("The practice shell does not try a regular expression with a repeat inside a repeat.")
    translated = re.sub(r"\\k<(\w+)>", r"(?P=\1)", re.sub(r"\(\?<(?=[A-Za-z_])", "(?P<", pattern))
    try:
        return re.compile(translated, 0 if cased else re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise failure(
            f'parsing "{pattern}" - the practice shell cannot read this regular expression: {error}.',
            "InvalidRegularExpression",
            exception="ArgumentException",
        ) from None


def _split(left: Value, right: Value, cased: bool = False) -> Value:
    given = items_of(right)
    pattern = regular(text_of(given[0]) if given else " ", cased)
    most = whole(given[1]) if len(given) > 1 else 0
    pieces: list[Value] = []
    for item in items_of(left):
        pieces += [each or "" for each in pattern.split(text_of(item), max(most - 1, 0))] if most != 1 else [item]
    return tuple(pieces)


def _replace(left: Value, right: Value, cased: bool = False) -> Value:
    given = items_of(right)
    pattern = regular(text_of(given[0]) if given else "", cased)
    template = text_of(given[1]) if len(given) > 1 else ""

    def filled(found: re.Match[str]) -> str:
        return re.sub(r"\$(?:(\d+)|\{(\w+)\})", lambda mark: _group(found, mark), template)

    allowed(sum(len(text_of(item)) for item in items_of(left)) * (len(template) + 1) // 10)
    changed = tuple(limited(pattern.sub(filled, text_of(item))) for item in items_of(left))
    return changed if isinstance(left, tuple) else changed[0]


def _group(found: re.Match[str], mark: re.Match[str]) -> str:
    try:
        return found[int(mark[1][:4]) if mark[1] else mark[2]] or ""
    except IndexError:
        return mark[0]


def matched(text: str, pattern: Value, cased: bool = False) -> dict[str, Value] | None:
    """The result of `-match` for `$Matches`; None without a match."""
    found = regular(text_of(pattern), cased).search(text)
    if found is None:
        return None
    groups = {"0": found[0], **{str(at): group for at, group in enumerate(found.groups(), start=1)}}
    return {name: group for name, group in (groups | found.groupdict()).items() if group is not None}


def _contains(left: Value, right: Value, cased: bool = False) -> bool:
    return any(equal(item, right, cased) for item in items_of(left))


_SIMPLE: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
    "..": _range,
    "f": lambda left, right: limited(styled(text_of(left), items_of(right))),
    "join": join,
}
_BY_CASE: dict[str, Callable[[Value, Value, bool], Value]] = {
    "eq": equal,
    "ne": lambda left, right, cased: not equal(left, right, cased),
    "gt": lambda left, right, cased: order(left, right, cased) > 0,
    "ge": lambda left, right, cased: order(left, right, cased) >= 0,
    "lt": lambda left, right, cased: order(left, right, cased) < 0,
    "le": lambda left, right, cased: order(left, right, cased) <= 0,
    "like": lambda left, right, cased: like(text_of(left), text_of(right), cased),
    "notlike": lambda left, right, cased: not like(text_of(left), text_of(right), cased),
    "match": lambda left, right, cased: matched(text_of(left), right, cased) is not None,
    "notmatch": lambda left, right, cased: matched(text_of(left), right, cased) is None,
    "contains": _contains,
    "notcontains": lambda left, right, cased: not _contains(left, right, cased),
    "in": lambda left, right, cased: _contains(right, left, cased),
    "notin": lambda left, right, cased: not _contains(right, left, cased),
    "replace": _replace,
    "split": _split,
}
_FILTERS = frozenset(["eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch"])
"""The operators that filter a list on their left side."""

KNOWN = frozenset(_SIMPLE) | {f"{c}{name}" for name in _BY_CASE for c in ("", "c", "i")}
"""Every operator of `binary`."""


# Types


def type_name(value: Value) -> str:
    """The name of a value's type."""
    names: tuple[tuple[type, str], ...] = (
        (bool, "System.Boolean"),
        (int, "System.Int32"),
        (float, "System.Double"),
        (Char, "System.Char"),
        (str, "System.String"),
        (datetime, "System.DateTime"),
        (timedelta, "System.TimeSpan"),
        (tuple, "System.Object[]"),
        (dict, "System.Collections.Hashtable"),
    )
    found = next((name for kind, name in names if isinstance(value, kind)), "System.Enum")
    return value.kind if isinstance(value, PSObject) else found


def cast(name: str, value: Value) -> Value:
    """A value as another type.

    Raises:
        NotKnownError: the practice shell does not know the type.
        Raised: the value cannot be converted.
    """
    if (converter := _CASTS.get(name.removeprefix("system."))) is None:
        raise NotKnownError(f"The practice shell does not know the type [{name}].")
    return converter(value)


def _unconverted(value: Value, kind: str, why: str, identifier: str) -> Raised:
    return failure(f'Cannot convert value "{text_of(value)}" to type "System.{kind}". Error: "{why}"', identifier)


def _char(value: Value) -> Value:
    if isinstance(value, str):
        if len(value) != 1:
            raise _unconverted(
                value, "Char", "String must be exactly one character long.", "InvalidCastFromStringToChar"
            )
        return Char(value)
    number = whole(value)
    if not 0 <= number <= 0xFFFF:
        why = "Value was either too large or too small for a character."
        raise _unconverted(number, "Char", why, "InvalidCastIConvertible")
    return Char(chr(number))


def _date(value: Value) -> Value:
    if (found := date_from(value)) is None:
        why = "String was not recognized as a valid DateTime."
        raise _unconverted(value, "DateTime", why, "InvalidCastParseTargetInvocation")
    return found


def _object(value: Value) -> Value:
    return PSObject("PSCustomObject", dict(value)) if isinstance(value, dict) else value


_CASTS: dict[str, Callable[[Value], Value]] = {
    "char": _char,
    "string": text_of,
    **dict.fromkeys(("int", "int32", "int64", "long"), whole),
    "double": lambda value: float(number_needed(value, "System.Double")),
    **dict.fromkeys(("bool", "boolean"), truth_of),
    "datetime": _date,
    "pscustomobject": _object,
    "ordered": lambda value: value,
}


def static(name: str, member: str, given: Arguments | None, now: datetime) -> Value:
    """A static member, or the result of a static method.

    Raises:
        NotKnownError: the practice shell does not know it.
    """
    key = f"{name.removeprefix('system.')}::{member.casefold()}"
    if given is None and key in ("datetime::now", "datetime::utcnow"):
        return now
    if given and key in _STATIC:
        return _STATIC[key](given)
    raise NotKnownError(f"The practice shell does not know [{name}]::{member}.")


def _rounded(given: Arguments) -> Value:
    return round(float(number_needed(given[0])), max(min(whole(given[1]), 15), 0) if len(given) > 1 else 0)


_STATIC: dict[str, Callable[[Arguments], Value]] = {
    "string::isnullorempty": lambda given: not text_of(given[0]),
    "string::join": lambda given: join(tuple(item for each in given[1:] for item in items_of(each)), given[0]),
    "math::round": _rounded,
    "math::floor": lambda given: float(number_needed(given[0]) // 1),
    "math::ceiling": lambda given: float(-(-number_needed(given[0]) // 1)),
}


# Members


def property_of(value: Value, name: str) -> Value:
    """A property, `$null` without one; of an array, that of all its items."""
    wanted = name.casefold()
    found = own_property(value, wanted)
    if found is not None or wanted in ("count", "length"):
        return found[0] if found else (0 if value is None else 1)
    if isinstance(value, tuple):
        items = [each for item in value for each in items_of(property_of(item, name)) if own_property(item, wanted)]
        return tuple(items) if len(items) != 1 else items[0]
    return None


def own_property(value: Value, wanted: str) -> tuple[Value] | None:
    """A property of the value itself in a tuple of one, None without one; the name in lower case."""
    if isinstance(value, PSObject):
        properties = value.properties
        if wanted == "psobject":
            pairs = (PSObject("PSNoteProperty", {"Name": name, "Value": each}) for name, each in properties.items())
            return (PSObject("PSObject", {"Properties": tuple(pairs)}),)
        return _among(properties, wanted)
    if isinstance(value, dict):
        own: dict[str, Value] = {"Count": len(value), "Keys": tuple(value), "Values": tuple(value.values())}
        return _among(value, wanted) or _among(own, wanted)
    if isinstance(value, tuple):
        return (len(value),) if wanted in ("count", "length") else None
    if isinstance(value, str):
        return (len(value.encode("utf-16-le", "surrogatepass")) // 2,) if wanted == "length" else None
    if isinstance(value, datetime):
        return _among(_parts_of_date(value), wanted)
    if isinstance(value, timedelta):
        return _among(parts_of_span(value), wanted)
    return (value.number,) if isinstance(value, Flag) and wanted == "value__" else None


def _among(own: dict[str, Value], wanted: str) -> tuple[Value] | None:
    return next(((each,) for key, each in own.items() if key.casefold() == wanted), None)


def entries_of(table: dict[str, Value]) -> tuple[Value, ...]:
    """The entries of a hash table for GetEnumerator."""
    return tuple(PSObject("DictionaryEntry", {"Name": key, "Key": key, "Value": each}) for key, each in table.items())


def _parts_of_date(value: datetime) -> dict[str, Value]:
    return {
        "Date": value.replace(hour=0, minute=0, second=0, microsecond=0),
        "DayOfWeek": value.strftime("%A"),
        **{part.capitalize(): getattr(value, part) for part in ("year", "month", "day", "hour", "minute", "second")},
    }


def parts_of_span(value: timedelta) -> dict[str, Value]:
    """The properties of a duration, in the order of Format-List."""
    sign, span, seconds = (-1 if value < timedelta(0) else 1), abs(value), value.total_seconds()
    return {
        "Days": sign * span.days,
        "Hours": sign * (span.seconds // 3600),
        "Minutes": sign * (span.seconds // 60 % 60),
        "Seconds": sign * (span.seconds % 60),
        "Milliseconds": sign * (span.microseconds // 1000),
        "Ticks": round(seconds * 10_000_000),
        "TotalDays": seconds / 86400,
        "TotalHours": seconds / 3600,
        "TotalMinutes": seconds / 60,
        "TotalSeconds": seconds,
        "TotalMilliseconds": seconds * 1000,
    }


def called(value: Value, name: str, given: Arguments) -> Value:
    """The result of a method.

    Raises:
        NotKnownError: the practice shell does not know it. Raised: it takes other arguments.
    """
    if value is None:
        raise failure("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull", "InvalidOperation")
    method = _method(value, name.casefold())
    if method is not None:
        try:
            return method(value, given)
        except (IndexError, TypeError, ValueError, OverflowError):
            raise failure(
                f'Cannot find an overload for "{name}" and the argument count: "{len(given)}".',
                "MethodCountCouldNotFindBest",
                "NotSpecified",
                "MethodException",
            ) from None
    if isinstance(value, tuple):
        return tuple(each for item in value for each in items_of(called(item, name, given)))
    raise NotKnownError(f"The practice shell does not know the method {name} of [{type_name(value)}].")


def _method(value: Value, wanted: str) -> Callable[[Value, Arguments], Value] | None:
    if isinstance(value, str) and (found := _OF_TEXT.get(wanted)):
        return lambda each, given: found(text_of(each), given)
    if isinstance(value, datetime) and (of_date := _OF_DATES.get(wanted)):
        return lambda each, given: of_date(each, given) if isinstance(each, datetime) else None
    if isinstance(value, tuple | dict) and wanted in ("contains", "containskey"):
        return lambda each, given: _contains(tuple(each) if isinstance(each, tuple | dict) else (), given[0])
    if isinstance(value, dict) and wanted == "getenumerator":
        return lambda each, _: entries_of(each) if isinstance(each, dict) else ()
    return _OF_ALL.get(wanted)


_OF_ALL: dict[str, Callable[[Value, Arguments], Value]] = {
    "tostring": lambda value, given: value_styled(value, text_of(given[0]) if given else "", alone=True),
    "equals": lambda value, given: equal(value, given[0]),
}


def _pieces(text: str, given: Arguments) -> Value:
    """Split by any of the characters, as Windows PowerShell does."""
    separators = {c for each in given[:1] for item in items_of(each) for c in text_of(item)} or set(" \t\n")
    pieces = re.split("[" + re.escape("".join(sorted(separators))) + "]", text)
    empties = len(given) < 2 or "removeemptyentries" not in text_of(given[1]).casefold()
    return tuple(piece for piece in pieces if piece or empties)


def _substring(text: str, given: Arguments) -> Value:
    start = whole(given[0])
    length = whole(given[1]) if len(given) > 1 else len(text) - start
    if not 0 <= start <= len(text) or length < 0 or start + length > len(text):
        raise failure(
            'Exception calling "Substring": "Index and length must refer to a location within the string."',
            "ArgumentOutOfRangeException",
            "NotSpecified",
            "MethodInvocationException",
        )
    return text[start : start + length]


def _exchanged(text: str, given: Arguments) -> Value:
    old, new = text_of(given[0]), text_of(given[1])
    allowed(len(text) + text.count(old) * len(new))
    return text.replace(old, new) if old else text


def _stripped(strip: Callable[[str, str | None], str]) -> Callable[[str, Arguments], Value]:
    return lambda text, given: strip(text, text_of(given[0]) if given else None)


_OF_TEXT: dict[str, Callable[[str, Arguments], Value]] = {
    "contains": lambda text, given: text_of(given[0]) in text,
    "startswith": lambda text, given: text.startswith(text_of(given[0])),
    "endswith": lambda text, given: text.endswith(text_of(given[0])),
    "indexof": lambda text, given: text.find(text_of(given[0])),
    "replace": _exchanged,
    "split": _pieces,
    "substring": _substring,
    "tolower": lambda text, _: text.lower(),
    "toupper": lambda text, _: text.upper(),
    "trim": _stripped(str.strip),
    "trimstart": _stripped(str.lstrip),
    "trimend": _stripped(str.rstrip),
}


def _adding(unit: str) -> Callable[[datetime, Arguments], Value]:
    return lambda value, given: value + timedelta(**{unit: float(number_needed(given[0]))})


_OF_DATES: dict[str, Callable[[datetime, Arguments], Value]] = {
    **{f"add{unit}": _adding(unit) for unit in ("days", "hours", "minutes", "seconds")},
    "touniversaltime": lambda value, _: value.astimezone(UTC),
    "tolocaltime": lambda value, _: value,
}


# Format strings

_HOLE = re.compile(r"\{\{|\}\}|\{(\d{1,3})(?:,(-?\d{1,3}))?(?::([^{}]*))?\}|[{}]")
_NUMBER_STYLE = re.compile(r"([nNdDxX])(\d?\d?)")
_PARTS = {"yyyy": "year", "MM": "month", "dd": "day", "HH": "hour", "mm": "minute", "ss": "second"}


def styled(template: str, values: Arguments) -> str:
    """The template with its holes filled: `'{0} of {1:N0}'`.

    Raises:
        NotKnownError: the practice shell does not know a style.
        Raised: a hole has no value, or the template is not well-formed.
    """

    def filled(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        at = int(found[1]) if found[1] else len(values)
        if at >= len(values):
            raise failure(
                "Error formatting a string: Index (zero based) must be greater than or equal to zero and less than "
                "the size of the argument list..",
                "FormatError",
                "InvalidOperation",
            )
        text, width = value_styled(values[at], found[3] or ""), int(found[2] or 0)
        return text.rjust(width) if width > 0 else text.ljust(-width)

    return _HOLE.sub(filled, template)


def value_styled(value: Value, style: str, alone: bool = False) -> str:
    """A value in a style; `alone` refuses a style for values without one, as ToString does."""
    if isinstance(value, datetime):
        return date_styled(value, style)
    if not style:
        return text_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_styled(value, style)
    if isinstance(value, Flag):
        return str(value.number) if style[0].lower() == "d" else value.text
    if alone:
        raise NotKnownError(f"The practice shell does not know the style '{style}'.")
    return text_of(value)


def _number_styled(value: int | float, style: str) -> str:
    found = _NUMBER_STYLE.fullmatch(style)
    if found is None or (isinstance(value, float) and found[1] not in "nN"):
        raise NotKnownError(f"The practice shell does not know the style '{style}' of numbers.")
    if found[1] in "nN":
        return f"{value:,.{found[2] or 2}f}"
    return f"{value + 2**32 if value < 0 and found[1] in 'xX' else value:0{found[2] or 1}{found[1].replace('D', 'd')}}"


def date_styled(date: datetime, style: str) -> str:
    """A date in a standard style of one letter, in the culture en-US, or by year, month, day and time: `yyyy-MM-dd`.

    Raises:
        NotKnownError: the practice shell does not know the style.
    """
    day, minute = f"{date.month}/{date.day}/{date.year:04}", f"{date.hour % 12 or 12}:{date:%M}"
    if style in ("", "G"):
        return f"{day} {minute}{date::%S %p}"
    if style in ("d", "t"):
        return day if style == "d" else f"{minute} {date:%p}"
    if style == "F":
        return f"{date:%A, %B} {date.day}, {date.year:04} {minute}{date::%S %p}"
    if style == "s":
        return f"{date.year:04}-{date:%m-%dT%H:%M:%S}"
    if style in ("o", "O"):
        zone = "Z" if date.utcoffset() == timedelta(0) else f"{date:%z}"[:3] + ":" + f"{date:%z}"[3:5]
        return f"{date_styled(date, 's')}.{date.microsecond * 10:07}{zone}"
    if unknown := re.search(r"[A-SU-Ya-z]", re.sub("|".join(_PARTS), "", style)):
        raise NotKnownError(f"The practice shell does not know '{unknown[0]}' in the style of a date.")
    return re.sub("|".join(_PARTS), lambda mark: f"{getattr(date, _PARTS[mark[0]]):0{len(mark[0])}}", style)
