"""When waiting mail goes back to its senders: read from the servers, said while it matters, and how to buy time."""

from __future__ import annotations

import pytest

from tests.wizard import cases
from wizard.case.case import Case, StepId
from wizard.record.status import status
from wizard.steps.flow import step
from wizard.steps.intake import take

S = StepId
READ = "Get-TransportService | Format-List Name,MessageExpirationTimeout,DelayNotificationTimeout"


def waiting(*servers: tuple[str, str]) -> Case:
    """Twelve messages wait on EX01, and these servers have said how long."""
    case = cases.given(Case(opened=cases.NIGHT), S.SYMPTOM, cases.queue_list())
    printed = [
        cases.listed(Name=name, MessageExpirationTimeout=time, DelayNotificationTimeout="04:00:00")
        for name, time in servers
    ]
    return cases.given(case, S.SYMPTOM, "\n".join(printed)) if printed else case


def commands(case: Case) -> list[str]:
    return [command.text for command in step(S.SYMPTOM).commands(case)][1:]


def told(case: Case) -> list[str]:
    return [each.text for each in step(S.SYMPTOM).findings(case) if each.id == "mail-expires"]


def test_while_mail_waits_the_default_is_said_and_the_line_that_reads_it() -> None:
    assert commands(waiting()) == [READ]
    assert "2 days unless it was changed" in told(waiting())[0]


@pytest.mark.parametrize(
    ("time", "words"), [("2.00:00:00", "2 days"), ("1.12:00:00", "36 hours"), ("00:00:05", "5 seconds")]
)
def test_what_was_read_is_said_with_the_line_that_buys_time_and_its_way_back(time: str, words: str) -> None:
    case = waiting(("EX01", time), ("EX02", "3.00:00:00"))
    (said,) = told(case)
    assert said.startswith(f"On EX01 a message goes back to its sender after {words} in the queue. After 4 hours ")
    assert said.endswith("it repairs nothing, and it is your decision.")
    assert commands(case) == [
        "Set-TransportService -Identity 'EX01' -MessageExpirationTimeout '4.00:00:00'",
        f"Set-TransportService -Identity 'EX01' -MessageExpirationTimeout '{time}'",
    ]
    assert f"and after {words} in the queue mail goes back to its sender." in status(case, cases.NIGHT)


def test_a_server_that_keeps_mail_longer_gets_no_line() -> None:
    case = waiting(("EX01", "7.00:00:00"))
    assert told(case)[0].startswith("On EX01 a message goes back to its sender after 7 days")
    assert commands(case) == []


def test_where_no_mail_waits_or_the_queue_was_read_again_nothing_is_said() -> None:
    empty = cases.given(Case(opened=cases.NIGHT), S.SYMPTOM, cases.queue_list("Ready", "", 0))
    again = cases.given(cases.answered(case=cases.ready(case=waiting())), S.RETRY, cases.queue_list("Active", ""))
    for case in (Case(opened=cases.NIGHT), empty, again):
        assert (told(case), commands(case)) == ([], [])


@pytest.mark.parametrize("place", [S.SYMPTOM, S.LOGGING, S.LOG])
def test_all_that_a_whole_transport_service_shows_is_taken(place: StepId) -> None:
    ours = cases.OURS
    whole = cases.listed(
        Name="EX01",
        InternalTransportCertificateThumbprint=ours,
        MessageExpirationTimeout="2.00:00:00",
        DelayNotificationTimeout="04:00:00",
        SendProtocolLogPath=r"D:\Logs\SmtpSend",
    )
    case = take(waiting(), place, whole).case
    assert [each.path for each in case.log_folders] == [r"D:\Logs\SmtpSend"]
    assert [each.thumbprint for each in case.defaults] == [ours]
    assert "after 2 days in the queue" in told(case)[0]


def test_a_cut_time_is_not_taken() -> None:
    taken = take(waiting(), S.SYMPTOM, "Name : EX01\nMessageExpirationTimeout : 2.00...\n")
    assert not taken.case.timeouts
