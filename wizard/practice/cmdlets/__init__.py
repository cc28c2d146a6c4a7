"""Exchange's own cmdlets over the practice world, and how what they return is shown.

Facts and wordings are those of KB 4051498, of the cmdlets' reference pages (PS/X) and of real output; where a
wording is not known, the practice shell says the matter in its own plain words.
"""

from __future__ import annotations

from wizard.practice.cmdlet import Cmdlet
from wizard.practice.cmdlets import (
    certificates,
    clientprotocols,
    edge,
    enabling,
    messages,
    network,
    queues,
    sendconnectors,
    servers,
    storing,
    windows,
)
from wizard.practice.cmdlets.unpractised import with_unpractised
from wizard.practice.views import View

_EVERY = (
    *certificates.CMDLETS,
    *enabling.CMDLETS,
    *storing.CMDLETS,
    *sendconnectors.CMDLETS,
    *queues.CMDLETS,
    *messages.CMDLETS,
    *servers.CMDLETS,
    *windows.CMDLETS,
    *clientprotocols.CMDLETS,
    *edge.CMDLETS,
    *network.CMDLETS,
)

CMDLETS: tuple[Cmdlet, ...] = tuple(with_unpractised(each) for each in _EVERY)
"""Every cmdlet of Exchange and of Windows that the practice shell knows, beside the general ones."""

VIEWS: tuple[View, ...] = (
    *certificates.VIEWS,
    *sendconnectors.VIEWS,
    *queues.VIEWS,
    *messages.VIEWS,
    *servers.VIEWS,
    *windows.VIEWS,
    *clientprotocols.VIEWS,
    *edge.VIEWS,
    *network.VIEWS,
)
"""The default table or list of each kind of object that these cmdlets return."""
