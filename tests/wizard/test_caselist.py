"""Saved cases as lines to choose from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.wizard import cases
from wizard.case.book import age, line_of, search
from wizard.case.case import Case
from wizard.case.file import Saved

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=3)


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_how_long_ago_is_said_in_the_largest_unit_that_fits(since: timedelta, words: str) -> None:
    assert age(since) == words


def test_a_case_says_its_connector_its_step_and_its_state() -> None:
    line = line_of(Saved("one", cases.named(), saved=EARLIER), NOW)
    assert line.title == cases.CONNECTOR
    assert line.text == f"{cases.CONNECTOR}, 3 hours ago: What does the queue say?"
    assert line.state == "No binding command was written yet."


def test_and_is_called_what_a_person_calls_it() -> None:
    line = line_of(Saved("one", cases.named(), "Stuck in Leeds", EARLIER), NOW)
    assert line.text.startswith(f"Stuck in Leeds ({cases.CONNECTOR}), ")
    assert line_of(Saved("one", Case(), saved=EARLIER), NOW).title == "No connector yet"


def test_one_that_is_finished_goes_on_at_the_summary() -> None:
    assert line_of(Saved("one", cases.proven_case(), saved=EARLIER), NOW).state.startswith("Done")


def test_every_word_is_looked_for_everywhere() -> None:
    lines = [
        line_of(Saved("one", cases.named("Internet"), "Leeds", EARLIER), NOW),
        line_of(Saved("two", cases.named("Partner relay"), "York", EARLIER), NOW),
    ]
    assert [line.id for line in search(lines, "LEEDS internet")] == ["one"]
    assert [line.id for line in search(lines, "queue")] == ["one", "two"]
    assert search(lines, "leeds partner") == ()
    assert len(search(lines, "  ")) == 2
