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
    asking,
    cut_off,
    dated,
    elsewhere,
    of_version,
    refused,
    smallest,
    stranger,
    theirs_too,
    twin,
    with_list,
)
from wizard.assets import asset_table
from wizard.case.case import Case, Place, StepId
from wizard.facts import ExchangeVersion

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
        lambda: dated(NotAfter="2026-11-22T02:59:59Z"),
        (
            lambda: dated(NotAfter="2026-11-22T03:00:01Z"),
            lambda: dated(NotAfter="2/3/2024 5:59:59 PM"),
            # Without its zone this may be fourteen hours later.
            lambda: dated(NotAfter="2026-11-21T13:00:01"),
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
    Row("smtp-already-assigned", lambda: ready("IIS, SMTP"), (lambda: ready("IIS"),), "either"),
    Row(
        "smtp-already-assigned",
        lambda: with_list(twin(), services="SMTP"),
        (lambda: with_list(twin(Subject="CN=smtp.contoso.com"), services="SMTP"), lambda: with_list(twin())),
        "twin",
    ),
    Row(
        "smtp-already-assigned",
        lambda: with_list(stranger(), services="SMTP"),
        (lambda: ready("SMTP"), lambda: with_list(twin(Issuer=""), services="SMTP"), lambda: with_list(stranger())),
        "alone",
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
    Row("unknown-service", lambda: ready("IIS, Fax"), (ready, lambda: smallest(ready("IIS, Fax")))),
    Row("several-servers", lambda: ready(case=with_connector(servers="{...}")), (ready,), "lost"),
    Row("several-servers", lambda: ready(case=with_connector(servers="{EX01, EX02}")), (ready,), "whole"),
    Row(
        "several-servers",
        lambda: ready(case=with_connector(servers="{EX01, EX02, EX03, EX04...}")),
        (lambda: ready(case=with_connector(servers="{EX01, EX02, EX03, EX04}")),),
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
