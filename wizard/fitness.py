"""May this certificate be bound to SMTP, and with which services named: each check with its reason and source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from wizard.case import Case, Variant, same_name
from wizard.facts import Certificate, Service, spelled
from wizard.findings import Finding, Level, block, good, info, warn
from wizard.logfolders import ExchangeVersion

SOON = timedelta(days=14)

_NOT_THE_USERS = (
    (re.compile(r"WMSvc-.*", re.IGNORECASE), "the Web Management Service"),
    (
        re.compile(r"Microsoft Exchange Server Auth Certificate.*", re.IGNORECASE),
        "server-to-server authentication (the Auth certificate)",
    ),
    # Whole: federation.contoso.com is a name of the user's own.
    (re.compile(r"Federation", re.IGNORECASE), "federation"),
    (re.compile(r"MS-Organization-P2P-Access.*", re.IGNORECASE), "Windows device registration"),
)

_BAD_STATUS = {
    "DateInvalid": "Exchange says it is outside its dates. Renew it and start again with the new one.",
    "Revoked": "Exchange says it was revoked. Get a new one and start again with it.",
    "Invalid": "Exchange says it is invalid. Find out why before you bind it.",
    "PendingRequest": "It is only a request; the certificate itself was never completed. Complete the request first.",
}

_COMMON_NAME = re.compile(r"(?:^|[\s,+])CN\s*=\s*\"?([^,+\"]+)", re.IGNORECASE)
_DOMAIN_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_TLS_CERTIFICATE_NAME = re.compile(r"<I>(.*)<S>(.*)", re.DOTALL)
_DOTS = ("...", "\u2026")

_ISO_DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def checks(case: Case) -> tuple[Finding, ...]:
    """Every check that applies to the chosen certificate and variant, the gravest first.

    Empty while the certificate's services are not known: then there is nothing to weigh yet.
    """
    certificate = case.certificate
    if certificate is None or certificate.services is None:
        return ()
    found = [finding for check in _CHECKS for finding in check(case, certificate)]
    gravest = [Level.BLOCK, Level.WARN, Level.INFO, Level.GOOD]
    return tuple(sorted(found, key=lambda finding: gravest.index(finding.level)))


def blocked(case: Case) -> bool:
    """Whether a check speaks against binding: then no bind command is handed out."""
    return any(check.level is Level.BLOCK for check in checks(case))


def common_name(subject: str) -> str:
    """The first CN of a distinguished name, empty without one."""
    match = _COMMON_NAME.search(subject)
    return match.group(1).strip() if match else ""


def iso_date(text: str) -> datetime | None:
    """A date in ISO 8601 (as the log's dated layout and ToString('o') print it), aware; None for any other form.

    A date in the server's culture stays unread: 03/02/2027 is two different days.
    """
    if not _ISO_DATE.match(text):
        return None
    try:
        # ToString('o') prints seven decimals of a second, fromisoformat takes six.
        date = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.strip()))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _private_key(case: Case, certificate: Certificate) -> Iterator[Finding]:
    if certificate.has_private_key is False:
        yield block(
            "The certificate has no private key on this server (HasPrivateKey is False). Binding will not help: "
            "import it again with its key (a PFX file), then read the services again.",
            certificate.lines,
            "no-private-key",
            "KB 4495258",
        )
    elif certificate.has_private_key and case.logged and not case.logged.header_seen:
        yield good(
            "The log showed no 'Sending certificate' row, but the certificate is on this server with its private key: "
            "it is ours.",
            certificate.lines,
            "confirmed-ours",
        )


def not_a_mail_certificate(*names: str) -> str:
    """What a certificate of this subject or issuer is for, when it is Exchange's or Windows' own; else empty."""
    shown = [common_name(name) for name in names]
    return next((use for name, use in _NOT_THE_USERS if any(name.fullmatch(each) for each in shown)), "")


def _owner(case: Case, certificate: Certificate) -> Iterator[Finding]:
    use = not_a_mail_certificate(_subject(case, certificate), certificate.issuer)
    if use:
        yield block(
            f"This certificate belongs to {use}; it is not a third-party certificate for mail. "
            "Go back to the log and look for another.",
            certificate.lines,
            "not-a-mail-certificate",
            "Names Exchange and Windows give their own certificates",
        )


def _status(case: Case, certificate: Certificate) -> Iterator[Finding]:
    why = _BAD_STATUS.get(certificate.status)
    if why:
        yield block(f"Status is {certificate.status}. {why}", certificate.lines, "status", "Get-ExchangeCertificate")
    elif certificate.status == "Untrusted":
        yield warn(
            "Status is Untrusted: this server does not trust the certificate's issuer. The other side may not either.",
            certificate.lines,
            "status",
            "Get-ExchangeCertificate",
        )
    elif certificate.status == "RevocationCheckFailure":
        yield info(
            "Status is RevocationCheckFailure: common on servers without internet access.",
            certificate.lines,
            "status",
            "Get-ExchangeCertificate",
        )


def _dates(case: Case, certificate: Certificate) -> Iterator[Finding]:
    logged = case.logged
    ends = iso_date(certificate.not_after) or iso_date((logged and logged.not_after) or "")
    starts = iso_date(certificate.not_before) or iso_date((logged and logged.not_before) or "")
    if ends and ends < case.opened:
        yield block(
            f"It expired on {ends:%Y-%m-%d}. Renew it, and start again with the new certificate's thumbprint.",
            certificate.lines,
            "expired",
            "The certificate's own date",
        )
    elif ends and ends - case.opened < SOON:
        yield warn(f"It expires on {ends:%Y-%m-%d}: plan the renewal now.", certificate.lines, "expires-soon")
    if starts and starts > case.opened:
        yield block(f"It is not valid before {starts:%Y-%m-%d}.", certificate.lines, "not-yet-valid")


def _self_signed(case: Case, certificate: Certificate) -> Iterator[Finding]:
    if certificate.self_signed:
        yield warn(
            "The certificate is self-signed. The article is about a third-party certificate: "
            "make sure this is the one the other side expects.",
            certificate.lines,
            "self-signed",
            "KB 4051498",
        )


def _already_bound(case: Case, certificate: Certificate) -> Iterator[Finding]:
    if certificate.services and Service.SMTP in certificate.services:
        yield warn(
            "SMTP is already assigned to it, so a missing binding is not the cause. Look for a lost permission on its "
            "private key, or for two certificates with the same issuer and subject.",
            certificate.lines,
            "smtp-already-assigned",
            "KB 4051498",
        )


def _unnamed(case: Case, certificate: Certificate) -> Iterator[Finding]:
    if case.services_unnamed_for == case.thumbprint:
        yield warn(
            "The output names no thumbprint, so nothing proves that these services are this certificate's. "
            "The wizard's own command prints both.",
            certificate.lines,
            "services-without-thumbprint",
            "KB step 3",
        )


def _unknown_services(case: Case, certificate: Certificate) -> Iterator[Finding]:
    if certificate.unknown_services:
        yield info(
            f"Services also shows {', '.join(certificate.unknown_services)}, which the wizard cannot name. "
            "It stays assigned: the command only adds.",
            certificate.lines,
            "unknown-service",
            "Enable-ExchangeCertificate",
        )


def _naming_again(case: Case, certificate: Certificate) -> Iterator[Finding]:
    """What naming an existing service again can do; SMTP alone has none of it."""
    services = certificate.services or frozenset()
    if Service.FEDERATION in services:
        yield info(
            "Federation stays assigned. It is never named in this command.",
            certificate.lines,
            "federation",
            "Enable-ExchangeCertificate",
        )
    if case.variant is Variant.SMALLEST:
        return
    if Service.IIS in services:
        yield warn(
            "Naming IIS again turns on Require SSL on the default web site, may need an IIS restart, and binds the "
            "Front End site if only the Back End had it. The smallest form, SMTP alone, avoids that.",
            certificate.lines,
            "iis-named-again",
            "Enable-ExchangeCertificate",
        )
    name = common_name(_subject(case, certificate))
    mail_clients = services & {Service.POP, Service.IMAP}
    # A name that a table cut is not known to be short, but a star at its beginning is there.
    cut = name.endswith(_DOTS)
    if mail_clients and name and (name.startswith("*") or not (cut or _DOMAIN_NAME.fullmatch(name))):
        kind = "a wildcard" if name.startswith("*") else "no full domain name"
        yield warn(
            f"The subject is {kind} ({name}): for {spelled(mail_clients, ' and ')} Exchange prints a warning and does "
            "not add the service. They are set with Set-PopSettings or Set-ImapSettings -X509CertificateName.",
            certificate.lines,
            "pop-imap-name",
            "Enable-ExchangeCertificate",
        )
    yield from _unified_messaging(case, certificate, services)


def _unified_messaging(case: Case, certificate: Certificate, services: frozenset[Service]) -> Iterator[Finding]:
    messaging = services & {Service.UM, Service.UM_CALL_ROUTER}
    if not messaging:
        return
    gone = case.place is not None and case.place.version is ExchangeVersion.E2019_SE
    why = (
        "Exchange 2019 and SE have no Unified Messaging: do not name it"
        if gone
        else "the command fails unless the service's startup mode is TLS or Dual"
    )
    yield warn(
        f"{spelled(messaging, ' and ')}: {why}. The smallest form, SMTP alone, avoids that.",
        certificate.lines,
        "um-named-again",
        "Enable-ExchangeCertificate",
    )


def _outcome(case: Case, certificate: Certificate) -> Iterator[Finding]:
    """A word where the certificate was chosen from rows that end before the outcome of its handshake."""
    if case.logged and case.logged in case.pending:
        yield warn(
            "The log does not show how this certificate's handshake ended, so nothing proves that it failed. Read the "
            "rows that follow before you bind it.",
            case.logged.lines[:1],
            "outcome-not-seen",
            "KB step 2",
        )


def _connector_certificate(case: Case, certificate: Certificate) -> Iterator[Finding]:
    """Whether the connector asks for this very certificate by TlsCertificateName (2013 and later)."""
    connector, logged = case.send_connector, case.logged
    wanted = connector.tls_certificate_name if connector else ""
    asked = _TLS_CERTIFICATE_NAME.fullmatch(wanted)
    if connector is None or asked is None or wanted.endswith(_DOTS):
        return
    subject = "" if certificate.subject_cut else certificate.subject
    # The log joins subject and issuer; one without the other may be both.
    if logged and logged.issuer:
        subject = subject or logged.subject
    issuer = certificate.issuer or (logged.issuer if logged else "")
    for name, shown, what in ((asked[2], subject, "subject"), (asked[1], issuer, "issuer")):
        if shown and _squeezed(name) != _squeezed(shown):
            yield warn(
                f"The connector's TlsCertificateName asks for another {what}: {name}. If the certificate was renewed "
                "under new names, that setting must follow.",
                connector.lines,
                "tls-certificate-name",
                "Set-SendConnector",
            )
            return


def _twins(case: Case, certificate: Certificate) -> Iterator[Finding]:
    same = [
        other
        for other in case.certificates
        if other.thumbprint
        and other.thumbprint != certificate.thumbprint
        and other.subject
        and not (other.subject_cut or certificate.subject_cut)
        and _squeezed(other.subject) == _squeezed(certificate.subject)
        and _squeezed(other.issuer) == _squeezed(certificate.issuer)
    ]
    if same and certificate.issuer:
        yield warn(
            f"{len(same) + 1} certificates on this server have the same issuer and subject. Where Exchange goes by "
            "those names it may take the other one; that alone can cause this error.",
            tuple(line for other in same for line in other.lines[:1]),
            "same-names",
            "Set-SendConnector",
        )


def _other_connector(case: Case, certificate: Certificate) -> Iterator[Finding]:
    connectors = {g.connector for g in case.failed if g.certificate and g.certificate.thumbprint == case.thumbprint}
    if case.connector and connectors and not any(same_name(name, case.connector) for name in connectors):
        yield warn(
            f"The log shows this certificate for {', '.join(sorted(connectors))}, not for {case.connector}.",
            id="other-connector",
        )


def _servers(case: Case, certificate: Certificate) -> Iterator[Finding]:
    cut = bool(case.send_connector and case.send_connector.source_servers_cut)
    if len(case.servers) > 1 or cut:
        more = " and more, for the list is cut" if cut else ""
        yield info(
            f"The connector sends from {', '.join(case.servers)}{more}. Certificates are bound on each server by "
            "itself: run the command on each, the one with the stuck queue first.",
            id="several-servers",
            source="Enable-ExchangeCertificate",
        )
    if case.edge:
        yield warn(
            "On an Edge with an Edge Subscription the answer N is essential: replacing the default certificate breaks "
            "EdgeSync. After renewing a CA certificate there, the subscription has to be made again.",
            id="edge",
            source="KB 2989382; Assign certificates to Exchange services",
        )


def _subject(case: Case, certificate: Certificate) -> str:
    """The subject, from the log where the output has none or a table cut it."""
    logged = case.logged.subject if case.logged else ""
    return logged or certificate.subject if certificate.subject_cut else certificate.subject or logged


def _squeezed(name: str) -> str:
    """A distinguished name without white space and quotes, for comparing what two tools printed."""
    return re.sub(r"[\s\"]", "", name).casefold()


_CHECKS: tuple[Callable[[Case, Certificate], Iterator[Finding]], ...] = (
    _private_key,
    _owner,
    _status,
    _dates,
    _self_signed,
    _already_bound,
    _unnamed,
    _outcome,
    _other_connector,
    _connector_certificate,
    _twins,
    _naming_again,
    _unknown_services,
    _servers,
)
