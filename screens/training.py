"""A training session at the practice shell, without any screen: input, output, and the coach's remarks.

The guiding wizard is the real one, on its own case outside the casebook. Copies go only to the training's own
clipboard: the learner's may hold something they need, it cannot be read back over every terminal, and so an exercise
works alike on every computer. A paste by the terminal's own command is accepted, as in a real console.
"""

from __future__ import annotations

import enum
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from wizard.case.case import Case, StepId, host
from wizard.case.keeper import Keeper
from wizard.machine.settings import practice_folder
from wizard.practice import scenariofile as library
from wizard.practice.coach import Met, judge, no_such_path, remark
from wizard.practice.result import Attempt, Learned, ProgressError, ProgressFolder, Result, ScenarioStanding
from wizard.practice.scenario import Conclusion, Exercise, Mode, Scenario
from wizard.practice.shell.session import PracticeShell, Printed, opened
from wizard.practice.world import Event, World
from wizard.practice.world import EventKind as Happened
from wizard.steps.flow import server_at
from wizard.steps.parts import Step

NEXT = "next"
"""What is written for a scenario's name to go on with the course."""


def next_of_course(record: Learned, scenarios: Sequence[Scenario]) -> int:
    """The place of the first scenario that was never solved; the first one once all are. Their order is the course."""
    return next((at for at, each in enumerate(scenarios) if not record.standing(each.identity).solved), 0)


def course_in_words(record: Learned, scenarios: Sequence[Scenario]) -> str:
    """How much of the course is solved; empty before the first."""
    solved = sum(1 for each in scenarios if record.standing(each.identity).solved)
    return f"{solved} of {len(scenarios)} solved." if solved else ""


def found(written: str | None, mode: Mode | None) -> tuple[int, Scenario]:
    """The scenario and its number, 0 if it is not in the list; without a name the course's next, or the sandbox.

    Raises:
        ScenarioError: there is none of this name; the message suggests similar ones.
    """
    if written is None and mode is Mode.SANDBOX:
        return 0, library.sandbox()
    scenarios = library.all_scenarios()
    if written is None or written.casefold() == NEXT:
        at = next_of_course(read_record(), scenarios)
        return at + 1, scenarios[at]
    number = int(written) if written.isdecimal() and len(written) < 6 else 0
    if 0 < number <= len(scenarios):
        return number, scenarios[number - 1]
    chosen = library.find_scenario(written)
    return scenarios.index(chosen) + 1 if chosen in scenarios else 0, chosen


def read_record() -> Learned:
    """Read the record; if that fails, `problem` of the result says why."""
    try:
        return ProgressFolder(practice_folder()).read()
    except ProgressError as error:
        return Learned(problem=str(error))


def keep(result: Result) -> str:
    """Add a result to the record; returns why that failed, otherwise an empty text."""
    try:
        ProgressFolder(practice_folder()).add(result)
    except ProgressError as error:
        return str(error)
    return ""


def standing_in_words(standing: ScenarioStanding) -> str:
    """The record of a scenario: new, tried, solved, with damage or not; and the best time."""
    if not standing.tried:
        return "new"
    if not standing.solved:
        return "not solved yet"
    best = ""
    if standing.best:
        minutes = max(round(standing.best.took.total_seconds() / 60), 1)
        best = f", best {minutes} min"
    return f"{'solved' if standing.clean else 'solved with damage'}{best}"


def same_again(record: Learned, scenario: str) -> int | None:
    """The seed of the last training of a scenario; None if it was never trained."""
    return next((each.seed for each in reversed(record.results) if each.scenario == scenario), None)


WAYS = {
    Mode.GUIDED: ("guided", "with the wizard and a coach"),
    Mode.ALONE: ("on your own", "the shell alone, help when you ask"),
    Mode.EXAM: ("exam", "against the clock, no help"),
    Mode.SANDBOX: ("sandbox", "no goals, and nothing counts"),
}
"""The ways to train: name and description."""

