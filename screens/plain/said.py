"""What a step says, as lines: its words, commands, failures, findings and choices, and what is asked about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from screens.plain.letters import finding_in_letters, in_letters
from screens.plain.prose import Prose
from wizard.case import Case, StepId
from wizard.commandline import origins
from wizard.commands import Command
from wizard.effects import KINDS, about
from wizard.facts import FailureGroup, Line
from wizard.findings import Finding, counted, places
from wizard.occurrences import Occurrence
from wizard.report import facts_known
from wizard.steps import STEPS, Step, check_again, position, steps_of

LONGEST = 700
"""Characters of a command that is read out at each visit; a longer one is printed when it is asked for."""

MOST_KINDS = 60
"""Kinds of failures that are listed; the rest is counted, and their sessions are in the list of all."""

MOST_LINES = 400
"""Lines of evidence behind one finding, or of one session; the rest is counted."""


def intro(current: Step, case: Case) -> Iterator[str]:
    """The words of a step, once."""
    yield ""
    sample = "SAMPLE, " if case.sample else ""
    yield Prose(f"{sample}{position(current.id, case)}: {current.words.title} ({current.words.kb})")
    yield Prose(in_letters(current.words.do))
    yield Prose(in_letters(current.words.why))


def standing(current: Step, case: Case, findings: tuple[Finding, ...]) -> tuple[tuple[str, ...], ...]:
    """What changes while a step is worked on, in sections: commands, failures, findings, choices."""
    return (
        tuple(_commands(current, case)),
        tuple(_failures(case)) if current.id is StepId.LOG else (),
        tuple(finding_line(finding) for finding in findings),
        tuple(_choices(current, case)),
    )


def _commands(current: Step, case: Case) -> Iterator[str]:
    """Each command: what it does and how it bears on the servers, then the line alone, to its end."""
    commands = current.commands(case)
    for number, command in enumerate(commands, start=1):
        count = f" {number} of {len(commands)}" if len(commands) > 1 else ""
        yield Prose(f"{KINDS.get(command.id, '')}Command{count}, {about(command).effect.value}. {command.purpose}")
        if len(command.text) > LONGEST:
            ways = f"c{number} copies it, d{number} prints it."
            yield Prose(f"It has {len(command.text):,} characters, only questions. {ways}")
        else:
            yield command.text
        if current.id is StepId.COMMAND:
            yield from (f"  {part} from {origin}" for part, origin in origins(command))


def _failures(case: Case) -> Iterator[str]:
    """Each kind of failed handshake of the log."""
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
    """A finding with its word first, and where it was read."""
    read = f" ({places(finding.lines)})" if finding.lines else ""
    return Prose(f"{finding.level.value}: {finding_in_letters(finding.text)}{read}")


def explained(current: Step, commands: Iterable[Command]) -> Iterator[str]:
    """Why the step is done, what its words mean, and what is to be known of its commands."""
    yield Prose(in_letters(f"{current.words.why}\n\n{current.words.explain}"))
    for command in commands:
        known = about(command)
        undo = f" {known.undo}" if known.undo else ""
        yield Prose(f"\nThe command: {command.purpose} It {known.effect.value}.{undo} Source: {known.source}.")


def rows_behind(findings: Iterable[Finding]) -> Iterator[str]:
    """The very lines each finding was read from, and its source."""
    for finding in (each for each in findings if each.lines or each.source):
        yield f"{finding.level.value}: {finding_in_letters(finding.text)}"
        if finding.source:
            yield f"Source: {finding.source}"
        yield from lines_shown(finding.lines, "lines")


def lines_shown(lines: tuple[Line, ...], noun: str) -> Iterator[str]:
    """Lines of evidence, each with its place before it; those beyond the most are counted."""
    yield from (f"{line.place}: {line.text}" for line in lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        yield f"and {len(lines) - MOST_LINES:,} more {noun}"


def known(case: Case) -> Iterator[str]:
    """What is known so far, and what is to be checked again."""
    facts = facts_known(case)
    yield from (f"{label}: {value}" for label, value in facts)
    stale = check_again(case)
    if stale:
        yield "Check again:"
        yield from (f"! {s.words.title}" for s in STEPS if s.id in stale)
    if not facts and not stale:
        yield "Nothing is known yet."


def steps_listed(case: Case, at: StepId | None) -> Iterator[str]:
    """The steps of the case with their numbers, and how far each is."""
    stale = check_again(case)
    for number, each in enumerate(steps_of(case), start=1):
        if each.id is at:
            mark = ", here"
        elif each.id in stale:
            mark = ", check again"
        elif each.id in case.settled:
            mark = ", done"
        else:
            mark = ", left out" if each.id in case.skipped else ""
        yield f"  {number}: {each.words.title}{mark}"


def occurrence_line(number: int, each: Occurrence) -> str:
    """One failed handshake of a list."""
    time = each.time[:19].replace("T", " ")
    certificate = f"certificate {each.thumbprint[:8]}" if each.thumbprint else "no certificate shown"
    return f"  {number:,}: {time}, {each.connector}, {each.error}, to {each.remote}, {certificate}"
