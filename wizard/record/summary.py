"""The case for its last screen, and in few lines for the scrollback after the program ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.servers import at_each, here, servers_unknown, several
from wizard.facts import Service, spelled
from wizard.findings import Level, counted
from wizard.fitness import checks, is_default
from wizard.powershell.command import BUYS_TIME, Command, CommandId
from wizard.record.blocks import Block, CommandRun, Document, Pairs, Paragraph, Points, Section, Word
from wizard.record.render import text
from wizard.steps.command import bind_commands, bind_elsewhere
from wizard.steps.flow import STEPS, check_again, proofs
from wizard.steps.parts import Standing, Step
from wizard.steps.servers import ServerLine, still_open
from wizard.steps.servers import lines as lines_of
from wizard.steps.undo import undo_command


def facts_known(case: Case) -> tuple[tuple[str, str], ...]:
    """The known facts as pairs of label and value."""
    rows = _about_the_connector(case)
    if case.level_before:
        rows.append(("Logging before", case.level_before.value))
    if case.failures_meant:
        first = case.failures_meant[0]
        whose = "" if case.own_failures or not case.connector else f" of {first.connector}"
        rows.append(("Failed with", f"{first.error}, {counted(first.sessions, 'session')}{whose}"))
    if case.now.thumbprint:
        rows.append(("Our certificate", case.now.thumbprint))
        if case.logged and case.logged.subject:
            rows.append(("Subject", case.logged.subject))
    for server, at in _worked_on(case):
        rows += [(f"{label} ({server})" if server else label, value) for label, value in _about_the_server(at)]
    return tuple(rows)


def _about_the_server(at: Case) -> Iterator[tuple[str, str]]:
    if at.services_now is not None:
        yield "Services before", spelled(at.services_now)
    if at.now.prompt and at.now.prompt.current:
        yield "Default certificate", at.now.prompt.current
    if at.certificate_after and at.certificate_after.services is not None:
        yield "Services after", spelled(at.certificate_after.services)


HERE_AT = "Here at"
"""The label of the server that the case is at."""


def _about_the_connector(case: Case) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if case.connector:
        rows.append(("Send connector", case.connector))
    if case.servers:
        rows.append(("Sends from", ", ".join(case.servers)))
    if several(case) and here(case):
        rows.append((HERE_AT, here(case)))
    return rows


_APART = frozenset({CommandId.UNDO_DEFAULT, CommandId.SURVEY}) | BUYS_TIME
"""Commands outside the record's list: the undo has its own place, the survey only reads, and buying time is no step."""


def commands_written(case: Case) -> tuple[tuple[str, Command], ...]:
    """Every command of the steps shown, each with its step's title; the undo is separate."""
    servers = _worked_on(case)
    written: dict[tuple[str, str], tuple[str, Command]] = {}
    for s in _shown(case):
        for server, at in servers if s.id.on_each else (("", case),):
            title = f"{s.words.title} ({server})" if server else s.words.title
            for command in _handed_out(s, at):
                written.setdefault((server, command.text), (title, command))
    return tuple(written.values())


def written_at(case: Case) -> tuple[tuple[StepId, Command], ...]:
    """The commands written for the current server, each with its step."""
    written: dict[str, tuple[StepId, Command]] = {}
    for s in _shown(case):
        for command in _handed_out(s, case):
            written.setdefault(command.text, (s.id, command))
    return tuple(written.values())


def _shown(case: Case) -> Iterator[Step]:
    """The steps whose commands are in the record.

    Shown commands may have been run, so commands due by then, such as the line that restores logging, are included.
    """
    for s in STEPS:
        if s.due(case) or case.was_shown(s.id):
            yield s


def _handed_out(s: Step, case: Case) -> Iterator[Command]:
    for command in s.commands(case)[: 1 if s.forms else None]:
        if command.id not in _APART:
            yield command


def _worked_on(case: Case) -> tuple[tuple[str, Case], ...]:
    """Each server that was worked on, in the order of the list; without a name if there is only one."""
    return tuple(at_each(case)) if case.others else (("", case),)


def not_proven(case: Case) -> tuple[str, ...]:
    """The claims neither proven nor confirmed by the person."""
    return tuple(p.claim for p in proofs(case) if p.standing not in (Standing.PROVEN, Standing.SAID))


