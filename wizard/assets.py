"""The program's own text, read from the checkout or the installed wheel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from wizard.case.case import Case, StepId

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
    """A TOML asset as nested tables. It is read once; nobody may change the result."""
    import tomllib  # noqa: PLC0415 - the first screen needs no table

    return tomllib.loads(asset_text(name))


SAMPLE_NIGHT = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
"""The time of the sample's case: its certificate must not expire with the years."""


def sample_case() -> Case:
    """An empty case that offers the sample evidence at each step."""
    return Case(opened=SAMPLE_NIGHT, sample=True)


SECOND_SERVER = "EX02"
"""The sample's other source transport server, with its own evidence for the steps each server goes through."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step's words. `do` is one instruction, `why` one sentence, `give` describes its field for text.

    `paste` names what was pasted there. `otherwise` is the instruction where the usual one cannot be followed.

    `needs` is the request after a useless text. `short` names the step after "next comes". `explain` is several
    paragraphs separated by blank lines; indented lines are shown unchanged.
    """

    chapter: str
    title: str
    kb: str
    do: str
    why: str
    give: str
    needs: str
    explain: str
    otherwise: str = ""
    short: str = ""
    paste: str = "paste"


_KEY = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


def with_keys(text: str, key: Callable[[str], str]) -> str:
    """Replace each action's name, such as `{step.copy}`, by its key.

    The words are the same for every front end and person; the keys are not.
    """
    return _KEY.sub(lambda found: key(found[1]), text)


@cache
def words(step: StepId) -> StepWords:
    """The words of one step."""
    return StepWords(**{key: text.strip() for key, text in asset_table("steps.toml")[step.value].items()})
