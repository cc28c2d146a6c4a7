"""The actions of the program, one row each in `assets/actions.json`, and the conditions on which they apply.

Bindings, footer, palette, the list of all keys, the letters of line by line and the README's table come from the rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.assets import asset_text

if TYPE_CHECKING:
    from screens.training import Training
    from wizard.case.case import Case
    from wizard.findings import Finding
    from wizard.steps.parts import Step

OTHERS = 18
"""The rank of most actions."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a person can do. The rows of a scope stand in the order of the footer.

    `id` stands in the settings, so it stays as it is; `keys` are those by default, with commas between, and empty where
    the palette or a letter is the only way. `call` is Textual's action. `label` names it in the footer, unless `footer`
    is false, `title` in the palette, `letter` line by line; `does` explains it (keys as ids in braces). The lowest
    `rank` stands first in the palette and stays longest in a narrow footer. `when` is one of `CONDITIONS`. `part` is
    the part of the screen that binds it. Without `priority` the focused part gets the key first.
    """

    id: str
    does: str
    keys: str = ""
    call: str = ""
    label: str = ""
    title: str = ""
    letter: str = ""
    rank: int = OTHERS
    when: str = ""
    footer: bool = True
    priority: bool = True
    part: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The actions of a screen. `typed`: text is typed there."""

    actions: tuple[Action, ...]
    typed: bool = False


SCOPES = {
    name: Scope(tuple(Action(**row) for row in table["actions"]), table.get("typed", False))
    for name, table in json.loads(asset_text("actions.json")).items()
}
"""The actions by the part of the program in which their keys count; those of `app` count everywhere."""


def reached(scope: str) -> tuple[Action, ...]:
    """The actions of a scope, empty for none, then those of the app; each id once."""
    found: dict[str, Action] = {}
    for action in (*(SCOPES[scope].actions if scope else ()), *SCOPES["app"].actions):
        found.setdefault(action.id, action)
    return tuple(found.values())


def all_actions() -> Iterator[Action]:
    """Every row of every scope."""
    return (action for scope in SCOPES.values() for action in scope.actions)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What decides whether an action applies. `step` and its findings are there where a step is shown.

    `begun`: the case can be continued; `practising`: the screens show practice; `kept`: cases are saved.
    """

    case: Case
    begun: bool = False
    practising: bool = False
    kept: bool = False
    training: Training | None = None
    step: Step | None = None
    findings: Callable[[], tuple[Finding, ...]] = tuple


Condition = Callable[[Circumstances], object]


def _step(asked: Callable[[Step, Case], object]) -> Condition:
    return lambda now: now.step is not None and asked(now.step, now.case)


def _training(asked: Callable[[Training], object]) -> Condition:
    return lambda now: now.training is not None and asked(now.training)


CONDITIONS: dict[str, Condition] = {
    "": lambda _now: True,
    "begun": lambda now: now.begun,
    "real": lambda now: now.begun and not now.practising,
    "kept": lambda now: now.kept and not now.practising,
    "restart": lambda now: now.begun or now.practising,
    "text": _step(lambda step, _case: step.takes_text),
    "name": _step(lambda step, _case: step.asks_name),
    "log": _step(lambda step, case: step.takes_log and not case.sample),
    "command": _step(lambda step, case: step.commands(case)),
    "commands": _step(lambda step, case: len(step.commands(case)) > 1),
    "line_alone": lambda now: now.training is None and CONDITIONS["command"](now),
    "failures": _step(lambda step, case: step.failures and case.now.failed),
    "traced": lambda now: any(finding.lines or finding.source for finding in now.findings()),
    "exercise": lambda now: now.training is not None,
    "no_exercise": lambda now: now.training is None,
    "guided": _training(lambda training: training.guided),
    "hint": _training(lambda training: training.may_hint),
    "coach": _training(lambda training: training.may_ask),
    "answer": _training(lambda training: training.guided and training.brings.strip()),
    "prompt": _training(lambda training: training.at_prompt),
    "servers": _training(lambda training: training.at_prompt and len(training.servers) > 1),
}
"""The conditions by the names that the rows give."""

_CALLS = {
    (name, action.call.partition("(")[0]): action
    for name, scope in SCOPES.items()
    for action in scope.actions
    if action.call
}


def applies(scope: str, call: str, now: Callable[[], Circumstances]) -> bool:
    """True if Textual's action applies in a scope; one without a row always does."""
    action = _CALLS.get((scope, call))
    return action is None or not action.when or bool(CONDITIONS[action.when](now()))


LETTERS = {action.id: action.letter for action in all_actions() if action.letter}
"""The letter of each action that is offered line by line."""
