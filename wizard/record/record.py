"""The record of a case after the change: symptom, cause, commands with times, answer, proof, open points.

It says "the administrator" where the screens say "you": others read it, and later.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from wizard.assets import words
from wizard.case.case import Case, Deed, JournalEntry, host
from wizard.case.servers import at_each, here, several
from wizard.facts import FailureGroup, Line
from wizard.findings import Finding, Level, counted
from wizard.fitness import checks, iso_date
from wizard.powershell.command import Command, Effect, about
from wizard.record.blocks import (
    Block,
    Cell,
    CommandRun,
    Document,
    EvidenceLines,
    Pairs,
    Paragraph,
    Points,
    Section,
    Table,
    Word,
)
from wizard.record.summary import facts_known, headline, written_at
from wizard.steps.command import bind_elsewhere
from wizard.steps.flow import STEPS, check_again, proofs
from wizard.steps.parts import Proof, Standing
from wizard.steps.servers import lines, still_open
from wizard.steps.undo import undo_command
from wizard.verdict import queue_meaning, verdict_of

MOST_LINES = 12
"""Lines of evidence shown for one claim; the rest is counted."""

_MOST_GROUPS = 20

STANDING = {
    Standing.PROVEN: "proven",
    Standing.SAID: "said by the administrator",
    Standing.OPEN: "open",
    Standing.FAILED: "not so",
}
"""The degree of a proof, for readers who were not there."""

_SENTENCES = frozenset({"Failed with", "Logging before", "Services before", "Services after", "Sends from"})
"""Facts whose value is a sentence or a list of words, not a value as it was read."""


def record_of(case: Case, now: datetime) -> Document:
    """The record of a case. `now` is its time (aware, UTC)."""
    told = (
        ("In short", _short(case)),
        ("Symptom", _symptom(case)),
        ("Cause", _cause(case)),
        ("Our certificate", _certificate(case)),
        ("Warnings", _warnings(case)),
        *_commands(case),
        ("The overwrite question", _question(case)),
        *_proof(case),
        ("Logging", _logging(case)),
        ("What stays open", _open(case)),
        ("What was done, and when", _journal(case)),
    )
    sections = tuple(Section(heading, tuple(blocks)) for heading, blocks in told)
    return Document(
        "Record of the change: KB 4051498, outbound TLS",
        for_others(headline(case)),
        now,
        tuple(section for section in sections if section.blocks),
        case.sample,
    )


def for_others(text: str) -> str:
    """The headline of a case for readers who were not there."""
    return text.replace("points are proven or said by you", "points are proven or said by the administrator", 1)


def evidence(found: tuple[Line, ...]) -> Iterator[Block]:
    """The lines of evidence, each once, up to `MOST_LINES`."""
    unique = sorted(
        dict.fromkeys(line for line in found if line.text.strip()), key=lambda line: (line.source, line.number)
    )
    if unique:
        yield EvidenceLines(tuple(unique[:MOST_LINES]))
    if len(unique) > MOST_LINES:
        yield Paragraph(f"And {counted(len(unique) - MOST_LINES, 'line')} more.")


def logged_time(text: str) -> Cell:
    """A time of the log as a moment; unchanged if it is none."""
    return iso_date(text) or Word(text)


def warned(case: Case) -> tuple[Finding, ...]:
    """The warnings against the binding, the gravest first."""
    return tuple(check for check in checks(case) if check.level in (Level.BLOCK, Level.WARN))


def _short(case: Case) -> Iterator[Block]:
    rows: list[tuple[str, Cell]] = [("Case opened", case.opened)]
    for label, value in facts_known(case):
        rows.append((label, value if label in _SENTENCES else Word(value)))
    yield Pairs(tuple(rows))


def _symptom(case: Case) -> Iterator[Block]:
    for queue in case.queues[:_MOST_GROUPS]:
        if not queue.last_error:
            continue
        rows: list[tuple[str, Cell]] = [("LastError", Word(queue.last_error))]
        if queue.identity:
            rows.insert(0, ("Queue", Word(queue.identity)))
        if queue.next_hop:
            rows.append(("Next hop", Word(queue.next_hop)))
        if queue.message_count is not None:
            rows.append(("Messages waiting", f"{queue.message_count:,}"))
        yield Pairs(tuple(rows))
        yield Paragraph(queue_meaning(queue.last_error).says)
        yield from evidence(queue.lines)


def _cause(case: Case) -> Iterator[Block]:
    verdict = verdict_of(case)
    yield Paragraph(f"{verdict.title}." + (f" Source: {verdict.source}." if verdict.source else ""))
    groups = case.failures_meant
    for group in groups[:_MOST_GROUPS]:
        yield Pairs(_failure(group))
    if len(groups) > _MOST_GROUPS:
        yield Paragraph(f"And {counted(len(groups) - _MOST_GROUPS, 'kind')} of failure more.")
    yield from evidence(verdict.because)


def _failure(group: FailureGroup) -> tuple[tuple[str, Cell], ...]:
    ours = group.certificate
    shown = (ours.thumbprint or ours.thumbprint_as_written) if ours else ""
    rows: tuple[tuple[str, Cell], ...] = (
        ("Send connector", Word(group.connector)),
        ("Error", Word(group.error)),
        ("Certificate", Word(shown) if shown else "not shown"),
        ("Sessions", f"{group.sessions:,}"),
        ("First", logged_time(group.first)),
    )
    return rows if group.first == group.last else (*rows, ("Last", logged_time(group.last)))


def _certificate(case: Case) -> Iterator[Block]:
    logged, certificate = case.logged, case.certificate
    if not case.now.thumbprint:
        return
    subject = (certificate.subject if certificate else "") or (logged.subject if logged else "")
    issuer = (certificate.issuer if certificate else "") or (logged.issuer if logged else "")
    ends = (certificate.not_after if certificate else "") or (logged.not_after if logged else "") or ""
    serial = (certificate.serial if certificate else "") or (logged.serial if logged else "")
    key = {True: "yes", False: "no", None: ""}[certificate.has_private_key if certificate else None]
    rows: tuple[tuple[str, Cell], ...] = (
        ("Thumbprint", Word(case.now.thumbprint)),
        ("Subject", Word(subject)),
        ("Issuer", Word(issuer)),
        ("Serial number", Word(serial)),
        ("Valid until", logged_time(ends)),
        ("Private key on the server", key),
    )
    yield Pairs(tuple(row for row in rows if row[1] not in ("", Word(""))))
    if certificate:
        yield from evidence(certificate.lines)


def _warnings(case: Case) -> Iterator[Block]:
    """The warnings against the binding on each server, and which were passed, and when."""
    rows: list[tuple[Cell, ...]] = []
    for server, at in at_each(case):
        for check in warned(at):
            past = [e.at for e in case.journal if e.deed is Deed.PASSED and e.text == check.id and _of(e, server)]
            when: Cell = past[-1] if past else "yes" if check.id in at.now.passed else "no"
            rows.append((server or "this server", check.level.value, check.text, check.source, when))
    if rows:
        yield Table(("Server", "Level", "What was said", "Source", "Passed knowingly"), tuple(rows))


def _of(entry: JournalEntry, server: str) -> bool:
    """True if the entry belongs to this server, as far as the journal names one."""
    return not entry.server or not server or host(entry.server) == host(server)


def _commands(case: Case) -> Iterator[tuple[str, Iterator[Block]]]:
    """A section without a server, one for each server, then other copied commands."""
    placed: set[tuple[str, str]] = set()
    on_each: list[tuple[str, list[Command]]] = []
    organisation: dict[str, Command] = {}
    for server, at in at_each(case):
        own: list[Command] = []
        for step_id, command in written_at(at):
            if step_id.on_each:
                own.append(command)
            else:
                organisation.setdefault(command.text, command)
        on_each.append((server, own))
    sections = [("", list(organisation.values())), *on_each]
    for place, (server, commands) in enumerate(sections):
        placed |= {(server if place else "", command.text) for command in commands}
        heading = "Commands for the connector and the queues" if not place else _heading(case, server)
        yield heading, iter([_run(case, command, server if place else "") for command in commands])
    yield "Other commands that were copied", _copied_besides(case, {text for _server, text in placed})


def _heading(case: Case, server: str) -> str:
    return f"Commands on {server}" if several(case) and server else "Commands on the server"


def _run(case: Case, command: Command, server: str) -> CommandRun:
    known = about(command)
    # A change without a way back gets no words about one.
    undo = known.undo if known.effect is Effect.CHANGES else ""
    return CommandRun(command, server, _copied(case, command, server), f"It {known.effect.value}.", undo)


def _copied(case: Case, command: Command, server: str) -> tuple[datetime, ...]:
    return tuple(
        entry.at
        for entry in case.journal
        if entry.deed is Deed.COPIED and entry.text == command.text and _of(entry, server)
    )


def _copied_besides(case: Case, written: set[str]) -> Iterator[Block]:
    """Copied commands that the case would not write now, such as those of an earlier answer."""
    rows = tuple(
        (entry.at, entry.server or "this server", Word(entry.text))
        for entry in case.journal
        if entry.deed is Deed.COPIED and entry.text not in written
    )
    if rows:
        yield Table(("When", "Server", "Command"), rows)


def _question(case: Case) -> Iterator[Block]:
    rows: list[tuple[Cell, ...]] = []
    ways_back: list[CommandRun] = []
    for server, at in at_each(case):
        if at.now.prompt is None and at.now.prompt_answer is None:
            continue
        answered = [e.at for e in case.journal if e.deed is Deed.ANSWERED and _of(e, server)]
        current = (at.now.prompt.current if at.now.prompt else "") or "not shown whole"
        told = at.now.prompt_answer.value if at.now.prompt_answer else "not told"
        undone = ", and the earlier one was made the default again" if at.now.undone else ""
        when: Cell = answered[-1] if answered else ""
        rows.append((server or "this server", Word(current), f"{told}{undone}", when))
        undo = undo_command(at)
        if undo:
            ways_back.append(_run(case, undo, server))
    if rows:
        yield Paragraph("N keeps the default SMTP certificate of the server; SMTP is bound all the same.")
        yield Table(("Server", "Default certificate at the question", "Answer", "When"), tuple(rows))
    if ways_back:
        yield Paragraph("The way back after a wrong Y; its own question is answered with Y:")
        yield from ways_back


def _proof(case: Case) -> Iterator[tuple[str, Iterator[Block]]]:
    for server, at in at_each(case):
        heading = f"Proof on {server}" if several(case) and server else "Proof"
        rows = tuple((p.claim, STANDING[p.standing], because(p)) for p in proofs(at))
        yield heading, iter([Table(("What should be true", "Standing", "By what"), rows), *_proof_lines(at)])


def because(proof: Proof) -> str:
    """The evidence for a proof, for readers who were not there."""
    if proof.id != "default":
        return proof.because
    return proof.because.replace("you answered", "answered").replace("your certificate", "this certificate")


def _proof_lines(case: Case) -> Iterator[Block]:
    """The lines behind the proofs: the certificate and the queues as read again, and the session."""
    after = case.certificate_after
    yield from evidence(after.lines if after else ())
    yield from evidence(tuple(line for queue in case.now.queues_after for line in queue.lines))
    if case.now.log_after:
        yield from evidence(tuple(h.line for h in case.now.log_after.handshakes[-3:]))


def _logging(case: Case) -> Iterator[Block]:
    before, after = case.level_before, case.level_after
    if not case.connector:
        return
    shown = next(p for p in proofs(case) if p.id == "logging")
    yield Pairs(
        (
            ("Level before", before.value if before else "not recorded"),
            ("Level at the end", after.value if after else "not read again"),
            (shown.claim, f"{STANDING[shown.standing]}: {shown.because}"),
        )
    )


def _open(case: Case) -> Iterator[Block]:
    points = []
    for server, at in at_each(case):
        where = f"{server}: " if several(case) and server else ""
        unproven = (proof for proof in proofs(at) if proof.standing in (Standing.OPEN, Standing.FAILED))
        points += [f"{where}{proof.claim}: {STANDING[proof.standing]}, {because(proof)}." for proof in unproven]
    if several(case):
        waiting = still_open(case) if here(case) else case.servers
        points += [f"{line.name}: {line.says}" for line in lines(case) if line.name in waiting]
    stale = check_again(case)
    points += [f"To be checked again, an earlier answer has changed: {s.words.title}" for s in STEPS if s.id in stale]
    yield Points(tuple(dict.fromkeys(points))) if points else Paragraph("Nothing.")
    others = bind_elsewhere(case)
    if others:
        yield Paragraph("To be run for each server that is not begun, if it is not done yet (answer N there as well):")
        yield from (_run(case, command, command.server or "") for command in others)


def _journal(case: Case) -> Iterator[Block]:
    texts = {check.id: check.text for _server, at in at_each(case) for check in warned(at)}
    rows = tuple(
        (
            entry.at.astimezone(UTC),
            entry.server,
            entry.deed.value + (f" ({words(entry.step).title})" if entry.step else ""),
            _with(entry, texts),
        )
        for entry in sorted(case.journal, key=lambda entry: entry.at)
    )
    if rows:
        yield Table(("When", "Server", "What", "With"), rows)


def _with(entry: JournalEntry, texts: dict[str, str]) -> Cell:
    if entry.deed is Deed.PASSED:
        return texts.get(entry.text, entry.text)
    return Word(entry.text) if entry.text else ""
