"""A case as it is kept, and what can be wrong with a file that should be one.

Apart from `casefile`, which reads and writes it: the first screen needs none of that.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import UTC, datetime

from wizard.case import Case

MOST_LOGS = 8_000_000
"""Characters of all that was given, logs too, that a case keeps at most: it is written after every answer."""

_NEVER = datetime.fromtimestamp(0, UTC)


class CaseFileError(Exception):
    """A file that is no case this program can read; the message says in a sentence what is wrong with it, and where."""


class NewerCaseError(CaseFileError):
    """A case of a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A case as it is kept: with its id, the name a person gave it, and when it was saved (aware, UTC).

    `keep_logs` is what the person said of the logs pasted in this case; None leaves it to the settings.
    """

    id: str
    case: Case
    name: str = ""
    saved: datetime = _NEVER
    archived: bool = False
    keep_logs: bool | None = None


class Logs(enum.Enum):
    """What becomes of the logs that were pasted in a case; the value says it to the person."""

    KEPT = "Pasted logs stay in this case, and go with it."
    LEFT_OUT = "Pasted logs are left out of this case."
    TOO_LARGE = "The pasted logs are too large to stay in this case (8 MB)."


def logs_of(saved: Saved, usual: bool) -> Logs:
    """What becomes of a case's pasted logs; `usual` is what the settings say."""
    if not (usual if saved.keep_logs is None else saved.keep_logs):
        return Logs.LEFT_OUT
    everywhere = [saved.case.typed, *(state.typed for state in saved.case.elsewhere.values())]
    given = sum(len(text) for typed in everywhere for text in typed.values())
    return Logs.KEPT if given <= MOST_LOGS else Logs.TOO_LARGE
