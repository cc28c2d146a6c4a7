"""May this certificate be bound to SMTP, and with which services named: each check with its reason and source.

The conditions are here and in the modules beside this one; what a check says stands in `assets/checks.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from wizard.assets import asset_table
from wizard.case.case import Case, Variant, host
from wizard.case.servers import named_server, possible_here, sends_from_edges
from wizard.facts import (
    Certificate,
    CmdletError,
    CmdletErrorKind,
    DefaultCertificate,
    ExchangeVersion,
    KeyTest,
    Line,
    LoggedCertificate,
    SendConnector,
    Service,
    StoredCertificate,
    logged_as,
    spelled,
)
from wizard.findings import Finding, Level
from wizard.timeline import below, bound_before, proven_newer, server_of, thumbprint_of

_COMMON_NAME = re.compile(r"(?:^|[\s,+])CN\s*=\s*\"?([^,+\"]+)", re.IGNORECASE)


def common_name(subject: str) -> str:
    """The first CN of a distinguished name, empty without one."""
    match = _COMMON_NAME.search(subject)
    return match.group(1).strip() if match else ""


def same_dn(one: str, other: str) -> bool:
    """True if two distinguished names are equal, despite other blanks and quotes."""
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
        """The subject; from the log if the output has none or a table cut it."""
        logged = self.logged.subject if self.logged else ""
        shown = self.certificate
        return logged or shown.subject if shown.subject_cut else shown.subject or logged

    @property
    def whole_subject(self) -> str:
        """The subject if certainly whole and nothing else, otherwise empty.

        A one-line layout of the log joins subject and issuer, so that one without the other may be both.
        """
        if self.certificate.subject and not self.certificate.subject_cut:
            return self.certificate.subject
        return self.logged.subject if self.logged and self.logged.issuer else ""

    @property
    def issuer(self) -> str:
        """The issuer; from the log if the output has none."""
        return self.certificate.issuer or (self.logged.issuer if self.logged else "")

    @property
    def on_server(self) -> tuple[Certificate, ...]:
        """The certificates the output shows of the same server, each thumbprint once, this one among them."""
        known = {self.certificate.thumbprint: self.certificate}
        for other in self.case.now.certificates:
            if other.thumbprint and _same_server(other, self.certificate):
                known.setdefault(other.thumbprint, other)
        return tuple(known.values())

    @property
    def whole_list(self) -> bool:
        """True if these are all of the server's, with their names: one alone is the answer of `-Thumbprint`."""
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
    """True if nothing says that two certificates are from different servers."""
    mine, others = server_of(one), server_of(other)
    return not (mine and others) or host(mine) == host(others)


def listed_here(case: Case, thumbprint: str) -> Certificate | None:
    """The certificate in the current server's output; None without it."""
    return next((each for each in case.now.certificates if thumbprint and each.thumbprint == thumbprint), None)


def answered(case: Case, thumbprint: str, kind: CmdletErrorKind) -> CmdletError | None:
    """An error of this kind that a cmdlet of Exchange printed about the certificate, None without one."""
    return next((e for e in case.now.errors if e.kind is kind and about(e, case, thumbprint)), None)


def about(error: CmdletError, case: Case, thumbprint: str) -> bool:
    """True unless the error is about another certificate, another server or no cmdlet of Exchange."""
    named = error.thumbprint or (error.asked.thumbprint if error.asked else "")
    at = error.server or (error.asked.server if error.asked else "")
    here = host(case.here or case.now.server)
    return not error.foreign and named in {"", thumbprint} and not (at and here and host(at) != here)


def said(check: str, lines: tuple[Line, ...] = (), form: str = "", **values: object) -> Finding:
    """The finding of one check.

    Args:
        check: its id.
        lines: where it was read.
        form: which of its sentences, for a check that has several.
        values: what stands in the sentence's placeholders. Text from the evidence goes in here only.
    """
    rule = _table()["check"][check]
    return _finding(check, rule, rule["says"][form] if form else rule["says"], lines, values)


def status_said(status: str, lines: tuple[Line, ...] = ()) -> Finding | None:
    """The meaning of a Status; None if it is Valid, or not shown."""
    status = status.strip()
    if status.casefold() in ("", "valid"):
        return None
    rule = next((rule for pattern, rule in _patterns("status") if pattern.fullmatch(status)), None)
    return _finding("status", rule, rule["says"], lines, {"status": status}) if rule else None


def not_for_mail(common_names: tuple[str, ...]) -> str:
    """The purpose of a certificate with one of these common names, if Exchange's or Windows' own; else empty."""
    named = (rule["use"] for pattern, rule in _patterns("not-for-mail") if any(map(pattern.fullmatch, common_names)))
    return str(next(named, ""))


