"""One row for each action: its key works, can be another one, and is named by everything that is shown."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.actions import CONDITIONS, SCOPES, all_actions, reached
from screens.app.keys import USUAL, Keymap, WrongKeyError, keymap, parse, split, spoken, types
from tests.screens import evidence, practised
from tests.screens.driving import Driven, MemoryClipboard, driven, empty, our_case, sample_at
from tests.screens.test_footer import PRACTICE, SCREENS, every_screen
from wizard.case.case import StepId
from wizard.machine.settings import Settings, read
from wizard.steps.flow import STEPS


class TestEveryRow:
    def test_is_whole(self) -> None:
        for action in all_actions():
            assert re.fullmatch(r"[a-z_]+\.[a-z_]+", action.id)
            assert re.fullmatch(r"[A-Z].+[^.]", action.does), action.id
            assert action.keys or action.title or action.letter, action.id
            assert bool(action.keys) is bool(action.label), action.id
            assert bool(action.call) is bool(action.keys or action.title), action.id
            assert action.when in CONDITIONS, action.id
            assert all(parse(spoken(key)) == (key,) for key in split(action.keys) if key), action.id

    def test_of_one_id_has_the_same_keys(self) -> None:
        keys = defaultdict(set)
        for action in all_actions():
            keys[action.id].add(action.keys)
        assert {binding_id: found for binding_id, found in keys.items() if len(found) > 1} == {}

    @pytest.mark.parametrize("scope", SCOPES)
    def test_of_a_screen_has_its_keys_for_itself_and_types_nothing(self, scope: str) -> None:
        keys = [key for action in reached(scope) if action.keys for key in split(action.keys)]
        assert len(set(keys)) == len(keys)
        assert not SCOPES[scope].typed or not any(map(types, keys))

    def test_that_the_readme_lists_stands_there_word_by_word(self) -> None:
        """The keys of a step and of the whole program; practice explains its own with F1."""
        readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
        listed = readme.partition("| key | what it does |\n|---|---|\n")[2].partition("\n\n")[0]
        rows = [action for action in reached("step") if action.keys]
        assert listed.split("\n") == [
            f"| {Keymap().names(each.id)} | {each.does[0].lower()}{each.does[1:]} |" for each in rows
        ]


@pytest.fixture(autouse=True)
def _scenarios(monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice has the canned scenarios."""
    practised.canned(monkeypatch)


@pytest.mark.long
async def test_what_a_screen_binds_and_calls_is_what_its_rows_say() -> None:
    async with driven(sample_at(None)) as person:
        async for name in every_screen(person):
            bound_as_the_rows_say(person, name)


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(PRACTICE))
async def test_so_does_a_screen_of_practice(name: str) -> None:
    async with driven(sample_at(None)) as person:
        await PRACTICE[name](person)
        bound_as_the_rows_say(person, name)


def bound_as_the_rows_say(person: Driven, name: str) -> None:
    """Each key is bound, and each action is there to be called; a part of a screen may not be shown now."""
    screen = person.app.screen
    parts = [person.app, screen, *screen.query("*")]
    bound = {binding.id for part in parts for _key, binding in part._bindings if binding.id}
    scopes = {getattr(part, "scope", "") for part in parts} - {""}
    assert scopes, name
    for scope in scopes:
        actions = [action for action in reached(scope) if not action.part]
        assert {action.id for action in actions if action.keys} <= bound, name
        for call in (action.call.partition("(")[0].removeprefix("app.") for action in actions if action.call):
            assert any(hasattr(part, f"action_{call}") for part in parts), (name, call)


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
        assert parse(written) == (key,)

    @pytest.mark.parametrize("written", ["", "Bloop", "F25", "F0", "Hyper+K", "Ctrl", "Ctrl+", "F1 F2"])
    def test_of_no_key_are_refused(self, written: str) -> None:
        with pytest.raises(WrongKeyError, match=re.escape(f"there is no key {written!r}.")):
            parse(written)

    @pytest.mark.parametrize(("written", "other"), [("Ctrl+I", "Tab"), ("Ctrl+M", "Enter"), ("Ctrl+[", "Esc")])
    def test_of_a_key_that_arrives_as_another_are_refused(self, written: str, other: str) -> None:
        with pytest.raises(WrongKeyError, match=re.escape(f"{written} reaches the program as {other}.")):
            parse(written)

    def test_of_a_shifted_function_key_count_for_what_old_terminals_send(self) -> None:
        assert parse("Shift+F2") == ("shift+f2", "f14")
        assert parse("Ctrl+Shift+F2") == ("ctrl+shift+f2", "ctrl+f14")


