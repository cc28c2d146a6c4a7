"""The three front ends say the same of the same evidence: the same commands, checks, counts and fault.

In each situation all are driven. On the screen a person pastes every text at its step and looks at
what stands there; line by line the same texts are pasted at the same steps, and every sentence is
compared; `diagnose` gets them as saved files. Where one says more than the other, the reason stands
with the situation, and the rest is the same to the letter.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.widgets import OptionList, Static

from screens.actions import LETTERS
from screens.app.failures import FailureTable
from screens.app.keys import USUAL, Keymap
from screens.app.step import CommandBox
from screens.commands import ANOTHER as ANOTHER_FAULT
from screens.commands import diagnose_evidence as run
from screens.plain.say import LONGEST, finding_in_letters, in_letters
from screens.plain.wizard import ANSWER_NO, PlainWizard
from tests.screens import evidence
from tests.screens.driving import OPENED, Driven, MemoryClipboard, driven, empty, named
from tests.screens.evidence import ANOTHER, CONNECTOR, DEFAULT, OURS
from tests.wizard.check_cases import NAMING
from wizard.assets import asset_table
from wizard.case.case import Answer, Answers, Case, StepId, Variant
from wizard.findings import Finding, Level, article_elsewhere, places
from wizard.machine.inert import shown
from wizard.powershell.command import KINDS, Command, about, origins
from wizard.steps.command import bind_elsewhere
from wizard.steps.flow import ORDER, step, steps_of
from wizard.steps.intake import take
from wizard.steps.prompt import OF_THE_QUESTION

SIZE = (110, 60)
"""Tall enough that nothing has to be scrolled to, and narrow enough that no panel stands beside the findings."""

LEVELS = {"block": Level.BLOCK, "warn": Level.WARN, "info": Level.INFO}
"""The levels as the JSON names them."""

FILES = {
    StepId.SYMPTOM: "queues.txt",
    StepId.CONNECTOR: "connectors.txt",
    StepId.LOGGING: "transport-services.txt",
    StepId.LOG: "SEND20261120-1.log",
    StepId.SERVICES: "certificate.txt",
    StepId.PROMPT: "question.txt",
}
"""The step at which a text is pasted, and the file it is saved in for `diagnose`."""

TO_THE_LOG = (StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOGGING, StepId.LOG)

READS = {
    "kb4051498": ORDER,
    **dict.fromkeys(("more-evidence", "wrong-log", "healthy", "unknown-error"), TO_THE_LOG),
    "no-private-key": (StepId.SERVICES,),
    "our-certificate-refused": (StepId.CONNECTOR, StepId.SERVICES),
    **dict.fromkeys(("tls-inspected", "tls-version", "network"), ()),
}
"""The steps whose commands `diagnose` hands out after a verdict: for this article all, for another fault those that
read what it is about. A binding line is looked for whatever the verdict is."""

FOR_ONE_ANSWER_ALONE = ("bind-smallest",)
"""`diagnose` is asked once. Without the certificate's output it writes the line that takes nothing away, whatever is
there, and says what was not read; the screen waits for the output, and then has the same line behind F3."""

UNDO = ("undo-default",)
"""The screen has the undo for who has answered Y; `diagnose` cannot know the answer, and sets the line apart."""

LEFT_TO_THE_PERSON = ("bind", "bind-smallest")
"""The screen warns, and leaves the binding line to the person; a script would run it, so `diagnose` writes none."""

RUN_BY_NOW = LEFT_TO_THE_PERSON
"""The question came of the screen's own line, which stays there as what was run; `diagnose` sees that one was run."""

READ_BY_NOW = ("read-queues",)
"""On the screen a line stays beside its output, to be run again; `diagnose` does not ask for what it was given."""

TO_BE_READ = (StepId.SYMPTOM, StepId.COMMAND)
"""The steps at which F1, F6 and F7 are pressed where a situation is led whole: one with few rows, one with many."""


class Says(NamedTuple):
    """The finding on the screen that names the fault: at which step, its id, and its level."""

    at: StepId
    id: str
    level: Level


@dataclass(frozen=True, slots=True)
class Situation:
    """Some evidence, and what both sides make of it.

    `typed` is the connector's name where no output tells it: typed on the screen; given to `diagnose`
    only when `asked`, for otherwise it finds the name in the log. `whole` goes to every step and copies
    every command. `only_diagnose` and `only_screen` are ids of commands that the other side has not, and
    `only_checked` of checks that the screen has not. `reads` are the steps whose commands `diagnose` hands out, where
    they are not those of its verdict.
    """

    name: str
    texts: Mapping[StepId, str]
    verdict: str
    status: int
    says: Says
    typed: str = CONNECTOR
    asked: bool = False
    whole: bool = False
    only_diagnose: tuple[str, ...] = ()
    only_screen: tuple[str, ...] = ()
    only_checked: tuple[str, ...] = ()
    reads: tuple[StepId, ...] | None = None


def also(log: str) -> str:
    """The rows of a log without its header, to stand behind another's."""
    return "".join(row for row in log.splitlines(keepends=True) if not row.startswith("#"))


def without_outcome(log: str) -> str:
    return "".join(row for row in log.splitlines(keepends=True) if "TLS negotiation" not in row)


def without_certificate(log: str) -> str:
    rows = log.splitlines(keepends=True)
    return "".join(row for row in rows if "Certificate" not in row and "Sending" not in row)


def queue(words: str) -> str:
    return f"Identity      : MBX1\\8125\nStatus        : Retry\nMessageCount  : 37\nLastError     : {words}\n"


ERROR = "UnknownCredentials"
THIS = Says(StepId.LOG, ERROR, Level.GOOD)
EXPIRED = evidence.certificate().replace("2027-08-01", "2026-08-01")
KEYLESS = evidence.certificate().replace("HasPrivateKey      : True", "HasPrivateKey      : False")
WILDCARD, AUTH = "CN=*.fabrikam.example", "CN=Microsoft Exchange Server Auth Certificate"
FAILED_TO_CONNECT = (
    f"2026-11-20T09:00:00.000Z,{CONNECTOR},0AB1C2D3E4F50900,0,,198.51.100.7:25,*,,"
    '"Failed to connect. Winsock error code: 10061, Win32 error code: 10061"\n'
)
SOCKET_ERROR = evidence.log(ANOTHER, ANOTHER, connector="Internet", error="SocketError", hour=10)
TWO_SERVERS = evidence.connectors(CONNECTOR, level="Verbose").replace("{MBX1}", "{MBX1, MBX2}")
NOT_ASCII = "Ausgang \u00fcber 365"
FRONTEND = evidence.connectors(NOT_ASCII).replace("FrontendProxyEnabled   : False", "FrontendProxyEnabled   : True")
FOLDERS = "Name                : MBX1\nSendProtocolLogPath : D:\\Logs\\SmtpSend\n"


