"""Queues and their LastError: the core of the text, whatever it is wrapped in."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import Queue, Reading
from wizard.reading.queues import read_last_error, read_queues
from wizard.reading.text import clean

CORE = "451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out"
MEMBERS = (
    "{LED=" + CORE + "}",
    "{MSG=}",
    "{FQDN=mx.fabrikam.example}",
    "{IP=198.51.100.7}",
    "{LRT=3/4/2027 1:02:03 AM}",
)
WRAPPED = "[" + ";".join(MEMBERS) + "]"
BARE = (
    '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out." Attempted failover to '
    "alternate host, but that did not succeed. Either there are no alternate hosts, or delivery failed to all "
    "alternate hosts."
)


def reading(text: str) -> Reading[Queue]:
    return read_queues(clean(text))


def only(text: str) -> Queue:
    (queue,) = reading(text).facts
    return queue


class TestLastError:
    def test_the_core_is_taken_out_of_the_wrapper(self) -> None:
        core, members = read_last_error(WRAPPED)
        assert core == CORE
        assert (members["FQDN"], members["IP"], members["MSG"]) == ("mx.fabrikam.example", "198.51.100.7", "")

    @pytest.mark.parametrize("order", list(permutations(MEMBERS))[::7])
    def test_members_are_read_by_key_in_any_order(self, order: tuple[str, ...]) -> None:
        core, members = read_last_error("[" + ";".join(order) + "]")
        assert (core, members["IP"]) == (CORE, "198.51.100.7")

    @pytest.mark.parametrize("value", ["451 4.4.0 {odd} text; more", "451 4.4.0 a;b}", "451 4.4.0 [x];{y}"])
    def test_braces_and_semicolons_inside_a_value_do_no_harm(self, value: str) -> None:
        core, members = read_last_error("[{LED=" + value + "};{MSG=};{FQDN=};{IP=192.0.2.8};{LRT=}]")
        assert (core, members["IP"]) == (value, "192.0.2.8")

    def test_a_text_without_wrapper_is_its_own_core(self) -> None:
        assert read_last_error(BARE) == (BARE, {})

    @pytest.mark.parametrize("end", range(len("[{LED=" + CORE), len(WRAPPED)))
    def test_a_wrapper_cut_off_anywhere_after_the_core_still_shows_it(self, end: int) -> None:
        assert read_last_error(WRAPPED[:end])[0] == CORE

    def test_a_cut_address_is_no_address(self) -> None:
        assert read_last_error("[{LED=451 4.4.0 x};{IP=198.51...")[1]["IP"] == ""

    def test_without_an_error_text_the_message_stands_for_it(self) -> None:
        assert read_last_error("[{LED=};{MSG=DNS query failed};{FQDN=}]")[0] == "DNS query failed"

    @given(st.text(max_size=200))
    def test_any_text_is_read(self, text: str) -> None:
        read_last_error(text)
        core, _ = read_last_error("[{LED=" + text)
        assert core == core.strip()


class TestFormatList:
    def test_every_property_is_read(self) -> None:
        text = f"""
