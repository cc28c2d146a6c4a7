"""Properties and methods of values: `.Count`, `$_.Services`, `'a b'.Split(' ')`, `$date.ToString('o')`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from wizard.practice.language.comparing import equal
from wizard.practice.language.styles import date_styled, value_styled
from wizard.practice.language.texts import failure, items_of, number_needed, text_of, whole
from wizard.practice.values import Flag, PSObject, Value

LONGEST_REPLACED = 1_000_000
"""More is not put into a text by one Replace."""

Arguments = tuple[Value, ...]


def property_of(value: Value, name: str) -> Value:
    """A property, `$null` where there is none; of an array, that of all its items."""
    wanted = name.casefold()
    found = own_property(value, wanted)
    if found is not None or wanted in ("count", "length"):
        return found[0] if found else (0 if value is None else 1)
    if isinstance(value, tuple):
        items = [each for item in value for each in items_of(property_of(item, name)) if own_property(item, wanted)]
        return tuple(items) if len(items) != 1 else items[0]
    return None


def own_property(value: Value, wanted: str) -> tuple[Value] | None:
    """A property of the value itself in a tuple of one, None where there is none; the name in lower case."""
    if isinstance(value, PSObject):
        if wanted == "psobject":
            return (_psobject(value.properties),)
        return next(((each,) for key, each in value.properties.items() if key.casefold() == wanted), None)
    if isinstance(value, dict):
        own: dict[str, Value] = {"count": len(value), "keys": tuple(value), "values": tuple(value.values())}
        return next(((each,) for key, each in value.items() if key.casefold() == wanted), None) or _only(own, wanted)
    if isinstance(value, tuple):
        return (len(value),) if wanted in ("count", "length") else None
    if isinstance(value, str):
        return (len(value.encode("utf-16-le", "surrogatepass")) // 2,) if wanted == "length" else None
    if isinstance(value, datetime):
        return _only(_of_a_date(value), wanted)
    if isinstance(value, timedelta):
        return _only(of_a_span(value), wanted)
    if isinstance(value, Flag) and wanted == "value__":
        return (value.number,)
    return None


def _only(own: dict[str, Value], wanted: str) -> tuple[Value] | None:
    found = {key.casefold(): each for key, each in own.items()}
    return (found[wanted],) if wanted in found else None


def _psobject(properties: dict[str, Value]) -> PSObject:
    """What `.PSObject` gives: the properties as objects with Name and Value."""
    listed = tuple(PSObject("PSNoteProperty", {"Name": name, "Value": value}) for name, value in properties.items())
    return PSObject("PSObject", {"Properties": listed})


def _of_a_date(value: datetime) -> dict[str, Value]:
    return {
        "Date": value.replace(hour=0, minute=0, second=0, microsecond=0),
        "Day": value.day,
        "DayOfWeek": value.strftime("%A"),
        "DayOfYear": value.timetuple().tm_yday,
        "Hour": value.hour,
        "Kind": "Utc",
        "Minute": value.minute,
        "Month": value.month,
        "Second": value.second,
        "TimeOfDay": timedelta(hours=value.hour, minutes=value.minute, seconds=value.second),
        "Year": value.year,
    }


def of_a_span(value: timedelta) -> dict[str, Value]:
    """The properties of a duration, in the order in which Format-List shows them."""
    sign = -1 if value < timedelta(0) else 1
    whole_span = abs(value)
    seconds = value.total_seconds()
    return {
        "Days": sign * whole_span.days,
        "Hours": sign * (whole_span.seconds // 3600),
        "Minutes": sign * (whole_span.seconds // 60 % 60),
        "Seconds": sign * (whole_span.seconds % 60),
        "Milliseconds": sign * (whole_span.microseconds // 1000),
        "Ticks": round(seconds * 10_000_000),
        "TotalDays": seconds / 86400,
        "TotalHours": seconds / 3600,
        "TotalMinutes": seconds / 60,
        "TotalSeconds": seconds,
        "TotalMilliseconds": seconds * 1000,
    }


def called(value: Value, name: str, arguments: Arguments) -> Value:
    """What a method gives.

    Raises:
        Raised: the value has no such method, or it takes other arguments.
    """
    wanted = name.casefold()
    if value is None:
        raise failure("You cannot call a method on a null-valued expression.", "InvokeMethodOnNull", "InvalidOperation")
    method = _method(value, wanted)
    if method is not None:
        try:
            return method(value, arguments)
        except (IndexError, TypeError, ValueError, OverflowError):
            raise failure(
                f'Cannot find an overload for "{name}" and the argument count: "{len(arguments)}".',
                "MethodCountCouldNotFindBest",
                "NotSpecified",
                "MethodException",
            ) from None
    if isinstance(value, tuple):
        return tuple(each for item in value for each in items_of(called(item, name, arguments)))
    raise failure(
        f"Method invocation failed because [{_type_name(value)}] does not contain a method named '{name}'.",
        "MethodNotFound",
        "InvalidOperation",
    )


def _method(value: Value, wanted: str) -> Callable[[Value, Arguments], Value] | None:
    if isinstance(value, str) and wanted in _OF_TEXT:
        method = _OF_TEXT[wanted]
        return lambda each, arguments: method(text_of(each), arguments)
    if isinstance(value, datetime) and wanted in _OF_DATES:
        return _OF_DATES[wanted]
    if isinstance(value, tuple | dict) and wanted in ("contains", "containskey"):
        return lambda each, given: any(
            equal(item, given[0]) for item in (each if isinstance(each, tuple | dict) else ())
        )
    if isinstance(value, Flag) and wanted == "hasflag":
        return _has_flag
    return {"tostring": _to_string, "equals": lambda a, b: equal(a, b[0]), "gettype": _get_type}.get(wanted)


def _has_flag(value: Value, arguments: Arguments) -> Value:
    names = {part.strip().casefold() for part in text_of(value).split(",")}
    wanted = arguments[0]
    if isinstance(value, Flag) and isinstance(wanted, int):
        return value.number & wanted == wanted
    return text_of(wanted).strip().casefold() in names


def _to_string(value: Value, arguments: Arguments) -> Value:
    if isinstance(value, datetime):
        return date_styled(value, text_of(arguments[0]) if arguments else "")
    return value_styled(value, text_of(arguments[0])) if arguments else text_of(value)


def _get_type(value: Value, _: Arguments) -> Value:
    return PSObject("RuntimeType", {"Name": _type_name(value).rpartition(".")[2], "FullName": _type_name(value)})


def _type_name(value: Value) -> str:
    if isinstance(value, PSObject):
        return value.kind
    names: tuple[tuple[type, str], ...] = (
        (bool, "System.Boolean"),
        (int, "System.Int32"),
        (float, "System.Double"),
        (str, "System.String"),
        (datetime, "System.DateTime"),
        (timedelta, "System.TimeSpan"),
        (tuple, "System.Object[]"),
        (dict, "System.Collections.Hashtable"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "System.Enum")


def type_name(value: Value) -> str:
    """The name of a value's type, for Get-Member and errors."""
    return _type_name(value)


