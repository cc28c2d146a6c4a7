"""The cases on disk: nothing that was saved is ever lost, whatever ends the program or fills the disk."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.case.book import Casebook, CasebookError
from wizard.case.case import Case
from wizard.case.file import SCHEMA, Saved, slimmed, written
from wizard.machine.files import write_whole

NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Casebook:
    return Casebook(tmp_path / "cases")


def saved_in(book: Casebook, name: str = "", hours: int = 0, case: Case | None = None) -> Saved:
    saved = Saved(book.new_id(NOW), case or cases.named(), name, NOW + timedelta(hours=hours))
    book.save(saved)
    return saved


def test_there_is_nothing_at_first_and_no_folder_is_made_by_looking(book: Casebook) -> None:
    assert book.cases().cases == ()
    assert not book.folder.exists()


def test_the_case_saved_last_comes_first(book: Casebook) -> None:
    old, new = saved_in(book, "old"), saved_in(book, "new", hours=1)
    assert [each.id for each in book.cases().cases] == [new.id, old.id]
    assert book.load(old.id) == old


def test_a_case_is_private_to_the_user(book: Casebook) -> None:
    saved = saved_in(book)
    if os.name == "posix":
        assert book.path(saved.id).stat().st_mode & 0o777 == 0o600
        assert book.folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("case_id", ["", "..", "../x", "a/b", "a\\b", "C:x", "x.json", "\u0661"])
def test_an_id_names_no_file_elsewhere(book: Casebook, case_id: str) -> None:
    with pytest.raises(CasebookError, match="There is no case"):
        book.load(case_id)


def test_a_case_that_is_not_there_is_said(book: Casebook) -> None:
    with pytest.raises(CasebookError, match="there is no such file"):
        book.load("20261122-033007-ab12")


class TestADamagedFile:
    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'{"schema": 1}', b"null"])
    def test_is_set_aside_named_and_never_deleted(self, book: Casebook, content: bytes) -> None:
        good = saved_in(book)
        bad = book.folder / "20261122-000000-0bad.json"
        bad.write_bytes(content)
        listing = book.cases()
        assert [each.id for each in listing.cases] == [good.id]
        (aside,) = listing.aside
        assert aside.path.read_bytes() == content
        assert aside.path.parent.name == "damaged"
        assert book.cases().aside == ()

    def test_of_the_same_name_takes_no_other_place(self, book: Casebook) -> None:
        for content in ("{1", "{2"):
            book.folder.mkdir(parents=True, exist_ok=True)
            (book.folder / "20261122-000000-0bad.json").write_text(content, encoding="utf-8")
            book.cases()
        kept = sorted(p.read_text(encoding="utf-8") for p in (book.folder / "damaged").iterdir())
        assert kept == ["{1", "{2"]

    def test_is_said_when_it_is_opened(self, book: Casebook) -> None:
        saved = saved_in(book)
        book.path(saved.id).write_text("{", encoding="utf-8")
        with pytest.raises(CasebookError, match=r"not JSON.* set aside"):
            book.load(saved.id)

    def test_of_a_newer_version_stays_where_it_is(self, book: Casebook) -> None:
        saved = saved_in(book)
        path = book.path(saved.id)
        table = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**table, "schema": SCHEMA + 1}), encoding="utf-8")
        (aside,) = book.cases().aside
        assert aside.path == path
        assert path.exists()
        assert "newer version" in aside.why
        with pytest.raises(CasebookError, match="newer version"):
            book.load(saved.id)
        assert path.exists()

    def test_that_is_no_case_but_huge_is_not_read(self, book: Casebook) -> None:
        book.folder.mkdir(parents=True)
        with (book.folder / "20261122-000000-0bad.json").open("wb") as file:
            file.truncate(70 * 1024 * 1024)
        (aside,) = book.cases().aside
        assert "it has 73 MB" in aside.why


class TestTwoWindows:
    def test_the_second_cannot_claim_a_case_until_the_first_gives_it_free(self, book: Casebook) -> None:
        saved = saved_in(book)
        other = Casebook(book.folder)
        assert book.claim(saved.id)
        assert book.claim(saved.id)
        assert not other.claim(saved.id)
        book.release(saved.id)
        assert other.claim(saved.id)

    def test_nor_delete_it(self, book: Casebook) -> None:
        saved = saved_in(book)
        assert book.claim(saved.id)
        with pytest.raises(CasebookError, match="open in another window"):
            Casebook(book.folder).delete(saved.id)
        assert book.load(saved.id)

    def test_a_window_that_was_killed_holds_nothing(self, book: Casebook) -> None:
        saved = saved_in(book)
        code = (
            "import sys, time\nfrom pathlib import Path\nfrom wizard.case.book import Casebook\n"
            f"book = Casebook(Path({str(book.folder)!r}))\nassert book.claim({saved.id!r})\n"
            "print('held', flush=True)\ntime.sleep(60)"
        )
        window = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
        )
        assert window.stdout
        with window:
            assert window.stdout.readline() == "held\n"
            assert not book.claim(saved.id)
            window.kill()
        assert book.claim(saved.id)


class TestDeleting:
    def test_has_a_way_back(self, book: Casebook) -> None:
        saved = saved_in(book, "Leeds")
        book.delete(saved.id)
        assert book.cases().cases == ()
        assert book.deleted() == (saved,)
        book.restore(saved.id)
        assert book.cases().cases == (saved,)
        assert book.deleted() == ()

    def test_brings_nothing_back_over_a_case_that_is_there(self, book: Casebook) -> None:
        saved = saved_in(book)
        book.delete(saved.id)
        book.save(replace(saved, name="another"))
        with pytest.raises(CasebookError, match="in the list already"):
            book.restore(saved.id)

    def test_of_a_case_that_is_not_there_is_said(self, book: Casebook) -> None:
        with pytest.raises(CasebookError, match="There is no case"):
            book.delete("20261122-033007-ab12")


class TestFromAColleague:
    def test_a_case_gets_an_id_of_its_own(self, book: Casebook, tmp_path: Path) -> None:
        file = tmp_path / "handover.json"
        file.write_text(written(Saved("../../evil", cases.ready(), "Leeds"), keep_logs=True), encoding="utf-8")
        taken = book.take_over(file, NOW)
        assert taken.id.startswith("20261122-033007-")
        assert book.load(taken.id).case == slimmed(cases.ready())
        assert file.exists()

    def test_what_is_no_case_is_named(self, book: Casebook, tmp_path: Path) -> None:
        file = tmp_path / "notes.txt"
        file.write_text("call Ann", encoding="utf-8")
        with pytest.raises(CasebookError, match=r"notes\.txt: This is no case: it is not JSON"):
            book.take_over(file, NOW)
        assert file.exists()
        with pytest.raises(CasebookError, match="there is no such file"):
            book.take_over(tmp_path / "none", NOW)


class TestTheDisk:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            (errno.ENOSPC, "the disk is full"),
            (errno.EROFS, "the disk can only be read"),
            (errno.EACCES, "this user may not do that there"),
        ],
    )
    @pytest.mark.parametrize("call", ["open", "fsync", "replace"])
    def test_that_says_no_leaves_the_case_as_it_was_saved_last(
        self, book: Casebook, monkeypatch: pytest.MonkeyPatch, code: int, words: str, call: str
    ) -> None:
        saved = saved_in(book)

        def refuse(*_args: object, **_kwargs: object) -> None:
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            if call == "replace":
                patch.setattr(Path, "replace", refuse)
            else:
                patch.setattr(os, call, refuse)
            with pytest.raises(CasebookError, match=words):
                book.save(replace(saved, name="later"))
        assert book.load(saved.id) == saved
        assert [p.name for p in book.folder.iterdir() if p.is_file()] == [f"{saved.id}.json"]

    def test_that_has_no_such_folder(self, tmp_path: Path) -> None:
        (tmp_path / "cases").write_text("a file where the folder should be", encoding="utf-8")
        book = Casebook(tmp_path / "cases")
        with pytest.raises(CasebookError, match="could not be saved"):
            saved_in(book)
        assert book.cases().cases == ()


def test_what_a_killed_save_left_is_swept_away_once_it_is_old(book: Casebook) -> None:
    saved_in(book)
    old, young = book.folder / ".20261122-0.json.1.aa", book.folder / ".20261122-0.json.2.bb"
    for draft in (old, young):
        draft.write_text("{", encoding="utf-8")
    os.utime(old, (0, 0))
    book.cases()
    assert not old.exists()
    assert young.exists()


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "record.md"
    write_whole(path, "one\ntwo\n")
    write_whole(path, "three\n")
    assert path.read_bytes() == b"three\n"
    assert list(tmp_path.iterdir()) == [path]
