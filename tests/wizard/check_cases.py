"""Cases that come near a check of the certificate, each built from what a person pastes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.wizard import cases
from tests.wizard.cases import (
    ISSUER,
    OTHER,
    OURS,
    SUBJECT,
    THEIRS,
    certificate_list,
    certificate_rows,
    failing,
    given,
    ready,
    session,
    with_connector,
    working,
)
from wizard.case.case import Case, Place, StepId, Variant
from wizard.facts import (
    Asked,
    Binding,
    CmdletError,
    CmdletErrorKind,
    DefaultCertificate,
    ExchangeVersion,
    LogFolder,
    Service,
)
from wizard.steps.intake import take

S = StepId
NAMING = {"federation", "iis-named-again", "pop-imap-first-name", "pop-imap-name", "um-named-again", "unknown-service"}
"""Checks of what only naming a service does."""

TLS_NAME = f"<I>{ISSUER}<S>{SUBJECT}"
NOT_FOUND = f"A special Rpc error occurs on server EX01: The certificate with thumbprint {OURS} was not found."
KEYLESS = (
    f"The certificate with thumbprint {OURS} was found but is not valid for use with Exchange Server "
    "(reason: PrivateKeyMissing)."
)


def smallest(case: Case) -> Case:
    return cases.knowing(case, variant=Variant.SMALLEST)


def named_in_the_log(subject: str) -> Case:
    """A case whose output shows Thumbprint and Services alone, so that the subject is the log's."""
    case = given(cases.with_connector(), S.LOG, failing(subject=subject))
    return given(case, S.SERVICES, cases.listed(Thumbprint=OURS, Services="IIS, POP, IMAP"))


def with_list(*others: str, services: str = "IIS, POP", case: Case | None = None) -> Case:
    """A case in which the output shows our certificate and these beside it."""
    case = given(case or with_connector(), S.LOG, failing())
    return given(case, S.SERVICES, certificate_list(services) + "".join(others))


def refused(case: Case, text: str, step: StepId = S.SERVICES) -> Case:
    """The case after a text that the step must not take."""
    taken = take(case, step, text)
    assert not taken.accepted
    return taken.case


def elsewhere(connector: str) -> Case:
    """A case of this connector, in which the certificate of another one's failure was chosen by hand."""
    case = cases.knowing(given(cases.named(connector), S.LOG, failing()), thumbprint=OURS)
    return given(case, S.SERVICES, certificate_list())


def after_the_log(log: str = "") -> Case:
    return given(with_connector(), S.LOG, log or failing())


def of_version(version: ExchangeVersion | None, services: str = "UM, IIS") -> Case:
    return ready(services, cases.knowing(with_connector(), place=Place(version, edge=False)))


def theirs_too(header: str = "", key: str | None = None) -> Case:
    """A session that fails with a certificate which the other side shows as its own in another session."""
    case = given(with_connector(), S.LOG, failing(thumbprint=THEIRS, header=header) + working(OURS))
    assert case.now.thumbprint == THEIRS
    return case if key is None else given(case, S.SERVICES, certificate_list("IIS", THEIRS, HasPrivateKey=key))


def cut_off() -> Case:
    """A case whose rows end before the outcome of the handshake, and whose certificate was chosen by hand."""
    rows = session(certificate_rows(OURS)).splitlines(keepends=True)
    case = cases.knowing(given(with_connector(), S.LOG, "".join(rows[:-1])), thumbprint=OURS)
    return given(case, S.SERVICES, certificate_list())


def asking(subject: str = SUBJECT, issuer: str = ISSUER) -> Case:
    """A case whose connector asks for a certificate by TlsCertificateName."""
    return with_connector(TlsCertificateName=f"<I>{issuer}<S>{subject}")


def twin(thumbprint: str = OTHER, **properties: str) -> str:
    return certificate_list("None", thumbprint, **properties)


def stranger(thumbprint: str = OTHER, services: str = "SMTP") -> str:
    return certificate_list(services, thumbprint, Subject="CN=EX01", Issuer="CN=EX01", IsSelfSigned="True")


def dated(**properties: str) -> Case:
    return ready("None", None, "", **properties)


def bound_before_the_rows(services: str, line: int = 1, source: str = "window.txt") -> Case:
    """A case whose evidence shows, at this line of the text that holds the rows, that the certificate was bound."""
    case = ready(services)
    (group,) = case.now.failed
    rows = tuple(replace(each, line=replace(each.line, source=source)) for each in group.handshakes)
    case = cases.knowing(case, failed=(replace(group, handshakes=rows),), answers={})
    return replace(case, answers={}, bindings=(Binding(OURS, "EX01", "ran", ("window.txt", line)),))


