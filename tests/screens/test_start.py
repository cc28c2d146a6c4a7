"""What a start imports: each front end only what it shows first, for an import that is not there costs nothing.

Nothing here looks at a clock; `python -m tests.benchmarks.start` does.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from textual.screen import Screen

from screens.app import later

ROOT = Path(__file__).resolve().parents[2]

OTHER_FRONT_ENDS = {"questionary", "prompt_toolkit", "pyperclip", "screens.plain", "screens.commands"}
FULL_SCREEN = {"textual", "rich", "screens.app.app"}
ARTICLES = {"markdown_it", "pygments", "tree_sitter", "textual.widgets._markdown", "textual.widgets._markdown_viewer"}
"""Parts of Textual that draw articles and program text, each as dear as a whole screen of ours."""

READERS = {
    "certificates",
    "connectors",
    "errors",
    "folder",
    "logs",
    "prompt",
    "queues",
    "recognise",
    "sendlog",
    "survey",
}

FIRST_SCREEN = """
import asyncio, sys
from screens.app import WizardApp
from wizard import readers

readers.load = lambda: None

async def seen():
    app = WizardApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert type(app.screen).__name__ == "WelcomeScreen"

asyncio.run(seen())
"""


def imported(code: str) -> set[str]:
    """The modules in a fresh Python after this code."""
    code = f"{code}\nimport sys\nsys.stderr.write('IMPORTED ' + ' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.rpartition("IMPORTED ")[2].split())


def ended(*arguments: str) -> set[str]:
    """The modules after the program has ended with these arguments."""
    return imported(f"from screens.cli import main\ntry: main({list(arguments)!r})\nexcept SystemExit: pass")


@pytest.mark.parametrize("words", ["--version", "--help"])
def test_version_and_help_import_the_arguments_and_nothing_else_of_ours(words: str) -> None:
    seen = ended(words)
    assert {name for name in seen if name.partition(".")[0] in {"wizard", "screens"}} == {
        "wizard",
        "screens",
        "screens.cli",
    }
    assert not seen & {"textual", "rich", "questionary", "prompt_toolkit", "pyperclip", "asyncio", "tomllib", "json"}
    assert not seen & {"dataclasses", "inspect", "logging", "platformdirs", "typing"}


def test_diagnose_imports_no_user_interface() -> None:
    seen = ended("diagnose", "assets/sample/certificate.txt")
    assert "screens.commands" in seen
    assert not seen & (FULL_SCREEN | {"questionary", "prompt_toolkit", "pyperclip", "asyncio"})


def test_the_first_screen_stands_without_the_other_front_ends_and_without_any_reader() -> None:
    seen = imported(FIRST_SCREEN)
    assert "screens.app.app" in seen
    assert not seen & OTHER_FRONT_ENDS
    assert not seen & ARTICLES
    assert not {f"wizard.reading.{name}" for name in READERS} & seen
    assert not {"wizard.steps.intake", "wizard.diagnosis"} & seen


def test_the_readers_are_loaded_behind_the_first_screen() -> None:
    seen = imported("from wizard import readers\nreaders.load()")
    assert {f"wizard.reading.{name}" for name in READERS} <= seen


def test_a_reader_is_found_by_its_name_and_nothing_else_is() -> None:
    code = (
        "from wizard import readers\n"
        "assert 'wizard.reading.queues' not in __import__('sys').modules\n"
        "from wizard.reading.queues import read_queues\n"
        "assert readers.read_queues is read_queues\n"
        "assert not hasattr(readers, 'read_everything')"
    )
    assert "wizard.reading.queues" in imported(code)


def test_every_name_the_readers_promise_is_there() -> None:
    code = "from wizard import readers\nfor name in readers._ROOMS: assert callable(getattr(readers, name)), name"
    assert "wizard.reading.survey" in imported(code)


def test_a_screen_that_is_still_being_loaded_is_shown_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread behind the first screen puts the module in place before its class is in it."""
    monkeypatch.setitem(sys.modules, "screens.app.step", ModuleType("screens.app.step"))
    assert not later.is_step(Screen())
