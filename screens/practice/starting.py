"""Practice in the full screen, from the command line: the list of scenarios, or one of them at once."""

from __future__ import annotations

from screens.practice.finding import found
from screens.practice.training import fresh_seed
from screens.streams import complain
from wizard.practice.scenario import Mode, ScenarioError

WRONG = 2


def run(scenario: str | None, mode: Mode | None, seed: int | None) -> int:
    """Open the full screen in practice; the exit status."""
    from screens.cli import full_screen  # noqa: PLC0415 - the command line that called this

    if scenario is None and mode is not Mode.SANDBOX:
        return full_screen(then=lambda app: app.action_practice())
    try:
        number, chosen = found(scenario, mode)
    except ScenarioError as error:
        complain(str(error))
        return WRONG
    drawn = fresh_seed() if seed is None else seed
    return full_screen(then=lambda app: app.begin_training(chosen, number, mode or Mode.GUIDED, drawn))
