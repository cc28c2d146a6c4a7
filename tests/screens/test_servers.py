"""Three source servers, one without the certificate and one an Edge, led to their end on the screen."""

from __future__ import annotations

import pytest

from tests.screens import evidence
from tests.screens.driving import Driven, driven, our_case
from wizard.case.case import Case, StepId
from wizard.case.servers import here
from wizard.record.summary import summary
from wizard.steps.intake import take
from wizard.steps.servers import Stand, lines

pytestmark = pytest.mark.long

SERVERS = "{EX01, EX02, EDGE01}"


def three_servers() -> Case:
    """Our own case, done on the first of three servers; the queue's name says which that is."""
    case = take(our_case(None), StepId.CONNECTOR, evidence.connectors(evidence.CONNECTOR, servers=SERVERS)).case
    return take(case, StepId.SYMPTOM, evidence.QUEUES.replace("MBX1", "EX01")).case


def stands(person: Driven) -> dict[str, Stand]:
    return {line.name: line.stand for line in lines(person.case)}


async def go_through(person: Driven, services: str) -> None:
    """From the services of a server to the list again, as a person does it."""
    await person.paste(evidence.certificate(services))
    await person.press("f8")
    assert person.is_at(StepId.COMMAND)
    await person.press("f8")
    await person.choose(0)
    await person.press("f8")
    assert person.is_at(StepId.VERIFY)
    await person.paste(evidence.certificate(f"{services}, SMTP"))
    await person.press("f8", "f8", "f8")
    assert person.is_at(StepId.SERVERS)


async def test_the_whole_way_over_three_servers() -> None:
    async with driven(three_servers(), StepId.SERVERS) as person:
        assert stands(person) == {"EX01": Stand.DONE, "EX02": Stand.OPEN, "EDGE01": Stand.OPEN}
        assert "Leave them open" in person.frame

        await person.choose(0)
        assert person.is_at(StepId.SERVICES)
        assert "on EX02" in person.frame
        assert "-Server 'EX02'" in person.text
        await go_through(person, "IIS")

        assert stands(person)["EX02"] is Stand.DONE
        await person.choose(1)
        assert "on EDGE01" in person.frame
        assert "-Server" not in person.text
        await person.paste(evidence.certificate("IIS", thumbprint=evidence.ANOTHER))
        assert person.is_at(StepId.SERVICES)
        assert "is not in this output" in person.text
        await person.choose(0)
        assert person.is_at(StepId.SERVERS)
        assert stands(person)["EDGE01"] is Stand.WITHOUT
        assert "EDGE01: the certificate is not on this server" in person.text

        await person.choose(0)
        assert here(person.case) == "EDGE01"
        await go_through(person, "IMAP")
        assert set(stands(person).values()) == {Stand.DONE}
        assert "Leave them open" not in person.frame
        await person.press("f8")
        assert person.is_at(StepId.RESTORE)
        await person.press("f8")
        record = summary(person.case)
        for name in ("EX01", "EX02", "EDGE01"):
            assert f"# Run it, and answer N ({name})" in record or f"# The command that binds it ({name})" in record
            assert f"{name:<6}  [done]" in record
        assert "Proof on EDGE01:" in record


async def test_the_person_says_where_the_case_is_when_nothing_else_does() -> None:
    case = take(our_case(None), StepId.CONNECTOR, evidence.connectors(evidence.CONNECTOR, servers=SERVERS)).case
    async with driven(case, StepId.SERVERS) as person:
        assert "Which server are you working on?" in person.text
        await person.choose(1)
        assert person.is_at(StepId.SERVERS)
        assert stands(person) == {"EX01": Stand.OPEN, "EX02": Stand.DONE, "EDGE01": Stand.OPEN}


async def test_the_log_asks_first_on_which_server_it_is_where_nothing_tells() -> None:
    case = take(our_case(None), StepId.CONNECTOR, evidence.connectors(evidence.CONNECTOR, servers=SERVERS)).case
    async with driven(case, StepId.LOG) as person:
        assert person.focus == "choices"
        assert "Run the command on the server that sends the mail" in person.text
        await person.press("enter")
        assert person.is_at(StepId.LOG)
        assert person.status.startswith("Say which server this is about.")
        await person.press("down", "down", "enter")
        assert "Run the command on EX02 itself" in person.text
        assert (here(person.case), person.focus) == ("EX02", "next")


@pytest.mark.parametrize("size", [(60, 18), (140, 40)])
async def test_the_list_in_other_windows(size: tuple[int, int]) -> None:
    async with driven(three_servers(), StepId.SERVERS, size=size) as person:
        assert "Which server?" in person.frame
        assert "EX02: go on there" in person.frame
