"""The step of the log: the failures, their certificate, and whether they are this article's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PureWindowsPath

from wizard.assets import words
from wizard.case.case import Case, Deed, StepId, host
from wizard.case.servers import here, several, with_survey
from wizard.facts import (
    Direction,
    ExchangeVersion,
    FailureGroup,
    LogFolder,
    LoggedCertificate,
    LogReading,
    default_log_folder,
    logged_as,
)
from wizard.findings import (
    Finding,
    article_elsewhere,
    block,
    counted,
    good,
    info,
    minute,
    others_failures,
    size,
    warn,
)
from wizard.fitness import checks
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.powershell.lines import DefaultFolder, KnownFolder, LogPlace
from wizard.powershell.literal import is_safe
from wizard.reading.log.sessions import failures
from wizard.reading.text import Kind
from wizard.steps.parts import (
    LATER,
    WHICH_FIRST,
    Choice,
    Step,
    Taken,
    remarks,
    said_server,
    to_the_list,
    version_known,
    version_of,
    which_server,
)
from wizard.verdict import (
    THIS_ARTICLE,
    Subject,
    beside,
    beside_failures,
    ended,
    failed,
    handshake_meaning,
    judged,
    shown,
    verdict_on,
)


def log(case: Case) -> tuple[Finding, ...]:
    """The failures, their certificate, and whether they are this article's."""
    reading = case.now.log
    if reading is None:
        return _beside(case)
    found: list[Finding] = [info(_how_much(case, reading)), *_beside(case)]
    if case.now.log_of:
        at = f" If {here(case)} fails otherwise, give its own log here." if here(case) else ""
        found.append(info(f"These are the rows that were given for {case.now.log_of}.{at}", id="log-of-another"))
    found.extend(_ended(case))
    if case.now.failed and not case.own_failures and case.connector:
        names = (group.connector for group in case.now.failed)
        found.append(warn(others_failures(names, case.connector), id="other-connector"))
    if there := failing_elsewhere(case):
        where = f" at the step '{words(StepId.CONNECTOR).title}'"
        found.append(warn(article_elsewhere(there, where), id="article-elsewhere"))
    found.extend(_error_findings(case))
    if not case.failures_meant and (case.sessions_meant or not case.now.failed):
        found.extend(_no_failure(case))
    found.extend(_certificate_findings(case))
    found.extend(check for check in checks(case) if check.id == "partner-certificate")
    return tuple(found)


def _beside(case: Case) -> tuple[Finding, ...]:
    """The meaning of events, and of the log's sentence until its row is there."""
    kept = replace(case, defaults=(), lone=() if case.now.failed else case.lone)
    found = tuple(verdict_on(subject) for subject in beside(kept))
    return tuple(
        info(f"{each.title}. {each.next}", each.because, "kept-beside", each.source)
        for each in dict.fromkeys(found)
        if each
    )


def failing_elsewhere(case: Case) -> tuple[str, ...]:
    """Other connectors that fail with the article's error, while the chosen one fails otherwise."""
    if any(handshake_meaning(group.error).fits for group in case.own_failures) or not case.own_failures:
        return ()
    own = case.own_failures
    others = (group for group in case.now.failed if group not in own and handshake_meaning(group.error).fits)
    return tuple(dict.fromkeys(group.connector for group in others))


def _how_much(case: Case, reading: LogReading) -> str:
    failed = f"{sum(group.sessions for group in case.now.failed):,} with a failed handshake"
    if reading.scanned_bytes:
        logs = counted(len(reading.sources), "file") + _in_folders(reading.sources)
        return (
            f"Looked through {size(reading.scanned_bytes)} in {logs}: {failed.replace(' with', ' sessions with', 1)}."
        )
    below = _in_folders(reading.sources)
    files = f", in {counted(len(reading.sources), 'file')}{below}" if below else ""
    return f"Read {counted(reading.rows, 'row')}, {counted(reading.sessions, 'session')}, {failed}{files}."


