"""The queue's words: whether they can be the article's."""

from __future__ import annotations

from dataclasses import replace

from wizard.case.case import Case, StepId
from wizard.facts import Queue, Reading
from wizard.findings import Finding, block, good, info, reading_remarks
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.steps.parts import Step, Taken, of_another_server
from wizard.verdict import queue_meaning, queue_remarks


def _commands(_case: Case) -> tuple[Command, ...]:
    return (write.read_queues(),)


def symptom(case: Case) -> tuple[Finding, ...]:
    """Whether the queue's words fit the article, and what they alone cannot prove."""
    found: list[Finding] = []
    seen: set[str] = set()
    for queue in (q for q in case.queues if q.last_error):
        meaning = queue_meaning(queue.last_error)
        if meaning.id in seen:
            continue
        seen.add(meaning.id)
        where = f"Queue {queue.identity}: " if queue.identity else ""
        tell = {True: good, False: block, None: info}[meaning.fits]
        found.append(tell(f"{where}{meaning.says} {meaning.next}", queue.lines, meaning.id, meaning.source))
        found.extend(info(remark, queue.lines) for remark in queue_remarks(queue.as_written or queue.last_error))
    if case.queues and not found:
        found.append(
            info("No queue here shows a LastError. Run the command on the server where mail is stuck.", id="no-error")
        )
    # What can be this article stands before what is not.
    return tuple(sorted(found, key=lambda finding: finding.level.value != "OK"))


def put_queues(case: Case, queues: tuple[Queue, ...]) -> Case:
    """The case with the queues of the start."""
    return replace(case, queues=queues)


def take_queues(case: Case, step: StepId, reading: Reading[Queue]) -> Taken:
    """The case with these queues: those of the start, or those after the change."""
    remarks = reading_remarks(reading.mended, reading.unread)
    if not reading.facts:
        nothing = block("No queue could be read from this output. Paste it whole, from its top.", id="no-queue")
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RETRY:
        if elsewhere := of_another_server(case, (each.identity.rpartition("\\")[0] for each in reading.facts)):
            return Taken(case, False, step, (elsewhere, *remarks))
        return Taken(case.put(replace(case.now, queues_after=reading.facts)), True, step, remarks)
    return Taken(put_queues(case, reading.facts), True, step, remarks)


def _missing(case: Case) -> str:
    return "" if case.queues else "Paste the queue's words, or skip this step."


STEP = Step(
    StepId.SYMPTOM,
    findings=symptom,
    missing=_missing,
    commands=_commands,
    skip="Skip: I have no queue output",
    takes_path=True,
)
