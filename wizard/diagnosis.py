"""Evidence without questions: everything given is read, held against the verdicts in assets, and answered.

The words, checks and commands are those of the guided case: the evidence goes into one case by the
same intake, and the verdicts are rules in `assets/verdicts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from wizard.assets import asset_table
from wizard.case.case import Case, StepId, host
from wizard.case.servers import known_besides, other_servers, several, surveying
from wizard.facts import (
    Certificate,
    FailureGroup,
    Line,
    LoggedCertificate,
    Mended,
    OverwritePrompt,
    Queue,
    SendConnector,
    Service,
    Unread,
    logged_as,
    same_name,
    spelled,
)
from wizard.findings import (
    NO_SERVICES,
    Finding,
    Level,
    article_elsewhere,
    counted,
    error_finding,
    others_failures,
    warn,
)
from wizard.fitness import checks, iso_date, not_a_mail_certificate, same_dn
from wizard.powershell.command import Command, CommandId
from wizard.powershell.lines import bind_smallest
from wizard.powershell.literal import is_safe
from wizard.reading.healthchecker import HealthReport
from wizard.reading.log.files import Progress, merged, never
from wizard.reading.log.rows import Notes
from wizard.reading.log.sessions import is_this_article
from wizard.reading.survey import Survey
from wizard.reading.text import Kind
from wizard.steps.command import bind_commands
from wizard.steps.flow import ORDER, places, step
from wizard.steps.intake import PUTS, Evidence, Given, put_release, read_sources
from wizard.steps.log import failing_elsewhere, put_log
from wizard.steps.prompt import prompt
from wizard.steps.undo import undo_command
from wizard.verdict import Meaning, handshake_meaning, queue_meaning, recovered


def _connector_meant(case: Case) -> str:
    """The connector that needs no choice: the only one with this article's failures, else the only one there is."""
    failing = {group.connector for group in case.now.failed if is_this_article(group.error)}
    names = failing or {group.connector for group in case.now.failed} or {c.name for c in case.usable_connectors}
    name = names.pop() if len(names) == 1 else ""
    usable = is_safe(name) or any(same_name(c.name, name) for c in case.usable_connectors)
    return name if usable else ""


def _on_their_servers(case: Case) -> Case:
    """The case with the certificates that say where they are on their servers, where there are several."""
    named = tuple(each for each in case.now.certificates if each.server)
    if len({host(each.server) for each in named}) < 2 and not several(case):
        return case
    rest = tuple(each for each in case.now.certificates if not each.server)
    return surveying(case.put(replace(case.now, certificates=rest)), named)


def _contradicting(case: Case) -> tuple[Certificate, ...]:
    """Our certificate where the evidence shows it with different services or keys, as from two servers or times."""
    shown = [c for c in case.now.certificates if case.now.thumbprint and c.thumbprint == case.now.thumbprint]
    services = {c.services for c in shown} - {None}
    keys = {c.has_private_key for c in shown} - {None}
    return tuple(shown) if len(services) > 1 or len(keys) > 1 else ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One piece of evidence as the rules see it: attributes to match, and the lines they were read from.

    `connector` and `thumbprint` say whose verdict it becomes, empty where it is about neither. `meaning` is
    what the screen says of the error: where it is another fault, its advice and source are the verdict's.
    """

    attributes: Mapping[str, str]
    because: tuple[Line, ...] = ()
    connector: str = ""
    thumbprint: str = ""
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which fault a piece of evidence shows, what to do next, and the lines that say so."""

    id: str
    title: str
    next: str
    source: str
    rank: int
    because: tuple[Line, ...] = ()
    connector: str = ""
    thumbprint: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What all evidence together shows. `verdicts` is never empty; the gravest stands first.

    `contradiction` is our certificate as shown with different services or keys: then nothing is bound.
    `read` counts the pieces of evidence that could be used.
    """

    case: Case
    verdicts: tuple[Verdict, ...]
    mended: tuple[Mended, ...] = ()
    unread: tuple[Unread, ...] = ()
    contradiction: tuple[Certificate, ...] = ()
    read: int = 0

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict."""
        return self.verdicts[0]


