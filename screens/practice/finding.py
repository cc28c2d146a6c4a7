"""A scenario by what was written on the command line: its number in the list, or its identity."""

from __future__ import annotations

from difflib import get_close_matches

from wizard.practice import scenario as library
from wizard.practice.exercise import Mode
from wizard.practice.scenario import Scenario, ScenarioError


def found(written: str | None, mode: Mode | None) -> tuple[int, Scenario]:
    """The number and the scenario; without one the first, and number 0 with the sandbox's own organisation.

    Raises:
        ScenarioError: there is none of this name; the message lists what is near, and how all are listed.
    """
    if written is None and mode is Mode.SANDBOX:
        return 0, library.sandbox()
    scenarios = library.all_scenarios()
    if written is None:
        return 1, scenarios[0]
    by_name = {each.identity: number for number, each in enumerate(scenarios, start=1)}
    number = int(written) if written.isdecimal() and len(written) < 6 else by_name.get(written.casefold(), 0)
    if 0 < number <= len(scenarios):
        return number, scenarios[number - 1]
    near = get_close_matches(written, by_name, n=1, cutoff=0.6)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise ScenarioError(f"There is no scenario {written!r}.{meant} exchange-cert-wizard practice --list lists them.")
