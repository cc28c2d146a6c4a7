"""What evidence means: the queue's words and failed handshakes, held against the rules in assets.

One judgement for the steps on screen and for a diagnosis without questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import PurePath

from wizard.assets import asset_table
from wizard.case.case import Case
from wizard.facts import (
    Certificate,
    CmdletErrorKind,
    FailureGroup,
    Handshake,
    KeyTest,
    Line,
    LoggedCertificate,
    LogReading,
    Service,
    same_name,
)
from wizard.fitness import Chosen, answered, iso_date, listed_here, same_dn, stored_key, third_party
from wizard.timeline import bindings, older


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error means: whether it fits this article, a plain sentence, what to do next, and the source.

    `fits` is False for another fault, and None where nothing is known of the error, or its name alone does not
    tell. `ours` says that it is about our own certificate's key. `about` is as handshake_errors.toml has it.
    """

    id: str
    fits: bool | None
    says: str
    next: str
    source: str
    ours: bool = False
    about: str = ""


UNKNOWN_QUEUE_ERROR = Meaning(
    "unknown-error",
    None,
    "This LastError is none of those the wizard knows. It does not rule the article out.",
    "Go on to the protocol log: it names the error of the handshake, if there was one.",
    "",
)


@cache
def _queue_rules() -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    return tuple(
        (
            _pattern(rule["match"]),
            Meaning(rule["id"], rule["fits"] == "yes", rule["says"], rule["next"], rule["source"]),
        )
        for rule in asset_table("queue_errors.toml")["error"]
    )


@cache
def _wrapper_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(rule["match"]), rule["says"]) for rule in asset_table("queue_errors.toml")["wrapper"])


def _pattern(match: str) -> re.Pattern[str]:
    """The rule's expression; a blank in it matches any white space, or none where a console cut a wrap's blank."""
    return re.compile(match.replace(" ", r"\s*"), re.IGNORECASE)


def queue_meaning(last_error: str) -> Meaning:
    """What the words of a queue's LastError mean; the first rule that matches decides."""
    return next((meaning for pattern, meaning in _queue_rules() if pattern.search(last_error)), UNKNOWN_QUEUE_ERROR)


def queue_remarks(last_error: str) -> tuple[str, ...]:
    """What the wrapping of a LastError tells besides its core, such as the way through the Front End."""
    return tuple(says for pattern, says in _wrapper_rules() if pattern.search(last_error))


def handshake_meaning(error: str) -> Meaning:
    """What `TLS negotiation failed with error <error>` means; a name nobody knows is shown as it stands."""
    table: Mapping[str, Mapping[str, str]] = asset_table("handshake_errors.toml")
    rule = next((rule for name, rule in table.items() if name.casefold() == error.casefold()), None)
    if rule is None:
        code = f" (0x{int(error) & 0xFFFFFFFF:08X})" if re.fullmatch(r"-?\d{1,10}", error) else ""
        return Meaning(
            error,
            None,
            f"{error}{code} is an error the wizard does not know. The article is about UnknownCredentials only.",
            "Search Microsoft's documentation for the name of the error.",
            "",
        )
    fits = {"this": True, "perhaps": None}.get(rule["article"], False)
    about = rule["about"]
    return Meaning(error, fits, rule["says"], rule["next"], rule["source"], ours=about in ("ours", "key"), about=about)


