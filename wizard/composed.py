"""The commands of each step for one case: which of `commands` it hands out, and where their parts come from."""

from __future__ import annotations

from collections.abc import Callable

from wizard import commands as write
from wizard.case import Case, StepId, Variant, host
from wizard.commands import BindOrigins, Command, DefaultFolder, KnownFolder, LogPlace
from wizard.connectornames import same_name
from wizard.facts import LogFolder, LoggingLevel, Service
from wizard.fitness import blocked
from wizard.fitness_chosen import Chosen
from wizard.fitness_services import iis_of_another
from wizard.logfolders import ExchangeVersion, default_log_folder
from wizard.powershell import is_safe
from wizard.proof import default_replaced
from wizard.servers import begun, here, other_servers


def commands_of(step: StepId, case: Case) -> tuple[Command, ...]:
    """The commands of a step for this case, the one to run first at the front; none while facts are missing."""
    return _COMPOSERS[step](case)


def bind_commands(case: Case) -> tuple[Command, ...]:
    """The binding line of the chosen variant and then the other one; none when a check speaks against binding."""
    services = case.services_now
    # A certificate the log does not show any more, such as after another connector was chosen, is not bound.
    if services is None or case.logged is None or blocked(case):
        return ()
    origins = BindOrigins(
        thumbprint=_thumbprint_origin(case),
        smtp="KB step 4: what is missing",
        services=_services_origin(case),
        server=_server_origin(case),
    )
    merged = write.bind(case.thumbprint, services_named(case), case.server or None, origins)
    smallest = write.bind_smallest(case.thumbprint, case.server or None, origins)
    if merged.text == smallest.text:
        return (merged,)
    return (merged, smallest) if case.variant is Variant.MERGED else (smallest, merged)


def services_named(case: Case) -> frozenset[Service]:
    """The services the merged form names: all there should be, but those the cmdlet does not take.

    IIS is not named where another certificate has it as well: that would take its web site from it.
    """
    left_out = {Service.FEDERATION}
    if case.certificate and iis_of_another(Chosen(case, case.certificate)):
        left_out.add(Service.IIS)
    if case.place and case.place.version is ExchangeVersion.E2019_SE:
        # Those versions have no Unified Messaging (Enable-ExchangeCertificate).
        left_out |= {Service.UM, Service.UM_CALL_ROUTER}
    return frozenset(case.services_wanted) - left_out


def undo_command(case: Case) -> Command | None:
    """The line that makes the previous default certificate the default again, while its thumbprint is known."""
    current = case.prompt.current if case.prompt else None
    if not current or current == case.thumbprint:
        return None
    return write.undo_default(current, case.server or None, origin="the question Exchange asked: Current certificate")


def bind_elsewhere(case: Case) -> tuple[Command, ...]:
    """For each other source transport server not begun: the smallest line, which needs no knowledge of its services.

    None for Edge Transport servers: there the line is run on the server itself.
    """
    if case.edge or not bind_commands(case):
        return ()
    return tuple(
        write.bind_smallest(case.thumbprint, server) for server in other_servers(case) if not begun(case, server)
    )


def log_places(case: Case) -> tuple[LogPlace, ...]:
    """Where the log lies, each place once: as the servers said, else the default folder of version and role."""
    paths: dict[str, list[str]] = {}
    for folder in _folders_here(case):
        if folder.path and not folder.cut and is_safe(folder.path, "path"):
            paths.setdefault(folder.path, []).append(folder.server)
    if paths:
        return tuple(
            KnownFolder(path, f"SendProtocolLogPath of {' and '.join(filter(None, servers)) or 'the server'}")
            for path, servers in paths.items()
        )
    return (DefaultFolder(default_log_folder(_version(case), case.edge, case.frontend)),)


def _folders_here(case: Case) -> tuple[LogFolder, ...]:
    """The log folders of the server the case is at, where it is among them; else all."""
    at = here(case)
    own = tuple(folder for folder in case.folders if not folder.server or host(folder.server) == host(at))
    return own if at and len(case.servers) > 1 else case.folders


def _thumbprint_origin(case: Case) -> str:
    logged = case.logged
    line = (
        next((line for line in reversed(logged.lines) if case.thumbprint in line.text.upper()), None)
        if logged
        else None
    )
    return f"the log: {line.place}" if line else "the log"


