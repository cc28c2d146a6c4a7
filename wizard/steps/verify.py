"""What is proven after the change, each thing on its own. What is open is called so."""

from __future__ import annotations

from wizard.case.case import Case
from wizard.facts import Service, in_order, spelled
from wizard.findings import Finding, block, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.steps.parts import Proof, Standing, _thumbprint_origin


def lost(case: Case) -> tuple[Service, ...]:
    """The services the certificate had before the change and has no longer."""
    after = case.certificate_after
    return in_order((case.services_now or frozenset()) - (after.services or frozenset())) if after else ()


def _services_proof(case: Case) -> Proof:
    claim = "SMTP is bound, no service was lost"
    after = case.certificate_after
    if after is None or after.services is None:
        return Proof("services", claim, Standing.OPEN, "the services were not read again")
    now = f"services are {spelled(after.services)}"
    if Service.SMTP not in after.services or lost(case):
        return Proof("services", claim, Standing.FAILED, now)
    if case.services_after_unnamed_for == case.thumbprint:
        return Proof("services", claim, Standing.OPEN, f"{now}, but the output names no thumbprint")
    if case.services_now is None:
        return Proof("services", claim, Standing.OPEN, f"{now}; what they were before is not known")
    return Proof("services", claim, Standing.PROVEN, now)


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


def _verify(case: Case) -> tuple[Command, ...]:
    if not case.thumbprint:
        return ()
    return (write.verify(case.thumbprint, case.server or None, origin=_thumbprint_origin(case)),)
