"""What each step up to the command has to say about the case: findings, each with its lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PureWindowsPath

from wizard.case import Case, Place, StepId
from wizard.connectornames import logged_as
from wizard.facts import FailureGroup, LoggedCertificate, LoggingLevel, LogReading, SendConnector, spelled
from wizard.findings import Finding, block, counted, good, info, size, warn
from wizard.fitness import checks
from wizard.logfolders import ExchangeVersion, default_log_folder
from wizard.recovery import recovered
from wizard.servers import here
from wizard.told import NO_CERTIFICATE, article_elsewhere, others_failures, others_rows
from wizard.verdict import handshake_meaning, queue_meaning, queue_remarks
from wizard.words import words


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


def connector(case: Case) -> tuple[Finding, ...]:
    """What is known of the chosen connector."""
    usable = {id(each) for each in case.usable_connectors}
    found = [
        warn(
            f"The name {cut.name} is cut or broken over lines, so it is not offered. Run the wizard's command, "
            "which prints names whole, in a wider window.",
            cut.lines[:1],
            "name-cut",
        )
        for cut in case.connectors
        if cut.name_cut
    ]
    found += [
        warn(
            f"The name {other.name!r} has a character no command may carry, and its Guid is not in the output, so it "
            "is not offered.",
            other.lines[:1],
            "name-unsafe",
        )
        for other in case.connectors
        if id(other) not in usable and not other.name_cut
    ]
    if not case.connector:
        return tuple(found)
    chosen = case.send_connector
    if chosen is None:
        # A name that the output does not have is a doubt, and said as one when it is entered.
        tell = info if case.connectors else good
        found.append(tell(f"Send connector: {case.connector}."))
        found.append(
            info(
                "Only the name is known. With the command's output the wizard would also know its logging level, "
                "so that it can be put back, and the servers it sends from."
            )
        )
        return tuple(found)
    level = chosen.logging_level.value if chosen.logging_level else "not shown"
    found.append(good(f"Send connector: {chosen.name}. Its logging level before: {level}.", chosen.lines))
    found.extend(_unusual(chosen))
    return tuple(found)


def _unusual(chosen: SendConnector) -> Iterator[Finding]:
    """What is worth knowing of a connector: its servers, and settings most connectors do not have."""
    if chosen.enabled is False:
        yield warn("This connector is disabled (Enabled is False): mail does not leave through it.", chosen.lines)
    if chosen.source_servers:
        yield info(f"It sends from: {', '.join(chosen.source_servers)}.", chosen.lines)
    if chosen.source_servers_cut:
        yield warn("The list of its servers is cut: there are more.", chosen.lines)
    if chosen.frontend_proxy:
        yield info("It sends through the Front End Transport service: the FrontEnd log is the one to read.")
    if chosen.cloud_services:
        yield info(
            "It is a hybrid connector (CloudServicesMailEnabled): every Mailbox server and every Edge that sends "
            "through it needs a certificate with the same issuer and subject.",
            chosen.lines,
            "hybrid",
            "Certificate requirements for hybrid deployments",
        )
    if chosen.ignore_starttls:
        yield warn(
            "IgnoreSTARTTLS is True: this connector does not use STARTTLS at all. Is it the right one?",
            chosen.lines,
        )


def logging(case: Case) -> tuple[Finding, ...]:
    """What the logging level was, and where the log lies."""
    found: list[Finding] = []
    if case.level_before is LoggingLevel.VERBOSE:
        found.append(good("Logging is Verbose already: nothing to run here. It will stay so at the end."))
    elif case.level_before is LoggingLevel.NONE:
        found.append(info("The level was None; the last step puts it back."))
    elif case.connector:
        found.append(
            info("The level before is not known. None is the default, and what the last step will set."),
        )
    found += [
        info(
            f"The command was shown for {name} too. If it was run there, the last step puts that back as well.",
            id="made-verbose",
        )
        for name in case.others_made_verbose
    ]
    if case.edge:
        found.append(
            warn(
                "On an Edge with an Edge Subscription, run this on a Mailbox server: EdgeSync carries it over.",
                id="edge-logging",
                source="Configure protocol logging",
            )
        )
    found.extend(_log_folder(case))
    return tuple(found)


def _log_folder(case: Case) -> list[Finding]:
    known = [folder for folder in case.folders if not folder.cut]
    if known:
        return [good(f"The log on {f.server or 'the server'}: {f.path}", f.lines, "log-folder") for f in known]
    if case.folders:
        return [warn("The path is cut. The command that shows SendProtocolLogPath prints it whole.", id="path-cut")]
    if case.place and case.place.version:
        relative = default_log_folder(case.place.version, case.place.edge, case.frontend)
        return [info(f"The log, unless it was moved: %ExchangeInstallPath%{relative}", id="log-folder")]
    return [info("Choose version and role to see where the log lies, or ask the server for its SendProtocolLogPath.")]


def log(case: Case) -> tuple[Finding, ...]:
    """What the log shows: the failures, whose certificate it was, and whether this is the article at all."""
    reading = case.log
    if reading is None:
        return ()
    found: list[Finding] = [info(_how_much(case, reading))]
    if case.log_of:
        at = f" If {here(case)} fails otherwise, give its own log here." if here(case) else ""
        found.append(info(f"These are the rows that were given for {case.log_of}.{at}", id="log-of-another"))
    found.extend(_over(case))
    if case.failed and not case.own_failures and case.connector:
        names = (group.connector for group in case.failed)
        found.append(warn(others_failures(names, case.connector), id="other-connector"))
    if there := failing_elsewhere(case):
        where = f" at the step '{words(StepId.CONNECTOR).title}'"
        found.append(warn(article_elsewhere(there, where), id="article-elsewhere"))
    found.extend(_error_findings(case))
    if not case.failures_meant and (case.sessions_meant or not case.failed):
        found.append(_no_failure(case))
    found.extend(_certificate_findings(case))
    found.extend(check for check in checks(case) if check.id == "partner-certificate")
    return tuple(found)


def failing_elsewhere(case: Case) -> tuple[str, ...]:
    """The other connectors that fail as the article has it, while the chosen one fails otherwise."""
    if any(handshake_meaning(group.error).fits for group in case.own_failures) or not case.own_failures:
        return ()
    own = case.own_failures
    others = (group for group in case.failed if group not in own and handshake_meaning(group.error).fits)
    return tuple(dict.fromkeys(group.connector for group in others))


def _how_much(case: Case, reading: LogReading) -> str:
    failed = f"{sum(group.sessions for group in case.failed):,} with a failed handshake"
    if reading.scanned_bytes:
        logs = counted(len(reading.sources), "file") + _in_folders(reading.sources)
        return (
            f"Looked through {size(reading.scanned_bytes)} in {logs}: {failed.replace(' with', ' sessions with', 1)}."
        )
    below = _in_folders(reading.sources)
    files = f", in {counted(len(reading.sources), 'file')}{below}" if below else ""
    return f"Read {counted(reading.rows, 'row')}, {counted(reading.sessions, 'session')}, {failed}{files}."


def _in_folders(sources: tuple[str, ...]) -> str:
    """Which folders below the one that was opened the files lie in; they may be another server's."""
    folders = [path for path in dict.fromkeys(str(PureWindowsPath(name).parent) for name in sources) if path != "."]
    if not folders:
        return ""
    more = f" and {len(folders) - MOST_FOLDERS:,} more" if len(folders) > MOST_FOLDERS else ""
    return f", also in {counted(len(folders), 'folder')} below ({', '.join(folders[:MOST_FOLDERS])}{more})"