def certified(subject: str) -> str:
    return evidence.certificate().replace("CN=mail.fabrikam.example, O=Fabrikam", subject)


SITUATIONS = (
    Situation(
        "the article",
        {
            StepId.SYMPTOM: evidence.QUEUES,
            StepId.CONNECTOR: evidence.connectors(CONNECTOR),
            StepId.LOG: evidence.log(OURS, OURS, OURS),
            StepId.SERVICES: evidence.certificate(),
        },
        "kb4051498",
        0,
        THIS,
        whole=True,
    ),
    Situation(
        "the article, its question asked",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: evidence.certificate(), StepId.PROMPT: evidence.PROMPT},
        "kb4051498",
        3,
        THIS,
        only_diagnose=UNDO,
        only_screen=RUN_BY_NOW,
        # That it is bound is what the screen's next step proves; here it is why no line is written.
        only_checked=("smtp-already-assigned",),
    ),
    Situation(
        "the certificate output is missing",
        {StepId.LOG: evidence.log(OURS)},
        "kb4051498",
        0,
        THIS,
        only_diagnose=FOR_ONE_ANSWER_ALONE,
    ),
    Situation(
        "the certificate output is of another server",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: evidence.certificate(thumbprint=ANOTHER)},
        "kb4051498",
        3,
        Says(StepId.SERVICES, "other-certificate", Level.BLOCK),
    ),
    Situation(
        "services without a thumbprint",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: "Services\n--------\nIMAP, IIS\n"},
        "kb4051498",
        0,
        THIS,
    ),
    Situation(
        "SMTP is bound already",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: evidence.certificate("IIS, SMTP")},
        "kb4051498",
        3,
        Says(StepId.COMMAND, "smtp-already-assigned", Level.WARN),
    ),
    Situation(
        "the certificate twice, with other services",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: evidence.certificate() + evidence.certificate("IIS, SMTP")},
        "kb4051498",
        3,
        Says(StepId.SERVICES, "shown-twice", Level.WARN),
        only_screen=LEFT_TO_THE_PERSON,
    ),
    Situation(
        "no private key",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: KEYLESS},
        "no-private-key",
        1,
        Says(StepId.COMMAND, "no-private-key", Level.BLOCK),
    ),
    Situation(
        "an expired certificate",
        {StepId.LOG: evidence.log(OURS), StepId.SERVICES: EXPIRED},
        "kb4051498",
        3,
        Says(StepId.COMMAND, "expired", Level.BLOCK),
    ),
    Situation(
        "a wildcard with POP",
        {StepId.LOG: evidence.log(OURS, subject=WILDCARD), StepId.SERVICES: certified(WILDCARD)},
        "kb4051498",
        0,
        Says(StepId.COMMAND, "pop-imap-name", Level.WARN),
    ),
    Situation(
        "the Auth certificate",
        {StepId.LOG: evidence.log(OURS, subject=AUTH), StepId.SERVICES: certified(AUTH)},
        "kb4051498",
        3,
        Says(StepId.COMMAND, "not-a-mail-certificate", Level.BLOCK),
    ),
    Situation(
        "no row says whose certificate it is",
        {
            StepId.LOG: evidence.log(OURS).replace("Sending certificate", "Certificates follow"),
            StepId.SERVICES: evidence.certificate(),
        },
        "kb4051498",
        0,
        Says(StepId.LOG, "no-header", Level.WARN),
    ),
    Situation(
        "a masked thumbprint",
        {StepId.LOG: evidence.log("X" * 40)},
        "kb4051498",
        3,
        Says(StepId.LOG, "masked", Level.BLOCK),
    ),
    Situation(
        "the failed session shows no certificate",
        {StepId.LOG: without_certificate(evidence.log(OURS))},
        "kb4051498",
        3,
        Says(StepId.LOG, "no-certificate", Level.BLOCK),
    ),
    Situation(
        "two connectors fail, one with the article's error",
        {
            StepId.LOG: evidence.log(OURS) + also(SOCKET_ERROR),
            StepId.SERVICES: evidence.certificate(),
        },
        "kb4051498",
        0,
        THIS,
    ),
    Situation(
        "two connectors fail with the article's error, one is meant",
        {
            StepId.LOG: evidence.log(OURS, OURS) + also(evidence.log(ANOTHER, connector="Internet", hour=10)),
            StepId.SERVICES: evidence.certificate(),
        },
        "kb4051498",
        0,
        THIS,
        asked=True,
    ),
    Situation(
        "two source servers, Verbose before",
        {
            StepId.SYMPTOM: evidence.QUEUES,
            StepId.CONNECTOR: TWO_SERVERS,
            StepId.LOG: evidence.log(OURS),
            StepId.SERVICES: evidence.certificate(),
        },
        "kb4051498",
        0,
        THIS,
    ),
    Situation(
        "a name beyond ASCII, a Front End, and a folder of its own",
        {
            StepId.CONNECTOR: FRONTEND,
            StepId.LOGGING: FOLDERS,
            StepId.LOG: evidence.log(OURS, connector=NOT_ASCII),
            StepId.SERVICES: evidence.certificate(),
        },
        "kb4051498",
        0,
        THIS,
    ),
    Situation(
        "it is over",
        {
            StepId.LOG: evidence.log(OURS) + also(evidence.log(OURS, error="", hour=11)),
            StepId.SERVICES: evidence.certificate(),
        },
        "healthy",
        1,
        Says(StepId.LOG, "recovered", Level.WARN),
    ),
    Situation(
        "NoCredentials",
        {StepId.LOG: evidence.log(OURS, error="NoCredentials")},
        "more-evidence",
        3,
        Says(StepId.LOG, "NoCredentials", Level.WARN),
        reads=(StepId.SERVICES,),
    ),
    Situation(
        "UntrustedRoot",
        {StepId.LOG: evidence.log(OURS, error="UntrustedRoot")},
        "our-certificate-refused",
        1,
        Says(StepId.LOG, "UntrustedRoot", Level.BLOCK),
    ),
    Situation(
        "InvalidToken",
        {StepId.LOG: evidence.log(OURS, error="InvalidToken")},
        "tls-inspected",
        1,
        Says(StepId.LOG, "InvalidToken", Level.BLOCK),
    ),
    Situation(
        "SocketError",
        {StepId.LOG: evidence.log(OURS, OURS, error="SocketError")},
        "tls-version",
        1,
        Says(StepId.LOG, "SocketError", Level.BLOCK),
    ),
    Situation(
        "the connector that is meant has another fault, another one the article's",
        {StepId.LOG: SOCKET_ERROR + also(evidence.log(OURS, OURS))},
        "tls-version",
        1,
        Says(StepId.LOG, "SocketError", Level.BLOCK),
        typed="Internet",
        asked=True,
    ),
    Situation(
        "an error nobody knows",
        {StepId.LOG: evidence.log(OURS, error="SomethingNew")},
        "unknown-error",
        1,
        Says(StepId.LOG, "SomethingNew", Level.WARN),
    ),
    Situation(
        "a healthy log",
        {StepId.LOG: evidence.log(OURS, error="")},
        "healthy",
        1,
        Says(StepId.LOG, "healthy", Level.WARN),
        asked=True,
    ),
    Situation(
        "a log without the outcome",
        {StepId.LOG: without_outcome(evidence.log(OURS))},
        "more-evidence",
        3,
        Says(StepId.LOG, "no-outcome", Level.WARN),
        asked=True,
    ),
    Situation(
        "a log without any connection",
        {StepId.LOG: FAILED_TO_CONNECT},
        "network",
        1,
        Says(StepId.LOG, "network", Level.BLOCK),
        asked=True,
    ),
    Situation(
        "a Receive log",
        {StepId.LOG: evidence.RECEIVE_LOG},
        "wrong-log",
        1,
        Says(StepId.LOG, "wrong-log", Level.BLOCK),
        typed="",
    ),
    Situation(
        "the queue alone",
        {StepId.SYMPTOM: evidence.QUEUES},
        "more-evidence",
        3,
        Says(StepId.SYMPTOM, "candidate-timed-out", Level.GOOD),
        typed="",
        only_screen=READ_BY_NOW,
    ),
    Situation(
        "the queue names a network failure",
        {StepId.SYMPTOM: queue("451 4.4.397 Error communicating with target host. Socket error code 10060")},
        "network",
        1,
        Says(StepId.SYMPTOM, "network", Level.BLOCK),
        typed="",
    ),
)


