"""Shared by all tests of the screens."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.widgets import Input, TextArea

from wizard.machine.copying import TerminalSession


@pytest.fixture(autouse=True, scope="session")
def _collect_less_often() -> Iterator[None]:
    """Every app is thousands of objects, and looking through all of them took a quarter of the time."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)
    yield
    gc.set_threshold(*usual)


@pytest.fixture(autouse=True, scope="session")
def _styles_parsed_once() -> Iterator[None]:
    """Every app parses the same styles, which took a sixth of its start."""
    parse, known = Stylesheet._parse_rules, dict[object, list[RuleSet]]()

    def parsed(sheet: Stylesheet, css: str, read_from: CSSLocation, **origin: Any) -> list[RuleSet]:
        key = (css, read_from, *sorted(origin.items()), *sorted(sheet._variables.items()))
        if key not in known:
            known[key] = parse(sheet, css, read_from, **origin)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parsed)
        yield


@pytest.fixture(autouse=True)
def _cursor_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks would be drawn or not, as the clock has it."""
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _self: None)


@pytest.fixture(autouse=True)
def _short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed text is read after a shorter pause, so that tests need not wait."""
    monkeypatch.setattr("screens.app.evidence.PAUSE", 0.15)
    monkeypatch.setattr("screens.app.openfile.PAUSE", 0.15)
    monkeypatch.setattr("screens.app.arrival.PAUSE", 0.15)


@pytest.fixture
def usual_folder() -> Iterator[Path]:
    """A folder whose path is as long as a person's own: `tmp_path` is longer, and longer still beside other workers."""
    with tempfile.TemporaryDirectory(prefix="a-folder-with-a-name-of-usual-length-") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the person's own terminal is set to does not reach the tests, nor do the tests reach the person's files."""
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path / "home"))
    for name in ("NO_COLOR", "TEXTUAL_ANIMATIONS", "TEXTUAL", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(
        "wizard.machine.copying.session_here", lambda: TerminalSession("linux", {"TERM": "xterm-256color"})
    )
