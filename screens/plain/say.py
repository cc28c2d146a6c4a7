"""A step as lines: its words, commands, failures, findings, choices, and the question about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from screens.plain.ask import Prose
from wizard.case.case import Case, StepId
from wizard.facts import FailureGroup, Line, Occurrence
from wizard.findings import Finding, counted, places
from wizard.powershell.command import KINDS, Command, about, origins
from wizard.record.summary import facts_known
from wizard.steps.flow import STEPS, after, check_again, position, step, steps_of
from wizard.steps.parts import Step

_KEYS = {
    "step.next": ("F8", "n"),
    "step.copy": ("F2", "c"),
    "step.turn": ("F3", "c2"),
    "step.paste": ("F4", "v"),
    "step.open": ("F5", "o"),
    "step.lines": ("F6", "r"),
    "step.known": ("F7", "k"),
    "step.explain": ("F1", "e"),
    "app.save": ("Ctrl+S", "s"),
}
"""The full screen's ids and keys in the words, and the letter that replaces each here."""

_LETTERS = {
    **{f"{{{action}}}": letter for action, (_key, letter) in _KEYS.items()},
    **dict(_KEYS.values()),
}

_NAMED = re.compile(r"\{[a-z_]+\.[a-z_]+\}|\bF[1-9]\b|\bCtrl\+S\b")

_ANSWER = re.compile(r"([a-z?]?)\s*([0-9]{0,6})")


def in_letters(text: str) -> str:
    """Replace the full screen's keys by the letters used here: `press F4` becomes `press v`."""
    return _NAMED.sub(lambda found: _LETTERS.get(found[0], found[0]), text)


def finding_in_letters(text: str) -> str:
    """Replace keys in a finding's sentence; only a few, for it may hold names from a log."""
    return text.replace("(F5)", "(o)").replace("press Next", "answer n")


@dataclass(frozen=True, slots=True)
class Question:
    """The step, the case and the findings shown: the words of a letter depend on them."""

    step: Step
    case: Case
    findings: tuple[Finding, ...] = ()
    quits: str = "quits; the summary is printed"


@dataclass(frozen=True, slots=True)
class Letter:
    """One possible answer. `words` describe it, and are empty where it does not apply."""

    letter: str
    words: Callable[[Question], str]


def parsed(answer: str) -> tuple[str, int] | None:
    """The letter and the number of an answer such as `c2`, `g 5` or `3` (0 without a number); None for other text."""
    found = _ANSWER.fullmatch(answer.casefold().strip())
    return (found[1], int(found[2] or 0)) if found and (found[1] or found[2]) else None


def next_label(current: Step, case: Case) -> str:
    """The label for going on: skip the step, pass its warnings, or the name of the next one."""
    missing = current.missing(case)
    if missing and current.skip:
        return current.skip
    follows = after(current.id, case)
    target = step(follows).words.title if follows else "The summary"
    warned = () if missing else current.warnings(case)
    return f"Next, past {counted(len(warned), 'warning')}: {target}" if warned else f"Next: {target}"


def _always(words: str) -> Callable[[Question], str]:
    return lambda _at: words


def _number(at: Question) -> str:
    return "chooses that answer" if at.step.choices(at.case) else ""


def _copy(at: Question) -> str:
    count = len(at.step.commands(at.case))
    if count < 2:
        return "copies the command" if count else ""
    return f"copies the first command, {' '.join(f'c{number}' for number in range(2, count + 1))} the others"


def _alone(at: Question) -> str:
    count = len(at.step.commands(at.case))
    return "prints the command's line alone, to be marked" + (", d2 the second's" if count > 1 else "") if count else ""


def _open(at: Question) -> str:
    if not at.step.takes_text:
        return ""
    return "opens a file or a folder" if at.step.takes_log else "opens a file"


def _failures_letter(at: Question) -> str:
    if not at.step.failures or not at.case.now.failed:
        return ""
    return "lists all failed handshakes, f1 those of the first kind; from there, the rows of each session"


