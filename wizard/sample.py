"""The shipped sample: a case of a company that does not exist, with the evidence of every step."""

from __future__ import annotations

from datetime import UTC, datetime

from wizard.asset import asset_text
from wizard.case import Case, StepId

SAMPLE_FILES: dict[StepId, str] = {
    StepId.SYMPTOM: "symptom.txt",
    StepId.CONNECTOR: "connectors.txt",
    StepId.LOGGING: "transport-services.txt",
    StepId.LOG: "SEND20261122-1.log",
    StepId.SERVICES: "certificate.txt",
    StepId.PROMPT: "prompt.txt",
    StepId.UNDO: "undo-prompt.txt",
    StepId.VERIFY: "certificate-after.txt",
    StepId.RETRY: "queues-after.txt",
    StepId.SESSION: "SEND20261122-2.log",
    StepId.RESTORE: "connector-after.txt",
}

SAMPLE_NIGHT = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
"""When the sample's case is opened: its certificate must not expire with the years."""


def sample_case() -> Case:
    """An empty case that offers the sample evidence at each step."""
    return Case(opened=SAMPLE_NIGHT, sample=True)


SECOND_SERVER = "EX02"
"""The sample's other source transport server: it has evidence of its own for what is gone through there."""

ON_SECOND_SERVER = frozenset({StepId.SERVICES, StepId.PROMPT, StepId.UNDO, StepId.VERIFY, StepId.RETRY, StepId.SESSION})


def sample_evidence(step: StepId, server: str = "") -> str:
    """The sample's evidence for a step, as of this server; empty for a step that takes none."""
    name = SAMPLE_FILES.get(step)
    folder = f"{server}/" if server == SECOND_SERVER and step in ON_SECOND_SERVER else ""
    return asset_text(f"sample/{folder}{name}") if name else ""
