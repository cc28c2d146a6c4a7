"""An attempt at an exercise while it runs, and the result sheet it ends with: as text, as JSON and as a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from textwrap import wrap
from typing import Any

from wizard.findings import counted
from wizard.machine.inert import shown
from wizard.practice.coach import Met, debrief, judge
from wizard.practice.exercise import Exercise, Mode
from wizard.practice.world import World
from wizard.record.blocks import Block, Evidence, Pairs, Points, Record, Section, Word
from wizard.record.render import page

MOST_TYPED = 2000
"""Lines that a sheet keeps at most, the last ones; a pasted file is no answer."""

LONGEST_TYPED = 2000
"""Characters of one of them that it keeps."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result sheet. Times are aware; `hints` is how many were taken; `typed` the lines as they were entered.

    `damage` has the sentences of the forbidden outcomes. `concluded` is the sentence of the conclusion that was
    chosen, empty where none was asked. `lessons` is the debrief.
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
        """How long it took, never negative."""
        return max(self.ended - self.started, timedelta(0))

    @property
    def headline(self) -> str:
        """How it ended, in one sentence."""
        if self.mode is Mode.SANDBOX:
            return "Sandbox: nothing counts here."
        if self.solved:
            return "Solved, and nothing was damaged." if not self.damage else "Solved, but something was damaged."
        return "Not solved." if not self.damage else "Not solved, and something was damaged."


@dataclass(frozen=True, slots=True)
class Attempt:
    """An exercise while it is being worked on; every change gives a new one."""

    exercise: Exercise
    mode: Mode
    started: datetime
    hints: int = 0
    typed: tuple[str, ...] = ()
    conclusion: str = ""

    def typing(self, line: str) -> Attempt:
        """With one more line entered."""
        return replace(self, typed=(*self.typed, line[:LONGEST_TYPED])[-MOST_TYPED:])

    def hinted(self) -> tuple[Attempt, str]:
        """With one more hint taken, and the hint, the gentlest first; an empty one in an exam and after the last."""
        if self.mode is Mode.EXAM or self.hints >= len(self.exercise.hints):
            return self, ""
        return replace(self, hints=self.hints + 1), self.exercise.hints[self.hints]

    def concluding(self, key: str) -> Attempt:
        """With the conclusion of this key chosen as the answer to what is wrong."""
        return replace(self, conclusion=key)

    def sheet(self, world: World, ended: datetime) -> Result:
        """The result sheet, with the world as it stands at the end."""
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
    """The sheet as text for a terminal so many cells wide, ending in a line feed.

    What would act on a terminal is made visible; every text stands on lines of its own, further ones indented.
    """
    lines = [shown(result.title), result.headline, ""]
    lines += _points(((f"[{'x' if goal.met else ' '}] ", goal.say) for goal in result.goals), columns)
    if result.concluded:
        lines += ["", *_points([("You concluded: ", result.concluded)], columns, indent="")]
    if result.damage:
        lines += ["", "Damage:", *_points((("! ", each) for each in result.damage), columns)]
    if result.lessons:
        lines += ["", "What to take along:", *_points((("- ", each) for each in result.lessons), columns)]
    lines += ["", f"{_way(result)}. Exercise {shown(result.scenario)}, number {result.seed}."]
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
    """How it was done, in one line."""
    parts = (duration(result.took), counted(result.hints, "hint"), counted(len(result.typed), "line"))
    return f"{result.mode.value.capitalize()}: {', '.join(parts)} typed"


def as_json(result: Result) -> str:
    """The sheet as JSON in ASCII, ending in a line feed."""
    return json.dumps(to_table(result), indent=1, ensure_ascii=True) + "\n"


def as_page(result: Result) -> str:
    """The sheet as one HTML page that needs nothing else, without a script."""
    return page(Record(f"Practice: {result.title}", result.headline, result.ended, (section(result),)))


def section(result: Result, heading: str = "Result") -> Section:
    """The sheet as one section of a record."""
    rows: list[tuple[str, str | Word | datetime]] = [
        ("Exercise", Word(f"{result.scenario}, number {result.seed}")),
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


def _typed(lines: tuple[str, ...]) -> Evidence:
    # Deferred: only a page needs it.
    from wizard.facts import Line  # noqa: PLC0415

    return Evidence(tuple(Line(text, number, "what was typed") for number, text in enumerate(lines, 1)))


def to_table(result: Result) -> dict[str, Any]:
    """The sheet as plain tables and lists, for JSON."""
    return {
        "scenario": result.scenario,
        "title": result.title,
        "seed": result.seed,
        "mode": result.mode.value,
        "started": result.started.astimezone(UTC).isoformat(),
        "ended": result.ended.astimezone(UTC).isoformat(),
        "hints": result.hints,
        "goals": [{"say": goal.say, "met": goal.met} for goal in result.goals],
        "damage": list(result.damage),
        "solved": result.solved,
        "typed": list(result.typed),
        "concluded": result.concluded,
        "lessons": list(result.lessons),
    }


def from_table(table: object) -> Result:
    """The sheet that `to_table` gave.

    Raises:
        ValueError: it is none; the message names the key.
    """
    if not isinstance(table, Mapping):
        raise ValueError("a result is a table")
    goals = _value(table, "goals", list)
    if not all(isinstance(goal, Mapping) for goal in goals):
        raise ValueError("goals")
    mode = _value(table, "mode", str)
    if mode not in {each.value for each in Mode}:
        raise ValueError("mode")
    return Result(
        scenario=_value(table, "scenario", str),
        title=_value(table, "title", str),
        seed=_value(table, "seed", int),
        mode=Mode(mode),
        started=_time(table, "started"),
        ended=_time(table, "ended"),
        hints=_value(table, "hints", int),
        goals=tuple(Met(_value(goal, "say", str), _value(goal, "met", bool)) for goal in goals),
        damage=_strings(table, "damage"),
        solved=_value(table, "solved", bool),
        typed=_strings(table, "typed"),
        concluded=_value(table, "concluded", str),
        lessons=_strings(table, "lessons"),
    )


def _value(table: Mapping[Any, Any], key: str, kind: type[Any]) -> Any:
    found = table.get(key)
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise ValueError(key)
    return found


def _strings(table: Mapping[Any, Any], key: str) -> tuple[str, ...]:
    found = _value(table, key, list)
    if not all(isinstance(each, str) for each in found):
        raise ValueError(key)
    return tuple(found)


def _time(table: Mapping[Any, Any], key: str) -> datetime:
    try:
        found = datetime.fromisoformat(_value(table, key, str))
    except ValueError:
        raise ValueError(key) from None
    if found.tzinfo is None:
        raise ValueError(key)
    return found
