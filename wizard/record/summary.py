"""The record of a case as plain text, for the last screen and the scrollback after the program ends."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.case.case import Case, StepId
from wizard.case.servers import at_each, here, servers_unknown, several
from wizard.facts import Service, spelled
from wizard.findings import Level, counted
from wizard.fitness import checks, is_default
from wizard.powershell.command import Command, CommandId
from wizard.steps.command import bind_commands, bind_elsewhere
from wizard.steps.flow import STEPS, check_again, proofs
from wizard.steps.parts import Standing, Step
from wizard.steps.servers import lines as lines_of
from wizard.steps.servers import still_open
from wizard.steps.undo import undo_command


def facts_known(case: Case) -> tuple[tuple[str, str], ...]:
    """The known facts as pairs of label and value."""
    rows = _about_the_connector(case)
    if case.level_before:
        rows.append(("Logging before", case.level_before.value))
    if case.failures_meant:
        first = case.failures_meant[0]
        whose = "" if case.own_failures or not case.connector else f" of {first.connector}"
        rows.append(("Failed with", f"{first.error}, {counted(first.sessions, 'session')}{whose}"))
    if case.now.thumbprint:
        rows.append(("Our certificate", case.now.thumbprint))
        if case.logged and case.logged.subject:
            rows.append(("Subject", case.logged.subject))
    if case.services_now is not None:
        rows.append(("Services before", spelled(case.services_now)))
    if case.now.prompt and case.now.prompt.current:
        rows.append(("Default certificate", case.now.prompt.current))
    if case.certificate_after and case.certificate_after.services is not None:
        rows.append(("Services after", spelled(case.certificate_after.services)))
    return tuple(rows)


def _about_the_connector(case: Case) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if case.connector:
        rows.append(("Send connector", case.connector))
    if case.servers:
        rows.append(("Sends from", ", ".join(case.servers)))
    if several(case) and here(case):
        rows.append(("Here at", here(case)))
    return rows


_APART = frozenset({CommandId.UNDO_DEFAULT, CommandId.SURVEY})
"""Commands outside the record's list: the undo has its own place, the survey only reads."""


def commands_written(case: Case) -> tuple[tuple[str, Command], ...]:
    """Every command of the steps shown, each with its step's title; the undo is separate."""
    servers = _worked_on(case)
    written: dict[tuple[str, str], tuple[str, Command]] = {}
    for s in _shown(case):
        for server, at in servers if s.id.on_each else (("", case),):
            title = f"{s.words.title} ({server})" if server else s.words.title
            for command in _handed_out(s, at):
                written.setdefault((server, command.text), (title, command))
    return tuple(written.values())


def written_at(case: Case) -> tuple[tuple[StepId, Command], ...]:
    """The commands written for the current server, each with its step."""
    written: dict[str, tuple[StepId, Command]] = {}
    for s in _shown(case):
        for command in _handed_out(s, case):
            written.setdefault(command.text, (s.id, command))
    return tuple(written.values())


def _shown(case: Case) -> Iterator[Step]:
    """The steps whose commands are in the record.

    Shown commands may have been run, so commands due by then, such as the line that restores logging, are included.
    """
    for s in STEPS:
        if s.due(case) or case.was_shown(s.id):
            yield s


def _handed_out(s: Step, case: Case) -> Iterator[Command]:
    for command in s.commands(case)[: 1 if s.forms else None]:
        if command.id not in _APART:
            yield command


def _worked_on(case: Case) -> tuple[tuple[str, Case], ...]:
    """Each server that was worked on, in the order of the list; without a name if there is only one."""
    return tuple(at_each(case)) if case.others else (("", case),)


def not_proven(case: Case) -> tuple[str, ...]:
    """The claims neither proven nor confirmed by the person."""
    return tuple(p.claim for p in proofs(case) if p.standing not in (Standing.PROVEN, Standing.SAID))


def headline(case: Case) -> str:
    """The state of the case in one sentence."""
    open_claims = not_proven(case)
    if not any(bind_commands(at) for _server, at in at_each(case)) and not case.now.prompt_answer:
        return "No binding command was written yet."
    waiting = still_open(case) if several(case) and here(case) else ()
    if waiting and not (here(case) in waiting and open_claims):
        verb = "is" if len(waiting) == 1 else "are"
        return f"Not finished: {_and(waiting)} {verb} still open (see Servers)."
    for server, at in at_each(case) if several(case) and here(case) else ():
        claims = () if Service.SMTP in (at.services_now or ()) and not at.now.certificates_after else not_proven(at)
        if claims and server != here(case):
            return f"Not finished: on {server} {len(claims)} of {len(proofs(at))} points are not proven."
    if not open_claims:
        return _done(case)
    verb = "is" if len(open_claims) == 1 else "are"
    return f"Not finished: {len(open_claims)} of {len(proofs(case))} points {verb} not proven."


