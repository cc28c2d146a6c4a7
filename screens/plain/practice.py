"""Practice line by line: the story, the shell's prompt, and a few words for the program itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from screens.plain.ask import Asker, LineAsker
from screens.plain.program import Printer
from screens.plain.wizard import Goal, PlainWizard
from screens.training import (
    END_OPEN,
    HAND_IN,
    TIME_UP,
    TOO_SOON,
    WAYS,
    WHAT_IS_WRONG,
    LineKind,
    Training,
    asks_before_the_end,
    before_input,
    course_in_words,
    found,
    fresh_seed,
    keep,
    next_of_course,
    read_record,
    standing_in_words,
    time_left,
)
from screens.words import complain
from wizard.machine.clipboard import ClipboardError
from wizard.machine.console import ascii_for
from wizard.machine.inert import shown
from wizard.machine.settings import load, settings_file
from wizard.practice import mail
from wizard.practice import scenariofile as library
from wizard.practice.result import as_text
from wizard.practice.scenario import Mode, Scenario, ScenarioError
from wizard.practice.world import World
from wizard.steps.flow import step
from wizard.steps.parts import Step, Taken

HERE = "\nPRACTICE, the wizard. c copies its command, n goes on, q goes back to the shell."

COPIED = "Copied inside practice. q goes back to the shell, and paste there runs it."

NOTHING = "Nothing was copied in practice yet. q goes back to the shell; answer there brings what it printed."

EMPTY = (
    "The clipboard is empty: the last command in the shell found nothing. A log gets rows once logging is on and time "
    "has passed: q goes back to the shell, wait there waits."
)

NO_FILES = (
    "No log file is on the practice servers yet. A log gets rows once logging is on and mail was tried since: "
    "q goes back to the shell, wait there waits."
)

OF_THE_SHELL = {"wizard", "paste", "answer", "server", "wait", "hint", "coach", "story", "done", "quit"}
"""Words answered at the shell."""

NOT_SAVED = "Nothing of practice is saved here: the result goes into your record when you are done."


@dataclass
class PracticeClipboard:
    """The training's clipboard."""

    training: Training

    def write(self, text: str) -> None:
        """Copy a text to it."""
        self.training.copy(text)

    def read(self) -> str:
        """Its text.

        Raises:
            ClipboardError: it is empty.
        """
        if text := self.training.bring():
            return text
        raise ClipboardError(EMPTY if self.training.found_nothing else NOTHING)


@dataclass
class GuidingWizard(PlainWizard):
    """The wizard as opened from the shell. `bringing` is shell output for its step."""

    bringing: str = ""
    quits: ClassVar[str] = "goes back to the shell"
    world: World | None = None

    def visit(self, training: Training) -> None:
        """Run from the last step shown, until the person returns to the shell."""
        self.write(HERE)
        self.world = training.console.world
        at = training.wizard_at or Goal.SUMMARY
        while at is not Goal.QUIT:
            training.wizard_at = None if isinstance(at, Goal) else at
            at = self._summary() if isinstance(at, Goal) else self._step(step(at))

    def arrive(self, current: Step) -> None:
        """Begin a visit of a step with the shell's output."""
        super().arrive(current)
        text, self.bringing = self.bringing, ""
        if text and current.takes_text:
            self.give(current, text)

    def open(self, current: Step) -> None:
        """Read a log file of the practice servers; practice never reads the real disk."""
        files = mail.log_files(self.world) if self.world else ()
        if not files:
            self.write(NO_FILES)
            return
        for number, file in enumerate(files, start=1):
            self.write(f"  {number}: on {file.server}, {file.path}")
        answer = self.ask.one("The number of a log file of the practice servers; b: none").strip()
        if answer.isdecimal() and 0 < int(answer[:6]) <= len(files):
            self.give(current, files[int(answer[:6]) - 1].text)
        else:
            self.write("No file was chosen. Nothing is read.")

    def took(self, taken: Taken | None, current: Step) -> None:
        """Report on evidence; where it asks for waiting, say how that is done here."""
        super().took(taken, current)
        if taken and any(finding.id in TOO_SOON for finding in self.findings(current)):
            self.write("Practice: q goes back to the shell, wait there lets a quarter of an hour pass.")

    def unasked(self, current: Step, answer: str) -> bool:
        """Explain where a word of the shell is answered; everything else goes to the wizard."""
        if answer.strip().casefold() in OF_THE_SHELL:
            self.write(f"{answer.strip()} is answered in the shell: q goes back there.")
            return True
        return super().unasked(current, answer)

    def save(self) -> None:
        """Say that practice saves nothing."""
        self.write(NOT_SAVED)


def guiding(training: Training, ask: Asker, write: Callable[[str], None]) -> GuidingWizard:
    """The wizard of a training."""
    clipboard = PracticeClipboard(training)

    def copy(text: str) -> Iterator[str]:
        clipboard.write(text)
        yield COPIED

    return GuidingWizard(training.keeper.case, ask, write, clipboard, copy, keeper=training.keeper)


