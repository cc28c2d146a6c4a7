"""The source transport servers of the connector: each binds the certificate for itself.

The case is at one server at a time, and keeps the facts of each that was begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import MappingProxyType

from wizard.case.case import Answer, Answers, Case, Place, SourceServer, StepId, host
from wizard.facts import Certificate, CmdletErrorKind, SendConnector
from wizard.powershell.literal import is_safe


def several(case: Case) -> bool:
    """True if the connector is known to send from more than one server."""
    return len(case.servers) > 1


def here(case: Case) -> str:
    """The listed server the case is at; empty while unknown."""
    known = host(case.here or server_here(case))
    return next((server for server in case.servers if host(server) == known), "") if known else ""


def server_here(case: Case) -> str:
    """The server this case works on, as chosen or as certificate or queues name it; empty while unknown."""
    if case.now.server:
        return case.now.server
    if case.certificate and case.certificate.server:
        return case.certificate.server
    named = {server for queue in case.queues if (server := queue.identity.rpartition("\\")[0])}
    return named.pop() if len(named) == 1 else ""


def servers_unknown(case: Case) -> bool:
    """True if the connector's servers, or their number, are unknown; an Edge sends by itself."""
    connector = case.send_connector
    return not case.edge and (not case.servers or bool(connector and connector.source_servers_cut))


def edge_sync(connector: SendConnector | None) -> bool:
    """True if EdgeSync made the connector: it is configured on the Mailbox side, and its servers are Edges."""
    return connector is not None and (connector.edge_sync or _named_by_edge_sync(connector.name))


def _named_by_edge_sync(connector: str) -> bool:
    return connector.casefold().startswith("edgesync - ")


def sends_from_edges(case: Case) -> bool:
    """True if the case's connector is one that EdgeSync made, by what Exchange shows of it or by its name alone."""
    return edge_sync(case.send_connector) or _named_by_edge_sync(case.connector)


def named_server(case: Case) -> str | None:
    """The server that commands name with -Server; None for an Edge, and while unknown."""
    connector = case.send_connector
    if case.edge or sends_from_edges(case):
        return None
    only = case.servers[0] if connector and len(case.servers) == 1 and not connector.source_servers_cut else ""
    refused = next((e.server for e in case.now.errors if e.kind is CmdletErrorKind.TWIN_WITHOUT_SMTP and e.server), "")
    shown = case.certificate.server if case.certificate and case.certificate.asked else ""
    name = case.now.server or here(case) or only or refused or shown
    return name if name and is_safe(name, "server name") else None


def possible_here(case: Case) -> tuple[str, ...]:
    """The source servers one of which the case is at, while nothing tells which; empty once one is known."""
    connector = case.send_connector
    more = bool(connector and connector.source_servers_cut and case.servers)
    if not (several(case) or more) or case.edge or sends_from_edges(case) or named_server(case):
        return ()
    return tuple(server for server in case.servers if is_safe(server, "server name"))


def other_servers(case: Case) -> tuple[str, ...]:
    """The other servers that a command can name; all of several while the current one is unknown."""
    if not several(case) or sends_from_edges(case):
        return ()
    return tuple(server for server in case.servers if is_safe(server, "server name") and server != here(case))


def at_each(case: Case) -> Iterator[tuple[str, Case]]:
    """Each server that was worked on, with the case at it, in the order of the connector's list.

    The current one comes first if the list lacks it: a connector read again can have lost it, or it is unknown.
    """
    at = here(case)
    if not at:
        yield at, case
    for server in case.servers:
        if server == at or begun(case, server):
            yield server, at_server(case, server)


def known_besides(case: Case) -> Iterator[tuple[str, Case]]:
    """The other listed servers with known facts, each with the case at it."""
    for server in case.servers:
        if server != here(case) and (begun(case, server) or host(server) in case.surveyed):
            yield server, at_server(case, server)


def everywhere(case: Case) -> Iterator[tuple[str, Case]]:
    """The case as it is, and at each other server that was begun, even one the list has lost.

    Each with its host name in `on`.
    """
    yield host(case.here), case
    for name in case.others:
        yield name, at_server(case, next((server for server in case.servers if host(server) == name), name))


def all_certificates(case: Case) -> tuple[Certificate, ...]:
    """The certificates of every server, each once."""
    shown = [each for _server, there in known_besides(case) for each in there.now.certificates]
    surveyed = [each for certificates in case.surveyed.values() for each in certificates]
    return tuple(dict.fromkeys((*case.now.certificates, *shown, *surveyed, *case.elsewhere_listed)))


def begun(case: Case, server: str) -> bool:
    """True if the case was at this server already; certificates in a survey are not enough."""
    return server == here(case) or host(server) in case.others


