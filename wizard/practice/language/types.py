"""Casts and static members: `[char]0x2013`, `[datetime]::UtcNow`, `[math]::Round(1.5)`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from wizard.practice.language.faults import NotKnownError
from wizard.practice.language.texts import (
    Char,
    date_from,
    failure,
    items_of,
    number_needed,
    span_from,
    text_of,
    truth_of,
    whole,
)
from wizard.practice.values import PSObject, Value


def cast(name: str, value: Value) -> Value:
    """A value as another type.

    Raises:
        NotKnownError: the practice shell does not know the type.
        Raised: the value cannot be converted.
    """
    converter = _CASTS.get(name.removeprefix("system."))
    if converter is None:
        raise NotKnownError(f"The practice shell does not know the type [{name}].")
    return converter(value)


def _char(value: Value) -> Value:
    if isinstance(value, str):
        if len(value) != 1:
            raise failure(
                f'Cannot convert value "{value}" to type "System.Char". Error: "String must be exactly one character '
                'long."',
                "InvalidCastFromStringToChar",
            )
        return Char(value)
    number = whole(value)
    if not 0 <= number <= 0xFFFF:
        raise failure(
            f'Cannot convert value "{number}" to type "System.Char". Error: "Value was either too large or too small '
            'for a character."',
            "InvalidCastIConvertible",
        )
    return Char(chr(number))


def _date(value: Value) -> Value:
    found = date_from(value)
    if found is None:
        raise failure(
            f'Cannot convert value "{text_of(value)}" to type "System.DateTime". Error: "String was not recognized '
            'as a valid DateTime."',
            "InvalidCastParseTargetInvocation",
        )
    return found


def _span(value: Value) -> Value:
    found = span_from(text_of(value) if isinstance(value, int) else value)
    if found is None:
        raise failure(f'Cannot convert value "{text_of(value)}" to type "System.TimeSpan".', "InvalidCast")
    return found


def _object(value: Value) -> Value:
    return PSObject("PSCustomObject", dict(value)) if isinstance(value, dict) else value


_CASTS: dict[str, Callable[[Value], Value]] = {
    "char": _char,
    "string": text_of,
    "int": whole,
    "int32": whole,
    "int64": whole,
    "long": whole,
    "double": lambda value: float(number_needed(value, "System.Double")),
    "decimal": lambda value: number_needed(value, "System.Decimal"),
    "bool": truth_of,
    "boolean": truth_of,
    "switch": truth_of,
    "datetime": _date,
    "timespan": _span,
    "array": lambda value: () if value is None else items_of(value),
    "object[]": items_of,
    "object": lambda value: value,
    "pscustomobject": _object,
    "psobject": _object,
    "ordered": lambda value: value,
    "hashtable": lambda value: value,
    "void": lambda _: (),
    "guid": text_of,
    "ipaddress": text_of,
    "version": text_of,
}
"""An `[array]` cast is written `[object[]]` too; brackets within the name are left out by the parser."""


def known_type(name: str) -> bool:
    """Whether the practice shell knows a type at all."""
    return name.removeprefix("system.") in _CASTS or name.removeprefix("system.") in ("math", "environment", "console")


def static(type_name: str, member: str, arguments: tuple[Value, ...] | None, now: datetime) -> Value:
    """A static member, or what a static method gives for its arguments.

    Raises:
        NotKnownError: the practice shell does not know it.
    """
    name, wanted = type_name.removeprefix("system."), member.casefold()
    given = arguments or ()
    if name == "datetime" and arguments is None and wanted in ("now", "utcnow", "today"):
        return now if wanted != "today" else now.replace(hour=0, minute=0, second=0, microsecond=0)
    if name == "datetime" and wanted == "parse" and given:
        return _date(given[0])
    if name in ("string", "math", "timespan") and (found := _STATIC.get((name, wanted))) and arguments is not None:
        return found(given)
    if name in ("string",) and wanted == "empty":
        return ""
    raise NotKnownError(f"The practice shell does not know [{type_name}]::{member}.")


def _rounded(given: tuple[Value, ...]) -> Value:
    number = number_needed(given[0]) if given else 0
    return round(float(number), max(min(whole(given[1]), 15), 0)) if len(given) > 1 else float(round(number))


_STATIC: dict[tuple[str, str], Callable[[tuple[Value, ...]], Value]] = {
    ("string", "isnullorempty"): lambda given: not text_of(given[0] if given else None),
    ("string", "isnullorwhitespace"): lambda given: not text_of(given[0] if given else None).strip(),
    ("string", "join"): lambda given: text_of(given[0] if given else "").join(
        text_of(item) for each in given[1:] for item in items_of(each)
    ),
    ("math", "round"): _rounded,
    ("math", "abs"): lambda given: abs(number_needed(given[0] if given else 0)),
    ("math", "max"): lambda given: max((number_needed(each) for each in given), default=0),
    ("math", "min"): lambda given: min((number_needed(each) for each in given), default=0),
    ("math", "floor"): lambda given: float(number_needed(given[0] if given else 0) // 1),
    ("math", "ceiling"): lambda given: float(-(-number_needed(given[0] if given else 0) // 1)),
    ("timespan", "fromminutes"): lambda given: span_from(f"00:{whole(given[0] if given else 0) % 60}:00"),
}
