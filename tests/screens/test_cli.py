"""The command line: what answers without a terminal, and what is said when one is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from wizard import __version__

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


@pytest.mark.parametrize("arguments", [[], ["--sample"]])
def test_without_a_terminal_it_says_so_in_one_sentence(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "exchange-cert-wizard: the full screen needs a terminal; standard input and output must not be redirected. "
        "--plain takes answers from a pipe, and diagnose reads evidence without questions.\n"
    )