def _finding(
    check: str, rule: Mapping[str, str], says: str, lines: tuple[Line, ...], values: Mapping[str, object]
) -> Finding:
    return Finding(Level[rule["level"].upper()], says.format_map(values), check, rule["source"], lines)


def _table() -> dict[str, Any]:
    return asset_table("checks.toml")


@cache
def _patterns(kind: str) -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """The rules of a list in the asset, each behind what it matches."""
    return tuple((re.compile(rule["match"], re.IGNORECASE | re.DOTALL), rule) for rule in _table()[kind])


_TLS_CERTIFICATE_NAME = re.compile(r"<I>(.*)<S>(.*)", re.DOTALL)

_NAMES_SHOWN = 4


def not_found_on(case: Case, thumbprint: str) -> Mapping[str, CmdletError]:
    """The errors that Exchange did not find a certificate on other servers than the current one, by their hosts."""
    at = host(case.here or case.now.server or next(iter(case.servers if len(case.servers) == 1 else ()), ""))
    certificate = case.certificate
    at = at or host(certificate.server if certificate else "")
    return {
        host(error.server): error
        for error in case.now.errors
        if error.kind is CmdletErrorKind.NOT_FOUND
        and not error.foreign
        and error.thumbprint in {None, thumbprint}
        and error.server
        and host(error.server) != at
        and (at or listed_here(case, thumbprint))
    }


def _not_elsewhere(case: Case) -> Iterator[Finding]:
    """Another server that has not got the certificate."""
    for error in not_found_on(case, case.now.thumbprint).values():
        yield said("not-on-another-server", error.lines[:2], server=error.server, thumbprint=case.now.thumbprint)


def unfit(case: Case) -> Iterator[Finding]:
    """The objections to the chosen thumbprint itself, whether or not its services are known."""
    if not case.now.thumbprint:
        return
    theirs = list(_partner(case))
    yield from theirs
    if not theirs:
        # That the partner's certificate is not on our server needs no word of its own.
        yield from _not_there(case)
    yield from _not_elsewhere(case)
    yield from _which_server(case)
    yield from _key_error(case)
    yield from _in_the_store(case)
    yield from _failed_line(case)
    yield from _key_unknown(case)
    yield from _not_whole(case)


def _partner(case: Case) -> Iterator[Finding]:
    """The other side's certificate, in whatever way it came to be chosen.

    Servers of one organisation may present the same certificate to each other: one that a header row calls
    ours is ours. Without such a row only its private key on this server can tell.
    """
    logged = case.logged
    if case.now.log is None or (logged and logged.header_seen):
        return
    certificate = case.certificate
    if logged and certificate and certificate.has_private_key:
        return
    shown = case.now.log.handshakes
    ours = chain((h.ours for h in shown), (pending.certificate for pending in case.now.log.pending))
    if any(each and each.header_seen and each.thumbprint == case.now.thumbprint for each in ours):
        return
    theirs = next((h.theirs for h in shown if h.theirs and h.theirs.thumbprint == case.now.thumbprint), None)
    if theirs:
        yield said("partner-certificate", theirs.lines, thumbprint=case.now.thumbprint)


def _not_there(case: Case) -> Iterator[Finding]:
    """A thumbprint that a server's list does not have, or that the server says it has not."""
    if case.certificate:
        return
    shown = case.now.not_there or case.now.certificates
    numbers = {certificate.thumbprint for certificate in shown}
    error = _error(case, CmdletErrorKind.NOT_FOUND)
    if case.elsewhere_listed and not case.now.certificates:
        named = sorted({server_of(each) for each in case.elsewhere_listed})
        yield said(
            "another-servers-list",
            _first_lines(case.elsewhere_listed),
            listed=", ".join(named),
            servers=", ".join(case.servers),
        )
    # One alone is the answer of `-Thumbprint` for another; one without a thumbprint may be the one looked for.
    if len(numbers) > 1 and not numbers & {None, case.now.thumbprint}:
        yield said(
            "not-on-this-server", _first_lines(shown), "list", thumbprint=case.now.thumbprint, number=len(numbers)
        )
    elif error is not None:
        yield said("not-on-this-server", error, "error", thumbprint=case.now.thumbprint)


def _which_server(case: Case) -> Iterator[Finding]:
    """Several source servers, and nothing tells on which of them an output was taken that lacks SMTP."""
    servers, lines = possible_here(case), case.certificate.lines[:1] if case.certificate else ()
    if already_bound(case, case.now.thumbprint) or case.now.not_there:
        return
    elsewhere = [error.server for error in not_found_on(case, case.now.thumbprint).values()]
    if elsewhere and lines and not (servers or case.edge or named_server(case)):
        yield said("which-server", lines, "refuted", servers=", ".join(elsewhere))
    elif servers:
        yield said("which-server", lines, "output" if lines else "none", servers=", ".join(servers))


