"""The step over all source transport servers of the connector: each binds the certificate for itself.

The case is at one server at a time and keeps the facts of the others, so going to another loses nothing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wizard.case.case import Case, StepId, host
from wizard.case.servers import at_server, begun, here, several
from wizard.facts import Service, spelled
from wizard.findings import Finding, Level, block, good, info, warn
from wizard.fitness import checks
from wizard.powershell.literal import is_safe
from wizard.steps.log import healthy
from wizard.steps.parts import HERE, Choice, Proof, Standing, Step, each_server, said_server
from wizard.steps.prompt import default_proof
from wizard.steps.retry import queue_proof
from wizard.steps.services import services_proof
from wizard.steps.session import session_proof


class Stand(enum.Enum):
    """The state of a server; the value is its word."""

    DONE = "done"
    BEGUN = "not proven yet"
    WITHOUT = "the certificate is not there"
    STOPPED = "not to be bound"
    OPEN = "not begun"


@dataclass(frozen=True, slots=True)
class ServerLine:
    """A server of the list: name, state, whether the case is at it, and a sentence."""

    name: str
    stand: Stand
    here: bool
    says: str


def lines(case: Case) -> tuple[ServerLine, ...]:
    """Every server of the connector and its state, in the order of the list."""
    return tuple(_line(case, server) for server in case.servers)


def still_open(case: Case) -> tuple[str, ...]:
    """The servers that are not done."""
    return tuple(line.name for line in lines(case) if line.stand is not Stand.DONE)


def findings(case: Case) -> tuple[Finding, ...]:
    """One sentence for each server, and the doubts about the list."""
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


def _line(case: Case, server: str) -> ServerLine:
    if not here(case):
        return ServerLine(server, Stand.OPEN, False, "it is not known which of the servers the outputs are from.")
    stand, says = _stand(at_server(case, server))
    if not begun(case, server) and stand in {Stand.OPEN, Stand.BEGUN}:
        known = says if at_server(case, server).services_now is not None else _ON_EACH
        stand, says = Stand.OPEN, f"not begun. {known}"
    bound, meant = case.others.get(host(server), case.now).thumbprint, case.now.thumbprint
    if stand is Stand.DONE and bound != meant:
        stand, says = Stand.BEGUN, f"done for {bound}, but this case is about {meant} now."
    return ServerLine(server, stand, server == here(case), says)


def _stand(case: Case) -> tuple[Stand, str]:
    """The state of the current server, with a sentence."""
    services, default, now = services_proof(case), default_proof(case), case.services_now
    if default.standing is Standing.FAILED:
        return Stand.BEGUN, "you answered Y: the earlier default certificate has to be put back."
    if services.standing is Standing.PROVEN:
        return _bound(case, services, default)
    if healthy(case):
        return Stand.DONE, "nothing fails there, as its log shows."
    listed = case.now.not_there or (case.now.certificates if len(case.now.certificates) > 1 else ())
    if listed and case.now.thumbprint and all(certificate.thumbprint != case.now.thumbprint for certificate in listed):
        return Stand.WITHOUT, (
            "the certificate is not on this server. Export it with its private key from a server that has it, import "
            "it here, and read the services again."
        )
    stop = next((check for check in checks(case) if check.level is Level.BLOCK), None)
    if stop:
        return Stand.STOPPED, stop.text
    if now is None:
        missing = "its services were not read there" if case.now.thumbprint else "the log has shown no certificate yet"
        return Stand.OPEN, f"not begun: {missing}."
    if Service.SMTP in now and case.certificate_after is None:
        return Stand.DONE, f"SMTP was bound already; services are {spelled(now)}."
    if case.now.prompt_answer or case.certificate_after:
        return Stand.BEGUN, f"{services.because}."
    others = f"; services are {spelled(now)}" if now else ", as every service is"
    return Stand.BEGUN, f"SMTP is missing there{others}."


_ON_EACH = "It has to be bound there separately."


def _bound(case: Case, services: Proof, default: Proof) -> tuple[Stand, str]:
    """The state of a server on which SMTP is bound now."""
    session = session_proof(case)
    failed = next((proof for proof in (session, queue_proof(case)) if proof.standing is Standing.FAILED), None)
    open_ = failed or (default if default.standing is Standing.OPEN else None)
    if open_:
        return Stand.BEGUN, f"SMTP is bound, but {open_.because}."
    unproven = f"; {session.because}" if session.standing is Standing.OPEN else ""
    return Stand.DONE, f"SMTP is bound; {services.because}{unproven}."


_NAMED = "its commands name it with -Server; its log is on that server"

_ON_IT = "run its commands on the Edge itself"

AT, EDGE = "at ", "edge "
"""Prefixes of the choices' keys; a server's name follows."""


def server_choices(case: Case) -> tuple[Choice, ...]:
    """Ask for the current server while it is unknown, then where to go. Finished servers are not offered."""
    if not here(case):
        return each_server(case)
    choices: list[Choice] = []
    # Finished ones stand last: a person may have to come back.
    for line in sorted(lines(case), key=lambda line: line.stand is Stand.DONE):
        if not is_safe(line.name, "server name"):
            continue
        there = at_server(case, line.name)
        done = line.stand is Stand.DONE
        edge = begun(case, line.name) and there.edge
        go = "look at it again" if done else "go on there"
        choices.append(Choice(AT + line.name, f"{line.name}: {go}", _ON_IT if edge else "" if done else _NAMED))
        if not (done or edge or there.now.prompt_answer):
            choices.append(
                Choice(EDGE + line.name, f"{line.name}, if it is an Edge Transport server: go on there", _ON_IT)
            )
    return tuple(choices)


def choose_server(case: Case, key: str) -> Case:
    """Go to this server, or say which one the case was at."""
    if key.startswith(EDGE):
        return _past_the_log(at_server(case, key.removeprefix(EDGE), edge=True))
    if key.startswith(AT):
        return _past_the_log(at_server(case, key.removeprefix(AT)))
    return said_server(case, key)


def _past_the_log(case: Case) -> Case:
    """Skip the log where another server's has shown the certificate, unless this server's own was given."""
    own = case.answer(StepId.LOG).finished
    return case.skipping(StepId.LOG) if case.now.thumbprint and not own else case


def to_the_server(case: Case, key: str) -> StepId | None:
    """Lead to the server's first step: its certificate, or its log while no log has shown one."""
    if key.startswith(HERE):
        return None
    return StepId.SERVICES if case.now.thumbprint else StepId.LOG


def _missing(case: Case) -> str:
    if not here(case):
        return "Say first which of the servers you have worked on."
    names = still_open(case)
    return f"Still open: {', '.join(names)}." if names else ""


def _basis(case: Case) -> tuple[str, ...]:
    stands = (part for line in lines(case) for part in (line.name, f"stand: {line.stand.value}"))
    return (case.now.thumbprint, *stands)


STEP = Step(
    StepId.SERVERS,
    findings=findings,
    missing=_missing,
    basis=_basis,
    choices=server_choices,
    choose=choose_server,
    leads=to_the_server,
    question="Which server?",
    skip="Leave them open",
    applies=several,
    otherwise=lambda case: not _missing(case),
    afterwards=True,
    hub=True,
)
