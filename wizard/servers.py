"""Every source transport server of the connector: a certificate is bound on each by itself.

The case is at one server at a time; what belongs to the others is set aside in it. Going to another
server keeps everything that is known of both.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from wizard.case import Case, Place, ServerState, StepId
from wizard.facts import Certificate, Service, spelled
from wizard.findings import Finding, Level, block, good, info, warn
from wizard.fitness import checks
from wizard.powershell import is_safe
from wizard.proof import Standing, proofs

ON_EACH = frozenset(
    {
        StepId.LOG,
        StepId.SERVICES,
        StepId.COMMAND,
        StepId.PROMPT,
        StepId.UNDO,
        StepId.VERIFY,
        StepId.RETRY,
        StepId.SESSION,
    }
)
"""The steps that are gone through for each server."""

_STEPWISE = frozenset({"typed", "opened_paths", "settled", "skipped"})


class Stand(enum.Enum):
    """How far one server is; the value is the word for it."""

    DONE = "done"
    BEGUN = "not proven yet"
    WITHOUT = "the certificate is not there"
    STOPPED = "not to be bound"
    OPEN = "not begun"


_ID = {stand: f"server-{stand.name.lower()}" for stand in Stand}


@dataclass(frozen=True, slots=True)
class ServerLine:
    """One server of the list: its name, how far it is, whether the case is at it, and a sentence about it."""

    name: str
    stand: Stand
    here: bool
    says: str


def host(server: str) -> str:
    """A server's name without its domain, for comparing: `EX01.contoso.com` and `ex01` are one."""
    return server.partition(".")[0].casefold()


def several(case: Case) -> bool:
    """Whether the connector sends from more than one server, as far as is known."""
    return len(case.servers) > 1


def here(case: Case) -> str:
    """The server of the list that the case is at; empty while nothing tells which that is."""
    known = host(case.here or server_here(case))
    return next((server for server in case.servers if host(server) == known), "") if known else ""


def server_here(case: Case) -> str:
    """The server this case works on, as named or as certificate or queues name it; empty while nothing does."""
    if case.server:
        return case.server
    if case.certificate and case.certificate.server:
        return case.certificate.server
    named = {server for queue in case.queues if (server := queue.identity.rpartition("\\")[0])}
    return named.pop() if len(named) == 1 else ""


def other_servers(case: Case) -> tuple[str, ...]:
    """The servers besides the one the case is at, those a command can name; all of several while nothing tells it."""
    if not several(case):
        return ()
    return tuple(server for server in case.servers if is_safe(server, "server name") and server != here(case))


def at_each(case: Case) -> Iterator[tuple[str, Case]]:
    """Each server that was worked on with the case as it is there, the one the case is at first."""
    yield here(case), case
    for server in case.elsewhere:
        yield server, at_server(case, server)


def at_server(case: Case, server: str, edge: bool | None = None) -> Case:
    """The case at another server of the list.

    A server that is new begins with the certificate that was found, for it is the same connector's,
    and with nothing else. Its commands name it with -Server, but for an Edge Transport server: there
    they are run on the server itself.
    """
    if server == here(case):
        return case
    aside = dict(case.elsewhere)
    if left := here(case):
        aside[left] = _state_of(case)
    state = aside.pop(server, None)
    if state is None or state.log is None:
        state = _new_state(case, server, edge, state.certificates if state else ())
    return replace(case, **_values(state, case), here=server, elsewhere=MappingProxyType(aside))


def begun(case: Case, server: str) -> bool:
    """Whether something was done on a server already; that its certificates were read is not enough."""
    return server == here(case) or (server in case.elsewhere and case.elsewhere[server].log is not None)


def with_survey(case: Case) -> Case:
    """The case with the certificates of a survey on the servers they are of; what was read there since stays."""
    if not case.surveyed or not case.connector or case.certificates:
        return case
    return with_certificates(case, case.surveyed)


def with_certificates(case: Case, certificates: tuple[Certificate, ...]) -> Case:
    """The case with certificates that say which server they are on, each taken to its own.

    Those of no server in the list, or that name none, are taken to be of the server the case is at.
    """
    if not several(case) or not any(certificate.server for certificate in certificates):
        return replace(case, certificates=certificates)
    own = {server: tuple(each for each in certificates if host(each.server) == host(server)) for server in case.servers}
    at = here(case) or next((server for server in case.servers if own[server]), "")
    if not at:
        return replace(case, certificates=certificates)
    others = {server for server in case.servers if server != at and own[server]}
    rest = tuple(each for each in certificates if not any(each in own[server] for server in others))
    aside = dict(case.elsewhere)
    for server in others:
        known = aside.get(server, ServerState(server))
        aside[server] = replace(known, certificates=own[server])
    server = case.server or ("" if case.edge else at)
    return replace(case, here=at, server=server, certificates=rest, elsewhere=MappingProxyType(aside))


