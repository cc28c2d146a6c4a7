"""What stands in the practice console, where each line comes from, and what is said there beside the shell."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wizard.practice.scenario import Mode

WAYS = {
    Mode.GUIDED: ("guided", "with the wizard and a coach"),
    Mode.ALONE: ("on your own", "the shell alone, help when you ask"),
    Mode.EXAM: ("exam", "against the clock, no help"),
    Mode.SANDBOX: ("sandbox", "no goals, and nothing counts"),
}
"""The ways to train: name, and what is said about it."""

PASTED_ANSWERS = (
    "Practice: the shell asked while more lines were being pasted, and the next of them were taken as answers. An "
    "empty one is the default answer. Paste a command that asks alone, without a line end."
)
NO_MORE_HINTS = "That was the last hint."
NOTHING_ENTERED = "Nothing was entered yet."
NOTHING_CHANGED = "That line changed nothing; to read does no harm. Whether it showed what you need, you decide."
NOTHING_TO_SAY = "Nothing to say of that line."


class Kind(enum.Enum):
    """Where a line of the console comes from."""

    STORY = "story"
    TYPED = "typed"
    PRINTED = "printed"
    COACH = "coach"


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the console, without its line end; it may be wider than the window."""

    text: str
    kind: Kind


def before_input(prompt: str) -> str:
    """A prompt as it stands before what is typed: a question is parted from its answer by a blank."""
    return prompt if not prompt or prompt.endswith((">", " ")) else f"{prompt} "
