"""Pastes in a real terminal: 5 MB with and without bracketed paste, and Enter that must press nothing."""

from __future__ import annotations

import pytest

from tests.screens import evidence
from tests.terminal.test_journey import Terminal, opened

pytestmark = [pytest.mark.long, pytest.mark.terminal, pytest.mark.usefixtures("tmux_is_there")]

ROW = "2026-11-20T08:00:00.000Z,Internet,0AB1C2D3E4F50000,0,,198.51.100.7:25,*,,attempting to connect\n"
LARGE_LOG = evidence.log(evidence.OURS) + ROW * 52_000


@pytest.mark.parametrize(
    ("bracketed", "columns", "lines"), [(True, 80, 24), (False, 60, 18)], ids=["bracketed", "as keys"]
)
def test_a_log_of_5_megabytes_begins_a_case(
    terminals: list[Terminal], bracketed: bool, columns: int, lines: int
) -> None:
    assert len(LARGE_LOG) > 4_900_000
    terminal = opened(terminals, columns=columns, lines=lines)
    terminal.wait("Begin: mail is stuck")
    terminal.paste(LARGE_LOG, bracketed)
    terminal.wait(f"Our certificate: {evidence.OURS}")
    terminal.wait("Read the log")
    assert "Traceback" not in terminal.screen


@pytest.mark.parametrize("bracketed", [True, False], ids=["bracketed", "as keys"])
def test_blank_lines_before_an_output_choose_nothing(terminals: list[Terminal], bracketed: bool) -> None:
    """On the welcome screen the first Enter of an old console's paste would begin an empty case."""
    terminal = opened(terminals)
    terminal.wait("Begin: mail is stuck")
    terminal.paste("\n\n" + evidence.connectors("Partner"), bracketed)
    terminal.wait("Which Send connector?")
    terminal.wait("Send connector: Partner")
