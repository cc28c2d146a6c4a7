"""Every action a person can ask for, the most important first: the command palette is made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.app import WizardApp


@dataclass(frozen=True, slots=True)
class Row:
    """One action: what it is called, what it does (a key by its id in braces), the method, and when it makes sense."""

    title: str
    help: str
    action: str
    when: Callable[[WizardApp], bool] | None = None


def _begun(app: WizardApp) -> bool:
    return app.begun


def _left(app: WizardApp) -> bool:
    return app.begun or app.practising


def _has_casebook(app: WizardApp) -> bool:
    return app.keeper.book is not None


ACTIONS: tuple[Row, ...] = (
    Row("Shell or wizard", "In practice, from one to the other", "switch"),
    Row("The task", "The story, the goals, and how the practice shell is used", "task"),
    Row("A hint", "The gentlest first; hints are counted", "hint"),
    Row("Go to another server", "Open a shell on it, in practice", "server"),
    Row("Let time pass", "A quarter of an hour, in practice", "wait"),
    Row("Ask the coach", "What the last line meant, and how far the goals are", "coach"),
    Row("Give the answer to the wizard", "What was printed last", "answer"),
    Row("Finish the exercise", "The result, and what comes next", "finish"),
    Row("Next step", "Go on", "next"),
    Row("Back", "One step back; what you typed is kept", "back"),
    Row("Explain this step", "Why it is done, and what the words mean", "explain"),
    Row("Copy the command", "Copy it, read it back, say what was proven", "copy"),
    Row("Show the line alone", "By itself in the terminal, to mark it and copy it by hand", "alone"),
    Row("Show the other command", "The step's next command, or the other variant", "turn"),
    Row("Read the clipboard", "Take what is on the clipboard as evidence", "read_clipboard"),
    Row("Open a file or folder", "Take a saved output or a log as evidence", "open"),
    Row("Show the lines", "The lines each finding was read from", "lines"),
    Row(
        "All failed handshakes",
        "Each with its session's rows ({failures.open} in the table)",
        "sessions",
    ),
    Row("What is known so far", "Connector, certificate, services", "known"),
    Row("Summary", "All commands, and what is proven", "summary", _begun),
    Row("Save the summary", "Write it to a text file", "save", _begun),
    Row("Hand over", "Change card, record, or the case for a colleague", "hand_over", _begun),
    Row("All keys", "Every key of this screen, and how to set another", "all_keys"),
    Row("Practice", "Train on a server that cannot break", "practice"),
    Row("Light or dark", "Change the theme", "other_theme"),
    Row("Saved cases", "Go on with another one; name, archive or delete it", "cases", _has_casebook),
    Row("Start again", "Back to the welcome", "restart", _left),
    Row("Quit", "End; the summary is printed in the shell", "quit"),
)
