"""Evidence without questions: everything given is read, held against the verdicts in assets, and answered.

The words, checks and commands are those of the guided case: the evidence goes into one case by the
same intake, and the verdicts are rules in `assets/verdicts.toml`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from wizard.case.case import Case, StepId, host
from wizard.case.servers import (
    about_connector,
    all_certificates,
    known_besides,
    named_server,
    other_servers,
    saying_here,
    several,
    surveying,
)
from wizard.facts import (
    Binding,
    Certificate,
    CmdletError,
    CmdletErrorKind,
    CmdletNotice,
    DefaultCertificate,
    FailureGroup,
    Line,
    LogFolder,
    LoggedCertificate,
    LoneError,
    MailTimeouts,
    Mended,
    OverwritePrompt,
    Queue,
    SendConnector,
    ServerEvent,
    StoredCertificate,
    Unread,
    same_name,
    spelled,
)
from wizard.findings import (
    Finding,
    Level,
    article_elsewhere,
    error_finding,
    others_failures,
    warn,
)
from wizard.fitness import checks, defaults, not_found_on
from wizard.powershell.command import Command, CommandId
from wizard.powershell.lines import bind_smallest, read_default
from wizard.powershell.literal import is_safe
from wizard.reading.healthchecker import HealthReport
from wizard.reading.log.files import Progress, merged, never
from wizard.reading.log.rows import LogNotes
from wizard.reading.log.sessions import is_this_article
from wizard.reading.survey import Survey
from wizard.reading.text import Kind
from wizard.steps.command import bind_commands, bind_unread, obstacle
from wizard.steps.flow import ORDER, step
from wizard.steps.intake import STORED, Evidence, GivenText, put, put_release, read_sources
from wizard.steps.log import failing_elsewhere, failing_server, healthy_servers
from wizard.steps.parts import version_known
from wizard.steps.prompt import OF_THE_QUESTION, prompt
from wizard.steps.undo import answered_yes, undo_command
from wizard.timeline import bindings, server_of
from wizard.verdict import THIS_ARTICLE, Verdict, judged, subjects


def _connector_meant(case: Case) -> str:
    """The connector that needs no choice: the only one with this article's failures, else the only one there is."""
    failing = {group.connector for group in case.now.failed if is_this_article(group.error)}
    names = failing or {group.connector for group in case.now.failed} or {c.name for c in case.usable_connectors}
    name = names.pop() if len(names) == 1 else ""
    usable = is_safe(name) or any(same_name(c.name, name) for c in case.usable_connectors)
    return name if usable else ""


def _named_by_their_files(case: Case) -> Case:
    """Assign a listing that names no server to the source server that its file is named after, as `cert-EX01.txt`."""
    shown = tuple(
        replace(each, server=_in_its_name(each.lines[0].source, case.servers))
        if each.lines and not each.server
        else each
        for each in case.now.certificates
    )
    return case if shown == case.now.certificates else case.put(replace(case.now, certificates=shown))


def _in_its_name(source: str, servers: tuple[str, ...]) -> str:
    stem = Path(source).stem.casefold()
    named = [each for each in servers if re.search(rf"(?<![a-z0-9]){re.escape(host(each))}(?![a-z0-9])", stem)]
    return named[0] if len(named) == 1 else ""


def _on_their_servers(case: Case) -> Case:
    """Assign the certificates that name their server, if there are several servers."""
    named = tuple(each for each in case.now.certificates if each.server)
    if len({host(each.server) for each in named}) < 2 and not several(case):
        return case
    rest = tuple(each for each in case.now.certificates if not each.server)
    return surveying(case.put(replace(case.now, certificates=rest)), named)


def _elsewhere_listed(case: Case) -> Case:
    """The case without the certificates of servers that the connector does not send from: they say nothing here."""
    hosts = {host(server) for server in case.servers}
    connector = case.send_connector
    if not hosts or connector is None or connector.source_servers_cut:
        return case
    others = tuple(each for each in case.now.certificates if server_of(each) and host(server_of(each)) not in hosts)
    if not others:
        return case
    own = tuple(each for each in case.now.certificates if each not in others)
    case = replace(case, elsewhere_listed=(*case.elsewhere_listed, *others))
    return case.put(replace(case.now, certificates=own))