def _key_error(case: Case) -> Iterator[Finding]:
    """PrivateKeyMissing, unless an output proves the key's absence itself or is proven to be newer."""
    error = key_missing(case, case.now.thumbprint)
    if error is not None and not (case.certificate and case.certificate.has_private_key is False):
        yield said("no-private-key", error.lines, "error")


def key_missing(case: Case, thumbprint: str) -> CmdletError | None:
    """Exchange's answer that a certificate has no private key; None without one, or if a listing is proven newer.

    HasPrivateKey True says only that a pointer to a key exists: an older output does not refute the answer.
    """
    error = answered(case, thumbprint, CmdletErrorKind.PRIVATE_KEY_MISSING)
    known = listed_here(case, thumbprint)
    if error and known and known.has_private_key and below(case, known.lines, error.lines):
        return None
    return error


def stored_key(case: Case, thumbprint: str) -> StoredCertificate | None:
    """The last result of certutil for a certificate on the current server; None without one."""
    found = [each for each in case.now.stored if each.thumbprint == thumbprint]
    return found[-1] if thumbprint and found else None


def notices(case: Case) -> tuple[Finding, ...]:
    """The cmdlets' questions and warnings other than the one about the default certificate, each kind once."""
    kinds = {each.about: each for each in case.now.notices}
    return tuple(said("notice", each.lines[:2], about.value) for about, each in kinds.items())


def _in_the_store(case: Case) -> Iterator[Finding]:
    """The result of certutil about the chosen certificate's key."""
    shown = stored_key(case, case.now.thumbprint)
    if shown is None:
        others = [each for each in case.now.stored if each.thumbprint != case.now.thumbprint]
        if others:
            yield said("store-of-another", others[0].lines[:1], other=others[0].thumbprint)
    elif shown.test in {KeyTest.NONE, KeyTest.FAILED}:
        yield said("key-in-store-fails", shown.lines, shown.test.value)
    elif shown.test is KeyTest.NOT_OPENED:
        yield said("key-in-store-not-opened", shown.lines)
    else:
        yield said("key-in-store", shown.lines, shown.test.value)


def _error(case: Case, kind: CmdletErrorKind) -> tuple[Line, ...] | None:
    """The lines of such an error about the chosen certificate, None without one."""
    error = answered(case, case.now.thumbprint, kind)
    return error.lines if error else None


_ENABLE = "enable-exchangecertificate"

_FAILED: Mapping[CmdletErrorKind, str] = {
    CmdletErrorKind.KEY_ACCESS: "key",
    CmdletErrorKind.KEY_NOT_ACCESSIBLE: "key",
    CmdletErrorKind.NOT_VALID: "not-valid",
    CmdletErrorKind.RECEIVE_CONNECTOR_NAME: "name",
    CmdletErrorKind.SERVICE: "service",
    CmdletErrorKind.WRAPPED: "wrapped",
    CmdletErrorKind.OTHER: "other",
}
"""The errors after which a line is not offered again, with the sentence for each."""


def failed_line(case: Case) -> CmdletError | None:
    """The last error of the binding line for the chosen certificate, unless SMTP is shown to be there since."""
    if not case.now.thumbprint:
        return None
    certificate = case.certificate
    for error in reversed(case.now.errors):
        ran = error.cmdlet.casefold() or (_ENABLE if _ENABLE in error.text.casefold() else "")
        known = error.kind in {CmdletErrorKind.KEY_ACCESS, CmdletErrorKind.RECEIVE_CONNECTOR_NAME}
        if error.kind not in _FAILED or not about(error, case, case.now.thumbprint) or not (ran == _ENABLE or known):
            continue
        if certificate and Service.SMTP in (certificate.services or ()):
            return None
        return error
    return None


def smallest_alone(case: Case) -> bool:
    """True if a service in the merged line caused its failure: then only the smallest form is left."""
    error = failed_line(case)
    if error is None:
        return False
    asked = error.asked.services if error.asked else error.services
    if error.kind is CmdletErrorKind.SERVICE:
        return not asked or set(asked) != {Service.SMTP}
    return error.kind in {CmdletErrorKind.OTHER, CmdletErrorKind.WRAPPED} and len(set(asked)) > 1


