"""Every key has an id and can be another one; what cannot be is said; what is shown names the key that works."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Input, TextArea

import screens
from screens.app.app import WizardApp
from screens.app.keys import KeyPlace, PressedKey, bindings_of, keymap, ours, parse, places, split, spoken, typed_as
from tests.screens import evidence, practised
from tests.screens.driving import Driven, MemoryClipboard, driven, empty, our_case, sample_at
from tests.screens.test_footer import PRACTICE, SCREENS, every_screen
from wizard.case.case import StepId
from wizard.machine.settings import Settings, read
from wizard.steps.flow import STEPS

pytestmark = pytest.mark.long

for module in pkgutil.walk_packages(screens.__path__, "screens."):
    if module.name != "screens.__main__":
        importlib.import_module(module.name)


def kinds(kind: type[DOMNode] = DOMNode) -> list[type[DOMNode]]:
    """All classes of ours that can have bindings."""
    return [each for base in kind.__subclasses__() for each in ([base] if ours(base) else []) + kinds(base)]


DECLARED = [(kind, binding) for kind in dict.fromkeys(kinds()) for binding in vars(kind).get("BINDINGS", ())]
PLACES = places(WizardApp)
USUAL = keymap({}, WizardApp)


def named(declared: object) -> str:
    return getattr(declared, "__name__", None) or getattr(declared, "id", None) or str(declared)


class TestEveryBinding:
    def test_there_are_some(self) -> None:
        assert len(DECLARED) > 30

    @pytest.mark.parametrize(("kind", "binding"), DECLARED, ids=named)
    def test_has_an_id_a_label_and_an_explanation(self, kind: type[DOMNode], binding: Binding) -> None:
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", binding.id or ""), f"{kind.__name__}: {binding}"
        assert binding.description
        assert re.fullmatch(r"[A-Z].+[^.]", binding.tooltip)

    def test_with_the_same_id_has_the_same_keys(self) -> None:
        keys = defaultdict(set)
        for _kind, binding in DECLARED:
            keys[binding.id].add(binding.key)
        # The dialog's are a choice of the step's: it is closed by the one that opened it.
        assert {binding_id: found for binding_id, found in keys.items() if len(found) > 1} == {}

    @pytest.mark.parametrize("here", PLACES, ids=lambda here: here.name)
    def test_of_a_screen_has_its_keys_for_itself(self, here: KeyPlace) -> None:
        ids = defaultdict(set)
        for binding in here.bindings:
            for key in split(binding.key):
                ids[key].add(binding.id)
        assert {key: found for key, found in ids.items() if len(found) > 1} == {}

    @pytest.mark.parametrize("here", PLACES, ids=lambda here: here.name)
    def test_types_nothing_where_text_is_typed(self, here: KeyPlace) -> None:
        assert not here.typed or not [key for key in here.keys if typed_as(key)]

    def test_is_known_as_soon_as_one_is_set(self) -> None:
        """A screen that is imported only when it is shown would have ids that the settings may not name yet."""
        code = (
            "from screens.app.app import WizardApp\nfrom screens.app.keys import places\n"
            "from wizard.machine.settings import Settings\n"
            "WizardApp(settings=Settings(keys={'app.quit': 'F12'}))\n"
            "print([place.name for place in places(WizardApp)])"
        )
        root = Path(screens.__path__[0]).parent
        done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str([here.name for here in PLACES])


@pytest.fixture(autouse=True)
def _scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice has the canned scenarios."""
    practised.canned(monkeypatch)


@pytest.mark.long
async def test_a_screen_names_what_it_holds_that_has_keys_or_takes_text() -> None:
    async with driven(sample_at(None)) as person:
        assert {name: held async for name in every_screen(person) if (held := held_but_not_named(person))} == {}


@pytest.mark.parametrize("name", sorted(PRACTICE.keys() - {"guided"}))
async def test_so_does_a_screen_of_practice(name: str) -> None:
    async with driven(sample_at(None)) as person:
        await PRACTICE[name](person)
        assert held_but_not_named(person) == []


