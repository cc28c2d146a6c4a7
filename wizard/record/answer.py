"""The answer of `diagnose` as a document: what is wrong, on which server, and what to run next.

It is short: what else was read, and every command to the proof, is in its JSON.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from wizard.case.case import Case, StepId
from wizard.case.servers import here, possible_here, servers_unknown
from wizard.diagnosis import Commands, Diagnosis, advised, all_checks
from wizard.facts import FailureGroup
from wizard.findings import Finding, Level, counted, listed
from wizard.fitness import is_default
from wizard.powershell.command import BUYS_TIME, Command, CommandId
from wizard.record.blocks import Block, CommandRun, Document, EvidenceLines, Pairs, Paragraph, Points, Section
from wizard.steps.flow import step
from wizard.steps.prompt import OF_THE_QUESTION
from wizard.steps.servers import lines
from wizard.steps.undo import answered_yes
from wizard.verdict import Verdict, ended, telling

_MOST_PLACES = 3

_MOST_OTHERS = 4

_MOST_LINES = 2
"""Lines of evidence below a verdict; all of them are in the JSON."""

_BEFORE_THE_LOG = frozenset({StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOGGING})


def answer_of(diagnosis: Diagnosis) -> Document:
    """The answer; the gravest verdict is its headline."""
    unread = diagnosis.unread if diagnosis.read else diagnosis.unread[1:]
    not_read = Section("Not read", tuple(_few([each.told for each in unread])))
    first, *others = advised(diagnosis)
    found = all_checks(diagnosis)
    told = [Section("", tuple(_verdict(diagnosis.case, first, _MOST_LINES)))]
    told += [
        Section("Besides", (Paragraph(verdict.title), *_verdict(diagnosis.case, verdict, 1)))
        for verdict in others[:_MOST_OTHERS]
    ]
    if len(others) > _MOST_OTHERS:
        told.append(Section("", (Paragraph(f"And {len(others) - _MOST_OTHERS:,} more, in --json."),)))
    told += [
        Section("Each server", tuple(_servers(diagnosis.case))),
        Section("Mind", tuple(_mind(diagnosis.case, found, [verdict.next for verdict in (first, *others)]))),
        *(_next(diagnosis, found) if diagnosis.read else ()),
        Section("Mended without guessing", tuple(_mended(diagnosis))),
    ]
    # Where nothing could be read, the reason is the answer.
    reason = "" if diagnosis.read or not diagnosis.unread else diagnosis.unread[0].told
    sections = tuple(section for section in (*told, not_read) if section.blocks)
    return Document(reason, first.title, diagnosis.case.opened, sections)


def _verdict(case: Case, verdict: Verdict, most: int) -> Iterator[Block]:
    of = ", ".join(part for part in (verdict.connector, verdict.thumbprint) if part)
    failed = [group for group in case.now.failed if _is_of(verdict, group)]
    when = "; ".join(_when(group) for group in failed)
    if of or when:
        yield Paragraph(": ".join(part for part in (of, when) if part))
    source = f" ({verdict.source})" if verdict.source else ""
    yield Paragraph(f"Next: {verdict.next}{source}")
    if shown := telling(verdict, verdict.thumbprint)[:most]:
        yield EvidenceLines(shown)


def _is_of(verdict: Verdict, group: FailureGroup) -> bool:
    return group.connector == verdict.connector and any(each.line in verdict.because for each in group.handshakes)


def _when(group: FailureGroup) -> str:
    day, first = group.first[:10], group.first[11:16]
    last = group.last[11:16] if group.last[:10] == day else f"{group.last[:10]} {group.last[11:16]}"
    when = f"{day} {first}" if last == first else f"{day} {first} to {last}"
    return f"{group.error}, {counted(group.sessions, 'session')}, {when} UTC"


def _servers(case: Case) -> Iterator[Block]:
    """What is known of each server of the connector, where it sends from several."""
    if len(case.servers) > 1 and not here(case):
        yield Paragraph(
            f"{listed(case.servers)}: it is not known which of them the outputs are from. Give each output with its "
            "command line, which names the server, or those of one server at a time with --server."
        )
    elif len(case.servers) > 1:
        yield Pairs(tuple((line.name, line.says) for line in lines(case)))


_OF_THE_LINE = frozenset(
    {"default-already", "federation", "iis-of-another", "pop-imap-first-name", "pop-imap-of-another"}
)
"""Notes on what a line does or leaves out: whoever runs one has to know them."""


def _mind(case: Case, found: Iterable[Finding], said: Iterable[str]) -> Iterator[Block]:
    """The warnings that neither the verdicts nor the servers' lines say, and notes on the question and the line."""
    noted = _OF_THE_LINE | ({"several-servers"} if servers_unknown(case) else set())
    over = bool(case.own_failures) and all(ended(case, group) for group in case.own_failures)
    told = [*said, *(line.says for line in lines(case) if len(case.servers) > 1)]
    minded = [
        f"{check.level.value}: {check.text}"
        for check in found
        if (check.level in (Level.BLOCK, Level.WARN) or check.id in OF_THE_QUESTION | noted)
        and not any(check.text in each for each in told)
        # Newer rows were read already: they are what says that it is over.
        and not (over and check.id == "smtp-already-assigned")
    ]
    if minded:
        yield Points(tuple(dict.fromkeys(minded)))


