"""What an error means: the queue's words and the names of failed handshakes, held against the rules in assets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath

from wizard.assets import asset_table
from wizard.facts import FailureGroup, Handshake, LogReading, same_name

_LOCAL = re.compile(r",[0-9A-Fa-f]{16},[0-9]+,([^,]+):[0-9]+,")
"""Session-id, sequence-number and local endpoint of a row."""


def recovered(log: LogReading, group: FailureGroup) -> Handshake | None:
    """The newest success with the group's connector and certificate after its last failure, None without one.

    Only within one folder: each folder is one service's log, and what works on another server
    proves nothing for this one.
    """
    thumbprint = group.certificate.thumbprint if group.certificate else None
    if not thumbprint:
        return None
    # A path for each file, not for each of a hundred thousand rows; and the rows are searched once, if at all.
    folders = {PurePath(source).parent for source in {failed.line.source for failed in group.handshakes}}
    addresses = cache(lambda: {address for each in group.handshakes if (address := _local_address(each))})
    later = [
        h
        for h in log.handshakes
        if h.error is None
        and h.time > group.last
        and h.ours is not None
        and h.ours.thumbprint == thumbprint
        and same_name(h.connector, group.connector)
        and folders == {PurePath(h.line.source).parent}
        and not _from_another_address(h, addresses())
    ]
    return max(later, key=lambda h: h.time, default=None)


def _from_another_address(success: Handshake, failed: set[str]) -> bool:
    """Whether the row names none of the failures' local addresses: logs of several servers can lie in one folder."""
    return bool(failed) and _local_address(success) not in {"", *failed}


def _local_address(handshake: Handshake) -> str:
    """The local endpoint's address in the row that tells the outcome; empty where it is not shown."""
    found = _LOCAL.search(handshake.line.text)
    return found[1] if found else ""


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
