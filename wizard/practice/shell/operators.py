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
    TypeName,
    Value,
    date_from,
    equal,
    failure,
    items_of,
    joined_surrogates,
    like,
    number_from,
    number_needed,
    order,
    span_from,
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
    cased = operator not in _COMPARISONS and operator[:1] == "c"
    holds = _COMPARISONS[operator if operator in _COMPARISONS else operator[1:]]
    if isinstance(left, tuple):
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
    span = span_from(by)
    if span is None:
        raise failure(f'Cannot convert "{text_of(by)}" to a time span.', "InvalidCast")
    try:
        return left + sign * span
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
    try:
        return above / below
    except OverflowError:
        return math.inf


def _remainder(left: Value, right: Value) -> Value:
    above, below = _divided(left, right)
    try:
        found = math.fmod(above, below)
    except (OverflowError, ValueError):
        return math.nan
    return int(found) if isinstance(above, int) and isinstance(below, int) else found


def _divided(left: Value, right: Value) -> tuple[int | float, int | float]:
    above, below = number_needed(left), number_needed(right)
    if not below:
        raise failure("Attempted to divide by zero.", "RuntimeException", "NotSpecified")
    return above, below


def _number(value: float) -> Value:
    """A number that is not too large to be worked with."""
    return math.inf if isinstance(value, int) and value > 10**300 else value


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
        return re.sub(r"\$(?:\$|(\d+)|\{(\w+)\}|(&))", lambda mark: _group(found, mark), template)

    allowed(sum(len(text_of(item)) for item in items_of(left)) * (len(template) + 1) // 10)
    changed = tuple(limited(pattern.sub(filled, text_of(item))) for item in items_of(left))
    return changed if isinstance(left, tuple) else changed[0]


def _group(found: re.Match[str], mark: re.Match[str]) -> str:
    if mark[0] == "$$":
        return "$"
    try:
        return found[0] if mark[3] else found[int(mark[1][:4]) if mark[1] else mark[2]] or ""
    except (IndexError, KeyError):
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


def _is(left: Value, right: Value) -> bool:
    wanted = (right.text if isinstance(right, TypeName) else text_of(right)).casefold().removeprefix("system.")
    own = type_name(left).casefold().removeprefix("system.")
    also = {"int32": "int", "boolean": "bool", "object[]": "array", "collections.hashtable": "hashtable"}
    return wanted in ("object", own, also.get(own, own))


def _as(left: Value, right: Value) -> Value:
    try:
        return cast(right.text if isinstance(right, TypeName) else text_of(right).casefold(), left)
    except Raised:
        return None


def _bits(left: Value, right: Value, how: Callable[[int, int], int]) -> Value:
    number = how(_bit_number(left, right), _bit_number(right, left))
    return Flag(text_of(left), number) if isinstance(left, Flag) and number == left.number else number


def _bit_number(value: Value, other: Value) -> int:
    """A number for `-band`; a service's name beside a Flag is the Flag's own number when the Flag has it."""
    if isinstance(value, str) and isinstance(other, Flag):
        return other.number if value.strip().casefold() in other.text.casefold().split(", ") else 0
    return whole(value)


_SIMPLE: dict[str, Callable[[Value, Value], Value]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _remainder,
    "..": _range,
    "f": lambda left, right: limited(styled(text_of(left), items_of(right))),
    "join": join,
    "xor": lambda left, right: truth_of(left) != truth_of(right),
    **{f"{c}replace": _replace for c in ("", "i")},
    "creplace": lambda left, right: _replace(left, right, cased=True),
    **{f"{c}split": _split for c in ("", "i")},
    "csplit": lambda left, right: _split(left, right, cased=True),
    "is": _is,
    "isnot": lambda left, right: not _is(left, right),
    "as": _as,
    "band": lambda left, right: _bits(left, right, lambda a, b: a & b),
    "bor": lambda left, right: _bits(left, right, lambda a, b: a | b),
    "bxor": lambda left, right: _bits(left, right, lambda a, b: a ^ b),
    **{f"{c}contains": _contains for c in ("", "i")},
    "ccontains": lambda left, right: _contains(left, right, cased=True),
    "notcontains": lambda left, right: not _contains(left, right),
    "in": lambda left, right: _contains(right, left),
    "notin": lambda left, right: not _contains(right, left),
}
_COMPARISONS: dict[str, Callable[[Value, Value, bool], bool]] = {
    "eq": equal,
    "ne": lambda left, right, cased: not equal(left, right, cased),
    "gt": lambda left, right, cased: order(left, right, cased) > 0,
    "ge": lambda left, right, cased: order(left, right, cased) >= 0,
    "lt": lambda left, right, cased: order(left, right, cased) < 0,
    "le": lambda left, right, cased: order(left, right, cased) <= 0,
    "like": lambda left, right, cased: _like(text_of(left), text_of(right), cased),
    "notlike": lambda left, right, cased: not _like(text_of(left), text_of(right), cased),
    "match": lambda left, right, cased: matched(text_of(left), right, cased) is not None,
    "notmatch": lambda left, right, cased: matched(text_of(left), right, cased) is None,
}
KNOWN = frozenset(_SIMPLE) | frozenset(_COMPARISONS) | {f"{c}{name}" for name in _COMPARISONS for c in "ci"}
"""Every operator of `binary`."""


def _like(text: str, pattern: str, cased: bool) -> bool:
    if len(text) * len(pattern) > 500 * LONGEST:
        raise NotKnownError("The practice shell does not compare texts as long as these.")
    return like(text, pattern, cased)


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


def type_of(name: str) -> Value:
    """A type as a value.

    Raises:
        NotKnownError: the practice shell does not know it.
    """
    if name.removeprefix("system.") not in {*_CASTS, "math", "io.file", "environment", "console"}:
        raise NotKnownError(f"The practice shell does not know the type [{name}].")
    return TypeName("RuntimeType", {"Name": name}, name)


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


def _span(value: Value) -> Value:
    if (found := span_from(text_of(value) if isinstance(value, int) else value)) is None:
        raise _unconverted(value, "TimeSpan", "Input string was not in a correct format.", "InvalidCast")
    return found


def _object(value: Value) -> Value:
    return PSObject("PSCustomObject", dict(value)) if isinstance(value, dict) else value


def _unchanged(value: Value) -> Value:
    return value


_CASTS: dict[str, Callable[[Value], Value]] = {
    "char": _char,
    **dict.fromkeys(("string", "guid", "ipaddress", "version"), text_of),
    **dict.fromkeys(("int", "int32", "int64", "long"), whole),
    "double": lambda value: float(number_needed(value, "System.Double")),
    "decimal": lambda value: number_needed(value, "System.Decimal"),
    **dict.fromkeys(("bool", "boolean", "switch"), truth_of),
    "datetime": _date,
    "timespan": _span,
    "array": lambda value: () if value is None else items_of(value),
    **dict.fromkeys(("pscustomobject", "psobject"), _object),
    **dict.fromkeys(("object", "ordered", "hashtable"), _unchanged),
    "void": lambda _: (),
}


def static(name: str, member: str, given: Arguments | None, now: datetime) -> Value:
    """A static member, or the result of a static method.

    Raises:
        NotKnownError: the practice shell does not know it.
    """
    key = f"{name.removeprefix('system.')}::{member.casefold()}"
    fixed: dict[str, Value] = {
        "datetime::now": now,
        "datetime::utcnow": now,
        "datetime::today": now.replace(hour=0, minute=0, second=0, microsecond=0),
        "math::pi": math.pi,
        "string::empty": "",
        "environment::newline": "\r\n",
    }
    if given is None and key in fixed:
        return fixed[key]
    if given and key in _STATIC:
        try:
            return _STATIC[key](given)
        except (ValueError, OverflowError, IndexError):
            return math.nan
    raise NotKnownError(f"The practice shell does not know [{name}]::{member}.")


def _rounded(given: Arguments) -> Value:
    return round(float(number_needed(given[0])), max(min(whole(given[1]), 15), 0) if len(given) > 1 else 0)


_STATIC: dict[str, Callable[[Arguments], Value]] = {
    "datetime::parse": lambda given: _date(given[0]),
    "string::isnullorempty": lambda given: not text_of(given[0]),
    "string::isnullorwhitespace": lambda given: not text_of(given[0]).strip(),
    "string::join": lambda given: join(tuple(item for each in given[1:] for item in items_of(each)), given[0]),
    "string::format": lambda given: limited(styled(text_of(given[0]), given[1:])),
    "math::round": _rounded,
    "math::abs": lambda given: abs(number_needed(given[0])),
    "math::max": lambda given: max(map(number_needed, given)),
    "math::min": lambda given: min(map(number_needed, given)),
    "math::floor": lambda given: float(number_needed(given[0]) // 1),
    "math::ceiling": lambda given: float(-(-number_needed(given[0]) // 1)),
    "math::sqrt": lambda given: math.sqrt(number_needed(given[0])),
    "math::pow": lambda given: float(number_needed(given[0])) ** float(number_needed(given[1])),
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
        "DayOfYear": value.timetuple().tm_yday,
        "Kind": "Utc",
        "TimeOfDay": timedelta(hours=value.hour, minutes=value.minute, seconds=value.second),
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
    if isinstance(value, Flag) and wanted == "hasflag":
        return lambda each, given: truth_of(_bits(each, given[0], lambda a, b: a & b == b and b))
    return _OF_ALL.get(wanted)


def _type_object(value: Value, _: Arguments) -> Value:
    name = type_name(value)
    return PSObject("RuntimeType", {"Name": name.rpartition(".")[2], "FullName": name}, name)


_OF_ALL: dict[str, Callable[[Value, Arguments], Value]] = {
    "tostring": lambda value, given: value_styled(value, text_of(given[0]) if given else "", alone=True),
    "equals": lambda value, given: equal(value, given[0]),
    "gettype": _type_object,
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


def _padded(pad: Callable[[str, int, str], str]) -> Callable[[str, Arguments], Value]:
    return lambda text, given: pad(text, min(whole(given[0]), 10_000), text_of(given[1]) if given[1:] else " ")


_OF_TEXT: dict[str, Callable[[str, Arguments], Value]] = {
    "contains": lambda text, given: text_of(given[0]) in text,
    "startswith": lambda text, given: text.startswith(text_of(given[0])),
    "endswith": lambda text, given: text.endswith(text_of(given[0])),
    "indexof": lambda text, given: text.find(text_of(given[0])),
    "lastindexof": lambda text, given: text.rfind(text_of(given[0])),
    "replace": _exchanged,
    "split": _pieces,
    "substring": _substring,
    **dict.fromkeys(("tolower", "tolowerinvariant"), lambda text, _: text.lower()),
    **dict.fromkeys(("toupper", "toupperinvariant"), lambda text, _: text.upper()),
    "trim": _stripped(str.strip),
    "trimstart": _stripped(str.lstrip),
    "trimend": _stripped(str.rstrip),
    "padleft": _padded(str.rjust),
    "padright": _padded(str.ljust),
    "insert": lambda text, given: text[: whole(given[0])] + text_of(given[1]) + text[whole(given[0]) :],
    "remove": lambda text, given: (
        text[: whole(given[0])] + (text[whole(given[0]) + whole(given[1]) :] if given[1:] else "")
    ),
    "tochararray": lambda text, _: tuple(map(Char, text)),
}


def _adding(unit: str) -> Callable[[datetime, Arguments], Value]:
    return lambda value, given: value + timedelta(**{unit: float(number_needed(given[0]))})


def _adding_months(times: int) -> Callable[[datetime, Arguments], Value]:
    def added(value: datetime, given: Arguments) -> Value:
        year, month = divmod(value.year * 12 + value.month - 1 + times * whole(given[0]), 12)
        for day in range(value.day, value.day - 4, -1):
            try:
                return value.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
        raise ValueError(year)

    return added


_OF_DATES: dict[str, Callable[[datetime, Arguments], Value]] = {
    **{f"add{unit}": _adding(unit) for unit in ("days", "hours", "minutes", "seconds", "milliseconds")},
    "addmonths": _adding_months(1),
    "addyears": _adding_months(12),
    "touniversaltime": lambda value, _: value.astimezone(UTC),
    "tolocaltime": lambda value, _: value,
    **{
        f"to{word}string": lambda value, _, style=style: date_styled(value, style)  # type: ignore[misc]
        for word, style in (("shortdate", "d"), ("longdate", "D"), ("shorttime", "t"), ("longtime", "T"))
    },
}


# Format strings

_HOLE = re.compile(r"\{\{|\}\}|\{(\d{1,3})(?:,(-?\d{1,3}))?(?::([^{}]*))?\}|[{}]")
_MARK = re.compile(r"yyyy|MMMM|MMM|MM|dddd|dd|HH|hh|mm|ss|fff|tt|[A-Za-z]|.", re.DOTALL)


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
    kind, digits = style[0].lower(), style[1:]
    number = number_from(value) or 0
    places = int(digits) if digits.isdecimal() and len(digits) < 3 else None
    if set(style) == {"0"}:
        kind, places = "d", len(style)
    if (digits and places is None) or abs(number) > 1e15:
        raise NotKnownError(f"The practice shell does not know the style '{style}' of numbers.")
    if kind in "nfp":
        shown = number * 100 if kind == "p" else number
        text = f"{shown:{'' if kind == 'f' else ','}.{2 if places is None else places}f}"
        return f"{text} %" if kind == "p" else text
    if kind == "d":
        return f"{'-' if number < 0 else ''}{abs(round(number)):0{places or 1}d}"
    if kind == "x" and isinstance(number, int):
        return f"{number if number >= 0 else number + 2**32:0{places or 1}{style[0]}}"
    raise NotKnownError(f"The practice shell does not know the style '{style}' of numbers.")


def date_styled(date: datetime, style: str) -> str:
    """A date in a standard style of one letter, in the culture en-US, or by year, month, day and time: `yyyy-MM-dd`.

    Raises:
        NotKnownError: the practice shell does not know the style.
    """
    if style in _STANDARD:
        return "".join(_marked(date, mark) for mark in _MARK.findall(_STANDARD[style]))
    if style in ("o", "O"):
        text = f"{date.year:04}-{date:%m-%dT%H:%M:%S}.{date.microsecond * 10:07}"
        return text + ("Z" if date.utcoffset() == timedelta(0) else f"{date:%z}"[:3] + ":" + f"{date:%z}"[3:5])
    if len(style) == 1:
        raise NotKnownError(f"The practice shell does not know the style '{style}' of dates.")
    return "".join(_marked(date, mark) for mark in _MARK.findall(style))


_STANDARD = {
    "": "M/d/yyyy h:mm:ss tt",
    "G": "M/d/yyyy h:mm:ss tt",
    "g": "M/d/yyyy h:mm tt",
    "d": "M/d/yyyy",
    "D": "dddd, MMMM d, yyyy",
    "t": "h:mm tt",
    "T": "h:mm:ss tt",
    "f": "dddd, MMMM d, yyyy h:mm tt",
    "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ssZ",
}


def _marked(date: datetime, mark: str) -> str:
    """A piece of a style; any other character stands for itself."""
    known = {
        **{"yyyy": "%Y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "dddd": "%A", "dd": "%d"},
        **{"HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S", "tt": "%p"},
    }
    bare = {"M": date.month, "d": date.day, "H": date.hour, "h": date.hour % 12 or 12, "m": date.minute}
    if mark == "yyyy":
        return f"{date.year:04}"
    if mark == "fff":
        return f"{date.microsecond // 1000:03}"
    if mark in known:
        return date.strftime(known[mark])
    if mark in bare:
        return str(bare[mark])
    if mark.isalpha() and mark not in "TZ":
        raise NotKnownError(f"The practice shell does not know '{mark}' in the style of a date.")
    return mark
