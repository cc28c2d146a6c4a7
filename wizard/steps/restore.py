"""The step that restores the logging level."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.case.case import Case, StepId
from wizard.case.servers import here, several
from wizard.facts import LoggingLevel, Reading, SendConnector, same_name
from wizard.findings import Finding, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command, CommandId
from wizard.powershell.literal import is_safe
from wizard.reading.text import Kind
from wizard.steps.connector import no_connector, part_of_survey
from wizard.steps.parts import Proof, Standing, Step, Taken, remarks, unproven
from wizard.steps.servers import still_open

if TYPE_CHECKING:
    from wizard.reading.survey import Survey


def logging_proof(case: Case) -> Proof:
    """The proof that the logging level is back, for this connector and those chosen earlier."""
    before, after = case.level_before, case.level_after
    # Without a record of the level before, only the default can be claimed.
    claim = "Logging is back to what it was" if before else "Logging is off, as it is by default"
    if before is LoggingLevel.VERBOSE and after is not LoggingLevel.NONE:
        because = "it was Verbose before and stays so"
    elif after is None:
        return Proof("logging", claim, Standing.OPEN, "the level was not read again")
    elif after is not (before or LoggingLevel.NONE):
        return Proof("logging", claim, Standing.FAILED, f"the level is {after.value}")
    else:
        because = f"the level is {after.value}"
    if left := left_verbose(case):
        because = f"{because}, but that of {left[0]} was not put back, or not read again"
    return Proof("logging", claim, Standing.OPEN if left else Standing.PROVEN, because)


def left_verbose(case: Case) -> tuple[str, ...]:
    """Connectors chosen earlier whose logging may still be on and was not shown to be back."""
    return tuple(
        name for name in case.others_made_verbose if case.level_shown_after(name) in {None, LoggingLevel.VERBOSE}
    )


def restore(case: Case) -> tuple[Finding, ...]:
    """The state of the logging level."""
    found = [*_servers_left(case), *_level(case)]
    found += [
        warn(
            f"The command that turns logging on was shown for {name} too, before {case.connector} was chosen. If it "
            "was run, put that back as well: its commands stand behind those of this connector.",
            id="left-verbose",
        )
        for name in left_verbose(case)
    ]
    if case.edge and case.level_before is not LoggingLevel.VERBOSE:
        found.append(
            warn(
                "On an Edge with an Edge Subscription, run this on a Mailbox server: EdgeSync carries it over.",
                id="edge-logging",
                source="Configure protocol logging",
            )
        )
    return tuple(found)


def _servers_left(case: Case) -> list[Finding]:
    """The servers that were left open: their log is still needed."""
    left = still_open(case) if several(case) and here(case) else ()
    told = f"Still open: {', '.join(left)}. The log is needed there until it is bound: put the level back after that."
    return [warn(told, id="servers-open")] if left else []


def _level(case: Case) -> list[Finding]:
    before, after = case.level_before, case.level_after
    if not case.connector:
        return [info("The connector is not known. If its logging was turned on, choose the connector first.")]
    if before is LoggingLevel.VERBOSE and after is not LoggingLevel.NONE:
        return [good("It was Verbose before this case: leave it so.", id="stays-verbose")]
    if after is None and case.connectors_after:
        return [warn(f"This output does not show {case.connector} with its logging level.", id="level-not-shown")]
    if after is None:
        return []
    lines = next((c.lines for c in case.connectors_after if same_name(c.name, case.connector)), ())
    wanted = before or LoggingLevel.NONE
    if after is not wanted:
        was = f"it was {wanted.value}" if before else "what it was before is not known, and None is the default"
        return [warn(f"The logging level is {after.value}; {was}.", lines, "not-restored")]
    again = "again" if before else "now, the default; what it was before is not known"
    return [good(f"The logging level is {after.value} {again}.", lines, "restored")]


def _commands(case: Case) -> tuple[Command, ...]:
    """The commands that restore and show the logging; then those for connectors chosen earlier."""
    if not case.connector:
        return ()
    others = (
        command for name in case.others_made_verbose for command in _restoring(case, name, case.level_shown_after(name))
    )
    return (*_restoring(case, case.connector, case.level_after), *others)


def _restoring(case: Case, connector: str, after: LoggingLevel | None) -> tuple[Command, ...]:
    """The lines for one connector; `after` is its level as read again."""
    known = next((each for each in case.connectors if same_name(each.name, connector)), None)
    name, guid = connector, known.guid if known else ""
    if not (is_safe(name) or guid):
        # A later output without the connector replaced its own.
        return ()
    before = known.logging_level if known else None
    check = write.read_connector(name, guid)
    if before is LoggingLevel.VERBOSE and after is not LoggingLevel.NONE:
        return (check,)
    origin = "what it was before" if before else "the default: what it was before is not known"
    return (
        write.restore_logging(name, guid, before or LoggingLevel.NONE, level_origin=origin, known=bool(before)),
        check,
    )


def _basis(case: Case) -> tuple[str, ...]:
    level = case.level_before
    return (case.connector, f"level: {level.value if level else '?'}")


def _take(case: Case, reading: Reading[SendConnector]) -> Taken:
    """Store connectors read after the change; each command shows one, and the others stay."""
    if nothing := no_connector(case, StepId.RESTORE, reading):
        return nothing
    others = (each for each in case.connectors_after if not any(same_name(each.name, c.name) for c in reading.facts))
    case = replace(case, connectors_after=(*reading.facts, *others))
    return Taken(case, True, StepId.RESTORE, remarks(reading))


def _take_survey(case: Case, survey: Survey) -> Taken:
    return part_of_survey(case, StepId.RESTORE, survey, lambda case, survey: _take(case, Reading(survey.connectors)))


def _keeps(case: Case) -> bool:
    return bool(case.connectors_after) and logging_proof(case).standing is Standing.PROVEN


def _due(case: Case) -> bool:
    """True if logging may have been turned on: its command was shown, for this or an earlier connector."""
    handed_out = case.was_shown(StepId.LOGGING) and case.level_before is not LoggingLevel.VERBOSE
    return handed_out or bool(case.others_made_verbose)


STEP = Step(
    StepId.RESTORE,
    findings=restore,
    missing=unproven(logging_proof),
    commands=_commands,
    takes={Kind.CONNECTORS: _take, Kind.SURVEY: _take_survey},
    keeps=_keeps,
    basis=_basis,
    skip="Not now",
    otherwise=lambda case: all(command.id is CommandId.READ_CONNECTORS for command in _commands(case)),
    proofs=(logging_proof,),
    afterwards=True,
    sample="connector-after.txt",
    due=_due,
)
