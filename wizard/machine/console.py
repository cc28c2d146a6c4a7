"""Detects the console and its abilities from the environment, the platform and measurements.

Only size and encoding are measured. An environment is inherited and can be stale, and terminals need not give their
name: unknown values are empty or UNKNOWN, never guessed.
"""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

from wizard.machine.copying import SSH_VARIABLES, in_container, names_container
from wizard.machine.settings import Glyphs, Settings

SMALLEST = (60, 18)
"""Columns and lines from which every screen is complete."""

WINDOWS_TERMINAL, VS_CODE = "Windows Terminal", "VS Code's terminal"

APPLE_TERMINAL, ITERM, LINUX_CONSOLE = "macOS Terminal", "iTerm2", "the Linux console"

CON_EMU = "ConEmu"

_BY_TERM_PROGRAM = {
    "vscode": VS_CODE,
    "apple_terminal": APPLE_TERMINAL,
    "iterm.app": ITERM,
    "wezterm": "WezTerm",
    "ghostty": "Ghostty",
    "mintty": "mintty",
    "warpterminal": "Warp",
}

_BY_OWN_VARIABLE = {
    "WT_SESSION": WINDOWS_TERMINAL,
    "ConEmuPID": CON_EMU,
    "KITTY_WINDOW_ID": "kitty",
    "ALACRITTY_WINDOW_ID": "Alacritty",
    "KONSOLE_VERSION": "Konsole",
    "VTE_VERSION": "GNOME Terminal or another of its kind",
    "XTERM_VERSION": "xterm",
}

_NAMES = frozenset({*_BY_TERM_PROGRAM.values(), *_BY_OWN_VARIABLE.values()})

TMUX, SCREEN, SSH, WSL, CONTAINER = "tmux", "GNU screen", "SSH", "WSL", "a container"

_BARE_TERMS = frozenset({"linux", "ansi", "cons25", "unknown", "dumb"})
"""TERM of terminals that only ASCII is safe for; so are all whose name begins with vt and a digit."""

_LINES = "\u2500\u2502\u250c\u2510\u2514\u2518"

_TWICE_AS_WIDE = frozenset({932, 936, 949, 950})
"""East Asian code pages: their fonts draw lines two cells wide in the Windows console, which breaks borders."""

ASCII_FOR: Mapping[int, str] = {
    ord(drawn): ascii_
    for drawn, ascii_ in {
        "\u2500": "-",
        "\u2502": "|",
        "\u250c": "+",
        "\u2510": "+",
        "\u2514": "+",
        "\u2518": "+",
        "\u221a": "+",
        "\u25ba": ">",
        "\u25bc": "v",
        "\u25a1": "?",
        "\u00b7": ".",
        "\u2026": ".",
    }.items()
}
"""The replacement of each glyph the program draws, for `str.translate`; each is one cell wide."""


class Colours(StrEnum):
    """The number of colours; the value says it to a person.

    The rule is Rich's.
    """

    NONE = "none"
    SIXTEEN = "16"
    MANY = "256"
    TRUE = "16 million"
    BY_WINDOWS = "as many as this Windows can show"


class Paste(StrEnum):
    """The form of a paste: bracketed in one piece, or like typing."""

    BRACKETED = "bracketed"
    TYPED = "typed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measured:
    """The measurements of a front end.

    `size` is columns and lines, None if no stream is a terminal. `encoding` is that of standard output; `code_page` is
    the Windows console's for output, None elsewhere or without a console. `container` is true in a container, whatever
    the environment says. `sequences` is false where the console knows no control sequences: nothing can be drawn there.
    """

    platform: str
    size: tuple[int, int] | None = None
    input_is_terminal: bool = True
    output_is_terminal: bool = True
    encoding: str = "utf-8"
    code_page: int | None = None
    container: bool = False
    sequences: bool = True


@dataclass(frozen=True, slots=True)
class Console:
    """A console. `program` is the terminal's name, empty if unknown.

    `within` are the programs between this one and the terminal, the nearest first. `carries` is the encoding that
    reaches the terminal undamaged. `not_unicode` is the reason for drawing with ASCII, empty without one. `locale` is
    the deciding variable with its value, empty if none is set. `why_lines` is the reason for going line by line, empty
    without one.
    """

    measured: Measured
    program: str
    within: tuple[str, ...]
    term: str
    colours: Colours
    colours_from: str
    carries: str
    locale: str
    not_unicode: str
    paste: Paste
    why_lines: str = ""

    @property
    def is_windows(self) -> bool:
        """True on Windows itself, not in WSL."""
        return self.measured.platform == "win32"

    @property
    def has_terminal(self) -> bool:
        """True if any stream is a terminal with a known size."""
        return self.measured.size is not None

    @property
    def large_enough(self) -> bool:
        """True if every screen fits."""
        size = self.measured.size
        return size is not None and size[0] >= SMALLEST[0] and size[1] >= SMALLEST[1]

    @property
    def line_by_line(self) -> bool:
        """True if the program goes line by line."""
        return bool(self.why_lines)

    @property
    def over_ssh(self) -> bool:
        """True if the person sits at another computer."""
        return SSH in self.within

    def why_ascii(self, settings: Settings) -> str:
        """The reason for drawing with ASCII, empty without one; the settings decide last."""
        if settings.glyphs is Glyphs.AUTO:
            return self.not_unicode
        return "the settings file says so" if settings.glyphs is Glyphs.ASCII else ""