def _failed_line(case: Case) -> Iterator[Finding]:
    """The failed line: the cure of its error is the next step, and it is not offered again."""
    error = failed_line(case)
    if error is None:
        return
    shown = " ".join(error.text.split())[:160]
    if smallest_alone(case):
        yield said("merged-line-failed", error.lines[:2], shown=shown)
    else:
        yield said("line-failed", error.lines[:2], _FAILED[error.kind], shown=shown)


_OF_THE_KEY = (CmdletErrorKind.PRIVATE_KEY_MISSING, CmdletErrorKind.KEY_NOT_ACCESSIBLE, CmdletErrorKind.KEY_ACCESS)
"""Errors that tell of the private key what an output would."""


def _key_unknown(case: Case) -> Iterator[Finding]:
    """NoCredentials, and nothing tells whether the certificate has its key: a missing one gives the same error."""
    groups = [g for g in case.now.failed if g.certificate and g.certificate.thumbprint == case.now.thumbprint]
    errors = {group.error.casefold() for group in groups}
    certificate = case.certificate
    if "nocredentials" not in errors or "unknowncredentials" in errors or (certificate and certificate.has_private_key):
        return
    stored = stored_key(case, case.now.thumbprint)
    if stored and stored.test not in {KeyTest.NOT_OPENED, KeyTest.UNKNOWN}:
        return
    if any(answered(case, case.now.thumbprint, kind) for kind in _OF_THE_KEY):
        return
    if certificate is None or certificate.has_private_key is None:
        yield said("key-not-read", (groups[0].handshakes[0].line,))


def _not_whole(case: Case) -> Iterator[Finding]:
    """Services that were printed and cut, or made up by a shell without Exchange's types."""
    certificate = case.certificate
    if certificate and certificate.without_types:
        yield said("shell-without-types", certificate.lines[:1])
    elif certificate and certificate.services is None and certificate.services_cut:
        yield said("services-cut", certificate.lines[:1])


def smtp_there(chosen: Chosen) -> Iterator[Finding]:
    """SMTP that is assigned already: then the rows are older than that, or it is another fault."""
    if found := already_bound(chosen.case, chosen.certificate.thumbprint or ""):
        yield found


def already_bound(case: Case, thumbprint: str) -> Finding | None:
    """The finding about a certificate that already has SMTP, by an output or the evidence around it."""
    certificate, bound = listed_here(case, thumbprint), bound_before(case, thumbprint)
    listed = certificate is not None and Service.SMTP in (certificate.services or ())
    if not (listed or bound):
        return None
    lines = certificate.lines if certificate and listed else bound[0].lines[:1]
    if certificate and (twins := Chosen(case, certificate).twins):
        numbers = ", ".join(each.thumbprint or "" for each in (certificate, *twins))
        lines = (*lines, *_first_lines(twins))
        return said("smtp-already-assigned", lines, "twin", number=len(twins) + 1, thumbprints=numbers)
    mine = (group for group in case.now.failed if thumbprint_of(group) == thumbprint)
    return said("smtp-already-assigned", lines, "newer" if any(proven_newer(case, g) for g in mine) else "older")


def services_unnamed(chosen: Chosen) -> Iterator[Finding]:
    """Services from an output that names no thumbprint, as the article's own command prints them."""
    if chosen.case.now.services_unnamed_for == chosen.case.now.thumbprint:
        yield said("services-without-thumbprint", chosen.certificate.lines)


def outcome(chosen: Chosen) -> Iterator[Finding]:
    """A remark if the certificate was chosen from rows that end before the outcome of its handshake."""
    if chosen.logged and chosen.logged in chosen.case.pending:
        yield said("outcome-not-seen", chosen.logged.lines[:1])


def other_connector(chosen: Chosen) -> Iterator[Finding]:
    """A certificate that failed for other connectors than the one that is meant."""
    case = chosen.case
    names = {g.connector for g in case.now.failed if g.certificate and g.certificate.thumbprint == case.now.thumbprint}
    if case.connector and names and not any(logged_as(name, case.connector) for name in names):
        yield said("other-connector", connectors=", ".join(sorted(names)), connector=case.connector)


def connector_names(chosen: Chosen) -> Iterator[Finding]:
    """The connector's way to its certificate: by TlsCertificateName (2013 and later), else by its Fqdn."""
    connector = chosen.case.send_connector
    asked = _TLS_CERTIFICATE_NAME.fullmatch(connector.tls_certificate_name) if connector else None
    if connector and asked and not connector.tls_certificate_name_cut:
        yield from _tls_certificate_name(chosen, connector, asked[1], asked[2])
    elif connector and not connector.tls_certificate_name:
        yield from _fqdn(chosen, connector)


