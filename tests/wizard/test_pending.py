"""Rows that end before an outcome: their certificate may be chosen by a person, and is never taken for failed."""

from __future__ import annotations

from tests.wizard.cases import CONNECTOR, OURS, THEIRS, certificate_list, certificate_rows, given, ids, named, session
from wizard.case.case import Case, StepId
from wizard.fitness import checks
from wizard.steps.command import bind_commands
from wizard.steps.flow import step

LOG = step(StepId.LOG)


def cut_off(connector: str = CONNECTOR, thumbprint: str = OURS) -> str:
    """A session that ends with the last row of our certificate."""
    rows = session(certificate_rows(thumbprint), connector=connector).splitlines(keepends=True)
    return "".join(rows[:-1])


def after(log: str) -> Case:
    return given(named(), StepId.LOG, log)


def test_nothing_is_chosen_and_the_sentence_says_that_nothing_is_proven() -> None:
    case = after(cut_off())
    assert case.now.thumbprint == ""
    assert LOG.missing(case)
    assert "no-outcome" in ids(LOG.findings(case))


def test_the_person_may_choose_it_and_every_later_step_says_that_it_is_unproven() -> None:
    case = after(cut_off())
    case = LOG.choose(case, LOG.choices(case)[0].key)
    assert "no-outcome" in ids(LOG.findings(case))
    case = given(case, StepId.SERVICES, certificate_list())
    assert "outcome-not-seen" in ids(checks(case))
    assert bind_commands(case)[0].text == f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP,IIS,POP"


def test_a_log_with_any_outcome_offers_none() -> None:
    other = session([*certificate_rows(OURS), ("*", "", "TLS negotiation failed with error SocketError")], number=2)
    assert LOG.choices(after(cut_off() + other)) == ()


def test_the_partners_certificate_is_not_offered() -> None:
    rows = session(certificate_rows(THEIRS, "Received certificate")).splitlines(keepends=True)
    assert LOG.choices(after("".join(rows[:-1]))) == ()


def test_another_connectors_certificate_is_not_offered() -> None:
    assert LOG.choices(after(cut_off("Internet"))) == ()


def test_a_cut_context_at_the_end_of_the_file_still_shows_whose_it_is() -> None:
    row = (
        f"2026-11-22T02:14:07.000Z,{CONNECTOR},08DE2A4C71B90009,7,192.0.2.10:41200,198.51.100.25:25,*,"
        f'" CN=mail.contoso.com CN=Fabrikam TLS CA 3, C=US 1D4F00000000A7C35E90 {OURS} mail.contoso.com",'
        "Sending certificate Certificate subject Certificate issuer name Certificate serial number Certificate thumb\n"
    )
    assert [choice.key for choice in LOG.choices(after(row))] == [OURS]