def _done(case: Case) -> str:
    """The headline once everything is proven on the current server."""
    points = "all five points are proven or said by you"
    if servers_unknown(case):
        return f"Done on this server: {points}. Which other servers the connector sends from is not known."
    if several(case) and not here(case):
        return f"Done on this server: {points}. Needed on each of {', '.join(case.servers)} (see the end)."
    servers = "both servers" if len(case.servers) == 2 else f"all {len(case.servers)} servers"
    where = f" on {servers}" if several(case) else ""
    return f"Done{where}: {points}."


def _and(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def summary(case: Case) -> str:
    """The case as plain lines, without a line feed at the end; commands are not wrapped."""
    lines = ["exchange-cert-wizard: KB 4051498, outbound TLS" + (" (SAMPLE evidence)" if case.sample else "")]
    lines += ["", headline(case), ""]
    rows = facts_known(case)
    width = max((len(label) for label, _value in rows), default=0)
    lines += [f"  {label:<{width}}  {value}" for label, value in rows]
    lines += _warned(case)
    lines += ["", f"Proof ({here(case)}):" if several(case) and here(case) else "Proof:"]
    width = max(len(proof.standing.value) for proof in proofs(case))
    lines += [f"  [{p.standing.value:<{width}}] {p.claim}: {p.because}" for p in proofs(case)]
    if several(case):
        width = max(len(line.name) for line in lines_of(case))
        lines += ["", "Servers:"]
        for line in lines_of(case):
            lines += [f"  {line.name:<{width}}  [{line.stand.value}] {line.says}"]
            lines += [f"  {'':<{width}}  {told}" for told in _told_of(case, line.name)]
    stale = check_again(case)
    if stale:
        titles = ", ".join(s.words.title for s in STEPS if s.id in stale)
        lines += ["", f"Check again, an earlier answer has changed: {titles}"]
    lines += _command_lines(case)
    return "\n".join(lines)


def _told_of(case: Case, server: str) -> list[str]:
    """Other facts of a server that was worked on: its default certificate, the answer, and the way back."""
    at = next((each for name, each in at_each(case) if name == server), None)
    if at is None or at.now.prompt is None:
        return []
    answer = f", answered {at.now.prompt_answer.value}" if at.now.prompt_answer else ""
    told = [f"Default certificate at the question: {at.now.prompt.current or 'not shown whole'}{answer}."]
    undo = undo_command(at)
    return [*told, f"Way back after a wrong Y: {undo.text}"] if undo else told


def _warned(case: Case) -> list[str]:
    """The warnings against the binding on each server that was worked on, and which were passed."""
    said: list[str] = []
    for server, at in _worked_on(case):
        for check in (check for check in checks(at) if check.level in (Level.BLOCK, Level.WARN)):
            where = f"{server}: " if server else ""
            past = " You went on past this." if check.id in at.now.passed else ""
            said.append(f"  {check.level.value}: {where}{check.text}{past}")
    return ["", "Mind:", *dict.fromkeys(said)] if said else []


def _command_lines(case: Case) -> list[str]:
    lines: list[str] = []
    written = commands_written(case)
    if written:
        lines += ["", "Commands of this case:"]
        for title, command in written:
            lines += [f"  # {title}", f"  {command.text}"]
    if bind_commands(case) and not is_default(case, case.now.thumbprint):
        lines += ["", "When it asks to overwrite the default SMTP certificate: answer N. Enter alone means Yes."]
    undo = undo_command(case)
    if undo and not several(case):
        lines += [
            "",
            "Only if the default certificate was replaced by mistake (answer Y to this one):",
            f"  {undo.text}",
        ]
    elsewhere = bind_elsewhere(case)
    if elsewhere:
        lines += [
            "",
            "Each source server needs the same certificate, bound in the same way. For each that is not done yet",
            "(it asks there as well: answer N):",
        ]
        lines += [f"  {command.text}" for command in elsewhere]
    elif case.edge and bind_commands(case) and several(case) and still_open(case):
        lines += ["", "Each Edge Transport server needs the same: run the binding line on that server itself."]
    return lines
