"""Shared by the tests in a real terminal."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.terminal.test_journey import Terminal


@pytest.fixture
def tmux_is_there() -> None:
    """Without tmux the test is skipped; on a build server, where it must be, it fails."""
    if shutil.which("tmux") is None:
        if os.environ.get("CI"):
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """The terminals that a test opens, closed after it."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()
