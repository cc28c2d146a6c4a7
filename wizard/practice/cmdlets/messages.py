"""Get-Message and Remove-Message (PS/X). The world counts messages; their names are made up by practice."""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import count, islice

from wizard.practice.cmdlet import Call, Cmdlet, Parameter
from wizard.practice.cmdlets.asked import (
    SERVER,
    Consent,
    Refused,
    Steps,
    from_pipe,
    given,
    missing,
    refusing,
    switched,
    text,
)
from wizard.practice.cmdlets.queuefilter import read_filter
from wizard.practice.cmdlets.queues import queue_named, queue_server, queues_of
from wizard.practice.values import Flag, PSObject
from wizard.practice.views import Column, View
from wizard.practice.world import Kind, MailQueue, World

_FILTERABLE = ("Identity", "Queue", "Status", "FromAddress", "Subject", "LastError")
_MOST = 1000
"""As many as Get-Message returns at once unless -ResultSize says otherwise (PS/Get-Message)."""
_SUBJECTS = ("Order confirmation", "Minutes of the meeting", "Invoice", "RE: delivery date", "Newsletter", "FW: quote")
_SENDERS = ("orders", "office", "accounts", "logistics", "news", "sales")


def message_objects(world: World, queue: MailQueue) -> tuple[PSObject, ...]:
    """The messages that wait in a queue, in their order; `delivered` is how many left before them."""
    server = world.server(queue.server)
    domain = server.domain if server else "example.com"
    waiting = (number for number in count(queue.delivered) if number not in queue.removed)
    return tuple(_message(queue, number, domain) for number in islice(waiting, min(queue.messages, _MOST)))


def _first(queue: MailQueue) -> int:
    """The internal number of the first message that ever was in the queue."""
    return zlib.crc32(queue.identity.encode()) % 900_000_000 + 4_000_000_000


def _message(queue: MailQueue, number: int, domain: str) -> PSObject:
    identity = f"{queue.identity}\\{_first(queue) + number}"
    status = {"Retry": "Retry", "Suspended": "Suspended"}.get(queue.status, "Ready")
    return PSObject(
        "ExtensibleMessageInfo",
        {
            "Identity": identity,
            "Subject": _SUBJECTS[number % len(_SUBJECTS)],
            "FromAddress": f"{_SENDERS[number % len(_SENDERS)]}@{domain}",
            "Status": Flag(status),
            "Queue": queue.identity,
            "LastError": queue.last_error or None,
        },
        identity,
    )


@refusing
def _get(call: Call) -> Steps:
    """The messages of one queue, of those that a filter lets through, or of all queues of the server."""
    world = call.world
    queues = _queues(call)
    matches = read_filter(text(call, "Filter"), _FILTERABLE) if given(call, "Filter") else None
    for queue in queues:
        for message in message_objects(world, queue):
            if matches is None or matches(message):
                yield message


def _queues(call: Call) -> tuple[MailQueue, ...]:
    """The queues that are asked for, by -Queue, by objects of the pipe, or all of a server."""
    named = from_pipe(call, "Queue", "Queue", "Identity")
    if named:
        numbered = [name for name in named if name.rpartition("\\")[2].isdigit()]
        return tuple(queue_named(call.world, name) for name in numbered)
    return queues_of(call.world, queue_server(call.world, text(call, "Server")))


@refusing
def _remove(call: Call) -> Steps:
    """Messages taken away for good, with or without a report to their senders (-WithNDR)."""
    world = call.world
    taken: dict[str, set[int]] = {}
    consent = Consent(call, always=True)
    for identity in _messages(call):
        queue, _, internal = identity.rpartition("\\")
        if (yield from consent.to(f'Removing the message "{identity}".')):
            taken.setdefault(queue, set()).add(int(internal))
    how = "without a report" if given(call, "WithNDR") and not switched(call, "WithNDR") else "with a report"
    for identity, internals in taken.items():
        before = queue_named(world, identity)
        numbers = {internal - _first(before) for internal in internals}
        left = replace(before, messages=before.messages - len(numbers), removed=before.removed | numbers)
        what = f"removed {len(numbers):,} messages {how}"
        world = world.with_queue(left).after(Kind.QUEUE_CHANGED, left.server, left.connector, what)
    if taken:
        yield world


def _messages(call: Call) -> tuple[str, ...]:
    """The identities of the messages to remove.

    Raises:
        Refused: none is named, or there is no such message.
    """
    if given(call, "Filter"):
        matches = read_filter(text(call, "Filter"), _FILTERABLE)
        queues = queues_of(call.world, queue_server(call.world, text(call, "Server")))
        every = (message for queue in queues for message in message_objects(call.world, queue))
        return tuple(str(message.get("Identity")) for message in every if matches(message))
    identities = from_pipe(call, "Identity", "Identity")
    if not identities:
        raise missing("Identity")
    for identity in identities:
        queue = queue_named(call.world, identity.rpartition("\\")[0])
        if not any(message.text.casefold() == identity.casefold() for message in message_objects(call.world, queue)):
            raise Refused(f'The message "{identity}" doesn\'t exist.', "ObjectNotFound")
    return tuple(dict.fromkeys(identities))


CMDLETS = (
    Cmdlet(
        "Get-Message",
        (Parameter("Queue", piped=True, piped_by_name=True), Parameter("Filter"), SERVER),
        _get,
        "Shows the messages in queues.",
    ),
    Cmdlet(
        "Remove-Message",
        (
            Parameter("Identity", position=0, piped=True, piped_by_name=True),
            Parameter("Filter"),
            SERVER,
            Parameter("WithNDR"),
        ),
        _remove,
        "Removes messages from queues for good.",
        changes=True,
    ),
)

VIEWS = (
    View(
        "ExtensibleMessageInfo",
        (
            Column("Identity", "Identity"),
            Column("FromAddress", "FromAddress"),
            Column("Status", "Status"),
            Column("Queue", "Queue"),
            Column("Subject", "Subject"),
        ),
    ),
)
