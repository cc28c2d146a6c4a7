"""The step of the queue's error: can it be the article's?"""

from __future__ import annotations

from dataclasses import replace

from wizard.case.case import Case, StepId
from wizard.facts import Queue, Reading
from wizard.findings import Finding, block, good, info
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind
from wizard.steps.parts import Step, Taken, remarks
from wizard.verdict import queue_meaning, queue_remarks, stuck, verdict_on


def _commands(_case: Case) -> tuple[Command, ...]:
    return (write.read_queues(),)


def symptom(case: Case) -> tuple[Finding, ...]:
    """Compare the queue's error with the article's, and say what it alone cannot prove."""
    found: list[Finding] = []
    seen: set[str] = set()
    for queue in (q for q in case.queues if q.last_error):
        meaning = queue_meaning(queue.last_error)
        if meaning.id in seen:
            continue
        seen.add(meaning.id)
        where = f"Queue {queue.identity}: " if queue.identity else ""
        tell = {True: good, False: block, None: info}[meaning.fits]
        if verdict := verdict_on(stuck(case, queue)):
            said = f"{where}{verdict.title}. {verdict.next}"
            found.append(tell(said, queue.lines, meaning.id, verdict.source))
        found.extend(info(remark, queue.lines) for remark in queue_remarks(queue.as_written or queue.last_error))
    if case.queues and not found:
        found.append(
            info("No queue here shows a LastError. Run the command on the server where mail is stuck.", id="no-error")
        )
    # Queues that may be this article's come first.
    return tuple(sorted(found, key=lambda finding: finding.level.value != "OK"))


def no_queue(case: Case, step: StepId, reading: Reading[Queue]) -> Taken | None:
    """Refuse an output without a readable queue; None if it has one."""
    if reading.facts:
        return None
    nothing = block("No queue could be read from this output. Paste it whole, from its top.", id="no-queue")
    return Taken(case, False, step, (nothing, *remarks(reading)))


def _put(case: Case, queues: tuple[Queue, ...]) -> Case:
    """Store the queues read before the change."""
    return replace(case, queues=queues)


def _take(case: Case, reading: Reading[Queue]) -> Taken:
    if nothing := no_queue(case, StepId.SYMPTOM, reading):
        return nothing
    return Taken(_put(case, reading.facts), True, StepId.SYMPTOM, remarks(reading))


def _missing(case: Case) -> str:
    return "" if case.queues else "Paste the queue's words, or skip this step."


STEP = Step(
    StepId.SYMPTOM,
    findings=symptom,
    missing=_missing,
    commands=_commands,
    takes={Kind.QUEUES: _take},
    puts={Kind.QUEUES: _put},
    skip="Skip: I have no queue output",
    sample="symptom.txt",
)
