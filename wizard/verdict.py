"""Judges evidence, such as a queue's error and failed handshakes, by the rules in assets.

One judgement for the steps on screen and for a diagnosis without questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from wizard.assets import asset_table
from wizard.case.case import Case, StepId, host
from wizard.case.servers import all_certificates
from wizard.facts import (
    Certificate,
    CmdletErrorKind,
    FailureGroup,
    Handshake,
    KeyTest,
    Line,
    LoggedCertificate,
    Queue,
    SendConnector,
    Service,
    logged_as,
    same_name,
)
from wizard.findings import counted, minute, shortened
from wizard.fitness import (
    Chosen,
    already_bound,
    answered,
    asked_for,
    fits,
    is_default,
    iso_date,
    key_missing,
    listed_here,
    not_valid,
    out_of_dates,
    renewed,
    same_dn,
    stored_key,
    third_party,
)
from wizard.timeline import address, bound_before, proven_newer, recovery, server_of, thumbprint_of


@dataclass(frozen=True, slots=True)
class Meaning:
    """The meaning of an error: whether it fits this article, a sentence, the next action, and the source.

    `fits` is False for another fault, and None if the error is unknown or its name alone does not decide. `ours` says
    that it is about our own certificate's key. `about` is as in handshake_errors.toml.
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
    """The meaning of a queue's LastError; the first rule that matches decides."""
    return next((meaning for pattern, meaning in _queue_rules() if pattern.search(last_error)), UNKNOWN_QUEUE_ERROR)


def queue_remarks(last_error: str) -> tuple[str, ...]:
    """Remarks on the wrapping of a LastError, such as the way through the Front End."""
    return tuple(says for pattern, says in _wrapper_rules() if pattern.search(last_error))


