"""The steps of the article and of the proof after it, in order, and the flow over them.

A step is a value, not a screen: every front end renders the same list. Adding a step is adding its file here, ending in
`STEP`, and a table of its name to `assets/steps.toml`, which gives the order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from wizard.assets import SECOND_SERVER, asset_table, asset_text, assets
from wizard.case.case import Case, StepId
from wizard.case.servers import here, several
from wizard.findings import Finding, counted, info
from wizard.reading.text import Kind
from wizard.steps.parts import Proof, Standing, Step, Taken

STEPS: tuple[Step, ...] = tuple(import_module(f"wizard.steps.{name}").STEP for name in asset_table("steps.toml"))

ORDER: tuple[StepId, ...] = tuple(s.id for s in STEPS)

_BY_ID = {s.id: s for s in STEPS}


def step(step_id: StepId) -> Step:
    """The step with this id."""
    return _BY_ID[step_id]


def settle(case: Case, step_id: StepId) -> Case:
    """Finish the step on the facts it stands on now."""
    at = step(step_id)
    case = at.settled(case)
    return case.settling(step_id, at.basis(case))


def see(case: Case, step_id: StepId) -> Case:
    """Note that the step was shown: its commands may have been copied and run since."""
    return step(step_id).shown(case).seeing(step_id)


def proofs(case: Case) -> tuple[Proof, ...]:
    """Everything that should be true in the end, and how far each is proven."""
    return tuple(proof(case) for s in STEPS for proof in s.proofs)


def proven(case: Case, proof_id: str) -> bool:
    """True if this proof stands."""
    return next(p for p in proofs(case) if p.id == proof_id).standing is Standing.PROVEN


def steps_of(case: Case) -> tuple[Step, ...]:
    """The steps that apply to the case, in order."""
    return tuple(s for s in STEPS if s.applies(case))


def check_again(case: Case) -> tuple[StepId, ...]:
    """Finished steps whose facts have changed since: their answers are kept, to be checked again."""
    return tuple(s.id for s in steps_of(case) if case.answer(s.id).stood_on not in (None, s.basis(case)))


def changed_since(case: Case, step_id: StepId) -> tuple[Finding, ...]:
    """What a step says whose facts have changed since it was finished."""
    words = "Check again: an earlier answer has changed since. If it still holds, press Next."
    return (info(words),) if step_id in check_again(case) else ()


def finished(case: Case, step_id: StepId) -> bool:
    """True if the step has its answer; the log of a further server may be given for its proof alone."""
    read = step_id is StepId.LOG and case.now.log_after is not None
    return case.answer(step_id).finished or read


def next_step(case: Case) -> StepId | None:
    """The first step that is unfinished, or whose facts have changed; None if all are finished."""
    stale = check_again(case)
    for s in steps_of(case):
        answer = case.answer(s.id)
        if s.id in stale or not (answer.finished or answer.skipped):
            return s.id
    return None


def after(step_id: StepId, case: Case) -> StepId | None:
    """The step after this one for this case, None after the last."""
    follows = (s.id for s in steps_of(case) if ORDER.index(s.id) > ORDER.index(step_id))
    return next(follows, None)


def before(step_id: StepId, case: Case) -> StepId | None:
    """The step before this one for this case, None before the first."""
    earlier = [s.id for s in steps_of(case) if ORDER.index(s.id) < ORDER.index(step_id)]
    return earlier[-1] if earlier else None


def next_label(at: Step, case: Case) -> str:
    """The label for going on: skip the step, pass its warnings, or the name of the next one."""
    missing = at.missing(case)
    if missing and at.skip:
        return at.skip
    if missing and at.forms and not at.commands(case):
        return "Next: not yet"
    follows = after(at.id, case)
    target = step(follows).words.title if follows else "The summary"
    warned = () if missing else at.warnings(case)
    return f"Next, past {counted(len(warned), 'warning')}: {target}" if warned else f"Next: {target}"


def take_name(case: Case, at: Step, name: str, beside: str) -> Taken:
    """Take the connector's name as typed at a step; the output given before, `beside`, is kept."""
    taken = at.take_name(case, name)
    return replace(taken, case=taken.case.typing(at.id, beside)) if beside.strip() else taken


def position(step_id: StepId, case: Case) -> str:
    """The step's place among those of the case, and its server if there are several."""
    at = server_at(step_id, case)
    return place_of(step_id, case) + (f" on {at}" if at else "")


def place_of(step_id: StepId, case: Case) -> str:
    """The step's place among those of the case."""
    order = [s.id for s in steps_of(case)]
    number = order.index(step_id) + 1 if step_id in order else len(order)
    return f"Step {number} of {len(order)}"


def server_at(step_id: StepId, case: Case) -> str:
    """The server the step is about; empty if it is about all, or there is one."""
    return here(case) if several(case) and step_id.on_each else ""


def places(kind: Kind) -> tuple[StepId, ...]:
    """The steps that can use a text of this kind, in the order of the article."""
    return tuple(s.id for s in STEPS if kind in s.takes)


def puts() -> Mapping[Kind, Callable[[Case, Any], Case]]:
    """How the facts of each kind that a step asks for are stored as those before the change."""
    return {kind: put for s in STEPS for kind, put in s.puts.items()}


def sample_evidence(step_id: StepId, server: str = "") -> str:
    """The sample's evidence for a step and server; empty for a step that takes none."""
    name = step(step_id).sample
    own = f"{server}/{name}"
    if server == SECOND_SERVER and (assets() / "sample" / own).is_file():
        name = own
    return asset_text(f"sample/{name}") if name else ""


def chapters() -> tuple[str, ...]:
    """The chapters in order."""
    return tuple(dict.fromkeys(s.words.chapter for s in STEPS))
