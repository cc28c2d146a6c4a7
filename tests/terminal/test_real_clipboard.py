"""Copying with the real xclip on a real X server, and without one."""

from __future__ import annotations

import contextlib
import os
import platform
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.commands import try_clipboard
from wizard.machine.checkup import Trial
from wizard.machine.clipboard import Clipboard, ClipboardError, CopyProof, copy, copy_by, read, system_clipboard
from wizard.machine.copying import routes, session_here
from wizard.machine.settings import CopyRoute

pytestmark = [
    pytest.mark.terminal,
    pytest.mark.skipif(
        sys.platform != "linux" or "microsoft" in platform.release().lower(),
        reason="pyperclip uses xclip on Linux only",
    ),
]

COMMAND = "Set-SendConnector -Identity ('Outbound ' + [char]0x2013 + ' O365') -ProtocolLoggingLevel Verbose"
PATH = os.environ.get("PATH", os.defpath)


def needed(program: str) -> str:
    """Where a program lies. Without it the test is skipped; on a build server, where it must be, it fails."""
    found = shutil.which(program, path=PATH)
    if found:
        return found
    reason = f"{program} is not installed"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def clipboard() -> Clipboard:
    """The clipboard, which may take its time on a busy machine."""
    return system_clipboard(patience=60.0)


@pytest.fixture
def xclip_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A PATH with xclip and no other clipboard program, and no display of the person who runs the tests."""
    (tmp_path / "xclip").symlink_to(needed("xclip"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.fixture
def display(xclip_alone: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A display of our own, as DISPLAY names it."""
    with x_server("-nolisten", "tcp") as number:
        monkeypatch.setenv("DISPLAY", f":{number}")
        yield


@pytest.fixture
def forwarded_display(xclip_alone: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A display that is reached by a host's name, as `ssh -X` gives it, in a session over SSH."""
    with x_server("-listen", "tcp", "-ac") as number:
        monkeypatch.setenv("DISPLAY", f"localhost:{number}.0")
        monkeypatch.setenv("SSH_CONNECTION", "192.0.2.7 51000 198.51.100.4 22")
        yield


@contextlib.contextmanager
def x_server(*options: str) -> Iterator[str]:
    """The number of an X server of our own, ended afterwards together with xclip, which lives by it."""
    ours, its = os.pipe()
    server = subprocess.Popen(
        [needed("Xvfb"), "-displayfd", str(its), "-screen", "0", "640x480x24", *options],
        pass_fds=[its],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(its)
    try:
        with os.fdopen(ours) as answer:
            ready, _, _ = select.select([answer], [], [], 20)
            number = answer.readline().strip() if ready else ""
        assert number, "Xvfb did not start"
        yield number
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.mark.usefixtures("display")
class TestWithADisplay:
    @pytest.mark.parametrize(
        "text",
        [COMMAND, "Übergang – 送信 📧", "one\ntwo\n", "x" * 2_000_000],
        ids=["command", "letters", "lines", "megabytes"],
    )
    def test_a_copy_is_proven(self, text: str, capfd: pytest.CaptureFixture[str]) -> None:
        copied = copy(text, clipboard())

        assert copied.proof is CopyProof.PROVEN, copied.sentence
        assert read(clipboard()) == text
        assert capfd.readouterr() == ("", "")

    def test_what_another_program_copied_is_read(self) -> None:
        copy(COMMAND, clipboard())
        subprocess.run(["xclip", "-selection", "c"], input=b"copied by another", check=True, stdout=subprocess.DEVNULL)

        assert read(clipboard()) == "copied by another"

    def test_the_doctor_puts_back_what_was_there(self) -> None:
        held = "\u00dcbergang\r\n\ttwo lines\n"
        copy(held, clipboard())
        assert try_clipboard(clipboard()).trial is Trial.PROVEN
        back = subprocess.run(["xclip", "-selection", "c", "-o"], capture_output=True, check=True).stdout
        assert back.decode() == held

    def test_the_doctor_leaves_a_picture_alone(self) -> None:
        picture = ["xclip", "-selection", "c", "-t", "image/png"]
        subprocess.run(picture, input=b"\x89PNG\r\n\x1a\n\x00", check=True, stdout=subprocess.DEVNULL)
        assert try_clipboard(clipboard()).trial is Trial.UNREAD
        back = subprocess.run([*picture, "-o"], capture_output=True, check=True).stdout
        assert back == b"\x89PNG\r\n\x1a\n\x00"

    def test_an_empty_clipboard_is_told_in_words(self, capfd: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(ClipboardError, match="No text could be read from the clipboard"):
            read(clipboard())
        assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("forwarded_display")
def test_over_ssh_with_a_forwarded_display_a_copy_is_proven_on_it() -> None:
    sent: list[str] = []
    copied = copy_by(routes(CopyRoute.AUTO, session_here()), COMMAND, clipboard(), sent.append)

    assert copied.proof is CopyProof.PROVEN, copied.sentence
    assert sent == []
    shown = subprocess.run(["xclip", "-selection", "c", "-o"], capture_output=True, check=True)
    assert shown.stdout.decode() == COMMAND


@pytest.mark.usefixtures("display")
def test_over_ssh_the_servers_own_display_is_left_alone_and_the_terminal_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subprocess.run(["xclip", "-selection", "c"], input=b"kept", check=True, stdout=subprocess.DEVNULL)
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.7 51000 198.51.100.4 22")
    monkeypatch.setenv("TERM", "xterm-256color")
    sent: list[str] = []
    copied = copy_by(routes(CopyRoute.AUTO, session_here()), COMMAND, clipboard(), sent.append)

    assert copied.proof is CopyProof.SENT
    assert sent == [COMMAND]
    assert read(clipboard()) == "kept"


@pytest.mark.usefixtures("xclip_alone")
class TestWithoutADisplay:
    def test_a_copy_fails_in_words_and_writes_nothing_on_the_screen(self, capfd: pytest.CaptureFixture[str]) -> None:
        copied = copy(COMMAND, clipboard())

        assert copied.proof is CopyProof.FAILED
        assert copied.sentence.startswith("Nothing was copied. ")
        assert capfd.readouterr() == ("", "")

    def test_so_it_does_on_a_display_that_is_gone(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("DISPLAY", ":64999")
        copied = copy(COMMAND, clipboard())

        assert copied.proof is CopyProof.FAILED
        assert "Can't open display" in copied.sentence
        assert capfd.readouterr() == ("", "")
