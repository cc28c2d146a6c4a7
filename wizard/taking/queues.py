"""The queues, before the change and after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard import readers
from wizard.case import Case, StepId, host
from wizard.findings import Finding, block, reading_remarks
from wizard.reading.text import Text
from wizard.servers import here, several
from wizard.taking.taken import Taken
from wizard.words import words


def take_queues(case: Case, step: StepId, text: Text) -> Taken:
    """The case with these queues: those of the start, or those after the change."""
    reading = readers.read_queues(text)
    remarks = reading_remarks(text.mended + reading.mended, reading.unread)
    if not reading.facts:
        nothing = block("No queue could be read from this output. Paste it whole, from its top.", id="no-queue")
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RETRY:
        if elsewhere := of_another_server(case, (each.identity.rpartition("\\")[0] for each in reading.facts)):
            return Taken(case, False, step, (elsewhere, *remarks))
        return Taken(replace(case, queues_after=reading.facts, queues_after_read=True), True, step, remarks)
    return Taken(replace(case, queues=reading.facts), True, step, remarks)


def of_another_server(case: Case, names: Iterable[str]) -> Finding | None:
    """A word where an output names other servers than the one the case is at, so that it proves nothing of that."""
    hosts = {host(name): name for name in names if name}
    at = here(case)
    if not several(case) or not at or not hosts or host(at) in hosts:
        return None
    named = ", ".join(sorted(hosts.values()))
    return block(
        f"This is the output of {named}, and the case is at {at} now. Run the command shown here, or go to that server "
        f"at the step '{words(StepId.SERVERS).title}'.",
        id="another-server",
    )
