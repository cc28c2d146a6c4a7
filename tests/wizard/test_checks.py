"""The checks of `assets/checks.toml`: the code raises each of them, by its evidence alone, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from tests.wizard import cases
from tests.wizard.cases import OURS, certificate_list, failing, finding, given
from tests.wizard.check_cases import dated
from tests.wizard.check_rows import ROWS, TABLE, Row
from wizard.case.case import Case, StepId
from wizard.findings import Level
from wizard.fitness import blocked, checks

LEVELS = {"block": Level.BLOCK, "warn": Level.WARN, "info": Level.INFO, "good": Level.GOOD}


def fits(text: str, says: str) -> bool:
    """Whether a text is this sentence with anything in its placeholders."""
    pieces = [(re.escape(literal), name) for literal, name, *_ in Formatter().parse(says)]
    return bool(
        re.fullmatch("".join(piece + ("" if name is None else ".*") for piece, name in pieces), text, re.DOTALL)
    )


def raised(case: Case, row: Row) -> bool:
    return any(each.id == row.check and fits(each.text, row.says) for each in checks(case))


class TestEveryCheck:
    @pytest.mark.parametrize("row", ROWS, ids=str)
    def test_is_raised_by_its_evidence_with_the_level_and_source_of_the_asset(self, row: Row) -> None:
        case = row.raised()
        told = finding(checks(case), row.check)
        assert fits(told.text, row.says)
        assert told.level is LEVELS[row.rule["level"]]
        assert told.source == row.rule["source"]
        assert blocked(case) is (told.level is Level.BLOCK)

    @pytest.mark.parametrize("row", ROWS, ids=str)
    def test_is_not_raised_by_evidence_that_is_nearly_the_same(self, row: Row) -> None:
        assert row.nearly
        for number, nearly in enumerate(row.nearly):
            assert not raised(nearly(), row), f"{row}: number {number}"

    def test_has_its_evidence_here(self) -> None:
        covered = {(row.check, row.form) for row in ROWS if not row.status}
        known = {
            (check, form)
            for check, rule in TABLE["check"].items()
            for form in (rule["says"] if isinstance(rule["says"], dict) else {""})
        }
        assert covered == known
        assert [row.status for row in ROWS if row.status] == [rule["match"] for rule in TABLE["status"]]

    def test_shows_a_persons_text_as_it_stands_and_leaves_no_placeholder(self) -> None:
        case = cases.knowing(given(cases.named("{x} {0}"), StepId.LOG, failing()), thumbprint=OURS)
        case = given(case, StepId.SERVICES, certificate_list("IIS, {level}s, POP", Subject="CN={status} mail"))
        texts = {each.id: each.text for each in checks(case)}
        assert "{x} {0}" in texts["other-connector"]
        assert "({status} mail)" in texts["pop-imap-name"]
        assert "{level}s" in texts["unknown-service"]


def calls_of(name: str) -> Iterator[tuple[str, str]]:
    """The check and, where it is written out, the form of each call in the code."""
    for path in sorted((Path(__file__).resolve().parents[2] / "wizard").glob("fitness*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                assert isinstance(node.args[0], ast.Constant), ast.unparse(node)
                yield str(node.args[0].value), ast.unparse(node)


class TestTheAsset:
    def test_has_every_check_of_the_code_and_no_other(self) -> None:
        assert {check for check, _call in calls_of("said")} == set(TABLE["check"])

    def test_gives_every_check_a_level_a_sentence_and_a_source(self) -> None:
        for rule in (*TABLE["check"].values(), *TABLE["status"]):
            assert rule["level"] in LEVELS
            assert rule["source"].strip()
            assert set(rule) <= {"level", "says", "source", "match"}
            for says in rule["says"].values() if isinstance(rule["says"], dict) else (rule["says"],):
                assert says[0].isupper() or says.startswith("{"), says
                assert says.endswith("."), says
                assert says.isascii(), says
                assert len(says) < 300, says
                assert all(name is None or name.isidentifier() for _, name, *_ in Formatter().parse(says)), says

    def test_has_a_word_for_every_status_exchange_knows(self) -> None:
        known = {
            "DateInvalid",
            "Invalid",
            "PendingRequest",
            "RevocationCheckFailure",
            "Revoked",
            "Unknown",
            "Untrusted",
        }
        assert known <= {rule["match"] for rule in TABLE["status"]}
        for word in known:
            told = finding(checks(dated(Status=word.lower())), "status")
            assert f"Status is {word.lower()}" in told.text
            assert "does not know" not in told.text
