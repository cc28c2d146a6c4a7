"""Leads through the steps line by line: prints a step, asks, and acts on the answer."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePath
from typing import ClassVar

from screens.actions import LETTERS
from screens.paths import path_from
from screens.plain import say as said
from screens.plain.ask import Asker, Prose, WaitStopped, Work, waited
from screens.plain.say import Question, lines_shown, listed, occurrence_line, offered, parsed, question
from screens.saves import save_summary
from screens.words import HOW, NO_TEXT_HERE, NOT_FOR_THE_SHELL, REMINDER, WHAT, Teller, columns_of_output
from wizard.assets import sample_case
from wizard.case.case import Case, StepId
from wizard.case.file import Logs
from wizard.case.keeper import Keeper, copied, utc_now
from wizard.case.servers import here
from wizard.facts import Occurrence
from wizard.findings import Finding, counted, info
from wizard.machine.clipboard import Clipboard, ClipboardError, copy, read
from wizard.reading.log.files import SessionRows
from wizard.record.status import status
from wizard.record.summary import summary
from wizard.steps.command import bind_commands
from wizard.steps.flow import (
    STEPS,
    after,
    before,
    changed_since,
    next_step,
    position,
    sample_evidence,
    see,
    settle,
    step,
    steps_of,
    take_name,
)
from wizard.steps.intake import of_group, open_session, read_into, take, usual_path
from wizard.steps.parts import Step, Taken

AT_ONCE = 20
"""Lines printed before asking whether to go on: a screen reader reads them all."""

Open = Callable[[Occurrence], SessionRows | str | None]
"""Returns a session's rows; a sentence if there are none, None if the person stopped it."""


def browse(found: Sequence[Occurrence], ask: Asker, write: Callable[[str], None], open_: Open) -> None:
    """List failed handshakes; a number shows the rows of its session, Enter goes on, anything else ends."""
    write(f"{counted(len(found), 'failed handshake')} (times are UTC):")
    listed = 0
    while True:
        for number in range(listed, min(listed + AT_ONCE, len(found))):
            write(occurrence_line(number + 1, found[number]))
        listed = min(listed + AT_ONCE, len(found))
        more = f", Enter for more, {listed:,} of {len(found):,} are listed" if listed < len(found) else ""
        answer = ask.one(f"A number for the rows of its session{more}. b goes back.")
        while answer.isdecimal() and 0 < int(answer[:9]) <= len(found):
            _show(found[int(answer) - 1], ask, write, open_)
            answer = ask.one(f"Another number{', Enter for more' if more else ''}. b goes back.")
        if answer or not more:
            return


def _show(each: Occurrence, ask: Asker, write: Callable[[str], None], open_: Open) -> None:
    rows = open_(each)
    if isinstance(rows, str):
        write(rows)
    elif rows is not None:
        portions(_rows(each, rows), ask, write)


def _rows(each: Occurrence, rows: SessionRows) -> Iterator[str]:
    yield f"Session {each.session}"
    yield from lines_shown(tuple(rows.lines), "rows")
    if not rows.whole:
        yield "The session's first or last row is not in these logs."


def portions(lines: Iterable[str], ask: Asker, write: Callable[[str], None]) -> None:
    """Print lines a few at a time, as long as the person wishes."""
    rest = iter(lines)
    portion = list(islice(rest, AT_ONCE))
    while portion:
        for line in portion:
            write(line)
        portion = list(islice(rest, AT_ONCE))
        if portion and ask.one("Enter for more. b stops here."):
            return


STOPPED = "Stopped. Nothing was taken; what you gave before is kept."

_PROPERTY = re.compile(r"^\s*[A-Z][A-Za-z]+\s*: |^\s*Name\s+\S|^\s*Identity\s+\S")
"""Matches the first line of a connector's output, and no connector's name."""

_TEXT = 12
"""An unknown answer from this length on is evidence: no hand mistypes a letter that far."""


