"""The rows of the steps: each brings about what it says at its step, and no case that is close does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import astuple
from operator import attrgetter
from typing import Any

import pytest

from tests.wizard.cases import commands_everywhere, ids
from tests.wizard.step_rows import NOT_PROVEN, ROWS, SILENT, Proves, Row, Says
from wizard.case.case import Case
from wizard.case.servers import server_here
from wizard.findings import Finding
from wizard.powershell.command import Command
from wizard.steps.command import bind_elsewhere
from wizard.steps.flow import ORDER, after, proofs, step
from wizard.steps.intake import take


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


def lines(commands: tuple[Command, ...]) -> tuple[str, ...]:
    return tuple(each.text for each in commands)


def origins(case: Case, row: Row) -> dict[str, str]:
    first = step(row.step).commands(case)[:1]
    return {part.text: part.origin for each in first for part in each.parts if part.origin}


def proof(case: Case, row: Row) -> Proves:
    wanted = row.proof.id if row.proof else ""
    every = proofs(case) if wanted else (step(row.step).proofs[0](case),)
    found = next(each for each in every if wanted in {"", each.id})
    return Proves(found.standing, found.because, found.claim, wanted)


OUTCOMES: dict[str, Callable[[Case, Row], Any]] = {
    "commands": lambda case, row: lines(step(row.step).commands(case)),
    "orders": lambda case, row: tuple(each.id for each in step(row.step).commands(case)),
    "elsewhere": lambda case, row: lines(bind_elsewhere(case)),
    "origins": origins,
    "purpose": lambda case, row: " ".join(each.purpose for each in step(row.step).commands(case)[:1]),
    "folders": lambda case, row: step(row.step).folders(case),
    "changes": lambda case, row: next((each.changes for each in step(row.step).commands(case)), None),
    "binds": lambda case, row: any(line.startswith("Enable-") for line in commands_everywhere(case)),
    "choices": lambda case, row: tuple(each.key for each in step(row.step).choices(case)),
    "offers": lambda case, row: tuple(
        f"{each.key} | {each.text} | {each.detail}" for each in step(row.step).choices(case)
    ),
    "chosen": lambda case, row: tuple(each.key for each in step(row.step).choices(case) if each.chosen),
    "missing": lambda case, row: step(row.step).missing(case),
    "leads": lambda case, row: after(row.step, case),
    "proof": proof,
    "here": lambda case, row: server_here(case),
    "facts": lambda case, row: {name: attrgetter(name)(case) for name in row.facts or ()},
}
"""What may come of a case, by the row's name for it."""


def agree(value: Any, wanted: Any) -> bool:
    """Whether a value is the one of the row, with anything in the place of each ellipsis."""
    if isinstance(wanted, str):
        return isinstance(value, str) and fits(value, wanted)
    if isinstance(wanted, Proves):
        return agree(astuple(value), astuple(wanted))
    if isinstance(wanted, tuple):
        return len(value) == len(wanted) and all(map(agree, value, wanted))
    if isinstance(wanted, Mapping):
        return value.keys() == wanted.keys() and all(agree(value[each], wanted[each]) for each in wanted)
    return bool(value == wanted)


def otherwise(case: Case, row: Row) -> dict[str, Any]:
    """What comes of a case at the row's step that the row has otherwise, but for what is said."""
    wanted = {name: getattr(row, name) for name in OUTCOMES if getattr(row, name) is not None}
    come = {name: OUTCOMES[name](case, row) for name in wanted}
    return {name: value for name, value in come.items() if not agree(value, wanted[name])}


def met(case: Case, row: Row) -> tuple[Case, str]:
    """The case after what the row gives it, and what was told of that."""
    if row.text is None:
        return case, ""
    taken = take(case, row.step, row.text)
    return taken.case, texts(taken.said)


class TestEveryRow:
    @pytest.mark.parametrize("row", ROWS, ids=str)
    def test_comes_of_its_case(self, row: Row) -> None:
        case, told = met(row.case(), row)
        found = step(row.step).findings(case)
        assert row.told is None or fits(told, row.told), told
        assert not [says for says in row.says if not said(found, says)], found
        assert row.only is None or {each.id for each in found} == row.only
        first = found[: len(row.begins)]
        assert all(says.id in {"", each.id} for says, each in zip(row.begins, first, strict=True)), found
        assert all(fits(each.text, says.text) for says, each in zip(row.begins, first, strict=True)), found
        shown = " ".join((texts(found), told, *lines(step(row.step).commands(case))))
        assert not [word for word in row.never if word in shown or word in ids(found)]
        assert otherwise(case, row) == {}
        assert row.missing != NOT_PROVEN or step(row.step).skip

    @pytest.mark.parametrize("row", ROWS, ids=str)
    def test_comes_of_no_case_that_is_close(self, row: Row) -> None:
        assert row.near
        for number, near in enumerate(row.near):
            case, told = met(near(), row)
            found = step(row.step).findings(case)
            assert row.told is None or not fits(told, row.told), f"number {number}: {told}"
            assert not [says for says in row.says if said(found, says)], f"number {number}: {found}"
            assert row.says or row.told or otherwise(case, row), f"number {number}"

    def test_is_there_for_every_step(self) -> None:
        assert {row.step for row in ROWS} == set(ORDER)

    def test_has_a_name_of_its_own(self) -> None:
        assert [name for name, times in Counter(map(str, ROWS)).items() if times > 1] == []