@dataclass(frozen=True, slots=True)
class _Rule:
    verdict: Verdict
    when: tuple[Mapping[str, re.Pattern[str]], ...]

    def holds(self, subject: Subject) -> bool:
        """Whether one of its conditions matches the piece of evidence in every attribute."""
        return any(
            all(pattern.fullmatch(subject.attributes.get(name, "")) for name, pattern in condition.items())
            for condition in self.when
        )


@cache
def rules() -> tuple[_Rule, ...]:
    """The rules of `assets/verdicts.toml` in their order, which is that of gravity."""
    return tuple(
        _Rule(
            Verdict(entry["id"], entry["title"], entry["next"], entry["source"], rank),
            tuple({name: _pattern(text) for name, text in condition.items()} for condition in entry["when"]),
        )
        for rank, entry in enumerate(asset_table("verdicts.toml")["verdict"])
    )


def _pattern(text: str) -> re.Pattern[str]:
    # A console wraps long values, and the blank at a wrap can be lost.
    return re.compile(text.replace(" ", r"\s*"), re.IGNORECASE | re.DOTALL)


def diagnose(
    sources: Iterable[Path | Given],
    case: Case,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Diagnosis:
    """What everything that these sources hold shows together. Nothing raises: what cannot be read is listed."""
    connector_asked = bool(case.connector)
    evidence = read_sources(sources, case.connector, progress, cancelled)
    case = settled(case, evidence)
    return Diagnosis(
        case,
        judged(subjects(case, evidence.receive_log, connector_asked)),
        tuple(evidence.mended),
        tuple(evidence.unread),
        _contradicting(case),
        evidence.read,
    )


def settled(case: Case, evidence: Evidence) -> Case:
    """The case with all evidence, as it is before anything is changed.

    The log comes before the certificates: it says which of them is ours, where that is certain.
    """
    case = replace(
        case,
        frontend_folders=tuple(folder for survey in evidence.of(Survey) for folder in survey.frontend_folders),
        earlier=tuple(evidence.earlier),
        bindings=tuple(evidence.bindings),
    )
    for report in evidence.of(HealthReport):
        case = put_release(case, report)
    for kind, put in PUTS.items():
        if kind is Kind.CERTIFICATES:
            if evidence.logs:
                case = put_log(case, merged(evidence.logs, Notes()))
            if not case.connector:
                case = replace(case, connector=_connector_meant(case))
            only = case.only_candidate
            case = case.put(replace(case.now, thumbprint=(only.thumbprint or "") if only else ""))
        if facts := evidence.facts(kind):
            case = put(case, facts)
    return _on_their_servers(case)


def judged(subjects: Iterable[Subject]) -> tuple[Verdict, ...]:
    """The verdict on each piece of evidence, one for each connector, certificate and fault, the gravest first."""
    found: dict[tuple[str, str, str, str], Verdict] = {}
    for subject in subjects:
        rule = next((rule for rule in rules() if rule.holds(subject)), None)
        if rule is None:
            continue
        verdict = replace(
            rule.verdict, because=subject.because, connector=subject.connector, thumbprint=subject.thumbprint
        )
        if subject.meaning and not subject.meaning.fits:
            verdict = replace(verdict, next=subject.meaning.next, source=subject.meaning.source)
        key = (verdict.id, verdict.title, verdict.connector, verdict.thumbprint)
        if earlier := found.get(key):
            verdict = replace(earlier, because=(*earlier.because, *verdict.because))
        found[key] = verdict
    if not found:
        return judged([Subject({"about": "nothing"})])
    return tuple(sorted(found.values(), key=lambda verdict: verdict.rank))


def subjects(case: Case, receive_log: Line | None = None, only_connector: bool = False) -> Iterator[Subject]:
    """Every piece of evidence a rule can judge; of failures only the connector's, where one was asked for."""
    for group in case.failures_meant if only_connector else case.now.failed:
        success = recovered(case.now.log, group) if case.now.log else None
        if success:
            lines = (success.line, *(success.ours.lines if success.ours else ()), group.handshakes[-1].line)
            yield Subject({"about": "log", "shows": "recovered"}, lines, group.connector, _thumbprint(group))
        else:
            yield _handshake(group, case.now.certificates)
    yield from _queues(case)
    yield from _connectors(case)
    yield from _log(case)
    if receive_log is not None:
        yield Subject({"about": "log", "shows": "receive"}, (receive_log,))
    for error in case.now.errors:
        yield Subject({"about": "cmdlet", "error": error.kind.value}, error.lines[:2])


def _handshake(group: FailureGroup, certificates: tuple[Certificate, ...]) -> Subject:
    ours = group.certificate
    thumbprint = ours.thumbprint if ours else None
    known = next((c for c in certificates if thumbprint and c.thumbprint == thumbprint), None)
    smtp = known is not None and known.services is not None and Service.SMTP in known.services
    has_key = {True: "yes", False: "no", None: "unknown"}[known.has_private_key if known else None]
    keyless = known.lines[:1] if known and known.has_private_key is False else ()
    first = group.handshakes[0].line
    return Subject(
        {
            "about": "handshake",
            "error": group.error,
            "certificate": _shown(ours),
            "private_key": has_key,
            "smtp": "yes" if smtp else "no",
        },
        (first, *(ours.lines if ours else ()), *keyless),
        group.connector,
        thumbprint or "",
        handshake_meaning(group.error),
    )


def _thumbprint(group: FailureGroup) -> str:
    return (group.certificate.thumbprint if group.certificate else None) or ""


def _shown(certificate: LoggedCertificate | None) -> str:
    """How a failed session shows our certificate: whole, masked, or not at all."""
    if certificate is None:
        return "none"
    return "whole" if certificate.thumbprint else "masked" if certificate.thumbprint_as_written else "none"


def _queues(case: Case) -> Iterator[Subject]:
    decided = case.now.log is not None and bool(case.now.log.handshakes)
    for queue in (queue for queue in case.queues if queue.last_error):
        meaning = queue_meaning(queue.last_error)
        # Words that can be the article send to the log; once its handshakes are read, they have nothing to add.
        if not (decided and meaning.fits):
            yield Subject({"about": "queue", "meaning": meaning.id}, _last_error_lines(queue), meaning=meaning)


def _last_error_lines(queue: Queue) -> tuple[Line, ...]:
    """The lines of LastError, which Format-List prints last when it is asked for last; all where it has no label."""
    start = next((n for n, line in enumerate(queue.lines) if "lasterror" in line.text.casefold()), 0)
    return queue.lines[start:]


def _connectors(case: Case) -> Iterator[Subject]:
    """A connector whose TlsCertificateName matches none of the certificates the output shows whole."""
    whole = {
        c.thumbprint: c for c in case.now.certificates if c.thumbprint and c.subject and c.issuer and not c.subject_cut
    }.values()
    for connector in case.connectors:
        issuer, marked, subject = connector.tls_certificate_name.removeprefix("<I>").rpartition("<S>")
        if not marked or len(whole) < 2 or (case.connector and not same_name(connector.name, case.connector)):
            # One certificate is the answer of `-Thumbprint`, and says nothing about the others.
            continue
        same = any(same_dn(c.subject, subject) and same_dn(c.issuer, issuer) for c in whole)
        yield Subject(
            {"about": "connector", "tls_certificate": "found" if same else "missing"}, connector.lines, connector.name
        )


def _log(case: Case) -> Iterator[Subject]:
    """What a log shows beside failures: the successes of each connector, or why there is nothing to judge."""
    log = case.now.log
    if log is None:
        return
    failing = {group.connector.casefold() for group in case.now.failed}
    healthy = {h.connector: h.line for h in log.handshakes if h.error is None and h.connector.casefold() not in failing}
    for connector, line in healthy.items():
        if not case.connector or logged_as(connector, case.connector):
            yield Subject({"about": "log", "shows": "success"}, (line,), connector)
    if log.connectors and case.connector and not case.sessions_meant:
        yield Subject({"about": "log", "shows": "other-connector"}, connector=case.connector)
    for each in case.pending:
        yield Subject({"about": "log", "shows": "open-ended"}, each.lines[:1], "", each.thumbprint or "")
    silent = case.sessions_meant and not any(logged_as(h.connector, case.connector) for h in log.handshakes)
    if not case.now.failed and not case.pending and (silent or not log.handshakes):
        yield Subject({"about": "log", "shows": "no-connection" if log.connection_failures else "no-handshake"})


THIS_ARTICLE = "kb4051498"

_LEVELS = {Level.BLOCK: "block", Level.WARN: "warn", Level.INFO: "info"}

_STILL_OPEN = frozenset({"more-evidence", "wrong-log", "healthy", "unknown-error"})


def commands_for(diagnosis: Diagnosis) -> tuple[tuple[StepId, Command], ...]:
    """The commands that follow from the verdict, each once and with the step that hands it out.

    For this article the whole way to the proof; while it is open, the way to the log; for another
    fault only what reads the certificate.
    """
    case = diagnosis.case
    verdict = diagnosis.verdict.id
    if verdict == THIS_ARTICLE:
        steps = ORDER
    elif verdict in _STILL_OPEN:
        steps = ORDER[: ORDER.index(places(Kind.SEND_LOG)[0]) + 1]
    else:
        steps = places(Kind.CERTIFICATES)[:1]
    found: dict[str, tuple[StepId, Command]] = {}
    for at in steps:
        for command in step(at).commands(case):
            found.setdefault(command.text, (at, command))
    if verdict == THIS_ARTICLE:
        for at, command in _on_the_others(case):
            found.setdefault(command.text, (at, command))
    smallest = _bind_unread(case)
    if smallest and verdict == THIS_ARTICLE:
        after = [found.pop(text) for text in list(found) if step(found[text][0]).afterwards]
        found[smallest.text] = (StepId.COMMAND, smallest)
        found.update({command.text: (at, command) for at, command in after})
    found = {text: pair for text, pair in found.items() if not _held_back(diagnosis, pair[1])}
    # Logging is for every server of the connector: it is put back after the last of them.
    for text in [text for text, (at, _command) in found.items() if at is StepId.RESTORE]:
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
    each = (diagnosis.case, *(there for _server, there in known_besides(diagnosis.case)))
    bound = {there.now.server or None for there in each if Service.SMTP in (there.services_now or ())}
    return bool(diagnosis.contradiction) or command.server in bound


def _on_the_others(case: Case) -> Iterator[tuple[StepId, Command]]:
    """What is run for each other source server: where its certificates were given, the same way; else the smallest."""
    for _server, there in known_besides(case):
        yield from ((at, command) for at in ORDER if at.on_each for command in step(at).commands(there))
    known = {server for server, _there in known_besides(case)}
    unknown = (server for server in other_servers(case) if server not in known)
    if not case.edge and (bind_commands(case) or _bind_unread(case)):
        yield from ((StepId.COMMAND, bind_smallest(case.now.thumbprint, server)) for server in unknown)


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
        return others_failures((group.connector for group in case.now.failed), case.connector)
    if verdict.thumbprint != case.now.thumbprint:
        return "Several certificates of ours can be meant. Name the connector (--connector), or choose in the wizard."
    blocking = next((check.text for check in checks(case) if check.level is Level.BLOCK), "")
    if blocking:
        return blocking
    if case.now.errors:
        return error_finding(case.now.errors[-1]).text
    if case.now.certificates and case.certificate is None:
        return (
            f"The certificate output does not show {case.now.thumbprint}. Run read-certificate on the server that "
            "sends the mail, and give what it prints."
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
    if logged is None or not logged.header_seen or case.now.certificates or case.now.errors:
        return None
    ends = iso_date(logged.not_after or "")
    if not_a_mail_certificate(logged.subject, logged.issuer) or (ends and ends < case.opened):
        return None
    return bind_smallest(case.now.thumbprint, case.now.server or None)


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
    for server, there in known_besides(case):
        found += [
            replace(check, text=f"{server}: {check.text}") for check in checks(there) if check.level is Level.BLOCK
        ]
    return (*found, *_from_the_shell(case))


def _from_the_shell(case: Case) -> tuple[Finding, ...]:
    """What an error that a cmdlet printed means, and a question that is about another certificate."""
    about_another = (finding for finding in prompt(case) if finding.id == "other-replacement")
    # A question that would replace ours is that of an undo, and its answer is Y.
    undoing = case.now.prompt is not None and case.now.prompt.current == case.now.thumbprint
    told = about_another if case.now.thumbprint and not undoing else ()
    return (*(error_finding(error) for error in case.now.errors), *told)


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
    if not case.now.failed:
        return []
    lines = ["", "Failed handshakes (times in UTC):"]
    for group in case.now.failed:
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


SCHEMA = 1
"""The version of the JSON: it changes when a reader of an earlier one would be misled."""


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as JSON values. Times are the log's own (UTC), thumbprints upper-case, services as spelled."""
    case = diagnosis.case
    verdicts = advised(diagnosis)
    return {
        "schema": SCHEMA,
        "verdict": _verdict(verdicts[0]),
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "handshakes": [_handshake_data(group) for group in case.now.failed],
        "queues": [_queue(queue) for queue in case.queues],
        "connectors": [_connector(connector) for connector in case.connectors],
        "certificates": [_certificate(each) for each in _all_certificates(case)],
        "prompt": _prompt(case.now.prompt),
        "checks": [_check(check) for check in all_checks(diagnosis)],
        "commands": [
            {"id": command.id.value, "step": step.value, "server": command.server, "text": command.text}
            for step, command in commands_for(diagnosis)
        ],
        "mended": [_mended(each) for each in diagnosis.mended],
        "unread": [_unread(each) for each in diagnosis.unread],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "title": verdict.title,
        "next": verdict.next,
        "source": verdict.source or None,
        "connector": verdict.connector or None,
        "thumbprint": verdict.thumbprint or None,
        "because": [_because(line) for line in verdict.because],
    }


def _all_certificates(case: Case) -> tuple[Certificate, ...]:
    """The certificates of every server, each once."""
    shown = (each for _server, there in known_besides(case) for each in there.now.certificates)
    return tuple(dict.fromkeys((*case.now.certificates, *shown)))


def _because(line: Line) -> dict[str, Any]:
    return {"text": line.text, "file": line.source, "line": line.number}


def _handshake_data(group: FailureGroup) -> dict[str, Any]:
    return {
        "connector": group.connector,
        "error": group.error,
        "sessions": group.sessions,
        "first": group.first,
        "last": group.last,
        "remote": group.remote,
        "layout": group.certificate.layout.value if group.certificate else None,
        "certificate": _logged(group.certificate),
    }


def _logged(certificate: LoggedCertificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return {
        "thumbprint": certificate.thumbprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
        "names": list(certificate.names),
    }


def _queue(queue: Queue) -> dict[str, Any]:
    return {
        "identity": queue.identity,
        "status": queue.status,
        "message_count": queue.message_count,
        "next_hop": queue.next_hop,
        "last_error": queue.last_error,
        "remote_host": queue.remote_host,
        "remote_address": queue.remote_address,
    }


def _connector(connector: SendConnector) -> dict[str, Any]:
    level = connector.logging_level
    return {
        "name": connector.name,
        "name_cut": connector.name_cut,
        "guid": connector.guid or None,
        "enabled": connector.enabled,
        "logging_level": level.value if level else None,
        "source_servers": list(connector.source_servers),
        "tls_certificate_name": connector.tls_certificate_name or None,
        "fqdn": connector.fqdn or None,
        "require_tls": connector.require_tls,
        "frontend_proxy": connector.frontend_proxy,
        "smart_hosts": list(connector.smart_hosts),
        "address_spaces": list(connector.address_spaces),
    }


def _certificate(certificate: Certificate) -> dict[str, Any]:
    services = certificate.services
    return {
        "thumbprint": certificate.thumbprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "services": None if services is None else [s for s in spelled(services).split(", ") if s != "None"],
        "unknown_services": list(certificate.unknown_services),
        "server": certificate.server or None,
        "has_private_key": certificate.has_private_key,
        "self_signed": certificate.self_signed,
        "status": certificate.status or None,
        "not_before": certificate.not_before or None,
        "not_after": certificate.not_after or None,
        "names": list(certificate.domains),
    }


def _prompt(prompt: OverwritePrompt | None) -> dict[str, Any] | None:
    return {"current": prompt.current, "replacement": prompt.replacement} if prompt else None


def _check(check: Finding) -> dict[str, Any]:
    return {"id": check.id, "level": _LEVELS[check.level], "text": check.text, "source": check.source or None}


def _mended(mended: Mended) -> dict[str, Any]:
    return {"file": mended.source, "line": mended.line, "what": mended.what}


def _unread(unread: Unread) -> dict[str, Any]:
    return {"file": unread.source, "line": max(unread.line, 1), "why": unread.why}
