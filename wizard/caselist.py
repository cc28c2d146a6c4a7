"""The saved cases as lines to choose from: how old, which connector and server, at which step, how far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.findings import counted
from wizard.report import headline
from wizard.saved import Saved
from wizard.servers import here
from wizard.steps import next_step, step


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One saved case in words. `step` is the title of the step to go on with, `state` a sentence."""

    id: str
    name: str
    age: str
    connector: str
    server: str
    step: str
    state: str
    archived: bool

    @property
    def title(self) -> str:
        """What the case is called: by the person, else by its connector."""
        return self.name or self.connector or "No connector yet"

    @property
    def text(self) -> str:
        """The case on one line."""
        return f"{self.which}, {self.age}: {self.step}"

    @property
    def which(self) -> str:
        """Which case it is: what it is called, its connector, its server."""
        server = f" at {self.server}" if self.server else ""
        connector = f" ({self.connector})" if self.name and self.connector else ""
        return f"{self.title}{connector}{server}"

    @property
    def opened(self) -> str:
        """The sentence that says which case was opened."""
        return f"Opened: {self.which}, saved {self.age}."


def line_of(saved: Saved, now: datetime) -> CaseLine:
    """A saved case in words; `now` is aware."""
    case = saved.case
    at = next_step(case)
    return CaseLine(
        saved.id,
        saved.name,
        age(now - saved.saved),
        case.connector,
        here(case) or case.server,
        step(at).words.title if at else "The summary",
        headline(case),
        saved.archived,
    )


def age(since: timedelta) -> str:
    """How long ago, in the largest unit that fits: `just now`, `5 minutes ago`, `3 hours ago`, `2 days ago`."""
    seconds = int(since.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{counted(seconds // length, unit)} ago"
    return "just now"


def search(lines: Iterable[CaseLine], words: str) -> tuple[CaseLine, ...]:
    """The lines that hold every word, wherever it stands and however it is spelled."""
    wanted = words.casefold().split()
    return tuple(line for line in lines if all(word in _all_of(line) for word in wanted))


def _all_of(line: CaseLine) -> str:
    return " ".join((line.id, line.name, line.connector, line.server, line.step, line.state, line.age)).casefold()
