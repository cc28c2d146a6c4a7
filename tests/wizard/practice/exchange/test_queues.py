"""Queues and their messages in practice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.wizard.practice.organisation import Ran, queue, run, world
from wizard.practice.shell.session import opened
from wizard.practice.world import World

RETRY = "Status -eq 'Retry'"


def identities(done: Ran) -> list[object]:
    return [each.get("Identity") for each in done.objects]


class TestFilters:
    @pytest.mark.parametrize(
        ("text", "passes"),
        [
            (RETRY, True),
            ('status -EQ "retry"', True),
            ("Status -ne 'Retry'", False),
            ("MessageCount -gt 99", True),
            ("MessageCount -gt 214", False),
            ("MessageCount -ge 214 -and MessageCount -le '214'", True),
            ("Identity -like 'ex1\\*'", True),
            ("LastError -like '*it''s'", True),
        ],
    )
    def test_are_read(self, text: str, passes: bool) -> None:
        of = world()
        of = of.with_queue(replace(of.queues[0], messages=214, last_error="451 it's"))
        assert ("EX1\\18" in identities(run(of, "Get-Queue", Filter=text))) is passes

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "Status",
            "Status -eq",
            "Status = 'Retry'",
            "-not Status -eq 'Retry'",
            "(Status -eq 'Retry'",
            "Size -eq 1",
            "Status -eq 'x",
        ],
    )
    def test_are_refused(self, text: str) -> None:
        assert "Cannot bind parameter 'Filter'" in run(world(), "Get-Queue", Filter=text).error


class TestGet:
    def test_those_of_the_server_and_submission(self) -> None:
        assert identities(run(world(), "Get-Queue")) == ["EX1\\18", "EX1\\Submission"]
        assert identities(run(world(), "Get-Queue", Server="EX2")) == ["EX2\\7", "EX2\\Submission"]

    @pytest.mark.parametrize("servers", ["Get-TransportService", "Get-TransportServer", "Get-ExchangeServer"])
    def test_those_of_servers_of_the_pipe(self, servers: str) -> None:
        shell = opened(world(), 200)
        listed = shell.enter(f"{servers} -WarningAction 0 | Get-Queue | % Identity").text.split("\n")
        assert listed == ["EX1\\18", "EX1\\Submission", "EX2\\7", "EX2\\Submission"]
        assert shell.enter(f'{servers} EX2 -wa 0 | Get-Queue -Filter "{RETRY}" | % Identity').text == "EX2\\7"

    def test_what_is_no_server_s_queue_in_the_pipe_is_owned_up_to(self) -> None:
        said = opened(world(), 200).enter("Get-FrontendTransportService | Get-Queue").text
        assert "does not know what Get-Queue makes of a FrontendTransportService in the pipe" in said

    def test_queues_of_the_pipe_are_named_by_their_identity(self) -> None:
        assert opened(world(), 200).enter("Get-Queue | Get-Queue | % Identity").text == "EX1\\18\nEX1\\Submission"

    @pytest.mark.parametrize("identity", ["EX1\\18", "18"])
    def test_one(self, identity: str) -> None:
        assert identities(run(world(), "Get-Queue", Identity=identity)) == ["EX1\\18"]

    def test_filtered(self) -> None:
        assert identities(run(world(), "Get-Queue", Filter=RETRY)) == ["EX1\\18"]

    def test_of_a_server_that_does_not_answer(self) -> None:
        before = world()
        before = before.with_server(replace(before.servers[1], answers=False))
        assert run(before, "Get-Queue", Server="EX2").error.startswith('The Queue Viewer operation on computer "EX2"')


class TestRetry:
    def test_of_servers_of_the_pipe(self) -> None:
        before = world()
        shell = opened(before, 200)
        assert "mandatory parameters: Filter" in shell.enter("Get-TransportService EX2 | Retry-Queue").text
        assert shell.world.queues[1].last_try == before.queues[1].last_try
        shell.enter(f'Get-TransportService EX2 | Retry-Queue -Filter "{RETRY}"')
        assert shell.world.queues[1].last_try != before.queues[1].last_try
        assert shell.world.queues[0].last_try == before.queues[0].last_try

    def test_tries_each_in_retry_and_says_nothing(self) -> None:
        before = world()
        done = run(before, "Retry-Queue", Filter=RETRY)
        assert done.kinds(before)[0] == "QUEUE_RETRIED"
        assert not done.values
        assert not done.errors
        assert done.world.queues[1] == before.queues[1]
        assert done.world.queues[0].last_try == before.now

    def test_of_another_server(self) -> None:
        before = world()
        assert run(before, "Retry-Queue", Filter=RETRY, Server="EX2").world.queues[0] == before.queues[0]

    def test_not_one_in_another_state(self) -> None:
        before = world().with_queue(queue("EX1", status="Ready"))
        assert "only a queue with the status Retry" in run(before, "Retry-Queue", Identity="EX1\\18").error


class TestMessages:
    def few(self) -> World:
        return world().with_queue(replace(queue("EX1"), messages=3))

    def test_are_as_many_as_the_queue_says(self) -> None:
        done = run(self.few(), "Get-Message", Queue="EX1\\18")
        assert len(set(map(str, identities(done)))) == 3
        assert {str(each.get("Queue")) for each in done.objects} == {"EX1\\18"}
