"""A copy is announced only when it was proven, and a clipboard that fails, lies or hangs is told in words."""

from __future__ import annotations

import os
import platform
import stat
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from wizard.machine import clipboard
from wizard.machine.clipboard import (
    SENT,
    TOO_LONG,
    UNREACHED,
    Clipboard,
    ClipboardError,
    Copied,
    CopyProof,
    copy,
    copy_by,
    read,
    system_clipboard,
)
from wizard.machine.copying import MOST_BYTES, Route

COMMAND = "Enable-ExchangeCertificate -Thumbprint 'B41E6D0F97A2C3584E1B60D9F8A7351C2E4D6B90' -Services SMTP,IIS"


class Memory:
    """A clipboard that does what it is told to: keep the text, change it, or raise."""

    def __init__(self, gives_back: str | None = None, refuses: str = "", unreadable: str = "") -> None:
        self.held = ""
        self.gives_back = gives_back
        self.refuses = refuses
        self.unreadable = unreadable

    def write(self, text: str) -> None:
        if self.refuses:
            raise ClipboardError(self.refuses)
        self.held = text

    def read(self) -> str:
        if self.unreadable:
            raise ClipboardError(self.unreadable)
        return self.held if self.gives_back is None else self.gives_back


class TestACopy:
    def test_is_proven_when_the_same_text_is_read_back(self) -> None:
        memory = Memory()
        copied = copy(COMMAND, memory)

        assert copied.proof is CopyProof.PROVEN
        assert "read back" in copied.sentence
        assert memory.held == COMMAND

    @pytest.mark.parametrize("back", [COMMAND + "\n", COMMAND + "\r\n"])
    def test_is_proven_when_the_clipboard_added_a_line_end(self, back: str) -> None:
        assert copy(COMMAND, Memory(back)).proof is CopyProof.PROVEN

    def test_is_proven_when_the_clipboard_changed_the_line_ends(self) -> None:
        assert copy("one\ntwo\n", Memory("one\r\ntwo\r\n")).proof is CopyProof.PROVEN

    def test_is_proven_when_the_clipboard_dropped_the_last_line_end(self) -> None:
        assert copy("one\ntwo\n", Memory("one\ntwo")).proof is CopyProof.PROVEN

    @pytest.mark.parametrize(
        "back",
        [COMMAND + " ", COMMAND + "\n\n", " " + COMMAND, COMMAND[:-1], COMMAND.lower(), COMMAND.replace("'", "’")],
    )
    def test_is_not_proven_by_anything_less_than_the_same_text(self, back: str) -> None:
        copied = copy(COMMAND, Memory(back))

        assert copied.proof is CopyProof.DIFFERENT
        assert "something else" in copied.sentence

    def test_that_reads_back_as_nothing_says_so(self) -> None:
        copied = copy(COMMAND, Memory(""))

        assert copied.proof is CopyProof.DIFFERENT
        assert "holds nothing" in copied.sentence

    def test_that_cannot_be_read_back_is_not_called_proven(self) -> None:
        copied = copy(COMMAND, Memory(unreadable="The clipboard did not answer within 3 seconds."))

        assert copied.proof is CopyProof.UNREAD
        assert "not proven" in copied.sentence
        assert "did not answer within 3 seconds" in copied.sentence

    def test_that_fails_says_why_and_what_to_do_instead(self) -> None:
        copied = copy(COMMAND, Memory(refuses="This session has no display."))

        assert copied.proof is CopyProof.FAILED
        assert copied.sentence.startswith("Nothing was copied. This session has no display.")
        assert "mark the text on the screen" in copied.sentence