def handshake_meaning(error: str) -> Meaning:
    """The meaning of `TLS negotiation failed with error <error>`; an unknown name is shown unchanged."""
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
    """A piece of evidence for the rules: attributes to match, and its lines.

    `connector` and `thumbprint` are those of the verdict, empty without any. `meaning` is the error's meaning on the
    screen: for another fault, its advice and source become the verdict's. `values` fill the placeholders of the
    verdict's sentences; text from the evidence goes in here only.
    """

    attributes: Mapping[str, str]
    because: tuple[Line, ...] = ()
    connector: str = ""
    thumbprint: str = ""
    meaning: Meaning | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fault a piece of evidence shows, the next action, and the lines that show it.

    `binds` says that the binding line is the next step. `reads` names the steps whose commands read what decides next;
    `log` stands for the whole way to it.
    """

    id: str
    title: str
    next: str
    source: str
    rank: int
    binds: bool = False
    reads: tuple[str, ...] = ()
    because: tuple[Line, ...] = ()
    connector: str = ""
    thumbprint: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One verdict with the conditions under which a piece of evidence has it.

    `of_the_error` says that its words are those of the error's own table.
    """

    verdict: Verdict
    when: tuple[Mapping[str, re.Pattern[str]], ...]
    of_the_error: bool

    def holds(self, subject: Subject) -> bool:
        """True if one of its conditions matches the piece of evidence in every attribute."""
        return any(
            all(pattern.fullmatch(subject.attributes.get(name, "")) for name, pattern in condition.items())
            for condition in self.when
        )


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of `assets/verdicts.toml` in their order, which is that of gravity."""
    return tuple(
        Rule(
            Verdict(
                entry["id"],
                entry.get("title", ""),
                entry.get("next", ""),
                entry.get("source", ""),
                rank,
                entry.get("binds", False),
                tuple(entry.get("reads", ())),
            ),
            tuple({name: _value(text) for name, text in condition.items()} for condition in entry["when"]),
            "title" not in entry,
        )
        for rank, entry in enumerate(asset_table("verdicts.toml")["verdict"])
    )


def _value(text: str) -> re.Pattern[str]:
    # A console wraps long values, and the blank at a wrap can be lost.
    return re.compile(text.replace(" ", r"\s*"), re.IGNORECASE | re.DOTALL)


def verdict_on(subject: Subject) -> Verdict | None:
    """The verdict on one piece of evidence; None if no rule matches."""
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
        meaning = subject.meaning
        verdict = replace(
            verdict, title=meaning.says.rstrip("."), next=verdict.next or meaning.next, source=meaning.source
        )
    if explains := subject.values.get("explains"):
        verdict = replace(verdict, next=f"{verdict.next} {explains}")
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
    """The success that ended a group of failed handshakes, else the group, as the rules see it."""
    return ended(case, group) or failed(case, group)


def ended(case: Case, group: FailureGroup) -> Subject | None:
    """The success that ended a group of failed handshakes as the rules see it, None while nothing shows one."""
    if over := recovery(case, group):
        success = over.success
        return Subject(
            {"about": "log", "shows": over.how, "missed": "yes" if case.now.log and case.now.log.missed else "no"},
            (success.line, *(success.ours.lines if success.ours else ()), group.handshakes[-1].line),
            group.connector,
            thumbprint_of(group),
            values={
                "session": success.session,
                "thumbprint": thumbprint_of(group),
                "other": (success.ours.thumbprint or "") if success.ours else "",
                "untried": ", ".join(over.untried),
                "time": minute(success.time),
                "missed": case.now.log.missed_named if case.now.log else "",
            },
        )
    return None


def failed(case: Case, group: FailureGroup) -> Subject:
    """A group of failed handshakes as the rules see it."""
    ours, meaning, thumbprint = group.certificate, handshake_meaning(group.error), thumbprint_of(group)
    known = listed_here(case, thumbprint)
    keyless = known.lines[:1] if known and known.has_private_key is False else ()
    stored = stored_key(case, thumbprint)
    in_store = stored.lines if stored and stored.test in {KeyTest.NONE, KeyTest.FAILED} else ()
    newest = max(group.handshakes, key=lambda handshake: handshake.time)
    already = already_bound(case, thumbprint)
    refusals = _refusals(case) if meaning.about == "refused" else ()
    of_queues = [line for each in refusals for line in _last_error_lines(each)]
    return Subject(
        {
            "about": "handshake",
            "error": group.error,
            "fault": meaning.about,
            "certificate": shown(ours),
            "state": key_state(case, group),
            "form": _refused_as(ours, newest, group.error),
            "internal": "yes" if implicit(group.connector) or any(h.anonymous for h in group.handshakes) else "no",
            "sent": {True: "yes", False: "no", None: "unknown"}[newest.sent_certificate],
        },
        (group.handshakes[0].line, *(ours.lines if ours else ()), *keyless, *in_store, *of_queues),
        group.connector,
        thumbprint,
        meaning,
        {
            **_values(ours, newest, group.error),
            "already": already.text if already else "",
            "beside": _issued_beside(case, known),
            "answer": _TO_ITS_QUESTION if not is_default(case, thumbprint) else _NO_QUESTION,
            "explains": " ".join(_explained(each) for each in refusals),
        },
    )


_TO_ITS_QUESTION = ", and answer N to its question."

_NO_QUESTION = ". It is the default SMTP certificate already, so Exchange will not ask to overwrite it."


def _refusals(case: Case) -> tuple[Queue, ...]:
    """The queues that say of our certificate what the log's refused handshakes show: those explain them."""
    refused = any(handshake_meaning(group.error).about == "refused" for group in case.failures_meant)
    says = (each for each in case.queues if each.last_error)
    return tuple(each for each in says if queue_meaning(each.last_error).id == _WRONG and refused)


_WRONG = "wrong-certificate-presented"


def _explained(queue: Queue) -> str:
    return f"The queue's words say the same, with less: {shortened(queue.last_error)}."


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
        "time": minute(newest.time),
        "written": ((ours.thumbprint_as_written if ours else "") or "")[:44],
    }


def _refused_as(ours: LoggedCertificate | None, newest: Handshake, error: str) -> str:
    """The reason for a refusal that the rows of our certificate show, if the error leaves it open."""
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


def shown(certificate: LoggedCertificate | None) -> str:
    """How a failed session shows our certificate: `whole`, `masked`, `cut` (without its thumbprint) or `none`."""
    if certificate is None:
        return "none"
    return "whole" if certificate.thumbprint else "masked" if certificate.thumbprint_as_written else "cut"


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
    """True for the English name of a connector that no cmdlet shows."""
    return " ".join(connector.split()).casefold() in IMPLICIT