PASTED_ANSWERS = (
    "Practice: the shell asked while more lines were being pasted, and the next of them were taken as answers. An "
    "empty one is the default answer. Paste a command that asks alone, without a line end."
)

NO_MORE_HINTS = "That was the last hint."

NOTHING_ENTERED = "Nothing was entered yet."

NOTHING_CHANGED = "That line changed nothing; to read does no harm. Whether it showed what you need, you decide."

NOTHING_TO_SAY = "Nothing to say of that line."


class LineKind(enum.Enum):
    """The source of a console line."""

    STORY = "story"
    TYPED = "typed"
    PRINTED = "printed"
    COACH = "coach"


@dataclass(frozen=True, slots=True)
class Written:
    """One console line without its line end; it may be wider than the window."""

    text: str
    kind: LineKind


def before_input(prompt: str) -> str:
    """A prompt as printed before the input: a blank separates a question from its answer."""
    return prompt if not prompt or prompt.endswith((">", " ")) else f"{prompt} "


MOST_LINES = 9_999
"""Lines the console keeps; like a real one, it drops the oldest."""

SEEDS = 1_000_000
"""Seeds are below this number, short enough to be read out over the telephone."""

OVERTIME = 2
"""An exam lasts this many times the minutes of a person who knows the solution."""

CONTINUED = ">>"

WAIT = "Start-Sleep -Seconds 900"
"""Longer than Exchange's retry interval, and than log rows stay in memory."""

TAKE_TIME = {Happened.LOGGING_CHANGED, Happened.QUEUE_RETRIED}
"""Events whose effect shows in the log only minutes later."""


