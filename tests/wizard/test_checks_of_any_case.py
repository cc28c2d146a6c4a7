"""Whatever the case: it is checked without an error, the gravest first, and stopped by a stop alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, DEFAULT, ISSUER, NIGHT, OTHER, OURS, SUBJECT, THEIRS, ids
from tests.wizard.check_cases import NAMING, TLS_NAME, smallest
from wizard.case.case import Case, Place, Variant
from wizard.facts import (
    Certificate,
    CmdletError,
    CmdletErrorKind,
    ExchangeVersion,
    FailureGroup,
    Handshake,
    Layout,
    Line,
    LoggedCertificate,
    LogReading,
    Pending,
    SendConnector,
    Service,
    Whose,
)
from wizard.findings import Level
from wizard.fitness import blocked, checks

GRAVEST = [Level.BLOCK, Level.WARN, Level.INFO, Level.GOOD]
NUMBERS = st.sampled_from([OURS, OTHER, THEIRS, DEFAULT])
TEXT = st.text(max_size=20) | st.sampled_from(
    ["", SUBJECT, ISSUER, "CN=*.contoso.com", "CN=WMSvc-X", "CN=a...", "mail.contoso.com", "*.contoso.com", TLS_NAME]
)
DATES = st.sampled_from(["", "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999Z", "03/02/2027"]) | st.datetimes().map(
    lambda moment: moment.isoformat()
)
LINES = st.lists(st.builds(Line, TEXT, st.integers(1, 99)), max_size=2).map(tuple)
CERTIFICATES = st.builds(
    Certificate,
    thumbprint=NUMBERS | st.none(),
    services=st.none() | st.frozensets(st.sampled_from(Service)),
    unknown_services=st.lists(TEXT, max_size=1).map(tuple),
    subject=TEXT,
    subject_cut=st.booleans(),
    issuer=TEXT,
    not_before=DATES | TEXT,
    not_after=DATES | TEXT,
    has_private_key=st.none() | st.booleans(),
    self_signed=st.none() | st.booleans(),
    status=TEXT | st.sampled_from(["Valid", "Revoked", "3", "\n"]),
    domains=st.lists(TEXT, max_size=3).map(tuple),
    domains_cut=st.booleans(),
    server=st.sampled_from(["", "EX01", "EX02"]),
    lines=LINES,
)


def logged(whose: Whose) -> st.SearchStrategy[LoggedCertificate]:
    return st.builds(
        LoggedCertificate,
        whose=st.just(whose),
        layout=st.sampled_from(Layout),
        thumbprint=NUMBERS | st.none(),
        subject=TEXT,
        issuer=TEXT,
        not_before=st.none() | DATES,
        not_after=st.none() | DATES,
        names=st.lists(TEXT, max_size=3).map(tuple),
        header_seen=st.booleans(),
        lines=LINES,
    )


HANDSHAKES = st.builds(
    Handshake,
    connector=st.sampled_from([CONNECTOR, "Internet"]),
    session=st.just("08DE2A4C71B90001"),
    time=st.just("2026-11-22T02:14:07.000Z"),
    remote=st.just(""),
    error=st.sampled_from([None, "UnknownCredentials", "SocketError"]),
    line=st.builds(Line, TEXT, st.just(1)),
    ours=st.none() | logged(Whose.OURS),
    theirs=st.none() | logged(Whose.THEIRS),
)
CONNECTORS = st.builds(
    SendConnector,
    name=st.just(CONNECTOR),
    source_servers=st.lists(TEXT, max_size=3).map(tuple),
    source_servers_cut=st.booleans(),
    tls_certificate_name=TEXT,
    fqdn=TEXT,
    lines=LINES,
)


@st.composite
def any_case(draw: st.DrawFn) -> Case:
    """A case of values that no reader need ever have made."""
    handshakes = draw(st.lists(HANDSHAKES, max_size=3))
    pending = draw(st.lists(st.builds(Pending, st.just(CONNECTOR), logged(Whose.OURS)), max_size=2))
    groups = [FailureGroup(h.connector, h.error, h.ours, 1, h.time, h.time, (h,)) for h in handshakes if h.error]
    errors = st.builds(CmdletError, st.sampled_from(CmdletErrorKind), TEXT, NUMBERS | st.none(), LINES)
    case = Case(
        opened=NIGHT,
        connectors=tuple(draw(st.lists(CONNECTORS, max_size=1))),
        connector=draw(st.sampled_from(["", CONNECTOR, "Internet"])),
    )
    return cases.knowing(
        case,
        place=draw(st.none() | st.builds(Place, st.none() | st.sampled_from(ExchangeVersion), st.booleans())),
        log=draw(st.none() | st.just(LogReading(handshakes=tuple(handshakes), pending=tuple(pending)))),
        failed=tuple(groups),
        thumbprint=draw(NUMBERS | st.just("")),
        certificates=tuple(draw(st.lists(CERTIFICATES, max_size=4))),
        not_there=tuple(draw(st.lists(CERTIFICATES, max_size=2))),
        services_unnamed_for=draw(NUMBERS | st.just("")),
        errors=tuple(draw(st.lists(errors, max_size=2))),
        variant=draw(st.sampled_from(Variant)),
    )


class TestAnyCase:
    @given(any_case())
    def test_is_checked_without_an_error_the_gravest_first_and_stopped_by_a_stop_alone(self, case: Case) -> None:
        found = checks(case)
        levels = [GRAVEST.index(each.level) for each in found]
        assert levels == sorted(levels)
        assert blocked(case) is any(each.level is Level.BLOCK for each in found)
        assert all(each.id and each.source and each.text for each in found)
        assert len({(each.id, each.text) for each in found}) == len(found)

    @given(any_case())
    def test_that_names_no_certificate_has_nothing_to_check(self, case: Case) -> None:
        assert checks(cases.knowing(case, thumbprint="")) == ()

    @given(any_case())
    def test_in_the_smallest_form_is_not_told_of_what_only_naming_a_service_does(self, case: Case) -> None:
        assert not NAMING & ids(checks(smallest(case)))
        assert ids(checks(case)) - NAMING == ids(checks(smallest(case)))