Identity      : MBX7\\21
Status        : Retry
MessageCount  : 1,214
NextHopDomain : fabrikam.example
LastError     : {WRAPPED}
"""
        queue = only(text)
        assert queue == Queue(
            last_error=CORE,
            as_written=WRAPPED,
            identity="MBX7\\21",
            status="Retry",
            message_count=1214,
            next_hop="fabrikam.example",
            remote_host="mx.fabrikam.example",
            remote_address="198.51.100.7",
            lines=queue.lines,
            source="queue",
        )
        assert [line.number for line in queue.lines] == [2, 3, 4, 5, 6]

    @pytest.mark.parametrize("width", [24, 31, 47, 64, 100])
    @pytest.mark.parametrize("trimmed", [True, False], ids=["trailing blanks lost", "trailing blanks kept"])
    def test_wrapped_inside_words_the_core_is_whole(self, width: int, trimmed: bool) -> None:
        pieces = [WRAPPED[at : at + width] for at in range(0, len(WRAPPED), width)]
        lines = ["Identity  : MBX7\\21", "Status    : ", *(f"            {piece}" for piece in pieces)]
        lines[2] = f"LastError : {pieces[0]}"
        text = "\n".join(line.rstrip() if trimmed else line for line in lines)
        queue = only(text)
        assert queue.last_error.replace(" ", "") == CORE.replace(" ", "")
        if not trimmed:
            assert (queue.last_error, queue.remote_host) == (CORE, "mx.fabrikam.example")

    def test_a_blank_lost_at_the_widest_wrap_is_found_by_exchanges_own_wording(self) -> None:
        first = "LastError : [{LED=451 4.4.395 Target host"
        assert only(f"{first}\n            responded with error. -> 421}}]").last_error == (
            "451 4.4.395 Target host responded with error. -> 421"
        )

    def test_a_queue_without_error(self) -> None:
        queue = only("Identity : MBX7\\Submission\nStatus : Ready\nMessageCount : 0\nLastError :")
        assert (queue.last_error, queue.message_count) == ("", 0)


class TestOtherForms:
    def test_the_table_leaves_out_what_it_cut(self) -> None:
        table = r"""