@dataclass
class TakingWizard:
    """One case, line by line, as far as evidence is concerned.

    `write` prints a line; `keeper` holds the case. `copier` copies a text and reports on it; None means the clipboard
    only. `save_into` is the folder of the summary. `said` is what reading the newest evidence of this step had to say.
    `unread` is the text that is being given or read, with its step.
    """

    given: InitVar[Case]
    ask: Asker
    write: Callable[[str], None]
    clipboard: Clipboard
    copier: Callable[[str], Iterable[str]] | None = None
    save_into: Path = field(default_factory=Path.home)
    now: Callable[[], datetime] = datetime.now
    keeper: Keeper = field(default_factory=lambda: Keeper(None))
    said: tuple[Finding, ...] = field(default=(), init=False)
    refused: bool = field(default=False, init=False)
    unread: tuple[StepId, str] | None = field(default=None, init=False)

    def __post_init__(self, given: Case) -> None:
        """Keep the given case, unless the keeper has it already."""
        if given is not self.keeper.case:
            self.keeper.begin(given)

    @property
    def case(self) -> Case:
        """The current case; assigning one notes and saves it."""
        return self.keeper.case

    @case.setter
    def case(self, case: Case) -> None:
        self.keeper.put(case)

    def findings(self, current: Step) -> tuple[Finding, ...]:
        """All findings of a step, in the order of the full screen."""
        return (*changed_since(self.case, current.id), *self.said, *current.findings(self.case))

    def arrive(self, current: Step) -> None:
        """Begin a visit of a step; the sample offers its evidence where nothing was given yet."""
        self.said = ()
        if self.case.sample and current.takes_text and not self.case.answer(current.id).given:
            text = sample_evidence(current.id, here(self.case))
            taken = take(self.case, current.id, text, "the sample")
            self.case, self.said = taken.case, taken.said

    def waited(self, work: Work[Taken]) -> Taken | None:
        """The result of reading evidence that takes time; None if the person stopped it."""
        try:
            return waited(work, self.write)
        except WaitStopped:
            self.write(STOPPED)
            return None

    def took(self, taken: Taken | None, current: Step) -> None:
        """Report on the evidence read; its findings stand among those of the step."""
        if taken is None:
            return
        self.case, self.said, self.refused = taken.case, taken.said, not taken.accepted
        if taken.nothing_given:
            self.write("Nothing was taken: it is empty.")
        elif not taken.accepted:
            self.write("Not taken; what you gave is kept. The reason:")
        elif taken.at is not current.id:
            self.write(f"Taken for another step: {step(taken.at).words.title}")
        else:
            self.write(f"Read. {current.missing(self.case)}".rstrip())

    def paste(self, current: Step, first: str = "") -> None:
        """Take a pasted text up to a full stop alone; `first` is its part that was given already."""
        self.write(Prose(f"Paste now: {current.words.give}. End with a line that holds a full stop alone."))
        self.unread = (current.id, first)
        self.give(current, "\n".join(filter(None, (first, self.ask.many()))))

    def give(self, current: Step, text: str) -> None:
        """Take a text in place of an earlier one at the step; a step without a field for text keeps none."""
        if not text.strip():
            # An empty paste removes nothing.
            self.unread = None
            self.took(take(self.case, current.id, text.encode(), "it"), current)
            return
        case, self.unread = self.case, (current.id, text)
        if current.takes_text:
            # Stored first, so that stopping the reading does not lose it.
            self.case = case = case.opening(current.id, "").typing(current.id, text)
        taken = self.waited(
            lambda tell, stop: take(case, current.id, text, progress=Teller(tell, "Ctrl+C stops it."), cancelled=stop)
        )
        if taken and not current.takes_text:
            unknown = not taken.accepted and any(finding.id == "not-recognised" for finding in taken.said)
            said = (info(NO_TEXT_HERE, id="no-text-here"),) if unknown else taken.said
            taken = replace(taken, case=taken.case.typing(current.id, ""), said=said)
        self.unread = None
        self.took(taken, current)

    def read_waiting(self, current: Step) -> None:
        """Offer to read a text that was not read before the program ended: it may be what stopped it."""
        if text := self.case.answer(current.id).waiting:
            self.case = self.case.leaving(current.id, "")
            first = next((line.strip() for line in text.splitlines() if line.strip()), "")
            self.write(f"What you gave here was not read yet. It begins: {first[:LONGEST_ANSWER]}")
            if self.ask.one("Enter reads it. d drops it.") != "d":
                self.give(current, text)

    def from_clipboard(self, current: Step) -> None:
        """Take the clipboard's text as evidence."""
        try:
            text = read(self.clipboard)
        except ClipboardError as error:
            self.write(str(error))
            return
        self.give(current, text)

    def open(self, current: Step) -> None:
        """Read a file or folder; Enter alone takes the folder a server named, or the one opened before."""
        usual = usual_path(self.case, current.id)
        what = "File or folder" if current.takes_log else "File"
        written = self.ask.one(f"{what}{f', Enter alone: {usual}' if usual else ''}; b: none") or usual
        if written in ("", "b"):
            self.write("No path was given. Nothing is read.")
            return
        path, case = path_from(written), self.case
        self.write(f"Reading {path}...")
        self.took(
            self.waited(lambda tell, stop: read_into(case, current.id, path, Teller(tell, "Ctrl+C stops it."), stop)),
            current,
        )

    def name(self, current: Step, written: str) -> None:
        """Take the connector's name as typed; an output given before is kept beside it."""
        given = self.case.answer(current.id).text
        self.took(take_name(self.case, current, written, given if len(given.splitlines()) > 1 else ""), current)

    def unasked(self, current: Step, answer: str) -> bool:
        """Take an answer that is none of the letters as a name, or as the beginning of a paste."""
        if current.asks_name and len(answer) > 3 and "\n" not in answer and not _PROPERTY.match(answer):
            self.name(current, answer)
        elif "\n" in answer:
            self.give(current, answer)
        elif current.takes_text and len(answer) >= _TEXT:
            self.write("This is text: it is taken as the first line of a paste.")
            self.paste(current, answer)
        else:
            return False
        return True


