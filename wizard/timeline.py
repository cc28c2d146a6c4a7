"""Order in time: which binding the evidence shows, whether a failure is newer than it, and whether it is over.

Order counts inside one text. Across texts only times in UTC count, and no output of a cmdlet has one: what is not
proven to be newer than a binding counts as older.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from wizard.case.case import Case, StepId, host
from wizard.facts import (
    Binding,
    Certificate,
    FailureGroup,
    Handshake,
    Line,
    LogReading,
    OverwritePrompt,
    Service,
    same_name,
)


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


def bound_before(case: Case, thumbprint: str) -> tuple[Binding, ...]:
    """The bindings of a certificate on the server at hand that the evidence shows, and that this case did not make.

    A question that was met at the steps came of the line that was handed out there, after the rows were read.
    """
    if not thumbprint or case.answer(StepId.COMMAND).finished or case.answer(StepId.PROMPT).begun:
        return ()
    at = host(case.here or case.now.server)
    mine = (each for each in bindings(case) if each.thumbprint == thumbprint)
    return tuple(each for each in mine if not (each.server and at) or host(each.server) == at)


def proven_newer(case: Case, group: FailureGroup) -> bool:
    """True if a failure is proven to be newer than every binding of its certificate in the evidence."""
    bound = bound_before(case, thumbprint_of(group))
    return bool(bound) and all(newer(case, group, each.at) for each in bound)


def thumbprint_of(group: FailureGroup) -> str:
    """The thumbprint of our failed certificate; empty if the rows do not show it whole."""
    return (group.certificate.thumbprint if group.certificate else None) or ""


def newer(case: Case, group: FailureGroup, at: tuple[str, int]) -> bool:
    """True if the group's last failure stands below this place in the same text.

    Pastes given at one step share one name: their order is unknown, so the failure counts as older.
    """
    last = max(group.handshakes, key=lambda handshake: handshake.time).line
    return bool(at[0]) and not case.begun and last.source == at[0] and last.number > at[1]


@dataclass(frozen=True, slots=True)
class Recovery:
    """The success that ends a case.

    `how` is `recovered` for the same certificate to every address that failed, `other-certificate` for another one of
    ours, `recovered-likely` where the certificate was bound since and only `untried` addresses are open.
    """

    success: Handshake
    how: str
    untried: tuple[str, ...] = ()


_LOCAL = re.compile(r",[0-9A-Fa-f]{16},[0-9]+,([^,]+):[0-9]+,")
"""Session-id, sequence-number and local endpoint of a row."""

Where = tuple[str, str]
"""The folder of a log, and the other side's address."""


def below(case: Case, later: tuple[Line, ...], earlier: tuple[Line, ...]) -> bool:
    """True if lines stand below others in one text; the lines of two pastes have no order."""
    known = bool(later and earlier) and not case.begun and later[0].source == earlier[-1].source
    return known and later[0].number > earlier[-1].number


def recovery(case: Case, group: FailureGroup) -> Recovery | None:
    """The later successes that end the failures of this group; None without them.

    A success proves the certificate for the address it was made to and for no other, and only within one folder: each
    folder is one service's log. If the certificate was bound since, it makes the other addresses likely. Success of the
    same connector with another certificate of ours ends the old one's case.
    """
    thumbprint, log = thumbprint_of(group), case.now.log
    if not thumbprint or log is None:
        return None
    failed, known = _failed(log, group)
    folders = {folder for folder, _ in failed}
    locals_ = {
        folder: {_local_address(h) for h in group.handshakes if _folder(h.line.source) == folder} for folder in folders
    }
    same: dict[Where, Handshake] = {}
    other: dict[str, Handshake] = {}
    for h in log.handshakes:
        folder = _folder(h.line.source)
        if (
            h.error is not None
            or folder not in folders
            or h.ours is None
            or not h.ours.thumbprint
            or not same_name(h.connector, group.connector)
            or _from_another_address(h, locals_[folder] - {""})
        ):
            continue
        if h.ours.thumbprint == thumbprint:
            where = (folder, address(h.remote))
            if h.time > failed.get(where, group.last):
                same[where] = max(h, same.get(where, h), key=lambda each: each.time)
        elif h.time > group.last:
            other[folder] = max(h, other.get(folder, h), key=lambda each: each.time)
    open_ = [where for where in failed if where not in same]
    newest = max(same.values(), key=lambda h: h.time, default=None)
    if newest and not open_ and known:
        return Recovery(newest, "recovered")
    if folders <= other.keys():
        return Recovery(max(other.values(), key=lambda h: h.time), "other-certificate")
    bound = any(each.thumbprint == thumbprint and each.how != "default" for each in bindings(case))
    if newest and newest.time > group.last and (bound or not open_) and folders <= {folder for folder, _ in same}:
        return Recovery(newest, "recovered-likely", tuple(sorted({at or "unknown" for _, at in open_})))
    return None


def _failed(log: LogReading, group: FailureGroup) -> tuple[dict[Where, str], bool]:
    """The last failure to each address in each folder, and whether all the group's failures are known one by one."""
    last: dict[Where, str] = {}
    shown: Iterator[tuple[str, str, str]]
    if log.occurrences is not None:
        only = log.occurrences.only(group.connector, group.error, thumbprint_of(group))
        shown = ((each.source, each.remote, each.time) for each in only)
        whole = bool(len(only))
    else:
        shown = ((h.line.source, h.remote, h.time) for h in group.handshakes)
        whole = len({h.session for h in group.handshakes}) >= group.sessions
    for source, remote, time in shown:
        where = (_folder(source), address(remote))
        last[where] = max(time, last.get(where, ""))
    for h in group.handshakes:
        where = (_folder(h.line.source), address(h.remote))
        last[where] = max(h.time, last.get(where, ""))
    return last, whole


@cache
def _folder(source: str) -> str:
    return str(PurePath(source).parent)


def address(endpoint: str) -> str:
    """An endpoint without its port: `198.51.100.25`, `2001:db8::25`."""
    found = (
        re.fullmatch(r"\[?(.*?)\]?(?::\d+)?", endpoint.strip()) if endpoint.count(":") == 1 or "]" in endpoint else None
    )
    return found[1] if found else endpoint.strip()


def _from_another_address(success: Handshake, failed: set[str]) -> bool:
    """True if the row names none of the failures' local addresses: a folder can hold logs of several servers."""
    return bool(failed) and _local_address(success) not in {"", *failed}


def _local_address(handshake: Handshake) -> str:
    """The local endpoint's address in the outcome row; empty without one."""
    found = _LOCAL.search(handshake.line.text)
    return found[1] if found else ""
