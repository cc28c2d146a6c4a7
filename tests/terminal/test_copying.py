"""Copies that a real terminal takes, and lines shown alone in one: in tmux, within another, and on a bare pty."""

from __future__ import annotations

import base64
import os
import re
import select
import shlex
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.long,
    pytest.mark.terminal,
    pytest.mark.usefixtures("tmux_is_there"),
    pytest.mark.skipif(sys.platform == "win32", reason="tmux and ptys are not on Windows"),
]

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
LINE = "Get-Queue | Format-List Identity,Status,MessageCount,NextHopDomain,LastError"
OVER_SSH = {"SSH_CONNECTION": "192.0.2.7 51000 198.51.100.4 22"}
NOTHING: Mapping[str, str] = {}
SENT = "Sent to your terminal, which gives no answer: paste to check."
NOT_HANDED_ON = ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "TMUX", "STY", "TERM_PROGRAM")


def environment(home: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """What the program is started with: nothing of the session of the person who runs the tests."""
    ours = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
    own = {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "HOME": str(home)}
    return {**ours, **own, "EXCHANGE_CERT_WIZARD_HOME": str(home), **extra}


def wizard(*arguments: str) -> str:
    """The shell's line that runs the program and says how it ended."""
    program = shlex.join([sys.executable, "-m", "screens", *arguments])
    return f"cd {shlex.quote(str(ROOT))} && {program}; echo EXIT $?; sleep 1000"


class Tmux:
    """A tmux server of its own with one window; `options` are lines of its settings."""

    def __init__(
        self,
        home: Path,
        shell: str,
        *options: str,
        size: tuple[int, int] = (80, 24),
        given: Mapping[str, str] = NOTHING,
    ) -> None:
        self.socket = f"wizard-copy-{uuid.uuid4().hex[:8]}"
        settings = home / f"{self.socket}.conf"
        settings.write_text("".join(f"{option}\n" for option in options), encoding="utf-8")
        self.start = ["tmux", "-L", self.socket, "-f", str(settings)]
        columns, rows = map(str, size)
        self._run("new-session", "-d", "-x", columns, "-y", rows, shell, env=environment(home, given))

    def _run(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run([*self.start, *arguments], env=env, capture_output=True, check=True)
        return done.stdout.decode()

    @property
    def screen(self) -> str:
        return self._run("capture-pane", "-p")

    @property
    def joined(self) -> list[str]:
        """Everything that was printed, each line whole that the terminal itself has broken."""
        return [line.rstrip() for line in self._run("capture-pane", "-p", "-J", "-S", "-").split("\n")]

    @property
    def buffer(self) -> str:
        """What was copied last; empty while nothing was."""
        done = subprocess.run([*self.start, "show-buffer"], capture_output=True, check=False)
        return done.stdout.decode()

    def keys(self, *names: str) -> None:
        self._run("send-keys", *names)

    def mark(self, command: str, *arguments: str) -> None:
        """One command of tmux's own marking."""
        self._run("copy-mode")
        self._run("send-keys", "-X", command, *arguments)

    def wait(self, text: str) -> None:
        """Wait until the text stands on the screen; blanks and line breaks do not count."""
        wanted = "".join(text.split())
        end = time.monotonic() + PATIENCE
        while wanted not in "".join(self.screen.replace("\u2502", "").split()):
            assert time.monotonic() < end, f"waited in vain for {text!r}:\n{self.screen}"
            time.sleep(0.05)

    def wait_for_buffer(self, text: str) -> None:
        end = time.monotonic() + PATIENCE
        while self.buffer != text:
            assert time.monotonic() < end, f"copied is {self.buffer!r}:\n{self.screen}"
            time.sleep(0.05)

    def close(self) -> None:
        subprocess.run([*self.start, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def opened() -> Iterator[list[Tmux]]:
    """The servers that a test starts, ended after it."""
    servers: list[Tmux] = []
    yield servers
    for server in servers:
        server.close()


def begin(
    opened: list[Tmux], home: Path, *options: str, size: tuple[int, int] = (80, 24), given: Mapping[str, str] = NOTHING
) -> Tmux:
    """The sample's first step in a tmux of its own."""
    tmux = Tmux(home, wizard("--sample"), *options, size=size, given=given)
    opened.append(tmux)
    tmux.wait("Queue EX01\\3417")
    return tmux


def set_copy(home: Path, way: str) -> None:
    (home / "settings.toml").write_text(f'copy = "{way}"\n', encoding="utf-8")


class TestTmuxTakesIt:
    @pytest.mark.parametrize("size", [(80, 24), (60, 18)])
    def test_the_very_line_is_in_its_buffer(self, opened: list[Tmux], tmp_path: Path, size: tuple[int, int]) -> None:
        tmux = begin(opened, tmp_path, "set -g set-clipboard on", size=size, given=OVER_SSH)
        tmux.keys("F2")
        tmux.wait_for_buffer(LINE)
        tmux.wait(SENT)

    def test_a_long_line_whole(self, opened: list[Tmux], tmp_path: Path) -> None:
        tmux = begin(opened, tmp_path, "set -g set-clipboard on", given=OVER_SSH)
        tmux.keys("F8")
        tmux.wait("Step 2 of 11")
        tmux.keys("F3")
        tmux.wait("Everything in one paste")
        tmux.keys("F2")
        tmux.wait(SENT)
        end = time.monotonic() + PATIENCE
        while not tmux.buffer and time.monotonic() < end:
            time.sleep(0.05)
        assert tmux.buffer.startswith("&{$c=@(Get-SendConnector")
        assert len(tmux.buffer) > 1_500

    def test_where_it_does_not_the_words_have_promised_nothing(self, opened: list[Tmux], tmp_path: Path) -> None:
        tmux = begin(opened, tmp_path, "set -g set-clipboard off", given=OVER_SSH)
        tmux.keys("F2")
        tmux.wait(SENT)
        assert tmux.buffer == ""
        assert "Copied" not in tmux.screen

    def test_the_one_behind_another_takes_what_that_passes_on(self, opened: list[Tmux], tmp_path: Path) -> None:
        """The inner one is set as it comes but for `allow-passthrough`, and takes nothing itself."""
        inner = f"inner-{uuid.uuid4().hex[:8]}"
        settings = tmp_path / "inner.conf"
        settings.write_text("set -g allow-passthrough on\nset -g status off\n", encoding="utf-8")
        command = shlex.join(["tmux", "-L", inner, "-f", str(settings), "new-session", wizard("--sample")])
        outer = Tmux(tmp_path, f"unset TMUX; {command}", "set -g set-clipboard on", given=OVER_SSH)
        opened.append(outer)
        try:
            outer.wait("Queue EX01\\3417")
            outer.keys("F2")
            outer.wait_for_buffer(LINE)
        finally:
            subprocess.run(["tmux", "-L", inner, "kill-server"], capture_output=True, check=False)

    def test_line_by_line_too(self, opened: list[Tmux], tmp_path: Path) -> None:
        shell = wizard("--plain", "--sample")
        tmux = Tmux(tmp_path, shell, "set -g set-clipboard on", size=(80, 60), given=OVER_SSH)
        opened.append(tmux)
        tmux.wait("?: all answers")
        tmux.keys("-l", "c")
        tmux.keys("Enter")
        tmux.wait(SENT)
        tmux.wait_for_buffer(LINE)


class TestByHand:
    @pytest.mark.parametrize("size", [(80, 24), (60, 18)])
    def test_the_line_stands_alone_and_is_one_line_when_marked(
        self, opened: list[Tmux], tmp_path: Path, size: tuple[int, int]
    ) -> None:
        set_copy(tmp_path, "hand")
        tmux = begin(opened, tmp_path, size=size)
        tmux.keys("F2")
        tmux.wait("Press Enter to go back.")
        assert "By hand, as your settings ask." in " ".join(tmux.screen.split())
        assert "\u2502" not in tmux.screen
        assert "exchange-cert-wizard  SAMPLE" not in tmux.screen
        assert LINE in tmux.joined

    def test_marked_from_its_first_character_to_its_last_it_is_one_line(
        self, opened: list[Tmux], tmp_path: Path
    ) -> None:
        """Over two rows, with the terminal's own marking; tmux's is what can be driven here."""
        set_copy(tmp_path, "hand")
        tmux = begin(opened, tmp_path, size=(60, 18))
        tmux.keys("F2")
        tmux.wait("Press Enter to go back.")
        tmux.mark("search-backward-text", "Get-Queue")
        for command in ("start-of-line", "begin-selection", "end-of-line", "copy-selection-and-cancel"):
            tmux.mark(command)
        assert tmux.buffer == LINE

    def test_in_the_full_screen_it_would_be_two(self, opened: list[Tmux], tmp_path: Path) -> None:
        """Why the line is shown outside of it."""
        tmux = begin(opened, tmp_path, size=(60, 18))
        assert not [line for line in tmux.joined if LINE in line]

    def test_ctrl_c_there_does_nothing_and_enter_leads_back(self, opened: list[Tmux], tmp_path: Path) -> None:
        tmux = begin(opened, tmp_path)
        tmux.keys("C-l")
        tmux.wait("Press Enter to go back.")
        tmux.keys("C-c")
        tmux.wait("^C")
        tmux.keys("C-c")
        tmux.keys("Enter")
        tmux.wait("Shown alone. Saved:")
        tmux.keys("F8")
        tmux.wait("Step 2 of 11")

    def test_it_is_in_a_file_and_in_the_scrollback_at_the_end(self, opened: list[Tmux], tmp_path: Path) -> None:
        set_copy(tmp_path, "hand")
        tmux = begin(opened, tmp_path)
        tmux.keys("F2")
        tmux.wait("Press Enter to go back.")
        tmux.keys("Enter")
        tmux.wait("F2 copies it")
        tmux.keys("C-q")
        tmux.wait("EXIT 0")
        printed = "\n".join(tmux.joined)
        assert LINE in printed[printed.index("Press Enter to go back.") :]
        assert [path.read_text(encoding="utf-8") for path in tmp_path.glob("*-line-*.txt")] == [LINE]

    def test_what_the_summary_does_not_hold_is_printed_at_the_end(self, opened: list[Tmux], tmp_path: Path) -> None:
        set_copy(tmp_path, "hand")
        tmux = Tmux(tmp_path, wizard())
        opened.append(tmux)
        tmux.wait("Begin: mail is stuck")
        tmux.keys("Enter")
        tmux.wait("What does the queue say?")
        tmux.keys("F2")
        tmux.wait("Press Enter to go back.")
        tmux.keys("Enter")
        tmux.wait("F2 copies it")
        tmux.keys("C-q")
        tmux.wait("EXIT 0")
        assert tmux.joined.count(LINE) == 2

    def test_line_by_line_it_stands_on_a_line_of_its_own(self, opened: list[Tmux], tmp_path: Path) -> None:
        set_copy(tmp_path, "hand")
        tmux = Tmux(tmp_path, wizard("--plain", "--sample"), size=(60, 80))
        opened.append(tmux)
        tmux.wait("?: all answers")
        tmux.keys("-l", "c")
        tmux.keys("Enter")
        tmux.wait("It is in this file as well:")
        printed = tmux.joined
        assert "By hand, as your settings ask." in printed
        alone = printed.index(LINE, printed.index("By hand, as your settings ask."))
        assert printed[alone - 1] == printed[alone + 1] == ""


class TestAClipboardProgram:
    """Stand-ins for xclip that fail and hang, behind the full screen."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> str:
        """A PATH whose xclip is the test's own."""
        (tmp_path / "bin").mkdir()
        set_copy(tmp_path, "system")
        return f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin"

    def xclip(self, tmp_path: Path, lines: str) -> None:
        program = tmp_path / "bin" / "xclip"
        program.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
        program.chmod(0o755)

    def test_that_fails_draws_nothing_and_is_told_with_its_own_words(
        self, opened: list[Tmux], tmp_path: Path, path: str
    ) -> None:
        self.xclip(tmp_path, "cat >/dev/null\necho 'Error: no such display' >&2\necho noise\nexit 1")
        tmux = begin(opened, tmp_path, given={"DISPLAY": ":4711", "PATH": path})
        tmux.keys("F2")
        tmux.wait("Press Enter to go back.")
        assert "(Error: no such display)" in " ".join(tmux.screen.split())
        assert "noise" not in "\n".join(tmux.joined)
        tmux.keys("Enter")
        tmux.wait("F2 copies it")
        assert "noise" not in tmux.screen
        assert "no such display" not in tmux.screen

    def test_that_hangs_for_ever_is_given_up_and_the_screen_goes_on_meanwhile(
        self, opened: list[Tmux], tmp_path: Path, path: str
    ) -> None:
        self.xclip(tmp_path, "cat >/dev/null\nwhile :; do sleep 1; done")
        tmux = begin(opened, tmp_path, given={"DISPLAY": ":4711", "PATH": path})
        tmux.keys("F2", "F1")
        tmux.wait("Esc Close")
        tmux.keys("Escape")
        tmux.wait("Could not copy. The clipboard did not answer within 3 seconds. Ctrl+L shows it alone")
        tmux.keys("F2")
        tmux.wait("Press Enter to go back.")
        assert "did not answer within 3 seconds" in " ".join(tmux.screen.split())
        assert LINE in tmux.joined

    def test_that_is_missing_leads_to_the_terminal(self, opened: list[Tmux], tmp_path: Path, path: str) -> None:
        set_copy(tmp_path, "terminal")
        tmux = begin(opened, tmp_path, "set -g set-clipboard on", given={"DISPLAY": ":4711", "PATH": path})
        tmux.keys("F2")
        tmux.wait_for_buffer(LINE)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, "\x1b]52;c;(.+?)\a"),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}, "\x1bPtmux;\x1b\x1b\\]52;c;(.+?)\a\x1b\\\\"),
        ({"STY": "7.pts-0.mail01", "TERM": "screen"}, "\x1bP\x1b\\]52;c;(.+?)\a\x1b\\\\"),
    ],
    ids=["nothing", "tmux", "screen"],
)
def test_the_bytes_that_reach_the_terminal(extra: dict[str, str], expected: str, tmp_path: Path) -> None:
    """Read at the other end of a bare pty, where nothing looks into them."""
    pattern = re.compile(expected.replace("\x1b]", "\x1b\\]").encode())
    process, terminal = on_a_pty({**OVER_SSH, "COLUMNS": "80", "LINES": "24", **extra}, tmp_path)
    try:
        _read(terminal, re.compile(rb"LastError"))
        # What is drawn may not listen to keys yet.
        seen = _read(terminal, pattern, again=b"\x1bOQ")
        found = pattern.search(seen)
        assert found
        joined = found[1].replace(b"\x1b\\\x1bP", b"")
        assert base64.b64decode(joined).decode() == LINE
    finally:
        os.close(terminal)
        os.kill(process, 9)
        os.waitpid(process, 0)


def on_a_pty(given: Mapping[str, str], home: Path) -> tuple[int, int]:
    """The sample on a bare pty: its process, and the end that a terminal would hold."""
    if sys.platform == "win32":
        raise NotImplementedError
    else:  # noqa: RET506 - so it is seen that what follows is not for Windows
        import pty  # noqa: PLC0415 - Windows has none

        process, terminal = pty.fork()
        if process == 0:
            os.chdir(ROOT)
            program = [sys.executable, "-m", "screens", "--sample"]
            os.execve(sys.executable, program, environment(home, given))
        return process, terminal


def _read(terminal: int, pattern: re.Pattern[bytes], again: bytes = b"") -> bytes:
    """What the program writes, up to where the pattern is found; whenever it stands still, keys are pressed again."""
    seen = b""
    end = time.monotonic() + PATIENCE
    while not pattern.search(seen):
        assert time.monotonic() < end, f"waited in vain for {pattern.pattern!r} in {seen[-2000:]!r}"
        if select.select([terminal], [], [], 1)[0]:
            seen += os.read(terminal, 65536)
        else:
            os.write(terminal, again)
    return seen