class TestTheWays:
    """The first way that takes the text is the one that is told."""

    def by(
        self, *ways: Route, clipboard: Memory | None = None, text: str = COMMAND, asked: bool = False
    ) -> tuple[Copied, list[str]]:
        """What became of the copy, and what was sent to the terminal."""
        sent: list[str] = []
        return copy_by(ways, text, clipboard or Memory(), sent.append, asked), sent

    def test_a_proven_copy_needs_no_other_way(self) -> None:
        copied, sent = self.by(Route.SYSTEM, Route.TERMINAL, Route.HAND)

        assert copied.proof is CopyProof.PROVEN
        assert sent == []

    @pytest.mark.parametrize(
        "clipboard", [Memory("other"), Memory(unreadable="No answer.")], ids=["different", "unread"]
    )
    def test_nor_does_one_that_is_in_doubt(self, clipboard: Memory) -> None:
        copied, sent = self.by(Route.SYSTEM, Route.TERMINAL, Route.HAND, clipboard=clipboard)

        assert copied.proof in (CopyProof.DIFFERENT, CopyProof.UNREAD)
        assert sent == []

    def test_where_the_clipboard_fails_the_terminal_is_asked_and_nothing_is_called_copied(self) -> None:
        copied, sent = self.by(Route.SYSTEM, Route.TERMINAL, Route.HAND, clipboard=Memory(refuses="No display."))

        assert copied == Copied(CopyProof.SENT, SENT)
        assert "opied" not in copied.sentence
        assert sent == [COMMAND]

    def test_without_the_system_its_clipboard_is_left_alone(self) -> None:
        memory = Memory()
        _copied, sent = self.by(Route.TERMINAL, Route.HAND, clipboard=memory)

        assert memory.held == ""
        assert sent == [COMMAND]

    def test_what_is_too_long_for_a_terminal_is_not_sent_and_that_is_said(self) -> None:
        copied, sent = self.by(Route.TERMINAL, Route.HAND, text="x" * (MOST_BYTES + 1))

        assert copied.proof is CopyProof.BY_HAND
        assert copied.sentence == f"Could not copy. {TOO_LONG}"
        assert sent == []

    def test_every_reason_is_said_where_no_way_is_left(self) -> None:
        refusing = Memory(refuses="This session has no display.")
        ways = (Route.SYSTEM, Route.TERMINAL, Route.HAND)

        short, _sent = self.by(Route.SYSTEM, Route.HAND, clipboard=refusing)
        long, _sent = self.by(*ways, clipboard=refusing, text="x" * (MOST_BYTES + 1))

        assert short.sentence == "Could not copy. This session has no display."
        assert long.sentence == f"Could not copy. This session has no display. {TOO_LONG}"

    def test_by_hand_alone_says_that_nothing_reaches_the_clipboard_or_that_it_was_asked_for(self) -> None:
        assert self.by(Route.HAND)[0].sentence == f"Could not copy. {UNREACHED}"
        asked, _sent = self.by(Route.HAND, asked=True)
        assert asked == Copied(CopyProof.BY_HAND, "By hand, as your settings ask.")


class TestReading:
    def test_gives_the_text_as_it_is(self) -> None:
        assert read(Memory(" one\r\ntwo ")) == " one\r\ntwo "

    @pytest.mark.parametrize("held", ["", " \r\n\t"])
    def test_says_when_there_is_nothing(self, held: str) -> None:
        with pytest.raises(ClipboardError, match=r"^There is no text on the clipboard\.$"):
            read(Memory(held))

    def test_passes_on_why_it_cannot(self) -> None:
        with pytest.raises(ClipboardError, match="no display"):
            read(Memory(unreadable="This session has no display."))


