"""A case as it is kept, and what can be wrong with a file that should be one.

Apart from `casefile`, which reads and writes it: the first screen needs none of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from wizard.case import Case

_NEVER = datetime.fromtimestamp(0, UTC)


class CaseFileError(Exception):
    """A file that is no case this program can read; the message says in a sentence what is wrong with it, and where."""


class NewerCaseError(CaseFileError):
    """A case of a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A case as it is kept: with its id, the name a person gave it, and when it was saved (aware, UTC)."""

    id: str
    case: Case
    name: str = ""
    saved: datetime = _NEVER
    archived: bool = False
