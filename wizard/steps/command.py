"""The step of the command that binds the certificate, in both forms, with all checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wizard.assets import words
from wizard.case.case import Case, Deed, StepId, Variant, host
from wizard.case.servers import begun, named_server, other_servers
from wizard.facts import CmdletErrorKind, ExchangeVersion, Service, spelled
from wizard.findings import Finding, Level, block, error_finding, info, warn
from wizard.fitness import (
    Chosen,
    about,
    already_bound,
    blocked,
    checks,
    failed_line,
    iis_of_another,
    is_default,
    mail_clients_of_another,
    naming_again,
    not_found_on,
    smallest_alone,
)
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.powershell.lines import BindOrigins
from wizard.steps.log import healthy_servers
from wizard.steps.parts import Choice, Step, later, said_server, thumbprint_origin, to_the_list, version_of
from wizard.steps.services import refusal
from wizard.verdict import verdict_on_chosen


def command(case: Case) -> tuple[Finding, ...]:
    """All checks before and after. The reason for either variant stands beside the choice."""
    now = case.services_now
    if now is None or case.logged is None:
        first = block("First the log and the services: without them there is no command to write.", id="not-yet")
        return (first, *checks(case))
    change = f"Before: {spelled(now)}.  After: {spelled(case.services_wanted)}."
    said = change if bind_commands(case) else f"Services now: {spelled(now)}."
    if already_bound(case, case.now.thumbprint) and not (case.now.prompt or case.now.prompt_answer):
        left_out = f"the step '{words(StepId.PROMPT).title}' is left out"
        said = f"Services now: {spelled(now)}. No line has to be run, so Exchange asks nothing: {left_out}."
    told = (info(said, id="before-after"), *_another_fault(case), *checks(case))
    # What speaks against the line has to be seen first.
    return tuple(sorted(told, key=lambda each: each.level not in (Level.BLOCK, Level.WARN)))


def _another_fault(case: Case) -> Iterator[Finding]:
    """The log's findings on the certificate that give no reason to bind it."""
    verdict = verdict_on_chosen(case)
    if verdict and not verdict.binds and not blocked(case) and not already_bound(case, case.now.thumbprint):
        yield warn(f"{verdict.title}. {verdict.next}", verdict.because[:1], "another-fault", verdict.source)


def to_be_bound(case: Case) -> bool:
    """True if the binding line for the chosen certificate is still to be run."""
    verdict = verdict_on_chosen(case)
    return not (verdict and not verdict.binds) and not blocked(case) and not already_bound(case, case.now.thumbprint)


def bind_commands(case: Case) -> tuple[Command, ...]:
    """The binding line of the chosen variant, then the other one; empty if a check forbids binding."""
    services = case.services_now
    # A certificate the log does not show any more, such as after another connector was chosen, is not bound.
    if services is None or case.logged is None or not to_be_bound(case):
        return ()
    origins = BindOrigins(
        thumbprint=thumbprint_origin(case),
        smtp="KB step 4: what is missing",
        services=_services_origin(case),
        server=_server_origin(case),
    )
    asks = not is_default(case, case.now.thumbprint)
    merged = write.bind(case.now.thumbprint, services_named(case), named_server(case), origins, asks=asks)
    smallest = write.bind_smallest(case.now.thumbprint, named_server(case), origins, asks=asks)
    if merged.text == smallest.text:
        return (merged,)
    if smallest_alone(case):
        return (smallest,)
    return (merged, smallest) if case.now.variant is Variant.MERGED else (smallest, merged)


def bind_unread(case: Case) -> Command | None:
    """The smallest binding line where no whole certificate output was given: it takes nothing away from what is."""
    logged, known = case.logged, case.certificate
    if logged is None or not logged.header_seen or not to_be_bound(case) or failed_line(case):
        return None
    # A listing without ours, or of another server, says to look first; one that is cut tells nothing of its services.
    if known is None and (case.now.certificates or case.now.not_there or case.elsewhere_listed):
        return None
    if known is not None and not (known.services is None and (known.services_cut or known.without_types)):
        return None
    if any(
        about(e, case, case.now.thumbprint) and e.kind not in _NO_OBSTACLE | _OTHER_CMDLETS for e in case.now.errors
    ):
        return None
    return write.bind_smallest(case.now.thumbprint, named_server(case), asks=not is_default(case, case.now.thumbprint))


_NO_OBSTACLE = frozenset({CmdletErrorKind.OLDER_SHELL, CmdletErrorKind.COMMAND_NOT_KNOWN})
"""Errors that leave the line as the next step: they ask for another shell, or another command."""


_OTHER_CMDLETS = frozenset(
    {CmdletErrorKind.TWIN_WITHOUT_SMTP, CmdletErrorKind.DEFAULT_IN_USE, CmdletErrorKind.IN_USE_BY_CONNECTOR}
)
"""Errors of other cmdlets than the binding one."""


def obstacle(case: Case) -> str:
    """The obstacle to a binding line for the chosen certificate; empty if the verdict says it."""
    blocking = next((check.text for check in checks(case) if check.level is Level.BLOCK), "")
    if blocking:
        return blocking
    error = next((each for each in reversed(case.now.errors) if about(each, case, case.now.thumbprint)), None)
    if error and error.kind not in _NO_OBSTACLE:
        return error_finding(error).text
    if already_bound(case, case.now.thumbprint) or case.services_now is not None:
        return ""
    if case.now.certificates and (refused := refusal(case, case.now.certificates)):
        return refused.text
    return "Read the certificate on the server that sends the mail, and give what is printed too."


