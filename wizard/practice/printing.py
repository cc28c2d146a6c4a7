"""What happened in a run, as the console prints it; and the question that waits."""

from __future__ import annotations

from collections.abc import Sequence

from wizard.practice.cmdlet import Question
from wizard.practice.formatting.default import Views, default_lines
from wizard.practice.formatting.errors import error_lines
from wizard.practice.formatting.width import broken, wrapped
from wizard.practice.language.faults import Fault
from wizard.practice.language.happening import Answered, Cleared, Emitted, Happening, Spoken
from wizard.practice.values import Value

CHOICES = {"Y": "Yes", "A": "Yes to All", "N": "No", "L": "No to All"}
_HELP = {
    "Y": "Continue with only the next step of the operation.",
    "A": "Continue with all the steps of the operation.",
    "N": "Skip this operation and proceed with the next operation.",
    "L": "Skip this operation and all subsequent operations.",
}


def was_cleared(happened: Sequence[Happening]) -> bool:
    """Whether the screen was cleared since the last question was answered; before it, it was cleared already."""
    last = max((at for at, each in enumerate(happened) if isinstance(each, Answered)), default=-1)
    return any(isinstance(each, Cleared) for each in happened[last + 1 :])


def printed(happened: Sequence[Happening], source: str, views: Views, width: int) -> list[str]:
    """The lines of what happened since the last question was answered, or since the screen was cleared."""
    start = max((at + 1 for at, each in enumerate(happened) if isinstance(each, Answered | Cleared)), default=0)
    lines: list[str] = []
    values: list[Value] = []
    for each in happened[start:]:
        if isinstance(each, Emitted):
            values.append(each.value)
            continue
        lines += default_lines(values, views, width)
        values = []
        if isinstance(each, Spoken):
            lines += [line.rstrip() for line in wrapped(each.text, width)] if each.words else broken(each.text, width)
        elif isinstance(each, Fault):
            lines += error_lines(each, source, width)
    return lines + default_lines(values, views, width)


def question_lines(question: Question, width: int) -> list[str]:
    """The question as the console asks it; its last line is where the answer is typed."""
    lines = ["", *wrapped(question.caption, width)]
    lines += [line for part in question.message.split("\n") for line in wrapped(part, width)]
    return [*(line.rstrip() for line in lines), *choice_lines(question, width)]


def choice_lines(question: Question, width: int) -> list[str]:
    """The line of the choices, which may break at a narrow console."""
    choices = "  ".join(f"[{letter}] {name}" for letter, name in CHOICES.items())
    lines = wrapped(f'{choices}  [?] Help (default is "{question.default}"):', width)
    return [*(line.rstrip() for line in lines[:-1]), f"{lines[-1]} "]


def help_lines(width: int) -> list[str]:
    """What `?` prints."""
    return [line.rstrip() for letter, text in _HELP.items() for line in wrapped(f"{letter} - {text}", width)]


def chosen(question: Question, line: str) -> str | None:
    """The choice that an answer means: a letter, a choice's whole name, or nothing for the default; None for none."""
    answer = line.strip().casefold()
    if not answer:
        return question.default
    return next((letter for letter, name in CHOICES.items() if answer in (letter.casefold(), name.casefold())), None)
