"""The answers that a step offers, and what the case is after each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wizard import reported, servers
from wizard.case import Case, PromptAnswer, StepId, Variant
from wizard.composed import bind_commands, services_named, undo_command
from wizard.facts import spelled
from wizard.findings import Finding, Level, counted
from wizard.fitness import blocked, checks
from wizard.powershell import is_safe
from wizard.proof import healthy


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. `key` names it; `detail` is what sets it apart from the others."""

    key: str
    text: str
    detail: str = ""
    chosen: bool = False


def choose_connector(case: Case, key: str) -> Case:
    """The case for this Send connector."""
    return servers.for_connector(case, key)


def connector_choices(case: Case) -> tuple[Choice, ...]:
    """The connectors that a command can address, each with what sets it apart."""
    return tuple(
        Choice(
            connector.name,
            connector.name,
            ", ".join(
                part
                for part in (
                    f"to {' '.join(connector.address_spaces)}" if connector.address_spaces else "",
                    f"via {' '.join(connector.smart_hosts)}" if connector.smart_hosts else "",
                    "disabled" if connector.enabled is False else "",
                )
                if part
            ),
            chosen=connector.name == case.connector,
        )
        for connector in case.usable_connectors
    )


def place_choices(case: Case) -> tuple[Choice, ...]:
    """Versions and roles of the sending server."""
    return tuple(Choice(key, text, chosen=case.place == place) for key, text, place in reported.PLACES)


def choose_place(case: Case, key: str) -> Case:
    """The case on a server of this version and role."""
    place = next(place for name, _text, place in reported.PLACES if name == key)
    return servers.as_edge(replace(case, place=place), place.edge)


def certificate_choices(case: Case) -> tuple[Choice, ...]:
    """Our certificates among the failures, unless there is but one and it is chosen already."""
    found = case.candidates
    only = case.only_candidate
    if only and only.thumbprint == case.thumbprint:
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
        detail = f"{counted(sessions, 'failed session')}, last {last[:16].replace('T', ' ')} UTC; {certificate.subject}"
        if not groups:
            detail = f"sent, but these rows end before the outcome; {certificate.subject}"
        elif case.connector and not case.own_failures:
            detail = f"{', '.join(dict.fromkeys(group.connector for group in groups))}: {detail}"
        key = certificate.thumbprint or ""
        choices.append(Choice(key, key, detail, chosen=key == case.thumbprint))
    return tuple(choices)


def healthy_here(case: Case) -> tuple[Choice, ...]:
    """Where one of several servers sends without a failure, the one that fails is another."""
    if not (servers.several(case) and healthy(case)):
        return ()
    return (Choice(LATER, "Nothing fails here: go on with another server of the connector"),)


def choose_certificate(case: Case, key: str) -> Case:
    """The case about this certificate; unchanged where the server is left for later."""
    return case if key == LATER else servers.with_survey(replace(case, thumbprint=key))


LATER = "later"
"""The key of the choice that leaves a server open which cannot be gone on with now."""


def warnings(case: Case) -> tuple[Finding, ...]:
    """What warns of the binding, and may be gone on past."""
    return tuple(check for check in checks(case) if check.level is Level.WARN)


def later(case: Case) -> tuple[Choice, ...]:
    """Where one of several servers lacks the certificate or must not bind it, the others need not wait."""
    stuck = case.not_there or blocked(case)
    return (Choice(LATER, "Leave this server open, and go on with another"),) if servers.several(case) and stuck else ()


def to_the_list(_case: Case, key: str) -> StepId | None:
    """Leaving a server for later leads to the list of servers."""
    return StepId.SERVERS if key == LATER else None


def variant_choices(case: Case) -> tuple[Choice, ...]:
    """The two forms of the binding line, or to go on elsewhere where there is none."""
    if len(bind_commands(case)) < 2:
        return later(case)
    named = spelled(services_named(case), ",")
    return (
        Choice(
            Variant.MERGED.value,
            f"As the article has it: {named} (shows the result)",
            chosen=case.variant is Variant.MERGED,
        ),
        Choice(
            Variant.SMALLEST.value,
            "The smallest: SMTP alone (touches nothing that is there)",
            chosen=case.variant is Variant.SMALLEST,
        ),
    )


def choose_variant(case: Case, key: str) -> Case:
    """The case with this form of the line."""
    return case if key == LATER else replace(case, variant=Variant(key))


def prompt_choices(case: Case) -> tuple[Choice, ...]:
    """What may have been answered to the overwrite question."""
    return tuple(
        Choice(answer.value, text, chosen=case.prompt_answer is answer)
        for answer, text in (
            (PromptAnswer.NO, "I answered N"),
            (PromptAnswer.NOT_ASKED, "It did not ask, and printed no error"),
            (PromptAnswer.YES, "I answered Y, or pressed Enter"),
        )
    )


def choose_answer(case: Case, key: str) -> Case:
    """The case after this answer; what was undone counts for the answer before."""
    return replace(case, prompt_answer=PromptAnswer(key), undone=False)


RAN, NOT_YET = "ran", "not yet"


def undo_choices(case: Case) -> tuple[Choice, ...]:
    """Nothing to say while no line is known that could have been run."""
    if undo_command(case) is None and not case.undone:
        return ()
    return (
        Choice(RAN, "I ran it, and answered Y to its question", chosen=case.undone),
        Choice(NOT_YET, "Not yet", chosen=not case.undone and StepId.UNDO in case.settled),
    )


def choose_undone(case: Case, key: str) -> Case:
    """The case after the earlier default certificate was put back, or was not yet."""
    return replace(case, undone=key == RAN)


_NAMED = "its commands name it with -Server; its log lies on it"
_ON_IT = "run its commands on the Edge itself"

AT, EDGE, HERE = "at ", "edge ", "here "
"""What the keys of the choices of servers begin with; a server's name follows."""


def server_choices(case: Case) -> tuple[Choice, ...]:
    """While nothing tells where the case is, that is asked; then, where to go on. A finished server is not offered."""
    if not servers.here(case):
        return tuple(Choice(HERE + name, f"{name}: the one I have worked on until now") for name in case.servers)
    choices: list[Choice] = []
    # What is done comes last: somebody may have to come back to it.
    for line in sorted(servers.lines(case), key=lambda line: line.stand is servers.Stand.DONE):
        if not is_safe(line.name, "server name"):
            continue
        there = servers.at_server(case, line.name)
        done = line.stand is servers.Stand.DONE
        edge = servers.begun(case, line.name) and there.edge
        go = "look at it again" if done else "go on there"
        choices.append(Choice(AT + line.name, f"{line.name}: {go}", _ON_IT if edge else "" if done else _NAMED))
        if not (done or edge or there.prompt_answer):
            choices.append(
                Choice(EDGE + line.name, f"{line.name}, if it is an Edge Transport server: go on there", _ON_IT)
            )
    return tuple(choices)


def choose_server(case: Case, key: str) -> Case:
    """The case at this server, or after it was said which one it was at."""
    if key.startswith(EDGE):
        return servers.at_server(case, key.removeprefix(EDGE), edge=True)
    if key.startswith(AT):
        return servers.at_server(case, key.removeprefix(AT))
    return servers.saying_here(case, key.removeprefix(HERE))


def to_the_server(case: Case, key: str) -> StepId | None:
    """A server's steps begin with its certificate, or with its log while no log has shown one."""
    if key.startswith(HERE):
        return None
    return StepId.SERVICES if case.thumbprint else StepId.LOG