# The screen


@dataclass(frozen=True, slots=True)
class Look:
    """What stands on one step's screen. `drawn` is every character of it without blanks and frames; `copied` is
    what F2 put onto the clipboard for each command in turn, `kinds` what stands over each of those, and `warned`
    the word before copying. `options` are the answers to choose from, behind their question. `read` is what F1, F6
    and F7 show, where they were pressed.
    """

    commands: tuple[Command, ...]
    findings: tuple[Finding, ...]
    failures: tuple[tuple[str, ...], ...]
    drawn: str
    copied: tuple[str, ...]
    kinds: tuple[str, ...]
    warned: str
    question: str
    options: tuple[str, ...]
    next_label: str
    read: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Walk:
    """A situation led through its steps: the case at the end, and what was seen on the way."""

    case: Case
    looks: Mapping[StepId, Look]

    def commands(self, step_id: StepId) -> tuple[Command, ...]:
        """What a step hands out. A screen that was not visited would show what its step says."""
        look = self.looks.get(step_id)
        return look.commands if look else step(step_id).commands(self.case)

    def findings(self, step_id: StepId) -> tuple[Finding, ...]:
        look = self.looks.get(step_id)
        return look.findings if look else step(step_id).findings(self.case)

    @property
    def failures(self) -> tuple[tuple[str, ...], ...]:
        """The rows of the table of failed handshakes; none where no log was pasted."""
        return self.looks[StepId.LOG].failures if StepId.LOG in self.looks else ()

    def finding(self, says: Says) -> Finding:
        """The one finding of this step, id and level."""
        found = [each for each in self.findings(says.at) if (each.id, each.level) == (says.id, says.level)]
        assert len(found) == 1, f"{says}: {[(each.id, each.level) for each in self.findings(says.at)]}"
        return found[0]


def handed_out(situation: Situation) -> tuple[StepId, ...]:
    """The steps whose commands `diagnose` gives: those that read what decides next, and the one that binds."""
    reads = READS[situation.verdict] if situation.reads is None else situation.reads
    return reads if StepId.COMMAND in reads else (*reads, StepId.COMMAND)


def offered(walk: Walk, steps: Iterable[StepId]) -> list[tuple[str, str, str | None, str]]:
    """Step, id, server and text of each command the screen has at these steps; a line that comes again counts once."""
    first: dict[str, tuple[str, str, str | None, str]] = {}
    for step_id in steps:
        for command in walk.commands(step_id):
            first.setdefault(command.text, (step_id.value, command.id.value, command.server, command.text))
    return list(first.values())


def visited(situation: Situation) -> tuple[StepId, ...]:
    """The steps whose screens are gone to: all where it is whole, else those with evidence, and then the command."""
    known = StepId.SERVICES in situation.texts
    wanted = {*situation.texts, *([StepId.COMMAND] if known else []), *(ORDER if situation.whole else [])}
    return tuple(step_id for step_id in ORDER if step_id in wanted)


_WALKS: dict[str, Walk] = {}


async def walked(situation: Situation) -> Walk:
    """The situation on the screen. It is walked once, and looked at from all sides."""
    if situation.name not in _WALKS:
        _WALKS[situation.name] = await _walk(situation)
    return _WALKS[situation.name]


def begun(situation: Situation) -> Case:
    """The case before its first text: the connector is named where no output tells it."""
    return named(situation.typed) if situation.typed and StepId.CONNECTOR not in situation.texts else empty()


