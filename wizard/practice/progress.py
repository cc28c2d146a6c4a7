"""The learner's record on disk: every result sheet, in one file among the program's own.

The file is written whole, under a lock that a second window respects. One that cannot be read is set aside under
its name and never deleted; one that a newer version wrote is left alone.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wizard.findings import counted, size
from wizard.machine.files import free_path, make_private, why, write_whole
from wizard.practice.result import Result, duration, from_table, section, to_table
from wizard.record.blocks import Cell, Record, Section, Table
from wizard.record.render import page

SCHEMA = 1
"""The version of the shape: it changes when a reader of an earlier one would be misled."""

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is still read as a record; none comes near it."""

WAIT = 5.0
"""Seconds for which another window may be at the file; it only ever is for a moment."""

_NAME = "progress.json"


class ProgressError(Exception):
    """The record could not be read or written; the message is a sentence for the person at the screen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with one scenario: how often it was tried, solved, and solved without damage; the best.

    The best is the one that is solved, without damage, with the fewest hints, in the shortest time, in this order.
    """

    tried: int = 0
    solved: int = 0
    clean: int = 0
    best: Result | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything the record holds, the oldest first. `problem` is a sentence about a file that was set aside."""

    results: tuple[Result, ...] = ()
    problem: str = ""

    def standing(self, scenario: str) -> Standing:
        """How the learner stands with the scenario of this identity."""
        mine = [result for result in self.results if result.scenario == scenario]
        solved = [result for result in mine if result.solved]
        return Standing(
            len(mine), len(solved), sum(not result.damage for result in solved), min(mine, key=_rank, default=None)
        )


def _rank(result: Result) -> tuple[bool, bool, int, float]:
    return not result.solved, bool(result.damage), result.hints, result.took.total_seconds()


class Progress:
    """The record in one folder. Safe against an end at any moment and against a second window."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / _NAME

    def read(self) -> Learned:
        """What is in the file, nothing where there is none; a damaged one is set aside, and `problem` says where.

        Raises:
            ProgressError: it cannot be read, or a newer version wrote it.
        """
        try:
            if not self.path.exists():
                return Learned()
        except OSError as error:
            raise ProgressError(f"{self.path} cannot be read: {why(error)}") from None
        try:
            with self._alone():
                return self._read()
        except _UnlockedError:
            # A folder in which nothing can be written can be read all the same.
            return self._read()

    def add(self, result: Result) -> Learned:
        """Put one more sheet into the file, and what it holds then.

        Raises:
            ProgressError: it cannot be written, another window does not let go of it, or a newer version wrote it.
        """
        with self._alone():
            before = self._read()
            after = Learned((*before.results, result), before.problem)
            try:
                write_whole(self.path, as_json(after))
            except OSError as error:
                raise ProgressError(f"The result could not be saved to {self.path}: {why(error)}") from None
        return after

    def _read(self) -> Learned:
        try:
            length = self.path.stat().st_size
            text = self.path.read_text(encoding="utf-8-sig") if length <= LARGEST else ""
        except FileNotFoundError:
            return Learned()
        except UnicodeDecodeError:
            return self._aside("it is not UTF-8 text")
        except OSError as error:
            raise ProgressError(f"{self.path} cannot be read: {why(error)}") from None
        if length > LARGEST:
            return self._aside(f"it has {size(length)}")
        try:
            return Learned(_results(text))
        except _NewerError as error:
            raise ProgressError(
                f"{self.path} was written by a newer version of this program (schema {error.args[0]}, this one knows "
                f"{SCHEMA}). Use that version, or set another folder with EXCHANGE_CERT_WIZARD_HOME."
            ) from None
        except (ValueError, RecursionError) as error:
            return self._aside(str(error))

    def _aside(self, reason: str) -> Learned:
        """Move a damaged file out of the way, so that the record can begin anew; nothing of it is lost."""
        target = free_path(self.path.with_name("progress-damaged.json"))
        try:
            self.path.replace(target)
        except OSError as error:
            raise ProgressError(f"{self.path} is damaged ({reason}) and cannot be moved: {why(error)}") from None
        return Learned(problem=f"The record of practice could not be read ({reason}). It was set aside: {target}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the file for this window, for the moment that reading and writing take."""
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 60 ms that only a finished exercise should cost

        lock = FileLock(self.folder / f"{_NAME}.lock")
        try:
            make_private(self.folder)
            lock.acquire(timeout=WAIT)
        except Timeout:
            raise ProgressError(
                f"Another window holds {self.path} for longer than it should. Close it, then try again."
            ) from None
        except OSError as error:
            raise _UnlockedError(f"The record of practice cannot be kept in {self.folder}: {why(error)}") from None
        except NotImplementedError:
            # A share without locks: the file is still written whole.
            yield
            return
        try:
            yield
        finally:
            lock.release()


class _UnlockedError(ProgressError):
    """The folder takes no lock, so nothing can be written there."""


class _NewerError(Exception):
    """A newer version wrote it."""


def _results(text: str) -> tuple[Result, ...]:
    """The sheets in a file's text.

    Raises:
        ValueError: it is no record.
        _NewerError: a newer version wrote it.
    """
    try:
        content = json.loads(text)
    except ValueError:
        raise ValueError("it is no JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("results"), list):
        raise ValueError("it has no results")
    schema = content.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise ValueError("it has no schema")
    if schema > SCHEMA:
        raise _NewerError(schema)
    found = []
    for number, table in enumerate(content["results"], 1):
        try:
            found.append(from_table(table))
        except ValueError as error:
            raise ValueError(f"result {number}: {error}") from None
    return tuple(found)


def as_json(learned: Learned) -> str:
    """The record as JSON in ASCII, ending in a line feed: the very shape of the file."""
    content = {"schema": SCHEMA, "results": [to_table(result) for result in learned.results]}
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def as_page(learned: Learned, learner: str, now: datetime) -> str:
    """The record as one HTML page for the instructor, without a script; `learner` is a name or empty."""
    solved = len({result.scenario for result in learned.results if result.solved and not result.damage})
    tried = len({result.scenario for result in learned.results})
    headline = f"{counted(tried, 'scenario')} tried, {solved} of them solved without damage."
    sections = [_overview(learned)] if learned.results else []
    sections += [section(result, f"{result.title}, {duration(result.took)}") for result in reversed(learned.results)]
    title = f"Practice of KB 4051498{f': {learner}' if learner else ''}"
    return page(Record(title, headline, now, tuple(sections)))


def _overview(learned: Learned) -> Section:
    """One row for each scenario that was tried."""
    titles = {result.scenario: result.title for result in learned.results}
    rows: list[tuple[Cell, ...]] = []
    for identity, title in titles.items():
        standing = learned.standing(identity)
        best = standing.best
        rows.append(
            (
                title,
                str(standing.tried),
                str(standing.solved),
                str(standing.clean),
                str(best.hints) if best else "",
                duration(best.took) if best else "",
            )
        )
    columns = ("Scenario", "Tried", "Solved", "Without damage", "Hints at best", "Time at best")
    return Section("Scenarios", (Table(columns, tuple(rows)),))
