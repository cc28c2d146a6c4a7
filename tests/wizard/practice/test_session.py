"""A session at the console: the world in it, questions, unfinished commands, time and errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wizard.practice.session import Shell
from wizard.practice.shell import Console
from wizard.practice.world import World

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WORLD = World(NOW, "EX1", (), (), ())


def opened() -> Console:
    return Shell(WORLD, (), (), lambda _: {})


def test_each_line_takes_fifteen_seconds() -> None:
    shell = opened()
    shell.enter("")
    shell.enter("")
    assert shell.world.now == NOW + timedelta(seconds=30)


def test_the_prompt_is_that_of_the_management_shell() -> None:
    assert opened().prompt == r"[PS] C:\Windows\system32>"