async def _walk(situation: Situation) -> Walk:
    steps = visited(situation)
    case = begun(situation)
    looks: dict[StepId, Look] = {}
    async with driven(case, steps[0], size=SIZE) as person:
        for step_id in steps:
            await reach(person, step_id)
            if step_id in situation.texts:
                await person.paste(situation.texts[step_id])
            looks[step_id] = await look(person, situation.whole)
        return Walk(person.case, looks)


async def reach(person: Driven, step_id: StepId) -> None:
    """Go on to a step with F8 where it is the next, and with the list of all actions where it is not."""
    order = ORDER
    if person.at and order.index(person.at) + 1 == order.index(step_id):
        await person.press("f8")
    if person.at is not step_id:
        await person.go(step_id)


async def look(person: Driven, whole: bool = False) -> Look:
    screen = person.screen
    table = next(iter(screen.query(FailureTable)), None)
    rows = range(table.row_count) if table and table.display else ()
    failures = tuple(tuple(cell.plain for cell in table.get_row_at(row)) for row in rows) if table else ()
    commands, findings, drawn = screen.query_one(CommandBox).commands, screen._findings(), squeezed(person.text)
    assert commands == screen.step.commands(person.case)
    question, options = screen.query_one("#question", Static), screen.query_one("#choices", OptionList)
    chosen = tuple(str(option.prompt) for option in options.options)
    reading = whole and screen.step.id in TO_BE_READ
    read = {key: await dialog(person, key) for key in ("f1", "f6", "f7")} if reading else {}
    texts, kinds, warned = await copied(person, len(commands)) if whole else ((), (), "")
    label = person.next_label
    asked = str(question.render()) if question.display else ""
    return Look(commands, findings, failures, drawn, texts, kinds, warned, asked, chosen, label, read)


async def dialog(person: Driven, key: str) -> str:
    """What a key opens to be read; empty where it opens nothing."""
    await person.press(key)
    if person.dialog != "ReadingDialog":
        return ""
    text = str(person.app.screen.query_one("#dialog-text", Static).render())
    await person.press("escape")
    return text


async def copied(person: Driven, count: int) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """What F2 copies for each of the step's commands, what stands over it, and the word before the binding command.

    F3 shows the next command, and the first again at the end.
    """
    texts, kinds, warned = [], [], ""
    for _ in range(count):
        kinds.append(str(person.screen.query_one(CommandBox).border_title))
        await person.press("f2")
        if person.dialog == "ChoiceDialog":
            parts = person.app.screen.query("#dialog > Static").results(Static)
            warned = " ".join(str(part.render()) for part in parts)
            await person.press("enter")
        texts.append(person.clipboard.text)
        if count > 1:
            await person.press("f3")
    return tuple(texts), tuple(kinds), warned


LETTER_OF_KEY = {Keymap().name(action): letter for action, letter in LETTERS.items() if action in USUAL}
"""The letter that does line by line what a key does on the screen."""


def squeezed(text: str) -> str:
    """Without blanks: where a line is broken does not matter."""
    return "".join(text.split())


# Line by line


class Hand:
    """A person who goes to each step by its number, pastes what is to be pasted there, and ends the input at the end.

    `heard` are the lines that were written while the person was at a step, with the answer that came before.
    """

    def __init__(self, situation: Situation, case: Case) -> None:
        self._situation = situation
        self._answers: list[tuple[StepId, str]] = []
        for step_id in visited(situation):
            self._answers.append((step_id, "go"))
            self._answers += [(step_id, "p")] if step_id in situation.texts else []
            # What was said of a text stands with the rest when the step is said again.
            self._answers += [(step_id, letter) for letter in ("l", *("erk" if situation.whole else ""))]
        self._at = StepId.SYMPTOM
        self.heard: dict[tuple[StepId, str], list[str]] = {}
        self._lines: list[str] = []
        self.wizard = PlainWizard(case, self, self.write, MemoryClipboard())

    def write(self, line: str) -> None:
        self._lines.append(line)

    def one(self, question: str) -> str:
        if question.startswith("Enter for more"):
            return ""
        self._lines.append(question)
        if not self._answers:
            raise EOFError
        self._at, answer = self._answers.pop(0)
        if not step(self._at).applies(self.wizard.case):
            return self.one(question)
        self._lines = self.heard.setdefault((self._at, answer), [])
        if answer != "go":
            return answer
        return f"g{[s.id for s in steps_of(self.wizard.case)].index(self._at) + 1}"

    def many(self) -> str:
        return self._situation.texts[self._at]


_HANDS: dict[str, Hand] = {}


def led(situation: Situation) -> Hand:
    """The situation line by line. It is led once, and listened to from all sides."""
    if situation.name not in _HANDS:
        _HANDS[situation.name] = hand = Hand(situation, begun(situation))
        with pytest.raises(EOFError):
            hand.wizard.run()
    return _HANDS[situation.name]


# `diagnose`


@pytest.fixture(autouse=True)
def _opened_on_the_same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has expired depends on the day, and a case on the screen knows its own."""
    monkeypatch.setattr("wizard.case.case.Case", partial(Case, opened=OPENED))


class Diagnosed(NamedTuple):
    """What `diagnose` answered: exit status, the JSON, and the lines of the plain text."""

    status: int
    data: dict[str, Any]
    lines: list[str]


_ANSWERS: dict[str, Diagnosed] = {}


def diagnosed(situation: Situation, folder: Path) -> Diagnosed:
    """The situation's saved files, answered. They are asked about once, and the answer looked at from all sides."""
    if situation.name not in _ANSWERS:
        _ANSWERS[situation.name] = _diagnosed(situation, folder)
    return _ANSWERS[situation.name]


def _diagnosed(situation: Situation, folder: Path) -> Diagnosed:
    paths = [str(path) for path in saved(situation.texts, folder)]
    connector = situation.typed if situation.asked else ""
    (status, as_json), (as_well, text) = (answered(paths, connector, json_wanted=wanted) for wanted in (True, False))
    assert status == as_well
    return Diagnosed(status, json.loads(as_json), text.splitlines())


def saved(texts: Mapping[StepId, str], folder: Path) -> list[Path]:
    for step_id, text in texts.items():
        (folder / FILES[step_id]).write_text(text, encoding="utf-8")
    return [folder / FILES[step_id] for step_id in texts]