def renewed_beside(services: str, **properties: str) -> Case:
    """A case whose certificate has expired, with a longer one of the same names on the server."""
    case = given(with_connector(), S.LOG, failing())
    old = certificate_list("IIS", OURS, NotAfter="2026-11-01T00:00:00Z", Status="DateInvalid")
    return given(case, S.SERVICES, old + certificate_list(services, OTHER, **properties))


def self_signed(*others: str) -> Case:
    """A case about a self-signed certificate, with others on the server."""
    case = given(with_connector(), S.LOG, failing())
    mine = certificate_list("IIS", OURS, Subject="CN=EX01", Issuer="CN=EX01", IsSelfSigned="True")
    return given(case, S.SERVICES, mine + "".join(others))


def without_credentials(**properties: str) -> Case:
    """A case in which the handshake failed with NoCredentials."""
    return ready("IIS, POP", None, failing("NoCredentials"), **properties)


def failed(
    kind: CmdletErrorKind,
    thumbprint: str = OURS,
    foreign: bool = False,
    services: str = "IIS, POP",
    asked: tuple[Service, ...] = (Service.SMTP, Service.IIS, Service.POP),
) -> Case:
    """A case whose binding line was run and failed so; SMTP alone where nothing hangs on the services it named."""
    named = asked if kind is CmdletErrorKind.SERVICE else (Service.SMTP,)
    error = CmdletError(
        kind,
        "It failed.",
        thumbprint,
        cmdlet="Enable-ExchangeCertificate",
        foreign=foreign,
        asked=Asked("enable-exchangecertificate", thumbprint=thumbprint, services=named),
    )
    return cases.knowing(ready(services), errors=(error,))


def at_first(servers: str = "{EX01, EX02}") -> Case:
    """A case at the first of these servers."""
    return cases.knowing(ready(case=with_connector(servers=servers)), server="EX01")


def not_found_at(server: str, case: Case, thumbprint: str = cases.OURS) -> Case:
    """A case in which Exchange did not find the certificate on this server."""
    said = f"on server {server}: The certificate with thumbprint {thumbprint} was not found."
    return refused(case, f"A special Rpc error occurs {said}")


def of_another_server() -> Case:
    """A case in which only the list of a server was given that the connector does not send from."""
    listed = tuple(replace(each, server="EX02") for each in ready().now.certificates)
    return replace(after_the_log(), elsewhere_listed=listed)


def printed(**changes: Any) -> Case:
    """A case whose certificate was printed otherwise."""
    case = ready()
    return cases.knowing(case, certificates=tuple(replace(each, **changes) for each in case.now.certificates))


def with_default(thumbprint: str, server: str = "EX01") -> Case:
    """A case in which it was read which certificate is a server's default one."""
    return replace(ready(), defaults=(DefaultCertificate(server, thumbprint, "transport-service"),))


def leaving(remote: str, required: str = "False") -> Case:
    """A case of a connector with this RequireTLS, whose log has a session without TLS to this endpoint."""
    rows = [("<", "220 mx", ""), (">", "MAIL FROM:<a@contoso.com>", ""), ("<", "250 OK", "")]
    clear = session(rows, "2026-11-22T02:14:09.000Z", number=7).replace("198.51.100.25:25", remote) if remote else ""
    return ready(case=with_connector(RequireTLS=required), log=failing() + clear)


def edge_synced(name: str) -> Case:
    """A case of a connector with this name."""
    return ready(case=with_connector(name=name), log=failing(connector=name))


def through_the_front_end(path: str, proxy: str = "True") -> Case:
    """A case of a connector that sends through the Front End, with this folder for its log."""
    case = ready(case=with_connector(FrontendProxyEnabled=proxy))
    return replace(case, log_folders=(LogFolder("EX01", path),))


def in_store(said: str, thumbprint: str = cases.OURS) -> Case:
    """After the log, what certutil prints of a certificate's key."""
    block = f"================ Certificate 1 ================\nCert Hash(sha1): {thumbprint.lower()}\n{said}\n"
    return take(after_the_log(), S.SERVICES, block).case


def asked(question: str) -> str:
    """A question of a cmdlet, as a window shows it."""
    return f'Confirm\n{question}\n[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):\n'


def noticed(text: str) -> Case:
    """The case with what a cmdlet asked or warned of."""
    return take(ready(), S.COMMAND, text).case
