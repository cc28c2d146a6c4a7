"""The words of the steps, from `assets/steps.toml`: one place for what every front end says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from wizard.asset import asset_table
from wizard.case import StepId


@dataclass(frozen=True, slots=True)
class StepWords:
    """What a step says. `do` is one instruction, `why` one sentence, `give` what its place for text takes.

    `explain` is several paragraphs with blank lines between; indented lines are shown as they stand.
    """

    chapter: str
    title: str
    kb: str
    do: str
    why: str
    give: str
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
        explain=entry["explain"].strip(),
    )
