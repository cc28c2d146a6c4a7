"""The checkup of the console, and what the wizard will do in it, as lines for a person and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from wizard.machine.console import SMALLEST, SSH, TMUX, WSL, Colours, Console, Paste
from wizard.machine.copying import Route
from wizard.machine.settings import Settings


class Trial(Enum):
    """The outcome of copying a text and reading it back."""

    PROVEN = "proven"
    NOT_TRIED = "not tried"
    """It can be read, but holds something that must not be lost."""
    UNREAD = "unread"
    """Not tried either, for it cannot be read: mostly there is none."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome of trying the system's clipboard, in a sentence too."""

    trial: Trial
    sentence: str


@dataclass(frozen=True, slots=True)
class ProgramPlace:
    """A file or folder of the program. `trouble` is why it cannot be written to, empty if it can."""

    path: Path
    exists: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """The results of all checks.

    `paste_key` is the configured key for reading the clipboard. `keys` are the accepted keys of the settings, by the id
    of their action; `key_problems` are the rejected ones.
    """

    console: Console
    settings: Settings
    tried: Tried
    settings_file: ProgramPlace
    cases: ProgramPlace
    reports: ProgramPlace
    ways: tuple[Route, ...] = (Route.SYSTEM, Route.TERMINAL, Route.HAND)
    paste_key: str = "F4"
    keys: Mapping[str, str] = field(default_factory=dict)
    key_problems: tuple[str, ...] = ()

    @property
    def route(self) -> Route:
        """The way a command will be copied."""
        return route(self.ways, self.tried.trial)

    @property
    def troubles(self) -> tuple[str, ...]:
        """The obstacles to working, each with its cure; empty if there are none."""
        return tuple(_troubles(self))

    @property
    def well(self) -> bool:
        """True if one can work here."""
        return not self.troubles


def route(ways: tuple[Route, ...], trial: Trial) -> Route:
    """The first way to copy that can work, given the trial of the clipboard."""
    works = trial in {Trial.PROVEN, Trial.NOT_TRIED}
    return next((way for way in ways if works or way is not Route.SYSTEM), Route.HAND)


def rows(checkup: Checkup) -> tuple[tuple[str, str], ...]:
    """The lines for a person: a word of at most eleven letters, and a sentence."""
    console, settings = checkup.console, checkup.settings
    places = (checkup.cases, checkup.reports)
    return (
        ("Console", _which(console)),
        ("Size", _size(console)),
        ("Colours", _colours(console)),
        ("Glyphs", _glyphs(console)),
        ("Copying", checkup.tried.sentence),
        ("Pasting", _pasting(checkup)),
        ("Settings", f"{_place(checkup.settings_file)}: {_in_force(checkup)}."),
        *(("", problem) for problem in (*settings.problems, *checkup.key_problems)),
        *((word, f"{_place(place)}.") for word, place in zip(("Cases", "Reports"), places, strict=True)),
        ("So", " ".join(will_do(checkup))),
        ("All in all", " ".join(checkup.troubles) or "Well enough to work."),
    )


def will_do(checkup: Checkup) -> tuple[str, ...]:
    """The wizard's behaviour in this console, in sentences."""
    console = checkup.console
    if not console.has_terminal:
        return ("The wizard cannot open here; 'diagnose' works without a terminal.",)
    return (_front_end(console), *_drawing(console, checkup.settings), _sending(console, checkup.route))


def checkup_data(checkup: Checkup) -> dict[str, object]:
    """The checkup for a script: plain values only; None if unknown."""
    console, settings, size = checkup.console, checkup.settings, checkup.console.measured.size
    return {
        "well": checkup.well,
        "troubles": list(checkup.troubles),
        "console": {
            "platform": console.measured.platform,
            "program": console.program or None,
            "within": list(console.within),
            "term": console.term or None,
            "input_is_terminal": console.measured.input_is_terminal,
            "output_is_terminal": console.measured.output_is_terminal,
        },
        "size": {"columns": size[0], "lines": size[1], "enough": console.large_enough} if size else None,
        "colours": console.colours.value,
        "encoding": {
            "output": console.measured.encoding,
            "carries": console.carries,
            "code_page": console.measured.code_page,
            "locale": console.locale or None,
        },
        "draws_with": "ascii" if console.why_ascii(settings) else "unicode",
        "clipboard": {"trial": checkup.tried.trial.value, "sentence": checkup.tried.sentence},
        "copies_by": checkup.route.value,
        "paste": console.paste.value,
        "settings": {
            "copy": settings.copy.value,
            "glyphs": settings.glyphs.value,
            "keys": dict(checkup.keys),
            "problems": [*settings.problems, *checkup.key_problems],
        },
        "places": {
            word: {"path": str(place.path), "exists": place.exists, "trouble": place.trouble or None}
            for word, place in (
                ("settings", checkup.settings_file),
                ("cases", checkup.cases),
                ("reports", checkup.reports),
            )
        },
        "will": list(will_do(checkup)),
    }


