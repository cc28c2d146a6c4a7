"""What is fuzzed: functions of bytes that must never raise, each with what must hold for any evidence at all."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz.evidence import damaged_again, drawn, pieces
from tests.fuzz.growth import growth
from tests.fuzz.thumbprints import drawn_strokes, thumbprints
from tests.wizard.cases import answer_text
from tests.wizard.reading.rows import read_path
from tests.wizard.reading.test_filter import SMALL, TINY, check, folders_in, scanned
from wizard.assets import SAMPLE_NIGHT, sample_case
from wizard.case.case import Case
from wizard.diagnosis import diagnose
from wizard.diagnosis import diagnosis_data as as_data
from wizard.facts import LogReading
from wizard.machine.inert import shown
from wizard.reading.log.filter import Limits
from wizard.reading.log.read import FAILED, SUCCEEDED, UNCONNECTED
from wizard.reading.pieces import pieces as outputs
from wizard.reading.residue import STARTS_INSIDE
from wizard.reading.text import Kind, Refused, clean
from wizard.record.summary import summary
from wizard.steps.connector import name_connector
from wizard.steps.flow import STEPS, check_again, next_step, sample_evidence, settle
from wizard.steps.intake import GivenText, take
from wizard.steps.parts import Step, Taken
from wizard.verdict import rules

LIMITS = (TINY, SMALL, Limits(piece=37, kept=1500, newest=1000), Limits(newest=1000))


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz: what must hold for any bytes, and how an input is drawn and damaged further.

    One that is not `quick` takes seconds for an input, and is not guided by coverage.
    """

    check: Callable[[bytes], None]
    drawn: Callable[[Random], bytes] = drawn
    damaged: Callable[[bytes, Random], bytes] | None = damaged_again
    quick: bool = True


