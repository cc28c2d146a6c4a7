"""The command line: what answers without a terminal, and what is said when one is missing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from screens import cli
from screens.cli import _window, main
from tests.wizard import cases
from wizard import __version__, assets
from wizard.machine import console

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The program with its streams redirected, from another folder than its own."""
    return subprocess.run(
        [sys.executable, "-m", "screens", *arguments],
        input=stdin,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        cwd=ROOT.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"exchange-cert-wizard {__version__}\n", "")


@pytest.mark.parametrize("columns", ["80", "40"])
def test_help_names_every_argument_and_what_the_program_is(columns: str) -> None:
    done = run("--help", COLUMNS=columns)
    assert (done.returncode, done.stderr) == (0, "")
    words = " ".join(done.stdout.split())
    for said in ("usage: exchange-cert-wizard", "KB 4051498", "it runs nothing itself", "--sample", "--version"):
        assert said in words


@pytest.mark.parametrize("wrong", [["--nothing-like-this"], ["nothing-like-this"], ["--sample=3"]])
def test_a_wrong_argument_is_named(wrong: list[str]) -> None:
    done = run(*wrong)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "exchange-cert-wizard: error: " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["diagnose", "K\u00f6\u0142n.log"], ["import", "K\u00f6\u0142n.json"]])
def test_what_is_redirected_is_utf_8_whatever_the_code_page(arguments: list[str]) -> None:
    done = run(*arguments, PYTHONIOENCODING="cp1252")
    assert "K\u00f6\u0142n" in done.stdout + done.stderr


def test_json_is_ascii(tmp_path: Path) -> None:
    log = tmp_path / "K\u00f6ln.log"
    log.write_text(cases.failing(connector="Nach K\u00f6\u0142n"), encoding="utf-8")
    done = run("diagnose", "--json", str(log), PYTHONIOENCODING="cp1252")
    assert done.stdout.isascii()
    assert "Nach K\\u00f6\\u0142n" in done.stdout


def test_a_console_that_knows_no_control_sequences_is_led_line_by_line_and_told_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "knows_sequences", lambda _: False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert main(["--sample"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("It goes line by line, for this console knows no control sequences")
    assert "What does the queue say?" in said.out


def test_the_licences_are_printed_where_the_one_file_has_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["licences"]) == 0
    assert capsys.readouterr().out.startswith("MIT. ")
    (tmp_path / "licences.txt").write_text("textual 8\nMIT License\n", encoding="utf-8")
    monkeypatch.setattr(assets, "assets", lambda: tmp_path)
    assert main(["licences"]) == 0
    assert capsys.readouterr().out == "textual 8\nMIT License\n\n"


def test_a_command_that_is_none_is_told_from_the_commands() -> None:
    done = run("bogus")
    assert "argument COMMAND: invalid choice: 'bogus'" in done.stderr
    assert "[--plain] COMMAND ..." in " ".join(done.stderr.split())


@pytest.mark.parametrize("arguments", [[], ["--sample"]])
def test_without_a_terminal_it_says_so_in_one_sentence(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "exchange-cert-wizard: the full screen needs a terminal; standard input and output must not be redirected. "
        "--plain takes answers from a pipe, and diagnose reads evidence without questions.\n"
    )


class TestWhichFrontEnd:
    """Full screen where a terminal can show it and nobody asked otherwise."""

    @pytest.fixture(autouse=True)
    def begun(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The front ends that were begun, in place of beginning them; in a terminal of the usual size."""
        begun: list[str] = []
        for name in ("ACCESSIBLE", "TERM"):
            monkeypatch.delenv(name, raising=False)

        def line_by_line(_sample: bool, edited: bool, _resumed: str | None) -> int:
            begun.append("edited" if edited else "plain")
            return 0

        def full_screen(_sample: bool, _resumed: str | None) -> int:
            begun.append("full screen")
            return 0

        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr("screens.plain.program.run", line_by_line)
        monkeypatch.setattr(cli, "open_full_screen", full_screen)
        monkeypatch.setattr(cli, "_at_a_terminal", lambda: True)
        self.window(monkeypatch, 80, 24)
        return begun

    def window(self, monkeypatch: pytest.MonkeyPatch, columns: int, lines: int) -> None:
        monkeypatch.setattr(cli, "_window", lambda: os.terminal_size((columns, lines)))

    def test_the_full_screen_where_nothing_speaks_against_it(self, begun: list[str]) -> None:
        assert main([]) == 0
        assert begun == ["full screen"]

    def test_plain_asks_with_an_editor_where_the_terminal_can_draw_it(self, begun: list[str]) -> None:
        main(["--plain"])
        assert begun == ["edited"]

    @pytest.mark.parametrize(
        ("name", "value", "which"),
        [
            ("ACCESSIBLE", "1", "plain"),
            ("ACCESSIBLE", "true", "plain"),
            ("ACCESSIBLE", "0", "full screen"),
            ("ACCESSIBLE", "", "full screen"),
            ("TERM", "dumb", "plain"),
        ],
    )
    def test_the_environment_can_ask_for_it(
        self, begun: list[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str, which: str
    ) -> None:
        monkeypatch.setenv(name, value)
        main([])
        assert begun == [which]

    @pytest.mark.parametrize("arguments", [["--plain", "resume"], ["resume", "--plain"], ["resume", "2026", "--plain"]])
    def test_plain_may_stand_before_a_command_or_behind_it(self, begun: list[str], arguments: list[str]) -> None:
        main(arguments)
        assert begun == ["edited"]

    def test_resume_alone_is_the_full_screen(self, begun: list[str]) -> None:
        main(["resume"])
        assert begun == ["full screen"]

    def test_no_editor_where_one_end_is_no_terminal(self, begun: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cli, "_at_a_terminal", lambda: False)
        main(["--plain"])
        assert begun == ["plain"]

    @pytest.mark.parametrize(
        ("answer", "which"), [("", "edited"), ("Y", "edited"), ("n", "full screen"), (" No ", "full screen")]
    )
    def test_a_small_window_is_asked_about(
        self,
        begun: list[str],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        answer: str,
        which: str,
    ) -> None:
        self.window(monkeypatch, 80, 17)
        monkeypatch.setattr("builtins.input", lambda: answer)
        main([])
        assert begun == [which]
        assert capsys.readouterr().out == (
            "This window is 80x17 and the full-screen wizard needs 60x18. Go on line by line? [Y/n] "
        )

    @pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
    def test_who_ends_it_at_that_question_has_ended_it(
        self, begun: list[str], monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
    ) -> None:
        def ended() -> str:
            raise end

        self.window(monkeypatch, 59, 18)
        monkeypatch.setattr("builtins.input", ended)
        assert main([]) == 130
        assert begun == []

    @pytest.mark.parametrize(("told", "known"), [((50, 15), (50, 15)), ((0, 0), None)])
    def test_a_window_that_does_not_tell_its_size_is_no_small_one(
        self, monkeypatch: pytest.MonkeyPatch, told: tuple[int, int], known: tuple[int, int] | None
    ) -> None:
        monkeypatch.undo()
        monkeypatch.setattr(sys.stdout, "fileno", lambda: 1, raising=False)
        monkeypatch.setattr(os, "get_terminal_size", lambda _descriptor: os.terminal_size(told))
        assert _window() == known