def at_server(case: Case, server: str, edge: bool | None = None) -> Case:
    """Move the case to another server of the list.

    A new server begins with the certificate that was found, for it is the same connector's, and with its part of a
    survey. Its commands name it with -Server, unless it is an Edge Transport server: there they are run on the server
    itself. `edge` tells which, None keeps it. Facts read while the server was unknown go to the server that is known by
    now.
    """
    if server != here(case):
        on = dict(case.others)
        if left := here(case):
            on[host(left)] = case.now
        on[host(server)] = on.get(host(server)) or _first_visit(case, server)
        case = replace(case, here=server, on=MappingProxyType(on))
    if edge is not None and edge is not case.edge:
        case = as_edge(case, edge)
    return with_survey(case)


def _first_visit(case: Case, server: str) -> SourceServer:
    """A server not begun yet: it takes over the log and its certificate, if the log shows one."""
    now = case.now
    place = Place(now.place.version, edge=False) if now.place and now.place.version else None
    if not now.thumbprint:
        return SourceServer(server=server, place=place)
    return SourceServer(
        answers=_of_the_log(now.answers),
        server=server,
        place=place,
        thumbprint=now.thumbprint,
        log=now.log,
        log_of=(now.log_of or here(case)) if now.log else "",
        failed=now.failed,
    )


def _of_the_log(answers: Answers) -> Answers:
    """The answer of the log's step, for a server that takes over the log."""
    given = answers.get(StepId.LOG)
    return MappingProxyType({StepId.LOG: replace(given, skipped=False, seen=False)} if given else {})


def as_edge(case: Case, edge: bool) -> Case:
    """Mark the server as an Edge Transport server or not: only commands of the latter name it."""
    now = case.now
    place = Place(now.place.version if now.place else None, edge)
    named = case.here if case.others or case.surveyed else ""
    return case.put(replace(now, place=place, server="" if edge else now.server or named))


def with_survey(case: Case) -> Case:
    """Use a survey's facts for the current server, unless its certificates were read otherwise.

    While the server is unknown and nothing was done, go to the first of the connector's servers in the survey.
    """
    now = case.now
    if not case.surveyed or not case.connector or now.certificates:
        return case
    at = _host_here(case)
    if not at and not (now.prompt_answer or now.certificates_after):
        first = next((server for server in case.servers if host(server) in case.surveyed), "")
        if first:
            now = replace(now, server="" if case.edge else first)
            case, at = saying_here(case, first).put(now), host(first)
    shown = case.surveyed.get(at, ())
    if at in case.surveyed_in_part:
        # Absence from an incomplete list says nothing.
        shown = tuple(each for each in shown if each.thumbprint == now.thumbprint)
    return case.put(replace(now, certificates=shown, not_there=(), services_unnamed_for="")) if shown else case


def _host_here(case: Case) -> str:
    """The host of the current server, or the connector's only one; empty if unknown."""
    only = case.servers[0] if len(case.servers) == 1 else ""
    return host(case.here or server_here(case) or only)


def surveying(case: Case, certificates: tuple[Certificate, ...], in_part: Iterable[str] = ()) -> Case:
    """Replace the certificates of servers that name themselves.

    Certificates read before the binding stay: the change is compared with them. `in_part` are servers whose list may be
    incomplete.
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
    if at in shown and not (case.now.prompt_answer or case.now.certificates_after):
        case = case.put(replace(case.now, certificates=()))
    return with_survey(case)


def for_connector(case: Case, name: str) -> Case:
    """Choose this connector, and leave the current server if it does not send from it."""
    case = replace(case, connector=name, typed_name="")
    hosts = {host(server) for server in case.servers}
    if case.here and hosts and host(case.here) not in hosts:
        now = case.now
        kept = SourceServer(_only_seen(now.answers), log=now.log, log_of=now.log_of, failed=now.failed)
        case = replace(case, here="", on=MappingProxyType({**case.others, "": kept}))
    only = case.only_candidate
    if only and not case.now.thumbprint:
        # The log was read for another connector, and showed nothing to bind for that one.
        case = case.put(replace(case.now, thumbprint=only.thumbprint or ""))
    return with_survey(case)


def about_connector(case: Case, name: str, thumbprint: str) -> Case:
    """Choose this connector's failure with this certificate, if several connectors fail."""
    case = for_connector(case, name)
    return with_survey(case.put(replace(case.now, thumbprint=thumbprint)))


def _only_seen(answers: Answers) -> Answers:
    """The answers reduced to which steps were shown."""
    return MappingProxyType({step: Answer(seen=True) for step, answer in answers.items() if answer.seen})


def saying_here(case: Case, server: str) -> Case:
    """Say which server of the list the case was at until now."""
    on = {name: kept for name, kept in case.on.items() if name != host(case.here)}
    return replace(case, here=server, on=MappingProxyType({**on, host(server): case.now}))
