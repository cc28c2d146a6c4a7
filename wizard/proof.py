"""What is proven after the change, each thing on its own. What is open is called so."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wizard.case import Case, PromptAnswer
from wizard.connectornames import logged_as
from wizard.facts import Handshake, LoggingLevel, Queue, Service, in_order, spelled
from wizard.verdict import handshake_meaning, queue_meaning

_QUEUE_STATUSES = frozenset({"active", "connecting", "ready", "retry", "suspended"})
"""What Get-Queue prints as Status (PS/Get-Queue); a number, as in JSON of a live object, tells nothing here."""


class Standing(enum.Enum):
    """How far a thing is proven; the value is the word a person reads."""

    PROVEN = "proven"
    SAID = "said by you"
    OPEN = "not proven yet"
    FAILED = "not so"


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that should be true after the change, how far it is proven, and by what."""

    id: str
    claim: str
    standing: Standing
    because: str


def proofs(case: Case) -> tuple[Proof, ...]:
    """All that should be true in the end, each with how far it is proven."""
    return (
        _services_proof(case),
        _default_proof(case),
        _queue_proof(case),
        _session_proof(case),
        _logging_proof(case),
    )


def proven(case: Case, proof_id: str) -> bool:
    """Whether this one of the proofs stands."""
    return next(p for p in proofs(case) if p.id == proof_id).standing is Standing.PROVEN


def lost(case: Case) -> tuple[Service, ...]:
    """The services the certificate had before the change and has no longer."""
    after = case.certificate_after
    return in_order((case.services_now or frozenset()) - (after.services or frozenset())) if after else ()


def default_already(case: Case) -> bool:
    """Whether the question names the case's own certificate as the default: then nothing could be replaced."""
    return bool(case.prompt and case.prompt.current and case.prompt.current == case.thumbprint)


def default_replaced(case: Case) -> bool:
    """Whether the answer Y put another certificate in the place of the server's default one."""
    return case.prompt_answer is PromptAnswer.YES and not default_already(case)


def waiting(case: Case) -> tuple[Queue, ...]:
    """The queues in Retry as read again."""
    return tuple(queue for queue in case.queues_after if queue.status.casefold() == "retry")


def still_stuck(case: Case) -> tuple[Queue, ...]:
    """The queues in Retry that may be this case's: to a next hop that was stuck, or not plainly of another fault."""
    hops = {queue.next_hop.casefold() for queue in case.queues if queue.next_hop and queue.last_error}
    return tuple(
        queue
        for queue in waiting(case)
        if queue.next_hop.casefold() in hops or queue_meaning(queue.last_error).fits is not False
    )


def trying(case: Case) -> tuple[Queue, ...]:
    """The queues whose state decides nothing yet: connecting, stopped, or with mail and the old error in them."""
    return tuple(
        queue
        for queue in case.queues_after
        if queue.status.casefold() in {"connecting", "suspended"}
        or (
            queue.status.casefold() != "retry"
            and queue.message_count != 0
            and queue.last_error
            and queue_meaning(queue.last_error).fits
        )
    )


def healthy(case: Case) -> bool:
    """Whether the log of the server the case is at shows handshakes of the connector, and none that failed."""
    if case.log is None or case.log_of or case.own_failures:
        return False
    return any(h.error is None and logged_as(h.connector, case.connector) for h in case.log.handshakes)


def status_shown(case: Case) -> bool:
    """Whether the queues as read again show a status by which to tell."""
    return any(queue.status.casefold() in _QUEUE_STATUSES for queue in case.queues_after)


def newest_failure(case: Case) -> str:
    """The time of the last failure shown before the change, ISO 8601 in UTC; empty without one."""
    return max((group.last for group in case.failures_meant), default="")


def new_sessions(case: Case) -> tuple[Handshake, ...]:
    """Handshakes of the connector that are newer than the last failure before the change, the newest last."""
    if case.log_after is None:
        return ()
    since = newest_failure(case)
    new = [h for h in case.log_after.handshakes if logged_as(h.connector, case.connector) and h.time > since]
    return tuple(sorted(new, key=lambda handshake: handshake.time))


def proving_session(case: Case) -> Handshake | None:
    """The newest new session that succeeded with the case's certificate, one that delivered before one that did not."""
    good = [h for h in new_sessions(case) if h.error is None and h.ours and h.ours.thumbprint == case.thumbprint]
    delivered = [h for h in good if h.delivered]
    return next(reversed(delivered or good), None)


def failing_again(case: Case) -> tuple[Handshake, ...]:
    """New failures after the session that succeeded, the newest last."""
    best = proving_session(case)
    return tuple(h for h in new_sessions(case) if best and h.error and h.time > best.time)


