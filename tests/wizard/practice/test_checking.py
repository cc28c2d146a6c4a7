"""A scenario is checked before it is set: unsolved at the start, solved by its own solution, no damage on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard.practice.scenes import ASKING, TEXT, stand_in
from wizard.assets import assets
from wizard.practice.checking import check

ANSWER = '"N", "retry"]'


def checked(tmp_path: Path, text: str) -> tuple[str, ...]:
    path = tmp_path / "small.toml"
    path.write_text(text, encoding="utf-8")
    return check(path, stand_in)


@pytest.mark.parametrize("text", [TEXT, ASKING])
def test_a_scenario_that_its_solution_solves_is_fit(tmp_path: Path, text: str) -> None:
    assert checked(tmp_path, text) == ()


def test_a_file_that_is_not_well_formed_is_said_line_by_line(tmp_path: Path) -> None:
    said = checked(tmp_path, TEXT.replace("minutes = 5", "minutes = 0").replace('sources = ["EX1"]', 'sources = "EX9"'))
    assert len(said) == 2


def test_a_placeholder_that_stands_for_nothing_is_named_with_its_line(tmp_path: Path) -> None:
    text = TEXT.replace("{{company}}", "{{compnay}}")
    line = next(number for number, each in enumerate(text.split("\n"), 1) if "compnay" in each)
    assert checked(tmp_path, text) == (
        f"small.toml, line {line}: {{{{compnay}}}} stands for nothing. Did you mean company? "
        "FORMAT.md lists the placeholders of each part.",
    )


def test_a_placeholder_in_a_connectors_name_that_stands_for_nothing_is_said(tmp_path: Path) -> None:
    (said,) = checked(tmp_path, TEXT.replace("[connectors.out]", '[connectors.out]\nname = "To {{nobody}}"'))
    assert "{{nobody}} stands for nothing" in said


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (ANSWER, '"N"]', "solution: it does not reach this goal: What waited has left."),
        (
            ANSWER,
            '"Y", "retry"]',
            "solution 2: something forbidden comes about: A default SMTP certificate was replaced.",
        ),
        (
            ANSWER,
            '"", "retry"]',
            "solution 2: something forbidden comes about: A default SMTP certificate was replaced.",
        ),
        (ANSWER, '"retry", "N"]', "solution 2: the shell asks a question here, and this is no answer to it: retry"),
        (ANSWER, "]", "solution: the shell still asks a question after the last line"),
        (
            '"bind {{public.thumbprint}}", ',
            '"bnd", ',
            'the shell asks nothing here, so "N" answers nothing. The console',
        ),
    ],
)
def test_a_solution_that_is_none_is_said_with_the_line_that_goes_wrong(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    said = checked(tmp_path, TEXT.replace(old, new))
    assert sentence in said[0]
    assert said[0].endswith("(seed 1)")


def test_a_scenario_that_is_solved_at_the_start_is_none(tmp_path: Path) -> None:
    text = TEXT.replace('mail-flows = "out"', "services-kept = true").replace('mail-left = "out"', "tls-kept = true")
    (said,) = checked(tmp_path, text)
    assert "every goal is reached at the start" in said


def test_with_conclusions_nothing_need_be_done(tmp_path: Path) -> None:
    text = ASKING.replace('mail-flows = "out"', "nothing-changed = true").replace(
        'mail-left = "out"', "tls-kept = true"
    )
    assert checked(tmp_path, text.replace(f'"bind {{{{public.thumbprint}}}}", {ANSWER}', '"look"]')) == ()


def test_what_is_forbidden_has_not_come_about_at_the_start(tmp_path: Path) -> None:
    text = TEXT.replace("[[lessons]]", '[[forbidden]]\nsay = "On"\nlogging-is = ["out", "None"]\n\n[[lessons]]', 1)
    (said,) = checked(tmp_path, text)
    assert "forbidden 1: this has come about at the start already: On" in said


def test_a_free_scenario_needs_no_solution(tmp_path: Path) -> None:
    text = "free = true\n" + "\n".join(line for line in TEXT.split("\n") if not line.startswith("solution"))
    head = text[: text.index("[[goals]]")]
    assert checked(tmp_path, head) == ()


def test_an_organisation_that_cannot_be_is_said(tmp_path: Path) -> None:
    text = TEXT.replace("[certificates.public]", '[certificates.public]\nprivate-key = "missing"')
    said = checked(tmp_path, text)
    assert said[0].startswith("small.toml, the organisation: ")
    assert any("IIS is bound to" in sentence for sentence in said)


def test_a_solution_that_lets_weeks_go_by_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    waits = ", ".join(["'Start-Sleep 172800'"] * 40)
    path.write_text(TEXT.replace('solution = ["bind', f'solution = [{waits}, "bind'), encoding="utf-8")
    (said,) = check(path)
    assert "solution 2: more than 3 days" in said


def test_a_cmdlet_that_is_none_is_said_with_its_line(tmp_path: Path) -> None:
    (scenario, *_) = sorted((assets() / "scenarios").glob("01-*.toml"))
    text = scenario.read_text(encoding="utf-8").replace("Get-Queue |", "Get-Qeue |")
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    line = next(number for number, each in enumerate(text.split("\n"), 1) if "Get-Qeue" in each)
    (said,) = check(path, seeds=(1,))
    assert said.startswith(f"own.toml, line {line}, solution 1: the practice shell does not know this: Get-Qeue")
