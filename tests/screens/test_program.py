"""What is printed to be typed starts the program that printed it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from screens.words import program


@pytest.mark.parametrize(
    ("started", "found", "typed"),
    [
        ("/usr/local/bin/exchange-cert-wizard", "/usr/local/bin/exchange-cert-wizard", "exchange-cert-wizard"),
        ("exchange-cert-wizard", "/usr/local/bin/exchange-cert-wizard", "exchange-cert-wizard"),
        (".venv/bin/exchange-cert-wizard", None, ".venv/bin/exchange-cert-wizard"),
        # Another one is on the path.
        ("/opt/new/exchange-cert-wizard", "/usr/bin/exchange-cert-wizard", "/opt/new/exchange-cert-wizard"),
        # The one file, in the folder it was copied to.
        ("exchange-cert-wizard.exe", "exchange-cert-wizard.exe", "./exchange-cert-wizard.exe"),
        ("/home/a b/exchange-cert-wizard", None, '"/home/a b/exchange-cert-wizard"'),
        ("/src/screens/__main__.py", None, "python -m screens"),
        ("/usr/bin/pytest", None, "exchange-cert-wizard"),
    ],
)
def test_the_program_is_named_as_it_was_started(
    monkeypatch: pytest.MonkeyPatch, started: str, found: str | None, typed: str
) -> None:
    monkeypatch.setattr(sys, "argv", [str(Path(started))])
    monkeypatch.setattr(shutil, "which", lambda _name: found and str(Path(found)))
    assert program().replace("\\", "/") == typed
