"""Which ways a text can take to the clipboard of the person at the keyboard, from what is known of the session.

The clipboard that counts is the one from which the person pastes. Over SSH that is not the clipboard
of the computer this program runs on, even where that computer has one.
"""

from __future__ import annotations

import enum
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wizard.machine.settings import CopyRoute

MOST_BYTES = 74_994
"""Bytes of UTF-8 that OSC 52 carries at most: in base64 they fill the 100,000 characters many terminals stop at."""

_NOT_THERE = frozenset({"", "dumb", "linux"})
"""Values of TERM for what has no clipboard to offer: no terminal, one that draws nothing, the Linux console."""

SSH_VARIABLES = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")

_CONTAINER_VARIABLES = ("container", "KUBERNETES_SERVICE_HOST")

_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")


class Route(enum.Enum):
    """One way a text can take."""

    SYSTEM = "system"
    """The clipboard of this computer: it can be read back."""

    TERMINAL = "terminal"
    """The terminal is asked to take it (OSC 52): it never answers."""

    HAND = "hand"
    """The text is shown alone, to be marked; works everywhere."""


class Between(enum.Enum):
    """The program that stands between this one and the terminal, and what OSC 52 needs to get past it."""

    NOTHING = "nothing"
    TMUX = "tmux"
    SCREEN = "screen"
    UNKNOWN = "tmux or screen"


@dataclass(frozen=True, slots=True)
class TerminalSession:
    """Where this program runs. `platform` is `sys.platform`; `wsl` is Linux inside Windows."""

    platform: str
    environment: Mapping[str, str]
    container: bool = False
    wsl: bool = False

    def has(self, *names: str) -> bool:
        """Whether one of these environment variables holds something."""
        return any(self.environment.get(name, "").strip() for name in names)


def session_here() -> TerminalSession:
    """The session this program runs in."""
    environment = dict(os.environ)
    return TerminalSession(
        sys.platform,
        environment,
        container=in_container(environment),
        wsl=sys.platform == "linux" and "microsoft" in platform.release().lower(),
    )


def in_container(environment: Mapping[str, str]) -> bool:
    """Whether this program runs in a container: Docker and podman leave a file there."""
    return names_container(environment) or any(Path(mark).exists() for mark in _CONTAINER_MARKS)


def names_container(environment: Mapping[str, str]) -> bool:
    """Whether the environment tells of a container: as podman, systemd-nspawn or Kubernetes set it."""
    return any(environment.get(name, "").strip() for name in _CONTAINER_VARIABLES)


def routes(choice: CopyRoute, session: TerminalSession) -> tuple[Route, ...]:
    """The ways to try, in this order; the last is always HAND. A choice of the person's stands, whatever the session.

    The terminal ends the list but for HAND: as it never answers, nothing after it could know that it
    is needed. Only a text that is too long for it goes on.
    """
    if choice is CopyRoute.HAND:
        return (Route.HAND,)
    if choice is not CopyRoute.AUTO:
        return (Route.SYSTEM if choice is CopyRoute.SYSTEM else Route.TERMINAL, Route.HAND)
    ways = [Route.SYSTEM] if clipboard_is_the_persons(session) else []
    if _terminal_may_take_it(session):
        ways.append(Route.TERMINAL)
    return (*ways, Route.HAND)


def clipboard_is_the_persons(session: TerminalSession) -> bool:
    """Whether the clipboard that programs find here is the one from which the person pastes.

    Over SSH only an X display that was forwarded leads back to the person. In a container a display
    may be the container's own, which nobody sees.
    """
    if session.has(*SSH_VARIABLES):
        x_alone = session.platform not in {"win32", "darwin", "cygwin"} and not session.wsl
        # With a Wayland display as well, that one would be taken, and SSH does not forward it.
        return x_alone and not session.has("WAYLAND_DISPLAY") and display_is_forwarded(session.environment)
    return not session.container


def display_is_forwarded(environment: Mapping[str, str]) -> bool:
    """Whether DISPLAY names a host, as `ssh -X` has it (localhost:10.0), and not a display of this computer (:0)."""
    host, colon, number = environment.get("DISPLAY", "").strip().rpartition(":")
    # On a Mac it can be the path of a socket.
    return bool(colon) and bool(number) and host not in {"", "unix"} and not host.startswith(("/", "unix/"))


def _terminal_may_take_it(session: TerminalSession) -> bool:
    """Whether asking the terminal is worth it: not where none is known to take it."""
    if session.environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return False
    if session.platform == "win32":
        # An old console on this computer does not take it; over SSH another terminal may stand at the end.
        return session.has("WT_SESSION", "TERM_PROGRAM", *SSH_VARIABLES)
    return session.environment.get("TERM", "").strip() not in _NOT_THERE


def fits_the_terminal(text: str) -> bool:
    """Whether a text is short enough for OSC 52. Many terminals cut a longer one off, or drop it, without a word."""
    return len(text) <= MOST_BYTES and len(text.encode(errors="replace")) <= MOST_BYTES


def between(environment: Mapping[str, str]) -> Between:
    """What stands between this program and the terminal.

    TERM counts most: over SSH it is all that is left of a tmux or screen on the other side. `screen`
    alone does not tell, for tmux has long called itself that too. Where one runs within the other,
    the inner one matters, and screen begins its name for itself with `screen`.
    """
    term = environment.get("TERM", "")
    if environment.get("STY") and term.startswith("screen"):
        return Between.SCREEN
    if environment.get("TMUX") or term.startswith("tmux"):
        return Between.TMUX
    if environment.get("STY"):
        return Between.SCREEN
    return Between.UNKNOWN if term.startswith("screen") else Between.NOTHING
