"""Half a paste is named as such before anything else is blamed; a whole one never is."""

from __future__ import annotations

import pytest

from tests.screens import evidence
from tests.wizard import cases
from wizard.case.case import Case, StepId
from wizard.steps.intake import take

CERTIFICATES = "".join(
    evidence.certificate(thumbprint=each) for each in (evidence.OURS, evidence.ANOTHER, evidence.THEIRS)
)
LOG = evidence.log(evidence.OURS)
PROMPT_LINES = evidence.PROMPT.strip().split("\n")


def said(text: str, step: StepId) -> list[str]:
    return [finding.text for finding in take(cases.knowing(Case(), thumbprint=evidence.OURS), step, text).said]


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (LOG.split("\n", 2)[2][40:], StepId.LOG),
        (CERTIFICATES.split("\n", 4)[4], StepId.SERVICES),
        ("            but that did not succeed.\n" + evidence.QUEUES, StepId.SYMPTOM),
        ("\n".join(PROMPT_LINES[4:]), StepId.PROMPT),
    ],
    ids=["log", "certificates", "the rest of a value", "prompt"],
)
def test_what_is_cut_at_its_front_says_so_first(text: str, step: StepId) -> None:
    assert said(text, step)[0].startswith("Only a part was copied. It seems to be cut at its front")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (LOG.rstrip()[:-75], StepId.LOG),
        (CERTIFICATES.rsplit("\n", 6)[0], StepId.SERVICES),
        (evidence.certificate().split("CertificateDomains")[0] + "CertificateDomains : {mail.fab", StepId.SERVICES),
        ("\n".join(PROMPT_LINES[:4]), StepId.PROMPT),
    ],
    ids=["log", "certificates", "a value that is not closed", "prompt"],
)
def test_what_is_cut_at_its_end_says_so_first(text: str, step: StepId) -> None:
    assert said(text, step)[0].startswith("Only a part was copied. It seems to be cut at its end")


@pytest.mark.parametrize(
    ("text", "step"),
    [
        (LOG, StepId.LOG),
        (LOG.split("\n", 2)[2], StepId.LOG),
        (CERTIFICATES, StepId.SERVICES),
        (evidence.certificate(), StepId.SERVICES),
        (evidence.PROMPT, StepId.PROMPT),
        (evidence.QUEUES, StepId.SYMPTOM),
        ("451 4.4.0 Primary target, more, and more", StepId.SYMPTOM),
        (evidence.connectors("Partner", "Internet", "Edge"), StepId.CONNECTOR),
    ],
)
def test_what_is_whole_is_not_called_a_part(text: str, step: StepId) -> None:
    assert not any("Only a part" in each for each in said(text, step))
