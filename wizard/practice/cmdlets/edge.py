"""Edge Subscriptions: Get- and New-EdgeSubscription, Start- and Test-EdgeSynchronization (PS/X, KB 2989382)."""

from __future__ import annotations

from dataclasses import replace

from wizard.practice.cmdlet import Call, Cmdlet, Parameter, Warned
from wizard.practice.cmdlets.asked import (
    Consent,
    Refused,
    Steps,
    from_pipe,
    here,
    not_found,
    not_recognized,
    refusing,
)
from wizard.practice.mailflow import edge_sync
from wizard.practice.values import Flag, PSObject
from wizard.practice.views import Column, View
from wizard.practice.world import EdgeSubscription, Role, Server, World

_CARRIED = (
    "In practice the subscription file is carried to a Mailbox server, imported there and synchronized for you; in a "
    "real organization you do that yourself."
)


def trusted(world: World, subscription: EdgeSubscription) -> bool:
    """Whether the Edge still has the default certificate that its subscription was made with."""
    edge = world.server(subscription.edge)
    return edge is not None and edge.default_smtp == subscription.trusted


def _inside(call: Call, name: str) -> Server:
    """The local server, where it is none of the Edges: on those these cmdlets do not run."""
    local = here(call.world)
    if local.role is Role.EDGE:
        raise not_recognized(name)
    return local


@refusing
def _get(call: Call) -> Steps:
    """The subscriptions of the organization."""
    local = _inside(call, "Get-EdgeSubscription")
    wanted = {name.casefold() for name in from_pipe(call, "Identity", "Name", "Identity")}
    found = [each for each in call.world.subscriptions if not wanted or each.edge.casefold() in wanted]
    if wanted and not found:
        raise not_found(call.world, min(wanted))
    for each in found:
        properties = {
            "Name": each.edge,
            "Site": f"{local.domain}/Configuration/Sites/{each.site}",
            "Domain": local.domain,
        }
        yield PSObject("EdgeSubscription", {**properties, "Identity": each.edge}, each.edge)


@refusing
def _start(call: Call) -> Steps:
    """One synchronization now, with its outcome for each Edge."""
    _inside(call, "Start-EdgeSynchronization")
    for each in call.world.subscriptions:
        good = trusted(call.world, each)
        yield PSObject(
            "EdgeSyncResult",
            {
                "Result": Flag("Success" if good else "CouldNotConnect"),
                "Type": Flag("Configuration"),
                "Name": each.edge,
                "FailureDetails": "" if good else _failure(each),
                "StartUTC": call.world.now,
                "EndUTC": call.world.now,
            },
            each.edge,
        )


@refusing
def _test(call: Call) -> Steps:
    """Whether each subscribed Edge is up to date."""
    _inside(call, "Test-EdgeSynchronization")
    for each in call.world.subscriptions:
        good = trusted(call.world, each)
        yield PSObject(
            "EdgeSubscriptionStatus",
            {
                "SyncStatus": Flag("Normal" if good else "Failed"),
                "UtcNow": call.world.now,
                "Name": each.edge,
                "FailureDetail": "" if good else _failure(each),
            },
            each.edge,
        )


def _failure(subscription: EdgeSubscription) -> str:
    """Why EdgeSync does not come through; the words are practice's own."""
    return (
        f"{subscription.edge} presents another default certificate than the one that its Edge Subscription trusts "
        f"({subscription.trusted})."
    )


@refusing
def _new(call: Call) -> Steps:
    """The subscription made again, on the Edge itself; the default certificate of now is the one it trusts."""
    world = call.world
    local = here(world)
    if local.role is not Role.EDGE:
        raise Refused(
            "In practice an Edge Subscription is made on the Edge Transport server itself: go there with "
            "Enter-PSSession, and run it with a file name."
        )
    doing = f"Create an Edge Subscription for {local.name} that replaces the one it may have."
    if not (yield from Consent(call, always=True).to(doing)):
        return
    yield Warned(_CARRIED)
    sites = [each.site for each in world.servers if each.role is not Role.EDGE]
    made = EdgeSubscription(local.name, sites[0] if sites else local.site, local.default_smtp)
    others = tuple(each for each in world.subscriptions if each.edge.casefold() != local.name.casefold())
    yield edge_sync(replace(world, subscriptions=(*others, made)))


_IDENTITY = Parameter("Identity", position=0, piped=True, piped_by_name=True)
CMDLETS = (
    Cmdlet("Get-EdgeSubscription", (_IDENTITY,), _get, "Shows the Edge Subscriptions."),
    Cmdlet(
        "New-EdgeSubscription",
        (Parameter("FileName"), Parameter("Force", switch=True)),
        _new,
        "Subscribes an Edge Transport server to the organization.",
        changes=True,
    ),
    Cmdlet(
        "Start-EdgeSynchronization",
        (Parameter("Server"), Parameter("TargetServer"), Parameter("ForceFullSync", switch=True)),
        _start,
        "Synchronizes the subscribed Edge Transport servers now.",
    ),
    Cmdlet(
        "Test-EdgeSynchronization",
        (Parameter("TargetServer"), Parameter("ExcludeRecipientTest", switch=True)),
        _test,
        "Shows whether subscribed Edge Transport servers are up to date.",
    ),
)

VIEWS = (
    View("EdgeSubscription", (Column("Name", "Name"), Column("Site", "Site"), Column("Domain", "Domain"))),
    View("EdgeSyncResult", properties=("Result", "Type", "Name", "FailureDetails", "StartUTC", "EndUTC")),
    View("EdgeSubscriptionStatus", properties=("SyncStatus", "UtcNow", "Name", "FailureDetail")),
)
