"""The answers within a step: a letter each, what it does, and when it makes sense. `?` lists them from this table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from screens.plain.prose import Prose
from wizard.case import Case, StepId
from wizard.choices import warnings
from wizard.findings import Finding, counted
from wizard.stepid import LOG_STEPS
from wizard.steps import Step, after, step

_KEYS = {
    "step.next": ("F8", "n"),
    "step.copy": ("F2", "c"),
    "step.turn": ("F3", "c2"),
    "step.paste": ("F4", "v"),
    "step.open": ("F5", "o"),
    "step.lines": ("F6", "r"),
    "step.known": ("F7", "k"),
    "step.explain": ("F1", "e"),
    "app.save": ("Ctrl+S", "s"),
}
"""What the words name by its id or by the full screen's key, and the letter that is answered here."""

_LETTERS = {
    **{f"{{{action}}}": letter for action, (_key, letter) in _KEYS.items()},
    **dict(_KEYS.values()),
}
_NAMED = re.compile(r"\{[a-z_]+\.[a-z_]+\}|\bF[1-9]\b|\bCtrl\+S\b")
_ANSWER = re.compile(r"([a-z?]?)\s*([0-9]{0,6})")


def in_letters(text: str) -> str:
    """A text with the letters answered here in place of the full screen's keys: `press F4` becomes `press v`."""
    return _NAMED.sub(lambda found: _LETTERS.get(found[0], found[0]), text)


def finding_in_letters(text: str) -> str:
    """A finding's sentence with the letters answered here; little is replaced, for it may hold names from a log."""
    return text.replace("(F5)", "(o)").replace("press Next", "answer n")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a letter's words depend on: the step, the case, and the findings that are shown."""

    step: Step
    case: Case
    findings: tuple[Finding, ...] = ()
    quits: str = "quits; the summary is printed"


@dataclass(frozen=True, slots=True)
class Letter:
    """One answer. `words` say what it does, empty where it makes no sense now."""

    letter: str
    words: Callable[[Situation], str]


def parsed(answer: str) -> tuple[str, int] | None:
    """The letter and the number of an answer such as `c2`, `g 5` or `3` (0 without a number); None for other text."""
    found = _ANSWER.fullmatch(answer.casefold().strip())
    return (found[1], int(found[2] or 0)) if found and (found[1] or found[2]) else None


def next_label(current: Step, case: Case) -> str:
    """What going on from a step means now: to leave it out, to go past warnings, or what comes next."""
    missing = current.missing(case)
    if missing and current.skip:
        return current.skip
    follows = after(current.id, case)
    target = step(follows).words.title if follows else "The summary"
    warned = warnings(case) if current.id is StepId.COMMAND and not missing else ()
    return f"Next, past {counted(len(warned), 'warning')}: {target}" if warned else f"Next: {target}"


def _always(words: str) -> Callable[[Situation], str]:
    return lambda _at: words


def _number(at: Situation) -> str:
    return "chooses that answer" if at.step.choices(at.case) else ""


def _copy(at: Situation) -> str:
    count = len(at.step.commands(at.case))
    if count < 2:
        return "copies the command" if count else ""
    return f"copies the first command, {' '.join(f'c{number}' for number in range(2, count + 1))} the others"


def _alone(at: Situation) -> str:
    count = len(at.step.commands(at.case))
    return "prints the command's line alone, to be marked" + (", d2 the second's" if count > 1 else "") if count else ""


def _open(at: Situation) -> str:
    if not at.step.takes_path:
        return ""
    return "opens a file or a folder" if at.step.id in {StepId.LOG, StepId.SESSION} else "opens a file"


def _failures(at: Situation) -> str:
    if at.step.id is not StepId.LOG or not at.case.failed:
        return ""
    return "lists all failed handshakes, f1 those of the first kind; from there, the rows of each session"


def _rows(at: Situation) -> str:
    there = any(finding.lines or finding.source for finding in at.findings)
    return "the rows behind what was found, and the sources" if there else ""


def _where(when: Callable[[Situation], bool], words: str) -> Callable[[Situation], str]:
    return lambda at: words if when(at) else ""


KEEP = "keeps the log you pasted in the saved case, or leaves it out again"

LETTERS: tuple[Letter, ...] = (
    Letter("", _number),
    Letter("n", lambda at: next_label(at.step, at.case)),
    Letter("b", _always("one step back; nothing given is lost")),
    Letter("c", _copy),
    Letter("d", _alone),
    Letter("p", _where(lambda at: at.step.takes_text, "takes a pasted text")),
    Letter("v", _where(lambda at: at.step.takes_text, "takes what is on the clipboard")),
    Letter("o", _open),
    Letter("w", _where(lambda at: at.step.asks_name, "takes the connector's name, typed")),
    Letter("r", _rows),
    Letter("f", _failures),
    Letter("t", lambda at: KEEP if at.step.id in LOG_STEPS and not at.case.sample else ""),
    Letter("e", _always("explains the step")),
    Letter("k", _always("what is known so far")),
    Letter("l", _always("says the whole step again")),
    Letter("g", _always("lists the steps, g5 goes to step 5")),
    Letter("m", _always("the summary, with all commands")),
    Letter("s", _always("saves the summary to a text file")),
    Letter("a", _always("begins anew")),
    Letter("q", lambda at: at.quits),
)


def listed(at: Situation) -> Iterator[str]:
    """Every answer that makes sense now, one a line."""
    choices = at.step.choices(at.case)
    for row in LETTERS:
        if words := row.words(at):
            yield f"  {row.letter or _numbers(len(choices))}: {words}"


def question(at: Situation) -> str:
    """The question at a step, in a few words: the choices, how evidence comes in, and the way on."""
    choices = at.step.choices(at.case)
    parts = [f"{_numbers(len(choices))}: choose"] if choices else []
    if at.step.takes_text and at.step.missing(at.case):
        parts.append("p: paste")
    return Prose("; ".join((*parts, f"n: {next_label(at.step, at.case)}", "?: all answers")))


def _numbers(count: int) -> str:
    return f"1 to {count}" if count > 1 else "1"
