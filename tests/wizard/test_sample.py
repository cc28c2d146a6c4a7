"""The shipped sample, walked from its first step to its proven end, and whose values it holds."""

from __future__ import annotations

import re

import pytest

from wizard.assets import SAMPLE_NIGHT, sample_case
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.servers import here
from wizard.facts import LoggingLevel, Service
from wizard.findings import Level
from wizard.record.summary import headline, summary
from wizard.steps.flow import STEPS, check_again, next_step, proofs, sample_evidence, settle, step
from wizard.steps.intake import take
from wizard.steps.parts import Standing

S = StepId

SAMPLED = [s.id for s in STEPS if s.sample]
THUMBPRINT = "9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C"
PARTNERS = "D41A7F6093B852CE4E07A1936BC50F82DD71953A"
CONNECTOR = "Outbound to Office 365 - 7d0c1a52-3f6e-4c0b-9a41-5e2f8b6d9c10"


def walked() -> dict[StepId, Case]:
    """The case after each step of the sample."""
    case = sample_case()
    seen: dict[StepId, Case] = {}
    while step_id := next_step(case):
        s = step(step_id)
        if step_id is StepId.SERVERS and s.missing(case):
            case = s.choose(case, s.choices(case)[0].key)
            continue
        if text := sample_evidence(s.id, here(case)):
            taken = take(case, s.id, text, "the sample")
            assert taken.accepted, [each.text for each in taken.said]
            assert taken.at is s.id
            assert taken.said == ()
            case = taken.case
        if s.id is S.CONNECTOR:
            case = s.choose(case, CONNECTOR)
        if s.id is S.PROMPT:
            case = s.choose(case, PromptAnswer.NO.value)
        assert s.missing(case) == ""
        case = settle(case, s.id)
        seen.setdefault(s.id, case)
    assert list(seen) == [s.id for s in STEPS if s.id is not StepId.UNDO]
    return seen


class TestTheWholeSample:
    def test_leads_to_the_command_of_its_certificate(self) -> None:
        case = walked()[S.COMMAND]
        merged, smallest = step(S.COMMAND).commands(case)
        assert (
            merged.text
            == f"Enable-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Services SMTP,IIS,POP -Server 'EX01'"
        )
        assert smallest.text == f"Enable-ExchangeCertificate -Thumbprint '{THUMBPRINT}' -Services SMTP -Server 'EX01'"

    def test_knows_at_each_step_what_the_evidence_shows(self) -> None:
        seen = walked()
        assert seen[S.CONNECTOR].level_before is LoggingLevel.NONE
        assert seen[S.CONNECTOR].servers == ("EX01", "EX02")
        assert seen[S.LOG].now.thumbprint == THUMBPRINT
        assert {group.error for group in seen[S.LOG].now.failed} == {"UnknownCredentials", "SocketError"}
        assert seen[S.SERVICES].services_now == frozenset({Service.IIS, Service.POP})

    def test_ends_with_everything_proven(self) -> None:
        case = walked()[S.RESTORE]
        assert {proof.standing for proof in proofs(case)} == {Standing.PROVEN, Standing.SAID}
        assert headline(case).startswith("Done")
        assert check_again(case) == ()

    def test_never_stops_the_newcomer(self) -> None:
        for step_id, case in walked().items():
            assert not [each.text for each in step(step_id).findings(case) if each.level is Level.BLOCK]

    def test_never_hands_out_the_other_sides_thumbprint(self) -> None:
        assert PARTNERS in sample_evidence(S.LOG)
        for case in walked().values():
            assert not [c.text for s in STEPS for c in s.commands(case) if PARTNERS in c.text]
        assert PARTNERS not in summary(walked()[S.RESTORE])

    def test_says_that_it_is_a_sample_and_does_not_age(self) -> None:
        assert sample_case().sample
        assert sample_case().opened == SAMPLE_NIGHT
        assert "SAMPLE" in summary(sample_case())


class TestItsEvidence:
    def test_is_there_for_every_step_that_takes_text(self) -> None:
        assert {s.id for s in STEPS if s.sample} == {s.id for s in STEPS if s.takes_text}
        assert all(sample_evidence(step_id) for step_id in SAMPLED)
        assert sample_evidence(S.COMMAND) == ""

    @pytest.mark.parametrize("step_id", SAMPLED)
    def test_holds_addresses_and_names_that_belong_to_nobody(self, step_id: StepId) -> None:
        text = sample_evidence(step_id)
        addresses = set(re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text)) - {"15.0.0.0"}
        assert all(address.startswith(("192.0.2.", "198.51.100.", "203.0.113.")) for address in addresses)
        hosts = set(re.findall(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|example)\b", text))
        assert all(host.endswith((".example", "contoso.com")) for host in hosts)

    @pytest.mark.parametrize("step_id", SAMPLED)
    def test_is_ascii_and_shows_thumbprints_unmasked(self, step_id: StepId) -> None:
        text = sample_evidence(step_id)
        assert text.isascii()
        assert not re.search(r"x{4,}|\*{3,}", text)
