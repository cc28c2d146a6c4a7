"""Whole journeys in a real terminal: 80 columns, 24 lines, keys and pastes as a person gives them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens import evidence

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds a text may take to appear; far more than it does, for slow machines."""

SAMPLE_BIND = "Enable-ExchangeCertificate -Thumbprint '9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C' -Services SMTP,IIS,POP"


class Terminal:
    """A real terminal with the program in it. `screen` is what stands in it now."""

    def __init__(self, *arguments: str, columns: int = 80, lines: int = 24, folder: Path = ROOT) -> None:
        self._socket = f"wizard-test-{uuid.uuid4().hex[:8]}"
        command = shlex.join([sys.executable, "-m", "screens", *arguments])
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        # The clipboard is another test's; none here keeps this one apart from the machine's own.
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        shell = f"cd {shlex.quote(str(folder))} && {command}; echo EXIT $?; sleep 1000"
        self._tmux("new-session", "-d", "-x", str(columns), "-y", str(lines), shell, env=environment)

    def _tmux(self, *arguments: str, stdin: str | None = None, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, "-f", "/dev/null", *arguments],
            input=stdin,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout

    @property
    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    @property
    def scrollback(self) -> str:
        """Everything, with lines that the terminal wrapped joined again."""
        return self._tmux("capture-pane", "-p", "-J", "-S", "-")

    def wait(self, text: str) -> None:
        """Wait until the text stands on the screen; blanks and line breaks do not count."""
        wanted = "".join(text.split())
        end = time.monotonic() + PATIENCE
        while wanted not in "".join(self.screen.replace("\u2502", "").split()):
            assert time.monotonic() < end, f"waited in vain for {text!r}:\n{self.screen}"
            time.sleep(0.05)

    def keys(self, *names: str) -> None:
        self._tmux("send-keys", *names)

    def paste(self, text: str, bracketed: bool = True) -> None:
        """Paste as a modern terminal does, or as an old console: key by key, each line end an Enter."""
        self._tmux("load-buffer", "-", stdin=text)
        self._tmux("paste-buffer", *(["-p"] if bracketed else []))

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False)


@pytest.fixture(autouse=True)
def _tmux_is_there() -> None:
    """Without tmux the test is skipped; on a build server, where it must be, it fails."""
    if shutil.which("tmux") is None:
        if os.environ.get("CI"):
            pytest.fail("tmux is not installed")
        pytest.skip("tmux is not installed")


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


def opened(terminals: list[Terminal], *arguments: str, columns: int = 80, lines: int = 24) -> Terminal:
    terminal = Terminal(*arguments, columns=columns, lines=lines)
    terminals.append(terminal)
    return terminal


def test_the_sample_from_the_first_screen_to_the_scrollback(terminals: list[Terminal]) -> None:
    terminal = opened(terminals, "--sample")
    terminal.wait("What does the queue say?")
    terminal.wait("Queue EX01\\3417")
    terminal.keys("Enter")
    terminal.wait("Which one does the stuck mail use?")
    terminal.keys("Enter")
    terminal.wait("(*) Outbound to Office 365")
    terminal.keys("Enter")
    terminal.wait("Which server sends the mail?")
    terminal.keys("F8")
    terminal.wait("UnknownCredentials  3")
    terminal.wait("Our certificate: 9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C")
    terminal.keys("F8")
    terminal.wait("Services now: IIS, POP.")
    terminal.keys("F8")
    terminal.wait("Before: IIS, POP. After: SMTP, IIS, POP.")
    terminal.keys("F2")
    terminal.wait("Enter alone means YES")
    terminal.keys("Enter")
    terminal.wait("Answer N to its question.")
    terminal.keys("F8")
    terminal.wait("What did you answer?")
    terminal.keys("Down", "Enter")
    terminal.wait("(*) I answered N")
    for number in (8, 9, 10, 11):
        terminal.keys("F8")
        terminal.wait(f"Step {number} of 12")
    terminal.wait("EX02: not begun.")
    terminal.keys("Enter")
    terminal.wait("Step 5 of 12 on EX02")
    terminal.wait("Services now: IIS.")
    for number in (6, 7):
        terminal.keys("F8")
        terminal.wait(f"Step {number} of 12 on EX02")
    terminal.keys("Down", "Enter")
    terminal.wait("(*) I answered N")
    for number in (8, 9, 10, 11, 12):
        terminal.keys("F8")
        terminal.wait(f"Step {number} of 12")
    terminal.keys("F8")
    terminal.wait("Done on both servers: all five points are proven or said by you.")
    terminal.keys("C-q")
    terminal.wait("EXIT 0")
    assert f"\n  {SAMPLE_BIND}\n" in terminal.scrollback
    assert "Traceback" not in terminal.scrollback


