"""All failed handshakes on one screen, and the rows of the session that a person opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.app.failures import FailureTable, OccurrenceList, SessionsScreen, columns_for, heading
from tests.screens import evidence
from tests.screens.driving import Driven, driven, our_case
from wizard.case.case import StepId
from wizard.case.file import slimmed
from wizard.facts import Occurrences
from wizard.findings import MOST_KINDS
from wizard.reading.log import read as logs
from wizard.steps.intake import take

pytestmark = pytest.mark.long

LOG = evidence.log(evidence.OURS, evidence.ANOTHER)


def many(count: int) -> Occurrences:
    found = Occurrences()
    for n in range(count):
        time = f"2026-11-22T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.000Z"
        found.add(f"Outbound {n % 3}", "SocketError", evidence.OURS, "192.0.2.9:25", "a.log", f"{n:016X}", time)
    return found


async def open_table(person: Driven, row: int = 0) -> None:
    """Enter on a row of the table."""
    person.screen.query_one(FailureTable).focus()
    await person.press(*["down"] * row, "enter")


def chosen(person: Driven) -> int:
    return person.app.screen.query_one(OccurrenceList).chosen


async def test_enter_in_the_table_shows_them_and_enter_again_the_rows() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.paste(LOG)
        await open_table(person)
        await person.until(lambda: "1 failed handshake" in person.frame)
        await person.press("enter")
        assert "Session 0AB1C2D3E4F50900" in person.frame
        await person.press("pagedown")
        assert "TLS negotiation failed with error" in person.text
        await person.press("escape")
        assert isinstance(person.app.screen, SessionsScreen)
        await person.press("escape")
        assert person.at is StepId.LOG


async def test_it_shows_those_of_the_row_alone() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.paste(LOG)
        second = person.screen.query_one(FailureTable).group(1)
        assert second is not None
        assert second.certificate is not None
        await open_table(person, row=1)
        await person.until(lambda: isinstance(person.app.screen, SessionsScreen))
        found = person.app.screen.query_one(OccurrenceList)._found
        assert [each.thumbprint for each in found] == [second.certificate.thumbprint]


@pytest.mark.parametrize("whole", [logs.WHOLE_BYTES, 0], ids=["read whole", "scanned"])
async def test_from_a_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    monkeypatch.setattr(logs, "WHOLE_BYTES", whole)
    (tmp_path / "SEND20261122-1.log").write_text(LOG, encoding="utf-8")
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        person.screen._opened(tmp_path)
        await person.settle()
        await open_table(person)
        await person.until(lambda: isinstance(person.app.screen, SessionsScreen))
        await person.press("enter")
        await person.until(lambda: person.dialog == "ReadingDialog")
        assert "SEND20261122-1.log, line" in person.text
        assert "first or last row" not in person.text


async def test_logs_that_are_gone_say_so(tmp_path: Path) -> None:
    file = tmp_path / "SEND20261122-1.log"
    file.write_text(LOG, encoding="utf-8")
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        person.screen._opened(tmp_path)
        await person.settle()
        file.unlink()
        await open_table(person)
        await person.until(lambda: isinstance(person.app.screen, SessionsScreen))
        await person.press("enter")
        await person.until(lambda: "could not be read again" in person.text)


async def test_it_is_offered_in_the_palette_once_there_is_a_failure() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        assert not person.screen.check_action("sessions", ())
        await person.paste(LOG)
        await person.call("All failed handshakes")
        assert "2 failed handshakes" in person.frame


async def test_a_hundred_thousand_are_gone_through_by_keys() -> None:
    found = many(100_000)
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.app.push_screen(SessionsScreen(StepId.LOG, found))
        await person.settle()
        assert "100,000 failed handshakes" in person.frame
        assert "2026-11-22 00:00:00 Outbound 0" in person.frame
        await person.press("end")
        assert chosen(person) == 99_999
        assert f"{found[99_999].time[:19].replace('T', ' ')} Outbound 0" in person.frame
        await person.press("pageup", "up")
        seen = chosen(person)
        assert 99_970 < seen < 99_998
        assert found[seen].time[:19].replace("T", " ") in person.frame
        await person.press("home", "down")
        assert chosen(person) == 1
        await person.pilot.click(OccurrenceList, offset=(5, 3))
        assert chosen(person) == 3


async def test_only_what_is_seen_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[int] = set()
    plain = Occurrences.__getitem__

    def noted(self: Occurrences, place: int) -> object:
        drawn.add(place)
        return plain(self, place)

    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        monkeypatch.setattr(Occurrences, "__getitem__", noted)
        await person.app.push_screen(SessionsScreen(StepId.LOG, many(100_000)))
        await person.settle()
        await person.press("end")
    assert len(drawn) < 200


@pytest.mark.parametrize("width", [50, 76, 96, 160])
def test_columns_take_the_room_there_is(width: int) -> None:
    columns = columns_for(width)
    assert len(heading(columns)) == width
    line = columns.line("2026-11-22 02:14:07", "\u9001\u4fe1" * 90, "UnknownCredentials", "192.0.2.9:25", "5A0C9E7F")
    assert line.endswith("5A0C9E7F")


async def test_the_table_names_so_many_kinds_and_counts_the_rest() -> None:
    log = "".join(
        evidence.log(evidence.OURS, connector=f"Outbound {n}").replace("0AB1C2D3", f"{n:08X}")
        for n in range(MOST_KINDS + 5)
    )
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.paste(log)
        table = person.screen.query_one(FailureTable)
        assert table.row_count == MOST_KINDS + 1
        assert "and 5 more kinds" in str(table.get_row_at(MOST_KINDS)[0])


async def test_a_log_of_a_saved_case_says_that_few_of_many_were_kept() -> None:
    rows = "".join(evidence.log(*[evidence.OURS] * 60, hour=hour) for hour in range(5))
    case = slimmed(take(our_case(StepId.LOG), StepId.LOG, rows).case)
    assert case.now.log
    assert case.now.log.counted is not None
    async with driven(case, StepId.LOG) as person:
        await person.call("All failed handshakes")
        assert "a saved case keeps no more" in person.text
