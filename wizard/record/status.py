"""The status of a case in two sentences, for whoever asks at night: what is wrong, and what is done about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from wizard.assets import asset_table, words
from wizard.case.case import Case, Deed, PromptAnswer, StepId, host
from wizard.case.servers import at_each, here, servers_unknown, several
from wizard.facts import Queue
from wizard.findings import counted, listed
from wizard.fitness import iso_date
from wizard.record.summary import not_proven, was_run
from wizard.steps.command import bind_commands
from wizard.steps.flow import after, check_again, next_step, proven, server_at
from wizard.steps.flow import step as step_of
from wizard.steps.retry import still_stuck, trying
from wizard.steps.servers import Stand, still_open
from wizard.steps.servers import lines as lines_of
from wizard.steps.symptom import expiry, holding, in_words
from wizard.verdict import THIS_ARTICLE, Verdict, queue_meaning, verdict_of, verdict_on_chosen


def status(case: Case, now: datetime) -> str:
    """What is wrong, since when and how much waits; then what was done and what comes next. `now` is aware."""
    verdict = verdict_on_chosen(case) or verdict_of(case)
    wrong = "; ".join(filter(None, (_wrong(case, verdict), _since(case), _waits(case))))
    done = "; ".join((*_done(case), _next(case, verdict)))
    sample = "SAMPLE, " if case.sample else ""
    return f"Status of {sample}{_time(now)}: {_sentence(wrong)} {_sentence(done)}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _wrong(case: Case, verdict: Verdict) -> str:
    if leaves_again(case):
        return f"mail leaves again{_over(case)}: {_KEY} before"
    if verdict.binds or (verdict.id == THIS_ARTICLE and was_run(case)):
        is_ = "is" if _queues(case) or not _queues_read(case) else "was"
        return f"mail {is_} stuck{_over(case)}: {_KEY}"
    if verdict.id != "more-evidence":
        return re.split(r"(?<=[.])\s+(?=[A-Z])", verdict.title)[0].rstrip(".")
    if any(queue.last_error and queue_meaning(queue.last_error).fits for queue in case.queues):
        return "mail is stuck, and the cause is not known yet: the queue's error fits KB 4051498, and other faults too"
    return "what is wrong is not known yet"


_KEY = "the Transport service could not use the key of its certificate (KB 4051498)"


def _over(case: Case) -> str:
    return f" over '{case.connector}'" if case.connector else ""


def leaves_again(case: Case) -> bool:
    """True if queue and new session are proven on each server on which the line was run, and none is open."""
    ran = was_run(case)
    everywhere = not several(case) or (bool(here(case)) and not still_open(case))
    return bool(ran) and everywhere and all(proven(at, "queue") and proven(at, "session") for _server, at in ran)


def _since(case: Case) -> str:
    """The first failure that the logs of all servers show; an earlier one can have been deleted with its log."""
    firsts = [iso_date(group.first) for _server, at in at_each(case) for group in at.failures_meant]
    known = [first for first in firsts if first]
    return f"the log shows the first failure at {_time(min(known))}" if known else ""


def _waits(case: Case) -> str:
    """How much mail waits, by the newest output of each server's queues."""
    queues, read = _queues(case), _queues_read(case)
    if not read:
        return ""
    at = max((e.at for e in case.journal if e.deed is Deed.READ and e.step in _OF_QUEUES), default=None)
    when = f" (read at {_time(at)})" if at else ""
    counts = [queue.message_count for queue in queues]
    if not queues:
        again = [server for server, at in at_each(case) if at.now.queues_after and server and several(case)]
        return f"no queue is stuck{f' on {listed(again)}' if again else ''}{when}"
    if None in counts:
        return f"mail waits in {counted(len(queues), 'queue')}{when}"
    waiting = sum(count or 0 for count in counts)
    return f"{counted(waiting, 'message')} {'waits' if waiting == 1 else 'wait'}{when}{_goes_back(case)}"