def _in_folders(sources: tuple[str, ...]) -> str:
    """The subfolders that hold the files; they may be another server's."""
    folders = [path for path in dict.fromkeys(str(PureWindowsPath(name).parent) for name in sources) if path != "."]
    if not folders:
        return ""
    more = f" and {len(folders) - MOST_FOLDERS:,} more" if len(folders) > MOST_FOLDERS else ""
    return f", also in {counted(len(folders), 'folder')} below ({', '.join(folders[:MOST_FOLDERS])}{more})"


MOST_FOLDERS = 3
"""Folders named one by one; the rest is counted."""


def _ended(case: Case) -> Iterator[Finding]:
    """A word where the log itself shows that a failure is over."""
    over = next((found for group in case.failures_meant if (found := ended(case, group))), None)
    if over and (verdict := verdict_on(over)):
        id_ = "missed" if over.attributes["missed"] == "yes" else "recovered"
        yield warn(f"{verdict.title}. {verdict.next}", verdict.because[:1], id_, verdict.source)


def _error_findings(case: Case) -> list[Finding]:
    """The meaning of each error of the connector's failures, in the order of the table; repetitions are joined."""
    found: dict[tuple[str, str], Finding] = {}
    groups = case.failures_meant
    verdicts = [verdict_on(failed(case, group)) for group in groups]
    fitting = any(verdict and verdict.id == THIS_ARTICLE for verdict in verdicts)
    for group, verdict in zip(groups, verdicts, strict=True):
        if verdict is None or (group.error, verdict.title) in found:
            continue
        this, open_ = verdict.id == THIS_ARTICLE, verdict.id in {"more-evidence", "unknown-error"}
        # Beside the article's own fault another one is worth a warning; alone it means: not this article.
        tell = good if this else info if ended(case, group) else warn if open_ or fitting else block
        # What comes next of this fault is the step that follows, and what is missing for it is said by itself.
        advice = "" if verdict.binds or (this and not verdict.thumbprint) else f" {verdict.next}"
        sessions = sum(each.sessions for each in groups if each.error == group.error)
        text = f"{group.error}, {counted(sessions, 'session')}: {verdict.title}.{advice}"
        lines = tuple(h.line for h in group.handshakes[:1])
        found[group.error, verdict.title] = tell(text, lines, group.error, verdict.source)
    return list(found.values())


def _no_failure(case: Case) -> Iterator[Finding]:
    """The log's content about a connector without failures."""
    for subject in beside_failures(case):
        verdict, shows = verdict_on(subject), subject.attributes["shows"]
        if verdict:
            tell = warn if verdict.id in {"healthy", "more-evidence"} else block
            id_ = "missed" if subject.attributes.get("missed") == "yes" else _AS_FINDING.get(shows, shows)
            yield tell(f"{verdict.title}. {verdict.next}", verdict.because[:1], id_, verdict.source)


_AS_FINDING = {"success": "healthy", "open-ended": "no-outcome", "no-connection": "network"}


def _certificate_findings(case: Case) -> list[Finding]:
    found: list[Finding] = []
    logged = case.logged
    if logged:
        found.append(good(f"Our certificate: {logged.thumbprint} {_named(logged)}".rstrip(), logged.lines, "ours"))
        if not logged.header_seen:
            found.append(
                warn(
                    "No 'Sending certificate' row stands before it. It is taken for ours because the handshake failed "
                    "in the same session; the next step checks that.",
                    logged.lines[:1],
                    "no-header",
                )
            )
    elif case.candidates and case.now.failed:
        found.append(
            info(
                f"{counted(len(case.candidates), 'certificate')} of ours failed. Choose the one to bind.",
                id="choose-certificate",
            )
        )
    else:
        found.extend(found_ for group in case.failures_meant for found_ in _no_candidate(case, group))
    return found


def _no_candidate(case: Case, group: FailureGroup) -> Iterator[Finding]:
    """Why a failure of the article's kind gives no thumbprint."""
    verdict = verdict_on(failed(case, group))
    if verdict and verdict.id == THIS_ARTICLE and not verdict.thumbprint:
        lines = group.certificate.lines if group.certificate else (group.handshakes[0].line,)
        yield block(verdict.next, lines, _WITHOUT_THUMBPRINT[shown(group.certificate)], verdict.source)


