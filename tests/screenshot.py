"""Makes the README's screenshot anew: `python -m tests.screenshot` writes assets/screenshot.svg."""

from __future__ import annotations

import asyncio

from screens.app.app import WizardApp
from wizard.assets import assets, sample_case
from wizard.case.case import Case, StepId
from wizard.steps.flow import ORDER, STEPS, sample_evidence, settle
from wizard.steps.intake import take
from wizard.steps.logging import SERVER_KINDS

SIZE = (100, 30)


def case_at_the_command() -> Case:
    """The sample as it stands when the binding command is shown."""
    case = sample_case()
    for step in STEPS[: ORDER.index(StepId.COMMAND)]:
        case = take(case, step.id, sample_evidence(step.id), "the sample").case
        if step.id is StepId.CONNECTOR:
            case = step.choose(case, step.choices(case)[0].key)
        if step.id is StepId.LOGGING:
            case = step.choose(case, SERVER_KINDS[0][0])
        case = settle(case, step.id)
    return case


async def screenshot() -> str:
    """The SVG of the command step."""
    app = WizardApp(case_at_the_command(), at=StepId.COMMAND)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(0.5)
        return app.export_screenshot(title="exchange-cert-wizard --sample")


if __name__ == "__main__":
    (assets() / "screenshot.svg").write_text(asyncio.run(screenshot()) + "\n", encoding="utf-8", newline="\n")
