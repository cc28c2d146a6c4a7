"""The chosen certificate as the checks look at it: what output and log tell together, and the others beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wizard.case import Case, host
from wizard.facts import Certificate, LoggedCertificate, Service

DOTS = ("...", "\u2026")
"""What a value ends in that a table or a list has cut."""

_COMMON_NAME = re.compile(r"(?:^|[\s,+])CN\s*=\s*\"?([^,+\"]+)", re.IGNORECASE)


def common_name(subject: str) -> str:
    """The first CN of a distinguished name, empty without one."""
    match = _COMMON_NAME.search(subject)
    return match.group(1).strip() if match else ""


def same_dn(one: str, other: str) -> bool:
    """Whether two distinguished names are one, however two tools set their blanks and quotes."""
    return _squeezed(one) == _squeezed(other)


def _squeezed(name: str) -> str:
    return re.sub(r"[\s\"]", "", name).casefold()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen certificate as Get-ExchangeCertificate printed it, its services known, and the case around it."""

    case: Case
    certificate: Certificate

    @property
    def services(self) -> frozenset[Service]:
        """The services it has now."""
        return self.certificate.services or frozenset()

    @property
    def logged(self) -> LoggedCertificate | None:
        """The certificate as the log shows it."""
        return self.case.logged

    @property
    def subject(self) -> str:
        """The subject, from the log where the output has none or a table cut it."""
        logged = self.logged.subject if self.logged else ""
        shown = self.certificate
        return logged or shown.subject if shown.subject_cut else shown.subject or logged

    @property
    def whole_subject(self) -> str:
        """The subject where it is certain that it is whole and nothing else, else empty.

        A one-line layout of the log joins subject and issuer, so that one without the other may be both.
        """
        if self.certificate.subject and not self.certificate.subject_cut:
            return self.certificate.subject
        return self.logged.subject if self.logged and self.logged.issuer else ""

    @property
    def issuer(self) -> str:
        """The issuer, from the log where the output has none."""
        return self.certificate.issuer or (self.logged.issuer if self.logged else "")

    @property
    def on_server(self) -> tuple[Certificate, ...]:
        """The certificates the output shows of the same server, each thumbprint once, this one among them."""
        known = {self.certificate.thumbprint: self.certificate}
        for other in self.case.certificates:
            if other.thumbprint and _same_server(other, self.certificate):
                known.setdefault(other.thumbprint, other)
        return tuple(known.values())

    @property
    def whole_list(self) -> bool:
        """Whether these are all of the server's, with their names: one alone is the answer of `-Thumbprint`."""
        return len(self.on_server) > 1 and all(c.subject and c.issuer and not c.subject_cut for c in self.on_server)

    @property
    def twins(self) -> tuple[Certificate, ...]:
        """The other certificates of the server that have the same issuer and subject."""
        mine = self.certificate
        if not (mine.subject and mine.issuer) or mine.subject_cut:
            return ()
        return tuple(
            other
            for other in self.on_server
            if other is not mine
            and not other.subject_cut
            and same_dn(other.subject, mine.subject)
            and same_dn(other.issuer, mine.issuer)
        )


def _same_server(one: Certificate, other: Certificate) -> bool:
    """Whether nothing says that two certificates were read from different servers."""
    return not (one.server and other.server) or host(one.server) == host(other.server)
