"""Evidence that takes time to read: the screen stays alive, and nothing given or answered meanwhile is lost."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual import events
from textual.worker import WorkerState

import screens.app.step
from screens.app.evidence import EvidenceField
from screens.words import Teller
from tests.screens import evidence
from tests.screens.driving import PATIENCE, Driven, driven, named, our_case
from wizard import findings as words
from wizard.case.case import Case, StepId
from wizard.reading.log.files import Progress
from wizard.steps.intake import LARGE, take
from wizard.steps.parts import Taken

pytestmark = pytest.mark.long

PADDING = "# a comment in the log\n" * (LARGE // 20)
LARGE_LOG = evidence.log(evidence.OURS) + PADDING
LARGE_LOG_OF_ANOTHER = evidence.log(evidence.ANOTHER) + PADDING


class Gate:
    """Holds up every reading of a large text until it is opened."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        self.readings = 0

    def take(self, case: Case, step: StepId, text: str, **teller: object) -> Taken:
        if len(text) > LARGE:
            self.readings += 1
            self.reached.set()
            assert self.opened.wait(20)
        return take(case, step, text, **teller)  # type: ignore[arg-type]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(screens.app.step, "take", gate.take)
    yield gate
    gate.opened.set()


async def begin_paste(person: Driven, gate: Gate, text: str) -> None:
    """Paste without waiting for the end of the reading."""
    gate.reached.clear()
    person.app.post_message(events.Paste(text))
    await person.until(gate.reached.is_set)


async def test_while_it_is_read_that_is_said_and_keys_are_answered(gate: Gate) -> None:
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await begin_paste(person, gate, LARGE_LOG)
        assert person.status == "Reading 231 KB, 10,010 rows..."
        assert person.case.answer(StepId.LOG).text == LARGE_LOG
        person.app.action_other_theme()
        await person.until(lambda: person.app.theme == "day")
        gate.opened.set()
        await person.settle()
        assert person.case.now.thumbprint == evidence.OURS
        assert person.status == "Read. Press Enter to go on."


async def test_20_megabytes_leave_the_screen_alive() -> None:
    row = "2026-11-20T08:00:00.000Z,Internet,0AB1C2D3E4F50000,0,,198.51.100.7:25,*,,attempting to connect\n"
    text = evidence.log(evidence.OURS) + row * 220_000
    assert len(text) > 20_000_000
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        lateness = await longest_wait(person, lambda: person.screen.query_one(EvidenceField).give(text))
        assert person.case.answer(StepId.LOG).text is text
        assert person.case.now.thumbprint == evidence.OURS
        assert lateness < 1.0, f"the screen stood still for {lateness:.1f} s"


async def longest_wait(person: Driven, begin: Callable[[], None]) -> float:
    """Seconds the screen was not answering, at most, from here until everything is read.

    They are the processor's, for other programs may be busy as well.
    """
    begun = time.process_time()
    begin()
    longest = time.process_time() - begun
    await person.until(lambda: bool(person.app.workers))
    while any(worker.state is WorkerState.RUNNING for worker in person.app.workers):
        asked = time.process_time()
        answered = asyncio.Event()
        person.app.call_later(answered.set)
        await answered.wait()
        longest = max(longest, time.process_time() - asked)
        await asyncio.sleep(0.01)
    await person.settle()
    return longest


async def test_only_the_beginning_of_a_large_text_is_drawn() -> None:
    async with driven(named(evidence.CONNECTOR), StepId.LOG) as person:
        await person.paste(LARGE_LOG)
        assert person.pasted == LARGE_LOG
        await person.press("escape", "f8")
        assert person.pasted == LARGE_LOG


async def test_a_screen_may_be_left_while_it_reads(gate: Gate) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await begin_paste(person, gate, LARGE_LOG)
        person.app.go(StepId.CONNECTOR)
        await person.until(lambda: person.at is StepId.CONNECTOR and person.screen.ready)
        gate.opened.set()
        await person.settle()
        assert person.case.now.thumbprint == evidence.OURS
        assert person.status == "Read, for the step: Read the log"
        await person.go(StepId.LOG)
        assert person.pasted == LARGE_LOG
        assert f"Our certificate: {evidence.OURS}" in person.said


async def test_it_may_be_left_and_entered_again_while_it_reads(gate: Gate) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await begin_paste(person, gate, LARGE_LOG)
        for step_id in (StepId.CONNECTOR, StepId.LOG):
            person.app.go(step_id)
            await person.until(lambda step_id=step_id: person.at is step_id and person.screen.ready)  # type: ignore[misc]
        gate.opened.set()
        await person.settle()
        assert person.status == "Read. Press Enter to go on."
        assert f"Our certificate: {evidence.OURS}" in person.said


