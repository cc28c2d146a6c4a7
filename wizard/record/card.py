"""The change card: one page for an approval before the change, to paste into a ticket or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wizard.case.case import Case, StepId
from wizard.case.servers import at_each, here, several
from wizard.facts import spelled
from wizard.findings import Level, listed
from wizard.record.blocks import Block, CommandRun, Document, EvidenceLines, Pairs, Paragraph, Points, Section, Word
from wizard.record.record import STANDING, because, warned
from wizard.record.summary import left_to_run, was_run, ways_back
from wizard.steps.command import bind_commands
from wizard.steps.flow import proofs, step
from wizard.steps.undo import undo_command
from wizard.verdict import telling, verdict_of

_MOST_LINES = 4


def card_of(case: Case, now: datetime) -> Document:
    """The card as a document; `now` is its time (aware, UTC).

    A line already run is reported, and not requested again. If nothing is left to run, the card reports what was run
    and what is proven of it.
    """
    left, done = left_to_run(case), was_run(case)
    told = (
        ("What will be run", _run(case)),
        ("What was run already", _ran(done)),
        ("Why", _why(case)),
        ("Answer at the prompt", _prompt() if left else iter(())),
        ("What it cannot undo", _lasting() if left or done else iter(())),
        ("How to go back", _back(case) if left or done else iter(())),
        ("How success will be seen", _success(case) if left else iter(())),
        ("What is proven", _proven(done) if not left else iter(())),
        ("Warnings", _warnings(case)),
    )
    sections = tuple(Section(heading, tuple(blocks)) for heading, blocks in told)
    return Document(
        "Change: bind a certificate to SMTP (KB 4051498)",
        _headline(case),
        now,
        tuple(section for section in sections if section.blocks),
        case.sample,
    )


def _headline(case: Case) -> str:
    left, done = left_to_run(case), [server for server, _at in was_run(case)]
    if not left and not done:
        return "No command may be run yet."
    if not done:
        return (
            f"One line is run on each of {len(case.servers)} servers."
            if several(case)
            else "One line is run on one server."
        )
    where = f" on {listed(done)}" if several(case) and all(done) else ""
    if left:
        return (
            f"One line is still to be run on {listed([server for server, _line in left])};{where} it was run already."
        )
    return f"The line was run{where}: no other is left to be run."


def _run(case: Case) -> Iterator[Block]:
    """The lines still to run on each server, or why a server has none."""
    left, done = left_to_run(case), was_run(case)
    for server, line in left:
        yield CommandRun(line, server or "the server that sends the mail, in its Exchange Management Shell")
    if not left and not done:
        yield Paragraph("No binding command may be written yet. " + _why_none(case))
        return
    ran = {server for server, _at in done}
    for server, at in at_each(case):
        if several(case) and server not in ran and not bind_commands(at):
            yield Paragraph(f"{server}: no binding command may be written yet. {_why_none(at)}")
    if several(case) and case.edge and len(ran) < len(case.servers):
        yield Paragraph("On each other Edge Transport server the same line is run on that server itself.")
    elif several(case) and not here(case):
        yield Paragraph("Which of the servers was examined is not known: the line is needed on each of them once.")


def _ran(done: tuple[tuple[str, Case], ...]) -> Iterator[Block]:
    for server, at in done:
        yield from (CommandRun(line, server or "the server that sends the mail") for line in bind_commands(at)[:1])
        if at.now.prompt_answer:
            yield Paragraph(f"What was answered: {at.now.prompt_answer.value}.")
        if at.now.undone and (undo := undo_command(at)):
            yield CommandRun(undo, f"{server}, then".strip(", ") if server else "then")
            yield Paragraph("What was answered: Y. The earlier default certificate is the default again.")


def _why_none(case: Case) -> str:
    stop = next((check.text for check in warned(case) if check.level is Level.BLOCK), "")
    return stop or step(StepId.COMMAND).missing(case)


def _why(case: Case) -> Iterator[Block]:
    verdict = verdict_of(case)
    yield Paragraph(f"{verdict.title}." + (f" Source: {verdict.source}." if verdict.source else ""))
    rows = [
        ("Send connector", Word(case.connector)),
        ("Certificate", Word(case.now.thumbprint)),
        ("Subject", Word(case.logged.subject if case.logged else "")),
        *(row for server, at in at_each(case) for row in _services(at, server if several(case) else "")),
    ]
    yield Pairs(tuple((label, value) for label, value in rows if value.text))
    # Of the certificate one page fits only its names.
    lines = tuple(line for line in telling(verdict, case.now.thumbprint) if line.text.strip())
    if lines:
        yield EvidenceLines(lines[:_MOST_LINES])


def _services(at: Case, server: str) -> Iterator[tuple[str, Word]]:
    """The certificate's services as last read on one server; `server` is empty if there is only one."""
    where = f" on {server}" if server else ""
    after = at.certificate_after
    if after and after.services is not None:
        yield f"Services it has now{where}", Word(spelled(after.services))
    elif at.services_now is not None:
        before = f"Services it had before{where}" if at.now.prompt_answer else f"Services it has now{where}"
        yield before, Word(spelled(at.services_now))


def _prompt() -> Iterator[Block]:
    yield Paragraph(
        "Exchange may ask whether to overwrite the default SMTP certificate. The answer is N. Enter alone means Yes. "
        "SMTP is bound all the same, and the server's default certificate stays what it is."
    )


def _lasting() -> Iterator[Block]:
    yield Paragraph(
        "SMTP stays bound to the certificate: the command only adds services, and none can be taken away again with it."
    )


def _back(case: Case) -> Iterator[Block]:
    ways = tuple(ways_back(case))
    yield from ways
    if not ways:
        yield Paragraph(
            "There is nothing to take back after the answer N. After a wrong Y the earlier certificate is made the "
            "default again by the same command, with the thumbprint that the question shows as Current certificate: "
            "it is written down before the answer."
        )


def _success(case: Case) -> Iterator[Block]:
    where = " on each server" if several(case) else ""
    yield Points(tuple(f"{proof.claim}{where if proof.id != 'logging' else ''}." for proof in proofs(case)))


def _proven(done: tuple[tuple[str, Case], ...]) -> Iterator[Block]:
    """The proofs on each server on which the line was run."""
    points = []
    for server, at in done:
        for proof in proofs(at):
            where = f"{server}: " if server and proof.id != "logging" else ""
            points.append(f"{where}{proof.claim}: {STANDING[proof.standing]}, {because(proof)}.")
    yield Points(tuple(dict.fromkeys(points)))


def _warnings(case: Case) -> Iterator[Block]:
    """Every known warning on each server looked at, and whether it was passed."""
    points = []
    for server, at in at_each(case):
        for check in warned(at):
            where = f"{server}: " if several(case) and server else ""
            passed = " Known, and gone on past." if check.id in at.now.passed else ""
            points.append(f"{check.level.value}: {where}{check.text}{passed}")
    yield Points(tuple(dict.fromkeys(points))) if points else Paragraph("None known.")
