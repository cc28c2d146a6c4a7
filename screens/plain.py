"""The wizard line by line, for dumb terminals and screen readers: the same steps, words and commands.

Nothing is drawn and nothing moves. Each step is printed, then one question asks what to do next.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wizard.case import Case, StepId
from wizard.clipboard import Clipboard, ClipboardError, copy, read
from wizard.commands import Command
from wizard.effects import about
from wizard.findings import Finding
from wizard.intake import Taken, name_connector, take
from wizard.opening import open_path
from wizard.report import summary
from wizard.sample import sample_evidence
from wizard.servers import here
from wizard.steps import STEPS, Step, after, before, check_again, position, settle, step
from wizard.words import with_keys

END_OF_TEXT = "."
"""A line with this alone ends a pasted text, as in SMTP."""

ANSWER_NO = (
    "Before you run it: Exchange may ask 'Overwrite the existing default SMTP certificate?'. "
    "Type N and press Enter. Enter alone means YES and replaces the certificate the servers use among themselves."
)


ANSWERS = {
    "step.paste": "v",
    "step.open": "o",
    "step.turn": "c2",
    "step.lines": "The full-screen wizard",
}
"""What is answered here where the full screen has a key."""


class Asker(Protocol):
    """How a person is asked."""

    def one(self, question: str) -> str:
        """One line."""
        ...

    def many(self) -> str:
        """Lines up to one with a full stop alone."""
        ...


class TerminalAsker:
    """Asks in the terminal. Raises KeyboardInterrupt and EOFError as the person wishes to end."""

    def one(self, question: str) -> str:
        """One line, with questionary: editing, and Ctrl+C as an exception instead of an empty answer."""
        # 100 ms to import; only this front end needs it.
        import questionary  # noqa: PLC0415

        return str(questionary.text(question, qmark=">").unsafe_ask()).strip()

    def many(self) -> str:
        """Lines as they come in: a paste must not be echoed again by an editor."""
        lines: list[str] = []
        # The end of input (Ctrl+D, on Windows Ctrl+Z) ends the text and loses none of it.
        with contextlib.suppress(EOFError):
            while (line := input()) != END_OF_TEXT:
                lines.append(line)
        return "\n".join(lines)


@dataclass
class PlainWizard:
    """One case, line by line. `write` prints a line; `case` is the case as it stands.

    `copier` copies a text and says what became of it; without one the clipboard is all there is.
    """

    case: Case
    ask: Asker
    write: Callable[[str], None]
    clipboard: Clipboard
    copier: Callable[[str], Iterable[str]] | None = None

    def run(self) -> None:
        """From the first step to the summary; returns when the person ends it."""
        at: StepId | None = STEPS[0].id
        while at is not None:
            at = self._step(step(at))
        self.write("")
        self.write(summary(self.case))

    def _step(self, current: Step) -> StepId | None:
        """Show a step until the person leaves it; the step to go to, None to end."""
        if self.case.sample and current.takes_text and not self.case.typed.get(current.id):
            text = sample_evidence(current.id, here(self.case))
            self._took(take(self.case, current.id, text, "the sample"), current)
        self.case = self.case.seeing(current.id)
        for line in intro(current, self.case):
            self.write(line)
        while True:
            for line in standing(current, self.case):
                self.write(line)
            answer = self.ask.one(menu(current, self.case)).casefold()
            if answer in ("n", ""):
                missing = current.missing(self.case)
                if missing and not current.skip:
                    self.write(missing)
                    continue
                done = self.case.skipping(current.id) if missing else settle(self.case, current.id)
                self.case = done
                return after(current.id, self.case)
            if answer == "b":
                return before(current.id, self.case) or current.id
            if answer == "q":
                return None
            if leads := self._act(current, answer):
                return leads

    def _act(self, current: Step, answer: str) -> StepId | None:
        """Do what was asked within a step; the step that a choice leads to, None to stay."""
        if answer == "e":
            self.write(with_keys(f"{current.words.why}\n\n{current.words.explain}", ANSWERS.__getitem__))
            for command in current.commands(self.case):
                known = about(command)
                self.write(f"{command.purpose} It {known.effect.value}. {known.undo} Source: {known.source}.")
        elif answer.startswith("c"):
            self._copy(current, answer[1:].strip())
        elif answer == "p" and current.takes_text:
            self.write(f"Paste now: {current.words.give}. End with a line that holds a full stop alone.")
            self._took(take(self.case, current.id, self.ask.many()), current)
        elif answer == "v" and current.takes_text:
            self._from_clipboard(current)
        elif answer == "o" and current.takes_path:
            self._open(current)
        elif answer == "w" and current.asks_name:
            self._took(name_connector(self.case, self.ask.one("The connector's name:")), current)
        elif answer.isdecimal() and 0 < int(answer) <= len(current.choices(self.case)):
            key = current.choices(self.case)[int(answer) - 1].key
            self.case = current.choose(self.case, key)
            return current.leads(key)
        else:
            self.write(f"{answer!r} is none of the answers here.")
        return None

    def _copy(self, current: Step, number: str) -> None:
        commands = current.commands(self.case)
        position = int(number) - 1 if number.isdecimal() else 0
        if not 0 <= position < len(commands):
            self.write("There is no such command here.")
            return
        command = commands[position]
        if command.answer_no and not self.case.told_to_answer_no:
            self.write(ANSWER_NO)
            if self.ask.one("Will you answer N? (y/n)").casefold() != "y":
                return
            self.case = self.case.told()
        for line in self.copier(command.text) if self.copier else [copy(command.text, self.clipboard).sentence]:
            self.write(line)

    def _from_clipboard(self, current: Step) -> None:
        try:
            text = read(self.clipboard)
        except ClipboardError as error:
            self.write(str(error))
            return
        self._took(take(self.case, current.id, text), current)

    def _open(self, current: Step) -> None:
        written = self.ask.one("File or folder:").strip("\"' ")
        if not written:
            self.write("No path was given.")
            return
        self._took(open_path(self.case, current.id, Path(written)), current)

    def _took(self, taken: Taken, current: Step) -> None:
        self.case = taken.case
        for finding in taken.said:
            self.write(finding_line(finding))
        if taken.accepted and taken.at is not current.id:
            self.write(f"Taken for another step: {step(taken.at).words.title}")


def intro(current: Step, case: Case) -> Iterator[str]:
    """The words of a step, once."""
    yield ""
    yield f"{position(current.id, case)}: {current.words.title} ({current.words.kb})"
    yield with_keys(current.words.do, ANSWERS.__getitem__)
    yield with_keys(current.words.why, ANSWERS.__getitem__)
    if current.id in check_again(case):
        yield "Check again: an earlier answer has changed since."


def standing(current: Step, case: Case) -> Iterator[str]:
    """What changes while a step is worked on: commands, findings, choices."""
    for number, command in enumerate(current.commands(case), start=1):
        yield f"Command {number}, {about(command).effect.value}: {command_line(command)}"
    for finding in current.findings(case):
        yield finding_line(finding)
    choices = current.choices(case)
    if choices:
        yield current.question
    for number, choice in enumerate(choices, start=1):
        detail = f" - {choice.detail}" if choice.detail else ""
        yield f"  {number}{' (chosen)' if choice.chosen else ''}: {choice.text}{detail}"


def command_line(command: Command) -> str:
    """A command as it is shown: the line itself stands last, so that it can be marked to its end."""
    return f"{command.purpose}\n{command.text}"


def finding_line(finding: Finding) -> str:
    """A finding with its word first."""
    return f"{finding.level.value}: {finding.text}"


def menu(current: Step, case: Case) -> str:
    """The answers that make sense now, each with its letter."""
    entries = ["n next"]
    if current.choices(case):
        entries.append("a number to choose")
    if current.commands(case):
        entries.append("c copy the command" + (", c2 the second" if len(current.commands(case)) > 1 else ""))
    if current.takes_text:
        entries += ["p paste", "v from the clipboard"]
    if current.takes_path:
        entries.append("o open a file or folder")
    if current.asks_name:
        entries.append("w type the name")
    entries += ["e explain", "b back", "q quit"]
    return f"[{', '.join(entries)}]"
