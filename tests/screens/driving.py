"""Drives the full-screen app without a terminal, and reads from it what a person would see."""

from __future__ import annotations

import asyncio
import difflib
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from textual import events
from textual._context import visible_screen_stack
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, OptionList

from screens.app.app import WizardApp
from screens.app.evidence import EvidenceField, NameInput
from screens.app.step import CommandBox, StepScreen
from screens.words import BURST
from tests.screens import evidence
from wizard.assets import sample_case
from wizard.case.book import Casebook
from wizard.case.case import Case, StepId
from wizard.case.servers import here
from wizard.machine.clipboard import ClipboardError
from wizard.machine.copying import TerminalSession
from wizard.machine.settings import Settings
from wizard.steps.connector import name_connector
from wizard.steps.flow import STEPS, next_step, sample_evidence, settle, step
from wizard.steps.intake import take

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
OPENED = datetime(2026, 11, 22, 2, 40, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 3, 5, 7, tzinfo=UTC)
ROUNDS = 3
"""So often in a row nothing may be left to do until the screen is settled."""

A_MOMENT = 0.05
"""Seconds after which something comes that a person takes for being at once."""

PATIENCE = 120.0
"""Seconds something on the screen may take; far more than it does, for slow machines."""


class MemoryClipboard:
    """A clipboard that holds one text; `trouble` is why it cannot be used."""

    def __init__(self, text: str = "", trouble: str = "") -> None:
        self.text = text
        self.trouble = trouble

    def write(self, text: str) -> None:
        if self.trouble:
            raise ClipboardError(self.trouble)
        self.text = text

    def read(self) -> str:
        if self.trouble:
            raise ClipboardError(self.trouble)
        return self.text


