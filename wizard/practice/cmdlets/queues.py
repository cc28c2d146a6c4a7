"""Queues: Get-Queue, Retry-Queue, Suspend-Queue and Resume-Queue (PS/X)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Run
from wizard.practice.cmdlets.asked import (
    SERVER,
    Consent,
    Refused,
    Steps,
    from_pipe,
    given,
    missing,
    parameters_clash,
    performing,
    reached,
    refusing,
    text,
)
from wizard.practice.cmdlets.queuefilter import read_filter
from wizard.practice.mailflow import try_queue
from wizard.practice.values import Flag, PSObject, Value
from wizard.practice.views import Column, View
from wizard.practice.world import Kind, MailQueue, Server, World

FILTERABLE = (
    "Identity",
    "Status",
    "MessageCount",
    "NextHopDomain",
    "NextHopConnector",
    "DeliveryType",
    "LastError",
    "LastRetryTime",
    "NextRetryTime",
)
_SUBMISSION = "Submission"
_BY_FILTER = (Parameter("Identity", position=0, piped=True, piped_by_name=True), Parameter("Filter"), SERVER)

_SERVERS = frozenset({"ExchangeServer", "TransportServer", "TransportService"})


def of_servers(run: Run) -> Run:
    """A queue cmdlet that takes servers of the pipe as -Server (PS/Get-Queue, PS/Retry-Queue), queues as -Identity.

    What it makes of the Front End Transport service is told nowhere: its identity is not the server's name.
    """

    @wraps(run)
    def asked(call: Call) -> Steps:
        piped = call.piped[0] if call.piped else None
        if isinstance(piped, PSObject) and piped.kind == "FrontendTransportService":
            raise Refused(
                f"The practice shell does not know what {call.invoked} makes of a {piped.kind} in the pipe: "
                "pipe Get-TransportService into it, or name the server with -Server."
            )
        if isinstance(piped, PSObject) and piped.kind in _SERVERS:
            if given(call, "Server"):
                raise parameters_clash()
            named = {name: value for name, value in call.parameters.items() if name != "Identity"}
            call = replace(call, parameters={**named, "Server": piped.text}, piped=())
        yield from run(call)

    return asked


def queues_of(world: World, server: Server) -> tuple[MailQueue, ...]:
    """The queues of a server."""
    return tuple(each for each in world.queues if each.server.casefold() == server.name.casefold())


def queue_server(world: World, name: str) -> Server:
    """The server whose queues are asked for.

    Raises:
        Refused: there is none, or its Transport service does not answer.
    """
    return reached(
        world,
        name,
        lambda server: Refused(
            f'The Queue Viewer operation on computer "{server.name}" has failed with an exception. The error message '
            "is: The RPC server is unavailable.",
            "InvalidOperation",
        ),
    )


def queue_object(world: World, server: Server, queue: MailQueue) -> PSObject:
    """A queue with the properties of Get-Queue; Exchange 2010 lacks those from Velocity on."""
    connector = world.connector(queue.connector)
    smart = bool(connector and connector.smart_hosts)
    return _object(
        server,
        queue.identity,
        {
            "DeliveryType": Flag("SmartHostConnectorDelivery" if smart else "DnsConnectorDelivery"),
            "NextHopDomain": queue.domain,
            "NextHopConnector": connector.guid if connector else None,
            "Status": Flag(queue.status),
            "MessageCount": queue.messages,
            "LastError": queue.last_error or None,
            "LastRetryTime": queue.last_try,
            "NextRetryTime": queue.next_try,
        },
    )


def submission_object(server: Server) -> PSObject:
    """The Submission queue, which every server has; in practice nothing waits in it."""
    return _object(
        server,
        f"{server.name}\\{_SUBMISSION}",
        {
            "DeliveryType": Flag("Undefined"),
            "NextHopDomain": _SUBMISSION,
            "NextHopConnector": None,
            "Status": Flag("Ready"),
            "MessageCount": 0,
            "LastError": None,
            "LastRetryTime": None,
            "NextRetryTime": None,
        },
    )


def _object(server: Server, identity: str, properties: dict[str, Value]) -> PSObject:
    later: dict[str, Value] = {"Velocity": 0, "RiskLevel": Flag("Normal"), "OutboundIPPool": 0}
    old = server.release == "2010"
    kind = "QueueInfo" if old else "ExtensibleQueueInfo"
    return PSObject(kind, {"Identity": identity, **properties, **({} if old else later)}, identity)


@refusing
@of_servers
def _get(call: Call) -> Steps:
    """The queues of a server, those a filter lets through, or those named."""
    world = call.world
    identities = from_pipe(call, "Identity", "Identity")
    if identities:
        if given(call, "Filter") or given(call, "Server"):
            raise parameters_clash()
        for identity in identities:
            yield _one(world, identity)
        return
    server = queue_server(world, text(call, "Server"))
    matches = read_filter(text(call, "Filter"), FILTERABLE) if given(call, "Filter") else None
    objects = [*(queue_object(world, server, queue) for queue in queues_of(world, server)), submission_object(server)]
    for each in objects:
        if matches is None or matches(each):
            yield each


def _one(world: World, identity: str) -> PSObject:
    server = queue_server(world, identity.rpartition("\\")[0])
    if identity.rpartition("\\")[2].casefold() == _SUBMISSION.casefold():
        return submission_object(server)
    return queue_object(world, server, queue_named(world, identity))


def queue_named(world: World, identity: str) -> MailQueue:
    r"""The queue `EX1\18`, or `18` of the local server.

    Raises:
        Refused: there is none, or its server does not answer.
    """
    name, _, number = identity.rpartition("\\")
    server = queue_server(world, name)
    for queue in queues_of(world, server):
        if str(queue.number) == number:
            return queue
    raise Refused(f'The queue "{identity}" doesn\'t exist.', "ObjectNotFound")


def chosen_queues(call: Call) -> tuple[MailQueue, ...]:
    """The queues that a changing cmdlet is asked for, by Identity or by Filter.

    Raises:
        Refused: both or none are given, or the server does not answer.
    """
    identities = from_pipe(call, "Identity", "Identity")
    if identities and (given(call, "Filter") or given(call, "Server")):
        raise parameters_clash()
    if identities:
        local = [each for each in identities if each.rpartition("\\")[2].casefold() != _SUBMISSION.casefold()]
        return tuple(queue_named(call.world, each) for each in local)
    if not given(call, "Filter"):
        raise missing("Filter" if given(call, "Server") else "Identity")
    server = queue_server(call.world, text(call, "Server"))
    matches = read_filter(text(call, "Filter"), FILTERABLE)
    return tuple(each for each in queues_of(call.world, server) if matches(queue_object(call.world, server, each)))


@refusing
@of_servers
def _retry(call: Call) -> Steps:
    """An attempt now for each queue in Retry; a queue in another state cannot be tried."""
    world = call.world
    consent = Consent(call)
    for queue in chosen_queues(call):
        if queue.status != "Retry":
            raise Refused(
                f'The queue "{queue.identity}" can\'t be retried: its status is {queue.status}, and only a queue with '
                "the status Retry can."
            )
        if (yield from consent.to(performing("Retry-Queue", queue.identity))):
            world = try_queue(world.after(Kind.QUEUE_RETRIED, queue.server, queue.connector, queue.identity), queue)
            yield world


def _putting(operation: str, changed: Callable[[MailQueue], MailQueue]) -> Callable[[Call], Steps]:
    """A cmdlet that puts queues into another state."""

    @refusing
    @of_servers
    def run(call: Call) -> Steps:
        world = call.world
        consent = Consent(call, always=operation == "Suspend-Queue")
        for queue in chosen_queues(call):
            if (yield from consent.to(performing(operation, queue.identity))):
                detail = f"{operation} {queue.identity}"
                world = world.with_queue(changed(queue)).after(
                    Kind.QUEUE_CHANGED, queue.server, queue.connector, detail
                )
                yield world

    return run


def _resumed(queue: MailQueue) -> MailQueue:
    """A suspended queue as it goes on: in Retry where its last attempt failed."""
    if queue.status != "Suspended":
        return queue
    return replace(queue, status="Retry" if queue.last_error else "Ready")


CMDLETS = (
    Cmdlet("Get-Queue", _BY_FILTER, _get, "Shows queues and their last errors."),
    Cmdlet("Retry-Queue", _BY_FILTER, _retry, "Tries queues in Retry now.", changes=True),
    Cmdlet(
        "Suspend-Queue",
        _BY_FILTER,
        _putting("Suspend-Queue", lambda queue: replace(queue, status="Suspended")),
        "Stops the delivery of queues.",
        changes=True,
    ),
    Cmdlet(
        "Resume-Queue",
        _BY_FILTER,
        _putting("Resume-Queue", _resumed),
        "Lets suspended queues go on.",
        changes=True,
    ),
)

_FIRST_COLUMNS = (
    Column("Identity", "Identity"),
    Column("DeliveryType", "DeliveryType"),
    Column("Status", "Status"),
    Column("MessageCount", "MessageCount"),
)
VIEWS = (
    View("QueueInfo", (*_FIRST_COLUMNS, Column("NextHopDomain", "NextHopDomain"))),
    View(
        "ExtensibleQueueInfo",
        (
            *_FIRST_COLUMNS,
            Column("Velocity", "Velocity"),
            Column("RiskLevel", "RiskLevel"),
            Column("OutboundIPPool", "OutboundIPPool"),
            Column("NextHopDomain", "NextHopDomain"),
        ),
    ),
)