MOST_FOLDERS = 3
"""Folders named one by one; the rest is counted."""


def _over(case: Case) -> list[Finding]:
    """A word where the log itself shows that a failure of the article's kind is over."""
    if case.log is None:
        return []
    fitting = [group for group in case.failures_meant if handshake_meaning(group.error).fits]
    successes = [success for group in fitting if (success := recovered(case.log, group))]
    return [
        warn(
            f"After the last failure, session {success.session} at {success.time} succeeded with the same certificate: "
            "it may be mended already. Look at the queue again before you change anything.",
            (success.line,),
            "recovered",
        )
        for success in successes[:1]
    ]


def _error_findings(case: Case) -> list[Finding]:
    """One finding for each error name of the connector's failures, in the order of the table."""
    found: list[Finding] = []
    groups = case.failures_meant
    fitting = any(handshake_meaning(group.error).fits for group in groups)
    for error in dict.fromkeys(group.error for group in groups):
        meaning = handshake_meaning(error)
        lines = tuple(h.line for group in groups if group.error == error for h in group.handshakes[:1])[:1]
        sessions = sum(group.sessions for group in groups if group.error == error)
        # Beside the article's own fault another one is worth a warning; alone it means: not this article.
        tell = {True: good, False: warn if fitting else block, None: warn}[meaning.fits]
        says = f"{error}, {counted(sessions, 'session')}: {meaning.says} {'' if meaning.fits else meaning.next}"
        found.append(tell(says.rstrip(), lines, error, meaning.source))
    return found