_WITHOUT_THUMBPRINT = {"none": "no-certificate", "masked": "masked", "cut": "no-thumbprint"}


def _named(logged: LoggedCertificate) -> str:
    ends = f", valid until {logged.not_after[:10]}" if logged.not_after else ""
    return f"({logged.subject}{ends})" if logged.subject else ""


def healthy(case: Case) -> bool:
    """True if the current server's log has handshakes of the connector, and none failed."""
    if case.now.log is None or case.now.log_of or case.now.log.missed or case.own_failures:
        return False
    return any(h.error is None and logged_as(h.connector, case.connector) for h in case.now.log.handshakes)


def healthy_servers(case: Case) -> frozenset[str]:
    """The hosts of source servers whose own log shows the connector's successes and no failure."""
    log, hosts = case.now.log, {host(server) for server in case.servers}
    if log is None or len(hosts) < 2:
        return frozenset()
    doubtful = {server_of_log(source, hosts) for source in (*_failing_sources(case), *log.missed)}
    working = {
        at
        for h in log.handshakes
        if h.error is None and logged_as(h.connector, case.connector)
        for at in (server_of_log(h.line.source, hosts),)
        if at
    }
    return frozenset(working - doubtful)


def failing_server(case: Case) -> str:
    """The only source server whose folder has the connector's failures; empty if unknown."""
    hosts = {host(server) for server in case.servers}
    failing = {server_of_log(source, hosts) for source in _failing_sources(case)}
    only = failing.pop() if len(failing) == 1 else ""
    return next((server for server in case.servers if host(server) == only), "") if only else ""


def _failing_sources(case: Case) -> set[str]:
    """The logs with failures of the connector."""
    log = case.now.log
    if log is not None and log.occurrences is not None:
        return {each.source for each in log.occurrences if logged_as(each.connector, case.connector)}
    return {h.line.source for group in case.own_failures for h in group.handshakes}


def server_of_log(source: str, hosts: Collection[str]) -> str:
    """The host after which the log, or a folder above it, is named; empty if none is."""
    path = PureWindowsPath(source)
    return next((host(part) for part in (*reversed(path.parent.parts), path.stem) if host(part) in hosts), "")


def log_places(case: Case) -> tuple[LogPlace, ...]:
    """Each place of the log once: as the servers reported, otherwise the default folder of version and role."""
    paths: dict[str, list[str]] = {}
    for folder in _folders_here(case):
        if folder.path and not folder.cut and is_safe(folder.path, "path"):
            paths.setdefault(folder.path, []).append(folder.server)
    if paths:
        return tuple(
            KnownFolder(path, f"SendProtocolLogPath of {' and '.join(filter(None, servers)) or 'the server'}")
            for path, servers in paths.items()
        )
    return (DefaultFolder(default_log_folder(version_of(case), case.edge, case.frontend)),)


def _folders_here(case: Case) -> tuple[LogFolder, ...]:
    """The log folders of the current server if listed; otherwise all."""
    at = here(case)
    own = tuple(folder for folder in case.folders if not folder.server or host(folder.server) == host(at))
    return own if at and len(case.servers) > 1 else case.folders


def log_commands(case: Case) -> tuple[Command, ...]:
    """The commands that show the log, one for each place."""
    version = version_known(case)
    old = version is ExchangeVersion.E2010
    # Set-Clipboard needs PowerShell 5, which Exchange 2013 and 2016 need not have; `clip` is on all of them.
    clip = version is not ExchangeVersion.E2019_SE or case.shell.set_clipboard is False
    return tuple(write.read_log(place, old_shell=old, clip=clip) for place in log_places(case))


def certificate_choices(case: Case) -> tuple[Choice, ...]:
    """Our certificates among the failures; empty if the only one is already chosen."""
    found = case.candidates
    only = case.only_candidate
    if only and only.thumbprint == case.now.thumbprint:
        return ()
    choices = []
    for certificate in found:
        groups = [
            group
            for group in case.failures_meant
            if group.certificate and group.certificate.thumbprint == certificate.thumbprint
        ]
        sessions = sum(group.sessions for group in groups)
        last = max((group.last for group in groups), default="")
        detail = f"{counted(sessions, 'failed session')}, last {minute(last)} UTC; {certificate.subject}"
        if not groups:
            detail = f"sent, but these rows end before the outcome; {certificate.subject}"
        elif case.connector and not case.own_failures:
            detail = f"{', '.join(dict.fromkeys(group.connector for group in groups))}: {detail}"
        key = certificate.thumbprint or ""
        choices.append(Choice(key, key, detail, chosen=key == case.now.thumbprint))
    return tuple(choices)


