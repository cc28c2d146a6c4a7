"""The settings file: what it can say, and that nothing in it ends the program."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.machine import settings as places
from wizard.machine.settings import CopyRoute, Glyphs, Settings, load, read


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == Settings()


def test_all_that_can_be_set(tmp_path: Path) -> None:
    settings = load(
        written(tmp_path, 'copy = "terminal"\nglyphs = "ascii"\nkeep_logs = true\n[keys]\n"step.copy" = "f12"\n')
    )
    assert (settings.copy, settings.glyphs) == (CopyRoute.TERMINAL, Glyphs.ASCII)
    assert dict(settings.keys) == {"step.copy": "f12"}
    assert settings.keep_logs
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('copy = "magic"', "copy is 'magic'; it can be auto, system, terminal, hand."),
        ("glyphs = 7", "glyphs is 7; it can be auto, unicode, ascii."),
        ("keys = 1", "keys is not a table."),
        ("keep_logs = 'no'", "keep_logs is 'no'; it can be true or false."),
        ('[keys]\n"step.copy" = 2', "the key for 'step.copy' is not a text."),
        ("colour = 'red'", "there is no setting 'colour'."),
        ("copy = ", "is not TOML"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_rest_is_taken(tmp_path: Path, text: str, problem: str) -> None:
    settings = load(written(tmp_path, text))
    assert problem in " ".join(settings.problems)
    assert settings.copy is CopyRoute.AUTO


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_in_another_encoding_of_windows_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes('copy = "hand"\r\n[keys]\r\n"step.copy" = "F12"\r\n'.encode(encoding))
    found = load(path)
    assert (found.copy, dict(found.keys), found.problems) == (CopyRoute.HAND, {"step.copy": "F12"}, ())


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in load(path).problems[0]
    assert "cannot be read" in load(tmp_path).problems[0]


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["copy", "glyphs", "keys", "other"]), JSONISH))
def test_any_table_gives_settings(table: dict[str, object]) -> None:
    assert isinstance(read(table), Settings)


def test_everything_lies_in_the_folder_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path))
    assert {places.settings_file().parent, places.cases_folder().parent, places.reports_folder().parent} == {tmp_path}


def test_else_in_the_folders_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(places.HOME_VARIABLE, raising=False)
    for path in (places.settings_file(), places.cases_folder(), places.reports_folder()):
        assert "exchange-cert-wizard" in path.parts
