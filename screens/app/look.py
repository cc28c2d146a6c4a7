"""The themes, filters, scroll bar, footer and title line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.geometry import Size
from textual.screen import Screen
from textual.scrollbar import ScrollBarRender
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.actions import reached
from screens.app.base import InWizard, front_of
from screens.app.keys import Keymap, spoken
from screens.words import PROGRAM
from wizard.case.case import Case, StepId
from wizard.machine.console import SMALLEST, with_ascii
from wizard.machine.inert import PLACEHOLDER, shown


class HarmlessFilter(LineFilter):
    """The last guard before the terminal, for text that is kept unchanged, such as a name being typed.

    Widths are settled here: a character without width is removed, any other gets the placeholder.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Replace what a terminal would act on."""
        return [
            segment if segment.control or shown(segment.text) == segment.text else _harmless(segment)
            for segment in segments
        ]


def _harmless(segment: Segment) -> Segment:
    kept = (c if shown(c) == c else PLACEHOLDER * cell_len(c) for c in segment.text)
    return Segment("".join(kept), segment.style)


class AsciiFilter(LineFilter):
    """Draws with ASCII, for a console without lines and marks, on every part of the screen.

    Text of a person is kept as far as the encoding allows; each other cell is a `?`.
    """

    def __init__(self, carries: str) -> None:
        super().__init__()
        self._carries = carries

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Replace cell by cell, keeping every position."""
        return [
            segment
            if segment.control or segment.text.isascii()
            else Segment(with_ascii(segment.text, self._carries, cell_len), segment.style)
            for segment in segments
        ]


class PlainScrollBarRender(ScrollBarRender):
    """A scroll bar of whole cells: the old Windows console lacks the eighth-of-a-cell glyphs."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


NIGHT = Theme(
    name="night",
    primary="#5fafff",
    secondary="#87afaf",
    accent="#ffd75f",
    foreground="#e4e4e4",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    success="#87d787",
    warning="#ffd75f",
    error="#ff8787",
    dark=True,
)

DAY = Theme(
    name="day",
    primary="#005faf",
    secondary="#3a5f5f",
    accent="#875f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#f4f4f4",
    panel="#e4e4e4",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    dark=False,
)

ROOMY = 30
"""From this height on a second footer line is affordable."""

GAP = 1
"""Cells between two entries."""


@dataclass(frozen=True, slots=True)
class FooterEntry:
    """A key and its action. `press` is the key in Textual's notation, `rank` 0 the most important."""

    name: str
    label: str
    press: str
    rank: int
    tooltip: str = ""
    enabled: bool = True

    @property
    def width(self) -> int:
        """Width in cells."""
        return cell_len(self.name) + 1 + cell_len(self.label)


def entries_of(screen: Screen[object], keymap: Keymap) -> tuple[FooterEntry, ...]:
    """The possible footer entries of a screen: each action that applies now, with its first key, in our order."""
    active = {each.binding.id: each for each in screen.active_bindings.values() if each.binding.show}
    entries = []
    for action in reached(front_of(screen)[1]):
        if action.id in active:
            _node, binding, enabled, tooltip = active[action.id]
            key = keymap.keys[action.id][0]
            entries.append(FooterEntry(spoken(key), binding.description, key, action.rank, tooltip, enabled))
    return tuple(entries)


def fitted(entries: Sequence[FooterEntry], width: int, lines: int) -> tuple[tuple[FooterEntry, ...], ...]:
    """The entries in order on up to `lines` lines, without the least important that do not fit."""
    kept = sorted(entries, key=lambda each: each.rank)
    while kept:
        rows = _wrapped([each for each in entries if each in kept], width)
        if rows and len(rows) <= lines:
            return rows
        kept.pop()
    return ()


