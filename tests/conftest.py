"""Shared by all tests: the program's own files go to a folder of the test run, never to the person's."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from wizard.places import HOME_VARIABLE

# Nothing is asserted by the clock, also not by the runner: a machine may be busy with other things.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def _own_files_apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the programs a test starts: they inherit it, and the size of their window is the window's own.

    A worker of pytest-xdist has COLUMNS and LINES set, which Textual believes before it asks the terminal.
    """
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path_factory.mktemp("home")))
    for name in ("COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