def fresh_seed() -> int:
    """A random seed."""
    return random.randrange(1, SEEDS)


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class Training:
    """One attempt at a scenario. `number` is its place in the list, 0 for none. `typed` is the unfinished line.

    `answer` is the output of the last command, with its questions and their answers; `given` says that the wizard has
    it, `pasted` that the clipboard's text is in the shell. `lines` is the console's content and grows at its end;
    `dropped` counts those dropped at its beginning. `history` holds the commands entered; `ran_out` says that the time
    ended it.
    """

    def __init__(
        self,
        scenario: Scenario,
        number: int,
        mode: Mode,
        seed: int,
        now: Callable[[], datetime] | None = None,
        console: Callable[[World], PracticeShell] | None = None,
    ) -> None:
        self.scenario = scenario
        self.number = number
        self.exercise: Exercise = scenario.drawn(seed)
        self._now = now or utc_now
        self.attempt = Attempt(self.exercise, mode, self._now())
        self._open = console or opened
        self.console = self._open(self.exercise.start)
        self.prompt = self.console.prompt
        self.asking = False
        self.lines: list[Written] = []
        self.dropped = 0
        self.typed = ""
        self.history: list[str] = []
        self.clipboard = ""
        self.pasted = True
        self.answer = ""
        self.given = True
        self.clipped = self.found_nothing = False
        self.wizard_at: StepId | None = StepId.SYMPTOM
        self.keeper = Keeper(None)
        # The wizard uses the exercise's clock: by the real one the certificates would expire one day.
        self.keeper.begin(Case(opened=self.exercise.start.now))
        self.judgement = judge(self.exercise, self.console.world)
        self.result: Result | None = None
        self.ran_out = False
        self._remark, self._nothing = "", NOTHING_ENTERED
        self._printed: list[str] = []
        self._waited = 0
        self._say(self.story, LineKind.STORY)

    @property
    def mode(self) -> Mode:
        """The way of training."""
        return self.attempt.mode

    @property
    def name(self) -> str:
        """Number, title and way of training, for the header."""
        number = f"{self.number}. " if self.number else ""
        at = f" at {self.here}" if len(self.servers) > 1 else ""
        way = "" if self.mode is Mode.SANDBOX else f" ({WAYS[self.mode][0]})"
        return f"{number}{self.exercise.title}{way}{at}"

    @property
    def story(self) -> str:
        """The story, one line for each paragraph, to be wrapped to any width."""
        paragraphs = self.exercise.story.strip().split("\n\n")
        return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)

    @property
    def guided(self) -> bool:
        """True if the wizard stands beside the shell."""
        return self.mode is Mode.GUIDED

    @property
    def begun(self) -> bool:
        """True if anything was entered."""
        return bool(self.attempt.typed)

    @property
    def conclusions(self) -> tuple[Conclusion, ...]:
        """What it may come down to, asked at its end; empty where nothing is asked."""
        return self.exercise.conclusions if self.mode is not Mode.SANDBOX else ()

    @property
    def at_prompt(self) -> bool:
        """True if the shell waits for a new command, not for an answer or the rest of one."""
        return not self.asking and self.prompt.strip() != CONTINUED

    @property
    def reached(self) -> bool:
        """True if every goal is met; never without goals, nor where only the final answer counts."""
        reached = self.exercise.reached(self.console.world)
        return reached and (self.begun or not self.exercise.conclusions)

    def time_left(self) -> timedelta | None:
        """Time left of an exam, never negative; None for other ways of training."""
        if self.mode is not Mode.EXAM:
            return None
        given = timedelta(minutes=self.exercise.minutes * OVERTIME)
        return max(self.attempt.started + given - self._now(), timedelta(0))

    # At the console

    def enter(self, line: str) -> Printed:
        """Give the shell one line, without its line end; the output also goes to `lines`."""
        before = self.console.world
        if self.at_prompt:
            self._printed = []
            self.given = self.clipped = self.found_nothing = False
            self.pasted = self.pasted or bool(line.strip())
        self._add([Written(f"{before_input(self.prompt)}{line}", LineKind.TYPED)])
        if not self.at_prompt:
            self._printed.append(f"{before_input(self.prompt)}{line}")
        if not self.asking and line.strip() and self.history[-1:] != [line]:
            self.history.append(line)
        self.typed = ""
        self.attempt = self.attempt.typing(line)
        printed = self._take(self.console.enter(line))
        self._look(before)
        return printed

    def wait(self) -> None:
        """Let a quarter of an hour pass, in which Exchange retries its queues and writes its log."""
        self._waited, pasted = len(self.console.world.events), self.pasted
        self.enter(WAIT)
        self.pasted = pasted

    @property
    def here(self) -> str:
        """The name of the shell's server."""
        return self.console.world.here

    @property
    def servers(self) -> tuple[str, ...]:
        """The servers on which a shell can be opened."""
        return tuple(server.name for server in self.console.world.servers if server.answers)

    def go_to(self, server: str) -> None:
        """Open a shell on another server of the same organisation, as if by going to its console."""
        if server == self.here:
            self._say(f"You are at {server} as before.", LineKind.COACH)
            return
        self.console = self._open(replace(self.console.world, here=server))
        self.prompt, self.asking = self.console.prompt, False
        self.answer, self._printed = "", []
        self._say(f"You are at {server} now, in a shell of its own.", LineKind.COACH)

    @property
    def to_wait(self) -> bool:
        """True if something was started whose effect takes time, and nobody has waited since."""
        return any(event.kind in TAKE_TIME for event in self._since())

    def _since(self) -> tuple[Event, ...]:
        """The events since the last wait, or since the start."""
        return self.console.world.events[max(self._waited, len(self.exercise.start.events)) :]

    @property
    def mail_left(self) -> bool:
        """True if mail has left since the last wait, or since anything was started."""
        return any(event.kind is Happened.MAIL_SENT for event in self._since())

    @property
    def led(self) -> bool:
        """True if mail is stuck at the start; the wizard leads nowhere without that."""
        return any(queue.messages for queue in self.exercise.start.queues)

    @property
    def brings(self) -> str:
        """The text for the wizard: the last output, or what a command put on the clipboard instead."""
        return self.answer if self.answer.strip() else self.clipboard if self.clipped else ""

    def interrupt(self) -> None:
        """Ctrl+C: drop the typed text, the question or the unfinished command."""
        before = self.console.world
        self._add([Written(f"{before_input(self.prompt)}{self.typed}^C", LineKind.TYPED)])
        self.typed = ""
        self._take(self.console.interrupt())
        self._look(before)

    def paste(self, text: str) -> None:
        """Paste text as into a console: each line end is an Enter, the rest can still be edited."""
        *whole, rest = text.split("\n")
        answered = 0
        for line in whole:
            answered += self.asking
            self.enter(f"{self.typed}{line}")
        if answered and self.mode is not Mode.EXAM:
            self._say(PASTED_ANSWERS, LineKind.COACH)
        self.typed += rest

    def copy(self, text: str) -> None:
        """Put a text on the training's clipboard."""
        self.clipboard, self.pasted = text, False

    def copy_printed(self, text: str) -> None:
        """Copy the shell's output to the clipboard: it is for the wizard, not for pasting into the shell."""
        self.clipboard, self.pasted = text, True

    def bring(self) -> str:
        """Take the clipboard's text for the wizard; if it is the shell's answer, the wizard has it now."""
        self.given = self.given or bool(self.clipboard.strip() and self.clipboard == self.brings)
        return self.clipboard if self.clipboard.strip() else ""

    @property
    def holds_output(self) -> bool:
        """True if the clipboard holds what the shell printed: run as commands, each of its lines would be an error."""
        return self.pasted and "\n" in self.clipboard.strip()

    def clear(self) -> bool:
        """Esc: clear the typed text, a command stays in the history. False if nothing was typed."""
        if not self.typed:
            return False
        if self.at_prompt and self.typed.strip() and self.history[-1:] != [self.typed]:
            self.history.append(self.typed)
        self.typed = ""
        return True

    def _take(self, printed: Printed) -> Printed:
        self.prompt, self.asking = printed.prompt, printed.asking
        if printed.cleared:
            self._drop(len(self.lines))
            self._printed.clear()
        if printed.clipboard is not None:
            self.copy(printed.clipboard)
            self.pasted = True
            self.clipped = bool(printed.clipboard.strip())
            self.found_nothing = not (self.clipped or no_such_path(printed.text))
        if printed.text:
            self._say(printed.text, LineKind.PRINTED)
            self._printed.append(printed.text)
        self.answer = "\n".join(self._printed)
        return printed

    def _look(self, before: World) -> None:
        """React to the step just taken."""
        world = self.console.world
        self.judgement = judge(self.exercise, world, self.attempt.conclusion)
        self._nothing = NOTHING_TO_SAY if before.events != world.events else NOTHING_CHANGED
        line = self.attempt.typed[-1] if self.attempt.typed else ""
        self._remark = remark(self.exercise, before, world, line, self.answer)
        if self.guided and self._remark:
            self._say(f"Coach: {self._remark}", LineKind.COACH)

    def _say(self, text: str, kind: LineKind) -> None:
        self._add([Written(line, kind) for line in text.split("\n")])

    def _add(self, lines: list[Written]) -> None:
        self.lines += lines
        self._drop(max(len(self.lines) - MOST_LINES, 0))

    def _drop(self, count: int) -> None:
        """Drop the oldest lines."""
        del self.lines[:count]
        self.dropped += count

    # The coach

    @property
    def may_hint(self) -> bool:
        """True if hints are given."""
        return self.mode in (Mode.GUIDED, Mode.ALONE)

    @property
    def may_ask(self) -> bool:
        """True if the coach answers when asked; in guided training it speaks by itself."""
        return self.mode is Mode.ALONE

    def hint(self) -> str:
        """Take the next hint, the gentlest first; it is counted and goes to `lines`. Empty if none is given."""
        if not self.may_hint:
            return ""
        self.attempt, hint = self.attempt.hinted()
        count = f"Hint {self.attempt.hints} of {len(self.exercise.hints)}"
        said = f"{count}: {hint}" if hint else NO_MORE_HINTS
        self._say(said, LineKind.COACH)
        return said

    def ask(self) -> str:
        """The coach's remark on the last line, and the progress of the goals; it goes to `lines`."""
        said = f"Coach: {self._remark or self._nothing} {self.goals_in_few}".rstrip()
        self._say(said, LineKind.COACH)
        return said

    def coach(self, sentence: str) -> None:
        """Print a remark of the coach."""
        self._say(sentence, LineKind.COACH)

    @property
    def goals(self) -> tuple[Met, ...]:
        """The goals and whether each is met; none in the sandbox, whatever scenario its servers are of."""
        return () if self.mode is Mode.SANDBOX else self.judgement.goals

    @property
    def goals_in_few(self) -> str:
        """The number of goals met, in few words."""
        goals = self.goals
        return f"{sum(goal.met for goal in goals)} of {len(goals)} goals met." if goals else ""

    @property
    def shows_met(self) -> bool:
        """True if met goals are shown as they happen."""
        return self.guided

    # The end

    @property
    def to_lose(self) -> bool:
        """True if lines were entered and there is no result yet."""
        return self.begun and self.result is None

    def conclude(self, key: str) -> None:
        """Answer what is wrong, by the conclusion's key."""
        self.attempt = self.attempt.concluding(key)

    def finish(self) -> Result:
        """End the training and return its result sheet; the same one when called again."""
        if self.result is None:
            self.ran_out = self.time_left() == timedelta(0)
            self.result = self.attempt.sheet(self.console.world, self._now())
        return self.result

    @property
    def counts(self) -> bool:
        """True if it goes into the record: not the sandbox, nor an attempt left without a line entered."""
        return self.mode is not Mode.SANDBOX and self.begun