def held_but_not_named(person: Driven) -> list[Widget]:
    """What has keys or takes text, and is not among what the screen says that it holds."""
    screen = person.app.screen
    found = [each for each in screen.query("*") if bindings_of(type(each)) or isinstance(each, Input | TextArea)]
    return [widget for widget in found if not isinstance(widget, getattr(screen, "HOLDS", ()))]


class TestSpellings:
    @pytest.mark.parametrize(
        ("written", "key"),
        [
            ("Ctrl+K", "ctrl+k"),
            ("ctrl + k", "ctrl+k"),
            ("Ctrl-K", "ctrl+k"),
            ("^K", "ctrl+k"),
            ("Strg+K", "ctrl+k"),
            ("F12", "f12"),
            ("f12", "f12"),
            ("Esc", "escape"),
            ("Escape", "escape"),
            ("PgDn", "pagedown"),
            ("Page Up", "pageup"),
            ("Alt+E", "alt+e"),
            ("Shift+Ctrl+PgDn", "ctrl+shift+pagedown"),
            ("Del", "delete"),
            ("?", "question_mark"),
            ("+", "plus"),
            ("/", "slash"),
            ("slash", "slash"),
            ("shift+k", "K"),
            ("Space", "space"),
        ],
    )
    def test_are_those_that_are_usual(self, written: str, key: str) -> None:
        assert parse(written) == PressedKey((key,))

    @pytest.mark.parametrize("written", ["", "Bloop", "F25", "F0", "Hyper+K", "Ctrl", "Ctrl+", "F1 F2"])
    def test_of_no_key_are_refused(self, written: str) -> None:
        assert str(parse(written)).startswith(f"there is no key {written!r}.")

    @pytest.mark.parametrize(("written", "other"), [("Ctrl+I", "Tab"), ("Ctrl+M", "Enter"), ("Ctrl+[", "Esc")])
    def test_of_a_key_that_arrives_as_another_are_refused(self, written: str, other: str) -> None:
        assert parse(written) == f"{written} reaches the program as {other}."

    def test_of_a_shifted_function_key_count_for_what_old_terminals_send(self) -> None:
        assert parse("Shift+F2") == PressedKey(("shift+f2", "f14"))
        assert parse("Ctrl+Shift+F2") == PressedKey(("ctrl+shift+f2", "ctrl+f14"))

    @pytest.mark.parametrize("key", sorted({key for keys in USUAL.keys.values() for key in keys} | {"slash", "plus"}))
    def test_as_they_are_shown_can_be_written(self, key: str) -> None:
        assert parse(spoken(key)) == PressedKey((key,))


def problem(written: dict[str, str]) -> str:
    """The one sentence about settings of which nothing is taken."""
    made = keymap(written, WizardApp)
    assert made.keys == USUAL.keys
    assert made.for_textual == {}
    (only,) = made.problems
    return only


class TestWhatCannotBe:
    @pytest.mark.parametrize(
        ("binding_id", "key", "why"),
        [
            ("step.cpy", "F12", "there is no such action; did you mean step.copy?"),
            ("nonsense", "F12", "there is no such action."),
            ("step.copy", "k", "text is typed on that screen, and K belongs to it."),
            ("app.quit", "?", "text is typed on that screen, and ? belongs to it."),
            ("open.paste", "F12, Space", "text is typed on that screen, and Space belongs to it."),
            ("step.next", "Enter", "Enter is needed for choosing and typing."),
            ("reading.close", "Down", "Down is needed for moving."),
            ("app.save", "Ctrl+C", "Ctrl+C is needed for copying a marked text."),
            ("step.copy", "F3", "F3 is the key of step.turn on that screen."),
            ("app.quit", "F5", "F5 is the key of cases.export on that screen."),
            ("open.close", "Ctrl+Q", "Ctrl+Q is the key of app.quit on that screen."),
            ("step.known", "Esc", "Esc is the key of reading.close on that screen."),
            ("step.copy", "Bloop", "there is no key 'Bloop'. Write it as F12, Ctrl+K or PgDn."),
        ],
    )
    def test_is_said_in_a_sentence_and_not_taken(self, binding_id: str, key: str, why: str) -> None:
        assert problem({binding_id: key}) == f"{binding_id} = {key!r} was not taken: {why}"

    def test_takes_nothing_else_away(self) -> None:
        made = keymap({"step.cpy": "F12", "step.copy": "F12", "step.next": "k"}, WizardApp)
        assert made.for_textual == {"step.copy": "f12"}
        assert len(made.problems) == 2

    def test_of_two_that_want_one_key_the_first_has_it(self) -> None:
        made = keymap({"step.copy": "F12", "step.turn": "F12"}, WizardApp)
        assert made.for_textual == {"step.copy": "f12"}
        assert "F12 is the key of step.copy" in made.problems[0]

    def test_brings_a_key_back_that_another_had_taken_then_that_one_is_refused_too(self) -> None:
        made = keymap({"step.copy": "F3", "step.turn": "F8"}, WizardApp)
        assert made.for_textual == {}
        assert len(made.problems) == 2


