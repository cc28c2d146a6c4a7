"""Order in time: which binding the evidence shows, and whether a failure is proven to be newer than it.

Order counts inside one text. Across texts only times in UTC count, and no output of a cmdlet has one: what is not
proven to be newer than a binding counts as older.
"""

from __future__ import annotations

from collections.abc import Iterator

from wizard.case.case import Case, host
from wizard.facts import Binding, Certificate, FailureGroup, Line, OverwritePrompt, Service


def bindings(case: Case) -> tuple[Binding, ...]:
    """Every binding of a certificate to SMTP that the evidence shows, each once."""
    found: dict[tuple[str, str, str], Binding] = {}
    for each in (*case.bindings, *_by_the_question(case.now.prompt), *_by_listings(case)):
        found.setdefault((each.thumbprint, host(each.server), each.how), each)
    return tuple(found.values())


def _by_the_question(prompt: OverwritePrompt | None) -> Iterator[Binding]:
    """Once the question was asked SMTP is bound, whatever is answered; and the default certificate has it."""
    if prompt is None:
        return
    server = prompt.asked.server if prompt.asked else ""
    for thumbprint, how in ((prompt.replacement, "question"), (prompt.current, "default")):
        if thumbprint:
            yield Binding(thumbprint, server, how, _at(prompt.lines), prompt.lines)


def _by_listings(case: Case) -> Iterator[Binding]:
    """A certificate that has SMTP in an output, and had not in an earlier output of the same text."""
    before = [each for each in case.earlier if isinstance(each, Certificate)]
    for now in case.now.certificates:
        if now.thumbprint and Service.SMTP in (now.services or ()) and any(_without(then, now) for then in before):
            yield Binding(now.thumbprint, server_of(now), "listing", _at(now.lines), now.lines)


def _without(then: Certificate, now: Certificate) -> bool:
    same = then.thumbprint == now.thumbprint and host(server_of(then)) in {"", host(server_of(now))}
    return same and then.services is not None and Service.SMTP not in then.services


def server_of(certificate: Certificate) -> str:
    """The server a certificate was read from, as its output or the command above it names it; empty if neither does."""
    return certificate.server or (certificate.asked.server if certificate.asked else "")


def _at(lines: tuple[Line, ...]) -> tuple[str, int]:
    return (lines[-1].source, lines[-1].number) if lines else ("", 0)


def bound_here(case: Case) -> bool:
    """Whether the evidence shows that the chosen certificate was bound on the server the case is at."""
    at = host(case.here or case.now.server)
    mine = [each for each in bindings(case) if case.now.thumbprint and each.thumbprint == case.now.thumbprint]
    return any(not (each.server and at) or host(each.server) == at for each in mine)


def older(case: Case, group: FailureGroup) -> Binding | None:
    """The binding of the failed certificate that the failure is not proven to be newer than; None without one."""
    thumbprint = group.certificate.thumbprint if group.certificate else None
    found = [each for each in bindings(case) if thumbprint and each.thumbprint == thumbprint]
    return next((each for each in found if not newer(case, group, each.at)), None)


def newer(case: Case, group: FailureGroup, at: tuple[str, int]) -> bool:
    """Whether the group's last failure stands below this place in the same text.

    What is given step by step has the same name for each paste: nothing tells which came first, and it counts as older.
    """
    last = max(group.handshakes, key=lambda handshake: handshake.time).line
    return bool(at[0]) and not case.begun and last.source == at[0] and last.number > at[1]