def headline(case: Case) -> str:
    """The state of the case in one sentence."""
    open_claims = not_proven(case)
    if not any(bind_commands(at) for _server, at in at_each(case)) and not case.now.prompt_answer:
        return "No binding command was written yet."
    waiting = still_open(case) if several(case) and here(case) else ()
    if waiting and not (here(case) in waiting and open_claims):
        verb = "is" if len(waiting) == 1 else "are"
        return f"Not finished: {_and(waiting)} {verb} still open (see Servers)."
    for server, at in at_each(case) if several(case) and here(case) else ():
        claims = () if Service.SMTP in (at.services_now or ()) and not at.now.certificates_after else not_proven(at)
        if claims and server != here(case):
            return f"Not finished: on {server} {len(claims)} of {len(proofs(at))} points are not proven."
    if not open_claims:
        return _done(case)
    verb = "is" if len(open_claims) == 1 else "are"
    return f"Not finished: {len(open_claims)} of {len(proofs(case))} points {verb} not proven."


def _done(case: Case) -> str:
    """The headline once everything is proven on the current server."""
    points = "all five points are proven or said by you"
    if servers_unknown(case):
        return f"Done on this server: {points}. Which other servers the connector sends from is not known."
    if several(case) and not here(case):
        return f"Done on this server: {points}. Needed on each of {', '.join(case.servers)} (see the end)."
    servers = "both servers" if len(case.servers) == 2 else f"all {len(case.servers)} servers"
    where = f" on {servers}" if several(case) else ""
    return f"Done{where}: {points}."


