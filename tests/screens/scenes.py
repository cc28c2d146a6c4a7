"""Every screen and dialog of the program as a scene that can be shown in any window: how a person gets there."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from screens.app.cases import CasesScreen
from screens.app.failures import FailureTable
from screens.app.welcome import WelcomeScreen
from tests.screens import evidence, practised
from tests.screens.driving import Driven, empty, our_case, sample_at
from wizard.case.book import Casebook, CaseList
from wizard.case.case import Case, StepId
from wizard.case.file import Saved
from wizard.machine.settings import practice_folder
from wizard.practice.scenario import Mode
from wizard.steps.flow import step, steps_of
from wizard.steps.intake import take

Hands = Callable[[Driven], Awaitable[object]]


@dataclass(frozen=True)
class Scene:
    """What is shown under a name: the case, the step (None: the summary) and what the person does there."""

    name: str
    case: Callable[[], Case]
    at: StepId | None
    then: Hands | None = None

    async def show(self, person: Driven) -> None:
        """Go there, whatever stands on the screen."""
        person.app._practice = None
        await person.begin(self.case(), self.at)
        if self.then:
            await self.then(person)


def keys(*names: str) -> Hands:
    return lambda person: person.press(*names)


def pasted(text: str) -> Hands:
    return lambda person: person.paste(text)


async def welcome(person: Driven) -> None:
    """Go to where the program begins, with no case."""
    person.app.begun = False
    person.app.show_instead(WelcomeScreen(""))
    await person.settle()


async def _failed_handshakes(person: Driven) -> None:
    person.screen.query_one(FailureTable).focus()
    await person.press("enter")
    await person.until(lambda: person.dialog == "SessionsScreen")
    await person.settle()


async def _rows_of_a_session(person: Driven) -> None:
    await _failed_handshakes(person)
    await person.press("enter")
    await person.until(lambda: person.dialog == "ReadingDialog")
    await person.settle()


class Shelf(Casebook):
    """Saved cases that lie on no disk, and are as old as ever whenever one looks."""

    def cases(self) -> CaseList:
        """Two that are worked on, and one that was put behind the others."""
        kept = (("Leeds, INC0042", 2, StepId.SERVICES), ("", 50, StepId.LOG), ("York", 800, None))
        now = datetime.now(UTC)
        return CaseList(
            tuple(
                Saved(f"20261122-03050{n}-ab12", our_case(at), name, now - timedelta(hours=age, minutes=5), n == 2)
                for n, (name, age, at) in enumerate(kept)
            )
        )


async def cases(person: Driven) -> None:
    """Open the list of saved cases."""
    app = person.app
    app.push_screen(CasesScreen(Shelf(Path("/dev/null/nowhere")), app.keeper, Path("/nowhere")))
    await person.until(lambda: "(archived)" in person.text)
    await person.settle()


async def _name_of_a_case(person: Driven) -> None:
    await cases(person)
    await person.press("f2")


async def hand_over(person: Driven) -> None:
    """Open what hands the case over."""
    person.app.action_hand_over()
    await person.settle()


async def _with_stand_ins(person: Driven) -> None:
    await hand_over(person)
    await person.press("f3")
    await person.until(lambda: "Stand-ins for" in person.text)
    await person.settle()


async def _changed_answer(person: Driven) -> None:
    await person.choose(1)
    await person.go(StepId.LOG)


def _without_private_key() -> Case:
    federation = evidence.certificate().replace("HasPrivateKey      : True", "HasPrivateKey      : False")
    return take(our_case(StepId.SERVICES), StepId.SERVICES, federation).case


def _answered_y() -> Case:
    return step(StepId.PROMPT).choose(sample_at(StepId.VERIFY), "Y")


def sample(at: StepId | None) -> Callable[[], Case]:
    return lambda: sample_at(at)


def ours(at: StepId) -> Callable[[], Case]:
    return lambda: our_case(at)


ORDER = [s.id for s in steps_of(sample_at(None))]
"""The steps of the sample, which has two servers and no wrong answer."""


def _named(kind: str, step_id: StepId) -> str:
    return f"{kind}-{ORDER.index(step_id) + 1:02}-{step_id.value}"


EMPTY = [Scene(_named("empty", s.id), empty, s.id) for s in steps_of(empty())]
"""Each step before anything is given."""

SAMPLE = [Scene(_named("sample", step_id), sample(step_id), step_id) for step_id in ORDER]
"""Each step with the shipped evidence."""

DIALOGS = [
    Scene("explain", sample(StepId.LOG), StepId.LOG, keys("f1")),
    Scene("lines", sample(StepId.LOG), StepId.LOG, keys("f6")),
    Scene("known", sample(StepId.COMMAND), StepId.COMMAND, keys("f7")),
    Scene("before-copy", sample(StepId.PROMPT), StepId.PROMPT, keys("f2")),
    Scene("copied", sample(StepId.PROMPT), StepId.PROMPT, keys("f2", "enter")),
    Scene("open", ours(StepId.LOG), StepId.LOG, keys("f5")),
    Scene("sessions", sample(StepId.LOG), StepId.LOG, _failed_handshakes),
    Scene("session-rows", sample(StepId.LOG), StepId.LOG, _rows_of_a_session),
    Scene("cases", ours(StepId.SERVICES), StepId.SERVICES, cases),
    Scene("case-name", ours(StepId.SERVICES), StepId.SERVICES, _name_of_a_case),
    Scene("hand-over", ours(StepId.VERIFY), StepId.VERIFY, hand_over),
    Scene("hand-over-stand-ins", ours(StepId.VERIFY), StepId.VERIFY, _with_stand_ins),
    Scene("palette", sample(StepId.LOG), StepId.LOG, keys("f9")),
    Scene("palette-typed", sample(StepId.LOG), StepId.LOG, keys("f9", *"copy")),
]
"""What opens above a step."""

OTHERS = [
    Scene("welcome", empty, StepId.SYMPTOM, welcome),
    Scene("welcome-again", sample(StepId.LOG), StepId.SYMPTOM, keys("escape")),
    Scene("summary-done", sample(None), None),
    Scene("summary-not-finished", sample(StepId.VERIFY), None),
    Scene("connector-chosen", sample(StepId.CONNECTOR), StepId.CONNECTOR, lambda person: person.choose(0)),
    Scene("connector-survey", sample(StepId.CONNECTOR), StepId.CONNECTOR, keys("f3")),
    Scene("command-smallest", sample(StepId.COMMAND), StepId.COMMAND, keys("f3")),
    Scene("prompt-answered-y", sample(StepId.PROMPT), StepId.PROMPT, lambda person: person.choose(2)),
    Scene("undo", _answered_y, StepId.UNDO),
    Scene("check-again", sample(StepId.PROMPT), StepId.CONNECTOR, _changed_answer),
    Scene("blocked", _without_private_key, StepId.COMMAND),
    Scene("rejected", ours(StepId.SERVICES), StepId.SERVICES, pasted("Guten Tag")),
    Scene("wrong-log", ours(StepId.LOG), StepId.LOG, pasted(evidence.RECEIVE_LOG)),
    Scene(
        "another-fault",
        ours(StepId.LOG),
        StepId.LOG,
        pasted(evidence.log(evidence.OURS, error="NoCredentials")),
    ),
    Scene(
        "two-certificates",
        ours(StepId.LOG),
        StepId.LOG,
        pasted(evidence.log(evidence.OURS, evidence.OURS, evidence.ANOTHER)),
    ),
    Scene("masked", ours(StepId.LOG), StepId.LOG, pasted(evidence.log("x" * 22))),
]
"""The other screens, and steps at which something out of the ordinary was given or answered."""


@dataclass(frozen=True)
class PracticeScene(Scene):
    """What is shown of practice: the way, the scenario's number, and what the person does at the shell.

    Whoever shows it has the canned scenarios in place of the real ones.
    """

    way: Mode | None = None
    number: int = 1

    async def show(self, person: Driven) -> None:
        """Go there, with nothing trained before."""
        shutil.rmtree(practice_folder(), ignore_errors=True)
        app = person.app
        app._practice = None
        if self.way is None:
            app.action_practice()
        else:
            chosen = (
                practised.SCENARIOS[self.number - 1]
                if self.number
                else practised.scenario(0, title="Sandbox", goals=())
            )
            app.practice.begin(chosen, self.number, self.way, 4711)
        await person.settle()
        if person.at:
            # Beside the wizard the shell is where the other windows begin.
            await person.press("ctrl+o")
        if self.then:
            await self.then(person)


def typed(*lines: str, then: tuple[str, ...] = ()) -> Hands:
    """Lines entered in the practice shell, then keys."""

    async def hands(person: Driven) -> None:
        for line in lines:
            await person.press(*line, "enter")
        await person.press(*then)

    return hands


def _practice(name: str, then: Hands | None, way: Mode | None = Mode.GUIDED, number: int = 1) -> PracticeScene:
    return PracticeScene(f"practice-{name}", empty, None, then, way, number)


PRACTICE = [
    _practice("scenarios", None, way=None),
    _practice("ways", keys("enter"), way=None),
    _practice("story", None),
    _practice("wizard", keys("ctrl+o")),
    _practice("copied", keys("ctrl+o", "f2")),
    _practice("pasted", keys("ctrl+o", "f2", "ctrl+o", "f4")),
    _practice("answer", typed("queue")),
    _practice("answered", typed("queue", then=("f12",))),
    _practice("question", typed("bind")),
    _practice("reached", typed("bind", "n", "retry", then=("f12", "ctrl+o"))),
    _practice("task", keys("f1")),
    _practice("alone", typed("bind", "n", then=("f3", "f6")), Mode.ALONE),
    _practice("exam", typed("queue"), Mode.EXAM),
    _practice("sandbox", typed("queue"), Mode.SANDBOX, 0),
    _practice("end", typed("queue", then=("f8",))),
    _practice("quit", typed("queue", then=("ctrl+q",))),
    _practice("conclude", typed("queue", then=("f8",)), number=3),
    _practice("solved", typed("bind", "n", "retry", then=("f8",))),
    _practice("damaged", typed("bind", "", then=("f8", "up", "enter")), Mode.EXAM),
    _practice("go-on", typed("queue", then=("escape",)), Mode.ALONE),
]
"""Practice: choosing, each way to train, and the end."""

GROUPS: dict[str, Sequence[Scene]] = {
    "empty": EMPTY,
    "sample": SAMPLE,
    "dialogs": DIALOGS,
    "others": OTHERS,
    "practice": PRACTICE,
}


def a_folder_of_logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The folder that the scene `open` shows, the same on every machine."""
    logs = tmp_path / "SmtpSend"
    logs.mkdir()
    for name in ("SEND20261122-2.log", "SEND20261122-10.log", "SEND20261122-1.log"):
        (logs / name).write_text("", encoding="utf-8")
    (logs / "old").mkdir()
    monkeypatch.chdir(logs)
    monkeypatch.setattr("screens.app.openfile.Path.absolute", lambda _path: Path(r"D:\Logs\SmtpSend"))


def named(name: str) -> Scene:
    """The scene of this name."""
    return next(scene for scenes in GROUPS.values() for scene in scenes if scene.name == name)
