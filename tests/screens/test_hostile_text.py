"""Names, logs, paths and outputs are shown as they stand: nothing in them is markup, nothing reaches the terminal."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.segment import Segment
from textual.color import Color

from screens.app.app import WizardApp
from screens.app.look import HarmlessFilter
from screens.cli import open_full_screen
from tests.screens import evidence
from tests.screens.driving import Driven, drawn, driven, empty
from tests.screens.hostile import BREAKS, TURNING, UNSEEN
from wizard.case.case import Case, StepId
from wizard.machine.inert import PLACEHOLDER, shown
from wizard.steps.flow import STEPS, settle
from wizard.steps.intake import take

pytestmark = pytest.mark.long

MARKUP = "[bold red]x[/] [link=https://evil.example]y[/link] [@click=app.quit]z[/] [/] [[]"
ESCAPES = "\x1b[31mred\x1b]0;title\x07\x9b5m"
TURNED = "a\u202eb\u2066c"
NASTY = f"{MARKUP} {ESCAPES} {TURNED}"


def hostile_case() -> Case:
    """A case with markup in every place a text can come from."""
    case = empty()
    given = {
        StepId.SYMPTOM: evidence.QUEUES.replace("MBX1", MARKUP),
        StepId.CONNECTOR: evidence.connectors(MARKUP).replace("{MBX1}", f"{{{MARKUP}}}"),
        StepId.LOG: evidence.log(evidence.OURS, connector=MARKUP, subject=f"CN={MARKUP}"),
        StepId.SERVICES: evidence.certificate().replace("CN=mail.fabrikam.example", f"CN={MARKUP}"),
        StepId.PROMPT: evidence.PROMPT.replace("1/9/2031", MARKUP),
        StepId.VERIFY: evidence.certificate("IIS, POP, SMTP"),
        StepId.RETRY: evidence.QUEUES.replace("MBX1", MARKUP),
        StepId.SESSION: evidence.log(evidence.OURS, connector=MARKUP, error="", hour=11),
        StepId.RESTORE: evidence.connectors(MARKUP, level="Verbose"),
    }
    for s in STEPS:
        if s.id in given:
            case = take(case, s.id, given[s.id], f"{MARKUP}.txt").case
        case = settle(case, s.id)
    return case


def controls(text: str) -> set[str]:
    return {c for c in text if shown(c) != c}


async def look_everywhere(person: Driven) -> str:
    """Everything drawn at this step: the step itself to its end, and its dialogs."""
    seen = [person.text]
    for key in ("pagedown", "f6", "f7"):
        await person.press(key)
        seen.append(person.text)
        if person.dialog == "ReadingDialog":
            await person.press("escape")
    return "\n".join(seen)


@pytest.mark.long
async def test_markup_is_shown_as_it_stands_on_every_screen() -> None:
    case = hostile_case()
    assert case.connector == MARKUP
    async with driven(case, size=(120, 40)) as person:
        for s in STEPS:
            await person.go(s.id)
            seen = (
                await look_everywhere(person) if s.id in (StepId.CONNECTOR, StepId.LOG, StepId.PROMPT) else person.text
            )
            assert "[bold red]x[/]" in seen, s.id
            assert "[@click=app.quit]z[/] [/] [[]" in seen, s.id
        await person.go(None)
        assert MARKUP in person.text


async def test_what_a_mark_would_do_is_not_done() -> None:
    async with driven(hostile_case(), StepId.LOG, size=(120, 40)) as person:
        for strip in drawn(person.app):
            for segment in strip:
                assert segment.style is None or segment.style.link is None
                assert "@click" not in (segment.style.meta if segment.style else {})


async def test_pasted_control_characters_never_reach_the_terminal() -> None:
    async with driven(empty(), size=(120, 40)) as person:
        for s in STEPS:
            await person.go(s.id)
            if s.takes_text:
                await person.paste(f"{NASTY}\nmore {NASTY}\n{evidence.QUEUES}")
                assert not controls(person.frame), s.id
                assert person.case.answer(s.id).text.startswith(NASTY)
        await person.go(StepId.SYMPTOM)
        assert not controls(await look_everywhere(person))
        await person.go(None)
        assert not controls(person.frame)


async def test_each_is_shown_by_a_sign_so_that_it_is_not_overlooked() -> None:
    async with driven(empty(), StepId.SYMPTOM) as person:
        await person.paste(f"{ESCAPES}; and more\n{TURNED}; and more\n")
        assert f"{PLACEHOLDER}[31mred{PLACEHOLDER}]0;title{PLACEHOLDER}{PLACEHOLDER}5m" in person.frame
        assert f"a{PLACEHOLDER}b{PLACEHOLDER}c" in person.frame


async def test_a_name_being_typed_keeps_its_marks_and_draws_none() -> None:
    async with driven(empty(), StepId.CONNECTOR) as person:
        await person.paste(NASTY)
        assert person.name == NASTY
        assert not controls(person.frame)
        await person.press("enter")
        assert person.case.connector == ""
        assert not controls(person.frame)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not allow such names")
async def test_a_file_with_a_name_of_bytes_and_escapes_is_listed_and_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = os.fsencode(tmp_path) + b"/\x1b[31m\xff[bold]\n.log"
    with open(raw, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name of bytes
        file.write(evidence.log(evidence.OURS))
    monkeypatch.chdir(tmp_path)
    async with driven(empty(), StepId.LOG, size=(120, 40)) as person:
        await person.press("f5", "tab")
        assert f"{PLACEHOLDER}[31m{PLACEHOLDER}[bold]" in person.frame
        assert not controls(person.frame)
        await person.press("down", "enter")
        assert person.case.now.thumbprint == evidence.OURS
        assert not controls(await look_everywhere(person))
        person.frame.encode()
        await person.go(None)
        person.frame.encode()


async def test_words_on_the_status_line_are_no_markup_either() -> None:
    async with driven(empty(), StepId.LOG, size=(120, 40)) as person:
        person.app.tell(NASTY)
        await person.settle()
        assert MARKUP in person.text
        assert not controls(person.frame)


async def test_what_is_printed_after_the_end_cannot_steer_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = take(empty(), StepId.CONNECTOR, evidence.connectors("Internet")).case
    case = replace(case, connectors=(replace(case.connectors[0], source_servers=(NASTY, "MBX2")),))

    def run(self: WizardApp) -> None:
        self.case = case
        self.begun = True

    monkeypatch.setattr(WizardApp, "run", run)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert open_full_screen(sample=False) == 0
    sys.stdout.flush()
    printed = raw.getvalue().decode()
    assert MARKUP in printed
    assert not controls(printed)


def test_every_character_that_acts_without_being_seen_is_replaced_by_one_cell() -> None:
    acting = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *TURNING, *UNSEEN, *BREAKS]
    for character in acting:
        if character not in "\n\t":
            assert shown(f"a{character}b") == f"a{PLACEHOLDER}b"
    assert shown("\udcff") == PLACEHOLDER


def test_what_people_write_stays_as_it_is() -> None:
    for text in ("Übergang \u2013 O365", "отправка", "送信コネクタ", "موصل الإرسال", "📧", "[x]", "tab\tand\nline"):
        assert shown(text) == text


def test_the_last_guard_keeps_the_widths() -> None:
    seen = HarmlessFilter().apply([Segment("a\x1bb"), Segment("plain")], Color(0, 0, 0))
    assert [segment.text for segment in seen] == ["ab", "plain"]
