"""OSC 52: the request to a terminal to take a text to its clipboard, past tmux and screen.

No terminal answers it, so nothing here can say that it was taken.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from wizard.copyroutes import Between, between

_PIECE = 240
"""Characters of one string that every GNU screen passes on: old ones hold 256, newer ones 768."""

_MOST_IN_SCREEN = 700
"""Characters of one string that a newer GNU screen swallows; of a longer one it draws the end."""


def request(text: str, environment: Mapping[str, str]) -> str:
    """The characters to write to the terminal; nothing in them is drawn.

    tmux takes the plain request itself with `set-clipboard on`, and passes a wrapped one on with
    `allow-passthrough on`. Which of the two is set cannot be seen from here, and the other is ignored,
    so both are sent. For the outer terminal the second says the same once more.
    """
    plain = f"\x1b]52;c;{base64.b64encode(text.encode(errors='replace')).decode()}\a"
    return _FORMS[between(environment)](plain)


def _through_tmux(plain: str) -> str:
    return plain + "\x1bPtmux;" + plain.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _through_screen(plain: str) -> str:
    """In pieces, which the terminal behind screen joins again."""
    pieces = (plain[start : start + _PIECE] for start in range(0, len(plain), _PIECE))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _through_either(plain: str) -> str:
    """For screen, and for tmux the plain request; screen would draw the end of a long one."""
    return (plain if len(plain) <= _MOST_IN_SCREEN else "") + _through_screen(plain)


_FORMS: dict[Between, Callable[[str], str]] = {
    Between.NOTHING: str,
    Between.TMUX: _through_tmux,
    Between.SCREEN: _through_screen,
    Between.UNKNOWN: _through_either,
}