def _rows(at: Question) -> str:
    there = any(finding.lines or finding.source for finding in at.findings)
    return "the rows behind what was found, and the sources" if there else ""


def _where(when: Callable[[Question], bool], words: str) -> Callable[[Question], str]:
    return lambda at: words if when(at) else ""


KEEP = "keeps the log you pasted in the saved case, or leaves it out again"

LETTERS: tuple[Letter, ...] = (
    Letter("", _number),
    Letter("n", lambda at: next_label(at.step, at.case)),
    Letter("b", _always("one step back; nothing given is lost")),
    Letter("c", _copy),
    Letter("d", _alone),
    Letter("p", _where(lambda at: at.step.takes_text, "takes a pasted text")),
    Letter("v", _where(lambda at: at.step.takes_text, "takes what is on the clipboard")),
    Letter("o", _open),
    Letter("w", _where(lambda at: at.step.asks_name, "takes the connector's name, typed")),
    Letter("r", _rows),
    Letter("f", _failures_letter),
    Letter("t", lambda at: KEEP if at.step.takes_log and not at.case.sample else ""),
    Letter("e", _always("explains the step")),
    Letter("k", _always("what is known so far")),
    Letter("l", _always("says the whole step again")),
    Letter("g", _always("lists the steps, g5 goes to step 5")),
    Letter("m", _always("the summary, with all commands")),
    Letter("s", _always("saves the summary to a text file")),
    Letter("a", _always("begins anew")),
    Letter("q", lambda at: at.quits),
)


def listed(at: Question) -> Iterator[str]:
    """Every answer that applies now, one a line."""
    choices = at.step.choices(at.case)
    for row in LETTERS:
        if words := row.words(at):
            yield f"  {row.letter or _numbers(len(choices))}: {words}"


def question(at: Question) -> str:
    """The question at a step, in a few words: the choices, how to give evidence, and the way on."""
    choices = at.step.choices(at.case)
    parts = [f"{_numbers(len(choices))}: choose"] if choices else []
    if at.step.takes_text and at.step.missing(at.case):
        parts.append("p: paste")
    return Prose("; ".join((*parts, f"n: {next_label(at.step, at.case)}", "?: all answers")))


def _numbers(count: int) -> str:
    return f"1 to {count}" if count > 1 else "1"


LONGEST = 700
"""The longest command that is read out at each visit; a longer one is printed on request."""

MOST_KINDS = 60
"""The most kinds of failures listed; the rest is counted, and the list of all has their sessions."""

MOST_LINES = 400
"""The most lines of evidence shown for one finding or session; the rest is counted."""


def intro(current: Step, case: Case) -> Iterator[str]:
    """The words of a step."""
    yield ""
    sample = "SAMPLE, " if case.sample else ""
    yield Prose(f"{sample}{position(current.id, case)}: {current.words.title} ({current.words.kb})")
    yield Prose(in_letters(current.words.do))
    yield Prose(in_letters(current.words.why))


def standing(current: Step, case: Case, findings: tuple[Finding, ...]) -> tuple[tuple[str, ...], ...]:
    """The sections that change while a step is worked on: commands, failures, findings, choices."""
    return (
        tuple(_commands(current, case)),
        tuple(_failures(case)) if current.failures else (),
        tuple(finding_line(finding) for finding in findings),
        tuple(_choices(current, case)),
    )


def _commands(current: Step, case: Case) -> Iterator[str]:
    """Each command: its purpose and its effect on the servers, then the line alone and whole."""
    commands = current.commands(case)
    for number, command in enumerate(commands, start=1):
        count = f" {number} of {len(commands)}" if len(commands) > 1 else ""
        yield Prose(f"{KINDS.get(command.id, '')}Command{count}, {about(command).effect.value}. {command.purpose}")
        if len(command.text) > LONGEST:
            ways = f"c{number} copies it, d{number} prints it."
            yield Prose(f"It has {len(command.text):,} characters, only questions. {ways}")
        else:
            yield command.text
        if current.forms:
            yield from (f"  {part} from {origin}" for part, origin in origins(command))


