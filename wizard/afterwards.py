"""What the prompt and each step of the proof have to say about the case: findings, each with its lines."""

from __future__ import annotations

from wizard.case import Case, PromptAnswer
from wizard.connectornames import logged_as, same_name
from wizard.facts import Handshake, LoggingLevel, Queue, Service, spelled
from wizard.findings import Finding, block, counted, good, info, warn
from wizard.proof import (
    about_ours,
    default_already,
    default_replaced,
    failing_again,
    left_verbose,
    lost,
    new_sessions,
    newest_failure,
    proving_session,
    status_shown,
    trying,
    waiting,
)
from wizard.told import others_rows
from wizard.verdict import handshake_meaning, queue_meaning


def prompt(case: Case) -> tuple[Finding, ...]:
    """What the overwrite question names, what to answer, and what the answer meant."""
    found: list[Finding] = []
    asked = case.prompt
    if asked is not None and not default_replaced(case):
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
        if default_already(case):
            found.append(info("Your certificate is the server's default certificate already.", asked.lines))
        elif asked.current:
            expires = f" (expires {asked.current_expires})" if asked.current_expires else ""
            found.append(
                info(f"The default certificate now: {asked.current}{expires}. Kept here for an undo.", asked.lines)
            )
        else:
            found.append(warn("The thumbprint of the current default is not whole in this paste.", asked.lines))
    if not any(finding.id == "other-replacement" for finding in found):
        found.extend(_answer(case))
    return tuple(found)


def _answer(case: Case) -> list[Finding]:
    if case.prompt_answer is PromptAnswer.NO:
        return [
            good(
                "You answered N: the default certificate stays, and SMTP should be enabled. The next step checks that.",
                source="KB step 5",
            )
        ]
    if case.prompt_answer is PromptAnswer.NOT_ASKED:
        return [
            info(
                "It did not ask. If no error was printed either, SMTP is enabled; the next step proves it.",
                source="Enable-ExchangeCertificate",
            )
        ]
    if case.prompt_answer is PromptAnswer.YES:
        return [_yes() if default_replaced(case) else info("It was the default already: nothing was replaced.")]
    return []


def _yes() -> Finding:
    """What a Y has done; how it is undone has a step of its own."""
    return warn(
        "The default certificate was replaced. Mail may flow, but servers use that one among themselves. The next "
        "step is the way back.",
        id="answered-yes",
        source="KB 2989382",
    )


def undo(case: Case) -> tuple[Finding, ...]:
    """After a wrong Y: what happened, the way back, and what it means for an Edge Subscription."""
    current = case.prompt.current if case.prompt else None
    found: list[Finding] = []
    if case.undone:
        found.append(good("You ran it: the earlier certificate is the default again.", id="undone"))
    elif current and case.prompt:
        found.append(
            warn(
                f"Before your Y the default certificate was {current}. The command above makes it the default again: "
                "to its question answer Y.",
                case.prompt.lines,
                "undo-known",
                "Enable-ExchangeCertificate",
            )
        )
    else:
        found.append(
            warn(
                "Which certificate was the default is not known here. Paste the question if it is still on your "
                "screen: its 'Current certificate' is the one. If it is gone, the list of the server's certificates "
                "shows the self-signed ones, and a new self-signed certificate can take the place as well.",
                id="undo-unknown",
                source="Health Checker documentation",
            )
        )
    if case.edge:
        found.append(
            warn(
                "On an Edge with an Edge Subscription, EdgeSync is broken until the subscription is made again.",
                id="edge-subscription",
                source="KB 2989382",
            )
        )
    return tuple(found)


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
    missing = lost(case)
    if missing:
        return (
            block(
                f"Services are {now}: {spelled(missing)} is missing, although the command only adds. "
                "Is this the same certificate and the same server?",
                after.lines,
                "service-lost",
            ),
        )
    if case.services_after_unnamed_for == case.thumbprint:
        return (
            warn(
                f"Services now: {now}. The output names no thumbprint, so nothing proves that they are this "
                "certificate's. The command shown here prints both.",
                after.lines,
                "services-without-thumbprint",
                "KB step 3",
            ),
        )
    if case.services_now is None:
        return (info(f"Services now: {now}. SMTP is there; what was there before is not known.", after.lines),)
    return (good(f"Services now: {now}. SMTP is there, nothing was lost.", after.lines, "services-proven"),)


