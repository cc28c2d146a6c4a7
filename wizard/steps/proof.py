"""What is proven after the change, each thing on its own. What is open is called so."""

from __future__ import annotations

from wizard.case.case import Case
from wizard.steps.parts import Proof, Standing
from wizard.steps.prompt import _default_proof
from wizard.steps.restore import _logging_proof
from wizard.steps.retry import _queue_proof
from wizard.steps.session import _session_proof
from wizard.steps.verify import _services_proof


def proofs(case: Case) -> tuple[Proof, ...]:
    """All that should be true in the end, each with how far it is proven."""
    return (
        _services_proof(case),
        _default_proof(case),
        _queue_proof(case),
        _session_proof(case),
        _logging_proof(case),
    )


def proven(case: Case, proof_id: str) -> bool:
    """Whether this one of the proofs stands."""
    return next(p for p in proofs(case) if p.id == proof_id).standing is Standing.PROVEN