def _tls_certificate_name(chosen: Chosen, connector: SendConnector, issuer: str, subject: str) -> Iterator[Finding]:
    """Compare the connector's TlsCertificateName with this certificate and the others there."""
    fitting = [c for c in chosen.on_server if _named(c, issuer, subject)]
    if chosen.whole_list and not fitting:
        number = len(chosen.on_server)
        yield said("tls-certificate-name", connector.lines, "none", name=connector.tls_certificate_name, number=number)
        return
    if len(fitting) > 1:
        numbers = ", ".join(each.thumbprint or "" for each in fitting)
        lines = (*connector.lines, *_first_lines(fitting))
        yield said("tls-name-fits-several", lines, number=len(fitting), thumbprints=numbers)
    for name, shown, form in ((subject, chosen.whole_subject, "subject"), (issuer, chosen.issuer, "issuer")):
        if shown and not same_dn(name, shown):
            yield said("tls-certificate-name", connector.lines, form, name=name)
            return


def _named(certificate: Certificate, issuer: str, subject: str) -> bool:
    """True if a certificate is shown whole with this issuer and subject."""
    whole = bool(certificate.subject and certificate.issuer) and not certificate.subject_cut
    return whole and same_dn(certificate.subject, subject) and same_dn(certificate.issuer, issuer)


def asked_for(connector: SendConnector) -> tuple[str, str] | None:
    """Issuer and subject that a connector's TlsCertificateName asks for; None where it is empty or cut."""
    name = connector.tls_certificate_name
    asked = _TLS_CERTIFICATE_NAME.fullmatch(name)
    return (asked[1], asked[2]) if asked and not connector.tls_certificate_name_cut else None


def fits(certificate: Certificate, issuer: str, subject: str) -> bool:
    """True if a certificate is shown whole with this issuer and subject."""
    return _named(certificate, issuer, subject)


def not_valid(certificate: Certificate, now: datetime) -> bool:
    """True if Exchange says that a certificate is not valid, or its date has certainly passed."""
    ends = _date(certificate.not_after, ())
    over = ends is not None and now - ends.moment > ends.doubt
    wrong = {"dateinvalid", "revoked", "invalid", "pendingrequest", "untrusted"}
    return over or certificate.status.strip().casefold() in wrong


def _fqdn(chosen: Chosen, connector: SendConnector) -> Iterator[Finding]:
    """Look for the connector's Fqdn among the certificate's names, if all of them are known.

    CertificateDomains are the alternative names alone, so the subject has to be known too.
    """
    certificate, fqdn = chosen.certificate, connector.fqdn.strip()
    if not fqdn or connector.fqdn_cut or not certificate.domains or certificate.domains_cut or not chosen.whole_subject:
        return
    known = (common_name(chosen.whole_subject), *certificate.domains, *(chosen.logged.names if chosen.logged else ()))
    names = tuple(dict.fromkeys(filter(None, known)))
    if not any(_covers(name, fqdn) for name in names):
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        lines = (*connector.lines, *certificate.lines)
        yield said("fqdn-not-in-names", lines, fqdn=fqdn, names=", ".join(names[:_NAMES_SHOWN]) + more)


def _covers(name: str, host: str) -> bool:
    """True if a certificate's name matches this host; a star stands for one label, as in `*.contoso.com`."""
    name, host = name.strip().rstrip(".").casefold(), host.rstrip(".").casefold()
    label, _, domain = host.partition(".")
    return name == host or bool(label and name == f"*.{domain}")


def same_names(chosen: Chosen) -> Iterator[Finding]:
    """Certificates that Exchange cannot tell apart by name, unless another check has said so."""
    twins = chosen.twins
    told = Service.SMTP in chosen.services or any(f.id == "tls-name-fits-several" for f in connector_names(chosen))
    if twins and not told:
        numbers = ", ".join(each.thumbprint or "" for each in (chosen.certificate, *twins))
        yield said("same-names", _first_lines(twins), number=len(twins) + 1, thumbprints=numbers)


def _first_lines(certificates: Iterable[Certificate]) -> tuple[Line, ...]:
    return tuple(line for certificate in certificates for line in certificate.lines[:1])


def servers(chosen: Chosen) -> Iterator[Finding]:
    """Each server binds the certificate for itself; the differences on an Edge and a Front End."""
    case = chosen.case
    cut = bool(case.send_connector and case.send_connector.source_servers_cut)
    if len(case.servers) > 1 or cut:
        form = ("cut" if case.servers else "lost") if cut else "whole"
        yield said("several-servers", form=form, servers=", ".join(case.servers))
    elif not case.servers and not case.edge:
        yield said("several-servers", form="unknown")
    if case.edge:
        yield said("edge")
    connector = case.send_connector
    if connector and connector.frontend_proxy and not case.edge:
        yield said("front-end", connector.lines)
        yield from _hub_folder(case)
    if sends_from_edges(case):
        yield said("edge-sync", connector.lines if connector else ())


