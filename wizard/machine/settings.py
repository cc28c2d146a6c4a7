"""The settings file; everything has a default, and a wrong line is reported, never fatal.

# settings.toml
copy = "auto"        # how commands are copied: auto, system, terminal, hand
glyphs = "auto"      # how borders and marks are drawn: auto, unicode, ascii
keep_logs = false    # whether pasted logs stay in saved cases, or only what was read; Hand over says it for one case

[keys]               # another key for an action: the binding's id, and the key
"step.copy" = "F12"
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

HOME_VARIABLE = "EXCHANGE_CERT_WIZARD_HOME"
"""The environment variable with one folder for everything, for computers where nothing else may be written."""

_NAME = "exchange-cert-wizard"


def settings_file() -> Path:
    """The settings file; it may not exist."""
    return _folder("user_config_path") / "settings.toml"


def cases_folder() -> Path:
    """The folder of the saved cases; it may not exist yet."""
    return _folder("user_data_path") / "cases"


def practice_folder() -> Path:
    """The folder of the learner's record; it may not exist yet."""
    return _folder("user_data_path") / "practice"


def reports_folder() -> Path:
    """The folder of fault reports; it may not exist yet."""
    return _folder("user_data_path") / "reports"


def _folder(which: str) -> Path:
    if named := os.environ.get(HOME_VARIABLE, "").strip():
        return Path(named)
    # Imported only where a file is read or written.
    import platformdirs  # noqa: PLC0415

    found: Path = getattr(platformdirs, which)(_NAME, appauthor=False)
    return found


_Choice = TypeVar("_Choice", bound=StrEnum)


class CopyRoute(StrEnum):
    """The way a text is copied. AUTO tries what this session offers."""

    AUTO = "auto"
    SYSTEM = "system"
    TERMINAL = "terminal"
    HAND = "hand"


class Glyphs(StrEnum):
    """The glyphs for borders and marks. AUTO depends on the console."""

    AUTO = "auto"
    UNICODE = "unicode"
    ASCII = "ascii"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings. `keys` maps an id to a key as a person writes it (F12, Ctrl+K), or several with commas.

    `problems` are sentences about the rejected lines of the file.
    """

    copy: CopyRoute = CopyRoute.AUTO
    glyphs: Glyphs = Glyphs.AUTO
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    keep_logs: bool = False
    problems: tuple[str, ...] = ()


def load(path: Path) -> Settings:
    """Read a settings file; the defaults without one. Never raises for its content."""
    try:
        content = path.read_bytes()
        # Windows' editor saves UTF-16 where it is told to.
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        return Settings(problems=(f"The settings file {path} cannot be read: {error}.",))
    import tomllib  # noqa: PLC0415 - most have no such file

    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(problems=(f"The settings file {path} is not TOML: {error}. The defaults are used.",))
    return read(table, path.name)


def read(table: Mapping[str, object], name: str = "settings.toml") -> Settings:
    """Read the settings of a TOML table; unknown or wrong values are reported in `problems`."""
    problems: list[str] = []
    copy = _one_of(CopyRoute, table, "copy", name, problems)
    glyphs = _one_of(Glyphs, table, "glyphs", name, problems)
    keys: dict[str, str] = {}
    written = table.get("keys", {})
    if isinstance(written, dict):
        for binding, key in _flat(written):
            if isinstance(key, str) and key.strip():
                keys[binding] = key.strip()
            else:
                problems.append(f"{name}: the key for {binding!r} is not a text.")
    else:
        problems.append(f"{name}: keys is not a table.")
    keep_logs = table.get("keep_logs", False)
    if not isinstance(keep_logs, bool):
        problems.append(f"{name}: keep_logs is {keep_logs!r}; it can be true or false. The default is used.")
    known = {"copy", "glyphs", "keys", "keep_logs"}
    problems += [f"{name}: there is no setting {key!r}." for key in table if key not in known]
    return Settings(copy, glyphs, MappingProxyType(keys), keep_logs is True, tuple(problems))


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    """The ids with their keys; an id without quotes is a nested table in TOML."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _one_of(kind: type[_Choice], table: Mapping[str, object], key: str, name: str, problems: list[str]) -> _Choice:
    value = table.get(key, kind("auto"))
    try:
        return kind(str(value))
    except ValueError:
        problems.append(f"{name}: {key} is {value!r}; it can be {', '.join(kind)}. The default is used.")
        return kind("auto")