def answered(paths: Iterable[str], connector: str = "", stdin: str = "", json_wanted: bool = True) -> tuple[int, str]:
    """Exit status and output of the command; there must be nothing on standard error."""
    out, err = io.StringIO(), io.StringIO()
    status = run(list(paths), connector, "", json_wanted, out, err, io.BytesIO(stdin.encode()))
    assert err.getvalue() == ""
    return status, out.getvalue()


# What is the same

Check = Callable[[Situation, Path], Awaitable[None] | None]

SAME: list[tuple[Check, Callable[[Situation], bool]]] = []
"""What is the same, and in which situations it is looked at."""


def same(where: Callable[[Situation], bool] = lambda _situation: True) -> Callable[[Check], Check]:
    """Has this looked at in every situation, or where it can be."""

    def noted(check: Check) -> Check:
        SAME.append((check, where))
        return check

    return noted


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
async def test_screen_lines_and_diagnose_say_the_same(situation: Situation, tmp_path: Path) -> None:
    """The situation is driven once and looked at from all sides; every difference is told."""
    different = []
    for check, where in SAME:
        if where(situation):
            try:
                if (looking := check(situation, tmp_path)) is not None:
                    await looking
            except AssertionError as difference:
                different.append(f"{check.__name__}: {difference}")
    assert not different, "\n\n".join(different)


@same()
async def the_fault_is_the_same(situation: Situation, tmp_path: Path) -> None:
    """The verdict and the exit status, and on the screen the finding that names the same fault from the same line."""
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    assert (answer.data["verdict"]["id"], answer.status) == (situation.verdict, situation.status)
    named_there = walk.finding(situation.says)
    cited = {line["text"] for line in answer.data["verdict"]["because"]}
    if situation.says.at in (StepId.SYMPTOM, StepId.LOG) and named_there.lines and cited:
        assert cited & {line.text for line in named_there.lines}


@same()
async def ok_for_the_error_is_this_article_unless_something_graver_is_known(
    situation: Situation, tmp_path: Path
) -> None:
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    fits = THIS in [Says(StepId.LOG, each.id, each.level) for each in walk.findings(StepId.LOG)]
    over = "recovered" in [each.id for each in walk.findings(StepId.LOG)]
    keyless = "no-private-key" in [each.id for each in walk.findings(StepId.COMMAND)]
    assert (answer.data["verdict"]["id"] == "kb4051498") == (fits and not over and not keyless)


@same(lambda situation: situation.status == ANOTHER_FAULT)
async def another_fault_is_a_stop_on_the_screen(situation: Situation, tmp_path: Path) -> None:
    """And what is healthy or unknown a warning: the person may have looked at the wrong rows."""
    said = (await walked(situation)).finding(situation.says)
    assert said.level is (Level.WARN if situation.verdict in {"healthy", "unknown-error"} else Level.BLOCK)


@same(lambda situation: situation.name == "the connector that is meant has another fault, another one the article's")
async def the_connector_that_has_the_articles_fault_is_named(situation: Situation, tmp_path: Path) -> None:
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    said = article_elsewhere([CONNECTOR]).removesuffix(".")
    assert said in walk.finding(Says(StepId.LOG, "article-elsewhere", Level.WARN)).text
    assert said in answer.data["verdict"]["next"]


@same()
async def our_connector_and_certificate_are_the_same(situation: Situation, tmp_path: Path) -> None:
    """With another error than the article's the screen has no certificate to choose."""
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    verdict = answer.data["verdict"]
    assert walk.case.now.thumbprint in ("", verdict["thumbprint"])
    assert verdict["connector"] in (None, walk.case.connector)
    judged = {each["connector"] for each in answer.data["verdicts"]} - {None}
    # One that is asked for is judged alone; a further one's fault stands in the table.
    assert judged <= {walk.case.connector, *(row[0] for row in walk.failures if not situation.asked)}
    assert not walk.case.now.thumbprint or walk.case.now.thumbprint in walk.looks[StepId.LOG].drawn


@same()
async def commands_are_the_same_at_the_same_steps(situation: Situation, tmp_path: Path) -> None:
    """To the letter and in the same order; each line once, at the step that hands it out first.

    The other source servers' lines are in the screen's summary until their turn comes.
    """
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    screen = offered(walk, handed_out(situation))
    written = [(each["step"], each["id"], each["server"], each["text"]) for each in answer.data["commands"]]
    elsewhere = [command.text for command in bind_elsewhere(walk.case)]
    assert [each[3] for each in written if each[3] in elsewhere] == elsewhere
    written = [each for each in written if each[3] not in elsewhere]
    only_written = [each for each in written if each[1] in situation.only_diagnose]
    only_shown = [each for each in screen if each[1] in situation.only_screen]
    assert tuple(each[1] for each in only_written) == situation.only_diagnose
    assert tuple(each[1] for each in only_shown) == situation.only_screen
    assert [e for e in written if e not in only_written] == [e for e in screen if e not in only_shown]


@same()
async def a_binding_line_and_exit_status_0_go_together(situation: Situation, tmp_path: Path) -> None:
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    elsewhere = {command.text for command in bind_elsewhere(walk.case)}
    lines = [each["text"] for each in answer.data["commands"] if each["id"].startswith("bind")]
    binding = [text for text in lines if text not in elsewhere]
    assert bool(binding) == (answer.status == 0)
    if not situation.only_screen and situation.only_diagnose != FOR_ONE_ANSWER_ALONE:
        assert binding == [command.text for command in walk.commands(StepId.COMMAND)]
    assert ("answer N to its question; Enter alone means Yes" in " ".join(answer.lines)) == bool(binding)


@same()
async def checks_are_the_findings_of_the_command_step(situation: Situation, tmp_path: Path) -> None:
    """In words, level and source. What is OK is no check to mind; before and after, the command says itself."""
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    checks = [(each["id"], LEVELS[each["level"]], each["text"], each["source"]) for each in answer.data["checks"]]
    if situation.only_diagnose == FOR_ONE_ANSWER_ALONE:
        # The screen has no check yet: it waits for the output that this check asks for.
        assert [each[0] for each in checks] == ["certificate-not-read"]
        checks = []
    assert tuple(each[0] for each in checks if each[0] in situation.only_checked) == situation.only_checked
    # What the log says of another fault is the verdict's own sentence.
    own = {"before-after", "not-yet", "another-fault"}
    shown_there = [
        each for each in walk.findings(StepId.COMMAND) if each.level is not Level.GOOD and each.id not in own
    ]
    if StepId.PROMPT in situation.texts:
        # A line that was run stays on the screen, and so does what naming its services does.
        shown_there = [each for each in shown_there if each.id not in NAMING]
    shown_there += [each for each in walk.findings(StepId.PROMPT) if each.id in OF_THE_QUESTION]
    assert [each for each in checks if each[0] not in situation.only_checked] == [
        (each.id, each.level, each.text, each.source) for each in shown_there
    ]
    verdict = answer.data["verdict"]
    for each in walk.findings(StepId.COMMAND):
        assert each.id != "another-fault" or each.text == f"{verdict['title']}. {verdict['next']}"


