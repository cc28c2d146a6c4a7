"""Practice on screen: choose a scenario, train in the practice shell, and see how it went.

Nothing here is loaded before practice begins. `training` is what both front ends share and needs no Textual.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.practice.scenario import Mode

WRONG = 2
"""The exit status where there is no such scenario."""


def run(scenario: str | None, mode: Mode | None, seed: int | None, plain: bool) -> int:
    """Train: from the list of scenarios, or at once at the one that is named by its number or identity.

    `mode` None is guided training, `seed` None fresh names. Returns the exit status: 0, or 1 after a fault of
    the program's own, 2 where there is no such scenario, 130 after Ctrl+C in the plain form.
    """
    if plain:
        from screens.plain.practising import run as run_plain  # noqa: PLC0415 - one front end of two

        return run_plain(scenario, mode, seed)
    from screens.practice.starting import run as run_full_screen  # noqa: PLC0415

    return run_full_screen(scenario, mode, seed)
