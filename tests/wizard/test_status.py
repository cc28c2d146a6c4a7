"""The status of a case in two sentences, in step with the case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.wizard import cases
from wizard.assets import asset_table, words
from wizard.case.case import Case, Deed, JournalEntry, PromptAnswer, StepId
from wizard.case.file import Saved
from wizard.case.servers import at_server, saying_here
from wizard.record.export import ExportForm, exported
from wizard.record.status import status
from wizard.steps.flow import ORDER
from wizard.verdict import rules

S = StepId
NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
KEY = "the Transport service could not use the key of its certificate (KB 4051498)"
FIRST = "the log shows the first failure at 2026-11-22 02:14 UTC"
UP_TO_THE_LOG = (S.SYMPTOM, S.CONNECTOR, S.LOGGING)


def test_what_was_read_is_not_what_comes_next() -> None:
    case = cases.given(Case(opened=cases.NIGHT), S.SYMPTOM, cases.queue_list())
    assert f"next comes {words(S.CONNECTOR).short}" in status(case, NOW)


def symptom(error: str = cases.TIMED_OUT) -> Case:
    case = cases.given(Case(opened=cases.NIGHT), S.SYMPTOM, cases.queue_list(error=error, count=1))
    return cases.settled(case, S.SYMPTOM)


def log_read() -> Case:
    case = cases.given(symptom(), S.CONNECTOR, cases.connector_list())
    return cases.settled(cases.given(case, S.LOG, cases.failing()), *UP_TO_THE_LOG, S.LOG)


def ready() -> Case:
    return cases.settled(cases.given(log_read(), S.SERVICES, cases.certificate_list()), S.SERVICES)


def after(case: Case, server: str = "EX01") -> Case:
    """The case with all proven on one server."""
    case = cases.given(case, S.VERIFY, cases.certificate_list("POP, IIS, SMTP"))
    case = cases.given(case, S.RETRY, cases.queue_list("Active", "", identity=rf"{server}\3417"))
    return cases.given(case, S.SESSION, cases.working())


def one_of_two() -> Case:
    case = cases.given(Case(opened=cases.NIGHT), S.SYMPTOM, cases.queue_list())
    case = case.noting(JournalEntry(cases.NIGHT, Deed.READ, S.SYMPTOM, "EX01", "queues.txt"))
    case = cases.given(case, S.CONNECTOR, cases.connector_list(servers="{EX01, EX02}"))
    case = after(cases.answered(case=saying_here(cases.ready(case=case), "EX01")))
    return cases.settled(case, *ORDER[: ORDER.index(S.SERVERS)])


def wrong_y() -> Case:
    return cases.settled(cases.answered(PromptAnswer.YES, ready()), S.COMMAND, S.PROMPT)


@pytest.mark.parametrize(
    ("case", "wrong", "done"),
    [
        (
            lambda: Case(opened=cases.NIGHT),
            "What is wrong is not known yet.",
            "No certificate was bound yet; next comes reading the queue's error.",
        ),
        (
            symptom,
            "Mail is stuck, and the cause is not known yet: the queue's error fits KB 4051498, and other faults too; "
            "1 message waits.",
            "No certificate was bound yet; next comes finding the Send connector that the mail takes.",
        ),
        (
            log_read,
            f"Mail is stuck over 'Outbound to Office 365': {KEY}; {FIRST}; 1 message waits.",
            "No certificate was bound yet; next comes reading which services the certificate has.",
        ),
        (
            ready,
            f"Mail is stuck over 'Outbound to Office 365': {KEY}; {FIRST}; 1 message waits.",
            "No certificate was bound yet; next comes running the command that binds the certificate to SMTP.",
        ),
        (
            wrong_y,
            f"Mail is stuck over 'Outbound to Office 365': {KEY}; {FIRST}; 1 message waits.",
            "The binding command was run, and its result is not proven yet; the question was answered Y, which "
            "replaced the default certificate; next comes making the earlier default certificate the default again.",
        ),
        (
            one_of_two,
            f"Mail was stuck over 'Outbound to Office 365': {KEY}; {FIRST}; "
            "no queue is stuck on EX01 (read at 2026-11-22 03:00 UTC).",
            "EX01 is done; EX02 is still to be done; next comes the same on EX02.",
        ),
        (
            lambda: at_server(one_of_two(), "EX02"),
            f"Mail was stuck over 'Outbound to Office 365': {KEY}; {FIRST}; "
            "no queue is stuck on EX01 (read at 2026-11-22 03:00 UTC).",
            "EX01 is done; EX02 is still to be done; next comes reading which services the certificate has on EX02.",
        ),
        (
            lambda: cases.settled(cases.proven_case()),
            f"Mail leaves again over 'Outbound to Office 365': {KEY} before; {FIRST}; no queue is stuck.",
            "The certificate is bound to SMTP; nothing is left to do.",
        ),
        (
            lambda: symptom("451 4.4.0 DNS query failed"),
            "The name of the next hop cannot be resolved; 1 message waits.",
            "No certificate was bound yet; next comes testing the name resolution of the server.",
        ),
    ],
    ids=["nothing", "symptom", "log", "ready", "Y", "one of two", "at the second", "done", "another fault"],
)
def test_it_says_in_two_sentences_what_is_wrong_and_what_is_done(
    case: Callable[[], Case], wrong: str, done: str
) -> None:
    assert status(case(), NOW) == f"Status of 2026-11-22 03:30 UTC: {wrong} {done}"


def test_a_blocked_command_is_not_said_to_be_next() -> None:
    case = cases.given(log_read(), S.SERVICES, cases.certificate_list(Status="DateInvalid"))
    assert "next comes clearing what stops the binding command." in status(cases.settled(case, S.SERVICES), NOW)


def test_every_step_and_every_other_fault_has_its_words() -> None:
    assert all(words(step).short for step in ORDER)
    decided_elsewhere = {"kb4051498", "more-evidence", "unknown-error", "wrong-log"}
    ids = {rule.verdict.id for rule in rules()}
    assert set(asset_table("verdicts.toml")["in_short"]) == ids - decided_elsewhere


def test_it_is_handed_over_with_names_or_with_stand_ins() -> None:
    saved = Saved("20261122-030507-4711", one_of_two(), saved=NOW)
    assert exported(saved, ExportForm.STATUS, NOW).text == f"{status(saved.case, NOW)}\n"
    redacted = exported(saved, ExportForm.STATUS, NOW, redact=True).text
    assert not re.search("EX0|Outbound to Office", redacted)
    assert "still to be done" in redacted