@same()
async def the_counts_are_those_of_the_table(situation: Situation, tmp_path: Path) -> None:
    """Connector, error, sessions, first and last of each group of failed handshakes, and our certificate."""
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    table = walk.failures
    assert sorted(row[:-1] for row in table) == sorted(group_row(each) for each in answer.data["handshakes"])
    for each in answer.data["handshakes"]:
        cell = next(row[-1] for row in table if row[:-1] == group_row(each))
        if each["certificate"] is None:
            assert cell == "none shown"
        elif each["certificate"]["thumbprint"]:
            # One that is not whole is none in the JSON; the table shows it as it is written.
            assert cell == each["certificate"]["thumbprint"][:8]


def group_row(handshake: dict[str, Any]) -> tuple[str, ...]:
    """A group of the JSON as the table shows it in a wide window, but for the certificate."""
    times = (day_and_minute(handshake[when]) for when in ("first", "last"))
    return (handshake["connector"], handshake["error"], f"{handshake['sessions']:,}", *times)


def day_and_minute(time: str) -> str:
    return time[5:16].replace("T", " ")


@same()
async def the_sessions_in_the_finding_are_those_of_the_json(situation: Situation, tmp_path: Path) -> None:
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    meant = [e for e in answer.data["handshakes"] if e["connector"] == walk.case.connector]
    for error in {each["error"] for each in meant}:
        sessions = sum(each["sessions"] for each in meant if each["error"] == error)
        said = next(each.text for each in walk.findings(StepId.LOG) if each.id == error)
        assert said.startswith(f"{error}, {sessions} session{'' if sessions == 1 else 's'}: ")


# What is drawn, and what is printed


@same()
async def all_of_it_is_drawn(situation: Situation, tmp_path: Path) -> None:
    """What the step says and hands out is what a person sees: whole, with the word that stands before it."""
    for step_id, seen in (await walked(situation)).looks.items():
        for command in seen.commands[:1]:
            assert squeezed(command.text) in seen.drawn
        for finding in seen.findings:
            sentence = squeezed(shown(finding.text))
            assert squeezed(finding.level.value) + sentence in seen.drawn, f"{step_id}: {finding.text}"
        for row in seen.failures:
            assert squeezed("".join(row)) in seen.drawn


@same()
async def line_by_line_every_sentence_is_the_screens(situation: Situation, tmp_path: Path) -> None:
    """At each step the same words, commands, effects, failures, findings, question and answers, and no others."""
    hand = led(situation)
    for step_id, seen in (await walked(situation)).looks.items():
        if (step_id, "l") not in hand.heard:
            assert not step(step_id).applies(hand.wizard.case), step_id
            continue
        words = step(step_id).words
        *said, label = hand.heard[step_id, "l"]
        head = f"{words.title} ({words.kb})"
        assert said[0] == ""
        assert said[1].endswith(f": {head}")
        at = "(.+ itself|the server that sends the mail)"
        asked = re.escape(in_letters(words.do)).replace(re.escape("{server}"), at)
        asked = asked.replace(re.escape("{where}"), f"( on {at})?")
        instead = said[2] == in_letters(words.otherwise)
        assert instead or (re.fullmatch(asked, said[2]) and said[3] == in_letters(words.why))
        assert squeezed(label).endswith(squeezed(f"n: {seen.next_label}; ?: all answers")), step_id
        assert said[3 if instead else 4 :] == list(told_by(seen, traced=step_id is StepId.COMMAND)), step_id


def told_by(seen: Look, traced: bool) -> Iterable[str]:
    """What a step's screen shows besides its words, as lines."""
    for number, command in enumerate(seen.commands, start=1):
        count = f" {number} of {len(seen.commands)}" if len(seen.commands) > 1 else ""
        kind = KINDS.get(command.id, "")
        yield f"{kind}Command{count}, {about(command).effect.value}. {command.purpose}"
        if len(command.text) <= LONGEST:
            yield command.text
        else:
            yield f"It has {len(command.text):,} characters, only questions. c{number} copies it, d{number} prints it."
        for part, origin in origins(command) if traced else ():
            # The screen has room for those of the command in front.
            assert number > 1 or squeezed(f"{part} from {origin}") in seen.drawn
            yield f"  {part} from {origin}"
    if seen.failures:
        yield "Failed handshakes by kind (times are UTC):"
    for number, (connector, error, sessions, first, last, certificate) in enumerate(seen.failures, start=1):
        noun = "session" if sessions == "1" else "sessions"
        named_there = "certificate: none shown" if certificate == "none shown" else f"certificate {certificate}"
        yield f"  f{number}: {connector}, {error}, {sessions} {noun}, 2026-{first} to 2026-{last}, {named_there}"
    for finding in seen.findings:
        where = f" ({places(finding.lines)})" if finding.lines else ""
        yield f"{finding.level.value}: {finding_in_letters(finding.text)}{where}"
    if seen.question:
        yield seen.question
    for number, option in enumerate(seen.options, start=1):
        mark, text = option[:3], option[4:].replace("\n    ", " - ")
        yield f"  {number}{' (chosen)' if mark == '(*)' else ''}: {text}"


@same()
async def line_by_line_the_case_becomes_the_same(situation: Situation, tmp_path: Path) -> None:
    """Every fact and every answer: what the summary and all later steps are made of."""
    walk, hand = await walked(situation), led(situation)
    # On the way a step is gone on from with F8; line by line it is gone to by its number.
    assert as_gone_to(hand.wizard.case) == as_gone_to(walk.case)


