"""Many learners' exported results as one document: who solved what, and where they stumbled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wizard.findings import counted, listed
from wizard.machine.files import read_whole, why
from wizard.practice.result import LARGEST, Learned, Result, ScenarioStanding, duration, exported_record
from wizard.practice.scenario import Mode
from wizard.record.blocks import Cell, Document, Section, Table


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner's name and results, without those of the sandbox, where nothing counts."""

    name: str
    learned: Learned


def learner_in(path: Path) -> Learner:
    """The learner of a file written by `practice --export FILE.json`; without a name in it the file's name counts.

    Raises:
        ValueError: it cannot be read, or is no such file; the message is the reason.
    """
    try:
        name, results = exported_record(read_whole(path, LARGEST))
    except OSError as error:
        raise ValueError(f"it cannot be read: {why(error)}") from None
    return Learner(name.strip() or path.stem, Learned(tuple(each for each in results if each.mode is not Mode.SANDBOX)))


def class_document(learners: Sequence[Learner], now: datetime) -> Document:
    """The table of a class. Two learners of one name stay two."""
    twice = {name for name, number in Counter(each.name for each in learners).items() if number > 1}
    named = [
        Learner(f"{each.name} ({number})" if each.name in twice else each.name, each.learned)
        for number, each in enumerate(learners, 1)
    ]
    rows = [row for each in named for row in _rows(each)]
    solved = sum(each.learned.standing(scenario).clean > 0 for each in named for scenario in _scenarios(each))
    tried = sum(len(_scenarios(each)) for each in named)
    stumbled = tuple(_stumbles(named))
    sections = (
        Section("Who solved what", (Table(_COLUMNS, tuple(rows)),)),
        Section("Where they stumbled", (Table(("Scenario", "What happened", "Whom"), stumbled),)),
    )
    return Document(
        "Practice of KB 4051498: a class",
        f"{counted(len(named), 'learner')}, {counted(tried, 'exercise')}: {solved} solved without damage.",
        now,
        tuple(section for section, filled in zip(sections, (rows, stumbled), strict=True) if filled),
    )


_COLUMNS = ("Learner", "Scenario", "Result", "Tries", "Hints at best", "Time at best")


def _scenarios(learner: Learner) -> dict[str, str]:
    """The titles of the scenarios tried, by their ids."""
    return {result.scenario: result.title for result in learner.learned.results}


def _rows(learner: Learner) -> Iterator[tuple[Cell, ...]]:
    if not learner.learned.results:
        yield learner.name, "no exercise finished yet", "", "", "", ""
    for scenario, title in _scenarios(learner).items():
        standing = learner.learned.standing(scenario)
        tries = "1 try" if standing.tried == 1 else f"{standing.tried:,} tries"
        best = standing.best
        effort = (counted(best.hints, "hint"), duration(best.took)) if best else ("", "")
        yield learner.name, title, _outcome(standing), tries, *effort


def _outcome(standing: ScenarioStanding) -> str:
    if standing.clean:
        return "solved"
    return "solved with damage" if standing.solved else "not solved"


def _stumbles(learners: Iterable[Learner]) -> Iterator[tuple[Cell, ...]]:
    """Each damage and each goal that was missed, with those whom it happened to; what happened to most comes first."""
    whom: dict[tuple[str, str], dict[str, None]] = {}
    for learner in learners:
        for result in learner.learned.results:
            for sentence in _stumbled(result):
                whom.setdefault((result.title, sentence), {})[learner.name] = None
    for (title, sentence), names in sorted(whom.items(), key=lambda each: -len(each[1])):
        yield title, sentence, listed(tuple(names))


def _stumbled(result: Result) -> Iterator[str]:
    yield from (each.rstrip(".") for each in result.damage)
    yield from (f"Not reached: {goal.say.rstrip('.')}" for goal in result.goals if not goal.met)