def _hub_folder(case: Case) -> Iterator[Finding]:
    """A connector of the Front End, and the folder or the rows of the Transport service's log."""
    hub = re.compile(r"[\\/]Hub[\\/]", re.IGNORECASE)
    folder = next((each for each in case.folders if hub.search(each.path)), None)
    source = next((each for each in case.now.log.sources if hub.search(f"/{each}")), None) if case.now.log else None
    if folder or source:
        yield said("hub-folder", folder.lines if folder else (), path=folder.path if folder else source)


def mail_leaves(chosen: Chosen) -> Iterator[Finding]:
    """Without RequireTLS Exchange tries again without STARTTLS: mail leaves while the log shows failures."""
    case, connector = chosen.case, chosen.case.send_connector
    if connector is None or connector.require_tls is not False or not case.own_failures:
        return
    remotes = {_address(h.remote) for group in case.own_failures for h in group.handshakes}
    first = min(group.first for group in case.own_failures)
    clear = [
        each
        for each in (case.now.log.clear if case.now.log else ())
        if logged_as(each.connector, connector.name) and each.time >= first and _address(each.remote) in remotes
    ]
    lines = (*(each.line for each in clear[:1]), *connector.lines[:1])
    yield said("mail-leaves", lines, "seen" if clear else "likely")


def _address(endpoint: str) -> str:
    return endpoint.rpartition(":")[0] or endpoint


def default_there(chosen: Chosen) -> Iterator[Finding]:
    """Our certificate is the server's default one already: nothing can be replaced then."""
    if is_default(chosen.case, chosen.case.now.thumbprint):
        yield said("default-already", thumbprint=chosen.case.now.thumbprint)


def is_default(case: Case, thumbprint: str) -> bool:
    """True if a certificate is shown to be the current server's default one."""
    return bool(thumbprint) and thumbprint in {each.thumbprint for each in defaults(case)}


def defaults(case: Case) -> tuple[DefaultCertificate, ...]:
    """The default certificate of the current server, as far as anything shows it."""
    at = host(case.here or case.now.server or (case.servers[0] if len(case.servers) == 1 else ""))
    found = [each for each in case.defaults if not (at and each.server) or host(each.server) == at]
    found += [
        DefaultCertificate(server_of(each), each.thumbprint, "healthchecker", each.lines[:1])
        for each in case.now.certificates
        if each.default and each.thumbprint
    ]
    asked = case.now.prompt
    if asked and asked.current and asked.answer != "Y":
        found.append(
            DefaultCertificate(asked.asked.server if asked.asked else "", asked.current, "question", asked.lines[:1])
        )
    return tuple({each.thumbprint: each for each in found}.values())


_DOMAIN_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def never_named(chosen: Chosen) -> Iterator[Finding]:
    """Services that no command names, whatever else it does."""
    if chosen.case.now.variant is Variant.SMALLEST:
        return
    lines = chosen.certificate.lines
    if Service.FEDERATION in chosen.services:
        yield said("federation", lines)
    if chosen.certificate.unknown_services:
        yield said("unknown-service", lines, services=", ".join(chosen.certificate.unknown_services))


def naming_again(chosen: Chosen) -> Iterator[Finding]:
    """Every check of the services that the command names, or leaves out, beside SMTP."""
    if chosen.case.now.variant is Variant.SMALLEST:
        return
    if Service.IIS in chosen.services:
        other = iis_of_another(chosen)
        yield (
            said("iis-of-another", other.lines, other=other.thumbprint)
            if other
            else said("iis-named-again", chosen.certificate.lines)
        )
    if other := mail_clients_of_another(chosen):
        kept = spelled(chosen.services & {Service.POP, Service.IMAP}, " and ")
        yield said("pop-imap-of-another", other.lines, other=other.thumbprint, services=kept)
    yield from _mail_clients(chosen)
    yield from _unified_messaging(chosen)


def iis_of_another(chosen: Chosen) -> Certificate | None:
    """Another certificate of the server that IIS uses: naming IIS for ours would take the Front End site from it.

    Two certificates have IIS where each has one of the two web sites, and the output does not tell which has which.
    """
    others = (each for each in chosen.on_server if each is not chosen.certificate)
    return next((each for each in others if each.services and Service.IIS in each.services), None)