def look(environment: Mapping[str, str], measured: Measured) -> Console:
    """The console with this environment and these measurements."""
    windows = measured.platform == "win32"
    term = environment.get("TERM", "").strip()
    within = _within(environment, measured.container or names_container(environment))
    program = _program(environment, within, term)
    colours, colours_from = _colours(environment, term, windows)
    locale = _locale(environment)
    carries = _carried_on_windows(measured) if windows else _carried(locale, measured.encoding)
    return Console(
        measured,
        program,
        within,
        term,
        colours,
        colours_from,
        carries,
        locale,
        _no_utf8(locale, carries, measured) or _not_unicode(program, term, measured),
        _paste(program, within, term, windows),
        _why_lines(environment, term, measured),
    )


def _why_lines(environment: Mapping[str, str], term: str, measured: Measured) -> str:
    """Why the program goes line by line, empty if it need not."""
    if accessible(environment):
        return "ACCESSIBLE is set"
    return "TERM is dumb" if term == "dumb" else "" if measured.sequences else NO_SEQUENCES


NO_SEQUENCES = "this console knows no control sequences, as those before Windows 10 and Windows Server 2016"
"""Why nothing can be drawn."""


def accessible(environment: Mapping[str, str]) -> bool:
    """True if ACCESSIBLE is set, as screen reader software does."""
    return environment.get("ACCESSIBLE", "").strip().casefold() not in {"", "0", "no", "false", "off"}


def with_ascii(text: str, carries: str, cells: Callable[[str], int] = len) -> str:
    """Replace the program's glyphs by ASCII, and characters the encoding lacks by `?`.

    `cells` gives the width of a character, so that each line keeps its width.
    """
    text = text.translate(ASCII_FOR)
    if text.isascii() or carries == "utf-8":
        return text
    return "".join(c if _is_carried(c, carries) else "?" * cells(c) for c in text)


def _is_carried(character: str, carries: str) -> bool:
    try:
        character.encode(carries)
    except UnicodeEncodeError:
        return False
    return True


def _within(environment: Mapping[str, str], container: bool) -> tuple[str, ...]:
    def says(*variables: str) -> bool:
        return any(environment.get(each) for each in variables)

    around = {
        TMUX: says("TMUX"),
        SCREEN: says("STY"),
        CONTAINER: container,
        SSH: says(*SSH_VARIABLES),
        WSL: says("WSL_DISTRO_NAME", "WSL_INTEROP"),
    }
    return tuple(name for name, there in around.items() if there)


def _program(environment: Mapping[str, str], within: tuple[str, ...], term: str) -> str:
    """The terminal's name. tmux and screen outlive the terminal they were started in, so its name is ignored."""
    if TMUX in within or SCREEN in within:
        return ""
    if term == "linux":
        return LINUX_CONSOLE
    # VS Code first: started from Windows Terminal it inherits WT_SESSION.
    named = environment.get("TERM_PROGRAM", "").strip()
    if known := _BY_TERM_PROGRAM.get(named.casefold()):
        return known
    if environment.get("LC_TERMINAL") == "iTerm2":
        return ITERM
    return next((name for variable, name in _BY_OWN_VARIABLE.items() if environment.get(variable)), named)


def _colours(environment: Mapping[str, str], term: str, windows: bool) -> tuple[Colours, str]:
    """The number of colours, and the variable that decides it."""
    if "NO_COLOR" in environment:
        return Colours.NONE, "NO_COLOR is set"
    if windows:
        return Colours.BY_WINDOWS, ""
    if environment.get("COLORTERM", "").strip().casefold() in {"truecolor", "24bit"}:
        return Colours.TRUE, f"COLORTERM is {environment['COLORTERM'].strip()}"
    if term.endswith(("-256color", "-kitty")):
        return Colours.MANY, f"TERM is {term}"
    return Colours.SIXTEEN, f"TERM is {term}" if term else "TERM is not set"


def _locale(environment: Mapping[str, str]) -> str:
    """`LC_ALL=C`: the first variable set of those POSIX checks for the encoding."""
    variables = ("LC_ALL", "LC_CTYPE", "LANG")
    return next((f"{name}={environment[name]}" for name in variables if environment.get(name)), "")


def _carried(locale: str, encoding: str) -> str:
    """The encoding that locale and stream agree on, otherwise ASCII.

    Python writes UTF-8 in the C locale, because most of those terminals use it. An explicit C means ASCII, which is
    always safe.
    """
    value = locale.partition("=")[2].partition("@")[0]
    stream = _codec(encoding)
    if value in {"C", "POSIX"}:
        return "ascii"
    charset = value.partition(".")[2]
    return stream if not charset or _codec(charset) == stream else "ascii"