ROOM_FOR_GOALS = 22
"""Rows of a window from which each goal gets its own line."""

COPIED = "Copied inside practice; your own clipboard is as it was. {shell.paste} pastes it."

COPIED_ANSWER = "Copied inside practice. {practice.switch} goes to the wizard, {step.paste} pastes it there."

COPIED_COMMAND = "Copied inside practice. Next: {practice.switch} to the shell, {shell.paste} pastes it."

EXIT = "{shell.back} leaves the shell and keeps the exercise, {shell.finish} ends it."

HOW_IT_GOES = (
    "Practice is a simulated Exchange organisation with a shell of its own. Nothing here reaches a real server, and a "
    "real case waits untouched.",
    "Each scenario tells a story and has goals. What counts is the state reached and the damage avoided, not the text "
    "typed; several ways lead there.",
    "Guided: with the wizard and a coach. On your own: the shell alone, hints and the coach when you ask. "
    "Exam: against the clock, no help. Sandbox: no goals, and nothing counts.",
    "Servers, names and thumbprints are other ones each time; {practice.names} takes those of last time. An exercise "
    "that is left with {shell.back} is the first row of the list and can be gone on with until the program ends.",
)

NOTHING_PRINTED = "Nothing was printed yet that could be copied."

NOTHING_COPIED = "Nothing was copied in practice yet: {step.copy} in the wizard copies its command."