LEFT, WRONG, INTERRUPTED = 0, 2, 130
"""Exit statuses: left, or the end of input; no such scenario; Ctrl+C, as in shells."""

WELCOME = "exchange-cert-wizard PRACTICE, line by line. Nothing here reaches a real server."

GOODBYE = "Practice is left. What you finished is in your record."

REACHED = "Every goal is met. done shows how it went."

NOT_CLEARED = "Line by line nothing is cleared: what was printed before stays above."

CONCLUDE = "When you know what is wrong, done asks for it."

WORDS = {
    "story": "the story and the goals again",
    "wizard": "the wizard: what to run next, and why",
    "paste": "runs what was copied in the wizard",
    "answer": "gives what was printed last to the wizard",
    "server": "goes to another server of the exercise",
    "wait": "lets a quarter of an hour pass",
    "hint": "a hint, the gentlest first; hints are counted",
    "coach": "what the last line meant, and how far the goals are",
    "done": "ends the exercise and shows how it went",
    "quit": "leaves practice",
    "?": "this list",
}
"""Words that are answered here and never reach the shell."""


def run(scenario: str | None, mode: Mode | None, seed: int | None) -> int:
    """Train line by line; returns the exit status. Ctrl+C drops an open question of the shell, otherwise it leaves."""
    write = Printer(ascii_for(load(settings_file())))
    practice = PlainPractice(ShellAsker(write), write)
    try:
        if scenario is not None or mode is Mode.SANDBOX:
            number, chosen = found(scenario, mode)
            practice.train(number, chosen, mode or Mode.GUIDED, seed)
        else:
            practice.choose(mode, seed)
    except ScenarioError as error:
        complain(str(error))
        return WRONG
    except KeyboardInterrupt:
        write(f"\n{GOODBYE}")
        return INTERRUPTED
    except (EOFError, Left):
        write(GOODBYE)
    return LEFT


class Left(Exception):
    """The person has left practice."""


class ShellAsker(LineAsker):
    """Asks like a console: the answer follows the prompt, and each line of a paste is an answer."""

    def line(self, prompt: str) -> str:
        """One line, unchanged."""
        sys.stdout.write(shown(prompt))
        sys.stdout.flush()
        try:
            answer = input()
        except (EOFError, KeyboardInterrupt):
            sys.stdout.write("\n")
            raise
        if not self._typed:
            self._write(answer)
        return answer


