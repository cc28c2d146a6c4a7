"""Attempts at exercises, their result sheets, and the learner's record on disk.

The record is written whole, under a lock that a second window respects. An unreadable one is set aside under its name
and never deleted; a newer version's is left alone.
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from wizard.findings import counted
from wizard.machine.files import free_path, make_private, read_whole, why, write_whole
from wizard.machine.inert import shown
from wizard.machine.tables import converter, structured
from wizard.practice.coach import Met, debrief, judge
from wizard.practice.scenario import PUT_BACK, Exercise, Mode
from wizard.practice.world import World
from wizard.record.blocks import Block, Cell, Document, EvidenceLines, Pairs, Points, Section, Table, Word
from wizard.record.render import page

if TYPE_CHECKING:
    from cattrs import Converter

MOST_TYPED = 2000
"""The most lines in a sheet, the last ones; a pasted file is no answer."""

LONGEST_TYPED = 2000
"""The most characters of one such line."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result sheet. Times are aware; `hints` counts the hints taken; `typed` are the lines entered.

    `damage` holds the sentences of the forbidden outcomes. `concluded` is the sentence of the chosen conclusion, empty
    if none was asked. `lessons` is the debrief.
    """

    scenario: str
    title: str
    seed: int
    mode: Mode
    started: datetime
    ended: datetime
    hints: int
    goals: tuple[Met, ...]
    damage: tuple[str, ...]
    solved: bool
    typed: tuple[str, ...]
    concluded: str = ""
    lessons: tuple[str, ...] = ()

    @property
    def took(self) -> timedelta:
        """The time taken, never negative."""
        return max(self.ended - self.started, timedelta(0))

    @property
    def headline(self) -> str:
        """The outcome in one sentence."""
        if self.mode is Mode.SANDBOX:
            return "Sandbox: nothing counts here."
        if self.solved and self.damage and all(each.endswith(PUT_BACK) for each in self.damage):
            return "Solved; what was damaged on the way was put back."
        if self.solved:
            return "Solved, and nothing was damaged." if not self.damage else "Solved, but something was damaged."
        return "Not solved." if not self.damage else "Not solved, and something was damaged."


@dataclass(frozen=True, slots=True)
class Attempt:
    """The progress of an exercise; every change returns a new one."""

    exercise: Exercise
    mode: Mode
    started: datetime
    hints: int = 0
    typed: tuple[str, ...] = ()
    conclusion: str = ""

    def typing(self, line: str) -> Attempt:
        """Add a line entered."""
        return replace(self, typed=(*self.typed, line[:LONGEST_TYPED])[-MOST_TYPED:])

    def hinted(self) -> tuple[Attempt, str]:
        """Take the next hint, the gentlest first; it is empty in an exam and after the last."""
        if self.mode is Mode.EXAM or self.hints >= len(self.exercise.hints):
            return self, ""
        return replace(self, hints=self.hints + 1), self.exercise.hints[self.hints]

    def concluding(self, key: str) -> Attempt:
        """Choose the conclusion of this key as the answer."""
        return replace(self, conclusion=key)

    def sheet(self, world: World, ended: datetime) -> Result:
        """The result sheet, with the world at the end."""
        exercise = self.exercise
        found = judge(exercise, world, self.conclusion)
        return Result(
            scenario=exercise.identity,
            title=exercise.title,
            seed=exercise.seed,
            mode=self.mode,
            started=self.started,
            ended=ended,
            hints=self.hints,
            goals=() if self.mode is Mode.SANDBOX else found.goals,
            damage=found.harm,
            solved=found.solved,
            typed=self.typed,
            concluded=next((each.say for each in exercise.conclusions if each.key == self.conclusion), ""),
            lessons=() if self.mode is Mode.SANDBOX else debrief(exercise, world, self.conclusion),
        )


def duration(took: timedelta) -> str:
    """A time span in words: `7 min 05 s`, `1 h 02 min`."""
    seconds = int(took.total_seconds())
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def as_text(result: Result, columns: int = 80) -> str:
    """The sheet for a terminal of this width, ending in a line feed.

    Characters a terminal acts on become visible; every text begins a line, continued with an indent.
    """
    lines = [shown(result.title), result.headline, ""]
    lines += _points(((f"[{'x' if goal.met else ' '}] ", goal.say) for goal in result.goals), columns)
    if result.concluded:
        lines += ["", *_points([("You concluded: ", result.concluded)], columns, indent="")]
    if result.damage:
        lines += ["", "Damage:", *_points((("! ", each) for each in result.damage), columns)]
    if result.lessons:
        lines += ["", "What to take along:", *_points((("- ", each) for each in result.lessons), columns)]
    lines += ["", f"{_way(result)}. Exercise {shown(result.scenario)}."]
    lines += [f"The same names again: --seed {result.seed}."]
    return "\n".join(lines) + "\n"


def _points(points: Iterable[tuple[str, str]], columns: int, indent: str = "  ") -> list[str]:
    """Sentences behind their marks, wrapped at blanks; a long word such as a path stays whole."""
    lines: list[str] = []
    for mark, sentence in points:
        first, further = f"{indent}{mark}", " " * (len(indent) + len(mark))
        told = wrap(
            shown(sentence),
            columns - 1,
            initial_indent=first,
            subsequent_indent=further,
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += told or [first.rstrip()]
    return lines


def _way(result: Result) -> str:
    """The way of training and its effort, in one line."""
    parts = (duration(result.took), counted(result.hints, "hint"), counted(len(result.typed), "line"))
    return f"{result.mode.value.capitalize()}: {', '.join(parts)} typed"


def section(result: Result, heading: str = "Result") -> Section:
    """The sheet as one section of a document."""
    rows: list[tuple[str, str | Word | datetime]] = [
        ("Exercise", Word(f"{result.scenario}, --seed {result.seed}")),
        ("Way", result.mode.value),
        ("Begun", result.started),
        ("Took", duration(result.took)),
        ("Hints", str(result.hints)),
        ("Result", result.headline),
    ]
    if result.concluded:
        rows.append(("Concluded", result.concluded))
    blocks: list[Block] = [
        Pairs(tuple(rows)),
        Points(tuple(f"{'Reached' if goal.met else 'Not reached'}: {goal.say}" for goal in result.goals)),
    ]
    if result.damage:
        blocks.append(Points(tuple(f"Damage: {each}" for each in result.damage)))
    if result.lessons:
        blocks.append(Points(result.lessons))
    if result.typed:
        blocks.append(_typed(result.typed))
    return Section(heading, tuple(blocks))


def _typed(lines: tuple[str, ...]) -> EvidenceLines:
    # Imported for pages only.
    from wizard.facts import Line  # noqa: PLC0415

    return EvidenceLines(tuple(Line(text, number, "what was typed") for number, text in enumerate(lines, 1)))


@functools.cache
def _tables() -> Converter:
    return converter()


def to_table(result: Result) -> dict[str, Any]:
    """The sheet as plain tables and lists, for JSON."""
    utc = replace(result, started=result.started.astimezone(UTC), ended=result.ended.astimezone(UTC))
    table: dict[str, Any] = _tables().unstructure(utc)
    return table


def from_table(table: object) -> Result:
    """Read the table of `to_table`.

    Raises:
        ValueError: it is none; the message names the key.
    """
    result: Result = structured(_tables(), table, Result, "result", ValueError)
    return result


SCHEMA = 1
"""The version of the shape; it changes when a reader of an earlier one would be misled."""

LARGEST = 64 * 1024 * 1024
"""The largest file read as a record, in bytes; none comes near it."""

WAIT = 5.0
"""Seconds to wait for another window, which holds the file only for a moment."""

_NAME = "progress.json"


class ProgressError(Exception):
    """The record could not be read or written; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class ScenarioStanding:
    """A learner's record with one scenario: attempts, solutions, those without damage; and the best.

    The best is the one that is solved, without damage, with the fewest hints, in the shortest time, in this order.
    """

    tried: int = 0
    solved: int = 0
    clean: int = 0
    best: Result | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """The whole record, oldest first. `problem` is a sentence about a file that was set aside."""

    results: tuple[Result, ...] = ()
    problem: str = ""

    def standing(self, scenario: str) -> ScenarioStanding:
        """The learner's record with the scenario of this identity."""
        mine = [result for result in self.results if result.scenario == scenario]
        solved = [result for result in mine if result.solved]
        return ScenarioStanding(
            len(mine), len(solved), sum(not result.damage for result in solved), min(mine, key=_rank, default=None)
        )


