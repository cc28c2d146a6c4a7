"""Each command says what it does to the server, how that is taken back, and where it comes from."""

from __future__ import annotations

import pytest

from tests.wizard.test_commands import every_command
from wizard.assets import asset_table
from wizard.powershell.command import Command, CommandId, Effect, about, about_id


def test_every_command_has_its_entry_and_no_other() -> None:
    assert set(asset_table("commands.toml")) == {each.value for each in CommandId}


@pytest.mark.parametrize("command", every_command(), ids=lambda command: command.id.value)
def test_the_effect_is_what_the_line_does(command: Command) -> None:
    known = about(command)
    assert command.changes == (known.effect is not Effect.READS)
    assert bool(known.undo) == command.changes
    assert known.source


def test_only_binding_cannot_be_taken_away() -> None:
    lasting = {each for each in CommandId if about_id(each).effect is Effect.LASTING}
    assert lasting == {CommandId.BIND, CommandId.BIND_SMALLEST}
