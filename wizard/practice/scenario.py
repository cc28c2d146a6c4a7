"""The scenarios: what a learner is set, each a file in `assets/scenarios/` (FORMAT.md there says how they are written).

A `Scenario` is as it is written, with placeholders; `drawn` makes an `Exercise` of it, with names and a world.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from wizard.assets import assets
from wizard.findings import size
from wizard.machine.files import why
from wizard.practice.exercise import PLACEHOLDER, Conclusion, Exercise, Goal, Mode, Rule, Scenario, ScenarioError
from wizard.practice.scenariofile import parsed
from wizard.practice.tomltable import nearest

__all__ = [
    "PLACEHOLDER",
    "Conclusion",
    "Exercise",
    "Goal",
    "Mode",
    "Rule",
    "Scenario",
    "ScenarioError",
    "all_scenarios",
    "find_scenario",
    "read_scenario",
    "sandbox",
]

LARGEST = 64 * 1024
"""Bytes of a file that is still read as a scenario; none comes near it."""

_SANDBOX = "sandbox.toml"


@cache
def all_scenarios() -> tuple[Scenario, ...]:
    """The shipped scenarios from the easiest to the hardest: in the order of their files' names.

    Raises:
        ScenarioError: one of them is damaged.
    """
    return tuple(read_scenario(path) for path in shipped())


def shipped() -> tuple[Path, ...]:
    """The files of the shipped scenarios."""
    return tuple(sorted(path for path in _folder().glob("*.toml") if path.name != _SANDBOX))


@cache
def sandbox() -> Scenario:
    """The organisation of the sandbox: a scenario without goals, in which nothing is forbidden.

    Raises:
        ScenarioError: its file is damaged.
    """
    return read_scenario(_folder() / _SANDBOX)


def find_scenario(name: str) -> Scenario:
    """The scenario of this identity, of this number in the list, or in the file of this path.

    Raises:
        ScenarioError: there is neither, or the file cannot be used.
    """
    for number, scenario in enumerate(all_scenarios(), 1):
        if name.casefold() in (scenario.identity, str(number)):
            return scenario
    if name.casefold().endswith(".toml"):
        return read_scenario(Path(name))
    meant = nearest(name, (scenario.identity for scenario in all_scenarios()))
    raise ScenarioError(f"There is no scenario {name!a}.{meant} `exchange-cert-wizard practice --list` lists them.")


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file.

    Raises:
        ScenarioError: it cannot be read, or is not well formed.
    """
    try:
        length = path.stat().st_size
        if length > LARGEST:
            raise ScenarioError(f"{path.name}: this is no scenario: it has {size(length)}.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError(f"{path.name}: this is no scenario: it is not UTF-8 text.") from None
    except OSError as error:
        raise ScenarioError(f"{path}: it cannot be read: {why(error)}") from None
    return parsed(text, path.name)


def _folder() -> Path:
    return assets() / "scenarios"
