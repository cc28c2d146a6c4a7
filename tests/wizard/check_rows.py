"""Every check of `assets/checks.toml`: evidence that raises it, and evidence that nearly does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    DEFAULT,
    OTHER,
    OURS,
    SUBJECT,
    certificate_list,
    failing,
    given,
    ready,
    with_connector,
    working,
)
from tests.wizard.check_cases import (
    KEYLESS,
    NOT_FOUND,
    TLS_NAME,
    after_the_log,
    asked,
    asking,
    at_first,
    bound_before_the_rows,
    cut_off,
    dated,
    edge_synced,
    elsewhere,
    failed,
    in_store,
    leaving,
    not_found_at,
    noticed,
    of_another_server,
    of_version,
    printed,
    refused,
    renewed_beside,
    self_signed,
    smallest,
    stranger,
    theirs_too,
    through_the_front_end,
    twin,
    with_default,
    with_list,
    without_credentials,
)
from wizard.assets import asset_table
from wizard.case.case import Case, Place, StepId
from wizard.facts import CmdletErrorKind, ExchangeVersion, Service

S = StepId
TABLE = asset_table("checks.toml")


@dataclass(frozen=True)
class Row:
    """A check, the evidence that raises it, and evidence that nearly does."""

    check: str
    raised: Callable[[], Case]
    nearly: tuple[Callable[[], Case], ...]
    form: str = ""
    status: str = ""

    @property
    def rule(self) -> Any:
        """What the asset has of it."""
        if self.status:
            return next(rule for rule in TABLE["status"] if rule["match"] == self.status)
        return TABLE["check"][self.check]

    @property
    def says(self) -> str:
        """Its sentence, with the placeholders in it."""
        says = self.rule["says"]
        return str(says[self.form] if self.form else says)

    def __str__(self) -> str:
        return "-".join(filter(None, (self.check, self.form, self.status)))


def status(word: str, match: str = "", *nearly: str) -> Row:
    near = tuple(lambda other=other: dated(Status=other) for other in ("Valid", "", *nearly))
    return Row("status", lambda: dated(Status=word), near, status=match or word)


def line_failed(kind: CmdletErrorKind, form: str) -> Row:
    near = (
        ready,
        lambda: failed(kind, thumbprint=OTHER),
        lambda: failed(kind, foreign=True),
        lambda: failed(kind, services="SMTP"),
    )
    return Row("line-failed", lambda: failed(kind), near, form)


def in_the_store(check: str, form: str, said: str, others: str) -> Row:
    near = (lambda: in_store(said, OTHER), lambda: in_store(others), ready)
    return Row(check, lambda: in_store(said), near, form)


def notice(form: str, said: str, near: str) -> Row:
    return Row("notice", lambda: noticed(said), (ready, lambda: noticed(near)), form)


ROWS = (
    Row("no-private-key", lambda: ready(HasPrivateKey="False"), (ready, lambda: ready(HasPrivateKey="")), "property"),
    Row(
        "no-private-key",
        lambda: refused(after_the_log(), KEYLESS),
        (
            lambda: refused(after_the_log(), KEYLESS.replace(OURS, OTHER)),
            lambda: given(refused(after_the_log(), KEYLESS), S.SERVICES, certificate_list()),
            lambda: refused(after_the_log(), NOT_FOUND),
        ),
        "error",
    ),
    Row(
        "confirmed-ours",
        lambda: ready(log=failing(header="")),
        (ready, lambda: ready(log=failing(header=""), HasPrivateKey="")),
    ),
    Row(
        "partner-certificate",
        theirs_too,
        (
            lambda: theirs_too(header="Sending certificate"),
            lambda: theirs_too(key="True"),
            lambda: given(with_connector(), S.LOG, failing(header="") + working(OURS)),
        ),
    ),
    Row(
        "not-on-this-server",
        lambda: refused(after_the_log(), stranger() + stranger(DEFAULT)),
        (
            # One certificate is the answer for another thumbprint, and says nothing of this one.
            lambda: refused(after_the_log(), stranger()),
            lambda: refused(after_the_log(), stranger() + stranger()),
            lambda: with_list(stranger()),
            lambda: given(refused(after_the_log(), stranger() + stranger(DEFAULT)), S.SERVICES, certificate_list()),
            lambda: refused(cases.knowing(after_the_log(), thumbprint=""), stranger() + stranger(DEFAULT)),
        ),
        "list",
    ),
    Row(
        "not-on-this-server",
        lambda: refused(after_the_log(), NOT_FOUND),
        (
            lambda: refused(after_the_log(), NOT_FOUND.replace(OURS, OTHER)),
            lambda: given(refused(after_the_log(), NOT_FOUND), S.SERVICES, certificate_list()),
        ),
        "error",
    ),
    Row(
        "not-a-mail-certificate",
        lambda: ready(Subject="CN=WMSvc-EX01"),
        (lambda: ready(Subject="CN=wmsvc.contoso.com"), lambda: ready(Subject="CN=federation.contoso.com")),
    ),
    status("DateInvalid", "", "Invalid", "datevalid"),
    status("Revoked", "", "RevocationCheckFailure"),
    status("Invalid", "", "DateInvalid"),
    status("PendingRequest", "", "Pending"),
    status("Untrusted", "", "Trusted"),
    status("RevocationCheckFailure", "", "Revoked"),
    status("Unknown", "", "UnknownStatus"),
    status("5", "[0-9]+", "5a"),
    status("Superseded", ".+", "Revoked", "valid"),
    Row(
        "expired",
        lambda: renewed_beside("IIS"),
        (
            lambda: renewed_beside("SMTP"),
            lambda: renewed_beside("IIS", Subject="CN=other.contoso.com", CertificateDomains="{other.contoso.com}"),
            lambda: renewed_beside("IIS", NotAfter="2026-01-01T00:00:00Z"),
            lambda: renewed_beside("IIS", Status="Revoked"),
        ),
        "renewed",
    ),
    Row(
        "expired",
        lambda: renewed_beside("SMTP, IIS"),
        (lambda: renewed_beside("IIS"), lambda: renewed_beside("SMTP", Status="DateInvalid")),
        "renewed-bound",
    ),
    Row(
        "expired",
        lambda: dated(NotAfter="2026-11-22T02:59:59Z"),
        (
            lambda: dated(NotAfter="2026-11-22T03:00:01Z"),
            lambda: dated(NotAfter="2/3/2024 5:59:59 PM"),
            # Without its zone this may be fourteen hours later.
            lambda: dated(NotAfter="2026-11-21T13:00:01"),
        ),
        "alone",
    ),
    Row(
        "self-signed-beside",
        lambda: self_signed(certificate_list("IIS, SMTP", OTHER)),
        (
            lambda: self_signed(certificate_list("IIS", OTHER, Status="Revoked")),
            lambda: self_signed(certificate_list("IIS", OTHER, Subject="CN=WMSvc-EX01")),
            lambda: self_signed(stranger()),
            lambda: with_list(stranger()),
        ),
    ),
    Row(
        "key-not-read",
        lambda: without_credentials(HasPrivateKey=""),
        (
            without_credentials,
            lambda: without_credentials(HasPrivateKey="False"),
            lambda: ready(HasPrivateKey=""),
        ),
    ),
    line_failed(CmdletErrorKind.KEY_ACCESS, "key"),
    line_failed(CmdletErrorKind.NOT_VALID, "not-valid"),
    line_failed(CmdletErrorKind.RECEIVE_CONNECTOR_NAME, "name"),
    line_failed(CmdletErrorKind.WRAPPED, "wrapped"),
    line_failed(CmdletErrorKind.OTHER, "other"),
    Row(
        "line-failed",
        lambda: failed(CmdletErrorKind.SERVICE, asked=(Service.SMTP,)),
        (lambda: failed(CmdletErrorKind.SERVICE), lambda: failed(CmdletErrorKind.SERVICE, foreign=True)),
        "service",
    ),
    Row(
        "merged-line-failed",
        lambda: failed(CmdletErrorKind.SERVICE),
        (
            lambda: failed(CmdletErrorKind.SERVICE, asked=(Service.SMTP,)),
            lambda: failed(CmdletErrorKind.SERVICE, services="SMTP, UM"),
            lambda: failed(CmdletErrorKind.KEY_ACCESS),
        ),
    ),
    Row(
        "which-server",
        lambda: ready(case=with_connector(servers="{EX01, EX02}")),
        (ready, at_first, lambda: ready("SMTP", case=with_connector(servers="{EX01, EX02}"))),
        "output",
    ),
    Row(
        "which-server",
        lambda: given(with_connector(servers="{EX01...}"), S.LOG, failing()),
        (lambda: given(with_connector(servers="{EX01}"), S.LOG, failing()), after_the_log),
        "none",
    ),
    Row(
        "which-server",
        lambda: not_found_at("EX02", ready(case=cases.named())),
        (lambda: not_found_at("EX02", at_first()), lambda: ready(case=cases.named())),
        "refuted",
    ),
    Row(
        "not-on-another-server",
        lambda: not_found_at("EX02", at_first(servers="{EX01, EX02}")),
        (
            lambda: not_found_at("EX01", at_first(servers="{EX01, EX02}")),
            lambda: not_found_at("EX02", at_first(servers="{EX01, EX02}"), OTHER),
        ),
    ),
    Row(
        "another-servers-list",
        of_another_server,
        (after_the_log, lambda: cases.knowing(of_another_server(), certificates=ready().now.certificates)),
    ),
    Row(
        "shell-without-types",
        lambda: printed(without_types=True, services=None, has_private_key=None),
        (ready, lambda: printed(services=None)),
    ),
    Row("services-cut", lambda: printed(services_cut=True, services=None), (ready, lambda: printed(services=None))),
    Row(
        "default-already",
        lambda: with_default(OURS),
        (lambda: with_default(DEFAULT), lambda: with_default(OURS, "EX02"), ready),
    ),
    Row(
        "mail-leaves",
        lambda: leaving("198.51.100.25:25"),
        (lambda: leaving("198.51.100.26:25"), lambda: leaving("198.51.100.25:25", "True"), lambda: leaving("")),
        "seen",
    ),
    Row(
        "mail-leaves",
        lambda: leaving(""),
        (lambda: leaving("", "True"), ready, lambda: leaving("198.51.100.25:25")),
        "likely",
    ),
    Row(
        "edge-sync",
        lambda: edge_synced("EdgeSync - Default-First-Site-Name to Internet"),
        (lambda: edge_synced("EdgeSyncless"), ready),
    ),
    Row(
        "hub-folder",
        lambda: through_the_front_end(r"C:\\Logs\\Hub\\ProtocolLog\\SmtpSend"),
        (
            lambda: through_the_front_end(r"C:\\Logs\\FrontEnd\\ProtocolLog\\SmtpSend"),
            lambda: through_the_front_end(r"C:\\Logs\\Hub\\ProtocolLog\\SmtpSend", "False"),
        ),
    ),
    Row(
        "pop-imap-first-name",
        lambda: ready("IIS, POP"),
        (
            lambda: ready("IIS"),
            lambda: smallest(ready("IIS, POP")),
            lambda: ready("POP", Subject="CN=*.contoso.com"),
            lambda: with_list(stranger(services="POP, SMTP"), services="POP"),
        ),
    ),
    Row(
        "pop-imap-of-another",
        lambda: with_list(stranger(services="POP, SMTP"), services="IIS, POP"),
        (
            lambda: with_list(stranger(services="IMAP"), services="IIS, POP"),
            lambda: with_list(stranger(services="POP"), services="IIS"),
        ),
    ),
    Row(
        "expires-soon",
        lambda: dated(NotAfter="2026-12-05T00:00:00Z"),
        (lambda: dated(NotAfter="2026-12-07T00:00:00Z"), lambda: dated(NotAfter="05.12.2026 00:00:00")),
    ),
    Row(
        "not-yet-valid",
        lambda: dated(NotBefore="2026-11-22T03:00:01Z"),
        (
            lambda: dated(NotBefore="2026-11-22T02:59:59Z"),
            lambda: dated(NotBefore="1/12/2026 00:00:00"),
            lambda: dated(NotBefore="2026-11-22T16:59:59"),
        ),
    ),
    Row(
        "self-signed",
        lambda: ready(IsSelfSigned="True"),
        (
            ready,
            lambda: ready(IsSelfSigned="False", Issuer=SUBJECT),
            # The Auth certificate is self-signed too, and that is not what is wrong with it.
            lambda: ready(IsSelfSigned="True", Subject="CN=Microsoft Exchange Server Auth Certificate"),
        ),
    ),
    Row("smtp-already-assigned", lambda: ready("IIS, SMTP"), (lambda: ready("IIS"),), "older"),
    Row(
        "smtp-already-assigned",
        lambda: bound_before_the_rows("SMTP"),
        (
            lambda: ready("SMTP"),
            lambda: bound_before_the_rows("SMTP", 900),
            lambda: bound_before_the_rows("SMTP", 1, "a.log"),
        ),
        "newer",
    ),
    # A binding that the evidence shows counts beside a listing from before it.
    Row("smtp-already-assigned", lambda: bound_before_the_rows("IIS"), (lambda: ready("IIS"),), "newer"),
    Row(
        "smtp-already-assigned",
        lambda: with_list(twin(), services="SMTP"),
        (lambda: with_list(twin(Subject="CN=smtp.contoso.com"), services="SMTP"), lambda: with_list(twin())),
        "twin",
    ),
    Row(
        "services-without-thumbprint",
        lambda: given(after_the_log(), S.SERVICES, "Services\n--------\nIIS, POP\n"),
        (ready, lambda: given(after_the_log(), S.SERVICES, f"{OURS}  IIS, POP\n")),
    ),
    Row("outcome-not-seen", cut_off, (ready,)),
    Row(
        "other-connector",
        lambda: elsewhere("Internet"),
        (lambda: elsewhere(CONNECTOR.upper()), lambda: ready(case=Case(opened=cases.NIGHT))),
    ),
    Row(
        "tls-certificate-name",
        lambda: ready(case=asking("CN=old.contoso.com")),
        (
            lambda: ready(case=asking()),
            lambda: ready(case=asking("CN=old...")),
            # What it asks for is there: so it is another certificate, and not none.
            lambda: with_list(stranger(), case=asking("CN=EX02", "CN=EX01")),
        ),
        "subject",
    ),
    Row(
        "tls-certificate-name",
        lambda: ready(case=asking(issuer="CN=Northwind CA 2")),
        (lambda: ready(Issuer="", case=asking()),),
        "issuer",
    ),
    Row(
        "tls-certificate-name",
        lambda: with_list(stranger(), case=asking("CN=old.contoso.com")),
        (
            lambda: with_list(stranger(), case=asking("CN=EX01", "CN=EX01")),
            # One alone is not the server's list, and where a name is cut it may be the one.
            lambda: ready(case=asking("CN=old.contoso.com")),
            lambda: with_list(twin(Subject="CN=ol..."), case=asking("CN=old.contoso.com")),
        ),
        "none",
    ),
    Row(
        "tls-name-fits-several",
        lambda: with_list(twin(), case=asking()),
        (
            lambda: with_list(stranger(), case=asking()),
            lambda: with_list(certificate_list(), case=asking()),
            lambda: with_list(twin(Issuer="CN=Northwind CA 2"), case=asking()),
            lambda: with_list(twin(Subject="CN=smtp.contoso.com"), case=asking()),
            lambda: with_list(twin()),
        ),
    ),
    Row(
        "same-names",
        lambda: with_list(twin()),
        (
            lambda: with_list(twin(Subject="CN=smtp.contoso.com")),
            lambda: with_list(twin(Issuer="CN=Northwind CA 2")),
            lambda: with_list(twin(Subject="CN=mail...")),
            lambda: with_list(twin(), services="SMTP"),
            lambda: with_list(twin(), case=asking()),
        ),
    ),
    Row(
        "fqdn-not-in-names",
        lambda: ready(case=with_connector(Fqdn="relay.contoso.com")),
        (
            ready,
            lambda: ready(case=with_connector(Fqdn="")),
            lambda: ready(case=with_connector(Fqdn="SMTP.Contoso.com")),
            lambda: ready(case=with_connector(Fqdn="relay.contoso.com"), CertificateDomains="{*.contoso.com}"),
            lambda: ready(
                case=with_connector(Fqdn="relay.contoso.com"), CertificateDomains="{a.example, b.example...}"
            ),
            lambda: ready(case=with_connector(Fqdn="relay.contoso.com", TlsCertificateName=TLS_NAME)),
        ),
    ),
    Row("federation", lambda: ready("IIS, Federation"), (ready, lambda: smallest(ready("IIS, Federation")))),
    Row(
        "iis-named-again",
        ready,
        (lambda: smallest(ready()), lambda: ready("POP"), lambda: with_list(stranger(services="IIS"))),
    ),
    Row("iis-of-another", lambda: with_list(stranger(services="IIS")), (ready, lambda: with_list(stranger()))),
    Row(
        "pop-imap-name",
        lambda: ready("POP", Subject="CN=*.contoso.com"),
        (
            lambda: ready("IIS", Subject="CN=*.contoso.com"),
            lambda: smallest(ready("POP", Subject="CN=*.contoso.com")),
            lambda: ready("POP", CertificateDomains="{*.contoso.com}"),
        ),
        "wildcard",
    ),
    Row(
        "pop-imap-name",
        lambda: ready("IMAP", Subject="CN=EX01"),
        (lambda: ready("IMAP", Subject="CN=EX01..."), lambda: ready("IMAP", Subject="CN=EX01.contoso.com")),
        "short",
    ),
    Row(
        "um-named-again",
        lambda: of_version(ExchangeVersion.E2013_2016),
        (lambda: of_version(ExchangeVersion.E2013_2016, "IIS"), lambda: of_version(ExchangeVersion.E2019_SE)),
        "mode",
    ),
    Row(
        "um-named-again",
        lambda: of_version(ExchangeVersion.E2019_SE),
        (lambda: smallest(of_version(ExchangeVersion.E2019_SE)), lambda: of_version(ExchangeVersion.E2010)),
        "gone",
    ),
    Row(
        "um-named-again",
        lambda: of_version(None),
        (lambda: of_version(ExchangeVersion.E2019_SE), lambda: ready("IIS")),
        "unknown",
    ),
    in_the_store("key-in-store-fails", "none", "No key provider information", "Encryption test passed"),
    in_the_store("key-in-store-fails", "failed", "Encryption test FAILED", "Encryption test passed"),
    in_the_store("key-in-store-not-opened", "", "Missing stored keyset", "No key provider information"),
    in_the_store("key-in-store", "passed", "Encryption test passed", "Signature test passed"),
    in_the_store("key-in-store", "signs", "Signature test passed", "Signature test passed\nEncryption test passed"),
    in_the_store("key-in-store", "unknown", "  Anbieter = y", "  Provider = y\nMissing stored keyset"),
    Row("store-of-another", lambda: in_store("Encryption test passed", OTHER), (lambda: in_store(""), ready)),
    notice("ssl", asked("Require SSL on the default web site?"), asked("Overwrite it with the new one?")),
    notice("um", asked("Enable UM for this certificate?"), asked("Enable the summary?")),
    notice("other", asked("Are you sure you want to perform this action?"), cases.question()),
    notice(
        "precedence",
        f"WARNING: It is not used for that FQDN: the certificate with thumbprint '{OTHER}' takes precedence.",
        "WARNING: That way of naming it takes precedence.",
    ),
    Row("unknown-service", lambda: ready("IIS, Fax"), (ready, lambda: smallest(ready("IIS, Fax")))),
    Row("several-servers", lambda: ready(case=with_connector(servers="{...}")), (ready,), "lost"),
    Row(
        "several-servers",
        lambda: ready(case=cases.named()),
        (ready, lambda: ready(case=cases.knowing(cases.named(), place=Place(None, edge=True)))),
        "unknown",
    ),
    Row("several-servers", lambda: at_first(servers="{EX01, EX02}"), (ready,), "whole"),
    Row(
        "several-servers",
        lambda: at_first(servers="{EX01, EX02, EX03, EX04...}"),
        (lambda: at_first(servers="{EX01, EX02, EX03, EX04}"),),
        "cut",
    ),
    Row(
        "edge",
        lambda: ready(case=cases.knowing(with_connector(), place=Place(None, edge=True))),
        (lambda: ready(case=cases.knowing(with_connector(), place=Place(ExchangeVersion.E2019_SE, edge=False))), ready),
    ),
    Row(
        "front-end",
        lambda: ready(case=with_connector(FrontendProxyEnabled="True")),
        (
            lambda: ready(case=with_connector(FrontendProxyEnabled="False")),
            # An Edge has no Front End Transport service.
            lambda: ready(
                case=cases.knowing(with_connector(FrontendProxyEnabled="True"), place=Place(None, edge=True))
            ),
            lambda: ready(case=with_connector(FrontendProxyEnabled="")),
        ),
    ),
)
