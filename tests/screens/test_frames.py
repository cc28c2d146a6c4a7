"""Every screen as a person sees it, at 80x24 and, for the ones that matter most, in a small and a large window."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.screens import evidence
from tests.screens.driving import Driven, check_golden, driven, empty, our_case, sample_at
from wizard.case import Case, StepId
from wizard.intake import take
from wizard.steps import step, steps_of

ORDER = [s.id for s in steps_of(sample_at(None))]
"""The steps of the sample, which has two servers and no wrong answer."""

FULLEST = [StepId.CONNECTOR, StepId.LOG, StepId.SERVICES, StepId.COMMAND, StepId.PROMPT]
SMALL, LARGE = (60, 18), (140, 40)


async def show(
    name: str,
    case: Case | None,
    at: StepId | None = None,
    then: Callable[[Driven], Awaitable[object]] | None = None,
    size: tuple[int, int] = (80, 24),
    save_into: Path = Path("/nowhere"),
) -> None:
    async with driven(case, at, size=size, save_into=save_into) as person:
        if then:
            await then(person)
        check_golden(name, person.frame, size)


async def test_the_welcome() -> None:
    await show("welcome", None)


async def test_the_welcome_while_a_case_is_open() -> None:
    await show("welcome-again", sample_at(StepId.LOG), StepId.SYMPTOM, lambda person: person.press("escape"))


async def every_step(kind: str, case_at: Callable[[StepId], Case], steps: list[StepId], size: tuple[int, int]) -> None:
    """One frame for each step, all in one run of the app; every frame that differs is told."""
    trouble = []
    async with driven(case_at(steps[0]), steps[0], size=size) as person:
        for step_id in steps:
            person.app.case = case_at(step_id)
            await person.go(step_id)
            try:
                check_golden(f"{kind}-{ORDER.index(step_id) + 1:02}-{step_id.value}", person.frame, size)
            except AssertionError as differs:
                trouble.append(str(differs))
    assert not trouble, "\n\n".join(trouble)


async def test_each_step_before_anything_is_given() -> None:
    await every_step("empty", lambda _step: empty(), [s.id for s in steps_of(empty())], (80, 24))


async def test_each_step_with_the_sample() -> None:
    await every_step("sample", sample_at, ORDER, (80, 24))


async def test_the_connector_once_it_is_chosen() -> None:
    await show("connector-chosen", sample_at(StepId.CONNECTOR), StepId.CONNECTOR, lambda person: person.choose(0))


async def test_the_smallest_form_of_the_command() -> None:
    await show("command-smallest", sample_at(StepId.COMMAND), StepId.COMMAND, lambda person: person.press("f3"))


async def test_the_prompt_after_y_offers_the_way_back() -> None:
    await show("prompt-answered-y", sample_at(StepId.PROMPT), StepId.PROMPT, lambda person: person.choose(2))


async def test_the_way_back_after_y() -> None:
    answered = sample_at(StepId.VERIFY)
    await show("undo", step(StepId.PROMPT).choose(answered, "Y"), StepId.UNDO)


async def test_the_word_before_the_copy() -> None:
    await show("before-copy", sample_at(StepId.PROMPT), StepId.PROMPT, lambda person: person.press("f2"))


async def test_after_the_copy() -> None:
    await show("copied", sample_at(StepId.PROMPT), StepId.PROMPT, lambda person: person.press("f2", "enter"))


async def test_the_explanation_of_a_step() -> None:
    await show("explain", sample_at(StepId.LOG), StepId.LOG, lambda person: person.press("f1"))


async def test_the_lines_behind_the_findings() -> None:
    await show("lines", sample_at(StepId.LOG), StepId.LOG, lambda person: person.press("f6"))


async def test_what_is_known() -> None:
    await show("known", sample_at(StepId.COMMAND), StepId.COMMAND, lambda person: person.press("f7"))


async def test_opening_a_file_or_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    logs = tmp_path / "SmtpSend"
    logs.mkdir()
    for name in ("SEND20261122-2.log", "SEND20261122-10.log", "SEND20261122-1.log"):
        (logs / name).write_text("", encoding="utf-8")
    (logs / "old").mkdir()
    monkeypatch.chdir(logs)
    # The place of the folder differs from one machine to the next.
    monkeypatch.setattr("screens.openfile.Path.absolute", lambda _path: Path(r"D:\Logs\SmtpSend"))
    await show("open", our_case(StepId.LOG), StepId.LOG, lambda person: person.press("f5"))


async def test_the_palette() -> None:
    await show("palette", sample_at(StepId.LOG), StepId.LOG, lambda person: person.press("f9"))


async def test_the_palette_narrowed_by_typing() -> None:
    await show("palette-typed", sample_at(StepId.LOG), StepId.LOG, lambda person: person.press("f9", *"copy"))


async def test_the_summary_of_a_finished_case() -> None:
    await show("summary-done", sample_at(None), None, lambda person: person.go(None))


async def test_the_summary_of_a_case_that_is_not_finished() -> None:
    await show("summary-not-finished", sample_at(StepId.VERIFY), None, lambda person: person.go(None))


async def test_a_paste_that_is_not_recognised() -> None:
    await show("rejected", our_case(StepId.SERVICES), StepId.SERVICES, lambda person: person.paste("Guten Tag"))


async def test_the_wrong_log() -> None:
    await show("wrong-log", our_case(StepId.LOG), StepId.LOG, lambda person: person.paste(evidence.RECEIVE_LOG))


async def test_another_fault_than_the_articles() -> None:
    other = evidence.log(evidence.OURS, error="NoCredentials")
    await show("another-fault", our_case(StepId.LOG), StepId.LOG, lambda person: person.paste(other))


async def test_two_certificates_to_choose_from() -> None:
    both = evidence.log(evidence.OURS, evidence.OURS, evidence.ANOTHER)
    await show("two-certificates", our_case(StepId.LOG), StepId.LOG, lambda person: person.paste(both))


async def test_a_masked_thumbprint() -> None:
    masked = evidence.log("x" * 22)
    await show("masked", our_case(StepId.LOG), StepId.LOG, lambda person: person.paste(masked))


async def test_a_certificate_that_must_not_be_bound() -> None:
    federation = evidence.certificate().replace("HasPrivateKey      : True", "HasPrivateKey      : False")
    case = take(our_case(StepId.SERVICES), StepId.SERVICES, federation).case
    await show("blocked", case, StepId.COMMAND)


async def test_a_step_to_check_again() -> None:
    async def change(person: Driven) -> None:
        await person.choose(1)
        await person.go(StepId.LOG)

    await show("check-again", sample_at(StepId.PROMPT), StepId.CONNECTOR, change)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["60x18", "140x40"])
class TestInOtherWindows:
    async def test_the_welcome(self, size: tuple[int, int]) -> None:
        await show("welcome", None, size=size)

    async def test_the_steps_that_hold_the_most(self, size: tuple[int, int]) -> None:
        await every_step("sample", sample_at, FULLEST, size)

    async def test_the_word_before_the_copy(self, size: tuple[int, int]) -> None:
        await show("before-copy", sample_at(StepId.PROMPT), StepId.PROMPT, lambda p: p.press("f2"), size)

    async def test_the_summary(self, size: tuple[int, int]) -> None:
        await show("summary", sample_at(None), None, lambda p: p.go(None), size)


async def test_a_window_that_changes_its_size_keeps_everything() -> None:
    async with driven(sample_at(StepId.LOG), StepId.LOG, size=LARGE) as person:
        before = person.frame
        await person.pilot.resize_terminal(*SMALL)
        await person.settle()
        assert "Read the log" in person.text
        await person.pilot.resize_terminal(*LARGE)
        await person.settle()
        assert person.frame == before


async def test_every_step_says_where_one_stands_and_what_to_do_even_in_the_smallest_window() -> None:
    async with driven(empty(), size=SMALL) as person:
        ids = [s.id for s in steps_of(empty())]
        for step_id in ids:
            await person.go(step_id)
            assert person.screen.step.words.title in person.text
            assert f"Step {ids.index(step_id) + 1} of {len(ids)}" in person.text
            assert "F8 Next" in person.text
