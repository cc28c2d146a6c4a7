"""Cases that come near a check of the certificate, each built from what a person pastes."""

from __future__ import annotations

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
from wizard.facts import ExchangeVersion
from wizard.steps.intake import take

S = StepId
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
