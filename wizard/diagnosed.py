"""What follows from a diagnosis, and the plain text of it: the same words and commands as on screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from wizard.afterwards import prompt
from wizard.case import Case, StepId, host
from wizard.commands import Command, CommandId, bind_smallest
from wizard.composed import bind_commands, commands_of, undo_command
from wizard.diagnosis import Diagnosis, Verdict
from wizard.erred import error_finding
from wizard.facts import (
    Service,
)
from wizard.findings import Finding, Level, counted, warn
from wizard.fitness import checks, iso_date, not_a_mail_certificate
from wizard.reported import failing_elsewhere
from wizard.servers import ON_EACH, at_server, here, other_servers
from wizard.told import NO_SERVICES, article_elsewhere, others_failures

THIS_ARTICLE = "kb4051498"

_LEVELS = {Level.BLOCK: "block", Level.WARN: "warn", Level.INFO: "info"}

_TO_THE_LOG = (StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOGGING, StepId.LOG)
_AFTER_BINDING = frozenset({StepId.VERIFY, StepId.RETRY, StepId.SESSION, StepId.RESTORE})
_STILL_OPEN = frozenset({"more-evidence", "wrong-log", "healthy", "unknown-error"})


def commands_for(diagnosis: Diagnosis) -> tuple[tuple[StepId, Command], ...]:
    """The commands that follow from the verdict, each once and with the step that hands it out.

    For this article the whole way to the proof; while it is open, the way to the log; for another
    fault only what reads the certificate.
    """
    case = diagnosis.case
    verdict = diagnosis.verdict.id
    if verdict == THIS_ARTICLE:
        steps: Iterable[StepId] = StepId
    elif verdict in _STILL_OPEN:
        steps = _TO_THE_LOG
    else:
        steps = (StepId.SERVICES,)
    found: dict[str, tuple[StepId, Command]] = {}
    for step in steps:
        for command in commands_of(step, case):
            found.setdefault(command.text, (step, command))
    if verdict == THIS_ARTICLE:
        for step, command in _on_the_others(case):
            found.setdefault(command.text, (step, command))
    smallest = _bind_unread(case)
    if smallest and verdict == THIS_ARTICLE:
        after = [found.pop(text) for text in list(found) if found[text][0] in _AFTER_BINDING]
        found[smallest.text] = (StepId.COMMAND, smallest)
        found.update({command.text: (step, command) for step, command in after})
    found = {text: pair for text, pair in found.items() if not _held_back(diagnosis, pair[1])}
    # Logging is for every server of the connector: it is put back after the last of them.
    for text in [text for text, (step, _command) in found.items() if step is StepId.RESTORE]:
        found[text] = found.pop(text)
    undo = undo_command(case)
    if undo and verdict == THIS_ARTICLE:
        found.setdefault(undo.text, (StepId.UNDO, undo))
    return tuple(found.values())


def _held_back(diagnosis: Diagnosis, command: Command) -> bool:
    """Whether the evidence as a whole speaks against a binding line: outputs that contradict each other, or no need."""
    if not command.answer_no:
        return False
    # What is bound on one server may still be missing on another.
    each = (diagnosis.case, *(there for _server, there in elsewhere(diagnosis.case)))
    bound = {there.server or None for there in each if Service.SMTP in (there.services_now or ())}
    return bool(diagnosis.contradiction) or command.server in bound


def _on_the_others(case: Case) -> Iterator[tuple[StepId, Command]]:
    """What is run for each other source server: where its certificates were given, the same way; else the smallest."""
    for _server, there in elsewhere(case):
        yield from ((step, command) for step in StepId if step in ON_EACH for command in commands_of(step, there))
    known = {server for server, _there in elsewhere(case)}
    unknown = (server for server in other_servers(case) if server not in known)
    if not case.edge and (bind_commands(case) or _bind_unread(case)):
        yield from ((StepId.COMMAND, bind_smallest(case.thumbprint, server)) for server in unknown)


def elsewhere(case: Case) -> Iterator[tuple[str, Case]]:
    """The other source servers of which something was given, with the case as it is there."""
    for server in case.servers:
        if server != here(case) and host(server) in case.surveyed:
            yield server, at_server(case, server)


def advised(diagnosis: Diagnosis) -> tuple[Verdict, ...]:
    """The verdicts, each with what to do next as far as the evidence goes."""
    return tuple(replace(verdict, next=advice(diagnosis, verdict)) for verdict in diagnosis.verdicts)


def advice(diagnosis: Diagnosis, verdict: Verdict) -> str:
    """What a verdict says to do next; where it is this article and no binding line was written, why not."""
    if verdict.id != THIS_ARTICLE or not verdict.thumbprint:
        there = failing_elsewhere(diagnosis.case)
        # Where every connector's failures are judged, the article's has a verdict of its own.
        hidden = there and all(each.id != THIS_ARTICLE for each in diagnosis.verdicts)
        return f"{verdict.next} {article_elsewhere(there)}" if hidden else verdict.next
    written = (command for _step, command in commands_for(diagnosis) if command.answer_no)
    if any(verdict.thumbprint in command.text for command in written):
        return verdict.next
    return _why_not(diagnosis, verdict) or verdict.next


def _why_not(diagnosis: Diagnosis, verdict: Verdict) -> str:
    """Why no line binds a verdict's certificate, and what to give instead; empty where the verdict says it."""
    case = diagnosis.case
    if diagnosis.contradiction:
        return (
            "The evidence shows our certificate with different services or keys, as from two servers or two times. "
            "Give the output of one server, from before the change."
        )
    if case.connector and not case.own_failures:
        return others_failures((group.connector for group in case.failed), case.connector)
    if verdict.thumbprint != case.thumbprint:
        return "Several certificates of ours can be meant. Name the connector (--connector), or choose in the wizard."
    blocking = next((check.text for check in checks(case) if check.level is Level.BLOCK), "")
    if blocking:
        return blocking
    if case.errors:
        return error_finding(case.errors[-1]).text
    if case.certificates and case.certificate is None:
        return (
            f"The certificate output does not show {case.thumbprint}. Run read-certificate on the server that sends "
            "the mail, and give what it prints."
        )
    if case.certificate is None:
        return "Run read-certificate on the server that sends the mail, and give what it prints too."
    return NO_SERVICES if case.services_now is None else ""


