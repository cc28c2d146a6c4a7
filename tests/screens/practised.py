"""A scenario with canned answers: the screens of practice are tried without the rules of mail flow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import cast

import pytest

from tests.screens import evidence
from tests.screens.driving import NOW
from wizard.practice import scenariofile as library
from wizard.practice.draw import WorldPart
from wizard.practice.scenario import Conclusion, Exercise, Predicate, Scenario, ScenarioRule, Situation
from wizard.practice.shell.session import PracticeShell, Printed
from wizard.practice.world import EventKind, MailQueue, World

PROMPT = r"[PS] C:\Windows\system32>"
QUESTION = '[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):'
CONFIRM = "\nConfirm\nOverwrite the existing default SMTP certificate?\n"
LONG = "\n".join(f"row {number}" for number in range(3_000))


class Happened(Predicate):
    """Holds once an event of a kind is there; `of` has the kind's name."""

    def holds(self, situation: Situation) -> bool:
        return any(event.kind.name == self.of[0] for event in situation.now.events)


STUCK = MailQueue("EX1", 8125, "partner.example", "To Partner", messages=186, status="Retry")


def world(*queues: MailQueue) -> World:
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    return World(now=now, here="EX1", servers=(), partners=(), connectors=(), queues=queues)


@dataclass(frozen=True)
class Canned(Scenario):
    """A scenario that is drawn without any file."""

    queues: tuple[MailQueue, ...] = (STUCK,)

    def drawn(self, seed: int) -> Exercise:
        return Exercise(
            identity=self.identity,
            title=self.title,
            seed=seed,
            minutes=self.minutes,
            story=f"{self.story}\nThe connector is named To Partner {seed}.",
            hints=self.hints,
            goals=self.goals,
            forbidden=self.forbidden,
            lessons=(),
            conclusions=self.conclusions,
            solution=self.solution,
            start=world(*self.queues),
            names=MappingProxyType({}),
            identities=MappingProxyType({}),
        )


def scenario(number: int, **changes: object) -> Canned:
    """One of them; `changes` are fields of another value."""
    canned = Canned(
        identity=f"scenario-{number}",
        title=f"Scenario of number {number}",
        teaches="How a certificate is bound.",
        minutes=5,
        story="Mail to the partner waits in the queue since this morning. Find out why, and let it leave.",
        goals=(
            ScenarioRule("The certificate is bound to SMTP.", (Happened("happened", ("SERVICES_ADDED",)),)),
            ScenarioRule("Mail leaves.", (Happened("happened", ("MAIL_SENT",)),)),
        ),
        forbidden=(
            ScenarioRule("The default certificate was replaced.", (Happened("happened", ("DEFAULT_REPLACED",)),)),
        ),
        hints=("Look at the queue.", "Look at the log.", "Bind the certificate."),
        solution=("bind", "n", "retry"),
        parts=cast(WorldPart, None),
    )
    return replace(canned, **changes)  # type: ignore[arg-type]


ASKS = (
    Conclusion("firewall", "A firewall drops the packets.", True, "The connection timed out before TLS began."),
    Conclusion("tls", "The certificate is not bound.", False, "It is bound: the list shows it."),
)

SCENARIOS = (
    scenario(1),
    scenario(2, title="The decoy: whose certificate is it?"),
    scenario(3, title="Enter at the prompt", conclusions=ASKS, goals=(ScenarioRule("Nothing is changed.", ()),)),
)


class CannedConsole(PracticeShell):
    """Answers a few words as the shell would."""

    def __init__(self, start: World) -> None:
        self._world = start
        self._asks = False
        self.columns = 0

    @property
    def world(self) -> World:
        return self._world

    @property
    def prompt(self) -> str:
        return QUESTION if self._asks else PROMPT

    def enter(self, line: str) -> Printed:
        self._world = replace(self._world, now=self._world.now + timedelta(seconds=15))
        if self._asks:
            return self._answered(line)
        answers: dict[str, Callable[[], Printed]] = {
            "bind": self._bind,
            "retry": lambda: self._happened(EventKind.MAIL_SENT, "The queue is empty."),
            "queue": lambda: Printed(evidence.QUEUES.rstrip("\n"), PROMPT),
            "long": lambda: Printed(LONG, PROMPT),
            "wide": lambda: Printed("w" * 300, PROMPT),
            "clip": lambda: Printed("", PROMPT, clipboard="from the shell"),
            "clip nothing": lambda: Printed("", PROMPT, clipboard=""),
            "sent": lambda: self._happened(EventKind.MAIL_SENT, ""),
            "logging": lambda: self._happened(EventKind.LOGGING_CHANGED, ""),
            "clear": lambda: Printed("since", PROMPT, cleared=True),
            "": lambda: Printed("", PROMPT),
        }
        return answers.get(line.strip(), lambda: Printed(f"The practice shell does not know {line!r}.", PROMPT))()

    def _bind(self) -> Printed:
        self._asks = True
        return Printed(CONFIRM, QUESTION, asking=True)

    def _answered(self, line: str) -> Printed:
        if line.strip().casefold() not in ("", "y", "n"):
            return Printed("", QUESTION, asking=True)
        self._asks = False
        if line.strip().casefold() != "n":
            self._happened(EventKind.DEFAULT_REPLACED, "")
        return self._happened(EventKind.SERVICES_ADDED, "")

    def _happened(self, kind: EventKind, text: str) -> Printed:
        self._world = self._world.after(kind)
        return Printed(text, PROMPT)

    def interrupt(self) -> Printed:
        self._asks = False
        return Printed("", PROMPT)

    def resize(self, columns: int) -> None:
        self.columns = columns

    def complete(self, line: str) -> tuple[str, ...]:
        return tuple(each for each in ("Get-Queue", "Get-QueueDigest") if each.casefold().startswith(line.casefold()))


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def canned(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """From now on the library has these scenarios, and every console is a canned one; the clock of the training."""
    clock = Clock()
    monkeypatch.setattr(library, "all_scenarios", lambda: SCENARIOS)
    monkeypatch.setattr(library, "sandbox", lambda: scenario(0, identity="sandbox", title="Sandbox", goals=()))
    monkeypatch.setattr("screens.training.opened", CannedConsole)
    monkeypatch.setattr("screens.training.utc_now", clock)
    monkeypatch.setattr("screens.app.practice.fresh_seed", lambda: 4711)
    return clock
