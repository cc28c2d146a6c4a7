"""A case from a colleague's file is evidence: whatever stands in it, it is refused in a sentence or harms nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.budget import WHOLE
from tests.wizard import cases
from wizard.case.book import Casebook, line_of
from wizard.case.case import Case, Deed, StepId
from wizard.case.file import CaseFileError, Saved, parsed, written
from wizard.facts import LogFolder
from wizard.record.export import ExportForm, exported
from wizard.record.summary import summary
from wizard.steps.intake import usual_path

NOW = datetime(2026, 11, 22, 3, 5, 7, tzinfo=UTC)
S = StepId

BAD = (
    "",
    "x",
    "'; Stop-Computer #\r\nrm",
    "%E9%20a\ud800\u202e\x1b[2J",
    "9999-12-31T23:59:59+00:00",
    "0" * 40,
)
"""What no reading of this program gives, and what a command, a page or an encoder could break on."""


def table(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(Saved("20261122-030507-ab12", case, "Leeds", NOW)))
    return found


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a table every text stands."""
    if isinstance(value, dict | list):
        for key, kept in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(kept, (*path, key))
    elif isinstance(value, str):
        yield path


def with_text(whole: dict[str, Any], path: tuple[Any, ...], text: str) -> str:
    """The table as JSON with another text in a place."""
    whole = at = json.loads(json.dumps(whole))
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = text
    return json.dumps(whole)


@pytest.mark.quick(1)
@pytest.mark.hypothesis
@pytest.mark.parametrize("first", range(len(BAD)))
def test_any_text_anywhere_is_refused_or_can_be_shown(first: int) -> None:
    """Each text in every place with the whole budget; with less in some, and never the same ones for all texts."""
    every = min(len(BAD), WHOLE // settings().max_examples)
    whole = table(cases.proven_case())
    bad = BAD[first]
    taken = 0
    for path in islice(places(whole["case"], ("case",)), first % every, None, every):
        try:
            saved = parsed(with_text(whole, path, bad))
        except CaseFileError:
            continue
        taken += 1
        assert line_of(saved, NOW).text
        assert summary(saved.case)
        assert cases.commands_everywhere(saved.case)
        assert exported(saved, ExportForm.CARD, NOW).text
    assert taken > 20 // every


@pytest.mark.quick(1)
@pytest.mark.parametrize("bad", BAD[2:4], ids=["line ends", "halves of characters"])
def test_and_can_be_handed_over_with_stand_ins(bad: str) -> None:
    whole = table(cases.ready())
    made = 0
    for path in list(places(whole["case"], ("case",)))[::7]:
        try:
            saved = parsed(with_text(whole, path, bad))
        except CaseFileError:
            continue
        made += 1
        for form in (ExportForm.CASE, ExportForm.HTML):
            assert exported(saved, form, NOW, redact=True).text.encode("utf-8", "backslashreplace")
    assert made


@pytest.mark.parametrize("path", [("on", "", "thumbprint"), ("on", "", "prompt", "current"), ("connector",)])
def test_what_no_command_can_hold_is_refused(path: tuple[str, ...]) -> None:
    with pytest.raises(CaseFileError, match="not what it should be"):
        parsed(with_text(table(cases.proven_case()), ("case", *path), "'; Stop-Computer\n#"))


class TestItsPaths:
    def foreign(self, tmp_path: Path) -> Path:
        case = cases.ready().opening(S.LOG, r"\\attacker.example\share\SEND.log")
        elsewhere = cases.ready().opening(S.SESSION, r"\\attacker.example\share")
        file = tmp_path / "foreign.json"
        file.write_text(written(Saved("20261122-030507-ab12", case, "Leeds", NOW)), encoding="utf-8")
        assert "attacker" in file.read_text(encoding="utf-8")
        assert elsewhere.answer(S.SESSION).path
        return file

    def test_are_not_taken_over_and_where_it_came_from_is_on_record(self, tmp_path: Path) -> None:
        book = Casebook(tmp_path / "cases")
        case = book.load(book.take_over(self.foreign(tmp_path), NOW).id).case
        assert not any(answer.path for _server, _step, answer in case.every_answer())
        assert (case.journal[-1].deed, case.journal[-1].text) == (Deed.IMPORTED, "foreign.json")

    def test_nor_are_those_of_its_other_servers(self, tmp_path: Path) -> None:
        whole = table(cases.proven_case())
        there = {"server": "EX02", "answers": {"log": {"path": r"\\attacker.example\share"}}}
        whole["case"]["on"]["ex02"] = there
        file = tmp_path / "foreign.json"
        file.write_text(json.dumps(whole), encoding="utf-8")
        case = Casebook(tmp_path / "cases").take_over(file, NOW).case
        assert case.on["ex02"].answers[S.LOG].path == ""


class TestWhereOpeningBegins:
    def named(self, *paths: str, **changes: Any) -> Case:
        folders = tuple(LogFolder("EX01", path) for path in paths)
        return replace(cases.with_connector(), log_folders=folders, **changes)

    def test_in_the_folder_that_the_server_named(self) -> None:
        assert usual_path(self.named(r"D:\Logs\Send"), S.LOG) == r"D:\Logs\Send"
        assert usual_path(self.named(r"D:\Logs\Send"), S.CONNECTOR) == ""

    def test_at_what_was_opened_before(self) -> None:
        case = self.named(r"D:\Logs\Send").opening(S.LOG, r"E:\copy")
        assert usual_path(case, S.LOG) == r"E:\copy"

    def test_in_the_front_ends_folder_for_a_connector_that_goes_through_it(self) -> None:
        case = cases.with_connector(FrontendProxyEnabled="True")
        case = replace(
            case,
            log_folders=(LogFolder("EX01", r"D:\Logs\Hub"),),
            frontend_folders=(LogFolder("EX01", r"D:\Logs\FrontEnd"),),
        )
        assert usual_path(case, S.LOG) == r"D:\Logs\FrontEnd"

    @pytest.mark.parametrize("start", ["\\\\", "//", "\\/", "/\\"])
    def test_never_by_itself_on_another_computer(self, start: str) -> None:
        case = self.named(rf"{start}attacker.example\share", r"D:\Logs\Send")
        assert usual_path(case, S.LOG) == r"D:\Logs\Send"