def mail_clients_of_another(chosen: Chosen) -> Certificate | None:
    """Another certificate of the server that POP or IMAP uses: naming them for ours would take them from it."""
    mine = chosen.services & {Service.POP, Service.IMAP}
    others = (each for each in chosen.on_server if each is not chosen.certificate)
    return next((each for each in others if mine & (each.services or frozenset())), None)


def _mail_clients(chosen: Chosen) -> Iterator[Finding]:
    """POP and IMAP take no certificate whose subject is a wildcard or not a full domain name."""
    services = chosen.services & {Service.POP, Service.IMAP}
    name = common_name(chosen.subject)
    # A name that a table cut is not known to be short, but a star at its beginning is there.
    wildcard = name.startswith("*")
    shown = chosen.certificate
    cut = shown.subject_cut and chosen.subject == shown.subject and shown.subject.endswith(name)
    short = not (wildcard or cut or _DOMAIN_NAME.fullmatch(name))
    if services and not (name and (wildcard or short)) and not mail_clients_of_another(chosen):
        yield said("pop-imap-first-name", chosen.certificate.lines, services=spelled(services, " and "))
    if services and name and (wildcard or short):
        form = "wildcard" if wildcard else "short"
        yield said("pop-imap-name", chosen.certificate.lines, form, name=name, services=spelled(services, " and "))


def _unified_messaging(chosen: Chosen) -> Iterator[Finding]:
    """Unified Messaging is gone from Exchange 2019 on, and before that its startup mode decides."""
    services = chosen.services & {Service.UM, Service.UM_CALL_ROUTER}
    if services:
        version = chosen.case.now.place.version if chosen.case.now.place else None
        form = "unknown" if version is None else "gone" if version is ExchangeVersion.E2019_SE else "mode"
        yield said("um-named-again", chosen.certificate.lines, form, services=spelled(services, " and "))


SOON = timedelta(days=14)

_GRAVEST = (Level.BLOCK, Level.WARN, Level.INFO, Level.GOOD)

_ISO_DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")

_ZONE = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\s*$", re.IGNORECASE)

_ANY_ZONE = timedelta(hours=14)
"""The greatest distance from UTC of a time without its zone."""


def checks(case: Case) -> tuple[Finding, ...]:
    """Every check that applies to the chosen certificate and variant, the gravest first.

    While the certificate's services are not known, only what speaks against the thumbprint itself.
    """
    found = [*unfit(case), *notices(case)]
    certificate = case.certificate
    if certificate is not None and certificate.services is not None:
        chosen = Chosen(case, certificate)
        for check in _CHECKS:
            # What naming a service does is said of a line that is handed out.
            if check is not naming_again or not any(
                finding.level is Level.BLOCK or finding.id == "smtp-already-assigned" for finding in found
            ):
                found += check(chosen)
    elif case.now.thumbprint:
        chosen = Chosen(case, certificate or Certificate(case.now.thumbprint))
        found += [finding for check in _CHECKS_OF_THE_LOG for finding in check(chosen)]
    return tuple(sorted(found, key=lambda finding: _GRAVEST.index(finding.level)))


def blocked(case: Case) -> bool:
    """True if a check forbids binding: then no bind command is offered."""
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
    """The purpose of a certificate with this subject or issuer, if Exchange's or Windows' own; else empty."""
    return not_for_mail(tuple(common_name(name) for name in names))


def _private_key(chosen: Chosen) -> Iterator[Finding]:
    certificate, logged = chosen.certificate, chosen.logged
    if certificate.has_private_key is False:
        yield said("no-private-key", certificate.lines, "property")
    elif certificate.has_private_key and logged and not logged.header_seen:
        yield said("confirmed-ours", certificate.lines)


def _owner(chosen: Chosen) -> Iterator[Finding]:
    friendly = f"CN={chosen.certificate.friendly}" if chosen.certificate.friendly else ""
    use = not_a_mail_certificate(chosen.subject, chosen.certificate.issuer, friendly)
    if use:
        yield said("not-a-mail-certificate", chosen.certificate.lines, use=use)


def _status(chosen: Chosen) -> Iterator[Finding]:
    """Exchange's status of the certificate, unless a date says the same with its day."""
    found = status_said(chosen.certificate.status, chosen.certificate.lines)
    if found and out_of_dates(chosen.certificate):
        if any(date.level is Level.BLOCK for date in _dates(chosen)):
            return
        if other := renewed(chosen):
            yield _renewed_said(chosen, other, chosen.certificate.lines)
            return
    if found:
        yield found


def out_of_dates(certificate: Certificate) -> bool:
    """True if Exchange itself says that a certificate is outside its dates."""
    return certificate.status.strip().casefold() == "dateinvalid"