THIS_ARTICLE = "kb4051498"
"""The id of the verdict that this article's command is for."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One piece of evidence as the rules see it: attributes to match, and the lines they were read from.

    `connector` and `thumbprint` say whose verdict it becomes, empty where it is about neither. `meaning` is
    what the screen says of the error: where it is another fault, its advice and source are the verdict's.
    `values` stand in the placeholders of the verdict's sentences; text from the evidence goes in here only.
    """

    attributes: Mapping[str, str]
    because: tuple[Line, ...] = ()
    connector: str = ""
    thumbprint: str = ""
    meaning: Meaning | None = None
    values: Mapping[str, str] = field(default_factory=dict)


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
class Rule:
    """One verdict with the conditions under which a piece of evidence has it.

    `of_the_error` says that what the error's own table says to do next takes the place of the verdict's.
    """

    verdict: Verdict
    when: tuple[Mapping[str, re.Pattern[str]], ...]
    of_the_error: bool

    def holds(self, subject: Subject) -> bool:
        """Whether one of its conditions matches the piece of evidence in every attribute."""
        return any(
            all(pattern.fullmatch(subject.attributes.get(name, "")) for name, pattern in condition.items())
            for condition in self.when
        )


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of `assets/verdicts.toml` in their order, which is that of gravity."""
    return tuple(
        Rule(
            Verdict(entry["id"], entry["title"], entry["next"], entry["source"], rank),
            tuple({name: _value(text) for name, text in condition.items()} for condition in entry["when"]),
            entry.get("of_the_error", False),
        )
        for rank, entry in enumerate(asset_table("verdicts.toml")["verdict"])
    )


def _value(text: str) -> re.Pattern[str]:
    # A console wraps long values, and the blank at a wrap can be lost.
    return re.compile(text.replace(" ", r"\s*"), re.IGNORECASE | re.DOTALL)


def verdict_on(subject: Subject) -> Verdict | None:
    """The verdict on one piece of evidence; None where no rule speaks of it."""
    rule = next((rule for rule in rules() if rule.holds(subject)), None)
    if rule is None:
        return None
    verdict = replace(
        rule.verdict,
        title=rule.verdict.title.format_map(subject.values),
        next=rule.verdict.next.format_map(subject.values),
        because=subject.because,
        connector=subject.connector,
        thumbprint=subject.thumbprint,
    )
    if subject.meaning and rule.of_the_error:
        verdict = replace(verdict, next=subject.meaning.next, source=subject.meaning.source)
    return verdict


def judged(subjects: Iterable[Subject]) -> tuple[Verdict, ...]:
    """The verdict on each piece of evidence, one for each connector, certificate and fault, the gravest first."""
    found: dict[tuple[str, str, str, str], Verdict] = {}
    for subject in subjects:
        verdict = verdict_on(subject)
        if verdict is None:
            continue
        key = (verdict.id, verdict.title, verdict.connector, verdict.thumbprint)
        earlier = found.get(key)
        found[key] = replace(earlier, because=(*earlier.because, *verdict.because)) if earlier else verdict
    if not found:
        return judged([Subject({"about": "nothing"})])
    return tuple(sorted(found.values(), key=lambda verdict: verdict.rank))


def beside(case: Case) -> Iterator[Subject]:
    """The log's sentence without its row, events, and which certificate is the default."""
    for lone in case.lone:
        meaning = handshake_meaning(lone.error)
        values = {"error": lone.error, "says": meaning.says}
        yield Subject({"about": "sentence", "error": lone.error}, lone.lines[:1], values=values)
    for event in case.events:
        values = {
            "number": str(event.number),
            "fqdn": event.fqdn or "that it asks for",
            "connector": event.connector or "it names",
        }
        attributes = {
            "about": "event",
            "number": str(event.number),
            "receive": {True: "yes", False: "no", None: "unknown"}[event.receive],
        }
        yield Subject(attributes, event.lines[:1], values=values)
    for default in case.defaults if not case.now.failed else ():
        yield Subject({"about": "default"}, default.lines[:2])


def failure(case: Case, group: FailureGroup) -> Subject:
    """A group of failed handshakes as the rules see it, or the success that ended it."""
    over = recovery(case, group)
    if over:
        success = over.success
        return Subject(
            {"about": "log", "shows": over.how},
            (success.line, *(success.ours.lines if success.ours else ()), group.handshakes[-1].line),
            group.connector,
            _thumbprint(group),
            values={
                "session": success.session,
                "thumbprint": _thumbprint(group),
                "other": (success.ours.thumbprint or "") if success.ours else "",
                "untried": ", ".join(over.untried),
            },
        )
    ours, meaning, thumbprint = group.certificate, handshake_meaning(group.error), _thumbprint(group)
    known = listed_here(case, thumbprint)
    keyless = known.lines[:1] if known and known.has_private_key is False else ()
    stored = stored_key(case, thumbprint)
    in_store = stored.lines if stored and stored.test in {KeyTest.NONE, KeyTest.FAILED} else ()
    newest = max(group.handshakes, key=lambda handshake: handshake.time)
    return Subject(
        {
            "about": "handshake",
            "error": group.error,
            "fault": meaning.about,
            "certificate": _shown(ours),
            "state": key_state(case, group),
            "form": _refused_as(ours, newest, group.error),
            "internal": "yes" if implicit(group.connector) or any(h.anonymous for h in group.handshakes) else "no",
            "sent": {True: "yes", False: "no", None: "unknown"}[newest.sent_certificate],
        },
        (group.handshakes[0].line, *(ours.lines if ours else ()), *keyless, *in_store),
        group.connector,
        thumbprint,
        meaning,
        _values(ours, newest, group.error) | {"beside": _issued_beside(case, known)},
    )


def _issued_beside(case: Case, known: Certificate | None) -> str:
    """That a certificate of an authority is on the server too, beside the one in the log."""
    other = third_party(Chosen(case, known)) if known else None
    return f"On the server is also {other.thumbprint} ({other.subject}), from an authority. " if other else ""