def retry(case: Case) -> tuple[Finding, ...]:
    """What the queues look like now."""
    if not case.queues_after_read:
        return ()
    found = [_in_retry(queue) for queue in waiting(case)]
    if not found and not status_shown(case):
        found.append(
            warn(
                "This output shows no Status, so nobody can tell whether the queue moves. Paste what the second "
                "command prints.",
                tuple(q.lines[0] for q in case.queues_after if q.lines),
                "no-status",
            )
        )
    elif not found and trying(case):
        found.append(
            warn(
                "No queue is in Retry, but mail is still on its way or stopped. Run the second command again in a "
                "minute, and paste what it prints.",
                trying(case)[0].lines,
                "still-trying",
            )
        )
    elif not found:
        found.append(good("No queue is in Retry any more.", tuple(q.lines[0] for q in case.queues_after if q.lines)))
    found += [
        info(f"Queue {queue.identity or queue.next_hop} is suspended: somebody has stopped it.", queue.lines)
        for queue in case.queues_after
        if queue.status.casefold() == "suspended"
    ]
    return tuple(found)


def _in_retry(queue: Queue) -> Finding:
    count = "" if queue.message_count is None else f" with {counted(queue.message_count, 'message')}"
    meaning = queue_meaning(queue.last_error)
    words = " It shows the old error until the next attempt." if meaning.fits else f" {meaning.says}"
    words = words if queue.last_error else ""
    return warn(f"Queue {queue.identity or queue.next_hop} is still in Retry{count}.{words}", queue.lines, "in-retry")


def session(case: Case) -> tuple[Finding, ...]:
    """Whether a new session of this connector, with this certificate, succeeded."""
    if case.log_after is None:
        return ()
    new = new_sessions(case)
    if not new:
        return (_nothing_new(case),)
    best = proving_session(case)
    if best is None:
        return (_not_proving(new[-1]),)
    lines = (*(best.ours.lines[-1:] if best.ours else ()), best.line)
    found = [good(f"Session {best.session} at {best.time} succeeded with this certificate.", lines, "session-proven")]
    if best.delivered:
        found.append(good("In it the other side accepted a message (MAIL FROM, then 250)."))
    else:
        found.append(info("These rows do not show yet that a message was accepted (MAIL FROM, then 250)."))
    return (*found, *_again(case))


def _not_proving(newest: Handshake) -> Finding:
    """Why the newest session, and with it all new ones, proves nothing."""
    if newest.error:
        meaning = handshake_meaning(newest.error)
        next_ = _STILL if meaning.fits else f"{meaning.says} {meaning.next}"
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


_STILL = (
    "Was the command run on the server that sends? If it was: look for a lost permission on the certificate's private "
    "key, or for two certificates with the same issuer and subject."
)


def _again(case: Case) -> list[Finding]:
    """Failures after the success; those that are not about our certificate leave the proof as it is."""
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
    log = case.log_after
    if log and log.connectors and not any(logged_as(name, case.connector) for name in log.connectors):
        return warn(others_rows(log.connectors, case.connector), id="other-connector")
    return warn(
        f"No handshake here is newer than the last failure ({newest_failure(case) or 'unknown'}). "
        "Wait until Exchange has tried again; rows are written with a delay.",
        id="nothing-new",
    )


def restore(case: Case) -> tuple[Finding, ...]:
    """Whether the logging level is back."""
    found = _level(case)
    found += [
        warn(
            f"The command that turns logging on was shown for {name} too, before {case.connector} was chosen. If it "
            "was run, put that back as well: its commands stand behind those of this connector.",
            id="left-verbose",
        )
        for name in left_verbose(case)
    ]
    if case.edge and case.level_before is not LoggingLevel.VERBOSE:
        found.append(
            warn(
                "On an Edge with an Edge Subscription, run this on a Mailbox server: EdgeSync carries it over.",
                id="edge-logging",
                source="Configure protocol logging",
            )
        )
    return tuple(found)


def _level(case: Case) -> list[Finding]:
    before, after = case.level_before, case.level_after
    if before is LoggingLevel.VERBOSE and after is not LoggingLevel.NONE:
        return [good("It was Verbose before this case: leave it so.", id="stays-verbose")]
    if after is None and case.connectors_after:
        return [warn(f"This output does not show {case.connector} with its logging level.", id="level-not-shown")]
    if after is None:
        return []
    lines = next((c.lines for c in case.connectors_after if same_name(c.name, case.connector)), ())
    wanted = before or LoggingLevel.NONE
    if after is not wanted:
        was = f"it was {wanted.value}" if before else "what it was before is not known, and None is the default"
        return [warn(f"The logging level is {after.value}; {was}.", lines, "not-restored")]
    again = "again" if before else "now, the default; what it was before is not known"
    return [good(f"The logging level is {after.value} {again}.", lines, "restored")]
