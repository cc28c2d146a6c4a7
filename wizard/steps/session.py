"""The step of a new session: does TLS work with this certificate?"""

from __future__ import annotations

from dataclasses import replace

from wizard.case.case import Case, StepId
from wizard.case.servers import at_each, here
from wizard.facts import Handshake, LogReading, Service, logged_as
from wizard.findings import Finding, block, good, info, minute, others_rows, warn
from wizard.fitness import said
from wizard.reading.text import Kind
from wizard.steps.log import log_commands, log_places, no_rows
from wizard.steps.parts import Proof, Standing, Step, Taken, remarks, unproven
from wizard.verdict import handshake_meaning


def newest_failure(case: Case) -> str:
    """The time of the last failure before the change, ISO 8601 in UTC; empty without one."""
    return max((group.last for group in case.failures_meant), default="")


def new_sessions(case: Case) -> tuple[Handshake, ...]:
    """Handshakes of the connector after the last failure before the change, the newest last."""
    if case.now.log_after is None:
        return ()
    since = newest_failure(case)
    new = [h for h in case.now.log_after.handshakes if logged_as(h.connector, case.connector) and h.time > since]
    return tuple(sorted(new, key=lambda handshake: handshake.time))


def proving_session(case: Case) -> Handshake | None:
    """The newest new session that succeeded with the case's certificate; one that delivered comes first."""
    good = [h for h in new_sessions(case) if h.error is None and h.ours and h.ours.thumbprint == case.now.thumbprint]
    delivered = [h for h in good if h.delivered]
    return next(reversed(delivered or good), None)


def failing_again(case: Case) -> tuple[Handshake, ...]:
    """New failures after the session that succeeded, the newest last."""
    best = proving_session(case)
    return tuple(h for h in new_sessions(case) if best and h.error and h.time > best.time)


def about_ours(handshake: Handshake) -> bool:
    """True if a failure may speak against our certificate: others are about the other side or the protocol."""
    meaning = handshake_meaning(handshake.error or "")
    return meaning.ours or meaning.fits is None


def session_proof(case: Case) -> Proof:
    """The proof that a session after the last failure succeeded with this certificate."""
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
    if case.now.log_after and case.now.log_after.missed:
        why = f"session {best.session} succeeded, but not every log was read: {case.now.log_after.missed_named}"
        return Proof("session", claim, Standing.OPEN, why)
    delivered = ", and a message was accepted" if best.delivered else ""
    return Proof("session", claim, Standing.PROVEN, f"session {best.session} succeeded{delivered}")


def session(case: Case) -> tuple[Finding, ...]:
    """The state of the connector's new sessions with this certificate."""
    if case.now.log_after is None:
        return ()
    new = new_sessions(case)
    if not new:
        return (_nothing_new(case),)
    best = proving_session(case)
    if best is None:
        return (_not_proving(case, new[-1]),)
    lines = (*(best.ours.lines[-1:] if best.ours else ()), best.line)
    last = newest_failure(case)
    after = f", after the last failure at {minute(last)}" if last else ""
    told = f"Session {best.session} succeeded with this certificate at {minute(best.time)} UTC{after}."
    found = [good(told, lines, "session-proven")]
    if best.delivered:
        found.append(good("In it the other side accepted a message (MAIL FROM, then 250)."))
    else:
        found.append(info("These rows do not show yet that a message was accepted (MAIL FROM, then 250)."))
    if case.now.log_after.missed:
        said_ = f"Later failures may stand in what was not read to its end: {case.now.log_after.missed_named}."
        found.append(warn(f"{said_} Read it again, or paste the newest rows.", id="missed"))
    return (*found, *_again(case))


