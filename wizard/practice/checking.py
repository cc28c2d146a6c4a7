"""Checks a scenario's file: well-formed, unsolved at the start, and solved by its own solution.

The solution must cause nothing forbidden, and the organisation must be sound: otherwise it would teach the impossible.
Everything is tried with several seeds, since names and numbers differ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from wizard.facts import Service
from wizard.practice.coach import judge
from wizard.practice.draw import PLACEHOLDER
from wizard.practice.scenario import Exercise, Scenario, ScenarioError
from wizard.practice.scenariofile import nearest, read_scenario
from wizard.practice.shell.session import PracticeShell
from wizard.practice.shell.session import opened as practice_console
from wizard.practice.world import Connector, HeldCertificate, Role, Server, World


def unsound(world: World) -> tuple[str, ...]:
    """The contradictions that a scenario's file can bring into its world, in sentences; empty if it is sound."""
    return tuple(_all(world))


def _all(world: World) -> Iterator[str]:
    for name, count in Counter(connector.name.casefold() for connector in world.connectors).items():
        if count > 1:
            yield f"The connector {name} is there {count} times."
    for server in world.servers:
        yield from (f"{server.name}: {what}" for what in _server(server))
    for connector in world.connectors:
        yield from (f"{connector.name}: {what}" for what in _connector(world, connector))
    yield from _subscriptions(world)


def _server(server: Server) -> Iterator[str]:
    default = server.certificate(server.default_smtp)
    if default is None or Service.SMTP not in default.services:
        yield "the default SMTP certificate is not there, or is not bound to SMTP."
    for thumbprint in filter(None, (server.iis_front_end, server.iis_back_end)):
        bound = server.certificate(thumbprint)
        if server.role is Role.EDGE or bound is None or not bound.has_private_key:
            yield f"IIS is bound to {thumbprint}, which cannot be."
    used = {service for certificate in server.certificates for service in certificate.services}
    if used & {Service.UM, Service.UM_CALL_ROUTER} and server.um_startup not in {"TLS", "Dual"}:
        yield f"a certificate is bound to UM, whose startup mode is {server.um_startup}."
    for certificate in server.certificates:
        yield from (f"{certificate.thumbprint}: {what}" for what in _certificate(certificate))


def _certificate(certificate: HeldCertificate) -> Iterator[str]:
    if not certificate.has_private_key and (certificate.services or certificate.key_readable):
        yield "it has no private key, and yet services or a readable key."
    if certificate.not_before >= certificate.not_after:
        yield "it ends before it begins."
    if certificate.self_signed is not (certificate.subject == certificate.issuer):
        yield "issuer and subject do not fit to its being self-signed or not."


def _connector(world: World, connector: Connector) -> Iterator[str]:
    sources = [server for name in connector.sources if (server := world.server(name))]
    if connector.tls_certificate_name and {server.release for server in sources} == {"2010"}:
        yield "Exchange 2010 has no TlsCertificateName."
    if connector.front_end_proxy and any(s.release == "2010" or s.role is Role.EDGE for s in sources):
        yield "a source server has no Front End Transport service."


def _subscriptions(world: World) -> Iterator[str]:
    for subscription in world.subscriptions:
        edge = world.server(subscription.edge)
        if edge is None or edge.role is not Role.EDGE:
            yield f"{subscription.edge} is subscribed, and no Edge."
        if subscription.site not in {s.site for s in world.servers if s.role is not Role.EDGE}:
            yield f"{subscription.edge} is subscribed to {subscription.site}, where no server is."


SEEDS = tuple(range(1, 21))
"""The seeds with which a scenario is tried."""

LONGEST = timedelta(days=3)
"""The longest simulated time of a solution."""

COLUMNS = 120
"""The width of the console, in cells, in which the solution is typed."""

_NOT_KNOWN = re.compile(r"CommandNotFoundException|The practice shell (?:does not know|knows no)")

_ANSWERS = frozenset({"Y", "A", "N", "L", "?"})
_LAST_LINES = 3

Opened = Callable[[World, int], PracticeShell]
"""Opens a console on a world; the number is its width in cells."""


