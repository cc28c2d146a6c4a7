"""The chosen certificate held against the rest of the evidence: the log, the connector and the server's other ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from wizard.case import Case
from wizard.connectornames import logged_as
from wizard.facts import Certificate, CmdletErrorKind, Line, SendConnector, Service
from wizard.findings import Finding
from wizard.fitness_chosen import DOTS, Chosen, common_name, same_dn
from wizard.fitness_rules import said

_TLS_CERTIFICATE_NAME = re.compile(r"<I>(.*)<S>(.*)", re.DOTALL)
_NAMES_SHOWN = 4


def unfit(case: Case) -> Iterator[Finding]:
    """What speaks against the chosen thumbprint itself, whether or not its services are known."""
    if not case.thumbprint:
        return
    theirs = list(_partner(case))
    yield from theirs
    if not theirs:
        # That the partner's certificate is not on our server needs no word of its own.
        yield from _not_there(case)
    yield from _key_error(case)


def _partner(case: Case) -> Iterator[Finding]:
    """The other side's certificate, in whatever way it came to be chosen.

    Servers of one organisation may present the same certificate to each other: one that a header row calls
    ours is ours. Without such a row only its private key on this server can tell.
    """
    logged = case.logged
    if case.log is None or (logged and logged.header_seen):
        return
    certificate = case.certificate
    if logged and certificate and certificate.has_private_key:
        return
    shown = case.log.handshakes
    ours = chain((h.ours for h in shown), (pending.certificate for pending in case.log.pending))
    if any(each and each.header_seen and each.thumbprint == case.thumbprint for each in ours):
        return
    theirs = next((h.theirs for h in shown if h.theirs and h.theirs.thumbprint == case.thumbprint), None)
    if theirs:
        yield said("partner-certificate", theirs.lines, thumbprint=case.thumbprint)


def _not_there(case: Case) -> Iterator[Finding]:
    """A thumbprint that a server's list does not have, or that the server says it has not."""
    if case.certificate:
        return
    shown = case.not_there or case.certificates
    numbers = {certificate.thumbprint for certificate in shown}
    error = _error(case, CmdletErrorKind.NOT_FOUND)
    # One alone is the answer of `-Thumbprint` for another; one without a thumbprint may be the one looked for.
    if len(numbers) > 1 and not numbers & {None, case.thumbprint}:
        yield said("not-on-this-server", _first_lines(shown), "list", thumbprint=case.thumbprint, number=len(numbers))
    elif error is not None:
        yield said("not-on-this-server", error, "error", thumbprint=case.thumbprint)


def _key_error(case: Case) -> Iterator[Finding]:
    """PrivateKeyMissing, as long as no output shows whether the key is there: that one may be newer."""
    error = _error(case, CmdletErrorKind.PRIVATE_KEY_MISSING)
    if error is not None and (case.certificate is None or case.certificate.has_private_key is None):
        yield said("no-private-key", error, "error")


def _error(case: Case, kind: CmdletErrorKind) -> tuple[Line, ...] | None:
    """The lines of such an error about the chosen certificate, None without one."""
    return next((e.lines for e in case.errors if e.kind is kind and e.thumbprint == case.thumbprint), None)


def smtp_there(chosen: Chosen) -> Iterator[Finding]:
    """SMTP that is assigned already: then it is another fault, and the server's list tells which is likelier."""
    if Service.SMTP not in chosen.services:
        return
    lines = chosen.certificate.lines
    twins = chosen.twins
    if twins:
        yield said("smtp-already-assigned", (*lines, *_first_lines(twins)), "twin", number=len(twins) + 1)
    else:
        yield said("smtp-already-assigned", lines, "alone" if chosen.whole_list else "either")


def services_unnamed(chosen: Chosen) -> Iterator[Finding]:
    """Services from an output that names no thumbprint, as the article's own command prints them."""
    if chosen.case.services_unnamed_for == chosen.case.thumbprint:
        yield said("services-without-thumbprint", chosen.certificate.lines)


def outcome(chosen: Chosen) -> Iterator[Finding]:
    """A word where the certificate was chosen from rows that end before the outcome of its handshake."""
    if chosen.logged and chosen.logged in chosen.case.pending:
        yield said("outcome-not-seen", chosen.logged.lines[:1])


