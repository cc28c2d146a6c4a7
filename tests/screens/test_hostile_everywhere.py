"""Whatever text comes in, every screen and every output shows it inert: drawn at random, from fixed seeds."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from screens import commands as headless
from screens import copies as byhand
from screens.app.shellpane import files_dialog, servers_dialog
from screens.cli import main
from tests.screens import evidence, practised
from tests.screens.driving import Driven, driven, empty
from tests.screens.hostile import MARK, Hostile, acting, acting_in_frame, bytes_to_terminal, clickable
from wizard.case.book import Casebook
from wizard.case.case import Case, StepId
from wizard.practice.mail import WrittenLog
from wizard.practice.scenario import Mode
from wizard.steps.flow import STEPS, settle
from wizard.steps.intake import take

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not allow such names of files")


def given(hostile: Hostile, name: str, server: str) -> dict[StepId, str]:
    """For each step what Exchange prints, with hostile text wherever a person or a partner can put it."""
    servers = f"{{{server}, {hostile.field()}}}"
    log = evidence.log(evidence.OURS, evidence.ANOTHER, connector=name, subject=f"CN={hostile()}")
    another = evidence.log(evidence.OURS, connector=hostile.field(), error=hostile.field(), hour=8)
    another = another.replace("0AB1C2D3E4F5", hostile.field())
    return {
        StepId.SYMPTOM: evidence.QUEUES.replace("MBX1", hostile()).replace("partner.example", hostile()),
        StepId.CONNECTOR: evidence.connectors(name, hostile()).replace("{MBX1}", servers),
        StepId.LOGGING: hostile.lines(3),
        StepId.LOG: log + another,
        StepId.SERVICES: evidence.certificate().replace("CN=mail.fabrikam.example", f"CN={hostile()}"),
        StepId.PROMPT: evidence.PROMPT.replace("1/9/2031", hostile()),
        StepId.UNDO: hostile.lines(2),
        StepId.VERIFY: evidence.certificate("IIS, POP, SMTP") + hostile.lines(2),
        StepId.RETRY: f"{evidence.QUEUES.replace('MBX1', hostile())}\nLastError : {hostile()}",
        StepId.SESSION: evidence.log(evidence.OURS, connector=name, error=hostile.field(), hour=11),
        StepId.RESTORE: evidence.connectors(name, level="Verbose").replace("{MBX1}", servers),
    }


def drawn_case(hostile: Hostile) -> Case:
    """A case gone through to its end with that."""
    case = empty()
    texts = given(hostile, hostile(loud=False), hostile(loud=False))
    taken_at = set()
    for s in STEPS:
        if s.id in texts:
            taken = take(case, s.id, texts[s.id], hostile())
            case = taken.case
            taken_at |= {s.id} if taken.accepted else set()
        choices = s.choices(case)
        if choices and not any(choice.chosen for choice in choices):
            case = s.choose(case, choices[0].key)
        case = settle(case, s.id)
    assert taken_at >= {StepId.SYMPTOM, StepId.CONNECTOR, StepId.LOG, StepId.SERVICES, StepId.PROMPT}
    return case


class Watcher:
    """Looks at every screen as it is drawn. `seen` is all that stood on them, `screens` the kinds of them."""

    def __init__(self, person: Driven) -> None:
        self._person = person
        self.seen = ""
        self.screens: set[str] = set()

    async def look(self, where: str) -> None:
        """Hold what is drawn now against the rules."""
        await self._person.settle()
        app, screen = self._person.app, self._person.app.screen
        assert app.is_running, f"ended at {where}: {app.ending.words}"
        assert not acting_in_frame(bytes_to_terminal(app)), where
        assert not clickable(segment for strip in screen._compositor.render_strips() for segment in strip), where
        titles = [app.title, app.sub_title, screen.title, screen.sub_title]
        for widget in screen.query("*"):
            titles += [widget.border_title, widget.border_subtitle]
            titles += [str(widget.tooltip)] if widget.tooltip else []
        said = "\n".join(map(str, filter(None, titles)))
        assert not acting(said), where
        self.seen += f"\n{self._person.frame}\n{said}"
        self.screens.add(type(screen).__name__)

    async def over(self, open_it: str | Callable[[], Any], where: str, *then: str) -> None:
        """Open a dialog by a key or a call, look, paste into it or press keys, look again each time, and close it."""
        if isinstance(open_it, str):
            await self._person.press(open_it)
        else:
            open_it()
        await self.look(where)
        for each in then:
            if MARK.match(each):
                await self._person.paste(each)
            else:
                await self._person.press(each)
            await self.look(f"{where}, then {each!r}")
        await self.close()

    async def close(self) -> None:
        """Close every dialog."""
        for _ in range(9):
            if len(self._person.app.screen_stack) <= 2:
                return
            await self._person.press("escape")
        raise AssertionError(f"{self._person.dialog} does not close")


def screens_there_are() -> set[str]:
    """The names of all screens of the program; one that is not walked through fails the test."""

    def below(kind: type[Any]) -> set[type[Any]]:
        return {kind, *(each for sub in kind.__subclasses__() for each in below(sub))}

    ours = {kind.__name__ for kind in below(Screen) if kind.__module__.startswith("screens.")}
    return (ours - {"WizardScreen", "WizardDialog"}) | {"CommandPalette"}


async def look_at_a_step(watcher: Watcher, person: Driven, step_id: StepId, hostile: Hostile) -> None:
    """A step to its end, what opens above it, and what is said when something is refused there."""
    await person.go(step_id)
    await watcher.look(step_id.value)
    for key in ("pagedown", "f2", "f3", "f6"):
        await watcher.over(key, f"{step_id.value}: {key}")
    if not person.screen.step.takes_text:
        return
    await person.paste(hostile.lines(3))
    await watcher.look(f"{step_id.value}: pasted")
    person.clipboard.trouble = hostile()
    await watcher.over("f4", f"{step_id.value}: no clipboard")
    person.clipboard.trouble = ""


async def look_above_the_log(watcher: Watcher, person: Driven, hostile: Hostile) -> None:
    """What opens above a step, each once: the same on every step."""
    app = person.app
    await person.go(StepId.LOG)
    await watcher.over("f9", "palette", hostile(pieces=3))
    await watcher.over("f1", "explained")
    await watcher.over("f7", "known")
    await watcher.over("f5", "open", "tab", "end", "enter")
    assert "Read from" in watcher.seen
    await person.go(StepId.CONNECTOR)
    await person.paste(hostile())
    await watcher.look("a name being typed")
    await person.press("enter")
    await watcher.look("a name refused")
    await person.go(StepId.LOG)
    await watcher.over("f5", "no such path", hostile(pieces=3), "enter")
    await watcher.over(app.screen.action_sessions, "sessions", "enter", "escape")  # type: ignore[attr-defined]
    await watcher.over(app.action_all_keys, "keys")
    await watcher.over(app.action_hand_over, "hand over", "f3", "f6", "escape", "down", "enter")
    await watcher.over(app.action_cases, "cases", "f2", hostile(pieces=3), "enter", "f5", "f6")


async def look_at_practice(watcher: Watcher, person: Driven, hostile: Hostile) -> None:
    """Every screen of practice; the shell is given whatever a person can paste, and a scenario has any title."""
    app = person.app
    person.app.action_practice()
    await watcher.look("scenarios")
    title, asks = hostile(), practised.scenario(1, conclusions=practised.ASKS)
    for number, scenario in enumerate((practised.scenario(1, title=title, story=hostile()), asks), start=1):
        app.practice.begin(scenario, number, Mode.ALONE, 4711)
        await watcher.look("shell")
        await person.paste(hostile.lines(3))
        await watcher.look("shell: pasted")
        await watcher.over("f1", "task")
        await watcher.over("f8", "end")
        await watcher.over(lambda: app.push_screen(servers_dialog(app.training)), "servers")  # type: ignore[arg-type]
    files = tuple(WrittenLog(hostile(), rf"C:\{hostile()}\{hostile()}.LOG", hostile.lines(3)) for _ in range(3))
    await watcher.over(lambda: app.push_screen(files_dialog(files)), "files")
    app.practice.show_result()
    await watcher.look("result")
    app._practice = None


@pytest.mark.long
async def test_every_screen_shows_it_inert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    practised.canned(monkeypatch)
    hostile = Hostile(3)
    folder = tmp_path / hostile.file_name()
    folder.mkdir()
    names = [hostile.file_name() for _ in range(3)]
    monkeypatch.chdir(folder)
    monkeypatch.setenv("EXCHANGE_CERT_WIZARD_HOME", str(folder / "home"))
    case = drawn_case(hostile)
    for name in names:
        log = evidence.log(evidence.OURS, connector=case.connector)
        (folder / f"{name}.log").write_text(log, encoding="utf-8")
    case = case.leaving(StepId.SYMPTOM, hostile())
    async with driven(case, StepId.SYMPTOM, save_into=folder, book=Casebook(folder / "cases")) as person:
        watcher = Watcher(person)
        await look_above_the_log(watcher, person, hostile)
        await person.press("ctrl+s")
        await watcher.look("saved")
        await person.go(None)
        await watcher.look("summary")
        for s in STEPS:
            await look_at_a_step(watcher, person, s.id, hostile)
        person.app.notify(hostile(), title=hostile(), markup=False)
        person.app.tell(hostile())
        await watcher.look("told")
        await look_at_practice(watcher, person, hostile)
        person.app.action_restart()
        await watcher.look("welcome")
    assert capsys.readouterr() == ("", "")
    assert watcher.screens == screens_there_are()
    # What was drawn has to be seen, or this would hold for empty screens as well.
    assert len(set(MARK.findall(watcher.seen))) > 25
    written = [
        path for path in folder.rglob("*") if path.is_file() and path.suffix in {".txt", ".json", ".md", ".html"}
    ]
    assert {path.suffix for path in written} >= {".txt", ".json"}
    for path in written:
        assert not acting(path.read_text(encoding="utf-8")), path.suffix


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("json_wanted", [False, True], ids=["text", "json"])
def test_diagnose_prints_it_inert(seed: int, json_wanted: bool, tmp_path: Path) -> None:
    hostile = Hostile(seed)
    files = []
    for text in given(hostile, hostile(loud=False), hostile(loud=False)).values():
        files.append(tmp_path / f"{hostile.file_name()}.txt")
        files[-1].write_text(text, encoding="utf-8", errors="surrogatepass")
    out, err, progress = io.StringIO(), io.StringIO(), io.StringIO()
    paths = [*map(str, files), str(tmp_path / hostile.file_name())]
    headless.diagnose_evidence(paths, "", "", json_wanted, out, err, io.BytesIO(), headless.WaitingLine(progress))
    assert len(set(MARK.findall(out.getvalue()))) > 3
    assert not acting(out.getvalue() + err.getvalue() + progress.getvalue().replace("\r", ""))
    if json_wanted:
        assert isinstance(json.loads(out.getvalue()), dict)


@pytest.mark.parametrize("seed", range(6))
def test_line_by_line_it_is_printed_inert(
    seed: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = Hostile(seed)
    texts = given(hostile, hostile(loud=False), hostile(loud=False))

    def pasted(step_id: StepId) -> list[str]:
        return ["p", *texts[step_id].split("\n"), "."]

    answers = iter(
        [
            *(*pasted(StepId.SYMPTOM), "e", hostile(), "n"),
            *(*pasted(StepId.CONNECTOR), "1", "n", "n"),
            *(*pasted(StepId.LOG), "o", hostile(), "n"),
            *(*pasted(StepId.SERVICES), "n", "n", *pasted(StepId.PROMPT), "1", "n"),
        ]
    )

    def answer(*_question: object, **_how: object) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    class Editor:
        unsafe_ask = staticmethod(answer)

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr("questionary.text", lambda *_question, **_how: Editor)
    assert main(["--plain"]) == 0
    out, err = capsys.readouterr()
    assert len(set(MARK.findall(out))) > 5
    assert not acting(out + err)


@pytest.mark.parametrize("seed", range(6))
def test_shown_alone_to_be_copied_by_hand_it_is_inert(seed: int) -> None:
    hostile = Hostile(seed)
    before, after = byhand.around(hostile.lines(3), hostile(), Path(hostile()), hostile(), (80, 24))
    said = byhand._alone(hostile.lines(3), before, after)
    assert len(set(MARK.findall(said))) >= 5
    assert not acting(said)


def test_the_generator_draws_everything_there_is() -> None:
    """A test of the tests: each kind of hostile text comes in some run."""
    drawn = "".join(Hostile(seed).lines(60) for seed in (1, 3))
    for piece in ("\x1b]52;", "\x9b", "\u202e", "\u200b", "\ud800", "[@click=", "\U0001f4e7"):
        assert piece in drawn
    assert re.search(MARK, drawn)