def key_state(case: Case, group: FailureGroup) -> str:
    """The evidence on the failed certificate on the log's server: its key, SMTP, and the list.

    One of `unknown` (the log does not show which), `unread`, `bind` (the key is there, SMTP is not), `key-unknown`
    (SMTP is not there, and nothing tells of the key), `keyless`, `key-not-accessible`, `bound-older` (SMTP is bound,
    and the rows may be older), `bound` and `absent`.
    """
    thumbprint = thumbprint_of(group)
    if not thumbprint:
        return "unknown"
    known = listed_here(case, thumbprint)
    if (known and known.has_private_key is False) or key_missing(case, thumbprint):
        return "keyless"
    stored = stored_key(case, thumbprint)
    if stored and stored.test is KeyTest.NONE:
        return "keyless"
    if stored and stored.test is KeyTest.FAILED:
        return "key-fails"
    lost = [CmdletErrorKind.KEY_NOT_ACCESSIBLE]
    # Of UnknownCredentials the failed line says what is next.
    lost += [CmdletErrorKind.KEY_ACCESS] if group.error.casefold() == "nocredentials" else []
    if any(answered(case, thumbprint, kind) for kind in lost):
        return "key-not-accessible"
    if bound_before(case, thumbprint) or (known and Service.SMTP in (known.services or ())):
        return "bound" if proven_newer(case, group) else "bound-older"
    if known is None:
        listed = {each.thumbprint for each in case.now.certificates or case.now.not_there}
        return "absent" if len(listed) > 1 and not listed & {None, thumbprint} else "unread"
    if known.services is None:
        return "unread"
    there = known.has_private_key or (stored and stored.test in {KeyTest.PASSED, KeyTest.SIGNS})
    return "bind" if there else "key-unknown"


def telling(verdict: Verdict, thumbprint: str) -> tuple[Line, ...]:
    """The lines of evidence that say most: the first, which has the outcome, then those with the thumbprint."""
    named = (line for line in verdict.because[1:] if thumbprint and thumbprint in line.text.upper())
    return tuple(dict.fromkeys((*verdict.because[:1], *named)))


def verdict_of(case: Case) -> Verdict:
    """The gravest verdict on the evidence, of the chosen connector if there is one."""
    return judged(subjects(case, only_connector=bool(case.connector)))[0]


def verdict_on_chosen(case: Case) -> Verdict | None:
    """The verdict on the failures of the chosen certificate, one that binds it before others; None without failures.

    A case whose line was handed out already keeps it when a later success is read: that is what the line has done.
    """
    judge = failed if case.answer(StepId.COMMAND).finished else failure
    groups = [each for each in case.now.failed if case.now.thumbprint and thumbprint_of(each) == case.now.thumbprint]
    groups = [each for each in groups if logged_as(each.connector, case.connector)] or groups
    found = judged(judge(case, group) for group in groups) if groups else ()
    return next((each for each in found if each.binds), found[0] if found else None)


def subjects(case: Case, receive_log: Line | None = None, only_connector: bool = False) -> Iterator[Subject]:
    """Every piece of evidence a rule can judge; of failures only the connector's, where one was asked for."""
    for group in case.failures_meant if only_connector else case.now.failed:
        yield failure(case, group)
    yield from _queues(case)
    yield from _connectors(case)
    yield from beside_failures(case)
    if receive_log is not None:
        yield Subject({"about": "log", "shows": "receive"}, (receive_log,))
    yield from _cmdlets(case)
    yield from beside(case)
    if not case.now.failed and (case.now.log is None or not case.now.log.handshakes):
        yield from _on_servers(case)


def _cmdlets(case: Case) -> Iterator[Subject]:
    """The errors of Exchange's cmdlets; what is said of our certificate beside a failure is judged with that."""
    judged_with = {group.certificate.thumbprint for group in case.now.failed if group.certificate} - {None}
    for error in case.now.errors:
        # Of our certificate it is judged with the failure; of another one it says nothing of the failure.
        aside = bool(judged_with) and (bool(error.thumbprint) or error.kind not in _KEY_ERRORS)
        if not (error.foreign or aside):
            yield Subject({"about": "cmdlet", "error": error.kind.value}, error.lines[:2])