def _services_origin(case: Case) -> str:
    lines = case.certificate.lines if case.certificate else ()
    line = next((line for line in lines if "services" in line.text.casefold()), None)
    return f"the services it has now: {line.place}" if line else "the services it has now"


def _server_origin(case: Case) -> str:
    lines = case.send_connector.lines if case.send_connector else ()
    line = next((line for line in lines if "sourcetransportservers" in line.text.casefold()), None)
    return f"the servers the connector sends from: {line.place}" if line else ""


def _identity(case: Case) -> tuple[str, str]:
    connector = case.send_connector
    return case.connector, connector.guid if connector else ""


def _version(case: Case) -> ExchangeVersion:
    return (case.place.version if case.place else None) or ExchangeVersion.E2019_SE


def _symptom(_case: Case) -> tuple[Command, ...]:
    return (write.read_queues(),)


def _connector(case: Case) -> tuple[Command, ...]:
    if _version(case) is ExchangeVersion.E2010:
        return (write.read_connectors(), write.survey_list(edge=case.edge))
    return (write.read_connectors(), write.survey(edge=case.edge))


def _logging(case: Case) -> tuple[Command, ...]:
    path = write.read_log_path(_version(case), case.frontend)
    if not case.connector or case.level_before is LoggingLevel.VERBOSE:
        return (path,)
    return (write.enable_logging(*_identity(case), origin="the connector you chose"), path)


def _log(case: Case) -> tuple[Command, ...]:
    old = _version(case) is ExchangeVersion.E2010
    return tuple(write.read_log(place, old_shell=old) for place in log_places(case))


def _services(case: Case) -> tuple[Command, ...]:
    if not case.thumbprint:
        return ()
    server = case.server or None
    return (
        write.read_certificate(case.thumbprint, server, origin=_thumbprint_origin(case)),
        write.read_certificates(server),
    )


def _prompt(case: Case) -> tuple[Command, ...]:
    return bind_commands(case)[:1]


def _undo(case: Case) -> tuple[Command, ...]:
    if not default_replaced(case):
        return ()
    undo = undo_command(case)
    return (undo,) if undo else (write.read_certificates(case.server or None),)


def _verify(case: Case) -> tuple[Command, ...]:
    if not case.thumbprint:
        return ()
    return (write.verify(case.thumbprint, case.server or None, origin=_thumbprint_origin(case)),)


def _retry(case: Case) -> tuple[Command, ...]:
    return (write.retry_queue(case.server or None), write.read_queues(case.server or None))


def _restore(case: Case) -> tuple[Command, ...]:
    """What puts the logging back and shows it; then the same for connectors that were chosen before this one."""
    if not case.connector:
        return ()
    others = (
        command for name in case.others_made_verbose for command in _restoring(case, name, case.level_shown_after(name))
    )
    return (*_restoring(case, case.connector, case.level_after), *others)


def _restoring(case: Case, connector: str, after: LoggingLevel | None) -> tuple[Command, ...]:
    """The lines for one connector; `after` is its level as it was read again."""
    known = next((each for each in case.connectors if same_name(each.name, connector)), None)
    name, guid = connector, known.guid if known else ""
    if not (is_safe(name) or guid):
        # Its output was replaced since by one without it.
        return ()
    before = known.logging_level if known else None
    check = write.read_connector(name, guid)
    if before is LoggingLevel.VERBOSE and after is not LoggingLevel.NONE:
        return (check,)
    origin = "what it was before" if before else "the default: what it was before is not known"
    return (
        write.restore_logging(name, guid, before or LoggingLevel.NONE, level_origin=origin, known=bool(before)),
        check,
    )


_COMPOSERS: dict[StepId, Callable[[Case], tuple[Command, ...]]] = {
    StepId.SYMPTOM: _symptom,
    StepId.CONNECTOR: _connector,
    StepId.LOGGING: _logging,
    StepId.LOG: _log,
    StepId.SERVICES: _services,
    StepId.COMMAND: bind_commands,
    StepId.PROMPT: _prompt,
    StepId.UNDO: _undo,
    StepId.VERIFY: _verify,
    StepId.RETRY: _retry,
    StepId.SESSION: _log,
    StepId.SERVERS: lambda _case: (),
    StepId.RESTORE: _restore,
}
