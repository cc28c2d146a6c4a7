"""Which way a copy takes: to the clipboard of the person at the keyboard, wherever the program runs."""

from __future__ import annotations

import pytest

from wizard.machine.copying import (
    MOST_BYTES,
    Between,
    Route,
    TerminalSession,
    between,
    clipboard_is_the_persons,
    display_is_forwarded,
    fits_the_terminal,
    routes,
    session_here,
)
from wizard.machine.settings import CopyRoute

SYSTEM, TERMINAL, HAND = Route.SYSTEM, Route.TERMINAL, Route.HAND
XTERM = {"TERM": "xterm-256color"}
SSH = {**XTERM, "SSH_CONNECTION": "192.0.2.7 51000 198.51.100.4 22"}

SESSIONS = {
    "at a desktop": (TerminalSession("linux", {**XTERM, "DISPLAY": ":0"}), (SYSTEM, TERMINAL, HAND)),
    "without a display": (TerminalSession("linux", XTERM), (SYSTEM, TERMINAL, HAND)),
    "Windows Terminal": (TerminalSession("win32", {"WT_SESSION": "7"}), (SYSTEM, TERMINAL, HAND)),
    "the old Windows console": (TerminalSession("win32", {}), (SYSTEM, HAND)),
    "a Mac's own terminal": (TerminalSession("darwin", {**XTERM, "TERM_PROGRAM": "Apple_Terminal"}), (SYSTEM, HAND)),
    "another terminal on a Mac": (
        TerminalSession("darwin", {**XTERM, "TERM_PROGRAM": "iTerm.app"}),
        (SYSTEM, TERMINAL, HAND),
    ),
    "the Linux console": (TerminalSession("linux", {"TERM": "linux"}), (SYSTEM, HAND)),
    "a dumb terminal": (TerminalSession("linux", {"TERM": "dumb"}), (SYSTEM, HAND)),
    "no TERM at all": (TerminalSession("linux", {}), (SYSTEM, HAND)),
    "over SSH": (TerminalSession("linux", SSH), (TERMINAL, HAND)),
    "over SSH, only the client told": (
        TerminalSession("linux", {**XTERM, "SSH_CLIENT": "192.0.2.7 51000 22"}),
        (TERMINAL, HAND),
    ),
    "over SSH, only the terminal told": (
        TerminalSession("linux", {**XTERM, "SSH_TTY": "/dev/pts/3"}),
        (TERMINAL, HAND),
    ),
    "an empty variable is none": (TerminalSession("linux", {**XTERM, "SSH_TTY": " "}), (SYSTEM, TERMINAL, HAND)),
    "over SSH, the server's own display": (TerminalSession("linux", {**SSH, "DISPLAY": ":0"}), (TERMINAL, HAND)),
    "over SSH, the server's own Wayland": (
        TerminalSession("linux", {**SSH, "WAYLAND_DISPLAY": "wayland-0"}),
        (TERMINAL, HAND),
    ),
    "over SSH with a forwarded display": (
        TerminalSession("linux", {**SSH, "DISPLAY": "localhost:10.0"}),
        (SYSTEM, TERMINAL, HAND),
    ),
    "forwarded, but Wayland would be taken": (
        TerminalSession("linux", {**SSH, "DISPLAY": "localhost:10.0", "WAYLAND_DISPLAY": "wayland-0"}),
        (TERMINAL, HAND),
    ),
    "over SSH to a Mac": (TerminalSession("darwin", {**SSH, "DISPLAY": "localhost:10.0"}), (TERMINAL, HAND)),
    "over SSH to Windows": (
        TerminalSession("win32", {"SSH_CONNECTION": "192.0.2.7 51000 198.51.100.4 22"}),
        (TERMINAL, HAND),
    ),
    "over SSH into WSL": (TerminalSession("linux", {**SSH, "DISPLAY": "localhost:10.0"}, wsl=True), (TERMINAL, HAND)),
    "over SSH on a dumb terminal": (TerminalSession("linux", {**SSH, "TERM": "dumb"}), (HAND,)),
    "in WSL": (TerminalSession("linux", XTERM, wsl=True), (SYSTEM, TERMINAL, HAND)),
    "in a container": (TerminalSession("linux", XTERM, container=True), (TERMINAL, HAND)),
    "in a container with a display": (
        TerminalSession("linux", {**XTERM, "DISPLAY": ":99"}, container=True),
        (TERMINAL, HAND),
    ),
    "in a container, drawn by nothing": (TerminalSession("linux", {"TERM": "dumb"}, container=True), (HAND,)),
}