def drawn(app: WizardApp) -> list[Strip]:
    """The lines of the screen as the app itself draws them."""
    # Without, the screen behind a dialog is left out, and stays out.
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def frame(app: WizardApp) -> str:
    """The plain text of the screen, without blanks at the ends of lines."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in drawn(app))


def _comes_in_a_moment(timer: Timer) -> bool:
    """Whether a timer calls once, and soon."""
    waits = timer._task is not None and not timer._task.done()
    return waits and timer._repeat == 0 and timer._interval <= A_MOMENT


class Driven:
    """The app under test, with the hands and eyes of a person."""

    def __init__(self, app: WizardApp, pilot: Pilot[None], clipboard: MemoryClipboard) -> None:
        self.app = app
        self.pilot = pilot
        self.clipboard = clipboard

    # Eyes

    @property
    def frame(self) -> str:
        return frame(self.app)

    @property
    def text(self) -> str:
        """The screen as running text: frames and line breaks do not part words."""
        return " ".join("".join(" " if "\u2500" <= c <= "\u257f" else c for c in self.frame).split())

    @property
    def case(self) -> Case:
        return self.app.case

    @property
    def screen(self) -> StepScreen:
        """The step's screen, in front or behind a dialog."""
        return next(s for s in reversed(self.app.screen_stack) if isinstance(s, StepScreen))

    def is_at(self, step_id: StepId) -> bool:
        """Whether the person stands at this step."""
        return self.at is step_id

    @property
    def at(self) -> StepId | None:
        """The step in front; None for another screen."""
        return self.app.screen.step.id if isinstance(self.app.screen, StepScreen) else None

    @property
    def dialog(self) -> str:
        """The kind of the screen in front."""
        return type(self.app.screen).__name__

    @property
    def status(self) -> str:
        return str(self.app.screen.query_one("#status").render())

    @property
    def said(self) -> str:
        """All findings, each with its word."""
        return "\n".join(f"{finding.level.value}: {finding.text}" for finding in self.screen._findings())

    @property
    def command(self) -> str:
        """The command that stands in the box."""
        box = self.screen.query_one(CommandBox)
        return str(box.query_one("#command-line").render()) if box.display else ""

    @property
    def pasted(self) -> str:
        """What stands in the place for evidence."""
        return self.screen.query_one(EvidenceField).given

    @property
    def name(self) -> str:
        return self.screen.query_one(NameInput).value

    @property
    def focus(self) -> str:
        return str(self.app.focused.id) if self.app.focused else ""

    @property
    def next_label(self) -> str:
        return str(self.screen.query_one("#next", Button).label)

    @property
    def strip(self) -> str:
        return str(self.app.screen.query_one("#strip").render())

    # Hands

    async def press(self, *keys: str) -> None:
        """Press keys one after another, as a hand does: never so close that they pass for a paste."""
        for key in keys:
            await asyncio.sleep(BURST)
            # The pilot's own `press` waits a tenth of a second for each key.
            character = key if len(key) == 1 else {"enter": "\r", "tab": "\t"}.get(key)
            self.app.post_message(events.Key(_character_to_key(key) if len(key) == 1 else key, character))
            await self.settle()

    async def paste(self, text: str) -> None:
        """Paste as a terminal with bracketed paste does."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    def type_at_once(self, text: str) -> None:
        """Key events without any time between them: a paste in an old console."""
        for character in text:
            key = {"\n": "enter", "\t": "tab"}.get(character) or _character_to_key(character)
            self.app.post_message(events.Key(key, "\r" if character == "\n" else character))

    async def old_paste(self, text: str) -> None:
        """A paste in an old console, and the pause after which it is read."""
        self.type_at_once(text)
        await self.settle()
        await asyncio.sleep(0.3)
        await self.settle()

    async def choose(self, number: int) -> None:
        """Choose an answer by its place in the list, beginning with 0."""
        options = self.app.screen.query_one("#choices", OptionList)
        options.focus()
        options.highlighted = number
        await self.press("enter")

    async def call(self, title: str, key: str = "f9") -> None:
        """Choose a row of the palette, found by typing its title."""
        await self.press(key)
        self.type_at_once(title)
        await self.settle()
        # The palette looks for matches in the background; the best stands first.
        await self.until(lambda: self._first_row == title)
        await self.press("enter")

    @property
    def _first_row(self) -> str:
        rows = [line.strip("\u2502 ") for line in self.frame.split("\n") if line.startswith("\u2502  ")]
        # Two blanks part the title from its key.
        return next(filter(None, rows), "").partition("  ")[0]

    async def go(self, step_id: StepId | None) -> None:
        self.app.go(step_id)
        await self.settle()

    async def begin(self, case: Case, at: StepId | None) -> None:
        """Begin with another case at a step, whatever stands on the screen."""
        # All cases here are opened at the same time: without one between, this would be a change of the last.
        self.app.case = Case()
        self.app.case = case
        self.app.begun = True
        await self.go(at)

    async def settle(self) -> None:
        """Wait until every message is handled and nothing is read, copied or drawn any more.

        The pilot's own `pause` takes a process that gets no processor for one that has nothing to do.
        """
        quiet = 0
        end = asyncio.get_running_loop().time() + PATIENCE
        while quiet < ROUNDS and self.app.is_running:
            assert asyncio.get_running_loop().time() < end, f"it does not settle:\n{self.frame}"
            await self.pilot._wait_for_screen()
            await self.until(lambda: not any(worker.is_running for worker in self.app.workers))
            quiet = 0 if self._is_busy else quiet + 1
            # What the screen would draw a moment later is drawn now.
            self.app.screen._on_timer_update()
            await asyncio.sleep(0.001 if self._is_busy else 0)

    @property
    def _is_busy(self) -> bool:
        """Whether something waits to be handled, to be drawn, to move, or for a moment to pass."""
        app, screen = self.app, self.app.screen
        pumps = [app, *app.screen_stack, *screen.walk_children()]
        return (
            bool(screen._callbacks or screen._dirty_widgets or screen._layout_required or screen._repaint_required)
            or bool(app.animator._animations or app.animator._scheduled)
            or any(pump.message_queue_size or pump._next_callbacks for pump in pumps)
            or any(
                widget._layout_required
                for widget in screen.walk_children(Widget)
                if widget.is_attached and widget.display
            )
            or any(_comes_in_a_moment(timer) for pump in pumps for timer in pump._timers)
        )

    async def until(self, condition: Callable[[], bool]) -> None:
        end = asyncio.get_running_loop().time() + PATIENCE
        while not condition():
            assert asyncio.get_running_loop().time() < end, f"waited in vain:\n{self.frame}"
            await asyncio.sleep(0.005)


@asynccontextmanager
async def driven(
    case: Case | None = None,
    at: StepId | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    clipboard: MemoryClipboard | None = None,
    save_into: Path = Path("/nowhere"),
    settings: Settings | None = None,
    session: TerminalSession | None = None,
    book: Casebook | None = None,
    resumed: str = "",
    ascii_for: str = "",
) -> AsyncIterator[Driven]:
    """The app, begun with this case and standing at this step; without a case at the welcome."""
    clipboard = clipboard or MemoryClipboard()
    begin = at or STEPS[0].id
    app = WizardApp(case, clipboard, save_into, lambda: NOW, begin, settings, session, book, resumed, ascii_for)
    async with app.run_test(size=size) as pilot:
        person = Driven(app, pilot, clipboard)
        await person.settle()
        yield person


def empty() -> Case:
    return Case(opened=OPENED)


@cache
def sample_at(at: StepId | None) -> Case:
    """The sample's case with all steps before this one answered; all of them for None."""
    case = sample_case()
    while (step_id := next_step(case)) and step_id is not at:
        s = step(step_id)
        if s.takes_text:
            case = take(case, step_id, sample_evidence(step_id, here(case)), "the sample").case
        if step_id in (StepId.CONNECTOR, StepId.PROMPT):
            case = s.choose(case, s.choices(case)[0].key)
        if step_id is StepId.SERVERS and s.missing(case):
            case = s.choose(case, s.choices(case)[0].key)
        else:
            case = settle(case, step_id)
    return case


