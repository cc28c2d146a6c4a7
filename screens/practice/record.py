"""The learner's record as the screens use it: how a scenario stands, and one more result kept."""

from __future__ import annotations

from wizard.places import practice_folder
from wizard.practice.result import Learned, Progress, ProgressError, Result, Standing


def read_record() -> Learned:
    """What the record holds; why it could not be read is its `problem`."""
    try:
        return Progress(practice_folder()).read()
    except ProgressError as error:
        return Learned(problem=str(error))


def keep(result: Result) -> str:
    """Put a result into the record; what kept it from being kept, in a sentence, empty when nothing did."""
    try:
        Progress(practice_folder()).add(result)
    except ProgressError as error:
        return str(error)
    return ""


def standing_in_words(standing: Standing) -> str:
    """How a scenario stands: new, tried, solved, with damage or not; and the best time."""
    if not standing.tried:
        return "new"
    if not standing.solved:
        return "not solved yet"
    best = ""
    if standing.best:
        minutes = max(round(standing.best.took.total_seconds() / 60), 1)
        best = f", best {minutes} min"
    return f"{'solved' if standing.clean else 'solved with damage'}{best}"


def same_again(record: Learned, scenario: str) -> int | None:
    """The seed with which a scenario was trained last; None where it never was."""
    return next((each.seed for each in reversed(record.results) if each.scenario == scenario), None)