Identity        DeliveryType       Status MessageCount NextHopDomain
--------        ------------       ------ ------------ -------------
MBX7\21         SmartHostConnector Retry  12           fabrikam.exa...
MBX7\Submission Undefined          Ready  0            Submission
"""
        found = reading(table)
        assert [(each.identity, each.status, each.message_count, each.next_hop) for each in found.facts] == [
            ("MBX7\\21", "Retry", 12, ""),
            ("MBX7\\Submission", "Ready", 0, "Submission"),
        ]
        assert "NextHopDomain is cut" in found.unread[0].why

    def test_csv_and_json(self) -> None:
        queue = only(json.dumps([{"Identity": "MBX7\\21", "MessageCount": 12, "LastError": WRAPPED}]))
        assert (queue.identity, queue.message_count, queue.last_error) == ("MBX7\\21", 12, CORE)
        assert only(f'"Identity","LastError"\n"MBX7\\21","{WRAPPED}"').last_error == CORE

    def test_bare_lines_are_a_queue_each(self) -> None:
        found = reading(f"LastError : {WRAPPED}\nLastError : {WRAPPED}\n{BARE}\n{WRAPPED}")
        assert [each.last_error for each in found.facts] == [CORE, CORE, BARE, CORE]
        assert found.unread == ()

    @pytest.mark.parametrize("width", [40, 80, 120])
    def test_a_bare_text_may_be_wrapped(self, width: int) -> None:
        lines, current = [], ""
        for word in BARE.split():
            if len(current) + len(word) >= width:
                lines.append(current)
                current = ""
            current = f"{current} {word}".strip()
        queue = only("\n".join([*lines, current]))
        assert queue.last_error == BARE
        assert len(queue.lines) == len(lines) + 1

    @pytest.mark.parametrize("text", ["Thank you", "Name : A\nPort : 25", ""])
    def test_other_texts_are_left_unread(self, text: str) -> None:
        assert reading(text).facts == ()
        assert reading(text).unread


@given(st.text(max_size=400))
def test_any_text_gives_queues_or_reasons(text: str) -> None:
    found = reading(text)
    assert found.facts or found.unread


PRIMARY = (
    '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out." Attempted failover to '
    "alternate host, but that did not succeed. Either there are no alternate hosts, or delivery failed to all "
    "alternate hosts."
)
NEWER = "451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out"
IN_MEMBERS = "{LED=" + NEWER + "};{MSG=};{FQDN=mx.fabrikam.example};{IP=198.51.100.20};{LRT=11/22/2026 8:01:00 AM}"


@pytest.mark.parametrize(
    ("text", "core"),
    [
        (f'Error:"{PRIMARY}"', PRIMARY),
        (f"Error: {PRIMARY}", PRIMARY),
        (f"Last Error: {PRIMARY}", PRIMARY),
        (f"Last Error : “{PRIMARY}”", PRIMARY),
        (f"Reason: [{NEWER}]", NEWER),
        (f"LED={NEWER}", NEWER),
        (f"{{[{{LED={NEWER}}};{{MSG=}}]}}", NEWER),
        (f"RecipientStatus: {{[{IN_MEMBERS}]}}", NEWER),
        (f"contoso.com --> {PRIMARY}", PRIMARY),
        (f"user@contoso.com -> {PRIMARY}", PRIMARY),
        (f"The queue to the partner says {PRIMARY}", PRIMARY),
        (f"Remote Server returned '{NEWER}'", NEWER),
        (f"mx.fabrikam.example #<mx.fabrikam.example #4.4.7 smtp;{NEWER}> #SMTP#", NEWER),
        (f"Remote server returned '400 4.4.7 Message delayed; {PRIMARY}'", PRIMARY),
        ("#< #4.4.7 smtp;400 4.4.7 Message delayed> #SMTP#", "400 4.4.7 Message delayed"),
        ("Diagnostic-Code: smtp;454 4.7.5 Certificate validation failure", "454 4.7.5 Certificate validation failure"),
        (f"Reason : {NEWER}", NEWER),
        (f"Fehler: {NEWER}", NEWER),
    ],
)
def test_the_queue_s_words_in_another_frame(text: str, core: str) -> None:
    (queue,) = read_queues(clean(text)).facts
    assert queue.last_error == core
    assert queue.source == "words"


@pytest.mark.parametrize(
    "text",
    [
        "Error: 0x80090328",
        "Status: 250 2.0.0 OK",
        "Status: Retry",
        "Reason: the certificate is missing",
        "we wait since 451 minutes",
        "Version 4.4.0 of the tool, error 451",
        "Build 15.1.2507 --> 15.2.1748",
        "RecipientStatus : {250 2.1.5 Recipient OK}",
        "LED=on",
    ],
)
def test_what_is_close_to_the_queue_s_words(text: str) -> None:
    assert not read_queues(clean(text)).facts


TRACKED = [
    "RunspaceId      : 5c1d7e02-9a44-4a0b-8d51-7d5f0b2c9e13",
    "Timestamp       : 11/22/2026 8:01:00 AM",
    "ServerHostname  : mx.fabrikam.example",
    "SourceContext   :",
    "ConnectorId     : Outbound to Fabrikam",
    "Source          : SMTP",
    "EventId         : DEFER",
    "MessageId       : <a1@contoso.example>",
    "Recipients      : {user@fabrikam.example}",
    f"RecipientStatus : {{[{IN_MEMBERS}]}}",
    "TotalBytes      : 5120",
]


@pytest.mark.parametrize("between", ["\n", "\n\n", "  \n\n"])
def test_message_tracking(between: str) -> None:
    reading = read_queues(clean(between.join(TRACKED)))
    (queue,) = reading.facts
    assert (queue.last_error, queue.connector, queue.source) == (NEWER, "Outbound to Fabrikam", "tracking")
    assert (queue.identity, queue.remote_host, queue.remote_address) == ("", "mx.fabrikam.example", "198.51.100.20")
    assert not reading.unread


def test_two_deliveries_of_message_tracking() -> None:
    sent = [line.replace("DEFER", "SEND") for line in TRACKED]
    sent[9] = "RecipientStatus : {250 2.1.5 Recipient OK}"
    reading = read_queues(clean("\n".join([*TRACKED, "", *sent])))
    assert [queue.last_error for queue in reading.facts] == [NEWER]
    assert ["message tracking shows no error" in each.why for each in reading.unread] == [True]
