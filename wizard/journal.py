"""What was done in a case, and when: the record tells it, nothing is decided by it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from wizard.stepid import StepId


class Deed(enum.Enum):
    """What was done; the value is how the record says it."""

    OPENED = "opened the case"
    READ = "gave evidence"
    CHOSE = "chose our certificate"
    COPIED = "copied a command"
    PASSED = "went on past a warning"
    ANSWERED = "answered the question"
    UNDONE = "made the earlier default certificate the default again"
    IMPORTED = "took the case over from a file"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `at` is aware, in UTC; `server` is empty where the case knows of one server only.

    `text` is what it was done with: the command, the thumbprint, the check's id, the letter, where evidence came from.
    """

    at: datetime
    deed: Deed
    step: StepId | None = None
    server: str = ""
    text: str = ""
