"""An invented step is one file and its words: both are added to a copy of the tree, and everything there knows it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).resolve().parents[2]

REHEARSE = """
from __future__ import annotations

from wizard.case.case import Case, StepId
from wizard.facts import Queue, Reading
from wizard.findings import Finding, good
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind
from wizard.steps.parts import Step, Taken, remarks

REHEARSE = StepId("rehearse", on_each={on_each})


def _findings(case: Case) -> tuple[Finding, ...]:
    return () if _missing(case) else (good("The queues were looked at once more."),)


def _missing(case: Case) -> str:
    return "" if case.answer(REHEARSE).text else "Look at the queues once more."


def _commands(case: Case) -> tuple[Command, ...]:
    return (write.read_connector(case.connector, ""),)


def _take(case: Case, reading: Reading[Queue]) -> Taken:
    return Taken(case, bool(reading.facts), REHEARSE, remarks(reading))


STEP = Step(
    REHEARSE,
    findings=_findings,
    missing=_missing,
    commands=_commands,
    takes={{Kind.QUEUES: _take}},
    skip="Not now",
    afterwards=True,
    sample="queues-after.txt",
)
"""

WORDS = """
[rehearse]
chapter = "Proof"
title = "Once more"
kb = "none"
do = "Run the command once more."
why = "It was invented."
give = "the output of Get-Queue"
needs = "the output of Get-Queue, once more"
explain = "Nothing."

[restore]
"""

WALK = """
import asyncio
from tests.screens.driving import driven, sample_at
from tests.screens.test_plain import Led
from wizard.case.case import StepId
from wizard.case.file import Saved, parsed, written
from wizard.record.summary import commands_written
from wizard.steps import flow
from wizard.steps.intake import take

REHEARSE = StepId.of("rehearse")
assert REHEARSE.on_each is {on_each}
assert len(flow.STEPS) == 14 and flow.ORDER[-3:] == (StepId.SERVERS, REHEARSE, StepId.RESTORE)

case = sample_at(REHEARSE)
assert flow.next_step(case) is REHEARSE
assert flow.after(StepId.SERVERS, case) is REHEARSE and flow.before(StepId.RESTORE, case) is REHEARSE
assert flow.step(REHEARSE).missing(case)

async def shown():
    async with driven(case, REHEARSE, size=(100, 40)) as person:
        assert person.is_at(REHEARSE)
        assert "Once more" in person.text and "Get-SendConnector" in person.text
        await person.paste(flow.sample_evidence(REHEARSE))
        assert "The queues were looked at once more." in person.text
        return person.case

given = asyncio.run(shown())
text = flow.sample_evidence(REHEARSE)
led = Led(case, "g12", "p", (text,), "n")
assert "Once more" in led.said and "The queues were looked at once more." in led.said, led.said
assert led.case.answer(REHEARSE).text == text == given.answer(REHEARSE).text

taken = take(case, REHEARSE, text, "the sample")
assert taken.accepted and taken.at is REHEARSE
settled = flow.settle(taken.case, REHEARSE)
assert flow.next_step(settled) is StepId.RESTORE
assert any(title.startswith("Once more") for title, _command in commands_written(settled))
again = parsed(written(Saved("20261122-0240", settled))).case
assert again.answer(REHEARSE) == settled.answer(REHEARSE), again.answer(REHEARSE)
assert flow.next_step(again) is StepId.RESTORE
print("walked")
"""


def python(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the copy, with the tests of this checkout behind it."""
    path = os.pathsep.join((str(tree), str(ROOT)))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": path, "EXCHANGE_CERT_WIZARD_HOME": str(tree / "home")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(params=[False, True], ids=["for all servers", "on each server"])
def on_each(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def tree(tmp_path: Path, on_each: bool) -> Path:
    for folder in ("wizard", "screens", "assets"):
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__"))
    (tmp_path / "wizard" / "steps" / "rehearse.py").write_text(REHEARSE.format(on_each=on_each), encoding="utf-8")
    words = tmp_path / "assets" / "steps.toml"
    words.write_text(words.read_text(encoding="utf-8").replace("\n[restore]\n", WORDS), encoding="utf-8")
    return tmp_path


@pytest.mark.quick(1)
def test_it_is_reached_shown_given_to_saved_and_read_again(tree: Path, on_each: bool) -> None:
    done = python(tree, "-c", WALK.format(on_each=on_each))
    assert done.stdout.strip() == "walked", done.stderr


@pytest.mark.quick(1)
def test_a_diagnosis_says_what_it_said(tree: Path) -> None:
    sample = ROOT / "assets" / "sample"
    evidence = [
        str(sample / name) for name in ("symptom.txt", "connectors.txt", "SEND20261122-1.log", "certificate.txt")
    ]
    words = ("-m", "screens", "diagnose", *evidence, "--json")
    there, here = python(tree, *words), python(ROOT, *words)
    assert there.returncode == here.returncode, there.stderr
    said, says = json.loads(here.stdout), json.loads(there.stdout)
    commands, with_its_own = said.pop("commands"), says.pop("commands")
    assert says == said
    assert said["verdict"]["id"] == "kb4051498"
    assert {each["text"] for each in with_its_own} == {each["text"] for each in commands}
    assert [each["step"] for each in with_its_own].count("rehearse") == 1
