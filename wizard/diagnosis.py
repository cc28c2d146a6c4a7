"""Evidence without questions: everything given is read, held against the verdicts in assets, and answered.

The words, checks and commands are those of the guided case: the evidence goes into one case by the
same intake, and the verdicts are rules in `assets/verdicts.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from wizard.asset import asset_table
from wizard.case import Case
from wizard.connectornames import logged_as, same_name
from wizard.facts import Certificate, FailureGroup, Line, LoggedCertificate, Mended, Queue, Service, Unread
from wizard.fitness_chosen import same_dn
from wizard.gathering import Gathered
from wizard.recovery import recovered
from wizard.verdict import Meaning, handshake_meaning, queue_meaning


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


def diagnose(gathered: Gathered) -> Diagnosis:
    """The verdicts on everything that was gathered."""
    return Diagnosis(
        gathered.case,
        judged(subjects(gathered.case, gathered.receive_log, gathered.connector_asked)),
        tuple(gathered.mended),
        tuple(gathered.unread),
        gathered.contradiction,
        gathered.read,
    )


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
    for group in case.failures_meant if only_connector else case.failed:
        success = recovered(case.log, group) if case.log else None
        if success:
            lines = (success.line, *(success.ours.lines if success.ours else ()), group.handshakes[-1].line)
            yield Subject({"about": "log", "shows": "recovered"}, lines, group.connector, _thumbprint(group))
        else:
            yield _handshake(group, case.certificates)
    yield from _queues(case)
    yield from _connectors(case)
    yield from _log(case)
    if receive_log is not None:
        yield Subject({"about": "log", "shows": "receive"}, (receive_log,))
    for error in case.errors:
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
    decided = case.log is not None and bool(case.log.handshakes)
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
        c.thumbprint: c for c in case.certificates if c.thumbprint and c.subject and c.issuer and not c.subject_cut
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
    log = case.log
    if log is None:
        return
    failing = {group.connector.casefold() for group in case.failed}
    healthy = {h.connector: h.line for h in log.handshakes if h.error is None and h.connector.casefold() not in failing}
    for connector, line in healthy.items():
        if not case.connector or logged_as(connector, case.connector):
            yield Subject({"about": "log", "shows": "success"}, (line,), connector)
    if log.connectors and case.connector and not case.sessions_meant:
        yield Subject({"about": "log", "shows": "other-connector"}, connector=case.connector)
    for each in case.pending:
        yield Subject({"about": "log", "shows": "open-ended"}, each.lines[:1], "", each.thumbprint or "")
    silent = case.sessions_meant and not any(logged_as(h.connector, case.connector) for h in log.handshakes)
    if not case.failed and not case.pending and (silent or not log.handshakes):
        yield Subject({"about": "log", "shows": "no-connection" if log.connection_failures else "no-handshake"})