def as_gone_to(case: Case) -> Case:
    """The case without what differs between going on and going to: how each step stands, and the form of the line."""

    def given(answers: Answers) -> Answers:
        kept = {step: Answer(answer.text, answer.path) for step, answer in answers.items()}
        return {step: answer for step, answer in kept.items() if answer.begun}

    case = replace(case, answers=given(case.answers), told_to_answer_no=False)
    now = replace(case.now, answers=given(case.now.answers), passed=frozenset(), variant=Variant.MERGED)
    return case.put(now)


@same(lambda situation: situation.name == "the article")
async def what_f1_f6_and_f7_show_is_what_e_r_and_k_say(situation: Situation, tmp_path: Path) -> None:
    walk, hand = await walked(situation), led(situation)
    for step_id, seen in ((step_id, walk.looks[step_id]) for step_id in TO_BE_READ):
        explained, rows, known = ("\n".join(hand.heard[step_id, letter][:-1]) for letter in "erk")
        f1 = seen.read["f1"].partition("F9, then All keys")[0]
        f1 = re.sub(r"\bF[1-9]\b", lambda key: LETTER_OF_KEY[key[0]], f1)
        assert squeezed(f1) in squeezed(explained), step_id
        for command in seen.commands:
            assert f"The command: {command.purpose} It {about(command).effect.value}." in explained
        assert squeezed(finding_in_letters(seen.read["f6"])) == squeezed(rows) != ""
        facts = [piece.split("\n") for piece in seen.read["f7"].split("\n\n")]
        assert known == "\n".join(": ".join(fact) for fact in facts)


@same(lambda situation: situation.name == "the article")
async def what_stands_over_each_command_and_before_the_binding_one(situation: Situation, tmp_path: Path) -> None:
    """F3 at the command chooses the other form, so the count there does not go on."""
    walk, hand = await walked(situation), led(situation)
    for (step_id, letter), lines in hand.heard.items():
        seen = walk.looks[step_id]
        if letter == "l" and step_id is not StepId.COMMAND:
            for kind, command in zip(seen.kinds, seen.commands, strict=True):
                assert f"{kind}. {command.purpose}" in lines
    (warned,) = {seen.warned for seen in walk.looks.values() if seen.warned}
    assert squeezed(warned) in squeezed(ANSWER_NO)


@same()
async def the_plain_text_says_what_the_json_says(situation: Situation, tmp_path: Path) -> None:
    """The verdict first, each with what to do next; each command on a line of its own, and none that is not in JSON.

    A binding line that the JSON has stands in the text too, for each server once; a warning too, unless a verdict or a
    server's line says it.
    """
    _status, data, lines = diagnosed(situation, tmp_path)
    assert lines[:1] == [data["verdict"]["title"]]
    for each in data["verdicts"]:
        assert any(line.strip() == each["title"] for line in lines)
        source = f" ({each['source']})" if each["source"] else ""
        assert f"  Next: {each['next']}{source}" in lines
    written = {each["text"]: each for each in data["commands"]}
    below = [line for line, above in zip(lines[1:], lines, strict=False) if above.startswith("  # ")]
    assert {line.strip() for line in below} <= set(written)
    shown = [each for text, each in written.items() if f"  {text}" in lines]
    servers = [each["server"] for each in shown if each["id"] in {"bind", "bind-smallest"}]
    assert sorted(servers, key=str) == sorted(
        {each["server"] for each in written.values() if each["id"] in {"bind", "bind-smallest"}}, key=str
    )
    for each in data["checks"]:
        if each["level"] != "info":
            assert any(each["text"] in line for line in lines)


@same()
def a_folder_and_standard_input_are_answered_like_files(situation: Situation, tmp_path: Path) -> None:
    answer = diagnosed(situation, tmp_path)
    connector = situation.typed if situation.asked else ""
    (*others, last), stdin = saved(situation.texts, tmp_path), list(situation.texts.values())[-1]
    for status, out in (answered([str(tmp_path)], connector), answered([*map(str, others), "-"], connector, stdin)):
        assert (status, unplaced(json.loads(out))) == (answer.status, unplaced(answer.data)), last


def unplaced(value: Any) -> Any:
    """JSON values without the names of the files they were read from."""
    if isinstance(value, dict):
        return {key: unplaced(each) for key, each in value.items() if key != "file"}
    return [unplaced(each) for each in value] if isinstance(value, list) else value


# What is copied, and what is the same once more is known


@same(lambda situation: situation.name == "the article")
async def f2_copies_every_line_of_the_json_and_no_other(situation: Situation, tmp_path: Path) -> None:
    walk, answer = await walked(situation), diagnosed(situation, tmp_path)
    copies = [text for look in walk.looks.values() for text in look.copied]
    assert list(dict.fromkeys(copies)) == [each["text"] for each in answer.data["commands"]]


@same(lambda situation: situation.name == "the certificate output is missing")
async def with_the_certificate_output_the_smallest_line_is_there_too(situation: Situation, tmp_path: Path) -> None:
    answer = diagnosed(situation, tmp_path)
    case = take((await walked(situation)).case, StepId.SERVICES, evidence.certificate()).case
    async with driven(case, StepId.COMMAND) as person:
        await person.press("f3")
        assert [person.command] == only(answer, FOR_ONE_ANSWER_ALONE)


@same(lambda situation: situation.name == "the article, its question asked")
async def after_y_the_screen_has_the_undo_of_diagnose(situation: Situation, tmp_path: Path) -> None:
    answer = diagnosed(situation, tmp_path)
    case = step(StepId.PROMPT).choose((await walked(situation)).case, "Y")
    async with driven(case, StepId.UNDO) as person:
        assert [person.command] == only(answer, UNDO)
        assert DEFAULT in person.command
        assert "Undo, answer Y to it" in person.text
    assert "  # The way back, only after a Y by mistake: answer Y to this one" in answer.lines


def only(answer: Diagnosed, ids: tuple[str, ...]) -> list[str]:
    return [each["text"] for each in answer.data["commands"] if each["id"] in ids]


# Every error of the tables

