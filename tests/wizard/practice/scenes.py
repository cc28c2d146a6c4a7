"""A small scenario as text, what can be done in its world, and a console that knows two commands."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from wizard.facts import LoggingLevel, Service
from wizard.practice.exchange.certificates import Wish, enabled
from wizard.practice.mail import try_queue
from wizard.practice.scenario import Exercise
from wizard.practice.scenariofile import parsed
from wizard.practice.shell.session import PracticeShell, Printed
from wizard.practice.world import EventKind, World

TEXT = '''\
id = "small"
title = "A small one"
teaches = "What the tests need."
minutes = 5
story = """
Mail to {{partner.domain}} waits on {{EX1}}, says {{company}}.
"""
hints = ["gentle", "plainer: {{out}}", "plain: {{public.thumbprint}}"]
solution = ["bind {{public.thumbprint}}", "N", "retry"]

[servers.EX1]

[certificates.public]
on = ["EX1"]
services = ["IIS"]

[partners.partner]

[connectors.out]
sources = ["EX1"]
partner = "partner"

[[goals]]
say = "Mail of {{out}} flows"
mail-flows = "out"

[[goals]]
say = "What waited has left"
mail-left = "out"

[[goals]]
say = "The default SMTP certificate is untouched"
default-untouched = true

[[lessons]]
say = "N was the answer."
happened = "default-kept"

[[lessons]]
say = "Nothing was answered."
not = { happened = ["default-kept", "default-replaced"] }
'''

ASKING = TEXT.replace(
    '[[lessons]]\nsay = "N was',
    """[[conclusions]]
id = "binding"
say = "It is not bound"
right = true
because = "The log says so."

[[conclusions]]
id = "network"
say = "The network"
because = "There is a connection."

[[lessons]]
say = "N was""",
    1,
)


def exercise(text: str = TEXT, seed: int = 1) -> Exercise:
    """The exercise of a text."""
    return parsed(text, "small.toml").drawn(seed)


def bound(world: World, thumbprint: str, answer: str = "N", services: frozenset[Service] | None = None) -> World:
    """The world after Enable-ExchangeCertificate on the first server: the answer is N, Y, or F for -Force."""
    server = world.servers[0]
    held = server.certificate(thumbprint)
    assert held is not None
    return enabled(world, server, held, Wish(services or frozenset({Service.SMTP}), force=answer == "F"), answer)


def retried(world: World) -> World:
    """The world after every queue was tried."""
    for queue in world.queues:
        world = try_queue(world.after(EventKind.QUEUE_RETRIED, queue.server, queue.identity), queue)
    return world


def logging(world: World, level: LoggingLevel) -> World:
    """The world with another logging level at the first connector."""
    return world.with_connector(replace(world.connectors[0], logging=level))


class StandIn:
    """A console with `bind THUMBPRINT`, which asks, and `retry`; everything else is an error."""

    def __init__(self, world: World, columns: int) -> None:
        self.world = world
        self.prompt = ">"
        self._waits = ""
        assert columns > 0

    def enter(self, line: str) -> Printed:
        if self._waits:
            thumbprint, self._waits = self._waits, ""
            self.world = bound(self.world, thumbprint, "N" if line.upper() == "N" else "Y")
            return Printed("", ">")
        word, _, rest = line.partition(" ")
        if word == "bind":
            self._waits = rest
            return Printed("Overwrite?", "[Y] Yes [N] No", asking=True)
        if word == "retry":
            self.world = retried(self.world)
            return Printed("", ">")
        return Printed(f"{word} is not recognized.", ">")

    def interrupt(self) -> Printed:
        return Printed("", ">")

    def resize(self, columns: int) -> None:
        """The width does not matter here."""

    def complete(self, line: str) -> tuple[str, ...]:
        return ()


def stand_in(world: World, columns: int) -> PracticeShell:
    return cast("PracticeShell", StandIn(world, columns))
