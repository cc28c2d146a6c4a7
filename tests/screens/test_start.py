"""What a start imports: each front end only what it shows first, for an import that is not there costs nothing.

Nothing here looks at a clock; `python -m tests.benchmarks.start` does.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FULL_SCREEN = {"textual", "rich", "screens.app.app"}
OTHERS = {"questionary", "prompt_toolkit", "pyperclip"}
ARTICLES = {"markdown_it", "pygments", "tree_sitter", "textual.widgets._markdown", "textual.widgets._markdown_viewer"}
"""Parts of Textual that draw articles and program text, each as dear as a whole screen of ours."""

LIGHT = {
    "screens": "",
    "screens.app": "app arrival base keys look welcome",
    "screens.": "actions copies end fault paths saves words",
    "wizard": "",
    "wizard.": "assets facts findings",
    "wizard.case": "book case file keeper servers",
    "wizard.machine": "clipboard console copying files inert settings tables",
    "wizard.powershell": "literal",
    "wizard.reading": "codepages passwords text",
}
"""What of ours is loaded before the first screen: no step, no reader, no record, nothing of practice."""

READERS = ("certificates", "connectors", "log.sessions", "prompt", "queues", "recognise", "survey")

FIRST_SCREEN = """
import asyncio
import screens.app.app

screens.app.app.load_rest = lambda: None

async def seen():
    app = screens.app.app.WizardApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert type(app.screen).__name__ == "WelcomeScreen"

asyncio.run(seen())
"""

NO_SCREEN = (
    "screens.copies",
    "screens.end",
    "screens.fault",
    "screens.paths",
    "screens.plain.practice",
    "screens.plain.program",
    "screens.plain.wizard",
    "screens.saves",
    "screens.training",
    "screens.words",
)
"""What the front end line by line is made of."""


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


def test_the_first_screen_loads_what_it_shows_and_nothing_else_of_ours() -> None:
    seen = imported(FIRST_SCREEN)
    light = {f"{room.rstrip('.')}.{name}" for room, names in LIGHT.items() for name in names.split()}
    ours = {name for name in seen if name.partition(".")[0] in {"wizard", "screens"}}
    assert ours - light == {room for room in LIGHT if not room.endswith(".")}
    assert not seen & OTHERS
    assert not seen & ARTICLES
    assert "textual.widgets._text_area" not in seen


def test_the_rest_is_loaded_behind_the_first_screen_and_practice_is_not() -> None:
    seen = imported("from screens.app.app import load_rest\nload_rest()")
    assert {f"wizard.reading.{name}" for name in READERS} <= seen
    assert {"screens.app.step", "screens.app.handover", "screens.app.palette"} <= seen
    assert not {"screens.training", "screens.app.practice"} & seen


@pytest.mark.parametrize("module", NO_SCREEN)
def test_line_by_line_loads_no_textual(module: str) -> None:
    assert not {name.partition(".")[0] for name in imported(f"import {module}")} & {"textual", "rich"}


def test_an_exercise_line_by_line_is_played_to_its_end_without_textual(tmp_path: Path) -> None:
    said = "wizard c o b q paste answer q server? hint wait done y q"
    code = (
        "import sys\nfrom screens.cli import main\nstatus = main(['practice', '--plain', '1', '--seed', '7'])\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(status, sorted(loaded & {'textual', 'rich', 'prompt_toolkit'}))"
    )
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **folders},
        input="".join(f"{word}\n" for word in said.split()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "0 []"
    assert "PRACTICE, the wizard." in done.stdout
