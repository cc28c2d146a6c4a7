"""A scenario read from TOML: texts, goals, forbidden outcomes, lessons. FORMAT.md beside the scenarios tells how."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.assets import asset_table
from wizard.practice.exercise import Conclusion, Rule, Scenario, ScenarioError
from wizard.practice.partsfile import read_world
from wizard.practice.predicates import EVENTS, TESTS, WORDS, Predicate, Sort
from wizard.practice.tomltable import MOST_LISTED, Table, nearest, opened

_IDENTITY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_TAUGHT = 76
_MOST_LINES = 8

_SORT_OF = {"Service": Sort.SERVICE, "LoggingLevel": Sort.LEVEL, "Kind": Sort.EVENT}


def parsed(text: str, name: str) -> Scenario:
    """The scenario in a text; `name` is the file's, for what is said of it.

    Raises:
        ScenarioError: a line for each thing that is wrong.
    """
    table, problems = opened(text, name)
    scenario = _scenario(table) if table else None
    if problems.found or scenario is None:
        raise ScenarioError("\n".join(problems.found))
    return scenario


def _scenario(table: Table) -> Scenario:
    identity = table.text("id")
    if identity and not _IDENTITY.fullmatch(identity):
        table.wrong('write small letters and digits, joined by hyphens: id = "second-server".', "id")
    parts, sorts = read_world(table)
    free = table.flag("free", False)
    rules = _Rules(sorts)
    scenario = Scenario(
        identity=identity,
        title=table.text("title"),
        teaches=_teaches(table),
        minutes=table.number("minutes", 10, least=1, most=240),
        story=_story(table),
        goals=rules.read(table, "goals"),
        forbidden=(*rules.read(table, "forbidden"), *_usual(table, free)),
        hints=_hints(table, free),
        solution=_solution(table, free),
        parts=parts,
        lessons=rules.read(table, "lessons"),
        conclusions=_conclusions(table),
    )
    if not free and not scenario.goals:
        table.wrong("a scenario needs at least one goal: [[goals]].")
    table.done()
    return scenario


def _teaches(table: Table) -> str:
    teaches = table.text("teaches")
    if len(teaches) > _MOST_TAUGHT or "{{" in teaches:
        table.wrong(f"write one line of at most {_MOST_TAUGHT} characters, without placeholders.", "teaches")
    return teaches


def _story(table: Table) -> str:
    story = table.text("story", lines=True)
    if story.count("\n") >= _MOST_LINES:
        table.wrong(f"a story has at most {_MOST_LINES} lines.", "story")
    return story


def _hints(table: Table, free: bool) -> tuple[str, str, str]:
    hints = table.words("hints", ("", "", "") if free else None, lines=True)
    if len(hints) != 3:
        table.wrong(f"write three hints, from gentle to plain, not {len(hints)}.", "hints")
        return "", "", ""
    return hints[0], hints[1], hints[2]


def _solution(table: Table, free: bool) -> tuple[str, ...]:
    """Lines as they are typed; one that is left empty is an Enter."""
    lines = table.value("solution")
    if free and lines is None:
        return ()
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
        table.wrong("write the lines that solve it as strings: solution = ['one line', 'N'].", "solution")
        return ()
    if len(lines) > MOST_LISTED:
        table.wrong(f"these are too many; write at most {MOST_LISTED}.", "solution")
        return ()
    if any("\n" in line for line in lines):
        table.wrong("each line of the solution is a string of its own; none has a line end in it.", "solution")
        return ()
    return tuple(line for line in lines if table.fit("solution", line))


def _usual(table: Table, free: bool) -> tuple[Rule, ...]:
    """The damage that no scenario wants, but for what this one allows."""
    usual = usual_damage()
    allowed = table.words("allowed", ())
    for word in allowed:
        if word not in usual:
            table.wrong(f'"{word}" is not known.{nearest(word, usual)} Known are: {", ".join(usual)}.', "allowed")
    return () if free else tuple(rule for name, rule in usual.items() if name not in allowed)


def usual_damage() -> Mapping[str, Rule]:
    """What is forbidden in every scenario that does not allow it, by the word with which it is allowed."""
    found = {}
    for name, entry in asset_table("coach.toml")["damage"].items():
        when = [Predicate("happened", tuple(entry["happened"]))] if "happened" in entry else []
        when += [Predicate(test, negated=True) for test in entry.get("lost", ())]
        found[name] = Rule(entry["say"], tuple(when))
    return found


def _conclusions(table: Table) -> tuple[Conclusion, ...]:
    found = []
    for each in table.tables("conclusions"):
        made = Conclusion(each.text("id"), each.text("say"), each.flag("right", False), each.text("because"))
        each.done()
        found.append(made)
    if found and sum(each.right for each in found) != 1:
        table.wrong("exactly one conclusion is the right one: write right = true in it.", "conclusions")
    if len({each.key for each in found}) != len(found):
        table.wrong("each conclusion needs an id of its own.", "conclusions")
    return tuple(found)


class _Rules:
    """Reads sentences with predicates; knows of which sort each key is."""

    def __init__(self, sorts: Mapping[str, Sort]) -> None:
        self.sorts = sorts

    def read(self, table: Table, key: str) -> tuple[Rule, ...]:
        return tuple(self._rule(each) for each in table.tables(key))

    def _rule(self, table: Table) -> Rule:
        say = table.text("say")
        when = [*self._predicates(table, False)]
        if table.has("not"):
            when += self._predicates(table.table("not"), True)
        if not when:
            table.wrong(f"write when this holds; the predicates are: {', '.join(TESTS)}.")
        table.done(TESTS)
        return Rule(say, tuple(when))

    def _predicates(self, table: Table, negated: bool) -> list[Predicate]:
        found = []
        for name in table.held():
            if name in TESTS:
                words = () if table.value(name) is True else table.words(name)
                self._sorted(table, name, words)
                found.append(Predicate(name, words, negated))
        if negated:
            table.done(TESTS)
        return found

    def _sorted(self, table: Table, name: str, words: tuple[str, ...]) -> None:
        """Complain of words that this predicate cannot be asked of, and of those it lacks."""
        test = TESTS[name]
        found = set()
        for word in words:
            sort = _SORT_OF[type(WORDS[word]).__name__] if word in WORDS else self.sorts.get(word)
            known = EVENTS if Sort.EVENT in test.takes else (*self.sorts, *WORDS)
            if sort is None:
                table.wrong(f'"{word}" is no key of the world.{nearest(word, known)}', name)
            elif sort not in test.takes:
                table.wrong(f'"{word}" is {sort.value}; {_takes(name)}.', name)
            found.add(sort)
        missing = [sort.value for sort in test.needs if sort not in found]
        if missing and None not in found:
            table.wrong(f"this needs {' and '.join(missing)} as well.", name)


def _takes(name: str) -> str:
    takes = TESTS[name].takes
    return f"{name} is asked of {', '.join(sort.value for sort in takes)}" if takes else f"write {name} = true"
