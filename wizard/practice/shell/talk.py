"""PowerShell's own cmdlets that speak to the console, the clock and the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from wizard.practice.shell.objects import INPUT
from wizard.practice.shell.operators import date_styled
from wizard.practice.shell.run import Builtin, Invocation
from wizard.practice.shell.show import text_lines
from wizard.practice.shell.values import (
    NotKnownError,
    Parameter,
    PSObject,
    Value,
    date_from,
    number_needed,
    switches,
    text_of,
)

_LONGEST_SLEEP = timedelta(days=2)


def _write_host(call: Invocation) -> Iterator[Value]:
    separator = call.text("Separator") if call.given("Separator") is not None else " "
    texts = [text_of(each) for each in call.items("Object") if each is not None or call.piped is not None]
    for each in texts if call.piped is not None else [separator.join(texts)]:
        call.host.say(each)
    yield from ()


def _write_warning(call: Invocation) -> Iterator[Value]:
    for each in call.items("Message"):
        call.host.warn(text_of(each))
    yield from ()


def _read_host(call: Invocation) -> Iterator[Value]:
    prompt = call.text("Prompt")
    answer = call.host.ask(f"{prompt}: " if prompt else "")
    secure = PSObject("SecureString", {"Length": len(answer)}, "System.Security.SecureString")
    yield secure if call.given("AsSecureString") else answer


def _date(call: Invocation) -> Iterator[Value]:
    given = next(iter(call.items("Date")), None)
    now = call.host.world.now if given is None else date_from(given)
    if now is None:
        raise call.fail(
            f'Cannot bind parameter \'Date\'. Cannot convert value "{text_of(given)}" to type "System.DateTime".',
            "CannotConvertArgumentNoMessage",
        )
    if call.given("UFormat") is not None:
        raise NotKnownError("The practice shell knows -Format of Get-Date, and not -UFormat.")
    yield date_styled(now, call.text("Format")) if call.text("Format") else now


def _sleep(call: Invocation) -> Iterator[Value]:
    seconds, thousandths = call.given("Seconds"), call.given("Milliseconds")
    amount = float(number_needed(seconds)) if seconds is not None else float(number_needed(thousandths)) / 1000
    if not 0 <= amount <= _LONGEST_SLEEP.total_seconds():
        raise call.fail(
            "The practice shell sleeps for two days at most, and not less than no time.",
            "ParameterArgumentValidationError",
        )
    call.host.pass_time(timedelta(seconds=amount))
    yield from ()


def _set_clipboard(call: Invocation) -> Iterator[Value]:
    text = "\r\n".join(text_of(value) for value in call.items("Value"))
    before = call.host.clipboard
    call.host.copy(f"{before}\r\n{text}" if call.given("Append") and before else text)
    yield from ()


def _clip(call: Invocation) -> Iterator[Value]:
    """The program clip.exe copies the console's output, and loses characters its code page lacks."""
    text = text_lines(call.items(), call.host.views, call.host.width)
    call.host.copy(text.encode("ascii", "replace").decode("ascii"))
    yield from ()


def _clear(call: Invocation) -> Iterator[Value]:
    call.host.clear()
    yield from ()


def _hostname(call: Invocation) -> Iterator[Value]:
    yield call.host.world.here


_MESSAGE = (Parameter("Message", position=0, required=True, piped=True),)

BUILTINS = (
    Builtin(
        "Write-Host",
        _write_host,
        (
            Parameter("Object", position=0, piped=True, lists=True, rest=True),
            *(Parameter(name) for name in ("Separator", "ForegroundColor", "BackgroundColor")),
            *switches("NoNewline"),
        ),
        "Writes customized output to the console.",
    ),
    Builtin("Write-Warning", _write_warning, _MESSAGE, "Writes a warning message."),
    Builtin(
        "Read-Host",
        _read_host,
        (Parameter("Prompt", position=0), *switches("AsSecureString")),
        "Reads a line of input from the console.",
    ),
    Builtin(
        "Get-Date",
        _date,
        (Parameter("Date", position=0, piped=True), Parameter("Format"), Parameter("UFormat")),
        "Gets the current date and time.",
    ),
    Builtin(
        "Start-Sleep",
        _sleep,
        (Parameter("Seconds", position=0, piped=True), Parameter("Milliseconds")),
        "Suspends the activity for the specified period of time.",
        ("sleep",),
    ),
    Builtin(
        "Set-Clipboard",
        _set_clipboard,
        (Parameter("Value", position=0, piped=True, lists=True), *switches("Append")),
        "Sets the clipboard.",
        ("scb",),
        newer=True,
    ),
    Builtin("clip", _clip, (INPUT,), "The program clip.exe: puts text on the clipboard.", ("clip.exe",)),
    Builtin("Clear-Host", _clear, (), "Clears the display.", ("cls", "clear")),
    Builtin("hostname", _hostname, (), "The program hostname.exe: the name of this server.", ("hostname.exe",)),
)