NOTHING_COPIED_ALONE = "Nothing was copied in practice yet. Your terminal's own paste works here too."

TO_THE_WIZARD = "Next: {practice.switch} shows the wizard, which says what to run."

FROM_BESIDE = "Next: {practice.switch} to the wizard; {step.copy} there copies its command."

ELSEWHERE = "{shell.server} opens a shell on another server; {practice.switch} shows the wizard."

PASTE = "Next: {shell.paste} pastes what you copied, Enter runs it."

RUN = "Enter runs it. Esc clears the line; Up brings it back."

IN_THE_WIZARD = "Practice: {step.copy} copies the command, {practice.switch} goes to the shell."

IN_THE_WIZARD_AT = "Practice: {step.copy} copies it, {practice.switch} goes to the shell, {shell.server} there to "

RAN_IT = "Practice: it was run. {practice.switch} goes to the shell, {shell.answer} there gives what it printed."

RAN_THE_FIRST = "Practice: the first was run. {step.turn} shows the next, {step.copy} copies it."

GO_ON_THERE = "Practice: nothing is left to run here. {step.next} goes on."

CHECK_FIRST = "Practice: nothing is run yet. {step.next} goes on to the step where the line is copied and run."

CLIPPED = "It is on the clipboard. Next: {practice.switch} to the wizard, {step.paste} takes it."

