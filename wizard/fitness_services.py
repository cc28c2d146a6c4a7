"""What naming an existing service again does (PS/Enable-ExchangeCertificate); SMTP alone has none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wizard.case import Variant
from wizard.facts import Certificate, Service, spelled
from wizard.findings import Finding
from wizard.fitness_chosen import DOTS, Chosen, common_name
from wizard.fitness_rules import said
from wizard.logfolders import ExchangeVersion

_DOMAIN_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def naming_again(chosen: Chosen) -> Iterator[Finding]:
    """Every check of the services that the command names, or leaves out, beside SMTP."""
    if chosen.case.variant is Variant.SMALLEST:
        return
    lines = chosen.certificate.lines
    if Service.FEDERATION in chosen.services:
        yield said("federation", lines)
    if Service.IIS in chosen.services:
        other = iis_of_another(chosen)
        yield said("iis-of-another", other.lines, other=other.thumbprint) if other else said("iis-named-again", lines)
    yield from _mail_clients(chosen)
    yield from _unified_messaging(chosen)
    if chosen.certificate.unknown_services:
        yield said("unknown-service", lines, services=", ".join(chosen.certificate.unknown_services))


def iis_of_another(chosen: Chosen) -> Certificate | None:
    """Another certificate of the server that IIS uses: naming IIS for ours would take the Front End site from it.

    Two certificates have IIS where each has one of the two web sites, and the output does not tell which has which.
    """
    others = (each for each in chosen.on_server if each is not chosen.certificate)
    return next((each for each in others if each.services and Service.IIS in each.services), None)


def _mail_clients(chosen: Chosen) -> Iterator[Finding]:
    """POP and IMAP take no certificate whose subject is a wildcard or not a full domain name."""
    services = chosen.services & {Service.POP, Service.IMAP}
    name = common_name(chosen.subject)
    # A name that a table cut is not known to be short, but a star at its beginning is there.
    wildcard = name.startswith("*")
    short = not (wildcard or name.endswith(DOTS) or _DOMAIN_NAME.fullmatch(name))
    if services and name and (wildcard or short):
        form = "wildcard" if wildcard else "short"
        yield said("pop-imap-name", chosen.certificate.lines, form, name=name, services=spelled(services, " and "))


def _unified_messaging(chosen: Chosen) -> Iterator[Finding]:
    """Unified Messaging is gone from Exchange 2019 on, and before that its startup mode decides."""
    services = chosen.services & {Service.UM, Service.UM_CALL_ROUTER}
    if services:
        version = chosen.case.place.version if chosen.case.place else None
        form = "unknown" if version is None else "gone" if version is ExchangeVersion.E2019_SE else "mode"
        yield said("um-named-again", chosen.certificate.lines, form, services=spelled(services, " and "))
