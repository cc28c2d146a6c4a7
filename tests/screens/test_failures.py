"""The table of failed handshakes: every column that stands is whole, whatever the width of the window."""

from __future__ import annotations

import pytest

from screens.app.failures import FailureTable
from tests.screens import evidence
from tests.screens.driving import driven, our_case
from wizard.case.case import StepId

S = StepId
TWO_DAYS = (
    evidence.log(evidence.OURS) + "\n" + evidence.log(evidence.ANOTHER, hour=2).replace("2026-11-20", "2026-11-21")
)


@pytest.mark.parametrize(
    ("size", "headers"),
    [
        ((60, 18), ["Connector", "Error", "Last", "Certificate"]),
        ((80, 24), ["Connector", "Error", "Sess.", "First", "Last", "Certificate"]),
        ((140, 40), ["Connector", "Error", "Sess.", "First", "Last", "Certificate"]),
    ],
)
async def test_columns_without_room_are_left_out_whole(size: tuple[int, int], headers: list[str]) -> None:
    async with driven(our_case(S.LOG), S.LOG, size=size) as person:
        await person.paste(evidence.log(evidence.OURS))
        table = person.screen.query_one(FailureTable)
        assert [str(column.label) for column in table.ordered_columns] == headers
        assert table.virtual_size.width <= table.size.width
        table.scroll_visible(animate=False)
        await person.settle()
        (row,) = [
            line.partition(" UnknownCredentials ")[2].split()
            for line in person.frame.split("\n")
            if " UnknownCredentials " in line
        ]
        assert evidence.OURS[:8] in row
        # What tells two rows apart stands in every window.
        await person.paste(TWO_DAYS)
        table = person.screen.query_one(FailureTable)
        certificates = [str(cell) for cell in table.get_column_at(len(table.columns) - 1)]
        assert sorted(certificates) == sorted((evidence.OURS[:8], evidence.ANOTHER[:8]))
        assert table.virtual_size.width <= table.size.width


async def test_a_window_that_is_made_wider_shows_them_again() -> None:
    async with driven(our_case(S.LOG), S.LOG, size=(60, 18)) as person:
        await person.paste(evidence.log(evidence.OURS))
        await person.pilot.resize_terminal(80, 24)
        await person.settle()
        assert len(person.screen.query_one(FailureTable).columns) == 6
