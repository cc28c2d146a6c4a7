"""Shared by all tests: the program's own files go to a folder of the test run, never to the person's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.budget import QUICK, WHOLE
from wizard.machine.settings import HOME_VARIABLE

TESTS = Path(__file__).parent

# Nothing is asserted by the clock, also not by the runner: a machine may be busy with other things.
settings.register_profile("quick", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=QUICK)
settings.register_profile("whole", settings.get_profile("quick"), max_examples=WHOLE)
settings.register_profile("ci", settings.get_profile("quick"), max_examples=WHOLE // 3)
settings.load_profile("quick")

# Without, each worker and each program that a test starts compiles everything anew, which takes longer than most tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


QUICK_PARAMETERS = {"screens": 2, "terminal": 2}
"""How many of a test's parameters run in a quick run, by the folder below tests; all elsewhere."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks as long the parameters that a quick run leaves out; those it runs are spread over the whole list."""
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in tests.values():
        folder = cases[0].path.relative_to(TESTS).parts[0]
        mark = cases[0].get_closest_marker("quick")
        number = mark.args[0] if mark else QUICK_PARAMETERS.get(folder, len(cases))
        taken = {place * len(cases) // number for place in range(number)}
        for place, item in enumerate(cases):
            if place not in taken:
                item.add_marker("long")


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A new folder each time; pytest's own numbers would look through all that there are."""
    return map(tmp_path_factory.mktemp("homes").joinpath, map(str, count()))


@pytest.fixture(autouse=True)
def _own_files_apart(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the programs a test starts: they inherit it, and the size of their window is the window's own.

    A worker of pytest-xdist has COLUMNS and LINES set, which Textual believes before it asks the terminal.
    """
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