def _contradicting(case: Case) -> tuple[Certificate, ...]:
    """Our certificate, if the evidence shows it with different services or keys, as from two servers or times."""
    shown = [c for c in case.now.certificates if case.now.thumbprint and c.thumbprint == case.now.thumbprint]
    services = {c.services for c in shown} - {None}
    keys = {c.has_private_key for c in shown} - {None}
    return tuple(shown) if len(services) > 1 or len(keys) > 1 else ()


@dataclass(frozen=True)
class Diagnosis:
    """The result of all evidence. `verdicts` is never empty; the gravest comes first.

    `contradiction` is our certificate with contradictory services or keys: then nothing is bound. `read` counts the
    usable pieces of evidence.
    """

    case: Case
    verdicts: tuple[Verdict, ...]
    mended: tuple[Mended, ...] = ()
    unread: tuple[Unread, ...] = ()
    contradiction: tuple[Certificate, ...] = ()
    read: int = 0

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict."""
        return self.verdicts[0]

    @cached_property
    def by_connector(self) -> tuple[tuple[str, Commands], ...]:
        """The commands of each connector with this article's fault, then those of the other verdicts (empty name).

        For this article the whole way to the proof; while it is open, the way to the log; for another fault only what
        reads the evidence it is about.
        """
        return _by_connector(self)


Commands = tuple[tuple[StepId, Command], ...]
"""Commands, each with the step that hands it out."""


def diagnose(
    sources: Iterable[Path | GivenText],
    case: Case,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
) -> Diagnosis:
    """Judge everything in these sources. Nothing raises: unreadable parts are listed."""
    connector_asked = bool(case.connector)
    evidence = read_sources(sources, case.connector, progress, cancelled)
    case = settled(case, evidence)
    return Diagnosis(
        case,
        judged(subjects(case, evidence.receive_log, connector_asked)),
        tuple(evidence.mended),
        tuple(evidence.unread),
        _contradicting(case),
        evidence.read,
    )


def settled(case: Case, evidence: Evidence) -> Case:
    """The case with all evidence, as it is before anything is changed.

    The log comes before the certificates: it says which of them is ours, where that is certain.
    """
    case = replace(
        case,
        frontend_folders=tuple(folder for survey in evidence.of(Survey) for folder in survey.frontend_folders),
        earlier=tuple(evidence.earlier),
        bindings=tuple(evidence.bindings),
    )
    for report in evidence.of(HealthReport):
        case = put_release(case, report)
    for kind in STORED:
        if kind is Kind.SEND_LOG and evidence.logs:
            case = put(case, kind, merged(evidence.logs, LogNotes()))
        if kind is Kind.CERTIFICATES:
            if not case.connector:
                case = replace(case, connector=_connector_meant(case))
            only = case.only_candidate
            case = case.put(replace(case.now, thumbprint=(only.thumbprint or "") if only else ""))
        if kind is not Kind.SURVEY and (facts := evidence.facts(kind)):
            case = put(case, kind, facts)
    if not case.here and (at := failing_server(case)):
        case = saying_here(case, at)
    return _on_their_servers(_elsewhere_listed(_named_by_their_files(case)))


_LEVELS = {Level.BLOCK: "block", Level.WARN: "warn", Level.INFO: "info"}


def commands_for(diagnosis: Diagnosis) -> tuple[tuple[StepId, Command], ...]:
    """The commands that follow from the verdicts, each once and with the step that hands it out."""
    found: dict[str, tuple[StepId, Command]] = {}
    for _connector, commands in diagnosis.by_connector:
        for at, command in commands:
            found.setdefault(command.text, (at, command))
    return tuple(found.values())


def _by_connector(diagnosis: Diagnosis) -> tuple[tuple[str, Commands], ...]:
    case = diagnosis.case
    own = [each for each in diagnosis.verdicts if each.id == THIS_ARTICLE]
    groups: list[tuple[str, Commands]] = []
    thumbprints: dict[str, dict[str, None]] = {}
    for each in own:
        thumbprints.setdefault(each.connector, {})[each.thumbprint] = None
    for connector, shown in thumbprints.items():
        # Of several certificates of one connector none is chosen: a person has to.
        thumbprint = next(iter(shown)) if len(shown) == 1 else ""
        there = case
        asked = case.connector and not case.own_failures
        if thumbprint and not asked and (connector, thumbprint) != (case.connector, case.now.thumbprint):
            there = about_connector(case, connector, thumbprint)
        groups.append((connector, _of_the_article(diagnosis, there)))
    known = {command.text for _connector, commands in groups for _at, command in commands}
    others = [each for each in diagnosis.verdicts if each.id != THIS_ARTICLE]
    if not own:
        others = others[:1]
    # A thousand kinds of failure need the same few outputs.
    wanted = {(each.reads, each.id): each for each in others}.values()
    rest = {command.text: (at, command) for verdict in wanted for at, command in _of_another(case, verdict, bool(own))}
    left = tuple(pair for text, pair in rest.items() if text not in known)
    return (*groups, ("", left)) if left else tuple(groups)


def _of_the_article(diagnosis: Diagnosis, case: Case) -> Commands:
    """Every step's commands, to the proof."""
    found: dict[str, tuple[StepId, Command]] = {}
    for at in ORDER:
        for command in step(at).commands(case):
            found.setdefault(command.text, (at, command))
    for at, command in _on_the_others(case):
        found.setdefault(command.text, (at, command))
    smallest = bind_unread(case)
    if smallest:
        after = [found.pop(text) for text in list(found) if step(found[text][0]).afterwards]
        found[smallest.text] = (StepId.COMMAND, smallest)
        found.update({command.text: (at, command) for at, command in after})
    if diagnosis.contradiction:
        found = {text: pair for text, pair in found.items() if not pair[1].answer_no}
    if any(error.kind is CmdletErrorKind.TWIN_WITHOUT_SMTP for error in case.now.errors):
        # Set-SendConnector is refused until the certificate is bound.
        found = {text: pair for text, pair in found.items() if not text.startswith("Set-SendConnector ")}
    # Logging is for every server of the connector: it is put back after the last of them.
    for text in [text for text, (at, _command) in found.items() if at is StepId.RESTORE]:
        found[text] = found.pop(text)
    if (undo := undo_command(case)) and _may_be_undone(case):
        found.setdefault(undo.text, (StepId.UNDO, undo))
    return tuple(found.values())


