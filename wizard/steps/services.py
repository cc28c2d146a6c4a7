"""The step of the certificate's services: before the change, and their proof after it."""

from __future__ import annotations

from dataclasses import replace

from wizard.assets import words
from wizard.case.case import Case, StepId
from wizard.case.servers import here, named_server, possible_here, several
from wizard.facts import Certificate, CmdletErrorKind, Reading, Service, in_order, spelled
from wizard.findings import NO_SERVICES, Finding, block, counted, good, info, warn
from wizard.fitness import checks
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind
from wizard.steps.connector import take_survey
from wizard.steps.parts import (
    WHICH_FIRST,
    Proof,
    Standing,
    Step,
    Taken,
    later,
    of_another_server,
    remarks,
    said_server,
    thumbprint_origin,
    to_the_list,
    which_server,
)
from wizard.verdict import judged, subjects


def _commands(case: Case) -> tuple[Command, ...]:
    server = named_server(case)
    if not case.now.thumbprint:
        found = judged(subjects(case, only_connector=bool(case.connector)))
        wanted = any(StepId.SERVICES.value in verdict.reads for verdict in found)
        return (write.read_certificates(server),) if wanted else ()
    return (
        *(
            write.read_certificate(case.now.thumbprint, name, origin=thumbprint_origin(case))
            for name in possible_here(case) or (server,)
        ),
        write.read_certificates(server),
    )


def services(case: Case) -> tuple[Finding, ...]:
    """The certificate's services, and plain faults of the certificate."""
    now = case.services_now
    if now is None:
        # The refusal of an output with other certificates says that already.
        told = (check for check in checks(case) if check.id != "not-on-this-server")
        return (*told, *_log_of_another(case))
    certificate = case.certificate
    lines = certificate.lines if certificate else ()
    first = good(f"Services now: {spelled(now)}.", lines, "services-now")
    return (first, *(check for check in checks(case) if check.id not in _ABOUT_THE_COMMAND))


def _log_of_another(case: Case) -> tuple[Finding, ...]:
    """A word about a certificate that another server's log has shown, while this server's was not read."""
    if not case.now.log_of:
        return ()
    own = f"If {here(case)} sends another one, its own log shows it, at the step '{words(StepId.LOG).title}'."
    return (info(f"The certificate is the one in the log of {case.now.log_of}. {own}", id="log-of-another"),)


_ABOUT_THE_COMMAND = frozenset(
    {
        "iis-named-again",
        "iis-of-another",
        "pop-imap-name",
        "pop-imap-first-name",
        "pop-imap-of-another",
        "um-named-again",
        "several-servers",
        "edge",
    }
)
"""Checks of the command's wording, shown with the command."""


def refusal(case: Case, certificates: tuple[Certificate, ...]) -> Finding | None:
    """Why an output says nothing of the chosen certificate; None if it does."""
    if elsewhere := of_another_server(case, (each.server for each in certificates)):
        return elsewhere
    if not case.now.thumbprint:
        return warn("Choose our certificate from the log first: then its services can be found in this output.")
    mine = _ours(owned(certificates, case.now.thumbprint)[0], case.now.thumbprint)
    if mine is None:
        return _other_certificates(case, certificates)
    if mine.services is None:
        return block(NO_SERVICES, mine.lines, "no-services", "Health Checker documentation")
    return None


def doubts(case: Case, certificates: tuple[Certificate, ...]) -> tuple[Finding, ...]:
    """Findings about an output that shows the chosen certificate several times, each time differently."""
    mine = _ours(certificates, case.now.thumbprint)
    twice = mine and any(c.thumbprint == mine.thumbprint and c.services != mine.services for c in certificates)
    return (_shown_twice(mine),) if mine and twice else ()


def _ours(certificates: tuple[Certificate, ...], thumbprint: str) -> Certificate | None:
    return next((c for c in certificates if c.thumbprint == thumbprint), None)


def _put(case: Case, certificates: tuple[Certificate, ...]) -> Case:
    """Store certificates read before the change."""
    shown, unnamed = owned(certificates, case.now.thumbprint)
    unnamed_for = case.now.thumbprint if unnamed else ""
    return case.put(replace(case.now, certificates=shown, not_there=(), services_unnamed_for=unnamed_for))