SOME_KEYS = st.one_of(
    st.sampled_from([*["F1", "F2", "F3", "F8", "F9", "F12", "Esc", "Ctrl+K", "k", "Enter", ","], "F2, F12"]),
    st.text(max_size=9),
)


@given(st.dictionaries(st.sampled_from([*USUAL.keys, "step.cpy"]), SOME_KEYS, max_size=8))
def test_whatever_is_written_each_line_is_taken_or_said_and_no_key_is_two_things(written: dict[str, str]) -> None:
    made = keymap(written, WizardApp)
    assert len(made.for_textual) + len(made.problems) == len(written)
    for here in PLACES:
        keys = [key for binding_id in set(here.keys.values()) for key in made.keys[binding_id]]
        assert len(keys) == len(set(keys))
        assert not here.typed or not any(map(typed_as, keys))


class TestWhatCanBe:
    def test_two_keys_change_places(self) -> None:
        made = keymap({"step.copy": "F3", "step.turn": "F2"}, WizardApp)
        assert made.for_textual == {"step.copy": "f3", "step.turn": "f2"}
        assert made.problems == ()

    def test_a_letter_where_no_text_is_typed(self) -> None:
        assert keymap({"sessions.open": "o"}, WizardApp).for_textual == {"sessions.open": "o"}

    def test_the_same_key_on_different_screens(self) -> None:
        made = keymap({"open.whole_folder": "F12", "summary.copy": "F12"}, WizardApp)
        assert len(made.for_textual) == 2

    def test_several_keys(self) -> None:
        made = keymap({"step.copy": "F12, Ctrl+K"}, WizardApp)
        assert made.for_textual == {"step.copy": "f12,ctrl+k"}
        assert made.name("step.copy") == "F12"
        assert made.names("step.copy") == "F12, Ctrl+K"

    def test_a_usual_key_together_with_another(self) -> None:
        assert keymap({"sessions.open": "Enter, o"}, WizardApp).problems == ()

    def test_an_id_without_quotes_which_toml_makes_a_table_of(self) -> None:
        assert read({"keys": {"step": {"copy": "F12"}, "app.quit": "F10"}}).keys == {
            "step.copy": "F12",
            "app.quit": "F10",
        }