def _wrapped(entries: Sequence[FooterEntry], width: int) -> tuple[tuple[FooterEntry, ...], ...]:
    """Wrap all entries to this width; empty if one is wider than a line."""
    rows: list[list[FooterEntry]] = []
    used = width
    for entry in entries:
        if entry.width > width:
            return ()
        if used + GAP + entry.width > width:
            rows.append([])
            used = -GAP
        used += GAP + entry.width
        rows[-1].append(entry)
    return tuple(map(tuple, rows))


class KeysFooter(InWizard, Widget):
    """Follows the screen's bindings and the window's width. A click on an entry presses its key."""

    COMPONENT_CLASSES = {"footer--key", "footer--label"}  # noqa: RUF012 - Textual's own form
    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._entries: tuple[FooterEntry, ...] = ()

    def on_mount(self) -> None:
        """Subscribe to changes of the bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def _changed(self, screen: Screen[object]) -> None:
        if not self.is_attached or screen is not self.screen:
            return
        entries = entries_of(screen, self.wizard.keymap)
        if entries != self._entries:
            self._entries = entries
            self.refresh(layout=True)

    def rows(self, width: int) -> tuple[tuple[FooterEntry, ...], ...]:
        """The visible entries at this width, by line."""
        return fitted(self._entries, width, 2 if self.app.size.height >= ROOMY else 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One line, or two if needed and the window is high enough."""
        return max(len(self.rows(width)), 1)

    def render(self) -> Content:
        """Draw keys and labels."""
        key, label = self.get_visual_style("footer--key"), self.get_visual_style("footer--label")
        lines = []
        for row in self.rows(self.content_size.width):
            shown = [
                Content.styled(each.name, key if each.enabled else "dim").append(
                    Content.styled(f" {each.label}", label)
                )
                for each in row
            ]
            lines.append(Content(" " * GAP).join(shown))
        return Content("\n").join(lines)

    def entry_at(self, x: int, y: int) -> FooterEntry | None:
        """The entry at a position."""
        rows = self.rows(self.content_size.width)
        start = 0
        for entry in rows[y] if 0 <= y < len(rows) else ():
            if start <= x < start + entry.width:
                return entry
            start += entry.width + GAP
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show the tooltip of the entry under the mouse."""
        entry = self.entry_at(event.x, event.y)
        self.tooltip = entry.tooltip if entry else None

    def on_click(self, event: events.Click) -> None:
        """Press the entry's key."""
        entry = self.entry_at(event.x, event.y)
        if entry and entry.enabled:
            self.app.simulate_key(entry.press)


DONE, HERE, AGAIN, TODO, PASSED = "\u221a", "\u25ba", "!", "\u00b7", "-"
"""Marks that the old Windows console can draw (all in its WGL4 set); colour never carries the meaning alone."""


def chapter_marks(case: Case, at: StepId | None) -> tuple[tuple[str, str], ...]:
    """Each chapter's mark and name: done, current, to be checked again, to do, or passed over in part or whole."""
    from wizard.steps.flow import chapters, check_again, finished, step, steps_of  # noqa: PLC0415 - the first screen shows no step

    stale = {step(step_id).words.chapter for step_id in check_again(case)}
    marks = []
    for chapter in chapters():
        ids = [s.id for s in steps_of(case) if s.words.chapter == chapter]
        if at in ids:
            mark = HERE
        elif chapter in stale:
            mark = AGAIN
        elif all(finished(case, each) for each in ids) and ids:
            mark = DONE
        elif all(finished(case, each) or case.answer(each).skipped for each in ids):
            mark = PASSED
        else:
            mark = TODO
        marks.append((mark, chapter))
    return tuple(marks)


class ChapterStrip(Static):
    """All chapters on one line; it fits 60 columns."""

    def show(self, case: Case, at: StepId | None) -> None:
        """Draw the marks of a case at a step (None: at the end)."""
        pieces: list[Content] = []
        for mark, chapter in chapter_marks(case, at):
            style = {HERE: "bold", AGAIN: "bold $warning", DONE: "$text-success", TODO: "dim", PASSED: "dim"}[mark]
            pieces.append(Content.styled(f"{mark}{chapter}", style))
        self.update(Content(" ").join(pieces))