def _no_failure(case: Case) -> Finding:
    reading = case.log
    if reading and reading.connectors and case.connector and not case.sessions_meant:
        return warn(
            f"{others_rows(reading.connectors, case.connector)} Wait until it is tried again and read newer rows, or "
            "the log of another server that sends with it.",
            id="other-connector",
        )
    mine = case.connector if case.sessions_meant else ""
    if reading and any(h.error is None and (not mine or logged_as(h.connector, mine)) for h in reading.handshakes):
        return warn(
            "Every handshake in these rows succeeded. If mail is still stuck, these are not its rows: read newer ones, "
            "or open the whole folder.",
            id="healthy",
        )
    if reading and reading.pending:
        return warn(
            "These rows end before the outcome of the handshake, so nothing here proves that it failed. Read the rows "
            "that follow, or the whole folder. Choose the certificate only if you know of UnknownCredentials.",
            reading.pending[-1].certificate.lines[:1],
            "no-outcome",
        )
    if reading and reading.connection_failures:
        return block(
            f"The connection itself failed {counted(reading.connection_failures, 'time')} and no TLS was tried: "
            "network or firewall, not this article.",
            id="network",
        )
    if reading and mine and reading.handshakes:
        return warn(
            f"The sessions of {mine} in these rows show no TLS handshake; those of other connectors do. Is STARTTLS "
            "offered and used? Open the whole folder if these are not all of its rows.",
            id="no-handshake",
        )
    return warn(
        "No TLS handshake in these rows. Wait until Exchange has tried again, then read newer rows, or open the whole "
        "folder. Rows are written with a delay.",
        id="no-handshake",
    )


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
    elif case.candidates and case.failed:
        found.append(
            info(
                f"{counted(len(case.candidates), 'certificate')} of ours failed. Choose the one to bind.",
                id="choose-certificate",
            )
        )
    else:
        found.extend(_no_candidate(group) for group in case.failures_meant if handshake_meaning(group.error).fits)
    return found


def _no_candidate(group: FailureGroup) -> Finding:
    """Why a failure of the article's kind gives no thumbprint."""
    certificate = group.certificate
    if certificate is None:
        return block(
            NO_CERTIFICATE,
            (group.handshakes[0].line,),
            "no-certificate",
        )
    if certificate.thumbprint_as_written:
        return block(
            f"The thumbprint is not whole: {certificate.thumbprint_as_written[:44]}. It is masked, as in the article's "
            "own sample, or cut. Take the rows from your own server's log.",
            certificate.lines,
            "masked",
            "KB 4051498",
        )
    return block(
        "The rows of our certificate hold no thumbprint: some rows are missing. Paste the whole session.",
        certificate.lines,
        "no-thumbprint",
    )


def _named(logged: LoggedCertificate) -> str:
    ends = f", valid until {logged.not_after[:10]}" if logged.not_after else ""
    return f"({logged.subject}{ends})" if logged.subject else ""


def services(case: Case) -> tuple[Finding, ...]:
    """The certificate's services as they are, and what is plainly wrong with it already."""
    now = case.services_now
    if now is None:
        # The refusal of an output that shows other certificates says that already.
        return tuple(check for check in checks(case) if check.id != "not-on-this-server")
    certificate = case.certificate
    lines = certificate.lines if certificate else ()
    first = good(f"Services now: {spelled(now)}.", lines, "services-now")
    return (first, *(check for check in checks(case) if check.id not in _ABOUT_THE_COMMAND))


_ABOUT_THE_COMMAND = frozenset(
    {"iis-named-again", "iis-of-another", "pop-imap-name", "um-named-again", "several-servers", "edge"}
)
"""Checks that speak of the command's wording: said where the command is shown."""


def command(case: Case) -> tuple[Finding, ...]:
    """Before and after, and every check. The reason to prefer either variant stands beside the choice."""
    now = case.services_now
    if now is None or case.logged is None:
        first = block("First the log and the services: without them there is no command to write.", id="not-yet")
        return (first, *checks(case))
    before_after = info(f"Before: {spelled(now)}.  After: {spelled(case.services_wanted)}.", id="before-after")
    return (before_after, *checks(case))


PLACES: tuple[tuple[str, str, Place], ...] = (
    ("mailbox-2019", "Mailbox server, Exchange 2019 or SE", Place(ExchangeVersion.E2019_SE, edge=False)),
    ("mailbox-2013", "Mailbox server, Exchange 2013 or 2016", Place(ExchangeVersion.E2013_2016, edge=False)),
    ("edge-2019", "Edge Transport server, 2019 or SE", Place(ExchangeVersion.E2019_SE, edge=True)),
    ("edge-2013", "Edge Transport server, 2013 or 2016", Place(ExchangeVersion.E2013_2016, edge=True)),
    ("hub-2010", "Hub Transport server, Exchange 2010", Place(ExchangeVersion.E2010, edge=False)),
    ("edge-2010", "Edge Transport server, Exchange 2010", Place(ExchangeVersion.E2010, edge=True)),
)
"""Version and role of the sending server: key, words, value."""