LETTERS = [f"{held}+{letter}" for held in ("Alt", "Ctrl+Alt", "Alt+Shift") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
MOVED = Settings(
    keys=dict(zip((each for each in USUAL.keys if not each.startswith("sessions.")), LETTERS, strict=False))
)
"""Another key for everything but moving in a list."""

OLD = re.compile(r"\bF[1-9]\b|\bEsc\b|(?<!Alt\+)\bCtrl\+(?!Alt)|\bPgDn\b")
"""The keys as they are before anything is set."""


class TestAKeyThatIsSetAnew:
    async def test_does_it_and_the_old_one_does_nothing(self) -> None:
        clipboard = MemoryClipboard()
        settings = Settings(keys={"step.copy": "F12", "app.palette": "Alt+A", "step.paste": "Ctrl+K"})
        async with driven(our_case(StepId.LOG), StepId.LOG, clipboard=clipboard, settings=settings) as person:
            await person.press("f2")
            assert clipboard.text == ""
            await person.press("f12")
            assert clipboard.text == person.command
            clipboard.text = evidence.log(evidence.OURS)
            await person.press("f4")
            assert person.pasted == ""
            await person.press("ctrl+k")
            assert person.pasted == clipboard.text
            await person.press("f9")
            assert person.dialog == "StepScreen"
            await person.press("alt+a")
            assert person.dialog == "CommandPalette"

    async def test_closes_the_dialog_that_it_opened(self) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, settings=Settings(keys={"step.explain": "F12"})) as person:
            await person.press("f12")
            assert person.dialog == "ReadingDialog"
            await person.press("f1")
            assert person.dialog == "ReadingDialog"
            await person.press("f12")
            assert person.dialog == "StepScreen"

    async def test_quits(self) -> None:
        async with driven(empty(), settings=Settings(keys={"app.quit": "F10"})) as person:
            await person.press("ctrl+q")
            assert person.app.is_running
            await person.press("f10")
            assert not person.app.is_running

    async def test_with_alt_types_nothing_into_the_field_that_has_the_focus(self) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, settings=Settings(keys={"step.known": "Alt+E"})) as person:
            assert person.focus == "evidence"
            await person.press("alt+e")
            assert person.dialog == "ReadingDialog"
            assert person.pasted == ""


ABOVE_A_STEP = {"help", "open", "keys", "sessions", "cases", "hand over"}
"""Dialogs, whose footer has no palette."""


