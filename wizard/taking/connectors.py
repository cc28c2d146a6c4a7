"""Send connectors as Get-SendConnector prints them."""

from __future__ import annotations

from dataclasses import fields, replace

from wizard import readers
from wizard.case import Case, StepId
from wizard.connectornames import same_name
from wizard.facts import (
    LoggingLevel,
    Reading,
    SendConnector,
)
from wizard.findings import Finding, block, info, reading_remarks
from wizard.reading.text import Text
from wizard.servers import for_connector
from wizard.taking.taken import Taken


def take_connectors(case: Case, step: StepId, text: Text) -> Taken:
    """The case with these Send connectors."""
    reading = readers.read_connectors(text)
    return with_connectors(case, step, replace(reading, mended=text.mended + reading.mended))


def with_connectors(case: Case, step: StepId, reading: Reading[SendConnector]) -> Taken:
    """The case with connectors that were read."""
    remarks = reading_remarks(reading.mended, reading.unread)
    if not reading.facts:
        nothing = block(
            "No Send connector could be read from this output. Paste it whole, from its top.",
            id="no-connector",
        )
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RESTORE:
        # The commands show one connector each: what another one showed before stays.
        others = (
            each for each in case.connectors_after if not any(same_name(each.name, c.name) for c in reading.facts)
        )
        return Taken(replace(case, connectors_after=(*reading.facts, *others)), True, step, remarks)
    shown = tuple(_completed(case, connector) for connector in reading.facts)
    connectors = tuple(_as_before(case, connector) for connector in shown)
    if connectors != shown:
        remarks = (_verbose_since(case), *remarks)
    case = replace(case, connectors=connectors)
    usable = case.usable_connectors
    if not any(same_name(c.name, case.connector) for c in usable):
        if case.connector:
            gone = f"{case.connector} is not in this output: choose the connector again."
            remarks = (info(gone, id="connector-not-shown"), *remarks)
        case = replace(case, connector=usable[0].name if len(usable) == 1 else "")
    return Taken(for_connector(case, case.connector) if case.connector else case, True, step, remarks)


def _completed(case: Case, connector: SendConnector) -> SendConnector:
    """What an output of a few properties leaves out stays as it is known."""
    known = next((each for each in case.connectors if same_name(each.name, connector.name)), None)
    if known is None:
        return connector
    empty = {each.name for each in fields(connector) if getattr(connector, each.name) in ("", None, ())}
    return replace(connector, **{name: getattr(known, name) for name in empty})


def _as_before(case: Case, connector: SendConnector) -> SendConnector:
    """The connector with its level before this case: Verbose may by now be what this case's own command did."""
    names = (case.connector, *case.others_made_verbose)
    if connector.logging_level is not LoggingLevel.VERBOSE or not any(same_name(connector.name, n) for n in names):
        return connector
    known = next((each for each in case.connectors if same_name(each.name, connector.name)), None)
    before = known.logging_level if known else None
    changed = before is LoggingLevel.NONE or (before is None and StepId.CONNECTOR in case.settled)
    return replace(connector, logging_level=before) if changed else connector


def _verbose_since(case: Case) -> Finding:
    level = case.level_before
    before = f"{level.value} is kept as the level before" if level else "the level before counts as not known"
    return info(
        f"{case.connector} is Verbose now, which the command of this case may have done: {before}.",
        id="verbose-since",
    )