def _carried_on_windows(measured: Measured) -> str:
    """The console's encoding: UTF-16 counts as UTF-8, and so does output to a file, which tells nothing."""
    return _codec(measured.encoding) if measured.output_is_terminal else "utf-8"


def _codec(name: str) -> str:
    """The codec's canonical name, ASCII for an unknown encoding."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        return "ascii"
    return "utf-8" if found.name == "utf-8-sig" else found.name


def _is_bare(term: str) -> bool:
    return term in _BARE_TERMS or (term.startswith("vt") and term[2:3].isdigit())


def _no_utf8(locale: str, carries: str, measured: Measured) -> str:
    """Why some characters do not reach the terminal, empty if all do."""
    if carries == "utf-8":
        return ""
    if _codec(measured.encoding) == "utf-8":
        return f"{locale} does not say UTF-8"
    return f"output is {carries}, not UTF-8"


def _not_unicode(program: str, term: str, measured: Measured) -> str:
    """Why lines and marks are unsafe on the console, empty if they are safe."""
    if measured.platform != "win32":
        return f"TERM is {term}" if _is_bare(term) else ""
    # Terminals that draw by themselves ignore the code page; the old console with its raster font does not.
    page = measured.code_page
    if program or page is None:
        return ""
    if page in _TWICE_AS_WIDE:
        return f"code page {page} draws lines two cells wide"
    try:
        _LINES.encode("utf-8" if page == 65001 else f"cp{page}")
    except (UnicodeEncodeError, LookupError):
        return f"code page {page} has no lines"
    return ""


def _paste(program: str, within: tuple[str, ...], term: str, windows: bool) -> Paste:
    """The form of a paste. GNU screen swallows the brackets; tmux has its own."""
    if SCREEN in within or _is_bare(term):
        return Paste.TYPED
    if TMUX in within or (program in _NAMES and program != CON_EMU):
        return Paste.BRACKETED
    if windows and not program:
        return Paste.UNKNOWN if SSH in within else Paste.TYPED
    return Paste.BRACKETED if term.startswith("xterm") else Paste.UNKNOWN


def console_here() -> Console:
    """The console of this process."""
    return look(os.environ, measure())


def ascii_for(settings: Settings) -> str:
    """The console's encoding if it must be drawn to with ASCII; empty for Unicode."""
    console = console_here()
    return console.carries if console.why_ascii(settings) else ""


def measure() -> Measured:
    """Measure the values that the environment lacks."""
    return Measured(
        sys.platform,
        _size(),
        is_terminal(sys.stdin),
        is_terminal(sys.stdout),
        sys.stdout.encoding or "ascii",
        _code_page(),
        in_container(os.environ),
        knows_sequences(sys.stdout),
    )


def is_terminal(stream: TextIO | None) -> bool:
    """True if a stream is a terminal; Windows says so of NUL too, which has no console's mode."""
    if stream is None or stream.closed or not stream.isatty():
        return False
    return sys.platform != "win32" or _console_mode(stream) is not None


def _console_mode(stream: TextIO, added: int = 0) -> int | None:
    """The mode of a Windows console, None if it is none or refuses the bits `added`; the mode is left as it was."""
    import ctypes  # noqa: PLC0415 - only Windows needs it
    import msvcrt  # noqa: PLC0415 - only Windows has it

    kernel, mode = ctypes.windll.kernel32, ctypes.c_ulong()  # type: ignore[attr-defined,unused-ignore]
    handle = msvcrt.get_osfhandle(stream.fileno())  # type: ignore[attr-defined,unused-ignore]
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return None
    if added:
        taken = kernel.SetConsoleMode(handle, mode.value | added)
        kernel.SetConsoleMode(handle, mode.value)
        return mode.value if taken else None
    return mode.value


_VIRTUAL_TERMINAL = 4
"""Windows' ENABLE_VIRTUAL_TERMINAL_PROCESSING."""


def knows_sequences(stream: TextIO | None) -> bool:
    """False if a Windows console refuses control sequences."""
    if sys.platform != "win32" or stream is None or not is_terminal(stream):
        return True
    return _console_mode(stream, _VIRTUAL_TERMINAL) is not None


def _size() -> tuple[int, int] | None:
    """Columns and lines of the window, from any stream that is a terminal; None without one."""
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None:
                columns, lines = os.get_terminal_size(stream.fileno())
                # A serial line reports size 0: then COLUMNS and LINES count, or 80 by 24.
                usual = shutil.get_terminal_size()
                return columns or usual.columns, lines or usual.lines
        except (OSError, ValueError):
            continue
    return None


def _code_page() -> int | None:
    """The Windows console's code page for output; None elsewhere, and without a console."""
    if sys.platform != "win32":
        return None
    import ctypes  # noqa: PLC0415 - only Windows needs it

    return int(ctypes.windll.kernel32.GetConsoleOutputCP()) or None
