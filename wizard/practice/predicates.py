"""What a scenario can say of the organisation: predicates over the world as it was at the start and as it is now.

A scenario's goals, forbidden outcomes and lessons are made of these and of nothing else; their names and what
they take are documented in `assets/scenarios/FORMAT.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wizard.practice.world import World


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Situation:
    """What a predicate is asked about: the start, the present, and what the scenario's keys stand for.

    `identities` has for the key of a part what names it in the world: a server's name, a certificate's
    thumbprint, a connector's GUID, a partner's host.
    """

    start: World
    now: World
    identities: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class Predicate:
    """One question that is true or false: its name, and what it is asked of (words of the scenario's file)."""

    name: str
    of: tuple[str, ...] = ()
    negated: bool = False

    def holds(self, situation: Situation) -> bool:
        """Whether it is true now."""
        raise NotImplementedError
