"""The step that reads the services again: SMTP is there, and none was lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.assets import words
from wizard.case.case import Case, StepId, host
from wizard.case.servers import here, named_server, several
from wizard.facts import Certificate, Reading, Service, spelled
from wizard.findings import Finding, block, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind
from wizard.steps.command import command_basis
from wizard.steps.connector import part_of_survey
from wizard.steps.parts import Standing, Step, Taken, remarks, thumbprint_origin, unproven
from wizard.steps.prompt import default_proof
from wizard.steps.services import doubts, lost, owned, refusal, services_proof

if TYPE_CHECKING:
    from wizard.reading.survey import Survey


def verify(case: Case) -> tuple[Finding, ...]:
    """SMTP and the other services after the change."""
    after = case.certificate_after
    if after is None or after.services is None:
        return ()
    now = spelled(after.services)
    if Service.SMTP not in after.services:
        return (
            block(
                f"SMTP is not there: services are {now}. Did the command print an error? Run it again and answer N.",
                after.lines,
                "smtp-missing",
            ),
        )
    missing = lost(case)
    if missing:
        return (
            block(
                f"Services are {now}: {spelled(missing)} is missing, although the command only adds. "
                "Is this the same certificate and the same server?",
                after.lines,
                "service-lost",
            ),
        )
    if case.now.services_after_unnamed_for == case.now.thumbprint:
        return (
            warn(
                f"Services now: {now}. The output names no thumbprint, so nothing proves that they are this "
                "certificate's. The command shown here prints both.",
                after.lines,
                "services-without-thumbprint",
                "KB step 3",
            ),
        )
    if case.services_now is None:
        return (info(f"Services now: {now}. SMTP is there; what was there before is not known.", after.lines),)
    return (good(f"Services now: {now}. SMTP is there, nothing was lost.", after.lines, "services-proven"),)


def _commands(case: Case) -> tuple[Command, ...]:
    if not case.now.thumbprint:
        return ()
    return (write.verify(case.now.thumbprint, named_server(case), origin=thumbprint_origin(case)),)


def _take(case: Case, reading: Reading[Certificate]) -> Taken:
    if refused := refusal(case, reading.facts):
        return Taken(case, False, StepId.VERIFY, (refused, *remarks(reading)))
    shown, unnamed = owned(reading.facts, case.now.thumbprint)
    unnamed_for = case.now.thumbprint if unnamed else ""
    said = (*doubts(case, shown), *remarks(reading))
    case = case.put(replace(case.now, certificates_after=shown, services_after_unnamed_for=unnamed_for))
    return Taken(case, True, StepId.VERIFY, said)


def _take_survey(case: Case, survey: Survey) -> Taken:
    return part_of_survey(case, StepId.VERIFY, survey, _verified_by_survey)


def _verified_by_survey(case: Case, survey: Survey) -> Taken:
    """Use a survey as proof for the current server only."""
    at = here(case)
    if several(case) and not at:
        ask = block(
            f"Say first which server you work on: at the step '{words(StepId.SERVERS).title}'.", id="which-server"
        )
        return Taken(case, False, StepId.VERIFY, (ask,))
    own = tuple(each for each in survey.certificates if host(each.server) == host(at or each.server))
    if not own:
        silent = block(f"This survey shows no certificate of {at}. Run the command of this step there.", id="no-server")
        return Taken(case, False, StepId.VERIFY, (silent,))
    return _take(case, Reading(own))


def _keeps(case: Case) -> bool:
    return bool(case.now.certificates_after) and services_proof(case).standing is Standing.PROVEN


STEP = Step(
    StepId.VERIFY,
    findings=verify,
    missing=unproven(services_proof),
    commands=_commands,
    takes={Kind.CERTIFICATES: _take, Kind.SURVEY: _take_survey},
    keeps=_keeps,
    basis=command_basis,
    skip="Not now",
    proofs=(services_proof, default_proof),
    afterwards=True,
    sample="certificate-after.txt",
)