def about_ours(handshake: Handshake) -> bool:
    """Whether a failure speaks against our certificate, or may: others are about the other side or the protocol."""
    meaning = handshake_meaning(handshake.error or "")
    return meaning.ours or meaning.fits is None


def _services_proof(case: Case) -> Proof:
    claim = "SMTP is bound, no service was lost"
    after = case.certificate_after
    if after is None or after.services is None:
        return Proof("services", claim, Standing.OPEN, "the services were not read again")
    now = f"services are {spelled(after.services)}"
    if Service.SMTP not in after.services or lost(case):
        return Proof("services", claim, Standing.FAILED, now)
    if case.services_after_unnamed_for == case.thumbprint:
        return Proof("services", claim, Standing.OPEN, f"{now}, but the output names no thumbprint")
    if case.services_now is None:
        return Proof("services", claim, Standing.OPEN, f"{now}; what they were before is not known")
    return Proof("services", claim, Standing.PROVEN, now)


def _default_proof(case: Case) -> Proof:
    claim = "The default SMTP certificate is unchanged"
    if case.prompt_answer is PromptAnswer.NO:
        return Proof("default", claim, Standing.SAID, "you answered N")
    if case.prompt_answer is PromptAnswer.NOT_ASKED:
        return Proof("default", claim, Standing.SAID, "Exchange did not ask")
    if case.prompt_answer is PromptAnswer.YES and default_already(case):
        return Proof("default", claim, Standing.SAID, "you answered Y, but it was your certificate already")
    if case.prompt_answer is PromptAnswer.YES and case.undone:
        return Proof("default", claim, Standing.SAID, "you answered Y, then made the earlier one the default again")
    if case.prompt_answer is PromptAnswer.YES:
        return Proof("default", claim, Standing.FAILED, "you answered Y")
    return Proof("default", claim, Standing.OPEN, "the answer to the question was not told")


def _queue_proof(case: Case) -> Proof:
    claim = "The queue moves again"
    if not case.queues_after_read:
        return Proof("queue", claim, Standing.OPEN, "the queues were not read again")
    stuck = still_stuck(case)
    if stuck:
        return Proof("queue", claim, Standing.FAILED, f"{stuck[0].identity or 'a queue'} is still in Retry")
    if not status_shown(case):
        return Proof("queue", claim, Standing.OPEN, "the output shows no status")
    if trying(case):
        name = trying(case)[0].identity or "a queue"
        return Proof("queue", claim, Standing.OPEN, f"{name} is {trying(case)[0].status or 'not done'}: read again")
    if waiting(case):
        return Proof("queue", claim, Standing.PROVEN, "what is in Retry has another fault")
    return Proof("queue", claim, Standing.PROVEN, "no queue is in Retry")


def _session_proof(case: Case) -> Proof:
    claim = "TLS works with this certificate"
    new = new_sessions(case)
    if not new:
        return Proof("session", claim, Standing.OPEN, "no new session was shown")
    best = proving_session(case)
    if best is None and new[-1].error:
        return Proof("session", claim, Standing.FAILED, f"the newest session fails with {new[-1].error}")
    if best is None:
        return Proof("session", claim, Standing.OPEN, "a new session succeeded, but does not show this certificate")
    if any(about_ours(handshake) for handshake in failing_again(case)):
        return Proof("session", claim, Standing.FAILED, f"session {best.session} succeeded, later ones failed again")
    delivered = ", and a message was accepted" if best.delivered else ""
    return Proof("session", claim, Standing.PROVEN, f"session {best.session} succeeded{delivered}")


def _logging_proof(case: Case) -> Proof:
    before, after = case.level_before, case.level_after
    # Without a record of the level before, only the default can be claimed.
    claim = "Logging is back to what it was" if before else "Logging is off, as it is by default"
    if before is LoggingLevel.VERBOSE and after is not LoggingLevel.NONE:
        because = "it was Verbose before and stays so"
    elif after is None:
        return Proof("logging", claim, Standing.OPEN, "the level was not read again")
    elif after is not (before or LoggingLevel.NONE):
        return Proof("logging", claim, Standing.FAILED, f"the level is {after.value}")
    else:
        because = f"the level is {after.value}"
    if left := left_verbose(case):
        because = f"{because}, but that of {left[0]} was not put back, or not read again"
    return Proof("logging", claim, Standing.OPEN if left else Standing.PROVEN, because)


def left_verbose(case: Case) -> tuple[str, ...]:
    """The connectors that were chosen before this one, whose logging may be on since and was not shown to be back."""
    return tuple(
        name for name in case.others_made_verbose if case.level_shown_after(name) in {None, LoggingLevel.VERBOSE}
    )