def _may_be_undone(case: Case) -> bool:
    """True if the question was answered Y, or neither the answer nor its result is shown."""
    asked = case.now.prompt
    if asked is None or asked.answer:
        return asked is not None and asked.answer == "Y"
    at = asked.lines[-1] if asked.lines else None
    below = (line for each in case.now.certificates for line in each.lines[:1])
    return at is None or not any(line.source == at.source and line.number > at.number for line in below)


def _of_another(case: Case, verdict: Verdict, beside: bool) -> Commands:
    """The commands that read the evidence for another verdict; `beside` the article's, none leads to the log again."""
    steps: list[StepId] = []
    for name in verdict.reads:
        if name != "log":
            steps.append(next(at for at in ORDER if at.value == name))
        elif not beside:
            steps += ORDER[: ORDER.index(StepId.LOG) + 1]
    found = [(at, command) for at in steps for command in step(at).commands(case) if not _read_already(case, command)]
    in_use = any(error.kind is CmdletErrorKind.DEFAULT_IN_USE for error in case.now.errors)
    if (verdict.id == "internal-connector" or in_use) and not defaults(case):
        found.insert(0, (StepId.PROMPT, read_default(named_server(case), case.edge, version_known(case))))
    return tuple(found)


def _read_already(case: Case, command: Command) -> bool:
    """True if the evidence has a command's output already."""
    if command.id is CommandId.READ_CONNECTORS:
        return bool(case.connectors) and not any(
            each.source_servers_cut or each.name_cut or each.tls_found is not None or not each.guid
            for each in case.connectors
        )
    if command.id is CommandId.READ_LOG_PATH:
        return any(not folder.cut for folder in case.folders)
    if command.id is CommandId.READ_QUEUES:
        return any(queue.last_error and queue.identity for queue in case.queues)
    return command.id is CommandId.SURVEY and bool(case.surveyed)