class TestWhatIsShownNamesTheKeysThatWork:
    def test_all_of_them_are_set_anew_here(self) -> None:
        made = keymap(MOVED.keys, WizardApp)
        assert made.problems == ()
        assert {each for each in USUAL.keys if not each.startswith("sessions.")} == made.for_textual.keys()

    @pytest.mark.long
    async def test_on_every_screen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ABOVE_A_STEP:
            monkeypatch.delitem(SCREENS, name)
        async with driven(sample_at(None), size=(140, 50), settings=MOVED) as person:
            async for name in every_screen(person):
                assert person.app.screen.query("#keys"), name
                assert OLD.findall(person.frame) == [], name
                assert f"{USUAL.name('app.palette')} All" not in person.text, name
                assert f"{person.app.keymap.name('app.palette')} All" in person.text, name

    @pytest.mark.long
    async def test_in_the_explanation_of_every_step(self) -> None:
        async with driven(sample_at(None), size=(140, 100), settings=MOVED) as person:
            for step_id in [s.id for s in STEPS]:
                await person.go(step_id)
                person.screen.action_explain()
                await person.settle()
                assert person.dialog == "ReadingDialog", step_id
                assert OLD.findall(person.frame) == [], step_id
                assert f"{person.app.keymap.name('app.palette')}, then All keys" in person.text, step_id

    async def test_in_the_palette(self) -> None:
        async with driven(sample_at(None), StepId.LOG, size=(140, 90), settings=MOVED) as person:
            person.app.action_command_palette()
            await person.until(lambda: "Next step" in person.frame)
            assert OLD.findall(person.frame) == []
            assert f"Next step  {person.app.keymap.name('step.next')}" in person.frame

    async def test_where_a_file_is_chosen(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.chdir(tmp_path)
        async with driven(our_case(StepId.LOG), StepId.LOG, settings=MOVED) as person:
            person.screen.action_open()
            await person.settle()
            assert OLD.findall(person.frame) == []
            assert f"{person.app.keymap.name('open.whole_folder')} takes" in person.text

    async def test_in_the_list_of_sessions(self) -> None:
        settings = Settings(keys={"sessions.open": "o", "sessions.close": "F12"})
        async with driven(sample_at(None), settings=settings) as person:
            await SCREENS["sessions"](person)
            assert "O shows all rows of its session." in person.text
            assert "F12 Close" in person.text
            await person.press("o")
            assert person.dialog == "ReadingDialog"

    async def test_in_what_is_said(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr("screens.words.BETWEEN_REPORTS", -1)
        told: list[str] = []
        (tmp_path / "SEND20261120-1.log").write_text(evidence.log(evidence.OURS), encoding="utf-8")
        async with driven(our_case(StepId.LOG), StepId.LOG, settings=MOVED) as person:
            name = person.app.keymap.name
            await person.old_paste(evidence.log(evidence.OURS))
            assert person.status == f"Read. Press {name('step.next')} to go on."
            monkeypatch.setattr(person.app, "tell_from_thread", told.append)
            person.screen._opened(tmp_path)
            await person.settle()
            assert told[0].endswith(f" {name('step.back')} stops it.")

    async def test_where_no_clipboard_works(self) -> None:
        none = MemoryClipboard(trouble="No clipboard.")
        async with driven(our_case(StepId.LOG), StepId.LOG, clipboard=none, settings=MOVED) as person:
            person.screen.action_copy()
            await person.settle()
            assert f"{person.app.keymap.name('step.alone')} shows it alone" in person.status

    async def test_on_the_summary_the_same_key_shows_it_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[bool] = []
        settings = Settings(keys={"step.alone": "F12"})
        async with driven(our_case(None), StepId.SYMPTOM, settings=settings) as person:
            await person.go(None)

            def hand_out(_text: str, alone: bool = False, **_named: object) -> None:
                asked.append(alone)

            monkeypatch.setattr(person.app.copying, "hand_out", hand_out)
            await person.press("f12")
            assert asked == [True]


class TestProblems:
    WRONG = Settings(keys={"step.cpy": "F12", "step.next": "k"}, problems=("copy is 'x'.",))

    async def test_are_said_on_the_welcome(self) -> None:
        async with driven(settings=self.WRONG, size=(60, 18)) as person:
            for sentence in ("copy is 'x'.", *keymap(self.WRONG.keys, WizardApp).problems):
                assert sentence in person.text
            assert "Begin: mail is stuck" in person.text
            await person.press("enter")
            assert person.is_at(StepId.SYMPTOM)

    async def test_however_many_leave_room_for_the_choices(self) -> None:
        many = Settings(keys={f"step.wrong_{number}": "F12" for number in range(40)})
        async with driven(settings=many, size=(60, 18)) as person:
            assert "Begin: mail is stuck" in person.text
            assert "And 37 more: F9, then All keys, lists them." in person.text
            await person.call("All keys")
            await person.press("end")
            seen = person.frame
            for _ in range(12):
                await person.press("pageup")
                seen += person.frame
            assert all(f"step.wrong_{number} =" in seen for number in range(40))

    async def test_are_said_where_a_case_begins_at_once(self) -> None:
        async with driven(empty(), settings=self.WRONG) as person:
            assert "copy is 'x'. And 2 more: F9, then All keys, lists them." in person.text


class TestAllKeys:
    @pytest.mark.parametrize("size", [(60, 18), (80, 24), (140, 40), (40, 18)], ids=lambda size: f"{size[0]}x{size[1]}")
    async def test_lists_every_key_of_the_screen_with_its_id(self, size: tuple[int, int]) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, size=size, settings=MOVED) as person:
            # A page that glides past is not read.
            person.app.animation_level = "none"
            await person.call("All keys", key=MOVED.keys["app.palette"].lower())
            seen = person.frame
            for _ in range(12):
                await person.press("pagedown")
                seen += person.frame
            here = next(each for each in PLACES if each.name == "StepScreen")
            for binding_id in here.keys.values():
                line = next(line for line in seen.split("\n") if f" {binding_id} " in line)
                assert person.app.keymap.name(binding_id) in line
            assert "[keys]" in seen

    async def test_says_what_was_not_taken(self) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, settings=Settings(keys={"step.copy": "k"})) as person:
            await person.call("All keys")
            assert "step.copy = 'k' was not taken" in person.text

    async def test_is_of_the_screen_it_is_called_from(self) -> None:
        async with driven(our_case(None)) as person:
            await person.go(None)
            await person.call("All keys")
            assert "summary.copy" in person.text
            assert "step.copy" not in person.text
            await person.press("escape")
            assert person.dialog == "SummaryScreen"
