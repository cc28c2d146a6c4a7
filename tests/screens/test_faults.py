"""A fault of the program's own: plain words, no traceback, nothing of the evidence, and the work is not lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest
from textual.worker import WorkerFailed

from screens import cli
from screens.app import WizardApp
from screens.background import in_background
from screens.fault import STOPPED, last_words, report
from tests.screens import evidence
from tests.screens.driving import driven, our_case
from wizard.case import Case, StepId

SECRET = "orders@fabrikam.example"


def unwrapped(printed: str) -> str:
    """What the person reads once the program has ended, without the breaks of an 80 columns wide terminal."""
    return " ".join(printed.split())


def report_named_in(words: str) -> str:
    found = re.search(r"A report without your evidence is in\n(.+\n?.*\.txt)", words)
    assert found, words
    path = Path(found[1].replace("\n", ""))
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return text


def raising(*_arguments: object) -> Never:
    """A fault while evidence is at hand."""
    evidence_at_hand = SECRET
    raise ValueError(f"cannot read {evidence_at_hand!r}")


async def in_a_key(app: WizardApp) -> None:
    app.simulate_key("f1")


async def in_a_message(app: WizardApp) -> None:
    app.call_later(raising)


async def in_a_worker(app: WizardApp) -> None:
    async def work() -> None:
        raising()

    in_background(app, "faulty", work)


async def in_a_thread(app: WizardApp) -> None:
    app.read(StepId.LOG, raising)


@pytest.mark.parametrize("where", [in_a_key, in_a_message, in_a_worker, in_a_thread], ids=lambda w: w.__name__)
async def test_it_ends_with_plain_words_wherever_it_happens(
    where: Callable[[WizardApp], object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("screens.step.explain", raising)
    app = WizardApp(our_case(StepId.LOG), None, Path("/nowhere"), at=StepId.LOG)

    async def run_into_it() -> None:
        async with app.run_test() as pilot:
            await pilot.pause()
            await where(app)  # type: ignore[misc]
            await pilot.pause(0.2)

    with pytest.raises((ValueError, WorkerFailed)):
        await run_into_it()
    out, words = capsys.readouterr()
    assert out == ""
    assert unwrapped(words).startswith(STOPPED)
    assert "Traceback" not in words
    assert app.return_code == 1
    written = report_named_in(words)
    assert "ValueError" in written
    assert "in raising" in written
    for text in (words, written):
        assert SECRET not in text
        assert evidence.OURS not in text


async def test_the_summary_is_printed_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(self: WizardApp) -> None:
        self.case = our_case(StepId.PROMPT)
        self.begun = True
        self._return_code = 1

    monkeypatch.setattr(WizardApp, "run", run)
    assert cli._full_screen(sample=False) == 1
    assert f"\n  {evidence.BIND}\n" in capsys.readouterr().out


def test_the_report_names_kinds_and_places_and_no_message() -> None:
    def one_after_the_other() -> None:
        try:
            raising()
        except ValueError as error:
            raise KeyError(SECRET) from error

    with pytest.raises(KeyError) as caught:
        one_after_the_other()
    written = report(WorkerFailed(caught.value))
    assert [line for line in written.splitlines() if not line.startswith(" ") and line] == [
        "WorkerFailed",
        "KeyError",
        "ValueError",
    ]
    assert SECRET not in written


def test_errors_that_name_each_other_do_not_go_round_for_ever() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert report(one).count("ValueError") == 2


def test_without_a_place_for_the_report_the_words_stand_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    assert last_words(ValueError(SECRET)) == f"{STOPPED}\nValueError"


async def test_a_fault_while_telling_of_a_fault_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def worse(_error: BaseException | None) -> str:
        raise RuntimeError("worse")

    monkeypatch.setattr("screens.app.last_words", worse)
    app = WizardApp(Case())

    async def run_into_it() -> None:
        async with app.run_test() as pilot:
            app.call_later(raising)
            await pilot.pause(0.1)

    with pytest.raises(ValueError, match="cannot read"):
        await run_into_it()
    assert unwrapped(capsys.readouterr().err) == STOPPED


async def test_no_fault_leaves_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        app = person.app
    assert capsys.readouterr() == ("", "")
    assert not app.return_code