def healthy_here(case: Case) -> tuple[Choice, ...]:
    """Offer another server: if one of several sends without failures, another one fails."""
    if not (several(case) and healthy(case)):
        return ()
    return (Choice(LATER, "Nothing fails here: go on with another server of the connector"),)


def choose_certificate(case: Case, key: str) -> Case:
    """Choose this certificate; no change if the server is left for later."""
    if any(key == certificate.thumbprint for certificate in case.candidates):
        return with_survey(case.put(replace(case.now, thumbprint=key)))
    return said_server(case, key)


def no_rows(case: Case, step: StepId, log: LogReading) -> Taken | None:
    """Refuse a Receive log, or a log without rows; None if it is usable."""
    if log.direction is Direction.RECEIVE:
        return Taken(case, False, step, (receive_log(),))
    if log.first:
        return None
    told = remarks(log)
    # Why each row was not read says more than how a row looks.
    why = next((each.text for each in told if each.id == "unread"), _A_ROW)
    nothing = block(f"No row of a protocol log could be read here. {why}", id="no-rows")
    return Taken(case, False, step, (nothing, *(each for each in told if each.id != "unread")))


_A_ROW = "A row begins with a time such as 2026-11-22T02:14:07.512Z and has nine fields with commas between."


def _put(case: Case, log: LogReading) -> Case:
    """Store a log read before the change."""
    return case.put(replace(case.now, log=log, log_of="", failed=failures(log)))


def take_log(case: Case, log: LogReading) -> Taken:
    """Store a protocol log, and its certificate if there is no choice."""
    if nothing := no_rows(case, StepId.LOG, log):
        return nothing
    case = _put(case, log)
    if case.logged is None:
        only = case.only_candidate
        case = case.put(replace(case.now, thumbprint=(only.thumbprint or "") if only else ""))
    return Taken(with_survey(case), True, StepId.LOG, remarks(log))


def _keeps(case: Case) -> bool:
    return bool(case.now.failed)


def receive_log() -> Finding:
    """The finding about a Receive protocol log."""
    verdict = judged([Subject({"about": "log", "shows": "receive"})])[0]
    return block(f"{verdict.title}. {verdict.next}", id=verdict.id, source=verdict.source)


def _choices(case: Case) -> tuple[Choice, ...]:
    return certificate_choices(case) or which_server(case) or healthy_here(case)


def _missing(case: Case) -> str:
    if which_server(case) and not here(case):
        return WHICH_FIRST
    if case.logged:
        return ""
    if case.now.log is None:
        return "Rows of the log are needed to go on: they show which certificate is meant."
    if case.candidates:
        return "Choose our certificate first."
    if there := failing_elsewhere(case):
        where = words(StepId.CONNECTOR).title
        return f"Not the article's fault here. On {', '.join(there)} it is: the step '{where}' is where to choose it."
    return "These rows show no certificate to bind yet."


def _basis(case: Case) -> tuple[str, ...]:
    return (case.connector,)


def _deeds(before: Case, after: Case) -> Iterator[tuple[Deed, str]]:
    if after.now.thumbprint and after.now.thumbprint != before.now.thumbprint:
        yield Deed.CHOSE, after.now.thumbprint


STEP = Step(
    StepId.LOG,
    findings=log,
    missing=_missing,
    commands=log_commands,
    takes={Kind.SEND_LOG: take_log},
    puts={Kind.SEND_LOG: _put},
    keeps=_keeps,
    folders=log_places,
    basis=_basis,
    choices=_choices,
    choose=choose_certificate,
    leads=to_the_list,
    question="Which of our certificates?",
    stuck="No failure on this server.",
    failures=True,
    sample="SEND20261122-1.log",
    deeds=_deeds,
)
