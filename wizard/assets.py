"""Where the program's own text lies: beside the checkout, or inside the installed wheel."""

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
    """One TOML asset as nested tables. It is read once; nobody may change what is returned."""
    import tomllib  # noqa: PLC0415 - the first screen needs no table

    return tomllib.loads(asset_text(name))


SAMPLE_NIGHT = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
"""When the sample's case is opened: its certificate must not expire with the years."""


def sample_case() -> Case:
    """An empty case that offers the sample evidence at each step."""
    return Case(opened=SAMPLE_NIGHT, sample=True)


SECOND_SERVER = "EX02"
"""The sample's other source transport server: it has evidence of its own for what is gone through there."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a step says. `do` is one instruction, `why` one sentence, `give` what its place for text takes.

    `needs` is what is asked for where a text is of no use. `explain` is several paragraphs with blank lines between;
    indented lines are shown as they stand.
    """

    chapter: str
    title: str
    kb: str
    do: str
    why: str
    give: str
    needs: str
    explain: str


_KEY = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


def with_keys(text: str, key: Callable[[str], str]) -> str:
    """A text with the key in each place that names an action, such as `{step.copy}`.

    The words are the same for every front end and every person; the keys are not.
    """
    return _KEY.sub(lambda found: key(found[1]), text)


@cache
def words(step: StepId) -> StepWords:
    """The words of one step."""
    entry = asset_table("steps.toml")[step.value]
    return StepWords(
        chapter=entry["chapter"],
        title=entry["title"],
        kb=entry["kb"],
        do=entry["do"],
        why=entry["why"],
        give=entry["give"],
        needs=entry["needs"],
        explain=entry["explain"].strip(),
    )
