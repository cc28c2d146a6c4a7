"""What speaks to the console, the clock and the clipboard (PS/X of PowerShell itself)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from wizard.practice.cmdlet import Parameter
from wizard.practice.formatting.default import text_lines
from wizard.practice.general.asked import INPUT
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.faults import NotKnownError
from wizard.practice.language.styles import value_styled
from wizard.practice.language.texts import date_from, items_of, number_needed, text_of
from wizard.practice.values import Value

LONGEST_SLEEP = timedelta(days=2)


def _write_host(call: Invocation) -> Iterator[Value]:
    given = call.piped if call.piped is not None else items_of(call.given("Object"))
    separator = text_of(call.given("Separator")) if call.given("Separator") is not None else " "
    if call.piped is not None:
        for each in given:
            call.host.say(text_of(each))
    else:
        call.host.say(separator.join(text_of(each) for each in given if each is not None))
    yield from ()


def _write_warning(call: Invocation) -> Iterator[Value]:
    for each in call.piped if call.piped is not None else (call.given("Message"),):
        call.host.say(f"WARNING: {text_of(each)}", words=True)
    yield from ()


def _write_error(call: Invocation) -> Iterator[Value]:
    for each in call.piped if call.piped is not None else (call.given("Message"),):
        call.failed(call.fault(text_of(each), "Microsoft.PowerShell.Commands.WriteErrorException", "NotSpecified"))
    yield from ()


def _quiet(_: Invocation) -> Iterator[Value]:
    yield from ()


def _read_host(call: Invocation) -> Iterator[Value]:
    prompt = text_of(call.given("Prompt"))
    yield call.host.ask(f"{prompt}: " if prompt else "")


def _date(call: Invocation) -> Iterator[Value]:
    given = call.given("Date")
    now = call.host.world.now if given is None else date_from(given)
    if now is None:
        raise call.fail(
            f'Cannot bind parameter \'Date\'. Cannot convert value "{text_of(given)}" to type "System.DateTime".',
            "CannotConvertArgumentNoMessage",
        )
    style = text_of(call.given("Format"))
    if call.given("UFormat") is not None:
        raise NotKnownError("The practice shell knows -Format of Get-Date, and not -UFormat.")
    yield value_styled(now, style) if style else now


def _sleep(call: Invocation) -> Iterator[Value]:
    seconds, thousandths = call.given("Seconds"), call.given("Milliseconds")
    amount = float(number_needed(seconds)) if seconds is not None else float(number_needed(thousandths)) / 1000
    if not 0 <= amount <= LONGEST_SLEEP.total_seconds():
        raise call.fail(
            "The practice shell sleeps for two days at most, and not less than no time.",
            "ParameterArgumentValidationError",
        )
    call.host.pass_time(timedelta(seconds=amount))
    yield from ()


def _set_clipboard(call: Invocation) -> Iterator[Value]:
    values = call.piped if call.piped is not None else items_of(call.given("Value"))
    text = "\r\n".join(text_of(value) for value in values)
    before = call.host.clipboard
    call.host.clipboard = f"{before}\r\n{text}" if call.given("Append") and before else text
    yield from ()


def _clip(call: Invocation) -> Iterator[Value]:
    """The program clip.exe takes what the console would print, and loses what its code page has not."""
    text = text_lines(call.items(), call.host.views, call.host.width) if call.piped is not None else ""
    call.host.clipboard = text.encode("ascii", "replace").decode("ascii")
    yield from ()


def _get_clipboard(call: Invocation) -> Iterator[Value]:
    yield from (call.host.clipboard or "").split("\r\n")


def _clear(call: Invocation) -> Iterator[Value]:
    call.host.clear()
    yield from ()


def _hostname(call: Invocation) -> Iterator[Value]:
    yield call.host.world.here


def _variable(call: Invocation) -> Iterator[Value]:
    name = text_of(call.given("Name")).casefold()
    call.host.variables[name] = call.given("Value")
    yield from ()


_MESSAGE = (Parameter("Message", position=0, required=True, piped=True),)

BUILTINS = (
    Builtin(
        "Write-Host",
        _write_host,
        (
            Parameter("Object", position=0, piped=True, lists=True, rest=True),
            Parameter("Separator"),
            Parameter("ForegroundColor"),
            Parameter("BackgroundColor"),
            Parameter("NoNewline", switch=True),
        ),
        "Writes customized output to the console.",
    ),
    Builtin("Write-Warning", _write_warning, _MESSAGE, "Writes a warning message."),
    Builtin("Write-Error", _write_error, _MESSAGE, "Writes an error message."),
    Builtin("Write-Verbose", _quiet, _MESSAGE, "Writes text to the verbose message stream, which is not shown here."),
    Builtin("Read-Host", _read_host, (Parameter("Prompt", position=0),), "Reads a line of input from the console."),
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
        (Parameter("Value", position=0, piped=True, lists=True), Parameter("Append", switch=True)),
        "Sets the clipboard.",
        ("scb",),
        newer=True,
    ),
    Builtin("Get-Clipboard", _get_clipboard, (), "Gets what is on the clipboard.", ("gcb",), newer=True),
    Builtin("clip", _clip, (INPUT,), "The program clip.exe: puts text on the clipboard.", ("clip.exe",)),
    Builtin("Clear-Host", _clear, (), "Clears the display.", ("cls", "clear")),
    Builtin("hostname", _hostname, (), "The program hostname.exe: the name of this server.", ("hostname.exe",)),
    Builtin(
        "Set-Variable",
        _variable,
        (Parameter("Name", position=0, required=True), Parameter("Value", position=1)),
        "Sets the value of a variable.",
        ("sv", "set"),
    ),
)