def problem(written: dict[str, str]) -> str:
    """The one sentence about settings of which nothing is taken."""
    made = keymap(written)
    assert made.keys == USUAL
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
            ("app.quit", "F5", "F5 is the key of step.open on that screen."),
            ("open.close", "Ctrl+Q", "Ctrl+Q is the key of app.quit on that screen."),
            ("step.known", "Esc", "Esc is the key of step.back on that screen."),
            ("step.copy", "Bloop", "there is no key 'Bloop'. Write it as F12, Ctrl+K or PgDn."),
        ],
    )
    def test_is_said_in_a_sentence_and_not_taken(self, binding_id: str, key: str, why: str) -> None:
        assert problem({binding_id: key}) == f"{binding_id} = {key!r} was not taken: {why}"

    def test_takes_nothing_else_away(self) -> None:
        made = keymap({"step.cpy": "F12", "step.copy": "F12", "step.next": "k"})
        assert made.for_textual == {"step.copy": "f12"}
        assert len(made.problems) == 2

    def test_of_two_that_want_one_key_the_first_has_it(self) -> None:
        made = keymap({"step.copy": "F12", "step.turn": "F12"})
        assert made.for_textual == {"step.copy": "f12"}
        assert "F12 is the key of step.copy" in made.problems[0]

    def test_brings_a_key_back_that_another_had_taken_then_that_one_is_refused_too(self) -> None:
        made = keymap({"step.copy": "F3", "step.turn": "F8"})
        assert made.for_textual == {}
        assert len(made.problems) == 2


SOME_KEYS = st.one_of(
    st.sampled_from([*["F1", "F2", "F3", "F8", "F9", "F12", "Esc", "Ctrl+K", "k", "Enter", ","], "F2, F12"]),
    st.text(max_size=9),
)


@given(st.dictionaries(st.sampled_from([*USUAL, "step.cpy"]), SOME_KEYS, max_size=8))
def test_whatever_is_written_each_line_is_taken_or_said_and_no_key_is_two_things(written: dict[str, str]) -> None:
    made = keymap(written)
    assert len(made.for_textual) + len(made.problems) == len(written)
    for name, scope in SCOPES.items():
        keys = [key for action in reached(name) if action.keys for key in made.keys[action.id]]
        assert len(keys) == len(set(keys))
        assert not scope.typed or not any(map(types, keys))


class TestWhatCanBe:
    def test_two_keys_change_places(self) -> None:
        made = keymap({"step.copy": "F3", "step.turn": "F2"})
        assert made.for_textual == {"step.copy": "f3", "step.turn": "f2"}
        assert made.problems == ()

    def test_a_letter_where_no_text_is_typed(self) -> None:
        assert keymap({"sessions.open": "o"}).for_textual == {"sessions.open": "o"}

    def test_the_same_key_on_different_screens(self) -> None:
        made = keymap({"open.whole_folder": "F12", "summary.copy": "F12"})
        assert len(made.for_textual) == 2

    def test_several_keys(self) -> None:
        made = keymap({"step.copy": "F12, Ctrl+K"})
        assert made.for_textual == {"step.copy": "f12,ctrl+k"}
        assert made.name("step.copy") == "F12"
        assert made.names("step.copy") == "F12, Ctrl+K"

    def test_a_usual_key_together_with_another(self) -> None:
        assert keymap({"sessions.open": "Enter, o"}).problems == ()

    def test_an_id_without_quotes_which_toml_makes_a_table_of(self) -> None:
        assert read({"keys": {"step": {"copy": "F12"}, "app.quit": "F10"}}).keys == {
            "step.copy": "F12",
            "app.quit": "F10",
        }


LETTERS = [f"{held}+{letter}" for held in ("Alt", "Ctrl+Alt", "Alt+Shift") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
MOVED = Settings(keys=dict(zip((each for each in USUAL if not each.startswith("sessions.")), LETTERS, strict=False)))
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


@pytest.mark.long
class TestWhatIsShownNamesTheKeysThatWork:
    def test_all_of_them_are_set_anew_here(self) -> None:
        made = keymap(MOVED.keys)
        assert made.problems == ()
        assert {each for each in USUAL if not each.startswith("sessions.")} == made.for_textual.keys()

    async def test_on_every_screen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ABOVE_A_STEP:
            monkeypatch.delitem(SCREENS, name)
        async with driven(sample_at(None), size=(140, 50), settings=MOVED) as person:
            async for name in every_screen(person):
                assert person.app.screen.query("#keys"), name
                assert OLD.findall(person.frame) == [], name
                assert f"{Keymap().name('app.palette')} All" not in person.text, name
                assert f"{person.app.keymap.name('app.palette')} All" in person.text, name

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


@pytest.mark.long
class TestProblems:
    WRONG = Settings(keys={"step.cpy": "F12", "step.next": "k"}, problems=("copy is 'x'.",))

    async def test_are_said_on_the_welcome(self) -> None:
        async with driven(settings=self.WRONG, size=(60, 18)) as person:
            for sentence in ("copy is 'x'.", *keymap(self.WRONG.keys).problems):
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


@pytest.mark.long
class TestAllKeys:
    @pytest.mark.parametrize("size", [(40, 18), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
    async def test_lists_every_key_of_the_screen_with_its_id(self, size: tuple[int, int]) -> None:
        async with driven(our_case(StepId.LOG), StepId.LOG, size=size, settings=MOVED) as person:
            # A page that glides past is not read.
            person.app.animation_level = "none"
            await person.call("All keys", key=MOVED.keys["app.palette"].lower())
            seen = person.frame
            for _ in range(12):
                await person.press("pagedown")
                seen += person.frame
            for binding_id in (action.id for action in reached("step") if action.keys):
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
