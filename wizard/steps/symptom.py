"""The step of the queue's error: can it be the article's?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from wizard.case.case import Case, StepId, host
from wizard.facts import MOST_NAMED, ExchangeVersion, MailTimeouts, Queue, Reading, time_span
from wizard.findings import Finding, block, counted, good, info, listed
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.powershell.literal import is_safe
from wizard.reading.text import Kind
from wizard.steps.parts import Step, Taken, remarks, version_known
from wizard.verdict import Meaning, queue_meaning, queue_remarks, stuck, verdict_on


def _commands(case: Case) -> tuple[Command, ...]:
    """The queue's; while mail waits also when it goes back, or the line that buys time, and its way back."""
    if not _mail_waits(case):
        return (write.read_queues(),)
    if not case.timeouts:
        return (write.read_queues(), write.read_timeouts())
    return (
        write.read_queues(),
        *(
            command
            for each in holding(case)
            if _can_be_raised(each)
            for command in (write.raise_timeout(each.server), write.restore_timeout(each.server, each.expires))
        ),
    )


def _mail_waits(case: Case) -> bool:
    """True if mail was stuck when the queues were read; once they are read again it is for the step of the retry."""
    stuck = any(queue.last_error and queue.identity and queue.message_count for queue in case.queues)
    old = version_known(case) is ExchangeVersion.E2010
    return stuck and not old and not any(at.queues_after for at in case.on.values())


def holding(case: Case) -> tuple[MailTimeouts, ...]:
    """The times of the servers that hold the stuck queues; of all where no queue names one of them."""
    hosts = {_server(queue) for queue in case.queues if queue.last_error}
    return tuple(each for each in case.timeouts if host(each.server) in hosts) or case.timeouts


def _can_be_raised(each: MailTimeouts) -> bool:
    longer = time_span(write.LONGER)
    return is_safe(each.server, "server name") and longer is not None and timedelta(0) < expiry(each) < longer


def expiry(each: MailTimeouts) -> timedelta:
    """How long a server's queues keep a message."""
    return time_span(each.expires) or timedelta(0)


def in_words(time: timedelta) -> str:
    """A time span in its largest whole unit: `2 days`, `36 hours`, `90 minutes`."""
    seconds = int(time.total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds and seconds % length == 0:
            return counted(seconds // length, unit)
    return counted(seconds, "second")


_BUYS_TIME = (
    " A command here buys time, and the one after it is its way back: it repairs nothing, and it is your decision."
)


def _goes_back(case: Case) -> Iterator[Finding]:
    """When waiting mail goes back to its senders, while that matters."""
    if not _mail_waits(case):
        return
    if not case.timeouts:
        yield info(
            "Mail does not wait for ever: after a server's MessageExpirationTimeout, 2 days unless it was changed, it "
            "goes back to its sender. The second command reads how long; you can go on without it.",
            id="mail-expires",
            source="Get-TransportService; Set-TransportService",
        )
    alike: dict[tuple[str, str], list[MailTimeouts]] = {}
    for each in holding(case):
        alike.setdefault((each.expires, each.delay), []).append(each)
    for each, *others in alike.values():
        names = [known.server for known in (each, *others) if known.server]
        where = f"On {listed(names)}" if names else "Here"
        delay = time_span(each.delay)
        told = f" After {in_words(delay)} the sender is told of the delay." if delay else ""
        buys = _BUYS_TIME if _can_be_raised(each) else ""
        yield info(
            f"{where} a message goes back to its sender after {in_words(expiry(each))} in the queue.{told}{buys}",
            each.lines,
            "mail-expires",
            "Set-TransportService",
        )


def symptom(case: Case) -> tuple[Finding, ...]:
    """Compare the queue's error with the article's, and say what it alone cannot prove."""
    found: list[Finding] = []
    seen: set[str] = set()
    for queue in (q for q in case.queues if q.last_error):
        meaning = queue_meaning(queue.last_error)
        if meaning.id in seen:
            continue
        seen.add(meaning.id)
        where = _named(case, meaning)
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
    return (*sorted(found, key=lambda finding: finding.level.value != "OK"), *_goes_back(case))


def _named(case: Case, meaning: Meaning) -> str:
    """The queues with an error of this meaning, in front of what it means."""
    alike = (q for q in case.queues if q.last_error and q.identity and queue_meaning(q.last_error).id == meaning.id)
    names = tuple(dict.fromkeys(queue.identity for queue in alike))
    shown = (*names[:MOST_NAMED], f"{len(names) - MOST_NAMED:,} more") if len(names) > MOST_NAMED else names
    return f"Queue{'' if len(names) == 1 else 's'} {listed(shown)}: " if names else ""


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
    shown = {_server(queue) for queue in reading.facts}
    gone = (queue.identity for queue in case.queues if shown and _server(queue) and _server(queue) not in shown)
    names = tuple(dict.fromkeys(gone))
    told = f"It takes the place of {listed(names)}, read before: to have both, paste both together." if names else ""
    said = (info(told, id="queues-replaced"),) if told else ()
    return Taken(_put(case, reading.facts), True, StepId.SYMPTOM, (*said, *remarks(reading)))


def _server(queue: Queue) -> str:
    """The host of the server that a queue is on; empty where its identity does not say it."""
    return host(queue.identity.rpartition("\\")[0])


def _put_timeouts(case: Case, timeouts: tuple[MailTimeouts, ...]) -> Case:
    """Store how long each server's queues keep mail."""
    return replace(case, timeouts=timeouts)


def _take_timeouts(case: Case, reading: Reading[MailTimeouts]) -> Taken:
    shown = {host(each.server) for each in reading.facts}
    kept = tuple(each for each in case.timeouts if each.server and "" not in shown and host(each.server) not in shown)
    return Taken(_put_timeouts(case, (*kept, *reading.facts)), bool(reading.facts), StepId.SYMPTOM, remarks(reading))


def _missing(case: Case) -> str:
    return "" if case.queues else "Paste the queue's words, or skip this step."


STEP = Step(
    StepId.SYMPTOM,
    findings=symptom,
    missing=_missing,
    commands=_commands,
    takes={Kind.QUEUES: _take, Kind.TIMEOUTS: _take_timeouts},
    puts={Kind.QUEUES: _put, Kind.TIMEOUTS: _put_timeouts},
    skip="Skip: I have no queue output",
    sample="symptom.txt",
)