_KEY_ERRORS = frozenset({CmdletErrorKind.PRIVATE_KEY_MISSING, CmdletErrorKind.KEY_NOT_ACCESSIBLE})


def _on_servers(case: Case) -> Iterator[Subject]:
    """The state of each source server's certificate for a connector, before any log."""
    shown: dict[str, list[Certificate]] = {}
    for each in all_certificates(case):
        if server_of(each):
            shown.setdefault(host(server_of(each)), []).append(each)
    for connector in case.connectors:
        asked = asked_for(connector)
        for server in connector.source_servers if asked else ():
            there = shown.get(host(server), [])
            if len(there) < 2:
                continue
            found = [each for each in there if asked and fits(each, *asked)]
            state, about = _state(found, case)
            if not state:
                continue
            yield Subject(
                {"about": "server", "shows": state},
                (*connector.lines[:1], *(about.lines[:1] if about else there[0].lines[:1])),
                values={
                    "server": server,
                    "connector": connector.name,
                    "thumbprint": (about.thumbprint if about else "") or "",
                    "status": (about.status if about else "") or "its dates are over",
                },
            )


def _state(found: list[Certificate], case: Case) -> tuple[str, Certificate | None]:
    """The fault of the certificates that match a connector's name, and the certificate; empty if one is in order."""
    state = "missing"
    for wrong, left in (
        ("expired", [each for each in found if not not_valid(each, case.opened)]),
        ("keyless", [each for each in found if each.has_private_key is not False]),
        ("smtp-missing", [each for each in found if each.services is None or Service.SMTP in each.services]),
    ):
        if found and not left:
            state = wrong
            break
        if found:
            state = ""
    return state, found[0] if found and state else None


def _queues(case: Case) -> Iterator[Subject]:
    decided = case.now.log is not None and bool(case.now.log.handshakes)
    for queue in (queue for queue in case.queues if queue.last_error):
        # Words that can be the article send to the log; once its handshakes are read, they have nothing to add.
        if not (decided and queue_meaning(queue.last_error).fits) and queue not in _refusals(case):
            yield stuck(case, queue)


def stuck(case: Case, queue: Queue) -> Subject:
    """The words of a queue as the rules see them."""
    meaning = queue_meaning(queue.last_error)
    attributes = {"about": "queue", "meaning": meaning.id}
    connector, values = "", _values_of(case, None)
    if meaning.id == "stale-tls-certificate-name":
        attributes["named"], connector, values = _named_there(case)
    return Subject(attributes, _last_error_lines(queue), connector, meaning=meaning, values=values)


def _last_error_lines(queue: Queue) -> tuple[Line, ...]:
    """The lines of LastError, which Format-List prints last when it is asked for last; all where it has no label."""
    start = next((n for n, line in enumerate(queue.lines) if "lasterror" in line.text.casefold()), 0)
    return queue.lines[start:]


def _connectors(case: Case) -> Iterator[Subject]:
    """A connector whose TlsCertificateName matches no certificate of the output, or none that is valid."""
    for connector in case.connectors:
        if case.connector and not same_name(connector.name, case.connector):
            continue
        state, about = _named(case, connector)
        if state:
            values = _values_of(case, about)
            lines = (*connector.lines, *(about.lines[:1] if about else ()))
            yield Subject({"about": "connector", "tls_certificate": state}, lines, connector.name, values=values)


def _named(case: Case, connector: SendConnector) -> tuple[str, Certificate | None]:
    """The state of the certificate that TlsCertificateName names; empty if unknown."""
    if connector.tls_found is False:
        return "missing", None
    asked = asked_for(connector)
    shown = {
        c.thumbprint: c for c in case.now.certificates if c.thumbprint and c.subject and c.issuer and not c.subject_cut
    }
    if asked is None or len(shown) < 2:
        # One certificate is the answer of `-Thumbprint`, and says nothing about the others.
        return "", None
    found = [each for each in shown.values() if fits(each, *asked)]
    if not found:
        return "missing", None
    wrong = [each for each in found if not_valid(each, case.opened)]
    if len(wrong) < len(found):
        return "found", next(each for each in found if each not in wrong)
    ends = iso_date(wrong[0].not_after)
    return "expired" if out_of_dates(wrong[0]) or (ends and ends < case.opened) else "invalid", wrong[0]


