"""The rows of the steps: each brings about what it says at its step, and no case that is close does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.wizard.cases import ids
from tests.wizard.step_rows import ROWS, SILENT, Row, Says
from wizard.case.case import Case
from wizard.findings import Finding
from wizard.steps.flow import after, proofs, step


def fits(text: str, pattern: str) -> bool:
    """Whether a text is this one, with anything in the place of each ellipsis."""
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), text, re.DOTALL))


def texts(found: tuple[Finding, ...]) -> str:
    return " ".join(each.text for each in found)


def said(found: tuple[Finding, ...], says: Says) -> bool:
    """Whether this is said among the findings, and once."""
    if says == SILENT:
        return found == ()
    if not says.id:
        return fits(texts(found), says.text)
    named = [each for each in found if each.id == says.id]
    return len(named) == 1 and all(
        fits(each.text, says.text)
        and says.level in {None, each.level}
        and fits("\n".join(line.text for line in each.lines), says.lines)
        for each in named
    )


def otherwise(row: Row, case: Case) -> Iterator[str]:
    """What comes of a case at the row's step that the row has otherwise, but for what is said."""
    at = step(row.step)
    commands = at.commands(case)
    lines = [each.text for each in commands]
    if row.commands is not None and not (len(lines) == len(row.commands) and all(map(fits, lines, row.commands))):
        yield f"commands: {lines}"
    if row.changes is not None and not (commands and commands[0].changes is row.changes):
        yield f"changes: {lines}"
    if row.missing is not None and at.missing(case) != row.missing:
        yield f"missing: {at.missing(case)}"
    if row.leads is not None and after(row.step, case) is not row.leads:
        yield f"leads to {after(row.step, case)}"
    if row.proof is not None:
        proof = next(each for each in proofs(case) if each.id == row.proof.id) if row.proof.id else at.proofs[0](case)
        if not (
            proof.standing is row.proof.standing
            and fits(proof.because, row.proof.because)
            and fits(proof.claim, row.proof.claim)
        ):
            yield f"proof: {proof}"
    yield from (f"{name}: {getattr(case, name)}" for name, value in row.facts.items() if getattr(case, name) != value)


class TestEveryRow:
    @pytest.mark.parametrize("row", ROWS, ids=str)
    def test_comes_of_its_case(self, row: Row) -> None:
        case = row.case()
        found = step(row.step).findings(case)
        assert not [says for says in row.says if not said(found, says)], found
        assert row.only is None or ids(found) == row.only
        assert not [word for word in row.never if word in texts(found) or word in ids(found)]
        assert list(otherwise(row, case)) == []

    @pytest.mark.parametrize("row", ROWS, ids=str)
    def test_comes_of_no_case_that_is_close(self, row: Row) -> None:
        assert row.near
        for number, near in enumerate(row.near):
            case = near()
            if row.says:
                found = step(row.step).findings(case)
                assert not [says for says in row.says if said(found, says)], f"number {number}: {found}"
            else:
                assert list(otherwise(row, case)), f"number {number}"

    def test_has_a_name_of_its_own(self) -> None:
        assert [name for name, times in Counter(map(str, ROWS)).items() if times > 1] == []