@pytest.mark.skipif(
    sys.platform != "linux" or "microsoft" in platform.release().lower(), reason="pyperclip uses xclip on Linux only"
)
class TestAClipboardProgram:
    """Stand-ins for xclip, to see what becomes of programs that fail, hang and stay behind."""

    @pytest.fixture(autouse=True)
    def session_with_a_display(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("DISPLAY", ":4711")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setenv("CLIPBOARD_FILE", str(tmp_path / "held"))
        self.folder = tmp_path

    def xclip(self, *, write: str, read: str = 'cat "$CLIPBOARD_FILE"') -> Clipboard:
        """A clipboard whose xclip runs these shell lines."""
        program = self.folder / "xclip"
        program.write_text(f'#!/bin/sh\nif [ "$3" = -o ]; then\n{read}\nelse\n{write}\nfi\n', encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return system_clipboard(patience=60.0)

    @pytest.mark.parametrize(
        "text",
        [COMMAND, "Übergang – 送信 📧", "$(touch harm) `touch harm` ; touch harm", "x" * 3_000_000],
        ids=["command", "letters", "shell", "megabytes"],
    )
    def test_gets_the_text_as_it_is(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(self.folder)
        held = self.xclip(write='cat > "$CLIPBOARD_FILE"')

        assert copy(text, held).proof is CopyProof.PROVEN
        assert read(held) == text
        assert not (self.folder / "harm").exists()

    def test_that_fails_is_told_with_its_own_words(self, capfd: pytest.CaptureFixture[str]) -> None:
        copied = copy(COMMAND, self.xclip(write='cat >/dev/null; echo "Error: no such display" >&2; exit 1'))

        assert copied.proof is CopyProof.FAILED
        assert "(Error: no such display)" in copied.sentence
        assert capfd.readouterr() == ("", "")

    def test_that_fails_without_a_word_is_told_by_its_exit_code(self) -> None:
        copied = copy(COMMAND, self.xclip(write="cat >/dev/null; exit 7"))

        assert copied.proof is CopyProof.FAILED
        assert "ended with code 7" in copied.sentence

    def test_that_only_grumbles_is_no_failure(self, capfd: pytest.CaptureFixture[str]) -> None:
        grumbling = self.xclip(write='cat > "$CLIPBOARD_FILE"; echo "a warning" >&2; echo "and a word"')

        assert copy(COMMAND, grumbling).proof is CopyProof.PROVEN
        assert capfd.readouterr() == ("", "")

    def test_that_drops_the_text_is_found_out(self) -> None:
        copied = copy(COMMAND, self.xclip(write="cat >/dev/null", read="true"))

        assert copied.proof is CopyProof.DIFFERENT
        assert "holds nothing" in copied.sentence

    def test_that_cannot_read_leaves_the_copy_unproven(self) -> None:
        unreadable = self.xclip(write="cat >/dev/null", read='echo "Error: target STRING not available" >&2; exit 1')

        assert copy(COMMAND, unreadable).proof is CopyProof.UNREAD
        with pytest.raises(ClipboardError, match=r"No text could be read .*target STRING not available"):
            read(unreadable)

    def test_that_stays_behind_is_not_waited_for(self) -> None:
        staying = self.xclip(write='cat > "$CLIPBOARD_FILE"; (sleep 1000; true) & echo $! > "$CLIPBOARD_FILE.pid"')
        copied = copy(COMMAND, staying)

        assert copied.proof is CopyProof.PROVEN
        assert state(int((self.folder / "held.pid").read_text())) not in ("", "Z")
        os.kill(int((self.folder / "held.pid").read_text()), 9)

    def test_that_hangs_is_given_up_and_ended(self) -> None:
        self.xclip(write='echo $$ > "$CLIPBOARD_FILE.pid"; exec sleep 1000')
        before = time.monotonic()
        copied = copy(COMMAND, system_clipboard(patience=5.0))

        assert copied.proof is CopyProof.FAILED
        assert "did not answer within 5 seconds" in copied.sentence
        assert time.monotonic() - before < 500
        assert ended(int((self.folder / "held.pid").read_text()))

    def test_that_hangs_when_read_back_is_given_up_and_the_copy_is_not_called_proven(self) -> None:
        self.xclip(write='cat > "$CLIPBOARD_FILE"', read='echo $$ > "$CLIPBOARD_FILE.pid"; exec sleep 1000')
        before = time.monotonic()
        copied = copy(COMMAND, system_clipboard(patience=5.0))

        assert copied.proof is CopyProof.UNREAD
        assert time.monotonic() - before < 500
        assert ended(int((self.folder / "held.pid").read_text()))

    def test_that_will_not_be_ended_politely_is_ended(self) -> None:
        self.xclip(write='trap "" TERM INT HUP; echo $$ > "$CLIPBOARD_FILE.pid"; while :; do sleep 1; done')
        copied = copy(COMMAND, system_clipboard(patience=5.0))

        assert copied.proof is CopyProof.FAILED
        assert ended(int((self.folder / "held.pid").read_text()))

    def test_that_prints_without_end_is_given_up_and_nothing_reaches_the_screen(
        self, capfd: pytest.CaptureFixture[str]
    ) -> None:
        noisy = 'echo $$ > "$CLIPBOARD_FILE.pid"; while :; do echo noise >&2; echo noise; sleep 0.01; done'
        self.xclip(write=noisy)
        copied = copy(COMMAND, system_clipboard(patience=5.0))

        assert copied.proof is CopyProof.FAILED
        assert capfd.readouterr() == ("", "")
        assert ended(int((self.folder / "held.pid").read_text()))

    def test_a_line_feed_in_its_words_does_not_break_the_sentence(self) -> None:
        copied = copy(COMMAND, self.xclip(write=r"cat >/dev/null; printf '\n\033[31mBad.\nWorse.\n' >&2; exit 1"))

        assert "([31mBad)" in copied.sentence
        assert copied.sentence.isprintable()

    def test_that_is_missing_is_asked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(self.folder))
        copied = copy(COMMAND, system_clipboard(patience=60.0))

        assert copied.proof is CopyProof.FAILED
        assert "no program for it is installed" in copied.sentence

    def test_a_session_without_a_display_is_told_so(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("DISPLAY")
        copied = copy(COMMAND, self.xclip(write='cat > "$CLIPBOARD_FILE"'))

        assert copied.proof is CopyProof.FAILED
        assert "this session has no display" in copied.sentence
        assert capfd.readouterr() == ("", "")

    def test_a_module_that_lies_in_the_current_folder_is_not_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        (self.folder / "pyperclip.py").write_text("raise SystemExit('not ours')", encoding="utf-8")
        monkeypatch.chdir(self.folder)

        assert copy(COMMAND, self.xclip(write='cat > "$CLIPBOARD_FILE"')).proof is CopyProof.PROVEN

    def test_a_python_that_does_not_run_is_told_by_its_exit_code(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        broken = self.folder / "python"
        broken.write_text("#!/bin/sh\necho broken >&2\nexit 3\n", encoding="utf-8")
        broken.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(broken))
        copied = copy(COMMAND, system_clipboard(patience=60.0))

        assert copied.proof is CopyProof.FAILED
        assert "(exit code 3)" in copied.sentence
        assert capfd.readouterr() == ("", "")

    def test_a_missing_python_is_told_in_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "executable", str(self.folder / "no-python"))
        copied = copy(COMMAND, system_clipboard(patience=60.0))

        assert copied.proof is CopyProof.FAILED
        assert "No helper process could be started" in copied.sentence


class TestWindows:
    """pyperclip's Windows half by a stand-in: it talks to the system itself and may find it busy."""

    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held: str | None = None
        self.busy = 0

        class PyperclipException(RuntimeError):
            pass

        def use() -> None:
            if self.busy:
                self.busy -= 1
                raise PyperclipException("Error calling OpenClipboard ([WinError 0] Success.)")

        def write(text: str) -> None:
            use()
            self.held = text.replace("\n", "\r\n")

        def paste() -> str | None:
            use()
            return self.held

        stand_in = types.ModuleType("pyperclip")
        stand_in.__dict__.update(copy=write, paste=paste, PyperclipException=PyperclipException)
        monkeypatch.setitem(sys.modules, "pyperclip", stand_in)
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setattr(subprocess, "Popen", None)
        monkeypatch.setattr(clipboard, "_WINDOWS_PAUSE", 0)
        self.clipboard = system_clipboard(patience=60.0)

    def test_needs_no_other_process(self) -> None:
        assert copy("one\ntwo", self.clipboard).proof is CopyProof.PROVEN
        assert self.held == "one\r\ntwo"

    def test_waits_for_a_program_that_holds_the_clipboard_for_a_moment(self) -> None:
        self.busy = 2

        assert copy(COMMAND, self.clipboard).proof is CopyProof.PROVEN

    def test_gives_up_on_a_program_that_keeps_it(self) -> None:
        self.busy = 1_000
        copied = copy(COMMAND, self.clipboard)

        assert copied.proof is CopyProof.FAILED
        assert "Another program keeps the clipboard to itself (Error calling OpenClipboard)." in copied.sentence

    def test_an_empty_clipboard_is_empty_text(self) -> None:
        assert self.clipboard.read() == ""


def test_the_start_does_not_pay_for_pyperclip() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, wizard.machine.clipboard; print('pyperclip' in sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(clipboard.__file__).parents[1],
    )

    assert loaded.stdout.strip() == "False"


def ended(process: int) -> bool:
    """Whether a process is gone, or only waits for its parent to notice, within twenty seconds."""
    for _ in range(400):
        if state(process) in ("", "Z"):
            return True
        time.sleep(0.05)
    return False


def state(process: int) -> str:
    """The letter that Linux has for what a process does; none once it is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