@dataclass
class PlainPractice:
    """Practice for one person. `write` prints a line."""

    ask: ShellAsker
    write: Callable[[str], None]
    _written: int = field(default=0, init=False)

    def choose(self, mode: Mode | None, seed: int | None) -> None:
        """List the scenarios and train the chosen one, until the person leaves."""
        self.write(WELCOME)
        while True:
            scenarios = library.all_scenarios()
            learned = read_record()
            if learned.problem:
                self.write(learned.problem)
            for number, each in enumerate(scenarios, start=1):
                self.write(f"  {number}: {each.title} ({standing_in_words(learned.standing(each.identity))})")
            following = next_of_course(learned, scenarios) + 1
            if course := course_in_words(learned, scenarios):
                self.write(course)
            chosen = self._number(
                f"The number of a scenario; Enter alone: {following}; s for the sandbox, q leaves.",
                len(scenarios),
                other="s",
                usual=following,
            )
            if chosen is None:
                return
            way = Mode.SANDBOX if chosen == 0 else mode or self._way()
            if way is Mode.SANDBOX:
                self.train(0, library.sandbox(), way, seed)
            elif way:
                self.train(chosen, scenarios[chosen - 1], way, seed)

    def _way(self) -> Mode | None:
        for number, (name, does) in enumerate(WAYS.values(), start=1):
            self.write(f"  {number}: {name}, {does}")
        chosen = self._number("How to train? Enter alone: guided. q goes back.", len(WAYS), usual=1)
        return list(WAYS)[chosen - 1] if chosen else None

    def _number(self, question: str, most: int, other: str = "", usual: int = -1) -> int | None:
        """The number in the answer, 0 for the answer `other`, `usual` for Enter alone; None for going back."""
        while True:
            answer = self.ask.one(question).casefold()
            if answer in ("q", "b"):
                return None
            if other and answer == other:
                return 0
            if not answer and usual >= 0:
                return usual
            if answer.isdecimal() and 0 < int(answer[:6]) <= most:
                return int(answer)
            self.write(f"{answer!r} is none of the answers here: 1 to {most}.")

    def train(self, number: int, scenario: Scenario, mode: Mode, seed: int | None) -> None:
        """Train a scenario to its end, then the ones chosen after it."""
        following: tuple[int, Scenario, int] | None = (number, scenario, fresh_seed() if seed is None else seed)
        while following:
            training = Training(following[1], following[0], mode, following[2])
            self._written = len(training.lines)
            self._at_the_shell(training)
            following = self._ended(training)

    def _at_the_shell(self, training: Training) -> None:
        """Tell the story and run the shell until the exercise is done."""
        wizard = guiding(training, self.ask, self.write)
        self.write(f"\nPRACTICE: {training.name}")
        self._story(training)
        self.write("Type commands at the prompt. These words are answered here:")
        self._list_words(training)
        done = False
        while not done:
            left = training.time_left()
            if left is not None:
                self.write(time_left(left))
            if left is not None and not left:
                return
            try:
                line = self.ask.line(before_input(training.prompt))
            except KeyboardInterrupt:
                if training.at_prompt:
                    raise
                training.interrupt()
            else:
                done = self._take(training, wizard, line)
            if not done:
                self._show(training)

    def _take(self, training: Training, wizard: GuidingWizard, line: str) -> bool:
        """Pass a line to the shell, or obey its word; True if the exercise is done."""
        word = line.strip().casefold()
        if not training.at_prompt or word not in WORDS or not _offered(training, word):
            if training.enter(line).cleared:
                self.write(NOT_CLEARED)
            if word == "exit" and training.at_prompt:
                training.coach("quit leaves practice, done ends the exercise.")
        elif word == "done":
            return self._may_end(training)
        elif word == "quit":
            raise Left
        elif word in ("wizard", "answer"):
            wizard.bringing = training.brings if word == "answer" else ""
            training.given = True
            wizard.visit(training)
        else:
            self._do(training, word)
        return False

    def _do(self, training: Training, word: str) -> None:
        if word == "hint":
            training.hint()
        elif word == "coach":
            training.ask()
        elif word == "wait":
            training.wait()
        elif word == "story":
            self._story(training)
        elif word == "server":
            self._go(training)
        elif word == "paste" and training.clipboard:
            self.write(f"{before_input(training.prompt)}{training.clipboard}")
            training.paste(f"{training.clipboard}\n")
        elif word == "paste":
            self.write("Nothing was copied in practice yet: wizard goes to the wizard, and c there copies its command.")
        else:
            self._list_words(training)

    def _go(self, training: Training) -> None:
        names = training.servers
        for number, name in enumerate(names, start=1):
            self.write(f"  {number}: {name}{' (here)' if name == training.here else ''}")
        if chosen := self._number("The number of a server; b stays.", len(names)):
            training.go_to(names[chosen - 1])

    def _story(self, training: Training) -> None:
        self.write(training.story)
        for goal in training.goals:
            mark = ("[x] " if goal.met else "[ ] ") if training.shows_met else "- "
            self.write(f"  {mark}{goal.say}")

    def _list_words(self, training: Training) -> None:
        for word, does in WORDS.items():
            if _offered(training, word):
                self.write(f"  {word}: {does}")

    def _show(self, training: Training) -> None:
        """Print the new output of the shell and the coach."""
        for line in training.lines[max(self._written - training.dropped, 0) :]:
            if line.kind is not LineKind.TYPED:
                self.write(line.text)
        self._written = training.dropped + len(training.lines)
        if training.guided and training.reached and training.at_prompt:
            self.write(CONCLUDE if training.exercise.conclusions else REACHED)
        elif training.guided and training.to_wait and training.at_prompt:
            self.write("Next: wait lets a quarter of an hour pass, so that Exchange tries again and writes its log.")

    def _may_end(self, training: Training) -> bool:
        """Ask before the end where needed; True if it may end."""
        if conclusions := training.conclusions:
            for number, each in enumerate(conclusions, start=1):
                self.write(f"  {number}: {each.say}")
            answer = self._number(f"{WHAT_IS_WRONG} b goes back to the shell.", len(conclusions))
            if answer is None:
                return False
            training.conclude(conclusions[answer - 1].key)
            return True
        if not asks_before_the_end(training):
            return True
        question = HAND_IN if training.mode is Mode.EXAM else END_OPEN
        return self.ask.one(f"{question} (y/n)").casefold() in ("y", "yes")

    def _ended(self, training: Training) -> tuple[int, Scenario, int] | None:
        """Show and record the result; returns the next training, None for the list."""
        result = training.finish()
        if training.ran_out:
            self.write(f"\n{TIME_UP}")
        self.write(f"\n{as_text(result)}")
        if training.counts:
            self.write(keep(result) or "Kept in your record.")
        scenarios, number = library.all_scenarios(), training.number
        self.write("  1: again, with other names\n  2: the same again")
        follows = 0 < number < len(scenarios)
        if follows:
            self.write(f"  3: next scenario, {scenarios[number].title}")
        answer = self._number("A number; q goes to the scenarios.", 3 if follows else 2)
        if answer is None:
            return None
        if answer == 3:
            return number + 1, scenarios[number], fresh_seed()
        return number, training.scenario, fresh_seed() if answer == 1 else result.seed


def _offered(training: Training, word: str) -> bool:
    """True if this way of training offers the word."""
    if word in ("wizard", "paste", "answer"):
        return training.guided
    if word == "server":
        return len(training.servers) > 1
    return (word != "hint" or training.may_hint) and (word != "coach" or training.may_ask)