def _failures(case: Case) -> Iterator[str]:
    groups = case.failures
    if groups:
        yield "Failed handshakes by kind (times are UTC):"
    for number, group in enumerate(groups[:MOST_KINDS], start=1):
        first, last = (time[:16].replace("T", " ") for time in (group.first, group.last))
        sessions = counted(group.sessions, "session")
        about_it = f"{group.connector}, {group.error}, {sessions}, {first} to {last}, {_certificate(group)}"
        yield Prose(f"  f{number}: {about_it}")
    if len(groups) > MOST_KINDS:
        yield f"  and {len(groups) - MOST_KINDS:,} more kinds"


def _certificate(group: FailureGroup) -> str:
    if group.certificate is None:
        return "certificate: none shown"
    ours = group.certificate
    return f"certificate {(ours.thumbprint or ours.thumbprint_as_written or 'no thumbprint')[:8]}"


def _choices(current: Step, case: Case) -> Iterator[str]:
    choices = current.choices(case)
    if asked := current.asks(choices):
        yield asked
    for number, choice in enumerate(choices, start=1):
        detail = f" - {choice.detail}" if choice.detail else ""
        yield Prose(f"  {number}{' (chosen)' if choice.chosen else ''}: {choice.text}{detail}")


def finding_line(finding: Finding) -> str:
    """A finding: its word, its sentence, and its source."""
    read = f" ({places(finding.lines)})" if finding.lines else ""
    return Prose(f"{finding.level.value}: {finding_in_letters(finding.text)}{read}")


def explained(current: Step, commands: Iterable[Command]) -> Iterator[str]:
    """The reason for the step, its terms, and notes on its commands."""
    yield Prose(in_letters(f"{current.words.why}\n\n{current.words.explain}"))
    for command in commands:
        known = about(command)
        undo = f" {known.undo}" if known.undo else ""
        yield Prose(f"\nThe command: {command.purpose} It {known.effect.value}.{undo} Source: {known.source}.")


def rows_behind(findings: Iterable[Finding]) -> Iterator[str]:
    """The lines each finding was read from, with their source."""
    for finding in (each for each in findings if each.lines or each.source):
        yield f"{finding.level.value}: {finding_in_letters(finding.text)}"
        if finding.source:
            yield f"Source: {finding.source}"
        yield from lines_shown(finding.lines, "lines")


def lines_shown(lines: tuple[Line, ...], noun: str) -> Iterator[str]:
    """Lines of evidence, each behind its place; those beyond the limit are counted."""
    yield from (f"{line.place}: {line.text}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"and {len(lines) - MOST_LINES:,} more {noun}"


def known(case: Case) -> Iterator[str]:
    """The known facts, and those to be checked again."""
    facts = facts_known(case)
    yield from (f"{label}: {value}" for label, value in facts)
    stale = check_again(case)
    if stale:
        yield "Check again:"
        yield from (f"! {s.words.title}" for s in STEPS if s.id in stale)
    if not facts and not stale:
        yield "Nothing is known yet."


def steps_listed(case: Case, at: StepId | None) -> Iterator[str]:
    """The steps of the case with their numbers and states."""
    stale = check_again(case)
    for number, each in enumerate(steps_of(case), start=1):
        if each.id is at:
            mark = ", here"
        elif each.id in stale:
            mark = ", check again"
        elif case.answer(each.id).finished:
            mark = ", done"
        else:
            mark = ", left out" if case.answer(each.id).skipped else ""
        yield f"  {number}: {each.words.title}{mark}"


def occurrence_line(number: int, each: Occurrence) -> str:
    """One failed handshake of a list."""
    time = each.time[:19].replace("T", " ")
    certificate = f"certificate {each.thumbprint[:8]}" if each.thumbprint else "no certificate shown"
    return f"  {number:,}: {time}, {each.connector}, {each.error}, to {each.remote}, {certificate}"
