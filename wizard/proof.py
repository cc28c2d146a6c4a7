"""The prompt and the proof: what the person answered, and what is proven afterwards, each on its own."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wizard.case import Case, PromptAnswer, same_name
from wizard.facts import Handshake, LoggingLevel, Service, in_order, spelled
from wizard.findings import Finding, block, good, info, warn
from wizard.verdict import handshake_meaning, queue_meaning


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


def prompt(case: Case) -> tuple[Finding, ...]:
    """What the overwrite question names, what to answer, and what the answer meant."""
    found: list[Finding] = []
    asked = case.prompt
    if asked is not None:
        if asked.replacement and asked.replacement != case.thumbprint:
            found.append(
                block(
                    f"The question is about {asked.replacement}, not about the certificate of this case. "
                    "Answer N, and check which command was pasted.",
                    asked.lines,
                    "other-replacement",
                )
            )
        elif asked.replacement:
            found.append(good("It would replace the default by your certificate. Answer N, then Enter.", asked.lines))
        else:
            found.append(info("Answer N, then Enter.", asked.lines))
        if asked.current and asked.current == case.thumbprint:
            found.append(info("Your certificate is the server's default certificate already.", asked.lines))
        elif asked.current:
            expires = f" (expires {asked.current_expires})" if asked.current_expires else ""
            found.append(
                info(f"The default certificate now: {asked.current}{expires}. Kept here for an undo.", asked.lines)
            )
        else:
            found.append(warn("The thumbprint of the current default is not whole in this paste.", asked.lines))
    found.extend(_answer(case))
    return tuple(found)


def _answer(case: Case) -> list[Finding]:
    if case.prompt_answer is PromptAnswer.NO:
        return [good("You answered N: SMTP is enabled, the default certificate stays.", source="KB step 5")]
    if case.prompt_answer is PromptAnswer.NOT_ASKED:
        return [
            info(
                "It did not ask. If no error was printed either, SMTP is enabled; the next step proves it.",
                source="Enable-ExchangeCertificate",
            )
        ]
    if case.prompt_answer is PromptAnswer.YES:
        undo = (
            "The command above makes the previous one the default again: answer Y to that one."
            if case.prompt and case.prompt.current
            else "Its thumbprint was not kept, so paste the question if it is still on your screen: "
            "the wizard then writes the command to undo it."
        )
        return [
            warn(
                "The default certificate was replaced. Mail may flow, but servers use that one among themselves; on a "
                f"subscribed Edge, EdgeSync breaks. {undo}",
                id="answered-yes",
                source="KB 2989382",
            )
        ]
    return []


def verify(case: Case) -> tuple[Finding, ...]:
    """Whether SMTP is there now and nothing was lost."""
    after = case.certificate_after
    if after is None or after.services is None:
        return ()
    now = spelled(after.services)
    if Service.SMTP not in after.services:
        return (
            block(
                f"SMTP is not there: services are {now}. Did the command print an error? Run it again and answer N.",
                after.lines,
                "smtp-missing",
            ),
        )
    lost = _lost(case)
    if lost:
        return (
            block(
                f"Services are {now}: {spelled(lost)} is missing, although the command only adds. "
                "Is this the same certificate and the same server?",
                after.lines,
                "service-lost",
            ),
        )
    return (good(f"Services now: {now}. SMTP is there, nothing was lost.", after.lines, "services-proven"),)


def _lost(case: Case) -> tuple[Service, ...]:
    after = case.certificate_after
    return in_order((case.services_now or frozenset()) - (after.services or frozenset())) if after else ()


def retry(case: Case) -> tuple[Finding, ...]:
    """What the queues look like now."""
    if not case.queues_after_read:
        return ()
    waiting = [queue for queue in case.queues_after if queue.status.casefold() == "retry"]
    if not waiting:
        return (good("No queue is in Retry any more.", tuple(q.lines[0] for q in case.queues_after if q.lines)),)
    found: list[Finding] = []
    for queue in waiting:
        meaning = queue_meaning(queue.last_error)
        count = "" if queue.message_count is None else f" with {queue.message_count:,} messages"
        same = " It shows the old error until the next attempt." if meaning.fits else f" {meaning.says}"
        found.append(warn(f"Queue {queue.identity or queue.next_hop} is still in Retry{count}.{same}", queue.lines))
    return tuple(found)


def newest_failure(case: Case) -> str:
    """The time of the last failure shown before the change, ISO 8601 in UTC; empty without one."""
    groups = case.own_failures or case.failed
    return max((group.last for group in groups), default="")


def new_sessions(case: Case) -> tuple[Handshake, ...]:
    """Handshakes of the connector that are newer than the last failure before the change."""
    if case.log_after is None:
        return ()
    since = newest_failure(case)
    return tuple(h for h in case.log_after.handshakes if same_name(h.connector, case.connector) and h.time > since)


def session(case: Case) -> tuple[Finding, ...]:
    """Whether a new session of this connector, with this certificate, succeeded."""
    if case.log_after is None:
        return ()
    new = new_sessions(case)
    if not new:
        return (_nothing_new(case),)
    good_ones = [h for h in new if _proves(case, h)]
    if not good_ones:
        last = new[-1]
        if last.error:
            meaning = handshake_meaning(last.error)
            return (
                block(
                    f"The newest session still fails with {last.error}. {meaning.next}", (last.line,), "still-failing"
                ),
            )
        return (
            warn(
                "A new session succeeded, but its rows do not show this certificate under 'Sending certificate'.",
                (last.line,),
                "other-certificate-succeeded",
            ),
        )
    best = next((h for h in reversed(good_ones) if h.delivered), good_ones[-1])
    lines = (*(best.ours.lines[-1:] if best.ours else ()), best.line)
    found = [good(f"Session {best.session} at {best.time} succeeded with this certificate.", lines, "session-proven")]
    if best.delivered:
        found.append(good("In it the other side accepted a message (MAIL FROM, then 250)."))
    else:
        found.append(info("These rows do not show yet that a message was accepted (MAIL FROM, then 250)."))
    later = [h for h in new if h.error and h.time > best.time]
    if later:
        found.append(warn(f"After it, {len(later):,} handshakes failed again.", (later[-1].line,), "failing-again"))
    return tuple(found)


def _proves(case: Case, handshake: Handshake) -> bool:
    ours = handshake.ours
    return handshake.error is None and ours is not None and ours.thumbprint == case.thumbprint


def _nothing_new(case: Case) -> Finding:
    log = case.log_after
    if log and not any(same_name(name, case.connector) for name in log.connectors):
        return warn(f"These rows belong to {', '.join(log.connectors)}, not to {case.connector}.", id="other-connector")
    return warn(
        f"No handshake here is newer than the last failure ({newest_failure(case) or 'unknown'}). "
        "Wait until Exchange has tried again; rows are written with a delay.",
        id="nothing-new",
    )


def restore(case: Case) -> tuple[Finding, ...]:
    """Whether the logging level is back."""
    before, after = case.level_before, case.level_after
    if before is LoggingLevel.VERBOSE:
        return (good("It was Verbose before this case: leave it so."),)
    if after is None:
        if case.connectors_after:
            return (warn(f"This output does not show {case.connector} with its logging level."),)
        return ()
    lines = next((c.lines for c in case.connectors_after if same_name(c.name, case.connector)), ())
    wanted = before or LoggingLevel.NONE
    if after is wanted:
        return (good(f"The logging level is {after.value} again.", lines, "restored"),)
    return (warn(f"The logging level is still {after.value}; it was {wanted.value}.", lines, "not-restored"),)


def proofs(case: Case) -> tuple[Proof, ...]:
    """All that should be true in the end, each with how far it is proven. What is open is called so."""
    return (
        _services_proof(case),
        _default_proof(case),
        _queue_proof(case),
        _session_proof(case),
        _logging_proof(case),
    )


def _services_proof(case: Case) -> Proof:
    claim = "SMTP is bound, no service was lost"
    after = case.certificate_after
    if after is None or after.services is None:
        return Proof("services", claim, Standing.OPEN, "the services were not read again")
    if Service.SMTP in after.services and not _lost(case):
        return Proof("services", claim, Standing.PROVEN, f"services are {spelled(after.services)}")
    return Proof("services", claim, Standing.FAILED, f"services are {spelled(after.services)}")


def _default_proof(case: Case) -> Proof:
    claim = "The default SMTP certificate is unchanged"
    if case.prompt_answer is PromptAnswer.NO:
        return Proof("default", claim, Standing.SAID, "you answered N")
    if case.prompt_answer is PromptAnswer.NOT_ASKED:
        return Proof("default", claim, Standing.SAID, "Exchange did not ask")
    if case.prompt_answer is PromptAnswer.YES:
        return Proof("default", claim, Standing.FAILED, "you answered Y")
    return Proof("default", claim, Standing.OPEN, "the answer to the question was not told")


def _queue_proof(case: Case) -> Proof:
    claim = "The queue has been sent"
    if not case.queues_after_read:
        return Proof("queue", claim, Standing.OPEN, "the queues were not read again")
    waiting = [queue for queue in case.queues_after if queue.status.casefold() == "retry"]
    if waiting:
        return Proof("queue", claim, Standing.FAILED, f"{waiting[0].identity or 'a queue'} is still in Retry")
    if not any(queue.status for queue in case.queues_after):
        return Proof("queue", claim, Standing.OPEN, "the output shows no status")
    return Proof("queue", claim, Standing.PROVEN, "no queue is in Retry")


def _session_proof(case: Case) -> Proof:
    claim = "TLS works with this certificate"
    new = new_sessions(case)
    proving = [h for h in new if _proves(case, h)]
    if not proving:
        if new and new[-1].error:
            return Proof("session", claim, Standing.FAILED, f"the newest session fails with {new[-1].error}")
        return Proof("session", claim, Standing.OPEN, "no new session was shown")
    best = next((h for h in reversed(proving) if h.delivered), proving[-1])
    if any(h.error and h.time > best.time for h in new):
        return Proof("session", claim, Standing.FAILED, f"session {best.session} succeeded, later ones failed again")
    delivered = ", and a message was accepted" if best.delivered else ""
    return Proof("session", claim, Standing.PROVEN, f"session {best.session} succeeded{delivered}")


def _logging_proof(case: Case) -> Proof:
    claim = "Logging is back to what it was"
    before, after = case.level_before, case.level_after
    if before is LoggingLevel.VERBOSE:
        return Proof("logging", claim, Standing.PROVEN, "it was Verbose before and stays so")
    if after is None:
        return Proof("logging", claim, Standing.OPEN, "the level was not read again")
    if after is (before or LoggingLevel.NONE):
        return Proof("logging", claim, Standing.PROVEN, f"the level is {after.value}")
    return Proof("logging", claim, Standing.FAILED, f"the level is {after.value}")
