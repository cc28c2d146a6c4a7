"""The program's own text: where it lies, and that it can be read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.assets import asset_table, asset_text, assets

ROOT = Path(__file__).resolve().parents[2]


def test_lies_beside_the_checkout() -> None:
    assert assets() == ROOT / "assets"


def test_is_found_inside_the_package_as_a_wheel_has_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "wizard", tmp_path / "wizard", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "assets", tmp_path / "wizard" / "assets")
    code = "from wizard.assets import assets, asset_text; print(assets()); asset_text('steps.toml')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == tmp_path / "wizard" / "assets"


@pytest.mark.parametrize("path", sorted((ROOT / "assets").rglob("*.*")), ids=lambda path: path.name)
def test_is_utf_8_without_byte_order_mark(path: Path) -> None:
    assert not path.read_text(encoding="utf-8").startswith("\ufeff")


@pytest.mark.parametrize("name", ["steps.toml", "queue_errors.toml", "handshake_errors.toml"])
def test_tables_are_read_once(name: str) -> None:
    assert asset_table(name)
    assert asset_table(name) is asset_table(name)


def test_text_has_line_feeds_only() -> None:
    assert "\r" not in asset_text("sample/SEND20261122-1.log")


def test_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        asset_text("sample/nothing.txt")
