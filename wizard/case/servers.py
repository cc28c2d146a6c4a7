"""Every source transport server of the connector: a certificate is bound on each by itself.

The case is at one server at a time; what belongs to the others is set aside in it. Going to another
server keeps everything that is known of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from wizard.case.case import Case, Place, ServerState, StepId, host
from wizard.facts import Certificate
from wizard.powershell.literal import is_safe

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
    for server in case.servers:
        if server != here(case) and begun(case, server):
            yield server, at_server(case, server)


def begun(case: Case, server: str) -> bool:
    """Whether the case was at this server already; that a survey shows its certificates is not enough."""
    return server == here(case) or host(server) in case.elsewhere


def at_server(case: Case, server: str, edge: bool | None = None) -> Case:
    """The case at another server of the list.

    A server that is new begins with the certificate that was found, for it is the same connector's,
    and with what a survey shows of it. Its commands name it with -Server, but for an Edge Transport
    server: there they are run on the server itself. `edge` says which it is, None where that stays.
    """
    if server != here(case):
        aside = dict(case.elsewhere)
        if left := here(case):
            aside[host(left)] = _state_of(case)
        state = aside.pop(host(server), None) or _new_state(case, server)
        case = replace(case, **_values(state, case), here=server, elsewhere=MappingProxyType(aside))
    if edge is not None and edge is not case.edge:
        case = as_edge(case, edge)
    return with_survey(case)


def as_edge(case: Case, edge: bool) -> Case:
    """The case where its server is an Edge Transport server, or is none: only another's commands can name it."""
    place = Place(case.place.version if case.place else None, edge)
    named = case.here if case.elsewhere or case.surveyed else ""
    return replace(case, place=place, server="" if edge else case.server or named)


def with_survey(case: Case) -> Case:
    """The case with what a survey shows of its server, unless the certificates there were read otherwise.

    Where nothing tells which server the case is at, and nothing was done yet, it goes to the first of
    the connector's servers that the survey shows.
    """
    if not case.surveyed or not case.connector or case.certificates:
        return case
    at = _host_here(case)
    if not at and not (case.prompt_answer or case.certificates_after):
        first = next((server for server in case.servers if host(server) in case.surveyed), "")
        if first:
            case, at = replace(case, here=first, server="" if case.edge else first), host(first)
    shown = case.surveyed.get(at, ())
    if at in case.surveyed_in_part:
        # What is missing from a list in part says nothing.
        shown = tuple(each for each in shown if each.thumbprint == case.thumbprint)
    return replace(case, certificates=shown, not_there=(), services_unnamed_for="") if shown else case


def _host_here(case: Case) -> str:
    """The host of the server the case is at, the only one where the connector has no other; empty if not known."""
    only = case.servers[0] if len(case.servers) == 1 else ""
    return host(case.here or server_here(case) or only)


def surveying(case: Case, certificates: tuple[Certificate, ...], in_part: Iterable[str] = ()) -> Case:
    """The case with certificates that say which server they are on, in place of what it knew of those servers.

    What was read of a server before its certificate was bound stays: it is what the change is held against.
    `in_part` are servers whose list may not be whole.
    """
    shown: dict[str, tuple[Certificate, ...]] = {}
    for each in certificates:
        shown[host(each.server)] = (*shown.get(host(each.server), ()), each)
    whole = case.surveyed_in_part - shown.keys()
    case = replace(
        case,
        surveyed=MappingProxyType({**case.surveyed, **shown}),
        surveyed_in_part=whole | {host(server) for server in in_part},
    )
    at = _host_here(case)
    if at in shown and not (case.prompt_answer or case.certificates_after):
        case = replace(case, certificates=())
    return with_survey(case)


def for_connector(case: Case, name: str) -> Case:
    """The case for this connector; where it does not send from the server the case was at, that is left."""
    case = replace(case, connector=name, typed_name="")
    hosts = {host(server) for server in case.servers}
    if case.here and hosts and host(case.here) not in hosts:
        case = replace(
            case, **_values(ServerState("", log=case.log, log_of=case.log_of, failed=case.failed), case), here=""
        )
    only = case.only_candidate
    if only and not case.thumbprint:
        # The log was read while another connector was chosen, and showed nothing to bind for that one.
        case = replace(case, thumbprint=only.thumbprint or "")
    return with_survey(case)


def saying_here(case: Case, server: str) -> Case:
    """The case after the person said which server of the list it was at until now."""
    return replace(case, here=server)


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


def _new_state(case: Case, server: str) -> ServerState:
    """A server that nothing was done on yet: the log and its certificate are carried over, where it shows one."""
    place = Place(case.place.version, edge=False) if case.place and case.place.version else None
    if not case.thumbprint:
        return ServerState(server=server, place=place)
    kept = {StepId.LOG}
    return ServerState(
        server=server,
        place=place,
        thumbprint=case.thumbprint,
        log=case.log,
        log_of=(case.log_of or here(case)) if case.log else "",
        failed=case.failed,
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