def steps(content: bytes) -> None:
    """Evidence after evidence, at any step and in any form, from an empty case or one that is done with the sample."""
    given = pieces(content)
    done = bool(given) and given[0][0] // (4 * len(STEPS)) % 2
    case = sample_done() if done else Case(opened=SAMPLE_NIGHT)
    for chosen, evidence in given:
        step = STEPS[chosen % len(STEPS)]
        text = _as_given(evidence, chosen // len(STEPS) % 4)
        case = _taken(case, step, text)
        if choices := step.choices(case):
            case = step.choose(case, choices[len(evidence) % len(choices)].key)
            check_case(case)
        case = settle(case, step.id)
        if step.asks_name and isinstance(text, str):
            check_case(name_connector(case, text).case)


def _as_given(evidence: bytes, form: int) -> str | bytes:
    """Evidence as a file's bytes or as a paste, decoded well or badly."""
    if form == 0:
        return evidence
    if form == 1:
        return evidence.decode("utf-8", "replace")
    return evidence.decode("latin-1") if form == 2 else evidence.decode("utf-8", "surrogateescape")


def _taken(case: Case, step: Step, text: str | bytes) -> Case:
    """The case with a piece of evidence, and what must hold of any."""
    taken: Taken = take(case, step.id, text)
    assert taken.accepted or taken.said
    assert all(finding.text.strip() for finding in taken.said)
    if isinstance(text, str):
        assert taken.case.answer(step.id).text == text
        # A text with several outputs stays where it was given: each output has a place of its own.
        several = taken.accepted and _is_parted(text)
        assert not taken.accepted or several or taken.case.answer(taken.at).text == text
    check_case(taken.case)
    return taken.case


def _is_parted(text: str) -> bool:
    found = outputs(clean(text)).all
    return len(found) > 1 or found[0].kind is Kind.HEALTH


@cache
def sample_done() -> Case:
    """The sample's case after its last step."""
    case = sample_case()
    for step in STEPS:
        if text := sample_evidence(step.id):
            case = take(case, step.id, text).case
        if choices := step.choices(case):
            case = step.choose(case, choices[0].key)
        case = settle(case, step.id)
    return case


def check_case(case: Case) -> None:
    """Everything a screen asks of a case can be asked, and every command is one line of printable ASCII."""
    for step in STEPS:
        found = step.findings(case)
        assert all(finding.text.strip() for finding in found)
        _check_single_lines(finding.text for finding in found)
        step.missing(case)
        step.choices(case)
        for command in step.commands(case):
            assert command.text.isascii()
            assert command.text.isprintable()
            assert command.text.strip()
    next_step(case)
    check_again(case)
    summary(case).encode()
    _check_shown(summary(case))


def _check_shown(text: str) -> None:
    """Text as it is shown holds nothing a terminal acts on."""
    text = shown(text)
    text.encode()
    assert not {c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} - {"\n", "\t"}


def diagnosis(content: bytes) -> None:
    """Evidence without questions: what is said is a rule's, stands on lines that exist, and can be printed."""
    given = [GivenText(evidence, f"piece {n}") for n, (_, evidence) in enumerate(pieces(content))]
    found = diagnose(given, Case(opened=SAMPLE_NIGHT))
    lengths = {each.name: _length(each) for each in given}
    known = {rule.verdict.id for rule in rules()}
    for verdict in found.verdicts:
        assert verdict.id in known
        for line in verdict.because:
            assert 0 < line.number <= lengths[line.source]
    places = [(note.source, note.line) for note in found.mended] + [(note.source, note.line) for note in found.unread]
    # Line 0 is the whole of a piece.
    assert all(source in lengths and line >= 0 for source, line in places)
    data = as_data(found)
    assert json.loads(json.dumps(data)) == data
    json.dumps(data, ensure_ascii=False).encode()
    _check_single_lines(verdict.connector for verdict in found.verdicts)
    _check_single_lines(line.text for verdict in found.verdicts for line in verdict.because)
    _check_single_lines(text for group in found.case.now.failed for text in (group.connector, group.error))
    _check_single_lines(check["text"] for check in data["checks"])
    _check_single_lines([*(each["what"] for each in data["mended"]), *(each["why"] for each in data["unread"])])
    _check_shown(answer_text(found))
    check_case(found.case)


def _length(given: GivenText) -> int:
    """How many lines a text has; one where it is no text."""
    with suppress(Refused):
        return max(len(clean(given.content).lines), 1)
    return 1


def _check_single_lines(texts: Iterable[str]) -> None:
    """What is printed on a line of its own makes no further one: evidence cannot look like the wizard's own words."""
    assert not [text for text in texts if "\n" in text]


def files(content: bytes) -> None:
    """Log files: the filter and the reader of rows agree on every failure, wherever a piece or a region ends."""
    with TemporaryDirectory(prefix="fuzz-") as name:
        folder, limits = Path(name), LIMITS[0]
        for number, (chosen, evidence) in enumerate(pieces(content), start=1):
            (folder / f"SEND20261122-{number}.log").write_bytes(evidence)
            limits = LIMITS[chosen % len(LIMITS)]
        logs = sorted(folder.iterdir())
        path = logs[0] if len(logs) == 1 else folder
        try:
            reading = read_path(path)
        except Refused as refusal:
            _check_refused(path, str(refusal))
            return
        if comparable({log.name: log.read_bytes() for log in logs}, reading):
            check(path, limits)
        else:
            folders = folders_in(path, limits=limits)
            scanned(path, folders, newest=True)
            for each in folders:
                each.successes({"": ""})
                each.unproven()


def _check_refused(path: Path, why: str) -> None:
    """The filter refuses what the reader of rows refuses, with the same words."""
    said = ""
    try:
        scanned(path, folders_in(path, limits=TINY))
    except Refused as refusal:
        said = str(refusal)
    assert said == why


def comparable(logs: dict[str, bytes], reading: LogReading) -> bool:
    """Whether the filter has to find in these logs what the reader of rows finds.

    It need not where a phrase it looks for is broken. And known to differ is what no log of Exchange
    has: no row at all, other line ends, rows that share a line, and rows that are there twice.
    """
    whole = b"\n".join(logs.values())
    found = _IDS.findall(whole)
    if _LONE_RETURN.search(whole) or len(set(found)) < len(found):
        return False
    lines = {name: content.replace(b"\r\n", b"\n").split(b"\n") for name, content in logs.items()}
    for each in reading.handshakes:
        if (SUCCEEDED if each.error is None else FAILED) not in lines[each.line.source][each.line.number - 1]:
            return False
    if reading.connection_failures > whole.count(UNCONNECTED) or not reading.rows:
        return False
    return not any(_shared(line.decode("utf-8", "replace")) for each in lines.values() for line in each)


_LONE_RETURN = re.compile(rb"\r(?!\n)")
_IDS = re.compile(rb",([0-9A-Fa-f]{16},[0-9]{1,9}),")


def _shared(line: str) -> bool:
    """Whether a line holds a row and another row or a header."""
    starts = STARTS_INSIDE.findall(line)
    return len(starts) > 1 or (bool(starts) and "#" in line[: line.find(starts[0])])


TARGETS: dict[str, Target] = {
    "steps": Target(steps),
    "diagnosis": Target(diagnosis),
    "files": Target(files),
    "thumbprints": Target(thumbprints, drawn_strokes, None),
    "growth": Target(growth, quick=False),
}
