"""The step that retries the queue and checks whether it moves."""

from __future__ import annotations

from dataclasses import replace

from wizard.case.case import Case, StepId
from wizard.case.servers import here, named_server, several
from wizard.facts import Queue, Reading
from wizard.findings import Finding, counted, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind
from wizard.steps.command import command_basis
from wizard.steps.parts import Proof, Standing, Step, Taken, of_another_server, remarks, unproven
from wizard.steps.symptom import no_queue
from wizard.verdict import queue_meaning

_QUEUE_STATUSES = frozenset({"active", "connecting", "ready", "retry", "suspended"})
"""The values of Status printed by Get-Queue (PS/Get-Queue); a number, as in JSON of a live object, is useless here."""


def waiting(case: Case) -> tuple[Queue, ...]:
    """The queues in Retry as read again."""
    return tuple(queue for queue in case.now.queues_after if queue.status.casefold() == "retry")


def still_stuck(case: Case) -> tuple[Queue, ...]:
    """The queues in Retry that may be this case's: their next hop was stuck, or the fault is not plainly another."""
    hops = {queue.next_hop.casefold() for queue in case.queues if queue.next_hop and queue.last_error}
    return tuple(
        queue
        for queue in waiting(case)
        if queue.next_hop.casefold() in hops or queue_meaning(queue.last_error).fits is not False
    )


def trying(case: Case) -> tuple[Queue, ...]:
    """The queues in an undecided state: connecting, stopped, or with mail and the old error."""
    return tuple(
        queue
        for queue in case.now.queues_after
        if queue.status.casefold() in {"connecting", "suspended"}
        or (
            queue.status.casefold() != "retry"
            and queue.message_count != 0
            and queue.last_error
            and queue_meaning(queue.last_error).fits
        )
    )


def status_shown(case: Case) -> bool:
    """True if the queues as read again show a usable status."""
    return any(queue.status.casefold() in _QUEUE_STATUSES for queue in case.now.queues_after)


def queue_proof(case: Case) -> Proof:
    """The proof that mail moves again, from the queues read again."""
    claim = "The queue moves again"
    if not case.now.queues_after:
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


def retry(case: Case) -> tuple[Finding, ...]:
    """The present state of the queues."""
    if not case.now.queues_after:
        return ()
    found = [_in_retry(queue) for queue in waiting(case)]
    if not found and not status_shown(case):
        found.append(
            warn(
                "This output shows no Status, so nobody can tell whether the queue moves. Paste what the second "
                "command prints.",
                tuple(q.lines[0] for q in case.now.queues_after if q.lines),
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
        on = f" of {here(case)}" if several(case) and here(case) else ""
        found.append(
            good(f"No queue{on} is in Retry any more.", tuple(q.lines[0] for q in case.now.queues_after if q.lines))
        )
    found += [
        info(f"Queue {queue.identity or queue.next_hop} is suspended: somebody has stopped it.", queue.lines)
        for queue in case.now.queues_after
        if queue.status.casefold() == "suspended"
    ]
    return tuple(found)


def _in_retry(queue: Queue) -> Finding:
    count = "" if queue.message_count is None else f" with {counted(queue.message_count, 'message')}"
    meaning = queue_meaning(queue.last_error)
    words = " It shows the old error until the next attempt." if meaning.fits else f" {meaning.says}"
    words = words if queue.last_error else ""
    return warn(f"Queue {queue.identity or queue.next_hop} is still in Retry{count}.{words}", queue.lines, "in-retry")


def _commands(case: Case) -> tuple[Command, ...]:
    return (write.retry_queue(named_server(case)), write.read_queues(named_server(case)))


def _take(case: Case, reading: Reading[Queue]) -> Taken:
    if nothing := no_queue(case, StepId.RETRY, reading):
        return nothing
    if elsewhere := of_another_server(case, (each.identity.rpartition("\\")[0] for each in reading.facts)):
        return Taken(case, False, StepId.RETRY, (elsewhere, *remarks(reading)))
    case = case.put(replace(case.now, queues_after=reading.facts))
    return Taken(case, True, StepId.RETRY, remarks(reading))


def _keeps(case: Case) -> bool:
    return queue_proof(case).standing is Standing.PROVEN


STEP = Step(
    StepId.RETRY,
    findings=retry,
    missing=unproven(queue_proof),
    commands=_commands,
    takes={Kind.QUEUES: _take},
    keeps=_keeps,
    basis=command_basis,
    skip="Not now",
    proofs=(queue_proof,),
    afterwards=True,
    sample="queues-after.txt",
)
