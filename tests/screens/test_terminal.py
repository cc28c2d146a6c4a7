"""What the terminal sends: a paste comes as one text at any size, keys that come many at once as one text too."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import textual.app
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

import screens.app.arrival
from screens.app.app import WizardApp
from screens.app.arrival import DRIVER, PasteComing, QuickParser, TypedText
from screens.end import FULL_SCREEN_OFF

START, END = "\x1b[200~", "\x1b[201~"
LARGE = "2026-11-20T08:00:00.000Z,Internet,0AB1C2D3E4F50000,0,,198.51.100.7:25,*,,attempting to connect\n" * 3_000


def fed(parser: XTermParser, sent: str, piece: int = 4096) -> list[Message]:
    return [m for begin in range(0, len(sent), piece) for m in parser.feed(sent[begin : begin + piece])]


def told(messages: list[Message]) -> list[str]:
    """What was said, without how far a paste is."""
    return [
        f"key {m.key}" if isinstance(m, events.Key) else f"{type(m).__name__} {getattr(m, 'text', '')!r}"
        for m in messages
        if not isinstance(m, PasteComing)
    ]


def test_a_forced_end_switches_off_whatever_textual_ever_switches_on() -> None:
    sources = [*(Path(textual.__file__).parent / "drivers").glob("*.py"), Path(textual.app.__file__)]
    ever = {
        mode
        for source in sources
        for line in source.read_text(encoding="utf-8").replace("2026$p", "2026h").splitlines()
        for mode in re.findall(r"\[\?(\d+[hl])", line.partition("#")[0])
    }
    undone = set(re.findall(r"\[\?(\d+[hl])", FULL_SCREEN_OFF))
    assert {"1049h", "1016h", "2004h", "25l", "7l"} <= ever
    for mode in {each[:-1] for each in ever}:
        assert f"{mode}{'h' if mode in ('25', '7') else 'l'}" in undone
    assert FULL_SCREEN_OFF.index("\x1b[<u") < FULL_SCREEN_OFF.index("\x1b[?1049l")


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 7, 4096])
@pytest.mark.parametrize("text", ["one\ntwo", "", "a\x1bb", "\x1b[201", "x" * 50, "\u00fc\U0001f512"])
def test_a_paste_is_the_same_however_it_is_cut_on_its_way(piece: int, text: str) -> None:
    parser = QuickParser()
    pasted = [m.text for m in fed(parser, f"{START}{text}{END}", piece) if isinstance(m, events.Paste)]
    assert pasted == [text]
    assert told(fed(parser, "x")) == ["key x"]


@pytest.mark.parametrize("piece", [1, 2, 3, 6, 4096])
def test_keys_before_and_after_a_paste_are_keys_in_their_order(piece: int) -> None:
    seen = told(fed(QuickParser(), f"a{START}pasted{END}\x1b[A{START}more{END}\x1bOP", piece))
    assert seen == ["key a", "Paste 'pasted'", "key up", "Paste 'more'", "key f1"]


@pytest.mark.parametrize("keys", ["\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[<0;10;10M", "\x1b[I", "\x03", "\t", "\r", " "])
@pytest.mark.parametrize("piece", [1, 2, 4096])
def test_everything_else_is_what_textual_makes_of_it(keys: str, piece: int) -> None:
    assert told(fed(QuickParser(), keys, piece)) == told(fed(XTermParser(), keys, piece))


def test_while_a_large_paste_comes_in_it_is_told_how_much_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens.app.arrival, "BETWEEN_REPORTS", -1.0)
    messages = fed(QuickParser(), START + LARGE + END)
    coming = [m.characters for m in messages if isinstance(m, PasteComing)]
    assert coming == sorted(coming)
    assert len(coming) > 10
    assert coming[-1] <= len(LARGE) + len(END)
    assert messages[-1].text == LARGE  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("one\rtwo\r", "one\ntwo\n"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("one\r\r\rtwo\r", "one\n\n\ntwo\n"),
        ("a\r\rb\r\rc\r\r", "a\nb\nc\n"),
        ("a\rb\r\rc\r", "a\nb\n\nc\n"),
    ],
    ids=["CR", "CR LF", "blank lines", "every line end doubled", "one blank line"],
)
def test_line_ends_come_out_as_line_feeds(sent: str, text: str) -> None:
    assert told(fed(QuickParser(), START + sent + END)) == [f"Paste {text!r}"]
    assert told(fed(QuickParser(), sent)) == [f"TypedText {text!r}"]


def test_a_line_end_cut_in_two_is_one() -> None:
    seen = "".join(m.text for m in fed(QuickParser(), "one\r\ntwo", 4) if isinstance(m, TypedText))
    assert seen == "one\ntwo"


def test_keys_that_come_at_once_are_one_text_and_blanks_alone_stay_keys() -> None:
    assert told(fed(QuickParser(), "Identity\t: MBX1\r")) == ["TypedText 'Identity\\t: MBX1\\n'"]
    assert told(fed(QuickParser(), "\r\r")) == ["key enter", "key enter"]


def test_the_driver_of_this_system_uses_it() -> None:
    """Textual has no place to say so: should it move its parser, this fails and nothing else does."""
    WizardApp()
    assert sys.modules[DRIVER].XTermParser is QuickParser
