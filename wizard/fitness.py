"""May this certificate be bound to SMTP, and with which services named: each check with its reason and source.

The conditions are here and in the modules beside this one; what a check says stands in `assets/checks.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from wizard.case import Case
from wizard.facts import Line
from wizard.findings import Finding, Level
from wizard.fitness_chosen import Chosen, common_name, same_dn
from wizard.fitness_evidence import (
    connector_names,
    other_connector,
    outcome,
    same_names,
    servers,
    services_unnamed,
    smtp_there,
    unfit,
)
from wizard.fitness_rules import not_for_mail, said, status_said
from wizard.fitness_services import naming_again

SOON = timedelta(days=14)

_GRAVEST = (Level.BLOCK, Level.WARN, Level.INFO, Level.GOOD)
_ISO_DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\s*$", re.IGNORECASE)
_ANY_ZONE = timedelta(hours=14)
"""How far from UTC a time of day without its zone can be, at most."""


def checks(case: Case) -> tuple[Finding, ...]:
    """Every check that applies to the chosen certificate and variant, the gravest first.

    While the certificate's services are not known, only what speaks against the thumbprint itself.
    """
    found = list(unfit(case))
    certificate = case.certificate
    if certificate is not None and certificate.services is not None:
        chosen = Chosen(case, certificate)
        found += [finding for check in _CHECKS for finding in check(chosen)]
    return tuple(sorted(found, key=lambda finding: _GRAVEST.index(finding.level)))


def blocked(case: Case) -> bool:
    """Whether a check speaks against binding: then no bind command is handed out."""
    return any(check.level is Level.BLOCK for check in checks(case))


def iso_date(text: str) -> datetime | None:
    """A date in ISO 8601 (as the log's dated layout and ToString('o') print it), aware; None for any other form.

    A date in the server's culture stays unread: 03/02/2027 is two different days. A time of day
    without its zone counts as UTC.
    """
    if not _ISO_DATE.match(text):
        return None
    try:
        # ToString('o') prints seven decimals of a second, fromisoformat takes six.
        date = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.strip()))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def not_a_mail_certificate(*names: str) -> str:
    """What a certificate of this subject or issuer is for, when it is Exchange's or Windows' own; else empty."""
    return not_for_mail(tuple(common_name(name) for name in names))


def _private_key(chosen: Chosen) -> Iterator[Finding]:
    certificate, logged = chosen.certificate, chosen.logged
    if certificate.has_private_key is False:
        yield said("no-private-key", certificate.lines, "property")
    elif certificate.has_private_key and logged and not logged.header_seen:
        yield said("confirmed-ours", certificate.lines)


def _owner(chosen: Chosen) -> Iterator[Finding]:
    use = not_a_mail_certificate(chosen.subject, chosen.certificate.issuer)
    if use:
        yield said("not-a-mail-certificate", chosen.certificate.lines, use=use)


def _status(chosen: Chosen) -> Iterator[Finding]:
    """What Exchange says of the certificate, unless a date says the same and which day it is."""
    found = status_said(chosen.certificate.status, chosen.certificate.lines)
    out_of_dates = chosen.certificate.status.strip().casefold() == "dateinvalid"
    if found and not (out_of_dates and any(date.level is Level.BLOCK for date in _dates(chosen))):
        yield found


def _dates(chosen: Chosen) -> Iterator[Finding]:
    """Whether the case was opened between the certificate's dates, as far as these are certain."""
    certificate, logged, now = chosen.certificate, chosen.logged, chosen.case.opened
    ends = _date(certificate.not_after, certificate.lines)
    starts = _date(certificate.not_before, certificate.lines)
    if logged:
        ends = ends or _date(logged.not_after, logged.lines)
        starts = starts or _date(logged.not_before, logged.lines)
    if ends and now - ends.moment > ends.doubt:
        yield said("expired", ends.lines, date=f"{ends.moment:%Y-%m-%d}")
    elif ends and ends.moment - now < SOON:
        yield said("expires-soon", ends.lines, date=f"{ends.moment:%Y-%m-%d}")
    if starts and starts.moment - now > starts.doubt:
        yield said("not-yet-valid", starts.lines, date=f"{starts.moment:%Y-%m-%d}")


class _Date(NamedTuple):
    """A date that can be read in one way, how far from it the true moment may lie, and where it stands."""

    moment: datetime
    doubt: timedelta
    lines: tuple[Line, ...]


def _date(text: str | None, lines: tuple[Line, ...]) -> _Date | None:
    moment = iso_date(text or "")
    if not text or moment is None:
        return None
    return _Date(moment, timedelta() if _ZONE.search(text) else _ANY_ZONE, lines)


def _self_signed(chosen: Chosen) -> Iterator[Finding]:
    """A certificate that no authority has issued; where the output does not say it, by its two names."""
    certificate = chosen.certificate
    signed = certificate.self_signed
    if signed is None and chosen.whole_subject:
        signed = same_dn(chosen.whole_subject, chosen.issuer)
    if signed and not any(_owner(chosen)):
        yield said("self-signed", certificate.lines)


_CHECKS: tuple[Callable[[Chosen], Iterator[Finding]], ...] = (
    _private_key,
    _owner,
    _status,
    _dates,
    _self_signed,
    smtp_there,
    services_unnamed,
    outcome,
    other_connector,
    connector_names,
    same_names,
    naming_again,
    servers,
)
