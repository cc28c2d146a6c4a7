"""What an error means: the queue's words and the names of failed handshakes, held against the rules in assets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from wizard.asset import asset_table


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error means: whether it fits this article, a plain sentence, what to do next, and the source.

    `fits` is False for another fault and None where nothing is known of the error. `ours` says
    that it is about our own certificate, before the handshake.
    """

    id: str
    fits: bool | None
    says: str
    next: str
    source: str
    ours: bool = False


UNKNOWN_QUEUE_ERROR = Meaning(
    "unknown-error",
    None,
    "This LastError is none of those the wizard knows. It does not rule the article out.",
    "Go on to the protocol log: it names the error of the handshake, if there was one.",
    "",
)


@cache
def _queue_rules() -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    return tuple(
        (
            _pattern(rule["match"]),
            Meaning(rule["id"], rule["fits"] == "yes", rule["says"], rule["next"], rule["source"]),
        )
        for rule in asset_table("queue_errors.toml")["error"]
    )


@cache
def _wrapper_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(rule["match"]), rule["says"]) for rule in asset_table("queue_errors.toml")["wrapper"])


def _pattern(match: str) -> re.Pattern[str]:
    """The rule's expression; a blank in it matches any white space, or none where a console cut a wrap's blank."""
    return re.compile(match.replace(" ", r"\s*"), re.IGNORECASE)


def queue_meaning(last_error: str) -> Meaning:
    """What the words of a queue's LastError mean; the first rule that matches decides."""
    return next((meaning for pattern, meaning in _queue_rules() if pattern.search(last_error)), UNKNOWN_QUEUE_ERROR)


def queue_remarks(last_error: str) -> tuple[str, ...]:
    """What the wrapping of a LastError tells besides its core, such as the way through the Front End."""
    return tuple(says for pattern, says in _wrapper_rules() if pattern.search(last_error))


def handshake_meaning(error: str) -> Meaning:
    """What `TLS negotiation failed with error <error>` means; a name nobody knows is shown as it stands."""
    table: Mapping[str, Mapping[str, str]] = asset_table("handshake_errors.toml")
    rule = next((rule for name, rule in table.items() if name.casefold() == error.casefold()), None)
    if rule is None:
        return Meaning(
            error,
            None,
            f"{error} is an error the wizard does not know. The article is about UnknownCredentials only.",
            "Search Microsoft's documentation for the name of the error.",
            "",
        )
    return Meaning(
        error, rule["article"] == "this", rule["says"], rule["next"], rule["source"], ours=rule["about"] == "ours"
    )
