"""The step that turns the protocol log on, and finds its folder."""

from __future__ import annotations

from dataclasses import replace

from wizard.case.case import Case, Place, StepId
from wizard.case.servers import as_edge, edge_sync
from wizard.facts import ExchangeVersion, LogFolder, LoggingLevel, Reading, default_log_folder, same_name
from wizard.findings import Finding, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind
from wizard.steps.connector import take_survey
from wizard.steps.parts import Choice, Step, Taken, remarks, version_of


def logging(case: Case) -> tuple[Finding, ...]:
    """The logging level before, and the log's folder."""
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
    if edge_sync(case.send_connector):
        found.append(
            warn(
                "EdgeSync made this connector for an Edge: run this on the Mailbox server side and let EdgeSync "
                "carry it over.",
                id="edge-sync",
                source="Configure protocol logging",
            )
        )
    elif case.edge:
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
    if case.now.place and case.now.place.version:
        relative = default_log_folder(case.now.place.version, case.now.place.edge, case.frontend)
        return [info(f"The log, unless it was moved: %ExchangeInstallPath%{relative}", id="log-folder")]
    return [info("Choose version and role to see where the log lies, or ask the server for its SendProtocolLogPath.")]


SERVER_KINDS: tuple[tuple[str, str, Place], ...] = (
    ("mailbox-2019", "Mailbox server, Exchange 2019 or SE", Place(ExchangeVersion.E2019_SE, edge=False)),
    ("mailbox-2013", "Mailbox server, Exchange 2013 or 2016", Place(ExchangeVersion.E2013_2016, edge=False)),
    ("edge-2019", "Edge Transport server, 2019 or SE", Place(ExchangeVersion.E2019_SE, edge=True)),
    ("edge-2013", "Edge Transport server, 2013 or 2016", Place(ExchangeVersion.E2013_2016, edge=True)),
    ("hub-2010", "Hub Transport server, Exchange 2010", Place(ExchangeVersion.E2010, edge=False)),
    ("edge-2010", "Edge Transport server, Exchange 2010", Place(ExchangeVersion.E2010, edge=True)),
)
"""Version and role of the sending server: key, words, value."""


def _identity(case: Case) -> tuple[str, str]:
    connector = case.send_connector
    return case.connector, connector.guid if connector else ""


def _commands(case: Case) -> tuple[Command, ...]:
    path = write.read_log_path(version_of(case), case.frontend)
    if not case.connector or case.level_before is LoggingLevel.VERBOSE:
        return (path,)
    return (write.enable_logging(*_identity(case), origin="the connector you chose"), path)


def place_choices(case: Case) -> tuple[Choice, ...]:
    """Versions and roles of the sending server."""
    return tuple(Choice(key, text, chosen=case.now.place == place) for key, text, place in SERVER_KINDS)


def choose_place(case: Case, key: str) -> Case:
    """Set version and role of the server."""
    place = next(place for name, _text, place in SERVER_KINDS if name == key)
    return as_edge(case.put(replace(case.now, place=place)), place.edge)


def _put(case: Case, folders: tuple[LogFolder, ...]) -> Case:
    """Store the servers' send log folders."""
    return replace(case, log_folders=folders)


def _take(case: Case, reading: Reading[LogFolder]) -> Taken:
    return Taken(_put(case, reading.facts), bool(reading.facts), StepId.LOGGING, remarks(reading))


def _handed_out(case: Case) -> Case:
    """Note that the command that turns logging on was shown: it may have been run since."""
    if not case.connector or case.level_before is LoggingLevel.VERBOSE:
        return case
    known = any(same_name(name, case.connector) for name in case.made_verbose)
    return case if known else replace(case, made_verbose=(*case.made_verbose, case.connector))


def _missing(_case: Case) -> str:
    return ""


def _basis(case: Case) -> tuple[str, ...]:
    return (case.connector,)


STEP = Step(
    StepId.LOGGING,
    findings=logging,
    missing=_missing,
    commands=_commands,
    takes={
        Kind.LOG_FOLDERS: _take,
        Kind.SURVEY: lambda case, survey: take_survey(case, StepId.LOGGING, survey),
    },
    puts={Kind.LOG_FOLDERS: _put},
    basis=_basis,
    choices=place_choices,
    choose=choose_place,
    question="Which kind of server sends it? You may leave this open.",
    shown=_handed_out,
    otherwise=lambda case: case.level_before is LoggingLevel.VERBOSE,
    sample="transport-services.txt",
)
