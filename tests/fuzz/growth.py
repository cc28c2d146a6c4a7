"""Twice the evidence costs twice the work, counted in calls, in bytes of memory, and in the processor's seconds."""

from __future__ import annotations

import re
import sys
import time
import tracemalloc
from dataclasses import dataclass
from types import FrameType

from tests.wizard.cases import answer_text
from wizard.assets import SAMPLE_NIGHT
from wizard.case.case import Case, StepId
from wizard.diagnosis import diagnose
from wizard.diagnosis import diagnosis_data as as_data
from wizard.reading.recognise import recognise
from wizard.reading.text import Refused, clean
from wizard.record.summary import summary
from wizard.steps.flow import STEPS
from wizard.steps.intake import GivenText, place_of, take

COUNTED_SIZES = (4_000, 16_000, 50_000)
"""Bytes of the smaller of two texts whose work is counted. What grows too fast shows early, and costs little there."""

TIMED_SIZE = 200_000
"""Bytes of the smaller of two texts that are timed: what goes on inside an expression is not counted."""

MOST = 3.0
"""Twice the evidence may cost so many times the work; what is quadratic costs four times."""

FREE_CALLS, FREE_BYTES, FREE_SECONDS = 5_000, 2_000_000, 1.0
"""What more may cost in any case."""

_NUMBERED = re.compile(rb"(?<=[0-9A-F])[0-9A-F]{4}(?![0-9A-F])")


@dataclass(frozen=True, slots=True)
class Work:
    """What reading a text cost: calls of functions, and the most bytes that were in use at once."""

    calls: int
    memory: int


def growth(content: bytes) -> None:
    """Reads the evidence again and again in one text, and twice as often, and compares what that cost."""
    if len(content) < 2:
        return
    numbered = bool(content[0] % 2)
    for size in COUNTED_SIZES:
        less, more = (work(repeated(content[1:], times * size, numbered=numbered)) for times in (1, 2))
        assert more.calls < MOST * less.calls + FREE_CALLS, f"{less.calls:,} calls became {more.calls:,}"
        assert more.memory < MOST * less.memory + FREE_BYTES, f"{less.memory:,} bytes became {more.memory:,}"
    once, twice = (repeated(content[1:], times * TIMED_SIZE, numbered=numbered) for times in (1, 2))
    few, many = seconds(once), seconds(twice)
    if many > max(FREE_SECONDS, MOST * few):
        few, many = min(few, seconds(once)), min(many, seconds(twice))
        assert many < max(FREE_SECONDS, MOST * few), f"{few:.2f} s became {many:.2f} s"


def repeated(evidence: bytes, size: int, *, numbered: bool) -> bytes:
    """The evidence so often that it has this size; when numbered, each time with other ids and thumbprints."""
    parts: list[bytes] = []
    length = 0
    while length < size:
        part = _NUMBERED.sub(b"%04X" % (len(parts) & 0xFFFF), evidence) if numbered else evidence
        parts.append(part)
        length += len(part)
    return b"".join(parts)[:size]


def read_all(evidence: bytes) -> None:
    """Everything that is done with one piece of evidence."""
    diagnosis = diagnose([GivenText(evidence, "evidence")], Case(opened=SAMPLE_NIGHT))
    as_data(diagnosis)
    answer_text(diagnosis)
    try:
        kind = recognise(clean(evidence))
    except Refused:
        return
    case = take(Case(opened=SAMPLE_NIGHT), place_of(kind, StepId.SYMPTOM) or StepId.CONNECTOR, evidence).case
    for step in STEPS:
        step.findings(case)
        step.choices(case)
        step.commands(case)
    summary(case)


def seconds(evidence: bytes) -> float:
    """The processor's seconds that reading takes."""
    begin = time.process_time()
    read_all(evidence)
    return time.process_time() - begin


def work(evidence: bytes) -> Work:
    """The calls and the memory that reading takes."""
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    tracemalloc.start()
    sys.setprofile(count)
    try:
        read_all(evidence)
    finally:
        sys.setprofile(None)
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return Work(calls, memory)