def composed(diagnosis: Diagnosis) -> bool:
    """Whether this is the article and a binding command was written."""
    return any(command.answer_no for _step, command in commands_for(diagnosis))


def _bind_unread(case: Case) -> Command | None:
    """The smallest binding line where no certificate output was given: it takes nothing away, whatever is there."""
    logged = case.logged
    if logged is None or not logged.header_seen or case.certificates or case.errors:
        return None
    ends = iso_date(logged.not_after or "")
    if not_a_mail_certificate(logged.subject, logged.issuer) or (ends and ends < case.opened):
        return None
    return bind_smallest(case.thumbprint, case.server or None)


def all_checks(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """The checks of the guided case, and where the certificate itself was never read, a word about that."""
    case = diagnosis.case
    if diagnosis.verdict.id == THIS_ARTICLE and _bind_unread(case):
        unread = warn(
            "The certificate's services and private key were not read. Run read-certificate first and give its output "
            "too: only then the existing services can be named, and a missing key be seen.",
            id="certificate-not-read",
            source="KB step 3",
        )
        return (unread, *_from_the_shell(case))
    found = [check for check in checks(case) if check.level in _LEVELS]
    for server, there in elsewhere(case):
        found += [
            replace(check, text=f"{server}: {check.text}") for check in checks(there) if check.level is Level.BLOCK
        ]
    return (*found, *_from_the_shell(case))


def _from_the_shell(case: Case) -> tuple[Finding, ...]:
    """What an error that a cmdlet printed means, and a question that is about another certificate."""
    about_another = (finding for finding in prompt(case) if finding.id == "other-replacement")
    # A question that would replace ours is that of an undo, and its answer is Y.
    undoing = case.prompt is not None and case.prompt.current == case.thumbprint
    told = about_another if case.thumbprint and not undoing else ()
    return (*(error_finding(error) for error in case.errors), *told)


LONGEST_SHOWN = 200

SHOWN = 5
"""Lines shown for one verdict, and places named in a list; the rest is counted."""


def as_text(diagnosis: Diagnosis) -> str:
    """The diagnosis in plain lines, the verdict first; commands stand whole, unwrapped, each on a line of its own."""
    not_read = _places("Not read:", [u.told for u in diagnosis.unread])
    # Where nothing could be read, the reason is the answer.
    lines = [*not_read[1:], ""] if not diagnosis.read and not_read else []
    first, *others = advised(diagnosis)
    lines += _verdict_lines(first)
    for verdict in others:
        lines += ["", "Besides:", *_verdict_lines(verdict)]
    lines += _failure_lines(diagnosis.case)
    found = all_checks(diagnosis)
    if found:
        lines += ["", "Mind:", *(f"  {check.level.value}: {check.text}" for check in found)]
    # The survey's line is longer than all the others together, and asks for what was given here.
    commands = [each for each in commands_for(diagnosis) if each[1].id is not CommandId.SURVEY]
    if commands:
        lines += ["", "Commands, to be run one by one in the Exchange Management Shell:"]
        merged = {command.server for _step, command in commands if command.id is CommandId.BIND}
        for _step, command in commands:
            beside = command.id is CommandId.BIND_SMALLEST and command.server in merged
            instead = "instead of the line above: " if beside else ""
            if command.server and command.answer_no and not beside:
                instead = f"on {command.server} (if that is an Edge, run the line there without -Server): "
            if command.id is not CommandId.UNDO_DEFAULT:
                lines += [f"  # {command.id.value}: {instead}{command.purpose}", f"  {command.text}"]
    if composed(diagnosis):
        lines += ["", "When it asks to overwrite the default SMTP certificate: answer N. Enter alone means Yes."]
    for _step, command in commands:
        if command.id is CommandId.UNDO_DEFAULT:
            lines += ["", "Only if the default certificate was replaced by mistake (answer Y to this one):"]
            lines += [f"  {command.text}"]
    lines += _places("Mended without guessing:", [f"{m.source}, line {m.line:,}: {m.what}" for m in diagnosis.mended])
    lines += not_read if diagnosis.read else []
    return "\n".join(lines)


def _verdict_lines(verdict: Verdict) -> Iterator[str]:
    about = ", ".join(part for part in (verdict.connector, verdict.thumbprint) if part)
    yield f"{verdict.title} [{verdict.id}]"
    if about:
        yield f"  {about}"
    yield f"  Next: {verdict.next}"
    if verdict.source:
        yield f"  Source: {verdict.source}"
    for line in verdict.because[:SHOWN]:
        yield f"  {line.place}: {_short(line.text)}" if line.text else f"  {line.source}"
    if len(verdict.because) > SHOWN:
        yield f"  and {counted(len(verdict.because) - SHOWN, 'more line')}"


def _short(text: str) -> str:
    """A line to look at, not to copy: the row of a certificate is longer than any screen; the file has it whole."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} ..."


def _failure_lines(case: Case) -> list[str]:
    if not case.failed:
        return []
    lines = ["", "Failed handshakes (times in UTC):"]
    for group in case.failed:
        ours = group.certificate
        shown = (ours.thumbprint or ours.thumbprint_as_written or "no thumbprint") if ours else "no certificate shown"
        lines.append(
            f"  {group.connector}: {group.error}, {counted(group.sessions, 'session')}, "
            f"{group.first} to {group.last}, {shown}"
        )
    return lines


def _places(title: str, places: list[str]) -> list[str]:
    if not places:
        return []
    lines = ["", title, *(f"  {place}" for place in places[:SHOWN])]
    return [*lines, f"  and {len(places) - SHOWN:,} more"] if len(places) > SHOWN else lines
