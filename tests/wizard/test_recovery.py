"""Whether a failure is over, also where a log holds a great many of them."""

from __future__ import annotations

import pytest

from tests.screens.evidence import OURS, log
from tests.wizard import cases
from wizard import timeline as recovery
from wizard.case.case import Case
from wizard.facts import Handshake, LogReading
from wizard.reading.log.sessions import failures, read_log
from wizard.reading.text import clean


def case_of(reading: LogReading) -> Case:
    return cases.knowing(Case(), log=reading, failed=failures(reading))


def test_each_failed_row_is_looked_at_once_however_many_successes_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0
    look = recovery._local_address

    def counting(handshake: Handshake) -> str:
        nonlocal seen
        seen += 1
        return look(handshake)

    monkeypatch.setattr(recovery, "_local_address", counting)
    failed, worked = log(*[OURS] * 20), log(*[OURS] * 20, error="", hour=11)
    reading = read_log(clean(failed + worked))
    (group,) = failures(reading)
    found = recovery.recovery(case_of(reading), group)
    assert found is not None
    assert found.how == "recovered"
    assert found.success.time.startswith("2026-11-20T11:19")
    assert seen == 20 + 20


def test_a_success_from_another_address_says_nothing() -> None:
    failed = log(OURS)
    worked = log(OURS, error="", hour=11).replace("192.0.2.20:", "192.0.2.99:")
    reading = read_log(clean(failed + worked))
    (group,) = failures(reading)
    assert recovery.recovery(case_of(reading), group) is None
