"""What is said where there is no screen: on standard output, and on standard error what is amiss."""

from __future__ import annotations

import sys

from screens.shown import shown


def say(text: str) -> None:
    """A line, or several, on standard output."""
    sys.stdout.write(f"{shown(text)}\n")


def complain(sentence: str) -> None:
    """A sentence on standard error, behind the program's name."""
    sys.stderr.write(shown(f"exchange-cert-wizard: {sentence}\n"))


def failed(sentence: str) -> int:
    """Complain; the exit status of a command that could not be done."""
    complain(sentence)
    return 2