def _and(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def was_run(case: Case) -> tuple[tuple[str, Case], ...]:
    """The servers on which the line was run, as far as known, each with the case at it."""
    return tuple(
        (server, at) for server, at in at_each(case) if at.now.prompt_answer or at.certificate_after is not None
    )


def left_to_run(case: Case) -> tuple[tuple[str, Command], ...]:
    """The lines still to run, each with its server; in the chosen form if the services there are known."""
    ran = {server for server, _at in was_run(case)}
    # While nobody said which of several servers was looked at, none is known to be done.
    bound = set(case.servers) - set(still_open(case)) if several(case) and here(case) else set()
    known = [
        (server or at.now.server, line)
        for server, at in at_each(case)
        if server not in ran | bound
        for line in bind_commands(at)[:1]
    ]
    # The line for a server not begun is known from any server where it could be written.
    begun_at = (at for _server, at in at_each(case) if bind_commands(at))
    others = bind_elsewhere(next(begun_at, case))
    return (*known, *((line.server or "", line) for line in others if (line.server or "") not in ran))


def summary(case: Case, width: int | None = None) -> str:
    """The case as plain lines, without a line feed at the end; sentences wrap at `width`, commands never do."""
    return text(summary_of(case), width)


def ending(case: Case, width: int | None = None) -> str:
    """What is printed when the program ends: where the case stands, what is open, and the lines still to run."""
    return text(ending_of(case), width)


def summary_of(case: Case) -> Document:
    """The case for its last screen."""
    facts = tuple((label, Word(value)) for label, value in facts_known(case) if label != HERE_AT)
    told = (
        ("Facts", [Pairs(facts)] if facts else []),
        ("Mind", _points(_warned(case))),
        *((_at("Proof", case, server), _points(_proof(at))) for server, at in _seen(case)),
        ("Servers", _servers(case)),
        *((_at("The overwrite question", case, server), _points(_question(at))) for server, at in _seen(case)),
        ("Check again, an earlier answer has changed", _points(_stale(case))),
        ("Commands of this case", _commands_of(case)),
    )
    return _document(case, told)


def ending_of(case: Case) -> Document:
    """The case in few lines."""
    open_ = [
        f"{f'{server}: ' if several(case) and server else ''}{claim}: {because}."
        for server, at in _seen(case)
        for claim, because in ((p.claim, p.because) for p in proofs(at) if p.standing in _OPEN)
    ]
    if several(case):
        seen = {server for server, _at in _seen(case)}
        waiting = set(still_open(case)) - seen
        open_ += [f"{line.name}: {line.says}" for line in lines_of(case) if line.name in waiting]
    return _document(case, (("Open", _points(open_)), ("To run", _to_run(case))))


_OPEN = frozenset({Standing.OPEN, Standing.FAILED})


def _document(case: Case, told: Iterable[tuple[str, Sequence[Block]]]) -> Document:
    title = "exchange-cert-wizard: KB 4051498, outbound TLS" + (" (SAMPLE evidence)" if case.sample else "")
    sections = (Section(heading, tuple(blocks)) for heading, blocks in told)
    return Document(title, headline(case), case.opened, tuple(each for each in sections if each.blocks), case.sample)


def _points(points: Iterable[str]) -> tuple[Block, ...]:
    each = tuple(dict.fromkeys(points))
    return (Points(each),) if each else ()


def _at(heading: str, case: Case, server: str) -> str:
    return f"{heading} on {server}" if several(case) and server else heading


def _seen(case: Case) -> tuple[tuple[str, Case], ...]:
    """Each server that was worked on; the case as it is where none was, or there is one."""
    return tuple(at_each(case)) or (("", case),)


def _proof(case: Case) -> Iterator[str]:
    return (f"[{p.standing.value}] {p.claim}: {p.because}" for p in proofs(case))


def _servers(case: Case) -> tuple[Block, ...]:
    rows = tuple((line.name, _told(line)) for line in lines_of(case))
    return (Pairs(rows),) if several(case) else ()


def _told(line: ServerLine) -> str:
    """A server's state in brackets, unless its sentence begins with the same words."""
    return line.says if line.says.startswith(line.stand.value) else f"[{line.stand.value}] {line.says}"


def _question(case: Case) -> Iterator[str]:
    """What the question named, what was answered, and whether that was taken back."""
    asked, answer = case.now.prompt, case.now.prompt_answer
    if asked is None or answer is PromptAnswer.NOT_ASKED:
        return
    answered = f", answered {answer.value}" if answer else ""
    undone = "; the earlier one was made the default again" if case.now.undone else ""
    yield f"Default certificate at the question: {asked.current or 'not shown whole'}{answered}{undone}."


def _stale(case: Case) -> list[str]:
    stale = check_again(case)
    return [s.words.title for s in STEPS if s.id in stale]


def _warned(case: Case) -> Iterator[str]:
    """The warnings against the binding on each server that was worked on, and which were passed."""
    for server, at in _worked_on(case):
        for check in (check for check in checks(at) if check.level in (Level.BLOCK, Level.WARN)):
            where = f"{server}: " if server else ""
            past = " You went on past this." if check.id in at.now.passed else ""
            yield f"{check.level.value}: {where}{check.text}{past}"


def _commands_of(case: Case) -> tuple[Block, ...]:
    """Every command that was written, below its step's title, and what is still needed on other servers."""
    blocks: list[Block] = [CommandRun(command, heading=title) for title, command in commands_written(case)]
    if bind_commands(case) and not case.now.prompt_answer and not is_default(case, case.now.thumbprint):
        blocks.append(Paragraph(_ANSWER_NO))
    blocks += ways_back(case)
    if elsewhere := bind_elsewhere(case):
        blocks += [CommandRun(command, heading=_ON_EACH) for command in elsewhere]
    elif case.edge and bind_commands(case) and several(case) and still_open(case):
        blocks.append(Paragraph("Each Edge Transport server needs the same: run the binding line on that server."))
    return tuple(blocks)


_ANSWER_NO = "When it asks to overwrite the default SMTP certificate: answer N. Enter alone means Yes."

_ON_EACH = "Each other source server needs the same, if it is not done there yet; it asks there as well: answer N"


def ways_back(case: Case) -> Iterator[CommandRun]:
    """The way back on each server where the question was answered Y and it was not run, or the answer is not known."""
    for server, at in _seen(case):
        asked, undo = at.now.prompt, undo_command(at)
        if asked is None or undo is None or at.now.undone or at.now.prompt_answer in _NOTHING_REPLACED:
            continue
        on = f"on {server}: " if several(case) and server else ""
        replaced = at.now.prompt_answer is PromptAnswer.YES
        when = "The way back after your Y" if replaced else "Only after a Y by mistake"
        yield CommandRun(undo, heading=f"{on}{when}; answer Y to this one")


_NOTHING_REPLACED = frozenset({PromptAnswer.NO, PromptAnswer.NOT_ASKED})


def _to_run(case: Case) -> tuple[Block, ...]:
    """The lines that the case still waits for: the binding, the way back after a Y, and the logging put back."""
    left = [CommandRun(command, heading=f"Bind it: {_ANSWER_SHORT}") for _server, command in left_to_run(case)]
    back = [run for run in ways_back(case) if "your Y" in run.heading]
    restore: list[CommandRun] = []
    if any(p.id == "logging" and p.standing in _OPEN for p in proofs(case)):
        lines = (command for at, command in written_at(case) if at is StepId.RESTORE and command.changes)
        # Until a new session is shown the log is needed.
        later = left or any(p.id == "session" and p.standing in _OPEN for p in proofs(case))
        when = "At the end, put the logging back" if later else "Put the logging back"
        restore = [CommandRun(command, heading=when) for command in lines]
    return (*back, *left, *restore)


_ANSWER_SHORT = "answer N to its question; Enter alone means Yes"