LONGEST_CASE = 32

_GAP = "  "


class Worth(IntEnum):
    """The worth of a part of the line; the least is dropped first."""

    PROGRAM = 0
    ARTICLE = 1
    CASE = 2
    SERVER = 3
    KIND = 4
    STEP = 5
    WINDOW = 6


@dataclass(frozen=True, slots=True)
class TitlePart:
    """A part of the line, shown whole or not at all. `gap` separates it from the part before."""

    worth: Worth
    text: str
    gap: str = _GAP


def case_part(called: str) -> TitlePart:
    """The words that identify the case; a long name is cut, or it would never fit."""
    return TitlePart(Worth.CASE, called if len(called) <= LONGEST_CASE else f"{called[: LONGEST_CASE - 3]}...")


def fitting(parts: Iterable[TitlePart], columns: int) -> str:
    """The parts that fit, in order; the one worth most always stays."""
    kept = [part for part in parts if part.text]
    while len(kept) > 1 and cell_len(_joined(kept)) > columns:
        kept.remove(min(kept, key=lambda part: part.worth))
    return _joined(kept)


def _joined(parts: list[TitlePart]) -> str:
    first, *others = parts or [TitlePart(Worth.PROGRAM, "")]
    return first.text + "".join(f"{part.gap}{part.text}" for part in others)


def when_more(body: Widget, say: Callable[[bool], None]) -> None:
    """Say whether there is more below in a scrolling widget, now and when that changes: its bar could be missed."""

    def draw() -> None:
        # It may be gone before a callback after refresh.
        if body.is_attached:
            say(body.scroll_offset.y < body.max_scroll_y)

    def soon() -> None:
        body.call_after_refresh(draw)

    for what in ("scroll_y", "virtual_size", "size"):
        body.watch(body, what, soon, init=False)


class RowList(OptionList):
    """A list in which Down on the last row stays there, and Up on the first: neither jumps to another answer."""

    def action_cursor_down(self) -> None:
        """Mark the next row, if there is one."""
        if self.highlighted is None or self._any_beyond(self.options[self.highlighted + 1 :]):
            super().action_cursor_down()

    def action_cursor_up(self) -> None:
        """Mark the row before, if there is one."""
        if self.highlighted is None or self._any_beyond(self.options[: self.highlighted]):
            super().action_cursor_up()

    def _any_beyond(self, options: Sequence[Option]) -> bool:
        return any(not option.disabled for option in options)


class MoreBelow(Static):
    """The mark that there is more below in a scrolling body."""

    def __init__(self, body: str, key: str) -> None:
        super().__init__("", id="more", markup=False)
        self._body, self._key = body, key

    def on_mount(self) -> None:
        """Watch the body."""
        body = self.screen.query_one(self._body)
        when_more(body, lambda below: self.update(Content(f"\u25bc {self._key}" if below else "")))


class TitleLine(Static):
    """The title line, fitted to each width."""

    def __init__(self) -> None:
        super().__init__(PROGRAM, id="title", markup=False)
        self._parts: tuple[TitlePart, ...] = ()

    def show(self, *parts: TitlePart) -> None:
        """Draw these parts behind the program's name."""
        self._parts = parts
        self._draw()

    def on_resize(self) -> None:
        """Fit the parts again."""
        self._draw()

    def _draw(self) -> None:
        columns, rows = self.app.size
        small = columns < SMALLEST[0] or rows < SMALLEST[1]
        window = f"window needs {SMALLEST[0]}x{SMALLEST[1]}" if small else ""
        parts = (TitlePart(Worth.PROGRAM, PROGRAM), *self._parts, TitlePart(Worth.WINDOW, window))
        # A blank at either end.
        self.update(Content(fitting((TitlePart(p.worth, shown(p.text), p.gap) for p in parts), columns - 2)))