def _on_the_others(case: Case) -> Iterator[tuple[StepId, Command]]:
    """The lines for each other source server: the same as here if its certificates were given, else the smallest.

    A server whose own log is healthy gets no line, and while this server has none, the others have none either.
    """
    healthy = healthy_servers(case) | not_found_on(case, case.now.thumbprint).keys()
    for server, there in known_besides(case):
        if host(server) not in healthy:
            yield from ((at, command) for at in ORDER if at.on_each for command in step(at).commands(there))
    known = {server for server, _there in known_besides(case)}
    unknown = (server for server in other_servers(case) if server not in known and host(server) not in healthy)
    if not case.edge and (bind_commands(case) or bind_unread(case)):
        yield from ((StepId.COMMAND, bind_smallest(case.now.thumbprint, server)) for server in unknown)


def advised(diagnosis: Diagnosis) -> tuple[Verdict, ...]:
    """The verdicts, each with what to do next as far as the evidence goes, or why its binding line was not written."""
    lines = [command.text for _step, command in commands_for(diagnosis) if command.answer_no]
    # Where every connector's failures are judged, the article's has a verdict of its own.
    alone = all(each.id != THIS_ARTICLE for each in diagnosis.verdicts)
    there = failing_elsewhere(diagnosis.case) if alone else ()

    def advice(verdict: Verdict) -> str:
        if verdict.id != THIS_ARTICLE or not verdict.thumbprint:
            return f"{verdict.next} {article_elsewhere(there)}" if there else verdict.next
        if any(verdict.thumbprint in line for line in lines):
            return verdict.next
        return _why_not(diagnosis, verdict) or verdict.next

    return tuple(replace(verdict, next=advice(verdict)) for verdict in diagnosis.verdicts)


def _why_not(diagnosis: Diagnosis, verdict: Verdict) -> str:
    """Why no line binds a verdict's certificate, and what to give instead; empty if the verdict says it."""
    case = diagnosis.case
    if diagnosis.contradiction:
        return _CONTRADICTION
    if case.connector and not case.own_failures:
        return others_failures((group.connector for group in case.now.failed), case.connector)
    same = [v for v in diagnosis.verdicts if (v.id, v.connector) == (THIS_ARTICLE, verdict.connector) and v.thumbprint]
    if len({each.thumbprint for each in same}) > 1 and verdict.thumbprint != case.now.thumbprint:
        return "Several certificates of ours can be meant. Choose in the wizard, or read newer rows."
    if (verdict.connector, verdict.thumbprint) != (case.connector, case.now.thumbprint):
        case = about_connector(case, verdict.connector, verdict.thumbprint)
    return answered_yes(case) or obstacle(case) or verdict.next


_CONTRADICTION = (
    "The evidence shows our certificate with different services or keys, as from two servers or two times. "
    "Give the output of one server, from before the change."
)


def composed(diagnosis: Diagnosis) -> bool:
    """True if this is the article and a binding command was written."""
    return any(command.answer_no for _step, command in commands_for(diagnosis))