@pytest.mark.parametrize("bracketed", [True, False], ids=["modern terminal", "old console"])
def test_a_case_of_ones_own_with_real_pastes(terminals: list[Terminal], bracketed: bool) -> None:
    terminal = opened(terminals)
    terminal.wait("Begin: mail is stuck")
    terminal.keys("Enter")
    terminal.wait("What does the queue say?")
    terminal.paste(evidence.QUEUES, bracketed)
    terminal.wait("These are the article's own words")
    terminal.keys("F8")
    terminal.wait("Step 2 of 11")
    terminal.paste(evidence.CONNECTOR, bracketed)
    terminal.keys("Enter")
    terminal.wait(f"Send connector: {evidence.CONNECTOR}")
    terminal.keys("F8")
    terminal.wait(f"Set-SendConnector -Identity '{evidence.CONNECTOR}' -ProtocolLoggingLevel Verbose")
    terminal.keys("F8")
    terminal.wait("Step 4 of 11")
    terminal.paste(evidence.log(evidence.OURS), bracketed)
    terminal.wait(f"Our certificate: {evidence.OURS}")
    terminal.keys("F8")
    terminal.wait("Step 5 of 11")
    terminal.paste(evidence.certificate(), bracketed)
    terminal.wait("Services now: IIS, POP.")
    terminal.keys("F8")
    terminal.wait(evidence.BIND)
    terminal.keys("C-q")
    terminal.wait("EXIT 0")
    assert f"\n  {evidence.BIND}\n" in terminal.scrollback


def test_the_log_is_opened_as_a_file(terminals: list[Terminal], tmp_path: Path) -> None:
    (tmp_path / "SEND20261120-1.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
    terminal = opened(terminals, columns=100, lines=30)
    terminal.wait("Begin: mail is stuck")
    terminal.keys("Enter")
    terminal.wait("What does the queue say?")
    terminal.keys("F8")
    terminal.wait("Step 2 of 11")
    terminal.keys("-l", evidence.CONNECTOR)
    terminal.keys("Enter")
    terminal.wait(f"Send connector: {evidence.CONNECTOR}")
    terminal.keys("F8")
    terminal.wait("Step 3 of 11")
    terminal.keys("F8")
    terminal.wait("Step 4 of 11")
    terminal.keys("F5")
    terminal.wait("Open a file or folder")
    terminal.keys("-l", f'"{tmp_path}"')
    # An Enter in the same read would be the line end of a paste.
    terminal.wait(f'{tmp_path.name}"')
    terminal.keys("Enter")
    terminal.wait(f"Our certificate: {evidence.OURS}")
    assert "SEND20261120-1.log" in terminal.screen


def test_line_by_line(terminals: list[Terminal]) -> None:
    terminal = opened(terminals, "--plain", "--sample", lines=60)
    terminal.wait("Step 1 of 11: What does the queue say?")
    for answer in ("n", "1", "n", "1", "n", "n", "n"):
        terminal.wait("q quit]")
        terminal.keys("-l", answer)
        terminal.keys("Enter")
        time.sleep(0.3)
    terminal.wait("Step 6 of 12 on EX01: The command that binds it")
    terminal.keys("-l", "q")
    terminal.keys("Enter")
    terminal.wait("EXIT 0")
    assert f"\n  {SAMPLE_BIND}\n" in terminal.scrollback