def _rank(result: Result) -> tuple[bool, bool, int, float]:
    return not result.solved, bool(result.damage), result.hints, result.took.total_seconds()


class ProgressFolder:
    """The record in one folder, safe against crashes and a second window."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / _NAME

    def read(self) -> Learned:
        """Read the file, empty if there is none; a damaged one is set aside, and `problem` says where.

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
            # A read-only folder can still be read.
            return self._read()

    def add(self, result: Result) -> Learned:
        """Add a sheet to the file, and return the whole record.

        Raises:
            ProgressError: it cannot be written, another window does not let go of it, or a newer version wrote it.
        """
        with self._alone():
            before = self._read()
            after = Learned((*before.results, result), before.problem)
            try:
                write_whole(self.path, record_json(after))
            except OSError as error:
                raise ProgressError(f"The result could not be saved to {self.path}: {why(error)}") from None
        return after

    def _read(self) -> Learned:
        try:
            return Learned(_results(read_whole(self.path, LARGEST)))
        except FileNotFoundError:
            return Learned()
        except OSError as error:
            raise ProgressError(f"{self.path} cannot be read: {why(error)}") from None
        except _NewerError as error:
            raise ProgressError(
                f"{self.path} was written by a newer version of this program (schema {error.args[0]}, this one knows "
                f"{SCHEMA}). Use that version, or set another folder with EXCHANGE_CERT_WIZARD_HOME."
            ) from None
        except (ValueError, RecursionError) as error:
            return self._aside(str(error))

    def _aside(self, reason: str) -> Learned:
        """Set a damaged file aside, so that the record can begin anew without losing it."""
        target = free_path(self.path.with_name("progress-damaged.json"))
        try:
            self.path.replace(target)
        except OSError as error:
            raise ProgressError(f"{self.path} is damaged ({reason}) and cannot be moved: {why(error)}") from None
        return Learned(problem=f"The record of practice could not be read ({reason}). It was set aside: {target}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Lock the file for this window while reading and writing."""
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
            # On a share without locks the file is still written whole.
            yield
            return
        try:
            yield
        finally:
            lock.release()


class _UnlockedError(ProgressError):
    """The folder supports no lock, so nothing can be written there."""


class _NewerError(Exception):
    """A newer version wrote it."""


def exported_record(text: str) -> tuple[str, tuple[Result, ...]]:
    """The learner's name, which may be empty, and the sheets of a record written as JSON.

    Raises:
        ValueError: it is none, or a newer version wrote it; the message is the reason.
    """
    try:
        results = _results(text)
        name = json.loads(text).get("learner", "")
    except _NewerError as error:
        raise ValueError(
            f"a newer version of this program wrote it (schema {error.args[0]}, this one knows {SCHEMA})"
        ) from None
    except RecursionError:
        raise ValueError("it is no record of practice") from None
    return name if isinstance(name, str) else "", results


def _results(text: str) -> tuple[Result, ...]:
    """Parse the sheets of a file."""
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


def record_json(learned: Learned, learner: str = "") -> str:
    """The record as JSON in ASCII, ending in a line feed: the file's own shape, with the learner's name if given."""
    named = {"learner": learner} if learner else {}
    content = {"schema": SCHEMA, **named, "results": [to_table(result) for result in learned.results]}
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def record_page(learned: Learned, learner: str, now: datetime) -> str:
    """The record as one HTML page for the instructor, without a script; `learner` is a name or empty."""
    solved = len({result.scenario for result in learned.results if result.solved and not result.damage})
    tried = len({result.scenario for result in learned.results})
    headline = f"{counted(tried, 'scenario')} tried, {solved} of them solved without damage."
    sections = [_overview(learned)] if learned.results else []
    sections += [section(result, f"{result.title}, {duration(result.took)}") for result in reversed(learned.results)]
    title = f"Practice of KB 4051498{f': {learner}' if learner else ''}"
    return page(Document(title, headline, now, tuple(sections)))


def _overview(learned: Learned) -> Section:
    """One row for each scenario tried."""
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