def _not_proving(case: Case, newest: Handshake) -> Finding:
    """Why the newest session, and with it all new ones, proves nothing."""
    if newest.error:
        meaning = handshake_meaning(newest.error)
        next_ = _still(case) if meaning.ours else f"{meaning.says} {meaning.next}"
        return block(f"The newest session fails with {newest.error}. {next_}", (newest.line,), "still-failing")
    shown = newest.ours.thumbprint if newest.ours else None
    if shown:
        return warn(
            f"A new session succeeded, but with another certificate of ours: {shown}.",
            (*(newest.ours.lines[-1:] if newest.ours else ()), newest.line),
            "other-certificate-succeeded",
        )
    return warn(
        "A new session succeeded, but its rows do not show this certificate under 'Sending certificate'. Paste the "
        "whole session.",
        (newest.line,),
        "no-certificate-shown",
    )


def _still(case: Case) -> str:
    """The sentence about a failure of the article's kind after the line was run."""
    after = case.certificate_after
    if after is None or Service.SMTP not in (after.services or ()):
        return "Was the command run on the server that sends? The services, read again there, prove it."
    return said("smtp-already-assigned", form="older").text


def _again(case: Case) -> list[Finding]:
    """Failures after the success; those not about our certificate leave the proof standing."""
    later = failing_again(case)
    ours = [handshake for handshake in later if about_ours(handshake)]
    others = [handshake for handshake in later if not about_ours(handshake)]
    found: list[Finding] = []
    if ours:
        found.append(
            block(
                f"After it, TLS failed again with {ours[-1].error}.",
                (ours[-1].line,),
                "failing-again",
            )
        )
    if others:
        found.append(
            warn(
                f"After it, TLS failed with {others[-1].error}: {handshake_meaning(others[-1].error or '').says}",
                (others[-1].line,),
                "failing-otherwise",
            )
        )
    return found


def _nothing_new(case: Case) -> Finding:
    log = case.now.log_after
    if log and log.connectors and not any(logged_as(name, case.connector) for name in log.connectors):
        return warn(others_rows(log.connectors, case.connector), id="other-connector")
    since = newest_failure(case)
    newer = [
        each.certificate.lines[0]
        for each in (log.pending if log else ())
        if logged_as(each.connector, case.connector) and each.certificate.lines[0].text[: len(since)] > since
    ]
    if newer:
        return warn(
            "A newer session sent a certificate of ours, but these rows do not show its outcome: neither 'TLS protocol "
            "... negotiation succeeded' nor a failure. Paste the whole session, or read the log again in a minute.",
            (newer[0],),
            "no-outcome",
        )
    return warn(
        f"No handshake here is newer than the last failure ({minute(newest_failure(case)) or 'unknown'}). "
        "Wait until Exchange has tried again; rows are written with a delay.",
        id="nothing-new",
    )


def _basis(case: Case) -> tuple[str, ...]:
    return (case.connector, case.now.thumbprint)


def _proof_of_another_server(case: Case, log: LogReading) -> Finding | None:
    """A finding if this very log was already the proof of another server."""
    sessions = {handshake.session for handshake in log.handshakes if handshake.error is None}
    for server, at in at_each(case):
        if (
            server != here(case)
            and at.now.log_after
            and sessions & {each.session for each in at.now.log_after.handshakes if each.error is None}
        ):
            return block(
                f"This log showed already that TLS works on {server}: its sessions are of that server. Take the log "
                f"that lies on {here(case) or 'this server'}.",
                id="another-server",
            )
    return None


def _take(case: Case, log: LogReading) -> Taken:
    if nothing := no_rows(case, StepId.SESSION, log):
        return nothing
    if elsewhere := _proof_of_another_server(case, log):
        return Taken(case, False, StepId.SESSION, (elsewhere, *remarks(log)))
    return Taken(case.put(replace(case.now, log_after=log)), True, StepId.SESSION, remarks(log))


def _keeps(case: Case) -> bool:
    return session_proof(case).standing is Standing.PROVEN


STEP = Step(
    StepId.SESSION,
    findings=session,
    missing=unproven(session_proof),
    commands=log_commands,
    takes={Kind.SEND_LOG: _take},
    keeps=_keeps,
    since=newest_failure,
    folders=log_places,
    basis=_basis,
    skip="Not now",
    proofs=(session_proof,),
    afterwards=True,
    sample="SEND20261122-2.log",
)
