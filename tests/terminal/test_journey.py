"""Whole journeys in a real terminal: 80 columns, 24 lines, keys and pastes as a person gives them."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.screens import evidence

pytestmark = [pytest.mark.terminal, pytest.mark.usefixtures("tmux_is_there")]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
"""Seconds a text may take to appear; far more than it does, for slow machines."""


ON_WINE = shlex.split(os.environ.get("WIZARD_ON_WINE", ""))
"""How `.ci/windows` starts the program under Wine; a relay is its terminal, for Wine's knows no control sequences."""


class Terminal:
    """A real terminal with the program in it. `screen` is what stands in it now."""

    def __init__(
        self,
        *arguments: str,
        columns: int = 80,
        lines: int = 24,
        folder: Path = ROOT,
        inside: Mapping[str, str] | None = None,
    ) -> None:
        """`inside` are environment variables for the program, past what tmux sets."""
        self._socket = f"wizard-test-{uuid.uuid4().hex[:8]}"
        settings = [f"{name}={value}" for name, value in (inside or {}).items()]
        program = ON_WINE or [sys.executable, "-m", "screens"]
        command = shlex.join(["env", *settings, *program, *arguments])
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        environment.setdefault("EXCHANGE_CERT_WIZARD_HOME", tempfile.mkdtemp(prefix="wizard-home-"))
        # The clipboard is another test's; none here keeps this one apart from the machine's own.
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            environment.pop(name, None)
        shell = f"cd {shlex.quote(str(folder))} && {command}; echo EXIT $?; sleep 1000"
        size = ("-x", str(columns), "-y", str(lines))
        if ON_WINE:
            self._open_on_wine(command, size, environment)
        else:
            self._tmux("new-session", "-d", *size, shell, env=environment)

    def _open_on_wine(self, command: str, size: tuple[str, ...], environment: dict[str, str]) -> None:
        """The program in a window of its own, and in the one that is looked at what it draws there, and its end."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        ended = f"{environment['EXCHANGE_CERT_WIZARD_HOME']}/ended"
        environment["EXCHANGE_CERT_WIZARD_HOME"] = "Z:" + environment["EXCHANGE_CERT_WIZARD_HOME"].replace("/", "\\")
        del environment["PYTHONPATH"]
        relay = f"{sys.executable} {ROOT}/.ci/relay.py {port}; until [ -s {ended} ]; do sleep 0.1; done"
        self._tmux("new-session", "-d", *size, f"{relay}; cat {ended}; sleep 1000", env=environment)
        there = f"cd {environment['WINEPREFIX']}/drive_c/wizard; WIZARD_RELAY={port} {command}; echo EXIT $? >{ended}"
        self._tmux("new-window", "-d", there)

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
        self.until(lambda: wanted in "".join(self.screen.replace("\u2502", "").split()), repr(text))

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until the condition holds; `what` names it."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, f"waited in vain for {what}:\n{self.screen}"
            time.sleep(0.05)

    def pipe_to(self, path: Path) -> None:
        """From now on, write every byte that reaches the terminal to a file as well."""
        self._tmux("pipe-pane", "-o", f"cat >> {shlex.quote(str(path))}")

    def keys(self, *names: str) -> None:
        self._tmux("send-keys", *names)

    def paste(self, text: str, bracketed: bool = True) -> None:
        """Paste as a modern terminal does, or as an old console: key by key, each line end an Enter."""
        self._tmux("load-buffer", "-", stdin=text)
        self._tmux("paste-buffer", *(["-p"] if bracketed else []))

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False)


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
    terminal.wait("Which kind of server sends it?")
    terminal.keys("F8")
    terminal.wait("UnknownCredentials  3")
    terminal.wait("Our certificate: 9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C")
    terminal.keys("F8")
    terminal.wait("Services now: IIS, POP.")
    terminal.keys("F8")
    terminal.wait("Naming IIS again turns on Require SSL")
    terminal.keys("F2")
    terminal.wait("Enter alone means YES")
    terminal.keys("Enter")
    terminal.wait("Answer N to its question.")
    if ON_WINE:
        # Elsewhere there is no clipboard here.
        terminal.wait("Copied, and read back")
    terminal.keys("F8")
    terminal.wait("What did you answer?")
    terminal.keys("Enter")
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
    terminal.keys("Enter")
    terminal.wait("(*) I answered N")
    for number in (8, 9, 10, 11, 12):
        terminal.keys("F8")
        terminal.wait(f"Step {number} of 12")
    terminal.keys("F8")
    terminal.wait("Done on both servers: all five points are proven or said by you.")
    terminal.keys("C-q")
    terminal.wait("EXIT 0")
    assert "\nDone on both servers: all five points are proven or said by you.\n" in terminal.scrollback
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
    # Without the connector's listing nobody knows which server it is.
    bind = evidence.BIND.removesuffix(" -Server 'MBX1'")
    terminal.wait(bind)
    terminal.keys("C-q")
    terminal.wait("EXIT 0")
    assert f"\n  {bind}\n" in terminal.scrollback


def test_the_log_is_opened_as_a_file(terminals: list[Terminal]) -> None:
    # A short path, which the field shows to its end.
    folder = Path(tempfile.mkdtemp(prefix="logs-"))
    (folder / "SEND20261120-1.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
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
    terminal.keys("-l", f'"{"Z:" if ON_WINE else ""}{folder}"')
    # An Enter in the same read would be the line end of a paste.
    terminal.wait(f'{folder.name}"')
    terminal.keys("Enter")
    terminal.wait(f"Our certificate: {evidence.OURS}")
    assert "SEND20261120-1.log" in terminal.screen


@pytest.mark.parametrize(
    ("name", "value"), [("LC_ALL", "C"), ("PYTHONIOENCODING", "ascii"), ("PYTHONIOENCODING", "latin-1")]
)
@pytest.mark.parametrize("front_end", ["full screen", "--plain"])
def test_a_terminal_without_unicode_gets_ascii_to_the_last_line(
    terminals: list[Terminal], monkeypatch: pytest.MonkeyPatch, name: str, value: str, front_end: str
) -> None:
    monkeypatch.setenv(name, value)
    plain = ["--plain"] if front_end == "--plain" else []
    terminal = opened(terminals, "--sample", *plain)
    terminal.wait("What does the queue say?")
    terminal.wait("Queue EX01\\3417")
    if plain:
        terminal.wait("?: all answers")
        terminal.keys("q", "Enter")
    else:
        terminal.wait("+- Command 1 of 2, only reads ---")
        terminal.wait(">Symptom .Connector")
        terminal.keys("C-q")
    terminal.wait("EXIT 0")
    assert "KB 4051498, outbound TLS (SAMPLE evidence)" in terminal.scrollback
    assert terminal.scrollback.isascii()


def test_the_settings_file_can_ask_for_ascii(
    terminals: list[Terminal], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "settings.toml").write_text('glyphs = "ascii"\n', encoding="utf-8")
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(tmp_path))
    terminal = opened(terminals, "--sample")
    terminal.wait("+- Command 1 of 2, only reads ---")
    terminal.wait(">Symptom .Connector")
    terminal.wait("F9 All")
    assert terminal.screen.isascii()


def test_the_doctor_in_a_terminal_says_what_it_will_do(
    terminals: list[Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    terminal = opened(terminals, "doctor")
    terminal.wait("EXIT 0")
    # A machine for tests may be a container as well, and then that is said between.
    terminal.wait("inside tmux")
    terminal.wait("Which terminal is around it cannot be known from here.")
    terminal.wait("80 columns by 24 lines: enough")
    terminal.wait("It will draw with ASCII: LC_ALL=C does not say UTF-8. Commands go to your terminal by OSC 52")
    small = opened(terminals, "doctor", columns=59, lines=30)
    small.wait("The window is too small: make it 60 by 18 or larger")
    small.wait("EXIT 1")