def saying_here(case: Case, server: str) -> Case:
    """The case after the person said which server of the list it was at until now."""
    return replace(case, here=server)


def lines(case: Case) -> tuple[ServerLine, ...]:
    """Every server of the connector and how far it is, in the order of the list."""
    known = {name: each for name, each in at_each(case) if name}
    at = here(case)
    return tuple(_line(server, known.get(server), at) for server in case.servers)


def still_open(case: Case) -> tuple[str, ...]:
    """The servers that are not done."""
    return tuple(line.name for line in lines(case) if line.stand is not Stand.DONE)


def findings(case: Case) -> tuple[Finding, ...]:
    """One sentence for each server, and what makes the list uncertain."""
    tell = {Stand.DONE: good, Stand.WITHOUT: block, Stand.STOPPED: block, Stand.BEGUN: warn, Stand.OPEN: info}
    found = [
        tell[line.stand](f"{line.name}: {line.says}", id=f"server-{line.stand.name.lower()}") for line in lines(case)
    ]
    connector = case.send_connector
    if connector and connector.source_servers_cut:
        found.append(
            warn(
                "The list of the connector's servers is cut: there are more. Read the connector again with the "
                "wizard's command.",
                connector.lines,
                "servers-cut",
            )
        )
    return tuple(found)


def _line(server: str, at: Case | None, here: str) -> ServerLine:
    if at is None and not here:
        return ServerLine(server, Stand.OPEN, False, "not known whether it is the one that was worked on.")
    if at is None:
        return ServerLine(server, Stand.OPEN, False, "not begun. The certificate is bound on each server by itself.")
    stand, says = _stand(at)
    return ServerLine(server, stand, server == here, says)


def _stand(case: Case) -> tuple[Stand, str]:
    """How far the server that the case is at is, with a sentence."""
    services = next(proof for proof in proofs(case) if proof.id == "services")
    default = next(proof for proof in proofs(case) if proof.id == "default")
    if services.standing is Standing.PROVEN:
        if default.standing is Standing.FAILED:
            return Stand.BEGUN, f"SMTP is bound, but {default.because}: the default certificate has to be put back."
        return Stand.DONE, f"SMTP is bound; {services.because}."
    shown = case.not_there or (case.certificates if len(case.certificates) > 1 else ())
    if shown and case.thumbprint and all(certificate.thumbprint != case.thumbprint for certificate in shown):
        return Stand.WITHOUT, (
            "the certificate is not on this server. Export it with its private key from a server that has it, import "
            "it here, and read the services again."
        )
    stop = next((check for check in checks(case) if check.level is Level.BLOCK), None)
    if stop:
        return Stand.STOPPED, stop.text
    now = case.services_now
    if now is None:
        return Stand.OPEN, "not begun: the certificate's services were not read there."
    if Service.SMTP in now and case.certificate_after is None:
        return Stand.DONE, f"SMTP was bound already; services are {spelled(now)}."
    return Stand.BEGUN, f"{services.because}."


def _state_of(case: Case) -> ServerState:
    """What belongs to the server that the case is at."""
    values: dict[str, Any] = {}
    for each in fields(ServerState):
        value = getattr(case, each.name)
        if each.name == "skipped":
            value = value & ON_EACH
        elif each.name in _STEPWISE:
            value = MappingProxyType({step: kept for step, kept in value.items() if step in ON_EACH})
        values[each.name] = value
    return ServerState(**values)


def _new_state(case: Case, server: str, edge: bool | None, certificates: tuple[Certificate, ...] = ()) -> ServerState:
    """A server that nothing was done on yet: the log and its certificate are carried over."""
    place = case.place
    if edge is not None and (place is None or place.edge is not edge):
        place = Place(place.version if place else None, edge)
    kept = {StepId.LOG}
    return ServerState(
        server="" if place and place.edge else server,
        place=place,
        thumbprint=case.thumbprint,
        log=case.log,
        failed=case.failed,
        certificates=certificates,
        typed=MappingProxyType({step: text for step, text in case.typed.items() if step in kept}),
        opened_paths=MappingProxyType({step: path for step, path in case.opened_paths.items() if step in kept}),
        settled=MappingProxyType({step: basis for step, basis in case.settled.items() if step in kept}),
    )


def _values(state: ServerState, case: Case) -> dict[str, Any]:
    """The fields of a case at the server with this state: of the steps that belong to no server, what the case has."""
    values = {each.name: getattr(state, each.name) for each in fields(state)}
    values["skipped"] = (case.skipped - ON_EACH) | state.skipped
    for name in _STEPWISE - {"skipped"}:
        shared = {step: kept for step, kept in getattr(case, name).items() if step not in ON_EACH}
        values[name] = MappingProxyType({**shared, **getattr(state, name)})
    return values
