"""What a command does to the servers, how that is taken back, and the document it comes from."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wizard.asset import asset_table
from wizard.commandline import Command, CommandId

KINDS = {CommandId.UNDO_DEFAULT: "Undo, answer Y to it: ", CommandId.SURVEY: "Everything in one paste: "}
"""What stands before the word Command, for those that are no step of the article."""


class Effect(enum.Enum):
    """How a command bears on the servers; the value is said beside it."""

    READS = "only reads"
    CHANGES = "changes the server"
    LASTING = "cannot be taken back"


@dataclass(frozen=True, slots=True)
class About:
    """A command's effect, how it is taken back (empty where it only reads), and its source."""

    effect: Effect
    undo: str
    source: str


def about(command: Command) -> About:
    """What is to be known of a command before it is copied (`assets/commands.toml`)."""
    return about_id(command.id)


def about_id(command_id: CommandId) -> About:
    """What is to be known of the commands of one kind."""
    known = asset_table("commands.toml")[command_id.value]
    return About(Effect[known["effect"].upper()], known.get("undo", ""), known["source"])