def _next(diagnosis: Diagnosis, found: Iterable[Finding]) -> Iterator[Section]:
    """The commands to run next, for each connector with this article's fault, then for the other verdicts."""
    checked = {check.id for check in found if check.level is not Level.INFO}
    groups = [(connector, next_of(diagnosis.case, commands, checked)) for connector, commands in diagnosis.by_connector]
    shown: set[str] = set()
    parted: list[tuple[str, list[Command]]] = []
    for connector, commands in groups:
        # One certificate is bound by one line, whatever connectors use it.
        own = [command for _step, command in commands if command.text not in shown]
        shown.update(command.text for command in own)
        if own:
            parted.append((connector or "the other verdicts", own))
    for about, own in parted[: _MOST_OTHERS + 1]:
        heading = "Run next, one by one, in the Exchange Management Shell"
        blocks: list[Block] = [_run(diagnosis.case, command) for command in own]
        if any(command.id is CommandId.BIND for command in own) and not _OF_THE_NAMES.isdisjoint(checked):
            blocks.append(Paragraph("To name nothing that is there already: the same line with -Services SMTP."))
        if any(command.id is CommandId.RETRY_QUEUE for command in own):
            blocks.append(Paragraph("Then give newer rows of the log: they prove that it worked."))
        yield Section(f"{heading}, for {about}" if len(parted) > 1 else heading, tuple(blocks))


_OF_THE_NAMES = frozenset({"iis-named-again", "pop-imap-name", "pop-imap-first-name", "um-named-again"})
"""Checks that warn of naming services again."""


def next_of(case: Case, commands: Commands, checked: Collection[str]) -> tuple[tuple[StepId, Command], ...]:
    """Of a connector's commands those that come next, in their order; none that reads what was given.

    Where a line binds the certificate: one form of it for each server, and what lets Exchange try again. Else what
    reads the evidence that is missing. The way back is first after a wrong Y, last while the answer is not known.
    """
    first: dict[tuple[str, ...], tuple[StepId, Command]] = {}
    back, again = [], []
    wrong = bool(answered_yes(case))
    for at, command in commands:
        if command.id in BUYS_TIME:
            # A person's decision, not a repair: the wizard and --json have it.
            continue
        if command.id is CommandId.UNDO_DEFAULT:
            back.append((at, command))
        elif command.id is CommandId.RETRY_QUEUE:
            again.append((at, command))
        elif command.answer_no:
            first.setdefault(("bind", command.server or ""), (at, command))
        elif not (step(at).afterwards or command.id is CommandId.SURVEY or _given(case, at)):
            first.setdefault((command.server or "", "") if at is StepId.SERVICES else (command.text,), (at, command))
    binding = [pair for pair in first.values() if pair[1].answer_no]
    if not (binding or wrong):
        return (*first.values(), *back)
    reading = [pair for pair in first.values() if pair[1].id is CommandId.READ_CERTIFICATE]
    before = [*(back if wrong else ()), *(reading if "certificate-not-read" in checked else ())]
    return (*before, *binding, *again, *(() if wrong else back))


def _given(case: Case, at: StepId) -> bool:
    """True if what a step's commands print was given."""
    if at is StepId.SERVICES:
        return case.services_now is not None and not possible_here(case)
    return at in _BEFORE_THE_LOG and case.now.log is not None and bool(case.now.log.handshakes)


def _run(case: Case, command: Command) -> CommandRun:
    """A command below what it is for; lines for several servers share that, for each names its server."""
    what, server = command.purpose, next((f.server for f in case.log_folders if f.path in command.text), "")
    if command.answer_no and not (case.now.thumbprint in command.text and is_default(case, case.now.thumbprint)):
        what = "Binds it: answer N to its question; Enter alone means Yes"
    elif command.id is CommandId.UNDO_DEFAULT:
        what = f"The way back{'' if answered_yes(case) else ', only after a Y by mistake'}: answer Y to this one"
    return CommandRun(command, server, heading=f"On {server}: {what}" if server else what)


def _mended(diagnosis: Diagnosis) -> Iterator[Block]:
    yield from _few([f"{each.source}, line {each.line:,}: {each.what}" for each in diagnosis.mended])


def _few(places: list[str]) -> Iterator[Block]:
    if places:
        more = [f"And {len(places) - _MOST_PLACES:,} more, in --json."] if len(places) > _MOST_PLACES else []
        yield Points((*places[:_MOST_PLACES], *more))