def check(path: Path, opened: Opened = practice_console, seeds: tuple[int, ...] = SEEDS) -> tuple[str, ...]:
    """The faults of the scenario in a file: sentences with file, line or key, and the cure.

    `opened` opens the console into which the solution is typed.
    """
    try:
        scenario = read_scenario(path)
        unknown = tuple(_unknown_placeholders(scenario, path))
    except ScenarioError as error:
        return tuple(str(error).split("\n"))
    if unknown:
        return unknown
    found: list[str] = []
    for seed in seeds:
        # A fault with one seed mostly occurs with all, and is reported once.
        found += [
            f"{path.name}, {_line(path, scenario, sentence)}{sentence} (seed {seed})"
            for sentence in _tried(scenario, seed, opened)
        ]
        if found:
            break
    return tuple(found)


_OF_THE_SOLUTION = re.compile(r"solution (\d+):")


def _line(path: Path, scenario: Scenario, sentence: str) -> str:
    """The line of the file in which a faulty line of the solution stands, `line 31, `; empty if it is not found."""
    found = _OF_THE_SOLUTION.match(sentence)
    if found is None:
        return ""
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    at = next((number for number, line in enumerate(lines) if re.match(r"\s*solution\s*=", line)), 0)
    for written in scenario.solution[: int(found[1])]:
        escaped = written.replace("\\", "\\\\").replace('"', '\\"')
        after = (number for number in range(at, len(lines)) if written in lines[number] or escaped in lines[number])
        number = next(after, None)
        if number is None:
            return ""
        at = number + 1
    return f"line {at}, "


def _unknown_placeholders(scenario: Scenario, path: Path) -> Iterator[str]:
    """The placeholders without a meaning, each with its line; including those in connectors' names."""
    names = scenario.names(0)
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        for placeholder in PLACEHOLDER.finditer(line):
            if placeholder[1] not in names and not line.lstrip().startswith("#"):
                yield (
                    f"{path.name}, line {number}: {placeholder[0]} stands for nothing."
                    f"{nearest(placeholder[1], names)} FORMAT.md lists the placeholders of each part."
                )


def _tried(scenario: Scenario, seed: int, opened: Opened) -> Iterator[str]:
    """The faults of the exercise of one seed."""
    exercise = scenario.drawn(seed)
    if wrong := unsound(exercise.start):
        yield from (f"the organisation: {sentence}" for sentence in wrong)
        return
    if not exercise.goals:
        return
    for number, rule in enumerate(exercise.forbidden, 1):
        if rule.holds(exercise.situation(exercise.start)):
            yield f"forbidden {number}: this has come about at the start already: {rule.say}"
            return
    # If the exercise asks for a conclusion, that alone may solve it.
    if judge(exercise, exercise.start).solved:
        yield "goals: every goal is reached at the start; add one that is not, or conclusions to choose from."
        return
    yield from _solved(exercise, opened)


def _solved(exercise: Exercise, opened: Opened) -> Iterator[str]:
    """The faults found by typing the solution into a console."""
    console = opened(exercise.start, COLUMNS)
    asking, said = False, ""
    for number, line in enumerate(exercise.solution, 1):
        answer = not line or line.upper() in _ANSWERS
        if asking and not answer:
            yield f"solution {number}: the shell asks a question here, and this is no answer to it: {line}"
            return
        if answer and not asking:
            yield f'solution {number}: the shell asks nothing here, so "{line}" answers nothing.{_last(said)}'
            return
        printed = console.enter(line)
        asking, said = printed.asking, printed.text
        if _NOT_KNOWN.search(" ".join(said.split())):
            yield f"solution {number}: the practice shell does not know this: {line}{_last(said)}"
            return
        if console.world.now - exercise.start.now > LONGEST:
            yield f"solution {number}: more than {LONGEST.days} days of the organisation's time are over by now."
            return
        if harm := judge(exercise, console.world).harm:
            yield f"solution {number}: something forbidden comes about: {harm[0]} Write another solution, or allow it."
            return
    if asking:
        yield "solution: the shell still asks a question after the last line; write the answer as a line of its own."
        return
    right = next((each.key for each in exercise.conclusions if each.right), "")
    found = judge(exercise, console.world, right)
    for goal in found.goals:
        if not goal.met:
            yield f"solution: it does not reach this goal: {goal.say}.{_last(said)}"


def _last(said: str) -> str:
    """The end of the console's last output, as a hint."""
    lines = [line.strip() for line in said.split("\n") if line.strip()][-_LAST_LINES:]
    return f" The console said: {' / '.join(lines)}" if lines else ""