def _split(text: str, arguments: Arguments) -> Value:
    """By any of the characters, as Windows PowerShell does."""
    separators = {c for each in arguments[:1] for item in items_of(each) for c in text_of(item)} or {" ", "\t", "\n"}
    pieces, current = [], ""
    for character in text:
        if character in separators:
            pieces.append(current)
            current = ""
        else:
            current += character
    pieces.append(current)
    if len(arguments) > 1 and "RemoveEmptyEntries".casefold() in text_of(arguments[1]).casefold():
        pieces = [piece for piece in pieces if piece]
    return tuple(pieces)


def _substring(text: str, arguments: Arguments) -> Value:
    start = whole(arguments[0])
    length = whole(arguments[1]) if len(arguments) > 1 else len(text) - start
    if not 0 <= start <= len(text) or length < 0 or start + length > len(text):
        raise failure(
            'Exception calling "Substring": "Index and length must refer to a location within the string."',
            "ArgumentOutOfRangeException",
            "NotSpecified",
            "MethodInvocationException",
        )
    return text[start : start + length]


def _replaced(text: str, arguments: Arguments) -> Value:
    old, new = text_of(arguments[0]), text_of(arguments[1])
    if not old or text.count(old) * len(new) > LONGEST_REPLACED:
        return text
    return text.replace(old, new)


def _trimmed(strip: Callable[[str, str | None], str]) -> Callable[[str, Arguments], Value]:
    return lambda text, given: strip(text, text_of(given[0]) if given else None)


_OF_TEXT: dict[str, Callable[[str, Arguments], Value]] = {
    "contains": lambda text, given: text_of(given[0]) in text,
    "startswith": lambda text, given: text.startswith(text_of(given[0])),
    "endswith": lambda text, given: text.endswith(text_of(given[0])),
    "indexof": lambda text, given: text.find(text_of(given[0])),
    "lastindexof": lambda text, given: text.rfind(text_of(given[0])),
    "replace": _replaced,
    "split": _split,
    "substring": _substring,
    "tolower": lambda text, _: text.lower(),
    "toupper": lambda text, _: text.upper(),
    "tolowerinvariant": lambda text, _: text.lower(),
    "toupperinvariant": lambda text, _: text.upper(),
    "trim": _trimmed(str.strip),
    "trimstart": _trimmed(str.lstrip),
    "trimend": _trimmed(str.rstrip),
    "padleft": lambda text, given: text.rjust(min(whole(given[0]), 10_000), (text_of(given[1]) if given[1:] else " ")),
    "padright": lambda text, given: text.ljust(min(whole(given[0]), 10_000), (text_of(given[1]) if given[1:] else " ")),
    "insert": lambda text, given: text[: whole(given[0])] + text_of(given[1]) + text[whole(given[0]) :],
    "remove": lambda text, given: (
        text[: whole(given[0])] + (text[whole(given[0]) + whole(given[1]) :] if given[1:] else "")
    ),
    "tochararray": lambda text, _: tuple(text),
}


def _adding(unit: str) -> Callable[[Value, Arguments], Value]:
    def added(value: Value, given: Arguments) -> Value:
        assert isinstance(value, datetime)
        return value + timedelta(**{unit: float(number_needed(given[0]))})

    return added


def _adding_months(times: int) -> Callable[[Value, Arguments], Value]:
    def added(value: Value, given: Arguments) -> Value:
        assert isinstance(value, datetime)
        months = value.year * 12 + value.month - 1 + times * whole(given[0])
        year, month = divmod(months, 12)
        for day in range(value.day, value.day - 4, -1):
            try:
                return value.replace(year=year, month=month + 1, day=day)
            except ValueError:
                continue
        raise ValueError(year)

    return added


_OF_DATES: dict[str, Callable[[Value, Arguments], Value]] = {
    **{f"add{unit}": _adding(unit) for unit in ("days", "hours", "minutes", "seconds", "milliseconds")},
    "addmonths": _adding_months(1),
    "addyears": _adding_months(12),
    "touniversaltime": lambda value, _: value.astimezone(UTC) if isinstance(value, datetime) else value,
    "tolocaltime": lambda value, _: value,
    "toshortdatestring": lambda value, _: value_styled(value, "d"),
    "tolongdatestring": lambda value, _: value_styled(value, "D"),
    "toshorttimestring": lambda value, _: value_styled(value, "t"),
    "tolongtimestring": lambda value, _: value_styled(value, "T"),
}
