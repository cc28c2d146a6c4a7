"""Format strings: `'{0:N2}' -f 1.5`, `$date.ToString('yyyy-MM-dd')`.

Source: .NET's standard and custom format strings, as far as an administrator's lines use them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from wizard.practice.language.texts import failure, number_from, span_text, text_of
from wizard.practice.values import Flag, Value

_HOLE = re.compile(r"\{\{|\}\}|\{(\d{1,3})(?:,(-?\d{1,3}))?(?::([^{}]*))?\}|[{}]")
_DATE_MARK = re.compile(
    r"yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|hh|h|mm|m|ss|s|f{1,7}|tt|t|zzz|K|'[^']*'|\"[^\"]*\"|\\.|.", re.DOTALL
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def styled(template: str, values: tuple[Value, ...]) -> str:
    """The template with its holes filled.

    Raises:
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
        text = value_styled(values[at], found[3] or "")
        width = int(found[2] or 0)
        return text.rjust(width) if width > 0 else text.ljust(-width)

    return _HOLE.sub(filled, template)


def value_styled(value: Value, style: str) -> str:
    """One value in a style; the value's own text where the style says nothing of it."""
    if isinstance(value, datetime):
        return date_styled(value, style)
    if isinstance(value, timedelta):
        return span_text(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and style:
        return _number_styled(value, style)
    if isinstance(value, Flag) and style[:1].lower() == "d" and style:
        return str(value.number)
    return text_of(value)


def _number_styled(value: int | float, style: str) -> str:
    kind, digits = style[0].lower(), style[1:]
    places = int(digits) if digits.isdecimal() and len(digits) < 3 else None
    number = number_from(value) or 0
    if abs(number) > 1e15:
        return text_of(value)
    if kind in "nfp" and (places is not None or not digits):
        shown = number * 100 if kind == "p" else number
        text = f"{shown:{'' if kind == 'f' else ','}.{2 if places is None else places}f}"
        return f"{text} %" if kind == "p" else text
    if kind == "d" and isinstance(number, int):
        return f"{'-' if number < 0 else ''}{abs(number):0{places or 1}d}"
    if kind == "x" and isinstance(number, int) and number >= 0:
        return f"{number:0{places or 1}{style[0]}}"
    if re.fullmatch(r"[#,]*0*(?:\.0+)?", style):
        before, _, after = style.partition(".")
        return f"{number:0{before.count('0')}{',' if ',' in before else ''}.{len(after)}f}"
    return text_of(value)


def date_styled(date: datetime, style: str) -> str:
    """A date in a standard style of one letter, in the culture en-US, or in a custom one.

    Raises:
        Raised: there is no such standard style.
    """
    if style in _STANDARD:
        return _STANDARD[style](date)
    if len(style) == 1:
        raise failure(
            'Exception calling "ToString" with "1" argument(s): "Input string was not in a correct format."',
            "FormatException",
            "NotSpecified",
            "MethodInvocationException",
        )
    return "".join(_marked(date, mark) for mark in _DATE_MARK.findall(style))


def date_long(date: datetime) -> str:
    """`Sunday, November 22, 2026 9:41:07 PM`, as the console shows a lone date."""
    return f"{_long(date)} {_clock(date)}"


def round_trip(date: datetime) -> str:
    """`2026-11-22T21:41:07.0000000Z`: the style `o`."""
    text = f"{date.year:04}-{date:%m-%dT%H:%M:%S}.{date.microsecond * 10:07}"
    return f"{text}Z" if date.utcoffset() == timedelta(0) else text + _offset(date)


def _general(date: datetime) -> str:
    return f"{_short(date)} {_clock(date)}"


def _short(date: datetime) -> str:
    return f"{date.month}/{date.day}/{date.year}"


def _clock(date: datetime, seconds: bool = True) -> str:
    hour = date.hour % 12 or 12
    return f"{hour}:{date.minute:02}{f':{date.second:02}' if seconds else ''} {'AM' if date.hour < 12 else 'PM'}"


def _long(date: datetime) -> str:
    return f"{_DAYS[date.weekday()]}, {_MONTHS[date.month - 1]} {date.day}, {date.year}"


def _offset(date: datetime) -> str:
    minutes = int((date.utcoffset() or timedelta(0)).total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _marked(date: datetime, mark: str) -> str:
    """One piece of a custom style."""
    if mark[0] == "f":
        return f"{date.microsecond * 10:07}"[: len(mark)]
    if mark[0] in "'\"" and len(mark) > 1:
        return mark[1:-1]
    if mark[0] == "\\" and len(mark) > 1:
        return mark[1:]
    hour = date.hour % 12 or 12
    known = {
        "yyyy": f"{date.year:04}",
        "yy": f"{date.year % 100:02}",
        "MMMM": _MONTHS[date.month - 1],
        "MMM": _MONTHS[date.month - 1][:3],
        "MM": f"{date.month:02}",
        "M": str(date.month),
        "dddd": _DAYS[date.weekday()],
        "ddd": _DAYS[date.weekday()][:3],
        "dd": f"{date.day:02}",
        "d": str(date.day),
        "HH": f"{date.hour:02}",
        "H": str(date.hour),
        "hh": f"{hour:02}",
        "h": str(hour),
        "mm": f"{date.minute:02}",
        "m": str(date.minute),
        "ss": f"{date.second:02}",
        "s": str(date.second),
        "tt": "AM" if date.hour < 12 else "PM",
        "t": "A" if date.hour < 12 else "P",
        "zzz": _offset(date),
        "K": "Z" if date.utcoffset() == timedelta(0) else _offset(date),
    }
    return known.get(mark, mark)


_STANDARD: dict[str, Callable[[datetime], str]] = {
    "": _general,
    "g": lambda date: f"{_short(date)} {_clock(date, seconds=False)}",
    "G": _general,
    "d": _short,
    "D": _long,
    "t": lambda date: _clock(date, seconds=False),
    "T": _clock,
    "f": lambda date: f"{_long(date)} {_clock(date, seconds=False)}",
    "F": date_long,
    "s": lambda date: f"{date.year:04}-{date:%m-%dT%H:%M:%S}",
    "u": lambda date: f"{date.year:04}-{date:%m-%d %H:%M:%S}Z",
    "o": round_trip,
    "O": round_trip,
    "R": lambda date: (
        f"{_DAYS[date.weekday()][:3]}, {date.day:02} {_MONTHS[date.month - 1][:3]} {date:%Y %H:%M:%S} GMT"
    ),
}
