"""A scenario by what was written on the command line: its number in the list, its identity, or a file's path."""

from __future__ import annotations

from wizard.practice import scenariofile as library
from wizard.practice.scenario import Mode, Scenario


def found(written: str | None, mode: Mode | None) -> tuple[int, Scenario]:
    """The scenario with its number, 0 for one that is none of the list; without a name the first, or the sandbox.

    Raises:
        ScenarioError: there is none of this name; the message says what is near.
    """
    if written is None and mode is Mode.SANDBOX:
        return 0, library.sandbox()
    scenarios = library.all_scenarios()
    if written is None:
        return 1, scenarios[0]
    number = int(written) if written.isdecimal() and len(written) < 6 else 0
    if 0 < number <= len(scenarios):
        return number, scenarios[number - 1]
    chosen = library.find_scenario(written)
    return scenarios.index(chosen) + 1 if chosen in scenarios else 0, chosen