def _values(ours: LoggedCertificate | None, newest: Handshake, error: str) -> dict[str, str]:
    ends, begins = (iso_date(text or "") for text in ((ours.not_after, ours.not_before) if ours else ("", "")))
    return {
        "error": error,
        "says": handshake_meaning(error).says,
        "thumbprint": (ours.thumbprint if ours else None) or "",
        "subject": ours.subject if ours else "",
        "issuer": ours.issuer if ours else "",
        "until": f"{ends:%Y-%m-%d}" if ends else "",
        "from": f"{begins:%Y-%m-%d}" if begins else "",
        "time": newest.time[:16].replace("T", " "),
    }


def _refused_as(ours: LoggedCertificate | None, newest: Handshake, error: str) -> str:
    """What the rows of our certificate say of why it may be refused, as far as the error leaves it open."""
    if ours is None:
        return "not-shown"
    name = error.casefold()
    if ours.subject and ours.issuer and same_dn(ours.subject, ours.issuer) and name in {"untrustedroot", "certunknown"}:
        return "self-signed"
    at = iso_date(newest.time)
    ends, begins = iso_date(ours.not_after or ""), iso_date(ours.not_before or "")
    if name in {"certexpired", "certunknown"} and at:
        if ends and ends < at:
            return "expired"
        if begins and begins > at:
            return "not-yet-valid"
        if ends:
            return "in-dates"
    return "shown"


def _thumbprint(group: FailureGroup) -> str:
    return (group.certificate.thumbprint if group.certificate else None) or ""


def _shown(certificate: LoggedCertificate | None) -> str:
    """How a failed session shows our certificate: whole, masked, or not at all."""
    if certificate is None:
        return "none"
    return "whole" if certificate.thumbprint else "masked" if certificate.thumbprint_as_written else "none"


IMPLICIT = frozenset(
    {
        "intra-organization smtp send connector",
        "inbound proxy internal send connector",
        "outbound proxy internal send connector",
        "client proxy send connector",
        "mailbox transport smtp send connector",
    }
)
"""The Send connectors that Exchange has of itself and no cmdlet shows; other languages have other names."""


def implicit(connector: str) -> bool:
    """Whether this is the English name of a connector that no cmdlet shows."""
    return " ".join(connector.split()).casefold() in IMPLICIT


def key_state(case: Case, group: FailureGroup) -> str:
    """What the evidence says of the failed certificate on the server whose log it is: its key, SMTP, and the list.

    One of `unknown` (the log does not show which), `unread`, `bind` (the key is there, SMTP is not), `key-unknown`
    (SMTP is not there, and nothing tells of the key), `keyless`, `key-not-accessible`, `key-fails`, `bound-older`
    (SMTP is bound, and the rows may be older), `bound` and `absent`.
    """
    thumbprint = _thumbprint(group)
    if not thumbprint:
        return "unknown"
    known = listed_here(case, thumbprint)
    missing = answered(case, thumbprint, CmdletErrorKind.PRIVATE_KEY_MISSING)
    if (known and known.has_private_key is False) or (missing and not (known and known.has_private_key)):
        return "keyless"
    stored = stored_key(case, thumbprint)
    if stored and stored.test is KeyTest.NONE:
        return "keyless"
    if stored and stored.test is KeyTest.FAILED:
        return "key-fails"
    if answered(case, thumbprint, CmdletErrorKind.KEY_NOT_ACCESSIBLE):
        return "key-not-accessible"
    shown = any(each.thumbprint == thumbprint for each in bindings(case))
    if shown or (known and Service.SMTP in (known.services or ())):
        return "bound" if shown and older(case, group) is None else "bound-older"
    if known is None:
        listed = {each.thumbprint for each in case.now.certificates or case.now.not_there}
        return "absent" if len(listed) > 1 and not listed & {None, thumbprint} else "unread"
    if known.services is None:
        return "unread"
    there = known.has_private_key or (stored and stored.test in {KeyTest.PASSED, KeyTest.SIGNS})
    return "bind" if there else "key-unknown"


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


def recovery(case: Case, group: FailureGroup) -> Recovery | None:
    """Whether later successes end the failures of this group; None where nothing shows it.

    A success proves the certificate for the address it was made to and for no other, and only within one folder:
    each folder is one service's log. Where the certificate was bound since, it makes the other addresses likely.
    Success of the same connector with another certificate of ours ends the old one's case.
    """
    thumbprint, log = _thumbprint(group), case.now.log
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
        only = log.occurrences.only(group.connector, group.error, _thumbprint(group))
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
    """Whether the row names none of the failures' local addresses: logs of several servers can lie in one folder."""
    return bool(failed) and _local_address(success) not in {"", *failed}


def _local_address(handshake: Handshake) -> str:
    """The local endpoint's address in the row that tells the outcome; empty where it is not shown."""
    found = _LOCAL.search(handshake.line.text)
    return found[1] if found else ""
