"""The half of a step's screen that takes evidence in: paste, typing, clipboard, file or folder.

Everything given goes through `wizard.intake` and comes back as a new case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from screens.background import in_background
from screens.completing import looked
from screens.firstwords import NO_TEXT_HERE
from screens.focusing import FocusMoves
from screens.openfile import OpenDialog
from screens.pasted import coming_in, how_much
from screens.paths import path_in
from screens.progress import Teller
from screens.reading import LARGE, Cancelled, read_into
from screens.shown import shown
from screens.widgets.evidence import Evidence
from screens.widgets.findings import FindingsView
from screens.widgets.name import NameInput, is_name
from wizard.case import Case, StepId
from wizard.clipboard import ClipboardError
from wizard.findings import Finding, info
from wizard.intake import take
from wizard.sample import sample_evidence
from wizard.servers import here
from wizard.stepid import LOG_STEPS
from wizard.steps import step
from wizard.taking.names import name_connector
from wizard.taking.taken import Taken
from wizard.words import with_keys

if TYPE_CHECKING:
    from screens.app import WizardApp


SOON = 0.02
"""Seconds after which a screen that is being put up is asked again."""


class TakingScreen(FocusMoves, Screen[None]):
    """A step's screen as far as evidence goes in. `said` is what the reading of it had to say."""

    def __init__(self, step_id: StepId) -> None:
        super().__init__(classes=f"-{step_id.value}")
        self.step = step(step_id)
        self.ready = False
        self.said: tuple[Finding, ...] = ()
        self.refused = False
        self._view: Callable[[], None] | None = None

    @property
    def wizard(self) -> WizardApp:
        """The app, as what it is."""
        return cast("WizardApp", self.app)

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.wizard.case

    @property
    def stands(self) -> bool:
        """Whether its parts are still there: what waits for a refresh can come after the screen was left."""
        return bool(self.query("#body"))

    def keyed(self, text: str) -> str:
        """A text with the key in the place of each `{id}`."""
        return with_keys(text, self.wizard.keymap.name)

    async def redraw(self) -> None:
        """Draw everything from the case."""
        raise NotImplementedError

    def focus_what_is_next(self) -> None:
        """Put the focus where the person goes on."""
        raise NotImplementedError

    def tell(self, sentence: str) -> None:
        """Say something on the status line."""
        self.query_one("#status", Static).update(Content(shown(sentence)))

    def bring(self, view: Callable[[], None] | None) -> None:
        """Scroll to what counts now; None leaves it to the person.

        What fits is known only once the layout is settled, so it is done again whenever that changes.
        """
        self._view = view
        self.bring_again()

    def bring_again(self) -> None:
        """Scroll once the new sizes are settled."""
        self.call_after_refresh(self._bring)

    def _bring(self) -> None:
        if self.stands and self._view:
            self._view()

    # The place for evidence

    def prepare_evidence(self) -> None:
        """Bring back what was given here, or offer the sample's evidence."""
        evidence = self.query_one(Evidence)
        file = ", {step.open} a file" if self.step.takes_path else ""
        evidence.border_subtitle = Content(self.keyed(f"{{step.paste}} reads the clipboard{file}"))
        kept = self.case.typed.get(self.step.id, "")
        if self.step.asks_name and kept and len(kept.splitlines()) == 1:
            self.query_one(NameInput).value = kept
        elif kept:
            evidence.hold(kept)
        self._name_evidence()
        if kept:
            return
        if self.case.sample and self.step.id not in self.case.opened_paths:
            evidence.border_title = Content("Sample: what Exchange would print")
            self._offer_sample(evidence)

    def _name_evidence(self) -> None:
        opened = self.case.opened_paths.get(self.step.id)
        evidence = self.query_one(Evidence)
        title = f"Read from {opened}" if opened else f"Paste here: {self.step.words.give}"
        if evidence.amount and not opened:
            title = f"Given: {evidence.amount}; this is its head"
        evidence.border_title = Content(shown(title))

    def _offer_sample(self, evidence: Evidence) -> None:
        text = sample_evidence(self.step.id, here(self.case))
        evidence.hold(text)
        taken = take(self.case, self.step.id, text, "the sample")
        self.wizard.case = taken.case
        self.said = taken.said

    def aims_at(self, written: str) -> bool:
        """Whether what a key writes is text here. A blank alone is none yet: some press it on a button."""
        return self.ready and self.step.takes_text and bool(written.strip())

    def aimed(self) -> Widget | None:
        """The field for typed text, with the focus; None where the step has none."""
        if not (self.ready and self.step.takes_text):
            return None
        if not isinstance(self.focused, Input | TextArea):
            self.set_focus(self.query_one(NameInput if self.step.asks_name else Evidence))
        return self.focused

    # Evidence that comes in

    @on(Evidence.Given)
    def _given(self, event: Evidence.Given) -> None:
        path = path_in(event.text) if self.step.takes_path else None
        if path and self.wizard.training:
            self.wizard.read_practised(event.text)
        elif path:
            in_background(self, "path", partial(self._open_if_there, path, event))
        else:
            self.receive(event.text, stay=event.typed)

    async def _open_if_there(self, path: Path, event: Evidence.Given) -> None:
        """A pasted or dropped path is opened; where nothing is there, the text is read as any other."""
        self.tell(f"Looking for {path}...")
        try:
            there = await looked(path.exists)
        except (OSError, ValueError):
            there = False
        if self.query_one(Evidence).given != event.text:
            # Something newer has been given.
            return
        if there:
            self._opened(path)
            return
        self.receive(event.text, stay=event.typed)
        self.said = (*self.said, info(f"It looks like a path, but nothing is there: {path}.", id="no-such-path"))

    @on(Evidence.Coming)
    def _coming(self, event: Evidence.Coming) -> None:
        """A paste that is typed by an old console may take its time."""
        self.tell(coming_in(event.characters))

    def take_text(self, text: str, typed: bool) -> None:
        """A text that no field took: evidence of this step, or of another where this one takes none."""
        if not self.ready:
            # The screen is still being put up.
            self.set_timer(SOON, partial(self.take_text, text, typed))
        elif self.step.takes_text:
            self.query_one(Evidence).give(text)
        else:
            self.receive(text, stay=typed)

    def _read(self, case: Case, text: str, cancelled: Cancelled = lambda: False) -> Taken:
        """The case with a text in it; a step without a place for text keeps none."""
        from wizard.opening import take_large  # noqa: PLC0415 - the first screen reads nothing

        tell = Teller(self.wizard.tell_from_thread, self.keyed("{step.back} stops it."))
        taken = take_large(case, self.step.id, text, tell, cancelled)
        if self.step.takes_text:
            return taken
        said = taken.said
        if not taken.accepted and any(finding.id == "not-recognised" for finding in said):
            said = (info(NO_TEXT_HERE, id="no-text-here"),)
        return replace(taken, case=taken.case.typing(self.step.id, ""), said=said)

    def receive(self, text: str, stay: bool = False) -> None:
        """Read a text given at this step; a large one in a thread, so that the screen stays alive.

        `stay` leaves the focus where it is, because more text may be on its way.
        """
        self.wizard.stop_reading(self.step.id)
        # What is kept at once cannot be lost by leaving the screen while it is still being read.
        if self.step.takes_text:
            if stay and self._nothing_new(text):
                return
            self.wizard.case = self.case.opening(self.step.id, "").typing(self.step.id, text)
            self._name_evidence()
        if len(text) > LARGE:
            amount = self.query_one(Evidence).amount if self.step.takes_text else ""
            self.tell(f"Reading {amount or how_much(text)}...")
            self.wizard.read(self.step.id, lambda now, cancelled: self._read(now, text, cancelled))
        else:
            taken = self._read(self.case, text)
            self.wizard.case = taken.case
            self.took(taken, stay)

    def _nothing_new(self, text: str) -> bool:
        """Whether a blank was typed where no text stood: nothing is given by that, and nothing taken back."""
        given = "" if self.case.opened_paths.get(self.step.id) else self.case.typed.get(self.step.id, "")
        return not (text.strip() or given.strip())

    def took(self, taken: Taken, stay: bool = False) -> None:
        """Show what became of a text that is in the case now."""
        self.said, self.refused = taken.said, not taken.accepted
        in_background(self, "drawing", partial(self._show_taken, taken, stay))

    async def _show_taken(self, taken: Taken, stay: bool) -> None:
        evidence = self.query(Evidence)
        if evidence:
            self._name_evidence()
            opened = taken.accepted and self.case.opened_paths.get(self.step.id)
            if opened and evidence.first().unread is None:
                evidence.first().hold("")
        await self.redraw()
        self.tell(self._what_became(taken, stay))
        if taken.accepted and taken.at is self.step.id and not stay:
            self.focus_what_is_next()
        self.bring(partial(self.show_finding, 0))

    def _what_became(self, taken: Taken, stay: bool) -> str:
        """In a few words, what became of a text and what comes next."""
        if taken.nothing_given:
            return "Nothing was taken: it is empty."
        if not taken.accepted:
            kept = " What you gave is kept." if self.step.takes_text else ""
            return f"Not taken: the reason stands above.{kept}"
        if taken.at is not self.step.id:
            return f"Taken for another step: {step(taken.at).words.title}"
        missing = self.step.missing(self.case)
        go_on = self.keyed("Press {step.next} to go on.") if stay else "Press Enter to go on."
        return f"Read. {missing or go_on}"

    def show_finding(self, number: int) -> None:
        """Bring a finding into view; the first together with as many as there is room for."""
        findings = self.query_one(FindingsView)
        if number < len(findings.children):
            wanted = findings.children[number] if number else findings
            self.scroll_down_to(wanted)

    def scroll_down_to(self, wanted: Widget | None) -> None:
        """From the top only as far down as it takes to see this whole, or its beginning."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_home(animate=False, immediate=True)
        if wanted and body in wanted.ancestors:
            body.scroll_to_widget(wanted, animate=False, top=False, immediate=True)

    def keep(self) -> Taken | None:
        """Read what was typed and not read yet, so that leaving loses nothing; None when there is nothing."""
        if not self.ready or not self.step.takes_text:
            return None
        evidence = self.query_one(Evidence)
        gathered = self.query_one(NameInput).gathered if self.step.asks_name else ""
        text = gathered or evidence.unread
        if text is not None and not self._nothing_new(text):
            evidence.hold(text)
            if len(text) > LARGE:
                self.receive(text, stay=True)
                return None
            self.wizard.stop_reading(self.step.id)
            taken = take(self.case.opening(self.step.id, ""), self.step.id, text)
            self.wizard.case = taken.case
            return taken
        if self.step.asks_name:
            name = self.query_one(NameInput).value
            self.wizard.case = replace(self.case, typed_name="" if name.strip() == self.case.connector else name)
        return None

    # The connector's name

    @on(NameInput.Named)
    def _named(self, event: NameInput.Named) -> None:
        self.took(self.take_name(event.name))

    def take_name(self, name: str) -> Taken:
        """Take the connector's name as typed; an output pasted before it is kept beside it."""
        given = self.query_one(Evidence).given
        taken = name_connector(self.case, name)
        if given.strip():
            taken = replace(taken, case=taken.case.typing(self.step.id, given))
        self.wizard.case = taken.case
        return taken

    @on(NameInput.Output)
    def _output(self, event: NameInput.Output) -> None:
        """Output typed or pasted into the name's field belongs into the place for output."""
        evidence = self.query_one(Evidence)
        self.set_focus(evidence)
        evidence.give(event.text)

    # Clipboard, file and folder

    def action_read_clipboard(self) -> None:
        """Take what is on the clipboard as evidence."""
        in_background(self, "clipboard", self._read_clipboard)

    async def _read_clipboard(self) -> None:
        self.tell("Reading the clipboard...")
        try:
            text = await self.wizard.paste()
        except ClipboardError as error:
            self.tell(str(error))
            return
        name = self.focused
        if isinstance(name, NameInput) and is_name(text):
            name.take_paste(text)
        else:
            self.query_one(Evidence).give(text)

    def action_open(self) -> None:
        """Choose a file or folder to read; in practice, of the practice servers' logs."""
        if self.wizard.training:
            self.wizard.open_practised()
            return
        from wizard.opening import usual_path  # noqa: PLC0415 - the first screen opens nothing

        start = usual_path(self.case, self.step.id)
        self.app.push_screen(OpenDialog(start, folders=self.step.id in LOG_STEPS), self._opened)

    def _opened(self, path: Path | None) -> None:
        if path is not None:
            self.tell(f"Reading {path}...")
            tell = Teller(self.wizard.tell_from_thread, self.keyed("{step.back} stops it."))
            self.wizard.read(self.step.id, lambda case, stop: read_into(case, self.step.id, path, tell, stop))
