"""Training at the practice shell, without any screen: what is entered, what is printed, what the coach says of it.

The wizard that guides is the real one over a case of its own, which no casebook keeps. What is copied during
training goes to a clipboard of the training's own and nowhere else: the learner's clipboard may hold what they
need, over a terminal it could not be read back, and an exercise then works the same on every computer. What the
learner pastes with the terminal's own command is taken as it comes, as a real console does.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from screens.practice.written import (
    NO_MORE_HINTS,
    NOTHING_CHANGED,
    NOTHING_ENTERED,
    NOTHING_TO_SAY,
    PASTED_ANSWERS,
    WAYS,
    Kind,
    Written,
    before_input,
)
from wizard.case import Case, StepId
from wizard.keeper import Keeper
from wizard.practice.coach import Met, judge, remark
from wizard.practice.result import Attempt, Result
from wizard.practice.scenario import Exercise, Mode, Scenario
from wizard.practice.shell.session import Console, Printed, opened
from wizard.practice.world import Event, World
from wizard.practice.world import Kind as Happened

MOST_LINES = 9_999
"""Lines that the console keeps; the oldest beyond them are dropped, as by a real one."""

SEEDS = 1_000_000
"""Fresh names are drawn below this number, which can be read out over the telephone."""

OVERTIME = 2
"""An exam gives so many times the minutes that a person needs who knows the way."""

CONTINUED = ">>"

WAIT = "Start-Sleep -Seconds 900"
"""Longer than Exchange waits between two tries, and than the rows of a log stay in memory."""

TAKE_TIME = {Happened.LOGGING_CHANGED, Happened.QUEUE_RETRIED}
"""What only shows some minutes later, in the log."""


def fresh_seed() -> int:
    """A seed nobody has seen."""
    return random.randrange(1, SEEDS)


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class Training:
    """One attempt at a scenario. `number` is its place in the list, 0 for none. `typed` is the unfinished line.

    `answer` is what the last command printed, with the questions it asked and how they were answered; `given` says
    that the wizard has it, and `pasted` that the clipboard's text is in the shell. `lines` is what the console shows
    and grows at its end; `dropped` says how many were dropped at the beginning. `history` is the commands entered,
    `ran_out` says that time ended it.
    """

    def __init__(
        self,
        scenario: Scenario,
        number: int,
        mode: Mode,
        seed: int,
        now: Callable[[], datetime] | None = None,
        console: Callable[[World], Console] | None = None,
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
        # The wizard's clock is the exercise's: by the one on the wall its certificates would expire one day.
        self.keeper.begin(Case(opened=self.exercise.start.now))
        self.judgement = judge(self.exercise, self.console.world)
        self.result: Result | None = None
        self.ran_out = False
        self._remark, self._nothing = "", NOTHING_ENTERED
        self._printed: list[str] = []
        self._waited = 0
        self._say(self.story, Kind.STORY)

    # What it is

    @property
    def mode(self) -> Mode:
        """The way it is trained."""
        return self.attempt.mode

    @property
    def name(self) -> str:
        """Number, title and the way, for the header."""
        number = f"{self.number}. " if self.number else ""
        at = f" at {self.here}" if len(self.servers) > 1 else ""
        return f"{number}{self.exercise.title} ({WAYS[self.mode][0]}){at}"

    @property
    def story(self) -> str:
        """The story, each paragraph on one line, so that it fills a window of any width."""
        paragraphs = self.exercise.story.strip().split("\n\n")
        return "\n\n".join(" ".join(paragraph.split("\n")) for paragraph in paragraphs)

    @property
    def guided(self) -> bool:
        """Whether the wizard stands beside it."""
        return self.mode is Mode.GUIDED

    @property
    def begun(self) -> bool:
        """Whether anything was entered."""
        return bool(self.attempt.typed)

    @property
    def at_prompt(self) -> bool:
        """Whether the shell waits for a command, not for an answer or the rest of a command."""
        return not self.asking and self.prompt.strip() != CONTINUED

    @property
    def reached(self) -> bool:
        """Whether every goal is met; never where there is none, nor where only the answer at the end counts."""
        reached = self.exercise.reached(self.console.world)
        return reached and (self.begun or not self.exercise.conclusions)

    def time_left(self) -> timedelta | None:
        """How long an exam still lasts, never negative; None for every other way."""
        if self.mode is not Mode.EXAM:
            return None
        given = timedelta(minutes=self.exercise.minutes * OVERTIME)
        return max(self.attempt.started + given - self._now(), timedelta(0))

    # At the console

    def enter(self, line: str) -> Printed:
        """Give the shell one line, without its line end; what it printed stands in `lines`."""
        before = self.console.world
        if self.at_prompt:
            self._printed = []
            self.given = self.clipped = self.found_nothing = False
            self.pasted = self.pasted or bool(line.strip())
        self._add([Written(f"{before_input(self.prompt)}{line}", Kind.TYPED)])
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
        """Let a quarter of an hour pass, in which Exchange tries its queues again and writes its log."""
        self._waited, pasted = len(self.console.world.events), self.pasted
        self.enter(WAIT)
        self.pasted = pasted

    @property
    def here(self) -> str:
        """The name of the server that the shell runs on."""
        return self.console.world.here

    @property
    def servers(self) -> tuple[str, ...]:
        """The servers on which a shell can be opened."""
        return tuple(server.name for server in self.console.world.servers if server.answers)

    def go_to(self, server: str) -> None:
        """Open a shell on another server, as by going to its console; the organisation is the same."""
        self.console = self._open(replace(self.console.world, here=server))
        self.prompt, self.asking = self.console.prompt, False
        self.answer, self._printed = "", []
        self._say(f"You are at {server} now, in a shell of its own.", Kind.COACH)

    @property
    def to_wait(self) -> bool:
        """Whether something was set going whose outcome takes its time, and nobody has waited since."""
        return any(event.kind in TAKE_TIME for event in self._since())

    def _since(self) -> tuple[Event, ...]:
        """What has happened since the last wait, or since the start."""
        return self.console.world.events[max(self._waited, len(self.exercise.start.events)) :]

    @property
    def mail_left(self) -> bool:
        """Whether mail has left since anything was set going or since the last wait."""
        return any(event.kind is Happened.MAIL_SENT for event in self._since())

    @property
    def led(self) -> bool:
        """Whether mail is stuck at the start: what the wizard is for. Where none is, it leads nowhere."""
        return any(queue.messages for queue in self.exercise.start.queues)

    @property
    def brings(self) -> str:
        """What the wizard can be given: what was printed last, or what a command put on the clipboard instead."""
        return self.answer if self.answer.strip() else self.clipboard if self.clipped else ""

    def interrupt(self) -> None:
        """Ctrl+C: give up what was typed, the question or the unfinished command."""
        before = self.console.world
        self._add([Written(f"{before_input(self.prompt)}{self.typed}^C", Kind.TYPED)])
        self.typed = ""
        self._take(self.console.interrupt())
        self._look(before)

    def paste(self, text: str) -> None:
        """Give pasted text as a console is given it: each line end is an Enter, the rest stays to be edited."""
        *whole, rest = text.split("\n")
        answered = 0
        for line in whole:
            answered += self.asking
            self.enter(f"{self.typed}{line}")
        if answered and self.mode is not Mode.EXAM:
            self._say(PASTED_ANSWERS, Kind.COACH)
        self.typed += rest

    def copy(self, text: str) -> None:
        """Put a text on the clipboard of the training."""
        self.clipboard, self.pasted = text, False

    def copy_printed(self, text: str) -> None:
        """Put what the shell printed on it: that is for the wizard, nothing to be pasted next in the shell."""
        self.clipboard, self.pasted = text, True

    def bring(self) -> str:
        """What is on it, as the wizard takes it; where that is the shell's answer, the wizard has it now."""
        self.given = self.given or bool(self.clipboard.strip() and self.clipboard == self.brings)
        return self.clipboard if self.clipboard.strip() else ""

    def clear(self) -> bool:
        """Esc: clear what is typed; a command stays in the history. False where nothing was typed."""
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
            self.clipped, self.found_nothing = bool(printed.clipboard.strip()), not printed.clipboard.strip()
        if printed.text:
            self._say(printed.text, Kind.PRINTED)
            self._printed.append(printed.text)
        self.answer = "\n".join(self._printed)
        return printed

    def _look(self, before: World) -> None:
        """What the step just taken means."""
        world = self.console.world
        self.judgement = judge(self.exercise, world, self.attempt.conclusion)
        self._nothing = NOTHING_TO_SAY if before.events != world.events else NOTHING_CHANGED
        self._remark = remark(self.exercise, before, world, *self.attempt.typed[-1:])
        if self.guided and self._remark:
            self._say(f"Coach: {self._remark}", Kind.COACH)

    def _say(self, text: str, kind: Kind) -> None:
        self._add([Written(line, kind) for line in text.split("\n")])

    def _add(self, lines: list[Written]) -> None:
        self.lines += lines
        self._drop(max(len(self.lines) - MOST_LINES, 0))

    def _drop(self, count: int) -> None:
        """Forget so many of the oldest lines."""
        del self.lines[:count]
        self.dropped += count

    # The coach

    @property
    def may_hint(self) -> bool:
        """Whether hints are given."""
        return self.mode in (Mode.GUIDED, Mode.ALONE)

    @property
    def may_ask(self) -> bool:
        """Whether the coach answers when asked; in guided training it speaks by itself."""
        return self.mode is Mode.ALONE

    def hint(self) -> str:
        """Take one hint more, the gentlest first; it is counted, and stands in `lines`. Empty where none is given."""
        if not self.may_hint:
            return ""
        self.attempt, hint = self.attempt.hinted()
        count = f"Hint {self.attempt.hints} of {len(self.exercise.hints)}"
        said = f"{count}: {hint}" if hint else NO_MORE_HINTS
        self._say(said, Kind.COACH)
        return said

    def ask(self) -> str:
        """What the coach says of the last line, and how far the goals are; it stands in `lines`."""
        said = f"Coach: {self._remark or self._nothing} {self.goals_in_few}".rstrip()
        self._say(said, Kind.COACH)
        return said

    def coach(self, sentence: str) -> None:
        """Say something beside the shell."""
        self._say(sentence, Kind.COACH)

    @property
    def goals(self) -> tuple[Met, ...]:
        """The goals and whether each is met; none in the sandbox, whatever scenario its servers are of."""
        return () if self.mode is Mode.SANDBOX else self.judgement.goals

    @property
    def goals_in_few(self) -> str:
        """How many goals are met, in few words."""
        goals = self.goals
        return f"{sum(goal.met for goal in goals)} of {len(goals)} goals met." if goals else ""

    @property
    def shows_met(self) -> bool:
        """Whether it is shown as it happens which goals are met."""
        return self.guided

    # The end

    @property
    def to_lose(self) -> bool:
        """Whether something would be lost by dropping it: lines were entered, and its result does not stand yet."""
        return self.begun and self.result is None

    def conclude(self, key: str) -> None:
        """Answer what is wrong, by the key of the conclusion."""
        self.attempt = self.attempt.concluding(key)

    def finish(self) -> Result:
        """End it: the result sheet, the same one when asked again."""
        if self.result is None:
            self.ran_out = self.time_left() == timedelta(0)
            self.result = self.attempt.sheet(self.console.world, self._now())
        return self.result

    @property
    def counts(self) -> bool:
        """Whether it goes into the record: not the sandbox, nor what was left before a line was entered."""
        return self.mode is not Mode.SANDBOX and self.begun
