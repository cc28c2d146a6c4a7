"""Copying in the wizard line by line: the same ways and words as in the full screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from screens import osc52
from screens.linefile import folders, save
from wizard.clipboard import Clipboard, Proof, copy_by
from wizard.copyroutes import Session, routes, session_here
from wizard.settings import CopyRoute, Settings

BY_HAND = "Here is the line alone. Mark it from its first character to its last, and copy it as this terminal does:"


def to_terminal(characters: str) -> None:
    """Write characters for the terminal itself, past what is made of text to be read."""
    sys.stdout.write(characters)
    sys.stdout.flush()


@dataclass
class PlainCopier:
    """Copies a text and gives the lines to print; `write` writes to the terminal as it is."""

    clipboard: Clipboard
    settings: Settings = field(default_factory=Settings)
    session: Session = field(default_factory=session_here)
    write: Callable[[str], None] = to_terminal
    save_into: Path = field(default_factory=Path.home)
    now: Callable[[], datetime] = datetime.now

    def __call__(self, text: str) -> Iterator[str]:
        """What became of the copy; where it is to be done by hand, the text on a line of its own, and its file."""

        def send(what: str) -> None:
            self.write(osc52.request(what, self.session.environment))

        choice = self.settings.copy
        copied = copy_by(routes(choice, self.session), text, self.clipboard, send, asked=choice is CopyRoute.HAND)
        yield copied.sentence
        if copied.proof is Proof.SENT:
            yield "If nothing comes, mark the line where it stands above."
        elif copied.proof is Proof.BY_HAND:
            yield BY_HAND
            yield f"\n{text}\n"
            path = save(text, folders(self.save_into), self.now())
            yield f"It is in this file as well: {path}" if path else "It could not be saved to a file as well."