FOUND_NOTHING = (
    "It found nothing, so the clipboard is empty. A log gets rows once logging is on and mail was tried since: "
    "{shell.wait} lets 15 minutes pass."
)

LET_TIME_PASS = "Next: {shell.wait} lets 15 minutes pass, so that Exchange tries again and the log is written."

WAIT_FOR_THE_LOG = "The mail has left. Next: {shell.wait} lets 15 minutes pass, so that the log is written."

NOT_LED = "No mail is stuck, so the wizard leads nowhere here. {shell.task} shows the task, {shell.hint} gives a hint."

KEYS_BESIDE = "The keys are the wizard's now. {practice.switch} comes here."

PASTE_BESIDE = "The keys are the wizard's. Next: {practice.switch} comes here, {shell.paste} pastes what you copied."

NOT_LED_BESIDE = (
    "No mail is stuck, so the wizard leads nowhere here. {practice.switch} comes here; {shell.hint} then gives a hint."
)

ANSWER_READY = "Next: {shell.answer} gives this answer to the wizard."

ASKED = "The shell asks. Read it, type your answer, press Enter."

STILL_TYPING = "Not finished: go on typing; Ctrl+C gives it up."

REACHED = "Every goal is met. {shell.finish} shows how it went; {practice.switch} goes on with the proof."

NO_COMMAND = "What is copied is output, no command. {step.copy} in the wizard copies its command again."

CONCLUDE = "When you know what is wrong, {shell.finish} asks for it."

ALONE = "{shell.task} task, {shell.hint} hint, {shell.coach} coach, {shell.finish} when you are done."

EXAM = "{shell.task} shows the task, {shell.finish} hands in."

SANDBOX = "Try what you like: nothing here is real. {shell.finish} ends it."


def advice(training: Training, beside: bool, focused: bool = True) -> str:
    """A sentence with the next action. An exam gets none that helps.

    `beside` says that the wizard is visible, `focused` that the shell has the keys.
    """
    mode = training.mode
    if beside and not focused:
        return PASTE_BESIDE if not training.pasted else KEYS_BESIDE if training.led else NOT_LED_BESIDE
    if training.asking:
        return ASKED
    if not training.at_prompt:
        return STILL_TYPING
    if mode is Mode.EXAM:
        return EXAM
    if mode is Mode.SANDBOX:
        return SANDBOX
    if mode is Mode.ALONE:
        return ALONE
    return _guided(training, beside)


def _guided(training: Training, beside: bool) -> str:
    """The reaction to the last key, otherwise the next action: copy in the wizard, paste, run, give back."""
    if training.typed.strip():
        return RUN
    if training.reached and not training.exercise.conclusions:
        return REACHED
    if not training.pasted:
        return PASTE
    if training.found_nothing:
        return FOUND_NOTHING
    if not training.led:
        return CONCLUDE if training.reached else NOT_LED
    return _round(training, beside)