def other_connector(chosen: Chosen) -> Iterator[Finding]:
    """A certificate that failed for other connectors than the one that is meant."""
    case = chosen.case
    names = {g.connector for g in case.failed if g.certificate and g.certificate.thumbprint == case.thumbprint}
    if case.connector and names and not any(logged_as(name, case.connector) for name in names):
        yield said("other-connector", connectors=", ".join(sorted(names)), connector=case.connector)


def connector_names(chosen: Chosen) -> Iterator[Finding]:
    """How the connector finds its certificate: by TlsCertificateName (2013 and later), else by its Fqdn."""
    connector = chosen.case.send_connector
    asked = _TLS_CERTIFICATE_NAME.fullmatch(connector.tls_certificate_name) if connector else None
    if connector and asked and not connector.tls_certificate_name.endswith(DOTS):
        yield from _tls_certificate_name(chosen, connector, asked[1], asked[2])
    elif connector and not connector.tls_certificate_name:
        yield from _fqdn(chosen, connector)


def _tls_certificate_name(chosen: Chosen, connector: SendConnector, issuer: str, subject: str) -> Iterator[Finding]:
    """Whether the connector asks for this very certificate, for another, for none that is there or for several."""
    fitting = [c for c in chosen.on_server if _named(c, issuer, subject)]
    if chosen.whole_list and not fitting:
        number = len(chosen.on_server)
        yield said("tls-certificate-name", connector.lines, "none", name=connector.tls_certificate_name, number=number)
        return
    if len(fitting) > 1:
        yield said("tls-name-fits-several", (*connector.lines, *_first_lines(fitting)), number=len(fitting))
    for name, shown, form in ((subject, chosen.whole_subject, "subject"), (issuer, chosen.issuer, "issuer")):
        if shown and not same_dn(name, shown):
            yield said("tls-certificate-name", connector.lines, form, name=name)
            return


def _named(certificate: Certificate, issuer: str, subject: str) -> bool:
    """Whether a certificate is shown whole with this issuer and subject."""
    whole = bool(certificate.subject and certificate.issuer) and not certificate.subject_cut
    return whole and same_dn(certificate.subject, subject) and same_dn(certificate.issuer, issuer)


def _fqdn(chosen: Chosen, connector: SendConnector) -> Iterator[Finding]:
    """Whether the certificate has the connector's Fqdn among its names, where all of them are known.

    CertificateDomains are the alternative names alone, so the subject has to be known too.
    """
    certificate, fqdn = chosen.certificate, connector.fqdn.strip()
    if (
        not fqdn
        or fqdn.endswith(DOTS)
        or not certificate.domains
        or certificate.domains_cut
        or not chosen.whole_subject
    ):
        return
    known = (common_name(chosen.whole_subject), *certificate.domains, *(chosen.logged.names if chosen.logged else ()))
    names = tuple(dict.fromkeys(filter(None, known)))
    if not any(_covers(name, fqdn) for name in names):
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        lines = (*connector.lines, *certificate.lines)
        yield said("fqdn-not-in-names", lines, fqdn=fqdn, names=", ".join(names[:_NAMES_SHOWN]) + more)


def _covers(name: str, host: str) -> bool:
    """Whether a certificate's name is this host's; a star stands for one label, as in `*.contoso.com`."""
    name, host = name.strip().rstrip(".").casefold(), host.rstrip(".").casefold()
    label, _, domain = host.partition(".")
    return name == host or bool(label and name == f"*.{domain}")


def same_names(chosen: Chosen) -> Iterator[Finding]:
    """Certificates that Exchange cannot tell apart by name, unless another check has said so."""
    twins = chosen.twins
    told = Service.SMTP in chosen.services or any(f.id == "tls-name-fits-several" for f in connector_names(chosen))
    if twins and not told:
        yield said("same-names", _first_lines(twins), number=len(twins) + 1)


def _first_lines(certificates: Iterable[Certificate]) -> tuple[Line, ...]:
    return tuple(line for certificate in certificates for line in certificate.lines[:1])


def servers(chosen: Chosen) -> Iterator[Finding]:
    """That a certificate is bound on each server by itself; what is different on an Edge and a Front End."""
    case = chosen.case
    cut = bool(case.send_connector and case.send_connector.source_servers_cut)
    if len(case.servers) > 1 or cut:
        form = ("cut" if case.servers else "lost") if cut else "whole"
        yield said("several-servers", form=form, servers=", ".join(case.servers))
    if case.edge:
        yield said("edge")
    connector = case.send_connector
    if connector and connector.frontend_proxy and not case.edge:
        yield said("front-end", connector.lines)