HANDSHAKES = {
    "UnknownCredentials": "kb4051498",
    "NoCredentials": "more-evidence",
    "SocketError": "tls-version",
    "InvalidToken": "tls-inspected",
    "UntrustedRoot": "our-certificate-refused",
    "CertExpired": "our-certificate-refused",
    "CertUnknown": "our-certificate-refused",
    "LogonDenied": "our-certificate-refused",
    "-2146885616": "our-certificate-refused",
    "AlgorithmMismatch": "tls-version",
    "Unsupported": "tls-version",
    "IllegalMessage": "tls-version",
    "DecryptFailure": "key-unusable",
    "MessageAltered": "tls-version",
    "ConnectionAborted": "tls-version",
}
"""The errors of the screen's table, and the verdict of `diagnose` on each."""

LEVEL_OF = {"kb4051498": Level.GOOD, "more-evidence": Level.WARN, "unknown-error": Level.WARN}
"""How the screen tells a verdict on a handshake; another fault is a stop."""

QUEUES = {
    "other-direction": ("450 4.4.317 Cannot connect to remote server [Message=421 4.4.1]", "other-direction"),
    "network": ("451 4.4.397 Error communicating with target host. SocketTimedout", "network"),
    "candidate-timed-out": (
        '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out."',
        "more-evidence",
    ),
    "candidate-timed-out-newer": ("451 4.4.395 Target host responded. 421 4.4.1 Connection timed out", "more-evidence"),
    "candidate-unable": ("421 4.2.1 Unable to connect", "more-evidence"),
    "stale-tls-certificate-name": (
        "454 4.7.5 The certificate specified in TlsCertificateName of the SendConnector could not be found.",
        "stale-tls-certificate-name",
    ),
    "remote-not-trusted": ("454 4.7.5 Certificate validation failure, reason:UntrustedRoot", "remote-not-trusted"),
    "wrong-certificate-presented": (
        "454 4.7.0 Failed to establish appropriate TLS channel: UntrustedRoot",
        "wrong-certificate-presented",
    ),
    "wrong-certificate-presented-online": (
        "550 5.7.64 TenantAttribution; Relay Access Denied",
        "wrong-certificate-presented",
    ),
    "out-of-date": ("450 4.7.230 Connecting Exchange server version is out-of-date", "rejected-after-tls"),
    "starttls-missing": ("451 5.7.3 STARTTLS is required to send mail", "starttls-missing"),
    "internal-authentication": ("454 4.7.0 Temporary authentication failure", "internal-authentication"),
    "tls-inspected": ("451 4.4.0 Security status InvalidToken", "tls-inspected"),
    "dns": ("451 4.4.0 DNS query failed", "dns"),
    "dropped": ("421 4.4.2 Connection dropped due to SocketError", "tls-version"),
}
"""The meanings of the screen's table with words that have them, and the verdict of `diagnose` on each."""


def verdict_on(text: str) -> dict[str, Any]:
    verdict: dict[str, Any] = json.loads(answered(["-"], stdin=text)[1])["verdict"]
    return verdict


def test_no_error_of_the_tables_is_left_out() -> None:
    assert HANDSHAKES.keys() == asset_table("handshake_errors.toml").keys()
    assert list(QUEUES) == [rule["id"] for rule in asset_table("queue_errors.toml")["error"]]


def on_the_screen(step_id: StepId, case: Case, text: str, id: str) -> Finding:
    """The finding of this id at a step where this text was given."""
    return next(each for each in step(step_id).findings(take(case, step_id, text).case) if each.id == id)


@pytest.mark.parametrize("error", HANDSHAKES)
def test_a_handshakes_error_is_this_article_on_both_sides_or_on_none(error: str) -> None:
    log = evidence.log(OURS, error=error)
    found, verdict = on_the_screen(StepId.LOG, named(CONNECTOR), log, error), verdict_on(log)
    assert verdict["id"] == HANDSHAKES[error]
    assert found.level is LEVEL_OF.get(verdict["id"], Level.BLOCK)
    assert [line.text for line in found.lines] == [verdict["because"][0]["text"]]


@pytest.mark.parametrize("meaning", QUEUES)
def test_a_queues_words_stay_open_on_both_sides_or_on_none(meaning: str) -> None:
    words, verdict_id = QUEUES[meaning]
    found, verdict = on_the_screen(StepId.SYMPTOM, empty(), queue(words), meaning), verdict_on(queue(words))
    assert verdict["id"] == verdict_id
    assert found.level is (Level.GOOD if verdict["id"] == "more-evidence" else Level.BLOCK)
    assert {line["text"] for line in verdict["because"]} <= {line.text for line in found.lines}


@pytest.mark.parametrize("error", HANDSHAKES)
def test_a_handshakes_error_is_said_in_the_same_words(error: str) -> None:
    """On the screen the steps that follow are what to do about this article's own fault."""
    log = evidence.log(OURS, error=error)
    found, verdict = on_the_screen(StepId.LOG, named(CONNECTOR), log, error), verdict_on(log)
    next_ = "" if verdict["id"] == "kb4051498" else f" {verdict['next']}"
    assert found.text == f"{error}, 1 session: {verdict['title']}.{next_}"
    assert found.source == (verdict["source"] or "")


@pytest.mark.parametrize("meaning", QUEUES)
def test_a_queues_words_are_told_in_the_same_words(meaning: str) -> None:
    words, _verdict_id = QUEUES[meaning]
    found, verdict = on_the_screen(StepId.SYMPTOM, empty(), queue(words), meaning), verdict_on(queue(words))
    assert found.text == f"Queue MBX1\\8125: {verdict['title']}. {verdict['next']}"
    assert found.source == (verdict["source"] or "")


@same()
async def what_to_do_next_stands_on_the_screen_too(situation: Situation, tmp_path: Path) -> None:
    """Unless it is the binding line, which is the screen's next step, or an output that its next step asks for."""
    answer, walk = diagnosed(situation, tmp_path), await walked(situation)
    # Another connector's fault is said beside it, on the screen with the step where to choose.
    next_ = answer.data["verdict"]["next"].partition(" The fault of this article is in these rows too")[0]
    said = any(next_ in finding.text for look in walk.looks.values() for finding in look.findings)
    assert said or "with the line below" in next_ or situation.name in NEXT_IS_A_STEP, next_


NEXT_IS_A_STEP = {
    # What was run is read again at the steps that follow.
    "the article, its question asked",
    # The screen has said which of the two it takes; the person may paste again.
    "the certificate twice, with other services",
}
"""Where the screen goes on, and `diagnose` says what to bring."""
