"""Errors of cmdlets in plain words."""

from __future__ import annotations

import re

import pytest

from wizard.erred import error_finding
from wizard.facts import CmdletError, CmdletErrorKind, Line
from wizard.findings import Level

LINES = tuple(Line(f"line {n}", n) for n in (1, 2, 3))


@pytest.mark.parametrize("kind", [kind for kind in CmdletErrorKind if kind is not CmdletErrorKind.OTHER])
def test_a_known_error_stops_with_a_sentence_and_its_first_lines(kind: CmdletErrorKind) -> None:
    told = error_finding(CmdletError(kind, "what was printed", lines=LINES))
    assert told.level is Level.BLOCK
    assert told.id == f"error-{kind.value}"
    assert told.lines == LINES[:2]
    assert re.fullmatch(r"[A-Z].*\.", told.text)
    assert "what was printed" not in told.text


@pytest.mark.parametrize(
    ("printed", "shown"),
    [("Etwas\n  ging   schief.", "Etwas ging schief."), ("x" * 500, "x" * 160 + "...")],
)
def test_an_unknown_error_is_repeated_on_one_line(printed: str, shown: str) -> None:
    assert error_finding(CmdletError(CmdletErrorKind.OTHER, printed)).text.endswith(f"so nothing was read: {shown}")