def _goes_back(case: Case) -> str:
    """After how long the mail goes back to its senders, if the servers said it."""
    times = sorted(filter(None, (expiry(each) for each in holding(case))))
    return f", and after {in_words(times[0])} in the queue mail goes back to its sender" if times else ""


_OF_QUEUES = frozenset({StepId.SYMPTOM, StepId.RETRY})


def _queues_read(case: Case) -> bool:
    return bool(case.queues or any(at.now.queues_after for _server, at in at_each(case)))


def _queues(case: Case) -> tuple[Queue, ...]:
    """The stuck queues: of a server whose queues were read again only those that are still stuck."""
    again = {host(server): at for server, at in at_each(case) if at.now.queues_after}
    stuck = [queue for queue in case.queues if queue.last_error]
    before = [
        queue
        for queue in [queue for queue in stuck if queue_meaning(queue.last_error).fits is not False] or stuck
        if not (again and (not several(case) or host(queue.identity.rpartition("\\")[0]) in again))
    ]
    after = (queue for at in again.values() for queue in (*still_stuck(at), *trying(at)))
    return tuple(dict.fromkeys((*before, *after)))


def _done(case: Case) -> Iterator[str]:
    ran = was_run(case)
    if several(case) and here(case) and (ran or len(still_open(case)) < len(case.servers)):
        yield from _on_servers(case, {server for server, _at in ran})
    elif not ran:
        yield "no certificate was bound yet"
    elif all(proven(at, "services") for _server, at in ran):
        yield "the certificate is bound to SMTP"
    else:
        yield "the binding command was run, and its result is not proven yet"
    for server, at in ran:
        on = f" on {server}" if several(case) and server else ""
        if at.now.undone:
            yield f"the default certificate was replaced by a wrong Y{on}, and is put back"
        elif at.now.prompt_answer is PromptAnswer.YES:
            yield f"the question was answered Y{on}, which replaced the default certificate"


def _on_servers(case: Case, ran: set[str]) -> Iterator[str]:
    """The servers by their state, as the step of the servers says it."""
    lines = lines_of(case)
    done = [line.name for line in lines if line.stand is Stand.DONE]
    run = [line.name for line in lines if line.stand is not Stand.DONE and line.name in ran]
    left = [line.name for line in lines if line.stand is not Stand.DONE and line.name not in ran]
    if done:
        yield f"{listed(done)} {'is' if len(done) == 1 else 'are'} done"
    if run:
        yield f"the command was run on {listed(run)}, and is not proven there yet"
    if left:
        yield f"{listed(left)} {'is' if len(left) == 1 else 'are'} still to be done"


def _next(case: Case, verdict: Verdict) -> str:
    other = asset_table("verdicts.toml")["in_short"].get(verdict.id)
    if other and not was_run(case):
        return f"next comes {other}"
    step = _step_next(case)
    if step is None:
        return _when_finished(case)
    if step is StepId.SERVERS and here(case) and still_open(case):
        return f"next comes the same on {listed(still_open(case))}"
    if step is StepId.COMMAND and not bind_commands(case):
        return "next comes clearing what stops the binding command"
    at = server_at(step, case)
    said = words(step)
    return f"next comes {said.short or f'the step {said.title!r}'}{f' on {at}' if at else ''}"


def _step_next(case: Case) -> StepId | None:
    """The next step; the steps before a command that is ready were gone past."""
    step = next_step(case)
    while step and case.answer(step).given and step not in check_again(case) and not step_of(step).missing(case):
        step = after(step, case)
    ready = bind_commands(case) and not was_run(case)
    return StepId.COMMAND if ready and step in _BEFORE_THE_COMMAND else step


_BEFORE_THE_COMMAND = frozenset({StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOGGING, StepId.LOG, StepId.SERVICES})


def _when_finished(case: Case) -> str:
    if open_ := len(not_proven(case)):
        return f"{counted(open_, 'point')} {'is' if open_ == 1 else 'are'} still to be proven"
    if servers_unknown(case):
        return "next comes finding out which other servers the connector sends from"
    return "nothing is left to do"
