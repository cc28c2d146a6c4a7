"""The half of the app that copies: whatever is copied goes one way, with one set of honest words."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from textual import events
from textual.app import App

from screens import byhand, later, linefile, osc52
from screens.background import in_background
from screens.firstwords import REMINDER
from wizard import clipboard as clipboards
from wizard import copyroutes
from wizard.case import Case
from wizard.clipboard import Clipboard, ClipboardError, Copied, Proof
from wizard.copyroutes import Session
from wizard.settings import CopyRoute, Settings

ALONE = "{step.alone} shows it alone, to be marked."
AGAIN = "Copy it again and wait: then it is shown alone, to be marked."
NOTHING_SELECTED = "Nothing is selected, so nothing was copied. {step.copy} copies the command; {app.quit} quits."
NOT_YOURS = (
    "Your clipboard cannot be read from here, only that of the computer this program runs on. "
    "Paste with your terminal's own command (Ctrl+Shift+V, or a right-click)."
)


class CopyingApp(App[None]):
    """An app whose copies are proven where they can be, and never called copied where they cannot.

    `by_hand` are the texts that were shown to be copied by hand, for the end of the program.
    """

    save_into: Path

    @property
    def case(self) -> Case:
        """The case as it stands."""
        raise NotImplementedError

    @case.setter
    def case(self, case: Case) -> None:
        raise NotImplementedError

    def __init__(self, system: Clipboard, settings: Settings, session: Session, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.system = system
        self.settings = settings
        self.session = session
        self.by_hand: list[str] = []
        self._now = now
        self._saved: dict[str, Path] = {}
        self._one_at_a_time = threading.Lock()
        self._given = 0
        """How many keys and pastes have come."""

    def tell(self, sentence: str) -> None:
        """Say something to the person."""
        raise NotImplementedError

    def named(self, words: str) -> str:
        """Words of ours with the keys that are set now in place of their ids."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """What the person gives is counted, so that the screen is not taken away from under their hands."""
        if isinstance(event, events.Key | events.Paste):
            self._given += 1
        await super().on_event(event)

    # Copying

    def hand_out(self, text: str, binding: bool, afterwards: str = "", alone: bool = False, how: str = ALONE) -> None:
        """Copy a text; one that holds the binding command only after the word about its question.

        `afterwards` is added to what is said about the copy. `alone` shows it to be copied by hand at once.
        `how` says what to do where the copy is not proven.
        """

        def told(understood: bool | None) -> None:
            if understood:
                self.case = self.case.told()
                self._begin(text, afterwards or REMINDER, alone, how)

        if not binding:
            self._begin(text, afterwards, alone, how)
        elif self.case.told_to_answer_no:
            told(True)
        else:
            self.push_screen(later.BeforeCopyDialog(), told)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what was selected in a field or on the screen; Textual calls it for Ctrl+C and Ctrl+X.

        A selection can hold the binding command, which needs its word first like any other copy of it.
        """
        if not text:
            self.action_help_quit()
            return
        self._clipboard = text
        cmdlets = {command.text.partition(" ")[0] for command in later.bind_commands(self.case)}
        if any(cmdlet in text for cmdlet in cmdlets):
            self.hand_out(text, binding=True, how="")
        else:
            self._begin(text, "", False, "")

    def action_help_quit(self) -> None:
        """Ctrl+C where nothing is selected: say so, and do nothing. The name is Textual's."""
        self.tell(self.named(NOTHING_SELECTED))

    def noting_copy(self, text: str) -> None:
        """Called with every text that is about to be copied."""

    def _begin(self, text: str, afterwards: str, alone: bool, how: str) -> None:
        self.noting_copy(text)
        work = partial(self._show_alone, text, "", afterwards) if alone else partial(self._copy, text, afterwards, how)
        in_background(self, "copying", work)

    async def _copy(self, text: str, afterwards: str, how: str) -> None:
        given = self._given
        copied = await self.copy(text)
        if copied is None:
            return
        busy = self._given != given
        if copied.proof is Proof.BY_HAND and busy:
            # It took its time, and the person is at something else: what they type there would be lost.
            how = how or AGAIN
        elif copied.proof is Proof.BY_HAND:
            await self._show_alone(text, copied.sentence, afterwards)
            return
        unsure = copied.proof is not Proof.PROVEN
        self.tell(" ".join(filter(None, (copied.sentence, self.named(how) if unsure else "", afterwards))))

    async def copy(self, text: str) -> Copied | None:
        """Copy a text by the first way that takes it, without holding up the screen.

        None when another copy was begun meanwhile: an older text must not come after a newer one.
        """
        given_up = threading.Event()
        ways = copyroutes.routes(self.settings.copy, self.session)
        asked = self.settings.copy is CopyRoute.HAND

        def send(what: str) -> None:
            self.call_later(self._send, what, given_up)

        def work() -> Copied | None:
            with self._one_at_a_time:
                return None if given_up.is_set() else clipboards.copy_by(ways, text, self.system, send, asked)

        try:
            return await asyncio.to_thread(work)
        except asyncio.CancelledError:
            given_up.set()
            raise

    def _send(self, text: str, given_up: threading.Event) -> None:
        """Ask the terminal to take a text."""
        self._clipboard = text
        if self._driver is not None and not given_up.is_set():
            self._driver.write(osc52.request(text, self.session.environment))

    async def _show_alone(self, text: str, why: str, afterwards: str) -> None:
        """Show a text alone in the terminal, and save it to a file."""
        if text not in self._saved:
            path = await asyncio.to_thread(linefile.save, text, linefile.folders(self.save_into), self._now())
            if path:
                self._saved[text] = path
        if text not in self.by_hand:
            self.by_hand.append(text)
        path = self._saved.get(text)
        before, after = byhand.around(text, why, path, afterwards, (self.size.width, self.size.height))
        seen = byhand.show_alone(self, text, before, after)
        saved = f"Saved: {path}{'.' if afterwards else ''}" if path else "It could not be saved to a file."
        self.tell(" ".join(filter(None, (why if not seen else "Shown alone.", saved, afterwards))))

    # Pasting

    async def paste(self) -> str:
        """The text on the system's clipboard.

        Raises:
            ClipboardError: there is none, it is not the person's, or it cannot be read; the message says what to do.
        """
        if self.settings.copy is CopyRoute.AUTO and not copyroutes.clipboard_is_the_persons(self.session):
            raise ClipboardError(NOT_YOURS)
        return await asyncio.to_thread(clipboards.read, self.system)
