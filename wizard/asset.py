"""Where the program's own text lies: beside the checkout, or inside the installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


@cache
def assets() -> Path:
    """The folder of the shipped assets: `wizard/assets` in a wheel, `assets` in a checkout."""
    packed = _HERE / "assets"
    return packed if packed.is_dir() else _HERE.parent / "assets"


def asset_text(name: str) -> str:
    """The text of one asset, such as `sample/symptom.txt`, with line feeds as line ends."""
    return (assets() / name).read_text(encoding="utf-8")


@cache
def asset_table(name: str) -> dict[str, Any]:
    """One TOML asset as nested tables. It is read once; nobody may change what is returned."""
    import tomllib  # noqa: PLC0415 - the first screen needs no table

    return tomllib.loads(asset_text(name))