async def test_what_is_answered_meanwhile_is_not_lost(gate: Gate) -> None:
    """The reading began on the case as it was then: it is done again on the case as it is now."""
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await begin_paste(person, gate, LARGE_LOG)
        person.app.case = take(person.case, StepId.SYMPTOM, evidence.QUEUES.replace("MBX1", "MBX9")).case
        gate.opened.set()
        await person.settle()
        assert person.case.now.thumbprint == evidence.OURS
        assert person.case.queues[0].identity == r"MBX9\8125"
        assert gate.readings == 2


@pytest.mark.parametrize("second", [LARGE_LOG, evidence.log(evidence.OURS)], ids=["large", "small"])
async def test_of_two_pastes_the_newer_counts(gate: Gate, second: str) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await begin_paste(person, gate, LARGE_LOG_OF_ANOTHER)
        person.screen.receive(second)
        gate.opened.set()
        await person.settle()
        assert person.case.answer(StepId.LOG).text == second
        assert person.case.now.thumbprint == evidence.OURS
        assert evidence.ANOTHER not in person.frame


async def test_pastes_that_come_quickly_are_drawn_once() -> None:
    async with driven(our_case(StepId.SERVICES), StepId.SERVICES) as person:
        for services in ("POP", "IMAP", "POP, IIS", "IIS"):
            person.screen.receive(evidence.certificate(services))
        await person.settle()
        assert person.frame.count("Services now") == 1
        assert "Services now: IIS." in person.text


async def test_the_end_does_not_wait_for_the_reading_of_a_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "SEND20261120-1.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
    reached = threading.Event()
    ended = threading.Event()

    def endless(case: Case, step: StepId, path: Path, tell: object, cancelled: Callable[[], bool]) -> Taken:
        reached.set()
        while not cancelled():
            time.sleep(0.005)
        ended.set()
        return Taken(case, False, step)

    monkeypatch.setattr(screens.app.step, "read_into", endless)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        person.screen._opened(tmp_path)
        await person.until(reached.is_set)
    assert ended.wait(PATIENCE)


async def test_the_progress_of_a_folder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("screens.words.BETWEEN_REPORTS", -1)
    told: list[str] = []
    for number in range(3):
        (tmp_path / f"SEND20261120-{number}.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        monkeypatch.setattr(person.app, "tell_from_thread", told.append)
        person.screen._opened(tmp_path)
        await person.settle()
    size = words.size(sum(file.stat().st_size for file in tmp_path.iterdir()))
    assert told[0] == f"Reading SEND20261120-0.log: 0 %, 0 bytes of {size}. Esc stops it."
    assert told[-1] == f"Reading SEND20261120-2.log: 100 %, {size} of {size}. Esc stops it."


def test_the_rate_is_told_once_it_means_something() -> None:
    told: list[str] = []
    clock = iter([0.0, 0.05, 0.2, 2.0])
    teller = Teller(told.append, now=lambda: next(clock))
    for done in (1, 200_000_000, 1_500_000_000):
        teller(Progress("SEND20261120-0.log", done, 2_000_000_000))
    assert told == [
        "Reading SEND20261120-0.log: 10 %, 200 MB of 2.0 GB.",
        "Reading SEND20261120-0.log: 75 %, 1.5 GB of 2.0 GB, 750 MB/s.",
    ]


async def test_escape_stops_it_and_the_next_one_goes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    reached = threading.Event()
    ended = threading.Event()

    def endless(case: Case, step: StepId, path: Path, tell: object, cancelled: Callable[[], bool]) -> Taken:
        reached.set()
        while not cancelled():
            time.sleep(0.005)
        ended.set()
        return take(case, step, evidence.log(evidence.ANOTHER))

    monkeypatch.setattr(screens.app.step, "read_into", endless)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.paste(evidence.log(evidence.OURS))
        person.screen._opened(tmp_path)
        await person.until(reached.is_set)
        await person.press("escape")
        assert ended.wait(PATIENCE)
        assert person.status == "Stopped. Nothing was taken; what you gave before is kept."
        assert person.case.now.thumbprint == evidence.OURS
        await person.press("escape")
        assert person.at is StepId.LOGGING


async def test_a_worker_that_outlives_the_app_tells_nobody() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        app = person.app
    app.tell_from_thread("Reading on, 99 %")
