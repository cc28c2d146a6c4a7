"""A step as lines: its words, commands, failures, findings, choices, and the question about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from screens.actions import CONDITIONS, LETTERS, Circumstances, reached
from screens.plain.ask import Prose
from wizard.case.case import Case, StepId
from wizard.facts import FailureGroup, Line, Occurrence
from wizard.findings import MOST_KINDS, MOST_LINES, Finding, counted, minute, places
from wizard.powershell.command import KINDS, Command, about, origins
from wizard.record.summary import facts_known
from wizard.steps.flow import STEPS, check_again, next_label, position, steps_of
from wizard.steps.parts import Step

_NAMED = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")

_ANSWER = re.compile(r"([a-z?]?)\s*([0-9]{0,6})")


def in_letters(text: str) -> str:
    """Put letters in the place of ids: `press {step.paste}` becomes `press v`."""
    return _NAMED.sub(lambda found: LETTERS.get(found[1], found[0]), text)


def finding_in_letters(text: str) -> str:
    """A finding's sentence with the letter for going on; nothing else, for it may hold names from a log."""
    return text.replace("press Next", f"answer {LETTERS['step.next']}")


@dataclass(frozen=True, slots=True)
class Question:
    """The step, the case and the findings shown: the words of a letter depend on them."""

    step: Step
    case: Case
    findings: tuple[Finding, ...] = ()
    quits: str = "quits; what is open is printed"


def parsed(answer: str) -> tuple[str, int] | None:
    """The letter and the number of an answer such as `c2`, `g 5` or `3` (0 without a number); None for other text."""
    found = _ANSWER.fullmatch(answer.casefold().strip())
    return (found[1], int(found[2] or 0)) if found and (found[1] or found[2]) else None


def _copy(at: Question) -> str:
    count = len(at.step.commands(at.case))
    if count < 2:
        return "copies the command"
    return f"copies the first command, {' '.join(f'c{number}' for number in range(2, count + 1))} the others"


def _alone(at: Question) -> str:
    several = len(at.step.commands(at.case)) > 1
    return "prints the command's line alone, to be marked" + (", d2 the second's" if several else "")


WORDS: dict[str, str | Callable[[Question], str]] = {
    "step.next": lambda at: next_label(at.step, at.case),
    "step.back": "one step back; nothing given is lost",
    "step.copy": _copy,
    "step.alone": _alone,
    "step.text": "takes a pasted text",
    "step.paste": "takes what is on the clipboard",
    "step.open": lambda at: "opens a file or a folder" if at.step.takes_log else "opens a file",
    "step.name": "takes the connector's name, typed",
    "step.lines": "the rows behind what was found, and the sources",
    "step.sessions": "lists all failed handshakes, f1 those of the first kind; from there, the rows of each session",
    "step.logs": "keeps the log you pasted in the saved case, or leaves it out again",
    "step.explain": "explains the step",
    "step.known": "what is known so far",
    "step.again": "says the whole step again",
    "step.go": "lists the steps, g5 goes to step 5",
    "step.summary": "the summary, with all commands",
    "app.save": "saves the summary to a text file",
    "app.status": "copies the status in two sentences, for whoever asks",
    "app.restart": "begins anew",
    "app.quit": lambda at: at.quits,
}
"""What each letter does, in the order of the list."""

_ACTIONS = {action.id: action for action in reached("step")}


def offered(at: Question) -> Iterator[str]:
    """The ids of the actions that have a letter and apply now."""
    now = Circumstances(at.case, begun=True, step=at.step, findings=lambda: at.findings)
    return (each for each in WORDS if CONDITIONS[_ACTIONS[each].when](now))


def listed(at: Question) -> Iterator[str]:
    """Every answer that applies now, one a line."""
    if choices := at.step.choices(at.case):
        yield f"  {_numbers(len(choices))}: chooses that answer"
    for each in offered(at):
        words = WORDS[each]
        yield f"  {LETTERS[each]}: {words if isinstance(words, str) else words(at)}"


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


def intro(current: Step, case: Case) -> Iterator[str]:
    """The words of a step."""
    yield ""
    sample = "SAMPLE, " if case.sample else ""
    yield Prose(f"{sample}{position(current.id, case)}: {current.words.title} ({current.words.kb})")
    yield Prose(in_letters(current.instruction(case)))
    if why := current.why(case):
        yield Prose(in_letters(why))


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
        first, last = (minute(time) for time in (group.first, group.last))
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
