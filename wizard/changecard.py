"""The change card: one page for an approval before the change, to paste into a ticket or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from wizard.case import Case, StepId
from wizard.composed import bind_commands, bind_elsewhere, undo_command
from wizard.facts import spelled
from wizard.findings import Level
from wizard.proof import proofs
from wizard.record import Block, Evidence, Pairs, Paragraph, Points, Record, Run, Section, Word
from wizard.record_markdown import markdown
from wizard.recorded import on_servers, verdict_of, warned
from wizard.servers import here, several, still_open
from wizard.steps import step

_MOST_LINES = 4


def change_card(case: Case, now: datetime, zone: tzinfo | None = None) -> str:
    """The card as Markdown that reads as plain text. `now` is when it is made (aware, UTC), `zone` of local times."""
    return markdown(card_of(case, now), zone)


def card_of(case: Case, now: datetime) -> Record:
    """The card as a record, for the renderings."""
    binding = bind_commands(case)
    told = (
        ("What will be run", _run(case)),
        ("Why", _why(case)),
        ("Answer at the prompt", _prompt() if binding else iter(())),
        ("What it cannot undo", _lasting() if binding else iter(())),
        ("How to go back", _back(case) if binding else iter(())),
        ("How success will be seen", _success(case) if binding else iter(())),
        ("Warnings", _warnings(case)),
    )
    sections = tuple(Section(heading, tuple(blocks)) for heading, blocks in told)
    return Record(
        "Change: bind a certificate to SMTP (KB 4051498)",
        _headline(case) if binding else "No command may be run yet.",
        now,
        tuple(section for section in sections if section.blocks),
        case.sample,
    )


def _headline(case: Case) -> str:
    return (
        f"One line is run on each of {len(case.servers)} servers."
        if several(case)
        else "One line is run on one server."
    )


def _run(case: Case) -> Iterator[Block]:
    """The chosen form of the line on the server the case is at, then the lines for the others; or why there is none."""
    binding = bind_commands(case)
    if not binding:
        yield Paragraph("No binding command may be written yet. " + _why_none(case))
        return
    at = here(case) or case.server
    yield Run(binding[0], at or "the server that sends the mail, in its Exchange Management Shell")
    for server, there in on_servers(case):
        if server != here(case) and server in still_open(case):
            yield from (Run(command, server) for command in bind_commands(there)[:1])
    yield from (Run(command, command.server or "") for command in bind_elsewhere(case))
    if several(case) and case.edge:
        yield Paragraph("On each other Edge Transport server the same line is run on that server itself.")
    elif several(case) and not here(case):
        yield Paragraph("Which of the servers was examined is not known: the line is needed on each of them once.")


def _why_none(case: Case) -> str:
    stop = next((check.text for check in warned(case) if check.level is Level.BLOCK), "")
    return stop or step(StepId.COMMAND).missing(case)


def _why(case: Case) -> Iterator[Block]:
    verdict = verdict_of(case)
    yield Paragraph(f"{verdict.title}." + (f" Source: {verdict.source}." if verdict.source else ""))
    rows = [
        ("Send connector", Word(case.connector)),
        ("Certificate", Word(case.thumbprint)),
        ("Subject", Word(case.logged.subject if case.logged else "")),
        ("Services it has now", Word(spelled(case.services_now) if case.services_now is not None else "")),
    ]
    yield Pairs(tuple((label, value) for label, value in rows if value.text))
    # The row that tells the outcome stands first; of the certificate, one page has room for what names it.
    telling = [line for line in verdict.because[1:] if case.thumbprint and case.thumbprint in line.text.upper()]
    lines = tuple(dict.fromkeys(line for line in (*verdict.because[:1], *telling) if line.text.strip()))
    if lines:
        yield Evidence(lines[:_MOST_LINES])


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
    undo = undo_command(case)
    if undo:
        yield Paragraph("Only if the question was answered with Y by mistake; this one is answered with Y:")
        yield Run(undo, here(case) or case.server)
    else:
        yield Paragraph(
            "There is nothing to take back after the answer N. After a wrong Y the earlier certificate is made the "
            "default again by the same command, with the thumbprint that the question shows as Current certificate: "
            "it is written down before the answer."
        )


def _success(case: Case) -> Iterator[Block]:
    where = " on each server" if several(case) else ""
    yield Points(tuple(f"{proof.claim}{where if proof.id != 'logging' else ''}." for proof in proofs(case)))


def _warnings(case: Case) -> Iterator[Block]:
    """Every warning that is known, on each server that was looked at, and whether it was gone on past."""
    points = []
    for server, at in on_servers(case):
        for check in warned(at):
            where = f"{server}: " if several(case) and server else ""
            passed = " Known, and gone on past." if check.id in at.passed else ""
            points.append(f"{check.level.value}: {where}{check.text}{passed}")
    yield Points(tuple(dict.fromkeys(points))) if points else Paragraph("None known.")
