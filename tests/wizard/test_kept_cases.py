"""Cases as earlier versions wrote them, kept for good: what they say is held word by word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wizard.case.case import Case
from wizard.case.file import parsed, written
from wizard.case.servers import at_server
from wizard.record.summary import summary
from wizard.steps.flow import STEPS, check_again, next_step

KEPT = Path(__file__).parent / "kept"


def told(case: Case) -> str:
    """All that a case says: what each step finds, misses and hands out on each of its servers, and the summary."""
    return "\n".join((*_at_each(case), summary(case)))


def _at_each(case: Case) -> Iterator[str]:
    for server in dict.fromkeys(("", *case.servers)):
        at = at_server(case, server) if server else case
        yield f"## {server or 'as it is'}: next is {next_step(at)}"
        yield f"to check again: {[step_id.value for step_id in check_again(at)]}"
        for each in STEPS:
            yield f"# {each.id.value}: {each.missing(at)}"
            yield from (f"{finding.level.value} {finding.id}: {finding.text}" for finding in each.findings(at))
            yield from (f"> {command.text}" for command in each.commands(at))
            yield from (f"[{choice.key}] {choice.text}" for choice in each.choices(at))


@pytest.mark.parametrize("file", sorted(KEPT.glob("*.json")), ids=lambda file: file.stem)
def test_a_kept_case_says_what_it_said(file: Path) -> None:
    saved = parsed(file.read_text(encoding="utf-8"))
    assert told(saved.case) == file.with_suffix(".txt").read_text(encoding="utf-8")
    again = parsed(written(saved, keep_logs=True))
    assert again == saved
    assert told(again.case) == told(saved.case)