def all_checks(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """The checks of the guided case, and where the certificate itself was never read, a word about that."""
    case = diagnosis.case
    if diagnosis.verdict.id == THIS_ARTICLE and bind_unread(case):
        unread = warn(
            "The certificate's services and private key were not read. Run the line below that shows them first, and "
            "give its output too: only then the existing services can be named, and a missing key be seen.",
            id="certificate-not-read",
            source="KB step 3",
        )
        beside = (check for check in checks(case) if check.level in _LEVELS)
        return (unread, *beside, *_from_the_shell(case))
    found = [check for check in checks(case) if check.level in _LEVELS]
    for server, there in known_besides(case):
        found += [
            replace(check, text=f"{server}: {check.text}") for check in checks(there) if check.level is Level.BLOCK
        ]
    return (*found, *_from_the_shell(case))


def _from_the_shell(case: Case) -> tuple[Finding, ...]:
    """The meaning of a cmdlet's error, and the findings on the overwrite question."""
    elsewhere = tuple(not_found_on(case, case.now.thumbprint).values())
    return (
        *(error_finding(error) for error in case.now.errors if error not in elsewhere),
        *(each for each in prompt(case) if each.id in OF_THE_QUESTION),
    )


SCHEMA = 1
"""The version of the JSON: it changes when a reader of an earlier one would be misled."""


_SHAPES: dict[type, str] = {
    Verdict: "id title next source? connector? thumbprint? because",
    Line: "text file=source line=number",
    FailureGroup: "connector error sessions first last remote certificate",
    LoggedCertificate: "thumbprint subject issuer serial not_before not_after names",
    Queue: "identity status message_count connector? next_hop last_error remote_host remote_address",
    SendConnector: "name name_cut guid? enabled logging_level source_servers tls_certificate_name? fqdn? require_tls "
    "tls_certificate_found=tls_found tls_certificate_name_cut fqdn_cut cloud_services edge_sync frontend_proxy "
    "smart_hosts address_spaces",
    Certificate: "thumbprint subject issuer services unknown_services server? has_private_key self_signed status? "
    "not_before? not_after? names=domains friendly? default services_cut without_types",
    OverwritePrompt: "current replacement current_expires? replacement_expires? answer?",
    DefaultCertificate: "server? thumbprint how",
    ServerEvent: "number source connector? fqdn? receive computer? thumbprint alert",
    LoneError: "error",
    StoredCertificate: "thumbprint key=test provider?",
    CmdletNotice: "about open",
    CmdletError: "kind text cmdlet? reason? thumbprint server? foreign",
    Binding: "thumbprint server? how",
    LogFolder: "server? path cut",
    MailTimeouts: "server? expires delay?",
    Finding: "id level text source?",
    Mended: "file=source line what",
    Unread: "file=source line why",
}
"""The keys of each value's table, `key=field` where they differ; behind `?` an empty text is null."""


def _data(value: Any) -> Any:
    """A value as JSON has it: a table by its shape, a list, the value of an enum, or itself."""
    if shape := _SHAPES.get(type(value)):
        table = {}
        for named in shape.split():
            key, _, field = named.rstrip("?").partition("=")
            found = getattr(value, field or key)
            table[key] = None if named.endswith("?") and not found else _data(found)
        return table
    if isinstance(value, frozenset):
        return [each for each in spelled(value).split(", ") if each != "None"]
    if isinstance(value, tuple):
        return [_data(each) for each in value]
    if isinstance(value, Level):
        return _LEVELS[value]
    return value.value if isinstance(value, enum.Enum) else value


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as JSON values. Times are the log's own (UTC), thumbprints upper-case, services as spelled."""
    case, verdicts = diagnosis.case, advised(diagnosis)
    handshakes = [
        {**_data(group), "layout": group.certificate.layout.value if group.certificate else None}
        for group in case.now.failed
    ]
    commands = [
        {"id": command.id.value, "step": step.value, "server": command.server, "text": command.text}
        for step, command in commands_for(diagnosis)
    ]
    return {
        "schema": SCHEMA,
        "verdict": _data(verdicts[0]),
        "verdicts": _data(verdicts),
        "handshakes": handshakes,
        "queues": _data(case.queues),
        "connectors": _data(case.connectors),
        "certificates": _data(all_certificates(case)),
        "prompt": _data(case.now.prompt),
        "defaults": _data(case.defaults),
        "events": _data(case.events),
        "sentences": _data(case.lone),
        "store": _data(case.now.stored),
        "notices": _data(case.now.notices),
        "errors": _data(case.now.errors),
        "bindings": _data(bindings(case)),
        "log_folders": _data(case.log_folders),
        "timeouts": _data(case.timeouts),
        "release": case.release or None,
        "checks": _data(all_checks(diagnosis)),
        "commands": commands,
        "mended": _data(diagnosis.mended),
        # A whole file that could not be read has no line.
        "unread": [{**_data(each), "line": max(each.line, 1)} for each in diagnosis.unread],
    }
