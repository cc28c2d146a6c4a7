"""The footer: whole entries only, the important ones first, at any width and after any change."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.app.look import GAP, ROOMY, FooterEntry, KeysFooter, entries_of, fitted
from tests.screens import evidence, practised
from tests.screens.driving import Driven, driven, our_case, sample_at
from tests.screens.scenes import cases, hand_over
from wizard.case.case import StepId
from wizard.practice.scenario import Mode
from wizard.steps.flow import ORDER

pytestmark = pytest.mark.long

WIDTHS = range(20, 201)


@pytest.fixture(autouse=True)
def _scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice has the canned scenarios."""
    practised.canned(monkeypatch)


Go = Callable[[Driven], Awaitable[object]]


def to(step_id: StepId | None) -> Go:
    return lambda person: person.go(step_id)


def pressing(step_id: StepId, *keys: str) -> Go:
    async def go(person: Driven) -> None:
        await person.go(step_id)
        await person.press(*keys)

    return go


async def restart(person: Driven) -> None:
    person.app.action_restart()
    await person.settle()


async def sessions(person: Driven) -> None:
    await person.go(StepId.LOG)
    await person.paste(evidence.log(evidence.OURS))
    person.screen.action_sessions()
    await person.settle()


async def keys(person: Driven) -> None:
    await person.go(StepId.LOG)
    person.app.action_all_keys()
    await person.settle()


async def choosing(person: Driven) -> None:
    person.app.action_practice()
    await person.settle()


def training(*keys: str) -> Go:
    async def go(person: Driven) -> None:
        person.app.practice.begin(practised.SCENARIOS[0], 1, Mode.GUIDED, 4711)
        await person.settle()
        if person.at:
            person.screen.action_switch()
            await person.settle()
        await person.press(*keys)

    return go


def listed(open_it: Go) -> Go:
    async def go(person: Driven) -> None:
        await person.go(StepId.VERIFY)
        await open_it(person)

    return go


SCREENS: dict[str, Go] = {
    **{step_id.value: to(step_id) for step_id in ORDER if step_id is not StepId.UNDO},
    "summary": to(None),
    "welcome": restart,
    "help": pressing(StepId.LOG, "f1"),
    "open": pressing(StepId.LOG, "f5"),
    "sessions": sessions,
    "keys": keys,
    "cases": listed(cases),
    "hand over": listed(hand_over),
}


def footer(person: Driven) -> KeysFooter:
    return person.app.screen.query_one(KeysFooter)


def drawn(person: Driven) -> list[str]:
    """The lines of the footer as they are on the screen."""
    region = footer(person).region
    return person.frame.split("\n")[region.y : region.bottom]


def entries(person: Driven) -> tuple[FooterEntry, ...]:
    return entries_of(person.app.screen, person.app.keymap)


def written(row: tuple[FooterEntry, ...]) -> str:
    return (" " * GAP).join(f"{entry.name} {entry.label}" for entry in row)


class TestAnyEntriesAtAnyWidth:
    some = st.lists(
        st.builds(
            FooterEntry,
            st.sampled_from(["F1", "Esc", "Ctrl+Q", "Ctrl+Shift+F12"]),
            st.text("abc\u4e2d", min_size=1, max_size=12),
            st.just("f1"),
            st.integers(0, 9),
        ),
        max_size=12,
        unique_by=lambda entry: entry.rank,
    )

    @given(some, st.sampled_from(WIDTHS), st.integers(1, 2))
    def test_no_line_is_wider_than_the_window(self, some: list[FooterEntry], width: int, lines: int) -> None:
        rows = fitted(some, width, lines)
        assert len(rows) <= lines
        assert all(cell_len(written(row)) <= width for row in rows)

    @given(some, st.sampled_from(WIDTHS), st.integers(1, 2))
    def test_they_keep_their_order_and_only_the_least_important_are_missing(
        self, some: list[FooterEntry], width: int, lines: int
    ) -> None:
        shown = [entry for row in fitted(some, width, lines) for entry in row]
        assert shown == [entry for entry in some if entry in shown]
        left_out = [entry.rank for entry in some if entry not in shown]
        assert not left_out or max((entry.rank for entry in shown), default=-1) < min(left_out)

    @given(some, st.integers(1, 2))
    def test_with_room_for_all_none_is_missing(self, some: list[FooterEntry], lines: int) -> None:
        assert sum(map(len, fitted(some, 1000, lines))) == len(some)