ANSWER_NO = (
    "In the shell, Exchange may ask: Overwrite the existing default SMTP certificate? There the answer is N, then "
    "Enter. Enter alone means YES there: it replaces the certificate the servers use among themselves. "
    "N binds SMTP all the same."
)

LONGEST_ANSWER = 40
"""Characters of an unknown answer that are quoted."""

AT_THE_END = {
    "summary.copy": "copies the whole summary",
    "app.save": "saves it to a text file",
    "app.status": "copies the status in two sentences, for whoever asks",
    "summary.back": "back to the last step",
    "step.go": "lists the steps, g5 goes to step 5",
    "step.again": "says it again",
    "app.restart": "begins anew",
    "app.quit": "quits",
}
"""What the letters do at the summary."""


def none_of_them(answer: str) -> str:
    """The sentence for an unknown answer; a long one is quoted in part."""
    short = answer if len(answer) <= LONGEST_ANSWER else f"{answer[:LONGEST_ANSWER]}..."
    return f"{short!r} is none of the answers here. ? lists them."


class Goal(enum.Enum):
    """Destinations other than a step."""

    SUMMARY = "summary"
    QUIT = "quit"


Leads = StepId | Goal | None
"""The destination of an answer; None stays."""


@dataclass
class PlainWizard(TakingWizard):
    """One case, line by line. `summary_said` is the last printed summary, `quits` the words about quitting."""

    quits: ClassVar[str] = "quits; what is open is printed"

    summary_said: str = field(default="", init=False)

    def run(self) -> None:
        """Run from the first step until the person ends it; the asker raises KeyboardInterrupt and EOFError."""
        self.write(Prose(f"exchange-cert-wizard, line by line. Type ? for all answers.\n{WHAT}\n{HOW}"))
        at: StepId | Goal = STEPS[0].id
        if self.keeper.id:
            at = self.case.waits_at or next_step(self.case) or Goal.SUMMARY
        while at is not Goal.QUIT:
            at = self._step(step(at)) if isinstance(at, StepId) else self._summary()

    @property
    def begun(self) -> bool:
        """True if anything was given or decided that is worth a summary."""
        return self.case.begun

    def save(self) -> None:
        """Write the summary to a text file and print its path."""
        self.write(save_summary(self.case, self.save_into, self.now()))

    def status(self) -> None:
        """Print the status of the case in two sentences, and copy it."""
        text = status(self.case, utc_now())
        self.write(Prose(text))
        for line in self.copier(text) if self.copier else [copy(text, self.clipboard).sentence]:
            self.write(line)

    def keep_logs(self) -> None:
        """Keep the pasted logs in this case, or only the facts read from them."""
        self.keeper.keep_logs(self.keeper.logs is Logs.LEFT_OUT)
        self.write(f"{self.keeper.logs.value} t changes that.")

    def say_summary(self) -> None:
        """Print the summary, unless it was the last one printed."""
        text = summary(self.case, columns_of_output())
        if text != self.summary_said:
            self.write(f"\n{text}")
        self.summary_said = text

    def _step(self, current: Step) -> StepId | Goal:
        """Print a step and ask until the person leaves it; returns the destination."""
        self.arrive(current)
        self.case = see(self.case, current.id)
        for line in said.intro(current, self.case):
            self.write(line)
        self.read_waiting(current)
        told: tuple[tuple[str, ...], ...] = ()
        while True:
            told = self._say_news(current, told)
            answer = self.ask.one(question(Question(current, self.case)))
            asked = parsed(answer)
            if asked == ("l", 0):
                told = ()
                for line in said.intro(current, self.case):
                    self.write(line)
            elif not answer:
                self.write(f"{position(current.id, self.case)}: {current.words.title}")
            elif asked is None:
                if not self.unasked(current, answer):
                    self.write(none_of_them(answer))
            elif leads := self._act(current, *asked):
                return leads

    def _say_news(self, current: Step, told: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        """Print the sections of a step that are new or changed."""
        now = said.standing(current, self.case, self.findings(current))
        for number, section in enumerate(now):
            if not told or section != told[number]:
                for line in section:
                    self.write(line)
        return now

    def _act(self, current: Step, letter: str, number: int) -> Leads:
        """Do what was answered within a step."""
        at = Question(current, self.case, self.findings(current), self.quits)
        if letter == "?":
            for line in listed(at):
                self.write(line)
            return None
        if not letter:
            return self._choose(current, number)
        action = _BY_LETTER.get(letter, "")
        if action in _LEADING:
            return _LEADING[action](self, current, number)
        if action in _STAYING and action in offered(at):
            _STAYING[action](self, current, number)
        else:
            self.write(f"{letter} does nothing here. ? lists the answers.")
        return None

    def _choose(self, current: Step, number: int) -> Leads:
        choices = current.choices(self.case)
        if not 0 < number <= len(choices):
            self.write(f"There is no answer {number} here. ? lists the answers.")
            return None
        key = choices[number - 1].key
        self.case = current.choose(self.case, key)
        if self.refused:
            # A complaint about a text no longer matters once the step is answered without it.
            self.said, self.refused = (), False
        return current.leads(self.case, key)

    def _next(self, current: Step, _number: int) -> Leads:
        missing = current.missing(self.case)
        if missing and not current.skip:
            self.write(missing)
            return None
        self.case = self.case.skipping(current.id) if missing else settle(self.case, current.id)
        return after(current.id, self.case) or Goal.SUMMARY

    def _back(self, current: Step, _number: int) -> Leads:
        earlier = before(current.id, self.case)
        if earlier is None:
            self.write("This is the first step.")
        return earlier

    def _explain(self, current: Step, _number: int) -> None:
        for line in said.explained(current, current.commands(self.case)):
            self.write(line)

    def _rows(self, current: Step, _number: int) -> None:
        portions(said.rows_behind(self.findings(current)), self.ask, self.write)

    def _known(self, _current: Step, _number: int) -> None:
        for line in said.known(self.case):
            self.write(line)

    def _sessions(self, current: Step, number: int) -> None:
        log, groups = self.case.now.log, self.case.failures
        if number > len(groups) or log is None:
            self.write(f"There is no kind {number} of failures here.")
            return
        group = groups[number - 1] if number else None
        try:
            found = waited(lambda _tell, _stop: of_group(log, group), self.write)
        except WaitStopped:
            self.write(STOPPED)
            return
        browse(found, self.ask, self.write, lambda each: self._session(current, each))

    def _session(self, current: Step, each: Occurrence) -> SessionRows | str | None:
        self.write(f"Looking for the rows of {each.session} in {PurePath(each.source).name}...")
        try:
            return waited(lambda _tell, stop: open_session(self.case, current.id, each, stop), self.write)
        except WaitStopped:
            return "Stopped."

    def _copy(self, current: Step, number: int) -> None:
        commands = current.commands(self.case)
        if number > len(commands):
            self.write(f"There is no command {number} here.")
            return
        command = commands[max(number, 1) - 1]
        if self._hand_out(command.text, command.answer_no, REMINDER if command.answer_no else ""):
            self.case = copied(self.case, current.id, command.text, utc_now())

    def _hand_out(self, text: str, binding: bool, afterwards: str) -> bool:
        """Copy a text, first explaining the question behind the binding command; True if it was copied."""
        if binding and not self.case.told_to_answer_no:
            self.write(Prose(ANSWER_NO))
            if self.ask.one("Here, Enter copies the line; any other answer does not."):
                self.write("Not copied.")
                return False
            self.case = self.case.told()
        for line in self.copier(text) if self.copier else [copy(text, self.clipboard).sentence]:
            self.write(line)
        if afterwards:
            self.write(afterwards)
        return True

    def _alone(self, current: Step, number: int) -> None:
        """Print a command's line alone."""
        commands = current.commands(self.case)
        if number > len(commands):
            self.write(f"There is no command {number} here.")
            return
        self.write(f"\n{commands[max(number, 1) - 1].text}\n")

    def _go(self, current: Step | None, number: int) -> Leads:
        """Go to a step by its number; asks for a missing number."""
        at = current.id if current else None
        steps = steps_of(self.case)
        if not number:
            for line in said.steps_listed(self.case, at):
                self.write(line)
            answer = self.ask.one("The number of the step. Enter alone stays here.")
            if not answer:
                return None
            number = int(answer[:6]) if answer.isdecimal() else 0
        if not 0 < number <= len(steps):
            self.write(f"There is no such step: they are numbered 1 to {len(steps)}.")
            return None
        return steps[number - 1].id

    def _anew(self, _current: Step | None, _number: int) -> Leads:
        """Begin a new case after asking which."""
        kept = "This case stays among the saved ones." if self.keeper.book else "What was given in it is dropped then."
        self.write(f"Begin anew? {kept} s saves its summary first.")
        self.write("  1: Begin: mail is stuck\n  2: Try it with sample evidence, no Exchange server needed")
        answer = self.ask.one("1 or 2. Enter alone goes on with the case you began.")
        if answer not in ("1", "2"):
            return None
        self.keeper.begin(sample_case() if answer == "2" else Case())
        self.summary_said = ""
        return STEPS[0].id

    def _summary(self) -> StepId | Goal:
        """Print the summary page and ask for the next destination."""
        self.say_summary()
        while True:
            answer = self.ask.one("c copies the summary, s saves it, b goes back, q quits. ? lists all answers.")
            letter, number = parsed(answer) or ("", 0)
            action = next((each for each in AT_THE_END if LETTERS[each] == letter), "")
            if action == "app.save":
                self.save()
            elif action == "app.status":
                self.status()
            elif action == "summary.copy":
                afterwards = NOT_FOR_THE_SHELL
                self._hand_out(summary(self.case), bool(bind_commands(self.case)), afterwards)
            elif action == "step.again":
                self.summary_said = ""
                self.say_summary()
            elif action:
                if leads := self._leave_summary(action, number):
                    return leads
            elif letter == "?":
                self.write("\n".join(f"  {LETTERS[action]}: {words}" for action, words in AT_THE_END.items()))
            elif answer:
                self.write(none_of_them(answer))

    def _leave_summary(self, action: str, number: int) -> Leads:
        if action == "summary.back":
            return steps_of(self.case)[-1].id
        if action == "app.quit":
            return Goal.QUIT
        return self._go(None, number) if action == "step.go" else self._anew(None, number)


_LEADING: dict[str, Callable[[PlainWizard, Step, int], Leads]] = {
    "step.next": PlainWizard._next,
    "step.back": PlainWizard._back,
    "step.go": PlainWizard._go,
    "step.summary": lambda _wizard, _step, _number: Goal.SUMMARY,
    "app.restart": PlainWizard._anew,
    "app.quit": lambda _wizard, _step, _number: Goal.QUIT,
}
"""Actions that can lead away from a step."""

_STAYING: dict[str, Callable[[PlainWizard, Step, int], None]] = {
    "step.copy": PlainWizard._copy,
    "step.alone": PlainWizard._alone,
    "step.text": lambda wizard, step, _number: wizard.paste(step),
    "step.paste": lambda wizard, step, _number: wizard.from_clipboard(step),
    "step.open": lambda wizard, step, _number: wizard.open(step),
    "step.name": lambda wizard, step, _number: wizard.name(step, wizard.ask.one("The connector's name:")),
    "step.lines": PlainWizard._rows,
    "step.sessions": PlainWizard._sessions,
    "step.logs": lambda wizard, _step, _number: wizard.keep_logs(),
    "step.explain": PlainWizard._explain,
    "step.known": PlainWizard._known,
    "app.save": lambda wizard, _step, _number: wizard.save(),
    "app.status": lambda wizard, _step, _number: wizard.status(),
}
"""Actions that stay at a step."""

_BY_LETTER = {LETTERS[action]: action for action in (*_LEADING, *_STAYING)}
