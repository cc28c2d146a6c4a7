"""What is written to the terminal to have it take a text, with nothing between, and with tmux or screen."""

from __future__ import annotations

import base64
import re

import pytest

from screens.copies import request

COMMAND = "Get-Queue | Format-List Identity,Status"
LONG = "Get-Queue; " * 200
TEXTS = pytest.mark.parametrize(
    "text", [COMMAND, LONG, "Übergang – 送信 📧", "one\ntwo\n"], ids=["short", "long", "letters", "lines"]
)

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}
SCREEN = {"STY": "7.pts-0.mail01", "TERM": "screen"}
EITHER = {"TERM": "screen-256color", "SSH_TTY": "/dev/pts/3"}


def taken(written: str) -> str:
    """The text a terminal takes from one plain request."""
    asked = re.fullmatch("\x1b\\]52;c;([A-Za-z0-9+/=]*)\a", written)
    assert asked, repr(written)
    return base64.b64decode(asked[1]).decode()


def strings(written: str) -> list[str]:
    """The control strings that tmux and screen look into, each without its frame."""
    return re.findall("\x1bP(.*?)\x1b\\\\", written, re.DOTALL)


@TEXTS
def test_with_nothing_between_it_is_one_request(text: str) -> None:
    assert taken(request(text, {"TERM": "xterm-256color"})) == text


@TEXTS
def test_in_tmux_it_is_asked_for_itself_and_to_pass_it_on(text: str) -> None:
    plain, wrap, wrapped = request(text, TMUX).partition("\x1bPtmux;")

    assert taken(plain) == text
    assert wrap
    assert wrapped.endswith("\a\x1b\\")
    assert taken(wrapped.removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b")) == text


@TEXTS
def test_in_screen_it_goes_in_pieces_that_screen_can_hold(text: str) -> None:
    written = request(text, SCREEN)

    assert taken("".join(strings(written))) == text
    assert all(len(piece) < 256 for piece in strings(written))
    assert "".join(f"\x1bP{piece}\x1b\\" for piece in strings(written)) == written


def test_where_it_may_be_either_a_short_one_is_for_both() -> None:
    written = request(COMMAND, EITHER)
    plain, _wrap, _rest = written.partition("\x1bP")

    assert taken(plain) == COMMAND
    assert taken("".join(strings(written))) == COMMAND


def test_and_a_long_one_for_screen_alone_which_would_draw_the_end_of_it() -> None:
    assert request(LONG, EITHER) == request(LONG, SCREEN)


def test_half_a_character_is_no_error() -> None:
    assert taken(request("a\ud83d", {})) == "a?"
