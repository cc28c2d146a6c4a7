"""What takes long is done once: counted here, for a clock would judge the machine."""

from __future__ import annotations

from dataclasses import replace

from tests.screens.driving import driven, sample_at
from wizard.case.case import Case, StepId
from wizard.findings import Finding


async def test_a_log_is_gone_through_once_for_each_case_however_many_keys_are_pressed() -> None:
    asked: list[Case] = []
    async with driven(sample_at(StepId.COMMAND), StepId.LOG) as person:
        screen = person.screen
        findings = screen.step.findings

        def counting(case: Case) -> tuple[Finding, ...]:
            asked.append(case)
            return findings(case)

        screen.step = replace(screen.step, findings=counting)
        await person.press("tab", "tab", "f1", "enter", "f6", "enter", "pagedown")
        assert not asked
        person.app.case = replace(person.case, connector="Another")
        await person.press("tab", "tab")
        assert asked == [person.case]