def _which(console: Console) -> str:
    around = [name for name in console.within if name != WSL]
    within = f", over {around[0]}" if around == [SSH] else f", inside {' and '.join(around)}" if around else ""
    wsl = " in WSL" if WSL in console.within else ""
    if console.program:
        return f"{console.program}{within}{wsl}, as the environment says."
    if console.is_windows and not around:
        return "The old Windows console, or a terminal that gives no name."
    unknown = "Which terminal it is cannot be known from here."
    named = f"TERM is {console.term}" if console.term else "TERM is not set"
    if TMUX in around:
        unknown = "Which terminal is around it cannot be known from here."
    return f"{named}{within}{wsl}. {unknown}"


def _size(console: Console) -> str:
    if not console.measured.size:
        return "Not known: none of the streams is a terminal."
    columns, lines = console.measured.size
    enough = "enough" if console.large_enough else "too small"
    return f"{columns} columns by {lines} lines: {enough} ({SMALLEST[0]} by {SMALLEST[1]} is needed)."


def _colours(console: Console) -> str:
    amount = console.colours.value[:1].upper() + console.colours.value[1:]
    return f"{amount}: {console.colours_from}." if console.colours_from else f"{amount}."


def _glyphs(console: Console) -> str:
    measured = console.measured
    known = [f"Python writes {measured.encoding}"]
    if console.is_windows:
        known.append(f"code page {measured.code_page}" if measured.code_page else "no code page can be read")
    else:
        known.append(console.locale or "no locale is set")
    can = f"ASCII is safe: {console.not_unicode}" if console.not_unicode else "Lines and marks can be drawn"
    return f"{can} ({', '.join(known)})."


_PASTING = {
    Paste.BRACKETED: "A paste is to be expected in one piece (bracketed paste).",
    Paste.TYPED: "A paste comes as if typed, key by key; {key} reads the clipboard at once.",
    Paste.UNKNOWN: "Whether a paste comes in one piece cannot be known; if it is slow, {key} reads the clipboard.",
}


def _pasting(checkup: Checkup) -> str:
    key = "the answer v" if checkup.console.line_by_line else checkup.paste_key
    return _PASTING[checkup.console.paste].replace("{key}", key)


_SENT = {
    Route.SYSTEM: "Commands go to this computer's clipboard.",
    Route.TERMINAL: "Commands go to your terminal by OSC 52, which gives no answer: paste to see whether it took them.",
    Route.HAND: "Commands are copied by hand: mark them on the screen.",
}


def _sending(console: Console, way: Route) -> str:
    if way is Route.SYSTEM and console.over_ssh:
        return "Commands go to the clipboard that is reached from here; over SSH it is yours where the display is."
    return _SENT[way]


def _front_end(console: Console) -> str:
    if console.line_by_line:
        return f"It will go line by line, for {console.why_lines}."
    return "It will draw the full screen" + (", without colour." if console.colours is Colours.NONE else ".")


def _drawing(console: Console, settings: Settings) -> Iterator[str]:
    if console.line_by_line:
        return
    why = console.why_ascii(settings)
    yield f"It will draw with ASCII: {why}." if why else "It will draw with Unicode."


def _place(place: ProgramPlace) -> str:
    return f"{place.path}{'' if place.exists else ' (not there yet)'}"


def _in_force(checkup: Checkup) -> str:
    settings = checkup.settings
    if not checkup.settings_file.exists and settings == Settings():
        return f"the defaults, copy = {settings.copy.value}, glyphs = {settings.glyphs.value}"
    keys = ", ".join(f"{binding} = {key}" for binding, key in checkup.keys.items()) or "as they are"
    return f"copy = {settings.copy.value}, glyphs = {settings.glyphs.value}, keys {keys}"


def _troubles(checkup: Checkup) -> Iterator[str]:
    console = checkup.console
    if not console.has_terminal:
        yield "There is no terminal: run it in one."
    elif not console.large_enough and not console.line_by_line:
        yield f"The window is too small: make it {SMALLEST[0]} by {SMALLEST[1]} or larger, or use --plain."
    for place, what in ((checkup.cases, "Cases"), (checkup.reports, "Reports")):
        if place.trouble:
            yield f"{what} cannot be saved in {place.path}: {place.trouble}."