@pytest.mark.parametrize(("session", "expected"), SESSIONS.values(), ids=SESSIONS)
def test_the_ways_follow_from_the_session(session: TerminalSession, expected: tuple[Route, ...]) -> None:
    assert routes(CopyRoute.AUTO, session) == expected
    assert (SYSTEM in expected) is clipboard_is_the_persons(session)


@pytest.mark.parametrize("session", [s for s, _expected in SESSIONS.values()], ids=SESSIONS)
@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (CopyRoute.SYSTEM, (SYSTEM, HAND)),
        (CopyRoute.TERMINAL, (TERMINAL, HAND)),
        (CopyRoute.HAND, (HAND,)),
    ],
)
def test_what_the_person_has_set_stands_in_every_session(
    choice: CopyRoute, expected: tuple[Route, ...], session: TerminalSession
) -> None:
    assert routes(choice, session) == expected


@pytest.mark.parametrize(
    ("display", "forwarded"),
    [
        ("localhost:10.0", True),
        ("localhost:11", True),
        ("127.0.0.1:10.0", True),
        ("[::1]:10.0", True),
        ("mail01.contoso.example:10.0", True),
        ("192.0.2.7:0", True),
        (":0", False),
        (":0.0", False),
        ("unix:0", False),
        ("unix/mail01:0", False),
        ("/private/tmp/com.apple.launchd.x/org.xquartz:0", False),
        ("localhost", False),
        ("localhost:", False),
        ("", False),
    ],
)
def test_a_display_with_a_host_is_the_persons_own(display: str, forwarded: bool) -> None:
    assert display_is_forwarded({"DISPLAY": display}) is forwarded


def test_no_display_is_none_that_is_forwarded() -> None:
    assert not display_is_forwarded({})


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (XTERM, Between.NOTHING),
        ({}, Between.NOTHING),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "tmux-256color"}, Between.TMUX),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "screen"}, Between.TMUX),
        ({**SSH, "TERM": "tmux-256color"}, Between.TMUX),
        ({"STY": "7.pts-0.mail01", "TERM": "screen"}, Between.SCREEN),
        ({"STY": "7.pts-0.mail01", "TERM": "xterm"}, Between.SCREEN),
        ({"STY": "7.pts-0", "TMUX": "/tmp/x,1,0", "TERM": "screen.tmux-256color"}, Between.SCREEN),
        ({"STY": "7.pts-0", "TMUX": "/tmp/x,1,0", "TERM": "tmux-256color"}, Between.TMUX),
        ({**SSH, "TERM": "screen-256color"}, Between.UNKNOWN),
    ],
)
def test_what_stands_between_is_told_by_the_environment(environment: dict[str, str], expected: Between) -> None:
    assert between(environment) is expected


@pytest.mark.parametrize("letter", ["x", "ü", "送", "📧"])
def test_a_terminal_takes_so_many_bytes_and_no_more(letter: str) -> None:
    most = MOST_BYTES // len(letter.encode())

    assert fits_the_terminal(letter * most)
    assert not fits_the_terminal(letter * (most + 1))


def test_half_a_character_does_not_stop_the_counting() -> None:
    assert fits_the_terminal("\ud83d")


@pytest.mark.parametrize("name", ["container", "KUBERNETES_SERVICE_HOST"])
def test_a_container_is_known_by_what_its_keeper_sets(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """containerd, which Kubernetes uses, leaves no file."""
    monkeypatch.setattr("wizard.machine.copying._CONTAINER_MARKS", ())
    for each in ("container", "KUBERNETES_SERVICE_HOST"):
        monkeypatch.delenv(each, raising=False)
    assert not session_here().container
    monkeypatch.setenv(name, "192.0.2.1")
    assert session_here().container


def test_this_session_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    monkeypatch.setenv("container", "podman")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("platform.release", lambda: "5.15.90.1-microsoft-standard-WSL2")
    session = session_here()

    assert session.platform == "linux"
    assert session.has("SSH_TTY")
    assert session.container
    assert session.wsl
