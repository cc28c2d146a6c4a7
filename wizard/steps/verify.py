"""The services as read again: SMTP is there, and nothing was lost."""

from __future__ import annotations

from wizard.case.case import Case, StepId
from wizard.case.servers import named_server
from wizard.facts import Service, spelled
from wizard.findings import Finding, block, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.steps.command import command_basis
from wizard.steps.parts import Step, _thumbprint_origin, unproven
from wizard.steps.prompt import default_proof
from wizard.steps.services import lost, services_proof


def verify(case: Case) -> tuple[Finding, ...]:
    """Whether SMTP is there now and nothing was lost."""
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
    if case.services_after_unnamed_for == case.thumbprint:
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
    if not case.thumbprint:
        return ()
    return (write.verify(case.thumbprint, named_server(case), origin=_thumbprint_origin(case)),)


STEP = Step(
    StepId.VERIFY,
    findings=verify,
    missing=unproven(services_proof),
    commands=_commands,
    basis=command_basis,
    skip="Not now",
    takes_path=True,
    proofs=(services_proof, default_proof),
)
