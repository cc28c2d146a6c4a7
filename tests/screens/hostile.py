"""Hostile text, drawn at random: what a log, a name or a path can hold to steer a terminal, a markup or an eye."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable

from rich.segment import Segment
from textual._compositor import CompositorUpdate

from screens.app.app import WizardApp
from wizard.machine.inert import hidden

ESCAPES = (
    "\x1b[31m",
    "\x1b[2J",
    "\x1b[?1049l",
    "\x1b[?25l",
    "\x1b]0;title\x07",
    "\x1b]52;c;ZXZpbA==\x1b\\",
    "\x1b]8;;https://evil.example\x1b\\",
    "\x1bP$q\x1b\\",
    "\x1b_Gi=1\x1b\\",
    "\x1bc",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x84",
    "\x07",
    "\x08\x08\x08",
    "\x7f",
    "\x00",
    "\x0e",
)
TURNING = ("\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c")
UNSEEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\U000e0041", "\ufe0f", "\u3164")
BREAKS = ("\u2028", "\u2029", "\x85", "\x0b", "\x0c")
HALVES = ("\ud800", "\udcff")
MARKUP = (
    "[bold red]",
    "[/]",
    "[/bold]",
    "[link=https://evil.example]",
    "[@click=app.quit]",
    "[$primary on $nothing]",
    "[[]",
    "[#",
    "[",
    "]",
    "{}",
    "{step.copy}",
    "%s",
    "\\[",
)
WIDE = ("\u9001\u4fe1", "\U0001f4e7", "e\u0301", "\u00dc", "\u0e33", "\uff71")
QUIET = (*MARKUP, *WIDE)
"""What is seen, and acts only where somebody takes it for markup."""

LOUD = (*ESCAPES, *TURNING, *UNSEEN, *BREAKS, *HALVES)

MARK = re.compile(r"k\d\d\dk")
"""How each drawn text begins, so that one can tell whether it was shown."""


class Hostile:
    """Draws hostile texts; an odd seed draws loud ones, an even one those that are taken as names."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._loud = bool(seed % 2)
        self._number = 0

    def __call__(self, loud: bool = True, pieces: int = 5) -> str:
        """A text on one line."""
        self._number += 1
        drawn = self._random.choices((*LOUD, *QUIET) if loud and self._loud else QUIET, k=pieces)
        return f"k{self._number:03}k{''.join(drawn)}"

    def field(self) -> str:
        """A text that can stand in a field of a log, between two commas."""
        return self().replace(",", "")

    def file_name(self) -> str:
        """A name that a file can have here, bytes that are no UTF-8 among it."""
        name = re.sub(r"[/\x00\ud800]", "_", self())
        return f"{name}\udcff" if self._loud else name

    def lines(self, number: int) -> str:
        """Several lines."""
        return "\n".join(self(pieces=8) for _ in range(number))


_OURS = re.compile(r"\x1b\[[0-9;]*[mH]|\r?\n")
"""What a frame is drawn with: colours, and places of the cursor."""


def bytes_to_terminal(app: WizardApp) -> str:
    """What a terminal is given to draw the screen that is in front, with everything on it."""
    update = app.screen._compositor.render_update(full=True)
    assert isinstance(update, CompositorUpdate)
    return update.render_segments(app.console)


def acting(text: str) -> set[str]:
    """The characters that act without being seen."""
    return {character for character in text if hidden(character)}


def acting_in_frame(drawn: str) -> set[str]:
    """The same for a drawn frame, but for those with which it is drawn; a link or a title is none of them."""
    return acting(_OURS.sub("", drawn))


def clickable(segments: Iterable[Segment]) -> list[Segment]:
    """The segments that a click would follow, or would do something with."""
    return [each for each in segments if each.style and (each.style.link or "@click" in each.style.meta)]