def renewed(chosen: Chosen) -> Certificate | None:
    """The certificate that takes the place of an expired one: with its names, valid, and longer than it."""
    mine = chosen.certificate
    ends = iso_date(mine.not_after)
    for other in chosen.on_server:
        until = iso_date(other.not_after)
        later = until > ends if ends and until else out_of_dates(mine)
        fits = other in chosen.twins or _same_names(mine, other)
        valid = other.status.strip().casefold() in {"", "valid", "revocationcheckfailure"}
        if other is not mine and fits and later and valid and not (until and until < chosen.case.opened):
            return other
    return None


def _same_names(mine: Certificate, other: Certificate) -> bool:
    """True if another issuer's certificate has the same common name and all names of ours."""
    name = common_name(mine.subject)
    known = bool(name and mine.domains) and not (mine.subject_cut or other.subject_cut or mine.domains_cut)
    return (
        known
        and name.casefold() == common_name(other.subject).casefold()
        and {each.casefold() for each in mine.domains} <= {each.casefold() for each in other.domains}
    )


def _renewed_said(chosen: Chosen, other: Certificate, lines: tuple[Line, ...], date: str = "") -> Finding:
    form = "renewed-bound" if Service.SMTP in (other.services or ()) else "renewed"
    when = f"expired on {date}" if date else "is outside its dates"
    lines = (*lines, *_first_lines((other,)))
    return said("expired", lines, form, when=when, mine=chosen.certificate.thumbprint, other=other.thumbprint)


def _dates(chosen: Chosen) -> Iterator[Finding]:
    """Compare the case's opening with the certificate's dates, as far as these are certain."""
    certificate, logged, now = chosen.certificate, chosen.logged, chosen.case.opened
    ends = _date(certificate.not_after, certificate.lines)
    starts = _date(certificate.not_before, certificate.lines)
    if logged:
        ends = ends or _date(logged.not_after, logged.lines)
        starts = starts or _date(logged.not_before, logged.lines)
    if ends and now - ends.moment > ends.doubt:
        date = f"{ends.moment:%Y-%m-%d}"
        other = renewed(chosen)
        yield (
            _renewed_said(chosen, other, ends.lines, date) if other else said("expired", ends.lines, "alone", date=date)
        )
    elif ends and ends.moment - now < SOON:
        yield said("expires-soon", ends.lines, date=f"{ends.moment:%Y-%m-%d}")
    if starts and starts.moment - now > starts.doubt:
        yield said("not-yet-valid", starts.lines, date=f"{starts.moment:%Y-%m-%d}")


class _Date(NamedTuple):
    """An unambiguous date, its greatest distance from the true moment, and its lines."""

    moment: datetime
    doubt: timedelta
    lines: tuple[Line, ...]


def _date(text: str | None, lines: tuple[Line, ...]) -> _Date | None:
    moment = iso_date(text or "")
    if not text or moment is None:
        return None
    return _Date(moment, timedelta() if _ZONE.search(text) else _ANY_ZONE, lines)


def _self_signed(chosen: Chosen) -> Iterator[Finding]:
    """A certificate that no authority issued; by its two names if the output does not say it."""
    certificate = chosen.certificate
    signed = certificate.self_signed
    if signed is None and chosen.whole_subject:
        signed = same_dn(chosen.whole_subject, chosen.issuer)
    if signed and not any(_owner(chosen)):
        beside = third_party(chosen)
        if beside:
            lines = (*certificate.lines[:1], *_first_lines((beside,)))
            yield said("self-signed-beside", lines, other=beside.thumbprint, subject=beside.subject)
        else:
            yield said("self-signed", certificate.lines)


def third_party(chosen: Chosen) -> Certificate | None:
    """A valid certificate of the server that an authority has issued, one with SMTP before one without."""
    found = [
        other
        for other in chosen.on_server
        if other is not chosen.certificate
        and other.subject
        and not other.subject_cut
        and (other.self_signed is False or (other.self_signed is None and other.issuer))
        and not (other.issuer and same_dn(other.subject, other.issuer))
        and not not_a_mail_certificate(other.subject, other.issuer, f"CN={other.friendly}")
        and other.status.strip().casefold() in {"", "valid", "revocationcheckfailure"}
        and other.has_private_key is not False
    ]
    return min(found, key=lambda each: Service.SMTP not in (each.services or ()), default=None)


_CHECKS_OF_THE_LOG: tuple[Callable[[Chosen], Iterator[Finding]], ...] = (_owner, _dates, smtp_there, default_there)
"""The checks of a certificate whose services were not read."""

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
    mail_leaves,
    default_there,
    never_named,
    naming_again,
    servers,
)
