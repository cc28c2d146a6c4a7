"""The ways a text can reach the person's clipboard from this session.

The clipboard that counts is the one the person pastes from. Over SSH that is not the one of the computer this program
runs on, even if that has one.
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
"""The most bytes of UTF-8 OSC 52 carries: in base64 they fill the 100,000 characters many terminals stop at."""

_NOT_THERE = frozenset({"", "dumb", "linux"})
"""Values of TERM without a clipboard: no terminal, one that draws nothing, the Linux console."""

SSH_VARIABLES = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")

_CONTAINER_VARIABLES = ("container", "KUBERNETES_SERVICE_HOST")

_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")


class Route(enum.Enum):
    """A way to copy."""

    SYSTEM = "system"
    """The clipboard of this computer: it can be read back."""

    TERMINAL = "terminal"
    """The terminal is asked to take it (OSC 52): it never answers."""

    HAND = "hand"
    """The text is shown alone, to be marked; works everywhere."""


class Between(enum.Enum):
    """The program between this one and the terminal, and its wrapping of OSC 52."""

    NOTHING = "nothing"
    TMUX = "tmux"
    SCREEN = "screen"
    UNKNOWN = "tmux or screen"


@dataclass(frozen=True, slots=True)
class TerminalSession:
    """The session this program runs in. `platform` is `sys.platform`; `wsl` is Linux inside Windows."""

    platform: str
    environment: Mapping[str, str]
    container: bool = False
    wsl: bool = False

    def has(self, *names: str) -> bool:
        """True if one of these environment variables is set and not empty."""
        return any(self.environment.get(name, "").strip() for name in names)


def session_here() -> TerminalSession:
    """The present session."""
    environment = dict(os.environ)
    return TerminalSession(
        sys.platform,
        environment,
        container=in_container(environment),
        wsl=sys.platform == "linux" and "microsoft" in platform.release().lower(),
    )


def in_container(environment: Mapping[str, str]) -> bool:
    """True in a container: Docker and podman create a file there."""
    return names_container(environment) or any(Path(mark).exists() for mark in _CONTAINER_MARKS)


def names_container(environment: Mapping[str, str]) -> bool:
    """True if the environment names a container, as set by podman, systemd-nspawn or Kubernetes."""
    return any(environment.get(name, "").strip() for name in _CONTAINER_VARIABLES)


def routes(choice: CopyRoute, session: TerminalSession) -> tuple[Route, ...]:
    """The ways to try, in this order; the last is always HAND. The person's choice overrides the session.

    Only HAND follows the terminal: it never answers, so nothing could know that another way is needed. Only a text too
    long for it goes on.
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
    """True if the clipboard found here is the one the person pastes from.

    Over SSH only a forwarded X display leads back to the person. In a container a display may be the container's own,
    which nobody sees.
    """
    if session.has(*SSH_VARIABLES):
        x_alone = session.platform not in {"win32", "darwin", "cygwin"} and not session.wsl
        # A Wayland display would take precedence, and SSH does not forward it.
        return x_alone and not session.has("WAYLAND_DISPLAY") and display_is_forwarded(session.environment)
    return not session.container


def display_is_forwarded(environment: Mapping[str, str]) -> bool:
    """True if DISPLAY names a host, as `ssh -X` sets it (localhost:10.0), not a display of this computer (:0)."""
    host, colon, number = environment.get("DISPLAY", "").strip().rpartition(":")
    # On a Mac it can be the path of a socket.
    return bool(colon) and bool(number) and host not in {"", "unix"} and not host.startswith(("/", "unix/"))


def _terminal_may_take_it(session: TerminalSession) -> bool:
    """True if the terminal may support copying."""
    if session.environment.get("TERM_PROGRAM") == "Apple_Terminal":
        return False
    if session.platform == "win32":
        # An old console on this computer does not; over SSH another terminal may be at the end.
        return session.has("WT_SESSION", "TERM_PROGRAM", *SSH_VARIABLES)
    return session.environment.get("TERM", "").strip() not in _NOT_THERE


def fits_the_terminal(text: str) -> bool:
    """True if a text is short enough for OSC 52. Many terminals silently cut or drop a longer one."""
    return len(text) <= MOST_BYTES and len(text.encode(errors="replace")) <= MOST_BYTES


def between(environment: Mapping[str, str]) -> Between:
    """The program between this one and the terminal.

    TERM counts most: over SSH it is the only trace of a tmux or screen on the other side. `screen` alone is ambiguous,
    for tmux has long used that name too. If one runs within the other, the inner one matters, and screen's own names
    begin with `screen`.
    """
    term = environment.get("TERM", "")
    if environment.get("STY") and term.startswith("screen"):
        return Between.SCREEN
    if environment.get("TMUX") or term.startswith("tmux"):
        return Between.TMUX
    if environment.get("STY"):
        return Between.SCREEN
    return Between.UNKNOWN if term.startswith("screen") else Between.NOTHING