def _take(case: Case, reading: Reading[Certificate]) -> Taken:
    if refused := refusal(case, reading.facts):
        if refused.id == "other-certificate" and not case.services_now:
            case = case.put(replace(case.now, not_there=tuple(c for c in reading.facts if c.thumbprint)))
        return Taken(case, False, StepId.SERVICES, (refused, *remarks(reading)))
    shown, _unnamed = owned(reading.facts, case.now.thumbprint)
    said = (*doubts(case, shown), *remarks(reading))
    mine = _ours(shown, case.now.thumbprint)
    if mine and mine.has_private_key:
        # What is given at a step is newer than the answers given before it.
        kept = tuple(e for e in case.now.errors if e.kind is not CmdletErrorKind.PRIVATE_KEY_MISSING)
        case = case.put(replace(case.now, errors=kept))
    return Taken(_put(case, reading.facts), True, StepId.SERVICES, said)


def _shown_twice(mine: Certificate) -> Finding:
    where = f" ({mine.server})" if mine.server else ""
    return warn(
        f"This output shows the certificate more than once with different services, as from several servers. The first "
        f"is used{where}. Paste the output of one server at a time.",
        mine.lines[:1],
        "shown-twice",
    )


def owned(certificates: tuple[Certificate, ...], thumbprint: str) -> tuple[tuple[Certificate, ...], bool]:
    """The certificates, a single one without thumbprint taken as the chosen one; and whether that was done.

    `Get-ExchangeCertificate X | select-object services`, the article's form, prints no thumbprint.
    """
    if len(certificates) == 1 and certificates[0].thumbprint is None and certificates[0].services is not None:
        return (replace(certificates[0], thumbprint=thumbprint),), True
    return certificates, False


def _other_certificates(case: Case, certificates: tuple[Certificate, ...]) -> Finding:
    """Explain why an output without the chosen certificate is not used."""
    others = [c.thumbprint for c in certificates if c.thumbprint]
    if not others:
        return block(
            f"This output holds {counted(len(certificates), 'certificate')} but no whole thumbprint, so nobody can "
            "tell whether yours is there. Run the wizard's command: it prints the thumbprint too.",
            id="no-thumbprint",
        )
    what = (
        f"If this is the output of {here(case)}, the certificate is not there: export it with its private key from a "
        "server that has it, and import it. Until then leave this server open."
        if several(case) and here(case)
        else "Run the command on the server that sends the mail."
    )
    return block(
        f"The certificate {case.now.thumbprint} is not in this output; it shows {len(others)} other"
        f"{'' if len(others) == 1 else 's'}, first {others[0]}. {what}",
        certificates[0].lines[:1],
        "other-certificate",
    )


def lost(case: Case) -> tuple[Service, ...]:
    """Services the certificate had before the change and lost."""
    after = case.certificate_after
    return in_order((case.services_now or frozenset()) - (after.services or frozenset())) if after else ()


def services_proof(case: Case) -> Proof:
    """The proof that SMTP was bound and every service kept, from the outputs before and after the change."""
    claim = "SMTP is bound, no service was lost"
    after = case.certificate_after
    if after is None or after.services is None:
        return Proof("services", claim, Standing.OPEN, "the services were not read again")
    now = f"services are {spelled(after.services)}"
    if Service.SMTP not in after.services or lost(case):
        return Proof("services", claim, Standing.FAILED, now)
    if case.now.services_after_unnamed_for == case.now.thumbprint:
        return Proof("services", claim, Standing.OPEN, f"{now}, but the output names no thumbprint")
    if case.services_now is None:
        return Proof("services", claim, Standing.OPEN, f"{now}; what they were before is not known")
    return Proof("services", claim, Standing.PROVEN, now)


def _missing(case: Case) -> str:
    if case.services_now is None:
        return "The certificate's services are needed to go on."
    return WHICH_FIRST if which_server(case) and not here(case) else ""


def _basis(case: Case) -> tuple[str, ...]:
    return (case.now.thumbprint,)


STEP = Step(
    StepId.SERVICES,
    findings=services,
    missing=_missing,
    commands=_commands,
    takes={
        Kind.CERTIFICATES: _take,
        Kind.SURVEY: lambda case, survey: take_survey(case, StepId.SERVICES, survey),
    },
    puts={Kind.CERTIFICATES: _put},
    basis=_basis,
    choices=later,
    choose=said_server,
    leads=to_the_list,
    sample="certificate.txt",
)