def _values_of(case: Case, certificate: Certificate | None) -> dict[str, str]:
    if certificate is None:
        return {"thumbprint": "", "until": "", "status": "", "renewed": ""}
    ends = iso_date(certificate.not_after)
    other = renewed(Chosen(case, certificate))
    return {
        "thumbprint": certificate.thumbprint or "",
        "until": f"{ends:%Y-%m-%d}" if ends else certificate.not_after,
        "status": certificate.status,
        "renewed": f"The renewed one, {other.thumbprint}, is there already. " if other else "",
    }


def _named_there(case: Case) -> tuple[str, str, dict[str, str]]:
    """The state of the certificates that connectors' TlsCertificateNames name, the worst first; and whose."""
    found: dict[str, tuple[str, str, dict[str, str]]] = {}
    for connector in case.connectors:
        state, about = _named(case, connector)
        found.setdefault(state, (state, connector.name, _values_of(case, about)))
    worst = next((state for state in ("expired", "invalid", "missing", "found") if state in found), "")
    return found[worst] if worst else ("", "", _values_of(case, None))


def beside_failures(case: Case) -> Iterator[Subject]:
    """The successes of each connector in a log, or why there is nothing to judge."""
    log = case.now.log
    if log is None:
        return
    failing = {group.connector.casefold() for group in case.now.failed}
    refused = {h.connector: h for h in _refused(case)}
    healthy = {h.connector: h.line for h in log.handshakes if h.error is None and h.connector.casefold() not in failing}
    for connector, line in healthy.items():
        if (not case.connector or logged_as(connector, case.connector)) and connector not in refused:
            attributes = {"about": "log", "shows": "success", "missed": "yes" if log.missed else "no"}
            yield Subject(attributes, (line,), connector, values={"missed": log.missed_named})
    if healthy and log.connection_failures and not failing and not case.connector:
        # The rows that say so are counted without their connector: of a chosen one they prove nothing.
        times = counted(log.connection_failures, "time")
        yield Subject({"about": "log", "shows": "unconnected-beside"}, values={"times": times})
    for connector, handshake in refused.items():
        meaning = queue_meaning(handshake.reply)
        online = meaning.id == "wrong-certificate-presented-online"
        yield Subject(
            {"about": "log", "shows": "attributed" if online else "rejected"},
            (handshake.reply_line or handshake.line,),
            connector,
            meaning=meaning if online else None,
            values={"reply": shortened(handshake.reply), "code": _code(handshake.reply)},
        )
    if log.stripped and not case.now.failed:
        yield Subject({"about": "log", "shows": "stripped"}, log.stripped[:1])
    if log.connectors and case.connector and not case.sessions_meant:
        values = {"connectors": ", ".join(log.connectors), "connector": case.connector}
        yield Subject({"about": "log", "shows": "other-connector"}, connector=case.connector, values=values)
    for each in case.pending:
        yield Subject({"about": "log", "shows": "open-ended"}, each.lines[:1], "", each.thumbprint or "")
    silent = case.sessions_meant and not any(logged_as(h.connector, case.connector) for h in log.handshakes)
    if not case.now.failed and not case.pending and not log.stripped and (silent or not log.handshakes):
        rows = f"The sessions of {case.connector} in these rows" if log.handshakes else "These rows"
        times = counted(log.connection_failures, "time")
        shows = "no-connection" if log.connection_failures else "no-handshake"
        yield Subject({"about": "log", "shows": shows}, values={"rows": rows, "times": times})


def _refused(case: Case) -> Iterator[Handshake]:
    """The newest session of each connector and address, where TLS succeeded and the other side then refused."""
    newest: dict[tuple[str, str], Handshake] = {}
    for h in case.now.log.handshakes if case.now.log else ():
        if not case.connector or logged_as(h.connector, case.connector):
            where = (h.connector.casefold(), address(h.remote))
            newest[where] = max(newest.get(where, h), h, key=lambda each: each.time)
    yield from (h for h in newest.values() if h.error is None and h.reply)


def _code(reply: str) -> str:
    """The numbers a reply begins with: `421 4.4.1`."""
    found = re.match(r"\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?", reply)
    return found[0] if found else reply[:3]