PRACTICE: dict[str, Go] = {
    "scenarios": choosing,
    "shell": training(),
    "guided": training("ctrl+o"),
    "task": training("f1"),
    "end": training("f8"),
    "result": training("f8", "up", "enter"),
}
"""The screens of practice."""


async def every_screen(person: Driven) -> AsyncIterator[str]:
    """Go to one screen after another, each time with the whole case."""
    for name, go in SCREENS.items():
        if name not in {step_id.value for step_id in ORDER}:
            await person.begin(sample_at(None), None)
        await go(person)
        yield name


@pytest.mark.long
async def test_every_screen_at_every_width() -> None:
    async with driven(sample_at(None)) as person:
        async for name in every_screen(person):
            fits_at_every_width(person, name)


async def test_every_screen_of_practice_at_every_width() -> None:
    async with driven(sample_at(None)) as person:
        for name, go in PRACTICE.items():
            person.app._practice = None
            await person.begin(sample_at(None), None)
            await go(person)
            fits_at_every_width(person, name)


def fits_at_every_width(person: Driven, name: str) -> None:
    here = entries(person)
    assert here, name
    for width in WIDTHS:
        for lines in (1, 2):
            rows = fitted(here, width, lines)
            assert all(len(written(row)) <= width for row in rows), name
            shown = {entry.name for row in rows for entry in row}
            assert ("F9" in shown) == any(entry.name == "F9" for entry in here), name
            assert shown, name


@pytest.mark.parametrize("name", ["log", "open", "shell"])
async def test_what_is_drawn_is_that_after_every_change_of_the_window(name: str) -> None:
    async with driven(sample_at(None)) as person:
        await {**SCREENS, **PRACTICE}[name](person)
        for size in ((60, 18), (200, 50), (20, 18), (33, 40), (80, 24)):
            await person.pilot.resize_terminal(*size)
            await person.settle()
            rows = fitted(entries(person), size[0], 2 if size[1] >= ROOMY else 1)
            assert drawn(person) == [written(row) for row in rows]
            assert footer(person).region.bottom == size[1]


async def test_a_high_window_has_a_second_line_where_one_is_too_short() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG, size=(60, 40)) as person:
        assert [line.split()[-1] for line in drawn(person)] == ["All", "Quit"]
        assert "F9 All" in drawn(person)[0]


async def test_it_follows_what_makes_sense_now() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        assert "Rows" not in drawn(person)[0]
        await person.paste(evidence.log(evidence.OURS))
        assert "F6 Rows" in drawn(person)[0]
        person.screen.query_one("#failures").focus()
        await person.settle()
        assert "Enter Sessions" in drawn(person)[0]


@pytest.mark.parametrize(
    ("label", "expected"), [("Help", "ReadingDialog"), ("Open", "OpenDialog"), ("All", "CommandPalette")]
)
async def test_a_click_does_what_the_key_does(label: str, expected: str) -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        x = drawn(person)[0].index(label)
        await person.pilot.click("#keys", offset=(x, 0))
        await person.settle()
        assert person.dialog == expected


async def test_a_click_beside_the_entries_does_nothing() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG, size=(140, 24)) as person:
        await person.pilot.click("#keys", offset=(139, 0))
        await person.settle()
        assert person.is_at(StepId.LOG)


async def test_each_entry_explains_itself_under_the_mouse() -> None:
    async with driven(our_case(StepId.LOG), StepId.LOG) as person:
        await person.pilot.hover("#keys", offset=(drawn(person)[0].index("F2"), 0))
        await person.settle()
        assert footer(person).tooltip == "Copies the command and says what was proven"