def services_named(case: Case) -> frozenset[Service]:
    """The services the merged form names: all the certificate should have, except those the cmdlet rejects.

    IIS is not named if another certificate has it too: that would take its web site from it.
    """
    left_out = {Service.FEDERATION}
    if case.certificate and iis_of_another(Chosen(case, case.certificate)):
        left_out.add(Service.IIS)
    if case.certificate and mail_clients_of_another(Chosen(case, case.certificate)):
        left_out |= {Service.POP, Service.IMAP}
    if version_of(case) is not ExchangeVersion.E2010 and not (case.now.place and case.now.place.version):
        # While the version is unknown, a service that fails outright in half of them is not named.
        left_out.add(Service.UM_CALL_ROUTER)
    if case.now.place and case.now.place.version is ExchangeVersion.E2019_SE:
        # These versions have no Unified Messaging (Enable-ExchangeCertificate).
        left_out |= {Service.UM, Service.UM_CALL_ROUTER}
    return frozenset(case.services_wanted) - left_out


def bind_elsewhere(case: Case) -> tuple[Command, ...]:
    """The smallest line for each other source transport server not begun: it needs no knowledge of services.

    None for Edge Transport servers: there the line is run on the server itself.
    """
    if case.edge or not bind_commands(case):
        return ()
    return tuple(
        write.bind_smallest(case.now.thumbprint, server)
        for server in other_servers(case)
        if not begun(case, server)
        and host(server) not in healthy_servers(case) | not_found_on(case, case.now.thumbprint).keys()
    )


def _services_origin(case: Case) -> str:
    lines = case.certificate.lines if case.certificate else ()
    line = next((line for line in lines if "services" in line.text.casefold()), None)
    return f"the services it has now: {line.place}" if line else "the services it has now"


def _server_origin(case: Case) -> str:
    lines = case.send_connector.lines if case.send_connector else ()
    line = next((line for line in lines if "sourcetransportservers" in line.text.casefold()), None)
    return f"the servers the connector sends from: {line.place}" if line else ""


def warnings(case: Case) -> tuple[Finding, ...]:
    """Warnings against the binding that a person may pass."""
    return tuple(check for check in checks(case) if check.level is Level.WARN)


def variant_choices(case: Case) -> tuple[Choice, ...]:
    """The two forms of the binding line; without one, the way to another server."""
    if len(bind_commands(case)) < 2:
        return later(case)
    warned = " and ".join(_warned_of(case))
    stay = f"the other services stay, without the warning about {warned}" if warned else "the other services stay"
    return (
        Choice(
            Variant.MERGED.value,
            f"As the article writes it: {spelled(services_named(case), ',')}",
            chosen=case.now.variant is Variant.MERGED,
        ),
        Choice(Variant.SMALLEST.value, f"SMTP alone: {stay}", chosen=case.now.variant is Variant.SMALLEST),
    )


def _warned_of(case: Case) -> tuple[str, ...]:
    """The services whose naming again is warned of."""
    merged = case.put(replace(case.now, variant=Variant.MERGED))
    certificate = merged.certificate
    checks_ = naming_again(Chosen(merged, certificate)) if certificate else ()
    return tuple(_NAMED_AGAIN.get(check.id, "them") for check in checks_ if check.level is Level.WARN)


_NAMED_AGAIN = {"iis-named-again": "IIS", "pop-imap-name": "POP or IMAP", "um-named-again": "UM"}


def choose_variant(case: Case, key: str) -> Case:
    """Choose this form of the line."""
    variant = next((each for each in Variant if each.value == key), None)
    return case.put(replace(case.now, variant=variant)) if variant else said_server(case, key)


def _missing(case: Case) -> str:
    if case.logged is None:
        return "Without the log's certificate there is no command: go back to the log."
    if case.services_now is None:
        return "Without the services there is no command yet: go back one step."
    return "There is a reason not to bind this certificate: read the line marked Stop." if blocked(case) else ""


def command_basis(case: Case) -> tuple[str, ...]:
    """The facts the command stands on, and with it the proof that it worked."""
    now = case.services_now
    return (case.now.thumbprint, f"services: {'?' if now is None else spelled(now)}")


def _past_warnings(case: Case) -> Case:
    passed = case.now.passed | {check.id for check in warnings(case)}
    return case.put(replace(case.now, passed=passed))


def _always(_case: Case) -> bool:
    return True


def _deeds(before: Case, after: Case) -> Iterator[tuple[Deed, str]]:
    for check in sorted(after.now.passed - before.now.passed):
        yield Deed.PASSED, check


STEP = Step(
    StepId.COMMAND,
    findings=command,
    missing=_missing,
    commands=bind_commands,
    basis=command_basis,
    choices=variant_choices,
    choose=choose_variant,
    leads=to_the_list,
    question="Which form? Both add SMTP, and both keep what is there.",
    warnings=warnings,
    settled=_past_warnings,
    otherwise=lambda case: not bind_commands(case),
    forms=True,
    deeds=_deeds,
    due=_always,
)