GIVEN = {
    StepId.SYMPTOM: evidence.QUEUES,
    StepId.CONNECTOR: evidence.connectors(evidence.CONNECTOR),
    StepId.LOG: evidence.log(evidence.OURS),
    StepId.SERVICES: evidence.certificate(),
    StepId.PROMPT: evidence.PROMPT,
    StepId.VERIFY: evidence.certificate("IIS, POP, SMTP"),
    StepId.RETRY: evidence.QUEUES_AFTER,
    StepId.SESSION: evidence.log(evidence.OURS, error="", hour=11),
    StepId.RESTORE: evidence.connectors(evidence.CONNECTOR),
}


@cache
def our_case(at: StepId | None) -> Case:
    """Our own case with all steps before this one answered from its evidence; all of them for None."""
    case = empty()
    for s in STEPS:
        if s.id is at:
            break
        if not s.applies(case):
            continue
        if s.id in GIVEN:
            case = take(case, s.id, GIVEN[s.id]).case
        if s.id is StepId.PROMPT:
            case = s.choose(case, "N")
        assert not s.missing(case), f"{s.id}: {s.missing(case)}"
        case = settle(case, s.id)
    return case


def named(name: str) -> Case:
    """A case in which only the connector's name is known."""
    return settle(name_connector(empty(), name).case, StepId.CONNECTOR)


def chosen(case: Case, step_id: StepId, number: int) -> Case:
    """The case after an answer was chosen at a step, by its place in the list."""
    return step(step_id).choose(case, step(step_id).choices(case)[number].key)


def check_golden(name: str, seen: str, size: tuple[int, int] = (80, 24)) -> None:
    """Compare a frame with the one kept. With UPDATE_GOLDEN=1 the new one is kept instead, never on a build server."""
    path = GOLDEN / f"{size[0]}x{size[1]}" / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        assert not os.environ.get("CI"), "golden frames are looked at by a person, not rewritten by a build server"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(seen + "\n", encoding="utf-8", newline="\n")
        return
    assert path.exists(), f"no golden frame {path.name} yet: run with UPDATE_GOLDEN=1 and look at it"
    kept = path.read_text(encoding="utf-8").removesuffix("\n")
    if kept != seen:
        diff = difflib.unified_diff(kept.split("\n"), seen.split("\n"), "kept", "seen", lineterm="", n=1)
        raise AssertionError(f"{path.parent.name}/{path.name} differs:\n" + "\n".join(diff))
