"""The full-screen app: holds the case, shows its steps, and keeps tracebacks off the screen."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.widgets import Static

from screens.actions import Circumstances, applies
from screens.app.arrival import Arrival, PasteComing, TypedText, install
from screens.app.base import BESIDE, Aims, LongReading, StepFace, bindings, front_of
from screens.app.keys import keymap, spoken
from screens.app.look import DAY, NIGHT, AsciiFilter, HarmlessFilter, PlainScrollBarRender
from screens.app.welcome import MOST_PROBLEMS, WelcomeScreen
from screens.copies import NOTHING_SELECTED, Copying, request
from screens.end import Ending
from screens.fault import OwnFault
from screens.saves import TOO_LARGE, end_early, leave, save_summary
from screens.words import columns_of_output, coming_in, complain, failed
from wizard.assets import assets, sample_case, with_keys
from wizard.case.book import Casebook, CasebookError, chosen
from wizard.case.case import Case, StepId
from wizard.case.keeper import READ_ONLY, Keeper, copied, utc_now
from wizard.machine import clipboard as clipboards
from wizard.machine import copying as copyroutes
from wizard.machine.clipboard import Clipboard
from wizard.machine.console import ascii_for, with_ascii
from wizard.machine.copying import TerminalSession
from wizard.machine.inert import shown
from wizard.machine.settings import Settings, cases_folder, load, settings_file

if TYPE_CHECKING:
    from textual.command import Provider

    from screens.app.practice import Practice
    from screens.training import Training


def load_rest() -> None:
    """Import the rest behind the first screen; runs in a thread."""
    for room in ("app.cases", "app.handover", "app.palette", "app.step"):
        import_module(f"screens.{room}")


def _actions() -> type[Provider]:
    from screens.app.palette import ActionsProvider  # noqa: PLC0415 - no palette before the first screen

    return ActionsProvider


class WizardApp(App[None]):
    """One case from the first symptom to the proof. `case` is replaced, never changed."""

    TITLE = "exchange-cert-wizard"
    CSS_PATH = assets() / "wizard.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = {_actions}  # noqa: RUF012 - Textual's own form
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-usual"), (112, "-wide"), (BESIDE, "-beside")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-middle"), (32, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = bindings("app")

    def __init__(
        self,
        case: Case | None = None,
        clipboard: Clipboard | None = None,
        save_into: Path | None = None,
        now: Callable[[], datetime] = datetime.now,
        at: StepId = StepId.SYMPTOM,
        settings: Settings | None = None,
        session: TerminalSession | None = None,
        book: Casebook | None = None,
        resumed: str = "",
        carries: str = "",
        then: Callable[[WizardApp], None] = lambda _app: None,
    ) -> None:
        ScrollBar.renderer = PlainScrollBarRender
        install()
        super().__init__()
        # Set before anything is drawn: a later change parses the whole style sheet again.
        self.register_theme(NIGHT)
        self.register_theme(DAY)
        self.set_reactive(App.theme, NIGHT.name)
        self.stylesheet.set_variables(self.get_css_variables())
        self.settings = settings or Settings()
        self.session = session or copyroutes.session_here()
        self.save_into = save_into or Path.home()
        self._now = now
        self.arrival = Arrival(self, self.hand_on)
        self.reading = LongReading(self)
        self.copying = Copying(
            self,
            clipboard or clipboards.system_clipboard(),
            self.settings,
            self.session,
            self.save_into,
            now,
            noted=self._note_copy,
            to_terminal=self._to_terminal,
        )
        self._practice: Practice | None = None
        self.keeper = Keeper(book, self.tell_from_thread, keep_logs=self.settings.keep_logs)
        self.keeper.begin(case or Case())
        self._begun = case is not None
        self._at = at
        self._resumed = resumed
        self._then = then
        # The encoding of a console that gets only ASCII.
        self._guards = (HarmlessFilter(), AsciiFilter(carries)) if carries else (HarmlessFilter(),)
        self.keymap = keymap(self.settings.keys)
        self.ending = Ending(self.save_early, self._where, full_screen=True)

    @property
    def practice(self) -> Practice:
        """The practice mode, imported on first use."""
        if self._practice is None:
            from screens.app.practice import Practice  # noqa: PLC0415 - nobody pays who does not practise

            self._practice = Practice(self)
        return self._practice

    @property
    def training(self) -> Training | None:
        """The exercise on the screens. Every key asks for it, so it imports nothing."""
        return self._practice.training if self._practice else None

    @property
    def practising(self) -> bool:
        """True if the screens show practice."""
        return self._practice is not None and self._practice.on

    @property
    def case(self) -> Case:
        """The current case; assigning one notes it, and saves it if it is real."""
        return self._at_hand.case

    @case.setter
    def case(self, case: Case) -> None:
        self._at_hand.put(case)

    @property
    def _at_hand(self) -> Keeper:
        return self.training.keeper if self.training else self.keeper

    @property
    def begun(self) -> bool:
        """True if the case on the screens can be continued."""
        return bool(self.training and self.training.guided) if self.practising else self._begun

    @begun.setter
    def begun(self, begun: bool) -> None:
        self._begun = begun

    @property
    def real_begun(self) -> bool:
        """True if a real case was begun, also during practice."""
        return self._begun

    @property
    def circumstances(self) -> Circumstances:
        """What decides which actions apply."""
        kept = self.keeper.book is not None
        return Circumstances(self.case, self.begun, self.practising, kept, self.training)

    def named(self, words: str) -> str:
        """Our words with the configured keys in place of their ids."""
        return with_keys(words, self.keymap.name)

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each setting that was rejected."""
        return (*self.settings.problems, *self.keymap.problems)

    def problems_in_few(self, most: int) -> str:
        """The first problems, one a line, and the number of the others."""
        shown = [*self.problems[:most]]
        if more := len(self.problems) - len(shown):
            shown.append(f"And {more} more: {self.keymap.name('app.palette')}, then All keys, lists them.")
        return "\n".join(shown)

    async def on_mount(self) -> None:
        """Show the first screen: a step of the given case, or the welcome."""
        self.set_keymap(self.keymap.for_textual)
        if self.begun:
            from screens.app.step import StepScreen  # noqa: PLC0415 - most begin at the welcome
            from wizard.steps.flow import see  # noqa: PLC0415

            self.case = see(self.case, self._at)
            await self.push_screen(StepScreen(self._at))
            if self.problems:
                self.tell(self.problems_in_few(1))
        else:
            await self.push_screen(self._welcome())
        if self._resumed:
            self.call_after_refresh(self.resume, self._resumed)
        self.call_after_refresh(self._then, self)
        # Imported behind the first screen, so that a first paste need not wait for its reader.
        self.call_after_refresh(threading.Thread(target=load_rest, daemon=True).start)

    def begin(self, case: Case) -> None:
        """Begin a new case at its first step, and stop reading evidence for the old one."""
        from wizard.steps.flow import STEPS  # noqa: PLC0415 - the first screen shows no step

        self.reading.stop_all()
        self.keeper.begin(case)
        self.begun = True
        self.go(STEPS[0].id)

    def resume(self, case_id: str) -> None:
        """Continue a saved case at its next open step; if it cannot be opened, say why."""
        from wizard.case.book import line_of  # noqa: PLC0415 - the first screen opens no case
        from wizard.steps.flow import next_step  # noqa: PLC0415 - nor shows a step

        self.reading.stop_all()
        self._keep()
        try:
            saved = self.keeper.resume(case_id)
        except CasebookError as error:
            self.tell(str(error))
            return
        self.begun = True
        self.go(self.case.waits_at or next_step(self.case))
        opened = line_of(saved, utc_now()).opened
        self.call_after_refresh(self.tell, f"{opened} {READ_ONLY}" if self.keeper.read_only else opened)

    def go(self, step_id: StepId | None) -> None:
        """Show a step, or the summary (None)."""
        from screens.app.handover import SummaryScreen  # noqa: PLC0415 - as a step does
        from screens.app.step import StepScreen  # noqa: PLC0415 - stands behind the first screen
        from wizard.steps.flow import see  # noqa: PLC0415

        if step_id:
            self.case = see(self.case, step_id)
        if self.training:
            self.training.wizard_at = step_id
        self.show_instead(StepScreen(step_id) if step_id else SummaryScreen())

    def welcome(self) -> None:
        """Leave practice and show the welcome; an exercise can be continued."""
        if self.practising:
            self.reading.stop_all()
        # The screen that is left stores its typed text while its case is still at hand.
        self.show_instead(self._welcome())
        if self._practice:
            self._practice.on = False

    def _welcome(self) -> WelcomeScreen:
        return WelcomeScreen(self.problems_in_few(MOST_PROBLEMS))

    def show_instead(self, screen: Screen[None]) -> None:
        """Replace the current screen and close the dialogs above it."""
        self._keep()
        # Drawn once, when complete: each part alone would be a frame to wait for.
        drawing = ExitStack()
        drawing.callback(screen.refresh)
        drawing.enter_context(self.batch_update())
        while len(self.screen_stack) > 2:
            self.pop_screen()
        # The window has the same size: without its classes every part would be styled and laid out twice.
        breakpoints = {name for _, name in (*self.HORIZONTAL_BREAKPOINTS, *self.VERTICAL_BREAKPOINTS)}
        screen.add_class(*(breakpoints & self.screen.classes))
        self.switch_screen(screen)
        self.call_next(drawing.close)

    def _keep(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, StepFace):
                screen.keep()

    def _note_copy(self, text: str) -> None:
        """Note a copied command of the step in the journal: it may have been run since."""
        for screen in self.screen_stack:
            if isinstance(screen, StepFace) and any(text == c.text for c in screen.step.commands(self.case)):
                self.case = copied(self.case, screen.step.id, text, utc_now())

    def get_key_display(self, binding: Binding) -> str:
        """Keys as printed on keyboards: F1, Esc, Ctrl+Q."""
        return spoken(binding.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide actions that do not apply now."""
        return applies("app", action, lambda: self.circumstances) and super().check_action(action, parameters)

    def action_save(self) -> None:
        """Save the summary with all commands to a text file, for when no clipboard works."""
        self.tell(save_summary(self.case, self.save_into, self._now()))

    def tell(self, sentence: str) -> None:
        """Show a sentence on the status line; a dialog has none, so on that of the screen behind it."""
        sentence = shown(sentence)
        for screen in reversed(self.screen_stack):
            for status in screen.query("#status").results(Static):
                status.update(Content(sentence))
                return

    def tell_from_thread(self, sentence: str) -> None:
        """Show a sentence from a thread, without waiting for the screen: the app may be ending."""
        if self.is_running:
            self.call_later(self.tell, sentence)

    async def on_event(self, event: events.Event) -> None:
        """Collect a pasted text and give it to its field before any of it reaches a button."""
        if isinstance(event, events.Key) and not event.is_forwarded and await self.arrival.takes(event):
            return
        if isinstance(event, events.Paste) and not event.is_forwarded and self.arrival.pasted(event):
            return
        await self.hand_on(event)

    async def hand_on(self, event: events.Event) -> None:
        """Pass an event on to Textual; typed text is first directed to the field for text."""
        typed = isinstance(event, events.Key) and not event.is_forwarded and event.is_printable and event.character
        if typed and isinstance(self.screen, Aims) and self.screen.aims_at(typed):
            self.screen.aimed()
        if isinstance(event, events.Key | events.Paste):
            self.copying.given += 1
        await super().on_event(event)

    async def on_typed_text(self, message: TypedText) -> None:
        """Take many keys that came at once."""
        await self.arrival.hand_out()
        self.arrival.typed(message.text)

    def on_paste_coming(self, message: PasteComing) -> None:
        """Report a large paste on its way, which takes time over a slow line."""
        self.tell(coming_in(message.characters))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy the selection; Textual calls it for Ctrl+C and Ctrl+X."""
        if not text:
            self.action_help_quit()
            return
        self._clipboard = text
        self.copying.selected(text)

    def action_help_quit(self) -> None:
        """Explain Ctrl+C without a selection. The name is Textual's."""
        self.tell(self.named(NOTHING_SELECTED))

    def _to_terminal(self, text: str) -> None:
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(request(text, self.session.environment))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Filter what a terminal would act on or cannot draw."""
        return (*super().get_line_filters(), *self._guards)

    def action_practice(self) -> None:
        """Show the list of scenarios."""
        self.practice.choose()

    async def action_quit(self) -> None:
        """Quit; an unfinished exercise would be lost, so ask first. The same key again quits."""
        if self._practice:
            self._practice.quit(self.leave)
        else:
            self.leave()

    def leave(self) -> None:
        """Quit after reading the last typed text, for the summary."""
        self._keep()
        self.exit()

    def action_other_theme(self) -> None:
        """Toggle the dark and the light theme."""
        self.theme = DAY.name if self.theme == NIGHT.name else NIGHT.name

    def action_cases(self) -> None:
        """Show the saved cases."""
        if self.keeper.book is None:
            return

        def resume(case_id: str | None) -> None:
            if case_id:
                self.resume(case_id)

        from screens.app.cases import CasesScreen  # noqa: PLC0415 - stands behind the first screen

        self._keep()
        self.push_screen(CasesScreen(self.keeper.book, self.keeper, self.save_into), resume)

    def action_all_keys(self) -> None:
        """Show all keys of the current screen."""
        from screens.app.palette import KeysScreen  # noqa: PLC0415 - stands behind the first screen

        self.push_screen(KeysScreen(front_of(self.screen)[1], self.keymap, self.problems))

    def action_hand_over(self) -> None:
        """Hand the case over: change card, record, or a copy for a colleague."""
        from screens.app.handover import HandoverScreen  # noqa: PLC0415 - stands behind the first screen

        self._keep()
        self.push_screen(HandoverScreen(self.keeper, self.save_into))

    def action_status(self) -> None:
        """Copy the status of the case in two sentences, and show it."""
        from screens.app.handover import show_status  # noqa: PLC0415 - stands behind the first screen
        from wizard.record.status import status  # noqa: PLC0415 - nothing is passed on before it

        self._keep()
        show_status(self, status(self.keeper.case, utc_now()))

    def action_restart(self) -> None:
        """Go to the welcome; the case stays until a new one begins."""
        self.welcome()

    def action_go(self, step_value: str) -> None:
        """Go to a step."""
        self.go(StepId.of(step_value))

    def save_early(self) -> str:
        """Save the real case with what stands unread in the fields; returns what became of it."""
        return end_early(self.keeper, self._gather)

    def _gather(self) -> str:
        """Leave all text that was not read yet waiting in the case; returns what could not be kept."""
        from wizard.case.file import MOST_LOGS  # noqa: PLC0415 - the first screen reads no case

        if self.practising:
            return ""
        texts = dict(self.reading.unread)
        for screen in self.screen_stack:
            if isinstance(screen, StepFace) and (left := screen.left_in_fields()):
                texts[screen.step.id] = left
        for step_id, text in texts.items():
            if text.strip() and len(text) <= MOST_LOGS:
                self.case = self.case.leaving(step_id, text)
        return TOO_LARGE if any(len(text) > MOST_LOGS for text in texts.values()) else ""

    def _where(self) -> str:
        """The open screens, for the report of a fault."""
        return ", ".join(s.step.id.value if isinstance(s, StepFace) else type(s).__name__ for s in self.screen_stack)

    def _build_driver(self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        self.ending.attach(driver, lambda status: self.exit(return_code=status))
        return driver

    def panic(self, *_renderables: RenderableType) -> None:
        """Quit after a fault that Textual has drawn; a person never sees a traceback."""
        self._return_code = 1
        self._fatal_error()

    def _fatal_error(self) -> None:
        """Quit after a fault in the program; the message follows once the terminal is clean."""
        self.ending.fault(self._exception or OwnFault("the terminal can no longer be read"))
        self._close_messages_no_wait()


def run(sample: bool, resumed: str | None = None, then: Callable[[WizardApp], None] = lambda _app: None) -> int:
    """Run the full-screen app, then print the summary into the scrollback.

    `resumed` is the id of a saved case. `then` opens another place than the welcome.
    """
    book = Casebook(cases_folder())
    case_id = ""
    if resumed is not None:
        try:
            case_id = chosen(book, resumed, complain).id
        except CasebookError as error:
            return failed(str(error))
    settings = load(settings_file())
    carries = ascii_for(settings)
    case = sample_case() if sample else None
    app = WizardApp(case, settings=settings, book=book, resumed=case_id, carries=carries, then=then)

    def write(words: str) -> None:
        words = shown(words)
        print(with_ascii(words, carries) if carries else words, flush=True)

    def print_last() -> None:
        well, words = (True, "") if app.ending.status else leave(app.keeper)
        printed = ""
        if app.real_begun and app.keeper.case.begun:
            from wizard.record.summary import ending  # noqa: PLC0415 - wanted when all is over

            printed = ending(app.keeper.case, columns_of_output())
            write(printed)
        # Texts shown for copying by hand are still wanted; most are in the summary.
        for text in (text for text in app.copying.by_hand if text not in printed):
            write(f"\n{text}")
        if words and well:
            write(f"\n{words}")
        elif words:
            print(shown(words), file=sys.stderr)
        app.keeper.close()

    # Imports stay for good: without this, garbage collection through them blocks the screen for 60 ms at times.
    gc.freeze()
    gc.enable()
    return app.ending.run(app.run, print_last) or app.return_code or 0
