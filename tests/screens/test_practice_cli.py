"""`practice` without questions: the list, the check of an instructor's files, the record for the instructor."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from screens.cli import main, parser
from screens.training import Training, course_in_words, found
from wizard.assets import assets
from wizard.machine import settings as places
from wizard.practice import scenariofile as library
from wizard.practice.coach import Met
from wizard.practice.result import Learned, ProgressFolder, Result, record_json
from wizard.practice.scenario import Mode

AT = datetime(2026, 11, 22, 21, 40, tzinfo=UTC)
SHEET = Result(
    "plain", "The article, step by step", 7, Mode.EXAM, AT, AT, 0, (Met("Mail flows", True),), (), True, ("N",)
)


def test_the_list_has_every_scenario_from_the_easiest_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "--list"]) == 0
    printed = capsys.readouterr().out
    names = [line.split()[1].rstrip(":") for line in printed.split("\n") if line[:2].strip().isdigit()]
    assert names == [scenario.identity for scenario in library.all_scenarios()]
    assert max(map(len, printed.split("\n"))) <= 80


def test_the_list_says_how_the_learner_stands(capsys: pytest.CaptureFixture[str]) -> None:
    kept = ProgressFolder(places.practice_folder())
    kept.add(SHEET)
    kept.add(replace(SHEET, scenario="decoy", solved=False))
    kept.add(replace(SHEET, scenario="second-server", damage=("The default was replaced.",)))
    main(["practice", "--list"])
    printed = capsys.readouterr().out
    assert "(10 min), solved without damage\n" in printed
    assert "(10 min), tried 1 time\n" in printed
    assert ", solved with damage\n" in printed
    # What a scenario teaches gives its solution away.
    plain, decoy, *_ = library.all_scenarios()
    assert plain.teaches in printed
    assert decoy.teaches not in printed
    main(["practice", "--list", "--json"])
    first, second, *_ = json.loads(capsys.readouterr().out)
    assert (first["id"], first["without_damage"]) == ("plain", 1)
    assert (second["id"], second["tried"], second["solved"]) == ("decoy", 1, 0)


def test_next_goes_on_with_the_course_at_the_first_that_is_not_solved() -> None:
    first, second, third, *_ = library.all_scenarios()
    kept = ProgressFolder(places.practice_folder())
    for solved, follows in ((first, (2, second)), (third, (2, second)), (second, (4, library.all_scenarios()[3]))):
        kept.add(replace(SHEET, scenario=solved.identity))
        assert found("next", None) == follows
    assert course_in_words(kept.read(), library.all_scenarios()) == f"3 of {len(library.all_scenarios())} solved."
    for each in library.all_scenarios():
        kept.add(replace(SHEET, scenario=each.identity))
    assert found("NEXT", None) == (1, first)


def test_a_scenario_that_is_not_there_is_said_before_anything_of_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["practice", "nosuch"]) == 2
    complained = capsys.readouterr().err
    assert "There is no scenario 'nosuch'" in complained
    assert "terminal" not in complained


def test_a_record_of_a_newer_version_does_not_hide_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    folder = places.practice_folder()
    folder.mkdir(parents=True)
    (folder / "progress.json").write_text('{"schema": 99, "results": []}', encoding="utf-8")
    assert main(["practice", "--list"]) == 0
    captured = capsys.readouterr()
    assert "newer version" in captured.err
    assert "plain" in captured.out


def test_check_says_of_each_file_what_is_wrong_with_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = tmp_path / "own.toml"
    text = (assets() / "scenarios" / "01-plain.toml").read_text(encoding="utf-8")
    damaged.write_text(text.replace("minutes = 10", "minutes = 0"), encoding="utf-8")
    assert main(["practice", "--check", str(damaged), str(tmp_path / "none.toml")]) == 1
    printed = capsys.readouterr().out
    assert "own.toml, line 5, minutes: write a whole number from 1" in printed
    assert "none.toml: it cannot be read: there is no such file." in printed
    assert "2 files, 2 with something to mend." in printed


def test_the_record_is_exported_as_a_page_or_as_json_and_never_over_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ProgressFolder(places.practice_folder()).add(SHEET)
    assert main(["practice", "--export", str(tmp_path / "mine.html"), "--learner", "Ada"]) == 0
    page = (tmp_path / "mine.html").read_text(encoding="utf-8")
    assert "Ada" in page
    assert "<script" not in page
    assert main(["practice", "--export", str(tmp_path / "mine.json")]) == 0
    assert json.loads((tmp_path / "mine.json").read_text(encoding="utf-8"))["results"][0]["scenario"] == "plain"
    main(["practice", "--export", str(tmp_path / "mine.html")])
    assert (tmp_path / "mine-2.html").exists()
    assert "Written: " in capsys.readouterr().out


def test_a_class_becomes_one_table_and_a_bad_file_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ben = (replace(SHEET, solved=False, goals=(Met("Mail flows", False),)), replace(SHEET, hints=2))
    hurt = replace(SHEET, damage=("The default was replaced.",))
    sandbox = replace(SHEET, mode=Mode.SANDBOX, title="Free play")
    (tmp_path / "a.json").write_text(record_json(Learned((SHEET, sandbox)), "Ada"), encoding="utf-8")
    (tmp_path / "ben.json").write_text(record_json(Learned(ben)), encoding="utf-8")
    (tmp_path / "c.json").write_text(record_json(Learned((hurt, ben[0])), "Cem"), encoding="utf-8")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("a.json", "ben.json", "bad.json", "c.json", "none.json")]
    assert main(["practice", "--class", *files]) == 1
    printed = capsys.readouterr()
    assert "3 learners, 3 exercises: 2 solved without damage." in printed.out
    for row in (
        "Ada, The article, step by step, solved, 1 try, 0 hints, 0 s",
        "ben, The article, step by step, solved, 2 tries, 2 hints, 0 s",
        "Cem, The article, step by step, solved with damage, 2 tries, 0 hints, 0 s",
        "The article, step by step, Not reached: Mail flows, ben and Cem",
        "The article, step by step, The default was replaced, Cem",
    ):
        assert f"  {row}\n" in f"{printed.out}\n", row
    assert "Free play" not in printed.out
    assert "bad.json is left out: it is no JSON." in printed.err
    assert "none.json is left out: it cannot be read: there is no such file." in printed.err
    assert main(["practice", "--class", *files[:2], "--export", str(tmp_path / "class.html")]) == 0
    assert "<th" in (tmp_path / "class.html").read_text(encoding="utf-8")
    assert main(["practice", "--class", *files[:2], "--export", str(tmp_path / "class.json")]) == 0
    assert "ben" in json.dumps(json.loads((tmp_path / "class.json").read_text(encoding="utf-8")))
    assert main(["practice", "--class", files[2]]) == 2


def test_another_kind_of_file_is_refused_and_a_record_without_results_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["practice", "--export", str(tmp_path / "mine.docx")]) == 2
    assert ".html" in capsys.readouterr().err
    assert main(["practice", "--export", str(tmp_path / "mine.html")]) == 0
    assert "no result in it yet" in capsys.readouterr().out


def test_the_training_is_opened_with_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def run(*words: object) -> int:
        asked.append(words)
        return 0

    monkeypatch.setattr("screens.plain.practice.run", run)
    for words in (
        ["--plain", "practice"],
        ["practice", "--plain", "edge", "--mode", "exam", "--seed", "7"],
        ["practice", "--mode", "sandbox", "--plain"],
    ):
        assert main(words) == 0
    assert asked == [
        (None, None, None),
        ("edge", Mode.EXAM, 7),
        (None, Mode.SANDBOX, None),
    ]


def test_an_unknown_scenario_is_said_with_the_one_that_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["practice", "egde", "--plain"]) == 2
    assert "Did you mean edge?" in capsys.readouterr().err


def test_the_full_screen_needs_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("ACCESSIBLE", raising=False)
    assert main(["practice", "plain"]) == 2
    assert "needs a terminal" in capsys.readouterr().err


def test_the_modes_of_the_command_line_are_the_ways_to_train() -> None:
    for mode in Mode:
        assert parser().parse_args(["practice", "--mode", mode.value]).mode == mode.value


def test_only_one_of_list_check_and_export_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["practice", "--list", "--export", "x.html"])
    assert "not allowed with" in capsys.readouterr().err


def test_the_wizard_beside_the_shell_goes_by_the_clock_of_the_practice_world() -> None:
    """By the clock on the wall every certificate of a practice world has expired one day, and is never bound."""
    training = Training(library.find_scenario("plain"), 1, Mode.GUIDED, 1)
    assert training.keeper.case.opened == training.exercise.start.now