def _round(training: Training, beside: bool) -> str:
    """The state of the round with the wizard."""
    if training.answer.strip() and not training.given:
        return ANSWER_READY
    if training.clipped and not training.given:
        return CLIPPED
    if training.reached:
        return CONCLUDE
    if training.to_wait:
        return WAIT_FOR_THE_LOG if training.mail_left else LET_TIME_PASS
    if len(training.servers) > 1 and training.begun:
        return ELSEWHERE
    return FROM_BESIDE if beside else TO_THE_WIZARD


def in_the_wizard(training: Training, at: Step, case: Case) -> str:
    """The next action at a step of the wizard in practice; empty where there is nothing to run."""
    commands = at.commands(case)
    if not commands:
        return ""
    if at.forms:
        return CHECK_FIRST
    typed = {line.strip() for line in training.attempt.typed}
    left = [command for command in commands if command.text not in typed]
    if not at.missing(case) and not (left[:1] == list(commands[:1]) and commands[0].changes):
        return GO_ON_THERE
    if not left:
        return RAN_IT
    if left[0] is not commands[0]:
        return RAN_THE_FIRST if commands[0].changes else RAN_IT
    there = server_at(at.id, case)
    elsewhere = there and not commands[0].server and host(there) != host(training.here)
    return f"{IN_THE_WIZARD_AT}{there}." if elsewhere else IN_THE_WIZARD


def goals(training: Training, in_few: bool, named: Callable[[str], str]) -> str:
    """The goals, one a line or in few words; met goals are marked only where that is shown as they happen."""
    met = training.goals
    if not met:
        return "Sandbox: no goals." if training.mode is Mode.SANDBOX else ""
    if in_few:
        count = training.goals_in_few if training.shows_met else f"{len(met)} goal{'s' if len(met) > 1 else ''}."
        return f"{count} {named('{shell.task}')} lists them."
    mark = {True: "[x]", False: "[ ]"} if training.shows_met else {True: " - ", False: " - "}
    return "\n".join(("Goals:", *(f"{mark[goal.met]} {goal.say}" for goal in met)))


WHAT_IS_WRONG = "What is wrong here? Choose your answer."

END_OPEN = "Not every goal is met yet. End it all the same?"

TIME_UP = "The time was up. What was reached until then counts."

UNFINISHED = "Not finished: {name}. An exercise is kept only until the program ends or another one begins."

HAND_IN = "Hand in now? The state of the servers counts, and the damage that was avoided."

NOTHING_TO_TAKE = (
    "Nothing was copied in practice yet. {practice.switch} goes to the shell; {shell.answer} there brings its answer."
)

CLIPBOARD_EMPTY = (
    "The clipboard is empty: the last command in the shell found nothing. A log gets rows once logging is on and "
    "time has passed: {practice.switch} goes to the shell, {shell.wait} there waits."
)


WAIT_THERE = "Practice: {practice.switch} goes to the shell, {shell.wait} there lets 15 minutes pass."

TOO_SOON = frozenset({"nothing-new", "in-retry"})
"""The findings that ask for waiting."""


def asks_before_the_end(training: Training) -> bool:
    """True if ending an exercise needs a question: with an open goal, and in an exam, which keeps its goals hidden."""
    if training.mode is Mode.SANDBOX:
        return False
    return training.mode is Mode.EXAM or not training.reached


def how_to(training: Training) -> tuple[str, ...]:
    """How to use the practice shell, in short paragraphs."""
    usual = (
        "Tab completes, Up and Down bring back earlier lines, PgUp and PgDn scroll, Ctrl+C gives a line up. "
        "{shell.wait} lets a quarter of an hour pass."
    )
    if training.guided:
        return (
            "How it goes: {practice.switch} shows the wizard. {step.copy} there copies its command; {practice.switch} "
            "comes back here, {shell.paste} pastes it and Enter runs it. {shell.answer} gives what was printed to the "
            "wizard, and {step.next} goes on there.",
            f"{usual} {{shell.hint}} gives a hint.",
        )
    return (usual,)


def time_left(left: timedelta) -> str:
    """The clock of an exam: minutes and seconds."""
    seconds = int(left.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02} left"
